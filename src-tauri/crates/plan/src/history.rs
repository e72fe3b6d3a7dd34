//! What has come, interval by interval of a project's own days.
//!
//! Work arrives as intervals of absolute time; a forecast wants days of equally many slots by the wall
//! clock. In between lie the shifts of the clock, imports that overlap, and closed hours, which are
//! not zeros.

use crate::language::LanguageCode;
use crate::load::start_of_day;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet, HashSet};

/// Seconds of a quarter of an hour: the shifts of all zones in use are whole numbers of them.
const QUARTER: i64 = 900;
/// Minutes of a day by the wall clock.
const DAY_MINUTES: u32 = 1440;
/// Opening hours are read off so many days back.
const LATELY: usize = 91;
/// An hour with less than this share of the busiest hour's calls is not open; nor is such a weekday.
const LEAST_SHARE: f64 = 0.02;
/// So many hours without calls between open ones are a lull, not a closing.
const LULL: usize = 3;

/// Work of one interval, of one language where they are told apart: those of one interval add up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Work {
    /// Its start, seconds since 1970.
    pub start: i64,
    /// Its language; none where it was not told.
    pub language: Option<LanguageCode>,
    /// Calls or tasks.
    pub calls: u32,
    /// Handle time of all of them, seconds; none where it is not known.
    pub handle_s: Option<f64>,
}

/// Which time the newer of several histories tell of, by quarters of an hour.
///
/// A history that tells languages tells of those it has, and takes the place of what was told of none;
/// one that does not, in any of its intervals, tells of all.
#[derive(Debug, Default)]
pub struct Covered {
    whole: HashSet<i64>,
    partly: HashSet<i64>,
    of: HashSet<(i64, LanguageCode)>,
}

impl Covered {
    /// Adds the time of a history with intervals of so many minutes.
    pub fn add(&mut self, slot_minutes: u32, work: &[Work]) {
        self.add_in(slot_minutes, work, languages(work).as_ref());
    }

    fn add_in(&mut self, slot_minutes: u32, work: &[Work], told: Option<&BTreeSet<LanguageCode>>) {
        for quarter in work.iter().flat_map(|one| quarters(slot_minutes, one)) {
            match told {
                None => {
                    self.whole.insert(quarter);
                }
                Some(told) => {
                    self.partly.insert(quarter);
                    self.of
                        .extend(told.iter().map(|language| (quarter, *language)));
                }
            }
        }
    }

    /// Whether an older interval gives way, be it in part.
    pub fn hides(&self, slot_minutes: u32, one: &Work) -> bool {
        quarters(slot_minutes, one).any(|quarter| {
            self.whole.contains(&quarter)
                || one.language.map_or_else(
                    || self.partly.contains(&quarter),
                    |language| self.of.contains(&(quarter, language)),
                )
        })
    }
}

fn quarters(slot_minutes: u32, one: &Work) -> std::ops::Range<i64> {
    let first = one.start.div_euclid(QUARTER);
    first..first + i64::from(slot_minutes / 15).max(1)
}

/// The languages of work all of which tells its own; none where some of it does not.
fn languages(work: &[Work]) -> Option<BTreeSet<LanguageCode>> {
    work.iter().map(|one| one.language).collect()
}

/// Lays histories over each other: `layers` come newest first, each with the length of its intervals
/// in minutes. Where two tell of the same time, the newer holds; an interval that a newer layer
/// covers in part is left out whole. [`Covered`] says how far a layer goes that tells languages.
pub fn overlay(layers: Vec<(u32, Vec<Work>)>) -> Vec<Work> {
    let only = layers.len() == 1;
    let mut covered = Covered::default();
    let mut kept = Vec::new();
    for (slot_minutes, work) in layers {
        if only {
            return work;
        }
        let told = languages(&work);
        let fresh: Vec<Work> = work
            .into_iter()
            .filter(|one| !covered.hides(slot_minutes, one))
            .collect();
        covered.add_in(slot_minutes, &fresh, told.as_ref());
        kept.extend(fresh);
    }
    kept.sort_by_key(|one| (one.start, one.language));
    kept
}

/// Which slots of a week are open, Monday first.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OpenWeek {
    slot_minutes: u32,
    open: Vec<bool>,
}

impl OpenWeek {
    /// From hours by weekday (0 is Monday), each from a minute after midnight to the minute after the
    /// last. A slot is open when it begins within one.
    pub fn of_hours(hours: &[(u32, u32, u32)], slot_minutes: u32) -> Self {
        let slot_minutes = whole_slot(slot_minutes);
        let open = (0..7)
            .flat_map(|weekday| {
                (0..DAY_MINUTES / slot_minutes).map(move |slot| (weekday, slot * slot_minutes))
            })
            .map(|(weekday, minute)| {
                hours
                    .iter()
                    .any(|(day, from, until)| *day == weekday && (*from..*until).contains(&minute))
            })
            .collect();
        Self { slot_minutes, open }
    }

