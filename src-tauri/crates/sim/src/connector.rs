//! The connector for `WooCommerce`, request by request as in the product: look, write what is
//! missing with a mark, verify; and reading by change with [`sync::changes`]. Each request may be
//! lost, late, doubled or cut, and the desk may crash at each.

use crate::plan::Break;
use crate::world::clock::{second, stamp};
use crate::world::desk::Wire;
use crate::world::network::Cut;
use crate::world::shop::{
    Ask, Line, LineWrite, Note, Order, OrderNumber, Status, Told, Write, price,
};
use chrono::{DateTime, Utc};
use rules::id::{OperationId, RemoteId};
use rules::merge::{Conflict, Merge, merge};
use rules::money::{Currency, Money};
use rules::operation::{BaseLine, LineChange, ShopOperation, marker};
use rules::order::OrderLine;
use std::rc::Rc;
use std::time::Duration;
use sync::breaker::Trouble;
use sync::changes::{Answer, Changes, Mark, Query};

/// Times a line edit is sent: once, and once more where the totals came out wrong.
const TRIES: usize = 2;

/// Why the shop did not do what was asked.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum ShopError {
    Cut(Cut),
    Busy(Option<u32>),
    Fault,
    Gone,
    Refused,
    Conflict(Box<Conflict>),
    /// A list that does not move on.
    Stuck,
}

impl ShopError {
    /// In the words of the exchange, as the product puts it.
    pub(crate) fn trouble(&self) -> Trouble {
        match self {
            Self::Cut(Cut::Unreachable | Cut::TimedOut) => Trouble::Away,
            Self::Cut(Cut::Garbled) | Self::Fault | Self::Stuck => Trouble::Faulty,
            Self::Busy(wait) => {
                Trouble::Busy(wait.map(|seconds| Duration::from_secs(u64::from(seconds))))
            }
            Self::Gone | Self::Refused | Self::Conflict(_) => Trouble::Refused,
        }
    }
}

impl From<Conflict> for ShopError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(Box::new(conflict))
    }
}

/// What became of an operation.
pub(crate) enum Outcome {
    /// There, with the order as it was seen.
    Applied(Option<Rc<Order>>),
    Absent,
}

/// Where the reading of orders stands.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub(crate) enum Cursor {
    #[default]
    Start,
    Backfill {
        since: i64,
        before: Option<i64>,
        page: u32,
    },
    Changes(Box<(Changes, Changes)>),
    /// As [`Break::DeskClock`] has it.
    DeskClock {
        after: i64,
        started: i64,
        page: u32,
    },
}

/// One page of orders.
pub(crate) struct Page {
    pub(crate) items: Vec<Rc<Order>>,
    pub(crate) gone: Vec<OrderNumber>,
    pub(crate) next: Cursor,
    pub(crate) is_last: bool,
}

pub(crate) fn number(id: &RemoteId) -> OrderNumber {
    id.as_str().parse().unwrap_or_default()
}

impl Wire {
    async fn asked(&self, ask: Ask) -> Result<Told, ShopError> {
        match self.ask(ask).await.map_err(ShopError::Cut)? {
            Told::Missing => Err(ShopError::Gone),
            Told::Refused => Err(ShopError::Refused),
            Told::Busy(wait) => Err(ShopError::Busy(wait)),
            Told::Fault(_) => Err(ShopError::Fault),
            told => Ok(told),
        }
    }

    async fn present(&self, order: OrderNumber) -> Result<Rc<Order>, ShopError> {
        match self.asked(Ask::One(order)).await? {
            Told::One(order) if order.status != Status::Trash => Ok(order),
            _ => Err(ShopError::Gone),
        }
    }

    async fn notes(&self, order: OrderNumber) -> Result<Vec<Note>, ShopError> {
        match self.asked(Ask::Notes(order)).await? {
            Told::Notes(notes) => Ok(notes),
            _ => Err(ShopError::Fault),
        }
    }

    /// The mark that an operation leaves; none where that is what is broken.
    fn mark(&self, op: OperationId) -> Option<Rc<str>> {
        (self.broken != Some(Break::NoMarker)).then(|| marker(op).into())
    }

