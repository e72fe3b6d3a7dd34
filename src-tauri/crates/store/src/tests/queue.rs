use super::*;
use crate::table::outbox::{self, State as Delivery};
use crate::table::task::{self as tasks, Again, Counts, From};
use rules::id::OperationId;
use rules::operation::ShopOperation;
use rules::queue::{self, Due, QueuedTask};
use std::collections::BTreeSet;
use std::sync::Arc;
use sync::outbox::{Event, Failure, OutboxPolicy};

const PRIORITIES: [Priority; 4] = [
    Priority::Normal,
    Priority::High,
    Priority::Stale,
    Priority::Promised,
];

async fn add(shop: &Shop, task: &Task) {
    let task = task.clone();
    shop.store
        .db
        .write(change("task"), move |tx| tasks::create(tx, &task))
        .await
        .unwrap();
}

/// Tasks as chance has it: due before and after the start, some not to be called yet.
async fn random_queue(count: u32) -> (Shop, Vec<Task>) {
    let shop = Shop::with_orders(count).await;
    let mut chance = Chance(3);
    let mut all = Vec::new();
    for number in 0..count {
        let minutes = i64::try_from(chance.below(40)).unwrap() - 20;
        let priority = PRIORITIES[usize::try_from(chance.below(4)).unwrap()];
        let mut task = task(&number.to_string(), minute(minutes), priority);
        if chance.below(4) == 0 {
            task.not_before = Some(minute(i64::try_from(chance.below(20)).unwrap() - 10));
        }
        add(&shop, &task).await;
        all.push(task);
    }
    (shop, all)
}

fn queued(task: &Task) -> QueuedTask {
    QueuedTask {
        id: task.id,
        due: Due {
            at: task.due_at,
            priority: task.priority,
        },
        held: task.holder.is_some(),
        not_before: task.not_before,
    }
}

#[tokio::test]
async fn tasks_are_offered_as_the_rules_say() {
    let (shop, mut all) = random_queue(60).await;
    let who = person();
    loop {
        let model: Vec<QueuedTask> = all.iter().map(queued).collect();
        let expected = queue::next(&model, start()).map(|task| task.id);
        let given = shop
            .store
            .db
            .write(change("task"), move |tx| tasks::next(tx, who, start()))
            .await;
        let given = given.unwrap();
        assert_eq!(given.as_ref().map(|task| task.id), expected);
        let Some(given) = given else { break };
        assert_eq!(
            (given.state, given.holder),
            (State::Held, Some((who, start())))
        );
        all.iter_mut()
            .find(|task| task.id == given.id)
            .unwrap()
            .holder = given.holder;
    }
    let due = all.iter().filter(|task| task.holder.is_some()).count();
    assert!(due > 20 && due < 60, "the queue had both kinds: {due}");
}

#[tokio::test]
async fn a_task_never_has_two_holders() {
    let shop = Shop::with_orders(60).await;
    for number in 0..60 {
        add(
            &shop,
            &task(&number.to_string(), minute(-1), Priority::Normal),
        )
        .await;
    }
    let (dir, id) = (shop.dir.path().to_owned(), shop.id);
    let second = Arc::new(shop.reopen().unwrap());
    let first = Arc::new(shop.store);
    let mut desks = tokio::task::JoinSet::new();
    for desk in 0..8 {
        // Two processes would have a writer each; so do these.
        let store = Arc::clone(if desk % 2 == 0 { &first } else { &second });
        desks.spawn(async move {
            let who = person();
            let mut taken = Vec::new();
            while let Some(task) = store
                .db
                .write(change("task"), move |tx| tasks::next(tx, who, start()))
                .await
                .unwrap()
            {
                taken.push(task.id);
            }
            taken
        });
    }
    let all: Vec<TaskId> = desks.join_all().await.into_iter().flatten().collect();
    let distinct: BTreeSet<TaskId> = all.iter().copied().collect();
    assert_eq!((all.len(), distinct.len()), (60, 60), "each once");
    drop((first, second));
    let store = ShopStore::open(&dir, id, &key()).unwrap();
    let counts = store
        .db
        .read(|conn| tasks::counts(conn, start()))
        .await
        .unwrap();
    assert_eq!(
        counts,
        Counts {
            open: 0,
            due: 0,
            held: 60
        }
    );
}

