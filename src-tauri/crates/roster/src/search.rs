//! The search for a good roster, step by step.
//!
//! Large neighbourhood search: the days of a few people are taken out and put back one person after
//! the other, each on the cheapest path that the others leave ([`crate::path`]). Worse rosters are
//! accepted now and then, less often as a cycle cools down (simulated annealing); cycles grow longer.
//!
//! People put back one after the other never find moves that several must make together. So where the plan
//! is small enough, a thread (of one, half its work) puts rosters together from whole rows
//! ([`crate::columns`]).

use std::sync::Arc;

use crate::board::{Board, Cost};
use crate::columns::Columns;
use crate::model::{Assignment, Problem, ProblemError, Roster};
use crate::path::{Prices, Room};
use crate::random::Random;
use crate::state::{Effort, Ground, Menu, State};

/// A search that can be left at any time with the best roster so far.
///
/// It knows no clock: the caller steps as long as it likes, shows [`Search::best`] when it is better, and
/// stops by not stepping again. The first roster is there before the first step.
///
/// Same problem, seed and number of threads, and the same calls of [`Search::step`] and
/// [`Search::plan_for`] in the same order: same roster, on any machine. A step is a fixed amount of
/// counted work, and the threads of a step do not hear of each other until it ends. A caller that stops
/// by the clock, or takes the steps of `plan_for` from it, gets what so many steps give, which differs
/// from run to run only by their number.
///
/// Each row kept breaks no rule, unless pins break it, or no row of that person keeps all rules, or none
/// was found: then [`Board::broken`] of the best roster tells.
#[derive(Debug)]
pub struct Search {
    ground: Arc<Ground>,
    /// The best roster, and with its lookahead.
    best: Board,
    whole: Roster,
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
/// Most steps of a backward pass over a window.
const WINDOW_WORK: usize = 60_000;
/// Steps of a forward pass that keeps all the labels it may, about.
const PATH_LABELS: usize = 150_000;
/// Steps of the first cycle.
const FIRST_CYCLE: u32 = 8;
const LONGEST_CYCLE: u32 = 4096;
/// Temperatures at the ends of a cycle, in parts of the typical cost of a shift.
const HOTTEST: f64 = 0.25;
const COLDEST: f64 = 0.003;
/// The same for the first cycle, which looks for the next good roster straight away.
const FIRST_HOTTEST: f64 = 0.02;
const FIRST_COLDEST: f64 = 0.002;
/// Steps of taking out days that finish a roster from whole rows.
const SMOOTHING: u32 = 20;
/// A thread whose best roster costs so many shifts more than that of another goes on from there.
const FAR_BEHIND: i64 = 1;
/// How often a cycle must take out each day of the plan to be worth the whole heat.
const ENOUGH_TIMES_OVER: f64 = 2000.0;
/// Most people whose days are taken out together.
const MOST_PEOPLE: usize = 4;
/// Percent of moves that go where agents are short or too many.
const TARGETED: usize = 40;
/// Percent of moves over the whole period, where a path over it is not too much work.
const WHOLE: usize = 60;
/// Percent of moves in which chance only decides between equal choices.
const QUIET: usize = 60;

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
        let published = ground.problem.published.clone();
        let start = published.unwrap_or_else(|| Roster::empty(&ground.problem));
        let start = begun(&ground, start);
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
        let alone = workers.len() == 1;
        if let Some(last) = workers.last_mut() {
            last.columns = Columns::new(&ground);
            last.columns_only = last.columns.is_some() && !alone;
        }
        let (roster, best_total) = workers
            .first()
            .map(|worker| (worker.best.clone(), worker.best_total))
            .unwrap_or_default();
        Ok(Self {
            best: ground.board(roster.clone()),
            whole: roster,
            best_total,
            ground,
            workers,
            steps: 0,
        })
    }

    /// Takes up a roster of the period that is known, so that the best is never worse; says whether it is
    /// the best now.
    pub fn take_up(&mut self, known: &Roster) -> bool {
        let ground = &self.ground;
        let start = begun(ground, known.clone());
        let mut worker = Worker::new(State::new(ground, &start), 0, ground);
        worker.look_ahead(ground);
        let total = worker.state.total(ground);
        let better = total < self.best_total;
        if better {
            self.best_total = total;
            self.whole = worker.state.roster();
            self.best = ground.board(self.whole.clone());
        }
        better
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
                self.whole.clone_from(&worker.best);
                self.best = self.ground.board(worker.best.clone());
                improved = true;
            }
        }
        for worker in &mut self.workers {
            if worker.columns_only && worker.best_total > self.best_total {
                worker.best_total = self.best_total;
                worker.best.clone_from(&self.whole);
            }
            if worker.best_total > self.best_total + FAR_BEHIND * self.ground.scale {
                worker.follow(&self.ground, &self.whole);
            }
            worker.new_cycle(&self.ground, &self.whole, self.best_total);
        }
        Progress {
            steps: self.steps,
            improved,
            cost: self.best.cost(),
        }
    }

    /// Says that the search will run for so many more steps, so that it cools down over all of them
    /// instead of going through cycles of growing length. Better when the time is known.
    pub fn plan_for(&mut self, steps: u32) {
        for worker in &mut self.workers {
            worker.cool_over(&self.ground, steps);
        }
    }

    /// The best roster so far, with its cost and cover; neither holds the lookahead.
    pub fn best(&self) -> &Board {
        &self.best
    }
}

