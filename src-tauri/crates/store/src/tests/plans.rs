//! Plans, what was published of them, and requests.

use super::*;
use crate::table::meeting::{self, Meeting, PublishedMeeting};
use crate::table::plan::{self, PersonDay, Plan, PlannedShift};
use crate::table::publication::{self, Publication, PublishedShift};
use crate::table::request::{self, Action, Decision, Kind as Asked, Request};
use crate::table::shift_template::{self, Break, ShiftTemplate};
use chrono::NaiveDate;
use rules::id::{MeetingId, PlanId, RequestId, ShiftId, TemplateId};

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

/// A centre with a template and a plan.
async fn planned() -> (TempDir, Centre, TemplateId, PlanId) {
    let (dir, centre) = centre();
    let template = ShiftTemplate {
        id: TemplateId::from_uuid(uuid()),
        code: "Р".to_owned(),
        name: "Рання".to_owned(),
        start_minute: 480,
        minutes: 510,
        breaks: vec![Break {
            after_minutes: 240,
            minutes: 30,
            paid: false,
        }],
        weekdays: vec![0, 1, 2],
        unpopular: false,
        removed_at: None,
    };
    let plan = Plan {
        id: PlanId::from_uuid(uuid()),
        first_day: day(2),
        weeks: 2,
        zone: Kyiv,
        made_at: start(),
        author: person(),
    };
    assert_eq!(plan.last_day(), day(15));
    let (template_id, plan_id, kept) = (template.id, plan.id, (template.clone(), plan.clone()));
    centre
        .db
        .write(change("plan.made"), move |tx| {
            shift_template::put(tx, &template)?;
            plan::insert(tx, &plan)
        })
        .await
        .unwrap();
    let read = centre
        .db
        .read(move |conn| Ok((shift_template::list(conn)?, plan::get(conn, plan_id)?)))
        .await
        .unwrap();
    assert_eq!(read, (vec![kept.0], Some(kept.1)), "as they were written");
    (dir, centre, template_id, plan_id)
}

fn told(shift: ShiftId, person: PersonId, on: u32, template: TemplateId) -> PublishedShift {
    PublishedShift {
        publication: 0,
        person,
        day: day(on),
        shift,
        gone: false,
        template,
        name: "Рання".to_owned(),
        line: ShopId::from_uuid(Uuid::from_u128(9)),
        start: start(),
        end: minute(510),
        breaks: Vec::new(),
    }
}

async fn publish(centre: &Centre, plan: PlanId, rows: Vec<PublishedShift>) {
    let publication = Publication {
        id: FactId::from_uuid(uuid()),
        plan,
        at: start(),
        zone: Kyiv,
        author: person(),
    };
    centre
        .db
        .write(change("plan.published"), move |tx| {
            publication::add(tx, &publication, &rows, &[])
        })
        .await
        .unwrap();
}

#[tokio::test]
async fn shifts_may_change_places_and_what_they_replaced_is_kept() {
    let (_dir, centre, template, plan) = planned().await;
    let (ira, olha) = (person(), person());
    let shift = |person, on| PlannedShift {
        id: ShiftId::from_uuid(uuid()),
        person,
        day: day(on),
        template,
        line: ShopId::from_uuid(Uuid::from_u128(9)),
        breaks: 1,
        pinned: true,
    };
    let (iras, olhas) = (shift(ira, 3), shift(olha, 3));
    let cell = |person, shift: PlannedShift| PersonDay {
        person,
        day: day(3),
        shift: Some(PlannedShift { person, ..shift }),
        off_pinned: false,
    };
    let was = vec![cell(ira, iras), cell(olha, olhas)];
    let (before, kept) = (was.clone(), was.clone());
    centre
        .db
        .write(change("plan.edited"), move |tx| {
            plan::set_days(tx, plan, &before)?;
            let swapped = [cell(ira, olhas), cell(olha, iras)];
            plan::set_days(tx, plan, &swapped)?;
            plan::keep_edit(tx, plan, &before)
        })
        .await
        .unwrap();
    let (shifts, edit) = centre
        .db
        .read(move |conn| Ok((plan::shifts(conn, plan)?, plan::last_edit(conn, plan)?)))
        .await
        .unwrap();
    assert_eq!(shifts.len(), 2);
    assert!(
        shifts
            .iter()
            .any(|shift| shift.person == ira && shift.id == olhas.id)
    );
    assert_eq!(edit.map(|(_, was)| was), Some(kept), "read as it was kept");
    centre
        .db
        .write(change("plan.dropped"), move |tx| plan::remove(tx, plan))
        .await
        .unwrap();
    let left = centre.db.read(move |conn| plan::count(conn, plan)).await;
    assert_eq!(left.unwrap(), 0, "a draft goes with its shifts");
}

