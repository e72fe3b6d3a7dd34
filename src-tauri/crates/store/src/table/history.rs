//! What has come: reports of a telephone exchange that were taken in, the desk's own calls, orders.

use super::met;
use super::special_day::Withdrawal;
use crate::StoreError;
use crate::convert::{at, ms, parsed, signed, words};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use rules::id::{FactId, PersonId};
use rusqlite::{Connection, Row, Transaction, params};

/// How work comes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum Channel {
    /// Customers call.
    Inbound,
    /// Customers are called.
    Outbound,
}

words!(Channel {
    Inbound = "inbound",
    Outbound = "outbound",
});

/// One report taken in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Import {
    /// Identity.
    pub id: FactId,
    /// How the work came.
    pub channel: Channel,
    /// Name of the file.
    pub file: String,
    /// Length of its intervals: 15, 30 or 60 minutes.
    pub slot_minutes: u32,
    /// Intervals taken.
    pub rows: u32,
    /// Calls in them.
    pub calls: u32,
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

/// Work of one interval, of one language where a report tells them apart.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Interval {
    /// Its start, seconds since 1970.
    pub start: i64,
    /// ISO 639-1; none where it is not told.
    pub language: Option<String>,
    /// Calls.
    pub calls: u32,
    /// Handle time of all of them, milliseconds; none where it is not known.
    pub handle_ms: Option<u64>,
}

const ADD: &str = "INSERT INTO history_import (id, channel, file, slot_minutes, rows, calls,
    first_day, last_day, at, zone, author) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11)";
const ADD_INTERVAL: &str =
    "INSERT INTO imported_interval (import, start, language, calls, handle_ms)
    VALUES (?1, ?2, ?3, ?4, ?5)";
const WITHDRAW: &str =
    "INSERT INTO import_withdrawal (import, at, zone, author) VALUES (?1, ?2, ?3, ?4)";
const IN_FORCE: &str = "SELECT id, channel, file, slot_minutes, rows, calls, first_day, last_day, at,
    zone, author, number FROM history_import
    WHERE channel = ?1 AND NOT EXISTS (SELECT 1 FROM import_withdrawal WHERE import = history_import.id)
    ORDER BY number DESC";
const INTERVALS: &str =
    "SELECT start, calls, handle_ms, nullif(language, '') FROM imported_interval
    WHERE import = ?1 ORDER BY start, language";
/// Quarters of an hour: the shifts of all zones in use are whole numbers of them.
const OWN: &str = "SELECT started_at / 900000 * 900, count(*), sum(ended_at - started_at), NULL
    FROM call_summary GROUP BY started_at / 900000 ORDER BY 1";
const OWN_SINCE: &str =
    "SELECT started_at / 900000 * 900, count(*), sum(ended_at - started_at), NULL
    FROM call_summary INDEXED BY call_summary_by_time
    WHERE started_at >= ?1 GROUP BY started_at / 900000 ORDER BY 1";
const OWN_COUNT: &str = "SELECT coalesce(sum(calls), 0) FROM load_by_hour WHERE day < ?1";
const ORDERS: &str = "SELECT placed_at / 900000 * 900, count(*), NULL, NULL FROM customer_order
    WHERE gone = 0 AND placed_at < ?1 GROUP BY placed_at / 900000 ORDER BY 1";
const IMPORT_COUNT: &str =
    "SELECT (SELECT count(*) FROM history_import) + (SELECT count(*) FROM import_withdrawal)";

/// Keeps a report with its intervals.
///
/// # Errors
/// When an interval stands twice in it in one language; then nothing may be committed.
pub fn add(
    tx: &Transaction<'_>,
    import: &Import,
    intervals: &[Interval],
) -> Result<(), StoreError> {
    tx.prepare_cached(ADD)?.execute(params![
        import.id.uuid(),
        import.channel.word(),
        import.file,
        import.slot_minutes,
        import.rows,
        import.calls,
        import.first_day.to_string(),
        import.last_day.to_string(),
        ms(import.at),
        import.zone.name(),
        import.author.uuid(),
    ])?;
    let number = tx.last_insert_rowid();
    let mut statement = tx.prepare_cached(ADD_INTERVAL)?;
    for interval in intervals {
        let handle = interval.handle_ms.map(signed).transpose()?;
        let language = interval.language.as_deref().unwrap_or_default();
        statement.execute(params![
            number,
            interval.start,
            language,
            interval.calls,
            handle
        ])?;
    }
    Ok(())
}

