//! How far off the forecast has been, and so how far off it may be: for slots and for whole days, whose
//! errors do not cancel out since a busy day is busy in every slot.
//!
//! The errors are those of the rolling backtest itself, brought to one scale by how errors grow with
//! the mean (chance like its root, a wrong level like the mean itself), with the weeks ahead, and with
//! the unrest of the time: each trial's errors are told in units of those of the weeks before it, as
//! today's bounds are. The bounds are empirical quantiles, as in split conformal prediction.

use crate::forecast::Estimate;
use crate::profile::{quantile, sorted_quantile};

/// One value of the backtest.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Miss {
    /// What the blend said.
    pub(crate) said: f64,
    /// What came, less what was said.
    pub(crate) off: f64,
    /// Whole weeks ahead, from 0.
    pub(crate) week: usize,
    /// Which trial it is of; the newest is 0.
    pub(crate) trial: usize,
}

/// How errors are spread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    /// Variance per mean, and per mean squared.
    chance: f64,
    level: f64,
    /// Factor on the scale by weeks ahead; does not fall.
    weeks: Vec<f64>,
    /// How large errors are lately, over what they are on the mean.
    unrest: f64,
    /// Errors on one scale, in ascending order.
    errors: Vec<f64>,
}

/// Groups of means of about equal size that tell how errors grow with the mean.
const GROUPS: usize = 8;
/// A few weeks' errors seldom show how large they can be.
const CAUTION: f64 = 1.05;
/// Slots of which less than this part of the mean is said tell nothing of errors: nothing comes.
const LEAST_SAID: f64 = 0.01;
/// Each week back, errors tell this much less of how large they are today.
const UNREST_FADE: f64 = 0.4;
/// The mean over all trials counts like so much of the newest one.
const UNREST_DRAW: f64 = 0.2;
/// Trials whose slots' errors make the bounds: older ones tell of other times. Longer horizons need more,
/// and so do whole days, of which a single odd one would else be among the rarest.
pub(crate) const SLOT_TRIALS: usize = 8;
pub(crate) const DAY_TRIALS: usize = 16;
/// Trials before one that tell how large its errors were to be.
const UNREST_TRIALS: usize = 4;
/// Values of a week ahead that weigh as much as the weeks before it.
const ENOUGH: f64 = 200.0;
/// Shares that lie below the lower bound at 80 and at 95 %: a few weeks seldom show the rarest errors, so
/// these are looked for a little farther out.
const BELOW_80: f64 = 0.1;
const BELOW_95: f64 = 0.02;
/// Distance of the quantiles at 10 and 90 % of a normal distribution, in standard deviations.
const NORMAL_80: f64 = 2.0 * 1.281_551_565_5;

/// A standard deviation that leaves the outermost tenths aside.
fn scale(errors: &mut [f64]) -> f64 {
    (quantile(errors, 0.9) - sorted_quantile(errors, 0.1)) / NORMAL_80
}

impl Spread {
    pub(crate) fn learn(mut misses: Vec<Miss>, trials: usize) -> Self {
        misses.retain(|miss| miss.off.is_finite() && miss.said > 0.0);
        #[expect(clippy::cast_precision_loss, reason = "thousands of values")]
        let mean = misses.iter().map(|miss| miss.said).sum::<f64>() / misses.len() as f64;
        misses.retain(|miss| miss.said > LEAST_SAID * mean);
        misses.sort_by(|a, b| a.said.total_cmp(&b.said));
        let (chance, level) = growth(&misses);
        let mut spread = Self {
            chance,
            level,
            weeks: Vec::new(),
            unrest: 1.0,
            errors: Vec::new(),
        };
        let weeks = misses.iter().map(|miss| miss.week + 1).max().unwrap_or(0);
        let mut last = 1.0;
        for week in 0..weeks {
            let mut errors: Vec<f64> = misses
                .iter()
                .filter(|miss| miss.week == week)
                .map(|miss| miss.off / spread.unit(miss.said))
                .filter(|error| error.is_finite())
                .collect();
            #[expect(clippy::cast_precision_loss, reason = "few values")]
            let number = errors.len() as f64;
            let own = scale(&mut errors);
            if own.is_finite() && own > 0.0 {
                let mean = (number * own + ENOUGH * last) / (number + ENOUGH);
                last = if week == 0 { own } else { mean.max(last) };
            }
            spread.weeks.push(last);
        }
        let unrest = spread.unrest(&misses);
        spread.unrest = unrest.first().copied().unwrap_or(1.0);
        spread.errors = misses
            .iter()
            .filter(|miss| miss.trial < trials.max(weeks + 3))
            .filter_map(|miss| {
                let before = unrest.get(miss.trial + 1)?;
                Some(
                    CAUTION * miss.off / (spread.unit(miss.said) * spread.week(miss.week) * before),
                )
            })
            .filter(|error| error.is_finite())
            .collect();
        spread.errors.sort_by(f64::total_cmp);
        spread
    }

