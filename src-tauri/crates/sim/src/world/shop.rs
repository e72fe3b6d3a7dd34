//! A shop like `WooCommerce`, request by request: whole-second stamps, a filter strictly after,
//! page numbers, writes that are partial, a quantity that does not move its total, notes that do not
//! move the date, no idempotency and no conditions.
//!
//! Beside what a shop keeps, each thing remembers who put it there. Only the oracle reads that.

use super::clock::{Moment, SECOND};
use rules::id::OperationId;
use std::collections::{BTreeMap, BTreeSet};
use std::ops::Bound;
use std::rc::Rc;

/// Items to a page: few, so that pages are many.
pub(crate) const PER_PAGE: usize = 10;

pub(crate) type OrderNumber = u64;

/// Where an order stands, in the shop's words.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Status {
    OnHold,
    Processing,
    Completed,
    Cancelled,
    Trash,
}

impl Status {
    pub(crate) fn word(self) -> &'static str {
        match self {
            Self::OnHold => "on-hold",
            Self::Processing => "processing",
            Self::Completed => "completed",
            Self::Cancelled => "cancelled",
            Self::Trash => "trash",
        }
    }
}

/// Who did something, for the oracle.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Hand {
    /// The customer, the shop's staff, or the shop itself.
    Theirs,
    /// A request that carried out this operation.
    Ours(OperationId),
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Line {
    pub(crate) id: u64,
    pub(crate) product: u64,
    pub(crate) quantity: u32,
    pub(crate) total: i64,
    /// The field by which an addition is found again.
    pub(crate) mark: Option<Rc<str>>,
    pub(crate) added_by: Hand,
    pub(crate) set_by: Hand,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Note {
    pub(crate) id: u64,
    pub(crate) text: String,
    pub(crate) by: Hand,
}

/// An order as the shop tells it; shared, since it is told often and changed seldom.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Order {
    pub(crate) id: OrderNumber,
    pub(crate) placed: i64,
    /// The stamp, seconds of the shop's clock.
    pub(crate) changed: i64,
    /// Stands for the content: no two contents share one.
    pub(crate) version: u64,
    pub(crate) status: Status,
    pub(crate) status_by: Hand,
    pub(crate) lines: Vec<Line>,
    pub(crate) total: i64,
    /// A field whose change moves no date.
    pub(crate) remark: u32,
    /// By whom and when the customer's word was taken.
    pub(crate) confirmed: Option<(Rc<str>, Rc<str>)>,
    /// Why it was called off.
    pub(crate) reason: Option<Rc<str>>,
    /// Keys of the operations that were carried out.
    pub(crate) done: Vec<Rc<str>>,
}

impl Order {
    pub(crate) fn line(&self, id: u64) -> Option<&Line> {
        self.lines.iter().find(|line| line.id == id)
    }

    pub(crate) fn adds_up(&self) -> bool {
        self.total == self.lines.iter().map(|line| line.total).sum::<i64>()
    }

    pub(crate) fn is_open(&self) -> bool {
        self.status == Status::OnHold
    }
}

/// What one piece costs: a product's price never changes in a day.
pub(crate) fn price(product: u64) -> i64 {
    100 + i64::try_from(product * 37 % 900).unwrap_or_default()
}

/// What is asked of the shop.
#[derive(Clone, Debug)]
pub(crate) enum Ask {
    /// By change, oldest first; bounds in seconds of the shop's clock, both excluded.
    Changed {
        is_trash: bool,
        after: Option<i64>,
        before: Option<i64>,
        page: u32,
    },
    /// By placing, newest first.
    Placed {
        before: Option<i64>,
        page: u32,
    },
    One(OrderNumber),
    Notes(OrderNumber),
    /// A list that never changes here: goods, people.
    Still,
    Put(OrderNumber, Rc<Write>),
    PostNote {
        order: OrderNumber,
        text: Rc<str>,
        by: OperationId,
    },
    DeleteNote {
        order: OrderNumber,
        note: u64,
    },
}

impl Ask {
    pub(crate) fn is_write(&self) -> bool {
        matches!(
            self,
            Self::Put(..) | Self::PostNote { .. } | Self::DeleteNote { .. }
        )
    }

    pub(crate) fn order(&self) -> OrderNumber {
        match self {
            Self::One(order)
            | Self::Notes(order)
            | Self::Put(order, _)
            | Self::PostNote { order, .. }
            | Self::DeleteNote { order, .. } => *order,
            Self::Changed { .. } | Self::Placed { .. } | Self::Still => 0,
        }
    }

