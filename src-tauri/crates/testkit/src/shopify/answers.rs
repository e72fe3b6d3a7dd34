//! The operations, one by one.

use super::API_VERSION;
use super::selection::Document;
use super::shelf::{
    Customer, Discount, Job, Line, Order, Product, Refund, Remembered, Session, Shelf, gid, number,
};
use crate::double::{Asked, Handler, Told};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde_json::{Value, json};
use std::time::Instant;

/// How far back orders are told without the scope for all.
const DAYS_TOLD: i64 = 60;

/// The longest list of an input.
const MOST_INPUTS: usize = 250;

/// What goes wrong as a whole request: a code and words.
struct Fault(&'static str, &'static str);

type Answered = Result<Value, Fault>;

impl Handler for Shelf {
    fn answer(&mut self, asked: &Asked) -> Told {
        let told = self.answer_http(asked);
        told.with("X-Shopify-API-Version", API_VERSION)
    }

    fn route(&self, asked: &Asked) -> String {
        let Some(body) = asked.json::<Value>() else {
            return asked.path.clone();
        };
        let (query, name) = (text(&body, "query"), text(&body, "operationName"));
        let kind = if query.trim_start().starts_with("mutation") {
            "write"
        } else {
            "read"
        };
        format!("{kind}/{name}")
    }

    fn now(&self) -> Option<DateTime<Utc>> {
        Some(self.now)
    }

    fn shift_clock(&mut self, by: TimeDelta) {
        self.now += by;
    }

    fn spoil_totals(&mut self, _: &Asked) {
        let Some(id) = self.last_written else { return };
        if let Some(order) = self.order_mut(id) {
            order.spoiled += 100;
        }
    }
}

impl Shelf {
    fn answer_http(&mut self, asked: &Asked) -> Told {
        if asked.path != format!("/admin/api/{API_VERSION}/graphql.json") || asked.method != "POST"
        {
            return Told::json(404, &json!({ "errors": "Not Found" }));
        }
        if asked.header("X-Shopify-Access-Token") != Some(self.setup.token.as_str()) {
            let words =
                "[API] Invalid API key or access token (unrecognized login or wrong password)";
            return Told::json(401, &json!({ "errors": words }));
        }
        let body: Value = asked.json().unwrap_or_default();
        let Some(document) = Document::read(text(&body, "query")) else {
            return Told::json(
                400,
                &json!({ "errors": { "query": "Required parameter missing" } }),
            );
        };
        self.work_on_jobs();
        let name = text(&body, "operationName");
        let variables = body.get("variables").cloned().unwrap_or_default();
        let requested = requested_cost(name, &variables);
        self.fill();
        if requested > self.available {
            let error = json!({ "message": "Throttled", "extensions": {
                "code": "THROTTLED", "documentation": "https://shopify.dev/api/usage/rate-limits",
            } });
            let extensions = self.cost(requested, None);
            return Told::json(200, &json!({ "errors": [error], "extensions": extensions }));
        }
        let query = text(&body, "query");
        if self.setup.sends_twice && document.is_mutation {
            // The second answer is the one that is heard.
            drop(self.operate(name, &variables, query));
        }
        let answered = self.operate(name, &variables, query);
        let actual = match &answered {
            Ok(data) => objects_in(data).min(requested),
            Err(_) => 1.0,
        };
        self.available -= actual;
        let extensions = self.cost(requested, Some(actual));
        let told = match answered {
            Ok(data) => json!({ "data": document.only(&data), "extensions": extensions }),
            Err(Fault(code, message)) => json!({
                "errors": [{ "message": message, "extensions": { "code": code } }],
                "data": null, "extensions": extensions,
            }),
        };
        Told::json(200, &told)
    }

    fn fill(&mut self) {
        let since = self.filled_at.elapsed().as_secs_f64();
        self.filled_at = Instant::now();
        self.available = (self.available + since * self.setup.restore).min(self.setup.points);
    }

    fn cost(&self, requested: f64, actual: Option<f64>) -> Value {
        json!({ "cost": {
            "requestedQueryCost": requested,
            "actualQueryCost": actual,
            "throttleStatus": {
                "maximumAvailable": self.setup.points,
                "currentlyAvailable": self.available.floor(),
                "restoreRate": self.setup.restore,
            },
        } })
    }

