//! Tapes: what a real shop says, kept as files for whoever writes or mends a connector, with nobody's
//! name on them.
//!
//! A field's text is kept only where its name says that it is structure (a status, an identity, a
//! date) and its look agrees; all other text is replaced, letter by letter, by text that means
//! nothing. The same text becomes the same text within one recording, so that lines, customers and
//! pages still belong together, and something else in the next. Keys, passwords, tokens and the
//! shop's host are never written.
//!
//! The same place lets a test put answers into a connector without any network: [`Feed`].

use super::{Reply, Request};
use crate::{Access, Cursor, Shop, ShopError, connect};
use hmac::{Hmac, KeyInit, Mac};
use reqwest::Client;
use reqwest::header::{HeaderMap, HeaderName, HeaderValue};
use rules::id::OperationId;
use rules::operation::ShopOperation;
use serde_json::{Map, Value, json};
use sha2::Sha256;
use std::cell::RefCell;
use std::collections::BTreeSet;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, LazyLock, Mutex, PoisonError};
use url::Url;
use uuid::Uuid;

/// What stands where something was that must not be seen.
const MASKED: &str = "masked";

/// The headers of an answer that connectors go by.
const HEADERS: [&str; 5] = [
    "content-type",
    "date",
    "retry-after",
    "x-wp-total",
    "x-wp-totalpages",
];

/// Opens the connector as [`connect`] does and writes each exchange with the shop into `folder`, one
/// JSON file each, numbered, personal data masked.
///
/// # Errors
/// As [`connect`]; [`ShopError::Unsupported`] where the folder cannot be written.
pub fn connect_recording(access: &Access, folder: &Path) -> Result<Box<dyn Shop>, ShopError> {
    std::fs::create_dir_all(folder)
        .map_err(|_| ShopError::Unsupported("a folder that cannot be written"))?;
    let recorder = Recorder {
        folder: folder.to_owned(),
        number: AtomicU32::new(0),
        mask: Mutex::new(Mask::new(access)),
    };
    during(Line::Recorded(Arc::new(recorder)), || connect(access))
}

/// Reads a shop as the desk would, up to `pages` pages of each kind of thing, and writes what was
/// said into `folder`. Changes nothing at the shop, save for the question whether the key may write.
///
/// # Errors
/// What the shop answers wrong; what was said until then is kept.
pub async fn capture(access: &Access, folder: &Path, pages: u32) -> Result<(), ShopError> {
    let shop = connect_recording(access, folder)?;
    shop.introduce().await?;
    let mut some_order = None;
    let mut cursor = Cursor::default();
    for _ in 0..pages {
        let page = shop.orders(&cursor).await?;
        some_order = some_order.or_else(|| page.items.into_iter().next());
        cursor = page.next;
        if page.done {
            break;
        }
    }
    if let Some(order) = some_order {
        shop.order(&order.remote).await?;
        let note = ShopOperation::AddNote {
            order: order.remote,
            text: String::new(),
        };
        shop.find(OperationId::from_uuid(Uuid::now_v7()), &note)
            .await?;
    }
    let mut cursor = Cursor::default();
    for _ in 0..pages {
        let page = shop.products(&cursor).await?;
        cursor = page.next;
        if page.done {
            break;
        }
    }
    let mut cursor = Cursor::default();
    for _ in 0..pages {
        let page = shop.customers(&cursor).await?;
        cursor = page.next;
        if page.done {
            break;
        }
    }
    Ok(())
}

/// One question of a connector.
#[derive(Clone, Copy, Debug)]
pub struct Asked<'a> {
    /// Verb.
    pub method: &'a str,
    /// Where to.
    pub url: &'a Url,
    /// What with; empty for none.
    pub body: &'a [u8],
}

/// One answer, as a shop might give it.
#[derive(Clone, Debug, Default)]
pub struct Told {
    /// HTTP status.
    pub status: u16,
    /// Headers.
    pub headers: Vec<(String, String)>,
    /// The body as it comes.
    pub body: Vec<u8>,
}

