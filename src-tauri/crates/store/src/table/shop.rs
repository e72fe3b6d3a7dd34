//! The client shops and the keys of their files.

use super::{met, taken};
use crate::convert::{at, maybe_at, ms, parsed, words};
use crate::{Key, Secret, StoreError};
use chrono::{DateTime, Utc};
use chrono_tz::Tz;
use rules::id::ShopId;
use rules::money::Currency;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

/// What a shop is reached by.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Kind {
    /// `WooCommerce` REST.
    Woocommerce,
    /// Vendure GraphQL.
    Vendure,
    /// Shopify `GraphQL`.
    Shopify,
    /// retailCRM.
    Retailcrm,
    /// Base.com.
    Base,
    /// Nothing: made up by the generator.
    Sample,
}

words!(Kind {
    Woocommerce = "woocommerce",
    Vendure = "vendure",
    Shopify = "shopify",
    Retailcrm = "retailcrm",
    Base = "base",
    Sample = "sample",
});

/// A client shop.
#[derive(Clone, Debug)]
pub struct Shop {
    /// Identity, also the name of its file.
    pub id: ShopId,
    /// What it is reached by.
    pub kind: Kind,
    /// What people here call it.
    pub name: String,
    /// Where it is.
    pub address: String,
    /// Zone of its customers.
    pub zone: Tz,
    /// What it sells in.
    pub currency: Currency,
    /// Language of its customers.
    pub language: String,
    /// How the connector gets in: opaque JSON with a secret; empty once removed.
    pub access: Secret,
    /// Key of its file; forgotten once removed.
    pub file_key: Option<Key>,
    /// What it can do: opaque JSON.
    pub capabilities: String,
    /// When it was connected.
    pub created_at: DateTime<Utc>,
    /// When it was removed.
    pub removed_at: Option<DateTime<Utc>>,
}

const INSERT: &str = "INSERT INTO shop (id, kind, name, address, zone, currency, language, access,
    file_key, capabilities, created_at, removed_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12)";
const UPDATE: &str = "UPDATE shop SET name = ?2, address = ?3, zone = ?4, currency = ?5,
    language = ?6, access = ?7, capabilities = ?8 WHERE id = ?1 AND removed_at IS NULL";
const REMOVE: &str = "UPDATE shop SET removed_at = ?2, file_key = NULL, access = ''
    WHERE id = ?1 AND removed_at IS NULL";
const ONE: &str = "SELECT id, kind, name, address, zone, currency, language, access, file_key,
    capabilities, created_at, removed_at FROM shop WHERE id = ?1";
const ALL: &str = "SELECT id, kind, name, address, zone, currency, language, access, file_key,
    capabilities, created_at, removed_at FROM shop ORDER BY created_at, id";

/// Adds a shop with the key of its file.
pub fn insert(tx: &Transaction<'_>, shop: &Shop) -> Result<(), StoreError> {
    tx.prepare_cached(INSERT)?
        .execute(params![
            shop.id.uuid(),
            shop.kind.word(),
            shop.name,
            shop.address,
            shop.zone.name(),
            shop.currency.code(),
            shop.language,
            shop.access.reveal(),
            shop.file_key.as_ref().map(Key::bytes),
            shop.capabilities,
            ms(shop.created_at),
            shop.removed_at.map(ms),
        ])
        .map_err(|error| taken(error, "shop"))?;
    Ok(())
}

/// Replaces name, address, zone, currency, language, access and capabilities.
pub fn update(tx: &Transaction<'_>, shop: &Shop) -> Result<(), StoreError> {
    let rows = tx.prepare_cached(UPDATE)?.execute(params![
        shop.id.uuid(),
        shop.name,
        shop.address,
        shop.zone.name(),
        shop.currency.code(),
        shop.language,
        shop.access.reveal(),
        shop.capabilities,
    ])?;
    met(rows, "shop")
}

/// Forgets the key of its file and the way in; its name stays for the reports.
/// [`crate::ShopStore::destroy`] removes the file.
pub fn remove(tx: &Transaction<'_>, id: ShopId, when: DateTime<Utc>) -> Result<(), StoreError> {
    met(
        tx.prepare_cached(REMOVE)?
            .execute(params![id.uuid(), ms(when)])?,
        "shop",
    )
}

/// One shop, a removed one too.
pub fn get(conn: &Connection, id: ShopId) -> Result<Option<Shop>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?)
}

/// All shops in the order they were connected, the removed ones too.
pub fn list(conn: &Connection) -> Result<Vec<Shop>, StoreError> {
    let mut statement = conn.prepare_cached(ALL)?;
    Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Shop> {
    Ok(Shop {
        id: ShopId::from_uuid(row.get(0)?),
        kind: parsed(row, 1)?,
        name: row.get(2)?,
        address: row.get(3)?,
        zone: parsed(row, 4)?,
        currency: parsed(row, 5)?,
        language: row.get(6)?,
        access: Secret::new(row.get(7)?),
        file_key: row.get::<_, Option<[u8; 32]>>(8)?.map(Key::from_bytes),
        capabilities: row.get(9)?,
        created_at: at(row, 10)?,
        removed_at: maybe_at(row, 11)?,
    })
}
