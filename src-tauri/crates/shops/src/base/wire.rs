//! What Base.com sends, read as far as it is needed. Numbers come as numbers or as texts, an empty
//! map as an empty list, times as seconds of 1970.

use crate::ShopError;
use crate::decimal::Decimal;
use chrono::{DateTime, Utc};
use rules::id::RemoteId;
use rules::money::{Currency, Money};
use rules::order::{Customer, Order, OrderLine, OrderStage, Product};
use rules::status::{Status, StatusTable};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Deserializer};
use serde_json::Value;
use std::collections::BTreeMap;

/// A number that may be written as a text; what is none is nothing.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Number(pub(super) u64);

impl<'de> Deserialize<'de> for Number {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let number = match Value::deserialize(deserializer)? {
            Value::Number(number) => number.as_u64(),
            Value::String(text) => text.trim().parse().ok(),
            _ => None,
        };
        Ok(Self(number.unwrap_or(0)))
    }
}

/// A flag as `true`, `1` or `"1"`.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(super) struct Flag(pub(super) bool);

impl<'de> Deserialize<'de> for Flag {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::Bool(flag) => flag,
            Value::Number(number) => number.as_u64() == Some(1),
            Value::String(text) => text == "1" || text == "true",
            _ => false,
        }))
    }
}

/// Text, also where a number is written.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(super) struct Text(pub(super) String);

impl<'de> Deserialize<'de> for Text {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        Ok(Self(match Value::deserialize(deserializer)? {
            Value::String(text) => text,
            Value::Number(number) => number.to_string(),
            _ => String::new(),
        }))
    }
}

impl Text {
    fn trimmed(&self) -> &str {
        self.0.trim()
    }
}

#[derive(Deserialize)]
pub(super) struct StatusList {
    #[serde(default)]
    pub(super) statuses: Vec<WireStatus>,
}

#[derive(Deserialize)]
pub(super) struct WireStatus {
    #[serde(default)]
    id: Number,
    #[serde(default)]
    name: Text,
}

#[derive(Deserialize)]
pub(super) struct Inventories {
    #[serde(default)]
    pub(super) inventories: Vec<Inventory>,
}

/// A catalogue of products.
#[derive(Clone, Deserialize)]
pub(super) struct Inventory {
    #[serde(rename = "inventory_id")]
    pub(super) id: Number,
    #[serde(default)]
    pub(super) name: Text,
    #[serde(default)]
    pub(super) default_price_group: Number,
    #[serde(default)]
    pub(super) is_default: Flag,
}

#[derive(Deserialize)]
pub(super) struct PriceGroups {
    #[serde(default)]
    pub(super) price_groups: Vec<PriceGroup>,
}

#[derive(Deserialize)]
pub(super) struct PriceGroup {
    #[serde(default, rename = "price_group_id")]
    pub(super) id: Number,
    #[serde(default)]
    pub(super) currency: Text,
    #[serde(default)]
    pub(super) is_default: Flag,
}

#[derive(Deserialize)]
pub(super) struct ProductList {
    #[serde(default, deserialize_with = "map")]
    pub(super) products: BTreeMap<String, WireProduct>,
}

#[derive(Clone, Deserialize)]
pub(super) struct WireProduct {
    #[serde(default)]
    name: Text,
    /// In the detailed data the name is here.
    #[serde(default, deserialize_with = "map")]
    text_fields: BTreeMap<String, Value>,
    #[serde(default)]
    sku: Text,
    #[serde(default)]
    ean: Text,
    #[serde(default)]
    parent_id: Number,
    #[serde(default)]
    tax_rate: Decimal,
    #[serde(default)]
    weight: Decimal,
    #[serde(default, deserialize_with = "map")]
    prices: BTreeMap<String, Decimal>,
    #[serde(default, deserialize_with = "map")]
    stock: BTreeMap<String, Decimal>,
    #[serde(default, deserialize_with = "map")]
    variants: BTreeMap<String, WireProduct>,
}

