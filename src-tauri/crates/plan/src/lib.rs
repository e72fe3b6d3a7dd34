//! How much work comes and when. No I/O, no clock, no randomness: calls, ranges and zones are passed in.

pub mod history;
pub mod holiday;
pub mod load;
pub mod report;
