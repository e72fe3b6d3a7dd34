//! Carries out what [`sync::courier`] decides, one effect at a time.

use super::{Courier, Round};
use crate::clock;
use crate::desk::Desk;
use crate::intake;
use crate::text::{Fault, code_word};
use crate::view::Changed;
use chrono::{DateTime, TimeDelta, Utc};
use rules::id::{OperationId, RemoteId};
use rules::merge::Conflict;
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, Product};
use serde_json::json;
use shops::{Again, Cursor, Page, ShopError};
use std::future::poll_fn;
use std::pin::{Pin, pin};
use std::task::{Context, Poll};
use store::table::pull::{self, Stream};
use store::table::{customer, order, outbox, product};
use store::{Author, StoreError, Transaction};
use sync::breaker::Trouble;
use sync::courier::{self, Due, Effect, Event, Policy, Standing};
use sync::outbox::Row;
use sync::steady::Reading;
use sync::sweep;

/// So long after a write its order is read again as those are that somebody is to call about.
const WRITTEN_LATELY: TimeDelta = TimeDelta::days(1);

/// An order that was placed longer ago and is still open has been forgotten at the shop.
const STILL_OPEN: TimeDelta = TimeDelta::days(60);

/// The machine with what it has at hand between two effects.
pub(super) struct Driver<'a> {
    courier: &'a Courier,
    machine: courier::Courier,
    policy: Policy,
    /// What came of it so far.
    pub(super) round: Round,
    /// What went wrong last.
    pub(super) fault: Option<Fault>,
    /// The write at hand.
    entry: Option<outbox::Entry>,
    learnt: Learnt,
    page: Option<PageOf>,
    ahead: Option<Ahead<'a>>,
    to_read: Vec<RemoteId>,
    again: Again,
    to_sweep: Option<(OperationId, ShopOperation)>,
}

/// What is to be stored with a write, besides where it stands.
#[derive(Clone, Default)]
struct Learnt {
    /// The order as the shop has it: so the echo in the next pull is nothing new.
    order: Option<Box<Order>>,
    fault: Option<Fault>,
    conflict: Option<Box<Conflict>>,
}

/// A page of one stream.
enum PageOf {
    Orders(Page<Order>),
    Products(Page<Product>),
    Customers(Page<Customer>),
}

type Asking<'a> = Pin<Box<dyn Future<Output = Result<PageOf, ShopError>> + Send + 'a>>;

/// A page that is asked for while the one before it is stored.
///
/// Nothing is proven anew by this. A request depends on its cursor alone, and the cursor is known
/// when the page before has come; that the page before is on the disk by then matters to nobody
/// but us. No write lies between asking and storing, since the page is used only if
/// the machine asks for it next, by the cursor that is then stored: so it stands where it would have
/// stood, asked for a few milliseconds sooner. What becomes visible late at the shop becomes so
/// behind a page that was read sooner just as behind one read later: the overlap goes by the shop's
/// own time in the answer, not by when we asked. After a crash, or when something else comes
/// first, it is let go and asked for again; the rate budget has counted it, as it counts every request.
struct Ahead<'a> {
    stream: Stream,
    cursor: Cursor,
    asking: Asking<'a>,
    answer: Option<Result<PageOf, ShopError>>,
}

impl<'a> Ahead<'a> {
    fn ask(courier: &'a Courier, stream: Stream, cursor: Cursor) -> Self {
        let asked = cursor.clone();
        Self {
            stream,
            cursor,
            asking: Box::pin(async move { courier.ask(stream, &asked).await }),
            answer: None,
        }
    }

    fn get_on(&mut self, context: &mut Context<'_>) {
        if self.answer.is_none()
            && let Poll::Ready(answer) = self.asking.as_mut().poll(context)
        {
            self.answer = Some(answer);
        }
    }

    async fn answer(self) -> Result<PageOf, ShopError> {
        match self.answer {
            Some(answer) => answer,
            None => self.asking.await,
        }
    }
}

impl PageOf {
    /// Where the stream goes on after this page, if the page is of that stream.
    fn next(&self, stream: Stream) -> Option<&Cursor> {
        match (self, stream) {
            (Self::Orders(page), Stream::Orders) => Some(&page.next),
            (Self::Products(page), Stream::Products) => Some(&page.next),
            (Self::Customers(page), Stream::Customers) => Some(&page.next),
            _ => None,
        }
    }

