//! Days that are not like others of their weekday: known ahead, and known to have been.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::ops::Range;

/// What a special day is akin to. A kind with little history leans on its family.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Family {
    /// A public holiday on which there is work all the same.
    Holiday,
    /// The day before.
    Eve,
    /// The first working day after.
    After,
    /// A promotion or a mailing.
    Promotion,
    /// The shop does not deliver.
    DeliveriesStopped,
    /// Any other kind of its own.
    Other,
}

/// What makes one day special.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDay {
    /// Name of the kind: days of one name share one effect, such as "Christmas Day".
    pub kind: String,
    /// What the kind is akin to.
    pub family: Family,
    /// Minutes since midnight between which there is work, where not at the usual hours; an empty range
    /// is a closed day. Outside them nothing is forecast, and what came then is not looked at.
    pub open: Option<Range<u16>>,
}

impl SpecialDay {
    /// Whether nobody works.
    pub fn closed(&self) -> bool {
        self.open.as_ref().is_some_and(Range::is_empty)
    }

    /// Whether there is work in any part of a slot of `minutes`.
    pub(crate) fn opens(&self, slot: usize, minutes: usize) -> bool {
        self.open.as_ref().is_none_or(|open| {
            !open.is_empty()
                && slot * minutes < usize::from(open.end)
                && usize::from(open.start) < (slot + 1) * minutes
        })
    }
}

/// The special days of the past and of the time to come.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SpecialDays {
    days: BTreeMap<NaiveDate, SpecialDay>,
}

impl SpecialDays {
    /// None yet.
    pub fn new() -> Self {
        Self::default()
    }

    /// Marks a day. A day has one kind: the last one set.
    pub fn set(&mut self, date: NaiveDate, kind: impl Into<String>, family: Family) {
        self.days.insert(
            date,
            SpecialDay {
                kind: kind.into(),
                family,
                open: None,
            },
        );
    }

    /// Sets the hours of a day that was marked before.
    pub fn set_open(&mut self, date: NaiveDate, open: Range<u16>) {
        if let Some(day) = self.days.get_mut(&date) {
            day.open = Some(open);
        }
    }

    /// What makes this day special, if anything.
    pub fn get(&self, date: NaiveDate) -> Option<&SpecialDay> {
        self.days.get(&date)
    }

    /// All of them, by date.
    pub fn iter(&self) -> impl Iterator<Item = (NaiveDate, &SpecialDay)> {
        self.days.iter().map(|(date, day)| (*date, day))
    }
}

impl FromIterator<(NaiveDate, SpecialDay)> for SpecialDays {
    fn from_iter<I: IntoIterator<Item = (NaiveDate, SpecialDay)>>(days: I) -> Self {
        Self {
            days: days.into_iter().collect(),
        }
    }
}
