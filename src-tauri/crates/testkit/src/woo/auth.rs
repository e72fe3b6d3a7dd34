//! Who asks: Basic only where the shop sees TLS, OAuth 1.0a otherwise, as `WooCommerce` does it.

use super::shelf::{Key, Permissions, Shelf};
use openssl::hash::MessageDigest;
use openssl::pkey::PKey;
use openssl::sign::Signer;
use serde_json::{Value, json};
use std::fmt::Write as _;

/// The request as far as it matters here.
pub(super) struct Caller<'a> {
    pub(super) method: &'a str,
    pub(super) path: &'a str,
    pub(super) query: &'a [(String, String)],
    pub(super) authorization: Option<&'a str>,
    pub(super) is_tls: bool,
    pub(super) home: &'a str,
}

pub(super) type Refusal = (u16, Value);

pub(super) fn refusal(status: u16, code: &str, message: &str) -> Refusal {
    (
        status,
        json!({ "code": code, "message": message, "data": { "status": status } }),
    )
}

fn bad_key(message: &str) -> Refusal {
    refusal(401, "woocommerce_rest_authentication_error", message)
}

/// The key that asks, none for a stranger.
pub(super) fn authenticate(shelf: &mut Shelf, caller: &Caller<'_>) -> Result<Option<Key>, Refusal> {
    if caller.is_tls
        && let Some(key) = basic(shelf, caller)?
    {
        return Ok(Some(key));
    }
    oauth(shelf, caller)
}

/// Whether the key may use this verb; asked before any route is looked at.
pub(super) fn permitted(key: &Key, method: &str) -> Result<(), Refusal> {
    let reads = matches!(method, "GET" | "HEAD");
    match key.permissions {
        Permissions::Read if !reads => Err(bad_key(
            "The API key provided does not have write permissions.",
        )),
        Permissions::Write if reads => Err(bad_key(
            "The API key provided does not have read permissions.",
        )),
        _ => Ok(()),
    }
}

fn parameter<'a>(caller: &Caller<'a>, name: &str) -> Option<&'a str> {
    caller
        .query
        .iter()
        .find(|(key, _)| key == name)
        .map(|(_, value)| value.as_str())
}

fn basic(shelf: &Shelf, caller: &Caller<'_>) -> Result<Option<Key>, Refusal> {
    let from_query = parameter(caller, "consumer_key").zip(parameter(caller, "consumer_secret"));
    let pair = match from_query {
        Some((key, secret)) => Some((key.to_owned(), secret.to_owned())),
        None => caller
            .authorization
            .and_then(|text| text.strip_prefix("Basic "))
            .and_then(decode_pair),
    };
    let Some((name, secret)) = pair else {
        return Ok(None);
    };
    match shelf.keys.iter().find(|key| key.consumer_key == name) {
        None => Ok(None),
        Some(key) if key.consumer_secret != secret => Err(bad_key("Consumer secret is invalid.")),
        Some(key) => Ok(Some(key.clone())),
    }
}

fn decode_pair(encoded: &str) -> Option<(String, String)> {
    let bytes = openssl::base64::decode_block(encoded).ok()?;
    let text = String::from_utf8(bytes).ok()?;
    let (name, secret) = text.split_once(':')?;
    Some((name.to_owned(), secret.to_owned()))
}

fn oauth(shelf: &mut Shelf, caller: &Caller<'_>) -> Result<Option<Key>, Refusal> {
    let names = [
        "oauth_consumer_key",
        "oauth_timestamp",
        "oauth_nonce",
        "oauth_signature",
        "oauth_signature_method",
    ];
    let found: Vec<_> = names
        .iter()
        .filter_map(|name| parameter(caller, name))
        .collect();
    if found.is_empty() {
        return Ok(None);
    }
    let [name, timestamp, nonce, signature, method] = found.as_slice() else {
        return Err(refusal(
            401,
            "woocommerce_rest_authentication_missing_parameter",
            "Missing OAuth parameters",
        ));
    };
    let key = shelf
        .keys
        .iter()
        .find(|key| key.consumer_key == *name)
        .cloned();
    let key = key.ok_or_else(|| bad_key("Consumer key is invalid."))?;
    let digest = match *method {
        "HMAC-SHA256" => MessageDigest::sha256(),
        "HMAC-SHA1" => MessageDigest::sha1(),
        _ => return Err(bad_key("Invalid signature - signature method is invalid.")),
    };
    let expected = sign(caller, &key.consumer_secret, digest);
    if expected.as_deref() != Some(*signature) {
        return Err(bad_key(
            "Invalid signature - provided signature does not match.",
        ));
    }
    let now = shelf.now.timestamp();
    let in_window = timestamp
        .parse()
        .is_ok_and(|at: i64| (at - now).abs() <= 15 * 60);
    if !in_window {
        return Err(bad_key("Invalid timestamp."));
    }
    if !shelf.nonces.insert((*nonce).to_owned()) {
        return Err(bad_key("Invalid nonce - nonce has already been used."));
    }
    Ok(Some(key))
}

/// As the shop computes it: over its own home address, whatever host was asked.
fn sign(caller: &Caller<'_>, secret: &str, digest: MessageDigest) -> Option<String> {
    let home = caller.home.trim_end_matches('/');
    let (_, rest) = home.split_once("://")?;
    let home_path = rest
        .find('/')
        .map_or("", |at| rest.get(at..).unwrap_or_default());
    let inside = caller
        .path
        .strip_prefix(home_path)
        .unwrap_or(caller.path)
        .trim_start_matches('/');
    let scheme = if caller.is_tls { "https" } else { "http" };
    let uri = if inside.is_empty() {
        format!("{scheme}://{rest}")
    } else {
        format!("{scheme}://{rest}/{inside}")
    };
    let mut pairs: Vec<_> = caller
        .query
        .iter()
        .filter(|(name, _)| name != "oauth_signature")
        .collect();
    pairs.sort();
    let joined: Vec<_> = pairs
        .iter()
        .map(|(name, value)| format!("{}={}", escape(name), escape(value)))
        .collect();
    let base = format!(
        "{}&{}&{}",
        caller.method,
        escape(&uri),
        escape(&joined.join("&"))
    );
    let key = PKey::hmac(format!("{secret}&").as_bytes()).ok()?;
    let mut signer = Signer::new(digest, &key).ok()?;
    signer.update(base.as_bytes()).ok()?;
    Some(openssl::base64::encode_block(&signer.sign_to_vec().ok()?))
}

fn escape(text: &str) -> String {
    let mut out = String::new();
    for byte in text.bytes() {
        if byte.is_ascii_alphanumeric() || b"-._~".contains(&byte) {
            out.push(char::from(byte));
        } else {
            // Writing into a string cannot fail.
            let _ = write!(out, "%{byte:02X}");
        }
    }
    out
}
