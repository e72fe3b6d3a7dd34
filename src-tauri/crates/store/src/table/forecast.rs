//! What people said about a forecast, and the forecasts that were published.

use super::history::Channel;
use super::met;
use super::special_day::Withdrawal;
use crate::StoreError;
use crate::convert::{at, ms, parsed, words};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rules::id::{FactId, PersonId};
use rusqlite::{Connection, Row, Transaction, params};

/// What becomes of a day that stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Verdict {
    /// It counts.
    Kept,
    /// It does not.
    LeftOut,
}

words!(Verdict {
    Kept = "kept",
    LeftOut = "left_out",
});

/// Someone's word about a day.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutlierVerdict {
    /// Identity.
    pub id: FactId,
    /// How the work came.
    pub channel: Channel,
    /// Local date.
    pub day: NaiveDate,
    /// None: what was said before is forgotten.
    pub verdict: Option<Verdict>,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// By whom.
    pub author: PersonId,
}

/// A manual change of a forecast.
#[derive(Clone, Debug, PartialEq)]
pub struct Override {
    /// Identity.
    pub id: FactId,
    /// How the work comes.
    pub channel: Channel,
    /// Local date.
    pub day: NaiveDate,
    /// First minute after local midnight.
    pub from_minute: u32,
    /// Minute after the last.
    pub until_minute: u32,
    /// The model's figure is multiplied by this.
    pub factor: f64,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// By whom.
    pub author: PersonId,
}

/// A forecast as it was published.
#[derive(Clone, Debug, PartialEq)]
pub struct Snapshot {
    /// Identity; of a forecast of several clients the same in each one's file.
    pub id: FactId,
    /// How the work comes.
    pub channel: Channel,
    /// Length of its intervals, minutes.
    pub slot_minutes: u32,
    /// First local day.
    pub first_day: NaiveDate,
    /// Last local day.
    pub last_day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// The zone of its days.
    pub zone: Tz,
    /// By whom.
    pub author: PersonId,
}

/// An open interval of a published forecast.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct SnapshotInterval {
    /// Local date.
    pub day: NaiveDate,
    /// Minutes after local midnight by the wall clock.
    pub minute: u32,
    /// Calls expected, manual changes included.
    pub calls: f64,
    /// The model's own figure.
    pub model_calls: f64,
    /// Lower bound at 80 %.
    pub low80: f64,
    /// Upper bound at 80 %.
    pub high80: f64,
    /// Lower bound at 95 %.
    pub low95: f64,
    /// Upper bound at 95 %.
    pub high95: f64,
    /// Average handle time, seconds.
    pub aht_s: Option<f64>,
}

/// What a published forecast expected of a day in one language.
#[derive(Clone, Debug, PartialEq)]
pub struct SnapshotLanguage {
    /// ISO 639-1.
    pub language: String,
    /// Local date.
    pub day: NaiveDate,
    /// Calls expected, manual changes included.
    pub calls: f64,
}

const SAY: &str = "INSERT INTO outlier_verdict (id, channel, day, verdict, at, zone, author)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const VERDICTS: &str = "SELECT day, verdict FROM outlier_verdict AS said
    WHERE channel = ?1 AND verdict IS NOT NULL AND number = (SELECT max(number)
        FROM outlier_verdict WHERE channel = said.channel AND day = said.day) ORDER BY day";
const ADD_OVERRIDE: &str = "INSERT INTO forecast_override (id, channel, day, from_minute,
    until_minute, factor, reason, at, zone, author) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const KNOWN_OVERRIDE: &str = "SELECT count(*) FROM forecast_override WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM override_withdrawal WHERE override = ?1)";
const WITHDRAW_OVERRIDE: &str =
    "INSERT INTO override_withdrawal (override, at, zone, author) VALUES (?1, ?2, ?3, ?4)";
const OVERRIDES: &str = "SELECT id, channel, day, from_minute, until_minute, factor, reason, at,
    zone, author FROM forecast_override WHERE channel = ?1
        AND NOT EXISTS (SELECT 1 FROM override_withdrawal WHERE override = forecast_override.id)
    ORDER BY number";
