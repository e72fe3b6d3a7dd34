//! A linear program that grows by columns: the revised simplex method (Dantzig and Orchard-Hays 1954)
//! with a dense inverse, for programs of some hundred rows.
//!
//! Least cost, equations with sides that are not negative, all unknowns from 0 up. Each row has a column
//! of its own from the beginning, so that there is a first solution. Sides are moved by tiny unequal
//! amounts, or the many equal ones of a plan would make the method go in circles.

use crate::compile::at;

/// A column: what it costs and its entries by row, each row once.
#[derive(Debug, Clone)]
struct Column {
    cost: f64,
    entries: Vec<(usize, f64)>,
    basic: bool,
    barred: bool,
}

/// How far a solution has come.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Solved {
    Best,
    /// It costs what was aimed at.
    Reached,
    NotYet,
    /// Nothing limits the solution, which only rounding can bring about.
    Stuck,
}

/// The program and its solution so far.
#[derive(Debug, Clone)]
pub(crate) struct Program {
    rows: usize,
    /// As asked for, and moved.
    sides: Vec<(f64, f64)>,
    columns: Vec<Column>,
    /// The column that each row's value belongs to.
    basis: Vec<usize>,
    /// The inverse of the basis, column after column.
    inverse: Vec<f64>,
    values: Vec<f64>,
    /// What one more of each row's side costs.
    prices: Vec<f64>,
    entering: Vec<f64>,
    /// A row of the inverse.
    line: Vec<f64>,
    /// Entry, loss and number of the columns that can repair a row.
    candidates: Vec<(f64, f64, usize)>,
    /// Where the next look for a column begins.
    cursor: usize,
    pivots: u32,
    /// Rows repaired since nothing was broken.
    repairs: usize,
    /// The basis before the first of them.
    whole: Vec<usize>,
    /// Are barred columns fined instead of repaired away.
    fined: bool,
    /// Steps of work done since it was last set to zero.
    pub(crate) work: u64,
}

/// Far more than a row can save.
const FINE: f64 = 1e8;
/// Entries below this are taken for rounding.
const SMALL: f64 = 1e-5;
/// Sides are moved by as much to twice as much.
const MOVED_SIDE: f64 = 1e-2;
/// Costs are moved by as much, so that few are equal.
const MOVED_COST: f64 = 4.0;
/// How far below 0 a value may fall.
const SLACK: f64 = 1e-9;
/// A value farther than this from what it may be is brought back.
const BROKEN: f64 = 1e-7;
/// How far above 0 a saving may rise while rows are repaired.
const LOSS_SLACK: f64 = 0.01;
/// Pivots after which the inverse is made anew.
const FRESH_AFTER: u32 = 300;
/// Steps of work in which so many numbers are multiplied and added.
const NUMBERS_PER_WORK: usize = 8;

/// A number from 0 to 1 that has nothing to do with its neighbours'.
fn uneven(place: usize) -> f64 {
    let place = u32::try_from(place).unwrap_or_default();
    let mixed = (place ^ 0x5bd1).wrapping_mul(0x9E37_79B1);
    let mixed = (mixed ^ (mixed >> 15)).wrapping_mul(0x85EB_CA6B);
    f64::from(mixed >> 16) / 65536.0
}

impl Program {
    /// A program of such sides. Each row can be met by a column of its own at this cost per unit; without
    /// a cost it should not.
    pub(crate) fn new(sides: impl Iterator<Item = (f64, Option<f64>)>) -> Self {
        let mut program = Self {
            rows: 0,
            sides: Vec::new(),
            columns: Vec::new(),
            basis: Vec::new(),
            inverse: Vec::new(),
            values: Vec::new(),
            prices: Vec::new(),
            entering: Vec::new(),
            line: Vec::new(),
            candidates: Vec::new(),
            cursor: 0,
            pivots: 0,
            repairs: 0,
            whole: Vec::new(),
            fined: false,
            work: 0,
        };
        for (row, (side, cost)) in sides.enumerate() {
            let moved = if cost.is_some() {
                MOVED_SIDE * (1.0 + uneven(row))
            } else {
                0.0
            };
            program.sides.push((side, side + moved));
            program.columns.push(Column {
                cost: cost.unwrap_or_default(),
                entries: vec![(row, 1.0)],
                basic: true,
                barred: cost.is_none(),
            });
            program.basis.push(row);
            program.rows += 1;
        }
        program.refresh();
        program
    }

