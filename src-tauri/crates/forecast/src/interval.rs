//! How far off the forecast has been, and so how far off it may be: for slots and for whole days, whose
//! errors do not cancel out since a busy day is busy in every slot.

use crate::forecast::Estimate;
use crate::profile::sorted_quantile;

/// Errors of earlier forecasts, standardised and in ascending order.
#[derive(Debug, Clone, Default)]
pub(crate) struct Spread {
    errors: Vec<f64>,
}

impl Spread {
    /// Errors as multiples of [`Self::unit`].
    pub(crate) fn new(mut errors: Vec<f64>) -> Self {
        errors.retain(|error| error.is_finite());
        errors.sort_by(f64::total_cmp);
        Self { errors }
    }

    /// The estimate around a mean, whose unit of error is given.
    pub(crate) fn around(&self, mean: f64, unit: f64) -> Estimate {
        let bound = |share: f64| {
            let error = sorted_quantile(&self.errors, share);
            let error = if error.is_finite() { error } else { 0.0 };
            (mean + error * unit).max(0.0)
        };
        Estimate {
            mean,
            low80: bound(0.1).min(mean),
            high80: bound(0.9).max(mean),
            low95: bound(0.025).min(mean),
            high95: bound(0.975).max(mean),
        }
    }
}
