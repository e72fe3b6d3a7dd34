//! What must reach the shop, each once, in order per order of the shop.

use super::taken;
use crate::StoreError;
use crate::convert::{at, json, maybe_at, maybe_json, ms, parsed, words};
use chrono::{DateTime, TimeDelta, Utc};
use rules::id::{CallId, OperationId, RemoteId};
use rules::merge::Conflict;
use rules::operation::ShopOperation;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use sync::outbox::{self, State as Step};
use uuid::Uuid;

/// Where an operation stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Not sent; may be undone until `not_before`.
    Waiting,
    /// Being sent; durable before the first byte leaves.
    InFlight,
    /// Sent, and nobody knows whether it arrived: look before sending again.
    Doubt,
    /// At the shop.
    Done,
    /// Given up; a person must look at it. Later ones of the order wait: a confirmation must not
    /// overtake the edit it confirms.
    Dead,
    /// Taken back before it left.
    Undone,
}

words!(State {
    Waiting = "waiting",
    InFlight = "in_flight",
    Doubt = "doubt",
    Done = "done",
    Dead = "dead",
    Undone = "undone",
});

/// One write on its way to the shop.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Entry {
    /// Order of sending.
    pub seq: i64,
    /// Identity, also the mark left at the shop.
    pub id: OperationId,
    /// What it wants.
    pub operation: ShopOperation,
    /// The call it comes from.
    pub call: Option<CallId>,
    /// Where it stands.
    pub state: State,
    /// Not to be touched before.
    pub not_before: DateTime<Utc>,
    /// How often it was sent.
    pub tries: u32,
    /// When it was sent last; none means that no byte has ever left.
    pub in_flight_at: Option<DateTime<Utc>>,
    /// What went wrong last, a code.
    pub last_error: Option<String>,
    /// When it was wanted.
    pub created_at: DateTime<Utc>,
    /// When it came to its end.
    pub done_at: Option<DateTime<Utc>>,
    /// Failures that do not pass by themselves.
    pub stubborn: u32,
    /// What both sides changed, where that is why it was given up.
    pub conflict: Option<Conflict>,
    /// When it was last made sure that it stands at the shop only once.
    pub swept_at: Option<DateTime<Utc>>,
}

/// How the outbox stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Not sent.
    pub waiting: u32,
    /// Being sent.
    pub in_flight: u32,
    /// Not known whether arrived.
    pub doubt: u32,
    /// Given up.
    pub dead: u32,
    /// Of those given up: because the shop had changed the same thing.
    pub conflicts: u32,
    /// When the oldest that is on its way (waiting, in flight, in doubt) was wanted.
    pub oldest_at: Option<DateTime<Utc>>,
}

const ENQUEUE: &str = "INSERT INTO outbox (op, order_remote, kind, body, call, state, not_before,
    created_at) VALUES (?1, ?2, ?3, ?4, ?5, 'waiting', ?6, ?7)";
const READY: &str =
    "SELECT seq, op, body, call, state, not_before, tries, in_flight_at, last_error,
    created_at, done_at, stubborn, conflict, swept_at
    FROM outbox AS o INDEXED BY outbox_due
    WHERE state IN ('waiting', 'doubt') AND not_before <= ?1
        AND NOT EXISTS (SELECT 1 FROM outbox AS earlier INDEXED BY outbox_alive
            WHERE earlier.order_remote = o.order_remote AND earlier.seq < o.seq
                AND earlier.state IN ('waiting', 'in_flight', 'doubt', 'dead'))
    ORDER BY not_before, seq LIMIT ?2";
const NEXT_AT: &str = "SELECT not_before FROM outbox AS o INDEXED BY outbox_due
    WHERE state IN ('waiting', 'doubt')
        AND NOT EXISTS (SELECT 1 FROM outbox AS earlier INDEXED BY outbox_alive
            WHERE earlier.order_remote = o.order_remote AND earlier.seq < o.seq
                AND earlier.state IN ('waiting', 'in_flight', 'doubt', 'dead'))
    ORDER BY not_before, seq LIMIT 1";
const NEXT_AFTER: &str = "SELECT not_before FROM outbox AS o INDEXED BY outbox_due
    WHERE state IN ('waiting', 'doubt') AND not_before > ?1
        AND NOT EXISTS (SELECT 1 FROM outbox AS earlier INDEXED BY outbox_alive
            WHERE earlier.order_remote = o.order_remote AND earlier.seq < o.seq
                AND earlier.state IN ('waiting', 'in_flight', 'doubt', 'dead'))
    ORDER BY not_before, seq LIMIT 1";
