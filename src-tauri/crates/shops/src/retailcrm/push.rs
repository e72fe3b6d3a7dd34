//! Writing to an order: read, compare, write, verify.
//!
//! Every write is one request that also leaves the operation's mark: among the external identities
//! of the lines it changes, in the staff's comment, or in the comment of a status. The comment is one
//! text, so a note is read, lengthened and written whole at once; the window in which somebody else's
//! words could be lost is the time between two requests.

use super::RetailCrm;
use super::wire::{
    Account, CALL_RESULT, CLIENT_REF, CONFIRMED_AT, CONFIRMED_BY, Listed, MARK_CODE, WireItem,
    WireOffer, WireOrder, WireProduct, Written,
};
use crate::comment::{appended, block, without_surplus};
use crate::decimal::Decimal;
use crate::{Effect, ShopError};
use chrono::{DateTime, Utc};
use rules::id::{OperationId, RemoteId};
use rules::merge::{Conflict, LineConflict, Merge, merge};
use rules::operation::{BaseLine, LineChange, ShopOperation, marker};
use rules::order::OrderStage;
use serde_json::{Map, Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

/// Times a line edit is sent: again where the sums came out wrong.
const TRIES: usize = 3;

/// How long a copy of the database is given to catch up before its word is taken.
const CATCH_UP: Duration = Duration::from_secs(1);

/// A confirmation to be kept.
struct Confirmation<'a> {
    by: &'a str,
    at: DateTime<Utc>,
    result: &'a str,
}

/// A product to add, as the catalogue has it now.
struct Goods {
    offer: u64,
    price: Decimal,
}

/// The whole list of lines as it shall be, and what it is held to.
struct Plan {
    writes: Vec<Value>,
    expected: Vec<Expected>,
}

enum Expected {
    /// This line with so many pieces at the price it had.
    Line {
        was: Box<WireItem>,
        quantity: Decimal,
    },
    /// No such line.
    Removed { id: u64 },
    /// A line that bears this mark.
    Added {
        mark: String,
        goods: Goods,
        quantity: Decimal,
    },
}

/// The mark without its brackets, as it stands among external identities.
fn bare(mark: &str) -> String {
    mark.trim_matches(['[', ']']).replace(':', "-")
}

fn mark_of_line(mark: &str, id: u64) -> String {
    format!("{}-l{id}", bare(mark))
}

fn mark_of_addition(mark: &str, offer: u64) -> String {
    format!("{}-p{offer}", bare(mark))
}

fn is_marked(order: &WireOrder, mark: &str) -> bool {
    let ours = format!("{}-", bare(mark));
    let mut marks = order.items.iter().flat_map(WireItem::marks);
    marks.any(|value| value.starts_with(&ours))
}

impl Confirmation<'_> {
    fn block(&self, account: &Account, mark: &str) -> String {
        let at = account.written(self.at);
        block(&format!("✓ {} · {} · {at}", self.result, self.by), mark)
    }

    /// Whether the order says so already.
    fn is_kept(&self, order: &WireOrder, account: &Account, mark: &str) -> bool {
        if !account.has_fields() {
            return order.manager_comment().contains(mark);
        }
        order.field(CONFIRMED_BY) == Some(self.by)
            && order.field(CONFIRMED_AT) == Some(account.written(self.at).as_str())
    }

    fn write(&self, order: &WireOrder, account: &Account, mark: &str) -> Map<String, Value> {
        let mut write = Map::new();
        if !account.has_fields() {
            let comment = appended(order.manager_comment(), &self.block(account, mark));
            write.insert("managerComment".to_owned(), json!(comment));
            return write;
        }
        let at = account.written(self.at);
        let fields = [
            (CONFIRMED_BY, self.by),
            (CONFIRMED_AT, at.as_str()),
            (CALL_RESULT, self.result),
            (CLIENT_REF, mark),
        ];
        let known = fields
            .into_iter()
            .filter(|(code, _)| account.has_field(code));
        let fields: Map<String, Value> = known
            .map(|(code, value)| (code.to_owned(), json!(value)))
            .collect();
        write.insert("customFields".to_owned(), Value::Object(fields));
        write
    }
}

