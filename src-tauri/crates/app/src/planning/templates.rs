//! Shifts that can be given.

use super::Office;
use crate::clock;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::start::filled;
use crate::text::{Fault, say};
use crate::view::{BreakView, Changed, Language, TemplateSpec, TemplateView};
use rules::id::TemplateId;
use rules::role::Permission;
use serde_json::json;
use store::Author;
use store::table::shift_template::{self, Break, ShiftTemplate};

/// Longest name of a cell of the grid, letters.
const CODE_LETTERS: usize = 3;
/// A full shift: eight hours of work and half an hour of unpaid lunch.
const FULL: u32 = 8 * 60 + 30;
/// A part-time shift.
const PART: u32 = 4 * 60;
/// Where nothing is known of the demand.
const DAYTIME: (u32, u32) = (8 * 60, 21 * 60);
/// When shifts are given round the clock.
const NIGHT_START: u32 = 22 * 60;

impl Desk {
    pub(super) async fn template_list(&self) -> Result<Vec<TemplateView>, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let all = office.centre.db.read(shift_template::list).await?;
        Ok(all
            .iter()
            .filter(|template| template.removed_at.is_none())
            .map(view)
            .collect())
    }

    pub(super) async fn put_template(
        &self,
        id: Option<TemplateId>,
        spec: TemplateSpec,
    ) -> Result<TemplateView, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        if let Some(id) = id {
            let all = office.centre.db.read(shift_template::list).await?;
            let given = |known: &&ShiftTemplate| known.id == id && known.removed_at.is_none();
            all.iter().find(given).ok_or(ErrorCode::NotFound)?;
        }
        let id = id.unwrap_or_else(|| TemplateId::from_uuid(clock::mint()));
        let template = checked(id, spec)?;
        let shown = view(&template);
        let change = self.change(
            Author::Person(office.person),
            "template.set",
            &id,
            json!({ "start": template.start_minute, "minutes": template.minutes }),
        );
        office
            .centre
            .db
            .write(change, move |tx| shift_template::put(tx, &template))
            .await?;
        self.redraw();
        self.tell(Changed::Plan);
        Ok(shown)
    }

    pub(super) async fn end_template(&self, id: TemplateId) -> Result<(), Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let now = self.now();
        let change = self.change(
            Author::Person(office.person),
            "template.removed",
            &id,
            json!({}),
        );
        office
            .centre
            .db
            .write(change, move |tx| shift_template::remove(tx, id, now))
            .await?;
        self.redraw();
        self.tell(Changed::Plan);
        Ok(())
    }

    /// Shifts to begin with, where there never was one: named in the language of whoever draws the
    /// first plan, and cut to the hours in which people are wanted.
    pub(super) async fn first_templates(
        &self,
        office: &Office,
        opening: Option<(u32, u32)>,
        nights: bool,
    ) -> Result<(), Fault> {
        let known = office.centre.db.read(shift_template::list).await?;
        if !known.is_empty() {
            return Ok(());
        }
        let made = usual(office.language, opening, nights);
        let change = self.change(
            Author::Person(office.person),
            "template.begun",
            &"templates",
            json!({ "templates": made.len() }),
        );
        office
            .centre
            .db
            .write(change, move |tx| {
                made.iter()
                    .try_for_each(|template| shift_template::put(tx, template))
            })
            .await?;
        Ok(())
    }
}

/// Early, middle and late, two for part-time people, and a night where there is work at night.
fn usual(language: Language, opening: Option<(u32, u32)>, nights: bool) -> Vec<ShiftTemplate> {
    let (opens, closes) = match opening {
        _ if nights => (6 * 60, NIGHT_START + 30),
        Some((opens, closes)) => (opens / 30 * 30, closes.div_ceil(30) * 30),
        None => DAYTIME,
    };
    let last = closes.saturating_sub(FULL).max(opens);
    let middle = u32::midpoint(opens, last) / 30 * 30;
    let mut shapes = vec![("template-early", "template-early-code", opens, FULL, false)];
    if middle > opens {
        shapes.push((
            "template-middle",
            "template-middle-code",
            middle,
            FULL,
            false,
        ));
    }
    if last > middle {
        shapes.push(("template-late", "template-late-code", last, FULL, true));
    }
    let busy = opens + 60;
    shapes.push((
        "template-part-day",
        "template-part-day-code",
        busy,
        PART,
        false,
    ));
    let evening = closes.saturating_sub(PART);
    if evening > busy {
        let (name, code) = ("template-part-evening", "template-part-evening-code");
        shapes.push((name, code, evening, PART, true));
    }
    if nights {
        shapes.push((
            "template-night",
            "template-night-code",
            NIGHT_START,
            FULL,
            true,
        ));
    }
    let made = shapes
        .into_iter()
        .map(|(name, code, start, minutes, unpopular)| ShiftTemplate {
            id: TemplateId::from_uuid(clock::mint()),
            code: say(language, code, []),
            name: say(language, name, []),
            start_minute: start % (24 * 60),
            minutes,
            breaks: usual_breaks(minutes),
            weekdays: (0..7).collect(),
            unpopular,
            removed_at: None,
        });
    made.collect()
}

