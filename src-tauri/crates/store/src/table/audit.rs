//! Reading the change log.

use crate::convert::{at, json, parsed};
use crate::{Author, StoreError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rules::id::{ChangeId, PersonId};
use rusqlite::{Connection, params};

/// One recorded change.
#[derive(Clone, Debug, PartialEq)]
pub struct Entry {
    /// Number in the chain, from one.
    pub seq: i64,
    /// Identity.
    pub id: ChangeId,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// By whom.
    pub author: Author,
    /// What happened.
    pub kind: String,
    /// To what.
    pub subject: String,
    /// Details.
    pub body: serde_json::Value,
}

const PAGE: &str = "SELECT seq, id, at, zone, author, kind, subject, body FROM change_log
    WHERE seq < ?1 ORDER BY seq DESC LIMIT ?2";

/// The newest `limit` entries before number `before`; all when none is given.
pub fn page(conn: &Connection, before: Option<i64>, limit: u32) -> Result<Vec<Entry>, StoreError> {
    let mut statement = conn.prepare_cached(PAGE)?;
    let rows = statement.query_map(params![before.unwrap_or(i64::MAX), limit], |row| {
        let author: Option<uuid::Uuid> = row.get(4)?;
        Ok(Entry {
            seq: row.get(0)?,
            id: ChangeId::from_uuid(row.get(1)?),
            at: at(row, 2)?,
            zone: parsed(row, 3)?,
            author: author.map_or(Author::System, |id| Author::Person(PersonId::from_uuid(id))),
            kind: row.get(5)?,
            subject: row.get(6)?,
            body: json(row, 7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