const KNOWN: &str = "SELECT count(*) FROM history_import WHERE id = ?1
    AND NOT EXISTS (SELECT 1 FROM import_withdrawal WHERE import = ?1)";

/// Takes a report back.
///
/// # Errors
/// [`StoreError::NotFound`] where there is none or it was taken back before.
pub fn withdraw(tx: &Transaction<'_>, withdrawal: &Withdrawal) -> Result<(), StoreError> {
    let known: usize = tx
        .prepare_cached(KNOWN)?
        .query_row([withdrawal.of.uuid()], |row| row.get(0))?;
    met(known, "import")?;
    tx.prepare_cached(WITHDRAW)?.execute(params![
        withdrawal.of.uuid(),
        ms(withdrawal.at),
        withdrawal.zone.name(),
        withdrawal.author.uuid(),
    ])?;
    Ok(())
}

/// Reports nobody took back, newest first.
pub fn imports(conn: &Connection, channel: Channel) -> Result<Vec<Import>, StoreError> {
    let mut statement = conn.prepare_cached(IN_FORCE)?;
    let rows = statement.query_map([channel.word()], read_import)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The intervals of reports nobody took back with their length in minutes, newest report first.
pub fn imported(
    conn: &Connection,
    channel: Channel,
) -> Result<Vec<(u32, Vec<Interval>)>, StoreError> {
    let mut statement = conn.prepare_cached(IN_FORCE)?;
    let numbers: Vec<(u32, i64)> = statement
        .query_map([channel.word()], |row| Ok((row.get(3)?, row.get(11)?)))?
        .collect::<Result<_, _>>()?;
    let mut statement = conn.prepare_cached(INTERVALS)?;
    let mut found = Vec::with_capacity(numbers.len());
    for (slot_minutes, number) in numbers {
        let rows = statement.query_map([number], read_interval)?;
        found.push((slot_minutes, rows.collect::<Result<_, _>>()?));
    }
    Ok(found)
}

/// The desk's own finished calls by quarters of an hour. Their time is all the operator spent on
/// them: dialling, speaking, wrap-up.
pub fn own_calls(
    conn: &Connection,
    since: Option<DateTime<Utc>>,
) -> Result<Vec<Interval>, StoreError> {
    match since {
        None => {
            let mut statement = conn.prepare_cached(OWN)?;
            let rows = statement.query_map([], read_interval)?;
            Ok(rows.collect::<Result<_, _>>()?)
        }
        Some(since) => {
            let mut statement = conn.prepare_cached(OWN_SINCE)?;
            let rows = statement.query_map([ms(since)], read_interval)?;
            Ok(rows.collect::<Result<_, _>>()?)
        }
    }
}

/// Orders placed before `until` by quarters of an hour.
pub fn orders(conn: &Connection, until: DateTime<Utc>) -> Result<Vec<Interval>, StoreError> {
    let mut statement = conn.prepare_cached(ORDERS)?;
    let rows = statement.query_map([ms(until)], read_interval)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// A number that changes with the imports, and the own calls before `day`: what was made of a
/// history holds while both stay as they are.
pub fn state(conn: &Connection, day: NaiveDate) -> Result<(u64, u64), StoreError> {
    let imports = conn
        .prepare_cached(IMPORT_COUNT)?
        .query_row([], |row| row.get(0))?;
    let calls = conn
        .prepare_cached(OWN_COUNT)?
        .query_row([day.to_string()], |row| row.get(0))?;
    Ok((imports, calls))
}

fn read_import(row: &Row<'_>) -> rusqlite::Result<Import> {
    Ok(Import {
        id: FactId::from_uuid(row.get(0)?),
        channel: parsed(row, 1)?,
        file: row.get(2)?,
        slot_minutes: row.get(3)?,
        rows: row.get(4)?,
        calls: row.get(5)?,
        first_day: parsed(row, 6)?,
        last_day: parsed(row, 7)?,
        at: at(row, 8)?,
        zone: parsed(row, 9)?,
        author: PersonId::from_uuid(row.get(10)?),
    })
}

fn read_interval(row: &Row<'_>) -> rusqlite::Result<Interval> {
    Ok(Interval {
        start: row.get(0)?,
        calls: row.get(1)?,
        handle_ms: row.get(2)?,
        language: row.get(3)?,
    })
}
