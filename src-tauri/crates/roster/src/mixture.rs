//! The cheapest mixture of known rows: a linear program, solved by a primal-dual interior-point method
//! (Mehrotra 1992).
//!
//! People take shares of rows that add up to one each; what the cells lack or have too much costs by the
//! unit. Such programs are so degenerate that the simplex method wanders for tens of thousands of pivots.
//! Here some fifteen steps do, and the prices lie in the middle of those that are right, where rows looked
//! for serve longest (Gondzio, González-Brevis and Munari 2013).

use crate::compile::at;

/// What a cell needs, and what a unit missing or too much costs. One of both costs something.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Demand {
    pub(crate) need: f64,
    pub(crate) under: f64,
    pub(crate) over: f64,
}

/// How much is given to which cell, in order of cells.
pub(crate) type Entries = Vec<(usize, f64)>;

/// A row that a person may take a share of.
#[derive(Debug, Clone)]
pub(crate) struct Part {
    /// What the caller knows it by.
    pub(crate) known: usize,
    /// People are numbered from 0 on, and each has a part.
    pub(crate) person: usize,
    pub(crate) cost: f64,
    pub(crate) entries: Entries,
}

/// An unknown and its reduced cost, both above 0, and how they are to change.
#[derive(Debug, Clone, Copy, Default)]
struct Pair {
    value: f64,
    cost: f64,
    value_step: f64,
    cost_step: f64,
    /// By how much value times cost is to change.
    aim: f64,
}

impl Pair {
    fn of(product: f64, cost: f64) -> Self {
        Self {
            value: product / cost,
            cost,
            ..Self::default()
        }
    }

    fn product(&self) -> f64 {
        self.value * self.cost
    }

    fn ratio(&self) -> f64 {
        self.value / self.cost
    }

    fn set_steps(&mut self, cost_step: f64) {
        self.cost_step = cost_step;
        self.value_step = (self.aim - self.value * cost_step) / self.cost;
    }
}

/// What belongs to one person.
#[derive(Debug, Clone)]
struct Own {
    /// The part of the greatest ratio. Entries count as far as they differ from its own: the great ratios
    /// of parts that are taken would else leave nothing of the small ones but rounding.
    head: usize,
    /// Sums over parts of ratios, and of ratios times entries.
    ratios: f64,
    mean: Vec<f64>,
    /// What is lacking to one, and what of it the parts' aims leave.
    lack: f64,
    left: f64,
    /// By how much all reduced costs of the person fall beyond what the head's worth tells.
    step: f64,
}

/// Where within a step the work is.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Stage {
    Equations,
    /// Rows of the matrix that are factored.
    Factor(usize),
    Step,
}

/// A program and its solution so far.
#[derive(Debug, Clone)]
pub(crate) struct Mixture {
    demands: Vec<Demand>,
    parts: Vec<Part>,
    people: Vec<Own>,
    rows: Vec<Pair>,
    missing: Vec<Pair>,
    extra: Vec<Pair>,
    /// What one more unit in a cell is worth.
    prices: Vec<f64>,
    /// By cell, what is lacking to the need.
    lack: Vec<f64>,
    /// How each part's entries differ from those of its person's head.
    differences: Vec<Entries>,
    /// The upper triangle of the equations for the prices' steps, then of its factor.
    matrix: Vec<f64>,
    /// The equations' right side, then the prices' steps.
    right: Vec<f64>,
    stage: Stage,
    steps: u32,
    tolerance: f64,
}

/// How much of the way to where an unknown would be 0 is gone.
const INSIDE: f64 = 0.99;
/// More steps than ever needed; only rounding can take them.
const MOST_STEPS: u32 = 60;
/// How far cells and people may be from what they are to have.
const LACK: f64 = 1e-6;
/// Prices begin at least this part of their range away from its ends.
const FROM_ENDS: f64 = 0.01;
/// Rows of the matrix factored together.
const PANEL: usize = 4;
/// Multiplications per step of work.
const NUMBERS_PER_WORK: usize = 6;

