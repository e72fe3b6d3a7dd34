//! What the exchange with a shop remembers: conflicts, sweeps, what is to be read again.

use super::*;
use crate::table::order;
use crate::table::outbox::{self, State as Delivery};
use crate::table::task::create;
use rules::id::OperationId;
use rules::merge::Conflict;
use rules::operation::{BaseLine, LineChange, ShopOperation};
use sync::outbox::{Event, Failure, OutboxPolicy};

fn edit(order: &str, seen: u32, wanted: u32) -> ShopOperation {
    ShopOperation::EditLines {
        order: order.into(),
        base: vec![BaseLine {
            line: "1".into(),
            quantity: seen,
        }],
        changes: vec![LineChange::SetQuantity {
            line: "1".into(),
            quantity: wanted,
        }],
    }
}

async fn enqueue(shop: &Shop, operation: ShopOperation, now: DateTime<Utc>) -> OperationId {
    let id = OperationId::from_uuid(uuid());
    shop.store
        .db
        .write(change("outbox"), move |tx| {
            outbox::enqueue(tx, id, &operation, None, now, now)
        })
        .await
        .unwrap();
    id
}

async fn entry(shop: &Shop, id: OperationId) -> outbox::Entry {
    let found = shop.store.db.read(move |conn| outbox::get(conn, id)).await;
    found.unwrap().unwrap()
}

/// Puts it through the events as the rules say.
async fn run(
    shop: &Shop,
    id: OperationId,
    events: &[Event],
    conflict: Option<Conflict>,
    now: DateTime<Utc>,
) {
    for event in events {
        let row = entry(shop, id).await.row();
        let (row, _) = row.on(*event, now, 0, &OutboxPolicy::default()).unwrap();
        let conflict = conflict.clone();
        shop.store
            .db
            .write(change("outbox"), move |tx| {
                outbox::put_with(tx, id, &row, None, conflict.as_ref(), now)
            })
            .await
            .unwrap();
    }
}

const REFUSED: [Event; 2] = [Event::Due, Event::Failed(Failure::Permanent)];
const DONE: [Event; 2] = [Event::Due, Event::Applied];

#[tokio::test]
async fn a_conflict_stays_with_its_write_until_it_is_decided() {
    let shop = Shop::with_orders(2).await;
    let db = &shop.store.db;
    let (clash, plain) = (
        enqueue(&shop, edit("0", 2, 3), start()).await,
        enqueue(&shop, edit("1", 2, 3), minute(1)).await,
    );
    let both = Conflict::status("confirmed", "cancelled").changed_at(minute(4));
    run(&shop, clash, &REFUSED, Some(both.clone()), minute(5)).await;
    run(&shop, plain, &REFUSED, None, minute(5)).await;
    let waiting = enqueue(&shop, edit("0", 3, 4), minute(2)).await;
    assert_eq!(entry(&shop, clash).await.conflict, Some(both));
    let counts = db.read(outbox::counts).await.unwrap();
    assert_eq!((counts.dead, counts.conflicts), (2, 1));
    assert_eq!(
        counts.oldest_at,
        Some(minute(2)),
        "what is given up is not on its way"
    );

    let fresh = Conflict::editing();
    let told = fresh.clone();
    db.write(change("clash"), move |tx| {
        outbox::set_conflict(tx, clash, &told, minute(6))
    })
    .await
    .unwrap();
    assert_eq!(entry(&shop, clash).await.conflict, Some(fresh));

    // Ours: another body, and looked for before it is sent.
    let ours = edit("0", 5, 3);
    let wanted = ours.clone();
    db.write(change("rebased"), move |tx| {
        outbox::rebase(tx, clash, &wanted)
    })
    .await
    .unwrap();
    run(&shop, clash, &[Event::RetryAsked], None, minute(7)).await;
    let again = entry(&shop, clash).await;
    assert_eq!(
        (again.state, again.operation, again.conflict),
        (Delivery::Waiting, ours, None)
    );
    let late = db
        .write(change("rebased"), move |tx| {
            outbox::rebase(tx, clash, &edit("0", 9, 9))
        })
        .await;
    assert!(
        matches!(late, Err(StoreError::Conflict(_))),
        "what is on its way is not changed: {late:?}"
    );
    let other = db
        .write(change("rebased"), move |tx| {
            outbox::rebase(tx, plain, &edit("0", 2, 3))
        })
        .await;
    assert!(other.is_err(), "nor moved to another order: {other:?}");

    // Done without: what is behind it may go.
    run(&shop, clash, &[Event::Due], None, minute(8)).await;
    run(&shop, plain, &[Event::Dropped], None, minute(8)).await;
    assert_eq!(entry(&shop, plain).await.state, Delivery::Undone);
    let of_order = db
        .read(|conn| outbox::of_order(conn, &"0".into()))
        .await
        .unwrap();
    let ids: Vec<_> = of_order.iter().map(|entry| entry.id).collect();
    assert_eq!(ids, [clash, waiting], "in the order of sending");
}

