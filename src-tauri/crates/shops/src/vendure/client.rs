//! GraphQL over the shared HTTP client: signing in, and errors in [`ShopError`]'s words.

use crate::http::{Http, Reply, Request};
use crate::{Access, ShopError};
use chrono::{DateTime, Utc};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Value, json};
use tokio::sync::Mutex;
use url::Url;

/// Where the Admin API lives unless a shop says otherwise.
const ADMIN_PATH: &str = "admin-api";

/// The header that carries a new session's token.
const TOKEN_HEADER: &str = "vendure-auth-token";

const LOGIN: &str = "
mutation Login($user: String!, $secret: String!) {
  login(username: $user, password: $secret) {
    __typename
    ... on ErrorResult { errorCode message }
  }
}";

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
}

pub(super) struct Client {
    http: Http,
    endpoint: Url,
    user: String,
    secret: String,
    token: Mutex<Option<String>>,
}

#[derive(Deserialize)]
struct Envelope {
    data: Option<Value>,
    #[serde(default)]
    errors: Vec<Fault>,
}

#[derive(Deserialize)]
struct Fault {
    #[serde(default)]
    message: String,
    #[serde(default)]
    extensions: Extensions,
}

#[derive(Default, Deserialize)]
struct Extensions {
    #[serde(default)]
    code: String,
}

impl Fault {
    fn is_about_rights(&self) -> bool {
        matches!(self.extensions.code.as_str(), "FORBIDDEN" | "UNAUTHORIZED")
    }

    fn into_error(self) -> ShopError {
        match self.extensions.code.as_str() {
            "ENTITY_NOT_FOUND" => ShopError::Gone,
            "INTERNAL_SERVER_ERROR" => ShopError::ShopFault { status: 500 },
            // Nothing of such a request is carried out.
            "GRAPHQL_VALIDATION_FAILED" | "GRAPHQL_PARSE_FAILED" | "BAD_USER_INPUT" => {
                ShopError::Unsupported("a call or field that this Vendure does not have")
            }
            "USER_INPUT_ERROR" | "ILLEGAL_OPERATION" => ShopError::Refused(self.message),
            "" => ShopError::BadReply("an error without a code".to_owned()),
            code => ShopError::Refused(code.to_owned()),
        }
    }
}

impl Client {
    pub(super) fn new(access: &Access) -> Result<Self, ShopError> {
        let http = Http::new(access)?.paced(access.rate.unwrap_or(super::RATE));
        let mut endpoint = http.base().clone();
        let typed = endpoint.path().trim_end_matches('/');
        let path = if typed.ends_with(ADMIN_PATH) {
            typed.to_owned()
        } else {
            format!("{typed}/{ADMIN_PATH}")
        };
        endpoint.set_path(&path);
        Ok(Self {
            http,
            endpoint,
            user: access.user.clone(),
            secret: access.secret.clone(),
            token: Mutex::new(None),
        })
    }

    /// Asks, signing in where needed. A session that has ended answers as a missing right does, so
    /// a refusal is believed only from a fresh session; a refused request changes nothing.
    pub(super) async fn ask<T: DeserializeOwned>(
        &self,
        query: &str,
        variables: Value,
        purpose: Purpose,
    ) -> Result<Answer<T>, ShopError> {
        let body = json!({ "query": query, "variables": variables });
        let (mut token, mut is_fresh) = self.session(None).await?;
        loop {
            let reply = self.post(&body, Some(&token)).await?;
            let shop_time = reply.shop_time();
            let envelope = read(&reply)?;
            match envelope.errors.into_iter().next() {
                Some(fault) if !fault.is_about_rights() => return Err(fault.into_error()),
                Some(_) if is_fresh => {
                    return Err(match purpose {
                        Purpose::Read(what) => ShopError::NoReadRight(what),
                        Purpose::Write => ShopError::NoWriteRight,
                    });
                }
                Some(_) => (token, is_fresh) = self.session(Some(&token)).await?,
                None => {
                    let data = envelope.data.unwrap_or_default();
                    // The error is not passed on whole: it may quote the value.
                    let data = serde_json::from_value(data).map_err(|error| {
                        let category = error.classify();
                        ShopError::BadReply(format!("data of another form ({category:?})"))
                    })?;
                    return Ok(Answer { data, shop_time });
                }
            }
        }
    }

    /// A session's token, and whether it was made just now. `ended` is one that was refused.
    async fn session(&self, ended: Option<&str>) -> Result<(String, bool), ShopError> {
        let mut held = self.token.lock().await;
        if let Some(token) = held.as_deref().filter(|token| ended != Some(*token)) {
            return Ok((token.to_owned(), false));
        }
        *held = None;
        let token = self.log_in().await?;
        *held = Some(token.clone());
        Ok((token, true))
    }

    async fn log_in(&self) -> Result<String, ShopError> {
        let variables = json!({ "user": self.user, "secret": self.secret });
        let reply = self
            .post(&json!({ "query": LOGIN, "variables": variables }), None)
            .await?;
        let envelope = read(&reply)?;
        if let Some(fault) = envelope.errors.into_iter().next() {
            // Another GraphQL server knows no such mutation.
            return Err(match fault.into_error() {
                ShopError::Unsupported(_) => ShopError::NotAShop,
                other => other,
            });
        }
        let outcome = envelope
            .data
            .as_ref()
            .and_then(|data| data.pointer("/login/__typename"));
        match outcome.and_then(Value::as_str) {
            Some("CurrentUser") => reply
                .header(TOKEN_HEADER)
                .map(str::to_owned)
                .ok_or_else(|| ShopError::Refused("sign-in by cookie alone".to_owned())),
            Some("InvalidCredentialsError") => Err(ShopError::WrongKey),
            Some(other) => Err(ShopError::Refused(other.to_owned())),
            None => Err(ShopError::NotAShop),
        }
    }

    async fn post(&self, body: &Value, token: Option<&str>) -> Result<Reply, ShopError> {
        let mut request = Request::post(self.endpoint.clone()).json(body)?;
        if let Some(token) = token {
            request = request.authorization(&format!("Bearer {token}"))?;
        }
        let reply = self.http.send(request).await?;
        if reply.status >= 500 {
            return Err(ShopError::ShopFault {
                status: reply.status,
            });
        }
        Ok(reply)
    }
}

/// GraphQL says with status 400 what is wrong with a query, so the body counts, not the status.
fn read(reply: &Reply) -> Result<Envelope, ShopError> {
    let envelope = reply.json::<Envelope>().ok();
    match envelope.filter(|envelope| envelope.data.is_some() || !envelope.errors.is_empty()) {
        Some(envelope) => Ok(envelope),
        None if reply.is_success() => Err(ShopError::BadReply("no GraphQL".to_owned())),
        None => Err(ShopError::BadReply(format!("status {}", reply.status))),
    }
}