    fn work_on_jobs(&mut self) {
        let mut due = Vec::new();
        for job in self.jobs.iter_mut().filter(|job| !job.done) {
            job.requests_left = job.requests_left.saturating_sub(1);
            if job.requests_left == 0 {
                job.done = true;
                due.push((job.order, job.staff_note.clone()));
            }
        }
        for (order, staff_note) in due {
            self.cancel(order, &staff_note);
        }
    }

    fn needs(&self, scopes: &[&str]) -> Result<(), Fault> {
        let held = |scope: &&str| self.setup.scopes.contains(scope);
        if scopes.iter().any(held) {
            Ok(())
        } else {
            Err(Fault("ACCESS_DENIED", "Access denied"))
        }
    }

    fn operate(&mut self, name: &str, variables: &Value, query: &str) -> Answered {
        match name {
            "Shop" => {}
            "Products" | "ProductVariants" => {
                self.needs(&["read_products", "write_products"])?;
            }
            "Customers" => self.needs(&["read_customers", "write_customers"])?,
            "EditBegin" | "EditSetQuantity" | "EditAddVariant" | "EditCommit" | "EditSession" => {
                self.needs(&["write_order_edits"])?;
            }
            "FindCoupon" => self.needs(&["read_discounts", "write_discounts"])?,
            "CreateCoupon" => self.needs(&["write_discounts"])?,
            _ if query.trim_start().starts_with("mutation") => self.needs(&["write_orders"])?,
            _ => self.needs(&["read_orders", "write_orders"])?,
        }
        match name {
            "Shop" => Ok(self.shop()),
            "Orders" => self.orders(variables),
            "Order" => Ok(json!({ "order": self.told_order(text(variables, "id")) })),
            "OrdersAgain" => self.orders_again(variables),
            "OrderLines" => Ok(self.order_lines(variables)),
            "Products" => self.products(variables),
            "ProductVariants" => Ok(self.product_variants(variables)),
            "Customers" => self.customers(variables),
            "SetFields" => Ok(self.set_fields(variables)),
            "AddTags" => Ok(self.add_tags(variables)),
            "SetNote" => Ok(self.set_note(variables)),
            "Cancel" => self.cancel_order(variables),
            "Job" => Ok(self.job(variables)),
            "EditBegin" => Ok(self.edit_begin(variables)),
            "EditSetQuantity" => Ok(self.edit_set_quantity(variables)),
            "EditAddVariant" => Ok(self.edit_add_variant(variables)),
            "EditSession" => Ok(self.edit_session(variables)),
            "EditCommit" => Ok(self.edit_commit(variables)),
            "FindCoupon" => Ok(self.find_coupon(variables)),
            "CreateCoupon" => Ok(self.create_coupon(variables)),
            "Refunds" => Ok(self.refunds(variables)),
            "CreateRefund" => self.create_refund(variables, query),
            _ => Err(Fault(
                "undefinedField",
                "Field doesn't exist on type 'QueryRoot'",
            )),
        }
    }

    fn shop(&self) -> Value {
        let scopes = self.setup.scopes.iter();
        json!({
            "shop": { "name": "Double", "currencyCode": self.setup.currency,
                "ianaTimezone": "Europe/Kyiv", "myshopifyDomain": "double.myshopify.com" },
            "currentAppInstallation": {
                "accessScopes": scopes.map(|scope| json!({ "handle": scope })).collect::<Vec<_>>(),
            },
        })
    }

    fn is_told(&self, order: &Order) -> bool {
        self.setup.scopes.contains(&"read_all_orders")
            || order.created > self.now - TimeDelta::days(DAYS_TOLD)
    }

    fn orders(&self, variables: &Value) -> Answered {
        let shown = self.now - TimeDelta::seconds(self.setup.lag_seconds);
        let by_creation = text(variables, "sortKey") == "CREATED_AT";
        let rows = self
            .orders
            .iter()
            .filter(|order| self.is_told(order) && order.updated <= shown)
            .map(|order| {
                let stamp = if by_creation {
                    order.created
                } else {
                    order.updated
                };
                (order.id, stamp, order)
            });
        let page = Paged::of(rows.collect(), variables)?;
        Ok(json!({ "list": page.told(|order| self.order_json(order, 10)) }))
    }

