//! The calls of the sample in the order they began, shared out among its operators.

use crate::history::{Attempt, History, is_weekend};
use crate::{OPERATORS, Sample, orders, people};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// One call of the sample's history.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SampleCall {
    /// When dialling began.
    pub started_at: DateTime<Utc>,
    /// Who made it: from 0, below [`OPERATORS`].
    pub operator: u8,
    /// Place of its order among [`Sample::orders`], from 0.
    pub order: u32,
    /// That order's number, which is its remote identity too.
    pub order_number: String,
    /// The number called.
    pub phone: String,
    /// Seconds until it was answered or given up.
    pub ring_s: u32,
    /// Seconds of conversation, hold not included.
    pub talk_s: u32,
    /// Seconds on hold.
    pub hold_s: u32,
    /// Seconds of wrap-up.
    pub wrap_s: u32,
    /// Whether a person spoke.
    pub answered: bool,
    /// A code of [`rules::disposition::OUTCOMES`].
    pub outcome: &'static str,
    /// A code of [`rules::disposition::REASONS`], where a person spoke.
    pub reason: Option<&'static str>,
    /// A code of its second level, where a person spoke.
    pub subreason: Option<&'static str>,
    /// Which attempt on the order it was, from 1.
    pub attempt: u8,
}

/// An attempt waiting for its turn; told apart by time, then order.
pub(crate) struct Turn {
    attempt: Attempt,
    number: u8,
    order: u32,
    customer: u32,
}

impl Turn {
    #[cfg(test)]
    pub(crate) fn planned_at(&self) -> DateTime<Utc> {
        self.attempt.at
    }

    fn key(&self) -> (DateTime<Utc>, u32, u8) {
        (self.attempt.at, self.order, self.number)
    }
}

impl PartialEq for Turn {
    fn eq(&self, other: &Self) -> bool {
        self.key() == other.key()
    }
}

impl Eq for Turn {}

impl PartialOrd for Turn {
    fn partial_cmp(&self, other: &Self) -> Option<std::cmp::Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Turn {
    fn cmp(&self, other: &Self) -> std::cmp::Ordering {
        self.key().cmp(&other.key())
    }
}

/// All calls, made one by one; see [`Sample::calls`]. Keeps a few days of attempts at most.
pub struct Calls<'a> {
    sample: &'a Sample,
    history: History<'a>,
    turns: BinaryHeap<Reverse<Turn>>,
    free_at: [DateTime<Utc>; OPERATORS as usize],
    last_start: DateTime<Utc>,
}

impl<'a> Calls<'a> {
    pub(crate) fn new(sample: &'a Sample) -> Self {
        let mut calls = Self {
            sample,
            history: History::new(&sample.options, sample.words, sample.timetable),
            turns: BinaryHeap::new(),
            free_at: [DateTime::UNIX_EPOCH; OPERATORS as usize],
            last_start: DateTime::UNIX_EPOCH,
        };
        for _ in 0..sample.timetable.skipped_calls {
            calls.next_turn();
        }
        calls
    }

    /// How many attempts are held in memory.
    #[cfg(test)]
    pub(crate) fn held(&self) -> usize {
        self.turns.len() + self.history.held()
    }

    /// The next attempt by time. Orders are read day by day, so a turn is due once all days up to
    /// it are read.
    pub(crate) fn next_turn(&mut self) -> Option<Turn> {
        loop {
            let due = self.turns.peek().is_some_and(|Reverse(turn)| {
                self.history
                    .read_until()
                    .is_none_or(|until| turn.attempt.at < until)
            });
            if due {
                return self.turns.pop().map(|Reverse(turn)| turn);
            }
            let Some((order, plan)) = self.history.next() else {
                return self.turns.pop().map(|Reverse(turn)| turn);
            };
            for (number, attempt) in (1..).zip(plan.made()) {
                let turn = Turn {
                    attempt: *attempt,
                    number,
                    order,
                    customer: plan.customer,
                };
                self.turns.push(Reverse(turn));
            }
        }
    }

    /// The call that comes of a turn, given to an operator.
    pub(crate) fn give(&mut self, turn: &Turn) -> SampleCall {
        let Turn {
            attempt,
            number,
            order,
            customer,
        } = *turn;
        let (operator, started_at) = self.assign(attempt.at);
        self.last_start = started_at;
        if let Some(free) = self.free_at.get_mut(usize::from(operator)) {
            *free = started_at + TimeDelta::seconds(attempt.seconds());
        }
        let Sample { options, words, .. } = self.sample;
        SampleCall {
            started_at,
            operator,
            order,
            order_number: orders::number(order),
            phone: people::phone(options, words, customer),
            ring_s: attempt.ring,
            talk_s: attempt.talk,
            hold_s: attempt.hold,
            wrap_s: attempt.wrap,
            answered: attempt.reason.is_some(),
            outcome: attempt.outcome,
            reason: attempt.reason.map(|reason| reason.0),
            subreason: attempt.reason.map(|reason| reason.1),
            attempt: number,
        }
    }

    /// Who takes the call planned at `at`: of those at work the one free longest, and when.
    fn assign(&self, at: DateTime<Utc>) -> (u8, DateTime<Utc>) {
        let local = at.with_timezone(&self.sample.options.zone);
        let (date, hour) = (local.date_naive(), local.hour());
        let longest_free = |everyone: bool| {
            (0..OPERATORS)
                .zip(self.free_at)
                .filter(|(operator, _)| everyone || is_at_work(*operator, date, hour))
                .min_by_key(|(operator, free)| (*free, *operator))
        };
        let (operator, free) = longest_free(false)
            .or_else(|| longest_free(true))
            .unwrap_or((0, at));
        (operator, at.max(free).max(self.last_start))
    }
}

/// Early and late shifts on weekdays with one person off, two of three people on a weekend.
fn is_at_work(operator: u8, date: NaiveDate, hour: u32) -> bool {
    let day = date.num_days_from_ce().unsigned_abs();
    let turn = u32::from(operator);
    if is_weekend(date) {
        return !(day / 7 + turn).is_multiple_of(3);
    }
    let early = turn.is_multiple_of(2);
    let off = (day + turn).is_multiple_of(u32::from(OPERATORS));
    !off && if early { hour < 18 } else { hour >= 10 }
}

impl Iterator for Calls<'_> {
    type Item = SampleCall;

    fn next(&mut self) -> Option<SampleCall> {
        let turn = self.next_turn()?;
        Some(self.give(&turn))
    }
}
