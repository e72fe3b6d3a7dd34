//! What the account holds and what its routes do to it.

use super::{KEY, Setup};
use crate::double::{Asked, Handler, Told};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

/// Code, name, group and place of the statuses that every account is born with.
const STATUSES: [(&str, &str, &str); 9] = [
    ("new", "Новий", "new"),
    ("offer-analog", "Запропонувати заміну", "approval"),
    ("client-confirmed", "Погоджено з клієнтом", "approval"),
    ("assembling", "Комплектується", "assembling"),
    ("delivering", "Доставляється", "delivery"),
    ("complete", "Виконано", "complete"),
    ("no-call", "Недодзвін", "cancel"),
    ("no-product", "Немає в наявності", "cancel"),
    ("cancel-other", "Скасовано", "cancel"),
];

/// A line of an order to take.
#[derive(Clone, Copy, Debug)]
pub struct SeedLine {
    /// What.
    pub offer: u64,
    /// How many.
    pub quantity: u32,
    /// Taken off the price of each piece, minor units.
    pub discount: i64,
}

/// A line as it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Line {
    /// Identity.
    pub id: u64,
    /// What; none for a line typed by hand.
    pub offer: Option<u64>,
    /// How many.
    pub quantity: u32,
    /// Price of a piece, minor units.
    pub price: i64,
    /// Taken off each piece, minor units.
    pub discount: i64,
    /// Its external identities: code and value.
    pub external: Vec<(String, String)>,
    /// Struck out: it is kept and counts for nothing.
    pub struck: bool,
}

impl Line {
    /// What the line costs, minor units.
    pub fn total(&self) -> i64 {
        if self.struck {
            0
        } else {
            (self.price - self.discount) * i64::from(self.quantity)
        }
    }
}

#[derive(Clone, Debug)]
struct Product {
    offer: u64,
    name: String,
    price: i64,
    stock: i64,
    active: bool,
    updated: DateTime<Utc>,
}

#[derive(Clone, Debug)]
struct Order {
    id: u64,
    created: DateTime<Utc>,
    moved: DateTime<Utc>,
    status: String,
    status_comment: String,
    customer: u64,
    phone: String,
    comment: String,
    lines: Vec<Line>,
    delivery: i64,
    total: i64,
    fields: BTreeMap<String, Value>,
}

#[derive(Clone, Debug)]
struct Customer {
    id: u64,
    name: String,
}

#[derive(Clone, Debug)]
struct Record {
    id: u64,
    at: DateTime<Utc>,
    subject: u64,
    field: String,
    is_ours: bool,
    deleted: bool,
    combined_to: Option<u64>,
}

/// The whole account. Tests change it through the methods, as its staff would.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The account's clock.
    pub now: DateTime<Utc>,
    setup: Setup,
    products: BTreeMap<u64, Product>,
    orders: BTreeMap<u64, Order>,
    customers: BTreeMap<u64, Customer>,
    order_log: Vec<Record>,
    customer_log: Vec<Record>,
    next_id: u64,
}

type Handled = Result<Value, Told>;

fn refusal(status: u16, message: &str, errors: &Value) -> Told {
    let mut body = json!({ "success": false, "errorMsg": message });
    if let (Some(body), false) = (body.as_object_mut(), errors.is_null()) {
        body.insert("errors".to_owned(), errors.clone());
    }
    Told::json(status, &body)
}

fn not_found() -> Told {
    refusal(404, "Not found", &Value::Null)
}

fn wrong(field: &str, message: &str) -> Told {
    refusal(
        400,
        "Errors in the entity format",
        &json!({ field: message }),
    )
}

/// Minor units as the number that PHP would write.
fn amount(minor: i64) -> Value {
    if minor % 100 == 0 {
        return json!(minor / 100);
    }
    let text = format!(
        "{}{}.{:02}",
        if minor < 0 { "-" } else { "" },
        minor.abs() / 100,
        minor.abs() % 100
    );
    text.parse::<f64>()
        .map_or(Value::Null, |number| json!(number))
}

