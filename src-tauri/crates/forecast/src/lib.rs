//! What is to come: calls and handle times per interval, out of what has been.
//!
//! One [`History`] holds one value per slot of the local day: calls, or a mean handle time with the
//! number of calls behind it. [`forecast()`] lets a small set of plain methods compete on that history
//! itself, week by week as it was known then, weighs them by how well they did, and gives each slot
//! and each day to come a mean with intervals at 80 and 95 %. [`reforecast`] looks again while the day
//! runs, [`alarms`] says when it leaves its limits, [`outliers`] names what stands out of the past.
//!
//! No I/O, no clock, no chance: the same input gives the same forecast to the last bit, and nothing on
//! or after the origin is ever read.

mod backtest;
mod boosted;
mod calendar_effect;
mod combine;
mod correlation;
mod course;
mod forecast;
mod grid;
mod history;
mod interval;
mod intraday;
mod lead;
mod level;
mod method;
mod outlier;
mod profile;
mod ridge;
mod special;
#[cfg(test)]
mod tests;
mod trees;

pub use correlation::{DayError, correlation};
pub use forecast::{
    DayEstimate, Estimate, Explanation, Forecast, ForecastError, Inputs, LeadGain, MAX_DAYS,
    MIN_DAYS, MethodShare, Quantity, Reason, Record, forecast,
};
pub use history::{History, HistoryError, WeekProfile};
pub use intraday::{Alarm, Intraday, Limits, alarms, reforecast};
pub use lead::Lead;
pub use method::Method;
pub use outlier::{Outlier, OutlierKind, outliers};
pub use special::{Family, SpecialDay, SpecialDays};
