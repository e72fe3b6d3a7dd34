//! Writing to orders: right totals, once, and never over someone else's change.

use crate::{FAN, IRON, KETTLE, Scene, access, operation_id, remote};
use chrono::DateTime;
use rules::id::OperationId;
use rules::money::Money;
use rules::operation::{BaseLine, LineChange, ShopOperation, marker};
use rules::order::{Order, OrderStage};
use serde_json::{Value, json};
use shops::{Effect, ShopError, connect};
use std::time::Duration;
use testkit::woo::{Fault, SeedProduct, Setup, Storage};

fn base(order: &Order) -> Vec<BaseLine> {
    let line = |line: &rules::order::OrderLine| BaseLine {
        line: line.remote.clone(),
        quantity: line.quantity,
    };
    order.lines.iter().map(line).collect()
}

pub(super) fn edit(order: &Order, changes: Vec<LineChange>) -> ShopOperation {
    ShopOperation::EditLines {
        order: order.remote.clone(),
        base: base(order),
        changes,
    }
}

pub(super) fn set(order: &Order, index: usize, quantity: u32) -> LineChange {
    LineChange::SetQuantity {
        line: order.lines[index].remote.clone(),
        quantity,
    }
}

pub(super) fn add(product: u64, quantity: u32) -> LineChange {
    LineChange::Add {
        product: remote(product),
        quantity,
    }
}

fn confirm(order: u64) -> ShopOperation {
    ShopOperation::Confirm {
        order: remote(order),
        by: "Марія".to_owned(),
        at: DateTime::from_timestamp(1_772_000_100, 0).unwrap(),
        result: "confirmed".to_owned(),
    }
}

fn note(order: u64) -> ShopOperation {
    ShopOperation::AddNote {
        order: remote(order),
        text: "Доставити після 18:00 <b>&</b>".to_owned(),
    }
}

impl Scene {
    pub(super) async fn seen(&self, id: u64) -> Order {
        self.shop.order(&remote(id)).await.unwrap().unwrap()
    }

    pub(super) async fn apply(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<Option<Order>, ShopError> {
        match self.shop.apply(id, operation).await? {
            Effect::Applied(order) => Ok(order.map(|order| *order)),
            Effect::Absent => panic!("apply never leaves it undone without an error"),
        }
    }

    pub(super) async fn is_there(&self, id: OperationId, operation: &ShopOperation) -> bool {
        matches!(
            self.shop.find(id, operation).await.unwrap(),
            Effect::Applied(_)
        )
    }
}

fn total(money: Money) -> i64 {
    money.minor
}

#[tokio::test]
async fn a_changed_quantity_changes_the_totals_with_it() {
    for tax_percent in [0, 20, 23] {
        let scene = Scene::with(Setup {
            tax_percent,
            ..Setup::default()
        })
        .await;
        let id = scene.take_order();
        let seen = scene.seen(id).await;
        let after = scene
            .apply(operation_id(), &edit(&seen, vec![set(&seen, 0, 5)]))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(after.lines[0].quantity, 5);
        let off = (total(after.lines[0].total) - 5 * 129_950).abs();
        assert!(
            off <= 1,
            "five kettles at their price, {tax_percent}% tax: {:?}",
            after.lines[0].total
        );
        assert_eq!(
            total(after.lines[1].total),
            total(seen.lines[1].total),
            "the other line is untouched"
        );
        assert_eq!(
            scene.double.shelf().stock_of(KETTLE),
            Some(95),
            "the stock follows, once"
        );
    }
}

#[tokio::test]
async fn a_discount_given_by_hand_is_kept_by_the_piece() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    scene.double.shelf().discount_line(id, 0, 100);
    let seen = scene.seen(id).await;
    let after = scene
        .apply(operation_id(), &edit(&seen, vec![set(&seen, 0, 4)]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        total(after.lines[0].total),
        4 * (129_950 - 5_000),
        "fifty off each piece, as it was"
    );
}

#[tokio::test]
async fn lines_are_added_removed_and_changed_in_one_write() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let operation = edit(&seen, vec![set(&seen, 0, 1), set(&seen, 1, 0), add(FAN, 3)]);
    let after = scene
        .apply(operation_id(), &operation)
        .await
        .unwrap()
        .unwrap();
    let lines: Vec<_> = after
        .lines
        .iter()
        .map(|line| {
            (
                line.product.clone().unwrap(),
                line.quantity,
                total(line.total),
            )
        })
        .collect();
    assert_eq!(
        lines,
        [(remote(KETTLE), 1, 129_950), (remote(FAN), 3, 29_997)]
    );
    assert_eq!(
        total(after.total),
        129_950 + 29_997 + 5_000,
        "and the delivery"
    );
    assert_eq!(scene.writes(), 1, "half an edit is never seen at the shop");
}

