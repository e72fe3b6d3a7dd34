//! All that the exchange with one shop decides: what is sent, asked, read again, swept and when.
//!
//! A machine with one effect outstanding at a time: [`Courier::on`] takes what came of the last
//! effect and gives the next one. Whoever drives it carries the effect out (one wait) and comes back.
//! Dropping the machine at any moment is a crash; a new one starts from what the store has.
//!
//! - Nothing leaves whose state is not stored. A result that could not be stored (disk full) is
//!   kept and stored again until it works; meanwhile nothing else is done.
//! - Sends and pulls take turns, so that neither a long outbox nor a first import holds up the other;
//!   reading again and sweeping get one step after each poll, and all the time that is left over.
//! - While the breaker is open nothing is asked. Its trial is a pull: an outage costs no write a try.

use crate::breaker::{Breaker, BreakerPolicy, Gate, Trouble, full_jitter, later};
use crate::outbox::{self, Failure, OutboxPolicy, Row, State};
use chrono::{DateTime, TimeDelta, Utc};
use rules::id::OperationId;
use std::time::Duration;

/// What is pulled.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Stream {
    /// What was ordered: first, since work can start while the rest still comes.
    Orders,
    /// What the shop sells.
    Products,
    /// Who buys.
    Customers,
}

impl Stream {
    /// Each, in the order of importance.
    pub const ALL: [Self; 3] = [Self::Orders, Self::Products, Self::Customers];

    /// The word it is stored as.
    pub const fn word(self) -> &'static str {
        match self {
            Self::Orders => "orders",
            Self::Products => "products",
            Self::Customers => "customers",
        }
    }
}

/// How the exchange stands, for people.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Phase {
    /// Nothing to do until the next poll.
    #[default]
    Idle,
    /// Something is on its way to the shop.
    Working,
    /// The first import is under way.
    Importing,
    /// The shop is away; it is tried again by itself.
    Unreachable,
    /// A person must mend something: the key, the disk.
    Stopped,
}

/// Times and bounds, as data.
#[derive(Clone, Copy, Debug)]
pub struct Policy {
    /// Of each write.
    pub outbox: OutboxPolicy,
    /// Of the shop as a whole.
    pub breaker: BreakerPolicy,
    /// From the beginning of one poll to the next.
    pub poll: Duration,
    /// At most so many writes between two pages while a pull is due.
    pub sends_in_a_row: u32,
    /// Orders read again at a time.
    pub batch: u32,
    /// The longest that an order that matters may go unread, see [`Courier::read_again_after`].
    pub read_again: Duration,
    /// The longest the store may be asked late for orders to be read again, or for a sweep.
    pub background: Duration,
    /// Wait before storing again what could not be stored.
    pub store_again: Duration,
    /// Times in the store are this clock's: for one that runs for a moment every few minutes, which
    /// would never see the end of a wait that began anew at each start.
    pub believes_clock: bool,
}

impl Default for Policy {
    fn default() -> Self {
        Self {
            outbox: OutboxPolicy::default(),
            breaker: BreakerPolicy::default(),
            poll: Duration::from_secs(30),
            sends_in_a_row: 5,
            batch: 50,
            read_again: Duration::from_hours(6),
            background: Duration::from_mins(10),
            store_again: Duration::from_secs(5),
            believes_clock: false,
        }
    }
}

/// A row of the outbox whose time has come.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Due {
    /// Which write.
    pub id: OperationId,
    /// Where it stands.
    pub row: Row,
}