    fn done(&self) -> bool {
        match self {
            Self::Orders(page) => page.done,
            Self::Products(page) => page.done,
            Self::Customers(page) => page.done,
        }
    }

    fn len(&self) -> u32 {
        let items = match self {
            Self::Orders(page) => page.items.len(),
            Self::Products(page) => page.items.len(),
            Self::Customers(page) => page.items.len(),
        };
        u32::try_from(items).unwrap_or(u32::MAX)
    }

    /// Items and cursor together; whether the desk sees something new.
    fn store(
        &self,
        tx: &Transaction<'_>,
        done: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Result<bool, StoreError> {
        Ok(match self {
            Self::Orders(page) => {
                let changed = take_in(tx, &page.items, &page.gone, now)?;
                pull::advance(tx, Stream::Orders, &page.next.0, done)?;
                changed
            }
            Self::Products(page) => {
                product::upsert(tx, &page.items)?;
                product::mark_gone(tx, &page.gone)?;
                pull::advance(tx, Stream::Products, &page.next.0, done)?;
                false
            }
            Self::Customers(page) => {
                customer::upsert(tx, &page.items)?;
                customer::remove(tx, &page.gone)?;
                pull::advance(tx, Stream::Customers, &page.next.0, done)?;
                false
            }
        })
    }
}

fn take_in(
    tx: &Transaction<'_>,
    orders: &[Order],
    gone: &[RemoteId],
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let mut changed = !gone.is_empty();
    for order in orders {
        changed |= intake::take_in_order(tx, order, now)?;
    }
    intake::take_in_gone(tx, gone, now)?;
    Ok(changed)
}

impl Courier {
    async fn ask(&self, stream: Stream, cursor: &Cursor) -> Result<PageOf, ShopError> {
        match stream {
            Stream::Orders => self.shop.orders(cursor).await.map(PageOf::Orders),
            Stream::Products => self.shop.products(cursor).await.map(PageOf::Products),
            Stream::Customers => self.shop.customers(cursor).await.map(PageOf::Customers),
        }
    }

    /// Where the pull of a stream stands.
    async fn stands(&self, stream: Stream) -> Result<pull::Pull, StoreError> {
        self.store
            .db
            .read(move |conn| pull::get(conn, stream))
            .await
    }
}

impl<'a> Driver<'a> {
    pub(super) fn new(courier: &'a Courier, policy: Policy) -> Self {
        Self {
            courier,
            machine: courier::Courier::new(policy),
            policy,
            round: Round::default(),
            fault: None,
            entry: None,
            learnt: Learnt::default(),
            page: None,
            ahead: None,
            to_read: Vec::new(),
            again: Again::default(),
            to_sweep: None,
        }
    }

    pub(super) fn on(&mut self, event: Event, reading: Reading) -> Effect {
        if let Some(by) = reading.set_by {
            tracing::info!(shop = %self.courier.id, seconds = by.num_seconds(), "the clock was set");
            self.machine.clock_set(by);
        }
        let effect = self.machine.on(event, reading.now, clock::chance());
        if !matches!(effect, Effect::Fetch(_)) {
            self.ahead = None;
        }
        effect
    }

    pub(super) fn standing(&self, now: DateTime<Utc>) -> Standing {
        self.machine.standing(now)
    }

