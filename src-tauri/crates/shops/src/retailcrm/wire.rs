//! What retailCRM sends, read as far as it is needed. PHP writes an empty list where an empty object
//! is meant, and times in the account's own zone, without saying so.

use crate::ShopError;
use crate::decimal::Decimal;
use chrono::{DateTime, LocalResult, NaiveDateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rules::id::RemoteId;
use rules::money::{Currency, Money};
use rules::order::{Customer, Order, OrderLine, OrderStage, Product};
use rules::status::{Status, StatusTable};
use serde::de::{DeserializeOwned, IgnoredAny};
use serde::{Deserialize, Deserializer};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The code under which our marks stand among a line's external identities.
pub(super) const MARK_CODE: &str = "dzvinok";

/// The fields of an order that hold a confirmation, where the account has them.
pub(super) const CONFIRMED_BY: &str = "confirmed_by";
pub(super) const CONFIRMED_AT: &str = "confirmed_at";
pub(super) const CALL_RESULT: &str = "call_result";
pub(super) const CLIENT_REF: &str = "client_ref";

/// Statuses that retailCRM puts into every account.
const CLIENT_CONFIRMED: &str = "client-confirmed";
const PREPAID: &str = "prepayed";
const CANCEL_OTHER: &str = "cancel-other";

#[derive(Deserialize)]
pub(super) struct Credentials {
    #[serde(default)]
    pub(super) scopes: Vec<String>,
    #[serde(default, rename = "sitesAvailable")]
    pub(super) sites: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct SettingsReply {
    pub(super) settings: Settings,
}

#[derive(Deserialize)]
pub(super) struct Settings {
    pub(super) default_currency: Node,
    pub(super) timezone: Node,
}

#[derive(Deserialize)]
pub(super) struct Node {
    pub(super) value: String,
}

/// A reference: entries by code.
#[derive(Deserialize)]
pub(super) struct Reference {
    #[serde(
        alias = "sites",
        alias = "deliveryTypes",
        alias = "paymentTypes",
        alias = "statuses",
        deserialize_with = "map"
    )]
    entries: BTreeMap<String, Entry>,
}

#[derive(Clone, Default, Deserialize)]
pub(super) struct Entry {
    #[serde(default)]
    pub(super) name: String,
    #[serde(default)]
    pub(super) code: String,
    #[serde(default = "yes")]
    pub(super) active: bool,
    #[serde(default)]
    pub(super) ordering: i64,
    #[serde(default)]
    pub(super) group: String,
}

impl Reference {
    /// Entries that have a code, in the account's own order.
    pub(super) fn entries(self) -> Vec<Entry> {
        let mut entries: Vec<Entry> = self.entries.into_values().collect();
        entries.retain(|entry| !entry.code.is_empty());
        entries.sort_by_key(|entry| entry.ordering);
        entries
    }

    pub(super) fn names(self) -> BTreeMap<String, String> {
        let entries = self.entries().into_iter();
        entries.map(|entry| (entry.code, entry.name)).collect()
    }
}

#[derive(Deserialize)]
pub(super) struct CustomFields {
    #[serde(default, rename = "customFields")]
    pub(super) fields: Vec<Entry>,
}

#[derive(Default, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Pagination {
    #[serde(default)]
    pub(super) total_count: u64,
    #[serde(default)]
    pub(super) total_page_count: u32,
}

/// One list with its pages; the name of the list differs.
#[derive(Deserialize)]
pub(super) struct Listed<T> {
    #[serde(default)]
    pub(super) pagination: Pagination,
    #[serde(
        alias = "orders",
        alias = "customers",
        alias = "products",
        alias = "history",
        default = "Vec::new"
    )]
    pub(super) rows: Vec<T>,
}

/// An element of a list; what cannot be read must not hold up all others.
#[derive(Deserialize)]
#[serde(untagged)]
pub(super) enum Element<T> {
    Read(Box<T>),
    Odd(Identity),
}

#[derive(Clone, Copy, Deserialize)]
pub(super) struct Identity {
    pub(super) id: u64,
}

#[derive(Deserialize)]
pub(super) struct OneOrder {
    pub(super) order: WireOrder,
}

