//! Writing to an order: read, compare, write, verify.
//!
//! A line edit is a write for each line, so one that was cut off in the middle is completed, never
//! repeated. A line that we add bears the operation's mark in the field for a listing's number, which
//! a line added by hand leaves empty; the staff's comment is one text of at most 200 characters.
//! Confirming and calling off set a status, which needs no mark.

use super::Base;
use super::client::Purpose;
use super::wire::{Goods, ProductList, WireLine, WireOrder, parts};
use crate::comment::{appended_within, block, without_surplus};
use crate::decimal::Decimal;
use crate::{Effect, ShopError};
use chrono::{DateTime, SecondsFormat, Utc};
use rules::id::{OperationId, RemoteId};
use rules::merge::{Conflict, LineConflict, Merge, merge};
use rules::operation::{BaseLine, LineChange, ShopOperation, marker};
use rules::order::OrderStage;
use serde::de::IgnoredAny;
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::time::Duration;

/// Times a line edit is gone through: again where a price or a piece came out wrong.
const TRIES: usize = 3;

/// How long a copy of the database is given to catch up before its word is taken.
const CATCH_UP: Duration = Duration::from_secs(1);

/// What the staff's comment holds, characters, and what must be left of a note of ours.
const COMMENT_LIMIT: usize = 200;
const LEAST_NOTE: usize = 20;

/// The mark as it stands on a line, within the 20 characters of its field.
fn mark_of_line(mark: &str) -> String {
    mark.trim_matches(['[', ']']).replace(':', "-")
}

/// Lines that an edit has added, the first of each product and the surplus.
fn additions<'a>(order: &'a WireOrder, product: &RemoteId, mark: &str) -> Vec<&'a WireLine> {
    let own = mark_of_line(mark);
    let lines = order.products.iter();
    let mut lines: Vec<_> = lines
        .filter(|line| line.is_marked(&own) && line.product().as_ref() == Some(product))
        .filter(|line| !line.quantity.is_zero())
        .collect();
    lines.sort_by_key(|line| line.id);
    lines
}

/// What is still to be changed: an addition whose line is there is done, whatever became of it since.
fn outstanding(
    order: &WireOrder,
    base: &[BaseLine],
    changes: &[LineChange],
    mark: &str,
) -> Result<Vec<LineChange>, ShopError> {
    let current = order.lines()?;
    let open: Vec<LineChange> = changes
        .iter()
        .filter(|change| match change {
            LineChange::Add { product, .. } => additions(order, product, mark).is_empty(),
            LineChange::SetQuantity { .. } => true,
        })
        .cloned()
        .collect();
    match merge(base, &open, &current) {
        Merge::Send(missing) => Ok(missing),
        Merge::AlreadyThere => Ok(Vec::new()),
        Merge::Conflict(conflicts) => {
            Err(at_their_time(Conflict::lines(&conflicts, &current), order).into())
        }
    }
}

fn at_their_time(conflict: Conflict, order: &WireOrder) -> Conflict {
    match order.changed() {
        Some(at) => conflict.changed_at(at),
        None => conflict,
    }
}

/// A confirmation where the account has no status for it: words in the comment.
fn words_of(by: &str, at: DateTime<Utc>, result: &str) -> String {
    let at = at.to_rfc3339_opts(SecondsFormat::Secs, true);
    format!("✓ {result} · {by} · {at}")
}

impl Base {
    async fn present(&self, id: &RemoteId) -> Result<WireOrder, ShopError> {
        let id = super::pull::number(id).ok_or(ShopError::Gone)?;
        self.wire_order(id).await?.ok_or(ShopError::Gone)
    }

    async fn applied(&self, order: &WireOrder) -> Result<Effect, ShopError> {
        let order = order.to_order(self.statuses().await?)?;
        Ok(Effect::Applied(Some(Box::new(order))))
    }

    async fn stage(&self, order: &WireOrder) -> Result<OrderStage, ShopError> {
        Ok(self.statuses().await?.stage(order.status()))
    }

