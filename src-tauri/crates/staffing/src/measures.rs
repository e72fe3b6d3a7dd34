//! What callers and agents live through at a given number of agents.

use crate::erlang;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A number that no queue can have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum OutOfRange {
    /// Calls are a number from 0.
    #[error("calls must be a number from 0")]
    Calls,
    /// The interval is longer than nothing.
    #[error("the interval must be longer than 0 s")]
    Interval,
    /// The average handle time is longer than nothing.
    #[error("the average handle time must be longer than 0 s")]
    HandleTime,
    /// Patience, where it is known, is longer than nothing.
    #[error("patience must be longer than 0 s")]
    Patience,
}

/// Calls of one kind over one interval, as if they came like this for ever.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Queue {
    calls: f64,
    interval_s: f64,
    aht_s: f64,
    patience_s: Option<f64>,
}

impl Queue {
    /// A queue of `calls` per interval of `interval_s`, each taking `aht_s` (average handle time, wrap-up
    /// included). Callers hang up after `patience_s` on average; without it they wait for ever.
    pub fn new(
        calls: f64,
        interval_s: f64,
        aht_s: f64,
        patience_s: Option<f64>,
    ) -> Result<Self, OutOfRange> {
        let positive = |value: f64| value > 0.0 && value.is_finite();
        if !(calls >= 0.0 && calls.is_finite()) {
            return Err(OutOfRange::Calls);
        }
        if !positive(interval_s) {
            return Err(OutOfRange::Interval);
        }
        if !positive(aht_s) {
            return Err(OutOfRange::HandleTime);
        }
        if !patience_s.is_none_or(positive) {
            return Err(OutOfRange::Patience);
        }
        Ok(Self {
            calls,
            interval_s,
            aht_s,
            patience_s,
        })
    }

    /// The same queue with its calls multiplied, for a busier or a calmer day; what is no factor is 1.
    #[must_use]
    pub fn scaled(self, factor: f64) -> Self {
        let calls = self.calls * factor;
        Self {
            calls: if calls >= 0.0 && calls.is_finite() {
                calls
            } else {
                self.calls
            },
            ..self
        }
    }

    /// The same queue with as many calls as make a load of so many erlangs; what is no load is none.
    #[must_use]
    pub fn with_load(self, erlangs: f64) -> Self {
        let calls = erlangs * self.interval_s / self.aht_s;
        Self {
            calls: if calls >= 0.0 && calls.is_finite() {
                calls
            } else {
                0.0
            },
            ..self
        }
    }

    /// The offered load in erlangs.
    pub fn load(&self) -> f64 {
        self.calls * self.aht_s / self.interval_s
    }

    /// Calls per second.
    pub(crate) fn rate(&self) -> f64 {
        self.calls / self.interval_s
    }

    /// The average handle time in seconds.
    pub fn aht_s(&self) -> f64 {
        self.aht_s
    }

    /// How long callers wait on average before they hang up, in seconds; for ever without.
    pub fn patience_s(&self) -> Option<f64> {
        self.patience_s
    }

    /// Whether callers hang up.
    pub(crate) fn abandons(&self) -> bool {
        self.patience_s.is_some()
    }

    /// What happens with `agents` present, the service level counted at `threshold_s`.
    ///
    /// With patience by Erlang A, without by Erlang C.
    pub fn measures(&self, agents: u32, threshold_s: f64) -> Measures {
        match self.patience_s {
            Some(patience_s) => self.with_patience(agents, threshold_s, patience_s),
            None => self.without(agents, threshold_s),
        }
    }

