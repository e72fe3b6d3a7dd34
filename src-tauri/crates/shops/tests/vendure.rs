//! The Vendure connector against a real Vendure. Each test has a shop of its own, so that one's
//! writes are not another's changes.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

use rules::id::{OperationId, RemoteId};
use rules::money::{Currency, Money};
use rules::operation::{BaseLine, LineChange, ShopOperation, marker};
use rules::order::{Order, OrderStage};
use serde_json::{Value, json};
use shops::{Access, Cursor, Effect, Page, Shop, ShopError, ShopKind, connect};
use std::collections::BTreeMap;
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, AtomicUsize, Ordering};
use testkit::vendure::{
    READER, SUPERADMIN, VendureAdmin, VendureOptions, VendureOrder, VendureServer,
};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, AsyncWriteExt, BufReader};
use tokio::net::{TcpListener, TcpStream};
use uuid::Uuid;

/// A shop, the connector to it, and an eye of its own on what stands there.
struct Scene {
    server: VendureServer,
    shop: Box<dyn Shop>,
    admin: VendureAdmin,
}

impl Scene {
    async fn new(orders: u32) -> Self {
        Self::with(VendureOptions {
            orders,
            ..VendureOptions::default()
        })
        .await
    }

    async fn with(options: VendureOptions) -> Self {
        let server = VendureServer::start(options).await.unwrap();
        let shop = connect(&access(&server, SUPERADMIN)).unwrap();
        let admin = server.admin().await.unwrap();
        Self {
            server,
            shop,
            admin,
        }
    }

    async fn order(&self, id: &str) -> Order {
        self.shop.order(&RemoteId::from(id)).await.unwrap().unwrap()
    }

    /// The newest order paid by `method`.
    async fn order_paid_by(&self, method: &str) -> Order {
        for id in self.admin.order_ids().await.unwrap() {
            let order = self.admin.order(&id).await.unwrap();
            if order
                .payments
                .iter()
                .all(|payment| payment.method == method)
                && order.lines.len() > 1
            {
                return self.order(&id).await;
            }
        }
        panic!("the seed has an order with two lines paid by {method}");
    }

    async fn mutate(&self, query: &str) -> Value {
        self.admin.graphql(query, json!({})).await.unwrap()
    }
}

fn access(server: &VendureServer, (user, secret): (&str, &str)) -> Access {
    Access {
        kind: ShopKind::Vendure,
        address: server.address(),
        user: user.to_owned(),
        secret: secret.to_owned(),
        allow_http: true,
        allow_private: true,
        certificate_authority: None,
        statuses: None,
        rate: None,
    }
}

fn operation(number: u128) -> OperationId {
    OperationId::from_uuid(Uuid::from_u128(number))
}

fn base(order: &Order) -> Vec<BaseLine> {
    let line = |line: &rules::order::OrderLine| BaseLine {
        line: line.remote.clone(),
        quantity: line.quantity,
    };
    order.lines.iter().map(line).collect()
}

fn edit(order: &Order, changes: Vec<LineChange>) -> ShopOperation {
    ShopOperation::EditLines {
        order: order.remote.clone(),
        base: base(order),
        changes,
    }
}

fn set(order: &Order, line: usize, quantity: u32) -> LineChange {
    LineChange::SetQuantity {
        line: order.lines[line].remote.clone(),
        quantity,
    }
}

fn is_applied(effect: &Effect) -> bool {
    matches!(effect, Effect::Applied(_))
}

fn with_order(effect: Effect) -> Order {
    match effect {
        Effect::Applied(Some(order)) => *order,
        other => panic!("the order after the write is wanted, not {other:?}"),
    }
}

/// Reads pages until the shop has no more for now.
macro_rules! read_all {
    ($shop:expr, $what:ident, $cursor:expr) => {{
        let mut items = Vec::new();
        loop {
            let page: Page<_> = $shop.$what(&$cursor).await.unwrap();
            items.extend(page.items);
            $cursor = page.next;
            if page.done {
                break items;
            }
        }
    }};
}

#[tokio::test]
async fn a_shop_introduces_itself() {
    let scene = Scene::new(12).await;
    let introduction = scene.shop.introduce().await.unwrap();
    assert_eq!(introduction.currency, Currency::UAH);
    assert_eq!(introduction.software, "Vendure");
    let can = introduction.capabilities;
    assert!(
        can.edit_lines && can.private_notes && can.cancel,
        "Vendure can do all of it: {can:?}"
    );
    assert!(
        can.confirm_fields,
        "the shop declares confirmedAt and its fellows"
    );
    assert!(
        !can.confirm_status,
        "Vendure has no state for a confirmation"
    );
    let mut with_path = access(&scene.server, SUPERADMIN);
    with_path.address += "/admin-api/";
    let shop = connect(&with_path).unwrap();
    assert!(
        shop.introduce().await.is_ok(),
        "the path of the Admin API may be typed as well"
    );
}