impl RetailCrm {
    async fn present(&self, id: &RemoteId) -> Result<WireOrder, ShopError> {
        self.wire_order(id).await?.ok_or(ShopError::Gone)
    }

    fn applied(&self, account: &Account, order: &WireOrder) -> Result<Effect, ShopError> {
        let order = order.to_order(account, self.statuses(account))?;
        Ok(Effect::Applied(Some(Box::new(order))))
    }

    pub(super) async fn find_operation(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<Effect, ShopError> {
        let account = self.account().await?;
        let mark = marker(id);
        if matches!(
            operation,
            ShopOperation::GrantCoupon { .. } | ShopOperation::Refund { .. }
        ) {
            return Ok(Effect::Absent);
        }
        let order = self.present(operation.order()).await?;
        if !self.stands(&order, account, operation, &mark)? {
            return Ok(Effect::Absent);
        }
        if matches!(operation, ShopOperation::AddNote { .. }) {
            return Ok(Effect::Applied(None));
        }
        self.applied(account, &order)
    }

    /// Whether the order is as the operation wants it.
    fn stands(
        &self,
        order: &WireOrder,
        account: &Account,
        operation: &ShopOperation,
        mark: &str,
    ) -> Result<bool, ShopError> {
        Ok(match operation {
            ShopOperation::EditLines { base, changes, .. } => {
                let lines = order.lines(account)?;
                let is_there =
                    is_marked(order, mark) || merge(base, changes, &lines) == Merge::AlreadyThere;
                is_there && order.adds_up(account)
            }
            ShopOperation::Confirm { by, at, result, .. } => {
                let confirmation = Confirmation {
                    by,
                    at: *at,
                    result,
                };
                confirmation.is_kept(order, account, mark)
            }
            ShopOperation::Cancel { .. } => self.stage(account, order) == OrderStage::Cancelled,
            ShopOperation::AddNote { .. } => order.manager_comment().contains(mark),
            ShopOperation::GrantCoupon { .. } | ShopOperation::Refund { .. } => false,
        })
    }

    fn stage(&self, account: &Account, order: &WireOrder) -> OrderStage {
        self.statuses(account).stage(&order.status)
    }

    pub(super) async fn apply_operation(
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
                let confirmation = Confirmation {
                    by,
                    at: *at,
                    result,
                };
                self.confirm(order, operation, &confirmation, &mark).await
            }
            ShopOperation::Cancel { order, reason } => {
                self.cancel(order, operation, reason, &mark).await
            }
            ShopOperation::AddNote { order, text } => {
                self.add_note(order, operation, text, &mark).await
            }
            ShopOperation::GrantCoupon { .. } => Err(ShopError::Unsupported("coupons")),
            ShopOperation::Refund { .. } => Err(ShopError::Unsupported("refunds")),
        }
    }

    async fn confirm(
        &self,
        id: &RemoteId,
        operation: &ShopOperation,
        confirmation: &Confirmation<'_>,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let account = self.account().await?;
        let before = self.present(id).await?;
        if self.stands(&before, account, operation, mark)? {
            return self.applied(account, &before);
        }
        let target = self.statuses(account).confirmed.as_deref();
        let step = match self.stage(account, &before) {
            OrderStage::Cancelled => {
                return Err(self.status_conflict(account, target.unwrap_or_default(), &before));
            }
            OrderStage::New | OrderStage::Other => target,
            // It has come further by itself: only the words are written.
            OrderStage::Confirmed | OrderStage::Fulfilled => None,
        };
        let mut write = confirmation.write(&before, account, mark);
        if let Some(to) = step {
            self.check_step(account, to, &before)?;
            write.insert("status".to_owned(), json!(to));
        }
        self.edit(&before, &Value::Object(write)).await?;
        let took = |order: &WireOrder| {
            let stage = self.stage(account, order);
            let moved = step.is_none() || stage != self.stage(account, &before);
            moved && confirmation.is_kept(order, account, mark)
        };
        let after = self.verified(id, took).await?;
        self.applied(account, &after)
    }

    async fn cancel(
        &self,
        id: &RemoteId,
        operation: &ShopOperation,
        reason: &str,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let account = self.account().await?;
        let Some(to) = self.statuses(account).cancelled.as_deref() else {
            return Err(ShopError::Unsupported("a status for orders called off"));
        };
        let before = self.present(id).await?;
        if self.stands(&before, account, operation, mark)? {
            return self.applied(account, &before);
        }
        if self.stage(account, &before) == OrderStage::Fulfilled {
            return Err(self.status_conflict(account, to, &before));
        }
        self.check_step(account, to, &before)?;
        let write = json!({ "status": to, "statusComment": block(reason, mark) });
        self.edit(&before, &write).await?;
        let after = self.verified(id, |order| order.status == to).await?;
        self.applied(account, &after)
    }

    async fn add_note(
        &self,
        id: &RemoteId,
        operation: &ShopOperation,
        text: &str,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let account = self.account().await?;
        let before = self.present(id).await?;
        if self.stands(&before, account, operation, mark)? {
            return Ok(Effect::Applied(None));
        }
        let comment = appended(before.manager_comment(), &block(text, mark));
        self.edit(&before, &json!({ "managerComment": comment }))
            .await?;
        self.verified(id, |order| order.manager_comment().contains(mark))
            .await?;
        Ok(Effect::Applied(None))
    }

    /// Whether the table lets an order take this step; who may ask for it is checked on the desk.
    fn check_step(&self, account: &Account, to: &str, order: &WireOrder) -> Result<(), ShopError> {
        if self.statuses(account).knows(&order.status, to) {
            Ok(())
        } else {
            Err(self.status_conflict(account, to, order))
        }
    }

    /// As the account's staff read it.
    fn status_name<'a>(&'a self, account: &'a Account, word: &'a str) -> &'a str {
        let known = self.statuses(account).statuses.iter();
        let mut known = known.filter(|status| status.word == word);
        known.next().map_or(word, |status| status.name.as_str())
    }

    fn status_conflict(&self, account: &Account, wanted: &str, order: &WireOrder) -> ShopError {
        let ours = self.status_name(account, wanted);
        let theirs = self.status_name(account, &order.status);
        at_their_time(Conflict::status(ours, theirs), account, order).into()
    }

    async fn edit_lines(
        &self,
        id: &RemoteId,
        operation: &ShopOperation,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let account = self.account().await?;
        // First what is to be added, so that little time passes between reading the order and
        // writing its whole list.
        let goods = self.goods(changes).await?;
        let before = self.present(id).await?;
        if self.stands(&before, account, operation, mark)? {
            return self.applied(account, &before);
        }
        match self.stage(account, &before) {
            OrderStage::Fulfilled | OrderStage::Cancelled => {
                let name = self.status_name(account, &before.status);
                return Err(ShopError::Refused(format!("the order is {name}")));
            }
            OrderStage::New | OrderStage::Confirmed | OrderStage::Other => {}
        }
        let mut plan = Plan::new(&before, account, base, changes, goods, mark)?;
        for _ in 0..TRIES {
            self.edit(&before, &json!({ "items": plan.writes })).await?;
            let is_met = |order: &WireOrder| plan.is_met(order, account);
            let after = self.read_until(id, is_met).await?;
            if plan.is_met(&after, account) {
                return self.applied(account, &after);
            }
            plan.name_additions(&after);
        }
        Err(ShopError::Refused(
            "the totals do not come out right".to_owned(),
        ))
    }

    /// What the catalogue says of the products to be added.
    async fn goods(&self, changes: &[LineChange]) -> Result<BTreeMap<RemoteId, Goods>, ShopError> {
        let mut goods = BTreeMap::new();
        for change in changes {
            let LineChange::Add { product, .. } = change else {
                continue;
            };
            if goods.contains_key(product) {
                continue;
            }
            let refused = |why: &str| ShopError::Refused(format!("product {product}: {why}"));
            let offer = super::pull::number(product).ok_or_else(|| refused("unknown"))?;
            let parameters = [
                ("filter[offerIds][]", offer.to_string()),
                ("limit", "20".to_owned()),
            ];
            let found: Listed<WireProduct> = self
                .client
                .get("api/v5/store/products", &parameters, "products")
                .await?;
            let holder = found
                .rows
                .iter()
                .find_map(|row| Some((row, row.offer(offer)?)));
            let (row, found): (&WireProduct, &WireOffer) = holder.ok_or_else(|| refused("gone"))?;
            // Stock is not asked: an account that keeps none has zero everywhere.
            if !row.sells(found) {
                return Err(refused("not for sale"));
            }
            goods.insert(
                product.clone(),
                Goods {
                    offer,
                    price: found.price(),
                },
            );
        }
        Ok(goods)
    }

    /// Sends an edit of an order.
    async fn edit(&self, order: &WireOrder, changes: &Value) -> Result<(), ShopError> {
        let text = changes.to_string();
        let mut fields = vec![("by", "id"), ("order", text.as_str())];
        fields.extend(order.site.as_deref().map(|site| ("site", site)));
        let path = format!("api/v5/orders/{}/edit", order.id);
        self.client.post::<Written>(&path, &fields).await.map(drop)
    }

    /// The order once it is so, or as it stands after a while.
    async fn read_until(
        &self,
        id: &RemoteId,
        is_so: impl Fn(&WireOrder) -> bool,
    ) -> Result<WireOrder, ShopError> {
        let order = self.present(id).await?;
        if is_so(&order) {
            return Ok(order);
        }
        tokio::time::sleep(CATCH_UP).await;
        self.present(id).await
    }

    async fn verified(
        &self,
        id: &RemoteId,
        is_so: impl Fn(&WireOrder) -> bool,
    ) -> Result<WireOrder, ShopError> {
        let order = self.read_until(id, &is_so).await?;
        if is_so(&order) {
            Ok(order)
        } else {
            Err(ShopError::Refused(format!(
                "the order stays as it was, {}",
                order.status
            )))
        }
    }

    pub(super) async fn sweep_operation(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<u32, ShopError> {
        let account = self.account().await?;
        let mark = marker(id);
        let block = match operation {
            ShopOperation::AddNote { text, .. } => block(text, &mark),
            ShopOperation::Confirm { by, at, result, .. } => Confirmation {
                by,
                at: *at,
                result,
            }
            .block(account, &mark),
            ShopOperation::EditLines { order, .. } => return self.sweep_lines(order, &mark).await,
            // Stands once by its nature.
            ShopOperation::Cancel { .. }
            | ShopOperation::GrantCoupon { .. }
            | ShopOperation::Refund { .. } => return Ok(0),
        };
        let Some(order) = self.wire_order(operation.order()).await? else {
            return Ok(0);
        };
        let (clean, count) = without_surplus(order.manager_comment(), &block, &mark);
        if count > 0 {
            self.edit(&order, &json!({ "managerComment": clean }))
                .await?;
        }
        Ok(count)
    }

    async fn sweep_lines(&self, id: &RemoteId, mark: &str) -> Result<u32, ShopError> {
        let Some(order) = self.wire_order(id).await? else {
            return Ok(0);
        };
        let ours = format!("{}-p", bare(mark));
        let mut seen = BTreeSet::new();
        let is_surplus = |item: &&WireItem| {
            let mut own = item.marks().filter(|value| value.starts_with(&ours));
            own.any(|value| !seen.insert(value.to_owned()))
        };
        let (surplus, kept): (Vec<&WireItem>, Vec<&WireItem>) =
            order.items.iter().partition(is_surplus);
        if !surplus.is_empty() {
            let writes: Vec<Value> = kept
                .iter()
                .map(|item| item.to_write(item.quantity, None))
                .collect();
            self.edit(&order, &json!({ "items": writes })).await?;
        }
        Ok(u32::try_from(surplus.len()).unwrap_or(u32::MAX))
    }
}

