//! How a write reaches a shop exactly once, though the shop knows no idempotency keys.
//!
//! A write that may or may not have arrived is in *doubt*. It is neither repeated nor looked for
//! until everything still on its way has had time to arrive (the quiet period); then the desk looks,
//! and sends again only what is not there. Looking at once would double one write in twenty: the
//! first attempt may land just after the look.
//!
//! Sans-IO: [`Row::on`] takes an event and gives the next state and one effect. **Store the state
//! before carrying the effect out**; a row found in flight after a restart is then known to be in doubt.

use crate::breaker::{full_jitter, later};
use chrono::{DateTime, Utc};
use rules::operation::{LineChange, ShopOperation};
use serde::{Deserialize, Serialize};
use std::time::Duration;

/// Times and bounds, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct OutboxPolicy {
    /// How long nothing leaves after saving, so that it can be undone.
    pub undo: Duration,
    /// How long a write in doubt is left alone, see [`OutboxPolicy::quiet_after`].
    pub quiet: Duration,
    /// First upper bound of the wait after a failure; doubles with each.
    pub backoff_base: Duration,
    /// Greatest upper bound of the wait.
    pub backoff_cap: Duration,
    /// Failures that do not pass by themselves before giving up.
    pub stubborn_limit: u32,
}

impl OutboxPolicy {
    /// Twice the limit of one request and the longest the shop itself may work on it.
    pub fn quiet_after(request_limit: Duration, shop_limit: Duration) -> Duration {
        (request_limit + shop_limit) * 2
    }

    fn backoff(&self, tries: u32, random: u64) -> Duration {
        full_jitter(self.backoff_base, self.backoff_cap, tries, random)
    }

    /// No write that has failed waits longer, unless the shop has asked for it.
    fn longest_wait(&self, row: Row) -> Duration {
        if row.tries == 0 && !row.sent {
            self.undo
        } else {
            self.backoff_cap
        }
    }
}

impl Default for OutboxPolicy {
    fn default() -> Self {
        let minute = Duration::from_mins(1);
        Self {
            undo: Duration::from_secs(10),
            quiet: Self::quiet_after(minute, minute),
            backoff_base: Duration::from_secs(1),
            backoff_cap: minute,
            stubborn_limit: 8,
        }
    }
}

/// Where a write stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum State {
    /// To be sent, not before this.
    Waiting {
        /// The earliest moment.
        not_before: DateTime<Utc>,
    },
    /// Sent, no answer yet.
    InFlight,
    /// Sent, and nobody knows whether it arrived.
    Doubt {
        /// Nothing is done before this.
        quiet_until: DateTime<Utc>,
    },
    /// The shop is asked whether it is there.
    Looking,
    /// It is there.
    Done,
    /// Taken back before it left, or done without.
    Withdrawn,
    /// Given up: for a person to decide.
    Dead {
        /// Why.
        reason: DeadReason,
    },
}

impl State {
    /// Stable code, as stored.
    pub fn code(&self) -> &'static str {
        match self {
            Self::Waiting { .. } => "waiting",
            Self::InFlight => "in_flight",
            Self::Doubt { .. } => "doubt",
            Self::Looking => "looking",
            Self::Done => "done",
            Self::Withdrawn => "withdrawn",
            Self::Dead { .. } => "dead",
        }
    }

    /// Nothing more happens to it, and what comes after it on the same order may go.
    pub fn is_settled(&self) -> bool {
        matches!(self, Self::Done | Self::Withdrawn)
    }
}

/// Why a write was given up.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum DeadReason {
    /// The shop refuses it or someone changed the same thing: repeating will not help.
    Refused,
    /// Tried as often as makes sense.
    TriedTooOften,
}

/// What an attempt failed with, as far as it matters here.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Failure {
    /// It did not arrive and may succeed later; tried for as long as it takes.
    Passing,
    /// It may have arrived.
    Doubtful,
    /// It may have arrived, and the shop did not get on with it: of these a write has only so many.
    Faulty,
    /// It did not arrive; the shop says when to come again.
    RetryAfter(Duration),
    /// It did not arrive and will not until someone puts it right (wrong key, no right to write).
    Stubborn,
    /// It did not arrive and never will (refused, conflict, gone).
    Permanent,
}

