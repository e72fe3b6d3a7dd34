//! The staff of a `WooCommerce` shop, at work through its REST interface with a key of the shop's. They
//! share no code with the connector and take the straight way, past what goes wrong on the other.

use crate::rig::{Deed, Rig, Standing, Trouble};
use crate::woocommerce::{minor, standing};
use async_trait::async_trait;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, Utc};
use hmac::{Hmac, KeyInit, Mac};
use rules::id::RemoteId;
use serde_json::{Value, json};
use sha2::Sha256;
use shops::{Access, Shop, ShopKind, connect};
use std::fmt::Write as _;
use std::time::{Duration, Instant};
use testkit::double::{Asked, Double, Handler, Passing};
use uuid::Uuid;

/// A shop somewhere, and a key to it that may do everything.
#[derive(Clone)]
pub struct Place {
    pub address: String,
    pub user: String,
    pub secret: String,
    pub authority: Option<String>,
    /// How long to wait where a case lets time pass: real stamps are whole seconds.
    pub pause: Duration,
}

/// Someone who works in the shop.
#[derive(Clone)]
pub struct Staff {
    place: Place,
    way: Passing,
    home: String,
    is_plain: bool,
    /// The shop's time, and when it told it.
    told: (DateTime<Utc>, Instant),
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            write!(out, "%{byte:02X}").unwrap();
        }
    }
    out
}

fn query(pairs: &[(String, String)]) -> String {
    let pairs = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)));
    pairs.collect::<Vec<_>>().join("&")
}

impl Staff {
    pub fn new(place: Place) -> Self {
        let way = Passing::to(&place.address, place.authority.as_deref()).expect("an address");
        let mut staff = Self {
            home: place.address.trim_end_matches('/').to_owned(),
            place,
            way,
            is_plain: false,
            told: (DateTime::default(), Instant::now()),
        };
        for is_plain in [false, true] {
            let target = if is_plain {
                "/?rest_route=/"
            } else {
                "/wp-json/"
            };
            let answer = staff.send("GET", target.to_owned(), None, None);
            let Ok(index) = serde_json::from_slice::<Value>(&answer.1) else {
                continue;
            };
            staff.is_plain = is_plain;
            if let Some(home) = index["home"].as_str() {
                home.trim_end_matches('/').clone_into(&mut staff.home);
            }
            if let Some(now) = answer.2 {
                staff.told = (now, Instant::now());
            }
            return staff;
        }
        panic!("no WordPress answers at {}", staff.place.address);
    }

    fn is_tls(&self) -> bool {
        self.place.address.starts_with("https")
    }

    fn send(
        &self,
        method: &str,
        target: String,
        authorization: Option<String>,
        body: Option<&Value>,
    ) -> (u16, Vec<u8>, Option<DateTime<Utc>>) {
        let mut headers = vec![("Accept".to_owned(), "application/json".to_owned())];
        headers.extend(authorization.map(|value| ("Authorization".to_owned(), value)));
        if body.is_some() {
            headers.push(("Content-Type".to_owned(), "application/json".to_owned()));
        }
        let path = target.split('?').next().unwrap_or_default().to_owned();
        let told = self.way.clone().answer(&Asked {
            method: method.to_owned(),
            target,
            path,
            query: Vec::new(),
            headers,
            body: body
                .map(|body| body.to_string().into_bytes())
                .unwrap_or_default(),
            is_tls: self.is_tls(),
        });
        let date = told
            .headers
            .iter()
            .find(|(name, _)| name.eq_ignore_ascii_case("date"))
            .and_then(|(_, value)| DateTime::parse_from_rfc2822(value).ok())
            .map(|date| date.with_timezone(&Utc));
        (told.status, told.body, date)
    }

    /// One call of the interface; status and body.
    pub fn call(
        &self,
        method: &str,
        route: &str,
        parameters: &[(&str, &str)],
        body: Option<&Value>,
    ) -> (u16, Value) {
        let route = format!("/wc/v3/{route}");
        let mut pairs: Vec<(String, String)> = parameters
            .iter()
            .map(|(name, value)| ((*name).to_owned(), (*value).to_owned()))
            .collect();
        let path = if self.is_plain {
            pairs.push(("rest_route".to_owned(), route));
            "/".to_owned()
        } else {
            format!("/wp-json{route}")
        };
        let mut authorization = None;
        if self.is_tls() {
            let pair = format!("{}:{}", self.place.user, self.place.secret);
            authorization = Some(format!("Basic {}", STANDARD.encode(pair)));
        } else {
            self.sign(method, &path, &mut pairs);
        }
        let target = if pairs.is_empty() {
            path
        } else {
            format!("{path}?{}", query(&pairs))
        };
        let (status, body, _) = self.send(method, target, authorization, body);
        (status, serde_json::from_slice(&body).unwrap_or_default())
    }

