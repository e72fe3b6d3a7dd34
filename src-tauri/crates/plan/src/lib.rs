//! The load by weekday and hour, the running day against its plan, and hours by what they are paid for.

pub mod day;
pub mod load;
pub mod pay;
