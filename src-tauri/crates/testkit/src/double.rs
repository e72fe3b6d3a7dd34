//! A shop's double: a small HTTP/1.1 server on the loopback that can be told to fail.
//!
//! What the shop holds and how it answers is a [`Handler`] (its "shelf"); what goes wrong on the way
//! is here, once for all doubles. One request per connection, so that a connection can be cut at a
//! chosen place.
//!
//! ```no_run
//! use testkit::double::{Asked, Double, Fault, Handler, Told};
//!
//! #[derive(Clone, Default)]
//! struct Shelf { notes: Vec<String> }
//!
//! impl Handler for Shelf {
//!     fn answer(&mut self, asked: &Asked) -> Told {
//!         match (asked.method.as_str(), asked.path.as_str()) {
//!             ("POST", "/notes") => {
//!                 self.notes.push(asked.text());
//!                 Told::json(201, &serde_json::json!({ "ok": true }))
//!             }
//!             _ => Told::page(404),
//!         }
//!     }
//! }
//!
//! # async fn show() -> std::io::Result<()> {
//! let double = Double::start(false, Shelf::default()).await?;
//! double.fail_next("POST", "/notes", Fault::CutAfter);
//! // … a connector writes a note to `double.address()` and is left in doubt …
//! assert_eq!(double.shelf().notes.len(), 1, "it had arrived");
//! # Ok(())
//! # }
//! ```

mod certificate;
mod passing;
mod wire;

pub use passing::Passing;

use chrono::{DateTime, TimeDelta, Utc};
use native_tls::Identity;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::collections::VecDeque;
use std::io;
use std::net::SocketAddr;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;
use tokio::io::{AsyncRead, AsyncWrite, AsyncWriteExt};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

/// What a shop holds and how it answers. A clone is the shop as it stood, for stale reads.
pub trait Handler: Clone + Send + 'static {
    /// Carries a request out and answers it.
    fn answer(&mut self, asked: &Asked) -> Told;

    /// What planned faults and the log call a request: the path, or for a protocol with one address
    /// the name of what is asked there.
    fn route(&self, asked: &Asked) -> String {
        asked.path.clone()
    }

    /// Told once, where it listens, e.g. `http://127.0.0.1:4711`.
    fn opened(&mut self, address: &str) {
        let _ = address;
    }

    /// The shop's clock, for the `Date` header; none leaves the header to the answer.
    fn now(&self) -> Option<DateTime<Utc>> {
        None
    }

    /// Moves the shop's clock, for [`Fault::ClockAhead`].
    fn shift_clock(&mut self, by: TimeDelta) {
        let _ = by;
    }

    /// Leaves what the request has just written with sums that are wrong, for
    /// [`Fault::WrongTotals`].
    fn spoil_totals(&mut self, asked: &Asked) {
        let _ = asked;
    }
}

/// One request as it came.
#[derive(Clone, Debug)]
pub struct Asked {
    /// Verb.
    pub method: String,
    /// Path and query, as written.
    pub target: String,
    /// Path, as written.
    pub path: String,
    /// Query, decoded.
    pub query: Vec<(String, String)>,
    /// Headers, as written.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
    /// Whether it came over TLS.
    pub is_tls: bool,
}

impl Asked {
    /// A header's value, whatever the case of its name.
    pub fn header(&self, name: &str) -> Option<&str> {
        let found = self
            .headers
            .iter()
            .find(|(key, _)| key.eq_ignore_ascii_case(name));
        found.map(|(_, value)| value.as_str())
    }

    /// A parameter of the query.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        let found = self.query.iter().find(|(key, _)| key == name);
        found.map(|(_, value)| value.as_str())
    }

    /// The body as text.
    pub fn text(&self) -> String {
        String::from_utf8_lossy(&self.body).into_owned()
    }

    /// The body as JSON; none where it has another form.
    pub fn json<T: DeserializeOwned>(&self) -> Option<T> {
        serde_json::from_slice(&self.body).ok()
    }

    /// The body as a form's pairs, decoded.
    pub fn form(&self) -> Vec<(String, String)> {
        wire::pairs(&self.text())
    }
}

/// What is answered.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Told {
    /// HTTP status.
    pub status: u16,
    /// Headers besides the length; `Date` is added from the shop's clock.
    pub headers: Vec<(String, String)>,
    /// Body.
    pub body: Vec<u8>,
}

impl Told {
    /// JSON.
    pub fn json(status: u16, value: &Value) -> Self {
        Self {
            status,
            headers: vec![(
                "Content-Type".to_owned(),
                "application/json; charset=UTF-8".to_owned(),
            )],
            body: value.to_string().into_bytes(),
        }
    }

    /// A page for people.
    pub fn page(status: u16) -> Self {
        Self {
            status,
            headers: vec![("Content-Type".to_owned(), "text/html".to_owned())],
            body: b"<!DOCTYPE html><title>Error</title><p>Something is wrong.</p>".to_vec(),
        }
    }

    /// With one more header.
    #[must_use]
    pub fn with(mut self, name: &str, value: impl Into<String>) -> Self {
        self.headers.push((name.to_owned(), value.into()));
        self
    }
}

