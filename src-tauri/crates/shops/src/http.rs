//! One HTTP client for all connectors: what a shop may send is bounded, where it may send us is
//! checked, and what went wrong is said in [`ShopError`]'s words. Addresses are logged without
//! their query, for that is where keys travel.

mod address;
pub mod tape;

pub use address::is_public;

use crate::{Access, REQUEST_LIMIT, Rate, ShopError};
use address::{CheckedResolver, PrivateOnly};
use chrono::{DateTime, Utc};
use reqwest::header::{
    ACCEPT, AUTHORIZATION, CONTENT_TYPE, DATE, HeaderMap, HeaderName, HeaderValue, LOCATION,
    RETRY_AFTER,
};
use reqwest::{Certificate, Client, Method, StatusCode, redirect, retry};
use serde::Serialize;
use serde::de::DeserializeOwned;
use std::error::Error;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use sync::budget::Budget;
use url::{Host, Url};

/// How long a connection may take to stand, TLS included.
pub const CONNECT_LIMIT: Duration = Duration::from_secs(10);

/// How long a shop may fall silent in the middle of an answer.
pub const IDLE_LIMIT: Duration = Duration::from_secs(15);

/// The largest answer read, in bytes after decompression.
pub const BODY_LIMIT: usize = 8 * 1024 * 1024;

/// The most that the headers of one answer may hold, in bytes.
pub const HEADER_LIMIT: usize = 64 * 1024;

/// How many times in turn a shop may send us on.
const REDIRECT_LIMIT: usize = 3;

/// Reads what an admin typed: `https://` is added where no scheme is given, the path ends with a
/// slash, query and fragment are dropped.
///
/// # Errors
/// [`ShopError::BadAddress`] for no address, another scheme, or one with a name and password in it.
pub fn parse_address(typed: &str) -> Result<Url, ShopError> {
    let typed = typed.trim();
    let with_scheme = if typed.contains("://") {
        typed.to_owned()
    } else {
        format!("https://{typed}")
    };
    let mut url = Url::parse(&with_scheme).map_err(|_| ShopError::BadAddress)?;
    let has_host = url.host_str().is_some_and(|host| !host.is_empty());
    let names_someone = !url.username().is_empty() || url.password().is_some();
    if !matches!(url.scheme(), "http" | "https") || !has_host || names_someone {
        return Err(ShopError::BadAddress);
    }
    url.set_query(None);
    url.set_fragment(None);
    if !url.path().ends_with('/') {
        let path = format!("{}/", url.path());
        url.set_path(&path);
    }
    Ok(url)
}

/// A client of one shop.
#[derive(Clone)]
pub struct Http {
    client: Client,
    base: Url,
    plain_allowed: bool,
    private_allowed: bool,
    line: tape::Line,
    budget: Option<Arc<Mutex<Budget>>>,
    opened: Instant,
}

impl Http {
    /// Prepares a client under the admin's leave in `access`; sends nothing yet.
    ///
    /// # Errors
    /// [`ShopError::BadAddress`], [`ShopError::NoTls`] for plain HTTP without leave,
    /// [`ShopError::PrivateAddress`] for a literal private address without leave, and
    /// [`ShopError::BadCertificate`] where the authority's PEM cannot be read.
    pub fn new(access: &Access) -> Result<Self, ShopError> {
        let base = parse_address(&access.address)?;
        let mut builder = Client::builder()
            .user_agent(concat!("Dzvinok/", env!("CARGO_PKG_VERSION")))
            .connect_timeout(CONNECT_LIMIT)
            .timeout(REQUEST_LIMIT)
            .redirect(redirect::Policy::none())
            // A write repeated behind our back could take effect twice.
            .retry(retry::never())
            // A proxy would resolve names itself, past the check of addresses.
            .no_proxy()
            .dns_resolver(CheckedResolver {
                allow_private: access.allow_private,
            });
        if let Some(pem) = &access.certificate_authority {
            let authorities = Certificate::from_pem_bundle(pem.as_bytes())
                .map_err(|_| ShopError::BadCertificate)?;
            builder = builder.tls_certs_merge(authorities);
        }
        let line = tape::Line::current();
        // Where nothing goes over any network, reading the system's authorities is not worth its time.
        let client = match line.client() {
            Some(client) => client,
            None => builder.build().map_err(|_| ShopError::BadCertificate)?,
        };
        let http = Self {
            client,
            base,
            plain_allowed: access.allow_http,
            private_allowed: access.allow_private,
            line,
            budget: None,
            opened: Instant::now(),
        };
        http.check(&http.base)?;
        Ok(http)
    }

