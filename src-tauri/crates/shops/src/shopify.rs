//! Shopify Admin GraphQL, by its public documentation.
//!
//! Errors come as HTTP 200: at the top level with a code, or as a mutation's `userErrors`. Queries
//! are paid for in points. There is no status to set: where an order stands follows from dates and
//! fulfilment, a confirmation is kept in a tag and in fields. Without the scope `read_all_orders`
//! only the last sixty days of orders are told.

mod ask;
mod client;
mod edit;
mod give;
mod pull;
mod push;
mod wire;

use crate::{
    Access, Again, Capabilities, Cursor, Effect, Hook, Introduction, Page, PullStyle, Rate, Shop,
    ShopError,
};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use client::{Client, Document, Purpose, TOO_DEAR};
use hmac::{Hmac, KeyInit, Mac};
use pull::{Answered, OrderPosition, Position, Question, Row};
use rules::id::{OperationId, RemoteId};
use rules::money::Currency;
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, OrderStage, Product};
use rules::status::StatusTable;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use std::sync::atomic::{AtomicUsize, Ordering};
use tokio::sync::OnceCell;
use wire::{Listed, OrderNode};

/// Orders on one page. An order with ten lines costs up to 75 points, and no query may cost more
/// than a thousand.
const ORDERS_A_PAGE: usize = 12;

/// Products on one page, each with its first twenty variants: up to 45 points.
const PRODUCTS_A_PAGE: usize = 20;

/// Customers on one page: three points each.
const CUSTOMERS_A_PAGE: usize = 100;

/// The most lines read of one order, or variants of one product (Shopify allows 2048).
const MOST_ON_ONE: usize = 5_000;

/// The scope without which only the orders of the last sixty days are told.
const ALL_ORDERS: &str = "read_all_orders";

/// The topics of calls that tell of something we pull.
const TOPICS: [&str; 6] = [
    "orders/",
    "refunds/",
    "fulfillments/",
    "products/",
    "inventory_levels/",
    "customers/",
];

/// A Shopify shop.
pub struct Shopify {
    client: Client,
    /// Signs the shop's calls; empty where the admin has not given it.
    client_secret: String,
    /// The admin's table of statuses.
    given: Option<StatusTable>,
    settings: OnceCell<Settings>,
    /// Pages are this many times smaller than reckoned: what a query costs is the shop's to say.
    shrunk: AtomicUsize,
}

/// What does not change while we speak with a shop; asked once.
#[derive(Clone, Copy)]
struct Settings {
    currency: Currency,
    /// Whether orders older than sixty days are told.
    reads_all: bool,
}

impl Shopify {
    /// Opens the connector for `access`; makes no request yet. The address is the shop's
    /// myshopify.com host, the secret its access token; `user` holds the app's client secret where
    /// the shop's calls are to be received.
    ///
    /// # Errors
    /// What [`crate::http::Http::new`] finds wrong with the address.
    pub fn new(access: &Access) -> Result<Self, ShopError> {
        Ok(Self {
            client: Client::new(access)?,
            client_secret: access.user.trim().to_owned(),
            given: access.statuses.clone(),
            settings: OnceCell::new(),
            shrunk: AtomicUsize::new(1),
        })
    }

    fn to_order(&self, node: &OrderNode) -> Result<Order, ShopError> {
        node.to_order(self.given.as_ref())
    }

    fn stage(&self, node: &OrderNode) -> OrderStage {
        node.stage(self.given.as_ref())
    }

    /// What the shop says of itself, and the version of the interface that it answered by.
    async fn about(&self) -> Result<(wire::About, String), ShopError> {
        let read = Purpose::Read("settings");
        let answer = self
            .client
            .ask::<wire::About>(ask::SHOP, json!({}), read)
            .await?;
        let about = answer.data;
        // Whoever asks first has said it.
        let _ = self.settings.set(Settings {
            currency: about.shop.currency_code,
            reads_all: about.has(ALL_ORDERS),
        });
        Ok((about, answer.version))
    }