#[tokio::test]
async fn a_variation_is_added_as_a_variation() {
    let scene = Scene::new().await;
    let toaster = |id, parent, kind, price| SeedProduct {
        id,
        name: "red",
        price,
        stock: None,
        parent,
        kind,
    };
    scene
        .double
        .shelf()
        .stock_product(toaster(30, None, "variable", ""));
    scene
        .double
        .shelf()
        .stock_product(toaster(31, Some(30), "variation", "700"));
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let after = scene
        .apply(operation_id(), &edit(&seen, vec![add(31, 2)]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(after.lines[2].product, Some(remote(31)));
    let shelf = scene.double.shelf().order_json(id);
    assert_eq!(
        (
            &shelf["line_items"][2]["product_id"],
            &shelf["line_items"][2]["variation_id"]
        ),
        (&json!(30), &json!(31))
    );
}

#[tokio::test]
async fn what_cannot_be_sold_is_refused_before_anything_is_written() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    scene.double.shelf().stock_product(SeedProduct {
        id: 30,
        name: "Shelf",
        price: "",
        stock: None,
        parent: None,
        kind: "variable",
    });
    let seen = scene.seen(id).await;
    for (product, quantity, why) in [
        (999, 1, "unknown: the shop would make an empty line of it"),
        (30, 1, "no price"),
        (IRON, 50, "four are left"),
    ] {
        let outcome = scene
            .apply(operation_id(), &edit(&seen, vec![add(product, quantity)]))
            .await;
        assert!(
            matches!(outcome, Err(ShopError::Refused(_))),
            "{why}: {outcome:?}"
        );
    }
    assert_eq!(scene.writes(), 0);
}

#[tokio::test]
async fn a_product_that_vanishes_before_the_write_leaves_no_empty_line() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let product = scene_product_json();
    scene.double.fail_next(
        "GET",
        "/wc/v3/products/777",
        Fault::Raw("Content-Type: application/json\r\n".to_owned(), product),
    );
    let outcome = scene
        .apply(operation_id(), &edit(&seen, vec![add(777, 1)]))
        .await;
    assert!(matches!(outcome, Err(ShopError::Refused(_))), "{outcome:?}");
    let shelf = scene.double.shelf().order_json(id);
    assert_eq!(
        shelf["line_items"].as_array().unwrap().len(),
        2,
        "the empty line was taken back: {shelf}"
    );
}

fn scene_product_json() -> Vec<u8> {
    br#"{"id":777,"parent_id":0,"name":"Lamp","type":"simple","status":"publish","price":"10","purchasable":true,
        "manage_stock":false,"stock_status":"instock","date_modified_gmt":"2026-01-01T00:00:00"}"#
        .to_vec()
}

#[tokio::test]
async fn an_edit_someone_else_has_overtaken_is_a_conflict_and_writes_nothing() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    scene.double.shelf().set_pieces(id, 0, 7);
    let outcome = scene
        .apply(
            operation_id(),
            &edit(&seen, vec![set(&seen, 0, 3), add(FAN, 1)]),
        )
        .await;
    assert!(
        matches!(&outcome, Err(ShopError::Conflict(what)) if what.clashes[0].theirs == "7"),
        "{outcome:?}"
    );
    assert_eq!(scene.writes(), 0);
    let fine = scene
        .apply(operation_id(), &edit(&seen, vec![set(&seen, 1, 2)]))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (fine.lines[0].quantity, fine.lines[1].quantity),
        (7, 2),
        "another line is nobody's conflict"
    );
}

#[tokio::test]
async fn a_closed_order_is_not_edited() {
    let scene = Scene::new().await;
    for status in ["completed", "cancelled", "refunded"] {
        let id = scene.take(status, "cod");
        let seen = scene.seen(id).await;
        let outcome = scene
            .apply(operation_id(), &edit(&seen, vec![set(&seen, 0, 3)]))
            .await;
        assert!(
            matches!(&outcome, Err(ShopError::Refused(why)) if why.contains(status)),
            "{outcome:?}"
        );
    }
}

