-- Second part: the centre's own work on the shop's orders. This exists nowhere else.
--
-- Facts (call, call_event, disposition, answer, tick, order_edit, script) are only ever added;
-- a correction is a new fact. Tables of state (task, wrap_up, outbox) change.

CREATE TABLE script (
    version      BLOB    NOT NULL PRIMARY KEY CHECK (length(version) = 16),
    code         TEXT    NOT NULL,
    number       INTEGER NOT NULL CHECK (number > 0),
    language     TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    published_at INTEGER NOT NULL,
    author       BLOB    CHECK (author IS NULL OR length(author) = 16),
    UNIQUE (code, language, number)
) STRICT, WITHOUT ROWID;

CREATE TABLE task (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    kind         TEXT    NOT NULL CHECK (kind IN ('confirm')),
    order_remote TEXT    NOT NULL REFERENCES customer_order (remote),
    state        TEXT    NOT NULL CHECK (state IN ('open', 'held', 'done', 'withdrawn')),
    holder       BLOB    CHECK (holder IS NULL OR length(holder) = 16),
    held_at      INTEGER,
    due_at       INTEGER NOT NULL,
    -- Not to be called before: outside calling hours, or on the retry ladder.
    not_before   INTEGER,
    priority     INTEGER NOT NULL, -- greater goes first
    attempts     INTEGER NOT NULL DEFAULT 0 CHECK (attempts >= 0),
    result       TEXT,
    created_at   INTEGER NOT NULL,
    closed_at    INTEGER,
    -- A held task has exactly one holder, any other none.
    CHECK ((state = 'held') = (holder IS NOT NULL)),
    CHECK ((holder IS NULL) = (held_at IS NULL)),
    CHECK ((state IN ('done', 'withdrawn')) = (closed_at IS NOT NULL))
) STRICT, WITHOUT ROWID;
CREATE INDEX task_next ON task (priority DESC, due_at, id, not_before) WHERE state = 'open';
CREATE INDEX task_list ON task (state, priority DESC, due_at, id);
CREATE INDEX task_of_order ON task (order_remote);
CREATE INDEX task_of_holder ON task (holder) WHERE state = 'held';
-- An order waits for one confirmation at a time.
CREATE UNIQUE INDEX task_alive ON task (order_remote, kind) WHERE state IN ('open', 'held');

CREATE TABLE call (
    id             BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    task           BLOB    REFERENCES task (id),
    order_remote   TEXT    NOT NULL REFERENCES customer_order (remote),
    person         BLOB    NOT NULL CHECK (length(person) = 16),
    number         TEXT    NOT NULL,
    started_at     INTEGER NOT NULL,
    zone           TEXT    NOT NULL,
    script_version BLOB    REFERENCES script (version)
) STRICT, WITHOUT ROWID;
CREATE INDEX call_of_order ON call (order_remote, started_at);
CREATE INDEX call_of_task ON call (task, id) WHERE task IS NOT NULL;

CREATE TABLE call_event (
    call  BLOB    NOT NULL REFERENCES call (id),
    seq   INTEGER NOT NULL CHECK (seq >= 0),
    state TEXT    NOT NULL,
    at    INTEGER NOT NULL,
    PRIMARY KEY (call, seq)
) STRICT, WITHOUT ROWID;

-- Made at the moment of answer, so that no conversation can be lost: whatever happens to the desk,
-- an unclosed row brings the operator back into wrap-up.
CREATE TABLE wrap_up (
    call      BLOB    NOT NULL PRIMARY KEY REFERENCES call (id),
    opened_at INTEGER NOT NULL,
    draft     TEXT    NOT NULL,
    saved_at  INTEGER NOT NULL,
    closed_at INTEGER
) STRICT, WITHOUT ROWID;
CREATE INDEX wrap_up_open ON wrap_up (call) WHERE closed_at IS NULL;

CREATE TABLE disposition (
    id        BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    call      BLOB    NOT NULL REFERENCES call (id),
    outcome   TEXT,   -- NULL: the result was taken back within the undo time
    reason    TEXT,
    subreason TEXT,
    comment   TEXT    NOT NULL,
    at        INTEGER NOT NULL,
    zone      TEXT    NOT NULL,
    author    BLOB    NOT NULL CHECK (length(author) = 16),
    corrects  BLOB    REFERENCES disposition (id)
) STRICT, WITHOUT ROWID;
CREATE INDEX disposition_of_call ON disposition (call, at);
-- One fact is corrected once; the next correction corrects the correction.
CREATE UNIQUE INDEX disposition_corrected_once ON disposition (corrects) WHERE corrects IS NOT NULL;

