//! A line's days to come as they are shown: the model's figures with what people changed, and what
//! came so far.

use super::outlook::{Outlook, weekday};
use crate::view::SpecialKind;
use chrono::{DateTime, Days as Span, NaiveDate, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use forecast::{Estimate, Forecast};
use plan::history::{Work, minutes_passed};
use plan::load::start_of_day;
use std::collections::BTreeMap;
use store::table::forecast::Override;

/// One open interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Slot {
    /// Its start.
    pub(crate) start: DateTime<Utc>,
    /// Minutes after local midnight by the wall clock.
    pub(crate) minute: u32,
    /// The model's own.
    pub(crate) model: f64,
    /// With manual changes.
    pub(crate) calls: Estimate,
    /// Average handle time, seconds.
    pub(crate) aht_s: Option<f64>,
}

/// One local day.
#[derive(Clone, Debug)]
pub(crate) struct Day {
    pub(crate) date: NaiveDate,
    pub(crate) special: Option<SpecialKind>,
    pub(crate) overridden: bool,
    pub(crate) model: f64,
    pub(crate) total: Estimate,
    pub(crate) slots: Vec<Slot>,
}

impl Day {
    /// Mean handle time of the day, seconds, weighted by calls.
    pub(crate) fn aht_s(&self) -> Option<f64> {
        let known = self
            .slots
            .iter()
            .filter_map(|slot| Some((slot.calls.mean, slot.aht_s?)));
        mean_by(known)
    }
}

impl Day {
    /// The same day with what comes besides, in intervals of the same length; of its own chance, since it
    /// is little.
    pub(crate) fn with(mut self, other: &Self) -> Self {
        let mut slots: BTreeMap<u32, Slot> = self
            .slots
            .into_iter()
            .map(|slot| (slot.minute, slot))
            .collect();
        for more in &other.slots {
            let slot = slots.entry(more.minute).or_insert(Slot {
                model: 0.0,
                calls: NOTHING,
                aht_s: None,
                ..*more
            });
            let known = [&*slot, more].into_iter();
            let aht_s = mean_by(known.filter_map(|one| Some((one.calls.mean, one.aht_s?))));
            *slot = Slot {
                model: slot.model + more.model,
                calls: sum([slot.calls, more.calls].iter(), 0.0),
                aht_s,
                ..*slot
            };
        }
        self.slots = slots.into_values().collect();
        self.model += other.model;
        self.total = sum([self.total, other.total].iter(), 0.0);
        self.overridden |= other.overridden;
        self
    }
}

/// A mean of values with weights; the plain mean where all weights are nothing.
pub(crate) fn mean_by(pairs: impl Iterator<Item = (f64, f64)>) -> Option<f64> {
    let (mut sum, mut weights, mut plain, mut count) = (0.0, 0.0, 0.0, 0.0);
    for (weight, value) in pairs {
        sum += weight * value;
        weights += weight;
        plain += value;
        count += 1.0;
    }
    if weights > 0.0 {
        Some(sum / weights)
    } else {
        (count > 0.0).then(|| plain / count)
    }
}

pub(crate) const NOTHING: Estimate = Estimate {
    mean: 0.0,
    low80: 0.0,
    high80: 0.0,
    low95: 0.0,
    high95: 0.0,
};

pub(crate) fn times(estimate: &Estimate, factor: f64) -> Estimate {
    Estimate {
        mean: estimate.mean * factor,
        low80: estimate.low80 * factor,
        high80: estimate.high80 * factor,
        low95: estimate.low95 * factor,
        high95: estimate.high95 * factor,
    }
}

/// Distances of the bounds at 80 and 95 % from the mean, in standard deviations of a normal distribution.
const NORMAL: [f64; 2] = [1.281_551_565_5, 1.959_963_984_5];

/// Estimates together. Means add up, and so do the squares of the distances to the bounds, as far as they
/// are chance; what is beyond the chance of a count moves together as far as `correlation` says.
pub(crate) fn sum<'a>(estimates: impl Iterator<Item = &'a Estimate>, correlation: f64) -> Estimate {
    let mut mean = 0.0;
    // By bound: squares of the distances, sum of what is beyond chance, and its squares.
    let mut reached = [(0.0, 0.0, 0.0); 4];
    for one in estimates {
        mean += one.mean;
        let [at80, at95] = NORMAL;
        let distances = [
            (one.mean - one.low80, at80),
            (one.high80 - one.mean, at80),
            (one.mean - one.low95, at95),
            (one.high95 - one.mean, at95),
        ];
        for (sum, (distance, normal)) in reached.iter_mut().zip(distances) {
            let square = distance * distance;
            let beyond = (square - normal * normal * one.mean).max(0.0);
            sum.0 += square;
            sum.1 += beyond.sqrt();
            sum.2 += beyond;
        }
    }
    let [low80, high80, low95, high95] = reached.map(|(squares, beyond, beyond_squares)| {
        (squares + correlation * (beyond * beyond - beyond_squares).max(0.0)).sqrt()
    });
    Estimate {
        mean,
        low80: (mean - low80).max(0.0),
        high80: mean + high80,
        low95: (mean - low95).max(0.0),
        high95: mean + high95,
    }
}

