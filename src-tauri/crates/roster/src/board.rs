//! What a roster costs, covers and breaks, kept up to date edit by edit.

use std::collections::BTreeMap;
use std::sync::Arc;

use serde::{Deserialize, Serialize};

use crate::compile::{Cell, Compiled, FairSums, minute_of, roster_fits, shift_fits, unit_rule};
use crate::model::{Assignment, Coverage, DAY, Problem, ProblemError, Roster, Span};
use crate::rules::{Broken, Rule, broken_rules};

/// A roster with its cost, cover and broken rules.
///
/// An edit costs about as much as one shift has slots, plus one walk over the person's days.
#[derive(Debug, Clone)]
pub struct Board {
    problem: Arc<Problem>,
    tables: Arc<Compiled>,
    roster: Roster,
    /// Thousandths of an agent in each cell.
    cover: Vec<i32>,
    sums: Sums,
    fair: [FairSums; 3],
    fair_counts: Vec<[i64; 3]>,
    broken: Vec<Vec<Broken>>,
}

/// Parts of the cost in thousandths.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
struct Sums {
    under: i64,
    over: i64,
    wishes: i64,
    pay: i64,
    changes: i64,
}

/// What a roster costs, by part; or, after an edit, how much that has changed.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, specta::Type)]
pub struct Cost {
    /// All parts together; broken rules are not in it.
    pub total: f64,
    /// Agents missing.
    pub under: f64,
    /// Agents too many.
    pub over: f64,
    /// Wishes not granted.
    pub wishes: f64,
    /// Nights, weekends and unpopular shifts away from the fair share.
    pub fairness: f64,
    /// Paid minutes.
    pub pay: f64,
    /// Differences from the published plan.
    pub changes: f64,
    /// Number of broken rules.
    pub broken: i32,
}

/// Agents needed and planned in a slot.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, specta::Type)]
pub struct CoverSlot {
    /// Agents needed.
    pub need: f64,
    /// Agents planned.
    pub have: f64,
}

/// A stretch of one line without enough agents.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Gap {
    /// The line.
    pub line: u16,
    /// First minute of the period that is short.
    pub from: u32,
    /// First minute after it.
    pub until: u32,
    /// Most agents missing at once.
    pub agents: f64,
    /// Agents missing, summed over the time, in minutes.
    pub agent_minutes: f64,
    /// What it costs.
    pub cost: f64,
}

/// Why someone does not fill a gap.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Nothing forbids it; another place was worth more, or it costs more than it brings.
    Free,
    /// Works at that time, on this line or another.
    Working,
    /// Works that day, at another time.
    OtherShift,
    /// The day is pinned.
    Pinned,
    /// No template covers that time on this line.
    NoTemplate,
    /// Every shift that would help breaks this rule first.
    Rule(Rule),
}

/// How many people a reason holds back.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct ReasonCount {
    /// The reason.
    pub reason: Reason,
    /// Number of people.
    pub people: u32,
}

/// A time for a meeting or training.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct MeetingTime {
    /// First minute of the period.
    pub from: u32,
    /// What it costs in cover.
    pub cost: f64,
    /// Agents newly missing, summed over the time, in minutes.
    pub missing_minutes: f64,
    /// How many of the people asked are not at work all that time.
    pub absent: u32,
    /// How many have a break or another meeting in that time.
    pub busy: u32,
}

/// Whether someone can come to a meeting.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Attendance {
    /// At work, and on the line all that time.
    Here,
    /// At work, with a break or another meeting in that time.
    Busy,
    /// Not at work all that time.
    Absent,
}

impl Board {
    /// Counts a roster from scratch, without a lookahead.
    ///
    /// # Errors
    ///
    /// The problem cannot be read, or the roster has other people, days or shifts
    /// ([`ProblemError::Published`]).
    pub fn new(problem: Arc<Problem>, roster: Roster) -> Result<Self, ProblemError> {
        let tables = Arc::new(Compiled::new(&problem)?);
        if !roster_fits(&problem, &roster) {
            return Err(ProblemError::Published);
        }
        Ok(Self::with_tables(problem, tables, roster))
    }