    pub(crate) fn code(&self) -> u64 {
        match self {
            Self::Changed {
                is_trash: false, ..
            } => 1,
            Self::Changed { .. } => 2,
            Self::Placed { .. } => 3,
            Self::One(_) => 4,
            Self::Notes(_) => 5,
            Self::Still => 6,
            Self::Put(..) => 7,
            Self::PostNote { .. } => 8,
            Self::DeleteNote { .. } => 9,
        }
    }
}

/// A partial write of an order.
#[derive(Clone, Debug)]
pub(crate) struct Write {
    pub(crate) by: OperationId,
    pub(crate) status: Option<Status>,
    pub(crate) done: Option<Rc<str>>,
    pub(crate) confirmed: Option<(Rc<str>, Rc<str>)>,
    pub(crate) reason: Option<Rc<str>>,
    pub(crate) lines: Vec<LineWrite>,
}

impl Write {
    pub(crate) fn new(by: OperationId) -> Self {
        Self {
            by,
            status: None,
            done: None,
            confirmed: None,
            reason: None,
            lines: Vec::new(),
        }
    }
}

#[derive(Clone, Debug)]
pub(crate) enum LineWrite {
    /// `was` is what the writer saw; no request carries it.
    Set {
        id: u64,
        quantity: u32,
        total: i64,
        was: u32,
    },
    Remove {
        id: u64,
    },
    Add {
        product: u64,
        quantity: u32,
        mark: Option<Rc<str>>,
    },
}

/// What the shop answers.
#[derive(Clone, Debug)]
pub(crate) enum Told {
    Page {
        orders: Vec<Rc<Order>>,
        total: u64,
        has_more: bool,
        shop_time: i64,
    },
    One(Rc<Order>),
    Notes(Vec<Note>),
    Done,
    /// 404.
    Missing,
    /// 400.
    Refused,
    /// 429, perhaps with a time in seconds.
    Busy(Option<u32>),
    /// 5xx.
    Fault(u16),
}

impl Told {
    pub(crate) fn code(&self) -> u64 {
        match self {
            Self::Page { .. } | Self::One(_) | Self::Notes(_) | Self::Done => 200,
            Self::Missing => 404,
            Self::Refused => 400,
            Self::Busy(_) => 429,
            Self::Fault(status) => u64::from(*status),
        }
    }
}

/// How much of a write the shop carries out.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Thoroughness {
    Whole,
    /// It breaks off after the lines: sum and fields stay as they were.
    LinesOnly,
}

/// One shop.
#[derive(Default)]
pub(crate) struct Shop {
    orders: BTreeMap<OrderNumber, Rc<Order>>,
    notes: BTreeMap<OrderNumber, Vec<Note>>,
    live: BTreeSet<(i64, OrderNumber)>,
    trash: BTreeSet<(i64, OrderNumber)>,
    placed: BTreeSet<(i64, OrderNumber)>,
    last_line: u64,
    last_note: u64,
    last_version: u64,
    /// When anything changed last.
    pub(crate) last_change: Moment,
    /// How far its clock is ahead of the true time.
    ahead: Moment,
    /// Orders that refuse every write, and those at which it breaks down.
    pub(crate) refusing: BTreeSet<OrderNumber>,
    pub(crate) breaking: BTreeSet<OrderNumber>,
    /// Orders whose content someone at the shop has changed.
    pub(crate) touched: BTreeSet<OrderNumber>,
    /// Lines whose last word was the shop's own, and which a write of ours removed.
    pub(crate) overruled: BTreeSet<u64>,
    /// Orders that were in the trash at some time.
    pub(crate) trashed: BTreeSet<OrderNumber>,
    /// Orders deleted for good.
    pub(crate) deleted: BTreeSet<OrderNumber>,
}

impl Shop {
    pub(crate) fn new(ahead: Moment) -> Self {
        Self {
            ahead,
            ..Self::default()
        }
    }

    /// Seconds of its own clock.
    pub(crate) fn second(&self, now: Moment) -> i64 {
        (now + self.ahead).div_euclid(SECOND)
    }

    pub(crate) fn order(&self, id: OrderNumber) -> Option<&Rc<Order>> {
        self.orders.get(&id)
    }

    pub(crate) fn orders(&self) -> impl Iterator<Item = &Rc<Order>> {
        self.orders.values()
    }

    pub(crate) fn notes(&self, id: OrderNumber) -> &[Note] {
        self.notes.get(&id).map_or(&[], Vec::as_slice)
    }

