//! `WooCommerce` by its double, with either way of keeping orders. Over TLS: over plain HTTP the shop
//! refuses a request that is sent twice for its number used once, and would hide what the suite is for.

use crate::contract;
use crate::rig::{Deed, Rig, Standing, Trouble};
use crate::staff::Place;
use async_trait::async_trait;
use rules::id::RemoteId;
use serde_json::Value;
use shops::{Access, Shop, ShopKind, connect};
use std::time::Duration;
use testkit::woo::{SeedLine, SeedOrder, SeedProduct, Setup, Storage, WooDouble};

contract!(
    woocommerce_high_performance,
    WooRig::new(Storage::HighPerformance)
);
contract!(woocommerce_posts, WooRig::new(Storage::Posts));

const PRODUCTS: [(u64, &str); 3] = [(11, "1299.50"), (12, "850.00"), (13, "99.99")];

pub struct WooRig {
    double: WooDouble,
}

impl WooRig {
    pub async fn new(storage: Storage) -> Self {
        let setup = Setup {
            tls: true,
            storage,
            tax_percent: 20,
            ..Setup::default()
        };
        let double = WooDouble::start(setup).await.unwrap();
        for (id, price) in PRODUCTS {
            double.shelf().stock_product(SeedProduct {
                id,
                name: "Чайник",
                price,
                stock: Some(100_000),
                parent: None,
                kind: "simple",
            });
        }
        Self { double }
    }

    pub fn access(&self) -> Access {
        Access {
            kind: ShopKind::Woocommerce,
            address: self.double.address().to_owned(),
            user: "ck_full".to_owned(),
            secret: "cs_full".to_owned(),
            allow_http: true,
            allow_private: true,
            certificate_authority: self.double.certificate(),
            statuses: None,
            rate: None,
        }
    }

    /// The same shop as one that is far away.
    pub fn place(&self) -> Place {
        let access = self.access();
        Place {
            address: access.address,
            user: access.user,
            secret: access.secret,
            authority: access.certificate_authority,
            pause: Duration::ZERO,
        }
    }
}

fn number(order: &RemoteId) -> u64 {
    order.as_str().parse().unwrap()
}

/// An amount of the REST interface in minor units.
pub fn minor(value: &Value) -> i64 {
    let text = value.as_str().unwrap_or("0");
    let (sign, digits) = text.strip_prefix('-').map_or((1, text), |rest| (-1, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let hundredths: String = fraction.chars().chain("00".chars()).take(2).collect();
    sign * (whole.parse::<i64>().unwrap() * 100 + hundredths.parse::<i64>().unwrap())
}

/// An order of the REST interface, as it stands, without notes and refunds.
pub fn standing(order: &Value) -> Standing {
    let list = |name: &str| order[name].as_array().cloned().unwrap_or_default();
    let gross = |part: &Value| minor(&part["total"]) + minor(&part["total_tax"]);
    let lines = list("line_items").into_iter().map(|line| {
        let product = match line["variation_id"].as_u64() {
            Some(id) if id > 0 => id,
            _ => line["product_id"].as_u64().unwrap(),
        };
        let pieces = u32::try_from(line["quantity"].as_u64().unwrap()).unwrap();
        (RemoteId(product.to_string()), pieces, gross(&line))
    });
    let parts: Vec<i64> = ["line_items", "shipping_lines", "fee_lines"]
        .iter()
        .flat_map(|name| list(name))
        .map(|part| gross(&part))
        .collect();
    let total = minor(&order["total"]);
    let off = (parts.iter().sum::<i64>() - total).unsigned_abs();
    Standing {
        lines: lines.collect(),
        total,
        // Each part is rounded by itself.
        adds_up: off <= parts.len() as u64,
        status: order["status"].as_str().unwrap().to_owned(),
        notes: Vec::new(),
        refunds: Vec::new(),
    }
}

#[async_trait]
impl Rig for WooRig {
    fn shop(&self) -> Box<dyn Shop> {
        connect(&self.access()).unwrap()
    }

    fn product(&self, number: usize) -> RemoteId {
        RemoteId(PRODUCTS[number].0.to_string())
    }

    async fn take_order(&self, pieces: [u32; 2]) -> RemoteId {
        let lines = PRODUCTS
            .iter()
            .zip(pieces)
            .filter(|(_, pieces)| *pieces > 0);
        let id = self.double.shelf().take_order(&SeedOrder {
            status: "on-hold",
            payment_method: "cod",
            lines: lines
                .map(|((product, _), pieces)| SeedLine {
                    product: *product,
                    quantity: pieces.into(),
                })
                .collect(),
        });
        RemoteId(id.to_string())
    }

    async fn staff(&self, order: &RemoteId, deed: Deed) -> bool {
        let id = number(order);
        let mut shelf = self.double.shelf();
        match deed {
            Deed::Pieces { line, pieces } => shelf.set_pieces(id, line, pieces.into()),
            Deed::Cancel => shelf.set_status(id, "cancelled"),
            Deed::Touch => shelf.touch_order(id),
            Deed::Note => shelf.write_note(id, "Дзвонив клієнт"),
            Deed::Trash => shelf.trash_order(id),
            Deed::Delete => shelf.delete_order(id),
        }
        true
    }

    async fn stands(&self, order: &RemoteId) -> Standing {
        let id = number(order);
        let shelf = self.double.shelf();
        Standing {
            notes: shelf.notes_of(id),
            refunds: shelf.refunds_of(id),
            ..standing(&shelf.order_json(id))
        }
    }

    async fn coupons(&self, code: &str) -> usize {
        self.double.shelf().coupons_of(code)
    }

    fn plan(&self, trouble: Trouble, skip: usize) -> bool {
        let (write, read) = (("!GET", "/wc/v3/"), ("GET", "/wc/v3/"));
        trouble.plan(&self.double, write, read, skip);
        true
    }

    fn forget(&self) -> bool {
        let had_more = !self.double.has_failed_as_planned();
        self.double.forget_faults();
        had_more
    }

    async fn quiet(&self) {
        self.double.settle();
    }

    async fn pass(&self, seconds: i64) {
        self.double.shelf().pass(seconds);
    }

    fn writes(&self) -> Option<usize> {
        let log = self.double.log();
        Some(log.iter().filter(|one| one.method != "GET").count())
    }
}
