use super::*;
use proptest::prelude::*;
use std::collections::{BTreeMap, BTreeSet};
use uuid::Uuid;

fn at(second: i64) -> DateTime<Utc> {
    "2026-03-02T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(second)
}

fn op(number: u128) -> OperationId {
    OperationId::from_uuid(Uuid::from_u128(number))
}

fn due(number: u128) -> Event {
    Event::Due {
        row: Some(Due {
            id: op(number),
            row: Row {
                state: State::Waiting { not_before: at(0) },
                tries: 0,
                stubborn: 0,
                sent: false,
            },
        }),
        next_at: None,
    }
}

const NOTHING_DUE: Event = Event::Due {
    row: None,
    next_at: None,
};
const LAST_PAGE: Event = Event::Page { done: true };
const NONE_AGAIN: Event = Event::Again {
    count: 0,
    next_at: None,
};
const NO_SWEEP: Event = Event::ToSweep {
    id: None,
    next_at: None,
};

/// A machine and its clock; each event takes no time unless the test lets some pass.
struct Bench {
    courier: Courier,
    now: DateTime<Utc>,
}

impl Bench {
    /// One that has imported everything and is asleep.
    fn asleep() -> Self {
        let mut bench = Self {
            courier: Courier::new(Policy::default()),
            now: at(0),
        };
        assert_eq!(bench.on(Event::Started), Effect::Recover, "first of all");
        let mut effect = bench.on(Event::Recovered {
            imported: [true; 3],
        });
        for _ in 0..20 {
            if matches!(effect, Effect::Sleep { .. }) {
                return bench;
            }
            effect = bench.quietly(effect);
        }
        panic!("with nothing to do it sleeps, and not: {effect:?}");
    }

    fn on(&mut self, event: Event) -> Effect {
        self.courier.on(event, self.now, u64::MAX / 3)
    }

    /// Answers as a shop and a store would where all is well and nothing is to be done.
    fn quietly(&mut self, effect: Effect) -> Effect {
        let event = match effect {
            Effect::Recover => Event::Recovered {
                imported: [true; 3],
            },
            Effect::NextDue => NOTHING_DUE,
            Effect::Fetch(_) => LAST_PAGE,
            Effect::NextAgain { .. } => NONE_AGAIN,
            Effect::NextSweep => NO_SWEEP,
            Effect::StorePage { .. }
            | Effect::Keep { .. }
            | Effect::StoreAgain
            | Effect::SkipAgain
            | Effect::KeepSwept { .. } => Event::Kept,
            Effect::Find { .. } => Event::Absent,
            Effect::Apply { .. } => Event::Applied,
            Effect::FetchAgain => Event::Read,
            Effect::Sweep { .. } => Event::Swept { removed: 0 },
            Effect::Sleep { until } => {
                self.now = self.now.max(until);
                Event::Woken
            }
        };
        self.on(event)
    }

    /// Runs quietly until `wanted` comes; what came before it.
    fn until(&mut self, mut effect: Effect, wanted: impl Fn(&Effect) -> bool) -> Effect {
        for _ in 0..200 {
            if wanted(&effect) {
                return effect;
            }
            effect = self.quietly(effect);
        }
        panic!("it never came; the last was {effect:?}");
    }

    fn phase(&self) -> Phase {
        self.courier.standing(self.now).phase
    }

    fn woken_by(&mut self, event: Event) -> Effect {
        self.on(event)
    }

    /// To the moment before the write leaves.
    fn about_to_apply(&mut self, number: u128) {
        let effect = self.woken_by(Event::Nudged);
        assert_eq!(effect, Effect::NextDue, "what is saved goes first");
        assert_eq!(self.on(due(number)), Effect::Find { id: op(number) });
        let Effect::Keep { row, .. } = self.on(Event::Absent) else {
            panic!("the mark before the first byte")
        };
        assert_eq!(row.state, State::InFlight);
    }
}

#[test]
fn a_write_is_marked_in_the_store_before_it_leaves_and_its_end_is_stored() {
    let mut bench = Bench::asleep();
    bench.about_to_apply(1);
    assert_eq!(bench.phase(), Phase::Working);
    assert_eq!(bench.on(Event::Kept), Effect::Apply { id: op(1) });
    let Effect::Keep { row, .. } = bench.on(Event::Applied) else {
        panic!("the end is stored")
    };
    assert_eq!(row.state, State::Done);
    assert_eq!(bench.on(Event::Kept), Effect::NextDue, "and on to the next");
    assert!(matches!(bench.on(NOTHING_DUE), Effect::Sleep { .. }));
    assert_eq!(bench.phase(), Phase::Idle);
}

