//! The day as it runs: the rest of it forecast anew, and the limits beyond which someone should look.

use crate::forecast::{Estimate, Forecast, ForecastError};
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// The rest of a day, with what has come so far taken into account.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Intraday {
    /// The local date.
    #[specta(type = String)]
    pub date: NaiveDate,
    /// The first slot that has not ended.
    pub now: u32,
    /// The factor on what was forecast for the rest of the day.
    pub factor: f64,
    /// What has come before `now`.
    pub came: f64,
    /// What was forecast for the slots that were observed before `now`.
    pub expected: f64,
    /// All slots of the day; before `now` as they were forecast, from then on anew.
    pub slots: Vec<Option<Estimate>>,
    /// The whole day: what came and what is to come.
    pub day: Estimate,
}

/// Forecasts the rest of `date` anew at the beginning of slot `now`.
///
/// `actual` holds what came, slot by slot; from `now` on it is not read. The forecast's own day-level
/// error says how much the day as such may be off; chance in the slots so far says how sure one can
/// be of it by now. The factor is the ratio so far, drawn towards 1 by these two variances.
///
/// # Errors
/// [`ForecastError::NotForecast`] when the day is not part of the forecast.
pub fn reforecast(
    forecast: &Forecast,
    date: NaiveDate,
    actual: &[Option<f64>],
    now: usize,
) -> Result<Intraday, ForecastError> {
    let slots = forecast
        .day_slots(date)
        .ok_or(ForecastError::NotForecast(date))?;
    let whole = forecast
        .day(date)
        .ok_or(ForecastError::NotForecast(date))?
        .total;
    let (mut came, mut expected, mut noise) = (0.0, 0.0, 0.0);
    for (estimate, actual) in slots.iter().zip(actual).take(now) {
        if let (Some(estimate), Some(actual)) = (estimate, actual) {
            came += actual;
            expected += estimate.mean;
            noise += deviation(estimate).powi(2);
        }
    }
    // Relative variances: of the day as a whole, and of the part seen if the day were as forecast.
    let day = relative(deviation(&whole), whole.mean).powi(2);
    let seen = relative(noise.sqrt(), expected).powi(2);
    let trust = if expected > 0.0 && day > 0.0 {
        day / (day + seen)
    } else {
        0.0
    };
    let ratio = if expected > 0.0 { came / expected } else { 1.0 };
    let factor = 1.0 + trust * (ratio - 1.0);

    let left: f64 = slots.iter().skip(now).flatten().map(|slot| slot.mean).sum();
    // The part of the day-level error that is still unknown.
    let unknown = (1.0 - trust).sqrt();
    let again: Vec<Option<Estimate>> = slots
        .iter()
        .enumerate()
        .map(|(slot, estimate)| {
            estimate.map(|estimate| {
                if slot < now {
                    return estimate;
                }
                let own = relative(deviation(&estimate), estimate.mean).powi(2);
                let kept = if own > 0.0 {
                    ((own - day * trust).max(0.25 * own) / own).sqrt()
                } else {
                    1.0
                };
                scaled(&estimate, factor, kept.min(1.0))
            })
        })
        .collect();
    let share = relative(left, whole.mean).min(1.0);
    let rest = scaled(&whole, factor * share, unknown.max(0.25));
    let day = Estimate {
        mean: came + rest.mean,
        low80: came + rest.low80,
        high80: came + rest.high80,
        low95: came + rest.low95,
        high95: came + rest.high95,
    };
    Ok(Intraday {
        date,
        now: u32::try_from(now).unwrap_or(u32::MAX),
        factor,
        came,
        expected,
        slots: again,
        day,
    })
}

/// A standard deviation that the 80 % interval stands for, were it normal.
fn deviation(estimate: &Estimate) -> f64 {
    (estimate.high80 - estimate.low80) / (2.0 * 1.281_551_565_5)
}

fn relative(part: f64, whole: f64) -> f64 {
    if whole > 0.0 { part / whole } else { 0.0 }
}

/// The mean times `factor`, and the distances of the bounds times `factor` and `kept`.
fn scaled(estimate: &Estimate, factor: f64, kept: f64) -> Estimate {
    let mean = estimate.mean * factor;
    let bound = |value: f64| (mean + (value - estimate.mean) * factor * kept).max(0.0);
    Estimate {
        mean,
        low80: bound(estimate.low80),
        high80: bound(estimate.high80),
        low95: bound(estimate.low95),
        high95: bound(estimate.high95),
    }
}

