-- How many people each client's line wants, and the special days of all clients.
--
-- Facts: the newest rules of a shop hold, a special day is taken back by another row.

CREATE TABLE staffing_rules (
    number INTEGER PRIMARY KEY AUTOINCREMENT,
    id     BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    shop   BLOB    NOT NULL REFERENCES shop (id),
    rules  TEXT    NOT NULL, -- JSON
    at     INTEGER NOT NULL,
    zone   TEXT    NOT NULL,
    author BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT;
CREATE INDEX staffing_rules_of_shop ON staffing_rules (shop, number);

CREATE TABLE special_day (
    id     BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    day    TEXT    NOT NULL CHECK (length(day) = 10),
    kind   TEXT    NOT NULL CHECK (kind <> ''),
    name   TEXT    NOT NULL,
    at     INTEGER NOT NULL,
    zone   TEXT    NOT NULL,
    author BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT, WITHOUT ROWID;

CREATE TABLE special_day_withdrawal (
    special_day BLOB    NOT NULL PRIMARY KEY REFERENCES special_day (id),
    at          INTEGER NOT NULL,
    zone        TEXT    NOT NULL,
    author      BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER staffing_rules_is_not_changed BEFORE UPDATE ON staffing_rules
BEGIN SELECT RAISE(ABORT, 'staffing_rules is append-only'); END;
CREATE TRIGGER staffing_rules_is_not_deleted BEFORE DELETE ON staffing_rules
BEGIN SELECT RAISE(ABORT, 'staffing_rules is append-only'); END;
CREATE TRIGGER special_day_is_not_changed BEFORE UPDATE ON special_day
BEGIN SELECT RAISE(ABORT, 'special_day is append-only'); END;
CREATE TRIGGER special_day_is_not_deleted BEFORE DELETE ON special_day
BEGIN SELECT RAISE(ABORT, 'special_day is append-only'); END;
CREATE TRIGGER special_day_withdrawal_is_not_changed BEFORE UPDATE ON special_day_withdrawal
BEGIN SELECT RAISE(ABORT, 'special_day_withdrawal is append-only'); END;
CREATE TRIGGER special_day_withdrawal_is_not_deleted BEFORE DELETE ON special_day_withdrawal
BEGIN SELECT RAISE(ABORT, 'special_day_withdrawal is append-only'); END;
