//! How many people a load of calls needs, and how long callers wait when there are fewer.
//!
//! No I/O, no clock, no randomness of its own: loads, people and seeds are passed in.

mod counts;
mod deferred;
pub mod erlang;
mod load;
mod measures;
mod predict;
mod presence;
mod shrinkage;
pub mod simulation;
mod target;

pub use counts::Counts;
pub use deferred::{Batch, Deferred, Room, deferred};
pub use load::{Offered, Swing, lagged};
pub use measures::{Measures, OutOfRange, Queue, ServiceLevel};
pub use predict::{Day, predict, predict_under};
pub use presence::{Presence, Span};
pub use shrinkage::{Shrinkage, ShrinkageKind, ShrinkageShare};
pub use target::{Bound, Requirement, ServiceLevelTarget, Target, Unreachable};

// The days that tests and the example share name the crate as both can.
#[cfg(test)]
extern crate self as staffing;
#[cfg(test)]
mod tests;
