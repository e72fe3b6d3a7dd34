//! The rules on the order of days as a finite automaton.
//!
//! Rest, runs of days, nights in a row and weekly rest depend on the days before in a bounded way. All
//! histories that allow the same futures are one state, so that a search over a person's days need only
//! look at (day, state). Where the clock is set, a step depends on the kind of day too.

use std::collections::BTreeMap;

use crate::compile::at;
use crate::model::{CHANGE, CarryIn, ClockChange, DAY, EVE, Problem, Run, ShiftKind, Template};
use crate::rules::{DAYS_BETWEEN_RESTS, Rules};

/// States and what each day's symbol does to them. A symbol is a template; the last one is a day off.
#[derive(Debug, Clone)]
pub(crate) struct Sequence {
    pub(crate) symbols: usize,
    /// Symbols of all kinds of days.
    width: usize,
    /// Next state by state, kind of day and symbol.
    next: Vec<u16>,
    /// Number of rules that the step breaks.
    broken: Vec<u8>,
    /// Was the day before worked.
    works: Vec<bool>,
    /// Symbol and next state of the steps that break nothing, by kind of day state by state.
    legal: Vec<(u16, u16)>,
    /// Where each state's legal steps end.
    legal_ends: Vec<usize>,
}

impl Sequence {
    pub(crate) fn states(&self) -> usize {
        self.works.len()
    }

    /// Where the steps of a state begin on a day whose symbols have such an offset.
    fn place(&self, offset: usize, state: u16) -> usize {
        usize::from(state) * self.width + offset
    }

    pub(crate) fn next(&self, offset: usize, state: u16, symbol: usize) -> u16 {
        at(&self.next, self.place(offset, state) + symbol)
    }

    pub(crate) fn broken(&self, offset: usize, state: u16, symbol: usize) -> u8 {
        at(&self.broken, self.place(offset, state) + symbol)
    }

    pub(crate) fn works(&self, state: u16) -> bool {
        at(&self.works, usize::from(state))
    }

    pub(crate) fn row(&self, offset: usize, state: u16) -> (&[u16], &[u8]) {
        let from = self.place(offset, state);
        let range = from..from + self.symbols;
        (
            self.next.get(range.clone()).unwrap_or_default(),
            self.broken.get(range).unwrap_or_default(),
        )
    }

    /// Legal steps of each state on such a day, in the order of states.
    pub(crate) fn legal(&self, offset: usize) -> impl Iterator<Item = (bool, &[(u16, u16)])> {
        let first = offset / self.symbols * self.states();
        let (before, ends) = self.legal_ends.split_at(first.min(self.legal_ends.len()));
        let mut from = before.last().copied().unwrap_or_default();
        ends.iter().zip(&self.works).map(move |(&end, &works)| {
            let steps = self.legal.get(from..end).unwrap_or_default();
            from = end;
            (works, steps)
        })
    }

    /// The automaton for these rules, and the state in which each carry-in begins.
    pub(crate) fn new(problem: &Problem, rules: &Rules, carries: &[CarryIn]) -> (Self, Vec<u16>) {
        let walker = Walker::new(problem, rules);
        let symbols = problem.templates.len() + 1;
        let kinds = problem.kinds_of_days();
        let width = kinds * symbols;
        let mut found: BTreeMap<History, usize> = BTreeMap::new();
        let mut order: Vec<History> = Vec::new();
        let mut visit = |history: History, order: &mut Vec<History>| -> usize {
            *found.entry(history).or_insert_with(|| {
                order.push(history);
                order.len() - 1
            })
        };
        let starts: Vec<usize> = carries
            .iter()
            .map(|carry| visit(walker.carried(*carry), &mut order))
            .collect();
        let mut next: Vec<usize> = Vec::new();
        let mut broken: Vec<u8> = Vec::new();
        let mut done = 0;
        while let Some(&history) = order.get(done) {
            for kind in 0..kinds {
                for symbol in 0..symbols {
                    let (after, rules) = walker.step(kind, history, symbol);
                    next.push(visit(after, &mut order));
                    broken.push(rules);
                }
            }
            done += 1;
        }
        let works: Vec<bool> = order.iter().map(|history| history.works()).collect();
        let class = merge_equal(width, &next, &broken, &works);
        let count = class.iter().max().map_or(0, |&last| usize::from(last) + 1);
        let mut merged = Self {
            symbols,
            width,
            next: vec![0; count * width],
            broken: vec![0; count * width],
            works: vec![false; count],
            legal: Vec::new(),
            legal_ends: Vec::with_capacity(count * kinds),
        };
        for (state, &to) in class.iter().enumerate() {
            let to = usize::from(to);
            if let Some(slot) = merged.works.get_mut(to) {
                *slot = at(&works, state);
            }
            for step in 0..width {
                if let Some(slot) = merged.next.get_mut(to * width + step) {
                    *slot = at(&class, at(&next, state * width + step));
                }
                if let Some(slot) = merged.broken.get_mut(to * width + step) {
                    *slot = at(&broken, state * width + step);
                }
            }
        }
        for kind in 0..kinds {
            let rows = merged
                .next
                .chunks(symbols)
                .zip(merged.broken.chunks(symbols));
            for (next, broken) in rows.skip(kind).step_by(kinds) {
                let steps = (0u16..).zip(next).zip(broken);
                merged.legal.extend(
                    steps
                        .filter(|(_, broken)| **broken == 0)
                        .map(|((symbol, &next), _)| (symbol, next)),
                );
                merged.legal_ends.push(merged.legal.len());
            }
        }
        let starts = starts.into_iter().map(|start| at(&class, start)).collect();
        (merged, starts)
    }
}

