//! Hours by what they are paid for.

use crate::day::Shift;
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;

/// Minutes, and how many of them fall into hours that are paid apart. An hour can be of several kinds:
/// a Sunday night is both.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Hours {
    /// All minutes.
    pub all: u32,
    /// Neither night nor weekend nor holiday.
    pub ordinary: u32,
    /// At night.
    pub night: u32,
    /// On a Saturday or Sunday.
    pub weekend: u32,
    /// On a holiday.
    pub holiday: u32,
}

impl std::ops::AddAssign for Hours {
    fn add_assign(&mut self, other: Self) {
        self.all += other.all;
        self.ordinary += other.ordinary;
        self.night += other.night;
        self.weekend += other.weekend;
        self.holiday += other.holiday;
    }
}

/// When what is paid apart.
pub struct Calendar<'a> {
    /// Whose clock.
    pub zone: Tz,
    /// First minute of the night after midnight, and the first after it; the night may pass midnight.
    pub night: (u32, u32),
    /// Holidays by local date.
    pub holidays: &'a dyn Fn(NaiveDate) -> bool,
}

impl Calendar<'_> {
    /// Minutes from one moment to another by kind. Seconds are left out.
    pub fn hours(&self, from: DateTime<Utc>, until: DateTime<Utc>) -> Hours {
        let mut hours = Hours::default();
        let mut at = from;
        while at + TimeDelta::minutes(1) <= until {
            let local = at.with_timezone(&self.zone);
            let date = local.date_naive();
            let minute = local.hour() * 60 + local.minute();
            let (from, until) = self.night;
            let night = if from <= until {
                (from..until).contains(&minute)
            } else {
                minute >= from || minute < until
            };
            let weekend = date.weekday().num_days_from_monday() >= 5;
            let holiday = (self.holidays)(date);
            hours.all += 1;
            hours.night += u32::from(night);
            hours.weekend += u32::from(weekend);
            hours.holiday += u32::from(holiday);
            hours.ordinary += u32::from(!night && !weekend && !holiday);
            at += TimeDelta::minutes(1);
        }
        hours
    }

    /// Paid minutes of a shift by kind.
    pub fn of_shift(&self, shift: &Shift) -> Hours {
        let mut hours = Hours::default();
        let mut from = shift.from;
        for told in shift.breaks.iter().filter(|told| !told.paid) {
            hours += self.hours(from, told.from);
            from = told.until;
        }
        hours += self.hours(from, shift.until);
        hours
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::day::Break;
    use chrono::TimeZone;

    fn at(day: u32, hour: u32, minute: u32) -> DateTime<Utc> {
        let local = Tz::Europe__Kyiv.with_ymd_and_hms(2026, 3, day, hour, minute, 0);
        local.earliest().unwrap().to_utc()
    }

    fn hours(from: DateTime<Utc>, until: DateTime<Utc>) -> Hours {
        let third = NaiveDate::from_ymd_opt(2026, 3, 3).unwrap();
        let calendar = Calendar {
            zone: Tz::Europe__Kyiv,
            night: (22 * 60, 6 * 60),
            holidays: &|date| date == third,
        };
        calendar.hours(from, until)
    }

    #[test]
    fn each_hour_is_counted_under_all_that_it_is() {
        let evening = hours(at(2, 20, 0), at(3, 2, 0));
        assert_eq!(
            evening,
            Hours {
                all: 360,
                ordinary: 120,
                night: 240,
                weekend: 0,
                holiday: 120
            },
            "two ordinary hours, two of the night, two of the night and the holiday"
        );
        let sunday = hours(at(8, 21, 0), at(8, 23, 0));
        assert_eq!(
            (sunday.weekend, sunday.night, sunday.ordinary),
            (120, 60, 0)
        );
    }

    #[test]
    fn the_night_in_which_clocks_are_set_has_its_true_length() {
        // At three it becomes four.
        let spring = hours(at(28, 22, 0), at(29, 6, 0));
        assert_eq!((spring.all, spring.night), (7 * 60, 7 * 60));
    }

    #[test]
    fn an_unpaid_break_is_not_paid() {
        let shift = Shift {
            from: at(2, 9, 0),
            until: at(2, 17, 0),
            breaks: vec![
                Break {
                    from: at(2, 11, 0),
                    until: at(2, 11, 10),
                    paid: true,
                },
                Break {
                    from: at(2, 13, 0),
                    until: at(2, 13, 30),
                    paid: false,
                },
            ],
        };
        let calendar = Calendar {
            zone: Tz::Europe__Kyiv,
            night: (1320, 360),
            holidays: &|_| false,
        };
        let found = calendar.of_shift(&shift);
        assert_eq!((found.all, found.ordinary), (450, 450));
        assert_eq!(found.all, shift.paid_minutes());
    }
}
