//! The only place that reads the clock and makes identities.

use chrono::{DateTime, Utc};
use std::sync::{Arc, LazyLock};
use std::time::Instant;
use sync::steady::{Reading, SteadyClock};
use uuid::Uuid;

/// Tells the time; tests bring their own.
pub type Clock = Arc<dyn Fn() -> DateTime<Utc> + Send + Sync>;

#[expect(clippy::disallowed_methods, reason = "here and nowhere else")]
static SYSTEM: LazyLock<Clock> = LazyLock::new(|| Arc::new(Utc::now));

/// The computer's clock.
pub fn system() -> Clock {
    Arc::clone(&SYSTEM)
}

/// A new identity, `UUIDv7`: sorted by time across one desk.
pub fn mint() -> Uuid {
    Uuid::now_v7()
}

/// A random number for jitter, drawn from the random tail of a fresh identity.
pub(crate) fn chance() -> u64 {
    mint().as_u64_pair().1
}

/// A clock whose time only passes: the computer's may be set while the desk runs, and nothing that
/// must be waited out may end early by that. A clock that a test sets is followed as it is.
pub(crate) struct Ticker {
    clock: Clock,
    since: Instant,
    steady: Option<SteadyClock>,
}

impl Ticker {
    pub(crate) fn new(clock: &Clock) -> Self {
        let since = Instant::now();
        let steady =
            Arc::ptr_eq(clock, &SYSTEM).then(|| SteadyClock::new(clock(), since.elapsed()));
        Self {
            clock: Arc::clone(clock),
            since,
            steady,
        }
    }

    pub(crate) fn read(&mut self) -> Reading {
        let wall = (self.clock)();
        match &mut self.steady {
            Some(steady) => steady.read(wall, self.since.elapsed()),
            None => Reading {
                now: wall,
                set_by: None,
            },
        }
    }
}