    /// Carries out any effect but sleeping; `now` is the time the effect was decided at.
    pub(super) async fn carry_out(
        &mut self,
        effect: Effect,
        now: DateTime<Utc>,
        desk: &Desk,
    ) -> Event {
        let done = match effect {
            Effect::Recover => self.recover(now).await,
            Effect::NextDue => self.next_due(now).await,
            Effect::Find { .. } => return self.find().await,
            Effect::Apply { .. } => return self.apply().await,
            Effect::Keep { id, row } => self.keep(id, row, desk).await,
            Effect::Fetch(stream) => self.fetch(stream).await,
            Effect::StorePage { done, .. } => self.store_page(done, now, desk).await,
            Effect::NextAgain { limit } => self.next_again(limit, now).await,
            Effect::FetchAgain => return self.fetch_again().await,
            Effect::StoreAgain => self.store_again(now, desk).await,
            Effect::SkipAgain => {
                self.again = Again::default();
                self.store_again(now, desk).await
            }
            Effect::NextSweep => self.next_sweep(now).await,
            Effect::Sweep { .. } => return self.sweep().await,
            Effect::KeepSwept { id, removed } => self.keep_swept(id, removed, now, desk).await,
            Effect::Sleep { .. } => return Event::Woken,
        };
        done.unwrap_or_else(|error| {
            let fault = Fault::from(error);
            tracing::warn!(shop = %self.courier.id, code = %code_word(fault.code), "not stored");
            self.fault = Some(fault);
            Event::NotKept
        })
    }

    async fn recover(&mut self, now: DateTime<Utc>) -> Result<Event, StoreError> {
        let policy = self.policy.outbox;
        let event = if self.policy.believes_clock {
            sync::outbox::Event::Resumed
        } else {
            sync::outbox::Event::Restarted
        };
        let imported = self
            .courier
            .store
            .db
            .write_unrecorded(move |tx| {
                use outbox::State;
                for state in [State::InFlight, State::Doubt, State::Waiting] {
                    for entry in outbox::list(tx, state, 0, u32::MAX)? {
                        let before = entry.row();
                        if let Ok((row, _)) = before.on(event, now, clock::chance(), &policy)
                            && row != before
                        {
                            let error = entry.last_error.as_deref();
                            outbox::put(tx, entry.id, &row, error, now)?;
                        }
                    }
                }
                let mut imported = [false; 3];
                for (known, stream) in imported.iter_mut().zip(Stream::ALL) {
                    *known = pull::get(tx, stream)?.last_success_at.is_some();
                }
                Ok(imported)
            })
            .await?;
        Ok(Event::Recovered { imported })
    }

    async fn next_due(&mut self, now: DateTime<Utc>) -> Result<Event, StoreError> {
        let calm_since = self.machine.calm_since(now);
        let (entry, next_at) = self
            .courier
            .store
            .db
            .read(move |conn| outbox::next_due(conn, now, calm_since))
            .await?;
        self.learnt = Learnt::default();
        let row = entry.as_ref().map(|entry| Due {
            id: entry.id,
            row: entry.row(),
        });
        self.entry = entry;
        Ok(Event::Due { row, next_at })
    }

    async fn find(&mut self) -> Event {
        let Some(entry) = &self.entry else {
            return Event::Started;
        };
        let (shop, id) = (&self.courier.shop, entry.id);
        match shop.find(id, &entry.operation).await {
            Ok(shops::Effect::Applied(order)) => {
                // Whatever was said against it before.
                self.learnt = Learnt {
                    order,
                    ..Learnt::default()
                };
                Event::Found
            }
            Ok(shops::Effect::Absent) => Event::Absent,
            Err(error) => self.write_failed(error).await,
        }
    }

    async fn apply(&mut self) -> Event {
        let Some(entry) = &self.entry else {
            return Event::Started;
        };
        let (shop, id) = (&self.courier.shop, entry.id);
        match shop.apply(id, &entry.operation).await {
            Ok(shops::Effect::Applied(order)) => {
                self.learnt.order = order;
                Event::Applied
            }
            Ok(shops::Effect::Absent) => Event::Absent,
            Err(error) => self.write_failed(error).await,
        }
    }

    async fn write_failed(&mut self, error: ShopError) -> Event {
        if let ShopError::Conflict(conflict) = &error {
            self.learnt.conflict = Some(conflict.clone());
            // Whoever decides shall see the order as the shop has it. If it cannot be had now, the
            // next pull brings it.
            if let Some(entry) = &self.entry
                && let Ok(order) = self.courier.shop.order(entry.order()).await
            {
                self.learnt.order = order.map(Box::new);
            }
        }
        let event = self.failed(&error);
        self.learnt.fault.clone_from(&self.fault);
        event
    }