/// The factor that people set for an interval: of several the last holds.
fn factor(overrides: &[Override], date: NaiveDate, minute: u32) -> Option<f64> {
    overrides
        .iter()
        .rev()
        .find(|change| {
            change.day == date && (change.from_minute..change.until_minute).contains(&minute)
        })
        .map(|change| change.factor)
}

/// The moment a local time of a date begins; none where the clock skips it.
pub(crate) fn moment(date: NaiveDate, minute: u32, zone: Tz) -> Option<DateTime<Utc>> {
    let local = date.and_hms_opt(minute / 60, minute % 60, 0)?;
    Some(
        zone.from_local_datetime(&local)
            .earliest()?
            .with_timezone(&Utc),
    )
}

impl Outlook {
    /// One day to come, manual changes included; none beyond the forecast.
    pub(crate) fn day(&self, date: NaiveDate, overrides: &[Override]) -> Option<Day> {
        let (volume, handling) = self.future.as_ref()?.of(date)?;
        let row = volume.day_slots(date)?;
        let whole = volume.day(date)?.total;
        let handle = handling.and_then(|handling| handling.day_slots(date));
        let usual = handling
            .and_then(|handling| handling.day(date))
            .map(|day| day.total.mean)
            .filter(|mean| *mean > 0.0);
        let mut slots = Vec::new();
        let (mut model, mut changed, mut overridden) = (0.0, 0.0, false);
        for (slot, estimate) in (0..).zip(row) {
            let minute = slot * self.slot_minutes;
            let Some((estimate, start)) = estimate.zip(moment(date, minute, self.zone)) else {
                continue;
            };
            let factor = factor(overrides, date, minute);
            overridden |= factor.is_some();
            let calls = times(&estimate, factor.unwrap_or(1.0));
            model += estimate.mean;
            changed += calls.mean;
            let aht_s = handle
                .and_then(|row| row.get(usize::try_from(slot).ok()?).copied().flatten())
                .map(|estimate| estimate.mean)
                .filter(|mean| *mean > 0.0)
                .or(usual);
            slots.push(Slot {
                start,
                minute,
                model: estimate.mean,
                calls,
                aht_s,
            });
        }
        let share = if model > 0.0 { changed / model } else { 1.0 };
        let mut total = times(&whole, share);
        // A day whose clock skips an hour has no calls in it: the total is that of the intervals shown.
        if whole.mean > 0.0 && model < whole.mean {
            total = times(&total, model / whole.mean);
        }
        Some(Day {
            date,
            special: self.special.get(&date).map(|special| special.kind),
            overridden,
            model,
            total: if slots.is_empty() { NOTHING } else { total },
            slots,
        })
    }

    /// A day that has been, as if it had been forecast to the call: what people were wanted for.
    pub(crate) fn past_day(&self, date: NaiveDate) -> Option<Day> {
        let days = self.days.as_ref()?;
        let row = days.day(date)?;
        let skipped = usize::try_from((date - days.first).num_days()).ok()? * days.slots_per_day();
        let mut slots = Vec::new();
        for (slot, (calls, aht_s)) in (0..).zip(row.iter().zip(days.handle_s.iter().skip(skipped)))
        {
            let minute = slot * days.slot_minutes;
            let (Some(calls), Some(start)) = (calls, moment(date, minute, self.zone)) else {
                continue;
            };
            let exact = Estimate {
                mean: *calls,
                low80: *calls,
                high80: *calls,
                low95: *calls,
                high95: *calls,
            };
            slots.push(Slot {
                start,
                minute,
                model: *calls,
                calls: exact,
                aht_s: *aht_s,
            });
        }
        let usual = mean_by(
            slots
                .iter()
                .filter_map(|slot| Some((slot.calls.mean, slot.aht_s?))),
        );
        for slot in &mut slots {
            slot.aht_s = slot.aht_s.or(usual);
        }
        let model = slots.iter().map(|slot| slot.calls.mean).sum();
        Some(Day {
            date,
            special: self.special.get(&date).map(|special| special.kind),
            overridden: false,
            model,
            total: Estimate {
                mean: model,
                low80: model,
                high80: model,
                low95: model,
                high95: model,
            },
            slots,
        })
    }

    /// Days to come from the first forecast on.
    pub(crate) fn days_ahead(&self, weeks: u32, overrides: &[Override]) -> Vec<Day> {
        let Some(future) = &self.future else {
            return Vec::new();
        };
        (0..u64::from(7 * weeks))
            .map_while(|ahead| self.day(future.first() + Span::new(ahead), overrides))
            .collect()
    }

