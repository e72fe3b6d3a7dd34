//! Whether it makes sense to ask a shop anything at all just now.
//!
//! Closed while the shop answers. It opens at once when the shop cannot be reached, asks to wait or
//! shuts us out, and after a few faults in a row when those might be about one order only. When its
//! time is over one request is tried (half-open): its answer closes it or opens it for longer.

use crate::outbox::OutboxPolicy;
use chrono::{DateTime, TimeDelta, Utc};
use std::time::Duration;

/// What stood between us and the shop's answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// No answer: the shop as a whole is away. A write may have arrived.
    Away,
    /// A fault of the shop's own, or an answer without sense; perhaps for this order alone. A write
    /// may have arrived.
    Faulty,
    /// Asked to slow down, until a time where the shop names one. A write did not arrive.
    Busy(Option<Duration>),
    /// Shut out until a person mends it: key, right, certificate. A write did not arrive.
    Closed,
    /// Refused, and about this one thing alone. A write did not arrive and never will.
    Refused,
}

/// Times and bounds, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct BreakerPolicy {
    /// So many [`Trouble::Faulty`] in a row open it.
    pub threshold: u32,
    /// First upper bound of the time it stays open; doubles with each failed trial.
    pub base: Duration,
    /// Greatest upper bound.
    pub cap: Duration,
    /// How long it stays open when a person must mend something.
    pub closed: Duration,
    /// The longest that a shop's own "come again in" is believed.
    pub longest: Duration,
}

impl Default for BreakerPolicy {
    fn default() -> Self {
        Self {
            threshold: 3,
            base: Duration::from_secs(1),
            cap: Duration::from_mins(1),
            closed: Duration::from_mins(5),
            longest: Duration::from_hours(1),
        }
    }
}

/// May something be asked?
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Gate {
    /// Yes.
    Closed,
    /// One request, to see.
    HalfOpen,
    /// Not before this.
    Open(DateTime<Utc>),
}

/// The breaker of one shop.
#[derive(Clone, Debug)]
pub struct Breaker {
    policy: BreakerPolicy,
    /// Faults in a row while closed.
    faults: u32,
    open: Option<Opened>,
}

#[derive(Clone, Copy, Debug)]
struct Opened {
    until: DateTime<Utc>,
    /// Openings in a row.
    times: u32,
    trouble: Trouble,
}

impl Breaker {
    /// A closed one.
    pub fn new(policy: BreakerPolicy) -> Self {
        Self {
            policy,
            faults: 0,
            open: None,
        }
    }

    /// May something be asked now?
    pub fn gate(&self, now: DateTime<Utc>) -> Gate {
        match self.open {
            None => Gate::Closed,
            Some(opened) if opened.until <= now => Gate::HalfOpen,
            Some(opened) => Gate::Open(opened.until),
        }
    }

    /// What opened it; none while it is closed.
    pub fn trouble(&self) -> Option<Trouble> {
        self.open.map(|opened| opened.trouble)
    }

    /// The shop has answered as it should, or has refused one thing for good.
    pub fn answered(&mut self) {
        self.faults = 0;
        self.open = None;
    }

    /// It has not. `random` is any number, for the jitter.
    pub fn failed(&mut self, trouble: Trouble, now: DateTime<Utc>, random: u64) {
        if trouble == Trouble::Refused {
            return self.answered();
        }
        if trouble == Trouble::Faulty && self.open.is_none() {
            self.faults = self.faults.saturating_add(1);
            if self.faults < self.policy.threshold {
                return;
            }
        }
        let times = self.open.map_or(1, |opened| opened.times.saturating_add(1));
        let jitter = full_jitter(self.policy.base, self.policy.cap, times, random);
        let wait = match trouble {
            Trouble::Busy(Some(asked)) => asked.min(self.policy.longest).saturating_add(jitter),
            Trouble::Closed => self.policy.closed,
            // Not nothing, lest a dead shop be asked in a tight loop.
            _ => jitter.max(self.policy.base / 5),
        };
        self.open = Some(Opened {
            until: later(now, wait),
            times,
            trouble,
        });
    }