/// What came of the last effect.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Event {
    /// The machine is new. Of no effect; must come first and once.
    Started,
    /// Of [`Effect::Sleep`]: its time is over.
    Woken,
    /// Of [`Effect::Sleep`]: something was written to the outbox.
    Nudged,
    /// Of [`Effect::Sleep`]: a person, or the shop by a call of its own, wants the exchange now.
    Asked,
    /// Of [`Effect::Recover`]: done. Tells which streams have been pulled whole at least once.
    Recovered {
        /// In the order of [`Stream::ALL`].
        imported: [bool; 3],
    },
    /// Of [`Effect::NextDue`].
    Due {
        /// The head of an order's queue that has been due the longest; none when nothing is due.
        row: Option<Due>,
        /// When the next one will be, where none is due.
        next_at: Option<DateTime<Utc>>,
    },
    /// Of [`Effect::Find`]: it is there.
    Found,
    /// Of [`Effect::Find`]: it is not there. Of [`Effect::Apply`]: it was taken and does not show.
    Absent,
    /// Of [`Effect::Apply`]: it is there now.
    Applied,
    /// Of [`Effect::Fetch`].
    Page {
        /// Nothing more for now.
        done: bool,
    },
    /// Of [`Effect::NextAgain`].
    Again {
        /// How many orders are to be read again now, at most as many as asked for.
        count: u32,
        /// When the next one will be, where none is now.
        next_at: Option<DateTime<Utc>>,
    },
    /// Of [`Effect::FetchAgain`]: read.
    Read,
    /// Of [`Effect::NextSweep`].
    ToSweep {
        /// A write that is done for a quiet period and has not been swept; none when it is not
        /// night, or when all are swept.
        id: Option<OperationId>,
        /// When to ask again, where there is none.
        next_at: Option<DateTime<Utc>>,
    },
    /// Of [`Effect::Sweep`].
    Swept {
        /// How many stood there too many and are gone now.
        removed: u32,
    },
    /// Of whatever asks the shop: it did not do it.
    Failed(Trouble),
    /// Of whatever stores: it is on the disk.
    Kept,
    /// Of whatever stores or reads the store: it could not, nothing of it remains.
    NotKept,
    /// Of [`Effect::Keep`]: the row is not what it was, a person has decided otherwise.
    Overtaken,
}

/// What to do next.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Effect {
    /// In one transaction, put every row of the outbox that is not settled through
    /// [`outbox::Row::on`] with [`outbox::Event::Restarted`] (or
    /// [`outbox::Event::Resumed`] with [`Policy::believes_clock`]): what was in flight is in doubt,
    /// and no time noted by a clock that has since been set is believed. Comes back as
    /// [`Event::Recovered`] or [`Event::NotKept`].
    Recover,
    /// Ask the store for the next row that is due, those left out that must wait for calm, see
    /// [`Courier::calm_since`]. Comes back as [`Event::Due`].
    NextDue,
    /// Ask the shop whether the write is there. Comes back as [`Event::Found`], [`Event::Absent`]
    /// or [`Event::Failed`]. What was learnt of it by an [`Effect::Apply`] that was refused right
    /// before (the conflict, the error) is to be kept beside what this learns.
    Find {
        /// Which write.
        id: OperationId,
    },
    /// Store where the write stands, with what was learnt of it (the order as the shop has it, the
    /// conflict, the error). Durable when it comes back as [`Event::Kept`]; else
    /// [`Event::NotKept`] or [`Event::Overtaken`].
    Keep {
        /// Which write.
        id: OperationId,
        /// Where it stands.
        row: Row,
    },
    /// Write to the shop. Comes back as [`Event::Applied`], [`Event::Absent`] or
    /// [`Event::Failed`].
    Apply {
        /// Which write.
        id: OperationId,
    },
    /// Ask the shop for the next page, from the cursor as stored. Comes back as [`Event::Page`] or
    /// [`Event::Failed`].
    Fetch(Stream),
    /// Store the page and the cursor in one transaction. Comes back as [`Event::Kept`] or, the page
    /// being let go, [`Event::NotKept`].
    StorePage {
        /// Which.
        stream: Stream,
        /// This was the last page for now.
        done: bool,
    },
    /// Ask the store which orders are to be read again, see [`Courier::read_again_after`]. Comes
    /// back as [`Event::Again`].
    NextAgain {
        /// At most so many.
        limit: u32,
    },
    /// Read those orders from the shop. Comes back as [`Event::Read`] or [`Event::Failed`].
    FetchAgain,
    /// Store them, and that they were read. Comes back as [`Event::Kept`] or [`Event::NotKept`].
    StoreAgain,
    /// Store that their turn has passed: the shop cannot give them.
    SkipAgain,
    /// Ask the store which write is to be swept. Comes back as [`Event::ToSweep`].
    NextSweep,
    /// Take away at the shop what stands there more than once. Comes back as [`Event::Swept`] or
    /// [`Event::Failed`].
    Sweep {
        /// Which write.
        id: OperationId,
    },
    /// Store that it is swept. Comes back as [`Event::Kept`] or [`Event::NotKept`].
    KeepSwept {
        /// Which write.
        id: OperationId,
        /// How many were removed.
        removed: u32,
    },
    /// Wait until then, or until there is something to do: [`Event::Woken`], [`Event::Nudged`]
    /// or [`Event::Asked`].
    Sleep {
        /// Until when.
        until: DateTime<Utc>,
    },
}

/// How the exchange stands, for the sync page.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// In a word.
    pub phase: Phase,
    /// Nothing is asked of the shop before this.
    pub breaker_open_until: Option<DateTime<Utc>>,
    /// When orders are asked for next.
    pub next_pull_at: Option<DateTime<Utc>>,
    /// Whether it is the store that fails.
    pub store_failed: bool,
}