/// Answers in the place of a shop.
pub trait Feed: Send + Sync {
    /// The answer to one question.
    ///
    /// # Errors
    /// What a connection could meet.
    fn answer(&self, asked: &Asked<'_>) -> Result<Told, ShopError>;
}

/// Opens the connector with its answers from `feed`: nothing goes over any network.
///
/// # Errors
/// As [`connect`].
pub fn connect_fed(access: &Access, feed: Arc<dyn Feed>) -> Result<Box<dyn Shop>, ShopError> {
    during(Line::Fed(feed), || connect(access))
}

thread_local! {
    static NEXT_LINE: RefCell<Line> = const { RefCell::new(Line::Network) };
}

/// What a client's requests go through.
#[derive(Clone, Default)]
pub(super) enum Line {
    #[default]
    Network,
    /// The network, and a tape beside it.
    Recorded(Arc<Recorder>),
    /// No network.
    Fed(Arc<dyn Feed>),
}

/// Clients made by `make` get this line. Connectors make theirs while they are opened, so that they
/// need not know of tapes.
fn during<T>(line: Line, make: impl FnOnce() -> T) -> T {
    let before = NEXT_LINE.replace(line);
    let result = make();
    NEXT_LINE.set(before);
    result
}

impl Line {
    /// The line that clients made here and now shall have.
    pub(super) fn current() -> Self {
        NEXT_LINE.with_borrow(Clone::clone)
    }

    /// The client where none is needed: one for all, for making one takes long.
    pub(super) fn client(&self) -> Option<Client> {
        static IDLE: LazyLock<Client> = LazyLock::new(Client::new);
        matches!(self, Self::Fed(_)).then(|| IDLE.clone())
    }

    /// The answer, where it does not come from the network.
    pub(super) fn answer(&self, request: &Request, url: &Url) -> Option<Result<Reply, ShopError>> {
        let Self::Fed(feed) = self else { return None };
        let asked = Asked {
            method: request.method.as_str(),
            url,
            body: request.body.as_deref().unwrap_or_default(),
        };
        Some(feed.answer(&asked).map(|told| {
            let mut headers = HeaderMap::new();
            for (name, value) in &told.headers {
                if let (Ok(name), Ok(value)) =
                    (name.parse::<HeaderName>(), HeaderValue::from_str(value))
                {
                    headers.append(name, value);
                }
            }
            Reply {
                status: told.status,
                headers,
                body: told.body,
            }
        }))
    }

    /// Keeps what was said, where someone wants it kept.
    pub(super) fn keep(&self, request: &Request, url: &Url, reply: &Reply) {
        if let Self::Recorded(recorder) = self {
            recorder.keep(request, url, reply);
        }
    }
}

/// Writes exchanges into a folder.
pub(super) struct Recorder {
    folder: PathBuf,
    number: AtomicU32,
    mask: Mutex<Mask>,
}

impl Recorder {
    fn keep(&self, request: &Request, url: &Url, reply: &Reply) {
        let text = {
            let mut mask = self.mask.lock().unwrap_or_else(PoisonError::into_inner);
            mask.exchange(request, url, reply)
        };
        let number = self.number.fetch_add(1, Ordering::Relaxed);
        let path = self.folder.join(format!("{number:05}.json"));
        if std::fs::write(path, text).is_err() {
            tracing::warn!(number, "an exchange could not be written to the tape");
        }
    }
}

/// What a text is, by the name of its field.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Nature {
    Secret,
    Name,
    Phone,
    Email,
    /// Kept where it looks like what it should be.
    Structure,
    /// What stands in an address or beside a person: always replaced.
    Personal,
    /// A note, a title, whatever: replaced, unless it is a number or a date.
    Text,
}

/// Fields whose text is structure, in small letters without separators.
const STRUCTURE: [&str; 92] = [
    "id",
    "gid",
    "number",
    "key",
    "sku",
    "article",
    "offer",
    "status",
    "statusid",
    "state",
    "stage",
    "orderstate",
    "type",
    "kind",
    "ordertype",
    "ordermethod",
    "action",
    "source",
    "object",
    "typename",
    "currency",
    "currencycode",
    "code",
    "errorcode",
    "extensions",
    "site",
    "method",
    "paymentmethod",
    "shippingmethod",
    "paymenttype",
    "deliverymethodid",
    "delivery",
    "slug",
    "locale",
    "languagecode",
    "country",
    "countrycode",
    "countryiso",
    "deliverycountrycode",
    "invoicecountrycode",
    "timezone",
    "timezonestring",
    "ianatimezone",
    "gmtoffset",
    "namespaces",
    "version",
    "software",
    "total",
    "totals",
    "subtotal",
    "price",
    "amount",
    "amountset",
    "sum",
    "quantity",
    "discount",
    "tax",
    "taxclass",
    "stockstatus",
    "stockquantity",
    "stocklevel",
    "trackinventory",
    "backorders",
    "cursor",
    "endcursor",
    "startcursor",
    "page",
    "perpage",
    "limit",
    "offset",
    "order",
    "orderby",
    "fields",
    "dp",
    "datesaregmt",
    "restroute",
    "sinceid",
    "lastlogid",
    "logid",
    "before",
    "after",
    "modifiedafter",
    "modifiedbefore",
    "by",
    "sort",
    "rel",
    "displayfinancialstatus",
    "displayfulfillmentstatus",
    "cancelreason",
    "nextstates",
    "permissions",
    "enabled",
];