    pub(crate) fn prices(&self) -> &[f64] {
        &self.prices
    }

    pub(crate) fn columns(&self) -> usize {
        self.columns.len()
    }

    /// Adds a column and says its number.
    pub(crate) fn add(&mut self, cost: f64, entries: Vec<(usize, f64)>) -> usize {
        self.columns.push(Column {
            cost: cost + MOVED_COST * uneven(self.columns.len()),
            entries,
            basic: false,
            barred: false,
        });
        self.columns.len() - 1
    }

    /// Bars a column from the solution, or lets it in again.
    pub(crate) fn bar(&mut self, column: usize, barred: bool) {
        if self.fined {
            self.fined = false;
            self.reprice();
        }
        if let Some(column) = self.columns.get_mut(column) {
            column.barred = barred;
        }
    }

    /// Forgets the columns not to be kept, and says where the others are now. Those of the basis must be kept.
    pub(crate) fn retain(&mut self, keep: &[bool]) -> Vec<usize> {
        let mut places = Vec::with_capacity(keep.len());
        let mut count = 0;
        for &keep in keep {
            places.push(count);
            count += usize::from(keep);
        }
        let mut kept = keep.iter();
        self.columns
            .retain(|_| kept.next().copied().unwrap_or_default());
        for column in &mut self.basis {
            *column = at(&places, *column);
        }
        places
    }

    /// What the prices make of the sides: what the solution costs, apart from the tiny amounts by which
    /// sides are moved; for the best solution a bound from below.
    pub(crate) fn cost(&self) -> f64 {
        self.worth_of_sides(&self.prices)
    }

    /// What the first rows' sides come to at such prices.
    pub(crate) fn worth_of_sides(&self, prices: &[f64]) -> f64 {
        let sides = prices.iter().zip(&self.sides);
        sides.map(|(price, (side, _))| price * side).sum()
    }

    /// A column's cost less what its entries come to at the first rows' prices; none where it is barred.
    pub(crate) fn less_worth(&self, column: usize, prices: &[f64]) -> Option<f64> {
        let column = self.columns.get(column).filter(|column| !column.barred)?;
        let entries = column.entries.iter();
        let worth: f64 = entries.map(|&(row, amount)| at(prices, row) * amount).sum();
        Some(column.cost - worth)
    }

    /// What the solution costs, the moving of sides included.
    pub(crate) fn spent(&self) -> f64 {
        let basics = self.basis.iter().zip(&self.values);
        basics
            .map(|(&column, value)| self.cost_of(column) * value)
            .sum()
    }

    /// Columns in the solution with their values.
    pub(crate) fn solution(&self) -> impl Iterator<Item = (usize, f64)> {
        self.basis.iter().copied().zip(self.values.iter().copied())
    }

    fn cost_of(&self, column: usize) -> f64 {
        self.columns.get(column).map_or(0.0, |column| {
            let fine = if column.barred && self.fined {
                FINE
            } else {
                0.0
            };
            column.cost + fine
        })
    }

    fn saving(&self, column: &Column) -> f64 {
        let paid: f64 = column
            .entries
            .iter()
            .map(|&(row, amount)| at(&self.prices, row) * amount)
            .sum();
        paid - column.cost
    }

