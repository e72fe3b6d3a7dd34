//! Outbound work that may wait, put where the calls leave room.

use serde::{Deserialize, Serialize};
use specta::Type;
use std::cmp::Reverse;
use std::collections::BinaryHeap;

/// Work that comes in one piece or in many, and may be done in any intervals up to its deadline.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct Batch {
    /// The first interval in which it can be done.
    pub released: u32,
    /// The first interval in which it is too late.
    pub due: u32,
    /// How much it is, in agents times intervals: tasks times handle time over the interval's length.
    pub work: f64,
}

/// What calls ask of one interval, and what may be added to it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Room {
    /// Agents needed for calls.
    pub inbound: u32,
    /// The most agents for outbound work; 0 where customers may not be called.
    pub most: u32,
}

/// When outbound work is done.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Deferred {
    /// Agents for outbound work by interval, on top of those for calls.
    pub agents: Vec<u32>,
    /// The most agents of any interval that are needed for calls and outbound work together.
    pub peak: u32,
    /// By batch: work that no plan can do in time, in agents times intervals.
    pub missed: Vec<f64>,
}

/// Work too small to be anybody's: rounding leaves that much.
const NOTHING: f64 = 1e-9;

/// Whole agents by interval who do all the work that can be done in time, so that the most agents of
/// any interval are as few as can be. Below that peak the load is as level as can be where all work is
/// in whole agents; where it is not, an agent may stand where another would have had time.
///
/// Whether agents suffice is asked by doing the work with the earliest deadline first, which does as
/// much as any order does (Glover, 1967, for the matching of jobs to times that this is). Then the
/// agents of each interval are taken down from the top, level by level, as far as all can still be
/// done.
pub fn deferred(batches: &[Batch], rooms: &[Room]) -> Deferred {
    let order = Order::new(batches, rooms.len());
    let most: Vec<u32> = rooms.iter().map(|room| room.most).collect();
    let missed = order.missed(batches, &most);
    // What cannot be done is not asked for again.
    let possible: Vec<Batch> = batches
        .iter()
        .zip(&missed)
        .map(|(batch, missed)| Batch {
            work: if *missed > NOTHING {
                (batch.work - missed).max(0.0)
            } else {
                batch.work
            },
            ..*batch
        })
        .collect();
    let suffice = |agents: &[u32]| {
        let slack = NOTHING * f64::from(u32::try_from(batches.len()).unwrap_or(u32::MAX) + 1);
        order.missed(&possible, agents).iter().sum::<f64>() <= 2.0 * slack
    };
    let agents = level(rooms, suffice);
    let peak = rooms
        .iter()
        .zip(&agents)
        .map(|(room, agents)| room.inbound.saturating_add(*agents))
        .max()
        .unwrap_or(0);
    let missed = missed
        .into_iter()
        .map(|missed| if missed > NOTHING { missed } else { 0.0 })
        .collect();
    Deferred {
        agents,
        peak,
        missed,
    }
}

/// The agents of each interval, brought down to ever lower levels of inbound and outbound together, as
/// far as they suffice. An interval that could not be lowered stays as it is: what is lowered later
/// only makes that harder.
fn level(rooms: &[Room], suffice: impl Fn(&[u32]) -> bool) -> Vec<u32> {
    let mut agents: Vec<u32> = rooms.iter().map(|room| room.most).collect();
    let mut fixed = vec![false; rooms.len()];
    let under = |agents: &[u32], fixed: &[bool], level: u32| -> Vec<u32> {
        let rows = rooms.iter().zip(agents).zip(fixed);
        rows.map(|((room, agents), fixed)| {
            if *fixed {
                *agents
            } else {
                level.saturating_sub(room.inbound).min(*agents)
            }
        })
        .collect()
    };
    let mut high = rooms
        .iter()
        .map(|room| room.inbound.saturating_add(room.most))
        .max()
        .unwrap_or(0);
    loop {
        // The lowest level to which all that are not fixed can come down together.
        let mut low = 0;
        while low < high {
            let middle = low + (high - low) / 2;
            if suffice(&under(&agents, &fixed, middle)) {
                high = middle;
            } else {
                low = middle + 1;
            }
        }
        agents = under(&agents, &fixed, high);
        if high == 0 {
            return agents;
        }
        // Not all can go below it. Who can, goes on: the last first, so that work is done early.
        let lower = high - 1;
        for place in (0..agents.len()).rev() {
            let at_level = rooms
                .get(place)
                .zip(agents.get(place))
                .is_some_and(|(room, agents)| {
                    *agents > 0 && room.inbound.saturating_add(*agents) == high
                });
            if !at_level || fixed.get(place).copied().unwrap_or(true) {
                continue;
            }
            let mut fewer = agents.clone();
            if let Some(agents) = fewer.get_mut(place) {
                *agents -= 1;
            }
            if suffice(&fewer) {
                agents = fewer;
            } else if let Some(fixed) = fixed.get_mut(place) {
                *fixed = true;
            }
        }
        high = lower;
    }
}

/// Batches by the interval in which they can begin.
struct Order {
    released: Vec<Vec<usize>>,
}

impl Order {
    fn new(batches: &[Batch], intervals: usize) -> Self {
        let mut released = vec![Vec::new(); intervals];
        for (place, batch) in batches.iter().enumerate() {
            if let Some(released) = released.get_mut(batch.released as usize) {
                released.push(place);
            }
        }
        Self { released }
    }

