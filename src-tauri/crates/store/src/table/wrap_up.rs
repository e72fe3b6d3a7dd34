//! What is being written down about a call: durable from the moment of answer.

use super::met;
use crate::StoreError;
use crate::convert::{at, maybe_at, ms};
use chrono::{DateTime, Utc};
use rules::id::CallId;
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// The draft of one call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct WrapUp {
    /// Of which call.
    pub call: CallId,
    /// When the customer answered.
    pub opened_at: DateTime<Utc>,
    /// The caller's own JSON.
    pub draft: String,
    /// When the draft was last kept.
    pub saved_at: DateTime<Utc>,
    /// When the result was saved.
    pub closed_at: Option<DateTime<Utc>>,
}

const OPEN: &str = "INSERT INTO wrap_up (call, opened_at, draft, saved_at) VALUES (?1, ?2, ?3, ?2)
    ON CONFLICT (call) DO NOTHING";
const SAVE: &str =
    "UPDATE wrap_up SET draft = ?2, saved_at = ?3 WHERE call = ?1 AND closed_at IS NULL";
const CLOSE: &str = "UPDATE wrap_up SET closed_at = ?2 WHERE call = ?1 AND closed_at IS NULL";
const REOPEN: &str = "UPDATE wrap_up SET closed_at = NULL WHERE call = ?1";
const ONE: &str = "SELECT call, opened_at, draft, saved_at, closed_at FROM wrap_up WHERE call = ?1";

/// Opens the draft of a call; one that is there stays as it is.
pub fn open(
    tx: &Transaction<'_>,
    call: CallId,
    draft: &str,
    when: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.prepare_cached(OPEN)?
        .execute(params![call.uuid(), ms(when), draft])?;
    Ok(())
}

/// Keeps the draft.
///
/// # Errors
/// [`StoreError::NotFound`] when there is no open draft of this call.
pub fn save(
    tx: &Transaction<'_>,
    call: CallId,
    draft: &str,
    when: DateTime<Utc>,
) -> Result<(), StoreError> {
    met(
        tx.prepare_cached(SAVE)?
            .execute(params![call.uuid(), draft, ms(when)])?,
        "draft",
    )
}

/// The draft of a call, open or closed.
pub fn get(conn: &Connection, call: CallId) -> Result<Option<WrapUp>, StoreError> {
    let found = conn.prepare_cached(ONE)?.query_row([call.uuid()], |row| {
        Ok(WrapUp {
            call: CallId::from_uuid(row.get(0)?),
            opened_at: at(row, 1)?,
            draft: row.get(2)?,
            saved_at: at(row, 3)?,
            closed_at: maybe_at(row, 4)?,
        })
    });
    Ok(found.optional()?)
}

/// Closes the draft with the result; a call that was not answered has none.
pub(super) fn close(
    tx: &Transaction<'_>,
    call: CallId,
    when: DateTime<Utc>,
) -> Result<(), StoreError> {
    tx.prepare_cached(CLOSE)?
        .execute(params![call.uuid(), ms(when)])?;
    Ok(())
}

/// Opens the draft again when the result is taken back.
pub(super) fn reopen(tx: &Transaction<'_>, call: CallId) -> Result<(), StoreError> {
    tx.prepare_cached(REOPEN)?.execute([call.uuid()])?;
    Ok(())
}