/// Merges states that no future tells apart (Moore's refinement).
fn merge_equal(symbols: usize, next: &[usize], broken: &[u8], works: &[bool]) -> Vec<u16> {
    let mut class: Vec<u16> = works.iter().map(|&works| u16::from(works)).collect();
    let mut count = 0;
    loop {
        let mut names: BTreeMap<(u16, Vec<(u16, u8)>), u16> = BTreeMap::new();
        let mut refined = Vec::with_capacity(class.len());
        for (state, &old) in class.iter().enumerate() {
            let row = state * symbols..(state + 1) * symbols;
            let signature = row
                .map(|index| (at(&class, at(next, index)), at(broken, index)))
                .collect();
            let fresh = u16::try_from(names.len()).unwrap_or(u16::MAX);
            refined.push(*names.entry((old, signature)).or_insert(fresh));
        }
        let refined_count = names.len();
        class = refined;
        if refined_count == count {
            return class;
        }
        count = refined_count;
    }
}

/// The days before, as far as they bear on the days to come. Minutes are from the coming midnight.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct History {
    run: Days,
    nights: u16,
    /// First minute at which a shift may start.
    ready: i32,
    /// First minute at which a start has had a weekly rest before it.
    rested: i32,
    /// Days since the first shift after the last weekly rest.
    since_rest: i32,
    /// Template of the day before where it forbids followers.
    last: Option<u16>,
}

#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Days {
    Unknown,
    /// So many working days, and whether they are enough to stop.
    Worked(u16, bool),
    /// So many days off.
    Off(u16),
}

impl History {
    fn works(self) -> bool {
        matches!(self.run, Days::Worked(..))
    }
}

struct Walker<'a> {
    problem: &'a Problem,
    rules: &'a Rules,
    /// Starts of templates by the clock, also as it was before it was set, in order.
    starts: Vec<i32>,
    change: ClockChange,
}

const LONG_AGO: i32 = -1_000_000;
const MINUTES: i32 = DAY.cast_signed();

impl<'a> Walker<'a> {
    fn new(problem: &'a Problem, rules: &'a Rules) -> Self {
        let change = problem.clock_change.unwrap_or_default();
        let mut starts: Vec<i32> = problem
            .templates
            .iter()
            .map(|template| i32::from(template.start))
            .flat_map(|start| {
                [
                    start,
                    (start - i32::from(change.skipped)).rem_euclid(MINUTES),
                ]
            })
            .collect();
        starts.sort_unstable();
        starts.dedup();
        Self {
            problem,
            rules,
            starts,
            change,
        }
    }

    /// When so many minutes of such a day by the clock are, in minutes that have passed since its midnight.
    fn minute_on(&self, kind: usize, minute: i32) -> i32 {
        match kind {
            EVE => MINUTES + self.change.passed(minute - MINUTES),
            CHANGE => self.change.passed(minute),
            _ => minute,
        }
    }

    fn length_of(&self, kind: usize) -> i32 {
        if kind == CHANGE {
            MINUTES - i32::from(self.change.skipped)
        } else {
            MINUTES
        }
    }

    /// The first start, of any day, that is not before this minute; all minutes between are alike.
    fn rounded(&self, minute: i32) -> i32 {
        let (Some(&first), Some(&last)) = (self.starts.first(), self.starts.last()) else {
            return LONG_AGO;
        };
        if minute <= first {
            return LONG_AGO;
        }
        let mut days = 0;
        while minute - days * MINUTES > last {
            days += 1;
        }
        let minute = minute - days * MINUTES;
        let start = self
            .starts
            .iter()
            .copied()
            .find(|&start| start >= minute)
            .unwrap_or(last);
        start + days * MINUTES
    }

    fn worked(&self, days: u16, enough: bool) -> Days {
        let least = self.rules.min_days_in_row;
        let enough = enough || days >= least;
        let most = self.rules.max_days_in_row.unwrap_or(least);
        let days = if enough || self.rules.max_days_in_row.is_some() {
            days.min(most)
        } else {
            days
        };
        Days::Worked(days, enough)
    }

    fn off(&self, days: u16) -> Days {
        Days::Off(days.min(self.rules.min_days_off_in_row))
    }

    fn nights(&self, nights: u16) -> u16 {
        nights.min(self.rules.max_nights_in_row.unwrap_or(0))
    }

