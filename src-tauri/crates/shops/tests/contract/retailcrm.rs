//! The rig of retailCRM.

use crate::contract;
use crate::rig::{Deed, Rig, Standing, Trouble};
use async_trait::async_trait;
use rules::id::RemoteId;
use shops::{Access, Shop, ShopKind};
use testkit::retailcrm::{KEY, RetailCrmDouble, SeedLine, Setup};

/// Offers 0, 1 and 2 of the suite.
const OFFERS: [u64; 3] = [31, 32, 33];

pub struct RetailCrm {
    double: RetailCrmDouble,
}

pub fn access(address: &str, key: &str) -> Access {
    Access {
        kind: ShopKind::Retailcrm,
        address: address.to_owned(),
        user: String::new(),
        secret: key.to_owned(),
        allow_http: true,
        allow_private: true,
        certificate_authority: None,
        statuses: None,
        // The double bears more than the real one.
        rate: Some(shops::Rate {
            requests: 1_000,
            seconds: 1,
        }),
    }
}

pub async fn rig(setup: Setup) -> RetailCrm {
    let double = testkit::retailcrm::start(setup).await.unwrap();
    for (offer, name, price) in [
        (31, "Чайник", 129_950),
        (32, "Праска", 89_900),
        (33, "Фен", 45_025),
    ] {
        double.shelf().stock_product(offer, name, price);
    }
    RetailCrm { double }
}

fn number(order: &RemoteId) -> u64 {
    order.as_str().parse().unwrap()
}

#[async_trait]
impl Rig for RetailCrm {
    fn shop(&self) -> Box<dyn Shop> {
        shops::connect(&access(self.double.address(), KEY)).unwrap()
    }

    fn product(&self, number: usize) -> RemoteId {
        RemoteId(OFFERS[number].to_string())
    }

    async fn take_order(&self, pieces: [u32; 2]) -> RemoteId {
        let lines: Vec<SeedLine> = OFFERS
            .into_iter()
            .zip(pieces)
            .filter(|(_, quantity)| *quantity > 0)
            .map(|(offer, quantity)| SeedLine {
                offer,
                quantity,
                // A discount that an edit must not lose.
                discount: if offer == 31 { 1_050 } else { 0 },
            })
            .collect();
        RemoteId(self.double.shelf().take_order(&lines).to_string())
    }

    async fn staff(&self, order: &RemoteId, deed: Deed) -> bool {
        let id = number(order);
        let mut account = self.double.shelf();
        match deed {
            Deed::Pieces { line, pieces } => account.set_pieces(id, line, pieces),
            Deed::Cancel => account.set_status(id, "no-call"),
            Deed::Touch => account.set_phone(id, "+380501112233"),
            Deed::Note => account.comment(id, "Клієнтка постійна"),
            Deed::Trash | Deed::Delete => account.delete_order(id),
        }
    }

    async fn stands(&self, order: &RemoteId) -> Standing {
        let account = self.double.shelf();
        let id = number(order);
        let (total, adds_up) = account.total(id);
        let lines = account.lines(id).into_iter().filter(|line| !line.struck);
        Standing {
            lines: lines
                .map(|line| {
                    let offer = line.offer.unwrap_or_default().to_string();
                    (RemoteId(offer), line.quantity, line.total())
                })
                .collect(),
            total,
            adds_up,
            status: account.status(id).0,
            notes: vec![account.comment_of(id)],
            refunds: Vec::new(),
        }
    }

    async fn coupons(&self, _: &str) -> usize {
        0
    }

    fn plan(&self, trouble: Trouble, skip: usize) -> bool {
        trouble.plan(
            &self.double,
            ("POST", "/api/v5/orders/"),
            ("GET", "/api/v5/orders/"),
            skip,
        );
        true
    }

    fn forget(&self) -> bool {
        let is_left = !self.double.has_failed_as_planned();
        self.double.forget_faults();
        is_left
    }

    async fn quiet(&self) {
        self.double.settle();
    }

    async fn pass(&self, seconds: i64) {
        self.double.shelf().pass(seconds);
    }

    fn writes(&self) -> Option<usize> {
        let log = self.double.log();
        Some(log.iter().filter(|one| one.method == "POST").count())
    }
}

contract!(plain, crate::retailcrm::rig(Setup::default()));

