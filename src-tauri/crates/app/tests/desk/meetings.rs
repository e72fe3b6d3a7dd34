//! What is settled in a plan: days off, days and shifts that a contract rules out, meetings and training.

use crate::planning::{day, give, on, planned, template, template_with};
use crate::site::{Site, change_person, code};
use app::Desk;
use app::view::{
    DayState, ErrorCode, MeetingAsk, MeetingKind, MeetingSpec, PlanEdit, PlanExport, PlanPage,
    RuleKind,
};
use chrono::{NaiveDate, TimeDelta};
use rules::id::{PersonId, PlanId};

/// People present on all lines in the interval that begins with this minute.
fn present(page: &PlanPage, date: NaiveDate, minute: u32) -> f64 {
    let cover = page.cover.iter().find(|cover| cover.date == date).unwrap();
    let slot = (minute / page.slot_minutes) as usize;
    cover.lines.iter().map(|line| line.present[slot]).sum()
}

fn briefing(people: &[PersonId], date: NaiveDate, from_minute: u32) -> MeetingSpec {
    MeetingSpec {
        kind: MeetingKind::Meeting,
        title: " Нові ціни ".to_owned(),
        people: people.to_vec(),
        date,
        from_minute,
        minutes: 30,
    }
}

async fn pin_off(desk: &Desk, plan: PlanId, person: PersonId, date: NaiveDate) {
    let edit = PlanEdit::PinOff {
        person,
        date,
        pinned: true,
    };
    desk.edit_plan(plan, edit).await.unwrap();
}

#[test]
fn a_meeting_takes_its_people_off_the_line_and_is_told_with_the_plan() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        let iras = give(&desk, plan, ira, day(3, 10), early).await;
        give(&desk, plan, olha, day(3, 11), early).await;
        desk.publish_plan(plan).await.unwrap();

        let both = [ira, olha];
        let ask = |people: &[PersonId], minutes, from, until| MeetingAsk {
            people: people.to_vec(),
            minutes,
            from,
            until,
        };
        let times = desk
            .meeting_times(plan, ask(&both, 30, day(3, 9), day(3, 22)))
            .await
            .unwrap();
        assert_eq!(times.len(), 6, "no more than one can look through");
        for time in &times {
            assert_eq!(time.absent.len(), 1, "they never work together: {time:?}");
            assert!(
                (480..=960).contains(&time.from_minute) && time.missing >= 0.0,
                "only where someone is at work: {time:?}"
            );
        }
        for (asked, wrong) in [
            (ask(&[], 30, day(3, 9), day(3, 9)), ErrorCode::FieldMissing),
            (ask(&both, 0, day(3, 9), day(3, 9)), ErrorCode::FieldInvalid),
            (
                ask(&both, 30, day(3, 8), day(3, 9)),
                ErrorCode::FieldInvalid,
            ),
        ] {
            assert_eq!(code(desk.meeting_times(plan, asked).await), wrong);
        }

        let before = desk.plan_page(plan).await.unwrap();
        let wall = async || {
            let page = desk.export_plan(plan, PlanExport::Pdf, None).await;
            page.unwrap().bytes
        };
        let bare = wall().await;
        let placed = desk
            .place_meeting(plan, briefing(&both, day(3, 10), 600))
            .await
            .unwrap();
        assert_ne!(bare, wall().await, "the page for the wall tells of it");
        assert_eq!(placed.title, "Нові ціни");
        assert_eq!(placed.absent, [olha], "she is off that day");
        assert!(placed.changed, "nobody knows of it yet");
        let page = desk.plan_page(plan).await.unwrap();
        for (minute, less) in [(585, 0.0), (600, 1.0), (615, 1.0), (630, 0.0)] {
            let lost = present(&before, day(3, 10), minute) - present(&page, day(3, 10), minute);
            assert!(
                (lost - less).abs() < 1e-9,
                "{lost} fewer on the line at minute {minute}, not {less}"
            );
        }
        assert!(page.plan.changed_since, "a meeting is to be told too");
        let again = desk
            .meeting_times(plan, ask(&[ira], 60, day(3, 10), day(3, 10)))
            .await
            .unwrap();
        assert!(
            again[0].busy.is_empty() && again[0].from_minute != 600,
            "another is put where she is not busy already: {again:?}"
        );

        let mut late = briefing(&both, day(3, 10), 600);
        late.title = "  ".to_owned();
        assert_eq!(
            code(desk.place_meeting(plan, late).await),
            ErrorCode::FieldMissing
        );
        let past = desk.make_plan(day(2, 23), 1).await.unwrap().id;
        assert_eq!(
            code(
                desk.place_meeting(past, briefing(&both, day(2, 23), 600))
                    .await
            ),
            ErrorCode::DayPast
        );

        let told = desk.publish_plan(plan).await.unwrap();
        assert_eq!(
            (told.people_told, told.shifts_changed),
            (1, 0),
            "only who is at work then"
        );
        assert!(!desk.plan_page(plan).await.unwrap().plan.changed_since);
        let calendar = async || {
            let file = desk.export_plan(plan, PlanExport::Ics, Some(ira)).await;
            String::from_utf8(file.unwrap().bytes).unwrap()
        };
        let text = calendar().await;
        assert_eq!(text.matches("BEGIN:VEVENT").count(), 2);
        assert!(
            text.contains("DTSTART:20260310T080000Z") && text.contains("SUMMARY:Нові ціни"),
            "at ten in Kyiv: {text}"
        );
        change_person(&desk, "olha").await;
        let mine = desk.my_shifts().await.unwrap();
        assert!(mine.shifts.iter().all(|shift| shift.meetings.is_empty()));
        change_person(&desk, "ira").await;
        let mine = desk.my_shifts().await.unwrap();
        assert_eq!(mine.shifts[0].meetings.len(), 1);
        assert_eq!(mine.shifts[0].meetings[0].title, "Нові ціни");
        assert_eq!(
            code(desk.remove_meeting(plan, placed.id).await),
            ErrorCode::NotAllowed
        );

        change_person(&desk, "sup").await;
        desk.remove_meeting(plan, placed.id).await.unwrap();
        assert_eq!(
            code(desk.remove_meeting(plan, placed.id).await),
            ErrorCode::NotFound
        );
        let page = desk.plan_page(plan).await.unwrap();
        assert!(page.meetings.is_empty() && page.plan.changed_since);
        assert!(
            (present(&page, day(3, 10), 600) - present(&before, day(3, 10), 600)).abs() < 1e-9,
            "she is back on the line"
        );
        let told = desk.publish_plan(plan).await.unwrap();
        assert_eq!((told.people_told, told.shifts_changed), (1, 0));
        let text = calendar().await;
        assert_eq!(text.matches("STATUS:CANCELLED").count(), 1, "{text}");
        assert!(!text.contains(&format!("{}-{}", iras.date, olha)));
    });
}