/// Things around a field that make the `name` in it a person's.
const PEOPLE: [&str; 14] = [
    "customer",
    "billing",
    "shipping",
    "address",
    "contact",
    "user",
    "manager",
    "recipient",
    "person",
    "administrator",
    "author",
    "client",
    "buyer",
    "company",
];

/// `billing_address.First-Name` as `firstname`.
fn bare(field: &str) -> String {
    field
        .chars()
        .filter(char::is_ascii_alphanumeric)
        .map(|letter| letter.to_ascii_lowercase())
        .collect()
}

fn nature(field: &str, around: &[String]) -> Nature {
    let field = bare(field);
    let has = |parts: &[&str]| parts.iter().any(|part| field.contains(part));
    let in_person = || {
        around
            .iter()
            .any(|outer| PEOPLE.iter().any(|word| outer.contains(word)))
    };
    if has(&[
        "secret",
        "password",
        "token",
        "apikey",
        "consumer",
        "signature",
        "authorization",
        "cookie",
        "session",
        "oauth",
        "nonce",
    ]) {
        return Nature::Secret;
    }
    if has(&["phone", "mobile", "fax", "viber", "whatsapp"]) || field == "tel" {
        return Nature::Phone;
    }
    if field == "number" && around.iter().any(|outer| outer.contains("phone")) {
        return Nature::Phone;
    }
    if has(&["mail"]) {
        return Nature::Email;
    }
    if has(&[
        "firstname",
        "lastname",
        "middlename",
        "patronymic",
        "fullname",
        "displayname",
        "nickname",
        "surname",
        "login",
        "username",
        "author",
        "confirmedby",
    ]) || (field == "name" && in_person())
    {
        return Nature::Name;
    }
    // What stands in an address or beside a person is structure in few words only.
    let person_fields = [
        "id",
        "type",
        "country",
        "countrycode",
        "currency",
        "typename",
    ];
    if in_person() && !person_fields.contains(&field.as_str()) && !is_stamp_field(&field) {
        return Nature::Personal;
    }
    let names_structure = STRUCTURE.contains(&field.as_str())
        || field.ends_with("id")
        || field.ends_with("ids")
        || field.ends_with("price")
        || field.ends_with("total")
        || field.ends_with("tax")
        || field.ends_with("status")
        || is_stamp_field(&field);
    if names_structure {
        Nature::Structure
    } else {
        Nature::Text
    }
}

fn is_stamp_field(field: &str) -> bool {
    field.starts_with("date")
        || field.ends_with("date")
        || field.ends_with("gmt")
        || field.ends_with("at")
        || field.ends_with("time")
}

/// Whether text looks like structure: one word of plain letters, an amount, a date, a list of words.
fn looks_structural(text: &str) -> bool {
    text.len() <= 400
        && text
            .chars()
            .all(|c| c.is_ascii_alphanumeric() || "-_./:,+ []%=?()".contains(c))
        && !text.contains("  ")
        && !has_person(text)
}

/// Whether there is an e-mail address or a telephone number in it.
fn has_person(text: &str) -> bool {
    text.contains('@') || phones(text).next().is_some()
}

