//! `WooCommerce` REST v3.

use crate::http::Http;
use crate::{Access, Cursor, Effect, Introduction, Page, Shop, ShopError};
use async_trait::async_trait;
use rules::id::{OperationId, RemoteId};
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};

/// A `WooCommerce` shop.
pub struct WooCommerce {
    _http: Http,
}

impl WooCommerce {
    /// Prepares the connector.
    ///
    /// # Errors
    /// As [`Http::new`].
    pub fn new(access: &Access) -> Result<Self, ShopError> {
        Ok(Self { _http: Http::new(access)? })
    }
}

#[async_trait]
impl Shop for WooCommerce {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        Err(ShopError::NotAShop)
    }
    async fn products(&self, _cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        Err(ShopError::NotAShop)
    }
    async fn customers(&self, _cursor: &Cursor) -> Result<Page<Customer>, ShopError> {
        Err(ShopError::NotAShop)
    }
    async fn orders(&self, _cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        Err(ShopError::NotAShop)
    }
    async fn order(&self, _id: &RemoteId) -> Result<Option<Order>, ShopError> {
        Err(ShopError::NotAShop)
    }
    async fn find(&self, _id: OperationId, _operation: &ShopOperation) -> Result<Effect, ShopError> {
        Err(ShopError::NotAShop)
    }
    async fn apply(&self, _id: OperationId, _operation: &ShopOperation) -> Result<Effect, ShopError> {
        Err(ShopError::NotAShop)
    }
}
