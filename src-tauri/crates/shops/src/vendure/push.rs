//! Writes, each as "make it so": look, compare, write what is missing, look again.
//!
//! A line edit passes through states that block the order at the shop, so every one of them can be
//! met again and left: `Modifying` before and after the change, `ArrangingAdditionalPayment` before
//! and after the payment. What tells whose edit it is: the marker in the modification's note, and
//! before that the administrator in the order's history.

use super::client::Purpose;
use super::grant::{Coupon, Return};
use super::status::CANCELLED;
use super::wire::{self, AdministratorNode, EditedOrder, OrderNode, PaymentNode};
use super::{Settings, Vendure};
use crate::{Effect, ShopError};
use chrono::{DateTime, SecondsFormat, Utc};
use rules::id::{OperationId, RemoteId};
use rules::merge::{Conflict, LineConflict, Merge, merge};
use rules::operation::{BaseLine, LineChange, ShopOperation, marker};
use rules::order::OrderStage;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;

const MODIFYING: &str = "Modifying";
const ARRANGING: &str = "ArrangingAdditionalPayment";

/// How many steps lead out of an edit at most: payment due, paid, back.
const STEPS_OUT: usize = 4;

/// Notes read at once.
const NOTES_A_PAGE: usize = 100;

/// The start of every marker, see [`marker`]: an edit of this product, whoever's.
const MARKER_START: &str = "[dz:";

const TRANSITION: &str = "
mutation Transition($id: ID!, $state: String!) {
  outcome: transitionOrderToState(id: $id, state: $state) {
    __typename
    ... on ErrorResult { errorCode message }
    ... on OrderStateTransitionError { transitionError }
  }
}";

const MODIFY: &str = "
mutation Modify($input: ModifyOrderInput!) {
  outcome: modifyOrder(input: $input) {
    __typename
    ... on Order { totalWithTax }
    ... on ErrorResult { errorCode message }
  }
}";

const PAY: &str = "
mutation Pay($input: ManualPaymentInput!) {
  outcome: addManualPaymentToOrder(input: $input) {
    __typename
    ... on ErrorResult { errorCode message }
  }
}";

pub(super) const SETTLE_REFUND: &str = "
mutation SettleRefund($input: SettleRefundInput!) {
  outcome: settleRefund(input: $input) {
    __typename
    ... on ErrorResult { errorCode message }
    ... on RefundStateTransitionError { transitionError }
  }
}";

pub(super) const CANCEL: &str = "
mutation Cancel($input: CancelOrderInput!) {
  outcome: cancelOrder(input: $input) {
    __typename
    ... on ErrorResult { errorCode message }
    ... on OrderStateTransitionError { transitionError }
  }
}";

const SET_FIELDS: &str = "
mutation SetFields($input: UpdateOrderInput!) {
  outcome: setOrderCustomFields(input: $input) { __typename }
}";

const ADD_NOTE: &str = "
mutation AddNote($input: AddNoteToOrderInput!) {
  outcome: addNoteToOrder(input: $input) { __typename }
}";

#[derive(Deserialize)]
struct Reported {
    outcome: Option<Outcome>,
}

/// Success or a member of the mutation's union that says why not.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    #[serde(default)]
    error_code: Option<String>,
    #[serde(default)]
    message: String,
    #[serde(default)]
    transition_error: Option<String>,
    #[serde(default)]
    total_with_tax: Option<i64>,
}

impl Outcome {
    fn into_result(self) -> Result<Self, ShopError> {
        match self.error_code {
            Some(code) => {
                let why = self.transition_error.unwrap_or(self.message);
                Err(ShopError::Refused(format!("{code}: {why}")))
            }
            None => Ok(self),
        }
    }
}

/// What is left to change, in absolute numbers wherever Vendure takes them.
#[derive(Debug, Default, PartialEq)]
struct Plan {
    /// Pieces wanted by line.
    adjust: BTreeMap<String, u32>,
    /// Pieces of a variant without a line.
    add: BTreeMap<String, u32>,
}

