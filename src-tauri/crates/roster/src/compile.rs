//! A problem as tables of whole numbers, so that any order of edits gives the same sums.

use std::collections::BTreeMap;

use crate::model::{
    Assignment, Break, ClockChange, Coverage, DAY, Line, Person, Problem, ProblemError, Roster,
    ShiftKind, Span, Template, Wanted,
};

/// Parts of a unit of cost, and of an agent.
pub(crate) const MILLI: i64 = 1000;

pub(crate) const NIGHTS: usize = 0;
pub(crate) const WEEKENDS: usize = 1;
pub(crate) const UNPOPULAR: usize = 2;

/// An element, or the default beyond the end.
#[inline]
pub(crate) fn at<T: Copy + Default>(list: &[T], index: usize) -> T {
    list.get(index).copied().unwrap_or_default()
}

/// A table of rows of equal length.
#[derive(Debug, Clone, Default)]
pub(crate) struct Table<T> {
    width: usize,
    cells: Vec<T>,
}

impl<T: Copy + Default> Table<T> {
    pub(crate) fn new(rows: usize, width: usize, value: T) -> Self {
        Self {
            width,
            cells: vec![value; rows * width],
        }
    }

    pub(crate) fn get(&self, row: usize, column: usize) -> T {
        self.cells
            .get(row * self.width + column)
            .copied()
            .unwrap_or_default()
    }

    pub(crate) fn set(&mut self, row: usize, column: usize, value: T) {
        if let Some(cell) = self.cells.get_mut(row * self.width + column) {
            *cell = value;
        }
    }

    pub(crate) fn row(&self, row: usize) -> &[T] {
        self.cells
            .get(row * self.width..(row + 1) * self.width)
            .unwrap_or_default()
    }

    pub(crate) fn row_mut(&mut self, row: usize) -> &mut [T] {
        self.cells
            .get_mut(row * self.width..(row + 1) * self.width)
            .unwrap_or_default()
    }
}

/// What one slot costs by the agents that the roster brings; agents are in thousandths.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Cell {
    pub(crate) need: i32,
    under: i64,
    under_more: i64,
    over: i64,
}

impl Cell {
    /// Cost of missing agents.
    pub(crate) fn under(self, have: i32) -> i64 {
        let short = i64::from(self.need) - i64::from(have);
        if short <= 0 {
            0
        } else if short <= MILLI {
            self.under * short / MILLI
        } else {
            self.under + self.under_more * (short - MILLI) / MILLI
        }
    }

    /// Cost of agents too many.
    pub(crate) fn over(self, have: i32) -> i64 {
        let extra = i64::from(have) - i64::from(self.need);
        if extra > 0 {
            self.over * extra / MILLI
        } else {
            0
        }
    }

    /// Cost of the first agent missing, and of one too many.
    pub(crate) fn slopes(self) -> (i64, i64) {
        (self.under, self.over)
    }

    pub(crate) fn cost(self, have: i32) -> i64 {
        if have < self.need {
            self.under(have)
        } else {
            self.over(have)
        }
    }
}

/// Where a line's cells lie.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct LineCells {
    pub(crate) first: usize,
    pub(crate) slots_per_day: usize,
    pub(crate) slot_minutes: u32,
    coverage: Coverage,
}

#[derive(Debug, Clone)]
pub(crate) struct Compiled {
    /// Days of cover, a lookahead where it is counted.
    pub(crate) days: usize,
    /// Days of the period, which sums are of.
    pub(crate) period: usize,
    pub(crate) people: usize,
    pub(crate) templates: usize,
    pub(crate) lines: Vec<LineCells>,
    pub(crate) cells: Vec<Cell>,
    /// Worked stretches of each break plan of each template, in minutes from midnight.
    stretches: Vec<Vec<Vec<Span>>>,
    /// The same on the days around the change of the clock, of those templates that it falls into.
    changed: BTreeMap<(usize, u16), Vec<Vec<Span>>>,
    /// Costs of a person's day by template (off last): wishes, pay, changes. `RULED_OUT` where not
    /// allowed.
    pub(crate) wishes: Table<i64>,
    pub(crate) pay: Table<i64>,
    pub(crate) allowed: Table<bool>,
    /// Lines a person can serve in a template.
    pub(crate) lines_of: Vec<Vec<Vec<u16>>>,
    pub(crate) change: i64,
    pub(crate) change_line: i64,
    pub(crate) fair_weights: [f64; 3],
    pub(crate) shares: Vec<i64>,
    /// Has the person meetings or training.
    pub(crate) away: Vec<bool>,
    pub(crate) night: Vec<bool>,
    pub(crate) unpopular: Vec<i64>,
    pub(crate) first_weekday: usize,
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "checked to be finite and far from the ends of i64"
)]
pub(crate) fn milli(value: f64) -> i64 {
    (value * 1000.0).round().clamp(-1e15, 1e15) as i64
}

