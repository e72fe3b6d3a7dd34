//! Who works when: from an empty plan to a swap that both calendars tell.

use crate::site::{ADMIN, Site, change_person, code, monday, person};
use app::Desk;
use app::view::{
    BreakView, DayState, ErrorCode, LabourPreset, NewRequest, PlanDelta, PlanEdit, PlanExport,
    PlanPage, RequestAction, RequestState, RuleKind, ShiftView, TemplateSpec,
};
use chrono::{NaiveDate, TimeDelta};
use rules::id::{PersonId, PlanId, TemplateId};
use rules::role::Role;

pub(crate) fn day(month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, month, day).unwrap()
}

/// The Monday a week after the desk's own.
pub(crate) fn next_monday() -> NaiveDate {
    day(3, 9)
}

/// A centre with a shop and the operators "ira" and "olha", and a plan of two weeks.
pub(crate) async fn planned(site: &Site, desk: &Desk) -> (PlanId, PersonId, PersonId) {
    let _ = site;
    desk.make_sample_of(app::view::Language::Uk, Some(10))
        .await
        .unwrap();
    let ira = desk
        .add_person(person("ira", Role::Operator))
        .await
        .unwrap();
    let olha = desk
        .add_person(person("olha", Role::Operator))
        .await
        .unwrap();
    desk.add_person(person("sup", Role::Supervisor))
        .await
        .unwrap();
    let plan = desk.make_plan(next_monday(), 2).await.unwrap();
    (plan.id, ira.id, olha.id)
}

pub(crate) async fn template(desk: &Desk, start_minute: u32) -> TemplateId {
    template_with(desk, start_minute, []).await
}

/// With breaks: minutes after the start, length, paid.
pub(crate) async fn template_with<const N: usize>(
    desk: &Desk,
    start_minute: u32,
    breaks: [(u32, u32, bool); N],
) -> TemplateId {
    let breaks = breaks.map(|(after_minutes, minutes, paid)| BreakView {
        after_minutes,
        minutes,
        paid,
    });
    desk.set_template(
        None,
        TemplateSpec {
            code: format!("T{}", start_minute / 60),
            name: format!("Зміна о {}", start_minute / 60),
            start_minute,
            minutes: 510,
            breaks: breaks.to_vec(),
            weekdays: (0..7).collect(),
            unpopular: false,
        },
    )
    .await
    .unwrap()
    .id
}

pub(crate) async fn give(
    desk: &Desk,
    plan: PlanId,
    who: PersonId,
    date: NaiveDate,
    template: TemplateId,
) -> ShiftView {
    let edit = PlanEdit::Give {
        person: who,
        date,
        template,
        line: None,
    };
    let delta = desk.edit_plan(plan, edit).await.unwrap();
    let [shift] = delta.changed.as_slice() else {
        panic!("one shift is given: {:?}", delta.changed)
    };
    shift.clone()
}

pub(crate) fn on(page: &PlanPage, who: PersonId, date: NaiveDate) -> Option<&ShiftView> {
    page.shifts
        .iter()
        .find(|shift| shift.person == who && shift.date == date)
}

/// A page as the window has it after a change by hand, without asking again.
fn laid_over(mut page: PlanPage, delta: PlanDelta) -> PlanPage {
    page.plan = delta.plan;
    page.version = delta.version;
    page.shifts.retain(|shift| {
        !delta.removed.contains(&shift.id) && delta.changed.iter().all(|new| new.id != shift.id)
    });
    page.shifts.extend(delta.changed);
    for known in &mut page.people {
        if let Some(new) = delta.people.iter().find(|new| new.id == known.id) {
            known.clone_from(new);
        }
    }
    for known in &mut page.cover {
        if let Some(new) = delta.cover.iter().find(|new| new.date == known.date) {
            known.clone_from(new);
        }
    }
    page.pinned_off = delta.pinned_off;
    page.meetings = delta.meetings;
    page.standing = delta.standing;
    page
}

/// In one order of shifts.
fn told(mut page: PlanPage) -> serde_json::Value {
    page.shifts.sort_by_key(|shift| shift.id);
    serde_json::to_value(page).unwrap()
}

#[test]
fn what_a_change_tells_is_all_that_it_changed_so_the_plan_need_not_be_asked_for_again() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let template = desk.plan_page(plan).await.unwrap().templates[0].id;
        let first = give(&desk, plan, ira, day(3, 10), template).await;
        desk.publish_plan(plan).await.unwrap();
        let edits = [
            PlanEdit::Give {
                person: olha,
                date: day(3, 11),
                template,
                line: None,
            },
            PlanEdit::Pin {
                shift: first.id,
                pinned: true,
            },
            PlanEdit::PinOff {
                person: ira,
                date: day(3, 14),
                pinned: true,
            },
            PlanEdit::Move {
                shift: first.id,
                person: olha,
                date: day(3, 12),
            },
            PlanEdit::Copy {
                shift: first.id,
                person: ira,
                date: day(3, 14),
            },
            PlanEdit::Remove { shift: first.id },
            PlanEdit::Undo,
        ];
        let mut page = desk.plan_page(plan).await.unwrap();
        for edit in edits {
            let word = format!("{edit:?}");
            let delta = desk.edit_plan(plan, edit).await.unwrap();
            page = laid_over(page, delta);
            let version = Some(page.version);
            let again = desk.newer_plan_page(plan, version).await.unwrap();
            assert!(again.is_none(), "nothing is newer after {word}");
            let whole = desk.plan_page(plan).await.unwrap();
            assert_eq!(told(page.clone()), told(whole), "{word}");
        }
        desk.publish_plan(plan).await.unwrap();
        let newer = desk.newer_plan_page(plan, Some(page.version)).await;
        let newer = newer.unwrap().expect("what others did is newer");
        assert!(page.plan.changed_since && !newer.plan.changed_since);
    });
}

