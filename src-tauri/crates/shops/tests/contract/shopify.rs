//! Shopify by its double: the suite, and what only this shop has.

use crate::contract;
use crate::protocol::{operation_id, send, send_as};
use crate::rig::{Deed, Rig, Standing, Trouble};
use async_trait::async_trait;
use rules::id::RemoteId;
use rules::operation::{BaseLine, Discount, LineChange, ShopOperation, marker};
use rules::order::{Order, OrderStage};
use shops::{Access, Cursor, Effect, Shop, ShopError, ShopKind, connect};
use std::time::{Duration, Instant};
use testkit::double::Fault;
use testkit::shopify::{self as double, SeedProduct, Setup, Shelf, ShopifyDouble};

contract!(shared, ShopifyRig::new(Setup::default()));

const WRITE: (&str, &str) = ("POST", "write/");
const READ: (&str, &str) = ("POST", "read/");

const PRODUCTS: [(&str, i64); 3] = [("Kettle", 129_950), ("Iron", 85_000), ("Fan", 9_999)];

pub struct ShopifyRig {
    double: ShopifyDouble,
    products: Vec<RemoteId>,
}

impl ShopifyRig {
    pub async fn new(setup: Setup) -> Self {
        let double = ShopifyDouble::start(false, Shelf::new(setup))
            .await
            .unwrap();
        let products = PRODUCTS.map(|(title, price)| {
            RemoteId(double.shelf().stock_product(&SeedProduct {
                title,
                price,
                stock: Some(100_000),
            }))
        });
        Self {
            products: products.to_vec(),
            double,
        }
    }

    fn access(&self, token: &str) -> Access {
        Access {
            kind: ShopKind::Shopify,
            address: self.double.address().to_owned(),
            user: "app-secret".to_owned(),
            secret: token.to_owned(),
            allow_http: true,
            allow_private: true,
            certificate_authority: None,
            statuses: None,
            rate: None,
        }
    }

    fn log_of(&self, route: &str) -> usize {
        let log = self.double.log();
        log.iter().filter(|one| one.route == route).count()
    }
}

#[async_trait]
impl Rig for ShopifyRig {
    fn shop(&self) -> Box<dyn Shop> {
        connect(&self.access("shpat_desk")).unwrap()
    }

    fn product(&self, number: usize) -> RemoteId {
        self.products[number].clone()
    }

    async fn take_order(&self, pieces: [u32; 2]) -> RemoteId {
        let lines: Vec<_> = self
            .products
            .iter()
            .map(RemoteId::as_str)
            .zip(pieces)
            .collect();
        RemoteId(self.double.shelf().take_order(&lines))
    }

    async fn staff(&self, order: &RemoteId, deed: Deed) -> bool {
        let deed = match deed {
            Deed::Pieces { line, pieces } => double::Deed::Pieces { line, pieces },
            Deed::Cancel => double::Deed::Cancel,
            Deed::Touch => double::Deed::Touch,
            Deed::Note => double::Deed::Note,
            // There is no trash: an order is archived, canceled or deleted.
            Deed::Trash => return false,
            Deed::Delete => double::Deed::Delete,
        };
        self.double.shelf().staff(order.as_str(), deed)
    }

    async fn stands(&self, order: &RemoteId) -> Standing {
        let standing = self.double.shelf().standing(order.as_str()).unwrap();
        let lines = standing.lines.into_iter();
        Standing {
            lines: lines
                .map(|(variant, pieces, total)| (RemoteId(variant), pieces, total))
                .collect(),
            total: standing.total,
            adds_up: standing.adds_up,
            status: standing.status,
            notes: vec![standing.note],
            refunds: standing.refunds,
        }
    }

    async fn coupons(&self, code: &str) -> usize {
        self.double.shelf().coupons(code)
    }

    fn plan(&self, trouble: Trouble, skip: usize) -> bool {
        // Nobody but Shopify reckons its totals, and nobody can set them right: see the case below.
        if trouble == Trouble::WrongTotals {
            return false;
        }
        trouble.plan(&self.double, WRITE, READ, skip);
        true
    }

    fn forget(&self) -> bool {
        let met_nothing = !self.double.has_failed_as_planned();
        self.double.forget_faults();
        met_nothing
    }

