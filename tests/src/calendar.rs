//! Days as the programs under test see them: they go by the computer's clock.

use chrono::{DateTime, Datelike, Days, NaiveDate, Utc};
use std::time::SystemTime;

/// Today.
#[expect(
    clippy::disallowed_methods,
    reason = "the programs under test read the computer's clock"
)]
pub fn today() -> NaiveDate {
    DateTime::<Utc>::from(SystemTime::now()).date_naive()
}

/// The Monday after today.
pub fn next_monday() -> NaiveDate {
    today() + Days::new(7 - u64::from(today().weekday().num_days_from_monday()))
}
