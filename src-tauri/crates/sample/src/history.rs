//! When orders come and how the calls about them go: a plan of each order, made from the seed
//! and the day alone, so that orders and calls can be told apart and still agree.

use crate::chance::{Chance, Purpose};
use crate::words::Words;
use crate::{Options, WAITING, people};
use chrono::{
    DateTime, Datelike, Days, NaiveDate, NaiveDateTime, TimeDelta, TimeZone, Timelike, Utc,
};
use chrono_tz::Tz;
use std::ops::Range;

/// Attempts before an order is given up, as by [`rules::retry::RetryPolicy`]'s default.
pub(crate) const ATTEMPTS: usize = 6;

/// Orders of an ordinary weekday.
const ORDERS_A_DAY: f64 = 190.0;
/// Attempts an order takes on the average, as the chances below make it.
const CALLS_AN_ORDER: f64 = 1.77;
/// What eight people can make on an average day and still have the hours show their shape.
const CALLS_A_DAY: u32 = 450;
/// An attempt counts as made when its plan is over by so much: it may begin late, and the shop
/// hears of it later still.
const SETTLING: TimeDelta = TimeDelta::minutes(15);

/// Monday to Sunday, against an ordinary weekday.
const WEEKDAYS: [f64; 7] = [1.2, 1.04, 1.0, 0.99, 1.07, 0.58, 0.42];
/// January to December: gifts and sales in November and December.
const MONTHS: [f64; 12] = [
    0.94, 0.9, 0.98, 0.94, 0.93, 0.97, 1.02, 1.0, 1.02, 1.06, 1.18, 1.2,
];
const HOLIDAY: f64 = 0.4;

/// Minutes of a wait for the next day rather than for later today.
const A_DAY: u32 = 1_440;

/// Local hours of work and how much of the day's first calls falls on each.
const WEEKDAY_HOURS: &[(u32, u32)] = &[
    (80, 9),
    (132, 10),
    (128, 11),
    (92, 12),
    (58, 13),
    (52, 14),
    (62, 15),
    (86, 16),
    (120, 17),
    (116, 18),
    (52, 19),
];
const WEEKEND_HOURS: &[(u32, u32)] = &[
    (90, 10),
    (118, 11),
    (122, 12),
    (118, 13),
    (112, 14),
    (110, 15),
    (104, 16),
    (86, 17),
];

/// From when to when, how many orders a day, how many of the oldest calls to leave out.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Timetable {
    pub(crate) first: NaiveDate,
    pub(crate) days: u32,
    pub(crate) skipped_calls: u32,
    orders_a_day: f64,
}

impl Timetable {
    pub(crate) fn new(options: &Options, words: &Words) -> Self {
        let last = options.now.with_timezone(&options.zone).date_naive();
        let begin = |days: u32| {
            last.checked_sub_days(Days::new(u64::from(days.saturating_sub(1))))
                .unwrap_or(NaiveDate::MIN)
        };
        let Some(calls) = options.calls else {
            let days = options.days;
            return Self {
                first: begin(days),
                days,
                skipped_calls: 0,
                orders_a_day: ORDERS_A_DAY,
            };
        };
        let days = options.days.max(calls.div_ceil(CALLS_A_DAY));
        let first = begin(days);
        let weight: f64 = first
            .iter_days()
            .take(days as usize)
            .map(|date| weight(date, words))
            .sum();
        // A little more than asked, so that leaving out the oldest makes it exact.
        let mut orders_a_day = f64::from(calls) * 1.02 / CALLS_AN_ORDER / weight.max(0.1);
        loop {
            let table = Self {
                first,
                days,
                skipped_calls: 0,
                orders_a_day,
            };
            let made = History::new(options, words, table)
                .map(|(_, plan)| u32::try_from(plan.made().len()).unwrap_or_default())
                .fold(0, u32::saturating_add);
            if made >= calls {
                return Self {
                    skipped_calls: made - calls,
                    ..table
                };
            }
            let short = f64::from(calls) / f64::from(made.max(1));
            orders_a_day *= short.min(2.0) * 1.01;
        }
    }
}

/// How busy a day is by the calendar, against an ordinary weekday.
pub(crate) fn weight(date: NaiveDate, words: &Words) -> f64 {
    let weekday = at(&WEEKDAYS, date.weekday().num_days_from_monday());
    // Seasons change by the day: between the middles of two months in proportion.
    let from_middle = f64::from(date.day()) - 15.5;
    let month = date.month0();
    let other = if from_middle < 0.0 {
        (month + 11) % 12
    } else {
        (month + 1) % 12
    };
    let share = from_middle.abs() / 31.0;
    let season = at(&MONTHS, month) * (1.0 - share) + at(&MONTHS, other) * share;
    let holiday = if (words.is_holiday)(date) {
        HOLIDAY
    } else {
        1.0
    };
    weekday * season * holiday
}