    async fn quiet(&self) {
        self.double.settle();
    }

    async fn pass(&self, seconds: i64) {
        self.double.shelf().pass(seconds);
    }

    fn writes(&self) -> Option<usize> {
        let log = self.double.log();
        Some(
            log.iter()
                .filter(|one| one.route.starts_with(WRITE.1))
                .count(),
        )
    }
}

async fn told(shop: &dyn Shop, id: &RemoteId) -> Order {
    shop.order(id).await.unwrap().unwrap()
}

fn set(order: &Order, line: usize, quantity: u32) -> LineChange {
    LineChange::SetQuantity {
        line: order.lines[line].remote.clone(),
        quantity,
    }
}

fn edit(order: &Order, changes: Vec<LineChange>) -> ShopOperation {
    ShopOperation::EditLines {
        order: order.remote.clone(),
        base: rules::edit::base(order),
        changes,
    }
}

fn note(order: &RemoteId, text: &str) -> ShopOperation {
    ShopOperation::AddNote {
        order: order.clone(),
        text: text.to_owned(),
    }
}

/// Reads a list to its end; what came.
macro_rules! all_of {
    ($shop:expr, $list:ident, $cursor:expr) => {{
        let mut items = Vec::new();
        for _ in 0..50 {
            let page = $shop.$list(&$cursor).await.unwrap();
            $cursor = page.next;
            items.extend(page.items);
            if page.done {
                break;
            }
        }
        items
    }};
}

#[tokio::test]
async fn a_wrong_token_and_a_missing_scope_are_told_apart() {
    let without = |gone: &str| {
        let mut setup = Setup::default();
        setup.scopes.retain(|scope| *scope != gone);
        setup
    };
    let met = async |setup: Setup, token: &str| {
        let rig = ShopifyRig::new(setup).await;
        let shop = connect(&rig.access(token)).unwrap();
        shop.introduce().await
    };
    assert_eq!(
        met(Setup::default(), "shpat_wrong").await,
        Err(ShopError::WrongKey)
    );
    assert_eq!(
        met(without("read_customers"), "shpat_desk").await,
        Err(ShopError::NoReadRight("customers"))
    );
    assert_eq!(
        met(without("write_orders"), "shpat_desk").await,
        Err(ShopError::NoWriteRight)
    );
    let about = met(without("read_orders"), "shpat_desk").await.unwrap();
    assert!(about.capabilities.edit_lines, "writing holds reading");
    let about = met(without("write_order_edits"), "shpat_desk")
        .await
        .unwrap();
    assert!(!about.capabilities.edit_lines, "confirming can do without");
    let about = met(without("read_all_orders"), "shpat_desk").await.unwrap();
    assert!(
        about.software.starts_with("Shopify 2026-10") && about.software.contains("60 days"),
        "whoever connects it is told what will be missing: {}",
        about.software
    );
    assert_eq!(about.zone.as_deref(), Some("Europe/Kyiv"));
    assert_eq!(about.currency.code(), "UAH");
}

#[tokio::test]
async fn what_is_no_shopify_is_told_so() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let page = b"<html><title>Welcome</title></html>".to_vec();
    let json = b"{\"hello\":1}".to_vec();
    for (kind, body) in [("text/html", page), ("application/json", json)] {
        let header = format!("Content-Type: {kind}\r\n");
        rig.double
            .fail_next("POST", "read/Shop", Fault::Raw(header, body));
        assert_eq!(
            rig.shop().introduce().await,
            Err(ShopError::NotAShop),
            "{kind}"
        );
    }
    rig.double.fail_next("POST", "read/Shop", Fault::Page(404));
    assert_eq!(rig.shop().introduce().await, Err(ShopError::NotAShop));
    rig.double.fail_next("POST", "read/Shop", Fault::Page(503));
    assert_eq!(
        rig.shop().introduce().await,
        Err(ShopError::ShopFault { status: 503 }),
        "a shop that is down is a shop"
    );
}