fn weight(value: f64) -> Result<i64, ProblemError> {
    if value.is_finite() && (0.0..=1e9).contains(&value) {
        Ok(milli(value))
    } else {
        Err(ProblemError::Number)
    }
}

impl Compiled {
    /// The tables of the period alone.
    pub(crate) fn new(problem: &Problem) -> Result<Self, ProblemError> {
        Self::of_days(problem, problem.days)
    }

    /// The tables of the period and its lookahead.
    pub(crate) fn with_lookahead(problem: &Problem) -> Result<Self, ProblemError> {
        Self::of_days(problem, problem.days.saturating_add(problem.lookahead))
    }

    fn of_days(problem: &Problem, days: u16) -> Result<Self, ProblemError> {
        validate(problem)?;
        let days = usize::from(days);
        let templates = problem.templates.len();
        let mut lines = Vec::with_capacity(problem.lines.len());
        let mut cells = Vec::new();
        for line in &problem.lines {
            lines.push(LineCells {
                first: cells.len(),
                slots_per_day: slots_per_day(line),
                slot_minutes: u32::from(line.slot_minutes),
                coverage: line.coverage,
            });
            for need in line.needs.iter().take(slots_per_day(line) * days) {
                if [need.agents, need.there]
                    .iter()
                    .any(|agents| !(0.0..=1e6).contains(agents))
                {
                    return Err(ProblemError::Number);
                }
                let missing = (need.agents - need.there).max(0.0);
                let under = weight(need.under)?;
                cells.push(Cell {
                    need: i32::try_from(milli(missing)).map_err(|_| ProblemError::Number)?,
                    under,
                    under_more: weight(need.under_more)?.max(under),
                    over: weight(need.over)?,
                });
            }
        }
        let stretches = problem
            .templates
            .iter()
            .map(|template| by_plan(template, &|breaks| worked(template, breaks)))
            .collect();
        let weights = &problem.weights;
        let mut compiled = Self {
            days,
            period: usize::from(problem.days),
            people: problem.people.len(),
            templates,
            lines,
            cells,
            stretches,
            changed: changed_stretches(problem),
            wishes: Table::new(problem.people.len() * days, templates + 1, 0),
            pay: Table::new(problem.people.len(), templates, 0),
            allowed: Table::new(problem.people.len() * days, templates, true),
            lines_of: Vec::with_capacity(problem.people.len()),
            change: weight(weights.change)?,
            change_line: weight(weights.change_line)?,
            fair_weights: [weights.nights, weights.weekends, weights.unpopular],
            shares: Vec::with_capacity(problem.people.len()),
            away: Vec::with_capacity(problem.people.len()),
            night: problem
                .templates
                .iter()
                .map(|template| template.kind == ShiftKind::Night)
                .collect(),
            unpopular: problem
                .templates
                .iter()
                .map(|template| i64::from(template.unpopular))
                .collect(),
            first_weekday: usize::from(problem.first_weekday),
        };
        for value in compiled.fair_weights {
            weight(value)?;
        }
        for (index, person) in problem.people.iter().enumerate() {
            compiled.add_person(problem, index, person)?;
        }
        Ok(compiled)
    }

