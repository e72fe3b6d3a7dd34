//! Days by slots as plain numbers; NaN is closed or unknown.

use crate::history::History;
use chrono::{Datelike, Days, NaiveDate};

/// Monday is 0.
pub(crate) fn weekday(date: NaiveDate) -> usize {
    date.weekday().num_days_from_monday() as usize
}

/// A table of days by slots.
#[derive(Debug, Clone)]
pub(crate) struct Grid {
    pub(crate) first: NaiveDate,
    pub(crate) slots: usize,
    pub(crate) values: Vec<f64>,
    /// As long as `values`, or empty where every value weighs the same.
    pub(crate) weights: Vec<f64>,
}

impl Grid {
    /// The last `most` days of the history before `origin`: what is later is not even copied.
    pub(crate) fn before(history: &History, origin: NaiveDate, most: usize) -> Self {
        let slots = history.slots_per_day();
        let known = (origin - history.first()).num_days().max(0);
        let known = usize::try_from(known).unwrap_or(0).min(history.days());
        let skipped = known.saturating_sub(most);
        let from = skipped * slots;
        let len = (known - skipped) * slots;
        Self {
            first: history.first() + Days::new(skipped as u64),
            slots,
            values: history
                .values()
                .iter()
                .skip(from)
                .take(len)
                .map(|value| value.unwrap_or(f64::NAN))
                .collect(),
            weights: history
                .weights()
                .map(|weights| weights.iter().skip(from).take(len).copied().collect())
                .unwrap_or_default(),
        }
    }

    pub(crate) fn days(&self) -> usize {
        self.values.len() / self.slots
    }

    pub(crate) fn date(&self, day: usize) -> NaiveDate {
        self.first + Days::new(day as u64)
    }

    /// The slots of one day; empty beyond the end.
    pub(crate) fn row(&self, day: usize) -> &[f64] {
        self.values
            .get(day * self.slots..(day + 1) * self.slots)
            .unwrap_or_default()
    }

    pub(crate) fn row_mut(&mut self, day: usize) -> &mut [f64] {
        self.values
            .get_mut(day * self.slots..(day + 1) * self.slots)
            .unwrap_or_default()
    }

    /// NaN beyond the end.
    pub(crate) fn at(&self, day: usize, slot: usize) -> f64 {
        self.values
            .get(day * self.slots + slot)
            .copied()
            .unwrap_or(f64::NAN)
    }

    /// The number of calls behind a value; 1 where that was not given.
    pub(crate) fn weight(&self, day: usize, slot: usize) -> f64 {
        if self.weights.is_empty() {
            1.0
        } else {
            self.weights
                .get(day * self.slots + slot)
                .copied()
                .unwrap_or(0.0)
        }
    }

    /// Collects up to `most` values of a slot on the weekday of `target` before `origin`, newest first,
    /// each with its weight. Weeks beyond twice that number are too old to speak.
    pub(crate) fn column(
        &self,
        origin: usize,
        target: usize,
        slot: usize,
        most: usize,
        column: &mut Vec<(f64, f64)>,
    ) {
        self.adjusted_column(origin, target, slot, most, (&[], 1.0), column);
    }

    /// As [`Self::column`], with the days' known logarithms taken out as strongly as the slot answers to
    /// them; nought for days beyond those known.
    pub(crate) fn adjusted_column(
        &self,
        origin: usize,
        target: usize,
        slot: usize,
        most: usize,
        (known, answer): (&[f64], f64),
        column: &mut Vec<(f64, f64)>,
    ) {
        column.clear();
        let mut day = target;
        for _ in 0..2 * most + 16 {
            let Some(earlier) = day.checked_sub(7) else {
                break;
            };
            day = earlier;
            if day >= origin {
                continue;
            }
            let value = self.at(day, slot);
            if value.is_finite() {
                let factor = known.get(day).map_or(1.0, |known| (-answer * known).exp());
                column.push((value * factor, self.weight(day, slot)));
                if column.len() == most {
                    break;
                }
            }
        }
    }

    /// Whether anything was observed on the day.
    pub(crate) fn seen(&self, day: usize) -> bool {
        self.row(day).iter().any(|value| value.is_finite())
    }
}
