//! Days that never were: five desks and a shop, with lost, late and doubled requests, crashes at
//! every await, full disks and clocks that jump. The desks run the product's own machines
//! ([`sync::courier`], [`sync::outbox`], [`sync::changes`], [`rules::merge`]); at the end of each day
//! an oracle reads from the shop's shelves what has become of every result.
//!
//! One seed is one day, always the same: a failing one is replayed and becomes a test.

mod chance;
mod connector;
mod day;
mod oracle;
mod plan;
mod trace;
mod world;

pub use day::{Verdict, Wish, live};
pub use oracle::{Finding, Wrong};
pub use plan::{Break, Side};
