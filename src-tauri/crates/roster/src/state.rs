//! A roster under search: what it costs, and the cheapest days for one person in it.

use std::collections::BTreeMap;
use std::sync::Arc;

use crate::board::Board;
use crate::compile::{Cell, Compiled, FairSums, MILLI, at, milli, minute_of};
use crate::model::{
    Assignment, CarryIn, Coverage, DAY, KINDS_OF_DAYS, Person, Problem, ProblemError, Roster,
    ShiftKind, Span, Template,
};
use crate::path::{BREACH, Choice, Day, Fair, Left, NEVER, Prices, Room, Use, Window};
use crate::rules::Rules;
use crate::sequence::Sequence;

/// What does not change while a search runs.
#[derive(Debug)]
pub(crate) struct Ground {
    pub(crate) problem: Arc<Problem>,
    /// With the lookahead.
    pub(crate) tables: Arc<Compiled>,
    /// Without it.
    board_tables: Arc<Compiled>,
    pub(crate) people: Vec<PersonGround>,
    sequences: Vec<Sequence>,
    /// Slots of each break plan of each template, for each distinct slot length.
    shapes: BTreeMap<u32, Vec<Vec<Shape>>>,
    /// By day, see [`Day::offset`].
    offsets: Vec<usize>,
    /// Minutes in the common unit of all templates' paid minutes.
    unit: u32,
    /// Typical cost of a shift that is missing, in thousandths.
    pub(crate) scale: i64,
}

#[derive(Debug)]
pub(crate) struct PersonGround {
    sequence: usize,
    start: u16,
    uses: Vec<Use>,
    limits: [u8; 8],
    /// Days that the search leaves as they are.
    pub(crate) pinned: Vec<bool>,
    /// Lines with slots, for which sums of marginal costs are needed.
    lines: Vec<u16>,
}

/// A shift's slots, counted from midnight: whole ones as ranges, others with thousandths.
#[derive(Debug, Default, Clone)]
struct Shape {
    whole: Vec<(usize, usize)>,
    parts: Vec<(usize, i32)>,
    end: usize,
}

impl Shape {
    fn new(stretches: &[Span], width: u32) -> Self {
        let mut shape = Self::default();
        for stretch in stretches {
            let mut from = stretch.from;
            while from < stretch.until {
                let slot = from / width;
                let end = ((slot + 1) * width).min(stretch.until);
                let slot = slot as usize;
                if end - from == width {
                    match shape.whole.last_mut() {
                        Some((_, until)) if *until == slot => *until += 1,
                        _ => shape.whole.push((slot, slot + 1)),
                    }
                } else {
                    let part = (1000 * (end - from) + width / 2) / width;
                    shape
                        .parts
                        .push((slot, i32::try_from(part).unwrap_or_default()));
                }
                shape.end = slot + 1;
                from = end;
            }
        }
        shape
    }
}

impl Ground {
    pub(crate) fn new(problem: Arc<Problem>) -> Result<Self, ProblemError> {
        let tables = Arc::new(Compiled::with_lookahead(&problem)?);
        let board_tables = if problem.lookahead == 0 {
            Arc::clone(&tables)
        } else {
            Arc::new(Compiled::new(&problem)?)
        };
        let unit = problem
            .templates
            .iter()
            .flat_map(|template| minutes_by_kind(&problem, template))
            .map(u32::from)
            .fold(0, gcd)
            .max(1);
        let mut kinds: BTreeMap<String, (Rules, Vec<usize>)> = BTreeMap::new();
        for (index, person) in problem.people.iter().enumerate() {
            let rules = order_rules(&person.rules);
            kinds
                .entry(format!("{rules:?}"))
                .or_insert_with(|| (rules, Vec::new()))
                .1
                .push(index);
        }
        let mut sequences = Vec::with_capacity(kinds.len());
        let mut starts = vec![(0, 0); problem.people.len()];
        for (rules, members) in kinds.values() {
            let carries: Vec<CarryIn> = members
                .iter()
                .filter_map(|&index| problem.people.get(index))
                .map(|person| person.carry)
                .collect();
            let (sequence, begins) = Sequence::new(&problem, rules, &carries);
            for (&member, begin) in members.iter().zip(begins) {
                if let Some(slot) = starts.get_mut(member) {
                    *slot = (sequences.len(), begin);
                }
            }
            sequences.push(sequence);
        }
        let shapes = shapes(&tables);
        let people = problem
            .people
            .iter()
            .zip(starts)
            .map(|(person, (sequence, start))| PersonGround {
                sequence,
                start,
                ..PersonGround::new(&problem, person, unit)
            })
            .collect();
        let scale = typical_cost(&problem, &tables);
        Ok(Self {
            board_tables,
            people,
            sequences,
            offsets: (0..tables.days)
                .map(|day| problem.kind_of_day(day) * (tables.templates + 1))
                .collect(),
            problem,
            tables,
            shapes,
            unit,
            scale,
        })
    }

    /// A roster without the lookahead.
    pub(crate) fn board(&self, mut roster: Roster) -> Board {
        for row in &mut roster.rows {
            row.truncate(self.tables.period);
        }
        Board::with_tables(self.problem.clone(), self.board_tables.clone(), roster)
    }