/// What a write answers; its echo of the order is not relied on.
#[derive(Deserialize)]
pub(super) struct Written {
    #[serde(default, rename = "id")]
    _id: IgnoredAny,
}

/// One row of the change log of orders or customers.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Record {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) deleted: bool,
    #[serde(default, alias = "customer", deserialize_with = "lenient")]
    pub(super) order: Option<Identity>,
    #[serde(default, deserialize_with = "lenient")]
    pub(super) combined_to: Option<Identity>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireOrder {
    pub(super) id: u64,
    #[serde(default)]
    number: Option<String>,
    #[serde(default)]
    currency: Option<String>,
    created_at: String,
    #[serde(default)]
    status_updated_at: Option<String>,
    #[serde(default)]
    pub(super) site: Option<String>,
    #[serde(default)]
    pub(super) status: String,
    #[serde(default)]
    pub(super) total_summ: Decimal,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    patronymic: Option<String>,
    #[serde(default)]
    phone: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default)]
    customer: Option<WireCustomer>,
    #[serde(default)]
    customer_comment: Option<String>,
    #[serde(default)]
    manager_comment: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    delivery: Delivery,
    #[serde(default, deserialize_with = "list_or_map")]
    payments: Vec<Payment>,
    #[serde(default)]
    pub(super) items: Vec<WireItem>,
    #[serde(default, deserialize_with = "lenient")]
    custom_fields: BTreeMap<String, Value>,
}

#[derive(Default, Deserialize)]
struct Delivery {
    #[serde(default)]
    code: Option<String>,
    #[serde(default)]
    cost: Decimal,
    #[serde(default, deserialize_with = "lenient")]
    service: Service,
    #[serde(default, deserialize_with = "lenient")]
    address: Address,
}

#[derive(Default, Deserialize)]
struct Service {
    #[serde(default)]
    name: Option<String>,
}

#[derive(Default, Deserialize)]
struct Address {
    #[serde(default)]
    index: Option<String>,
    #[serde(default)]
    region: Option<String>,
    #[serde(default)]
    city: Option<String>,
    #[serde(default)]
    text: Option<String>,
}

#[derive(Default, Deserialize)]
struct Payment {
    #[serde(default, rename = "type")]
    kind: Option<String>,
}

