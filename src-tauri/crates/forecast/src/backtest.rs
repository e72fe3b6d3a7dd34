//! What each method would have said on earlier Mondays, so to speak: each week back from the origin,
//! with no more than was known then.

use crate::grid::Grid;
use crate::method::{Method, Past};
use crate::special::SpecialDays;

/// One earlier origin: what each method said and what came.
pub(crate) struct Trial {
    /// What came, day after day; NaN where nothing is to be judged.
    pub(crate) came: Vec<f64>,
    /// How much each cell counts.
    pub(crate) weights: Vec<f64>,
    /// By method, in the order of the methods given.
    pub(crate) said: Vec<Vec<f64>>,
}

/// The longest horizon tried, in weeks back from the origin.
const MOST_TRIALS: usize = 12;
/// A method needs a week to speak at all.
const LEAST_PAST: usize = 7;

/// Runs the methods from up to twelve earlier origins, a week apart, newest first.
pub(crate) fn trials(
    raw: &Grid,
    normal: &Grid,
    special: &SpecialDays,
    methods: &[Method],
    days: usize,
    borrowed: Option<&[f64]>,
) -> Vec<Trial> {
    let end = normal.days();
    (1..=MOST_TRIALS)
        .filter_map(|weeks| end.checked_sub(7 * weeks))
        .take_while(|origin| *origin >= LEAST_PAST)
        .map(|origin| {
            let days = days.min(end - origin);
            let past = Past::new(raw, normal, special, borrowed, origin, days);
            let cells = origin * normal.slots..(origin + days) * normal.slots;
            Trial {
                came: normal
                    .values
                    .get(cells.clone())
                    .unwrap_or_default()
                    .to_vec(),
                weights: if normal.weights.is_empty() {
                    vec![1.0; days * normal.slots]
                } else {
                    normal.weights.get(cells).unwrap_or_default().to_vec()
                },
                said: said(&past, methods),
            }
        })
        .collect()
}

/// What each method says; where one knows nothing it says what the others say on the mean.
pub(crate) fn said(past: &Past<'_>, methods: &[Method]) -> Vec<Vec<f64>> {
    let mut said: Vec<Vec<f64>> = methods.iter().map(|method| past.by(*method)).collect();
    for cell in 0..past.days * past.normal.slots {
        let (mut sum, mut count) = (0.0, 0.0);
        for value in said.iter().filter_map(|values| values.get(cell)) {
            if value.is_finite() {
                sum += value;
                count += 1.0;
            }
        }
        for value in said.iter_mut().filter_map(|values| values.get_mut(cell)) {
            if !value.is_finite() && count > 0.0 {
                *value = sum / count;
            }
        }
    }
    said
}

/// Weighted absolute percentage error: the sum of errors over the sum of what came. NaN for nothing.
pub(crate) fn wape<'a>(cells: impl Iterator<Item = (&'a f64, &'a f64, &'a f64)>) -> f64 {
    let (mut off, mut came) = (0.0, 0.0);
    for (value, said, weight) in cells {
        if value.is_finite() && said.is_finite() {
            off += (value - said).abs() * weight;
            came += value * weight;
        }
    }
    if came > 0.0 { off / came } else { f64::NAN }
}
