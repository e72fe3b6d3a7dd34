-- Sixth part: work by language. A report may tell several languages of one interval; those of before
-- told none. SQLite cannot change a primary key, so the table is made anew.

CREATE TABLE imported_interval_anew (
    import    INTEGER NOT NULL REFERENCES history_import (number),
    start     INTEGER NOT NULL, -- seconds since 1970
    -- ISO 639-1; '' where the report does not tell it.
    language  TEXT    NOT NULL DEFAULT '' CHECK (language = '' OR language GLOB '[a-z][a-z]'),
    calls     INTEGER NOT NULL CHECK (calls >= 0),
    handle_ms INTEGER CHECK (handle_ms IS NULL OR handle_ms >= 0), -- of all its calls
    PRIMARY KEY (import, start, language)
) STRICT, WITHOUT ROWID;

INSERT INTO imported_interval_anew (import, start, language, calls, handle_ms)
SELECT import, start, '', calls, handle_ms FROM imported_interval;
DROP TABLE imported_interval;
ALTER TABLE imported_interval_anew RENAME TO imported_interval;

CREATE TRIGGER imported_interval_is_not_changed BEFORE UPDATE ON imported_interval
BEGIN SELECT RAISE(ABORT, 'imported_interval is append-only'); END;
CREATE TRIGGER imported_interval_is_not_deleted BEFORE DELETE ON imported_interval
BEGIN SELECT RAISE(ABORT, 'imported_interval is append-only'); END;