impl Mixture {
    /// A program, with prices to begin near; its solution is good when it costs no more than the
    /// tolerance above the least, and it begins as if it cost about so much more.
    pub(crate) fn new(
        demands: Vec<Demand>,
        people: usize,
        parts: Vec<Part>,
        prices: &[f64],
        tolerance: f64,
        begin: f64,
    ) -> Self {
        let cells = demands.len();
        let own = Own {
            head: 0,
            ratios: 0.0,
            mean: vec![0.0; cells],
            lack: 0.0,
            left: 0.0,
            step: 0.0,
        };
        let mut mixture = Self {
            people: vec![own; people],
            rows: Vec::with_capacity(parts.len()),
            missing: Vec::with_capacity(cells),
            extra: Vec::with_capacity(cells),
            prices: Vec::with_capacity(cells),
            lack: vec![0.0; cells],
            differences: vec![Vec::new(); parts.len()],
            matrix: vec![0.0; cells * cells],
            right: vec![0.0; cells],
            stage: Stage::Equations,
            steps: 0,
            tolerance,
            demands,
            parts,
        };
        // All products are equal in the beginning, so that none comes near 0 before the others.
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let product = begin / (mixture.parts.len() + 2 * cells) as f64;
        for (demand, &price) in mixture.demands.iter().zip(prices) {
            let Demand { under, over, .. } = *demand;
            let room = FROM_ENDS * (under + over);
            let price = price.clamp(room - over, under - room);
            mixture.prices.push(price);
            mixture.missing.push(Pair::of(product, under - price));
            mixture.extra.push(Pair::of(product, over + price));
        }
        mixture.take_shares(product);
        mixture
    }

    /// Gives everyone the shares whose products with the reduced costs are all as told.
    fn take_shares(&mut self, product: f64) {
        let prices = &self.prices;
        let lefts: Vec<f64> = self
            .parts
            .iter()
            .map(|part| part.cost - worth(&part.entries, prices))
            .collect();
        // How far the reduced costs are below what is left of costs, from at least to at most.
        let mut ranges = vec![(f64::INFINITY, 0.0); self.people.len()];
        for (part, &left) in self.parts.iter().zip(&lefts) {
            if let Some((least, count)) = ranges.get_mut(part.person) {
                *least = left.min(*least);
                *count += 1.0;
            }
        }
        for (least, count) in &mut ranges {
            (*least, *count) = (*least - product * *count, *least - product);
        }
        let mut sums = vec![0.0; ranges.len()];
        for _ in 0..50 {
            sums.fill(0.0);
            for (part, left) in self.parts.iter().zip(&lefts) {
                let (low, high) = at(&ranges, part.person);
                if let Some(sum) = sums.get_mut(part.person) {
                    *sum += product / (left - f64::midpoint(low, high));
                }
            }
            for ((low, high), &sum) in ranges.iter_mut().zip(&sums) {
                let middle = f64::midpoint(*low, *high);
                *(if sum > 1.0 { high } else { low }) = middle;
            }
        }
        let rows = self.parts.iter().zip(&lefts).map(|(part, left)| {
            let (low, _) = at(&ranges, part.person);
            Pair::of(product, left - low)
        });
        self.rows.extend(rows);
    }

    pub(crate) fn prices(&self) -> &[f64] {
        &self.prices
    }

    /// What parts are known by, with their shares.
    pub(crate) fn shares(&self) -> impl Iterator<Item = (usize, f64)> {
        let parts = self.parts.iter().zip(&self.rows);
        parts.map(|(part, row)| (part.known, row.value))
    }

    /// What the mixture costs.
    pub(crate) fn cost(&self) -> f64 {
        let rows = self.parts.iter().zip(&self.rows);
        let rows: f64 = rows.map(|(part, row)| part.cost * row.value).sum();
        let cells = self.demands.iter().zip(&self.missing).zip(&self.extra);
        let cells = cells.map(|((demand, missing), extra)| {
            demand.under * missing.value + demand.over * extra.value
        });
        rows + cells.sum::<f64>()
    }

    fn pairs(&self) -> impl Iterator<Item = &Pair> {
        self.rows.iter().chain(&self.missing).chain(&self.extra)
    }

