//! The operator's state: ready → dialling → ringing → talking ⇄ hold → wrap-up → ready, and pause.
//!
//! Every call ends in wrap-up, also one that nobody answered: an attempt without a result would be
//! lost to the ladder and to reports.

use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::time::Duration;

/// What the operator is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum CallState {
    /// Waiting for the next task, or looking at it.
    Ready,
    /// The number is being dialled.
    Dialling,
    /// It rings at the customer's.
    Ringing,
    /// In conversation.
    Talking,
    /// The customer is parked; the operator stays busy.
    Held,
    /// Work on the contact after it ended.
    WrapUp,
    /// Not available.
    Paused,
}

/// Why an operator is not available.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum PauseCode {
    /// A short rest.
    Break,
    /// A meal.
    Lunch,
    /// Learning or coaching.
    Training,
    /// A meeting.
    Meeting,
    /// Something does not work.
    Technical,
}

/// What can happen: by telephony, or by the operator's hand.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(tag = "event", rename_all = "snake_case")]
pub enum CallEvent {
    /// The operator dials.
    Dialled,
    /// It rings. Not every line tells.
    Ringing,
    /// Someone answered.
    Answered,
    /// The customer was parked.
    Held,
    /// The conversation goes on.
    Resumed,
    /// The connection is over, whoever ended it and whether or not anyone answered.
    Ended,
    /// The result is saved.
    Saved,
    /// The result is taken back before it left.
    SaveUndone,
    /// The operator wants a pause: at once when ready, otherwise after this call is saved.
    PauseAsked {
        /// Why.
        code: PauseCode,
    },
    /// The operator is back, or no longer wants the pause.
    PauseEnded,
}

/// An event that cannot happen in this state.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("`{event}` cannot happen while `{state}`")]
pub struct IllegalTransition {
    /// The state it met.
    pub state: CallState,
    /// What was to happen.
    pub event: CallEvent,
}

/// How long each part of a call took, in milliseconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct CallTimes {
    /// Until it rang.
    pub dialling_ms: u32,
    /// Until someone answered or it ended.
    pub ringing_ms: u32,
    /// In conversation.
    pub talking_ms: u32,
    /// Parked.
    pub held_ms: u32,
    /// After it ended.
    pub wrap_up_ms: u32,
}

impl CallTimes {
    /// Talk + hold + wrap-up: the time AHT is made of. Dialling is not in it.
    pub fn handle(&self) -> Duration {
        [self.talking_ms, self.held_ms, self.wrap_up_ms]
            .into_iter()
            .map(millis)
            .sum()
    }

    /// Conversation with the customer on the line, hold included.
    pub fn talk(&self) -> Duration {
        millis(self.talking_ms) + millis(self.held_ms)
    }

    fn add(&mut self, state: CallState, span: Duration) {
        let part = match state {
            CallState::Dialling => &mut self.dialling_ms,
            CallState::Ringing => &mut self.ringing_ms,
            CallState::Talking => &mut self.talking_ms,
            CallState::Held => &mut self.held_ms,
            CallState::WrapUp => &mut self.wrap_up_ms,
            CallState::Ready | CallState::Paused => return,
        };
        *part = part.saturating_add(u32::try_from(span.as_millis()).unwrap_or(u32::MAX));
    }
}

fn millis(ms: u32) -> Duration {
    Duration::from_millis(u64::from(ms))
}

/// One operator's line: the state, since when, and the times of the latest call.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Line {
    /// What the operator is doing.
    pub state: CallState,
    /// Since when.
    #[specta(type = String)]
    pub since: DateTime<Utc>,
    /// The pause going on, or the one that begins when this call is saved.
    pub pause: Option<PauseCode>,
    times: CallTimes,
}

impl Line {
    /// Ready at `now`, with no call yet.
    pub fn ready(now: DateTime<Utc>) -> Self {
        Self {
            state: CallState::Ready,
            since: now,
            pause: None,
            times: CallTimes::default(),
        }
    }

    /// Comes to where recorded events lead, beginning ready at `start`.
    ///
    /// # Errors
    /// The first event that cannot happen.
    pub fn replay(
        start: DateTime<Utc>,
        events: impl IntoIterator<Item = (DateTime<Utc>, CallEvent)>,
    ) -> Result<Self, IllegalTransition> {
        events
            .into_iter()
            .try_fold(Self::ready(start), |line, (at, event)| {
                line.after(event, at)
            })
    }