    /// Improves the solution until no column saves more than so much per unit, it costs no more than what
    /// is aimed at, or so much work is done.
    pub(crate) fn solve(&mut self, most_work: u64, least_saving: f64, aim: f64) -> Solved {
        loop {
            if self.work >= most_work {
                return Solved::NotYet;
            }
            self.pivots += 1;
            if self.pivots >= FRESH_AFTER {
                self.refresh();
            }
            if let Some(row) = self.broken_row() {
                if self.repairs == 0 {
                    self.whole.clone_from(&self.basis);
                }
                self.repairs += 1;
                if self.repairs > self.rows / 4 || !self.repair(row) {
                    // The long way: from where nothing was broken, with a fine on what is barred.
                    self.fined = true;
                    let whole = std::mem::take(&mut self.whole);
                    self.begin(whole);
                }
                continue;
            }
            if self.repairs > 0 {
                self.repairs = 0;
                self.reprice();
            }
            if self.spent() <= aim {
                return Solved::Reached;
            }
            let Some(column) = self.choose(least_saving) else {
                return Solved::Best;
            };
            if !self.enter(column) {
                // Nothing limits it, which only rounding can bring about.
                return Solved::Stuck;
            }
        }
    }

    /// The row whose value is farthest from what it may be: below 0, or of a barred column.
    fn broken_row(&mut self) -> Option<usize> {
        if self.fined {
            return None;
        }
        self.work += self.rows as u64 / 4;
        let values = self.values.iter().zip(&self.basis).enumerate();
        values
            .map(|(row, (&value, &column))| {
                let barred = value > 0.0 && self.is_barred(column);
                (if barred { value } else { -value }, row)
            })
            .filter(|(off, _)| *off > BROKEN)
            .max_by(|one, other| one.0.total_cmp(&other.0))
            .map(|(_, row)| row)
    }

    fn is_barred(&self, column: usize) -> bool {
        self.columns.get(column).is_some_and(|column| column.barred)
    }

    /// Brings a row's value to 0 at the least cost (a step of the dual method); false where it cannot.
    fn repair(&mut self, row: usize) -> bool {
        let rows = self.rows.max(1);
        let sign = at(&self.values, row).signum();
        self.line.clear();
        let line = self.inverse.iter().skip(row).step_by(rows);
        self.line.extend(line.map(|entry| sign * entry));
        // As in the primal method: how far prices may go when savings may rise a little above 0, and of
        // the columns that stop them by then the one with the greatest entry.
        let mut most = f64::INFINITY;
        self.candidates.clear();
        for (place, column) in self.columns.iter().enumerate() {
            if column.basic || column.barred {
                continue;
            }
            let entries = column.entries.iter();
            let taken: f64 = entries
                .map(|&(row, amount)| at(&self.line, row) * amount)
                .sum();
            if taken > SMALL {
                let loss = (-self.saving(column)).max(0.0);
                most = most.min((loss + LOSS_SLACK) / taken);
                self.candidates.push((taken, loss, place));
            }
        }
        let best = self
            .candidates
            .iter()
            .filter(|(taken, loss, _)| *loss <= most * taken)
            .max_by(|one, other| one.0.total_cmp(&other.0));
        self.work += 6 * self.columns.len() as u64;
        let Some(&(_, loss, column)) = best else {
            return false;
        };
        self.spread(column);
        if at(&self.entering, row).abs() <= SMALL {
            return false;
        }
        // A column that still saves is taken to save nothing, or prices would go back and forth.
        self.replace(row, column, -loss);
        true
    }

    /// A column that makes the solution cheaper: the one that saves most of those looked at.
    fn choose(&mut self, least_saving: f64) -> Option<usize> {
        let count = self.columns.len();
        let enough = (count / 6).max(300);
        let mut best: Option<(f64, usize)> = None;
        let mut seen = 0;
        let from = self.cursor.min(count);
        for place in (from..count).chain(0..from) {
            let Some(column) = self.columns.get(place) else {
                continue;
            };
            seen += 1;
            if !column.basic && !column.barred {
                let saving = self.saving(column);
                if saving > least_saving && best.is_none_or(|(most, _)| saving > most) {
                    best = Some((saving, place));
                }
            }
            if seen >= enough && best.is_some() {
                break;
            }
        }
        self.cursor = (from + seen) % count.max(1);
        self.work += 4 * seen as u64;
        best.map(|(_, place)| place)
    }