    /// A person asks for a trial now. A time that the shop has named is waited for all the same.
    pub fn try_now(&mut self, now: DateTime<Utc>) {
        if let Some(opened) = &mut self.open
            && !matches!(opened.trouble, Trouble::Busy(Some(_)))
        {
            opened.until = opened.until.min(now);
        }
    }

    /// What was to last until `until` has been waited out.
    pub fn elapse(&mut self, until: DateTime<Utc>, now: DateTime<Utc>) {
        if let Some(opened) = &mut self.open
            && opened.until <= until
        {
            opened.until = opened.until.min(now);
        }
    }

    /// The clock was set; what is still to be waited stays as long.
    pub fn shift(&mut self, by: TimeDelta) {
        if let Some(opened) = &mut self.open {
            opened.until = opened.until.checked_add_signed(by).unwrap_or(opened.until);
        }
    }
}

/// Full jitter (AWS Architecture Blog, "Exponential Backoff And Jitter"): anywhere between nothing
/// and a bound that starts at `base`, doubles with each of `times` and stays under `cap`.
pub fn full_jitter(base: Duration, cap: Duration, times: u32, random: u64) -> Duration {
    let doubled = base.saturating_mul(2_u32.saturating_pow(times.saturating_sub(1)));
    let bound = u64::try_from(doubled.min(cap).as_millis()).unwrap_or(u64::MAX - 1);
    Duration::from_millis(random % (bound + 1))
}

/// A moment moved on; the end of time where it would lie beyond.
pub fn later(moment: DateTime<Utc>, by: Duration) -> DateTime<Utc> {
    TimeDelta::from_std(by)
        .ok()
        .and_then(|by| moment.checked_add_signed(by))
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

impl From<OutboxPolicy> for BreakerPolicy {
    /// With the same waits as a single write.
    fn from(outbox: OutboxPolicy) -> Self {
        Self {
            base: outbox.backoff_base,
            cap: outbox.backoff_cap,
            ..Self::default()
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    #[test]
    fn one_fault_may_be_about_one_order_and_three_in_a_row_are_about_the_shop() {
        let mut breaker = Breaker::new(BreakerPolicy::default());
        for trouble in [Trouble::Faulty, Trouble::Faulty, Trouble::Refused] {
            breaker.failed(trouble, at(0), 500);
            assert_eq!(breaker.gate(at(0)), Gate::Closed, "{trouble:?}");
        }
        for _ in 0..2 {
            breaker.failed(Trouble::Faulty, at(0), 500);
        }
        assert_eq!(
            breaker.gate(at(0)),
            Gate::Closed,
            "a refusal is an answer: the count began anew"
        );
        breaker.failed(Trouble::Faulty, at(0), 500);
        assert_eq!(
            breaker.gate(at(0)),
            Gate::Open(at(0) + TimeDelta::milliseconds(500))
        );
        assert_eq!(breaker.gate(at(1)), Gate::HalfOpen);
        breaker.failed(Trouble::Faulty, at(1), 1_999);
        assert_eq!(
            breaker.gate(at(1)),
            Gate::Open(at(1) + TimeDelta::milliseconds(1_999)),
            "a failed trial opens it at once, for longer"
        );
        breaker.answered();
        assert_eq!(breaker.gate(at(1)), Gate::Closed);
    }

    #[test]
    fn a_clock_that_is_set_does_not_change_how_long_is_waited() {
        let mut breaker = Breaker::new(BreakerPolicy::default());
        breaker.failed(Trouble::Busy(Some(Duration::from_mins(2))), at(0), 0);
        breaker.shift(TimeDelta::hours(-1));
        assert_eq!(breaker.gate(at(-3_600)), Gate::Open(at(120 - 3_600)));
    }

    #[test]
    fn no_shop_is_believed_that_asks_for_days() {
        let mut breaker = Breaker::new(BreakerPolicy::default());
        breaker.failed(Trouble::Busy(Some(Duration::MAX)), at(0), 0);
        assert_eq!(breaker.gate(at(0)), Gate::Open(at(3_600)));
    }
}
