//! Coupons, refunds, the shop's words, its calls, and what is taken away because it stands twice.

use super::*;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use rules::money::{Currency, Money};
use rules::operation::{BaseLine, Discount, LineChange, ShopOperation, marker};
use rules::order::{OrderStage, Product};
use rules::role::Role;
use rules::status::{Status, StatusTable, Transition};
use serde_json::{Value, json};
use sha2::Sha256;
use shops::{Cursor, Effect, ShopError};
use testkit::woo::Fault;

fn coupon(order: u64, code: &str, discount: Discount) -> ShopOperation {
    ShopOperation::GrantCoupon {
        order: remote(order),
        code: code.to_owned(),
        discount,
        expires_at: Some("2026-12-31T22:00:00Z".parse().unwrap()),
    }
}

fn refund(order: u64, minor: i64, returned: Vec<BaseLine>) -> ShopOperation {
    ShopOperation::Refund {
        order: remote(order),
        amount: Money::new(minor, Currency::UAH),
        returned,
        reason: "Пошкоджено".to_owned(),
    }
}

/// The body of the only write to this route.
fn written(scene: &Scene, route: &str) -> Value {
    let log = scene.double.log();
    let bodies: Vec<_> = log
        .iter()
        .filter(|one| one.method == "POST" && one.route.ends_with(route))
        .map(|one| one.body.clone())
        .collect();
    assert_eq!(bodies.len(), 1, "one write to {route}");
    serde_json::from_str(&bodies[0]).unwrap()
}

#[tokio::test]
async fn a_coupon_is_in_small_letters_and_found_by_them() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let percent = Discount::Percent {
        basis_points: 1_250,
    };
    let operation = coupon(id, "SORRY-15", percent);
    let number = operation_id();
    let looked = scene.shop.find(number, &operation).await;
    assert!(matches!(looked, Ok(Effect::Absent)), "{looked:?}");
    scene.shop.apply(number, &operation).await.unwrap();
    let body = written(&scene, "/coupons");
    assert_eq!(body["code"], "sorry-15", "as the shop keeps it");
    assert_eq!(
        (&body["discount_type"], &body["amount"]),
        (&json!("percent"), &json!("12.50"))
    );
    assert_eq!(
        body["date_expires"], "2026-12-31T22:00:00Z",
        "a moment, not a day of the shop's zone"
    );
    assert_eq!(body["usage_limit"], 1, "for one customer once");
    let looked = scene.shop.find(number, &operation).await;
    assert!(matches!(looked, Ok(Effect::Applied(_))), "{looked:?}");
}

#[tokio::test]
async fn a_coupon_whose_code_is_taken_meanwhile_counts_as_granted() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let amount = Discount::Amount {
        amount: Money::new(15_000, Currency::UAH),
    };
    let operation = coupon(id, "sorry-16", amount);
    // The look finds nothing, the write finds it taken: our own first attempt has just landed.
    scene
        .double
        .fail_next("GET", "/wc/v3/coupons", Fault::Stale);
    scene.double.shelf().double_coupon("sorry-16");
    scene.shop.apply(operation_id(), &operation).await.unwrap();
    assert_eq!(written(&scene, "/coupons")["amount"], "150.000000");
    assert_eq!(scene.double.shelf().coupons_of("sorry-16"), 1);
    scene.double.shelf().double_coupon("sorry-16");
    scene.double.shelf().double_coupon("sorry-16-b");
    let swept = scene.shop.sweep(operation_id(), &operation).await;
    assert_eq!(swept, Ok(1), "the one too many goes");
    assert_eq!(
        scene.double.shelf().coupons_of("sorry-16-b"),
        1,
        "a code that only begins so stays"
    );
}

