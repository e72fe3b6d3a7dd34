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

/// Weights that sum to 1, as `prior` does, to which they are drawn.
pub(crate) fn weights(trials: &[Trial], prior: &[f64]) -> Vec<f64> {
    let mut weights = prior.to_vec();
    #[expect(clippy::cast_precision_loss, reason = "a handful of trials")]
    let pull = PULL * (1.0 + FEW / trials.len().max(1) as f64);
    for _ in 0..ROUNDS {
        let errors = products(trials, &weights, prior.len());
        weights = descend(&errors, weights, prior, pull);
    }
    weights
}

/// Sums of products of the methods' errors; cells where the blend is far off count less, as they do in
/// a sum of absolute errors.
fn products(trials: &[Trial], weights: &[f64], methods: usize) -> Vec<Vec<f64>> {
    let mut sums = vec![vec![0.0; methods]; methods];
    let mut share = 1.0;
    let mut offs = vec![0.0; methods];
    for trial in trials {
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
            continue;
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
            for (row, a) in sums.iter_mut().zip(&offs) {
                let scaled = counts * a;
                for (sum, b) in row.iter_mut().zip(&offs) {
                    *sum += scaled * b;
                }
            }
        }
        share *= FADE;
    }
    sums
}

/// Least squares on the simplex by exponentiated gradient (Kivinen and Warmuth 1997).
fn descend(errors: &[Vec<f64>], mut weights: Vec<f64>, prior: &[f64], pull: f64) -> Vec<f64> {
    let own = || {
        let rows = errors.iter().enumerate();
        rows.filter_map(|(method, row)| row.get(method).copied())
    };
    #[expect(clippy::cast_precision_loss, reason = "a handful of methods")]
    let mean = own().sum::<f64>() / prior.len().max(1) as f64;
    if mean <= 0.0 || !mean.is_finite() {
        return weights;
    }
    let pull = pull * own().fold(f64::INFINITY, f64::min) / mean;
    for _ in 0..STEPS {
        let gradient: Vec<f64> = errors
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

/// A factor that takes out of the blend what it was off in the same direction week after week.
///
/// The weekly biases' mean is drawn to nought by its own uncertainty (positive-part James-Stein), with a
/// margin: a chance lean of a few weeks is left alone.
pub(crate) fn calibration(trials: &[Trial], weights: &[f64], week: usize) -> f64 {
    let biases: Vec<f64> = trials
        .iter()
        .filter_map(|trial| {
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
