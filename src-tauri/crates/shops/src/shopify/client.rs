//! GraphQL over the shared HTTP client: the token, the budget of points, and errors in
//! [`ShopError`]'s words.
//!
//! Shopify counts points, not requests: each answer tells what the query cost and how many points
//! are left. We keep count ourselves and wait before we would be refused.

use crate::http::{Http, Reply, Request};
use crate::{Access, ShopError};
use chrono::{DateTime, Utc};
use reqwest::header::HeaderName;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::sync::{Mutex, PoisonError};
use std::time::Duration;
use tokio::time::Instant;
use url::Url;

/// The interface's version, as documented; one lives for at least a year.
pub(super) const API_VERSION: &str = "2026-10";

/// The longest that we wait by ourselves for points; past it the caller is told to come back.
const WAIT_LIMIT: Duration = Duration::from_secs(10);

/// No bucket takes longer to fill.
const MOST_WAIT: Duration = Duration::from_hours(1);

/// What a query is taken to cost before it has been asked once.
const FIRST_GUESS: f64 = 50.0;

/// What is said of a query that may cost more than any may. Nothing of it is carried out.
pub(super) const TOO_DEAR: &str = "a query as dear as this";

/// The least time after a refusal for want of points.
const LEAST_WAIT: Duration = Duration::from_secs(1);

/// A GraphQL document and the name of the one operation in it.
#[derive(Clone, Copy)]
pub(super) struct Document {
    pub(super) name: &'static str,
    pub(super) text: &'static str,
}

/// What a request is for: names the right that a refusal is about.
#[derive(Clone, Copy)]
pub(super) enum Purpose {
    /// Reads what is named.
    Read(&'static str),
    /// Changes something.
    Write,
}

/// Data and the shop's own clock.
pub(super) struct Answer<T> {
    pub(super) data: T,
    pub(super) shop_time: Option<DateTime<Utc>>,
    /// The version that was answered by: past its time a version is answered by a later one.
    pub(super) version: String,
}

pub(super) struct Client {
    http: Http,
    endpoint: Url,
    token: String,
    budget: Mutex<Budget>,
}

#[derive(Deserialize)]
struct Envelope {
    data: Option<Value>,
    /// A list of faults; a bare text where the request was refused before it was read.
    #[serde(default)]
    errors: Value,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Default, Deserialize)]
struct Extensions {
    cost: Option<Cost>,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Cost {
    requested_query_cost: f64,
    throttle_status: Throttle,
}

#[derive(Clone, Copy, Deserialize)]
#[serde(rename_all = "camelCase")]
struct Throttle {
    maximum_available: f64,
    currently_available: f64,
    restore_rate: f64,
}

/// The points that are left, as far as we know.
struct Budget {
    /// As last told; none before the first answer.
    told: Option<(Throttle, Instant)>,
    /// Points of requests under way.
    promised: f64,
    /// What each operation was last said to cost.
    costs: BTreeMap<&'static str, f64>,
}

impl Budget {
    fn cost(&self, operation: &str) -> f64 {
        self.costs.get(operation).copied().unwrap_or(FIRST_GUESS)
    }

    /// How long until `points` are there. Never longer than it takes to fill up: what costs more
    /// than the whole is the shop's to refuse.
    fn wait(&self, points: f64, now: Instant) -> Duration {
        let Some((told, at)) = self.told else {
            return Duration::ZERO;
        };
        let since = now.saturating_duration_since(at).as_secs_f64();
        let filled = (told.currently_available + since * told.restore_rate)
            .min(told.maximum_available)
            - self.promised;
        time_for(points.min(told.maximum_available) - filled, told)
    }

