//! History, forecast and staffing: from a report of the exchange to the people that a day needs.

use crate::site::{Site, change_person, code, person};
use app::Desk;
use app::view::{
    DayHours, ErrorCode, ForecastPage, ForecastRequest, ForecastWhy, HeatKind, ImportFaultKind,
    ImportRequest, Language, LanguageCode, NewOverride, NewSpecialDay, OpenHours, OutlierVerdict,
    SpecialKind, StaffingBound, StaffingRequest, StaffingRules, WorkChannel,
};
use chrono::{Datelike, Days, NaiveDate};
use rules::id::ShopId;
use rules::role::Role;
use std::fmt::Write as _;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

/// The Monday of the site's clock.
fn today() -> NaiveDate {
    day(2026, 3, 2)
}

async fn sample(desk: &Desk) -> ShopId {
    desk.make_sample_of(Language::Uk, Some(1_500))
        .await
        .unwrap()
        .id
}

/// A sample whose report tells no languages.
async fn sample_without_languages(desk: &Desk) -> ShopId {
    let shop = sample(desk).await;
    let import = page(desk, Some(shop), 1).await.imports[0].id;
    desk.withdraw_import(shop, import).await.unwrap();
    let told = desk.sample_report(Language::Uk, 90);
    desk.import_history(report(shop, &told, true))
        .await
        .unwrap();
    shop
}

async fn page(desk: &Desk, shop: Option<ShopId>, weeks: u32) -> ForecastPage {
    let request = ForecastRequest {
        language: None,
        shop,
        channel: WorkChannel::Inbound,
        weeks,
    };
    desk.forecast_page(request).await.unwrap()
}

fn report(shop: ShopId, text: &str, keep: bool) -> ImportRequest {
    ImportRequest {
        language: None,
        shop,
        channel: WorkChannel::Inbound,
        file: "line.csv".to_owned(),
        content: text.as_bytes().to_vec(),
        keep,
    }
}

fn code_of(language: &str) -> LanguageCode {
    language.parse().unwrap()
}

fn near(left: f64, right: f64) -> bool {
    (left - right).abs() <= 1e-6 * left.abs().max(right.abs()).max(1.0)
}

#[test]
fn a_supervisor_sees_the_whole_page_on_the_first_start() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let page = page(&desk, Some(shop), 4).await;
        assert_eq!(page.zone, "Europe/Kyiv");
        assert_eq!(page.slot_minutes, 30, "as the report tells");
        assert_eq!((page.history.days_missing, page.imports.len()), (0, 1));
        assert_eq!(page.history.last_day, Some(day(2026, 3, 1)), "yesterday");
        assert_eq!(page.history.recent.len(), 56);
        assert!(
            page.history
                .aht_s
                .is_some_and(|aht| (120.0..300.0).contains(&aht))
        );
        assert_eq!(page.days.len(), 28);
        assert_eq!(page.days[0].date, today());
        for one in &page.days {
            assert!(!one.closed && one.calls > 0.0, "{one:?}");
            assert!(one.low95 <= one.low80 && one.low80 <= one.calls, "{one:?}");
            assert!(
                one.calls <= one.high80 && one.high80 <= one.high95,
                "{one:?}"
            );
            assert!(
                near(one.calls, one.model_calls) && !one.overridden,
                "{one:?}"
            );
        }
        let sunday = &page.days[6];
        assert!(
            sunday.calls < 0.8 * page.days[0].calls,
            "Sunday {} is calmer than Monday {}",
            sunday.calls,
            page.days[0].calls
        );
        let women = page.days.iter().find(|one| one.date == day(2026, 3, 8));
        assert_eq!(women.unwrap().special, Some(SpecialKind::Holiday));
        assert_eq!(
            page.days[0].actual.map(|calls| calls > 0.0),
            Some(true),
            "the report tells of this morning"
        );
        let kinds: Vec<_> = page.heat.iter().map(|heat| heat.kind).collect();
        assert_eq!(
            kinds,
            [
                HeatKind::History,
                HeatKind::Forecast,
                HeatKind::Error,
                HeatKind::Staffing
            ]
        );
        for heat in &page.heat {
            assert_eq!(heat.cells.len(), 168);
            let night = heat
                .cells
                .iter()
                .find(|cell| (cell.weekday, cell.hour) == (0, 3));
            assert_eq!(
                night.unwrap().value,
                None,
                "closed is not nought: {:?}",
                heat.kind
            );
            let noon = heat
                .cells
                .iter()
                .find(|cell| (cell.weekday, cell.hour) == (0, 12));
            assert!(noon.unwrap().value.is_some(), "{:?}", heat.kind);
        }
        let told = page.explanation.unwrap();
        let weights: f64 = told.methods.iter().map(|method| method.weight).sum();
        assert!(near(weights, 1.0) && told.origins > 0, "{told:?}");
        assert!(
            told.score.day_wape > 0.0 && told.score.day_wape < 0.5,
            "{told:?}"
        );
        let parts = page.contributions.as_slice();
        let codes: Vec<_> = parts.iter().map(|part| part.language).collect();
        assert_eq!(codes, [Some(code_of("uk")), Some(code_of("ru"))]);
        assert!(near(parts.iter().map(|part| part.share).sum(), 1.0));
        let calls: f64 = page.days.iter().map(|one| one.calls).sum();
        let told: f64 = parts.iter().map(|part| part.calls).sum();
        assert!(near(told, calls), "{told} is {calls}");

        let tuesday = page.days[1].date;
        let view = desk
            .forecast_day(Some(shop), WorkChannel::Inbound, None, tuesday)
            .await
            .unwrap();
        let sum: f64 = view.intervals.iter().map(|one| one.calls).sum();
        assert!(
            near(sum, page.days[1].calls),
            "{sum} is {}",
            page.days[1].calls
        );
        assert!(view.intervals.iter().all(|one| one.agents >= Some(1)));
        assert!(view.intervals.iter().all(|one| one.minute >= 9 * 60));
    });
}