#[test]
fn what_is_asked_after_a_page_is_foretold_while_the_page_is_stored() {
    let mut bench = Bench {
        courier: Courier::new(Policy::default()),
        now: at(0),
    };
    let mut effect = bench.on(Event::Started);
    let mut foretold = BTreeMap::new();
    for turn in 0_u32..300 {
        let told = bench.courier.after_page(bench.now);
        let storing = matches!(effect, Effect::StorePage { .. });
        assert!(storing || told.is_none(), "nothing is stored: {effect:?}");
        effect = match effect {
            Effect::Fetch(_) => bench.on(Event::Page {
                done: turn % 7 == 0,
            }),
            effect => bench.quietly(effect),
        };
        if storing {
            let came = match effect {
                Effect::Fetch(stream) => Some(stream),
                _ => None,
            };
            assert_eq!(told, came, "in turn {turn}");
            *foretold.entry(came).or_insert(0_u32) += 1;
        }
    }
    assert_eq!(foretold.len(), 4, "each stream, and none: {foretold:?}");
}

#[test]
fn on_a_full_disk_nothing_leaves() {
    let mut bench = Bench::asleep();
    bench.about_to_apply(1);
    let effect = bench.on(Event::NotKept);
    assert!(
        matches!(effect, Effect::Sleep { .. }),
        "not sent, since its mark is not stored: {effect:?}"
    );
    assert_eq!(bench.phase(), Phase::Stopped, "a person must make room");
    assert!(bench.courier.standing(bench.now).store_failed);
    let effect = bench.quietly(effect);
    assert_eq!(effect, Effect::NextDue, "tried again by itself");
}

#[test]
fn a_result_that_could_not_be_stored_is_stored_again_before_anything_else() {
    let mut bench = Bench::asleep();
    bench.about_to_apply(1);
    bench.on(Event::Kept);
    let kept = bench.on(Event::Applied);
    assert!(matches!(kept, Effect::Keep { .. }));
    for wake in [Event::Woken, Event::Nudged, Event::Asked, Event::Woken] {
        let effect = bench.on(Event::NotKept);
        assert!(matches!(effect, Effect::Sleep { .. }), "{effect:?}");
        assert_eq!(bench.on(wake), kept, "the same result, whoever wakes it");
    }
    bench.on(Event::Kept);
    assert_ne!(bench.phase(), Phase::Stopped, "there is room again");
}

#[test]
fn a_result_at_hand_outlives_a_clock_that_is_set() {
    let mut bench = Bench::asleep();
    bench.about_to_apply(1);
    bench.on(Event::Kept);
    bench.now += TimeDelta::hours(1);
    bench.courier.clock_set(TimeDelta::hours(1));
    assert!(matches!(bench.on(Event::Applied), Effect::Keep { .. }));
    assert_eq!(
        bench.on(Event::Kept),
        Effect::Recover,
        "times in the store are of the old clock"
    );
}

#[test]
fn no_row_found_by_the_old_clock_is_believed() {
    let mut bench = Bench::asleep();
    assert_eq!(bench.woken_by(Event::Nudged), Effect::NextDue);
    bench.now += TimeDelta::hours(1);
    bench.courier.clock_set(TimeDelta::hours(1));
    let doubt = Event::Due {
        row: Some(Due {
            id: op(1),
            row: Row {
                state: State::Doubt {
                    quiet_until: at(200),
                },
                tries: 1,
                stubborn: 0,
                sent: true,
            },
        }),
        next_at: None,
    };
    assert_eq!(
        bench.on(doubt),
        Effect::Recover,
        "by the new clock its quiet time seems over, and is not"
    );
}

#[test]
fn an_event_that_fits_nothing_makes_it_go_over_the_outbox_again() {
    let mut bench = Bench::asleep();
    assert_eq!(bench.woken_by(Event::Nudged), Effect::NextDue);
    assert_eq!(bench.on(Event::Applied), Effect::Recover);
    assert_eq!(
        bench.on(Event::Found),
        Effect::Recover,
        "until it is answered"
    );
}

