//! Taking away what stands twice though it was sent once.

use super::WooCommerce;
use super::push::{LineWrite, OrderWrite, numeric, order_path};
use super::wire::{Pieces, WireLine, WireOrder, remote};
use crate::ShopError;
use rules::id::{OperationId, RemoteId};
use rules::operation::{LineChange, ShopOperation, marker};
use std::collections::BTreeMap;

impl WooCommerce {
    pub(super) async fn sweep_operation(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<u32, ShopError> {
        let mark = marker(id);
        let swept = match operation {
            ShopOperation::AddNote { order, .. } => self.drop_doubled_notes(order, &mark).await,
            ShopOperation::GrantCoupon { code, .. } => self.drop_doubled_coupons(code).await,
            ShopOperation::Refund { order, .. } => match order.as_str().parse() {
                Ok(order) => self.drop_doubled_refunds(order, &mark).await,
                Err(_) => Ok(0),
            },
            ShopOperation::EditLines { order, changes, .. } => {
                match self.wire_order(order).await? {
                    Some(order) => self.sweep_lines(&order, changes, &mark).await,
                    None => Ok(0),
                }
            }
            // A field and a status stand there once whatever happens.
            ShopOperation::Confirm { .. } | ShopOperation::Cancel { .. } => Ok(0),
        };
        match swept {
            // With the order everything on it went.
            Err(ShopError::Gone) => Ok(0),
            other => other,
        }
    }

    pub(super) async fn drop_doubled_notes(
        &self,
        order: &RemoteId,
        mark: &str,
    ) -> Result<u32, ShopError> {
        let path = order_path(order).ok_or(ShopError::Gone)?;
        let mut swept = 0;
        for note in self.notes(order, mark).await?.into_iter().skip(1) {
            swept += u32::from(self.remove(&format!("{path}/notes/{note}")).await?);
        }
        Ok(swept)
    }

    pub(super) async fn drop_doubled_coupons(&self, code: &str) -> Result<u32, ShopError> {
        let mut swept = 0;
        for coupon in self.coupons_of(code).await?.into_iter().skip(1) {
            swept += u32::from(self.remove(&format!("coupons/{}", coupon.id)).await?);
        }
        Ok(swept)
    }

    /// A refund that went out twice through a gateway has moved the money twice: deleting the record
    /// does not bring it back. The desk therefore never relies on this alone, see the outbox.
    pub(super) async fn drop_doubled_refunds(
        &self,
        order: u64,
        mark: &str,
    ) -> Result<u32, ShopError> {
        let all = self.refunds(order).await?.0;
        let ours = all.iter().filter(|refund| refund.reason.contains(mark));
        let mut swept = 0;
        for refund in ours.skip(1) {
            let path = format!("orders/{order}/refunds/{}", refund.id);
            swept += u32::from(self.remove(&path).await?);
        }
        Ok(swept)
    }

    async fn sweep_lines(
        &self,
        order: &WireOrder,
        changes: &[LineChange],
        mark: &str,
    ) -> Result<u32, ShopError> {
        let swept = self.drop_doubled_lines(order, changes, mark).await?;
        if swept == 0 && !order.adds_up() {
            // A sweep, or a late copy of the edit, was cut off in the middle.
            let writes: Vec<_> = order.to_reckon_anew(mark).into_iter().collect();
            if !writes.is_empty() {
                self.put_order(&remote(order.id), &OrderWrite::lines(writes))
                    .await?;
            }
        }
        Ok(swept)
    }

    /// Takes away what an edit added more than once, see [`surplus`].
    pub(super) async fn drop_doubled_lines(
        &self,
        order: &WireOrder,
        changes: &[LineChange],
        mark: &str,
    ) -> Result<u32, ShopError> {
        let surplus = surplus(order, changes, mark);
        let swept = u32::try_from(surplus.len()).unwrap_or(u32::MAX);
        if swept > 0 {
            let write = OrderWrite::lines(surplus);
            self.put_order(&remote(order.id), &write).await?;
        }
        Ok(swept)
    }
}

/// Of the lines that an edit added for one product, those with other pieces than it asked for have
/// been edited since: they all stay and every other goes. Where nobody has edited one, the first stays.
fn surplus(order: &WireOrder, changes: &[LineChange], mark: &str) -> Vec<LineWrite> {
    let mut wanted: BTreeMap<u64, u32> = BTreeMap::new();
    for change in changes {
        if let LineChange::Add { product, quantity } = change
            && let Some(product) = numeric(product)
        {
            let pieces = wanted.entry(product).or_default();
            *pieces = pieces.saturating_add(*quantity);
        }
    }
    let mut surplus = Vec::new();
    for (product, pieces) in wanted {
        let ours = order.line_items.iter();
        let ours = ours.filter(|line| line.is_marked(mark) && line.product() == Some(product));
        let (mut untouched, touched): (Vec<&WireLine>, Vec<&WireLine>) =
            ours.partition(|line| line.quantity == Pieces(pieces));
        untouched.sort_by_key(|line| line.id);
        let kept = usize::from(touched.is_empty());
        surplus.extend(untouched.iter().skip(kept).map(|line| LineWrite::Remove {
            id: line.id,
            quantity: 0,
        }));
    }
    surplus
}