    async fn settings(&self) -> Result<Settings, ShopError> {
        if self.settings.get().is_none() {
            self.about().await?;
        }
        let settings = self.settings.get().copied();
        settings.ok_or_else(|| ShopError::BadReply("no settings".to_owned()))
    }

    fn page(&self, most: usize) -> usize {
        (most / self.shrunk.load(Ordering::Relaxed)).max(1)
    }

    /// Makes pages smaller after one of `size` was too dear; whether it is worth trying again.
    fn shrink(&self, size: usize, error: &ShopError) -> bool {
        if *error != ShopError::Unsupported(TOO_DEAR) || size <= 1 {
            return false;
        }
        let shrunk = self.shrunk.load(Ordering::Relaxed);
        self.shrunk
            .store(shrunk.saturating_mul(2), Ordering::Relaxed);
        true
    }

    /// Reads a page of a list with at most `most` rows.
    async fn list(
        &self,
        document: Document,
        most: usize,
        mut variables: Map<String, Value>,
        question: Question,
        what: &'static str,
    ) -> Result<client::Answer<Listed>, ShopError> {
        variables.insert("after".to_owned(), json!(question.after));
        variables.insert("query".to_owned(), json!(question.query));
        loop {
            let first = self.page(most);
            variables.insert("first".to_owned(), json!(first));
            let variables = Value::Object(variables.clone());
            let asked = self.client.ask(document, variables, Purpose::Read(what));
            match asked.await {
                Err(error) if self.shrink(first, &error) => {}
                other => return other,
            }
        }
    }

    /// The rest of an order's lines, where it has more than come at once.
    async fn complete_lines(&self, order: &mut OrderNode) -> Result<(), ShopError> {
        while let Some(after) = order.line_items.page_info.rest() {
            let variables = json!({ "id": order.id, "after": after });
            let answer = self
                .client
                .ask::<wire::Found<wire::OnlyLines>>(
                    ask::ORDER_LINES,
                    variables,
                    Purpose::Read("orders"),
                )
                .await?;
            let lines = answer.data.order.ok_or(ShopError::Gone)?.line_items;
            let is_same_place = lines.page_info.rest() == order.line_items.page_info.rest();
            if is_same_place || order.line_items.nodes.len() > MOST_ON_ONE {
                return Err(ShopError::BadReply("the lines come to no end".to_owned()));
            }
            order.line_items.nodes.extend(lines.nodes);
            order.line_items.page_info = lines.page_info;
        }
        Ok(())
    }

    async fn complete_variants(&self, product: &mut wire::ProductNode) -> Result<(), ShopError> {
        while let Some(after) = product.variants.page_info.rest() {
            let variables = json!({ "id": product.id, "after": after });
            let answer = self
                .client
                .ask::<wire::FoundProduct>(
                    ask::PRODUCT_VARIANTS,
                    variables,
                    Purpose::Read("products"),
                )
                .await?;
            // Deleted while we read: what we have of it is as good as the rest.
            let Some(found) = answer.data.product else {
                return Ok(());
            };
            let is_same_place =
                found.variants.page_info.rest() == product.variants.page_info.rest();
            if is_same_place || product.variants.nodes.len() > MOST_ON_ONE {
                return Err(ShopError::BadReply(
                    "the variants come to no end".to_owned(),
                ));
            }
            product.variants.nodes.extend(found.variants.nodes);
            product.variants.page_info = found.variants.page_info;
        }
        Ok(())
    }

    /// An order in the words of the list; none for one of an odd form.
    async fn read_order(&self, node: Option<OrderNode>) -> Result<Option<Order>, ShopError> {
        let Some(mut node) = node else {
            return Ok(None);
        };
        match self.complete_lines(&mut node).await {
            // Deleted while we read.
            Err(ShopError::Gone) => return Ok(None),
            other => other?,
        }
        let order = self.to_order(&node);
        if order.is_err() {
            tracing::warn!(
                id = node.id,
                "order left out: an amount of a form of its own"
            );
        }
        Ok(order.ok())
    }