#[test]
fn an_outage_costs_no_write_a_try_and_the_trial_is_a_pull() {
    let mut bench = Bench::asleep();
    let effect = bench.woken_by(Event::Asked);
    let effect = bench.until(effect, |effect| matches!(effect, Effect::Fetch(_)));
    assert_eq!(effect, Effect::Fetch(Stream::Orders));
    let mut effect = bench.on(Event::Failed(Trouble::Away));
    for trial in 0..100 {
        let Effect::Sleep { until } = effect else {
            panic!("nothing is asked of a shop that is away: {effect:?}")
        };
        assert!(
            until <= bench.now + TimeDelta::seconds(61),
            "it is tried at least once a minute"
        );
        assert_eq!(bench.phase(), Phase::Unreachable);
        assert!(
            bench
                .courier
                .standing(bench.now)
                .breaker_open_until
                .is_some()
        );
        bench.now = until;
        let asked = bench.on(Event::Woken);
        assert_eq!(asked, Effect::Fetch(Stream::Orders), "trial {trial}");
        let fault = if trial % 2 == 0 {
            Trouble::Away
        } else {
            Trouble::Busy(None)
        };
        effect = bench.on(Event::Failed(fault));
    }
    assert!(
        matches!(effect, Effect::Sleep { .. }),
        "a save does not break it either"
    );
    bench.on(Event::Nudged);
    assert_eq!(bench.phase(), Phase::Unreachable);
    assert_eq!(
        bench.on(Event::Asked),
        Effect::Fetch(Stream::Orders),
        "a person may try"
    );
    bench.on(LAST_PAGE);
    assert_eq!(
        bench.on(Event::Kept),
        Effect::NextDue,
        "and on with what waits"
    );
    assert_eq!(bench.phase(), Phase::Idle);
}

#[test]
fn the_time_that_a_shop_names_is_waited_for_even_if_a_person_asks() {
    let mut bench = Bench::asleep();
    let effect = bench.woken_by(Event::Asked);
    bench.until(effect, |effect| matches!(effect, Effect::Fetch(_)));
    let wait = Duration::from_mins(3);
    let effect = bench.on(Event::Failed(Trouble::Busy(Some(wait))));
    let Effect::Sleep { until } = effect else {
        panic!("{effect:?}")
    };
    assert!(until >= bench.now + TimeDelta::minutes(3));
    let Effect::Sleep { until: still } = bench.on(Event::Asked) else {
        panic!("not before its time")
    };
    assert_eq!(still, until);
}

#[test]
fn a_wrong_key_stops_the_exchange_until_a_person_mends_it() {
    let mut bench = Bench::asleep();
    let effect = bench.woken_by(Event::Asked);
    bench.until(effect, |effect| matches!(effect, Effect::Fetch(_)));
    bench.on(Event::Failed(Trouble::Closed));
    assert_eq!(bench.phase(), Phase::Stopped);
    assert_eq!(bench.on(Event::Asked), Effect::Fetch(Stream::Orders));
    bench.on(LAST_PAGE);
    assert_eq!(bench.phase(), Phase::Idle);
}

#[test]
fn a_stream_that_may_not_be_read_does_not_stop_the_others() {
    let mut bench = Bench::asleep();
    let effect = bench.woken_by(Event::Asked);
    bench.until(effect, |effect| *effect == Effect::Fetch(Stream::Customers));
    let effect = bench.on(Event::Failed(Trouble::Closed));
    assert_eq!(bench.phase(), Phase::Idle);
    bench.until(effect, |effect| *effect == Effect::Fetch(Stream::Orders));
}

#[test]
fn a_page_of_orders_that_always_fails_does_not_hold_back_what_is_to_be_sent() {
    let mut bench = Bench::asleep();
    let mut effect = bench.woken_by(Event::Nudged);
    let mut waiting = (1..=20_u128).collect::<Vec<_>>();
    for _ in 0..2_000 {
        let event = match effect {
            Effect::NextDue => waiting.first().map_or(NOTHING_DUE, |number| due(*number)),
            Effect::Fetch(Stream::Orders) => Event::Failed(Trouble::Faulty),
            Effect::Keep { row, .. } => {
                if row.state == State::Done {
                    waiting.remove(0);
                }
                Event::Kept
            }
            other => {
                effect = bench.quietly(other);
                continue;
            }
        };
        effect = bench.on(event);
        if waiting.is_empty() {
            return;
        }
    }
    panic!("{} writes were held back", waiting.len());
}

