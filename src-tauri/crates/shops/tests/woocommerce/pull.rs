//! Pulling from a shop whose dates are whole seconds, whose filter is strictly "after" in its own
//! zone, and whose pages slip.

use crate::{FAN, IRON, KETTLE, Scene, remote};
use rules::money::{Currency, Money};
use rules::order::{Order, OrderStage, Product};
use shops::Cursor;
use std::collections::{BTreeMap, BTreeSet};
use testkit::woo::{Fault, SeedLine, SeedOrder, SeedProduct, Setup, Storage};

struct Pulled {
    orders: Vec<Order>,
    gone: BTreeSet<String>,
    cursor: Cursor,
}

/// Pulls until there is nothing more, running `meanwhile` after each page.
async fn pull_with(scene: &Scene, cursor: &Cursor, mut meanwhile: impl FnMut(usize)) -> Pulled {
    let mut pulled = Pulled {
        orders: Vec::new(),
        gone: BTreeSet::new(),
        cursor: cursor.clone(),
    };
    for step in 0..200 {
        let page = scene.shop.orders(&pulled.cursor).await.unwrap();
        pulled.orders.extend(page.items);
        pulled.gone.extend(page.gone.into_iter().map(|id| id.0));
        pulled.cursor = page.next;
        if page.done {
            return pulled;
        }
        meanwhile(step);
    }
    panic!("the pull never ends: {:?}", pulled.cursor);
}

async fn pull(scene: &Scene, cursor: &Cursor) -> Pulled {
    pull_with(scene, cursor, |_| ()).await
}

fn ids(orders: &[Order]) -> BTreeSet<u64> {
    orders
        .iter()
        .map(|order| order.remote.0.parse().unwrap())
        .collect()
}

#[tokio::test]
async fn an_order_comes_whole_with_taxes_in_its_prices() {
    let scene = Scene::with(Setup {
        tax_percent: 20,
        ..Setup::default()
    })
    .await;
    let id = scene.take_order();
    let pulled = pull(&scene, &Cursor::default()).await;
    let order = &pulled.orders[0];
    assert_eq!(order.remote, remote(id));
    assert_eq!(order.lines.len(), 2);
    assert_eq!(
        order.lines[0].unit_price,
        Money::new(129_950, Currency::UAH),
        "net and tax, exactly"
    );
    assert_eq!(order.lines[0].total, Money::new(259_900, Currency::UAH));
    assert_eq!(order.delivery_total, Money::new(6_000, Currency::UAH));
    assert_eq!(
        order.total,
        Money::new(350_900, Currency::UAH),
        "two kettles, an iron and the delivery"
    );
    assert_eq!(order.customer.name, "Олена Коваль");
    assert_eq!(order.customer.phone, "+380671234567");
    assert_eq!(order.customer.remote, None, "a guest");
    assert_eq!(
        order.delivery_address, "вул. Лесі Українки, 5\n01133 Київ\nUA",
        "the billing one, none other is given"
    );
    assert_eq!(order.delivery_method, "Нова Пошта");
    assert_eq!(
        order.stage,
        OrderStage::New,
        "paid on delivery: placed as processing, nobody has called yet"
    );
}

#[tokio::test]
async fn each_status_has_its_stage() {
    let scene = Scene::new().await;
    let expected = [
        ("pending", OrderStage::New),
        ("on-hold", OrderStage::New),
        ("processing", OrderStage::New),
        ("completed", OrderStage::Fulfilled),
        ("cancelled", OrderStage::Cancelled),
        ("refunded", OrderStage::Cancelled),
        ("failed", OrderStage::Cancelled),
        ("checkout-draft", OrderStage::Other),
        ("waiting-for-pickup", OrderStage::Other),
    ];
    let taken: BTreeMap<u64, OrderStage> = expected
        .into_iter()
        .map(|(status, stage)| (scene.take(status, "cod"), stage))
        .collect();
    let pulled = pull(&scene, &Cursor::default()).await;
    let stages: BTreeMap<u64, OrderStage> = pulled
        .orders
        .iter()
        .map(|order| (order.remote.0.parse().unwrap(), order.stage))
        .collect();
    assert_eq!(stages, taken);
}

