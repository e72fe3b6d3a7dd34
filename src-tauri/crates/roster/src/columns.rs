//! Rosters put together from whole rows, so that many people move at once: column generation (Dantzig and
//! Wolfe 1960) and diving.
//!
//! Prices tell what an agent in each cell is worth, and for these the cheapest row of each person is looked
//! for ([`crate::path`]). Prices first climb by themselves ([`crate::ascent`]); then a program picks the
//! cheapest mixture of the rows known ([`crate::mixture`]), its prices find new rows, and so on until
//! hardly any helps. Then people are fixed to their weightiest rows, a few at a time, and the same begins
//! anew for the others. Where that makes the mixture much dearer, others are fixed instead. After a first
//! dive, mostly some people only are free while the others stay as the best roster has them.

use crate::ascent::Ascent;
use crate::compile::at;
use crate::mixture::{Demand, Mixture, Part, add};
use crate::model::Roster;
use crate::path::{Prices, Room};
use crate::pool::{Pool, exact};
use crate::random::Random;
use crate::state::{Ground, Menu, State};

/// More cells and people than these take too long.
const MOST_CELLS: usize = 800;
/// Rounds of new rows with so many free; for fewer people the more, within limits.
const ROUNDS: u32 = 1000;
const LEAST_ROUNDS: u32 = 3;
const MOST_ROUNDS: u32 = 30;
/// Rounds that may pass without gain, and more of them for few people.
const IDLE_ROUNDS: usize = 3;
const IDLE_ROUNDS_OF_ONE: usize = 60;
/// Passes of an ascent, the first at most. For one person and so many cells, which make a mixture more
/// work, in a new dive for some people and after others are fixed; for more people the fewer.
const MOST_PASSES: usize = 60;
const LEAST_PASSES: usize = 8;
const FIRST_PASSES: usize = 1500;
const PASSES: usize = 400;
const CELLS: usize = 1000;
/// By which parts of the typical cost of a shift a unit moves prices in a first pass and in the last:
/// where nothing is known, where others were free, and at least and at most while people are fixed.
const FIRST_STEP: f64 = 30.0;
const NEW_STEP: f64 = 200.0;
const LATER_STEPS: (f64, f64) = (200.0, 2000.0);
const STEP_OF_ONE: f64 = 20.0;
const LAST_STEP: f64 = 10_000.0;
/// Later dives with everyone free, one in so many, are worth their time for so many people; else so many
/// are free at most.
const ALL_FREE_OF: u32 = 4;
const MOST_ALL_FREE: usize = 80;
const MOST_FREE: usize = 40;
/// Rows kept, in multiples of the people, and rows in a mixture.
const MOST_KNOWN: usize = 200;
const MOST_MIXED: usize = 7200;
/// How far prices go from the best so far towards the program's in a round. Those jump about, and rows for
/// prices between serve longer (Wentges 1997).
const SHARE_OF_NEW: f64 = 0.5;
/// Costs are exact enough to one part in so many of what may be gained on the best roster, and to one in
/// so many of the typical cost of a shift. Rows cost up to one in so many more than they do, so that few
/// mixtures are equal.
const COARSE: f64 = 40.0;
const EXACT: f64 = 500.0;
const MOVED: f64 = 10_000.0;
/// Mixtures begin as if they cost so many shifts too much.
const BEGIN: f64 = 2.0;
/// A round has gained where the mixture is cheaper by one in so many parts of what is open.
const GAIN: f64 = 50.0;
/// A person has one row alone where it weighs so much, and as good as alone.
const WHOLE: f64 = 0.97;
const SURE: f64 = 0.8;
/// Of those who are free, one in so many is fixed at a time: at least, at most where rows are sure, and
/// where those fixed before had made the mixture dear.
const MOST_PARTS: usize = 7;
const LEAST_PARTS: usize = 4;
const RETRY_PARTS: usize = 10;
/// Fixing is dear where it costs so much of a shift, or of what may be gained; others are fixed instead so
/// many times.
const DEAR: f64 = 0.1;
const ROOM: f64 = 0.5;
const RETRIES: u32 = 4;
/// How much chance there is in who is fixed, at first and where that was dear.
const NOISE: f64 = 0.2;
const RETRY_NOISE: f64 = 0.6;

/// What is done next.
#[derive(Debug, Clone)]
enum Stage {
    Begin,
    Ascend(Ascent),
    /// Look for rows at the worth of this round.
    Price,
    Mix(Box<Mixture>),
}

