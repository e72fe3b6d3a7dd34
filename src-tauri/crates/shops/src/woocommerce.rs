//! `WooCommerce` REST v3.
//!
//! The key goes as Basic over TLS; where a server keeps that header from the shop, and over plain
//! HTTP, requests are signed instead (OAuth 1.0a) and the secret never travels. Signatures and
//! cursors go by the shop's own clock, so a wrong clock at the desk does no harm.

mod amount;
mod grant;
mod hook;
mod oauth;
mod pull;
mod push;
mod status;
mod sweep;
mod tax;
mod wire;

use crate::http::{Http, Reply, Request};
use crate::{
    Access, Again, Capabilities, Cursor, Effect, Hook, Introduction, Page, PullStyle, Rate, Shop,
    ShopError,
};
use async_trait::async_trait;
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use chrono::{DateTime, TimeDelta, Utc};
use oauth::Signer;
use reqwest::Method;
use rules::id::{OperationId, RemoteId};
use rules::money::Currency;
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};
use serde::Serialize;
use status::Words;
use std::sync::Mutex;
use std::time::Instant;
use tax::Taxes;
use tokio::sync::OnceCell;
use url::Url;
use uuid::Uuid;
use wire::{CurrencyCode, Identity, Index, Refusal};

/// The shop's software sets no limit, its host may. Nothing is asked side by side, so this is met only
/// where answers come at once.
const RATE: Rate = Rate {
    requests: 1_200,
    seconds: 60,
};

/// A `WooCommerce` shop.
pub struct WooCommerce {
    http: Http,
    base: Url,
    key: String,
    secret: String,
    site: OnceCell<Site>,
    currency: OnceCell<Currency>,
    taxes: OnceCell<Taxes>,
    words: Words,
    proof: Mutex<Proof>,
}

/// What the shop said of itself before it was shown any key.
struct Site {
    name: String,
    /// Its address as it knows it, which is what it checks signatures against.
    home: Url,
    zone: Option<String>,
    root: Root,
    shop_time: Option<DateTime<Utc>>,
    asked: Instant,
}

/// How its REST addresses are written.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Root {
    /// `/wp-json/…`
    Pretty,
    /// `/?rest_route=/…`, where the site has plain permalinks.
    Plain,
}

/// How the key is shown.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Proof {
    Basic,
    Signed {
        /// The scheme the shop believes to be asked by; behind a proxy it may not see the TLS.
        scheme: &'static str,
    },
}

impl WooCommerce {
    /// Prepares the connector; sends nothing yet.
    ///
    /// # Errors
    /// As [`Http::new`].
    pub fn new(access: &Access) -> Result<Self, ShopError> {
        let http = Http::new(access)?.paced(access.rate.unwrap_or(RATE));
        let mut base = http.base().clone();
        let path = base.path().to_owned();
        for tail in ["/wp-json/", "/wp-admin/", "/wp-login.php/"] {
            if let Some((before, _)) = path.split_once(tail) {
                base.set_path(&format!("{before}/"));
            }
        }
        let proof = if http.is_encrypted() {
            Proof::Basic
        } else {
            Proof::Signed { scheme: "http" }
        };
        Ok(Self {
            http,
            base,
            key: access.user.trim().to_owned(),
            secret: access.secret.trim().to_owned(),
            site: OnceCell::new(),
            currency: OnceCell::new(),
            taxes: OnceCell::new(),
            words: Words::new(access.statuses.clone()),
            proof: Mutex::new(proof),
        })
    }

    /// Asks the index, once; a failure is not remembered.
    async fn site(&self) -> Result<&Site, ShopError> {
        self.site.get_or_try_init(|| self.discover()).await
    }

