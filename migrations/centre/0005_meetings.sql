-- Days off that are fixed, days and shifts that a contract rules out, and meetings and training.

-- Weekdays on which the person can work (0 is Monday), and templates never given to them.
ALTER TABLE contract ADD COLUMN weekdays TEXT NOT NULL DEFAULT '[0,1,2,3,4,5,6]'; -- JSON
ALTER TABLE contract ADD COLUMN never_given TEXT NOT NULL DEFAULT '[]'; -- ids of templates, JSON

-- A day that the search leaves free, as a pinned shift is a day that it leaves filled.
CREATE TABLE pinned_day_off (
    plan   BLOB NOT NULL REFERENCES plan (id) ON DELETE CASCADE,
    person BLOB NOT NULL CHECK (length(person) = 16),
    day    TEXT NOT NULL,
    PRIMARY KEY (plan, person, day)
) STRICT, WITHOUT ROWID;

-- A meeting or training of a plan as it is drawn. It is never changed, only taken away; what people were
-- told is in `published_meeting`.
CREATE TABLE meeting (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    plan         BLOB    NOT NULL REFERENCES plan (id) ON DELETE CASCADE,
    kind         TEXT    NOT NULL CHECK (kind IN ('meeting', 'training')),
    title        TEXT    NOT NULL CHECK (title <> ''),
    people       TEXT    NOT NULL, -- ids, JSON
    day          TEXT    NOT NULL,
    start_minute INTEGER NOT NULL CHECK (start_minute BETWEEN 0 AND 1439),
    minutes      INTEGER NOT NULL CHECK (minutes BETWEEN 1 AND 1440)
) STRICT, WITHOUT ROWID;
CREATE INDEX meeting_of_plan ON meeting (plan, day, start_minute);

-- The row of the newest publication holds. Whom it concerns follows from the shifts that were told: those
-- of its people who are at work then.
CREATE TABLE published_meeting (
    publication INTEGER NOT NULL REFERENCES publication (seq),
    meeting     BLOB    NOT NULL CHECK (length(meeting) = 16),
    gone        INTEGER NOT NULL CHECK (gone IN (0, 1)),
    kind        TEXT    NOT NULL CHECK (kind IN ('meeting', 'training')),
    title       TEXT    NOT NULL,
    people      TEXT    NOT NULL, -- ids, JSON
    day         TEXT    NOT NULL,
    start_at    INTEGER NOT NULL,
    end_at      INTEGER NOT NULL CHECK (end_at > start_at),
    PRIMARY KEY (meeting, publication)
) STRICT, WITHOUT ROWID;
CREATE INDEX published_meeting_by_day ON published_meeting (day);

CREATE TRIGGER published_meeting_is_not_changed BEFORE UPDATE ON published_meeting
BEGIN SELECT RAISE(ABORT, 'published_meeting is append-only'); END;
CREATE TRIGGER published_meeting_is_not_deleted BEFORE DELETE ON published_meeting
BEGIN SELECT RAISE(ABORT, 'published_meeting is append-only'); END;