    fn add_person(
        &mut self,
        problem: &Problem,
        index: usize,
        person: &Person,
    ) -> Result<(), ProblemError> {
        let pay = weight(person.pay_per_minute)?;
        self.shares.push(weight(person.share)?);
        self.away.push(!person.away.is_empty());
        let mut lines_of = Vec::with_capacity(self.templates);
        for (at, template) in problem.templates.iter().enumerate() {
            self.pay
                .set(index, at, pay * i64::from(template.paid_minutes));
            let mut lines: Vec<u16> = person
                .lines
                .iter()
                .copied()
                .filter(|line| template.lines.is_empty() || template.lines.contains(line))
                .collect();
            lines.sort_unstable();
            lines.dedup();
            lines_of.push(lines);
        }
        for day in 0..self.days {
            for (at, template) in problem.templates.iter().enumerate() {
                let possible = lines_of.get(at).is_some_and(|lines| !lines.is_empty())
                    && unit_rule(problem, person, day, at, template).is_none();
                self.allowed.set(index * self.days + day, at, possible);
            }
        }
        self.lines_of.push(lines_of);
        for wish in &person.wishes {
            let weight = weight(wish.weight)?;
            let row = self
                .wishes
                .row_mut(index * self.days + usize::from(wish.day));
            let off = self.templates;
            for (symbol, cost) in row.iter_mut().enumerate() {
                let granted = match wish.wanted {
                    Wanted::Off => symbol == off,
                    Wanted::Work => symbol != off,
                    Wanted::Template(template) => symbol == usize::from(template),
                    Wanted::NotTemplate(template) => symbol != usize::from(template),
                };
                if !granted {
                    *cost += weight;
                }
            }
        }
        Ok(())
    }

    /// Length of a cell's slot.
    pub(crate) fn slot_minutes(&self, cell: usize) -> u32 {
        let of_line = |line: &&LineCells| {
            (line.first..line.first + line.slots_per_day * self.days).contains(&cell)
        };
        self.lines
            .iter()
            .find(of_line)
            .map_or(0, |line| line.slot_minutes)
    }

    /// Stretches at work of a shift, in minutes from midnight of the day it starts, where the clock is not
    /// set within it.
    pub(crate) fn stretches(&self, template: u16, breaks: u8) -> &[Span] {
        self.stretches
            .get(usize::from(template))
            .and_then(|plans| plans.get(usize::from(breaks)))
            .map_or(&[], Vec::as_slice)
    }

    /// The same on a day, by the clock.
    pub(crate) fn stretches_on(&self, day: usize, shift: Assignment) -> &[Span] {
        if self.is_changed(day, shift.template)
            && let Some(plans) = self.changed.get(&(day, shift.template))
        {
            let plan = plans.get(usize::from(shift.breaks));
            return plan.map_or(&[], Vec::as_slice);
        }
        self.stretches(shift.template, shift.breaks)
    }

    /// Is the clock set within a shift from this template on a day.
    pub(crate) fn is_changed(&self, day: usize, template: u16) -> bool {
        !self.changed.is_empty() && self.changed.contains_key(&(day, template))
    }

    pub(crate) fn break_plans(&self, template: u16) -> usize {
        self.stretches
            .get(usize::from(template))
            .map_or(0, Vec::len)
    }

    /// Hands each cell that an assignment fills, with thousandths of an agent, to `visit`.
    pub(crate) fn visit_cells(
        &self,
        away: &[Span],
        day: usize,
        shift: Assignment,
        mut visit: impl FnMut(usize, i32),
    ) {
        let Some(line) = self.lines.get(usize::from(shift.line)) else {
            return;
        };
        let stretches = self.stretches_on(day, shift);
        match line.coverage {
            Coverage::Start => {
                if let Some(first) = stretches.first() {
                    let slot = first.from / line.slot_minutes;
                    visit(line.first + day * line.slots_per_day + slot as usize, 1000);
                }
            }
            Coverage::Worked => {
                let midnight = minute_of(day);
                let end = minute_of(self.days);
                for stretch in stretches {
                    let until = (midnight + stretch.until).min(end);
                    line.visit_but(away, midnight + stretch.from, until, &mut visit);
                }
            }
        }
    }

    /// The same for a part of the time: what a meeting then would take from the cells.
    pub(crate) fn visit_part(
        &self,
        away: &[Span],
        day: usize,
        shift: Assignment,
        part: Span,
        mut visit: impl FnMut(usize, i32),
    ) {
        let of_line = self.lines.get(usize::from(shift.line));
        let Some(line) = of_line.filter(|line| line.coverage == Coverage::Worked) else {
            return;
        };
        let (midnight, end) = (minute_of(day), minute_of(self.days));
        for stretch in self.stretches_on(day, shift) {
            let from = (midnight + stretch.from).max(part.from);
            let until = (midnight + stretch.until).min(part.until).min(end);
            line.visit_but(away, from, until, &mut visit);
        }
    }

    /// Cost of one person's day apart from cover, pay left out.
    pub(crate) fn wish_cost(&self, person: usize, day: usize, shift: Option<Assignment>) -> i64 {
        let symbol = shift.map_or(self.templates, |shift| usize::from(shift.template));
        self.wishes.get(person * self.days + day, symbol)
    }