// Where what is not sent of a line is lost, and the account keeps confirmations in fields.
contract!(
    forgetful,
    crate::retailcrm::rig(Setup {
        forgets: true,
        order_fields: vec!["confirmed_by", "confirmed_at", "call_result", "client_ref"],
        ..Setup::default()
    })
);

mod own {
    use super::{access, number, rig};
    use crate::rig::Rig;
    use rules::id::RemoteId;
    use rules::operation::{LineChange, ShopOperation, marker};
    use rules::order::{Order, OrderStage};
    use rules::status::{Status, StatusTable};
    use shops::{Cursor, Shop, ShopError};
    use std::collections::{BTreeMap, BTreeSet};
    use testkit::double::Fault;
    use testkit::retailcrm::{KEY, SeedLine, Setup};

    /// Orders as they came, and what was gone.
    #[derive(Default)]
    struct Told {
        cursor: Cursor,
        orders: Vec<Order>,
        gone: BTreeSet<RemoteId>,
    }

    impl Told {
        /// Reads until nothing more is there; what came this time.
        async fn poll(&mut self, shop: &dyn Shop) -> Vec<RemoteId> {
            let start = self.orders.len();
            for _ in 0..50 {
                let page = shop.orders(&self.cursor).await.unwrap();
                self.cursor = page.next;
                self.orders.extend(page.items);
                self.gone.extend(page.gone);
                if page.done {
                    let fresh = &self.orders[start..];
                    return fresh.iter().map(|order| order.remote.clone()).collect();
                }
            }
            panic!("the pull comes to no end");
        }
    }

    fn seed(quantity: u32) -> [SeedLine; 1] {
        [SeedLine {
            offer: 31,
            quantity,
            discount: 0,
        }]
    }

    async fn refusal(setup: Setup, key: &str) -> ShopError {
        let account = rig(setup).await;
        let shop = shops::connect(&access(account.double.address(), key)).unwrap();
        shop.introduce().await.unwrap_err()
    }

    #[tokio::test]
    async fn a_key_that_will_not_do_is_told_apart() {
        let without = |scope: &str| {
            let mut setup = Setup::default();
            setup.scopes.retain(|one| *one != scope);
            setup
        };
        assert_eq!(
            refusal(Setup::default(), "other").await,
            ShopError::WrongKey
        );
        assert_eq!(
            refusal(without("order_write"), KEY).await,
            ShopError::NoWriteRight
        );
        assert_eq!(
            refusal(without("order_read"), KEY).await,
            ShopError::NoReadRight("orders")
        );
        assert_eq!(
            refusal(without("store_read"), KEY).await,
            ShopError::NoReadRight("products")
        );
        let account = rig(Setup::default()).await;
        account
            .double
            .fail_next("GET", "/api/credentials", Fault::Page(405));
        assert_eq!(
            account.shop().introduce().await.unwrap_err(),
            ShopError::NotAShop,
            "an account that does not exist answers with a page"
        );
        let too_many = Fault::Refuse(503, "Service Temporarily Unavailable");
        account
            .double
            .fail_next("GET", "/api/v5/settings", too_many);
        assert_eq!(
            account.shop().introduce().await.unwrap_err(),
            ShopError::Busy { retry_after: None },
            "too many requests in a second"
        );
    }

    #[tokio::test]
    async fn any_page_of_the_account_is_its_address() {
        let account = rig(Setup::default()).await;
        let typed = format!("{}/orders/12/edit", account.double.address());
        let shop = shops::connect(&access(&typed, KEY)).unwrap();
        let about = shop.introduce().await.unwrap();
        assert_eq!(about.name, "Крамниця", "of the shop that the key is for");
        assert_eq!(about.zone.as_deref(), Some("Europe/Kyiv"));
        assert_eq!(about.capabilities.rate.requests, 10);
    }

    #[tokio::test]
    async fn orders_deleted_while_the_list_is_read_hide_no_others() {
        let account = rig(Setup::default()).await;
        let mut ids = Vec::new();
        for _ in 0..250 {
            ids.push(account.double.shelf().take_order(&seed(1)));
            account.double.shelf().pass(1);
        }
        let shop = account.shop();
        let mut told = Told::default();
        let first = shop.orders(&told.cursor).await.unwrap();
        assert_eq!(first.items.len(), 100);
        told.cursor = first.next;
        told.orders.extend(first.items);
        // Of the newest, so that all that is still to be read moves up.
        for id in ids.iter().rev().take(30) {
            account.double.shelf().delete_order(*id);
        }
        told.poll(&*shop).await;
        let known: BTreeSet<u64> = told.orders.iter().map(|one| number(&one.remote)).collect();
        let missing: Vec<_> = ids.iter().filter(|id| !known.contains(id)).collect();
        assert_eq!(missing, [&0_u64; 0], "every order was read");
        assert_eq!(told.gone.len(), 30, "and the log tells of the deleted ones");
    }