    /// Read off the calls of the last weeks.
    fn inferred(grid: &Sums) -> Self {
        let slots = grid.slots();
        let mut hours = vec![(0.0, 0_u32); 7 * 24];
        let mut days = [0_u32; 7];
        let skipped = grid.days().saturating_sub(LATELY);
        for (day, row) in grid.cells.chunks(slots).enumerate().skip(skipped) {
            if row.iter().all(|cell| cell.calls == 0) {
                continue;
            }
            let weekday = weekday(grid.date(day));
            if let Some(days) = days.get_mut(weekday) {
                *days += 1;
            }
            for (hour, cells) in row.chunks((slots / 24).max(1)).enumerate() {
                let calls: u32 = cells.iter().map(|cell| cell.calls).sum();
                if let Some(cell) = hours.get_mut(weekday * 24 + hour) {
                    cell.0 += f64::from(calls);
                    cell.1 += u32::from(calls > 0);
                }
            }
        }
        let means: Vec<f64> = hours
            .chunks(24)
            .zip(days)
            .flat_map(|(row, days)| {
                row.iter()
                    .map(move |(calls, _)| calls / f64::from(days.max(1)))
            })
            .collect();
        let busiest_hour = means.iter().copied().fold(0.0, f64::max);
        let totals: Vec<f64> = means.chunks(24).map(|row| row.iter().sum()).collect();
        let busiest_day = totals.iter().copied().fold(0.0, f64::max);
        let mut open = Vec::with_capacity(7 * slots);
        for ((row, seen), (total, days)) in means
            .chunks(24)
            .zip(hours.chunks(24))
            .zip(totals.iter().zip(days))
        {
            let often = (days / 10).max(days.min(2));
            let mut day: Vec<bool> = row
                .iter()
                .zip(seen)
                .map(|(mean, (_, times))| {
                    *total >= LEAST_SHARE * busiest_day
                        && *mean > 0.0
                        && *mean >= LEAST_SHARE * busiest_hour
                        && *times >= often
                })
                .collect();
            bridge(&mut day);
            open.extend(
                day.into_iter()
                    .flat_map(|hour| std::iter::repeat_n(hour, (slots / 24).max(1))),
            );
        }
        Self {
            slot_minutes: grid.slot_minutes,
            open,
        }
    }

    /// Length of a slot, minutes.
    pub fn slot_minutes(&self) -> u32 {
        self.slot_minutes
    }

    /// Seven days of slots, Monday first.
    pub fn slots(&self) -> &[bool] {
        &self.open
    }

    /// The slots of a date's weekday.
    pub fn day(&self, date: NaiveDate) -> &[bool] {
        let slots = slots_of(self.slot_minutes);
        self.open
            .chunks(slots)
            .nth(weekday(date))
            .unwrap_or_default()
    }

    /// The hours as weekday, first minute, minute after the last.
    pub fn hours(&self) -> Vec<(u32, u32, u32)> {
        let mut hours: Vec<(u32, u32, u32)> = Vec::new();
        let slots = slots_of(self.slot_minutes);
        for (weekday, row) in (0..).zip(self.open.chunks(slots)) {
            for (slot, open) in (0..).zip(row) {
                let from = slot * self.slot_minutes;
                match hours.last_mut() {
                    Some(last) if *open && last.0 == weekday && last.2 == from => {
                        last.2 = from + self.slot_minutes;
                    }
                    _ if *open => hours.push((weekday, from, from + self.slot_minutes)),
                    _ => {}
                }
            }
        }
        hours
    }
}

/// Opens short lulls between open hours.
fn bridge(hours: &mut [bool]) {
    let open: Vec<usize> = hours
        .iter()
        .enumerate()
        .filter_map(|(hour, open)| open.then_some(hour))
        .collect();
    for pair in open.windows(2) {
        if let [from, until] = pair
            && until - from - 1 <= LULL
            && let Some(lull) = hours.get_mut(*from..*until)
        {
            lull.fill(true);
        }
    }
}

/// Days of slots by the wall clock, from `first` on without a gap.
#[derive(Clone, Debug, PartialEq)]
pub struct Days {
    /// The first day.
    pub first: NaiveDate,
    /// Length of a slot: 15, 30 or 60 minutes.
    pub slot_minutes: u32,
    /// Calls per slot. None is closed, not observed, or a time that the clock skipped; a time that
    /// came twice counts as the mean of both.
    pub calls: Vec<Option<f64>>,
    /// Mean handle time per call, seconds, where any is known.
    pub handle_s: Vec<Option<f64>>,
    /// Calls whose handle time is known.
    pub handled: Vec<f64>,
    /// Calls of whole days, closed hours included, as they came.
    pub totals: Vec<u32>,
    /// The opening hours that were used.
    pub open: OpenWeek,
    /// By day, whether it was observed.
    observed: Vec<bool>,
}

