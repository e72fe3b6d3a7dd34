//! What a shop tells is taken in, and what it means for the queue: a new order is a task.

use crate::clock;
use chrono::{DateTime, Utc};
use rules::id::{RemoteId, TaskId};
use rules::order::{Order, OrderStage};
use rules::queue::{self, QueuePolicy};
use store::table::order::{self, Seen};
use store::table::task::{self, Kind, State, Task};
use store::{StoreError, Transaction};

/// Takes in one order. True when the queue has changed.
///
/// An echo of our own write changes nothing: the order is the same as the one stored with the write.
pub(crate) fn take_in_order(
    tx: &Transaction<'_>,
    told: &Order,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    let seen = order::upsert(tx, told)?;
    match (seen, told.stage) {
        (Seen::New, OrderStage::New) => open_task(tx, told, now).map(|()| true),
        (Seen::Same | Seen::Stale | Seen::New, _) => Ok(false),
        // It may have been a basket or on hold before; a task that was done is not opened again.
        (Seen::Changed, OrderStage::New) => {
            if !task::worked_on(tx, &told.remote)? {
                open_task(tx, told, now)?;
            }
            Ok(true)
        }
        (Seen::Changed, _) => withdraw(tx, &told.remote, now),
    }
}

/// Orders that are gone from the shop need no call.
pub(crate) fn take_in_gone(
    tx: &Transaction<'_>,
    gone: &[RemoteId],
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    order::mark_gone(tx, gone)?;
    for remote in gone {
        withdraw(tx, remote, now)?;
    }
    Ok(())
}

fn open_task(tx: &Transaction<'_>, told: &Order, now: DateTime<Utc>) -> Result<(), StoreError> {
    let due = queue::due(
        told.placed_at,
        told.total,
        None,
        now,
        &QueuePolicy::default(),
    );
    task::create(
        tx,
        &Task {
            id: TaskId::from_uuid(clock::mint()),
            kind: Kind::Confirm,
            order: told.remote.clone(),
            state: State::Open,
            holder: None,
            due_at: due.at,
            not_before: None,
            priority: due.priority,
            attempts: 0,
            result: None,
            created_at: now,
            closed_at: None,
        },
    )
}

/// After a task has come back to the queue: an order that the shop settled while somebody had the
/// task in hand needs no call any more.
pub(crate) fn withdraw_if_settled(
    tx: &Transaction<'_>,
    remote: &RemoteId,
    now: DateTime<Utc>,
) -> Result<(), StoreError> {
    let settled = order::get(tx, remote)?.is_none_or(|order| order.stage != OrderStage::New);
    if settled {
        withdraw(tx, remote, now)?;
    }
    Ok(())
}

/// A task that nobody works on any more; one in somebody's hands is left to them.
fn withdraw(
    tx: &Transaction<'_>,
    remote: &RemoteId,
    now: DateTime<Utc>,
) -> Result<bool, StoreError> {
    match task::alive_of_order(tx, remote, Kind::Confirm)? {
        Some(task) if task.state == State::Open => task::withdraw(tx, task.id, now).map(|()| true),
        _ => Ok(false),
    }
}