/// What goes wrong with one request.
#[derive(Clone, Debug)]
pub enum Fault {
    /// The connection ends before the shop has done anything.
    CutBefore,
    /// The connection ends after the shop has done it.
    CutAfter,
    /// It is done; the connection ends in the middle of the answer.
    CutMidBody,
    /// A fault of the shop's own after it has done it.
    FailAfter,
    /// This status with a page for people; nothing is done.
    Page(u16),
    /// 429, to come back after so many seconds; nothing is done.
    TooMany(u64),
    /// It is done, and the answer comes this much later.
    Delay(Duration),
    /// Something on the way sends it twice: it is done twice, and the first answer comes.
    Duplicate,
    /// Something on the way holds it back: the connection ends, and it is done after the next
    /// request, or when the shop is told to [`Double::settle`].
    Reorder,
    /// It is answered from what the shop held when this was planned; for reads.
    Stale,
    /// It is done by a clock that is this much ahead, header and stamps.
    ClockAhead(TimeDelta),
    /// It is done, and what it wrote is left with wrong sums.
    WrongTotals,
    /// This JSON error; nothing is done.
    Refuse(u16, &'static str),
    /// This status, with another place to go; nothing is done.
    Redirect(u16, String),
    /// These headers (lines ending in CRLF) and bytes instead of an answer; nothing is done.
    Raw(String, Vec<u8>),
}

/// One request in the log.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Logged {
    /// Verb.
    pub method: String,
    /// As [`Handler::route`] calls it.
    pub route: String,
    /// Query, decoded.
    pub query: Vec<(String, String)>,
    /// Whether an `Authorization` header came with it.
    pub has_authorization: bool,
    /// The body as text.
    pub body: String,
}

struct Planned<H> {
    method: String,
    route: String,
    skip: usize,
    fault: Fault,
    /// The shop as it stood, for a stale read.
    then: Option<H>,
}

struct Inside<H> {
    is_tls: bool,
    shelf: Mutex<H>,
    faults: Mutex<VecDeque<Planned<H>>>,
    held: Mutex<Vec<Asked>>,
    log: Mutex<Vec<Logged>>,
    off: AtomicBool,
}

/// A running shop; it ends when dropped.
pub struct Double<H: Handler> {
    inside: Arc<Inside<H>>,
    address: String,
    certificate: Option<String>,
    task: JoinHandle<()>,
}

fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

impl<H: Handler> Double<H> {
    /// Opens a shop on a free port of the loopback, within the current runtime; with `tls` under a
    /// certificate of its own.
    ///
    /// # Errors
    /// Where no port can be had, or no certificate made.
    pub async fn start(tls: bool, mut shelf: H) -> io::Result<Self> {
        let listener = TcpListener::bind((std::net::Ipv4Addr::LOCALHOST, 0)).await?;
        let at: SocketAddr = listener.local_addr()?;
        let scheme = if tls { "https" } else { "http" };
        let address = format!("{scheme}://{at}");
        let (acceptor, certificate) = if tls {
            let (key, pem) = certificate::for_loopback().map_err(io::Error::other)?;
            let identity = Identity::from_pkcs8(pem.as_bytes(), &key).map_err(io::Error::other)?;
            let acceptor = native_tls::TlsAcceptor::new(identity).map_err(io::Error::other)?;
            (
                Some(tokio_native_tls::TlsAcceptor::from(acceptor)),
                Some(pem),
            )
        } else {
            (None, None)
        };
        shelf.opened(&address);
        let inside = Arc::new(Inside {
            is_tls: tls,
            shelf: Mutex::new(shelf),
            faults: Mutex::new(VecDeque::new()),
            held: Mutex::default(),
            log: Mutex::default(),
            off: AtomicBool::new(false),
        });
        let served = Arc::clone(&inside);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                let (inside, acceptor) = (Arc::clone(&served), acceptor.clone());
                // Else the parts of a handshake wait for each other.
                let _ = stream.set_nodelay(true);
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
    pub fn shelf(&self) -> MutexGuard<'_, H> {
        locked(&self.inside.shelf)
    }

    /// The next request of this verb (`*` is any, `!GET` any other) whose route starts so goes
    /// wrong; several are taken in turn.
    pub fn fail_next(&self, method: &str, route: &str, fault: Fault) {
        self.fail_nth(0, method, route, fault);
    }