const PUT: &str = "UPDATE outbox SET state = ?2, not_before = coalesce(?3, not_before), tries = ?4,
    stubborn = ?5, in_flight_at = CASE ?2 WHEN 'in_flight' THEN ?6 ELSE in_flight_at END,
    last_error = ?7, done_at = CASE WHEN ?2 IN ('done', 'dead', 'undone') THEN ?6 END,
    conflict = CASE WHEN ?2 IN ('dead', 'undone') THEN coalesce(?8, conflict) END
    WHERE op = ?1 AND state IN ('waiting', 'in_flight', 'doubt', 'dead')
        AND NOT (?2 = 'in_flight' AND EXISTS (
            SELECT 1 FROM outbox AS earlier INDEXED BY outbox_alive
            WHERE earlier.order_remote = outbox.order_remote AND earlier.seq < outbox.seq
                AND earlier.state IN ('waiting', 'in_flight', 'doubt', 'dead')))";
const LEFT: &str = "SELECT count(*) FROM outbox WHERE call = ?1 AND state <> 'undone'
    AND NOT (state = 'waiting' AND tries = 0 AND not_before > ?2)";
const UNDO: &str = "UPDATE outbox SET state = 'undone', done_at = ?2
    WHERE call = ?1 AND state = 'waiting'";
const COUNTS: &str = "SELECT
    (SELECT count(*) FROM outbox WHERE state = 'waiting'),
    (SELECT count(*) FROM outbox WHERE state = 'in_flight'),
    (SELECT count(*) FROM outbox WHERE state = 'doubt'),
    (SELECT count(*) FROM outbox WHERE state = 'dead'),
    (SELECT count(*) FROM outbox WHERE state = 'dead' AND conflict IS NOT NULL),
    (SELECT min(created_at) FROM outbox WHERE state IN ('waiting', 'in_flight', 'doubt'))";
const ONE: &str = "SELECT seq, op, body, call, state, not_before, tries, in_flight_at, last_error,
    created_at, done_at, stubborn, conflict, swept_at FROM outbox WHERE op = ?1";
const OF_CALL: &str =
    "SELECT seq, op, body, call, state, not_before, tries, in_flight_at, last_error,
    created_at, done_at, stubborn, conflict, swept_at FROM outbox WHERE call = ?1 ORDER BY seq";
const OF_ORDER: &str =
    "SELECT seq, op, body, call, state, not_before, tries, in_flight_at, last_error,
    created_at, done_at, stubborn, conflict, swept_at FROM outbox WHERE order_remote = ?1 ORDER BY seq";
const UNSWEPT: &str =
    "SELECT seq, op, body, call, state, not_before, tries, in_flight_at, last_error,
    created_at, done_at, stubborn, conflict, swept_at FROM outbox INDEXED BY outbox_unswept
    WHERE state = 'done' AND swept_at IS NULL ORDER BY done_at";
const SWEPT: &str = "UPDATE outbox SET swept_at = ?2 WHERE op = ?1 AND state = 'done'";
const UNSWEEP: &str =
    "UPDATE outbox SET swept_at = NULL WHERE order_remote = ?1 AND state = 'done'";
const REBASE: &str = "UPDATE outbox SET body = ?2 WHERE op = ?1 AND state = 'dead' AND kind = ?3
    AND order_remote = ?4";
const CLASHES: &str =
    "UPDATE outbox SET conflict = ?2, done_at = ?3 WHERE op = ?1 AND state = 'dead'";
const IN_STATE: &str =
    "SELECT seq, op, body, call, state, not_before, tries, in_flight_at, last_error,
    created_at, done_at, stubborn, conflict, swept_at FROM outbox WHERE state = ?1 AND seq > ?2 ORDER BY seq LIMIT ?3";

/// Adds an operation at the end of its order's queue; it leaves at `not_before` at the earliest.
pub fn enqueue(
    tx: &Transaction<'_>,
    id: OperationId,
    operation: &ShopOperation,
    call: Option<CallId>,
    not_before: DateTime<Utc>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.prepare_cached(ENQUEUE)?
        .execute(params![
            id.uuid(),
            operation.order().as_str(),
            operation.kind(),
            serde_json::to_string(operation)?,
            call.map(CallId::uuid),
            ms(not_before),
            ms(now),
        ])
        .map_err(|error| taken(error, "operation"))?;
    Ok(())
}

/// What may be worked on at `now`: the heads of the orders' queues that wait or are in doubt, the
/// longest due first. Nothing behind an unfinished or given-up operation on the same order
/// (`sync::outbox::head`).
pub fn ready(conn: &Connection, now: DateTime<Utc>, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let mut statement = conn.prepare_cached(READY)?;
    Ok(statement
        .query_map(params![ms(now), limit], read)?
        .collect::<Result<_, _>>()?)
}

