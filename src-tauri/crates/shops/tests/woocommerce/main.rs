//! The `WooCommerce` connector against a double that has the traps measured on a real shop.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod grant;
mod introduction;
mod lines;
mod network;
mod pull;
mod push;

use rules::id::{OperationId, RemoteId};
use shops::{Access, Shop, ShopKind, connect};
use testkit::woo::{SeedLine, SeedOrder, SeedProduct, Setup, WooDouble};
use uuid::Uuid;

const KETTLE: u64 = 11;
const IRON: u64 = 12;
const FAN: u64 = 13;

/// A shop with three products and the connector to it.
struct Scene {
    double: WooDouble,
    shop: Box<dyn Shop>,
}

impl Scene {
    async fn new() -> Self {
        Self::with(Setup::default()).await
    }

    async fn with(setup: Setup) -> Self {
        let double = WooDouble::start(setup).await.unwrap();
        {
            let mut shelf = double.shelf();
            for (id, name, price, stock) in [
                (KETTLE, "Kettle", "1299.50", Some(100)),
                (IRON, "Iron", "850.00", Some(5)),
                (FAN, "Fan", "99.99", None),
            ] {
                shelf.stock_product(SeedProduct {
                    id,
                    name,
                    price,
                    stock,
                    parent: None,
                    kind: "simple",
                });
            }
        }
        let shop = connect(&access(&double, "full")).unwrap();
        Self { double, shop }
    }

    /// An order of two kettles and an iron, paid on delivery.
    fn take_order(&self) -> u64 {
        self.take("processing", "cod")
    }

    fn take(&self, status: &'static str, payment_method: &'static str) -> u64 {
        let lines = vec![
            SeedLine {
                product: KETTLE,
                quantity: 2,
            },
            SeedLine {
                product: IRON,
                quantity: 1,
            },
        ];
        self.double.shelf().take_order(&SeedOrder {
            status,
            payment_method,
            lines,
        })
    }

    /// Writes of orders that the shop was asked for.
    fn writes(&self) -> usize {
        self.double
            .log()
            .iter()
            .filter(|one| one.method != "GET" && !one.route.ends_with("/orders/0"))
            .count()
    }
}

fn access(double: &WooDouble, key: &str) -> Access {
    Access {
        kind: ShopKind::Woocommerce,
        address: double.address().to_owned(),
        user: format!("ck_{key}"),
        secret: format!("cs_{key}"),
        allow_http: true,
        allow_private: true,
        certificate_authority: double.certificate(),
        statuses: None,
        rate: None,
    }
}

fn remote(id: u64) -> RemoteId {
    RemoteId(id.to_string())
}

fn operation_id() -> OperationId {
    OperationId::from_uuid(Uuid::now_v7())
}