    fn carried(&self, carry: CarryIn) -> History {
        let template = carry
            .last_template
            .and_then(|index| self.problem.templates.get(usize::from(index)));
        let mut history = History {
            run: match carry.run {
                Run::Unknown => Days::Unknown,
                Run::Worked(days) => self.worked(days, false),
                Run::Off(days) => self.off(days),
            },
            nights: self.nights(carry.nights_in_row),
            ready: LONG_AGO,
            rested: LONG_AGO,
            since_rest: 0,
            last: None,
        };
        if let Some(end) = carry.last_end {
            history.ready = end
                + template.map_or(i32::from(self.rules.min_rest_minutes), |template| {
                    self.rules.rest_after(template, template.paid_minutes)
                });
            if let Some(template) = template {
                let start = end - i32::from(template.minutes);
                history.ready = history
                    .ready
                    .max(start + i32::from(self.rules.min_start_gap_minutes));
            }
            if self.rules.weekly_rest_minutes > 0 {
                history.rested = end + i32::from(self.rules.weekly_rest_minutes);
                history.since_rest =
                    i32::from(carry.days_since_weekly_rest).min(DAYS_BETWEEN_RESTS);
            }
        }
        history.last = carry
            .last_template
            .filter(|_| !matches!(carry.run, Run::Off(_)))
            .filter(|_| template.is_some_and(|template| !template.not_followed_by.is_empty()));
        self.canonical(history)
    }

    fn canonical(&self, mut history: History) -> History {
        history.ready = self.rounded(history.ready);
        history.rested = self.rounded(history.rested);
        if history.rested == LONG_AGO {
            history.since_rest = 0;
        }
        history
    }

    /// The history after one more day, and how many rules that day broke.
    fn step(&self, kind: usize, history: History, symbol: usize) -> (History, u8) {
        match self.problem.templates.get(symbol) {
            Some(template) => self.work(kind, history, symbol, template),
            None => self.rest(kind, history),
        }
    }

    fn rest(&self, kind: usize, history: History) -> (History, u8) {
        let length = self.length_of(kind);
        let mut broken = 0;
        let run = match history.run {
            Days::Unknown => self.off(u16::MAX),
            Days::Worked(_, enough) => {
                broken += u8::from(!enough);
                self.off(1)
            }
            Days::Off(days) => self.off(days.saturating_add(1)),
        };
        let after = History {
            run,
            nights: 0,
            ready: history.ready - length,
            rested: history.rested - length,
            since_rest: (history.since_rest + 1).min(DAYS_BETWEEN_RESTS),
            last: None,
        };
        (self.canonical(after), broken)
    }

    fn work(
        &self,
        kind: usize,
        history: History,
        symbol: usize,
        template: &Template,
    ) -> (History, u8) {
        let rules = self.rules;
        let mut broken = 0;
        let run = match history.run {
            Days::Unknown => self.worked(1, true),
            Days::Worked(days, enough) => {
                broken += u8::from(rules.max_days_in_row.is_some_and(|most| days >= most));
                self.worked(days + 1, enough)
            }
            Days::Off(days) => {
                broken += u8::from(days < rules.min_days_off_in_row);
                broken += u8::from(rules.max_days_in_row == Some(0));
                self.worked(1, false)
            }
        };
        let by_clock = i32::from(template.start);
        let start = self.minute_on(kind, by_clock);
        broken += u8::from(start < history.ready);
        let symbol = u16::try_from(symbol).unwrap_or(u16::MAX);
        broken += u8::from(
            history
                .last
                .and_then(|last| self.problem.templates.get(usize::from(last)))
                .is_some_and(|last| last.not_followed_by.contains(&symbol)),
        );
        let mut since_rest = 0;
        if rules.weekly_rest_minutes > 0 && start < history.rested {
            broken += u8::from(history.since_rest >= DAYS_BETWEEN_RESTS);
            since_rest = history.since_rest;
        }
        let nights = if template.kind == ShiftKind::Night {
            broken += u8::from(
                rules
                    .max_nights_in_row
                    .is_some_and(|most| history.nights >= most),
            );
            self.nights(history.nights.saturating_add(1))
        } else {
            0
        };
        let minutes = i32::from(template.minutes);
        let end = self.minute_on(kind, by_clock + minutes);
        let paid = i32::from(template.paid_minutes) - (minutes - (end - start));
        let rest = rules.rest_after(template, u16::try_from(paid).unwrap_or_default());
        // Days of work begin at the same time by the clock, whatever passes between.
        let next = self.minute_on(kind, by_clock + i32::from(rules.min_start_gap_minutes));
        let length = self.length_of(kind);
        let ready = (end + rest).max(next) - length;
        let rested = if rules.weekly_rest_minutes > 0 {
            end + i32::from(rules.weekly_rest_minutes) - length
        } else {
            LONG_AGO
        };
        let after = History {
            run,
            nights,
            ready,
            rested,
            since_rest: (since_rest + 1).min(DAYS_BETWEEN_RESTS),
            last: Some(symbol).filter(|_| !template.not_followed_by.is_empty()),
        };
        (self.canonical(after), broken)
    }
}
