//! What the shop sells, and finding it while speaking.

use crate::StoreError;
use crate::convert::{at, ms, parsed};
use rules::id::RemoteId;
use rules::money::Money;
use rules::order::Product;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

const UPSERT: &str = "INSERT INTO product (remote, sku, name, folded, price_minor, currency, stock,
    enabled, changed_at) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (remote) DO UPDATE SET sku = excluded.sku, name = excluded.name,
        folded = excluded.folded, price_minor = excluded.price_minor, currency = excluded.currency,
        stock = excluded.stock, enabled = excluded.enabled, changed_at = excluded.changed_at, gone = 0
    WHERE excluded.changed_at >= product.changed_at AND (product.gone = 1
        OR sku IS NOT excluded.sku OR name IS NOT excluded.name
        OR price_minor IS NOT excluded.price_minor OR currency IS NOT excluded.currency
        OR stock IS NOT excluded.stock OR enabled IS NOT excluded.enabled
        OR changed_at IS NOT excluded.changed_at)";
const GONE: &str = "UPDATE product SET gone = 1 WHERE remote = ?1 AND gone = 0";
const ONE: &str = "SELECT remote, sku, name, price_minor, currency, stock, enabled, changed_at
    FROM product WHERE remote = ?1";
const COUNT: &str = "SELECT rows FROM tally WHERE name = 'products'";
const PLACE: &str = "SELECT folded, row FROM product WHERE remote = ?1";
const SEARCH: &str = "SELECT remote, sku, name, price_minor, currency, stock, enabled, changed_at
    FROM product
    WHERE row IN (SELECT rowid FROM product_search WHERE product_search MATCH ?1)
        AND NOT EXISTS (SELECT 1 FROM json_each(?2) AS term WHERE instr(folded, term.value) = 0)
        AND gone = 0 AND enabled = 1 AND (folded, row) > (?3, ?4)
    ORDER BY folded, row LIMIT ?5";
const SCAN: &str = "SELECT remote, sku, name, price_minor, currency, stock, enabled, changed_at
    FROM product
    WHERE NOT EXISTS (SELECT 1 FROM json_each(?1) AS term WHERE instr(folded, term.value) = 0)
        AND gone = 0 AND enabled = 1 AND (folded, row) > (?2, ?3)
    ORDER BY folded, row LIMIT ?4";

/// The index knows groups of three letters.
const TRIGRAM: usize = 3;
/// More words than anyone types; the rest is left out.
const TERMS: usize = 12;

/// Stores products as the shop told them; how many were new or really differ. One older than what
/// is stored changes nothing.
pub fn upsert(tx: &Transaction<'_>, products: &[Product]) -> Result<usize, StoreError> {
    let mut statement = tx.prepare_cached(UPSERT)?;
    let mut changed = 0;
    for product in products {
        changed += statement.execute(params![
            product.remote.as_str(),
            product.sku,
            product.name,
            folded(&product.name, &product.sku),
            product.price.minor,
            product.price.currency.code(),
            product.stock,
            product.enabled,
            ms(product.changed_at),
        ])?;
    }
    Ok(changed)
}

/// Marks products that the shop has no more: they are not found, old lines still name them.
pub fn mark_gone(tx: &Transaction<'_>, gone: &[RemoteId]) -> Result<usize, StoreError> {
    let mut statement = tx.prepare_cached(GONE)?;
    let mut changed = 0;
    for remote in gone {
        changed += statement.execute([remote.as_str()])?;
    }
    Ok(changed)
}

/// One product, also one that is gone.
pub fn get(conn: &Connection, remote: &RemoteId) -> Result<Option<Product>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([remote.as_str()], read)
        .optional()?)
}

/// How many the shop has.
pub fn count(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn
        .prepare_cached(COUNT)?
        .query_row([], |row| row.get(0))?)
}

/// Products that can be ordered and have every word of `query` somewhere in name or SKU, in any
/// case and alphabet; by name, at most `limit`, after the product `after` of the page before.
/// Any text is safe: words are quoted, never read as a query language. No words find everything.
pub fn search(
    conn: &Connection,
    query: &str,
    after: Option<&RemoteId>,
    limit: u32,
) -> Result<Vec<Product>, StoreError> {
    let folded = query.to_lowercase();
    let (long, short): (Vec<&str>, Vec<&str>) = folded
        .split(|letter: char| letter.is_whitespace() || letter.is_control())
        .filter(|term| !term.is_empty())
        .take(TERMS)
        .partition(|term| term.chars().count() >= TRIGRAM);
    let (name, row): (String, i64) = match after {
        Some(remote) => {
            let place = conn
                .prepare_cached(PLACE)?
                .query_row([remote.as_str()], |row| Ok((row.get(0)?, row.get(1)?)));
            place.optional()?.ok_or(StoreError::NotFound("product"))?
        }
        None => (String::new(), i64::MIN),
    };
    // Words too short for the index are looked for in the folded text itself.
    let literal = serde_json::to_string(&short)?;
    if long.is_empty() {
        let mut statement = conn.prepare_cached(SCAN)?;
        let rows = statement.query_map(params![literal, name, row, limit], read)?;
        return Ok(rows.collect::<Result<_, _>>()?);
    }
    let quoted: Vec<String> = long
        .iter()
        .map(|term| ["\"", &term.replace('"', "\"\""), "\""].concat())
        .collect();
    let mut statement = conn.prepare_cached(SEARCH)?;
    let rows = statement.query_map(params![quoted.join(" "), literal, name, row, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn folded(name: &str, sku: &str) -> String {
    [name, "\n", sku].concat().to_lowercase()
}

fn read(row: &Row<'_>) -> rusqlite::Result<Product> {
    Ok(Product {
        remote: RemoteId(row.get(0)?),
        sku: row.get(1)?,
        name: row.get(2)?,
        price: Money::new(row.get(3)?, parsed(row, 4)?),
        stock: row.get(5)?,
        enabled: row.get(6)?,
        changed_at: at(row, 7)?,
    })
}
