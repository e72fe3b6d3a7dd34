//! The rules of a contact centre: what may happen, in which order, and what follows.
//! No I/O, no clock, no randomness: time and chance are passed in.

pub mod call;
pub mod disposition;
pub mod edit;
pub mod id;
pub mod merge;
pub mod money;
pub mod operation;
pub mod order;
pub mod phone;
pub mod queue;
pub mod retry;
pub mod role;
pub mod script;
pub mod status;
