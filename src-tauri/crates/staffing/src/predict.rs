//! What a plan will make of a day, without drawing it a hundred times.

use crate::counts::Counts;
use crate::load::{Offered, Swing};
use crate::presence::{Change, Presence};

/// The calls of one project, or of several that the same agents answer, over intervals of one length.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Day<'a> {
    /// Calls and handle time per interval; the first finds nobody waiting.
    pub offered: &'a [Offered],
    /// The length of an interval in seconds.
    pub interval_s: f64,
    /// How long callers wait on average before they hang up; for ever without.
    pub patience_s: Option<f64>,
    /// The threshold of the service level in seconds.
    pub threshold_s: f64,
}

/// What is to be expected in each interval with `present` agents.
///
/// The chances of each number of calls in the system are carried from minute to minute: arrivals at the
/// rate of the interval, exponential handle times and patience, people who come and go. So a ramp, a
/// backlog and the lunch of three out of eight have the effect they have, which no formula for a steady
/// state sees. Whoever leaves while on a call ends it first. Calls are counted in the interval in which
/// they come, but for `answered` and `abandoned`: those when it happens.
///
/// For calls of a log-normal length it is off by little; for agents who answer several projects whose
/// others do not, use the simulation.
pub fn predict(day: &Day, present: &Presence) -> Vec<Counts> {
    run(day, present, &[(1.0, 1.0)])
}

/// As [`predict`], the mean over busier and calmer days.
pub fn predict_under(day: &Day, present: &Presence, swing: Swing) -> Vec<Counts> {
    run(day, present, &swing.days(2, 1.5))
}

/// The longest step in seconds; an eighth of the handle time if that is shorter.
const STEP_S: f64 = 15.0;

/// States are left out where they are less likely than this.
const NEVER: f64 = 1e-10;

/// More calls in the system than are ever followed.
const MOST: usize = 50_000;

/// The mean over days by the factor of their calls and their weight.
fn run(day: &Day, present: &Presence, days: &[(f64, f64)]) -> Vec<Counts> {
    if !(day.interval_s > 0.0 && day.interval_s.is_finite()) {
        return vec![Counts::default(); day.offered.len()];
    }
    let hangup = day
        .patience_s
        .filter(|patience| *patience > 0.0)
        .map_or(0.0, |patience| 1.0 / patience);
    let mut chains: Vec<(f64, Chain)> = days
        .iter()
        .map(|(factor, weight)| (*factor, Chain::new(hangup, *weight)))
        .collect();
    let mut all = Vec::with_capacity(day.offered.len());
    let mut changes = present.changes().iter().peekable();
    let mut agents: u32 = 0;
    let mut now = 0.0;
    let mut end = 0.0;
    let mut aht_s = None;
    for offered in day.offered {
        end += day.interval_s;
        let aht = offered.aht_after(aht_s);
        aht_s = Some(aht);
        let rate = offered.rate(day.interval_s);
        let mut counts = Counts::default();
        while now < end {
            while let Some(change) = changes.next_if(|change| change.at_s <= now) {
                agents = agents.saturating_sub(change.leave) + change.come;
                for (_, chain) in &mut chains {
                    chain.change(*change, &mut counts);
                }
            }
            let until = changes.peek().map_or(end, |change| change.at_s.min(end));
            let fates = Fates::new(agents, 1.0 / aht, hangup, day.threshold_s.max(0.0));
            for (factor, chain) in &mut chains {
                chain.advance(*factor * rate, 1.0 / aht, until - now, &fates, &mut counts);
            }
            now = until;
        }
        all.push(counts);
    }
    all
}

/// The chances of every number of calls in the system.
struct Chain {
    likely: Vec<f64>,
    agents: u32,
    /// Hang-ups per waiting caller and second.
    hangup: f64,
    /// What everything counts for.
    weight: f64,
}

impl Chain {
    fn new(hangup: f64, weight: f64) -> Self {
        Self {
            likely: vec![1.0],
            agents: 0,
            hangup,
            weight,
        }
    }

    /// Some leave and others come.
    fn change(&mut self, change: Change, counts: &mut Counts) {
        for _ in 0..change.leave {
            self.leave();
        }
        for _ in 0..change.come {
            self.come(counts);
        }
    }

    /// An agent comes and takes the first caller in line.
    fn come(&mut self, counts: &mut Counts) {
        let waiting: f64 = self.likely.iter().skip(self.agents as usize + 1).sum();
        counts.answered += self.weight * waiting;
        self.agents += 1;
    }