/// Where people were fixed last.
#[derive(Debug, Clone)]
struct Fork {
    fixed: Vec<Option<usize>>,
    centre: Vec<f64>,
    cost: f64,
    /// Those who were free, with their weightiest rows.
    weights: Vec<(f64, usize, usize)>,
    retries: u32,
    /// The cheapest way on so far.
    best: Option<(f64, Vec<Option<usize>>)>,
}

/// Where the search with whole rows has come.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    pool: Pool,
    demands: Vec<Demand>,
    /// What those who are fixed leave, and what they cost.
    left: Vec<Demand>,
    fixed_cost: f64,
    fixed: Vec<Option<usize>>,
    free: usize,
    fork: Option<Fork>,
    /// People to look for rows for in this round.
    queue: Vec<usize>,
    /// What an agent in each cell is taken to be worth in this round.
    worth: Vec<f64>,
    /// What gave the best bound, here and with everyone free.
    centre: Vec<f64>,
    root: Vec<f64>,
    /// Rows found in this round.
    found: usize,
    /// Is this round's worth that of the program, since none were found for any nearer.
    whole_way: bool,
    /// What no mixture is cheaper than, by this round and by the best so far.
    bound: f64,
    best_bound: f64,
    cost: f64,
    rounds: u32,
    most_rounds: u32,
    idle_rounds: usize,
    stage: Stage,
    runs: u32,
    /// The cost of the best roster when nothing better was to come.
    settled: Option<i64>,
    prices: Vec<Prices>,
    menu: Menu,
}

/// A number from 0 to 1 that has nothing to do with its neighbours'.
fn uneven(place: usize) -> f64 {
    let place = u32::try_from(place).unwrap_or_default();
    let mixed = (place ^ 0x5bd1).wrapping_mul(0x9E37_79B1);
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x85EB_CA6B);
    f64::from(mixed >> 16) / 65536.0
}

#[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
fn count(number: usize) -> f64 {
    number as f64
}

impl Columns {
    /// None where the program would be too large, or costs are no sums over rows and cells.
    pub(crate) fn new(ground: &Ground) -> Option<Self> {
        let mut place_of = Vec::with_capacity(ground.tables.cells.len());
        let mut demands = Vec::new();
        for cell in &ground.tables.cells {
            let (under, over) = cell.slopes();
            let costs = (under > 0 && cell.need > 0) || over > 0;
            place_of.push(costs.then_some(demands.len()));
            if costs {
                demands.push(Demand {
                    need: f64::from(cell.need) / 1000.0,
                    under: exact(under),
                    over: exact(over),
                });
            }
        }
        let people = ground.people.len();
        let fair = ground.tables.fair_weights;
        if demands.len() + people > MOST_CELLS
            || people < 2
            || fair.iter().any(|&weight| weight > 0.0)
        {
            return None;
        }
        let zeros = vec![0.0; demands.len()];
        Some(Self {
            pool: Pool::new(place_of, people),
            left: demands.clone(),
            demands,
            fixed_cost: 0.0,
            fixed: vec![None; people],
            free: people,
            fork: None,
            queue: Vec::new(),
            worth: zeros.clone(),
            centre: zeros.clone(),
            root: zeros,
            found: 0,
            whole_way: false,
            bound: 0.0,
            best_bound: 0.0,
            cost: 0.0,
            rounds: 0,
            most_rounds: 0,
            idle_rounds: 0,
            stage: Stage::Begin,
            runs: 0,
            settled: None,
            prices: vec![Prices::default(); people],
            menu: Menu::default(),
        })
    }

    /// Goes on until so much work is done in the room; gives a roster when one is put together.
    pub(crate) fn advance(
        &mut self,
        ground: &Ground,
        state: &State,
        room: &mut Room,
        random: &mut Random,
        (best, best_total): (&Roster, i64),
        most_work: u64,
    ) -> Option<Roster> {
        if self.settled == Some(best_total) {
            return None;
        }
        while room.work < most_work {
            match &mut self.stage {
                Stage::Begin => self.begin(ground, random, best)?,
                Stage::Ascend(_) => {
                    if let Some(person) = self.queue.pop() {
                        self.ascend(ground, state, room, person);
                    } else {
                        self.next_pass(random);
                    }
                }
                Stage::Price => {
                    if let Some(person) = self.queue.pop() {
                        self.look_for_row(ground, state, room, person);
                    } else {
                        self.mix(ground, room, best_total);
                    }
                }
                Stage::Mix(mixture) => {
                    if !mixture.solve(&mut room.work, most_work) {
                        continue;
                    }
                    if let Stage::Mix(mixture) = std::mem::replace(&mut self.stage, Stage::Begin)
                        && self.go_on(ground, random, best_total, &mixture)
                    {
                        self.stage = Stage::Begin;
                        return Some(self.roster(best));
                    }
                }
            }
        }
        None
    }