#[tokio::test]
async fn a_task_goes_through_its_life() {
    let shop = Shop::with_orders(2).await;
    let db = &shop.store.db;
    let (one, other) = (person(), person());
    let first = task("0", minute(-1), Priority::Normal);
    let id = first.id;
    add(&shop, &first).await;
    let twin = task("0", minute(-1), Priority::High);
    let refused = db
        .write(change("task"), move |tx| tasks::create(tx, &twin))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Taken(_))),
        "one confirmation at a time: {refused:?}"
    );
    let alive = db
        .read(|conn| tasks::alive_of_order(conn, &"0".into(), Kind::Confirm))
        .await
        .unwrap();
    assert_eq!(alive, Some(first.clone()));

    db.write(change("task"), move |tx| tasks::hold(tx, id, one, start()))
        .await
        .unwrap();
    db.write(change("task"), move |tx| {
        tasks::hold(tx, id, one, minute(1))
    })
    .await
    .expect("again by the same");
    let refused = db
        .write(change("task"), move |tx| {
            tasks::hold(tx, id, other, minute(1))
        })
        .await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    let held = db
        .read(move |conn| tasks::of_holder(conn, one))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        held.holder,
        Some((one, start())),
        "held since the first time"
    );
    let refused = db
        .write(change("task"), move |tx| {
            tasks::release(tx, id, Some(other))
        })
        .await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    db.write(change("task"), move |tx| tasks::release(tx, id, Some(one)))
        .await
        .unwrap();
    assert_eq!(
        db.read(move |conn| tasks::get(conn, id)).await.unwrap(),
        Some(first),
        "as it was"
    );

    db.write(change("task"), move |tx| tasks::hold(tx, id, one, start()))
        .await
        .unwrap();
    let before = db
        .read(move |conn| tasks::get(conn, id))
        .await
        .unwrap()
        .unwrap();
    let again = Again {
        due_at: minute(30),
        not_before: Some(minute(40)),
        priority: Priority::Promised,
        attempts: 1,
    };
    db.write(change("task"), move |tx| tasks::reschedule(tx, id, &again))
        .await
        .unwrap();
    for (minutes, due) in [(0, false), (35, false), (40, true)] {
        let next = db
            .read(move |conn| tasks::peek_next(conn, minute(minutes)))
            .await
            .unwrap();
        assert_eq!(next.is_some(), due, "after {minutes} minutes");
        let counts = db
            .read(move |conn| tasks::counts(conn, minute(minutes)))
            .await
            .unwrap();
        assert_eq!(
            counts,
            Counts {
                open: 1,
                due: u32::from(due),
                held: 0
            }
        );
    }
    let copy = before.clone();
    db.write(change("task"), move |tx| tasks::restore(tx, &copy))
        .await
        .unwrap();
    assert_eq!(
        db.read(move |conn| tasks::get(conn, id)).await.unwrap(),
        Some(before.clone()),
        "undone"
    );

    db.write(change("task"), move |tx| {
        tasks::close(tx, id, "confirmed", 1, minute(2))
    })
    .await
    .unwrap();
    let closed = db
        .read(move |conn| tasks::get(conn, id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (closed.state, closed.result.as_deref(), closed.attempts),
        (State::Done, Some("confirmed"), 1)
    );
    let refused = db
        .write(change("task"), move |tx| {
            tasks::hold(tx, id, one, minute(3))
        })
        .await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    let refused = db
        .write(change("task"), move |tx| tasks::withdraw(tx, id, minute(3)))
        .await;
    assert!(
        matches!(refused, Err(StoreError::NotFound(_))),
        "{refused:?}"
    );

    let next = task("0", minute(-1), Priority::Normal);
    let next_id = next.id;
    db.write(change("task"), move |tx| tasks::create(tx, &next))
        .await
        .expect("the earlier one is closed");
    let copy = before;
    let refused = db
        .write(change("task"), move |tx| tasks::restore(tx, &copy))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Taken(_))),
        "two alive would be too many: {refused:?}"
    );
    let urgent = db
        .write(change("task"), move |tx| {
            tasks::prioritise(tx, next_id, Priority::Stale, minute(-2))
        })
        .await;
    assert!(urgent.unwrap());
    db.write(change("task"), move |tx| {
        tasks::withdraw(tx, next_id, minute(4))
    })
    .await
    .unwrap();
    let withdrawn = db
        .read(move |conn| tasks::get(conn, next_id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (withdrawn.state, withdrawn.closed_at),
        (State::Withdrawn, Some(minute(4)))
    );
}