#[test]
fn today_is_forecast_anew_as_it_runs() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let view = desk
            .forecast_day(Some(shop), WorkChannel::Inbound, None, today())
            .await
            .unwrap();
        // It is noon in Kyiv.
        for one in &view.intervals {
            assert_eq!(one.actual.is_some(), one.minute < 12 * 60, "{one:?}");
        }
        let (came, said) = view
            .intervals
            .iter()
            .filter_map(|one| Some((one.actual?, one.model_calls)))
            .fold((0.0, 0.0), |(a, b), (c, d)| (a + c, b + d));
        let rest = |of: fn(&app::view::IntervalView) -> f64| -> f64 {
            let left = view.intervals.iter().filter(|one| one.actual.is_none());
            left.map(of).sum()
        };
        let (anew, before) = (rest(|one| one.calls), rest(|one| one.model_calls));
        assert_eq!(
            came > said,
            anew > before,
            "{came} came of {said}: the rest was {before} and is {anew}"
        );
    });
}

#[test]
fn a_report_is_taken_in_whole_or_not_at_all_and_can_be_taken_back() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let before = page(&desk, Some(shop), 1).await;
        let year = desk.sample_report(Language::Uk, 364);

        let seen = desk
            .import_history(report(shop, &year, false))
            .await
            .unwrap();
        assert!(!seen.kept && seen.fault_count == 0 && seen.has_handle_time);
        assert_eq!(seen.slot_minutes, 30);
        assert_eq!(seen.first_day, Some(today() - Days::new(364)));
        assert!(
            seen.replaced > 0 && seen.replaced < seen.rows,
            "the last 90 days are known: {} of {}",
            seen.replaced,
            seen.rows
        );
        assert_eq!(
            page(&desk, Some(shop), 1).await.imports.len(),
            1,
            "a look keeps nothing"
        );

        let broken = format!("{year}02.03.2026 99:00;5;100\n");
        let faulty = desk
            .import_history(report(shop, &broken, true))
            .await
            .unwrap();
        assert!(!faulty.kept && faulty.fault_count > 0, "{faulty:?}");
        assert!(
            faulty
                .faults
                .iter()
                .any(|fault| fault.fault == ImportFaultKind::BadTime),
            "{faulty:?}"
        );
        let after = page(&desk, Some(shop), 1).await;
        assert_eq!(
            (after.imports.len(), after.history.calls),
            (1, before.history.calls),
            "of a faulty report nothing is kept"
        );

        let kept = desk
            .import_history(report(shop, &year, true))
            .await
            .unwrap();
        assert!(kept.kept);
        let with = page(&desk, Some(shop), 1).await;
        assert_eq!(with.history.first_day, Some(today() - Days::new(364)));
        assert_eq!(with.imports.len(), 2);
        assert!(with.imports[0].rows == kept.rows && with.imports[0].by == "Олена Адмін");
        assert!(
            with.history.calls > 3 * before.history.calls
                && with.history.calls < 5 * before.history.calls,
            "{} and {}: what both tell counts once",
            before.history.calls,
            with.history.calls
        );

        let id = with.imports[0].id;
        desk.withdraw_import(shop, id).await.unwrap();
        let again = page(&desk, Some(shop), 1).await;
        assert_eq!(
            (again.imports.len(), again.history.calls),
            (1, before.history.calls)
        );
        assert_eq!(
            code(desk.withdraw_import(shop, id).await),
            ErrorCode::NotFound,
            "once is enough"
        );
        let huge = "x".repeat(21 * 1024 * 1024);
        assert_eq!(
            code(desk.import_history(report(shop, &huge, true)).await),
            ErrorCode::ImportTooLarge
        );
    });
}