    pub(crate) fn away(&self, person: usize) -> &[Span] {
        self.problem
            .people
            .get(person)
            .map_or(&[], |person| person.away.as_slice())
    }

    /// Steps of one backward pass over a day for this person: a measure of what a path costs.
    pub(crate) fn day_work(&self, person: usize) -> usize {
        self.people
            .get(person)
            .and_then(|person| self.sequence_of(person))
            .map_or(1, |sequence| sequence.states() * sequence.symbols)
    }

    /// Line and day of a cell.
    pub(crate) fn place_of(&self, cell: usize) -> (u16, usize) {
        let lines = &self.tables.lines;
        let line = lines
            .partition_point(|line| line.first <= cell)
            .saturating_sub(1);
        let day = lines
            .get(line)
            .map_or(0, |line| (cell - line.first) / line.slots_per_day.max(1));
        (u16::try_from(line).unwrap_or(u16::MAX), day)
    }

    /// Can a person serve a line.
    pub(crate) fn serves(&self, person: usize, line: u16) -> bool {
        self.problem
            .people
            .get(person)
            .is_some_and(|person| person.lines.contains(&line))
    }

    fn sequence_of(&self, person: &PersonGround) -> Option<&Sequence> {
        self.sequences.get(person.sequence)
    }

    /// Where the symbols of a day begin, among those of all kinds of days.
    fn offset(&self, day: usize) -> usize {
        at(&self.offsets, day)
    }

    fn symbol(&self, shift: Option<Assignment>) -> usize {
        shift.map_or(self.tables.templates, |shift| usize::from(shift.template))
    }

    /// May a person have this shift on this day, whatever the other days hold.
    fn allows(&self, index: usize, day: usize, shift: Assignment) -> bool {
        let tables = &self.tables;
        let template = usize::from(shift.template);
        tables.allowed.get(index * tables.days + day, template)
            && tables
                .lines_of
                .get(index)
                .and_then(|lines| lines.get(template))
                .is_some_and(|lines| lines.contains(&shift.line))
    }

    /// What the rules broken by a row cost.
    fn breaches(&self, index: usize, row: &[Option<Assignment>]) -> i64 {
        let (Some(person), Some(ground)) = (self.problem.people.get(index), self.people.get(index))
        else {
            return 0;
        };
        let Some(sequence) = self.sequence_of(ground) else {
            return 0;
        };
        let rules = &person.rules;
        let mut broken = 0;
        let mut over = 0;
        let mut state = ground.start;
        let (mut minutes, mut weekends, mut sundays) = (0, 0, 0);
        let mut week_minutes = person.carry.week_minutes / self.unit;
        let most = rules.max_minutes.map(|most| most / self.unit);
        for (day, &shift) in row.iter().enumerate() {
            let weekday = self.tables.weekday(day);
            if weekday == 0 && day > 0 {
                week_minutes = 0;
            }
            let symbol = self.symbol(shift);
            let offset = self.offset(day);
            broken += u32::from(sequence.broken(offset, state, symbol));
            if let Some(shift) = shift {
                broken += u32::from(!self.allows(index, day, shift));
                let used = u32::from(at(&ground.uses, offset + symbol).minutes);
                week_minutes += used;
                if let Some(most) = rules.max_week_minutes
                    && week_minutes > most / self.unit
                {
                    broken += 1;
                }
            }
            if shift.is_some() && day < self.tables.period {
                let used = u32::from(at(&ground.uses, offset + symbol).minutes);
                minutes += used;
                if let Some(most) = most
                    && minutes > most
                {
                    broken += 1;
                    over += (minutes - most).min(used);
                }
                if weekday == 5 || (weekday == 6 && (day == 0 || !sequence.works(state))) {
                    weekends += 1;
                    broken += u32::from(rules.max_weekends.is_some_and(|most| weekends > most));
                }
                if weekday == 6 {
                    sundays += 1;
                    broken += u32::from(rules.max_sundays.is_some_and(|most| sundays > most));
                }
            }
            state = sequence.next(offset, state, symbol);
        }
        for &(template, most) in &rules.template_limits {
            let count = row
                .iter()
                .take(self.tables.period)
                .flatten()
                .filter(|shift| shift.template == template)
                .count();
            broken += u32::try_from(count.saturating_sub(usize::from(most))).unwrap_or(0);
        }
        let mut cost = BREACH * i64::from(broken) + BREACH / 1000 * i64::from(over);
        let least = rules.min_minutes.div_ceil(self.unit);
        if minutes < least {
            cost += BREACH + BREACH / 1000 * i64::from(least - minutes);
        }
        cost
    }
}

fn shapes(tables: &Compiled) -> BTreeMap<u32, Vec<Vec<Shape>>> {
    let mut shapes = BTreeMap::new();
    for line in &tables.lines {
        shapes.entry(line.slot_minutes).or_insert_with(|| {
            (0u16..)
                .take(tables.templates)
                .map(|template| {
                    (0..tables.break_plans(template))
                        .map(|plan| {
                            let plan = u8::try_from(plan).unwrap_or(u8::MAX);
                            Shape::new(tables.stretches(template, plan), line.slot_minutes)
                        })
                        .collect()
                })
                .collect()
        });
    }
    shapes
}

