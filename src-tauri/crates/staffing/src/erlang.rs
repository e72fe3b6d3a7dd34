//! The three formulas that carry Erlang's name, for real loads and up to a hundred thousand people.
//!
//! Time is counted in average handle times here, so that a load in erlangs is the rate of arrivals.

mod a;
mod b;
mod c;

pub use a::{Abandoning, a};
pub use b::b;
pub use c::{Delayed, c};

/// A load that can be computed with: what is negative or not a number is no load at all, and beyond
/// 1e12 erlangs it makes no difference.
fn load_of(load: f64) -> f64 {
    if load > 0.0 { load.min(1e12) } else { 0.0 }
}
