//! The supervisor's page: every number adds up and opens exactly its calls.

use crate::site::{Site, card, code};
use app::Desk;
use app::view::{CallPage, CallsRequest, DeskAction, ErrorCode, Language, LoadRequest, LoadView};
use chrono::{Datelike, NaiveDate, TimeDelta, TimeZone, Timelike, Utc};
use chrono_tz::Tz;
use rules::id::ShopId;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn all(shop: ShopId, load: (NaiveDate, NaiveDate)) -> CallsRequest {
    CallsRequest {
        shop,
        from: load.0,
        to: load.1,
        weekday: None,
        hour: None,
        outcome: None,
        reason: None,
        subreason: None,
        offset: 0,
        limit: 500,
    }
}

/// Every row of a list, page by page.
async fn listed(desk: &Desk, request: CallsRequest) -> CallPage {
    let mut whole = desk.calls(request.clone()).await.unwrap();
    while u32::try_from(whole.rows.len()).unwrap() < whole.total {
        let offset = u32::try_from(whole.rows.len()).unwrap();
        let page = desk
            .calls(CallsRequest {
                offset,
                ..request.clone()
            })
            .await
            .unwrap();
        assert!(
            !page.rows.is_empty(),
            "{} of {} rows, and no more came",
            whole.rows.len(),
            whole.total
        );
        whole.rows.extend(page.rows);
    }
    let rows: std::collections::HashSet<_> = whole.rows.iter().map(|row| row.call).collect();
    assert_eq!(rows.len(), whole.rows.len(), "no call is listed twice");
    assert!(
        whole
            .rows
            .windows(2)
            .all(|pair| pair[0].started_at >= pair[1].started_at),
        "newest first"
    );
    whole
}

fn sum_of_cells(load: &LoadView) -> u32 {
    load.cells.iter().map(|cell| cell.calls).sum()
}

#[test]
fn totals_agree_and_each_number_opens_as_many_rows_as_it_says() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = desk
            .make_sample_of(Language::Uk, Some(1_500))
            .await
            .unwrap()
            .id;
        let whole = desk
            .load(LoadRequest {
                shop,
                from: day(2020, 1, 1),
                to: day(2026, 12, 31),
            })
            .await
            .unwrap();
        let (first, last) = (whole.first_day.unwrap(), whole.last_day.unwrap());
        assert_eq!(whole.calls, 1_500, "every call of the sample");
        for (from, to) in [
            (first, last),
            (first + TimeDelta::days(1), last - TimeDelta::days(1)),
            (last, last),
        ] {
            let load = desk.load(LoadRequest { shop, from, to }).await.unwrap();
            let calls = listed(&desk, all(shop, (from, to))).await;
            assert_eq!(load.cells.len(), 7 * 24, "a cell for each hour of the week");
            assert_eq!(sum_of_cells(&load), load.calls, "cells, {from} to {to}");
            assert_eq!(
                load.outcomes.iter().map(|row| row.calls).sum::<u32>(),
                load.calls,
                "outcomes, {from} to {to}"
            );
            assert_eq!(
                load.reasons.iter().map(|row| row.calls).sum::<u32>(),
                load.calls,
                "reasons, {from} to {to}"
            );
            assert_eq!(calls.total, load.calls, "the list, {from} to {to}");
            let shares: f64 = load.outcomes.iter().map(|row| row.share).sum();
            assert!(
                load.calls == 0 || (shares - 1.0).abs() < 1e-9,
                "shares make a whole: {shares}"
            );
            let zone: Tz = load.zone.parse().unwrap();
            for row in &calls.rows {
                let local = row.started_at.with_timezone(&zone).date_naive();
                assert!(
                    from <= local && local <= to,
                    "{local} is within {from} to {to} in {zone}"
                );
            }
        }
        for cell in whole
            .cells
            .iter()
            .filter(|cell| cell.calls > 0 || cell.hour == 3)
        {
            let request = CallsRequest {
                weekday: Some(cell.weekday),
                hour: Some(cell.hour),
                ..all(shop, (first, last))
            };
            let page = listed(&desk, request).await;
            assert_eq!(
                (page.total, page.rows.len()),
                (cell.calls, cell.calls as usize),
                "{cell:?}"
            );
            let zone: Tz = whole.zone.parse().unwrap();
            for row in &page.rows {
                let local = row.started_at.with_timezone(&zone);
                assert_eq!(
                    (local.weekday().num_days_from_monday(), local.hour()),
                    (cell.weekday, cell.hour)
                );
            }
        }
        for outcome in &whole.outcomes {
            let request = CallsRequest {
                outcome: Some(outcome.code.clone()),
                ..all(shop, (first, last))
            };
            let page = listed(&desk, request).await;
            assert_eq!(
                (page.total, page.rows.len()),
                (outcome.calls, outcome.calls as usize),
                "{outcome:?}"
            );
            assert!(
                page.rows.iter().all(|row| row.outcome == outcome.code),
                "{outcome:?}"
            );
        }
        assert!(
            whole.reasons.iter().any(|row| row.code.is_empty()),
            "calls that reached nobody have no reason"
        );
        for reason in &whole.reasons {
            let (main, sub) = reason.code.split_once('/').unwrap_or((&reason.code, ""));
            let request = CallsRequest {
                reason: Some(main.to_owned()),
                subreason: Some(sub.to_owned()),
                ..all(shop, (first, last))
            };
            let page = listed(&desk, request).await;
            assert_eq!(
                (page.total, page.rows.len()),
                (reason.calls, reason.calls as usize),
                "{reason:?}"
            );
        }
        let confirmed: u32 = whole
            .outcomes
            .iter()
            .filter(|row| row.code.starts_with("confirmed"))
            .map(|row| row.calls)
            .sum();
        assert_eq!(whole.confirmed, confirmed);
        assert!(whole.answered <= whole.calls && whole.aht_s.unwrap() > 10.0);
        let backwards = LoadRequest {
            shop,
            from: last,
            to: first - TimeDelta::days(1),
        };
        assert_eq!(code(desk.load(backwards).await), ErrorCode::FieldInvalid);
        let odd = CallsRequest {
            hour: Some(4_000),
            ..all(shop, (first, last))
        };
        assert_eq!(code(desk.calls(odd).await), ErrorCode::FieldInvalid);
    });
}

