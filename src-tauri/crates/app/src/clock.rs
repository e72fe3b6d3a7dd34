//! The only place that reads the clock and makes identities.

use chrono::{DateTime, Utc};
use std::sync::Arc;
use uuid::Uuid;

/// Tells the time; tests bring their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// The computer's clock.
pub fn system() -> Clock {
    #[expect(clippy::disallowed_methods, reason = "here and nowhere else")]
    Arc::new(Utc::now)
}

/// A new identity, `UUIDv7`: sorted by time across one desk.
pub fn mint() -> Uuid {
    Uuid::now_v7()
}

/// A random number for jitter, drawn from the random tail of a fresh identity.
pub(crate) fn chance() -> u64 {
    mint().as_u64_pair().1
}
