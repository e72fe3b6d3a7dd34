//! Writes, each as "make it so": look, compare, write what is missing, look again.
//!
//! A confirmation is kept in a tag and in fields: Shopify has no status that could be set. The
//! order's note is one text for everybody: we add a line that ends with the operation's mark, to
//! what stands there at that moment.

use super::Shopify;
use super::client::{Document, Purpose};
use super::edit::{Plan, Session};
use super::give::coupon_input;
use super::wire::{CANCELLED, CONFIRMED_TAG, MARK_START, NAMESPACE, OrderNode};
use crate::{Effect, ShopError};
use chrono::{DateTime, SecondsFormat, Utc};
use rules::id::{OperationId, RemoteId};
use rules::merge::Conflict;
use rules::operation::{ShopOperation, marker};
use rules::order::OrderStage;
use serde::Deserialize;
use serde_json::{Map, Value, json};
use std::time::Duration;

/// The waits between looks for what was just written: reads may lag behind writes.
pub(super) const LOOKS: [Duration; 3] = [
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

#[derive(Deserialize)]
struct Reported {
    outcome: Option<Outcome>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Outcome {
    #[serde(default)]
    user_errors: Vec<UserError>,
    #[serde(default)]
    job: Option<JobNode>,
    #[serde(default)]
    pub(super) calculated_order: Option<Session>,
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

/// The order stands where the operation cannot follow.
pub(super) fn elsewhere(ours: &str, order: &OrderNode) -> ShopError {
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

pub(super) fn one_line(text: &str) -> String {
    let parts = text.lines().map(str::trim).filter(|part| !part.is_empty());
    parts.collect::<Vec<_>>().join(" / ")
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
            ShopOperation::Cancel { .. } => order.is_cancelled(),
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

    async fn confirm(
        &self,
        id: &RemoteId,
        confirmed: &Confirmed<'_>,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let before = self.present(id).await?;
        if before.is_cancelled() {
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
        if before.is_cancelled() {
            return self.applied(&before);
        }
        if self.stage(&before) == OrderStage::Fulfilled {
            return Err(elsewhere(CANCELLED, &before));
        }
        let status = before.status();
        if self
            .given
            .as_ref()
            .is_some_and(|table| !table.knows(status, CANCELLED))
        {
            return Err(ShopError::Refused(format!(
                "no step from {status} to {CANCELLED} is allowed here"
            )));
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
        let (job, refusal) = match self.write(CANCEL, variables).await {
            Ok(outcome) => (outcome.job, None),
            // Sent twice on the way, the second finds it called off already.
            Err(error @ ShopError::Refused(_)) => (None, Some(error)),
            Err(error) => return Err(error),
        };
        let is_done = match job {
            Some(job) if !job.done => self.job_ends(&job.id).await?,
            _ => true,
        };
        match self.settled(id, OrderNode::is_cancelled).await {
            Ok(after) => self.applied(&after),
            Err(ShopError::BadReply(_)) if is_done => {
                let status = self.present(id).await?.status().to_owned();
                let stays = || ShopError::Refused(format!("the order stays {status}"));
                Err(refusal.unwrap_or_else(stays))
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

    /// The order as it stands, or that it is gone.
    pub(super) async fn present(&self, id: &RemoteId) -> Result<OrderNode, ShopError> {
        self.whole_order(id).await?.ok_or(ShopError::Gone)
    }

    /// Looks until the order shows what was written.
    ///
    /// # Errors
    /// [`ShopError::BadReply`] where it does not: nobody knows yet whether it arrived.
    pub(super) async fn settled(
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

    pub(super) async fn write(
        &self,
        document: Document,
        variables: Value,
    ) -> Result<Outcome, ShopError> {
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

    pub(super) fn applied(&self, order: &OrderNode) -> Result<Effect, ShopError> {
        let order = self.to_order(order)?;
        Ok(Effect::Applied(Some(Box::new(order))))
    }
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

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "[dz:0123456789ab]";

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
}