    fn told_order(&self, id: &str) -> Value {
        let found = self.order(number(id)).filter(|order| self.is_told(order));
        found.map_or(Value::Null, |order| self.order_json(order, 10))
    }

    fn orders_again(&self, variables: &Value) -> Answered {
        let ids = list(variables, "ids");
        if ids.len() > MOST_INPUTS {
            return Err(Fault(
                "MAX_INPUT_SIZE_EXCEEDED",
                "The input array size is too large",
            ));
        }
        let nodes = ids
            .iter()
            .map(|id| self.told_order(id.as_str().unwrap_or_default()));
        Ok(json!({ "nodes": nodes.collect::<Vec<_>>() }))
    }

    fn order_lines(&self, variables: &Value) -> Value {
        let Some(order) = self.order(number(text(variables, "id"))) else {
            return json!({ "order": null });
        };
        let after = number(text(variables, "after"));
        json!({ "order": { "lineItems": lines_json(order, after, 100) } })
    }

    fn order_json(&self, order: &Order, lines: usize) -> Value {
        let customer = self.customers.iter().find(|one| one.id == order.customer);
        let field = |key: &str| {
            let found = order.fields.get(&("dzvinok".to_owned(), key.to_owned()));
            found.map(|value| json!({ "value": value }))
        };
        let mut why_not = Vec::new();
        if order.cancelled.is_some() {
            why_not.push("Canceled orders can't be edited");
        }
        if order.is_closed {
            why_not.push("Archived orders can't be edited");
        }
        if order.is_sent {
            why_not.push("Fulfilled orders can't be edited");
        }
        json!({
            "id": gid("Order", order.id),
            "name": format!("#{}", order.id),
            "createdAt": moment(order.created),
            "processedAt": moment(order.created),
            "updatedAt": moment(order.updated),
            "cancelledAt": order.cancelled.map(moment),
            "closed": order.is_closed,
            "currencyCode": self.setup.currency,
            "presentmentCurrencyCode": self.setup.currency,
            "taxesIncluded": true,
            "displayFulfillmentStatus": order.state(),
            "merchantEditable": why_not.is_empty(),
            "merchantEditableErrors": why_not,
            "note": Some(&order.note).filter(|note| !note.is_empty()),
            "tags": order.tags,
            "email": order.email,
            "phone": null,
            "paymentGatewayNames": ["Cash on Delivery (COD)"],
            "customer": customer.map(customer_json),
            "shippingAddress": { "name": customer.map(|one| &one.name), "company": null,
                "address1": "вул. Зелена, 1", "address2": "", "city": "Львів", "province": null,
                "zip": "79000", "country": "Ukraine", "phone": customer.map(|one| &one.phone) },
            "shippingLine": { "title": "Нова пошта" },
            "currentTotalPriceSet": bag(order.total()),
            "currentShippingPriceSet": bag(order.delivery()),
            "currentSubtotalPriceSet": bag(order.goods()),
            "currentTotalTaxSet": bag(0),
            "currentTotalDutiesSet": null,
            "currentTotalAdditionalFeesSet": null,
            "totalTipReceivedSet": bag(0),
            "confirmedBy": field("confirmed_by"),
            "confirmedAt": field("confirmed_at"),
            "callResult": field("call_result"),
            "clientRef": field("client_ref"),
            "lineItems": lines_json(order, 0, lines),
        })
    }

    fn products(&self, variables: &Value) -> Answered {
        let rows = self
            .products
            .iter()
            .map(|product| (product.id, product.updated, product));
        let page = Paged::of(rows.collect(), variables)?;
        Ok(json!({ "list": page.told(|product| json!({
            "id": gid("Product", product.id),
            "title": product.title,
            "status": product.status,
            "updatedAt": moment(product.updated),
            "variants": variants_json(product, 0, 20),
        })) }))
    }

    fn product_variants(&self, variables: &Value) -> Value {
        let id = number(text(variables, "id"));
        let found = self.products.iter().find(|product| product.id == id);
        let after = number(text(variables, "after"));
        json!({ "product": found.map(|product| {
            json!({ "variants": variants_json(product, after, 250) })
        }) })
    }