#[derive(Deserialize)]
pub(super) struct Journal {
    #[serde(default)]
    pub(super) logs: Vec<Event>,
}

#[derive(Clone, Copy, Deserialize)]
pub(super) struct Event {
    #[serde(default, alias = "id")]
    pub(super) log_id: Number,
    #[serde(default)]
    pub(super) order_id: Number,
    #[serde(default)]
    pub(super) log_type: Number,
    #[serde(default)]
    pub(super) object_id: Number,
}

impl Event {
    /// The orders that an event tells of: both of two that were joined or parted, the copy too.
    pub(super) fn orders(self) -> impl Iterator<Item = u64> {
        let other = matches!(self.log_type.0, 5 | 6 | 17).then_some(self.object_id.0);
        let both = [Some(self.order_id.0), other];
        both.into_iter().flatten().filter(|id| *id > 0)
    }
}

#[derive(Deserialize)]
pub(super) struct OrderList {
    #[serde(default)]
    pub(super) orders: Vec<WireOrder>,
}

#[derive(Clone, Deserialize)]
pub(super) struct WireOrder {
    #[serde(rename = "order_id")]
    pub(super) id: Number,
    #[serde(default)]
    shop_order_id: Number,
    #[serde(default)]
    order_status_id: Text,
    #[serde(default)]
    date_add: Number,
    #[serde(default)]
    pub(super) date_confirmed: Number,
    #[serde(default)]
    date_in_status: Number,
    #[serde(default)]
    user_login: Text,
    #[serde(default)]
    phone: Text,
    #[serde(default)]
    email: Text,
    #[serde(default)]
    user_comments: Text,
    #[serde(default)]
    admin_comments: Text,
    #[serde(default)]
    currency: Text,
    #[serde(default)]
    payment_method: Text,
    #[serde(default)]
    delivery_method: Text,
    #[serde(default)]
    delivery_price: Decimal,
    #[serde(default)]
    delivery_fullname: Text,
    #[serde(default)]
    delivery_company: Text,
    #[serde(default)]
    delivery_address: Text,
    #[serde(default)]
    delivery_postcode: Text,
    #[serde(default)]
    delivery_city: Text,
    #[serde(default)]
    delivery_state: Text,
    #[serde(default)]
    delivery_country: Text,
    #[serde(default)]
    delivery_point_name: Text,
    #[serde(default)]
    delivery_point_address: Text,
    #[serde(default)]
    delivery_point_postcode: Text,
    #[serde(default)]
    delivery_point_city: Text,
    #[serde(default)]
    invoice_fullname: Text,
    #[serde(default)]
    pub(super) products: Vec<WireLine>,
}

#[derive(Clone, Deserialize)]
pub(super) struct WireLine {
    #[serde(rename = "order_product_id")]
    pub(super) id: Number,
    #[serde(default)]
    storage: Text,
    #[serde(default)]
    product_id: Text,
    #[serde(default)]
    variant_id: Text,
    #[serde(default)]
    name: Text,
    #[serde(default)]
    attributes: Text,
    #[serde(default)]
    sku: Text,
    /// Of a listing; free on lines added by hand, so our mark stands here.
    #[serde(default)]
    auction_id: Text,
    #[serde(default)]
    pub(super) price_brutto: Decimal,
    #[serde(default)]
    pub(super) quantity: Decimal,
}

/// A product of a catalogue by which an order's line can be made.
pub(super) struct Goods {
    pub(super) inventory: u64,
    pub(super) product: u64,
    pub(super) variant: Option<u64>,
    pub(super) name: String,
    pub(super) sku: String,
    pub(super) ean: String,
    pub(super) price: Decimal,
    pub(super) tax_rate: Decimal,
    pub(super) weight: Decimal,
}

/// A product's identity: of a variant its parent's and its own.
pub(super) fn product_id(product: u64, variant: Option<u64>) -> RemoteId {
    RemoteId(match variant {
        Some(variant) => format!("{product}/{variant}"),
        None => product.to_string(),
    })
}

