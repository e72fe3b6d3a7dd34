//! Lines that stand twice, edits that the shop broke off in the middle, and edits of the staff in
//! between: nobody's later edit is lost, and every sum comes out right.

use crate::push::{add, edit, set};
use crate::{FAN, IRON, KETTLE, Scene, operation_id, remote};
use rules::id::OperationId;
use rules::operation::{ShopOperation, marker};
use rules::order::Order;
use serde_json::{Value, json};
use shops::ShopError;
use std::time::Duration;
use testkit::double::{Asked, Handler};
use testkit::woo::{Fault, SeedProduct, Shelf};

const DELIVERY: i64 = 5_000;

/// Writes to an order past the connector, as a proxy's late copy or the staff do.
fn put(shelf: &mut Shelf, id: u64, body: String) {
    let path = format!("/wp-json/wc/v3/orders/{id}");
    let key = [("consumer_key", "ck_full"), ("consumer_secret", "cs_full")];
    let told = shelf.answer(&Asked {
        method: "PUT".to_owned(),
        target: path.clone(),
        path,
        query: key.map(|(name, value)| (name.into(), value.into())).into(),
        headers: Vec::new(),
        body: body.into_bytes(),
        is_tls: true,
    });
    let answer = String::from_utf8_lossy(&told.body);
    assert_eq!(told.status, 200, "the shop takes it: {answer}");
}

/// The lines are saved, and there the shop dies: neither the sum nor our field of the order is.
fn break_off(scene: &Scene, id: u64, lines: &Value) {
    let mut shelf = scene.double.shelf();
    put(&mut shelf, id, json!({ "line_items": lines }).to_string());
    shelf.spoil_total(id);
}

/// Bodies of the writes to orders so far.
fn bodies(scene: &Scene) -> Vec<Value> {
    let log = scene.double.log();
    let writes = log.iter().filter(|one| one.method == "PUT");
    writes
        .map(|one| serde_json::from_str(&one.body).unwrap())
        .collect()
}

/// Identity, product and pieces of each line as the shop has it.
fn lines(scene: &Scene, id: u64) -> Vec<(u64, u64, u64)> {
    let order = scene.double.shelf().order_json(id);
    let lines = order["line_items"].as_array().unwrap().iter();
    let number = |line: &Value, name: &str| line[name].as_u64().unwrap();
    lines
        .map(|line| {
            (
                number(line, "id"),
                number(line, "product_id"),
                number(line, "quantity"),
            )
        })
        .collect()
}

/// Whether the order's total is the sum of its lines and the delivery.
fn adds_up(order: &Order) -> bool {
    let sum: i64 = order.lines.iter().map(|line| line.total.minor).sum();
    order.total.minor == sum + DELIVERY
}

/// An order with three fans added, and a late copy of that write: they stand there twice.
async fn doubled(scene: &Scene) -> (u64, OperationId, ShopOperation) {
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let operation = edit(&seen, vec![add(FAN, 3)]);
    let number = operation_id();
    scene.apply(number, &operation).await.unwrap();
    let sent = bodies(scene).pop().unwrap().to_string();
    put(&mut scene.double.shelf(), id, sent);
    assert_eq!(lines(scene, id).len(), 4, "the late copy has landed");
    (id, number, operation)
}

#[tokio::test]
async fn of_a_doubled_line_that_which_someone_has_edited_stays() {
    // What the staff make of each of the two, and which of them stay.
    for (first, second, stay) in [
        (None, None, &[2][..]),
        (None, Some(1), &[3][..]),
        (Some(5), None, &[2][..]),
        (Some(5), Some(1), &[2, 3][..]),
    ] {
        let scene = Scene::new().await;
        let (id, number, operation) = doubled(&scene).await;
        for (index, pieces) in [(2, first), (3, second)] {
            if let Some(pieces) = pieces {
                scene.double.shelf().set_pieces(id, index, pieces);
            }
        }
        let before = lines(&scene, id);
        let swept = scene.shop.sweep(number, &operation).await.unwrap();
        let wanted: Vec<_> = [0, 1].iter().chain(stay).map(|at| before[*at]).collect();
        assert_eq!(
            lines(&scene, id),
            wanted,
            "edited to {first:?} and {second:?}: the edit is somebody's later word"
        );
        assert_eq!(swept as usize, 2 - stay.len(), "as many as went");
        assert!(adds_up(&scene.seen(id).await), "and the sum follows");
        assert_eq!(
            scene.shop.sweep(number, &operation).await,
            Ok(0),
            "a second sweep finds nothing more"
        );
    }
}

