//! The search for a good roster, step by step.
//!
//! Large neighbourhood search: the days of a few people are taken out and put back one person after
//! the other, each on the cheapest path that the others leave ([`crate::path`]). Worse rosters are
//! accepted now and then, less often as a cycle cools down (simulated annealing); cycles grow longer.

use std::sync::Arc;

use crate::board::{Board, Cost};
use crate::model::{Assignment, Problem, ProblemError, Roster};
use crate::path::{Prices, Room};
use crate::random::Random;
use crate::state::{Effort, Ground, Menu, State};

/// A search that can be left at any time with the best roster so far.
///
/// Same problem, seed, threads and number of steps: same roster. A caller that stops by the clock gets
/// the roster of as many steps as fitted in.
#[derive(Debug)]
pub struct Search {
    ground: Arc<Ground>,
    best: Board,
    best_total: i64,
    workers: Vec<Worker>,
    steps: u32,
}

/// How far a search has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Steps done.
    pub steps: u32,
    /// Has this step found a better roster.
    pub improved: bool,
    /// Cost of the best roster.
    pub cost: Cost,
}

/// Work of one step on each thread; about two hundredths of a second.
const STEP_WORK: u64 = 4_000_000;
/// Steps of the first cycle.
const FIRST_CYCLE: u32 = 16;

impl Search {
    /// Starts from the published plan where there is one, else from nothing; pinned days hold.
    ///
    /// # Errors
    ///
    /// The problem cannot be read.
    pub fn new(problem: Arc<Problem>, seed: u64) -> Result<Self, ProblemError> {
        Self::with_threads(problem, seed, 1)
    }

    /// A search on so many threads (1 to 8); their number is part of what decides the roster.
    ///
    /// # Errors
    ///
    /// The problem cannot be read.
    pub fn with_threads(
        problem: Arc<Problem>,
        seed: u64,
        threads: usize,
    ) -> Result<Self, ProblemError> {
        let ground = Arc::new(Ground::new(problem)?);
        let mut start = ground
            .problem
            .published
            .clone()
            .unwrap_or_else(|| Roster::empty(&ground.problem));
        for (row, person) in start.rows.iter_mut().zip(&ground.problem.people) {
            for pin in &person.pins {
                if let Some(cell) = row.get_mut(usize::from(pin.day)) {
                    *cell = pin.shift;
                }
            }
        }
        let mut random = Random::new(seed);
        let mut first = Worker::new(State::new(&ground, &start), random.next(), &ground);
        first.construct(&ground);
        let mut workers = vec![first];
        for _ in 1..threads.clamp(1, 8) {
            if let Some(first) = workers.first() {
                let mut other = first.clone();
                other.random = Random::new(random.next());
                workers.push(other);
            }
        }
        let (roster, best_total) = workers
            .first()
            .map(|worker| (worker.best.clone(), worker.best_total))
            .unwrap_or_default();
        Ok(Self {
            best: ground.board(roster),
            best_total,
            ground,
            workers,
            steps: 0,
        })
    }

    /// Goes on for a bounded piece of work, some hundredths of a second.
    pub fn step(&mut self) -> Progress {
        self.steps += 1;
        let ground = &self.ground;
        if let [only] = self.workers.as_mut_slice() {
            only.step(ground);
        } else {
            std::thread::scope(|scope| {
                for worker in &mut self.workers {
                    scope.spawn(|| worker.step(ground));
                }
            });
        }
        let mut improved = false;
        for worker in &self.workers {
            if worker.best_total < self.best_total {
                self.best_total = worker.best_total;
                self.best = self.ground.board(worker.best.clone());
                improved = true;
            }
        }
        Progress {
            steps: self.steps,
            improved,
            cost: self.best.cost(),
        }
    }

    /// The best roster so far, with its cost and cover.
    pub fn best(&self) -> &Board {
        &self.best
    }
}

/// One thread's search.
#[derive(Debug, Clone)]
struct Worker {
    state: State,
    total: i64,
    best: Roster,
    best_total: i64,
    random: Random,
    room: Room,
    menu: Menu,
    prices: Vec<Prices>,
    cycle_step: u32,
    cycle_length: u32,
    /// Most labels a person's path may keep on a day.
    labels: usize,
}