/// Days of one kind differ by so much.
const SWING: f64 = 0.1;

fn day_key(date: NaiveDate) -> u64 {
    u64::from(date.num_days_from_ce().unsigned_abs())
}

/// How much busier with orders a day is than its kind.
pub(crate) fn order_swing(options: &Options, date: NaiveDate) -> f64 {
    Chance::new(options.seed, Purpose::Day, day_key(date)).swing(SWING)
}

fn at(table: &[f64], index: u32) -> f64 {
    table.get(index as usize).copied().unwrap_or(1.0)
}

fn hours_of(date: NaiveDate) -> &'static [(u32, u32)] {
    if is_weekend(date) {
        WEEKEND_HOURS
    } else {
        WEEKDAY_HOURS
    }
}

pub(crate) fn is_weekend(date: NaiveDate) -> bool {
    date.weekday().num_days_from_monday() >= 5
}

/// Opening and closing hour of a day.
fn open(date: NaiveDate) -> Range<u32> {
    let hours = hours_of(date);
    let hour = |pair: Option<&(u32, u32)>| pair.map_or(0, |pair| pair.1);
    hour(hours.first())..hour(hours.last()) + 1
}

/// One attempt as planned.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Attempt {
    pub(crate) at: DateTime<Utc>,
    pub(crate) ring: u32,
    pub(crate) talk: u32,
    pub(crate) hold: u32,
    pub(crate) wrap: u32,
    pub(crate) outcome: &'static str,
    /// Both levels, where a person spoke.
    pub(crate) reason: Option<(&'static str, &'static str)>,
}

impl Attempt {
    pub(crate) fn seconds(&self) -> i64 {
        i64::from(self.ring) + i64::from(self.talk) + i64::from(self.hold) + i64::from(self.wrap)
    }

    pub(crate) fn end(&self) -> DateTime<Utc> {
        self.at + TimeDelta::seconds(self.seconds())
    }
}

/// What the calls come to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fate {
    Waiting,
    Confirmed,
    Cancelled,
}

/// One order and the calls about it.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    /// Key of its own stream of chance.
    pub(crate) key: u64,
    pub(crate) customer: u32,
    pub(crate) placed_at: DateTime<Utc>,
    /// How it goes when there is time enough.
    fate: Fate,
    attempts: [Attempt; ATTEMPTS],
    planned: usize,
    settled: usize,
}

impl Plan {
    /// The attempts made so far.
    pub(crate) fn made(&self) -> &[Attempt] {
        self.attempts.get(..self.settled).unwrap_or_default()
    }

    /// What came of it so far.
    pub(crate) fn fate(&self) -> Fate {
        if self.settled < self.planned {
            Fate::Waiting
        } else {
            self.fate
        }
    }

    fn waiting(key: u64, customer: u32, placed_at: DateTime<Utc>) -> Self {
        let attempts = [Attempt::default(); ATTEMPTS];
        Self {
            key,
            customer,
            placed_at,
            fate: Fate::Waiting,
            attempts,
            planned: 1,
            settled: 0,
        }
    }

    /// Plans the calls about one order from its first.
    fn called(
        options: &Options,
        words: &Words,
        key: u64,
        placed_at: DateTime<Utc>,
        first: DateTime<Utc>,
    ) -> Self {
        let mut chance = Chance::new(options.seed, Purpose::Order, key);
        let mut plan = Self::waiting(key, people::draw(&mut chance, words), placed_at);
        let mut next = first;
        let last = plan.attempts.len() - 1;
        plan.planned = 0;
        for (number, slot) in plan.attempts.iter_mut().enumerate() {
            let outcome = outcome(&mut chance, number, number == last);
            *slot = attempt(&mut chance, next, outcome);
            plan.planned += 1;
            match outcome {
                "confirmed" | "confirmed_with_changes" => plan.fate = Fate::Confirmed,
                "callback" => {
                    next = reachable(&mut chance, slot.end(), (60, 300), options.zone);
                    continue;
                }
                "no_answer" | "busy" | "voicemail" => {
                    let minutes = match number {
                        0 => (15, 35),
                        1 => (60, 100),
                        2 => (180, 240),
                        _ => (A_DAY, A_DAY),
                    };
                    next = reachable(&mut chance, slot.end(), minutes, options.zone);
                    continue;
                }
                _ => plan.fate = Fate::Cancelled,
            }
            break;
        }
        plan
    }