    /// A customer orders.
    pub(crate) fn place(&mut self, id: OrderNumber, goods: &[(u64, u32)], stamp: i64) {
        let lines: Vec<Line> = goods
            .iter()
            .map(|(product, quantity)| self.fresh_line(*product, *quantity, None, Hand::Theirs))
            .collect();
        self.last_version += 1;
        let order = Order {
            id,
            placed: stamp,
            changed: stamp,
            version: self.last_version,
            status: Status::OnHold,
            status_by: Hand::Theirs,
            total: lines.iter().map(|line| line.total).sum(),
            lines,
            remark: 0,
            confirmed: None,
            reason: None,
            done: Vec::new(),
        };
        self.placed.insert((stamp, id));
        self.live.insert((stamp, id));
        self.orders.insert(id, Rc::new(order));
    }

    fn fresh_line(&mut self, product: u64, quantity: u32, mark: Option<Rc<str>>, by: Hand) -> Line {
        self.last_line += 1;
        let total = price(product) * i64::from(quantity);
        Line {
            id: self.last_line,
            product,
            quantity,
            total,
            mark,
            added_by: by,
            set_by: by,
        }
    }

    /// Changes an order; `stamp` is the second it bears afterwards, none leaves it.
    pub(crate) fn change(
        &mut self,
        id: OrderNumber,
        stamp: Option<i64>,
        edit: impl FnOnce(&mut Order),
    ) {
        let Some(shared) = self.orders.get_mut(&id) else {
            return;
        };
        let old = (shared.changed, shared.status == Status::Trash);
        let order = Rc::make_mut(shared);
        edit(order);
        self.last_version += 1;
        order.version = self.last_version;
        if let Some(stamp) = stamp {
            order.changed = stamp.max(order.changed);
        }
        let new = (order.changed, order.status == Status::Trash);
        if new.1 {
            self.trashed.insert(id);
        }
        if old != new {
            self.shelf(old.1).remove(&(old.0, id));
            self.shelf(new.1).insert((new.0, id));
        }
    }

    fn shelf(&mut self, is_trash: bool) -> &mut BTreeSet<(i64, OrderNumber)> {
        if is_trash {
            &mut self.trash
        } else {
            &mut self.live
        }
    }

    /// Deletes for good; nothing tells of it.
    pub(crate) fn delete(&mut self, id: OrderNumber) {
        if let Some(order) = self.orders.remove(&id) {
            self.shelf(order.status == Status::Trash)
                .remove(&(order.changed, id));
            self.placed.remove(&(order.placed, id));
            self.deleted.insert(id);
        }
    }

    /// Someone writes a note by hand.
    pub(crate) fn remark(&mut self, id: OrderNumber) {
        self.last_note += 1;
        let note = Note {
            id: self.last_note,
            text: "call the customer".to_owned(),
            by: Hand::Theirs,
        };
        self.notes.entry(id).or_default().push(note);
    }

    /// Whether a write to it can be carried out at all.
    pub(crate) fn bears_writes(&self, id: OrderNumber) -> bool {
        let is_there = |order: &Rc<Order>| order.status != Status::Trash;
        self.orders.get(&id).is_some_and(is_there)
            && !self.refusing.contains(&id)
            && !self.breaking.contains(&id)
    }

    /// Carries a request out and answers it.
    pub(crate) fn handle(&mut self, ask: &Ask, now: Moment, how: Thoroughness) -> Told {
        if ask.is_write() {
            let order = ask.order();
            if self.breaking.contains(&order) {
                return Told::Fault(500);
            }
            if self.refusing.contains(&order) {
                return Told::Refused;
            }
        }
        match ask {
            Ask::Changed {
                is_trash,
                after,
                before,
                page,
            } => self.changed(*is_trash, *after, *before, *page, now),
            Ask::Placed { before, page } => self.newest(*before, *page, now),
            Ask::One(id) => self
                .orders
                .get(id)
                .map_or(Told::Missing, |order| Told::One(Rc::clone(order))),
            Ask::Notes(id) if self.orders.contains_key(id) => Told::Notes(self.notes(*id).to_vec()),
            Ask::Still => Told::Done,
            Ask::Put(id, write) if self.orders.contains_key(id) => self.put(*id, write, now, how),
            Ask::PostNote { order, text, by } if self.orders.contains_key(order) => {
                self.last_note += 1;
                let note = Note {
                    id: self.last_note,
                    text: text.to_string(),
                    by: Hand::Ours(*by),
                };
                self.notes.entry(*order).or_default().push(note);
                Told::Done
            }
            Ask::DeleteNote { order, note } => {
                let notes = self.notes.entry(*order).or_default();
                let before = notes.len();
                notes.retain(|one| one.id != *note);
                if notes.len() < before {
                    Told::Done
                } else {
                    Told::Missing
                }
            }
            Ask::Notes(_) | Ask::Put(..) | Ask::PostNote { .. } => Told::Missing,
        }
    }

