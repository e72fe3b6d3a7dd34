//! Writes, each as "make it so": look, compare, write what is missing, look again.
//!
//! Lines are changed in an editing session that the shop keeps apart from the order until it is
//! committed, so one that was cut off leaves nothing behind and is begun anew; whether a commit
//! arrived is seen by what stands. A confirmation is kept in a tag and in fields: Shopify has no
//! status that could be set. The order's note is one text for everybody: we add a line that ends
//! with the operation's mark, to what stands there at that moment.

use super::Shopify;
use super::client::{Document, Purpose};
use super::wire::{
    self, Bag, CANCELLED, CONFIRMED_TAG, Connection, Identified, MARK_START, NAMESPACE, OrderNode,
};
use crate::{Effect, ShopError};
use chrono::{DateTime, SecondsFormat, Utc};
use rules::id::{OperationId, RemoteId};
use rules::merge::{Conflict, LineConflict, Merge, merge};
use rules::money::Money;
use rules::operation::{BaseLine, Discount, LineChange, ShopOperation, marker};
use rules::order::OrderStage;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// The waits between looks for what was just written: reads may lag behind writes.
const LOOKS: [Duration; 3] = [
    Duration::from_millis(200),
    Duration::from_millis(400),
    Duration::from_millis(800),
];

/// The waits for the shop's own job to end.
const JOB_LOOKS: [Duration; 6] = [
    Duration::ZERO,
    Duration::from_millis(250),
    Duration::from_millis(500),
    Duration::from_secs(1),
    Duration::from_secs(2),
    Duration::from_secs(4),
];

/// Lines that an order under edit may have: as many as come at once.
const MOST_LINES: usize = 200;

const SET_FIELDS: Document = Document {
    name: "SetFields",
    text: "
mutation SetFields($metafields: [MetafieldsSetInput!]!) {
  outcome: metafieldsSet(metafields: $metafields) { userErrors { field message code } }
}",
};

const ADD_TAGS: Document = Document {
    name: "AddTags",
    text: "
mutation AddTags($id: ID!, $tags: [String!]!) {
  outcome: tagsAdd(id: $id, tags: $tags) { userErrors { field message } }
}",
};

const SET_NOTE: Document = Document {
    name: "SetNote",
    text: "
mutation SetNote($input: OrderInput!) {
  outcome: orderUpdate(input: $input) { userErrors { field message } }
}",
};

const CANCEL: Document = Document {
    name: "Cancel",
    text: "
mutation Cancel(
  $orderId: ID!, $reason: OrderCancelReason!, $refundMethod: OrderCancelRefundMethodInput!,
  $restock: Boolean!, $notifyCustomer: Boolean, $staffNote: String
) {
  outcome: orderCancel(
    orderId: $orderId, reason: $reason, refundMethod: $refundMethod,
    restock: $restock, notifyCustomer: $notifyCustomer, staffNote: $staffNote
  ) { job { id done } userErrors: orderCancelUserErrors { field message code } }
}",
};

const JOB: Document = Document {
    name: "Job",
    text: "
query Job($id: ID!) { job(id: $id) { id done } }",
};

const EDIT_BEGIN: Document = Document {
    name: "EditBegin",
    text: "
mutation EditBegin($id: ID!) {
  outcome: orderEditBegin(id: $id) {
    calculatedOrder {
      id
      totalPriceSet { shopMoney { amount } }
      lineItems(first: 200) {
        nodes { id quantity variant { id } } pageInfo { hasNextPage endCursor }
      }
    }
    userErrors { field message }
  }
}",
};

const EDIT_SET_QUANTITY: Document = Document {
    name: "EditSetQuantity",
    text: "
mutation EditSetQuantity($id: ID!, $lineItemId: ID!, $quantity: Int!, $restock: Boolean) {
  outcome: orderEditSetQuantity(
    id: $id, lineItemId: $lineItemId, quantity: $quantity, restock: $restock
  ) { userErrors { field message } }
}",
};

const EDIT_ADD_VARIANT: Document = Document {
    name: "EditAddVariant",
    text: "
mutation EditAddVariant(
  $id: ID!, $variantId: ID!, $quantity: Int!, $allowDuplicates: Boolean
) {
  outcome: orderEditAddVariant(
    id: $id, variantId: $variantId, quantity: $quantity, allowDuplicates: $allowDuplicates
  ) { userErrors { field message } }
}",
};

/// What is about to be committed.
const EDIT_SESSION: Document = Document {
    name: "EditSession",
    text: "
query EditSession($id: ID!) {
  session: node(id: $id) {
    ... on CalculatedOrder {
      id
      totalPriceSet { shopMoney { amount } }
      lineItems(first: 200) {
        nodes { id quantity variant { id } } pageInfo { hasNextPage endCursor }
      }
      addedLineItems(first: 50) {
        nodes { id quantity variant { id } } pageInfo { hasNextPage endCursor }
      }
    }
  }
}",
};

const EDIT_COMMIT: Document = Document {
    name: "EditCommit",
    text: "
mutation EditCommit($id: ID!, $notifyCustomer: Boolean, $staffNote: String) {
  outcome: orderEditCommit(id: $id, notifyCustomer: $notifyCustomer, staffNote: $staffNote) {
    userErrors { field message }
  }
}",
};