    #[tokio::test]
    async fn an_order_joined_into_another_is_gone_and_the_other_has_changed() {
        let account = rig(Setup::default()).await;
        let (one, other) = {
            let mut shelf = account.double.shelf();
            (shelf.take_order(&seed(1)), shelf.take_order(&seed(2)))
        };
        let shop = account.shop();
        let mut told = Told::default();
        told.poll(&*shop).await;
        account.double.shelf().join_orders(one, other);
        let fresh = told.poll(&*shop).await;
        assert_eq!(fresh, [RemoteId(other.to_string())]);
        assert_eq!(told.gone, BTreeSet::from([RemoteId(one.to_string())]));
        assert_eq!(told.orders.last().unwrap().lines.len(), 2);
    }

    #[tokio::test]
    async fn an_entry_of_the_log_that_is_stored_late_is_read() {
        let account = rig(Setup::default()).await;
        let (one, other) = {
            let mut shelf = account.double.shelf();
            (shelf.take_order(&seed(1)), shelf.take_order(&seed(2)))
        };
        let shop = account.shop();
        let mut told = Told::default();
        told.poll(&*shop).await;
        let number = account.double.shelf().newest_entry() + 1;
        account.double.shelf().set_pieces(one, 0, 5);
        told.poll(&*shop).await;
        told.poll(&*shop).await;
        account.double.shelf().log_late(other, number);
        assert_eq!(
            told.poll(&*shop).await,
            [RemoteId(other.to_string())],
            "its number is lower than one already read"
        );
    }

    #[tokio::test]
    async fn a_list_that_answers_late_is_compared_once_more() {
        let account = rig(Setup::default()).await;
        let id = account.double.shelf().take_order(&seed(1));
        let shop = account.shop();
        let mut told = Told::default();
        told.poll(&*shop).await;
        // The log knows of the change, the list of orders does not yet.
        account
            .double
            .fail_nth(1, "GET", "/api/v5/orders", Fault::Stale);
        account.double.shelf().set_pieces(id, 0, 5);
        told.poll(&*shop).await;
        told.poll(&*shop).await;
        assert!(account.double.has_failed_as_planned());
        assert_eq!(told.orders.last().unwrap().lines[0].quantity, 5);
        assert_eq!(told.poll(&*shop).await, [], "and is then at rest");
    }

    #[tokio::test]
    async fn customers_follow_their_own_log() {
        let account = rig(Setup::default()).await;
        let (one, other) = {
            let mut shelf = account.double.shelf();
            (
                shelf.register_customer("Олена Коваль"),
                shelf.register_customer("Іван Мельник"),
            )
        };
        let shop = account.shop();
        let mut cursor = Cursor::default();
        let mut known = BTreeMap::new();
        let mut gone = Vec::new();
        for step in 0..3 {
            loop {
                let page = shop.customers(&cursor).await.unwrap();
                cursor = page.next;
                gone.extend(page.gone);
                for customer in page.items {
                    known.insert(customer.remote.clone().unwrap(), customer.name);
                }
                if page.done {
                    break;
                }
            }
            let mut shelf = account.double.shelf();
            match step {
                0 => shelf.rename_customer(one, "Олена Шевчук"),
                _ => shelf.join_customers(other, one),
            }
        }
        assert_eq!(known[&RemoteId(one.to_string())], "Олена Шевчук");
        assert_eq!(gone, [RemoteId(other.to_string())]);
    }

    #[tokio::test]
    async fn a_price_that_moves_no_date_is_met_in_turn() {
        let account = rig(Setup::default()).await;
        let shop = account.shop();
        let mut cursor = Cursor::default();
        let mut prices = BTreeMap::new();
        for step in 0..3 {
            let page = shop.products(&cursor).await.unwrap();
            cursor = page.next;
            assert!(page.done, "a small catalogue is one page");
            for product in page.items {
                prices.insert(product.remote.clone(), product.price.minor);
            }
            account.double.shelf().pass(3600);
            account.double.shelf().reprice(31, 100 + step, step == 1);
        }
        assert_eq!(prices[&RemoteId::from("31")], 101);
        assert_eq!(prices[&RemoteId::from("32")], 89_900);
    }