/// What is to be worked on at `now`: of [`ready`] the first that needs not wait for an earlier
/// write to the same fields of its order: one sent and settled after `calm_since`, a late copy of
/// which could undo it (`sync::courier::Courier::calm_since`), or one of the last day that added
/// goods and is still to be swept. Where there is none: when the next one is
/// due, those that wait for calm not counted.
pub fn next_due(
    conn: &Connection,
    now: DateTime<Utc>,
    calm_since: DateTime<Utc>,
) -> Result<(Option<Entry>, Option<DateTime<Utc>>), StoreError> {
    let is_unswept = |earlier: &Entry| {
        earlier.state == State::Done
            && earlier.swept_at.is_none()
            && outbox::adds_goods(&earlier.operation)
    };
    let mut statement = conn.prepare_cached(READY)?;
    for entry in statement.query_map(params![ms(now), u32::MAX], read)? {
        let entry = entry?;
        let may_be_undone = |earlier: &Entry| {
            earlier.seq < entry.seq
                && matches!(earlier.state, State::Done | State::Undone)
                && earlier.in_flight_at.is_some()
                && earlier.done_at.is_some_and(|at| {
                    at > calm_since || (is_unswept(earlier) && at > now - TimeDelta::days(1))
                })
                && outbox::overlap(&earlier.operation, &entry.operation)
        };
        if !of_order(conn, entry.order())?.iter().any(may_be_undone) {
            return Ok((Some(entry), None));
        }
    }
    let next_at = conn
        .prepare_cached(NEXT_AFTER)?
        .query_row([ms(now)], |row| at(row, 0))
        .optional()?;
    Ok((None, next_at))
}

/// When something may be worked on next; none when nothing waits.
pub fn next_at(conn: &Connection) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(conn
        .prepare_cached(NEXT_AT)?
        .query_row([], |row| at(row, 0))
        .optional()?)
}

/// Takes back all operations of a call, if none has left or may leave already; how many.
///
/// # Errors
/// [`StoreError::Conflict`] when it is too late for any of them; nothing is undone then.
pub fn undo_call(
    tx: &Transaction<'_>,
    call: CallId,
    now: DateTime<Utc>,
) -> Result<usize, StoreError> {
    let left: u32 = tx
        .prepare_cached(LEFT)?
        .query_row(params![call.uuid(), ms(now)], |row| row.get(0))?;
    if left > 0 {
        return Err(StoreError::Conflict("the result has left already"));
    }
    Ok(tx
        .prepare_cached(UNDO)?
        .execute(params![call.uuid(), ms(now)])?)
}

/// How the outbox stands.
pub fn counts(conn: &Connection) -> Result<Counts, StoreError> {
    Ok(conn.prepare_cached(COUNTS)?.query_row([], |row| {
        Ok(Counts {
            waiting: row.get(0)?,
            in_flight: row.get(1)?,
            doubt: row.get(2)?,
            dead: row.get(3)?,
            conflicts: row.get(4)?,
            oldest_at: maybe_at(row, 5)?,
        })
    })?)
}

/// One operation.
pub fn get(conn: &Connection, id: OperationId) -> Result<Option<Entry>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?)
}

/// The operations of a call in the order of sending.
pub fn of_call(conn: &Connection, call: CallId) -> Result<Vec<Entry>, StoreError> {
    let mut statement = conn.prepare_cached(OF_CALL)?;
    Ok(statement
        .query_map([call.uuid()], read)?
        .collect::<Result<_, _>>()?)
}