impl PersonGround {
    fn new(problem: &Problem, person: &Person, unit: u32) -> Self {
        let mut uses = Vec::new();
        for kind in 0..problem.kinds_of_days() {
            uses.extend(problem.templates.iter().map(|template| {
                let minutes = u32::from(at(&minutes_by_kind(problem, template), kind));
                Use {
                    minutes: u16::try_from(minutes / unit).unwrap_or(u16::MAX),
                    limited: 0,
                    night: template.kind == ShiftKind::Night,
                    unpopular: template.unpopular,
                }
            }));
            uses.push(Use::default());
        }
        let mut limits = [u8::MAX; 8];
        let binding = person
            .rules
            .template_limits
            .iter()
            .filter(|(_, most)| *most > 0 && *most < problem.days);
        for ((place, limit), &(template, most)) in (1u8..).zip(limits.iter_mut()).zip(binding) {
            *limit = u8::try_from(most).unwrap_or(u8::MAX);
            let symbols = problem.templates.len() + 1;
            let of_template = uses.iter_mut().skip(usize::from(template));
            for uses in of_template.step_by(symbols) {
                uses.limited = place;
            }
        }
        let mut pinned = vec![false; usize::from(problem.days.saturating_add(problem.lookahead))];
        for pin in &person.pins {
            if let Some(slot) = pinned.get_mut(usize::from(pin.day)) {
                *slot = true;
            }
        }
        let mut lines = person.lines.clone();
        lines.sort_unstable();
        lines.dedup();
        lines.retain(|&line| {
            problem
                .lines
                .get(usize::from(line))
                .is_some_and(|line| line.coverage == Coverage::Worked)
        });
        Self {
            sequence: 0,
            start: 0,
            uses,
            limits,
            pinned,
            lines,
        }
    }
}

/// Paid minutes of a template by kind of day.
fn minutes_by_kind(problem: &Problem, template: &Template) -> [u16; KINDS_OF_DAYS] {
    let mut minutes = [template.paid_minutes; KINDS_OF_DAYS];
    if let Some(change) = problem.clock_change {
        let day = usize::from(change.day);
        for day in [day.checked_sub(1), Some(day)].into_iter().flatten() {
            if let Some(slot) = minutes.get_mut(problem.kind_of_day(day)) {
                *slot = problem.paid_minutes(day, template);
            }
        }
    }
    minutes
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}

/// The rules that the automaton stands for; people who differ in others share one.
fn order_rules(rules: &Rules) -> Rules {
    Rules {
        min_minutes: 0,
        max_minutes: None,
        max_week_minutes: None,
        max_shift_minutes: None,
        max_weekends: None,
        max_sundays: None,
        template_limits: Vec::new(),
        ..rules.clone()
    }
}

/// The mean cost of leaving out a shift where agents are short.
fn typical_cost(problem: &Problem, tables: &Compiled) -> i64 {
    let (mut sum, mut count) = (0, 0);
    for (template, shape) in (0u16..).zip(&problem.templates) {
        for (line, _) in (0u16..).zip(&problem.lines) {
            if !shape.lines.is_empty() && !shape.lines.contains(&line) {
                continue;
            }
            for day in 0..tables.days.min(7) {
                let shift = Assignment {
                    template,
                    line,
                    breaks: 0,
                };
                let mut cost = 0;
                tables.visit_cells(&[], day, shift, |cell, amount| {
                    let cell = at_cell(tables, cell);
                    cost += cell.under(cell.need - amount);
                });
                if cost > 0 {
                    sum += cost;
                    count += 1;
                }
            }
        }
    }
    if count == 0 {
        1000
    } else {
        (sum / count).max(1000)
    }
}

fn at_cell(tables: &Compiled, index: usize) -> Cell {
    at(&tables.cells, index)
}

/// A roster with its costs.
#[derive(Debug, Clone)]
pub(crate) struct State {
    pub(crate) rows: Vec<Vec<Option<Assignment>>>,
    cover: Vec<i32>,
    /// Cover, wishes, pay and changes.
    cost: i64,
    breaches: Vec<i64>,
    breach_sum: i64,
    fair: [FairSums; 3],
    fair_counts: Vec<[i64; 3]>,
    fair_used: bool,
}

/// What a person may do in each day of a window, priced.
#[derive(Debug, Clone, Default)]
pub(crate) struct Menu {
    days: Vec<Day>,
    choices: Vec<Choice>,
    shifts: Vec<Option<Assignment>>,
    ends: Vec<i64>,
    path: Vec<u16>,
    /// Sums of marginal costs by line and slot.
    sums: Vec<i64>,
    walkers: Vec<u16>,
    /// What an agent in each cell is worth, in place of what the cells cost; empty: not in place.
    pub(crate) worth: Vec<i64>,
}

/// How a path is looked for.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Effort {
    /// Most labels kept on a day.
    pub(crate) labels: usize,
    /// Greatest random addition to a choice's cost.
    pub(crate) noise: i64,
}

/// A person's days from one on, up to another.
#[derive(Clone, Copy)]
struct Place<'a> {
    ground: &'a Ground,
    person: &'a PersonGround,
    index: usize,
    from: usize,
    until: usize,
}

