//! Meetings and training: when they hurt least, and who is told of them.

use super::drawn::{Drawn, moment};
use super::people::Member;
use super::problem::{SLOT, span_of};
use super::view::count;
use crate::clock;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{Changed, MeetingAsk, MeetingKind, MeetingSpec, MeetingTimeView, MeetingView};
use chrono::{DateTime, NaiveDate, Utc};
use roster::{Attendance, MeetingTime, Span};
use rules::id::{MeetingId, PersonId, PlanId};
use rules::role::Permission;
use serde_json::json;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;
use store::Author;
use store::table::meeting::{self, Kind, Meeting, PublishedMeeting};
use store::table::publication::PublishedShift;

/// So many times are offered.
const OFFERED: usize = 6;
/// Longest title, letters.
const LONGEST_TITLE: usize = 80;
const LENGTHS: RangeInclusive<u32> = 5..=8 * 60;
/// Someone who cannot come must hear it again from someone, which takes two people off the line for as
/// long; one who would lose a break takes it at another time.
const ABSENT: f64 = 2.0;
const BUSY: f64 = 1.0;

pub(super) const fn kind_view(kind: Kind) -> MeetingKind {
    match kind {
        Kind::Meeting => MeetingKind::Meeting,
        Kind::Training => MeetingKind::Training,
    }
}

/// Whether a meeting that was told concerns whoever works a shift that was told.
pub(super) fn is_within(meeting: &PublishedMeeting, shift: &PublishedShift) -> bool {
    !meeting.gone
        && !shift.gone
        && meeting.people.contains(&shift.person)
        && overlap(meeting, shift)
}

pub(super) fn overlap(meeting: &PublishedMeeting, shift: &PublishedShift) -> bool {
    meeting.start < shift.end && shift.start < meeting.end
}

fn invalid(field: &str) -> Fault {
    Fault::from(ErrorCode::FieldInvalid).with("field", &field)
}

impl Desk {
    pub(super) async fn times_to_meet(
        &self,
        id: PlanId,
        ask: MeetingAsk,
    ) -> Result<Vec<MeetingTimeView>, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let now = self.now();
        let mut drawings = self.inner.planning.drawings.lock().await;
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        let rows = drawn.rows(&ask.people)?;
        if !LENGTHS.contains(&ask.minutes) {
            return Err(invalid("minutes"));
        }
        drawn.times(&rows, &ask, now)
    }

    pub(super) async fn placed_meeting(
        &self,
        id: PlanId,
        spec: MeetingSpec,
    ) -> Result<MeetingView, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        if self.inner.planning.search_of(id).is_some() {
            return Err(ErrorCode::PlanSolving.into());
        }
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        let meeting = drawn.checked(&spec, self.now())?;
        let made = meeting.id;
        let change = self.change(
            Author::Person(office.person),
            "meeting.placed",
            &made,
            json!({
                "plan": id,
                "kind": meeting.kind.word(),
                "day": meeting.day,
                "start_minute": meeting.start_minute,
                "minutes": meeting.minutes,
                "people": meeting.people,
            }),
        );
        office
            .centre
            .db
            .write(change, move |tx| meeting::insert(tx, id, &meeting))
            .await?;
        self.redraw();
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        let view = drawn
            .meeting_views()
            .into_iter()
            .find(|view| view.id == made);
        drop(drawings);
        self.tell(Changed::Plan);
        view.ok_or_else(|| ErrorCode::NotFound.into())
    }

    pub(super) async fn removed_meeting(&self, id: PlanId, gone: MeetingId) -> Result<(), Fault> {
        let office = self.office(Permission::PlanWork).await?;
        // Held so that the plan is not published meanwhile.
        let drawings = self.inner.planning.drawings.lock().await;
        if self.inner.planning.search_of(id).is_some() {
            return Err(ErrorCode::PlanSolving.into());
        }
        let change = self.change(
            Author::Person(office.person),
            "meeting.removed",
            &gone,
            json!({ "plan": id }),
        );
        office
            .centre
            .db
            .write(change, move |tx| meeting::remove(tx, id, gone))
            .await?;
        self.redraw();
        drop(drawings);
        self.tell(Changed::Plan);
        Ok(())
    }
}

