//! What the shop holds and what its REST routes do to it.

use super::Setup;
use super::auth::{Refusal, refusal};
use chrono::{DateTime, NaiveDateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};

/// One unit of money in millionths.
const UNIT: i128 = 1_000_000;

/// The statuses of an unextended shop.
const STATUSES: [&str; 8] = [
    "pending",
    "processing",
    "on-hold",
    "completed",
    "cancelled",
    "refunded",
    "failed",
    "checkout-draft",
];

/// Where the shop keeps its orders; the two differ in what bumps the date and in totals past the end.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Storage {
    /// High-performance order storage.
    HighPerformance,
    /// Posts, as of old.
    Posts,
}

/// What a key may do.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Permissions {
    /// Only read.
    Read,
    /// Only write.
    Write,
    /// Both.
    ReadWrite,
}

/// A key of the REST interface.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Key {
    /// `ck_…`
    pub consumer_key: String,
    /// `cs_…`
    pub consumer_secret: String,
    /// What it may do.
    pub permissions: Permissions,
    /// Whether the person behind it may manage the shop.
    pub manages: bool,
}

/// A product to put on the shelf; price with tax.
#[derive(Clone, Debug)]
pub struct SeedProduct {
    /// Identity.
    pub id: u64,
    /// Name.
    pub name: &'static str,
    /// Price as the shop writes it, may be empty.
    pub price: &'static str,
    /// Pieces on hand; none where they are not counted.
    pub stock: Option<i64>,
    /// The variable product it is a variation of.
    pub parent: Option<u64>,
    /// `simple`, `variable` or `variation`.
    pub kind: &'static str,
}

/// An order to take.
#[derive(Clone, Debug)]
pub struct SeedOrder {
    /// Its status.
    pub status: &'static str,
    /// How it is paid: `cod`, `bacs`…
    pub payment_method: &'static str,
    /// Its lines.
    pub lines: Vec<SeedLine>,
}

/// One line of an order to take.
#[derive(Clone, Copy, Debug)]
pub struct SeedLine {
    /// What.
    pub product: u64,
    /// How many.
    pub quantity: i64,
}

#[derive(Clone, Debug)]
struct Product {
    seed: SeedProduct,
    price: String,
    status: String,
    stock: Option<i64>,
    modified: DateTime<Utc>,
}

#[derive(Clone, Debug)]
struct Line {
    id: u64,
    product_id: u64,
    variation_id: u64,
    name: String,
    quantity: i64,
    subtotal: i128,
    total: i128,
    meta: Vec<(String, Value)>,
}

#[derive(Clone, Debug)]
struct Order {
    id: u64,
    status: String,
    created: DateTime<Utc>,
    modified: DateTime<Utc>,
    paid: Option<DateTime<Utc>>,
    payment_method: String,
    customer_id: u64,
    lines: Vec<Line>,
    shipping: i128,
    fees: Vec<(u64, String, i128)>,
    coupons: Vec<String>,
    refunds: Vec<Refund>,
    total: i128,
    meta: Vec<(String, Value)>,
    notes: Vec<(u64, String)>,
    phone: String,
}

#[derive(Clone, Debug)]
struct Refund {
    id: u64,
    amount: i128,
    reason: String,
    /// Line, pieces and money without tax.
    lines: Vec<(u64, i64, i128)>,
}

#[derive(Clone, Debug)]
struct Coupon {
    id: u64,
    code: String,
    fields: Map<String, Value>,
}

#[derive(Clone, Debug)]
struct Customer {
    id: u64,
    name: String,
}

/// What a REST route answers: status, body, and the list headers where it is a list.
pub(super) struct Answer {
    pub(super) status: u16,
    pub(super) body: Value,
    pub(super) totals: Option<(usize, usize)>,
}

/// The whole shop. Tests change it through the methods, as the shop's staff would.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The shop's clock.
    pub now: DateTime<Utc>,
    /// Its keys.
    pub keys: Vec<Key>,
    pub(super) nonces: BTreeSet<String>,
    pub(super) setup: Setup,
    /// Its own idea of its address.
    pub(super) home: String,
    products: BTreeMap<u64, Product>,
    orders: BTreeMap<u64, Order>,
    customers: BTreeMap<u64, Customer>,
    coupons: BTreeMap<u64, Coupon>,
    next_id: u64,
}

type Parameters<'a> = &'a [(String, String)];
type Handled = Result<Answer, Refusal>;

fn parameter<'a>(query: Parameters<'a>, name: &str) -> Option<&'a str> {
    query
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

fn amount_of(text: &str) -> i128 {
    let (negative, digits) = text
        .strip_prefix('-')
        .map_or((false, text), |rest| (true, rest));
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
    let micro: String = fraction.chars().chain("000000".chars()).take(6).collect();
    let value = whole.parse::<i128>().unwrap_or(0) * UNIT + micro.parse::<i128>().unwrap_or(0);
    if negative { -value } else { value }
}

fn rounded(value: i128, places: u32) -> i128 {
    let unit = 10_i128.pow(6 - places.min(6));
    let half = unit / 2;
    (if value < 0 {
        value - half
    } else {
        value + half
    }) / unit
        * unit
}

fn written(value: i128, places: u32) -> String {
    let value = rounded(value, places);
    let sign = if value < 0 { "-" } else { "" };
    let (whole, fraction) = (value.abs() / UNIT, value.abs() % UNIT);
    let fraction: String = format!("{fraction:06}")
        .chars()
        .take(places as usize)
        .collect();
    if fraction.is_empty() {
        format!("{sign}{whole}")
    } else {
        format!("{sign}{whole}.{fraction}")
    }
}