impl Plan {
    fn new(
        order: &WireOrder,
        account: &Account,
        base: &[BaseLine],
        changes: &[LineChange],
        mut goods: BTreeMap<RemoteId, Goods>,
        mark: &str,
    ) -> Result<Self, ShopError> {
        let current = order.lines(account)?;
        let conflict = |conflicts: &[LineConflict]| {
            at_their_time(Conflict::lines(conflicts, &current), account, order)
        };
        let wanted = if is_marked(order, mark) {
            // It arrived, but the sums came out wrong: the list is sent as it is.
            Vec::new()
        } else {
            match merge(base, changes, &current) {
                Merge::Send(missing) => missing,
                Merge::AlreadyThere => Vec::new(),
                Merge::Conflict(conflicts) => return Err(conflict(&conflicts).into()),
            }
        };
        let mut pieces: BTreeMap<u64, u32> = BTreeMap::new();
        let mut plan = Self {
            writes: Vec::new(),
            expected: Vec::new(),
        };
        let mut additions = Vec::new();
        for change in wanted {
            match &change {
                LineChange::SetQuantity { line, quantity } => {
                    let found = super::pull::number(line).and_then(|id| order.item(id));
                    let gone = LineConflict {
                        wanted: change.clone(),
                        base: None,
                        now: 0,
                    };
                    let item = found.ok_or_else(|| conflict(&[gone]))?;
                    if item.quantity.whole().is_none() {
                        return Err(ShopError::Unsupported("goods by weight"));
                    }
                    pieces.insert(item.id, *quantity);
                }
                LineChange::Add { product, quantity } => {
                    let unknown = || ShopError::Refused(format!("product {product}: unknown"));
                    additions.push((goods.remove(product).ok_or_else(unknown)?, *quantity));
                }
            }
        }
        for item in &order.items {
            plan.keep(item, pieces.get(&item.id).copied(), mark);
        }
        for (goods, quantity) in additions {
            plan.add(goods, Decimal::from(quantity), mark);
        }
        Ok(plan)
    }