/// The same report by language: of each interval a third of the calls, rounded up, in Russian, the rest
/// in Ukrainian.
pub(crate) fn bilingual(report: &str) -> String {
    let mut lines = report.lines();
    let mut text = format!("{};мова\n", lines.next().unwrap());
    for line in lines {
        let row: Vec<&str> = line.split(';').collect();
        let all: u32 = row[1].parse().unwrap();
        let ru = all.div_ceil(3);
        for (language, calls) in [("російська", ru), ("uk", all - ru)] {
            writeln!(text, "{};{calls};{};{language}", row[0], row[2]).unwrap();
        }
    }
    text
}

#[test]
fn a_report_by_language_adds_up_to_the_same_history() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let import = page(&desk, Some(shop), 1).await.imports[0].id;
        desk.withdraw_import(shop, import).await.unwrap();
        let plain = desk.sample_report(Language::Uk, 100);
        desk.import_history(report(shop, &plain, true))
            .await
            .unwrap();
        let before = page(&desk, Some(shop), 2).await;

        let told = bilingual(&plain);
        let faulty = told.replacen(";uk\n", ";Elvish\n", 1);
        let seen = desk
            .import_history(report(shop, &faulty, true))
            .await
            .unwrap();
        let [fault] = seen.faults.as_slice() else {
            panic!("one line is faulty: {:?}", seen.faults)
        };
        assert_eq!(
            (fault.line, fault.fault, fault.found.as_str()),
            (3, ImportFaultKind::BadLanguage, "Elvish")
        );

        let kept = desk
            .import_history(report(shop, &told, true))
            .await
            .unwrap();
        let codes: Vec<_> = kept.languages.iter().map(|one| one.language).collect();
        assert_eq!(codes, [Some(code_of("uk")), Some(code_of("ru"))]);
        assert_eq!(
            kept.languages.iter().map(|one| one.calls).sum::<u32>(),
            kept.calls
        );
        assert_eq!(
            (kept.rows, kept.replaced),
            (2 * kept.replaced, kept.replaced),
            "each interval is known, and told twice"
        );
        let after = page(&desk, Some(shop), 2).await;
        assert_eq!(after.history.calls, before.history.calls);
        assert_eq!(after.slot_minutes, before.slot_minutes);
        for (one, other) in after.days.iter().zip(&before.days) {
            assert!(near(one.calls, other.calls), "{one:?} {other:?}");
        }
    });
}

async fn page_in(desk: &Desk, shop: ShopId, language: Option<&str>) -> ForecastPage {
    let request = ForecastRequest {
        shop: Some(shop),
        channel: WorkChannel::Inbound,
        language: language.map(code_of),
        weeks: 5,
    };
    desk.forecast_page(request).await.unwrap()
}

#[test]
fn each_language_has_its_forecast_and_together_they_are_the_clients() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample_without_languages(&desk).await;
        assert!(page_in(&desk, shop, None).await.languages.is_empty());
        let told = bilingual(&desk.sample_report(Language::Uk, 100));
        desk.import_history(report(shop, &told, true))
            .await
            .unwrap();
        let tomorrow = today() + Days::new(1);
        // What people change of the whole is changed in each language.
        desk.override_forecast(NewOverride {
            shop,
            channel: WorkChannel::Inbound,
            date: tomorrow,
            from_minute: 0,
            until_minute: 1440,
            percent: 50.0,
            reason: "TV spot".to_owned(),
        })
        .await
        .unwrap();
        let whole = page_in(&desk, shop, None).await;
        let codes: Vec<_> = whole.languages.iter().map(|one| one.language).collect();
        assert_eq!(codes, [Some(code_of("uk")), Some(code_of("ru"))]);
        let parts = [
            page_in(&desk, shop, Some("uk")).await,
            page_in(&desk, shop, Some("ru")).await,
        ];
        assert_eq!(
            parts.iter().map(|part| part.history.calls).sum::<u32>(),
            whole.history.calls
        );
        for (at, day) in whole.days.iter().enumerate() {
            let of = |value: fn(&app::view::ForecastDay) -> f64| -> f64 {
                parts.iter().map(|part| value(&part.days[at])).sum()
            };
            assert!(near(of(|one| one.calls), day.calls), "{day:?}");
            assert!(near(of(|one| one.model_calls), day.model_calls));
            let work = of(|one| one.calls * one.aht_s.unwrap());
            assert!(near(work, day.calls * day.aht_s.unwrap()), "{day:?}");
            for part in &parts {
                let one = &part.days[at];
                assert!(one.low95 <= one.low80 && one.low80 <= one.calls);
                assert!(one.calls <= one.high80 && one.high80 <= one.high95);
                assert_eq!(one.overridden, one.date == tomorrow);
            }
        }
        let share = parts[1].days[0].calls / whole.days[0].calls;
        assert!((0.25..0.5).contains(&share), "about a third: {share}");
        for part in &parts {
            assert_eq!(
                part.explanation
                    .as_ref()
                    .map(|told| told.why == ForecastWhy::Share),
                Some(false),
                "a hundred days are enough"
            );
            assert_eq!(
                part.contributions.len(),
                2,
                "both are named, whichever is shown"
            );
            assert_eq!(part.imports.len(), whole.imports.len());
        }
        let calls: f64 = whole.contributions.iter().map(|row| row.calls).sum();
        assert!(near(calls, whole.days.iter().map(|day| day.calls).sum()));
        assert!(near(
            whole.contributions.iter().map(|row| row.share).sum(),
            1.0
        ));

        let day = async |language: Option<&str>| {
            let view = desk.forecast_day(
                Some(shop),
                WorkChannel::Inbound,
                language.map(code_of),
                tomorrow,
            );
            view.await.unwrap().intervals
        };
        let (all, uk, ru) = (
            day(None).await,
            day(Some("uk")).await,
            day(Some("ru")).await,
        );
        for ((all, uk), ru) in all.iter().zip(&uk).zip(&ru) {
            assert!(
                near(uk.calls + ru.calls, all.calls),
                "{uk:?} {ru:?} {all:?}"
            );
        }
        let unknown = ForecastRequest {
            shop: Some(shop),
            channel: WorkChannel::Inbound,
            language: Some(code_of("pl")),
            weeks: 2,
        };
        assert_eq!(
            code(desk.forecast_page(unknown).await),
            ErrorCode::LanguageUntold
        );
    });
}