/// Runs that may be telephone numbers: nine to fifteen digits with the separators that people use,
/// and not a date, and not a long identity.
fn phones(text: &str) -> impl Iterator<Item = &str> {
    runs(text).filter(|run| {
        let digits = run.chars().filter(char::is_ascii_digit).count();
        let grouped = run.chars().any(|c| !c.is_ascii_digit());
        let starts = run.trim_start_matches(['+', '(', ' ']);
        let national = ["380", "48", "7", "8", "0", "1", "49", "44"]
            .iter()
            .any(|prefix| starts.starts_with(prefix));
        let is_date = run
            .get(..10)
            .is_some_and(|head| chrono::NaiveDate::parse_from_str(head, "%Y-%m-%d").is_ok())
            || run
                .get(..10)
                .is_some_and(|head| chrono::NaiveDate::parse_from_str(head, "%d.%m.%Y").is_ok());
        let is_moment = digits == 10 && !grouped && run.starts_with("17");
        (9..=15).contains(&digits) && (grouped || national) && !is_date && !is_moment
    })
}

/// Longest runs of digits and separators that start with a digit, a plus or a bracket.
fn runs(text: &str) -> impl Iterator<Item = &str> {
    text.split(|c: char| !(c.is_ascii_digit() || "+-() .\u{a0}\u{2011}".contains(c)))
        .map(|run| run.trim_matches(['-', '.', ' ', '\u{a0}']))
        .filter(|run| !run.is_empty())
}

/// A number alone, or a moment: nothing in it is anyone's.
fn is_plain(text: &str) -> bool {
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let is_amount = digits <= 8
        && digits > 0
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || matches!(c, '.' | '-'))
        && text.matches('.').count() <= 1
        && text.rfind('-').is_none_or(|at| at == 0);
    let is_date = text
        .get(..10)
        .is_some_and(|head| chrono::NaiveDate::parse_from_str(head, "%Y-%m-%d").is_ok())
        && text.len() <= 35
        && text
            .chars()
            .all(|c| c.is_ascii_digit() || "-:.TZ+ ".contains(c));
    is_amount || is_date || matches!(text, "true" | "false" | "yes" | "no")
}

/// Whether it is a mark of ours, such as `[cc:0192f3ab]`.
fn is_mark(word: &str) -> bool {
    let inner = word.trim_matches(['[', ']', '(', ')', '#']);
    let Some((name, rest)) = inner.split_once(':') else {
        return false;
    };
    (1..=10).contains(&name.len())
        && name.chars().all(|c| c.is_ascii_lowercase())
        && (8..=36).contains(&rest.len())
        && rest.chars().all(|c| c.is_ascii_hexdigit() || c == '-')
        && rest.chars().any(|c| c.is_ascii_alphabetic())
}

/// Replaces what is anyone's.
struct Mask {
    salt: Vec<u8>,
    /// Our own user and secret, the shop's host.
    secrets: Vec<String>,
    /// Words of names and the like met so far: they are replaced wherever else they stand.
    known: BTreeSet<String>,
}

impl Mask {
    fn new(access: &Access) -> Self {
        let host = super::parse_address(&access.address)
            .ok()
            .and_then(|url| url.host_str().map(str::to_owned));
        let secrets = [access.user.trim(), access.secret.trim()]
            .into_iter()
            .map(str::to_owned)
            .chain(host)
            .filter(|secret| secret.len() >= 4)
            .collect();
        Self {
            salt: [Uuid::now_v7(), Uuid::now_v7()]
                .iter()
                .flat_map(|uuid| uuid.into_bytes())
                .chain(access.secret.bytes())
                .collect(),
            secrets,
            known: BTreeSet::new(),
        }
    }

    fn exchange(&mut self, request: &Request, url: &Url, reply: &Reply) -> String {
        let asked = request.body.as_deref().map_or(Body::Other(0), Body::read);
        let told = Body::read(reply.text_start());
        asked.learn(self);
        told.learn(self);
        let query: Vec<Value> = url
            .query_pairs()
            .filter(|(name, _)| nature(name, &[]) != Nature::Secret)
            .map(|(name, value)| json!([name, self.text(&value, &name, &[])]))
            .collect();
        let path: Vec<String> = url
            .path()
            .split('/')
            .map(|part| self.kept_or_scrambled(part))
            .collect();
        let headers: Vec<Value> = HEADERS
            .iter()
            .filter_map(|name| Some(json!([name, reply.header(*name)?])))
            .collect();
        let written = json!({
            "method": request.method.as_str(),
            "path": path.join("/"),
            "query": query,
            "asked": asked.written(self),
            "status": reply.status,
            "headers": headers,
            "told": told.written(self),
        });
        let mut text = format!("{written:#}\n");
        for secret in &self.secrets {
            for form in [secret.clone(), Value::String(secret.clone()).to_string()] {
                let form = form.trim_matches('"');
                text = text.replace(form, MASKED);
            }
        }
        text
    }