impl Plan {
    /// Merges the operator's changes into the lines as they stand now. Lines that the operator did
    /// not touch stay as the shop has them.
    ///
    /// # Errors
    /// [`ShopError::Conflict`] where someone else changed a line that the operator changed too.
    fn new(
        order: &OrderNode,
        base: &[BaseLine],
        changes: &[LineChange],
    ) -> Result<Self, Box<Conflict>> {
        let missing = match merge(base, changes, &order.order_lines()) {
            Merge::Send(missing) => missing,
            Merge::AlreadyThere => Vec::new(),
            Merge::Conflict(conflicts) => {
                return Err(lines_clash(&conflicts, order).into());
            }
        };
        let mut plan = Self::default();
        for change in missing {
            match change {
                LineChange::SetQuantity { line, quantity } => {
                    plan.adjust.insert(line.0, quantity);
                }
                LineChange::Add { product, quantity } => {
                    plan.add(order, base, product, quantity)?;
                }
            }
        }
        Ok(plan)
    }

    /// Vendure has one line for each variant, so pieces of one that is there already go to its line.
    fn add(
        &mut self,
        order: &OrderNode,
        base: &[BaseLine],
        product: RemoteId,
        pieces: u32,
    ) -> Result<(), Box<Conflict>> {
        let line = order
            .lines
            .iter()
            .find(|line| line.product_variant.id == product.as_str() && line.quantity > 0);
        let Some(line) = line else {
            self.add.insert(product.0, pieces);
            return Ok(());
        };
        let seen = base.iter().find(|seen| seen.line.as_str() == line.id);
        if seen.map(|seen| seen.quantity) != Some(line.quantity) {
            let conflict = LineConflict {
                wanted: LineChange::Add {
                    product,
                    quantity: pieces,
                },
                base: seen.map(|seen| seen.quantity),
                now: line.quantity,
            };
            return Err(lines_clash(&[conflict], order).into());
        }
        let wanted = self.adjust.entry(line.id.clone()).or_insert(line.quantity);
        *wanted = wanted.saturating_add(pieces);
        Ok(())
    }

    fn is_empty(&self) -> bool {
        self.adjust.is_empty() && self.add.is_empty()
    }

    fn leaves_nothing(&self, order: &OrderNode) -> bool {
        self.add.values().all(|pieces| *pieces == 0)
            && order
                .lines
                .iter()
                .all(|line| self.adjust.get(&line.id).copied().unwrap_or(line.quantity) == 0)
    }

    /// Whether the order stands as planned.
    fn is_carried_out(&self, order: &OrderNode) -> bool {
        let pieces = |product: &str| {
            let lines = order
                .lines
                .iter()
                .filter(|line| line.product_variant.id == product);
            lines.map(|line| line.quantity).sum::<u32>()
        };
        self.adjust.iter().all(|(id, wanted)| {
            let found = order.lines.iter().find(|line| line.id == *id);
            found.map_or(0, |line| line.quantity) == *wanted
        }) && self
            .add
            .iter()
            .all(|(product, wanted)| pieces(product) == *wanted)
    }

    fn input(&self, order: &str, note: &str, refunds: &[Value], dry_run: bool) -> Value {
        let adjust = self.adjust.iter();
        let add = self.add.iter();
        json!({ "input": {
            "dryRun": dry_run,
            "orderId": order,
            "note": note,
            "adjustOrderLines": adjust
                .map(|(line, pieces)| json!({ "orderLineId": line, "quantity": pieces }))
                .collect::<Vec<_>>(),
            "addItems": add
                .map(|(variant, pieces)| json!({ "productVariantId": variant, "quantity": pieces }))
                .collect::<Vec<_>>(),
            "refunds": refunds,
            "options": { "recalculateShipping": true },
        }})
    }
}

