//! A double of a `WooCommerce` shop (REST v3) on the loopback. It copies what was measured on a real
//! 10.0.2, traps included, runs on a clock of its own, and can be told to fail as every
//! [`crate::double`]. It shares no code with the connector that it checks.

mod auth;
mod server;
mod shelf;

pub use crate::double::{Fault, Logged};
pub use server::WooDouble;
pub use shelf::{Key, Permissions, SeedLine, SeedOrder, SeedProduct, Shelf, Storage};

/// How the double is set up; the fields are what an admin of the shop, or its host, decides.
#[derive(Clone, Debug)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "independent choices of the shop's admin"
)]
pub struct Setup {
    /// Whether it speaks TLS with a certificate of its own.
    pub tls: bool,
    /// Plain permalinks: `/wp-json/` is a page that does not exist.
    pub plain_permalinks: bool,
    /// The server in front keeps the `Authorization` header from PHP.
    pub drops_authorization: bool,
    /// The REST namespaces it serves.
    pub namespaces: Vec<String>,
    /// Its own idea of its address; the address it listens on where none is given.
    pub home: Option<String>,
    /// The shop's zone east of UTC, minutes.
    pub offset_minutes: i32,
    /// Its zone's IANA name, may be empty.
    pub zone: String,
    /// Where orders are kept.
    pub storage: Storage,
    /// Percent of tax on every product.
    pub tax_percent: i128,
    /// Prices are entered without the tax.
    pub net_prices: bool,
    /// Words for order states besides the shop's own, without the `wc-` in front.
    pub own_statuses: Vec<String>,
}

impl Default for Setup {
    fn default() -> Self {
        Self {
            tls: false,
            plain_permalinks: false,
            drops_authorization: false,
            namespaces: vec!["wp/v2".to_owned(), "wc/v3".to_owned()],
            home: None,
            offset_minutes: 120,
            zone: "Europe/Kyiv".to_owned(),
            storage: Storage::HighPerformance,
            tax_percent: 0,
            net_prices: false,
            own_statuses: Vec::new(),
        }
    }
}