#[tokio::test]
async fn the_queue_is_listed_in_the_order_of_offering() {
    let (shop, mut all) = random_queue(90).await;
    all.sort_by(|left, right| queue::offering_order(&queued(left), &queued(right)));
    let expected: Vec<TaskId> = all.iter().map(|task| task.id).collect();
    let mut by_place = Vec::new();
    let mut by_key = Vec::new();
    let mut from = From::Offset(0);
    for page in 0..5 {
        let offset = From::Offset(page * 20);
        let rows = shop
            .store
            .db
            .read(move |conn| tasks::queue(conn, State::Open, offset, 20))
            .await
            .unwrap();
        by_place.extend(rows.iter().map(|entry| entry.task.id));
        let rows = shop
            .store
            .db
            .read(move |conn| tasks::queue(conn, State::Open, from, 20))
            .await
            .unwrap();
        by_key.extend(rows.iter().map(|entry| entry.task.id));
        let last = rows.last().unwrap();
        assert_eq!(
            last.number,
            format!("N{}", last.task.order),
            "with its order"
        );
        assert_eq!(
            (last.total, last.customer_name.as_str()),
            (uah(305_000), "Олена Шевченко")
        );
        from = From::After(last.task.priority, last.task.due_at, last.task.id);
    }
    assert_eq!(by_place, expected);
    assert_eq!(by_key, expected);
}

fn note(order: &str, text: &str) -> ShopOperation {
    ShopOperation::AddNote {
        order: order.into(),
        text: text.to_owned(),
    }
}

fn operation() -> OperationId {
    OperationId::from_uuid(uuid())
}

async fn enqueue(
    shop: &Shop,
    order: &str,
    call: Option<CallId>,
    not_before: DateTime<Utc>,
) -> OperationId {
    let (id, wanted) = (operation(), note(order, "x"));
    shop.store
        .db
        .write(change("outbox"), move |tx| {
            outbox::enqueue(tx, id, &wanted, call, not_before, start())
        })
        .await
        .unwrap();
    id
}

async fn ready(shop: &Shop, at: DateTime<Utc>) -> Vec<OperationId> {
    let found = shop
        .store
        .db
        .read(move |conn| outbox::ready(conn, at, 10))
        .await
        .unwrap();
    found.into_iter().map(|entry| entry.id).collect()
}

async fn entry(store: &ShopStore, id: OperationId) -> outbox::Entry {
    store
        .db
        .read(move |conn| outbox::get(conn, id))
        .await
        .unwrap()
        .unwrap()
}

/// Takes one event as the rules say and stores where it leads.
async fn step(
    store: &ShopStore,
    id: OperationId,
    event: Event,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let row = entry(store, id).await.row();
    let (row, _) = row.on(event, at, 0, &OutboxPolicy::default()).unwrap();
    let error = matches!(event, Event::Failed(_)).then_some("failed");
    store
        .db
        .write(change("outbox"), move |tx| {
            outbox::put(tx, id, &row, error, at)
        })
        .await
}

