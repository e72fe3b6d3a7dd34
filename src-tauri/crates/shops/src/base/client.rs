//! One address for everything: a form with a method's name and its parameters as JSON. Errors come
//! as HTTP 200 with a code.

use crate::http::{Http, Reply, Request};
use crate::{Access, ShopError};
use chrono::{DateTime, NaiveDateTime, TimeZone, Utc};
use reqwest::header::HeaderName;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use std::time::Duration;
use url::Url;

/// Where Base.com is, unless an address is given.
pub(super) const ADDRESS: &str = "https://api.baselinker.com";

const PATH: &str = "connector.php";

const TOKEN_HEADER: HeaderName = HeaderName::from_static("x-bltoken");

/// How long a blocked token is left alone where the end is not told, and at most.
const BLOCKED: Duration = Duration::from_mins(1);
const BLOCKED_AT_MOST: Duration = Duration::from_mins(15);

/// How much of a refusal's own words is passed on.
const REASON_LIMIT: usize = 200;

/// What a request is for: names the right that a refusal is about.
#[derive(Clone, Copy, PartialEq, Eq)]
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
}

pub(super) struct Client {
    http: Http,
    endpoint: Url,
    token: String,
}

#[derive(Deserialize)]
struct Envelope {
    status: String,
    #[serde(default)]
    error_code: Option<String>,
    #[serde(default)]
    error_message: Option<String>,
}

impl Client {
    pub(super) fn new(access: &Access) -> Result<Self, ShopError> {
        let mut access = access.clone();
        if access.address.trim().is_empty() {
            ADDRESS.clone_into(&mut access.address);
        }
        let http = Http::new(&access)?.paced(access.rate.unwrap_or(super::RATE));
        let mut endpoint = http.base().clone();
        let typed = endpoint.path().trim_end_matches('/').to_owned();
        if typed.ends_with(PATH) {
            endpoint.set_path(&typed);
        } else {
            endpoint = endpoint.join(PATH).map_err(|_| ShopError::BadAddress)?;
        }
        let typed = [&access.secret, &access.user].map(|text| text.trim());
        let token = typed.into_iter().find(|text| !text.is_empty());
        Ok(Self {
            token: token.unwrap_or_default().to_owned(),
            http,
            endpoint,
        })
    }

    /// Calls a method.
    pub(super) async fn call<T: DeserializeOwned>(
        &self,
        method: &str,
        parameters: &Value,
        purpose: Purpose,
    ) -> Result<Answer<T>, ShopError> {
        let parameters = parameters.to_string();
        let request = Request::post(self.endpoint.clone())
            .form(&[("method", method), ("parameters", &parameters)])
            .secret_header(TOKEN_HEADER, &self.token)?;
        let reply = self.http.send(request).await?;
        let shop_time = reply.shop_time();
        check(&reply, purpose)?;
        let data = reply.json()?;
        Ok(Answer { data, shop_time })
    }
}

fn check(reply: &Reply, purpose: Purpose) -> Result<(), ShopError> {
    let status = reply.status;
    if status >= 500 {
        return Err(ShopError::ShopFault { status });
    }
    if reply.is_page() || !reply.is_success() {
        return Err(ShopError::BadReply(format!("a web page ({status})")));
    }
    let envelope: Envelope = reply.json()?;
    if envelope.status == "SUCCESS" {
        return Ok(());
    }
    Err(envelope.into_error(purpose, reply.shop_time()))
}

