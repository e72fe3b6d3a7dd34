//! What came of the calls of an interval, counted or expected.

use crate::measures::ServiceLevel;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::ops::AddAssign;

/// Calls of an interval and what came of them: whole numbers where they were counted, means where they
/// are expected.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Counts {
    /// Calls that came.
    pub offered: f64,
    /// Calls that got an agent.
    pub answered: f64,
    /// Calls that got an agent within the threshold.
    pub answered_within: f64,
    /// Calls that hung up before.
    pub abandoned: f64,
    /// Calls that hung up within the threshold.
    pub short_abandons: f64,
    /// Seconds that the answered ones had waited, all together.
    pub wait_s: f64,
    /// Seconds that agents were busy with such calls in this interval, all together.
    pub busy_s: f64,
}

impl Counts {
    /// The service level by one definition; none where nothing came that it counts.
    pub fn service_level(&self, definition: ServiceLevel) -> Option<f64> {
        let of = match definition {
            ServiceLevel::OfOffered => self.offered,
            ServiceLevel::OfAnswered => self.answered,
            ServiceLevel::WithoutShortAbandons => self.offered - self.short_abandons,
        };
        (of > 0.0).then(|| (self.answered_within / of).clamp(0.0, 1.0))
    }

    /// The average speed of answer in seconds; none where nobody was answered.
    pub fn asa_s(&self) -> Option<f64> {
        (self.answered > 0.0).then(|| self.wait_s / self.answered)
    }

    /// The share of callers who hung up; none where nobody called.
    pub fn abandonment(&self) -> Option<f64> {
        (self.offered > 0.0).then(|| self.abandoned / self.offered)
    }

    /// All of it multiplied, for a weighted mean.
    #[must_use]
    pub fn times(&self, factor: f64) -> Self {
        Self {
            offered: self.offered * factor,
            answered: self.answered * factor,
            answered_within: self.answered_within * factor,
            abandoned: self.abandoned * factor,
            short_abandons: self.short_abandons * factor,
            wait_s: self.wait_s * factor,
            busy_s: self.busy_s * factor,
        }
    }
}

impl AddAssign for Counts {
    fn add_assign(&mut self, other: Self) {
        self.offered += other.offered;
        self.answered += other.answered;
        self.answered_within += other.answered_within;
        self.abandoned += other.abandoned;
        self.short_abandons += other.short_abandons;
        self.wait_s += other.wait_s;
        self.busy_s += other.busy_s;
    }
}

impl std::iter::Sum for Counts {
    fn sum<I: Iterator<Item = Self>>(all: I) -> Self {
        all.fold(Self::default(), |mut sum, one| {
            sum += one;
            sum
        })
    }
}
