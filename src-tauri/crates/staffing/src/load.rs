//! The load as it really comes: later than its calls, and more or less than was forecast.

use crate::measures::{Measures, Queue};
use crate::target::{Requirement, Target, Unreachable};
use serde::{Deserialize, Serialize};
use specta::Type;

/// Calls expected in one interval.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Offered {
    /// How many.
    pub calls: f64,
    /// How long each of them keeps an agent on average, in seconds.
    pub aht_s: f64,
}

/// The handle time taken where none is given: it then belongs to no call.
const SOME_AHT_S: f64 = 180.0;

impl Offered {
    /// Calls per second of an interval; 0 for what is no number of calls.
    pub(crate) fn rate(&self, interval_s: f64) -> f64 {
        let rate = self.calls / interval_s;
        if rate > 0.0 && rate.is_finite() {
            rate
        } else {
            0.0
        }
    }

    /// The handle time, or the one before where this is none.
    pub(crate) fn aht_after(&self, before: Option<f64>) -> f64 {
        if self.aht_s > 0.0 && self.aht_s.is_finite() {
            self.aht_s
        } else {
            before.unwrap_or(SOME_AHT_S)
        }
    }
}

/// The mean load in erlangs of each interval, when calls last into the next one.
///
/// Calls per interval times handle time is what a load would settle at. At a steep ramp it lags behind,
/// and after a peak it stays; with calls of five minutes in intervals of fifteen that is agents in the
/// wrong place. This is the mean number of busy agents if everyone were answered at once (Jennings,
/// Mandelbaum, Massey and Whitt, 1996), exact for exponential handle times: to staff each interval for
/// it, put it in [`Queue::with_load`]. `busy` calls are in progress when the first interval begins.
pub fn lagged(offered: &[Offered], interval_s: f64, busy: f64) -> Vec<f64> {
    let mut busy = busy.max(0.0);
    let mut aht_s = None;
    offered
        .iter()
        .map(|interval| {
            let aht = interval.aht_after(aht_s);
            aht_s = Some(aht);
            let settled = interval.rate(interval_s) * aht;
            let handled = interval_s / aht;
            let moved = -libm::expm1(-handled);
            let mean = settled + (busy - settled) * moved / handled;
            busy += (settled - busy) * moved;
            mean
        })
        .collect()
}

/// How far a day's calls may lie from what was expected: by a log-normal factor with mean 1.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Swing {
    /// The standard deviation of the factor's logarithm; 0.1 is about ten per cent.
    pub deviation: f64,
}

impl Swing {
    /// The factor of a day that lies `normal` deviations above the middle one.
    pub fn factor(self, normal: f64) -> f64 {
        let deviation = self.proper();
        libm::exp(deviation * (normal - deviation / 2.0))
    }

    fn proper(self) -> f64 {
        if self.deviation > 0.0 {
            self.deviation.min(3.0)
        } else {
            0.0
        }
    }

    /// The factor that a `share` of days stays below; to staff for it is to keep the target on so many
    /// days. Shares beyond 1e-9 from either end count as that far.
    pub fn quantile(self, share: f64) -> f64 {
        let share = share.clamp(1e-9, 1.0 - 1e-9);
        let below = |normal: f64| libm::erfc(-normal / std::f64::consts::SQRT_2) / 2.0;
        let (mut low, mut high) = (-7.0, 7.0);
        for _ in 0..60 {
            let middle = f64::midpoint(low, high);
            if below(middle) < share {
                low = middle;
            } else {
                high = middle;
            }
        }
        self.factor(f64::midpoint(low, high))
    }

    /// Factors and their weights, which add up to 1: a mean over them is one over all days.
    ///
    /// So many `steps` of so many deviations to either side, under the normal curve: for functions as
    /// smooth as these, equal steps are as good as any rule.
    pub(crate) fn days(self, steps: i32, step: f64) -> Vec<(f64, f64)> {
        if self.proper() <= 0.0 {
            return vec![(1.0, 1.0)];
        }
        let normals = || (-steps..=steps).map(|place| f64::from(place) * step);
        let weight = |normal: f64| libm::exp(-normal * normal / 2.0);
        let total: f64 = normals().map(weight).sum();
        let mean: f64 = normals()
            .map(|normal| weight(normal) / total * self.factor(normal))
            .sum();
        normals()
            .map(|normal| (self.factor(normal) / mean, weight(normal) / total))
            .collect()
    }
}

impl Queue {
    /// The mean over busier and calmer days: shares are of the calls of all days, so that busy days
    /// count for more; a mean wait is none where it has no end on some of them, and `stable` says so.
    pub fn measures_under(&self, agents: u32, threshold_s: f64, swing: Swing) -> Measures {
        let days: Vec<(f64, f64, Measures)> = swing
            .days(4, 1.0)
            .into_iter()
            .map(|(factor, weight)| {
                let day = self.scaled(factor).measures(agents, threshold_s);
                (factor, weight, day)
            })
            .collect();
        let mean = |part: fn(&Measures) -> f64| -> f64 {
            days.iter().map(|(_, weight, day)| weight * part(day)).sum()
        };
        let of = |part: fn(&Measures) -> f64, of: fn(&Measures) -> f64| {
            let (mut parts, mut all) = (0.0, 0.0);
            for (factor, weight, day) in &days {
                all += weight * factor * of(day);
                parts += weight * factor * of(day) * part(day);
            }
            if all > 0.0 { parts / all } else { parts }
        };
        let some = |part: fn(&Measures) -> Option<f64>, of: fn(&Measures) -> f64| {
            let (mut parts, mut all) = (0.0, 0.0);
            for (factor, weight, day) in &days {
                all += weight * factor * of(day);
                parts += weight * factor * of(day) * part(day)?;
            }
            (all > 0.0).then(|| parts / all)
        };
        let answered = |day: &Measures| 1.0 - day.abandonment;
        Measures {
            agents,
            load: self.load(),
            stable: days.iter().all(|(_, _, day)| day.stable),
            waiting: of(|day| day.waiting, |_| 1.0),
            of_offered: of(|day| day.of_offered, |_| 1.0),
            of_answered: of(|day| day.of_answered, answered),
            without_short_abandons: of(
                |day| day.without_short_abandons,
                |day| {
                    // What is left of the calls without the short abandons.
                    if day.without_short_abandons > 0.0 {
                        day.of_offered / day.without_short_abandons
                    } else {
                        1.0
                    }
                },
            ),
            asa_s: some(|day| day.asa_s, answered),
            wait_s: some(|day| day.wait_s, |_| 1.0),
            abandonment: of(|day| day.abandonment, |_| 1.0),
            occupancy: mean(|day| day.occupancy),
            queue: days
                .iter()
                .try_fold(0.0, |sum, (_, weight, day)| Some(sum + weight * day.queue?)),
        }
    }

    /// As [`Queue::required`], with the service level, the average speed of answer and abandonment kept
    /// on the mean over busier and calmer days.
    pub fn required_under(
        &self,
        target: &Target,
        swing: Swing,
    ) -> Result<Requirement, Unreachable> {
        self.required_by(target, |agents, threshold_s| {
            self.measures_under(agents, threshold_s, swing)
        })
    }
}