    async fn discover(&self) -> Result<Site, ShopError> {
        let fields = (
            "_fields".to_owned(),
            "name,home,timezone_string,gmt_offset,namespaces".to_owned(),
        );
        for root in [Root::Pretty, Root::Plain] {
            let url = self.address(root, "/", std::slice::from_ref(&fields))?;
            let asked = Instant::now();
            let reply = self.http.send(Request::get(url)).await?;
            if reply.status >= 500 {
                return Err(ShopError::ShopFault {
                    status: reply.status,
                });
            }
            // A plugin may hide the index from strangers; what matters is behind the key anyway.
            let is_guarded = matches!(reply.status, 401 | 403) && reply.json::<Refusal>().is_ok();
            let index = reply.json::<Index>().ok().filter(|_| reply.is_success());
            if index.is_none() && !is_guarded {
                continue;
            }
            let known = |index: &Index| index.namespaces.iter().any(|name| name == "wc/v3");
            if index.as_ref().is_some_and(|index| !known(index)) {
                return Err(ShopError::NotAShop);
            }
            let home = index
                .as_ref()
                .and_then(|index| Url::parse(&index.home).ok());
            return Ok(Site {
                home: home.unwrap_or_else(|| self.base.clone()),
                zone: index.as_ref().and_then(zone),
                name: index.map(|index| index.name).unwrap_or_default(),
                root,
                shop_time: reply.shop_time(),
                asked,
            });
        }
        Err(ShopError::NotAShop)
    }

    /// The address of a route such as `/wc/v3/orders`.
    fn address(
        &self,
        root: Root,
        route: &str,
        parameters: &[(String, String)],
    ) -> Result<Url, ShopError> {
        let mut url = self.base.clone();
        let mut pairs = Vec::new();
        match root {
            Root::Pretty => {
                url = url
                    .join(&format!("wp-json{route}"))
                    .map_err(|_| ShopError::BadAddress)?;
            }
            Root::Plain => pairs.push(format!("rest_route={}", oauth::encode(route))),
        }
        pairs.extend(
            parameters
                .iter()
                .map(|(name, value)| format!("{}={}", oauth::encode(name), oauth::encode(value))),
        );
        url.set_query((!pairs.is_empty()).then(|| pairs.join("&")).as_deref());
        Ok(url)
    }

    /// The request with the key shown as `proof` says.
    fn prepared(
        &self,
        site: &Site,
        proof: Proof,
        method: &Method,
        route: &str,
        parameters: &[(String, String)],
    ) -> Result<Request, ShopError> {
        let Proof::Signed { scheme } = proof else {
            let url = self.address(site.root, route, parameters)?;
            let pair = STANDARD.encode(format!("{}:{}", self.key, self.secret));
            return Request::new(method.clone(), url).authorization(&format!("Basic {pair}"));
        };
        let asked = site
            .shop_time
            .ok_or_else(|| ShopError::BadReply("no Date header".to_owned()))?;
        let elapsed = TimeDelta::from_std(site.asked.elapsed()).unwrap_or_default();
        let signer = Signer {
            key: &self.key,
            secret: &self.secret,
            timestamp: (asked + elapsed).timestamp(),
            nonce: Uuid::now_v7().simple().to_string(),
        };
        let bare = self.address(site.root, route, &[])?;
        let base_uri = site.signed_uri(&self.base, &bare, scheme);
        let mut all = parameters.to_vec();
        if site.root == Root::Plain {
            all.push(("rest_route".to_owned(), route.to_owned()));
        }
        let mut query = signer.sign(method.as_str(), &base_uri, all);
        query.retain(|(name, _)| name != "rest_route");
        Ok(Request::new(
            method.clone(),
            self.address(site.root, route, &query)?,
        ))
    }

