//! What one desk has on its disk. A closure over [`Disk`] is one transaction: it happens whole or,
//! where the desk crashes before or the disk is full, not at all.

use super::shop::{Order, OrderNumber};
use crate::connector::Cursor;
use crate::plan::Plan;
use chrono::{DateTime, FixedOffset, TimeDelta, Utc};
use rules::id::OperationId;
use rules::merge::Conflict;
use rules::operation::ShopOperation;
use std::collections::BTreeMap;
use std::rc::Rc;
use sync::courier::{Due, Stream};
use sync::outbox::{Event, OutboxPolicy, Row, State, adds_goods, head, overlap};
use sync::sweep;

/// One write.
#[derive(Clone, Debug)]
pub(crate) struct Entry {
    pub(crate) id: OperationId,
    pub(crate) operation: Rc<ShopOperation>,
    pub(crate) order: OrderNumber,
    pub(crate) row: Row,
    /// When it came to its end.
    pub(crate) settled_at: Option<DateTime<Utc>>,
    pub(crate) is_swept: bool,
    pub(crate) conflict: Option<Conflict>,
    /// How often a person has looked at it, dead.
    pub(crate) decisions: u32,
    /// A person has dropped it, or let theirs stand.
    pub(crate) is_dropped: bool,
    /// Which of the day's results it belongs to.
    pub(crate) result: u64,
}

/// The desk's copy of an order.
#[derive(Clone, Debug)]
pub(crate) struct Copy {
    pub(crate) order: Rc<Order>,
    pub(crate) is_gone: bool,
    /// When it was last asked for by number.
    pub(crate) read_at: DateTime<Utc>,
}

/// A store.
#[derive(Clone, Debug, Default)]
pub(crate) struct Disk {
    pub(crate) copies: BTreeMap<OrderNumber, Copy>,
    pub(crate) outbox: Vec<Entry>,
    /// Of each order, the writes that are not settled, as places in the outbox.
    alive: BTreeMap<OrderNumber, Vec<usize>>,
    /// Of each order, all writes.
    of_order: BTreeMap<OrderNumber, Vec<usize>>,
    unswept: Vec<usize>,
    pub(crate) cursor: Cursor,
    pub(crate) imported: [bool; 3],
    /// Pages without a next one: when all that there was has been read.
    pub(crate) polls: u64,
}

/// How often an open order is read by number.
const AGAIN: TimeDelta = TimeDelta::hours(3);

impl Disk {
    pub(crate) fn enqueue(&mut self, entry: Entry) {
        let place = self.outbox.len();
        self.alive.entry(entry.order).or_default().push(place);
        self.of_order.entry(entry.order).or_default().push(place);
        self.outbox.push(entry);
    }

    pub(crate) fn entry(&self, id: OperationId) -> Option<&Entry> {
        self.outbox.iter().rev().find(|entry| entry.id == id)
    }

    fn place(&self, id: OperationId) -> Option<usize> {
        self.outbox.iter().rposition(|entry| entry.id == id)
    }

    /// The heads of the orders' queues that may move, dead ones left out.
    fn heads(&self) -> impl Iterator<Item = &Entry> {
        self.alive.values().filter_map(|places| {
            let entries: Vec<&Entry> = places
                .iter()
                .filter_map(|place| self.outbox.get(*place))
                .collect();
            let rows: Vec<Row> = entries.iter().map(|entry| entry.row).collect();
            entries.get(head(&rows)?).copied()
        })
    }

    /// Whether nothing can move any more, unless a person moves it.
    pub(crate) fn is_quiet(&self) -> bool {
        self.heads().next().is_none()
    }

    /// Orders whose queue should move and has not.
    pub(crate) fn stuck(&self) -> Vec<OrderNumber> {
        self.heads().map(|entry| entry.order).collect()
    }

    pub(crate) fn has_unsettled(&self, order: OrderNumber) -> bool {
        self.alive.contains_key(&order)
    }

