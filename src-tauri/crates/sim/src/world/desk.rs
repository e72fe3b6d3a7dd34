//! One desk: the exchange's machine, driven as the product drives it, one await at a time. Each
//! await is a place where the desk may crash.

use super::clock::{DeskClock, Moment};
use super::disk::Disk;
use super::network::Cut;
use super::shop::{Ask, Order, OrderNumber, Told};
use super::{Mail, World};
use crate::connector::{Cursor, Outcome, Page, ShopError};
use crate::plan::{Break, Side};
use chrono::{DateTime, TimeDelta, Utc};
use rules::id::OperationId;
use rules::merge::Conflict;
use std::cell::RefCell;
use std::future::{pending, poll_fn};
use std::rc::Rc;
use std::task::Poll;
use std::time::Duration;
use sync::changes::Reach;
use sync::courier::{Courier, Effect, Event, Policy, Stream};
use sync::outbox::State;
use sync::steady::SteadyClock;

/// What the world keeps of a desk.
#[derive(Default)]
pub(crate) struct Desk {
    pub(crate) disk: Disk,
    pub(crate) clock: DeskClock,
    /// Counts the starts: mail for an earlier life is lost.
    pub(crate) life: u32,
    pub(crate) is_up: bool,
    /// It has reached the await at which it was to crash.
    pub(crate) has_crashed: bool,
    pub(crate) is_asleep: bool,
    /// What it waits for.
    pub(crate) ticket: u64,
    pub(crate) mail: Option<Mail>,
    pub(crate) awaits: u64,
    /// Those before work ended.
    pub(crate) busy_awaits: u64,
    /// When its disk is full.
    pub(crate) full: Vec<(Moment, Moment)>,
    pub(crate) started: Moment,
}

/// A program's hold on its world.
pub(crate) struct Wire {
    pub(crate) world: Rc<RefCell<World>>,
    pub(crate) desk: usize,
    pub(crate) broken: Option<Break>,
}

impl Wire {
    fn with<T>(&self, act: impl FnOnce(&mut World, usize) -> T) -> T {
        act(&mut self.world.borrow_mut(), self.desk)
    }

    /// One await: `begin` sets going what it waits for.
    async fn wait(&self, begin: impl FnOnce(&mut World, usize)) -> (Mail, bool) {
        let side = self.with(World::enter);
        if side == Some(Side::Before) {
            self.crash().await;
        }
        self.with(begin);
        let mail = poll_fn(
            |_| match self.with(|world, desk| world.desk(desk).mail.take()) {
                Some(mail) => Poll::Ready(mail),
                None => Poll::Pending,
            },
        )
        .await;
        (mail, side == Some(Side::After))
    }

    async fn crash(&self) {
        self.with(|world, desk| world.desk(desk).has_crashed = true);
        pending::<()>().await;
    }

    /// Asks the shop.
    pub(crate) async fn ask(&self, ask: Ask) -> Result<Told, Cut> {
        let (mail, is_last) = self.wait(|world, desk| world.send(desk, &ask)).await;
        if is_last {
            self.crash().await;
        }
        match mail {
            Mail::Told(told) => told,
            Mail::Awake | Mail::Nudged | Mail::Asked => Err(Cut::Unreachable),
        }
    }

    /// Carries a transaction out; none when the disk is full.
    async fn commit<T>(&self, act: impl FnOnce(&mut Disk) -> T) -> Option<T> {
        let (_, is_last) = self.wait(World::write).await;
        let done = self
            .with(|world, desk| (!world.is_full(desk)).then(|| act(&mut world.desk(desk).disk)));
        if is_last {
            self.crash().await;
        }
        done
    }

    fn wall_time(&self) -> DateTime<Utc> {
        self.with(|world, desk| {
            let now = world.now;
            world.desk(desk).clock.wall(now)
        })
    }

    /// Seconds that the desk's own clock shows.
    pub(crate) fn wall(&self) -> i64 {
        super::clock::second(self.wall_time())
    }

    fn monotonic(&self) -> Duration {
        let passed = self.with(|world, desk| world.now - world.desk(desk).started);
        Duration::from_millis(u64::try_from(passed).unwrap_or_default())
    }

    pub(crate) fn reach(&self) -> Reach {
        if self.broken == Some(Break::NoOverlap) {
            return Reach {
                overlap: TimeDelta::zero(),
                settled: TimeDelta::zero(),
            };
        }
        Reach::default()
    }
}

/// What is at hand between two effects.
#[derive(Default)]
struct AtHand {
    /// Till when what was settled is surely through.
    calm_since: DateTime<Utc>,
    page: Option<Page>,
    ahead: Option<Ahead>,
    order: Option<Rc<Order>>,
    conflict: Option<Conflict>,
    asked: Vec<OrderNumber>,
    read: (Vec<Rc<Order>>, Vec<OrderNumber>),
}

