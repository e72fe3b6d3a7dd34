//! The level that days stand on, as logarithms, and where it points.

use crate::profile;
use crate::ridge::{self, Penalty, Row};

/// Exponentially weighted mean of what is left unexplained, oldest first; unseen days are passed over.
pub(crate) fn ewma(rest: &[f64], share: f64) -> f64 {
    rest.iter()
        .filter(|rest| rest.is_finite())
        .fold(0.0, |level, rest| level + share * (rest - level))
}

/// A day that is further off the level than this many robust standard deviations counts as so far off.
const BEND: f64 = 1.5;
/// Days that tell the deviation.
const USUAL_DAYS: usize = 112;

/// As [`ewma`], hardly moved by single odd days (Gelper, Fried and Croux 2010): for levels that are to
/// stand still rather than to follow.
pub(crate) fn steady(rest: &[f64], share: f64) -> f64 {
    let mut sizes: Vec<f64> = rest
        .iter()
        .rev()
        .take(USUAL_DAYS)
        .filter(|rest| rest.is_finite())
        .map(|rest| rest.abs())
        .collect();
    let most = BEND * profile::DEVIATIONS * profile::middle(&mut sizes);
    if most.is_nan() || most <= 0.0 {
        return ewma(rest, share);
    }
    rest.iter()
        .filter(|rest| rest.is_finite())
        .fold(0.0, |level, rest| {
            level + share * (rest - level).clamp(-most, most)
        })
}

/// Days that the trend is read from.
const WINDOW: usize = 56;
/// Each day ahead, the slope is worth this much of the day before.
const DAMPING: f64 = 0.98;
/// Prior standard deviation of the slope over the window, as a logarithm.
const SLOPE_SPREAD: f64 = 0.3;

/// The level of each of the `days` to come, by a robust straight line through the last eight weeks
/// whose slope fades.
pub(crate) fn trend(slow: &[f64], rest: &[f64], days: usize) -> Vec<f64> {
    let rest_days = rest.len();
    let from = rest_days.saturating_sub(WINDOW);
    #[expect(clippy::cast_precision_loss, reason = "at most 56")]
    let rows: Vec<Row> = rest
        .iter()
        .zip(slow)
        .enumerate()
        .skip(from)
        .filter(|(_, (rest, _))| rest.is_finite())
        .map(|(day, (rest, slow))| Row {
            // From -1 at the window's beginning to 0 on the last day.
            cells: vec![
                (0, 1.0),
                (1, -((rest_days - 1 - day) as f64) / WINDOW as f64),
            ],
            value: slow + rest,
            doubtful: true,
        })
        .collect();
    let penalty = Penalty {
        spreads: vec![10.0, SLOPE_SPREAD],
        steps: Vec::new(),
    };
    let (coefficients, _) = ridge::fit(&rows, &penalty, 0.01);
    let level = coefficients.first().copied().unwrap_or(0.0);
    #[expect(clippy::cast_precision_loss, reason = "56")]
    let slope = coefficients.get(1).copied().unwrap_or(0.0) / WINDOW as f64;
    let mut gained = 0.0;
    let mut step = slope;
    (0..days)
        .map(|_| {
            gained += step;
            step *= DAMPING;
            level + gained
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_odd_day_hardly_moves_a_steady_level() {
        let mut rest: Vec<f64> = (0..100)
            .map(|day| if day % 2 == 0 { 0.02 } else { -0.02 })
            .collect();
        rest.push(-1.0);
        assert!(ewma(&rest, 0.1) < -0.09);
        assert!(steady(&rest, 0.1).abs() < 0.01, "{}", steady(&rest, 0.1));
    }
}