impl Place<'_> {
    fn holds(self, day: usize) -> bool {
        (self.from..self.until).contains(&day)
    }

    /// What a shift on a day costs apart from cover and fairness.
    fn own_cost(self, day: usize, shift: Option<Assignment>) -> i64 {
        let tables = &self.ground.tables;
        let mut cost =
            tables.wish_cost(self.index, day, shift) + tables.pay_cost(self.index, shift);
        if let Some(published) = &self.ground.problem.published {
            cost += tables.change_cost(published, self.index, day, shift);
        }
        cost
    }
}

impl Menu {
    fn offer(&mut self, place: Place<'_>, shift: Option<Assignment>, cost: i64) {
        self.choices.push(Choice {
            symbol: u16::try_from(place.ground.symbol(shift)).unwrap_or(u16::MAX),
            cost,
        });
        self.shifts.push(shift);
    }

    /// The shift that a symbol stands for on a day.
    fn shift_of(&self, day: &Day, symbol: u16) -> Option<Assignment> {
        let offset = self
            .choices
            .get(day.first..day.end)
            .unwrap_or_default()
            .iter()
            .position(|choice| choice.symbol == symbol)?;
        self.shifts.get(day.first + offset).copied().flatten()
    }
}

impl State {
    pub(crate) fn new(ground: &Ground, roster: &Roster) -> Self {
        let mut state = Self {
            rows: vec![vec![None; ground.tables.days]; ground.people.len()],
            cover: vec![0; ground.tables.cells.len()],
            cost: ground.tables.cells.iter().map(|cell| cell.cost(0)).sum(),
            breaches: vec![0; ground.people.len()],
            breach_sum: 0,
            fair: [FairSums::default(); 3],
            fair_counts: vec![[0; 3]; ground.people.len()],
            fair_used: ground
                .tables
                .fair_weights
                .iter()
                .any(|&weight| weight > 0.0),
        };
        for person in 0..ground.people.len() {
            for day in 0..ground.tables.days {
                let shift = roster.get(person, day);
                state.count_day(ground, person, day, shift, 1);
                if let Some(slot) = state.rows.get_mut(person).and_then(|row| row.get_mut(day)) {
                    *slot = shift;
                }
            }
            let share = at(&ground.tables.shares, person);
            for (kind, sums) in state.fair.iter_mut().enumerate() {
                sums.add(carried(ground, person, kind), share, 1);
            }
            state.settle(ground, person);
        }
        state
    }

    pub(crate) fn roster(&self) -> Roster {
        Roster {
            rows: self.rows.clone(),
        }
    }

    /// Everything, broken rules included, in thousandths.
    pub(crate) fn total(&self, ground: &Ground) -> i64 {
        let mut total = self.cost + self.breach_sum;
        if self.fair_used {
            for (sums, weight) in self.fair.iter().zip(ground.tables.fair_weights) {
                total += milli(weight * sums.deviation());
            }
        }
        total
    }

    pub(crate) fn row(&self, person: usize) -> &[Option<Assignment>] {
        self.rows.get(person).map_or(&[], Vec::as_slice)
    }

    fn count_day(
        &mut self,
        ground: &Ground,
        person: usize,
        day: usize,
        shift: Option<Assignment>,
        sign: i32,
    ) {
        let tables = &ground.tables;
        let mut cost = tables.wish_cost(person, day, shift) + tables.pay_cost(person, shift);
        if let Some(published) = &ground.problem.published {
            cost += tables.change_cost(published, person, day, shift);
        }
        self.cost += i64::from(sign) * cost;
        if let Some(shift) = shift {
            let (cover, total) = (&mut self.cover, &mut self.cost);
            tables.visit_cells(ground.away(person), day, shift, |index, amount| {
                if let (Some(have), Some(cell)) = (cover.get_mut(index), tables.cells.get(index)) {
                    *total -= cell.cost(*have);
                    *have += sign * amount;
                    *total += cell.cost(*have);
                }
            });
        }
    }

    /// Changes one day; [`State::settle`] must follow before the total is asked for.
    pub(crate) fn set(
        &mut self,
        ground: &Ground,
        person: usize,
        day: usize,
        shift: Option<Assignment>,
    ) {
        let Some(slot) = self.rows.get_mut(person).and_then(|row| row.get_mut(day)) else {
            return;
        };
        let old = std::mem::replace(slot, shift);
        if old != shift {
            self.count_day(ground, person, day, old, -1);
            self.count_day(ground, person, day, shift, 1);
        }
    }

    /// Counts anew what depends on a person's whole row.
    pub(crate) fn settle(&mut self, ground: &Ground, person: usize) {
        let row = self.rows.get(person).map_or(&[][..], Vec::as_slice);
        let breaches = ground.breaches(person, row);
        if self.fair_used {
            let counts = ground.tables.fair_counts(row, None);
            let share = at(&ground.tables.shares, person);
            let old = at(&self.fair_counts, person);
            for (kind, (sums, (new, old))) in self
                .fair
                .iter_mut()
                .zip(counts.into_iter().zip(old))
                .enumerate()
            {
                if new != old {
                    let carried = carried(ground, person, kind);
                    sums.add(carried + old, share, -1);
                    sums.add(carried + new, share, 1);
                }
            }
            if let Some(slot) = self.fair_counts.get_mut(person) {
                *slot = counts;
            }
        }
        if let Some(slot) = self.breaches.get_mut(person) {
            self.breach_sum += breaches - *slot;
            *slot = breaches;
        }
    }