    fn customers(&self, variables: &Value) -> Answered {
        let rows = self.customers.iter().map(|one| (one.id, one.updated, one));
        let page = Paged::of(rows.collect(), variables)?;
        Ok(json!({ "list": page.told(customer_json) }))
    }

    fn set_fields(&mut self, variables: &Value) -> Value {
        let fields = list(variables, "metafields");
        if fields.len() > 25 {
            return refused(
                "metafields",
                "Exceeded the maximum metafields input limit of 25.",
            );
        }
        // All or none.
        for field in fields {
            if text(field, "value").trim().is_empty() {
                return refused("value", "Value can't be blank.");
            }
            if text(field, "value").contains('\n') && text(field, "type").starts_with("single_line")
            {
                return refused("value", "Value must be a single line text string.");
            }
            if self.order(number(text(field, "ownerId"))).is_none() {
                return refused("ownerId", "Owner does not exist.");
            }
        }
        let now = self.now;
        for field in fields {
            let id = number(text(field, "ownerId"));
            let key = (
                text(field, "namespace").to_owned(),
                text(field, "key").to_owned(),
            );
            let value = text(field, "value").to_owned();
            if let Some(order) = self.order_mut(id) {
                order.fields.insert(key, value);
                order.updated = now;
            }
        }
        done(json!({}))
    }

    fn add_tags(&mut self, variables: &Value) -> Value {
        let (id, now) = (number(text(variables, "id")), self.now);
        let Some(order) = self.order_mut(id) else {
            return refused("id", "Resource not found");
        };
        for tag in list(variables, "tags") {
            let tag = tag.as_str().unwrap_or_default();
            if !order
                .tags
                .iter()
                .any(|known| known.eq_ignore_ascii_case(tag))
            {
                order.tags.push(tag.to_owned());
            }
        }
        order.updated = now;
        done(json!({}))
    }

    fn set_note(&mut self, variables: &Value) -> Value {
        let input = variables.get("input").cloned().unwrap_or_default();
        let (id, now) = (number(text(&input, "id")), self.now);
        let Some(order) = self.order_mut(id) else {
            return refused("id", "Order does not exist");
        };
        text(&input, "note").clone_into(&mut order.note);
        order.updated = now;
        done(json!({}))
    }

    fn cancel_order(&mut self, variables: &Value) -> Answered {
        for needed in ["orderId", "reason", "refundMethod", "restock"] {
            if variables.get(needed).is_none_or(Value::is_null) {
                return Err(Fault("INVALID_VARIABLE", "A required variable is missing"));
            }
        }
        let id = number(text(variables, "orderId"));
        let Some(order) = self.order(id) else {
            return Ok(refused("orderId", "Order does not exist"));
        };
        let is_under_way = self.jobs.iter().any(|job| job.order == id);
        if order.cancelled.is_some() || is_under_way {
            return Ok(refused(
                "orderId",
                "Cannot cancel an order that has already been canceled",
            ));
        }
        if order.is_sent {
            return Ok(refused(
                "orderId",
                "Cannot cancel an order that has been fulfilled",
            ));
        }
        let job = Job {
            id: self.new_id(),
            order: id,
            staff_note: text(variables, "staffNote").to_owned(),
            requests_left: self.setup.job_requests.max(1),
            done: false,
        };
        let told = json!({ "job": { "id": gid("Job", job.id), "done": false } });
        self.jobs.push(job);
        Ok(done(told))
    }

    fn job(&self, variables: &Value) -> Value {
        let id = number(text(variables, "id"));
        let found = self.jobs.iter().find(|job| job.id == id);
        json!({ "job": found.map(|job| json!({ "id": gid("Job", job.id), "done": job.done })) })
    }

    fn edit_begin(&mut self, variables: &Value) -> Value {
        let id = number(text(variables, "id"));
        let Some(order) = self.order(id) else {
            return refused("id", "The order does not exist.");
        };
        if order.cancelled.is_some() || order.is_closed || order.is_sent {
            return refused("id", "The order cannot be edited.");
        }
        let session = Session {
            order: id,
            lines: order
                .lines
                .iter()
                .filter(|line| line.current > 0)
                .cloned()
                .collect(),
            added: Vec::new(),
            id: self.new_id(),
        };
        let told = self.session_json(&session);
        self.sessions.push(session);
        done(json!({ "calculatedOrder": told }))
    }

