//! Own special days. The same tables stand in a shop's file and, for all clients, in the centre's.

use crate::StoreError;
use crate::convert::{at, ms, parsed};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rules::id::{FactId, PersonId};
use rusqlite::{Connection, Transaction, params};
use std::ops::Range;

/// A special day as someone entered it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SpecialDay {
    /// Identity.
    pub id: FactId,
    /// Local date of whom it concerns.
    pub day: NaiveDate,
    /// Code of its kind.
    pub kind: String,
    /// Its name.
    pub name: String,
    /// Minutes since local midnight between which there is work, where not at the usual hours; an empty
    /// range is a closed day.
    pub open: Option<Range<u16>>,
    /// When it was entered.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// By whom.
    pub author: PersonId,
}

/// Something is taken back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Withdrawal {
    /// What.
    pub of: FactId,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// By whom.
    pub author: PersonId,
}

const ADD: &str = "INSERT INTO special_day (id, day, kind, name, at, zone, author, open_from,
    open_until) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const WITHDRAW: &str =
    "INSERT INTO special_day_withdrawal (special_day, at, zone, author) VALUES (?1, ?2, ?3, ?4)";
const IN_FORCE: &str = "SELECT id, day, kind, name, at, zone, author, open_from, open_until
    FROM special_day
    WHERE NOT EXISTS (SELECT 1 FROM special_day_withdrawal WHERE special_day = special_day.id)
    ORDER BY day, at, id";

/// Adds one.
pub fn add(tx: &Transaction<'_>, day: &SpecialDay) -> Result<(), StoreError> {
    tx.prepare_cached(ADD)?.execute(params![
        day.id.uuid(),
        day.day.to_string(),
        day.kind,
        day.name,
        ms(day.at),
        day.zone.name(),
        day.author.uuid(),
        day.open.as_ref().map(|open| open.start),
        day.open.as_ref().map(|open| open.end),
    ])?;
    Ok(())
}

/// Takes one back.
pub fn withdraw(tx: &Transaction<'_>, withdrawal: &Withdrawal) -> Result<(), StoreError> {
    tx.prepare_cached(WITHDRAW)?.execute(params![
        withdrawal.of.uuid(),
        ms(withdrawal.at),
        withdrawal.zone.name(),
        withdrawal.author.uuid(),
    ])?;
    Ok(())
}

/// Those nobody took back, by day; of one day the last entered is the last.
pub fn in_force(conn: &Connection) -> Result<Vec<SpecialDay>, StoreError> {
    let mut statement = conn.prepare_cached(IN_FORCE)?;
    let rows = statement.query_map([], |row| {
        Ok(SpecialDay {
            id: FactId::from_uuid(row.get(0)?),
            day: parsed(row, 1)?,
            kind: row.get(2)?,
            name: row.get(3)?,
            open: row
                .get::<_, Option<u16>>(7)?
                .zip(row.get::<_, Option<u16>>(8)?)
                .map(|(from, until)| from..until),
            at: at(row, 4)?,
            zone: parsed(row, 5)?,
            author: PersonId::from_uuid(row.get(6)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
