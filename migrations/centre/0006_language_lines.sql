-- The part of a client's line that is in one language, where its languages are answered by separate
-- people: contracts and shifts name it by its own id as they name a client.

CREATE TABLE language_line (
    id       BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    shop     BLOB    NOT NULL REFERENCES shop (id),
    language TEXT    NOT NULL CHECK (language GLOB '[a-z][a-z]'), -- ISO 639-1
    at       INTEGER NOT NULL,
    zone     TEXT    NOT NULL,
    UNIQUE (shop, language)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER language_line_is_not_changed BEFORE UPDATE ON language_line
BEGIN SELECT RAISE(ABORT, 'language_line is append-only'); END;
CREATE TRIGGER language_line_is_not_deleted BEFORE DELETE ON language_line
BEGIN SELECT RAISE(ABORT, 'language_line is append-only'); END;