/// A page asked for while the one before it is stored, as the product does.
struct Ahead {
    stream: Stream,
    cursor: Cursor,
    page: Result<Option<Page>, ShopError>,
}

/// The exchange's program, from a start to a crash.
pub(crate) async fn work(wire: Wire) {
    let policy = wire.with(|world, _| world.policy);
    let mut courier = Courier::new(policy);
    let mut clock = SteadyClock::new(wire.wall_time(), wire.monotonic());
    let mut hand = AtHand::default();
    let mut event = Event::Started;
    loop {
        let reading = clock.read(wire.wall_time(), wire.monotonic());
        if let Some(by) = reading.set_by {
            courier.clock_set(by);
        }
        let random = wire.with(|world, _| world.dice.any());
        let effect = courier.on(event, reading.now, random);
        wire.with(|world, desk| world.tell_effect(desk, &event, &effect));
        hand.calm_since = courier.calm_since(reading.now);
        let held = hand.ahead.take();
        match effect {
            Effect::Fetch(_) => hand.ahead = held,
            // The longest that it can be early: asked and answered before the page is even stored.
            Effect::StorePage { .. } => {
                if let Some(stream) = courier.after_page(reading.now) {
                    hand.ahead = Some(hand.ask_ahead(&wire, stream).await);
                }
            }
            _ => {}
        }
        event = hand.carry_out(&wire, effect, reading.now, &policy).await;
    }
}

/// The cursor in the store; only orders have one here.
fn stands(wire: &Wire, stream: Stream) -> Cursor {
    match stream {
        Stream::Orders => wire.with(|world, desk| world.desk(desk).disk.cursor.clone()),
        Stream::Products | Stream::Customers => Cursor::default(),
    }
}

async fn ask(wire: &Wire, stream: Stream, cursor: Cursor) -> Result<Option<Page>, ShopError> {
    if stream == Stream::Orders {
        wire.orders(cursor).await.map(Some)
    } else {
        wire.still().await.map(|()| None)
    }
}

impl AtHand {
    async fn carry_out(
        &mut self,
        wire: &Wire,
        effect: Effect,
        now: DateTime<Utc>,
        policy: &Policy,
    ) -> Event {
        match effect {
            Effect::NextDue | Effect::NextAgain { .. } | Effect::NextSweep => {
                self.look_up(wire, effect, now)
            }
            Effect::Find { .. }
            | Effect::Apply { .. }
            | Effect::Sweep { .. }
            | Effect::Fetch(_)
            | Effect::FetchAgain => self.ask_shop(wire, effect).await,
            Effect::Sleep { until } => {
                let left = (until - now).num_milliseconds().max(1);
                let (mail, _) = wire.wait(|world, desk| world.sleep(desk, left)).await;
                match mail {
                    Mail::Nudged => Event::Nudged,
                    Mail::Asked => Event::Asked,
                    Mail::Awake | Mail::Told(_) => Event::Woken,
                }
            }
            Effect::Recover
            | Effect::Keep { .. }
            | Effect::StorePage { .. }
            | Effect::StoreAgain
            | Effect::SkipAgain
            | Effect::KeepSwept { .. } => self.store(wire, effect, now, policy).await,
        }
    }

    /// Reads the store.
    fn look_up(&mut self, wire: &Wire, effect: Effect, now: DateTime<Utc>) -> Event {
        let calm_since = self.calm_since;
        match effect {
            Effect::NextAgain { limit } => {
                let limit = limit as usize;
                let (due, next_at) =
                    wire.with(|world, desk| world.desk(desk).disk.next_again(limit, now));
                self.asked = due;
                let count = u32::try_from(self.asked.len()).unwrap_or(u32::MAX);
                Event::Again { count, next_at }
            }
            Effect::NextSweep => {
                let (id, next_at) = wire.with(|world, desk| {
                    let plan = world.plan;
                    let disk = &world.desk(desk).disk;
                    disk.next_sweep(now, calm_since, &plan)
                });
                Event::ToSweep { id, next_at }
            }
            _ => {
                self.conflict = None;
                let (row, next_at) =
                    wire.with(|world, desk| world.desk(desk).disk.next_due(now, calm_since));
                Event::Due { row, next_at }
            }
        }
    }

