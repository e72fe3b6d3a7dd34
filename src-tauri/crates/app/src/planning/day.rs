//! The day as it runs.

use super::drawn::{SLOTS_A_DAY, moment};
use super::meetings::is_within;
use super::people::Member;
use super::{Office, problem};
use crate::desk::Desk;
use crate::forecasting::Wanted;
use crate::text::Fault;
use crate::view::{
    BreakView, DayState, OfferKind, OfferView, PresencePiece, TodayInterval, TodayMeeting,
    TodayPage, TodayPerson,
};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use plan::day::{Break, Candidate, Fact, Interval, Keeping, Offer, Piece, Shift, State};
use rules::id::PersonId;
use rules::role::Permission;
use sample::{Attended, ToldShift};
use std::collections::{HashMap, HashSet};
use store::table::attendance::{self, Attendance, Kind};
use store::table::meeting::{self, PublishedMeeting};
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

/// Presence of an operator of the sample during a shift, made up; none of it after now.
fn made_up(operator: &str, shift: &Shift, now: DateTime<Utc>) -> Vec<Piece> {
    let breaks: Vec<_> = shift
        .breaks
        .iter()
        .map(|pause| (pause.from, pause.until, pause.paid))
        .collect();
    let told = ToldShift {
        start: shift.from,
        end: shift.until,
        breaks: &breaks,
    };
    let fact_of = |attended| match attended {
        Attended::SignedIn => Fact::SignedIn,
        Attended::SignedOut => Fact::SignedOut,
        Attended::Locked => Fact::Locked,
        Attended::Unlocked => Fact::Unlocked,
        Attended::Paused { paid } => Fact::Paused { paid },
        Attended::Resumed => Fact::Resumed,
    };
    let facts: Vec<_> = sample::attendance(operator, told)
        .into_iter()
        .map(|(at, attended)| (at, fact_of(attended)))
        .collect();
    plan::day::presence(&facts, now)
}

/// Minutes of the wall clock after a day's midnight; of what began before, none.
fn wall_minute(zone: Tz, date: NaiveDate, at: DateTime<Utc>) -> u32 {
    let local = at.with_timezone(&zone);
    let days = (local.date_naive() - date).num_days();
    let minute = days * 1440 + i64::from(local.hour() * 60 + local.minute());
    u32::try_from(minute).unwrap_or_default()
}

fn break_view(told: &PublishedShift, pause: &Break) -> BreakView {
    let minutes = |time: TimeDelta| u32::try_from(time.num_minutes()).unwrap_or_default();
    BreakView {
        after_minutes: minutes(pause.from - told.start),
        minutes: minutes(pause.until - pause.from),
        paid: pause.paid,
    }
}

const fn state_view(state: State) -> DayState {
    match state {
        State::Working => DayState::Working,
        State::Break => DayState::Break,
        State::Away => DayState::Away,
    }
}

/// What is known of a day while it runs.
struct Running {
    now: DateTime<Utc>,
    zone: Tz,
    date: NaiveDate,
    begin: DateTime<Utc>,
    end: DateTime<Utc>,
    /// Of the last four weeks, and of the week to come.
    published: Vec<PublishedShift>,
    presence: HashMap<PersonId, Vec<Piece>>,
    /// Meetings and training of these days.
    meetings: Vec<PublishedMeeting>,
    members: HashMap<PersonId, Member>,
    accounts: HashSet<PersonId>,
    /// Operators of the sample, whose presence is made up.
    sample: HashSet<PersonId>,
}

impl Running {
    /// Lets the sample's operators come and go, for they have no accounts to sign in with. Whatever is
    /// known of a person stands; payroll asks for facts alone and sees none of this.
    fn enliven(&mut self, office: &Office) {
        for (person, name) in office.shops.iter().flat_map(|shop| &shop.made_up) {
            if self.presence.contains_key(person) {
                continue;
            }
            let own = self.published.iter().filter(|told| told.person == *person);
            let pieces = own.flat_map(|told| made_up(name, &self.shift(told), self.now));
            let pieces = pieces.collect();
            self.presence.insert(*person, pieces);
            self.sample.insert(*person);
        }
    }

