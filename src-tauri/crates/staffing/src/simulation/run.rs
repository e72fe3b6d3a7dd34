//! One day: calls come, agents answer, callers hang up.

use super::draw::{Call, Project, draw};
use crate::counts::Counts;
use crate::load::Swing;
use crate::presence::{Span, joined};
use serde::{Deserialize, Serialize};
use specta::Type;
use std::cmp::Ordering;
use std::collections::{BinaryHeap, VecDeque};
use std::ops::Range;

/// What an agent can answer.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Skill {
    /// The project, by its place.
    pub project: u32,
    /// Which is taken first: the lower.
    pub priority: u8,
}

/// An agent of the plan.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Agent {
    /// What he or she can answer.
    pub skills: Vec<Skill>,
    /// When he or she is there: the shift without breaks and lunch. A call that has begun is ended
    /// first; the break ends when it was to end.
    pub present: Vec<Span>,
}

/// A piece of outbound work that may wait: a confirmation call.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Task {
    /// The project, by its place.
    pub project: usize,
    /// From when on it can be done, in seconds from the beginning of the first interval.
    pub released_s: f64,
    /// Until when it should have begun.
    pub due_s: f64,
    /// How long it takes an agent, in seconds.
    pub handle_s: f64,
}

/// All that a run needs.
#[derive(Clone, Copy, Debug)]
pub struct Scenario<'a> {
    /// The length of an interval in seconds.
    pub interval_s: f64,
    /// How many intervals there are; what comes later counts with the last.
    pub intervals: usize,
    /// The threshold of each project's service level in seconds.
    pub thresholds_s: &'a [f64],
    /// The calls, in the order they come; those of a project without a threshold are left out.
    pub calls: &'a [Call],
    /// The plan.
    pub agents: &'a [Agent],
    /// Outbound work, done when an agent has nothing else to do.
    pub tasks: &'a [Task],
    /// How many agents are kept free for calls when outbound work is handed out.
    pub spare: usize,
}

/// Outbound work of one project.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct TaskCounts {
    /// Begun in time.
    pub in_time: u32,
    /// Begun too late.
    pub late: u32,
    /// Not begun before everyone had left.
    pub left: u32,
}

/// The time of all agents in one interval, in seconds.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct StaffTime {
    /// Present by the plan.
    pub present_s: f64,
    /// Stayed on to end a call.
    pub overrun_s: f64,
    /// Busy with calls.
    pub calls_s: f64,
    /// Busy with outbound work.
    pub tasks_s: f64,
}

impl StaffTime {
    /// The share of their time that agents are busy; none where nobody is there.
    pub fn occupancy(&self) -> Option<f64> {
        let there = self.present_s + self.overrun_s;
        (there > 0.0).then(|| ((self.calls_s + self.tasks_s) / there).min(1.0))
    }
}

/// What came of a day.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Outcome {
    /// By project, then interval: calls are counted where they came, busy time where it fell. A call
    /// that waits for ever is neither answered nor abandoned.
    pub projects: Vec<Vec<Counts>>,
    /// By interval.
    pub staff: Vec<StaffTime>,
    /// Outbound work by project.
    pub tasks: Vec<TaskCounts>,
}

impl Outcome {
    /// A project's whole day; nothing for a project that there is not.
    pub fn total(&self, project: usize) -> Counts {
        self.projects
            .get(project)
            .map(|intervals| intervals.iter().copied().sum())
            .unwrap_or_default()
    }
}

/// Plays the day out. An idle agent for whom the project comes first takes a call, the longest idle of
/// those; an agent who becomes free takes from the project that comes first the caller who has waited
/// longest, and only then outbound work, the most urgent first.
pub fn run(scenario: &Scenario) -> Outcome {
    let mut floor = Floor::new(scenario);
    floor.work();
    floor.close();
    floor.outcome
}

/// What is to be expected by project, then interval: the mean over days drawn with the seeds given, each
/// as [`draw`] draws it. The scenario's own calls are left aside.
///
/// This is the prediction for agents of several skills, where [`crate::predict`] does not hold; twenty
/// days of twenty thousand calls take a twentieth of a second or so.
pub fn expected(
    projects: &[Project],
    swing: Swing,
    scenario: &Scenario,
    seeds: Range<u64>,
) -> Vec<Vec<Counts>> {
    let nothing = vec![Counts::default(); scenario.intervals.max(1)];
    let mut mean = vec![nothing; scenario.thresholds_s.len()];
    let mut days = 0.0;
    for seed in seeds {
        let calls = draw(projects, scenario.interval_s, swing, seed);
        let outcome = run(&Scenario {
            calls: &calls,
            ..*scenario
        });
        days += 1.0;
        // A running mean, so that no second pass is needed.
        for (mean, counts) in mean
            .iter_mut()
            .flatten()
            .zip(outcome.projects.iter().flatten())
        {
            *mean = mean.times(1.0 - 1.0 / days);
            *mean += counts.times(1.0 / days);
        }
    }
    mean
}

