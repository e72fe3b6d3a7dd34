//! Plans as they are drawn: shifts by person and day, and what changes by hand replaced.

use super::met;
use crate::StoreError;
use crate::convert::{at, json, ms, parsed};
use chrono::{DateTime, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use rules::id::{PersonId, PlanId, ShiftId, ShopId, TemplateId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::{Deserialize, Serialize};

/// A plan of some weeks.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Plan {
    /// Identity.
    pub id: PlanId,
    /// First local day.
    pub first_day: NaiveDate,
    /// Length.
    pub weeks: u32,
    /// Zone of its days.
    pub zone: Tz,
    /// When it was made.
    pub made_at: DateTime<Utc>,
    /// By whom.
    pub author: PersonId,
}

impl Plan {
    /// Number of days.
    pub const fn days(&self) -> u32 {
        self.weeks * 7
    }

    /// Last local day.
    pub fn last_day(&self) -> NaiveDate {
        self.first_day + TimeDelta::days(i64::from(self.days()) - 1)
    }
}

/// A shift in a plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PlannedShift {
    /// Identity; goes along when the shift is moved.
    pub id: ShiftId,
    /// Who.
    pub person: PersonId,
    /// Local day of its start.
    pub day: NaiveDate,
    /// Which.
    pub template: TemplateId,
    /// For which shop.
    pub line: ShopId,
    /// Which way its breaks are placed; 0 is as the template has them.
    pub breaks: u8,
    /// The search leaves it.
    pub pinned: bool,
}

/// A person's day and what is on it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonDay {
    /// Who.
    pub person: PersonId,
    /// Local day.
    pub day: NaiveDate,
    /// The shift; none is off.
    pub shift: Option<PlannedShift>,
    /// A day off that the search leaves; never with a shift.
    #[serde(default)]
    pub off_pinned: bool,
}

const INSERT: &str = "INSERT INTO plan (id, first_day, weeks, zone, made_at, author)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const ONE: &str = "SELECT id, first_day, weeks, zone, made_at, author FROM plan WHERE id = ?1";
const ALL: &str = "SELECT id, first_day, weeks, zone, made_at, author FROM plan
    ORDER BY made_at DESC, id DESC";
const DROP: &str = "DELETE FROM plan WHERE id = ?1";
const SHIFTS: &str = "SELECT id, person, day, template, line, breaks, pinned FROM planned_shift
    WHERE plan = ?1 ORDER BY person, day";
const COUNT: &str = "SELECT count(*) FROM planned_shift WHERE plan = ?1";
const PUT: &str =
    "INSERT INTO planned_shift (plan, person, day, id, template, line, breaks, pinned)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const EMPTY: &str = "DELETE FROM planned_shift WHERE plan = ?1 AND person = ?2 AND day = ?3";
const EMPTY_ALL: &str = "DELETE FROM planned_shift WHERE plan = ?1";
const DAYS_OFF: &str =
    "SELECT person, day FROM pinned_day_off WHERE plan = ?1 ORDER BY person, day";
const PIN_OFF: &str = "INSERT INTO pinned_day_off (plan, person, day) VALUES (?1, ?2, ?3)";
const FREE_OFF: &str = "DELETE FROM pinned_day_off WHERE plan = ?1 AND person = ?2 AND day = ?3";
const KEEP_EDIT: &str = "INSERT INTO plan_edit (plan, seq, was)
    VALUES (?1, coalesce((SELECT max(seq) FROM plan_edit WHERE plan = ?1), 0) + 1, ?2)";
const LAST_EDIT: &str = "SELECT seq, was FROM plan_edit WHERE plan = ?1 ORDER BY seq DESC LIMIT 1";
const FORGET_EDIT: &str = "DELETE FROM plan_edit WHERE plan = ?1 AND seq = ?2";
const FORGET_EDITS: &str = "DELETE FROM plan_edit WHERE plan = ?1";

/// Adds a plan.
pub fn insert(tx: &Transaction<'_>, plan: &Plan) -> Result<(), StoreError> {
    tx.prepare_cached(INSERT)?.execute(params![
        plan.id.uuid(),
        plan.first_day.to_string(),
        plan.weeks,
        plan.zone.name(),
        ms(plan.made_at),
        plan.author.uuid(),
    ])?;
    Ok(())
}

/// One plan.
pub fn get(conn: &Connection, id: PlanId) -> Result<Option<Plan>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?)
}

/// All plans, newest first.
pub fn list(conn: &Connection) -> Result<Vec<Plan>, StoreError> {
    let mut statement = conn.prepare_cached(ALL)?;
    Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
}

/// Throws a plan away with its shifts. One that was published stays: the store refuses.
///
/// # Errors
/// [`StoreError::NotFound`] when there is none.
pub fn remove(tx: &Transaction<'_>, id: PlanId) -> Result<(), StoreError> {
    met(tx.prepare_cached(DROP)?.execute([id.uuid()])?, "plan")
}