    /// OAuth 1.0a, one leg, HMAC-SHA256 (RFC 5849 §3.4).
    fn sign(&self, method: &str, path: &str, pairs: &mut Vec<(String, String)>) {
        let (then, told) = self.told;
        let now = (then + told.elapsed()).timestamp();
        let nonce = Uuid::now_v7().simple().to_string();
        for (name, value) in [
            ("oauth_consumer_key", self.place.user.clone()),
            ("oauth_nonce", nonce),
            ("oauth_signature_method", "HMAC-SHA256".to_owned()),
            ("oauth_timestamp", now.to_string()),
        ] {
            pairs.push((name.to_owned(), value));
        }
        pairs.sort();
        let uri = format!("{}{}", self.home, if path == "/" { "" } else { path });
        let base = format!("{method}&{}&{}", escape(&uri), escape(&query(pairs)));
        let key = format!("{}&", self.place.secret);
        let mut mac = Hmac::<Sha256>::new_from_slice(key.as_bytes()).unwrap();
        mac.update(base.as_bytes());
        let signature = STANDARD.encode(mac.finalize().into_bytes());
        pairs.push(("oauth_signature".to_owned(), signature));
    }

    fn done(&self, method: &str, route: &str, body: &Value) -> Value {
        let (status, told) = self.call(method, route, &[], Some(body));
        assert!(
            status < 300,
            "{method} {route} by the staff: {status} {told}"
        );
        told
    }

    pub fn make_product(&self, price: &str) -> u64 {
        let product = json!({
            "name": format!("Dzvinok {price}"), "type": "simple", "status": "publish",
            "regular_price": price, "manage_stock": false,
        });
        self.done("POST", "products", &product)["id"]
            .as_u64()
            .unwrap()
    }

    pub fn take_order(&self, lines: &[(u64, u32)]) -> u64 {
        let lines: Vec<_> = lines
            .iter()
            .map(|(product, pieces)| json!({ "product_id": product, "quantity": pieces }))
            .collect();
        let order = json!({
            "status": "on-hold", "payment_method": "cod",
            "payment_method_title": "Оплата при отриманні",
            "billing": {
                "first_name": "Олена", "last_name": "Коваль", "address_1": "вул. Лесі Українки, 5",
                "city": "Київ", "postcode": "01133", "country": "UA", "phone": "+380671234567",
            },
            "line_items": lines,
            "shipping_lines": [
                { "method_id": "flat_rate", "method_title": "Нова Пошта", "total": "50.00" },
            ],
        });
        self.done("POST", "orders", &order)["id"].as_u64().unwrap()
    }

    pub fn order(&self, id: u64) -> Value {
        self.call("GET", &format!("orders/{id}"), &[], None).1
    }

    pub fn put(&self, id: u64, change: &Value) -> Value {
        self.done("PUT", &format!("orders/{id}"), change)
    }

    /// Sets the pieces of a line with the right totals, as the shop's own pages do.
    pub fn set_pieces(&self, id: u64, line: usize, pieces: u32) {
        let order = self.order(id);
        let line = &order["line_items"][line];
        let had = line["quantity"].as_i64().unwrap();
        let share = |name: &str| {
            let whole = minor(&line[name]) * i64::from(pieces) / had;
            format!("{}.{:02}", whole / 100, whole % 100)
        };
        let change = json!({ "line_items": [{
            "id": line["id"], "quantity": pieces,
            "subtotal": share("subtotal"), "total": share("total"),
        }]});
        self.put(id, &change);
    }

    pub fn note(&self, id: u64, text: &str) {
        let note = json!({ "note": text });
        self.done("POST", &format!("orders/{id}/notes"), &note);
    }

    pub fn notes(&self, id: u64) -> Vec<String> {
        let (_, notes) = self.call("GET", &format!("orders/{id}/notes"), &[], None);
        let notes = notes.as_array().cloned().unwrap_or_default();
        let texts = notes.iter().rev().filter_map(|one| one["note"].as_str());
        texts.map(str::to_owned).collect()
    }

    /// Amounts in minor units, above zero.
    pub fn refunds(&self, id: u64) -> Vec<i64> {
        let all = [("per_page", "100")];
        let (_, refunds) = self.call("GET", &format!("orders/{id}/refunds"), &all, None);
        let refunds = refunds.as_array().cloned().unwrap_or_default();
        refunds.iter().map(|one| minor(&one["amount"])).collect()
    }