    pub(crate) fn pay_cost(&self, person: usize, shift: Option<Assignment>) -> i64 {
        shift.map_or(0, |shift| self.pay.get(person, usize::from(shift.template)))
    }

    pub(crate) fn change_cost(
        &self,
        published: &Roster,
        person: usize,
        day: usize,
        shift: Option<Assignment>,
    ) -> i64 {
        let published = published.get(person, day);
        if published == shift || day >= self.period {
            0
        } else if published.map(|shift| shift.template) == shift.map(|shift| shift.template) {
            self.change_line
        } else {
            self.change
        }
    }

    pub(crate) fn weekday(&self, day: usize) -> usize {
        (self.first_weekday + day) % 7
    }

    pub(crate) fn week(&self, day: usize) -> usize {
        (self.first_weekday + day) / 7
    }

    /// Nights, weekends and unpopular shifts of a row, without those of some days.
    pub(crate) fn fair_counts(
        &self,
        row: &[Option<Assignment>],
        without: Option<(usize, usize)>,
    ) -> [i64; 3] {
        let mut counts = [0; 3];
        let [nights, weekends, unpopular] = &mut counts;
        let mut last_weekend = None;
        for (day, shift) in row.iter().enumerate().take(self.period) {
            let Some(shift) = shift else { continue };
            if without.is_some_and(|(from, until)| (from..until).contains(&day)) {
                continue;
            }
            let template = usize::from(shift.template);
            *nights += i64::from(self.night.get(template).copied().unwrap_or_default());
            *unpopular += self.unpopular.get(template).copied().unwrap_or_default();
            if self.weekday(day) >= 5 && last_weekend != Some(self.week(day)) {
                last_weekend = Some(self.week(day));
                *weekends += 1;
            }
        }
        counts
    }
}

impl LineCells {
    /// Hands the cells between two minutes of the period to `visit`, meetings left out.
    fn visit_but(
        &self,
        away: &[Span],
        mut from: u32,
        until: u32,
        visit: &mut impl FnMut(usize, i32),
    ) {
        while from < until {
            // The nearest meeting that has not ended cuts the stretch short.
            let meeting = away
                .iter()
                .filter(|span| span.until > from && span.from < until)
                .min_by_key(|span| span.from);
            let part_until = meeting.map_or(until, |span| span.from.max(from));
            self.visit(from, part_until, visit);
            from = meeting.map_or(until, |span| span.until);
        }
    }

    /// Hands the cells between two minutes of the period to `visit`.
    fn visit(&self, from: u32, until: u32, visit: &mut impl FnMut(usize, i32)) {
        let width = self.slot_minutes;
        let mut at = from;
        while at < until {
            let slot = at / width;
            let end = ((slot + 1) * width).min(until);
            let share = (1000 * (end - at) + width / 2) / width;
            visit(
                self.first + slot as usize,
                i32::try_from(share).unwrap_or_default(),
            );
            at = end;
        }
    }
}

/// Sums from which the cost of fairness follows.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) struct FairSums {
    squares: i64,
    shared: i64,
    total: i64,
    shares: i64,
    share_squares: i64,
}

impl FairSums {
    /// Adds (or with −1 takes away) a person with this count and share in thousandths.
    pub(crate) fn add(&mut self, count: i64, share: i64, sign: i64) {
        self.squares += sign * count * count;
        self.shared += sign * count * share;
        self.total += sign * count;
        self.shares += sign * share;
        self.share_squares += sign * share * share;
    }

    /// Sum over people of the squared deviation from their share of the total.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of shifts and shares are far below 2^52"
    )]
    pub(crate) fn deviation(self) -> f64 {
        if self.shares == 0 {
            return 0.0;
        }
        let mean = self.total as f64 / self.shares as f64;
        let sum = self.squares as f64 - 2.0 * mean * self.shared as f64
            + mean * mean * self.share_squares as f64;
        sum.max(0.0)
    }

    /// The fair count for this share in thousandths.
    #[expect(
        clippy::cast_precision_loss,
        reason = "counts of shifts and shares are far below 2^52"
    )]
    pub(crate) fn fair(self, share: i64) -> f64 {
        if self.shares == 0 {
            0.0
        } else {
            self.total as f64 * share as f64 / self.shares as f64
        }
    }
}

pub(crate) fn minute_of(day: usize) -> u32 {
    u32::try_from(day).unwrap_or(u32::MAX / DAY) * DAY
}