    /// Looks whether it has happened. Reads only.
    pub(crate) async fn find(
        &self,
        op: OperationId,
        operation: &ShopOperation,
    ) -> Result<Outcome, ShopError> {
        let (order, mark) = (number(operation.order()), self.mark(op));
        if let ShopOperation::AddNote { .. } = operation {
            let is_there = has_note(&self.notes(order).await?, mark.as_deref());
            return Ok(if is_there {
                Outcome::Applied(None)
            } else {
                Outcome::Absent
            });
        }
        let found = self.present(order).await?;
        if is_marked(&found, mark.as_ref()) || holds(&found, operation) {
            Ok(Outcome::Applied(Some(found)))
        } else {
            Ok(Outcome::Absent)
        }
    }

    /// Makes it so.
    pub(crate) async fn apply(
        &self,
        op: OperationId,
        operation: &ShopOperation,
    ) -> Result<Outcome, ShopError> {
        let mark = self.mark(op);
        match operation {
            ShopOperation::AddNote { order, text } => {
                self.add_note(op, number(order), text, mark).await
            }
            ShopOperation::EditLines { base, changes, .. } => {
                self.edit_lines(op, operation, base, changes, mark).await
            }
            _ => self.set_fields(op, operation, mark).await,
        }
    }

    async fn add_note(
        &self,
        op: OperationId,
        order: OrderNumber,
        text: &str,
        mark: Option<Rc<str>>,
    ) -> Result<Outcome, ShopError> {
        if has_note(&self.notes(order).await?, mark.as_deref()) {
            return Ok(Outcome::Applied(None));
        }
        let text = match &mark {
            Some(mark) => format!("{text}\n{mark}").into(),
            None => text.into(),
        };
        self.asked(Ask::PostNote {
            order,
            text,
            by: op,
        })
        .await?;
        if mark.is_none() || has_note(&self.notes(order).await?, mark.as_deref()) {
            Ok(Outcome::Applied(None))
        } else {
            Err(ShopError::Refused)
        }
    }

    async fn set_fields(
        &self,
        op: OperationId,
        operation: &ShopOperation,
        mark: Option<Rc<str>>,
    ) -> Result<Outcome, ShopError> {
        let order = number(operation.order());
        let before = self.present(order).await?;
        if is_marked(&before, mark.as_ref()) || holds(&before, operation) {
            return Ok(Outcome::Applied(Some(before)));
        }
        let mut write = Write::new(op);
        if let ShopOperation::Cancel { reason, .. } = operation {
            if !matches!(before.status, Status::OnHold | Status::Processing) {
                return Err(ShopError::Refused);
            }
            write.status = Some(Status::Cancelled);
            write.reason = Some(reason.as_str().into());
        } else {
            if before.status == Status::Cancelled {
                return Err(Conflict::status("processing", before.status.word()).into());
            }
            write.status = (before.status == Status::OnHold).then_some(Status::Processing);
            write.confirmed = confirmation(operation);
        }
        write.done.clone_from(&mark);
        let status = write.status;
        self.asked(Ask::Put(order, Rc::new(write))).await?;
        let after = self.present(order).await?;
        let is_done = mark.is_none() || is_marked(&after, mark.as_ref());
        if is_done && status.is_none_or(|status| status == after.status) {
            Ok(Outcome::Applied(Some(after)))
        } else {
            Err(ShopError::Refused)
        }
    }

    async fn edit_lines(
        &self,
        op: OperationId,
        operation: &ShopOperation,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: Option<Rc<str>>,
    ) -> Result<Outcome, ShopError> {
        let order = number(operation.order());
        let before = self.present(order).await?;
        if is_marked(&before, mark.as_ref()) || holds(&before, operation) {
            return Ok(Outcome::Applied(Some(before)));
        }
        if matches!(before.status, Status::Completed | Status::Cancelled) {
            return Err(ShopError::Refused);
        }
        let mut lines = plan_lines(&before, base, changes, mark.as_ref())?;
        if lines
            .iter()
            .any(|line| matches!(line, LineWrite::Add { .. }))
        {
            // The product is read before it is put on a line.
            self.asked(Ask::Still).await?;
        }
        let wanted = lines.clone();
        for _ in 0..TRIES {
            let mut write = Write::new(op);
            write.done.clone_from(&mark);
            write.lines.clone_from(&lines);
            self.asked(Ask::Put(order, Rc::new(write))).await?;
            let after = self.present(order).await?;
            if wanted.iter().all(|write| is_met(write, &after)) && after.adds_up() {
                return Ok(Outcome::Applied(Some(after)));
            }
            lines.retain(|line| match line {
                LineWrite::Add { product, .. } => !after
                    .lines
                    .iter()
                    .any(|line| line.product == *product && line.mark == mark),
                LineWrite::Set { id, .. } | LineWrite::Remove { id } => after.line(*id).is_some(),
            });
        }
        Err(ShopError::Refused)
    }

