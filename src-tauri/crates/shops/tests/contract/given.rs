//! Any real shop, given by the environment:
//!
//! - `DZVINOK_SHOP_KIND` (`woocommerce`, `vendure`, `shopify`, `retailcrm`, `base`), `DZVINOK_SHOP_ADDRESS`,
//!   `DZVINOK_SHOP_USER`, `DZVINOK_SHOP_SECRET`;
//! - `DZVINOK_SHOP_CA_FILE`, a certificate authority to trust, PEM; `DZVINOK_SHOP_ALLOW_HTTP` and
//!   `DZVINOK_SHOP_ALLOW_PRIVATE`, set to anything;
//! - `DZVINOK_SHOP_ORDERS`, how many of its newest open orders may be changed (5);
//! - `DZVINOK_SHOP_EDITS`, how many edits each side makes (2,000), see [`crate::agree`].
//!
//! It must be a shop made for trying: orders are changed, confirmed and called off. `WooCommerce` has the
//! whole suite run over it, on orders and products made for that through its own interface; the others
//! what can be seen through the connector alone. A run may take longer than nextest grants a test:
//! `cargo test -p shops --test contract given -- --nocapture`.

use crate::protocol::{operation_id, send, send_as};
use crate::rig::{Deed, Rig, Standing, Trouble};
use crate::staff::{FarRig, Place};
use crate::woocommerce::WooRig;
use crate::{agree, suite};
use async_trait::async_trait;
use rules::id::RemoteId;
use rules::operation::{LineChange, ShopOperation};
use rules::order::{Order, OrderStage};
use shops::{Access, Cursor, Effect, Shop, ShopKind, connect};
use std::time::Duration;
use testkit::double::{Double, Passing};
use testkit::woo::Storage;

fn said(name: &str) -> Option<String> {
    let value = std::env::var(format!("DZVINOK_SHOP_{name}")).ok()?;
    (!value.is_empty()).then_some(value)
}

fn number(name: &str, otherwise: usize) -> usize {
    said(name).map_or(otherwise, |text| text.parse().expect("a number"))
}

fn given() -> Option<Access> {
    let word = said("KIND")?;
    let kind = ShopKind::ALL.into_iter().find(|kind| kind.word() == word);
    Some(Access {
        kind: kind.expect("a kind of shop"),
        address: said("ADDRESS").expect("DZVINOK_SHOP_ADDRESS"),
        user: said("USER").unwrap_or_default(),
        secret: said("SECRET").expect("DZVINOK_SHOP_SECRET"),
        allow_http: said("ALLOW_HTTP").is_some(),
        allow_private: said("ALLOW_PRIVATE").is_some(),
        certificate_authority: said("CA_FILE")
            .map(|path| std::fs::read_to_string(path).expect("a certificate authority")),
        statuses: None,
        rate: None,
    })
}

