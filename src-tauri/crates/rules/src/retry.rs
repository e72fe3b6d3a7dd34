//! When to call again: the no-answer ladder, calling hours, promised callbacks.
//!
//! Hours are judged on the customer's clock, which is the shop's zone unless more is known. Waits of
//! minutes are counted in real time; "next day" and the hours follow the local calendar through
//! changes of summer time.

use chrono::{DateTime, Datelike, Days, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use serde::{Deserialize, Serialize};

/// One rung of the ladder: how long to wait after an attempt that reached nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Rung {
    /// So many minutes of real time.
    Minutes(u32),
    /// The next day at this local time: another part of the day finds other people at home.
    NextDay(NaiveTime),
}

/// Part of a day when customers may be called: from `from` to just before `to`, local time.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Window {
    /// First moment.
    pub from: NaiveTime,
    /// First moment too late.
    pub to: NaiveTime,
}

/// When customers may be called, by weekday. At least one day is open.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "[Option<Window>; 7]", into = "[Option<Window>; 7]")]
pub struct CallingHours([Option<Window>; 7]);

/// The hours leave no moment to call, or a window ends before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("calling hours need an open day, and every window must end after it begins")]
pub struct NeverOpen;

/// The ladder and the hours, as data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RetryPolicy {
    /// The wait after the first attempt, the second, …; after the last rung comes one more attempt.
    pub ladder: Vec<Rung>,
    /// When customers may be called.
    pub hours: CallingHours,
}

/// What follows an attempt that reached nobody.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum NextAttempt {
    /// Call again, not before this.
    At(DateTime<Utc>),
    /// The ladder is at its end: the outcome is `unreachable`.
    GiveUp,
}

impl CallingHours {
    /// Windows from Monday to Sunday; none is a closed day.
    pub fn new(monday_first: [Option<Window>; 7]) -> Result<Self, NeverOpen> {
        let mut open = monday_first.iter().flatten().peekable();
        let some = open.peek().is_some();
        (some && open.all(|window| window.from < window.to))
            .then_some(Self(monday_first))
            .ok_or(NeverOpen)
    }

    /// Whether a customer in `zone` may be called at `moment`.
    pub fn allow(&self, moment: DateTime<Utc>, zone: Tz) -> bool {
        let local = moment.with_timezone(&zone);
        self.on(local.date_naive())
            .is_some_and(|window| window.from <= local.time() && local.time() < window.to)
    }

    /// The first moment from `moment` on when a customer in `zone` may be called.
    pub fn first_from(&self, moment: DateTime<Utc>, zone: Tz) -> DateTime<Utc> {
        if self.allow(moment, zone) {
            return moment;
        }
        let today = moment.with_timezone(&zone).date_naive();
        // Today's window may be over, so the same weekday a week later counts too; one day more for
        // a window that a change of summer time swallows.
        (0..=8)
            .filter_map(|days| today.checked_add_days(Days::new(days)))
            .filter_map(|date| Some(to_utc(date, self.on(date)?.from, zone)))
            .find(|opening| *opening >= moment && self.allow(*opening, zone))
            .unwrap_or(moment)
    }

    fn on(&self, date: NaiveDate) -> Option<Window> {
        self.0
            .get(date.weekday().num_days_from_monday() as usize)
            .copied()
            .flatten()
    }
}

impl TryFrom<[Option<Window>; 7]> for CallingHours {
    type Error = NeverOpen;
    fn try_from(monday_first: [Option<Window>; 7]) -> Result<Self, NeverOpen> {
        Self::new(monday_first)
    }
}

impl From<CallingHours> for [Option<Window>; 7] {
    fn from(hours: CallingHours) -> Self {
        hours.0
    }
}

/// Weekdays 9 to 20, weekends 10 to 18.
impl Default for CallingHours {
    fn default() -> Self {
        let window = |from, to| {
            Some(Window {
                from: clock(from),
                to: clock(to),
            })
        };
        let (weekday, weekend) = (window(9, 20), window(10, 18));
        Self([
            weekday, weekday, weekday, weekday, weekday, weekend, weekend,
        ])
    }
}