    /// As [`Self::fail_next`], after letting so many such requests through.
    pub fn fail_nth(&self, skip: usize, method: &str, route: &str, fault: Fault) {
        let then = matches!(fault, Fault::Stale).then(|| self.shelf().clone());
        locked(&self.inside.faults).push_back(Planned {
            method: method.to_owned(),
            route: route.to_owned(),
            skip,
            fault,
            then,
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

    /// Lets everything that was held back on the way arrive.
    pub fn settle(&self) {
        self.inside.release();
    }

    /// The requests so far, those held back included.
    pub fn log(&self) -> Vec<Logged> {
        locked(&self.inside.log).clone()
    }

    /// Forgets the requests so far.
    pub fn clear_log(&self) {
        locked(&self.inside.log).clear();
    }
}

impl<H: Handler> Drop for Double<H> {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl<H: Handler> Inside<H> {
    async fn serve(&self, mut stream: impl AsyncRead + AsyncWrite + Unpin) -> io::Result<()> {
        if self.off.load(Ordering::SeqCst) {
            return stream.shutdown().await;
        }
        let Some(mut asked) = wire::read_request(&mut stream).await? else {
            return stream
                .write_all(b"HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n")
                .await;
        };
        asked.is_tls = self.is_tls;
        let route = locked(&self.shelf).route(&asked);
        locked(&self.log).push(Logged {
            method: asked.method.clone(),
            route: route.clone(),
            query: asked.query.clone(),
            has_authorization: asked.header("authorization").is_some(),
            body: asked.text(),
        });
        let planned = self.planned(&asked.method, &route);
        let reply = match planned {
            Some(planned) => self.go_wrong(&asked, planned).await,
            None => Some(self.told(&asked)),
        };
        if let Some(reply) = reply {
            stream.write_all(&reply).await?;
        }
        stream.shutdown().await
    }

    /// The fault for this request; earlier plans that let it through are counted down.
    fn planned(&self, method: &str, route: &str) -> Option<Planned<H>> {
        let mut faults = locked(&self.faults);
        let is_meant = |one: &Planned<H>| {
            let by_verb = match one.method.strip_prefix('!') {
                Some(other) => other != method,
                None => one.method == "*" || one.method == method,
            };
            by_verb && route.starts_with(&one.route)
        };
        let at = faults.iter().position(|one| is_meant(one) && one.skip == 0);
        for (index, one) in faults.iter_mut().enumerate() {
            if Some(index) != at && is_meant(one) {
                one.skip = one.skip.saturating_sub(1);
            }
        }
        at.and_then(|at| faults.remove(at))
    }

    /// The bytes to answer with; none ends the connection without a word.
    async fn go_wrong(&self, asked: &Asked, planned: Planned<H>) -> Option<Vec<u8>> {
        Some(match planned.fault {
            Fault::CutBefore => return None,
            Fault::CutAfter => {
                self.carry_out(asked);
                return None;
            }
            Fault::CutMidBody => {
                let told = self.carry_out(asked);
                let half = told.body.len().div_ceil(2);
                let mut reply = self.bytes(&told);
                reply.truncate(reply.len() - half);
                reply
            }
            Fault::FailAfter => {
                self.carry_out(asked);
                self.bytes(&refused(
                    500,
                    "internal_server_error",
                    "There has been a critical error.",
                ))
            }
            Fault::Page(status) => wire::written(&Told::page(status), None),
            Fault::TooMany(seconds) => {
                let told = Told {
                    status: 429,
                    headers: Vec::new(),
                    body: b"{}".to_vec(),
                };
                wire::written(&told.with("Retry-After", seconds.to_string()), None)
            }
            Fault::Delay(time) => {
                let reply = self.told(asked);
                tokio::time::sleep(time).await;
                reply
            }
            Fault::Duplicate => {
                let told = self.carry_out(asked);
                self.carry_out(asked);
                self.bytes(&told)
            }
            Fault::Reorder => {
                locked(&self.held).push(asked.clone());
                return None;
            }
            Fault::Stale => match planned.then {
                Some(mut then) => {
                    let told = then.answer(asked);
                    self.bytes(&told)
                }
                None => self.told(asked),
            },
            Fault::ClockAhead(by) => {
                let mut shop = locked(&self.shelf);
                shop.shift_clock(by);
                let told = shop.answer(asked);
                let now = shop.now();
                shop.shift_clock(-by);
                wire::written(&told, now)
            }
            Fault::WrongTotals => {
                let told = self.carry_out(asked);
                locked(&self.shelf).spoil_totals(asked);
                self.bytes(&told)
            }
            Fault::Refuse(status, code) => self.bytes(&refused(status, code, "refused")),
            Fault::Redirect(status, place) => {
                let told = Told {
                    status,
                    headers: vec![("Location".to_owned(), place)],
                    body: Vec::new(),
                };
                wire::written(&told, None)
            }
            Fault::Raw(headers, bytes) => wire::raw(200, &headers, &bytes),
        })
    }

    fn carry_out(&self, asked: &Asked) -> Told {
        let told = locked(&self.shelf).answer(asked);
        self.release();
        told
    }

    fn release(&self) {
        let late = std::mem::take(&mut *locked(&self.held));
        let mut shop = locked(&self.shelf);
        for asked in late {
            shop.answer(&asked);
        }
    }

    fn told(&self, asked: &Asked) -> Vec<u8> {
        let told = self.carry_out(asked);
        self.bytes(&told)
    }

    fn bytes(&self, told: &Told) -> Vec<u8> {
        wire::written(told, locked(&self.shelf).now())
    }
}

fn refused(status: u16, code: &str, message: &str) -> Told {
    let body = serde_json::json!({
        "code": code, "message": message, "data": { "status": status },
    });
    Told::json(status, &body)
}
