//! Rosters put together from whole rows, so that many people move at once: column generation.
//!
//! A linear program picks a mixture of known rows for each person at the least cost (Dantzig and Wolfe
//! 1960). Its prices tell what an agent in each cell is worth, and for these the cheapest row of each
//! person is looked for ([`crate::path`]) and added, until no row helps any more. Then people are fixed to
//! their weightiest rows, a few at a time, with new rows for the others in between (diving). The first
//! dive is quick, so that there is something fair to go on from. Those after it look for rows until hardly
//! any helps, mostly for some people only while the others stay as the best roster has them.

use crate::compile::at;
use crate::model::{Assignment, Roster};
use crate::path::{Prices, Room};
use crate::random::Random;
use crate::simplex::{Program, Solved};
use crate::state::{Ground, Menu, State};

type Row = Vec<Option<Assignment>>;

/// More rows of the program than this take too long.
const MOST_ROWS: usize = 800;
/// Rounds of new rows before a dive and between its fixings.
const FIRST_ROUNDS: u32 = 200;
const ROUNDS: u32 = 30;
const DIVE_ROUNDS: u32 = 3;
/// Rounds for the last person of a dive, of the first and of later ones; for more people the fewer.
const FIRST_LAST_ROUNDS: u32 = 200;
const LAST_ROUNDS: u32 = 1000;
/// Later dives with everyone free are worth their time for so many people; else so many are free at most.
const MOST_ALL_FREE: usize = 80;
const MOST_FREE: usize = 40;
/// Rows kept, in multiples of the people.
const MOST_KNOWN: usize = 200;
/// How far the worth of an agent follows the program's prices in a round. They jump about at first, and
/// rows for prices between the old and the new serve longer (Wentges 1997).
const SHARE_OF_NEW: f64 = 0.5;
/// In the first dive, of people beyond so many one in so many is left as the best roster has them: few rows
/// fit the last ones, and looking for them takes longer than to let days be taken out.
const LEFT_FROM: usize = 30;
const LEFT_PARTS: usize = 5;
/// Costs are exact enough to one part in so many of what may be gained on the best roster.
const COARSE: f64 = 40.0;
/// Least saving per row that counts, in parts of the typical cost of a shift.
const LEAST_SAVING: f64 = 3e-5;
/// A person has one row alone where it weighs so much; sides that are moved leave some doubt.
const WHOLE: f64 = 0.97;
/// Of those who are free, one in so many is fixed at a time: at least, and at most where rows are sure.
const MOST_PARTS: usize = 7;
const LEAST_PARTS: usize = 4;
/// A person is as good as whole with one row where it weighs so much.
const SURE: f64 = 0.8;

/// A row that may be picked.
#[derive(Debug, Clone)]
struct Known {
    person: usize,
    row: Row,
}

/// The linear program over known rows and where the search with it has come.
#[derive(Debug, Clone)]
pub(crate) struct Columns {
    program: Program,
    /// The program's row of each cell, for those that cost anything.
    place_of: Vec<Option<usize>>,
    first_person: usize,
    people: u32,
    /// By column of the program, from the first that is a person's row.
    known: Vec<Known>,
    first_known: usize,
    of_person: Vec<Vec<usize>>,
    fixed: Vec<Option<usize>>,
    /// People to look for rows for in this round.
    queue: Vec<usize>,
    /// What an agent in each cell of the program is taken to be worth in this round.
    worth: Vec<f64>,
    /// Rows found in this round.
    found: usize,
    /// What no solution is cheaper than, by this round and by the best so far.
    bound: f64,
    best_bound: f64,
    /// By how much the solution is dearer than the bound.
    gap: f64,
    /// A cost of the solution that needs no new rows.
    aim: f64,
    /// By how much that may rise each time more people are fixed.
    aim_step: f64,
    rounds: u32,
    most_rounds: u32,
    begun: bool,
    /// Does this dive take all the time it needs.
    thorough: bool,
    /// The rows of the best roster when the run began.
    kept: Vec<usize>,
    /// How often in a row the program found no way on.
    stuck: u32,
    runs: u32,
    /// The last basis with everyone free.
    root: Vec<usize>,
    /// The cost of the best roster when nothing better was to come.
    settled: Option<i64>,
    prices: Vec<Prices>,
    menu: Menu,
}