#[test]
fn the_running_day_expects_nobody_on_the_line_who_is_at_a_meeting() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (_, ira, olha) = planned(&site, &desk).await;
        let early = template(&desk, 480).await;
        // The desk's clock stands at noon on Monday.
        let plan = desk.make_plan(day(3, 2), 1).await.unwrap().id;
        for who in [ira, olha] {
            give(&desk, plan, who, day(3, 2), early).await;
        }
        desk.place_meeting(plan, briefing(&[ira], day(3, 2), 780))
            .await
            .unwrap();
        desk.publish_plan(plan).await.unwrap();
        site.clock.pass(TimeDelta::minutes(70));
        let today = desk.today().await.unwrap();
        let planned = |minute| {
            let mut intervals = today.intervals.iter();
            let found = intervals.find(|interval| interval.minute == minute);
            found.unwrap().planned
        };
        assert!((planned(765) - 2.0).abs() < 1e-9 && (planned(780) - 1.0).abs() < 1e-9);
        let of = |who| {
            let mut people = today.people.iter();
            people.find(|person| person.person == who).unwrap()
        };
        assert_eq!(of(ira).planned_state, DayState::Break);
        assert_eq!(of(olha).planned_state, DayState::Working);
        let [meeting] = of(ira).meetings.as_slice() else {
            panic!("her meeting, {:?}", of(ira).meetings)
        };
        assert_eq!((meeting.from_minute, meeting.until_minute), (780, 810));
        assert!(of(ira).breaks.is_empty() && of(olha).meetings.is_empty());
    });
}

#[test]
fn who_misses_a_meeting_before_lunch_is_late_by_the_work_missed_alone() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (_, ira, _) = planned(&site, &desk).await;
        let early = template_with(&desk, 480, [(360, 30, false)]).await;
        let plan = desk.make_plan(day(3, 2), 1).await.unwrap().id;
        give(&desk, plan, ira, day(3, 2), early).await;
        desk.place_meeting(plan, briefing(&[ira], day(3, 2), 780))
            .await
            .unwrap();
        desk.publish_plan(plan).await.unwrap();
        site.clock.pass(TimeDelta::hours(3));
        let today = desk.today().await.unwrap();
        assert_eq!(
            today.people[0].late_minutes + today.tolerance_minutes,
            6 * 60,
            "from eight to three without the meeting and lunch"
        );
    });
}