    /// Remembers the words of a person.
    fn learn(&mut self, value: &Value, field: &str, around: &mut Vec<String>) {
        match value {
            Value::String(text) => {
                let nature = nature(field, around);
                if matches!(
                    nature,
                    Nature::Name | Nature::Phone | Nature::Email | Nature::Personal
                ) {
                    for word in text.split(|c: char| !c.is_alphanumeric()) {
                        if word.chars().count() >= 4 {
                            self.known.insert(word.to_lowercase());
                        }
                    }
                }
            }
            Value::Array(items) => items
                .iter()
                .for_each(|item| self.learn(item, field, around)),
            Value::Object(fields) => {
                around.push(bare(field));
                for (name, inner) in fields {
                    self.learn(inner, name, around);
                }
                around.pop();
            }
            _ => {}
        }
    }

    fn value(&self, value: &Value, field: &str, around: &mut Vec<String>) -> Value {
        match value {
            Value::String(text) => Value::String(self.text(text, field, around)),
            Value::Number(number) => {
                let text = number.to_string();
                let is_phone = nature(field, around) == Nature::Phone
                    || (!bare(field).ends_with("id")
                        && text.len() >= 11
                        && phones(&text).next().is_some());
                let masked = is_phone.then(|| self.digits(&text).parse::<u64>().ok());
                masked.flatten().map_or_else(|| value.clone(), Value::from)
            }
            Value::Array(items) => items
                .iter()
                .map(|item| self.value(item, field, around))
                .collect(),
            Value::Object(fields) => {
                around.push(bare(field));
                let masked: Map<String, Value> = fields
                    .iter()
                    .map(|(name, inner)| {
                        (
                            self.kept_or_scrambled(name),
                            self.value(inner, name, around),
                        )
                    })
                    .collect();
                around.pop();
                Value::Object(masked)
            }
            Value::Null | Value::Bool(_) => value.clone(),
        }
    }

    fn text(&self, text: &str, field: &str, around: &[String]) -> String {
        if text.is_empty() {
            return String::new();
        }
        match nature(field, around) {
            Nature::Secret => MASKED.to_owned(),
            Nature::Email => self.email(text),
            Nature::Phone => self.digits(text),
            Nature::Structure if looks_structural(text) && !self.knows(text) => text.to_owned(),
            // A question in a language of its own is the connector's; people stand in its variables.
            Nature::Structure | Nature::Text if is_plain(text) => text.to_owned(),
            Nature::Text if field == "query" && text.contains('{') && !has_person(text) => {
                text.to_owned()
            }
            Nature::Name | Nature::Personal | Nature::Structure | Nature::Text => {
                self.scrambled(text)
            }
        }
    }

    fn knows(&self, text: &str) -> bool {
        let text = text.to_lowercase();
        text.split(|c: char| !c.is_alphanumeric())
            .any(|word| self.known.contains(word))
    }

    /// For what is structure by its place: a field's name, a part of a path.
    fn kept_or_scrambled(&self, text: &str) -> String {
        if text.is_empty() || (looks_structural(text) && !self.knows(text)) {
            text.to_owned()
        } else {
            self.scrambled(text)
        }
    }

    fn email(&self, text: &str) -> String {
        let mut stream = self.stream(text);
        format!("person{:03}{:03}@example.com", stream.next(), stream.next())
    }

    /// Other digits in the same places; the first two stay, for they are the country's.
    fn digits(&self, text: &str) -> String {
        let only: String = text.chars().filter(char::is_ascii_digit).collect();
        let mut stream = self.stream(&only);
        let mut seen = 0;
        text.chars()
            .map(|c| match c {
                '0'..='9' => {
                    seen += 1;
                    if seen <= 2 {
                        c
                    } else {
                        char::from(b'0' + stream.next() % 10)
                    }
                }
                letter if letter.is_alphabetic() => 'x',
                other => other,
            })
            .collect()
    }

    /// Other letters and digits in the same places, marks of ours left as they are.
    fn scrambled(&self, text: &str) -> String {
        text.split_inclusive(char::is_whitespace)
            .map(|word| {
                if is_mark(word.trim()) {
                    return word.to_owned();
                }
                let mut stream = self.stream(word);
                word.chars()
                    .map(|c| other_letter(c, stream.next()))
                    .collect()
            })
            .collect()
    }

