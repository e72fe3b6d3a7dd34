//! Every parser of what others send, each behind one function of bytes. A test replays the corpus
//! through the same functions without any fuzzer.
//!
//! What a shop sends is read by the connector itself: its answers come from the bytes. An input is a
//! row of answers parted by a line `---`; each may begin with a line `HTTP 404` or so. The last is
//! given again and again.

#[cfg(feature = "store")]
#[path = "envelope.rs"]
mod envelope;

use rules::id::{OperationId, RemoteId};
use rules::money::{Currency, Money};
use rules::operation::ShopOperation;
use rules::phone::{self, Phone};
use rules::role::Role;
use rules::script::Script;
use rules::status::StatusTable;
use shops::http::parse_address;
use shops::http::tape::{Asked, Feed, Told, connect_fed};
use shops::{Access, Cursor, Shop, ShopError, ShopKind};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::{Arc, LazyLock};

/// A parser's name and itself.
pub(crate) type Parser = (&'static str, fn(&[u8]));

/// All of them; five kinds of shops, and the rest.
pub(crate) fn all() -> Vec<Parser> {
    #[cfg_attr(
        not(feature = "store"),
        expect(unused_mut, reason = "one more with the store")
    )]
    let mut all: Vec<Parser> = vec![
        ("woocommerce_introduction", |data| introduction(WOO, data)),
        ("woocommerce_orders", |data| orders(WOO, data)),
        ("woocommerce_products", |data| products(WOO, data)),
        ("woocommerce_customers", |data| customers(WOO, data)),
        ("woocommerce_writes", |data| writes(WOO, data)),
        ("woocommerce_cursors", |data| cursors(WOO, data)),
        ("woocommerce_hook", |data| hook(WOO, data)),
        ("vendure_introduction", |data| introduction(VENDURE, data)),
        ("vendure_orders", |data| orders(VENDURE, data)),
        ("vendure_products", |data| products(VENDURE, data)),
        ("vendure_customers", |data| customers(VENDURE, data)),
        ("vendure_writes", |data| writes(VENDURE, data)),
        ("vendure_cursors", |data| cursors(VENDURE, data)),
        ("vendure_hook", |data| hook(VENDURE, data)),
        ("shopify_introduction", |data| introduction(SHOPIFY, data)),
        ("shopify_orders", |data| orders(SHOPIFY, data)),
        ("shopify_products", |data| products(SHOPIFY, data)),
        ("shopify_customers", |data| customers(SHOPIFY, data)),
        ("shopify_writes", |data| writes(SHOPIFY, data)),
        ("shopify_cursors", |data| cursors(SHOPIFY, data)),
        ("shopify_hook", |data| hook(SHOPIFY, data)),
        ("retailcrm_introduction", |data| introduction(CRM, data)),
        ("retailcrm_orders", |data| orders(CRM, data)),
        ("retailcrm_products", |data| products(CRM, data)),
        ("retailcrm_customers", |data| customers(CRM, data)),
        ("retailcrm_writes", |data| writes(CRM, data)),
        ("retailcrm_cursors", |data| cursors(CRM, data)),
        ("retailcrm_hook", |data| hook(CRM, data)),
        ("base_introduction", |data| introduction(BASE, data)),
        ("base_orders", |data| orders(BASE, data)),
        ("base_products", |data| products(BASE, data)),
        ("base_customers", |data| customers(BASE, data)),
        ("base_writes", |data| writes(BASE, data)),
        ("base_cursors", |data| cursors(BASE, data)),
        ("base_hook", |data| hook(BASE, data)),
        ("address", address),
        ("phone", phones),
        ("money", money),
        ("status_table", status_table),
        ("script", script),
        ("tape", tape),
    ];
    #[cfg(feature = "store")]
    all.push(("envelope", envelope::envelope));
    all
}

