//! What the calendar does to whole days: day of the month, first and last working days, special days,
//! the season of the year, and a level that drifts slowly beneath.
//!
//! One robust ridge regression on the logarithm of each day against the usual day of its weekday. The
//! slow level is a random walk with steps four weeks apart, so that beyond the origin it stays as it
//! was last; the season is there from thirteen months of history on.

use crate::course;
use crate::grid::{Grid, weekday};
use crate::profile;
use crate::ridge::{self, Penalty, Row};
use crate::special::{Family, SpecialDays};
use chrono::{Datelike, NaiveDate};
use std::collections::BTreeMap;
use std::f64::consts::TAU;

/// Days between the steps of the slow level.
const STEP: usize = 28;
/// History from which on a season can be told from a level.
const SEASON_FROM: usize = 395;
/// Harmonics of the year.
const HARMONICS: u32 = 3;
/// A day's own chance is never taken to be less, as a logarithm.
const LEAST_NOISE: f64 = 0.01;
/// Days that tell how slots answer to the level of their day, and the strongest answer.
const ANSWER_DAYS: usize = 366;
const MOST_ANSWER: f64 = 2.5;
/// Columns of a group.
const WEEKDAYS: usize = 7;
const MONTH_DAYS: usize = 31;
/// First, second, third, last but two, last but one, last working day of the month.
const WORKING_DAYS: usize = 6;

/// Prior standard deviations of effects, as logarithms.
const WEEKDAY_SPREAD: f64 = 0.1;
const MONTH_DAY_SPREAD: f64 = 0.06;
const LEVEL_STEP: f64 = 0.05;
const SEASON_SPREAD: f64 = 0.3;
const FAMILY_SPREAD: f64 = 0.3;
const KIND_SPREAD: f64 = 0.2;

/// What is known of each day from the first of the history to the last of the horizon, as logarithms.
pub(crate) struct DayEffects {
    /// Day of the month and working day of the month.
    pub(crate) month: Vec<f64>,
    /// The special day's effect; nought on others.
    special: Vec<f64>,
    /// Season and slow level.
    pub(crate) slow: Vec<f64>,
    /// Past days only: what all this leaves unexplained; NaN where nothing was seen.
    pub(crate) rest: Vec<f64>,
    /// The usual week, Monday first.
    pub(crate) usual: Vec<f64>,
    /// The course of special days to come: by day, what each slot gets more or less than its share of a
    /// usual day.
    course: BTreeMap<usize, Vec<f64>>,
    /// By slot of the day: how strongly it answers to the level of its day; 1 is in proportion.
    pub(crate) answer: Vec<f64>,
    known: Vec<bool>,
}

impl DayEffects {
    /// Whether the day is of a special kind that was seen before the origin.
    pub(crate) fn knows(&self, day: usize) -> bool {
        self.known.get(day).copied().unwrap_or(false)
    }

    /// By what a special day moves its slots on the mean; 1 on others.
    pub(crate) fn factor(&self, day: usize) -> f64 {
        self.special.get(day).map_or(1.0, |effect| effect.exp())
    }

    /// By what it moves this slot.
    pub(crate) fn moved(&self, day: usize, slot: usize) -> f64 {
        let course = self.course.get(&day).and_then(|course| course.get(slot));
        self.factor(day) * course.copied().unwrap_or(1.0)
    }
}

/// Where each group of columns begins.
struct Columns {
    month_day: usize,
    working_day: usize,
    level: usize,
    levels: usize,
    season: usize,
    seasons: usize,
    kinds: BTreeMap<(Family, Option<String>), usize>,
    all: usize,
}