    /// An order with all its lines; none when the shop has it no more.
    async fn whole_order(&self, id: &RemoteId) -> Result<Option<OrderNode>, ShopError> {
        if !wire::is_identity(id, "Order") {
            return Ok(None);
        }
        let answer = self
            .client
            .ask::<wire::Found<OrderNode>>(ask::ORDER, json!({ "id": id }), Purpose::Read("orders"))
            .await?;
        let Some(mut node) = answer.data.order else {
            return Ok(None);
        };
        self.complete_lines(&mut node).await?;
        Ok(Some(node))
    }

    async fn order_page(&self, position: &OrderPosition) -> Result<Answered<Order>, ShopError> {
        let is_import = position.is_import();
        let by = if is_import {
            "CREATED_AT"
        } else {
            "UPDATED_AT"
        };
        let variables = Map::from_iter([
            ("sortKey".to_owned(), json!(by)),
            ("reverse".to_owned(), json!(is_import)),
        ]);
        let question = position.question();
        let answer = self
            .list(ask::ORDERS, ORDERS_A_PAGE, variables, question, "orders")
            .await?;
        let mut rows = Vec::new();
        for node in answer.data.list.nodes {
            let (stamped, node) = wire::row::<OrderNode>(node, "order")?;
            let created = stamped.created_at.filter(|_| is_import);
            rows.push(Row {
                id: stamped.id,
                stamp: created.unwrap_or(stamped.updated_at),
                item: self.read_order(node).await?,
            });
        }
        Ok(Answered {
            rows,
            rest: answer.data.list.page_info.rest().map(str::to_owned),
            shop_time: answer.shop_time,
        })
    }

    async fn product_page(
        &self,
        position: &Position,
        currency: Currency,
    ) -> Result<Answered<Vec<Product>>, ShopError> {
        let question = position.question();
        let nothing = Map::new();
        let answer = self
            .list(
                ask::PRODUCTS,
                PRODUCTS_A_PAGE,
                nothing,
                question,
                "products",
            )
            .await?;
        let mut rows = Vec::new();
        for node in answer.data.list.nodes {
            let (stamped, node) = wire::row::<wire::ProductNode>(node, "product")?;
            let item = match node {
                Some(mut node) => {
                    self.complete_variants(&mut node).await?;
                    node.to_products(currency).ok()
                }
                None => None,
            };
            rows.push(Row {
                id: stamped.id,
                stamp: stamped.updated_at,
                item,
            });
        }
        Ok(Answered {
            rows,
            rest: answer.data.list.page_info.rest().map(str::to_owned),
            shop_time: answer.shop_time,
        })
    }

    async fn customer_page(&self, position: &Position) -> Result<Answered<Customer>, ShopError> {
        let question = position.question();
        let nothing = Map::new();
        let answer = self
            .list(
                ask::CUSTOMERS,
                CUSTOMERS_A_PAGE,
                nothing,
                question,
                "customers",
            )
            .await?;
        let mut rows = Vec::new();
        for node in answer.data.list.nodes {
            let (stamped, node) = wire::row::<wire::CustomerNode>(node, "customer")?;
            rows.push(Row {
                id: stamped.id,
                stamp: stamped.updated_at,
                item: node.map(|node| node.to_customer()),
            });
        }
        Ok(Answered {
            rows,
            rest: answer.data.list.page_info.rest().map(str::to_owned),
            shop_time: answer.shop_time,
        })
    }

    /// Whether `signature` is the shop's for this body.
    fn is_signed(&self, signature: &str, body: &[u8]) -> bool {
        let Ok(signature) = STANDARD.decode(signature.trim()) else {
            return false;
        };
        let Ok(mut mac) = Hmac::<Sha256>::new_from_slice(self.client_secret.as_bytes()) else {
            return false;
        };
        mac.update(body);
        mac.verify_slice(&signature).is_ok()
    }
}

