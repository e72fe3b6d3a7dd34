//! How operators come, go and take their breaks, where nobody is there to sign in.
//!
//! It imitates an ordinary day of a contact centre: nearly everyone within a few minutes of the plan,
//! one shift in twelve begun noticeably late, one in thirty missed, breaks that drift and now and then
//! last too long, a desk left for a while. Adherence within five minutes comes to 95 %.

use crate::chance::{Chance, Purpose};
use chrono::{DateTime, TimeDelta, Utc};

const MINUTE: TimeDelta = TimeDelta::minutes(1);
/// Of so many shifts one is missed.
const MISSED: u32 = 30;
/// Of so many shifts one begins late, by minutes between these.
const LATE: u32 = 12;
const LATE_MINUTES: (u32, u32) = (6, 25);
/// Of so many breaks one is too long, by minutes between these.
const LONG: u32 = 5;
const LONG_MINUTES: (u32, u32) = (4, 12);
/// How often the desk is left for a while in the first hours of a shift, and for how many seconds.
const SPELLS: [(u32, u32); 3] = [(3, 0), (4, 1), (3, 2)];
const SPELL_WITHIN_SECONDS: u32 = 8 * 3_600;
const SPELL_SECONDS: (u32, u32) = (150, 660);

/// A shift as its operator was told it.
#[derive(Clone, Copy, Debug)]
pub struct ToldShift<'a> {
    /// Begin.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// Begin and end of each break in order, and whether it is paid.
    pub breaks: &'a [(DateTime<Utc>, DateTime<Utc>, bool)],
}

/// What happens at a desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Attended {
    /// Came.
    SignedIn,
    /// Left.
    SignedOut,
    /// Went on a break; an unpaid one is lunch.
    Paused {
        /// Counts as work.
        paid: bool,
    },
    /// Back from a break.
    Resumed,
    /// Left the desk for a while.
    Locked,
    /// Came back to it.
    Unlocked,
}

/// What an operator did with a shift, in the order of time; nothing where it was missed.
///
/// The same for the same name and start wherever it is asked: a shift made longer keeps its beginning.
pub fn attendance(operator: &str, shift: ToldShift<'_>) -> Vec<(DateTime<Utc>, Attended)> {
    let key = shift.start.timestamp().unsigned_abs();
    let mut chance = Chance::new(seed_of(operator), Purpose::Attendance, key);
    let missed = chance.below(MISSED) == 0;
    let arrival = if chance.below(LATE) == 0 {
        let late = chance.between(LATE_MINUTES.0, LATE_MINUTES.1);
        // Someone who comes so late to a short shift that it is over would have missed it.
        TimeDelta::minutes(i64::from(late)).min((shift.end - shift.start) / 4)
    } else {
        about(&mut chance, 300, 240)
    };
    let came = shift.start + arrival;
    let left = shift.end + about(&mut chance, 180, 420);
    if missed || came >= left {
        return Vec::new();
    }
    let spells: Vec<_> = (0..chance.weighted(&SPELLS))
        .map(|_| {
            let from = came + seconds(chance.below(SPELL_WITHIN_SECONDS));
            let lasts = seconds(chance.between(SPELL_SECONDS.0, SPELL_SECONDS.1));
            (from, from + lasts)
        })
        .collect();
    let mut off = Vec::with_capacity(shift.breaks.len() + 2);
    let mut back = came;
    for (from, until, paid) in shift.breaks {
        let begun = (*from + about(&mut chance, 360, 480)).max(back + MINUTE);
        let mut length = (*until - *from) + about(&mut chance, 60, 90);
        if chance.below(LONG) == 0 {
            let longer = chance.between(LONG_MINUTES.0, LONG_MINUTES.1);
            length += TimeDelta::minutes(i64::from(longer));
        }
        let over = begun + length.max(MINUTE);
        if over + MINUTE < left {
            off.push((begun, over, Attended::Paused { paid: *paid }));
            back = over;
        }
    }
    for (from, until) in spells {
        let clear = |begun, over| until + MINUTE < begun || over + MINUTE < from;
        if came + MINUTE < from
            && until + MINUTE < left
            && off.iter().all(|(begun, over, _)| clear(*begun, *over))
        {
            off.push((from, until, Attended::Locked));
        }
    }
    off.sort_by_key(|(from, ..)| *from);
    let mut facts = vec![(came, Attended::SignedIn)];
    for (from, until, how) in off {
        let end = match how {
            Attended::Locked => Attended::Unlocked,
            _ => Attended::Resumed,
        };
        facts.extend([(from, how), (until, end)]);
    }
    facts.push((left, Attended::SignedOut));
    facts
}

