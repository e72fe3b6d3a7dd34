//! The queue: one task per order that waits for a call, one holder per task.

use super::{met, taken};
use crate::StoreError;
use crate::convert::{at, maybe_at, ms, parsed, words};
use chrono::{DateTime, Utc};
use rules::id::{PersonId, RemoteId, TaskId};
use rules::money::Money;
use rules::queue::Priority;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

/// Where a task stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum State {
    /// Waits for someone.
    Open,
    /// Someone works on it.
    Held,
    /// Brought to an end.
    Done,
    /// No longer wanted: the shop or a person settled it.
    Withdrawn,
}

words!(State { Open = "open", Held = "held", Done = "done", Withdrawn = "withdrawn" });

/// What is to be done about the order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Ask the customer to confirm it.
    Confirm,
}

words!(Kind { Confirm = "confirm" });

/// One piece of work on one order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Task {
    /// Identity.
    pub id: TaskId,
    /// What is to be done.
    pub kind: Kind,
    /// On which order.
    pub order: RemoteId,
    /// Where it stands.
    pub state: State,
    /// Who works on it and since when, while held.
    pub holder: Option<(PersonId, DateTime<Utc>)>,
    /// Not to be offered before, and the order of offering.
    pub due_at: DateTime<Utc>,
    /// Not to be called before: calling hours, the retry ladder.
    pub not_before: Option<DateTime<Utc>>,
    /// Urgency among those due.
    pub priority: Priority,
    /// Calls made so far.
    pub attempts: u32,
    /// The outcome's code, once closed by one.
    pub result: Option<String>,
    /// When it was made.
    pub created_at: DateTime<Utc>,
    /// When it was closed.
    pub closed_at: Option<DateTime<Utc>>,
}

/// A task with what a list shows of its order.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct QueueEntry {
    /// The task.
    pub task: Task,
    /// The order's number.
    pub number: String,
    /// Customer's name.
    pub customer_name: String,
    /// Customer's phone, unmasked.
    pub phone: String,
    /// What the customer pays.
    pub total: Money,
    /// When the order was placed.
    pub placed_at: DateTime<Utc>,
    /// The shop's word for the order's state.
    pub status: String,
}

/// How the queue stands.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Counts {
    /// Waiting, due or not.
    pub open: u32,
    /// Of them may be offered now.
    pub due: u32,
    /// Worked on.
    pub held: u32,
}

/// Where a page of the queue begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// So many rows after the first.
    Offset(u32),
    /// After this task as it stood on the page before: stays right while others are taken.
    After(Priority, DateTime<Utc>, TaskId),
}

const CREATE: &str = "INSERT INTO task (id, kind, order_remote, state, holder, held_at, due_at,
    not_before, priority, attempts, result, created_at, closed_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13)";
const ALIVE: &str = "SELECT id, kind, order_remote, state, holder, held_at, due_at, not_before,
    priority, attempts, result, created_at, closed_at FROM task
    WHERE order_remote = ?1 AND kind = ?2 AND state IN ('open', 'held')";
const WORKED_ON: &str = "SELECT 1 FROM task WHERE order_remote = ?1 AND state <> 'withdrawn'";
const ONE: &str = "SELECT id, kind, order_remote, state, holder, held_at, due_at, not_before,
    priority, attempts, result, created_at, closed_at FROM task WHERE id = ?1";
const OF_HOLDER: &str = "SELECT id, kind, order_remote, state, holder, held_at, due_at, not_before,
    priority, attempts, result, created_at, closed_at FROM task
    WHERE state = 'held' AND holder = ?1 ORDER BY held_at, id LIMIT 1";
const TOP_PRIORITY: &str = "SELECT priority FROM task INDEXED BY task_next
    WHERE state = 'open' AND priority < ?1 ORDER BY priority DESC LIMIT 1";
const FIRST_DUE: &str = "SELECT id FROM task INDEXED BY task_next
    WHERE state = 'open' AND priority = ?1 AND due_at <= ?2
        AND (not_before IS NULL OR not_before <= ?2)
    ORDER BY due_at, id LIMIT 1";
const HOLD: &str = "UPDATE task SET state = 'held', holder = ?2, held_at = ?3
    WHERE id = ?1 AND state = 'open'";