#[tokio::test]
async fn old_orders_are_not_told_without_the_scope_for_all() {
    let mut setup = Setup::default();
    setup.scopes.retain(|scope| *scope != "read_all_orders");
    let rig = ShopifyRig::new(setup).await;
    let old = rig.take_order([1, 1]).await;
    rig.pass(61 * 86_400).await;
    let young = rig.take_order([1, 1]).await;
    let (shop, mut cursor) = (rig.shop(), Cursor::default());
    let orders = all_of!(shop, orders, cursor);
    assert!(orders.iter().all(|order| order.remote == young));
    let again = shop.orders_again(&[old.clone(), young]).await.unwrap();
    assert_eq!(
        (again.items.len(), again.gone.len()),
        (1, 0),
        "what is not told for its age is not gone: {old}"
    );
}

#[tokio::test]
async fn points_are_waited_for_instead_of_being_refused() {
    let rig = ShopifyRig::new(Setup {
        points: 1_000.0,
        restore: 400.0,
        ..Setup::default()
    })
    .await;
    for _ in 0..3 {
        rig.take_order([1, 1]).await;
    }
    let (shop, mut cursor) = (rig.shop(), Cursor::default());
    shop.introduce().await.unwrap();
    // Another program of the same app has spent them.
    rig.double.shelf().spend_all_points();
    let refused = shop.orders(&cursor).await.unwrap_err();
    let ShopError::Busy { retry_after } = refused else {
        panic!("the bucket is empty: {refused:?}");
    };
    let retry_after = retry_after.expect("the wait is reckoned from the points");
    assert!(
        retry_after >= Duration::from_secs(1) && retry_after < Duration::from_secs(3),
        "902 points at 400 a second: {retry_after:?}"
    );
    let started = Instant::now();
    let orders = all_of!(shop, orders, cursor);
    assert!(
        orders.len() >= 3,
        "now that it knows, it waits and is not refused"
    );
    assert!(
        started.elapsed() + Duration::from_millis(500) > retry_after,
        "it has waited: {:?}",
        started.elapsed()
    );
}

#[tokio::test]
async fn a_list_that_lags_behind_loses_nothing() {
    let rig = ShopifyRig::new(Setup {
        lag_seconds: 30,
        ..Setup::default()
    })
    .await;
    let (shop, mut cursor) = (rig.shop(), Cursor::default());
    let mut known = std::collections::BTreeSet::new();
    let mut taken = Vec::new();
    for _ in 0..8 {
        taken.push(rig.take_order([1, 0]).await);
        rig.pass(7).await;
        let orders = all_of!(shop, orders, cursor);
        known.extend(orders.into_iter().map(|order| order.remote));
    }
    rig.pass(60).await;
    let orders = all_of!(shop, orders, cursor);
    known.extend(orders.into_iter().map(|order| order.remote));
    assert!(taken.iter().all(|id| known.contains(id)));
}

#[tokio::test]
async fn a_forgotten_page_cursor_is_gone_on_from_by_date() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let mut taken = std::collections::BTreeSet::new();
    for _ in 0..30 {
        taken.insert(rig.take_order([1, 0]).await);
        rig.pass(1).await;
    }
    let (shop, mut cursor) = (rig.shop(), Cursor::default());
    let first = shop.orders(&cursor).await.unwrap();
    cursor = first.next;
    let refusal = b"{\"errors\":[{\"message\":\"Invalid cursor for current pagination sort.\",\
        \"extensions\":{\"code\":\"BAD_REQUEST\"}}]}";
    let header = "Content-Type: application/json\r\n".to_owned();
    let fault = Fault::Raw(header, refusal.to_vec());
    rig.double.fail_next("POST", "read/Orders", fault);
    let mut known: std::collections::BTreeSet<_> =
        first.items.into_iter().map(|order| order.remote).collect();
    let orders = all_of!(shop, orders, cursor);
    known.extend(orders.into_iter().map(|order| order.remote));
    assert_eq!(known, taken);
    assert!(rig.double.has_failed_as_planned(), "the cursor was refused");
}

