-- Who works when: contracts and shifts that can be given, plans as they are drawn, what was published of
-- them, and requests for swaps and time off.
--
-- A person here is an account or one of a sample's made-up operators, so there is no reference to
-- `person`. A day is the local date of the centre, as text; a plan and a publication keep their zone.

CREATE TABLE contract (
    person                BLOB    NOT NULL PRIMARY KEY CHECK (length(person) = 16),
    preset                TEXT    NOT NULL CHECK (preset IN ('ua', 'pl', 'ru')),
    week_minutes          INTEGER NOT NULL CHECK (week_minutes BETWEEN 0 AND 10080),
    max_week_minutes      INTEGER NOT NULL CHECK (max_week_minutes BETWEEN 0 AND 10080),
    max_day_minutes       INTEGER NOT NULL CHECK (max_day_minutes BETWEEN 0 AND 1440),
    min_rest_minutes      INTEGER NOT NULL CHECK (min_rest_minutes BETWEEN 0 AND 10080),
    weekly_rest_minutes   INTEGER NOT NULL CHECK (weekly_rest_minutes BETWEEN 0 AND 10080),
    max_days_in_a_row     INTEGER NOT NULL CHECK (max_days_in_a_row > 0),
    min_days_off_in_a_row INTEGER NOT NULL CHECK (min_days_off_in_a_row >= 0),
    max_weekends_of_four  INTEGER NOT NULL CHECK (max_weekends_of_four BETWEEN 0 AND 4),
    max_nights_in_a_row   INTEGER NOT NULL CHECK (max_nights_in_a_row >= 0),
    lines                 TEXT    NOT NULL, -- ids of shops, JSON
    planned               INTEGER NOT NULL CHECK (planned IN (0, 1))
) STRICT, WITHOUT ROWID;

CREATE TABLE shift_template (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    code         TEXT    NOT NULL CHECK (code <> ''),
    name         TEXT    NOT NULL CHECK (name <> ''),
    start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
    minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440),
    breaks       TEXT    NOT NULL, -- JSON
    weekdays     TEXT    NOT NULL, -- JSON, 0 is Monday
    unpopular    INTEGER NOT NULL CHECK (unpopular IN (0, 1)),
    -- Given no more; plans of before keep pointing at it.
    removed_at   INTEGER
) STRICT, WITHOUT ROWID;

