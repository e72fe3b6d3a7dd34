//! The world of one day: what happens when, in one queue; nothing in it happens by itself.

pub(crate) mod clock;
pub(crate) mod desk;
pub(crate) mod disk;
pub(crate) mod network;
pub(crate) mod people;
pub(crate) mod shop;
pub(crate) mod staff;
mod traffic;

use crate::chance::{Chance, Purpose};
use crate::plan::{Break, Plan, REQUEST_LIMIT, SHOP_LIMIT, Side};
use crate::trace::Trace;
use clock::{HOUR, MINUTE, Moment, SECOND};
use desk::Desk;
use network::{Cut, Forecast};
use rules::id::OperationId;
use shop::{Shop, Told};
use std::cmp::Ordering;
use std::collections::{BTreeMap, BTreeSet, BinaryHeap};
use std::time::Duration;
use sync::courier::{Effect, Event, Policy};
use sync::outbox::OutboxPolicy;

/// What a desk was waiting for.
#[derive(Debug)]
pub(crate) enum Mail {
    Told(Result<Told, Cut>),
    /// A time is over.
    Awake,
    /// The sleep was cut short: there is something to do.
    Nudged,
    /// The sleep was cut short: the shop has called.
    Asked,
}

/// What happens.
#[derive(Debug)]
pub(crate) enum Happening {
    Mail {
        desk: usize,
        life: u32,
        ticket: u64,
        mail: Mail,
    },
    /// One copy of a request has reached the shop and is carried out now.
    Arrival(Box<traffic::Arrival>),
    Start(usize),
    PowerCut(usize),
    ClockJump(usize),
    /// A customer orders, so many at once.
    Orders(u32),
    Staff,
    /// The shop calls a desk, because something has changed there.
    Hook(usize),
    Result(usize),
    Undo(usize, u64),
    /// Somebody looks through the dead letters.
    Decision(usize),
    /// Is everything settled?
    Look,
}

struct Due {
    at: Moment,
    turn: u64,
    what: Happening,
}

impl Ord for Due {
    fn cmp(&self, other: &Self) -> Ordering {
        (other.at, other.turn).cmp(&(self.at, self.turn))
    }
}

impl PartialOrd for Due {
    fn partial_cmp(&self, other: &Self) -> Option<Ordering> {
        Some(self.cmp(other))
    }
}

impl PartialEq for Due {
    fn eq(&self, other: &Self) -> bool {
        (self.at, self.turn) == (other.at, other.turn)
    }
}

impl Eq for Due {}

/// What is counted.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Counts {
    pub(crate) results: u64,
    pub(crate) operations: u64,
    pub(crate) crashes: u64,
    pub(crate) requests: u64,
    pub(crate) doubled_by_proxy: u64,
    pub(crate) swept: u64,
    pub(crate) conflicts: u64,
    /// Changes of the shop's staff that a write of ours ran over.
    pub(crate) overwritten: u64,
    pub(crate) disk_full: u64,
    pub(crate) clock_jumps: u64,
}

impl Counts {
    /// All but the results and the crashes.
    pub(crate) fn others(self) -> Vec<(&'static str, u64)> {
        vec![
            ("operations", self.operations),
            ("requests", self.requests),
            ("doubled_by_proxy", self.doubled_by_proxy),
            ("swept", self.swept),
            ("conflicts_decided", self.conflicts),
            ("staff_edits_overwritten", self.overwritten),
            ("disk_full", self.disk_full),
            ("clock_jumps", self.clock_jumps),
        ]
    }
}

/// All there is.
pub(crate) struct World {
    pub(crate) now: Moment,
    pub(crate) plan: Plan,
    pub(crate) policy: Policy,
    pub(crate) trace: Trace,
    pub(crate) shop: Shop,
    pub(crate) counts: Counts,
    /// How many requests of a desk's own, no proxy's, have added something for each operation.
    pub(crate) carried_out: BTreeMap<OperationId, u32>,
    /// Writes in the midst of which the shop broke down.
    pub(crate) broken_off: BTreeSet<OperationId>,
    /// What was told to an operator to be saved: desk and operation.
    pub(crate) acknowledged: Vec<(usize, OperationId)>,
    pub(crate) dice: Chance,
    pub(crate) people: Chance,
    pub(crate) staff: Chance,
    network: Chance,
    forecast: Forecast,
    pub(crate) desks: Vec<Desk>,
    queue: BinaryHeap<Due>,
    turn: u64,
    last_id: u128,
    pub(crate) last_order: u64,
    nobody: Desk,
}