fn slots_per_day(line: &Line) -> usize {
    (DAY / u32::from(line.slot_minutes.max(1))) as usize
}

/// The stretches of a shift that are no break.
fn worked(template: &Template, breaks: &[Break]) -> Vec<Span> {
    let start = u32::from(template.start);
    let mut from = start;
    let mut stretches = Vec::with_capacity(breaks.len() + 1);
    for pause in breaks {
        let until = start + u32::from(pause.offset);
        if from < until {
            stretches.push(Span { from, until });
        }
        from = until + u32::from(pause.minutes);
    }
    let until = start + u32::from(template.minutes);
    if from < until {
        stretches.push(Span { from, until });
    }
    stretches
}

/// What each way of a template's breaks leaves.
fn by_plan(template: &Template, worked: &dyn Fn(&[Break]) -> Vec<Span>) -> Vec<Vec<Span>> {
    match template.breaks.as_slice() {
        [] => vec![worked(&[])],
        plans => plans.iter().map(|plan| worked(&plan.breaks)).collect(),
    }
}

fn changed_stretches(problem: &Problem) -> BTreeMap<(usize, u16), Vec<Vec<Span>>> {
    let mut changed = BTreeMap::new();
    let Some(change) = problem.clock_change else {
        return changed;
    };
    for (day, eve) in [(change.day.checked_sub(1), true), (Some(change.day), false)] {
        let Some(day) = day.map(usize::from) else {
            continue;
        };
        for (index, template) in (0u16..).zip(&problem.templates) {
            if problem.paid_minutes(day, template) != template.paid_minutes {
                let worked = |breaks: &[Break]| worked_through(template, breaks, change, eve);
                changed.insert((day, index), by_plan(template, &worked));
            }
        }
    }
    changed
}

/// The stretches of a shift that are no break, by the clock, where it is set within the shift: on the
/// shift's own day or on the one after. Breaks come when so much time has passed; of an hour that comes
/// twice is worked what is worked in either.
fn worked_through(
    template: &Template,
    breaks: &[Break],
    change: ClockChange,
    eve: bool,
) -> Vec<Span> {
    let midnight = if eve { DAY.cast_signed() } else { 0 };
    let start = i32::from(template.start) - midnight;
    let begin = change.passed(start);
    let end = change.passed(start + i32::from(template.minutes));
    let (minute, skipped) = (i32::from(change.minute), i32::from(change.skipped));
    let pauses = breaks.iter().map(|pause| {
        let from = begin + i32::from(pause.offset);
        (from, from + i32::from(pause.minutes))
    });
    let mut stretches: Vec<Span> = Vec::with_capacity(breaks.len() + 1);
    let mut from = begin;
    for (until, next) in pauses.chain([(end, end)]) {
        let until = until.min(end);
        if from < until {
            let (mut first, mut last) = (change.by_clock(from), change.by_clock(until - 1) + 1);
            if skipped < 0 && from < minute && minute < until {
                first = first.min(minute + skipped);
                last = last.max(minute);
            }
            let minute_of = |minute: i32| u32::try_from(minute + midnight).unwrap_or_default();
            let known = stretches.last().map_or(0, |last| last.until);
            let span = Span {
                from: minute_of(first).max(known),
                until: minute_of(last),
            };
            stretches.extend((span.from < span.until).then_some(span));
        }
        from = next;
    }
    stretches
}

/// The rule that rules a shift out for a person on a day, whatever the other days hold.
pub(crate) fn unit_rule(
    problem: &Problem,
    person: &Person,
    day: usize,
    index: usize,
    template: &Template,
) -> Option<crate::rules::Rule> {
    use crate::rules::Rule;
    let is_day = |other: u16| usize::from(other) == day;
    let is_template = |other: u16| usize::from(other) == index;
    let from = minute_of(day) + u32::from(template.start);
    let until = from + u32::from(template.minutes);
    let weekday = (usize::from(problem.first_weekday) + day) % 7;
    if person.days_off.iter().any(|&off| is_day(off)) {
        Some(Rule::DayOff)
    } else if person
        .time_off
        .iter()
        .any(|off| off.from < until && from < off.until)
    {
        Some(Rule::TimeOff)
    } else if person
        .forbidden
        .iter()
        .any(|ban| is_day(ban.day) && is_template(ban.template))
    {
        Some(Rule::Forbidden)
    } else if template.weekdays.get(weekday) != Some(&true) {
        Some(Rule::Weekday)
    } else if person
        .rules
        .max_shift_minutes
        .is_some_and(|most| template.minutes > most)
    {
        Some(Rule::ShiftLength)
    } else if person
        .rules
        .template_limits
        .iter()
        .any(|&(limited, most)| is_template(limited) && most == 0)
    {
        Some(Rule::TemplateLimit)
    } else {
        None
    }
}