#[test]
fn what_a_shift_would_do_is_told_before_it_is_given() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, _) = planned(&site, &desk).await;
        let (_, late) = (template(&desk, 480).await, template(&desk, 780).await);
        give(&desk, plan, ira, day(3, 10), late).await;
        let before = desk.plan_page(plan).await.unwrap();
        let choices = desk.plan_choices(plan, ira, day(3, 11), None).await;
        let choices = choices.unwrap();
        assert_eq!(choices.len(), before.templates.len());
        assert!(
            desk.newer_plan_page(plan, Some(before.version))
                .await
                .unwrap()
                .is_none(),
            "looking changes nothing"
        );
        let mut rest_broken = 0;
        for choice in choices {
            let edit = PlanEdit::Give {
                person: ira,
                date: day(3, 11),
                template: choice.template,
                line: None,
            };
            let delta = desk.edit_plan(plan, edit).await.unwrap();
            assert!((delta.cost_change - choice.cost_change).abs() < 1e-6);
            assert_eq!(delta.newly_broken, choice.newly_broken);
            let broken = choice.newly_broken.iter();
            rest_broken += broken.filter(|one| one.rule == RuleKind::Rest).count();
            desk.edit_plan(plan, PlanEdit::Undo).await.unwrap();
        }
        assert!(rest_broken > 0, "an early shift follows too soon");
        let stranger = PersonId::from_uuid(uuid::Uuid::nil());
        let refused = desk.plan_choices(plan, stranger, day(3, 11), None).await;
        assert_eq!(code(refused), ErrorCode::NotFound);
    });
}

#[test]
fn a_plan_begins_empty_with_everyone_who_can_be_planned() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, _) = planned(&site, &desk).await;
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(page.days.len(), 14);
        assert_eq!(
            (page.plan.first_day, page.plan.last_day),
            (day(3, 9), day(3, 22))
        );
        assert!(page.shifts.is_empty() && page.plan.published_at.is_none());
        assert!(
            page.people.iter().any(|person| person.id == ira),
            "an operator is planned by default"
        );
        assert!(
            page.people
                .iter()
                .all(|person| !person.name.contains("sup")),
            "a supervisor is not"
        );
        assert!(
            page.people.len() > 2,
            "the sample's operators are planned too: {}",
            page.people.len()
        );
        assert!(
            page.templates
                .iter()
                .any(|template| template.spec.name == "Рання зміна"),
            "shifts to begin with, in the words of whoever began: {:?}",
            page.templates
        );
        assert_eq!(page.people[0].contract_minutes, 2 * 2400, "two full weeks");
        for (first, weeks) in [(day(3, 10), 2), (day(3, 9), 0), (day(3, 9), 9)] {
            let refused = desk.make_plan(first, weeks).await;
            assert_eq!(
                code(refused),
                ErrorCode::FieldInvalid,
                "{first}, {weeks} weeks"
            );
        }
        desk.drop_plan(plan).await.unwrap();
        assert!(desk.plans().await.unwrap().is_empty());
        assert_eq!(code(desk.plan_page(plan).await), ErrorCode::NotFound);
    });
}

#[test]
fn an_edit_tells_at_once_what_it_breaks_and_can_be_taken_back() {
    let site = Site::quiet();
    let (plan, ira) = site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let (early, late) = (template(&desk, 480).await, template(&desk, 780).await);
        let first = give(&desk, plan, ira, day(3, 9), late).await;
        let moved = give(&desk, plan, olha, day(3, 10), early).await;

        let delta = desk
            .edit_plan(
                plan,
                PlanEdit::Move {
                    shift: moved.id,
                    person: ira,
                    date: day(3, 10),
                },
            )
            .await
            .unwrap();
        let rest = delta
            .newly_broken
            .iter()
            .find(|broken| broken.rule == RuleKind::Rest)
            .expect("from 21:30 to 8:00 is too short a rest");
        assert_eq!((rest.person, rest.date), (ira, day(3, 10)));
        assert!(
            (rest.is - 630.0).abs() < 0.5,
            "ten and a half hours: {}",
            rest.is
        );
        assert!(rest.limit > rest.is);
        assert_eq!(
            delta.changed[0].id, moved.id,
            "a shift that is moved stays itself"
        );
        assert!(delta.removed.is_empty(), "it is there, elsewhere");
        assert_eq!(
            delta
                .people
                .iter()
                .map(|person| person.id)
                .collect::<Vec<_>>()
                .len(),
            2,
            "of both people"
        );

        let delta = desk.edit_plan(plan, PlanEdit::Undo).await.unwrap();
        assert!(
            delta
                .standing
                .broken
                .iter()
                .all(|broken| broken.rule != RuleKind::Rest),
            "what was broken is whole again"
        );
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(
            on(&page, olha, day(3, 10)).map(|shift| shift.id),
            Some(moved.id)
        );
        assert!(on(&page, ira, day(3, 10)).is_none());

        let delta = desk
            .edit_plan(
                plan,
                PlanEdit::Copy {
                    shift: first.id,
                    person: olha,
                    date: day(3, 12),
                },
            )
            .await
            .unwrap();
        assert_ne!(delta.changed[0].id, first.id, "a copy is another shift");
        desk.edit_plan(
            plan,
            PlanEdit::Pin {
                shift: first.id,
                pinned: true,
            },
        )
        .await
        .unwrap();
        let gone = desk
            .edit_plan(plan, PlanEdit::Remove { shift: moved.id })
            .await
            .unwrap();
        assert_eq!(gone.removed, [moved.id]);
        (plan, ira)
    });
    // A crash right after the answer: what was answered is there.
    site.sit_as_admin(async |desk| {
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(page.shifts.len(), 2);
        assert!(on(&page, ira, day(3, 9)).unwrap().pinned);
        for left in (0..5).rev() {
            assert!(
                desk.edit_plan(plan, PlanEdit::Undo).await.is_ok(),
                "{left} changes are left to take back"
            );
        }
        assert_eq!(
            code(desk.edit_plan(plan, PlanEdit::Undo).await),
            ErrorCode::NothingToUndo
        );
        assert!(desk.plan_page(plan).await.unwrap().shifts.is_empty());
    });
}

