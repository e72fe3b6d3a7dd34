//! A method that learns from the whole history at once which of the last weeks, of the recent level and
//! of the time of year to trust at which hour: boosted trees on one row per hour of each past day, as
//! it was seen one week and two weeks ahead. They say how far an hour will lie from what a plain rule
//! makes of it, and see everything as a ratio, so that they hold when all grows or falls.

use crate::grid::{Grid, weekday};
use crate::profile;
use crate::trees::{Example, Trees};
use chrono::Datelike;

/// Rows are hours, however long the slots are.
const HOURS: usize = 24;
/// Days of history at least.
const LEAST_DAYS: usize = 84;
/// It needs so many trials, in days, to be judged by.
const LEAST_TRIALS: usize = 56;
/// It is learned from all days, and for the trials once more without so many of the last.
const ROUND: usize = 70;
/// Older days are not learned from: two years tell the season.
const MOST_DAYS: usize = 730;
/// Weeks that a row looks back on.
const WEEKS: usize = 8;
/// Weeks ahead that are told apart.
const AHEAD: usize = 2;

/// What was learned from the days before `cutoff`.
pub(crate) struct Boosted {
    cutoff: usize,
    trees: Trees,
}

/// Means per hour and day, without gaps where the weeks before can fill them.
struct Hours {
    values: Vec<[f64; HOURS]>,
    /// Mean of a day.
    days: Vec<f64>,
}

impl Hours {
    fn new(normal: &Grid, days: usize) -> Self {
        let part = (normal.slots / HOURS).max(1);
        let mut values: Vec<[f64; HOURS]> = Vec::with_capacity(days);
        for day in 0..days {
            let mut hours = [f64::NAN; HOURS];
            for (hour, value) in hours.iter_mut().enumerate() {
                *value = hour_of(normal, day, hour, part).0;
                if !value.is_finite() {
                    let mut last: Vec<f64> = (1..=WEEKS)
                        .filter_map(|weeks| values.get(day.checked_sub(7 * weeks)?)?.get(hour))
                        .copied()
                        .collect();
                    let middle = profile::middle(&mut last);
                    *value = if middle.is_finite() { middle } else { 0.0 };
                }
            }
            values.push(hours);
        }
        let days = values.iter().map(|hours| mean(hours)).collect();
        Self { values, days }
    }

    /// The mean of the days in a range.
    fn level(&self, from: usize, to: usize) -> f64 {
        mean(self.days.get(from..to).unwrap_or_default())
    }

    /// What was known at `origin` of each hour of the day, which is not farther than 13 weeks from it.
    fn known(&self, normal: &Grid, origin: usize, day: usize) -> Vec<Known> {
        let date = normal.date(day);
        // The last day of the weekday before the origin.
        let mut last = day;
        while last >= origin && last >= 7 {
            last -= 7;
        }
        let weeks = ((day - last) / 7).min(AHEAD);
        let earlier: Vec<&[f64; HOURS]> = (0..WEEKS)
            .filter_map(|weeks| self.values.get(last.checked_sub(7 * weeks)?))
            .collect();
        let level = self.level(origin.saturating_sub(28), origin);
        let levels = [
            self.level(origin.saturating_sub(1), origin),
            self.level(origin.saturating_sub(7), origin),
            self.level(origin.saturating_sub(7), origin.saturating_sub(6)),
        ];
        (0..HOURS)
            .map(|hour| {
                let mut values: Vec<f64> = earlier
                    .iter()
                    .filter_map(|hours| hours.get(hour).copied())
                    .collect();
                let last = values.last().copied().unwrap_or(0.0);
                let weeks_ago: Vec<f64> = (0..4)
                    .map(|week| values.get(week).copied().unwrap_or(last))
                    .collect();
                let (mean, recent) = (mean(&values), mean(&weeks_ago));
                let middle = profile::middle(&mut values);
                let middle = if middle.is_finite() { middle } else { 0.0 };
                #[expect(clippy::cast_precision_loss, reason = "small numbers")]
                let mut columns = vec![
                    hour as f64,
                    weekday(date) as f64,
                    f64::from(date.day()),
                    f64::from(date.ordinal()),
                    weeks as f64,
                    mean,
                    level,
                    ratio(mean, level),
                    ratio(middle, mean),
                ];
                columns.extend(weeks_ago.iter().map(|value| ratio(*value, mean)));
                columns.extend(levels.iter().map(|value| ratio(*value, level)));
                Known {
                    columns,
                    rule: f64::midpoint(recent, middle).max(0.0).sqrt(),
                }
            })
            .collect()
    }
}

/// What was known of an hour.
struct Known {
    /// What the trees may ask for.
    columns: Vec<f64>,
    /// The root of what a plain rule makes of the hour: half the mean of the last four same weekdays,
    /// half the median of the last eight.
    rule: f64,
}

fn mean(values: &[f64]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "at most 24")]
    let number = values.len().max(1) as f64;
    values.iter().sum::<f64>() / number
}

/// The logarithm of a ratio, which holds where nothing came.
fn ratio(a: f64, b: f64) -> f64 {
    ((a + 1.0) / (b + 1.0)).ln()
}

/// The mean of an hour's slots and the calls behind it.
fn hour_of(grid: &Grid, day: usize, hour: usize, part: usize) -> (f64, f64) {
    let (mut sum, mut weights) = (0.0, 0.0);
    for slot in hour * part..(hour + 1) * part {
        let value = grid.at(day, slot);
        if value.is_finite() {
            let weight = grid.weight(day, slot);
            sum += value * weight;
            weights += weight;
        }
    }
    if weights > 0.0 {
        (sum / weights, weights)
    } else {
        (f64::NAN, 0.0)
    }
}

