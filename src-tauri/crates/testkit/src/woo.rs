//! A double of a `WooCommerce` shop (REST v3) on the loopback. It copies what was measured on a real
//! 10.0.2, traps included, runs on a clock of its own, keeps a log of requests, and can be told to
//! fail. It shares no code with the connector that it checks.

mod auth;
mod server;
mod shelf;

pub use server::{Fault, Logged, WooDouble};
pub use shelf::{Key, Permissions, SeedLine, SeedOrder, SeedProduct, Shelf, Storage};

/// How the double is set up; the fields are what an admin of the shop, or its host, decides.
#[derive(Clone, Debug)]
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
    /// Percent of tax on every product; its prices include it.
    pub tax_percent: i128,
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
        }
    }
}
