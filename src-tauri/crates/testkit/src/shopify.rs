//! A double of a Shopify shop (Admin GraphQL) on the loopback. It copies what the public
//! documentation says, answers the operations that a connector of ours sends and of each answer only
//! the fields asked for, runs on a clock of its own, counts points, and can be told to fail. It
//! shares no code with the connector that it checks.
//!
//! Where the documentation is silent: whether a metafield or a tag moves `updatedAt` (here both do),
//! how a stale page cursor is refused, and what becomes of an editing session whose order has changed
//! (here its changes are applied to what stands).

mod answers;
mod selection;
mod shelf;

use crate::double::Double;
pub use shelf::{Deed, SeedProduct, Shelf, Standing};

/// A running shop; it ends when dropped.
pub type ShopifyDouble = Double<Shelf>;

/// The version whose documentation it follows.
pub const API_VERSION: &str = "2026-10";

/// How the double is set up.
#[derive(Clone, Debug)]
pub struct Setup {
    /// The app's access token.
    pub token: String,
    /// What the app was granted.
    pub scopes: Vec<&'static str>,
    /// ISO 4217, two decimal places.
    pub currency: &'static str,
    /// Points that the bucket holds.
    pub points: f64,
    /// Points that come back in a second of real time.
    pub restore: f64,
    /// Requests until a job of the shop's own is through.
    pub job_requests: u32,
    /// Something on the way sends every write twice and passes the second answer on.
    pub sends_twice: bool,
    /// How far the list of orders lags behind, by the shop's clock.
    pub lag_seconds: i64,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            token: "shpat_desk".to_owned(),
            scopes: vec![
                "read_orders",
                "write_orders",
                "read_all_orders",
                "write_order_edits",
                "read_products",
                "read_customers",
                "write_discounts",
            ],
            currency: "UAH",
            points: 20_000.0,
            restore: 2_000.0,
            job_requests: 2,
            sends_twice: false,
            lag_seconds: 0,
        }
    }
}
