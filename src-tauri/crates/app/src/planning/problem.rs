//! A plan as the roster sees it: people, shifts and needs by their numbers, times in minutes.

use super::day::shift_of;
use super::drawn::{Line, Served, moment};
use super::people::{self, Member};
use super::templates::ways_of_breaks;
use crate::forecasting::WantedDay;
use crate::view::{ShrinkageKind, StaffingRules};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use plan::history::minutes_passed;
use roster::{
    Break, BreakPlan, CarryIn, ClockChange, Coverage, Forbidden, LabourPreset, Need, NightBand,
    Person, Problem, Roster, Rules, Run, ShiftKind, Span, Template, Wanted, Weights, Wish,
};
use rules::id::PersonId;
use std::collections::{HashMap, HashSet};
use store::table::contract::Contract;
use store::table::meeting::Meeting;
use store::table::plan::Plan;
use store::table::publication::PublishedShift;
use store::table::request::{Kind, Request};
use store::table::shift_template::ShiftTemplate;

/// Minutes of a slot of cover.
pub(super) const SLOT: u32 = 15;
const DAY: u32 = 24 * 60;

/// One person missing for a slot costs one; a second at the same time more, so that what is missing is
/// spread out. One too many costs a quarter.
const UNDER: f64 = 1.0;
const UNDER_MORE: f64 = 1.6;
const OVER: f64 = 0.25;
/// A day off wished and not granted: two hours of one person missing.
const WISH: f64 = 8.0;
/// Against what is published: an hour of one person missing. In a replan, more than a shift can bring.
const CHANGE: f64 = 4.0;
const CHANGE_IN_REPLAN: f64 = 48.0;
/// How far a search looks beyond the plan: a week, after which it no longer matters in which days of it
/// someone owes a rest.
pub(super) const LOOKAHEAD: u32 = 7;
/// How far back fairness looks.
pub(super) const FAIR_DAYS: i64 = 84;

/// What a plan is made for.
pub(super) struct Ground<'a> {
    pub(super) plan: &'a Plan,
    pub(super) people: &'a [Member],
    pub(super) templates: &'a [ShiftTemplate],
    pub(super) lines: &'a [Line],
    pub(super) meetings: &'a [Meeting],
    /// Requests for days off that touch the plan and the days a search looks beyond it.
    pub(super) off: &'a [Request],
    /// What was published of the days before the plan, by person and day.
    pub(super) before: &'a HashMap<(PersonId, NaiveDate), PublishedShift>,
}

pub(super) fn small(value: u32) -> u16 {
    u16::try_from(value).unwrap_or(u16::MAX)
}

/// The hours of the night where the centre works.
pub(super) fn night(zone: Tz) -> NightBand {
    LabourPreset::of(people::country(people::preset_of(zone))).night
}

/// Paid minutes of a shift.
pub(super) fn paid_minutes(template: &ShiftTemplate) -> u32 {
    let unpaid: u32 = template
        .breaks
        .iter()
        .filter(|told| !told.paid)
        .map(|told| told.minutes)
        .sum();
    template.minutes.saturating_sub(unpaid)
}

pub(super) fn template(known: &ShiftTemplate, night: NightBand) -> Template {
    let ways = ways_of_breaks(known).into_iter().map(|way| BreakPlan {
        breaks: way
            .iter()
            .map(|told| Break {
                offset: small(told.after_minutes),
                minutes: small(told.minutes),
            })
            .collect(),
    });
    let mut weekdays = [false; 7];
    for (day, given) in (0..).zip(&mut weekdays) {
        *given = known.removed_at.is_none() && known.weekdays.contains(&day);
    }
    let mut template = Template {
        start: small(known.start_minute),
        minutes: small(known.minutes),
        paid_minutes: small(paid_minutes(known)),
        breaks: ways.collect(),
        kind: ShiftKind::Day,
        unpopular: u8::from(known.unpopular),
        weekdays,
        lines: Vec::new(),
        not_followed_by: Vec::new(),
    };
    template.kind = night.kind_of(&template);
    template
}

