//! Published scripts: a version is never changed, a call keeps the one it followed.

use super::taken;
use crate::StoreError;
use crate::convert::{at, ms};
use chrono::{DateTime, Utc};
use rules::id::{PersonId, ScriptVersionId};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use uuid::Uuid;

/// One published version of a script in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ScriptVersion {
    /// Identity.
    pub id: ScriptVersionId,
    /// Which script.
    pub code: String,
    /// Version number, from one.
    pub number: u32,
    /// Language of its customers.
    pub language: String,
    /// The file as it was published.
    pub body: String,
    /// When.
    pub published_at: DateTime<Utc>,
    /// By whom; none for one that came with the program.
    pub author: Option<PersonId>,
}

const PUBLISH: &str =
    "INSERT INTO script (version, code, number, language, body, published_at, author)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)";
const LATEST: &str = "SELECT version, code, number, language, body, published_at, author
    FROM script WHERE code = ?1 AND language = ?2 ORDER BY number DESC LIMIT 1";
const ONE: &str = "SELECT version, code, number, language, body, published_at, author
    FROM script WHERE version = ?1";

/// Adds a version.
///
/// # Errors
/// [`StoreError::Taken`] when its number is.
pub fn publish(tx: &Transaction<'_>, script: &ScriptVersion) -> Result<(), StoreError> {
    tx.prepare_cached(PUBLISH)?
        .execute(params![
            script.id.uuid(),
            script.code,
            script.number,
            script.language,
            script.body,
            ms(script.published_at),
            script.author.map(PersonId::uuid),
        ])
        .map_err(|error| taken(error, "script version"))?;
    Ok(())
}

/// The newest version of a script in a language.
pub fn latest(
    conn: &Connection,
    code: &str,
    language: &str,
) -> Result<Option<ScriptVersion>, StoreError> {
    Ok(conn
        .prepare_cached(LATEST)?
        .query_row([code, language], read)
        .optional()?)
}

/// One version.
pub fn get(conn: &Connection, id: ScriptVersionId) -> Result<Option<ScriptVersion>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<ScriptVersion> {
    Ok(ScriptVersion {
        id: ScriptVersionId::from_uuid(row.get(0)?),
        code: row.get(1)?,
        number: row.get(2)?,
        language: row.get(3)?,
        body: row.get(4)?,
        published_at: at(row, 5)?,
        author: row.get::<_, Option<Uuid>>(6)?.map(PersonId::from_uuid),
    })
}