fn lines_clash(conflicts: &[LineConflict], order: &OrderNode) -> Conflict {
    let conflict = Conflict::lines(conflicts, &order.order_lines());
    conflict.changed_at(order.updated_at)
}

/// A confirmation as the shop's fields hold it.
struct Confirmed<'a> {
    by: &'a str,
    at: DateTime<Utc>,
    result: &'a str,
}

impl Confirmed<'_> {
    /// The declared fields that do not hold it yet. A reference that the shop has already is its
    /// own affair and stays; ours is only to be found by.
    fn missing(&self, settings: &Settings, order: &OrderNode, mark: &str) -> Map<String, Value> {
        let fields = settings.fields;
        let held = order.confirmation();
        let at = held
            .confirmed_at
            .as_deref()
            .and_then(|text| text.parse::<DateTime<Utc>>().ok());
        let mut missing = Map::new();
        if fields.confirmed_at && at.map(|at| at.timestamp()) != Some(self.at.timestamp()) {
            missing.insert("confirmedAt".to_owned(), json!(moment(self.at)));
        }
        if fields.confirmed_by && held.confirmed_by.as_deref() != Some(self.by) {
            missing.insert("confirmedBy".to_owned(), json!(self.by));
        }
        if fields.call_result && held.call_result.as_deref() != Some(self.result) {
            missing.insert("callResult".to_owned(), json!(self.result));
        }
        let reference = held.client_ref.unwrap_or_default();
        let is_free = reference.is_empty() || reference.starts_with(MARKER_START);
        if fields.client_ref && is_free && reference != mark {
            missing.insert("clientRef".to_owned(), json!(mark));
        }
        missing
    }

    fn as_note(&self) -> String {
        format!("✓ {} · {} · {}", self.result, self.by, moment(self.at))
    }
}

/// The note of an edit that takes back what another one added twice.
fn undone(mark: &str) -> String {
    format!("{mark} ×1")
}

fn moment(at: DateTime<Utc>) -> String {
    at.to_rfc3339_opts(SecondsFormat::Secs, true)
}

/// Nobody has paid it yet: only promised on delivery, or written down by an edit of ours.
pub(super) fn is_no_money(payment: &PaymentNode) -> bool {
    let is_ours = payment
        .transaction_id
        .as_deref()
        .is_some_and(|id| id.starts_with(MARKER_START));
    payment.state == "Authorized" || is_ours
}

/// Spreads a price fall over the payments: first those without money in them.
pub(super) fn refunds_for(
    order: &OrderNode,
    fall: i64,
    reason: &str,
) -> Result<Vec<Value>, ShopError> {
    let mut payments: Vec<_> = order.payments().iter().collect();
    payments.sort_by_key(|payment| !is_no_money(payment));
    let mut left = fall;
    let mut refunds = Vec::new();
    for payment in payments {
        let amount = left.min(payment.refundable());
        if amount > 0 {
            refunds.push(json!({ "paymentId": payment.id, "amount": amount, "reason": reason }));
            left -= amount;
        }
    }
    if left > 0 {
        return Err(ShopError::Refused(
            "more to refund than was paid".to_owned(),
        ));
    }
    Ok(refunds)
}

impl EditedOrder {
    pub(super) fn is_inside_an_edit(&self) -> bool {
        matches!(self.order.state.as_str(), MODIFYING | ARRANGING)
    }

    fn has_modification(&self, mark: &str) -> bool {
        self.modifications
            .iter()
            .any(|modification| modification.note.contains(mark))
    }