    fn session(&mut self, variables: &Value) -> Option<&mut Session> {
        let id = number(text(variables, "id"));
        self.sessions.iter_mut().find(|session| session.id == id)
    }

    fn edit_set_quantity(&mut self, variables: &Value) -> Value {
        let line = number(text(variables, "lineItemId"));
        let quantity = pieces(variables, "quantity");
        let Some(session) = self.session(variables) else {
            return refused("id", "The calculated order does not exist.");
        };
        let mut lines = session.lines.iter_mut().chain(&mut session.added);
        match lines.find(|one| one.id == line) {
            Some(line) if line.sent > 0 => refused("lineItemId", "The line is fulfilled."),
            Some(line) => {
                line.current = quantity;
                done(json!({}))
            }
            None => refused("lineItemId", "The line item does not exist."),
        }
    }

    fn edit_add_variant(&mut self, variables: &Value) -> Value {
        let variant = number(text(variables, "variantId"));
        let quantity = pieces(variables, "quantity");
        if quantity == 0 {
            return refused("quantity", "Quantity must be greater than 0.");
        }
        let Some(line) = self.line(variant, quantity) else {
            return refused("variantId", "The variant does not exist.");
        };
        let may_repeat = variables.get("allowDuplicates").and_then(Value::as_bool);
        let Some(session) = self.session(variables) else {
            return refused("id", "The calculated order does not exist.");
        };
        let mut lines = session.lines.iter().chain(&session.added);
        if may_repeat != Some(true) && lines.any(|one| one.variant == variant) {
            return refused(
                "variantId",
                "The variant has already been added to the order.",
            );
        }
        session.added.push(line);
        done(json!({}))
    }

    fn session_json(&self, session: &Session) -> Value {
        let goods: i64 = session
            .lines
            .iter()
            .chain(&session.added)
            .map(|line| i64::from(line.current) * line.price)
            .sum();
        let order = self.order(session.order);
        let rest = order.map_or(0, |order| order.delivery() + order.spoiled);
        let lines = |lines: &[Line]| {
            let nodes: Vec<_> = lines
                .iter()
                .map(|line| {
                    json!({ "id": gid("CalculatedLineItem", line.id), "quantity": line.current,
                        "variant": { "id": gid("ProductVariant", line.variant) } })
                })
                .collect();
            json!({ "nodes": nodes, "pageInfo": { "hasNextPage": false, "endCursor": null } })
        };
        json!({
            "id": gid("CalculatedOrder", session.id),
            "totalPriceSet": bag(goods + rest),
            "lineItems": lines(&session.lines),
            "addedLineItems": lines(&session.added),
        })
    }

    fn edit_session(&self, variables: &Value) -> Value {
        let id = number(text(variables, "id"));
        let found = self.sessions.iter().find(|session| session.id == id);
        json!({ "session": found.map(|session| self.session_json(session)) })
    }

    fn edit_commit(&mut self, variables: &Value) -> Value {
        let id = number(text(variables, "id"));
        let Some(at) = self.sessions.iter().position(|session| session.id == id) else {
            return refused("id", "The calculated order does not exist.");
        };
        let session = self.sessions.remove(at);
        let now = self.now;
        let staff_note = text(variables, "staffNote").to_owned();
        self.last_written = Some(session.order);
        let Some(order) = self.order_mut(session.order) else {
            return refused("id", "The order does not exist.");
        };
        let mut moved = Vec::new();
        for staged in session.lines {
            let found = order.lines.iter_mut().find(|line| line.id == staged.id);
            if let Some(line) = found.filter(|line| line.current != staged.current) {
                moved.push((
                    line.variant,
                    i64::from(line.current) - i64::from(staged.current),
                ));
                line.current = staged.current;
            }
        }
        for added in session.added {
            moved.push((added.variant, -i64::from(added.current)));
            order.lines.push(added);
        }
        order.staff_notes.push(staff_note);
        order.updated = now;
        for (variant, pieces) in moved {
            self.restock(variant, pieces);
        }
        done(json!({}))
    }

