//! Languages of one client that separate people answer: from the rule to the lines of a plan and back.

use crate::forecast::bilingual;
use crate::planning::{give, next_monday, on, planned, template};
use crate::site::{ADMIN, Site, change_person};
use app::Desk;
use app::view::{
    ContractView, ErrorCode, ForecastRequest, HeatKind, ImportRequest, Language, PlanPage,
    StaffingRequest, StaffingRules, StaffingView, WorkChannel,
};
use chrono::Days;
use rules::id::{PersonId, ShopId};

/// Takes in a report of so many days in two languages.
async fn take_in(desk: &Desk, shop: ShopId, days: u32) {
    let report = ImportRequest {
        language: None,
        shop,
        channel: WorkChannel::Inbound,
        file: "line.csv".to_owned(),
        content: bilingual(&desk.sample_report(Language::Uk, days)).into_bytes(),
        keep: true,
    };
    assert!(desk.import_history(report).await.unwrap().kept);
}

async fn bilingual_shop(desk: &Desk) -> ShopId {
    let shop = desk.shops().await.unwrap()[0].id;
    take_in(desk, shop, 100).await;
    shop
}

async fn staffing(
    desk: &Desk,
    shop: ShopId,
    language: Option<&str>,
    what_if: Option<StaffingRules>,
) -> StaffingView {
    let request = StaffingRequest {
        shop,
        language: language.map(|code| code.parse().unwrap()),
        date: next_monday(),
        what_if,
        load_factor: 1.0,
    };
    desk.staffing(request).await.unwrap()
}

async fn answer_apart(desk: &Desk, shop: ShopId, languages_apart: bool) {
    let rules = StaffingRules {
        languages_apart,
        ..staffing(desk, shop, None, None).await.rules
    };
    desk.set_staffing_rules(shop, rules).await.unwrap();
}

fn languages(page: &PlanPage) -> Vec<Option<String>> {
    let code = |line: &app::view::PlanLine| line.language.map(|code| code.to_string());
    page.lines.iter().map(code).collect()
}

fn lines_of(page: &PlanPage, who: PersonId) -> Vec<ShopId> {
    let person = page.people.iter().find(|person| person.id == who);
    person.unwrap().lines.clone()
}

async fn contract(desk: &Desk, who: PersonId) -> ContractView {
    let contracts = desk.contracts().await.unwrap();
    contracts
        .into_iter()
        .find(|contract| contract.person == who)
        .unwrap()
}

#[test]
fn a_language_apart_wants_its_own_people_and_all_of_them_are_told_together() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let _ = planned(&site, &desk).await;
        let shop = bilingual_shop(&desk).await;
        let together = staffing(&desk, shop, None, None).await;
        assert!(!together.rules.languages_apart, "nobody has asked for it");
        let tried = StaffingRules {
            languages_apart: true,
            ..together.rules.clone()
        };
        let what_if = staffing(&desk, shop, None, Some(tried))
            .await
            .what_if
            .unwrap();
        assert!(
            what_if.line_hours > together.now.line_hours,
            "two queues want more people than one: {} and {}",
            what_if.line_hours,
            together.now.line_hours
        );

        answer_apart(&desk, shop, true).await;
        let all = staffing(&desk, shop, None, None).await;
        let parts = [
            staffing(&desk, shop, Some("uk"), None).await,
            staffing(&desk, shop, Some("ru"), None).await,
        ];
        assert!((all.now.line_hours - what_if.line_hours).abs() < 1e-9);
        let sum = |of: fn(&StaffingView) -> f64| -> f64 { parts.iter().map(of).sum() };
        assert!((sum(|one| one.now.line_hours) - all.now.line_hours).abs() < 1e-9);
        assert!((sum(|one| one.now.paid_hours) - all.now.paid_hours).abs() < 1e-9);
        let calls =
            |view: &StaffingView| -> f64 { view.now.intervals.iter().map(|slot| slot.calls).sum() };
        assert!(
            (sum(calls) - calls(&together)).abs() < 1e-6,
            "no call is lost or made up"
        );
        let level = all.now.service_level.unwrap();
        assert!(level >= all.rules.service_level - 0.02, "{level}");

        let request = ForecastRequest {
            shop: Some(shop),
            channel: WorkChannel::Inbound,
            language: None,
            weeks: 2,
        };
        let page = desk.forecast_page(request).await.unwrap();
        let people = page
            .heat
            .iter()
            .find(|heat| heat.kind == HeatKind::Staffing);
        let noon = people
            .unwrap()
            .cells
            .iter()
            .find(|cell| (cell.weekday, cell.hour) == (0, 12));
        assert!(
            noon.unwrap().value >= Some(2.0),
            "at least one for each language"
        );
        let day = desk.forecast_day(Some(shop), WorkChannel::Inbound, None, next_monday());
        let day = day.await.unwrap();
        assert!(day.intervals.iter().all(|slot| slot.agents >= Some(2)));
    });
}

