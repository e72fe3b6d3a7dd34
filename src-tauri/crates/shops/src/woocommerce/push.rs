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

use super::WooCommerce;
use super::amount::Amount;
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
struct OrderWrite {
    #[serde(skip_serializing_if = "Option::is_none")]
    status: Option<&'static str>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    meta_data: Vec<Field>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    line_items: Vec<LineWrite>,
}

#[derive(Serialize, Clone)]
struct Field {
    key: String,
    value: String,
}

/// What a line shall be; absolute, so that sending it twice changes nothing.
#[derive(Serialize, Clone)]
#[serde(untagged)]
enum LineWrite {
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

struct LinePlan {
    writes: Vec<LineWrite>,
    expected: Vec<Expected>,
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
    async fn present_order(&self, id: &RemoteId) -> Result<WireOrder, ShopError> {
        self.wire_order(id).await?.ok_or(ShopError::Gone)
    }

    pub(super) async fn wire_order(&self, id: &RemoteId) -> Result<Option<WireOrder>, ShopError> {
        let Some(path) = order_path(id) else {
            return Ok(None);
        };
        let parameters = vec![
            ("dp".to_owned(), "6".to_owned()),
            ("_fields".to_owned(), ORDER_FIELDS.to_owned()),
        ];
        match self.get(&path, parameters).await {
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
        if let ShopOperation::AddNote { order, .. } = operation {
            let found = self.has_note(order, &mark).await?;
            return Ok(if found {
                Effect::Applied(None)
            } else {
                Effect::Absent
            });
        }
        let order = self.present_order(operation.order()).await?;
        if order.field(&done_key(&mark)).is_some() || holds(&order, operation)? {
            applied(&order)
        } else {
            Ok(Effect::Absent)
        }
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
            ShopOperation::GrantCoupon { .. } => Err(ShopError::Unsupported("coupons")),
            ShopOperation::Refund { .. } => Err(ShopError::Unsupported("refunds")),
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
        if before.field(&done).is_some() || holds(&before, operation)? {
            return applied(&before);
        }
        let status = match operation {
            ShopOperation::Cancel { .. } => status_to_cancel(&before)?,
            _ => status_to_confirm(&before)?,
        };
        fields.push(field(&done, operation.kind()));
        let write = OrderWrite {
            status,
            meta_data: fields,
            ..OrderWrite::default()
        };
        self.put_order(order, &write).await?;
        let after = self.present_order(order).await?;
        let status_took = status.is_none_or(|status| after.status == status);
        if after.field(&done).is_none() || !status_took {
            return Err(ShopError::Refused(format!(
                "the order stays {}",
                after.status
            )));
        }
        applied(&after)
    }

    async fn edit_lines(
        &self,
        order: &RemoteId,
        operation: &ShopOperation,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let before = self.present_order(order).await?;
        let done = done_key(mark);
        if before.field(&done).is_some() || holds(&before, operation)? {
            return applied(&before);
        }
        if matches!(
            before.stage(),
            OrderStage::Fulfilled | OrderStage::Cancelled
        ) {
            return Err(ShopError::Refused(format!(
                "the order is {}",
                before.status
            )));
        }
        let mut plan = self.plan_lines(&before, base, changes, mark).await?;
        for _ in 0..TRIES {
            let write = OrderWrite {
                meta_data: vec![field(&done, operation.kind())],
                line_items: plan.writes.clone(),
                ..OrderWrite::default()
            };
            self.put_order(order, &write).await?;
            let after = self.present_order(order).await?;
            if plan
                .expected
                .iter()
                .all(|expected| expected.is_met(&after, mark))
                && after.adds_up()
            {
                return applied(&after);
            }
            self.drop_empty_additions(order, &after, &plan, mark)
                .await?;
            plan.writes.retain(|write| match write {
                LineWrite::Add {
                    product_id,
                    variation_id,
                    ..
                } => {
                    let product = variation_id.unwrap_or(*product_id);
                    !after
                        .line_items
                        .iter()
                        .any(|line| line.is_marked(mark) && line.product() == Some(product))
                }
                LineWrite::Set { .. } | LineWrite::Remove { .. } => true,
            });
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
        plan: &LinePlan,
        mark: &str,
    ) -> Result<(), ShopError> {
        let is_gift = |line: &WireLine| {
            plan.expected.iter().any(|one| match one {
                Expected::Added {
                    product, is_free, ..
                } => *is_free && line.product() == Some(*product),
                Expected::Set { .. } | Expected::Removed { .. } => false,
            })
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
        let write = OrderWrite {
            line_items: empty,
            ..OrderWrite::default()
        };
        self.put_order(order, &write).await?;
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
        let current = before.to_order()?.lines;
        let wanted = match merge(base, changes, &current) {
            Merge::Conflict(conflicts) => {
                return Err(Conflict::lines(&conflicts, &current).into());
            }
            Merge::Send(missing) => missing,
            // The pieces are right but the sum is not: an attempt was cut off in the middle. The
            // lines are sent as they are, which makes the shop add up again.
            Merge::AlreadyThere => Vec::new(),
        };
        let mut plan = LinePlan {
            writes: Vec::new(),
            expected: Vec::new(),
        };
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
                    let found = found.ok_or_else(|| Conflict::lines(&[gone], &current))?;
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
            if !plan.touches(line.id) && changes.iter().any(|change| is_about(change, line)) {
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

    async fn put_order(&self, id: &RemoteId, write: &OrderWrite) -> Result<(), ShopError> {
        let path = order_path(id).ok_or(ShopError::Gone)?;
        self.write(Method::PUT, &path, write).await.map(drop)
    }

    async fn has_note(&self, order: &RemoteId, mark: &str) -> Result<bool, ShopError> {
        let path = order_path(order).ok_or(ShopError::Gone)?;
        let reply = self.get(&format!("{path}/notes"), Vec::new()).await?;
        let notes: Vec<WireNote> = reply.json()?;
        Ok(notes.iter().any(|note| note.note.contains(mark)))
    }

    async fn add_note(
        &self,
        order: &RemoteId,
        text: &str,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        if self.has_note(order, mark).await? {
            return Ok(Effect::Applied(None));
        }
        let path = order_path(order).ok_or(ShopError::Gone)?;
        let note = NoteWrite {
            note: format!("{text}\n{mark}"),
            customer_note: false,
        };
        self.write(Method::POST, &format!("{path}/notes"), &note)
            .await?;
        if self.has_note(order, mark).await? {
            Ok(Effect::Applied(None))
        } else {
            Err(ShopError::Refused("the note does not stay".to_owned()))
        }
    }
}

impl LinePlan {
    fn set(&mut self, line: &WireLine, quantity: u32) {
        if quantity == 0 {
            self.writes.push(LineWrite::Remove {
                id: line.id,
                quantity,
            });
            self.expected.push(Expected::Removed { id: line.id });
            return;
        }
        let Pieces(had) = line.quantity;
        let total = line.total.for_pieces(quantity, had);
        let subtotal = line.subtotal.for_pieces(quantity, had);
        self.writes.push(LineWrite::Set {
            id: line.id,
            quantity,
            subtotal: subtotal.to_string(),
            total: total.to_string(),
        });
        self.expected.push(Expected::Set {
            id: line.id,
            quantity,
            total,
        });
    }

    fn add(&mut self, product: &WireProduct, quantity: u32, mark: &str) {
        let is_variation = product.parent_id > 0 && product.kind == "variation";
        self.writes.push(LineWrite::Add {
            product_id: if is_variation {
                product.parent_id
            } else {
                product.id
            },
            variation_id: is_variation.then_some(product.id),
            quantity,
            meta_data: vec![field(FIELD, mark)],
        });
        let is_free = product.price.is_zero();
        self.expected.push(Expected::Added {
            product: product.id,
            quantity,
            is_free,
        });
    }

    fn touches(&self, line: u64) -> bool {
        self.expected.iter().any(|expected| match expected {
            Expected::Set { id, .. } | Expected::Removed { id } => *id == line,
            Expected::Added { .. } => false,
        })
    }
}

impl Expected {
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

/// Whether the order is already as wanted, whoever made it so.
fn holds(order: &WireOrder, operation: &ShopOperation) -> Result<bool, ShopError> {
    Ok(match operation {
        ShopOperation::EditLines { base, changes, .. } => {
            let lines = order.to_order()?.lines;
            merge(base, changes, &lines) == Merge::AlreadyThere && order.adds_up()
        }
        ShopOperation::Cancel { .. } => order.status == "cancelled",
        ShopOperation::Confirm { by, at, .. } => {
            let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
            order.field(CONFIRMED_BY) == Some(by) && order.field(CONFIRMED_AT) == Some(at.as_str())
        }
        ShopOperation::AddNote { .. }
        | ShopOperation::GrantCoupon { .. }
        | ShopOperation::Refund { .. } => false,
    })
}

fn status_to_confirm(order: &WireOrder) -> Result<Option<&'static str>, ShopError> {
    if order.stage() == OrderStage::Cancelled {
        return Err(Conflict::status("processing", &order.status).into());
    }
    let is_waiting = matches!(order.status.as_str(), "pending" | "on-hold");
    let awaits_money =
        !matches!(order.payment_method.as_str(), "" | "cod") && order.date_paid_gmt.is_none();
    Ok((is_waiting && !awaits_money).then_some("processing"))
}

fn status_to_cancel(order: &WireOrder) -> Result<Option<&'static str>, ShopError> {
    match order.status.as_str() {
        "pending" | "on-hold" | "processing" | "failed" => Ok(Some("cancelled")),
        status => Err(ShopError::Refused(format!("the order is {status}"))),
    }
}

fn is_about(change: &LineChange, line: &WireLine) -> bool {
    match change {
        LineChange::SetQuantity { line: id, .. } => line.id.to_string() == id.0,
        LineChange::Add { .. } => false,
    }
}

fn applied(order: &WireOrder) -> Result<Effect, ShopError> {
    Ok(Effect::Applied(Some(Box::new(order.to_order()?))))
}

fn numeric(id: &RemoteId) -> Option<u64> {
    id.as_str().parse().ok()
}

fn order_path(id: &RemoteId) -> Option<String> {
    numeric(id).map(|id| format!("orders/{id}"))
}
