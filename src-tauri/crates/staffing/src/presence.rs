//! When agents are there.

use serde::{Deserialize, Serialize};
use specta::Type;

/// A time from one moment to another, in seconds from the beginning of the first interval.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Span {
    /// When it begins.
    pub from_s: f64,
    /// When it ends.
    pub to_s: f64,
}

/// Spans in order, those that touch or overlap made one; what ends before it begins is left out.
pub(crate) fn joined(spans: &[Span]) -> Vec<Span> {
    let mut sorted: Vec<Span> = spans
        .iter()
        .copied()
        .filter(|span| span.from_s < span.to_s)
        .collect();
    sorted.sort_by(|a, b| a.from_s.total_cmp(&b.from_s));
    let mut joined: Vec<Span> = Vec::with_capacity(sorted.len());
    for span in sorted {
        match joined.last_mut() {
            Some(last) if span.from_s <= last.to_s => last.to_s = last.to_s.max(span.to_s),
            _ => joined.push(span),
        }
    }
    joined
}

/// Agents who come and go at one moment.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(crate) struct Change {
    pub(crate) at_s: f64,
    pub(crate) leave: u32,
    pub(crate) come: u32,
}

/// How many agents there are when, and at which moments someone comes or goes.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Presence {
    changes: Vec<Change>,
}

impl Presence {
    /// The presence of agents whose spans are given one list each: shifts without breaks and lunch.
    pub fn of<S: AsRef<[Span]>>(agents: &[S]) -> Self {
        let mut moments: Vec<(f64, bool)> = Vec::new();
        for agent in agents {
            for span in joined(agent.as_ref()) {
                moments.push((span.from_s, true));
                moments.push((span.to_s, false));
            }
        }
        Self::at(moments)
    }

    /// A presence of which only the mean over each interval is known, say because a break began within
    /// it: part of the interval with the whole agents above the mean, the rest with those below, in the
    /// order that fits the next interval.
    pub fn mean(agents: &[f64], interval_s: f64) -> Self {
        let mut moments: Vec<(f64, bool)> = Vec::new();
        let mut present = 0.0;
        let mut start = 0.0;
        let mut step = |at: f64, to: f64| {
            while present < to {
                moments.push((at, true));
                present += 1.0;
            }
            while present > to {
                moments.push((at, false));
                present -= 1.0;
            }
        };
        for (place, mean) in agents.iter().enumerate() {
            let mean = mean.clamp(0.0, 1e6);
            let next = agents.get(place + 1).copied().unwrap_or(0.0);
            let less = libm::floor(mean);
            let more = mean - less;
            if more < 1e-6 {
                step(start, less);
            } else if next <= mean {
                step(start, less + 1.0);
                step(start + more * interval_s, less);
            } else {
                step(start, less);
                step(start + (1.0 - more) * interval_s, less + 1.0);
            }
            start += interval_s;
        }
        step(start, 0.0);
        Self::at(moments)
    }

    fn at(mut moments: Vec<(f64, bool)>) -> Self {
        moments.sort_by(|a, b| a.0.total_cmp(&b.0));
        let mut changes: Vec<Change> = Vec::new();
        for (at_s, comes) in moments {
            let at_s = at_s.max(0.0);
            let change = match changes.last_mut() {
                Some(last) if at_s - last.at_s < 1e-6 => last,
                _ => {
                    changes.push(Change {
                        at_s,
                        ..Change::default()
                    });
                    let Some(last) = changes.last_mut() else {
                        continue;
                    };
                    last
                }
            };
            if comes {
                change.come += 1;
            } else {
                change.leave += 1;
            }
        }
        Self { changes }
    }

    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }
}