    /// Chooses who is free, the others as in the best roster; none where that has a row that cannot be.
    fn begin(&mut self, ground: &Ground, random: &mut Random, best: &Roster) -> Option<()> {
        let people = self.fixed.len();
        if self.pool.len() > MOST_KNOWN * people {
            self.pool.forget_old();
        }
        for (person, row) in best.rows.iter().enumerate() {
            let known = self.pool.know(ground, person, row)?;
            if let Some(slot) = self.fixed.get_mut(person) {
                *slot = Some(known);
            }
        }
        let first = self.runs == 0;
        let all = first || (people <= MOST_ALL_FREE && self.runs % ALL_FREE_OF == 1);
        let free = if all {
            people
        } else {
            (2 + random.below(people.min(MOST_FREE))).min(people)
        };
        let mut order: Vec<usize> = (0..people).collect();
        random.shuffle(&mut order);
        for &person in order.iter().take(free) {
            if let Some(slot) = self.fixed.get_mut(person) {
                *slot = None;
            }
        }
        self.runs += 1;
        self.fork = None;
        self.centre.clone_from(&self.root);
        let (passes, step) = if first {
            (MOST_PASSES, FIRST_STEP)
        } else if all {
            (0, NEW_STEP)
        } else {
            (self.passes(FIRST_PASSES, free), NEW_STEP)
        };
        self.climb(ground, passes, step);
        Some(())
    }

    /// After others are fixed or free: prices climb for those who are free now.
    fn climb(&mut self, ground: &Ground, passes: usize, step: f64) {
        let fixed = self.fixed.iter().flatten();
        self.left.clone_from(&self.demands);
        self.fixed_cost = 0.0;
        self.free = self.fixed.len();
        let mut given = vec![0.0; self.left.len()];
        for known in fixed.filter_map(|&known| self.pool.get(known)) {
            self.free -= 1;
            self.fixed_cost += known.cost;
            add(&mut given, &known.entries, 1.0);
        }
        for (left, given) in self.left.iter_mut().zip(given) {
            left.need -= given;
        }
        let rounds = ROUNDS / u32::try_from(self.free.max(1)).unwrap_or(u32::MAX);
        self.most_rounds = rounds.clamp(LEAST_ROUNDS, MOST_ROUNDS);
        self.rounds = 0;
        self.idle_rounds = 0;
        self.whole_way = false;
        self.cost = f64::INFINITY;
        self.best_bound = f64::NEG_INFINITY;
        self.worth.clone_from(&self.centre);
        self.queue.clear();
        let scale = exact(ground.scale);
        self.stage = Stage::Ascend(Ascent::new(
            u32::try_from(passes).unwrap_or_default(),
            (scale / step, scale / LAST_STEP),
            self.left.len(),
        ));
    }

    fn next_pass(&mut self, random: &mut Random) {
        let Stage::Ascend(ascent) = &mut self.stage else {
            return;
        };
        if ascent.next_pass() {
            self.queue_free(random);
            return;
        }
        if let Some(mean) = ascent.mean() {
            self.centre = mean;
        }
        self.worth.clone_from(&self.centre);
        self.new_round(random);
    }

    fn queue_free(&mut self, random: &mut Random) {
        let fixed = self.fixed.iter().enumerate();
        let free = fixed.filter(|(_, fixed)| fixed.is_none());
        self.queue.clear();
        self.queue.extend(free.map(|(person, _)| person));
        random.shuffle(&mut self.queue);
    }

    fn ascend(&mut self, ground: &Ground, state: &State, room: &mut Room, person: usize) {
        self.set_menu();
        room.work += self.worth.len() as u64;
        let known = self.cheapest(ground, state, room, person);
        if let Some(known) = known.and_then(|(known, _)| self.pool.get(known))
            && let Stage::Ascend(ascent) = &mut self.stage
        {
            let free = count(self.free);
            ascent.follow(&mut self.worth, &self.left, free, &known.entries);
        }
    }

    fn new_round(&mut self, random: &mut Random) {
        self.rounds += 1;
        self.queue_free(random);
        self.found = 0;
        self.set_menu();
        let left = self.left.iter().zip(&self.worth);
        let left: f64 = left.map(|(left, worth)| left.need * worth).sum();
        self.bound = self.fixed_cost + left;
        self.stage = Stage::Price;
    }