    pub(crate) fn with_tables(
        problem: Arc<Problem>,
        tables: Arc<Compiled>,
        roster: Roster,
    ) -> Self {
        let mut board = Self {
            cover: vec![0; tables.cells.len()],
            sums: Sums::default(),
            fair: [FairSums::default(); 3],
            fair_counts: Vec::with_capacity(tables.people),
            broken: Vec::with_capacity(tables.people),
            problem,
            tables,
            roster: Roster::default(),
        };
        for cell in &board.tables.cells {
            board.sums.under += cell.under(0);
            board.sums.over += cell.over(0);
        }
        for (person, row) in roster.rows.iter().enumerate() {
            for (day, &shift) in row.iter().enumerate() {
                board.count_day(person, day, shift, 1);
            }
            let counts = board.tables.fair_counts(row, None);
            let share = board.share(person);
            let carried = board.carried(person, counts);
            for (sums, count) in board.fair.iter_mut().zip(carried) {
                sums.add(count, share, 1);
            }
            board.fair_counts.push(counts);
            board.broken.push(broken_rules(&board.problem, person, row));
        }
        board.roster = roster;
        board
    }

    /// The problem it was made for.
    pub fn problem(&self) -> &Problem {
        &self.problem
    }

    /// The roster as it stands.
    pub fn roster(&self) -> &Roster {
        &self.roster
    }

    /// What the roster costs.
    pub fn cost(&self) -> Cost {
        let fairness = self.fairness();
        let sums = &self.sums;
        let total = sums.under + sums.over + sums.wishes + sums.pay + sums.changes;
        Cost {
            total: units(total) + fairness,
            under: units(sums.under),
            over: units(sums.over),
            wishes: units(sums.wishes),
            fairness,
            pay: units(sums.pay),
            changes: units(sums.changes),
            broken: i32::try_from(self.broken.iter().map(Vec::len).sum::<usize>())
                .unwrap_or(i32::MAX),
        }
    }

    /// Gives a person another shift on a day, or none, and says by how much the cost changed.
    ///
    /// Rules do not stop it; what it breaks is in [`Board::broken`]. A person, day or shift that does
    /// not exist changes nothing.
    pub fn set(&mut self, person: usize, day: usize, shift: Option<Assignment>) -> Cost {
        let before = self.cost();
        if shift.is_some_and(|shift| !shift_fits(&self.problem, shift)) {
            return Cost::default();
        }
        let Some(cell) = self
            .roster
            .rows
            .get_mut(person)
            .and_then(|row| row.get_mut(day))
        else {
            return Cost::default();
        };
        let old = std::mem::replace(cell, shift);
        self.count_day(person, day, old, -1);
        self.count_day(person, day, shift, 1);
        let row = self.roster.rows.get(person).map_or(&[][..], Vec::as_slice);
        let counts = self.tables.fair_counts(row, None);
        let broken = broken_rules(&self.problem, person, row);
        let old_counts = self.fair_counts.get(person).copied().unwrap_or_default();
        let share = self.share(person);
        let (carried, old_carried) = (
            self.carried(person, counts),
            self.carried(person, old_counts),
        );
        for ((sums, new), old) in self.fair.iter_mut().zip(carried).zip(old_carried) {
            sums.add(old, share, -1);
            sums.add(new, share, 1);
        }
        if let Some(slot) = self.fair_counts.get_mut(person) {
            *slot = counts;
        }
        if let Some(slot) = self.broken.get_mut(person) {
            *slot = broken;
        }
        let after = self.cost();
        Cost {
            total: after.total - before.total,
            under: after.under - before.under,
            over: after.over - before.over,
            wishes: after.wishes - before.wishes,
            fairness: after.fairness - before.fairness,
            pay: after.pay - before.pay,
            changes: after.changes - before.changes,
            broken: after.broken - before.broken,
        }
    }

    /// What [`Board::set`] would change, and what the person's row would break then.
    pub fn preview(
        &mut self,
        person: usize,
        day: usize,
        shift: Option<Assignment>,
    ) -> (Cost, Vec<Broken>) {
        let old = self.roster.get(person, day);
        let change = self.set(person, day, shift);
        let broken = self.broken_of(person).to_vec();
        self.set(person, day, old);
        (change, broken)
    }

    /// Every broken rule, person by person.
    pub fn broken(&self) -> impl Iterator<Item = &Broken> {
        self.broken.iter().flatten()
    }

