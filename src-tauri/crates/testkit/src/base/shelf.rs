//! What the account holds and what its methods do to it.

use super::{NEW, Setup, TOKEN};
use crate::double::{Asked, Handler, Told};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// The catalogue's number, its price group and its warehouse.
const INVENTORY: u64 = 307;
const PRICE_GROUP: &str = "105";
const WAREHOUSE: &str = "bl_206";

/// Orders, and events of the journal, in one answer.
const A_PAGE: usize = 100;

/// How far back the journal reaches.
const JOURNAL: TimeDelta = TimeDelta::days(3);

/// What the staff's comment holds.
const COMMENT_LIMIT: usize = 200;

/// A line as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Identity.
    pub id: u64,
    /// The product, and of a variant its own number.
    pub product: (u64, Option<u64>),
    /// How many.
    pub quantity: u32,
    /// Price of a piece, minor units.
    pub price: i64,
    /// A listing's number.
    pub auction: String,
    name: String,
}

impl Line {
    /// What the line costs, minor units.
    pub fn total(&self) -> i64 {
        self.price * i64::from(self.quantity)
    }
}

#[derive(Clone, Debug)]
struct Product {
    id: u64,
    parent: Option<u64>,
    name: String,
    price: i64,
    stock: i64,
}

#[derive(Clone, Debug)]
struct Order {
    id: u64,
    added: i64,
    placed: i64,
    moved: i64,
    status: u64,
    phone: String,
    comment: String,
    lines: Vec<Line>,
    delivery: i64,
}

#[derive(Clone, Debug)]
struct Event {
    id: u64,
    at: DateTime<Utc>,
    order: u64,
    kind: u64,
    object: u64,
}

/// The whole account. Tests change it through the methods, as its staff would.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The account's clock.
    pub now: DateTime<Utc>,
    setup: Setup,
    products: BTreeMap<u64, Product>,
    orders: BTreeMap<u64, Order>,
    events: Vec<Event>,
    /// When the last calls came.
    calls: Vec<DateTime<Utc>>,
    next_id: u64,
}

type Handled = Result<Value, Value>;

fn error(code: &str, message: &str) -> Value {
    json!({ "status": "ERROR", "error_code": code, "error_message": message })
}

fn no_order() -> Value {
    error("ERROR_ORDER_ID", "Invalid order_id")
}

fn wrong(what: &str) -> Value {
    error("ERROR_INVALID_PARAMETERS", &format!("Invalid {what}"))
}

/// Minor units as the number that PHP would write.
fn amount(minor: i64) -> Value {
    if minor % 100 == 0 {
        return json!(minor / 100);
    }
    let sign = if minor < 0 { "-" } else { "" };
    let text = format!("{sign}{}.{:02}", minor.abs() / 100, minor.abs() % 100);
    text.parse::<f64>()
        .map_or(Value::Null, |number| json!(number))
}

fn minor(value: &Value) -> Option<i64> {
    let number = value.as_f64()?;
    // Prices in tests are far from where a float loses hundredths.
    format!("{:.0}", number * 100.0).parse().ok()
}

fn number(sent: &Map<String, Value>, name: &str) -> Option<u64> {
    match sent.get(name)? {
        Value::Number(number) => number.as_u64(),
        Value::String(text) => text.parse().ok(),
        _ => None,
    }
}

fn text<'a>(sent: &'a Map<String, Value>, name: &str) -> &'a str {
    sent.get(name).and_then(Value::as_str).unwrap_or_default()
}

