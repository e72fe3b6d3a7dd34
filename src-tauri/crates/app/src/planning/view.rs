//! What screens show of a plan.

use super::day::shift_of;
use super::drawn::{Drawn, SLOTS_A_DAY, moment};
use super::people::Member;
use super::problem::{self, SLOT};
use super::templates;
use crate::forecasting::{Wanted, WantedDay};
use crate::view::{
    BrokenRule, CostKind, CostPart, CoverDay, CoverLine, Obstacle, PlanDay, PlanLine, PlanPerson,
    PlanStanding, PlanSummary, RuleKind, ShiftView, SolvingView, TimeOffView, UncoveredView,
};
use crate::view::{PinnedOff, PlanPage, ServiceLevelDefinition};
use chrono::{DateTime, NaiveDate, Utc};
use plan::outlook::{LineDay, foresee};
use roster::{Assignment, Broken, Gap, Reason, Rule};
use rules::id::{PersonId, ShopId};
use staffing::{Counts, Offered, Span};
use std::collections::{BTreeMap, HashSet};
use store::table::request::Kind;
use uuid::Uuid;

/// So many stretches without people are told, worst first; the sum tells of the rest.
const UNCOVERED: usize = 12;
/// While a search changes everything twice a second, days of lines that are foreseen for each look: about
/// a tenth of a second of work.
const FORESEEN_WHILE_SOLVING: usize = 100;
/// Less than half a person is no gap that anyone could fill.
const LEAST_GAP: f64 = 0.5;

impl Drawn {
    pub(super) fn summary(&self) -> PlanSummary {
        let days = self.plan.days() as usize;
        let cells =
            || (0..self.people.len()).flat_map(|person| (0..days).map(move |day| (person, day)));
        PlanSummary {
            id: self.plan.id,
            first_day: self.plan.first_day,
            last_day: self.plan.last_day(),
            published_at: self.published_at,
            changed_since: cells().any(|(person, day)| self.differs(person, day))
                || (self.published_at.is_some() && !self.meeting_news().is_empty()),
            shifts: count(
                cells()
                    .filter(|(person, day)| self.mark(*person, *day).is_some())
                    .count(),
            ),
            made_at: self.plan.made_at,
        }
    }

    pub(super) fn page(&mut self, solving: Option<SolvingView>) -> PlanPage {
        let days = self.plan.days() as usize;
        let shifts = (0..self.people.len())
            .flat_map(|person| (0..days).map(move |day| (person, day)))
            .filter_map(|(person, day)| self.shift(person, day))
            .collect();
        PlanPage {
            plan: self.summary(),
            version: self.version,
            zone: self.plan.zone.name().to_owned(),
            days: (0..days).map(|day| self.day(day)).collect(),
            people: (0..self.people.len())
                .map(|person| self.person(person))
                .collect(),
            templates: self.templates.iter().map(templates::view).collect(),
            lines: self
                .lines
                .iter()
                .zip(0..)
                .map(|(line, index)| PlanLine {
                    shop: line.shop,
                    name: line.name.clone(),
                    language: line.language,
                    index,
                })
                .collect(),
            shifts,
            time_off: self.time_off(),
            pinned_off: self.pinned_days_off(),
            meetings: self.meeting_views(),
            standing: self.standing_within(if solving.is_some() {
                FORESEEN_WHILE_SOLVING
            } else {
                usize::MAX
            }),
            slot_minutes: SLOT,
            cover: (0..days).map(|day| self.cover(day)).collect(),
            solving,
        }
    }

    fn day(&self, day: usize) -> PlanDay {
        let lines = self.lines.iter().map(|line| {
            let wanted = line.wanted.iter().skip(day * SLOTS_A_DAY);
            self.hours_of(day, wanted.copied())
        });
        PlanDay {
            date: self.date(day),
            holiday: None,
            wanted_hours: lines.sum(),
        }
    }

    /// Hours that people in each slot of a day come to.
    fn hours_of(&self, day: usize, people: impl Iterator<Item = f64>) -> f64 {
        let hours = self.slot_hours.get(day).into_iter().flatten();
        hours
            .zip(people)
            .map(|(hours, people)| hours * people)
            .sum()
    }