const ADD_SNAPSHOT: &str = "INSERT INTO forecast_snapshot (id, channel, slot_minutes, first_day,
    last_day, at, zone, author) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const ADD_SNAPSHOT_INTERVAL: &str = "INSERT INTO snapshot_interval (snapshot, day, minute, calls,
    model_calls, low80, high80, low95, high95, aht_s)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10)";
const SNAPSHOTS: &str = "SELECT id, channel, slot_minutes, first_day, last_day, at, zone, author
    FROM forecast_snapshot WHERE channel = ?1 AND (?2 IS NULL OR EXISTS (SELECT 1
        FROM snapshot_language WHERE snapshot = forecast_snapshot.id AND language = ?2))
    ORDER BY at DESC, id DESC LIMIT ?3";
const SNAPSHOT_INTERVALS: &str = "SELECT day, minute, calls, model_calls, low80, high80, low95,
    high95, aht_s FROM snapshot_interval WHERE snapshot = ?1 ORDER BY day, minute";
const SNAPSHOT_DAYS: &str = "SELECT day, sum(calls) FROM snapshot_interval
    WHERE snapshot = ?1 AND day < ?2 GROUP BY day ORDER BY day";
const ADD_SNAPSHOT_LANGUAGE: &str =
    "INSERT INTO snapshot_language (snapshot, language, day, calls) VALUES (?1, ?2, ?3, ?4)";
const SNAPSHOT_LANGUAGE_DAYS: &str = "SELECT day, calls FROM snapshot_language
    WHERE snapshot = ?1 AND language = ?3 AND day < ?2 ORDER BY day";
const STATE: &str = "SELECT (SELECT count(*) FROM outlier_verdict)
    + (SELECT count(*) FROM special_day) + (SELECT count(*) FROM special_day_withdrawal)";

/// Adds a word about a day.
pub fn say(tx: &Transaction<'_>, said: &OutlierVerdict) -> Result<(), StoreError> {
    tx.prepare_cached(SAY)?.execute(params![
        said.id.uuid(),
        said.channel.word(),
        said.day.to_string(),
        said.verdict.map(Verdict::word),
        ms(said.at),
        said.zone.name(),
        said.author.uuid(),
    ])?;
    Ok(())
}