#[test]
fn the_report_of_one_queue_is_of_the_language_it_is_said_to_be() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample_without_languages(&desk).await;
        let whole = page_in(&desk, shop, None).await.history.calls;
        let plain = desk.sample_report(Language::Uk, 30);
        for language in ["uk", "ru"] {
            let queue = ImportRequest {
                language: Some(code_of(language)),
                ..report(shop, &plain, true)
            };
            let kept = desk.import_history(queue).await.unwrap();
            let [told] = kept.languages.as_slice() else {
                panic!("{:?}", kept.languages)
            };
            assert_eq!(told.language, Some(code_of(language)));
        }
        let page = page_in(&desk, shop, None).await;
        let codes: Vec<_> = page.languages.iter().map(|one| one.language).collect();
        assert_eq!(
            codes.len(),
            3,
            "both queues and what was told before: {codes:?}"
        );
        assert!(
            page.history.calls > whole,
            "the second queue hides nothing of the first"
        );
        // A report that tells languages itself is believed.
        let told = ImportRequest {
            language: Some(code_of("pl")),
            ..report(shop, &bilingual(&plain), false)
        };
        let seen = desk.import_history(told).await.unwrap();
        assert!(
            seen.languages
                .iter()
                .all(|one| one.language != Some(code_of("pl")))
        );
    });
}

#[test]
fn a_language_with_little_of_its_own_is_a_share_of_the_whole() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample_without_languages(&desk).await;
        // Only the last three weeks tell languages.
        let told = bilingual(&desk.sample_report(Language::Uk, 21));
        desk.import_history(report(shop, &told, true))
            .await
            .unwrap();
        let whole = page_in(&desk, shop, None).await;
        assert_eq!(whole.languages.len(), 3, "the rest is not told");
        let (uk, ru) = (
            page_in(&desk, shop, Some("uk")).await,
            page_in(&desk, shop, Some("ru")).await,
        );
        assert_eq!(uk.history.days, 21, "what told none is not known of it");
        let how = uk.explanation.unwrap();
        assert_eq!(how.why, ForecastWhy::Share);
        assert!(how.score.wape.is_nan(), "there is nothing to judge");
        let errors = ru.heat.iter().find(|map| map.kind == HeatKind::Error);
        let off: Vec<f64> = errors
            .unwrap()
            .cells
            .iter()
            .filter_map(|cell| cell.value)
            .collect();
        assert!(
            off.len() > 50 && off.iter().all(|off| off.abs() < 2.0),
            "{off:?}"
        );
        for ((all, uk), ru) in whole.days.iter().zip(&uk.days).zip(&ru.days) {
            assert!(
                near(uk.calls + ru.calls, all.calls),
                "{uk:?} {ru:?} {all:?}"
            );
            let spread = |day: &app::view::ForecastDay| (day.high80 - day.low80) / day.calls;
            assert!(spread(ru) > spread(all), "a part is less sure");
        }
    });
}