const WOO: ShopKind = ShopKind::Woocommerce;
const VENDURE: ShopKind = ShopKind::Vendure;
const SHOPIFY: ShopKind = ShopKind::Shopify;
const CRM: ShopKind = ShopKind::Retailcrm;
const BASE: ShopKind = ShopKind::Base;

const SECRET: &str = "fuzzed-secret";

/// Requests after which a connector is taken to go round in circles.
const CIRCLES: usize = 5000;

/// Answers in turn out of an input.
struct Turns {
    kind: ShopKind,
    answers: Vec<Told>,
    next: AtomicUsize,
}

impl Turns {
    fn of(kind: ShopKind, data: &[u8]) -> Self {
        let mut answers = Vec::new();
        let mut rest = data;
        loop {
            let end = rest.windows(5).position(|part| part == b"\n---\n");
            let (one, after) = match end {
                Some(at) => (&rest[..at], Some(&rest[at + 5..])),
                None => (rest, None),
            };
            answers.push(told(one));
            match after {
                Some(after) => rest = after,
                None => break,
            }
        }
        Self {
            kind,
            answers,
            next: AtomicUsize::new(0),
        }
    }
}

fn told(bytes: &[u8]) -> Told {
    let (status, body) = match bytes.strip_prefix(b"HTTP ") {
        Some(rest) => {
            let end = rest
                .iter()
                .position(|byte| *byte == b'\n')
                .unwrap_or(rest.len());
            let status = std::str::from_utf8(&rest[..end]).ok();
            let status = status
                .and_then(|text| text.trim().parse().ok())
                .unwrap_or(200);
            (status, rest.get(end + 1..).unwrap_or_default())
        }
        None => (200, bytes),
    };
    let header = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    Told {
        status,
        headers: vec![
            header("content-type", "application/json"),
            header("date", "Sun, 22 Nov 2026 03:00:00 GMT"),
            header("x-wp-total", "2"),
            header("x-wp-totalpages", "2"),
            header("vendure-auth-token", "token"),
        ],
        body: body.to_vec(),
    }
}

