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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_clock_that_is_set_is_believed_and_told_of_and_one_that_strays_is_not() {
        let wall = |second: i64| DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap();
        let since = Duration::from_secs;
        let mut clock = SteadyClock::new(wall(0), since(5));
        let quiet = |now| Reading { now, set_by: None };
        assert_eq!(clock.read(wall(11), since(15)), quiet(wall(10)));
        assert_eq!(
            clock.read(wall(3_620), since(25)),
            Reading {
                now: wall(3_620),
                set_by: Some(TimeDelta::seconds(3_600))
            },
            "an hour ahead"
        );
        assert_eq!(clock.read(wall(3_630), since(35)), quiet(wall(3_630)));
        assert_eq!(
            clock.read(wall(30), since(35)).set_by,
            Some(TimeDelta::seconds(-3_600)),
            "and back"
        );
        assert_eq!(clock.read(wall(31), since(36)), quiet(wall(31)));
    }
}