CREATE TABLE plan (
    id        BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    first_day TEXT    NOT NULL,
    weeks     INTEGER NOT NULL CHECK (weeks BETWEEN 1 AND 8),
    zone      TEXT    NOT NULL,
    made_at   INTEGER NOT NULL,
    author    BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT, WITHOUT ROWID;

-- A plan as it is drawn. It may change at any time; what people were told is in `published_shift`.
CREATE TABLE planned_shift (
    plan     BLOB    NOT NULL REFERENCES plan (id) ON DELETE CASCADE,
    person   BLOB    NOT NULL CHECK (length(person) = 16),
    day      TEXT    NOT NULL,
    id       BLOB    NOT NULL CHECK (length(id) = 16),
    template BLOB    NOT NULL REFERENCES shift_template (id),
    line     BLOB    NOT NULL CHECK (length(line) = 16),
    -- Which way its breaks are placed; 0 is as the template has them.
    breaks   INTEGER NOT NULL CHECK (breaks BETWEEN 0 AND 255),
    pinned   INTEGER NOT NULL CHECK (pinned IN (0, 1)),
    PRIMARY KEY (plan, person, day),
    UNIQUE (plan, id)
) STRICT, WITHOUT ROWID;

-- What each change by hand replaced, for taking it back; emptied by a search.
CREATE TABLE plan_edit (
    plan BLOB    NOT NULL REFERENCES plan (id) ON DELETE CASCADE,
    seq  INTEGER NOT NULL,
    was  TEXT    NOT NULL, -- the person-days as they were before, JSON
    PRIMARY KEY (plan, seq)
) STRICT, WITHOUT ROWID;

CREATE TABLE publication (
    seq    INTEGER PRIMARY KEY AUTOINCREMENT,
    id     BLOB    NOT NULL UNIQUE CHECK (length(id) = 16),
    plan   BLOB    NOT NULL REFERENCES plan (id),
    at     INTEGER NOT NULL,
    zone   TEXT    NOT NULL,
    author BLOB    NOT NULL CHECK (length(author) = 16)
) STRICT;
CREATE INDEX publication_of_plan ON publication (plan, seq);

-- A publication tells only what differs from what people knew: for one person and day the row of the
-- newest publication holds. Each row is whole, so that a template changed later changes no one's past.
CREATE TABLE published_shift (
    publication INTEGER NOT NULL REFERENCES publication (seq),
    person      BLOB    NOT NULL CHECK (length(person) = 16),
    day         TEXT    NOT NULL,
    shift       BLOB    NOT NULL CHECK (length(shift) = 16),
    -- The shift was taken away: the day is off.
    gone        INTEGER NOT NULL CHECK (gone IN (0, 1)),
    template    BLOB    NOT NULL REFERENCES shift_template (id),
    name        TEXT    NOT NULL,
    line        BLOB    NOT NULL CHECK (length(line) = 16),
    start_at    INTEGER NOT NULL,
    end_at      INTEGER NOT NULL CHECK (end_at > start_at),
    breaks      TEXT    NOT NULL, -- JSON
    PRIMARY KEY (person, day, publication)
) STRICT, WITHOUT ROWID;
CREATE INDEX published_by_day ON published_shift (day);
CREATE INDEX published_by_shift ON published_shift (shift);

CREATE TABLE request (
    id         BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person     BLOB    NOT NULL CHECK (length(person) = 16),
    kind       TEXT    NOT NULL CHECK (kind IN ('swap', 'time_off', 'wish')),
    shift      BLOB    CHECK (shift IS NULL OR length(shift) = 16),
    with_whom  BLOB    CHECK (with_whom IS NULL OR length(with_whom) = 16),
    theirs     BLOB    CHECK (theirs IS NULL OR length(theirs) = 16),
    from_day   TEXT,
    until_day  TEXT,
    reason     TEXT    NOT NULL,
    at         INTEGER NOT NULL,
    zone       TEXT    NOT NULL,
    CHECK ((kind = 'swap') = (shift IS NOT NULL AND with_whom IS NOT NULL)),
    CHECK ((kind = 'swap') = (from_day IS NULL)),
    CHECK ((from_day IS NULL) = (until_day IS NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX request_of_person ON request (person, at);

-- What became of a request; the steps are few and none is taken twice.
CREATE TABLE request_decision (
    id      BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    request BLOB    NOT NULL REFERENCES request (id),
    action  TEXT    NOT NULL CHECK (action IN ('agree', 'approve', 'decline', 'withdraw')),
    person  BLOB    NOT NULL CHECK (length(person) = 16),
    words   TEXT    NOT NULL,
    at      INTEGER NOT NULL,
    zone    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;
CREATE UNIQUE INDEX request_decided_once ON request_decision (request, action = 'agree');

CREATE TRIGGER publication_is_not_changed BEFORE UPDATE ON publication
BEGIN SELECT RAISE(ABORT, 'publication is append-only'); END;
CREATE TRIGGER publication_is_not_deleted BEFORE DELETE ON publication
BEGIN SELECT RAISE(ABORT, 'publication is append-only'); END;
CREATE TRIGGER published_shift_is_not_changed BEFORE UPDATE ON published_shift
BEGIN SELECT RAISE(ABORT, 'published_shift is append-only'); END;
CREATE TRIGGER published_shift_is_not_deleted BEFORE DELETE ON published_shift
BEGIN SELECT RAISE(ABORT, 'published_shift is append-only'); END;
CREATE TRIGGER request_is_not_changed BEFORE UPDATE ON request
BEGIN SELECT RAISE(ABORT, 'request is append-only'); END;
CREATE TRIGGER request_is_not_deleted BEFORE DELETE ON request
BEGIN SELECT RAISE(ABORT, 'request is append-only'); END;
CREATE TRIGGER request_decision_is_not_changed BEFORE UPDATE ON request_decision
BEGIN SELECT RAISE(ABORT, 'request_decision is append-only'); END;
CREATE TRIGGER request_decision_is_not_deleted BEFORE DELETE ON request_decision
BEGIN SELECT RAISE(ABORT, 'request_decision is append-only'); END;

-- Pauses become facts: without them nobody can tell whether a break was taken when it was planned.
-- SQLite cannot change a CHECK, so the table is made anew.
CREATE TABLE attendance_anew (
    id     BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    person BLOB    NOT NULL REFERENCES person (id),
    at     INTEGER NOT NULL,
    zone   TEXT    NOT NULL,
    kind   TEXT    NOT NULL CHECK (kind IN
        ('signed_in', 'signed_out', 'locked', 'unlocked', 'paused', 'resumed')),
    -- Why away: a word of the desk.
    reason TEXT    CHECK (reason IS NULL OR kind = 'paused')
) STRICT, WITHOUT ROWID;

INSERT INTO attendance_anew (id, person, at, zone, kind)
SELECT id, person, at, zone, kind FROM attendance;
DROP TABLE attendance;
ALTER TABLE attendance_anew RENAME TO attendance;
CREATE INDEX attendance_of_person ON attendance (person, at);
CREATE INDEX attendance_by_time ON attendance (at);

CREATE TRIGGER attendance_is_not_changed BEFORE UPDATE ON attendance
BEGIN SELECT RAISE(ABORT, 'attendance is append-only'); END;
CREATE TRIGGER attendance_is_not_deleted BEFORE DELETE ON attendance
BEGIN SELECT RAISE(ABORT, 'attendance is append-only'); END;