#[tokio::test]
async fn pages_shrink_until_the_shop_bears_them() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let mut ids = Vec::new();
    for _ in 0..14 {
        ids.push(rig.take_order([1, 0]).await);
    }
    let too_dear = || {
        let refusal = b"{\"errors\":[{\"message\":\"Query cost is 1200, which exceeds the single \
            query max cost limit (1000).\",\"extensions\":{\"code\":\"MAX_COST_EXCEEDED\"}}]}";
        let header = "Content-Type: application/json\r\n".to_owned();
        Fault::Raw(header, refusal.to_vec())
    };
    let (shop, mut cursor) = (rig.shop(), Cursor::default());
    rig.double.fail_next("POST", "read/Orders", too_dear());
    let first = shop.orders(&cursor).await.unwrap();
    assert_eq!(first.items.len(), 6, "half of what was reckoned");
    cursor = first.next;
    rig.double.fail_next("POST", "read/OrdersAgain", too_dear());
    let again = shop.orders_again(&ids).await.unwrap();
    assert_eq!((again.items.len(), again.gone.len()), (14, 0));
    let mut known: std::collections::BTreeSet<_> =
        first.items.into_iter().map(|order| order.remote).collect();
    let orders = all_of!(shop, orders, cursor);
    known.extend(orders.into_iter().map(|order| order.remote));
    assert_eq!(known.len(), 14);
}

#[tokio::test]
async fn products_come_with_all_their_variants() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let sizes: Vec<String> = (0..45).map(|size| format!("Size {size}")).collect();
    let titles: Vec<&str> = sizes.iter().map(String::as_str).collect();
    rig.double.shelf().stock_variants(
        &SeedProduct {
            title: "Shirt",
            price: 50_050,
            stock: None,
        },
        &titles,
    );
    let (shop, mut cursor) = (rig.shop(), Cursor::default());
    let products = all_of!(shop, products, cursor);
    assert_eq!(
        products.len(),
        3 + 45,
        "twenty come with the product, the rest by pages"
    );
    let shirt = products
        .iter()
        .find(|one| one.name == "Shirt - Size 44")
        .unwrap();
    assert_eq!(shirt.stock, None, "not counted");
    assert_eq!(shirt.price.minor, 50_050);
    let kettle = products.iter().find(|one| one.name == "Kettle").unwrap();
    assert_eq!((kettle.stock, kettle.enabled), (Some(100_000), true));
    rig.pass(5).await;
    rig.double.shelf().hide_product("Kettle");
    let changed = all_of!(shop, products, cursor);
    assert_eq!(changed.len(), 1, "only what changed comes again");
    assert!(!changed[0].enabled, "a draft cannot be ordered");
}

#[tokio::test]
async fn customers_come_by_change() {
    let rig = ShopifyRig::new(Setup::default()).await;
    rig.double
        .shelf()
        .add_customer("Олена Коваль", "+380671112233", "o@example.com");
    let (shop, mut cursor) = (rig.shop(), Cursor::default());
    let customers = all_of!(shop, customers, cursor);
    assert_eq!(customers.len(), 1);
    assert_eq!(customers[0].name, "Олена Коваль");
    assert_eq!(customers[0].phone, "+380671112233");
    assert!(all_of!(shop, customers, cursor).is_empty());
}

#[tokio::test]
async fn an_order_of_many_lines_is_read_and_edited_whole() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let variants: Vec<String> = (0..25)
        .map(|_| {
            rig.double.shelf().stock_product(&SeedProduct {
                title: "Tile",
                price: 1_000,
                stock: None,
            })
        })
        .collect();
    let lines: Vec<_> = variants
        .iter()
        .map(|variant| (variant.as_str(), 1))
        .collect();
    let id = RemoteId(rig.double.shelf().take_order(&lines));
    let shop = rig.shop();
    let before = told(&*shop, &id).await;
    assert_eq!(before.lines.len(), 25);
    let mut cursor = Cursor::default();
    let pulled = all_of!(shop, orders, cursor);
    assert_eq!(pulled[0].lines.len(), 25, "in a list too");
    let sent = send(&rig, &*shop, &edit(&before, vec![set(&before, 24, 4)])).await;
    assert!(sent.is_done(), "{:?}", sent.died);
    assert_eq!(told(&*shop, &id).await.lines[24].quantity, 4);
}