/// The parts of a product's identity.
pub(super) fn parts(id: &RemoteId) -> Option<(u64, Option<u64>)> {
    match id.as_str().split_once('/') {
        Some((product, variant)) => Some((product.parse().ok()?, Some(variant.parse().ok()?))),
        None => Some((id.as_str().parse().ok()?, None)),
    }
}

/// Stems of the names that accounts give their statuses, in Polish, English, Ukrainian and Russian,
/// and what they mean; the first that occurs decides. What is paid or not says nothing of a call.
const WELL_KNOWN: [(OrderStage, &[&str]); 5] = [
    (
        OrderStage::Cancelled,
        &[
            "anulow",
            "odrzuc",
            "cancel",
            "reject",
            "скасов",
            "відмін",
            "відмов",
            "отмен",
            "отказ",
        ],
    ),
    (
        OrderStage::New,
        &[
            "niepotwierdz",
            "do potwierdz",
            "unconfirmed",
            "to confirm",
            "to be confirmed",
            "непідтв",
            "не підтв",
            "неподтв",
            "не подтв",
            "на підтвердж",
            "на подтвержд",
            "nowe",
            "nowy",
            "new",
            "нове",
            "нові",
            "новий",
            "новые",
            "новый",
        ],
    ),
    (
        OrderStage::Other,
        &[
            "zwrot",
            "zwróc",
            "reklam",
            "return",
            "płatno",
            "opłac",
            "payment",
            "поверн",
            "возврат",
            "оплат",
        ],
    ),
    (
        OrderStage::Confirmed,
        &[
            "potwierdz",
            "confirm",
            "підтвердж",
            "подтвержд",
            "do wys",
            "do spakow",
            "w realizacji",
            "w trakcie",
            "pakow",
            "gotow",
            "to ship",
            "to send",
            "processing",
            "packing",
            "packed",
            "ready",
            "до відправ",
            "к отправ",
            "в обробці",
            "в работе",
            "в роботі",
            "комплект",
            "зібран",
            "собран",
        ],
    ),
    (
        OrderStage::Fulfilled,
        &[
            "wysłan",
            "dostarcz",
            "zrealizow",
            "zakończ",
            "odebran",
            "shipped",
            "sent",
            "delivered",
            "completed",
            "відправл",
            "доставл",
            "викона",
            "заверш",
            "отправл",
            "выполн",
        ],
    ),
];

/// Stems of what an order is called once the customer has said yes.
const CONFIRMED: [&str; 4] = ["potwierdz", "confirm", "підтвердж", "подтвержд"];

fn guessed(name: &str) -> OrderStage {
    let name = name.to_lowercase();
    let known = WELL_KNOWN
        .iter()
        .find(|(_, stems)| stems.iter().any(|stem| name.contains(stem)));
    known.map_or(OrderStage::Other, |(stage, _)| *stage)
}

/// Makes a table of the account's own statuses, as far as their names are well known. An order is
/// moved only to one that says "confirmed": others may set a parcel in motion.
pub(super) fn status_table(list: &[WireStatus]) -> StatusTable {
    let statuses: Vec<Status> = list
        .iter()
        .map(|status| Status {
            word: status.id.0.to_string(),
            name: status.name.0.clone(),
            stage: guessed(&status.name.0),
        })
        .collect();
    let first = |wanted: OrderStage, is_meant: &dyn Fn(&str) -> bool| {
        let mut found = statuses.iter().filter(|status| status.stage == wanted);
        found
            .find(|status| is_meant(&status.name.to_lowercase()))
            .map(|status| status.word.clone())
    };
    let says_yes = |name: &str| CONFIRMED.iter().any(|stem| name.contains(stem));
    let confirmed = first(OrderStage::Confirmed, &says_yes);
    let cancelled = first(OrderStage::Cancelled, &|_| true);
    StatusTable::usual(statuses, confirmed, cancelled)
}