#[test]
fn a_published_forecast_is_held_against_what_came_in_each_language() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let _ = planned(&site, &desk).await;
        let shop = bilingual_shop(&desk).await;
        let in_language = |language: Option<&str>| ForecastRequest {
            shop: Some(shop),
            channel: WorkChannel::Inbound,
            language: language.map(|code| code.parse().unwrap()),
            weeks: 2,
        };
        desk.publish_forecast(in_language(None)).await.unwrap();
        site.pass_seconds(5 * 86_400);
        take_in(&desk, shop, 7).await;
        let mut off = Vec::new();
        for language in [None, Some("uk"), Some("ru")] {
            let page = desk.forecast_page(in_language(language)).await.unwrap();
            let told = page.snapshots.first().unwrap();
            assert_eq!(told.days_over, 5, "{language:?}");
            off.push(told.day_wape.unwrap());
        }
        assert!(
            off.iter().all(|wape| *wape > 0.0 && *wape < 0.5),
            "each language against its own calls: {off:?}"
        );
        let apart = |one: usize, other: usize| (off[one] - off[other]).abs() > 1e-9;
        assert!(apart(0, 1) && apart(1, 2), "{off:?}");
    });
}

#[test]
fn a_handful_of_calls_in_another_language_wants_nobody_of_its_own() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, _, _) = planned(&site, &desk).await;
        let shop = desk.shops().await.unwrap()[0].id;
        // Now and then someone calls in Polish.
        let rare: String = bilingual(&desk.sample_report(Language::Uk, 100))
            .lines()
            .enumerate()
            .flat_map(|(at, line)| {
                let also = (at % 160 == 2).then(|| line.replace(";uk", ";pl"));
                [Some(line.to_owned()), also.filter(|also| also != line)]
            })
            .flatten()
            .map(|line| line + "\n")
            .collect();
        let report = ImportRequest {
            language: None,
            shop,
            channel: WorkChannel::Inbound,
            file: "line.csv".to_owned(),
            content: rare.into_bytes(),
            keep: true,
        };
        let kept = desk.import_history(report).await.unwrap();
        assert_eq!(kept.languages.len(), 3, "{kept:?}");
        answer_apart(&desk, shop, true).await;
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(
            languages(&page),
            [Some("uk".to_owned()), Some("ru".to_owned())]
        );
        let (all, uk, ru) = (
            staffing(&desk, shop, None, None).await,
            staffing(&desk, shop, Some("uk"), None).await,
            staffing(&desk, shop, Some("ru"), None).await,
        );
        let calls =
            |view: &StaffingView| -> f64 { view.now.intervals.iter().map(|slot| slot.calls).sum() };
        let request = ForecastRequest {
            shop: Some(shop),
            channel: WorkChannel::Inbound,
            language: None,
            weeks: 2,
        };
        let forecast = desk.forecast_page(request).await.unwrap();
        let day = forecast.days.iter().find(|day| day.date == next_monday());
        assert!(
            (calls(&all) - day.unwrap().calls).abs() < 1e-6,
            "the few are answered all the same"
        );
        assert!((calls(&uk) + calls(&ru) - calls(&all)).abs() < 1e-6);
        let alone = staffing(&desk, shop, Some("pl"), None).await;
        assert!(calls(&alone) > 0.0 && calls(&alone) < 0.02 * calls(&all));
    });
}