    fn minute(&self, at: DateTime<Utc>) -> u32 {
        wall_minute(self.zone, self.date, at)
    }

    /// The slot by the clock of each interval of the day, which has 23 or 25 hours where the clock is set.
    fn slots(&self) -> Vec<usize> {
        let starts = (0..).map(|slot| self.begin + TimeDelta::minutes(i64::from(SLOT) * slot));
        starts
            .take_while(|start| *start < self.end)
            .map(|start| (self.minute(start) / SLOT) as usize)
            .collect()
    }

    fn name(&self, person: PersonId) -> String {
        let member = self.members.get(&person);
        member.map(|member| member.name.clone()).unwrap_or_default()
    }

    /// What and when of the meetings in a shift.
    fn meetings_in(
        &self,
        told: &PublishedShift,
    ) -> impl Iterator<Item = (&str, DateTime<Utc>, DateTime<Utc>)> {
        let within = self.meetings.iter();
        within
            .filter(|meeting| is_within(meeting, told))
            .map(|meeting| {
                let (from, until) = (meeting.start.max(told.start), meeting.end.min(told.end));
                (meeting.title.as_str(), from, until)
            })
    }

    /// A shift with the meetings in it: paid, and off the line.
    fn shift(&self, told: &PublishedShift) -> Shift {
        let mut shift = shift_of(told);
        let meetings = self.meetings_in(told);
        shift.breaks.extend(meetings.map(|(_, from, until)| Break {
            from,
            until,
            paid: true,
        }));
        shift.breaks.sort_by_key(|pause| pause.from);
        shift
    }

    /// Shifts of which a part is today.
    fn todays(&self) -> Vec<&PublishedShift> {
        let of_today = |told: &&PublishedShift| told.start < self.end && told.end > self.begin;
        self.published.iter().filter(of_today).collect()
    }

    fn person(&self, told: &PublishedShift) -> (TodayPerson, Keeping) {
        let shift = self.shift(told);
        let since = self.begin.min(told.start);
        let pieces: Vec<Piece> = self
            .presence
            .get(&told.person)
            .into_iter()
            .flatten()
            .filter(|piece| piece.lasts || piece.until > since)
            .copied()
            .collect();
        let keeping = plan::day::keeping(&shift, &pieces, self.now, TOLERANCE);
        let present = pieces
            .iter()
            .filter(|piece| piece.lasts || piece.until > self.begin)
            .map(|piece| PresencePiece {
                from_minute: self.minute(piece.from),
                until_minute: self.minute(piece.until),
                state: state_view(piece.state),
            });
        let view = TodayPerson {
            person: told.person,
            name: self.name(told.person),
            from_minute: self.minute(told.start),
            until_minute: self.minute(told.end),
            breaks: shift_of(told)
                .breaks
                .iter()
                .map(|pause| break_view(told, pause))
                .collect(),
            meetings: self
                .meetings_in(told)
                .map(|(title, from, until)| TodayMeeting {
                    title: title.to_owned(),
                    from_minute: self.minute(from),
                    until_minute: self.minute(until),
                })
                .collect(),
            present: present.collect(),
            planned_state: state_view(shift.state_at(self.now)),
            actual_state: state_view(plan::day::state_at(&pieces, self.now)),
            late_minutes: keeping.late,
            adherence: keeping.adherence(),
        };
        (view, keeping)
    }

    /// Everyone who is on shift today, and whoever is there of those who can be planned: a supervisor
    /// who looks on answers no calls.
    fn on_line(&self, todays: &[&PublishedShift]) -> Vec<(Vec<Shift>, Vec<Piece>)> {
        let answers = |person: &PersonId| {
            let member = self.members.get(person);
            member.is_some_and(|member| member.contract.planned)
                || todays.iter().any(|told| told.person == *person)
        };
        let mut people: HashMap<PersonId, (Vec<Shift>, Vec<Piece>)> = self
            .presence
            .iter()
            .filter(|(person, _)| answers(person))
            .map(|(person, pieces)| (*person, (Vec::new(), pieces.clone())))
            .collect();
        for told in todays {
            people
                .entry(told.person)
                .or_default()
                .0
                .push(self.shift(told));
        }
        people.into_values().collect()
    }