    fn changed(
        &self,
        is_trash: bool,
        after: Option<i64>,
        before: Option<i64>,
        page: u32,
        now: Moment,
    ) -> Told {
        let listed = if is_trash { &self.trash } else { &self.live };
        let low = after.map_or(Bound::Unbounded, |after| Bound::Excluded((after, u64::MAX)));
        let high = before.map_or(Bound::Unbounded, |before| Bound::Excluded((before, 0)));
        let found = listed.range((low, high));
        let total = found.clone().count();
        self.page(found.map(|(_, id)| id), total, page, now)
    }

    fn newest(&self, before: Option<i64>, page: u32, now: Moment) -> Told {
        let high = before.map_or(Bound::Unbounded, |before| Bound::Excluded((before, 0)));
        let found = self
            .placed
            .range((Bound::Unbounded, high))
            .rev()
            .map(|(_, id)| id)
            .filter(|id| {
                self.orders
                    .get(id)
                    .is_some_and(|order| order.status != Status::Trash)
            });
        let total = found.clone().count();
        self.page(found, total, page, now)
    }

    fn page<'a>(
        &self,
        found: impl Iterator<Item = &'a u64>,
        total: usize,
        page: u32,
        now: Moment,
    ) -> Told {
        let start = (page.saturating_sub(1) as usize) * PER_PAGE;
        let orders = found
            .skip(start)
            .take(PER_PAGE)
            .filter_map(|id| self.orders.get(id))
            .cloned()
            .collect();
        Told::Page {
            orders,
            total: total as u64,
            has_more: start + PER_PAGE < total,
            shop_time: self.second(now),
        }
    }

    fn put(&mut self, id: OrderNumber, write: &Write, now: Moment, how: Thoroughness) -> Told {
        let Some(order) = self.orders.get(&id) else {
            return Told::Missing;
        };
        let unknown = |line: &LineWrite| match line {
            LineWrite::Set { id, .. } | LineWrite::Remove { id } => order.line(*id).is_none(),
            LineWrite::Add { .. } => false,
        };
        if order.status == Status::Trash {
            return Told::Missing;
        }
        if write.lines.iter().any(unknown) {
            return Told::Refused;
        }
        let theirs = write.lines.iter().filter_map(|write| match write {
            LineWrite::Remove { id } => Some(*id).filter(|id| is_theirs(order, *id)),
            LineWrite::Set { .. } | LineWrite::Add { .. } => None,
        });
        self.overruled.extend(theirs);
        let by = Hand::Ours(write.by);
        let added: Vec<Line> = write
            .lines
            .iter()
            .filter_map(|line| match line {
                LineWrite::Add {
                    product,
                    quantity,
                    mark,
                } => Some(self.fresh_line(*product, *quantity, mark.clone(), by)),
                LineWrite::Set { .. } | LineWrite::Remove { .. } => None,
            })
            .collect();
        let stamp = self.second(now);
        self.change(id, Some(stamp), |order| {
            write_lines(order, &write.lines, by);
            order.lines.extend(added);
            if how == Thoroughness::LinesOnly {
                return;
            }
            if !write.lines.is_empty() {
                order.total = order.lines.iter().map(|line| line.total).sum();
            }
            if let Some(status) = write.status {
                order.status = status;
                order.status_by = by;
            }
            if let Some(confirmed) = &write.confirmed {
                order.confirmed = Some(confirmed.clone());
            }
            if let Some(reason) = &write.reason {
                order.reason = Some(Rc::clone(reason));
            }
            if let Some(done) = &write.done
                && !order.done.contains(done)
            {
                order.done.push(Rc::clone(done));
            }
        });
        match how {
            Thoroughness::Whole => Told::Done,
            Thoroughness::LinesOnly => Told::Fault(500),
        }
    }
}

fn is_theirs(order: &Order, line: u64) -> bool {
    order
        .line(line)
        .is_some_and(|line| line.set_by == Hand::Theirs)
}

fn write_lines(order: &mut Order, writes: &[LineWrite], by: Hand) {
    for write in writes {
        match write {
            LineWrite::Set {
                id,
                quantity,
                total,
                ..
            } => {
                for line in order.lines.iter_mut().filter(|line| line.id == *id) {
                    // Sent as it is, only to make the sum right.
                    if line.quantity != *quantity {
                        line.set_by = by;
                    }
                    line.quantity = *quantity;
                    line.total = *total;
                }
            }
            LineWrite::Remove { id } => order.lines.retain(|line| line.id != *id),
            LineWrite::Add { .. } => {}
        }
    }
}
