//! What the Admin API answers, and our words for it.
//!
//! Of an order's two currencies the shop's own is read. Its `note` is one text, written by the
//! customer and by everyone after: lines that end with a mark are ours, the rest is the customer's.

use crate::ShopError;
use chrono::{DateTime, Utc};
use rules::id::RemoteId;
use rules::money::{Currency, Money};
use rules::order::{Customer, Order, OrderLine, OrderStage, Product};
use rules::role::Role;
use rules::status::{Status, StatusTable, Transition};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Number, Value};

/// The start of every mark, see [`rules::operation::marker`].
pub(super) const MARK_START: &str = "[dz:";

/// The tag of a confirmed order, for the shop's staff to filter by.
pub(super) const CONFIRMED_TAG: &str = "confirmed";

/// Where our fields of an order live.
pub(super) const NAMESPACE: &str = "dzvinok";

/// The word for an order that was called off; Shopify keeps that apart from fulfilment.
pub(super) const CANCELLED: &str = "CANCELLED";

/// The word for an order that was put away without being sent.
pub(super) const ARCHIVED: &str = "ARCHIVED";

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct About {
    pub(super) shop: ShopNode,
    current_app_installation: Installation,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ShopNode {
    pub(super) name: String,
    pub(super) currency_code: Currency,
    pub(super) iana_timezone: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Installation {
    access_scopes: Vec<Scope>,
}

#[derive(Deserialize)]
struct Scope {
    handle: String,
}

impl About {
    pub(super) fn has(&self, scope: &str) -> bool {
        let mut held = self.current_app_installation.access_scopes.iter();
        held.any(|one| one.handle == scope)
    }

    /// Whether it may read: a right to write holds the right to read.
    fn may_read(&self, what: &str) -> bool {
        self.has(&format!("read_{what}")) || self.has(&format!("write_{what}"))
    }

    /// Reading orders, customers and products, and writing orders.
    pub(super) fn check_rights(&self) -> Result<(), ShopError> {
        for what in ["orders", "customers", "products"] {
            if !self.may_read(what) {
                return Err(ShopError::NoReadRight(what));
            }
        }
        if self.has("write_orders") {
            Ok(())
        } else {
            Err(ShopError::NoWriteRight)
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Listed {
    pub(super) list: Connection<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Connection<T> {
    pub(super) nodes: Vec<T>,
    pub(super) page_info: PageInfo,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PageInfo {
    pub(super) has_next_page: bool,
    pub(super) end_cursor: Option<String>,
}

impl PageInfo {
    /// Where the rest begins; none where there is no rest.
    pub(super) fn rest(&self) -> Option<&str> {
        self.end_cursor.as_deref().filter(|_| self.has_next_page)
    }
}

#[derive(Deserialize)]
pub(super) struct Found<T> {
    pub(super) order: Option<T>,
}

#[derive(Deserialize)]
pub(super) struct Nodes {
    pub(super) nodes: Vec<Value>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OnlyLines {
    pub(super) line_items: Connection<LineNode>,
}

#[derive(Deserialize)]
pub(super) struct FoundProduct {
    pub(super) product: Option<OnlyVariants>,
}

#[derive(Deserialize)]
pub(super) struct OnlyVariants {
    pub(super) variants: Connection<VariantNode>,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Bag {
    shop_money: Amount,
}

#[derive(Clone, Deserialize)]
struct Amount {
    amount: String,
}

impl Bag {
    /// Minor units.
    pub(super) fn minor(&self, currency: Currency) -> Result<i64, ShopError> {
        minor(&self.shop_money.amount, currency)
    }
}

/// Reads a decimal such as `1299.5` into minor units; what lies below them is rounded half up, for
/// Shopify tells prices of a piece only approximately.
pub(super) fn minor(text: &str, currency: Currency) -> Result<i64, ShopError> {
    scaled(text, currency.exponent() as usize)
        .ok_or_else(|| ShopError::BadReply("no amount of money".to_owned()))
}

/// The decimal times ten to the `places`, rounded half away from zero.
fn scaled(text: &str, places: usize) -> Option<i64> {
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !all_digits(whole) || !all_digits(fraction) {
        return None;
    }
    let (kept, rest) = fraction.split_at(fraction.len().min(places));
    let carry = i64::from(rest.bytes().next().is_some_and(|digit| digit >= b'5'));
    let value = format!("{whole}{kept:0<places$}")
        .parse::<i64>()
        .ok()?
        .checked_add(carry)?;
    Some(if negative { -value } else { value })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineNode {
    pub(super) id: String,
    name: String,
    sku: Option<String>,
    pub(super) current_quantity: u32,
    pub(super) unfulfilled_quantity: u32,
    pub(super) variant: Option<Identified>,
    discounted_unit_price_after_all_discounts_set: Bag,
    #[serde(default)]
    tax_lines: Vec<TaxNode>,
}

#[derive(Clone, Deserialize)]
pub(super) struct Identified {
    pub(super) id: String,
}

#[derive(Deserialize)]
struct TaxNode {
    rate: Option<Number>,
}

/// A rate's parts in a million.
const MILLION: i64 = 1_000_000;

impl LineNode {
    fn to_line(&self, order: &OrderNode) -> Result<OrderLine, ShopError> {
        let currency = order.currency_code;
        let net = self
            .discounted_unit_price_after_all_discounts_set
            .minor(currency)?;
        let unit = if order.taxes_included {
            net
        } else {
            net.saturating_add(self.tax_on(net))
        };
        let pieces = i64::from(self.current_quantity);
        Ok(OrderLine {
            remote: RemoteId(self.id.clone()),
            product: self
                .variant
                .as_ref()
                .map(|variant| RemoteId(variant.id.clone())),
            sku: self.sku.clone().unwrap_or_default(),
            name: self.name.clone(),
            quantity: self.current_quantity,
            unit_price: Money::new(unit, currency),
            total: Money::new(unit.saturating_mul(pieces), currency),
        })
    }

    fn tax_on(&self, net: i64) -> i64 {
        let rates = self.tax_lines.iter().filter_map(|tax| tax.rate.as_ref());
        let millionths = rates
            .filter_map(|rate| scaled(&rate.to_string(), 6))
            .fold(0_i64, i64::saturating_add);
        let tax = net.saturating_mul(millionths);
        tax.saturating_add(MILLION / 2).div_euclid(MILLION)
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerNode {
    pub(super) id: String,
    display_name: String,
    default_email_address: Option<EmailNode>,
    default_phone_number: Option<PhoneNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct EmailNode {
    email_address: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct PhoneNode {
    phone_number: String,
}

impl CustomerNode {
    pub(super) fn to_customer(&self) -> Customer {
        let phone = self.default_phone_number.as_ref();
        let email = self.default_email_address.as_ref();
        Customer {
            remote: Some(RemoteId(self.id.clone())),
            name: self.display_name.trim().to_owned(),
            phone: phone
                .map(|phone| phone.phone_number.clone())
                .unwrap_or_default(),
            email: email
                .map(|email| email.email_address.clone())
                .unwrap_or_default(),
        }
    }
}

#[derive(Deserialize)]
pub(super) struct AddressNode {
    name: Option<String>,
    company: Option<String>,
    address1: Option<String>,
    address2: Option<String>,
    city: Option<String>,
    province: Option<String>,
    zip: Option<String>,
    country: Option<String>,
    phone: Option<String>,
}

impl AddressNode {
    fn to_read_aloud(&self) -> String {
        let town = joined([&self.city, &self.zip], ", ");
        joined(
            [
                &self.company,
                &Some(town),
                &self.province,
                &self.address1,
                &self.address2,
                &self.country,
            ],
            "\n",
        )
    }
}

#[derive(Deserialize)]
struct Titled {
    title: String,
}

#[derive(Deserialize)]
pub(super) struct FieldNode {
    value: String,
}

/// The parts that make up an order's total, told only where it is asked for alone.
#[derive(Deserialize)]
pub(super) struct Parts {
    #[serde(rename = "currentSubtotalPriceSet")]
    goods: Option<Bag>,
    #[serde(rename = "currentTotalTaxSet")]
    tax: Option<Bag>,
    #[serde(rename = "currentTotalDutiesSet")]
    duties: Option<Bag>,
    #[serde(rename = "currentTotalAdditionalFeesSet")]
    fees: Option<Bag>,
    #[serde(rename = "totalTipReceivedSet")]
    tip: Option<Bag>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderNode {
    pub(super) id: String,
    name: String,
    processed_at: DateTime<Utc>,
    pub(super) updated_at: DateTime<Utc>,
    cancelled_at: Option<DateTime<Utc>>,
    closed: bool,
    pub(super) currency_code: Currency,
    pub(super) presentment_currency_code: Currency,
    taxes_included: bool,
    display_fulfillment_status: String,
    pub(super) merchant_editable: bool,
    #[serde(default)]
    pub(super) merchant_editable_errors: Vec<String>,
    pub(super) note: Option<String>,
    #[serde(default)]
    tags: Vec<String>,
    email: Option<String>,
    phone: Option<String>,
    #[serde(default)]
    payment_gateway_names: Vec<String>,
    customer: Option<CustomerNode>,
    shipping_address: Option<AddressNode>,
    shipping_line: Option<Titled>,
    current_total_price_set: Bag,
    current_shipping_price_set: Bag,
    confirmed_by: Option<FieldNode>,
    confirmed_at: Option<FieldNode>,
    call_result: Option<FieldNode>,
    client_ref: Option<FieldNode>,
    pub(super) line_items: Connection<LineNode>,
    #[serde(flatten)]
    parts: Parts,
}

impl OrderNode {
    /// The shop's word for where it stands. Shopify has several dates and two states instead of one
    /// status; the one that says most goes first.
    pub(super) fn status(&self) -> &str {
        if self.cancelled_at.is_some() {
            CANCELLED
        } else if self.closed && self.display_fulfillment_status != "FULFILLED" {
            ARCHIVED
        } else {
            &self.display_fulfillment_status
        }
    }

    /// Where it stands in our words. A word that the admin's table does not hold means what it
    /// always does.
    pub(super) fn stage(&self, given: Option<&StatusTable>) -> OrderStage {
        let word = self.status();
        let told = given.and_then(|table| table.statuses.iter().find(|one| one.word == word));
        match told.map_or_else(|| stage_of(word), |one| one.stage) {
            OrderStage::New if self.is_confirmed() => OrderStage::Confirmed,
            stage => stage,
        }
    }

    pub(super) fn is_cancelled(&self) -> bool {
        self.cancelled_at.is_some()
    }

    pub(super) fn has_tag(&self) -> bool {
        // Tags are kept as typed first and compared whatever their case.
        self.tags
            .iter()
            .any(|tag| tag.eq_ignore_ascii_case(CONFIRMED_TAG))
    }

    fn is_confirmed(&self) -> bool {
        self.has_tag() || self.field("confirmed_at").is_some()
    }

    /// One of our fields; none where it is not set.
    pub(super) fn field(&self, key: &str) -> Option<&str> {
        let field = match key {
            "confirmed_by" => &self.confirmed_by,
            "confirmed_at" => &self.confirmed_at,
            "call_result" => &self.call_result,
            "client_ref" => &self.client_ref,
            _ => &None,
        };
        let value = field.as_ref().map(|field| field.value.as_str());
        value.filter(|value| !value.is_empty())
    }

    pub(super) fn note(&self) -> &str {
        self.note.as_deref().unwrap_or_default()
    }

    /// The lines that are still ordered.
    pub(super) fn order_lines(&self) -> Result<Vec<OrderLine>, ShopError> {
        self.line_items
            .nodes
            .iter()
            .filter(|line| line.current_quantity > 0)
            .map(|line| line.to_line(self))
            .collect()
    }

    /// What the customer pays, minor units.
    pub(super) fn total(&self) -> Result<i64, ShopError> {
        self.current_total_price_set.minor(self.currency_code)
    }

    /// Whether its parts make up its total, as far as both are told.
    pub(super) fn adds_up(&self) -> Result<bool, ShopError> {
        let currency = self.currency_code;
        let read = |bag: &Option<Bag>| bag.as_ref().map_or(Ok(0), |bag| bag.minor(currency));
        let Some(goods) = &self.parts.goods else {
            return Ok(true);
        };
        let tax = if self.taxes_included {
            0
        } else {
            read(&self.parts.tax)?
        };
        let sum = [
            goods.minor(currency)?,
            self.current_shipping_price_set.minor(currency)?,
            tax,
            read(&self.parts.duties)?,
            read(&self.parts.fees)?,
            read(&self.parts.tip)?,
        ]
        .into_iter()
        .fold(0_i64, i64::saturating_add);
        Ok(sum == self.total()?)
    }

    pub(super) fn to_order(&self, given: Option<&StatusTable>) -> Result<Order, ShopError> {
        let currency = self.currency_code;
        let address = self.shipping_address.as_ref();
        let mut customer = self
            .customer
            .as_ref()
            .map(CustomerNode::to_customer)
            .unwrap_or_default();
        // Whom to ring about this order is said in the order before it is said in the account.
        let lent = address.and_then(|address| address.phone.as_ref());
        if let Some(phone) = [self.phone.as_ref(), lent]
            .into_iter()
            .flatten()
            .find(|phone| !phone.trim().is_empty())
        {
            phone.trim().clone_into(&mut customer.phone);
        }
        if customer.name.is_empty() {
            customer.name = address
                .and_then(|address| address.name.clone())
                .unwrap_or_default();
        }
        if let Some(email) = self.email.as_ref().filter(|email| !email.is_empty()) {
            email.clone_into(&mut customer.email);
        }
        let delivery = self.shipping_line.as_ref();
        Ok(Order {
            remote: RemoteId(self.id.clone()),
            number: self.name.clone(),
            placed_at: self.processed_at,
            changed_at: self.updated_at,
            status: self.status().to_owned(),
            stage: self.stage(given),
            customer,
            delivery_address: address.map(AddressNode::to_read_aloud).unwrap_or_default(),
            delivery_method: delivery.map(|line| line.title.clone()).unwrap_or_default(),
            payment_method: self.payment_gateway_names.join(", "),
            customer_note: without_ours(self.note()),
            lines: self.order_lines()?,
            delivery_total: Money::new(self.current_shipping_price_set.minor(currency)?, currency),
            total: Money::new(self.total()?, currency),
        })
    }
}

/// A note without the lines that we have written into it.
fn without_ours(note: &str) -> String {
    let theirs = note.lines().filter(|line| !line.contains(MARK_START));
    theirs.collect::<Vec<_>>().join("\n").trim().to_owned()
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct ProductNode {
    pub(super) id: String,
    title: String,
    status: String,
    updated_at: DateTime<Utc>,
    pub(super) variants: Connection<VariantNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VariantNode {
    id: String,
    title: String,
    sku: Option<String>,
    price: String,
    inventory_quantity: Option<i64>,
    inventory_item: Option<ItemNode>,
}

#[derive(Deserialize)]
struct ItemNode {
    tracked: bool,
}

/// What Shopify calls the only variant of a product that has none.
const NO_VARIANT: &str = "Default Title";

impl ProductNode {
    /// One row for each variant. Its prices are the catalogue's: where a shop enters them without
    /// tax they are so here, and with tax on the order.
    pub(super) fn to_products(&self, currency: Currency) -> Result<Vec<Product>, ShopError> {
        self.variants
            .nodes
            .iter()
            .map(|variant| {
                let counted = variant
                    .inventory_item
                    .as_ref()
                    .is_some_and(|item| item.tracked);
                let name = if variant.title == NO_VARIANT || variant.title.is_empty() {
                    self.title.clone()
                } else {
                    format!("{} - {}", self.title, variant.title)
                };
                Ok(Product {
                    remote: RemoteId(variant.id.clone()),
                    sku: variant.sku.clone().unwrap_or_default(),
                    name,
                    price: Money::new(minor(&variant.price, currency)?, currency),
                    stock: variant.inventory_quantity.filter(|_| counted),
                    enabled: self.status == "ACTIVE",
                    changed_at: self.updated_at,
                })
            })
            .collect()
    }
}

/// What every row of a list has, however odd the rest of it is.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stamped {
    pub(super) id: String,
    pub(super) updated_at: DateTime<Utc>,
    pub(super) created_at: Option<DateTime<Utc>>,
}

/// Reads one row of a list. An odd one must not hold up all others: it is left out, and told
/// without saying whose it was.
pub(super) fn row<T: DeserializeOwned>(
    node: Value,
    what: &'static str,
) -> Result<(Stamped, Option<T>), ShopError> {
    let stamped = Stamped::deserialize(&node)
        .map_err(|_| ShopError::BadReply("a row without identity and date".to_owned()))?;
    let read = serde_json::from_value(node);
    if read.is_err() {
        tracing::warn!(what, id = stamped.id, "left out: of a form of its own");
    }
    Ok((stamped, read.ok()))
}

/// Whether a text is an identity of this kind: another one would be an error of the whole request.
pub(super) fn is_identity(id: &RemoteId, kind: &str) -> bool {
    let number = id
        .as_str()
        .strip_prefix("gid://shopify/")
        .and_then(|rest| rest.strip_prefix(kind))
        .and_then(|rest| rest.strip_prefix('/'));
    number.is_some_and(|number| {
        !number.is_empty() && number.bytes().all(|byte| byte.is_ascii_digit())
    })
}

/// Shopify's words for where an order stands, with those for what it keeps in dates.
const WORDS: [(&str, &str, OrderStage); 12] = [
    ("UNFULFILLED", "Unfulfilled", OrderStage::New),
    ("OPEN", "Open", OrderStage::New),
    ("ON_HOLD", "On hold", OrderStage::New),
    ("SCHEDULED", "Scheduled", OrderStage::New),
    ("REQUEST_DECLINED", "Request declined", OrderStage::New),
    ("IN_PROGRESS", "In progress", OrderStage::Confirmed),
    (
        "PENDING_FULFILLMENT",
        "Pending fulfillment",
        OrderStage::Confirmed,
    ),
    (
        "PARTIALLY_FULFILLED",
        "Partially fulfilled",
        OrderStage::Fulfilled,
    ),
    ("FULFILLED", "Fulfilled", OrderStage::Fulfilled),
    ("RESTOCKED", "Restocked", OrderStage::Other),
    (ARCHIVED, "Archived", OrderStage::Other),
    (CANCELLED, "Canceled", OrderStage::Cancelled),
];

fn stage_of(word: &str) -> OrderStage {
    let found = WORDS.iter().find(|(known, ..)| *known == word);
    found.map_or(OrderStage::Other, |(_, _, stage)| *stage)
}

/// The connector's own table. Confirming sets no word: it is kept in a tag and in fields.
pub(super) fn statuses() -> StatusTable {
    let can_be_cancelled = WORDS
        .iter()
        .filter(|(_, _, stage)| matches!(stage, OrderStage::New | OrderStage::Confirmed));
    let words = WORDS.iter();
    StatusTable {
        transitions: can_be_cancelled
            .map(|(from, ..)| Transition {
                from: (*from).to_owned(),
                to: CANCELLED.to_owned(),
                least: Role::Operator,
            })
            .collect(),
        statuses: words
            .map(|(word, name, stage)| Status {
                word: (*word).to_owned(),
                name: (*name).to_owned(),
                stage: *stage,
            })
            .collect(),
        confirmed: None,
        cancelled: Some(CANCELLED.to_owned()),
    }
}

fn joined<const N: usize>(parts: [&Option<String>; N], separator: &str) -> String {
    let present = parts
        .into_iter()
        .filter_map(|part| part.as_deref())
        .map(str::trim)
        .filter(|part| !part.is_empty());
    present.collect::<Vec<_>>().join(separator)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn order() -> Value {
        json!({
            "id": "gid://shopify/Order/1", "name": "#1001",
            "createdAt": "2026-11-20T10:00:00Z", "processedAt": "2026-11-20T10:00:00Z",
            "updatedAt": "2026-11-20T10:00:00Z", "cancelledAt": null, "closed": false,
            "currencyCode": "UAH", "presentmentCurrencyCode": "UAH", "taxesIncluded": true,
            "displayFulfillmentStatus": "UNFULFILLED", "merchantEditable": true,
            "merchantEditableErrors": [], "note": null, "tags": [], "email": null, "phone": null,
            "paymentGatewayNames": ["Cash on Delivery (COD)"],
            "customer": null, "shippingLine": null,
            "shippingAddress": { "name": "Olena K", "city": "Lviv", "zip": "79000",
                "address1": "Zelena 1", "phone": "+380501112233" },
            "currentTotalPriceSet": { "shopMoney": { "amount": "2649.0" } },
            "currentShippingPriceSet": { "shopMoney": { "amount": "50.0" } },
            "lineItems": { "pageInfo": { "hasNextPage": false, "endCursor": null }, "nodes": [{
                "id": "gid://shopify/LineItem/7", "name": "Kettle", "sku": "K", "quantity": 3,
                "currentQuantity": 2, "unfulfilledQuantity": 2,
                "variant": { "id": "gid://shopify/ProductVariant/11" },
                "discountedUnitPriceAfterAllDiscountsSet": { "shopMoney": { "amount": "1299.5" } },
                "taxLines": [{ "rate": 0.2 }],
            }] },
        })
    }

    fn read(value: Value) -> OrderNode {
        serde_json::from_value(value).unwrap()
    }

    #[test]
    fn amounts_are_read_into_minor_units() {
        for (text, expected) in [
            ("10.0", 1000),
            ("1299.5", 129_950),
            ("0.07", 7),
            ("33.333333", 3333),
            ("33.335", 3334),
            ("-2.50", -250),
            ("7", 700),
        ] {
            assert_eq!(minor(text, Currency::UAH), Ok(expected), "{text}");
        }
        assert_eq!(minor("500.0", "JPY".parse().unwrap()), Ok(500));
        for wrong in ["", ".5", "1,5", "1e3", "x", "99999999999999999999"] {
            assert!(
                minor(wrong, Currency::UAH).is_err(),
                "{wrong:?} is no amount"
            );
        }
    }

    #[test]
    fn an_order_is_read_as_it_stands_now() {
        let order = read(order()).to_order(None).unwrap();
        assert_eq!(order.lines.len(), 1);
        assert_eq!(order.lines[0].quantity, 2, "one of three was taken off");
        assert_eq!(order.lines[0].unit_price.minor, 129_950, "the tax is in it");
        assert_eq!(order.lines[0].total.minor, 259_900);
        assert_eq!(order.total.minor, 264_900);
        assert_eq!(
            order.customer.name, "Olena K",
            "a guest has a name on the parcel"
        );
        assert_eq!(order.customer.phone, "+380501112233");
        assert_eq!(order.delivery_address, "Lviv, 79000\nZelena 1");
        assert_eq!(order.stage, OrderStage::New);
    }

    #[test]
    fn tax_that_is_not_in_the_price_is_added_to_the_piece() {
        let mut value = order();
        value["taxesIncluded"] = json!(false);
        let order = read(value).to_order(None).unwrap();
        assert_eq!(
            order.lines[0].unit_price.minor, 155_940,
            "1299.50 and a fifth"
        );
    }

    #[test]
    fn the_stage_follows_dates_before_words() {
        let stage = |change: &dyn Fn(&mut Value)| {
            let mut value = order();
            change(&mut value);
            let node = read(value);
            (node.status().to_owned(), node.stage(None))
        };
        assert_eq!(
            stage(&|value| value["cancelledAt"] = json!("2026-11-21T10:00:00Z")),
            (CANCELLED.to_owned(), OrderStage::Cancelled)
        );
        assert_eq!(
            stage(&|value| value["closed"] = json!(true)),
            (ARCHIVED.to_owned(), OrderStage::Other),
            "put away without being sent: nobody is to be called"
        );
        assert_eq!(
            stage(&|value| value["tags"] = json!(["Confirmed"])).1,
            OrderStage::Confirmed
        );
        assert_eq!(
            stage(&|value| value["confirmedAt"] = json!({ "value": "2026-11-20T10:00:00Z" })).1,
            OrderStage::Confirmed
        );
        assert_eq!(
            stage(&|value| {
                value["displayFulfillmentStatus"] = json!("FULFILLED");
                value["tags"] = json!(["confirmed"]);
            })
            .1,
            OrderStage::Fulfilled,
            "what was sent stays sent"
        );
        assert_eq!(
            stage(&|value| value["displayFulfillmentStatus"] = json!("SOMETHING_NEW")).1,
            OrderStage::Other
        );
    }

    #[test]
    fn the_customers_remark_is_the_note_without_our_lines() {
        let mut value = order();
        value["note"] = json!("Ring twice\nNo answer [dz:0123456789ab]\nLeave it at the door");
        let order = read(value).to_order(None).unwrap();
        assert_eq!(order.customer_note, "Ring twice\nLeave it at the door");
    }

    #[test]
    fn an_odd_row_is_left_out_and_its_place_is_kept() {
        let mut value = order();
        value["currencyCode"] = json!(7);
        let (stamped, node) = row::<OrderNode>(value, "order").unwrap();
        assert_eq!(stamped.id, "gid://shopify/Order/1");
        assert!(node.is_none());
        assert!(row::<OrderNode>(json!({ "id": "x" }), "order").is_err());
    }

    #[test]
    fn only_an_identity_of_the_right_kind_is_asked_for() {
        let is_order = |text: &str| is_identity(&RemoteId::from(text), "Order");
        assert!(is_order("gid://shopify/Order/42"));
        for wrong in [
            "42",
            "gid://shopify/Order/",
            "gid://shopify/Order/4x",
            "gid://shopify/DraftOrder/4",
        ] {
            assert!(!is_order(wrong), "{wrong}");
        }
    }

    #[test]
    fn totals_are_held_against_their_parts() {
        let mut value = order();
        assert!(
            read(value.clone()).adds_up().unwrap(),
            "nothing to compare with"
        );
        value["currentSubtotalPriceSet"] = json!({ "shopMoney": { "amount": "2599.0" } });
        assert!(read(value.clone()).adds_up().unwrap(), "goods and delivery");
        value["totalTipReceivedSet"] = json!({ "shopMoney": { "amount": "1.0" } });
        assert!(
            !read(value).adds_up().unwrap(),
            "a tip that is not in the total"
        );
    }
}
