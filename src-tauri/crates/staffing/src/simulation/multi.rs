//! Agents with several skills: how many of each kind, found by trying.

use super::draw::{Call, HandleTime, Project, draw};
use super::run::{Agent, Scenario, Skill, run};
use crate::load::{Offered, Swing};
use crate::measures::Queue;
use crate::presence::Span;
use crate::target::{ServiceLevelTarget, Target};

/// A project and what was promised for it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Need {
    /// Its calls.
    pub queue: Queue,
    /// How handle times lie about their mean.
    pub handle: HandleTime,
    /// The service level.
    pub target: ServiceLevelTarget,
}

/// Agents of one kind.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Group {
    /// What they can answer.
    pub skills: Vec<Skill>,
}

/// How many agents of each kind, and what they keep.
#[derive(Clone, Debug, PartialEq)]
pub struct Staffed {
    /// Agents by group.
    pub agents: Vec<u32>,
    /// The simulated service level by project; none where no calls came.
    pub levels: Vec<Option<f64>>,
    /// Whether all targets are kept. They are not where a project has no group, or where the trying
    /// came to its end before.
    pub kept: bool,
}

/// The most simulations of one search.
const MOST_RUNS: u32 = 2000;

/// Calls of one simulation, about.
const CALLS: f64 = 15_000.0;

/// The least agents by group that keep every service level in a simulated steady state of all needs,
/// as far as no single agent, and no exchange of two for one of another group, makes it better.
///
/// It starts from what each project would need alone, once with agents of few skills and once of many;
/// adds where that falls short, takes away what is not needed, and tries to have one agent do the work
/// of two. Of the two ends it takes the one with fewer agents, and gives them as few skills as will do.
/// All runs have the same calls, so that the difference between two is that of the agents.
pub fn multi_skill(needs: &[Need], groups: &[Group], seed: u64) -> Staffed {
    let mut search = Search::new(needs, groups, seed);
    let few = search.from(false);
    let many = search.from(true);
    let fewer = |(agents, short): &(Vec<u32>, f64)| (*short > 0.0, agents.iter().sum::<u32>());
    let (mut agents, short) = if fewer(&many) < fewer(&few) {
        many
    } else {
        few
    };
    if short <= 0.0 {
        search.simplify(&mut agents);
    }
    let levels = search.levels(&agents);
    Staffed {
        agents,
        levels,
        kept: short <= 0.0,
    }
}

fn add(agents: &[u32], group: usize, more: u32) -> Vec<u32> {
    let mut agents = agents.to_vec();
    if let Some(agents) = agents.get_mut(group) {
        *agents += more;
    }
    agents
}

fn take(agents: &[u32], group: usize, fewer: u32) -> Option<Vec<u32>> {
    let mut agents = agents.to_vec();
    let place = agents.get_mut(group)?;
    *place = place.checked_sub(fewer)?;
    Some(agents)
}

struct Search<'a> {
    needs: &'a [Need],
    groups: &'a [Group],
    calls: Vec<Call>,
    thresholds_s: Vec<f64>,
    /// The run is one of so many intervals of this length; the first is not counted.
    interval_s: f64,
    runs: u32,
}

/// The first of them is for the queues to fill.
const INTERVALS: usize = 20;

impl<'a> Search<'a> {
    fn new(needs: &'a [Need], groups: &'a [Group], seed: u64) -> Self {
        let rate: f64 = needs.iter().map(|need| need.queue.rate()).sum();
        let longest = needs
            .iter()
            .map(|need| need.queue.aht_s())
            .fold(1.0, f64::max);
        // Long enough for the queues to fill within the first interval.
        let interval_s = if rate > 0.0 {
            (CALLS / rate / 20.0).max(5.0 * longest)
        } else {
            longest
        };
        let projects: Vec<Project> = needs
            .iter()
            .map(|need| Project {
                offered: vec![
                    Offered {
                        calls: need.queue.rate() * interval_s,
                        aht_s: need.queue.aht_s(),
                    };
                    INTERVALS
                ],
                handle: need.handle,
                patience_s: need.queue.patience_s(),
            })
            .collect();
        Self {
            needs,
            groups,
            calls: draw(&projects, interval_s, Swing::default(), seed),
            thresholds_s: needs.iter().map(|need| need.target.within_s).collect(),
            interval_s,
            runs: 0,
        }
    }

    /// The agents that one start leads to, and how much is missed with them.
    fn from(&mut self, many: bool) -> (Vec<u32>, f64) {
        let mut agents = self.alone(many);
        let mut short = self.short(&agents);
        // Each start has its share of the runs.
        let most = self.runs + MOST_RUNS / 2;
        while short > 0.0 && self.runs < most {
            let Some((more, less_short)) = self.one_more(&agents, short) else {
                break;
            };
            agents = more;
            short = less_short;
        }
        if short <= 0.0 {
            self.shrink(&mut agents, most);
            while self.exchange(&mut agents, most) {
                self.shrink(&mut agents, most);
            }
        }
        (agents, short)
    }

