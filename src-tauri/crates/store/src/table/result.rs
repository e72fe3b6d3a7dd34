//! The result of a call: its disposition, its row for reports and the roll-ups, all at once.

use super::{taken, wrap_up};
use crate::StoreError;
use crate::convert::{at, ms, parsed, signed};
use chrono::{DateTime, Datelike, Timelike, Utc};
use chrono_tz::Tz;
use rules::id::{CallId, FactId, PersonId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

/// How a call ended and why it was made. Codes are the rules' own.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Disposition {
    /// Identity.
    pub id: FactId,
    /// Of which call.
    pub call: CallId,
    /// How it ended; none: the result was taken back.
    pub outcome: Option<String>,
    /// Why it was made, first level.
    pub reason: Option<String>,
    /// Second level.
    pub subreason: Option<String>,
    /// The operator's words.
    pub comment: String,
    /// When it was said.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// By whom.
    pub author: PersonId,
    /// The earlier one that it replaces.
    pub corrects: Option<FactId>,
}

/// What is known of a call once it is over.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Course {
    /// When wrap-up ended.
    pub ended_at: DateTime<Utc>,
    /// A person spoke.
    pub answered: bool,
    /// Answered and worked to an end: counts in the average handle time.
    pub handled: bool,
    /// Speaking, milliseconds.
    pub talk_ms: u64,
    /// The customer waiting, milliseconds.
    pub hold_ms: u64,
    /// After the call, milliseconds.
    pub wrap_ms: u64,
}

const CALL: &str = "SELECT started_at, zone, order_remote, person FROM call WHERE id = ?1";
const DISPOSE: &str = "INSERT INTO disposition (id, call, outcome, reason, subreason, comment, at,
    zone, author, corrects) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const HISTORY: &str =
    "SELECT id, call, outcome, reason, subreason, comment, at, zone, author, corrects
    FROM disposition WHERE call = ?1 ORDER BY at, id";
const SUMMARISE: &str = "INSERT INTO call_summary (call, started_at, ended_at, zone, day, weekday,
    hour, order_remote, person, answered, handled, talk_ms, hold_ms, wrap_ms, disposition, outcome,
    reason, subreason)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18)";
const SUMMARY: &str = "SELECT day, weekday, hour, answered, handled, talk_ms, hold_ms, wrap_ms,
    outcome, reason, subreason, disposition FROM call_summary WHERE call = ?1";
const UNSUMMARISE: &str = "DELETE FROM call_summary WHERE call = ?1";
const RECLASSIFY: &str = "UPDATE call_summary SET disposition = ?2, outcome = ?3, reason = ?4,
    subreason = ?5, answered = ?6, handled = ?7 WHERE call = ?1";
const LOAD: &str =
    "INSERT INTO load_by_hour (day, hour, weekday, calls, answered, handled, talk_ms,
    hold_ms, wrap_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (day, hour) DO UPDATE SET calls = calls + excluded.calls,
        answered = answered + excluded.answered, handled = handled + excluded.handled,
        talk_ms = talk_ms + excluded.talk_ms, hold_ms = hold_ms + excluded.hold_ms,
        wrap_ms = wrap_ms + excluded.wrap_ms";
const EMPTY_LOAD: &str = "DELETE FROM load_by_hour WHERE day = ?1 AND hour = ?2 AND calls = 0";
const COUNT: &str = "INSERT INTO count_by_disposition (day, outcome, reason, subreason, calls)
    VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (day, outcome, reason, subreason) DO UPDATE SET calls = calls + excluded.calls";
const EMPTY_COUNT: &str = "DELETE FROM count_by_disposition
    WHERE day = ?1 AND outcome = ?2 AND reason = ?3 AND subreason = ?4 AND calls = 0";
const CLEAR_LOAD: &str = "DELETE FROM load_by_hour";
const CLEAR_COUNT: &str = "DELETE FROM count_by_disposition";
const REMAKE_LOAD: &str = "INSERT INTO load_by_hour
    SELECT day, hour, weekday, count(*), sum(answered), sum(handled), sum(talk_ms), sum(hold_ms),
        sum(wrap_ms)
    FROM call_summary GROUP BY day, hour";
const REMAKE_COUNT: &str = "INSERT INTO count_by_disposition
    SELECT day, outcome, reason, subreason, count(*)
    FROM call_summary GROUP BY day, outcome, reason, subreason";

