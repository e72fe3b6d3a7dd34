//! The cheapest days for one person while everyone else stays: a shortest path over (day, state).
//!
//! Labels carry what the automaton does not: minutes, weekends, Sundays and counts of limited templates.
//! A backward pass without those, with multipliers on minutes and weekends in their place (Lagrangian
//! relaxation), bounds from below what each label can still come to; a label that cannot beat the best
//! known is dropped. With labels to spare the result is exact.

use crate::compile::at;
use crate::sequence::Sequence;

/// Cost of breaking one rule, in thousandths: more than any plan's demand.
pub(crate) const BREACH: i64 = 1_000_000_000_000;
/// Cost of a unit of minutes too few or too many.
const BREACH_MINUTES: i64 = BREACH / 1000;
/// No way from here.
pub(crate) const NEVER: i64 = i64::MAX / 4;

/// What a symbol uses up.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Use {
    /// Paid minutes in units common to all templates.
    pub(crate) minutes: u16,
    /// One more than the place among the person's limited templates; 0 for none.
    pub(crate) limited: u8,
    pub(crate) night: bool,
    pub(crate) unpopular: u8,
}

/// One choice for a day.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Choice {
    pub(crate) symbol: u16,
    pub(crate) cost: i64,
}

/// A day of the window.
#[expect(clippy::struct_excessive_bools, reason = "they go in any combination")]
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Day {
    /// Place of its choices, first and one beyond the last.
    pub(crate) first: usize,
    pub(crate) end: usize,
    /// Nothing else is possible, so rules may be broken.
    pub(crate) forced: bool,
    /// 0 is Monday, 6 Sunday.
    pub(crate) weekday: u8,
    /// First day of a weekend within the period.
    pub(crate) opens_weekend: bool,
    /// Its weekend counts already, by a day outside the window.
    pub(crate) weekend_counts: bool,
    /// Minutes of its week outside the window.
    pub(crate) week_minutes: u16,
    /// After the period: in no sum but that of its week.
    pub(crate) ahead: bool,
    /// Where the symbols of its kind of day begin, for their steps and for what they use up.
    pub(crate) offset: usize,
}

/// What is left of the person's limits, in units and numbers.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Left {
    pub(crate) min_minutes: i64,
    pub(crate) max_minutes: i64,
    pub(crate) week_minutes: Option<u16>,
    pub(crate) weekends: Option<u8>,
    pub(crate) sundays: Option<u8>,
    /// For each of up to eight limited templates.
    pub(crate) limited: [u8; 8],
    /// Bits of the limited templates that are counted in labels.
    pub(crate) counted: u8,
}

/// A person's window of days with everything around it.
#[derive(Debug)]
pub(crate) struct Window<'a> {
    pub(crate) sequence: &'a Sequence,
    pub(crate) start: u16,
    pub(crate) days: &'a [Day],
    pub(crate) choices: &'a [Choice],
    /// By kind of day and symbol.
    pub(crate) uses: &'a [Use],
    pub(crate) left: Left,
    pub(crate) fair: Fair,
    /// By state, what the fixed days after the window break.
    pub(crate) ends: &'a [i64],
    /// Only cheaper paths are of interest.
    pub(crate) below: i64,
    /// Most labels kept on a day.
    pub(crate) most_labels: usize,
}

/// What one more night, weekend or unit of unpopularity costs: at first, and how much more each further.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Fair {
    pub(crate) used: bool,
    pub(crate) first: [i64; 3],
    pub(crate) more: [i64; 3],
}

/// Multipliers on minutes and weekends; kept per person, since they change little.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Prices {
    pub(crate) minutes: i64,
    pub(crate) weekends: i64,
}

#[derive(Debug, Clone, Copy, Default)]
struct Label {
    cost: i64,
    bound: i64,
    counts: u64,
    parent: u32,
    state: u16,
    minutes: u16,
    week_minutes: u16,
    symbol: u16,
    weekends: u8,
    sundays: u8,
    /// Nights, weekends and unpopularity, for fairness. Labels that differ in them alone are merged,
    /// the cheaper stays: with fairness a path is good, not proven best.
    fair: [u8; 3],
}