    fn learn(&mut self, operation: &'static str, cost: Cost, now: Instant) {
        self.told = Some((cost.throttle_status, now));
        self.costs.insert(operation, cost.requested_query_cost);
    }
}

/// How long it takes to get so many points.
fn time_for(points: f64, told: Throttle) -> Duration {
    if points <= 0.0 {
        return Duration::ZERO;
    }
    let rate = told.restore_rate.max(1.0);
    Duration::try_from_secs_f64(points / rate).map_or(MOST_WAIT, |time| time.min(MOST_WAIT))
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    extensions: FaultExtensions,
}

#[derive(Default, Deserialize)]
struct FaultExtensions {
    #[serde(default)]
    code: String,
}

impl Fault {
    fn into_error(self, purpose: Purpose, cost: Option<Cost>) -> ShopError {
        match self.extensions.code.as_str() {
            "THROTTLED" => ShopError::Busy {
                retry_after: cost.map(|cost| {
                    let told = cost.throttle_status;
                    let wanted = cost.requested_query_cost.min(told.maximum_available);
                    time_for(wanted - told.currently_available, told).max(LEAST_WAIT)
                }),
            },
            "ACCESS_DENIED" => denied(purpose),
            "SHOP_INACTIVE" => ShopError::Refused("the shop is closed".to_owned()),
            "INTERNAL_SERVER_ERROR" | "TIMEOUT" => ShopError::ShopFault { status: 500 },
            "MAX_COST_EXCEEDED" => ShopError::Unsupported(TOO_DEAR),
            "" => ShopError::BadReply("an error without a code".to_owned()),
            // The rest is said before anything is carried out: a field or an argument that this
            // version does not have, a query too dear.
            _ => ShopError::Unsupported("a call or field that this version does not have"),
        }
    }
}

fn denied(purpose: Purpose) -> ShopError {
    match purpose {
        Purpose::Read(what) => ShopError::NoReadRight(what),
        Purpose::Write => ShopError::NoWriteRight,
    }
}

impl Client {
    pub(super) fn new(access: &Access) -> Result<Self, ShopError> {
        let http = Http::new(access)?;
        let mut endpoint = http.base().clone();
        endpoint.set_path(&format!("/admin/api/{API_VERSION}/graphql.json"));
        Ok(Self {
            http,
            endpoint,
            token: access.secret.trim().to_owned(),
            budget: Mutex::new(Budget {
                told: None,
                promised: 0.0,
                costs: BTreeMap::new(),
            }),
        })
    }

    /// The shop's host, as typed.
    pub(super) fn host(&self) -> &str {
        self.endpoint.host_str().unwrap_or_default()
    }

    /// Asks once the points for it are there.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        document: Document,
        variables: Value,
        purpose: Purpose,
    ) -> Result<Answer<T>, ShopError> {
        let body = json!({
            "query": document.text,
            "operationName": document.name,
            "variables": variables,
        });
        let promise = self.promise(document.name).await?;
        let reply = self.post(&body).await;
        drop(promise);
        let reply = reply?;
        let shop_time = reply.shop_time();
        let version = reply.header("x-shopify-api-version").unwrap_or(API_VERSION);
        if version != API_VERSION {
            tracing::warn!(
                version,
                "the shop answers by another version than was asked for"
            );
        }
        let version = version.to_owned();
        let envelope = read(&reply, purpose)?;
        let cost = envelope.extensions.cost;
        if let Some(cost) = cost {
            self.budget().learn(document.name, cost, Instant::now());
        }
        if let Some(fault) = first_fault(envelope.errors)? {
            return Err(fault.into_error(purpose, cost));
        }
        let data = envelope.data.unwrap_or_default();
        // The error is not passed on whole: it may quote the value.
        let data = serde_json::from_value(data).map_err(|error| {
            let category = error.classify();
            ShopError::BadReply(format!("data of another form ({category:?})"))
        })?;
        Ok(Answer {
            data,
            shop_time,
            version,
        })
    }

    fn budget(&self) -> std::sync::MutexGuard<'_, Budget> {
        self.budget.lock().unwrap_or_else(PoisonError::into_inner)
    }

    /// Sets the points for an operation aside, waiting for them a little.
    async fn promise(&self, operation: &'static str) -> Result<Promise<'_>, ShopError> {
        let started = Instant::now();
        loop {
            let wait = {
                let mut budget = self.budget();
                let points = budget.cost(operation);
                let wait = budget.wait(points, Instant::now());
                if wait.is_zero() {
                    budget.promised += points;
                    return Ok(Promise {
                        client: self,
                        points,
                    });
                }
                wait
            };
            if started.elapsed() + wait > WAIT_LIMIT {
                return Err(ShopError::Busy {
                    retry_after: Some(wait),
                });
            }
            tracing::debug!(operation, wait_ms = wait.as_millis(), "waiting for points");
            tokio::time::sleep(wait).await;
        }
    }

    async fn post(&self, body: &Value) -> Result<Reply, ShopError> {
        let name = HeaderName::from_static("x-shopify-access-token");
        let request = Request::post(self.endpoint.clone())
            .json(body)?
            .header(name, &self.token)
            .map_err(|_| ShopError::WrongKey)?;
        self.http.send(request).await
    }
}