    fn find_coupon(&self, variables: &Value) -> Value {
        let code = text(variables, "code");
        let same = |one: &&Discount| one.code.eq_ignore_ascii_case(code);
        let found = self.discounts.iter().find(same);
        json!({ "coupon": found.map(|one| json!({
            "id": gid("DiscountCodeNode", one.id), "codeDiscount": { "title": one.title },
        })) })
    }

    fn create_coupon(&mut self, variables: &Value) -> Value {
        let input = variables.get("discount").cloned().unwrap_or_default();
        let (code, title) = (text(&input, "code"), text(&input, "title"));
        if code.is_empty() || title.is_empty() || input.get("context").is_none() {
            return refused("basicCodeDiscount", "Title, code and context are required");
        }
        let value = input.pointer("/customerGets/value/percentage");
        if let Some(share) = value.and_then(Value::as_f64)
            && !(0.0..=1.0).contains(&share)
        {
            return refused("percentage", "Value must be between 0.0 and 1.0");
        }
        if self.coupons(code) > 0 {
            return json!({ "outcome": { "userErrors": [{
                "field": ["basicCodeDiscount", "code"], "code": "TAKEN",
                "message": "Code must be unique. Please try a different code.",
            }] } });
        }
        self.add_discount(code, title);
        done(json!({}))
    }

    fn refunds(&self, variables: &Value) -> Value {
        let Some(order) = self.order(number(text(variables, "id"))) else {
            return json!({ "order": null });
        };
        let goods = list(variables, "goods").iter().map(|line| {
            json!({ "lineItem": { "id": text(line, "lineItemId") },
                "location": { "id": gid("Location", 1) } })
        });
        let source = json!({
            "gateway": "Cash on Delivery (COD)",
            "maximumRefundableSet": bag(order.refundable()),
            "parentTransaction": { "id": gid("OrderTransaction", order.payment) },
        });
        let refunds = order
            .refunds
            .iter()
            .map(|refund| json!({ "id": gid("Refund", refund.id), "note": refund.note }));
        json!({ "order": {
            "refunds": refunds.collect::<Vec<_>>(),
            "money": { "maximumRefundableSet": bag(order.refundable()),
                "suggestedTransactions": [source] },
            "goods": { "refundLineItems": goods.collect::<Vec<_>>() },
        } })
    }

    fn create_refund(&mut self, variables: &Value, query: &str) -> Answered {
        let key = text(variables, "key").to_owned();
        if !query.contains("@idempotent(key: $key)") || key.is_empty() {
            return Err(Fault(
                "BAD_REQUEST",
                "The @idempotent directive is required",
            ));
        }
        let input = variables.get("input").cloned().unwrap_or_default();
        if let Some(remembered) = self.remembered.get(&key) {
            return Ok(if remembered.asked == input {
                remembered.told.clone()
            } else {
                refused("key", "The idempotency key was used with other parameters")
            });
        }
        let told = self.refund(&input);
        let remembered = Remembered {
            asked: input,
            told: told.clone(),
        };
        self.remembered.insert(key, remembered);
        Ok(told)
    }

    fn refund(&mut self, input: &Value) -> Value {
        let (id, now) = (number(text(input, "orderId")), self.now);
        let refund_id = self.new_id();
        let Some(order) = self.order_mut(id) else {
            return refused("orderId", "Order does not exist");
        };
        let amount: i64 = list(input, "transactions")
            .iter()
            .map(|part| minor(text(part, "amount")))
            .sum();
        if amount > order.refundable() {
            return refused("transactions", "Refund amount exceeds the amount paid");
        }
        let payment = gid("OrderTransaction", order.payment);
        if list(input, "transactions")
            .iter()
            .any(|part| text(part, "parentId") != payment)
        {
            return refused("transactions", "Transaction does not exist");
        }
        let mut back = Vec::new();
        for part in list(input, "refundLineItems") {
            let line_id = number(text(part, "lineItemId"));
            let Some(line) = order.lines.iter_mut().find(|line| line.id == line_id) else {
                return refused("refundLineItems", "Line item does not exist");
            };
            let returned = pieces(part, "quantity");
            if returned > line.current {
                return refused(
                    "refundLineItems",
                    "Quantity cannot refund more items than were purchased",
                );
            }
            if text(part, "restockType") != "NO_RESTOCK" {
                if text(part, "locationId").is_empty() {
                    return refused("refundLineItems", "Location is required");
                }
                back.push((line.variant, i64::from(returned)));
            }
            line.current -= returned;
        }
        let note = text(input, "note").to_owned();
        order.refunds.push(Refund {
            id: refund_id,
            note: note.clone(),
            amount,
        });
        order.updated = now;
        for (variant, pieces) in back {
            self.restock(variant, pieces);
        }
        done(json!({ "refund": { "id": gid("Refund", refund_id), "note": note } }))
    }
}