#[expect(clippy::cast_precision_loss, reason = "costs are far below 2^52")]
fn exact(cost: i64) -> f64 {
    cost as f64
}

impl Columns {
    /// None where the program would be too large, or costs are no sums over rows and cells.
    pub(crate) fn new(ground: &Ground) -> Option<Self> {
        let mut place_of = Vec::with_capacity(ground.tables.cells.len());
        let mut cells = Vec::new();
        for cell in &ground.tables.cells {
            let (under, over) = cell.slopes();
            let costs = (under > 0 && cell.need > 0) || over > 0;
            place_of.push(costs.then_some(cells.len()));
            if costs {
                cells.push(*cell);
            }
        }
        let people = ground.people.len();
        let first_person = cells.len();
        let fair = ground.tables.fair_weights;
        if first_person + people > MOST_ROWS
            || people < 2
            || fair.iter().any(|&weight| weight > 0.0)
        {
            return None;
        }
        let needs = cells.iter().map(|cell| {
            let (under, _) = cell.slopes();
            (f64::from(cell.need) / 1000.0, Some(exact(under)))
        });
        let mut program = Program::new(needs.chain((0..people).map(|_| (1.0, None))));
        for (place, cell) in cells.iter().enumerate() {
            let (_, over) = cell.slopes();
            program.add(exact(over), vec![(place, -1.0)]);
        }
        Some(Self {
            first_known: program.columns(),
            program,
            place_of,
            first_person,
            people: u32::try_from(people).unwrap_or(u32::MAX),
            known: Vec::new(),
            of_person: vec![Vec::new(); people],
            fixed: vec![None; people],
            queue: Vec::new(),
            worth: vec![0.0; first_person],
            found: 0,
            bound: 0.0,
            best_bound: 0.0,
            gap: 0.0,
            aim: f64::NEG_INFINITY,
            aim_step: 0.0,
            rounds: 0,
            most_rounds: 0,
            begun: false,
            thorough: false,
            kept: Vec::new(),
            stuck: 0,
            runs: 0,
            root: Vec::new(),
            settled: None,
            prices: vec![Prices::default(); people],
            menu: Menu::default(),
        })
    }