    /// The forecast of a day with manual changes, as the intraday look takes it.
    pub(crate) fn changed_forecast(
        &self,
        date: NaiveDate,
        overrides: &[Override],
    ) -> Option<Forecast> {
        let (volume, _) = self.future.as_ref()?.of(date)?;
        let day = self.day(date, overrides)?;
        let mut changed = Forecast {
            first: date,
            slots: volume.day_slots(date)?.to_vec(),
            days: vec![volume.day(date)?.clone()],
            ..volume.clone()
        };
        for (slot, estimate) in (0..).zip(&mut changed.slots) {
            let minute = slot * self.slot_minutes;
            *estimate = day
                .slots
                .iter()
                .find(|slot| slot.minute == minute)
                .map(|slot| slot.calls);
        }
        for whole in &mut changed.days {
            whole.total = day.total;
        }
        Some(changed)
    }
}

/// What has come of a running day: calls and handle time per slot until `now`, closed slots included.
#[derive(Clone, Debug)]
pub(crate) struct Running {
    /// Calls per slot that is over; none for one that is not.
    pub(crate) calls: Vec<Option<f64>>,
    /// Mean handle time per slot, seconds.
    pub(crate) handle_s: Vec<Option<f64>>,
    /// The first slot that is not over.
    pub(crate) now: usize,
}

impl Running {
    /// Of work of one local date. `over` is the moment until which everything that came is known.
    pub(crate) fn new(
        work: &[Work],
        date: NaiveDate,
        slot_minutes: u32,
        zone: Tz,
        over: DateTime<Utc>,
    ) -> Self {
        let passed = minutes_passed(date, slot_minutes, zone);
        let slots = passed.len();
        let mut sums = vec![(0_u32, 0_u32, 0.0); slots];
        for one in work {
            let Some(at) = DateTime::<Utc>::from_timestamp(one.start, 0) else {
                continue;
            };
            let local = at.with_timezone(&zone);
            if local.date_naive() != date {
                continue;
            }
            let slot = (local.hour() * 60 + local.minute()) / slot_minutes;
            if let Some(cell) = sums.get_mut(slot as usize) {
                cell.0 += one.calls;
                if let Some(handle_s) = one.handle_s {
                    cell.1 += one.calls;
                    cell.2 += handle_s;
                }
            }
        }
        let local = over.with_timezone(&zone);
        let now = if over <= start_of_day(date, zone) {
            0
        } else if local.date_naive() > date {
            slots
        } else {
            ((local.hour() * 60 + local.minute()) / slot_minutes) as usize
        };
        let (calls, handle_s) = sums
            .into_iter()
            .zip(passed)
            .enumerate()
            .map(|(slot, ((calls, handled, handle_s), passed))| {
                if slot >= now || passed == 0 {
                    return (None, None);
                }
                let rate = f64::from(slot_minutes) / f64::from(passed);
                let mean = (handled > 0).then(|| handle_s / f64::from(handled));
                (Some(f64::from(calls) * rate), mean)
            })
            .unzip();
        Self {
            calls,
            handle_s,
            now,
        }
    }

    /// Calls so far.
    pub(crate) fn total(&self) -> Option<f64> {
        (self.now > 0).then(|| self.calls.iter().flatten().sum())
    }
}

/// Sums by weekday and hour: of days to come, calls and how often the hour is among them.
pub(crate) fn by_hour(days: &[Day]) -> BTreeMap<(usize, u32), Hour> {
    let mut hours: BTreeMap<(usize, u32), Hour> = BTreeMap::new();
    for day in days {
        let mut seen = None;
        for slot in &day.slots {
            let hour = slot.minute / 60;
            let cell = hours.entry((weekday(day.date), hour)).or_default();
            if seen != Some(hour) {
                cell.days += 1.0;
                seen = Some(hour);
            }
            cell.calls += slot.calls.mean;
            cell.handle_s += slot.calls.mean * slot.aht_s.unwrap_or_default();
        }
    }
    hours
}

/// Work of one weekday and hour over several days.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Hour {
    pub(crate) calls: f64,
    pub(crate) handle_s: f64,
    pub(crate) days: f64,
}

impl Hour {
    /// Calls of one such hour.
    pub(crate) fn mean(&self) -> f64 {
        if self.days > 0.0 {
            self.calls / self.days
        } else {
            0.0
        }
    }

    /// Their average handle time, seconds.
    pub(crate) fn aht_s(&self) -> f64 {
        if self.calls > 0.0 {
            self.handle_s / self.calls
        } else {
            0.0
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_goes_together_does_not_level_out() {
        let one = Estimate {
            mean: 400.0,
            low80: 350.0,
            high80: 450.0,
            low95: 320.0,
            high95: 480.0,
        };
        let up = |correlation: f64| sum([one, one].iter(), correlation).high80 - 800.0;
        assert!((up(0.0) - 50.0 * 2_f64.sqrt()).abs() < 1e-9);
        // A count of 400 reaches 25.6 by chance alone, and that levels out.
        let chance = NORMAL[0] * 20.0;
        let beyond = 4.0 * (50.0 * 50.0 - chance * chance);
        let together = (beyond + 2.0 * chance * chance).sqrt();
        assert!((up(1.0) - together).abs() < 1e-9, "{}", up(1.0));
        assert!(up(0.0) < up(0.5) && up(0.5) < up(1.0));
    }
}
