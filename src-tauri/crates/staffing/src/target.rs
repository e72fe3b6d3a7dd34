//! The least agents that keep what was promised.

use crate::measures::{Measures, Queue, ServiceLevel};
use crate::shrinkage::whole;
use serde::{Deserialize, Serialize};
use specta::Type;

/// A share of calls to be answered within some seconds.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct ServiceLevelTarget {
    /// The share of calls, between 0 and 1.
    pub share: f64,
    /// The threshold in seconds.
    pub within_s: f64,
    /// What it is a share of.
    pub definition: ServiceLevel,
}

/// What was promised to clients and to agents. What is none is not asked for.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Target {
    /// Calls answered in time.
    pub service_level: Option<ServiceLevelTarget>,
    /// The longest average speed of answer, in seconds.
    pub asa_s: Option<f64>,
    /// The highest share of their time that agents are busy with the load offered.
    pub occupancy: Option<f64>,
    /// The highest share of callers who hang up.
    pub abandonment: Option<f64>,
}

/// What decided how many agents are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Bound {
    /// There are no calls.
    NoCalls,
    /// With one agent fewer the queue would grow without end; with patience, there must be someone.
    Stability,
    /// The service level.
    ServiceLevel,
    /// The average speed of answer.
    Asa,
    /// The cap on occupancy.
    Occupancy,
    /// The cap on abandonment.
    Abandonment,
}

/// The least agents that keep a target.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Requirement {
    /// The agents needed.
    pub agents: u32,
    /// What asks for the most of them; the first of several that ask for as many.
    pub bound: Bound,
    /// What happens with them. The threshold is the target's, or 20 s where there is none.
    pub measures: Measures,
}

/// A target that no number of agents keeps: a share above 1, a wait below 0, a cap on occupancy that
/// is not above 0.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("no number of agents keeps this target")]
pub struct Unreachable;

/// More agents than anyone employs; a target not kept with them is not kept at all.
const MOST: u32 = 1 << 24;

impl Queue {
    /// The least agents with whom all of `target` is kept, before shrinkage.
    ///
    /// Each part is searched apart from the least that is stable: the whole agents above the load
    /// without patience, one with it. Occupancy is the load offered over the agents.
    pub fn required(&self, target: &Target) -> Result<Requirement, Unreachable> {
        self.required_by(target, |agents, threshold_s| {
            self.measures(agents, threshold_s)
        })
    }

    pub(crate) fn required_by(
        &self,
        target: &Target,
        measures: impl Fn(u32, f64) -> Measures,
    ) -> Result<Requirement, Unreachable> {
        let threshold_s = target.service_level.map_or(20.0, |level| level.within_s);
        let measures = |agents: u32| measures(agents, threshold_s);
        if self.load() <= 0.0 {
            return Ok(Requirement {
                agents: 0,
                bound: Bound::NoCalls,
                measures: measures(0),
            });
        }
        let least = if self.abandons() {
            1
        } else {
            whole(libm::floor(self.load())).saturating_add(1)
        };
        let mut needed = (least, Bound::Stability);
        // What is kept with those needed so far asks for no search.
        let mut ask = |kept: &dyn Fn(&Measures) -> bool, bound: Bound| {
            let kept = |agents: u32| kept(&measures(agents));
            let agents = least_that(needed.0, whole(self.load()), kept)?;
            if agents > needed.0 {
                needed = (agents, bound);
            }
            Ok(())
        };
        if let Some(level) = target.service_level {
            let kept = |day: &Measures| day.service_level(level.definition) >= level.share;
            ask(&kept, Bound::ServiceLevel)?;
        }
        if let Some(longest) = target.asa_s {
            let kept = |day: &Measures| day.asa_s.is_some_and(|asa| asa <= longest);
            ask(&kept, Bound::Asa)?;
        }
        if let Some(cap) = target.abandonment {
            ask(&|day| day.abandonment <= cap, Bound::Abandonment)?;
        }
        if let Some(cap) = target.occupancy {
            if !(cap > 0.0 && cap <= 1.0) {
                return Err(Unreachable);
            }
            let agents = whole(self.load() / cap);
            if agents > needed.0 {
                needed = (agents, Bound::Occupancy);
            }
        }
        let (agents, bound) = needed;
        Ok(Requirement {
            agents,
            bound,
            measures: measures(agents),
        })
    }
}

/// The least number from `least` that keeps what greater ones keep as well, looked for around a guess.
fn least_that(least: u32, guess: u32, kept: impl Fn(u32) -> bool) -> Result<u32, Unreachable> {
    // Doubling the distance from the guess brackets the answer wherever it lies.
    let guess = guess.clamp(least, MOST.max(least));
    let mut low;
    let mut high = guess;
    let mut stride = 1;
    if kept(guess) {
        loop {
            if high == least {
                return Ok(least);
            }
            low = high.saturating_sub(stride).max(least);
            if !kept(low) {
                break;
            }
            high = low;
            stride *= 2;
        }
    } else {
        loop {
            if high >= MOST {
                return Err(Unreachable);
            }
            low = high;
            high = high.saturating_add(stride).min(MOST);
            if kept(high) {
                break;
            }
            stride *= 2;
        }
    }
    // `low` does not keep it, `high` does.
    while high - low > 1 {
        let middle = low + (high - low) / 2;
        if kept(middle) {
            high = middle;
        } else {
            low = middle;
        }
    }
    Ok(high)
}