/// Operations in one state in the order of sending, at most `limit`, after number `after`.
pub fn list(
    conn: &Connection,
    state: State,
    after: i64,
    limit: u32,
) -> Result<Vec<Entry>, StoreError> {
    let mut statement = conn.prepare_cached(IN_STATE)?;
    let rows = statement.query_map(params![state.word(), after, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The operations on one order of the shop in the order of sending.
pub fn of_order(conn: &Connection, order: &RemoteId) -> Result<Vec<Entry>, StoreError> {
    let mut statement = conn.prepare_cached(OF_ORDER)?;
    Ok(statement
        .query_map([order.as_str()], read)?
        .collect::<Result<_, _>>()?)
}

/// What has not been looked at for standing at the shop twice: the first that was done before
/// `night`, or, where it adds goods, before `calm`. Where there is none: when the first of those that
/// add goods was done.
pub fn to_sweep(
    conn: &Connection,
    night: DateTime<Utc>,
    calm: DateTime<Utc>,
) -> Result<(Option<Entry>, Option<DateTime<Utc>>), StoreError> {
    let mut statement = conn.prepare_cached(UNSWEPT)?;
    let mut next = None;
    for entry in statement.query_map([], read)? {
        let entry = entry?;
        let adds = outbox::adds_goods(&entry.operation);
        let bound = if adds { calm } else { night.min(calm) };
        if entry.done_at.is_some_and(|at| at <= bound) {
            return Ok((Some(entry), None));
        }
        if adds && next.is_none() {
            next = entry.done_at;
        }
    }
    Ok((None, next))
}

/// What was done on an order is swept again: it was gone at its sweep, and is back.
pub(crate) fn unsweep(tx: &Transaction<'_>, order: &RemoteId) -> Result<(), StoreError> {
    tx.prepare_cached(UNSWEEP)?.execute([order.as_str()])?;
    Ok(())
}

/// Notes that it stands at the shop only once.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not done.
pub fn mark_swept(
    tx: &Transaction<'_>,
    id: OperationId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    moved(
        tx.prepare_cached(SWEPT)?
            .execute(params![id.uuid(), ms(now)])?,
    )
}

/// Gives a dead operation another body of the same kind for the same order: what a person has
/// decided shall hold over what the shop has now. To be followed by [`put`].
///
/// # Errors
/// [`StoreError::Conflict`] when it is not dead, or of another kind or order.
pub fn rebase(
    tx: &Transaction<'_>,
    id: OperationId,
    operation: &ShopOperation,
) -> Result<(), StoreError> {
    moved(tx.prepare_cached(REBASE)?.execute(params![
        id.uuid(),
        serde_json::to_string(operation)?,
        operation.kind(),
        operation.order().as_str(),
    ])?)
}

/// What both sides changed, once more: the shop has changed it again since.
///
/// # Errors
/// [`StoreError::Conflict`] when the operation is not dead.
pub fn set_conflict(
    tx: &Transaction<'_>,
    id: OperationId,
    conflict: &Conflict,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    moved(tx.prepare_cached(CLASHES)?.execute(params![
        id.uuid(),
        serde_json::to_string(conflict)?,
        ms(now),
    ])?)
}

/// Stores where the rules have put it; commit before the effect is carried out.
///
/// # Errors
/// [`StoreError::Conflict`] when it has come to its end, or is to leave before an earlier one on
/// the same order.
pub fn put(
    tx: &Transaction<'_>,
    id: OperationId,
    row: &outbox::Row,
    error: Option<&str>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    put_with(tx, id, row, error, None, now)
}

/// As [`put`], with what both sides changed.
///
/// # Errors
/// As there.
pub fn put_with(
    tx: &Transaction<'_>,
    id: OperationId,
    row: &outbox::Row,
    error: Option<&str>,
    conflict: Option<&Conflict>,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let (state, not_before) = match row.state {
        Step::Waiting { not_before } => (State::Waiting, Some(not_before)),
        Step::InFlight => (State::InFlight, None),
        Step::Doubt { quiet_until } => (State::Doubt, Some(quiet_until)),
        // Looking writes nothing at the shop: until it has answered, the doubt is what is known.
        Step::Looking => (State::Doubt, None),
        Step::Done => (State::Done, None),
        Step::Withdrawn => (State::Undone, None),
        Step::Dead { .. } => (State::Dead, None),
    };
    moved(tx.prepare_cached(PUT)?.execute(params![
        id.uuid(),
        state.word(),
        not_before.map(ms),
        row.tries,
        row.stubborn,
        ms(now),
        error,
        conflict.map(serde_json::to_string).transpose()?,
    ])?)
}

impl Entry {
    /// Where it stands, as the rules know it.
    pub fn row(&self) -> outbox::Row {
        let state = match self.state {
            State::Waiting => Step::Waiting {
                not_before: self.not_before,
            },
            State::InFlight => Step::InFlight,
            State::Doubt => Step::Doubt {
                quiet_until: self.not_before,
            },
            State::Done => Step::Done,
            State::Dead => Step::Dead {
                reason: sync::outbox::DeadReason::Refused,
            },
            State::Undone => Step::Withdrawn,
        };
        outbox::Row {
            state,
            tries: self.tries,
            stubborn: self.stubborn,
            sent: self.in_flight_at.is_some(),
        }
    }

    /// Which order of the shop it writes to.
    pub fn order(&self) -> &RemoteId {
        self.operation.order()
    }
}

fn moved(rows: usize) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict("the operation is in another state"))
    }
}

fn read(row: &Row<'_>) -> rusqlite::Result<Entry> {
    Ok(Entry {
        seq: row.get(0)?,
        id: OperationId::from_uuid(row.get(1)?),
        operation: json(row, 2)?,
        call: row.get::<_, Option<Uuid>>(3)?.map(CallId::from_uuid),
        state: parsed(row, 4)?,
        not_before: at(row, 5)?,
        tries: row.get(6)?,
        in_flight_at: maybe_at(row, 7)?,
        last_error: row.get(8)?,
        created_at: at(row, 9)?,
        done_at: maybe_at(row, 10)?,
        stubborn: row.get(11)?,
        conflict: maybe_json(row, 12)?,
        swept_at: maybe_at(row, 13)?,
    })
}