#[tokio::test]
async fn the_first_pull_goes_newest_first_and_goes_on_after_a_stop() {
    let scene = Scene::new().await;
    let mut taken = BTreeSet::new();
    for at in 0..250 {
        taken.insert(scene.take_order());
        scene.double.shelf().pass(i64::from(at % 3 == 0));
    }
    let first = scene.shop.orders(&Cursor::default()).await.unwrap();
    assert!(!first.done);
    let newest = *taken.last().unwrap();
    assert_eq!(
        first.items[0].remote,
        remote(newest),
        "work starts with today's orders"
    );
    let fresh = Scene {
        shop: shops::connect(&crate::access(&scene.double, "full")).unwrap(),
        ..scene
    };
    let rest = pull(&fresh, &first.next).await;
    let mut read = ids(&first.items);
    read.extend(ids(&rest.orders));
    assert_eq!(read, taken, "another process goes on from the cursor alone");
}

#[tokio::test]
async fn what_changes_during_the_first_pull_is_in_it() {
    let scene = Scene::new().await;
    let mut taken: Vec<u64> = Vec::new();
    for _ in 0..230 {
        taken.push(scene.take_order());
        scene.double.shelf().pass(1);
    }
    let mut late = 0;
    let pulled = pull_with(&scene, &Cursor::default(), |step| {
        if step == 0 {
            scene.double.shelf().pass(3);
            // One already read, one not yet, and one new.
            scene.double.shelf().set_status(taken[229], "cancelled");
            scene.double.shelf().set_status(taken[5], "completed");
            late = scene.take_order();
        }
    })
    .await;
    let last: BTreeMap<&str, &str> = pulled
        .orders
        .iter()
        .map(|order| (order.remote.as_str(), order.status.as_str()))
        .collect();
    assert_eq!(last[taken[229].to_string().as_str()], "cancelled");
    assert_eq!(last[taken[5].to_string().as_str()], "completed");
    assert!(last.contains_key(late.to_string().as_str()), "the new one");
    assert_eq!(last.len(), 231);
}

#[tokio::test]
async fn three_hundred_orders_of_one_second_all_come_on_both_storages() {
    for storage in [Storage::HighPerformance, Storage::Posts] {
        let scene = Scene::with(Setup {
            storage,
            ..Setup::default()
        })
        .await;
        let cursor = pull(&scene, &Cursor::default()).await.cursor;
        scene.double.shelf().pass(100);
        let taken: BTreeSet<u64> = (0..310).map(|_| scene.take_order()).collect();
        let pulled = pull(&scene, &cursor).await;
        assert_eq!(ids(&pulled.orders), taken, "{storage:?}");
        scene.double.shelf().pass(100);
        let again = pull(&scene, &pulled.cursor).await;
        assert_eq!(
            ids(&again.orders),
            BTreeSet::new(),
            "{storage:?}: and not once more"
        );
    }
}

#[tokio::test]
async fn a_change_within_the_second_of_the_cursor_is_not_missed() {
    let scene = Scene::new().await;
    let (first, second) = (scene.take_order(), scene.take_order());
    let cursor = pull(&scene, &Cursor::default()).await.cursor;
    scene.double.shelf().pass(30);
    scene.double.shelf().touch_order(first);
    let cursor = pull(&scene, &cursor).await.cursor;
    scene.double.shelf().set_status(first, "cancelled");
    scene.double.shelf().set_status(second, "cancelled");
    let pulled = pull(&scene, &cursor).await;
    assert_eq!(
        ids(&pulled.orders),
        BTreeSet::from([first, second]),
        "both stamped as the cursor is"
    );
    assert!(
        pulled
            .orders
            .iter()
            .all(|order| order.status == "cancelled")
    );
    let again = pull(&scene, &pulled.cursor).await;
    assert_eq!(
        again.orders,
        [],
        "what was read as it is does not come again"
    );
}

#[tokio::test]
async fn the_cursor_keeps_to_gmt_whatever_the_shops_zone() {
    for offset_minutes in [-480, 0, 345, 840] {
        let scene = Scene::with(Setup {
            offset_minutes,
            ..Setup::default()
        })
        .await;
        scene.take_order();
        let cursor = pull(&scene, &Cursor::default()).await.cursor;
        scene.double.shelf().pass(600);
        let late = scene.take_order();
        let pulled = pull(&scene, &cursor).await;
        assert_eq!(
            ids(&pulled.orders),
            BTreeSet::from([late]),
            "{offset_minutes} minutes east"
        );
    }
}