#[test]
fn too_little_history_says_how_much_is_missing() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let import = page(&desk, Some(shop), 1).await.imports[0].id;
        desk.withdraw_import(shop, import).await.unwrap();
        let empty = page(&desk, Some(shop), 1).await;
        assert_eq!(empty.history.days_missing, 14);
        assert!(empty.days.is_empty() && empty.explanation.is_none());
        let week = desk.sample_report(Language::Uk, 7);
        desk.import_history(report(shop, &week, true))
            .await
            .unwrap();
        let short = page(&desk, Some(shop), 1).await;
        assert_eq!(short.history.days_missing, 7, "today is not over");
        assert!(short.days.is_empty());
        let view = desk.forecast_day(Some(shop), WorkChannel::Inbound, None, today());
        assert_eq!(code(view.await), ErrorCode::HistoryShort);
        let weeks = desk.sample_report(Language::Uk, 15);
        desk.import_history(report(shop, &weeks, true))
            .await
            .unwrap();
        let enough = page(&desk, Some(shop), 1).await;
        assert_eq!((enough.history.days_missing, enough.days.len()), (0, 7));
    });
}

#[test]
fn a_manual_change_multiplies_and_stays_apart_from_the_model() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let date = today() + Days::new(8);
        let change =
            |percent: f64, from_minute: u32, until_minute: u32, reason: &str| NewOverride {
                shop,
                channel: WorkChannel::Inbound,
                date,
                from_minute,
                until_minute,
                percent,
                reason: reason.to_owned(),
            };
        for (wrong, expected) in [
            (change(50.0, 0, 1440, "  "), ErrorCode::FieldMissing),
            (change(501.0, 0, 1440, "sale"), ErrorCode::FieldInvalid),
            (change(f64::NAN, 0, 1440, "sale"), ErrorCode::FieldInvalid),
            (change(50.0, 600, 600, "sale"), ErrorCode::FieldInvalid),
            (change(50.0, 600, 1441, "sale"), ErrorCode::FieldInvalid),
        ] {
            assert_eq!(code(desk.override_forecast(wrong).await), expected);
        }
        desk.override_forecast(change(50.0, 0, 1440, "TV spot"))
            .await
            .unwrap();
        let with = page(&desk, Some(shop), 2).await;
        let one = with.days.iter().find(|one| one.date == date).unwrap();
        assert!(one.overridden);
        assert!(near(one.calls, 1.5 * one.model_calls), "{one:?}");
        assert_eq!(
            (with.overrides.len(), with.overrides[0].reason.as_str()),
            (1, "TV spot")
        );
        // The later of two holds where they meet.
        desk.override_forecast(change(-100.0, 12 * 60, 14 * 60, "no lines at noon"))
            .await
            .unwrap();
        let view = desk
            .forecast_day(Some(shop), WorkChannel::Inbound, None, date)
            .await
            .unwrap();
        for interval in &view.intervals {
            let factor = if (720..840).contains(&interval.minute) {
                0.0
            } else {
                1.5
            };
            assert!(
                near(interval.calls, factor * interval.model_calls),
                "{interval:?}"
            );
        }
        for made in page(&desk, Some(shop), 2).await.overrides {
            desk.withdraw_override(shop, made.id).await.unwrap();
        }
        let without = page(&desk, Some(shop), 2).await;
        let one = without.days.iter().find(|one| one.date == date).unwrap();
        assert!(!one.overridden && near(one.calls, one.model_calls));
        assert!(without.overrides.is_empty());
    });
}

#[test]
fn a_published_forecast_is_held_against_what_came() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let request = ForecastRequest {
            language: None,
            shop: Some(shop),
            channel: WorkChannel::Inbound,
            weeks: 2,
        };
        desk.publish_forecast(request).await.unwrap();
        let [snapshot] = page(&desk, Some(shop), 2)
            .await
            .snapshots
            .try_into()
            .unwrap();
        assert_eq!((snapshot.days_over, snapshot.day_wape), (0, None));
        assert_eq!(snapshot.last_day, today() + Days::new(13));

        site.pass_seconds(5 * 86_400);
        let report_so_far = desk.sample_report(Language::Uk, 7);
        desk.import_history(report(shop, &report_so_far, true))
            .await
            .unwrap();
        let [snapshot] = page(&desk, Some(shop), 2)
            .await
            .snapshots
            .try_into()
            .unwrap();
        assert_eq!(snapshot.days_over, 5);
        let wape = snapshot.day_wape.unwrap();
        assert!(wape > 0.0 && wape < 0.5, "{wape}");
    });
}