#[test]
fn sends_and_pulls_take_turns() {
    let mut bench = Bench::asleep();
    bench.now += TimeDelta::seconds(40);
    let mut effect = bench.woken_by(Event::Nudged);
    let (mut sent, mut pages) = (0, 0);
    let mut next = 1;
    for _ in 0..400 {
        let event = match effect {
            Effect::NextDue => {
                next += 1;
                due(next)
            }
            Effect::Apply { .. } => {
                sent += 1;
                Event::Applied
            }
            // An import that never ends.
            Effect::Fetch(_) => {
                pages += 1;
                Event::Page { done: false }
            }
            other => {
                effect = bench.quietly(other);
                continue;
            }
        };
        effect = bench.on(event);
    }
    assert!(
        sent > 30 && pages > 5,
        "neither starves: {sent} sent, {pages} pages"
    );
}

#[test]
fn the_first_import_takes_turns_between_streams_and_says_so() {
    let mut bench = Bench {
        courier: Courier::new(Policy::default()),
        now: at(0),
    };
    bench.on(Event::Started);
    let mut effect = bench.on(Event::Recovered {
        imported: [false; 3],
    });
    let mut asked = Vec::new();
    for _ in 0..60 {
        if let Effect::Fetch(stream) = effect {
            assert_eq!(bench.phase(), Phase::Importing);
            asked.push(stream);
            effect = bench.on(Event::Page { done: false });
        } else {
            effect = bench.quietly(effect);
        }
    }
    assert_eq!(
        asked[..6],
        [Stream::ALL, Stream::ALL].concat(),
        "orders first, and products before the last order is in"
    );
    for _ in 0..60 {
        effect = bench.quietly(effect);
    }
    assert_eq!(bench.phase(), Phase::Idle, "all are in: {effect:?}");
}

#[test]
fn one_bad_order_is_passed_over_and_the_rest_of_its_batch_is_read() {
    let mut bench = Bench::asleep();
    let effect = bench.until(Effect::Sleep { until: at(700) }, |effect| {
        matches!(effect, Effect::NextAgain { .. })
    });
    assert_eq!(effect, Effect::NextAgain { limit: 50 });
    let three = Event::Again {
        count: 3,
        next_at: None,
    };
    let one = Event::Again {
        count: 1,
        next_at: None,
    };
    assert_eq!(bench.on(three), Effect::FetchAgain);
    let effect = bench.on(Event::Failed(Trouble::Faulty));
    let again = |effect: &Effect| matches!(effect, Effect::NextAgain { .. });
    let effect = bench.until(effect, again);
    assert_eq!(effect, Effect::NextAgain { limit: 1 }, "one by one");
    assert_eq!(bench.on(one), Effect::FetchAgain);
    assert_eq!(
        bench.on(Event::Failed(Trouble::Faulty)),
        Effect::SkipAgain,
        "this is the bad one"
    );
    let mut effect = bench.on(Event::Kept);
    for _ in 0..2 {
        effect = bench.until(effect, again);
        assert_eq!(effect, Effect::NextAgain { limit: 1 });
        assert_eq!(bench.on(one), Effect::FetchAgain);
        assert_eq!(bench.on(Event::Read), Effect::StoreAgain);
        effect = bench.on(Event::Kept);
    }
    effect = bench.until(effect, again);
    assert_eq!(effect, Effect::NextAgain { limit: 50 }, "and so on");
}

#[test]
fn the_more_orders_come_round_the_more_seldom_and_at_once_when_somebody_asks() {
    let mut bench = Bench::asleep();
    let minutes = |bench: &Bench, orders| bench.courier.read_again_after(orders).as_secs() / 60;
    assert_eq!(
        [10, 50, 500, 100_000].map(|orders| minutes(&bench, orders)),
        [15, 15, 50, 360],
        "a batch each five minutes, and never later than the policy has it"
    );
    let effect = bench.woken_by(Event::Asked);
    assert_eq!(minutes(&bench, 500), 1, "but what was read just now");
    let again = |effect: &Effect| matches!(effect, Effect::NextAgain { .. });
    bench.until(effect, again);
    bench.on(NONE_AGAIN);
    assert_eq!(minutes(&bench, 500), 50, "one batch for each asking");
}

