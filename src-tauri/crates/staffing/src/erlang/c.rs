//! Callers who wait as long as it takes.

use super::b::weight;
use super::load_of;

/// The steady state of a queue whose callers never hang up.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Delayed {
    /// The share of callers who wait at all.
    pub waiting: f64,
    /// How fast the queue drains: the rate of the exponential wait of those who wait, per handle time.
    pub drain: f64,
}

impl Delayed {
    /// The share of callers who are answered within `time` average handle times.
    pub fn answered_within(&self, time: f64) -> f64 {
        1.0 - self.waiting * libm::exp(-self.drain * time.max(0.0))
    }

    /// The mean wait of all callers in average handle times.
    pub fn wait(&self) -> f64 {
        self.waiting / self.drain
    }
}

/// The queue of `agents` under `load` erlangs (Erlang, 1917).
///
/// None where the load is not below the agents: the queue grows without end and has no steady state.
pub fn c(agents: u32, load: f64) -> Option<Delayed> {
    let load = load_of(load);
    let drain = f64::from(agents) - load;
    if drain <= 0.0 {
        return None;
    }
    let spare = drain / f64::from(agents);
    let waiting = 1.0 / (spare * weight(agents, load) + load / f64::from(agents));
    Some(Delayed { waiting, drain })
}
