//! How much each method has to say: the better its trials, the more, and never less than nothing.

use crate::backtest::{Trial, wape};

/// How sharply a worse error costs weight.
const SHARPNESS: f64 = 8.0;
/// Part of the weight that is spread evenly, since few trials say little about who is best.
const EVEN: f64 = 0.15;

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

/// Weights that sum to 1.
pub(crate) fn weights(errors: &[f64]) -> Vec<f64> {
    #[expect(clippy::cast_precision_loss, reason = "a handful of methods")]
    let even = 1.0 / errors.len().max(1) as f64;
    let best = errors.iter().copied().fold(f64::INFINITY, f64::min);
    if !best.is_finite() || best <= 0.0 {
        return vec![even; errors.len()];
    }
    let raw: Vec<f64> = errors
        .iter()
        .map(|error| (best / error).powf(SHARPNESS))
        .map(|share| if share.is_finite() { share } else { 0.0 })
        .collect();
    let sum: f64 = raw.iter().sum();
    raw.iter()
        .map(|share| (1.0 - EVEN) * share / sum + EVEN * even)
        .collect()
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