    fn stream(&self, text: &str) -> Stream {
        Stream {
            mask: Hmac::<Sha256>::new_from_slice(&self.salt).ok(),
            text: text.trim().to_lowercase(),
            block: Vec::new(),
            count: 0,
        }
    }
}

/// Bytes that follow from a text and the recording's salt alone.
struct Stream {
    mask: Option<Hmac<Sha256>>,
    text: String,
    block: Vec<u8>,
    count: u32,
}

impl Stream {
    fn next(&mut self) -> u8 {
        if self.block.is_empty()
            && let Some(mut mask) = self.mask.clone()
        {
            mask.update(&self.count.to_be_bytes());
            mask.update(self.text.as_bytes());
            self.block = mask.finalize().into_bytes().to_vec();
            self.count += 1;
        }
        self.block.pop().unwrap_or_default()
    }
}

fn other_letter(c: char, byte: u8) -> char {
    let picked = |letters: &str| {
        let at = usize::from(byte) % letters.chars().count().max(1);
        letters.chars().nth(at).unwrap_or('x')
    };
    match c {
        '0'..='9' => picked("0123456789"),
        'a'..='z' => picked("abcdefghijklmnoprstuvwyz"),
        'A'..='Z' => picked("ABCDEFGHIKLMNOPRSTUVWZ"),
        _ if !c.is_alphanumeric() => c,
        _ if ('\u{400}'..='\u{52f}').contains(&c) => {
            if c.is_uppercase() {
                picked("АБВГДЕЗИКЛМНОПРСТУФХЦЧШЮЯ")
            } else {
                picked("абвгдезиклмнопрстуфхцчшюя")
            }
        }
        _ if c.is_uppercase() => picked("ABCDEFGHIKLMNOPRSTUVWZ"),
        _ => picked("abcdefghijklmnoprstuvwyz"),
    }
}

/// A body, as far as it can be masked.
enum Body {
    Json(Value),
    /// `name=value` pairs; values may be JSON.
    Form(Vec<(String, Result<Value, String>)>),
    /// A web page, or no text we know: only its length in bytes is told.
    Page(usize),
    Other(usize),
}

impl Body {
    fn read(bytes: &[u8]) -> Self {
        let bytes = bytes.trim_ascii();
        if let Ok(value) = serde_json::from_slice::<Value>(bytes)
            && (value.is_object() || value.is_array())
        {
            return Self::Json(value);
        }
        if bytes.starts_with(b"<") {
            return Self::Page(bytes.len());
        }
        let is_form = bytes.contains(&b'=') && !bytes.iter().any(u8::is_ascii_whitespace);
        if is_form {
            let pairs = url::form_urlencoded::parse(bytes).map(|(name, value)| {
                let value = serde_json::from_str::<Value>(&value)
                    .ok()
                    .filter(|value| value.is_object() || value.is_array())
                    .ok_or_else(|| value.into_owned());
                (name.into_owned(), value)
            });
            return Self::Form(pairs.collect());
        }
        Self::Other(bytes.len())
    }

    fn learn(&self, mask: &mut Mask) {
        match self {
            Self::Json(value) => mask.learn(value, "", &mut Vec::new()),
            Self::Form(pairs) => {
                for (name, value) in pairs {
                    if let Ok(value) = value {
                        mask.learn(value, name, &mut Vec::new());
                    }
                }
            }
            Self::Page(_) | Self::Other(_) => {}
        }
    }

    fn written(&self, mask: &Mask) -> Value {
        match self {
            Self::Json(value) => json!({ "json": mask.value(value, "", &mut Vec::new()) }),
            Self::Form(pairs) => {
                let pairs: Vec<Value> = pairs
                    .iter()
                    .map(|(name, value)| {
                        let value = match value {
                            Ok(value) => mask.value(value, name, &mut Vec::new()),
                            Err(text) => Value::String(mask.text(text, name, &[])),
                        };
                        json!([name, value])
                    })
                    .collect();
                json!({ "form": pairs })
            }
            Self::Page(bytes) => json!({ "page": bytes }),
            Self::Other(0) => Value::Null,
            Self::Other(bytes) => json!({ "other": bytes }),
        }
    }
}

#[cfg(test)]
mod tests;