    fn pairs_mut(&mut self) -> impl Iterator<Item = &mut Pair> {
        let cells = self.missing.iter_mut().chain(&mut self.extra);
        self.rows.iter_mut().chain(cells)
    }

    /// Goes on until so much work is done; true where the mixture is good.
    pub(crate) fn solve(&mut self, work: &mut u64, most_work: u64) -> bool {
        let cells = self.demands.len();
        while *work < most_work {
            let numbers = match self.stage {
                Stage::Equations => {
                    if self.is_good() {
                        return true;
                    }
                    self.steps += 1;
                    let numbers = self.set_equations();
                    self.stage = Stage::Factor(0);
                    numbers
                }
                Stage::Factor(from) if from < cells => {
                    self.factor(from);
                    self.stage = Stage::Factor(from + PANEL);
                    PANEL * (cells - from) * (cells - from) / 2
                }
                Stage::Factor(_) => {
                    self.stage = Stage::Step;
                    0
                }
                Stage::Step => {
                    self.step();
                    self.stage = Stage::Equations;
                    2 * (cells * cells + 2 * cells * self.people.len() + 60 * self.parts.len())
                }
            };
            *work += (numbers / NUMBERS_PER_WORK) as u64;
        }
        false
    }

    /// Sets what is lacking. Does the mixture have all it needs, and cost as little as wanted.
    fn is_good(&mut self) -> bool {
        let cells = self.demands.iter().zip(&self.missing).zip(&self.extra);
        for (lack, ((demand, missing), extra)) in self.lack.iter_mut().zip(cells) {
            *lack = demand.need - missing.value + extra.value;
        }
        for own in &mut self.people {
            own.lack = 1.0;
        }
        for (part, row) in self.parts.iter().zip(&self.rows) {
            add(&mut self.lack, &part.entries, -row.value);
            if let Some(own) = self.people.get_mut(part.person) {
                own.lack -= row.value;
            }
        }
        let people = self.people.iter().map(|own| &own.lack);
        let most = self.lack.iter().chain(people);
        let most = most.fold(0.0, |most: f64, lack| lack.abs().max(most));
        let above: f64 = self.pairs().map(Pair::product).sum();
        (above < self.tolerance && most < LACK) || self.steps >= MOST_STEPS
    }

    /// Sets up the equations for the prices' steps; says how many numbers that took.
    fn set_equations(&mut self) -> usize {
        let cells = self.demands.len();
        let mut numbers = cells * cells / 8;
        self.matrix.fill(0.0);
        let mut greatest = vec![0.0; self.people.len()];
        for (place, (part, row)) in self.parts.iter().zip(&self.rows).enumerate() {
            if let Some(greatest) = greatest.get_mut(part.person)
                && let Some(own) = self.people.get_mut(part.person)
                && row.ratio() > *greatest
            {
                *greatest = row.ratio();
                own.head = place;
            }
        }
        for own in &mut self.people {
            own.ratios = 0.0;
            own.mean.fill(0.0);
        }
        let parts = self.parts.iter().zip(&self.rows).zip(&mut self.differences);
        for (place, ((part, row), entries)) in parts.enumerate() {
            let Some(own) = self.people.get_mut(part.person) else {
                continue;
            };
            own.ratios += row.ratio();
            entries.clear();
            if place == own.head {
                continue;
            }
            if let Some(head) = self.parts.get(own.head) {
                differ(&part.entries, &head.entries, entries);
            }
            add(&mut own.mean, entries, row.ratio());
            add_square(&mut self.matrix, cells, entries, row.ratio());
            numbers += entries.len() * entries.len();
        }
        let mut support = Vec::new();
        for own in &self.people {
            let mean = own.mean.iter().copied().enumerate();
            support.clear();
            support.extend(mean.filter(|(_, mean)| *mean != 0.0));
            add_square(&mut self.matrix, cells, &support, -1.0 / own.ratios);
            numbers += support.len() * support.len() / 2;
        }
        let diagonal = self.matrix.iter_mut().step_by(cells + 1);
        for ((entry, missing), extra) in diagonal.zip(&self.missing).zip(&self.extra) {
            *entry += missing.ratio() + extra.ratio();
        }
        numbers
    }