fn place(access: &Access) -> Place {
    Place {
        address: access.address.clone(),
        user: access.user.clone(),
        secret: access.secret.clone(),
        authority: access.certificate_authority.clone(),
        pause: Duration::from_millis(1_100),
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_given_shop_holds_to_the_contract() {
    let Some(access) = given() else { return };
    through_the_connector_alone(&access, number("ORDERS", 5)).await;
    if access.kind == ShopKind::Woocommerce {
        let rig = FarRig::new(place(&access)).await;
        suite::calm(&rig).await;
        suite::trouble_with_lines(&rig).await;
        suite::trouble_with_the_rest(&rig).await;
    }
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn the_given_shop_and_the_desk_agree() {
    let Some(access) = given() else { return };
    if access.kind == ShopKind::Woocommerce {
        let rig = FarRig::new(place(&access)).await;
        agree::agree(&rig, number("EDITS", 2_000), 1).await;
    }
}

/// What a given shop is put through, tried on a double: the way to a far shop, too, must be right.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn a_shop_that_is_only_told_of_is_put_through_it_as_well() {
    let near = WooRig::new(Storage::HighPerformance).await;
    for _ in 0..5 {
        near.take_order([2, 1]).await;
    }
    through_the_connector_alone(&near.access(), 5).await;
    let far = FarRig::new(near.place()).await;
    suite::calm(&far).await;
    suite::trouble_with_an_addition(&far).await;
    suite::trouble_with_a_note(&far).await;
    suite::trouble_with_a_refund(&far).await;
}

/// The way to a shop of which nothing is known but what the connector tells.
struct Blind {
    access: Access,
    way: Double<Passing>,
}

#[async_trait]
impl Rig for Blind {
    fn shop(&self) -> Box<dyn Shop> {
        connect(&self.access).unwrap()
    }

    fn product(&self, _: usize) -> RemoteId {
        unreachable!("nothing is known of its products")
    }

    async fn take_order(&self, _: [u32; 2]) -> RemoteId {
        unreachable!("its orders are its customers'")
    }

    async fn staff(&self, _: &RemoteId, _: Deed) -> bool {
        false
    }

    async fn stands(&self, _: &RemoteId) -> Standing {
        unreachable!("only the connector sees it")
    }

    async fn coupons(&self, _: &str) -> usize {
        unreachable!("only the connector sees them")
    }

    fn plan(&self, trouble: Trouble, skip: usize) -> bool {
        self.way.fail_nth(skip, "*", "", trouble.fault());
        true
    }

    fn forget(&self) -> bool {
        let had_more = !self.way.has_failed_as_planned();
        self.way.forget_faults();
        had_more
    }

    async fn quiet(&self) {
        tokio::task::block_in_place(|| self.way.settle());
    }

    async fn pass(&self, _: i64) {}

    fn writes(&self) -> Option<usize> {
        None
    }
}

/// Uses the trait and nothing else, on the newest open orders of the shop.
async fn through_the_connector_alone(access: &Access, count: usize) {
    let way = Passing::to(&access.address, access.certificate_authority.as_deref());
    let way = way.expect("an address");
    let is_tls = access.address.starts_with("https");
    let way = Double::start(is_tls, way).await.unwrap();
    let mut access = access.clone();
    way.address().clone_into(&mut access.address);
    access.certificate_authority = way.certificate();
    let rig = Blind { access, way };
    let shop = rig.shop();
    let about = shop.introduce().await.expect("it introduces itself");
    let mut orders: Vec<Order> = Vec::new();
    let mut cursor = Cursor::default();
    for _ in 0..50 {
        let page = shop.orders(&cursor).await.expect("a page of orders");
        let is_open =
            |order: &Order| matches!(order.stage, OrderStage::New) && !order.lines.is_empty();
        orders.extend(page.items.into_iter().filter(is_open));
        cursor = page.next;
        if page.done || orders.len() >= count {
            break;
        }
    }
    orders.truncate(count);
    assert!(!orders.is_empty(), "it has an open order to work on");
    for (turn, order) in orders.iter().enumerate() {
        let skip = turn % 4;
        let cut = [
            Trouble::CutAfter,
            Trouble::CutBefore,
            Trouble::FailAfter,
            Trouble::TooMany,
            Trouble::CutMidBody,
        ];
        for (operation, trouble) in operations(order, &about.capabilities).iter().zip(cut) {
            let kind = operation.kind();
            let id = operation_id();
            let looked = shop.find(id, operation).await;
            assert!(
                matches!(looked, Ok(Effect::Absent)),
                "{kind} is not there: {looked:?}"
            );
            rig.plan(trouble, skip);
            let sent = send_as(&rig, &*shop, id, operation).await;
            rig.forget();
            rig.quiet().await;
            assert!(sent.is_done(), "{kind} gets through: {:?}", sent.died);
            let looked = shop.find(id, operation).await;
            assert!(
                matches!(looked, Ok(Effect::Applied(_))),
                "{kind} is there: {looked:?}"
            );
            shop.sweep(id, operation).await.expect("a sweep");
            let again = shop.sweep(id, operation).await;
            assert_eq!(again, Ok(0), "{kind} stands once");
        }
        let now = shop.order(&order.remote).await.unwrap().unwrap();
        let read = shop.orders_again(std::slice::from_ref(&order.remote));
        let read = read.await.unwrap();
        assert_eq!(
            read.items,
            std::slice::from_ref(&now),
            "read again it is the same"
        );
        if about.capabilities.edit_lines {
            assert_eq!(
                now.lines[0].quantity,
                order.lines[0].quantity + 1,
                "one piece more"
            );
            let more = now.total.minor - order.total.minor;
            let unit = now.lines[0].unit_price.minor;
            assert!(
                (more - unit).abs() <= 2,
                "one piece more costs {unit}, the total rose by {more}"
            );
            // Someone who saw the order before that edit is told of it.
            let stale = edit(order, order.lines[0].quantity + 2);
            let sent = send(&rig, &*shop, &stale).await;
            assert!(!sent.is_done(), "an overtaken edit goes to a person");
        }
    }
}

fn edit(order: &Order, quantity: u32) -> ShopOperation {
    ShopOperation::EditLines {
        order: order.remote.clone(),
        base: rules::edit::base(order),
        changes: vec![LineChange::SetQuantity {
            line: order.lines[0].remote.clone(),
            quantity,
        }],
    }
}

fn operations(order: &Order, can: &shops::Capabilities) -> Vec<ShopOperation> {
    let mut operations = Vec::new();
    if can.edit_lines {
        operations.push(edit(order, order.lines[0].quantity + 1));
    }
    operations.push(ShopOperation::Confirm {
        order: order.remote.clone(),
        by: "Dzvinok".to_owned(),
        at: "2026-03-02T10:00:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    });
    if can.private_notes {
        operations.push(ShopOperation::AddNote {
            order: order.remote.clone(),
            text: "Dzvinok".to_owned(),
        });
    }
    operations
}
