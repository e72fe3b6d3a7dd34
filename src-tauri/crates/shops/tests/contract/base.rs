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