#[test]
fn a_contract_can_be_set_and_begins_as_the_law_has_it() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, _) = planned(&site, &desk).await;
        let contracts = desk.contracts().await.unwrap();
        let known = contracts
            .iter()
            .find(|contract| contract.person == ira)
            .unwrap();
        assert_eq!(known.preset, LabourPreset::Ua, "the centre is in Kyiv");
        assert_eq!(
            (known.week_minutes, known.weekly_rest_minutes),
            (2400, 2520)
        );
        let polish = desk.preset_contract(ira, LabourPreset::Pl).await.unwrap();
        assert_eq!(
            (polish.min_rest_minutes, polish.weekly_rest_minutes),
            (660, 2100)
        );
        let mut part = polish.clone();
        part.week_minutes = 1200;
        desk.set_contract(part.clone()).await.unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        let person = page.people.iter().find(|person| person.id == ira).unwrap();
        assert_eq!(
            person.contract_minutes,
            2 * 1200,
            "the plan follows the contract"
        );
        part.max_days_in_a_row = 0;
        assert_eq!(code(desk.set_contract(part).await), ErrorCode::FieldInvalid);
        let mut absent = polish;
        absent.planned = false;
        desk.set_contract(absent).await.unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        assert!(page.people.iter().all(|person| person.id != ira));
    });
}

#[test]
fn a_shift_that_has_begun_is_not_given_away() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        for date in [day(3, 9), day(3, 10)] {
            give(&desk, plan, ira, date, early).await;
            give(&desk, plan, olha, date, early).await;
        }
        change_person(&desk, "sup").await;
        desk.publish_plan(plan).await.unwrap();
        change_person(&desk, "ira").await;
        let mine = desk.my_shifts().await.unwrap();
        assert!(mine.shifts.iter().all(|shift| !shift.begun));
        assert_eq!(mine.colleagues[0].shifts.len(), 2);

        let begins = mine.shifts[0].start;
        site.pass_seconds((begins - monday()).num_seconds());
        change_person(&desk, "ira").await;
        let mine = desk.my_shifts().await.unwrap();
        let begun: Vec<_> = mine.shifts.iter().map(|shift| shift.begun).collect();
        assert_eq!(begun, [true, false]);
        assert_eq!(mine.colleagues[0].shifts.len(), 1, "only what is to come");
        let swap = NewRequest::Swap {
            shift: mine.shifts[0].id,
            with: olha,
            theirs: None,
            reason: String::new(),
        };
        assert_eq!(code(desk.ask_request(swap).await), ErrorCode::ShiftPast);
    });
}

#[test]
fn a_swap_goes_from_the_operator_to_both_calendars() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        let iras = give(&desk, plan, ira, day(3, 9), early).await;
        let olhas = give(&desk, plan, olha, day(3, 11), early).await;
        let busy = give(&desk, plan, olha, day(3, 13), early).await;
        give(&desk, plan, ira, day(3, 13), early).await;

        change_person(&desk, "ira").await;
        assert!(
            desk.my_shifts().await.unwrap().shifts.is_empty(),
            "a draft is nobody's"
        );
        assert_eq!(code(desk.plans().await), ErrorCode::NotAllowed);
        assert_eq!(code(desk.requests().await), ErrorCode::NotAllowed);

        change_person(&desk, "sup").await;
        let told = desk.publish_plan(plan).await.unwrap();
        assert_eq!((told.people_told, told.shifts_changed), (2, 4));
        let again = desk.publish_plan(plan).await.unwrap();
        assert_eq!(
            (again.people_told, again.shifts_changed),
            (0, 0),
            "nothing is told twice"
        );
        assert_eq!(code(desk.drop_plan(plan).await), ErrorCode::PlanPublished);

        change_person(&desk, "ira").await;
        let mine = desk.my_shifts().await.unwrap();
        assert_eq!(mine.shifts.len(), 2);
        assert_eq!(mine.shifts[0].id, iras.id);
        assert!(mine.shifts.iter().all(|shift| !shift.begun), "all to come");
        assert_eq!(mine.published_until, Some(day(3, 13)));
        assert_eq!(mine.colleagues.len(), 1, "the one who has shifts to come");
        let swap = |theirs| NewRequest::Swap {
            shift: iras.id,
            with: olha,
            theirs,
            reason: "лікар".to_owned(),
        };
        assert_eq!(
            code(desk.ask_request(swap(Some(busy.id))).await),
            ErrorCode::SwapDayTaken,
            "Ira works that day herself"
        );
        desk.ask_request(swap(Some(olhas.id))).await.unwrap();
        assert_eq!(
            code(desk.ask_request(swap(None)).await),
            ErrorCode::RequestOpen
        );
        let request = desk.my_shifts().await.unwrap().requests.remove(0);
        assert_eq!(request.state, RequestState::AskedColleague);
        assert_eq!(request.may, [RequestAction::Withdraw]);

        change_person(&desk, "sup").await;
        assert!(
            desk.requests().await.unwrap().is_empty(),
            "first the colleague is asked"
        );
        change_person(&desk, "olha").await;
        let asked = desk.my_shifts().await.unwrap().requests.remove(0);
        assert_eq!(asked.may, [RequestAction::Agree, RequestAction::Decline]);
        let agree = || desk.answer_request(request.id, RequestAction::Agree, String::new());
        agree().await.unwrap();
        assert_eq!(
            code(agree().await),
            ErrorCode::RequestDecided,
            "nothing twice"
        );
        let grab = desk.answer_request(request.id, RequestAction::Approve, String::new());
        assert_eq!(code(grab.await), ErrorCode::NotAllowed);

        change_person(&desk, "sup").await;
        let waiting = desk.requests().await.unwrap().remove(0);
        assert_eq!(waiting.state, RequestState::AskedSupervisor);
        let ok = "добре".to_owned();
        desk.answer_request(waiting.id, RequestAction::Approve, ok)
            .await
            .unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(
            on(&page, olha, day(3, 9)).map(|shift| shift.id),
            Some(iras.id)
        );
        assert_eq!(
            on(&page, ira, day(3, 11)).map(|shift| shift.id),
            Some(olhas.id)
        );
        assert!(on(&page, ira, day(3, 9)).is_none() && on(&page, olha, day(3, 11)).is_none());
        assert!(
            !page.plan.changed_since,
            "plan and publication were changed together"
        );
        assert_eq!(
            code(
                desk.answer_request(waiting.id, RequestAction::Decline, String::new())
                    .await
            ),
            ErrorCode::RequestDecided
        );

        for (login, days) in [
            ("ira", [day(3, 11), day(3, 13)]),
            ("olha", [day(3, 9), day(3, 13)]),
        ] {
            change_person(&desk, login).await;
            let mine = desk.my_shifts().await.unwrap();
            let dates: Vec<_> = mine.shifts.iter().map(|shift| shift.date).collect();
            assert_eq!(dates, days, "{login}'s own calendar");
            assert_eq!(mine.requests[0].state, RequestState::Approved);
            assert_eq!(mine.requests[0].answer, "добре");
        }
    });
}