#[test]
fn special_days_come_from_the_calendar_and_from_people() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let sale = |shop, date| NewSpecialDay {
            shop,
            date,
            kind: SpecialKind::Promotion,
            name: "Розпродаж".to_owned(),
            open: None,
        };
        let first = today() + Days::new(3);
        let second = today() + Days::new(4);
        desk.add_special_day(sale(Some(shop), first)).await.unwrap();
        desk.add_special_day(sale(None, second)).await.unwrap();
        let with = page(&desk, Some(shop), 4).await;
        let own: Vec<_> = with.special_days.iter().filter(|one| one.own).collect();
        assert_eq!(
            own.iter().map(|one| one.date).collect::<Vec<_>>(),
            [first, second]
        );
        assert!(
            with.special_days
                .iter()
                .any(|one| !one.own && one.date == day(2026, 3, 8)),
            "{:?}",
            with.special_days
        );
        assert_eq!(with.days[3].special, Some(SpecialKind::Promotion));
        desk.remove_special_day(Some(shop), first).await.unwrap();
        desk.remove_special_day(None, second).await.unwrap();
        let without = page(&desk, Some(shop), 4).await;
        assert!(without.special_days.iter().all(|one| !one.own));
        assert_eq!(
            code(desk.remove_special_day(Some(shop), first).await),
            ErrorCode::NotFound
        );
        let nameless = NewSpecialDay {
            name: " ".to_owned(),
            ..sale(None, first)
        };
        assert_eq!(
            code(desk.add_special_day(nameless).await),
            ErrorCode::FieldMissing
        );
    });
}

#[test]
fn a_special_day_can_end_early_or_be_closed() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let hours = |from_minute, until_minute| {
            Some(DayHours {
                from_minute,
                until_minute,
            })
        };
        let short = |ahead, open| NewSpecialDay {
            shop: None,
            date: today() + Days::new(ahead),
            kind: SpecialKind::Eve,
            name: "Коротка зміна".to_owned(),
            open,
        };
        for (from, until) in [(840, 840), (900, 840), (0, 1441), (60, 0)] {
            let refused = desk.add_special_day(short(3, hours(from, until))).await;
            assert_eq!(code(refused), ErrorCode::FieldInvalid, "{from} {until}");
        }
        let usual = page(&desk, Some(shop), 8).await;
        desk.add_special_day(short(3, hours(0, 14 * 60)))
            .await
            .unwrap();
        desk.add_special_day(short(4, hours(0, 0))).await.unwrap();
        let told = page(&desk, Some(shop), 8).await;
        let of = |ahead| {
            told.special_days
                .iter()
                .find(|one| one.date == today() + Days::new(ahead))
        };
        assert_eq!(of(3).unwrap().open, hours(0, 14 * 60));
        assert_eq!(of(4).unwrap().open, hours(0, 0));
        let sum = |page: &ForecastPage, day: usize| page.days[day].calls;
        let left = sum(&told, 3) / sum(&usual, 3);
        assert!((0.1..0.9).contains(&left), "{left}");
        assert!(told.days[4].closed && !told.days[3].closed);
    });
}

#[test]
fn a_day_that_stands_out_is_shown_and_left_out_when_told() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        // The sample's carrier failed on that day.
        let odd = today() - Days::new(24);
        let found = page(&desk, Some(shop), 1).await;
        let outlier = found.outliers.iter().find(|one| one.date == odd);
        let outlier = outlier.unwrap_or_else(|| panic!("{odd} in {:?}", found.outliers));
        assert!(outlier.calls > 1.4 * outlier.expected && outlier.verdict.is_none());
        let say = async |verdict| {
            let said = desk.set_outlier(shop, WorkChannel::Inbound, odd, verdict);
            said.await.unwrap();
            let page = page(&desk, Some(shop), 1).await;
            let verdict = page
                .outliers
                .iter()
                .find(|one| one.date == odd)
                .and_then(|one| one.verdict);
            let recent = page.history.recent.iter().find(|one| one.date == odd);
            (verdict, recent.unwrap().left_out, page.days)
        };
        let (verdict, left_out, days) = say(Some(OutlierVerdict::LeftOut)).await;
        assert_eq!((verdict, left_out), (Some(OutlierVerdict::LeftOut), true));
        let of_weekday = |days: &[app::view::ForecastDay]| -> f64 {
            let same = days.iter().find(|one| one.date.weekday() == odd.weekday());
            same.unwrap().calls
        };
        assert!(
            !near(of_weekday(&days), of_weekday(&found.days)),
            "what is left out no longer moves the forecast of its weekday"
        );
        let (verdict, left_out, _) = say(Some(OutlierVerdict::Kept)).await;
        assert_eq!((verdict, left_out), (Some(OutlierVerdict::Kept), false));
        let (verdict, _, days) = say(None).await;
        assert_eq!(verdict, None);
        assert!(near(of_weekday(&days), of_weekday(&found.days)));
    });
}