/// A line. Its own JSON is kept beside what is read of it: the whole list is sent back with an edit,
/// and what is not told of a line may be lost.
#[derive(Clone)]
pub(super) struct WireItem {
    pub(super) id: u64,
    pub(super) initial_price: Decimal,
    pub(super) quantity: Decimal,
    pub(super) is_canceled: bool,
    discount_total: Decimal,
    discounts: Vec<Discount>,
    prices: Vec<Price>,
    external_ids: Vec<ExternalId>,
    offer: Offer,
    product_name: String,
    raw: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ItemParts {
    id: u64,
    #[serde(default)]
    initial_price: Decimal,
    #[serde(default)]
    quantity: Decimal,
    #[serde(default)]
    is_canceled: bool,
    #[serde(default)]
    discount_total: Decimal,
    #[serde(default, deserialize_with = "lenient")]
    discounts: Vec<Discount>,
    #[serde(default, deserialize_with = "lenient")]
    prices: Vec<Price>,
    #[serde(default, deserialize_with = "lenient")]
    external_ids: Vec<ExternalId>,
    #[serde(default, deserialize_with = "lenient")]
    offer: Offer,
    #[serde(default)]
    product_name: Option<String>,
}

#[derive(Clone, Deserialize)]
struct Discount {
    #[serde(default, rename = "type")]
    kind: String,
    #[serde(default)]
    amount: Decimal,
}

#[derive(Clone, Deserialize)]
struct Price {
    #[serde(default)]
    price: Decimal,
    #[serde(default)]
    quantity: Decimal,
}

#[derive(Clone, Deserialize)]
struct ExternalId {
    #[serde(default)]
    code: String,
    #[serde(default)]
    value: String,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Offer {
    #[serde(default)]
    id: Option<u64>,
    #[serde(default)]
    external_id: Option<String>,
    #[serde(default)]
    article: Option<String>,
    #[serde(default)]
    display_name: Option<String>,
    #[serde(default)]
    name: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireCustomer {
    id: u64,
    #[serde(default)]
    first_name: Option<String>,
    #[serde(default)]
    last_name: Option<String>,
    #[serde(default)]
    patronymic: Option<String>,
    /// Of a company.
    #[serde(default)]
    nick_name: Option<String>,
    #[serde(default)]
    email: Option<String>,
    #[serde(default, deserialize_with = "lenient")]
    phones: Vec<Phone>,
}

#[derive(Deserialize)]
struct Phone {
    #[serde(default)]
    number: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireProduct {
    #[serde(default)]
    name: String,
    #[serde(default)]
    article: Option<String>,
    #[serde(default = "yes")]
    active: bool,
    #[serde(default)]
    updated_at: Option<String>,
    #[serde(default)]
    offers: Vec<WireOffer>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct WireOffer {
    pub(super) id: u64,
    #[serde(default)]
    name: Option<String>,
    #[serde(default)]
    article: Option<String>,
    #[serde(default)]
    external_id: Option<String>,
    #[serde(default)]
    price: Option<Decimal>,
    #[serde(default)]
    prices: Vec<OfferPrice>,
    #[serde(default)]
    quantity: Option<Decimal>,
    #[serde(default = "yes")]
    active: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct OfferPrice {
    #[serde(default)]
    price_type: String,
    #[serde(default)]
    price: Decimal,
}

/// What does not change while we speak with an account; asked once.
pub(super) struct Account {
    pub(super) currency: Currency,
    pub(super) zone: Tz,
    pub(super) statuses: StatusTable,
    pub(super) fields: Vec<String>,
    pub(super) delivery_names: BTreeMap<String, String>,
    pub(super) payment_names: BTreeMap<String, String>,
    pub(super) site_names: BTreeMap<String, String>,
}

impl Account {
    pub(super) fn has_field(&self, code: &str) -> bool {
        self.fields.iter().any(|field| field == code)
    }

    /// Whether a confirmation is kept in fields of the order.
    pub(super) fn has_fields(&self) -> bool {
        self.has_field(CONFIRMED_BY) && self.has_field(CONFIRMED_AT)
    }

    /// `2026-01-02 03:04:05` of the account's clock. An hour that comes twice is taken for the first
    /// of the two, one that never comes for the one after it.
    pub(super) fn moment(&self, text: &str) -> Option<DateTime<Utc>> {
        let read = NaiveDateTime::parse_from_str(text.trim(), "%Y-%m-%d %H:%M:%S").ok()?;
        let local = match self.zone.from_local_datetime(&read) {
            LocalResult::Single(at) | LocalResult::Ambiguous(at, _) => at,
            LocalResult::None => {
                let later = read.checked_add_signed(TimeDelta::hours(1))?;
                self.zone.from_local_datetime(&later).earliest()?
            }
        };
        Some(local.with_timezone(&Utc))
    }

    /// The account's own writing of a moment.
    pub(super) fn written(&self, moment: DateTime<Utc>) -> String {
        let local = moment.with_timezone(&self.zone);
        local.format("%Y-%m-%d %H:%M:%S").to_string()
    }
}

/// Makes a table of the account's statuses: the group says what a status means, and two of the
/// statuses that every account is born with say more.
pub(super) fn status_table(entries: &[Entry]) -> StatusTable {
    let is_free = |entry: &&Entry| entry.active;
    let known = |code: &str| {
        entries
            .iter()
            .any(|entry| entry.code == code && entry.active)
    };
    let first_of = |group: &str| {
        let found = entries
            .iter()
            .filter(is_free)
            .find(|entry| entry.group == group);
        found.map(|entry| entry.code.clone())
    };
    let preferred = |code: &str, group: &str| {
        known(code)
            .then(|| code.to_owned())
            .or_else(|| first_of(group))
    };
    let confirmed = preferred(CLIENT_CONFIRMED, "assembling");
    let cancelled = preferred(CANCEL_OTHER, "cancel");
    let stage = |entry: &Entry| match entry.group.as_str() {
        _ if entry.code == CLIENT_CONFIRMED || entry.code == PREPAID => OrderStage::Confirmed,
        "new" | "approval" => OrderStage::New,
        "assembling" => OrderStage::Confirmed,
        "delivery" | "complete" => OrderStage::Fulfilled,
        "cancel" => OrderStage::Cancelled,
        _ => OrderStage::Other,
    };
    let statuses: Vec<Status> = entries
        .iter()
        .map(|entry| Status {
            word: entry.code.clone(),
            name: entry.name.clone(),
            stage: stage(entry),
        })
        .collect();
    StatusTable::usual(statuses, confirmed, cancelled)
}

impl WireOrder {
    pub(super) fn remote(&self) -> RemoteId {
        RemoteId(self.id.to_string())
    }

    pub(super) fn manager_comment(&self) -> &str {
        self.manager_comment.as_deref().unwrap_or_default()
    }

    pub(super) fn field(&self, code: &str) -> Option<&str> {
        self.custom_fields.get(code)?.as_str()
    }

    pub(super) fn currency(&self, account: &Account) -> Currency {
        let own = self.currency.as_deref().and_then(|code| code.parse().ok());
        own.unwrap_or(account.currency)
    }

    pub(super) fn created(&self, account: &Account) -> Option<DateTime<Utc>> {
        account.moment(&self.created_at)
    }

    /// The latest stamp the order bears. It tells of no change of a line or a text, but it never
    /// goes back: a later reading is not taken for an older one.
    pub(super) fn changed(&self, account: &Account) -> Option<DateTime<Utc>> {
        let moved = self.status_updated_at.as_deref();
        [
            self.created(account),
            moved.and_then(|text| account.moment(text)),
        ]
        .into_iter()
        .flatten()
        .max()
    }

    /// Whether the total is the sum of its parts; each line may be off by a rounding.
    pub(super) fn adds_up(&self, account: &Account) -> bool {
        let lines: Decimal = self.items.iter().map(WireItem::total).sum();
        let sum = lines + self.delivery.cost;
        sum.is_within(
            self.total_summ,
            self.items.len() + 1,
            self.currency(account),
        )
    }

    /// The line of this identity, of those that count.
    pub(super) fn item(&self, id: u64) -> Option<&WireItem> {
        self.items
            .iter()
            .find(|item| item.id == id && item.counts())
    }

    pub(super) fn lines(&self, account: &Account) -> Result<Vec<OrderLine>, ShopError> {
        let currency = self.currency(account);
        let counted = self.items.iter().filter(|item| item.counts());
        counted.map(|item| item.to_line(currency)).collect()
    }

    pub(super) fn to_order(
        &self,
        account: &Account,
        statuses: &StatusTable,
    ) -> Result<Order, ShopError> {
        let odd = |what: &str| ShopError::BadReply(format!("order {}: {what}", self.id));
        let currency = self.currency(account);
        let money = |amount: Decimal| {
            amount
                .to_money(currency)
                .ok_or_else(|| odd("amount too large"))
        };
        let placed_at = self.created(account).ok_or_else(|| odd("no date"))?;
        Ok(Order {
            remote: self.remote(),
            number: filled(self.number.as_deref()).unwrap_or_else(|| self.id.to_string()),
            placed_at,
            changed_at: self.changed(account).unwrap_or(placed_at),
            status: self.status.clone(),
            stage: statuses.stage(&self.status),
            customer: self.buyer(),
            delivery_address: self.delivery.address.lines(),
            delivery_method: self.delivery_method(account),
            payment_method: self.payment_method(account),
            customer_note: filled(self.customer_comment.as_deref()).unwrap_or_default(),
            lines: self.lines(account)?,
            delivery_total: money(self.delivery.cost)?,
            total: money(self.total_summ)?,
        })
    }

    /// Who ordered: as the order itself says, else as the customer's card does.
    fn buyer(&self) -> Customer {
        let card = self.customer.as_ref().map(WireCustomer::to_customer);
        let card = card.unwrap_or_default();
        let parts = [&self.first_name, &self.patronymic, &self.last_name];
        let name = joined(parts, " ");
        Customer {
            remote: card.remote,
            name: if name.is_empty() { card.name } else { name },
            phone: filled(self.phone.as_deref()).unwrap_or(card.phone),
            email: filled(self.email.as_deref()).unwrap_or(card.email),
        }
    }

    fn delivery_method(&self, account: &Account) -> String {
        let code = self.delivery.code.as_deref().unwrap_or_default();
        let named = account.delivery_names.get(code).map(String::as_str);
        let service = self.delivery.service.name.clone();
        joined([&Some(named.unwrap_or(code).to_owned()), &service], ", ")
    }

    fn payment_method(&self, account: &Account) -> String {
        let mut names: Vec<&str> = Vec::new();
        for payment in &self.payments {
            let code = payment.kind.as_deref().unwrap_or_default();
            let name = account.payment_names.get(code).map_or(code, String::as_str);
            if !name.is_empty() && !names.contains(&name) {
                names.push(name);
            }
        }
        names.join(", ")
    }
}

impl Address {
    fn lines(&self) -> String {
        let place = joined([&self.index, &self.region, &self.city], ", ");
        joined([&Some(place), &self.text], "\n")
    }
}

impl WireItem {
    /// Whether it is a line to the customer: neither struck out nor empty.
    pub(super) fn counts(&self) -> bool {
        !self.is_canceled && !self.quantity.is_zero()
    }

    /// What the line costs the customer, all discounts taken off.
    pub(super) fn total(&self) -> Decimal {
        if !self.counts() {
            return Decimal::ZERO;
        }
        let priced: Decimal = self.prices.iter().map(|price| price.quantity).sum();
        if priced == self.quantity {
            let parts = self.prices.iter();
            return parts.map(|part| part.price.times(part.quantity)).sum();
        }
        (self.initial_price - self.discount_total).times(self.quantity)
    }

    /// The manual discount on one piece. The list of discounts does not say whether its amounts are
    /// of a piece or of the line, but their sum does, beside the discount in all, which is of a piece.
    pub(super) fn manual_discount(&self) -> Decimal {
        let own = |kind: &str| -> Decimal {
            let found = self.discounts.iter().filter(|one| one.kind == kind);
            found.map(|one| one.amount).sum()
        };
        let manual = own("manual_product");
        let all: Decimal = self.discounts.iter().map(|one| one.amount).sum();
        if all == self.discount_total.times(self.quantity) && all != self.discount_total {
            return manual.per(self.quantity);
        }
        manual
    }

    /// Whether anything but the line's own discount lowers its price: that is spread anew over the
    /// lines when they change.
    pub(super) fn shares_a_discount(&self) -> bool {
        self.discounts
            .iter()
            .any(|one| one.kind != "manual_product" && !one.amount.is_zero())
    }

    /// Our marks on it.
    pub(super) fn marks(&self) -> impl Iterator<Item = &str> {
        let ours = self.external_ids.iter().filter(|one| one.code == MARK_CODE);
        ours.map(|one| one.value.as_str())
    }

    /// The line as an edit sends it: all that is known of it, under the names that are written.
    pub(super) fn to_write(&self, quantity: Decimal, mark: Option<&str>) -> Value {
        let mut write = Map::new();
        for kept in [
            "vatRate",
            "comment",
            "status",
            "purchasePrice",
            "ordering",
            "priceType",
            "productName",
        ] {
            if let Some(value) = self.raw.get(kept).filter(|value| !value.is_null()) {
                write.insert(kept.to_owned(), value.clone());
            }
        }
        let read = |name: &str| self.raw.get(name).filter(|value| !value.is_null()).cloned();
        let (amount, percent) = (read("discountManualAmount"), read("discountManualPercent"));
        let is_told = amount.is_some() || percent.is_some();
        write.insert("id".to_owned(), json!(self.id));
        write.insert("initialPrice".to_owned(), json!(self.initial_price));
        write.insert("quantity".to_owned(), json!(quantity));
        write.insert(
            "discountManualAmount".to_owned(),
            if is_told {
                amount.unwrap_or(json!(0))
            } else {
                json!(self.manual_discount())
            },
        );
        write.insert(
            "discountManualPercent".to_owned(),
            percent.unwrap_or(json!(0)),
        );
        if let Some(offer) = self.offer.id {
            write.insert("offer".to_owned(), json!({ "id": offer }));
        }
        if let Some(Value::Object(properties)) = self.raw.get("properties") {
            let list: Vec<&Value> = properties.values().collect();
            write.insert("properties".to_owned(), json!(list));
        }
        let mut ids: Vec<Value> = self
            .external_ids
            .iter()
            .filter(|one| mark.is_none() || one.code != MARK_CODE)
            .map(|one| json!({ "code": one.code, "value": one.value }))
            .collect();
        ids.extend(mark.map(|mark| json!({ "code": MARK_CODE, "value": mark })));
        if !ids.is_empty() {
            write.insert("externalIds".to_owned(), Value::Array(ids));
        }
        Value::Object(write)
    }

    fn to_line(&self, currency: Currency) -> Result<OrderLine, ShopError> {
        let odd = || ShopError::BadReply(format!("line {}: amount too large", self.id));
        let money = |amount: Decimal| amount.to_money(currency).ok_or_else(odd);
        let total: Money = money(self.total())?;
        let offer = &self.offer;
        let name = [
            offer.display_name.as_deref(),
            offer.name.as_deref(),
            Some(&self.product_name),
        ];
        let name = name.into_iter().find_map(filled).unwrap_or_default();
        let sku = [offer.article.as_deref(), offer.external_id.as_deref()];
        // Goods by weight: one piece that says how much of it.
        let (quantity, name, unit) = match self.quantity.whole() {
            Some(quantity) => (quantity, name, money(self.total().per(self.quantity))?),
            None => (1, format!("{name} × {}", self.quantity), total),
        };
        Ok(OrderLine {
            remote: RemoteId(self.id.to_string()),
            product: offer.id.map(|id| RemoteId(id.to_string())),
            sku: sku.into_iter().find_map(filled).unwrap_or_default(),
            name,
            quantity,
            unit_price: unit,
            total,
        })
    }
}

impl<'de> Deserialize<'de> for WireItem {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = Map::deserialize(deserializer)?;
        let parts: ItemParts = serde_json::from_value(Value::Object(raw.clone()))
            .map_err(|_| serde::de::Error::custom("a line of another form"))?;
        Ok(Self {
            id: parts.id,
            initial_price: parts.initial_price,
            quantity: parts.quantity,
            is_canceled: parts.is_canceled,
            discount_total: parts.discount_total,
            discounts: parts.discounts,
            prices: parts.prices,
            external_ids: parts.external_ids,
            offer: parts.offer,
            product_name: parts.product_name.unwrap_or_default(),
            raw,
        })
    }
}

impl WireCustomer {
    pub(super) const fn id(&self) -> u64 {
        self.id
    }

    pub(super) fn to_customer(&self) -> Customer {
        let parts = [&self.first_name, &self.patronymic, &self.last_name];
        let name = joined(parts, " ");
        let company = filled(self.nick_name.as_deref()).unwrap_or_default();
        Customer {
            remote: Some(RemoteId(self.id.to_string())),
            name: if name.is_empty() { company } else { name },
            phone: self
                .phones
                .first()
                .map(|phone| phone.number.clone())
                .unwrap_or_default(),
            email: filled(self.email.as_deref()).unwrap_or_default(),
        }
    }
}

impl WireProduct {
    pub(super) fn changed(&self, account: &Account) -> Option<DateTime<Utc>> {
        account.moment(self.updated_at.as_deref()?)
    }

    pub(super) fn offer(&self, id: u64) -> Option<&WireOffer> {
        self.offers.iter().find(|offer| offer.id == id)
    }

    /// Whether a line can be made of one of its offers.
    pub(super) fn sells(&self, offer: &WireOffer) -> bool {
        self.active && offer.active
    }

    /// As the desk knows products: one row for each offer.
    pub(super) fn to_products(&self, account: &Account) -> Vec<Product> {
        let rows = self.offers.iter().filter_map(|offer| {
            let price = offer.price().to_money(account.currency)?;
            let names = [offer.name.as_deref(), Some(&self.name)];
            let skus = [
                offer.article.as_deref(),
                self.article.as_deref(),
                offer.external_id.as_deref(),
            ];
            Some(Product {
                remote: RemoteId(offer.id.to_string()),
                sku: skus.into_iter().find_map(filled).unwrap_or_default(),
                name: names.into_iter().find_map(filled).unwrap_or_default(),
                price,
                stock: offer.quantity.and_then(Decimal::floor),
                enabled: self.sells(offer),
                changed_at: self.changed(account).unwrap_or_default(),
            })
        });
        rows.collect()
    }
}

impl WireOffer {
    pub(super) fn price(&self) -> Decimal {
        let base = self.prices.iter().find(|price| price.price_type == "base");
        self.price
            .or(base.map(|price| price.price))
            .unwrap_or_default()
    }
}

const fn yes() -> bool {
    true
}

fn filled(text: Option<&str>) -> Option<String> {
    let text = text?.trim();
    (!text.is_empty()).then(|| text.to_owned())
}

fn joined<'a>(parts: impl IntoIterator<Item = &'a Option<String>>, between: &str) -> String {
    let parts = parts.into_iter().filter_map(|part| filled(part.as_deref()));
    parts.collect::<Vec<_>>().join(between)
}

/// What has another form than it should, such as an empty list for an empty object, is nothing.
fn lenient<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + DeserializeOwned,
{
    let value = Value::deserialize(deserializer)?;
    Ok(serde_json::from_value(value).unwrap_or_default())
}

fn map<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let fields: Map<String, Value> = lenient(deserializer)?;
    let read = fields.into_iter().filter_map(|(code, value)| {
        let entry = serde_json::from_value(value).ok()?;
        Some((code, entry))
    });
    Ok(read.collect())
}

fn list_or_map<'de, D, T>(deserializer: D) -> Result<Vec<T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let values = match Value::deserialize(deserializer)? {
        Value::Array(list) => list,
        Value::Object(fields) => fields.into_iter().map(|(_, value)| value).collect(),
        _ => Vec::new(),
    };
    let read = values
        .into_iter()
        .filter_map(|value| serde_json::from_value(value).ok());
    Ok(read.collect())
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;
    use rules::role::Role;

