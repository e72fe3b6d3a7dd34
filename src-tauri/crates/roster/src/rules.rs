//! What contract and labour law ask of one person's days, and where a row breaks it.

use serde::{Deserialize, Serialize};

use crate::compile::{minute_of, unit_rule};
use crate::model::{Assignment, CarryIn, Person, Problem, Run, ShiftKind, Template};

/// What one person's shifts must keep to. `None` and 0 leave a rule out.
#[derive(Debug, Clone, PartialEq, Eq, Hash, Default, Serialize, Deserialize, specta::Type)]
pub struct Rules {
    /// Least paid minutes in the period.
    pub min_minutes: u32,
    /// Most paid minutes in the period.
    pub max_minutes: Option<u32>,
    /// Most paid minutes in a week from Monday to Sunday.
    pub max_week_minutes: Option<u32>,
    /// Longest shift in minutes, breaks included.
    pub max_shift_minutes: Option<u16>,
    /// Least minutes between the end of a shift and the start of the next.
    pub min_rest_minutes: u16,
    /// Least rest, together with the unpaid breaks of the shift before, in percent of that shift's paid
    /// minutes; e.g. 200 for twice the work.
    pub rest_percent_of_work: u16,
    /// Least minutes between the starts of two shifts.
    pub min_start_gap_minutes: u16,
    /// Length of the weekly rest in minutes: there is one at least after every six days.
    pub weekly_rest_minutes: u16,
    /// Most working days in a row.
    pub max_days_in_row: Option<u16>,
    /// Least working days in a row.
    pub min_days_in_row: u16,
    /// Least days off in a row.
    pub min_days_off_in_row: u16,
    /// Most night shifts in a row.
    pub max_nights_in_row: Option<u16>,
    /// Most weekends with a shift on Saturday or Sunday.
    pub max_weekends: Option<u16>,
    /// Most Sundays worked.
    pub max_sundays: Option<u16>,
    /// Most shifts of single templates: template and number.
    pub template_limits: Vec<(u16, u16)>,
}

/// A rule that a roster can break.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Rule {
    /// Too short a rest between two shifts; minutes.
    Rest,
    /// Starts of two shifts too near each other; minutes.
    StartGap,
    /// Too many days without a weekly rest; days.
    WeeklyRest,
    /// Too long a shift; minutes.
    ShiftLength,
    /// This template may not follow the one of the day before.
    Succession,
    /// Too many working days in a row; days.
    DaysInRow,
    /// Too few working days in a row; days.
    MinDaysInRow,
    /// Too few days off in a row; days.
    MinDaysOffInRow,
    /// Too many nights in a row; nights.
    NightsInRow,
    /// Too many weekends; weekends.
    Weekends,
    /// Too many Sundays; Sundays.
    Sundays,
    /// Too many paid minutes in the period.
    MaxMinutes,
    /// Too few paid minutes in the period.
    MinMinutes,
    /// Too many paid minutes in a week.
    WeekMinutes,
    /// Too many shifts of one template.
    TemplateLimit,
    /// A shift starts on a day off.
    DayOff,
    /// A shift overlaps time off.
    TimeOff,
    /// The person cannot serve the line.
    Skill,
    /// The template is not given out on this weekday.
    Weekday,
    /// The template does not serve this line.
    TemplateLine,
    /// The shift is ruled out for the person on this day.
    Forbidden,
    /// A pinned day was changed.
    Pinned,
}

/// One rule broken in one place.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Broken {
    /// Whose row.
    pub person: u32,
    /// The day on which it shows: of the later shift, of the end of a run, or the last of week or period.
    pub day: u16,
    /// Which rule.
    pub rule: Rule,
    /// What is, in the rule's unit.
    pub actual: i32,
    /// What may be, in the rule's unit.
    pub limit: i32,
}

/// Every rule that one person's row breaks, in the order of days.
///
/// A day off or working day at the end of the period may go on beyond it, so least numbers in a row
/// are not asked of it; at the start [`crate::Run`] decides.
pub(crate) fn broken_rules(
    problem: &Problem,
    index: usize,
    row: &[Option<Assignment>],
) -> Vec<Broken> {
    let mut broken = Vec::new();
    let Some(person) = problem.people.get(index) else {
        return broken;
    };
    let mut walk = Walk {
        person,
        index: u32::try_from(index).unwrap_or(u32::MAX),
        broken: &mut broken,
    };
    walk.single_days(problem, row);
    walk.rests(problem, row);
    walk.runs(problem, row);
    walk.sums(problem, row);
    broken.sort_by_key(|broken| broken.day);
    broken
}

struct Walk<'a> {
    person: &'a Person,
    index: u32,
    broken: &'a mut Vec<Broken>,
}

