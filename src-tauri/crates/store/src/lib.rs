//! The store: one encrypted `SQLite` file for the centre, one with its own key for each client shop.
//!
//! A [`vault::Vault`] opens the centre's key; the centre's file keeps the shops' keys. A [`Database`]
//! has one writer and a few readers on threads of their own; [`table`] holds what they run. Nothing
//! here reads the clock: times come in.

mod change;
mod connection;
mod convert;
mod database;
mod error;
mod files;
mod key;
pub mod keyring;
mod schema;
pub mod table;
pub mod vault;

#[cfg(test)]
#[expect(
    clippy::too_many_lines,
    reason = "a test tells one story from beginning to end"
)]
mod tests;

pub use change::{Author, Change};
pub use convert::phone_tail;
pub use database::{Database, Verification};
pub use error::StoreError;
pub use files::{Centre, ShopStore, backups_dir};
pub use key::{Key, Secret};

/// The connection types that [`Database::read`] and [`Database::write`] hand to their closures.
pub use rusqlite::{Connection, Transaction};
