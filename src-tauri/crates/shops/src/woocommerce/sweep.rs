//! Taking away what stands twice though it was sent once.

use super::WooCommerce;
use super::push::{LineWrite, OrderWrite, order_path};
use super::wire::{WireOrder, remote};
use crate::ShopError;
use rules::id::{OperationId, RemoteId};
use rules::operation::{ShopOperation, marker};
use std::collections::BTreeSet;

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
            ShopOperation::EditLines { order, .. } => match self.wire_order(order).await? {
                Some(order) => self.drop_doubled_lines(&order, &mark).await,
                None => Ok(0),
            },
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

    /// Of the lines that one edit added, the first for each product stays.
    pub(super) async fn drop_doubled_lines(
        &self,
        order: &WireOrder,
        mark: &str,
    ) -> Result<u32, ShopError> {
        let mut seen = BTreeSet::new();
        let mut ours: Vec<_> = order
            .line_items
            .iter()
            .filter(|line| line.is_marked(mark))
            .collect();
        ours.sort_by_key(|line| line.id);
        let surplus: Vec<_> = ours
            .into_iter()
            .filter(|line| line.product().is_some_and(|product| !seen.insert(product)))
            .map(|line| LineWrite::Remove {
                id: line.id,
                quantity: 0,
            })
            .collect();
        let swept = u32::try_from(surplus.len()).unwrap_or(u32::MAX);
        if swept > 0 {
            let write = OrderWrite::lines(surplus);
            self.put_order(&remote(order.id), &write).await?;
        }
        Ok(swept)
    }
}