#[tokio::test]
async fn a_write_keeps_its_distance_from_one_to_the_same_fields() {
    let shop = Shop::with_orders(2).await;
    let first = enqueue(&shop, edit("0", 2, 3), start()).await;
    run(&shop, first, &DONE, None, minute(10)).await;
    let second = enqueue(&shop, edit("0", 3, 4), minute(11)).await;
    let other = enqueue(&shop, edit("1", 2, 3), minute(12)).await;
    let later = enqueue(&shop, edit("1", 3, 4), minute(30)).await;
    let due = |now: i64, calm: i64| {
        let db = &shop.store.db;
        async move {
            let found = db
                .read(move |conn| outbox::next_due(conn, minute(now), minute(calm)))
                .await;
            let (entry, next_at) = found.unwrap();
            (entry.map(|entry| entry.id), next_at)
        }
    };
    assert_eq!(
        due(11, 7).await,
        (None, Some(minute(12))),
        "a late copy of the first edit would bring its quantity back"
    );
    assert_eq!(
        due(12, 8).await,
        (Some(other), None),
        "other orders go on meanwhile"
    );
    assert_eq!(due(14, 10).await.0, Some(second), "now it may");
    run(&shop, other, &DONE, None, minute(13)).await;
    let note = ShopOperation::AddNote {
        order: "1".into(),
        text: String::new(),
    };
    run(&shop, later, &REFUSED, None, minute(31)).await;
    run(&shop, later, &[Event::Dropped], None, minute(32)).await;
    run(&shop, second, &DONE, None, minute(32)).await;
    let added = enqueue(&shop, note, minute(32)).await;
    assert_eq!(
        due(33, 29).await.0,
        Some(added),
        "what only adds waits for nothing"
    );
}

#[tokio::test]
async fn each_write_that_is_done_comes_up_for_the_sweep_once() {
    let shop = Shop::with_orders(3).await;
    let db = &shop.store.db;
    let mut ids = Vec::new();
    for (number, done) in [("0", 20), ("1", 10), ("2", 30)] {
        let id = enqueue(&shop, edit(number, 2, 3), start()).await;
        run(&shop, id, &DONE, None, minute(done)).await;
        ids.push(id);
    }
    let waiting = enqueue(&shop, edit("0", 3, 4), minute(70)).await;
    let added = ShopOperation::EditLines {
        order: "2".into(),
        base: Vec::new(),
        changes: vec![LineChange::Add {
            product: "p9".into(),
            quantity: 1,
        }],
    };
    let added = enqueue(&shop, added, start()).await;
    run(&shop, added, &DONE, None, minute(35)).await;
    let after_it = enqueue(&shop, edit("2", 3, 4), minute(36)).await;
    let to_sweep = |night: i64, calm: i64| {
        let db = &shop.store.db;
        async move {
            let found = db
                .read(move |conn| outbox::to_sweep(conn, minute(night), minute(calm)))
                .await;
            let (entry, next) = found.unwrap();
            (entry.map(|entry| entry.id), next)
        }
    };
    let mut swept = Vec::new();
    while let (Some(id), _) = to_sweep(20, 34).await {
        swept.push(id);
        db.write_unrecorded(move |tx| outbox::mark_swept(tx, id, minute(60)))
            .await
            .unwrap();
    }
    assert_eq!(
        swept,
        [ids[1], ids[0]],
        "done first, swept first; not what was done lately"
    );
    assert_eq!(
        to_sweep(20, 34).await,
        (None, Some(minute(35))),
        "what adds goods does not wait for the night"
    );
    let due = |now: i64| {
        let db = &shop.store.db;
        async move {
            let found = db
                .read(move |conn| outbox::next_due(conn, minute(now), minute(now - 4)))
                .await;
            found.unwrap().0.map(|entry| entry.id)
        }
    };
    assert_eq!(due(50).await, None, "nor is it edited before");
    assert_eq!(to_sweep(20, 35).await.0, Some(added));
    db.write_unrecorded(move |tx| outbox::mark_swept(tx, added, minute(60)))
        .await
        .unwrap();
    assert_eq!(due(50).await, Some(after_it), "and after it is");
    assert_eq!(entry(&shop, ids[0]).await.swept_at, Some(minute(60)));
    let early = db
        .write_unrecorded(move |tx| outbox::mark_swept(tx, waiting, minute(60)))
        .await;
    assert!(early.is_err(), "what is not done is not swept");
    db.write(change("trash"), |tx| {
        order::mark_gone(tx, &["0".into()])?;
        order::upsert(tx, &super::order("0"))
    })
    .await
    .unwrap();
    assert_eq!(
        to_sweep(20, 34).await.0,
        Some(ids[0]),
        "in the trash nothing could be swept: again when it is back"
    );
}