impl Drawn {
    /// Rows of these people, each once.
    fn rows(&self, people: &[PersonId]) -> Result<Vec<usize>, Fault> {
        let row = |person: &PersonId| {
            let known = |member: &Member| member.id() == *person;
            self.people.iter().position(known)
        };
        let rows: Option<BTreeSet<usize>> = people.iter().map(row).collect();
        let rows = rows.ok_or(ErrorCode::NotFound)?;
        if rows.is_empty() {
            return Err(Fault::from(ErrorCode::FieldMissing).with("field", &"people"));
        }
        Ok(rows.into_iter().collect())
    }

    fn column(&self, date: NaiveDate) -> Option<u32> {
        let day = u32::try_from((date - self.plan.first_day).num_days()).ok()?;
        (day < self.plan.days()).then_some(day)
    }

    fn times(
        &self,
        rows: &[usize],
        ask: &MeetingAsk,
        now: DateTime<Utc>,
    ) -> Result<Vec<MeetingTimeView>, Fault> {
        let first = self.column(ask.from).ok_or_else(|| invalid("from"))?;
        let last = self.column(ask.until).ok_or_else(|| invalid("until"))?;
        let within = Span {
            from: first * 1440,
            until: (last + 1) * 1440,
        };
        let mut times = self.board.meeting_times(rows, ask.minutes, within);
        // A time at which nobody is there is none.
        times.retain(|time| time.absent < count(rows.len()));
        let slots = f64::from(ask.minutes) / f64::from(SLOT);
        let weight = |time: &MeetingTime| {
            let people = ABSENT * f64::from(time.absent) + BUSY * f64::from(time.busy);
            time.cost + people * slots
        };
        times.sort_by(|one, other| {
            weight(one)
                .total_cmp(&weight(other))
                .then(one.from.cmp(&other.from))
        });
        let mut chosen: Vec<MeetingTime> = Vec::new();
        for time in times {
            if chosen.len() == OFFERED {
                break;
            }
            // A quarter of an hour earlier or later is no other time.
            let near = |known: &MeetingTime| known.from.abs_diff(time.from) < ask.minutes;
            let to_come = self.start_of(time.from) >= now;
            if to_come && !chosen.iter().any(near) {
                chosen.push(time);
            }
        }
        Ok(chosen
            .into_iter()
            .map(|time| {
                let span = Span {
                    from: time.from,
                    until: time.from + ask.minutes,
                };
                let those = |attendance| self.those(rows, span, attendance);
                MeetingTimeView {
                    date: self.date((time.from / 1440) as usize),
                    from_minute: time.from % 1440,
                    missing: time.missing_minutes / f64::from(ask.minutes),
                    absent: those(Attendance::Absent),
                    busy: those(Attendance::Busy),
                }
            })
            .collect())
    }

    fn start_of(&self, minute: u32) -> DateTime<Utc> {
        let date = self.date((minute / 1440) as usize);
        moment(self.plan.zone, date, minute % 1440)
    }

    fn those(&self, rows: &[usize], span: Span, wanted: Attendance) -> Vec<PersonId> {
        rows.iter()
            .filter(|row| self.board.attendance(**row, span) == wanted)
            .filter_map(|row| self.people.get(*row).map(Member::id))
            .collect()
    }