impl Label {
    fn same(&self, other: &Self) -> bool {
        self.state == other.state
            && self.minutes == other.minutes
            && self.week_minutes == other.week_minutes
            && self.weekends == other.weekends
            && self.sundays == other.sundays
            && self.counts == other.counts
    }

    fn hash(&self) -> usize {
        let key = u64::from(self.state)
            | u64::from(self.minutes) << 16
            | u64::from(self.week_minutes) << 32
            | u64::from(self.weekends) << 48
            | u64::from(self.sundays) << 56;
        let mixed = (key ^ self.counts.rotate_left(29)).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        (mixed >> 40) as usize
    }
}

/// Room that is used again from one path to the next.
#[derive(Debug, Clone, Default)]
pub(crate) struct Room {
    labels: Vec<Label>,
    togo: Vec<i64>,
    minutes: Vec<i32>,
    symbol_costs: Vec<i64>,
    table: Vec<(u32, u32)>,
    mask: usize,
    /// The best relaxed path that keeps to every limit.
    kept: Vec<u16>,
    kept_cost: i64,
    stamp: u32,
    /// Steps of work done since it was last set to zero.
    pub(crate) work: u64,
}

const TABLE: usize = 1 << 16;
/// Most steps of the multipliers.
const ROUNDS: u32 = 5;

/// What the relaxed path comes to.
struct Relaxed {
    bound: i64,
    cost: i64,
    minutes: i64,
    weekends: i64,
    /// Meets all that is counted.
    fits: bool,
}

impl Room {
    /// The cheapest path below `window.below`, as symbols by day, with its cost. Limited templates are
    /// counted in labels only once a path has had too many of them, for that takes long.
    pub(crate) fn cheapest_within_limits(
        &mut self,
        window: &mut Window<'_>,
        prices: &mut Prices,
        path: &mut Vec<u16>,
    ) -> Option<i64> {
        loop {
            let found = self.cheapest(window, prices, path)?;
            let passed = window.passed_limits(path) & !window.left.counted;
            if passed == 0 {
                return Some(found);
            }
            window.left.counted |= passed;
        }
    }

    /// The same without the limited templates that are not counted.
    fn cheapest(
        &mut self,
        window: &Window<'_>,
        prices: &mut Prices,
        path: &mut Vec<u16>,
    ) -> Option<i64> {
        self.kept_cost = window.below;
        let relaxed = if window.below >= NEVER {
            self.relax_blindly(window, prices, path)
        } else {
            self.relax(window, prices, path)
        };
        // The best relaxed path that keeps to every limit is the one to beat.
        let mut found = None;
        if self.kept_cost < window.below {
            found = Some(self.kept_cost);
        }
        let blind = window.below >= NEVER;
        let mut most_labels = window.most_labels;
        while relaxed.bound < self.kept_cost {
            let tight = Window {
                below: self.kept_cost,
                most_labels,
                ..*window
            };
            if let Some(cost) = self.labels(&tight, blind, *prices, path) {
                return Some(cost);
            }
            // A first search may have dropped too much.
            if !blind || most_labels >= 16 * window.most_labels {
                break;
            }
            most_labels *= 4;
        }
        if found.is_some() {
            path.clone_from(&self.kept);
        }
        found
    }

    fn keep(&mut self, found: &Relaxed, path: &[u16]) {
        if found.fits && found.cost < self.kept_cost {
            self.kept_cost = found.cost;
            self.kept.clear();
            self.kept.extend_from_slice(path);
        }
    }

    /// Improves the multipliers by a few steps; leaves the costs to go for the best of them.
    fn relax(&mut self, window: &Window<'_>, prices: &mut Prices, path: &mut Vec<u16>) -> Relaxed {
        let mut best: Option<(i64, Prices)> = None;
        let mut tried = *prices;
        let mut found;
        let mut rounds = 0;
        loop {
            self.costs_to_go(window, tried);
            found = self.relaxed_path(window, tried, path);
            self.keep(&found, path);
            rounds += 1;
            if best.is_none_or(|(bound, _)| found.bound >= bound) {
                best = Some((found.bound, tried));
            }
            if found.bound >= self.kept_cost || rounds >= ROUNDS {
                break;
            }
            let aim = Window {
                below: self.kept_cost,
                ..*window
            };
            let next = aim.better_prices(tried, &found);
            if next.minutes == tried.minutes && next.weekends == tried.weekends {
                break;
            }
            tried = next;
        }
        if let Some((bound, best)) = best {
            *prices = best;
            if bound > found.bound {
                self.costs_to_go(window, best);
                found = self.relaxed_path(window, best, path);
            }
        }
        found
    }