impl Boosted {
    /// What could be learned by the end of the history, and what by a time that most trials lie after; none
    /// where the history is too short to judge it.
    pub(crate) fn rounds(normal: &Grid) -> Vec<Self> {
        let days = normal.days();
        if days < LEAST_DAYS + LEAST_TRIALS {
            return Vec::new();
        }
        let earlier = (days - LEAST_TRIALS).min(days.saturating_sub(ROUND).max(LEAST_DAYS));
        [days, earlier]
            .into_iter()
            .filter_map(|cutoff| Self::learn(normal, cutoff))
            .collect()
    }

    /// The first day that it knows nothing of.
    pub(crate) fn cutoff(&self) -> usize {
        self.cutoff
    }

    /// Learns from the days before `cutoff`; `None` where there are too few.
    fn learn(normal: &Grid, cutoff: usize) -> Option<Self> {
        if cutoff < LEAST_DAYS {
            return None;
        }
        let part = (normal.slots / HOURS).max(1);
        let hours = Hours::new(normal, cutoff);
        let first = (7 * (AHEAD + 4)).max(cutoff.saturating_sub(MOST_DAYS));
        let mut examples = Vec::new();
        for day in first..cutoff {
            if !normal.seen(day) {
                continue;
            }
            for weeks in 0..AHEAD {
                // As from an origin on the weekday of the cutoff.
                let origin = day - (7 - (cutoff - day) % 7) % 7 - 7 * weeks;
                for (hour, known) in hours.known(normal, origin, day).into_iter().enumerate() {
                    let (came, weight) = hour_of(normal, day, hour, part);
                    if came.is_finite() {
                        examples.push(Example {
                            group: day,
                            known: known.columns,
                            came: came.sqrt() - known.rule,
                            weight,
                        });
                    }
                }
            }
        }
        // A call-weighted mean must not make the rows too heavy to be drawn.
        let all: f64 = examples.iter().map(|example| example.weight).sum();
        #[expect(clippy::cast_precision_loss, reason = "thousands")]
        let mean = all / examples.len().max(1) as f64;
        for example in &mut examples {
            example.weight /= mean;
        }
        Trees::grow(&examples).map(|trees| Self { cutoff, trees })
    }

    /// What is to be expected of the days from `origin` on.
    pub(crate) fn forecast(&self, normal: &Grid, origin: usize, days: usize) -> Vec<f64> {
        let slots = normal.slots;
        let part = (slots / HOURS).max(1);
        let hours = Hours::new(normal, origin);
        let mut column = Vec::with_capacity(WEEKS);
        let mut said = Vec::with_capacity(days * slots);
        for day in origin..origin + days {
            for (hour, known) in hours.known(normal, origin, day).iter().enumerate() {
                let root = (known.rule + self.trees.predict(&known.columns)).max(0.0);
                let mean = root * root;
                // Within the hour the slots keep their usual shares.
                let usual: Vec<f64> = (hour * part..(hour + 1) * part)
                    .map(|slot| {
                        normal.column(origin, day, slot, WEEKS, &mut column);
                        profile::mean(&mut column)
                    })
                    .collect();
                let open: Vec<f64> = usual
                    .iter()
                    .copied()
                    .filter(|value| value.is_finite())
                    .collect();
                #[expect(clippy::cast_precision_loss, reason = "at most 4")]
                let middle = open.iter().sum::<f64>() / open.len() as f64;
                said.extend(usual.iter().map(|usual| {
                    if !usual.is_finite() {
                        f64::NAN
                    } else if middle > 0.0 {
                        mean * usual / middle
                    } else {
                        mean
                    }
                }));
            }
        }
        said
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::NaiveDate;

    /// Busy from 8 to 20, twice as busy on Mondays; from `odd` on everything is tenfold.
    fn grid(days: u32, odd: u32) -> Grid {
        let value = |day: u32, slot: u32| {
            let usual = if (8..20).contains(&slot) { 40.0 } else { 4.0 };
            let monday = if day.is_multiple_of(7) { 2.0 } else { 1.0 };
            let tremble = 1.0 + 0.02 * f64::from((day * 31 + slot * 17) % 11);
            usual * monday * tremble * if day >= odd { 10.0 } else { 1.0 }
        };
        Grid {
            first: NaiveDate::from_ymd_opt(2025, 1, 6).unwrap(),
            slots: 24,
            values: (0..days)
                .flat_map(|day| (0..24).map(move |slot| (day, slot)))
                .map(|(day, slot)| value(day, slot))
                .collect(),
            weights: Vec::new(),
        }
    }

    #[test]
    fn says_what_each_weekday_and_hour_is_like() {
        let grid = grid(150, 150);
        let said = Boosted::learn(&grid, 140).unwrap().forecast(&grid, 140, 7);
        for (cell, usual) in [(3, 8.8), (12, 88.0), (24 + 3, 4.4), (24 + 12, 44.0)] {
            assert!(
                (said[cell] / usual - 1.0).abs() < 0.15,
                "{cell}: {}",
                said[cell]
            );
        }
    }

    #[test]
    fn nothing_is_learned_from_what_came_later() {
        let said = |odd| {
            let grid = grid(150, odd);
            let rounds = Boosted::rounds(&grid);
            assert_eq!(rounds[1].cutoff(), 84);
            rounds[1].forecast(&grid, 91, 14)
        };
        assert_eq!(said(150), said(91));
        assert_ne!(said(150), said(80));
    }

    #[test]
    fn a_short_history_teaches_nothing() {
        assert!(Boosted::rounds(&grid(139, 139)).is_empty());
    }
}