    /// What the machine is told of an error.
    fn failed(&mut self, error: &ShopError) -> Event {
        let trouble = trouble(error);
        let fault = Fault::from(error.clone());
        if trouble != Trouble::Refused {
            tracing::info!(shop = %self.courier.id, code = %code_word(fault.code), "no exchange");
        }
        self.fault = Some(fault);
        Event::Failed(trouble)
    }

    async fn keep(&mut self, id: OperationId, row: Row, desk: &Desk) -> Result<Event, StoreError> {
        let now = desk.now();
        let change = desk.change(
            Author::System,
            "operation.moved",
            &id,
            json!({ "state": row.state.code(), "tries": row.tries }),
        );
        let Learnt {
            order,
            fault,
            conflict,
        } = self.learnt.clone();
        let error = fault.map(|fault| fault.stored());
        let kept = self
            .courier
            .store
            .db
            .write(change, move |tx| {
                if let Some(order) = order {
                    intake::take_in_order(tx, &order, now)?;
                }
                outbox::put_with(tx, id, &row, error.as_deref(), conflict.as_deref(), now)
            })
            .await;
        match kept {
            Ok(()) => {}
            Err(StoreError::Conflict(_)) => return Ok(Event::Overtaken),
            Err(error) => return Err(error),
        }
        if row.state == sync::outbox::State::Done {
            self.round.sent += 1;
        }
        desk.tell(Changed::Shops);
        Ok(Event::Kept)
    }

    async fn fetch(&mut self, stream: Stream) -> Result<Event, StoreError> {
        let before = self.courier.stands(stream).await?;
        let cursor = Cursor(before.cursor);
        let ahead = self.ahead.take();
        let page = match ahead.filter(|ahead| ahead.stream == stream && ahead.cursor == cursor) {
            Some(ahead) => ahead.answer().await,
            None => self.courier.ask(stream, &cursor).await,
        };
        match page {
            Ok(page) => {
                let done = page.done();
                self.page = Some(page);
                Ok(Event::Page { done })
            }
            Err(error) => {
                let event = self.failed(&error);
                let fault = self.fault.as_ref().map(Fault::stored).unwrap_or_default();
                if before.last_error.as_ref() != Some(&fault) {
                    self.courier
                        .store
                        .db
                        .write_unrecorded(move |tx| pull::fail(tx, stream, &fault))
                        .await?;
                }
                Ok(event)
            }
        }
    }

    /// Begins to ask for the page that the machine will want once `page` is stored.
    async fn ask_ahead(
        &mut self,
        page: &PageOf,
        now: DateTime<Utc>,
    ) -> Result<Option<Ahead<'a>>, StoreError> {
        let Some(stream) = self.machine.after_page(now) else {
            return Ok(None);
        };
        let cursor = match page.next(stream) {
            Some(next) => next.clone(),
            None => Cursor(self.courier.stands(stream).await?.cursor),
        };
        Ok(Some(Ahead::ask(self.courier, stream, cursor)))
    }

    async fn store_page(
        &mut self,
        done: bool,
        now: DateTime<Utc>,
        desk: &Desk,
    ) -> Result<Event, StoreError> {
        let Some(page) = self.page.take() else {
            return Ok(Event::NotKept);
        };
        let mut ahead = self.ask_ahead(&page, now).await?;
        let (wall, count) = (desk.now(), page.len());
        let db = &self.courier.store.db;
        let mut storing =
            pin!(db.write_unrecorded(move |tx| page.store(tx, done.then_some(wall), wall)));
        // What comes first of the next page waits here; storing is what is waited for.
        let changed = poll_fn(|context| {
            if let Some(ahead) = &mut ahead {
                ahead.get_on(context);
            }
            storing.as_mut().poll(context)
        })
        .await?;
        self.ahead = ahead;
        self.round.pulled += count;
        if changed {
            desk.tell(Changed::Desk);
            desk.tell(Changed::Shops);
        }
        Ok(Event::Kept)
    }

