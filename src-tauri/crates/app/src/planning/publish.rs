//! What people are told of their shifts.

use super::drawn::{Drawn, same};
use crate::clock;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{Changed, PublishView};
use chrono::NaiveDate;
use rules::id::{FactId, PersonId, PlanId};
use rules::role::Permission;
use serde_json::json;
use std::collections::BTreeSet;
use store::Author;
use store::table::meeting::PublishedMeeting;
use store::table::publication::{self, Publication, PublishedShift};

impl Desk {
    pub(super) async fn published(&self, id: PlanId) -> Result<PublishView, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        if self.inner.planning.search_of(id).is_some() {
            return Err(ErrorCode::PlanSolving.into());
        }
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        let (rows, meetings) = (drawn.news(), drawn.meeting_news());
        let told = drawn.told_by(&rows, &meetings);
        let publication = Publication {
            id: FactId::from_uuid(clock::mint()),
            plan: id,
            at: self.now(),
            zone: self.zone(),
            author: office.person,
        };
        let view = PublishView {
            id: publication.id,
            people_told: told,
            shifts_changed: super::view::count(rows.len()),
        };
        let change = self.change(
            Author::Person(office.person),
            "plan.published",
            &id,
            json!({
                "people": view.people_told,
                "shifts": view.shifts_changed,
                "meetings": meetings.len(),
            }),
        );
        office
            .centre
            .db
            .write(change, move |tx| {
                publication::add(tx, &publication, &rows, &meetings)
            })
            .await?;
        drop(drawings);
        self.redraw();
        self.tell(Changed::Plan);
        Ok(view)
    }
}

impl Drawn {
    /// How many people a publication would tell something new.
    pub(super) fn people_to_tell(&self) -> u32 {
        self.told_by(&self.news(), &self.meeting_news())
    }

    fn told_by(&self, rows: &[PublishedShift], meetings: &[PublishedMeeting]) -> u32 {
        let mut told: BTreeSet<PersonId> = rows.iter().map(|row| row.person).collect();
        for meeting in meetings {
            told.extend(self.concerned(meeting));
        }
        super::view::count(told.len())
    }

    /// Person-days that differ from what people know, as they are to be told.
    fn news(&self) -> Vec<PublishedShift> {
        let mut rows = Vec::new();
        for person in 0..self.people.len() {
            for day in 0..self.plan.days() as usize {
                let drawn = self.to_publish(person, day);
                let key = self
                    .people
                    .get(person)
                    .map(|member| (member.id(), self.date(day)));
                let known = key.and_then(|key| self.published.get(&key));
                match (known, drawn) {
                    (Some(known), Some(drawn)) if same(known, &drawn) => {}
                    (_, Some(drawn)) => rows.push(drawn),
                    (Some(known), None) => rows.push(taken_away(known)),
                    (None, None) => {}
                }
            }
        }
        let of_others = |key: &&(PersonId, NaiveDate)| self.place(key.0, key.1).is_none();
        let mut left: Vec<_> = self.published.keys().filter(of_others).collect();
        left.sort_unstable();
        rows.extend(
            left.into_iter()
                .filter_map(|key| self.published.get(key))
                .map(taken_away),
        );
        rows
    }
}

/// The day is off: its row keeps the times, so that a calendar can cancel what it has.
pub(super) fn taken_away(known: &PublishedShift) -> PublishedShift {
    PublishedShift {
        gone: true,
        ..known.clone()
    }
}