    /// How large errors were to be at the origin, then at each trial's, the newest first, over the mean of
    /// all; shorter than the trials where too few lie before.
    fn unrest(&self, misses: &[Miss]) -> Vec<f64> {
        let mut sizes: Vec<(f64, f64)> = Vec::new();
        for miss in misses.iter().filter(|miss| miss.week == 0) {
            let size = (miss.off / self.unit(miss.said)).abs();
            if miss.trial >= sizes.len() {
                sizes.resize(miss.trial + 1, (0.0, 0.0));
            }
            if let Some(sum) = sizes.get_mut(miss.trial)
                && size.is_finite()
            {
                sum.0 += size;
                sum.1 += 1.0;
            }
        }
        // A trial without anything to judge is taken for one like the others.
        let (all, number) = sizes
            .iter()
            .filter(|(_, number)| *number > 0.0)
            .fold((0.0, 0.0), |(all, count), (sum, number)| {
                (all + sum / number, count + 1.0)
            });
        let mean = all / number;
        let sizes: Vec<f64> = sizes
            .iter()
            .map(|(sum, number)| if *number > 0.0 { sum / number } else { mean })
            .collect();
        if sizes.len() < 2 * UNREST_TRIALS || mean.is_nan() || mean <= 0.0 {
            return vec![1.0; sizes.len() + 1];
        }
        (0..=sizes.len() - UNREST_TRIALS)
            .map(|trial| {
                let (mut sum, mut share, mut all) = (UNREST_DRAW * mean, 1.0, UNREST_DRAW);
                for size in sizes.iter().skip(trial) {
                    sum += share * size;
                    all += share;
                    share *= UNREST_FADE;
                }
                sum / all / mean
            })
            .collect()
    }

    fn unit(&self, mean: f64) -> f64 {
        (self.chance * mean + self.level * mean * mean).sqrt()
    }

    fn week(&self, week: usize) -> f64 {
        self.weeks
            .get(week)
            .or(self.weeks.last())
            .copied()
            .unwrap_or(1.0)
    }

    /// The estimate around a mean, so many whole weeks ahead; `doubt` is a further standard deviation
    /// as a share of the mean.
    pub(crate) fn around(&self, mean: f64, week: usize, doubt: f64) -> Estimate {
        let own = self.unit(mean) * self.week(week) * self.unrest;
        let unit = own.hypot(doubt * mean);
        let bound = |share: f64| {
            let error = sorted_quantile(&self.errors, share);
            let error = if error.is_finite() { error } else { 0.0 };
            (mean + error * unit).max(0.0)
        };
        let (low80, high80) = (bound(BELOW_80).min(mean), bound(1.0 - BELOW_80).max(mean));
        Estimate {
            mean,
            low80,
            high80,
            low95: bound(BELOW_95).min(low80),
            high95: bound(1.0 - BELOW_95).max(high80),
        }
    }
}