    /// What is left of each batch at its deadline, when so many agents work on the one with the earliest.
    fn missed(&self, batches: &[Batch], agents: &[u32]) -> Vec<f64> {
        let mut left: Vec<f64> = batches.iter().map(|batch| batch.work.max(0.0)).collect();
        let mut open: BinaryHeap<Reverse<(u32, usize)>> = BinaryHeap::new();
        for (interval, (released, agents)) in (0_u32..).zip(self.released.iter().zip(agents)) {
            for place in released {
                if let Some(batch) = batches.get(*place) {
                    open.push(Reverse((batch.due, *place)));
                }
            }
            let mut able = f64::from(*agents);
            while let Some(Reverse((due, place))) = open.peek().copied() {
                let Some(left) = left.get_mut(place) else {
                    break;
                };
                if due > interval {
                    if able <= 0.0 {
                        break;
                    }
                    let done = left.min(able);
                    *left -= done;
                    able -= done;
                    if *left > 0.0 {
                        break;
                    }
                }
                open.pop();
            }
        }
        left
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn room(inbound: u32, most: u32) -> Room {
        Room { inbound, most }
    }

    fn batch(released: u32, due: u32, work: f64) -> Batch {
        Batch {
            released,
            due,
            work,
        }
    }

    #[test]
    fn troughs_are_filled() {
        // A peak of calls at noon, and work of a morning that may wait until evening.
        let rooms = [room(4, 20), room(9, 20), room(5, 20), room(3, 20)];
        let plan = deferred(&[batch(0, 4, 11.0)], &rooms);
        assert_eq!(plan.agents, [4, 0, 3, 4]);
        assert_eq!(plan.peak, 9);
        assert!(plan.missed.iter().all(|missed| *missed <= 0.0));
    }

    #[test]
    fn what_cannot_be_done_in_time_is_said() {
        let rooms = [room(2, 3), room(2, 0), room(2, 3)];
        let plan = deferred(
            &[batch(0, 2, 5.5), batch(2, 3, 1.0), batch(9, 12, 1.0)],
            &rooms,
        );
        assert_eq!(format!("{:?}", plan.missed), "[2.5, 0.0, 1.0]");
        assert_eq!(plan.agents, [3, 0, 1]);
        assert_eq!(plan.peak, 5);
    }

    #[test]
    fn no_work_needs_nobody() {
        let plan = deferred(&[], &[room(3, 5), room(7, 5)]);
        assert_eq!((plan.agents, plan.peak), (vec![0, 0], 7));
        assert_eq!(deferred(&[], &[]), Deferred::default());
    }

    /// How much can be done: the least over all sets of intervals of their agents and the work that can
    /// be done elsewhere only, by max-flow and min-cut.
    fn most_done(batches: &[Batch], agents: &[u32]) -> f64 {
        (0..1_u32 << agents.len())
            .map(|cut| {
                let inside = |interval: usize| cut & (1 << interval) != 0;
                let cut_agents: u32 = agents
                    .iter()
                    .enumerate()
                    .filter(|(interval, _)| inside(*interval))
                    .map(|(_, agents)| *agents)
                    .sum();
                let elsewhere: f64 = batches
                    .iter()
                    .filter(|batch| {
                        let window =
                            batch.released as usize..(batch.due as usize).min(agents.len());
                        window.into_iter().any(|interval| !inside(interval))
                    })
                    .map(|batch| batch.work)
                    .sum();
                f64::from(cut_agents) + elsewhere
            })
            .fold(f64::INFINITY, f64::min)
    }

    /// Every number of agents by interval up to those allowed.
    fn every_plan(rooms: &[Room]) -> Vec<Vec<u32>> {
        rooms.iter().fold(vec![Vec::new()], |plans, room| {
            plans
                .iter()
                .flat_map(|plan| {
                    (0..=room.most).map(move |agents| {
                        let mut plan = plan.clone();
                        plan.push(agents);
                        plan
                    })
                })
                .collect()
        })
    }

    /// Totals by interval, the highest first.
    fn heights(rooms: &[Room], agents: &[u32]) -> Vec<u32> {
        let rows = rooms.iter().zip(agents);
        let mut heights: Vec<u32> = rows.map(|(room, agents)| room.inbound + agents).collect();
        heights.sort_unstable_by_key(|height| Reverse(*height));
        heights
    }

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(200))]

        #[test]
        fn peak_is_the_least_and_misses_are_the_fewest(
            rooms in prop::collection::vec((0_u32..5, 0_u32..4), 1..6),
            batches in prop::collection::vec((0_u32..6, 0_u32..5, 1_u32..20), 0..5),
            whole: bool,
        ) {
            let rooms: Vec<Room> = rooms.into_iter().map(|(i, m)| room(i, m)).collect();
            let batches: Vec<Batch> = batches
                .into_iter()
                .map(|(released, length, quarters)| {
                    let work = f64::from(quarters) / 4.0;
                    batch(released, released + length, if whole { work.ceil() } else { work })
                })
                .collect();
            let plan = deferred(&batches, &rooms);

            let most: Vec<u32> = rooms.iter().map(|room| room.most).collect();
            let possible = most_done(&batches, &most);
            let all: f64 = batches.iter().map(|batch| batch.work).sum();
            let missed: f64 = plan.missed.iter().sum();
            prop_assert!((all - missed - possible).abs() < 1e-9);
            prop_assert!((most_done(&batches, &plan.agents) - possible).abs() < 1e-9);

            let best = every_plan(&rooms)
                .into_iter()
                .filter(|agents| most_done(&batches, agents) >= possible - 1e-9)
                .map(|agents| heights(&rooms, &agents))
                .min()
                .unwrap();
            let found = heights(&rooms, &plan.agents);
            prop_assert_eq!(found.first(), best.first());
            prop_assert_eq!(Some(&plan.peak), best.first());
            if whole {
                prop_assert_eq!(found, best);
            }
        }
    }
}