#[tokio::test]
async fn operations_leave_in_order_per_order() {
    let shop = Shop::with_orders(2).await;
    let store = &shop.store;
    let first = enqueue(&shop, "0", None, minute(1)).await;
    let second = enqueue(&shop, "0", None, minute(0)).await;
    let other = enqueue(&shop, "1", None, minute(2)).await;
    assert_eq!(
        ready(&shop, minute(0)).await,
        [],
        "the head of the first order is not due"
    );
    assert_eq!(
        store.db.read(outbox::next_at).await.unwrap(),
        Some(minute(1)),
        "the heads alone count"
    );
    assert_eq!(
        ready(&shop, minute(2)).await,
        [first, other],
        "one per order"
    );
    let refused = step(store, second, Event::Due, minute(2)).await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "not the head: {refused:?}"
    );
    step(store, first, Event::Due, minute(2)).await.unwrap();
    assert_eq!(entry(store, first).await.state, Delivery::InFlight);
    assert_eq!(
        ready(&shop, minute(2)).await,
        [other],
        "nothing passes one in flight"
    );

    step(store, first, Event::Failed(Failure::Doubtful), minute(3))
        .await
        .unwrap();
    let doubtful = entry(store, first).await;
    assert_eq!(
        (doubtful.state, doubtful.tries, doubtful.not_before),
        (Delivery::Doubt, 1, minute(7))
    );
    assert_eq!(
        (doubtful.in_flight_at, doubtful.last_error.as_deref()),
        (Some(minute(2)), Some("failed"))
    );
    assert_eq!(
        ready(&shop, minute(6)).await,
        [other],
        "left alone for the quiet time"
    );
    assert_eq!(ready(&shop, minute(7)).await, [other, first]);
    let (looking, _) = doubtful
        .row()
        .on(Event::Due, minute(7), 0, &OutboxPolicy::default())
        .unwrap();
    store
        .db
        .write(change("outbox"), move |tx| {
            outbox::put(tx, first, &looking, None, minute(7))
        })
        .await
        .unwrap();
    assert_eq!(
        entry(store, first).await.state,
        Delivery::Doubt,
        "looking writes nothing at the shop"
    );
    let (again, _) = looking
        .on(Event::Absent, minute(7), 0, &OutboxPolicy::default())
        .unwrap();
    store
        .db
        .write(change("outbox"), move |tx| {
            outbox::put(tx, first, &again, None, minute(7))
        })
        .await
        .unwrap();
    assert_eq!(
        entry(store, first).await.in_flight_at,
        Some(minute(7)),
        "not there: sent again"
    );
    step(store, first, Event::Applied, minute(8)).await.unwrap();
    assert_eq!(entry(store, first).await.done_at, Some(minute(8)));
    assert_eq!(
        ready(&shop, minute(8)).await,
        [second, other],
        "the next of the order"
    );

    step(store, second, Event::Due, minute(8)).await.unwrap();
    step(store, second, Event::Failed(Failure::Permanent), minute(8))
        .await
        .unwrap();
    let third = enqueue(&shop, "0", None, minute(6)).await;
    assert_eq!(
        ready(&shop, minute(8)).await,
        [other],
        "one given up holds back its own order alone"
    );
    assert_eq!(
        store.db.read(outbox::next_at).await.unwrap(),
        Some(minute(2)),
        "and wakes nobody"
    );
    let counts = store.db.read(outbox::counts).await.unwrap();
    assert_eq!(
        counts,
        outbox::Counts {
            waiting: 2,
            in_flight: 0,
            doubt: 0,
            dead: 1,
            conflicts: 0,
            oldest_at: Some(start()),
        }
    );
    let dead = store
        .db
        .read(|conn| outbox::list(conn, Delivery::Dead, 0, 10))
        .await
        .unwrap();
    assert_eq!(
        dead.iter().map(|entry| entry.id).collect::<Vec<_>>(),
        [second]
    );
    step(store, second, Event::RetryAsked, minute(9))
        .await
        .unwrap();
    assert_eq!(
        ready(&shop, minute(9)).await,
        [other, second],
        "before the later one"
    );
    assert_eq!(entry(store, third).await.state, Delivery::Waiting);
    let done = outbox::Entry {
        state: Delivery::Doubt,
        ..entry(store, first).await
    }
    .row();
    let late = store
        .db
        .write(change("outbox"), move |tx| {
            outbox::put(tx, first, &done, None, minute(9))
        })
        .await;
    assert!(
        matches!(late, Err(StoreError::Conflict(_))),
        "done is done: {late:?}"
    );
}