#[derive(Clone, Copy, Default)]
struct Cell {
    calls: u32,
    handled: u32,
    handle_s: f64,
}

struct Sums {
    first: NaiveDate,
    slot_minutes: u32,
    cells: Vec<Cell>,
}

impl Sums {
    /// What came from the first to the last day.
    fn new<'a>(
        first: NaiveDate,
        last: NaiveDate,
        slot_minutes: u32,
        placed: impl Iterator<Item = (NaiveDate, usize, &'a Work)>,
    ) -> Option<Self> {
        let slots = slots_of(slot_minutes);
        let days = usize::try_from((last - first).num_days() + 1).ok()?;
        let mut sums = Self {
            first,
            slot_minutes,
            cells: vec![Cell::default(); days * slots],
        };
        for (date, slot, one) in placed {
            let Ok(day) = usize::try_from((date - first).num_days()) else {
                continue;
            };
            if let Some(cell) = sums.cells.get_mut(day * slots + slot) {
                cell.calls = cell.calls.saturating_add(one.calls);
                if let Some(handle_s) = one.handle_s {
                    cell.handled = cell.handled.saturating_add(one.calls);
                    cell.handle_s += handle_s;
                }
            }
        }
        Some(sums)
    }

    /// Calls by day.
    fn totals(&self) -> impl Iterator<Item = u32> {
        self.cells
            .chunks(self.slots())
            .map(|row| row.iter().map(|cell| cell.calls).sum())
    }

    fn slots(&self) -> usize {
        slots_of(self.slot_minutes)
    }

    fn days(&self) -> usize {
        self.cells.len() / self.slots()
    }

    fn date(&self, day: usize) -> NaiveDate {
        after(self.first, day)
    }
}

/// Work with its local date and slot.
fn placed(
    work: &[Work],
    slot_minutes: u32,
    zone: Tz,
) -> impl Iterator<Item = (NaiveDate, usize, &Work)> {
    work.iter().filter_map(move |one| {
        let local = DateTime::<Utc>::from_timestamp(one.start, 0)?.with_timezone(&zone);
        let minute = local.hour() * 60 + local.minute();
        Some((local.date_naive(), (minute / slot_minutes) as usize, one))
    })
}

impl Days {
    /// Puts work into days of `zone`, from the first that has any to the last before `until`.
    ///
    /// Without `open` the opening hours are read off the last weeks. A day without a single call was not
    /// observed: a gap in a report is no quiet day. None where there is no work before `until`.
    pub fn new(
        work: &[Work],
        slot_minutes: u32,
        zone: Tz,
        until: NaiveDate,
        open: Option<OpenWeek>,
    ) -> Option<Self> {
        let slot_minutes = whole_slot(slot_minutes);
        let placed: Vec<(NaiveDate, usize, &Work)> = placed(work, slot_minutes, zone)
            .filter(|(date, _, _)| *date < until)
            .collect();
        let first = placed
            .iter()
            .filter(|(_, _, one)| one.calls > 0)
            .map(|(date, _, _)| *date)
            .min()?;
        let last = placed.iter().map(|(date, _, _)| *date).max()?;
        let sums = Sums::new(first, last, slot_minutes, placed.into_iter())?;
        let open = open
            .filter(|open| open.slot_minutes == slot_minutes)
            .unwrap_or_else(|| OpenWeek::inferred(&sums));
        let observed = sums.totals().map(|calls| calls > 0).collect();
        Some(Self::of_sums(&sums, zone, open, observed))
    }

    /// Days most of whose calls told their language, in order; `work` is what these days were made of.
    pub fn told(&self, work: &[Work], zone: Tz) -> BTreeSet<NaiveDate> {
        let mut sums: BTreeMap<NaiveDate, (u32, u32)> = BTreeMap::new();
        for (date, _, one) in placed(work, self.slot_minutes, zone) {
            if date >= self.first && date < self.end() {
                let (told, all) = sums.entry(date).or_default();
                *all += one.calls;
                *told += one.language.map_or(0, |_| one.calls);
            }
        }
        sums.into_iter()
            .filter(|(_, (told, all))| *told > 0 && told * 2 >= *all)
            .map(|(date, _)| date)
            .collect()
    }