/// What happened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The scheduler has come to this row.
    Due,
    /// The shop did it (or said that it was done already).
    Applied,
    /// Sending or looking failed.
    Failed(Failure),
    /// Looking found it.
    Found,
    /// Looking did not find it.
    Absent,
    /// The desk was started, or its clock was set: no time noted before is believed.
    Restarted,
    /// The same where the clock is known to have run on.
    Resumed,
    /// The operator takes the result back.
    UndoAsked,
    /// A person wants a dead one tried again.
    RetryAsked,
    /// A person does without a dead one.
    Dropped,
}

/// What to do now that the state is stored.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// Send it to the shop.
    Send,
    /// Ask the shop whether it is there.
    Look,
    /// Come back at this time.
    WaitUntil(DateTime<Utc>),
    /// Show it to a person.
    GiveUp(DeadReason),
    /// Nothing more.
    Settled,
}

/// An event that makes no sense in this state: the caller's mistake, nothing is changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{event:?} cannot happen to a write that is `{}`", state.code())]
pub struct IllegalEvent {
    /// The state it met.
    pub state: State,
    /// What was to happen.
    pub event: Event,
}

/// One write on its way.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Row {
    /// Where it stands.
    #[serde(flatten)]
    pub state: State,
    /// Failures of any kind since it last got through; sets the wait.
    pub tries: u32,
    /// Failures that do not pass by themselves.
    pub stubborn: u32,
    /// Sent at least once: it can no longer be undone.
    pub sent: bool,
}

impl Row {
    /// A write saved at `saved_at`; it leaves when undoing is over.
    pub fn new(saved_at: DateTime<Utc>, policy: &OutboxPolicy) -> Self {
        Self {
            state: State::Waiting {
                not_before: later(saved_at, policy.undo),
            },
            tries: 0,
            stubborn: 0,
            sent: false,
        }
    }

    /// Takes an event; gives the row to store and then the effect to carry out.
    ///
    /// `random` is any number, for the jitter.
    ///
    /// # Errors
    /// [`IllegalEvent`] when the event makes no sense in this state.
    pub fn on(
        self,
        event: Event,
        now: DateTime<Utc>,
        random: u64,
        policy: &OutboxPolicy,
    ) -> Result<(Self, Effect), IllegalEvent> {
        let illegal = IllegalEvent {
            state: self.state,
            event,
        };
        let early =
            |until: DateTime<Utc>| (now < until).then_some((self, Effect::WaitUntil(until)));
        Ok(match (self.state, event) {
            (State::Waiting { not_before }, Event::Due) => {
                early(not_before).unwrap_or_else(|| self.send())
            }
            (State::Doubt { quiet_until }, Event::Due) => {
                early(quiet_until).unwrap_or((self.at(State::Looking), Effect::Look))
            }
            (State::InFlight, Event::Applied) | (State::Looking, Event::Found) => (
                Self {
                    tries: 0,
                    ..self.at(State::Done)
                },
                Effect::Settled,
            ),
            // Given up only once it is known not to be there.
            (State::Looking, Event::Absent) if self.stubborn >= policy.stubborn_limit => {
                self.dead(DeadReason::TriedTooOften)
            }
            (State::Looking, Event::Absent) => self.send(),
            (State::InFlight, Event::Failed(failure @ (Failure::Doubtful | Failure::Faulty))) => {
                let tried = Self {
                    tries: self.tries.saturating_add(1),
                    stubborn: self.stubborn + u32::from(failure == Failure::Faulty),
                    ..self
                };
                tried.doubt(later(now, policy.quiet))
            }
            (State::InFlight | State::Looking, Event::Failed(failure)) => {
                self.failed(failure, now, random, policy)
            }
            // The whole quiet period, even if some of it was over: how much, only a clock could tell
            // that has run on meanwhile.
            (State::InFlight | State::Looking | State::Doubt { .. }, Event::Restarted) => {
                self.doubt(later(now, policy.quiet))
            }
            (State::Dead { .. }, Event::Dropped) => (self.at(State::Withdrawn), Effect::Settled),
            // Nothing of it is on its way any more: it died refused, or after a look past the quiet
            // time. It is looked for before it leaves, as each write is.
            (State::Dead { .. }, Event::RetryAsked) => {
                let again = Self {
                    tries: 0,
                    stubborn: 0,
                    ..self.at(State::Waiting { not_before: now })
                };
                (again, Effect::WaitUntil(now))
            }
            (State::Doubt { quiet_until }, Event::Resumed) => {
                self.doubt(quiet_until.min(later(now, policy.quiet)))
            }
            (_, Event::Resumed) => return self.on(Event::Restarted, now, random, policy),
            (State::Waiting { not_before }, Event::Restarted) => {
                let at = not_before.min(later(now, policy.longest_wait(self)));
                (
                    self.at(State::Waiting { not_before: at }),
                    Effect::WaitUntil(at),
                )
            }
            (State::Done | State::Withdrawn, Event::Restarted) => (self, Effect::Settled),
            (State::Dead { reason }, Event::Restarted) => (self, Effect::GiveUp(reason)),
            (State::Waiting { not_before }, Event::UndoAsked) if !self.sent && now < not_before => {
                (self.at(State::Withdrawn), Effect::Settled)
            }
            _ => return Err(illegal),
        })
    }