    /// By row, what one unit of a column takes from the values of the basis.
    fn spread(&mut self, column: usize) {
        let rows = self.rows;
        self.entering.clear();
        self.entering.resize(rows, 0.0);
        let Some(column) = self.columns.get(column) else {
            return;
        };
        for &(row, amount) in &column.entries {
            let inverse = self.inverse.get(row * rows..(row + 1) * rows);
            for (sum, entry) in self.entering.iter_mut().zip(inverse.unwrap_or_default()) {
                *sum += amount * entry;
            }
        }
        self.work += (column.entries.len() * rows / NUMBERS_PER_WORK) as u64;
    }

    /// Brings a column into the basis; false where nothing limits it.
    fn enter(&mut self, column: usize) -> bool {
        self.spread(column);
        // How far it can go when values may fall a little below 0, and of the rows that stop it by then
        // the one with the greatest entry (Harris 1973): small entries make rounding large.
        let mut most = f64::INFINITY;
        for (taken, value) in self.limits() {
            if taken > SMALL {
                most = most.min((value + SLACK) / taken);
            }
        }
        let mut leaving: Option<(f64, usize)> = None;
        for (row, (taken, value)) in self.limits().enumerate() {
            if taken > SMALL
                && value <= most * taken
                && leaving.is_none_or(|(greatest, _)| taken > greatest)
            {
                leaving = Some((taken, row));
            }
        }
        let Some((_, row)) = leaving else {
            return false;
        };
        let saving = self
            .columns
            .get(column)
            .map_or(0.0, |column| self.saving(column));
        self.replace(row, column, saving);
        for value in &mut self.values {
            if *value > -BROKEN {
                *value = value.max(0.0);
            }
        }
        true
    }

    /// By row, how fast the spread column brings it to its limit and how far that is.
    fn limits(&self) -> impl Iterator<Item = (f64, f64)> {
        let rows = self.entering.iter().zip(&self.values).zip(&self.basis);
        rows.map(|((&taken, &value), &column)| {
            if taken < 0.0 && !self.fined && self.is_barred(column) {
                // Not above 0.
                (-taken, 0.0)
            } else {
                (taken, value.max(0.0))
            }
        })
    }

    /// Brings the spread column into the basis in place of a row's.
    fn replace(&mut self, row: usize, column: usize, saving: f64) {
        let amount = at(&self.values, row) / at(&self.entering, row);
        for (value, &taken) in self.values.iter_mut().zip(&self.entering) {
            *value -= amount * taken;
        }
        if let Some(value) = self.values.get_mut(row) {
            *value = amount;
        }
        self.pivot(row);
        let rows = self.rows;
        let reduced = self.inverse.iter().skip(row).step_by(rows.max(1));
        for (price, &entry) in self.prices.iter_mut().zip(reduced) {
            *price -= saving * entry;
        }
        if let Some(old) = self.basis.get_mut(row) {
            let old = std::mem::replace(old, column);
            if let Some(old) = self.columns.get_mut(old) {
                old.basic = false;
            }
        }
        if let Some(column) = self.columns.get_mut(column) {
            column.basic = true;
        }
    }

    /// Makes the inverse that of the basis with the spread column in a row.
    fn pivot(&mut self, row: usize) {
        let taken = at(&self.entering, row);
        let mut touched = 0;
        for inverse in self.inverse.chunks_exact_mut(self.rows.max(1)) {
            let Some(own) = inverse.get_mut(row) else {
                continue;
            };
            if own.abs() < 1e-13 {
                *own = 0.0;
                continue;
            }
            let share = *own / taken;
            touched += 1;
            for (entry, taken) in inverse.iter_mut().zip(&self.entering) {
                *entry -= share * taken;
            }
            if let Some(own) = inverse.get_mut(row) {
                *own = share;
            }
        }
        self.work += (touched * self.rows / NUMBERS_PER_WORK + self.rows) as u64;
    }

    /// Begins again from a basis, which must have a solution.
    pub(crate) fn begin(&mut self, basis: Vec<usize>) {
        for &column in &self.basis {
            if let Some(column) = self.columns.get_mut(column) {
                column.basic = false;
            }
        }
        self.basis = basis;
        self.repairs = 0;
        self.refresh();
    }