/// Learns from the days before `origin` and says what the `days` from there on are like.
pub(crate) fn learn(
    raw: &Grid,
    normal: &Grid,
    special: &SpecialDays,
    origin: usize,
    days: usize,
) -> DayEffects {
    let usual = usual_week(normal, origin);
    let ratio: Vec<f64> = (0..origin).map(|day| against(raw, day, &usual)).collect();
    let is_special = |date: NaiveDate| special.get(date);
    let working = working_days(raw, special, origin, origin + days);
    let columns = columns(raw, special, origin, &ratio);
    let cells: Vec<Vec<(usize, f64)>> = (0..origin + days)
        .map(|day| {
            cells(
                &columns,
                raw,
                special,
                origin,
                day,
                working.get(day).copied().flatten(),
            )
        })
        .collect();
    let mut rows = Vec::with_capacity(origin);
    for (day, (value, cells)) in ratio.iter().zip(&cells).enumerate() {
        let date = raw.date(day);
        // A day left out is unknown to `normal` without being special.
        if !value.is_finite() || (is_special(date).is_none() && !normal.seen(day)) {
            continue;
        }
        rows.push(Row {
            cells: cells.clone(),
            value: *value,
            doubtful: is_special(date).is_none(),
        });
    }
    let (coefficients, _) = ridge::fit(&rows, &penalty(&columns), LEAST_NOISE);
    let part = |from: usize, to: usize| -> Vec<f64> {
        cells
            .iter()
            .map(|cells| {
                let kept: Vec<(usize, f64)> = cells
                    .iter()
                    .filter(|(column, _)| (from..to).contains(column))
                    .copied()
                    .collect();
                ridge::predict(&kept, &coefficients)
            })
            .collect()
    };
    let month = part(columns.month_day, columns.level);
    let slow = part(columns.level, columns.season + columns.seasons);
    let special_part = part(columns.season + columns.seasons, columns.all);
    let special_from = columns.season + columns.seasons;
    let known = cells
        .iter()
        .map(|cells| {
            cells
                .iter()
                .filter(|(column, _)| *column >= special_from)
                .count()
                > 1
        })
        .collect();
    let rest = ratio
        .iter()
        .zip(&cells)
        .enumerate()
        .map(|(day, (value, cells))| {
            if normal.seen(day) {
                value - ridge::predict(cells, &coefficients)
            } else {
                f64::NAN
            }
        })
        .collect();
    let answer = answers(normal, &usual, &ratio);
    let course = course::of_special_days(raw, special, &usual, &ratio, origin..origin + days);
    DayEffects {
        month,
        special: special_part,
        slow,
        rest,
        usual,
        course,
        answer,
        known,
    }
}

/// The median of the last twelve values of each weekday and slot, Monday first.
fn usual_week(normal: &Grid, origin: usize) -> Vec<f64> {
    let slots = normal.slots;
    let mut week = vec![f64::NAN; 7 * slots];
    let mut column = Vec::with_capacity(12);
    for ahead in 0..7 {
        let from = weekday(normal.date(origin + ahead)) * slots;
        for slot in 0..slots {
            normal.column(origin, origin + ahead, slot, 12, &mut column);
            if let Some(cell) = week.get_mut(from + slot) {
                *cell = profile::mean_of_middle(&mut column);
            }
        }
    }
    week
}

/// What one slot of the day tells of how it goes with the day.
#[derive(Debug, Clone, Copy, Default)]
struct Going {
    /// Products of the slot's deviations and the day's, over what is usual.
    product: f64,
    /// Squares of the day's deviations, and of the slot's.
    square: f64,
    own: f64,
    days: f64,
}

impl Going {
    fn slope(self) -> f64 {
        self.product / self.square
    }

    /// Of the slope, by what it leaves unexplained.
    fn variance(self) -> f64 {
        let left = (self.own - self.product * self.product / self.square).max(0.0);
        left / self.days / self.square
    }
}