    /// An agent leaves, with the call that he or she is on, if any.
    fn leave(&mut self) {
        let Some(rest) = self.agents.checked_sub(1) else {
            return;
        };
        let mut below: Option<&mut f64> = None;
        for (calls, likely) in self.likely.iter_mut().enumerate() {
            let busy = f64::from(u32::try_from(calls).unwrap_or(u32::MAX).min(self.agents));
            let goes = *likely * busy / f64::from(self.agents);
            *likely -= goes;
            if let Some(below) = below {
                *below += goes;
            }
            below = Some(likely);
        }
        self.agents = rest;
    }

    /// Lets `time` seconds pass.
    fn advance(&mut self, rate: f64, served: f64, time: f64, fates: &Fates, counts: &mut Counts) {
        let most = STEP_S.min(0.125 / served);
        let steps = libm::ceil(time / most - 1e-9).max(1.0);
        let step = time / steps;
        let mut solver = Solver::default();
        let mut left = steps;
        while left > 0.0 {
            if self.fit() || left >= steps {
                solver.prepare(
                    self.likely.len(),
                    |calls| self.out(calls, served),
                    rate,
                    step,
                );
            }
            solver.solve(&mut self.likely);
            self.count(rate, served, step, fates, counts);
            left -= 1.0;
        }
    }

    /// Calls that leave the system per second when there are so many: by the agents who end them, and
    /// by those waiting who hang up.
    fn out(&self, calls: usize, served: f64) -> f64 {
        let calls = f64::from(u32::try_from(calls).unwrap_or(u32::MAX));
        let agents = f64::from(self.agents);
        served * calls.min(agents) + self.hangup * (calls - agents).max(0.0)
    }

    /// Keeps as many states as may be; true if their number changed.
    fn fit(&mut self) -> bool {
        let before = self.likely.len();
        let tail: f64 = self.likely.iter().rev().take(8).sum();
        if tail > NEVER && before < MOST {
            self.likely.resize(before + 24 + before / 8, 0.0);
        } else if before > 128 {
            let tail: f64 = self.likely.iter().rev().take(before / 4).sum();
            if tail < NEVER / 100.0 {
                self.likely.truncate(before - before / 4);
            }
        }
        self.likely.len() != before
    }

    fn count(&self, rate: f64, served: f64, step: f64, fates: &Fates, counts: &mut Counts) {
        let agents = self.agents as usize;
        let mut free = 0.0;
        let mut busy = 0.0;
        let mut place = 0.0;
        for likely in self.likely.iter().take(agents) {
            free += likely;
            busy += likely * place;
            place += 1.0;
        }
        let full = (1.0 - free).max(0.0);
        busy += full * f64::from(self.agents);
        let (mut queue, mut within, mut short, mut wait) = (0.0, 0.0, 0.0, 0.0);
        let mut ahead = 0.0;
        let waiting = self.likely.iter().skip(agents);
        for (likely, fate) in waiting.zip(fates.by_queue()) {
            queue += likely * ahead;
            within += likely * fate.answered_within;
            short += likely * fate.short_abandon;
            wait += likely * fate.wait;
            ahead += 1.0;
        }
        let step = self.weight * step;
        let calls = rate * step;
        let taken = f64::from(self.agents) * served * step * {
            // With someone waiting, an agent who ends a call takes the next one.
            let nobody_waits = free + self.likely.get(agents).copied().unwrap_or(0.0);
            (1.0 - nobody_waits).max(0.0)
        };
        counts.offered += calls;
        counts.answered += calls * free + taken;
        counts.answered_within += calls * (free + within);
        counts.abandoned += self.hangup * queue * step;
        counts.short_abandons += calls * short;
        counts.wait_s += calls * wait;
        counts.busy_s += busy * step;
    }
}

/// One step of implicit Euler, `(1 − step · rates) · after = before`: it stays positive and stable
/// whatever the step, and is solved in one pass up and one down.
#[derive(Default)]
struct Solver {
    up: f64,
    /// Per state: the reciprocal of the pivot, and what comes down from the state above.
    rows: Vec<(f64, f64)>,
}

impl Solver {
    fn prepare(&mut self, states: usize, out: impl Fn(usize) -> f64, rate: f64, step: f64) {
        self.up = rate * step;
        self.rows.clear();
        let mut from_above = 0.0;
        for state in 0..states {
            // The last state takes no more calls, so that nothing is lost.
            let comes = if state + 1 < states { self.up } else { 0.0 };
            let pivot = 1.0 + comes + step * out(state) - self.up * from_above;
            from_above = step * out(state + 1) / pivot;
            self.rows.push((1.0 / pivot, from_above));
        }
    }