    pub(super) fn person(&self, index: usize) -> PlanPerson {
        let problem = self.board.problem();
        let member = self.people.get(index);
        let worked = || {
            (0..self.plan.days() as usize).filter_map(move |day| {
                let shift = self.board.roster().get(index, day)?;
                Some((day, problem.templates.get(usize::from(shift.template))?))
            })
        };
        let mut weekends: Vec<usize> = worked()
            .filter(|(day, _)| day % 7 >= 5)
            .map(|(day, _)| day / 7)
            .collect();
        weekends.dedup();
        let rules = problem.people.get(index).map(|person| &person.rules);
        PlanPerson {
            id: member.map_or_else(|| PersonId::from_uuid(Uuid::nil()), Member::id),
            name: member.map(|member| member.name.clone()).unwrap_or_default(),
            contract_minutes: rules
                .and_then(|rules| rules.max_minutes)
                .unwrap_or_default(),
            planned_minutes: worked()
                .map(|(day, template)| u32::from(problem.paid_minutes(day, template)))
                .sum(),
            lines: member
                .map(|member| self.lines_served(member))
                .unwrap_or_default(),
            nights: count(
                worked()
                    .filter(|(_, template)| template.kind == roster::ShiftKind::Night)
                    .count(),
            ),
            weekends: count(weekends.len()),
        }
    }

    pub(super) fn shift(&self, person: usize, day: usize) -> Option<ShiftView> {
        let planned = self.planned(person, day)?;
        let template = self
            .templates
            .iter()
            .find(|known| known.id == planned.template)?;
        let (start, end) = self.hours(template, planned.day);
        Some(ShiftView {
            id: planned.id,
            person: planned.person,
            date: planned.day,
            template: planned.template,
            line: planned.line,
            start,
            end,
            pinned: planned.pinned,
            changed: self.differs(person, day),
        })
    }

    pub(super) fn pinned_days_off(&self) -> Vec<PinnedOff> {
        self.pinned_off
            .iter()
            .filter_map(|(row, day)| {
                Some(PinnedOff {
                    person: self.people.get(*row)?.id(),
                    date: self.date(*day),
                })
            })
            .collect()
    }

    fn time_off(&self) -> Vec<TimeOffView> {
        let mut views = Vec::new();
        for request in self.off.iter().filter(|request| problem::holds(request)) {
            let Some((from, until)) = request.days else {
                continue;
            };
            for date in from.iter_days().take_while(|date| *date <= until) {
                if self.place(request.person, date).is_some() {
                    views.push(TimeOffView {
                        person: request.person,
                        date,
                        wish: request.kind == Kind::Wish,
                    });
                }
            }
        }
        views
    }

    pub(super) fn cover(&self, day: usize) -> CoverDay {
        let mut present_hours = 0.0;
        let mut lines = Vec::with_capacity(self.lines.len());
        for (index, line) in self.lines.iter().enumerate() {
            let slots = self.board.cover(index, day);
            let present: Vec<f64> = slots.iter().map(|slot| slot.have).collect();
            present_hours += self.hours_of(day, present.iter().copied());
            lines.push(CoverLine {
                line: line.shop,
                wanted: slots.iter().map(|slot| slot.need).collect(),
                present,
            });
        }
        CoverDay {
            date: self.date(day),
            present_hours,
            lines,
        }
    }

    /// How the plan stands. What is long to count is kept until an edit touches it.
    pub(super) fn standing(&mut self) -> PlanStanding {
        self.standing_within(usize::MAX)
    }

