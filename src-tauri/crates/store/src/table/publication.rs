//! What people were told of their shifts: facts, only ever added.

use crate::StoreError;
use crate::convert::{at, json, maybe_at, ms};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rules::id::{FactId, PersonId, PlanId, ShiftId, ShopId, TemplateId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

use super::meeting::{self, PublishedMeeting};
use super::shift_template::Break;

/// A publication.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Publication {
    /// Identity.
    pub id: FactId,
    /// Of which plan.
    pub plan: PlanId,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// By whom.
    pub author: PersonId,
}

/// A person's day as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedShift {
    /// Number of its publication.
    pub publication: i64,
    /// Who.
    pub person: PersonId,
    /// Local day of its start.
    pub day: NaiveDate,
    /// Identity.
    pub shift: ShiftId,
    /// Taken away: the day is off.
    pub gone: bool,
    /// From which template.
    pub template: TemplateId,
    /// The template's name then.
    pub name: String,
    /// For which shop.
    pub line: ShopId,
    /// Its start.
    pub start: DateTime<Utc>,
    /// Its end.
    pub end: DateTime<Utc>,
    /// Its breaks.
    pub breaks: Vec<Break>,
}

const INSERT: &str =
    "INSERT INTO publication (id, plan, at, zone, author) VALUES (?1, ?2, ?3, ?4, ?5)";
const INSERT_SHIFT: &str =
    "INSERT INTO published_shift (publication, person, day, shift, gone, template,
    name, line, start_at, end_at, breaks) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
// With a bare max() the other columns are those of the row that has it.
const OF_DAYS: &str =
    "SELECT max(publication), person, day, shift, gone, template, name, line, start_at,
    end_at, breaks FROM published_shift WHERE day BETWEEN ?1 AND ?2
    GROUP BY person, day ORDER BY day, start_at, person";
const OF_PERSON: &str = "SELECT max(publication), person, day, shift, gone, template, name, line,
    start_at, end_at, breaks FROM published_shift WHERE person = ?1 AND day >= ?2
    GROUP BY day ORDER BY day";
const OF_SHIFT: &str =
    "SELECT publication, person, day, shift, gone, template, name, line, start_at,
    end_at, breaks FROM published_shift WHERE shift = ?1 ORDER BY publication DESC, gone LIMIT 1";
const OF_PERSON_DAY: &str = "SELECT publication, person, day, shift, gone, template, name, line,
    start_at, end_at, breaks FROM published_shift WHERE person = ?1 AND day = ?2
    ORDER BY publication DESC LIMIT 1";
const LAST_OF_PLAN: &str = "SELECT max(at) FROM publication WHERE plan = ?1";
const LAST_DAY: &str = "SELECT max(day) FROM published_shift";
const PLAN_OF: &str = "SELECT plan FROM publication WHERE seq = ?1";

/// Adds a publication with the person-days and meetings it changes; their `publication` is set here.
pub fn add(
    tx: &Transaction<'_>,
    publication: &Publication,
    shifts: &[PublishedShift],
    meetings: &[PublishedMeeting],
) -> Result<(), StoreError> {
    tx.prepare_cached(INSERT)?.execute(params![
        publication.id.uuid(),
        publication.plan.uuid(),
        ms(publication.at),
        publication.zone.name(),
        publication.author.uuid(),
    ])?;
    let seq = tx.last_insert_rowid();
    let mut insert = tx.prepare_cached(INSERT_SHIFT)?;
    for shift in shifts {
        insert.execute(params![
            seq,
            shift.person.uuid(),
            shift.day.to_string(),
            shift.shift.uuid(),
            shift.gone,
            shift.template.uuid(),
            shift.name,
            shift.line.uuid(),
            ms(shift.start),
            ms(shift.end),
            serde_json::to_string(&shift.breaks)?,
        ])?;
    }
    meeting::tell(tx, seq, meetings)
}

/// Everyone's days from one to the other, as they were published last; those taken away too.
pub fn of_days(
    conn: &Connection,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<PublishedShift>, StoreError> {
    let mut statement = conn.prepare_cached(OF_DAYS)?;
    Ok(statement
        .query_map(params![from.to_string(), until.to_string()], read)?
        .collect::<Result<_, _>>()?)
}

/// A person's days from one on, as they were published last; those taken away too.
pub fn of_person(
    conn: &Connection,
    person: PersonId,
    from: NaiveDate,
) -> Result<Vec<PublishedShift>, StoreError> {
    let mut statement = conn.prepare_cached(OF_PERSON)?;
    Ok(statement
        .query_map(params![person.uuid(), from.to_string()], read)?
        .collect::<Result<_, _>>()?)
}

/// A shift as it was told last, whether or not it still holds.
pub fn told(conn: &Connection, shift: ShiftId) -> Result<Option<PublishedShift>, StoreError> {
    Ok(conn
        .prepare_cached(OF_SHIFT)?
        .query_row([shift.uuid()], read)
        .optional()?)
}

/// A shift, if it still holds: neither taken away nor replaced.
pub fn holding(conn: &Connection, shift: ShiftId) -> Result<Option<PublishedShift>, StoreError> {
    let Some(told) = told(conn, shift)? else {
        return Ok(None);
    };
    Ok(of_person_day(conn, told.person, told.day)?.filter(|now| now.shift == shift && !now.gone))
}

/// A person's day as it was published last.
pub fn of_person_day(
    conn: &Connection,
    person: PersonId,
    day: NaiveDate,
) -> Result<Option<PublishedShift>, StoreError> {
    Ok(conn
        .prepare_cached(OF_PERSON_DAY)?
        .query_row(params![person.uuid(), day.to_string()], read)
        .optional()?)
}

/// When a plan was published last.
pub fn last_of_plan(conn: &Connection, plan: PlanId) -> Result<Option<DateTime<Utc>>, StoreError> {
    Ok(conn
        .prepare_cached(LAST_OF_PLAN)?
        .query_row([plan.uuid()], |row| maybe_at(row, 0))?)
}

/// The last day of which anything was published.
pub fn last_day(conn: &Connection) -> Result<Option<NaiveDate>, StoreError> {
    let text: Option<String> = conn
        .prepare_cached(LAST_DAY)?
        .query_row([], |row| row.get(0))?;
    Ok(text.and_then(|text| text.parse().ok()))
}

/// Which plan a publication was of.
pub fn plan_of(conn: &Connection, publication: i64) -> Result<Option<PlanId>, StoreError> {
    Ok(conn
        .prepare_cached(PLAN_OF)?
        .query_row([publication], |row| row.get(0).map(PlanId::from_uuid))
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<PublishedShift> {
    Ok(PublishedShift {
        publication: row.get(0)?,
        person: PersonId::from_uuid(row.get(1)?),
        day: crate::convert::parsed(row, 2)?,
        shift: ShiftId::from_uuid(row.get(3)?),
        gone: row.get(4)?,
        template: TemplateId::from_uuid(row.get(5)?),
        name: row.get(6)?,
        line: ShopId::from_uuid(row.get(7)?),
        start: at(row, 8)?,
        end: at(row, 9)?,
        breaks: json(row, 10)?,
    })
}