#[tokio::test]
async fn four_different_words_for_what_is_wrong() {
    let scene = Scene::new(0).await;
    let introduce = async |access: Access| connect(&access)?.introduce().await;

    let wrong_key = access(&scene.server, ("superadmin", "superadmim"));
    assert_eq!(introduce(wrong_key).await, Err(ShopError::WrongKey));

    let reader = access(&scene.server, READER);
    let refused = introduce(reader.clone()).await;
    assert_eq!(
        refused,
        Err(ShopError::NoWriteRight),
        "who may only read is told when connecting"
    );

    let mut elsewhere = access(&scene.server, SUPERADMIN);
    elsewhere.address += "/somewhere/else";
    assert_eq!(
        introduce(elsewhere).await,
        Err(ShopError::NotAShop),
        "a server without this path"
    );

    let mut plain = access(&scene.server, SUPERADMIN);
    plain.allow_http = false;
    assert_eq!(
        introduce(plain).await,
        Err(ShopError::NoTls),
        "no admin has allowed plain HTTP"
    );

    let mut not_encrypted = access(&scene.server, SUPERADMIN);
    not_encrypted.address = scene.server.address().replace("http:", "https:");
    assert_eq!(
        introduce(not_encrypted).await,
        Err(ShopError::NoTls),
        "https was typed, and the server does not speak it"
    );

    let mut website = access(&scene.server, SUPERADMIN);
    website.address = start_website().await;
    assert_eq!(
        introduce(website).await,
        Err(ShopError::NotAShop),
        "a page for people at every path"
    );

    let note = ShopOperation::AddNote {
        order: RemoteId::from("1"),
        text: "x".to_owned(),
    };
    let written = connect(&reader).unwrap().apply(operation(1), &note).await;
    assert!(
        matches!(written, Err(ShopError::NoWriteRight | ShopError::Gone)),
        "a right taken away later is named when writing: {written:?}"
    );
}

#[tokio::test]
async fn everything_comes_once_and_then_only_changes() {
    let scene = Scene::new(60).await;
    let shop = &scene.shop;

    let mut products = Cursor::default();
    let first = read_all!(shop, products, products);
    assert_eq!(first.len(), 72, "twelve kinds of six brands");
    let kettle = first
        .iter()
        .find(|product| product.sku == "ZO-KT-905")
        .unwrap();
    assert_eq!(kettle.name, "Електрочайник Zoryan KT-905");
    assert_eq!(
        kettle.price,
        Money::new(89_900, Currency::UAH),
        "what the customer pays, VAT included"
    );
    assert!(kettle.enabled && kettle.stock.is_some_and(|stock| stock > 0));

    let mut customers = Cursor::default();
    let people = read_all!(shop, customers, customers);
    assert_eq!(
        people.len(),
        60,
        "each seeded order has a customer of its own"
    );
    assert!(
        people
            .iter()
            .all(|one| one.phone.starts_with("+380") && one.name.contains(' '))
    );

    let mut orders = Cursor::default();
    let page = shop.orders(&orders).await.unwrap();
    assert_eq!(
        page.items.len(),
        50,
        "the import comes in pages that can be taken up again"
    );
    assert!(
        page.items
            .windows(2)
            .all(|pair| pair[0].placed_at >= pair[1].placed_at),
        "newest first, so that work can start"
    );
    orders = page.next;
    let mut all = page.items;
    all.extend(read_all!(shop, orders, orders));
    let latest: BTreeMap<_, _> = all
        .iter()
        .map(|order| (order.remote.clone(), order))
        .collect();
    assert_eq!(latest.len(), 60, "every placed order is there");
    let newest = all.first().unwrap();
    assert_eq!(
        newest.stage,
        OrderStage::New,
        "paid or promised, and nobody has called yet"
    );
    let lines: i64 = newest.lines.iter().map(|line| line.total.minor).sum();
    assert_eq!(
        lines + newest.delivery_total.minor,
        newest.total.minor,
        "the parts make the total"
    );
    assert!(
        newest.delivery_method.starts_with("Нова Пошта"),
        "in the shop's words"
    );
    assert!(
        newest.payment_method.starts_with("Оплата"),
        "the method's name and not its code"
    );
    assert!(newest.delivery_address.contains("Україна"));

    read_all!(shop, orders, orders);
    assert!(
        read_all!(shop, orders, orders).is_empty(),
        "nothing changed, nothing comes"
    );
    assert!(read_all!(shop, products, products).is_empty());
    assert!(read_all!(shop, customers, customers).is_empty());

    scene
        .mutate("mutation { setOrderCustomFields(input: { id: \"7\", customFields: { callResult: \"busy\" } }) { id } }")
        .await;
    scene.mutate("mutation { updateCustomer(input: { id: \"3\", phoneNumber: \"+380500009999\" }) { __typename } }").await;
    scene
        .mutate("mutation { updateProductVariants(input: [{ id: \"5\", price: 1234500 }]) { id } }")
        .await;
    scene.mutate("mutation { createDraftOrder { id } }").await;
    let changed = read_all!(shop, orders, orders);
    let ids: Vec<_> = changed.iter().map(|order| order.remote.as_str()).collect();
    assert_eq!(ids, ["7"], "the changed order, and no draft");
    let people = read_all!(shop, customers, customers);
    assert_eq!(people.len(), 1, "the one customer who changed");
    assert_eq!(people[0].phone, "+380500009999");
    let goods = read_all!(shop, products, products);
    assert!(
        goods.iter().any(|product| product.price.minor == 1_234_500),
        "the new price is known"
    );
}