const FIND_COUPON: Document = Document {
    name: "FindCoupon",
    text: "
query FindCoupon($code: String!) {
  coupon: codeDiscountNodeByCode(code: $code) {
    id
    codeDiscount { ... on DiscountCodeBasic { title } }
  }
}",
};

const CREATE_COUPON: Document = Document {
    name: "CreateCoupon",
    text: "
mutation CreateCoupon($discount: DiscountCodeBasicInput!) {
  outcome: discountCodeBasicCreate(basicCodeDiscount: $discount) {
    userErrors { field message code }
  }
}",
};

/// Refunds given, what could still be given, and where returned goods would go.
const REFUNDS: Document = Document {
    name: "Refunds",
    text: "
query Refunds($id: ID!, $goods: [RefundLineItemInput!]) {
  order(id: $id) {
    refunds(first: 250) { id note }
    money: suggestedRefund(suggestFullRefund: true) {
      maximumRefundableSet { shopMoney { amount } }
      suggestedTransactions {
        gateway
        maximumRefundableSet { shopMoney { amount } }
        parentTransaction { id }
      }
    }
    goods: suggestedRefund(refundLineItems: $goods) {
      refundLineItems { lineItem { id } location { id } }
    }
  }
}",
};

const CREATE_REFUND: Document = Document {
    name: "CreateRefund",
    text: "
mutation CreateRefund($input: RefundInput!, $key: String!) {
  outcome: refundCreate(input: $input) @idempotent(key: $key) {
    refund { id note }
    userErrors { field message }
  }
}",
};

#[derive(Deserialize)]
struct Reported {
    outcome: Option<Outcome>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Outcome {
    #[serde(default)]
    user_errors: Vec<UserError>,
    #[serde(default)]
    job: Option<JobNode>,
    #[serde(default)]
    calculated_order: Option<Session>,
}

#[derive(Deserialize)]
struct UserError {
    message: String,
    #[serde(default)]
    code: Option<String>,
}

impl UserError {
    fn into_error(self) -> ShopError {
        match self.code.as_deref() {
            Some("INTERNAL_ERROR") => ShopError::ShopFault { status: 500 },
            Some("NO_REFUND_PERMISSION") => ShopError::NoWriteRight,
            // Said while a job of the shop's own, such as a payment, holds the order.
            _ if self.message.contains("temporarily unavailable") => {
                ShopError::Busy { retry_after: None }
            }
            _ => ShopError::Refused(self.message),
        }
    }
}

#[derive(Deserialize)]
struct JobNode {
    id: String,
    done: bool,
}

#[derive(Deserialize)]
struct FoundJob {
    job: Option<JobNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Session {
    id: String,
    total_price_set: Bag,
    line_items: Connection<SessionLine>,
    #[serde(default)]
    added_line_items: Option<Connection<SessionLine>>,
}

#[derive(Deserialize)]
struct FoundSession {
    session: Option<Session>,
}

#[derive(Deserialize)]
struct SessionLine {
    id: String,
    quantity: u32,
    variant: Option<Identified>,
}

impl SessionLine {
    fn is_of(&self, variant: Option<&Identified>) -> bool {
        self.variant.as_ref().map(|one| &one.id) == variant.map(|one| &one.id)
    }
}

impl Session {
    /// The session's line for a line of the order. They bear the same number as a rule; else the
    /// only one with the same product and pieces is it.
    fn line(&self, line: &wire::LineNode) -> Option<&SessionLine> {
        let number = |id: &str| id.rsplit('/').next().map(str::to_owned);
        let matches = |one: &&SessionLine| {
            one.quantity == line.current_quantity && one.is_of(line.variant.as_ref())
        };
        let lines = &self.line_items.nodes;
        let same = lines.iter().find(|one| number(&one.id) == number(&line.id));
        same.filter(matches).or_else(|| {
            let mut candidates = lines.iter().filter(matches);
            candidates.next().filter(|_| candidates.next().is_none())
        })
    }

    fn added(&self, variant: &str) -> u32 {
        let lines = self.added_line_items.iter().flat_map(|lines| &lines.nodes);
        let of_it = lines.filter(|line| line.variant.as_ref().is_some_and(|one| one.id == variant));
        of_it.map(|line| line.quantity).sum()
    }
}

/// What is left to change, in absolute numbers.
#[derive(Debug, Default, PartialEq)]
struct Plan {
    /// Pieces wanted by line.
    set: BTreeMap<String, u32>,
    /// Pieces of a variant on a line of their own.
    add: BTreeMap<String, u32>,
}

impl Plan {
    /// Merges the operator's changes into the lines as they stand now.
    ///
    /// # Errors
    /// [`ShopError::Conflict`] where someone else changed a line that the operator changed too.
    fn new(
        order: &OrderNode,
        base: &[BaseLine],
        changes: &[LineChange],
    ) -> Result<Self, ShopError> {
        let current = order.order_lines()?;
        let missing = match merge(base, changes, &current) {
            Merge::Send(missing) => missing,
            Merge::AlreadyThere => Vec::new(),
            Merge::Conflict(conflicts) => return Err(clash(&conflicts, order)?),
        };
        let mut plan = Self::default();
        for change in missing {
            match change {
                LineChange::SetQuantity { line, quantity } => {
                    plan.set.insert(line.0, quantity);
                }
                LineChange::Add { product, quantity } => {
                    plan.add.insert(product.0, quantity);
                }
            }
        }
        Ok(plan)
    }

