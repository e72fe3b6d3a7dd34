//! The exchange with one shop, in the background: results go out, changes come in.
//!
//! Results first, in the order of saving within each order of the shop. Every write is looked for
//! before it is sent, so doubt arises only from a write itself; what then follows is decided by
//! [`sync::outbox`], and its state is stored before each effect.

use crate::clock;
use crate::desk::{Desk, WeakDesk};
use crate::error::ErrorCode;
use crate::intake;
use crate::text::Fault;
use crate::view::{Changed, SyncPhase};
use chrono::{DateTime, TimeDelta, Utc};
use rules::id::ShopId;
use shops::{Cursor, Page, Shop, ShopError};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;
use store::table::pull::{self, Stream};
use store::table::{customer, outbox, product};
use store::{Author, ShopStore, StoreError};
use sync::outbox::{Effect, Event, Failure, OutboxPolicy};
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
    status: Mutex<Status>,
}

/// How it stands.
#[derive(Clone)]
pub(crate) struct Status {
    pub(crate) phase: SyncPhase,
    pub(crate) error: Option<Fault>,
}

impl Default for Status {
    fn default() -> Self {
        Self {
            phase: SyncPhase::Idle,
            error: None,
        }
    }
}

impl Shared {
    fn tell(&self, desk: &Desk, phase: SyncPhase, error: Option<Fault>) {
        let mut status = self.status.lock().unwrap_or_else(PoisonError::into_inner);
        if status.phase != phase || status.error != error {
            *status = Status { phase, error };
            desk.tell(Changed::Shops);
        }
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

    /// Something is to be done now.
    pub(crate) fn nudge(&self) {
        self.shared.nudge.notify_one();
    }

    /// Runs until stopped, or until the desk is let go: the work in the background keeps no desk alive.
    pub(crate) fn run(&self, desk: &Desk, courier: Courier) {
        let shared = Arc::clone(&self.shared);
        let desk = desk.weak();
        let task = tokio::spawn(async move { courier.work(&desk, &shared).await });
        let before = self
            .running
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .replace(task);
        if let Some(before) = before {
            before.abort();
        }
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
}

/// Orders first: work can start while the rest still comes.
const STREAMS: [Stream; 3] = [Stream::Orders, Stream::Products, Stream::Customers];

impl Courier {
    async fn work(&self, weak: &WeakDesk, shared: &Shared) {
        let mut failures = 0_u32;
        if let Some(desk) = weak.desk()
            && let Err(fault) = self.restart(&desk).await
        {
            tracing::warn!(shop = %self.id, code = %crate::text::code_word(fault.code), "the outbox could not be read");
        }
        loop {
            let Some(desk) = weak.desk() else { return };
            let wait = match self.round(&desk, shared).await {
                Ok(_) => {
                    failures = 0;
                    shared.tell(&desk, SyncPhase::Idle, None);
                    self.poll
                }
                Err(trouble) => {
                    failures = failures.saturating_add(1);
                    let wait = trouble.wait(failures, self.poll);
                    tracing::info!(shop = %self.id, code = %crate::text::code_word(trouble.fault.code), "no exchange");
                    let phase = if trouble.passing {
                        SyncPhase::Unreachable
                    } else {
                        SyncPhase::Stopped
                    };
                    shared.tell(&desk, phase, Some(trouble.fault));
                    wait
                }
            };
            let wait = match self.next_due(desk.now()).await {
                Some(due) if failures == 0 => wait.min(due),
                _ => wait,
            };
            drop(desk);
            tokio::select! {
                () = shared.nudge.notified() => {}
                () = tokio::time::sleep(wait) => {}
            }
        }
    }

    /// Sends what is due and pulls what has changed, once.
    async fn round(&self, desk: &Desk, shared: &Shared) -> Result<Round, Trouble> {
        let mut round = Round::default();
        for stream in STREAMS {
            loop {
                round.sent += self.send_due(desk).await?;
                let before = self
                    .store
                    .db
                    .read(move |conn| pull::get(conn, stream))
                    .await?;
                let first = before.last_success_at.is_none();
                let phase = if first {
                    SyncPhase::Importing
                } else {
                    SyncPhase::Working
                };
                // A quiet poll is not worth a flicker on the screen.
                if first {
                    shared.tell(desk, phase, None);
                }
                let cursor = Cursor(before.cursor);
                let (pulled, done) = match stream {
                    Stream::Orders => {
                        self.take_orders(desk, self.shop.orders(&cursor).await?)
                            .await?
                    }
                    Stream::Products => {
                        self.take_products(desk, self.shop.products(&cursor).await?)
                            .await?
                    }
                    Stream::Customers => {
                        self.take_customers(desk, self.shop.customers(&cursor).await?)
                            .await?
                    }
                };
                round.pulled += pulled;
                if done {
                    break;
                }
            }
        }
        let counts = self.store.db.read(outbox::counts).await?;
        round.waiting = counts.waiting + counts.in_flight + counts.doubt;
        Ok(round)
    }

    async fn take_orders(
        &self,
        desk: &Desk,
        page: Page<rules::order::Order>,
    ) -> Result<(u32, bool), Trouble> {
        let (count, done, now) = (count(&page.items), page.done, desk.now());
        let changed = self
            .store
            .db
            .write_unrecorded(move |tx| {
                let mut changed = !page.gone.is_empty();
                for order in &page.items {
                    changed |= intake::take_in_order(tx, order, now)?;
                }
                intake::take_in_gone(tx, &page.gone, now)?;
                pull::advance(tx, Stream::Orders, &page.next.0, page.done.then_some(now))?;
                Ok(changed)
            })
            .await?;
        if changed {
            desk.tell(Changed::Desk);
            desk.tell(Changed::Shops);
        }
        Ok((count, done))
    }

    async fn take_products(
        &self,
        desk: &Desk,
        page: Page<rules::order::Product>,
    ) -> Result<(u32, bool), Trouble> {
        let (count, done, now) = (count(&page.items), page.done, desk.now());
        self.store
            .db
            .write_unrecorded(move |tx| {
                product::upsert(tx, &page.items)?;
                product::mark_gone(tx, &page.gone)?;
                pull::advance(tx, Stream::Products, &page.next.0, page.done.then_some(now))
            })
            .await?;
        Ok((count, done))
    }

    async fn take_customers(
        &self,
        desk: &Desk,
        page: Page<rules::order::Customer>,
    ) -> Result<(u32, bool), Trouble> {
        let (count, done, now) = (count(&page.items), page.done, desk.now());
        self.store
            .db
            .write_unrecorded(move |tx| {
                customer::upsert(tx, &page.items)?;
                customer::remove(tx, &page.gone)?;
                pull::advance(
                    tx,
                    Stream::Customers,
                    &page.next.0,
                    page.done.then_some(now),
                )
            })
            .await?;
        Ok((count, done))
    }

    /// What was in flight when the desk stopped is in doubt now.
    async fn restart(&self, desk: &Desk) -> Result<(), Fault> {
        let (now, policy) = (desk.now(), self.policy);
        self.store
            .db
            .write_unrecorded(move |tx| {
                for entry in outbox::list(tx, outbox::State::InFlight, 0, u32::MAX)? {
                    if let Ok((row, _)) =
                        entry
                            .row()
                            .on(Event::Restarted, now, clock::chance(), &policy)
                    {
                        outbox::put(tx, entry.id, &row, entry.last_error.as_deref(), now)?;
                    }
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    /// Sends everything that is due; how many got through.
    async fn send_due(&self, desk: &Desk) -> Result<u32, Trouble> {
        let mut sent = 0;
        loop {
            let now = desk.now();
            let ready = self
                .store
                .db
                .read(move |conn| outbox::ready(conn, now, 1))
                .await?;
            let Some(entry) = ready.into_iter().next() else {
                return Ok(sent);
            };
            if self.send(desk, entry).await? {
                sent += 1;
            }
        }
    }

    async fn send(&self, desk: &Desk, entry: outbox::Entry) -> Result<bool, Trouble> {
        let (mut row, effect) = self.step(entry.row(), Event::Due, desk.now())?;
        if !matches!(effect, Effect::Send | Effect::Look) {
            return Ok(false);
        }
        // Looking first writes nothing: until it has answered, the stored row stays as it was.
        let looked = self.shop.find(entry.id, &entry.operation).await;
        let (event, order, trouble) = match looked {
            Ok(shops::Effect::Applied(order)) => {
                let event = if effect == Effect::Look {
                    Event::Found
                } else {
                    Event::Applied
                };
                (event, order, None)
            }
            Err(error) => (Event::Failed(looking_failed(&error)), None, Some(error)),
            Ok(shops::Effect::Absent) => {
                if effect == Effect::Look {
                    row = self.step(row, Event::Absent, desk.now())?.0;
                }
                self.keep(desk, &entry, row, None, None).await?;
                match self.shop.apply(entry.id, &entry.operation).await {
                    Ok(shops::Effect::Applied(order)) => (Event::Applied, order, None),
                    // A shop that took it and does not show it: wait and look again.
                    Ok(shops::Effect::Absent) => (Event::Failed(Failure::Doubtful), None, None),
                    Err(error) => (Event::Failed(sending_failed(&error)), None, Some(error)),
                }
            }
        };
        let (row, _) = self.step(row, event, desk.now())?;
        let settled = row.state.is_settled();
        let fault = trouble.clone().map(Fault::from);
        self.keep(desk, &entry, row, order, fault).await?;
        desk.tell(Changed::Shops);
        match trouble {
            // The shop as a whole is away or closed to us: no use in trying the next one.
            Some(error) if !is_about_the_order(&error) => Err(error.into()),
            _ => Ok(settled),
        }
    }

    fn step(
        &self,
        row: sync::outbox::Row,
        event: Event,
        now: DateTime<Utc>,
    ) -> Result<(sync::outbox::Row, Effect), Trouble> {
        row.on(event, now, clock::chance(), &self.policy)
            .map_err(|illegal| {
                let fault = Fault::from(ErrorCode::StoreFailed).with("detail", &illegal);
                Trouble {
                    fault,
                    passing: false,
                    asked: None,
                }
            })
    }

    /// Stores where an operation stands, and the order as the shop showed it after the write: so the
    /// echo in the next pull is nothing new.
    async fn keep(
        &self,
        desk: &Desk,
        entry: &outbox::Entry,
        row: sync::outbox::Row,
        order: Option<Box<rules::order::Order>>,
        fault: Option<Fault>,
    ) -> Result<(), Trouble> {
        let (id, now) = (entry.id, desk.now());
        let change = desk.change(
            Author::System,
            "operation.moved",
            &id,
            serde_json::json!({ "state": row.state.code(), "tries": row.tries }),
        );
        let fault = fault.map(|fault| fault.stored());
        self.store
            .db
            .write(change, move |tx| {
                if let Some(order) = order {
                    intake::take_in_order(tx, &order, now)?;
                }
                outbox::put(tx, id, &row, fault.as_deref(), now)
            })
            .await?;
        Ok(())
    }

    async fn next_due(&self, now: DateTime<Utc>) -> Option<Duration> {
        let at = self.store.db.read(outbox::next_at).await.ok().flatten()?;
        Some(
            (at - now)
                .to_std()
                .unwrap_or_default()
                .max(Duration::from_millis(20)),
        )
    }

    /// One round for the command line.
    pub(crate) async fn once(&self, desk: &Desk) -> Result<Round, Fault> {
        self.restart(desk).await?;
        self.round(desk, &Shared::default())
            .await
            .map_err(|trouble| trouble.fault)
    }
}

fn count<T>(items: &[T]) -> u32 {
    u32::try_from(items.len()).unwrap_or(u32::MAX)
}

/// What stopped a round.
struct Trouble {
    fault: Fault,
    passing: bool,
    asked: Option<Duration>,
}

impl Trouble {
    /// How long to wait: what the shop asked for, else full jitter up to a minute; for what a person
    /// must mend, ten polls.
    fn wait(&self, failures: u32, poll: Duration) -> Duration {
        if let Some(asked) = self.asked {
            return asked;
        }
        if !self.passing {
            return poll.saturating_mul(10);
        }
        let bound = Duration::from_secs(1)
            .saturating_mul(2_u32.saturating_pow(failures.min(6)))
            .min(Duration::from_mins(1));
        let millis = u64::try_from(bound.as_millis()).unwrap_or(60_000);
        Duration::from_millis(200 + clock::chance() % millis)
    }
}

impl From<ShopError> for Trouble {
    fn from(error: ShopError) -> Self {
        let asked = match &error {
            ShopError::Busy { retry_after } => *retry_after,
            _ => None,
        };
        Self {
            passing: error.is_passing(),
            asked,
            fault: error.into(),
        }
    }
}

impl From<StoreError> for Trouble {
    fn from(error: StoreError) -> Self {
        Self {
            passing: false,
            asked: None,
            fault: error.into(),
        }
    }
}

fn looking_failed(error: &ShopError) -> Failure {
    match sending_failed(error) {
        Failure::Doubtful => Failure::Passing,
        other => other,
    }
}

fn sending_failed(error: &ShopError) -> Failure {
    match error {
        ShopError::Busy { retry_after } => {
            retry_after.map_or(Failure::Passing, Failure::RetryAfter)
        }
        error if error.leaves_doubt() => Failure::Doubtful,
        error if is_about_the_order(error) => Failure::Permanent,
        _ => Failure::Stubborn,
    }
}

/// Whether only this order is concerned, not the shop as a whole.
fn is_about_the_order(error: &ShopError) -> bool {
    matches!(
        error,
        ShopError::Gone
            | ShopError::Refused(_)
            | ShopError::Conflict(_)
            | ShopError::Unsupported(_)
    )
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