    fn settle(mut self, now: DateTime<Utc>) -> Self {
        let planned = self.attempts.get(..self.planned).unwrap_or_default();
        self.settled = planned
            .iter()
            .take_while(|attempt| attempt.end() + SETTLING <= now)
            .count();
        self
    }
}

/// How one attempt ends, by the codes of [`rules::disposition`].
fn outcome(chance: &mut Chance, number: usize, last: bool) -> &'static str {
    let answers = if number == 0 { 62 } else { 56 };
    if !chance.percent(answers) {
        let unanswered = [(70, "no_answer"), (14, "busy"), (16, "voicemail")];
        return if last {
            "unreachable"
        } else {
            chance.weighted(&unanswered)
        };
    }
    let callback = if last { 0 } else { 7 };
    chance.weighted(&[
        (62, "confirmed"),
        (14, "confirmed_with_changes"),
        (13, "cancelled"),
        (callback, "callback"),
        (2, "wrong_number"),
        (2, "refused_to_talk"),
    ])
}

/// The course of one attempt that ends with `outcome`.
fn attempt(chance: &mut Chance, at: DateTime<Utc>, outcome: &'static str) -> Attempt {
    let (talk, wrap) = match outcome {
        "confirmed" => (125, 22),
        "confirmed_with_changes" => (210, 34),
        "cancelled" => (85, 28),
        "callback" => (32, 20),
        "wrong_number" => (18, 16),
        "refused_to_talk" => (14, 18),
        _ => {
            let ring = if outcome == "busy" {
                chance.between(2, 6)
            } else {
                chance.between(24, 45)
            };
            let wrap = chance.seconds(5, 0.4, 30);
            return Attempt {
                at,
                ring,
                wrap,
                outcome,
                ..Attempt::default()
            };
        }
    };
    let ring = chance.between(4, 22);
    // Nobody agrees to anything in ten seconds.
    let talk = chance.seconds(talk, 0.45, 1_500).max(12);
    let hold = if chance.percent(7) {
        chance.seconds(45, 0.5, 300)
    } else {
        0
    };
    let wrap = chance.seconds(wrap, 0.5, 300);
    Attempt {
        at,
        ring,
        talk,
        hold,
        wrap,
        outcome,
        reason: Some(reason(chance, outcome)),
    }
}

/// Why the contact was made, by the codes of [`rules::disposition`].
fn reason(chance: &mut Chance, outcome: &str) -> (&'static str, &'static str) {
    let reasons: &[(u32, (&str, &str))] = match outcome {
        "confirmed" => &[
            (62, ("order", "confirmation")),
            (12, ("delivery", "date")),
            (9, ("delivery", "address")),
            (7, ("payment", "method")),
            (6, ("product", "availability")),
            (4, ("order", "status")),
        ],
        "confirmed_with_changes" => &[
            (64, ("order", "change")),
            (16, ("product", "choice")),
            (12, ("delivery", "address")),
            (8, ("payment", "instalments")),
        ],
        "cancelled" => &[
            (28, ("cancellation", "price")),
            (14, ("cancellation", "delivery_time")),
            (24, ("cancellation", "bought_elsewhere")),
            (12, ("cancellation", "duplicate")),
            (22, ("cancellation", "changed_mind")),
        ],
        "callback" => &[
            (58, ("order", "confirmation")),
            (24, ("product", "specification")),
            (18, ("payment", "prepayment")),
        ],
        "refused_to_talk" => &[
            (70, ("order", "confirmation")),
            (30, ("complaint", "advertising")),
        ],
        _ => &[(1, ("order", "confirmation"))],
    };
    chance.weighted(reasons)
}

/// A time some minutes after `from` if the desk is open then, else at some hour of the next day.
fn reachable(
    chance: &mut Chance,
    from: DateTime<Utc>,
    minutes: (u32, u32),
    zone: Tz,
) -> DateTime<Utc> {
    let wait = TimeDelta::seconds(i64::from(chance.between(minutes.0 * 60, minutes.1 * 60)));
    let local = (from + wait).with_timezone(&zone);
    if minutes.0 < A_DAY && open(local.date_naive()).contains(&local.hour()) {
        return from + wait;
    }
    // After closing time the next day's hours are as good as any.
    let today = from.with_timezone(&zone).date_naive();
    let date = today.succ_opt().unwrap_or(today);
    let hour = chance.weighted(hours_of(date));
    moment(date, hour, chance.below(3_600), zone)
}