/// The last word about each day, by day; days whose word was forgotten are left out.
pub fn verdicts(
    conn: &Connection,
    channel: Channel,
) -> Result<Vec<(NaiveDate, Verdict)>, StoreError> {
    let mut statement = conn.prepare_cached(VERDICTS)?;
    let rows = statement.query_map([channel.word()], |row| {
        Ok((parsed(row, 0)?, parsed(row, 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Adds a manual change.
pub fn add_override(tx: &Transaction<'_>, change: &Override) -> Result<(), StoreError> {
    tx.prepare_cached(ADD_OVERRIDE)?.execute(params![
        change.id.uuid(),
        change.channel.word(),
        change.day.to_string(),
        change.from_minute,
        change.until_minute,
        change.factor,
        change.reason,
        ms(change.at),
        change.zone.name(),
        change.author.uuid(),
    ])?;
    Ok(())
}

/// Takes a manual change back.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none or it was taken back before.
pub fn withdraw_override(tx: &Transaction<'_>, withdrawal: &Withdrawal) -> Result<(), StoreError> {
    let known: usize = tx
        .prepare_cached(KNOWN_OVERRIDE)?
        .query_row([withdrawal.of.uuid()], |row| row.get(0))?;
    met(known, "override")?;
    tx.prepare_cached(WITHDRAW_OVERRIDE)?.execute(params![
        withdrawal.of.uuid(),
        ms(withdrawal.at),
        withdrawal.zone.name(),
        withdrawal.author.uuid(),
    ])?;
    Ok(())
}

/// Manual changes nobody took back, oldest first: of two that meet the later holds.
pub fn overrides(conn: &Connection, channel: Channel) -> Result<Vec<Override>, StoreError> {
    let mut statement = conn.prepare_cached(OVERRIDES)?;
    let rows = statement.query_map([channel.word()], |row| {
        Ok(Override {
            id: FactId::from_uuid(row.get(0)?),
            channel: parsed(row, 1)?,
            day: parsed(row, 2)?,
            from_minute: row.get(3)?,
            until_minute: row.get(4)?,
            factor: row.get(5)?,
            reason: row.get(6)?,
            at: at(row, 7)?,
            zone: parsed(row, 8)?,
            author: PersonId::from_uuid(row.get(9)?),
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Keeps a published forecast.
pub fn publish(
    tx: &Transaction<'_>,
    snapshot: &Snapshot,
    intervals: &[SnapshotInterval],
    languages: &[SnapshotLanguage],
) -> Result<(), StoreError> {
    tx.prepare_cached(ADD_SNAPSHOT)?.execute(params![
        snapshot.id.uuid(),
        snapshot.channel.word(),
        snapshot.slot_minutes,
        snapshot.first_day.to_string(),
        snapshot.last_day.to_string(),
        ms(snapshot.at),
        snapshot.zone.name(),
        snapshot.author.uuid(),
    ])?;
    let mut statement = tx.prepare_cached(ADD_SNAPSHOT_INTERVAL)?;
    for interval in intervals {
        statement.execute(params![
            snapshot.id.uuid(),
            interval.day.to_string(),
            interval.minute,
            interval.calls,
            interval.model_calls,
            interval.low80,
            interval.high80,
            interval.low95,
            interval.high95,
            interval.aht_s,
        ])?;
    }
    let mut statement = tx.prepare_cached(ADD_SNAPSHOT_LANGUAGE)?;
    for told in languages {
        statement.execute(params![
            snapshot.id.uuid(),
            told.language,
            told.day.to_string(),
            told.calls,
        ])?;
    }
    Ok(())
}

/// Published forecasts, newest first, at most `limit`; of a language those that tell it.
pub fn snapshots(
    conn: &Connection,
    channel: Channel,
    language: Option<&str>,
    limit: u32,
) -> Result<Vec<Snapshot>, StoreError> {
    let mut statement = conn.prepare_cached(SNAPSHOTS)?;
    let rows = statement.query_map(params![channel.word(), language, limit], read_snapshot)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// What a published forecast said, by day and minute.
pub fn snapshot_intervals(
    conn: &Connection,
    id: FactId,
) -> Result<Vec<SnapshotInterval>, StoreError> {
    let mut statement = conn.prepare_cached(SNAPSHOT_INTERVALS)?;
    let rows = statement.query_map([id.uuid()], |row| {
        Ok(SnapshotInterval {
            day: parsed(row, 0)?,
            minute: row.get(1)?,
            calls: row.get(2)?,
            model_calls: row.get(3)?,
            low80: row.get(4)?,
            high80: row.get(5)?,
            low95: row.get(6)?,
            high95: row.get(7)?,
            aht_s: row.get(8)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Calls that a published forecast expected on each day before `until`, in one language or in all.
pub fn snapshot_days(
    conn: &Connection,
    id: FactId,
    language: Option<&str>,
    until: NaiveDate,
) -> Result<Vec<(NaiveDate, f64)>, StoreError> {
    let day = |row: &Row<'_>| Ok((parsed(row, 0)?, row.get(1)?));
    let (id, until) = (id.uuid(), until.to_string());
    let days = match language {
        None => conn
            .prepare_cached(SNAPSHOT_DAYS)?
            .query_map(params![id, until], day)?
            .collect::<Result<_, _>>(),
        Some(language) => conn
            .prepare_cached(SNAPSHOT_LANGUAGE_DAYS)?
            .query_map(params![id, until, language], day)?
            .collect(),
    };
    Ok(days?)
}

/// A number that changes with what people said about days.
pub fn state(conn: &Connection) -> Result<u64, StoreError> {
    Ok(conn
        .prepare_cached(STATE)?
        .query_row([], |row| row.get(0))?)
}

fn read_snapshot(row: &Row<'_>) -> rusqlite::Result<Snapshot> {
    Ok(Snapshot {
        id: FactId::from_uuid(row.get(0)?),
        channel: parsed(row, 1)?,
        slot_minutes: row.get(2)?,
        first_day: parsed(row, 3)?,
        last_day: parsed(row, 4)?,
        at: at(row, 5)?,
        zone: parsed(row, 6)?,
        author: PersonId::from_uuid(row.get(7)?),
    })
}