#[tokio::test]
async fn the_newest_publication_of_a_day_holds_and_none_is_changed() {
    let (_dir, centre, template, plan) = planned().await;
    let (ira, olha) = (person(), person());
    let shift = ShiftId::from_uuid(uuid());
    publish(&centre, plan, vec![told(shift, ira, 3, template)]).await;
    let gone = PublishedShift {
        gone: true,
        ..told(shift, ira, 3, template)
    };
    publish(&centre, plan, vec![gone, told(shift, olha, 3, template)]).await;
    let (days, iras, holding, of, last) = centre
        .db
        .read(move |conn| {
            let holding = publication::holding(conn, shift)?;
            let of = holding
                .as_ref()
                .map(|held| publication::plan_of(conn, held.publication));
            Ok((
                publication::of_days(conn, day(1), day(9))?,
                publication::of_person(conn, ira, day(1))?,
                holding,
                of.transpose()?.flatten(),
                publication::last_day(conn)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(days.len(), 2);
    assert!(iras.len() == 1 && iras[0].gone, "her day is off now");
    assert_eq!(
        holding.map(|held| held.person),
        Some(olha),
        "taken away from the one and given to the other, it is the other's"
    );
    assert_eq!((of, last), (Some(plan), Some(day(3))));
    let dropped = centre
        .db
        .write(change("plan.dropped"), move |tx| plan::remove(tx, plan))
        .await;
    assert!(dropped.is_err(), "a published plan stays");
    for sql in [
        "UPDATE published_shift SET gone = 0",
        "DELETE FROM published_shift",
        "UPDATE publication SET at = 0",
        "DELETE FROM request_decision",
    ] {
        let tried = centre
            .db
            .write_unrecorded(move |tx| Ok(tx.execute(sql, [])?))
            .await;
        let harmless = sql.contains("request_decision");
        assert_eq!(tried.is_ok(), harmless, "{sql}: {tried:?}");
    }
}

#[tokio::test]
async fn a_pinned_day_off_is_kept_by_a_search_and_goes_with_an_edit() {
    let (_dir, centre, template, plan) = planned().await;
    let ira = person();
    let cell = |off_pinned, shift| PersonDay {
        person: ira,
        day: day(3),
        shift,
        off_pinned,
    };
    let shift = PlannedShift {
        id: ShiftId::from_uuid(uuid()),
        person: ira,
        day: day(3),
        template,
        line: ShopId::from_uuid(Uuid::from_u128(9)),
        breaks: 0,
        pinned: false,
    };
    let read = async || {
        centre
            .db
            .read(move |conn| Ok((plan::pinned_days_off(conn, plan)?, plan::count(conn, plan)?)))
            .await
            .unwrap()
    };
    let set = async |cell| {
        centre
            .db
            .write(change("plan.edited"), move |tx| {
                plan::set_days(tx, plan, &[cell])
            })
            .await
            .unwrap();
    };
    set(cell(true, None)).await;
    set(cell(true, None)).await;
    centre
        .db
        .write(change("plan.solved"), move |tx| {
            plan::set_all(tx, plan, &[])
        })
        .await
        .unwrap();
    assert_eq!(read().await, (vec![(ira, day(3))], 0), "a search leaves it");
    set(cell(false, Some(shift))).await;
    assert_eq!(read().await, (vec![], 1), "a shift takes its place");
    set(cell(true, None)).await;
    assert_eq!(read().await, (vec![(ira, day(3))], 0), "and the other way");
    let told: PersonDay = serde_json::from_value(serde_json::json!({
        "person": ira, "day": "2026-03-03", "shift": null,
    }))
    .unwrap();
    assert!(!told.off_pinned, "a change kept before there were pins");
}

#[tokio::test]
async fn a_meeting_is_drawn_told_and_taken_back_by_a_newer_publication() {
    let (_dir, centre, _, plan) = planned().await;
    let drawn = Meeting {
        id: MeetingId::from_uuid(uuid()),
        kind: meeting::Kind::Training,
        title: "Нова каса".to_owned(),
        people: vec![person(), person()],
        day: day(4),
        start_minute: 600,
        minutes: 30,
    };
    let told = PublishedMeeting {
        publication: 0,
        meeting: drawn.id,
        gone: false,
        kind: drawn.kind,
        title: drawn.title.clone(),
        people: drawn.people.clone(),
        day: drawn.day,
        start: start(),
        end: minute(30),
    };
    let (id, copy, first) = (drawn.id, drawn.clone(), told.clone());
    let gone = PublishedMeeting {
        gone: true,
        ..told.clone()
    };
    centre
        .db
        .write(change("meeting.placed"), move |tx| {
            meeting::insert(tx, plan, &copy)
        })
        .await
        .unwrap();
    let read = async || {
        centre
            .db
            .read(move |conn| {
                Ok((
                    meeting::of_plan(conn, plan)?,
                    meeting::told(conn, day(1), day(9))?,
                ))
            })
            .await
            .unwrap()
    };
    assert_eq!(read().await, (vec![drawn.clone()], vec![]));
    for rows in [vec![first], vec![gone]] {
        let publication = Publication {
            id: FactId::from_uuid(uuid()),
            plan,
            at: start(),
            zone: Kyiv,
            author: person(),
        };
        centre
            .db
            .write(change("plan.published"), move |tx| {
                publication::add(tx, &publication, &[], &rows)
            })
            .await
            .unwrap();
        let (_, known) = read().await;
        assert_eq!(known.len(), 1, "the newest row holds");
    }
    assert!(read().await.1[0].gone && read().await.1[0].publication == 2);
    let remove = async || {
        centre
            .db
            .write(change("meeting.removed"), move |tx| {
                meeting::remove(tx, plan, id)
            })
            .await
    };
    remove().await.unwrap();
    assert!(matches!(
        remove().await,
        Err(StoreError::NotFound("meeting"))
    ));
    assert_eq!(read().await.0, vec![]);
    for sql in [
        "UPDATE published_meeting SET gone = 0",
        "DELETE FROM published_meeting",
    ] {
        let tried = centre
            .db
            .write_unrecorded(move |tx| Ok(tx.execute(sql, [])?))
            .await;
        assert!(tried.is_err(), "{sql}: what people were told stays");
    }
}

#[tokio::test]
async fn a_request_is_agreed_to_once_and_decided_once() {
    let (_dir, centre, ..) = planned().await;
    let asked = Request {
        id: RequestId::from_uuid(uuid()),
        person: person(),
        kind: Asked::Swap,
        shift: Some(ShiftId::from_uuid(uuid())),
        with: Some(person()),
        theirs: None,
        days: None,
        reason: "лікар".to_owned(),
        at: start(),
        zone: Kyiv,
        decisions: Vec::new(),
    };
    let id = asked.id;
    let copy = asked.clone();
    centre
        .db
        .write(change("request.made"), move |tx| request::add(tx, &copy))
        .await
        .unwrap();
    let decide = async |action| {
        let decision = Decision {
            id: FactId::from_uuid(uuid()),
            action,
            person: person(),
            words: String::new(),
            at: minute(1),
            zone: Kyiv,
        };
        centre
            .db
            .write(change("request.decided"), move |tx| {
                request::decide(tx, id, &decision)
            })
            .await
    };
    decide(Action::Agree).await.unwrap();
    decide(Action::Approve).await.unwrap();
    for again in [
        Action::Agree,
        Action::Approve,
        Action::Decline,
        Action::Withdraw,
    ] {
        let tried = decide(again).await;
        assert!(
            matches!(tried, Err(StoreError::Taken("request"))),
            "{again:?}: {tried:?}"
        );
    }
    let read = centre
        .db
        .read(move |conn| request::get(conn, id))
        .await
        .unwrap()
        .unwrap();
    assert!(read.agreed() && read.approved());
    assert_eq!(
        Request {
            decisions: Vec::new(),
            ..read
        },
        asked
    );
}