/// What stands before the answer that a fuzzer is to reach: a greeting, a sign-in.
fn prelude(kind: ShopKind, asked: &Asked<'_>) -> Option<&'static [u8]> {
    let holds = |word: &str| {
        asked
            .body
            .windows(word.len())
            .any(|part| part == word.as_bytes())
    };
    let path = asked.url.path();
    match kind {
        ShopKind::Woocommerce if path.ends_with("/wp-json/") => Some(
            br#"{"name":"Shop","home":"https://shop.example","namespaces":["wc/v3"],"gmt_offset":2}"#,
        ),
        ShopKind::Woocommerce if path.ends_with("currencies/current") => Some(br#"{"code":"UAH"}"#),
        ShopKind::Vendure if holds("mutation Login") => {
            Some(br#"{"data":{"login":{"__typename":"CurrentUser"}}}"#)
        }
        _ => None,
    }
}

impl Feed for Turns {
    fn answer(&self, asked: &Asked<'_>) -> Result<Told, ShopError> {
        if let Some(body) = prelude(self.kind, asked) {
            return Ok(told(body));
        }
        let at = self.next.fetch_add(1, Ordering::Relaxed);
        assert!(at < CIRCLES, "the connector asks without end");
        let last = self.answers.len().saturating_sub(1);
        Ok(self.answers[at.min(last)].clone())
    }
}

fn access(kind: ShopKind) -> Access {
    Access {
        kind,
        address: match kind {
            ShopKind::Base => "https://api.baselinker.com",
            _ => "https://shop.example",
        }
        .to_owned(),
        user: "user".to_owned(),
        secret: SECRET.to_owned(),
        allow_http: false,
        allow_private: false,
        certificate_authority: None,
        statuses: None,
        rate: None,
    }
}

/// Runs with time that passes by itself: a connector that waits does not hold the fuzzer up.
fn run<T>(kind: ShopKind, data: &[u8], ask: impl AsyncFnOnce(&dyn Shop) -> T) -> Option<T> {
    let feed = Arc::new(Turns::of(kind, data));
    let shop = connect_fed(&access(kind), feed).ok()?;
    let runtime = tokio::runtime::Builder::new_current_thread()
        .enable_time()
        .start_paused(true)
        .build()
        .ok()?;
    Some(runtime.block_on(ask(shop.as_ref())))
}

fn introduction(kind: ShopKind, data: &[u8]) {
    run(kind, data, async |shop| {
        if let Ok(known) = shop.introduce().await {
            check_table(&known.statuses);
        }
    });
}

/// Every order, whatever it was read from, can be kept: its amounts are of one currency.
fn check_orders(orders: &[rules::order::Order]) {
    for order in orders {
        let currency = order.total.currency;
        let lines = order.lines.iter();
        let amounts = lines.flat_map(|line| [line.unit_price, line.total]);
        for amount in amounts.chain([order.delivery_total]) {
            assert_eq!(amount.currency, currency, "one order, one currency");
        }
    }
}

fn orders(kind: ShopKind, data: &[u8]) {
    run(kind, data, async |shop| {
        let mut cursor = Cursor::default();
        for _ in 0..3 {
            let Ok(page) = shop.orders(&cursor).await else {
                return;
            };
            check_orders(&page.items);
            cursor = page.next;
        }
        let id = RemoteId("1".to_owned());
        if let Ok(Some(order)) = shop.order(&id).await {
            check_orders(&[order]);
        }
        if let Ok(again) = shop.orders_again(&[id]).await {
            check_orders(&again.items);
        }
    });
}

fn products(kind: ShopKind, data: &[u8]) {
    run(kind, data, async |shop| {
        let mut cursor = Cursor::default();
        for _ in 0..3 {
            let Ok(page) = shop.products(&cursor).await else {
                return;
            };
            cursor = page.next;
        }
    });
}

fn customers(kind: ShopKind, data: &[u8]) {
    run(kind, data, async |shop| {
        let mut cursor = Cursor::default();
        for _ in 0..3 {
            let Ok(page) = shop.customers(&cursor).await else {
                return;
            };
            cursor = page.next;
        }
    });
}

static OPERATION: LazyLock<Option<OperationId>> =
    LazyLock::new(|| "0192f3ab-5c1d-7e2f-8a3b-4c5d6e7f8a9b".parse().ok());

pub(crate) const OPERATIONS: [&str; 6] = [
    r#"{"kind":"add_note","order":"1","text":"called"}"#,
    r#"{"kind":"confirm","order":"1","by":"Olena","at":"2026-01-02T03:04:05Z","result":"confirmed"}"#,
    r#"{"kind":"cancel","order":"1","reason":"changed_mind"}"#,
    r#"{"kind":"edit_lines","order":"1","base":[{"line":"5","quantity":2}],
        "changes":[{"change":"set_quantity","line":"5","quantity":3},
            {"change":"add","product":"13","quantity":1}]}"#,
    r#"{"kind":"grant_coupon","order":"1","code":"SORRY","expires_at":null,
        "discount":{"off":"percent","basis_points":1000}}"#,
    r#"{"kind":"refund","order":"1","amount":{"minor":100,"currency":"UAH"},"returned":[],
        "reason":"broken"}"#,
];

fn writes(kind: ShopKind, data: &[u8]) {
    let Some(id) = *OPERATION else { return };
    // The first byte says which.
    let (which, data) = data.split_first().unwrap_or((&0, data));
    let at = usize::from(*which) % OPERATIONS.len();
    let Ok(operation) = serde_json::from_str::<ShopOperation>(OPERATIONS[at]) else {
        panic!("the operation is of another form: {}", OPERATIONS[at]);
    };
    run(kind, data, async |shop| {
        let _ = shop.find(id, &operation).await;
        let _ = shop.apply(id, &operation).await;
        let _ = shop.sweep(id, &operation).await;
    });
}

