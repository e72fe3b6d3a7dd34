//! Which task is offered next.
//!
//! Due first, then by priority, then the oldest: a promise kept beats a large order, and a large
//! order beats a small one of the same age.

use crate::id::TaskId;
use crate::money::Money;
use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::cmp::{Ordering, Reverse};

/// What makes one order more urgent than another, as data.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuePolicy {
    /// From this total, in minor units, an order counts as large.
    pub large_from_minor: i64,
    /// An order that waited so long for its first call counts as stale.
    pub stale_after: TimeDelta,
}

impl Default for QueuePolicy {
    fn default() -> Self {
        Self {
            large_from_minor: 1_000_000,
            stale_after: TimeDelta::hours(4),
        }
    }
}

/// How urgent a task is.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Priority {
    /// One of many.
    Normal,
    /// A large order.
    High,
    /// Waited too long.
    Stale,
    /// A time was promised to the customer.
    Promised,
}

impl Priority {
    /// The number kept in a store, greater is more urgent.
    pub fn rank(self) -> u8 {
        self as u8
    }
}

/// When a task is due and how urgent it is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct Due {
    /// Not to be offered before.
    #[specta(type = String)]
    pub at: DateTime<Utc>,
    /// Urgency among those due.
    pub priority: Priority,
}

/// A new order is due when placed; a promised callback, at its time.
pub fn due(
    placed_at: DateTime<Utc>,
    total: Money,
    promised: Option<DateTime<Utc>>,
    now: DateTime<Utc>,
    policy: &QueuePolicy,
) -> Due {
    match promised {
        Some(at) => Due {
            at,
            priority: Priority::Promised,
        },
        None if now - placed_at >= policy.stale_after => Due {
            at: placed_at,
            priority: Priority::Stale,
        },
        None if total.minor >= policy.large_from_minor => Due {
            at: placed_at,
            priority: Priority::High,
        },
        None => Due {
            at: placed_at,
            priority: Priority::Normal,
        },
    }
}

/// What the queue knows of a task.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct QueuedTask {
    /// Which task.
    pub id: TaskId,
    /// When and how urgent.
    pub due: Due,
    /// Someone works on it already.
    pub held: bool,
    /// Not to be called before: outside calling hours or on the ladder.
    pub not_before: Option<DateTime<Utc>>,
}

/// Whether a task may be offered at `now`.
pub fn eligible(task: &QueuedTask, now: DateTime<Utc>) -> bool {
    !task.held && task.due.at <= now && task.not_before.is_none_or(|earliest| earliest <= now)
}

/// The order of offering among eligible tasks; total, so that every desk agrees.
pub fn offering_order(left: &QueuedTask, right: &QueuedTask) -> Ordering {
    let key = |task: &QueuedTask| (Reverse(task.due.priority), task.due.at, task.id);
    key(left).cmp(&key(right))
}

/// The task to offer at `now`.
pub fn next(tasks: &[QueuedTask], now: DateTime<Utc>) -> Option<&QueuedTask> {
    tasks
        .iter()
        .filter(|task| eligible(task, now))
        .min_by(|left, right| offering_order(left, right))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;
    use proptest::prelude::*;
    use uuid::Uuid;

    fn at(minute: i64) -> DateTime<Utc> {
        "2026-03-02T08:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::minutes(minute)
    }

    fn uah(minor: i64) -> Money {
        Money::new(minor, Currency::UAH)
    }

    fn task(id: u128, due: Due) -> QueuedTask {
        QueuedTask {
            id: TaskId::from_uuid(Uuid::from_u128(id)),
            due,
            held: false,
            not_before: None,
        }
    }

    #[test]
    fn urgency_follows_promise_then_age_then_total() {
        let policy = QueuePolicy::default();
        let priority =
            |placed, total, promised, now| due(placed, uah(total), promised, now, &policy).priority;
        assert_eq!(priority(at(0), 100, None, at(1)), Priority::Normal);
        assert_eq!(priority(at(0), 1_000_000, None, at(1)), Priority::High);
        assert_eq!(
            priority(at(0), 100, None, at(240)),
            Priority::Stale,
            "four hours without a call"
        );
        assert_eq!(
            priority(at(0), 100, Some(at(30)), at(400)),
            Priority::Promised
        );
        assert_eq!(
            due(at(0), uah(1), Some(at(30)), at(5), &policy).at,
            at(30),
            "a promise sets the time"
        );
    }

    #[test]
    fn the_next_is_the_most_urgent_that_is_due_and_free() {
        let due = |minute, priority| Due {
            at: at(minute),
            priority,
        };
        let normal = task(1, due(0, Priority::Normal));
        let high = task(2, due(5, Priority::High));
        let promised_later = task(3, due(60, Priority::Promised));
        let tasks = [normal, high, promised_later];
        assert_eq!(
            next(&tasks, at(10)).map(|t| t.id),
            Some(high.id),
            "the promise is not due yet"
        );
        assert_eq!(
            next(&tasks, at(60)).map(|t| t.id),
            Some(promised_later.id),
            "now it is"
        );

        let held = QueuedTask { held: true, ..high };
        assert_eq!(
            next(&[normal, held], at(10)).map(|t| t.id),
            Some(normal.id),
            "one holder per task"
        );
        let closed_hours = QueuedTask {
            not_before: Some(at(11)),
            ..high
        };
        assert_eq!(
            next(&[closed_hours], at(10)),
            None,
            "nobody is called outside hours"
        );
        assert_eq!(
            next(&[closed_hours], at(11)).map(|t| t.id),
            Some(high.id),
            "the bound itself is allowed"
        );
    }

    proptest! {
        #[test]
        fn what_is_offered_does_not_depend_on_the_order_of_rows(
            rows in proptest::collection::vec((0_i64..100, 0_u8..4, any::<bool>()), 1..20), now in 0_i64..100
        ) {
            let ranks = [Priority::Normal, Priority::High, Priority::Stale, Priority::Promised];
            let tasks: Vec<_> = rows.iter().enumerate().map(|(index, (minute, rank, held))| QueuedTask {
                held: *held,
                ..task(index as u128, Due { at: at(*minute), priority: ranks[usize::from(*rank)] })
            }).collect();
            let mut reversed = tasks.clone();
            reversed.reverse();
            let chosen = next(&tasks, at(now)).copied();
            prop_assert_eq!(chosen, next(&reversed, at(now)).copied());
            if let Some(chosen) = chosen {
                prop_assert!(eligible(&chosen, at(now)));
                prop_assert!(tasks.iter().filter(|t| eligible(t, at(now))).all(|t| t.due.priority <= chosen.due.priority));
            } else {
                prop_assert!(tasks.iter().all(|t| !eligible(t, at(now))));
            }
        }
    }
}
