//! How far off the forecast has been, and so how far off it may be: for slots and for whole days, whose
//! errors do not cancel out since a busy day is busy in every slot.
//!
//! The errors are those of the rolling backtest itself, brought to one scale by how errors grow with
//! the mean (chance like its root, a wrong level like the mean itself) and with the weeks ahead; the
//! bounds are their empirical quantiles, as in split conformal prediction.

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
}

/// How errors are spread.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    /// Variance per mean, and per mean squared.
    chance: f64,
    level: f64,
    /// Factor on the scale by weeks ahead; does not fall.
    weeks: Vec<f64>,
    /// Errors on one scale, in ascending order.
    errors: Vec<f64>,
}

/// Groups of means of about equal size that tell how errors grow with the mean.
const GROUPS: usize = 8;
/// The weights were chosen on the same weeks on which the errors were measured.
const CAUTION: f64 = 1.02;
/// Values of a week ahead that weigh as much as the weeks before it.
const ENOUGH: f64 = 200.0;
/// Distance of the quantiles at 10 and 90 % of a normal distribution, in standard deviations.
const NORMAL_80: f64 = 2.0 * 1.281_551_565_5;

/// A standard deviation that leaves the outermost tenths aside.
fn scale(errors: &mut [f64]) -> f64 {
    (quantile(errors, 0.9) - sorted_quantile(errors, 0.1)) / NORMAL_80
}

impl Spread {
    pub(crate) fn learn(mut misses: Vec<Miss>) -> Self {
        misses.retain(|miss| miss.off.is_finite() && miss.said > 0.0);
        misses.sort_by(|a, b| a.said.total_cmp(&b.said));
        let (chance, level) = growth(&misses);
        let mut spread = Self {
            chance,
            level,
            weeks: Vec::new(),
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
        spread.errors = misses
            .iter()
            .map(|miss| CAUTION * miss.off / (spread.unit(miss.said) * spread.week(miss.week)))
            .filter(|error| error.is_finite())
            .collect();
        spread.errors.sort_by(f64::total_cmp);
        spread
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
        let own = self.unit(mean) * self.week(week);
        let unit = own.hypot(doubt * mean);
        let bound = |share: f64| {
            let error = sorted_quantile(&self.errors, share);
            let error = if error.is_finite() { error } else { 0.0 };
            (mean + error * unit).max(0.0)
        };
        let (low80, high80) = (bound(0.1).min(mean), bound(0.9).max(mean));
        Estimate {
            mean,
            low80,
            high80,
            low95: bound(0.025).min(low80),
            high95: bound(0.975).max(high80),
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
        .filter(|(mean, ratio)| mean.is_finite() && ratio.is_finite())
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
                }
            })
            .collect();
        let spread = Spread::learn(misses);
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
                }
            })
            .collect();
        let spread = Spread::learn(misses);
        let near = spread.around(100.0, 0, 0.0);
        let far = spread.around(100.0, 1, 0.0);
        let beyond = spread.around(100.0, 9, 0.0);
        assert!(far.high80 - far.low80 > 2.0 * (near.high80 - near.low80));
        assert!(beyond.high80 >= far.high80);
    }
}