#[tokio::test]
async fn changes_within_one_second_are_all_seen() {
    let scene = Scene::new(60).await;
    let shop = &scene.shop;
    let mut cursor = Cursor::default();
    read_all!(shop, orders, cursor);
    // More orders than fit a page; the shop's clock has whole seconds, so most share one.
    let each: Vec<_> = (1..=60)
        .map(|id| {
            let input = format!("{{ id: {id}, customFields: {{ callResult: \"r{id}\" }} }}");
            format!("m{id}: setOrderCustomFields(input: {input}) {{ id }}")
        })
        .collect();
    scene
        .mutate(&format!("mutation {{ {} }}", each.join(" ")))
        .await;
    let changed = read_all!(shop, orders, cursor);
    let ids: std::collections::BTreeSet<_> = changed.iter().map(|order| &order.remote).collect();
    assert_eq!(ids.len(), 60, "none is lost between two pages");

    scene
        .mutate("mutation { setOrderCustomFields(input: { id: \"60\", customFields: { confirmedAt: \"2026-01-05T10:00:00Z\" } }) { id } }")
        .await;
    let again = read_all!(shop, orders, cursor);
    assert_eq!(
        again.len(),
        1,
        "one more change, perhaps in the same second as the one before"
    );
    assert_eq!(
        again[0].stage,
        OrderStage::Confirmed,
        "as it stands after the change"
    );
}

#[tokio::test]
async fn a_quantity_and_a_product_change_the_totals_once() {
    let scene = Scene::new(12).await;
    let before = scene.order_paid_by("cash-on-delivery").await;
    let id = before.remote.as_str();
    let mut cursor = Cursor::default();
    let products = read_all!(scene.shop, products, cursor);
    let ordered: Vec<_> = before
        .lines
        .iter()
        .filter_map(|line| line.product.as_ref())
        .collect();
    let extra = products
        .iter()
        .find(|product| !ordered.contains(&&product.remote))
        .unwrap();
    let wanted = edit(
        &before,
        vec![
            set(&before, 1, before.lines[1].quantity + 2),
            LineChange::Add {
                product: extra.remote.clone(),
                quantity: 3,
            },
        ],
    );
    let op = operation(7);
    assert!(
        !is_applied(&scene.shop.find(op, &wanted).await.unwrap()),
        "nothing is written yet"
    );

    let after = with_order(scene.shop.apply(op, &wanted).await.unwrap());
    let expected =
        before.total.minor + 2 * before.lines[1].unit_price.minor + 3 * extra.price.minor;
    assert_eq!(
        after.total.minor, expected,
        "the shop reckons two pieces and three of a new product more"
    );
    let stands = scene.admin.order(id).await.unwrap();
    assert_eq!(
        stands.total_with_tax, expected,
        "and says the same to someone else"
    );
    assert_eq!(
        stands.state, before.status,
        "the order is back where it was, free to be shipped"
    );
    assert_eq!(stands.lines.len(), before.lines.len() + 1);
    assert!(
        is_applied(&scene.shop.find(op, &wanted).await.unwrap()),
        "the edit is found by its marker"
    );

    let again = with_order(scene.shop.apply(op, &wanted).await.unwrap());
    assert_eq!(
        again.total.minor, expected,
        "the same operation again changes nothing"
    );
    assert_eq!(
        scene.admin.order(id).await.unwrap(),
        stands,
        "not even a payment"
    );
}