    async fn call(
        &self,
        method: Method,
        path: &str,
        parameters: &[(String, String)],
        body: Option<&(impl Serialize + Sync)>,
    ) -> Result<Reply, ShopError> {
        let site = self.site().await?;
        let route = format!("/wc/v3/{path}");
        let proof = self.proof.lock().map_or(Proof::Basic, |proof| *proof);
        let mut attempts = vec![proof];
        if proof == Proof::Basic {
            attempts.extend(["https", "http"].map(|scheme| Proof::Signed { scheme }));
        }
        let mut first = None;
        for attempt in attempts {
            let mut request = self.prepared(site, attempt, &method, &route, parameters)?;
            if let Some(body) = body {
                request = request.json(body)?;
            }
            let reply = self.http.send(request).await?;
            // Said to someone whose key was not seen at all: the server has dropped the header, or
            // the key is unknown. A refused request has changed nothing, so it may be sent again.
            let unseen = reply.status == 401
                && reply
                    .json::<Refusal>()
                    .is_ok_and(|refusal| refusal.code.starts_with("woocommerce_rest_cannot"));
            if !unseen && (reply.status != 401 || attempt == proof) {
                if attempt != proof
                    && let Ok(mut known) = self.proof.lock()
                {
                    *known = attempt;
                }
                return check(reply, &method);
            }
            first.get_or_insert(reply);
        }
        first.map_or(Err(ShopError::WrongKey), |reply| check(reply, &method))
    }

    async fn get(&self, path: &str, parameters: Vec<(String, String)>) -> Result<Reply, ShopError> {
        self.call(Method::GET, path, &parameters, None::<&()>).await
    }

    async fn write(
        &self,
        method: Method,
        path: &str,
        parameters: &[(String, String)],
        body: &(impl Serialize + Sync),
    ) -> Result<Reply, ShopError> {
        self.call(method, path, parameters, Some(body)).await
    }

    /// Deletes for good; what is not there any more is as wanted. Whether it was there.
    async fn remove(&self, path: &str) -> Result<bool, ShopError> {
        let force = [("force".to_owned(), "true".to_owned())];
        match self.call(Method::DELETE, path, &force, None::<&()>).await {
            Ok(_) => Ok(true),
            Err(ShopError::Gone) => Ok(false),
            Err(error) => Err(error),
        }
    }

    async fn currency(&self) -> Result<Currency, ShopError> {
        let ask = async || {
            let parameters = vec![("_fields".to_owned(), "code".to_owned())];
            let found: CurrencyCode = self
                .get("data/currencies/current", parameters)
                .await?
                .json()?;
            found
                .code
                .parse()
                .map_err(|_| ShopError::BadReply("no currency code".to_owned()))
        };
        self.currency.get_or_try_init(ask).await.copied()
    }

    /// Writes to the order that cannot exist. The right of the key is looked at before anything
    /// else, so a key that may write is told "no such order", and nothing is touched.
    async fn may_write(&self) -> Result<(), ShopError> {
        #[derive(Serialize)]
        struct Nothing {}
        match self.write(Method::PUT, "orders/0", &[], &Nothing {}).await {
            Ok(_) | Err(ShopError::Gone | ShopError::Refused(_)) => Ok(()),
            Err(error) => Err(error),
        }
    }
}

impl Site {
    /// What the shop takes for the address when it checks a signature: its own home, however it was
    /// reached, and the path within it.
    fn signed_uri(&self, base: &Url, url: &Url, scheme: &str) -> String {
        let path = url.path();
        let inside = path
            .strip_prefix(self.home_path().as_str())
            .or_else(|| path.strip_prefix(base.path()))
            .unwrap_or(path)
            .trim_start_matches('/');
        let home = self.home.as_str().trim_end_matches('/');
        let (_, rest) = home.split_once("://").unwrap_or(("", home));
        if inside.is_empty() {
            format!("{scheme}://{rest}")
        } else {
            format!("{scheme}://{rest}/{inside}")
        }
    }

    fn home_path(&self) -> String {
        format!("{}/", self.home.path().trim_end_matches('/'))
    }
}

/// The shop's zone; where it keeps only an offset of whole hours, the zone of that name (whose sign
/// is the other way round, IANA etcetera).
fn zone(index: &Index) -> Option<String> {
    if !index.timezone_string.is_empty() {
        return Some(index.timezone_string.clone());
    }
    let hundredths = index
        .gmt_offset
        .and_then(|hours| hours.to_money(Currency::USD))?
        .minor;
    if hundredths % 100 != 0 {
        return None;
    }
    Some(match hundredths / 100 {
        0 => "UTC".to_owned(),
        east @ 1.. => format!("Etc/GMT-{east}"),
        west => format!("Etc/GMT+{}", west.unsigned_abs()),
    })
}

