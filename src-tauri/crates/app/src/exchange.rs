//! The exchange with one shop, in the background: results go out, changes come in.
//!
//! What is done and when is decided by [`sync::courier`]; here its effects are carried out, between
//! one shop and its store, and what comes of them is told to the desk.

mod driver;

#[cfg(test)]
mod tests;

use crate::clock::Ticker;
use crate::desk::{Desk, WeakDesk};
use crate::text::Fault;
use crate::view::{Changed, SyncPhase};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use driver::Driver;
use rules::id::ShopId;
use shops::Shop;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::ShopStore;
use store::table::outbox;
use sync::breaker::BreakerPolicy;
use sync::courier::{Effect, Event, Phase, Policy, Standing};
use sync::outbox::OutboxPolicy;
use tokio::sync::Notify;
use tokio::task::JoinHandle;

/// How the exchange with one shop stands, and the handle to it.
pub(crate) struct Exchange {
    shared: Arc<Shared>,
    running: Mutex<Option<JoinHandle<()>>>,
}

#[derive(Default)]
struct Shared {
    nudge: Notify,
    asked: AtomicBool,
    status: Mutex<Status>,
}

/// How it stands.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Status {
    pub(crate) phase: SyncPhase,
    /// What stops it; none while nothing does.
    pub(crate) error: Option<Fault>,
    /// When the shop is asked next by itself; none where nothing is exchanged in this process. The
    /// outbox may have something to send before that.
    pub(crate) next_try_at: Option<DateTime<Utc>>,
    /// The shop failed too often and is left alone until then.
    pub(crate) breaker_open_until: Option<DateTime<Utc>>,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            phase: SyncPhase::Idle,
            error: None,
            next_try_at: None,
            breaker_open_until: None,
        }
    }
}

impl Shared {
    fn tell(&self, desk: &Desk, standing: Standing, fault: Option<&Fault>) {
        let phase = view(standing.phase);
        let stopped = matches!(phase, SyncPhase::Unreachable | SyncPhase::Stopped);
        let breaker_open_until = standing.breaker_open_until;
        let told = Status {
            phase,
            error: fault.filter(|_| stopped).cloned(),
            next_try_at: breaker_open_until.or(standing.next_pull_at),
            breaker_open_until,
        };
        let mut status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        // When it will go on moves all the time and is asked for with the rest.
        let news = status.phase != told.phase || status.error != told.error;
        *status = told;
        drop(status);
        if news {
            desk.tell(Changed::Shops);
        }
    }
}

fn view(phase: Phase) -> SyncPhase {
    match phase {
        Phase::Idle => SyncPhase::Idle,
        Phase::Working => SyncPhase::Working,
        Phase::Importing => SyncPhase::Importing,
        Phase::Unreachable => SyncPhase::Unreachable,
        Phase::Stopped => SyncPhase::Stopped,
    }
}

impl Exchange {
    /// Not running: the sample's, and the command line's.
    pub(crate) fn idle() -> Self {
        Self {
            shared: Arc::default(),
            running: Mutex::new(None),
        }
    }

    pub(crate) fn status(&self) -> Status {
        self.shared
            .status
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .clone()
    }

    /// Send and pull now, and try a shop that was away: a person or the shop itself asks for it.
    pub(crate) fn nudge(&self) {
        self.shared.asked.store(true, Ordering::Release);
        self.shared.nudge.notify_one();
    }

    /// Something has been put into the outbox.
    pub(crate) fn wake(&self) {
        self.shared.nudge.notify_one();
    }

    /// Runs until stopped, or until the desk is let go: the work in the background keeps no desk alive.
    pub(crate) fn run(&self, desk: &Desk, courier: Courier) {
        let shared = Arc::clone(&self.shared);
        let desk = desk.weak();
        let mut running = self.running.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(before) = running.take() {
            before.abort();
        }
        *running = Some(tokio::spawn(async move {
            courier.work(&desk, &shared).await;
        }));
    }