    /// What each project needs alone, in the group of few or of many skills that takes it first.
    fn alone(&self, many: bool) -> Vec<u32> {
        let mut agents = vec![0; self.groups.len()];
        for (project, need) in self.needs.iter().enumerate() {
            let target = Target {
                service_level: Some(need.target),
                ..Target::default()
            };
            let alone = need.queue.required(&target).map_or(1, |found| found.agents);
            let group = self
                .groups
                .iter()
                .enumerate()
                .filter_map(|(place, group)| {
                    let mut skills = group.skills.iter();
                    let skill = skills.find(|skill| skill.project as usize == project)?;
                    let skills = group.skills.len();
                    let skills = if many { usize::MAX - skills } else { skills };
                    Some((skills, skill.priority, place))
                })
                .min();
            if let Some(agents) = group.and_then(|(_, _, place)| agents.get_mut(place)) {
                *agents += alone;
            }
        }
        agents
    }

    fn levels(&mut self, agents: &[u32]) -> Vec<Option<f64>> {
        self.runs += 1;
        let always = vec![Span {
            from_s: 0.0,
            to_s: self.interval_s * 20.0,
        }];
        let agents: Vec<Agent> = self
            .groups
            .iter()
            .zip(agents)
            .flat_map(|(group, count)| {
                (0..*count).map(|_| Agent {
                    skills: group.skills.clone(),
                    present: always.clone(),
                })
            })
            .collect();
        let outcome = run(&Scenario {
            interval_s: self.interval_s,
            intervals: INTERVALS,
            thresholds_s: &self.thresholds_s,
            calls: &self.calls,
            agents: &agents,
            tasks: &[],
            spare: 0,
        });
        outcome
            .projects
            .iter()
            .zip(self.needs)
            .map(|(intervals, need)| {
                let counted: crate::counts::Counts = intervals.iter().skip(1).copied().sum();
                counted.service_level(need.target.definition)
            })
            .collect()
    }

    /// How much all targets are missed by, together; 0 where all are kept.
    fn short(&mut self, agents: &[u32]) -> f64 {
        let needs = self.needs;
        self.levels(agents)
            .iter()
            .zip(needs)
            .filter_map(|(level, need)| Some((need.target.share - (*level)?).max(0.0)))
            .sum()
    }

    /// One more agent where that leaves the least missing; none if it leaves no less anywhere.
    fn one_more(&mut self, agents: &[u32], short: f64) -> Option<(Vec<u32>, f64)> {
        let mut best: Option<(Vec<u32>, f64)> = None;
        for group in 0..self.groups.len() {
            let more = add(agents, group, 1);
            let left = self.short(&more);
            if left < best.as_ref().map_or(short, |(_, least)| *least) {
                best = Some((more, left));
            }
        }
        best
    }

    /// Takes away whom nobody would miss, many at first.
    fn shrink(&mut self, agents: &mut Vec<u32>, most: u32) {
        let mut stride = agents.iter().copied().max().unwrap_or(0) / 4 + 1;
        loop {
            let mut shrunk = false;
            for group in 0..agents.len() {
                while self.runs < most
                    && let Some(fewer) = take(agents, group, stride)
                    && self.short(&fewer) <= 0.0
                {
                    *agents = fewer;
                    shrunk = true;
                    if stride == 1 {
                        // One from each in turn, so that no group is emptied for the others.
                        break;
                    }
                }
            }
            if stride > 1 {
                stride /= 2;
            } else if !shrunk {
                return;
            }
        }
    }

    /// Puts one agent of one group in the place of two others; false where no such exchange keeps all.
    fn exchange(&mut self, agents: &mut Vec<u32>, most: u32) -> bool {
        let groups = agents.len();
        for instead in 0..groups {
            for first in (0..groups).filter(|first| *first != instead) {
                for second in (first..groups).filter(|second| *second != instead) {
                    let fewer = take(agents, first, 1).and_then(|left| take(&left, second, 1));
                    let Some(fewer) = fewer else {
                        continue;
                    };
                    if self.runs >= most {
                        return false;
                    }
                    let changed = add(&fewer, instead, 1);
                    if self.short(&changed) <= 0.0 {
                        *agents = changed;
                        return true;
                    }
                }
            }
        }
        false
    }

    /// Puts agents of fewer skills in the place of those with more, one for one, while all is kept.
    fn simplify(&mut self, agents: &mut Vec<u32>) {
        let most = self.runs + MOST_RUNS / 2;
        let skills = |search: &Self, group: usize| {
            let group = search.groups.get(group);
            group.map_or(0, |group| group.skills.len())
        };
        for many in 0..agents.len() {
            for few in 0..agents.len() {
                if skills(self, few) >= skills(self, many) {
                    continue;
                }
                while self.runs < most
                    && let Some(fewer) = take(agents, many, 1)
                    && let changed = add(&fewer, few, 1)
                    && self.short(&changed) <= 0.0
                {
                    *agents = changed;
                }
            }
        }
    }
}