    /// Some rows more of the matrix's factor (Cholesky).
    fn factor(&mut self, from: usize) {
        let cells = self.demands.len();
        let rows = self.matrix.get_mut(from * cells..).unwrap_or_default();
        let (panel, below) = rows.split_at_mut((PANEL * cells).min(rows.len()));
        let lines = panel.chunks_exact_mut(cells);
        let mut lines: Vec<&mut [f64]> = lines.filter_map(|line| line.get_mut(from..)).collect();
        for own in 0..lines.len() {
            let (before, rest) = lines.split_at_mut(own);
            let Some(line) = rest.first_mut().and_then(|line| line.get_mut(own..)) else {
                continue;
            };
            for earlier in before {
                let earlier = earlier.get(own..).unwrap_or_default();
                let share = at(earlier, 0);
                for (entry, other) in line.iter_mut().zip(earlier) {
                    *entry -= share * other;
                }
            }
            // Never 0 but for rounding.
            let pivot = at(line, 0).max(f64::MIN_POSITIVE).sqrt();
            for entry in line {
                *entry /= pivot;
            }
        }
        let [one, two, three, four] = lines.as_slice() else {
            return;
        };
        for (row, line) in below.chunks_exact_mut(cells).enumerate() {
            let row = PANEL + row;
            let (a, b, c, d) = (at(one, row), at(two, row), at(three, row), at(four, row));
            if a == 0.0 && b == 0.0 && c == 0.0 && d == 0.0 {
                continue;
            }
            let line = line.get_mut(from + row..).unwrap_or_default();
            let others = rest(one, row)
                .iter()
                .zip(rest(two, row))
                .zip(rest(three, row))
                .zip(rest(four, row));
            for (entry, (((one, two), three), four)) in line.iter_mut().zip(others) {
                *entry -= a * one + b * two + c * three + d * four;
            }
        }
    }

    /// A step towards where all products are 0, corrected for what that would do to them.
    fn step(&mut self) {
        for pair in self.pairs_mut() {
            pair.aim = -pair.product();
        }
        self.find_steps();
        let (value, cost) = self.reach();
        let products: f64 = self.pairs().map(Pair::product).sum();
        let later = self.pairs().map(|pair| {
            (pair.value + value * pair.value_step) * (pair.cost + cost * pair.cost_step)
        });
        let kept = (later.sum::<f64>() / products).powi(3).clamp(1e-6, 1.0);
        #[expect(clippy::cast_precision_loss, reason = "far below 2^52")]
        let centre = kept * products / self.pairs().count() as f64;
        for pair in self.pairs_mut() {
            pair.aim = centre - pair.product() - pair.value_step * pair.cost_step;
        }
        self.find_steps();
        let (value, cost) = self.reach();
        let value = (INSIDE * value).min(1.0);
        let cost = (INSIDE * cost).min(1.0);
        for pair in self.pairs_mut() {
            pair.value += value * pair.value_step;
            pair.cost += cost * pair.cost_step;
        }
        for (price, step) in self.prices.iter_mut().zip(&self.right) {
            *price += cost * step;
        }
    }

    /// In how many steps the first value and the first reduced cost would be 0, as far as it matters.
    fn reach(&self) -> (f64, f64) {
        let far = (1.0 / INSIDE, 1.0 / INSIDE);
        self.pairs().fold(far, |(value, cost), pair| {
            let to = |now: f64, step: f64| {
                if step < 0.0 {
                    -now / step
                } else {
                    f64::INFINITY
                }
            };
            (
                value.min(to(pair.value, pair.value_step)),
                cost.min(to(pair.cost, pair.cost_step)),
            )
        })
    }

