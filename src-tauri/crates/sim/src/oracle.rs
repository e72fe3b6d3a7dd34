//! What must be true when the day is over, read from the shop's own shelves: every saved result
//! stands there exactly once, nothing stands there that nobody wanted, and all copies are true.

use crate::connector::{confirmation, number};
use crate::world::World;
use crate::world::disk::{Disk, Entry};
use crate::world::shop::{Hand, Order, OrderNumber, Shop, Status, price};
use rules::operation::{LineChange, ShopOperation, marker};
use std::collections::{BTreeMap, BTreeSet};
use sync::outbox::State;

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub enum Wrong {
    /// A saved result that does not stand at the shop and is in no list, or was given up needlessly.
    Lost,
    /// A change of the shop's that a desk never saw.
    Missed,
    /// An effect that stands more than once.
    Doubled,
    /// An effect of what was taken back or dropped.
    Invented,
    /// A queue that does not move though nothing is in its way.
    Stuck,
}

/// One thing that is wrong, for whoever looks into it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Finding {
    /// Of which kind.
    pub wrong: Wrong,
    /// Where, in words.
    pub what: String,
}

/// Looks at everything.
pub(crate) fn judge(world: &World) -> Vec<Finding> {
    let mut bench = Bench {
        world,
        findings: Vec::new(),
    };
    for (desk, id) in &world.acknowledged {
        if world
            .desks
            .get(*desk)
            .is_none_or(|desk| desk.disk.entry(*id).is_none())
        {
            bench.find(
                Wrong::Lost,
                *desk,
                0,
                format!("{id} is in the outbox no more"),
            );
        }
    }
    bench.repeats();
    for (index, desk) in world.desks.iter().enumerate() {
        bench.queues(index, &desk.disk);
        bench.effects(index, &desk.disk);
        bench.copies(index, &desk.disk);
    }
    bench.sums();
    bench.findings
}

struct Bench<'a> {
    world: &'a World,
    findings: Vec<Finding>,
}