/// Numbers here are minutes and days of one period, far from the end of `i32`.
fn int(value: impl TryInto<i32>) -> i32 {
    value.try_into().unwrap_or(i32::MAX)
}

fn worked<'a>(
    problem: &'a Problem,
    row: &'a [Option<Assignment>],
) -> impl Iterator<Item = (usize, Assignment, &'a Template)> {
    row.iter().enumerate().filter_map(|(day, shift)| {
        let shift = (*shift)?;
        let template = problem.templates.get(usize::from(shift.template))?;
        Some((day, shift, template))
    })
}

impl Walk<'_> {
    fn report(&mut self, day: usize, rule: Rule, actual: i32, limit: i32) {
        self.broken.push(Broken {
            person: self.index,
            day: u16::try_from(day).unwrap_or(u16::MAX),
            rule,
            actual,
            limit,
        });
    }

    /// What a shift breaks by itself.
    fn single_days(&mut self, problem: &Problem, row: &[Option<Assignment>]) {
        for (day, shift, template) in worked(problem, row) {
            let index = usize::from(shift.template);
            match unit_rule(problem, self.person, day, index, template) {
                Some(Rule::ShiftLength) => {
                    let most = self.person.rules.max_shift_minutes.unwrap_or_default();
                    self.report(day, Rule::ShiftLength, int(template.minutes), int(most));
                }
                // Counted with the other limits below.
                Some(Rule::TemplateLimit) | None => {}
                Some(rule) => self.report(day, rule, 1, 0),
            }
            if !self.person.lines.contains(&shift.line) {
                self.report(day, Rule::Skill, 1, 0);
            } else if !template.lines.is_empty() && !template.lines.contains(&shift.line) {
                self.report(day, Rule::TemplateLine, 1, 0);
            }
        }
        for pin in &self.person.pins {
            let pinned = row.get(usize::from(pin.day));
            if pinned.is_some_and(|shift| *shift != pin.shift) {
                self.report(usize::from(pin.day), Rule::Pinned, 1, 0);
            }
        }
    }

    /// Rest between shifts, their order, and the weekly rest.
    fn rests(&mut self, problem: &Problem, row: &[Option<Assignment>]) {
        let rules = &self.person.rules;
        let carry = self.person.carry;
        let mut last = Last::carried(problem, carry);
        // Day of the first shift since the last weekly rest.
        let mut anchor = 0 - int(carry.days_since_weekly_rest);
        for (day, shift, template) in worked(problem, row) {
            let start = int(minute_of(day)) + int(template.start);
            let rest = last.end.map(|end| problem.minutes_passed(end, start));
            if let Some(rest) = rest {
                let need = last
                    .shape
                    .map_or(int(rules.min_rest_minutes), |(shape, paid)| {
                        rules.rest_after(shape, paid)
                    });
                if rest < need {
                    self.report(day, Rule::Rest, rest, need);
                }
            }
            if let Some(before) = last.start {
                let need = int(rules.min_start_gap_minutes);
                if start - before < need {
                    self.report(day, Rule::StartGap, start - before, need);
                }
            }
            if let Some((before, on)) = last.template
                && on + 1 == int(day)
                && problem
                    .templates
                    .get(usize::from(before))
                    .is_some_and(|before| before.not_followed_by.contains(&shift.template))
            {
                self.report(day, Rule::Succession, 1, 0);
            }
            if rules.weekly_rest_minutes > 0 {
                if rest.is_none_or(|rest| rest >= int(rules.weekly_rest_minutes)) {
                    anchor = int(day);
                } else if int(day) - anchor >= DAYS_BETWEEN_RESTS {
                    let days = int(day) - anchor + 1;
                    self.report(day, Rule::WeeklyRest, days, DAYS_BETWEEN_RESTS);
                }
            }
            last = Last {
                end: Some(start + int(template.minutes)),
                start: Some(start),
                shape: Some((template, problem.paid_minutes(day, template))),
                template: Some((shift.template, int(day))),
            };
        }
    }

    /// Days and nights in a row.
    fn runs(&mut self, problem: &Problem, row: &[Option<Assignment>]) {
        let rules = &self.person.rules;
        // Length of the run that is under way, and whether its beginning is known.
        let (mut works, mut length, mut whole) = match self.person.carry.run {
            Run::Unknown => (None, 0, false),
            Run::Worked(days) => (Some(true), int(days), true),
            Run::Off(days) => (Some(false), int(days), true),
        };
        let mut nights = int(self.person.carry.nights_in_row);
        for (day, shift) in row.iter().enumerate() {
            if works != Some(shift.is_some()) {
                if whole && works == Some(true) && length < int(rules.min_days_in_row) {
                    self.report(day, Rule::MinDaysInRow, length, int(rules.min_days_in_row));
                }
                if whole && works == Some(false) && length < int(rules.min_days_off_in_row) {
                    let least = int(rules.min_days_off_in_row);
                    self.report(day, Rule::MinDaysOffInRow, length, least);
                }
                whole = works.is_some();
                works = Some(shift.is_some());
                length = 0;
            }
            length += 1;
            if shift.is_some()
                && let Some(most) = rules.max_days_in_row
                && length > int(most)
            {
                self.report(day, Rule::DaysInRow, length, int(most));
            }
            let is_night = shift
                .and_then(|shift| problem.templates.get(usize::from(shift.template)))
                .is_some_and(|template| template.kind == ShiftKind::Night);
            nights = if is_night { nights + 1 } else { 0 };
            if is_night
                && let Some(most) = rules.max_nights_in_row
                && nights > int(most)
            {
                self.report(day, Rule::NightsInRow, nights, int(most));
            }
        }
    }

    /// Sums over week and period.
    fn sums(&mut self, problem: &Problem, row: &[Option<Assignment>]) {
        let rules = &self.person.rules;
        let first_weekday = usize::from(problem.first_weekday);
        let period = usize::from(problem.days);
        let last_day = row.len().min(period).saturating_sub(1);
        let week = |day: usize| (first_weekday + day) / 7;
        let (mut minutes, mut weekends, mut sundays) = (0, 0, 0);
        let mut last_weekend = None;
        let mut weeks = vec![0; week(row.len().saturating_sub(1)) + 1];
        if let Some(first) = weeks.first_mut() {
            *first = int(self.person.carry.week_minutes);
        }
        for (day, _, template) in worked(problem, row) {
            if let Some(sum) = weeks.get_mut(week(day)) {
                *sum += int(problem.paid_minutes(day, template));
            }
            if day >= period {
                continue;
            }
            minutes += int(problem.paid_minutes(day, template));
            let weekday = (first_weekday + day) % 7;
            if weekday >= 5 && last_weekend != Some(week(day)) {
                last_weekend = Some(week(day));
                weekends += 1;
            }
            sundays += int(weekday / 6);
        }
        if let Some(most) = rules.max_week_minutes {
            for (index, &sum) in weeks.iter().enumerate() {
                if sum > int(most) {
                    let sunday = (index * 7 + 6).saturating_sub(first_weekday);
                    let day = sunday.min(row.len().saturating_sub(1));
                    self.report(day, Rule::WeekMinutes, sum, int(most));
                }
            }
        }
        for &(limited, most) in &rules.template_limits {
            let count = int(worked(problem, row)
                .filter(|(day, shift, _)| shift.template == limited && *day < period)
                .count());
            if count > int(most) {
                self.report(last_day, Rule::TemplateLimit, count, int(most));
            }
        }
        if minutes < int(rules.min_minutes) {
            self.report(last_day, Rule::MinMinutes, minutes, int(rules.min_minutes));
        }
        for (rule, actual, most) in [
            (Rule::MaxMinutes, minutes, rules.max_minutes.map(int)),
            (Rule::Weekends, weekends, rules.max_weekends.map(int)),
            (Rule::Sundays, sundays, rules.max_sundays.map(int)),
        ] {
            if let Some(most) = most
                && actual > most
            {
                self.report(last_day, rule, actual, most);
            }
        }
    }
}