/// Tells an answer's errors apart.
fn check(reply: Reply, method: &Method) -> Result<Reply, ShopError> {
    if reply.is_success() {
        return Ok(reply);
    }
    let code = reply
        .json::<Refusal>()
        .map(|refusal| refusal.code)
        .unwrap_or_default();
    let status = reply.status;
    let is_write = method != Method::GET;
    Err(match status {
        // A page where data was asked for: a firewall, a maintenance notice, a parked domain.
        _ if code.is_empty() && status < 500 => {
            ShopError::BadReply(format!("a web page ({status})"))
        }
        // The key was good for the reading that went before.
        401 if is_write && code == "woocommerce_rest_authentication_error" => {
            ShopError::NoWriteRight
        }
        401 => ShopError::WrongKey,
        403 if is_write => ShopError::NoWriteRight,
        403 => ShopError::NoReadRight("this"),
        404 if code == "rest_no_route" => ShopError::Unsupported("this part of the interface"),
        404 => ShopError::Gone,
        408 => ShopError::TimedOut,
        // Some refusals come as faults (a refund too large): worth no retry.
        500.. if code.starts_with("woocommerce_rest_") => ShopError::Refused(code),
        500.. => ShopError::ShopFault { status },
        _ => ShopError::Refused(code),
    })
}

#[async_trait]
impl Shop for WooCommerce {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        let site = self.site().await.map_err(|error| match error {
            ShopError::BadReply(_) => ShopError::NotAShop,
            other => other,
        })?;
        let one = vec![
            ("per_page".to_owned(), "1".to_owned()),
            ("_fields".to_owned(), "id".to_owned()),
        ];
        match self.get("orders", one).await {
            Ok(reply) => drop(reply.json::<Vec<Identity>>()?),
            // A key for writing alone is refused in the same words as a wrong one.
            Err(ShopError::WrongKey) if self.may_write().await.is_ok() => {
                return Err(ShopError::NoReadRight("orders"));
            }
            Err(ShopError::NoReadRight(_)) => return Err(ShopError::NoReadRight("orders")),
            Err(error) => return Err(error),
        }
        let currency = self.currency().await.map_err(|error| match error {
            ShopError::NoReadRight(_) => ShopError::NoReadRight("settings"),
            other => other,
        })?;
        self.may_write().await?;
        Ok(Introduction {
            name: site.name.clone(),
            software: "WooCommerce".to_owned(),
            currency,
            zone: site.zone.clone(),
            capabilities: Capabilities {
                edit_lines: true,
                private_notes: true,
                confirm_status: true,
                confirm_fields: true,
                cancel: true,
                conditional_write: false,
                coupons: true,
                refunds: true,
                webhooks: true,
                pull: PullStyle::ChangedSince,
                rate: RATE,
            },
            statuses: self.status_table().await?,
        })
    }

    async fn products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        self.pull_products(cursor).await
    }

    async fn customers(&self, cursor: &Cursor) -> Result<Page<Customer>, ShopError> {
        self.pull_customers(cursor).await
    }

    async fn orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        self.pull_orders(cursor).await
    }

    async fn order(&self, id: &RemoteId) -> Result<Option<Order>, ShopError> {
        self.wire_order(id)
            .await?
            .map(|order| order.to_order(&self.words))
            .transpose()
    }

    async fn orders_again(&self, ids: &[RemoteId]) -> Result<Again, ShopError> {
        self.read_again(ids).await
    }

    async fn find(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError> {
        self.find_operation(id, operation).await
    }

    async fn apply(&self, id: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError> {
        self.apply_operation(id, operation).await
    }

    async fn sweep(&self, id: OperationId, operation: &ShopOperation) -> Result<u32, ShopError> {
        self.sweep_operation(id, operation).await
    }

    fn hook(&self, headers: &[(String, String)], body: &[u8]) -> Result<Hook, ShopError> {
        self.read_hook(headers, body)
    }
}