impl Bench<'_> {
    fn find(&mut self, wrong: Wrong, desk: usize, order: OrderNumber, what: String) {
        let what = [format!("desk {desk}, order {order}: "), what].concat();
        self.findings.push(Finding { wrong, what });
    }

    fn shop(&self) -> &Shop {
        &self.world.shop
    }

    /// A desk may not send twice what adds something: sweeping it away at night is for what proxies
    /// do. Unless a person wanted it again.
    fn repeats(&mut self) {
        let world = self.world;
        for (desk, id) in &world.acknowledged {
            let count = world.carried_out.get(id).copied().unwrap_or_default();
            let entry = world.desks.get(*desk).and_then(|desk| desk.disk.entry(*id));
            let Some(entry) = entry.filter(|entry| count > 1 && entry.decisions == 0) else {
                continue;
            };
            let what = format!("{id} was sent and carried out {count} times");
            self.find(Wrong::Doubled, *desk, entry.order, what);
        }
    }

    fn queues(&mut self, index: usize, disk: &Disk) {
        for order in disk.stuck() {
            self.find(
                Wrong::Stuck,
                index,
                order,
                "its queue does not move".to_owned(),
            );
        }
        if !disk.is_swept() {
            self.find(Wrong::Stuck, index, 0, "not all is swept".to_owned());
        }
        if disk.polls == 0 {
            self.find(
                Wrong::Stuck,
                index,
                0,
                "the orders were never read whole".to_owned(),
            );
        }
    }

    fn effects(&mut self, index: usize, disk: &Disk) {
        let mut of_order: BTreeMap<OrderNumber, Vec<&Entry>> = BTreeMap::new();
        for entry in &disk.outbox {
            of_order.entry(entry.order).or_default().push(entry);
        }
        for (order, entries) in of_order {
            for (place, entry) in entries.iter().enumerate() {
                let later = entries.get(place + 1..).unwrap_or_default();
                let others = entries.iter().copied().filter(|other| other.id != entry.id);
                match entry.row.state {
                    State::Done => self.done(index, entry, later),
                    State::Withdrawn => self.taken_back(index, entry),
                    State::Dead { .. } if !self.may_die(entry, others) => {
                        self.find(
                            Wrong::Lost,
                            index,
                            order,
                            format!("{} was given up needlessly", entry.id),
                        );
                    }
                    _ => {}
                }
            }
        }
    }

    /// Poison, or something that someone else, or the customer's later word, has decided otherwise.
    fn may_die<'a>(&self, entry: &Entry, mut others: impl Iterator<Item = &'a Entry>) -> bool {
        let shop = self.shop();
        let sets = [&shop.refusing, &shop.breaking, &shop.touched, &shop.deleted];
        sets.iter().any(|set| set.contains(&entry.order))
            || others.any(|other| matches!(*other.operation, ShopOperation::Cancel { .. }))
    }

    fn taken_back(&mut self, index: usize, entry: &Entry) {
        // Dropped because the order was in the trash, or because the shop had broken down over it and
        // somebody went on from there: a person has seen it.
        let was_seen =
            self.shop().trashed.contains(&entry.order) || self.world.broken_off.contains(&entry.id);
        let is_excused = was_seen && entry.is_dropped;
        let Some(order) = self.shop().order(entry.order).filter(|_| !is_excused) else {
            return;
        };
        let by = Hand::Ours(entry.id);
        let stands = self
            .shop()
            .notes(entry.order)
            .iter()
            .any(|note| note.by == by)
            || order.lines.iter().any(|line| line.added_by == by)
            || order.done.iter().any(|done| **done == marker(entry.id));
        if stands {
            let word = if entry.is_dropped {
                "dropped"
            } else {
                "taken back"
            };
            self.find(
                Wrong::Invented,
                index,
                entry.order,
                format!("{} was {word} and stands", entry.id),
            );
        }
    }

    fn done(&mut self, index: usize, entry: &Entry, later: &[&Entry]) {
        // What was thrown away took everything with it.
        let order = self.shop().order(entry.order).cloned();
        let Some(order) = order.filter(|order| order.status != Status::Trash) else {
            return;
        };
        match &*entry.operation {
            ShopOperation::AddNote { .. } => {
                let by = Hand::Ours(entry.id);
                let count = self
                    .shop()
                    .notes(entry.order)
                    .iter()
                    .filter(|note| note.by == by)
                    .count();
                self.count(index, entry, "note", count);
            }
            ShopOperation::EditLines { changes, .. } => {
                for change in changes {
                    self.line(index, entry, change, &order, later);
                }
            }
            operation => {
                if let Some(wrong) = field_is_wrong(entry, operation, &order, later) {
                    self.find(
                        Wrong::Lost,
                        index,
                        entry.order,
                        format!("{} {wrong}", entry.id),
                    );
                }
            }
        }
    }

    fn count(&mut self, index: usize, entry: &Entry, what: &str, count: usize) {
        let wrong = match count {
            0 => Wrong::Lost,
            1 => return,
            _ => Wrong::Doubled,
        };
        self.find(
            wrong,
            index,
            entry.order,
            format!("the {what} of {} stands {count} times", entry.id),
        );
    }

    fn line(
        &mut self,
        index: usize,
        entry: &Entry,
        change: &LineChange,
        order: &Order,
        later: &[&Entry],
    ) {
        match change {
            LineChange::Add { product, .. } => {
                let product = number(product);
                let by = Hand::Ours(entry.id);
                let is_it = |line: &&crate::world::shop::Line| {
                    line.product == product && line.added_by == by
                };
                let count = order.lines.iter().filter(is_it).count();
                let untouched = order
                    .lines
                    .iter()
                    .filter(is_it)
                    .filter(|line| line.set_by == by)
                    .count();
                // Another hand may have brought it before, or a later edit may have removed it.
                let is_there = order.lines.iter().any(|line| line.product == product);
                // Of two that somebody has changed both are wanted; so are two where the shop broke
                // down over the first and a person let ours hold over what stood there then.
                let is_decided = self.world.broken_off.contains(&entry.id) && entry.decisions > 0;
                let is_doubled = count > 1 && untouched > 0 && !is_decided;
                if is_doubled || !(is_there || removes_lines(later)) {
                    self.count(index, entry, "line", count);
                }
            }
            LineChange::SetQuantity { line: id, quantity } => {
                let stands = match order.line(number(id)) {
                    None => {
                        *quantity == 0
                            || removes_lines(later)
                            || self.shop().overruled.contains(&number(id))
                    }
                    Some(line) => line.quantity == *quantity || is_later(line.set_by, later),
                };
                if !stands {
                    let what = format!(
                        "{} wants {quantity} on line {id}: {:?}",
                        entry.id,
                        order.line(number(id))
                    );
                    self.find(Wrong::Lost, index, entry.order, what);
                }
            }
        }
    }

    fn sums(&mut self) {
        // The shop broke down over a write, somebody there closed the order, and the write lies in the
        // list: the sum is for whoever opens the letter.
        let in_list: BTreeSet<OrderNumber> = self
            .world
            .desks
            .iter()
            .flat_map(|desk| &desk.disk.outbox)
            .filter(|entry| entry.row.state != State::Done)
            .filter(|entry| self.world.broken_off.contains(&entry.id))
            .map(|entry| entry.order)
            .collect();
        let wrong: Vec<OrderNumber> = self
            .shop()
            .orders()
            .filter(|order| !has_right_sum(order) && !in_list.contains(&order.id))
            .map(|order| order.id)
            .collect();
        for order in wrong {
            self.find(
                Wrong::Lost,
                0,
                order,
                "its sum does not follow from its lines".to_owned(),
            );
        }
    }

    fn copies(&mut self, index: usize, disk: &Disk) {
        let mut missed = Vec::new();
        for order in self.shop().orders() {
            let copy = disk.copies.get(&order.id);
            let is_true = if order.status == Status::Trash {
                copy.is_none_or(|copy| copy.is_gone)
            } else {
                copy.is_some_and(|copy| !copy.is_gone && is_same(&copy.order, order))
            };
            if !is_true {
                let (theirs, ours) = (
                    Brief(order),
                    copy.map(|copy| (copy.is_gone, Brief(&copy.order))),
                );
                missed.push((order.id, format!("shop {theirs:?}, copy {ours:?}")));
            }
        }
        for id in &self.shop().deleted {
            if disk.copies.get(id).is_some_and(|copy| !copy.is_gone) {
                missed.push((*id, "deleted, and the copy lives on".to_owned()));
            }
        }
        for (order, what) in missed {
            self.find(Wrong::Missed, index, order, what);
        }
    }
}

