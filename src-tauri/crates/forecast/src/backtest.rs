//! What each method would have said one week ago, two weeks ago and so on, with no more than was known
//! then.

use crate::boosted::Boosted;
use crate::grid::Grid;
use crate::lead::{self, Lead};
use crate::method::{Method, Past, YEARS};
use crate::special::SpecialDays;

/// One earlier origin: what each method said and what came.
pub(crate) struct Trial {
    /// What came, day after day; NaN where nothing is to be judged.
    pub(crate) came: Vec<f64>,
    /// How much each cell counts.
    pub(crate) weights: Vec<f64>,
    /// By method, in the order of the methods given.
    pub(crate) said: Vec<Vec<f64>>,
    /// The logarithm by which order intake moves each cell; empty without intake.
    pub(crate) push: Vec<f64>,
}

/// What the forecast and its trials have in common.
pub(crate) struct Setting<'a> {
    /// All that was observed before the origin.
    pub(crate) raw: &'a Grid,
    /// The same without special days and days left out.
    pub(crate) normal: &'a Grid,
    pub(crate) special: &'a SpecialDays,
    pub(crate) lead: Option<Lead<'a>>,
    /// Week of the borrowed profile, Monday first.
    pub(crate) borrowed: Option<&'a [f64]>,
    /// What trees have learned, the newest first.
    pub(crate) boosted: &'a [Boosted],
    pub(crate) methods: &'a [Method],
}

impl Setting<'_> {
    pub(crate) fn past(&self, origin: usize, days: usize) -> Past<'_> {
        let boosted = self
            .boosted
            .iter()
            .find(|boosted| boosted.cutoff() <= origin);
        Past::new(
            self.raw,
            self.normal,
            self.special,
            (self.borrowed, boosted),
            origin,
            days,
        )
    }

    /// Runs the methods from earlier origins a week apart, newest first.
    pub(crate) fn trials(&self, days: usize) -> Vec<Trial> {
        let end = self.normal.days();
        let origins = (1..=MOST_TRIALS)
            .filter_map(|weeks| end.checked_sub(7 * weeks))
            .take_while(|origin| *origin >= LEAST_PAST);
        self.from(origins, days)
    }

    /// Runs the methods from origins around this day of the two years before: which of them did well when
    /// the season turned as it is about to.
    pub(crate) fn years_ago(&self, days: usize) -> Vec<Trial> {
        let end = self.normal.days();
        let origins = YEARS
            .into_iter()
            .flat_map(|year| (year - NEAR..=year + NEAR).step_by(7))
            .filter_map(|back| end.checked_sub(back))
            .filter(|origin| *origin >= LEAST_SEASON_PAST);
        self.from(origins, days)
    }

    fn from(&self, origins: impl Iterator<Item = usize>, days: usize) -> Vec<Trial> {
        let normal = self.normal;
        let end = normal.days();
        origins
            .map(|origin| {
                let days = days.min(end - origin);
                let past = self.past(origin, days);
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
                    said: said(&past, self.methods),
                    push: self.lead.map_or_else(Vec::new, |lead| {
                        // What was expected at that time is not known any more.
                        let lead = Lead {
                            expected: None,
                            ..lead
                        };
                        lead::push(&lead, normal, past.effects(), origin, days)
                    }),
                }
            })
            .collect()
    }
}

/// Earlier origins tried.
const MOST_TRIALS: usize = 26;
/// Days around the same day of a year before from which origins a week apart are tried.
const NEAR: usize = 2 * 7;
/// Days of history that such a trial needs, so that all methods have something to say.
const LEAST_SEASON_PAST: usize = 140;
/// A method needs a week to speak at all.
const LEAST_PAST: usize = 7;

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
