//! What was observed, and the week's shape that a young project may borrow.

use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::fmt;

/// One value per slot of the local day, from `first` on without a gap.
///
/// Days are wall-clock days: the caller brings the 23- and 25-hour days of daylight saving to the
/// usual number of slots. A slot that was closed or not observed is `None`; nought is a slot that was
/// open and quiet.
#[derive(Debug, Clone, PartialEq)]
pub struct History {
    first: NaiveDate,
    slots_per_day: usize,
    values: Vec<Option<f64>>,
    weights: Option<Vec<f64>>,
}

/// Why a history or a profile cannot be used.
#[derive(Debug, Clone, PartialEq)]
pub enum HistoryError {
    /// A day has 24, 48 or 96 slots (60, 30, 15 minutes).
    SlotsPerDay(usize),
    /// The number of values is not a whole number of days.
    PartOfADay {
        /// Values given.
        values: usize,
        /// Slots of a day.
        slots_per_day: usize,
    },
    /// Not finite, or below nought.
    Value {
        /// Index of the value from the first slot on.
        index: usize,
        /// What stands there.
        value: f64,
    },
    /// There must be one weight per value.
    Weights {
        /// Values given.
        values: usize,
        /// Weights given.
        weights: usize,
    },
}

impl fmt::Display for HistoryError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::SlotsPerDay(slots) => {
                write!(f, "a day of {slots} slots: it must be 24, 48 or 96")
            }
            Self::PartOfADay {
                values,
                slots_per_day,
            } => write!(
                f,
                "{values} values are not whole days of {slots_per_day} slots"
            ),
            Self::Value { index, value } => {
                write!(
                    f,
                    "value {index} is {value}: it must be finite and not below 0"
                )
            }
            Self::Weights { values, weights } => {
                write!(f, "{weights} weights for {values} values")
            }
        }
    }
}

impl std::error::Error for HistoryError {}

fn check_slots(slots_per_day: usize) -> Result<(), HistoryError> {
    if matches!(slots_per_day, 24 | 48 | 96) {
        Ok(())
    } else {
        Err(HistoryError::SlotsPerDay(slots_per_day))
    }
}

impl History {
    /// A history of calls or of other counts.
    ///
    /// # Errors
    /// When the slots do not fit the day or a value is not a count; see [`HistoryError`].
    pub fn new(
        first: NaiveDate,
        slots_per_day: usize,
        values: Vec<Option<f64>>,
    ) -> Result<Self, HistoryError> {
        check_slots(slots_per_day)?;
        if !values.len().is_multiple_of(slots_per_day) {
            return Err(HistoryError::PartOfADay {
                values: values.len(),
                slots_per_day,
            });
        }
        for (index, value) in values.iter().enumerate() {
            if let Some(value) = value
                && !(value.is_finite() && *value >= 0.0)
            {
                return Err(HistoryError::Value {
                    index,
                    value: *value,
                });
            }
        }
        Ok(Self {
            first,
            slots_per_day,
            values,
            weights: None,
        })
    }

    /// A history of means, such as handle times in seconds, with the number of calls behind each.
    ///
    /// # Errors
    /// As [`Self::new`]; also when the weights do not match the values.
    pub fn weighted(
        first: NaiveDate,
        slots_per_day: usize,
        values: Vec<Option<f64>>,
        weights: Vec<f64>,
    ) -> Result<Self, HistoryError> {
        if weights.len() != values.len() {
            return Err(HistoryError::Weights {
                values: values.len(),
                weights: weights.len(),
            });
        }
        if let Some((index, value)) = weights
            .iter()
            .enumerate()
            .find(|(_, weight)| !(weight.is_finite() && **weight >= 0.0))
        {
            return Err(HistoryError::Value {
                index,
                value: *value,
            });
        }
        let mut history = Self::new(first, slots_per_day, values)?;
        history.weights = Some(weights);
        Ok(history)
    }

    /// The first day.
    pub fn first(&self) -> NaiveDate {
        self.first
    }

    /// The first day after the last.
    pub fn end(&self) -> NaiveDate {
        self.first + Days::new(self.days() as u64)
    }

    /// Slots of a day: 24, 48 or 96.
    pub fn slots_per_day(&self) -> usize {
        self.slots_per_day
    }

    /// Number of days.
    pub fn days(&self) -> usize {
        self.values.len() / self.slots_per_day
    }

    /// All values, day after day.
    pub fn values(&self) -> &[Option<f64>] {
        &self.values
    }

    /// The number of calls behind each value, where that was given.
    pub fn weights(&self) -> Option<&[f64]> {
        self.weights.as_deref()
    }
}

/// The shape of a week: for each weekday (Monday first) and slot its part of the week.
///
/// A new project borrows it from a similar one until it has enough weeks of its own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct WeekProfile {
    slots_per_day: usize,
    parts: Vec<Option<f64>>,
}

impl WeekProfile {
    /// From seven days of slots, Monday first; brought to a sum of 1. `None` is closed.
    ///
    /// # Errors
    /// When there are not seven days, or a part is below nought or not finite, or all are nought.
    pub fn new(slots_per_day: usize, parts: Vec<Option<f64>>) -> Result<Self, HistoryError> {
        check_slots(slots_per_day)?;
        if parts.len() != 7 * slots_per_day {
            return Err(HistoryError::PartOfADay {
                values: parts.len(),
                slots_per_day,
            });
        }
        for (index, part) in parts.iter().enumerate() {
            if let Some(value) = part
                && !(value.is_finite() && *value >= 0.0)
            {
                return Err(HistoryError::Value {
                    index,
                    value: *value,
                });
            }
        }
        let sum: f64 = parts.iter().flatten().sum();
        if sum <= 0.0 || !sum.is_finite() {
            return Err(HistoryError::Value {
                index: 0,
                value: sum,
            });
        }
        Ok(Self {
            slots_per_day,
            parts: parts
                .into_iter()
                .map(|part| part.map(|value| value / sum))
                .collect(),
        })
    }

    /// The mean week of a history, for lending to another project.
    ///
    /// # Errors
    /// When no slot was ever open or every open slot was empty.
    pub fn of(history: &History) -> Result<Self, HistoryError> {
        let slots = history.slots_per_day;
        let mut sums = vec![(0.0, 0_u32); 7 * slots];
        for (day, row) in history.values.chunks(slots).enumerate() {
            let date = history.first + Days::new(day as u64);
            let weekday = crate::grid::weekday(date);
            for (cell, value) in sums.iter_mut().skip(weekday * slots).zip(row) {
                if let Some(value) = value {
                    cell.0 += value;
                    cell.1 += 1;
                }
            }
        }
        let parts = sums
            .into_iter()
            .map(|(sum, count)| (count > 0).then(|| sum / f64::from(count)))
            .collect();
        Self::new(slots, parts)
    }

    /// Slots of a day: 24, 48 or 96.
    pub fn slots_per_day(&self) -> usize {
        self.slots_per_day
    }

    /// The parts, Monday first; together 1.
    pub fn parts(&self) -> &[Option<f64>] {
        &self.parts
    }
}