    fn keep(&mut self, item: &WireItem, pieces: Option<u32>, mark: &str) {
        if pieces == Some(0) {
            self.expected.push(Expected::Removed { id: item.id });
            return;
        }
        let quantity = pieces.map_or(item.quantity, Decimal::from);
        let own = pieces.map(|_| mark_of_line(mark, item.id));
        self.writes.push(item.to_write(quantity, own.as_deref()));
        if item.counts() {
            self.expected.push(Expected::Line {
                was: Box::new(item.clone()),
                quantity,
            });
        }
    }

    fn add(&mut self, goods: Goods, quantity: Decimal, mark: &str) {
        let mark = mark_of_addition(mark, goods.offer);
        self.writes.push(json!({
            "offer": { "id": goods.offer },
            "quantity": quantity,
            "initialPrice": goods.price,
            "externalIds": [{ "code": MARK_CODE, "value": mark }],
        }));
        self.expected.push(Expected::Added {
            mark,
            goods,
            quantity,
        });
    }

    fn is_met(&self, order: &WireOrder, account: &Account) -> bool {
        let currency = order.currency(account);
        let all = self.expected.iter().all(|expected| match expected {
            Expected::Removed { id } => order.item(*id).is_none(),
            Expected::Line { was, quantity } => order.item(was.id).is_some_and(|item| {
                let each = was.total().per(was.quantity);
                // A discount of the whole order is spread anew.
                let is_priced = was.shares_a_discount()
                    || item.total().is_within(each.times(*quantity), 1, currency);
                item.quantity == *quantity && item.initial_price == was.initial_price && is_priced
            }),
            Expected::Added {
                mark,
                goods,
                quantity,
            } => order.items.iter().any(|item| {
                let is_it = item.marks().any(|value| value == mark) && item.counts();
                is_it && item.quantity == *quantity && item.initial_price == goods.price
            }),
        });
        all && order.adds_up(account)
    }

