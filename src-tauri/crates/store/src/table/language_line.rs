//! Parts of clients' lines by language, with an identity of their own.

use crate::StoreError;
use crate::convert::{at, ms, parsed};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rules::id::ShopId;
use rusqlite::{Connection, Transaction, params};

/// The part of a client's line that is in one language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct LanguageLine {
    /// Identity, of the kind that contracts and shifts name lines by.
    pub line: ShopId,
    /// The client.
    pub shop: ShopId,
    /// ISO 639-1.
    pub language: String,
    /// Since when.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
}

const ADD: &str = "INSERT INTO language_line (id, shop, language, at, zone)
    VALUES (?1, ?2, ?3, ?4, ?5) ON CONFLICT (shop, language) DO NOTHING";
const LIST: &str = "SELECT id, shop, language, at, zone FROM language_line ORDER BY id";

/// Keeps a line; of a client's language that has one already nothing is changed.
pub fn add(tx: &Transaction<'_>, line: &LanguageLine) -> Result<(), StoreError> {
    tx.prepare_cached(ADD)?.execute(params![
        line.line.uuid(),
        line.shop.uuid(),
        line.language,
        ms(line.at),
        line.zone.name(),
    ])?;
    Ok(())
}

/// All of them, in the order in which they came.
pub fn list(conn: &Connection) -> Result<Vec<LanguageLine>, StoreError> {
    let mut statement = conn.prepare_cached(LIST)?;
    let rows = statement.query_map([], |row| {
        Ok(LanguageLine {
            line: ShopId::from_uuid(row.get(0)?),
            shop: ShopId::from_uuid(row.get(1)?),
            language: row.get(2)?,
            at: at(row, 3)?,
            zone: parsed(row, 4)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}
