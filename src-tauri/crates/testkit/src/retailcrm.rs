//! A double of a retailCRM account (interface v5) on the loopback. It copies what the public
//! documentation and the vendor's own clients say, traps included: the whole list of lines is
//! replaced by an edit, the change log takes no page beside an entry's number, times are in the
//! account's zone without saying so, and an order is looked up by the seller's own number unless
//! asked otherwise. It shares no code with the connector that it checks.

mod shelf;

pub use shelf::{Line, SeedLine, Shelf};

use crate::double::Double;
use std::io;

/// How the account is set up; the fields are what its admin decides.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its zone's IANA name.
    pub zone: &'static str,
    /// The same as minutes east of UTC; the double knows no summer time.
    pub offset_minutes: i32,
    /// What it sells in.
    pub currency: &'static str,
    /// Fields added to its orders.
    pub order_fields: Vec<&'static str>,
    /// What the key may do.
    pub scopes: Vec<&'static str>,
    /// A line that is sent back without a field loses it.
    pub forgets: bool,
}

/// The key that opens every double.
pub const KEY: &str = "X2EDxEta9U3lcsSV0dwdF38UvtSCxIuGh";

impl Default for Setup {
    fn default() -> Self {
        Self {
            zone: "Europe/Kyiv",
            offset_minutes: 120,
            currency: "UAH",
            order_fields: Vec::new(),
            scopes: vec![
                "order_read",
                "order_write",
                "customer_read",
                "reference_read",
                "store_read",
            ],
            forgets: false,
        }
    }
}

/// A running account.
pub type RetailCrmDouble = Double<Shelf>;

/// Opens an account on a free port of the loopback.
///
/// # Errors
/// As [`Double::start`].
pub async fn start(setup: Setup) -> io::Result<RetailCrmDouble> {
    Double::start(false, Shelf::new(setup)).await
}