    pub(in crate::retailcrm) fn account() -> Account {
        Account {
            currency: Currency::UAH,
            zone: chrono_tz::Europe::Kyiv,
            statuses: StatusTable::default(),
            fields: Vec::new(),
            delivery_names: BTreeMap::new(),
            payment_names: BTreeMap::new(),
            site_names: BTreeMap::new(),
        }
    }

    fn order(body: &Value) -> WireOrder {
        serde_json::from_value(body.clone()).unwrap()
    }

    fn at(text: &str) -> DateTime<Utc> {
        text.parse().unwrap()
    }

    #[test]
    fn times_are_of_the_accounts_zone() {
        let account = account();
        assert_eq!(
            account.moment("2026-07-01 12:00:00"),
            Some(at("2026-07-01T09:00:00Z"))
        );
        assert_eq!(
            account.moment("2026-01-01 12:00:00"),
            Some(at("2026-01-01T10:00:00Z"))
        );
        assert_eq!(
            account.moment("2026-03-29 03:30:00"),
            Some(at("2026-03-29T01:30:00Z")),
            "an hour that never comes"
        );
        assert_eq!(
            account.moment("2026-10-25 03:30:00"),
            Some(at("2026-10-25T00:30:00Z")),
            "an hour that comes twice"
        );
        assert_eq!(account.moment("yesterday"), None);
    }