fn usual_breaks(minutes: u32) -> Vec<Break> {
    let rest = |after_minutes| Break {
        after_minutes,
        minutes: 10,
        paid: true,
    };
    if minutes < FULL {
        return vec![rest(120)];
    }
    let lunch = Break {
        after_minutes: 240,
        minutes: 30,
        paid: false,
    };
    vec![rest(120), lunch, rest(390)]
}

pub(super) fn view(template: &ShiftTemplate) -> TemplateView {
    TemplateView {
        id: template.id,
        spec: TemplateSpec {
            code: template.code.clone(),
            name: template.name.clone(),
            start_minute: template.start_minute,
            minutes: template.minutes,
            breaks: template.breaks.iter().map(break_view).collect(),
            weekdays: template.weekdays.clone(),
            unpopular: template.unpopular,
        },
    }
}

pub(super) const fn break_view(told: &Break) -> BreakView {
    BreakView {
        after_minutes: told.after_minutes,
        minutes: told.minutes,
        paid: told.paid,
    }
}

fn checked(id: TemplateId, spec: TemplateSpec) -> Result<ShiftTemplate, Fault> {
    filled("code", &spec.code)?;
    filled("name", &spec.name)?;
    let invalid = |field: &str| Fault::from(ErrorCode::FieldInvalid).with("field", &field);
    let code = spec.code.trim();
    if code.chars().count() > CODE_LETTERS {
        return Err(invalid("code"));
    }
    if spec.start_minute >= 24 * 60 {
        return Err(invalid("start_minute"));
    }
    if !(30..=24 * 60).contains(&spec.minutes) {
        return Err(invalid("minutes"));
    }
    let mut breaks: Vec<Break> = spec
        .breaks
        .iter()
        .map(|told| Break {
            after_minutes: told.after_minutes,
            minutes: told.minutes,
            paid: told.paid,
        })
        .collect();
    breaks.sort_by_key(|told| told.after_minutes);
    let mut free_from = 0;
    for told in &breaks {
        // Bounded before they are added up, so that no sum runs over.
        let fits = told.minutes > 0
            && told.minutes <= spec.minutes
            && told.after_minutes <= spec.minutes
            && told.after_minutes >= free_from;
        free_from = told.after_minutes.saturating_add(told.minutes);
        if !fits || free_from > spec.minutes {
            return Err(invalid("breaks"));
        }
    }
    if breaks.iter().map(|told| told.minutes).sum::<u32>() >= spec.minutes {
        return Err(invalid("breaks"));
    }
    let mut weekdays = spec.weekdays;
    weekdays.sort_unstable();
    weekdays.dedup();
    if weekdays.is_empty() || weekdays.iter().any(|day| *day > 6) {
        return Err(invalid("weekdays"));
    }
    Ok(ShiftTemplate {
        id,
        code: code.to_owned(),
        name: spec.name.trim().to_owned(),
        start_minute: spec.start_minute,
        minutes: spec.minutes,
        breaks,
        weekdays,
        unpopular: spec.unpopular,
        removed_at: None,
    })
}

/// Ways to place a shift's breaks: as it has them, half an hour and an hour earlier or later, as far as
/// they stay within it with an hour of work before and after. The first is as it has them.
pub(super) fn ways_of_breaks(template: &ShiftTemplate) -> Vec<Vec<Break>> {
    let mut ways = vec![template.breaks.clone()];
    let (Some(first), Some(last)) = (template.breaks.first(), template.breaks.last()) else {
        return ways;
    };
    for shift in [-30_i64, 30, -60, 60] {
        let moved = |minutes: u32| i64::from(minutes) + shift;
        let ends = moved(last.after_minutes + last.minutes);
        if moved(first.after_minutes) < 60 || ends > i64::from(template.minutes) - 60 {
            continue;
        }
        let way = template.breaks.iter().map(|told| Break {
            after_minutes: u32::try_from(moved(told.after_minutes)).unwrap_or(told.after_minutes),
            ..*told
        });
        ways.push(way.collect());
    }
    ways
}
