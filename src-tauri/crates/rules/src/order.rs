//! What a shop sells and to whom, in the words all connectors share.

use crate::id::RemoteId;
use crate::money::Money;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// Where an order stands, whatever the shop calls it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum OrderStage {
    /// Placed, waiting for the confirmation call.
    New,
    /// The customer has confirmed it, or the shop has begun to work on it.
    Confirmed,
    /// On its way or handed over.
    Fulfilled,
    /// Called off by the customer or the shop.
    Cancelled,
    /// A basket, a draft, or a state the connector does not know.
    Other,
}

/// One order as the shop last told it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Order {
    /// The shop's identity.
    pub remote: RemoteId,
    /// The number people say on the phone.
    pub number: String,
    /// When the customer placed it.
    pub placed_at: DateTime<Utc>,
    /// When the shop says it last changed; the shop's clock.
    pub changed_at: DateTime<Utc>,
    /// The shop's own word for its state.
    pub status: String,
    /// The same, in ours.
    pub stage: OrderStage,
    /// Who ordered.
    pub customer: Customer,
    /// Where it goes, as lines to read aloud.
    pub delivery_address: String,
    /// How it goes there, in the shop's words.
    pub delivery_method: String,
    /// How it is paid, in the shop's words.
    pub payment_method: String,
    /// The customer's own remark.
    pub customer_note: String,
    /// What was ordered.
    pub lines: Vec<OrderLine>,
    /// Delivery charge.
    pub delivery_total: Money,
    /// What the customer pays, delivery and taxes included.
    pub total: Money,
}

/// One line of an order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct OrderLine {
    /// The shop's identity of the line.
    pub remote: RemoteId,
    /// The product (Vendure: the variant); none for a line typed by hand.
    pub product: Option<RemoteId>,
    /// Stock-keeping unit, empty where the shop has none.
    pub sku: String,
    /// Name at the time of ordering.
    pub name: String,
    /// Pieces.
    pub quantity: u32,
    /// What one piece costs the customer, taxes and discounts included.
    pub unit_price: Money,
    /// What the line costs the customer.
    pub total: Money,
}

/// Someone who orders.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Customer {
    /// The shop's identity; none for a guest.
    pub remote: Option<RemoteId>,
    /// Full name.
    pub name: String,
    /// As the shop has it; [`crate::phone`] reads it.
    pub phone: String,
    /// May be empty.
    pub email: String,
}

/// Something the shop sells, one row per thing that can be put on a line.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Product {
    /// The shop's identity (Vendure: the variant's).
    pub remote: RemoteId,
    /// Stock-keeping unit.
    pub sku: String,
    /// Name with the variant's options.
    pub name: String,
    /// What one piece costs the customer, taxes included.
    pub price: Money,
    /// Pieces on hand; none where the shop does not count.
    pub stock: Option<i64>,
    /// Whether it can be ordered at all.
    pub enabled: bool,
    /// When the shop says it last changed.
    pub changed_at: DateTime<Utc>,
}
