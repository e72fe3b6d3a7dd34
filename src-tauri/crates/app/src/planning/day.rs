//! The day as it runs.

use super::drawn::moment;
use super::problem;
use super::templates;
use crate::desk::Desk;
use crate::forecasting::Wanted;
use crate::text::Fault;
use crate::view::{
    BreakView, DayState, OfferKind, OfferView, PresencePiece, TodayInterval, TodayPage, TodayPerson,
};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use plan::day::{Break, Candidate, Fact, Keeping, Offer, Piece, Shift, State};
use rules::id::PersonId;
use rules::role::Permission;
use std::collections::{HashMap, HashSet};
use store::table::attendance::{self, Attendance, Kind};
use store::table::person;
use store::table::publication::{self, PublishedShift};
use store::table::shift_template::Break as StoredBreak;

/// A break taken so much early or late is forgiven, and so is a late coming.
const TOLERANCE: u32 = 5;
/// Intervals of the day, as those of the demand.
const SLOT: u32 = problem::SLOT;
/// Actual shrinkage is that of so many days.
const LOOK_BACK_DAYS: i64 = 28;
/// The reason of a pause that does not count as work.
const UNPAID_PAUSE: &str = "lunch";

/// A shift as it was told, in moments.
pub(super) fn shift_of(told: &PublishedShift) -> Shift {
    let break_of = |known: &StoredBreak| {
        let from = told.start + TimeDelta::minutes(i64::from(known.after_minutes));
        Break {
            from,
            until: from + TimeDelta::minutes(i64::from(known.minutes)),
            paid: known.paid,
        }
    };
    Shift {
        from: told.start,
        until: told.end,
        breaks: told.breaks.iter().map(break_of).collect(),
    }
}

/// Stretches of presence by person.
pub(super) fn presence_of(
    facts: &[Attendance],
    now: DateTime<Utc>,
) -> HashMap<PersonId, Vec<Piece>> {
    let mut by_person: HashMap<PersonId, Vec<(DateTime<Utc>, Fact)>> = HashMap::new();
    for told in facts {
        let fact = match told.kind {
            Kind::SignedIn => Fact::SignedIn,
            Kind::SignedOut => Fact::SignedOut,
            Kind::Locked => Fact::Locked,
            Kind::Unlocked => Fact::Unlocked,
            Kind::Paused => Fact::Paused {
                paid: told.reason.as_deref() != Some(UNPAID_PAUSE),
            },
            Kind::Resumed => Fact::Resumed,
        };
        by_person
            .entry(told.person)
            .or_default()
            .push((told.at, fact));
    }
    by_person
        .into_iter()
        .map(|(person, facts)| (person, plan::day::presence(&facts, now)))
        .collect()
}

/// Minutes of the wall clock after a day's midnight; of what began before, none.
fn wall_minute(zone: Tz, date: NaiveDate, at: DateTime<Utc>) -> u32 {
    let local = at.with_timezone(&zone);
    let days = (local.date_naive() - date).num_days();
    let minute = days * 1440 + i64::from(local.hour() * 60 + local.minute());
    u32::try_from(minute).unwrap_or_default()
}

const fn state_view(state: State) -> DayState {
    match state {
        State::Working => DayState::Working,
        State::Break => DayState::Break,
        State::Away => DayState::Away,
    }
}