    /// Multipliers without a cost to aim at: the price of minutes is doubled and halved until the
    /// relaxed path has about the minutes that are asked for.
    fn relax_blindly(
        &mut self,
        window: &Window<'_>,
        prices: &mut Prices,
        path: &mut Vec<u16>,
    ) -> Relaxed {
        let (mut low, mut high) = (None, None);
        let longest = window.uses.iter().map(|uses| uses.minutes).max();
        let longest = i64::from(longest.unwrap_or(1).max(1));
        let dearest = window.choices.iter().map(|choice| choice.cost.abs()).max();
        let mut step = (dearest.unwrap_or_default().min(BREACH / 1000) / longest / 8).max(16);
        prices.weekends = 0;
        let mut rounds = 0;
        loop {
            self.costs_to_go(window, *prices);
            let found = self.relaxed_path(window, *prices, path);
            self.keep(&found, path);
            rounds += 1;
            let weekends_over = window
                .left
                .weekends
                .is_some_and(|most| found.weekends > i64::from(most));
            let over = found.minutes > window.left.max_minutes;
            let under = found.minutes < window.left.min_minutes;
            let closed = low
                .zip(high)
                .is_some_and(|(low, high): (i64, i64)| high - low <= 2);
            if rounds >= 16 || found.bound >= NEVER || !(weekends_over || over || under) || closed {
                return found;
            }
            if weekends_over {
                prices.weekends += prices.weekends / 2 + step * longest / 2;
            }
            if over {
                low = Some(prices.minutes);
            } else if under {
                high = Some(prices.minutes);
            } else {
                continue;
            }
            prices.minutes = match (low, high) {
                (Some(low), Some(high)) if low < high => low.midpoint(high),
                (Some(low), _) if over => {
                    high = None;
                    step *= 2;
                    low + step
                }
                (_, Some(high)) => {
                    low = None;
                    step *= 2;
                    high - step
                }
                _ => return found,
            }
            .clamp(-BREACH_MINUTES, BREACH_MINUTES);
        }
    }

    fn costs_to_go(&mut self, window: &Window<'_>, prices: Prices) {
        let sequence = window.sequence;
        let states = sequence.states();
        let days = window.days.len();
        self.togo.clear();
        self.togo.resize((days + 1) * states, NEVER);
        if let Some(last) = self.togo.get_mut(days * states..) {
            for (slot, &end) in last.iter_mut().zip(window.ends) {
                *slot = end;
            }
        }
        let weekend_price = prices.weekends + window.fair.first_weekend();
        for (index, day) in window.days.iter().enumerate().rev() {
            let choices = window.choices.get(day.first..day.end).unwrap_or_default();
            self.work += (states * choices.len()) as u64;
            let Some((before, after)) = self.togo.split_at_mut_checked((index + 1) * states) else {
                continue;
            };
            let Some(before) = before.get_mut(index * states..) else {
                continue;
            };
            let after = after.get(..states).unwrap_or_default();
            if day.forced {
                window.forced_to_go(day, prices, before, after);
                continue;
            }
            // By symbol; prices do not depend on the state, apart from the weekend's.
            self.symbol_costs.clear();
            self.symbol_costs.resize(sequence.symbols, NEVER);
            for &choice in choices {
                if let Some(slot) = self.symbol_costs.get_mut(usize::from(choice.symbol)) {
                    *slot = window.priced(day, choice, prices).cost;
                }
            }
            let off = sequence.symbols - 1;
            for (slot, (works, steps)) in before.iter_mut().zip(sequence.legal(day.offset)) {
                let mut steps = steps;
                let mut rest = NEVER;
                if let Some((&(symbol, next), others)) = steps.split_last()
                    && usize::from(symbol) == off
                {
                    rest = at(&self.symbol_costs, off) + at(after, usize::from(next));
                    steps = others;
                }
                let mut work = NEVER;
                for &(symbol, next) in steps {
                    let cost =
                        at(&self.symbol_costs, usize::from(symbol)) + at(after, usize::from(next));
                    work = work.min(cost);
                }
                if work < NEVER && day.new_weekend(works) {
                    work += weekend_price;
                }
                *slot = rest.min(work).min(NEVER);
            }
        }
    }