#[test]
fn all_clients_together_are_the_sum() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let one = page(&desk, Some(shop), 2).await;
        let all = page(&desk, None, 2).await;
        assert_eq!(all.days.len(), one.days.len());
        for (left, right) in one.days.iter().zip(&all.days) {
            assert_eq!(left.date, right.date);
            assert!(
                near(left.calls, right.calls) && near(left.high95, right.high95),
                "{left:?} {right:?}"
            );
        }
        assert_eq!(all.contributions.len(), 1);
        assert_eq!(all.history.calls, one.history.calls);
        let date = today() + Days::new(2);
        let left = desk
            .forecast_day(Some(shop), WorkChannel::Inbound, None, date)
            .await;
        let right = desk
            .forecast_day(None, WorkChannel::Inbound, None, date)
            .await;
        let people = |view: app::view::ForecastDayView| -> Vec<_> {
            view.intervals
                .iter()
                .map(|one| (one.minute, one.agents))
                .collect()
        };
        assert_eq!(people(left.unwrap()), people(right.unwrap()));
    });
}

#[test]
fn confirmations_to_call_are_forecast_from_the_desk_s_own_calls() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = desk
            .make_sample_of(Language::Uk, Some(9_000))
            .await
            .unwrap()
            .id;
        let request = ForecastRequest {
            language: None,
            shop: Some(shop),
            channel: WorkChannel::Outbound,
            weeks: 5,
        };
        let page = desk.forecast_page(request).await.unwrap();
        assert_eq!((page.slot_minutes, page.days.len()), (60, 35));
        assert!(page.imports.is_empty());
        assert!(page.days.iter().all(|one| one.calls > 0.0));
        assert!(page.history.calls > 8_000);
        assert!(page.days[0].actual.is_some(), "this morning's calls");
    });
}

fn ask(shop: ShopId, date: NaiveDate) -> StaffingRequest {
    StaffingRequest {
        language: None,
        shop,
        date,
        what_if: None,
        load_factor: 1.0,
    }
}

#[test]
fn a_day_is_staffed_as_promised_and_as_it_might_be() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let date = today() + Days::new(1);
        let view = desk.staffing(ask(shop, date)).await.unwrap();
        assert!(!view.is_own && view.what_if.is_none());
        assert_eq!(view.slot_minutes, 30);
        let now = &view.now;
        assert!(
            now.service_level.is_some_and(|level| level >= 0.8),
            "{now:?}"
        );
        assert!(now.paid_hours > now.line_hours / 0.75 - 1e-6, "{now:?}");
        assert!(
            now.occupancy
                .is_some_and(|share| share > 0.0 && share <= 1.0)
        );
        assert!(now.late_tasks < 1e-6, "{now:?}");
        let busy: Vec<_> = now.intervals.iter().filter(|one| one.calls > 0.0).collect();
        assert!(!busy.is_empty());
        for one in &busy {
            assert!(one.inbound_agents >= 1 && one.agents >= one.inbound_agents);
            assert!(
                one.service_level.is_some_and(|level| level >= 0.8),
                "{one:?}"
            );
            assert!(
                one.occupancy.is_some_and(|share| share <= 0.88 + 1e-9),
                "{one:?}"
            );
            let paid = f64::from(one.paid_agents) * 0.75;
            let agents = f64::from(one.agents);
            assert!(
                paid >= agents - 1e-6 && paid < agents + 0.75,
                "a quarter of paid time is lost: {one:?}"
            );
            assert_ne!(one.bound_by, StaffingBound::Idle);
        }
        assert!(
            now.intervals.iter().any(|one| one.outbound_agents > 0.0),
            "the sample's confirmations are called too"
        );

        let harder = StaffingRules {
            service_level: 0.95,
            threshold_s: 10,
            ..view.rules.clone()
        };
        let both = StaffingRequest {
            what_if: Some(harder),
            load_factor: 1.3,
            ..ask(shop, date)
        };
        let other = desk.staffing(both).await.unwrap();
        assert!(near(other.now.line_hours, now.line_hours), "what is stays");
        let what_if = other.what_if.unwrap();
        assert!(what_if.line_hours > now.line_hours && what_if.peak_agents > now.peak_agents);
    });
}

