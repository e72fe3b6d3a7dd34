//! retailCRM, interface v5 (also sold as Simla).
//!
//! Its change log is the best of pulls. What it lacks: a write that depends on what was read, notes
//! of their own (an order has one comment of the staff, a single text), coupons, refunds. A line edit
//! sends the whole list: what is not in it is deleted. Lines that we add bear our mark among their
//! external identities, which retailCRM keeps unique within an order. Times are in the account's
//! zone, so the zone is asked first. Written after the public documentation and the vendor's own
//! clients.

mod client;
mod pull;
mod push;
mod wire;

use crate::{
    Access, Again, Capabilities, Cursor, Effect, Introduction, Page, PullStyle, Rate, Shop,
    ShopError,
};
use async_trait::async_trait;
use client::Client;
use rules::id::{OperationId, RemoteId};
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};
use rules::status::StatusTable;
use serde::de::IgnoredAny;
use std::collections::BTreeMap;
use tokio::sync::OnceCell;
use wire::{Account, Credentials, CustomFields, Reference, SettingsReply, WireOrder};

/// What the vendor documents for one key.
const RATE: Rate = Rate {
    requests: 10,
    seconds: 1,
};

/// What a key must be allowed, and the word for it where it is not.
const READ_SCOPES: [(&str, &str); 2] = [("order_read", "orders"), ("customer_read", "customers")];
const WRITE_SCOPE: &str = "order_write";

/// An account of retailCRM.
pub struct RetailCrm {
    client: Client,
    own_statuses: Option<StatusTable>,
    account: OnceCell<Account>,
}

impl RetailCrm {
    /// Opens the connector for `access`, whose secret is the key of the interface; makes no request
    /// yet. Any page of the account will do for its address.
    ///
    /// # Errors
    /// What [`crate::http::Http::new`] finds wrong with the address.
    pub fn new(access: &Access) -> Result<Self, ShopError> {
        Ok(Self {
            client: Client::new(access)?,
            own_statuses: access.statuses.clone(),
            account: OnceCell::new(),
        })
    }

    /// Asks for the account's settings, once; a failure is not remembered.
    async fn account(&self) -> Result<&Account, ShopError> {
        self.account.get_or_try_init(|| self.read_account()).await
    }

    async fn read_account(&self) -> Result<Account, ShopError> {
        let settings: SettingsReply = self.client.get("api/v5/settings", &[], "settings").await?;
        let settings = settings.settings;
        let odd = |what: &str| ShopError::BadReply(format!("settings without {what}"));
        let statuses: Reference = self
            .client
            .get("api/v5/reference/statuses", &[], "statuses")
            .await?;
        Ok(Account {
            currency: settings
                .default_currency
                .value
                .parse()
                .map_err(|_| odd("a currency"))?,
            zone: settings.timezone.value.parse().map_err(|_| odd("a zone"))?,
            statuses: wire::status_table(&statuses.entries()),
            fields: self.order_fields().await?,
            delivery_names: self.names("api/v5/reference/delivery-types").await?,
            payment_names: self.names("api/v5/reference/payment-types").await?,
            site_names: self.names("api/v5/reference/sites").await?,
        })
    }

    /// Names are a courtesy; without the right to read them the codes do.
    async fn names(&self, path: &str) -> Result<BTreeMap<String, String>, ShopError> {
        match self.client.get::<Reference>(path, &[], "names").await {
            Ok(reference) => Ok(reference.names()),
            Err(ShopError::NoReadRight(_) | ShopError::Unsupported(_) | ShopError::Gone) => {
                Ok(BTreeMap::new())
            }
            Err(error) => Err(error),
        }
    }

    /// Codes of the fields that the account has added to its orders.
    async fn order_fields(&self) -> Result<Vec<String>, ShopError> {
        let parameters = [
            ("filter[entity]", "order".to_owned()),
            ("limit", "100".to_owned()),
        ];
        match self
            .client
            .get::<CustomFields>("api/v5/custom-fields", &parameters, "fields")
            .await
        {
            Ok(list) => Ok(list.fields.into_iter().map(|field| field.code).collect()),
            Err(ShopError::NoReadRight(_) | ShopError::Unsupported(_) | ShopError::Gone) => {
                Ok(Vec::new())
            }
            Err(error) => Err(error),
        }
    }

    /// The account's statuses as the admin has set them, else as we read them.
    fn statuses<'a>(&'a self, account: &'a Account) -> &'a StatusTable {
        self.own_statuses.as_ref().unwrap_or(&account.statuses)
    }

    /// One order as it stands; none when it is there no more.
    async fn wire_order(&self, id: &RemoteId) -> Result<Option<WireOrder>, ShopError> {
        let Some(id) = pull::number(id) else {
            return Ok(None);
        };
        let path = format!("api/v5/orders/{id}");
        let by = [("by", "id".to_owned())];
        match self
            .client
            .get::<wire::OneOrder>(&path, &by, "orders")
            .await
        {
            Ok(found) => Ok(Some(found.order)),
            Err(ShopError::Gone) => Ok(None),
            Err(error) => Err(error),
        }
    }
}

#[async_trait]
impl Shop for RetailCrm {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        let key: Credentials = self
            .client
            .get("api/credentials", &[], "the key's rights")
            .await
            .map_err(not_a_shop)?;
        // An older account tells no scopes; then the first refusal says what is missing.
        if !key.scopes.is_empty() {
            let may = |scope: &str| key.scopes.iter().any(|one| one == scope);
            if let Some((_, what)) = READ_SCOPES.into_iter().find(|(scope, _)| !may(scope)) {
                return Err(ShopError::NoReadRight(what));
            }
            if !may(WRITE_SCOPE) {
                return Err(ShopError::NoWriteRight);
            }
        }
        let account = self.account().await?;
        let one = [("limit", "20".to_owned())];
        self.client
            .get::<IgnoredAny>("api/v5/store/products", &one, "products")
            .await?;
        let statuses = self.statuses(account);
        let sites = account.site_names.iter();
        let named = sites
            .filter(|(code, _)| key.sites.is_empty() || key.sites.contains(code))
            .map(|(_, name)| name.as_str());
        Ok(Introduction {
            name: named.collect::<Vec<_>>().join(", "),
            software: "retailCRM v5".to_owned(),
            currency: account.currency,
            zone: Some(account.zone.name().to_owned()),
            capabilities: Capabilities {
                edit_lines: true,
                private_notes: true,
                confirm_status: statuses.confirmed.is_some(),
                confirm_fields: account.has_fields(),
                cancel: statuses.cancelled.is_some(),
                conditional_write: false,
                coupons: false,
                refunds: false,
                webhooks: false,
                pull: PullStyle::ChangeLog,
                rate: RATE,
            },
            statuses: account.statuses.clone(),
        })
    }

    async fn products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        self.pull_products(cursor).await
    }

    async fn customers(&self, cursor: &Cursor) -> Result<Page<Customer>, ShopError> {
        self.pull_customers(cursor).await
    }

    async fn orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        self.pull_orders(cursor).await
    }

    async fn order(&self, id: &RemoteId) -> Result<Option<Order>, ShopError> {
        let account = self.account().await?;
        let found = self.wire_order(id).await?;
        found
            .map(|order| order.to_order(account, self.statuses(account)))
            .transpose()
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

/// While connecting, an answer of another form means that there is no such account.
fn not_a_shop(error: ShopError) -> ShopError {
    match error {
        ShopError::BadReply(_) | ShopError::Unsupported(_) | ShopError::Gone => ShopError::NotAShop,
        other => other,
    }
}
