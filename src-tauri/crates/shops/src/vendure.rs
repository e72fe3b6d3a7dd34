//! Vendure Admin GraphQL, measured against 3.7.
//!
//! Errors come as HTTP 200: at the top level with a code, or as a member of a mutation's union.
//! Times have whole seconds on some databases, so many rows share one. Lines of a placed order
//! change only in the state `Modifying`, which blocks shipping until someone moves the order on:
//! a write that was cut off there is found again and finished.

mod client;
mod grant;
mod pull;
mod push;
mod status;
mod sweep;
mod wire;

use crate::{
    Access, Again, Capabilities, Cursor, Effect, Introduction, Page, PullStyle, Rate, Shop,
    ShopError,
};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use client::{Client, Purpose};
use pull::{OrderPosition, Position, Row, Shelf};
use rules::id::{OperationId, RemoteId};
use rules::money::Currency;
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};
use serde_json::json;
use status::Words;
use std::collections::{BTreeMap, BTreeSet};
use tokio::sync::OnceCell;
use wire::{ConfirmationFields, Listed, OrderNode};

/// Orders on one page: with lines, payments and address about 3 kB each.
const ORDERS_A_PAGE: usize = 50;

/// Products or customers on one page.
const ROWS_A_PAGE: usize = 100;

/// The shop's software sets no limit, its host may.
const RATE: Rate = Rate {
    requests: 1_200,
    seconds: 60,
};

/// A Vendure shop.
pub struct Vendure {
    client: Client,
    words: Words,
    settings: OnceCell<Settings>,
}

/// What does not change while we speak with a shop; asked once.
struct Settings {
    /// The administrator whose name our writes carry.
    administrator: String,
    currency: Currency,
    /// The language in which names must be given.
    language: String,
    words: Words,
    fields: ConfirmationFields,
    /// Payment methods by code, in the shop's words; empty where we may not read them.
    payment_names: BTreeMap<String, String>,
    tracks_inventory: bool,
}

impl Vendure {
    /// Opens the connector for `access`; makes no request yet. The address may end with the path
    /// of the Admin API; without one `admin-api` is taken.
    ///
    /// # Errors
    /// What [`crate::http::Http::new`] finds wrong with the address.
    pub fn new(access: &Access) -> Result<Self, ShopError> {
        Ok(Self {
            client: Client::new(access)?,
            words: Words(access.statuses.clone()),
            settings: OnceCell::new(),
        })
    }

    async fn settings(&self) -> Result<&Settings, ShopError> {
        self.settings.get_or_try_init(|| self.read_settings()).await
    }

    async fn read_settings(&self) -> Result<Settings, ShopError> {
        let read = Purpose::Read("settings");
        let about: wire::About = self.client.ask(wire::ABOUT, json!({}), read).await?.data;
        let payment_names = self
            .client
            .ask::<wire::PaymentMethods>(wire::PAYMENT_METHODS, json!({}), read)
            .await
            .map(wire::payment_names)
            .or_else(|error| match error {
                // Names are a courtesy; without the right to read them the codes do.
                ShopError::NoReadRight(_) => Ok(BTreeMap::new()),
                other => Err(other),
            })?;
        Ok(Settings {
            administrator: about.administrator_id()?,
            currency: about.currency(),
            language: about.language(),
            words: self.words.clone(),
            tracks_inventory: about.tracks_inventory(),
            fields: self.confirmation_fields().await?,
            payment_names,
        })
    }

    /// Which of the agreed order fields the shop declares.
    async fn confirmation_fields(&self) -> Result<ConfirmationFields, ShopError> {
        let read = Purpose::Read("settings");
        match self
            .client
            .ask::<wire::Declared>(wire::DECLARED_FIELDS, json!({}), read)
            .await
        {
            Ok(answer) => Ok(answer.data.fields()),
            // Introspection may be switched off: then asking for the fields shows whether they are.
            Err(ShopError::Unsupported(_)) => {
                let probe = wire::probe_fields();
                match self
                    .client
                    .ask::<serde_json::Value>(&probe, json!({}), read)
                    .await
                {
                    Ok(_) => Ok(ConfirmationFields::ALL),
                    Err(ShopError::Unsupported(_)) => Ok(ConfirmationFields::default()),
                    Err(error) => Err(error),
                }
            }
            Err(error) => Err(error),
        }
    }

    /// Variants as a question's options name them, with the shop's time.
    async fn variants(
        &self,
        options: serde_json::Value,
    ) -> Result<(Vec<Row<Product>>, Option<DateTime<Utc>>), ShopError> {
        let settings = self.settings().await?;
        let answer = self
            .client
            .ask::<Listed<wire::VariantNode>>(
                wire::VARIANTS,
                json!({ "options": options }),
                Purpose::Read("products"),
            )
            .await?;
        let rows = answer.data.list.items.into_iter().map(|node| Row {
            id: node.id.clone(),
            stamp: node.updated_at,
            item: node.into_product(settings.tracks_inventory),
        });
        Ok((rows.collect(), answer.shop_time))
    }

    fn to_order(settings: &Settings, node: &OrderNode) -> Order {
        node.to_order(&settings.words, &settings.payment_names)
    }
}

