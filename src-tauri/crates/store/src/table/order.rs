//! Orders as the shop last told them.

use crate::StoreError;
use crate::convert::{at, ms, parsed, phone_tail, same};
use crate::table::outbox;
use chrono::{DateTime, Utc};
use rules::id::RemoteId;
use rules::money::{Currency, Money};
use rules::order::{Customer, Order, OrderLine, OrderStage};
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// What a pulled order is to us.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Seen {
    /// Never seen before.
    New,
    /// Something a person would see has changed.
    Changed,
    /// Nothing but time stamps: a repeated page, or the echo of our own write.
    Same,
    /// Older than what is stored: a page fetched before a newer answer. Nothing was stored.
    Stale,
}

/// An order in a list.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OrderBrief {
    /// The shop's identity.
    pub remote: RemoteId,
    /// What people say on the phone.
    pub number: String,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// The shop's word.
    pub status: String,
    /// Ours.
    pub stage: OrderStage,
    /// What the customer pays.
    pub total: Money,
}

const KNOWN: &str = "SELECT seen_hash, changed_at, gone FROM customer_order WHERE remote = ?1";
const UPSERT: &str = "INSERT INTO customer_order (remote, number, placed_at, changed_at, status,
    stage, customer_remote, customer_name, phone, phone_tail, email, delivery_address,
    delivery_method, payment_method, customer_note, delivery_minor, total_minor, currency, seen_hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16, ?17, ?18, ?19)
    ON CONFLICT (remote) DO UPDATE SET number = excluded.number, placed_at = excluded.placed_at,
        changed_at = excluded.changed_at, status = excluded.status, stage = excluded.stage,
        customer_remote = excluded.customer_remote, customer_name = excluded.customer_name,
        phone = excluded.phone, phone_tail = excluded.phone_tail, email = excluded.email,
        delivery_address = excluded.delivery_address, delivery_method = excluded.delivery_method,
        payment_method = excluded.payment_method, customer_note = excluded.customer_note,
        delivery_minor = excluded.delivery_minor, total_minor = excluded.total_minor,
        currency = excluded.currency, seen_hash = excluded.seen_hash, gone = 0";
const STAMP: &str = "UPDATE customer_order SET changed_at = ?2 WHERE remote = ?1";
const DROP_LINES: &str = "DELETE FROM order_line WHERE order_remote = ?1";
const ADD_LINE: &str = "INSERT INTO order_line (order_remote, position, remote, product, sku, name,
    quantity, unit_minor, total_minor) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const GONE: &str = "UPDATE customer_order SET gone = 1 WHERE remote = ?1 AND gone = 0";
const ONE: &str = "SELECT remote, number, placed_at, changed_at, status, stage, customer_remote,
    customer_name, phone, email, delivery_address, delivery_method, payment_method, customer_note,
    delivery_minor, total_minor, currency FROM customer_order WHERE remote = ?1";
const LINES: &str = "SELECT remote, product, sku, name, quantity, unit_minor, total_minor
    FROM order_line WHERE order_remote = ?1 ORDER BY position";
const BY_PHONE: &str = "SELECT remote, number, placed_at, status, stage, total_minor, currency
    FROM customer_order WHERE phone_tail = ?1 ORDER BY placed_at DESC, remote LIMIT ?2";
const BY_NUMBER: &str = "SELECT remote, number, placed_at, status, stage, total_minor, currency
    FROM customer_order WHERE number = ?1 ORDER BY placed_at DESC, remote LIMIT ?2";
const IN_STAGE: &str = "SELECT remote FROM customer_order
    WHERE stage = ?1 AND gone = 0 AND placed_at >= ?2 ORDER BY placed_at, remote";
const AFTER: &str =
    "SELECT remote, gone FROM customer_order WHERE remote > ?1 ORDER BY remote LIMIT ?2";