#[tokio::test]
async fn a_sweep_that_broke_off_is_ended_by_the_next() {
    let scene = Scene::new().await;
    let (id, number, operation) = doubled(&scene).await;
    scene
        .double
        .fail_next("PUT", "/wc/v3/orders/", Fault::FailAfter);
    scene
        .shop
        .sweep(number, &operation)
        .await
        .expect_err("the shop dies over it");
    scene.double.shelf().spoil_total(id);
    assert!(
        !adds_up(&scene.seen(id).await),
        "the line went, its sum not"
    );
    assert_eq!(scene.shop.sweep(number, &operation).await, Ok(0));
    let after = scene.seen(id).await;
    assert!(adds_up(&after), "the next sweep sees to it: {after:?}");
    assert_eq!(after.lines[2].quantity, 3, "and changes nothing else");
    let writes = scene.writes();
    assert_eq!(scene.shop.sweep(number, &operation).await, Ok(0));
    assert_eq!(scene.writes(), writes, "what is right is left alone");
}

#[tokio::test]
async fn an_addition_that_broke_off_is_ended_with_its_own_line() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let operation = edit(&seen, vec![add(FAN, 2)]);
    let number = operation_id();
    let mark = json!([{ "key": "_dzvinok", "value": marker(number) }]);
    let line = json!([{ "product_id": FAN, "quantity": 2, "meta_data": mark }]);
    break_off(&scene, id, &line);
    assert!(
        !scene.is_there(number, &operation).await,
        "a wrong sum is not done"
    );
    let after = scene.apply(number, &operation).await.unwrap().unwrap();
    assert_eq!(after.lines.len(), 3, "it is not added again");
    assert!(adds_up(&after), "{after:?}");
    let written = bodies(&scene);
    assert_eq!(written.len(), 1, "one write ends it");
    let touched: Vec<_> = written[0]["line_items"]
        .as_array()
        .unwrap()
        .iter()
        .map(|line| line["id"].as_u64().unwrap())
        .collect();
    assert_eq!(
        touched,
        [lines(&scene, id)[2].0],
        "only the line that the operation added, nobody else's"
    );
    assert!(scene.is_there(number, &operation).await);
}

#[tokio::test]
async fn an_addition_that_came_twice_and_broke_off_twice_is_no_conflict() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let operation = edit(&seen, vec![add(FAN, 2)]);
    let number = operation_id();
    let mark = json!([{ "key": "_dzvinok", "value": marker(number) }]);
    let line = json!({ "product_id": FAN, "quantity": 2, "meta_data": mark });
    break_off(&scene, id, &json!([line, line]));
    let after = scene.apply(number, &operation).await.unwrap().unwrap();
    assert_eq!(
        (after.lines.len(), after.lines[2].quantity),
        (3, 2),
        "both are our own: one goes"
    );
    assert!(adds_up(&after), "{after:?}");
    assert!(scene.is_there(number, &operation).await);
}

#[tokio::test]
async fn a_removal_that_broke_off_is_ended_with_a_line_that_remains() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let operation = edit(&seen, vec![set(&seen, 1, 0)]);
    let number = operation_id();
    let off = json!([{ "id": lines(&scene, id)[1].0, "quantity": 0 }]);
    break_off(&scene, id, &off);
    assert!(
        !scene.is_there(number, &operation).await,
        "a wrong sum is not done"
    );
    let after = scene.apply(number, &operation).await.unwrap().unwrap();
    assert_eq!(
        (after.lines.len(), after.lines[0].quantity),
        (1, 2),
        "the other line stays as it is"
    );
    assert!(adds_up(&after), "{after:?}");
    // A late copy of the write breaks off as well, after everything was done.
    scene.double.shelf().spoil_total(id);
    assert_eq!(scene.shop.sweep(number, &operation).await, Ok(0));
    assert!(
        adds_up(&scene.seen(id).await),
        "the sweep puts the sum right"
    );
}