/// Share of paid time away from the line that a plan does not show: leave it does, and the breaks that
/// are planned stand in the shifts.
pub(super) fn hidden_shrinkage(rules: &StaffingRules) -> f64 {
    let away: f64 = rules
        .shrinkage
        .iter()
        .filter(|part| part.kind != ShrinkageKind::Leave)
        .map(|part| part.share)
        .sum();
    away.clamp(0.0, 0.9)
}

/// People to be planned in each slot of a day, so that as many as are wanted are on the line.
pub(super) fn people_to_plan(day: &WantedDay, rules: &StaffingRules) -> Vec<f64> {
    let there = 1.0 - hidden_shrinkage(rules);
    day.agents.iter().map(|agents| agents / there).collect()
}

pub(super) fn problem(ground: &Ground<'_>) -> Problem {
    let plan = ground.plan;
    let night = night(plan.zone);
    let templates: Vec<Template> = ground
        .templates
        .iter()
        .map(|known| template(known, night))
        .collect();
    let carries = carried(ground, &templates);
    let people = ground
        .people
        .iter()
        .zip(carries)
        .map(|(member, carry)| person(ground, member, carry))
        .collect();
    Problem {
        days: small(plan.days()),
        lookahead: small(LOOKAHEAD),
        clock_change: clock_change(plan),
        first_weekday: u8::try_from(plan.first_day.weekday().num_days_from_monday())
            .unwrap_or_default(),
        templates,
        lines: ground
            .lines
            .iter()
            .map(|line| line_of(line, ground))
            .collect(),
        people,
        weights: Weights {
            nights: 2.0,
            weekends: 2.0,
            unpopular: 0.5,
            change: CHANGE,
            change_line: 0.5,
        },
        published: None,
    }
}

/// The same, where a plan is to be mended with the fewest changes.
pub(super) fn for_replan(problem: &mut Problem, known: Roster) {
    problem.weights.change = CHANGE_IN_REPLAN;
    problem.weights.change_line = CHANGE;
    problem.published = Some(known);
}

/// Where the clock is set within the days that a search looks at.
fn clock_change(plan: &Plan) -> Option<ClockChange> {
    let days = plan.first_day.iter_days().zip(0..plan.days() + LOOKAHEAD);
    days.into_iter().find_map(|(date, day)| {
        let passed = minutes_passed(date, SLOT, plan.zone);
        let last = passed.iter().rposition(|minutes| *minutes != SLOT)?;
        let all: u32 = passed.iter().sum();
        Some(ClockChange {
            day: small(day),
            minute: small(SLOT) * u16::try_from(last + 1).ok()?,
            skipped: i16::try_from(i64::from(DAY) - i64::from(all)).ok()?,
        })
    })
}

/// What is wanted slot by slot. A slot that the clock skips costs nothing, one that comes twice the double.
fn line_of(line: &Line, ground: &Ground<'_>) -> roster::Line {
    let plan = ground.plan;
    let days = plan
        .first_day
        .iter_days()
        .take((plan.days() + LOOKAHEAD) as usize);
    let passed = days.flat_map(|date| minutes_passed(date, SLOT, plan.zone));
    let wanted = line.wanted.iter().copied().chain(std::iter::repeat(0.0));
    let there = there(line, ground).into_iter();
    let needs = passed
        .zip(wanted)
        .zip(there.chain(std::iter::repeat(0.0)))
        .map(|((minutes, agents), there)| {
            let times = f64::from(minutes) / f64::from(SLOT);
            Need {
                agents,
                there,
                under: UNDER * times,
                under_more: UNDER_MORE * times,
                over: OVER * times,
            }
        })
        .collect();
    roster::Line {
        slot_minutes: small(SLOT),
        coverage: Coverage::Worked,
        needs,
    }
}