impl World {
    pub(crate) fn new(seed: u64, plan: Plan, is_told: bool) -> Self {
        let mut fixed = Chance::new(seed, Purpose::Plan);
        let forecast = if plan.has_faults {
            Forecast::bad(&mut fixed, plan.open, plan.close)
        } else {
            Forecast::default()
        };
        let mut world = Self {
            now: 0,
            plan,
            policy: policy(&plan),
            trace: Trace::new(is_told),
            shop: Shop::new(fixed.between(-30 * SECOND, 30 * SECOND)),
            counts: Counts::default(),
            carried_out: BTreeMap::new(),
            broken_off: BTreeSet::new(),
            acknowledged: Vec::new(),
            dice: Chance::new(seed, Purpose::Desk),
            people: Chance::new(seed, Purpose::People),
            staff: Chance::new(seed, Purpose::Shop),
            network: Chance::new(seed, Purpose::Network),
            forecast,
            desks: (0..plan.desks).map(|_| Desk::default()).collect(),
            queue: BinaryHeap::new(),
            turn: 0,
            last_id: u128::from(seed) << 64,
            last_order: 0,
            nobody: Desk::default(),
        };
        world.set_up(&mut fixed);
        world
    }

    /// Writes down what will happen whatever the desks do.
    fn set_up(&mut self, fixed: &mut Chance) {
        let Plan { open, close, .. } = self.plan;
        self.now = open - HOUR;
        self.open_shop(fixed);
        for desk in 0..self.plan.desks {
            self.at(open + fixed.between(0, 5 * MINUTE), Happening::Start(desk));
            let ahead = fixed.between(-2 * MINUTE, 2 * MINUTE);
            self.desk(desk).clock.ahead = ahead;
            for _ in 0..self.plan.results {
                self.at(
                    fixed.between(open + 6 * MINUTE, close),
                    Happening::Result(desk),
                );
            }
            for at in (open..close + HOUR).step_by(20 * 60 * 1000) {
                self.at(at + fixed.between(0, MINUTE), Happening::Decision(desk));
            }
            if self.plan.has_faults {
                self.bad_luck(fixed, desk);
            }
        }
        self.at(close + 10 * MINUTE, Happening::Look);
    }

    fn bad_luck(&mut self, fixed: &mut Chance, desk: usize) {
        let Plan {
            open,
            close,
            crashes,
            ..
        } = self.plan;
        for _ in 0..2 {
            self.at(fixed.between(open, close), Happening::ClockJump(desk));
        }
        let start = fixed.between(open, close);
        let end = (start + fixed.between(10 * SECOND, 10 * MINUTE)).min(close);
        self.desk(desk).full.push((start, end));
        if crashes > 0 {
            self.at(fixed.between(open, close), Happening::PowerCut(desk));
        }
    }

    pub(crate) fn at(&mut self, at: Moment, what: Happening) {
        self.turn += 1;
        self.queue.push(Due {
            at,
            turn: self.turn,
            what,
        });
    }

    /// The next thing, with the time moved on to it.
    pub(crate) fn pop(&mut self) -> Option<Happening> {
        let due = self.queue.pop()?;
        self.now = self.now.max(due.at);
        Some(due.what)
    }

    /// One of the desks; a spare one that nobody uses where there is no such.
    pub(crate) fn desk(&mut self, desk: usize) -> &mut Desk {
        self.desks.get_mut(desk).unwrap_or(&mut self.nobody)
    }

    pub(crate) fn has_faults(&self) -> bool {
        self.plan.has_faults && self.now < self.plan.close
    }

    pub(crate) fn mint(&mut self) -> OperationId {
        self.last_id += 1;
        OperationId::from_uuid(uuid::Uuid::from_u128(self.last_id))
    }

    pub(crate) fn is_full(&mut self, desk: usize) -> bool {
        let now = self.now;
        let is_full = self
            .desk(desk)
            .full
            .iter()
            .any(|(from, to)| (*from..*to).contains(&now));
        self.counts.disk_full += u64::from(is_full);
        is_full
    }

    // What desks set going.

    /// A desk comes to an await; whether, and on which side of it, it is to crash there.
    pub(crate) fn enter(&mut self, index: usize) -> Option<Side> {
        let (crashes, crash_at, has_faults) =
            (self.plan.crashes, self.plan.crash_at, self.has_faults());
        let is_busy = self.now < self.plan.close;
        let desk = self.desk(index);
        desk.awaits += 1;
        desk.busy_awaits += u64::from(is_busy);
        desk.ticket += 1;
        desk.mail = None;
        if let Some((place, side)) = crash_at {
            return (index == 0 && desk.awaits == place).then_some(side);
        }
        if !has_faults || !self.dice.often(crashes) {
            return None;
        }
        Some(if self.dice.often(5000) {
            Side::Before
        } else {
            Side::After
        })
    }

    /// A transaction reaches the disk some milliseconds later.
    pub(crate) fn write(&mut self, desk: usize) {
        let late = self.dice.between(1, 9);
        self.mail_in(desk, late, Mail::Awake);
    }

    pub(crate) fn sleep(&mut self, desk: usize, left: Moment) {
        self.desk(desk).is_asleep = true;
        self.mail_in(desk, left, Mail::Awake);
    }

    /// Wakes a desk that sleeps.
    pub(crate) fn nudge(&mut self, desk: usize) {
        self.rouse(desk, Mail::Nudged);
    }