/// Something that happens at a moment; the earliest first, and in the order of the kinds.
#[derive(Clone, Copy, Debug, PartialEq)]
struct Event {
    at: f64,
    kind: Kind,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Kind {
    /// An agent is done with a call or a task.
    Done(usize),
    /// An agent comes.
    Comes(usize),
    /// An agent goes, or would.
    Goes(usize),
    /// A task may be done.
    Released(usize),
    /// A call comes.
    Call(usize),
}

impl Eq for Event {}

impl PartialOrd for Event {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl Ord for Event {
    /// Turned around, for a heap gives the greatest first.
    fn cmp(&self, other: &Self) -> Ordering {
        other
            .at
            .total_cmp(&self.at)
            .then_with(|| other.kind.cmp(&self.kind))
    }
}

/// Where an agent is.
#[derive(Clone, Debug, Default)]
struct Seat {
    /// Projects by the order in which they are taken.
    order: Vec<(u8, usize)>,
    /// Whether the plan has the agent here now.
    planned: bool,
    busy: bool,
    /// When the plan's span ended, for one who has not left yet.
    over_since: f64,
}

/// No skill for a project.
const NONE: u8 = u8::MAX;

struct Floor<'a> {
    scenario: &'a Scenario<'a>,
    seats: Vec<Seat>,
    /// By agent and project: the priority, or [`NONE`].
    priorities: Vec<u8>,
    /// Agents with nothing to do, the longest first.
    idle: Vec<usize>,
    /// By project: calls waiting. Who has hung up is noticed when it would be their turn.
    waiting: Vec<VecDeque<usize>>,
    /// By project: released tasks, the most urgent on top.
    tasks: Vec<BinaryHeap<Event>>,
    tasks_released: usize,
    /// Agents who come, go or are done, and tasks released; calls are in order already.
    events: BinaryHeap<Event>,
    outcome: Outcome,
    /// Where calls are counted that belong nowhere; none does.
    nowhere: Counts,
}

impl<'a> Floor<'a> {
    fn new(scenario: &'a Scenario<'a>) -> Self {
        let projects = scenario.thresholds_s.len();
        let intervals = scenario.intervals.max(1);
        let mut floor = Self {
            scenario,
            seats: Vec::with_capacity(scenario.agents.len()),
            priorities: Vec::with_capacity(scenario.agents.len() * projects),
            idle: Vec::new(),
            waiting: vec![VecDeque::new(); projects],
            tasks: vec![BinaryHeap::new(); projects],
            tasks_released: 0,
            events: BinaryHeap::new(),
            outcome: Outcome {
                projects: vec![vec![Counts::default(); intervals]; projects],
                staff: vec![StaffTime::default(); intervals],
                tasks: vec![TaskCounts::default(); projects],
            },
            nowhere: Counts::default(),
        };
        for (place, agent) in scenario.agents.iter().enumerate() {
            let mut order: Vec<(u8, usize)> = agent
                .skills
                .iter()
                .map(|skill| (skill.priority.min(NONE - 1), skill.project as usize))
                .filter(|(_, project)| *project < projects)
                .collect();
            order.sort_unstable();
            order.dedup_by_key(|(_, project)| *project);
            for project in 0..projects {
                let skill = order.iter().find(|(_, other)| *other == project);
                floor
                    .priorities
                    .push(skill.map_or(NONE, |(priority, _)| *priority));
            }
            floor.seats.push(Seat {
                order,
                ..Seat::default()
            });
            for span in joined(&agent.present) {
                floor.at(span.from_s, Kind::Comes(place));
                floor.at(span.to_s, Kind::Goes(place));
                floor.spread(span.from_s, span.to_s, |staff, time| {
                    staff.present_s += time;
                });
            }
        }
        for (place, task) in scenario.tasks.iter().enumerate() {
            if task.project < projects {
                floor.at(task.released_s, Kind::Released(place));
            }
        }
        floor
    }

    fn at(&mut self, at: f64, kind: Kind) {
        self.events.push(Event { at, kind });
    }

    fn work(&mut self) {
        let scenario = self.scenario;
        let projects = scenario.thresholds_s.len();
        let mut calls = scenario
            .calls
            .iter()
            .enumerate()
            .filter(|(_, call)| call.project < projects)
            .map(|(place, call)| Event {
                at: call.at_s,
                kind: Kind::Call(place),
            })
            .peekable();
        loop {
            let call_first = match (calls.peek(), self.events.peek()) {
                (Some(call), Some(event)) => call > event,
                (call, _) => call.is_some(),
            };
            let next = if call_first {
                calls.next()
            } else {
                self.events.pop()
            };
            let Some(Event { at, kind }) = next else {
                break;
            };
            match kind {
                Kind::Done(agent) => self.done(agent, at),
                Kind::Comes(agent) => self.comes(agent, at),
                Kind::Goes(agent) => self.goes(agent, at),
                Kind::Released(task) => self.released(task, at),
                Kind::Call(call) => self.call(call, at),
            }
        }
    }