/// How strongly each slot of the day answers to the level of its day, as the exponent of that level.
///
/// Where a part runs day and night and another by day only, as the load of a building does, a busy day
/// is not busy in all its slots alike. A regression through nought over the last year tells each slot's
/// share, on the mean 1; chance draws it to 1 as in [`profile::pooled`].
fn answers(normal: &Grid, usual: &[f64], ratio: &[f64]) -> Vec<f64> {
    let mut goings = vec![Going::default(); normal.slots];
    let from = ratio.len().saturating_sub(ANSWER_DAYS);
    for (day, level) in ratio.iter().enumerate().skip(from) {
        if !level.is_finite() {
            continue;
        }
        let level = level.exp_m1();
        let usual = usual.iter().skip(weekday(normal.date(day)) * normal.slots);
        for (slot, ((going, value), usual)) in goings
            .iter_mut()
            .zip(normal.row(day))
            .zip(usual)
            .enumerate()
        {
            if value.is_finite() && *usual > 0.0 {
                let weight = normal.weight(day, slot);
                going.product += weight * level * (value - usual);
                going.square += weight * usual * level * level;
                going.own += weight * (value - usual).powi(2) / usual;
                going.days += 1.0;
            }
        }
    }
    let (product, square) = goings.iter().fold((0.0, 0.0), |(product, square), going| {
        (product + going.product, square + going.square)
    });
    let mean = product / square;
    if !(mean.is_finite() && mean > 0.0) {
        return vec![1.0; normal.slots];
    }
    // Slopes and their variances on a mean of 1, and how far they are apart beyond chance.
    let slopes: Vec<(f64, f64)> = goings
        .iter()
        .map(|going| (going.slope() / mean, going.variance() / (mean * mean)))
        .collect();
    let apart = goings
        .iter()
        .zip(&slopes)
        .filter(|(_, (slope, variance))| slope.is_finite() && variance.is_finite())
        .map(|(going, (slope, variance))| going.square * ((slope - 1.0).powi(2) - variance))
        .sum::<f64>()
        / square;
    slopes
        .iter()
        .map(|(slope, variance)| {
            let kept = apart.max(0.0) / (apart.max(0.0) + variance);
            let answer = 1.0 + kept * (slope - 1.0);
            if answer.is_finite() {
                answer.clamp(0.0, MOST_ANSWER)
            } else {
                1.0
            }
        })
        .collect()
}

/// The logarithm of a day over the usual day of its weekday, over the slots that were seen.
fn against(grid: &Grid, day: usize, usual: &[f64]) -> f64 {
    let from = weekday(grid.date(day)) * grid.slots;
    let (mut came, mut expected, mut weights) = (0.0, 0.0, 0.0);
    for (slot, (value, usual)) in grid
        .row(day)
        .iter()
        .zip(usual.iter().skip(from))
        .enumerate()
    {
        if value.is_finite() && usual.is_finite() {
            let weight = grid.weight(day, slot);
            came += value * weight;
            expected += usual * weight;
            weights += weight;
        }
    }
    if weights > 0.0 && expected > 0.0 {
        // Half a call keeps a day of nought finite.
        ((came + 0.5) / (expected + 0.5)).ln()
    } else {
        f64::NAN
    }
}

/// For each day its place among the month's working days, if it is one of the first or last three.
fn working_days(
    raw: &Grid,
    special: &SpecialDays,
    origin: usize,
    end: usize,
) -> Vec<Option<usize>> {
    let mut open = [false; 7];
    for day in origin.saturating_sub(56)..origin {
        if raw.seen(day)
            && let Some(open) = open.get_mut(weekday(raw.date(day)))
        {
            *open = true;
        }
    }
    let works = |date: NaiveDate| {
        open.get(weekday(date)).copied().unwrap_or(false)
            && special.get(date).is_none_or(|special| !special.closed())
    };
    if open.iter().all(|open| *open) {
        // Always open: the day of the month says it all.
        return vec![None; end];
    }
    (0..end)
        .map(|day| {
            let date = raw.date(day);
            if !works(date) {
                return None;
            }
            let before = date
                .iter_days()
                .rev()
                .skip(1)
                .take_while(|other| other.month() == date.month())
                .filter(|other| works(*other))
                .take(3)
                .count();
            if before < 3 {
                return Some(before);
            }
            let after = date
                .iter_days()
                .skip(1)
                .take_while(|other| other.month() == date.month())
                .filter(|other| works(*other))
                .take(3)
                .count();
            (after < 3).then_some(5 - after)
        })
        .collect()
}

fn columns(raw: &Grid, special: &SpecialDays, origin: usize, ratio: &[f64]) -> Columns {
    let month_day = WEEKDAYS;
    let working_day = month_day + MONTH_DAYS;
    let level = working_day + WORKING_DAYS;
    let levels = origin / STEP + 1;
    let season = level + levels;
    let seasons = if origin >= SEASON_FROM {
        2 * HARMONICS as usize
    } else {
        0
    };
    let mut all = season + seasons;
    let mut kinds = BTreeMap::new();
    for (day, value) in ratio.iter().enumerate() {
        if let Some(special) = special.get(raw.date(day))
            && value.is_finite()
        {
            for key in [
                (special.family, None),
                (special.family, Some(special.kind.clone())),
            ] {
                kinds.entry(key).or_insert_with(|| {
                    all += 1;
                    all - 1
                });
            }
        }
    }
    Columns {
        month_day,
        working_day,
        level,
        levels,
        season,
        seasons,
        kinds,
        all,
    }
}