CREATE TABLE answer (
    id     BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    call   BLOB    NOT NULL REFERENCES call (id),
    step   TEXT    NOT NULL,
    option TEXT,
    text   TEXT    NOT NULL,
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX answer_of_call ON answer (call, at);

CREATE TABLE tick (
    id     BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    call   BLOB    NOT NULL REFERENCES call (id),
    point  TEXT    NOT NULL,
    ticked INTEGER NOT NULL CHECK (ticked IN (0, 1)),
    at     INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX tick_of_call ON tick (call, at);

CREATE TABLE order_edit (
    id           BLOB    NOT NULL PRIMARY KEY CHECK (length(id) = 16),
    call         BLOB    NOT NULL REFERENCES call (id),
    order_remote TEXT    NOT NULL REFERENCES customer_order (remote),
    base         TEXT    NOT NULL, -- the lines as the operator saw them
    changes      TEXT    NOT NULL,
    at           INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX order_edit_of_call ON order_edit (call, at);

-- What must reach the shop, written in the transaction of the result that wants it. `seq` is the
-- order of sending within one order of the shop; only the head of an order's queue may leave.
CREATE TABLE outbox (
    seq          INTEGER PRIMARY KEY AUTOINCREMENT,
    op           BLOB    NOT NULL UNIQUE CHECK (length(op) = 16),
    order_remote TEXT    NOT NULL REFERENCES customer_order (remote),
    kind         TEXT    NOT NULL,
    body         TEXT    NOT NULL,
    call         BLOB    REFERENCES call (id),
    -- in_flight is durable before the first byte leaves; doubt means it may have arrived.
    state        TEXT    NOT NULL
        CHECK (state IN ('waiting', 'in_flight', 'doubt', 'done', 'dead', 'undone')),
    not_before   INTEGER NOT NULL,
    tries        INTEGER NOT NULL DEFAULT 0 CHECK (tries >= 0),
    -- Failures that do not pass by themselves: after so many a person is asked.
    stubborn     INTEGER NOT NULL DEFAULT 0 CHECK (stubborn >= 0),
    in_flight_at INTEGER,
    last_error   TEXT,
    created_at   INTEGER NOT NULL,
    done_at      INTEGER,
    CHECK ((state IN ('done', 'dead', 'undone')) = (done_at IS NOT NULL))
) STRICT;
CREATE INDEX outbox_alive ON outbox (order_remote, seq)
    WHERE state IN ('waiting', 'in_flight', 'doubt', 'dead');
CREATE INDEX outbox_due ON outbox (not_before, seq) WHERE state IN ('waiting', 'doubt');
CREATE INDEX outbox_of_call ON outbox (call) WHERE call IS NOT NULL;
CREATE INDEX outbox_by_state ON outbox (state, seq);

CREATE TRIGGER script_is_not_changed BEFORE UPDATE ON script
BEGIN SELECT RAISE(ABORT, 'script is append-only'); END;
CREATE TRIGGER script_is_not_deleted BEFORE DELETE ON script
BEGIN SELECT RAISE(ABORT, 'script is append-only'); END;
CREATE TRIGGER call_is_not_changed BEFORE UPDATE ON call
BEGIN SELECT RAISE(ABORT, 'call is append-only'); END;
CREATE TRIGGER call_is_not_deleted BEFORE DELETE ON call
BEGIN SELECT RAISE(ABORT, 'call is append-only'); END;
CREATE TRIGGER call_event_is_not_changed BEFORE UPDATE ON call_event
BEGIN SELECT RAISE(ABORT, 'call_event is append-only'); END;
CREATE TRIGGER call_event_is_not_deleted BEFORE DELETE ON call_event
BEGIN SELECT RAISE(ABORT, 'call_event is append-only'); END;
CREATE TRIGGER disposition_is_not_changed BEFORE UPDATE ON disposition
BEGIN SELECT RAISE(ABORT, 'disposition is append-only'); END;
CREATE TRIGGER disposition_is_not_deleted BEFORE DELETE ON disposition
BEGIN SELECT RAISE(ABORT, 'disposition is append-only'); END;
CREATE TRIGGER answer_is_not_changed BEFORE UPDATE ON answer
BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END;
CREATE TRIGGER answer_is_not_deleted BEFORE DELETE ON answer
BEGIN SELECT RAISE(ABORT, 'answer is append-only'); END;
CREATE TRIGGER tick_is_not_changed BEFORE UPDATE ON tick
BEGIN SELECT RAISE(ABORT, 'tick is append-only'); END;
CREATE TRIGGER tick_is_not_deleted BEFORE DELETE ON tick
BEGIN SELECT RAISE(ABORT, 'tick is append-only'); END;
CREATE TRIGGER order_edit_is_not_changed BEFORE UPDATE ON order_edit
BEGIN SELECT RAISE(ABORT, 'order_edit is append-only'); END;
CREATE TRIGGER order_edit_is_not_deleted BEFORE DELETE ON order_edit
BEGIN SELECT RAISE(ABORT, 'order_edit is append-only'); END;