/// Saves the result of a call: the fact, its row for reports, the roll-ups; closes the draft.
///
/// # Errors
/// [`StoreError::Taken`] when the call has a result: correct or undo that one.
/// [`StoreError::Invalid`] without an outcome.
pub fn save(
    tx: &Transaction<'_>,
    disposition: &Disposition,
    course: &Course,
) -> Result<(), StoreError> {
    let outcome = disposition
        .outcome
        .as_deref()
        .ok_or(StoreError::Invalid("no outcome"))?;
    let (started_at, zone, order, person): (DateTime<Utc>, Tz, String, Uuid) = tx
        .prepare_cached(CALL)?
        .query_row([disposition.call.uuid()], |row| {
            Ok((at(row, 0)?, parsed(row, 1)?, row.get(2)?, row.get(3)?))
        })
        .optional()?
        .ok_or(StoreError::NotFound("call"))?;
    dispose(tx, disposition)?;
    let share = Share::new(started_at, zone, course, disposition, outcome)?;
    summarise(
        tx,
        disposition,
        course,
        &share,
        started_at,
        zone,
        &order,
        person,
    )?;
    share.add(tx, 1)?;
    wrap_up::close(tx, disposition.call, course.ended_at)
}

/// Replaces what was said of a saved call by a new fact; reports follow. `answered` and `handled`
/// are those of the new outcome.
///
/// # Errors
/// [`StoreError::NotFound`] when the call has no result; [`StoreError::Conflict`] when
/// `corrects` is not the fact that holds now.
pub fn correct(
    tx: &Transaction<'_>,
    disposition: &Disposition,
    answered: bool,
    handled: bool,
) -> Result<(), StoreError> {
    let outcome = disposition
        .outcome
        .as_deref()
        .ok_or(StoreError::Invalid("no outcome"))?;
    let (before, current) = share_of(tx, disposition.call)?;
    if disposition.corrects != Some(current) {
        return Err(StoreError::Conflict("the result has changed meanwhile"));
    }
    dispose(tx, disposition)?;
    let after = Share {
        answered,
        handled,
        outcome: outcome.to_owned(),
        reason: disposition.reason.clone().unwrap_or_default(),
        subreason: disposition.subreason.clone().unwrap_or_default(),
        ..before.clone()
    };
    tx.prepare_cached(RECLASSIFY)?.execute(params![
        disposition.call.uuid(),
        disposition.id.uuid(),
        after.outcome,
        after.reason,
        after.subreason,
        answered,
        handled,
    ])?;
    before.add(tx, -1)?;
    after.add(tx, 1)
}

/// Takes a result back: a fact without outcome replaces it, reports forget it, the draft is open
/// again. Operations and task are the caller's to undo in the same transaction
/// ([`super::outbox::undo_call`], [`super::task::restore`]).
///
/// # Errors
/// [`StoreError::NotFound`] when the call has no result.
pub fn undo(
    tx: &Transaction<'_>,
    call: CallId,
    id: FactId,
    when: DateTime<Utc>,
    zone: Tz,
    author: PersonId,
) -> Result<(), StoreError> {
    let (share, current) = share_of(tx, call)?;
    let taken_back = Disposition {
        id,
        call,
        outcome: None,
        reason: None,
        subreason: None,
        comment: String::new(),
        at: when,
        zone,
        author,
        corrects: Some(current),
    };
    dispose(tx, &taken_back)?;
    tx.prepare_cached(UNSUMMARISE)?.execute([call.uuid()])?;
    share.add(tx, -1)?;
    wrap_up::reopen(tx, call)
}

/// All that was said of a call, oldest first; the last one holds.
pub fn history(conn: &Connection, call: CallId) -> Result<Vec<Disposition>, StoreError> {
    let mut statement = conn.prepare_cached(HISTORY)?;
    Ok(statement
        .query_map([call.uuid()], read)?
        .collect::<Result<_, _>>()?)
}

/// Makes the roll-ups anew from the calls: must change nothing, see the tests.
pub fn recompute_rollups(tx: &Transaction<'_>) -> Result<(), StoreError> {
    for statement in [CLEAR_LOAD, CLEAR_COUNT, REMAKE_LOAD, REMAKE_COUNT] {
        tx.execute(statement, [])?;
    }
    Ok(())
}

/// Adds the fact alone.
pub(super) fn dispose(tx: &Transaction<'_>, fact: &Disposition) -> Result<(), StoreError> {
    tx.prepare_cached(DISPOSE)?
        .execute(params![
            fact.id.uuid(),
            fact.call.uuid(),
            fact.outcome,
            fact.reason,
            fact.subreason,
            fact.comment,
            ms(fact.at),
            fact.zone.name(),
            fact.author.uuid(),
            fact.corrects.map(FactId::uuid),
        ])
        .map_err(|error| taken(error, "disposition"))?;
    Ok(())
}