#[tokio::test]
async fn the_queue_of_an_order_is_that_of_the_rules() {
    let shop = Shop::with_orders(3).await;
    let mut chance = Chance(5);
    let mut ids: Vec<(String, OperationId)> = Vec::new();
    let mut sent = 0;
    for round in 0..200 {
        let now = minute(round * 10);
        if chance.below(3) == 0 {
            let order = chance.below(3).to_string();
            ids.push((order.clone(), enqueue(&shop, &order, None, now).await));
        }
        let found = ready(&shop, now).await;
        let mut expected = Vec::new();
        for order in ["0", "1", "2"] {
            let mut queue = Vec::new();
            for (of, id) in &ids {
                if of == order {
                    queue.push(entry(&shop.store, *id).await);
                }
            }
            let rows: Vec<sync::outbox::Row> = queue.iter().map(outbox::Entry::row).collect();
            let head = sync::outbox::head(&rows).map(|index| &queue[index]);
            expected.extend(
                head.filter(|head| head.not_before <= now && head.state != Delivery::InFlight)
                    .map(|head| head.id),
            );
        }
        let sorted = |mut ids: Vec<OperationId>| {
            ids.sort_unstable();
            ids
        };
        assert_eq!(sorted(found.clone()), sorted(expected), "round {round}");
        let Some(id) = found.first().copied() else {
            continue;
        };
        let entry = entry(&shop.store, id).await;
        let (mut row, _) = entry
            .row()
            .on(Event::Due, now, 0, &OutboxPolicy::default())
            .unwrap();
        let answers = [
            Event::Applied,
            Event::Failed(Failure::Doubtful),
            Event::Failed(Failure::Passing),
        ];
        let answer = match (row.state.code(), chance.below(40)) {
            ("looking", 0..20) => Event::Found,
            ("looking", _) => Event::Absent,
            (_, 39) => Event::Failed(Failure::Permanent),
            (_, any) => answers[usize::try_from(any % 3).unwrap()],
        };
        let answers = match answer {
            Event::Absent => vec![Event::Absent, Event::Applied],
            other => vec![other],
        };
        let mut steps = vec![row];
        for answer in answers {
            row = row.on(answer, now, 0, &OutboxPolicy::default()).unwrap().0;
            steps.push(row);
        }
        for row in steps {
            let put = move |tx: &crate::Transaction<'_>| outbox::put(tx, id, &row, None, now);
            shop.store.db.write(change("outbox"), put).await.unwrap();
        }
        sent += 1;
    }
    assert!(sent > 30, "something left: {sent}");
}

#[tokio::test]
async fn what_was_being_sent_at_a_kill_is_found_again() {
    let shop = Shop::with_orders(1).await;
    let id = enqueue(&shop, "0", None, minute(0)).await;
    step(&shop.store, id, Event::Due, minute(1)).await.unwrap();
    let (_copy, store) = shop.crash_image();
    let stuck = store
        .db
        .read(|conn| outbox::list(conn, Delivery::InFlight, 0, 10))
        .await
        .unwrap();
    assert_eq!(stuck.iter().map(|entry| entry.id).collect::<Vec<_>>(), [id]);
    step(&store, id, Event::Restarted, minute(2)).await.unwrap();
    let doubtful = entry(&store, id).await;
    assert_eq!(
        (doubtful.state, doubtful.not_before),
        (Delivery::Doubt, minute(6)),
        "after the quiet time"
    );
    assert_eq!(doubtful.operation, note("0", "x"));
}

#[tokio::test]
async fn a_result_can_be_taken_back_until_it_leaves() {
    let shop = Shop::with_orders(2).await;
    let who = person();
    let (made, late) = (call("0", None, who, start()), call("1", None, who, start()));
    let (one, two) = (made.id, late.id);
    shop.store
        .db
        .write(change("call"), move |tx| {
            crate::table::call::start(tx, &made)?;
            crate::table::call::start(tx, &late)
        })
        .await
        .unwrap();
    let until = start() + TimeDelta::seconds(10);
    let first = enqueue(&shop, "0", Some(one), until).await;
    let second = enqueue(&shop, "0", Some(one), until).await;
    let third = enqueue(&shop, "1", Some(two), until).await;
    let early = start() + TimeDelta::seconds(9);
    let undo = |call, at| {
        shop.store
            .db
            .write(change("undo"), move |tx| outbox::undo_call(tx, call, at))
    };
    assert_eq!(undo(one, early).await.unwrap(), 2);
    for id in [first, second] {
        assert_eq!(entry(&shop.store, id).await.state, Delivery::Undone);
    }
    assert_eq!(ready(&shop, minute(1)).await, [third]);
    assert_eq!(undo(one, early).await.unwrap(), 0, "nothing left to undo");
    let too_late = undo(two, until).await;
    assert!(
        matches!(too_late, Err(StoreError::Conflict(_))),
        "it may leave now: {too_late:?}"
    );
    step(&shop.store, third, Event::Due, until).await.unwrap();
    let too_late = undo(two, early).await;
    assert!(
        matches!(too_late, Err(StoreError::Conflict(_))),
        "it has left: {too_late:?}"
    );
    let kept = shop
        .store
        .db
        .read(move |conn| outbox::of_call(conn, two))
        .await
        .unwrap();
    assert_eq!(kept[0].state, Delivery::InFlight);
}