#[async_trait]
impl Shop for Shopify {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        let (about, version) = self.about().await.map_err(not_a_shop)?;
        about.check_rights()?;
        let reach = if about.has(ALL_ORDERS) {
            ""
        } else {
            ", orders of the last 60 days"
        };
        Ok(Introduction {
            name: about.shop.name.clone(),
            software: format!("Shopify {version}{reach}"),
            currency: about.shop.currency_code,
            zone: Some(about.shop.iana_timezone.clone()).filter(|zone| !zone.is_empty()),
            capabilities: Capabilities {
                edit_lines: about.has("write_order_edits"),
                private_notes: true,
                confirm_status: false,
                confirm_fields: true,
                cancel: true,
                conditional_write: false,
                coupons: about.has("write_discounts"),
                refunds: true,
                webhooks: !self.client_secret.is_empty(),
                pull: PullStyle::ChangedSince,
                // What counts are points, see the client; this keeps bursts of small queries down.
                rate: Rate {
                    requests: 4,
                    seconds: 1,
                },
            },
            statuses: self.given.clone().unwrap_or_else(wire::statuses),
        })
    }

    async fn products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        let currency = self.settings().await?.currency;
        let mut position = Position::read(cursor);
        let answered = match self.product_page(&position, currency).await {
            Err(error) if is_lost(&position.question(), &error) => {
                position = position.by_date();
                self.product_page(&position, currency).await?
            }
            other => other?,
        };
        let page = position.advance(answered);
        Ok(Page {
            items: page.items.into_iter().flatten().collect(),
            gone: page.gone,
            next: page.next,
            done: page.done,
        })
    }

    async fn customers(&self, cursor: &Cursor) -> Result<Page<Customer>, ShopError> {
        let mut position = Position::read(cursor);
        let answered = match self.customer_page(&position).await {
            Err(error) if is_lost(&position.question(), &error) => {
                position = position.by_date();
                self.customer_page(&position).await?
            }
            other => other?,
        };
        Ok(position.advance(answered))
    }

    async fn orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        let mut position = OrderPosition::read(cursor);
        let answered = match self.order_page(&position).await {
            Err(error) if is_lost(&position.question(), &error) => {
                position = position.by_date();
                self.order_page(&position).await?
            }
            other => other?,
        };
        Ok(position.advance(answered))
    }

    async fn order(&self, id: &RemoteId) -> Result<Option<Order>, ShopError> {
        let node = self.whole_order(id).await?;
        node.map(|node| self.to_order(&node)).transpose()
    }

    async fn orders_again(&self, ids: &[RemoteId]) -> Result<Again, ShopError> {
        let (known, strange): (Vec<_>, Vec<_>) =
            ids.iter().partition(|id| wire::is_identity(id, "Order"));
        // What is not told for its age is there all the same.
        let tells_gone = self.settings().await?.reads_all;
        let mut again = Again {
            items: Vec::with_capacity(known.len()),
            gone: strange.into_iter().cloned().collect(),
        };
        let mut left = known.as_slice();
        while !left.is_empty() {
            let size = self.page(ORDERS_A_PAGE).min(left.len());
            let (asked, rest) = left.split_at(size);
            let read = Purpose::Read("orders");
            let variables = json!({ "ids": asked });
            let answer = self
                .client
                .ask::<wire::Nodes>(ask::ORDERS_AGAIN, variables, read)
                .await;
            let nodes = match answer {
                Err(error) if self.shrink(size, &error) => continue,
                other => other?.data.nodes,
            };
            let mut found = Vec::new();
            for node in nodes.into_iter().filter(|node| !node.is_null()) {
                let (stamped, node) = wire::row::<OrderNode>(node, "order")?;
                found.push(stamped.id);
                again.items.extend(self.read_order(node).await?);
            }
            let lost = asked
                .iter()
                .filter(|id| tells_gone && !found.contains(&id.0));
            again.gone.extend(lost.map(|id| (*id).clone()));
            left = rest;
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
        self.sweep_surplus(id, operation).await
    }

    fn hook(&self, headers: &[(String, String)], body: &[u8]) -> Result<Hook, ShopError> {
        if self.client_secret.is_empty() {
            return Err(ShopError::Unsupported("webhooks"));
        }
        let header = |name: &str| {
            let found = headers
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim())
        };
        let signature = header("X-Shopify-Hmac-Sha256").ok_or(ShopError::WrongKey)?;
        if !self.is_signed(signature, body) {
            return Err(ShopError::WrongKey);
        }
        // The same app may serve several shops and signs for all with one secret.
        let is_ours = header("X-Shopify-Shop-Domain").is_none_or(|shop| {
            !shop.contains('.') || shop.eq_ignore_ascii_case(self.client.host())
        });
        let topic = header("X-Shopify-Topic").unwrap_or_default();
        Ok(Hook {
            delivery: header("X-Shopify-Webhook-Id")
                .unwrap_or_default()
                .to_owned(),
            is_change: is_ours && TOPICS.iter().any(|start| topic.starts_with(start)),
        })
    }
}

