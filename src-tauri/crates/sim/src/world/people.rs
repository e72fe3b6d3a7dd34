//! Our side: operators who save results, take some back, and somebody who decides what the desks
//! cannot.

use super::Happening;
use super::World;
use super::clock::{MINUTE, SECOND};
use super::disk::{Copy, Entry};
use super::shop::{OrderNumber, Status};
use rules::id::{OperationId, RemoteId};
use rules::operation::{BaseLine, LineChange, ShopOperation};
use std::rc::Rc;
use sync::outbox::{Event, Row, State};

/// Times that somebody has a refused write tried again before leaving it in the list.
const RETRIES: u32 = 2;

impl World {
    /// An operator saves what came of a call; writes of one order go in order.
    pub(crate) fn save_result(&mut self, index: usize) {
        if !self.desk(index).is_up {
            // The operator waits until the program is back.
            let later = self.now + MINUTE;
            self.at(later, Happening::Result(index));
            return;
        }
        let Some(operations) = self.result_of_call(index) else {
            return;
        };
        if self.is_full(index) {
            self.trace.add(self.now, "full", [index as u64, 0, 0], || {
                format!("desk {index}: not saved")
            });
            return;
        }
        let (now, outbox) = (self.now, self.policy.outbox);
        let saved_at = self.desk(index).clock.wall(now);
        let result = self.counts.results;
        for operation in operations {
            let id = self.mint();
            let order = crate::connector::number(operation.order());
            self.trace.add(now, "saves", [index as u64, order, 0], || {
                format!("desk {index}: {id} {operation:?}")
            });
            let row = Row::new(saved_at, &outbox);
            self.desk(index).disk.enqueue(Entry {
                id,
                operation: Rc::new(operation),
                order,
                row,
                settled_at: None,
                is_swept: false,
                conflict: None,
                decisions: 0,
                is_dropped: false,
                result,
            });
            self.acknowledged.push((index, id));
            self.counts.operations += 1;
        }
        self.counts.results += 1;
        if self.people.often(500) {
            let soon = now + self.people.between(SECOND, 9 * SECOND);
            self.at(soon, Happening::Undo(index, result));
        }
        self.nudge(index);
    }

    /// What an operator of this desk would want now, of an order that is theirs.
    fn result_of_call(&mut self, index: usize) -> Option<Vec<ShopOperation>> {
        let desks = self.plan.desks as u64;
        let disk = &self.desks.get(index)?.disk;
        let mine: Vec<(OrderNumber, bool)> = disk
            .copies
            .iter()
            .filter(|(id, copy)| **id % desks == index as u64 && !copy.is_gone)
            .map(|(id, copy)| (*id, copy.order.is_open()))
            .collect();
        let fresh: Vec<OrderNumber> = mine
            .iter()
            .filter(|(id, is_open)| *is_open && !disk.has_unsettled(*id))
            .map(|(id, _)| *id)
            .collect();
        // Poison is rare: whoever has it is called sooner or later.
        let id = if self.people.often(6500) && !fresh.is_empty() {
            self.people.pick(&fresh)?
        } else {
            self.people.pick(&mine)?.0
        };
        let copy = self.desks.get(index)?.disk.copies.get(&id)?.clone();
        let is_editing = self.desks.get(index)?.disk.outbox.iter().any(|entry| {
            entry.order == id
                && !entry.row.state.is_settled()
                && matches!(*entry.operation, ShopOperation::EditLines { .. })
        });
        let order = RemoteId(id.to_string());
        let mut wanted = Vec::new();
        let is_editable = matches!(copy.order.status, Status::OnHold | Status::Processing);
        if is_editable && !is_editing && self.people.often(4500) {
            wanted.extend(self.edit(&copy, &order));
        }
        let what = self.people.between(0, 99);
        let moment = self.now;
        match (copy.order.status, what) {
            (Status::OnHold, 0..=74) => wanted.push(ShopOperation::Confirm {
                order: order.clone(),
                by: format!("operator {index}"),
                at: self.desk(index).clock.wall(moment),
                result: "confirmed".to_owned(),
            }),
            (Status::OnHold, 75..=84) | (Status::Processing, 0..=9) => {
                wanted.push(ShopOperation::Cancel {
                    order: order.clone(),
                    reason: "changed-mind".to_owned(),
                });
            }
            _ => {}
        }
        if wanted.is_empty() || self.people.often(5000) {
            wanted.push(ShopOperation::AddNote {
                order,
                text: "spoke with the customer".to_owned(),
            });
        }
        Some(wanted)
    }