/// People on a line in each slot of the first day out of nights that began before it.
fn there(line: &Line, ground: &Ground<'_>) -> Vec<f64> {
    let plan = ground.plan;
    let midnight = moment(plan.zone, plan.first_day, 0);
    let nights = ground.before.values().filter(|told| told.end > midnight);
    let of_line = nights.filter(|told| line.is_named_by(told.line));
    let worked: Vec<_> = of_line
        .flat_map(|told| shift_of(told).stretches())
        .collect();
    (0..DAY)
        .step_by(SLOT as usize)
        .map(|minute| {
            let from = moment(plan.zone, plan.first_day, minute);
            let until = from + TimeDelta::minutes(SLOT.into());
            let within = worked.iter().map(|stretch| {
                (stretch.1.min(until) - stretch.0.max(from))
                    .num_seconds()
                    .max(0)
            });
            TimeDelta::seconds(within.sum()).as_seconds_f64() / f64::from(60 * SLOT)
        })
        .collect()
}

/// A meeting in the plan's own minutes; none where it lies outside.
pub(super) fn span_of(plan: &Plan, meeting: &Meeting) -> Option<Span> {
    let day = u32::try_from((meeting.day - plan.first_day).num_days()).ok()?;
    let from = day * DAY + meeting.start_minute;
    (day < plan.days()).then_some(Span {
        from,
        until: from + meeting.minutes,
    })
}

fn person(ground: &Ground<'_>, member: &Member, carry: CarryIn) -> Person {
    let plan = ground.plan;
    let contract = &member.contract;
    let first_weekday = plan.first_day.weekday().num_days_from_monday();
    let days = plan.days() + LOOKAHEAD;
    let never: Vec<u16> = ground
        .templates
        .iter()
        .zip(0..)
        .filter(|(template, _)| contract.never_given.contains(&template.id))
        .map(|(_, index)| index)
        .collect();
    let asked = ground
        .meetings
        .iter()
        .filter(|meeting| meeting.people.contains(&member.id()));
    let mut time_off = Vec::new();
    let mut wishes = Vec::new();
    let mut leave_days = 0;
    for (request, day) in days_off(ground, member.id()) {
        let Ok(index) = u32::try_from((day - plan.first_day).num_days()) else {
            continue;
        };
        let of_plan = index < plan.days();
        if request.kind == Kind::TimeOff {
            time_off.push(Span {
                from: index * DAY,
                until: (index + 1) * DAY,
            });
            leave_days += u32::from(of_plan && day.weekday().num_days_from_monday() < 5);
        } else if of_plan {
            wishes.push(Wish {
                day: small(index),
                wanted: Wanted::Off,
                weight: WISH,
            });
        }
    }
    let served = ground.lines.iter().zip(0_u16..);
    Person {
        lines: served
            .filter(|(line, _)| serves(&member.contract, line))
            .map(|(_, index)| index)
            .collect(),
        rules: rules_of(ground, &member.contract, leave_days),
        days_off: (0..days)
            .filter(|day| !contract.weekdays.contains(&((first_weekday + day) % 7)))
            .map(small)
            .collect(),
        time_off,
        away: asked.filter_map(|meeting| span_of(plan, meeting)).collect(),
        wishes,
        pins: Vec::new(),
        forbidden: (0..small(days))
            .flat_map(|day| {
                never.iter().map(move |template| Forbidden {
                    day,
                    template: *template,
                })
            })
            .collect(),
        carry,
        pay_per_minute: 0.0,
        share: share(&member.contract),
    }
}

/// Whether a person may be planned on a line: who serves all its clients. Who serves a client as a whole
/// serves each of its languages until the contract names some of them instead.
pub(super) fn serves(contract: &Contract, line: &Line) -> bool {
    let served = |member: &Served| member.by.iter().any(|id| contract.lines.contains(id));
    line.members.iter().all(served)
}

