//! How much each method has to say: the weights with which the blend would have been off least on the
//! trials, none below nought, drawn towards weights chosen beforehand since few trials say little.

use crate::backtest::{Trial, wape};

/// Rounds of reweighting that bring least squares near least absolute errors.
const ROUNDS: usize = 4;
/// Pull towards the prior weights, as a share of the best method's mean squared error.
const PULL: f64 = 0.1;
/// With so many trials the pull is twice as strong, with fewer stronger still.
const FEW: f64 = 10.0;
/// Steps of the descent; each costs next to nothing.
const STEPS: usize = 400;
/// A bias within not quite three of its own standard errors is left alone.
const MARGIN: f64 = 8.0;
/// Each week back, a trial counts this much of the one after.
const FADE: f64 = 0.9;
/// A trial in the same season of a year before counts like so many of the newest one.
const SEASON: f64 = 2.0;

/// Each method's error over all trials, as a share of what came.
pub(crate) fn errors(trials: &[Trial], methods: usize) -> Vec<f64> {
    (0..methods)
        .map(|method| {
            wape(trials.iter().flat_map(|trial| {
                let said = trial.said.get(method).map_or(&[][..], Vec::as_slice);
                trial
                    .came
                    .iter()
                    .zip(said)
                    .zip(&trial.weights)
                    .map(|((came, said), weight)| (came, said, weight))
            }))
        })
        .collect()
}

/// Weights that sum to 1, as `prior` does, to which they are drawn, by the last trials and those in the same
/// season of years before; then for each of the last trials the weights had it not been known.
///
/// The latter are to judge the blend by: on the weeks that its weights were chosen on it is off less
/// than it will be.
pub(crate) fn weights(
    trials: &[Trial],
    season: &[Trial],
    prior: &[f64],
) -> (Vec<f64>, Vec<Vec<f64>>) {
    let mut weights = prior.to_vec();
    #[expect(clippy::cast_precision_loss, reason = "a handful of trials")]
    let pull = PULL * (1.0 + FEW / trials.len().max(1) as f64);
    let mut each = Vec::new();
    let mut all = Products::nothing(prior.len());
    for _ in 0..ROUNDS {
        each = Vec::with_capacity(trials.len());
        all = Products::nothing(prior.len());
        let mut share = 1.0;
        for trial in trials {
            let own = Products::of(trial, &weights, share);
            all.add(&own, 1.0);
            each.push(own);
            share *= FADE;
        }
        for trial in season {
            all.add(&Products::of(trial, &weights, SEASON), 1.0);
        }
        weights = all.descend(weights, prior, pull);
    }
    let without = each.iter().map(|own| {
        let mut others = all.clone();
        others.add(own, -1.0);
        others.descend(weights.clone(), prior, pull)
    });
    let without = without.collect();
    (weights, without)
}

/// Sums of products of the methods' errors.
#[derive(Clone)]
struct Products(Vec<Vec<f64>>);

impl Products {
    fn nothing(methods: usize) -> Self {
        Self(vec![vec![0.0; methods]; methods])
    }

    fn add(&mut self, other: &Self, share: f64) {
        for (row, others) in self.0.iter_mut().zip(&other.0) {
            for (sum, value) in row.iter_mut().zip(others) {
                *sum += share * value;
            }
        }
    }

    /// Of one trial that counts for `share`; cells where the blend is far off count less, as they do in
    /// a sum of absolute errors.
    fn of(trial: &Trial, weights: &[f64], share: f64) -> Self {
        let mut sums = Self::nothing(weights.len());
        let mut offs = vec![0.0; weights.len()];
        let blended = blend(&trial.said, weights);
        // An error below this part of the mean one is as good as none.
        let (mut size, mut cells) = (0.0, 0.0);
        for (came, said) in trial.came.iter().zip(&blended) {
            if came.is_finite() && said.is_finite() {
                size += (came - said).abs();
                cells += 1.0;
            }
        }
        if cells <= 0.0 || size <= 0.0 {
            return sums;
        }
        let least = 0.3 * size / cells;
        for (cell, ((came, said), weight)) in trial
            .came
            .iter()
            .zip(&blended)
            .zip(&trial.weights)
            .enumerate()
        {
            if !came.is_finite() || !said.is_finite() {
                continue;
            }
            let counts = share * weight / (came - said).abs().max(least);
            for (off, values) in offs.iter_mut().zip(&trial.said) {
                *off = values.get(cell).copied().unwrap_or(*came) - came;
            }
            for (row, a) in sums.0.iter_mut().zip(&offs) {
                let scaled = counts * a;
                for (sum, b) in row.iter_mut().zip(&offs) {
                    *sum += scaled * b;
                }
            }
        }
        sums
    }

