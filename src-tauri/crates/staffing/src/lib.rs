//! How many people a load of calls needs, and how long callers wait when there are fewer.
//!
//! No I/O, no clock, no randomness of its own: loads, people and seeds are passed in.

pub mod erlang;
mod measures;
mod shrinkage;
mod target;

pub use measures::{Measures, OutOfRange, Queue, ServiceLevel};
pub use shrinkage::{Shrinkage, ShrinkageKind, ShrinkageShare};
pub use target::{Bound, Requirement, ServiceLevelTarget, Target, Unreachable};

#[cfg(test)]
mod tests;
