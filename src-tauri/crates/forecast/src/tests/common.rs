//! Made-up centres out of a seed.

use crate::{History, Inputs, Quantity, SpecialDays};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeSet;

/// A small generator of its own: the tests need chance that is the same everywhere.
pub(crate) struct Chance(u64);

impl Chance {
    pub(crate) fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) | 1)
    }

    /// Evenly from 0 to 1.
    pub(crate) fn even(&mut self) -> f64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) as f64 / (1_u64 << 53) as f64
    }

    /// About standard normal.
    pub(crate) fn normal(&mut self) -> f64 {
        (0..12).map(|_| self.even()).sum::<f64>() - 6.0
    }

    /// A whole count about a mean, spread like a Poisson one.
    pub(crate) fn count(&mut self, mean: f64) -> f64 {
        (mean + mean.sqrt() * self.normal()).round().max(0.0)
    }
}

pub(crate) fn monday() -> NaiveDate {
    NaiveDate::from_ymd_opt(2025, 1, 6).unwrap()
}

pub(crate) fn date(day: usize) -> NaiveDate {
    monday() + Days::new(day as u64)
}

/// What is usual on a day and slot: open from 8 to 20, closed on Sundays.
pub(crate) fn usual(date: NaiveDate, slot: usize, slots_per_day: usize) -> Option<f64> {
    let hour = slot as f64 * 24.0 / slots_per_day as f64;
    let weekday = date.weekday().num_days_from_monday() as usize;
    if !(8.0..20.0).contains(&hour) || weekday == 6 {
        return None;
    }
    let share = [1.25, 1.1, 1.0, 1.0, 1.05, 0.6][weekday];
    Some(
        share * (40.0 + 60.0 * (-((hour - 11.0) / 3.0).powi(2)).exp()) * 24.0
            / slots_per_day as f64,
    )
}

/// Days of counts; `factor` moves whole days.
pub(crate) fn history(
    days: usize,
    slots_per_day: usize,
    seed: u64,
    factor: impl Fn(NaiveDate, &mut Chance) -> f64,
) -> History {
    let mut chance = Chance::new(seed);
    let mut values = Vec::with_capacity(days * slots_per_day);
    for day in 0..days {
        let date = date(day);
        let factor = factor(date, &mut chance);
        for slot in 0..slots_per_day {
            values.push(usual(date, slot, slots_per_day).map(|usual| chance.count(usual * factor)));
        }
    }
    History::new(monday(), slots_per_day, values).unwrap()
}

/// An ordinary centre whose days differ by some 5 %.
pub(crate) fn ordinary(days: usize, seed: u64) -> History {
    history(days, 24, seed, |_, chance| (0.05 * chance.normal()).exp())
}

static NOTHING_SPECIAL: std::sync::LazyLock<SpecialDays> =
    std::sync::LazyLock::new(SpecialDays::new);
static NOTHING_LEFT_OUT: BTreeSet<NaiveDate> = BTreeSet::new();

pub(crate) fn inputs(history: &History) -> Inputs<'_> {
    Inputs {
        history,
        quantity: Quantity::Volume,
        special: &NOTHING_SPECIAL,
        left_out: &NOTHING_LEFT_OUT,
        lead: None,
        borrowed: None,
        open: None,
    }
}
