//! The double's own small HTTP/1.1 server: one request per connection, so that a connection can be
//! cut at a chosen place.

use super::Setup;
use super::auth::{Caller, authenticate, permitted, refusal};
use super::shelf::{Answer, Shelf};
use native_tls::Identity;
use openssl::asn1::Asn1Time;
use openssl::bn::BigNum;
use openssl::ec::{EcGroup, EcKey};
use openssl::error::ErrorStack;
use openssl::hash::MessageDigest;
use openssl::nid::Nid;
use openssl::pkey::PKey;
use openssl::x509::extension::{BasicConstraints, SubjectAlternativeName};
use openssl::x509::{X509, X509NameBuilder};
use serde_json::{Value, json};
use std::collections::VecDeque;
use std::fmt::Write as _;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncReadExt, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What goes wrong with one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The connection ends before the shop has done anything.
    CutBefore,
    /// The connection ends after the shop has done it.
    CutAfter,
    /// A fault of the shop's own after it has done it.
    FailAfter,
    /// This status with a page for people; nothing is done.
    Page(u16),
    /// 429, to come back after so many seconds.
    TooMany(u64),
    /// It is done, and the answer comes this much later.
    Delay(Duration),
    /// This JSON error; nothing is done.
    Refuse(u16, &'static str),
    /// This status, with another place to go; nothing is done.
    Redirect(u16, String),
    /// These headers and bytes instead of an answer; nothing is done.
    Raw(String, Vec<u8>),
}

/// One request as it came.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Verb.
    pub method: String,
    /// Route within the REST interface, e.g. `/wc/v3/orders`; else the path.
    pub route: String,
    /// Query, decoded.
    pub query: Vec<(String, String)>,
    /// Whether an `Authorization` header came with it.
    pub has_authorization: bool,
    /// The body as text.
    pub body: String,
}

struct Planned {
    method: &'static str,
    route: &'static str,
    fault: Fault,
}

struct Inside {
    setup: Setup,
    home: String,
    shelf: Mutex<Shelf>,
    faults: Mutex<VecDeque<Planned>>,
    log: Mutex<Vec<Logged>>,
    off: AtomicBool,
}

/// A running shop; it ends when dropped.
pub struct WooDouble {
    inside: Arc<Inside>,
    address: String,
    certificate: Option<String>,
    task: JoinHandle<()>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl WooDouble {
    /// Opens a shop on a free port of the loopback, within the current runtime.
    ///
    /// # Errors
    /// Where no port can be had, or no certificate made.
    pub async fn start(setup: Setup) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let at: SocketAddr = listener.local_addr()?;
        let scheme = if setup.tls { "https" } else { "http" };
        let address = format!("{scheme}://{at}");
        let (acceptor, certificate) = if setup.tls {
            let (identity, pem) = certificate().map_err(io::Error::other)?;
            let identity =
                Identity::from_pkcs8(pem.as_bytes(), &identity).map_err(io::Error::other)?;
            let acceptor = native_tls::TlsAcceptor::new(identity).map_err(io::Error::other)?;
            (
                Some(tokio_native_tls::TlsAcceptor::from(acceptor)),
                Some(pem),
            )
        } else {
            (None, None)
        };
        let inside = Arc::new(Inside {
            home: setup.home.clone().unwrap_or_else(|| address.clone()),
            shelf: Mutex::new(Shelf::new(setup.clone())),
            setup,
            faults: Mutex::default(),
            log: Mutex::default(),
            off: AtomicBool::new(false),
        });
        let served = Arc::clone(&inside);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (inside, acceptor) = (Arc::clone(&served), acceptor.clone());
                tokio::spawn(async move {
                    // A client that goes away is the client's business.
                    let _ = match acceptor {
                        Some(acceptor) => match acceptor.accept(stream).await {
                            Ok(stream) => inside.serve(stream).await,
                            Err(_) => Ok(()),
                        },
                        None => inside.serve(stream).await,
                    };
                });
            }
        });
        Ok(Self {
            inside,
            address,
            certificate,
            task,
        })
    }

    /// Where it listens, e.g. `http://127.0.0.1:4711`.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Its certificate, PEM; none without TLS.
    pub fn certificate(&self) -> Option<String> {
        self.certificate.clone()
    }

    /// What it holds, to look at or to change as the shop's staff would.
    pub fn shelf(&self) -> MutexGuard<'_, Shelf> {
        locked(&self.inside.shelf)
    }

    /// The next request of this verb whose route starts so goes wrong; several are taken in turn.
    pub fn fail_next(&self, method: &'static str, route: &'static str, fault: Fault) {
        locked(&self.inside.faults).push_back(Planned {
            method,
            route,
            fault,
        });
    }

    /// Switches the shop off, or on again: while off, every connection ends before a word.
    pub fn switch_off(&self, off: bool) {
        self.inside.off.store(off, Ordering::SeqCst);
    }

    /// Forgets the planned faults that have not happened.
    pub fn forget_faults(&self) {
        locked(&self.inside.faults).clear();
    }

    /// Whether all planned faults have happened.
    pub fn has_failed_as_planned(&self) -> bool {
        locked(&self.inside.faults).is_empty()
    }

    /// The requests so far.
    pub fn log(&self) -> Vec<Logged> {
        locked(&self.inside.log).clone()
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        locked(&self.inside.log).clear();
    }
}