#[tokio::test]
async fn a_confirmation_is_kept_in_fields_and_in_the_status_where_no_money_is_awaited() {
    for storage in [Storage::HighPerformance, Storage::Posts] {
        let scene = Scene::with(Setup {
            storage,
            ..Setup::default()
        })
        .await;
        for (status, method, then) in [
            ("on-hold", "cod", "processing"),
            ("pending", "", "processing"),
            ("processing", "cod", "processing"),
            ("on-hold", "bacs", "on-hold"),
            ("pending", "liqpay", "pending"),
            ("waiting-for-call", "cod", "waiting-for-call"),
        ] {
            let id = scene.take(status, method);
            scene.double.clear_log();
            let after = scene
                .apply(operation_id(), &confirm(id))
                .await
                .unwrap()
                .unwrap();
            assert_eq!(
                after.status, then,
                "{status} by {method}: unpaid must not look paid"
            );
            if status != "waiting-for-call" {
                assert_eq!(
                    after.stage,
                    OrderStage::Confirmed,
                    "{status}: by the field, whatever the status"
                );
            }
            let shelf = scene.double.shelf();
            assert_eq!(
                shelf.meta_of(id, "_dzvinok_confirmed_by"),
                Some(json!("Марія"))
            );
            assert_eq!(
                shelf.meta_of(id, "_dzvinok_confirmed_at"),
                Some(json!("2026-02-25T06:15:00Z"))
            );
            assert_eq!(
                shelf.meta_of(id, "_dzvinok_confirmed_result"),
                Some(json!("confirmed"))
            );
            drop(shelf);
            assert_eq!(scene.writes(), 1, "status and fields in one write");
        }
    }
}

#[tokio::test]
async fn a_confirmation_of_what_was_called_off_is_a_conflict() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    scene.double.shelf().set_status(id, "cancelled");
    let outcome = scene.apply(operation_id(), &confirm(id)).await;
    assert!(
        matches!(outcome, Err(ShopError::Conflict(_))),
        "{outcome:?}"
    );
    assert_eq!(scene.writes(), 0);
}

#[tokio::test]
async fn calling_off_sets_the_status_the_reason_and_returns_the_stock() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let cancel = ShopOperation::Cancel {
        order: remote(id),
        reason: "too_expensive".to_owned(),
    };
    let operation = operation_id();
    let after = scene.apply(operation, &cancel).await.unwrap().unwrap();
    assert_eq!(
        (after.status.as_str(), after.stage),
        ("cancelled", OrderStage::Cancelled)
    );
    assert_eq!(
        scene.double.shelf().meta_of(id, "_dzvinok_cancel_reason"),
        Some(json!("too_expensive"))
    );
    scene.apply(operation, &cancel).await.unwrap();
    assert_eq!(
        scene.double.shelf().stock_of(KETTLE),
        Some(100),
        "back on the shelf, once"
    );
    let shipped = scene.take("completed", "cod");
    let cancel = ShopOperation::Cancel {
        order: remote(shipped),
        reason: "late".to_owned(),
    };
    let outcome = scene.apply(operation_id(), &cancel).await;
    assert!(
        matches!(outcome, Err(ShopError::Refused(_))),
        "handed over already: {outcome:?}"
    );
}

#[tokio::test]
async fn a_note_is_written_once_however_often_it_is_asked_for() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let operation = operation_id();
    assert!(!scene.is_there(operation, &note(id)).await);
    for _ in 0..3 {
        scene.apply(operation, &note(id)).await.unwrap();
    }
    assert!(scene.is_there(operation, &note(id)).await);
    let notes = scene.double.shelf().notes_of(id);
    assert_eq!(notes.len(), 1);
    assert!(
        notes[0].starts_with("Доставити після 18:00 <b>&</b>")
            && notes[0].contains(&marker(operation))
    );
    scene.apply(operation_id(), &note(id)).await.unwrap();
    assert_eq!(
        scene.double.shelf().notes_of(id).len(),
        2,
        "the same words of another call are another note"
    );
}