    /// Keeps to what the shop bears: requests beyond it wait for their turn. All clones share it.
    #[must_use]
    pub fn paced(self, rate: Rate) -> Self {
        let per = Duration::from_secs(rate.seconds.into());
        Self {
            budget: Some(Arc::new(Mutex::new(Budget::new(rate.requests, per)))),
            ..self
        }
    }

    async fn wait_for_turn(&self) {
        let wait = self.budget.as_ref().map(|budget| {
            let mut budget = budget.lock().unwrap_or_else(PoisonError::into_inner);
            budget.take(1, self.opened.elapsed())
        });
        if let Some(wait) = wait.filter(|wait| !wait.is_zero()) {
            tokio::time::sleep(wait).await;
        }
    }

    /// The shop's address, ending with a slash: join relative paths to it.
    pub fn base(&self) -> &Url {
        &self.base
    }

    /// Whether what we send is encrypted on its way.
    pub fn is_encrypted(&self) -> bool {
        self.base.scheme() == "https"
    }

    /// Sends a request and reads the whole answer, whatever its status. A GET follows up to three
    /// redirects within the same scheme, host and port; a write follows none.
    ///
    /// # Errors
    /// [`ShopError::Busy`] for 429, and for 503 with Retry-After; [`ShopError::Moved`] for a
    /// redirect elsewhere; [`ShopError::BadReply`] for one too large; else what the connection met.
    pub async fn send(&self, request: Request) -> Result<Reply, ShopError> {
        let mut url = request.url.clone();
        for _ in 0..=REDIRECT_LIMIT {
            let reply = self.send_once(&request, &url).await?;
            let status = StatusCode::from_u16(reply.status).unwrap_or_default();
            let target = reply.header(&LOCATION).filter(|_| status.is_redirection());
            let Some(target) = target.and_then(|text| url.join(text).ok()) else {
                return Ok(reply);
            };
            if request.method != Method::GET || target.origin() != url.origin() {
                return Err(ShopError::Moved(target.origin().ascii_serialization()));
            }
            url = target;
        }
        Err(ShopError::BadReply("redirected in circles".to_owned()))
    }

    async fn send_once(&self, request: &Request, url: &Url) -> Result<Reply, ShopError> {
        self.check(url)?;
        let mut outgoing = self
            .client
            .request(request.method.clone(), url.clone())
            .headers(request.headers.clone());
        if let Some(body) = &request.body {
            outgoing = outgoing.body(body.clone());
        }
        let told = self.line.answer(request, url);
        if told.is_none() {
            self.wait_for_turn().await;
        }
        let started = Instant::now();
        let outcome = match told {
            Some(told) => told,
            None => match outgoing.send().await {
                Ok(response) => read(response).await,
                Err(error) => Err(translate(&error)),
            },
        };
        let elapsed_ms = started.elapsed().as_millis();
        let (method, path) = (&request.method, url.path());
        match &outcome {
            Ok(reply) => {
                tracing::debug!(%method, path, status = reply.status, elapsed_ms, "shop answered");
            }
            Err(error) => tracing::debug!(%method, path, %error, elapsed_ms, "shop did not answer"),
        }
        let reply = outcome?;
        self.line.keep(request, url, &reply);
        let retry_after = reply.retry_after();
        if reply.status == 429 || (reply.status == 503 && retry_after.is_some()) {
            return Err(ShopError::Busy { retry_after });
        }
        Ok(reply)
    }

    /// Whether we may speak to this address at all; names are checked once resolved.
    fn check(&self, url: &Url) -> Result<(), ShopError> {
        match url.scheme() {
            "https" => {}
            "http" if self.plain_allowed => {}
            "http" => return Err(ShopError::NoTls),
            _ => return Err(ShopError::BadAddress),
        }
        let is_private = match url.host() {
            Some(Host::Ipv4(address)) => !is_public(address.into()),
            Some(Host::Ipv6(address)) => !is_public(address.into()),
            Some(Host::Domain(name)) => is_loopback_name(name),
            None => return Err(ShopError::BadAddress),
        };
        if is_private && !self.private_allowed {
            Err(ShopError::PrivateAddress)
        } else {
            Ok(())
        }
    }
}