/// One write at hand.
#[derive(Clone, Copy, Debug)]
struct Held {
    id: OperationId,
    /// As the store has it.
    stored: Row,
    /// As it stands.
    row: Row,
}

/// The effect that is outstanding.
#[derive(Clone, Copy, Debug)]
enum Doing {
    Nothing,
    Recovering,
    AskingDue,
    Finding(Held),
    Announcing(Held),
    Applying(Held),
    /// The shop has refused it; that may have been said of a second copy.
    Verifying(Held),
    Recording(Held),
    /// Asleep with a result that could not be stored.
    Unkept(Held),
    Fetching(Stream),
    StoringPage(Stream, bool),
    AskingAgain,
    FetchingAgain(u32),
    StoringAgain(u32),
    AskingSweep,
    Sweeping(OperationId),
    KeepingSwept,
    Sleeping,
}

/// Orders read again when a person asks were not read for so long.
const LATELY: Duration = Duration::from_mins(1);

/// Few orders are read again as often as this.
const OFTEN: Duration = Duration::from_mins(15);

/// How soon what matters is read again.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Haste {
    /// Spread over the day.
    Calm,
    /// Somebody has asked: one batch now.
    Asked,
}

/// What is done when nothing presses.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Background {
    Again,
    Sweep,
}

/// How the pull of one stream stands.
#[derive(Clone, Copy, Debug, Default)]
struct Pull {
    /// Asked for again at this time; none: now.
    next_at: Option<DateTime<Utc>>,
    /// When the poll under way began.
    begun: Option<DateTime<Utc>>,
    failures: u32,
    imported: bool,
}

impl Pull {
    fn is_due(&self, now: DateTime<Utc>) -> bool {
        self.next_at.is_none_or(|at| at <= now)
    }

    /// One that fails does not come any nearer to its end.
    fn is_importing(&self) -> bool {
        !self.imported && self.failures == 0
    }
}

/// The machine. See the module.
#[derive(Clone, Debug)]
pub struct Courier {
    policy: Policy,
    breaker: Breaker,
    doing: Doing,
    asleep_until: Option<DateTime<Utc>>,
    /// The outbox must be gone over before anything else.
    stale: bool,
    /// When that was done last: times in the store from before may be another clock's.
    recovered_at: Option<DateTime<Utc>>,
    store_failed_until: Option<DateTime<Utc>>,
    pulls: [Pull; 3],
    /// The stream pulled last.
    last: Option<Stream>,
    /// Nothing is due in the outbox before this; none: not known.
    rows_at: Option<DateTime<Utc>>,
    in_row: u32,
    /// The last trial of an open breaker was a pull that met a fault: the next is a write.
    trial_by_row: bool,
    /// Reading again or sweeping may take a step though a pull is due.
    credit: bool,
    again_at: Option<DateTime<Utc>>,
    again_limit: u32,
    singles: u32,
    again_failures: u32,
    haste: Haste,
    sweep_at: Option<DateTime<Utc>>,
    sweep_failures: u32,
    /// What had the last turn.
    background: Background,
}

impl Courier {
    /// A new one; begin with [`Event::Started`].
    pub fn new(policy: Policy) -> Self {
        Self {
            policy,
            breaker: Breaker::new(policy.breaker),
            doing: Doing::Nothing,
            asleep_until: None,
            stale: true,
            recovered_at: None,
            store_failed_until: None,
            pulls: [Pull::default(); 3],
            last: None,
            rows_at: None,
            in_row: 0,
            trial_by_row: false,
            credit: false,
            again_at: None,
            again_limit: policy.batch.max(1),
            singles: 0,
            again_failures: 0,
            // A short run is there because somebody asks.
            haste: if policy.believes_clock {
                Haste::Asked
            } else {
                Haste::Calm
            },
            sweep_at: None,
            sweep_failures: 0,
            background: Background::Sweep,
        }
    }

