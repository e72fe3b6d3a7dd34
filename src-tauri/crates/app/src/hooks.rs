//! Shops that call us when something changes. A call is a hint and no data: it only makes the next
//! pull come sooner, so one that is lost or repeated does no harm.

use crate::access;
use crate::desk::{Desk, OpenShop};
use crate::error::{ApiError, ErrorCode};
use crate::text::Fault;
use rules::id::ShopId;
use shops::Shop;
use std::collections::VecDeque;
use std::sync::{Arc, PoisonError};
use store::table::shop as shop_table;

/// So many deliveries of one shop are remembered.
const REMEMBERED: usize = 1_000;

/// What a shop's call came to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Heard {
    /// Something has changed there: it is being pulled.
    Change,
    /// The same delivery as before.
    Again,
    /// A greeting, or a change that concerns nothing here.
    Nothing,
}

/// What is needed to understand a shop's calls.
#[derive(Default)]
pub(crate) struct Ear {
    connector: Option<Arc<dyn Shop>>,
    seen: VecDeque<String>,
}

impl Ear {
    /// Whether this delivery is new; from now on it is not.
    fn is_new(&mut self, delivery: &str) -> bool {
        if self.seen.iter().any(|known| known == delivery) {
            return false;
        }
        if self.seen.len() == REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back(delivery.to_owned());
        true
    }

    /// The way in has changed: it is asked for anew.
    pub(crate) fn forget_way(&mut self) {
        self.connector = None;
    }
}

impl Desk {
    /// Takes what a shop has sent to our public address, and pulls from it if something changed.
    ///
    /// # Errors
    /// [`ErrorCode::ShopWrongKey`] where the signature is not the shop's, [`ErrorCode::NotFound`]
    /// where there is no such shop, [`ErrorCode::ShopUnsupported`] where its kind calls nobody.
    pub async fn hear(
        &self,
        shop: ShopId,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Heard, ApiError> {
        let result = async {
            let shop = self.state().await.shop(shop)?;
            let connector = self.ear(&shop).await?;
            let hook = connector.hook(headers, body)?;
            let is_new = shop
                .ear
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .is_new(&hook.delivery);
            if !is_new {
                return Ok(Heard::Again);
            }
            if !hook.is_change {
                return Ok(Heard::Nothing);
            }
            shop.exchange.nudge();
            Ok(Heard::Change)
        };
        let result = result.await;
        self.told(result).await
    }

    /// The shops that can be heard, with the path that each of them calls.
    pub async fn hooks(&self) -> Result<Vec<HookView>, ApiError> {
        let result = async {
            let state = self.state().await;
            state.centre()?;
            let shops = state.shops.values();
            Ok(shops
                .filter(|shop| shop.can.as_ref().is_some_and(|can| can.webhooks))
                .map(|shop| HookView {
                    shop: shop.name.clone(),
                    path: format!("/hook/{}", shop.id),
                })
                .collect())
        };
        let result = result.await;
        self.told(result).await
    }

    async fn ear(&self, shop: &OpenShop) -> Result<Arc<dyn Shop>, Fault> {
        let known = shop
            .ear
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .connector
            .clone();
        if let Some(connector) = known {
            return Ok(connector);
        }
        let (id, centre) = (shop.id, self.state().await.centre()?);
        let row = centre
            .db
            .read(move |conn| shop_table::get(conn, id))
            .await?
            .ok_or(ErrorCode::NotFound)?;
        let connector: Arc<dyn Shop> = Arc::from(shops::connect(&access::kept(&row)?)?);
        shop.ear
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .connector = Some(Arc::clone(&connector));
        Ok(connector)
    }
}

/// Where a shop is to call.
#[derive(Clone, Debug, serde::Serialize)]
pub struct HookView {
    /// What people here call the shop.
    pub shop: String,
    /// The path below the public address.
    pub path: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_delivery_counts_once_and_memory_has_an_end() {
        let mut ear = Ear::default();
        assert!(ear.is_new("a"));
        assert!(!ear.is_new("a"), "shops repeat what they think was lost");
        for number in 0..2 * REMEMBERED {
            assert!(ear.is_new(&number.to_string()));
        }
        assert_eq!(ear.seen.len(), REMEMBERED);
    }
}