const RELEASE: &str = "UPDATE task SET state = 'open', holder = NULL, held_at = NULL
    WHERE id = ?1 AND state = 'held' AND (?2 IS NULL OR holder = ?2)";
const RESCHEDULE: &str = "UPDATE task SET state = 'open', holder = NULL, held_at = NULL,
    due_at = ?2, not_before = ?3, priority = ?4, attempts = ?5
    WHERE id = ?1 AND state IN ('open', 'held')";
const CLOSE: &str = "UPDATE task SET state = ?2, holder = NULL, held_at = NULL, result = ?3,
    attempts = ?4, closed_at = ?5 WHERE id = ?1 AND state IN ('open', 'held')";
const RESTORE: &str = "UPDATE task SET state = ?2, holder = ?3, held_at = ?4, due_at = ?5,
    not_before = ?6, priority = ?7, attempts = ?8, result = ?9, closed_at = ?10 WHERE id = ?1";
const PRIORITISE: &str = "UPDATE task SET priority = ?2, due_at = ?3
    WHERE id = ?1 AND state = 'open'";
const COUNTS: &str = "SELECT
    (SELECT count(*) FROM task WHERE state = 'open'),
    (SELECT count(*) FROM task INDEXED BY task_next WHERE state = 'open' AND due_at <= ?1
        AND (not_before IS NULL OR not_before <= ?1)),
    (SELECT count(*) FROM task WHERE state = 'held')";
const QUEUE_FROM: &str =
    "SELECT t.id, t.kind, t.order_remote, t.state, t.holder, t.held_at, t.due_at,
    t.not_before, t.priority, t.attempts, t.result, t.created_at, t.closed_at,
    o.number, o.customer_name, o.phone, o.total_minor, o.currency, o.placed_at, o.status
    FROM (SELECT id AS page_id FROM task INDEXED BY task_list WHERE state = ?1
        ORDER BY priority DESC, due_at, id LIMIT ?2 OFFSET ?3)
    CROSS JOIN task AS t ON t.id = page_id
    JOIN customer_order AS o ON o.remote = t.order_remote
    ORDER BY t.priority DESC, t.due_at, t.id";
const QUEUE_AFTER: &str =
    "SELECT t.id, t.kind, t.order_remote, t.state, t.holder, t.held_at, t.due_at,
    t.not_before, t.priority, t.attempts, t.result, t.created_at, t.closed_at,
    o.number, o.customer_name, o.phone, o.total_minor, o.currency, o.placed_at, o.status
    FROM (SELECT id AS page_id FROM task INDEXED BY task_list
        WHERE state = ?1 AND priority <= ?3
            AND (priority < ?3 OR (due_at, id) > (?4, ?5))
        ORDER BY priority DESC, due_at, id LIMIT ?2)
    CROSS JOIN task AS t ON t.id = page_id
    JOIN customer_order AS o ON o.remote = t.order_remote
    ORDER BY t.priority DESC, t.due_at, t.id";

/// Adds a task as it is given.
///
/// # Errors
/// [`StoreError::Taken`] when the order waits for such a call already.
pub fn create(tx: &Transaction<'_>, task: &Task) -> Result<(), StoreError> {
    let (holder, held_at) = holder_columns(task);
    tx.prepare_cached(CREATE)?
        .execute(params![
            task.id.uuid(),
            task.kind.word(),
            task.order.as_str(),
            task.state.word(),
            holder,
            held_at,
            ms(task.due_at),
            task.not_before.map(ms),
            task.priority.rank(),
            task.attempts,
            task.result,
            ms(task.created_at),
            task.closed_at.map(ms),
        ])
        .map_err(|error| taken(error, "task"))?;
    Ok(())
}

/// The open or held task of an order.
pub fn alive_of_order(
    conn: &Connection,
    order: &RemoteId,
    kind: Kind,
) -> Result<Option<Task>, StoreError> {
    let found = conn
        .prepare_cached(ALIVE)?
        .query_row([order.as_str(), kind.word()], read);
    Ok(found.optional()?)
}

/// Whether the order has a task, or had one that was brought to its end. One that was withdrawn
/// does not count: the shop settled the order itself, and may think better of it.
pub fn worked_on(conn: &Connection, order: &RemoteId) -> Result<bool, StoreError> {
    Ok(conn.prepare_cached(WORKED_ON)?.exists([order.as_str()])?)
}

