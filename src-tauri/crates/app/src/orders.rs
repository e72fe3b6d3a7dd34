//! The orders as the desk has them: to be held against what the shop itself says.

use crate::desk::Desk;
use crate::error::ApiError;
use crate::text::Fault;
use chrono::{DateTime, Utc};
use rules::id::{RemoteId, ShopId};
use rules::money::Money;
use rules::order::OrderStage;
use rules::role::Permission;
use serde::Serialize;
use std::sync::Arc;
use store::table::order;

/// Orders read at a time.
const PAGE: u32 = 500;

/// An order as the shop last told it, without anyone's name or number.
#[derive(Clone, Debug, Serialize)]
pub struct KnownOrder {
    /// Whose.
    pub shop: ShopId,
    /// The shop's identity.
    pub remote: RemoteId,
    /// What people say on the phone.
    pub number: String,
    /// The shop's word.
    pub status: String,
    /// Ours.
    pub stage: OrderStage,
    /// When the customer placed it.
    pub placed_at: DateTime<Utc>,
    /// When the shop says it last changed.
    pub changed_at: DateTime<Utc>,
    /// What the customer pays.
    pub total: Money,
    /// What is ordered.
    pub lines: Vec<KnownLine>,
    /// It is not there any more.
    pub gone: bool,
}

/// A line of it.
#[derive(Clone, Debug, Serialize)]
pub struct KnownLine {
    /// The shop's identity.
    pub remote: RemoteId,
    /// The product, where it has one.
    pub product: Option<RemoteId>,
    /// Stock-keeping unit.
    pub sku: String,
    /// Pieces.
    pub quantity: u32,
    /// For all pieces.
    pub total: Money,
}

impl Desk {
    /// Every order of every shop, by shop and identity.
    ///
    /// # Errors
    /// [`crate::error::ErrorCode::NotAllowed`] for an operator.
    pub async fn orders(&self) -> Result<Vec<KnownOrder>, ApiError> {
        let result = self.known_orders().await;
        self.told(result).await
    }

    async fn known_orders(&self) -> Result<Vec<KnownOrder>, Fault> {
        let shops = {
            let state = self.state().await;
            state.session(Permission::SeeReports)?;
            state.shops.values().map(Arc::clone).collect::<Vec<_>>()
        };
        let mut known = Vec::new();
        for shop in shops {
            let mut last = RemoteId(String::new());
            loop {
                let from = last.clone();
                let page = shop
                    .store
                    .db
                    .read(move |conn| order::after(conn, &from, PAGE))
                    .await?;
                let Some((newest, _)) = page.last() else {
                    break;
                };
                last = newest.remote.clone();
                known.extend(page.into_iter().map(|(order, gone)| {
                    KnownOrder {
                        shop: shop.id,
                        remote: order.remote,
                        number: order.number,
                        status: order.status,
                        stage: order.stage,
                        placed_at: order.placed_at,
                        changed_at: order.changed_at,
                        total: order.total,
                        lines: order
                            .lines
                            .into_iter()
                            .map(|line| KnownLine {
                                remote: line.remote,
                                product: line.product,
                                sku: line.sku,
                                quantity: line.quantity,
                                total: line.total,
                            })
                            .collect(),
                        gone,
                    }
                }));
            }
        }
        Ok(known)
    }
}
