//! Coupons and money back, through the outbox.

use crate::site::{
    Market, Site, change_person, code, operations_of, person, row_of, settled, task_for, until,
};
use app::view::ErrorCode;
use app::{Desk, NewCoupon, NewRefund, Off};
use chrono::TimeDelta;
use rules::role::Role;
use serde_json::json;
use testkit::woo::Fault;

fn coupon(order: u64, off: Off) -> NewCoupon {
    NewCoupon {
        order: order.to_string(),
        shop: String::new(),
        code: String::new(),
        off,
        expires_at: None,
    }
}

fn refund(order: u64, amount: &str) -> NewRefund {
    NewRefund {
        order: order.to_string(),
        shop: String::new(),
        amount: amount.to_owned(),
        returned: Vec::new(),
        reason: "Пошкоджено в дорозі".to_owned(),
    }
}

async fn connected(market: &Market, desk: &Desk, order: u64) -> rules::id::ShopId {
    let shop = market.connect(desk).await;
    task_for(desk, order).await;
    shop
}

#[test]
fn a_coupon_reaches_the_shop_once_even_when_the_answer_is_lost() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = connected(&market, &desk, order).await;
        desk.add_person(person("pavlo", Role::Supervisor))
            .await
            .unwrap();
        change_person(&desk, "pavlo").await;
        market
            .double
            .fail_next("POST", "/wc/v3/coupons", Fault::CutAfter);
        let asked = desk
            .grant_coupon(NewCoupon {
                code: "SORRY-10".to_owned(),
                ..coupon(order, Off::Percent("12.5".to_owned()))
            })
            .await
            .unwrap();
        assert_eq!(
            (asked.kind.as_str(), asked.state.as_str()),
            ("grant_coupon", "waiting")
        );
        site.pass_undo();
        until(&desk, "the coupon", async || {
            site.pass_seconds(61);
            desk.sync_now(shop).await.unwrap();
            let row = row_of(&desk, shop).await;
            (row.waiting + row.in_flight + row.in_doubt == 0).then_some(())
        })
        .await;
        assert_eq!(
            market.double.shelf().coupons_of("sorry-10"),
            1,
            "once, though its answer was lost"
        );
        let made = market.double.shelf().coupon_json("sorry-10");
        assert_eq!(made["amount"], json!("12.50"));
    });
}

#[test]
fn what_cannot_be_granted_is_refused_in_words() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        connected(&market, &desk, order).await;
        let wrong = [
            Off::Percent("0".to_owned()),
            Off::Percent("101".to_owned()),
            Off::Amount("-5".to_owned()),
            Off::Amount("many".to_owned()),
        ];
        for off in wrong {
            let answer = desk.grant_coupon(coupon(order, off.clone())).await;
            assert_eq!(code(answer), ErrorCode::FieldInvalid, "{off:?}");
        }
        let spaced = NewCoupon {
            code: "two words".to_owned(),
            ..coupon(order, Off::Percent("10".to_owned()))
        };
        assert_eq!(
            code(desk.grant_coupon(spaced).await),
            ErrorCode::FieldInvalid
        );
        let late = NewCoupon {
            expires_at: Some(site.clock.now() - TimeDelta::days(1)),
            ..coupon(order, Off::Percent("10".to_owned()))
        };
        assert_eq!(code(desk.grant_coupon(late).await), ErrorCode::FieldInvalid);
        let nowhere = coupon(9_999_999, Off::Percent("10".to_owned()));
        assert_eq!(code(desk.grant_coupon(nowhere).await), ErrorCode::NotFound);
    });
}

#[test]
fn money_goes_back_once_and_never_more_than_what_is_left() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = connected(&market, &desk, order).await;
        let total: f64 = market.order(order)["total"]
            .as_str()
            .and_then(|total| total.parse().ok())
            .unwrap();
        let left = format!("{:.2}", total - 3_000.0);
        let above = format!("{:.2}", total - 3_000.0 + 0.01);
        let first = desk.refund(refund(order, "3000")).await.unwrap();
        assert_eq!(first.kind, "refund");
        let over = desk.refund(refund(order, &above)).await.unwrap_err();
        assert_eq!(
            over.code,
            ErrorCode::RefundTooMuch,
            "what is on its way counts"
        );
        assert!(
            over.message.contains(left.trim_end_matches(".00")),
            "it says how much is left: {}",
            over.message
        );
        market.double.fail_next("POST", "/refunds", Fault::CutAfter);
        site.pass_undo();
        until(&desk, "the refund", async || {
            site.pass_seconds(61);
            desk.sync_now(shop).await.unwrap();
            let row = row_of(&desk, shop).await;
            (row.waiting + row.in_flight + row.in_doubt == 0).then_some(())
        })
        .await;
        assert_eq!(
            market.double.shelf().refunds_of(order),
            [300_000],
            "once, though its answer was lost"
        );
        desk.refund(refund(order, &left)).await.unwrap();
        site.pass_undo();
        settled(&desk, shop).await;
        assert!(operations_of(&desk, shop, order).await.is_empty());
        assert_eq!(
            code(desk.refund(refund(order, "0.01")).await),
            ErrorCode::RefundTooMuch,
            "nothing is left"
        );
    });
}

#[test]
fn pieces_come_back_into_stock_and_never_more_than_were_bought() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        connected(&market, &desk, order).await;
        let with = |pieces: u32| NewRefund {
            returned: vec![("Чайник «Іскра»".to_owned(), pieces)],
            ..refund(order, "100")
        };
        assert_eq!(
            code(desk.refund(with(3)).await),
            ErrorCode::FieldInvalid,
            "two were bought"
        );
        desk.refund(with(2)).await.unwrap();
        assert_eq!(
            code(desk.refund(with(1)).await),
            ErrorCode::FieldInvalid,
            "both are on their way back already"
        );
        // The shop uses no stock-keeping units: an empty one names no line.
        for name in ["no such thing", ""] {
            let nothing_such = NewRefund {
                returned: vec![(name.to_owned(), 1)],
                ..refund(order, "100")
            };
            assert_eq!(
                code(desk.refund(nothing_such).await),
                ErrorCode::FieldInvalid,
                "{name:?}"
            );
        }
        let without_reason = NewRefund {
            reason: " ".to_owned(),
            ..refund(order, "100")
        };
        assert_eq!(
            code(desk.refund(without_reason).await),
            ErrorCode::FieldMissing
        );
    });
}
