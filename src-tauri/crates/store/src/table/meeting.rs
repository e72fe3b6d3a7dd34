//! Meetings and training: of a plan as it is drawn, and as people were told.

use super::met;
use crate::StoreError;
use crate::convert::{at, json, ms, parsed, words};
use chrono::{DateTime, NaiveDate, Utc};
use rules::id::{MeetingId, PersonId, PlanId};
use rusqlite::{Connection, Row, Transaction, params};

/// What people come together for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// To talk.
    Meeting,
    /// To learn.
    Training,
}

words!(Kind {
    Meeting = "meeting",
    Training = "training",
});

/// A meeting of a plan as it is drawn.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Meeting {
    /// Identity.
    pub id: MeetingId,
    /// Meeting or training.
    pub kind: Kind,
    /// What it is about.
    pub title: String,
    /// Who is asked.
    pub people: Vec<PersonId>,
    /// Local day.
    pub day: NaiveDate,
    /// Minutes after local midnight.
    pub start_minute: u32,
    /// Length.
    pub minutes: u32,
}

/// A meeting as it was published.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PublishedMeeting {
    /// Number of its publication.
    pub publication: i64,
    /// Identity.
    pub meeting: MeetingId,
    /// Taken away.
    pub gone: bool,
    /// Meeting or training.
    pub kind: Kind,
    /// What it is about.
    pub title: String,
    /// Who is asked.
    pub people: Vec<PersonId>,
    /// Local day.
    pub day: NaiveDate,
    /// Its start.
    pub start: DateTime<Utc>,
    /// Its end.
    pub end: DateTime<Utc>,
}

const INSERT: &str =
    "INSERT INTO meeting (id, plan, kind, title, people, day, start_minute, minutes)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const OF_PLAN: &str = "SELECT id, kind, title, people, day, start_minute, minutes FROM meeting
    WHERE plan = ?1 ORDER BY day, start_minute, id";
const REMOVE: &str = "DELETE FROM meeting WHERE plan = ?1 AND id = ?2";
const INSERT_TOLD: &str =
    "INSERT INTO published_meeting (publication, meeting, gone, kind, title, people, day,
    start_at, end_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
// With a bare max() the other columns are those of the row that has it.
const TOLD: &str =
    "SELECT max(publication), meeting, gone, kind, title, people, day, start_at, end_at
    FROM published_meeting WHERE day BETWEEN ?1 AND ?2 GROUP BY meeting ORDER BY start_at, meeting";

/// Adds a meeting to a plan.
pub fn insert(tx: &Transaction<'_>, plan: PlanId, meeting: &Meeting) -> Result<(), StoreError> {
    tx.prepare_cached(INSERT)?.execute(params![
        meeting.id.uuid(),
        plan.uuid(),
        meeting.kind.word(),
        meeting.title,
        serde_json::to_string(&meeting.people)?,
        meeting.day.to_string(),
        meeting.start_minute,
        meeting.minutes,
    ])?;
    Ok(())
}

/// Meetings of a plan by their start.
pub fn of_plan(conn: &Connection, plan: PlanId) -> Result<Vec<Meeting>, StoreError> {
    let mut statement = conn.prepare_cached(OF_PLAN)?;
    Ok(statement
        .query_map([plan.uuid()], read)?
        .collect::<Result<_, _>>()?)
}

/// Takes a meeting out of a plan.
///
/// # Errors
/// [`StoreError::NotFound`] when the plan has none of this identity.
pub fn remove(tx: &Transaction<'_>, plan: PlanId, id: MeetingId) -> Result<(), StoreError> {
    met(
        tx.prepare_cached(REMOVE)?
            .execute(params![plan.uuid(), id.uuid()])?,
        "meeting",
    )
}

/// Adds what a publication tells of meetings.
pub(super) fn tell(
    tx: &Transaction<'_>,
    publication: i64,
    meetings: &[PublishedMeeting],
) -> Result<(), StoreError> {
    let mut insert = tx.prepare_cached(INSERT_TOLD)?;
    for told in meetings {
        insert.execute(params![
            publication,
            told.meeting.uuid(),
            told.gone,
            told.kind.word(),
            told.title,
            serde_json::to_string(&told.people)?,
            told.day.to_string(),
            ms(told.start),
            ms(told.end),
        ])?;
    }
    Ok(())
}

/// Meetings from one day to the other as they were published last; those taken away too.
pub fn told(
    conn: &Connection,
    from: NaiveDate,
    until: NaiveDate,
) -> Result<Vec<PublishedMeeting>, StoreError> {
    let mut statement = conn.prepare_cached(TOLD)?;
    Ok(statement
        .query_map(params![from.to_string(), until.to_string()], read_told)?
        .collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Meeting> {
    Ok(Meeting {
        id: MeetingId::from_uuid(row.get(0)?),
        kind: parsed(row, 1)?,
        title: row.get(2)?,
        people: json(row, 3)?,
        day: parsed(row, 4)?,
        start_minute: row.get(5)?,
        minutes: row.get(6)?,
    })
}

fn read_told(row: &Row<'_>) -> rusqlite::Result<PublishedMeeting> {
    Ok(PublishedMeeting {
        publication: row.get(0)?,
        meeting: MeetingId::from_uuid(row.get(1)?),
        gone: row.get(2)?,
        kind: parsed(row, 3)?,
        title: row.get(4)?,
        people: json(row, 5)?,
        day: parsed(row, 6)?,
        start: at(row, 7)?,
        end: at(row, 8)?,
    })
}