    async fn next_again(&mut self, limit: u32, now: DateTime<Utc>) -> Result<Event, StoreError> {
        let found = self
            .courier
            .store
            .db
            .read(move |conn| order::to_read_again(conn, now - WRITTEN_LATELY, now - STILL_OPEN))
            .await?;
        let orders = u32::try_from(found.len()).unwrap_or(u32::MAX);
        let age = TimeDelta::from_std(self.machine.read_again_after(orders));
        let age = age.unwrap_or(WRITTEN_LATELY);
        let next_at = found.first().map(|(_, since)| *since + age);
        self.to_read = found
            .into_iter()
            .filter(|(_, since)| *since + age <= now)
            .take(usize::try_from(limit).unwrap_or(usize::MAX))
            .map(|(remote, _)| remote)
            .collect();
        let count = u32::try_from(self.to_read.len()).unwrap_or(limit);
        Ok(Event::Again { count, next_at })
    }

    async fn fetch_again(&mut self) -> Event {
        match self.courier.shop.orders_again(&self.to_read).await {
            Ok(again) => {
                self.again = again;
                Event::Read
            }
            Err(error) => self.failed(&error),
        }
    }

    async fn store_again(&mut self, now: DateTime<Utc>, desk: &Desk) -> Result<Event, StoreError> {
        let again = std::mem::take(&mut self.again);
        let read = std::mem::take(&mut self.to_read);
        let wall = desk.now();
        let changed = self
            .courier
            .store
            .db
            .write_unrecorded(move |tx| {
                let changed = take_in(tx, &again.items, &again.gone, wall)?;
                order::mark_read(tx, &read, now)?;
                Ok(changed)
            })
            .await?;
        if changed {
            desk.tell(Changed::Desk);
            desk.tell(Changed::Shops);
        }
        Ok(Event::Kept)
    }

    async fn next_sweep(&mut self, now: DateTime<Utc>) -> Result<Event, StoreError> {
        let zone = self.courier.zone;
        let quiet = TimeDelta::from_std(self.policy.outbox.quiet).unwrap_or_default();
        let night = sweep::last_before(now, &zone) - quiet;
        let calm = self.machine.calm_since(now);
        let (entry, done_at) = self
            .courier
            .store
            .db
            .read(move |conn| outbox::to_sweep(conn, night, calm))
            .await?;
        let at_night = sweep::next_after(now, &zone);
        let next_at = done_at.map_or(at_night, |at| at_night.min(at + quiet));
        self.to_sweep = entry.map(|entry| (entry.id, entry.operation));
        Ok(Event::ToSweep {
            id: self.to_sweep.as_ref().map(|(id, _)| *id),
            next_at: Some(next_at),
        })
    }

    async fn sweep(&mut self) -> Event {
        let Some((id, operation)) = &self.to_sweep else {
            return Event::Started;
        };
        match self.courier.shop.sweep(*id, operation).await {
            Ok(removed) => Event::Swept { removed },
            Err(error) => self.failed(&error),
        }
    }

    async fn keep_swept(
        &mut self,
        id: OperationId,
        removed: u32,
        now: DateTime<Utc>,
        desk: &Desk,
    ) -> Result<Event, StoreError> {
        let db = &self.courier.store.db;
        if removed == 0 {
            db.write_unrecorded(move |tx| outbox::mark_swept(tx, id, now))
                .await?;
            return Ok(Event::Kept);
        }
        tracing::warn!(shop = %self.courier.id, removed, "stood at the shop more than once");
        let change = desk.change(
            Author::System,
            "operation.swept",
            &id,
            json!({ "removed": removed }),
        );
        db.write(change, move |tx| outbox::mark_swept(tx, id, now))
            .await?;
        Ok(Event::Kept)
    }
}

fn trouble(error: &ShopError) -> Trouble {
    match error {
        ShopError::Unreachable | ShopError::TimedOut => Trouble::Away,
        ShopError::ShopFault { .. } | ShopError::BadReply(_) => Trouble::Faulty,
        ShopError::Busy { retry_after } => Trouble::Busy(*retry_after),
        ShopError::Gone
        | ShopError::Refused(_)
        | ShopError::Conflict(_)
        | ShopError::Unsupported(_) => Trouble::Refused,
        ShopError::BadAddress
        | ShopError::NoTls
        | ShopError::BadCertificate
        | ShopError::PrivateAddress
        | ShopError::WrongKey
        | ShopError::NoReadRight(_)
        | ShopError::NoWriteRight
        | ShopError::NotAShop
        | ShopError::Moved(_) => Trouble::Closed,
    }
}