    /// The rules that a person's row breaks.
    pub fn broken_of(&self, person: usize) -> &[Broken] {
        self.broken.get(person).map_or(&[], Vec::as_slice)
    }

    /// Agents needed and planned in each slot of a line on a day.
    pub fn cover(&self, line: usize, day: usize) -> Vec<CoverSlot> {
        let Some(at) = self.tables.lines.get(line) else {
            return Vec::new();
        };
        let needs = self.problem.lines.get(line).map(|line| &line.needs);
        let first = at.first + day * at.slots_per_day;
        if day >= self.tables.days {
            return Vec::new();
        }
        self.cells(first..first + at.slots_per_day)
            .zip(needs.into_iter().flatten().skip(day * at.slots_per_day))
            .map(|((_, have), need)| CoverSlot {
                need: need.agents,
                have: need.there + units(have.into()),
            })
            .collect()
    }

    /// Stretches of a line in which at least so many agents are missing, in order of time.
    pub fn gaps(&self, line: usize, least_agents: f64) -> Vec<Gap> {
        let Some(at) = self.tables.lines.get(line) else {
            return Vec::new();
        };
        let mut gaps: Vec<Gap> = Vec::new();
        let slots = at.slots_per_day * self.tables.days;
        for (slot, (cell, have)) in (0u32..).zip(self.cells(at.first..at.first + slots)) {
            let missing = units(i64::from(cell.need) - i64::from(have));
            if missing <= 0.0 || missing < least_agents {
                continue;
            }
            let from = slot * at.slot_minutes;
            let agent_minutes = missing * f64::from(at.slot_minutes);
            let cost = units(cell.under(have));
            match gaps.last_mut() {
                Some(gap) if gap.until == from => {
                    gap.until += at.slot_minutes;
                    gap.agents = gap.agents.max(missing);
                    gap.agent_minutes += agent_minutes;
                    gap.cost += cost;
                }
                _ => gaps.push(Gap {
                    line: u16::try_from(line).unwrap_or(u16::MAX),
                    from,
                    until: from + at.slot_minutes,
                    agents: missing,
                    agent_minutes,
                    cost,
                }),
            }
        }
        gaps
    }

    /// What keeps each person from filling a gap, one reason per person.
    pub fn reasons(&self, gap: &Gap) -> Vec<Reason> {
        (0..self.tables.people)
            .map(|person| self.reason(gap, person))
            .collect()
    }

    /// How many people each reason keeps from filling a gap, most frequent first.
    pub fn why(&self, gap: &Gap) -> Vec<ReasonCount> {
        let mut reasons = self.reasons(gap);
        reasons.sort_unstable();
        let mut counts: Vec<ReasonCount> = reasons
            .chunk_by(|a, b| a == b)
            .filter_map(|same| {
                Some(ReasonCount {
                    reason: *same.first()?,
                    people: u32::try_from(same.len()).unwrap_or(u32::MAX),
                })
            })
            .collect();
        counts.sort_by_key(|count| std::cmp::Reverse(count.people));
        counts
    }

    /// Times for a meeting of these people within a stretch of the period, a quarter of an hour apart:
    /// those at which most are at work come first, of them those that take the fewest breaks, and of
    /// these those that cost least.
    pub fn meeting_times(&self, people: &[usize], minutes: u32, within: Span) -> Vec<MeetingTime> {
        let mut times: Vec<MeetingTime> = (within.from..within.until)
            .step_by(15)
            .take_while(|from| from.saturating_add(minutes) <= within.until)
            .map(|from| {
                let meeting = Span {
                    from,
                    until: from + minutes,
                };
                self.meeting(people, meeting)
            })
            .collect();
        times.sort_by(|a, b| {
            (a.absent.cmp(&b.absent))
                .then(a.busy.cmp(&b.busy))
                .then(a.cost.total_cmp(&b.cost))
                .then(a.from.cmp(&b.from))
        });
        times
    }

    /// Whether a person can come to a meeting as the roster stands. A meeting that they have at that
    /// time stands in the way.
    pub fn attendance(&self, person: usize, meeting: Span) -> Attendance {
        match self.shift_around(person, meeting) {
            None => Attendance::Absent,
            Some((day, shift)) if self.is_busy(person, day, shift, meeting) => Attendance::Busy,
            Some(_) => Attendance::Here,
        }
    }

