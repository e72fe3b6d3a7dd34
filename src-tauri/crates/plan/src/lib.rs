//! The load by weekday and hour, its history, the running day against its plan, and hours by what they
//! are paid for.

pub mod day;
pub mod history;
pub mod holiday;
pub mod language;
pub mod load;
pub mod multi_skill;
pub mod outlook;
pub mod pay;
pub mod report;
pub mod shares;