    #[tokio::test]
    async fn what_is_not_for_sale_is_not_added() {
        let account = rig(Setup::default()).await;
        let id = account.take_order([1, 1]).await;
        let shop = account.shop();
        let before = shop.order(&id).await.unwrap().unwrap();
        account.double.shelf().withdraw_product(33);
        for (product, why) in [("33", "not for sale"), ("77", "gone"), ("x", "unknown")] {
            let operation = ShopOperation::EditLines {
                order: id.clone(),
                base: rules::edit::base(&before),
                changes: vec![LineChange::Add {
                    product: product.into(),
                    quantity: 1,
                }],
            };
            let met = shop
                .apply(crate::protocol::operation_id(), &operation)
                .await;
            assert_eq!(
                met.map(|_| ()),
                Err(ShopError::Refused(format!("product {product}: {why}")))
            );
        }
        assert_eq!(
            account.stands(&id).await.lines.len(),
            2,
            "nothing is written"
        );
    }

    #[tokio::test]
    async fn a_struck_out_line_survives_an_edit_and_a_doubled_note_does_not() {
        let account = rig(Setup::default()).await;
        let id = account.take_order([2, 1]).await;
        account.double.shelf().strike_line(number(&id), 1);
        let shop = account.shop();
        let before = shop.order(&id).await.unwrap().unwrap();
        assert_eq!(before.lines.len(), 1, "it counts for nothing");
        let operation = ShopOperation::EditLines {
            order: id.clone(),
            base: rules::edit::base(&before),
            changes: vec![LineChange::SetQuantity {
                line: before.lines[0].remote.clone(),
                quantity: 3,
            }],
        };
        shop.apply(crate::protocol::operation_id(), &operation)
            .await
            .unwrap();
        let lines = account.double.shelf().lines(number(&id));
        assert!(
            lines.len() == 2 && lines[1].struck,
            "the staff's line stays: {lines:?}"
        );
        assert_eq!(lines[0].discount, 1_050, "so does the discount");

        let note = ShopOperation::AddNote {
            order: id.clone(),
            text: "подзвонити о шостій".to_owned(),
        };
        let sent = crate::protocol::operation_id();
        shop.apply(sent, &note).await.unwrap();
        let once = account.double.shelf().comment_of(number(&id));
        let twice = format!("{once}\nвід складу\n{once}");
        account.double.shelf().set_comment(number(&id), &twice);
        assert_eq!(shop.sweep(sent, &note).await, Ok(1));
        let left = account.double.shelf().comment_of(number(&id));
        assert_eq!(left, format!("{once}\nвід складу"));
        assert_eq!(left.matches(&marker(sent)).count(), 1);
    }

    #[tokio::test]
    async fn the_admins_table_holds() {
        let account = rig(Setup::default()).await;
        let id = account.take_order([1, 1]).await;
        let status = |word: &str, stage| Status {
            word: word.to_owned(),
            name: word.to_owned(),
            stage,
        };
        let table = StatusTable::usual(
            vec![
                status("new", OrderStage::New),
                status("assembling", OrderStage::Confirmed),
            ],
            Some("assembling".to_owned()),
            None,
        );
        let mut own = access(account.double.address(), KEY);
        own.statuses = Some(table);
        let shop = shops::connect(&own).unwrap();
        assert!(!shop.introduce().await.unwrap().capabilities.cancel);
        let confirm = ShopOperation::Confirm {
            order: id.clone(),
            by: "Олена".to_owned(),
            at: "2026-03-02T10:00:00Z".parse().unwrap(),
            result: "confirmed".to_owned(),
        };
        shop.apply(crate::protocol::operation_id(), &confirm)
            .await
            .unwrap();
        let (status, _) = account.double.shelf().status(number(&id));
        assert_eq!(status, "assembling");
        let comment = account.double.shelf().comment_of(number(&id));
        assert!(
            comment.contains("Олена · 2026-03-02 12:00:00"),
            "the moment is told by the account's clock: {comment}"
        );
        let cancel = ShopOperation::Cancel {
            order: id.clone(),
            reason: "changed_mind".to_owned(),
        };
        let met = shop.apply(crate::protocol::operation_id(), &cancel).await;
        assert!(matches!(met, Err(ShopError::Unsupported(_))), "{met:?}");
    }
}