#[tokio::test]
async fn money_goes_back_by_hand_where_it_came_by_hand() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let number = operation_id();
    scene
        .shop
        .apply(number, &refund(id, 10_000, Vec::new()))
        .await
        .unwrap();
    let body = written(&scene, "/refunds");
    assert_eq!(
        (&body["api_refund"], &body["api_restock"]),
        (&json!(false), &json!(false)),
        "cash on delivery cannot give back, and nothing returns"
    );
    assert_eq!(body["amount"], "100.000000");
    assert!(
        body["reason"].as_str().unwrap().contains(&marker(number)),
        "the mark is in the reason: {body}"
    );
    assert_eq!(scene.double.shelf().refunds_of(id), [10_000]);
}

#[tokio::test]
async fn pieces_that_come_back_are_in_stock_again() {
    let scene = Scene::with(Setup {
        tax_percent: 20,
        ..Setup::default()
    })
    .await;
    let id = scene.take_order();
    let before = scene.double.shelf().stock_of(KETTLE);
    let order = scene.shop.order(&remote(id)).await.unwrap().unwrap();
    let back = vec![BaseLine {
        line: order.lines[0].remote.clone(),
        quantity: 1,
    }];
    let operation = refund(id, order.lines[0].unit_price.minor, back);
    let number = operation_id();
    scene.shop.apply(number, &operation).await.unwrap();
    scene.shop.apply(number, &operation).await.unwrap();
    let body = written(&scene, "/refunds");
    let line = &body["line_items"][0];
    assert_eq!(line["quantity"], 1);
    assert_eq!(
        line["refund_tax"][0]["id"], 1,
        "the tax goes back by its rate: {body}"
    );
    assert_eq!(
        scene.double.shelf().stock_of(KETTLE),
        before.map(|pieces| pieces + 1),
        "one piece, once"
    );
    let too_many = vec![BaseLine {
        line: order.lines[0].remote.clone(),
        quantity: 3,
    }];
    let outcome = scene
        .shop
        .apply(operation_id(), &refund(id, 100, too_many))
        .await;
    assert!(
        matches!(outcome, Err(ShopError::Refused(_))),
        "more pieces than were sold: {outcome:?}"
    );
}

#[tokio::test]
async fn a_refund_that_the_shop_cannot_make_is_refused_for_good() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let order = scene.shop.order(&remote(id)).await.unwrap().unwrap();
    let outcome = scene
        .shop
        .apply(
            operation_id(),
            &refund(id, order.total.minor + 1, Vec::new()),
        )
        .await;
    assert!(matches!(outcome, Err(ShopError::Refused(_))), "{outcome:?}");
    assert_eq!(scene.writes(), 0, "it is seen before it is asked");
    scene.double.fail_next(
        "POST",
        "/wc/v3/orders",
        Fault::Refuse(500, "woocommerce_rest_cannot_create_order_refund"),
    );
    let outcome = scene
        .shop
        .apply(operation_id(), &refund(id, 100, Vec::new()))
        .await;
    let error = outcome.unwrap_err();
    assert!(
        !error.leaves_doubt() && !error.is_passing(),
        "a fault of this name is an answer: {error:?}"
    );
}

#[tokio::test]
async fn discounts_by_hand_coupons_and_fees_survive_an_edit() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    scene.double.shelf().discount_line(id, 0, 200);
    scene.double.shelf().add_fee(id, "Знижка", -30);
    let before = scene.shop.order(&remote(id)).await.unwrap().unwrap();
    let operation = ShopOperation::EditLines {
        order: remote(id),
        base: rules::edit::base(&before),
        changes: vec![LineChange::SetQuantity {
            line: before.lines[0].remote.clone(),
            quantity: 4,
        }],
    };
    scene.shop.apply(operation_id(), &operation).await.unwrap();
    let after = scene.double.shelf().order_json(id);
    assert_eq!(
        after["line_items"][0]["total"], "4798.00",
        "each of four pieces is 100 off, as each of two was"
    );
    assert_eq!(after["line_items"][0]["subtotal"], "5198.00");
    assert_eq!(after["fee_lines"][0]["total"], "-30.00", "the fee stays");
    assert_eq!(after["total"], "5668.00", "4798 + 850 + 50 - 30");
    let put = scene
        .double
        .log()
        .into_iter()
        .rfind(|one| one.method == "PUT");
    assert!(
        !put.unwrap().body.contains("coupon_lines"),
        "the shop would reckon discounts by hand away"
    );
}