    fn done(&mut self, agent: usize, now: f64) {
        let Some(seat) = self.seats.get_mut(agent) else {
            return;
        };
        seat.busy = false;
        if seat.planned {
            self.next(agent, now);
        } else {
            let since = seat.over_since;
            self.spread(since, now, |staff, time| staff.overrun_s += time);
        }
    }

    fn comes(&mut self, agent: usize, now: f64) {
        let Some(seat) = self.seats.get_mut(agent) else {
            return;
        };
        seat.planned = true;
        if seat.busy {
            let since = seat.over_since;
            self.spread(since, now, |staff, time| staff.overrun_s += time);
        } else {
            self.next(agent, now);
        }
    }

    fn goes(&mut self, agent: usize, now: f64) {
        let Some(seat) = self.seats.get_mut(agent) else {
            return;
        };
        seat.planned = false;
        seat.over_since = now;
        if !seat.busy {
            self.idle.retain(|idle| *idle != agent);
        }
    }

    fn released(&mut self, place: usize, now: f64) {
        let Some(task) = self.scenario.tasks.get(place) else {
            return;
        };
        if let Some(tasks) = self.tasks.get_mut(task.project) {
            tasks.push(Event {
                at: task.due_s,
                kind: Kind::Released(place),
            });
            self.tasks_released += 1;
        }
        self.hand_out(now);
    }

    fn call(&mut self, place: usize, now: f64) {
        let Some(call) = self.scenario.calls.get(place) else {
            return;
        };
        self.counts(call).offered += 1.0;
        let projects = self.waiting.len();
        let priority = |agent: usize| {
            self.priorities
                .get(agent * projects + call.project)
                .copied()
                .unwrap_or(NONE)
        };
        // The first of several of equal priority: the longest idle.
        let best = self
            .idle
            .iter()
            .enumerate()
            .map(|(turn, agent)| (priority(*agent), turn))
            .filter(|(priority, _)| *priority != NONE)
            .min();
        if let Some((_, turn)) = best {
            let agent = self.idle.remove(turn);
            self.answer(agent, call, now);
        } else if let Some(waiting) = self.waiting.get_mut(call.project) {
            waiting.push_back(place);
        }
    }

    /// What an agent who has just become free does.
    fn next(&mut self, agent: usize, now: f64) {
        // Taken out for the while, as the queues are looked into meanwhile.
        let order = self
            .seats
            .get_mut(agent)
            .map(|seat| std::mem::take(&mut seat.order))
            .unwrap_or_default();
        let mut best: Option<(u8, f64, usize)> = None;
        for (priority, project) in order.iter().copied() {
            if best.is_some_and(|(taken, _, _)| taken < priority) {
                break;
            }
            self.forget_hung_up(project, now);
            let first = self
                .waiting
                .get(project)
                .and_then(VecDeque::front)
                .and_then(|place| self.scenario.calls.get(*place));
            if let Some(call) = first
                && best.is_none_or(|(_, since, _)| call.at_s < since)
            {
                best = Some((priority, call.at_s, project));
            }
        }
        if let Some(seat) = self.seats.get_mut(agent) {
            seat.order = order;
        }
        let call = best
            .and_then(|(_, _, project)| self.waiting.get_mut(project)?.pop_front())
            .and_then(|place| self.scenario.calls.get(place));
        if let Some(call) = call {
            self.answer(agent, call, now);
        } else {
            self.idle.push(agent);
            self.hand_out(now);
        }
    }

    /// Strikes those off who stand first and have hung up by now.
    fn forget_hung_up(&mut self, project: usize, now: f64) {
        let scenario = self.scenario;
        let Some(waiting) = self.waiting.get_mut(project) else {
            return;
        };
        let mut gone = Vec::new();
        while let Some(call) = waiting.front().and_then(|place| scenario.calls.get(*place))
            && call.at_s + call.patience_s < now
        {
            waiting.pop_front();
            gone.push(call);
        }
        for call in gone {
            self.hung_up(call);
        }
    }

    fn hung_up(&mut self, call: &Call) {
        let short = call.patience_s <= self.threshold(call.project);
        let counts = self.counts(call);
        counts.abandoned += 1.0;
        if short {
            counts.short_abandons += 1.0;
        }
    }