/// Six attempts over three days, in different parts of the day.
impl Default for RetryPolicy {
    fn default() -> Self {
        Self {
            ladder: vec![
                Rung::Minutes(15),
                Rung::Minutes(60),
                Rung::Minutes(180),
                Rung::NextDay(clock(10)),
                Rung::NextDay(clock(18)),
            ],
            hours: CallingHours::default(),
        }
    }
}

/// When to try again after `attempts` calls that reached nobody, the last of them at `now`.
pub fn next_attempt(
    attempts: u32,
    now: DateTime<Utc>,
    zone: Tz,
    policy: &RetryPolicy,
) -> NextAttempt {
    let rung = (attempts as usize)
        .checked_sub(1)
        .map(|made| policy.ladder.get(made));
    let wanted = match rung {
        None => now,
        Some(None) => return NextAttempt::GiveUp,
        Some(Some(Rung::Minutes(minutes))) => now + TimeDelta::minutes(i64::from(*minutes)),
        Some(Some(Rung::NextDay(time))) => {
            let today = now.with_timezone(&zone).date_naive();
            to_utc(
                today.checked_add_days(Days::new(1)).unwrap_or(today),
                *time,
                zone,
            )
        }
    };
    NextAttempt::At(policy.hours.first_from(wanted, zone))
}

/// When to keep a promise: at its time, or when calling is next allowed. Hours hold for callbacks too.
pub fn callback_at(promised: DateTime<Utc>, zone: Tz, hours: &CallingHours) -> DateTime<Utc> {
    hours.first_from(promised, zone)
}

fn clock(hour: u32) -> NaiveTime {
    NaiveTime::from_hms_opt(hour, 0, 0).unwrap_or(NaiveTime::MIN)
}