#[tokio::test]
async fn orders_that_matter_come_round_to_be_read_again() {
    let shop = Shop::with_orders(5).await;
    let db = &shop.store.db;
    // 0 and 1 are to be called about, 2 was called about long ago, 3 was written to.
    let written = enqueue(&shop, edit("3", 2, 3), start()).await;
    run(&shop, written, &DONE, None, minute(5)).await;
    db.write(change("tasks"), |tx| {
        for (number, created) in [("0", 0), ("1", -10), ("2", -20)] {
            let made = Task {
                created_at: minute(created),
                ..task(number, start(), Priority::Normal)
            };
            create(tx, &made)?;
            if number == "2" {
                crate::table::task::withdraw(tx, made.id, start())?;
            }
        }
        Ok(())
    })
    .await
    .unwrap();
    let due = |since: i64| {
        let db = &shop.store.db;
        async move {
            let found = db
                .read(move |conn| order::to_read_again(conn, minute(since), minute(-30)))
                .await;
            let found = found.unwrap().into_iter();
            found
                .map(|(remote, since)| (remote.0, since))
                .collect::<Vec<_>>()
        }
    };
    db.write(change("placed"), |tx| {
        for (number, stage, placed) in [
            ("4", OrderStage::Confirmed, -20),
            ("5", OrderStage::Fulfilled, -20),
            ("6", OrderStage::New, -31),
        ] {
            let told = Order {
                stage,
                placed_at: minute(placed),
                changed_at: minute(45),
                ..super::order(number)
            };
            order::upsert(tx, &told)?;
        }
        Ok(())
    })
    .await
    .unwrap();
    let named = |name: &str, at: i64| (name.to_owned(), minute(at));
    assert_eq!(
        due(0).await,
        [
            named("1", -10),
            named("0", 0),
            named("3", 5),
            named("4", 45)
        ],
        "the longest unread first, and of the rest those lately placed and still open"
    );
    assert_eq!(
        due(5).await,
        [named("1", -10), named("0", 0), named("4", 45)],
        "what was written long ago is left"
    );
    db.write_unrecorded(|tx| order::mark_read(tx, &["1".into(), "3".into()], minute(30)))
        .await
        .unwrap();
    assert_eq!(
        due(0).await,
        [
            named("0", 0),
            named("1", 30),
            named("3", 30),
            named("4", 45)
        ],
        "and then the others have their turn"
    );
    db.write(change("gone"), |tx| order::mark_gone(tx, &["0".into()]))
        .await
        .unwrap();
    assert_eq!(
        due(0).await.first(),
        Some(&named("1", 30)),
        "what is gone is not asked for"
    );
}