#[test]
fn each_write_is_swept_once_and_one_that_cannot_be_is_passed_over() {
    let mut bench = Bench::asleep();
    let to_sweep = |number| Event::ToSweep {
        id: Some(op(number)),
        next_at: None,
    };
    let next = |effect: &Effect| *effect == Effect::NextSweep;
    bench.until(Effect::Sleep { until: at(700) }, next);
    assert_eq!(bench.on(to_sweep(1)), Effect::Sweep { id: op(1) });
    assert_eq!(
        bench.on(Event::Swept { removed: 2 }),
        Effect::KeepSwept {
            id: op(1),
            removed: 2
        }
    );
    let mut effect = bench.on(Event::Kept);
    for _ in 0..7 {
        bench.until(effect, next);
        assert_eq!(bench.on(to_sweep(2)), Effect::Sweep { id: op(2) });
        effect = bench.on(Event::Failed(Trouble::Faulty));
    }
    bench.until(effect, next);
    bench.on(to_sweep(2));
    assert_eq!(
        bench.on(Event::Failed(Trouble::Faulty)),
        Effect::KeepSwept {
            id: op(2),
            removed: 0
        },
        "after eight tries the others have their turn"
    );
}

/// A store, a shop and a network that misbehave, and the clock over them.
struct World {
    state: u64,
    now: DateTime<Utc>,
    /// Until then everything may fail.
    calm_at: DateTime<Utc>,
    rows: BTreeMap<u128, (u8, Row)>,
    /// What stands at the shop, with the time it arrived or will.
    arrived: Vec<(u128, DateTime<Utc>)>,
    /// Writes the shop chokes on, whatever happens.
    poison: BTreeSet<u128>,
    polls: Vec<DateTime<Utc>>,
    longest: TimeDelta,
    crashes: u32,
    policy: OutboxPolicy,
}

const OPERATIONS: u128 = 12;
const ORDERS: u128 = 4;

impl World {
    fn new(seed: u64) -> Self {
        let mut world = Self {
            state: seed | 1,
            now: at(0),
            calm_at: at(6 * 3_600),
            rows: BTreeMap::new(),
            arrived: Vec::new(),
            poison: BTreeSet::new(),
            polls: Vec::new(),
            longest: TimeDelta::zero(),
            crashes: 0,
            policy: OutboxPolicy::default(),
        };
        let policy = world.policy;
        for number in 0..OPERATIONS {
            let saved = at(i64::try_from(world.random(4 * 3_600)).unwrap());
            let order = u8::try_from(world.random(u64::try_from(ORDERS).unwrap())).unwrap();
            world.rows.insert(number, (order, Row::new(saved, &policy)));
        }
        if world.random(2) == 0 {
            let number = u128::from(world.random(u64::try_from(OPERATIONS).unwrap()));
            world.poison.insert(number);
        }
        world
    }

    fn random(&mut self, bound: u64) -> u64 {
        self.state ^= self.state << 13;
        self.state ^= self.state >> 7;
        self.state ^= self.state << 17;
        self.state % bound
    }

    fn odds(&mut self, percent: u64) -> bool {
        self.now < self.calm_at && self.random(100) < percent
    }

    fn number(id: OperationId) -> u128 {
        id.uuid().as_u128()
    }

    fn stands(&self, number: u128) -> bool {
        self.arrived
            .iter()
            .any(|(there, when)| *there == number && *when <= self.now)
    }

    fn next_due(&self) -> Event {
        let mut heads: BTreeMap<u8, Vec<(u128, Row)>> = BTreeMap::new();
        for (number, (order, row)) in &self.rows {
            heads.entry(*order).or_default().push((*number, *row));
        }
        let mut waiting: Vec<(DateTime<Utc>, u128, Row)> = heads
            .into_values()
            .filter_map(|queue| {
                let rows: Vec<Row> = queue.iter().map(|(_, row)| *row).collect();
                let (number, row) = queue[outbox::head(&rows)?];
                match row.state {
                    State::Waiting { not_before: when } | State::Doubt { quiet_until: when } => {
                        Some((when, number, row))
                    }
                    _ => None,
                }
            })
            .collect();
        waiting.sort_by_key(|(when, number, _)| (*when, *number));
        let first = waiting.first();
        Event::Due {
            row: first
                .filter(|(when, ..)| *when <= self.now)
                .map(|(_, number, row)| Due {
                    id: op(*number),
                    row: *row,
                }),
            next_at: first
                .map(|(when, ..)| *when)
                .filter(|when| *when > self.now),
        }
    }

