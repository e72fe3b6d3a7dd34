//! Connectors to online shops. Each speaks one shop's protocol and knows its traps; all answer to
//! [`Shop`]. Nothing here stores anything: cursors go out and come back as the connector's own text.

mod error;
pub mod http;
pub mod vendure;
pub mod woocommerce;

pub use error::ShopError;

use async_trait::async_trait;
use rules::id::{OperationId, RemoteId};
use rules::money::Currency;
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Which protocol a shop speaks.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ShopKind {
    /// `WooCommerce` REST v3.
    Woocommerce,
    /// Vendure Admin GraphQL.
    Vendure,
}

/// How to reach a shop and who we are there.
#[derive(Clone, Serialize, Deserialize)]
pub struct Access {
    /// The protocol.
    pub kind: ShopKind,
    /// Where the shop is, as the admin typed it (scheme and host; a path where it lives in one).
    pub address: String,
    /// Consumer key (`WooCommerce`) or user name (Vendure).
    pub user: String,
    /// Consumer secret or password.
    pub secret: String,
    /// Plain HTTP is allowed by an admin.
    pub allow_http: bool,
    /// Loopback, private and link-local addresses are allowed by an admin.
    pub allow_private: bool,
    /// A certificate authority to trust besides the system's, PEM.
    pub certificate_authority: Option<String>,
}

/// What a shop can do, asked of it when connecting.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "a record of independent capabilities"
)]
pub struct Capabilities {
    /// Lines can be changed after ordering, with right totals.
    pub edit_lines: bool,
    /// Notes that only the shop's staff see.
    pub private_notes: bool,
    /// Confirmation is kept in a status.
    pub confirm_status: bool,
    /// Confirmation is kept in fields of the order.
    pub confirm_fields: bool,
    /// Orders can be called off.
    pub cancel: bool,
    /// A write can be made to depend on what was read.
    pub conditional_write: bool,
}

/// The shop as it introduced itself.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Introduction {
    /// The shop's own name, may be empty.
    pub name: String,
    /// Its software and version, as far as it says.
    pub software: String,
    /// What it sells in.
    pub currency: Currency,
    /// IANA zone of the shop where it tells.
    pub zone: Option<String>,
    /// What it can do.
    pub capabilities: Capabilities,
}

/// Where a pull stands: the connector's own business, kept by the caller as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

/// One page of a pull.
#[derive(Clone, Debug)]
pub struct Page<T> {
    /// What changed; the same item may come again with the same stamp.
    pub items: Vec<T>,
    /// Identities that are gone from the shop.
    pub gone: Vec<RemoteId>,
    /// Where to go on, to be stored together with the items.
    pub next: Cursor,
    /// Nothing more for now.
    pub done: bool,
}

/// What became of an operation at the shop.
#[derive(Clone, Debug)]
pub enum Effect {
    /// It is there, done now or found done; the order as it stands after it, for a note none.
    Applied(Option<Box<Order>>),
    /// It is not there.
    Absent,
}

/// How long one request may take in all; doubt about a write ends after twice this (and the shop's
/// own limit), see `rules::outbox`.
pub const REQUEST_LIMIT: Duration = Duration::from_mins(1);

/// A client shop, whatever it runs on.
#[async_trait]
pub trait Shop: Send + Sync {
    /// Says who it is and what it can do; fails with the word that names what is wrong
    /// (wrong key, no right to write, not a shop, no TLS).
    async fn introduce(&self) -> Result<Introduction, ShopError>;

    /// Products changed since the cursor; the default cursor means from the beginning.
    async fn products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError>;

    /// Customers changed since the cursor.
    async fn customers(&self, cursor: &Cursor) -> Result<Page<Customer>, ShopError>;

    /// Orders changed since the cursor. The first pull goes newest first, so that work can start.
    async fn orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError>;

    /// One order as it stands now; none when the shop has it no more.
    async fn order(&self, id: &RemoteId) -> Result<Option<Order>, ShopError>;

    /// Looks whether an operation has happened already. Reads only.
    async fn find(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError>;

    /// Makes it so: reads before, writes what is missing, verifies after. Calling it twice in turn
    /// has the effect once.
    async fn apply(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError>;
}

/// Opens the connector for `access`; makes no request yet.
pub fn connect(access: &Access) -> Result<Box<dyn Shop>, ShopError> {
    Ok(match access.kind {
        ShopKind::Woocommerce => Box::new(woocommerce::WooCommerce::new(access)?),
        ShopKind::Vendure => Box::new(vendure::Vendure::new(access)?),
    })
}
