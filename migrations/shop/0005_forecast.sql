-- Fifth part: what a forecast rests on and what became of it.
--
-- All of it is facts: an import, a special day, a manual change is taken back by another row, and of
-- two words about the same day the later holds.

CREATE TABLE history_import (
    -- Where two imports tell of the same time, the higher number holds.
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    channel      TEXT    NOT NULL CHECK (channel IN ('inbound', 'outbound')),
    file         TEXT    NOT NULL,
    slot_minutes INTEGER NOT NULL CHECK (slot_minutes IN (15, 30, 60)),
    rows         INTEGER NOT NULL CHECK (rows > 0),
    calls        INTEGER NOT NULL CHECK (calls >= 0),
    first_day    TEXT    NOT NULL CHECK (length(first_day) = 10), -- YYYY-MM-DD in `zone`
    last_day     TEXT    NOT NULL CHECK (length(last_day) = 10),
    at           INTEGER NOT NULL,
    zone         TEXT    NOT NULL,
    author       BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT;

CREATE TABLE imported_interval (
    import    INTEGER NOT NULL REFERENCES history_import (number),
    start     INTEGER NOT NULL, -- seconds since 1970
    calls     INTEGER NOT NULL CHECK (calls >= 0),
    handle_ms INTEGER CHECK (handle_ms IS NULL OR handle_ms >= 0), -- of all its calls
    PRIMARY KEY (import, start)
) STRICT, WITHOUT ROWID;

CREATE TABLE import_withdrawal (
    import BLOB    NOT NULL PRIMARY KEY REFERENCES history_import (id),
    at     INTEGER NOT NULL,
    zone   TEXT    NOT NULL,
    author BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT, WITHOUT ROWID;

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

CREATE TABLE outlier_verdict (
    number  INTEGER PRIMARY KEY AUTOINCREMENT,
    id      BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    channel TEXT    NOT NULL CHECK (channel IN ('inbound', 'outbound')),
    day     TEXT    NOT NULL CHECK (length(day) = 10),
    verdict TEXT    CHECK (verdict IS NULL OR verdict IN ('kept', 'left_out')), -- NULL: forgotten
    at      INTEGER NOT NULL,
    zone    TEXT    NOT NULL,
    author  BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT;

CREATE TABLE forecast_override (
    -- Where two overrides meet, the higher number holds.
    number       INTEGER PRIMARY KEY AUTOINCREMENT,
    id           BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    channel      TEXT    NOT NULL CHECK (channel IN ('inbound', 'outbound')),
    day          TEXT    NOT NULL CHECK (length(day) = 10),
    from_minute  INTEGER NOT NULL CHECK (from_minute >= 0),
    until_minute INTEGER NOT NULL CHECK (until_minute <= 1440 AND until_minute > from_minute),
    factor       REAL    NOT NULL CHECK (factor >= 0),
    reason       TEXT    NOT NULL CHECK (reason <> ''),
    at           INTEGER NOT NULL,
    zone         TEXT    NOT NULL,
    author       BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT;

CREATE TABLE override_withdrawal (
    override BLOB    NOT NULL PRIMARY KEY REFERENCES forecast_override (id),
    at       INTEGER NOT NULL,
    zone     TEXT    NOT NULL,
    author   BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT, WITHOUT ROWID;

CREATE TABLE forecast_snapshot (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    channel      TEXT    NOT NULL CHECK (channel IN ('inbound', 'outbound')),
    slot_minutes INTEGER NOT NULL CHECK (slot_minutes IN (15, 30, 60)),
    first_day    TEXT    NOT NULL CHECK (length(first_day) = 10),
    last_day     TEXT    NOT NULL CHECK (length(last_day) = 10),
    at           INTEGER NOT NULL,
    zone         TEXT    NOT NULL,
    author       BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT, WITHOUT ROWID;

-- Open intervals only; minutes by the wall clock of the snapshot's zone.
CREATE TABLE snapshot_interval (
    snapshot    BLOB    NOT NULL REFERENCES forecast_snapshot (id),
    day         TEXT    NOT NULL CHECK (length(day) = 10),
    minute      INTEGER NOT NULL CHECK (minute BETWEEN 0 AND 1439),
    calls       REAL    NOT NULL, -- manual changes included
    model_calls REAL    NOT NULL,
    low80       REAL    NOT NULL,
    high80      REAL    NOT NULL,
    low95       REAL    NOT NULL,
    high95      REAL    NOT NULL,
    aht_s       REAL,
    PRIMARY KEY (snapshot, day, minute)
) STRICT, WITHOUT ROWID;

CREATE TRIGGER history_import_is_not_changed BEFORE UPDATE ON history_import
BEGIN SELECT RAISE(ABORT, 'history_import is append-only'); END;
CREATE TRIGGER history_import_is_not_deleted BEFORE DELETE ON history_import
BEGIN SELECT RAISE(ABORT, 'history_import is append-only'); END;
CREATE TRIGGER imported_interval_is_not_changed BEFORE UPDATE ON imported_interval
BEGIN SELECT RAISE(ABORT, 'imported_interval is append-only'); END;
CREATE TRIGGER imported_interval_is_not_deleted BEFORE DELETE ON imported_interval
BEGIN SELECT RAISE(ABORT, 'imported_interval is append-only'); END;
CREATE TRIGGER import_withdrawal_is_not_changed BEFORE UPDATE ON import_withdrawal
BEGIN SELECT RAISE(ABORT, 'import_withdrawal is append-only'); END;
CREATE TRIGGER import_withdrawal_is_not_deleted BEFORE DELETE ON import_withdrawal
BEGIN SELECT RAISE(ABORT, 'import_withdrawal is append-only'); END;
CREATE TRIGGER special_day_is_not_changed BEFORE UPDATE ON special_day
BEGIN SELECT RAISE(ABORT, 'special_day is append-only'); END;
CREATE TRIGGER special_day_is_not_deleted BEFORE DELETE ON special_day
BEGIN SELECT RAISE(ABORT, 'special_day is append-only'); END;
CREATE TRIGGER special_day_withdrawal_is_not_changed BEFORE UPDATE ON special_day_withdrawal
BEGIN SELECT RAISE(ABORT, 'special_day_withdrawal is append-only'); END;
CREATE TRIGGER special_day_withdrawal_is_not_deleted BEFORE DELETE ON special_day_withdrawal
BEGIN SELECT RAISE(ABORT, 'special_day_withdrawal is append-only'); END;
CREATE TRIGGER outlier_verdict_is_not_changed BEFORE UPDATE ON outlier_verdict
BEGIN SELECT RAISE(ABORT, 'outlier_verdict is append-only'); END;
CREATE TRIGGER outlier_verdict_is_not_deleted BEFORE DELETE ON outlier_verdict
BEGIN SELECT RAISE(ABORT, 'outlier_verdict is append-only'); END;
CREATE TRIGGER forecast_override_is_not_changed BEFORE UPDATE ON forecast_override
BEGIN SELECT RAISE(ABORT, 'forecast_override is append-only'); END;
CREATE TRIGGER forecast_override_is_not_deleted BEFORE DELETE ON forecast_override
BEGIN SELECT RAISE(ABORT, 'forecast_override is append-only'); END;
CREATE TRIGGER override_withdrawal_is_not_changed BEFORE UPDATE ON override_withdrawal
BEGIN SELECT RAISE(ABORT, 'override_withdrawal is append-only'); END;
CREATE TRIGGER override_withdrawal_is_not_deleted BEFORE DELETE ON override_withdrawal
BEGIN SELECT RAISE(ABORT, 'override_withdrawal is append-only'); END;
CREATE TRIGGER forecast_snapshot_is_not_changed BEFORE UPDATE ON forecast_snapshot
BEGIN SELECT RAISE(ABORT, 'forecast_snapshot is append-only'); END;
CREATE TRIGGER forecast_snapshot_is_not_deleted BEFORE DELETE ON forecast_snapshot
BEGIN SELECT RAISE(ABORT, 'forecast_snapshot is append-only'); END;
CREATE TRIGGER snapshot_interval_is_not_changed BEFORE UPDATE ON snapshot_interval
BEGIN SELECT RAISE(ABORT, 'snapshot_interval is append-only'); END;
CREATE TRIGGER snapshot_interval_is_not_deleted BEFORE DELETE ON snapshot_interval
BEGIN SELECT RAISE(ABORT, 'snapshot_interval is append-only'); END;