    pub(super) async fn find_operation(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<Effect, ShopError> {
        let mark = marker(id);
        if matches!(
            operation,
            ShopOperation::GrantCoupon { .. } | ShopOperation::Refund { .. }
        ) {
            return Ok(Effect::Absent);
        }
        let order = self.present(operation.order()).await?;
        if !self.stands(&order, operation, &mark).await? {
            return Ok(Effect::Absent);
        }
        if matches!(operation, ShopOperation::AddNote { .. }) {
            return Ok(Effect::Applied(None));
        }
        self.applied(&order).await
    }

    /// Whether the order is as the operation wants it.
    async fn stands(
        &self,
        order: &WireOrder,
        operation: &ShopOperation,
        mark: &str,
    ) -> Result<bool, ShopError> {
        Ok(match operation {
            ShopOperation::EditLines { base, changes, .. } => {
                matches!(outstanding(order, base, changes, mark), Ok(left) if left.is_empty())
            }
            ShopOperation::Confirm { .. } => {
                if self.statuses().await?.confirmed.is_some() {
                    let stage = self.stage(order).await?;
                    matches!(stage, OrderStage::Confirmed | OrderStage::Fulfilled)
                } else {
                    order.comment().contains(mark)
                }
            }
            ShopOperation::Cancel { .. } => self.stage(order).await? == OrderStage::Cancelled,
            ShopOperation::AddNote { .. } => order.comment().contains(mark),
            ShopOperation::GrantCoupon { .. } | ShopOperation::Refund { .. } => false,
        })
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
            } => self.edit_lines(order, base, changes, &mark).await,
            ShopOperation::Confirm {
                order,
                by,
                at,
                result,
            } => {
                let before = self.present(order).await?;
                if self.stands(&before, operation, &mark).await? {
                    return self.applied(&before).await;
                }
                if let Some(to) = &self.statuses().await?.confirmed {
                    return self.move_to(&before, to).await;
                }
                if self.stage(&before).await? == OrderStage::Cancelled {
                    return Err(self.status_conflict("", &before).await);
                }
                let words = words_of(by, *at, result);
                let after = self.note(&before, &words, &mark).await?;
                self.applied(&after).await
            }
            ShopOperation::Cancel { order, .. } => {
                let Some(to) = &self.statuses().await?.cancelled else {
                    return Err(ShopError::Unsupported("a status for orders called off"));
                };
                let before = self.present(order).await?;
                if self.stands(&before, operation, &mark).await? {
                    return self.applied(&before).await;
                }
                self.move_to(&before, to).await
            }
            ShopOperation::AddNote { order, text } => {
                let before = self.present(order).await?;
                if !self.stands(&before, operation, &mark).await? {
                    self.note(&before, text, &mark).await?;
                }
                Ok(Effect::Applied(None))
            }
            ShopOperation::GrantCoupon { .. } => Err(ShopError::Unsupported("coupons")),
            ShopOperation::Refund { .. } => Err(ShopError::Unsupported("refunds")),
        }
    }

    /// Takes a step of the table; who may ask for it is checked on the desk.
    async fn move_to(&self, order: &WireOrder, to: &str) -> Result<Effect, ShopError> {
        if !self.statuses().await?.knows(order.status(), to) {
            return Err(self.status_conflict(to, order).await);
        }
        let status: u64 = to
            .parse()
            .map_err(|_| ShopError::Refused(format!("{to} is no status of this account")))?;
        let write = json!({ "order_id": order.id.0, "status_id": status });
        self.write("setOrderStatus", &write).await?;
        let after = self.verified(order, |order| order.status() == to).await?;
        self.applied(&after).await
    }

    async fn status_conflict(&self, wanted: &str, order: &WireOrder) -> ShopError {
        let table = match self.statuses().await {
            Ok(table) => table,
            Err(error) => return error,
        };
        let name = |word: &str| {
            let known = table.statuses.iter().find(|status| status.word == word);
            known.map_or_else(|| word.to_owned(), |status| status.name.clone())
        };
        let conflict = Conflict::status(&name(wanted), &name(order.status()));
        at_their_time(conflict, order).into()
    }

    async fn note(
        &self,
        before: &WireOrder,
        words: &str,
        mark: &str,
    ) -> Result<WireOrder, ShopError> {
        let comment = appended_within(before.comment(), words, mark, COMMENT_LIMIT, LEAST_NOTE)
            .ok_or_else(|| {
                ShopError::Refused(format!(
                    "the comment on the order is full, it holds {COMMENT_LIMIT} characters"
                ))
            })?;
        self.set_comment(before, &comment).await?;
        self.verified(before, |order| order.comment().contains(mark))
            .await
    }

    async fn set_comment(&self, order: &WireOrder, comment: &str) -> Result<(), ShopError> {
        let write = json!({ "order_id": order.id.0, "admin_comments": comment });
        self.write("setOrderFields", &write).await
    }

    async fn edit_lines(
        &self,
        id: &RemoteId,
        base: &[BaseLine],
        changes: &[LineChange],
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let before = self.present(id).await?;
        let mut left = outstanding(&before, base, changes, mark);
        if matches!(&left, Ok(left) if left.is_empty()) {
            return self.applied(&before).await;
        }
        let stage = self.stage(&before).await?;
        if matches!(stage, OrderStage::Fulfilled | OrderStage::Cancelled) {
            let table = self.statuses().await?;
            let known = table
                .statuses
                .iter()
                .find(|status| status.word == before.status());
            let name = known.map_or(before.status(), |status| status.name.as_str());
            return Err(ShopError::Refused(format!("the order is {name}")));
        }
        let mut added = BTreeMap::new();
        for _ in 0..TRIES {
            for change in left? {
                self.change(&before, &change, mark, &mut added).await?;
            }
            let is_met = |order: &WireOrder| {
                let prices = mispriced(&before, order, &added, mark);
                is_done(order, base, changes, mark) && prices.is_empty()
            };
            let after = self.read_until(&before, is_met).await?;
            if is_met(&after) {
                return self.applied(&after).await;
            }
            // A rule of the account has changed a price: the one agreed on holds.
            for (line, price) in mispriced(&before, &after, &added, mark) {
                let write = json!({
                    "order_id": before.id.0, "order_product_id": line, "price_brutto": price,
                });
                self.write("setOrderProductFields", &write).await?;
            }
            left = outstanding(&after, base, changes, mark);
        }
        let after = self.present(id).await?;
        let prices = mispriced(&before, &after, &added, mark);
        if is_done(&after, base, changes, mark) && prices.is_empty() {
            return self.applied(&after).await;
        }
        Err(ShopError::Refused(
            "the totals do not come out right".to_owned(),
        ))
    }

    /// Writes one change; `added` takes the price that an added product has in the catalogue.
    async fn change(
        &self,
        order: &WireOrder,
        change: &LineChange,
        mark: &str,
        added: &mut BTreeMap<RemoteId, Decimal>,
    ) -> Result<(), ShopError> {
        let order_id = order.id.0;
        match change {
            LineChange::SetQuantity { line, quantity } => {
                let found = super::pull::number(line).and_then(|id| order.line(id));
                let gone = || {
                    let missing = LineConflict {
                        wanted: change.clone(),
                        base: None,
                        now: 0,
                    };
                    at_their_time(Conflict::lines(&[missing], &[]), order)
                };
                let found = found.ok_or_else(gone)?;
                if found.quantity.whole().is_none() {
                    return Err(ShopError::Unsupported("goods by weight"));
                }
                if *quantity == 0 {
                    let write = json!({ "order_id": order_id, "order_product_id": found.id.0 });
                    return self.write("deleteOrderProduct", &write).await;
                }
                let write = json!({
                    "order_id": order_id, "order_product_id": found.id.0, "quantity": quantity,
                });
                self.write("setOrderProductFields", &write).await
            }
            LineChange::Add { product, quantity } => {
                let goods = self.goods(product).await?;
                added.insert(product.clone(), goods.price);
                let write = json!({
                    "order_id": order_id, "storage": "db", "storage_id": goods.inventory.to_string(),
                    "product_id": goods.product.to_string(),
                    "variant_id": goods.variant.map(|id| id.to_string()).unwrap_or_default(),
                    "auction_id": mark_of_line(mark), "name": goods.name, "sku": goods.sku,
                    "ean": goods.ean, "price_brutto": goods.price, "tax_rate": goods.tax_rate,
                    "quantity": quantity, "weight": goods.weight,
                });
                self.write("addOrderProduct", &write).await
            }
        }
    }

    /// The product as a catalogue has it now. Stock is not asked: an account that keeps none has
    /// zero everywhere.
    async fn goods(&self, id: &RemoteId) -> Result<Goods, ShopError> {
        let refused = |why: &str| ShopError::Refused(format!("product {id}: {why}"));
        let (product, variant) = parts(id).ok_or_else(|| refused("unknown"))?;
        for inventory in &self.catalogue().await?.inventories {
            let question = json!({ "inventory_id": inventory.id.0, "products": [product] });
            let read = Purpose::Read("products");
            let list: ProductList = self
                .client
                .call("getInventoryProductsData", &question, read)
                .await?
                .data;
            let found = list.products.get(&product.to_string());
            if let Some(goods) = found.and_then(|found| found.to_goods(inventory, product, variant))
            {
                return Ok(goods);
            }
        }
        Err(refused("gone"))
    }

    async fn write(&self, method: &str, parameters: &Value) -> Result<(), ShopError> {
        let answer = self
            .client
            .call::<IgnoredAny>(method, parameters, Purpose::Write)
            .await;
        answer.map(drop)
    }

    /// The order once it is so, or as it stands after a while.
    async fn read_until(
        &self,
        order: &WireOrder,
        is_so: impl Fn(&WireOrder) -> bool,
    ) -> Result<WireOrder, ShopError> {
        let id = order.id.0;
        let order = self.wire_order(id).await?.ok_or(ShopError::Gone)?;
        if is_so(&order) {
            return Ok(order);
        }
        tokio::time::sleep(CATCH_UP).await;
        self.wire_order(id).await?.ok_or(ShopError::Gone)
    }

    async fn verified(
        &self,
        order: &WireOrder,
        is_so: impl Fn(&WireOrder) -> bool,
    ) -> Result<WireOrder, ShopError> {
        let order = self.read_until(order, &is_so).await?;
        if is_so(&order) {
            Ok(order)
        } else {
            Err(ShopError::Refused("the order stays as it was".to_owned()))
        }
    }

    pub(super) async fn sweep_operation(
        &self,
        id: OperationId,
        operation: &ShopOperation,
    ) -> Result<u32, ShopError> {
        let mark = marker(id);
        let Some(order) = super::pull::number(operation.order()) else {
            return Ok(0);
        };
        let note = match operation {
            ShopOperation::AddNote { text, .. } => block(text, &mark),
            ShopOperation::Confirm { by, at, result, .. } => {
                block(&words_of(by, *at, result), &mark)
            }
            ShopOperation::EditLines { changes, .. } => {
                return self.sweep_lines(order, changes, &mark).await;
            }
            // Stands once by its nature.
            ShopOperation::Cancel { .. }
            | ShopOperation::GrantCoupon { .. }
            | ShopOperation::Refund { .. } => return Ok(0),
        };
        let Some(order) = self.wire_order(order).await? else {
            return Ok(0);
        };
        let (clean, count) = without_surplus(order.comment(), &note, &mark);
        if count > 0 {
            self.set_comment(&order, &clean).await?;
        }
        Ok(count)
    }

    /// Takes away lines that an addition made more than once. Those with other pieces than it asked
    /// for have been edited since: they all stay and every other goes. Else the first stays.
    async fn sweep_lines(
        &self,
        id: u64,
        changes: &[LineChange],
        mark: &str,
    ) -> Result<u32, ShopError> {
        let Some(order) = self.wire_order(id).await? else {
            return Ok(0);
        };
        let mut wanted: BTreeMap<&RemoteId, u32> = BTreeMap::new();
        for change in changes {
            if let LineChange::Add { product, quantity } = change {
                let pieces = wanted.entry(product).or_default();
                *pieces = pieces.saturating_add(*quantity);
            }
        }
        let mut count = 0;
        for (product, pieces) in wanted {
            let (untouched, touched): (Vec<_>, Vec<_>) = additions(&order, product, mark)
                .into_iter()
                .partition(|line| line.quantity == Decimal::from(pieces));
            let kept = usize::from(touched.is_empty());
            for surplus in untouched.into_iter().skip(kept) {
                let write = json!({ "order_id": id, "order_product_id": surplus.id.0 });
                self.write("deleteOrderProduct", &write).await?;
                count += 1;
            }
        }
        Ok(count)
    }
}