const COUNT: &str = "SELECT rows FROM tally WHERE name = 'orders'";
// Those that somebody is to call about, those that were written to lately, and those that the shop
// has not sent yet; each with the time it was last read, or else came into question.
const TO_READ_AGAIN: &str = "SELECT remote, max(since) AS since FROM (
        SELECT o.remote AS remote, coalesce(o.read_at, t.created_at) AS since
        FROM task AS t JOIN customer_order AS o ON o.remote = t.order_remote
        WHERE t.state IN ('open', 'held') AND o.gone = 0
        UNION ALL
        SELECT o.remote, coalesce(o.read_at, w.done_at)
        FROM outbox AS w INDEXED BY outbox_done JOIN customer_order AS o ON o.remote = w.order_remote
        WHERE w.state = 'done' AND w.done_at > ?1 AND o.gone = 0
        UNION ALL
        SELECT remote, coalesce(read_at, changed_at)
        FROM customer_order INDEXED BY customer_order_by_stage
        WHERE stage IN ('new', 'confirmed') AND placed_at > ?2 AND gone = 0)
    GROUP BY remote ORDER BY since, remote";
const READ: &str = "UPDATE customer_order SET read_at = ?2 WHERE remote = ?1";

/// Stores one order with its lines and says what it is to us. Repeating it changes nothing.
///
/// # Errors
/// [`StoreError::Invalid`] when its amounts are of different currencies.
pub fn upsert(tx: &Transaction<'_>, order: &Order) -> Result<Seen, StoreError> {
    let currency = order.total.currency;
    same(currency, order.delivery_total.currency)?;
    for line in &order.lines {
        same(currency, line.unit_price.currency)?;
        same(currency, line.total.currency)?;
    }
    let remote = order.remote.as_str();
    let hash = content_hash(order)?;
    let known: Option<([u8; 32], i64, bool)> = tx
        .prepare_cached(KNOWN)?
        .query_row([remote], |row| Ok((row.get(0)?, row.get(1)?, row.get(2)?)))
        .optional()?;
    if known.is_some_and(|(_, _, gone)| gone) {
        outbox::unsweep(tx, &order.remote)?;
    }
    let seen = match known {
        None => Seen::New,
        Some((_, changed_at, _)) if ms(order.changed_at) < changed_at => return Ok(Seen::Stale),
        Some((stored, _, false)) if stored == hash => {
            tx.prepare_cached(STAMP)?
                .execute(params![remote, ms(order.changed_at)])?;
            return Ok(Seen::Same);
        }
        Some(_) => Seen::Changed,
    };
    let customer = &order.customer;
    tx.prepare_cached(UPSERT)?.execute(params![
        remote,
        order.number,
        ms(order.placed_at),
        ms(order.changed_at),
        order.status,
        stage_word(order.stage),
        customer.remote.as_ref().map(RemoteId::as_str),
        customer.name,
        customer.phone,
        phone_tail(&customer.phone),
        customer.email,
        order.delivery_address,
        order.delivery_method,
        order.payment_method,
        order.customer_note,
        order.delivery_total.minor,
        order.total.minor,
        currency.code(),
        hash,
    ])?;
    if seen == Seen::Changed {
        tx.prepare_cached(DROP_LINES)?.execute([remote])?;
    }
    let mut add = tx.prepare_cached(ADD_LINE)?;
    for (position, line) in (0_u32..).zip(&order.lines) {
        add.execute(params![
            remote,
            position,
            line.remote.as_str(),
            line.product.as_ref().map(RemoteId::as_str),
            line.sku,
            line.name,
            line.quantity,
            line.unit_price.minor,
            line.total.minor,
        ])?;
    }
    Ok(seen)
}

/// Marks orders that the shop has no more; what was done on them stays. Their
/// tasks are the caller's to withdraw.
pub fn mark_gone(tx: &Transaction<'_>, gone: &[RemoteId]) -> Result<usize, StoreError> {
    let mut statement = tx.prepare_cached(GONE)?;
    let mut changed = 0;
    for remote in gone {
        changed += statement.execute([remote.as_str()])?;
    }
    Ok(changed)
}

/// One order with its lines.
pub fn get(conn: &Connection, remote: &RemoteId) -> Result<Option<Order>, StoreError> {
    let found = conn
        .prepare_cached(ONE)?
        .query_row([remote.as_str()], read)
        .optional()?;
    let Some(mut order) = found else {
        return Ok(None);
    };
    let currency = order.total.currency;
    let mut statement = conn.prepare_cached(LINES)?;
    let lines = statement.query_map([remote.as_str()], |row| read_line(row, currency))?;
    order.lines = lines.collect::<Result<_, _>>()?;
    Ok(Some(order))
}