    /// The same with no service level where it would take more days of a line than so many.
    fn standing_within(&mut self, foreseen: usize) -> PlanStanding {
        let cost = self.board.cost();
        let part = |kind, cost| CostPart { kind, cost };
        let (mut uncovered, mut surplus) = (0.0, 0.0);
        let mut gaps = Vec::new();
        for line in 0..self.lines.len() {
            for day in 0..self.plan.days() as usize {
                let slots = self.board.cover(line, day);
                let missing = slots.iter().map(|slot| slot.need - slot.have);
                uncovered += self.hours_of(day, missing.clone().map(|people| people.max(0.0)));
                surplus += self.hours_of(day, missing.map(|people| (-people).max(0.0)));
                gaps.extend(gaps_of(line, day, &slots));
            }
        }
        gaps.sort_by(|one, other| other.agent_minutes.total_cmp(&one.agent_minutes));
        gaps.truncate(UNCOVERED);
        PlanStanding {
            cost: cost.total,
            parts: vec![
                part(CostKind::Under, cost.under),
                part(CostKind::Over, cost.over),
                part(CostKind::Wishes, cost.wishes),
                part(CostKind::Fairness, cost.fairness),
                part(CostKind::Hours, cost.pay),
                part(CostKind::Changes, cost.changes),
            ],
            uncovered_hours: uncovered,
            surplus_hours: surplus,
            service_level: self.service_level(foreseen),
            broken: self.broken(),
            uncovered: gaps.iter().map(|gap| self.uncovered(gap)).collect(),
            people_to_tell: self.people_to_tell(),
        }
    }

    pub(super) fn broken(&self) -> Vec<BrokenRule> {
        self.board
            .broken()
            .filter_map(|broken| self.rule(broken))
            .collect()
    }

    pub(super) fn rule(&self, broken: &Broken) -> Option<BrokenRule> {
        let row = usize::try_from(broken.person).ok()?;
        let person = self.people.get(row)?.id();
        let day = usize::from(broken.day);
        let (is, limit) = if broken.rule == Rule::WeeklyRest {
            let least = self
                .board
                .problem()
                .people
                .get(row)?
                .rules
                .weekly_rest_minutes;
            (self.longest_rest(row, day), f64::from(least))
        } else {
            (f64::from(broken.actual), f64::from(broken.limit))
        };
        Some(BrokenRule {
            person,
            date: self.date(day),
            rule: kind_of(broken.rule),
            is,
            limit,
        })
    }

    /// The longest time off within the seven days up to this one, minutes.
    fn longest_rest(&self, row: usize, day: usize) -> f64 {
        let problem = self.board.problem();
        let first = day.saturating_sub(6);
        let midnight = |day: usize| count(day).cast_signed() * 1440;
        let mut free_from = midnight(first);
        let mut longest = 0;
        for at in first..=day {
            let Some(template) = self
                .board
                .roster()
                .get(row, at)
                .and_then(|shift| problem.templates.get(usize::from(shift.template)))
            else {
                continue;
            };
            let start = midnight(at) + i32::from(template.start);
            longest = longest.max(problem.minutes_passed(free_from, start));
            free_from = start + i32::from(template.minutes);
        }
        longest = longest.max(problem.minutes_passed(free_from, midnight(day + 1)));
        f64::from(longest)
    }

    fn uncovered(&self, gap: &Gap) -> UncoveredView {
        let mut because: BTreeMap<RuleKind, u32> = BTreeMap::new();
        for counted in self.board.why(gap) {
            if let Some(rule) = obstacle(counted.reason) {
                *because.entry(rule).or_default() += counted.people;
            }
        }
        let mut because: Vec<Obstacle> = because
            .into_iter()
            .map(|(rule, people)| Obstacle { rule, people })
            .collect();
        because.sort_by_key(|obstacle| std::cmp::Reverse(obstacle.people));
        let midnight = gap.from / 1440 * 1440;
        UncoveredView {
            date: self.date((gap.from / 1440) as usize),
            from_minute: gap.from - midnight,
            until_minute: gap.until - midnight,
            line: self
                .lines
                .get(usize::from(gap.line))
                .map_or_else(|| ShopId::from_uuid(Uuid::nil()), |line| line.shop),
            missing: gap.agents,
            because,
        }
    }

    /// Share of all calls expected that are answered in time, as the people present allow; none where
    /// more days of a line than `most` would have to be foreseen for it.
    fn service_level(&mut self, most: usize) -> Option<f64> {
        let unknown = self.levels.iter().flatten().filter(|level| level.is_none());
        if unknown.count() > most {
            return None;
        }
        let (mut in_time, mut calls) = (0.0, 0.0);
        for line in 0..self.lines.len() {
            for day in 0..self.plan.days() as usize {
                let known = self
                    .levels
                    .get(line)
                    .and_then(|days| days.get(day).copied().flatten());
                let level = known.unwrap_or_else(|| self.level(line, day));
                if let Some(kept) = self.levels.get_mut(line).and_then(|days| days.get_mut(day)) {
                    *kept = Some(level);
                }
                in_time += level.0;
                calls += level.1;
            }
        }
        (calls > 0.0).then(|| in_time / calls)
    }