    /// By state, the most minutes that each day and those after it can still bring.
    fn minutes_to_go(&mut self, window: &Window<'_>) {
        let sequence = window.sequence;
        let states = sequence.states();
        let days = window.days.len();
        self.minutes.clear();
        self.minutes.resize((days + 1) * states, -1);
        if let Some(last) = self.minutes.get_mut(days * states..) {
            for (slot, &end) in last.iter_mut().zip(window.ends) {
                *slot = if end >= NEVER { -1 } else { 0 };
            }
        }
        for (index, day) in window.days.iter().enumerate().rev() {
            let choices = window.choices.get(day.first..day.end).unwrap_or_default();
            self.work += (states * choices.len()) as u64;
            let Some((before, after)) = self.minutes.split_at_mut_checked((index + 1) * states)
            else {
                continue;
            };
            let Some(before) = before.get_mut(index * states..) else {
                continue;
            };
            for (state, slot) in (0u16..).zip(before) {
                for &choice in choices {
                    if let Some(step) = window.step(day, state, choice) {
                        let rest = at(after, usize::from(step.state));
                        if rest >= 0 {
                            let own = window.minutes(day, choice.symbol);
                            *slot = (*slot).max(rest + i32::from(own));
                        }
                    }
                }
            }
        }
    }

    fn relaxed_path(&self, window: &Window<'_>, prices: Prices, path: &mut Vec<u16>) -> Relaxed {
        let sequence = window.sequence;
        let states = sequence.states();
        let bound = window.bound(prices, at(&self.togo, usize::from(window.start)));
        path.clear();
        let mut label = Label {
            state: window.start,
            ..Label::default()
        };
        let mut fits = true;
        if bound < NEVER / 2 {
            for (index, day) in window.days.iter().enumerate() {
                let choices = window.choices.get(day.first..day.end).unwrap_or_default();
                let after = self.togo.get((index + 1) * states..).unwrap_or_default();
                let mut least = i64::MAX;
                let mut taken = Choice::default();
                for &choice in choices {
                    let Some(step) = window.step(day, label.state, choice) else {
                        continue;
                    };
                    let togo = at(after, usize::from(step.state));
                    let cost = window.priced(day, choice, prices).cost
                        + step.breach
                        + (prices.weekends + window.fair.first_weekend()) * i64::from(step.weekend)
                        + togo;
                    if cost < least {
                        least = cost;
                        taken = choice;
                    }
                }
                if let Some(next) = window.extend(day, &label, taken) {
                    label = next;
                } else {
                    // Over a limit that the relaxation leaves out: only the sums still matter.
                    fits = false;
                    let Some(step) = window.step(day, label.state, taken) else {
                        break;
                    };
                    label.state = step.state;
                    label.minutes += window.minutes(day, taken.symbol);
                    label.weekends = label.weekends.saturating_add(step.weekend);
                    label.cost += taken.cost + step.breach;
                }
                path.push(taken.symbol);
                if window.week_ends(index) {
                    label.week_minutes = 0;
                }
            }
        }
        let fits = fits
            && path.len() == window.days.len()
            && i64::from(label.minutes) >= window.left.min_minutes
            && i64::from(label.minutes) <= window.left.max_minutes
            && window.counts_fit(path);
        Relaxed {
            bound,
            cost: label.cost + at(window.ends, usize::from(label.state)),
            minutes: i64::from(label.minutes),
            weekends: i64::from(label.weekends),
            fits,
        }
    }