impl Desk {
    pub(super) async fn running_day(&self) -> Result<TodayPage, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let (now, zone) = (self.now(), self.zone());
        let date = now.with_timezone(&zone).date_naive();
        let (begin, end) = (moment(zone, date, 0), moment(zone, date, 1440));
        let monday = date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()));
        let long_ago = date - TimeDelta::days(LOOK_BACK_DAYS);
        let (published, facts, accounts) = office
            .centre
            .db
            .read(move |conn| {
                let published =
                    publication::of_days(conn, long_ago.min(monday), date + TimeDelta::days(7))?;
                let since = moment(zone, long_ago, 0) - TimeDelta::days(1);
                // What happens at this very moment belongs to it.
                let facts = attendance::between(conn, since, now + TimeDelta::milliseconds(1))?;
                Ok((published, facts, person::list(conn)?))
            })
            .await?;
        let published: Vec<PublishedShift> =
            published.into_iter().filter(|told| !told.gone).collect();
        let presence = presence_of(&facts, now);
        let wanted = self.wanted(date, 1).await?;
        let members: HashMap<_, _> = self
            .members(&office)
            .await?
            .into_iter()
            .map(|member| (member.id(), member))
            .collect();

        let todays: Vec<&PublishedShift> = published
            .iter()
            .filter(|told| told.start < end && told.end > begin)
            .collect();
        let mut all = Keeping::default();
        let mut people = Vec::with_capacity(todays.len());
        let mut on_line: HashMap<PersonId, (Vec<Shift>, Vec<Piece>)> = presence
            .iter()
            .map(|(person, pieces)| (*person, (Vec::new(), pieces.clone())))
            .collect();
        for told in &todays {
            let shift = shift_of(told);
            let pieces = presence.get(&told.person).map_or(&[][..], Vec::as_slice);
            let of_today: Vec<Piece> = pieces
                .iter()
                .filter(|piece| piece.lasts || piece.until > begin.min(told.start))
                .copied()
                .collect();
            let keeping = plan::day::keeping(&shift, &of_today, now, TOLERANCE);
            let minute = |at| wall_minute(zone, date, at);
            people.push(TodayPerson {
                person: told.person,
                name: members
                    .get(&told.person)
                    .map(|member| member.name.clone())
                    .unwrap_or_default(),
                from_minute: minute(told.start),
                until_minute: minute(told.end),
                breaks: told
                    .breaks
                    .iter()
                    .map(templates::break_view)
                    .collect::<Vec<BreakView>>(),
                present: of_today
                    .iter()
                    .filter(|piece| piece.lasts || piece.until > begin)
                    .map(|piece| PresencePiece {
                        from_minute: minute(piece.from),
                        until_minute: minute(piece.until),
                        state: state_view(piece.state),
                    })
                    .collect(),
                planned_state: state_view(shift.state_at(now)),
                actual_state: state_view(plan::day::state_at(&of_today, now)),
                late_minutes: keeping.late,
                adherence: keeping.adherence(),
            });
            all += keeping;
            on_line.entry(told.person).or_default().0.push(shift);
        }
        people.sort_by(|one, other| {
            (one.from_minute, &one.name).cmp(&(other.from_minute, &other.name))
        });

        let on_line: Vec<_> = on_line.into_values().collect();
        let wall_slots = (1440 / SLOT) as usize;
        let intervals = plan::day::intervals(&on_line, begin, SLOT, wall_slots, now);
        let (agents, hidden) = demand(&wanted, wall_slots);
        let balance: Vec<f64> = intervals
            .iter()
            .zip(&agents)
            .map(|(interval, agents)| interval.planned * (1.0 - hidden) - agents)
            .collect();
        let candidates: Vec<Candidate> = todays
            .iter()
            .enumerate()
            .filter_map(|(index, told)| {
                let contract = &members.get(&told.person)?.contract;
                let week: Vec<&PublishedShift> = published
                    .iter()
                    .filter(|other| other.person == told.person && other.day >= monday)
                    .filter(|other| (other.day - monday).num_days() < 7)
                    .collect();
                let worked: u32 = week
                    .iter()
                    .map(|other| shift_of(other).paid_minutes())
                    .sum();
                let next = published
                    .iter()
                    .filter(|other| other.person == told.person && other.start > told.start)
                    .map(|other| other.start)
                    .min();
                let length =
                    u32::try_from((told.end - told.start).num_minutes()).unwrap_or(u32::MAX);
                Some(Candidate {
                    person: index,
                    from: told.start,
                    until: told.end,
                    day_left: contract.max_day_minutes.saturating_sub(length),
                    week_left: contract.max_week_minutes.saturating_sub(worked),
                    rest_from: next.map(|next| {
                        next - TimeDelta::minutes(i64::from(contract.min_rest_minutes))
                    }),
                    over_contract: i32::try_from(worked).unwrap_or(i32::MAX)
                        - i32::try_from(contract.week_minutes).unwrap_or(i32::MAX),
                })
            })
            .collect();
        let offers = if wanted.is_empty() {
            // Where nothing is forecast nobody is too many.
            Vec::new()
        } else {
            plan::day::offers(&candidates, &balance, begin, SLOT, now)
        };
        let accounts: HashSet<PersonId> = accounts.iter().map(|account| account.id).collect();
        Ok(TodayPage {
            date,
            zone: zone.name().to_owned(),
            now_minute: wall_minute(zone, date, now),
            people,
            slot_minutes: SLOT,
            intervals: intervals
                .iter()
                .zip(&agents)
                .zip((0..).step_by(SLOT as usize))
                .map(|((interval, agents), minute)| TodayInterval {
                    minute,
                    wanted: *agents,
                    planned: interval.planned,
                    there: interval.there,
                })
                .collect(),
            offers: offers
                .into_iter()
                .filter_map(|(index, kind, from, until)| {
                    let told = todays.get(index)?;
                    Some(OfferView {
                        person: told.person,
                        name: members.get(&told.person)?.name.clone(),
                        kind: match kind {
                            Offer::Overtime => OfferKind::Overtime,
                            Offer::EarlyLeave => OfferKind::EarlyLeave,
                        },
                        from_minute: wall_minute(zone, date, from),
                        until_minute: wall_minute(zone, date, until),
                    })
                })
                .collect(),
            adherence: all.adherence(),
            conformance: all.conformance(),
            shrinkage_actual: shrinkage(&published, &presence, &accounts, now),
            shrinkage_planned: planned_shrinkage(&wanted),
            tolerance_minutes: TOLERANCE,
        })
    }
}