fn moment(seconds: Number) -> Option<DateTime<Utc>> {
    let seconds = i64::try_from(seconds.0)
        .ok()
        .filter(|seconds| *seconds > 0)?;
    DateTime::from_timestamp(seconds, 0)
}

impl WireOrder {
    pub(super) fn status(&self) -> &str {
        self.order_status_id.trimmed()
    }

    pub(super) fn comment(&self) -> &str {
        &self.admin_comments.0
    }

    /// Whether it is an order and no longer a basket: Base.com's own word for that is confirmed.
    pub(super) fn is_placed(&self) -> bool {
        self.date_confirmed.0 > 0
    }

    pub(super) fn line(&self, id: u64) -> Option<&WireLine> {
        self.products
            .iter()
            .find(|line| line.id.0 == id && !line.quantity.is_zero())
    }

    pub(super) fn currency(&self) -> Option<Currency> {
        self.currency.trimmed().parse().ok()
    }

    /// The latest stamp the order bears. It tells of no change of a line or a text, but it never
    /// goes back: a later reading is not taken for an older one.
    pub(super) fn changed(&self) -> Option<DateTime<Utc>> {
        [self.date_add, self.date_confirmed, self.date_in_status]
            .into_iter()
            .filter_map(moment)
            .max()
    }

    pub(super) fn lines(&self) -> Result<Vec<OrderLine>, ShopError> {
        let currency = self.currency().ok_or_else(|| self.odd("no currency"))?;
        let counted = self.products.iter().filter(|line| !line.quantity.is_zero());
        counted.map(|line| line.to_line(currency)).collect()
    }

    fn odd(&self, what: &str) -> ShopError {
        ShopError::BadReply(format!("order {}: {what}", self.id.0))
    }

    /// As the desk knows orders. Base.com tells no total; it is that of the lines and the delivery.
    pub(super) fn to_order(&self, statuses: &StatusTable) -> Result<Order, ShopError> {
        let currency = self.currency().ok_or_else(|| self.odd("no currency"))?;
        let lines = self.lines()?;
        let too_large = || self.odd("amount too large");
        let delivery_total = self
            .delivery_price
            .to_money(currency)
            .ok_or_else(too_large)?;
        let sum = lines.iter().map(|line| line.total.minor).sum::<i64>();
        let placed_at = moment(self.date_confirmed).or_else(|| moment(self.date_add));
        let placed_at = placed_at.ok_or_else(|| self.odd("no date"))?;
        let number = [self.shop_order_id, self.id]
            .into_iter()
            .find(|id| id.0 > 0);
        Ok(Order {
            remote: RemoteId(self.id.0.to_string()),
            number: number.unwrap_or(self.id).0.to_string(),
            placed_at,
            changed_at: self.changed().unwrap_or(placed_at),
            status: self.status().to_owned(),
            stage: statuses.stage(self.status()),
            customer: self.buyer(),
            delivery_address: self.address(),
            delivery_method: self.delivery_method.trimmed().to_owned(),
            payment_method: self.payment_method.trimmed().to_owned(),
            customer_note: self.user_comments.trimmed().to_owned(),
            lines,
            delivery_total,
            total: Money::new(sum.saturating_add(delivery_total.minor), currency),
        })
    }

    /// Base.com keeps no customers, only what each order says of them.
    fn buyer(&self) -> Customer {
        let names = [
            &self.delivery_fullname,
            &self.invoice_fullname,
            &self.user_login,
        ];
        let name = names
            .into_iter()
            .map(Text::trimmed)
            .find(|name| !name.is_empty());
        Customer {
            remote: None,
            name: name.unwrap_or_default().to_owned(),
            phone: self.phone.trimmed().to_owned(),
            email: self.email.trimmed().to_owned(),
        }
    }