/// Variance per mean and per mean squared, by least squares over groups of similar means in ascending
/// order; neither is below nought.
fn growth(misses: &[Miss]) -> (f64, f64) {
    let size = misses.len().div_ceil(GROUPS).max(1);
    // variance / mean = chance + level * mean
    let points: Vec<(f64, f64)> = misses
        .chunks(size)
        .filter(|group| group.len() >= 5)
        .map(|group| {
            let mut errors: Vec<f64> = group.iter().map(|miss| miss.off).collect();
            #[expect(clippy::cast_precision_loss, reason = "few values")]
            let mean = group.iter().map(|miss| miss.said).sum::<f64>() / group.len() as f64;
            (mean, scale(&mut errors).powi(2) / mean)
        })
        // Slots that nearly always stay empty tell nothing.
        .filter(|(mean, ratio)| mean.is_finite() && ratio.is_finite() && *ratio > 0.0)
        .collect();
    // Each group's variance is known to about the same share, so groups weigh by its inverse square.
    let (mut w, mut wx, mut wy, mut wxx, mut wxy) = (0.0, 0.0, 0.0, 0.0, 0.0);
    for (x, y) in &points {
        let weight = 1.0 / (y * y).max(1e-12);
        w += weight;
        wx += weight * x;
        wy += weight * y;
        wxx += weight * x * x;
        wxy += weight * x * y;
    }
    let determinant = w * wxx - wx * wx;
    if determinant > 1e-9 * w * wxx {
        let chance = (wxx * wy - wx * wxy) / determinant;
        let level = (w * wxy - wx * wy) / determinant;
        if chance >= 0.0 && level >= 0.0 {
            return (chance, level);
        }
        if chance < 0.0 && wxx > 0.0 {
            return (0.0, wxy / wxx);
        }
    }
    if w > 0.0 {
        (wy / w, 0.0)
    } else {
        // Nothing is known: as if by chance alone.
        (1.0, 0.0)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn noise(n: u32) -> f64 {
        // Evenly spread over -1 to 1, in no order.
        f64::from(n.wrapping_mul(2_654_435_761) >> 8) / f64::from(1_u32 << 23) - 1.0
    }

    #[test]
    fn bounds_hold_for_small_and_large_means() {
        let misses: Vec<Miss> = (0..4000)
            .map(|n| {
                let said = if n % 2 == 0 { 10.0 } else { 1000.0 };
                Miss {
                    said,
                    off: noise(n) * 0.2 * said,
                    week: 0,
                    trial: 0,
                }
            })
            .collect();
        let spread = Spread::learn(misses, SLOT_TRIALS);
        for mean in [10.0, 1000.0] {
            let estimate = spread.around(mean, 0, 0.0);
            // 80 % of a uniform error of ±20 % lie within ±16 %.
            assert!((estimate.high80 / mean - 1.16).abs() < 0.02, "{estimate:?}");
            assert!((estimate.low95 / mean - 0.81).abs() < 0.02, "{estimate:?}");
        }
    }

    #[test]
    fn what_lies_farther_ahead_is_less_sure() {
        let misses: Vec<Miss> = (0..4000)
            .map(|n| {
                let week = (n % 2) as usize;
                Miss {
                    said: 100.0,
                    off: noise(n / 2) * if week == 0 { 5.0 } else { 20.0 },
                    week,
                    trial: 0,
                }
            })
            .collect();
        let spread = Spread::learn(misses, SLOT_TRIALS);
        let near = spread.around(100.0, 0, 0.0);
        let far = spread.around(100.0, 1, 0.0);
        let beyond = spread.around(100.0, 9, 0.0);
        assert!(far.high80 - far.low80 > 2.0 * (near.high80 - near.low80));
        assert!(beyond.high80 >= far.high80);
    }

    #[test]
    fn bounds_are_wider_in_restless_weeks() {
        let wild = |newest: bool| -> Vec<Miss> {
            (0..4000)
                .map(|n| {
                    let trial = (n % 20) as usize;
                    let wild = if newest { trial < 4 } else { trial >= 16 };
                    Miss {
                        said: 100.0,
                        off: noise(n / 20) * if wild { 20.0 } else { 5.0 },
                        week: 0,
                        trial,
                    }
                })
                .collect()
        };
        let width = |newest| {
            let estimate = Spread::learn(wild(newest), SLOT_TRIALS).around(100.0, 0, 0.0);
            estimate.high80 - estimate.low80
        };
        assert!(width(true) > 2.0 * width(false));
    }
}