    /// Whether a break or a meeting lies in a stretch of a shift.
    fn is_busy(&self, person: usize, day: usize, shift: Assignment, time: Span) -> bool {
        let midnight = minute_of(day);
        let stretches = self.tables.stretches_on(day, shift);
        let at_work = stretches.iter().any(|stretch| {
            midnight + stretch.from <= time.from && time.until <= midnight + stretch.until
        });
        let person = self.problem.people.get(person);
        let meets = |span: &Span| span.from < time.until && time.from < span.until;
        !at_work || person.is_some_and(|person| person.away.iter().any(meets))
    }

    /// The shift, and the day of its start, that a stretch of time lies in.
    fn shift_around(&self, person: usize, time: Span) -> Option<(usize, Assignment)> {
        let day = (time.from / DAY) as usize;
        [Some(day), day.checked_sub(1)]
            .into_iter()
            .flatten()
            .find_map(|day| {
                let shift = self.roster.get(person, day)?;
                let shape = self.problem.templates.get(usize::from(shift.template))?;
                let start = minute_of(day) + u32::from(shape.start);
                let end = start + u32::from(shape.minutes);
                (start <= time.from && time.until <= end).then_some((day, shift))
            })
    }

    fn meeting(&self, people: &[usize], meeting: Span) -> MeetingTime {
        let mut lost: BTreeMap<usize, i32> = BTreeMap::new();
        let (mut absent, mut busy) = (0, 0);
        for &index in people {
            let Some(person) = self.problem.people.get(index) else {
                continue;
            };
            let Some((day, shift)) = self.shift_around(index, meeting) else {
                absent += 1;
                continue;
            };
            busy += u32::from(self.is_busy(index, day, shift, meeting));
            let take = |cell, amount| *lost.entry(cell).or_default() += amount;
            self.tables
                .visit_part(&person.away, day, shift, meeting, take);
        }
        let (mut cost, mut missing_minutes) = (0, 0.0);
        for (index, lost) in lost {
            let (Some(cell), Some(&have)) = (self.tables.cells.get(index), self.cover.get(index))
            else {
                continue;
            };
            cost += cell.cost(have - lost) - cell.cost(have);
            let missing = |have: i32| units(i64::from(cell.need - have).max(0));
            let slot_minutes = self.tables.slot_minutes(index);
            missing_minutes += (missing(have - lost) - missing(have)) * f64::from(slot_minutes);
        }
        MeetingTime {
            from: meeting.from,
            cost: units(cost),
            missing_minutes,
            absent,
            busy,
        }
    }

    fn reason(&self, gap: &Gap, index: usize) -> Reason {
        let (Some(person), Some(row)) =
            (self.problem.people.get(index), self.roster.rows.get(index))
        else {
            return Reason::NoTemplate;
        };
        if !person.lines.contains(&gap.line) {
            return Reason::Rule(Rule::Skill);
        }
        let first_day = (gap.from / DAY).saturating_sub(1) as usize;
        let last_day = (gap.until.saturating_sub(1) / DAY) as usize;
        let mut reason = Reason::NoTemplate;
        let mut fewest = usize::MAX;
        let mut tried = row.clone();
        let old = self.broken_of(index);
        for day in first_day..=last_day.min(self.tables.days.saturating_sub(1)) {
            let taken = row.get(day).copied().flatten();
            if taken.is_some_and(|shift| self.overlaps(day, shift.template, None, gap)) {
                return Reason::Working;
            }
            let pinned = person.pins.iter().any(|pin| usize::from(pin.day) == day);
            for (template, shape) in (0u16..).zip(&self.problem.templates) {
                if !self.overlaps(day, template, Some(gap.line), gap) {
                    continue;
                }
                let (found, count) = if let Some(rule) =
                    unit_rule(&self.problem, person, day, usize::from(template), shape)
                {
                    (Reason::Rule(rule), 1000)
                } else if pinned {
                    (Reason::Pinned, 900)
                } else if taken.is_some() {
                    (Reason::OtherShift, 800)
                } else {
                    let Some(cell) = tried.get_mut(day) else {
                        continue;
                    };
                    *cell = Some(Assignment {
                        template,
                        line: gap.line,
                        breaks: 0,
                    });
                    let new = broken_rules(&self.problem, index, &tried);
                    if let Some(cell) = tried.get_mut(day) {
                        *cell = None;
                    }
                    let mut added = new.iter().filter(|&broken| !worse_before(old, broken));
                    match added.next() {
                        None => return Reason::Free,
                        Some(broken) => (Reason::Rule(broken.rule), 1 + added.count()),
                    }
                };
                if count < fewest {
                    (reason, fewest) = (found, count);
                }
            }
        }
        reason
    }