    /// Takes what came of the last effect and gives the next.
    ///
    /// `now` is a steady clock (see [`crate::steady`]), `random` any number, for the jitter. An event
    /// that does not answer the outstanding effect is the driver's mistake: all that is at hand is
    /// let go and the outbox gone over again, which neither loses nor doubles anything.
    pub fn on(&mut self, event: Event, now: DateTime<Utc>, random: u64) -> Effect {
        let doing = std::mem::replace(&mut self.doing, Doing::Nothing);
        match (doing, event) {
            (Doing::Sleeping, Event::Woken | Event::Nudged | Event::Asked) => {
                self.wake(event, now);
                self.next(now)
            }
            (Doing::Unkept(held), Event::Woken | Event::Nudged | Event::Asked) => {
                self.asleep_until = None;
                self.keep(Doing::Recording(held), held)
            }
            (Doing::Recovering, Event::Recovered { imported }) => {
                for (pull, imported) in self.pulls.iter_mut().zip(imported) {
                    pull.imported = imported;
                }
                self.stale = false;
                self.recovered_at = Some(now);
                self.rows_at = None;
                self.stored();
                self.next(now)
            }
            (Doing::AskingDue, Event::Due { row, next_at }) => self.take(row, next_at, now, random),
            (Doing::Finding(held), event) => self.found(held, event, now, random),
            (Doing::Announcing(held), Event::Kept) => {
                self.stored();
                self.doing = Doing::Applying(held);
                Effect::Apply { id: held.id }
            }
            (Doing::Applying(held), event) => self.applied(held, event, now, random),
            (Doing::Verifying(held), event) => self.verified(held, event, now, random),
            (Doing::Recording(_), Event::Kept) => {
                self.stored();
                self.rows_at = None;
                self.in_row = self.in_row.saturating_add(1);
                self.next(now)
            }
            (Doing::Recording(held), Event::NotKept) => {
                self.store_failed(now);
                self.sleep(Doing::Unkept(held), self.store_failed_until, now)
            }
            (Doing::Announcing(_) | Doing::Recording(_), Event::Overtaken) => {
                // Not asked again at once, should the store and the row never agree.
                self.rows_at = Some(later(now, Duration::from_secs(1)));
                self.next(now)
            }
            (Doing::Fetching(stream), event) => self.fetched(stream, event, now, random),
            (Doing::StoringPage(stream, done), Event::Kept) => {
                self.stored();
                self.page_stored(stream, done, now);
                self.next(now)
            }
            (Doing::AskingAgain, Event::Again { count, next_at }) => {
                self.again(count, next_at, now)
            }
            (Doing::FetchingAgain(count), event) => self.read_again(count, event, now, random),
            (Doing::StoringAgain(count), Event::Kept) => {
                self.stored();
                self.again_stored(count, now);
                self.next(now)
            }
            (Doing::AskingSweep, Event::ToSweep { id, next_at }) => {
                self.sweep_or_wait(id, next_at, now)
            }
            (Doing::Sweeping(id), event) => self.swept(id, event, now, random),
            (Doing::KeepingSwept, Event::Kept) => {
                self.stored();
                self.sweep_failures = 0;
                // A write may have waited for this.
                (self.sweep_at, self.rows_at) = (None, None);
                self.next(now)
            }
            // What was announced has not left, what was read can be read again, and a sweep finds
            // nothing the second time.
            (
                Doing::Recovering
                | Doing::AskingDue
                | Doing::Announcing(_)
                | Doing::StoringPage(..)
                | Doing::AskingAgain
                | Doing::StoringAgain(_)
                | Doing::AskingSweep
                | Doing::KeepingSwept,
                Event::NotKept,
            ) => {
                self.store_failed(now);
                self.next(now)
            }
            (Doing::Nothing, Event::Started) => self.next(now),
            _ => {
                self.stale = true;
                self.next(now)
            }
        }
    }

    /// The stream that will be asked for next once the page being stored is kept; none when
    /// something else will come, or no page is being stored. A driver may ask for it meanwhile.
    pub fn after_page(&self, now: DateTime<Utc>) -> Option<Stream> {
        if !matches!(self.doing, Doing::StoringPage(..)) {
            return None;
        }
        match self.clone().on(Event::Kept, now, 0) {
            Effect::Fetch(stream) => Some(stream),
            _ => None,
        }
    }

    /// The wall clock was set: times in the store were noted by another one. Call it before
    /// [`Courier::on`] with the first time read from the new one.
    pub fn clock_set(&mut self, by: TimeDelta) {
        self.stale = true;
        self.breaker.shift(by);
        let timers = self
            .pulls
            .iter_mut()
            .flat_map(|pull| [&mut pull.next_at, &mut pull.begun]);
        for timer in timers
            .chain([&mut self.asleep_until, &mut self.store_failed_until])
            .chain([&mut self.again_at, &mut self.sweep_at])
        {
            *timer = timer.and_then(|at| at.checked_add_signed(by));
        }
    }