#[tokio::test]
async fn a_lower_price_is_refunded() {
    let scene = Scene::new(12).await;
    for (method, refund) in [("cash-on-delivery", "Settled"), ("card", "Pending")] {
        let before = scene.order_paid_by(method).await;
        let cheaper = edit(&before, vec![set(&before, 1, 0)]);
        let after = with_order(scene.shop.apply(operation(20), &cheaper).await.unwrap());
        let fall = before.lines[1].total.minor;
        assert_eq!(
            after.total.minor,
            before.total.minor - fall,
            "{method}: the line is gone"
        );
        assert_eq!(
            after.lines.len(),
            before.lines.len() - 1,
            "{method}: a line of no pieces is none"
        );
        let stands = scene.admin.order(before.remote.as_str()).await.unwrap();
        assert_eq!(stands.state, before.status, "{method}: back where it was");
        let refunds: Vec<_> = stands
            .payments
            .iter()
            .flat_map(|payment| &payment.refunds)
            .collect();
        assert_eq!(refunds.len(), 1, "{method}: one refund");
        assert_eq!(
            refunds[0].total, fall,
            "{method}: of what the price fell by"
        );
        assert_eq!(
            refunds[0].state, refund,
            "{method}: money that was taken is the shop's to give back, a promise is just smaller"
        );
        with_order(scene.shop.apply(operation(20), &cheaper).await.unwrap());
        let again = scene.admin.order(before.remote.as_str()).await.unwrap();
        assert_eq!(
            again, stands,
            "{method}: the same operation again refunds nothing"
        );

        let dearer = edit(&after, vec![set(&after, 0, after.lines[0].quantity + 1)]);
        let outcome = scene.shop.apply(operation(21), &dearer).await;
        let stands = scene.admin.order(before.remote.as_str()).await.unwrap();
        assert_eq!(
            stands.state, before.status,
            "{method}: never left in the middle"
        );
        if refund == "Settled" {
            let expected = after.total.minor + after.lines[0].unit_price.minor;
            assert_eq!(
                with_order(outcome.unwrap()).total.minor,
                expected,
                "it may grow again"
            );
        } else {
            assert!(
                matches!(outcome, Err(ShopError::Refused(_))),
                "a refund that waits cannot be reckoned against: {outcome:?}"
            );
            assert_eq!(
                stands.total_with_tax, after.total.minor,
                "and nothing was changed"
            );
        }
    }
}

#[tokio::test]
async fn the_same_line_changed_by_two_is_left_to_a_human() {
    let scene = Scene::new(12).await;
    let seen = scene.order_paid_by("cash-on-delivery").await;
    let theirs = edit(&seen, vec![set(&seen, 0, seen.lines[0].quantity + 1)]);
    scene.shop.apply(operation(30), &theirs).await.unwrap();
    let theirs = scene.admin.order(seen.remote.as_str()).await.unwrap();

    let same_line = edit(&seen, vec![set(&seen, 0, seen.lines[0].quantity + 2)]);
    let clash = scene.shop.apply(operation(31), &same_line).await;
    assert!(
        matches!(clash, Err(ShopError::Conflict(_))),
        "the operator saw an older line: {clash:?}"
    );
    assert_eq!(
        scene.admin.order(seen.remote.as_str()).await.unwrap(),
        theirs,
        "nothing was touched"
    );

    let other_line = edit(&seen, vec![set(&seen, 1, seen.lines[1].quantity + 1)]);
    let merged = with_order(scene.shop.apply(operation(32), &other_line).await.unwrap());
    assert_eq!(
        merged.lines[0].quantity,
        seen.lines[0].quantity + 1,
        "their change stays"
    );
    assert_eq!(
        merged.lines[1].quantity,
        seen.lines[1].quantity + 1,
        "ours is added"
    );

    let too_many = edit(&merged, vec![set(&merged, 0, 900)]);
    let refused = scene.shop.apply(operation(33), &too_many).await;
    assert!(
        matches!(refused, Err(ShopError::Refused(_))),
        "more than is in stock: {refused:?}"
    );
    let stands = scene.admin.order(seen.remote.as_str()).await.unwrap();
    assert_eq!(
        stands.state, seen.status,
        "a refused edit leaves the order free to be shipped"
    );
}

