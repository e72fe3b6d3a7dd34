//! The methods that compete. Each sees the days before an origin and gives whole days after it.

use crate::grid::Grid;
use crate::profile;
use serde::{Deserialize, Serialize};

/// How a forecast can be made.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Method {
    /// The same weekday of the last week, repeated.
    LastWeek,
    /// The median of the last eight same weekdays.
    Median8,
    /// The median of the last twelve same weekdays.
    Median12,
    /// The mean of the last eight same weekdays.
    Mean8,
    /// The mean of the last twelve same weekdays without the highest and lowest sixth.
    TrimmedMean12,
    /// Exponentially weighted mean of the same weekdays, 0.25 to the newest.
    Ewma,
    /// The shape of a similar project's week on this project's own level.
    Borrowed,
}

impl Method {
    pub(crate) const OWN: [Self; 6] = [
        Self::LastWeek,
        Self::Median8,
        Self::Median12,
        Self::Mean8,
        Self::TrimmedMean12,
        Self::Ewma,
    ];
}

/// What a method may see: normal days before `origin`.
pub(crate) struct Past<'a> {
    pub(crate) grid: &'a Grid,
    /// Index of the first day to forecast.
    pub(crate) origin: usize,
    /// Days to forecast.
    pub(crate) days: usize,
    /// Week of the borrowed profile, Monday first, if there is one.
    pub(crate) borrowed: Option<&'a [f64]>,
}

impl Past<'_> {
    /// Forecasts by one method, day after day; NaN where it knows nothing.
    pub(crate) fn by(&self, method: Method) -> Vec<f64> {
        match method {
            Method::LastWeek => self.columns(1, profile::mean),
            Method::Median8 => self.columns(8, profile::median),
            Method::Median12 => self.columns(12, profile::median),
            Method::Mean8 => self.columns(8, profile::mean),
            Method::TrimmedMean12 => self.columns(12, profile::trimmed_mean),
            Method::Ewma => self.columns(26, profile::ewma),
            Method::Borrowed => self.borrowed_shape(),
        }
    }

    /// One number for each weekday and slot, out of up to `most` last values, newest first.
    fn columns(&self, most: usize, of: fn(&mut [(f64, f64)]) -> f64) -> Vec<f64> {
        let slots = self.grid.slots;
        let mut week = vec![f64::NAN; self.days.min(7) * slots];
        let mut column = Vec::with_capacity(most);
        for (index, cell) in week.iter_mut().enumerate() {
            let (ahead, slot) = (index / slots, index % slots);
            column.clear();
            let mut day = self.origin + ahead;
            // Old weeks are worth looking at only as far as twice the window: beyond, things changed.
            for _ in 0..2 * most + 4 {
                let Some(earlier) = day.checked_sub(7) else {
                    break;
                };
                day = earlier;
                if day >= self.origin {
                    continue;
                }
                let value = self.grid.at(day, slot);
                if value.is_finite() {
                    column.push((value, self.grid.weight(day, slot)));
                    if column.len() == most {
                        break;
                    }
                }
            }
            *cell = of(&mut column);
        }
        week.iter()
            .copied()
            .cycle()
            .take(self.days * slots)
            .collect()
    }

    fn borrowed_shape(&self) -> Vec<f64> {
        let slots = self.grid.slots;
        let Some(week) = self.borrowed else {
            return vec![f64::NAN; self.days * slots];
        };
        let part = |day: usize, slot: usize| {
            let weekday = crate::grid::weekday(self.grid.date(day));
            week.get(weekday * slots + slot)
                .copied()
                .unwrap_or(f64::NAN)
        };
        // The level: what came in the last four weeks over what the shape alone would say.
        let (mut came, mut shape) = (0.0, 0.0);
        for day in self.origin.saturating_sub(28)..self.origin {
            for slot in 0..slots {
                let (value, part) = (self.grid.at(day, slot), part(day, slot));
                if value.is_finite() && part.is_finite() {
                    came += value;
                    shape += part;
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