    #[test]
    fn an_order_is_read_though_php_writes_lists_for_objects() {
        let read = order(&json!({
            "id": 7, "number": "7C", "createdAt": "2026-02-25 09:37:48", "site": "main",
            "status": "new", "summ": 190, "totalSumm": 250.5, "firstName": "Олена", "lastName": "Коваль",
            "phone": "+380671234567", "customFields": [], "payments": [],
            "customer": { "type": "customer", "id": 4924, "phones": [] },
            "delivery": { "code": "np", "cost": 60.5, "address": { "index": "01001", "city": "Київ", "text": "вул. Лесі, 1" } },
            "items": [
                { "id": 1, "initialPrice": 100, "discountTotal": 5, "quantity": 2,
                  "prices": [{ "price": 95, "quantity": 2 }], "discounts": [{ "type": "manual_product", "amount": 5 }],
                  "offer": { "id": 31, "article": "A1", "displayName": "Чайник" } },
                { "id": 2, "initialPrice": 40, "quantity": 3, "isCanceled": true, "offer": { "id": 32 } },
            ],
        }));
        let told = read.to_order(&account(), &StatusTable::default()).unwrap();
        assert_eq!(told.total.minor, 25_050);
        assert_eq!(told.delivery_total.minor, 6050);
        assert_eq!(told.customer.name, "Олена Коваль");
        assert_eq!(told.delivery_address, "01001, Київ\nвул. Лесі, 1");
        assert_eq!(
            told.lines.len(),
            1,
            "a line struck out is no line to the customer"
        );
        let line = &told.lines[0];
        assert_eq!((line.unit_price.minor, line.total.minor), (9500, 19_000));
        assert!(read.adds_up(&account()));
    }

