//! The connector is being built.

use crate::{Access, Cursor, Effect, Introduction, Page, Shop, ShopError};
use async_trait::async_trait;
use rules::id::{OperationId, RemoteId};
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};

/// Not yet.
pub struct RetailCrm;

impl RetailCrm {
    /// Opens the connector.
    pub fn new(_: &Access) -> Result<Self, ShopError> {
        Err(ShopError::Unsupported("retailcrm"))
    }
}

#[async_trait]
impl Shop for RetailCrm {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        Err(ShopError::Unsupported("retailcrm"))
    }

    async fn products(&self, _: &Cursor) -> Result<Page<Product>, ShopError> {
        Err(ShopError::Unsupported("retailcrm"))
    }

    async fn customers(&self, _: &Cursor) -> Result<Page<Customer>, ShopError> {
        Err(ShopError::Unsupported("retailcrm"))
    }

    async fn orders(&self, _: &Cursor) -> Result<Page<Order>, ShopError> {
        Err(ShopError::Unsupported("retailcrm"))
    }

    async fn order(&self, _: &RemoteId) -> Result<Option<Order>, ShopError> {
        Err(ShopError::Unsupported("retailcrm"))
    }

    async fn find(&self, _: OperationId, _: &ShopOperation) -> Result<Effect, ShopError> {
        Err(ShopError::Unsupported("retailcrm"))
    }

    async fn apply(&self, _: OperationId, _: &ShopOperation) -> Result<Effect, ShopError> {
        Err(ShopError::Unsupported("retailcrm"))
    }
}