/// Rows of a list in the order asked for, from a page cursor on.
struct Paged<'a, T> {
    rows: Vec<(u64, DateTime<Utc>, &'a T)>,
    has_more: bool,
}

impl<'a, T> Paged<'a, T> {
    fn of(mut rows: Vec<(u64, DateTime<Utc>, &'a T)>, variables: &Value) -> Result<Self, Fault> {
        let (from, until) = bounds(text(variables, "query"))?;
        rows.retain(|(_, stamp, _)| from.is_none_or(|from| *stamp >= from));
        rows.retain(|(_, stamp, _)| until.is_none_or(|until| *stamp <= until));
        rows.sort_by_key(|(id, stamp, _)| (*stamp, *id));
        let is_reversed = variables.get("reverse").and_then(Value::as_bool) == Some(true);
        if is_reversed {
            rows.reverse();
        }
        let after = text(variables, "after");
        if !after.is_empty() {
            let place = after
                .split_once(':')
                .and_then(|(second, id)| Some((second.parse().ok()?, id.parse().ok()?)));
            let (second, id): (i64, u64) = place.ok_or(Fault(
                "BAD_REQUEST",
                "Invalid cursor for current pagination sort.",
            ))?;
            rows.retain(|row| {
                let here = (row.1.timestamp(), row.0);
                if is_reversed {
                    here < (second, id)
                } else {
                    here > (second, id)
                }
            });
        }
        let first = variables.get("first").and_then(Value::as_u64).unwrap_or(0);
        let first = usize::try_from(first).unwrap_or(0).min(250);
        let has_more = rows.len() > first;
        rows.truncate(first);
        Ok(Self { rows, has_more })
    }

    fn told(&self, row: impl Fn(&T) -> Value) -> Value {
        let last = self.rows.last();
        let cursor = last.map(|(id, stamp, _)| format!("{}:{id}", stamp.timestamp()));
        let nodes = self.rows.iter().map(|(_, _, item)| row(item));
        json!({
            "nodes": nodes.collect::<Vec<_>>(),
            "pageInfo": { "hasNextPage": self.has_more, "endCursor": cursor },
        })
    }
}

type Bounds = (Option<DateTime<Utc>>, Option<DateTime<Utc>>);

/// The bounds that a search text sets.
fn bounds(query: &str) -> Result<Bounds, Fault> {
    let moment = |start: &str| {
        let quoted = query.strip_prefix(start)?.strip_prefix('\'')?;
        quoted.strip_suffix('\'')?.parse().ok()
    };
    if query.is_empty() {
        return Ok((None, None));
    }
    let (from, until) = (moment("updated_at:>="), moment("created_at:<="));
    if from.is_none() && until.is_none() {
        return Err(Fault("BAD_REQUEST", "Invalid search"));
    }
    Ok((from, until))
}

fn lines_json(order: &Order, after: u64, first: usize) -> Value {
    let mut lines = order.lines.iter().filter(|line| line.id > after);
    let nodes: Vec<_> = lines
        .by_ref()
        .take(first)
        .map(|line| {
            json!({
                "id": gid("LineItem", line.id),
                "name": line.name,
                "sku": line.sku,
                "currentQuantity": line.current,
                "unfulfilledQuantity": line.current.saturating_sub(line.sent),
                "variant": { "id": gid("ProductVariant", line.variant) },
                "discountedUnitPriceAfterAllDiscountsSet": bag(line.price),
                "taxLines": [{ "rate": 0.2 }],
            })
        })
        .collect();
    let has_more = lines.next().is_some();
    let last = nodes.last().map(|node| text(node, "id").to_owned());
    json!({ "nodes": nodes, "pageInfo": { "hasNextPage": has_more, "endCursor": last } })
}

fn variants_json(product: &Product, after: u64, first: usize) -> Value {
    let mut variants = product.variants.iter().filter(|one| one.id > after);
    let nodes: Vec<_> = variants
        .by_ref()
        .take(first)
        .map(|variant| {
            json!({
                "id": gid("ProductVariant", variant.id),
                "title": variant.title,
                "sku": variant.sku,
                "price": decimal(variant.price),
                "inventoryQuantity": variant.stock.unwrap_or(0),
                "inventoryItem": { "tracked": variant.stock.is_some() },
            })
        })
        .collect();
    let has_more = variants.next().is_some();
    let last = nodes.last().map(|node| text(node, "id").to_owned());
    json!({ "nodes": nodes, "pageInfo": { "hasNextPage": has_more, "endCursor": last } })
}

fn customer_json(customer: &Customer) -> Value {
    json!({
        "id": gid("Customer", customer.id),
        "displayName": customer.name,
        "updatedAt": moment(customer.updated),
        "defaultEmailAddress": { "emailAddress": customer.email },
        "defaultPhoneNumber": { "phoneNumber": customer.phone },
    })
}

/// What a query may cost at most, by its lists; ten for a mutation.
fn requested_cost(name: &str, variables: &Value) -> f64 {
    let first = variables
        .get("first")
        .and_then(Value::as_f64)
        .unwrap_or(1.0);
    let ids = list(variables, "ids").iter().map(|_| 1.0).sum::<f64>();
    match name {
        "Orders" => 2.0 + first * 75.0,
        "OrdersAgain" => ids * 75.0,
        "Order" => 85.0,
        "Products" => 2.0 + first * 45.0,
        "OrderLines" | "ProductVariants" => 502.0,
        "Customers" => 2.0 + first * 3.0,
        "Shop" | "Job" | "FindCoupon" => 3.0,
        "EditBegin" | "EditSession" => 412.0,
        "Refunds" => 300.0,
        _ => 10.0,
    }
}

/// One point for each object.
fn objects_in(value: &Value) -> f64 {
    match value {
        Value::Object(map) => 1.0 + map.values().map(objects_in).sum::<f64>(),
        Value::Array(items) => items.iter().map(objects_in).sum(),
        _ => 0.0,
    }
}

fn done(payload: Value) -> Value {
    let mut payload = payload;
    if let Value::Object(map) = &mut payload {
        map.insert("userErrors".to_owned(), json!([]));
    }
    json!({ "outcome": payload })
}

fn refused(field: &str, message: &str) -> Value {
    let error = json!({ "field": [field], "message": message, "code": "INVALID" });
    json!({ "outcome": { "userErrors": [error] } })
}

fn text<'a>(value: &'a Value, key: &str) -> &'a str {
    value.get(key).and_then(Value::as_str).unwrap_or_default()
}

