//! Writing to an order: read, compare, write, verify.
//!
//! Every write leaves the operation's mark at the order in the same request: a field of the order, a
//! field of each added line, or the marker in a note's text. So a write is found again even after
//! someone else has changed the same thing since.
//!
//! The shop recomputes no line when only its quantity is sent, so its totals are always sent too,
//! by the price of the piece that the line had. A confirmation is kept in fields; the status moves
//! to `processing` only from `pending` or `on-hold` and only where no money is awaited, because
//! `WooCommerce` takes that status for paid.
//!
//! What a write answers is the order as the shop has just saved it. It is read once more, past
//! whatever plugins did after saving; where that shows the order as it was before, a cache stands in
//! between, and the write's own answer counts.

use super::WooCommerce;
use super::amount::Amount;
use super::grant::{Coupon, Refund};
use super::wire::{
    CANCEL_REASON, CONFIRMED_AT, CONFIRMED_BY, CONFIRMED_RESULT, FIELD, ORDER_FIELDS,
    PRODUCT_FIELDS, Pieces, WireLine, WireNote, WireOrder, WireProduct,
};
use crate::{Effect, ShopError};
use chrono::SecondsFormat;
use reqwest::Method;
use rules::id::{OperationId, RemoteId};
use rules::merge::{Conflict, LineConflict, Merge, merge};
use rules::operation::{BaseLine, LineChange, ShopOperation, marker};
use rules::order::OrderStage;
use serde::Serialize;

/// Times a line edit is sent: once, and once more where the shop's plugins left wrong totals.
const TRIES: usize = 2;

#[derive(Serialize, Default)]
pub(super) struct OrderWrite {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<String>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    meta_data: Vec<Field>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    line_items: Vec<LineWrite>,
}

impl OrderWrite {
    /// Changes lines and nothing else.
    pub(super) fn lines(line_items: Vec<LineWrite>) -> Self {
        Self {
            line_items,
            ..Self::default()
        }
    }
}

#[derive(Serialize, Clone)]
pub(super) struct Field {
    key: String,
    value: String,
}

/// What a line shall be; absolute, so that sending it twice changes nothing.
#[derive(Serialize, Clone)]
#[serde(untagged)]
pub(super) enum LineWrite {
    Set {
        id: u64,
        quantity: u32,
        subtotal: String,
        total: String,
    },
    Remove {
        id: u64,
        quantity: u32,
    },
    Add {
        product_id: u64,
        #[serde(skip_serializing_if = "Option::is_none")]
        variation_id: Option<u64>,
        quantity: u32,
        meta_data: Vec<Field>,
    },
}

#[derive(Serialize)]
struct NoteWrite {
    note: String,
    customer_note: bool,
}

/// What the verification holds the shop to.
enum Expected {
    Set {
        id: u64,
        quantity: u32,
        total: Amount,
    },
    Removed {
        id: u64,
    },
    Added {
        product: u64,
        quantity: u32,
        is_free: bool,
    },
}

/// One line's write and what it shall come to.
struct LineStep {
    write: LineWrite,
    expected: Expected,
}

#[derive(Default)]
struct LinePlan {
    steps: Vec<LineStep>,
}

/// An order right after a write.
struct Written {
    /// As the shop has saved it.
    saved: WireOrder,
    /// As it stood when it was read once more; none where a cache stood in between.
    read: Option<WireOrder>,
}

impl Written {
    fn after(&self) -> &WireOrder {
        self.read.as_ref().unwrap_or(&self.saved)
    }
}

fn field(key: &str, value: impl Into<String>) -> Field {
    Field {
        key: key.to_owned(),
        value: value.into(),
    }
}

/// The order field that says this operation has been carried out.
fn done_key(mark: &str) -> String {
    let bare = mark.trim_matches(['[', ']']).replace(':', "_");
    format!("{FIELD}_{bare}")
}

impl WooCommerce {
    /// The order as it stands, or that it is gone.
    pub(super) async fn present_order(&self, id: &RemoteId) -> Result<WireOrder, ShopError> {
        self.wire_order(id).await?.ok_or(ShopError::Gone)
    }

    pub(super) async fn wire_order(&self, id: &RemoteId) -> Result<Option<WireOrder>, ShopError> {
        let Some(path) = order_path(id) else {
            return Ok(None);
        };
        match self.get(&path, order_parameters()).await {
            Ok(reply) => Ok(Some(reply.json::<WireOrder>()?).filter(|order| !order.is_trashed())),
            Err(ShopError::Gone) => Ok(None),
            Err(error) => Err(error),
        }
    }