/// Names that mean the loopback whatever a resolver says (RFC 6761 §6.3).
fn is_loopback_name(name: &str) -> bool {
    let name = name.trim_end_matches('.').to_ascii_lowercase();
    name == "localhost" || name.ends_with(".localhost")
}

/// What to ask of a shop.
#[derive(Clone)]
pub struct Request {
    method: Method,
    url: Url,
    headers: HeaderMap,
    body: Option<Vec<u8>>,
}

impl Request {
    /// A request without a body.
    pub fn new(method: Method, url: Url) -> Self {
        let mut headers = HeaderMap::new();
        headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
        Self {
            method,
            url,
            headers,
            body: None,
        }
    }

    /// Reads.
    pub fn get(url: Url) -> Self {
        Self::new(Method::GET, url)
    }

    /// Writes.
    pub fn post(url: Url) -> Self {
        Self::new(Method::POST, url)
    }

    /// Writes over what is there.
    pub fn put(url: Url) -> Self {
        Self::new(Method::PUT, url)
    }

    /// Where it goes.
    pub fn url(&self) -> &Url {
        &self.url
    }

    /// Its verb.
    pub fn method(&self) -> &Method {
        &self.method
    }

    /// Adds a JSON body.
    ///
    /// # Errors
    /// [`ShopError::Unsupported`] where the value has no JSON form.
    pub fn json(mut self, value: &impl Serialize) -> Result<Self, ShopError> {
        let body = serde_json::to_vec(value)
            .map_err(|_| ShopError::Unsupported("a value without a JSON form"))?;
        self.headers
            .insert(CONTENT_TYPE, HeaderValue::from_static("application/json"));
        self.body = Some(body);
        Ok(self)
    }

    /// Adds a header that is no secret.
    ///
    /// # Errors
    /// [`ShopError::Unsupported`] where the value holds line breaks and the like.
    pub fn header(mut self, name: HeaderName, value: &str) -> Result<Self, ShopError> {
        let value = HeaderValue::from_str(value)
            .map_err(|_| ShopError::Unsupported("a header with control characters"))?;
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Adds `Authorization`, kept out of every log.
    ///
    /// # Errors
    /// [`ShopError::WrongKey`] where the value cannot be a header, so cannot be a key.
    pub fn authorization(self, value: &str) -> Result<Self, ShopError> {
        self.secret_header(AUTHORIZATION, value)
    }

    /// Adds a header that is a key, kept out of every log.
    ///
    /// # Errors
    /// [`ShopError::WrongKey`] where the value cannot be a header, so cannot be a key.
    pub fn secret_header(mut self, name: HeaderName, value: &str) -> Result<Self, ShopError> {
        let mut value = HeaderValue::from_str(value).map_err(|_| ShopError::WrongKey)?;
        value.set_sensitive(true);
        self.headers.insert(name, value);
        Ok(self)
    }

    /// Adds a form as body.
    #[must_use]
    pub fn form(mut self, pairs: &[(&str, &str)]) -> Self {
        let mut form = url::form_urlencoded::Serializer::new(String::new());
        form.extend_pairs(pairs);
        self.headers.insert(
            CONTENT_TYPE,
            HeaderValue::from_static("application/x-www-form-urlencoded"),
        );
        self.body = Some(form.finish().into_bytes());
        self
    }
}

/// A shop's whole answer.
pub struct Reply {
    /// HTTP status.
    pub status: u16,
    headers: HeaderMap,
    body: Vec<u8>,
}

impl Reply {
    /// A header's text; none where absent or not text.
    pub fn header(&self, name: impl reqwest::header::AsHeaderName) -> Option<&str> {
        self.headers.get(name)?.to_str().ok()
    }

    /// The body as it came.
    pub fn body(&self) -> &[u8] {
        &self.body
    }

    /// Whether the status says that it went well.
    pub fn is_success(&self) -> bool {
        (200..300).contains(&self.status)
    }

    /// The shop's own clock when it answered, whole seconds.
    pub fn shop_time(&self) -> Option<DateTime<Utc>> {
        let text = self.header(DATE)?;
        DateTime::parse_from_rfc2822(text)
            .ok()
            .map(|time| time.with_timezone(&Utc))
    }

    /// How long it asks us to wait.
    pub fn retry_after(&self) -> Option<Duration> {
        let text = self.header(RETRY_AFTER)?.trim();
        if let Ok(seconds) = text.parse() {
            return Some(Duration::from_secs(seconds));
        }
        let until = DateTime::parse_from_rfc2822(text).ok()?.with_timezone(&Utc);
        Some((until - self.shop_time()?).to_std().unwrap_or_default())
    }