    /// What the contract leaves of the week and of the rest, for whoever is on shift.
    fn candidate(&self, index: usize, told: &PublishedShift) -> Option<Candidate> {
        let contract = &self.members.get(&told.person)?.contract;
        let monday = monday_of(self.date);
        let own = || {
            let own = |other: &&PublishedShift| other.person == told.person;
            self.published.iter().filter(own)
        };
        let worked: u32 = own()
            .filter(|other| (0..7).contains(&(other.day - monday).num_days()))
            .map(|other| shift_of(other).paid_minutes())
            .sum();
        let next = own()
            .map(|other| other.start)
            .filter(|start| *start > told.start)
            .min();
        let length = u32::try_from((told.end - told.start).num_minutes()).unwrap_or(u32::MAX);
        let rest = TimeDelta::minutes(i64::from(contract.min_rest_minutes));
        let signed = |minutes: u32| i32::try_from(minutes).unwrap_or(i32::MAX);
        Some(Candidate {
            person: index,
            from: told.start,
            until: told.end,
            day_left: contract.max_day_minutes.saturating_sub(length),
            week_left: contract.max_week_minutes.saturating_sub(worked),
            rest_from: next.map(|next| next - rest),
            over_contract: signed(worked) - signed(contract.week_minutes),
        })
    }

    fn offers(&self, todays: &[&PublishedShift], balance: &[f64]) -> Vec<OfferView> {
        let candidates: Vec<Candidate> = todays
            .iter()
            .enumerate()
            .filter_map(|(index, told)| self.candidate(index, told))
            .collect();
        plan::day::offers(&candidates, balance, self.begin, SLOT, self.now)
            .into_iter()
            .filter_map(|(index, kind, from, until)| {
                let told = todays.get(index)?;
                Some(OfferView {
                    person: told.person,
                    name: self.name(told.person),
                    kind: match kind {
                        Offer::Overtime => OfferKind::Overtime,
                        Offer::EarlyLeave => OfferKind::EarlyLeave,
                    },
                    from_minute: self.minute(from),
                    until_minute: self.minute(until),
                })
            })
            .collect()
    }
}

fn monday_of(date: NaiveDate) -> NaiveDate {
    date - TimeDelta::days(i64::from(date.weekday().num_days_from_monday()))
}

impl Desk {
    async fn day_so_far(&self, office: &Office) -> Result<Running, Fault> {
        let (now, zone) = (self.now(), self.zone());
        let date = now.with_timezone(&zone).date_naive();
        let long_ago = date - TimeDelta::days(LOOK_BACK_DAYS);
        let (published, meetings, facts, accounts) = office
            .centre
            .db
            .read(move |conn| {
                let published = publication::of_days(conn, long_ago, date + TimeDelta::days(7))?;
                let since = moment(zone, long_ago, 0) - TimeDelta::days(1);
                // What happens at this very moment belongs to it.
                let facts = attendance::between(conn, since, now + TimeDelta::milliseconds(1))?;
                let meetings = meeting::told(conn, long_ago, date + TimeDelta::days(1))?;
                Ok((published, meetings, facts, person::list(conn)?))
            })
            .await?;
        let members: HashMap<_, _> = self
            .members(office)
            .await?
            .into_iter()
            .map(|member| (member.id(), member))
            .collect();
        let accounts: HashSet<_> = accounts.iter().map(|account| account.id).collect();
        // Shifts of a sample stay when it is removed; its operators are gone.
        let stands = |told: &PublishedShift| {
            !told.gone && (accounts.contains(&told.person) || members.contains_key(&told.person))
        };
        let mut running = Running {
            now,
            zone,
            date,
            begin: moment(zone, date, 0),
            end: moment(zone, date, 1440),
            published: published.into_iter().filter(stands).collect(),
            meetings,
            presence: presence_of(&facts, now),
            members,
            accounts,
            sample: HashSet::new(),
        };
        running.enliven(office);
        Ok(running)
    }