    /// Least squares on the simplex by exponentiated gradient (Kivinen and Warmuth 1997).
    fn descend(&self, mut weights: Vec<f64>, prior: &[f64], pull: f64) -> Vec<f64> {
        let own = || {
            let rows = self.0.iter().enumerate();
            rows.filter_map(|(method, row)| row.get(method).copied())
        };
        #[expect(clippy::cast_precision_loss, reason = "a handful of methods")]
        let mean = own().sum::<f64>() / prior.len().max(1) as f64;
        if mean <= 0.0 || !mean.is_finite() {
            return weights;
        }
        let pull = pull * own().fold(f64::INFINITY, f64::min) / mean;
        for _ in 0..STEPS {
            let gradient: Vec<f64> = self
                .0
                .iter()
                .zip(&weights)
                .zip(prior)
                .map(|((row, own), prior)| {
                    let slope: f64 = row
                        .iter()
                        .zip(&weights)
                        .map(|(sum, weight)| sum * weight)
                        .sum();
                    2.0 * (slope / mean + pull * (own - prior))
                })
                .collect();
            let least = gradient.iter().copied().fold(f64::INFINITY, f64::min);
            let mut sum = 0.0;
            for (weight, slope) in weights.iter_mut().zip(&gradient) {
                *weight *= (-0.5 * (slope - least)).exp();
                sum += *weight;
            }
            for weight in &mut weights {
                *weight /= sum;
            }
        }
        weights
    }
}

/// A factor that takes out of the blend what it was off in the same direction week after week.
///
/// The weekly biases' mean is drawn to nought by its own uncertainty (positive-part James-Stein), with a
/// margin: a chance lean of a few weeks is left alone.
/// As if the trial `skip` were not known.
pub(crate) fn calibration(
    trials: &[Trial],
    skip: Option<usize>,
    weights: &[f64],
    week: usize,
) -> f64 {
    let biases: Vec<f64> = trials
        .iter()
        .enumerate()
        .filter(|(number, _)| Some(*number) != skip)
        .filter_map(|(_, trial)| {
            let blended = blend(&trial.said, weights);
            let (mut came_sum, mut said_sum) = (0.0, 0.0);
            for ((came, said), weight) in trial
                .came
                .iter()
                .zip(&blended)
                .zip(&trial.weights)
                .take(week)
            {
                if came.is_finite() && said.is_finite() {
                    came_sum += came * weight;
                    said_sum += said * weight;
                }
            }
            (came_sum > 0.0 && said_sum > 0.0).then(|| (came_sum / said_sum).ln())
        })
        .collect();
    #[expect(clippy::cast_precision_loss, reason = "a handful of trials")]
    let number = biases.len() as f64;
    if number < 4.0 {
        return 1.0;
    }
    let mean = biases.iter().sum::<f64>() / number;
    let scatter = biases.iter().map(|bias| (bias - mean).powi(2)).sum::<f64>() / (number - 1.0);
    // Neighbouring weeks err alike: half of them are taken as independent.
    let error = scatter / (number / 2.0);
    let kept = (1.0 - MARGIN * error / (mean * mean)).max(0.0);
    if kept.is_finite() {
        (kept * mean).clamp(-0.3, 0.3).exp()
    } else {
        1.0
    }
}

/// The weighted mean of what the methods say, cell by cell.
pub(crate) fn blend(said: &[Vec<f64>], weights: &[f64]) -> Vec<f64> {
    let cells = said.first().map_or(0, Vec::len);
    let mut blended = vec![0.0; cells];
    for (values, weight) in said.iter().zip(weights) {
        for (sum, value) in blended.iter_mut().zip(values) {
            *sum += weight * value;
        }
    }
    blended
}

#[cfg(test)]
mod tests {
    use super::*;

    /// What came is 100; each method is off by a share of it, up in one cell and down in the next.
    fn trial(off: [f64; 2]) -> Trial {
        let said = off.map(|off| {
            let sign = |cell: i32| if cell % 2 == 0 { 1.0 } else { -1.0 };
            (0..14)
                .map(|cell| 100.0 * (1.0 + sign(cell) * off))
                .collect()
        });
        Trial {
            came: vec![100.0; 14],
            weights: vec![1.0; 14],
            said: said.to_vec(),
            push: Vec::new(),
        }
    }

    #[test]
    fn the_season_a_year_ago_tells_whom_to_trust() {
        let trials: Vec<Trial> = (0..8).map(|_| trial([0.05, 0.06])).collect();
        let first = |season: &[Trial]| weights(&trials, season, &[0.5; 2]).0[0];
        let season = [trial([0.5, 0.05]), trial([0.5, 0.05])];
        assert!(first(&[]) > 0.5, "{}", first(&[]));
        assert!(first(&season) < 0.2, "{}", first(&season));
    }

    #[test]
    fn a_trial_is_judged_by_weights_that_do_not_know_it() {
        // The first method was right by chance in one week.
        let mut trials: Vec<Trial> = (0..8).map(|_| trial([0.2, 0.1])).collect();
        trials.push(trial([0.0, 0.9]));
        let (all, without) = weights(&trials, &[], &[0.5; 2]);
        assert_eq!(without.len(), trials.len());
        assert!(without[8][0] < all[0] - 0.1, "{all:?} {:?}", without[8]);
        assert!(without[0][0] > all[0], "{all:?} {:?}", without[0]);
    }
}