    pub(crate) fn stop(&self) {
        if let Some(task) = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take()
        {
            task.abort();
        }
    }
}

impl Drop for Exchange {
    fn drop(&mut self) {
        self.stop();
    }
}

/// What one round came to.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Round {
    /// Items told by the shop.
    pub(crate) pulled: u32,
    /// Operations that got through.
    pub(crate) sent: u32,
    /// Operations that wait for their time.
    pub(crate) waiting: u32,
}

/// Carries between one shop and its store.
pub(crate) struct Courier {
    pub(crate) id: ShopId,
    pub(crate) shop: Box<dyn Shop>,
    pub(crate) store: Arc<ShopStore>,
    pub(crate) policy: OutboxPolicy,
    pub(crate) poll: Duration,
    /// The shop's own: its nights are quiet.
    pub(crate) zone: Tz,
}

impl Courier {
    fn policy(&self) -> Policy {
        Policy {
            outbox: self.policy,
            breaker: BreakerPolicy {
                closed: self.poll.saturating_mul(10),
                ..BreakerPolicy::from(self.policy)
            },
            poll: self.poll,
            ..Policy::default()
        }
    }

    async fn work(&self, weak: &WeakDesk, shared: &Shared) {
        let Some(desk) = weak.desk() else { return };
        let mut ticker = Ticker::new(&desk.inner.options.clock);
        let mut driver = Driver::new(self, self.policy());
        drop(desk);
        let mut event = Event::Started;
        loop {
            let Some(desk) = weak.desk() else { return };
            let reading = ticker.read();
            let effect = driver.on(event, reading);
            shared.tell(&desk, driver.standing(reading.now), driver.fault.as_ref());
            event = if let Effect::Sleep { until } = effect {
                drop(desk);
                sleep((until - reading.now).to_std().unwrap_or_default(), shared).await
            } else {
                driver.carry_out(effect, reading.now, &desk).await
            };
        }
    }

    /// Sends and pulls until there is nothing to do for now, for the command line. Run every minute
    /// it must see the end of a doubt, so it believes the clock of the run before.
    pub(crate) async fn once(&self, desk: &Desk) -> Result<Round, Fault> {
        let mut ticker = Ticker::new(&desk.inner.options.clock);
        let policy = Policy {
            believes_clock: true,
            ..self.policy()
        };
        let mut driver = Driver::new(self, policy);
        let mut event = Event::Started;
        loop {
            let reading = ticker.read();
            let effect = driver.on(event, reading);
            if matches!(effect, Effect::Sleep { .. }) {
                let phase = driver.standing(reading.now).phase;
                if let Some(fault) = driver.fault.take()
                    && matches!(phase, Phase::Unreachable | Phase::Stopped)
                {
                    return Err(fault);
                }
                let counts = self.store.db.read(outbox::counts).await?;
                return Ok(Round {
                    waiting: counts.waiting + counts.in_flight + counts.doubt,
                    ..driver.round
                });
            }
            event = driver.carry_out(effect, reading.now, desk).await;
        }
    }
}

async fn sleep(wait: Duration, shared: &Shared) -> Event {
    tokio::select! {
        () = shared.nudge.notified() => {
            if shared.asked.swap(false, Ordering::AcqRel) {
                Event::Asked
            } else {
                Event::Nudged
            }
        }
        () = tokio::time::sleep(wait) => Event::Woken,
    }
}

impl Desk {
    /// The policy that follows from the desk's timing.
    pub(crate) fn outbox_policy(&self) -> OutboxPolicy {
        let timing = self.inner.options.timing;
        let span = |delta: TimeDelta| delta.to_std().unwrap_or_default();
        OutboxPolicy {
            undo: span(timing.undo),
            quiet: span(timing.quiet),
            ..OutboxPolicy::default()
        }
    }
}