    fn solve(&self, likely: &mut [f64]) {
        let mut below = 0.0;
        for (state, (pivot, _)) in likely.iter_mut().zip(&self.rows) {
            below = (*state + self.up * below) * pivot;
            *state = below;
        }
        let mut above = 0.0;
        for (state, (_, from_above)) in likely.iter_mut().zip(&self.rows).rev() {
            *state += from_above * above;
            above = *state;
        }
    }
}

/// What becomes of a caller who finds everyone busy and so many waiting.
#[derive(Clone, Copy, Debug, Default)]
struct Fate {
    /// The chance of an agent within the threshold.
    answered_within: f64,
    /// The chance of hanging up within it.
    short_abandon: f64,
    /// The wait in seconds, as far as it ends with an agent.
    wait: f64,
}

struct Fates {
    known: Vec<Fate>,
    served: f64,
    hangup: f64,
    agents: f64,
    threshold_s: f64,
}

impl Fates {
    /// The way of a caller up the queue, by uniformisation: each moment of a clock faster than anything
    /// that can happen brings someone before out, the caller to hang up, or nothing.
    fn new(agents: u32, served: f64, hangup: f64, threshold_s: f64) -> Self {
        let agents = f64::from(agents);
        let drained = agents * served * threshold_s;
        let mut fates = Self {
            known: Vec::new(),
            served,
            hangup,
            agents,
            threshold_s,
        };
        if agents < 1.0 || threshold_s <= 0.0 {
            return fates;
        }
        // Whoever finds more than this waiting is not answered in time.
        let mut enough = drained + 8.0 * libm::sqrt(drained) + 12.0;
        enough += enough * hangup * threshold_s;
        let rates: Vec<f64> = std::iter::successors(Some(0.0), |ahead| Some(ahead + 1.0))
            .take_while(|ahead| *ahead < enough)
            .map(|ahead| agents * served + ahead * hangup)
            .collect();
        let clock = rates.last().copied().unwrap_or(0.0) + hangup;
        let ticks = clock * threshold_s;
        let away = hangup / clock;
        let moves: Vec<f64> = rates.iter().map(|rate| rate / clock).collect();

        // By the number of ticks to go: chances of both ends, mixed by how likely so many ticks are.
        let mut so_far = vec![(0.0, 0.0); moves.len()];
        let mut mixed = so_far.clone();
        // The logarithm, for with many agents the first weights are below what a float holds.
        let mut logarithm = -ticks;
        let mut weight = libm::exp(logarithm);
        let mut tick = 0.0;
        while tick < ticks || weight > 1e-10 {
            tick += 1.0;
            logarithm += libm::log(ticks / tick);
            weight = libm::exp(logarithm);
            // Who stands first is next to be answered.
            let mut before = (1.0, 0.0);
            for (chances, moves) in so_far.iter_mut().zip(&moves) {
                let stays = 1.0 - moves - away;
                let after = (
                    moves * before.0 + stays * chances.0,
                    moves * before.1 + away + stays * chances.1,
                );
                before = *chances;
                *chances = after;
            }
            for (mixed, chances) in mixed.iter_mut().zip(&so_far) {
                mixed.0 += weight * chances.0;
                mixed.1 += weight * chances.1;
            }
        }
        fates.known = mixed
            .into_iter()
            .map(|(answered_within, short_abandon)| Fate {
                answered_within,
                short_abandon,
                wait: 0.0,
            })
            .collect();
        fates
    }

    /// By the number of callers waiting already, without end.
    fn by_queue(&self) -> impl Iterator<Item = Fate> {
        let beyond = Fate {
            answered_within: 0.0,
            short_abandon: -libm::expm1(-self.hangup * self.threshold_s),
            wait: 0.0,
        };
        let mut ahead = 0.0;
        let mut answered = 1.0;
        let mut way = 0.0;
        let known = self.known.iter().copied();
        known.chain(std::iter::repeat(beyond)).map(move |fate| {
            if self.agents < 1.0 {
                return fate;
            }
            // Each place of the queue is passed when one before leaves; or the caller does.
            let rate = self.agents * self.served + ahead * self.hangup;
            ahead += 1.0;
            answered *= rate / (rate + self.hangup);
            way += 1.0 / (rate + self.hangup);
            Fate {
                wait: answered * way,
                ..fate
            }
        })
    }
}