    pub(crate) fn is_swept(&self) -> bool {
        self.unswept.is_empty()
    }

    /// When the last write that was sent before this one, for the same fields, was settled; the end
    /// of time while lines that it has added may still stand there twice.
    fn overlapped_at(&self, entry: &Entry) -> Option<DateTime<Utc>> {
        self.of_order
            .get(&entry.order)?
            .iter()
            .filter_map(|place| self.outbox.get(*place))
            .take_while(|earlier| earlier.id != entry.id)
            .filter(|earlier| earlier.row.sent && overlap(&earlier.operation, &entry.operation))
            .filter_map(|earlier| {
                let may_be_doubled = earlier.row.state == State::Done
                    && adds_goods(&earlier.operation)
                    && !earlier.is_swept;
                if may_be_doubled {
                    Some(DateTime::<Utc>::MAX_UTC)
                } else {
                    earlier.settled_at
                }
            })
            .max()
    }

    /// The head that has been due the longest, and when the next will be.
    pub(crate) fn next_due(
        &self,
        now: DateTime<Utc>,
        calm_since: DateTime<Utc>,
    ) -> (Option<Due>, Option<DateTime<Utc>>) {
        let next = self
            .heads()
            .filter_map(|entry| match entry.row.state {
                State::Waiting { not_before: at } | State::Doubt { quiet_until: at } => {
                    let calm_at = self
                        .overlapped_at(entry)
                        .map(|at| at.checked_add_signed(now - calm_since).unwrap_or(at));
                    Some((calm_at.map_or(at, |calm_at| calm_at.max(at)), entry))
                }
                _ => None,
            })
            .min_by_key(|(at, _)| *at);
        match next {
            Some((at, entry)) if at <= now => (
                Some(Due {
                    id: entry.id,
                    row: entry.row,
                }),
                None,
            ),
            other => (None, other.map(|(at, _)| at)),
        }
    }

    /// Stores where a write stands; false when it is not what it was.
    pub(crate) fn put(
        &mut self,
        id: OperationId,
        row: Row,
        conflict: Option<Conflict>,
        now: DateTime<Utc>,
    ) -> bool {
        let Some(place) = self.place(id) else {
            return false;
        };
        let Some(entry) = self.outbox.get_mut(place) else {
            return false;
        };
        if entry.row.state.is_settled() || matches!(entry.row.state, State::Dead { .. }) {
            return false;
        }
        entry.row = row;
        entry.conflict = conflict;
        if row.state == State::Done {
            self.unswept.push(place);
        }
        self.settle(place, now);
        true
    }

    /// A person moves a dead or waiting one.
    pub(crate) fn decide(
        &mut self,
        id: OperationId,
        row: Row,
        operation: Option<Rc<ShopOperation>>,
        now: DateTime<Utc>,
    ) {
        let Some(place) = self.place(id) else { return };
        let Some(entry) = self.outbox.get_mut(place) else {
            return;
        };
        entry.row = row;
        entry.conflict = None;
        if let Some(operation) = operation {
            entry.operation = operation;
        }
        self.settle(place, now);
    }

    fn settle(&mut self, place: usize, now: DateTime<Utc>) {
        let Some(entry) = self.outbox.get_mut(place) else {
            return;
        };
        if !entry.row.state.is_settled() {
            return;
        }
        entry.settled_at = Some(now);
        let order = entry.order;
        if let Some(places) = self.alive.get_mut(&order) {
            places.retain(|one| *one != place);
            if places.is_empty() {
                self.alive.remove(&order);
            }
        }
    }

    /// Goes over the outbox after a start, or after the clock was set.
    pub(crate) fn recover(&mut self, now: DateTime<Utc>, policy: &OutboxPolicy) {
        for places in self.alive.values() {
            for place in places {
                if let Some(entry) = self.outbox.get_mut(*place)
                    && let Ok((row, _)) = entry.row.on(Event::Restarted, now, 0, policy)
                {
                    entry.row = row;
                }
            }
        }
    }