    fn edit(&mut self, copy: &Copy, order: &RemoteId) -> Option<ShopOperation> {
        let base: Vec<BaseLine> = base_of(&copy.order);
        let mut changes = Vec::new();
        if self.people.often(7000) {
            let line = self.people.below(base.len());
            let line = base.get(line)?;
            let quantity = self.people.pieces(u32::from(base.len() == 1), 9);
            if quantity != line.quantity {
                changes.push(LineChange::SetQuantity {
                    line: line.line.clone(),
                    quantity,
                });
            }
        }
        if changes.is_empty() || self.people.often(4000) {
            let product = Self::another_product(&copy.order, &mut self.people)?;
            changes.push(LineChange::Add {
                product: RemoteId(product.to_string()),
                quantity: self.people.pieces(1, 3),
            });
        }
        Some(ShopOperation::EditLines {
            order: order.clone(),
            base,
            changes,
        })
    }

    /// The operator takes a result back, if none of it may have left.
    pub(crate) fn undo_result(&mut self, index: usize, result: u64) {
        let (now, outbox) = (self.now, self.policy.outbox);
        if !self.desk(index).is_up || self.is_full(index) {
            return;
        }
        let at = self.desk(index).clock.wall(now);
        let undone: Option<Vec<(OperationId, Row)>> = self
            .desk(index)
            .disk
            .outbox
            .iter()
            .filter(|entry| entry.result == result)
            .map(|entry| {
                Some((
                    entry.id,
                    entry.row.on(Event::UndoAsked, at, 0, &outbox).ok()?.0,
                ))
            })
            .collect();
        for (id, row) in undone.into_iter().flatten() {
            self.trace.add(now, "undoes", [index as u64, 0, 0], || {
                format!("desk {index}: {id}")
            });
            self.desk(index).disk.decide(id, row, None, at);
        }
    }

    /// Somebody goes through one desk's dead letters.
    pub(crate) fn decide_letters(&mut self, index: usize) {
        if !self.desk(index).is_up || self.is_full(index) {
            return;
        }
        let dead: Vec<Entry> = self
            .desk(index)
            .disk
            .outbox
            .iter()
            .filter(|entry| {
                matches!(entry.row.state, State::Dead { .. }) && entry.decisions <= RETRIES
            })
            .cloned()
            .collect();
        for letter in dead {
            self.decide(index, &letter);
        }
        self.nudge(index);
    }

    fn decide(&mut self, index: usize, letter: &Entry) {
        let (now, outbox) = (self.now, self.policy.outbox);
        let at = self.desk(index).clock.wall(now);
        let retried = letter
            .row
            .on(Event::RetryAsked, at, 0, &outbox)
            .ok()
            .map(|(row, _)| row);
        let dropped = letter
            .row
            .on(Event::Dropped, at, 0, &outbox)
            .ok()
            .map(|(row, _)| row);
        let choice = self.people.between(0, 99);
        let (row, operation, is_dropped) = match (&letter.conflict, choice) {
            (Some(_), 0..=49) => {
                self.counts.conflicts += 1;
                let copy = self.desk(index).disk.copies.get(&letter.order).cloned();
                (
                    retried,
                    copy.map(|copy| Rc::new(rebased(&letter.operation, &copy))),
                    false,
                )
            }
            (Some(_), _) => {
                self.counts.conflicts += 1;
                (dropped, None, true)
            }
            (None, 0..=59) => (retried, None, false),
            (None, 60..=69) => (dropped, None, true),
            (None, _) => (None, None, false),
        };
        self.trace.add(
            now,
            "decides",
            [index as u64, letter.order, choice.cast_unsigned()],
            || format!("desk {index}: {} {:?}", letter.id, row.map(|row| row.state)),
        );
        let disk = &mut self.desk(index).disk;
        if let Some(row) = row {
            disk.decide(letter.id, row, operation, at);
        }
        if let Some(entry) = disk.outbox.iter_mut().find(|entry| entry.id == letter.id) {
            entry.decisions += 1;
            entry.is_dropped = is_dropped;
        }
    }
}

fn base_of(order: &super::shop::Order) -> Vec<BaseLine> {
    order
        .lines
        .iter()
        .map(|line| BaseLine {
            line: RemoteId(line.id.to_string()),
            quantity: line.quantity,
        })
        .collect()
}

/// The same wish, of what the shop has now.
fn rebased(operation: &ShopOperation, copy: &Copy) -> ShopOperation {
    match operation {
        ShopOperation::EditLines { order, changes, .. } => {
            let base = base_of(&copy.order);
            let is_there = |change: &LineChange| match change {
                LineChange::SetQuantity { line, .. } => base.iter().any(|one| one.line == *line),
                LineChange::Add { .. } => true,
            };
            let changes = changes
                .iter()
                .filter(|change| is_there(change))
                .cloned()
                .collect();
            ShopOperation::EditLines {
                order: order.clone(),
                base,
                changes,
            }
        }
        other => other.clone(),
    }
}
