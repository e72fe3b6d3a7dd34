//! Connectors to online shops. Each speaks one shop's protocol and knows its traps; all answer to
//! [`Shop`]. Nothing here stores anything: cursors go out and come back as the connector's own text.

pub mod base;
mod comment;
mod decimal;
mod error;
pub mod http;
pub mod retailcrm;
pub mod shopify;
pub mod vendure;
pub mod woocommerce;

pub use error::ShopError;

use async_trait::async_trait;
use rules::id::{OperationId, RemoteId};
use rules::money::Currency;
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};
use rules::status::StatusTable;
use serde::de::DeserializeOwned;
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
    /// Shopify Admin GraphQL.
    Shopify,
    /// retailCRM v5.
    Retailcrm,
    /// Base.com (`BaseLinker`).
    Base,
}

impl ShopKind {
    /// Every kind.
    pub const ALL: [Self; 5] = [
        Self::Woocommerce,
        Self::Vendure,
        Self::Shopify,
        Self::Retailcrm,
        Self::Base,
    ];

    /// Stable word, as stored and typed.
    pub fn word(self) -> &'static str {
        match self {
            Self::Woocommerce => "woocommerce",
            Self::Vendure => "vendure",
            Self::Shopify => "shopify",
            Self::Retailcrm => "retailcrm",
            Self::Base => "base",
        }
    }
}

/// How to reach a shop and who we are there.
#[derive(Clone, Serialize, Deserialize)]
pub struct Access {
    /// The protocol.
    pub kind: ShopKind,
    /// Where the shop is, as the admin typed it (scheme and host; a path where it lives in one).
    pub address: String,
    /// Consumer key (`WooCommerce`) or user name (Vendure); empty where a token is all there is.
    pub user: String,
    /// Consumer secret, password or token.
    pub secret: String,
    /// Plain HTTP is allowed by an admin.
    pub allow_http: bool,
    /// Loopback, private and link-local addresses are allowed by an admin.
    pub allow_private: bool,
    /// A certificate authority to trust besides the system's, PEM.
    pub certificate_authority: Option<String>,
    /// The shop's words as the admin has set them; none takes the connector's own table.
    #[serde(default)]
    pub statuses: Option<StatusTable>,
    /// How much this shop bears, where the admin knows better than the connector.
    #[serde(default)]
    pub rate: Option<Rate>,
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
    /// Coupons can be made.
    #[serde(default)]
    pub coupons: bool,
    /// Money can be given back, goods taken back into stock.
    #[serde(default)]
    pub refunds: bool,
    /// The shop can call us when something changes, where we have a public address.
    #[serde(default)]
    pub webhooks: bool,
    /// How its changes are read.
    #[serde(default)]
    pub pull: PullStyle,
    /// How much it bears.
    #[serde(default)]
    pub rate: Rate,
}

/// How a shop lets its changes be read.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum PullStyle {
    /// By the time of the last change, in the shop's clock; needs overlap and dedupe.
    #[default]
    ChangedSince,
    /// By a numbered log of changes; nothing can hide behind it.
    ChangeLog,
}

/// The most that a shop lets one desk ask.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Rate {
    /// So many requests,
    pub requests: u32,
    /// in so many seconds.
    pub seconds: u32,
}

impl Default for Rate {
    /// Five a second: a shared host behind a shop bears that beside its visitors.
    fn default() -> Self {
        Self {
            requests: 5,
            seconds: 1,
        }
    }
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
    /// Its words for where an order stands, with what the connector makes of them.
    pub statuses: StatusTable,
}

/// Where a pull stands: the connector's own business, kept by the caller as it is.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct Cursor(pub String);

impl Cursor {
    /// A position as text.
    pub(crate) fn of(position: &impl Serialize) -> Self {
        Self(serde_json::to_string(position).unwrap_or_default())
    }

    /// Reads a position; none for a pull that has not begun. One that cannot be read, another
    /// release's or another connector's, begins anew: that costs time and loses nothing, where an
    /// error would hold the pull up for good.
    pub(crate) fn read<T: DeserializeOwned>(&self) -> Option<T> {
        if self.0.is_empty() {
            return None;
        }
        let read = serde_json::from_str(&self.0);
        read.inspect_err(|error| {
            let column = error.column();
            tracing::warn!(column, "its cursor cannot be read: the pull begins anew");
        })
        .ok()
    }
}

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
/// own limit), see `sync::outbox`.
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

    /// Orders as they stand now, read again by identity: shops change fields without moving the
    /// date that a pull goes by.
    async fn orders_again(&self, ids: &[RemoteId]) -> Result<Again, ShopError> {
        let mut again = Again::default();
        for id in ids {
            match self.order(id).await? {
                Some(order) => again.items.push(order),
                None => again.gone.push(id.clone()),
            }
        }
        Ok(again)
    }

    /// Looks whether an operation has happened already. Reads only.
    async fn find(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError>;

    /// Makes it so: reads before, writes what is missing, verifies after. Calling it twice in turn
    /// has the effect once.
    async fn apply(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError>;

    /// Takes away what stands there more than once, though it was sent once (a proxy between us
    /// repeated the write): all but the first of what bears the operation's mark. Tells how many
    /// went. A shop where nothing can stand twice has nothing to do.
    async fn sweep(&self, id: OperationId, operation: &ShopOperation) -> Result<u32, ShopError> {
        let _ = (id, operation);
        Ok(0)
    }

    /// Reads what the shop sends to our public address when something changes.
    ///
    /// # Errors
    /// [`ShopError::WrongKey`] where the signature is not the shop's, [`ShopError::Unsupported`]
    /// where this kind calls nobody.
    fn hook(&self, headers: &[(String, String)], body: &[u8]) -> Result<Hook, ShopError> {
        let _ = (headers, body);
        Err(ShopError::Unsupported("webhooks"))
    }
}

/// Orders read again.
#[derive(Clone, Debug, Default)]
pub struct Again {
    /// As they stand now.
    pub items: Vec<Order>,
    /// Not there any more.
    pub gone: Vec<RemoteId>,
}

/// What a shop's call tells. It is a hint and no data: what changed is pulled as ever.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hook {
    /// The shop's identity of this delivery: the same one may come again.
    pub delivery: String,
    /// Whether there is something to pull; a greeting has nothing.
    pub is_change: bool,
}

/// Opens the connector for `access`; makes no request yet.
pub fn connect(access: &Access) -> Result<Box<dyn Shop>, ShopError> {
    Ok(match access.kind {
        ShopKind::Woocommerce => Box::new(woocommerce::WooCommerce::new(access)?),
        ShopKind::Vendure => Box::new(vendure::Vendure::new(access)?),
        ShopKind::Shopify => Box::new(shopify::Shopify::new(access)?),
        ShopKind::Retailcrm => Box::new(retailcrm::RetailCrm::new(access)?),
        ShopKind::Base => Box::new(base::Base::new(access)?),
    })
}
