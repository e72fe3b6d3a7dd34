//! How many people each client's line wants: rules as `app` writes them, the newest hold.

use crate::StoreError;
use crate::convert::ms;
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rules::id::{FactId, PersonId, ShopId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};

/// Rules as somebody set them.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StaffingRules {
    /// Identity.
    pub id: FactId,
    /// The client.
    pub shop: ShopId,
    /// JSON.
    pub rules: String,
    /// When.
    pub at: DateTime<Utc>,
    /// In which zone.
    pub zone: Tz,
    /// By whom.
    pub author: PersonId,
}

const ADD: &str = "INSERT INTO staffing_rules (id, shop, rules, at, zone, author)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6)";
const NEWEST: &str =
    "SELECT rules FROM staffing_rules WHERE shop = ?1 ORDER BY number DESC LIMIT 1";

/// Sets rules.
pub fn set(tx: &Transaction<'_>, rules: &StaffingRules) -> Result<(), StoreError> {
    tx.prepare_cached(ADD)?.execute(params![
        rules.id.uuid(),
        rules.shop.uuid(),
        rules.rules,
        ms(rules.at),
        rules.zone.name(),
        rules.author.uuid(),
    ])?;
    Ok(())
}

/// The rules in force; none where nobody has set any.
pub fn get(conn: &Connection, shop: ShopId) -> Result<Option<String>, StoreError> {
    Ok(conn
        .prepare_cached(NEWEST)?
        .query_row([shop.uuid()], |row| row.get(0))
        .optional()?)
}