/// All shifts of a plan, by person and day.
pub fn shifts(conn: &Connection, plan: PlanId) -> Result<Vec<PlannedShift>, StoreError> {
    let mut statement = conn.prepare_cached(SHIFTS)?;
    Ok(statement
        .query_map([plan.uuid()], read_shift)?
        .collect::<Result<_, _>>()?)
}

/// Days off of a plan that the search leaves, by person and day.
pub fn pinned_days_off(
    conn: &Connection,
    plan: PlanId,
) -> Result<Vec<(PersonId, NaiveDate)>, StoreError> {
    let mut statement = conn.prepare_cached(DAYS_OFF)?;
    let days = statement.query_map([plan.uuid()], |row| {
        Ok((PersonId::from_uuid(row.get(0)?), parsed(row, 1)?))
    })?;
    Ok(days.collect::<Result<_, _>>()?)
}

/// Number of shifts of a plan.
pub fn count(conn: &Connection, plan: PlanId) -> Result<u32, StoreError> {
    Ok(conn
        .prepare_cached(COUNT)?
        .query_row([plan.uuid()], |row| row.get(0))?)
}

/// Makes person-days as they are given. All are emptied before any is filled, so that shifts may
/// change places.
pub fn set_days(tx: &Transaction<'_>, plan: PlanId, days: &[PersonDay]) -> Result<(), StoreError> {
    let mut empty = tx.prepare_cached(EMPTY)?;
    let mut free = tx.prepare_cached(FREE_OFF)?;
    let mut pin = tx.prepare_cached(PIN_OFF)?;
    for day in days {
        let cell = params![plan.uuid(), day.person.uuid(), day.day.to_string()];
        empty.execute(cell)?;
        free.execute(cell)?;
        if day.off_pinned && day.shift.is_none() {
            pin.execute(cell)?;
        }
    }
    put_all(tx, plan, days.iter().filter_map(|day| day.shift.as_ref()))
}

/// Makes a plan's shifts exactly these; days off that are pinned stay so.
pub fn set_all(
    tx: &Transaction<'_>,
    plan: PlanId,
    shifts: &[PlannedShift],
) -> Result<(), StoreError> {
    tx.prepare_cached(EMPTY_ALL)?.execute([plan.uuid()])?;
    put_all(tx, plan, shifts)
}

fn put_all<'a>(
    tx: &Transaction<'_>,
    plan: PlanId,
    shifts: impl IntoIterator<Item = &'a PlannedShift>,
) -> Result<(), StoreError> {
    let mut put = tx.prepare_cached(PUT)?;
    for shift in shifts {
        put.execute(params![
            plan.uuid(),
            shift.person.uuid(),
            shift.day.to_string(),
            shift.id.uuid(),
            shift.template.uuid(),
            shift.line.uuid(),
            shift.breaks,
            shift.pinned,
        ])?;
    }
    Ok(())
}

/// Keeps what a change by hand replaces.
pub fn keep_edit(tx: &Transaction<'_>, plan: PlanId, was: &[PersonDay]) -> Result<(), StoreError> {
    tx.prepare_cached(KEEP_EDIT)?
        .execute(params![plan.uuid(), serde_json::to_string(was)?])?;
    Ok(())
}

/// What the last change by hand replaced.
pub fn last_edit(
    conn: &Connection,
    plan: PlanId,
) -> Result<Option<(i64, Vec<PersonDay>)>, StoreError> {
    Ok(conn
        .prepare_cached(LAST_EDIT)?
        .query_row([plan.uuid()], |row| Ok((row.get(0)?, json(row, 1)?)))
        .optional()?)
}

/// Forgets a change by hand that was taken back.
pub fn forget_edit(tx: &Transaction<'_>, plan: PlanId, seq: i64) -> Result<(), StoreError> {
    met(
        tx.prepare_cached(FORGET_EDIT)?
            .execute(params![plan.uuid(), seq])?,
        "edit",
    )
}

/// Forgets all changes by hand: the plan under them is another.
pub fn forget_edits(tx: &Transaction<'_>, plan: PlanId) -> Result<(), StoreError> {
    tx.prepare_cached(FORGET_EDITS)?.execute([plan.uuid()])?;
    Ok(())
}

fn read(row: &Row<'_>) -> rusqlite::Result<Plan> {
    Ok(Plan {
        id: PlanId::from_uuid(row.get(0)?),
        first_day: parsed(row, 1)?,
        weeks: row.get(2)?,
        zone: parsed(row, 3)?,
        made_at: at(row, 4)?,
        author: PersonId::from_uuid(row.get(5)?),
    })
}

fn read_shift(row: &Row<'_>) -> rusqlite::Result<PlannedShift> {
    Ok(PlannedShift {
        id: ShiftId::from_uuid(row.get(0)?),
        person: PersonId::from_uuid(row.get(1)?),
        day: parsed(row, 2)?,
        template: TemplateId::from_uuid(row.get(3)?),
        line: ShopId::from_uuid(row.get(4)?),
        breaks: row.get(5)?,
        pinned: row.get(6)?,
    })
}
