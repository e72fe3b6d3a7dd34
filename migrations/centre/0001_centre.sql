-- The centre's own file: who works here, which shops it serves, and who did what.
-- Nothing of a shop's customers is in this file.
--
-- Times are milliseconds since 1970 in UTC; a fact also keeps the zone it was lived in.
-- Ids of our own are the 16 bytes of a UUIDv7.

PRAGMA application_id = 0x447A7643; -- "DzvC": another program's file is never taken for ours.

CREATE TABLE person (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    login      TEXT    NOT NULL CHECK (login <> ''),
    -- The login trimmed and lower-cased by the desk: SQLite's NOCASE knows Latin letters only.
    login_key  TEXT    NOT NULL UNIQUE,
    name       TEXT    NOT NULL,
    role       TEXT    NOT NULL CHECK (role IN ('operator', 'supervisor', 'admin')),
    language   TEXT    NOT NULL,
    theme      TEXT    NOT NULL,
    -- People are never deleted: their calls keep pointing at them.
    active     INTEGER NOT NULL CHECK (active IN (0, 1)),
    created_at INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE setting (
    key   TEXT NOT NULL PRIMARY KEY,
    value TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE shop (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind         TEXT    NOT NULL CHECK (kind IN ('woocommerce', 'vendure', 'sample')),
    name         TEXT    NOT NULL,
    address      TEXT    NOT NULL,
    zone         TEXT    NOT NULL,
    currency     TEXT    NOT NULL,
    language     TEXT    NOT NULL,
    -- How the connector gets in, as JSON; it holds the shop's secret, so it never leaves this file.
    access       TEXT    NOT NULL,
    -- The key of the shop's own file. Forgetting it makes every copy of that file unreadable.
    file_key     BLOB    CHECK (file_key IS NULL OR length(file_key) = 32),
    capabilities TEXT    NOT NULL,
    created_at   INTEGER NOT NULL,
    removed_at   INTEGER,
    -- A removed shop keeps its name for the reports and nothing that opens a door.
    CHECK ((removed_at IS NULL) = (file_key IS NOT NULL)),
    CHECK (removed_at IS NULL OR access = '')
) STRICT, WITHOUT ROWID;

CREATE TABLE attendance (
    id     BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person BLOB    NOT NULL REFERENCES person (id),
    at     INTEGER NOT NULL,
    zone   TEXT    NOT NULL,
    kind   TEXT    NOT NULL CHECK (kind IN ('signed_in', 'signed_out', 'locked', 'unlocked'))
) STRICT, WITHOUT ROWID;
CREATE INDEX attendance_of_person ON attendance (person, at);

CREATE TRIGGER attendance_is_not_changed BEFORE UPDATE ON attendance
BEGIN SELECT RAISE(ABORT, 'attendance is append-only'); END;
CREATE TRIGGER attendance_is_not_deleted BEFORE DELETE ON attendance
BEGIN SELECT RAISE(ABORT, 'attendance is append-only'); END;

-- Every write leaves a row here in its own transaction. `hash` covers the row and the hash before
-- it, so an edit, a deletion or a swap breaks the chain; AUTOINCREMENT remembers the last number,
-- so a cut-off end shows too.
CREATE TABLE change_log (
    seq     INTEGER PRIMARY KEY AUTOINCREMENT,
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    at      INTEGER NOT NULL,
    zone    TEXT    NOT NULL,
    author  BLOB    CHECK (author IS NULL OR length(author) = 16), -- NULL: the desk by itself
    kind    TEXT    NOT NULL,
    subject TEXT    NOT NULL,
    body    TEXT    NOT NULL,
    hash    BLOB    NOT NULL CHECK (length(hash) = 32)
) STRICT;

CREATE TRIGGER change_log_is_not_changed BEFORE UPDATE ON change_log
BEGIN SELECT RAISE(ABORT, 'change_log is append-only'); END;
CREATE TRIGGER change_log_is_not_deleted BEFORE DELETE ON change_log
BEGIN SELECT RAISE(ABORT, 'change_log is append-only'); END;