    pub(super) async fn find_operation(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<Effect, ShopError> {
        let mark = marker(id);
        let found = match operation {
            ShopOperation::AddNote { order, .. } => !self.notes(order, &mark).await?.is_empty(),
            ShopOperation::GrantCoupon { code, .. } => self.has_coupon(code).await?,
            ShopOperation::Refund { order, .. } => {
                let order = self.present_order(order).await?;
                return if self.refunds(order.id).await?.bear(&mark) {
                    self.applied(&order)
                } else {
                    Ok(Effect::Absent)
                };
            }
            ShopOperation::EditLines { .. }
            | ShopOperation::Confirm { .. }
            | ShopOperation::Cancel { .. } => {
                let order = self.present_order(operation.order()).await?;
                let is_there =
                    order.field(&done_key(&mark)).is_some() || self.holds(&order, operation)?;
                return if is_there && is_whole(&order, operation) {
                    self.applied(&order)
                } else {
                    Ok(Effect::Absent)
                };
            }
        };
        Ok(if found {
            Effect::Applied(None)
        } else {
            Effect::Absent
        })
    }

    pub(super) async fn apply_operation(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<Effect, ShopError> {
        let mark = marker(id);
        match operation {
            ShopOperation::AddNote { order, text } => self.add_note(order, text, &mark).await,
            ShopOperation::EditLines {
                order,
                base,
                changes,
            } => {
                self.edit_lines(order, operation, base, changes, &mark)
                    .await
            }
            ShopOperation::Confirm {
                order,
                by,
                at,
                result,
            } => {
                let fields = vec![
                    field(CONFIRMED_BY, by),
                    field(CONFIRMED_AT, at.to_rfc3339_opts(SecondsFormat::Secs, true)),
                    field(CONFIRMED_RESULT, result),
                ];
                self.set_fields(order, operation, &mark, fields).await
            }
            ShopOperation::Cancel { order, reason } => {
                let fields = vec![field(CANCEL_REASON, reason)];
                self.set_fields(order, operation, &mark, fields).await
            }
            ShopOperation::GrantCoupon {
                order,
                code,
                discount,
                expires_at,
            } => {
                let coupon = Coupon {
                    order,
                    code,
                    discount,
                    expires_at: *expires_at,
                };
                self.grant(&coupon, &mark).await
            }
            ShopOperation::Refund {
                order,
                amount,
                returned,
                reason,
            } => {
                let refund = Refund {
                    amount: *amount,
                    returned,
                    reason,
                };
                self.refund(order, &refund, &mark).await
            }
        }
    }

    async fn set_fields(
        &self,
        order: &RemoteId,
        operation: &ShopOperation,
        mark: &str,
        mut fields: Vec<Field>,
    ) -> Result<Effect, ShopError> {
        let before = self.present_order(order).await?;
        let done = done_key(mark);
        if before.field(&done).is_some() || self.holds(&before, operation)? {
            return self.applied(&before);
        }
        let status = match operation {
            ShopOperation::Cancel { .. } => self.words.to_cancel(&before)?,
            _ => self.words.to_confirm(&before)?,
        };
        fields.push(field(&done, operation.kind()));
        let write = OrderWrite {
            status: status.clone(),
            meta_data: fields,
            ..OrderWrite::default()
        };
        let written = self.put_and_read(order, &write, &done).await?;
        let after = written.after();
        let status_took = status.is_none_or(|status| after.status == status);
        if after.field(&done).is_none() || !status_took {
            return Err(ShopError::Refused(format!(
                "the order stays {}",
                after.status
            )));
        }
        self.applied(after)
    }

    async fn edit_lines(
        &self,
        order: &RemoteId,
        operation: &ShopOperation,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let mut before = self.present_order(order).await?;
        let done = done_key(mark);
        let was_sent = before.field(&done).is_some();
        if (was_sent || self.holds(&before, operation)?) && before.adds_up() {
            return self.applied(&before);
        }
        let stage = before.stage(&self.words);
        if matches!(stage, OrderStage::Fulfilled | OrderStage::Cancelled) {
            return Err(ShopError::Refused(format!(
                "the order is {}",
                before.status
            )));
        }
        // An attempt that came twice and broke off twice would look like somebody else's pieces.
        if self.drop_doubled_lines(&before, changes, mark).await? > 0 {
            before = self.present_order(order).await?;
        }
        // What was sent stands there; what others made of it since is theirs. Only the sums are wrong.
        let changes_left: &[LineChange] = if was_sent { &[] } else { changes };
        let mut plan = self.plan_lines(&before, base, changes_left, mark).await?;
        let gifts = plan.gifts();
        for _ in 0..TRIES {
            let write = OrderWrite {
                meta_data: vec![field(&done, operation.kind())],
                line_items: plan.writes(&before, mark),
                ..OrderWrite::default()
            };
            let mut written = self.put_and_read(order, &write, &done).await?;
            let swept = self.drop_doubled_lines(written.after(), changes, mark);
            if swept.await? > 0 {
                written.read = Some(self.present_order(order).await?);
            }
            plan.steps
                .retain(|step| step.expected.is_left(&written, mark));
            let after = written.after();
            if plan.steps.is_empty() && after.adds_up() {
                return self.applied(after);
            }
            self.drop_empty_additions(order, after, &gifts, mark)
                .await?;
            before = written.read.unwrap_or(written.saved);
        }
        Err(ShopError::Refused(
            "the totals do not come out right".to_owned(),
        ))
    }

    /// Takes back an added line that came out without a price: a product that vanished between the
    /// look and the write gives an empty line rather than an error.
    async fn drop_empty_additions(
        &self,
        order: &RemoteId,
        after: &WireOrder,
        gifts: &[u64],
        mark: &str,
    ) -> Result<(), ShopError> {
        let is_gift = |line: &WireLine| {
            line.product()
                .is_some_and(|product| gifts.contains(&product))
        };
        let empty: Vec<_> = after
            .line_items
            .iter()
            .filter(|line| line.is_marked(mark) && line.total.is_zero() && !is_gift(line))
            .map(|line| LineWrite::Remove {
                id: line.id,
                quantity: 0,
            })
            .collect();
        if empty.is_empty() {
            return Ok(());
        }
        self.put_order(order, &OrderWrite::lines(empty)).await?;
        Err(ShopError::Refused(
            "the product came out without a price".to_owned(),
        ))
    }

    async fn plan_lines(
        &self,
        before: &WireOrder,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<LinePlan, ShopError> {
        let current = before.to_order(&self.words)?.lines;
        let conflict = |conflicts: &[LineConflict]| {
            let conflict = Conflict::lines(conflicts, &current);
            ShopError::from(match before.modified() {
                Some(at) => conflict.changed_at(at),
                None => conflict,
            })
        };
        let wanted = match merge(base, changes, &current) {
            Merge::Conflict(conflicts) => {
                return Err(conflict(&conflicts));
            }
            Merge::Send(missing) => missing,
            // The pieces are right but the sum is not: an attempt was cut off in the middle. The
            // lines are sent as they are, which makes the shop add up again.
            Merge::AlreadyThere => Vec::new(),
        };
        let mut plan = LinePlan::default();
        for change in &wanted {
            match change {
                LineChange::SetQuantity { line, quantity } => {
                    let found = before
                        .line_items
                        .iter()
                        .find(|one| one.id.to_string() == line.0);
                    let gone = LineConflict {
                        wanted: change.clone(),
                        base: None,
                        now: 0,
                    };
                    let found = found.ok_or_else(|| conflict(&[gone]))?;
                    plan.set(found, *quantity);
                }
                LineChange::Add { product, quantity } => {
                    let product = self.product_to_add(product, *quantity).await?;
                    plan.add(&product, *quantity, mark);
                }
            }
        }
        // Lines of an earlier attempt whose total may have stayed behind.
        for line in &before.line_items {
            if !plan.touches(line.id) && changes.iter().any(|change| is_about(change, line, mark)) {
                plan.set(line, line.quantity.0);
            }
        }
        Ok(plan)
    }

    async fn product_to_add(&self, id: &RemoteId, pieces: u32) -> Result<WireProduct, ShopError> {
        let refused = |why: &str| ShopError::Refused(format!("product {id}: {why}"));
        let path = numeric(id)
            .map(|id| format!("products/{id}"))
            .ok_or_else(|| refused("unknown"))?;
        let parameters = vec![("_fields".to_owned(), PRODUCT_FIELDS.to_owned())];
        let product: WireProduct = match self.get(&path, parameters).await {
            Err(ShopError::Gone) => return Err(refused("gone")),
            other => other?.json()?,
        };
        if !product.can_be_ordered() {
            return Err(refused("not for sale"));
        }
        if !product.has_stock_for(pieces) {
            return Err(refused("not enough in stock"));
        }
        Ok(product)
    }

    /// Writes and tells the order as it came out.
    async fn put_and_read(
        &self,
        id: &RemoteId,
        write: &OrderWrite,
        done: &str,
    ) -> Result<Written, ShopError> {
        let saved = self.put_order(id, write).await?;
        let read = self.present_order(id).await?;
        let is_stale = read.field(done).is_none() && saved.field(done).is_some();
        let read = (!is_stale).then_some(read);
        Ok(Written { saved, read })
    }

    pub(super) async fn put_order(
        &self,
        id: &RemoteId,
        write: &OrderWrite,
    ) -> Result<WireOrder, ShopError> {
        let path = order_path(id).ok_or(ShopError::Gone)?;
        self.write(Method::PUT, &path, &order_parameters(), write)
            .await?
            .json()
    }

    /// Identities of the notes that bear a mark, oldest first.
    pub(super) async fn notes(&self, order: &RemoteId, mark: &str) -> Result<Vec<u64>, ShopError> {
        let path = order_path(order).ok_or(ShopError::Gone)?;
        let reply = self.get(&format!("{path}/notes"), Vec::new()).await?;
        let notes: Vec<WireNote> = reply.json()?;
        let mut found: Vec<_> = notes
            .iter()
            .filter(|note| note.note.contains(mark))
            .map(|note| note.id)
            .collect();
        found.sort_unstable();
        Ok(found)
    }

    async fn add_note(
        &self,
        order: &RemoteId,
        text: &str,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        if !self.notes(order, mark).await?.is_empty() {
            return Ok(Effect::Applied(None));
        }
        let path = order_path(order).ok_or(ShopError::Gone)?;
        let note = NoteWrite {
            note: format!("{text}\n{mark}"),
            customer_note: false,
        };
        let saved: WireNote = self
            .write(Method::POST, &format!("{path}/notes"), &[], &note)
            .await?
            .json()?;
        self.drop_doubled_notes(order, mark).await?;
        if saved.note.contains(mark) {
            Ok(Effect::Applied(None))
        } else {
            Err(ShopError::Refused("the note does not stay".to_owned()))
        }
    }

    /// Whether the order is already as wanted, whoever made it so.
    fn holds(&self, order: &WireOrder, operation: &ShopOperation) -> Result<bool, ShopError> {
        Ok(match operation {
            ShopOperation::EditLines { base, changes, .. } => {
                let lines = order.to_order(&self.words)?.lines;
                merge(base, changes, &lines) == Merge::AlreadyThere
            }
            ShopOperation::Cancel { .. } => self.words.is_cancelled(order),
            ShopOperation::Confirm { by, at, .. } => {
                let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
                order.field(CONFIRMED_BY) == Some(by)
                    && order.field(CONFIRMED_AT) == Some(at.as_str())
            }
            ShopOperation::AddNote { .. }
            | ShopOperation::GrantCoupon { .. }
            | ShopOperation::Refund { .. } => false,
        })
    }

    pub(super) fn applied(&self, order: &WireOrder) -> Result<Effect, ShopError> {
        Ok(Effect::Applied(Some(Box::new(
            order.to_order(&self.words)?,
        ))))
    }
}

impl LinePlan {
    fn set(&mut self, line: &WireLine, quantity: u32) {
        self.steps.push(line.step_to(quantity));
    }

    fn add(&mut self, product: &WireProduct, quantity: u32, mark: &str) {
        let is_variation = product.parent_id > 0 && product.kind == "variation";
        let write = LineWrite::Add {
            product_id: if is_variation {
                product.parent_id
            } else {
                product.id
            },
            variation_id: is_variation.then_some(product.id),
            quantity,
            meta_data: vec![field(FIELD, mark)],
        };
        let expected = Expected::Added {
            product: product.id,
            quantity,
            is_free: product.price.is_zero(),
        };
        self.steps.push(LineStep { write, expected });
    }

    /// What can be sent to the order as it stands. The shop reckons anew only what comes with lines:
    /// where none is left to change, one is sent as it is.
    fn writes(&self, order: &WireOrder, mark: &str) -> Vec<LineWrite> {
        let open = self
            .steps
            .iter()
            .filter(|step| step.expected.is_open(order, mark));
        let mut writes: Vec<_> = open.map(|step| step.write.clone()).collect();
        if writes.is_empty() {
            writes.extend(order.to_reckon_anew(mark));
        }
        writes
    }

    /// Added products that cost nothing.
    fn gifts(&self) -> Vec<u64> {
        let free = self.steps.iter().filter_map(|step| match step.expected {
            Expected::Added {
                product,
                is_free: true,
                ..
            } => Some(product),
            _ => None,
        });
        free.collect()
    }

    fn touches(&self, line: u64) -> bool {
        self.steps.iter().any(|step| match step.expected {
            Expected::Set { id, .. } | Expected::Removed { id } => id == line,
            Expected::Added { .. } => false,
        })
    }
}

impl WireLine {
    /// So many pieces by the price of the piece that the line has.
    fn step_to(&self, quantity: u32) -> LineStep {
        let id = self.id;
        if quantity == 0 {
            return LineStep {
                write: LineWrite::Remove { id, quantity },
                expected: Expected::Removed { id },
            };
        }
        let Pieces(had) = self.quantity;
        let total = self.total.for_pieces(quantity, had);
        let subtotal = self.subtotal.for_pieces(quantity, had);
        LineStep {
            write: LineWrite::Set {
                id,
                quantity,
                subtotal: subtotal.to_string(),
                total: total.to_string(),
            },
            expected: Expected::Set {
                id,
                quantity,
                total,
            },
        }
    }
}

impl WireOrder {
    /// A line as it is, of the operation's own where there is one: with it the shop adds up again.
    pub(super) fn to_reckon_anew(&self, mark: &str) -> Option<LineWrite> {
        let whole = || self.line_items.iter().filter(|line| line.quantity.0 > 0);
        let line = whole()
            .find(|line| line.is_marked(mark))
            .or_else(|| whole().next())?;
        Some(line.step_to(line.quantity.0).write)
    }
}

impl Expected {
    /// Whether it has yet to come: the shop has not saved it so, and nobody has made it so, or
    /// otherwise, since.
    fn is_left(&self, written: &Written, mark: &str) -> bool {
        let (saved, after) = (&written.saved, written.after());
        if self.is_met(saved, mark) || self.is_met(after, mark) {
            return false;
        }
        match self {
            Self::Set { id, .. } | Self::Removed { id } => {
                let shape = |order: &WireOrder| {
                    let line = order.line_items.iter().find(|line| line.id == *id);
                    line.map(|line| (line.quantity, line.total))
                };
                shape(saved) == shape(after)
            }
            Self::Added { .. } => true,
        }
    }

    /// Whether its write makes sense: the shop refuses one of a line that is not there, and one that
    /// is there must not be added again.
    fn is_open(&self, order: &WireOrder, mark: &str) -> bool {
        order.line_items.iter().any(|line| match self {
            Self::Set { id, .. } | Self::Removed { id } => line.id == *id,
            Self::Added { product, .. } => line.is_marked(mark) && line.product() == Some(*product),
        }) != matches!(self, Self::Added { .. })
    }

    fn is_met(&self, order: &WireOrder, mark: &str) -> bool {
        let line = |id: u64| order.line_items.iter().find(|line| line.id == id);
        match self {
            Self::Removed { id } => line(*id).is_none(),
            Self::Set {
                id,
                quantity,
                total,
            } => line(*id).is_some_and(|line| {
                let right_total = line.total.is_within(*total, 1, order.currency());
                line.quantity == Pieces(*quantity) && right_total
            }),
            Self::Added {
                product,
                quantity,
                is_free,
            } => order.line_items.iter().any(|line| {
                let is_it = line.is_marked(mark) && line.product() == Some(*product);
                let is_priced = *is_free || !line.total.is_zero();
                is_it && line.quantity == Pieces(*quantity) && is_priced
            }),
        }
    }
}

/// Whether nothing is left to put right: an edit cut off in the middle leaves wrong sums.
fn is_whole(order: &WireOrder, operation: &ShopOperation) -> bool {
    !matches!(operation, ShopOperation::EditLines { .. }) || order.adds_up()
}

/// An order is read in full length: amounts with all their places.
fn order_parameters() -> Vec<(String, String)> {
    vec![
        ("dp".to_owned(), "6".to_owned()),
        ("_fields".to_owned(), ORDER_FIELDS.to_owned()),
    ]
}

fn is_about(change: &LineChange, line: &WireLine, mark: &str) -> bool {
    match change {
        LineChange::SetQuantity { line: id, .. } => line.id.to_string() == id.0,
        LineChange::Add { product, .. } => {
            line.is_marked(mark) && line.product() == numeric(product)
        }
    }
}

pub(super) fn numeric(id: &RemoteId) -> Option<u64> {
    id.as_str().parse().ok()
}

pub(super) fn order_path(id: &RemoteId) -> Option<String> {
    numeric(id).map(|id| format!("orders/{id}"))
}