impl Envelope {
    fn into_error(self, purpose: Purpose, now: Option<DateTime<Utc>>) -> ShopError {
        let code = self.error_code.unwrap_or_default().to_ascii_uppercase();
        let message = self.error_message.unwrap_or_default();
        let said = message.to_ascii_lowercase();
        if said.contains("limit exceeded")
            || code.contains("LIMIT")
            || code == "ERROR_BLOCKED_TOKEN"
        {
            return ShopError::Busy {
                retry_after: Some(blocked_for(&said, now)),
            };
        }
        if code.contains("ACCOUNT_BLOCKED") {
            return ShopError::NoReadRight("anything: the account is blocked");
        }
        if code.contains("TOKEN") {
            return ShopError::WrongKey;
        }
        if code == "ERROR_UNKNOWN_METHOD" {
            return ShopError::Unsupported("this part of the interface");
        }
        if code.contains("PERMISSION") || code.contains("ACCESS") {
            return match purpose {
                Purpose::Read(what) => ShopError::NoReadRight(what),
                Purpose::Write => ShopError::NoWriteRight,
            };
        }
        let is_about_order = said.contains("order_id") || said.contains("order id");
        if code.contains("ORDER_ID") || (is_about_order && !said.contains("product")) {
            return ShopError::Gone;
        }
        let reason: String = format!("{code}: {message}")
            .chars()
            .take(REASON_LIMIT)
            .collect();
        ShopError::Refused(reason)
    }
}

/// How long until the moment at the end of "… token blocked until 2022-05-03 17:15:34", which is of
/// the clock in Poland.
fn blocked_for(message: &str, now: Option<DateTime<Utc>>) -> Duration {
    let until = message
        .split("until ")
        .nth(1)
        .and_then(|text| text.get(..19))
        .and_then(|text| NaiveDateTime::parse_from_str(text, "%Y-%m-%d %H:%M:%S").ok())
        .and_then(|local| {
            chrono_tz::Europe::Warsaw
                .from_local_datetime(&local)
                .earliest()
        });
    until
        .zip(now)
        .and_then(|(until, now)| (until.with_timezone(&Utc) - now).to_std().ok())
        .map_or(BLOCKED, |wait| wait.min(BLOCKED_AT_MOST))
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(code: &str, message: &str, purpose: Purpose) -> ShopError {
        let body = json!({ "status": "ERROR", "error_code": code, "error_message": message });
        let now = "2022-05-03T15:13:34Z".parse().unwrap();
        serde_json::from_value::<Envelope>(body)
            .unwrap()
            .into_error(purpose, Some(now))
    }

    #[test]
    fn error_codes_are_told_apart() {
        let read = Purpose::Read("orders");
        for (code, message, purpose, expected) in [
            (
                "ERROR_BAD_TOKEN",
                "Invalid token",
                read,
                ShopError::WrongKey,
            ),
            (
                "ERROR_USER_ACCOUNT_BLOCKED",
                "",
                read,
                ShopError::NoReadRight("anything: the account is blocked"),
            ),
            (
                "ERROR_UNKNOWN_METHOD",
                "",
                read,
                ShopError::Unsupported("this part of the interface"),
            ),
            (
                "ERROR_NO_PERMISSION",
                "",
                Purpose::Write,
                ShopError::NoWriteRight,
            ),
            (
                "ERROR_NO_PERMISSION",
                "",
                read,
                ShopError::NoReadRight("orders"),
            ),
            ("", "Invalid order_id", Purpose::Write, ShopError::Gone),
            (
                "ERROR_INVALID_PARAMETERS",
                "quantity",
                Purpose::Write,
                ShopError::Refused("ERROR_INVALID_PARAMETERS: quantity".to_owned()),
            ),
        ] {
            assert_eq!(told(code, message, purpose), expected, "{code} {message}");
        }
    }

    #[test]
    fn a_blocked_token_waits_as_long_as_it_is_told() {
        let wait = |message: &str| match told("ERROR_BLOCKED_TOKEN", message, Purpose::Write) {
            ShopError::Busy { retry_after } => retry_after.unwrap(),
            other => panic!("{other:?}"),
        };
        assert_eq!(
            wait("Query limit exceeded, token blocked until 2022-05-03 17:15:34"),
            Duration::from_mins(2)
        );
        assert_eq!(
            wait("Query limit exceeded, token blocked until 23:10"),
            BLOCKED,
            "a moment without a day cannot be reckoned with"
        );
        assert_eq!(
            wait("Query limit exceeded, token blocked until 2099-01-01 15:40:05"),
            BLOCKED_AT_MOST
        );
    }
}