    pub fn coupons(&self, code: &str) -> usize {
        let code = code.to_lowercase();
        let search = [("search", code.as_str()), ("per_page", "100")];
        let (_, found) = self.call("GET", "coupons", &search, None);
        let found = found.as_array().cloned().unwrap_or_default();
        found.iter().filter(|one| one["code"] == code).count()
    }

    /// What stands there, notes and refunds included.
    pub fn stands(&self, id: u64) -> Standing {
        Standing {
            notes: self.notes(id),
            refunds: self.refunds(id),
            ..standing(&self.order(id))
        }
    }
}

/// A `WooCommerce` shop somewhere, as a rig: orders are taken through its REST interface, and the
/// connector's way to it can be told to fail.
pub struct FarRig {
    pub staff: Staff,
    pub way: Double<Passing>,
    pub products: Vec<u64>,
}

impl FarRig {
    pub async fn new(place: Place) -> Self {
        let way = Passing::to(&place.address, place.authority.as_deref()).unwrap();
        let is_tls = place.address.starts_with("https");
        let way = Double::start(is_tls, way).await.unwrap();
        let staff = Staff::new(place);
        let prices = ["1299.50", "850.00", "99.99"];
        let products = prices.iter().map(|price| staff.make_product(price));
        Self {
            products: products.collect(),
            staff,
            way,
        }
    }

    pub fn access(&self) -> Access {
        Access {
            kind: ShopKind::Woocommerce,
            address: self.way.address().to_owned(),
            user: self.staff.place.user.clone(),
            secret: self.staff.place.secret.clone(),
            allow_http: true,
            allow_private: true,
            certificate_authority: self.way.certificate(),
            statuses: None,
            rate: None,
        }
    }
}

fn number(order: &RemoteId) -> u64 {
    order.as_str().parse().unwrap()
}

#[async_trait]
impl Rig for FarRig {
    fn shop(&self) -> Box<dyn Shop> {
        connect(&self.access()).unwrap()
    }

    fn product(&self, number: usize) -> RemoteId {
        RemoteId(self.products[number].to_string())
    }

    async fn take_order(&self, pieces: [u32; 2]) -> RemoteId {
        let lines = self.products.iter().copied().zip(pieces);
        let lines: Vec<_> = lines.filter(|(_, pieces)| *pieces > 0).collect();
        RemoteId(self.staff.take_order(&lines).to_string())
    }

    async fn staff(&self, order: &RemoteId, deed: Deed) -> bool {
        let (staff, id) = (&self.staff, number(order));
        match deed {
            Deed::Pieces { line, pieces } => staff.set_pieces(id, line, pieces),
            Deed::Cancel => drop(staff.put(id, &json!({ "status": "cancelled" }))),
            Deed::Touch => {
                drop(staff.put(id, &json!({ "customer_note": Uuid::now_v7().to_string() })));
            }
            Deed::Note => staff.note(id, "Дзвонив клієнт"),
            Deed::Trash => {
                staff.call("DELETE", &format!("orders/{id}"), &[], None);
            }
            Deed::Delete => {
                let force = [("force", "true")];
                staff.call("DELETE", &format!("orders/{id}"), &force, None);
            }
        }
        true
    }

    async fn stands(&self, order: &RemoteId) -> Standing {
        self.staff.stands(number(order))
    }

    async fn coupons(&self, code: &str) -> usize {
        self.staff.coupons(code)
    }

    fn plan(&self, trouble: Trouble, skip: usize) -> bool {
        let of_the_shop = [Trouble::Stale, Trouble::ClockAhead, Trouble::WrongTotals];
        if of_the_shop.contains(&trouble) {
            return false;
        }
        trouble.plan(&self.way, ("!GET", "/"), ("GET", "/"), skip);
        true
    }

    fn forget(&self) -> bool {
        let had_more = !self.way.has_failed_as_planned();
        self.way.forget_faults();
        had_more
    }

    async fn quiet(&self) {
        tokio::task::block_in_place(|| self.way.settle());
    }

    async fn pass(&self, seconds: i64) {
        // A minute and more is for a double's clock; a real shop is not waited for that long.
        if seconds < 10 && !self.staff.place.pause.is_zero() {
            tokio::time::sleep(self.staff.place.pause).await;
        }
    }

    fn writes(&self) -> Option<usize> {
        let log = self.way.log();
        Some(log.iter().filter(|one| one.method != "GET").count())
    }
}
