//! What a customer is given: coupons, and money back.
//!
//! A coupon is found by its code and known as ours by the mark in its title. A refund bears the mark
//! in its note, and the operation's identity is its idempotency key as well.

use super::Shopify;
use super::client::{Document, Purpose};
use super::push::{LOOKS, one_line};
use super::wire::{self, Bag, Identified, OrderNode};
use crate::{Effect, ShopError};
use chrono::{DateTime, SecondsFormat, Utc};
use rules::id::RemoteId;
use rules::money::Money;
use rules::operation::{BaseLine, Discount};
use serde::Deserialize;
use serde_json::{Value, json};
use std::time::Duration;

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
#[serde(rename_all = "camelCase")]
pub(super) struct Given {
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
    pub(super) fn has(&self, mark: &str) -> bool {
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
    /// Our coupon of this code.
    ///
    /// # Errors
    /// [`ShopError::Refused`] where the code is another discount's.
    pub(super) async fn coupon(&self, code: &str, mark: &str) -> Result<Option<()>, ShopError> {
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

    pub(super) async fn grant(
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

    pub(super) async fn given(&self, id: &RemoteId, goods: &[Value]) -> Result<Given, ShopError> {
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

    pub(super) async fn refund(
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
}

/// A coupon for one use of one customer on the whole of an order.
pub(super) fn coupon_input(
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
        let counted = restocked(goods.clone(), Some(&places));
        assert_eq!(counted[0]["locationId"], json!("gid://shopify/Location/1"));
        assert_eq!(
            restocked(goods, None)[0]["restockType"],
            json!("NO_RESTOCK")
        );
    }
}