    fn trouble(&mut self) -> Trouble {
        match self.random(5) {
            1 => Trouble::Faulty,
            2 => Trouble::Busy(None),
            3 => Trouble::Busy(Some(Duration::from_secs(20))),
            _ => Trouble::Away,
        }
    }

    fn apply(&mut self, number: u128) -> Event {
        if self.poison.contains(&number) {
            return Event::Failed(Trouble::Faulty);
        }
        if !self.odds(40) {
            self.arrived.push((number, self.now));
            return Event::Applied;
        }
        match self.random(4) {
            // It comes through, late, and nobody hears of it.
            0 => {
                let late = i64::try_from(self.random(239)).unwrap();
                self.arrived
                    .push((number, self.now + TimeDelta::seconds(late)));
                Event::Failed(Trouble::Away)
            }
            1 => {
                self.arrived.push((number, self.now));
                Event::Failed(Trouble::Faulty)
            }
            2 => Event::Failed(Trouble::Away),
            _ => Event::Failed(Trouble::Busy(None)),
        }
    }

    fn carry_out(&mut self, effect: Effect) -> Event {
        let stores = matches!(
            effect,
            Effect::Recover
                | Effect::Keep { .. }
                | Effect::StorePage { .. }
                | Effect::StoreAgain
                | Effect::KeepSwept { .. }
        );
        if stores && self.odds(10) {
            return Event::NotKept;
        }
        let asks = matches!(
            effect,
            Effect::Find { .. } | Effect::Fetch(_) | Effect::FetchAgain | Effect::Sweep { .. }
        );
        if asks && self.odds(20) {
            return Event::Failed(self.trouble());
        }
        match effect {
            Effect::Recover => {
                let policy = self.policy;
                for (_, row) in self.rows.values_mut() {
                    *row = row
                        .on(outbox::Event::Restarted, self.now, 0, &policy)
                        .unwrap()
                        .0;
                }
                Event::Recovered {
                    imported: [false; 3],
                }
            }
            Effect::NextDue => self.next_due(),
            Effect::Find { id } => {
                if self.stands(Self::number(id)) {
                    Event::Found
                } else {
                    Event::Absent
                }
            }
            Effect::Keep { id, row } => {
                assert_ne!(row.state, State::Looking, "looking is not stored");
                self.rows.get_mut(&Self::number(id)).unwrap().1 = row;
                Event::Kept
            }
            Effect::Apply { id } => {
                let number = Self::number(id);
                assert_eq!(
                    self.rows[&number].1.state,
                    State::InFlight,
                    "the mark is stored before the first byte"
                );
                self.apply(number)
            }
            Effect::Fetch(stream) => {
                if stream == Stream::Orders {
                    self.polls.push(self.now);
                }
                let done = self.random(4) > 0;
                Event::Page { done }
            }
            Effect::NextAgain { limit } => {
                let limit = u64::from(limit).min(3) + 1;
                Event::Again {
                    count: u32::try_from(self.random(limit)).unwrap(),
                    next_at: None,
                }
            }
            Effect::FetchAgain => Event::Read,
            Effect::NextSweep => NO_SWEEP,
            Effect::Sweep { .. } => Event::Swept { removed: 0 },
            Effect::StorePage { .. }
            | Effect::StoreAgain
            | Effect::SkipAgain
            | Effect::KeepSwept { .. } => Event::Kept,
            Effect::Sleep { until } => {
                if self.odds(10) {
                    return if self.random(2) == 0 {
                        Event::Nudged
                    } else {
                        Event::Asked
                    };
                }
                self.now = self.now.max(until);
                Event::Woken
            }
        }
    }

    /// What an effect takes.
    fn pass(&mut self, effect: Effect) {
        let most = match effect {
            Effect::Fetch(_) | Effect::FetchAgain | Effect::Find { .. } | Effect::Apply { .. } => {
                8_000
            }
            _ => 20,
        };
        let millis = i64::try_from(self.random(most)).unwrap();
        self.now += TimeDelta::milliseconds(millis);
        self.longest = self.longest.max(TimeDelta::milliseconds(millis));
    }