    /// Does a template on a day share time with a gap; for a line, does it also serve it.
    fn overlaps(&self, day: usize, template: u16, line: Option<u16>, gap: &Gap) -> bool {
        let Some(shape) = self.problem.templates.get(usize::from(template)) else {
            return false;
        };
        if let Some(line) = line
            && !shape.lines.is_empty()
            && !shape.lines.contains(&line)
        {
            return false;
        }
        let start = minute_of(day) + u32::from(shape.start);
        let by_start = self
            .problem
            .lines
            .get(usize::from(gap.line))
            .is_some_and(|line| line.coverage == Coverage::Start);
        let end = if by_start {
            start + 1
        } else {
            start + u32::from(shape.minutes)
        };
        start < gap.until && gap.from < end
    }

    fn cells(&self, range: std::ops::Range<usize>) -> impl Iterator<Item = (Cell, i32)> {
        let cells = self.tables.cells.get(range.clone()).unwrap_or_default();
        let cover = self.cover.get(range).unwrap_or_default();
        cells.iter().copied().zip(cover.iter().copied())
    }

    fn fairness(&self) -> f64 {
        self.fair
            .iter()
            .zip(self.tables.fair_weights)
            .map(|(sums, weight)| {
                if weight > 0.0 {
                    weight * sums.deviation()
                } else {
                    0.0
                }
            })
            .sum()
    }

    fn share(&self, person: usize) -> i64 {
        self.tables.shares.get(person).copied().unwrap_or_default()
    }

    fn carried(&self, person: usize, counts: [i64; 3]) -> [i64; 3] {
        let carry = self
            .problem
            .people
            .get(person)
            .map(|person| person.carry)
            .unwrap_or_default();
        let [nights, weekends, unpopular] = counts;
        [
            nights + i64::from(carry.nights),
            weekends + i64::from(carry.weekends),
            unpopular + i64::from(carry.unpopular),
        ]
    }

    /// Adds (or with −1 takes away) what one person's day costs and covers.
    fn count_day(&mut self, person: usize, day: usize, shift: Option<Assignment>, sign: i32) {
        let factor = i64::from(sign);
        let tables = &self.tables;
        self.sums.wishes += factor * tables.wish_cost(person, day, shift);
        self.sums.pay += factor * tables.pay_cost(person, shift);
        if let Some(published) = &self.problem.published {
            self.sums.changes += factor * tables.change_cost(published, person, day, shift);
        }
        let Some(shift) = shift else { return };
        let away = self
            .problem
            .people
            .get(person)
            .map_or(&[][..], |person| person.away.as_slice());
        let (cover, sums) = (&mut self.cover, &mut self.sums);
        tables.visit_cells(away, day, shift, |index, amount| {
            if let (Some(have), Some(cell)) = (cover.get_mut(index), tables.cells.get(index)) {
                sums.under -= cell.under(*have);
                sums.over -= cell.over(*have);
                *have += sign * amount;
                sums.under += cell.under(*have);
                sums.over += cell.over(*have);
            }
        });
    }
}

/// Was this rule broken as much before.
fn worse_before(old: &[Broken], new: &Broken) -> bool {
    old.iter().any(|old| {
        old.rule == new.rule
            && old.day == new.day
            && (old.actual - old.limit).abs() >= (new.actual - new.limit).abs()
    })
}

/// Thousandths as units.
#[expect(
    clippy::cast_precision_loss,
    reason = "costs are far below 2^52 thousandths"
)]
pub(crate) fn units(milli: i64) -> f64 {
    milli as f64 / 1000.0
}