    /// The steps by the pairs' aims and what is lacking.
    fn find_steps(&mut self) {
        self.right.clone_from(&self.lack);
        for own in &mut self.people {
            own.left = own.lack;
            if let Some(head) = self.parts.get(own.head) {
                add(&mut self.right, &head.entries, -own.lack);
            }
        }
        let parts = self.parts.iter().zip(&self.rows).zip(&self.differences);
        for ((part, row), entries) in parts {
            let change = row.aim / row.cost;
            add(&mut self.right, entries, -change);
            if let Some(own) = self.people.get_mut(part.person) {
                own.left -= change;
            }
        }
        let cells = self.missing.iter().zip(&self.extra);
        for (right, (missing, extra)) in self.right.iter_mut().zip(cells) {
            *right += extra.aim / extra.cost - missing.aim / missing.cost;
        }
        for own in &self.people {
            let share = own.left / own.ratios;
            for (right, mean) in self.right.iter_mut().zip(&own.mean) {
                *right -= share * mean;
            }
        }
        self.solve_equations();
        for own in &mut self.people {
            let mean = own.mean.iter().zip(&self.right);
            let known: f64 = mean.map(|(mean, step)| mean * step).sum();
            own.step = (own.left - known) / own.ratios;
        }
        let parts = self.parts.iter().zip(&mut self.rows);
        for ((part, row), entries) in parts.zip(&self.differences) {
            let step = self.people.get(part.person).map_or(0.0, |own| own.step);
            row.set_steps(-worth(entries, &self.right) - step);
        }
        let cells = self.missing.iter_mut().zip(&mut self.extra);
        for ((missing, extra), step) in cells.zip(&self.right) {
            missing.set_steps(-step);
            extra.set_steps(*step);
        }
    }

    /// From the right side to the prices' steps, by the factor.
    fn solve_equations(&mut self) {
        let cells = self.demands.len().max(1);
        for (row, line) in self.matrix.chunks_exact(cells).enumerate() {
            let right = self.right.get_mut(row..).unwrap_or_default();
            if let ([own, later @ ..], [pivot, line @ ..]) = (right, rest(line, row)) {
                *own /= pivot;
                for (right, entry) in later.iter_mut().zip(line) {
                    *right -= *own * entry;
                }
            }
        }
        for (row, line) in self.matrix.chunks_exact(cells).enumerate().rev() {
            let right = self.right.get_mut(row..).unwrap_or_default();
            if let ([own, later @ ..], [pivot, line @ ..]) = (right, rest(line, row)) {
                let known = later.iter().zip(line);
                let known: f64 = known.map(|(right, entry)| right * entry).sum();
                *own = (*own - known) / pivot;
            }
        }
    }
}

fn rest(line: &[f64], from: usize) -> &[f64] {
    line.get(from..).unwrap_or_default()
}

/// What entries come to at such prices.
pub(crate) fn worth(entries: &[(usize, f64)], prices: &[f64]) -> f64 {
    let entries = entries.iter();
    entries
        .map(|&(cell, amount)| at(prices, cell) * amount)
        .sum()
}

/// Adds entries so many times.
pub(crate) fn add(sums: &mut [f64], entries: &[(usize, f64)], times: f64) {
    for &(cell, amount) in entries {
        if let Some(sum) = sums.get_mut(cell) {
            *sum += times * amount;
        }
    }
}

/// Adds the products of all pairs of entries so many times to the upper triangle of a matrix.
fn add_square(matrix: &mut [f64], cells: usize, entries: &[(usize, f64)], times: f64) {
    let mut left = entries;
    while let [(cell, amount), ..] = left {
        let line = matrix.get_mut(cell * cells..(cell + 1) * cells);
        add(line.unwrap_or_default(), left, times * amount);
        left = left.get(1..).unwrap_or_default();
    }
}