impl Drop for WooDouble {
    fn drop(&mut self) {
        self.task.abort();
    }
}

struct Incoming {
    method: String,
    path: String,
    query: Vec<(String, String)>,
    authorization: Option<String>,
    body: Vec<u8>,
}

impl Inside {
    async fn serve(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        if self.off.load(Ordering::SeqCst) {
            return stream.shutdown().await;
        }
        let Some(incoming) = read_request(&mut stream).await? else {
            return stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                .await;
        };
        let route = self.route(&incoming);
        locked(&self.log).push(Logged {
            method: incoming.method.clone(),
            route: route.clone(),
            query: incoming.query.clone(),
            has_authorization: incoming.authorization.is_some(),
            body: String::from_utf8_lossy(&incoming.body).into_owned(),
        });
        let fault = {
            let mut faults = locked(&self.faults);
            let at = faults
                .iter()
                .position(|one| one.method == incoming.method && route.starts_with(one.route));
            at.and_then(|at| faults.remove(at))
                .map(|planned| planned.fault)
        };
        let reply = match fault {
            Some(Fault::CutBefore) => return stream.shutdown().await,
            Some(Fault::Page(status)) => page(status),
            Some(Fault::TooMany(seconds)) => {
                head(429, &format!("Retry-After: {seconds}\r\n"), b"{}")
            }
            Some(Fault::Refuse(status, code)) => {
                let (status, body) = refusal(status, code, "refused");
                self.shown(status, &body, None)
            }
            Some(Fault::Redirect(status, place)) => {
                head(status, &format!("Location: {place}\r\n"), b"")
            }
            Some(Fault::Raw(headers, bytes)) => head(200, &headers, &bytes),
            Some(Fault::CutAfter) => {
                self.handle(&incoming, &route);
                return stream.shutdown().await;
            }
            Some(Fault::FailAfter) => {
                self.handle(&incoming, &route);
                let (status, body) = refusal(
                    500,
                    "internal_server_error",
                    "There has been a critical error.",
                );
                self.shown(status, &body, None)
            }
            Some(Fault::Delay(time)) => {
                let reply = self.handle(&incoming, &route);
                tokio::time::sleep(time).await;
                reply
            }
            None => self.handle(&incoming, &route),
        };
        stream.write_all(&reply).await?;
        stream.shutdown().await
    }

    fn home_path(&self) -> String {
        let (_, rest) = self.home.split_once("://").unwrap_or(("", &self.home));
        rest.split_once('/')
            .map(|(_, path)| format!("/{}", path.trim_end_matches('/')))
            .unwrap_or_default()
    }