    fn failed(
        self,
        failure: Failure,
        now: DateTime<Utc>,
        random: u64,
        policy: &OutboxPolicy,
    ) -> (Self, Effect) {
        let tried = Self {
            tries: self.tries.saturating_add(1),
            stubborn: self.stubborn
                + u32::from(matches!(failure, Failure::Stubborn | Failure::Faulty)),
            ..self
        };
        let jitter = policy.backoff(tried.tries, random);
        let wait = match failure {
            Failure::Permanent => return tried.dead(DeadReason::Refused),
            Failure::Stubborn | Failure::Faulty if tried.stubborn >= policy.stubborn_limit => {
                return tried.dead(DeadReason::TriedTooOften);
            }
            // Jitter on top, lest all desks come back in the same second.
            Failure::RetryAfter(asked) => asked.saturating_add(jitter),
            Failure::Passing | Failure::Doubtful | Failure::Faulty | Failure::Stubborn => jitter,
        };
        let at = later(now, wait);
        // A failed look leaves the doubt as it was.
        if self.state == State::Looking {
            return tried.doubt(at);
        }
        (
            tried.at(State::Waiting { not_before: at }),
            Effect::WaitUntil(at),
        )
    }

    fn at(self, state: State) -> Self {
        Self { state, ..self }
    }

    fn send(self) -> (Self, Effect) {
        (
            Self {
                sent: true,
                ..self.at(State::InFlight)
            },
            Effect::Send,
        )
    }

    fn doubt(self, quiet_until: DateTime<Utc>) -> (Self, Effect) {
        (
            self.at(State::Doubt { quiet_until }),
            Effect::WaitUntil(quiet_until),
        )
    }

    fn dead(self, reason: DeadReason) -> (Self, Effect) {
        (self.at(State::Dead { reason }), Effect::GiveUp(reason))
    }
}

/// Which of the writes to one order, oldest first, may be worked on: the first that is not settled.
///
/// A dead one holds back what follows on its order, since a confirmation must not overtake the
/// edit it confirms; other orders go on.
pub fn head(rows: &[Row]) -> Option<usize> {
    let position = rows.iter().position(|row| !row.state.is_settled())?;
    let dead = rows
        .get(position)
        .is_some_and(|row| matches!(row.state, State::Dead { .. }));
    (!dead).then_some(position)
}

/// Whether a late copy of one operation could undo the other: both set the same fields of the
/// order. Notes and the like only add.
pub fn overlap(one: &ShopOperation, other: &ShopOperation) -> bool {
    let fields = |operation: &ShopOperation| match operation {
        ShopOperation::EditLines { .. } => Some(0),
        ShopOperation::Confirm { .. } | ShopOperation::Cancel { .. } => Some(1),
        ShopOperation::AddNote { .. }
        | ShopOperation::GrantCoupon { .. }
        | ShopOperation::Refund { .. } => None,
    };
    fields(one).is_some() && fields(one) == fields(other)
}

/// Whether it adds goods. Those that stand there twice may be packed, or be edited by somebody who
/// cannot know which of the two is meant: such a write is swept as soon as it is calm, and what
/// [`overlap`]s with it waits for that.
pub fn adds_goods(operation: &ShopOperation) -> bool {
    matches!(operation, ShopOperation::EditLines { changes, .. }
        if changes.iter().any(|change| matches!(change, LineChange::Add { .. })))
}

#[cfg(test)]
mod tests;