    /// Calls answered in time on a line and day, and those of which they are a share.
    fn level(&self, line: usize, day: usize) -> (f64, f64) {
        let Some((demand, wanted)) = self.demand_on(line, day) else {
            return (0.0, 0.0);
        };
        let present: Vec<Vec<Span>> = self
            .on_line(line, day)
            .into_iter()
            .map(|(_, spans)| spans)
            .collect();
        in_time(
            demand,
            foresee(&line_day(demand, wanted, &offered_on(wanted)), &present),
        )
    }

    /// The same of those who come into the plan's first day out of a night before the plan.
    fn before_midnight(&self, line: usize, day: usize) -> Vec<Vec<Span>> {
        let Some(line) = self.lines.get(line).filter(|_| day == 0) else {
            return Vec::new();
        };
        let midnight = moment(self.plan.zone, self.plan.first_day, 0);
        let second = |at: DateTime<Utc>| (at - midnight).as_seconds_f64().max(0.0);
        let nights = self.night_before.iter();
        nights
            .filter(|told| line.is_named_by(told.line))
            .map(|told| {
                let stretches = shift_of(told).stretches().into_iter();
                stretches
                    .map(|(from, until)| Span {
                        from_s: second(from),
                        to_s: second(until),
                    })
                    .filter(|span| span.to_s > span.from_s)
                    .collect()
            })
            .collect()
    }

    /// When each person is on a line on a day, by row and in seconds after its midnight; the end of the
    /// night shift before is of this day. Who came before the plan has no row.
    pub(super) fn on_line(&self, line: usize, day: usize) -> Vec<(Option<usize>, Vec<Span>)> {
        let problem = self.board.problem();
        let of_line = |shift: &Assignment| usize::from(shift.line) == line;
        let second = |minutes: u16| f64::from(minutes) * 60.0;
        let before = self.before_midnight(line, day).into_iter();
        let mut people: Vec<_> = before.map(|spans| (None, spans)).collect();
        for (index, row) in self.board.roster().rows.iter().enumerate() {
            let mut spans = Vec::new();
            for (at, midnight) in [(day.checked_sub(1), -86_400.0), (Some(day), 0.0)] {
                let shift = at
                    .and_then(|at| row.get(at).copied().flatten())
                    .filter(of_line);
                let Some(shift) = shift else { continue };
                let Some(template) = problem.templates.get(usize::from(shift.template)) else {
                    continue;
                };
                let start = midnight + second(template.start);
                let breaks = template.breaks.get(usize::from(shift.breaks));
                let mut from_s = start;
                for told in breaks.iter().flat_map(|plan| &plan.breaks) {
                    let to_s = start + second(told.offset);
                    spans.push(Span { from_s, to_s });
                    from_s = to_s + second(told.minutes);
                }
                let to_s = start + second(template.minutes);
                spans.push(Span { from_s, to_s });
            }
            let away = problem.people.get(index).map(|person| &person.away);
            for meeting in away.into_iter().flatten() {
                let midnight = f64::from(count(day)) * 86_400.0;
                let second = |minute: u32| f64::from(minute) * 60.0 - midnight;
                // Nobody answers in a meeting.
                Span::take_out(&mut spans, second(meeting.from), second(meeting.until));
            }
            spans.retain(|span| span.to_s > 0.0);
            for span in &mut spans {
                span.from_s = span.from_s.max(0.0);
            }
            if !spans.is_empty() {
                people.push((Some(index), spans));
            }
        }
        people
    }
}

/// Calls and handle times of a line's day.
pub(super) fn offered_on(wanted: &WantedDay) -> Vec<Offered> {
    let offered = wanted.calls.iter().zip(&wanted.aht_s);
    offered
        .map(|(calls, aht_s)| Offered {
            calls: *calls,
            aht_s: *aht_s,
        })
        .collect()
}