    fn with_patience(&self, agents: u32, threshold_s: f64, patience_s: f64) -> Measures {
        let load = self.load();
        let queue = erlang::a(
            agents,
            load,
            patience_s / self.aht_s,
            threshold_s / self.aht_s,
        );
        let share = |part: f64, of: f64| if of > 0.0 { (part / of).min(1.0) } else { 0.0 };
        Measures {
            agents,
            load,
            stable: true,
            waiting: queue.waiting,
            of_offered: queue.answered_within,
            of_answered: share(queue.answered_within, queue.answered),
            without_short_abandons: share(queue.answered_within, 1.0 - queue.abandoned_within),
            asa_s: queue.wait_of_answered.map(|wait| wait * self.aht_s),
            wait_s: Some(queue.wait * self.aht_s),
            abandonment: queue.abandoned,
            occupancy: share(load * queue.answered, f64::from(agents)),
            queue: Some(load * queue.wait),
        }
    }

    fn without(&self, agents: u32, threshold_s: f64) -> Measures {
        let load = self.load();
        let mut measures = Measures {
            agents,
            load,
            stable: true,
            waiting: 0.0,
            of_offered: 1.0,
            of_answered: 1.0,
            without_short_abandons: 1.0,
            asa_s: Some(0.0),
            wait_s: Some(0.0),
            abandonment: 0.0,
            occupancy: 0.0,
            queue: Some(0.0),
        };
        if load <= 0.0 {
            return measures;
        }
        if let Some(queue) = erlang::c(agents, load) {
            let within = queue.answered_within(threshold_s / self.aht_s);
            measures.waiting = queue.waiting;
            measures.of_offered = within;
            measures.of_answered = within;
            measures.without_short_abandons = within;
            measures.asa_s = Some(queue.wait() * self.aht_s);
            measures.wait_s = measures.asa_s;
            measures.occupancy = load / f64::from(agents);
            measures.queue = Some(load * queue.wait());
        } else {
            measures.stable = false;
            measures.waiting = 1.0;
            measures.of_offered = 0.0;
            measures.of_answered = 0.0;
            measures.without_short_abandons = 0.0;
            measures.asa_s = None;
            measures.wait_s = None;
            measures.occupancy = if agents == 0 { 0.0 } else { 1.0 };
            measures.queue = None;
        }
        measures
    }
}

/// What a service level is a share of. All count the calls answered within the threshold.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLevel {
    /// Of all calls offered.
    OfOffered,
    /// Of the calls answered.
    OfAnswered,
    /// Of the calls offered, but for those that hung up within the threshold.
    WithoutShortAbandons,
}

impl ServiceLevel {
    /// Every definition.
    pub const ALL: [Self; 3] = [
        Self::OfOffered,
        Self::OfAnswered,
        Self::WithoutShortAbandons,
    ];
}

/// What callers and agents live through in the long run. Shares are between 0 and 1.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Measures {
    /// The agents present.
    pub agents: u32,
    /// The offered load in erlangs.
    pub load: f64,
    /// Whether the queue has an end. Where it has none, everyone waits, no service level is kept, and
    /// there is no mean wait.
    pub stable: bool,
    /// The share of callers who do not get an agent at once.
    pub waiting: f64,
    /// The share answered within the threshold, of all offered.
    pub of_offered: f64,
    /// The share answered within the threshold, of those answered.
    pub of_answered: f64,
    /// The share answered within the threshold, of those who did not hang up within it.
    pub without_short_abandons: f64,
    /// The average speed of answer in seconds: the mean wait of those answered.
    pub asa_s: Option<f64>,
    /// The mean wait of all callers in seconds, those included who hang up.
    pub wait_s: Option<f64>,
    /// The share of callers who hang up.
    pub abandonment: f64,
    /// The share of their time that agents are busy.
    pub occupancy: f64,
    /// How many callers wait on average.
    pub queue: Option<f64>,
}

impl Measures {
    /// The service level by one definition.
    pub fn service_level(&self, definition: ServiceLevel) -> f64 {
        match definition {
            ServiceLevel::OfOffered => self.of_offered,
            ServiceLevel::OfAnswered => self.of_answered,
            ServiceLevel::WithoutShortAbandons => self.without_short_abandons,
        }
    }
}
