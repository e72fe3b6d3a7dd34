//! Taking away what stands twice though it was sent once.

use super::Vendure;
use super::grant::Return;
use crate::ShopError;
use rules::id::{OperationId, RemoteId};
use rules::operation::{ShopOperation, marker};
use serde_json::json;

const DELETE_NOTE: &str = "
mutation DeleteNote($id: ID!) { outcome: deleteOrderNote(id: $id) { result } }";

impl Vendure {
    pub(super) async fn sweep_effect(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<u32, ShopError> {
        let mark = marker(id);
        let swept = match operation {
            ShopOperation::AddNote { order, .. } => self.drop_doubled_notes(order, &mark).await,
            ShopOperation::Confirm { order, .. } => {
                // Where the shop declares no fields, a note is the confirmation.
                if self.settings().await?.fields.confirmed_at {
                    Ok(0)
                } else {
                    self.drop_doubled_notes(order, &mark).await
                }
            }
            ShopOperation::GrantCoupon { code, .. } => self.drop_doubled_promotions(code).await,
            ShopOperation::Refund {
                order,
                amount,
                returned,
                reason,
            } => {
                let back = Return {
                    amount: *amount,
                    pieces: returned,
                    reason,
                };
                match self.edited(order).await {
                    Ok(edited) if Self::surplus_given(&edited, &back, &mark) > 0 => Err(
                        ShopError::Unsupported("a refund given twice cannot be taken back"),
                    ),
                    Ok(_) => Ok(0),
                    Err(error) => Err(error),
                }
            }
            // An edit that comes after the order has left its edit is refused by the shop itself.
            ShopOperation::EditLines { .. } | ShopOperation::Cancel { .. } => Ok(0),
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
        let mut swept = 0;
        for id in self.notes(order, mark).await?.into_iter().skip(1) {
            self.write(DELETE_NOTE, json!({ "id": id })).await?;
            swept += 1;
        }
        Ok(swept)
    }
}
