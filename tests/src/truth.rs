//! What the shop knows, asked of the shop itself.

use anyhow::{Result, bail, ensure};
use std::collections::BTreeMap;
use std::time::Duration;
use testkit::vendure::{VendureAdmin, VendureOrder, VendureServer};
use tokio::time::{Instant, interval};

/// Undo, one wait after a failure and a slow machine.
const ARRIVAL: Duration = Duration::from_mins(3);

/// One order and the notes on it.
#[derive(Clone, Debug, PartialEq)]
pub struct Known {
    /// The order.
    pub order: VendureOrder,
    /// Its notes, oldest first.
    pub notes: Vec<String>,
}

impl Known {
    /// The result that was written into the order's fields.
    pub fn result(&self) -> &str {
        self.order
            .custom_fields
            .get("callResult")
            .and_then(|value| value.as_str())
            .unwrap_or_default()
    }

    /// Pieces by stock-keeping unit, lines without pieces left out.
    pub fn pieces(&self) -> BTreeMap<String, u32> {
        let mut pieces = BTreeMap::new();
        for line in self.order.lines.iter().filter(|line| line.quantity > 0) {
            let sku = line
                .product_variant
                .get("sku")
                .and_then(|sku| sku.as_str())
                .unwrap_or_default();
            *pieces.entry(sku.to_owned()).or_default() += line.quantity;
        }
        pieces
    }

    /// Whether the total is that of the lines and the delivery, and paid for exactly.
    pub fn adds_up(&self) -> Result<()> {
        let lines: i64 = self
            .order
            .lines
            .iter()
            .map(|line| line.prorated_line_price_with_tax)
            .sum();
        let total = self.order.total_with_tax;
        ensure!(
            lines + self.order.shipping_with_tax == total,
            "lines {lines} do not make the total {total}"
        );
        let paid: i64 = self
            .order
            .payments
            .iter()
            .map(|payment| payment.amount)
            .sum();
        let back: i64 = self
            .order
            .payments
            .iter()
            .flat_map(|payment| &payment.refunds)
            .map(|refund| refund.total)
            .sum();
        ensure!(
            paid - back == total,
            "payments of {paid} less {back} do not make the total {total}"
        );
        ensure!(
            !["Modifying", "ArrangingAdditionalPayment"].contains(&self.order.state.as_str()),
            "the order was left in {}",
            self.order.state
        );
        Ok(())
    }
}

/// All orders as they stand now, by identity.
pub async fn all(shop: &VendureServer) -> Result<BTreeMap<String, Known>> {
    let admin = shop.admin().await?;
    let mut known = BTreeMap::new();
    for id in admin.order_ids().await? {
        let order = known_of(&admin, &id).await?;
        known.insert(id, order);
    }
    Ok(known)
}

async fn known_of(admin: &VendureAdmin, id: &str) -> Result<Known> {
    Ok(Known {
        order: admin.order(id).await?,
        notes: admin.notes(id).await?,
    })
}

/// Waits until results of `count` orders and a note on each are at the shop, and returns those
/// orders. All others must stand as they stood `before`.
pub async fn arrived(
    shop: &VendureServer,
    before: &BTreeMap<String, Known>,
    count: usize,
) -> Result<Vec<Known>> {
    let deadline = Instant::now() + ARRIVAL;
    let mut beat = interval(Duration::from_millis(500));
    loop {
        beat.tick().await;
        let now = all(shop).await?;
        let changed: Vec<Known> = now
            .into_iter()
            .filter(|(id, known)| before.get(id) != Some(known))
            .map(|(_, known)| known)
            .collect();
        ensure!(
            changed.len() <= count,
            "orders were changed that nobody called about: {changed:#?}"
        );
        let done = changed
            .iter()
            .filter(|known| !known.result().is_empty() && !known.notes.is_empty())
            .count();
        if done == count {
            return Ok(changed);
        }
        if Instant::now() > deadline {
            bail!("not there within {ARRIVAL:?}: {changed:#?}");
        }
    }
}