#[tokio::test]
async fn a_trashed_order_comes_as_gone_and_a_deleted_one_is_found_out_by_asking() {
    let scene = Scene::new().await;
    let (trashed, deleted) = (scene.take_order(), scene.take_order());
    let cursor = pull(&scene, &Cursor::default()).await.cursor;
    scene.double.shelf().pass(60);
    scene.double.shelf().trash_order(trashed);
    scene.double.shelf().delete_order(deleted);
    let pulled = pull(&scene, &cursor).await;
    assert_eq!(
        pulled.gone,
        BTreeSet::from([trashed.to_string()]),
        "the list tells of the trash alone"
    );
    assert_eq!(scene.shop.order(&remote(trashed)).await.unwrap(), None);
    assert_eq!(scene.shop.order(&remote(deleted)).await.unwrap(), None);
    assert_eq!(
        scene.shop.order(&"../settings".into()).await.unwrap(),
        None,
        "an identity is a number, never a path"
    );
    scene.double.shelf().pass(60);
    scene.double.shelf().set_status(trashed, "processing");
    let back = pull(&scene, &pulled.cursor).await;
    assert_eq!(
        ids(&back.orders),
        BTreeSet::from([trashed]),
        "taken out of the trash it is here again"
    );
}

#[tokio::test]
async fn what_plugins_keep_at_an_order_does_no_harm_and_an_odd_order_holds_up_no_other() {
    let scene = Scene::new().await;
    let (odd, plain) = (scene.take_order(), scene.take_order());
    {
        let mut shelf = scene.double.shelf();
        shelf.set_meta(
            plain,
            "_plugin",
            serde_json::json!({ "deep": [1, { "er": null }], "<b>": 1.5 }),
        );
        shelf.set_meta(
            plain,
            "_dzvinok_confirmed_at",
            serde_json::json!(["no", "text"]),
        );
    }
    let answer = format!(
        r#"[{{"id":{odd},"date_modified_gmt":"2026-02-25T06:13:20","status":"processing","line_items":"none"}},{}]"#,
        scene.double.shelf().order_json(plain)
    );
    let json = "Content-Type: application/json\r\nX-WP-TotalPages: 1\r\n".to_owned();
    scene.double.fail_next(
        "GET",
        "/wc/v3/orders",
        Fault::Raw(json, answer.into_bytes()),
    );
    let page = scene.shop.orders(&Cursor::default()).await.unwrap();
    assert_eq!(ids(&page.items), BTreeSet::from([plain]));
    assert_eq!(
        page.items[0].stage,
        OrderStage::New,
        "a field of ours that is no text says nothing"
    );
}

#[tokio::test]
async fn random_days_of_the_shop_end_in_agreement() {
    for seed in 1..5_u64 {
        let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mut random = move |bound: u64| {
            state ^= state << 13;
            state ^= state >> 7;
            state ^= state << 17;
            state % bound
        };
        let scene = Scene::new().await;
        let mut all: Vec<u64> = (0..130).map(|_| scene.take_order()).collect();
        let mut cursor = Cursor::default();
        let mut desk: BTreeMap<u64, Order> = BTreeMap::new();
        for round in 0..8 {
            let pulled = pull_with(&scene, &cursor, |_| {
                for _ in 0..random(4) {
                    let id = all[usize::try_from(random(all.len() as u64)).unwrap()];
                    let status = ["processing", "on-hold", "completed", "cancelled"]
                        [usize::try_from(random(4)).unwrap()];
                    scene.double.shelf().set_status(id, status);
                    scene.double.shelf().pass(i64::try_from(random(2)).unwrap());
                }
                all.push(scene.take_order());
            })
            .await;
            desk.extend(
                pulled
                    .orders
                    .into_iter()
                    .map(|order| (order.remote.0.parse().unwrap(), order)),
            );
            cursor = pulled.cursor;
            scene
                .double
                .shelf()
                .pass(if round % 2 == 0 { 2 } else { 100 });
        }
        let pulled = pull(&scene, &cursor).await;
        desk.extend(
            pulled
                .orders
                .into_iter()
                .map(|order| (order.remote.0.parse().unwrap(), order)),
        );
        for id in all {
            let truth = scene.shop.order(&remote(id)).await.unwrap();
            assert_eq!(desk.get(&id), truth.as_ref(), "order {id}, seed {seed}");
        }
    }
}

async fn products(scene: &Scene, cursor: &Cursor) -> (Vec<Product>, BTreeSet<String>, Cursor) {
    let (mut items, mut gone, mut cursor) = (Vec::new(), BTreeSet::new(), cursor.clone());
    for _ in 0..100 {
        let page = scene.shop.products(&cursor).await.unwrap();
        items.extend(page.items);
        gone.extend(page.gone.into_iter().map(|id| id.0));
        cursor = page.next;
        if page.done {
            return (items, gone, cursor);
        }
    }
    panic!("the pull never ends: {cursor:?}");
}