    /// The REST route asked for, or the path where it is none.
    fn route(&self, incoming: &Incoming) -> String {
        let asked = incoming.query.iter().find(|(name, _)| name == "rest_route");
        if let Some((_, route)) = asked {
            return route.clone();
        }
        let home_path = self.home_path();
        let inside = incoming
            .path
            .strip_prefix(&home_path)
            .unwrap_or(&incoming.path);
        match inside.strip_prefix("/wp-json") {
            Some(route) if !self.setup.plain_permalinks => route.to_owned(),
            _ => inside.to_owned(),
        }
    }

    fn handle(&self, incoming: &Incoming, route: &str) -> Vec<u8> {
        let is_rest = incoming.query.iter().any(|(name, _)| name == "rest_route")
            || (!self.setup.plain_permalinks && incoming.path.contains("/wp-json"));
        if !is_rest {
            return page(404);
        }
        if route == "/" || route.is_empty() {
            let index = json!({
                "name": "Техно", "description": "", "url": self.home, "home": self.home,
                "gmt_offset": f64::from(self.setup.offset_minutes) / 60.0,
                "timezone_string": self.setup.zone, "namespaces": self.setup.namespaces, "routes": {},
            });
            return self.shown(200, &only(index, incoming), None);
        }
        let known = self
            .setup
            .namespaces
            .iter()
            .any(|space| route.starts_with(&format!("/{space}/")));
        let Some(inner) = route.strip_prefix("/wc/v3/").filter(|_| known) else {
            let (status, body) = refusal(404, "rest_no_route", "No route was found.");
            return self.shown(status, &body, None);
        };
        let mut held = locked(&self.shelf);
        let caller = Caller {
            method: &incoming.method,
            path: &incoming.path,
            query: &incoming.query,
            authorization: incoming
                .authorization
                .as_deref()
                .filter(|_| !self.setup.drops_authorization),
            is_tls: self.setup.tls,
            home: &self.home,
        };
        let answer = authenticate(&mut held, &caller).and_then(|key| {
            let key = key.ok_or_else(|| {
                refusal(
                    401,
                    "woocommerce_rest_cannot_view",
                    "Sorry, you cannot list resources.",
                )
            })?;
            permitted(&key, &incoming.method)?;
            held.answer(
                &key,
                &incoming.method,
                inner,
                &incoming.query,
                &incoming.body,
            )
        });
        drop(held);
        match answer {
            Ok(Answer {
                status,
                body,
                totals,
            }) => self.shown(status, &only(body, incoming), totals),
            Err((status, body)) => self.shown(status, &body, None),
        }
    }

    fn shown(&self, status: u16, body: &Value, totals: Option<(usize, usize)>) -> Vec<u8> {
        let now = locked(&self.shelf).now.format("%a, %d %b %Y %H:%M:%S GMT");
        let mut headers =
            format!("Date: {now}\r\nContent-Type: application/json; charset=UTF-8\r\n");
        if let Some((total, pages)) = totals {
            // Writing into a string cannot fail.
            let _ = write!(
                headers,
                "X-WP-Total: {total}\r\nX-WP-TotalPages: {pages}\r\n"
            );
        }
        head(status, &headers, body.to_string().as_bytes())
    }
}

/// Keeps the fields asked for.
fn only(body: Value, incoming: &Incoming) -> Value {
    let Some((_, fields)) = incoming.query.iter().find(|(name, _)| name == "_fields") else {
        return body;
    };
    let kept = |value: Value| match value {
        Value::Object(map) => Value::Object(
            map.into_iter()
                .filter(|(name, _)| fields.split(',').any(|one| one == name))
                .collect(),
        ),
        other => other,
    };
    match body {
        Value::Array(rows) => Value::Array(rows.into_iter().map(kept).collect()),
        other => kept(other),
    }
}

fn page(status: u16) -> Vec<u8> {
    head(
        status,
        "Content-Type: text/html\r\n",
        b"<!DOCTYPE html><title>Error</title><p>Something is wrong.</p>",
    )
}

fn head(status: u16, headers: &str, body: &[u8]) -> Vec<u8> {
    let length = body.len();
    let mut reply = format!(
        "HTTP/1.1 {status} Status\r\n{headers}Content-Length: {length}\r\nConnection: close\r\n\r\n"
    )
    .into_bytes();
    reply.extend_from_slice(body);
    reply
}

