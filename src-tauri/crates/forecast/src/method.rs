//! The methods that compete. Each sees the days before an origin and gives whole days after it.

use crate::boosted::Boosted;
use crate::calendar_effect::{self, DayEffects};
use crate::grid::{Grid, weekday};
use crate::level;
use crate::profile;
use crate::special::SpecialDays;
use serde::{Deserialize, Serialize};

/// How a forecast can be made.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The same weekday of the last week, repeated.
    LastWeek,
    /// The mean of the last two same weekdays.
    Mean2,
    /// The mean of the last four same weekdays.
    Mean4,
    /// The median of the last eight same weekdays.
    Median8,
    /// The mean of the last twelve same weekdays without the highest and lowest sixth.
    TrimmedMean12,
    /// Exponentially weighted mean of the same weekdays, 0.25 to the newest.
    Ewma,
    /// The median of up to thirty same weekdays, newer ones weighing more, with the effects of the day
    /// of the month taken out and put back.
    CalendarMedian,
    /// The same over the last ten same weekdays.
    RecentCalendarMedian,
    /// The median of twenty same weekdays, with the season and the slow level taken out and put back.
    Seasonal,
    /// The mean of the last four same weekdays, with the season, the slow level and the day of the month
    /// taken out and put back.
    RecentSeasonal,
    /// A smoothed profile on the level of the last weeks.
    SlowLevel,
    /// A smoothed profile on the level of the last days.
    QuickLevel,
    /// A recent profile on the level of the last days.
    RecentShape,
    /// A smoothed profile on the level that the last eight weeks point to.
    Trend,
    /// The profile of the same weeks a year and two years ago on the level of the last weeks.
    LastYear,
    /// What came in the same weeks a year and two years ago, times how the last weeks have grown since.
    YearOnYear,
    /// Boosted trees that learn from the whole history what to make of the calendar, the last weeks and
    /// the level at each hour.
    Boosted,
    /// The shape of a similar project's week on this project's own level.
    Borrowed,
}

impl Method {
    /// Those that need nothing but the history.
    pub(crate) const OWN: [Self; 17] = [
        Self::LastWeek,
        Self::Mean2,
        Self::Mean4,
        Self::Median8,
        Self::TrimmedMean12,
        Self::Ewma,
        Self::CalendarMedian,
        Self::RecentCalendarMedian,
        Self::Seasonal,
        Self::RecentSeasonal,
        Self::SlowLevel,
        Self::QuickLevel,
        Self::RecentShape,
        Self::Trend,
        Self::LastYear,
        Self::YearOnYear,
        Self::Boosted,
    ];
}

/// So many days ago the weekday was the same and the season nearly so.
pub(crate) const YEARS: [usize; 2] = [52 * 7, 104 * 7];
/// Days over which growth since a year ago is measured.
const GROWTH_DAYS: usize = 13 * 7;

/// What a method may see: the days before `origin`, and what the calendar says of those to come.
pub(crate) struct Past<'a> {
    pub(crate) normal: &'a Grid,
    /// Index of the first day to forecast.
    pub(crate) origin: usize,
    /// Days to forecast.
    pub(crate) days: usize,
    /// Week of the borrowed profile, Monday first, if there is one.
    borrowed: Option<&'a [f64]>,
    /// What trees have learned from days before the origin.
    boosted: Option<&'a Boosted>,
    effects: DayEffects,
}

impl<'a> Past<'a> {
    pub(crate) fn new(
        raw: &Grid,
        normal: &'a Grid,
        special: &SpecialDays,
        (borrowed, boosted): (Option<&'a [f64]>, Option<&'a Boosted>),
        origin: usize,
        days: usize,
    ) -> Self {
        Self {
            normal,
            origin,
            days,
            borrowed,
            boosted,
            effects: calendar_effect::learn(raw, normal, special, origin, days),
        }
    }

    pub(crate) fn effects(&self) -> &DayEffects {
        &self.effects
    }

