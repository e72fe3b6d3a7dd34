//! The centre's settings: small texts under names that `app` knows.

use crate::StoreError;
use rusqlite::{Connection, OptionalExtension, Transaction};

const GET: &str = "SELECT value FROM setting WHERE key = ?1";
const SET: &str = "INSERT INTO setting (key, value) VALUES (?1, ?2)
    ON CONFLICT (key) DO UPDATE SET value = excluded.value";
const CLEAR: &str = "DELETE FROM setting WHERE key = ?1";

/// The value under `key`.
pub fn get(conn: &Connection, key: &str) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached(GET)?
        .query_row([key], |row| row.get(0))
        .optional()?)
}

/// Puts `value` under `key`.
pub fn set(tx: &Transaction<'_>, key: &str, value: &str) -> Result<(), StoreError> {
    tx.prepare_cached(SET)?.execute([key, value])?;
    Ok(())
}

/// Forgets what is under `key`.
pub fn clear(tx: &Transaction<'_>, key: &str) -> Result<(), StoreError> {
    tx.prepare_cached(CLEAR)?.execute([key])?;
    Ok(())
}