    /// Takes in an order as told, unless it is older than what is here.
    pub(crate) fn take_in(&mut self, told: &Rc<Order>, now: DateTime<Utc>) {
        match self.copies.get_mut(&told.id) {
            Some(copy) if told.changed < copy.order.changed => {}
            Some(copy) => {
                copy.order = Rc::clone(told);
                if std::mem::take(&mut copy.is_gone) {
                    self.unsweep(told.id);
                }
            }
            None => {
                let copy = Copy {
                    order: Rc::clone(told),
                    is_gone: false,
                    read_at: now,
                };
                self.copies.insert(told.id, copy);
            }
        }
    }

    /// What is back from the trash could not be swept there.
    fn unsweep(&mut self, order: OrderNumber) {
        for place in self.of_order.get(&order).into_iter().flatten() {
            if let Some(entry) = self.outbox.get_mut(*place)
                && std::mem::take(&mut entry.is_swept)
            {
                self.unswept.push(*place);
            }
        }
    }

    pub(crate) fn take_in_gone(&mut self, gone: &[OrderNumber]) {
        for id in gone {
            if let Some(copy) = self.copies.get_mut(id) {
                copy.is_gone = true;
            }
        }
    }

    /// Stores a page with its cursor.
    pub(crate) fn advance(&mut self, stream: Stream, is_last: bool) {
        if let Some(imported) = self.imported.get_mut(stream as usize) {
            *imported |= is_last;
        }
        self.polls += u64::from(is_last && stream == Stream::Orders);
    }

    /// Orders to be read by number: the open ones, and those we wrote to; longest unread first.
    pub(crate) fn next_again(
        &self,
        limit: usize,
        now: DateTime<Utc>,
    ) -> (Vec<OrderNumber>, Option<DateTime<Utc>>) {
        let mut wanted: Vec<_> = self
            .copies
            .iter()
            .filter(|(_, copy)| !copy.is_gone && copy.order.is_open())
            .map(|(id, copy)| (copy.read_at, *id))
            .collect();
        wanted.sort_unstable();
        // Of a time that was noted by a clock gone astray.
        let is_due = |at: DateTime<Utc>| at + AGAIN <= now || at > now + TimeDelta::minutes(1);
        let due: Vec<_> = wanted
            .iter()
            .filter(|(at, _)| is_due(*at))
            .take(limit)
            .map(|(_, id)| *id)
            .collect();
        let next_at = wanted.iter().map(|(at, _)| *at + AGAIN).min();
        (due, next_at)
    }

    pub(crate) fn read_again(&mut self, ids: &[OrderNumber], now: DateTime<Utc>) {
        for id in ids {
            if let Some(copy) = self.copies.get_mut(id) {
                copy.read_at = now;
            }
        }
    }

    /// The next write to be swept, or when to look again.
    pub(crate) fn next_sweep(
        &self,
        now: DateTime<Utc>,
        calm_since: DateTime<Utc>,
        plan: &Plan,
    ) -> (Option<OperationId>, Option<DateTime<Utc>>) {
        let zone = i32::try_from(plan.zone / 1000)
            .ok()
            .and_then(FixedOffset::east_opt);
        let next = self
            .unswept
            .iter()
            .filter_map(|place| self.outbox.get(*place))
            .filter_map(|entry| {
                let calm = entry.settled_at? + (now - calm_since);
                // Goods that stand there twice may be packed before the night.
                let at = if adds_goods(&entry.operation) {
                    calm
                } else {
                    sweep::next_after(calm, &zone?)
                };
                Some((at, entry.id))
            })
            .min();
        match next {
            Some((at, id)) if at <= now => (Some(id), None),
            other => (None, other.map(|(at, _)| at)),
        }
    }

    pub(crate) fn keep_swept(&mut self, id: OperationId) {
        let Some(place) = self.place(id) else { return };
        self.unswept.retain(|one| *one != place);
        if let Some(entry) = self.outbox.get_mut(place) {
            entry.is_swept = true;
        }
    }
}