    fn checked(&self, spec: &MeetingSpec, now: DateTime<Utc>) -> Result<Meeting, Fault> {
        let title = spec.title.trim();
        if title.is_empty() {
            return Err(Fault::from(ErrorCode::FieldMissing).with("field", &"title"));
        }
        if title.chars().count() > LONGEST_TITLE {
            return Err(invalid("title"));
        }
        let rows = self.rows(&spec.people)?;
        if !LENGTHS.contains(&spec.minutes) {
            return Err(invalid("minutes"));
        }
        let day = self.column(spec.date).ok_or_else(|| invalid("date"))?;
        let ends = day * 1440 + spec.from_minute + spec.minutes;
        if spec.from_minute >= 1440 || ends > self.plan.days() * 1440 {
            return Err(invalid("from_minute"));
        }
        if moment(self.plan.zone, spec.date, spec.from_minute) < now {
            return Err(ErrorCode::DayPast.into());
        }
        Ok(Meeting {
            id: MeetingId::from_uuid(clock::mint()),
            kind: match spec.kind {
                MeetingKind::Meeting => Kind::Meeting,
                MeetingKind::Training => Kind::Training,
            },
            title: title.to_owned(),
            people: rows
                .iter()
                .filter_map(|row| self.people.get(*row).map(Member::id))
                .collect(),
            day: spec.date,
            start_minute: spec.from_minute,
            minutes: spec.minutes,
        })
    }

    pub(super) fn meeting_views(&self) -> Vec<MeetingView> {
        self.meetings
            .iter()
            .map(|meeting| MeetingView {
                id: meeting.id,
                kind: kind_view(meeting.kind),
                title: meeting.title.clone(),
                date: meeting.day,
                from_minute: meeting.start_minute,
                minutes: meeting.minutes,
                people: meeting.people.clone(),
                absent: self.absent(meeting),
                changed: self.published_at.is_some()
                    && !self.told_meetings.contains_key(&meeting.id),
            })
            .collect()
    }

    /// Those of a meeting who are not at work all its time, or are planned no more.
    fn absent(&self, meeting: &Meeting) -> Vec<PersonId> {
        let span = span_of(&self.plan, meeting);
        let there = |person: &PersonId| {
            let row = self.people.iter().position(|known| known.id() == *person);
            row.zip(span)
                .is_some_and(|(row, span)| self.board.attendance(row, span) != Attendance::Absent)
        };
        let people = meeting.people.iter().copied();
        people.filter(|person| !there(person)).collect()
    }

    /// Meetings that people do not know of, and those that they know of and are no more.
    pub(super) fn meeting_news(&self) -> Vec<PublishedMeeting> {
        let fresh = self
            .meetings
            .iter()
            .filter(|meeting| !self.told_meetings.contains_key(&meeting.id))
            .map(|meeting| PublishedMeeting {
                publication: 0,
                meeting: meeting.id,
                gone: false,
                kind: meeting.kind,
                title: meeting.title.clone(),
                people: meeting.people.clone(),
                day: meeting.day,
                start: moment(self.plan.zone, meeting.day, meeting.start_minute),
                end: moment(
                    self.plan.zone,
                    meeting.day,
                    meeting.start_minute + meeting.minutes,
                ),
            });
        let drawn: BTreeSet<MeetingId> = self.meetings.iter().map(|meeting| meeting.id).collect();
        let gone = self
            .told_meetings
            .values()
            .filter(|told| !drawn.contains(&told.meeting))
            .map(|told| PublishedMeeting {
                gone: true,
                ..told.clone()
            });
        fresh.chain(gone).collect()
    }

    /// Whom it concerns that a meeting is new or gone: those at work then, by the plan or by what they
    /// know.
    pub(super) fn concerned(&self, meeting: &PublishedMeeting) -> Vec<PersonId> {
        let known = self.published.values();
        let days = [meeting.day.pred_opt().unwrap_or(meeting.day), meeting.day];
        let drawn = |person: &PersonId| {
            days.iter().any(|day| {
                let place = self.place(*person, *day);
                let shift = place.and_then(|(row, day)| self.to_publish(row, day));
                shift.is_some_and(|shift| overlap(meeting, &shift))
            })
        };
        let by_what_is_known: BTreeSet<PersonId> = known
            .filter(|shift| overlap(meeting, shift))
            .map(|shift| shift.person)
            .collect();
        let people = meeting.people.iter().copied();
        people
            .filter(|person| {
                by_what_is_known.contains(person) && meeting.gone || !meeting.gone && drawn(person)
            })
            .collect()
    }
}