async fn read_request(stream: &mut (impl AsyncRead + Unpin)) -> io::Result<Option<Incoming>> {
    let mut bytes = Vec::new();
    let end = loop {
        if let Some(at) = bytes.windows(4).position(|window| window == b"\r\n\r\n") {
            break at;
        }
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await?;
        bytes.extend_from_slice(chunk.get(..read).unwrap_or_default());
        // Someone who speaks TLS to a shop that does not is told so, as web servers do.
        if read == 0 || bytes.len() > 1 << 20 || bytes.first() == Some(&0x16) {
            return Ok(None);
        }
    };
    let mut body = bytes.split_off(end + 4);
    let text = String::from_utf8_lossy(&bytes).into_owned();
    let mut lines = text.split("\r\n");
    let mut words = lines.next().unwrap_or_default().split(' ');
    let (method, target) = (
        words.next().unwrap_or_default(),
        words.next().unwrap_or_default(),
    );
    let headers: Vec<_> = lines.filter_map(|line| line.split_once(": ")).collect();
    let header = |name: &str| {
        headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name))
            .map(|(_, value)| *value)
    };
    let length: usize = header("content-length")
        .and_then(|text| text.parse().ok())
        .unwrap_or(0);
    while body.len() < length {
        let mut chunk = [0; 4096];
        let read = stream.read(&mut chunk).await?;
        if read == 0 {
            return Ok(None);
        }
        body.extend_from_slice(chunk.get(..read).unwrap_or_default());
    }
    let (path, query) = target.split_once('?').unwrap_or((target, ""));
    let pairs = query
        .split('&')
        .filter(|pair| !pair.is_empty())
        .map(|pair| {
            let (name, value) = pair.split_once('=').unwrap_or((pair, ""));
            (unescaped(name), unescaped(value))
        });
    Ok(Some(Incoming {
        method: method.to_owned(),
        path: path.to_owned(),
        query: pairs.collect(),
        authorization: header("authorization").map(str::to_owned),
        body,
    }))
}

fn unescaped(text: &str) -> String {
    let mut out = Vec::new();
    let mut bytes = text.bytes();
    while let Some(byte) = bytes.next() {
        match byte {
            b'+' => out.push(b' '),
            b'%' => {
                let digits: Vec<u8> = bytes.by_ref().take(2).collect();
                let hex = std::str::from_utf8(&digits)
                    .ok()
                    .and_then(|hex| u8::from_str_radix(hex, 16).ok());
                out.push(hex.unwrap_or(b'?'));
            }
            other => out.push(other),
        }
    }
    String::from_utf8_lossy(&out).into_owned()
}

/// A key and a certificate for the loopback, both PEM, good for a day.
fn certificate() -> Result<(Vec<u8>, String), ErrorStack> {
    let group = EcGroup::from_curve_name(Nid::X9_62_PRIME256V1)?;
    let key = PKey::from_ec_key(EcKey::generate(&group)?)?;
    let mut name = X509NameBuilder::new()?;
    name.append_entry_by_text("CN", "WooCommerce double")?;
    let name = name.build();
    let serial = BigNum::from_u32(1)?.to_asn1_integer()?;
    let mut builder = X509::builder()?;
    builder.set_version(2)?;
    builder.set_serial_number(&serial)?;
    builder.set_subject_name(&name)?;
    builder.set_issuer_name(&name)?;
    builder.set_pubkey(&key)?;
    let (from, until) = (Asn1Time::days_from_now(0)?, Asn1Time::days_from_now(1)?);
    builder.set_not_before(&from)?;
    builder.set_not_after(&until)?;
    builder.append_extension(BasicConstraints::new().critical().ca().build()?)?;
    let names = SubjectAlternativeName::new()
        .ip("127.0.0.1")
        .dns("localhost")
        .build(&builder.x509v3_context(None, None))?;
    builder.append_extension(names)?;
    builder.sign(&key, MessageDigest::sha256())?;
    let pem = String::from_utf8_lossy(&builder.build().to_pem()?).into_owned();
    Ok((key.private_key_to_pem_pkcs8()?, pem))
}