    #[test]
    fn a_discount_is_sent_back_by_the_piece() {
        let item = |amount: u32| -> WireItem {
            serde_json::from_value(json!({
                "id": 1, "initialPrice": 100, "discountTotal": 5, "quantity": 2,
                "discounts": [{ "type": "manual_product", "amount": amount }], "vatRate": "none",
                "externalIds": [{ "code": "shop", "value": "9" }], "properties": { "c": { "code": "c", "name": "C", "value": "1" } },
            }))
            .unwrap()
        };
        for (amount, why) in [(5, "told of a piece"), (10, "told of the line")] {
            let write = item(amount).to_write(Decimal::from(3), Some("dz1-1"));
            assert_eq!(write["discountManualAmount"], json!(5), "{why}");
            assert_eq!(write["initialPrice"], json!(100));
            assert_eq!(write["quantity"], json!(3));
            assert_eq!(
                write["vatRate"],
                json!("none"),
                "what is not sent may be lost"
            );
            assert_eq!(
                write["externalIds"],
                json!([{ "code": "shop", "value": "9" }, { "code": "dzvinok", "value": "dz1-1" }]),
                "other systems' identities stay"
            );
            assert_eq!(
                write["properties"],
                json!([{ "code": "c", "name": "C", "value": "1" }])
            );
        }
    }