#[test]
fn a_day_is_a_day_of_the_shop() {
    let site = Site::quiet();
    // Friday 22:30 in Kyiv and 15:30 in New York; an hour and a half later it is Saturday in Kyiv.
    site.clock
        .set(Utc.with_ymd_and_hms(2026, 3, 6, 20, 30, 0).unwrap());
    site.sit_as_admin(async |desk| {
        let shop = desk.make_sample_of(Language::En, Some(1)).await.unwrap();
        assert_eq!(shop.zone, "America/New_York");
        let shop = shop.id;
        site.clock.pass(TimeDelta::minutes(90));
        let view = site.talk(&desk).await;
        let order = card(&view).order.number.clone();
        site.confirm(&desk, "").await;
        let friday = (day(2026, 3, 6), day(2026, 3, 6));
        let load = desk
            .load(LoadRequest {
                shop,
                from: friday.0,
                to: friday.1,
            })
            .await
            .unwrap();
        assert_eq!(load.zone, "America/New_York");
        let rows = listed(&desk, all(shop, friday)).await.rows;
        assert!(
            rows.iter().any(|row| row.order_number == order),
            "Friday, though the desk's day is Saturday"
        );
        let cell = load
            .cells
            .iter()
            .find(|cell| cell.weekday == 4 && cell.hour == 17)
            .unwrap();
        assert!(
            cell.calls >= 1,
            "five in the afternoon where the customers are"
        );
        let saturday = (day(2026, 3, 7), day(2026, 3, 7));
        assert_eq!(listed(&desk, all(shop, saturday)).await.total, 0);
        let row = rows.iter().find(|row| row.order_number == order).unwrap();
        let detail = desk.call_detail(shop, row.call).await.unwrap();
        assert_eq!(
            detail.ticked.len(),
            3,
            "what was ticked: {:?}",
            detail.ticked
        );
        assert_eq!(detail.trail.len(), 2);
        assert_eq!(detail.operations.len(), 2);
        assert_eq!(
            (row.talk_s, row.handle_s),
            (40, 45),
            "talk, and talk with wrap-up"
        );
    });
}

#[test]
fn a_call_not_saved_yet_is_in_no_count() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = desk
            .make_sample_of(Language::Uk, Some(30))
            .await
            .unwrap()
            .id;
        let range = (day(2020, 1, 1), day(2026, 12, 31));
        site.talk(&desk).await;
        site.agree(&desk).await;
        desk.act(DeskAction::HangUp).await.unwrap();
        let load = desk
            .load(LoadRequest {
                shop,
                from: range.0,
                to: range.1,
            })
            .await
            .unwrap();
        let list = listed(&desk, all(shop, range)).await;
        assert_eq!(
            (load.calls, list.total),
            (30, 30),
            "the number and the rows it opens agree while a call is open"
        );
    });
}
