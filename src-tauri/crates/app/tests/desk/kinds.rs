//! The other kinds of shops at the desk: connected with what each asks for, worked for, and told.

use crate::site::{Site, code, row_of, runtime, settled, until};
use app::Desk;
use app::view::{ErrorCode, Language, ShopInput};
use rules::id::ShopId;
use shops::ShopKind;
use testkit::retailcrm::SeedLine;
use testkit::shopify::SeedProduct;

fn input(kind: ShopKind, address: &str, secret: &str) -> ShopInput {
    ShopInput {
        kind,
        name: String::new(),
        address: address.to_owned(),
        user: String::new(),
        secret: secret.to_owned(),
        language: Language::Uk,
        zone: String::new(),
        allow_http: true,
        allow_private: true,
        certificate_authority: String::new(),
    }
}

/// Connects it, confirms its only order by phone and waits until the shop has been told.
async fn work_for(site: &Site, desk: &Desk, input: ShopInput) -> ShopId {
    let wrong = ShopInput {
        secret: "not the key".to_owned(),
        ..input.clone()
    };
    assert_eq!(
        code(desk.check_shop(wrong).await),
        ErrorCode::ShopWrongKey,
        "{:?}",
        input.kind
    );
    let kind = input.kind;
    let shop = desk.connect_shop(input).await.unwrap().id;
    let task = until(desk, "the order's task", async || {
        desk.queue(0, 10).await.unwrap().rows.into_iter().next()
    })
    .await
    .task;
    desk.take_task(task).await.unwrap();
    site.call(desk).await;
    site.confirm(desk, "Зателефонувати перед доставкою").await;
    site.pass_undo();
    settled(desk, shop).await;
    let row = row_of(desk, shop).await;
    assert_eq!(
        (row.dead, row.conflicts),
        (0, 0),
        "{kind:?}: {:?}",
        desk.shop_trouble(shop).await
    );
    let own = desk.status_table(shop).await.unwrap();
    assert!(
        own.problems.is_empty() && !own.table.statuses.is_empty(),
        "{kind:?}: the connector's own table is sound: {:?}",
        own.problems
    );
    shop
}

#[test]
fn shopify_asks_for_a_token_and_is_told() {
    let (runtime, site) = (runtime(), Site::new());
    let shelf = testkit::shopify::Shelf::new(testkit::shopify::Setup::default());
    let double = runtime
        .block_on(testkit::double::Double::start(false, shelf))
        .unwrap();
    let kettle = double.shelf().stock_product(&SeedProduct {
        title: "Чайник",
        price: 129_950,
        stock: Some(10),
    });
    let order = double.shelf().take_order(&[(&kettle, 2)]);
    site.sit_as_admin(async |desk| {
        let input = input(ShopKind::Shopify, double.address(), "shpat_desk");
        work_for(&site, &desk, input).await;
    });
    let standing = double.shelf().standing(&order).unwrap();
    assert_eq!(
        standing.note.matches("Зателефонувати").count(),
        1,
        "the note is there once: {}",
        standing.note
    );
}

#[test]
fn retailcrm_asks_for_a_key_and_is_told() {
    let (runtime, site) = (runtime(), Site::new());
    let double = runtime
        .block_on(testkit::retailcrm::start(
            testkit::retailcrm::Setup::default(),
        ))
        .unwrap();
    double.shelf().stock_product(31, "Чайник", 129_950);
    let order = double.shelf().take_order(&[SeedLine {
        offer: 31,
        quantity: 2,
        discount: 0,
    }]);
    let before = double.shelf().status(order);
    site.sit_as_admin(async |desk| {
        let input = input(
            ShopKind::Retailcrm,
            double.address(),
            testkit::retailcrm::KEY,
        );
        work_for(&site, &desk, input).await;
    });
    assert_ne!(
        double.shelf().status(order),
        before,
        "the confirmation has moved it"
    );
    let comment = double.shelf().comment_of(order);
    assert_eq!(comment.matches("Зателефонувати").count(), 1, "{comment}");
}

#[test]
fn base_asks_for_a_token_and_is_told() {
    let (runtime, site) = (runtime(), Site::new());
    let double = runtime
        .block_on(testkit::base::start(testkit::base::Setup::default()))
        .unwrap();
    double.shelf().stock_product(31, "Czajnik", 12_999);
    let order = double.shelf().take_order(&[(31, 2)]);
    site.sit_as_admin(async |desk| {
        let input = input(ShopKind::Base, double.address(), testkit::base::TOKEN);
        work_for(&site, &desk, input).await;
    });
    assert_eq!(
        double.shelf().status(order),
        testkit::base::CONFIRMED,
        "the confirmation has moved it"
    );
    let comment = double.shelf().comment_of(order);
    assert_eq!(comment.matches("Зателефонувати").count(), 1, "{comment}");
}