#[test]
fn a_swap_whose_shift_has_changed_is_not_granted() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        let late = template(&desk, 780).await;
        let shift = give(&desk, plan, ira, day(3, 9), late).await;
        desk.publish_plan(plan).await.unwrap();
        change_person(&desk, "ira").await;
        let asked = NewRequest::Swap {
            shift: shift.id,
            with: olha,
            theirs: None,
            reason: String::new(),
        };
        desk.ask_request(asked.clone()).await.unwrap();
        change_person(&desk, "olha").await;
        let request = desk.my_shifts().await.unwrap().requests.remove(0).id;
        desk.answer_request(request, RequestAction::Agree, String::new())
            .await
            .unwrap();
        change_person(&desk, ADMIN).await;
        let before = desk.requests().await.unwrap().remove(0);
        assert!(before.would_break.is_empty(), "{:?}", before.would_break);
        give(&desk, plan, olha, day(3, 10), early).await;
        let broken = desk.requests().await.unwrap().remove(0).would_break;
        assert!(
            broken
                .iter()
                .any(|broken| broken.rule == RuleKind::Rest && broken.person == olha),
            "a late shift before an early one: {broken:?}"
        );
        give(&desk, plan, ira, day(3, 9), early).await;
        desk.publish_plan(plan).await.unwrap();
        let refused = desk.answer_request(request, RequestAction::Approve, String::new());
        assert_eq!(code(refused.await), ErrorCode::SwapStale);
        change_person(&desk, "ira").await;
        desk.answer_request(request, RequestAction::Withdraw, String::new())
            .await
            .unwrap();
        assert_eq!(
            desk.my_shifts().await.unwrap().requests[0].state,
            RequestState::Withdrawn
        );
        site.clock.pass(TimeDelta::days(30));
        desk.sign_out().await.unwrap();
        desk.sign_in("ira".to_owned(), crate::site::PASSWORD.to_owned())
            .await
            .unwrap();
        assert_eq!(code(desk.ask_request(asked).await), ErrorCode::SwapStale);
    });
}

#[test]
fn days_off_are_asked_for_granted_and_shown() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, _) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        give(&desk, plan, ira, day(3, 10), early).await;
        desk.publish_plan(plan).await.unwrap();
        change_person(&desk, "ira").await;
        let off = |from, until, wish| NewRequest::TimeOff {
            from,
            until,
            wish,
            reason: String::new(),
        };
        assert_eq!(
            code(desk.ask_request(off(day(3, 1), day(3, 3), false)).await),
            ErrorCode::DayPast
        );
        assert_eq!(
            code(desk.ask_request(off(day(3, 12), day(3, 11), false)).await),
            ErrorCode::FieldInvalid
        );
        desk.ask_request(off(day(3, 10), day(3, 11), false))
            .await
            .unwrap();
        desk.ask_request(off(day(3, 14), day(3, 14), true))
            .await
            .unwrap();
        assert_eq!(
            code(desk.ask_request(off(day(3, 11), day(3, 12), false)).await),
            ErrorCode::RequestOpen
        );
        change_person(&desk, "olha").await;
        assert!(
            desk.my_shifts().await.unwrap().requests.is_empty(),
            "others' requests are nothing to her"
        );
        change_person(&desk, "sup").await;
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(
            page.time_off.len(),
            1,
            "a wish shows at once, leave when it is granted"
        );
        assert!(page.time_off[0].wish);
        let leave = desk
            .requests()
            .await
            .unwrap()
            .into_iter()
            .find(|request| request.from == Some(day(3, 10)))
            .unwrap();
        assert_eq!(
            leave.would_break.len(),
            1,
            "she has a shift on one of the days"
        );
        desk.answer_request(leave.id, RequestAction::Approve, String::new())
            .await
            .unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(page.time_off.iter().filter(|off| !off.wish).count(), 2);
        assert!(
            page.standing
                .broken
                .iter()
                .any(|broken| broken.rule == RuleKind::TimeOff),
            "the shift on a day off shows as broken: {:?}",
            page.standing.broken
        );
        let person = page.people.iter().find(|person| person.id == ira).unwrap();
        assert_eq!(
            person.contract_minutes,
            2 * 2400 - 2 * 480,
            "leave counts as worked"
        );
    });
}