    /// What an edit added more often than wanted: it stands there twice, and no later edit of ours
    /// has put that right.
    fn surplus(&self, base: &[BaseLine], changes: &[LineChange], mark: &str) -> Plan {
        let undone = undone(mark);
        let times = |text: &str| {
            let notes = self.modifications.iter();
            notes.filter(|one| one.note == text).count()
        };
        let mut surplus = Plan::default();
        if times(mark) < 2 || times(&undone) > 0 {
            return surplus;
        }
        for change in changes {
            let LineChange::Add { product, quantity } = change else {
                continue;
            };
            let lines = self.order.lines.iter();
            let line = lines
                .filter(|line| line.product_variant.id == product.as_str())
                .find(|line| !base.iter().any(|seen| seen.line.as_str() == line.id));
            if let Some(line) = line.filter(|line| line.quantity > *quantity) {
                surplus.adjust.insert(line.id.clone(), *quantity);
            }
        }
        surplus
    }

    /// The state that the latest edit began in, and whether we began it.
    fn edit_began(&self, settings: &Settings) -> Option<(&str, bool)> {
        let entry = self
            .history
            .items
            .iter()
            .find(|entry| entry.data.to == MODIFYING)?;
        let by = entry.administrator.as_ref().map(|one| one.id.as_str());
        Some((
            entry.data.from.as_str(),
            by == Some(settings.administrator.as_str()),
        ))
    }

    /// Who else edited the order last, as the shop's staff know them.
    pub(super) fn other_editor(&self, settings: &Settings) -> Option<String> {
        let editors = self.history.items.iter();
        editors
            .filter(|entry| entry.data.to == MODIFYING)
            .filter_map(|entry| entry.administrator.as_ref())
            .find(|one| one.id != settings.administrator)
            .map(AdministratorNode::name)
            .filter(|name| !name.is_empty())
    }

    /// Whether pieces were called off under this mark; nothing to call off is called off.
    pub(super) fn has_cancellation(&self, pieces: &[BaseLine], mark: &str) -> bool {
        pieces.is_empty()
            || self.cancellations.items.iter().any(|entry| {
                let reason = entry.data.reason.as_deref().unwrap_or_default();
                reason.contains(mark)
            })
    }

    fn is_ours(&self, settings: &Settings) -> bool {
        self.edit_began(settings).is_some_and(|(_, ours)| ours)
    }

    /// Refunds of ours that moved no money and wait to be written off.
    fn waiting_refunds(&self) -> impl Iterator<Item = &str> {
        self.order
            .payments()
            .iter()
            .filter(|payment| is_no_money(payment))
            .flat_map(|payment| {
                let waiting = payment.refunds.iter().filter(|refund| {
                    let reason = refund.reason.as_deref().unwrap_or_default();
                    refund.state == "Pending" && reason.contains(MARKER_START)
                });
                waiting.map(|refund| refund.id.as_str())
            })
    }

    fn has_pending_refund(&self) -> bool {
        let mut refunds = self
            .order
            .payments()
            .iter()
            .flat_map(|payment| &payment.refunds);
        refunds.any(|refund| refund.state == "Pending" && refund.total != 0)
    }
}

