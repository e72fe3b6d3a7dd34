//! A clock that is right and yet does not jump: the wall clock at some moment, and the monotonic time
//! since. When the two part, someone has set the clock or the computer has slept: the reader is told
//! by how much, and the wall clock is believed from then on.

use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// The wall clock of a sound computer strays less than this from the monotonic one.
const TOLERANCE: TimeDelta = TimeDelta::seconds(2);

/// See the module.
#[derive(Clone, Copy, Debug)]
pub struct SteadyClock {
    wall: DateTime<Utc>,
    monotonic: Duration,
}

/// What the clock shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reading {
    /// The time.
    pub now: DateTime<Utc>,
    /// By how much the wall clock was set since the last reading; none when it was not. Every time
    /// noted before is off by this.
    pub set_by: Option<TimeDelta>,
}

impl SteadyClock {
    /// Begins with what both clocks show now; the monotonic one counts from any origin.
    pub fn new(wall: DateTime<Utc>, monotonic: Duration) -> Self {
        Self { wall, monotonic }
    }

    /// The time, of what both clocks show now.
    pub fn read(&mut self, wall: DateTime<Utc>, monotonic: Duration) -> Reading {
        let passed = monotonic.saturating_sub(self.monotonic);
        let now = crate::breaker::later(self.wall, passed);
        let off = wall - now;
        if off.abs() <= TOLERANCE {
            return Reading { now, set_by: None };
        }
        *self = Self::new(wall, monotonic);
        Reading {
            now: wall,
            set_by: Some(off),
        }
    }
}