/// A local hour and a second in it; an hour the clock skips is taken an hour later.
pub(crate) fn moment(date: NaiveDate, hour: u32, second: u32, zone: Tz) -> DateTime<Utc> {
    let start = date.and_time(chrono::NaiveTime::MIN) + TimeDelta::hours(i64::from(hour));
    let local = start + TimeDelta::seconds(i64::from(second));
    to_utc(local, zone)
}

fn to_utc(local: NaiveDateTime, zone: Tz) -> DateTime<Utc> {
    let found = zone.from_local_datetime(&local).earliest();
    let found = found.or_else(|| {
        zone.from_local_datetime(&(local + TimeDelta::hours(1)))
            .earliest()
    });
    found.map_or_else(
        || Utc.from_utc_datetime(&local),
        |at| at.with_timezone(&Utc),
    )
}

/// All plans in the order they were placed, each with its number from 0.
pub(crate) struct History<'a> {
    options: &'a Options,
    words: &'a Words,
    table: Timetable,
    /// The day to be planned next; none when the newest orders are out too.
    date: Option<NaiveDate>,
    batch: std::vec::IntoIter<Plan>,
    index: u32,
    waiting: u32,
}

impl<'a> History<'a> {
    pub(crate) fn new(options: &'a Options, words: &'a Words, table: Timetable) -> Self {
        let batch = Vec::new().into_iter();
        Self {
            options,
            words,
            table,
            date: Some(table.first),
            batch,
            index: 0,
            waiting: 0,
        }
    }

    /// How many plans are held in memory.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.batch.len()
    }

    /// Plans not read yet have no attempt before this moment; none when all are read.
    pub(crate) fn read_until(&self) -> Option<DateTime<Utc>> {
        let batch = self.batch.as_slice().is_empty();
        let date = if batch {
            self.date
        } else {
            self.date.and_then(|date| date.pred_opt())
        };
        date.map(|date| to_utc(date.and_time(chrono::NaiveTime::MIN), self.options.zone))
    }

    /// The orders first called on `date`, as far as they were before now.
    fn day(&self, date: NaiveDate) -> Vec<Plan> {
        let Options {
            seed, now, zone, ..
        } = *self.options;
        let day_key = day_key(date);
        let mut chance = Chance::new(seed, Purpose::Day, day_key);
        let orders = self.table.orders_a_day * weight(date, self.words) * chance.swing(SWING);
        let hours = hours_of(date);
        let whole_day = f64::from(hours.iter().map(|hour| hour.0).sum::<u32>());
        let opening = open(date).start;
        let mut plans = Vec::new();
        for (share, hour) in hours {
            let mean = orders * f64::from(*share) / whole_day * chance.swing(0.08);
            for _ in 0..chance.poisson(mean) {
                let key = (day_key << 24) | plans.len() as u64;
                let first = moment(date, *hour, chance.below(3_600), zone);
                // What was ordered at night waits for the morning.
                let overnight = *hour == opening || (*hour == opening + 1 && chance.percent(50));
                let minutes = if overnight {
                    chance.between(20, 720)
                } else {
                    chance.between(4, 45)
                };
                let placed_at = first - TimeDelta::minutes(i64::from(minutes));
                plans.push(
                    Plan::called(self.options, self.words, key, placed_at, first).settle(now),
                );
            }
        }
        plans.retain(|plan| plan.settled > 0);
        plans.sort_by_key(|plan| (plan.placed_at, plan.key));
        plans
    }

    /// The newest orders, not called yet.
    fn newest(&self) -> Vec<Plan> {
        let mut chance = Chance::new(self.options.seed, Purpose::Day, 0);
        let count = WAITING.saturating_sub(self.waiting).max(WAITING / 4);
        let mut placed_at = self.options.now;
        let mut plans: Vec<Plan> = (0..count)
            .map(|key| {
                placed_at -= TimeDelta::seconds(i64::from(chance.between(40, 700)));
                Plan::waiting(
                    u64::from(key),
                    people::draw(&mut chance, self.words),
                    placed_at,
                )
            })
            .collect();
        plans.reverse();
        plans
    }
}

impl Iterator for History<'_> {
    type Item = (u32, Plan);

    fn next(&mut self) -> Option<Self::Item> {
        loop {
            if let Some(plan) = self.batch.next() {
                let index = self.index;
                self.index += 1;
                self.waiting += u32::from(plan.fate() == Fate::Waiting);
                return Some((index, plan));
            }
            let date = self.date?;
            let today = self
                .options
                .now
                .with_timezone(&self.options.zone)
                .date_naive();
            let plans = if date <= today {
                self.day(date)
            } else {
                self.newest()
            };
            self.date = if date <= today { date.succ_opt() } else { None };
            self.batch = plans.into_iter();
        }
    }
}