/// What the next shift must keep its distance from; minutes of the period.
#[derive(Clone, Copy)]
struct Last<'a> {
    end: Option<i32>,
    start: Option<i32>,
    /// With the minutes that were paid.
    shape: Option<(&'a Template, u16)>,
    template: Option<(u16, i32)>,
}

impl<'a> Last<'a> {
    fn carried(problem: &'a Problem, carry: CarryIn) -> Self {
        let template = carry
            .last_template
            .and_then(|index| problem.templates.get(usize::from(index)));
        Self {
            end: carry.last_end,
            start: carry
                .last_end
                .zip(template)
                .map(|(end, template)| end - int(template.minutes)),
            shape: template.map(|template| (template, template.paid_minutes)),
            template: (carry.last_template)
                .filter(|_| !matches!(carry.run, Run::Off(_)))
                .map(|index| (index, -1)),
        }
    }
}

/// A weekly rest is due after so many days.
pub(crate) const DAYS_BETWEEN_RESTS: i32 = 6;

impl Rules {
    /// Least minutes off after a shift of which so many were paid.
    pub(crate) fn rest_after(&self, shift: &Template, paid: u16) -> i32 {
        let unpaid = i32::from(shift.minutes) - i32::from(shift.paid_minutes);
        let share = i32::from(paid) * i32::from(self.rest_percent_of_work) / 100 - unpaid;
        share.max(i32::from(self.min_rest_minutes))
    }
}
