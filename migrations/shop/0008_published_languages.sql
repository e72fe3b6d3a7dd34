-- Eighth part: what a published forecast expected in each language, day by day, to be held against what
-- came. Where people asked in one language only, or before this part, there are no rows.

CREATE TABLE snapshot_language (
    snapshot BLOB NOT NULL REFERENCES forecast_snapshot (id),
    language TEXT NOT NULL CHECK (language GLOB '[a-z][a-z]'), -- ISO 639-1
    day      TEXT NOT NULL CHECK (length(day) = 10),
    calls    REAL NOT NULL, -- manual changes included
    PRIMARY KEY (snapshot, language, day)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER snapshot_language_is_not_changed BEFORE UPDATE ON snapshot_language
BEGIN SELECT RAISE(ABORT, 'snapshot_language is append-only'); END;
CREATE TRIGGER snapshot_language_is_not_deleted BEFORE DELETE ON snapshot_language
BEGIN SELECT RAISE(ABORT, 'snapshot_language is append-only'); END;
