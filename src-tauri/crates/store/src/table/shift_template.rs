//! Shifts that can be given.

use super::met;
use crate::StoreError;
use crate::convert::{json, maybe_at, ms};
use chrono::{DateTime, Utc};
use rules::id::TemplateId;
use rusqlite::{Connection, Row, Transaction, params};
use serde::{Deserialize, Serialize};

/// A break within a shift.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Break {
    /// Minutes after the shift's start.
    pub after_minutes: u32,
    /// Length.
    pub minutes: u32,
    /// Counts as work.
    pub paid: bool,
}

/// A shift that can be given.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ShiftTemplate {
    /// Identity.
    pub id: TemplateId,
    /// Short name.
    pub code: String,
    /// Name.
    pub name: String,
    /// Minutes after local midnight.
    pub start_minute: u32,
    /// Length, breaks included.
    pub minutes: u32,
    /// Breaks in their order.
    pub breaks: Vec<Break>,
    /// Weekdays it is given on, 0 is Monday.
    pub weekdays: Vec<u32>,
    /// Liked less than others.
    pub unpopular: bool,
    /// Since when it is given no more.
    pub removed_at: Option<DateTime<Utc>>,
}

const PUT: &str =
    "INSERT INTO shift_template (id, code, name, start_minute, minutes, breaks, weekdays,
    unpopular, removed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, NULL)
    ON CONFLICT (id) DO UPDATE SET code = excluded.code, name = excluded.name,
    start_minute = excluded.start_minute, minutes = excluded.minutes, breaks = excluded.breaks,
    weekdays = excluded.weekdays, unpopular = excluded.unpopular";
const REMOVE: &str =
    "UPDATE shift_template SET removed_at = ?2 WHERE id = ?1 AND removed_at IS NULL";
const ALL: &str =
    "SELECT id, code, name, start_minute, minutes, breaks, weekdays, unpopular, removed_at
    FROM shift_template ORDER BY start_minute, minutes, id";

/// Adds a template, or changes the one of this identity.
pub fn put(tx: &Transaction<'_>, template: &ShiftTemplate) -> Result<(), StoreError> {
    tx.prepare_cached(PUT)?.execute(params![
        template.id.uuid(),
        template.code,
        template.name,
        template.start_minute,
        template.minutes,
        serde_json::to_string(&template.breaks)?,
        serde_json::to_string(&template.weekdays)?,
        template.unpopular,
    ])?;
    Ok(())
}

/// Gives a template no more.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none, or it was removed before.
pub fn remove(tx: &Transaction<'_>, id: TemplateId, when: DateTime<Utc>) -> Result<(), StoreError> {
    met(
        tx.prepare_cached(REMOVE)?
            .execute(params![id.uuid(), ms(when)])?,
        "template",
    )
}

/// All templates by their start, the removed ones too.
pub fn list(conn: &Connection) -> Result<Vec<ShiftTemplate>, StoreError> {
    let mut statement = conn.prepare_cached(ALL)?;
    Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ShiftTemplate> {
    Ok(ShiftTemplate {
        id: TemplateId::from_uuid(row.get(0)?),
        code: row.get(1)?,
        name: row.get(2)?,
        start_minute: row.get(3)?,
        minutes: row.get(4)?,
        breaks: json(row, 5)?,
        weekdays: json(row, 6)?,
        unpopular: row.get(7)?,
        removed_at: maybe_at(row, 8)?,
    })
}