    /// Lives until everything is settled.
    fn live(&mut self, policy: Policy) {
        self.policy = policy.outbox;
        let mut courier = Courier::new(policy);
        let mut event = Event::Started;
        let end = self.calm_at + TimeDelta::hours(3);
        while self.now < end {
            let random = self.random(u64::MAX);
            let effect = courier.on(event, self.now, random);
            if self.odds(1) {
                // Before the effect, or after it and before its answer is heard.
                if self.random(2) == 0 {
                    self.carry_out(effect);
                }
                self.crashes += 1;
                courier = Courier::new(policy);
                event = Event::Started;
                continue;
            }
            event = self.carry_out(effect);
            self.pass(effect);
        }
    }
}

#[test]
fn without_the_quiet_time_writes_would_double() {
    let hasty = Policy {
        outbox: OutboxPolicy {
            quiet: Duration::ZERO,
            ..OutboxPolicy::default()
        },
        ..Policy::default()
    };
    let doubled = (1..40).any(|seed| {
        let mut world = World::new(seed * 7_919);
        world.live(hasty);
        let mut numbers: Vec<_> = world.arrived.iter().map(|(there, _)| *there).collect();
        let all = numbers.len();
        numbers.sort_unstable();
        numbers.dedup();
        numbers.len() < all
    });
    assert!(doubled, "else the test below would see nothing");
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(100))]

    #[test]
    fn whatever_fails_each_write_arrives_once_in_order_and_none_blocks_the_rest(seed in any::<u64>()) {
        let mut world = World::new(seed);
        world.live(Policy::default());
        let mut blocked = BTreeSet::new();
        let mut last: BTreeMap<u8, DateTime<Utc>> = BTreeMap::new();
        for (number, (order, row)) in &world.rows {
            let times = world.arrived.iter().filter(|(there, _)| there == number).count();
            if world.poison.contains(number) {
                let died = matches!(row.state, State::Dead { .. }) || blocked.contains(order);
                prop_assert!(died, "what the shop chokes on is for a person: {:?}", row);
                blocked.insert(*order);
            } else if blocked.contains(order) {
                prop_assert_eq!(times, 0, "{} overtook what died before it", number);
            } else {
                prop_assert_eq!(row.state, State::Done, "{} after {} crashes", number, world.crashes);
                prop_assert_eq!(times, 1, "{} arrived", number);
                let when = world.arrived.iter().find(|(there, _)| there == number).unwrap().1;
                let before = last.insert(*order, when);
                prop_assert!(before.is_none_or(|before| before <= when), "the order of saving holds");
            }
        }
        // Once all is calm a change is heard of within a poll and what is under way.
        let calm: Vec<_> = world.polls.iter().filter(|poll| **poll > world.calm_at + TimeDelta::minutes(10)).collect();
        for pair in calm.windows(2) {
            let gap = *pair[1] - *pair[0];
            let bound = TimeDelta::seconds(30) + world.longest * 8;
            prop_assert!(gap <= bound, "{} s without a look at the orders", gap.num_seconds());
        }
        prop_assert!(calm.len() > 100, "it goes on");
    }
}

#[test]
fn what_was_settled_by_another_clock_is_waited_out_anew() {
    let mut bench = Bench::asleep();
    let quiet = TimeDelta::from_std(Policy::default().outbox.quiet).unwrap();
    let started = at(0);
    assert!(
        bench.courier.calm_since(bench.now) <= started - TimeDelta::days(1),
        "nothing says how long ago a write of before the start was settled"
    );
    bench.now = started + quiet;
    assert_eq!(
        bench.courier.calm_since(bench.now),
        started,
        "from here on the times in the store are this clock's"
    );
}

#[test]
fn what_is_refused_is_looked_for_before_it_is_given_up() {
    for (seen, expected) in [
        (Event::Found, State::Done),
        (
            Event::Absent,
            State::Dead {
                reason: outbox::DeadReason::Refused,
            },
        ),
    ] {
        let mut bench = Bench::asleep();
        bench.about_to_apply(1);
        assert_eq!(bench.on(Event::Kept), Effect::Apply { id: op(1) });
        let effect = bench.on(Event::Failed(Trouble::Refused));
        assert_eq!(
            effect,
            Effect::Find { id: op(1) },
            "the refusal may have been of a proxy's second copy"
        );
        let Effect::Keep { row, .. } = bench.on(seen) else {
            panic!("what came of it is stored");
        };
        assert_eq!(row.state, expected);
    }
}