/// Orders by identity from after `after` on, each with whether it is gone from the shop.
pub fn after(
    conn: &Connection,
    after: &RemoteId,
    limit: u32,
) -> Result<Vec<(Order, bool)>, StoreError> {
    let mut statement = conn.prepare_cached(AFTER)?;
    let rows = statement.query_map(params![after.as_str(), limit], |row| {
        Ok((RemoteId(row.get(0)?), row.get(1)?))
    })?;
    let mut orders = Vec::new();
    for row in rows {
        let (remote, gone) = row?;
        if let Some(order) = get(conn, &remote)? {
            orders.push((order, gone));
        }
    }
    Ok(orders)
}

/// Orders under this number, however it is written, newest first.
pub fn by_phone(
    conn: &Connection,
    number: &str,
    limit: u32,
) -> Result<Vec<OrderBrief>, StoreError> {
    let Some(tail) = phone_tail(number) else {
        return Ok(Vec::new());
    };
    let mut statement = conn.prepare_cached(BY_PHONE)?;
    let rows = statement.query_map(params![tail, limit], read_brief)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Orders whose number is exactly this, newest first.
pub fn by_number(
    conn: &Connection,
    number: &str,
    limit: u32,
) -> Result<Vec<OrderBrief>, StoreError> {
    let mut statement = conn.prepare_cached(BY_NUMBER)?;
    let rows = statement.query_map(params![number, limit], read_brief)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Orders of one stage placed since `since`, oldest first: what must be read again one by one,
/// because some shops do not stamp every change.
pub fn in_stage(
    conn: &Connection,
    stage: OrderStage,
    since: DateTime<Utc>,
) -> Result<Vec<RemoteId>, StoreError> {
    let mut statement = conn.prepare_cached(IN_STAGE)?;
    let rows = statement.query_map(params![stage_word(stage), ms(since)], |row| row.get(0))?;
    Ok(rows
        .map(|remote| remote.map(RemoteId))
        .collect::<Result<_, _>>()?)
}

/// What is to be read from the shop again by identity, because some changes do not move the date a
/// pull goes by: the orders of tasks that are open or held, those written to since `written`, and
/// those placed since `placed` that are new or confirmed; the longest unread first, each with the
/// time since which it is unread.
pub fn to_read_again(
    conn: &Connection,
    written: DateTime<Utc>,
    placed: DateTime<Utc>,
) -> Result<Vec<(RemoteId, DateTime<Utc>)>, StoreError> {
    let mut statement = conn.prepare_cached(TO_READ_AGAIN)?;
    let rows = statement.query_map(params![ms(written), ms(placed)], |row| {
        Ok((RemoteId(row.get(0)?), at(row, 1)?))
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Notes that these were read by identity, or that their turn has passed.
pub fn mark_read(
    tx: &Transaction<'_>,
    read: &[RemoteId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let mut statement = tx.prepare_cached(READ)?;
    for remote in read {
        statement.execute(params![remote.as_str(), ms(now)])?;
    }
    Ok(())
}

/// How many the shop has.
pub fn count(conn: &Connection) -> Result<u32, StoreError> {
    Ok(conn
        .prepare_cached(COUNT)?
        .query_row([], |row| row.get(0))?)
}

/// What the hash of an order covers: the order as JSON, with the time it was placed in place of the
/// shop's time stamp of change.
#[derive(Serialize)]
struct Content<'a> {
    remote: &'a RemoteId,
    number: &'a str,
    placed_at: DateTime<Utc>,
    changed_at: DateTime<Utc>,
    status: &'a str,
    stage: OrderStage,
    customer: &'a Customer,
    delivery_address: &'a str,
    delivery_method: &'a str,
    payment_method: &'a str,
    customer_note: &'a str,
    lines: &'a [OrderLine],
    delivery_total: Money,
    total: Money,
}

impl<'a> From<&'a Order> for Content<'a> {
    fn from(order: &'a Order) -> Self {
        // Whole, so that a new field cannot be forgotten.
        let Order {
            remote,
            number,
            placed_at,
            changed_at: _,
            status,
            stage,
            customer,
            delivery_address,
            delivery_method,
            payment_method,
            customer_note,
            lines,
            delivery_total,
            total,
        } = order;
        Self {
            remote,
            number,
            placed_at: *placed_at,
            changed_at: *placed_at,
            status,
            stage: *stage,
            customer,
            delivery_address,
            delivery_method,
            payment_method,
            customer_note,
            lines,
            delivery_total: *delivery_total,
            total: *total,
        }
    }
}

fn content_hash(order: &Order) -> Result<[u8; 32], StoreError> {
    Ok(Sha256::digest(serde_json::to_vec(&Content::from(order))?).into())
}

const fn stage_word(stage: OrderStage) -> &'static str {
    match stage {
        OrderStage::New => "new",
        OrderStage::Confirmed => "confirmed",
        OrderStage::Fulfilled => "fulfilled",
        OrderStage::Cancelled => "cancelled",
        OrderStage::Other => "other",
    }
}

fn stage(row: &Row<'_>, column: usize) -> rusqlite::Result<OrderStage> {
    Ok(match row.get_ref(column)?.as_str()? {
        "new" => OrderStage::New,
        "confirmed" => OrderStage::Confirmed,
        "fulfilled" => OrderStage::Fulfilled,
        "cancelled" => OrderStage::Cancelled,
        _ => OrderStage::Other,
    })
}

fn read(row: &Row<'_>) -> rusqlite::Result<Order> {
    let currency: Currency = parsed(row, 16)?;
    Ok(Order {
        remote: RemoteId(row.get(0)?),
        number: row.get(1)?,
        placed_at: at(row, 2)?,
        changed_at: at(row, 3)?,
        status: row.get(4)?,
        stage: stage(row, 5)?,
        customer: Customer {
            remote: row.get::<_, Option<String>>(6)?.map(RemoteId),
            name: row.get(7)?,
            phone: row.get(8)?,
            email: row.get(9)?,
        },
        delivery_address: row.get(10)?,
        delivery_method: row.get(11)?,
        payment_method: row.get(12)?,
        customer_note: row.get(13)?,
        lines: Vec::new(),
        delivery_total: Money::new(row.get(14)?, currency),
        total: Money::new(row.get(15)?, currency),
    })
}

fn read_line(row: &Row<'_>, currency: Currency) -> rusqlite::Result<OrderLine> {
    Ok(OrderLine {
        remote: RemoteId(row.get(0)?),
        product: row.get::<_, Option<String>>(1)?.map(RemoteId),
        sku: row.get(2)?,
        name: row.get(3)?,
        quantity: row.get(4)?,
        unit_price: Money::new(row.get(5)?, currency),
        total: Money::new(row.get(6)?, currency),
    })
}

fn read_brief(row: &Row<'_>) -> rusqlite::Result<OrderBrief> {
    Ok(OrderBrief {
        remote: RemoteId(row.get(0)?),
        number: row.get(1)?,
        placed_at: at(row, 2)?,
        status: row.get(3)?,
        stage: stage(row, 4)?,
        total: Money::new(row.get(5)?, parsed(row, 6)?),
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn hashes_in_files_that_exist_stay_true() {
        let currency = Currency::EUR;
        let order = Order {
            remote: RemoteId("7".to_owned()),
            number: "N-7".to_owned(),
            placed_at: DateTime::from_timestamp_millis(1_700_000_000_123).unwrap(),
            changed_at: DateTime::from_timestamp_millis(1_700_000_000_123).unwrap(),
            status: "processing".to_owned(),
            stage: OrderStage::New,
            customer: Customer {
                remote: Some(RemoteId("c".to_owned())),
                name: "Олена".to_owned(),
                phone: "+380".to_owned(),
                email: String::new(),
            },
            delivery_address: "a\nb".to_owned(),
            delivery_method: "post".to_owned(),
            payment_method: "cash".to_owned(),
            customer_note: "\"note\"".to_owned(),
            lines: vec![OrderLine {
                remote: RemoteId("l".to_owned()),
                product: None,
                sku: "S".to_owned(),
                name: "Kettle".to_owned(),
                quantity: 2,
                unit_price: Money::new(100, currency),
                total: Money::new(200, currency),
            }],
            delivery_total: Money::new(70, currency),
            total: Money::new(270, currency),
        };
        let whole: [u8; 32] = Sha256::digest(serde_json::to_vec(&order).unwrap()).into();
        assert_eq!(content_hash(&order).unwrap(), whole);
        let later = Order {
            changed_at: order.changed_at + chrono::TimeDelta::hours(1),
            ..order
        };
        assert_eq!(content_hash(&later).unwrap(), whole);
    }
}