#[test]
fn rules_that_cannot_be_kept_are_refused_and_others_hold() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let date = today() + Days::new(1);
        let usual = desk.staffing(ask(shop, date)).await.unwrap().rules;
        let mut all_lost = usual.clone();
        for part in &mut all_lost.shrinkage {
            part.share = 0.2;
        }
        let open = |from_minute, until_minute| OpenHours {
            weekday: 1,
            from_minute,
            until_minute,
        };
        for wrong in [
            StaffingRules {
                service_level: 1.0,
                ..usual.clone()
            },
            StaffingRules {
                service_level: f64::NAN,
                ..usual.clone()
            },
            StaffingRules {
                patience_s: Some(0),
                ..usual.clone()
            },
            StaffingRules {
                max_occupancy: Some(0.0),
                ..usual.clone()
            },
            StaffingRules {
                max_abandonment: Some(0.0),
                ..usual.clone()
            },
            StaffingRules {
                outbound_deadline_h: 0,
                ..usual.clone()
            },
            StaffingRules {
                interval_minutes: Some(20),
                ..usual.clone()
            },
            StaffingRules {
                open: vec![open(600, 500)],
                ..usual.clone()
            },
            StaffingRules {
                open: vec![open(600, 720), open(700, 800)],
                ..usual.clone()
            },
            all_lost,
        ] {
            let refused = desk.set_staffing_rules(shop, wrong.clone()).await;
            assert_eq!(code(refused), ErrorCode::StaffingInvalid, "{wrong:?}");
        }
        assert!(!desk.staffing(ask(shop, date)).await.unwrap().is_own);
        let own = StaffingRules {
            open: vec![open(10 * 60, 14 * 60)],
            interval_minutes: Some(60),
            ..usual
        };
        desk.set_staffing_rules(shop, own.clone()).await.unwrap();
        let view = desk.staffing(ask(shop, date)).await.unwrap();
        assert!(view.is_own && view.rules == own);
        let page = page(&desk, Some(shop), 1).await;
        assert_eq!(page.slot_minutes, 60, "not by half hours as the history");
        let closed: Vec<_> = page.days.iter().map(|one| one.closed).collect();
        assert_eq!(
            closed,
            [true, false, true, true, true, true, true],
            "only Tuesday is open"
        );
        assert!(
            view.now
                .intervals
                .iter()
                .filter(|one| one.calls > 0.0)
                .all(|one| (600..840).contains(&one.minute))
        );
    });
}

#[test]
fn the_error_of_a_forecast_is_staffed_for() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let date = today() + Days::new(3);
        let careful = desk.staffing(ask(shop, date)).await.unwrap();
        assert!(careful.rules.allow_for_error);
        // The share of calls in time tells at any number of people, whole as they are.
        let trusting = StaffingRules {
            allow_for_error: false,
            ..careful.rules
        };
        let both = StaffingRequest {
            what_if: Some(trusting),
            ..ask(shop, date)
        };
        let trusted = desk.staffing(both).await.unwrap().what_if.unwrap();
        assert!(careful.now.line_hours >= trusted.line_hours);
        let levels = careful.now.intervals.iter().zip(&trusted.intervals);
        assert!(
            levels
                .filter(|(one, other)| one.inbound_agents == other.inbound_agents)
                .filter_map(|(one, other)| Some((one.service_level?, other.service_level?)))
                .all(|(careful, trusted)| careful < trusted),
            "busier days cost more than calmer ones bring"
        );
    });
}

#[test]
fn operators_do_not_plan() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let usual = desk.staffing(ask(shop, today())).await.unwrap().rules;
        desk.add_person(person("ihor", Role::Operator))
            .await
            .unwrap();
        desk.add_person(person("maria", Role::Supervisor))
            .await
            .unwrap();
        change_person(&desk, "ihor").await;
        let request = || ForecastRequest {
            language: None,
            shop: Some(shop),
            channel: WorkChannel::Inbound,
            weeks: 1,
        };
        let id = rules::id::FactId::from_uuid(shop.uuid());
        let no = ErrorCode::NotAllowed;
        assert_eq!(code(desk.forecast_page(request()).await), no);
        let day = desk.forecast_day(None, WorkChannel::Inbound, None, today());
        assert_eq!(code(day.await), no);
        let import = desk.import_history(report(shop, "timestamp,calls\n", true));
        assert_eq!(code(import.await), no);
        assert_eq!(code(desk.withdraw_import(shop, id).await), no);
        let outlier = desk.set_outlier(shop, WorkChannel::Inbound, today(), None);
        assert_eq!(code(outlier.await), no);
        let sale = NewSpecialDay {
            shop: None,
            date: today(),
            kind: SpecialKind::Other,
            name: "x".to_owned(),
            open: None,
        };
        assert_eq!(code(desk.add_special_day(sale).await), no);
        assert_eq!(code(desk.remove_special_day(None, today()).await), no);
        let change = NewOverride {
            shop,
            channel: WorkChannel::Inbound,
            date: today(),
            from_minute: 0,
            until_minute: 1440,
            percent: 10.0,
            reason: "x".to_owned(),
        };
        assert_eq!(code(desk.override_forecast(change).await), no);
        assert_eq!(code(desk.withdraw_override(shop, id).await), no);
        assert_eq!(code(desk.publish_forecast(request()).await), no);
        assert_eq!(code(desk.staffing(ask(shop, today())).await), no);
        assert_eq!(code(desk.set_staffing_rules(shop, usual).await), no);
        change_person(&desk, "maria").await;
        assert_eq!(desk.forecast_page(request()).await.unwrap().days.len(), 7);
    });
}
