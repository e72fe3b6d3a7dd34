//! The rig of Base.com.

use crate::contract;
use crate::rig::{Deed, Rig, Standing, Trouble};
use async_trait::async_trait;
use rules::id::RemoteId;
use shops::{Access, Shop, ShopKind};
use testkit::base::{BaseDouble, CANCELLED, NEW, Setup, TOKEN};

/// Products 0, 1 and 2 of the suite; the last is a variant.
const PRODUCTS: [&str; 3] = ["31", "32", "33/34"];

pub struct Base {
    double: BaseDouble,
    has_journal: bool,
}

pub fn access(address: &str, token: &str) -> Access {
    Access {
        kind: ShopKind::Base,
        address: address.to_owned(),
        user: String::new(),
        secret: token.to_owned(),
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

pub async fn rig(setup: Setup) -> Base {
    let has_journal = setup.journal;
    let double = testkit::base::start(setup).await.unwrap();
    {
        let mut shelf = double.shelf();
        shelf.stock_product(31, "Czajnik", 12_999);
        shelf.stock_product(32, "Żelazko", 8_950);
        shelf.stock_product(33, "Koszulka", 4_000);
        shelf.stock_variant(34, 33, "Koszulka M", 4_525);
    }
    Base {
        double,
        has_journal,
    }
}

fn number(order: &RemoteId) -> u64 {
    order.as_str().parse().unwrap()
}

#[async_trait]
impl Rig for Base {
    fn shop(&self) -> Box<dyn Shop> {
        shops::connect(&access(self.double.address(), TOKEN)).unwrap()
    }

    fn product(&self, number: usize) -> RemoteId {
        RemoteId::from(PRODUCTS[number])
    }

    async fn take_order(&self, pieces: [u32; 2]) -> RemoteId {
        let lines: Vec<(u64, u32)> = [31, 32]
            .into_iter()
            .zip(pieces)
            .filter(|(_, quantity)| *quantity > 0)
            .collect();
        RemoteId(self.double.shelf().take_order(&lines).to_string())
    }

    async fn staff(&self, order: &RemoteId, deed: Deed) -> bool {
        let id = number(order);
        let mut account = self.double.shelf();
        match deed {
            Deed::Pieces { line, pieces } => account.set_pieces(id, line, pieces),
            Deed::Cancel => account.set_status(id, CANCELLED),
            Deed::Touch => account.set_phone(id, "+48501112233"),
            Deed::Note => account.comment(id, "Stały klient"),
            // Only the journal tells of it.
            Deed::Trash => self.has_journal && account.delete_order(id),
            Deed::Delete => account.delete_order(id),
        }
    }

    async fn stands(&self, order: &RemoteId) -> Standing {
        let account = self.double.shelf();
        let id = number(order);
        let lines = account.lines(id).into_iter().map(|line| {
            let product = match line.product {
                (product, Some(variant)) => format!("{product}/{variant}"),
                (product, None) => product.to_string(),
            };
            (RemoteId(product), line.quantity, line.total())
        });
        Standing {
            lines: lines.collect(),
            total: account.total(id),
            // It is reckoned whenever somebody asks.
            adds_up: true,
            status: account.status(id).to_string(),
            notes: vec![account.comment_of(id)],
            refunds: Vec::new(),
        }
    }

    async fn coupons(&self, _: &str) -> usize {
        0
    }

    fn plan(&self, trouble: Trouble, skip: usize) -> bool {
        let read = ("POST", "read/getOrders");
        trouble.plan(&self.double, ("POST", "write/"), read, skip);
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
        let writes = log.iter().filter(|one| one.route.starts_with("write/"));
        Some(writes.count())
    }
}

contract!(plain, crate::base::rig(Setup::default()));

// An account as it is born: no journal, and no status that says "confirmed".
contract!(
    bare,
    crate::base::rig(Setup {
        statuses: vec![
            (NEW, "Nowe zamówienia"),
            (6603, "Do wysłania"),
            (6604, "Wysłane"),
            (CANCELLED, "Anulowane"),
        ],
        journal: false,
        ..Setup::default()
    })
);

mod own {
    use super::{access, number, rig};
    use crate::rig::Rig;
    use rules::id::RemoteId;
    use rules::operation::{LineChange, ShopOperation, marker};
    use rules::order::Order;
    use shops::{Cursor, Shop, ShopError};
    use std::collections::BTreeSet;
    use std::time::Duration;
    use testkit::base::{Setup, TOKEN};

    /// Orders as they came, and what was gone.
    #[derive(Default)]
    struct Told {
        cursor: Cursor,
        orders: Vec<Order>,
        gone: BTreeSet<RemoteId>,
    }

    impl Told {
        /// Reads until nothing more is there; what came this time.
        async fn poll(&mut self, shop: &dyn Shop) -> Vec<u64> {
            let start = self.orders.len();
            for _ in 0..200 {
                let page = shop.orders(&self.cursor).await.unwrap();
                self.cursor = page.next;
                self.orders.extend(page.items);
                self.gone.extend(page.gone);
                if page.done {
                    let fresh = &self.orders[start..];
                    return fresh.iter().map(|order| number(&order.remote)).collect();
                }
            }
            panic!("the pull comes to no end");
        }
    }

    fn id(number: u64) -> RemoteId {
        RemoteId(number.to_string())
    }

    #[tokio::test]
    async fn a_token_that_will_not_do_is_told_apart() {
        let account = rig(Setup::default()).await;
        let other = shops::connect(&access(account.double.address(), "other")).unwrap();
        assert_eq!(other.introduce().await.unwrap_err(), ShopError::WrongKey);
        let narrow = rig(Setup {
            forbidden: vec!["getOrders", "setOrderFields"],
            ..Setup::default()
        })
        .await;
        assert_eq!(
            narrow.shop().introduce().await.unwrap_err(),
            ShopError::NoReadRight("orders")
        );
        let busy = rig(Setup {
            limit: Some(2),
            ..Setup::default()
        })
        .await;
        assert_eq!(
            busy.shop().introduce().await.unwrap_err(),
            ShopError::Busy {
                retry_after: Some(Duration::from_mins(2))
            },
            "the token is blocked until a moment of the clock in Poland"
        );
    }

    #[test]
    fn without_an_address_it_is_base_coms_own() {
        let mut own = access("", TOKEN);
        (own.allow_http, own.allow_private) = (false, false);
        assert!(shops::connect(&own).is_ok());
    }

    #[tokio::test]
    async fn many_orders_come_newest_first_though_they_are_listed_oldest_first() {
        let account = rig(Setup::default()).await;
        let mut ids = Vec::new();
        for order in 0..450 {
            ids.push(account.double.shelf().take_order(&[(31, 1)]));
            // Busy days and quiet weeks.
            let pause = if order % 90 == 89 { 1_000_000 } else { 400 };
            account.double.shelf().pass(pause);
        }
        let shop = account.shop();
        let mut told = Told::default();
        // As far as the import goes; then some come again, for the list is read from before the newest.
        let mut import = Vec::new();
        for _ in 0..200 {
            let page = shop.orders(&told.cursor).await.unwrap();
            told.cursor = page.next;
            import.extend(page.items.iter().map(|order| number(&order.remote)));
            if told.cursor.0.contains("changes") {
                break;
            }
        }
        ids.reverse();
        assert_eq!(import, ids, "each once, the newest first");
        told.poll(&*shop).await;
        assert_eq!(
            told.poll(&*shop).await,
            [0_u64; 0],
            "and then it is at rest"
        );
    }

    #[tokio::test]
    async fn a_second_with_more_orders_than_an_answer_holds_is_read_whole() {
        let account = rig(Setup::default()).await;
        let mut ids = BTreeSet::new();
        ids.insert(account.double.shelf().take_order(&[(31, 1)]));
        account.double.shelf().pass(86_400);
        for _ in 0..230 {
            ids.insert(account.double.shelf().take_order(&[(31, 1)]));
        }
        account.double.shelf().pass(86_400);
        let shop = account.shop();
        let mut told = Told::default();
        told.poll(&*shop).await;
        let known: BTreeSet<u64> = told.orders.iter().map(|one| number(&one.remote)).collect();
        assert_eq!(known, ids);
        for _ in 0..150 {
            ids.insert(account.double.shelf().take_order(&[(31, 1)]));
        }
        told.poll(&*shop).await;
        let known: BTreeSet<u64> = told.orders.iter().map(|one| number(&one.remote)).collect();
        assert_eq!(known, ids, "also while changes are followed");
    }

    #[tokio::test]
    async fn after_an_absence_longer_than_the_journal_reaches_young_orders_are_read_again() {
        let account = rig(Setup::default()).await;
        let young = account.double.shelf().take_order(&[(31, 1)]);
        let shop = account.shop();
        let mut told = Told::default();
        told.poll(&*shop).await;
        account.double.shelf().set_pieces(young, 0, 7);
        account.double.shelf().pass(4 * 86_400);
        let fresh = account.double.shelf().take_order(&[(31, 1)]);
        let came: BTreeSet<u64> = told.poll(&*shop).await.into_iter().collect();
        assert_eq!(
            came,
            BTreeSet::from([young, fresh]),
            "the journal has forgotten the change"
        );
    }

    #[tokio::test]
    async fn a_basket_is_told_once_it_is_an_order_and_joined_orders_are_gone() {
        let account = rig(Setup::default()).await;
        let shop = account.shop();
        let mut told = Told::default();
        let (basket, one, other) = {
            let mut shelf = account.double.shelf();
            (
                shelf.begin_order(&[(31, 1)]),
                shelf.take_order(&[(31, 1)]),
                shelf.take_order(&[(32, 1)]),
            )
        };
        let first: BTreeSet<u64> = told.poll(&*shop).await.into_iter().collect();
        assert_eq!(first, BTreeSet::from([one, other]));
        account.double.shelf().place_order(basket);
        assert_eq!(told.poll(&*shop).await, [basket]);
        account.double.shelf().join_orders(one, other);
        let came: BTreeSet<u64> = told.poll(&*shop).await.into_iter().collect();
        assert_eq!(came, BTreeSet::from([other]));
        assert_eq!(told.gone, BTreeSet::from([id(one)]), "the basket never was");
    }

    #[tokio::test]
    async fn the_journal_may_be_switched_on_later() {
        let account = rig(Setup {
            journal: false,
            ..Setup::default()
        })
        .await;
        let old = account.double.shelf().take_order(&[(31, 1)]);
        account.double.shelf().pass(10 * 3600);
        let shop = account.shop();
        let mut told = Told::default();
        told.poll(&*shop).await;
        account.double.shelf().take_order(&[(31, 1)]);
        told.poll(&*shop).await;
        account.double.shelf().pass(3 * 3600);
        account.double.shelf().set_pieces(old, 0, 4);
        let now = account.double.shelf().take_order(&[(31, 1)]);
        assert_eq!(told.poll(&*shop).await, [now], "new orders come without it");
        account.double.shelf().switch_journal(true);
        let came: BTreeSet<u64> = told.poll(&*shop).await.into_iter().collect();
        assert!(
            came.contains(&old),
            "with it changes of old ones too: {came:?}"
        );
    }

    #[tokio::test]
    async fn neighbours_are_read_again_with_few_requests() {
        let account = rig(Setup::default()).await;
        let ids: Vec<RemoteId> = (0..50)
            .map(|_| id(account.double.shelf().take_order(&[(31, 1)])))
            .collect();
        account.double.shelf().delete_order(number(&ids[7]));
        let shop = account.shop();
        account.double.clear_log();
        let again = shop.orders_again(&ids).await.unwrap();
        assert_eq!(again.items.len(), 49);
        assert_eq!(again.gone, [ids[7].clone()]);
        let asked = account.double.log().len();
        assert!(
            asked <= 4,
            "a hundred calls a minute must do for everything: {asked}"
        );
    }

    #[tokio::test]
    async fn a_full_comment_is_never_cut() {
        let account = rig(Setup::default()).await;
        let order = account.take_order([1, 1]).await;
        let shop = account.shop();
        let words = "с".repeat(120);
        account.double.shelf().set_comment(number(&order), &words);
        let note = ShopOperation::AddNote {
            order: order.clone(),
            text: "д".repeat(150),
        };
        let sent = crate::protocol::operation_id();
        shop.apply(sent, &note).await.unwrap();
        let comment = account.double.shelf().comment_of(number(&order));
        assert!(
            comment.starts_with(&words) && comment.ends_with(&marker(sent)),
            "{comment}"
        );
        let met = shop.apply(crate::protocol::operation_id(), &note).await;
        assert!(
            matches!(met, Err(ShopError::Refused(_))),
            "no room is left: {met:?}"
        );
        assert_eq!(account.double.shelf().comment_of(number(&order)), comment);
    }

    #[tokio::test]
    async fn a_line_added_twice_on_the_way_is_swept() {
        let account = rig(Setup::default()).await;
        let order = account.take_order([1, 1]).await;
        let shop = account.shop();
        let before = shop.order(&order).await.unwrap().unwrap();
        let edit = ShopOperation::EditLines {
            order: order.clone(),
            base: rules::edit::base(&before),
            changes: vec![LineChange::Add {
                product: "33/34".into(),
                quantity: 2,
            }],
        };
        account.double.fail_next(
            "POST",
            "write/addOrderProduct",
            testkit::double::Fault::Duplicate,
        );
        let sent = crate::protocol::operation_id();
        shop.apply(sent, &edit).await.unwrap();
        assert_eq!(
            account.stands(&order).await.lines.len(),
            4,
            "it stands twice"
        );
        let added = account.double.shelf().lines(number(&order));
        account.double.shelf().set_pieces(number(&order), 3, 1);
        assert_eq!(shop.sweep(sent, &edit).await, Ok(1));
        let left = account.double.shelf().lines(number(&order));
        assert_eq!(left.len(), 3);
        assert_eq!(
            (left[2].id, left[2].quantity),
            (added[3].id, 1),
            "that which the staff have edited since stays: {left:?}"
        );
        let gone = ShopOperation::EditLines {
            order: order.clone(),
            base: rules::edit::base(&before),
            changes: vec![LineChange::Add {
                product: "99".into(),
                quantity: 2,
            }],
        };
        let met = shop.apply(crate::protocol::operation_id(), &gone).await;
        assert_eq!(
            met.map(|_| ()),
            Err(ShopError::Refused("product 99: gone".to_owned()))
        );
    }
}
