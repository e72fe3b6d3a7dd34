//! A double of a Base.com account (`BaseLinker`) on the loopback. It copies what the public
//! documentation and clients say, traps included: orders are listed oldest first and a hundred at
//! once, the journal reaches three days back and may be switched off, errors come as HTTP 200, the
//! staff's comment is cut at 200 characters. It shares no code with the connector that it checks.

mod shelf;

pub use shelf::{Line, Shelf};

use crate::double::Double;
use std::io;

/// How the account is set up; the fields are what its owner decides.
#[derive(Clone, Debug)]
pub struct Setup {
    /// Its statuses: number and name.
    pub statuses: Vec<(u64, &'static str)>,
    /// Whether the journal is switched on.
    pub journal: bool,
    /// Calls in a minute before the token is blocked.
    pub limit: Option<usize>,
    /// Methods that the token may not call.
    pub forbidden: Vec<&'static str>,
}

/// The token that opens every double.
pub const TOKEN: &str = "1234-56789-ABCDEFGHIJKLMNOPQRSTUVWXYZ";

/// The statuses of the default account, by what they mean.
pub const NEW: u64 = 6601;
/// Confirmed by the customer.
pub const CONFIRMED: u64 = 6602;
/// Called off.
pub const CANCELLED: u64 = 6605;

impl Default for Setup {
    fn default() -> Self {
        Self {
            statuses: vec![
                (NEW, "Nowe zamówienia"),
                (CONFIRMED, "Potwierdzone"),
                (6603, "Do wysłania"),
                (6604, "Wysłane"),
                (CANCELLED, "Anulowane"),
            ],
            journal: true,
            limit: None,
            forbidden: Vec::new(),
        }
    }
}

/// A running account.
pub type BaseDouble = Double<Shelf>;

/// Opens an account on a free port of the loopback.
///
/// # Errors
/// As [`Double::start`].
pub async fn start(setup: Setup) -> io::Result<BaseDouble> {
    Double::start(false, Shelf::new(setup)).await
}