    /// Cost of giving each choice to a person in a window whose free days are off now.
    fn price(
        &self,
        place: Place<'_>,
        menu: &mut Menu,
        fair: &Fair,
        noise: &mut impl FnMut() -> i64,
    ) {
        menu.days.clear();
        menu.choices.clear();
        menu.shifts.clear();
        let tables = &place.ground.tables;
        let width = self.sum_marginals(place, menu);
        let mut week_minutes = 0;
        for day in place.from..place.until {
            let ahead = day >= tables.period;
            let first = menu.choices.len();
            let weekday = tables.weekday(day);
            if day == place.from || weekday == 0 {
                week_minutes = self.week_outside(place, day);
            }
            if at(&place.person.pinned, day) {
                // Its cover is counted already.
                let shift = at(self.row(place.index), day);
                menu.offer(place, shift, place.own_cost(day, shift));
            } else {
                let allowed = tables.allowed.row(place.index * tables.days + day);
                for (template, _) in (0u16..).zip(allowed).filter(|(_, allowed)| **allowed) {
                    let Some((mut cost, shift)) =
                        self.best_shift(place, menu, width, day, template, noise)
                    else {
                        continue;
                    };
                    let [nights, _, unpopular] = if ahead { [0; 3] } else { fair.first };
                    if at(&tables.night, usize::from(template)) {
                        cost += nights;
                    }
                    cost += unpopular * at(&tables.unpopular, usize::from(template));
                    menu.offer(place, Some(shift), cost);
                }
                menu.offer(place, None, place.own_cost(day, None) + noise());
            }
            menu.days.push(Day {
                first,
                end: menu.choices.len(),
                forced: menu.choices.len() - first == 1,
                weekday: u8::try_from(weekday).unwrap_or_default(),
                opens_weekend: weekday == 5 || (weekday == 6 && day == 0),
                weekend_counts: weekday >= 5 && (ahead || self.weekend_outside(place, day)),
                week_minutes: u16::try_from(week_minutes).unwrap_or(u16::MAX),
                ahead,
                offset: place.ground.offset(day),
            });
        }
    }

    /// The line and breaks in which a template is cheapest on a day.
    fn best_shift(
        &self,
        place: Place<'_>,
        menu: &Menu,
        width: usize,
        day: usize,
        template: u16,
        noise: &mut impl FnMut() -> i64,
    ) -> Option<(i64, Assignment)> {
        let ground = place.ground;
        let away = ground.away(place.index);
        let midnight = minute_of(day);
        let meets = away
            .iter()
            .any(|span| span.until > midnight && span.from < midnight + 2 * DAY);
        let by_cells = meets || ground.tables.is_changed(day, template);
        let lines = ground
            .tables
            .lines_of
            .get(place.index)
            .and_then(|lines| lines.get(usize::from(template)))
            .map_or(&[][..], Vec::as_slice);
        let mut best: Option<(i64, Assignment)> = None;
        for &line in lines {
            for plan in 0..ground.tables.break_plans(template) {
                let shift = Assignment {
                    template,
                    line,
                    breaks: u8::try_from(plan).unwrap_or(u8::MAX),
                };
                let cover = if by_cells {
                    self.cover_change(ground, menu, away, day, shift)
                } else {
                    self.cover_by_sums(place, menu, width, day, shift)
                };
                let cost = cover + place.own_cost(day, Some(shift)) + noise();
                if best.is_none_or(|(least, _)| cost < least) {
                    best = Some((cost, shift));
                }
            }
        }
        best
    }

    /// Does a day outside the window make this day's weekend count already.
    fn weekend_outside(&self, place: Place<'_>, day: usize) -> bool {
        let weekday = place.ground.tables.weekday(day);
        // Sunday comes first where the period begins on it.
        let saturday = (day + 5).checked_sub(weekday);
        let sunday = day + 6 - weekday;
        saturday
            .into_iter()
            .chain([sunday])
            .filter(|&other| other < place.ground.tables.period)
            .any(|other| !place.holds(other) && at(self.row(place.index), other).is_some())
    }

    /// Minutes of this day's week outside the window.
    fn week_outside(&self, place: Place<'_>, day: usize) -> u32 {
        let tables = &place.ground.tables;
        let weekday = tables.weekday(day);
        let row = self.row(place.index);
        let mut minutes: u32 = (day.saturating_sub(weekday)..=day + 6 - weekday)
            .filter(|&other| !place.holds(other))
            .filter_map(|other| Some((other, at(row, other)?)))
            .map(|(other, shift)| {
                let symbol = place.ground.offset(other) + usize::from(shift.template);
                u32::from(at(&place.person.uses, symbol).minutes)
            })
            .sum();
        if tables.week(day) == 0 {
            minutes += place
                .ground
                .problem
                .people
                .get(place.index)
                .map_or(0, |person| person.carry.week_minutes)
                / place.ground.unit;
        }
        minutes
    }

