//! Time: the true one, which nobody in the world can read, and the clocks that people believe.

use chrono::{DateTime, Utc};

/// True time, milliseconds since the midnight on which the day begins.
pub(crate) type Moment = i64;

pub(crate) const SECOND: Moment = 1000;
pub(crate) const MINUTE: Moment = 60 * SECOND;
pub(crate) const HOUR: Moment = 60 * MINUTE;

/// The midnight, milliseconds since 1970.
const MIDNIGHT: i64 = 1_772_409_600_000;

/// A moment as a clock shows that is ahead by so much.
pub(crate) fn shown(at: Moment, ahead: Moment) -> DateTime<Utc> {
    DateTime::from_timestamp_millis(MIDNIGHT + at + ahead).unwrap_or_default()
}

/// A second of the shop's clock as it is written.
pub(crate) fn stamp(second: i64) -> DateTime<Utc> {
    shown(second * SECOND, 0)
}

/// And read again.
pub(crate) fn second(stamp: DateTime<Utc>) -> i64 {
    (stamp.timestamp_millis() - MIDNIGHT).div_euclid(SECOND)
}

/// The clock of one desk, as the corner of its screen shows it.
#[derive(Clone, Copy, Default)]
pub(crate) struct DeskClock {
    /// How far it is ahead of the true time.
    pub(crate) ahead: Moment,
}

impl DeskClock {
    pub(crate) fn wall(self, now: Moment) -> DateTime<Utc> {
        shown(now, self.ahead)
    }
}