#[tokio::test]
async fn an_order_that_is_gone_is_called_gone() {
    let scene = Scene::new().await;
    let (trashed, deleted) = (scene.take_order(), scene.take_order());
    scene.double.shelf().trash_order(trashed);
    scene.double.shelf().delete_order(deleted);
    for id in [trashed, deleted] {
        let outcome = scene.apply(operation_id(), &confirm(id)).await;
        assert_eq!(outcome, Err(ShopError::Gone));
        let found = scene.shop.find(operation_id(), &confirm(id)).await;
        assert!(matches!(found, Err(ShopError::Gone)), "{found:?}");
    }
    assert_eq!(
        scene.apply(operation_id(), &note(deleted)).await,
        Err(ShopError::Gone)
    );
}

#[tokio::test]
async fn a_key_that_lost_its_right_to_write_says_so() {
    for tls in [false, true] {
        let scene = Scene::with(Setup {
            tls,
            ..Setup::default()
        })
        .await;
        let id = scene.take_order();
        let reader = connect(&access(&scene.double, "reader")).unwrap();
        for operation in [confirm(id), note(id)] {
            let outcome = reader.apply(operation_id(), &operation).await.map(drop);
            assert_eq!(outcome, Err(ShopError::NoWriteRight), "TLS {tls}");
        }
    }
}

/// Every operation under every fault: what the shop has in the end, after a look and a second try.
#[tokio::test]
async fn each_effect_happens_once_under_cut_connections_and_false_faults() {
    let faults = [
        Fault::CutBefore,
        Fault::CutAfter,
        Fault::FailAfter,
        Fault::Page(502),
        Fault::TooMany(1),
    ];
    for storage in [Storage::HighPerformance, Storage::Posts] {
        for fault in &faults {
            for kind in ["edit", "confirm", "cancel", "note"] {
                let scene = Scene::with(Setup {
                    storage,
                    ..Setup::default()
                })
                .await;
                let id = scene.take_order();
                let seen = scene.seen(id).await;
                let (method, operation) = match kind {
                    "edit" => (
                        "PUT",
                        edit(&seen, vec![set(&seen, 0, 3), set(&seen, 1, 0), add(FAN, 2)]),
                    ),
                    "confirm" => ("PUT", confirm(id)),
                    "cancel" => (
                        "PUT",
                        ShopOperation::Cancel {
                            order: remote(id),
                            reason: "late".to_owned(),
                        },
                    ),
                    _ => ("POST", note(id)),
                };
                let context = format!("{kind} under {fault:?} on {storage:?}");
                let mark = operation_id();
                scene
                    .double
                    .fail_next(method, "/wc/v3/orders/", fault.clone());
                let error = scene.apply(mark, &operation).await.unwrap_err();
                assert!(
                    error.is_passing(),
                    "{context}: worth another try, {error:?}"
                );
                let happened = matches!(fault, Fault::CutAfter | Fault::FailAfter);
                assert!(
                    !happened || error.leaves_doubt(),
                    "{context}: it happened, so there must be doubt"
                );
                assert_eq!(
                    scene.is_there(mark, &operation).await,
                    happened,
                    "{context}: the look tells"
                );
                scene.apply(mark, &operation).await.unwrap();
                scene.apply(mark, &operation).await.unwrap();
                assert!(scene.double.has_failed_as_planned());
                assert_state(&scene, id, kind, &context);
            }
        }
    }
}

fn assert_state(scene: &Scene, id: u64, kind: &str, context: &str) {
    let shelf = scene.double.shelf();
    let order = shelf.order_json(id);
    match kind {
        "edit" => {
            let lines: Vec<_> = order["line_items"].as_array().unwrap().iter().collect();
            let told: Vec<_> = lines
                .iter()
                .map(|line| (&line["product_id"], &line["quantity"], &line["total"]))
                .collect();
            assert_eq!(
                told,
                [
                    (&json!(KETTLE), &json!(3), &json!("3898.50")),
                    (&json!(FAN), &json!(2), &json!("199.98"))
                ],
                "{context}"
            );
            assert_eq!(order["total"], json!("4148.48"), "{context}");
            assert_eq!(
                (shelf.stock_of(KETTLE), shelf.stock_of(IRON)),
                (Some(97), Some(5)),
                "{context}: stock, once"
            );
        }
        "confirm" => assert_eq!(
            shelf.meta_of(id, "_dzvinok_confirmed_by"),
            Some(json!("Марія")),
            "{context}"
        ),
        "cancel" => {
            assert_eq!(order["status"], json!("cancelled"), "{context}");
            assert_eq!(
                shelf.stock_of(KETTLE),
                Some(100),
                "{context}: returned once"
            );
        }
        _ => assert_eq!(shelf.notes_of(id).len(), 1, "{context}"),
    }
    let keys: Vec<_> = order["meta_data"]
        .as_array()
        .unwrap()
        .iter()
        .map(|meta| meta["key"].clone())
        .collect();
    let distinct: std::collections::BTreeSet<_> = keys.iter().filter_map(Value::as_str).collect();
    assert_eq!(keys.len(), distinct.len(), "{context}: no field twice");
}