    /// Sums, slot by slot, of what one more agent would change; returns the slots per line.
    fn sum_marginals(&self, place: Place<'_>, menu: &mut Menu) -> usize {
        let Place {
            ground,
            person,
            from,
            until,
            ..
        } = place;
        menu.sums.clear();
        if person.lines.is_empty() {
            return 0;
        }
        let tables = &ground.tables;
        // A shift may run into the day after, and one beyond the period's end covers nothing there.
        let days = until - from + 1;
        let width = person
            .lines
            .iter()
            .filter_map(|&line| tables.lines.get(usize::from(line)))
            .map(|line| line.slots_per_day * days + 1)
            .max()
            .unwrap_or_default();
        for &line in &person.lines {
            let begin = menu.sums.len();
            let mut sum = 0;
            menu.sums.push(0);
            if let Some(line) = tables.lines.get(usize::from(line)) {
                let first = line.first + from * line.slots_per_day;
                let end = line.first + (until + 1).min(tables.days) * line.slots_per_day;
                let cells = tables.cells.get(first..end).unwrap_or_default();
                if let Some(worth) = menu.worth.get(first..end) {
                    for worth in worth {
                        sum -= worth;
                        menu.sums.push(sum);
                    }
                } else {
                    let cover = self.cover.get(first..end).unwrap_or_default();
                    for (cell, &have) in cells.iter().zip(cover) {
                        sum += cell.cost(have + 1000) - cell.cost(have);
                        menu.sums.push(sum);
                    }
                }
            }
            menu.sums.resize(begin + width, sum);
        }
        width
    }

    fn cover_by_sums(
        &self,
        place: Place<'_>,
        menu: &Menu,
        width: usize,
        day: usize,
        shift: Assignment,
    ) -> i64 {
        let ground = place.ground;
        let Some(line) = ground.tables.lines.get(usize::from(shift.line)) else {
            return 0;
        };
        let lines = &place.person.lines;
        let Some(at_line) = lines.iter().position(|&line| line == shift.line) else {
            return self.cover_change(ground, menu, &[], day, shift);
        };
        let Some(shape) = ground
            .shapes
            .get(&line.slot_minutes)
            .and_then(|shapes| shapes.get(usize::from(shift.template)))
            .and_then(|plans| plans.get(usize::from(shift.breaks)))
        else {
            return 0;
        };
        let first = (day - place.from) * line.slots_per_day;
        let sums = menu
            .sums
            .get(at_line * width..(at_line + 1) * width)
            .unwrap_or_default();
        let mut cost = 0;
        for &(from, until) in &shape.whole {
            cost +=
                at(sums, (first + until).min(width - 1)) - at(sums, (first + from).min(width - 1));
        }
        for &(slot, amount) in &shape.parts {
            let index = day * line.slots_per_day + slot;
            if index < line.slots_per_day * ground.tables.days {
                cost += self.cell_change(ground, menu, line.first + index, amount);
            }
        }
        cost
    }

    fn cover_change(
        &self,
        ground: &Ground,
        menu: &Menu,
        away: &[Span],
        day: usize,
        shift: Assignment,
    ) -> i64 {
        let mut cost = 0;
        ground
            .tables
            .visit_cells(away, day, shift, |index, amount| {
                cost += self.cell_change(ground, menu, index, amount);
            });
        cost
    }

    /// What so many thousandths of an agent more in a cell cost.
    fn cell_change(&self, ground: &Ground, menu: &Menu, index: usize, amount: i32) -> i64 {
        if let Some(worth) = menu.worth.get(index) {
            return -worth * i64::from(amount) / MILLI;
        }
        let cell = at_cell(&ground.tables, index);
        self.cover
            .get(index)
            .map_or(0, |&have| cell.cost(have + amount) - cell.cost(have))
    }