    pub(super) async fn running_day(&self) -> Result<TodayPage, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let running = self.day_so_far(&office).await?;
        let wanted = self.wanted(running.date, 1).await?;
        let todays = running.todays();
        let mut all = Keeping::default();
        let mut people = Vec::with_capacity(todays.len());
        for told in &todays {
            let (person, keeping) = running.person(told);
            people.push(person);
            all += keeping;
        }
        people.sort_by(|one, other| {
            (one.from_minute, &one.name).cmp(&(other.from_minute, &other.name))
        });
        let on_line = running.on_line(&todays);
        let slots = running.slots();
        let intervals =
            plan::day::intervals(&on_line, running.begin, SLOT, slots.len(), running.now);
        let (agents, hidden) = demand(&wanted, SLOTS_A_DAY);
        let offers = if wanted.is_empty() {
            // Where nothing is forecast nobody is too many.
            Vec::new()
        } else {
            let of_slot = |slot: usize| agents.get(slot).copied().unwrap_or_default();
            let balance: Vec<f64> = intervals
                .iter()
                .zip(&slots)
                .map(|(interval, slot)| interval.planned * (1.0 - hidden) - of_slot(*slot))
                .collect();
            running.offers(&todays, &balance)
        };
        Ok(TodayPage {
            date: running.date,
            zone: running.zone.name().to_owned(),
            now_minute: running.minute(running.now),
            people,
            slot_minutes: SLOT,
            intervals: agents
                .iter()
                .zip((0..).step_by(SLOT as usize))
                .enumerate()
                .map(|(slot, (wanted, minute))| {
                    let told = intervals.iter().zip(&slots);
                    let told = told.filter(|(_, of)| **of == slot);
                    let (planned, there) = mean(told.map(|(interval, _)| interval));
                    TodayInterval {
                        minute,
                        wanted: *wanted,
                        planned,
                        there,
                    }
                })
                .collect(),
            offers,
            adherence: all.adherence(),
            conformance: all.conformance(),
            shrinkage_actual: shrinkage(&running),
            shrinkage_planned: planned_shrinkage(&wanted),
            tolerance_minutes: TOLERANCE,
            has_sample: running
                .published
                .iter()
                .any(|told| told.start < running.end && running.sample.contains(&told.person)),
        })
    }
}

/// People of a slot by the clock, which none or two intervals of the day fall into where the clock is set.
fn mean<'a>(intervals: impl Iterator<Item = &'a Interval>) -> (f64, Option<f64>) {
    let (mut planned, mut there, mut count, mut seen) = (0.0, 0.0, 0.0, 0.0);
    for interval in intervals {
        count += 1.0;
        planned += interval.planned;
        if let Some(people) = interval.there {
            seen += 1.0;
            there += people;
        }
    }
    let of = |sum: f64, count: f64| if count > 0.0 { sum / count } else { 0.0 };
    (of(planned, count), (seen > 0.0).then(|| of(there, seen)))
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

/// Share of paid time of past shifts in which people with accounts, and those of the sample, were not on
/// the line.
fn shrinkage(running: &Running) -> Option<f64> {
    let (mut paid, mut on_line) = (0, 0);
    for told in &running.published {
        let known =
            running.accounts.contains(&told.person) || running.sample.contains(&told.person);
        if told.end > running.now || !known {
            continue;
        }
        paid += i64::from(shift_of(told).paid_minutes());
        for piece in running.presence.get(&told.person).into_iter().flatten() {
            if piece.state == State::Working {
                let common = piece.until.min(told.end) - piece.from.max(told.start);
                on_line += common.num_minutes().max(0);
            }
        }
    }
    let minutes = |minutes: i64| f64::from(i32::try_from(minutes).unwrap_or(i32::MAX));
    (paid > 0).then(|| (1.0 - minutes(on_line) / minutes(paid)).clamp(0.0, 1.0))
}