    /// Tells added lines that have arrived by the identity they were given, lest they be added twice.
    fn name_additions(&mut self, order: &WireOrder) {
        for write in &mut self.writes {
            let Some(fields) = write
                .as_object_mut()
                .filter(|fields| !fields.contains_key("id"))
            else {
                continue;
            };
            let Some(mark) = fields
                .get("externalIds")
                .and_then(|ids| ids.pointer("/0/value")?.as_str())
            else {
                continue;
            };
            let arrived = order
                .items
                .iter()
                .find(|item| item.marks().any(|value| value == mark));
            if let Some(item) = arrived {
                fields.insert("id".to_owned(), json!(item.id));
            }
        }
    }
}

fn at_their_time(conflict: Conflict, account: &Account, order: &WireOrder) -> Conflict {
    match order.changed(account) {
        Some(at) => conflict.changed_at(at),
        None => conflict,
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::retailcrm::wire::tests::account;

    const MARK: &str = "[dz:0123456789ab]";

    fn order(items: &Value) -> WireOrder {
        serde_json::from_value(json!({
            "id": 1, "createdAt": "2026-03-02 12:00:00", "status": "new", "totalSumm": 250,
            "items": items,
        }))
        .unwrap()
    }

    #[test]
    fn the_whole_list_is_sent_with_an_edit() {
        let before = order(&json!([
            { "id": 11, "initialPrice": 100, "quantity": 2, "offer": { "id": 31 } },
            { "id": 12, "initialPrice": 50, "quantity": 1, "offer": { "id": 32 } },
            { "id": 13, "initialPrice": 9, "quantity": 1, "isCanceled": true, "offer": { "id": 33 } },
        ]));
        let base = [(11, 2), (12, 1)].map(|(id, quantity): (u32, u32)| BaseLine {
            line: RemoteId(id.to_string()),
            quantity,
        });
        let changes = [
            LineChange::SetQuantity {
                line: "11".into(),
                quantity: 3,
            },
            LineChange::SetQuantity {
                line: "12".into(),
                quantity: 0,
            },
            LineChange::Add {
                product: "34".into(),
                quantity: 1,
            },
        ];
        let goods = Goods {
            offer: 34,
            price: Decimal::from(70),
        };
        let goods = BTreeMap::from([(RemoteId::from("34"), goods)]);
        let mut plan = Plan::new(&before, &account(), &base, &changes, goods, MARK).unwrap();
        let ids: Vec<_> = plan
            .writes
            .iter()
            .map(|write| write["id"].as_u64())
            .collect();
        assert_eq!(
            ids,
            [Some(11), Some(13), None],
            "a struck out line must not be deleted"
        );
        assert_eq!(plan.writes[0]["quantity"], json!(3));
        let mark = plan.writes[2]["externalIds"][0]["value"].clone();
        assert_eq!(mark, json!("dz-0123456789ab-p34"));
        let after = json!([
            { "id": 11, "initialPrice": 100, "quantity": 3, "offer": { "id": 31 } },
            { "id": 14, "initialPrice": 70, "quantity": 1, "offer": { "id": 34 },
              "externalIds": [{ "code": "dzvinok", "value": mark }] },
        ]);
        let mut after = order(&after);
        assert!(
            !plan.is_met(&after, &account()),
            "the sum is not that of the lines"
        );
        after.total_summ = Decimal::from(370);
        assert!(plan.is_met(&after, &account()));
        plan.name_additions(&after);
        assert_eq!(plan.writes[2]["id"], json!(14), "it is not added again");
    }

    #[test]
    fn what_somebody_else_changed_goes_to_a_person() {
        let before = order(&json!([{ "id": 11, "initialPrice": 50, "quantity": 5 }]));
        let base = [BaseLine {
            line: "11".into(),
            quantity: 2,
        }];
        let changes = [LineChange::SetQuantity {
            line: "11".into(),
            quantity: 3,
        }];
        let refused = Plan::new(&before, &account(), &base, &changes, BTreeMap::new(), MARK);
        let Err(ShopError::Conflict(conflict)) = refused.map(|_| ()) else {
            panic!("both changed the line");
        };
        assert_eq!(
            conflict.theirs_at,
            Some("2026-03-02T10:00:00Z".parse().unwrap())
        );
    }
}