fn table(target: &str) -> StatusTable {
    let status = |word: &str, stage| Status {
        word: word.to_owned(),
        name: word.to_owned(),
        stage,
    };
    StatusTable {
        statuses: vec![
            status("processing", OrderStage::New),
            status("packing", OrderStage::Confirmed),
            status("parked", OrderStage::New),
            status("cancelled", OrderStage::Cancelled),
        ],
        transitions: vec![Transition {
            from: "processing".to_owned(),
            to: "packing".to_owned(),
            least: Role::Operator,
        }],
        confirmed: Some(target.to_owned()),
        cancelled: Some("cancelled".to_owned()),
    }
}

fn confirm(id: u64) -> ShopOperation {
    ShopOperation::Confirm {
        order: remote(id),
        by: "Олена".to_owned(),
        at: "2026-03-02T10:00:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    }
}

async fn scene_with_own_words() -> Scene {
    let mut scene = Scene::with(Setup {
        own_statuses: vec!["packing".to_owned(), "parked".to_owned()],
        ..Setup::default()
    })
    .await;
    let mut given = access(&scene.double, "full");
    given.statuses = Some(table("packing"));
    scene.shop = connect(&given).unwrap();
    scene
}

#[tokio::test]
async fn the_shops_own_words_are_told() {
    let scene = Scene::with(Setup {
        own_statuses: vec!["packing".to_owned()],
        ..Setup::default()
    })
    .await;
    let words = scene.shop.introduce().await.unwrap().statuses;
    assert_eq!(words.stage("packing"), OrderStage::Other, "a plugin's word");
    assert!(
        words.statuses.iter().any(|one| one.word == "packing"),
        "is told all the same: {words:?}"
    );
    assert!(words.knows("on-hold", "processing") && !words.knows("completed", "cancelled"));
}

#[tokio::test]
async fn the_admins_table_goes_before_the_connectors() {
    let scene = scene_with_own_words().await;
    let words = scene.shop.introduce().await.unwrap().statuses;
    assert_eq!(words, table("packing"), "it is told as it was given");
    let id = scene.take_order();
    scene
        .shop
        .apply(operation_id(), &confirm(id))
        .await
        .unwrap();
    assert_eq!(
        scene.double.shelf().order_json(id)["status"],
        "packing",
        "the word that means confirmed here"
    );
    let order = scene.shop.order(&remote(id)).await.unwrap().unwrap();
    assert_eq!(order.stage, OrderStage::Confirmed);
}

#[tokio::test]
async fn a_step_that_the_table_does_not_hold_is_refused() {
    let scene = scene_with_own_words().await;
    let id = scene.take_order();
    scene.double.shelf().set_status(id, "parked");
    let outcome = scene.shop.apply(operation_id(), &confirm(id)).await;
    assert!(
        matches!(&outcome, Err(ShopError::Refused(why)) if why.contains("parked")),
        "{outcome:?}"
    );
    scene.double.shelf().set_status(id, "cancelled");
    let outcome = scene.shop.apply(operation_id(), &confirm(id)).await;
    let Err(ShopError::Conflict(conflict)) = outcome else {
        panic!("called off meanwhile: {outcome:?}");
    };
    assert_eq!(conflict.clashes[0].theirs, "cancelled");
    assert!(conflict.theirs_at.is_some(), "and when");
    let outcome = scene
        .shop
        .apply(
            operation_id(),
            &ShopOperation::Cancel {
                order: remote(scene.take_order()),
                reason: "x".to_owned(),
            },
        )
        .await;
    assert!(
        matches!(outcome, Err(ShopError::Refused(_))),
        "no step calls off here: {outcome:?}"
    );
    assert_eq!(scene.writes(), 0, "nothing was written");
}

#[tokio::test]
async fn a_call_of_the_shop_is_believed_by_its_signature() {
    let scene = Scene::new().await;
    let body = br#"{"id":727,"status":"processing"}"#;
    let mut mac = Hmac::<Sha256>::new_from_slice(b"cs_full").unwrap();
    mac.update(body);
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    let headers = vec![
        header("X-WC-Webhook-Signature", &signature),
        header("X-WC-Webhook-Delivery-ID", "d41d8c"),
    ];
    let hook = scene.shop.hook(&headers, body).unwrap();
    assert_eq!((hook.delivery.as_str(), hook.is_change), ("d41d8c", true));
    let forged = scene.shop.hook(&headers, b"{\"id\":728}");
    assert_eq!(forged, Err(ShopError::WrongKey), "another body");
    let greeting = scene.shop.hook(&[], b"webhook_id=1").unwrap();
    assert!(!greeting.is_change, "a greeting claims nothing");
    assert_eq!(
        scene.shop.hook(&[], b"webhook_id=1&id=727"),
        Err(ShopError::WrongKey),
        "and nothing else goes unsigned"
    );
}

async fn products(scene: &Scene, cursor: &mut Cursor) -> (Vec<Product>, Vec<RemoteId>) {
    let (mut items, mut gone) = (Vec::new(), Vec::new());
    loop {
        let page = scene.shop.products(cursor).await.unwrap();
        *cursor = page.next;
        items.extend(page.items);
        gone.extend(page.gone);
        if page.done {
            return (items, gone);
        }
    }
}

#[tokio::test]
async fn prices_without_tax_are_told_as_the_customer_pays_them() {
    let scene = Scene::with(Setup {
        tax_percent: 20,
        net_prices: true,
        ..Setup::default()
    })
    .await;
    let (items, _) = products(&scene, &mut Cursor::default()).await;
    let iron = items.iter().find(|one| one.remote == remote(IRON)).unwrap();
    assert_eq!(iron.price.minor, 102_000, "850 and a fifth");
    let id = scene.take_order();
    let order = scene.shop.order(&remote(id)).await.unwrap().unwrap();
    assert_eq!(
        order.lines[1].unit_price.minor, iron.price.minor,
        "as on the order"
    );
}

#[tokio::test]
async fn a_variation_that_goes_or_sells_is_noticed_though_no_date_moves() {
    let scene = Scene::new().await;
    let family = [
        (50, None, "variable"),
        (51, Some(50), "variation"),
        (52, Some(50), "variation"),
    ];
    for (id, parent, kind) in family {
        scene.double.shelf().stock_product(SeedProduct {
            id,
            name: "Lamp",
            price: "10.00",
            stock: Some(7),
            parent,
            kind,
        });
    }
    let mut cursor = Cursor::default();
    products(&scene, &mut cursor).await;
    scene.double.shelf().pass(120);
    products(&scene, &mut cursor).await;
    scene.double.shelf().delete_product(51);
    let (items, gone) = products(&scene, &mut cursor).await;
    assert_eq!(gone, [remote(51)], "the deleted one is gone");
    assert_eq!(items.len(), 1, "the other is told with its family");
    scene.double.shelf().set_stock(52, 3);
    let (items, gone) = products(&scene, &mut cursor).await;
    assert_eq!(items[0].stock, Some(3), "its stock is read again");
    assert!(gone.is_empty());
    let (items, gone) = products(&scene, &mut cursor).await;
    assert!(
        items.is_empty() && gone.is_empty(),
        "what has not changed is not told again: {items:?}"
    );
    scene.double.shelf().delete_product(50);
    let (_, gone) = products(&scene, &mut cursor).await;
    assert_eq!(gone, [remote(52)], "with the product all its variations go");
}