    pub(crate) fn basis(&self) -> &[usize] {
        &self.basis
    }

    /// Makes inverse, values and prices anew from the basis, without the rounding of many pivots.
    fn refresh(&mut self) {
        let rows = self.rows;
        self.pivots = 0;
        self.inverse.clear();
        self.inverse.resize(rows * rows, 0.0);
        let mut order = vec![None; rows];
        let mut others = Vec::new();
        for &column in &self.basis {
            let entries = self
                .columns
                .get(column)
                .map(|column| column.entries.as_slice());
            if let Some(&[(row, amount)]) = entries
                && let Some(slot @ None) = order.get_mut(row)
            {
                *slot = Some(column);
                if let Some(entry) = self.inverse.get_mut(row * rows + row) {
                    *entry = 1.0 / amount;
                }
            } else {
                others.push(column);
            }
        }
        for (row, slot) in order.iter().enumerate() {
            if slot.is_none()
                && let Some(entry) = self.inverse.get_mut(row * rows + row)
            {
                *entry = 1.0;
            }
        }
        for column in others {
            self.spread(column);
            let free = order.iter().zip(&self.entering).enumerate();
            let row = free
                .filter(|(_, (slot, taken))| slot.is_none() && taken.abs() > SMALL)
                .max_by(|(_, (_, one)), (_, (_, other))| one.abs().total_cmp(&other.abs()))
                .map(|(row, _)| row);
            if let Some(row) = row {
                self.pivot(row);
                if let Some(slot) = order.get_mut(row) {
                    *slot = Some(column);
                }
            } else if let Some(column) = self.columns.get_mut(column) {
                // Rounding made it seem to depend on the others: a row's own column takes its place.
                column.basic = false;
            }
        }
        for (row, slot) in order.into_iter().enumerate() {
            let column = slot.unwrap_or(row);
            if let Some(column) = self.columns.get_mut(column) {
                column.basic = true;
            }
            if let Some(slot) = self.basis.get_mut(row) {
                *slot = column;
            }
        }
        self.values.clear();
        self.values.resize(rows, 0.0);
        for (inverse, side) in self.inverse.chunks_exact(rows.max(1)).zip(&self.sides) {
            for (value, entry) in self.values.iter_mut().zip(inverse) {
                *value += side.1 * entry;
            }
        }
        if self.fined {
            for value in &mut self.values {
                *value = value.max(0.0);
            }
        }
        self.reprice();
    }