    /// Forecasts by one method, day after day; NaN where it knows nothing. Special days to come are
    /// still taken for normal ones.
    pub(crate) fn by(&self, method: Method) -> Vec<f64> {
        let effects = &self.effects;
        let none = [];
        match method {
            Method::LastWeek => self.columns(1, 1.0, &none, profile::mean),
            Method::Mean2 => self.columns(2, 1.0, &none, profile::mean),
            Method::Mean4 => self.columns(4, 1.0, &none, profile::mean),
            Method::Median8 => self.columns(8, 1.0, &none, profile::median),
            Method::TrimmedMean12 => self.columns(12, 1.0, &none, profile::trimmed_mean),
            Method::Ewma => self.columns(26, 0.75, &none, profile::mean),
            Method::CalendarMedian => self.columns(30, 0.96, &effects.month, profile::median),
            Method::RecentCalendarMedian => self.columns(10, 0.9, &effects.month, profile::median),
            Method::Seasonal => {
                let known = sum(&effects.month, &effects.slow);
                self.columns(20, 0.95, &known, profile::median)
            }
            Method::RecentSeasonal => {
                let known = sum(&effects.month, &effects.slow);
                self.columns(5, 0.85, &known, profile::mean)
            }
            Method::SlowLevel => {
                let level = level::steady(&effects.rest, 0.05);
                self.smooth(&self.ahead(|_| level))
            }
            Method::QuickLevel => {
                let level = level::ewma(&effects.rest, 0.2);
                self.smooth(&self.ahead(|_| level))
            }
            Method::RecentShape => {
                let level = level::ewma(&effects.rest, 0.2);
                let known = self.ahead(|_| level);
                self.columns(6, 0.8, &known, profile::mean)
            }
            Method::Trend => {
                let path = level::trend(&effects.slow, &effects.rest, self.days);
                let slow = effects.slow.get(self.origin..).unwrap_or_default();
                self.smooth(&self.ahead(|ahead| {
                    path.get(ahead).copied().unwrap_or(0.0)
                        - slow.get(ahead).copied().unwrap_or(0.0)
                }))
            }
            Method::LastYear => {
                let level = level::steady(&effects.rest, 0.1);
                let known = self.ahead(|_| level);
                let known = |day: usize| known.get(day).copied().unwrap_or(0.0);
                self.years_ago(|day, earlier, slot| {
                    let answer = effects.answer.get(slot).copied().unwrap_or(1.0);
                    (answer * (known(day) - known(earlier))).exp()
                })
            }
            Method::YearOnYear => {
                let grown = YEARS.map(|year| (year, self.growth(year)));
                self.years_ago(|day, earlier, _| {
                    let year = |(year, _): &&(usize, f64)| (day - earlier).abs_diff(*year) <= 7;
                    grown
                        .iter()
                        .find(year)
                        .map_or(f64::NAN, |(_, growth)| *growth)
                })
            }
            Method::Boosted => self.boosted.map_or_else(
                || vec![f64::NAN; self.days * self.normal.slots],
                |boosted| boosted.forecast(self.normal, self.origin, self.days),
            ),
            Method::Borrowed => self.borrowed_shape(),
        }
    }

    /// Each day's whole logarithm beyond its weekday: as it was, and for the days to come season, slow
    /// level and day of the month with `more` on top.
    fn ahead(&self, more: impl Fn(usize) -> f64) -> Vec<f64> {
        let effects = &self.effects;
        let known = sum(&effects.month, &effects.slow);
        known
            .iter()
            .enumerate()
            .map(|(day, known)| {
                if let Some(ahead) = day.checked_sub(self.origin) {
                    known + more(ahead)
                } else {
                    let rest = effects.rest.get(day).copied().unwrap_or(f64::NAN);
                    known + if rest.is_finite() { rest } else { 0.0 }
                }
            })
            .collect()
    }

    /// One number for each weekday and slot, out of up to `most` last values from which the days'
    /// logarithms `known` are taken; the newest weighs 1, each older one `fade` times the next.
    fn week(
        &self,
        most: usize,
        fade: f64,
        known: &[f64],
        of: impl Fn(&mut [(f64, f64)]) -> f64,
    ) -> Vec<f64> {
        let slots = self.normal.slots;
        let mut week = vec![f64::NAN; 7 * slots];
        let mut column = Vec::with_capacity(most);
        for ahead in 0..7 {
            let from = weekday(self.normal.date(self.origin + ahead)) * slots;
            let cells = week.iter_mut().skip(from).zip(&self.effects.answer);
            for (slot, (cell, answer)) in cells.enumerate() {
                self.normal.adjusted_column(
                    self.origin,
                    self.origin + ahead,
                    slot,
                    most,
                    (known, *answer),
                    &mut column,
                );
                let mut share = 1.0;
                for (_, weight) in &mut column {
                    *weight *= share;
                    share *= fade;
                }
                *cell = of(&mut column);
            }
        }
        week
    }

