//! How calls are spread over a special day: on a holiday they come later, on an eve hardly after noon.

use crate::grid::{Grid, weekday};
use crate::special::{Family, SpecialDay, SpecialDays};
use std::collections::BTreeMap;
use std::ops::Range;

/// Ordinary days that tell how far off a course is by chance.
const CHANCE_DAYS: usize = 366;
/// A special day gives a slot so many times its share of a usual day at most, and this part at least.
const MOST_COURSE: f64 = 4.0;

/// What came in each slot, and what the usual course of a day at that level would have brought.
struct Course(Vec<(f64, f64)>);

impl Course {
    fn new(slots: usize) -> Self {
        Self(vec![(0.0, 0.0); slots])
    }

    /// Of one day at its level, a logarithm.
    fn of(grid: &Grid, day: usize, usual: &[f64], level: f64) -> Self {
        let level = level.exp();
        let usual = usual.iter().skip(weekday(grid.date(day)) * grid.slots);
        let pairs = grid.row(day).iter().zip(usual).enumerate();
        Self(
            pairs
                .map(|(slot, (came, usual))| {
                    let weight = grid.weight(day, slot);
                    (weight * came, weight * level * usual)
                })
                .map(|pair| {
                    if pair.0.is_finite() && pair.1.is_finite() {
                        pair
                    } else {
                        (0.0, 0.0)
                    }
                })
                .collect(),
        )
    }

    fn add(&mut self, other: &Self) {
        for (sum, value) in self.0.iter_mut().zip(&other.0) {
            sum.0 += value.0;
            sum.1 += value.1;
        }
    }

    /// Squares of what is off against `prior`, each over what was to come, summed.
    fn off(&self, prior: &[f64]) -> f64 {
        self.0
            .iter()
            .zip(prior)
            .map(|((came, usual), prior)| (came, usual * prior))
            .filter(|(_, usual)| *usual > 0.0)
            .map(|(came, usual)| (came - usual).powi(2) / usual)
            .sum()
    }

    /// Each slot's part of its share of a usual day, over the hours around it; as far as this lies
    /// beyond `chance` apart from `prior` (James and Stein 1961), else the prior.
    fn against(&self, prior: &[f64], chance: f64) -> Vec<f64> {
        let kept = (1.0 - chance / self.off(prior)).max(0.0);
        if !kept.is_finite() {
            return prior.to_vec();
        }
        let around = (self.0.len() / 24).max(1);
        prior
            .iter()
            .enumerate()
            .map(|(slot, prior)| {
                let near = self.0.iter().take(slot + around + 1);
                let (came, usual) = near
                    .skip(slot.saturating_sub(around))
                    .fold((0.0, 0.0), |sum, one| (sum.0 + one.0, sum.1 + one.1));
                // One call's worth keeps the nights quiet.
                let seen = (came + prior) / (usual + 1.0);
                (prior + kept * (seen - prior)).clamp(1.0 / MOST_COURSE, MOST_COURSE)
            })
            .collect()
    }
}

/// Days that share a course: of a family, or of one kind in it.
type Like<'a> = (Family, Option<&'a str>);

/// Whose course a day takes on, the wider circle first. The night before one holiday is long and the
/// morning after another slow: days beside holidays go by their own kind alone.
fn alike(special: &SpecialDay) -> impl Iterator<Item = Like<'_>> {
    let family = match special.family {
        Family::Eve | Family::After => None,
        family => Some((family, None)),
    };
    let kind = (special.family, Some(special.kind.as_str()));
    family.into_iter().chain([kind])
}

/// By special day to come: what each of its slots gets more or less than its share of a usual day, as on
/// the days like it that were seen.
pub(crate) fn of_special_days(
    raw: &Grid,
    special: &SpecialDays,
    usual: &[f64],
    ratio: &[f64],
    ahead: Range<usize>,
) -> BTreeMap<usize, Vec<f64>> {
    let slots = raw.slots;
    let to_come: Vec<(usize, &SpecialDay)> = ahead
        .filter_map(|day| Some((day, special.get(raw.date(day))?)))
        .collect();
    if to_come.is_empty() {
        return BTreeMap::new();
    }
    let plain = vec![1.0; slots];
    let mut seen: BTreeMap<Like, Course> = BTreeMap::new();
    // How far days with nothing special are off.
    let (mut chance, mut days) = (0.0, 0.0);
    for (day, level) in ratio.iter().enumerate() {
        if !level.is_finite() {
            continue;
        }
        let course = Course::of(raw, day, usual, *level);
        let Some(special) = special.get(raw.date(day)) else {
            if day + CHANCE_DAYS >= ratio.len() {
                chance += course.off(&plain);
                days += 1.0;
            }
            continue;
        };
        for like in alike(special) {
            seen.entry(like)
                .or_insert_with(|| Course::new(slots))
                .add(&course);
        }
    }
    to_come
        .into_iter()
        .map(|(day, special)| {
            let mut course = plain.clone();
            for like in alike(special) {
                if let Some(seen) = seen.get(&like) {
                    course = seen.against(&course, chance / days);
                }
            }
            // The day as a whole stays what it is.
            let of_weekday = usual.iter().skip(weekday(raw.date(day)) * slots);
            let (mut whole, mut moved) = (0.0, 0.0);
            for (usual, part) in of_weekday.zip(&course) {
                if usual.is_finite() {
                    whole += usual;
                    moved += usual * part;
                }
            }
            if moved > 0.0 {
                for part in &mut course {
                    *part *= whole / moved;
                }
            }
            (day, course)
        })
        .collect()
}