/// One task.
pub fn get(conn: &Connection, id: TaskId) -> Result<Option<Task>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?)
}

/// The task this person works on.
pub fn of_holder(conn: &Connection, person: PersonId) -> Result<Option<Task>, StoreError> {
    Ok(conn
        .prepare_cached(OF_HOLDER)?
        .query_row([person.uuid()], read)
        .optional()?)
}

/// The task that would be offered at `now`: the most urgent of those due, then the longest due
/// (`rules::queue::offering_order`).
pub fn peek_next(conn: &Connection, now: DateTime<Utc>) -> Result<Option<Task>, StoreError> {
    let mut above = i64::MAX;
    // Priorities are few: each is one probe of the index, however many tasks wait.
    while let Some(priority) = conn
        .prepare_cached(TOP_PRIORITY)?
        .query_row([above], |row| row.get::<_, i64>(0))
        .optional()?
    {
        let first: Option<Uuid> = conn
            .prepare_cached(FIRST_DUE)?
            .query_row(params![priority, ms(now)], |row| row.get(0))
            .optional()?;
        if let Some(id) = first {
            return get(conn, TaskId::from_uuid(id));
        }
        above = priority;
    }
    Ok(None)
}

/// Gives the next task to `person`. The transaction makes it theirs alone.
pub fn next(
    tx: &Transaction<'_>,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Option<Task>, StoreError> {
    match peek_next(tx, now)? {
        Some(task) => hold(tx, task.id, person, now).map(Some),
        None => Ok(None),
    }
}

/// Gives this task to `person`; having it already is no error.
///
/// # Errors
/// [`StoreError::Taken`] when someone else has it, [`StoreError::Conflict`] when it is closed.
pub fn hold(
    tx: &Transaction<'_>,
    id: TaskId,
    person: PersonId,
    now: DateTime<Utc>,
) -> Result<Task, StoreError> {
    let rows = tx
        .prepare_cached(HOLD)?
        .execute(params![id.uuid(), person.uuid(), ms(now)])?;
    let task = get(tx, id)?.ok_or(StoreError::NotFound("task"))?;
    match task.holder {
        _ if rows == 1 => Ok(task),
        Some((holder, _)) if holder == person => Ok(task),
        Some(_) => Err(StoreError::Taken("task")),
        None => Err(StoreError::Conflict("the task is closed")),
    }
}

/// Puts a held task back as it was; only its holder's when `person` is given.
///
/// # Errors
/// [`StoreError::Conflict`] when it is not held, or by another.
pub fn release(
    tx: &Transaction<'_>,
    id: TaskId,
    person: Option<PersonId>,
) -> Result<(), StoreError> {
    let rows = tx
        .prepare_cached(RELEASE)?
        .execute(params![id.uuid(), person.map(PersonId::uuid)])?;
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::Conflict("the task is not held"))
    }
}

/// When a task is to be called again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Again {
    /// Due then.
    pub due_at: DateTime<Utc>,
    /// Not to be called before.
    pub not_before: Option<DateTime<Utc>>,
    /// How urgent then.
    pub priority: Priority,
    /// Calls made so far, this one counted in.
    pub attempts: u32,
}

/// Puts a task back for later.
///
/// # Errors
/// [`StoreError::NotFound`] when it is closed.
pub fn reschedule(tx: &Transaction<'_>, id: TaskId, again: &Again) -> Result<(), StoreError> {
    let rows = tx.prepare_cached(RESCHEDULE)?.execute(params![
        id.uuid(),
        ms(again.due_at),
        again.not_before.map(ms),
        again.priority.rank(),
        again.attempts,
    ])?;
    met(rows, "task")
}

/// Changes the urgency of a task that nobody works on; one that is held or closed stays.
pub fn prioritise(
    tx: &Transaction<'_>,
    id: TaskId,
    priority: Priority,
    due_at: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let rows =
        tx.prepare_cached(PRIORITISE)?
            .execute(params![id.uuid(), priority.rank(), ms(due_at)])?;
    Ok(rows == 1)
}

/// Closes a task with its outcome's code.
///
/// # Errors
/// [`StoreError::NotFound`] when it is closed already.
pub fn close(
    tx: &Transaction<'_>,
    id: TaskId,
    result: &str,
    attempts: u32,
    when: DateTime<Utc>,
) -> Result<(), StoreError> {
    let rows = tx.prepare_cached(CLOSE)?.execute(params![
        id.uuid(),
        State::Done.word(),
        result,
        attempts,
        ms(when)
    ])?;
    met(rows, "task")
}

