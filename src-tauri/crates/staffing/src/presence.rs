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

impl Span {
    /// Takes the time between two moments out of spans.
    pub fn take_out(spans: &mut Vec<Self>, from_s: f64, to_s: f64) {
        let left = std::mem::take(spans).into_iter().flat_map(|span| {
            let before = Self {
                to_s: span.to_s.min(from_s),
                ..span
            };
            let after = Self {
                from_s: span.from_s.max(to_s),
                ..span
            };
            [before, after]
        });
        *spans = left.filter(|span| span.from_s < span.to_s).collect();
    }
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
    ///
    /// A mean hides that as many may leave as come, each ending a call first; predictions from it come
    /// out two or three points low. Where the shifts are known, use [`Presence::of`].
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

    /// The same without so many agents in each interval, who are busy with something else: outbound work.
    /// Where there are not so many, nobody is left.
    #[must_use]
    pub fn without(&self, agents: &[u32], interval_s: f64) -> Self {
        let mut changes = self.changes.clone();
        let mut away = 0;
        let mut at_s = 0.0;
        for now in agents.iter().copied().chain([0]) {
            changes.push(Change {
                at_s,
                leave: now.saturating_sub(away),
                come: away.saturating_sub(now),
            });
            away = now;
            at_s += interval_s;
        }
        Self::from_changes(changes)
    }

    /// Seconds of presence in each of so many intervals, all agents together.
    pub fn seconds(&self, count: usize, interval_s: f64) -> Vec<f64> {
        let mut changes = self.changes.iter().peekable();
        let mut present = 0_u32;
        let (mut now, mut end) = (0.0, 0.0);
        (0..count)
            .map(|_| {
                end += interval_s;
                let mut seconds = 0.0;
                while now < end {
                    while let Some(change) = changes.next_if(|change| change.at_s <= now) {
                        present = present.saturating_sub(change.leave) + change.come;
                    }
                    let until = changes.peek().map_or(end, |change| change.at_s.min(end));
                    seconds += f64::from(present) * (until - now);
                    now = until;
                }
                seconds
            })
            .collect()
    }

    fn at(moments: Vec<(f64, bool)>) -> Self {
        let changes = moments.into_iter().map(|(at_s, comes)| Change {
            at_s,
            leave: u32::from(!comes),
            come: u32::from(comes),
        });
        Self::from_changes(changes.collect())
    }

    /// Changes in order, those of one moment made one, and nobody leaving who is not there.
    fn from_changes(mut all: Vec<Change>) -> Self {
        all.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
        let mut changes: Vec<Change> = Vec::new();
        for change in all {
            let at_s = change.at_s.max(0.0);
            match changes.last_mut() {
                Some(last) if at_s - last.at_s < 1e-6 => {
                    last.leave += change.leave;
                    last.come += change.come;
                }
                _ => changes.push(Change { at_s, ..change }),
            }
        }
        // How many there would be if fewer than none could.
        let mut would = 0_i64;
        for change in &mut changes {
            let before = u32::try_from(would).unwrap_or(0);
            would += i64::from(change.come) - i64::from(change.leave);
            change.leave = change.leave.min(before);
            change.come = u32::try_from(would).unwrap_or(0) - (before - change.leave);
        }
        Self { changes }
    }

    pub(crate) fn changes(&self) -> &[Change] {
        &self.changes
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn span(from_s: f64, to_s: f64) -> Span {
        Span { from_s, to_s }
    }

    fn seconds(presence: &Presence, expected: &[f64]) {
        let found = presence.seconds(expected.len(), 10.0);
        let close = found
            .iter()
            .zip(expected)
            .all(|(a, b)| (a - b).abs() < 1e-9);
        assert!(close, "{found:?} is not {expected:?}");
    }

    #[test]
    fn shifts_make_a_presence() {
        let agents = [
            vec![span(0.0, 12.0), span(15.0, 30.0)],
            // Touching, overlapping, the wrong way round.
            vec![
                span(10.0, 20.0),
                span(5.0, 10.0),
                span(18.0, 19.0),
                span(9.0, 3.0),
            ],
        ];
        let presence = Presence::of(&agents);
        seconds(&presence, &[15.0, 17.0, 10.0, 0.0]);
        seconds(&presence.without(&[1, 0, 5], 10.0), &[5.0, 17.0, 0.0, 0.0]);
        // Who is away more often than there comes back as himself only.
        seconds(&presence.without(&[3, 1, 0], 10.0), &[0.0, 7.0, 10.0, 0.0]);
    }

    #[test]
    fn a_mean_is_kept() {
        let means = [2.0, 2.25, 3.5, 0.4, 0.0, 1.2];
        let expected: Vec<f64> = means.iter().map(|mean| mean * 10.0).collect();
        seconds(&Presence::mean(&means, 10.0), &expected);
    }
}