/// Points set aside while a request is under way.
struct Promise<'a> {
    client: &'a Client,
    points: f64,
}

impl Drop for Promise<'_> {
    fn drop(&mut self) {
        let mut budget = self.client.budget();
        budget.promised = (budget.promised - self.points).max(0.0);
    }
}

fn read(reply: &Reply, purpose: Purpose) -> Result<Envelope, ShopError> {
    match reply.status {
        200..=299 => reply.json(),
        401 => Err(ShopError::WrongKey),
        402 => Err(ShopError::Refused(
            "the shop's account is frozen".to_owned(),
        )),
        403 => Err(denied(purpose)),
        404 => Err(ShopError::NotAShop),
        423 => Err(ShopError::Refused("the shop is locked".to_owned())),
        // Shopify's own word for "looks like an attack": worth waiting, not changing the key.
        430 => Err(ShopError::Busy { retry_after: None }),
        status @ 500.. => Err(ShopError::ShopFault { status }),
        status => Err(ShopError::BadReply(format!("status {status}"))),
    }
}

fn first_fault(errors: Value) -> Result<Option<Fault>, ShopError> {
    let odd = || ShopError::BadReply("errors of another form".to_owned());
    match errors {
        Value::Null => Ok(None),
        Value::Array(faults) => match faults.into_iter().next() {
            None => Ok(None),
            Some(fault) => serde_json::from_value(fault).map(Some).map_err(|_| odd()),
        },
        _ => Err(odd()),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const FULL: Throttle = Throttle {
        maximum_available: 2000.0,
        currently_available: 2000.0,
        restore_rate: 100.0,
    };

    fn budget(available: f64, at: Instant) -> Budget {
        let told = Throttle {
            currently_available: available,
            ..FULL
        };
        Budget {
            told: Some((told, at)),
            promised: 0.0,
            costs: BTreeMap::new(),
        }
    }

    #[tokio::test]
    async fn points_come_back_with_time_and_never_above_the_rim() {
        let now = Instant::now();
        let mut budget = budget(100.0, now);
        assert_eq!(budget.wait(100.0, now), Duration::ZERO, "enough is there");
        assert_eq!(
            budget.wait(400.0, now),
            Duration::from_secs(3),
            "300 points are missing at 100 a second"
        );
        let later = now + Duration::from_secs(2);
        assert_eq!(budget.wait(400.0, later), Duration::from_secs(1));
        let much_later = now + Duration::from_hours(1);
        budget.promised = 1900.0;
        assert_eq!(
            budget.wait(200.0, much_later),
            Duration::from_secs(1),
            "the bucket holds 2000, of which 1900 are set aside"
        );
    }

    #[tokio::test]
    async fn what_costs_more_than_the_whole_bucket_is_not_waited_for_without_end() {
        let now = Instant::now();
        let budget = budget(2000.0, now);
        assert_eq!(
            budget.wait(5000.0, now),
            Duration::ZERO,
            "the shop refuses it with a word of its own"
        );
    }

    #[test]
    fn a_throttled_answer_says_when_to_come_back() {
        let fault = || Fault {
            extensions: FaultExtensions {
                code: "THROTTLED".to_owned(),
            },
        };
        let cost = Cost {
            requested_query_cost: 752.0,
            throttle_status: Throttle {
                currently_available: 252.0,
                ..FULL
            },
        };
        assert_eq!(
            fault().into_error(Purpose::Write, Some(cost)),
            ShopError::Busy {
                retry_after: Some(Duration::from_secs(5))
            },
            "500 points at 100 a second"
        );
        assert_eq!(
            fault().into_error(Purpose::Write, None),
            ShopError::Busy { retry_after: None },
            "without figures there is nothing to compute"
        );
    }

    #[test]
    fn errors_may_be_a_bare_text() {
        assert!(
            first_fault(json!("[API] Invalid API key")).is_err(),
            "a text is no list of faults"
        );
        assert!(first_fault(json!([])).unwrap().is_none());
        let fault =
            first_fault(json!([{ "message": "x", "extensions": { "code": "ACCESS_DENIED" } }]));
        assert_eq!(
            fault
                .unwrap()
                .unwrap()
                .into_error(Purpose::Read("orders"), None),
            ShopError::NoReadRight("orders")
        );
    }
}