/// How far off things may be before someone should look, as shares.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Limits {
    /// The day so far.
    pub day: f64,
    /// The busiest slot, an hour wide at most, that has ended.
    pub peak_hour: f64,
    /// The handle time so far.
    pub handle_time: f64,
}

impl Default for Limits {
    /// 5 %, 8 % and 3 %, as is usual in the trade.
    fn default() -> Self {
        Self {
            day: 0.05,
            peak_hour: 0.08,
            handle_time: 0.03,
        }
    }
}

/// Something is farther off than its limit.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum Alarm {
    /// The volume of the day so far.
    Day {
        /// Forecast for what has passed.
        expected: f64,
        /// What came.
        came: f64,
        /// By how much it is off, as a share of the forecast; negative is less.
        off: f64,
    },
    /// The volume of the busiest hour that has passed.
    PeakHour {
        /// First slot of that hour.
        slot: u32,
        /// Forecast for it.
        expected: f64,
        /// What came.
        came: f64,
        /// By how much it is off, as a share of the forecast; negative is less.
        off: f64,
    },
    /// The mean handle time so far, weighted by calls.
    HandleTime {
        /// Forecast, in the unit of the history.
        expected: f64,
        /// What was measured.
        came: f64,
        /// By how much it is off, as a share of the forecast; negative is less.
        off: f64,
    },
}

/// Which limits the day has left by the beginning of slot `now`.
///
/// `calls` and `handle_time` are what came, slot by slot. Handle times are compared where both a
/// forecast and a measured time are there, weighted by the calls that came.
///
/// # Errors
/// [`ForecastError::NotForecast`] when the day is not part of the forecast of calls.
pub fn alarms(
    volume: &Forecast,
    calls: &[Option<f64>],
    handling: Option<(&Forecast, &[Option<f64>])>,
    date: NaiveDate,
    now: usize,
    limits: Limits,
) -> Result<Vec<Alarm>, ForecastError> {
    let slots = volume
        .day_slots(date)
        .ok_or(ForecastError::NotForecast(date))?;
    let past: Vec<Option<(f64, f64)>> = slots
        .iter()
        .zip(calls)
        .take(now)
        .map(|(estimate, came)| Some((estimate.as_ref()?.mean, (*came)?)))
        .collect();
    let mut alarms = Vec::new();
    let (expected, came) = sums(&past);
    if let Some(off) = beyond(expected, came, limits.day) {
        alarms.push(Alarm::Day {
            expected,
            came,
            off,
        });
    }
    let hour = (slots.len() / 24).max(1);
    let peak = past
        .windows(hour)
        .enumerate()
        .filter(|(_, hour)| hour.iter().all(Option::is_some))
        .map(|(slot, hour)| (slot, sums(hour)))
        .max_by(|a, b| a.1.0.total_cmp(&b.1.0).then(b.0.cmp(&a.0)));
    if let Some((slot, (expected, came))) = peak
        && let Some(off) = beyond(expected, came, limits.peak_hour)
    {
        alarms.push(Alarm::PeakHour {
            slot: u32::try_from(slot).unwrap_or(u32::MAX),
            expected,
            came,
            off,
        });
    }
    if let Some((forecast, measured)) = handling {
        let times = forecast
            .day_slots(date)
            .ok_or(ForecastError::NotForecast(date))?;
        let (mut expected, mut came, mut behind) = (0.0, 0.0, 0.0);
        for ((estimate, time), calls) in times.iter().zip(measured).zip(calls).take(now) {
            if let (Some(estimate), Some(time), Some(calls)) = (estimate, time, calls) {
                expected += estimate.mean * calls;
                came += time * calls;
                behind += calls;
            }
        }
        if behind > 0.0
            && let Some(off) = beyond(expected, came, limits.handle_time)
        {
            alarms.push(Alarm::HandleTime {
                expected: expected / behind,
                came: came / behind,
                off,
            });
        }
    }
    Ok(alarms)
}

fn sums(pairs: &[Option<(f64, f64)>]) -> (f64, f64) {
    pairs
        .iter()
        .flatten()
        .fold((0.0, 0.0), |(a, b), (expected, came)| {
            (a + expected, b + came)
        })
}

/// How far `came` is off, if that is beyond the limit.
fn beyond(expected: f64, came: f64, limit: f64) -> Option<f64> {
    let off = (expected > 0.0).then(|| came / expected - 1.0)?;
    (off.abs() > limit).then_some(off)
}