impl Worker {
    fn new(state: State, seed: u64, ground: &Ground) -> Self {
        let total = state.total(ground);
        Self {
            best: state.roster(),
            best_total: total,
            total,
            state,
            random: Random::new(seed),
            room: Room::default(),
            menu: Menu::default(),
            prices: vec![Prices::default(); ground.people.len()],
            cycle_step: 0,
            cycle_length: FIRST_CYCLE,
            labels: 2000,
        }
    }

    fn remember(&mut self) {
        if self.total < self.best_total {
            self.best_total = self.total;
            self.best = self.state.roster();
        }
    }

    /// Gives everyone whose row is empty or breaks a rule days, one after the other.
    fn construct(&mut self, ground: &Ground) {
        let replan = ground.problem.published.is_some();
        let mut people: Vec<usize> = (0..ground.people.len())
            .filter(|&person| !replan || self.state.breaks_rules(person))
            .collect();
        self.random.shuffle(&mut people);
        let days = ground.tables.days;
        for person in people {
            self.state.clear(ground, person, 0, days);
            self.fill(ground, person, (0, days), None, 200, 0);
        }
        self.total = self.state.total(ground);
        self.best_total = self.total;
        self.best = self.state.roster();
    }

    fn fill(
        &mut self,
        ground: &Ground,
        person: usize,
        window: (usize, usize),
        before: Option<&[Option<Assignment>]>,
        labels: usize,
        noise: i64,
    ) {
        let mut own = Prices::default();
        let prices = self.prices.get_mut(person).unwrap_or(&mut own);
        let random = &mut self.random;
        self.state.fill(
            ground,
            &mut self.room,
            &mut self.menu,
            prices,
            person,
            window,
            before,
            Effort { labels, noise },
            &mut || random.next(),
        );
    }

    fn step(&mut self, ground: &Ground) {
        if ground.people.is_empty() {
            return;
        }
        self.room.work = 0;
        let scale = ground.scale;
        let progress = f64::from(self.cycle_step) / f64::from(self.cycle_length);
        #[expect(clippy::cast_precision_loss, reason = "costs of one shift are small")]
        let hottest = scale as f64 * 0.2;
        let temperature = hottest * (0.01f64).powf(progress);
        while self.room.work < STEP_WORK {
            self.iterate(ground, temperature);
            self.room.work += 500;
        }
        self.cycle_step += 1;
        if self.cycle_step >= self.cycle_length {
            self.cycle_step = 0;
            self.cycle_length = (self.cycle_length * 2).min(4096);
        }
    }

    fn iterate(&mut self, ground: &Ground, temperature: f64) {
        let days = ground.tables.days;
        let count = ground.people.len();
        let many = (1 + self.random.below(4)).min(count);
        let window = if days <= 28 {
            (0, days)
        } else {
            let length = 14 + 7 * self.random.below(3);
            let from = self.random.below(days - length + 1);
            (from, from + length)
        };
        let mut people: Vec<usize> = Vec::with_capacity(many);
        while people.len() < many {
            let person = self.random.below(count);
            if !people.contains(&person) {
                people.push(person);
            }
        }
        let before: Vec<Vec<Option<Assignment>>> = people
            .iter()
            .map(|&person| {
                self.state
                    .row(person)
                    .get(window.0..window.1)
                    .unwrap_or_default()
                    .to_vec()
            })
            .collect();
        for &person in &people {
            self.state.clear(ground, person, window.0, window.1);
        }
        #[expect(clippy::cast_possible_truncation, reason = "a cost of one shift")]
        let noise = if self.random.below(2) == 0 {
            30
        } else {
            temperature as i64
        };
        for (&person, before) in people.iter().zip(&before) {
            self.fill(ground, person, window, Some(before), self.labels, noise);
        }
        let total = self.state.total(ground);
        let worse = total - self.total;
        #[expect(clippy::cast_precision_loss, reason = "a cost of a few shifts")]
        let accept =
            worse <= 0 || self.random.fraction() < (-(worse as f64) / temperature.max(1.0)).exp();
        if accept {
            self.total = total;
            self.remember();
        } else {
            for (&person, before) in people.iter().zip(&before) {
                for (day, &shift) in (window.0..window.1).zip(before) {
                    self.state.set(ground, person, day, shift);
                }
                self.state.settle(ground, person);
            }
        }
    }
}