#[tokio::test]
async fn an_edit_that_was_cut_off_leaves_nothing_and_is_begun_anew() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let id = rig.take_order([2, 1]).await;
    let shop = rig.shop();
    let before = told(&*shop, &id).await;
    rig.double
        .fail_next("POST", "write/EditCommit", Fault::CutBefore);
    let operation = edit(&before, vec![set(&before, 0, 5)]);
    let operation_id = operation_id();
    let cut = shop.apply(operation_id, &operation).await.unwrap_err();
    assert!(cut.leaves_doubt(), "{cut:?}");
    assert_eq!(rig.double.shelf().open_sessions(), 1);
    assert_eq!(
        told(&*shop, &id).await,
        before,
        "a session is not the order"
    );
    let found = shop.find(operation_id, &operation).await;
    assert!(matches!(found, Ok(Effect::Absent)), "{found:?}");
    let sent = send_as(&rig, &*shop, operation_id, &operation).await;
    assert!(sent.is_done(), "{:?}", sent.died);
    let standing = rig.double.shelf().standing(id.as_str()).unwrap();
    assert_eq!(standing.lines[0].1, 5);
    assert_eq!(
        standing.staff_notes,
        [marker(operation_id)],
        "the staff see whose edit it was, once"
    );
}

#[tokio::test]
async fn what_someone_changes_while_we_edit_is_not_written_over() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let id = rig.take_order([2, 1]).await;
    let shop = rig.shop();
    let before = told(&*shop, &id).await;
    // Nobody tells us of a change; the last look before the commit sees it.
    rig.double.fail_next(
        "POST",
        "write/EditSetQuantity",
        Fault::Delay(Duration::from_millis(300)),
    );
    let operation = edit(&before, vec![set(&before, 0, 5)]);
    let operation_id = operation_id();
    let editing = shop.apply(operation_id, &operation);
    let meanwhile = async {
        while rig.log_of("write/EditSetQuantity") == 0 {
            tokio::task::yield_now().await;
        }
        rig.pass(1).await;
        rig.staff(&id, Deed::Pieces { line: 1, pieces: 7 }).await;
    };
    let (met, ()) = tokio::join!(editing, meanwhile);
    assert!(matches!(met, Ok(Effect::Applied(_))), "{met:?}");
    assert_eq!(
        (
            rig.log_of("write/EditBegin"),
            rig.log_of("write/EditCommit")
        ),
        (2, 1),
        "the first session was left, the second holds the order as it stands"
    );
    let after = told(&*shop, &id).await;
    assert_eq!((after.lines[0].quantity, after.lines[1].quantity), (5, 7));
}

#[tokio::test]
async fn an_order_that_cannot_be_edited_says_why() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let shop = rig.shop();
    for (deed, word) in [
        (double::Deed::Archive, "Archived orders"),
        (double::Deed::Fulfill, "Fulfilled orders"),
    ] {
        let id = rig.take_order([2, 1]).await;
        let before = told(&*shop, &id).await;
        rig.double.shelf().staff(id.as_str(), deed);
        let sent = send(&rig, &*shop, &edit(&before, vec![set(&before, 0, 5)])).await;
        assert!(
            matches!(sent.error(), Some(ShopError::Refused(why)) if why.contains(word)),
            "{word}: {:?}",
            sent.died
        );
        assert_eq!(rig.log_of("write/EditBegin"), 0, "nothing is begun");
    }
    let id = rig.take_order([2, 1]).await;
    let before = told(&*shop, &id).await;
    let empty = edit(&before, vec![set(&before, 0, 0), set(&before, 1, 0)]);
    let sent = send(&rig, &*shop, &empty).await;
    assert!(
        matches!(sent.error(), Some(ShopError::Refused(why)) if why.contains("call the order off")),
        "{:?}",
        sent.died
    );
}

#[tokio::test]
async fn totals_that_come_out_wrong_are_told_and_never_passed_for_right() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let id = rig.take_order([2, 1]).await;
    let shop = rig.shop();
    let before = told(&*shop, &id).await;
    rig.double
        .fail_next("POST", "write/EditCommit", Fault::WrongTotals);
    let operation = edit(&before, vec![set(&before, 0, 5)]);
    let sent = send(&rig, &*shop, &operation).await;
    let is_told = matches!(sent.error(), Some(ShopError::Refused(why)) if why.contains("totals"));
    assert!(is_told, "{:?}", sent.died);
    let again = send_as(&rig, &*shop, sent.id, &operation).await;
    assert!(
        matches!(again.error(), Some(ShopError::Refused(_))),
        "the lines are as wanted, the sum is not: {:?}",
        again.died
    );
}

