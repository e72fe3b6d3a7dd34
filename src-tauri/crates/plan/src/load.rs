//! Calls by local weekday and hour, counted per hour that truly passed: a spring day has 23 of
//! them, an autumn day 25, and a range may begin on a Wednesday afternoon.

use chrono::{DateTime, Datelike, NaiveDate, Offset, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// Days of a week.
pub const WEEKDAYS: usize = 7;
/// Hours of a day.
pub const HOURS: usize = 24;
/// The strongest colour of a cell; 0 is none.
pub const TOP_LEVEL: u8 = 6;

const CELLS: usize = WEEKDAYS * HOURS;
const SECONDS_PER_HOUR: i64 = 3600;

/// Where a moment falls on the wall calendar of a zone.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type,
)]
pub struct LocalCell {
    /// The local date.
    #[specta(type = String)]
    pub date: NaiveDate,
    /// 0 is Monday, 6 is Sunday.
    pub weekday: u8,
    /// 0 to 23 by the wall clock; an hour that comes twice in autumn is one cell.
    pub hour: u8,
}

/// The wall-clock date, weekday and hour of `at` in `zone`.
pub fn local_cell(at: DateTime<Utc>, zone: Tz) -> LocalCell {
    let local = at.with_timezone(&zone);
    LocalCell {
        date: local.date_naive(),
        weekday: small(local.weekday().num_days_from_monday()),
        hour: small(local.hour()),
    }
}

/// How means are cut into levels of colour.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Scale {
    /// Equal steps from nothing to the highest mean: shows the shape of a week.
    #[default]
    Linear,
    /// As many cells on each level, as far as equal means allow: one extreme hour does not pale
    /// the rest.
    Quantile,
}

/// One weekday-hour of a [`HeatMap`].
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct HeatCell {
    /// 0 is Monday, 6 is Sunday.
    pub weekday: u8,
    /// 0 to 23 by the wall clock.
    pub hour: u8,
    /// Calls in all such hours of the range.
    pub calls: u32,
    /// How many such hours passed in the range; a part of one where the range cuts it.
    pub hours_observed: f64,
    /// Calls per such hour; 0 where none passed.
    pub mean: f64,
    /// Strength of colour, 0 (no calls) to [`TOP_LEVEL`].
    pub level: u8,
}

/// Calls of a range by weekday and hour. The totals add up: cells, weekdays and hours to `calls`.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct HeatMap {
    /// All 168 cells, Monday 0:00 first, weekday by weekday.
    pub cells: Vec<HeatCell>,
    /// Calls per weekday, Monday first.
    pub weekdays: Vec<u32>,
    /// Calls per hour of the day, midnight first.
    pub hours: Vec<u32>,
    /// Calls in the range.
    pub calls: u32,
    /// The lowest mean of levels 1, 2, … [`TOP_LEVEL`]: what the legend says.
    pub thresholds: Vec<f64>,
}

/// A range of time: `from` belongs to it, `until` does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Range {
    /// The first moment.
    pub from: DateTime<Utc>,
    /// The first moment after it; a range that ends before it begins is empty.
    pub until: DateTime<Utc>,
}

impl Range {
    /// Whether `at` lies in the range.
    pub fn contains(&self, at: DateTime<Utc>) -> bool {
        self.from <= at && at < self.until
    }

    /// The whole local days from `first` to `last`, both included.
    pub fn of_days(first: NaiveDate, last: NaiveDate, zone: Tz) -> Self {
        let until = last.succ_opt().unwrap_or(last);
        Self {
            from: start_of_day(first, zone),
            until: start_of_day(until, zone),
        }
    }
}

/// The moment a local day begins; where midnight is skipped, the moment of the skip.
pub fn start_of_day(date: NaiveDate, zone: Tz) -> DateTime<Utc> {
    let midnight = date.and_time(chrono::NaiveTime::MIN);
    if let Some(local) = zone.from_local_datetime(&midnight).earliest() {
        return local.with_timezone(&Utc);
    }
    // In a gap the clock before it still tells the moment of the skip.
    let before = zone
        .offset_from_utc_datetime(&(midnight - TimeDelta::days(1)))
        .fix();
    Utc.from_utc_datetime(&(midnight - before))
}

impl HeatMap {
    /// Counts calls by the moment each began; those outside `range` are left out.
    pub fn of_calls(
        calls: impl IntoIterator<Item = DateTime<Utc>>,
        range: Range,
        zone: Tz,
        scale: Scale,
    ) -> Self {
        Self::of_counts(calls.into_iter().map(|at| (at, 1)), range, zone, scale)
    }

    /// The same over calls counted beforehand, e.g. by the store: each count stands for calls of
    /// one quarter of an hour (all zones in use shift by quarters) and is placed by the moment given.
    pub fn of_counts(
        counts: impl IntoIterator<Item = (DateTime<Utc>, u32)>,
        range: Range,
        zone: Tz,
        scale: Scale,
    ) -> Self {
        let within = counts.into_iter().filter(|(at, _)| range.contains(*at));
        let placed = within.map(|(at, count)| {
            let cell = local_cell(at, zone);
            ((cell.weekday, cell.hour), count)
        });
        Self::of_sums(placed, range, zone, scale)
    }

