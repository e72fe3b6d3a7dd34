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
        let threshold_s = target.service_level.map_or(20.0, |level| level.within_s);
        if self.load() <= 0.0 {
            return Ok(Requirement {
                agents: 0,
                bound: Bound::NoCalls,
                measures: self.measures(0, threshold_s),
            });
        }
        let least = if self.abandons() {
            1
        } else {
            whole(libm::floor(self.load())).saturating_add(1)
        };
        let mut needed = (least, Bound::Stability);
        let mut ask = |agents: u32, bound: Bound| {
            if agents > needed.0 {
                needed = (agents, bound);
            }
        };
        if let Some(level) = target.service_level {
            let kept =
                |measures: &Measures| measures.service_level(level.definition) >= level.share;
            ask(self.least(least, threshold_s, kept)?, Bound::ServiceLevel);
        }
        if let Some(longest) = target.asa_s {
            let kept = |measures: &Measures| measures.asa_s.is_some_and(|asa| asa <= longest);
            ask(self.least(least, threshold_s, kept)?, Bound::Asa);
        }
        if let Some(cap) = target.occupancy {
            if !(cap > 0.0 && cap <= 1.0) {
                return Err(Unreachable);
            }
            ask(whole(self.load() / cap), Bound::Occupancy);
        }
        if let Some(cap) = target.abandonment {
            let kept = |measures: &Measures| measures.abandonment <= cap;
            ask(self.least(least, threshold_s, kept)?, Bound::Abandonment);
        }
        let (agents, bound) = needed;
        Ok(Requirement {
            agents,
            bound,
            measures: self.measures(agents, threshold_s),
        })
    }

    /// The least agents from `least` with whom something is kept that more agents keep as well.
    fn least(
        &self,
        least: u32,
        threshold_s: f64,
        kept: impl Fn(&Measures) -> bool,
    ) -> Result<u32, Unreachable> {
        let kept = |agents: u32| kept(&self.measures(agents, threshold_s));
        // Doubling the distance from a first guess brackets the answer wherever it lies.
        let guess = whole(self.load()).clamp(least, MOST);
        let (mut low, mut high);
        let mut stride = 1;
        if kept(guess) {
            (low, high) = (guess, guess);
            while low > least && kept(low) {
                high = low;
                low = low.saturating_sub(stride).max(least);
                stride *= 2;
            }
            if kept(low) {
                return Ok(low);
            }
        } else {
            (low, high) = (guess, guess.saturating_add(1));
            while !kept(high) {
                if high >= MOST {
                    return Err(Unreachable);
                }
                low = high;
                stride *= 2;
                high = high.saturating_add(stride).min(MOST);
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
}