    fn address(&self) -> String {
        let town = joined([&self.delivery_postcode, &self.delivery_city], " ");
        let point_town = joined(
            [&self.delivery_point_postcode, &self.delivery_point_city],
            " ",
        );
        let rows = [
            joined([&self.delivery_fullname, &self.delivery_company], ", "),
            joined([&self.delivery_address], ""),
            town,
            joined([&self.delivery_state, &self.delivery_country], ", "),
            joined(
                [&self.delivery_point_name, &self.delivery_point_address],
                ", ",
            ),
            point_town,
        ];
        let rows: Vec<String> = rows.into_iter().filter(|row| !row.is_empty()).collect();
        rows.join("\n")
    }
}

impl WireLine {
    pub(super) fn total(&self) -> Decimal {
        self.price_brutto.times(self.quantity)
    }

    /// The product of a catalogue; none for goods of a connected shop or wholesaler.
    pub(super) fn product(&self) -> Option<RemoteId> {
        let product = self
            .product_id
            .trimmed()
            .parse()
            .ok()
            .filter(|id| *id > 0)?;
        let variant = self
            .variant_id
            .trimmed()
            .parse()
            .ok()
            .filter(|id: &u64| *id > 0);
        (self.storage.trimmed() == "db").then(|| product_id(product, variant))
    }

    pub(super) fn is_marked(&self, mark: &str) -> bool {
        self.auction_id.trimmed() == mark
    }

    fn to_line(&self, currency: Currency) -> Result<OrderLine, ShopError> {
        let odd = || ShopError::BadReply(format!("line {}: amount too large", self.id.0));
        let total = self.total().to_money(currency).ok_or_else(odd)?;
        let name = joined([&self.name, &self.attributes], ", ");
        let (quantity, name, unit_price) = match self.quantity.whole() {
            Some(quantity) => (
                quantity,
                name,
                self.price_brutto.to_money(currency).ok_or_else(odd)?,
            ),
            None => (1, format!("{name} × {}", self.quantity), total),
        };
        Ok(OrderLine {
            remote: RemoteId(self.id.0.to_string()),
            product: self.product(),
            sku: self.sku.trimmed().to_owned(),
            name,
            quantity,
            unit_price,
            total,
        })
    }
}

impl WireProduct {
    fn name(&self) -> &str {
        let detailed = self.text_fields.get("name").and_then(Value::as_str);
        match self.name.trimmed() {
            "" => detailed.unwrap_or_default(),
            name => name,
        }
    }

    fn price(&self, group: Number) -> Decimal {
        self.prices
            .get(&group.0.to_string())
            .copied()
            .unwrap_or_default()
    }

    fn to_product(&self, id: u64, inventory: &Inventory, currency: Currency) -> Option<Product> {
        let parent = Some(self.parent_id.0).filter(|parent| *parent > 0);
        let stock: Decimal = self.stock.values().copied().sum();
        Some(Product {
            remote: parent.map_or_else(
                || product_id(id, None),
                |parent| product_id(parent, Some(id)),
            ),
            sku: self.sku.trimmed().to_owned(),
            name: self.name().to_owned(),
            price: self
                .price(inventory.default_price_group)
                .to_money(currency)?,
            stock: (!self.stock.is_empty()).then(|| stock.floor()).flatten(),
            enabled: true,
            // Base.com tells no date of a product.
            changed_at: DateTime::UNIX_EPOCH,
        })
    }

    /// The product or one of its variants, as it goes onto an order.
    pub(super) fn to_goods(
        &self,
        inventory: &Inventory,
        product: u64,
        variant: Option<u64>,
    ) -> Option<Goods> {
        let own = match variant {
            Some(variant) => self.variants.get(&variant.to_string())?,
            None => self,
        };
        let name = match (variant, own.name()) {
            (Some(_), "") | (None, _) => self.name(),
            (Some(_), name) => name,
        };
        Some(Goods {
            inventory: inventory.id.0,
            product,
            variant,
            name: name.to_owned(),
            sku: own.sku.trimmed().to_owned(),
            ean: own.ean.trimmed().to_owned(),
            price: own.price(inventory.default_price_group),
            tax_rate: self.tax_rate,
            weight: self.weight,
        })
    }
}