    /// The line after `event` at `now`. A clock that was put back adds no time.
    ///
    /// # Errors
    /// When the event cannot happen in this state.
    pub fn after(
        mut self,
        event: CallEvent,
        now: DateTime<Utc>,
    ) -> Result<Self, IllegalTransition> {
        use CallEvent as E;
        use CallState as S;
        let next = match (self.state, event) {
            (S::Ready, E::Dialled) => {
                self.times = CallTimes::default();
                S::Dialling
            }
            (S::Dialling, E::Ringing) => S::Ringing,
            (S::Dialling | S::Ringing, E::Answered) | (S::Held, E::Resumed) => S::Talking,
            (S::Talking, E::Held) => S::Held,
            // Undone in a pause asked for during the call: the pause waits for the next save.
            (S::Dialling | S::Ringing | S::Talking | S::Held, E::Ended)
            | (S::Ready | S::Paused, E::SaveUndone) => S::WrapUp,
            (S::WrapUp, E::Saved) => {
                if self.pause.is_some() {
                    S::Paused
                } else {
                    S::Ready
                }
            }
            (S::Ready, E::PauseAsked { code }) => {
                self.pause = Some(code);
                S::Paused
            }
            (
                S::Dialling | S::Ringing | S::Talking | S::Held | S::WrapUp,
                E::PauseAsked { code },
            ) => {
                self.pause = Some(code);
                return Ok(self);
            }
            (S::Paused, E::PauseEnded) => {
                self.pause = None;
                S::Ready
            }
            (S::Dialling | S::Ringing | S::Talking | S::Held | S::WrapUp, E::PauseEnded)
                if self.pause.is_some() =>
            {
                self.pause = None;
                return Ok(self);
            }
            (state, event) => return Err(IllegalTransition { state, event }),
        };
        self.times
            .add(self.state, (now - self.since).to_std().unwrap_or_default());
        self.state = next;
        self.since = now.max(self.since);
        Ok(self)
    }

    /// Times of the latest call, the part going on counted up to `now`.
    pub fn times(&self, now: DateTime<Utc>) -> CallTimes {
        let mut times = self.times;
        times.add(self.state, (now - self.since).to_std().unwrap_or_default());
        times
    }

    /// Whether a call is going on or waits for its result: the desk must not forget it.
    pub fn is_busy(&self) -> bool {
        !matches!(self.state, CallState::Ready | CallState::Paused)
    }
}

impl CallState {
    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Ready => "ready",
            Self::Dialling => "dialling",
            Self::Ringing => "ringing",
            Self::Talking => "talking",
            Self::Held => "held",
            Self::WrapUp => "wrap_up",
            Self::Paused => "paused",
        }
    }
}

impl fmt::Display for CallState {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

impl CallEvent {
    /// Stable code, as stored.
    pub fn code(self) -> &'static str {
        match self {
            Self::Dialled => "dialled",
            Self::Ringing => "ringing",
            Self::Answered => "answered",
            Self::Held => "held",
            Self::Resumed => "resumed",
            Self::Ended => "ended",
            Self::Saved => "saved",
            Self::SaveUndone => "save_undone",
            Self::PauseAsked { .. } => "pause_asked",
            Self::PauseEnded => "pause_ended",
        }
    }
}

