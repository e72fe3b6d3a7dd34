-- Third part: what reports read. All of it is derived from the facts and can be made again.

-- One row per finished call, so that a list of calls touches one table. Written when the result is
-- saved, replaced when it is corrected, taken out when it is undone.
CREATE TABLE call_summary (
    call         BLOB    NOT NULL PRIMARY KEY REFERENCES call (id),
    started_at   INTEGER NOT NULL,
    ended_at     INTEGER NOT NULL,
    zone         TEXT    NOT NULL,
    -- The start in the call's own zone: what people mean by "Mondays at ten".
    day          TEXT    NOT NULL CHECK (length(day) = 10), -- YYYY-MM-DD
    weekday      INTEGER NOT NULL CHECK (weekday BETWEEN 0 AND 6), -- Monday is 0
    hour         INTEGER NOT NULL CHECK (hour BETWEEN 0 AND 23),
    order_remote TEXT    NOT NULL,
    person       BLOB    NOT NULL CHECK (length(person) = 16),
    answered     INTEGER NOT NULL CHECK (answered IN (0, 1)),
    handled      INTEGER NOT NULL CHECK (handled IN (0, 1)),
    talk_ms      INTEGER NOT NULL CHECK (talk_ms >= 0),
    hold_ms      INTEGER NOT NULL CHECK (hold_ms >= 0),
    wrap_ms      INTEGER NOT NULL CHECK (wrap_ms >= 0),
    disposition  BLOB    NOT NULL REFERENCES disposition (id),
    outcome      TEXT    NOT NULL,
    reason       TEXT    NOT NULL, -- '' where the call had none
    subreason    TEXT    NOT NULL
) STRICT, WITHOUT ROWID;

-- Each of these ends with everything a filter may ask, so that rows are fetched only for the page shown.
CREATE INDEX call_summary_by_time
    ON call_summary (started_at, call, day, weekday, hour, outcome, reason, subreason);
CREATE INDEX call_summary_by_hour
    ON call_summary (weekday, hour, started_at, call, day, outcome, reason, subreason);
CREATE INDEX call_summary_by_outcome
    ON call_summary (outcome, started_at, call, day, weekday, hour, reason, subreason);
CREATE INDEX call_summary_by_reason
    ON call_summary (reason, started_at, call, day, weekday, hour, outcome, subreason);
-- One person's calls are few enough to fetch: this one stays narrow.
CREATE INDEX call_summary_by_person ON call_summary (person, started_at, call, day);

-- Roll-ups, kept in the transaction that writes call_summary.
CREATE TABLE load_by_hour (
    day      TEXT    NOT NULL,
    hour     INTEGER NOT NULL,
    weekday  INTEGER NOT NULL,
    calls    INTEGER NOT NULL,
    answered INTEGER NOT NULL,
    handled  INTEGER NOT NULL,
    talk_ms  INTEGER NOT NULL,
    hold_ms  INTEGER NOT NULL,
    wrap_ms  INTEGER NOT NULL,
    PRIMARY KEY (day, hour)
) STRICT, WITHOUT ROWID;

CREATE TABLE count_by_disposition (
    day       TEXT    NOT NULL,
    outcome   TEXT    NOT NULL,
    reason    TEXT    NOT NULL,
    subreason TEXT    NOT NULL,
    calls     INTEGER NOT NULL,
    PRIMARY KEY (day, outcome, reason, subreason)
) STRICT, WITHOUT ROWID;

-- How many orders and products the shop has: counting a million rows would be felt at every start.
CREATE TABLE tally (
    name TEXT    NOT NULL PRIMARY KEY CHECK (name IN ('orders', 'products')),
    rows INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
INSERT INTO tally VALUES ('orders', (SELECT count(*) FROM customer_order WHERE gone = 0));
INSERT INTO tally VALUES ('products', (SELECT count(*) FROM product WHERE gone = 0));

CREATE TRIGGER tally_order_comes AFTER INSERT ON customer_order WHEN new.gone = 0
BEGIN UPDATE tally SET rows = rows + 1 WHERE name = 'orders'; END;
CREATE TRIGGER tally_order_goes AFTER DELETE ON customer_order WHEN old.gone = 0
BEGIN UPDATE tally SET rows = rows - 1 WHERE name = 'orders'; END;
CREATE TRIGGER tally_order_turns AFTER UPDATE OF gone ON customer_order WHEN old.gone <> new.gone
BEGIN UPDATE tally SET rows = rows + old.gone - new.gone WHERE name = 'orders'; END;
CREATE TRIGGER tally_product_comes AFTER INSERT ON product WHEN new.gone = 0
BEGIN UPDATE tally SET rows = rows + 1 WHERE name = 'products'; END;
CREATE TRIGGER tally_product_goes AFTER DELETE ON product WHEN old.gone = 0
BEGIN UPDATE tally SET rows = rows - 1 WHERE name = 'products'; END;
CREATE TRIGGER tally_product_turns AFTER UPDATE OF gone ON product WHEN old.gone <> new.gone
BEGIN UPDATE tally SET rows = rows + old.gone - new.gone WHERE name = 'products'; END;