/// A local time in UTC: the earlier of two when the clock is put back, the first after the gap when
/// it is put forward.
fn to_utc(date: NaiveDate, time: NaiveTime, zone: Tz) -> DateTime<Utc> {
    let local = date.and_time(time);
    // The longest gap of summer time is two hours; a skipped date (Samoa, 2011) is a day.
    (0..=24 * 60)
        .find_map(|minutes| {
            zone.from_local_datetime(&(local + TimeDelta::minutes(minutes)))
                .earliest()
        })
        .map_or_else(|| local.and_utc(), |moment| moment.to_utc())
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono_tz::Europe::{Kyiv, Warsaw};
    use proptest::prelude::*;

    fn utc(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    fn kyiv(local: &str) -> DateTime<Utc> {
        Kyiv.from_local_datetime(&local.parse().unwrap())
            .unwrap()
            .to_utc()
    }

    fn next(attempts: u32, now: DateTime<Utc>) -> NextAttempt {
        next_attempt(attempts, now, Kyiv, &RetryPolicy::default())
    }

    #[test]
    fn the_ladder_is_climbed_rung_by_rung_and_ends() {
        // A Tuesday.
        let now = kyiv("2026-03-03T11:00:00");
        let expected = [
            (0, NextAttempt::At(now)),
            (1, NextAttempt::At(kyiv("2026-03-03T11:15:00"))),
            (2, NextAttempt::At(kyiv("2026-03-03T12:00:00"))),
            (3, NextAttempt::At(kyiv("2026-03-03T14:00:00"))),
            (4, NextAttempt::At(kyiv("2026-03-04T10:00:00"))),
            (5, NextAttempt::At(kyiv("2026-03-04T18:00:00"))),
            (6, NextAttempt::GiveUp),
            (7, NextAttempt::GiveUp),
        ];
        for (attempts, next_is) in expected {
            assert_eq!(next(attempts, now), next_is, "after {attempts} attempts");
        }
    }

    #[test]
    fn nobody_is_called_outside_hours() {
        assert_eq!(
            next(3, kyiv("2026-03-03T18:30:00")),
            NextAttempt::At(kyiv("2026-03-04T09:00:00")),
            "three hours later is half past nine in the evening: wait for the morning"
        );
        assert_eq!(
            next(1, kyiv("2026-03-06T19:50:00")),
            NextAttempt::At(kyiv("2026-03-07T10:00:00")),
            "Friday evening goes over to Saturday, which opens at ten"
        );
        let hours = CallingHours::default();
        assert!(
            !hours.allow(kyiv("2026-03-03T20:00:00"), Kyiv),
            "the end of a window is outside it"
        );
        assert!(
            hours.allow(kyiv("2026-03-03T09:00:00"), Kyiv),
            "its beginning is inside"
        );
        assert_eq!(
            callback_at(kyiv("2026-03-03T21:30:00"), Kyiv, &hours),
            kyiv("2026-03-04T09:00:00"),
            "a promise does not lift the hours"
        );
    }

    #[test]
    fn the_customers_clock_decides() {
        let moment = utc("2026-03-03T07:30:00Z");
        let hours = CallingHours::default();
        assert!(hours.allow(moment, Kyiv), "half past nine in Kyiv");
        assert!(!hours.allow(moment, Warsaw), "half past eight in Warsaw");
    }

    #[test]
    fn summer_time_moves_the_opening_in_utc_and_not_on_the_wall() {
        // Clocks go forward on Sunday 2026-03-29 and back on Sunday 2026-10-25.
        let saturday = kyiv("2026-03-28T17:00:00");
        assert_eq!(
            next(4, saturday),
            NextAttempt::At(utc("2026-03-29T07:00:00Z")),
            "ten in summer time"
        );
        assert_eq!(
            next(4, saturday - TimeDelta::days(1)),
            NextAttempt::At(utc("2026-03-28T08:00:00Z"))
        );
        let autumn = kyiv("2026-10-24T17:00:00");
        assert_eq!(
            next(4, autumn),
            NextAttempt::At(utc("2026-10-25T08:00:00Z")),
            "ten in winter time"
        );
    }

    #[test]
    fn a_local_time_that_is_skipped_or_doubled_has_one_meaning() {
        let half_past_three = NaiveTime::from_hms_opt(3, 30, 0).unwrap();
        let spring = NaiveDate::from_ymd_opt(2026, 3, 29).unwrap();
        assert_eq!(
            to_utc(spring, half_past_three, Kyiv),
            utc("2026-03-29T01:00:00Z"),
            "first after the gap"
        );
        let autumn = NaiveDate::from_ymd_opt(2026, 10, 25).unwrap();
        assert_eq!(
            to_utc(autumn, half_past_three, Kyiv),
            utc("2026-10-25T00:30:00Z"),
            "the earlier of two"
        );
    }

    #[test]
    fn hours_that_never_open_are_refused() {
        assert_eq!(CallingHours::new([None; 7]), Err(NeverOpen));
        let backwards = Window {
            from: clock(20),
            to: clock(9),
        };
        assert_eq!(CallingHours::new([Some(backwards); 7]), Err(NeverOpen));
        assert!(
            serde_json::from_str::<CallingHours>("[null,null,null,null,null,null,null]").is_err(),
            "nor do they come in through a settings file"
        );
    }

    proptest! {
        #[test]
        fn the_next_attempt_is_allowed_and_not_in_the_past(seconds in 0_i64..63_072_000, attempts in 0_u32..6) {
            let now = utc("2025-06-01T00:00:00Z") + TimeDelta::seconds(seconds);
            let policy = RetryPolicy::default();
            let NextAttempt::At(at) = next_attempt(attempts, now, Kyiv, &policy) else {
                return Err(TestCaseError::fail("six attempts are allowed"));
            };
            prop_assert!(at >= now);
            prop_assert!(policy.hours.allow(at, Kyiv));
        }
    }
}
