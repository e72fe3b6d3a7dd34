//! The rules of a contact centre: what may happen, in which order, and what follows.
//! No I/O, no clock, no randomness: time and chance are passed in.

pub mod id;
pub mod money;
pub mod operation;
pub mod order;