impl fmt::Display for CallEvent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeDelta;
    use proptest::prelude::*;

    const BREAK: CallEvent = CallEvent::PauseAsked {
        code: PauseCode::Break,
    };
    const EVENTS: [CallEvent; 10] = [
        CallEvent::Dialled,
        CallEvent::Ringing,
        CallEvent::Answered,
        CallEvent::Held,
        CallEvent::Resumed,
        CallEvent::Ended,
        CallEvent::Saved,
        CallEvent::SaveUndone,
        BREAK,
        CallEvent::PauseEnded,
    ];

    fn at(second: i64) -> DateTime<Utc> {
        "2026-03-02T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(second)
    }

    fn line(events: &[(i64, CallEvent)]) -> Result<Line, IllegalTransition> {
        Line::replay(
            at(0),
            events.iter().map(|(second, event)| (at(*second), *event)),
        )
    }

    #[test]
    fn every_pair_of_state_and_event_is_decided() {
        use CallState as S;
        let in_state = |state| Line {
            state,
            pause: (state == S::Paused).then_some(PauseCode::Break),
            ..Line::ready(at(0))
        };
        let columns = EVENTS.map(CallEvent::code);
        assert_eq!(
            columns.join(" "),
            "dialled ringing answered held resumed ended saved save_undone pause_asked pause_ended",
            "the columns of the table below"
        );
        // A dash is an illegal transition.
        let table = [
            (S::Ready, "dialling - - - - - - wrap_up paused -"),
            (S::Dialling, "- ringing talking - - wrap_up - - dialling -"),
            (S::Ringing, "- - talking - - wrap_up - - ringing -"),
            (S::Talking, "- - - held - wrap_up - - talking -"),
            (S::Held, "- - - - talking wrap_up - - held -"),
            (S::WrapUp, "- - - - - - ready - wrap_up -"),
            (S::Paused, "- - - - - - - wrap_up - ready"),
        ];
        for (state, row) in table {
            let outcome = EVENTS.map(|event| match in_state(state).after(event, at(1)) {
                Ok(line) => line.state.code(),
                Err(illegal) => {
                    assert_eq!(
                        illegal,
                        IllegalTransition { state, event },
                        "the error names both"
                    );
                    "-"
                }
            });
            assert_eq!(outcome.join(" "), row, "from {state}");
        }
    }

    #[test]
    fn times_are_told_apart_and_the_running_part_counts() {
        let line = line(&[
            (10, CallEvent::Dialled),
            (12, CallEvent::Ringing),
            (20, CallEvent::Answered),
            (50, CallEvent::Held),
            (60, CallEvent::Resumed),
            (80, CallEvent::Ended),
        ])
        .unwrap();
        let times = line.times(at(95));
        assert_eq!(
            times,
            CallTimes {
                dialling_ms: 2_000,
                ringing_ms: 8_000,
                talking_ms: 50_000,
                held_ms: 10_000,
                wrap_up_ms: 15_000
            }
        );
        assert_eq!(
            times.handle(),
            Duration::from_secs(75),
            "talk 50 + hold 10 + wrap-up 15, without dialling"
        );
        assert_eq!(times.talk(), Duration::from_mins(1));
        let next = line
            .after(CallEvent::Saved, at(95))
            .unwrap()
            .after(CallEvent::Dialled, at(100))
            .unwrap();
        assert_eq!(
            next.times(at(100)),
            CallTimes::default(),
            "the next call begins from nothing"
        );
    }

    #[test]
    fn wrap_up_goes_on_counting_after_an_undone_save() {
        let line = line(&[
            (0, CallEvent::Dialled),
            (1, CallEvent::Ended),
            (6, CallEvent::Saved),
            (10, CallEvent::SaveUndone),
        ])
        .unwrap();
        assert_eq!(
            line.times(at(13)).wrap_up_ms,
            8_000,
            "five seconds before and three after"
        );
    }

    #[test]
    fn a_pause_asked_in_a_call_begins_when_it_is_saved() {
        let talking = line(&[
            (0, CallEvent::Dialled),
            (1, CallEvent::Answered),
            (2, BREAK),
        ])
        .unwrap();
        assert_eq!(
            (talking.state, talking.pause),
            (CallState::Talking, Some(PauseCode::Break))
        );
        let saved = [CallEvent::Ended, CallEvent::Saved]
            .into_iter()
            .try_fold(talking, |line, event| line.after(event, at(5)))
            .unwrap();
        assert_eq!(
            saved.state,
            CallState::Paused,
            "nobody is given a call in the pause they asked for"
        );
        let regretted = talking.after(CallEvent::PauseEnded, at(3)).unwrap();
        assert_eq!(
            regretted.pause, None,
            "who changes their mind stays in the queue"
        );
        assert_eq!(
            regretted.since, talking.since,
            "asking for a pause does not restart the timer"
        );
    }

    #[test]
    fn an_illegal_transition_reads_as_a_sentence() {
        let illegal = Line::ready(at(0))
            .after(CallEvent::Held, at(1))
            .unwrap_err();
        assert_eq!(illegal.to_string(), "`held` cannot happen while `ready`");
    }

    proptest! {
        #[test]
        fn no_time_is_lost_or_made_up(steps in proptest::collection::vec((0_usize..10, 0_i64..500), 0..60)) {
            let mut line = Line::ready(at(0));
            let mut now = 0;
            let mut busy = 0;
            for (event, seconds) in steps {
                if line.is_busy() {
                    busy += seconds;
                }
                now += seconds;
                if let Ok(after) = line.after(EVENTS[event], at(now)) {
                    if EVENTS[event] == CallEvent::Dialled {
                        busy = 0;
                    }
                    line = after;
                }
                let times = line.times(at(now));
                let sum = times.handle() + millis(times.dialling_ms) + millis(times.ringing_ms);
                prop_assert_eq!(sum, Duration::from_secs(u64::try_from(busy).unwrap()));
            }
        }
    }
}