/// Whether somebody at the shop, or a later operation of ours, had the last word.
fn is_later(hand: Hand, later: &[&Entry]) -> bool {
    match hand {
        Hand::Theirs => true,
        Hand::Ours(op) => later.iter().any(|entry| entry.id == op),
    }
}

fn removes_lines(entries: &[&Entry]) -> bool {
    entries.iter().any(|entry| match &*entry.operation {
        ShopOperation::EditLines { changes, .. } => changes
            .iter()
            .any(|change| matches!(change, LineChange::SetQuantity { quantity: 0, .. })),
        _ => false,
    })
}

fn field_is_wrong(
    entry: &Entry,
    operation: &ShopOperation,
    order: &Order,
    later: &[&Entry],
) -> Option<String> {
    let status = (order.status, order.status_by);
    if let ShopOperation::Cancel { .. } = operation {
        let stands = order.status == Status::Cancelled || is_later(order.status_by, later);
        return (!stands).then(|| format!("cancels, and the order is {status:?}"));
    }
    let confirmed = confirmation(operation);
    // A later one may stand though it lies in the list: its order was in the trash when its fate was
    // looked into. Should it have been taken back, that is found elsewhere.
    let is_superseded = later.iter().any(|entry| {
        let theirs = confirmation(&entry.operation);
        theirs.is_some() && (entry.row.state == State::Done || theirs == order.confirmed)
    });
    if !is_superseded && order.confirmed != confirmed {
        return Some(format!(
            "confirms, and the order says {:?}",
            order.confirmed
        ));
    }
    let took = order.status != Status::OnHold
        || order.status_by == Hand::Ours(entry.id)
        || is_later(order.status_by, later);
    (!took).then(|| format!("confirms, and the order is {status:?}"))
}

fn has_right_sum(order: &Order) -> bool {
    let is_right = |line: &crate::world::shop::Line| {
        line.total == price(line.product) * i64::from(line.quantity)
    };
    order.adds_up() && order.lines.iter().all(is_right)
}

/// Alike in all that a shop tells.
fn is_same(one: &Order, other: &Order) -> bool {
    let told = |order: &Order| {
        let lines: Vec<_> = order
            .lines
            .iter()
            .map(|line| (line.id, line.product, line.quantity, line.total))
            .collect();
        (order.status, order.total, order.remark, lines)
    };
    one.version == other.version
        || (told(one) == told(other)
            && one.confirmed == other.confirmed
            && one.reason == other.reason)
}

struct Brief<'a>(&'a Order);

impl std::fmt::Debug for Brief<'_> {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let Order {
            changed,
            version,
            status,
            total,
            remark,
            ..
        } = self.0;
        write!(
            f,
            "{} changed {changed} version {version} total {total} remark {remark}",
            status.word()
        )
    }
}
