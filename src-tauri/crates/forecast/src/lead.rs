//! Order intake as a lead: orders placed now are confirmation calls of known hours to come.
//!
//! A distributed lag on the logarithms: by how much the orders of the same day, of the evening and the
//! morning before, and of the two days before that were above what is usual moves the calls of the
//! day's first and second half. The lags are learned by a robust ridge regression in which none may be
//! below nought: more orders never make fewer calls.

use crate::calendar_effect::DayEffects;
use crate::grid::{Grid, weekday};
use crate::history::History;
use crate::profile;
use crate::ridge::{self, Penalty, Row};
use chrono::{Days, NaiveDate};

/// The shop's orders, in slots as long as those of the calls.
#[derive(Debug, Clone, Copy)]
pub struct Lead<'a> {
    /// Orders placed. Only what lies before the origin is read.
    pub placed: &'a History,
    /// Orders expected from the origin on, such as a forecast of the intake or a campaign's plan.
    /// Without it the last day's deviation from the usual is taken to fade as it did before.
    pub expected: Option<&'a History>,
}

/// Orders of half a day, of a whole one.
const HALVES: usize = 2;
/// Same day; evening and morning of the day before; two and three days before.
const LAGS: usize = 5;
/// Days the lags are learned from.
const WINDOW: usize = 182;
/// Prior standard deviation of a lag's elasticity.
const LAG_SPREAD: f64 = 0.5;
/// A deviation counts for no more than this logarithm.
const MOST: f64 = 1.5;
/// Weeks that say what intake is usual.
const USUAL_WEEKS: usize = 8;

/// The intake as it is known at an origin.
struct Intake<'a> {
    placed: &'a History,
    expected: Option<&'a History>,
    origin: NaiveDate,
}

impl Intake<'_> {
    /// Orders of half a day, NaN where they are not known.
    fn half(&self, date: NaiveDate, half: usize) -> f64 {
        let source = if date < self.origin {
            Some(self.placed)
        } else {
            self.expected
        };
        let Some(source) = source else {
            return f64::NAN;
        };
        let Ok(day) = usize::try_from((date - source.first()).num_days()) else {
            return f64::NAN;
        };
        let width = source.slots_per_day() / HALVES;
        let from = day * source.slots_per_day() + half * width;
        let cells = source.values().get(from..from + width).unwrap_or_default();
        let (sum, count) = cells
            .iter()
            .flatten()
            .fold((0.0, 0_u32), |(sum, count), orders| {
                (sum + orders, count + 1)
            });
        if count > 0 { sum } else { f64::NAN }
    }

    /// How far the orders of these halves of a day are from what is usual, as a logarithm.
    fn deviation(&self, date: NaiveDate, halves: std::ops::Range<usize>) -> f64 {
        let of =
            |date: NaiveDate| -> f64 { halves.clone().map(|half| self.half(date, half)).sum() };
        let orders = of(date);
        if !orders.is_finite() {
            return f64::NAN;
        }
        let mut earlier: Vec<f64> = (1..=2 * USUAL_WEEKS)
            .filter_map(|weeks| date.checked_sub_days(Days::new(7 * weeks as u64)))
            .filter(|date| *date < self.origin)
            .map(of)
            .filter(|orders| orders.is_finite())
            .collect();
        earlier.truncate(USUAL_WEEKS);
        if earlier.len() < 2 {
            return f64::NAN;
        }
        let usual = profile::middle(&mut earlier);
        ((orders + 1.0) / (usual + 1.0)).ln().clamp(-MOST, MOST)
    }
}

/// Deviations of all lags for the days from `from` on.
struct Deviations {
    /// By day: whole day, first half, second half.
    days: Vec<[f64; 3]>,
}

impl Deviations {
    /// Unknown days take the last known one's deviation, fading as it faded before.
    fn new(intake: &Intake<'_>, first: NaiveDate, days: usize) -> Self {
        let mut known: Vec<[f64; 3]> = (0..days)
            .map(|day| {
                let date = first + Days::new(day as u64);
                [
                    intake.deviation(date, 0..HALVES),
                    intake.deviation(date, 0..1),
                    intake.deviation(date, 1..HALVES),
                ]
            })
            .collect();
        let (mut product, mut square) = (0.0, 1e-9);
        for (a, b) in known.iter().zip(known.iter().skip(1)) {
            if a[0].is_finite() && b[0].is_finite() {
                product += a[0] * b[0];
                square += a[0] * a[0];
            }
        }
        let fade = (product / square).clamp(0.0, 0.95);
        let mut last = 0.0;
        for day in &mut known {
            last = if day[0].is_finite() {
                day[0]
            } else {
                last * fade
            };
            for value in day {
                if !value.is_finite() {
                    *value = last;
                }
            }
        }
        Self { days: known }
    }

