//! The exchange between a desk and a shop as state machines: they take an event, a time and a
//! random number, and give what to do next. No I/O, no clock, no randomness of their own, so that
//! the desk and the simulator run the same code.

pub mod breaker;
pub mod budget;
pub mod changes;
pub mod courier;
pub mod outbox;
pub mod steady;
pub mod sweep;