    /// The week laid out over the days to come, with their logarithms put back.
    fn lay_out(&self, week: &[f64], known: &[f64]) -> Vec<f64> {
        let slots = self.normal.slots;
        (self.origin..self.origin + self.days)
            .flat_map(|day| {
                let from = weekday(self.normal.date(day)) * slots;
                let known = known.get(day).copied().unwrap_or(0.0);
                week.iter()
                    .skip(from)
                    .zip(&self.effects.answer)
                    .map(move |(value, answer)| value * (answer * known).exp())
            })
            .collect()
    }

    fn columns(
        &self,
        most: usize,
        fade: f64,
        known: &[f64],
        of: impl Fn(&mut [(f64, f64)]) -> f64,
    ) -> Vec<f64> {
        self.lay_out(&self.week(most, fade, known, of), known)
    }

    /// The profile of twelve weeks, each weekday leaning on those alike as far as chance hides it.
    fn smooth(&self, known: &[f64]) -> Vec<f64> {
        let slots = self.normal.slots;
        let week = self.week(12, 0.92, known, profile::mean);
        let spread = self.week(12, 0.92, known, profile::error_of_mean);
        self.lay_out(&profile::pooled(&week, &spread, slots), known)
    }

    /// How the last thirteen weeks have grown over the same weeks so many days ago; NaN where nothing of
    /// both was seen.
    fn growth(&self, back: usize) -> f64 {
        let (mut now, mut then) = (0.0, 0.0);
        for day in self.origin.saturating_sub(GROWTH_DAYS).max(back)..self.origin {
            for slot in 0..self.normal.slots {
                let (a, b) = (self.normal.at(day, slot), self.normal.at(day - back, slot));
                if a.is_finite() && b.is_finite() {
                    now += a;
                    then += b;
                }
            }
        }
        if then > 0.0 { now / then } else { f64::NAN }
    }

    /// The mean of the three weeks around the same week of each of the two years before, each slot times
    /// what `risen` says of the day, the earlier day and the slot; NaN where it knows none.
    fn years_ago(&self, risen: impl Fn(usize, usize, usize) -> f64) -> Vec<f64> {
        let slots = self.normal.slots;
        let mut said = Vec::with_capacity(self.days * slots);
        for day in self.origin..self.origin + self.days {
            let near: Vec<usize> = YEARS
                .into_iter()
                .flat_map(|year| [year - 7, year, year + 7])
                .filter_map(|back| day.checked_sub(back))
                .filter(|earlier| *earlier < self.origin && self.normal.seen(*earlier))
                .collect();
            for slot in 0..slots {
                let (mut sum, mut weights) = (0.0, 0.0);
                for earlier in &near {
                    let value = self.normal.at(*earlier, slot) * risen(day, *earlier, slot);
                    if value.is_finite() {
                        let weight = self.normal.weight(*earlier, slot);
                        sum += weight * value;
                        weights += weight;
                    }
                }
                said.push(if near.len() >= 2 && weights > 0.0 {
                    sum / weights
                } else {
                    f64::NAN
                });
            }
        }
        said
    }

    fn borrowed_shape(&self) -> Vec<f64> {
        let slots = self.normal.slots;
        let Some(week) = self.borrowed else {
            return vec![f64::NAN; self.days * slots];
        };
        let part = |day: usize, slot: usize| {
            let weekday = weekday(self.normal.date(day));
            week.get(weekday * slots + slot)
                .copied()
                .unwrap_or(f64::NAN)
        };
        // The level: what came in the last four weeks over what the shape alone would say.
        let (mut came, mut shape) = (0.0, 0.0);
        for day in self.origin.saturating_sub(28)..self.origin {
            for slot in 0..slots {
                let (value, part) = (self.normal.at(day, slot), part(day, slot));
                if value.is_finite() && part.is_finite() {
                    let weight = self.normal.weight(day, slot);
                    came += value * weight;
                    shape += part * weight;
                }
            }
        }
        let level = if shape > 0.0 { came / shape } else { f64::NAN };
        (self.origin..self.origin + self.days)
            .flat_map(|day| (0..slots).map(move |slot| (day, slot)))
            .map(|(day, slot)| level * part(day, slot))
            .collect()
    }
}

fn sum(a: &[f64], b: &[f64]) -> Vec<f64> {
    a.iter().zip(b).map(|(a, b)| a + b).collect()
}