/// Entries less others.
fn differ(entries: &[(usize, f64)], others: &[(usize, f64)], into: &mut Entries) {
    let (mut entries, mut others) = (entries.iter().peekable(), others.iter().peekable());
    loop {
        let cell = match (entries.peek(), others.peek()) {
            (None, None) => return,
            (Some((cell, _)), None) | (None, Some((cell, _))) => *cell,
            (Some((one, _)), Some((other, _))) => *one.min(other),
        };
        let own = entries.next_if(|entry| entry.0 == cell);
        let other = others.next_if(|entry| entry.0 == cell);
        let amount = own.map_or(0.0, |entry| entry.1) - other.map_or(0.0, |entry| entry.1);
        if amount != 0.0 {
            into.push((cell, amount));
        }
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    /// Shifts to give to people: a cell each, and rows of shifts that someone may have.
    #[derive(Debug, Clone)]
    struct Giving {
        people: usize,
        demands: Vec<Demand>,
        parts: Vec<Part>,
    }

    fn giving() -> impl Strategy<Value = Giving> {
        (1usize..4, 1usize..5, 1u8..30).prop_flat_map(|(people, shifts, under)| {
            let has = prop::collection::vec(any::<bool>(), shifts);
            let row = (0..people, 0u8..20, has);
            prop::collection::vec(row, 0..8).prop_map(move |rows| {
                // A row with nothing for each, so that there is a solution.
                let nothing = (0..people).map(|person| (person, 0, Vec::new()));
                let parts = nothing.chain(rows).enumerate();
                let parts = parts.map(|(known, (person, cost, has))| Part {
                    known,
                    person,
                    cost: f64::from(cost),
                    entries: (0..)
                        .zip(has)
                        .filter(|cell| cell.1)
                        .map(|cell| (cell.0, 1.0))
                        .collect(),
                });
                let demand = Demand {
                    need: 1.0,
                    under: f64::from(under),
                    over: 1.0,
                };
                Giving {
                    people,
                    demands: vec![demand; shifts],
                    parts: parts.collect(),
                }
            })
        })
    }

    /// The program, each cell's price beginning alike.
    fn begun(giving: &Giving, price: f64) -> Mixture {
        Mixture::new(
            giving.demands.clone(),
            giving.people,
            giving.parts.clone(),
            &vec![price; giving.demands.len()],
            1e-4,
            10.0,
        )
    }

    /// The least cost with one row for each, by trying all.
    fn least_whole(giving: &Giving) -> f64 {
        let mut ways = vec![(0.0, vec![0.0; giving.demands.len()])];
        for person in 0..giving.people {
            let parts = giving.parts.iter().filter(|part| part.person == person);
            ways = parts
                .flat_map(|part| {
                    ways.iter().map(|(cost, cover)| {
                        let mut cover = cover.clone();
                        add(&mut cover, &part.entries, 1.0);
                        (cost + part.cost, cover)
                    })
                })
                .collect();
        }
        let costs = ways.iter().map(|(cost, cover)| {
            let cells = giving.demands.iter().zip(cover);
            let cells = cells.map(|(demand, have)| {
                let lack = demand.need - have;
                (demand.under * lack).max(-demand.over * lack)
            });
            cost + cells.sum::<f64>()
        });
        costs.fold(f64::INFINITY, f64::min)
    }

    proptest! {
        /// The mixture is one, it is no dearer than whole rows, and its prices prove that none is cheaper.
        #[test]
        fn the_mixture_is_the_cheapest(giving in giving(), first in -2.0f64..40.0) {
            let mut mixture = begun(&giving, first);
            prop_assert!(mixture.solve(&mut 0, u64::MAX));
            prop_assert!(mixture.cost() <= least_whole(&giving) + 1e-3);
            let mut sums = vec![0.0; giving.people];
            for (known, share) in mixture.shares() {
                prop_assert!(share > 0.0);
                sums[giving.parts[known].person] += share;
            }
            for sum in sums {
                prop_assert!((sum - 1.0).abs() < 1e-5);
            }
            let mut bound: f64 = giving.demands.iter().zip(mixture.prices()).map(|(demand, price)| {
                assert!(*price <= demand.under && *price >= -demand.over);
                demand.need * price
            }).sum();
            for person in 0..giving.people {
                let parts = giving.parts.iter().filter(|part| part.person == person);
                let lefts = parts.map(|part| part.cost - worth(&part.entries, mixture.prices()));
                bound += lefts.fold(f64::INFINITY, f64::min);
            }
            prop_assert!(bound > mixture.cost() - 1e-3, "{bound} {}", mixture.cost());
        }

        /// Work done in pieces comes to the same.
        #[test]
        fn a_rest_changes_nothing(giving in giving(), piece in 1u64..50) {
            let mixture = begun(&giving, 0.5);
            let (mut whole, mut pieces) = (mixture.clone(), mixture);
            whole.solve(&mut 0, u64::MAX);
            while !pieces.solve(&mut 0, piece) {}
            prop_assert_eq!(whole.prices(), pieces.prices());
        }
    }
}