#[test]
fn a_search_keeps_to_the_rules_and_a_replan_to_what_is_pinned() {
    let site = Site::quiet();
    let (plan, pinned) = site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        let pinned = give(&desk, plan, ira, day(3, 15), early).await;
        desk.edit_plan(
            plan,
            PlanEdit::Pin {
                shift: pinned.id,
                pinned: true,
            },
        )
        .await
        .unwrap();
        assert_eq!(
            code(desk.solve_plan(plan, 0, None).await),
            ErrorCode::FieldInvalid
        );
        desk.solve_plan(plan, 60, None).await.unwrap();
        let mut changes = desk.changes();
        // The first plan comes at once; it is told of.
        let page = loop {
            changes.next().await.unwrap();
            let page = desk.plan_page(plan).await.unwrap();
            if page.shifts.len() > 1 {
                break page;
            }
        };
        let solving = page.solving.expect("it goes on");
        assert!(solving.limit_s > 59.0 && solving.elapsed_s < solving.limit_s);
        let edit = PlanEdit::Remove { shift: pinned.id };
        assert_eq!(
            code(desk.edit_plan(plan, edit).await),
            ErrorCode::PlanSolving
        );
        assert_eq!(code(desk.publish_plan(plan).await), ErrorCode::PlanSolving);
        while !desk
            .plan_page(plan)
            .await
            .unwrap()
            .standing
            .broken
            .is_empty()
        {
            changes.next().await.unwrap();
        }
        desk.stop_solving(plan).await.unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        assert!(page.solving.is_none(), "stopped is stopped");
        assert!(
            page.standing.broken.is_empty(),
            "{:?}",
            page.standing.broken
        );
        assert!(
            page.people
                .iter()
                .all(|person| person.planned_minutes > 4000),
            "everyone has the hours of the contract, nearly: {:?}",
            page.people
        );
        let kept = on(&page, ira, day(3, 15)).unwrap();
        assert_eq!(
            (kept.id, kept.template, kept.pinned),
            (pinned.id, early, true)
        );
        desk.publish_plan(plan).await.unwrap();

        // Olha is away from Wednesday on: her days are given to others, and the rest stays.
        change_person(&desk, "olha").await;
        let leave = NewRequest::TimeOff {
            from: day(3, 18),
            until: day(3, 20),
            wish: false,
            reason: String::new(),
        };
        desk.ask_request(leave).await.unwrap();
        change_person(&desk, "sup").await;
        let leave = desk.requests().await.unwrap().remove(0).id;
        desk.answer_request(leave, RequestAction::Approve, String::new())
            .await
            .unwrap();
        let before = desk.plan_page(plan).await.unwrap();
        desk.solve_plan(plan, 2, Some(day(3, 16))).await.unwrap();
        desk.solved(plan).await.unwrap();
        let after = desk.plan_page(plan).await.unwrap();
        for date in day(3, 18).iter_days().take(3) {
            assert!(on(&after, olha, date).is_none(), "she is away on {date}");
        }
        for shift in &before.shifts {
            let now = on(&after, shift.person, shift.date);
            if shift.date < day(3, 16) {
                assert_eq!(
                    now.map(|now| now.id),
                    Some(shift.id),
                    "what is past the line stays"
                );
            }
        }
        let differ = before
            .shifts
            .iter()
            .filter(|shift| {
                on(&after, shift.person, shift.date)
                    .is_none_or(|now| now.template != shift.template)
            })
            .count();
        assert!(differ <= 8, "few changes, not {differ}");
        (plan, pinned.id)
    });
    site.sit_as_admin(async |desk| {
        let page = desk.plan_page(plan).await.unwrap();
        assert!(
            page.shifts.iter().any(|shift| shift.id == pinned),
            "what was found is kept"
        );
        assert!(page.plan.changed_since);
    });
}

#[test]
fn two_plans_are_compared_day_by_day() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (one, ..) = planned(&site, &desk).await;
        let other = desk.make_plan(next_monday(), 2).await.unwrap().id;
        desk.solve_plan(one, 60, None).await.unwrap();
        let mut changes = desk.changes();
        while desk.plan_page(one).await.unwrap().shifts.is_empty() {
            changes.next().await.unwrap();
        }
        desk.stop_solving(one).await.unwrap();
        let page = desk.plan_page(one).await.unwrap();
        for shift in &page.shifts {
            let edit = PlanEdit::Give {
                person: shift.person,
                date: shift.date,
                template: shift.template,
                line: Some(shift.line),
            };
            desk.edit_plan(other, edit).await.unwrap();
        }
        let compared = desk.compare_plans(one, other).await.unwrap();
        assert_eq!(compared.left.shifts, compared.right.shifts);
        assert_eq!(compared.differences.len(), 0, "{:?}", compared.differences);
        desk.edit_plan(
            one,
            PlanEdit::Remove {
                shift: page.shifts[0].id,
            },
        )
        .await
        .unwrap();
        let compared = desk.compare_plans(one, other).await.unwrap();
        let [difference] = compared.differences.as_slice() else {
            panic!("one day differs: {:?}", compared.differences);
        };
        assert_eq!(
            (difference.person, difference.date),
            (page.shifts[0].person, page.shifts[0].date)
        );
        assert!(difference.left.is_none() && difference.right.is_some());
        assert_eq!(compared.common_days, 14);
        let later = next_monday() + TimeDelta::days(14);
        let apart = desk.make_plan(later, 1).await.unwrap().id;
        let compared = desk.compare_plans(one, apart).await.unwrap();
        assert_eq!((compared.common_days, compared.differences.len()), (0, 0));
    });
}