    /// Goes on until so much work is done in the room; gives a roster when one is put together,
    /// and whether some people in it are left as they were.
    pub(crate) fn advance(
        &mut self,
        ground: &Ground,
        state: &State,
        room: &mut Room,
        random: &mut Random,
        (best, best_total): (&Roster, i64),
        most_work: u64,
    ) -> Option<(Roster, bool)> {
        if self.settled == Some(best_total) {
            return None;
        }
        let worth_it = exact(best_total - ground.scale / 1000);
        while room.work < most_work {
            if let Some(person) = self.queue.pop() {
                self.look_for_row(ground, state, room, person);
                continue;
            }
            self.program.work = room.work;
            if !self.begun {
                self.begin(ground, random, best)?;
            }
            // As long as much is to come, small savings are not worth the pivots.
            let least =
                LEAST_SAVING * exact(ground.scale) + self.gap / (200.0 * f64::from(self.people));
            let solved = self.program.solve(most_work, least, self.aim);
            room.work = self.program.work;
            match solved {
                Solved::NotYet => return None,
                Solved::Stuck => {
                    self.root.clear();
                    self.stuck += 1;
                    if self.stuck > 1 {
                        self.begun = false;
                        if self.thorough && !self.all_free() {
                            return Some((self.roster(best), true));
                        }
                        continue;
                    }
                    let rows = self.fixed.iter().zip(&self.kept);
                    let rows: Vec<usize> =
                        rows.map(|(fixed, &kept)| fixed.unwrap_or(kept)).collect();
                    self.program.begin(self.basis_of(&rows, ground));
                    continue;
                }
                Solved::Reached => {
                    if self.fix(random) {
                        self.begun = false;
                        return Some((self.roster(best), self.some_free()));
                    }
                    self.aim += self.aim_step;
                    continue;
                }
                Solved::Best => {}
            }
            self.aim = f64::NEG_INFINITY;
            if self.rounds == 0 {
                self.new_round(random);
                continue;
            }
            let cost = self.program.cost();
            self.best_bound = self.best_bound.max(self.bound);
            self.gap = cost - self.best_bound;
            if self.best_bound > worth_it {
                // Nothing better can come of it.
                self.begun = false;
                if self.all_free() {
                    self.settled = Some(best_total);
                    return None;
                }
                continue;
            }
            let tolerance = exact(ground.scale / 500).max((worth_it - cost) / COARSE);
            if self.gap > tolerance && self.rounds < self.most_rounds {
                self.new_round(random);
                continue;
            }
            if self.all_free() {
                self.root = self.program.basis().to_vec();
            }
            if cost > worth_it {
                self.begun = false;
            } else if self.fix(random) {
                self.begun = false;
                return Some((self.roster(best), self.some_free()));
            } else {
                // Those who are free now may keep what this costs, without new rows.
                self.aim = self.program.spent() + tolerance;
                self.aim_step = tolerance / 10.0;
            }
        }
        None
    }

    fn some_free(&self) -> bool {
        self.fixed.iter().any(Option::is_none)
    }

    fn all_free(&self) -> bool {
        self.fixed.iter().all(Option::is_none)
    }

    /// Chooses who is free, the others as in the best roster; none where that has a row that cannot be.
    fn begin(&mut self, ground: &Ground, random: &mut Random, best: &Roster) -> Option<()> {
        let people = self.fixed.len();
        if self.known.len() > MOST_KNOWN * people {
            self.forget_old();
        }
        let mut kept = Vec::with_capacity(people);
        for (person, row) in best.rows.iter().enumerate() {
            kept.push(self.know(ground, person, row)?);
        }
        let mut order: Vec<usize> = (0..people).collect();
        random.shuffle(&mut order);
        self.thorough = self.runs > 0;
        let all = !self.thorough || (people <= MOST_ALL_FREE && self.runs % 4 == 1);
        let free = if all {
            people
        } else {
            (2 + random.below(people.min(MOST_FREE))).min(people)
        };
        self.fixed = kept.iter().copied().map(Some).collect();
        for &person in order.iter().take(free) {
            if let Some(slot) = self.fixed.get_mut(person) {
                *slot = None;
            }
        }
        let basis = if free == people && !self.root.is_empty() {
            self.root.clone()
        } else {
            self.basis_of(&kept, ground)
        };
        self.program.begin(basis);
        self.kept = kept;
        self.aim = f64::NEG_INFINITY;
        self.changed(if self.runs == 0 { FIRST_ROUNDS } else { ROUNDS });
        self.runs += 1;
        self.begun = true;
        Some(())
    }

    /// A basis with these rows, and in each cell with what is missing or too much.
    fn basis_of(&self, rows: &[usize], ground: &Ground) -> Vec<usize> {
        let mut cover = vec![0i64; self.first_person];
        for &column in rows {
            let Some(known) = column
                .checked_sub(self.first_known)
                .and_then(|place| self.known.get(place))
            else {
                continue;
            };
            for (day, shift) in known.row.iter().enumerate() {
                let Some(shift) = *shift else { continue };
                let away = ground.away(known.person);
                ground.tables.visit_cells(away, day, shift, |cell, amount| {
                    if let Some(place) = at(&self.place_of, cell)
                        && let Some(cover) = cover.get_mut(place)
                    {
                        *cover += i64::from(amount);
                    }
                });
            }
        }
        let needs = ground.tables.cells.iter().zip(&self.place_of);
        let needs = needs.filter(|(_, place)| place.is_some());
        let over = self.first_person + rows.len();
        needs
            .zip(cover)
            .enumerate()
            .map(|(place, ((cell, _), have))| {
                if have > i64::from(cell.need) {
                    over + place
                } else {
                    place
                }
            })
            .chain(rows.iter().copied())
            .collect()
    }