#[tokio::test]
async fn a_product_that_stands_on_another_line_gets_a_line_of_its_own_once() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let id = rig.take_order([2, 1]).await;
    let shop = rig.shop();
    let before = told(&*shop, &id).await;
    let add = LineChange::Add {
        product: rig.product(0),
        quantity: 3,
    };
    rig.double
        .fail_next("POST", "write/EditAddVariant", Fault::Duplicate);
    let operation = edit(&before, vec![add]);
    let sent = send(&rig, &*shop, &operation).await;
    assert!(sent.is_done(), "{:?}", sent.died);
    send_as(&rig, &*shop, sent.id, &operation).await;
    let standing = rig.stands(&id).await;
    let pieces: Vec<_> = standing.lines.iter().map(|line| line.1).collect();
    assert_eq!(
        pieces,
        [2, 1, 3],
        "a doubled request inside a session is seen before the commit"
    );
}

#[tokio::test]
async fn a_refusal_of_the_second_copy_is_not_taken_for_the_first() {
    let rig = ShopifyRig::new(Setup {
        sends_twice: true,
        ..Setup::default()
    })
    .await;
    let id = rig.take_order([2, 1]).await;
    let shop = rig.shop();
    let before = told(&*shop, &id).await;
    let add = LineChange::Add {
        product: rig.product(2),
        quantity: 3,
    };
    let operations = [
        edit(&before, vec![set(&before, 0, 5), add]),
        note(&id, "Просить після шостої"),
        ShopOperation::GrantCoupon {
            order: id.clone(),
            code: "SORRY-1".to_owned(),
            discount: Discount::Percent {
                basis_points: 1_000,
            },
            expires_at: None,
        },
        ShopOperation::Refund {
            order: id.clone(),
            amount: before.lines[1].unit_price,
            returned: Vec::new(),
            reason: "Пошкоджено".to_owned(),
        },
    ];
    for operation in operations {
        let sent = send(&rig, &*shop, &operation).await;
        assert!(sent.is_done(), "{}: {:?}", operation.kind(), sent.died);
    }
    let standing = rig.stands(&id).await;
    let pieces: Vec<_> = standing.lines.iter().map(|line| line.1).collect();
    assert_eq!(pieces, [5, 1, 3]);
    assert_eq!(standing.notes[0].lines().count(), 1);
    assert_eq!(rig.coupons("SORRY-1").await, 1);
    assert_eq!(standing.refunds, [PRODUCTS[1].1]);
    let cancel = ShopOperation::Cancel {
        order: id.clone(),
        reason: "changed_mind".to_owned(),
    };
    let sent = send(&rig, &*shop, &cancel).await;
    assert!(sent.is_done(), "cancel: {:?}", sent.died);
    assert_eq!(rig.stands(&id).await.status, "CANCELLED");
}

#[tokio::test]
async fn a_note_leaves_everyone_elses_text() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let id = rig.take_order([1, 1]).await;
    let shop = rig.shop();
    rig.double.shelf().remark(id.as_str(), "Подзвоніть двічі");
    let first = send(&rig, &*shop, &note(&id, "Не відповідає\nзранку")).await;
    rig.staff(&id, Deed::Note).await;
    let second = send(&rig, &*shop, &note(&id, "Просить після шостої")).await;
    let standing = rig.stands(&id).await;
    assert_eq!(
        standing.notes[0],
        format!(
            "Подзвоніть двічі\nНе відповідає / зранку {}\nPacked by Ivan\nПросить після шостої {}",
            marker(first.id),
            marker(second.id)
        )
    );
    let order = told(&*shop, &id).await;
    assert_eq!(
        order.customer_note, "Подзвоніть двічі\nPacked by Ivan",
        "what is not ours cannot be told from the customer's"
    );
    // Someone had read the text before our second line, and wrote it back after.
    rig.double
        .shelf()
        .remark(id.as_str(), "Подзвоніть двічі, код 7");
    let found = shop
        .find(second.id, &note(&id, "Просить після шостої"))
        .await;
    assert!(
        matches!(found, Ok(Effect::Absent)),
        "the loss is seen: {found:?}"
    );
    let again = note(&id, "Просить після шостої");
    send_as(&rig, &*shop, second.id, &again).await;
    assert!(rig.stands(&id).await.notes[0].starts_with("Подзвоніть двічі, код 7\n"));
}