#[test]
fn the_day_is_told_as_it_was_planned_and_as_it_is() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (_, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        // This very week; the desk's clock stands at noon on Monday.
        let plan = desk.make_plan(day(3, 2), 1).await.unwrap().id;
        for (who, date) in [(ira, day(3, 2)), (olha, day(3, 2)), (olha, day(3, 3))] {
            give(&desk, plan, who, date, early).await;
        }
        assert!(
            desk.today().await.unwrap().people.is_empty(),
            "nothing is published"
        );
        desk.publish_plan(plan).await.unwrap();

        change_person(&desk, "ira").await;
        site.clock.pass(TimeDelta::minutes(60));
        desk.pause(app::view::PauseReason::Lunch).await.unwrap();
        site.clock.pass(TimeDelta::minutes(30));
        desk.act(app::view::DeskAction::Ready).await.unwrap();
        site.clock.pass(TimeDelta::minutes(30));
        change_person(&desk, "sup").await;
        let today = desk.today().await.unwrap();
        assert_eq!((today.date, today.now_minute), (day(3, 2), 14 * 60));
        assert_eq!(today.people.len(), 2, "tomorrow's shift is not today's");
        let of = |who| {
            today
                .people
                .iter()
                .find(|person| person.person == who)
                .unwrap()
        };
        let iras = of(ira);
        assert_eq!((iras.from_minute, iras.until_minute), (480, 990));
        let present: Vec<_> = iras
            .present
            .iter()
            .map(|piece| (piece.from_minute, piece.until_minute, piece.state))
            .collect();
        assert_eq!(
            present,
            [
                (720, 780, DayState::Working),
                (780, 810, DayState::Break),
                (810, 840, DayState::Working),
            ],
            "pauses are facts"
        );
        assert_eq!(iras.actual_state, DayState::Away, "she has left");
        assert_eq!(iras.planned_state, DayState::Working);
        assert!(
            iras.adherence
                .is_some_and(|share| (share - 90.0 / 360.0).abs() < 0.03),
            "{iras:?}"
        );
        let olhas = of(olha);
        assert_eq!(
            olhas.late_minutes,
            6 * 60 - today.tolerance_minutes,
            "she never came"
        );
        let noon = today
            .intervals
            .iter()
            .find(|interval| interval.minute == 720)
            .unwrap();
        assert!((noon.planned - 2.0).abs() < 1e-9);
        assert!(noon.there.is_some_and(|there| (there - 1.0).abs() < 0.01));
        assert!(
            today
                .intervals
                .iter()
                .any(|interval| interval.there.is_none()),
            "the evening is to come"
        );
        assert!(today.conformance.is_some());
        assert!(
            today
                .offers
                .iter()
                .all(|offer| offer.from_minute >= today.now_minute),
            "nobody is offered what has passed: {:?}",
            today.offers
        );
        change_person(&desk, "ira").await;
        assert_eq!(code(desk.today().await), ErrorCode::NotAllowed);
    });
}

#[test]
fn the_samples_operators_come_and_go_and_nobody_else_is_made_up() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (_, ira, _) = planned(&site, &desk).await;
        let early = template_with(
            &desk,
            480,
            [(120, 15, true), (240, 30, false), (390, 15, true)],
        )
        .await;
        // This very week; the desk's clock stands at noon on Monday.
        let plan = desk.make_plan(day(3, 2), 1).await.unwrap().id;
        let everyone = desk.plan_page(plan).await.unwrap().people;
        let real = [ira];
        let sample: Vec<PersonId> = everyone
            .iter()
            .filter(|one| !one.name.starts_with("Особа "))
            .map(|one| one.id)
            .collect();
        assert_eq!(sample.len(), usize::from(sample::OPERATORS));
        give(&desk, plan, ira, day(3, 2), early).await;
        desk.publish_plan(plan).await.unwrap();
        assert!(
            !desk.today().await.unwrap().has_sample,
            "none of them is on shift"
        );
        for who in &sample {
            give(&desk, plan, *who, day(3, 2), early).await;
        }
        desk.publish_plan(plan).await.unwrap();
        // Half an hour after lunch has begun for all.
        site.clock.pass(TimeDelta::minutes(60));
        let today = desk.today().await.unwrap();
        assert!(today.has_sample);
        let (theirs, others): (Vec<_>, Vec<_>) = today
            .people
            .iter()
            .partition(|person| sample.contains(&person.person));
        assert_eq!((theirs.len(), others.len()), (sample.len(), real.len()));
        let at_work = theirs
            .iter()
            .filter(|person| person.actual_state == DayState::Working)
            .count();
        assert!(at_work >= 6, "most are there: {theirs:?}");
        let shares = theirs.iter().filter_map(|person| person.adherence);
        let adherence = shares.sum::<f64>() / f64::from(sample::OPERATORS);
        assert!((0.8..1.0).contains(&adherence), "{adherence}");
        for piece in today.people.iter().flat_map(|person| &person.present) {
            assert!(
                piece.from_minute <= piece.until_minute && piece.until_minute <= today.now_minute,
                "nothing of what is to come: {piece:?}"
            );
        }
        let ira = others[0];
        assert!(ira.present.is_empty() && ira.actual_state == DayState::Away);
        assert!(ira.late_minutes > 200, "she never came");

        let payroll = desk.export_plan(plan, PlanExport::Payroll, None).await;
        let text = String::from_utf8(payroll.unwrap().bytes).unwrap();
        let name = &theirs[0].name;
        let line = text.lines().find(|line| line.starts_with(name.as_str()));
        assert!(
            line.is_some_and(
                |line| line.ends_with(";8,00;8,00;0,00;0,00;0,00;0,00;0,00;0,00;0,00;0,00")
            ),
            "no hour of payroll is made up: {line:?}"
        );

        site.clock.pass(TimeDelta::days(1));
        let tomorrow = desk.today().await.unwrap();
        assert!(
            tomorrow
                .shrinkage_actual
                .is_some_and(|share| (0.15..0.35).contains(&share)),
            "one of nine never came, and nobody else is on the line all the time: {:?}",
            tomorrow.shrinkage_actual
        );

        let shops = desk.shops().await.unwrap();
        desk.remove_shop(shops[0].id, String::new()).await.unwrap();
        site.clock.pass(-TimeDelta::days(1));
        let today = desk.today().await.unwrap();
        let left: Vec<_> = today.people.iter().map(|person| person.person).collect();
        assert_eq!((left, today.has_sample), (vec![ira.person], false));
    });
}