/// A line's day as it is foreseen.
pub(super) fn line_day<'a>(
    demand: &Wanted,
    wanted: &'a WantedDay,
    offered: &'a [Offered],
) -> LineDay<'a> {
    let rules = &demand.rules;
    LineDay {
        offered,
        interval_s: f64::from(demand.slot_minutes) * 60.0,
        patience_s: rules.patience_s.map(f64::from),
        threshold_s: f64::from(rules.threshold_s),
        outbound: &wanted.outbound,
        away: problem::hidden_shrinkage(rules),
    }
}

/// Calls answered in time, and those of which they are a share by the line's definition.
pub(super) fn in_time(demand: &Wanted, counts: Counts) -> (f64, f64) {
    let of = match demand.rules.definition {
        ServiceLevelDefinition::OfOffered => counts.offered,
        ServiceLevelDefinition::OfAnswered => counts.answered,
        ServiceLevelDefinition::ShortAbandonsOut => counts.offered - counts.short_abandons,
    };
    (counts.answered_within, of)
}

/// Stretches of a day in which people are missing.
fn gaps_of(line: usize, day: usize, slots: &[roster::CoverSlot]) -> Vec<Gap> {
    let mut gaps: Vec<Gap> = Vec::new();
    let midnight = count(day) * 1440;
    for (slot, from) in slots.iter().zip((midnight..).step_by(SLOT as usize)) {
        let missing = slot.need - slot.have;
        if missing < LEAST_GAP {
            continue;
        }
        let minutes = missing * f64::from(SLOT);
        match gaps.last_mut() {
            Some(gap) if gap.until == from => {
                gap.until += SLOT;
                gap.agents = gap.agents.max(missing);
                gap.agent_minutes += minutes;
            }
            _ => gaps.push(Gap {
                line: u16::try_from(line).unwrap_or(u16::MAX),
                from,
                until: from + SLOT,
                agents: missing,
                agent_minutes: minutes,
                cost: 0.0,
            }),
        }
    }
    gaps
}

const fn kind_of(rule: Rule) -> RuleKind {
    match rule {
        Rule::Rest => RuleKind::Rest,
        Rule::StartGap | Rule::Succession => RuleKind::Succession,
        Rule::WeeklyRest => RuleKind::WeeklyRest,
        Rule::ShiftLength => RuleKind::DayMinutes,
        Rule::DaysInRow => RuleKind::ConsecutiveDays,
        Rule::MinDaysInRow => RuleKind::MinConsecutiveDays,
        Rule::MinDaysOffInRow => RuleKind::ConsecutiveDaysOff,
        Rule::NightsInRow => RuleKind::Nights,
        Rule::Weekends | Rule::Sundays => RuleKind::Weekends,
        Rule::MaxMinutes => RuleKind::MaxMinutes,
        Rule::MinMinutes => RuleKind::MinMinutes,
        Rule::WeekMinutes => RuleKind::WeekMinutes,
        Rule::TemplateLimit => RuleKind::ShiftKind,
        Rule::DayOff => RuleKind::Weekday,
        Rule::TimeOff => RuleKind::TimeOff,
        Rule::Skill | Rule::TemplateLine => RuleKind::Skill,
        Rule::Weekday => RuleKind::TemplateDay,
        Rule::Forbidden => RuleKind::Forbidden,
        Rule::Pinned => RuleKind::Pinned,
    }
}

/// What keeps someone from helping; nothing of those who are at work already, or could be but cost
/// more than they bring.
const fn obstacle(reason: Reason) -> Option<RuleKind> {
    match reason {
        Reason::Free | Reason::Working => None,
        Reason::OtherShift => Some(RuleKind::OneShiftADay),
        Reason::Pinned => Some(RuleKind::Pinned),
        Reason::NoTemplate => Some(RuleKind::TemplateDay),
        Reason::Rule(rule) => Some(kind_of(rule)),
    }
}

pub(super) fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// Rules broken in the second and not in the first.
pub(super) fn newly(before: &[BrokenRule], after: &[BrokenRule]) -> Vec<BrokenRule> {
    let known: HashSet<_> = before.iter().map(place_of).collect();
    after
        .iter()
        .filter(|broken| !known.contains(&place_of(broken)))
        .cloned()
        .collect()
}

fn place_of(broken: &BrokenRule) -> (PersonId, NaiveDate, RuleKind) {
    (broken.person, broken.date, broken.rule)
}