fn stamp(at: DateTime<Utc>) -> String {
    at.format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn invalid(name: &str) -> Refusal {
    refusal(
        400,
        "rest_invalid_param",
        &format!("Invalid parameter(s): {name}"),
    )
}

impl Shelf {
    pub(super) fn new(setup: Setup) -> Self {
        let key = |kind: &str, permissions, manages| Key {
            consumer_key: format!("ck_{kind}"),
            consumer_secret: format!("cs_{kind}"),
            permissions,
            manages,
        };
        Self {
            now: DateTime::from_timestamp(1_772_000_000, 0).unwrap_or_default(),
            keys: vec![
                key("full", Permissions::ReadWrite, true),
                key("reader", Permissions::Read, true),
                key("writer", Permissions::Write, true),
                key("clerk", Permissions::ReadWrite, false),
            ],
            nonces: BTreeSet::new(),
            setup,
            home: String::new(),
            products: BTreeMap::new(),
            orders: BTreeMap::new(),
            customers: BTreeMap::new(),
            coupons: BTreeMap::new(),
            next_id: 1000,
        }
    }

    /// Lets time pass.
    pub fn pass(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    fn mint(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Puts a product on the shelf.
    pub fn stock_product(&mut self, seed: SeedProduct) {
        let product = Product {
            price: seed.price.to_owned(),
            stock: seed.stock,
            status: "publish".to_owned(),
            modified: self.now,
            seed,
        };
        self.products.insert(product.seed.id, product);
    }

    /// Takes a product off for good.
    pub fn delete_product(&mut self, id: u64) {
        self.products.remove(&id);
    }

    /// Moves a product to the trash.
    pub fn trash_product(&mut self, id: u64) {
        let now = self.now;
        if let Some(product) = self.products.get_mut(&id) {
            (product.status, product.modified) = ("trash".to_owned(), now);
        }
    }

    /// Pieces on hand.
    pub fn stock_of(&self, id: u64) -> Option<i64> {
        self.products.get(&id)?.stock
    }

    /// Registers a customer.
    pub fn register_customer(&mut self, name: &str) -> u64 {
        let id = self.mint();
        self.customers.insert(
            id,
            Customer {
                id,
                name: name.to_owned(),
            },
        );
        id
    }

    /// Takes an order now and returns its identity.
    pub fn take_order(&mut self, seed: &SeedOrder) -> u64 {
        let id = self.mint();
        let mut order = Order {
            id,
            status: seed.status.to_owned(),
            created: self.now,
            modified: self.now,
            paid: None,
            payment_method: seed.payment_method.to_owned(),
            customer_id: 0,
            lines: Vec::new(),
            shipping: 50 * UNIT,
            fees: Vec::new(),
            coupons: Vec::new(),
            refunds: Vec::new(),
            total: 0,
            meta: Vec::new(),
            notes: Vec::new(),
            phone: "+380671234567".to_owned(),
        };
        for line in &seed.lines {
            let made = self.new_line(line.product, line.quantity);
            if seed.status != "pending" {
                self.move_stock(&made, -line.quantity);
            }
            order.lines.push(made);
        }
        self.recalculate(&mut order);
        self.orders.insert(id, order);
        id
    }

    /// Changes a field of an order as another plugin or person would; bumps its date.
    pub fn touch_order(&mut self, id: u64) {
        let now = self.now;
        if let Some(order) = self.orders.get_mut(&id) {
            order.modified = now;
        }
    }

    /// Sets a status as the shop's staff would.
    pub fn set_status(&mut self, id: u64, status: &str) {
        let now = self.now;
        if let Some(order) = self.orders.get_mut(&id) {
            (order.status, order.modified) = (status.to_owned(), now);
        }
    }

    /// Changes a line as the shop's staff would, with the right total.
    pub fn set_pieces(&mut self, id: u64, index: usize, quantity: i64) {
        let now = self.now;
        let Some(mut order) = self.orders.get(&id).cloned() else {
            return;
        };
        if let Some(line) = order.lines.get_mut(index) {
            line.total = line.total / i128::from(line.quantity) * i128::from(quantity);
            line.subtotal = line.subtotal / i128::from(line.quantity) * i128::from(quantity);
            line.quantity = quantity;
        }
        order.modified = now;
        self.recalculate(&mut order);
        self.orders.insert(id, order);
    }

    /// Leaves an order with a total that is not the sum of its parts, as a crash in a save does.
    pub fn spoil_total(&mut self, id: u64) {
        if let Some(order) = self.orders.get_mut(&id) {
            order.total += 100 * UNIT;
        }
    }

    /// Gives a line a discount in whole units, as a manager does by hand.
    pub fn discount_line(&mut self, id: u64, index: usize, units: i64) {
        let Some(mut order) = self.orders.get(&id).cloned() else {
            return;
        };
        if let Some(line) = order.lines.get_mut(index) {
            line.total -= i128::from(units) * UNIT;
        }
        self.recalculate(&mut order);
        self.orders.insert(id, order);
    }

    /// Moves an order to the trash.
    pub fn trash_order(&mut self, id: u64) {
        self.set_status(id, "trash");
    }

    /// Deletes an order for good.
    pub fn delete_order(&mut self, id: u64) {
        self.orders.remove(&id);
    }

    /// Gives an order fields that plugins keep there.
    pub fn set_meta(&mut self, id: u64, key: &str, value: Value) {
        if let Some(order) = self.orders.get_mut(&id) {
            order.meta.push((key.to_owned(), value));
        }
    }

    /// Gives an order another customer's phone, as typed.
    pub fn set_phone(&mut self, id: u64, phone: &str) {
        let now = self.now;
        if let Some(order) = self.orders.get_mut(&id) {
            (order.phone, order.modified) = (phone.to_owned(), now);
        }
    }

    /// The order as the REST interface shows it, two decimals; null where there is none.
    pub fn order_json(&self, id: u64) -> Value {
        self.orders
            .get(&id)
            .map_or(Value::Null, |order| self.show_order(order, 2))
    }

    /// Texts of an order's notes, oldest first.
    pub fn notes_of(&self, id: u64) -> Vec<String> {
        let notes = self.orders.get(&id).map(|order| &order.notes);
        notes
            .into_iter()
            .flatten()
            .map(|(_, text)| text.clone())
            .collect()
    }

    /// A field of an order.
    pub fn meta_of(&self, id: u64, key: &str) -> Option<Value> {
        let order = self.orders.get(&id)?;
        order
            .meta
            .iter()
            .find(|(name, _)| name == key)
            .map(|(_, value)| value.clone())
    }

    /// Gives an order a charge, or below zero a discount, as a manager does by hand.
    pub fn add_fee(&mut self, id: u64, name: &str, units: i64) {
        let fee = self.mint();
        let Some(mut order) = self.orders.get(&id).cloned() else {
            return;
        };
        order
            .fees
            .push((fee, name.to_owned(), i128::from(units) * UNIT));
        order.modified = self.now;
        self.recalculate(&mut order);
        self.orders.insert(id, order);
    }

    /// Writes a note as the shop's staff would: it bumps no date.
    pub fn write_note(&mut self, id: u64, text: &str) {
        let note = self.mint();
        if let Some(order) = self.orders.get_mut(&id) {
            order.notes.push((note, text.to_owned()));
        }
    }

    /// Takes a variation's or product's stock as sold elsewhere; a variation's parent keeps its date.
    pub fn set_stock(&mut self, id: u64, pieces: i64) {
        let now = self.now;
        if let Some(product) = self.products.get_mut(&id) {
            (product.stock, product.modified) = (Some(pieces), now);
        }
    }

    /// Refunds of an order in minor units of two decimals, above zero, oldest first.
    pub fn refunds_of(&self, id: u64) -> Vec<i64> {
        let refunds = self.orders.get(&id).map(|order| order.refunds.iter());
        refunds
            .into_iter()
            .flatten()
            .map(|refund| i64::try_from(refund.amount / (UNIT / 100)).unwrap_or(i64::MAX))
            .collect()
    }

    /// How many coupons bear a code, whatever its case.
    pub fn coupons_of(&self, code: &str) -> usize {
        let wanted = code.to_lowercase();
        let coupons = self.coupons.values();
        coupons.filter(|coupon| coupon.code == wanted).count()
    }

    /// A coupon as the REST interface shows it; null where there is none.
    pub fn coupon_json(&self, code: &str) -> Value {
        let wanted = code.to_lowercase();
        let found = self.coupons.values().find(|coupon| coupon.code == wanted);
        found.map_or(Value::Null, Self::show_coupon)
    }

    /// Makes a coupon past the check that its code is free, as two requests at once do.
    pub fn double_coupon(&mut self, code: &str) {
        let id = self.mint();
        let coupon = Coupon {
            id,
            code: code.to_lowercase(),
            fields: Map::new(),
        };
        self.coupons.insert(id, coupon);
    }

    fn net(&self, price: i128) -> i128 {
        if self.setup.net_prices {
            price
        } else {
            price * 100 / (100 + self.setup.tax_percent)
        }
    }

    fn tax(&self, net: i128) -> i128 {
        net * self.setup.tax_percent / 100
    }

    fn new_line(&mut self, product: u64, quantity: i64) -> Line {
        let id = self.mint();
        let found = self.products.get(&product);
        let price = found.map_or(0, |product| amount_of(&product.price));
        let total = self.net(price * i128::from(quantity));
        let parent = found.and_then(|product| product.seed.parent);
        Line {
            id,
            product_id: if found.is_some() {
                parent.unwrap_or(product)
            } else {
                0
            },
            variation_id: if parent.is_some() { product } else { 0 },
            name: found
                .map(|product| product.seed.name.to_owned())
                .unwrap_or_default(),
            quantity,
            subtotal: total,
            total,
            meta: Vec::new(),
        }
    }

    fn move_stock(&mut self, line: &Line, by: i64) {
        let id = if line.variation_id > 0 {
            line.variation_id
        } else {
            line.product_id
        };
        if let Some(stock) = self
            .products
            .get_mut(&id)
            .and_then(|product| product.stock.as_mut())
        {
            *stock += by;
        }
    }

    fn recalculate(&self, order: &mut Order) {
        let lines: i128 = order
            .lines
            .iter()
            .map(|line| line.total + self.tax(line.total))
            .sum();
        let fees: i128 = order
            .fees
            .iter()
            .map(|(_, _, amount)| amount + self.tax(*amount))
            .sum();
        order.total = rounded(lines + fees + order.shipping + self.tax(order.shipping), 2);
    }

    fn show_line(&self, line: &Line, places: u32) -> Value {
        let meta: Vec<_> = line
            .meta
            .iter()
            .map(|(key, value)| json!({ "id": 1, "key": key, "value": value }))
            .collect();
        let taxes = if self.setup.tax_percent > 0 {
            json!([{
                "id": 1, "subtotal": written(self.tax(line.subtotal), places),
                "total": written(self.tax(line.total), places),
            }])
        } else {
            json!([])
        };
        json!({
            "id": line.id, "name": line.name, "product_id": line.product_id,
            "variation_id": line.variation_id, "quantity": line.quantity, "tax_class": "",
            "subtotal": written(line.subtotal, places), "subtotal_tax": written(self.tax(line.subtotal), places),
            "total": written(line.total, places), "total_tax": written(self.tax(line.total), places),
            "taxes": taxes, "meta_data": meta, "sku": Value::Null, "price": 1.5,
        })
    }

    fn show_order(&self, order: &Order, places: u32) -> Value {
        let local =
            |at: DateTime<Utc>| stamp(at + TimeDelta::minutes(self.setup.offset_minutes.into()));
        let meta: Vec<_> = order
            .meta
            .iter()
            .enumerate()
            .map(|(at, (key, value))| json!({ "id": at, "key": key, "value": value }))
            .collect();
        let lines: Vec<_> = order
            .lines
            .iter()
            .map(|line| self.show_line(line, places))
            .collect();
        let fees: Vec<_> = order
            .fees
            .iter()
            .map(|(id, name, amount)| {
                json!({
                    "id": id, "name": name, "total": written(*amount, places),
                    "total_tax": written(self.tax(*amount), places),
                })
            })
            .collect();
        let coupons: Vec<_> = order
            .coupons
            .iter()
            .map(|code| json!({ "id": 1, "code": code, "discount": "0.00" }))
            .collect();
        let refunds: Vec<_> = order
            .refunds
            .iter()
            .map(|refund| {
                json!({
                    "id": refund.id, "reason": refund.reason,
                    "total": written(-refund.amount, places),
                })
            })
            .collect();
        json!({
            "id": order.id, "number": order.id.to_string(), "status": order.status, "currency": "UAH",
            "date_created": local(order.created), "date_created_gmt": stamp(order.created),
            "date_modified": local(order.modified), "date_modified_gmt": stamp(order.modified),
            "date_paid_gmt": order.paid.map(stamp), "total": written(order.total, places),
            "prices_include_tax": !self.setup.net_prices, "customer_id": order.customer_id, "customer_note": "",
            "billing": {
                "first_name": "Олена", "last_name": "Коваль", "company": "", "address_1": "вул. Лесі Українки, 5",
                "address_2": "", "city": "Київ", "state": "", "postcode": "01133", "country": "UA",
                "email": Value::Null, "phone": order.phone,
            },
            "shipping": { "first_name": "", "last_name": "", "address_1": "", "city": "" },
            "payment_method": order.payment_method, "payment_method_title": "Оплата при отриманні",
            "meta_data": meta, "line_items": lines, "tax_lines": [], "fee_lines": fees, "coupon_lines": coupons,
            "shipping_lines": [{
                "id": 1, "method_title": "Нова Пошта", "total": written(order.shipping, places),
                "total_tax": written(self.tax(order.shipping), places),
            }],
            "refunds": refunds,
        })
    }

    fn show_product(product: &Product) -> Value {
        let seed = &product.seed;
        let is_out = product.stock.is_some_and(|stock| stock <= 0);
        let options = if seed.kind == "variation" {
            json!([{ "id": 1, "name": "Колір", "option": seed.name }])
        } else {
            json!([])
        };
        json!({
            "id": seed.id, "parent_id": seed.parent.unwrap_or(0), "name": seed.name, "type": seed.kind,
            "status": product.status, "sku": format!("SKU-{}", seed.id), "price": product.price,
            "purchasable": !product.price.is_empty(), "manage_stock": product.stock.is_some(),
            "stock_quantity": product.stock, "stock_status": if is_out { "outofstock" } else { "instock" },
            "backorders": "no", "date_modified_gmt": stamp(product.modified), "attributes": options,
            "images": [], "meta_data": [],
        })
    }

    fn show_coupon(coupon: &Coupon) -> Value {
        let mut shown = coupon.fields.clone();
        shown.insert("id".to_owned(), json!(coupon.id));
        shown.insert("code".to_owned(), json!(coupon.code));
        Value::Object(shown)
    }

    fn show_refund(&self, refund: &Refund) -> Value {
        let lines: Vec<_> = refund
            .lines
            .iter()
            .map(|(line, pieces, money)| {
                json!({
                    "id": line + 100_000, "quantity": -pieces, "total": written(-money, 2),
                    "meta_data": [{ "id": 1, "key": "_refunded_item_id", "value": line.to_string() }],
                })
            })
            .collect();
        json!({
            "id": refund.id, "date_created_gmt": stamp(self.now), "amount": written(refund.amount, 2),
            "reason": refund.reason, "refunded_by": 1, "refunded_payment": false, "line_items": lines,
        })
    }

    /// Answers one call of a known key.
    pub(super) fn call(
        &mut self,
        key: &Key,
        method: &str,
        route: &str,
        query: Parameters<'_>,
        body: &[u8],
    ) -> Handled {
        let parts: Vec<_> = route.trim_matches('/').split('/').collect();
        match parts.as_slice() {
            ["orders", _, "notes" | "refunds", ..] => {
                self.call_beside_order(method, &parts, query, body)
            }
            ["orders", ..] => self.call_orders(method, &parts, query, body),
            ["products", ..] => self.call_products(method, &parts, query, body),
            ["coupons", ..] => self.call_coupons(method, &parts, query, body),
            ["customers"] if method == "GET" => self.list_customers(query),
            _ => self.call_settings(key, method, &parts, query),
        }
    }

    fn call_settings(
        &self,
        key: &Key,
        method: &str,
        parts: &[&str],
        query: Parameters<'_>,
    ) -> Handled {
        match (method, parts) {
            ("GET", ["data", "currencies", "current"]) if !key.manages => Err(refusal(
                403,
                "woocommerce_rest_cannot_view",
                "Sorry, you cannot list resources.",
            )),
            ("GET", ["data", "currencies", "current"]) => Ok(plain(
                200,
                json!({ "code": "UAH", "name": "Ukrainian hryvnia", "symbol": "&#8372;" }),
            )),
            ("GET", ["settings", "tax", "woocommerce_prices_include_tax"]) => Ok(plain(
                200,
                json!({
                    "id": "woocommerce_prices_include_tax",
                    "value": if self.setup.net_prices { "no" } else { "yes" },
                }),
            )),
            ("GET", ["settings", "general", "woocommerce_calc_taxes"]) => Ok(plain(
                200,
                json!({
                    "id": "woocommerce_calc_taxes",
                    "value": if self.setup.tax_percent > 0 { "yes" } else { "no" },
                }),
            )),
            ("GET", ["settings", "general", "woocommerce_default_country"]) => Ok(plain(
                200,
                json!({ "id": "woocommerce_default_country", "value": "UA:UA30" }),
            )),
            ("GET", ["taxes"]) => {
                let rate = |id: u64, country: &str, class: &str, percent: i128, priority: u64| {
                    json!({
                        "id": id, "country": country, "state": "", "rate": written(percent * UNIT, 4),
                        "name": "ПДВ", "priority": priority, "compound": false, "shipping": true,
                        "order": id, "class": class,
                    })
                };
                let percent = self.setup.tax_percent;
                let rows = vec![
                    rate(1, "UA", "standard", percent, 1),
                    rate(2, "PL", "standard", 99, 1),
                    rate(3, "UA", "zero-rate", 0, 1),
                ];
                self.paged(rows, query)
            }
            ("GET", ["payment_gateways", method]) => Ok(plain(
                200,
                json!({
                    "id": method, "enabled": true,
                    "method_supports": if *method == "cod" { json!(["products"]) } else { json!(["products", "refunds"]) },
                }),
            )),
            ("GET", ["reports", "orders", "totals"]) => {
                let words = self.statuses();
                let rows = words.iter().map(|word| {
                    let total = self
                        .orders
                        .values()
                        .filter(|order| order.status == *word)
                        .count();
                    json!({ "slug": word, "name": word.replace('-', " "), "total": total })
                });
                Ok(plain(200, Value::Array(rows.collect())))
            }
            _ => Err(no_route()),
        }
    }

    fn call_coupons(
        &mut self,

        method: &str,
        parts: &[&str],
        query: Parameters<'_>,
        body: &[u8],
    ) -> Handled {
        match (method, parts) {
            ("GET", ["coupons"]) => {
                let code = parameter(query, "code").map(str::to_lowercase);
                let search = parameter(query, "search").map(str::to_lowercase);
                let mut rows: Vec<_> = self
                    .coupons
                    .values()
                    .filter(|coupon| {
                        code.as_ref().is_none_or(|code| *code == coupon.code)
                            && search
                                .as_ref()
                                .is_none_or(|part| coupon.code.contains(part))
                    })
                    .map(Self::show_coupon)
                    .collect();
                rows.reverse();
                if code.is_some() {
                    // Found by way of the code's one identity: the newest.
                    rows.truncate(1);
                }
                self.paged(rows, query)
            }
            ("POST", ["coupons"]) => {
                let body = parsed(body)?;
                let code = body
                    .get("code")
                    .and_then(Value::as_str)
                    .map(str::to_lowercase)
                    .ok_or_else(|| {
                        refusal(
                            400,
                            "rest_missing_callback_param",
                            "Missing parameter(s): code",
                        )
                    })?;
                if self.coupons_of(&code) > 0 {
                    return Err(refusal(
                        400,
                        "woocommerce_rest_coupon_code_already_exists",
                        "The coupon code already exists",
                    ));
                }
                let id = self.mint();
                let coupon = Coupon {
                    id,
                    code,
                    fields: body,
                };
                let shown = Self::show_coupon(&coupon);
                self.coupons.insert(id, coupon);
                Ok(plain(201, shown))
            }
            ("DELETE", ["coupons", id]) => {
                forced(query)?;
                let removed = id.parse().ok().and_then(|id: u64| self.coupons.remove(&id));
                removed
                    .map(|coupon| plain(200, Self::show_coupon(&coupon)))
                    .ok_or_else(|| {
                        refusal(
                            404,
                            "woocommerce_rest_shop_coupon_invalid_id",
                            "Invalid ID.",
                        )
                    })
            }
            _ => Err(no_route()),
        }
    }

    fn call_beside_order(
        &mut self,

        method: &str,
        parts: &[&str],
        query: Parameters<'_>,
        body: &[u8],
    ) -> Handled {
        match (method, parts) {
            ("GET", ["orders", id, "refunds"]) => {
                let order = self.order_of(id)?;
                let rows = order.refunds.iter().rev();
                let rows = rows.map(|refund| self.show_refund(refund)).collect();
                self.paged(rows, query)
            }
            ("POST", ["orders", id, "refunds"]) => {
                let id = self.order_of(id)?.id;
                let body = parsed(body)?;
                self.refund(id, &body)
            }
            ("DELETE", ["orders", id, "refunds", refund]) => {
                forced(query)?;
                let id = self.order_of(id)?.id;
                let missing = || {
                    refusal(
                        404,
                        "woocommerce_rest_invalid_order_refund_id",
                        "Invalid order refund ID.",
                    )
                };
                let refund: u64 = refund.parse().map_err(|_| missing())?;
                let order = self.orders.get_mut(&id).ok_or_else(missing)?;
                let at = order.refunds.iter().position(|one| one.id == refund);
                let gone = order.refunds.remove(at.ok_or_else(missing)?);
                Ok(plain(200, self.show_refund(&gone)))
            }
            ("DELETE", ["orders", id, "notes", note]) => {
                forced(query)?;
                let id = self.order_of(id)?.id;
                let missing =
                    || refusal(404, "woocommerce_rest_invalid_id", "Invalid resource ID.");
                let note: u64 = note.parse().map_err(|_| missing())?;
                let order = self.orders.get_mut(&id).ok_or_else(missing)?;
                let at = order.notes.iter().position(|(one, _)| *one == note);
                let (note, text) = order.notes.remove(at.ok_or_else(missing)?);
                Ok(plain(200, json!({ "id": note, "note": text })))
            }
            ("GET", ["orders", id, "notes"]) => {
                let order = self.order_of(id)?;
                let notes: Vec<_> = order
                    .notes
                    .iter()
                    .rev()
                    .map(|(id, note)| json!({ "id": id, "author": "system", "note": note, "customer_note": false }))
                    .collect();
                Ok(plain(200, Value::Array(notes)))
            }
            ("POST", ["orders", id, "notes"]) => {
                let body = parsed(body)?;
                let text = body
                    .get("note")
                    .and_then(Value::as_str)
                    .ok_or_else(|| invalid("note"))?
                    .to_owned();
                let order = self.order_of(id)?.id;
                let note = self.mint();
                if let Some(order) = self.orders.get_mut(&order) {
                    order.notes.push((note, text.clone()));
                }
                Ok(plain(
                    201,
                    json!({ "id": note, "note": text, "customer_note": false }),
                ))
            }
            _ => Err(no_route()),
        }
    }

    fn call_orders(
        &mut self,

        method: &str,
        parts: &[&str],
        query: Parameters<'_>,
        body: &[u8],
    ) -> Handled {
        match (method, parts) {
            ("GET", ["orders"]) => self.list_orders(query),
            ("POST", ["orders"]) => {
                let body = parsed(body)?;
                self.create_order(&body)
            }
            ("DELETE", ["orders", id]) => {
                let id = self.order_of(id)?.id;
                let shown = self.order_json(id);
                if parameter(query, "force") == Some("true") {
                    self.delete_order(id);
                } else {
                    self.trash_order(id);
                }
                Ok(plain(200, shown))
            }
            ("GET", ["orders", id]) => {
                let places = parameter(query, "dp")
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(2);
                let order = id.parse().ok().and_then(|id: u64| self.orders.get(&id));
                let order = order.ok_or_else(|| {
                    refusal(404, "woocommerce_rest_shop_order_invalid_id", "Invalid ID.")
                })?;
                Ok(plain(200, self.show_order(order, places)))
            }
            ("PUT" | "POST" | "PATCH", ["orders", id]) => {
                let id = id.parse().unwrap_or(0);
                let body = parsed(body)?;
                let places = parameter(query, "dp")
                    .and_then(|text| text.parse().ok())
                    .unwrap_or(2);
                self.update_order(id, &body, places)
            }
            _ => Err(no_route()),
        }
    }

    fn call_products(
        &mut self,

        method: &str,
        parts: &[&str],
        query: Parameters<'_>,
        body: &[u8],
    ) -> Handled {
        match (method, parts) {
            ("GET", ["products"]) => self.list_products(query),
            ("POST", ["products"]) => {
                let body = parsed(body)?;
                let price = body.get("regular_price").and_then(Value::as_str);
                let id = self.mint();
                self.stock_product(SeedProduct {
                    id,
                    name: "Made by the staff",
                    price: "",
                    stock: None,
                    parent: None,
                    kind: "simple",
                });
                if let (Some(product), Some(price)) = (self.products.get_mut(&id), price) {
                    price.clone_into(&mut product.price);
                }
                Ok(plain(201, json!({ "id": id })))
            }
            ("GET", ["products", id]) => {
                let product = id.parse().ok().and_then(|id: u64| self.products.get(&id));
                let product = product.ok_or_else(|| {
                    refusal(404, "woocommerce_rest_product_invalid_id", "Invalid ID.")
                })?;
                Ok(plain(200, Self::show_product(product)))
            }
            ("GET", ["products", id, "variations"]) => {
                let parent = id.parse::<u64>().ok();
                let rows: Vec<_> = self
                    .products
                    .values()
                    .filter(|product| product.seed.parent == parent)
                    .collect();
                let shown = rows.into_iter().map(Self::show_product).collect();
                self.paged(shown, query)
            }
            _ => Err(no_route()),
        }
    }

    fn order_of(&self, id: &str) -> Result<&Order, Refusal> {
        let order = id.parse().ok().and_then(|id: u64| self.orders.get(&id));
        order.ok_or_else(|| {
            refusal(
                404,
                "woocommerce_rest_order_invalid_id",
                "Invalid order ID.",
            )
        })
    }

    /// A date of the query: in the shop's zone unless asked for in GMT or marked with a Z.
    fn moment(&self, query: Parameters<'_>, name: &str) -> Result<Option<DateTime<Utc>>, Refusal> {
        let Some(text) = parameter(query, name) else {
            return Ok(None);
        };
        let bare = text.trim_end_matches('Z');
        let read = NaiveDateTime::parse_from_str(bare, "%Y-%m-%dT%H:%M:%S")
            .map_err(|_| invalid(name))?
            .and_utc();
        let is_gmt = parameter(query, "dates_are_gmt") == Some("true") || bare != text;
        let offset = if is_gmt { 0 } else { self.setup.offset_minutes };
        Ok(Some(read - TimeDelta::minutes(offset.into())))
    }

    /// Sorted and filtered as asked: strictly after, whole seconds, ties by identity.
    fn select(
        &self,
        query: Parameters<'_>,
        rows: Vec<(u64, DateTime<Utc>, DateTime<Utc>, Value)>,
    ) -> Handled {
        let bounds = ["after", "before", "modified_after", "modified_before"]
            .map(|name| self.moment(query, name));
        let [after, before, modified_after, modified_before] = bounds;
        let (after, before) = (after?, before?);
        let (modified_after, modified_before) = (modified_after?, modified_before?);
        let mut kept: Vec<_> = rows
            .into_iter()
            .filter(|(_, created, modified, _)| {
                after.is_none_or(|bound| *created > bound)
                    && before.is_none_or(|bound| *created < bound)
                    && modified_after.is_none_or(|bound| *modified > bound)
                    && modified_before.is_none_or(|bound| *modified < bound)
            })
            .collect();
        match parameter(query, "orderby").unwrap_or("date") {
            "date" => kept.sort_by_key(|(id, created, _, _)| (*created, *id)),
            "modified" => kept.sort_by_key(|(id, _, modified, _)| (*modified, *id)),
            "id" => kept.sort_by_key(|(id, ..)| *id),
            _ => return Err(invalid("orderby")),
        }
        if parameter(query, "order") != Some("asc") {
            kept.reverse();
        }
        self.paged(kept.into_iter().map(|(_, _, _, row)| row).collect(), query)
    }

    fn paged(&self, rows: Vec<Value>, query: Parameters<'_>) -> Handled {
        let number = |name: &str, otherwise: usize| {
            parameter(query, name).map_or(Ok(otherwise), |text| {
                text.parse().map_err(|_| invalid(name))
            })
        };
        let (per_page, page) = (number("per_page", 10)?, number("page", 1)?);
        if !(1..=100).contains(&per_page) {
            return Err(invalid("per_page"));
        }
        let total = rows.len();
        let shown: Vec<_> = rows
            .into_iter()
            .skip((page.max(1) - 1) * per_page)
            .take(per_page)
            .collect();
        let past_end = shown.is_empty() && page > 1;
        let told = if past_end && self.setup.storage == Storage::HighPerformance {
            0
        } else {
            total
        };
        Ok(Answer {
            status: 200,
            body: Value::Array(shown),
            totals: Some((told, told.div_ceil(per_page))),
        })
    }

    fn list_orders(&self, query: Parameters<'_>) -> Handled {
        let places = parameter(query, "dp")
            .and_then(|text| text.parse().ok())
            .unwrap_or(2);
        let wanted = parameter(query, "status").unwrap_or("any");
        let is_wanted = |status: &str| match wanted {
            "any" => status != "trash",
            list => list.split(',').any(|one| one == status),
        };
        let include: Option<Vec<u64>> = parameter(query, "include")
            .map(|list| list.split(',').filter_map(|id| id.parse().ok()).collect());
        let rows = self.orders.values().filter(|order| {
            is_wanted(&order.status) && include.as_ref().is_none_or(|ids| ids.contains(&order.id))
        });
        let rows = rows.map(|order| {
            (
                order.id,
                order.created,
                order.modified,
                self.show_order(order, places),
            )
        });
        self.select(query, rows.collect())
    }

    fn list_products(&self, query: Parameters<'_>) -> Handled {
        let wants_trash = parameter(query, "status") == Some("trash");
        let rows = self
            .products
            .values()
            .filter(|product| {
                (product.status == "trash") == wants_trash && product.seed.kind != "variation"
            })
            .map(|product| {
                (
                    product.seed.id,
                    product.modified,
                    product.modified,
                    Self::show_product(product),
                )
            });
        self.select(query, rows.collect())
    }

    /// Customers know no dates: a filter by change is silently ignored.
    fn list_customers(&self, query: Parameters<'_>) -> Handled {
        let mut rows: Vec<_> = self
            .customers
            .values()
            .map(|customer| {
                json!({
                    "id": customer.id, "first_name": customer.name, "last_name": "", "email": "c@shop.example",
                    "billing": { "phone": "+380501112233" }, "shipping": {}, "meta_data": [],
                })
            })
            .collect();
        if parameter(query, "order") != Some("asc") {
            rows.reverse();
        }
        self.paged(rows, query)
    }

    /// Takes an order as a shop's own software does through the REST interface.
    fn create_order(&mut self, body: &Map<String, Value>) -> Handled {
        let id = self.take_order(&SeedOrder {
            status: "pending",
            payment_method: "",
            lines: Vec::new(),
        });
        if let Some(order) = self.orders.get_mut(&id) {
            let text = |name: &str| body.get(name).and_then(Value::as_str).unwrap_or_default();
            text("payment_method").clone_into(&mut order.payment_method);
        }
        let told = self.update_order(id, body, 2);
        if told.is_err() {
            self.orders.remove(&id);
        }
        told.map(|answer| Answer {
            status: 201,
            ..answer
        })
    }

    fn update_order(&mut self, id: u64, body: &Map<String, Value>, places: u32) -> Handled {
        let status = body.get("status").and_then(Value::as_str);
        if status.is_some_and(|status| !self.statuses().iter().any(|word| word == status)) {
            return Err(invalid("status"));
        }
        let Some(mut order) = self.orders.get(&id).cloned() else {
            return Err(refusal(
                400,
                "woocommerce_rest_shop_order_invalid_id",
                "Invalid ID.",
            ));
        };
        let before = format!("{order:?}");
        for item in body
            .get("line_items")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            self.set_item(&mut order, item)?;
        }
        for fee in body
            .get("fee_lines")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let name = fee.get("name").and_then(Value::as_str).unwrap_or_default();
            let total = fee.get("total").and_then(Value::as_str).unwrap_or_default();
            let made = (self.mint(), name.to_owned(), rounded(amount_of(total), 2));
            order.fees.push(made);
        }
        if let Some(phone) = body.get("billing").and_then(|to| to.get("phone")?.as_str()) {
            phone.clone_into(&mut order.phone);
        }
        for meta in body
            .get("meta_data")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let key = meta.get("key").and_then(Value::as_str).unwrap_or_default();
            let value = meta.get("value").cloned().unwrap_or(Value::Null);
            match order.meta.iter_mut().find(|(name, _)| name == key) {
                Some((_, old)) => *old = value,
                None => order.meta.push((key.to_owned(), value)),
            }
        }
        if body.contains_key("line_items") || body.contains_key("fee_lines") {
            self.recalculate(&mut order);
        }
        if let Some(status) = status {
            self.change_status(&mut order, status);
        }
        if self.setup.storage == Storage::HighPerformance || format!("{order:?}") != before {
            order.modified = self.now;
        }
        let shown = self.show_order(&order, places);
        self.orders.insert(id, order);
        Ok(plain(200, shown))
    }

    /// The words this shop knows.
    fn statuses(&self) -> Vec<String> {
        let own = self.setup.own_statuses.iter().cloned();
        STATUSES
            .iter()
            .map(|word| (*word).to_owned())
            .chain(own)
            .collect()
    }

    /// Gives money back, and pieces into stock. More than is left, or through a gateway that cannot,
    /// is a fault of the shop's own making.
    fn refund(&mut self, id: u64, body: &Map<String, Value>) -> Handled {
        let cannot = |why: &str| refusal(500, "woocommerce_rest_cannot_create_order_refund", why);
        let text = |name: &str| body.get(name).and_then(Value::as_str);
        let amount = amount_of(text("amount").unwrap_or_default());
        let Some(mut order) = self.orders.get(&id).cloned() else {
            return Err(cannot("Invalid order ID."));
        };
        let given: i128 = order.refunds.iter().map(|refund| refund.amount).sum();
        if amount < 0 || amount > order.total - given {
            return Err(cannot("Invalid refund amount."));
        }
        let by_gateway = body.get("api_refund").is_none_or(|value| value != false);
        if by_gateway && order.payment_method == "cod" {
            return Err(cannot(
                "The payment gateway does not support automatic refunds.",
            ));
        }
        let restocks = body.get("api_restock").is_none_or(|value| value != false);
        let mut lines = Vec::new();
        for item in body
            .get("line_items")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let line = item.get("id").and_then(Value::as_u64).unwrap_or(0);
            let pieces = item.get("quantity").and_then(Value::as_i64).unwrap_or(0);
            let money = item
                .get("refund_total")
                .and_then(Value::as_str)
                .unwrap_or_default();
            lines.push((line, pieces, amount_of(money)));
            let found = order.lines.iter().find(|one| one.id == line).cloned();
            if let Some(found) = found.filter(|_| restocks) {
                self.move_stock(&found, pieces);
            }
        }
        let refund = Refund {
            id: self.mint(),
            amount,
            reason: text("reason").unwrap_or_default().to_owned(),
            lines,
        };
        let shown = self.show_refund(&refund);
        order.refunds.push(refund);
        order.modified = self.now;
        if given + amount == order.total {
            "refunded".clone_into(&mut order.status);
        }
        self.orders.insert(id, order);
        Ok(plain(201, shown))
    }

    fn change_status(&mut self, order: &mut Order, status: &str) {
        let holds_stock = |status: &str| matches!(status, "processing" | "on-hold" | "completed");
        let direction = match (holds_stock(&order.status), holds_stock(status)) {
            (true, false) => 1,
            (false, true) => -1,
            _ => 0,
        };
        for line in order.lines.clone() {
            self.move_stock(&line, direction * line.quantity);
        }
        if matches!(status, "processing" | "completed") && order.paid.is_none() {
            order.paid = Some(self.now);
        }
        status.clone_into(&mut order.status);
    }

    fn set_item(&mut self, order: &mut Order, item: &Value) -> Result<(), Refusal> {
        let id = item.get("id").and_then(Value::as_u64);
        let quantity = item.get("quantity").and_then(Value::as_i64);
        let is_removal = item.get("product_id").is_some_and(Value::is_null) || quantity == Some(0);
        let at = order.lines.iter().position(|line| Some(line.id) == id);
        if is_removal {
            if let Some(at) = at {
                let line = order.lines.remove(at);
                self.move_stock(&line, line.quantity);
            }
            return Ok(());
        }
        let mut line = match (id, at) {
            (Some(_), Some(at)) => order.lines.remove(at),
            (Some(_), None) => {
                return Err(refusal(
                    400,
                    "woocommerce_rest_invalid_item_id",
                    "Order item ID provided is not associated with order.",
                ));
            }
            (None, _) => {
                let reference = ["variation_id", "product_id"]
                    .into_iter()
                    .find_map(|name| item.get(name)?.as_u64());
                let product = reference.ok_or_else(|| {
                    refusal(
                        400,
                        "woocommerce_rest_required_product_reference",
                        "Product ID or SKU is required.",
                    )
                })?;
                let made = self.new_line(product, quantity.unwrap_or(1));
                self.move_stock(&made, -made.quantity);
                made
            }
        };
        if let Some(quantity) = quantity {
            let had = line.quantity;
            self.move_stock(&line, had - quantity);
            line.quantity = quantity;
        }
        // Only what is sent changes: the totals do not follow the quantity.
        let sent = |name: &str| {
            item.get(name)
                .and_then(Value::as_str)
                .map(|text| rounded(amount_of(text), 2))
        };
        line.total = sent("total").unwrap_or(line.total);
        line.subtotal = sent("subtotal").unwrap_or(line.subtotal);
        for meta in item
            .get("meta_data")
            .and_then(Value::as_array)
            .into_iter()
            .flatten()
        {
            let key = meta.get("key").and_then(Value::as_str).unwrap_or_default();
            line.meta.push((
                key.to_owned(),
                meta.get("value").cloned().unwrap_or(Value::Null),
            ));
        }
        match at {
            Some(at) => order.lines.insert(at, line),
            None => order.lines.push(line),
        }
        Ok(())
    }
}

/// Notes, refunds and coupons have no trash here.
fn forced(query: Parameters<'_>) -> Result<(), Refusal> {
    if parameter(query, "force") == Some("true") {
        return Ok(());
    }
    let message = "This does not support trashing.";
    Err(refusal(
        501,
        "woocommerce_rest_trash_not_supported",
        message,
    ))
}

fn no_route() -> Refusal {
    refusal(
        404,
        "rest_no_route",
        "No route was found matching the URL and request method.",
    )
}

fn plain(status: u16, body: Value) -> Answer {
    Answer {
        status,
        body,
        totals: None,
    }
}

fn parsed(body: &[u8]) -> Result<Map<String, Value>, Refusal> {
    serde_json::from_slice(body)
        .map_err(|_| refusal(400, "rest_invalid_json", "Invalid JSON body passed."))
}