fn share(contract: &Contract) -> f64 {
    f64::from(contract.week_minutes.max(60)) / 2400.0
}

/// Days off of a person that hold: granted leave, and wishes that were not refused.
pub(super) fn days_off<'a>(
    ground: &Ground<'a>,
    person: PersonId,
) -> impl Iterator<Item = (&'a Request, NaiveDate)> {
    ground
        .off
        .iter()
        .filter(move |request| request.person == person && holds(request))
        .flat_map(|request| {
            let (from, until) = request.days.unwrap_or_default();
            from.iter_days()
                .take_while(move |day| *day <= until)
                .map(move |day| (request, day))
        })
}

pub(super) fn holds(request: &Request) -> bool {
    match request.kind {
        Kind::TimeOff => request.approved(),
        Kind::Wish => request.end().is_none() || request.approved(),
        Kind::Swap => false,
    }
}

/// Minutes of work of a contract in a plan, granted leave out.
pub(super) fn contract_minutes(contract: &Contract, plan: &Plan, leave_days: u32) -> u32 {
    let whole = contract.week_minutes * plan.weeks;
    whole.saturating_sub(leave_days * contract.week_minutes / 5)
}

/// The contract's numbers over the law they began with.
fn rules_of(ground: &Ground<'_>, contract: &Contract, leave_days: u32) -> Rules {
    let plan = ground.plan;
    let preset = LabourPreset::of(people::country(contract.preset));
    let law = preset.rules_for(small(plan.days()), 0);
    let least = contract.min_rest_minutes;
    // A number that someone has set holds alone; where nobody has, the law goes by the work before.
    let by_work = law.rest_percent_of_work > 0 && least == people::usual_rest(contract.preset);
    let minutes = contract_minutes(contract, plan, leave_days);
    // Shifts come in whole pieces, so the least is one short of the contract.
    let piece = ground
        .templates
        .iter()
        .filter(|template| template.removed_at.is_none())
        .map(paid_minutes)
        .min()
        .unwrap_or_default();
    let weekends = (plan.weeks * contract.max_weekends_of_four).div_ceil(4);
    Rules {
        min_minutes: minutes.saturating_sub(piece),
        max_minutes: Some(minutes),
        max_week_minutes: Some(contract.max_week_minutes),
        max_shift_minutes: Some(small(contract.max_day_minutes)),
        min_rest_minutes: if by_work {
            law.min_rest_minutes
        } else {
            small(least)
        },
        rest_percent_of_work: if by_work { law.rest_percent_of_work } else { 0 },
        weekly_rest_minutes: small(contract.weekly_rest_minutes),
        max_days_in_row: Some(small(contract.max_days_in_a_row)),
        min_days_off_in_row: small(contract.min_days_off_in_a_row),
        max_nights_in_row: Some(small(contract.max_nights_in_a_row)),
        max_weekends: (contract.max_weekends_of_four < 4).then(|| small(weekends)),
        max_sundays: preset
            .most_sundays(small(plan.weeks), sundays_in_a_row(ground, contract.person)),
        ..law
    }
}

/// Sundays in a row that someone worked up to the plan, of those that bear on its own.
fn sundays_in_a_row(ground: &Ground<'_>, person: PersonId) -> u16 {
    let last_sunday = ground.plan.first_day - TimeDelta::days(1);
    let worked = (0..4).take_while(|weeks| {
        let sunday = last_sunday - TimeDelta::weeks(*weeks);
        ground.before.contains_key(&(person, sunday))
    });
    small(worked.map(|_| 1).sum())
}