/// Adds the row for reports alone.
#[expect(clippy::too_many_arguments, reason = "one column each")]
pub(super) fn summarise(
    tx: &Transaction<'_>,
    fact: &Disposition,
    course: &Course,
    share: &Share,
    started_at: DateTime<Utc>,
    zone: Tz,
    order: &str,
    person: Uuid,
) -> Result<(), StoreError> {
    tx.prepare_cached(SUMMARISE)?
        .execute(params![
            fact.call.uuid(),
            ms(started_at),
            ms(course.ended_at),
            zone.name(),
            share.day,
            share.weekday,
            share.hour,
            order,
            person,
            share.answered,
            share.handled,
            share.talk_ms,
            share.hold_ms,
            share.wrap_ms,
            fact.id.uuid(),
            share.outcome,
            share.reason,
            share.subreason,
        ])
        .map_err(|error| taken(error, "result"))?;
    Ok(())
}

/// What one call adds to the roll-ups.
#[derive(Clone, Debug)]
pub(super) struct Share {
    pub(super) day: String,
    pub(super) weekday: u32,
    pub(super) hour: u32,
    pub(super) answered: bool,
    pub(super) handled: bool,
    pub(super) talk_ms: i64,
    pub(super) hold_ms: i64,
    pub(super) wrap_ms: i64,
    pub(super) outcome: String,
    pub(super) reason: String,
    pub(super) subreason: String,
}

impl Share {
    pub(super) fn new(
        started_at: DateTime<Utc>,
        zone: Tz,
        course: &Course,
        fact: &Disposition,
        outcome: &str,
    ) -> Result<Self, StoreError> {
        let local = started_at.with_timezone(&zone);
        Ok(Self {
            day: local.date_naive().to_string(),
            weekday: local.weekday().num_days_from_monday(),
            hour: local.hour(),
            answered: course.answered,
            handled: course.handled,
            talk_ms: signed(course.talk_ms)?,
            hold_ms: signed(course.hold_ms)?,
            wrap_ms: signed(course.wrap_ms)?,
            outcome: outcome.to_owned(),
            reason: fact.reason.clone().unwrap_or_default(),
            subreason: fact.subreason.clone().unwrap_or_default(),
        })
    }

    /// Adds (1) or takes away (-1) this call; rows that come to nothing go, as if never made.
    fn add(&self, tx: &Transaction<'_>, sign: i64) -> Result<(), StoreError> {
        tx.prepare_cached(LOAD)?.execute(params![
            self.day,
            self.hour,
            self.weekday,
            sign,
            sign * i64::from(self.answered),
            sign * i64::from(self.handled),
            sign * self.talk_ms,
            sign * self.hold_ms,
            sign * self.wrap_ms,
        ])?;
        tx.prepare_cached(COUNT)?.execute(params![
            self.day,
            self.outcome,
            self.reason,
            self.subreason,
            sign
        ])?;
        if sign < 0 {
            tx.prepare_cached(EMPTY_LOAD)?
                .execute(params![self.day, self.hour])?;
            tx.prepare_cached(EMPTY_COUNT)?.execute(params![
                self.day,
                self.outcome,
                self.reason,
                self.subreason
            ])?;
        }
        Ok(())
    }
}

/// What a saved call has added to the roll-ups, and the fact that holds for it.
fn share_of(conn: &Connection, call: CallId) -> Result<(Share, FactId), StoreError> {
    let found = conn
        .prepare_cached(SUMMARY)?
        .query_row([call.uuid()], |row| {
            let share = Share {
                day: row.get(0)?,
                weekday: row.get(1)?,
                hour: row.get(2)?,
                answered: row.get(3)?,
                handled: row.get(4)?,
                talk_ms: row.get(5)?,
                hold_ms: row.get(6)?,
                wrap_ms: row.get(7)?,
                outcome: row.get(8)?,
                reason: row.get(9)?,
                subreason: row.get(10)?,
            };
            Ok((share, FactId::from_uuid(row.get(11)?)))
        });
    found.optional()?.ok_or(StoreError::NotFound("result"))
}

fn read(row: &Row<'_>) -> rusqlite::Result<Disposition> {
    Ok(Disposition {
        id: FactId::from_uuid(row.get(0)?),
        call: CallId::from_uuid(row.get(1)?),
        outcome: row.get(2)?,
        reason: row.get(3)?,
        subreason: row.get(4)?,
        comment: row.get(5)?,
        at: at(row, 6)?,
        zone: parsed(row, 7)?,
        author: PersonId::from_uuid(row.get(8)?),
        corrects: row.get::<_, Option<Uuid>>(9)?.map(FactId::from_uuid),
    })
}