#[test]
fn who_only_looks_on_is_not_counted_on_the_line() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (_, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        let plan = desk.make_plan(day(3, 2), 1).await.unwrap().id;
        give(&desk, plan, ira, day(3, 2), early).await;
        desk.publish_plan(plan).await.unwrap();
        // From noon on the admin is signed in, then an operator who was told of no shift.
        site.clock.pass(TimeDelta::minutes(15));
        change_person(&desk, "olha").await;
        site.clock.pass(TimeDelta::minutes(15));
        change_person(&desk, "sup").await;
        let today = desk.today().await.unwrap();
        let there = |minute| {
            let mut intervals = today.intervals.iter();
            let found = intervals.find(|interval| interval.minute == minute);
            found.unwrap().there
        };
        assert_eq!((there(720), there(735)), (Some(0.0), Some(1.0)), "{olha}");
    });
}

#[test]
fn shifts_are_taken_away_as_files() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, _) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        let first = give(&desk, plan, ira, day(3, 14), early).await;
        give(&desk, plan, ira, day(3, 16), early).await;
        desk.publish_plan(plan).await.unwrap();
        desk.edit_plan(plan, PlanEdit::Remove { shift: first.id })
            .await
            .unwrap();
        desk.publish_plan(plan).await.unwrap();
        let export = |format, person| desk.export_plan(plan, format, person);

        let calendar = export(PlanExport::Ics, Some(ira)).await.unwrap();
        assert_eq!(calendar.name, "Особа_ira_2026-03-09_2026-03-22.ics");
        let text = String::from_utf8(calendar.bytes).unwrap();
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
        assert_eq!(
            text.matches("STATUS:CANCELLED").count(),
            1,
            "what was taken away is cancelled"
        );
        assert!(
            text.contains("DTSTART:20260316T060000Z"),
            "eight in Kyiv: {text}"
        );
        assert_eq!(
            code(export(PlanExport::Ics, None).await.map(|_| ())),
            ErrorCode::FieldMissing
        );

        let table = export(PlanExport::Xlsx, None).await.unwrap();
        assert!(
            table.name == "графік_2026-03-09_2026-03-22.xlsx" && table.bytes.starts_with(b"PK")
        );
        let wall = export(PlanExport::Pdf, None).await.unwrap();
        assert!(wall.name == "графік_2026-03-09_2026-03-22.pdf" && wall.bytes.starts_with(b"%PDF"));
        let payroll = export(PlanExport::Payroll, None).await.unwrap();
        let text = String::from_utf8(payroll.bytes).unwrap();
        assert!(text.starts_with('\u{FEFF}'));
        let line = text
            .lines()
            .find(|line| line.starts_with("Особа ira;"))
            .unwrap();
        assert!(
            line.contains(";8,50;8,50;0,00;0,00;0,00;0,00;"),
            "one Monday shift: {line}"
        );

        change_person(&desk, "ira").await;
        assert_eq!(
            code(export(PlanExport::Pdf, None).await.map(|_| ())),
            ErrorCode::NotAllowed
        );
        let own = desk.export_my_shifts().await.unwrap();
        assert_eq!(own.name, "Особа_ira.ics");
        let path = site.dir().join(&own.name);
        desk.write_export(own, path.clone()).await.unwrap();
        let kept = std::fs::read_to_string(path).unwrap();
        assert_eq!(kept.matches("BEGIN:VEVENT").count(), 2);
    });
}