    /// Takes away what stands there twice, though it was sent once.
    pub(crate) async fn sweep(
        &self,
        op: OperationId,
        operation: &ShopOperation,
    ) -> Result<u32, ShopError> {
        let Some(mark) = self.mark(op) else {
            return Ok(0);
        };
        let order = number(operation.order());
        match operation {
            ShopOperation::AddNote { .. } => {
                let notes = self.notes(order).await?;
                let surplus = notes
                    .iter()
                    .filter(|note| note.text.contains(&*mark))
                    .skip(1);
                let mut removed = 0;
                for note in surplus {
                    match self
                        .asked(Ask::DeleteNote {
                            order,
                            note: note.id,
                        })
                        .await
                    {
                        Ok(_) => removed += 1,
                        Err(ShopError::Gone) => {}
                        Err(error) => return Err(error),
                    }
                }
                Ok(removed)
            }
            ShopOperation::EditLines { changes, .. } => {
                let found = self.present(order).await?;
                let mut lines = surplus(&found, changes, &mark);
                let removed = u32::try_from(lines.len()).unwrap_or(u32::MAX);
                if lines.is_empty() && !found.adds_up() {
                    // A sweep that was cut off in the middle.
                    lines.extend(found.lines.first().map(|line| set(line, line.quantity)));
                }
                if lines.is_empty() {
                    return Ok(0);
                }
                let write = Write {
                    lines,
                    ..Write::new(op)
                };
                self.asked(Ask::Put(order, Rc::new(write))).await?;
                Ok(removed)
            }
            _ => Ok(0),
        }
    }

    /// Orders read anew by number.
    pub(crate) async fn again(
        &self,
        ids: &[OrderNumber],
    ) -> Result<(Vec<Rc<Order>>, Vec<OrderNumber>), ShopError> {
        let (mut items, mut gone) = (Vec::new(), Vec::new());
        for id in ids {
            match self.present(*id).await {
                Ok(order) => items.push(order),
                Err(ShopError::Gone) => gone.push(*id),
                Err(error) => return Err(error),
            }
        }
        Ok((items, gone))
    }

    /// A list of goods or people.
    pub(crate) async fn still(&self) -> Result<(), ShopError> {
        self.asked(Ask::Still).await.map(drop)
    }

    /// The next page of orders.
    pub(crate) async fn orders(&self, cursor: Cursor) -> Result<Page, ShopError> {
        match cursor {
            Cursor::Start => self.backfill(None, None, 1).await,
            Cursor::Backfill {
                since,
                before,
                page,
            } => self.backfill(Some(since), before, page).await,
            Cursor::Changes(both) => self.changes(both).await,
            Cursor::DeskClock {
                after,
                started,
                page,
            } => self.by_desk_clock(after, started, page).await,
        }
    }

    async fn list(&self, ask: Ask) -> Result<(Vec<Rc<Order>>, u64, bool, i64), ShopError> {
        match self.asked(ask).await? {
            Told::Page {
                orders,
                total,
                has_more,
                shop_time,
            } => Ok((orders, total, has_more, shop_time)),
            _ => Err(ShopError::Fault),
        }
    }

    async fn backfill(
        &self,
        since: Option<i64>,
        before: Option<i64>,
        page: u32,
    ) -> Result<Page, ShopError> {
        let (items, _, has_more, shop_time) = self.list(Ask::Placed { before, page }).await?;
        let since = since.unwrap_or(shop_time);
        let oldest = items.iter().map(|order| order.placed).min();
        let next = if has_more {
            // The last second is read again: more of it may stand on the next page.
            let bound = oldest.map(|oldest| oldest + 1);
            let moves = bound.is_some_and(|bound| before.is_none_or(|before| bound < before));
            if moves {
                Cursor::Backfill {
                    since,
                    before: bound,
                    page: 1,
                }
            } else {
                Cursor::Backfill {
                    since,
                    before,
                    page: page + 1,
                }
            }
        } else if self.broken == Some(Break::DeskClock) {
            Cursor::DeskClock {
                after: self.wall(),
                started: 0,
                page: 1,
            }
        } else {
            let reach = self.reach();
            let start = || Changes::since_within(Some(stamp(since)), reach);
            Cursor::Changes(Box::new((start(), start())))
        };
        Ok(Page {
            items,
            gone: Vec::new(),
            next,
            is_last: false,
        })
    }