/// Applies, while the staff do something between the write and the look after it.
async fn meanwhile(
    scene: &Scene,
    operation: &ShopOperation,
    staff: impl FnOnce(&mut Shelf),
) -> Result<Option<Order>, ShopError> {
    scene.double.fail_next(
        "PUT",
        "/wc/v3/orders/",
        Fault::Delay(Duration::from_millis(300)),
    );
    let deed = async {
        while bodies(scene).is_empty() {
            tokio::task::yield_now().await;
        }
        staff(&mut scene.double.shelf());
    };
    let (outcome, ()) = tokio::join!(scene.apply(operation_id(), operation), deed);
    outcome
}

#[tokio::test]
async fn an_edit_of_the_staff_between_the_write_and_the_look_after_it_stays() {
    for is_spoilt in [false, true] {
        let scene = Scene::new().await;
        let id = scene.take_order();
        let seen = scene.seen(id).await;
        let operation = edit(&seen, vec![set(&seen, 0, 3), add(FAN, 2)]);
        let after = meanwhile(&scene, &operation, |shelf| {
            shelf.set_pieces(id, 0, 9);
            if is_spoilt {
                shelf.spoil_total(id);
            }
        });
        let after = after.await.unwrap().unwrap();
        assert_eq!(
            (after.lines[0].quantity, after.lines[2].quantity),
            (9, 2),
            "theirs came later, wrong sum {is_spoilt}"
        );
        assert!(adds_up(&after), "wrong sum {is_spoilt}: {after:?}");
        assert_eq!(
            bodies(&scene).len(),
            1 + usize::from(is_spoilt),
            "sent again only for the sum"
        );
    }
}

#[tokio::test]
async fn a_line_that_the_staff_take_away_meanwhile_is_not_asked_for_again() {
    let scene = Scene::new().await;
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let line = lines(&scene, id)[0].0;
    let operation = edit(&seen, vec![set(&seen, 0, 3)]);
    let after = meanwhile(&scene, &operation, |shelf| {
        let off = json!({ "line_items": [{ "id": line, "quantity": 0 }] });
        put(shelf, id, off.to_string());
        shelf.spoil_total(id);
    });
    let after = after.await.unwrap().unwrap();
    assert_eq!(
        (after.lines.len(), &after.lines[0].product),
        (1, &Some(remote(IRON))),
        "their removal stands"
    );
    assert!(adds_up(&after), "{after:?}");
}

#[tokio::test]
async fn a_second_try_for_the_sum_sends_one_line_as_it_is() {
    let scene = Scene::new().await;
    scene.double.shelf().stock_product(SeedProduct {
        id: 40,
        name: "Gift",
        price: "0",
        stock: None,
        parent: None,
        kind: "simple",
    });
    let id = scene.take_order();
    let seen = scene.seen(id).await;
    let operation = edit(&seen, vec![set(&seen, 0, 4), set(&seen, 1, 0), add(40, 1)]);
    scene
        .double
        .fail_next("PUT", "/wc/v3/orders/", Fault::WrongTotals);
    let after = scene
        .apply(operation_id(), &operation)
        .await
        .unwrap()
        .unwrap();
    let told: Vec<_> = after
        .lines
        .iter()
        .map(|line| (line.product.clone().unwrap(), line.quantity))
        .collect();
    assert_eq!(
        told,
        [(remote(KETTLE), 4), (remote(40), 1)],
        "what costs nothing stays too"
    );
    assert!(adds_up(&after), "{after:?}");
    let written = bodies(&scene);
    assert_eq!(written.len(), 2, "once, and once more for the sum");
    let again = written[1]["line_items"].as_array().unwrap();
    assert!(
        again.len() == 1 && again[0]["id"].is_u64(),
        "the line that went must not be sent again, a shop refuses that: {again:?}"
    );
}
