//! Rules of thumb under the same conditions: special days of the training data are replaced by the
//! median of the last eight normal values of the same weekday and slot.

use crate::series::Series;

/// A table of training days by slots, without holes where there was ever a value.
pub(crate) struct Training {
    slots: usize,
    values: Vec<Option<f64>>,
}

fn median(values: &mut [f64]) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    let half = values.len() / 2;
    let high = values.get(half)?;
    if values.len() % 2 == 1 {
        return Some(*high);
    }
    Some((values.get(half.checked_sub(1)?)? + high) / 2.0)
}

impl Training {
    pub(crate) fn new(series: &Series, days: usize, special: impl Fn(usize) -> bool) -> Self {
        let mut training = Self {
            slots: series.slots,
            values: series
                .values
                .iter()
                .take(days * series.slots)
                .copied()
                .collect(),
        };
        let normal: Vec<bool> = (0..days)
            .map(|day| series.seen(day) && !special(day))
            .collect();
        for day in (0..days).filter(|day| !normal.get(*day).copied().unwrap_or(false)) {
            for slot in 0..series.slots {
                let mut last: Vec<f64> = (1..=day / 7)
                    .map(|weeks| day - 7 * weeks)
                    .filter(|earlier| normal.get(*earlier).copied().unwrap_or(false))
                    .filter_map(|earlier| training.at(earlier, slot))
                    .take(8)
                    .collect();
                if let Some(cell) = training.values.get_mut(day * series.slots + slot) {
                    *cell = median(&mut last);
                }
            }
        }
        training
    }

    fn at(&self, day: usize, slot: usize) -> Option<f64> {
        self.values.get(day * self.slots + slot).copied().flatten()
    }

    /// The mean distance of values a week apart: the scale of MASE.
    pub(crate) fn scale(&self) -> f64 {
        let week = 7 * self.slots;
        let (sum, count) = self
            .values
            .iter()
            .zip(self.values.iter().skip(week))
            .filter_map(|(earlier, later)| Some((later.as_ref()? - earlier.as_ref()?).abs()))
            .fold((0.0, 0.0), |(sum, count), off| (sum + off, count + 1.0));
        sum / count
    }

    /// The last values of the weekday and slot of `day`, newest first.
    fn last(&self, day: usize, slot: usize, most: usize) -> Vec<f64> {
        (1..=day / 7)
            .filter_map(|weeks| self.at(day - 7 * weeks, slot))
            .take(most)
            .collect()
    }
}

/// A rule of thumb: its name, and its value for a day and slot after the training.
pub(crate) type Peer = (&'static str, fn(&Training, usize, usize) -> Option<f64>);

fn mean(values: &[f64]) -> Option<f64> {
    (!values.is_empty()).then(|| values.iter().sum::<f64>() / values.len() as f64)
}

pub(crate) const PEERS: [Peer; 8] = [
    ("SeasonalNaive(1wk)", |training, day, slot| {
        training.last(day, slot, 1).first().copied()
    }),
    ("Mean4", |training, day, slot| {
        mean(&training.last(day, slot, 4))
    }),
    ("Mean8", |training, day, slot| {
        mean(&training.last(day, slot, 8))
    }),
    ("Median6", |training, day, slot| {
        median(&mut training.last(day, slot, 6))
    }),
    ("Median8", |training, day, slot| {
        median(&mut training.last(day, slot, 8))
    }),
    ("Median12", |training, day, slot| {
        median(&mut training.last(day, slot, 12))
    }),
    ("TrimMean12", |training, day, slot| {
        let mut last = training.last(day, slot, 12);
        last.sort_by(f64::total_cmp);
        let cut = last.len() / 6;
        mean(last.get(cut..last.len() - cut)?)
    }),
    ("EWMA(0.25)", |training, day, slot| {
        let last = training.last(day, slot, usize::MAX);
        last.into_iter()
            .rev()
            .reduce(|level, value| level + 0.25 * (value - level))
    }),
];