#[tokio::test]
async fn a_confirmation_stands_in_fields_and_a_tag() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let id = rig.take_order([1, 1]).await;
    let shop = rig.shop();
    let operation = ShopOperation::Confirm {
        order: id.clone(),
        by: "Олена Коваль".to_owned(),
        at: "2026-03-02T10:00:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    };
    let sent = send(&rig, &*shop, &operation).await;
    assert!(sent.is_done(), "{:?}", sent.died);
    let standing = rig.double.shelf().standing(id.as_str()).unwrap();
    assert_eq!(standing.tags, ["confirmed"]);
    let field = |key: &str| standing.fields[&("dzvinok".to_owned(), key.to_owned())].clone();
    assert_eq!(field("confirmed_by"), "Олена Коваль");
    assert_eq!(field("confirmed_at"), "2026-03-02T10:00:00Z");
    assert_eq!(field("call_result"), "confirmed");
    assert_eq!(field("client_ref"), marker(sent.id));
    assert_eq!(standing.status, "UNFULFILLED", "no status is touched");
    assert_eq!(told(&*shop, &id).await.stage, OrderStage::Confirmed);
}

#[tokio::test]
async fn a_cancellation_waits_for_the_shops_job() {
    let rig = ShopifyRig::new(Setup {
        job_requests: 4,
        ..Setup::default()
    })
    .await;
    let id = rig.take_order([2, 1]).await;
    let shop = rig.shop();
    let stock = rig.double.shelf().stock(rig.product(0).as_str());
    let operation = ShopOperation::Cancel {
        order: id.clone(),
        reason: "too_expensive".to_owned(),
    };
    let sent = send(&rig, &*shop, &operation).await;
    assert!(sent.is_done(), "{:?}", sent.died);
    assert_eq!(rig.log_of("write/Cancel"), 1, "asked once");
    assert!(rig.log_of("read/Job") >= 2, "and waited for");
    let shelf = rig.double.shelf();
    let standing = shelf.standing(id.as_str()).unwrap();
    assert_eq!(
        standing.staff_notes,
        [format!("too_expensive {}", marker(sent.id))]
    );
    assert!(
        standing.refunds.is_empty(),
        "money goes back by an operation of its own"
    );
    assert_eq!(
        shelf.stock(rig.product(0).as_str()),
        stock.map(|stock| stock + 2),
        "the goods are free again"
    );
}

#[tokio::test]
async fn someone_elses_discount_code_is_not_taken_for_ours() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let id = rig.take_order([1, 1]).await;
    let shop = rig.shop();
    rig.double.shelf().add_discount("SORRY10", "Spring sale");
    let operation = ShopOperation::GrantCoupon {
        order: id,
        code: "sorry10".to_owned(),
        discount: Discount::Percent {
            basis_points: 1_000,
        },
        expires_at: None,
    };
    let sent = send(&rig, &*shop, &operation).await;
    assert!(
        matches!(sent.error(), Some(ShopError::Refused(why)) if why.contains("another discount")),
        "{:?}",
        sent.died
    );
}

#[tokio::test]
async fn what_comes_back_goes_into_stock() {
    let rig = ShopifyRig::new(Setup::default()).await;
    let id = rig.take_order([2, 1]).await;
    let shop = rig.shop();
    let before = told(&*shop, &id).await;
    let stock = rig.double.shelf().stock(rig.product(0).as_str());
    let operation = ShopOperation::Refund {
        order: id.clone(),
        amount: before.lines[0].unit_price,
        returned: vec![BaseLine {
            line: before.lines[0].remote.clone(),
            quantity: 1,
        }],
        reason: "Не підійшло".to_owned(),
    };
    let sent = send(&rig, &*shop, &operation).await;
    assert!(sent.is_done(), "{:?}", sent.died);
    let after = told(&*shop, &id).await;
    assert_eq!(after.lines[0].quantity, 1);
    assert_eq!(
        rig.double.shelf().stock(rig.product(0).as_str()),
        stock.map(|stock| stock + 1)
    );
}
