//! The shop's calls. The admin gives the webhook the consumer secret as its secret.

use super::WooCommerce;
use crate::{Hook, ShopError};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use sha2::Sha256;

const SIGNATURE: &str = "x-wc-webhook-signature";
const DELIVERY: &str = "x-wc-webhook-delivery-id";

impl WooCommerce {
    /// Signed with HMAC-SHA256 over the raw body, except for the greeting when the webhook is made.
    pub(super) fn read_hook(
        &self,
        headers: &[(String, String)],
        body: &[u8],
    ) -> Result<Hook, ShopError> {
        let header = |name: &str| {
            let found = headers
                .iter()
                .find(|(key, _)| key.eq_ignore_ascii_case(name));
            found.map(|(_, value)| value.trim())
        };
        let Some(signature) = header(SIGNATURE) else {
            return if is_greeting(body) {
                Ok(Hook {
                    delivery: String::new(),
                    is_change: false,
                })
            } else {
                Err(ShopError::WrongKey)
            };
        };
        let told = STANDARD
            .decode(signature)
            .map_err(|_| ShopError::WrongKey)?;
        let mut mac = Hmac::<Sha256>::new_from_slice(self.secret.as_bytes())
            .map_err(|_| ShopError::WrongKey)?;
        mac.update(body);
        mac.verify_slice(&told).map_err(|_| ShopError::WrongKey)?;
        Ok(Hook {
            // One without a number is told apart by what it says.
            delivery: header(DELIVERY).unwrap_or(signature).to_owned(),
            is_change: true,
        })
    }
}

/// `webhook_id=1` and nothing else: it claims nothing, so nothing is signed.
fn is_greeting(body: &[u8]) -> bool {
    let number = body.strip_prefix(b"webhook_id=");
    number.is_some_and(|digits| !digits.is_empty() && digits.iter().all(u8::is_ascii_digit))
}
