//! HTTP as retailCRM wants it: the key in a header, writes as forms whose nested parts are JSON, and
//! `success: false` with words of its own.

use crate::http::{Http, Reply, Request};
use crate::{Access, ShopError};
use reqwest::header::HeaderName;
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::Value;
use url::Url;

const KEY_HEADER: HeaderName = HeaderName::from_static("x-api-key");

/// How much of a refusal's own words is passed on.
const REASON_LIMIT: usize = 300;

/// What a request is for: names the right that a refusal is about.
#[derive(Clone, Copy, PartialEq, Eq)]
pub(super) enum Purpose {
    /// Reads what is named.
    Read(&'static str),
    /// Changes something.
    Write,
}

pub(super) struct Client {
    http: Http,
    root: Url,
    key: String,
}

/// What every answer has.
#[derive(Deserialize)]
struct Envelope {
    success: bool,
    #[serde(default, rename = "errorMsg")]
    message: String,
    #[serde(default)]
    errors: Value,
}

impl Client {
    pub(super) fn new(access: &Access) -> Result<Self, ShopError> {
        let http = Http::new(access)?.paced(access.rate.unwrap_or(super::RATE));
        // The interface lives at the root, whatever page of the account was copied.
        let mut root = http.base().clone();
        root.set_path("/");
        let typed = [&access.secret, &access.user];
        let key = typed.into_iter().map(|text| text.trim());
        Ok(Self {
            http,
            root,
            key: key
                .into_iter()
                .find(|text| !text.is_empty())
                .unwrap_or_default()
                .to_owned(),
        })
    }

    /// Reads a path such as `api/v5/orders`.
    pub(super) async fn get<T: DeserializeOwned>(
        &self,
        path: &str,
        parameters: &[(&str, String)],
        what: &'static str,
    ) -> Result<T, ShopError> {
        let mut url = self.address(path)?;
        if !parameters.is_empty() {
            url.query_pairs_mut().extend_pairs(parameters);
        }
        self.send(Request::get(url), Purpose::Read(what)).await
    }

    /// Writes a form.
    pub(super) async fn post<T: DeserializeOwned>(
        &self,
        path: &str,
        fields: &[(&str, &str)],
    ) -> Result<T, ShopError> {
        let request = Request::post(self.address(path)?).form(fields);
        self.send(request, Purpose::Write).await
    }

    async fn send<T: DeserializeOwned>(
        &self,
        request: Request,
        purpose: Purpose,
    ) -> Result<T, ShopError> {
        let request = request.secret_header(KEY_HEADER, &self.key)?;
        let reply = self.http.send(request).await?;
        check(&reply, purpose)?;
        reply.json()
    }

    fn address(&self, path: &str) -> Result<Url, ShopError> {
        self.root.join(path).map_err(|_| ShopError::BadAddress)
    }
}

fn check(reply: &Reply, purpose: Purpose) -> Result<(), ShopError> {
    let status = reply.status;
    // Too many requests in a second, said in words. A page is a fault, and a write is left in doubt:
    // the same status may come of what lies behind.
    if status == 503 && purpose != Purpose::Write && !reply.is_page() {
        return Err(ShopError::Busy { retry_after: None });
    }
    if status >= 500 {
        return Err(ShopError::ShopFault { status });
    }
    let envelope = match reply.json::<Envelope>() {
        Ok(envelope) => envelope,
        // An account that does not exist answers with a page.
        Err(_) if reply.is_page() && matches!(status, 404 | 405) => {
            return Err(ShopError::NotAShop);
        }
        Err(_) if !reply.is_success() => {
            return Err(ShopError::BadReply(format!("a web page ({status})")));
        }
        Err(error) => return Err(error),
    };
    if reply.is_success() && envelope.success {
        return Ok(());
    }
    Err(envelope.into_error(status, purpose))
}

impl Envelope {
    fn into_error(self, status: u16, purpose: Purpose) -> ShopError {
        let said = self.message.to_ascii_lowercase();
        if said.contains("\"apikey\"") || status == 401 {
            return ShopError::WrongKey;
        }
        if said.contains("account does not exist") {
            return ShopError::NotAShop;
        }
        if status == 403 || said.contains("access denied") {
            return match purpose {
                Purpose::Read(what) => ShopError::NoReadRight(what),
                Purpose::Write => ShopError::NoWriteRight,
            };
        }
        match status {
            404 if said.starts_with("not found") || said.is_empty() => ShopError::Gone,
            404 | 405 => ShopError::Unsupported("this part of the interface"),
            408 => ShopError::TimedOut,
            _ => ShopError::Refused(self.reason(status)),
        }
    }

    /// The message and what it says of each field, in retailCRM's words.
    fn reason(&self, status: u16) -> String {
        let details: Vec<String> = match &self.errors {
            Value::Object(fields) => {
                let said = fields.iter();
                said.map(|(field, text)| format!("{field}: {}", text.as_str().unwrap_or_default()))
                    .collect()
            }
            Value::Array(list) => list
                .iter()
                .filter_map(|text| text.as_str().map(str::to_owned))
                .collect(),
            _ => Vec::new(),
        };
        let mut reason = self.message.clone();
        if !details.is_empty() {
            reason = format!("{reason} ({})", details.join("; "));
        }
        if reason.is_empty() {
            reason = format!("status {status}");
        }
        reason.chars().take(REASON_LIMIT).collect()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn told(status: u16, body: &Value, purpose: Purpose) -> ShopError {
        serde_json::from_value::<Envelope>(body.clone())
            .unwrap()
            .into_error(status, purpose)
    }

    #[test]
    fn refusals_are_told_apart() {
        let said = |message: &str| json!({ "success": false, "errorMsg": message });
        let read = Purpose::Read("orders");
        for (status, message, purpose, expected) in [
            (403, "Wrong \"apiKey\" value.", read, ShopError::WrongKey),
            (403, "\"apiKey\" is missing.", read, ShopError::WrongKey),
            (
                403,
                "Access denied.",
                read,
                ShopError::NoReadRight("orders"),
            ),
            (
                403,
                "Access denied.",
                Purpose::Write,
                ShopError::NoWriteRight,
            ),
            (400, "Account does not exist.", read, ShopError::NotAShop),
            (404, "Not found", Purpose::Write, ShopError::Gone),
            (
                405,
                "Method Not Allowed",
                read,
                ShopError::Unsupported("this part of the interface"),
            ),
        ] {
            assert_eq!(told(status, &said(message), purpose), expected, "{message}");
        }
    }

    #[test]
    fn what_is_wrong_with_which_field_is_passed_on() {
        let fields = json!({ "success": false, "errorMsg": "Errors in the entity format",
            "errors": { "items[0][quantity]": "This value should be positive" } });
        assert_eq!(
            told(400, &fields, Purpose::Write),
            ShopError::Refused(
                "Errors in the entity format (items[0][quantity]: This value should be positive)"
                    .to_owned()
            )
        );
        let list = json!({ "success": false, "errorMsg": "Validation error", "errors": ["one"] });
        assert_eq!(
            told(400, &list, Purpose::Write),
            ShopError::Refused("Validation error (one)".to_owned())
        );
    }
}