impl Vendure {
    /// Looks whether an operation has happened. Reads only.
    pub(super) async fn find_effect(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<Effect, ShopError> {
        let settings = self.settings().await?;
        let mark = marker(id);
        let order_id = operation.order();
        match operation {
            ShopOperation::AddNote { .. } => {
                let notes = self.notes(order_id, &mark).await?;
                return Ok(without_order(!notes.is_empty()));
            }
            ShopOperation::GrantCoupon { code, .. } => {
                return Ok(without_order(!self.promotions(code).await?.is_empty()));
            }
            _ => {}
        }
        let edited = self.edited(order_id).await?;
        let order = &edited.order;
        let happened = match operation {
            ShopOperation::EditLines { base, changes, .. } => {
                !edited.is_inside_an_edit()
                    && edited.surplus(base, changes, &mark).is_empty()
                    && (edited.has_modification(&mark)
                        || Plan::new(order, base, changes).is_ok_and(|plan| plan.is_empty()))
            }
            ShopOperation::Confirm { by, at, result, .. } => {
                let confirmed = Confirmed {
                    by,
                    at: *at,
                    result,
                };
                if settings.fields.confirmed_at {
                    confirmed.missing(settings, order, &mark).is_empty()
                } else {
                    !self.notes(order_id, &mark).await?.is_empty()
                }
            }
            ShopOperation::Cancel { .. } => order.stage(&settings.words) == OrderStage::Cancelled,
            ShopOperation::Refund {
                amount,
                returned,
                reason,
                ..
            } => {
                let back = Return {
                    amount: *amount,
                    pieces: returned,
                    reason,
                };
                Self::is_given_back(&edited, &back, &mark)
            }
            ShopOperation::AddNote { .. } | ShopOperation::GrantCoupon { .. } => false,
        };
        Ok(if happened {
            Self::applied(settings, order)
        } else {
            Effect::Absent
        })
    }

    /// Makes it so.
    pub(super) async fn make_effect(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<Effect, ShopError> {
        let mark = marker(id);
        match operation {
            ShopOperation::EditLines {
                order,
                base,
                changes,
            } => self.edit_lines(order, base, changes, &mark).await,
            ShopOperation::Confirm {
                order,
                by,
                at,
                result,
            } => {
                self.confirm(
                    order,
                    &Confirmed {
                        by,
                        at: *at,
                        result,
                    },
                    &mark,
                )
                .await
            }
            ShopOperation::Cancel { order, reason } => self.cancel(order, reason, &mark).await,
            ShopOperation::AddNote { order, text } => {
                self.note_once(order, text, &mark).await?;
                Ok(Effect::Applied(None))
            }
            ShopOperation::GrantCoupon {
                order,
                code,
                discount,
                expires_at,
            } => {
                let coupon = Coupon {
                    code,
                    discount,
                    expires_at: *expires_at,
                };
                self.grant(order, &coupon, &mark).await
            }
            ShopOperation::Refund {
                order,
                amount,
                returned,
                reason,
            } => {
                let settings = self.settings().await?;
                let back = Return {
                    amount: *amount,
                    pieces: returned,
                    reason,
                };
                self.give_back(settings, order, &back, &mark).await
            }
        }
    }

    async fn edit_lines(
        &self,
        id: &RemoteId,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let settings = self.settings().await?;
        let mut edited = self.edited(id).await?;
        if edited.has_modification(mark) {
            if !edited.is_inside_an_edit() || edited.is_ours(settings) {
                edited = self.leave_edit(settings, edited).await?;
                edited = self
                    .undo_doubled(settings, edited, base, changes, mark)
                    .await?;
            }
            return Ok(Self::applied(settings, &edited.order));
        }
        if edited.order.state == ARRANGING {
            edited = self.leave_edit(settings, edited).await?;
        }
        if edited.order.state == MODIFYING {
            if !edited.is_ours(settings) {
                return Err(self.someone_edits(settings, &edited));
            }
        } else {
            match edited.order.stage(&settings.words) {
                OrderStage::New | OrderStage::Confirmed => {}
                OrderStage::Fulfilled | OrderStage::Cancelled | OrderStage::Other => {
                    return Err(status_clash(MODIFYING, &edited.order));
                }
            }
            if Self::plan(settings, &edited, base, changes)?.is_empty() {
                return Ok(Self::applied(settings, &edited.order));
            }
            self.transition(id, MODIFYING).await?;
            // From here nobody else can edit: what we compare with is what we change.
            edited = self.edited(id).await?;
            if edited.order.state != MODIFYING {
                return Err(self.someone_edits(settings, &edited));
            }
        }
        let outcome = self.modify(settings, &edited, base, changes, mark).await;
        match outcome {
            Ok(plan) => {
                let order = self.edited(id).await?;
                let order = self.leave_edit(settings, order).await?;
                let order = self
                    .undo_doubled(settings, order, base, changes, mark)
                    .await?
                    .order;
                if plan.is_carried_out(&order) {
                    Ok(Self::applied(settings, &order))
                } else {
                    Err(Conflict::editing().into())
                }
            }
            Err(error) => {
                if !error.leaves_doubt() {
                    // A refused edit must not keep the order from being shipped.
                    let order = self.edited(id).await?;
                    self.leave_edit(settings, order).await?;
                }
                Err(error)
            }
        }
    }

    /// What is left to change.
    ///
    /// # Errors
    /// [`ShopError::Conflict`] with who at the shop edited the order last, as far as the history tells.
    fn plan(
        settings: &Settings,
        edited: &EditedOrder,
        base: &[BaseLine],
        changes: &[LineChange],
    ) -> Result<Plan, ShopError> {
        let on_surcharge = changes.iter().any(|change| match change {
            LineChange::SetQuantity { line, .. } => line.0.starts_with(wire::SURCHARGE_PREFIX),
            LineChange::Add { .. } => false,
        });
        if on_surcharge {
            return Err(ShopError::Unsupported("a surcharge cannot be changed"));
        }
        Plan::new(&edited.order, base, changes).map_err(|mut conflict| {
            conflict.theirs_by = edited.other_editor(settings);
            ShopError::Conflict(conflict)
        })
    }

    /// Changes the lines of an order in `Modifying`, refunds included; tells what was changed.
    async fn modify(
        &self,
        settings: &Settings,
        edited: &EditedOrder,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<Plan, ShopError> {
        let order = &edited.order;
        let plan = Self::plan(settings, edited, base, changes)?;
        if plan.is_empty() {
            return Ok(plan);
        }
        if plan.leaves_nothing(order) {
            return Err(ShopError::Refused(
                "no lines would be left: call the order off".to_owned(),
            ));
        }
        let trial = self
            .write(MODIFY, plan.input(&order.id, mark, &[], true))
            .await?;
        let total = trial
            .total_with_tax
            .ok_or_else(|| ShopError::BadReply("a trial without a total".to_owned()))?;
        let change = total - order.total_with_tax;
        if change > 0 && edited.has_pending_refund() {
            // Vendure would reckon the payment due against a refund that nobody has settled.
            return Err(ShopError::Refused(
                "an earlier refund is not settled yet".to_owned(),
            ));
        }
        let refunds = if change < 0 {
            refunds_for(order, -change, mark)?
        } else {
            Vec::new()
        };
        self.write(MODIFY, plan.input(&order.id, mark, &refunds, false))
            .await?;
        Ok(plan)
    }

    /// Takes back, in an edit of its own, pieces that one edit added twice: something on the way
    /// repeated it while the order was still open. Everything else in an edit is said in absolute
    /// numbers. What the surplus cost has been written down as a payment by then, or Vendure would
    /// not let the order go.
    async fn undo_doubled(
        &self,
        settings: &Settings,
        edited: EditedOrder,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<EditedOrder, ShopError> {
        let surplus = edited.surplus(base, changes, mark);
        if surplus.is_empty() || edited.is_inside_an_edit() {
            return Ok(edited);
        }
        let id = RemoteId(edited.order.id.clone());
        self.transition(&id, MODIFYING).await?;
        let edited = self.edited(&id).await?;
        let note = undone(mark);
        let trial = surplus.input(&edited.order.id, &note, &[], true);
        let after = self.write(MODIFY, trial).await?.total_with_tax;
        let total = edited.order.total_with_tax;
        let refunds = refunds_for(&edited.order, total - after.unwrap_or(total), mark)?;
        let input = surplus.input(&edited.order.id, &note, &refunds, false);
        self.write(MODIFY, input).await?;
        let edited = self.edited(&id).await?;
        self.leave_edit(settings, edited).await
    }

    /// Moves an order out of an edit of ours, paying what it grew by, into the state before it.
    ///
    /// # Errors
    /// [`ShopError::Conflict`] while someone at the shop edits it.
    async fn leave_edit(
        &self,
        settings: &Settings,
        mut edited: EditedOrder,
    ) -> Result<EditedOrder, ShopError> {
        let id = RemoteId(edited.order.id.clone());
        for _ in 0..STEPS_OUT {
            let mut moved = false;
            for refund in edited.waiting_refunds() {
                let input = json!({ "id": refund, "transactionId": MARKER_START });
                self.write(SETTLE_REFUND, json!({ "input": input })).await?;
                moved = true;
            }
            if edited.is_inside_an_edit() {
                let began = edited.edit_began(settings).filter(|(_, ours)| *ours);
                let Some((before, _)) = began else {
                    return Err(self.someone_edits(settings, &edited));
                };
                let is_due = edited.order.deficit() > 0;
                if !is_due {
                    self.transition(&id, before).await?;
                } else if edited.order.state == MODIFYING {
                    self.transition(&id, ARRANGING).await?;
                } else {
                    self.pay(&edited.order).await?;
                }
                moved = true;
            }
            if !moved {
                return Ok(edited);
            }
            edited = self.edited(&id).await?;
        }
        if edited.is_inside_an_edit() {
            return Err(ShopError::Refused(
                "the order does not leave its edit".to_owned(),
            ));
        }
        Ok(edited)
    }

    /// Writes down a payment of what is due, by the method the customer chose: Vendure lets an
    /// order that grew go on only with one. Its number says that no money came yet.
    async fn pay(&self, order: &OrderNode) -> Result<(), ShopError> {
        let Some(chosen) = order.payments().first() else {
            return Err(ShopError::Refused(
                "the order has no payment to go by".to_owned(),
            ));
        };
        let number = format!("{MARKER_START}{}-{}]", order.id, order.payments().len());
        let input = json!({
            "orderId": order.id,
            "method": chosen.method,
            "transactionId": number,
            "metadata": {},
        });
        self.write(PAY, json!({ "input": input })).await?;
        Ok(())
    }

    async fn confirm(
        &self,
        id: &RemoteId,
        confirmed: &Confirmed<'_>,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let settings = self.settings().await?;
        let mut edited = self.out_of_our_edit(settings, id).await?;
        if edited.order.stage(&settings.words) == OrderStage::Cancelled {
            return Err(status_clash("", &edited.order));
        }
        if !settings.fields.confirmed_at {
            self.note_once(id, &confirmed.as_note(), mark).await?;
            return Ok(Self::applied(settings, &edited.order));
        }
        let missing = confirmed.missing(settings, &edited.order, mark);
        if !missing.is_empty() {
            let input = json!({ "id": id, "customFields": missing });
            self.write(SET_FIELDS, json!({ "input": input })).await?;
            edited = self.edited(id).await?;
            if !confirmed.missing(settings, &edited.order, mark).is_empty() {
                return Err(Conflict::editing().into());
            }
        }
        if let Some(target) = settings.words.to_confirm(&edited.order.state)? {
            self.transition(id, target).await?;
            edited = self.edited(id).await?;
        }
        Ok(Self::applied(settings, &edited.order))
    }

    async fn cancel(&self, id: &RemoteId, reason: &str, mark: &str) -> Result<Effect, ShopError> {
        let settings = self.settings().await?;
        let edited = self.out_of_our_edit(settings, id).await?;
        match edited.order.stage(&settings.words) {
            OrderStage::Cancelled => return Ok(Self::applied(settings, &edited.order)),
            OrderStage::Fulfilled => {
                return Err(status_clash(CANCELLED, &edited.order));
            }
            OrderStage::New | OrderStage::Confirmed | OrderStage::Other => {}
        }
        settings.words.check_cancel(&edited.order.state)?;
        let input = json!({
            "orderId": id,
            "cancelShipping": true,
            "reason": format!("{reason} {mark}"),
        });
        self.write(CANCEL, json!({ "input": input })).await?;
        let edited = self.edited(id).await?;
        if edited.order.stage(&settings.words) == OrderStage::Cancelled {
            Ok(Self::applied(settings, &edited.order))
        } else {
            Err(status_clash(CANCELLED, &edited.order))
        }
    }

    /// The order, moved on first if an edit of ours was cut off; someone else's is left alone.
    pub(super) async fn out_of_our_edit(
        &self,
        settings: &Settings,
        id: &RemoteId,
    ) -> Result<EditedOrder, ShopError> {
        let edited = self.edited(id).await?;
        if edited.is_inside_an_edit() && edited.is_ours(settings) {
            return self.leave_edit(settings, edited).await;
        }
        Ok(edited)
    }

    #[expect(clippy::unused_self, reason = "reads as what happens")]
    pub(super) fn someone_edits(&self, settings: &Settings, edited: &EditedOrder) -> ShopError {
        let mut conflict = Conflict::editing().changed_at(edited.order.updated_at);
        conflict.theirs_by = edited.other_editor(settings);
        conflict.into()
    }

    async fn note_once(&self, id: &RemoteId, text: &str, mark: &str) -> Result<(), ShopError> {
        if !self.notes(id, mark).await?.is_empty() {
            return Ok(());
        }
        let input = json!({ "id": id, "note": format!("{text} {mark}"), "isPublic": false });
        self.write(ADD_NOTE, json!({ "input": input })).await?;
        self.drop_doubled_notes(id, mark).await?;
        if self.notes(id, mark).await?.is_empty() {
            Err(ShopError::BadReply("the note is not there".to_owned()))
        } else {
            Ok(())
        }
    }

    /// Identities of the notes that bear a mark, oldest first.
    pub(super) async fn notes(&self, id: &RemoteId, mark: &str) -> Result<Vec<String>, ShopError> {
        let mut skip = 0;
        let mut found = Vec::new();
        loop {
            let variables = json!({ "id": id, "skip": skip, "take": NOTES_A_PAGE });
            let answer = self
                .client
                .ask::<wire::Found<wire::Noted>>(wire::NOTES, variables, Purpose::Read("orders"))
                .await?;
            let notes = answer.data.order.ok_or(ShopError::Gone)?.history.items;
            let is_last = notes.len() < NOTES_A_PAGE;
            let ours = notes.into_iter();
            found.extend(
                ours.filter(|entry| entry.data.note.contains(mark))
                    .map(|entry| entry.id),
            );
            if is_last {
                found.reverse();
                return Ok(found);
            }
            skip += NOTES_A_PAGE;
        }
    }

    pub(super) async fn edited(&self, id: &RemoteId) -> Result<EditedOrder, ShopError> {
        let fields = self.settings().await?.fields;
        let query = wire::edited_order_query(fields);
        let answer = self
            .client
            .ask::<wire::Found<EditedOrder>>(&query, json!({ "id": id }), Purpose::Read("orders"))
            .await?;
        answer.data.order.ok_or(ShopError::Gone)
    }

    async fn transition(&self, id: &RemoteId, state: &str) -> Result<(), ShopError> {
        self.write(TRANSITION, json!({ "id": id, "state": state }))
            .await?;
        Ok(())
    }

    pub(super) async fn write(
        &self,
        mutation: &str,
        variables: Value,
    ) -> Result<Outcome, ShopError> {
        let answer = self
            .client
            .ask::<Reported>(mutation, variables, Purpose::Write)
            .await?;
        answer.data.outcome.ok_or(ShopError::Gone)?.into_result()
    }

    pub(super) fn applied(settings: &Settings, order: &OrderNode) -> Effect {
        Effect::Applied(Some(Box::new(Self::to_order(settings, order))))
    }
}

/// What became of something that stands beside the order.
fn without_order(is_there: bool) -> Effect {
    if is_there {
        Effect::Applied(None)
    } else {
        Effect::Absent
    }
}

fn status_clash(wanted: &str, order: &OrderNode) -> ShopError {
    Conflict::status(wanted, &order.state)
        .changed_at(order.updated_at)
        .into()
}
