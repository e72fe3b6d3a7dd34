//! Base.com (`BaseLinker`).
//!
//! One address, a method's name and its parameters; a hundred calls a minute. Changes of orders come
//! from a journal that reaches three days back and that an account must have switched on. Statuses
//! are the account's own, told by number; what they mean is guessed from their names until the admin
//! says it. There are no customers, coupons or refunds; notes are one text of 200 characters. Written
//! after the public documentation and clients.

mod client;
mod pull;
mod push;
mod wire;

use crate::{
    Access, Again, Capabilities, Cursor, Effect, Introduction, Page, PullStyle, Rate, Shop,
    ShopError,
};
use async_trait::async_trait;
use client::{Client, Purpose};
use rules::id::{OperationId, RemoteId};
use rules::money::Currency;
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};
use rules::status::StatusTable;
use serde::de::IgnoredAny;
use serde_json::json;
use std::collections::BTreeMap;
use tokio::sync::OnceCell;
use wire::{Inventories, Inventory, Number, PriceGroups, StatusList};

/// What the vendor documents for one token.
const RATE: Rate = Rate {
    requests: 100,
    seconds: 60,
};

/// An account at Base.com.
pub struct Base {
    client: Client,
    own_statuses: Option<StatusTable>,
    statuses: OnceCell<StatusTable>,
    catalogue: OnceCell<Catalogue>,
}

/// The account's catalogues, the default one first.
struct Catalogue {
    inventories: Vec<Inventory>,
    currencies: BTreeMap<Number, Currency>,
    currency: Currency,
}

impl Catalogue {
    fn currency_of(&self, inventory: &Inventory) -> Currency {
        let own = self.currencies.get(&inventory.default_price_group);
        own.copied().unwrap_or(self.currency)
    }
}

impl Base {
    /// Opens the connector for `access`, whose secret is the token; makes no request yet. Without an
    /// address Base.com's own is taken.
    ///
    /// # Errors
    /// What [`crate::http::Http::new`] finds wrong with the address.
    pub fn new(access: &Access) -> Result<Self, ShopError> {
        Ok(Self {
            client: Client::new(access)?,
            own_statuses: access.statuses.clone(),
            statuses: OnceCell::new(),
            catalogue: OnceCell::new(),
        })
    }

    /// The account's statuses as we read them; asked once, a failure is not remembered.
    async fn read_statuses(&self) -> Result<&StatusTable, ShopError> {
        let ask = async || {
            let read = Purpose::Read("statuses");
            let list: StatusList = self
                .client
                .call("getOrderStatusList", &json!({}), read)
                .await?
                .data;
            Ok(wire::status_table(&list.statuses))
        };
        self.statuses.get_or_try_init(ask).await
    }

    /// The account's statuses as the admin has set them, else as we read them.
    async fn statuses(&self) -> Result<&StatusTable, ShopError> {
        match &self.own_statuses {
            Some(table) => Ok(table),
            None => self.read_statuses().await,
        }
    }

    /// The same once it is known.
    fn known_statuses(&self) -> Option<&StatusTable> {
        self.own_statuses.as_ref().or_else(|| self.statuses.get())
    }

    async fn catalogue(&self) -> Result<&Catalogue, ShopError> {
        self.catalogue
            .get_or_try_init(|| self.read_catalogue())
            .await
    }

    async fn read_catalogue(&self) -> Result<Catalogue, ShopError> {
        let read = Purpose::Read("products");
        let found: Inventories = self
            .client
            .call("getInventories", &json!({}), read)
            .await?
            .data;
        let mut inventories = found.inventories;
        inventories.sort_by_key(|inventory| !inventory.is_default.0);
        let groups: PriceGroups = self
            .client
            .call("getInventoryPriceGroups", &json!({}), read)
            .await?
            .data;
        let mut default = None;
        let mut currencies = BTreeMap::new();
        for group in &groups.price_groups {
            let Ok(currency) = group.currency.0.parse() else {
                continue;
            };
            currencies.insert(group.id, currency);
            if group.is_default.0 || default.is_none() {
                default = Some(currency);
            }
        }
        Ok(Catalogue {
            inventories,
            currencies,
            // Most accounts sell in Poland; an order names its own currency anyway.
            currency: default.unwrap_or(Currency::PLN),
        })
    }
}

#[async_trait]
impl Shop for Base {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        let own = self.read_statuses().await.map_err(|error| match error {
            ShopError::BadReply(_) | ShopError::Unsupported(_) => ShopError::NotAShop,
            other => other,
        })?;
        let statuses = self.own_statuses.as_ref().unwrap_or(own);
        let catalogue = self.catalogue().await?;
        // An order that cannot exist: asked for the right to read orders and the journal.
        let question = json!({ "date_confirmed_from": u32::MAX });
        let read = Purpose::Read("orders");
        self.client
            .call::<IgnoredAny>("getOrders", &question, read)
            .await?;
        let question = json!({ "last_log_id": u32::MAX });
        let read = Purpose::Read("the journal");
        self.client
            .call::<IgnoredAny>("getJournalList", &question, read)
            .await?;
        let name = catalogue
            .inventories
            .first()
            .map(|inventory| inventory.name.0.clone());
        Ok(Introduction {
            name: name.unwrap_or_default(),
            software: "Base.com".to_owned(),
            currency: catalogue.currency,
            zone: None,
            capabilities: Capabilities {
                edit_lines: true,
                private_notes: true,
                confirm_status: statuses.confirmed.is_some(),
                confirm_fields: false,
                cancel: statuses.cancelled.is_some(),
                conditional_write: false,
                coupons: false,
                refunds: false,
                webhooks: false,
                pull: PullStyle::ChangeLog,
                rate: RATE,
            },
            statuses: own.clone(),
        })
    }

    async fn products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        self.pull_products(cursor).await
    }

    async fn customers(&self, _: &Cursor) -> Result<Page<Customer>, ShopError> {
        Ok(Self::no_customers())
    }

    async fn orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        self.pull_orders(cursor).await
    }

    async fn order(&self, id: &RemoteId) -> Result<Option<Order>, ShopError> {
        let Some(id) = pull::number(id) else {
            return Ok(None);
        };
        let statuses = self.statuses().await?;
        let found = self.wire_order(id).await?;
        found.map(|order| order.to_order(statuses)).transpose()
    }

    async fn orders_again(&self, ids: &[RemoteId]) -> Result<Again, ShopError> {
        self.read_again(ids).await
    }

    async fn find(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError> {
        self.find_operation(id, operation).await
    }

    async fn apply(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError> {
        self.apply_operation(id, operation).await
    }

    async fn sweep(&self, id: OperationId, operation: &ShopOperation) -> Result<u32, ShopError> {
        self.sweep_operation(id, operation).await
    }
}