impl Shelf {
    /// An account without orders.
    pub fn new(setup: Setup) -> Self {
        Self {
            now: DateTime::from_timestamp(1_772_000_000, 0).unwrap_or_default(),
            setup,
            products: BTreeMap::new(),
            orders: BTreeMap::new(),
            events: Vec::new(),
            calls: Vec::new(),
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

    fn log(&mut self, order: u64, kind: u64, object: u64) {
        let event = Event {
            id: self.mint() + 450_000,
            at: self.now,
            order,
            kind,
            object,
        };
        self.events.push(event);
    }

    /// Switches the journal on or off.
    pub fn switch_journal(&mut self, on: bool) {
        self.setup.journal = on;
    }

    /// Puts a product into the catalogue; price in minor units.
    pub fn stock_product(&mut self, id: u64, name: &str, price: i64) {
        let name = name.to_owned();
        let product = Product {
            id,
            parent: None,
            name,
            price,
            stock: 100,
        };
        self.products.insert(id, product);
    }

    /// Puts a variant of a product into the catalogue.
    pub fn stock_variant(&mut self, id: u64, parent: u64, name: &str, price: i64) {
        self.stock_product(id, name, price);
        if let Some(product) = self.products.get_mut(&id) {
            product.parent = Some(parent);
        }
    }

    /// Takes a product out of the catalogue.
    pub fn drop_product(&mut self, id: u64) {
        self.products.remove(&id);
    }

    /// Takes an order now and returns its identity.
    pub fn take_order(&mut self, lines: &[(u64, u32)]) -> u64 {
        let id = self.mint();
        let at = self.now.timestamp();
        let mut order = Order {
            id,
            added: at,
            placed: at,
            moved: at,
            status: NEW,
            phone: "+48693123123".to_owned(),
            comment: String::new(),
            lines: Vec::new(),
            delivery: 1499,
        };
        for (product, quantity) in lines {
            let made = self.line_of(*product, None, *quantity);
            order.lines.push(made);
        }
        self.orders.insert(id, order);
        self.log(id, 1, 0);
        self.log(id, 2, 0);
        id
    }

    fn line_of(&mut self, product: u64, variant: Option<u64>, quantity: u32) -> Line {
        let known = self.products.get(&variant.unwrap_or(product));
        let (name, price) = known
            .map(|one| (one.name.clone(), one.price))
            .unwrap_or_default();
        Line {
            id: self.mint(),
            product: (product, variant),
            quantity,
            price,
            auction: String::new(),
            name,
        }
    }

    /// A basket that the customer has not sent off; none of the list unless asked for.
    pub fn begin_order(&mut self, lines: &[(u64, u32)]) -> u64 {
        let id = self.take_order(lines);
        self.events.pop();
        if let Some(order) = self.orders.get_mut(&id) {
            order.placed = 0;
        }
        id
    }

    /// The customer sends a basket off.
    pub fn place_order(&mut self, id: u64) {
        let at = self.now.timestamp();
        if let Some(order) = self.orders.get_mut(&id) {
            order.placed = at;
        }
        self.log(id, 2, 0);
    }

    /// The staff set the pieces of a line, counted from zero. False where there is no such line.
    pub fn set_pieces(&mut self, id: u64, line: usize, pieces: u32) -> bool {
        let Some(order) = self.orders.get_mut(&id) else {
            return false;
        };
        let Some(line) = order.lines.get_mut(line) else {
            return false;
        };
        line.quantity = pieces;
        let line = line.id;
        self.log(id, 13, line);
        true
    }

    /// The staff set a status.
    pub fn set_status(&mut self, id: u64, status: u64) -> bool {
        let at = self.now.timestamp();
        let Some(order) = self.orders.get_mut(&id) else {
            return false;
        };
        (order.status, order.moved) = (status, at);
        self.log(id, 18, status);
        true
    }

    /// The staff write below what stands in the comment.
    pub fn comment(&mut self, id: u64, text: &str) -> bool {
        let Some(order) = self.orders.get_mut(&id) else {
            return false;
        };
        let both = format!("{}\n{text}", order.comment);
        both.trim().clone_into(&mut order.comment);
        self.log(id, 16, 0);
        true
    }

    /// The staff set the whole comment.
    pub fn set_comment(&mut self, id: u64, text: &str) {
        if let Some(order) = self.orders.get_mut(&id) {
            text.clone_into(&mut order.comment);
        }
        self.log(id, 16, 0);
    }

    /// The staff change the phone on an order.
    pub fn set_phone(&mut self, id: u64, phone: &str) -> bool {
        let Some(order) = self.orders.get_mut(&id) else {
            return false;
        };
        phone.clone_into(&mut order.phone);
        self.log(id, 11, 0);
        true
    }

    /// An order is deleted.
    pub fn delete_order(&mut self, id: u64) -> bool {
        let was_there = self.orders.remove(&id).is_some();
        self.log(id, 4, 0);
        was_there
    }

    /// Joins an order into another, which then has its lines too.
    pub fn join_orders(&mut self, id: u64, into: u64) {
        let lines = self.orders.remove(&id).map(|order| order.lines);
        if let Some(kept) = self.orders.get_mut(&into) {
            kept.lines.extend(lines.into_iter().flatten());
        }
        self.log(into, 5, id);
    }

    /// The lines of an order.
    pub fn lines(&self, id: u64) -> Vec<Line> {
        self.orders
            .get(&id)
            .map(|order| order.lines.clone())
            .unwrap_or_default()
    }

    /// What an order costs, minor units: Base.com keeps no total, it is reckoned.
    pub fn total(&self, id: u64) -> i64 {
        self.orders.get(&id).map_or(0, |order| {
            order.lines.iter().map(Line::total).sum::<i64>() + order.delivery
        })
    }

    /// An order's status.
    pub fn status(&self, id: u64) -> u64 {
        self.orders.get(&id).map_or(0, |order| order.status)
    }

    /// The staff's comment on an order.
    pub fn comment_of(&self, id: u64) -> String {
        self.orders
            .get(&id)
            .map(|order| order.comment.clone())
            .unwrap_or_default()
    }

    fn show_order(order: &Order) -> Value {
        let lines: Vec<_> = order.lines.iter().map(show_line).collect();
        json!({
            "order_id": order.id, "shop_order_id": 0, "external_order_id": "", "order_source": "shop",
            "order_source_id": 2598, "order_source_info": "-", "order_status_id": order.status,
            "date_add": order.added, "date_confirmed": order.placed, "date_in_status": order.moved,
            "confirmed": order.placed > 0, "user_login": "nick123", "phone": order.phone,
            "email": "jan@shop.example", "user_comments": "", "admin_comments": order.comment,
            "currency": "PLN", "payment_method": "Za pobraniem", "payment_method_cod": "1", "payment_done": 0,
            "delivery_method": "Kurier", "delivery_price": amount(order.delivery), "delivery_package_nr": "",
            "delivery_fullname": "Jan Kowalski", "delivery_company": "", "delivery_address": "Długa 12",
            "delivery_city": "Warszawa", "delivery_state": "", "delivery_postcode": "00-950",
            "delivery_country": "Polska", "delivery_country_code": "PL", "delivery_point_id": "",
            "delivery_point_name": "", "invoice_fullname": "", "want_invoice": "0", "extra_field_1": "",
            "custom_extra_fields": [], "order_page": "https://klient.example/1", "pick_state": 0, "products": lines,
        })
    }

    fn call(&mut self, method: &str, sent: &Map<String, Value>) -> Handled {
        match method {
            "getOrderStatusList" => {
                let statuses = self.setup.statuses.iter();
                let statuses: Vec<_> = statuses
                    .map(|(id, name)| json!({ "id": id, "name": name, "name_for_customer": name }))
                    .collect();
                Ok(json!({ "status": "SUCCESS", "statuses": statuses }))
            }
            "getInventories" => Ok(json!({ "status": "SUCCESS", "inventories": [{
                "inventory_id": INVENTORY, "name": "Sklep", "description": "", "languages": ["pl"],
                "default_language": "pl", "price_groups": [105], "default_price_group": 105,
                "warehouses": [WAREHOUSE], "default_warehouse": WAREHOUSE, "is_default": true,
            }] })),
            "getInventoryPriceGroups" => Ok(json!({ "status": "SUCCESS", "price_groups": [
                { "price_group_id": 105, "name": "Detal", "currency": "PLN", "is_default": true },
            ] })),
            "getInventoryProductsList" => Ok(self.list_products(sent)),
            "getInventoryProductsData" => Ok(self.show_products(sent)),
            "getOrders" => self.list_orders(sent),
            "getJournalList" => Ok(self.journal(sent)),
            "setOrderStatus" => self.on_order(sent, Self::put_status),
            "setOrderFields" => self.on_order(sent, |shelf, order, sent| {
                if let Some(comment) = sent.get("admin_comments").and_then(Value::as_str) {
                    order.comment = comment.chars().take(COMMENT_LIMIT).collect();
                }
                shelf.log(order.id, 16, 0);
                Ok(json!({ "status": "SUCCESS" }))
            }),
            "addOrderProduct" => self.on_order(sent, Self::add_line),
            "setOrderProductFields" => self.on_order(sent, Self::put_line),
            "deleteOrderProduct" => self.on_order(sent, |shelf, order, sent| {
                let id = number(sent, "order_product_id");
                let at = order.lines.iter().position(|line| Some(line.id) == id);
                let at = at.ok_or_else(|| wrong("order_product_id"))?;
                let line = order.lines.remove(at);
                shelf.log(order.id, 14, line.id);
                Ok(json!({ "status": "SUCCESS" }))
            }),
            _ => Err(error("ERROR_UNKNOWN_METHOD", "Unknown method")),
        }
    }

    fn on_order(
        &mut self,
        sent: &Map<String, Value>,
        change: impl FnOnce(&mut Self, &mut Order, &Map<String, Value>) -> Handled,
    ) -> Handled {
        let id = number(sent, "order_id").ok_or_else(no_order)?;
        let mut order = self.orders.get(&id).cloned().ok_or_else(no_order)?;
        let told = change(self, &mut order, sent)?;
        self.orders.insert(id, order);
        Ok(told)
    }

    fn put_status(&mut self, order: &mut Order, sent: &Map<String, Value>) -> Handled {
        let status = number(sent, "status_id").unwrap_or(0);
        if !self.setup.statuses.iter().any(|(id, _)| *id == status) {
            return Err(wrong("status_id"));
        }
        if order.status != status {
            (order.status, order.moved) = (status, self.now.timestamp());
            self.log(order.id, 18, status);
        }
        Ok(json!({ "status": "SUCCESS" }))
    }

    fn add_line(&mut self, order: &mut Order, sent: &Map<String, Value>) -> Handled {
        let product = number(sent, "product_id").unwrap_or(0);
        let variant = number(sent, "variant_id");
        let quantity = number(sent, "quantity").and_then(|pieces| u32::try_from(pieces).ok());
        let quantity = quantity.ok_or_else(|| wrong("quantity"))?;
        let mut line = self.line_of(product, variant, quantity);
        // What is sent holds; the catalogue is only asked for the warehouse.
        line.price = sent.get("price_brutto").and_then(minor).unwrap_or(0);
        text(sent, "name").clone_into(&mut line.name);
        line.auction = text(sent, "auction_id").chars().take(20).collect();
        let id = line.id;
        order.lines.push(line);
        self.log(order.id, 12, 0);
        Ok(json!({ "status": "SUCCESS", "order_product_id": id }))
    }

    fn put_line(&mut self, order: &mut Order, sent: &Map<String, Value>) -> Handled {
        let id = number(sent, "order_product_id");
        let line = order.lines.iter_mut().find(|line| Some(line.id) == id);
        let line = line.ok_or_else(|| wrong("order_product_id"))?;
        if let Some(quantity) = number(sent, "quantity") {
            line.quantity = u32::try_from(quantity).map_err(|_| wrong("quantity"))?;
        }
        line.price = sent
            .get("price_brutto")
            .and_then(minor)
            .unwrap_or(line.price);
        let line = line.id;
        self.log(order.id, 13, line);
        Ok(json!({ "status": "SUCCESS" }))
    }

    fn list_orders(&self, sent: &Map<String, Value>) -> Handled {
        let unplaced = sent.get("get_unconfirmed_orders") == Some(&json!(true));
        let from = number(sent, "date_confirmed_from").unwrap_or(0);
        let from = i64::try_from(from).map_err(|_| wrong("date_confirmed_from"))?;
        let id_from = number(sent, "id_from").unwrap_or(0);
        let wanted = number(sent, "order_id");
        let mut rows: Vec<&Order> = self
            .orders
            .values()
            .filter(|order| unplaced || order.placed > 0)
            .filter(|order| order.placed >= from && order.id >= id_from)
            .filter(|order| wanted.is_none_or(|id| order.id == id))
            .collect();
        rows.sort_by_key(|order| (order.placed, order.id));
        rows.truncate(A_PAGE);
        let orders: Vec<_> = rows.into_iter().map(Self::show_order).collect();
        Ok(json!({ "status": "SUCCESS", "orders": orders }))
    }

    /// From the event asked for on, that one included.
    fn journal(&self, sent: &Map<String, Value>) -> Value {
        let since = number(sent, "last_log_id").unwrap_or(0);
        let reach = self.now - JOURNAL;
        let events = self.events.iter();
        let events: Vec<_> = events
            .filter(|event| self.setup.journal && event.id >= since && event.at >= reach)
            .take(A_PAGE)
            .map(|event| {
                json!({
                    "log_id": event.id, "log_type": event.kind, "order_id": event.order,
                    "object_id": event.object, "date": event.at.timestamp(),
                })
            })
            .collect();
        json!({ "status": "SUCCESS", "logs": events })
    }

    fn list_products(&self, sent: &Map<String, Value>) -> Value {
        let with_variants = sent.get("include_variants") == Some(&json!(true));
        let page = number(sent, "page").unwrap_or(1).max(1);
        let skip = usize::try_from(page - 1).unwrap_or(0) * 1000;
        let rows = self
            .products
            .values()
            .filter(|one| with_variants || one.parent.is_none());
        let rows = rows.skip(skip).take(1000).map(|product| {
            let row = json!({
                "id": product.id, "parent_id": product.parent.unwrap_or(0), "ean": "", "sku": format!("SKU-{}", product.id),
                "name": product.name, "prices": { PRICE_GROUP: amount(product.price) }, "stock": { WAREHOUSE: product.stock },
            });
            (product.id.to_string(), row)
        });
        let products: Map<String, Value> = rows.collect();
        // As PHP writes an empty map.
        let products = if products.is_empty() {
            json!([])
        } else {
            Value::Object(products)
        };
        json!({ "status": "SUCCESS", "products": products })
    }

    fn show_products(&self, sent: &Map<String, Value>) -> Value {
        let wanted = sent
            .get("products")
            .and_then(Value::as_array)
            .cloned()
            .unwrap_or_default();
        let show = |product: &Product| {
            json!({
                "is_bundle": false, "ean": "", "sku": format!("SKU-{}", product.id), "tax_rate": 23, "weight": 0.5,
                "prices": { PRICE_GROUP: amount(product.price) }, "stock": { WAREHOUSE: product.stock },
                "name": product.name, "text_fields": { "name": product.name, "features": [] },
            })
        };
        let found = wanted.iter().filter_map(|id| {
            let product = self
                .products
                .get(&id.as_u64()?)
                .filter(|one| one.parent.is_none())?;
            let variants: Map<String, Value> = self
                .products
                .values()
                .filter(|one| one.parent == Some(product.id))
                .map(|one| (one.id.to_string(), show(one)))
                .collect();
            let mut row = show(product);
            if let Some(row) = row.as_object_mut() {
                row.remove("name");
                let variants = if variants.is_empty() {
                    json!([])
                } else {
                    Value::Object(variants)
                };
                row.insert("variants".to_owned(), variants);
            }
            Some((product.id.to_string(), row))
        });
        let products: Map<String, Value> = found.collect();
        let products = if products.is_empty() {
            json!([])
        } else {
            Value::Object(products)
        };
        json!({ "status": "SUCCESS", "products": products })
    }

    /// Whether the token is blocked for asking too much.
    fn is_blocked(&mut self) -> bool {
        let Some(limit) = self.setup.limit else {
            return false;
        };
        let reach = self.now - TimeDelta::minutes(1);
        self.calls.retain(|at| *at > reach);
        self.calls.push(self.now);
        self.calls.len() > limit
    }
}

fn show_line(line: &Line) -> Value {
    let variant = line.product.1.map(|id| id.to_string()).unwrap_or_default();
    json!({
        "storage": "db", "storage_id": INVENTORY, "order_product_id": line.id,
        "product_id": line.product.0.to_string(), "variant_id": variant, "name": line.name, "attributes": "",
        "sku": format!("SKU-{}", line.product.0), "ean": "", "location": "", "warehouse_id": 206,
        "auction_id": line.auction, "price_brutto": amount(line.price), "tax_rate": 23,
        "quantity": line.quantity, "weight": 1, "bundle_id": 0,
    })
}

fn method_of(asked: &Asked) -> String {
    let form = asked.form();
    let method = form.into_iter().find(|(name, _)| name == "method");
    method.map(|(_, value)| value).unwrap_or_default()
}

impl Handler for Shelf {
    fn answer(&mut self, asked: &Asked) -> Told {
        if asked.method != "POST" || asked.path != "/connector.php" {
            return Told::page(404);
        }
        if asked.header("x-bltoken") != Some(TOKEN) {
            return Told::json(200, &error("ERROR_BAD_TOKEN", "Invalid token"));
        }
        if self.is_blocked() {
            let until = self.now + TimeDelta::minutes(2) + TimeDelta::hours(1);
            let until = until.format("%Y-%m-%d %H:%M:%S");
            let message = format!("Query limit exceeded, token blocked until {until}");
            return Told::json(200, &error("ERROR_BLOCKED_TOKEN", &message));
        }
        let method = method_of(asked);
        if self.setup.forbidden.contains(&method.as_str()) {
            return Told::json(
                200,
                &error("ERROR_NO_PERMISSION", "No access to this method"),
            );
        }
        let form = asked.form();
        let sent = form.iter().find(|(name, _)| name == "parameters");
        let sent = sent.and_then(|(_, text)| serde_json::from_str::<Map<String, Value>>(text).ok());
        let told = self.call(&method, &sent.unwrap_or_default());
        Told::json(200, &told.unwrap_or_else(|refusal| refusal))
    }

    /// The method's name behind what it does: there is one address for all.
    fn route(&self, asked: &Asked) -> String {
        let method = method_of(asked);
        let does = if method.starts_with("get") {
            "read"
        } else {
            "write"
        };
        format!("{does}/{method}")
    }

    fn now(&self) -> Option<DateTime<Utc>> {
        Some(self.now)
    }

    fn shift_clock(&mut self, by: TimeDelta) {
        self.now += by;
    }

    /// A rule of the account puts another price on the line that was written.
    fn spoil_totals(&mut self, asked: &Asked) {
        let form = asked.form();
        let sent = form.iter().find(|(name, _)| name == "parameters");
        let sent = sent.and_then(|(_, text)| serde_json::from_str::<Map<String, Value>>(text).ok());
        let sent = sent.unwrap_or_default();
        let order = number(&sent, "order_id").and_then(|id| self.orders.get_mut(&id));
        let Some(order) = order else { return };
        let line = match number(&sent, "order_product_id") {
            Some(id) => order.lines.iter_mut().find(|line| line.id == id),
            None => order.lines.last_mut(),
        };
        if let Some(line) = line {
            line.price += 111;
        }
    }
}