    fn set_menu(&mut self) {
        self.menu.worth.clear();
        for place in self.pool.place_of() {
            let worth = place.map_or(0.0, |place| at(&self.worth, place));
            #[expect(
                clippy::cast_possible_truncation,
                reason = "no more than a cell's cost in thousandths"
            )]
            self.menu.worth.push(worth.round() as i64);
        }
    }

    /// A person's cheapest row and what it leaves of its cost, at the worth that the menu tells: a new one,
    /// or the cheapest known.
    fn cheapest(
        &mut self,
        ground: &Ground,
        state: &State,
        room: &mut Room,
        person: usize,
    ) -> Option<(usize, f64)> {
        let known = self.pool.least(person, &self.worth);
        room.work += self.pool.of(person).len() as u64 * 4;
        #[expect(clippy::cast_possible_truncation, reason = "the cost of a row")]
        let below = known.map_or(i64::MAX / 4, |(_, left)| left as i64 - 10);
        let labels = 150_000 / ((ground.tables.templates + 1) * ground.tables.days);
        let labels = labels.clamp(200, 4000);
        let mut own = Prices::default();
        let prices = self.prices.get_mut(person).unwrap_or(&mut own);
        let menu = &mut self.menu;
        let found = state.worthiest(ground, room, menu, prices, person, below, labels);
        let new = found.and_then(|(left, row)| {
            self.found += 1;
            Some((self.pool.know(ground, person, &row)?, exact(left)))
        });
        new.or(known)
    }

    fn look_for_row(&mut self, ground: &Ground, state: &State, room: &mut Room, person: usize) {
        if let Some((_, left)) = self.cheapest(ground, state, room, person) {
            self.bound += left;
        }
    }

    /// Sets up the mixture of the rows that are cheapest at the best prices.
    fn mix(&mut self, ground: &Ground, room: &mut Room, best_total: i64) {
        if self.bound > self.best_bound {
            self.best_bound = self.bound;
            self.whole_way &= self.found == 0;
            self.centre.clone_from(&self.worth);
        }
        let scale = exact(ground.scale);
        let most = MOST_MIXED / self.free.max(1);
        // A row dearer than a person's cheapest by more is in no better roster.
        let open = Self::worth_it(ground, best_total) - self.best_bound;
        let mut parts = Vec::new();
        let free = self.fixed.iter().enumerate();
        let free = free.filter(|(_, fixed)| fixed.is_none());
        for (place, (person, _)) in free.enumerate() {
            room.work += self.pool.of(person).len() as u64 * 4;
            for known in self.pool.cheapest(person, &self.centre, most, open) {
                let Some(row) = self.pool.get(known) else {
                    continue;
                };
                parts.push(Part {
                    known,
                    person: place,
                    cost: row.cost + scale / MOVED * uneven(known),
                    entries: row.entries.clone(),
                });
            }
        }
        self.stage = Stage::Mix(Box::new(Mixture::new(
            self.left.clone(),
            self.free,
            parts,
            &self.centre,
            scale / EXACT,
            scale * BEGIN,
        )));
    }

    /// A roster that costs no more is worth the search.
    fn worth_it(ground: &Ground, best_total: i64) -> f64 {
        exact(best_total - ground.scale / 1000)
    }

    /// Another round, more people fixed or a new dive; true where everyone has a row now.
    fn go_on(
        &mut self,
        ground: &Ground,
        random: &mut Random,
        best_total: i64,
        mixture: &Mixture,
    ) -> bool {
        let scale = exact(ground.scale);
        let worth_it = Self::worth_it(ground, best_total);
        let all_free = self.free == self.fixed.len();
        let before = self.cost;
        self.cost = mixture.cost() + self.fixed_cost;
        if self.best_bound > worth_it {
            // Nothing better can come of it.
            if all_free {
                self.settled = Some(best_total);
            }
            return false;
        }
        let open = self.cost - self.best_bound;
        let tolerance = (scale / EXACT).max((worth_it - self.cost) / COARSE);
        self.idle_rounds = if before - self.cost > tolerance.max(open / GAIN) {
            0
        } else {
            self.idle_rounds + 1
        };
        let exhausted = self.whole_way && self.found == 0;
        if open > tolerance
            && !exhausted
            && self.rounds < self.most_rounds
            && self.idle_rounds < IDLE_ROUNDS + IDLE_ROUNDS_OF_ONE / self.free
        {
            self.whole_way |= self.found == 0;
            let share = if self.whole_way { 1.0 } else { SHARE_OF_NEW };
            let prices = mixture.prices().iter().zip(&self.centre);
            for (worth, (price, centre)) in self.worth.iter_mut().zip(prices) {
                *worth = centre + share * (price - centre);
            }
            self.new_round(random);
            return false;
        }
        if all_free {
            self.root.clone_from(&self.centre);
        }
        if self.fix_others(ground, random, worth_it) {
            return false;
        }
        self.cost <= worth_it && self.fix(ground, random, mixture)
    }

    /// Fixes a few more people to their weightiest rows; true where all have a row now.
    fn fix(&mut self, ground: &Ground, random: &mut Random, mixture: &Mixture) -> bool {
        let mut weights: Vec<(f64, usize, usize)> = Vec::new();
        for (known, share) in mixture.shares() {
            let Some(person) = self.pool.get(known).map(|known| known.person) else {
                continue;
            };
            match weights.last_mut().filter(|last| last.1 == person) {
                Some(last) if last.0 < share => *last = (share, person, known),
                Some(_) => {}
                None => weights.push((share, person, known)),
            }
        }
        let free = weights.len();
        let sure = weights.iter().filter(|(share, ..)| *share > SURE).count();
        let many = if weights.iter().all(|(share, ..)| *share > WHOLE) {
            free
        } else {
            sure.clamp(free.div_ceil(MOST_PARTS), free.div_ceil(LEAST_PARTS))
        };
        self.fork = Some(Fork {
            fixed: self.fixed.clone(),
            centre: self.centre.clone(),
            cost: self.cost,
            weights,
            retries: 0,
            best: None,
        });
        self.fix_some(ground, random, many, NOISE);
        many == free
    }

    /// Fixes so many of those who were free at the fork.
    fn fix_some(&mut self, ground: &Ground, random: &mut Random, many: usize, noise: f64) {
        let Some(fork) = &mut self.fork else { return };
        self.fixed.clone_from(&fork.fixed);
        self.centre.clone_from(&fork.centre);
        let weights = fork.weights.iter();
        let mut order: Vec<(f64, usize, usize)> = weights
            .map(|&(share, person, known)| (share - noise * random.fraction(), person, known))
            .collect();
        order.sort_by(|one, other| other.0.total_cmp(&one.0));
        for &(_, person, known) in order.iter().take(many) {
            if let Some(slot) = self.fixed.get_mut(person) {
                *slot = Some(known);
            }
        }
        self.climb_again(ground);
    }

    fn climb_again(&mut self, ground: &Ground) {
        let free = self
            .fixed
            .iter()
            .filter(|fixed| fixed.is_none())
            .count()
            .max(1);
        let (least, most) = LATER_STEPS;
        let step = (STEP_OF_ONE * count(free)).clamp(least, most);
        self.climb(ground, self.passes(PASSES, free), step);
    }

    fn passes(&self, of_one: usize, free: usize) -> usize {
        let passes = of_one * self.demands.len() / CELLS / free;
        passes.clamp(LEAST_PASSES, MOST_PASSES)
    }

    /// Where those fixed last made the mixture dear, goes back to fix others, in the end those who were
    /// the least dear.
    fn fix_others(&mut self, ground: &Ground, random: &mut Random, worth_it: f64) -> bool {
        let Some(fork) = &mut self.fork else {
            return false;
        };
        let room = ROOM * (worth_it - fork.cost);
        if self.cost <= fork.cost + room.min(DEAR * exact(ground.scale)) {
            return false;
        }
        if fork.best.as_ref().is_none_or(|(best, _)| self.cost < *best) {
            fork.best = Some((self.cost, self.fixed.clone()));
        }
        if fork.retries < RETRIES {
            fork.retries += 1;
            let many = (fork.weights.len() / RETRY_PARTS).max(1);
            self.fix_some(ground, random, many, RETRY_NOISE);
            return true;
        }
        let fork = self.fork.take();
        let Some((_, fixed)) = fork.and_then(|fork| fork.best) else {
            return false;
        };
        let same = fixed == self.fixed;
        self.fixed = fixed;
        if !same {
            self.climb_again(ground);
        }
        !same
    }

    fn roster(&self, best: &Roster) -> Roster {
        let mut roster = best.clone();
        for (row, fixed) in roster.rows.iter_mut().zip(&self.fixed) {
            if let Some(known) = fixed.and_then(|known| self.pool.get(known)) {
                row.clone_from(&known.row);
            }
        }
        roster
    }
}