    fn lags(&self, day: usize) -> [f64; LAGS] {
        let back = |days: usize| {
            day.checked_sub(days)
                .and_then(|day| self.days.get(day))
                .copied()
                .unwrap_or_default()
        };
        [back(0)[0], back(1)[2], back(1)[1], back(2)[0], back(3)[0]]
    }
}

/// By weekday, the first slot of the half in which the later half of the usual calls come.
fn middles(usual: &[f64], slots: usize) -> Vec<usize> {
    usual
        .chunks(slots)
        .map(|day| {
            let known = |value: &f64| if value.is_finite() { *value } else { 0.0 };
            let all: f64 = day.iter().map(known).sum();
            let mut sum = 0.0;
            day.iter()
                .position(|value| {
                    sum += known(value);
                    2.0 * sum >= all
                })
                .map_or(slots / 2, |slot| slot + 1)
        })
        .collect()
}

/// The logarithm by which the intake moves each slot of the days from `origin` on.
pub(crate) fn push(
    lead: &Lead<'_>,
    normal: &Grid,
    effects: &DayEffects,
    origin: usize,
    days: usize,
) -> Vec<f64> {
    let slots = normal.slots;
    let from = origin.saturating_sub(WINDOW);
    let intake = Intake {
        placed: lead.placed,
        expected: lead.expected,
        origin: normal.date(origin),
    };
    let deviations = Deviations::new(&intake, normal.date(from), origin - from + days);
    let middles = middles(&effects.usual, slots);
    let halves: Vec<[f64; LAGS]> = (0..HALVES)
        .map(|half| {
            let rows = rows(normal, effects, &deviations, &middles, from..origin, half);
            not_negative(rows)
        })
        .collect();
    (origin..origin + days)
        .flat_map(|day| {
            let lags = deviations.lags(day - from);
            let pushes: Vec<f64> = halves
                .iter()
                .map(|weights| weights.iter().zip(&lags).map(|(a, b)| a * b).sum())
                .collect();
            let middle = middles
                .get(weekday(normal.date(day)))
                .copied()
                .unwrap_or(slots / 2);
            (0..slots).map(move |slot| {
                pushes
                    .get(usize::from(slot >= middle))
                    .copied()
                    .unwrap_or(0.0)
            })
        })
        .collect()
}

/// One row per past day: how far half of its calls were from what the calendar and the level of the
/// days before said, and the lags.
fn rows(
    normal: &Grid,
    effects: &DayEffects,
    deviations: &Deviations,
    middles: &[usize],
    days: std::ops::Range<usize>,
    half: usize,
) -> Vec<Row> {
    let mut off: Vec<(usize, usize, f64)> = Vec::new();
    for day in days.clone() {
        let weekday = weekday(normal.date(day));
        let middle = middles.get(weekday).copied().unwrap_or(normal.slots / 2);
        let (mut came, mut expected) = (0.0, 0.0);
        let usual = effects.usual.iter().skip(weekday * normal.slots);
        for (slot, (value, usual)) in normal.row(day).iter().zip(usual).enumerate() {
            if usize::from(slot >= middle) == half && value.is_finite() && usual.is_finite() {
                came += value;
                expected += usual;
            }
        }
        let known = effects.month.get(day).copied().unwrap_or(0.0)
            + effects.slow.get(day).copied().unwrap_or(0.0);
        if expected > 0.0 {
            off.push((day, weekday, ((came + 0.5) / (expected + 0.5)).ln() - known));
        }
    }
    // What a weekday is off on the whole is not the intake's doing.
    let centres: Vec<f64> = (0..7)
        .map(|wanted| {
            let mut own: Vec<f64> = off
                .iter()
                .filter(|(_, weekday, _)| *weekday == wanted)
                .map(|(_, _, off)| *off)
                .collect();
            profile::middle(&mut own)
        })
        .collect();
    off.iter()
        .map(|(day, weekday, off)| Row {
            cells: deviations
                .lags(day - days.start)
                .into_iter()
                .enumerate()
                .collect(),
            value: off - centres.get(*weekday).copied().unwrap_or(0.0),
            doubtful: true,
        })
        .collect()
}

/// Elasticities by lag, the most negative ones taken out until none is left.
fn not_negative(mut rows: Vec<Row>) -> [f64; LAGS] {
    let mut lags = [0.0; LAGS];
    let penalty = Penalty {
        spreads: vec![LAG_SPREAD; LAGS],
        steps: Vec::new(),
    };
    for _ in 0..LAGS {
        let (fitted, _) = ridge::fit(&rows, &penalty, 0.01);
        let worst = fitted
            .iter()
            .enumerate()
            .filter(|(_, value)| **value < 0.0)
            .min_by(|a, b| a.1.total_cmp(b.1))
            .map(|(lag, _)| lag);
        let Some(worst) = worst else {
            for (lag, value) in lags.iter_mut().zip(fitted) {
                *lag = value;
            }
            return lags;
        };
        for row in &mut rows {
            row.cells.retain(|(lag, _)| *lag != worst);
        }
    }
    lags
}