    fn is_empty(&self) -> bool {
        self.set.is_empty() && self.add.is_empty()
    }

    fn leaves_nothing(&self, order: &OrderNode) -> bool {
        self.add.values().all(|pieces| *pieces == 0)
            && order.line_items.nodes.iter().all(|line| {
                let wanted = self.set.get(&line.id).copied();
                wanted.unwrap_or(line.current_quantity) == 0
            })
    }
}

fn clash(conflicts: &[LineConflict], order: &OrderNode) -> Result<ShopError, ShopError> {
    let lines = order.order_lines()?;
    Ok(Conflict::lines(conflicts, &lines)
        .changed_at(order.updated_at)
        .into())
}

/// The order stands where the operation cannot follow.
fn elsewhere(ours: &str, order: &OrderNode) -> ShopError {
    Conflict::status(ours, order.status())
        .changed_at(order.updated_at)
        .into()
}

/// A confirmation as the order's fields hold it.
struct Confirmed<'a> {
    by: &'a str,
    at: DateTime<Utc>,
    result: &'a str,
}

impl Confirmed<'_> {
    /// The fields that do not hold it yet. A reference that the shop has already is its own affair
    /// and stays; ours is only to be found by.
    fn missing(&self, order: &OrderNode, mark: &str) -> Map<String, Value> {
        let at = order
            .field("confirmed_at")
            .and_then(|text| text.parse::<DateTime<Utc>>().ok());
        let mut missing = Map::new();
        if at.map(|at| at.timestamp()) != Some(self.at.timestamp()) {
            let text = self.at.to_rfc3339_opts(SecondsFormat::Secs, true);
            missing.insert("confirmed_at".to_owned(), json!(text));
        }
        for (key, value) in [("confirmed_by", self.by), ("call_result", self.result)] {
            let value = one_line(value);
            // An empty field cannot be kept.
            if !value.is_empty() && order.field(key) != Some(value.as_str()) {
                missing.insert(key.to_owned(), json!(value));
            }
        }
        let reference = order.field("client_ref").unwrap_or_default();
        let is_free = reference.is_empty() || reference.starts_with(MARK_START);
        if is_free && reference != mark {
            missing.insert("client_ref".to_owned(), json!(mark));
        }
        missing
    }

    fn is_kept(&self, order: &OrderNode, mark: &str) -> bool {
        order.has_tag() && self.missing(order, mark).is_empty()
    }
}

fn one_line(text: &str) -> String {
    let parts = text.lines().map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" / ")
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Given {
    refunds: Vec<RefundNode>,
    money: Option<Refundable>,
    goods: Option<Goods>,
}