#[test]
fn a_meeting_lowers_the_service_level_foreseen() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        desk.make_sample(app::view::Language::Uk).await.unwrap();
        let plan = desk.make_plan(day(3, 9), 1).await.unwrap().id;
        let page = desk.plan_page(plan).await.unwrap();
        let early = template(&desk, 540).await;
        let people: Vec<PersonId> = page.people.iter().take(6).map(|person| person.id).collect();
        for person in &people {
            give(&desk, plan, *person, day(3, 9), early).await;
        }
        let level = async || {
            let standing = desk.plan_page(plan).await.unwrap().standing;
            (standing.service_level.unwrap(), standing.uncovered_hours)
        };
        let (before, uncovered) = level().await;
        let mut training = briefing(&people, day(3, 9), 600);
        training.minutes = 120;
        let placed = desk.place_meeting(plan, training).await.unwrap();
        let (during, more) = level().await;
        assert!(
            during < before && more > uncovered,
            "with six people away for two hours {during} is less than {before}"
        );
        desk.remove_meeting(plan, placed.id).await.unwrap();
        let (after, _) = level().await;
        assert!((after - before).abs() < 1e-9, "as it was");
    });
}

#[test]
fn a_pinned_day_off_survives_search_and_replan_and_can_be_taken_back() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, _) = planned(&site, &desk).await;
        // Without the pins the contract would fill five of these seven days.
        let week: Vec<NaiveDate> = day(3, 9).iter_days().take(7).collect();
        for date in &week[..5] {
            pin_off(&desk, plan, ira, *date).await;
        }
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(page.pinned_off.len(), 5);
        let undone = desk.edit_plan(plan, PlanEdit::Undo).await.unwrap();
        assert_eq!(undone.pinned_off.len(), 4, "taken back");
        pin_off(&desk, plan, ira, day(3, 13)).await;
        desk.solve_plan(plan, 2, None).await.unwrap();
        desk.solved(plan).await.unwrap();
        desk.solve_plan(plan, 1, Some(day(3, 9))).await.unwrap();
        desk.solved(plan).await.unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        assert!(page.shifts.len() > 20, "others work: {}", page.shifts.len());
        for date in &week[..5] {
            assert!(on(&page, ira, *date).is_none(), "she is off on {date}");
        }
        assert_eq!(page.pinned_off.len(), 5, "and it stays pinned");

        let early = template(&desk, 480).await;
        let shift = give(&desk, plan, ira, day(3, 9), early).await;
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(page.pinned_off.len(), 4, "by hand it can be filled");
        let over = PlanEdit::PinOff {
            person: ira,
            date: shift.date,
            pinned: true,
        };
        assert_eq!(code(desk.edit_plan(plan, over).await), ErrorCode::NotFound);
        let undone = desk.edit_plan(plan, PlanEdit::Undo).await.unwrap();
        assert_eq!(
            (undone.removed, undone.pinned_off.len()),
            (vec![shift.id], 5),
            "and the pin comes back with the day off"
        );
    });
}

#[test]
fn days_and_shifts_that_a_contract_rules_out_are_never_given() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, _) = planned(&site, &desk).await;
        let (early, late) = (template(&desk, 480).await, template(&desk, 780).await);
        let contracts = desk.contracts().await.unwrap();
        let known = |person| contracts.iter().find(|one| one.person == person).unwrap();
        let mut contract = known(ira).clone();
        assert_eq!(contract.weekdays, [0, 1, 2, 3, 4, 5, 6]);
        assert!(contract.never_given.is_empty());
        // Mondays to Thursdays, and of all shifts only one.
        let page = desk.plan_page(plan).await.unwrap();
        let others = page.templates.iter().map(|template| template.id);
        contract.never_given = others.filter(|id| *id != early).collect();
        contract.weekdays = vec![3, 0, 1, 2];
        desk.set_contract(contract.clone()).await.unwrap();
        let law = desk
            .preset_contract(ira, app::view::LabourPreset::Pl)
            .await
            .unwrap();
        assert_eq!(law.weekdays, [0, 1, 2, 3], "no matter of law");
        let mut none = contract.clone();
        none.weekdays = Vec::new();
        assert_eq!(code(desk.set_contract(none).await), ErrorCode::FieldInvalid);

        let broken = async |date, template| {
            let edit = PlanEdit::Give {
                person: ira,
                date,
                template,
                line: None,
            };
            let delta = desk.edit_plan(plan, edit).await.unwrap();
            let rules: Vec<RuleKind> = delta
                .newly_broken
                .iter()
                .filter(|broken| broken.date == date)
                .map(|broken| broken.rule)
                .collect();
            desk.edit_plan(plan, PlanEdit::Undo).await.unwrap();
            rules
        };
        assert_eq!(broken(day(3, 9), early).await, [], "a Monday");
        assert_eq!(broken(day(3, 13), early).await, [RuleKind::Weekday]);
        assert_eq!(broken(day(3, 9), late).await, [RuleKind::Forbidden]);

        desk.solve_plan(plan, 2, None).await.unwrap();
        desk.solved(plan).await.unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        let hers: Vec<_> = page
            .shifts
            .iter()
            .filter(|shift| shift.person == ira)
            .collect();
        assert!(!hers.is_empty(), "she works all the same");
        for shift in hers {
            assert_eq!(shift.template, early);
            let monday = page.plan.first_day;
            assert!(
                (shift.date - monday).num_days() % 7 < 4,
                "on {}",
                shift.date
            );
        }
    });
}