#[test]
fn the_rest_owed_from_the_plan_before_is_told() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let (early, night) = (template(&desk, 480).await, template(&desk, 1320).await);
        for mut contract in desk.contracts().await.unwrap() {
            contract.min_days_off_in_a_row = 1;
            contract.max_days_in_a_row = 7;
            desk.set_contract(contract).await.unwrap();
        }
        // Both have Tuesday to Saturday; Ira's Saturday ends on Sunday morning, Olha's after lunch.
        for date in day(3, 17).iter_days().take(4) {
            give(&desk, plan, ira, date, early).await;
            give(&desk, plan, olha, date, early).await;
        }
        give(&desk, plan, ira, day(3, 21), night).await;
        let dawn = template(&desk, 300).await;
        give(&desk, plan, olha, day(3, 21), dawn).await;
        desk.publish_plan(plan).await.unwrap();

        let next = desk.make_plan(day(3, 23), 1).await.unwrap().id;
        give(&desk, next, ira, day(3, 23), early).await;
        give(&desk, next, olha, day(3, 23), early).await;
        let page = desk.plan_page(next).await.unwrap();
        let owed: Vec<_> = page
            .standing
            .broken
            .iter()
            .filter(|broken| broken.rule == RuleKind::WeeklyRest)
            .map(|broken| (broken.person, broken.date))
            .collect();
        assert_eq!(
            owed,
            [(ira, day(3, 23))],
            "42 hours from 13:30 on Saturday, not from 6:30 on Sunday"
        );
    });
}

#[test]
fn sundays_worked_before_a_plan_count_where_the_law_wants_one_of_four_free() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        let polish = desk.preset_contract(ira, LabourPreset::Pl).await.unwrap();
        desk.set_contract(polish).await.unwrap();
        for sunday in [day(3, 15), day(3, 22)] {
            give(&desk, plan, ira, sunday, early).await;
            give(&desk, plan, olha, sunday, early).await;
        }
        desk.publish_plan(plan).await.unwrap();

        let next = desk.make_plan(day(3, 23), 2).await.unwrap().id;
        let told = async || {
            let page = desk.plan_page(next).await.unwrap();
            let broken = page.standing.broken.into_iter();
            broken
                .filter(|broken| broken.rule == RuleKind::Weekends)
                .map(|broken| (broken.person, broken.is, broken.limit))
                .collect::<Vec<_>>()
        };
        for who in [ira, olha] {
            give(&desk, next, who, day(3, 29), early).await;
        }
        assert_eq!(told().await, [], "the fourth Sunday may still be free");
        for who in [ira, olha] {
            give(&desk, next, who, day(4, 5), early).await;
        }
        assert_eq!(
            told().await,
            [(ira, 2.0, 1.0)],
            "four in a row, which Ukraine's law allows Olha"
        );
    });
}

#[test]
fn a_plan_leaves_people_for_the_monday_after_it() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        desk.make_sample(app::view::Language::Uk).await.unwrap();
        let mut mondays = Vec::new();
        for monday in [next_monday(), day(3, 16)] {
            let plan = desk.make_plan(monday, 1).await.unwrap().id;
            desk.solve_plan(plan, 2, None).await.unwrap();
            desk.solved(plan).await.unwrap();
            desk.publish_plan(plan).await.unwrap();
            let page = desk.plan_page(plan).await.unwrap();
            assert!(
                page.standing.broken.is_empty(),
                "rests are kept: {:?}",
                page.standing.broken
            );
            let of_monday = page.shifts.iter().filter(|shift| shift.date == monday);
            mondays.push(of_monday.count());
        }
        // Of eight people; a search that saw nothing but the plan itself left two for the second.
        assert!(mondays[1] >= 4, "{mondays:?}");
    });
}

#[test]
fn a_night_that_began_before_the_plan_is_there_in_its_first_hours() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, _) = planned(&site, &desk).await;
        let night = template(&desk, 1320).await;
        let sunday = next_monday() + TimeDelta::days(13);
        give(&desk, plan, ira, sunday, night).await;
        desk.publish_plan(plan).await.unwrap();
        let next = desk.make_plan(sunday.succ_opt().unwrap(), 1).await.unwrap();
        let page = desk.plan_page(next.id).await.unwrap();
        let first = &page.cover[0];
        assert!(
            (first.present_hours - 6.5).abs() < 1e-9,
            "from midnight to 6:30"
        );
        let there = &first.lines[0].present;
        assert!(there[..26].iter().all(|people| (people - 1.0).abs() < 1e-9));
        assert!(there[26..].iter().all(|people| people.abs() < 1e-9));
    });
}

#[test]
fn a_plan_is_held_against_the_forecast_of_the_sample() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        desk.make_sample(app::view::Language::Uk).await.unwrap();
        let plan = desk.make_plan(next_monday(), 1).await.unwrap().id;
        let empty = desk.plan_page(plan).await.unwrap();
        assert!(
            empty.days.iter().map(|day| day.wanted_hours).sum::<f64>() > 10.0,
            "{:?}",
            empty.days
        );
        assert!(
            empty
                .standing
                .service_level
                .is_some_and(|level| level < 1e-9),
            "nobody is there"
        );
        let worst = empty.standing.uncovered.first().expect("nobody is there");
        assert!(worst.missing > 0.5 && worst.until_minute > worst.from_minute);
        let mut changes = desk.changes();
        desk.solve_plan(plan, 5, None).await.unwrap();
        changes.next().await.unwrap();
        desk.solved(plan).await.unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        assert!(page.standing.cost < empty.standing.cost);
        assert!(page.standing.uncovered_hours < empty.standing.uncovered_hours / 2.0);
        assert!(
            page.standing
                .service_level
                .is_some_and(|level| level > 0.3 && level <= 1.0),
            "{:?}",
            page.standing.service_level
        );
        assert!(
            page.standing
                .uncovered
                .iter()
                .all(|gap| !gap.because.is_empty()),
            "it is told why nobody helps: {:?}",
            page.standing.uncovered
        );
        let today = desk.today().await.unwrap();
        assert!(today.intervals.iter().any(|interval| interval.wanted > 0.0));
        assert!(today.shrinkage_planned > 0.0);
    });
}