    fn answer(&mut self, agent: usize, call: &Call, now: f64) {
        let wait = now - call.at_s;
        let in_time = wait <= self.threshold(call.project);
        let counts = self.counts(call);
        counts.answered += 1.0;
        counts.wait_s += wait;
        if in_time {
            counts.answered_within += 1.0;
        }
        let end = now + call.handle_s.max(0.0);
        self.spread(now, end, |staff, time| staff.calls_s += time);
        self.spread_project(call.project, now, end);
        self.occupy(agent, end);
    }

    fn occupy(&mut self, agent: usize, end: f64) {
        if let Some(seat) = self.seats.get_mut(agent) {
            seat.busy = true;
        }
        self.at(end, Kind::Done(agent));
    }

    /// Gives outbound work to idle agents as long as enough of them stay free.
    fn hand_out(&mut self, now: f64) {
        while self.tasks_released > 0 && self.idle.len() > self.scenario.spare {
            let urgent = |agent: usize| {
                let order = &self.seats.get(agent)?.order;
                order
                    .iter()
                    .filter_map(|(_, project)| Some((self.tasks.get(*project)?.peek()?, *project)))
                    .max()
                    .map(|(_, project)| project)
            };
            let found = self
                .idle
                .iter()
                .enumerate()
                .find_map(|(turn, agent)| Some((turn, urgent(*agent)?)));
            let Some((turn, project)) = found else {
                return;
            };
            let agent = self.idle.remove(turn);
            let Some(Event {
                kind: Kind::Released(place),
                ..
            }) = self.tasks.get_mut(project).and_then(BinaryHeap::pop)
            else {
                return;
            };
            self.tasks_released -= 1;
            let Some(task) = self.scenario.tasks.get(place) else {
                return;
            };
            if let Some(counts) = self.outcome.tasks.get_mut(project) {
                if now <= task.due_s {
                    counts.in_time += 1;
                } else {
                    counts.late += 1;
                }
            }
            let end = now + task.handle_s.max(0.0);
            self.spread(now, end, |staff, time| staff.tasks_s += time);
            self.occupy(agent, end);
        }
    }

    /// Whoever still waits hangs up in the end, if ever.
    fn close(&mut self) {
        let scenario = self.scenario;
        let waiting: Vec<usize> = self.waiting.drain(..).flatten().collect();
        for call in waiting
            .iter()
            .filter_map(|place| scenario.calls.get(*place))
        {
            if call.patience_s.is_finite() {
                self.hung_up(call);
            }
        }
        for (counts, tasks) in self.outcome.tasks.iter_mut().zip(&self.tasks) {
            counts.left = u32::try_from(tasks.len()).unwrap_or(u32::MAX);
        }
    }

    fn threshold(&self, project: usize) -> f64 {
        self.scenario
            .thresholds_s
            .get(project)
            .copied()
            .unwrap_or(0.0)
    }

    fn interval(&self, at: f64) -> usize {
        let last = self.outcome.staff.len() - 1;
        #[expect(
            clippy::cast_possible_truncation,
            clippy::cast_sign_loss,
            reason = "a cast from a float saturates, and below zero is the first interval"
        )]
        let interval = (at / self.scenario.interval_s) as usize;
        interval.min(last)
    }

    fn counts(&mut self, call: &Call) -> &mut Counts {
        let interval = self.interval(call.at_s);
        self.outcome
            .projects
            .get_mut(call.project)
            .and_then(|intervals| intervals.get_mut(interval))
            .unwrap_or(&mut self.nowhere)
    }

    /// Adds a time to the intervals that it falls into.
    fn spread(&mut self, from: f64, to: f64, add: impl Fn(&mut StaffTime, f64)) {
        let first = self.interval(from);
        for (interval, time) in parts(
            first,
            self.outcome.staff.len(),
            self.scenario.interval_s,
            from,
            to,
        ) {
            if let Some(staff) = self.outcome.staff.get_mut(interval) {
                add(staff, time);
            }
        }
    }

    fn spread_project(&mut self, project: usize, from: f64, to: f64) {
        let first = self.interval(from);
        let intervals = self.outcome.staff.len();
        let Some(counts) = self.outcome.projects.get_mut(project) else {
            return;
        };
        for (interval, time) in parts(first, intervals, self.scenario.interval_s, from, to) {
            if let Some(counts) = counts.get_mut(interval) {
                counts.busy_s += time;
            }
        }
    }
}

/// The intervals that a time falls into, and how much of it; the last takes all that is left.
fn parts(
    first: usize,
    intervals: usize,
    length: f64,
    from: f64,
    to: f64,
) -> impl Iterator<Item = (usize, f64)> {
    let mut at = from;
    (first..intervals).map_while(move |interval| {
        if at >= to {
            return None;
        }
        let end = if interval + 1 == intervals {
            to
        } else {
            to.min(length * f64::from(u32::try_from(interval + 1).unwrap_or(u32::MAX)))
        };
        let time = (end - at).max(0.0);
        at = at.max(end);
        Some((interval, time))
    })
}