/// What the time before the plan left behind, person by person.
fn carried(ground: &Ground<'_>, templates: &[Template]) -> Vec<CarryIn> {
    let index_of = |shift: &PublishedShift| {
        let found = ground
            .templates
            .iter()
            .position(|known| known.id == shift.template);
        found.map(|index| (index, templates.get(index)))
    };
    let rows: HashMap<PersonId, usize> = ground.people.iter().map(Member::id).zip(0..).collect();
    let mut counts = vec![[0.0; 3]; ground.people.len()];
    let mut weekends = HashSet::new();
    for ((person, day), shift) in ground.before {
        let Some(count) = rows.get(person).and_then(|row| counts.get_mut(*row)) else {
            continue;
        };
        let [nights, worked_weekends, unpopular] = count;
        if let Some((_, Some(template))) = index_of(shift) {
            *nights += f64::from(u8::from(template.kind == ShiftKind::Night));
            *unpopular += f64::from(template.unpopular);
        }
        let is_weekend = day.weekday().num_days_from_monday() >= 5;
        if is_weekend && weekends.insert((*person, day.iso_week())) {
            *worked_weekends += 1.0;
        }
    }
    let mut sums = [0.0; 3];
    for count in &counts {
        for (sum, count) in sums.iter_mut().zip(count) {
            *sum += count;
        }
    }
    let shares: f64 = ground
        .people
        .iter()
        .map(|member| share(&member.contract))
        .sum();
    ground
        .people
        .iter()
        .zip(counts)
        .map(|(member, counts)| {
            let part = share(&member.contract) / shares.max(f64::EPSILON);
            let mut over = counts
                .iter()
                .zip(sums)
                .map(|(count, sum)| whole(count - sum * part));
            let mut carry = last_days(ground, member, index_of);
            carry.nights = over.next().unwrap_or_default();
            carry.weekends = over.next().unwrap_or_default();
            carry.unpopular = over.next().unwrap_or_default();
            carry
        })
        .collect()
}

#[expect(
    clippy::cast_possible_truncation,
    reason = "counts of shifts in twelve weeks"
)]
fn whole(value: f64) -> i32 {
    value.round() as i32
}

/// The run and the rest with which a person comes into the plan.
fn last_days<'a>(
    ground: &Ground<'_>,
    member: &Member,
    index_of: impl Fn(&PublishedShift) -> Option<(usize, Option<&'a Template>)>,
) -> CarryIn {
    let mut carry = CarryIn::default();
    if ground.before.is_empty() {
        return carry;
    }
    let day_before = |back: i64| ground.plan.first_day - TimeDelta::days(back);
    let shift_on = |back: i64| ground.before.get(&(member.id(), day_before(back)));
    let worked = shift_on(1).is_some();
    let run = (1..=14)
        .take_while(|back| shift_on(*back).is_some() == worked)
        .count();
    let run = u16::try_from(run).unwrap_or(u16::MAX);
    carry.run = if worked {
        Run::Worked(run)
    } else {
        Run::Off(run)
    };
    let is_night = |shift: &PublishedShift| {
        index_of(shift)
            .and_then(|(_, template)| template)
            .is_some_and(|template| template.kind == ShiftKind::Night)
    };
    let nights = (1..=14)
        .take_while(|back| shift_on(*back).is_some_and(is_night))
        .count();
    carry.nights_in_row = u16::try_from(nights).unwrap_or(u16::MAX);
    let midnight = moment(ground.plan.zone, ground.plan.first_day, 0);
    let minute_of = |at: DateTime<Utc>| (at - midnight).num_minutes();
    let rest = i64::from(member.contract.weekly_rest_minutes);
    let mut later = None;
    for (back, shift) in (1..=14).filter_map(|back| Some((back, shift_on(back)?))) {
        match later {
            None => {
                carry.last_end = i32::try_from(minute_of(shift.end)).ok();
                carry.last_template = index_of(shift).and_then(|(index, _)| index.try_into().ok());
            }
            Some(start) if start - minute_of(shift.end) >= rest => break,
            Some(_) => {}
        }
        carry.days_since_weekly_rest = u16::try_from(back).unwrap_or(u16::MAX);
        later = Some(minute_of(shift.start));
    }
    carry
}