    /// What nights, weekends and unpopular shifts within a window cost a person, others as they are.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of shifts are far below 2^52"
    )]
    fn fair_prices(&self, ground: &Ground, person: usize, from: usize, until: usize) -> Fair {
        let mut fair = Fair {
            used: self.fair_used,
            ..Fair::default()
        };
        if !self.fair_used {
            return fair;
        }
        let share = at(&ground.tables.shares, person);
        let counts = ground
            .tables
            .fair_counts(self.row(person), Some((from, until)));
        let prices = fair.first.iter_mut().zip(&mut fair.more);
        for (kind, (((first, more), sums), (weight, count))) in prices
            .zip(self.fair)
            .zip(ground.tables.fair_weights.into_iter().zip(counts))
            .enumerate()
        {
            let have = (carried(ground, person, kind) + count) as f64;
            *first = milli(weight * (2.0 * (have - sums.fair(share)) + 1.0));
            *more = milli(2.0 * weight);
        }
        fair
    }

    /// What the days after a window cost by the state in which they begin.
    fn price_ends(
        &self,
        ground: &Ground,
        menu: &mut Menu,
        sequence: &Sequence,
        index: usize,
        until: usize,
    ) {
        menu.ends.clear();
        menu.ends.resize(sequence.states(), 0);
        menu.walkers.clear();
        menu.walkers.extend((0u16..).take(sequence.states()));
        let days = self.row(index).get(until..).unwrap_or_default();
        for (day, &shift) in (until..).zip(days) {
            let symbol = ground.symbol(shift);
            let offset = ground.offset(day);
            for (state, end) in menu.walkers.iter_mut().zip(&mut menu.ends) {
                *end += BREACH * i64::from(sequence.broken(offset, *state, symbol));
                *state = sequence.next(offset, *state, symbol);
            }
            // From one state on all fare alike.
            let first = menu.walkers.first();
            if menu.walkers.iter().all(|state| Some(state) == first) {
                break;
            }
        }
    }

    /// What is left of a person's limits for a window that is empty but for pins.
    fn left(&self, ground: &Ground, index: usize, from: usize, until: usize) -> Option<Left> {
        let person = ground.people.get(index)?;
        let rules = &ground.problem.people.get(index)?.rules;
        let tables = &ground.tables;
        let (mut minutes, mut weekends, mut sundays) = (0i64, 0u16, 0u16);
        let mut limited = person.limits;
        let mut last_weekend = None;
        for (day, shift) in self.row(index).iter().enumerate().take(tables.period) {
            let Some(shift) = shift else { continue };
            if (from..until).contains(&day) {
                continue;
            }
            let uses = at(
                &person.uses,
                ground.offset(day) + usize::from(shift.template),
            );
            minutes += i64::from(uses.minutes);
            let weekday = tables.weekday(day);
            if weekday >= 5 && last_weekend != Some(tables.week(day)) {
                last_weekend = Some(tables.week(day));
                weekends += 1;
            }
            sundays += u16::from(weekday == 6);
            if uses.limited > 0
                && let Some(left) = limited.get_mut(usize::from(uses.limited) - 1)
            {
                *left = left.saturating_sub(1);
            }
        }
        let narrow =
            |most: u16, used: u16| u8::try_from(most.saturating_sub(used)).unwrap_or(u8::MAX);
        Some(Left {
            min_minutes: (i64::from(rules.min_minutes.div_ceil(ground.unit)) - minutes).max(0),
            max_minutes: rules.max_minutes.map_or(i64::from(u16::MAX), |most| {
                (i64::from(most / ground.unit) - minutes).max(0)
            }),
            week_minutes: rules
                .max_week_minutes
                .map(|most| u16::try_from(most / ground.unit).unwrap_or(u16::MAX)),
            weekends: rules.max_weekends.map(|most| narrow(most, weekends)),
            sundays: rules.max_sundays.map(|most| narrow(most, sundays)),
            limited,
            counted: 0,
        })
    }

    /// Empties a person's window but for pins.
    pub(crate) fn clear(&mut self, ground: &Ground, person: usize, from: usize, until: usize) {
        for day in from..until {
            if !ground
                .people
                .get(person)
                .is_some_and(|person| at(&person.pinned, day))
            {
                self.set(ground, person, day, None);
            }
        }
    }

    /// Fills a person's emptied window in the cheapest way, or as it was before if nothing beats it.
    #[expect(
        clippy::too_many_arguments,
        reason = "a window is a person and two days"
    )]
    pub(crate) fn fill(
        &mut self,
        ground: &Ground,
        room: &mut Room,
        menu: &mut Menu,
        prices: &mut Prices,
        index: usize,
        (from, until): (usize, usize),
        before: Option<&[Option<Assignment>]>,
        effort: Effort,
        random: &mut impl FnMut() -> u64,
    ) {
        let Some(person) = ground.people.get(index) else {
            return;
        };
        let (Some(sequence), Some(left)) = (
            ground.sequence_of(person),
            self.left(ground, index, from, until),
        ) else {
            return;
        };
        let most_noise = effort.noise.max(0).unsigned_abs();
        let place = Place {
            ground,
            person,
            index,
            from,
            until,
        };
        let fair = self.fair_prices(ground, index, from, until);
        self.price(place, menu, &fair, &mut || {
            if most_noise == 0 {
                0
            } else {
                (random() % (most_noise + 1)).cast_signed()
            }
        });
        room.work += menu.choices.len() as u64 + menu.sums.len() as u64 / 2;
        self.price_ends(ground, menu, sequence, index, until);
        let mut start = person.start;
        let days = self.row(index).get(..from).unwrap_or_default();
        for (day, &shift) in days.iter().enumerate() {
            start = sequence.next(ground.offset(day), start, ground.symbol(shift));
        }
        // A row that breaks rules is no measure for one that should not.
        let measure = before.filter(|_| !self.breaks_rules(index));
        let below = measure.map_or(NEVER, |before| {
            self.cost_of_old(place, menu, start, &left, &fair, before)
        });
        let mut path = std::mem::take(&mut menu.path);
        let forced: Vec<Day>;
        let mut window = Window {
            sequence,
            start,
            days: &menu.days,
            choices: &menu.choices,
            uses: &person.uses,
            left,
            fair,
            ends: &menu.ends,
            below,
            most_labels: effort.labels,
        };
        let mut found = room.cheapest_within_limits(&mut window, prices, &mut path);
        if found.is_none() && before.is_none() && menu.days.iter().any(|day| !day.forced) {
            // No way without breaking a rule: the one that breaks fewest.
            let days = menu.days.iter();
            forced = days
                .map(|day| Day {
                    forced: true,
                    ..*day
                })
                .collect();
            window.days = &forced;
            found = room.cheapest_within_limits(&mut window, prices, &mut path);
        }
        if found.is_some() {
            for ((day, place), &symbol) in (from..until).zip(&menu.days).zip(&path) {
                let shift = menu.shift_of(place, symbol);
                self.set(ground, index, day, shift);
            }
        } else if let Some(before) = before {
            for (day, &shift) in (from..until).zip(before) {
                self.set(ground, index, day, shift);
            }
        }
        menu.path = path;
        self.settle(ground, index);
    }

    /// A person's days that keep all rules and come to less than a limit, the cheapest that are found
    /// where an agent in each cell has the worth the menu tells and nothing else of the others counts.
    #[expect(clippy::too_many_arguments, reason = "they are what a path needs")]
    pub(crate) fn worthiest(
        &self,
        ground: &Ground,
        room: &mut Room,
        menu: &mut Menu,
        prices: &mut Prices,
        index: usize,
        below: i64,
        labels: usize,
    ) -> Option<(i64, Vec<Option<Assignment>>)> {
        let person = ground.people.get(index)?;
        let sequence = ground.sequence_of(person)?;
        let place = Place {
            ground,
            person,
            index,
            from: 0,
            until: ground.tables.days,
        };
        let fair = Fair::default();
        let left = self.left(ground, index, place.from, place.until)?;
        self.price(place, menu, &fair, &mut || 0);
        room.work += menu.choices.len() as u64 + menu.sums.len() as u64 / 2;
        self.price_ends(ground, menu, sequence, index, place.until);
        let mut path = std::mem::take(&mut menu.path);
        let mut window = Window {
            sequence,
            start: person.start,
            days: &menu.days,
            choices: &menu.choices,
            uses: &person.uses,
            left,
            fair,
            ends: &menu.ends,
            below,
            most_labels: labels,
        };
        let found = room.cheapest_within_limits(&mut window, prices, &mut path);
        let days = menu.days.iter().zip(&path);
        let row = days
            .map(|(day, &symbol)| menu.shift_of(day, symbol))
            .collect();
        menu.path = path;
        Some((found?, row))
    }

    /// What a person's row costs apart from cover and fairness; none where it breaks a rule.
    pub(crate) fn row_cost(
        ground: &Ground,
        index: usize,
        row: &[Option<Assignment>],
    ) -> Option<i64> {
        let place = Place {
            ground,
            person: ground.people.get(index)?,
            index,
            from: 0,
            until: ground.tables.days,
        };
        if ground.breaches(index, row) > 0 {
            return None;
        }
        let days = row.iter().enumerate();
        Some(days.map(|(day, &shift)| place.own_cost(day, shift)).sum())
    }

    /// The old days at the window's prices, with what they break.
    fn cost_of_old(
        &self,
        place: Place<'_>,
        menu: &Menu,
        start: u16,
        left: &Left,
        fair: &Fair,
        before: &[Option<Assignment>],
    ) -> i64 {
        let Place {
            ground,
            person,
            index,
            from,
            until,
        } = place;
        let Some(sequence) = ground.sequence_of(person) else {
            return NEVER;
        };
        let mut state = start;
        let mut cost = 0;
        let mut minutes = 0;
        for (place, &shift) in menu.days.iter().zip(before) {
            let symbol = ground.symbol(shift);
            let Some(choice) = menu
                .choices
                .get(place.first..place.end)
                .unwrap_or_default()
                .iter()
                .find(|choice| usize::from(choice.symbol) == symbol)
            else {
                return NEVER;
            };
            let broken = sequence.broken(place.offset, state, symbol);
            cost += choice.cost + BREACH * i64::from(broken);
            state = sequence.next(place.offset, state, symbol);
            if !place.ahead {
                minutes += i64::from(at(&person.uses, place.offset + symbol).minutes);
            }
        }
        if fair.used {
            let mut row = self.row(index).to_vec();
            let outside = ground.tables.fair_counts(&row, Some((from, until)));
            for (cell, &shift) in row.iter_mut().skip(from).zip(before) {
                *cell = shift;
            }
            let with = ground.tables.fair_counts(&row, None);
            let [_, weekend, _] = fair.first;
            for (kind, ((with, outside), more)) in
                with.into_iter().zip(outside).zip(fair.more).enumerate()
            {
                let count = with - outside;
                cost += more * (count * count - count) / 2;
                if kind == crate::compile::WEEKENDS {
                    cost += weekend * count;
                }
            }
        }
        if minutes < left.min_minutes || minutes > left.max_minutes {
            return NEVER;
        }
        cost + at(&menu.ends, usize::from(state))
    }

    /// Has this person's row a broken rule.
    pub(crate) fn breaks_rules(&self, person: usize) -> bool {
        at(&self.breaches, person) > 0
    }

    pub(crate) fn breaks_any_rule(&self) -> bool {
        self.breach_sum > 0
    }

    /// What a cell costs now.
    pub(crate) fn cell_cost(&self, ground: &Ground, cell: usize) -> i64 {
        at_cell(&ground.tables, cell).cost(at(&self.cover, cell))
    }
}

fn carried(ground: &Ground, person: usize, kind: usize) -> i64 {
    let carry = ground
        .problem
        .people
        .get(person)
        .map(|person| person.carry)
        .unwrap_or_default();
    match kind {
        crate::compile::NIGHTS => i64::from(carry.nights),
        crate::compile::WEEKENDS => i64::from(carry.weekends),
        crate::compile::UNPOPULAR => i64::from(carry.unpopular),
        _ => 0,
    }
}

#[cfg(test)]
mod tests;