#[async_trait]
impl Shop for Vendure {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        let answer =
            self.client
                .ask::<wire::About>(wire::ABOUT, json!({}), Purpose::Read("settings"));
        let about = answer.await.map_err(not_a_shop)?.data;
        about.check_rights()?;
        let fields = self.settings().await?.fields;
        Ok(Introduction {
            name: about.shop_name(),
            software: "Vendure".to_owned(),
            currency: about.currency(),
            zone: None,
            capabilities: Capabilities {
                edit_lines: true,
                private_notes: true,
                confirm_status: false,
                confirm_fields: fields.confirmed_at,
                cancel: true,
                conditional_write: false,
                coupons: about.may_promote(),
                refunds: true,
                webhooks: false,
                pull: PullStyle::ChangedSince,
                rate: RATE,
            },
            statuses: self.status_table().await?,
        })
    }

    async fn products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        let mut known = Shelf::read(cursor);
        let rows = self.variants(known.position.question(ROWS_A_PAGE, &json!({})));
        let (rows, shop_time) = rows.await?;
        let turn = known.position.advance(rows, ROWS_A_PAGE, shop_time);
        known.position = Position::read(&turn.next);
        let mut items = known.keep(turn.items);
        let mut gone = Vec::new();
        if turn.done {
            // Stock moves and variants go without any stamp moving: some are looked at in turn.
            let some = known.next_turn(ROWS_A_PAGE);
            if !some.is_empty() {
                let filter = json!({ "id": { "in": some } });
                let question = json!({ "take": ROWS_A_PAGE, "filter": filter });
                let (rows, _) = self.variants(question).await?;
                let found: BTreeSet<_> = rows.iter().map(|row| row.id.clone()).collect();
                gone = known.drop_missing(&some, &found);
                let rows = rows.into_iter().map(|row| row.item).collect();
                items.extend(known.keep_changed(rows));
            }
        }
        Ok(Page {
            items,
            gone,
            next: known.write(),
            done: turn.done,
        })
    }

    async fn customers(&self, cursor: &Cursor) -> Result<Page<Customer>, ShopError> {
        let position = Position::read(cursor);
        let variables = json!({ "options": position.question(ROWS_A_PAGE, &json!({})) });
        let answer = self
            .client
            .ask::<Listed<wire::CustomerNode>>(
                wire::CUSTOMERS,
                variables,
                Purpose::Read("customers"),
            )
            .await?;
        let rows = answer.data.list.items.into_iter().map(|node| Row {
            id: node.id.clone(),
            stamp: node.updated_at,
            item: node.to_customer(None),
        });
        Ok(position.advance(rows.collect(), ROWS_A_PAGE, answer.shop_time))
    }

    async fn orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        let settings = self.settings().await?;
        let read = Purpose::Read("orders");
        let placed = wire::placed_orders();
        let position = if let Some(position) = OrderPosition::read(cursor) {
            position
        } else {
            let options = json!({ "options": OrderPosition::newest_question(&placed) });
            let newest = self
                .client
                .ask::<Listed<wire::Stamped>>(wire::NEWEST_ORDER, options, read)
                .await?;
            OrderPosition::start(newest.data.list.items.first().map(|order| order.updated_at))
        };
        let variables = json!({ "options": position.question(ORDERS_A_PAGE, &placed) });
        let answer = self
            .client
            .ask::<Listed<OrderNode>>(&wire::orders_query(settings.fields), variables, read)
            .await?;
        let rows = answer.data.list.items.into_iter().map(|node| Row {
            id: node.id.clone(),
            stamp: position.stamp_of(&node),
            item: Self::to_order(settings, &node),
        });
        let rows = rows.collect();
        Ok(position.advance(rows, ORDERS_A_PAGE, answer.shop_time))
    }

    async fn order(&self, id: &RemoteId) -> Result<Option<Order>, ShopError> {
        let settings = self.settings().await?;
        let answer = self
            .client
            .ask::<wire::Found<OrderNode>>(
                &wire::order_query(settings.fields),
                json!({ "id": id }),
                Purpose::Read("orders"),
            )
            .await?;
        Ok(answer
            .data
            .order
            .map(|node| Self::to_order(settings, &node)))
    }

    async fn orders_again(&self, ids: &[RemoteId]) -> Result<Again, ShopError> {
        let settings = self.settings().await?;
        let mut again = Again::default();
        for some in ids.chunks(ORDERS_A_PAGE) {
            let options = json!({ "take": ORDERS_A_PAGE, "filter": { "id": { "in": some } } });
            let answer = self
                .client
                .ask::<Listed<OrderNode>>(
                    &wire::orders_query(settings.fields),
                    json!({ "options": options }),
                    Purpose::Read("orders"),
                )
                .await?;
            let nodes = answer.data.list.items;
            let missing = some
                .iter()
                .filter(|id| !nodes.iter().any(|node| node.id == id.as_str()));
            again.gone.extend(missing.cloned());
            let orders = nodes.iter().map(|node| Self::to_order(settings, node));
            again.items.extend(orders);
        }
        Ok(again)
    }

    async fn find(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError> {
        self.find_effect(id, operation).await
    }

    async fn apply(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError> {
        self.make_effect(id, operation).await
    }

    async fn sweep(&self, id: OperationId, operation: &ShopOperation) -> Result<u32, ShopError> {
        self.sweep_effect(id, operation).await
    }
}

/// While connecting, an answer that is no Admin API's means that there is no such shop.
fn not_a_shop(error: ShopError) -> ShopError {
    match error {
        ShopError::BadReply(_) | ShopError::Unsupported(_) => ShopError::NotAShop,
        other => other,
    }
}