fn is_done(order: &WireOrder, base: &[BaseLine], changes: &[LineChange], mark: &str) -> bool {
    matches!(outstanding(order, base, changes, mark), Ok(left) if left.is_empty())
}

/// Lines that have another price than the one they had, or were added with, and that price.
fn mispriced(
    before: &WireOrder,
    after: &WireOrder,
    added: &BTreeMap<RemoteId, Decimal>,
    mark: &str,
) -> Vec<(u64, Decimal)> {
    let kept = before.products.iter().filter_map(|was| {
        let now = after.line(was.id.0)?;
        (now.price_brutto != was.price_brutto).then_some((was.id.0, was.price_brutto))
    });
    let new = added.iter().filter_map(|(product, price)| {
        let line = additions(after, product, mark).into_iter().next()?;
        (line.price_brutto != *price).then_some((line.id.0, *price))
    });
    kept.chain(new).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    const MARK: &str = "[dz:0123456789ab]";

    fn order(lines: &Value) -> WireOrder {
        serde_json::from_value(json!({
            "order_id": 1, "currency": "PLN", "date_confirmed": 1_772_000_000, "products": lines,
        }))
        .unwrap()
    }

    fn line(id: u64, product: &str, quantity: u32, auction: &str) -> Value {
        json!({ "storage": "db", "order_product_id": id, "product_id": product, "quantity": quantity,
            "price_brutto": 10, "auction_id": auction })
    }

    #[test]
    fn the_mark_fits_into_its_field() {
        assert_eq!(mark_of_line(MARK), "dz-0123456789ab");
        assert!(mark_of_line(MARK).len() <= 20, "more would be cut off");
    }

    #[test]
    fn an_edit_that_was_cut_off_is_completed() {
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
        let half = order(&json!([line(11, "31", 3, ""), line(12, "32", 1, "")]));
        assert_eq!(
            outstanding(&half, &base, &changes, MARK).unwrap(),
            changes[1..],
            "the first write arrived"
        );
        let own = mark_of_line(MARK);
        let done = order(&json!([line(11, "31", 3, ""), line(20, "34", 5, &own)]));
        assert_eq!(
            outstanding(&done, &base, &changes, MARK).unwrap(),
            [],
            "the added line is there, and somebody has changed it since"
        );
        let theirs = order(&json!([line(11, "31", 3, ""), line(20, "34", 5, "")]));
        assert!(
            matches!(
                outstanding(&theirs, &base, &changes, MARK),
                Err(ShopError::Conflict(_))
            ),
            "a line without our mark is somebody else's"
        );
    }

    #[test]
    fn surplus_additions_are_told_by_the_mark() {
        let own = mark_of_line(MARK);
        let twice = order(&json!([
            line(22, "34", 1, &own),
            line(21, "34", 1, &own),
            line(23, "34", 1, ""),
            line(24, "35", 1, &own),
        ]));
        let found = additions(&twice, &"34".into(), MARK);
        let ids: Vec<_> = found.iter().map(|line| line.id.0).collect();
        assert_eq!(
            ids,
            [21, 22],
            "the first stays; the staff's own line is none of ours"
        );
    }

    #[test]
    fn a_price_that_changed_by_itself_is_noticed() {
        let before = order(&json!([line(11, "31", 2, "")]));
        let mut after = order(&json!([line(11, "31", 3, ""), line(12, "31", 1, "")]));
        let none = BTreeMap::new();
        assert_eq!(mispriced(&before, &after, &none, MARK), []);
        after.products[0].price_brutto = Decimal::from(11);
        assert_eq!(
            mispriced(&before, &after, &none, MARK),
            [(11, Decimal::from(10))]
        );
        let after = order(&json!([
            line(11, "31", 2, ""),
            line(20, "34", 1, &mark_of_line(MARK))
        ]));
        let added = BTreeMap::from([(RemoteId::from("34"), Decimal::from(9))]);
        assert_eq!(
            mispriced(&before, &after, &added, MARK),
            [(20, Decimal::from(9))]
        );
    }
}