    #[test]
    fn goods_by_weight_are_one_piece() {
        let item: WireItem = serde_json::from_value(json!({
            "id": 1, "initialPrice": 100, "quantity": 1.5, "offer": { "id": 5, "name": "Сир" },
        }))
        .unwrap();
        let line = item.to_line(Currency::UAH).unwrap();
        assert_eq!((line.quantity, line.total.minor), (1, 15_000));
        assert_eq!(line.name, "Сир × 1.5");
    }

    #[test]
    fn the_group_says_what_a_status_means() {
        let entry = |code: &str, group: &str, active| Entry {
            name: code.to_uppercase(),
            code: code.to_owned(),
            active,
            ordering: 10,
            group: group.to_owned(),
        };
        let table = status_table(&[
            entry("new", "new", true),
            entry("offer-analog", "approval", true),
            entry("client-confirmed", "approval", true),
            entry("assembling", "assembling", true),
            entry("delivering", "delivery", true),
            entry("complete", "complete", true),
            entry("no-call", "cancel", true),
            entry("cancel-other", "cancel", true),
            entry("own", "own-group", true),
        ]);
        assert_eq!(table.stage("offer-analog"), OrderStage::New);
        assert_eq!(table.stage("client-confirmed"), OrderStage::Confirmed);
        assert_eq!(table.stage("delivering"), OrderStage::Fulfilled);
        assert_eq!(table.stage("own"), OrderStage::Other);
        assert_eq!(table.confirmed.as_deref(), Some("client-confirmed"));
        assert_eq!(table.cancelled.as_deref(), Some("cancel-other"));
        assert!(table.may("new", "client-confirmed", Role::Operator));
        assert!(table.may("assembling", "cancel-other", Role::Operator));
        assert!(!table.may("own", "client-confirmed", Role::Operator));
        assert!(!table.knows("complete", "cancel-other"));
        assert_eq!(table.problems(&table.statuses, false), []);
        let bare = status_table(&[
            entry("new", "new", true),
            entry("assembling", "assembling", false),
        ]);
        assert_eq!(
            bare.confirmed, None,
            "a status that is switched off cannot be set"
        );
    }
}