    async fn changes(&self, mut both: Box<(Changes, Changes)>) -> Result<Page, ShopError> {
        let (live, trash) = &mut *both;
        let (items, live_done) = self.advance(live, false).await?;
        let (gone, trash_done) = if live_done {
            self.advance(trash, true).await?
        } else {
            (Vec::new(), false)
        };
        Ok(Page {
            items,
            gone: gone.iter().map(|order| order.id).collect(),
            next: Cursor::Changes(both),
            is_last: live_done && trash_done,
        })
    }

    async fn advance(
        &self,
        changes: &mut Changes,
        is_trash: bool,
    ) -> Result<(Vec<Rc<Order>>, bool), ShopError> {
        let Query {
            after,
            before,
            page,
        } = changes.query();
        let (after, before) = (after.map(second), before.map(second));
        let ask = Ask::Changed {
            is_trash,
            after,
            before,
            page,
        };
        let (orders, total, has_more, shop_time) = self.list(ask).await?;
        let marks: Vec<_> = orders
            .iter()
            .map(|order| Mark {
                id: order.id,
                at: stamp(order.changed),
                hash: if is_trash { 0 } else { order.version },
            })
            .collect();
        let fresh = orders
            .iter()
            .zip(&marks)
            .filter(|(_, mark)| !changes.knows(mark))
            .map(|(order, _)| Rc::clone(order))
            .collect();
        let shop_time = Some(stamp(shop_time));
        let has_more = has_more && !marks.is_empty();
        let answer = Answer {
            marks: &marks,
            total: Some(total),
            has_more,
            shop_time,
        };
        let is_last = changes
            .advance_within(&answer, self.reach())
            .map_err(|_| ShopError::Stuck)?;
        Ok((fresh, is_last))
    }

    async fn by_desk_clock(&self, after: i64, started: i64, page: u32) -> Result<Page, ShopError> {
        let started = if page == 1 { self.wall() } else { started };
        let ask = |is_trash| Ask::Changed {
            is_trash,
            after: Some(after),
            before: None,
            page,
        };
        let (items, _, has_more, _) = self.list(ask(false)).await?;
        let (gone, _, more_gone, _) = self.list(ask(true)).await?;
        let is_last = !has_more && !more_gone;
        let next = if is_last {
            Cursor::DeskClock {
                after: started,
                started: 0,
                page: 1,
            }
        } else {
            Cursor::DeskClock {
                after,
                started,
                page: page + 1,
            }
        };
        Ok(Page {
            items,
            gone: gone.iter().map(|order| order.id).collect(),
            next,
            is_last,
        })
    }
}

fn has_note(notes: &[Note], mark: Option<&str>) -> bool {
    mark.is_some_and(|mark| notes.iter().any(|note| note.text.contains(mark)))
}

fn is_marked(order: &Order, mark: Option<&Rc<str>>) -> bool {
    mark.is_some_and(|mark| order.done.contains(mark))
}

/// Whether the order is already as wanted, whoever made it so.
fn holds(order: &Order, operation: &ShopOperation) -> bool {
    match operation {
        ShopOperation::EditLines { base, changes, .. } => {
            order.adds_up() && merge(base, changes, &lines_of(order)) == Merge::AlreadyThere
        }
        ShopOperation::Cancel { .. } => order.status == Status::Cancelled,
        ShopOperation::Confirm { .. } => {
            order.confirmed.is_some() && order.confirmed == confirmation(operation)
        }
        _ => false,
    }
}

/// By whom and when, as the shop keeps it.
pub(crate) fn confirmation(operation: &ShopOperation) -> Option<(Rc<str>, Rc<str>)> {
    match operation {
        ShopOperation::Confirm { by, at, .. } => Some((by.as_str().into(), text_of(*at).into())),
        _ => None,
    }
}