fn list<'a>(value: &'a Value, key: &str) -> &'a [Value] {
    let items = value.get(key).and_then(Value::as_array);
    items.map(Vec::as_slice).unwrap_or_default()
}

fn pieces(value: &Value, key: &str) -> u32 {
    let number = value.get(key).and_then(Value::as_u64).unwrap_or_default();
    u32::try_from(number).unwrap_or(u32::MAX)
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

fn bag(minor: i64) -> Value {
    let money = json!({ "amount": decimal(minor), "currencyCode": "UAH" });
    json!({ "shopMoney": money, "presentmentMoney": money })
}

/// As Shopify writes amounts: one decimal at least.
fn decimal(minor: i64) -> String {
    let sign = if minor < 0 { "-" } else { "" };
    let minor = minor.unsigned_abs();
    let text = format!("{sign}{}.{:02}", minor / 100, minor % 100);
    text.strip_suffix('0').map_or(text.clone(), str::to_owned)
}

fn minor(text: &str) -> i64 {
    let (whole, fraction) = text.split_once('.').unwrap_or((text, ""));
    let cents: String = fraction.chars().chain("00".chars()).take(2).collect();
    whole.parse::<i64>().unwrap_or(0) * 100 + cents.parse::<i64>().unwrap_or(0)
}