    /// The same over sums by weekday (0 is Monday) and hour, all of them of calls within `range`.
    pub fn of_sums(
        sums: impl IntoIterator<Item = ((u8, u8), u32)>,
        range: Range,
        zone: Tz,
        scale: Scale,
    ) -> Self {
        let mut cells = empty_cells();
        for ((weekday, hour), count) in sums {
            let position = usize::from(weekday) * HOURS + usize::from(hour);
            if let Some(cell) = cells.get_mut(position) {
                cell.calls = cell.calls.saturating_add(count);
            }
        }
        let observed = seconds_observed(range, zone);
        for (cell, seconds) in cells.iter_mut().zip(observed) {
            cell.hours_observed = as_hours(seconds);
            if seconds > 0 {
                cell.mean = f64::from(cell.calls) / cell.hours_observed;
            }
        }
        let thresholds = thresholds(&cells, scale);
        for cell in &mut cells {
            cell.level = level(cell.mean, &thresholds);
        }
        let sum = |keep: &dyn Fn(&HeatCell) -> bool| {
            cells
                .iter()
                .filter(|cell| keep(cell))
                .map(|cell| cell.calls)
                .fold(0, u32::saturating_add)
        };
        let weekdays = (0..small(WEEKDAYS))
            .map(|day| sum(&|cell| cell.weekday == day))
            .collect();
        let hours = (0..small(HOURS))
            .map(|hour| sum(&|cell| cell.hour == hour))
            .collect();
        let total = sum(&|_| true);
        Self {
            cells,
            weekdays,
            hours,
            calls: total,
            thresholds,
        }
    }

    /// The cell of a weekday (0 is Monday) and hour, if there is such.
    pub fn cell(&self, weekday: u8, hour: u8) -> Option<&HeatCell> {
        self.cells
            .iter()
            .find(|cell| cell.weekday == weekday && cell.hour == hour)
    }
}

/// The level of a mean by the lowest means of levels 1, 2, …: 0 for no calls.
pub fn level(mean: f64, thresholds: &[f64]) -> u8 {
    if mean <= 0.0 {
        return 0;
    }
    let reached = thresholds
        .iter()
        .take_while(|threshold| mean >= **threshold)
        .count();
    small(reached).max(1)
}

/// The lowest mean of each level from 1 to [`TOP_LEVEL`], rising; all zero without calls.
fn thresholds(cells: &[HeatCell], scale: Scale) -> Vec<f64> {
    let mut means: Vec<f64> = cells
        .iter()
        .map(|cell| cell.mean)
        .filter(|mean| *mean > 0.0)
        .collect();
    means.sort_by(f64::total_cmp);
    let highest = means.last().copied().unwrap_or_default();
    (0..usize::from(TOP_LEVEL))
        .map(|step| match scale {
            Scale::Linear => highest * portion(step),
            Scale::Quantile => means
                .get(step * means.len() / usize::from(TOP_LEVEL))
                .copied()
                .unwrap_or_default(),
        })
        .collect()
}

fn portion(step: usize) -> f64 {
    f64::from(small(step)) / f64::from(TOP_LEVEL)
}

fn empty_cells() -> Vec<HeatCell> {
    (0..small(WEEKDAYS))
        .flat_map(|weekday| {
            (0..small(HOURS)).map(move |hour| HeatCell {
                weekday,
                hour,
                ..HeatCell::default()
            })
        })
        .collect()
}

fn position(cell: LocalCell) -> usize {
    usize::from(cell.weekday) * HOURS + usize::from(cell.hour)
}

/// Seconds of each weekday-hour that pass in `range`, walking from one turn of the local hour to
/// the next.
fn seconds_observed(range: Range, zone: Tz) -> [i64; CELLS] {
    let mut seconds = [0; CELLS];
    let mut at = range.from;
    while at < range.until {
        let next = next_turn(at, zone).min(range.until);
        if let Some(passed) = seconds.get_mut(position(local_cell(at, zone))) {
            *passed += (next - at).num_seconds();
        }
        at = next;
    }
    seconds
}

/// The next moment at which the local hour may change: its end, or a shift of the clock before it.
fn next_turn(at: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
    let offset = |moment: DateTime<Utc>| zone.offset_from_utc_datetime(&moment.naive_utc()).fix();
    let local_second = at.timestamp() + i64::from(offset(at).local_minus_utc());
    let left = SECONDS_PER_HOUR - local_second.rem_euclid(SECONDS_PER_HOUR);
    let whole = at - TimeDelta::nanoseconds(i64::from(at.timestamp_subsec_nanos()));
    let end = whole + TimeDelta::seconds(left);
    let last = end - TimeDelta::seconds(1);
    if last <= at || offset(last) == offset(at) {
        return end;
    }
    let (mut before, mut after) = (0, left - 1);
    while after - before > 1 {
        let middle = i64::midpoint(before, after);
        if offset(whole + TimeDelta::seconds(middle)) == offset(at) {
            before = middle;
        } else {
            after = middle;
        }
    }
    whole + TimeDelta::seconds(after)
}

#[expect(
    clippy::cast_precision_loss,
    reason = "seconds of a range stay far below 2^52"
)]
fn as_hours(seconds: i64) -> f64 {
    seconds as f64 / SECONDS_PER_HOUR as f64
}

fn small<T: TryInto<u8>>(number: T) -> u8 {
    number.try_into().unwrap_or(u8::MAX)
}

#[cfg(test)]
mod tests;