    fn labels(
        &mut self,
        window: &Window<'_>,
        blind: bool,
        prices: Prices,
        path: &mut Vec<u16>,
    ) -> Option<i64> {
        let states = window.sequence.states();
        if self.table.is_empty() {
            self.table = vec![(0, 0); TABLE];
        }
        self.labels.clear();
        self.labels.push(Label {
            state: window.start,
            ..Label::default()
        });
        let least_minutes = if blind { self.least_minutes(window) } else { 0 };
        let cutoff = window.cutoff(prices);
        let weekend_price = prices.weekends + window.fair.first_weekend();
        let off = window.sequence.symbols - 1;
        // Taken out while labels are added; put back below.
        let togo_by_day = std::mem::take(&mut self.togo);
        let mut own_costs = std::mem::take(&mut self.symbol_costs);
        let found = 'days: {
            let mut begin = 0;
            for (index, day) in window.days.iter().enumerate() {
                let choices = window.choices.get(day.first..day.end).unwrap_or_default();
                let end = self.labels.len();
                self.mask = ((end - begin) * 8).next_power_of_two().clamp(1024, TABLE) - 1;
                self.new_stamp();
                self.work += ((end - begin) * choices.len()) as u64 * 3;
                let monday = window.week_ends(index);
                let weeks_to_go = window.weeks_to_go(index + 1);
                own_costs.clear();
                own_costs.extend(
                    choices
                        .iter()
                        .map(|&choice| window.priced(day, choice, prices).cost),
                );
                let togo = togo_by_day
                    .get((index + 1) * states..(index + 2) * states)
                    .unwrap_or_default();
                'labels: for place in begin..end {
                    let Some(&label) = self.labels.get(place) else {
                        break;
                    };
                    let (next_states, broken) = window.sequence.row(day.offset, label.state);
                    let so_far = label.cost
                        + prices.minutes * i64::from(label.minutes)
                        + prices.weekends * i64::from(label.weekends);
                    let new_weekend = day.new_weekend(window.sequence.works(label.state));
                    let weekend = if new_weekend { weekend_price } else { 0 };
                    for (&choice, &own) in choices.iter().zip(&own_costs) {
                        let symbol = usize::from(choice.symbol);
                        let breaks = at(broken, symbol) > 0;
                        if breaks && !day.forced {
                            continue;
                        }
                        let togo = at(togo, usize::from(at(next_states, symbol)));
                        let extra = if symbol == off { 0 } else { weekend };
                        // The bound before limits, fairness and breaches, which only add to it.
                        if togo >= NEVER || so_far + own + extra + togo >= cutoff {
                            continue;
                        }
                        let Some(mut next) = window.extend(day, &label, choice) else {
                            continue;
                        };
                        next.bound = next.cost
                            + prices.minutes * i64::from(next.minutes)
                            + prices.weekends * i64::from(next.weekends)
                            + togo;
                        if next.bound >= cutoff {
                            continue;
                        }
                        if least_minutes > 0 {
                            let place = (index + 1) * states + usize::from(next.state);
                            let most = i64::from(at(&self.minutes, place))
                                .min(weeks_to_go + window.week_left(day, &next, monday));
                            if most < 0 || i64::from(next.minutes) + most < least_minutes {
                                continue;
                            }
                        }
                        if monday {
                            next.week_minutes = 0;
                        }
                        next.parent = u32::try_from(place).unwrap_or(u32::MAX);
                        self.add(end, next);
                        if self.labels.len() - end > TABLE / 2 {
                            break 'labels;
                        }
                    }
                }
                begin = end;
                self.keep_best(begin, window.most_labels.max(1));
                if self.labels.len() == begin {
                    break 'days None;
                }
            }
            self.finish(window, begin, path)
        };
        self.togo = togo_by_day;
        self.symbol_costs = own_costs;
        found
    }

    /// Minutes that every label must still be able to reach. A first search keeps too few labels to
    /// do without it; 0 where none can.
    fn least_minutes(&mut self, window: &Window<'_>) -> i64 {
        if window.left.min_minutes == 0 || window.all_forced() {
            return 0;
        }
        self.minutes_to_go(window);
        let most = i64::from(at(&self.minutes, usize::from(window.start)));
        if most >= window.left.min_minutes {
            window.left.min_minutes
        } else {
            0
        }
    }

    fn keep_best(&mut self, begin: usize, most: usize) {
        if self.labels.len() - begin > most
            && let Some(new) = self.labels.get_mut(begin..)
        {
            new.select_nth_unstable_by_key(most, |label| (label.bound, label.cost));
            self.labels.truncate(begin + most);
        }
    }

    fn new_stamp(&mut self) {
        self.stamp = self.stamp.wrapping_add(1);
        if self.stamp == 0 {
            self.table.fill((0, 0));
            self.stamp = 1;
        }
    }

    /// Adds a label to those from `begin` on, or lets it take the place of its dearer equal.
    fn add(&mut self, begin: usize, label: Label) {
        if (self.labels.len() - begin) * 2 > self.mask && self.mask + 1 < TABLE {
            self.mask = ((self.mask + 1) * 4).min(TABLE) - 1;
            self.new_stamp();
            for place in begin..self.labels.len() {
                let known = at(&self.labels, place);
                let slot = self.slot_of(&known);
                if let Some(entry) = self.table.get_mut(slot) {
                    *entry = (self.stamp, u32::try_from(place).unwrap_or(u32::MAX));
                }
            }
        }
        let slot = self.slot_of(&label);
        let (stamp, place) = at(&self.table, slot);
        if stamp != self.stamp {
            if let Some(entry) = self.table.get_mut(slot) {
                let place = u32::try_from(self.labels.len()).unwrap_or(u32::MAX);
                *entry = (self.stamp, place);
            }
            self.labels.push(label);
        } else if let Some(known) = self.labels.get_mut(place as usize)
            && label.cost < known.cost
        {
            *known = label;
        }
    }

    /// Where the table holds a label like this one, or the free place for it.
    fn slot_of(&self, label: &Label) -> usize {
        let mut slot = label.hash() & self.mask;
        loop {
            let (stamp, place) = at(&self.table, slot);
            if stamp != self.stamp
                || self
                    .labels
                    .get(place as usize)
                    .is_none_or(|known| known.same(label))
            {
                return slot;
            }
            slot = (slot + 1) & self.mask;
        }
    }

    fn finish(&self, window: &Window<'_>, begin: usize, path: &mut Vec<u16>) -> Option<i64> {
        let mut best: Option<(i64, Label)> = None;
        for label in self.labels.get(begin..).unwrap_or_default() {
            let end = at(window.ends, usize::from(label.state));
            if end >= NEVER {
                continue;
            }
            let short = (window.left.min_minutes - i64::from(label.minutes)).max(0);
            let cost = label.cost + end + Window::short_cost(short);
            if cost < window.below && best.is_none_or(|(least, _)| cost < least) {
                best = Some((cost, *label));
            }
        }
        let (cost, mut label) = best?;
        path.clear();
        for _ in window.days {
            path.push(label.symbol);
            label = at(&self.labels, label.parent as usize);
        }
        path.reverse();
        Some(cost)
    }
}