/// Whether an error may be about a page cursor that the shop has forgotten.
fn is_lost(question: &Question, error: &ShopError) -> bool {
    question.after.is_some() && matches!(error, ShopError::Unsupported(_) | ShopError::Refused(_))
}

/// While connecting, an answer that is no Admin API's means that there is no such shop.
fn not_a_shop(error: ShopError) -> ShopError {
    match error {
        ShopError::BadReply(_) | ShopError::Unsupported(_) => ShopError::NotAShop,
        other => other,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::ShopKind;

    fn shop(client_secret: &str) -> Shopify {
        Shopify::new(&Access {
            kind: ShopKind::Shopify,
            address: "https://desk.myshopify.com/admin".to_owned(),
            user: client_secret.to_owned(),
            secret: "shpat_x".to_owned(),
            allow_http: false,
            allow_private: false,
            certificate_authority: None,
            statuses: None,
            rate: None,
        })
        .unwrap()
    }

    fn call(shop_domain: &str, topic: &str, signature: &str) -> Vec<(String, String)> {
        [
            ("x-shopify-hmac-sha256", signature),
            ("x-shopify-webhook-id", "b54557e4"),
            ("x-shopify-topic", topic),
            ("x-shopify-shop-domain", shop_domain),
        ]
        .map(|(name, value)| (name.to_owned(), value.to_owned()))
        .to_vec()
    }

    /// By RFC 4231, test case 2: key `Jefe`.
    const BODY: &[u8] = b"what do ya want for nothing?";
    const SIGNATURE: &str = "W9zBRr9gdU5qBCQmCJV1x1oAPwidJzmDnexYuWTsOEM=";

    #[test]
    fn a_call_is_believed_by_its_signature() {
        let shop = shop("Jefe");
        let here = "desk.myshopify.com";
        let told = shop.hook(&call(here, "orders/updated", SIGNATURE), BODY);
        assert_eq!(
            told,
            Ok(Hook {
                delivery: "b54557e4".to_owned(),
                is_change: true
            })
        );
        let told = shop
            .hook(&call(here, "app/uninstalled", SIGNATURE), BODY)
            .unwrap();
        assert!(!told.is_change, "nothing to pull");
        let told = shop.hook(
            &call("other.myshopify.com", "orders/updated", SIGNATURE),
            BODY,
        );
        assert!(!told.unwrap().is_change, "another shop of the same app");
        let forged = shop.hook(&call(here, "orders/updated", SIGNATURE), b"another body");
        assert_eq!(forged, Err(ShopError::WrongKey));
        for signature in ["", "***", "AAAA"] {
            let forged = shop.hook(&call(here, "orders/updated", signature), BODY);
            assert_eq!(forged, Err(ShopError::WrongKey), "{signature:?}");
        }
        assert_eq!(shop.hook(&[], BODY), Err(ShopError::WrongKey));
    }

    #[test]
    fn without_the_clients_secret_no_call_is_taken() {
        assert_eq!(
            shop("").hook(&call("x", "orders/updated", SIGNATURE), BODY),
            Err(ShopError::Unsupported("webhooks"))
        );
    }

    #[test]
    fn the_host_is_what_counts_of_the_address() {
        assert_eq!(shop("").client.host(), "desk.myshopify.com");
    }
}