fn cursors(kind: ShopKind, data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    let cursor = Cursor(text.to_owned());
    run(kind, b"[]", async |shop| {
        let _ = shop.orders(&cursor).await;
        let _ = shop.products(&cursor).await;
        let _ = shop.customers(&cursor).await;
    });
}

/// The body is signed as the shop would, lest nothing behind the signature be reached.
fn hook(kind: ShopKind, data: &[u8]) {
    use base64::Engine;
    use hmac::{Hmac, KeyInit, Mac};
    let signed = Hmac::<sha2::Sha256>::new_from_slice(SECRET.as_bytes()).map(|mut mac| {
        mac.update(data);
        mac.finalize().into_bytes()
    });
    let signature = signed.map_or_else(
        |_| String::new(),
        |bytes| base64::engine::general_purpose::STANDARD.encode(bytes),
    );
    let headers: Vec<(String, String)> = [
        ("X-WC-Webhook-Signature", signature.as_str()),
        ("X-WC-Webhook-Topic", "order.updated"),
        ("X-WC-Webhook-Delivery-ID", "d1"),
        ("X-Shopify-Hmac-Sha256", signature.as_str()),
        ("X-Shopify-Webhook-Id", "d1"),
        ("X-Shopify-Topic", "orders/updated"),
        ("Content-Type", "application/json"),
    ]
    .map(|(name, value)| (name.to_owned(), value.to_owned()))
    .into();
    // Nothing is asked of the shop; a client of its own would take most of the time.
    if let Ok(shop) = connect_fed(&access(kind), Arc::new(Turns::of(kind, b""))) {
        let _ = shop.hook(&headers, data);
        let _ = shop.hook(&[], data);
    }
}

fn address(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Ok(url) = parse_address(text) {
        assert!(
            matches!(url.scheme(), "http" | "https") && url.path().ends_with('/'),
            "{text:?} became {url}"
        );
        assert!(url.username().is_empty() && url.password().is_none());
        let again = parse_address(url.as_str());
        assert_eq!(again, Ok(url), "what was read is read the same again");
    }
}

fn phones(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for home in ["UA", "PL", "KZ", "RU", "DE", "US", "XX", ""] {
        for found in Phone::parse(text, home) {
            let digits = found.e164().trim_start_matches('+');
            assert!(digits.len() <= 15 && digits.chars().all(|c| c.is_ascii_digit()));
            let _ = (found.display(), found.masked());
        }
        let _ = (
            phone::search_key(text, home),
            phone::display(text, home),
            phone::mask(text, home),
        );
    }
}

fn money(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    for code in ["UAH", "JPY", "KWD"] {
        let Ok(currency) = code.parse::<Currency>() else {
            continue;
        };
        if let Ok(read) = Money::from_decimal(text, currency) {
            assert_eq!(
                Money::from_decimal(&read.to_decimal(), currency),
                Ok(read),
                "{text:?}"
            );
        }
    }
}

fn check_table(table: &StatusTable) {
    for status in &table.statuses {
        let _ = table.stage(&status.word);
        for other in &table.statuses {
            let _ = table.may(&status.word, &other.word, Role::Operator);
            let _ = table.knows(&status.word, &other.word);
        }
    }
}

fn status_table(data: &[u8]) {
    if let Ok(table) = serde_json::from_slice::<StatusTable>(data) {
        check_table(&table);
        let again = serde_json::to_vec(&table)
            .ok()
            .and_then(|text| serde_json::from_slice::<StatusTable>(&text).ok());
        assert_eq!(again.as_ref(), Some(&table), "stored and read again");
    }
}

fn script(data: &[u8]) {
    let Ok(text) = std::str::from_utf8(data) else {
        return;
    };
    if let Err(problems) = Script::parse(text) {
        assert!(!problems.is_empty(), "a refusal names what is wrong");
    }
}

fn tape(data: &[u8]) {
    let _ = testkit::tape::Exchange::read(data);
}