#[tokio::test]
async fn a_variable_product_comes_as_its_variations() {
    let scene = Scene::new().await;
    {
        let mut shelf = scene.double.shelf();
        let seed = |id, name, parent, kind, price| SeedProduct {
            id,
            name,
            price,
            stock: Some(3),
            parent,
            kind,
        };
        shelf.stock_product(seed(30, "Toaster", None, "variable", ""));
        shelf.stock_product(seed(31, "red", Some(30), "variation", "700"));
        shelf.stock_product(seed(32, "blue", Some(30), "variation", ""));
    }
    let (items, _, _) = products(&scene, &Cursor::default()).await;
    let by_id: BTreeMap<_, _> = items
        .iter()
        .map(|product| (product.remote.0.as_str(), product))
        .collect();
    assert_eq!(
        by_id.keys().copied().collect::<Vec<_>>(),
        ["11", "12", "13", "31", "32"],
        "the shelf itself is no goods"
    );
    assert_eq!(by_id["31"].name, "Toaster – red");
    assert_eq!(by_id["31"].price, Money::new(70_000, Currency::UAH));
    assert!(
        by_id["31"].enabled && !by_id["32"].enabled,
        "without a price it cannot be ordered"
    );
    assert_eq!(
        (by_id["11"].stock, by_id["13"].stock),
        (Some(100), None),
        "counted, and not counted"
    );
}

#[tokio::test]
async fn many_products_imported_at_once_all_come_and_the_trash_is_told() {
    let scene = Scene::new().await;
    for id in 1000..1400 {
        let seed = SeedProduct {
            id,
            name: "Part",
            price: "10",
            stock: None,
            parent: None,
            kind: "simple",
        };
        scene.double.shelf().stock_product(seed);
    }
    let (items, gone, cursor) = products(&scene, &Cursor::default()).await;
    let distinct: BTreeSet<_> = items.iter().map(|product| &product.remote).collect();
    assert_eq!((distinct.len(), gone.len()), (403, 0));
    scene.double.shelf().pass(100);
    scene.double.shelf().trash_product(IRON);
    let (items, gone, _) = products(&scene, &cursor).await;
    assert_eq!(items, []);
    assert_eq!(gone, BTreeSet::from([IRON.to_string()]));
}

#[tokio::test]
async fn all_customers_come_once_then_the_new_ones_and_a_page_of_the_rest() {
    let scene = Scene::new().await;
    (0..250).for_each(|at| {
        scene
            .double
            .shelf()
            .register_customer(&format!("Customer {at}"));
    });
    let (mut seen, mut cursor) = (BTreeSet::new(), Cursor::default());
    loop {
        let page = scene.shop.customers(&cursor).await.unwrap();
        seen.extend(
            page.items
                .into_iter()
                .map(|customer| customer.remote.unwrap().0),
        );
        cursor = page.next;
        if page.done {
            break;
        }
    }
    assert_eq!(seen.len(), 250);
    let new = scene.double.shelf().register_customer("New");
    scene.double.clear_log();
    let page = scene.shop.customers(&cursor).await.unwrap();
    let came: Vec<_> = page
        .items
        .iter()
        .map(|customer| customer.remote.clone().unwrap().0)
        .collect();
    assert!(
        came.contains(&new.to_string()),
        "the newest is here at once"
    );
    assert!(
        page.done && came.len() == 101,
        "and a hundred of the others in their turn: {}",
        came.len()
    );
    assert_eq!(
        scene.double.log().len(),
        2,
        "two requests a poll, however many there are"
    );
}

#[tokio::test]
async fn a_poll_with_nothing_new_costs_two_requests() {
    let scene = Scene::new().await;
    scene.take_order();
    let cursor = pull(&scene, &Cursor::default()).await.cursor;
    scene.double.shelf().pass(100);
    let cursor = pull(&scene, &cursor).await.cursor;
    scene.double.clear_log();
    assert_eq!(pull(&scene, &cursor).await.orders, []);
    assert_eq!(scene.double.log().len(), 2, "the orders and the trash");
    let lines = vec![
        SeedLine {
            product: FAN,
            quantity: 1,
        },
        SeedLine {
            product: KETTLE,
            quantity: 1,
        },
    ];
    scene.double.shelf().take_order(&SeedOrder {
        status: "pending",
        payment_method: "",
        lines,
    });
    assert_eq!(
        pull(&scene, &cursor).await.orders.len(),
        1,
        "and one that came is there"
    );
}
