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