#[derive(Deserialize)]
struct RefundNode {
    note: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Refundable {
    maximum_refundable_set: Bag,
    suggested_transactions: Vec<Source>,
}

/// A payment that money can go back to.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Source {
    gateway: Option<String>,
    maximum_refundable_set: Option<Bag>,
    parent_transaction: Option<Identified>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Goods {
    refund_line_items: Vec<Restock>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Restock {
    line_item: Identified,
    location: Option<Identified>,
}

impl Given {
    fn has(&self, mark: &str) -> bool {
        let notes = self.refunds.iter().filter_map(|one| one.note.as_deref());
        notes.into_iter().any(|note| note.contains(mark))
    }
}

#[derive(Deserialize)]
struct FoundCoupon {
    coupon: Option<CouponNode>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct CouponNode {
    code_discount: CouponTitle,
}

#[derive(Deserialize)]
struct CouponTitle {
    /// None for a discount of another kind.
    #[serde(default)]
    title: Option<String>,
}

impl Shopify {
    /// Looks whether an operation has happened. Reads only.
    pub(super) async fn find_effect(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<Effect, ShopError> {
        let mark = marker(id);
        if let ShopOperation::GrantCoupon { code, .. } = operation {
            let is_there = self.coupon(code, &mark).await?.is_some();
            return Ok(if is_there {
                Effect::Applied(None)
            } else {
                Effect::Absent
            });
        }
        let order = self.present(operation.order()).await?;
        let happened = match operation {
            ShopOperation::EditLines { base, changes, .. } => {
                Plan::new(&order, base, changes).is_ok_and(|plan| plan.is_empty())
                    && order.adds_up()?
            }
            ShopOperation::Confirm { by, at, result, .. } => {
                let confirmed = Confirmed {
                    by,
                    at: *at,
                    result,
                };
                confirmed.is_kept(&order, &mark)
            }
            ShopOperation::Cancel { .. } => order.stage(&self.table) == OrderStage::Cancelled,
            ShopOperation::AddNote { .. } => order.note().contains(&mark),
            ShopOperation::Refund { order, .. } => self.given(order, &[]).await?.has(&mark),
            ShopOperation::GrantCoupon { .. } => false,
        };
        if !happened {
            return Ok(Effect::Absent);
        }
        if let ShopOperation::AddNote { .. } = operation {
            return Ok(Effect::Applied(None));
        }
        self.applied(&order)
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
                let confirmed = Confirmed {
                    by,
                    at: *at,
                    result,
                };
                self.confirm(order, &confirmed, &mark).await
            }
            ShopOperation::Cancel { order, reason } => self.cancel(order, reason, &mark).await,
            ShopOperation::AddNote { order, text } => self.add_note(order, text, &mark).await,
            ShopOperation::GrantCoupon {
                order,
                code,
                discount,
                expires_at,
            } => {
                let coupon = coupon_input(code, discount, *expires_at, &mark);
                self.grant(order, code, coupon, &mark).await
            }
            ShopOperation::Refund {
                order,
                amount,
                returned,
                reason,
            } => {
                let key = id.to_string();
                self.refund(order, *amount, returned, reason, &mark, &key)
                    .await
            }
        }
    }

    /// Takes the operation's line out of the note where it stands there again.
    pub(super) async fn sweep_surplus(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<u32, ShopError> {
        let ShopOperation::AddNote { order, .. } = operation else {
            return Ok(0);
        };
        let mark = marker(id);
        let Some(found) = self.whole_order(order).await? else {
            return Ok(0);
        };
        let (note, surplus) = without_repeats(found.note(), &mark);
        if surplus > 0 {
            let input = json!({ "id": order, "note": note });
            self.write(SET_NOTE, json!({ "input": input })).await?;
        }
        Ok(surplus)
    }

    async fn edit_lines(
        &self,
        id: &RemoteId,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let before = self.present(id).await?;
        let plan = Plan::new(&before, base, changes);
        if plan.as_ref().is_ok_and(Plan::is_empty) {
            return if before.adds_up()? {
                self.applied(&before)
            } else {
                Err(wrong_totals())
            };
        }
        match before.stage(&self.table) {
            OrderStage::New | OrderStage::Confirmed => {}
            OrderStage::Fulfilled | OrderStage::Cancelled | OrderStage::Other => {
                return Err(elsewhere("", &before));
            }
        }
        let plan = plan?;
        check_editable(&before, &plan)?;
        let session = self.begin(id).await?;
        let began_with = session.total_price_set.minor(before.currency_code)?;
        let staged = self.stage_changes(&session, &before, &plan).await?;
        // The last look before the write: what someone changed meanwhile is not under our edit.
        if self.present(id).await?.updated_at != before.updated_at {
            return Err(Conflict::editing().changed_at(before.updated_at).into());
        }
        let change = staged.total_price_set.minor(before.currency_code)? - began_with;
        let expected = before.total()? + change;
        let commit = json!({ "id": session.id, "notifyCustomer": false, "staffNote": mark });
        self.write(EDIT_COMMIT, commit).await?;
        let is_there =
            |order: &OrderNode| Plan::new(order, base, changes).is_ok_and(|plan| plan.is_empty());
        let after = self.settled(id, is_there).await?;
        if after.total()? == expected && after.adds_up()? {
            self.applied(&after)
        } else {
            Err(wrong_totals())
        }
    }

    /// Opens a session. One that was left open is not met again: it ends by itself, and only a
    /// commit makes it count.
    async fn begin(&self, id: &RemoteId) -> Result<Session, ShopError> {
        let outcome = self.write(EDIT_BEGIN, json!({ "id": id })).await?;
        let session = outcome
            .calculated_order
            .ok_or_else(|| ShopError::BadReply("an edit without a session".to_owned()))?;
        if session.line_items.page_info.has_next_page || session.line_items.nodes.len() > MOST_LINES
        {
            return Err(ShopError::Unsupported("an edit of so many lines"));
        }
        Ok(session)
    }

    /// Puts the changes into the session and reads what it comes to.
    async fn stage_changes(
        &self,
        session: &Session,
        before: &OrderNode,
        plan: &Plan,
    ) -> Result<Session, ShopError> {
        let someone_edits = || ShopError::from(Conflict::editing().changed_at(before.updated_at));
        let mut wanted = BTreeMap::new();
        for (line, quantity) in &plan.set {
            let node = before.line_items.nodes.iter().find(|one| one.id == *line);
            let staged = node
                .and_then(|node| session.line(node))
                .ok_or_else(someone_edits)?;
            let variables = json!({
                "id": session.id, "lineItemId": staged.id, "quantity": quantity, "restock": true,
            });
            self.write(EDIT_SET_QUANTITY, variables).await?;
            wanted.insert(staged.id.clone(), *quantity);
        }
        for (variant, quantity) in &plan.add {
            let mut lines = before.line_items.nodes.iter();
            let is_on_another =
                lines.any(|line| line.variant.as_ref().is_some_and(|one| one.id == *variant));
            let variables = json!({
                "id": session.id, "variantId": variant, "quantity": quantity,
                "allowDuplicates": is_on_another,
            });
            self.write(EDIT_ADD_VARIANT, variables).await?;
        }
        let read = Purpose::Read("orders");
        let answer = self
            .client
            .ask::<FoundSession>(EDIT_SESSION, json!({ "id": session.id }), read)
            .await?;
        let staged = answer
            .data
            .session
            .ok_or_else(|| ShopError::BadReply("the session is not there".to_owned()))?;
        let is_as_wanted = wanted.iter().all(|(id, quantity)| {
            let line = staged.line_items.nodes.iter().find(|line| line.id == *id);
            line.map_or(0, |line| line.quantity) == *quantity
        }) && plan
            .add
            .iter()
            .all(|(variant, quantity)| staged.added(variant) == *quantity);
        if is_as_wanted {
            Ok(staged)
        } else {
            // Nothing is committed; a new session starts from the order as it stands.
            Err(ShopError::BadReply(
                "the session holds something else".to_owned(),
            ))
        }
    }

    async fn confirm(
        &self,
        id: &RemoteId,
        confirmed: &Confirmed<'_>,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let before = self.present(id).await?;
        if before.stage(&self.table) == OrderStage::Cancelled {
            return Err(elsewhere("", &before));
        }
        let missing = confirmed.missing(&before, mark);
        if !missing.is_empty() {
            let fields: Vec<_> = missing
                .into_iter()
                .map(|(key, value)| {
                    json!({
                        "ownerId": id, "namespace": NAMESPACE, "key": key,
                        "type": "single_line_text_field", "value": value,
                    })
                })
                .collect();
            self.write(SET_FIELDS, json!({ "metafields": fields }))
                .await?;
        }
        if !before.has_tag() {
            let tags = json!({ "id": id, "tags": [CONFIRMED_TAG] });
            self.write(ADD_TAGS, tags).await?;
        }
        let after = self
            .settled(id, |order| confirmed.is_kept(order, mark))
            .await?;
        self.applied(&after)
    }

    async fn cancel(&self, id: &RemoteId, reason: &str, mark: &str) -> Result<Effect, ShopError> {
        let before = self.present(id).await?;
        match before.stage(&self.table) {
            OrderStage::Cancelled => return self.applied(&before),
            OrderStage::Fulfilled => return Err(elsewhere(CANCELLED, &before)),
            OrderStage::New | OrderStage::Confirmed | OrderStage::Other => {}
        }
        let variables = json!({
            "orderId": id,
            "reason": "CUSTOMER",
            // Money that was paid is given back as an operation of its own.
            "refundMethod": { "originalPaymentMethodsRefund": false },
            "restock": true,
            "notifyCustomer": false,
            "staffNote": format!("{} {mark}", one_line(reason)),
        });
        let job = self.write(CANCEL, variables).await?.job;
        let is_done = match job {
            Some(job) if !job.done => self.job_ends(&job.id).await?,
            _ => true,
        };
        let is_there = |order: &OrderNode| order.stage(&self.table) == OrderStage::Cancelled;
        match self.settled(id, is_there).await {
            Ok(after) => self.applied(&after),
            Err(ShopError::BadReply(_)) if is_done => {
                let status = self.present(id).await?.status().to_owned();
                Err(ShopError::Refused(format!("the order stays {status}")))
            }
            // The shop still works on it.
            Err(ShopError::BadReply(_)) => Err(ShopError::TimedOut),
            Err(error) => Err(error),
        }
    }

    /// Waits for a job of the shop's own; whether it has ended.
    async fn job_ends(&self, id: &str) -> Result<bool, ShopError> {
        for wait in JOB_LOOKS {
            tokio::time::sleep(wait).await;
            let read = Purpose::Read("orders");
            let answer = self
                .client
                .ask::<FoundJob>(JOB, json!({ "id": id }), read)
                .await?;
            if answer.data.job.is_some_and(|job| job.done) {
                return Ok(true);
            }
        }
        Ok(false)
    }

    async fn add_note(&self, id: &RemoteId, text: &str, mark: &str) -> Result<Effect, ShopError> {
        let before = self.present(id).await?;
        if before.note().contains(mark) {
            return Ok(Effect::Applied(None));
        }
        let input = json!({ "id": id, "note": with_line(before.note(), text, mark) });
        self.write(SET_NOTE, json!({ "input": input })).await?;
        // Someone who read the text before us and wrote it after us has taken our line out: then it
        // is missing here, and is added anew to theirs.
        self.settled(id, |order| order.note().contains(mark))
            .await?;
        Ok(Effect::Applied(None))
    }

    /// Our coupon of this code.
    ///
    /// # Errors
    /// [`ShopError::Refused`] where the code is another discount's.
    async fn coupon(&self, code: &str, mark: &str) -> Result<Option<()>, ShopError> {
        let read = Purpose::Read("discounts");
        let answer = self
            .client
            .ask::<FoundCoupon>(FIND_COUPON, json!({ "code": code }), read)
            .await?;
        let Some(found) = answer.data.coupon else {
            return Ok(None);
        };
        let title = found.code_discount.title.unwrap_or_default();
        if title.contains(mark) {
            Ok(Some(()))
        } else {
            Err(ShopError::Refused(
                "another discount has this code".to_owned(),
            ))
        }
    }

    async fn grant(
        &self,
        order: &RemoteId,
        code: &str,
        coupon: Value,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        if self.coupon(code, mark).await?.is_some() {
            return Ok(Effect::Applied(None));
        }
        let written = self
            .write(CREATE_COUPON, json!({ "discount": coupon }))
            .await;
        // Refused for being there already: then it is ours, or the look says whose.
        let looks = std::iter::once(Duration::ZERO).chain(LOOKS);
        for wait in looks {
            tokio::time::sleep(wait).await;
            if self.coupon(code, mark).await?.is_some() {
                return Ok(Effect::Applied(None));
            }
            if written.is_err() {
                break;
            }
        }
        written?;
        tracing::warn!(order = %order, "a coupon was made and is not found");
        Err(ShopError::BadReply("the coupon is not there".to_owned()))
    }

    async fn given(&self, id: &RemoteId, goods: &[Value]) -> Result<Given, ShopError> {
        if !wire::is_identity(id, "Order") {
            return Err(ShopError::Gone);
        }
        let variables = json!({ "id": id, "goods": goods });
        let read = Purpose::Read("orders");
        let answer = self
            .client
            .ask::<wire::Found<Given>>(REFUNDS, variables, read)
            .await?;
        answer.data.order.ok_or(ShopError::Gone)
    }

    async fn refund(
        &self,
        id: &RemoteId,
        amount: Money,
        returned: &[BaseLine],
        reason: &str,
        mark: &str,
        key: &str,
    ) -> Result<Effect, ShopError> {
        let order = self.present(id).await?;
        let goods = returned_goods(&order, returned);
        let given = self.given(id, &goods).await?;
        if given.has(mark) {
            return self.applied(&order);
        }
        if order.presentment_currency_code != order.currency_code {
            return Err(ShopError::Unsupported("a refund in a foreign currency"));
        }
        if amount.currency != order.currency_code || amount.minor < 0 {
            return Err(ShopError::Refused("not the order's currency".to_owned()));
        }
        let input = json!({
            "orderId": id,
            "note": format!("{} {mark}", one_line(reason)),
            "notify": false,
            "refundLineItems": restocked(goods, given.goods.as_ref()),
            "transactions": transactions(id, amount, given.money.as_ref())?,
        });
        self.write(CREATE_REFUND, json!({ "input": input, "key": key }))
            .await?;
        for wait in std::iter::once(Duration::ZERO).chain(LOOKS) {
            tokio::time::sleep(wait).await;
            if self.given(id, &[]).await?.has(mark) {
                return self.applied(&self.present(id).await?);
            }
        }
        Err(ShopError::BadReply("the refund is not there".to_owned()))
    }

    /// The order as it stands, or that it is gone.
    async fn present(&self, id: &RemoteId) -> Result<OrderNode, ShopError> {
        self.whole_order(id).await?.ok_or(ShopError::Gone)
    }

    /// Looks until the order shows what was written.
    ///
    /// # Errors
    /// [`ShopError::BadReply`] where it does not: nobody knows yet whether it arrived.
    async fn settled(
        &self,
        id: &RemoteId,
        is_there: impl Fn(&OrderNode) -> bool,
    ) -> Result<OrderNode, ShopError> {
        for wait in std::iter::once(Duration::ZERO).chain(LOOKS) {
            tokio::time::sleep(wait).await;
            let order = self.present(id).await?;
            if is_there(&order) {
                return Ok(order);
            }
        }
        Err(ShopError::BadReply(
            "the order does not show the change".to_owned(),
        ))
    }

    async fn write(&self, document: Document, variables: Value) -> Result<Outcome, ShopError> {
        let answer = self
            .client
            .ask::<Reported>(document, variables, Purpose::Write)
            .await?;
        let outcome = answer
            .data
            .outcome
            .ok_or_else(|| ShopError::BadReply("a write without an outcome".to_owned()))?;
        let mut errors = outcome.user_errors.into_iter();
        match errors.next() {
            Some(error) => Err(error.into_error()),
            None => Ok(Outcome {
                user_errors: Vec::new(),
                ..outcome
            }),
        }
    }

    fn applied(&self, order: &OrderNode) -> Result<Effect, ShopError> {
        let order = order.to_order(&self.table)?;
        Ok(Effect::Applied(Some(Box::new(order))))
    }
}

fn wrong_totals() -> ShopError {
    ShopError::Refused("the totals do not come out right".to_owned())
}

/// What forbids the edit, in words.
fn check_editable(order: &OrderNode, plan: &Plan) -> Result<(), ShopError> {
    if !order.merchant_editable {
        let why = order.merchant_editable_errors.join("; ");
        return Err(ShopError::Refused(if why.is_empty() {
            "the order cannot be edited".to_owned()
        } else {
            format!("the order cannot be edited: {why}")
        }));
    }
    if plan.leaves_nothing(order) {
        return Err(ShopError::Refused(
            "no lines would be left: call the order off".to_owned(),
        ));
    }
    let is_partly_sent = order.line_items.nodes.iter().any(|line| {
        plan.set.contains_key(&line.id) && line.unfulfilled_quantity < line.current_quantity
    });
    if is_partly_sent {
        return Err(ShopError::Refused(
            "a part of the line is on its way already".to_owned(),
        ));
    }
    let is_variant = |id: &&String| wire::is_identity(&RemoteId((*id).clone()), "ProductVariant");
    if !plan.add.keys().all(|id| is_variant(&id)) {
        return Err(ShopError::Refused("no such product".to_owned()));
    }
    Ok(())
}

/// The note with one line more. Line ends within the text would hide the rest of it from the mark.
fn with_line(note: &str, text: &str, mark: &str) -> String {
    let line = format!("{} {mark}", one_line(text));
    let note = note.trim_end();
    if note.is_empty() {
        line.trim_start().to_owned()
    } else {
        format!("{note}\n{}", line.trim_start())
    }
}

/// The note without the second and further lines that bear the mark, and how many those were.
fn without_repeats(note: &str, mark: &str) -> (String, u32) {
    let (mut seen, mut surplus) = (false, 0);
    let kept: Vec<_> = note
        .lines()
        .filter(|line| {
            let is_repeat = line.contains(mark) && seen;
            seen |= line.contains(mark);
            surplus += u32::from(is_repeat);
            !is_repeat
        })
        .collect();
    (kept.join("\n"), surplus)
}

/// A coupon for one use of one customer on the whole of an order.
fn coupon_input(
    code: &str,
    discount: &Discount,
    expires_at: Option<DateTime<Utc>>,
    mark: &str,
) -> Value {
    let value = match discount {
        Discount::Amount { amount } => json!({
            "discountAmount": { "amount": amount.to_decimal(), "appliesOnEachItem": false },
        }),
        Discount::Percent { basis_points } => {
            json!({ "percentage": f64::from(*basis_points) / 10_000.0 })
        }
    };
    json!({
        // What the shop's staff see in their list of discounts.
        "title": format!("{code} {mark}"),
        "code": code,
        "startsAt": coupon_start(),
        "endsAt": expires_at.map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
        "usageLimit": 1,
        "appliesOncePerCustomer": true,
        "context": { "all": "ALL" },
        "customerGets": { "value": value, "items": { "all": true } },
    })
}

/// A coupon counts from long ago, so that nobody's clock keeps a customer waiting.
fn coupon_start() -> &'static str {
    "2020-01-01T00:00:00Z"
}

/// The lines that come back, as the shop wants them said.
fn returned_goods(order: &OrderNode, returned: &[BaseLine]) -> Vec<Value> {
    let goods = returned.iter().map(|line| {
        let node = order
            .line_items
            .nodes
            .iter()
            .find(|node| node.id == line.line.as_str());
        // What has not been sent is not returned but taken off.
        let is_unsent = node.is_some_and(|node| node.unfulfilled_quantity >= line.quantity);
        json!({
            "lineItemId": line.line,
            "quantity": line.quantity,
            "restockType": if is_unsent { "CANCEL" } else { "RETURN" },
        })
    });
    goods.collect()
}

/// The same with the place each goes to; goods without one are not counted into stock.
fn restocked(goods: Vec<Value>, places: Option<&Goods>) -> Vec<Value> {
    let place_of = |line: &Value| {
        let places = places.iter().flat_map(|goods| &goods.refund_line_items);
        let mut here = places.filter(|one| Some(one.line_item.id.as_str()) == line.as_str());
        here.find_map(|one| one.location.as_ref().map(|place| place.id.clone()))
    };
    let whole = goods.into_iter().map(|mut line| {
        let place = line.get("lineItemId").and_then(place_of);
        if let Value::Object(fields) = &mut line {
            let (key, value) = match place {
                Some(place) => ("locationId", place),
                None => ("restockType", "NO_RESTOCK".to_owned()),
            };
            fields.insert(key.to_owned(), Value::String(value));
        }
        line
    });
    whole.collect()
}

/// Spreads the sum over the payments it can go back to.
fn transactions(
    order: &RemoteId,
    amount: Money,
    money: Option<&Refundable>,
) -> Result<Vec<Value>, ShopError> {
    let too_much = || ShopError::Refused("more to refund than was paid".to_owned());
    let mut left = amount.minor;
    if left == 0 {
        return Ok(Vec::new());
    }
    let money = money.ok_or_else(too_much)?;
    if left > money.maximum_refundable_set.minor(amount.currency)? {
        return Err(too_much());
    }
    let mut parts = Vec::new();
    for source in &money.suggested_transactions {
        let most = match &source.maximum_refundable_set {
            Some(most) => most.minor(amount.currency)?,
            None => left,
        };
        let part = left.min(most);
        if part > 0 {
            parts.push(json!({
                "orderId": order,
                "kind": "REFUND",
                "gateway": source.gateway,
                "parentId": source.parent_transaction.as_ref().map(|one| &one.id),
                "amount": Money::new(part, amount.currency).to_decimal(),
            }));
            left -= part;
        }
    }
    if left > 0 {
        return Err(too_much());
    }
    Ok(parts)
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::money::Currency;

    const MARK: &str = "[dz:0123456789ab]";

    fn money(amounts: &[&str]) -> Refundable {
        let bag = |amount: &str| json!({ "shopMoney": { "amount": amount } });
        let sum: f64 = amounts
            .iter()
            .map(|text| text.parse::<f64>().unwrap())
            .sum();
        let sources: Vec<_> = amounts
            .iter()
            .map(|amount| {
                json!({ "gateway": "manual", "maximumRefundableSet": bag(amount),
                    "parentTransaction": { "id": "gid://shopify/OrderTransaction/1" } })
            })
            .collect();
        serde_json::from_value(json!({
            "maximumRefundableSet": bag(&format!("{sum:.2}")), "suggestedTransactions": sources,
        }))
        .unwrap()
    }

    #[test]
    fn a_line_is_added_below_what_stands() {
        assert_eq!(
            with_line("", "No answer\nat noon", MARK),
            format!("No answer / at noon {MARK}")
        );
        assert_eq!(
            with_line("Ring twice\n", "No answer", MARK),
            format!("Ring twice\nNo answer {MARK}")
        );
        assert_eq!(
            with_line("Ring twice", "", MARK),
            format!("Ring twice\n{MARK}")
        );
    }

    #[test]
    fn only_repeats_are_swept() {
        let once = format!("Theirs\nOurs {MARK}\nTheirs");
        assert_eq!(without_repeats(&once, MARK), (once.clone(), 0));
        let thrice = format!("{once}\nOurs {MARK}\nOurs {MARK}");
        assert_eq!(without_repeats(&thrice, MARK), (once, 2), "the first stays");
    }

    #[test]
    fn a_sum_is_spread_over_the_payments_and_never_beyond() {
        let order = RemoteId::from("gid://shopify/Order/1");
        let spread = |minor, amounts: &[&str]| {
            let amount = Money::new(minor, Currency::UAH);
            transactions(&order, amount, Some(&money(amounts)))
        };
        let parts = spread(1_500, &["10.0", "20.0"]).unwrap();
        let sums: Vec<_> = parts
            .iter()
            .map(|part| part["amount"].as_str().unwrap())
            .collect();
        assert_eq!(sums, ["10.00", "5.00"]);
        assert!(
            spread(3_001, &["10.0", "20.0"]).is_err(),
            "a kopiyka too much"
        );
        assert_eq!(spread(0, &[]), Ok(Vec::new()), "goods alone move no money");
    }

    #[test]
    fn a_discount_is_said_in_the_shops_words() {
        let percent = Discount::Percent {
            basis_points: 1_250,
        };
        let input = coupon_input("SORRY", &percent, None, MARK);
        assert_eq!(
            input["customerGets"]["value"],
            json!({ "percentage": 0.125 })
        );
        assert_eq!(input["title"], json!(format!("SORRY {MARK}")));
        let amount = Discount::Amount {
            amount: Money::new(5_000, Currency::UAH),
        };
        let input = coupon_input("SORRY", &amount, None, MARK);
        assert_eq!(
            input["customerGets"]["value"]["discountAmount"]["amount"],
            json!("50.00")
        );
    }

    #[test]
    fn goods_without_a_place_are_not_counted_into_stock() {
        let goods = vec![json!({ "lineItemId": "a", "restockType": "RETURN" })];
        let places: Goods = serde_json::from_value(json!({ "refundLineItems": [
            { "lineItem": { "id": "a" }, "location": { "id": "gid://shopify/Location/1" } },
        ] }))
        .unwrap();
        let placed = restocked(goods.clone(), Some(&places));
        assert_eq!(placed[0]["locationId"], json!("gid://shopify/Location/1"));
        assert_eq!(
            restocked(goods, None)[0]["restockType"],
            json!("NO_RESTOCK")
        );
    }

    #[test]
    fn a_line_of_a_session_is_found_by_number_and_checked_by_content() {
        let session = |lines: Value| -> Session {
            serde_json::from_value(json!({
                "id": "s", "totalPriceSet": { "shopMoney": { "amount": "1.0" } },
                "lineItems": { "nodes": lines, "pageInfo": { "hasNextPage": false, "endCursor": null } },
            }))
            .unwrap()
        };
        let line: wire::LineNode = serde_json::from_value(json!({
            "id": "gid://shopify/LineItem/7", "name": "Kettle", "sku": null,
            "currentQuantity": 2, "unfulfilledQuantity": 2, "variant": { "id": "v" },
            "discountedUnitPriceAfterAllDiscountsSet": { "shopMoney": { "amount": "1.0" } },
        }))
        .unwrap();
        let of = |id: &str, quantity: u32| {
            json!({ "id": format!("gid://shopify/CalculatedLineItem/{id}"),
            "quantity": quantity, "variant": { "id": "v" } })
        };
        let found = |lines| session(lines).line(&line).map(|one| one.id.clone());
        assert!(
            found(json!([of("7", 2), of("8", 2)]))
                .unwrap()
                .ends_with("/7")
        );
        assert!(
            found(json!([of("other", 2), of("8", 5)]))
                .unwrap()
                .ends_with("other"),
            "the only one like it"
        );
        assert_eq!(
            found(json!([of("a", 2), of("b", 2)])),
            None,
            "nobody knows which"
        );
        assert_eq!(found(json!([of("7", 3)])), None, "someone has changed it");
    }
}