    /// Makes the prices anew.
    fn reprice(&mut self) {
        let costs: Vec<f64> = self
            .basis
            .iter()
            .map(|&column| self.cost_of(column))
            .collect();
        self.prices.clear();
        for inverse in self.inverse.chunks_exact(self.rows.max(1)) {
            let price = costs.iter().zip(inverse).map(|(cost, entry)| cost * entry);
            self.prices.push(price.sum());
        }
        self.work += (self.rows * self.rows / NUMBERS_PER_WORK) as u64;
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Costs are in thousandths. Shifts to give to people: a row of a program per person and per shift.
    #[derive(Debug, Clone)]
    struct Giving {
        people: usize,
        under: f64,
        /// Whom each row is for, what it costs and which shifts it has.
        rows: Vec<(usize, u8, Vec<bool>)>,
    }

    fn giving() -> impl Strategy<Value = Giving> {
        (1usize..4, 1usize..5, 1u8..30).prop_flat_map(|(people, shifts, under)| {
            let row = (
                0..people,
                0u8..20,
                prop::collection::vec(any::<bool>(), shifts),
            );
            prop::collection::vec(row, 0..8).prop_map(move |mut rows| {
                // A row with nothing for each, so that there is a solution.
                rows.splice(
                    0..0,
                    (0..people).map(|person| (person, 0, vec![false; shifts])),
                );
                Giving {
                    people,
                    under: 1000.0 * f64::from(under),
                    rows,
                }
            })
        })
    }

    /// The program, the columns of the rows, and the basis in which everyone has nothing.
    fn program(giving: &Giving) -> (Program, Vec<usize>, Vec<usize>) {
        let shifts = giving.rows[0].2.len();
        let sides = (0..shifts).map(|_| (1.0, Some(giving.under)));
        let people = (0..giving.people).map(|_| (1.0, None));
        let mut program = Program::new(sides.chain(people));
        for shift in 0..shifts {
            program.add(1000.0, vec![(shift, -1.0)]);
        }
        let columns: Vec<usize> = giving
            .rows
            .iter()
            .map(|(person, cost, has)| {
                let shifts_of = has.iter().enumerate().filter(|(_, has)| **has);
                let mut entries: Vec<(usize, f64)> =
                    shifts_of.map(|(shift, _)| (shift, 1.0)).collect();
                entries.push((shifts + person, 1.0));
                program.add(1000.0 * f64::from(*cost), entries)
            })
            .collect();
        let basis = (0..shifts)
            .chain(columns.iter().copied().take(giving.people))
            .collect();
        (program, columns, basis)
    }

    /// The least cost with one row for each, by trying all.
    fn least_whole(giving: &Giving, allowed: &dyn Fn(usize) -> bool) -> f64 {
        let mut ways: Vec<(f64, Vec<i32>)> = vec![(0.0, vec![0; giving.rows[0].2.len()])];
        for person in 0..giving.people {
            let mut next = Vec::new();
            for (cost, cover) in &ways {
                for (index, (whose, own, has)) in giving.rows.iter().enumerate() {
                    if *whose == person && allowed(index) {
                        let cover = cover
                            .iter()
                            .zip(has)
                            .map(|(have, &has)| have + i32::from(has));
                        next.push((cost + 1000.0 * f64::from(*own), cover.collect()));
                    }
                }
            }
            ways = next;
        }
        ways.iter()
            .map(|(cost, cover)| {
                let slots = cover.iter().map(|&have| {
                    if have == 0 {
                        giving.under
                    } else {
                        1000.0 * f64::from(have - 1)
                    }
                });
                cost + slots.sum::<f64>()
            })
            .fold(f64::INFINITY, f64::min)
    }

    proptest! {
        /// The solution is no dearer than any of whole rows, nothing saves any more, and people's rows
        /// add up to one each; also after all rows but one of a person are barred.
        #[test]
        fn the_best_mixture_is_a_bound_and_keeps_to_bars(giving in giving(), fixed in 0usize..11) {
            let (mut program, columns, basis) = program(&giving);
            program.begin(basis);
            prop_assert_eq!(program.solve(u64::MAX, 1e-9, f64::NEG_INFINITY), Solved::Best);
            let fixed = fixed % columns.len();
            let free = program.cost();
            // Costs and sides are moved a little.
            prop_assert!(free <= least_whole(&giving, &|_| true) + 100.0);
            let person = giving.rows[fixed].0;
            let open = |row: usize| row == fixed || giving.rows[row].0 != person;
            for (row, &column) in columns.iter().enumerate() {
                program.bar(column, !open(row));
            }
            program.work = 0;
            prop_assert_eq!(program.solve(u64::MAX, 1e-9, f64::NEG_INFINITY), Solved::Best);
            prop_assert!(program.cost() <= least_whole(&giving, &open) + 100.0);
            prop_assert!(program.cost() >= free - 1000.0);
            let shifts = giving.rows[0].2.len();
            let mut sums = vec![0.0; giving.people];
            for (column, value) in program.solution() {
                prop_assert!(value > -1e-6);
                let Some(row) = columns.iter().position(|&known| known == column) else {
                    prop_assert!(column < shifts || column >= shifts + giving.people || value < 1e-6);
                    continue;
                };
                prop_assert!(open(row) || value < 1e-6);
                sums[giving.rows[row].0] += value;
            }
            for sum in sums {
                prop_assert!((sum - 1.0).abs() < 1e-6);
            }
            for &column in &columns {
                if let Some(left) = program.less_worth(column, program.prices()) {
                    prop_assert!(left > -1e-6);
                }
            }
        }
    }
}
