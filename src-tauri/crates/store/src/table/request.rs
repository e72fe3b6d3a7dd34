//! Requests for swaps and time off, and what became of them: facts, only ever added.

use super::taken;
use crate::StoreError;
use crate::convert::{at, ms, parsed, words};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rules::id::{FactId, PersonId, RequestId, ShiftId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

/// What is asked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To give a shift for another's, or for nothing.
    Swap,
    /// Days off that are due.
    TimeOff,
    /// Days off that may be passed over.
    Wish,
}

words!(Kind {
    Swap = "swap",
    TimeOff = "time_off",
    Wish = "wish",
});

/// What someone did with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Action {
    /// The colleague agreed.
    Agree,
    /// Granted.
    Approve,
    /// Refused.
    Decline,
    /// Taken back.
    Withdraw,
}

words!(Action {
    Agree = "agree",
    Approve = "approve",
    Decline = "decline",
    Withdraw = "withdraw",
});

/// A request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Request {
    /// Identity.
    pub id: RequestId,
    /// Who asks.
    pub person: PersonId,
    /// What for.
    pub kind: Kind,
    /// One's own shift, in a swap.
    pub shift: Option<ShiftId>,
    /// With whom, in a swap.
    pub with: Option<PersonId>,
    /// Their shift; none in a swap asks them to take one over.
    pub theirs: Option<ShiftId>,
    /// First and last day off.
    pub days: Option<(NaiveDate, NaiveDate)>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// What became of it, oldest first.
    pub decisions: Vec<Decision>,
}

/// A step in the way of a request.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Decision {
    /// Identity.
    pub id: FactId,
    /// What.
    pub action: Action,
    /// By whom.
    pub person: PersonId,
    /// What was said to it.
    pub words: String,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
}

impl Request {
    /// What ended it, if anything has.
    pub fn end(&self) -> Option<&Decision> {
        self.decisions
            .iter()
            .find(|decision| decision.action != Action::Agree)
    }

    /// The colleague has agreed.
    pub fn agreed(&self) -> bool {
        self.decisions
            .iter()
            .any(|decision| decision.action == Action::Agree)
    }

    /// It was granted.
    pub fn approved(&self) -> bool {
        self.end()
            .is_some_and(|decision| decision.action == Action::Approve)
    }
}

const INSERT: &str = "INSERT INTO request (id, person, kind, shift, with_whom, theirs, from_day,
    until_day, reason, at, zone) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const DECIDE: &str = "INSERT INTO request_decision (id, request, action, person, words, at, zone)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const ONE: &str =
    "SELECT id, person, kind, shift, with_whom, theirs, from_day, until_day, reason, at,
    zone FROM request WHERE id = ?1";
const ALL: &str =
    "SELECT id, person, kind, shift, with_whom, theirs, from_day, until_day, reason, at,
    zone FROM request WHERE at >= ?1 ORDER BY at DESC, id DESC";
const DECISIONS: &str = "SELECT id, action, person, words, at, zone FROM request_decision
    WHERE request = ?1 ORDER BY at, id";
const OFF: &str =
    "SELECT id, person, kind, shift, with_whom, theirs, from_day, until_day, reason, at,
    zone FROM request WHERE from_day <= ?2 AND until_day >= ?1 ORDER BY at, id";

/// Adds a request.
pub fn add(tx: &Transaction<'_>, request: &Request) -> Result<(), StoreError> {
    tx.prepare_cached(INSERT)?.execute(params![
        request.id.uuid(),
        request.person.uuid(),
        request.kind.word(),
        request.shift.map(ShiftId::uuid),
        request.with.map(PersonId::uuid),
        request.theirs.map(ShiftId::uuid),
        request.days.map(|(from, _)| from.to_string()),
        request.days.map(|(_, until)| until.to_string()),
        request.reason,
        ms(request.at),
        request.zone.name(),
    ])?;
    Ok(())
}

/// Adds what someone did with a request.
///
/// # Errors
/// [`StoreError::Taken`] when it was decided before.
pub fn decide(
    tx: &Transaction<'_>,
    request: RequestId,
    decision: &Decision,
) -> Result<(), StoreError> {
    tx.prepare_cached(DECIDE)?
        .execute(params![
            decision.id.uuid(),
            request.uuid(),
            decision.action.word(),
            decision.person.uuid(),
            decision.words,
            ms(decision.at),
            decision.zone.name(),
        ])
        .map_err(|error| taken(error, "request"))?;
    Ok(())
}

/// One request.
pub fn get(conn: &Connection, id: RequestId) -> Result<Option<Request>, StoreError> {
    let request = conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?;
    request
        .map(|request| with_decisions(conn, request))
        .transpose()
}

/// All requests made since, newest first.
pub fn since(conn: &Connection, since: DateTime<Utc>) -> Result<Vec<Request>, StoreError> {
    let mut statement = conn.prepare_cached(ALL)?;
    let found: Vec<_> = statement
        .query_map([ms(since)], read)?
        .collect::<Result<_, _>>()?;
    found
        .into_iter()
        .map(|request| with_decisions(conn, request))
        .collect()
}

/// Requests for days off that touch these days.
pub fn off(
    conn: &Connection,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<Request>, StoreError> {
    let mut statement = conn.prepare_cached(OFF)?;
    let found: Vec<_> = statement
        .query_map(params![from.to_string(), until.to_string()], read)?
        .collect::<Result<_, _>>()?;
    found
        .into_iter()
        .map(|request| with_decisions(conn, request))
        .collect()
}

fn with_decisions(conn: &Connection, mut request: Request) -> Result<Request, StoreError> {
    let mut statement = conn.prepare_cached(DECISIONS)?;
    request.decisions = statement
        .query_map([request.id.uuid()], |row| {
            Ok(Decision {
                id: FactId::from_uuid(row.get(0)?),
                action: parsed(row, 1)?,
                person: PersonId::from_uuid(row.get(2)?),
                words: row.get(3)?,
                at: at(row, 4)?,
                zone: parsed(row, 5)?,
            })
        })?
        .collect::<Result<_, _>>()?;
    Ok(request)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Request> {
    let days = match row.get::<_, Option<String>>(6)? {
        Some(_) => Some((parsed(row, 6)?, parsed(row, 7)?)),
        None => None,
    };
    Ok(Request {
        id: RequestId::from_uuid(row.get(0)?),
        person: PersonId::from_uuid(row.get(1)?),
        kind: parsed(row, 2)?,
        shift: row.get::<_, Option<Uuid>>(3)?.map(ShiftId::from_uuid),
        with: row.get::<_, Option<Uuid>>(4)?.map(PersonId::from_uuid),
        theirs: row.get::<_, Option<Uuid>>(5)?.map(ShiftId::from_uuid),
        days,
        reason: row.get(8)?,
        at: at(row, 9)?,
        zone: parsed(row, 10)?,
        decisions: Vec::new(),
    })
}