    /// A row is not due while an earlier one of the same order that [`outbox::overlap`]s with it was
    /// settled after this, having been sent: a proxy may still hold a second copy of that one, which
    /// would undo the later write.
    ///
    /// Less than a quiet period after a start, or after the clock was set, this lies a day back:
    /// when something was settled before, only another clock knew.
    pub fn calm_since(&self, now: DateTime<Utc>) -> DateTime<Utc> {
        let quiet = TimeDelta::from_std(self.policy.outbox.quiet).unwrap_or_default();
        let calm = now.checked_sub_signed(quiet).unwrap_or(now);
        match self.recovered_at {
            Some(at) if at > calm && !self.policy.believes_clock => at - TimeDelta::days(1),
            _ => calm,
        }
    }

    /// How old the last reading of an order must be for it to be read again, when so many orders
    /// come round: a batch each ten polls, few orders more often, and none later than the policy
    /// has it. When somebody has asked for the exchange, all that was not read just now.
    pub fn read_again_after(&self, orders: u32) -> Duration {
        let batches = orders.div_ceil(self.policy.batch.max(1));
        match self.haste {
            Haste::Asked => LATELY,
            Haste::Calm => (self.policy.poll.saturating_mul(10))
                .saturating_mul(batches)
                .max(OFTEN)
                .min(self.policy.read_again),
        }
    }

    /// How it stands.
    pub fn standing(&self, now: DateTime<Utc>) -> Standing {
        Standing {
            phase: self.phase(),
            breaker_open_until: match self.breaker.gate(now) {
                Gate::Open(until) => Some(until),
                Gate::Closed | Gate::HalfOpen => None,
            },
            next_pull_at: self.pulls.first().and_then(|pull| pull.next_at),
            store_failed: self.store_failed_until.is_some(),
        }
    }

    fn phase(&self) -> Phase {
        if self.store_failed_until.is_some() {
            return Phase::Stopped;
        }
        match self.breaker.trouble() {
            Some(Trouble::Closed) => return Phase::Stopped,
            Some(_) => return Phase::Unreachable,
            None => {}
        }
        match self.doing {
            _ if self.pulls.iter().any(Pull::is_importing) => Phase::Importing,
            Doing::Finding(_)
            | Doing::Announcing(_)
            | Doing::Applying(_)
            | Doing::Verifying(_)
            | Doing::Recording(_) => Phase::Working,
            _ => Phase::Idle,
        }
    }

    /// Chooses what to do when nothing is at hand.
    fn next(&mut self, now: DateTime<Utc>) -> Effect {
        if let Some(until) = self.store_failed_until
            && now < until
        {
            return self.sleep(Doing::Sleeping, Some(until), now);
        }
        if self.stale {
            self.doing = Doing::Recovering;
            return Effect::Recover;
        }
        match self.breaker.gate(now) {
            Gate::Open(until) => self.sleep(Doing::Sleeping, Some(until), now),
            Gate::HalfOpen if self.trial_by_row && self.rows_may_be_due(now) => self.ask_due(),
            Gate::HalfOpen => self.fetch(Stream::Orders, now),
            Gate::Closed => self.next_of_all(now),
        }
    }

    fn next_of_all(&mut self, now: DateTime<Utc>) -> Effect {
        let rows = self.rows_may_be_due(now);
        let pull = self.next_pull(now);
        if rows && (pull.is_none() || self.in_row < self.policy.sends_in_a_row) {
            return self.ask_due();
        }
        let background = self.again_is_due(now) || self.sweep_is_due(now);
        if let Some(stream) = pull
            && !(self.credit && background)
        {
            return self.fetch(stream, now);
        }
        if background {
            self.credit = false;
            return self.step_in_background(now);
        }
        let timers = self.pulls.iter().map(|pull| pull.next_at).chain([
            self.rows_at,
            self.again_at,
            self.sweep_at,
        ]);
        let until = timers.flatten().min();
        self.sleep(Doing::Sleeping, until, now)
    }

    fn rows_may_be_due(&self, now: DateTime<Utc>) -> bool {
        self.rows_at.is_none_or(|at| at <= now)
    }

    fn again_is_due(&self, now: DateTime<Utc>) -> bool {
        self.again_at.is_none_or(|at| at <= now)
    }

    fn sweep_is_due(&self, now: DateTime<Utc>) -> bool {
        self.sweep_at.is_none_or(|at| at <= now)
    }

    /// The streams take turns by pages.
    fn next_pull(&self, now: DateTime<Utc>) -> Option<Stream> {
        let after = self.last.map_or(0, |last| last as usize + 1);
        Stream::ALL
            .into_iter()
            .zip(&self.pulls)
            .cycle()
            .skip(after)
            .take(Stream::ALL.len())
            .find(|(_, pull)| pull.is_due(now))
            .map(|(stream, _)| stream)
    }

