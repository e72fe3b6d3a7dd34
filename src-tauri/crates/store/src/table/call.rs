//! Calls and what was said, ticked and changed in them: facts, only ever added.

use super::{taken, wrap_up};
use crate::StoreError;
use crate::convert::{at, json, ms, parsed};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rules::id::{CallId, FactId, PersonId, RemoteId, ScriptVersionId, TaskId};
use rules::operation::{BaseLine, LineChange};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

/// One attempt to speak with a customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Call {
    /// Identity.
    pub id: CallId,
    /// The task it was made for.
    pub task: Option<TaskId>,
    /// About which order.
    pub order: RemoteId,
    /// By whom.
    pub person: PersonId,
    /// The number dialled.
    pub number: String,
    /// When it began.
    pub started_at: DateTime<Utc>,
    /// The zone of its day and hour in reports: the shop's.
    pub zone: Tz,
    /// The script it follows.
    pub script: Option<ScriptVersionId>,
}

/// A state of a call and when it began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallEvent {
    /// The state's word, as `rules` has it.
    pub state: String,
    /// When it began.
    pub at: DateTime<Utc>,
}

/// A call that was not brought to a result: the desk is put back into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenCall {
    /// The call.
    pub call: Call,
    /// Its states so far.
    pub events: Vec<CallEvent>,
    /// The draft, if the customer answered.
    pub wrap_up: Option<wrap_up::WrapUp>,
}

/// An answer of the customer.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Answer {
    /// Identity.
    pub id: FactId,
    /// In which call.
    pub call: CallId,
    /// The script's step.
    pub step: String,
    /// The option chosen.
    pub option: Option<String>,
    /// What was written down.
    pub text: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A point of the checklist ticked or cleared.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Tick {
    /// Identity.
    pub id: FactId,
    /// In which call.
    pub call: CallId,
    /// Which point.
    pub point: String,
    /// Ticked, or cleared again.
    pub ticked: bool,
    /// When.
    pub at: DateTime<Utc>,
}

/// A change of the order's lines, as asked for in the call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderEdit {
    /// Identity.
    pub id: FactId,
    /// In which call.
    pub call: CallId,
    /// Which order.
    pub order: RemoteId,
    /// The lines as the operator saw them.
    pub base: Vec<BaseLine>,
    /// What was changed.
    pub changes: Vec<LineChange>,
    /// When.
    pub at: DateTime<Utc>,
}

const START: &str = "INSERT INTO call (id, task, order_remote, person, number, started_at, zone,
    script_version) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const EVENT: &str = "INSERT INTO call_event (call, seq, state, at)
    SELECT ?1, coalesce(max(seq) + 1, 0), ?2, ?3 FROM call_event WHERE call = ?1";
const EVENTS: &str = "SELECT state, at FROM call_event WHERE call = ?1 ORDER BY seq";
const ONE: &str = "SELECT id, task, order_remote, person, number, started_at, zone, script_version
    FROM call WHERE id = ?1";
const OPEN_WRAP_UP: &str = "SELECT c.id, c.task, c.order_remote, c.person, c.number, c.started_at,
    c.zone, c.script_version
    FROM wrap_up AS w INDEXED BY wrap_up_open CROSS JOIN call AS c ON c.id = w.call
    WHERE w.closed_at IS NULL AND c.person = ?1 ORDER BY c.id DESC LIMIT 1";
const OPEN_TASK: &str = "SELECT c.id, c.task, c.order_remote, c.person, c.number, c.started_at,
    c.zone, c.script_version
    FROM task AS t INDEXED BY task_of_holder CROSS JOIN call AS c ON c.task = t.id
    WHERE t.state = 'held' AND t.holder = ?1 AND c.person = ?1 AND c.started_at >= t.held_at
        AND NOT EXISTS (SELECT 1 FROM call_summary AS s WHERE s.call = c.id)
    ORDER BY c.id DESC LIMIT 1";
const ANSWER: &str = "INSERT INTO answer (id, call, step, option, text, at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const ANSWERS: &str =
    "SELECT id, call, step, option, text, at FROM answer WHERE call = ?1 ORDER BY at, id";
const TICK: &str = "INSERT INTO tick (id, call, point, ticked, at) VALUES (?1, ?2, ?3, ?4, ?5)";
const TICKS: &str = "SELECT id, call, point, ticked, at FROM tick WHERE call = ?1 ORDER BY at, id";
const EDIT: &str = "INSERT INTO order_edit (id, call, order_remote, base, changes, at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const EDITS: &str = "SELECT id, call, order_remote, base, changes, at FROM order_edit
    WHERE call = ?1 ORDER BY at, id";

/// Records the beginning of a call.
///
/// # Errors
/// [`StoreError::Taken`] when it is recorded already.
pub fn start(tx: &Transaction<'_>, call: &Call) -> Result<(), StoreError> {
    tx.prepare_cached(START)?
        .execute(params![
            call.id.uuid(),
            call.task.map(TaskId::uuid),
            call.order.as_str(),
            call.person.uuid(),
            call.number,
            ms(call.started_at),
            call.zone.name(),
            call.script.map(ScriptVersionId::uuid),
        ])
        .map_err(|error| taken(error, "call"))?;
    Ok(())
}