    fn new_round(&mut self, random: &mut Random) {
        self.rounds += 1;
        self.queue.clear();
        let free = self.fixed.iter().enumerate();
        self.queue.extend(
            free.filter(|(_, fixed)| fixed.is_none())
                .map(|(person, _)| person),
        );
        random.shuffle(&mut self.queue);
        let share = if self.found == 0 { 1.0 } else { SHARE_OF_NEW };
        self.found = 0;
        for (worth, &price) in self.worth.iter_mut().zip(self.program.prices()) {
            *worth += share * (price - *worth);
        }
        self.menu.worth.clear();
        for place in &self.place_of {
            let worth = place.map_or(0.0, |place| at(&self.worth, place));
            #[expect(
                clippy::cast_possible_truncation,
                reason = "no more than a cell's cost in thousandths"
            )]
            self.menu.worth.push(worth.round() as i64);
        }
        self.bound = self.program.worth_of_sides(&self.worth);
        for (person, fixed) in self.fixed.iter().enumerate() {
            if fixed.is_some() {
                self.bound += self.least_known(person);
            }
        }
    }

    /// What the cheapest known row of a person that is not barred comes to, less the worth of its agents.
    fn least_known(&self, person: usize) -> f64 {
        let columns = self.of_person.get(person).map_or(&[][..], Vec::as_slice);
        columns
            .iter()
            .filter_map(|&column| self.program.less_worth(column, &self.worth))
            .fold(f64::INFINITY, f64::min)
    }

    fn look_for_row(&mut self, ground: &Ground, state: &State, room: &mut Room, person: usize) {
        let least = self.least_known(person);
        #[expect(clippy::cast_possible_truncation, reason = "the cost of a row")]
        let below = least as i64 - 10;
        room.work += self.of_person.get(person).map_or(0, Vec::len) as u64 * 4;
        let labels = 150_000 / ((ground.tables.templates + 1) * ground.tables.days);
        let mut own = Prices::default();
        let prices = self.prices.get_mut(person).unwrap_or(&mut own);
        let found = state.worthiest(
            ground,
            room,
            &mut self.menu,
            prices,
            person,
            below,
            labels.clamp(200, 4000),
        );
        if let Some((cost, row)) = found {
            self.bound += exact(cost);
            self.found += 1;
            self.know(ground, person, &row);
        } else {
            self.bound += least;
        }
    }

    /// The column of a person's row, a new one where it was not known; none where it breaks a rule.
    fn know(&mut self, ground: &Ground, person: usize, row: &Row) -> Option<usize> {
        let columns = self.of_person.get_mut(person)?;
        let first = self.first_known;
        let known = columns.iter().rev().find(|&&column| {
            self.known
                .get(column - first)
                .is_some_and(|known| known.row == *row)
        });
        if let Some(&column) = known {
            return Some(column);
        }
        let cost = State::row_cost(ground, person, row)?;
        let mut entries: Vec<(usize, f64)> = Vec::with_capacity(row.len() + 1);
        for (day, shift) in row.iter().enumerate() {
            let Some(shift) = *shift else { continue };
            ground
                .tables
                .visit_cells(ground.away(person), day, shift, |cell, amount| {
                    if let Some(place) = at(&self.place_of, cell) {
                        entries.push((place, f64::from(amount) / 1000.0));
                    }
                });
        }
        entries.sort_unstable_by_key(|(place, _)| *place);
        entries.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        entries.push((self.first_person + person, 1.0));
        let column = self.program.add(exact(cost), entries);
        columns.push(column);
        self.known.push(Known {
            person,
            row: row.clone(),
        });
        Some(column)
    }

    /// After others are fixed or free: only fixed rows are open to those who are fixed, and rounds begin
    /// again.
    fn changed(&mut self, most_rounds: u32) {
        for (columns, fixed) in self.of_person.iter().zip(&self.fixed) {
            for &column in columns {
                let barred = fixed.is_some_and(|fixed| fixed != column);
                self.program.bar(column, barred);
            }
        }
        self.queue.clear();
        self.stuck = 0;
        self.most_rounds = most_rounds;
        self.rounds = 0;
        self.found = 0;
        self.gap = 0.0;
        self.best_bound = f64::NEG_INFINITY;
    }

    /// Forgets all rows but the newest third and those of the last basis with everyone free.
    fn forget_old(&mut self) {
        let first = self.first_known;
        let newest = first + self.known.len() * 2 / 3;
        let mut keep: Vec<bool> = (0..self.program.columns())
            .map(|column| column < first || column >= newest)
            .collect();
        for &column in self.root.iter().chain(self.program.basis()) {
            if let Some(keep) = keep.get_mut(column) {
                *keep = true;
            }
        }
        let places = self.program.retain(&keep);
        let mut kept = keep.iter().skip(first);
        self.known
            .retain(|_| kept.next().copied().unwrap_or_default());
        for columns in &mut self.of_person {
            columns.retain(|&column| at(&keep, column));
            for column in columns {
                *column = at(&places, *column);
            }
        }
        for column in &mut self.root {
            *column = at(&places, *column);
        }
    }

    /// Fixes a few more people to their weightiest rows; true where all have a row now, or of many all
    /// but a few.
    fn fix(&mut self, random: &mut Random) -> bool {
        let mut weights: Vec<(f64, usize, usize)> = Vec::new();
        let mut best: Vec<(f64, usize)> = vec![(-1.0, 0); self.fixed.len()];
        for (column, value) in self.program.solution() {
            let Some(known) = column
                .checked_sub(self.first_known)
                .and_then(|place| self.known.get(place))
            else {
                continue;
            };
            if let Some(slot) = best.get_mut(known.person)
                && value > slot.0
            {
                *slot = (value, column);
            }
        }
        let mut whole = true;
        for (person, (&(value, column), fixed)) in best.iter().zip(&self.fixed).enumerate() {
            if fixed.is_none() {
                whole &= value > WHOLE;
                weights.push((value - 0.2 * random.fraction(), person, column));
            }
        }
        let sure = weights.iter().filter(|(value, ..)| *value > SURE).count();
        let free = weights.len();
        let count = if whole {
            free
        } else {
            sure.clamp(free.div_ceil(MOST_PARTS), free.div_ceil(LEAST_PARTS))
        };
        weights.sort_by(|one, other| other.0.total_cmp(&one.0));
        for &(_, person, column) in weights.iter().take(count) {
            if let Some(slot) = self.fixed.get_mut(person) {
                *slot = Some(column);
            }
        }
        let free = self.fixed.iter().filter(|fixed| fixed.is_none()).count();
        let last = if self.thorough {
            LAST_ROUNDS
        } else {
            FIRST_LAST_ROUNDS
        };
        let rounds = last / u32::try_from(free).unwrap_or(u32::MAX).max(1);
        self.changed(rounds.max(DIVE_ROUNDS));
        let left = if self.thorough {
            0
        } else {
            self.fixed.len().saturating_sub(LEFT_FROM) / LEFT_PARTS
        };
        free <= left
    }

    fn roster(&self, best: &Roster) -> Roster {
        let mut roster = best.clone();
        for (row, fixed) in roster.rows.iter_mut().zip(&self.fixed) {
            let known = fixed
                .and_then(|column| column.checked_sub(self.first_known))
                .and_then(|place| self.known.get(place));
            if let Some(known) = known {
                row.clone_from(&known.row);
            }
        }
        roster
    }
}