/// A roster of the period with the days of the lookahead, and what is pinned.
fn begun(ground: &Ground, mut roster: Roster) -> Roster {
    for (row, person) in roster.rows.iter_mut().zip(&ground.problem.people) {
        row.resize(ground.tables.days, None);
        for pin in &person.pins {
            if let Some(cell) = row.get_mut(usize::from(pin.day)) {
                *cell = pin.shift;
            }
        }
    }
    roster
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
    steps: u32,
    /// Days of single people that moves have taken out so far.
    days_tried: u64,
    cycle_step: u32,
    cycle_length: u32,
    /// Temperatures of the cycle in parts of the typical cost of a shift.
    hottest: f64,
    coldest: f64,
    first_cycle: u32,
    columns: Option<Columns>,
    /// Does this thread leave the taking out of days to the others.
    columns_only: bool,
    /// Steps left in which a roster from whole rows is finished.
    smoothing: u32,
}

impl Worker {
    fn new(state: State, seed: u64, ground: &Ground) -> Self {
        let total = state.total(ground);
        let size = ground.people.len() * ground.tables.days;
        let first_cycle = FIRST_CYCLE + u32::try_from(size / 100).unwrap_or(0);
        Self {
            best: state.roster(),
            best_total: total,
            total,
            state,
            random: Random::new(seed),
            room: Room::default(),
            menu: Menu::default(),
            prices: vec![Prices::default(); ground.people.len()],
            steps: 0,
            days_tried: 0,
            cycle_step: 0,
            cycle_length: first_cycle,
            hottest: FIRST_HOTTEST,
            coldest: FIRST_COLDEST,
            columns: None,
            columns_only: false,
            smoothing: 0,
            first_cycle,
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
        for labels in [60, 600] {
            for &person in &people {
                self.state.clear(ground, person, 0, days);
                self.fill(ground, person, (0, days), None, labels, 0);
            }
            // Those for whom a quick look found nothing that keeps to the rules get a closer one.
            people.retain(|&person| self.state.breaks_rules(person));
        }
        if replan {
            self.look_ahead(ground);
        }
        self.total = self.state.total(ground);
        self.best_total = self.total;
        self.best = self.state.roster();
    }

    /// Gives everyone days in the lookahead anew, whatever the period holds.
    fn look_ahead(&mut self, ground: &Ground) {
        let (period, days) = (ground.tables.period, ground.tables.days);
        if period == days {
            return;
        }
        for person in 0..ground.people.len() {
            self.state.clear(ground, person, period, days);
            self.fill(ground, person, (period, days), None, 60, 0);
        }
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
        let progress = f64::from(self.cycle_step) / f64::from(self.cycle_length.max(1));
        #[expect(clippy::cast_precision_loss, reason = "costs of one shift are small")]
        let scale = ground.scale as f64;
        let temperature = scale * self.hottest * (self.coldest / self.hottest).powf(progress);
        self.combine_rows(ground);
        let temperature = if self.smoothing > 0 {
            scale * FIRST_COLDEST
        } else {
            temperature
        };
        while self.room.work < STEP_WORK {
            self.iterate(ground, temperature);
            self.room.work += 500;
        }
        self.cycle_step += 1;
        self.steps += 1;
    }

    /// Goes on with whole rows, for all of a step's work or half of it.
    fn combine_rows(&mut self, ground: &Ground) {
        // A fair roster to begin with spares the first rounds.
        let smoothing = self.smoothing;
        self.smoothing = smoothing.saturating_sub(1);
        let Some(columns) = self
            .columns
            .as_mut()
            .filter(|_| self.steps >= self.first_cycle && smoothing == 0)
        else {
            return;
        };
        let most_work = if self.columns_only {
            STEP_WORK
        } else {
            STEP_WORK / 2
        };
        let best = (&self.best, self.best_total);
        let (state, room, random) = (&self.state, &mut self.room, &mut self.random);
        let Some(found) = columns.advance(ground, state, room, random, best, most_work) else {
            return;
        };
        let found = State::new(ground, &found);
        let total = found.total(ground);
        if self.columns_only || total < self.best_total {
            self.state = found;
            self.total = total;
            self.remember();
        }
        if self.columns_only {
            self.smoothing = SMOOTHING;
        }
    }

    /// Goes on from a roster that others have found, hardly hotter than what keeps it.
    fn follow(&mut self, ground: &Ground, best: &Roster) {
        self.state = State::new(ground, best);
        self.total = self.state.total(ground);
        self.remember();
        self.hottest = FIRST_HOTTEST;
        self.coldest = FIRST_COLDEST;
    }

    /// Begins a new cycle where one has ended, from the best roster of all as often as not.
    fn new_cycle(&mut self, ground: &Ground, best: &Roster, best_total: i64) {
        if self.cycle_step < self.cycle_length {
            return;
        }
        if self.random.below(2) == 0 && self.total > best_total {
            self.state = State::new(ground, best);
            self.total = self.state.total(ground);
            self.remember();
        }
        self.cool_over(ground, (self.cycle_length * 2).min(LONGEST_CYCLE));
    }

    /// Begins a cycle of so many steps; a short one for the size of the plan begins less hot.
    #[expect(clippy::cast_precision_loss, reason = "numbers of days are small")]
    fn cool_over(&mut self, ground: &Ground, steps: u32) {
        self.cycle_step = 0;
        self.cycle_length = steps.max(1);
        let per_step = self.days_tried as f64 / f64::from(self.steps.max(1));
        let plan = (ground.people.len() * ground.tables.days).max(1);
        let times_over = per_step * f64::from(steps) / plan as f64;
        self.hottest = HOTTEST * (times_over / ENOUGH_TIMES_OVER).sqrt().clamp(0.05, 1.0);
        self.coldest = COLDEST;
    }

    /// A line and day where agents are short or too many.
    fn target(&mut self, ground: &Ground) -> Option<(u16, usize)> {
        let cells = ground.tables.cells.len();
        (0..8)
            .map(|_| {
                let cell = self.random.below(cells);
                (self.state.cell_cost(ground, cell), cell)
            })
            .max()
            .filter(|(cost, _)| *cost > 0)
            .map(|(_, cell)| ground.place_of(cell))
    }

    /// A stretch of days, the shorter the more work these people's paths are.
    fn window(
        &mut self,
        ground: &Ground,
        people: &[usize],
        around: Option<usize>,
    ) -> (usize, usize) {
        let days = ground.tables.days;
        let work = people.iter().map(|&person| ground.day_work(person)).max();
        let most = (WINDOW_WORK / work.unwrap_or(1).max(1)).clamp(7, 42);
        if days <= most && self.random.below(100) < WHOLE {
            return (0, days);
        }
        let length = (5 + self.random.below(most)).min(most).min(days);
        // Starts before the first day and ends after the last make edges as likely as the middle.
        let from = match around {
            Some(day) => day + self.random.below(length),
            None => self.random.below(days + length - 1),
        };
        let until = (from + 1).min(days);
        let from = (from + 1).saturating_sub(length);
        (from, until)
    }

    fn iterate(&mut self, ground: &Ground, temperature: f64) {
        let count = ground.people.len();
        let many = (1 + self.random.below(MOST_PEOPLE)).min(count);
        let target = if self.random.below(100) < TARGETED {
            self.target(ground)
        } else {
            None
        };
        let mut people: Vec<usize> = Vec::with_capacity(many);
        let mut tries = 0;
        while people.len() < many && tries < 50 {
            tries += 1;
            let person = self.random.below(count);
            let helps = target.is_none_or(|(line, _)| ground.serves(person, line));
            if helps && !people.contains(&person) {
                people.push(person);
            }
        }
        let mut window = self.window(ground, &people, target.map(|(_, day)| day));
        if self.state.breaks_any_rule() && self.random.below(4) == 0 {
            // Rules first, and the whole row of someone who breaks one.
            let from = self.random.below(count);
            let broken = (from..count)
                .chain(0..from)
                .find(|&person| self.state.breaks_rules(person));
            people.clear();
            people.extend(broken);
            window = (0, ground.tables.days);
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
        let noise = if self.random.below(100) < QUIET {
            30
        } else {
            temperature as i64
        };
        let length = window.1 - window.0;
        self.days_tried += (people.len() * length) as u64;
        let labels = PATH_LABELS / ((ground.tables.templates + 1) * length);
        for (&person, before) in people.iter().zip(&before) {
            self.fill(
                ground,
                person,
                window,
                Some(before),
                labels.clamp(200, 4000),
                noise,
            );
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