    /// Writes to the store, in one transaction.
    async fn store(
        &mut self,
        wire: &Wire,
        effect: Effect,
        now: DateTime<Utc>,
        policy: &Policy,
    ) -> Event {
        match effect {
            Effect::Recover => {
                let outbox = policy.outbox;
                let kept = wire.commit(|disk| {
                    disk.recover(now, &outbox);
                    disk.imported
                });
                kept.await
                    .map_or(Event::NotKept, |imported| Event::Recovered { imported })
            }
            Effect::Keep { id, row } => {
                let is_dead = matches!(row.state, State::Dead { .. });
                let conflict = self.conflict.clone().filter(|_| is_dead);
                let order = self.order.clone();
                let kept = wire.commit(|disk| {
                    let is_kept = disk.put(id, row, conflict, now);
                    if let Some(order) = order.filter(|_| is_kept) {
                        disk.take_in(&order, now);
                    }
                    is_kept
                });
                match kept.await {
                    Some(true) => Event::Kept,
                    Some(false) => Event::Overtaken,
                    None => Event::NotKept,
                }
            }
            Effect::StorePage { stream, done } => {
                let page = self.page.take();
                let kept = wire.commit(|disk| {
                    for order in page.iter().flat_map(|page| &page.items) {
                        disk.take_in(order, now);
                    }
                    if let Some(page) = page {
                        disk.take_in_gone(&page.gone);
                        disk.cursor = page.next;
                    }
                    disk.advance(stream, done);
                });
                or_not(kept.await)
            }
            Effect::KeepSwept { id, .. } => or_not(wire.commit(|disk| disk.keep_swept(id)).await),
            _ => {
                let asked = std::mem::take(&mut self.asked);
                let (items, gone) = std::mem::take(&mut self.read);
                let kept = wire.commit(|disk| {
                    for order in &items {
                        disk.take_in(order, now);
                    }
                    disk.take_in_gone(&gone);
                    disk.read_again(&asked, now);
                });
                or_not(kept.await)
            }
        }
    }

    async fn ask_shop(&mut self, wire: &Wire, effect: Effect) -> Event {
        match effect {
            Effect::Find { id } => match operation(wire, id) {
                Some(operation) => self.learn(wire.find(id, &operation).await, Event::Found),
                None => Event::NotKept,
            },
            Effect::Apply { id } => match operation(wire, id) {
                Some(operation) => self.learn(wire.apply(id, &operation).await, Event::Applied),
                None => Event::NotKept,
            },
            Effect::Sweep { id } => match operation(wire, id) {
                Some(operation) => match wire.sweep(id, &operation).await {
                    Ok(removed) => Event::Swept { removed },
                    Err(error) => Event::Failed(error.trouble()),
                },
                None => Event::NotKept,
            },
            Effect::Fetch(stream) => self.fetch(wire, stream).await,
            _ => match wire.again(&self.asked).await {
                Ok(read) => {
                    self.read = read;
                    Event::Read
                }
                Err(error) => Event::Failed(error.trouble()),
            },
        }
    }

    fn learn(&mut self, outcome: Result<Outcome, ShopError>, yes: Event) -> Event {
        self.order = None;
        match outcome {
            Ok(Outcome::Applied(order)) => {
                (self.order, self.conflict) = (order, None);
                yes
            }
            Ok(Outcome::Absent) => Event::Absent,
            Err(error) => {
                let trouble = error.trouble();
                if let ShopError::Conflict(conflict) = error {
                    self.conflict = Some(*conflict);
                }
                Event::Failed(trouble)
            }
        }
    }

    async fn ask_ahead(&self, wire: &Wire, stream: Stream) -> Ahead {
        let next = self.page.as_ref().filter(|_| stream == Stream::Orders);
        let cursor = next.map_or_else(|| stands(wire, stream), |page| page.next.clone());
        let page = ask(wire, stream, cursor.clone()).await;
        Ahead {
            stream,
            cursor,
            page,
        }
    }

    async fn fetch(&mut self, wire: &Wire, stream: Stream) -> Event {
        let cursor = stands(wire, stream);
        let ahead = self.ahead.take();
        let page = match ahead.filter(|ahead| ahead.stream == stream && ahead.cursor == cursor) {
            Some(ahead) => ahead.page,
            None => ask(wire, stream, cursor).await,
        };
        match page {
            Ok(page) => {
                let done = page.as_ref().is_none_or(|page| page.is_last);
                self.page = page;
                Event::Page { done }
            }
            Err(error) => Event::Failed(error.trouble()),
        }
    }
}

fn operation(wire: &Wire, id: OperationId) -> Option<Rc<rules::operation::ShopOperation>> {
    wire.with(|world, desk| {
        world
            .desk(desk)
            .disk
            .entry(id)
            .map(|entry| Rc::clone(&entry.operation))
    })
}

fn or_not(kept: Option<()>) -> Event {
    kept.map_or(Event::NotKept, |()| Event::Kept)
}