    fn rouse(&mut self, desk: usize, mail: Mail) {
        if self.desk(desk).is_asleep {
            self.mail_in(desk, 0, mail);
        }
    }

    fn mail_in(&mut self, index: usize, late: Moment, mail: Mail) {
        let desk = self.desk(index);
        let (life, ticket) = (desk.life, desk.ticket);
        self.at(
            self.now + late,
            Happening::Mail {
                desk: index,
                life,
                ticket,
                mail,
            },
        );
    }

    // What happens to desks.

    /// What concerns no program directly.
    pub(crate) fn happen(&mut self, what: Happening) {
        match what {
            Happening::Arrival(arrival) => self.arrive(&arrival),
            Happening::ClockJump(desk) => self.jump(desk),
            Happening::Orders(count) => self.take_orders(count),
            Happening::Staff => self.staff_works(),
            Happening::Hook(desk) => self.rouse(desk, Mail::Asked),
            Happening::Result(desk) => self.save_result(desk),
            Happening::Undo(desk, result) => self.undo_result(desk, result),
            Happening::Decision(desk) => self.decide_letters(desk),
            Happening::Mail { .. }
            | Happening::Start(_)
            | Happening::PowerCut(_)
            | Happening::Look => {}
        }
    }

    /// Whether a desk still waits for this mail; it is in its hand then.
    pub(crate) fn deliver(&mut self, index: usize, life: u32, ticket: u64, mail: Mail) -> bool {
        let desk = self.desk(index);
        if !desk.is_up || desk.life != life || desk.ticket != ticket {
            return false;
        }
        desk.is_asleep = false;
        desk.mail = Some(mail);
        // Nothing else can come for this ticket.
        desk.ticket += 1;
        true
    }

    pub(crate) fn start(&mut self, index: usize) {
        let now = self.now;
        let desk = self.desk(index);
        desk.is_up = true;
        desk.is_asleep = false;
        desk.started = now;
        self.trace.add(now, "starts", [index as u64, 0, 0], || {
            format!("desk {index}")
        });
    }

    /// The program is gone; it comes back some time later, perhaps with another clock.
    pub(crate) fn crash(&mut self, index: usize) {
        let now = self.now;
        let desk = self.desk(index);
        desk.is_up = false;
        desk.has_crashed = false;
        desk.life += 1;
        desk.mail = None;
        let back = now + self.dice.between(SECOND, 3 * MINUTE);
        self.counts.crashes += 1;
        self.trace.add(now, "crashes", [index as u64, 0, 0], || {
            format!("desk {index}")
        });
        if self.plan.crash_at.is_none() && self.dice.often(1500) {
            self.jump(index);
        }
        self.at(back, Happening::Start(index));
    }

    /// Someone, or something, sets the clock by an hour.
    pub(crate) fn jump(&mut self, index: usize) {
        let by = if self.dice.often(5000) { HOUR } else { -HOUR };
        let (now, desk) = (self.now, self.desk(index));
        // There and back again, as the change to summer time does where it is done by hand.
        desk.clock.ahead += if desk.clock.ahead.abs() > HOUR {
            -by.abs() * desk.clock.ahead.signum()
        } else {
            by
        };
        let ahead = desk.clock.ahead;
        self.counts.clock_jumps += 1;
        self.trace.add(
            now,
            "clock",
            [index as u64, ahead.cast_unsigned(), 0],
            || format!("desk {index}: {ahead} ms ahead"),
        );
    }

    pub(crate) fn tell_effect(&mut self, desk: usize, event: &Event, effect: &Effect) {
        let code = match effect {
            Effect::Recover => 1,
            Effect::NextDue => 2,
            Effect::Find { .. } => 3,
            Effect::Keep { .. } => 4,
            Effect::Apply { .. } => 5,
            Effect::Fetch(_) => 6,
            Effect::StorePage { .. } => 7,
            Effect::NextAgain { .. } => 8,
            Effect::FetchAgain => 9,
            Effect::StoreAgain => 10,
            Effect::SkipAgain => 11,
            Effect::NextSweep => 12,
            Effect::Sweep { .. } => 13,
            Effect::KeepSwept { .. } => 14,
            Effect::Sleep { .. } => 15,
        };
        self.trace
            .add(self.now, "effect", [desk as u64, code, 0], || {
                format!("desk {desk}: {event:?} -> {effect:?}")
            });
    }
}

fn policy(plan: &Plan) -> Policy {
    let span = |moment: Moment| Duration::from_millis(u64::try_from(moment).unwrap_or_default());
    let quiet = OutboxPolicy::quiet_after(span(REQUEST_LIMIT), span(SHOP_LIMIT));
    let outbox = OutboxPolicy {
        quiet: if plan.broken == Some(Break::NoQuiet) {
            Duration::ZERO
        } else {
            quiet
        },
        ..OutboxPolicy::default()
    };
    Policy {
        outbox,
        breaker: outbox.into(),
        poll: span(plan.poll),
        ..Policy::default()
    }
}
