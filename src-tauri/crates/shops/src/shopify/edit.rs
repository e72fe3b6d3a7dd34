//! Editing an order's lines.
//!
//! An editing session is kept apart from the order until it is committed, so one that was cut off
//! leaves nothing behind and is begun anew; whether a commit arrived is seen by what stands. Before
//! the commit the session and the order are looked at once more: something on the way may have put a
//! change in twice, and someone at the shop may have changed the order.

use super::Shopify;
use super::client::{Document, Purpose};
use super::push::elsewhere;
use super::wire::{self, Bag, Connection, Identified, OrderNode};
use crate::{Effect, ShopError};
use rules::id::RemoteId;
use rules::merge::{Conflict, LineConflict, Merge, merge};
use rules::operation::{BaseLine, LineChange};
use rules::order::OrderStage;
use serde::Deserialize;
use serde_json::json;
use std::collections::BTreeMap;

/// Sessions tried in a row while the order changes under them.
const TRIES: usize = 3;

/// Lines that an order under edit may have: as many as come at once.
const MOST_LINES: usize = 200;

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

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Session {
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
        of_it.map(|line| line.quantity).fold(0, u32::saturating_add)
    }
}

/// What is left to change, in absolute numbers.
#[derive(Debug, Default, PartialEq)]
pub(super) struct Plan {
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
    pub(super) fn new(
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

    pub(super) fn is_empty(&self) -> bool {
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

impl Shopify {
    pub(super) async fn edit_lines(
        &self,
        id: &RemoteId,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<Effect, ShopError> {
        for _ in 0..TRIES {
            let before = self.present(id).await?;
            let plan = Plan::new(&before, base, changes);
            if plan.as_ref().is_ok_and(Plan::is_empty) {
                return if before.adds_up()? {
                    self.applied(&before)
                } else {
                    Err(wrong_totals())
                };
            }
            self.check_state(&before)?;
            let plan = plan?;
            check_plan(&before, &plan)?;
            let Some((session, expected)) = self.prepared(&before, &plan).await? else {
                continue;
            };
            let commit = json!({ "id": session, "notifyCustomer": false, "staffNote": mark });
            let is_there = |order: &OrderNode| {
                Plan::new(order, base, changes).is_ok_and(|plan| plan.is_empty())
            };
            if let Err(error) = self.write(EDIT_COMMIT, commit).await {
                // Sent twice on the way, the second finds no session any more.
                let is_refused = matches!(error, ShopError::Refused(_));
                if !is_refused || !is_there(&self.present(id).await?) {
                    return Err(error);
                }
            }
            let after = self.settled(id, is_there).await?;
            return if after.total()? == expected && after.adds_up()? {
                self.applied(&after)
            } else {
                Err(wrong_totals())
            };
        }
        Err(Conflict::editing().into())
    }

    /// What forbids any edit, in words.
    fn check_state(&self, order: &OrderNode) -> Result<(), ShopError> {
        if order.is_cancelled() {
            return Err(elsewhere("", order));
        }
        if !order.merchant_editable {
            let why = order.merchant_editable_errors.join("; ");
            return Err(ShopError::Refused(if why.is_empty() {
                "the order cannot be edited".to_owned()
            } else {
                format!("the order cannot be edited: {why}")
            }));
        }
        match self.stage(order) {
            OrderStage::New | OrderStage::Confirmed => Ok(()),
            OrderStage::Fulfilled | OrderStage::Cancelled => Err(elsewhere("", order)),
            OrderStage::Other => Err(ShopError::Refused(format!(
                "the order cannot be edited: it is {}",
                order.status()
            ))),
        }
    }

    /// A session that holds the plan and nothing else, and what the order will cost then; none where
    /// the order has changed meanwhile or the session holds something else. Nothing is committed.
    async fn prepared(
        &self,
        before: &OrderNode,
        plan: &Plan,
    ) -> Result<Option<(String, i64)>, ShopError> {
        let id = RemoteId(before.id.clone());
        let session = self.begin(&id).await?;
        let Some(staged) = self.stage_changes(&session, before, plan).await? else {
            return Ok(None);
        };
        // The last look before the write: what someone changed meanwhile is not under our edit.
        let now = self.present(&id).await?;
        let is_same = now.order_lines()? == before.order_lines()?
            && now.total()? == before.total()?
            && now.status() == before.status();
        if !is_same {
            return Ok(None);
        }
        let currency = before.currency_code;
        let began_with = session.total_price_set.minor(currency)?;
        let ends_with = staged.total_price_set.minor(currency)?;
        let expected = before
            .total()?
            .saturating_add(ends_with.saturating_sub(began_with));
        Ok(Some((session.id, expected)))
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

    /// Puts the changes into the session and reads what it comes to; none where that is not what
    /// was put in.
    async fn stage_changes(
        &self,
        session: &Session,
        before: &OrderNode,
        plan: &Plan,
    ) -> Result<Option<Session>, ShopError> {
        let mut wanted = BTreeMap::new();
        let mut refused = None;
        for (line, quantity) in &plan.set {
            let node = before.line_items.nodes.iter().find(|one| one.id == *line);
            let Some(staged) = node.and_then(|node| session.line(node)) else {
                return Ok(None);
            };
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
            match self.write(EDIT_ADD_VARIANT, variables).await {
                // Sent twice on the way, the second is refused; the session tells.
                Err(error @ ShopError::Refused(_)) => refused = Some(error),
                other => drop(other?),
            }
        }
        let read = Purpose::Read("orders");
        let answer = self
            .client
            .ask::<FoundSession>(EDIT_SESSION, json!({ "id": session.id }), read)
            .await?;
        let is_as_wanted = |staged: &Session| {
            let pieces = |id: &str| {
                let line = staged.line_items.nodes.iter().find(|line| line.id == id);
                line.map_or(0, |line| line.quantity)
            };
            wanted.iter().all(|(id, quantity)| pieces(id) == *quantity)
                && plan
                    .add
                    .iter()
                    .all(|(variant, quantity)| staged.added(variant) == *quantity)
        };
        match answer.data.session.filter(is_as_wanted) {
            Some(staged) => Ok(Some(staged)),
            None => refused.map_or(Ok(None), Err),
        }
    }
}

fn wrong_totals() -> ShopError {
    ShopError::Refused("the totals do not come out right".to_owned())
}

/// What forbids this edit, in words.
fn check_plan(order: &OrderNode, plan: &Plan) -> Result<(), ShopError> {
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

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::Value;

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