fn validate(problem: &Problem) -> Result<(), ProblemError> {
    let days = problem.days.saturating_add(problem.lookahead);
    if problem.days == 0 || days > 1000 {
        return Err(ProblemError::Days(days));
    }
    let change = problem.clock_change.unwrap_or_default();
    if u32::from(change.minute) >= DAY || !(-180..=180).contains(&change.skipped) {
        return Err(ProblemError::Clock);
    }
    if problem.first_weekday > 6 {
        return Err(ProblemError::Weekday(problem.first_weekday));
    }
    if problem.people.len() > 10_000 || problem.templates.len() > 1000 || problem.lines.len() > 1000
    {
        return Err(ProblemError::TooLarge);
    }
    for (index, template) in (0u16..).zip(&problem.templates) {
        let plans_fit = template.breaks.iter().all(|plan| {
            let mut end = 0;
            plan.breaks.iter().all(|pause| {
                let fits = u32::from(pause.offset) >= end;
                end = u32::from(pause.offset) + u32::from(pause.minutes);
                fits && end <= u32::from(template.minutes)
            })
        });
        let names_fit = template
            .lines
            .iter()
            .all(|&line| usize::from(line) < problem.lines.len())
            && template
                .not_followed_by
                .iter()
                .all(|&other| usize::from(other) < problem.templates.len());
        if u32::from(template.start) >= DAY
            || template.minutes == 0
            || u32::from(template.minutes) > DAY
            || template.paid_minutes > template.minutes
            || template.breaks.len() > 256
            || !plans_fit
            || !names_fit
        {
            return Err(ProblemError::Template(index));
        }
    }
    for (index, line) in (0u16..).zip(&problem.lines) {
        let divides = line.slot_minutes > 0 && DAY.is_multiple_of(u32::from(line.slot_minutes));
        if !divides || line.needs.len() != slots_per_day(line) * usize::from(days) {
            return Err(ProblemError::Line(index));
        }
    }
    for (index, person) in (0u32..).zip(&problem.people) {
        if !person_fits(problem, person) {
            return Err(ProblemError::Person(index));
        }
    }
    if let Some(published) = &problem.published
        && !roster_fits(problem, published)
    {
        return Err(ProblemError::Published);
    }
    Ok(())
}

fn person_fits(problem: &Problem, person: &Person) -> bool {
    let template = |index: u16| usize::from(index) < problem.templates.len();
    let day = |day: u16| day < problem.days;
    let any_day = |day: u16| day < problem.days.saturating_add(problem.lookahead);
    person
        .lines
        .iter()
        .all(|&line| usize::from(line) < problem.lines.len())
        && person.wishes.iter().all(|wish| {
            day(wish.day)
                && match wish.wanted {
                    Wanted::Template(index) | Wanted::NotTemplate(index) => template(index),
                    Wanted::Off | Wanted::Work => true,
                }
        })
        && person
            .pins
            .iter()
            .all(|pin| any_day(pin.day) && pin.shift.is_none_or(|shift| shift_fits(problem, shift)))
        && person
            .forbidden
            .iter()
            .all(|ban| any_day(ban.day) && template(ban.template))
        && person
            .rules
            .template_limits
            .iter()
            .all(|&(index, _)| template(index))
        && person.carry.last_template.is_none_or(template)
}

/// Does an assignment name things that exist.
pub(crate) fn shift_fits(problem: &Problem, shift: Assignment) -> bool {
    usize::from(shift.line) < problem.lines.len()
        && problem
            .templates
            .get(usize::from(shift.template))
            .is_some_and(|template| usize::from(shift.breaks) < template.breaks.len().max(1))
}

/// Has a roster the problem's people and days, and only shifts that exist.
pub(crate) fn roster_fits(problem: &Problem, roster: &Roster) -> bool {
    roster.rows.len() == problem.people.len()
        && roster.rows.iter().all(|row| {
            row.len() == usize::from(problem.days)
                && row
                    .iter()
                    .flatten()
                    .all(|&shift| shift_fits(problem, shift))
        })
}
