//! The shop's front: from an HTTP request to the shelf and back.

use super::Setup;
use super::auth::{Caller, authenticate, permitted, refusal};
use super::shelf::{Answer, Shelf};
use crate::double::{Asked, Double, Handler, Told};
use chrono::{DateTime, TimeDelta, Utc};
use serde_json::{Value, json};
use std::io;
use std::ops::Deref;

/// A running shop; it ends when dropped. What can go wrong with it, see [`Double`].
pub struct WooDouble(Double<Shelf>);

impl WooDouble {
    /// Opens a shop on a free port of the loopback, within the current runtime.
    ///
    /// # Errors
    /// As [`Double::start`].
    pub async fn start(setup: Setup) -> io::Result<Self> {
        let tls = setup.tls;
        Double::start(tls, Shelf::new(setup)).await.map(Self)
    }
}

impl Deref for WooDouble {
    type Target = Double<Shelf>;

    fn deref(&self) -> &Self::Target {
        &self.0
    }
}

impl Handler for Shelf {
    fn answer(&mut self, asked: &Asked) -> Told {
        let route = self.route(asked);
        let is_rest = asked.parameter("rest_route").is_some()
            || (!self.setup.plain_permalinks && asked.path.contains("/wp-json"));
        if !is_rest {
            return Told::page(404);
        }
        if route == "/" || route.is_empty() {
            let index = json!({
                "name": "Техно", "description": "", "url": self.home, "home": self.home,
                "gmt_offset": f64::from(self.setup.offset_minutes) / 60.0,
                "timezone_string": self.setup.zone, "namespaces": self.setup.namespaces, "routes": {},
            });
            return Told::json(200, &only(index, asked));
        }
        let known = self
            .setup
            .namespaces
            .iter()
            .any(|space| route.starts_with(&format!("/{space}/")));
        let Some(inner) = route.strip_prefix("/wc/v3/").filter(|_| known) else {
            let (status, body) = refusal(404, "rest_no_route", "No route was found.");
            return Told::json(status, &body);
        };
        let drops_authorization = self.setup.drops_authorization;
        let home = self.home.clone();
        let caller = Caller {
            method: &asked.method,
            path: &asked.path,
            query: &asked.query,
            authorization: asked
                .header("authorization")
                .filter(|_| !drops_authorization),
            is_tls: asked.is_tls,
            home: &home,
        };
        let answer = authenticate(self, &caller).and_then(|key| {
            let key = key.ok_or_else(|| {
                refusal(
                    401,
                    "woocommerce_rest_cannot_view",
                    "Sorry, you cannot list resources.",
                )
            })?;
            permitted(&key, &asked.method)?;
            self.call(&key, &asked.method, inner, &asked.query, &asked.body)
        });
        match answer {
            Ok(Answer {
                status,
                body,
                totals,
            }) => {
                let told = Told::json(status, &only(body, asked));
                match totals {
                    Some((total, pages)) => told
                        .with("X-WP-Total", total.to_string())
                        .with("X-WP-TotalPages", pages.to_string()),
                    None => told,
                }
            }
            Err((status, body)) => Told::json(status, &body),
        }
    }

    /// The route within the REST interface, e.g. `/wc/v3/orders`; the path where it is none.
    fn route(&self, asked: &Asked) -> String {
        if let Some(route) = asked.parameter("rest_route") {
            return route.to_owned();
        }
        let (_, rest) = self.home.split_once("://").unwrap_or(("", &self.home));
        let home_path = rest
            .split_once('/')
            .map(|(_, path)| format!("/{}", path.trim_end_matches('/')))
            .unwrap_or_default();
        let inside = asked.path.strip_prefix(&home_path).unwrap_or(&asked.path);
        match inside.strip_prefix("/wp-json") {
            Some(route) if !self.setup.plain_permalinks => route.to_owned(),
            _ => inside.to_owned(),
        }
    }

    fn opened(&mut self, address: &str) {
        self.home = self
            .setup
            .home
            .clone()
            .unwrap_or_else(|| address.to_owned());
    }

    fn now(&self) -> Option<DateTime<Utc>> {
        Some(self.now)
    }

    fn shift_clock(&mut self, by: TimeDelta) {
        self.now += by;
    }

    fn spoil_totals(&mut self, asked: &Asked) {
        let route = self.route(asked);
        let rest = route.strip_prefix("/wc/v3/orders/").unwrap_or_default();
        if let Some(id) = rest.split('/').next().and_then(|id| id.parse().ok()) {
            self.spoil_total(id);
        }
    }
}

/// Keeps the fields asked for.
fn only(body: Value, asked: &Asked) -> Value {
    let Some(fields) = asked.parameter("_fields") else {
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