/// People wanted on all lines together slot by slot, and the shrinkage that plans do not show.
fn demand(wanted: &[Wanted], slots: usize) -> (Vec<f64>, f64) {
    let mut agents = vec![0.0; slots];
    let (mut away, mut all) = (0.0, 0.0);
    for line in wanted {
        let Some(day) = line.days.first() else {
            continue;
        };
        for (sum, agents) in agents.iter_mut().zip(&day.agents) {
            *sum += agents;
        }
        let of_line: f64 = day.agents.iter().sum();
        all += of_line;
        away += of_line * problem::hidden_shrinkage(&line.rules);
    }
    (agents, if all > 0.0 { away / all } else { 0.0 })
}

/// Shrinkage that staffing reckons with, weighed by the lines' size.
fn planned_shrinkage(wanted: &[Wanted]) -> f64 {
    let (mut away, mut all) = (0.0, 0.0);
    for line in wanted {
        let agents: f64 = line.days.iter().flat_map(|day| &day.agents).sum();
        let share: f64 = line.rules.shrinkage.iter().map(|part| part.share).sum();
        away += agents * share;
        all += agents;
    }
    if all > 0.0 { away / all } else { 0.0 }
}

/// Share of paid time of past shifts in which people with accounts were not on the line.
fn shrinkage(
    published: &[PublishedShift],
    presence: &HashMap<PersonId, Vec<Piece>>,
    accounts: &HashSet<PersonId>,
    now: DateTime<Utc>,
) -> Option<f64> {
    let (mut paid, mut on_line) = (0, 0);
    for told in published {
        if told.end > now || !accounts.contains(&told.person) {
            continue;
        }
        paid += i64::from(shift_of(told).paid_minutes());
        for piece in presence.get(&told.person).into_iter().flatten() {
            if piece.state == State::Working {
                let common = piece.until.min(told.end) - piece.from.max(told.start);
                on_line += common.num_minutes().max(0);
            }
        }
    }
    let share = |part: i64, all: i64| {
        let part = f64::from(i32::try_from(part).unwrap_or(i32::MAX));
        part / f64::from(i32::try_from(all).unwrap_or(i32::MAX))
    };
    (paid > 0).then(|| (1.0 - share(on_line, paid)).clamp(0.0, 1.0))
}