#[tokio::test]
async fn an_edit_that_was_cut_off_is_finished() {
    let scene = Scene::new(12).await;
    let before = scene.order_paid_by("cash-on-delivery").await;
    let id = before.remote.as_str();
    let op = operation(40);
    let wanted = edit(&before, vec![set(&before, 0, before.lines[0].quantity + 1)]);
    let expected = before.total.minor + before.lines[0].unit_price.minor;
    let to = async |state: &str| {
        let moved = scene
            .mutate(&format!(
                "mutation {{ transitionOrderToState(id: \"{id}\", state: \"{state}\") {{ __typename }} }}"
            ))
            .await;
        assert_eq!(
            moved["transitionOrderToState"]["__typename"], "Order",
            "moved to {state}"
        );
    };

    // Cut off right after the order was opened for editing.
    to("Modifying").await;
    assert!(
        !is_applied(&scene.shop.find(op, &wanted).await.unwrap()),
        "half an edit is none"
    );
    let after = with_order(scene.shop.apply(op, &wanted).await.unwrap());
    assert_eq!(
        (after.total.minor, after.status.as_str()),
        (expected, before.status.as_str())
    );

    // Cut off after the lines were written and before the payment was.
    let seen = after;
    let op = operation(41);
    let line = seen.lines[1].remote.as_str();
    let quantity = seen.lines[1].quantity + 1;
    let wanted = edit(&seen, vec![set(&seen, 1, quantity)]);
    let expected = seen.total.minor + seen.lines[1].unit_price.minor;
    to("Modifying").await;
    let mark = marker(op);
    scene
        .mutate(&format!(
            "mutation {{ modifyOrder(input: {{ dryRun: false, orderId: \"{id}\", note: \"{mark}\",
                adjustOrderLines: [{{ orderLineId: \"{line}\", quantity: {quantity} }}] }}) {{ __typename }} }}"
        ))
        .await;
    assert!(
        !is_applied(&scene.shop.find(op, &wanted).await.unwrap()),
        "unpaid, so not through"
    );
    let after = with_order(scene.shop.apply(op, &wanted).await.unwrap());
    assert_eq!(
        (after.total.minor, after.status.as_str()),
        (expected, before.status.as_str())
    );
    let stands = scene.admin.order(id).await.unwrap();
    let paid: i64 = stands.payments.iter().map(|payment| payment.amount).sum();
    assert_eq!(paid, expected, "each rise is paid once");

    // The next operation on the order, too, finds it left open and closes it first.
    to("Modifying").await;
    let confirm = ShopOperation::Confirm {
        order: before.remote.clone(),
        by: "Оксана".to_owned(),
        at: "2026-11-20T09:30:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    };
    let after = with_order(scene.shop.apply(operation(42), &confirm).await.unwrap());
    assert_eq!(
        after.stage,
        OrderStage::Confirmed,
        "confirmed and not stuck in an edit"
    );
}

#[tokio::test]
async fn an_edit_by_someone_else_is_left_alone() {
    let scene = Scene::new(12).await;
    let before = scene.order_paid_by("cash-on-delivery").await;
    let id = before.remote.as_str();
    let role = scene
        .mutate(
            "mutation { createRole(input: { code: \"clerk\", description: \"clerk\",
            permissions: [ReadOrder, UpdateOrder] }) { id } }",
        )
        .await;
    let role = role["createRole"]["id"].as_str().unwrap().to_owned();
    scene
        .mutate(&format!(
            "mutation {{ createAdministrator(input: {{ firstName: \"A\", lastName: \"B\",
                emailAddress: \"clerk\", password: \"clerk-of-the-shop\", roleIds: [\"{role}\"] }}) {{ id }} }}"
        ))
        .await;
    let endpoint = format!("{}/admin-api", scene.server.address());
    let clerk = VendureAdmin::log_in(&endpoint, ("clerk", "clerk-of-the-shop"))
        .await
        .unwrap();
    let open = format!(
        "mutation {{ transitionOrderToState(id: \"{id}\", state: \"Modifying\") {{ __typename }} }}"
    );
    clerk.graphql(&open, json!({})).await.unwrap();

    let wanted = edit(&before, vec![set(&before, 0, before.lines[0].quantity + 1)]);
    let outcome = scene.shop.apply(operation(50), &wanted).await;
    assert!(
        matches!(outcome, Err(ShopError::Conflict(_))),
        "two edits at once: {outcome:?}"
    );
    let stands = scene.admin.order(id).await.unwrap();
    assert_eq!(
        stands.state, "Modifying",
        "the clerk's edit is not taken out of the clerk's hands"
    );
    assert_eq!(stands.total_with_tax, before.total.minor);
}

#[tokio::test]
async fn a_confirmation_is_in_the_fields_and_a_note_is_there_once() {
    let scene = Scene::new(12).await;
    let order = scene.order_paid_by("cash-on-delivery").await;
    let id = order.remote.as_str();
    let confirm = ShopOperation::Confirm {
        order: order.remote.clone(),
        by: "Оксана В.".to_owned(),
        at: "2026-11-20T09:30:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    };
    let op = operation(60);
    assert!(!is_applied(&scene.shop.find(op, &confirm).await.unwrap()));
    let after = with_order(scene.shop.apply(op, &confirm).await.unwrap());
    assert_eq!(after.stage, OrderStage::Confirmed);
    assert_eq!(
        after.status, order.status,
        "the shop's state is the payment's and stays"
    );
    let fields = scene.admin.order(id).await.unwrap().custom_fields;
    assert_eq!(fields["confirmedBy"], "Оксана В.");
    assert_eq!(fields["confirmedAt"], "2026-11-20T09:30:00.000Z");
    assert_eq!(fields["callResult"], "confirmed");
    assert_eq!(
        fields["clientRef"],
        marker(op),
        "the operation can be found from the shop's side"
    );
    assert!(is_applied(&scene.shop.find(op, &confirm).await.unwrap()));
    let changed = with_order(scene.shop.apply(op, &confirm).await.unwrap()).changed_at;
    assert_eq!(changed, after.changed_at, "confirming again writes nothing");

    let other = scene
        .admin
        .order_ids()
        .await
        .unwrap()
        .into_iter()
        .find(|one| one != id)
        .unwrap();
    scene
        .mutate(&format!(
            "mutation {{ setOrderCustomFields(input: {{ id: \"{other}\", customFields: {{ clientRef: \"A-17\" }} }}) {{ id }} }}"
        ))
        .await;
    let confirm_other = ShopOperation::Confirm {
        order: RemoteId::from(other.as_str()),
        by: "Оксана В.".to_owned(),
        at: "2026-11-20T09:31:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    };
    scene
        .shop
        .apply(operation(61), &confirm_other)
        .await
        .unwrap();
    assert!(is_applied(
        &scene
            .shop
            .find(operation(61), &confirm_other)
            .await
            .unwrap()
    ));
    let fields = scene.admin.order(&other).await.unwrap().custom_fields;
    assert_eq!(
        fields["clientRef"], "A-17",
        "a reference the shop uses itself is not overwritten"
    );

    let note = ShopOperation::AddNote {
        order: order.remote.clone(),
        text: "Подзвонити <b>перед</b> доставкою".to_owned(),
    };
    let op = operation(62);
    assert!(!is_applied(&scene.shop.find(op, &note).await.unwrap()));
    for _ in 0..2 {
        assert!(is_applied(&scene.shop.apply(op, &note).await.unwrap()));
    }
    let expected = format!("Подзвонити <b>перед</b> доставкою {}", marker(op));
    assert_eq!(
        scene.admin.notes(id).await.unwrap(),
        [expected],
        "once, and as it was typed"
    );
    assert!(is_applied(&scene.shop.find(op, &note).await.unwrap()));

    let gone = ShopOperation::AddNote {
        order: RemoteId::from("9999"),
        text: String::new(),
    };
    let outcome = scene.shop.apply(operation(63), &gone).await;
    assert!(
        matches!(outcome, Err(ShopError::Gone)),
        "an order that is not there: {outcome:?}"
    );
}

#[tokio::test]
async fn an_order_is_called_off_once() {
    let scene = Scene::new(12).await;
    let order = scene.order_paid_by("cash-on-delivery").await;
    let cancel = ShopOperation::Cancel {
        order: order.remote.clone(),
        reason: "changed_mind".to_owned(),
    };
    let op = operation(70);
    assert!(!is_applied(&scene.shop.find(op, &cancel).await.unwrap()));
    let after = with_order(scene.shop.apply(op, &cancel).await.unwrap());
    assert_eq!(after.stage, OrderStage::Cancelled);
    let stands = scene.admin.order(order.remote.as_str()).await.unwrap();
    assert_eq!(
        (stands.state.as_str(), stands.total_with_tax),
        ("Cancelled", 0),
        "delivery included"
    );
    assert!(is_applied(&scene.shop.find(op, &cancel).await.unwrap()));
    assert!(
        is_applied(&scene.shop.apply(op, &cancel).await.unwrap()),
        "again is as good as once"
    );

    let confirm = ShopOperation::Confirm {
        order: order.remote.clone(),
        by: "Оксана".to_owned(),
        at: "2026-11-20T09:30:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    };
    let outcome = scene.shop.apply(operation(71), &confirm).await;
    assert!(
        matches!(outcome, Err(ShopError::Conflict(_))),
        "a cancelled order: {outcome:?}"
    );
    let wanted = edit(&order, vec![set(&order, 0, 5)]);
    let outcome = scene.shop.apply(operation(72), &wanted).await;
    assert!(
        matches!(outcome, Err(ShopError::Conflict(_))),
        "a cancelled order: {outcome:?}"
    );
}

#[tokio::test]
async fn a_shop_that_was_off_takes_up_where_it_was() {
    let mut scene = Scene::new(12).await;
    let order = scene.order_paid_by("cash-on-delivery").await;
    let note = |text: &str| ShopOperation::AddNote {
        order: order.remote.clone(),
        text: text.to_owned(),
    };
    scene
        .shop
        .apply(operation(80), &note("раніше"))
        .await
        .unwrap();
    let address = scene.server.address();

    scene.server.stop().await.unwrap();
    let off = scene.shop.apply(operation(81), &note("потім")).await;
    assert!(
        matches!(off, Err(ShopError::Unreachable)),
        "nobody answers: {off:?}"
    );
    let off = scene.shop.introduce().await;
    assert_eq!(
        off,
        Err(ShopError::Unreachable),
        "and connecting says so too"
    );

    scene.server.start_again().await.unwrap();
    assert_eq!(scene.server.address(), address, "the shop is where it was");
    scene
        .shop
        .apply(operation(81), &note("потім"))
        .await
        .unwrap();
    let admin = scene.server.admin().await.unwrap();
    let notes = admin.notes(order.remote.as_str()).await.unwrap();
    assert_eq!(
        notes.len(),
        2,
        "what was acknowledged is kept, what waited is there: {notes:?}"
    );
}

#[tokio::test]
async fn a_session_that_ended_is_begun_again() {
    let mut scene = Scene::new(12).await;
    let id = scene.admin.order_ids().await.unwrap().remove(0);
    scene.order(&id).await;
    // A shop restored from a backup knows the administrator and not the session.
    scene.server.stop().await.unwrap();
    scene.server.reset().unwrap();
    scene.server.start_again().await.unwrap();
    let refused = scene.admin.order(&id).await;
    assert!(refused.is_err(), "a token of before is worth nothing now");
    assert_eq!(
        scene.order(&id).await.remote.as_str(),
        id,
        "the connector signs in by itself"
    );
}

#[tokio::test]
async fn a_shop_without_the_fields_gets_the_confirmation_as_a_note() {
    let options = VendureOptions {
        bare: true,
        closed: true,
        ..VendureOptions::default()
    };
    let server = VendureServer::start(options).await.unwrap();
    let shop = connect(&access(&server, SUPERADMIN)).unwrap();
    let admin = server.admin().await.unwrap();
    let can = shop.introduce().await.unwrap().capabilities;
    assert!(
        !can.confirm_fields && can.private_notes,
        "a note is all there is: {can:?}"
    );
    let id = admin.order_ids().await.unwrap().remove(0);
    let confirm = ShopOperation::Confirm {
        order: RemoteId::from(id.as_str()),
        by: "Оксана".to_owned(),
        at: "2026-11-20T09:30:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    };
    let op = operation(90);
    assert!(!is_applied(&shop.find(op, &confirm).await.unwrap()));
    for _ in 0..2 {
        assert!(is_applied(&shop.apply(op, &confirm).await.unwrap()));
    }
    assert!(is_applied(&shop.find(op, &confirm).await.unwrap()));
    let expected = format!("✓ confirmed · Оксана · 2026-11-20T09:30:00Z {}", marker(op));
    assert_eq!(admin.notes(&id).await.unwrap(), [expected], "once");
}

#[tokio::test]
async fn a_shop_that_forbids_introspection_still_shows_its_fields() {
    let scene = Scene::with(VendureOptions {
        closed: true,
        ..VendureOptions::default()
    })
    .await;
    let can = scene.shop.introduce().await.unwrap().capabilities;
    assert!(
        can.confirm_fields,
        "asking for them shows that they are there"
    );
}

/// A server that has the same page for every request.
async fn start_website() -> String {
    let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
    let address = format!("http://{}", listener.local_addr().unwrap());
    tokio::spawn(async move {
        loop {
            let mut client = BufReader::new(listener.accept().await.unwrap().0);
            read_message(&mut client).await;
            let page = "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: 13\r\nconnection: close\r\n\r\n<html></html>";
            client.write_all(page.as_bytes()).await.unwrap();
        }
    });
    address
}

/// Between the connector and the shop: cuts the line once, at a chosen request.
struct Cutter {
    address: String,
    /// Requests still to pass before the cut.
    left: Arc<AtomicUsize>,
    /// Whether the shop hears the request that is cut, and only its answer is lost.
    reaches_shop: Arc<AtomicBool>,
}

impl Cutter {
    async fn new(shop: String) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        let left = Arc::new(AtomicUsize::new(usize::MAX));
        let reaches_shop = Arc::new(AtomicBool::new(false));
        let (counter, reaches) = (Arc::clone(&left), Arc::clone(&reaches_shop));
        tokio::spawn(async move {
            loop {
                let (stream, _) = listener.accept().await.unwrap();
                let (shop, counter, reaches) =
                    (shop.clone(), Arc::clone(&counter), Arc::clone(&reaches));
                tokio::spawn(async move { pass_on(stream, &shop, &counter, &reaches).await });
            }
        });
        Self {
            address,
            left,
            reaches_shop,
        }
    }

    /// Lets `passing` requests through and cuts the next one.
    fn cut_after(&self, passing: usize, reaches_shop: bool) {
        self.reaches_shop.store(reaches_shop, Ordering::SeqCst);
        self.left.store(passing, Ordering::SeqCst);
    }

    /// Whether the cut has happened.
    fn has_cut(&self) -> bool {
        self.left.load(Ordering::SeqCst) > usize::MAX / 2
    }

    fn mend(&self) {
        self.left.store(usize::MAX, Ordering::SeqCst);
    }
}

/// Serves requests of one connection until the client or the cut ends it.
async fn pass_on(
    client: TcpStream,
    shop: &str,
    left: &AtomicUsize,
    reaches_shop: &AtomicBool,
) -> Option<()> {
    let mut client = BufReader::new(client);
    let mut shop = BufReader::new(
        TcpStream::connect(shop.strip_prefix("http://")?)
            .await
            .ok()?,
    );
    loop {
        let request = read_message(&mut client).await?;
        // Counting down past zero wraps, so that only one request is cut.
        let is_cut = left.fetch_sub(1, Ordering::SeqCst) == 0;
        if is_cut && !reaches_shop.load(Ordering::SeqCst) {
            return None;
        }
        shop.write_all(&request).await.ok()?;
        let answer = read_message(&mut shop).await?;
        if is_cut {
            return None;
        }
        client.write_all(&answer).await.ok()?;
    }
}

/// Head and body of an HTTP message whose length is told.
async fn read_message(stream: &mut BufReader<TcpStream>) -> Option<Vec<u8>> {
    let mut message = Vec::new();
    let mut length = 0;
    loop {
        let start = message.len();
        if stream.read_until(b'\n', &mut message).await.ok()? == 0 {
            return None;
        }
        let line = String::from_utf8_lossy(&message[start..]).to_ascii_lowercase();
        if let Some(told) = line.strip_prefix("content-length:") {
            length = told.trim().parse().ok()?;
        }
        if line == "\r\n" {
            break;
        }
    }
    let head = message.len();
    message.resize(head + length, 0);
    stream.read_exact(&mut message[head..]).await.ok()?;
    Some(message)
}

#[tokio::test]
async fn wherever_the_line_is_cut_the_effect_is_there_once() {
    let scene = Scene::new(12).await;
    let cutter = Cutter::new(scene.server.address()).await;
    let mut access = access(&scene.server, SUPERADMIN);
    access.address.clone_from(&cutter.address);
    let shop = connect(&access).unwrap();
    shop.introduce().await.unwrap();
    let remote = scene.order_paid_by("cash-on-delivery").await.remote;
    let id = remote.as_str();
    let mut number = 100;
    let mut cuts = 0;
    // Pieces go up and down, so that payments as well as refunds are cut into.
    for (reaches_shop, more) in [(false, true), (false, false), (true, true), (true, false)] {
        for passing in 0.. {
            number += 1;
            let op = operation(number);
            let before = scene.order(id).await;
            let pieces = before.lines[1].quantity;
            let wanted = if more { pieces + 1 } else { pieces - 1 };
            let change = edit(&before, vec![set(&before, 1, wanted)]);
            cutter.cut_after(passing, reaches_shop);
            let first = shop.apply(op, &change).await;
            let was_cut = cutter.has_cut();
            cutter.mend();
            if was_cut {
                cuts += 1;
                let error = first.unwrap_err();
                assert!(
                    error.leaves_doubt(),
                    "request {passing} was cut, so nobody knows: {error:?}"
                );
            } else {
                first.unwrap();
            }
            let after = with_order(shop.apply(op, &change).await.unwrap());
            assert!(
                is_applied(&shop.find(op, &change).await.unwrap()),
                "found after cut {passing}"
            );
            let unit = before.lines[1].unit_price.minor;
            let expected = before.total.minor + if more { unit } else { -unit };
            assert_eq!(
                after.total.minor, expected,
                "cut {passing}: the total changed once"
            );
            let stands = scene.admin.order(id).await.unwrap();
            assert_eq!(
                stands.state, before.status,
                "cut {passing}: free to be shipped"
            );
            assert_eq!(
                paid(&stands),
                expected,
                "cut {passing}: paid and given back once"
            );
            if !was_cut {
                break;
            }
        }
    }
    assert!(
        cuts >= 20,
        "an edit takes several requests, and each was cut: {cuts}"
    );

    for reaches_shop in [false, true] {
        for passing in 0.. {
            number += 1;
            let op = operation(number);
            let note = ShopOperation::AddNote {
                order: remote.clone(),
                text: format!("n{number}"),
            };
            cutter.cut_after(passing, reaches_shop);
            let first = shop.apply(op, &note).await;
            let was_cut = cutter.has_cut();
            cutter.mend();
            assert_eq!(first.is_err(), was_cut, "only the cut can fail it");
            shop.apply(op, &note).await.unwrap();
            let notes = scene.admin.notes(id).await.unwrap();
            let count = notes
                .iter()
                .filter(|note| note.contains(&marker(op)))
                .count();
            assert_eq!(count, 1, "cut {passing}: the note is there once");
            if !was_cut {
                break;
            }
        }
    }
}

/// What payments still cover.
fn paid(order: &VendureOrder) -> i64 {
    let payment = |one: &testkit::vendure::VendurePayment| {
        one.amount - one.refunds.iter().map(|refund| refund.total).sum::<i64>()
    };
    order.payments.iter().map(payment).sum()
}