    fn sleep(&mut self, doing: Doing, until: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Effect {
        let until = until.unwrap_or_else(|| later(now, self.policy.poll));
        self.doing = doing;
        self.asleep_until = Some(until);
        Effect::Sleep { until }
    }

    /// What was slept for is over, though a clock that someone else sets may not say so: the
    /// machine's own timers believe the sleep, the times of writes only the clock.
    fn wake(&mut self, event: Event, now: DateTime<Utc>) {
        self.in_row = 0;
        self.rows_at = None;
        let until = self.asleep_until.take();
        match event {
            Event::Woken => {
                let Some(until) = until else { return };
                self.breaker.elapse(until, now);
                let timers = self.pulls.iter_mut().map(|pull| &mut pull.next_at);
                for timer in timers
                    .chain([&mut self.store_failed_until])
                    .chain([&mut self.again_at, &mut self.sweep_at])
                {
                    if timer.is_some_and(|at| at <= until) {
                        *timer = timer.map(|at| at.min(now));
                    }
                }
            }
            Event::Asked => {
                self.breaker.try_now(now);
                (self.haste, self.again_at) = (Haste::Asked, None);
                self.store_failed_until = self.store_failed_until.map(|at| at.min(now));
                for pull in &mut self.pulls {
                    pull.next_at = None;
                }
            }
            _ => {}
        }
    }

    fn stored(&mut self) {
        self.store_failed_until = None;
    }

    fn store_failed(&mut self, now: DateTime<Utc>) {
        self.store_failed_until = Some(later(now, self.policy.store_again));
    }

    // Writes.

    fn ask_due(&mut self) -> Effect {
        self.doing = Doing::AskingDue;
        Effect::NextDue
    }

    fn take(
        &mut self,
        due: Option<Due>,
        next_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
        random: u64,
    ) -> Effect {
        // A time noted by a clock that has been set meanwhile says nothing.
        if self.stale {
            return self.next(now);
        }
        let nothing = || later(now, self.policy.background);
        let Some(Due { id, row: stored }) = due else {
            self.rows_at = Some(next_at.unwrap_or_else(nothing).max(now));
            if self.rows_may_be_due(now) {
                self.rows_at = Some(later(now, Duration::from_millis(20)));
            }
            self.trial_by_row = false;
            return self.next(now);
        };
        match stored.on(outbox::Event::Due, now, random, &self.policy.outbox) {
            Ok((row, outbox::Effect::Send | outbox::Effect::Look)) => {
                // Each write is looked for before it leaves: so only a write itself can leave doubt.
                self.doing = Doing::Finding(Held { id, stored, row });
                Effect::Find { id }
            }
            Ok((_, outbox::Effect::WaitUntil(at))) => {
                self.rows_at = Some(at);
                self.next(now)
            }
            Ok(_) | Err(_) => {
                self.rows_at = Some(later(now, Duration::from_secs(1)));
                self.next(now)
            }
        }
    }

    fn found(&mut self, held: Held, event: Event, now: DateTime<Utc>, random: u64) -> Effect {
        let looking = held.row.state == State::Looking;
        let step = match event {
            Event::Found => {
                self.answered();
                if looking {
                    outbox::Event::Found
                } else {
                    outbox::Event::Applied
                }
            }
            Event::Absent if !looking => {
                self.answered();
                return self.keep(Doing::Announcing(held), held);
            }
            Event::Absent => {
                self.answered();
                outbox::Event::Absent
            }
            Event::Failed(trouble) => {
                // A fault counts against this write only while the shop answers others.
                let lone = trouble == Trouble::Faulty && self.breaker.trouble().is_none();
                self.failed(trouble, now, random);
                outbox::Event::Failed(match trouble {
                    Trouble::Refused => Failure::Permanent,
                    Trouble::Faulty if lone => Failure::Stubborn,
                    Trouble::Busy(Some(asked)) => {
                        Failure::RetryAfter(asked.min(self.policy.breaker.longest))
                    }
                    _ => Failure::Passing,
                })
            }
            _ => {
                self.stale = true;
                return self.next(now);
            }
        };
        let Some(mut held) = self.step(held, step, now, random) else {
            return self.next(now);
        };
        if held.row.state == State::InFlight {
            return self.keep(Doing::Announcing(held), held);
        }
        // Looking has not sent it.
        held.row.sent = held.stored.sent;
        self.keep(Doing::Recording(held), held)
    }

    fn applied(&mut self, held: Held, event: Event, now: DateTime<Utc>, random: u64) -> Effect {
        let step = match event {
            Event::Applied => {
                self.answered();
                outbox::Event::Applied
            }
            // A shop that took it and does not show it: wait and look again.
            Event::Absent => {
                self.answered();
                outbox::Event::Failed(Failure::Faulty)
            }
            // A proxy may have sent it twice, and what we hear is what the shop said to the second
            // copy; or somebody has changed the order since it was there.
            Event::Failed(Trouble::Refused) => {
                self.answered();
                self.doing = Doing::Verifying(held);
                return Effect::Find { id: held.id };
            }
            Event::Failed(trouble) => {
                self.failed(trouble, now, random);
                outbox::Event::Failed(match trouble {
                    Trouble::Away => Failure::Doubtful,
                    Trouble::Faulty => Failure::Faulty,
                    Trouble::Busy(Some(asked)) => {
                        Failure::RetryAfter(asked.min(self.policy.breaker.longest))
                    }
                    Trouble::Busy(None) => Failure::Passing,
                    Trouble::Closed => Failure::Stubborn,
                    Trouble::Refused => Failure::Permanent,
                })
            }
            _ => {
                self.stale = true;
                return self.next(now);
            }
        };
        match self.step(held, step, now, random) {
            Some(held) => self.keep(Doing::Recording(held), held),
            None => self.next(now),
        }
    }

    /// Looks once more before a refused write is given up.
    fn verified(&mut self, held: Held, event: Event, now: DateTime<Utc>, random: u64) -> Effect {
        let step = match event {
            Event::Found => {
                self.answered();
                outbox::Event::Applied
            }
            Event::Absent | Event::Failed(Trouble::Refused) => {
                self.answered();
                outbox::Event::Failed(Failure::Permanent)
            }
            Event::Failed(trouble) => {
                self.failed(trouble, now, random);
                outbox::Event::Failed(Failure::Doubtful)
            }
            _ => {
                self.stale = true;
                return self.next(now);
            }
        };
        match self.step(held, step, now, random) {
            Some(held) => self.keep(Doing::Recording(held), held),
            None => self.next(now),
        }
    }

    /// The row moved on; none, with the outbox to be gone over, where it cannot.
    fn step(
        &mut self,
        held: Held,
        event: outbox::Event,
        now: DateTime<Utc>,
        random: u64,
    ) -> Option<Held> {
        let stepped = held.row.on(event, now, random, &self.policy.outbox);
        self.stale |= stepped.is_err();
        stepped.ok().map(|(row, _)| Held { row, ..held })
    }

    fn keep(&mut self, doing: Doing, held: Held) -> Effect {
        self.doing = doing;
        Effect::Keep {
            id: held.id,
            row: held.row,
        }
    }

    fn answered(&mut self) {
        self.trial_by_row = false;
        self.breaker.answered();
    }

    fn failed(&mut self, trouble: Trouble, now: DateTime<Utc>, random: u64) {
        self.trial_by_row = false;
        self.breaker.failed(trouble, now, random);
    }

    // Pulls.

    fn fetch(&mut self, stream: Stream, now: DateTime<Utc>) -> Effect {
        self.in_row = 0;
        self.last = Some(stream);
        let pull = self.pull(stream);
        pull.begun = pull.begun.or(Some(now));
        self.doing = Doing::Fetching(stream);
        Effect::Fetch(stream)
    }

    fn fetched(&mut self, stream: Stream, event: Event, now: DateTime<Utc>, random: u64) -> Effect {
        match event {
            Event::Page { done } => {
                self.answered();
                self.doing = Doing::StoringPage(stream, done);
                return Effect::StorePage { stream, done };
            }
            Event::Failed(trouble) => {
                // A stream that this key may not read is no reason to leave the others.
                let own = stream != Stream::Orders && trouble == Trouble::Closed;
                if !own {
                    self.failed(trouble, now, random);
                }
                self.trial_by_row = trouble == Trouble::Faulty;
                let (policy, interval) = (self.policy.outbox, self.policy.poll);
                let pull = self.pull(stream);
                pull.begun = None;
                pull.failures = pull.failures.saturating_add(1);
                let wait = match trouble {
                    Trouble::Refused | Trouble::Closed => interval * 10,
                    _ => full_jitter(
                        policy.backoff_base,
                        policy.backoff_cap,
                        pull.failures,
                        random,
                    ),
                };
                pull.next_at = Some(later(now, wait));
            }
            Event::NotKept => self.store_failed(now),
            _ => self.stale = true,
        }
        self.next(now)
    }

    fn page_stored(&mut self, stream: Stream, done: bool, now: DateTime<Utc>) {
        let interval = self.policy.poll;
        let pull = self.pull(stream);
        pull.failures = 0;
        pull.next_at = None;
        if done {
            pull.imported = true;
            pull.next_at = Some(later(pull.begun.take().unwrap_or(now), interval));
            self.credit = true;
        }
    }

    fn pull(&mut self, stream: Stream) -> &mut Pull {
        let [orders, products, customers] = &mut self.pulls;
        match stream {
            Stream::Orders => orders,
            Stream::Products => products,
            Stream::Customers => customers,
        }
    }

    // Reading again and sweeping.

    fn step_in_background(&mut self, now: DateTime<Utc>) -> Effect {
        let turn = self.background == Background::Sweep || !self.sweep_is_due(now);
        if turn && self.again_is_due(now) {
            self.background = Background::Again;
            self.doing = Doing::AskingAgain;
            Effect::NextAgain {
                limit: self.again_limit,
            }
        } else {
            self.background = Background::Sweep;
            self.doing = Doing::AskingSweep;
            Effect::NextSweep
        }
    }

    /// When to ask the store again, which said that there is nothing before `next_at`.
    fn look_in(&self, next_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> DateTime<Utc> {
        let late = later(now, self.policy.background);
        let soon = later(now, self.policy.poll).min(late);
        next_at.map_or(late, |at| at.clamp(soon, late))
    }

    fn again(&mut self, count: u32, next_at: Option<DateTime<Utc>>, now: DateTime<Utc>) -> Effect {
        self.haste = Haste::Calm;
        if count == 0 {
            self.again_at = Some(self.look_in(next_at, now));
            return self.next(now);
        }
        self.doing = Doing::FetchingAgain(count);
        Effect::FetchAgain
    }

    fn read_again(&mut self, count: u32, event: Event, now: DateTime<Utc>, random: u64) -> Effect {
        match event {
            Event::Read => {
                self.answered();
                self.again_failures = 0;
                self.doing = Doing::StoringAgain(count);
                return Effect::StoreAgain;
            }
            Event::Failed(trouble) => {
                self.failed(trouble, now, random);
                self.again_failures = self.again_failures.saturating_add(1);
                let wait = full_jitter(
                    self.policy.outbox.backoff_base,
                    self.policy.outbox.backoff_cap,
                    self.again_failures,
                    random,
                );
                self.again_at = Some(later(now, wait.max(self.policy.poll)));
                if matches!(trouble, Trouble::Faulty | Trouble::Refused) {
                    // One bad order must not keep the others of its batch from being read.
                    if count > 1 {
                        self.again_limit = 1;
                        self.singles = count;
                    } else if self.breaker.trouble().is_none() {
                        self.doing = Doing::StoringAgain(count);
                        return Effect::SkipAgain;
                    }
                }
            }
            _ => self.stale = true,
        }
        self.next(now)
    }

    fn again_stored(&mut self, count: u32, now: DateTime<Utc>) {
        self.singles = self.singles.saturating_sub(count);
        if self.singles == 0 {
            self.again_limit = self.policy.batch.max(1);
        }
        // A batch each poll: spread, and still a hundred thousand a day.
        let pace = if self.singles > 0 {
            Duration::from_secs(1).min(self.policy.poll)
        } else {
            self.policy.poll
        };
        self.again_at = Some(later(now, pace));
    }

    fn sweep_or_wait(
        &mut self,
        id: Option<OperationId>,
        next_at: Option<DateTime<Utc>>,
        now: DateTime<Utc>,
    ) -> Effect {
        let Some(id) = id else {
            self.sweep_at = Some(self.look_in(next_at, now));
            return self.next(now);
        };
        self.doing = Doing::Sweeping(id);
        Effect::Sweep { id }
    }

    fn swept(&mut self, id: OperationId, event: Event, now: DateTime<Utc>, random: u64) -> Effect {
        let removed = match event {
            Event::Swept { removed } => {
                self.answered();
                removed
            }
            Event::Failed(trouble) => {
                self.failed(trouble, now, random);
                let faulty = trouble == Trouble::Faulty && self.breaker.trouble().is_none();
                self.sweep_failures += u32::from(faulty);
                let hopeless = self.sweep_failures >= self.policy.outbox.stubborn_limit;
                if trouble != Trouble::Refused && !hopeless {
                    self.sweep_at = Some(later(now, self.policy.poll));
                    return self.next(now);
                }
                0
            }
            _ => {
                self.stale = true;
                return self.next(now);
            }
        };
        self.doing = Doing::KeepingSwept;
        Effect::KeepSwept { id, removed }
    }
}

#[cfg(test)]
mod tests;