/// The same number for a name on every machine (FNV-1a, 64 bits).
fn seed_of(name: &str) -> u64 {
    name.bytes().fold(0xCBF2_9CE4_8422_2325, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01B3)
    })
}

fn seconds(seconds: u32) -> TimeDelta {
    TimeDelta::seconds(i64::from(seconds))
}

/// From so many seconds early to so many late, the middle likelier than the ends.
fn about(chance: &mut Chance, early: u32, late: u32) -> TimeDelta {
    let half = u32::midpoint(early, late);
    seconds(chance.between(0, half) + chance.between(0, half)) - seconds(early)
}

#[cfg(test)]
mod tests {
    use super::*;

    const NAMES: [&str; 3] = ["Олена", "Emily", "Piotr"];

    fn start() -> DateTime<Utc> {
        "2026-03-02T06:00:00Z".parse().unwrap()
    }

    /// Breaks of a shift of eight hours and a half: lunch is unpaid.
    fn breaks(start: DateTime<Utc>) -> [(DateTime<Utc>, DateTime<Utc>, bool); 3] {
        [(120, 15, true), (240, 30, false), (390, 15, true)].map(|(after, minutes, paid)| {
            let from = start + TimeDelta::minutes(after);
            (from, from + TimeDelta::minutes(minutes), paid)
        })
    }

    fn day(name: &str, day: i64, minutes: i64) -> Vec<(DateTime<Utc>, Attended)> {
        let start = start() + TimeDelta::days(day);
        let shift = ToldShift {
            start,
            end: start + TimeDelta::minutes(minutes),
            breaks: &breaks(start),
        };
        attendance(name, shift)
    }

    #[test]
    fn most_come_in_time_some_late_and_some_not_at_all() {
        let (mut near, mut late, mut missed, mut long, mut spells) = (0, 0, 0, 0, 0);
        for name in NAMES {
            for number in 0..400 {
                let facts = day(name, number, 510);
                let begin = start() + TimeDelta::days(number);
                let Some((came, _)) = facts.first() else {
                    missed += 1;
                    continue;
                };
                let minutes = (*came - begin).num_minutes();
                near += i32::from((-5..=5).contains(&minutes));
                late += i32::from((6..=25).contains(&minutes));
                for pair in facts.windows(2) {
                    let lasted = (pair[1].0 - pair[0].0).num_minutes();
                    match pair[0].1 {
                        Attended::Paused { paid: true } => long += i32::from(lasted > 17),
                        Attended::Locked => spells += 1,
                        _ => {}
                    }
                }
            }
        }
        assert_eq!(near + late + missed, 1_200, "nobody comes otherwise");
        assert!((70..=130).contains(&late), "one in twelve: {late}");
        assert!((25..=60).contains(&missed), "one in thirty: {missed}");
        assert!((380..=550).contains(&long), "one break in five: {long}");
        assert!(
            (700..=1_100).contains(&spells),
            "about one a shift: {spells}"
        );
    }

    #[test]
    fn things_happen_in_order_and_are_undone_before_the_next() {
        for name in NAMES {
            // Of ten minutes and of a day, too, whatever breaks are left in them.
            for (number, minutes) in (0..400).zip([510, 10, 200, 1_440].into_iter().cycle()) {
                let facts = day(name, number, minutes);
                assert!(
                    facts.is_sorted_by(|one, other| one.0 < other.0),
                    "{facts:?}"
                );
                let Some(((_, last), others)) = facts.split_last() else {
                    continue;
                };
                assert_eq!(*last, Attended::SignedOut);
                assert_eq!(others[0].1, Attended::SignedIn);
                for pair in others[1..].chunks(2) {
                    let is_pair = matches!(
                        (pair[0].1, pair[1].1),
                        (Attended::Paused { .. }, Attended::Resumed)
                            | (Attended::Locked, Attended::Unlocked)
                    );
                    assert!(is_pair, "{facts:?}");
                }
            }
        }
    }

    #[test]
    fn who_and_when_decide_alone_and_a_longer_shift_begins_alike() {
        for number in 0..100 {
            let short = day("Олена", number, 510);
            assert_eq!(short, day("Олена", number, 510));
            let long = day("Олена", number, 630);
            let so_far = short.len().saturating_sub(1);
            assert_eq!(short[..so_far], long[..so_far], "until the sooner end");
        }
        let alike = |number: &i64| {
            let (one, other) = (day("Олена", *number, 510), day("Emily", *number, 510));
            !one.is_empty() && one == other
        };
        assert_eq!((0..100).filter(alike).count(), 0, "each goes by themselves");
    }
}