fn cells(
    columns: &Columns,
    raw: &Grid,
    special: &SpecialDays,
    origin: usize,
    day: usize,
    working: Option<usize>,
) -> Vec<(usize, f64)> {
    let date = raw.date(day);
    let mut cells = vec![
        (weekday(date), 1.0),
        (columns.month_day + date.day0() as usize, 1.0),
    ];
    if let Some(working) = working {
        cells.push((columns.working_day + working, 1.0));
    }
    // Counted back from the origin, so that the newest step is a whole one.
    let back = origin.saturating_sub(day + 1);
    let step = (back / STEP).min(columns.levels - 1);
    #[expect(clippy::cast_precision_loss, reason = "below 28")]
    let share = (back % STEP) as f64 / STEP as f64;
    if step + 1 < columns.levels {
        cells.push((columns.level + step, 1.0 - share));
        cells.push((columns.level + step + 1, share));
    } else {
        cells.push((columns.level + step, 1.0));
    }
    if columns.seasons > 0 {
        let angle = TAU * f64::from(date.ordinal0()) / 365.25;
        let mut column = columns.season;
        for harmonic in 1..=HARMONICS {
            let (sine, cosine) = (angle * f64::from(harmonic)).sin_cos();
            cells.push((column, sine));
            cells.push((column + 1, cosine));
            column += 2;
        }
    }
    if let Some(special) = special.get(date) {
        let keys = [
            (special.family, None),
            (special.family, Some(special.kind.clone())),
        ];
        cells.extend(
            keys.iter()
                .filter_map(|key| columns.kinds.get(key))
                .map(|column| (*column, 1.0)),
        );
    }
    cells
}

fn penalty(columns: &Columns) -> Penalty {
    let mut spreads = vec![WEEKDAY_SPREAD; WEEKDAYS];
    spreads.extend(vec![MONTH_DAY_SPREAD; MONTH_DAYS + WORKING_DAYS]);
    spreads.extend(vec![3.0; columns.levels]);
    for harmonic in 0..columns.seasons / 2 {
        #[expect(clippy::cast_precision_loss, reason = "three")]
        let spread = SEASON_SPREAD / (harmonic + 1) as f64;
        spreads.extend([spread; 2]);
    }
    let mut kinds = vec![KIND_SPREAD; columns.kinds.len()];
    for ((_, kind), column) in &columns.kinds {
        if kind.is_none()
            && let Some(spread) = kinds.get_mut(column - (columns.season + columns.seasons))
        {
            *spread = FAMILY_SPREAD;
        }
    }
    spreads.extend(kinds);
    let steps = (1..columns.levels)
        .map(|step| (columns.level + step - 1, columns.level + step, LEVEL_STEP))
        .collect();
    Penalty { spreads, steps }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_load_that_runs_at_night_too_does_not_answer_to_the_day() {
        let first = NaiveDate::from_ymd_opt(2025, 1, 6).unwrap();
        let level = |day: u32| 0.7 + 0.006 * f64::from(day * 7919 % 101);
        let value = |day: u32, slot: u32| {
            let tremble = 1.0 + 0.01 * f64::from((day * 31 + slot * 17) % 7);
            let by_day = (8..20).contains(&slot);
            tremble * if by_day { 100.0 * level(day) } else { 50.0 }
        };
        let values = (0..300)
            .flat_map(|day| (0..24).map(move |slot| (day, slot)))
            .map(|(day, slot)| value(day, slot))
            .collect();
        let grid = Grid {
            first,
            slots: 24,
            values,
            weights: Vec::new(),
        };
        let effects = learn(&grid, &grid, &SpecialDays::new(), 300, 14);
        assert!(effects.answer[3] < 0.2, "{:?}", effects.answer);
        assert!(
            (1.2..2.0).contains(&effects.answer[12]),
            "{:?}",
            effects.answer
        );
    }
}