    /// The days of one language, under the same opening hours; `work` is what these days were made of.
    /// Observed are the days that told languages: one of them without a call in this one is a quiet day.
    /// None where there is no call in it.
    pub fn of_language(&self, work: &[Work], language: LanguageCode, zone: Tz) -> Option<Self> {
        let told = self.told(work, zone);
        let own = || {
            placed(work, self.slot_minutes, zone)
                .filter(|(_, _, one)| one.language == Some(language))
                .filter(|(date, _, _)| told.contains(date))
        };
        let calls = own().filter(|(_, _, one)| one.calls > 0);
        let first = calls.map(|(date, _, _)| date).min()?;
        let sums = Sums::new(first, *told.last()?, self.slot_minutes, own())?;
        let observed = (0..sums.days())
            .map(|day| told.contains(&sums.date(day)))
            .collect();
        Some(Self::of_sums(&sums, zone, self.open.clone(), observed))
    }

    fn of_sums(sums: &Sums, zone: Tz, open: OpenWeek, observed: Vec<bool>) -> Self {
        let slots = sums.slots();
        let mut made = Self {
            first: sums.first,
            slot_minutes: sums.slot_minutes,
            calls: Vec::with_capacity(sums.cells.len()),
            handle_s: Vec::with_capacity(sums.cells.len()),
            handled: Vec::with_capacity(sums.cells.len()),
            totals: sums.totals().collect(),
            open,
            observed,
        };
        for (day, row) in sums.cells.chunks(slots).enumerate() {
            let date = sums.date(day);
            let observed = made.observed.get(day).copied().unwrap_or_default();
            let passed = minutes_passed(date, sums.slot_minutes, zone);
            for ((cell, open), passed) in row.iter().zip(made.open.day(date)).zip(passed) {
                let rate = f64::from(sums.slot_minutes) / f64::from(passed.max(1));
                let seen = observed && *open && passed > 0;
                made.calls.push(seen.then(|| f64::from(cell.calls) * rate));
                let timed = seen && cell.handled > 0;
                made.handle_s
                    .push(timed.then(|| cell.handle_s / f64::from(cell.handled)));
                made.handled
                    .push(if timed { f64::from(cell.handled) } else { 0.0 });
            }
        }
        made
    }

    /// Slots of a day.
    pub fn slots_per_day(&self) -> usize {
        slots_of(self.slot_minutes)
    }

    /// Number of days.
    pub fn len(&self) -> usize {
        self.totals.len()
    }

    /// Never: there is a day with work.
    pub fn is_empty(&self) -> bool {
        self.totals.is_empty()
    }

    /// The first day after the last.
    pub fn end(&self) -> NaiveDate {
        after(self.first, self.len())
    }

    /// Each day with its calls per slot.
    pub fn rows(&self) -> impl Iterator<Item = (NaiveDate, &[Option<f64>])> {
        self.calls
            .chunks(self.slots_per_day())
            .enumerate()
            .map(|(day, row)| (after(self.first, day), row))
    }

    /// The calls of one day per slot; none outside.
    pub fn day(&self, date: NaiveDate) -> Option<&[Option<f64>]> {
        let day = usize::try_from((date - self.first).num_days()).ok()?;
        self.calls.chunks(self.slots_per_day()).nth(day)
    }

    /// Calls of one day as they came; none for a day that was not observed.
    pub fn total(&self, date: NaiveDate) -> Option<u32> {
        let day = usize::try_from((date - self.first).num_days()).ok()?;
        self.observed.get(day)?.then_some(*self.totals.get(day)?)
    }
}

/// Minutes that pass in each slot of a local day: none where the clock skips it, twice as many where
/// it comes twice.
pub fn minutes_passed(date: NaiveDate, slot_minutes: u32, zone: Tz) -> Vec<u32> {
    let slot_minutes = whole_slot(slot_minutes);
    let slots = slots_of(slot_minutes);
    let (from, until) = (start_of_day(date, zone), start_of_day(after(date, 1), zone));
    if until - from == TimeDelta::days(1) {
        return vec![slot_minutes; slots];
    }
    let mut passed = vec![0; slots];
    let mut at = from;
    while at < until {
        let local = at.with_timezone(&zone);
        let slot = (local.hour() * 60 + local.minute()) / slot_minutes;
        if let Some(minutes) = passed.get_mut(slot as usize) {
            *minutes += 15;
        }
        at += TimeDelta::seconds(QUARTER);
    }
    passed
}

fn whole_slot(minutes: u32) -> u32 {
    match minutes {
        15 | 30 => minutes,
        _ => 60,
    }
}

fn slots_of(slot_minutes: u32) -> usize {
    (DAY_MINUTES / whole_slot(slot_minutes)) as usize
}

fn weekday(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

fn after(date: NaiveDate, days: usize) -> NaiveDate {
    date.checked_add_days(chrono::Days::new(days as u64))
        .unwrap_or(NaiveDate::MAX)
}

#[cfg(test)]
mod tests;
