//! Plans and shifts.

use crate::arguments::{NewMeeting, PlanCommand};
use crate::output::{self, Output};
use app::view::{
    ApiError, ErrorCode, Language, MeetingAsk, MeetingKind, MeetingSpec, MeetingTimeView,
    PlanExport, PlanSummary,
};
use app::{Desk, Export};
use rules::id::{PersonId, PlanId};
use serde_json::json;
use std::path::PathBuf;

pub(crate) async fn run(
    desk: &Desk,
    command: PlanCommand,
    language: Language,
    output: &Output,
) -> Result<bool, ApiError> {
    match command {
        PlanCommand::List => {
            let plans = desk.plans().await?;
            output.answer(&plans, plans.iter().map(line));
        }
        PlanCommand::Make { from, weeks } => {
            let plan = desk.make_plan(from, weeks).await?;
            output.answer(&plan, [line(&plan)]);
        }
        PlanCommand::Solve {
            plan,
            seconds,
            replan_from,
        } => {
            let id = one(desk, plan).await?;
            desk.solve_plan(id, seconds, replan_from).await?;
            desk.solved(id).await?;
            let page = desk.plan_page(id).await?;
            let standing = &page.standing;
            output.answer(
                &json!({ "plan": page.plan, "standing": standing }),
                [
                    line(&page.plan),
                    format!(
                        "cost {:.1}  uncovered {:.1} h  surplus {:.1} h  broken rules {}",
                        standing.cost,
                        standing.uncovered_hours,
                        standing.surplus_hours,
                        standing.broken.len()
                    ),
                ],
            );
        }
        PlanCommand::Meeting(new) => return meeting(desk, new, language, output).await,
        PlanCommand::Publish { plan } => {
            let told = desk.publish_plan(one(desk, plan).await?).await?;
            let words = format!(
                "{} people, {} shifts",
                told.people_told, told.shifts_changed
            );
            output.answer(&told, [words]);
        }
        PlanCommand::Export {
            plan,
            format,
            person,
            out,
        } => {
            let id = one(desk, plan).await?;
            let format = match format.as_str() {
                "ics" => PlanExport::Ics,
                "xlsx" => PlanExport::Xlsx,
                "pdf" => PlanExport::Pdf,
                _ => PlanExport::Payroll,
            };
            let person = match person {
                Some(person) => Some(someone(desk, &person, language).await?),
                None => None,
            };
            let export = desk.export_plan(id, format, person).await?;
            let path = written(desk, export, out).await?;
            output.answer(&json!({ "file": path }), [path.clone()]);
        }
    }
    Ok(true)
}

/// A person's published shifts as a calendar, on standard output; the reader's own without a name.
pub(crate) async fn shifts(
    desk: &Desk,
    person: Option<String>,
    language: Language,
    output: &Output,
) -> Result<bool, ApiError> {
    let export = match person {
        Some(person) => {
            let person = someone(desk, &person, language).await?;
            desk.export_shifts(person).await?
        }
        None => desk.export_my_shifts().await?,
    };
    let text = String::from_utf8_lossy(&export.bytes);
    if output.json {
        output.answer(&json!({ "name": export.name, "calendar": text }), []);
    } else {
        output::raw(text.trim_end());
    }
    Ok(true)
}

fn line(plan: &PlanSummary) -> String {
    let state = match (plan.published_at, plan.changed_since) {
        (None, _) => "draft",
        (Some(_), true) => "published, changed since",
        (Some(_), false) => "published",
    };
    format!(
        "{}  {} – {}  {} shifts  {state}",
        plan.id, plan.first_day, plan.last_day, plan.shifts
    )
}

/// Places a meeting at the best time there is, or says which times there are.
async fn meeting(
    desk: &Desk,
    new: NewMeeting,
    language: Language,
    output: &Output,
) -> Result<bool, ApiError> {
    let id = one(desk, new.plan).await?;
    let page = desk.plan_page(id).await?;
    let mut people = Vec::with_capacity(new.person.len());
    for words in &new.person {
        people.push(someone(desk, words, language).await?);
    }
    if people.is_empty() {
        people.extend(page.people.iter().map(|person| person.id));
    }
    let ask = MeetingAsk {
        people: people.clone(),
        minutes: new.minutes,
        from: new.from.unwrap_or(page.plan.first_day),
        until: new.until.unwrap_or(page.plan.last_day),
    };
    let times = desk.meeting_times(id, ask).await?;
    let lines = times.iter().map(time);
    if new.check {
        output.answer(&times, lines);
        return Ok(!times.is_empty());
    }
    let Some(best) = times.first() else {
        return Err(desk.fault(ErrorCode::NotFound).await);
    };
    let spec = MeetingSpec {
        kind: if new.training {
            MeetingKind::Training
        } else {
            MeetingKind::Meeting
        },
        title: new.title,
        people,
        date: best.date,
        from_minute: best.from_minute,
        minutes: new.minutes,
    };
    let placed = desk.place_meeting(id, spec).await?;
    output.answer(&placed, lines.take(1));
    Ok(true)
}

fn time(time: &MeetingTimeView) -> String {
    format!(
        "{} {:02}:{:02}  {:.1} people short on the line  {} not at work  {} on a break",
        time.date,
        time.from_minute / 60,
        time.from_minute % 60,
        time.missing,
        time.absent.len(),
        time.busy.len()
    )
}

/// The plan that was named, or the newest.
async fn one(desk: &Desk, plan: Option<PlanId>) -> Result<PlanId, ApiError> {
    match plan {
        Some(plan) => Ok(plan),
        None => match desk.plans().await?.first() {
            Some(newest) => Ok(newest.id),
            None => Err(desk.fault(ErrorCode::NotFound).await),
        },
    }
}

/// A person by identity or by name, in full.
async fn someone(desk: &Desk, words: &str, language: Language) -> Result<PersonId, ApiError> {
    if let Ok(id) = words.parse() {
        return Ok(id);
    }
    let people = desk.contracts().await?;
    let mut named = people.iter().filter(|known| known.name == words);
    match (named.next(), named.next()) {
        (Some(one), None) => Ok(one.person),
        _ => Err(app::told(ErrorCode::NotFound, language, [])),
    }
}

async fn written(desk: &Desk, export: Export, out: Option<PathBuf>) -> Result<String, ApiError> {
    let path = out.unwrap_or_else(|| PathBuf::from(&export.name));
    let path = if path.is_dir() {
        path.join(&export.name)
    } else {
        path
    };
    desk.write_export(export, path).await
}