fn minor(value: &Value) -> Option<i64> {
    let number = value.as_f64()?;
    // Prices in tests are far from where a float loses hundredths.
    format!("{:.0}", number * 100.0).parse().ok()
}

impl Shelf {
    /// An account without orders.
    pub fn new(setup: Setup) -> Self {
        Self {
            now: DateTime::from_timestamp(1_772_000_000, 0).unwrap_or_default(),
            setup,
            products: BTreeMap::new(),
            orders: BTreeMap::new(),
            customers: BTreeMap::new(),
            order_log: Vec::new(),
            customer_log: Vec::new(),
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

    fn stamp(&self, at: DateTime<Utc>) -> String {
        let local = at + TimeDelta::minutes(self.setup.offset_minutes.into());
        local.format("%Y-%m-%d %H:%M:%S").to_string()
    }

    fn log(&mut self, order: u64, field: &str, is_ours: bool) {
        let record = Record {
            id: self.mint(),
            at: self.now,
            subject: order,
            field: field.to_owned(),
            is_ours,
            deleted: false,
            combined_to: None,
        };
        self.order_log.push(record);
    }

    /// Puts a product with one offer on the shelf; price in minor units.
    pub fn stock_product(&mut self, offer: u64, name: &str, price: i64) {
        let product = Product {
            offer,
            name: name.to_owned(),
            price,
            stock: 100,
            active: true,
            updated: self.now,
        };
        self.products.insert(offer, product);
    }

    /// Changes a product: its price, and whether that moves its date.
    pub fn reprice(&mut self, offer: u64, price: i64, moves_date: bool) {
        let now = self.now;
        if let Some(product) = self.products.get_mut(&offer) {
            product.price = price;
            if moves_date {
                product.updated = now;
            }
        }
    }

    /// Takes a product from sale.
    pub fn withdraw_product(&mut self, offer: u64) {
        if let Some(product) = self.products.get_mut(&offer) {
            product.active = false;
        }
    }

    /// Registers a customer.
    pub fn register_customer(&mut self, name: &str) -> u64 {
        let id = self.mint();
        let name = name.to_owned();
        self.customers.insert(id, Customer { id, name });
        self.log_customer(id, false, None);
        id
    }

    /// Gives a customer another name.
    pub fn rename_customer(&mut self, id: u64, name: &str) {
        if let Some(customer) = self.customers.get_mut(&id) {
            name.clone_into(&mut customer.name);
        }
        self.log_customer(id, false, None);
    }

    /// Joins a customer into another.
    pub fn join_customers(&mut self, id: u64, into: u64) {
        self.customers.remove(&id);
        self.log_customer(id, true, Some(into));
    }

    fn log_customer(&mut self, id: u64, deleted: bool, combined_to: Option<u64>) {
        let record = Record {
            id: self.mint(),
            at: self.now,
            subject: id,
            field: "id".to_owned(),
            is_ours: false,
            deleted,
            combined_to,
        };
        self.customer_log.push(record);
    }

    /// Takes an order now and returns its identity.
    pub fn take_order(&mut self, lines: &[SeedLine]) -> u64 {
        let id = self.mint();
        let customer = self.mint();
        let name = "Олена Коваль".to_owned();
        self.customers
            .insert(customer, Customer { id: customer, name });
        let mut order = Order {
            id,
            created: self.now,
            moved: self.now,
            status: "new".to_owned(),
            status_comment: String::new(),
            customer,
            phone: "+380671234567".to_owned(),
            comment: String::new(),
            lines: Vec::new(),
            delivery: 6050,
            total: 0,
            fields: BTreeMap::new(),
        };
        for seed in lines {
            let price = self
                .products
                .get(&seed.offer)
                .map_or(0, |product| product.price);
            order.lines.push(Line {
                id: self.mint(),
                offer: Some(seed.offer),
                quantity: seed.quantity,
                price,
                discount: seed.discount,
                external: vec![("site".to_owned(), format!("{id}-{}", seed.offer))],
                struck: false,
            });
        }
        order.recount();
        self.orders.insert(id, order);
        self.log(id, "status", false);
        id
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
        order.recount();
        self.log(id, "order_product.quantity", false);
        true
    }

    /// The staff strike a line out, counted from zero.
    pub fn strike_line(&mut self, id: u64, line: usize) {
        if let Some(order) = self.orders.get_mut(&id) {
            if let Some(line) = order.lines.get_mut(line) {
                line.struck = true;
            }
            order.recount();
        }
        self.log(id, "order_product.status", false);
    }

    /// The staff set a status.
    pub fn set_status(&mut self, id: u64, status: &str) -> bool {
        let now = self.now;
        let Some(order) = self.orders.get_mut(&id) else {
            return false;
        };
        (order.status, order.moved) = (status.to_owned(), now);
        self.log(id, "status", false);
        true
    }

    /// The staff write below what stands in the comment.
    pub fn comment(&mut self, id: u64, text: &str) -> bool {
        let Some(order) = self.orders.get_mut(&id) else {
            return false;
        };
        let both = format!("{}\n{text}", order.comment);
        both.trim().clone_into(&mut order.comment);
        self.log(id, "manager_comment", false);
        true
    }

    /// The staff set the whole comment.
    pub fn set_comment(&mut self, id: u64, text: &str) {
        if let Some(order) = self.orders.get_mut(&id) {
            text.clone_into(&mut order.comment);
        }
        self.log(id, "manager_comment", false);
    }

    /// The staff change the customer's phone on an order.
    pub fn set_phone(&mut self, id: u64, phone: &str) -> bool {
        let Some(order) = self.orders.get_mut(&id) else {
            return false;
        };
        phone.clone_into(&mut order.phone);
        self.log(id, "phone", false);
        true
    }

    /// An order is deleted, which the change log tells.
    pub fn delete_order(&mut self, id: u64) -> bool {
        let was_there = self.orders.remove(&id).is_some();
        self.log(id, "id", false);
        if let Some(record) = self.order_log.last_mut() {
            record.deleted = true;
        }
        was_there
    }

    /// Joins an order into another, which then has its lines too.
    pub fn join_orders(&mut self, id: u64, into: u64) {
        let lines = self.orders.remove(&id).map(|order| order.lines);
        if let Some(kept) = self.orders.get_mut(&into) {
            kept.lines.extend(lines.into_iter().flatten());
            kept.recount();
        }
        self.log(id, "id", false);
        if let Some(record) = self.order_log.last_mut() {
            record.combined_to = Some(into);
        }
    }

    /// A change log entry whose number is lower than others already told, as one that was numbered
    /// first and stored last.
    pub fn log_late(&mut self, order: u64, before: u64) {
        self.log(order, "phone", false);
        if let Some(record) = self.order_log.last_mut() {
            record.id = before;
        }
        self.order_log.sort_by_key(|record| record.id);
    }

    /// The number of the newest entry of the change log.
    pub fn newest_entry(&mut self) -> u64 {
        // Numbers are given with gaps, so that one can be stored late.
        self.next_id += 5;
        self.order_log.last().map_or(0, |record| record.id)
    }

    /// The lines of an order.
    pub fn lines(&self, id: u64) -> Vec<Line> {
        self.orders
            .get(&id)
            .map(|order| order.lines.clone())
            .unwrap_or_default()
    }

    /// What an order costs, minor units, and whether that is the sum of its parts.
    pub fn total(&self, id: u64) -> (i64, bool) {
        self.orders.get(&id).map_or((0, false), |order| {
            (order.total, order.total == order.sum())
        })
    }

    /// An order's status and what is said of it.
    pub fn status(&self, id: u64) -> (String, String) {
        let order = self.orders.get(&id);
        order
            .map(|order| (order.status.clone(), order.status_comment.clone()))
            .unwrap_or_default()
    }

    /// The staff's comment on an order.
    pub fn comment_of(&self, id: u64) -> String {
        self.orders
            .get(&id)
            .map(|order| order.comment.clone())
            .unwrap_or_default()
    }

    /// A field that the account has added to its orders.
    pub fn field(&self, id: u64, code: &str) -> Option<String> {
        Some(self.orders.get(&id)?.fields.get(code)?.as_str()?.to_owned())
    }

    fn show_line(&self, line: &Line) -> Value {
        let product = line.offer.and_then(|offer| self.products.get(&offer));
        let offer = product.map(|product| {
            json!({
                "id": product.offer, "externalId": format!("x{}", product.offer), "name": product.name,
                "displayName": product.name, "article": format!("ART-{}", product.offer),
                "properties": [], "unit": { "code": "pc", "name": "Штука", "sym": "шт." },
            })
        });
        let external = line.external.iter();
        let external: Vec<_> = external
            .map(|(code, value)| json!({ "code": code, "value": value }))
            .collect();
        let discounts = if line.discount == 0 {
            json!([])
        } else {
            json!([{ "type": "manual_product", "amount": amount(line.discount) }])
        };
        json!({
            "id": line.id, "externalIds": external, "priceType": { "code": "base" },
            "initialPrice": amount(line.price), "discounts": discounts,
            "discountTotal": amount(line.discount), "quantity": line.quantity,
            "prices": [{ "price": amount(line.price - line.discount), "quantity": line.quantity }],
            "vatRate": "none", "createdAt": self.stamp(self.now), "status": if line.struck { "no-product" } else { "new" },
            "isCanceled": line.struck, "offer": offer, "properties": [], "purchasePrice": 0,
        })
    }

    fn show_order(&self, order: &Order) -> Value {
        let lines: Vec<_> = order
            .lines
            .iter()
            .map(|line| self.show_line(line))
            .collect();
        let fields = if order.fields.is_empty() {
            json!([])
        } else {
            json!(order.fields)
        };
        let payment = order.id.to_string();
        json!({
            "slug": order.id, "id": order.id, "number": format!("{}C", order.id), "currency": self.setup.currency,
            "orderType": "eshop-individual", "orderMethod": "shopping-cart", "privilegeType": "none",
            "countryIso": "UA", "createdAt": self.stamp(order.created), "statusUpdatedAt": self.stamp(order.moved),
            "summ": amount(order.total - order.delivery), "totalSumm": amount(order.total), "prepaySum": 0,
            "lastName": "Коваль", "firstName": "Олена", "phone": order.phone, "email": "o@shop.example",
            "customer": self.customers.get(&order.customer).map(show_customer),
            "contragent": { "contragentType": "individual" }, "managerComment": order.comment,
            "delivery": { "code": "nova-poshta", "cost": amount(order.delivery), "netCost": 0,
                "address": { "countryIso": "UA", "city": "Київ", "text": "вул. Лесі Українки, 1" } },
            "site": "main", "status": order.status, "statusComment": order.status_comment,
            "items": lines, "payments": { payment: { "id": order.id, "type": "cash", "amount": amount(order.total) } },
            "fromApi": false, "shipped": false, "customFields": fields,
        })
    }

    fn show_product(&self, product: &Product) -> Value {
        json!({
            "id": product.offer + 500_000, "minPrice": amount(product.price), "maxPrice": amount(product.price),
            "article": format!("ART-{}", product.offer), "type": "product", "name": product.name, "groups": [],
            "updatedAt": self.stamp(product.updated), "active": product.active, "quantity": product.stock,
            "offers": [{
                "id": product.offer, "name": product.name, "price": amount(product.price), "externalId": format!("x{}", product.offer),
                "article": format!("ART-{}", product.offer), "quantity": product.stock, "active": product.active,
                "prices": [{ "priceType": "base", "price": amount(product.price), "ordering": 991 }], "properties": [],
            }],
        })
    }

    fn route_to(&mut self, asked: &Asked) -> Handled {
        let given = asked
            .header("x-api-key")
            .or_else(|| asked.parameter("apiKey"));
        match given {
            None => return Err(refusal(403, "\"apiKey\" is missing.", &Value::Null)),
            Some(KEY) => {}
            Some(_) => return Err(refusal(403, "Wrong \"apiKey\" value.", &Value::Null)),
        }
        let path = asked.path.trim_matches('/');
        let steps: Vec<&str> = path.split('/').collect();
        match (asked.method.as_str(), steps.as_slice()) {
            ("GET", ["api", "credentials"]) => Ok(json!({
                "success": true, "credentials": [], "siteAccess": "access_selective",
                "sitesAvailable": ["main"], "scopes": self.setup.scopes,
            })),
            ("GET", ["api", "v5", "settings"]) => Ok(json!({
                "success": true, "settings": {
                    "default_currency": { "value": self.setup.currency, "updated_at": "2020-12-02 14:54:16" },
                    "system_language": { "value": "UK", "updated_at": "2020-02-19 16:29:25" },
                    "timezone": { "value": self.setup.zone, "updated_at": "2021-02-08 08:29:40" },
                },
            })),
            ("GET", ["api", "v5", "reference", what]) => reference(what),
            ("GET", ["api", "v5", "custom-fields"]) => {
                let fields = self.setup.order_fields.iter();
                let fields: Vec<_> = fields
                    .map(|code| json!({ "code": code, "name": code, "type": "string", "entity": "order" }))
                    .collect();
                Ok(
                    json!({ "success": true, "pagination": pagination(100, fields.len(), 1), "customFields": fields }),
                )
            }
            ("GET", ["api", "v5", "orders"]) => self.allowed("order_read", |shelf| {
                let mut orders: Vec<&Order> = shelf.orders.values().collect();
                orders.sort_by_key(|order| std::cmp::Reverse((order.created, order.id)));
                let rows = orders
                    .into_iter()
                    .map(|order| (order.id, shelf.show_order(order)));
                listed("orders", rows.collect(), asked)
            }),
            ("GET", ["api", "v5", "orders", "history"]) => self.allowed("order_read", |shelf| {
                shelf.history(&shelf.order_log, "order", asked)
            }),
            ("GET", ["api", "v5", "orders", id]) => self.allowed("order_read", |shelf| {
                // Without a word on it the seller's own number is meant, and these have none.
                let id = id
                    .parse()
                    .ok()
                    .filter(|_| asked.parameter("by") == Some("id"));
                let order = id
                    .and_then(|id: u64| shelf.orders.get(&id))
                    .ok_or_else(not_found)?;
                Ok(json!({ "success": true, "order": shelf.show_order(order) }))
            }),
            ("POST", ["api", "v5", "orders", id, "edit"]) => {
                if !self.setup.scopes.contains(&"order_write") {
                    return Err(refusal(403, "Access denied.", &Value::Null));
                }
                self.edit_order(id, &asked.form())
            }
            ("GET", ["api", "v5", "customers"]) => self.allowed("customer_read", |shelf| {
                let rows = shelf.customers.values().rev();
                let rows = rows.map(|customer| (customer.id, show_customer(customer)));
                listed("customers", rows.collect(), asked)
            }),
            ("GET", ["api", "v5", "customers", "history"]) => self
                .allowed("customer_read", |shelf| {
                    shelf.history(&shelf.customer_log, "customer", asked)
                }),
            ("GET", ["api", "v5", "customers", id]) => {
                let id: u64 = id.parse().unwrap_or(0);
                let customer = self.customers.get(&id).ok_or_else(not_found)?;
                Ok(json!({ "success": true, "customer": show_customer(customer) }))
            }
            ("GET", ["api", "v5", "store", "products"]) => self.allowed("store_read", |shelf| {
                let offers = numbers(asked, "filter[offerIds][]");
                let since = asked.parameter("filter[sinceUpdatedAt]");
                let rows = shelf.products.values().filter(|product| {
                    (offers.is_empty() || offers.contains(&product.offer))
                        && since.is_none_or(|since| shelf.stamp(product.updated).as_str() >= since)
                });
                let rows = rows.map(|product| (product.offer, shelf.show_product(product)));
                listed("products", rows.collect(), asked)
            }),
            _ => Err(refusal(404, "API method not found", &Value::Null)),
        }
    }

    fn allowed(&self, scope: &str, answer: impl FnOnce(&Self) -> Handled) -> Handled {
        if self.setup.scopes.contains(&scope) {
            answer(self)
        } else {
            Err(refusal(403, "Access denied.", &Value::Null))
        }
    }

    fn history(&self, log: &[Record], subject: &str, asked: &Asked) -> Handled {
        let limit = limit_of(asked)?;
        let since = asked.parameter("filter[sinceId]");
        if since.is_some() && asked.parameter("page").is_some() {
            let message = "The parameter is not compatible with \"filter[sinceId]\"";
            return Err(refusal(
                400,
                "Validation error",
                &json!({ "page": message }),
            ));
        }
        let after: u64 = since
            .map_or(Ok(0), str::parse)
            .map_err(|_| wrong("sinceId", "not a number"))?;
        let order = asked
            .parameter("filter[orderId]")
            .and_then(|text| text.parse::<u64>().ok());
        let rows: Vec<_> = log
            .iter()
            .filter(|record| record.id > after && order.is_none_or(|order| record.subject == order))
            .collect();
        let page = page_of(asked)?;
        let shown: Vec<_> = rows
            .iter()
            .skip((page - 1) * limit)
            .take(limit)
            .map(|record| self.show_record(record, subject))
            .collect();
        Ok(json!({
            "success": true, "generatedAt": self.stamp(self.now),
            "pagination": pagination(limit, rows.len(), page), "history": shown,
        }))
    }

    fn show_record(&self, record: &Record, subject: &str) -> Value {
        let mut row = json!({
            "id": record.id, "createdAt": self.stamp(record.at), "field": record.field,
            "source": if record.is_ours { "api" } else { "user" }, "oldValue": null, "newValue": null,
        });
        if let Some(row) = row.as_object_mut() {
            row.insert(subject.to_owned(), json!({ "id": record.subject }));
            if record.is_ours {
                row.insert("apiKey".to_owned(), json!({ "current": true }));
            }
            if record.deleted {
                row.insert("deleted".to_owned(), json!(true));
            }
            if let Some(kept) = record.combined_to {
                row.insert("combinedTo".to_owned(), json!({ "id": kept }));
            }
        }
        row
    }

    fn edit_order(&mut self, id: &str, form: &[(String, String)]) -> Handled {
        let field = |name: &str| {
            form.iter()
                .find(|(key, _)| key == name)
                .map(|(_, value)| value.as_str())
        };
        let id = id.parse().ok().filter(|_| field("by") == Some("id"));
        if field("site").is_some_and(|site| site != "main") {
            return Err(not_found());
        }
        let text = field("order")
            .ok_or_else(|| refusal(400, "Parameter 'order' is missing", &Value::Null))?;
        let sent: Map<String, Value> = serde_json::from_str(text)
            .map_err(|_| refusal(400, "Errors in the entity format", &Value::Null))?;
        let mut order = id
            .and_then(|id: u64| self.orders.get(&id).cloned())
            .ok_or_else(not_found)?;
        let mut changed = Vec::new();
        let word = |name: &str| sent.get(name).and_then(Value::as_str);
        if let Some(status) = word("status") {
            if !STATUSES.iter().any(|(code, ..)| *code == status) {
                return Err(wrong("status", "Status with this code does not exist."));
            }
            if order.status != status {
                (order.status, order.moved) = (status.to_owned(), self.now);
                changed.push("status");
            }
        }
        if let Some(comment) = word("statusComment") {
            if !changed.contains(&"status") {
                return Err(wrong(
                    "statusComment",
                    "cannot be changed without the status",
                ));
            }
            comment.clone_into(&mut order.status_comment);
        }
        if let Some(comment) = word("managerComment")
            && order.comment != comment
        {
            comment.clone_into(&mut order.comment);
            changed.push("manager_comment");
        }
        for (code, value) in sent
            .get("customFields")
            .and_then(Value::as_object)
            .into_iter()
            .flatten()
        {
            if !self.setup.order_fields.contains(&code.as_str()) {
                return Err(wrong("customFields", "This field does not exist."));
            }
            order.fields.insert(code.clone(), value.clone());
            changed.push("custom_field");
        }
        if let Some(items) = sent.get("items").and_then(Value::as_array) {
            let lines = self.replaced(&order.lines, items)?;
            if lines != order.lines {
                changed.push("order_product");
            }
            order.lines = lines;
            order.recount();
        }
        let answer = json!({ "success": true, "id": order.id, "order": self.show_order(&order) });
        let id = order.id;
        self.orders.insert(id, order);
        for field in changed {
            self.log(id, field, true);
        }
        Ok(answer)
    }

    /// The list as it was sent: a line is known by its identity, else by an external one; what is
    /// not in it is deleted.
    fn replaced(&mut self, lines: &[Line], items: &[Value]) -> Result<Vec<Line>, Told> {
        let mut list: Vec<Line> = Vec::new();
        for item in items {
            let external: Option<Vec<(String, String)>> = item
                .get("externalIds")
                .and_then(Value::as_array)
                .map(|ids| {
                    let text = |one: &Value, name: &str| {
                        one.get(name)
                            .and_then(Value::as_str)
                            .unwrap_or_default()
                            .to_owned()
                    };
                    ids.iter()
                        .map(|one| (text(one, "code"), text(one, "value")))
                        .collect()
                });
            let known = if let Some(id) = item.get("id").and_then(Value::as_u64) {
                let found = lines.iter().find(|line| line.id == id);
                Some(found.ok_or_else(|| wrong("items", "There is no such item."))?)
            } else {
                let is_same = |line: &&Line| {
                    external
                        .iter()
                        .flatten()
                        .any(|one| line.external.contains(one))
                };
                lines.iter().find(is_same)
            };
            let offer = item.pointer("/offer/id").and_then(Value::as_u64);
            let product = offer.and_then(|offer| self.products.get(&offer)).cloned();
            let mut line = if let Some(known) = known {
                let mut line = known.clone();
                if self.setup.forgets {
                    (line.price, line.discount) = (product.as_ref().map_or(0, |one| one.price), 0);
                    line.external.clear();
                }
                line
            } else {
                Line {
                    id: self.mint(),
                    offer: product.as_ref().map(|one| one.offer),
                    quantity: 1,
                    price: product.as_ref().map_or(0, |one| one.price),
                    discount: 0,
                    external: Vec::new(),
                    struck: false,
                }
            };
            if let Some(quantity) = item.get("quantity").and_then(Value::as_u64) {
                line.quantity = u32::try_from(quantity).unwrap_or(u32::MAX);
            }
            line.price = item
                .get("initialPrice")
                .and_then(minor)
                .unwrap_or(line.price);
            line.discount = item
                .get("discountManualAmount")
                .and_then(minor)
                .unwrap_or(line.discount);
            if let Some(percent) = item.get("discountManualPercent").and_then(Value::as_f64)
                && percent > 0.0
            {
                return Err(wrong("items", "The double knows no percents."));
            }
            line.external = external.unwrap_or(line.external);
            line.struck = item
                .get("status")
                .map_or(line.struck, |status| status == "no-product");
            list.push(line);
        }
        let mut seen = Vec::new();
        for one in list.iter().flat_map(|line| &line.external) {
            if seen.contains(&one) {
                return Err(wrong("items", "External identities must be unique."));
            }
            seen.push(one);
        }
        Ok(list)
    }
}

impl Order {
    fn sum(&self) -> i64 {
        self.lines.iter().map(Line::total).sum::<i64>() + self.delivery
    }

    fn recount(&mut self) {
        self.total = self.sum();
    }
}

impl Handler for Shelf {
    fn answer(&mut self, asked: &Asked) -> Told {
        match self.route_to(asked) {
            Ok(body) => Told::json(200, &body),
            Err(told) => told,
        }
    }

    fn now(&self) -> Option<DateTime<Utc>> {
        Some(self.now)
    }

    fn shift_clock(&mut self, by: TimeDelta) {
        self.now += by;
    }

    fn spoil_totals(&mut self, asked: &Asked) {
        let id = asked
            .path
            .split('/')
            .nth(4)
            .and_then(|id| id.parse::<u64>().ok());
        if let Some(order) = id.and_then(|id| self.orders.get_mut(&id)) {
            order.total += 777;
        }
    }
}

fn show_customer(customer: &Customer) -> Value {
    let (first, last) = customer
        .name
        .split_once(' ')
        .unwrap_or((&customer.name, ""));
    json!({
        "type": "customer", "id": customer.id, "isContact": false, "firstName": first, "lastName": last,
        "site": "main", "email": "o@shop.example", "phones": [{ "number": "+380671234567" }],
        "customFields": [], "tags": [], "vip": false, "bad": false,
    })
}

fn reference(what: &str) -> Handled {
    let entries = |rows: &[(&str, &str)]| -> Value {
        let rows = rows.iter().map(|(code, name)| {
            let entry = json!({ "code": code, "name": name, "active": true, "ordering": 10 });
            ((*code).to_owned(), entry)
        });
        Value::Object(rows.collect())
    };
    Ok(match what {
        "statuses" => {
            let rows = STATUSES.iter().zip(1..).map(|((code, name, group), place)| {
                let entry = json!({ "code": code, "name": name, "active": true, "ordering": place * 10, "group": group });
                ((*code).to_owned(), entry)
            });
            json!({ "success": true, "statuses": Value::Object(rows.collect()) })
        }
        "sites" => {
            json!({ "success": true, "sites": entries(&[("main", "Крамниця"), ("other", "Інша")]) })
        }
        "delivery-types" => {
            json!({ "success": true, "deliveryTypes": entries(&[("nova-poshta", "Нова пошта")]) })
        }
        "payment-types" => {
            json!({ "success": true, "paymentTypes": entries(&[("cash", "Готівкою при отриманні")]) })
        }
        _ => return Err(refusal(404, "API method not found", &Value::Null)),
    })
}

fn numbers(asked: &Asked, name: &str) -> Vec<u64> {
    let values = asked.query.iter().filter(|(key, _)| key == name);
    values.filter_map(|(_, value)| value.parse().ok()).collect()
}

fn limit_of(asked: &Asked) -> Result<usize, Told> {
    match asked.parameter("limit").unwrap_or("20") {
        "20" => Ok(20),
        "50" => Ok(50),
        "100" => Ok(100),
        _ => Err(refusal(
            400,
            "Validation error",
            &json!({ "limit": "20, 50 or 100" }),
        )),
    }
}

fn page_of(asked: &Asked) -> Result<usize, Told> {
    let page = asked.parameter("page").map_or(Ok(1), str::parse::<usize>);
    match page {
        Ok(page) if page > 0 => Ok(page),
        _ => Err(refusal(
            400,
            "Validation error",
            &json!({ "page": "from 1 on" }),
        )),
    }
}

fn pagination(limit: usize, total: usize, page: usize) -> Value {
    json!({
        "limit": limit, "totalCount": total, "currentPage": page, "totalPageCount": total.div_ceil(limit),
    })
}

fn listed(name: &str, rows: Vec<(u64, Value)>, asked: &Asked) -> Handled {
    let (limit, page) = (limit_of(asked)?, page_of(asked)?);
    let wanted = numbers(asked, "filter[ids][]");
    let kept = rows
        .into_iter()
        .filter(|(id, _)| wanted.is_empty() || wanted.contains(id));
    let kept: Vec<Value> = kept.map(|(_, row)| row).collect();
    let total = kept.len();
    let shown: Vec<Value> = kept
        .into_iter()
        .skip((page - 1) * limit)
        .take(limit)
        .collect();
    let mut body = json!({ "success": true, "pagination": pagination(limit, total, page) });
    if let Some(body) = body.as_object_mut() {
        body.insert(name.to_owned(), Value::Array(shown));
    }
    Ok(body)
}
