//! What the calendar does to whole days: day of the month, first and last working days, special days,
//! the season of the year, and a level that drifts slowly beneath.
//!
//! One robust ridge regression on the logarithm of each day against the usual day of its weekday. The
//! slow level is a random walk with steps four weeks apart, so that beyond the origin it stays as it
//! was last; the season is there from thirteen months of history on.

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
    pub(crate) special: Vec<f64>,
    /// Season and slow level.
    pub(crate) slow: Vec<f64>,
    /// Past days only: what all this leaves unexplained; NaN where nothing was seen.
    pub(crate) rest: Vec<f64>,
    /// The usual week, Monday first.
    pub(crate) usual: Vec<f64>,
    known: Vec<bool>,
}

impl DayEffects {
    /// Whether the day is of a special kind that was seen before the origin.
    pub(crate) fn knows(&self, day: usize) -> bool {
        self.known.get(day).copied().unwrap_or(false)
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
    DayEffects {
        month,
        special: special_part,
        slow,
        rest,
        usual,
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
            && special
                .get(date)
                .is_none_or(|special| special.family != Family::Closed)
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