impl ProductList {
    /// As the desk knows products; what has variants is a shelf and no goods.
    pub(super) fn to_products(&self, inventory: &Inventory, currency: Currency) -> Vec<Product> {
        let is_shelf = |id: u64| self.products.values().any(|one| one.parent_id.0 == id);
        let rows = self.products.iter().filter_map(|(id, product)| {
            let id = id.parse().ok()?;
            let told = product.to_product(id, inventory, currency)?;
            Some(Product {
                enabled: !is_shelf(id),
                ..told
            })
        });
        rows.collect()
    }
}

fn joined<'a>(parts: impl IntoIterator<Item = &'a Text>, between: &str) -> String {
    let parts = parts
        .into_iter()
        .map(Text::trimmed)
        .filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(between)
}

/// A map by key; an empty list is an empty map, and an entry of another form is left out.
fn map<'de, D, T>(deserializer: D) -> Result<BTreeMap<String, T>, D::Error>
where
    D: Deserializer<'de>,
    T: DeserializeOwned,
{
    let Value::Object(entries) = Value::deserialize(deserializer)? else {
        return Ok(BTreeMap::new());
    };
    let read = entries
        .into_iter()
        .filter_map(|(key, value)| Some((key, serde_json::from_value(value).ok()?)));
    Ok(read.collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::role::Role;
    use serde_json::json;

    fn status(id: u64, name: &str) -> WireStatus {
        serde_json::from_value(json!({ "id": id, "name": name })).unwrap()
    }

    #[test]
    fn well_known_names_say_what_a_status_means() {
        for (name, stage) in [
            ("Nowe zamówienia", OrderStage::New),
            ("Niepotwierdzone", OrderStage::New),
            ("Do potwierdzenia", OrderStage::New),
            ("Potwierdzone", OrderStage::Confirmed),
            ("Do wysłania", OrderStage::Confirmed),
            ("Wysłane", OrderStage::Fulfilled),
            ("Anulowane", OrderStage::Cancelled),
            ("Zwrot", OrderStage::Other),
            ("Oczekuje na płatność", OrderStage::Other),
            ("New orders", OrderStage::New),
            ("Ready to ship", OrderStage::Confirmed),
            ("Shipped", OrderStage::Fulfilled),
            ("Cancelled", OrderStage::Cancelled),
            ("Нові замовлення", OrderStage::New),
            ("Підтверджено", OrderStage::Confirmed),
            ("Відправлено", OrderStage::Fulfilled),
            ("Скасовано", OrderStage::Cancelled),
            ("Новые заказы", OrderStage::New),
            ("Подтверждён", OrderStage::Confirmed),
            ("Отменён", OrderStage::Cancelled),
            ("Allegro Smart", OrderStage::Other),
        ] {
            assert_eq!(guessed(name), stage, "{name}");
        }
    }

    #[test]
    fn an_order_is_moved_only_where_the_name_says_confirmed() {
        let table = status_table(&[
            status(1, "Nowe zamówienia"),
            status(2, "Do wysłania"),
            status(3, "Wysłane"),
            status(4, "Anulowane"),
        ]);
        assert_eq!(table.confirmed, None, "a parcel must not be set in motion");
        assert_eq!(table.cancelled.as_deref(), Some("4"));
        assert!(table.may("1", "4", Role::Operator) && !table.knows("3", "4"));
        let table = status_table(&[status(1, "Nowe"), status(5, "Potwierdzone")]);
        assert_eq!(table.confirmed.as_deref(), Some("5"));
        assert!(table.may("1", "5", Role::Operator));
        assert_eq!(table.problems(&table.statuses, false), []);
    }

    #[test]
    fn an_order_is_read_whether_numbers_come_as_texts_or_not() {
        let read = |order: Value| -> Order {
            let order: WireOrder = serde_json::from_value(order).unwrap();
            order.to_order(&StatusTable::default()).unwrap()
        };
        let lines = |quantity: Value, price: Value| {
            json!([
                { "storage": "db", "storage_id": 307, "order_product_id": 9, "product_id": "5434", "variant_id": 52124,
                  "name": "Czajnik", "attributes": "Kolor: biały", "sku": "CZ-1", "price_brutto": price, "quantity": quantity, "tax_rate": 23 },
                { "storage": "shop", "order_product_id": 10, "product_id": "77", "name": "Worek", "price_brutto": 5, "quantity": 1 },
            ])
        };
        let one = read(json!({
            "order_id": 1_630_473, "shop_order_id": 0, "order_status_id": 6624, "date_add": 1_407_841_161,
            "date_confirmed": 1_407_841_256, "date_in_status": 1_407_841_300, "currency": "PLN", "delivery_price": 10,
            "delivery_fullname": "Jan Kowalski", "delivery_address": "Długa 12", "delivery_postcode": "00-950",
            "delivery_city": "Warszawa", "phone": "693123123", "products": lines(json!(2), json!(20.5)),
        }));
        let other = read(json!({
            "order_id": "1630473", "shop_order_id": "", "order_status_id": "6624", "date_add": "1407841161",
            "date_confirmed": "1407841256", "date_in_status": "1407841300", "currency": "PLN", "delivery_price": "10.00",
            "delivery_fullname": "Jan Kowalski", "delivery_address": "Długa 12", "delivery_postcode": "00-950",
            "delivery_city": "Warszawa", "phone": 693_123_123, "products": lines(json!("2"), json!("20.50")),
        }));
        assert_eq!(one, other);
        assert_eq!(one.total.minor, 5600, "two at 20.50, one at 5, delivery 10");
        assert_eq!(one.lines[0].product, Some("5434/52124".into()));
        assert_eq!(one.lines[1].product, None, "it is not of our catalogue");
        assert_eq!(one.lines[0].name, "Czajnik, Kolor: biały");
        assert_eq!(one.changed_at.timestamp(), 1_407_841_300);
        assert_eq!(
            one.delivery_address,
            "Jan Kowalski\nDługa 12\n00-950 Warszawa"
        );
    }

    #[test]
    fn a_product_with_variants_is_a_shelf() {
        let list: ProductList = serde_json::from_value(json!({ "products": {
            "10": { "id": 10, "name": "Koszulka", "sku": "K", "prices": { "1": 40 }, "stock": { "bl_1": 0 } },
            "11": { "id": 11, "parent_id": 10, "name": "Koszulka M", "sku": "K-M", "prices": { "1": 41.5 }, "stock": { "bl_1": 2, "bl_2": 3 } },
            "12": { "id": 12, "name": "Czapka", "prices": [], "stock": [] },
        } }))
        .unwrap();
        let inventory: Inventory = serde_json::from_value(
            json!({ "inventory_id": 307, "name": "Katalog", "default_price_group": 1, "is_default": true }),
        )
        .unwrap();
        let told = list.to_products(&inventory, Currency::PLN);
        let told: Vec<_> = told
            .iter()
            .map(|one| (one.remote.as_str(), one.price.minor, one.stock, one.enabled))
            .collect();
        assert_eq!(
            told,
            [
                ("10", 4000, Some(0), false),
                ("10/11", 4150, Some(5), true),
                ("12", 0, None, true),
            ]
        );
        let empty: ProductList = serde_json::from_value(json!({ "products": [] })).unwrap();
        assert!(empty.products.is_empty());
    }

    #[test]
    fn an_event_of_two_orders_tells_of_both() {
        let event = |kind: u64| -> Event {
            serde_json::from_value(
                json!({ "log_id": "5", "order_id": 7, "log_type": kind, "object_id": 8 }),
            )
            .unwrap()
        };
        assert_eq!(
            event(5).orders().collect::<Vec<_>>(),
            [7, 8],
            "they were joined"
        );
        assert_eq!(
            event(18).orders().collect::<Vec<_>>(),
            [7],
            "the object is a status"
        );
    }
}
