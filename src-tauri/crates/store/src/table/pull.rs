//! Where each pull stands.

use crate::StoreError;
use crate::convert::{maybe_at, ms};
use chrono::{DateTime, Utc};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

pub use sync::courier::Stream;

/// Where one pull stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Pull {
    /// The connector's own text; empty means from the beginning.
    pub cursor: String,
    /// When it last went through.
    pub last_success_at: Option<DateTime<Utc>>,
    /// What stopped it last, as the caller words it; none after a success.
    pub last_error: Option<String>,
}

const GET: &str = "SELECT cursor, last_success_at, last_error FROM pull_cursor WHERE stream = ?1";
const ADVANCE: &str = "INSERT INTO pull_cursor (stream, cursor, last_success_at, last_error)
    VALUES (?1, ?2, ?3, NULL)
    ON CONFLICT (stream) DO UPDATE SET cursor = excluded.cursor,
        last_success_at = coalesce(excluded.last_success_at, last_success_at), last_error = NULL";
const FAIL: &str = "INSERT INTO pull_cursor (stream, cursor, last_error) VALUES (?1, '', ?2)
    ON CONFLICT (stream) DO UPDATE SET last_error = excluded.last_error";

/// Where `stream` stands; the beginning when it was never pulled.
pub fn get(conn: &Connection, stream: Stream) -> Result<Pull, StoreError> {
    let found = conn.prepare_cached(GET)?.query_row([stream.word()], |row| {
        Ok(Pull {
            cursor: row.get(0)?,
            last_success_at: maybe_at(row, 1)?,
            last_error: row.get(2)?,
        })
    });
    Ok(found.optional()?.unwrap_or_default())
}

/// Moves on, in the transaction that stores the page; `complete` tells when nothing more was left.
pub fn advance(
    tx: &Transaction<'_>,
    stream: Stream,
    cursor: &str,
    complete: Option<DateTime<Utc>>,
) -> Result<(), StoreError> {
    tx.prepare_cached(ADVANCE)?
        .execute(params![stream.word(), cursor, complete.map(ms)])?;
    Ok(())
}

/// Notes what stopped it; the cursor stays.
pub fn fail(tx: &Transaction<'_>, stream: Stream, error: &str) -> Result<(), StoreError> {
    tx.prepare_cached(FAIL)?.execute([stream.word(), error])?;
    Ok(())
}