/// Takes a task out of the queue without a call, e.g. when the shop settled the order itself.
///
/// # Errors
/// [`StoreError::NotFound`] when it is closed already.
pub fn withdraw(tx: &Transaction<'_>, id: TaskId, when: DateTime<Utc>) -> Result<(), StoreError> {
    let attempts = get(tx, id)?.ok_or(StoreError::NotFound("task"))?.attempts;
    let rows = tx.prepare_cached(CLOSE)?.execute(params![
        id.uuid(),
        State::Withdrawn.word(),
        None::<String>,
        attempts,
        ms(when)
    ])?;
    met(rows, "task")
}

/// Sets a task back to an earlier reading of it: the undo of a saved result.
///
/// # Errors
/// [`StoreError::Taken`] when the order got another task meanwhile.
pub fn restore(tx: &Transaction<'_>, task: &Task) -> Result<(), StoreError> {
    let (holder, held_at) = holder_columns(task);
    let rows = tx
        .prepare_cached(RESTORE)?
        .execute(params![
            task.id.uuid(),
            task.state.word(),
            holder,
            held_at,
            ms(task.due_at),
            task.not_before.map(ms),
            task.priority.rank(),
            task.attempts,
            task.result,
            task.closed_at.map(ms),
        ])
        .map_err(|error| taken(error, "task"))?;
    met(rows, "task")
}

/// How the queue stands at `now`.
pub fn counts(conn: &Connection, now: DateTime<Utc>) -> Result<Counts, StoreError> {
    Ok(conn.prepare_cached(COUNTS)?.query_row([ms(now)], |row| {
        Ok(Counts {
            open: row.get(0)?,
            due: row.get(1)?,
            held: row.get(2)?,
        })
    })?)
}

/// Tasks in one state in the order of offering, at most `limit`.
pub fn queue(
    conn: &Connection,
    state: State,
    from: From,
    limit: u32,
) -> Result<Vec<QueueEntry>, StoreError> {
    let rows = match from {
        From::Offset(offset) => conn
            .prepare_cached(QUEUE_FROM)?
            .query_map(params![state.word(), limit, offset], read_entry)?
            .collect::<Result<_, _>>()?,
        From::After(priority, due_at, id) => conn
            .prepare_cached(QUEUE_AFTER)?
            .query_map(
                params![state.word(), limit, priority.rank(), ms(due_at), id.uuid()],
                read_entry,
            )?
            .collect::<Result<_, _>>()?,
    };
    Ok(rows)
}

fn holder_columns(task: &Task) -> (Option<Uuid>, Option<i64>) {
    (
        task.holder.map(|(person, _)| person.uuid()),
        task.holder.map(|(_, since)| ms(since)),
    )
}

fn read(row: &Row<'_>) -> rusqlite::Result<Task> {
    let holder = row.get::<_, Option<Uuid>>(4)?.map(PersonId::from_uuid);
    let rank: i64 = row.get(8)?;
    Ok(Task {
        id: TaskId::from_uuid(row.get(0)?),
        kind: parsed(row, 1)?,
        order: RemoteId(row.get(2)?),
        state: parsed(row, 3)?,
        holder: holder.zip(maybe_at(row, 5)?),
        due_at: at(row, 6)?,
        not_before: maybe_at(row, 7)?,
        priority: [
            Priority::Normal,
            Priority::High,
            Priority::Stale,
            Priority::Promised,
        ]
        .into_iter()
        .find(|priority| i64::from(priority.rank()) == rank)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(8, rank))?,
        attempts: row.get(9)?,
        result: row.get(10)?,
        created_at: at(row, 11)?,
        closed_at: maybe_at(row, 12)?,
    })
}

fn read_entry(row: &Row<'_>) -> rusqlite::Result<QueueEntry> {
    Ok(QueueEntry {
        task: read(row)?,
        number: row.get(13)?,
        customer_name: row.get(14)?,
        phone: row.get(15)?,
        total: Money::new(row.get(16)?, parsed(row, 17)?),
        placed_at: at(row, 18)?,
        status: row.get(19)?,
    })
}