fn text_of(at: DateTime<Utc>) -> String {
    at.timestamp_millis().to_string()
}

/// An order's lines in the words of the rules.
pub(crate) fn lines_of(order: &Order) -> Vec<OrderLine> {
    let money = |minor| Money::new(minor, Currency::UAH);
    order
        .lines
        .iter()
        .map(|line| OrderLine {
            remote: RemoteId(line.id.to_string()),
            product: Some(RemoteId(line.product.to_string())),
            sku: String::new(),
            name: String::new(),
            quantity: line.quantity,
            unit_price: money(price(line.product)),
            total: money(line.total),
        })
        .collect()
}

fn plan_lines(
    before: &Order,
    base: &[BaseLine],
    changes: &[LineChange],
    mark: Option<&Rc<str>>,
) -> Result<Vec<LineWrite>, ShopError> {
    let current = lines_of(before);
    let missing = match merge(base, changes, &current) {
        Merge::Conflict(conflicts) => return Err(Conflict::lines(&conflicts, &current).into()),
        Merge::Send(missing) => missing,
        // The pieces are right but the sum is not: an attempt was cut off in the middle.
        Merge::AlreadyThere => Vec::new(),
    };
    let mut writes = Vec::new();
    for change in &missing {
        match change {
            LineChange::SetQuantity { line, quantity } => {
                let id = number(line);
                writes.extend(before.line(id).map(|line| set(line, *quantity)));
            }
            LineChange::Add { product, quantity } => writes.push(LineWrite::Add {
                product: number(product),
                quantity: *quantity,
                mark: mark.cloned(),
            }),
        }
    }
    // Lines of an earlier attempt, whose total or whose order's sum may have stayed behind.
    let is_written = |line: &Line, writes: &[LineWrite]| {
        writes.iter().any(|write| match write {
            LineWrite::Set { id, .. } | LineWrite::Remove { id } => *id == line.id,
            LineWrite::Add { .. } => false,
        })
    };
    for line in &before.lines {
        let is_ours = changes.iter().any(|change| match change {
            LineChange::SetQuantity { line: id, .. } => number(id) == line.id,
            LineChange::Add { .. } => mark.is_some() && line.mark.as_ref() == mark,
        });
        if is_ours && !is_written(line, &writes) {
            writes.push(set(line, line.quantity));
        }
    }
    // Only a line makes the shop add up again, be it as it is.
    if writes.is_empty() {
        writes.extend(before.lines.first().map(|line| set(line, line.quantity)));
    }
    Ok(writes)
}

/// So many pieces by the price of the piece that the line had.
fn set(line: &Line, quantity: u32) -> LineWrite {
    if quantity == 0 {
        return LineWrite::Remove { id: line.id };
    }
    let piece = line.total / i64::from(line.quantity.max(1));
    LineWrite::Set {
        id: line.id,
        quantity,
        total: piece * i64::from(quantity),
        was: line.quantity,
    }
}

fn is_met(write: &LineWrite, order: &Order) -> bool {
    match write {
        LineWrite::Remove { id } => order.line(*id).is_none(),
        LineWrite::Set {
            id,
            quantity,
            total,
            ..
        } => order
            .line(*id)
            .is_some_and(|line| line.quantity == *quantity && line.total == *total),
        LineWrite::Add {
            product,
            quantity,
            mark,
        } => order.lines.iter().any(|line| {
            line.product == *product && line.quantity == *quantity && line.mark == *mark
        }),
    }
}

/// Of the lines that an edit added: what somebody has changed since was wanted as it is, and then
/// no other of the product may stay; else the first does.
fn surplus(order: &Order, changes: &[LineChange], mark: &Rc<str>) -> Vec<LineWrite> {
    let mut writes = Vec::new();
    for change in changes {
        let LineChange::Add { product, quantity } = change else {
            continue;
        };
        let product = number(product);
        let (untouched, touched): (Vec<&Line>, Vec<&Line>) = order
            .lines
            .iter()
            .filter(|line| line.product == product && line.mark.as_ref() == Some(mark))
            .partition(|line| line.quantity == *quantity);
        let kept = usize::from(touched.is_empty());
        writes.extend(
            untouched
                .iter()
                .skip(kept)
                .map(|line| LineWrite::Remove { id: line.id }),
        );
    }
    writes
}
