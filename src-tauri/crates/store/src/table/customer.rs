//! The shop's customers. Guests are only on their orders.

use crate::StoreError;
use crate::convert::phone_tail;
use rules::id::RemoteId;
use rules::order::Customer;
use rusqlite::{Connection, Row, Transaction, params};

const UPSERT: &str = "INSERT INTO customer (remote, name, phone, phone_tail, email)
    VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (remote) DO UPDATE SET name = excluded.name, phone = excluded.phone,
        phone_tail = excluded.phone_tail, email = excluded.email
    WHERE name IS NOT excluded.name OR phone IS NOT excluded.phone OR email IS NOT excluded.email";
const REMOVE: &str = "DELETE FROM customer WHERE remote = ?1";
const BY_PHONE: &str = "SELECT remote, name, phone, email FROM customer
    WHERE phone_tail = ?1 ORDER BY remote LIMIT ?2";

/// Stores customers; how many were new or differ. One without an identity is a guest and is left out.
pub fn upsert(tx: &Transaction<'_>, customers: &[Customer]) -> Result<usize, StoreError> {
    let mut statement = tx.prepare_cached(UPSERT)?;
    let mut changed = 0;
    for customer in customers {
        let Some(remote) = &customer.remote else {
            continue;
        };
        changed += statement.execute(params![
            remote.as_str(),
            customer.name,
            customer.phone,
            phone_tail(&customer.phone),
            customer.email,
        ])?;
    }
    Ok(changed)
}

/// Removes customers that the shop has no more.
pub fn remove(tx: &Transaction<'_>, gone: &[RemoteId]) -> Result<usize, StoreError> {
    let mut statement = tx.prepare_cached(REMOVE)?;
    let mut changed = 0;
    for remote in gone {
        changed += statement.execute([remote.as_str()])?;
    }
    Ok(changed)
}

/// Customers with this number, however it is written; none for a number too short to tell.
pub fn by_phone(conn: &Connection, number: &str, limit: u32) -> Result<Vec<Customer>, StoreError> {
    let Some(tail) = phone_tail(number) else {
        return Ok(Vec::new());
    };
    let mut statement = conn.prepare_cached(BY_PHONE)?;
    let rows = statement.query_map(params![tail, limit], read)?;
    Ok(rows.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Customer> {
    Ok(Customer {
        remote: Some(RemoteId(row.get(0)?)),
        name: row.get(1)?,
        phone: row.get(2)?,
        email: row.get(3)?,
    })
}