#[tokio::test]
async fn an_edit_is_found_again_even_after_someone_changed_the_line_since() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let operation = edit(&seen, vec![set(&seen, 0, 3)]);
    let mark = operation_id();
    scene
        .double
        .fail_next("PUT", "/wc/v3/orders/", Fault::CutAfter);
    scene.apply(mark, &operation).await.unwrap_err();
    scene.double.shelf().set_pieces(id, 0, 9);
    assert!(
        scene.is_there(mark, &operation).await,
        "the mark at the order tells, not the number"
    );
    scene.apply(mark, &operation).await.unwrap();
    assert_eq!(
        scene.seen(id).await.lines[0].quantity,
        9,
        "the later change stands"
    );
}

#[tokio::test]
async fn an_order_the_shop_took_up_again_is_not_called_off_a_second_time() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let cancel = ShopOperation::Cancel {
        order: remote(id),
        reason: "late".to_owned(),
    };
    let mark = operation_id();
    scene
        .double
        .fail_next("PUT", "/wc/v3/orders/", Fault::CutAfter);
    scene.apply(mark, &cancel).await.unwrap_err();
    scene.double.shelf().set_status(id, "processing");
    assert!(
        scene.is_there(mark, &cancel).await,
        "it has happened, whatever came after"
    );
    let after = scene.apply(mark, &cancel).await.unwrap().unwrap();
    assert_eq!(after.status, "processing", "the later decision stands");
}

#[tokio::test]
async fn a_write_without_an_answer_in_time_is_in_doubt_and_found_by_looking() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let mark = operation_id();
    scene.double.fail_next(
        "POST",
        "/wc/v3/orders/",
        Fault::Delay(Duration::from_hours(1)),
    );
    let operation = note(id);
    let arrives = async {
        while !scene
            .double
            .log()
            .iter()
            .any(|request| request.method == "POST")
        {
            tokio::task::yield_now().await;
        }
        // From here on nothing is under way but the waiting, which the paused clock leaps over.
        tokio::time::pause();
    };
    let (outcome, ()) = tokio::join!(scene.apply(mark, &operation), arrives);
    tokio::time::resume();
    assert_eq!(outcome, Err(ShopError::TimedOut));
    assert!(ShopError::TimedOut.leaves_doubt());
    assert!(
        scene.is_there(mark, &operation).await,
        "it had arrived all the same"
    );
    scene.apply(mark, &operation).await.unwrap();
    assert_eq!(scene.double.shelf().notes_of(id).len(), 1);
}

#[tokio::test]
async fn a_look_only_reads() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let cancel = ShopOperation::Cancel {
        order: remote(id),
        reason: "late".to_owned(),
    };
    for operation in [
        edit(&seen, vec![add(FAN, 1)]),
        confirm(id),
        cancel,
        note(id),
    ] {
        assert!(!scene.is_there(operation_id(), &operation).await);
    }
    assert_eq!(scene.writes(), 0);
}

#[tokio::test]
async fn a_half_done_edit_with_a_wrong_sum_is_made_whole() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let operation = edit(&seen, vec![set(&seen, 0, 3)]);
    // The line was saved, the sum was not: the shop died in between.
    scene.double.shelf().set_pieces(id, 0, 3);
    scene.double.shelf().spoil_total(id);
    let mark = operation_id();
    assert!(
        !scene.is_there(mark, &operation).await,
        "a wrong sum is not done"
    );
    let after = scene.apply(mark, &operation).await.unwrap().unwrap();
    assert_eq!(
        (after.lines[0].quantity, total(after.total)),
        (3, 3 * 129_950 + 85_000 + 5_000)
    );
}