    /// Whether it is a page for people where data was asked for: a maintenance or error page.
    pub fn is_page(&self) -> bool {
        let declared = self
            .header(CONTENT_TYPE)
            .is_some_and(|kind| kind.contains("html"));
        declared || self.text_start().starts_with(b"<")
    }

    /// Reads the body as JSON of the given form.
    ///
    /// # Errors
    /// [`ShopError::BadReply`] saying where it departs from the form, never what stands there.
    pub fn json<T: DeserializeOwned>(&self) -> Result<T, ShopError> {
        if self.is_page() {
            return Err(ShopError::BadReply("a web page instead of data".to_owned()));
        }
        serde_json::from_slice(self.text_start()).map_err(|error| {
            let kind = match error.classify() {
                serde_json::error::Category::Eof => "cut off",
                serde_json::error::Category::Data => "of another form",
                _ => "no JSON",
            };
            ShopError::BadReply(format!(
                "{kind} at line {} column {}",
                error.line(),
                error.column()
            ))
        })
    }

    fn text_start(&self) -> &[u8] {
        let body = self
            .body
            .strip_prefix(b"\xEF\xBB\xBF")
            .unwrap_or(&self.body);
        body.trim_ascii_start()
    }
}

async fn read(mut response: reqwest::Response) -> Result<Reply, ShopError> {
    let headers = std::mem::take(response.headers_mut());
    let header_bytes: usize = headers
        .iter()
        .map(|(name, value)| name.as_str().len() + value.len())
        .sum();
    if header_bytes > HEADER_LIMIT {
        return Err(ShopError::BadReply("headers too large".to_owned()));
    }
    let mut body = Vec::new();
    loop {
        let chunk = tokio::time::timeout(IDLE_LIMIT, response.chunk())
            .await
            .map_err(|_| ShopError::TimedOut)?;
        let chunk = match chunk {
            Ok(Some(chunk)) => chunk,
            Ok(None) => break,
            Err(error) if is_broken_coding(&error) => {
                return Err(ShopError::BadReply("broken compression".to_owned()));
            }
            Err(error) => return Err(translate(&error)),
        };
        if body.len() + chunk.len() > BODY_LIMIT {
            return Err(ShopError::BadReply("larger than 8 MiB".to_owned()));
        }
        body.extend_from_slice(&chunk);
    }
    Ok(Reply {
        status: response.status().as_u16(),
        headers,
        body,
    })
}

/// Whether the bytes came and could not be decompressed. Everything that ends a body early passes
/// through the decoder too, a cut connection and the limit of time as well.
fn is_broken_coding(error: &reqwest::Error) -> bool {
    let is_coding = |kind| {
        use std::io::ErrorKind;
        matches!(kind, ErrorKind::InvalidData | ErrorKind::InvalidInput)
    };
    !error.is_timeout()
        && causes(error.source())
            .filter_map(|cause| cause.downcast_ref::<std::io::Error>())
            .any(|cause| is_coding(cause.kind()))
}

/// Tells apart what a person can do about a failed connection. The text of `error` is dropped: it
/// holds the address with its query.
fn translate(error: &reqwest::Error) -> ShopError {
    if error.is_timeout() {
        return ShopError::TimedOut;
    }
    let causes = || causes(error.source());
    if causes().any(<dyn Error>::is::<PrivateOnly>) {
        return ShopError::PrivateAddress;
    }
    if let Some(tls) = causes().find(|cause| cause.is::<native_tls::Error>()) {
        return translate_tls(tls);
    }
    ShopError::Unreachable
}

fn causes<'a>(
    first: Option<&'a (dyn Error + 'static)>,
) -> impl Iterator<Item = &'a (dyn Error + 'static)> {
    std::iter::successors(first, |&cause| cause.source())
}

/// OpenSSL, `SChannel` and Security.framework share no error codes, but all of them speak of the
/// certificate or of trust when that is what they refuse.
fn translate_tls(error: &(dyn Error + 'static)) -> ShopError {
    if causes(Some(error)).any(<dyn Error>::is::<std::io::Error>) {
        return ShopError::Unreachable;
    }
    let speaks_of_trust = causes(Some(error)).any(|cause| {
        let text = cause.to_string().to_ascii_lowercase();
        text.contains("certificate") || text.contains("trust")
    });
    if speaks_of_trust {
        ShopError::BadCertificate
    } else {
        ShopError::NoTls
    }
}