impl Fair {
    fn first_weekend(&self) -> i64 {
        let [_, weekend, _] = self.first;
        weekend
    }

    /// What more of each costs beyond the first price of nights and unpopularity, which choices hold.
    fn further(&self, have: [u8; 3], more: [u8; 3]) -> i64 {
        let [_, weekend, _] = more;
        let mut cost = self.first_weekend() * i64::from(weekend);
        for ((have, more), price) in have.into_iter().zip(more).zip(self.more) {
            let (have, more) = (i64::from(have), i64::from(more));
            // Squares grow by 2 × have × more + more² − more beyond the first price of each.
            cost += price * have * more + price * (more * more - more) / 2;
        }
        cost
    }
}

/// What a day's step does to the state.
struct Step {
    state: u16,
    breach: i64,
    weekend: u8,
}

impl Day {
    fn new_weekend(&self, worked_before: bool) -> bool {
        !self.weekend_counts && (self.opens_weekend || (self.weekday == 6 && !worked_before))
    }
}

impl Window<'_> {
    /// Minutes that a choice adds to those of the period.
    fn minutes(&self, day: &Day, symbol: u16) -> u16 {
        if day.ahead {
            0
        } else {
            at(self.uses, day.offset + usize::from(symbol)).minutes
        }
    }

    fn priced(&self, day: &Day, choice: Choice, prices: Prices) -> Choice {
        let minutes = self.minutes(day, choice.symbol);
        Choice {
            symbol: choice.symbol,
            cost: choice.cost + prices.minutes * i64::from(minutes),
        }
    }

    /// A lower bound on every path's cost from the priced cost of a whole path.
    fn bound(&self, prices: Prices, cost: i64) -> i64 {
        if cost >= NEVER / 2 {
            return NEVER;
        }
        let minutes = if prices.minutes > 0 {
            self.left.max_minutes
        } else {
            self.left.min_minutes
        };
        cost - prices.minutes * minutes
            - prices.weekends * i64::from(self.left.weekends.unwrap_or_default())
    }

    /// The priced cost from which a whole path is not below what is asked for.
    fn cutoff(&self, prices: Prices) -> i64 {
        if self.below >= NEVER {
            NEVER
        } else {
            self.below - self.bound(prices, 0)
        }
    }

    /// A cost for minutes too few, so that some plan is found where none has enough.
    fn short_cost(short: i64) -> i64 {
        if short > 0 {
            BREACH + BREACH_MINUTES * short
        } else {
            0
        }
    }

    fn week_ends(&self, index: usize) -> bool {
        let next = self.days.get(index + 1);
        next.is_none_or(|next| next.weekday == 0)
    }

    fn all_forced(&self) -> bool {
        self.days.iter().all(|day| day.forced)
    }

    /// Most minutes that the weeks beginning on one of these days or later allow.
    fn weeks_to_go(&self, from: usize) -> i64 {
        let Some(most) = self.left.week_minutes else {
            return NEVER;
        };
        let days = self.days.iter().skip(from);
        let mondays = days.filter(|day| day.weekday == 0 && !day.ahead);
        mondays
            .map(|day| i64::from(most.saturating_sub(day.week_minutes)))
            .sum()
    }

    /// Minutes left of a label's week.
    fn week_left(&self, day: &Day, label: &Label, week_ends: bool) -> i64 {
        match self.left.week_minutes {
            Some(most) if !week_ends => {
                i64::from(most.saturating_sub(label.week_minutes + day.week_minutes))
            }
            _ => 0,
        }
    }

    /// Costs to go of a day on which rules may be broken.
    fn forced_to_go(&self, day: &Day, prices: Prices, before: &mut [i64], after: &[i64]) {
        let choices = self.choices.get(day.first..day.end).unwrap_or_default();
        for (state, slot) in (0u16..).zip(before) {
            for &choice in choices {
                let Some(step) = self.step(day, state, choice) else {
                    continue;
                };
                let weekend = prices.weekends + self.fair.first_weekend();
                let cost = self.priced(day, choice, prices).cost
                    + step.breach
                    + weekend * i64::from(step.weekend)
                    + at(after, usize::from(step.state));
                *slot = (*slot).min(cost);
            }
        }
    }

    fn step(&self, day: &Day, state: u16, choice: Choice) -> Option<Step> {
        let symbol = usize::from(choice.symbol);
        let breaks = self.sequence.broken(day.offset, state, symbol);
        if breaks > 0 && !day.forced {
            return None;
        }
        let works = symbol + 1 != self.sequence.symbols;
        Some(Step {
            state: self.sequence.next(day.offset, state, symbol),
            breach: BREACH * i64::from(breaks),
            weekend: u8::from(works && day.new_weekend(self.sequence.works(state))),
        })
    }

    /// The label after one more day; none where a limit is passed.
    fn extend(&self, day: &Day, label: &Label, choice: Choice) -> Option<Label> {
        let step = self.step(day, label.state, choice)?;
        let mut next = Label {
            cost: label.cost + choice.cost + step.breach,
            state: step.state,
            symbol: choice.symbol,
            ..*label
        };
        if usize::from(choice.symbol) + 1 == self.sequence.symbols {
            return Some(next);
        }
        let left = &self.left;
        let uses = at(self.uses, day.offset + usize::from(choice.symbol));
        let mut passed = 0;
        if let Some(most) = left.week_minutes {
            next.week_minutes += uses.minutes;
            passed += u8::from(next.week_minutes + day.week_minutes > most);
        }
        if day.ahead {
            return Self::unless_passed(day, next, passed);
        }
        if self.fair.used {
            let more = [u8::from(uses.night), step.weekend, uses.unpopular];
            next.cost += self.fair.further(next.fair, more);
            for (count, more) in next.fair.iter_mut().zip(more) {
                *count = count.saturating_add(more);
            }
        }
        next.minutes += uses.minutes;
        let excess = i64::from(next.minutes) - left.max_minutes.max(0);
        if excess > 0 {
            passed += 1;
            next.cost += BREACH_MINUTES * excess.min(i64::from(uses.minutes));
        }
        if let Some(most) = left.weekends {
            next.weekends += step.weekend;
            passed += u8::from(step.weekend > 0 && next.weekends > most);
        }
        if let Some(most) = left.sundays
            && day.weekday == 6
        {
            next.sundays += 1;
            passed += u8::from(next.sundays > most);
        }
        if uses.limited > 0 {
            let place = uses.limited - 1;
            if left.counted >> place & 1 == 1 {
                next.counts += 1 << (8 * place);
                let count = next.counts >> (8 * place) & 0xFF;
                passed += u8::from(count > u64::from(at(&left.limited, usize::from(place))));
            }
        }
        Self::unless_passed(day, next, passed)
    }

    /// A label with the price of the limits it passes; none where rules may not be broken.
    fn unless_passed(day: &Day, mut label: Label, passed: u8) -> Option<Label> {
        if passed > 0 && !day.forced {
            return None;
        }
        label.cost += BREACH * i64::from(passed);
        Some(label)
    }

    /// Does a path keep to the limits of all limited templates.
    pub(crate) fn counts_fit(&self, path: &[u16]) -> bool {
        self.passed_limits(path) == 0
    }

    /// Bits of the limited templates of which a path has too many.
    pub(crate) fn passed_limits(&self, path: &[u16]) -> u8 {
        let mut counts = [0u16; 8];
        let of_period = self.days.iter().zip(path).filter(|(day, _)| !day.ahead);
        for (_, &symbol) in of_period {
            let limited = at(self.uses, usize::from(symbol)).limited;
            if limited > 0
                && let Some(count) = counts.get_mut(usize::from(limited) - 1)
            {
                *count += 1;
            }
        }
        counts
            .iter()
            .zip(self.left.limited)
            .enumerate()
            .filter(|(_, (count, most))| **count > u16::from(*most))
            .fold(0, |bits, (place, _)| bits | 1 << place)
    }

    /// Multipliers that should bring the relaxed path nearer to the limits (Polyak's step).
    fn better_prices(&self, prices: Prices, found: &Relaxed) -> Prices {
        let left = &self.left;
        let minutes = if found.minutes > left.max_minutes || prices.minutes > 0 {
            found.minutes - left.max_minutes
        } else if found.minutes < left.min_minutes || prices.minutes < 0 {
            found.minutes - left.min_minutes
        } else {
            0
        };
        let weekends = match left.weekends {
            Some(most) => {
                let slack = found.weekends - i64::from(most);
                if slack < 0 && prices.weekends == 0 {
                    0
                } else {
                    slack
                }
            }
            None => 0,
        };
        let square = minutes * minutes + weekends * weekends;
        if square == 0 {
            return prices;
        }
        let target = if self.below >= BREACH || self.below - found.bound > BREACH / 1000 {
            // Nothing to aim at yet: about the cost of one symbol.
            found.bound.abs().min(BREACH / 1000) / 20 + 1000
        } else {
            self.below - found.bound
        };
        let step = |slack: i64| target.saturating_mul(slack) / square;
        let crossed = |old: i64, new: i64| old != 0 && (old > 0) != (new > 0);
        let new_minutes = prices.minutes + step(minutes);
        Prices {
            // Beyond a breach's own cost the bound would hold no more for plans that are short.
            minutes: if crossed(prices.minutes, new_minutes) {
                0
            } else {
                new_minutes.clamp(-BREACH_MINUTES, BREACH_MINUTES)
            },
            weekends: (prices.weekends + step(weekends)).clamp(0, BREACH),
        }
    }
}
