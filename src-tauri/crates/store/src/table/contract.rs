//! What people are employed for: the rules their shifts must keep to.

use crate::StoreError;
use crate::convert::{json, parsed, words};
use rules::id::{PersonId, ShopId, TemplateId};
use rusqlite::{Connection, Row, Transaction, params};

/// Whose labour law a contract began with.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Preset {
    /// Ukraine.
    Ua,
    /// Poland.
    Pl,
    /// Russia.
    Ru,
}

words!(Preset {
    Ua = "ua",
    Pl = "pl",
    Ru = "ru",
});

/// One person's contract.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Contract {
    /// Whose; an account, or one of a sample's operators.
    pub person: PersonId,
    /// Where its rules came from.
    pub preset: Preset,
    /// Minutes of an ordinary week.
    pub week_minutes: u32,
    /// Most minutes of a week.
    pub max_week_minutes: u32,
    /// Most minutes of a day.
    pub max_day_minutes: u32,
    /// Least rest between shifts, minutes.
    pub min_rest_minutes: u32,
    /// Least rest once a week, minutes.
    pub weekly_rest_minutes: u32,
    /// Most working days in a row.
    pub max_days_in_a_row: u32,
    /// Fewest days off in a row.
    pub min_days_off_in_a_row: u32,
    /// Most weekends worked out of four.
    pub max_weekends_of_four: u32,
    /// Most nights in a row.
    pub max_nights_in_a_row: u32,
    /// Shops served.
    pub lines: Vec<ShopId>,
    /// Takes part in planning.
    pub planned: bool,
    /// Weekdays on which the person can work, 0 is Monday.
    pub weekdays: Vec<u32>,
    /// Templates that are never given.
    pub never_given: Vec<TemplateId>,
}

const PUT: &str = "INSERT OR REPLACE INTO contract (person, preset, week_minutes, max_week_minutes,
    max_day_minutes, min_rest_minutes, weekly_rest_minutes, max_days_in_a_row, min_days_off_in_a_row,
    max_weekends_of_four, max_nights_in_a_row, lines, planned, weekdays, never_given)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15)";
const ALL: &str = "SELECT person, preset, week_minutes, max_week_minutes, max_day_minutes,
    min_rest_minutes, weekly_rest_minutes, max_days_in_a_row, min_days_off_in_a_row,
    max_weekends_of_four, max_nights_in_a_row, lines, planned, weekdays, never_given FROM contract
    ORDER BY person";

/// Sets a person's contract.
pub fn put(tx: &Transaction<'_>, contract: &Contract) -> Result<(), StoreError> {
    tx.prepare_cached(PUT)?.execute(params![
        contract.person.uuid(),
        contract.preset.word(),
        contract.week_minutes,
        contract.max_week_minutes,
        contract.max_day_minutes,
        contract.min_rest_minutes,
        contract.weekly_rest_minutes,
        contract.max_days_in_a_row,
        contract.min_days_off_in_a_row,
        contract.max_weekends_of_four,
        contract.max_nights_in_a_row,
        serde_json::to_string(&contract.lines)?,
        contract.planned,
        serde_json::to_string(&contract.weekdays)?,
        serde_json::to_string(&contract.never_given)?,
    ])?;
    Ok(())
}

/// All contracts that were ever set.
pub fn list(conn: &Connection) -> Result<Vec<Contract>, StoreError> {
    let mut statement = conn.prepare_cached(ALL)?;
    Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Contract> {
    Ok(Contract {
        person: PersonId::from_uuid(row.get(0)?),
        preset: parsed(row, 1)?,
        week_minutes: row.get(2)?,
        max_week_minutes: row.get(3)?,
        max_day_minutes: row.get(4)?,
        min_rest_minutes: row.get(5)?,
        weekly_rest_minutes: row.get(6)?,
        max_days_in_a_row: row.get(7)?,
        min_days_off_in_a_row: row.get(8)?,
        max_weekends_of_four: row.get(9)?,
        max_nights_in_a_row: row.get(10)?,
        lines: json(row, 11)?,
        planned: row.get(12)?,
        weekdays: json(row, 13)?,
        never_given: json(row, 14)?,
    })
}
