//! Who was at the desk when.

use crate::StoreError;
use crate::convert::{at, ms, parsed, words};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rules::id::{FactId, PersonId};
use rusqlite::{Connection, Row, Transaction, params};

/// What happened at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// Came.
    SignedIn,
    /// Left.
    SignedOut,
    /// The desk locked itself or was locked.
    Locked,
    /// Came back.
    Unlocked,
    /// Went away for a while.
    Paused,
    /// Back from it.
    Resumed,
}

words!(Kind {
    SignedIn = "signed_in",
    SignedOut = "signed_out",
    Locked = "locked",
    Unlocked = "unlocked",
    Paused = "paused",
    Resumed = "resumed",
});

/// One fact of attendance.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attendance {
    /// Identity.
    pub id: FactId,
    /// Who.
    pub person: PersonId,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// What.
    pub kind: Kind,
    /// Why away, as the desk's word, where it is [`Kind::Paused`].
    pub reason: Option<String>,
}

const INSERT: &str =
    "INSERT INTO attendance (id, person, at, zone, kind, reason) VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const OF_PERSON: &str = "SELECT id, person, at, zone, kind, reason FROM attendance
    WHERE person = ?1 AND at >= ?2 ORDER BY at, id";
const OF_ALL: &str = "SELECT id, person, at, zone, kind, reason FROM attendance
    WHERE at >= ?1 AND at < ?2 ORDER BY at, id";

/// Adds a fact.
pub fn add(tx: &Transaction<'_>, fact: &Attendance) -> Result<(), StoreError> {
    tx.prepare_cached(INSERT)?.execute(params![
        fact.id.uuid(),
        fact.person.uuid(),
        ms(fact.at),
        fact.zone.name(),
        fact.kind.word(),
        fact.reason,
    ])?;
    Ok(())
}

/// A person's facts since `since`, oldest first.
pub fn of_person(
    conn: &Connection,
    person: PersonId,
    since: DateTime<Utc>,
) -> Result<Vec<Attendance>, StoreError> {
    let mut statement = conn.prepare_cached(OF_PERSON)?;
    let rows = statement.query_map(params![person.uuid(), ms(since)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Everyone's facts from `since` until before `until`, oldest first.
pub fn between(
    conn: &Connection,
    since: DateTime<Utc>,
    until: DateTime<Utc>,
) -> Result<Vec<Attendance>, StoreError> {
    let mut statement = conn.prepare_cached(OF_ALL)?;
    let rows = statement.query_map(params![ms(since), ms(until)], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Attendance> {
    Ok(Attendance {
        id: FactId::from_uuid(row.get(0)?),
        person: PersonId::from_uuid(row.get(1)?),
        at: at(row, 2)?,
        zone: parsed(row, 3)?,
        kind: parsed(row, 4)?,
        reason: row.get(5)?,
    })
}