/// Records a state of a call, after those recorded before.
pub fn event(
    tx: &Transaction<'_>,
    call: CallId,
    state: &str,
    when: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.prepare_cached(EVENT)?
        .execute(params![call.uuid(), state, ms(when)])?;
    Ok(())
}

/// The states of a call in their order.
pub fn events(conn: &Connection, call: CallId) -> Result<Vec<CallEvent>, StoreError> {
    let mut statement = conn.prepare_cached(EVENTS)?;
    let rows = statement.query_map([call.uuid()], |row| {
        Ok(CallEvent {
            state: row.get(0)?,
            at: at(row, 1)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// One call.
pub fn get(conn: &Connection, id: CallId) -> Result<Option<Call>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?)
}

/// The call that this person has not brought to a result: one that was answered and waits in
/// wrap-up, else the last one made for the task they hold.
pub fn open_of(conn: &Connection, person: PersonId) -> Result<Option<OpenCall>, StoreError> {
    let waiting = conn
        .prepare_cached(OPEN_WRAP_UP)?
        .query_row([person.uuid()], read)
        .optional()?;
    let found = match waiting {
        Some(call) => Some(call),
        None => conn
            .prepare_cached(OPEN_TASK)?
            .query_row([person.uuid()], read)
            .optional()?,
    };
    let Some(call) = found else { return Ok(None) };
    let events = events(conn, call.id)?;
    let wrap_up = wrap_up::get(conn, call.id)?;
    Ok(Some(OpenCall {
        call,
        events,
        wrap_up,
    }))
}

/// Records an answer.
pub fn add_answer(tx: &Transaction<'_>, answer: &Answer) -> Result<(), StoreError> {
    tx.prepare_cached(ANSWER)?.execute(params![
        answer.id.uuid(),
        answer.call.uuid(),
        answer.step,
        answer.option,
        answer.text,
        ms(answer.at),
    ])?;
    Ok(())
}

/// The answers of a call, oldest first; the last of a step is the one that holds.
pub fn answers(conn: &Connection, call: CallId) -> Result<Vec<Answer>, StoreError> {
    let mut statement = conn.prepare_cached(ANSWERS)?;
    let rows = statement.query_map([call.uuid()], |row| {
        Ok(Answer {
            id: FactId::from_uuid(row.get(0)?),
            call: CallId::from_uuid(row.get(1)?),
            step: row.get(2)?,
            option: row.get(3)?,
            text: row.get(4)?,
            at: at(row, 5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records a tick.
pub fn add_tick(tx: &Transaction<'_>, tick: &Tick) -> Result<(), StoreError> {
    tx.prepare_cached(TICK)?.execute(params![
        tick.id.uuid(),
        tick.call.uuid(),
        tick.point,
        tick.ticked,
        ms(tick.at),
    ])?;
    Ok(())
}

/// The ticks of a call, oldest first; the last of a point is the one that holds.
pub fn ticks(conn: &Connection, call: CallId) -> Result<Vec<Tick>, StoreError> {
    let mut statement = conn.prepare_cached(TICKS)?;
    let rows = statement.query_map([call.uuid()], |row| {
        Ok(Tick {
            id: FactId::from_uuid(row.get(0)?),
            call: CallId::from_uuid(row.get(1)?),
            point: row.get(2)?,
            ticked: row.get(3)?,
            at: at(row, 4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Records a change of the order's lines.
pub fn add_edit(tx: &Transaction<'_>, edit: &OrderEdit) -> Result<(), StoreError> {
    tx.prepare_cached(EDIT)?.execute(params![
        edit.id.uuid(),
        edit.call.uuid(),
        edit.order.as_str(),
        serde_json::to_string(&edit.base)?,
        serde_json::to_string(&edit.changes)?,
        ms(edit.at),
    ])?;
    Ok(())
}

/// The changes of the order asked for in a call, oldest first.
pub fn edits(conn: &Connection, call: CallId) -> Result<Vec<OrderEdit>, StoreError> {
    let mut statement = conn.prepare_cached(EDITS)?;
    let rows = statement.query_map([call.uuid()], |row| {
        Ok(OrderEdit {
            id: FactId::from_uuid(row.get(0)?),
            call: CallId::from_uuid(row.get(1)?),
            order: RemoteId(row.get(2)?),
            base: json(row, 3)?,
            changes: json(row, 4)?,
            at: at(row, 5)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Call> {
    Ok(Call {
        id: CallId::from_uuid(row.get(0)?),
        task: row.get::<_, Option<Uuid>>(1)?.map(TaskId::from_uuid),
        order: RemoteId(row.get(2)?),
        person: PersonId::from_uuid(row.get(3)?),
        number: row.get(4)?,
        started_at: at(row, 5)?,
        zone: parsed(row, 6)?,
        script: row
            .get::<_, Option<Uuid>>(7)?
            .map(ScriptVersionId::from_uuid),
    })
}