#[test]
fn a_day_is_played_out_with_everyone_on_all_lines_of_the_contract() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let shop = bilingual_shop(&desk).await;
        answer_apart(&desk, shop, true).await;
        let page = desk.plan_page(plan).await.unwrap();
        let (uk, ru) = (page.lines[0].shop, page.lines[1].shop);
        let early = template(&desk, 9 * 60).await;
        for person in &page.people {
            give(&desk, plan, person.id, next_monday(), early).await;
        }
        let everyone = u32::try_from(page.people.len()).unwrap();

        let told = desk.plan_multi_skill(plan, next_monday()).await.unwrap();
        assert_eq!(
            told.multi_skilled, everyone,
            "who serves the client serves both languages"
        );
        let lines: Vec<ShopId> = told.lines.iter().map(|line| line.line).collect();
        assert_eq!(lines, [uk, ru]);
        assert!(told.lines.iter().all(|line| line.calls > 10.0));
        assert!(
            told.multi > told.single.map(|level| level + 0.02),
            "all are on one line by their shift: {told:?}"
        );
        let of_ru = &told.lines[1];
        assert_eq!(of_ru.single, Some(0.0), "nobody's shift is on it");
        assert!(of_ru.multi > Some(0.2), "{of_ru:?}");

        let empty = desk
            .plan_multi_skill(plan, next_monday() + Days::new(1))
            .await;
        assert_eq!(empty.unwrap().multi_skilled, 0, "nobody works");
        let far = desk
            .plan_multi_skill(plan, next_monday() + Days::new(400))
            .await;
        assert_eq!(far.unwrap_err().code, ErrorCode::NotFound);

        for who in [ira, olha] {
            desk.set_contract(ContractView {
                lines: vec![uk],
                ..contract(&desk, who).await
            })
            .await
            .unwrap();
        }
        let fewer = desk.plan_multi_skill(plan, next_monday()).await.unwrap();
        assert_eq!(fewer.multi_skilled, everyone - 2);
        change_person(&desk, "olha").await;
        assert!(
            desk.plan_multi_skill(plan, next_monday()).await.is_err(),
            "not hers to see"
        );
    });
}

#[test]
fn people_keep_their_line_when_it_is_split_and_serve_what_their_contract_then_says() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let (plan, ira, olha) = planned(&site, &desk).await;
        let shop = bilingual_shop(&desk).await;
        let early = template(&desk, 9 * 60).await;
        let before = give(&desk, plan, ira, next_monday(), early).await;
        assert_eq!(before.line, shop);
        assert_eq!(languages(&desk.plan_page(plan).await.unwrap()), [None]);

        answer_apart(&desk, shop, true).await;
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(
            languages(&page),
            [Some("uk".to_owned()), Some("ru".to_owned())],
            "the language with most calls first"
        );
        let (uk, ru) = (page.lines[0].shop, page.lines[1].shop);
        assert!(uk != shop && ru != shop && page.lines[0].name == page.lines[1].name);
        for line in &page.cover[0].lines {
            assert!(line.wanted.iter().sum::<f64>() > 0.0, "{}", line.line);
        }
        assert_eq!(
            lines_of(&page, ira),
            [uk, ru],
            "who served the client serves both"
        );
        assert_eq!(on(&page, ira, next_monday()).unwrap().line, uk);

        let served = desk.served_lines().await.unwrap();
        let served: Vec<_> = served.iter().map(|line| (line.line, line.shop)).collect();
        assert_eq!(served.len(), 2);
        assert!(served.contains(&(uk, shop)) && served.contains(&(ru, shop)));
        desk.set_contract(ContractView {
            lines: vec![ru],
            ..contract(&desk, olha).await
        })
        .await
        .unwrap();
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(lines_of(&page, olha), [ru]);
        let given = give(&desk, plan, olha, next_monday(), early).await;
        assert_eq!(given.line, ru, "the only line she serves");
        assert_eq!(page.lines[0].shop, uk, "an identity stays");

        desk.publish_plan(plan).await.unwrap();
        change_person(&desk, "olha").await;
        let mine = desk.my_shifts().await.unwrap();
        let told = mine.shifts.first().unwrap();
        assert_eq!(
            told.line_language.map(|code| code.to_string()).as_deref(),
            Some("ru")
        );
        assert!(!told.line_name.is_empty());
        change_person(&desk, ADMIN).await;

        answer_apart(&desk, shop, false).await;
        let page = desk.plan_page(plan).await.unwrap();
        assert_eq!(languages(&page), [None]);
        for who in [ira, olha] {
            assert_eq!(lines_of(&page, who), [shop], "who answers one answers all");
            assert_eq!(on(&page, who, next_monday()).unwrap().line, shop);
        }
    });
}
