//! Making up for something: coupons, refunds and returns.
//!
//! A coupon is a promotion with a code. Vendure makes a second one under the same code without a
//! word, so it is looked for before, and surplus is taken away after. A refund bears the mark in its
//! reason; a return in the reason of the cancelled pieces. Neither can be taken back.

use super::client::Purpose;
use super::push::{is_no_money, refunds_for};
use super::wire::{self, EditedOrder};
use super::{Settings, Vendure};
use crate::{Effect, ShopError};
use chrono::{DateTime, SecondsFormat, Utc};
use rules::id::RemoteId;
use rules::money::Money;
use rules::operation::{BaseLine, Discount};
use serde_json::{Value, json};

const CREATE_PROMOTION: &str = "
mutation CreatePromotion($input: CreatePromotionInput!) {
  outcome: createPromotion(input: $input) {
    __typename
    ... on ErrorResult { errorCode message }
  }
}";

const DELETE_PROMOTION: &str = "
mutation DeletePromotion($id: ID!) { outcome: deletePromotion(id: $id) { result } }";

const REFUND: &str = "
mutation Refund($input: RefundOrderInput!) {
  outcome: refundOrder(input: $input) {
    __typename
    ... on ErrorResult { errorCode message }
    ... on RefundStateTransitionError { transitionError }
  }
}";

/// What to grant.
pub(super) struct Coupon<'a> {
    pub(super) code: &'a str,
    pub(super) discount: &'a Discount,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// What to give back.
pub(super) struct Return<'a> {
    pub(super) amount: Money,
    pub(super) pieces: &'a [BaseLine],
    pub(super) reason: &'a str,
}

impl Vendure {
    /// Identities of the promotions under this code, oldest first.
    pub(super) async fn promotions(&self, code: &str) -> Result<Vec<String>, ShopError> {
        let answer = self
            .client
            .ask::<wire::Listed<wire::PromotionNode>>(
                wire::PROMOTIONS,
                json!({ "code": code }),
                Purpose::Read("promotions"),
            )
            .await?;
        let mut found = answer.data.list.items;
        found.retain(|promotion| promotion.coupon_code.as_deref() == Some(code));
        found.sort_by_key(|promotion| promotion.created_at);
        Ok(found.into_iter().map(|promotion| promotion.id).collect())
    }

    pub(super) async fn grant(
        &self,
        order: &RemoteId,
        coupon: &Coupon<'_>,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let settings = self.settings().await?;
        if self.promotions(coupon.code).await?.is_empty() {
            let (code, value) = match coupon.discount {
                Discount::Percent { basis_points } => (
                    "order_percentage_discount",
                    format!("{}.{:02}", basis_points / 100, basis_points % 100),
                ),
                Discount::Amount { amount } if amount.currency == settings.currency => {
                    ("order_fixed_discount", amount.minor.to_string())
                }
                Discount::Amount { amount } => {
                    return Err(ShopError::Refused(format!(
                        "the shop sells in {}, not in {}",
                        settings.currency.code(),
                        amount.currency.code()
                    )));
                }
            };
            let input = json!({
                "enabled": true,
                "couponCode": coupon.code,
                "usageLimit": 1,
                "endsAt": coupon
                    .expires_at
                    .map(|at| at.to_rfc3339_opts(SecondsFormat::Secs, true)),
                "conditions": [],
                "actions": [{
                    "code": code,
                    "arguments": [{ "name": "discount", "value": value }],
                }],
                "translations": [{
                    "languageCode": settings.language,
                    "name": coupon.code,
                    "description": format!("#{order} {mark}"),
                }],
            });
            self.write(CREATE_PROMOTION, json!({ "input": input }))
                .await?;
        }
        self.drop_doubled_promotions(coupon.code).await?;
        Ok(Effect::Applied(None))
    }

    pub(super) async fn drop_doubled_promotions(&self, code: &str) -> Result<u32, ShopError> {
        let mut swept = 0;
        for id in self.promotions(code).await?.into_iter().skip(1) {
            self.write(DELETE_PROMOTION, json!({ "id": id })).await?;
            swept += 1;
        }
        Ok(swept)
    }

    /// Whether money and pieces have gone back.
    pub(super) fn is_given_back(edited: &EditedOrder, back: &Return<'_>, mark: &str) -> bool {
        left_to_give(edited, back, mark) <= 0 && edited.has_cancellation(back.pieces, mark)
    }

    pub(super) async fn give_back(
        &self,
        settings: &Settings,
        id: &RemoteId,
        back: &Return<'_>,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let mut edited = self.out_of_our_edit(settings, id).await?;
        let refused = |why: &str| Err(ShopError::Refused(why.to_owned()));
        if back.amount.currency != edited.order.currency() {
            return refused("the order is in another currency");
        }
        if edited.is_inside_an_edit() {
            return Err(self.someone_edits(settings, &edited));
        }
        let left = left_to_give(&edited, back, mark);
        if left > 0 {
            if edited.order.state == "PaymentAuthorized" {
                return refused("nothing has been paid yet");
            }
            let reason = format!("{} {mark}", back.reason);
            // Checked as a whole before the first of several payments gives anything.
            for part in refunds_for(&edited.order, left, &reason)? {
                self.refund_part(&part).await?;
            }
            edited = self.edited(id).await?;
            edited = self.settle_promised(edited, mark).await?;
        }
        if !edited.has_cancellation(back.pieces, mark) {
            let pieces = back.pieces.iter();
            let lines: Vec<_> = pieces
                .map(|part| json!({ "orderLineId": part.line, "quantity": part.quantity }))
                .collect();
            let input = json!({
                "orderId": id,
                "lines": lines,
                "cancelShipping": false,
                "reason": format!("{} {mark}", back.reason),
            });
            self.write(super::push::CANCEL, json!({ "input": input }))
                .await?;
            edited = self.edited(id).await?;
        }
        if Self::is_given_back(&edited, back, mark) {
            Ok(Self::applied(settings, &edited.order))
        } else {
            Err(ShopError::BadReply(
                "the refund does not show yet".to_owned(),
            ))
        }
    }

    async fn refund_part(&self, part: &Value) -> Result<(), ShopError> {
        let mut input = part.clone();
        if let Value::Object(fields) = &mut input {
            // Declared as required, though the amount alone counts.
            fields.insert("lines".to_owned(), json!([]));
            fields.insert("shipping".to_owned(), json!(0));
            fields.insert("adjustment".to_owned(), json!(0));
        }
        self.write(REFUND, json!({ "input": input })).await?;
        Ok(())
    }

    /// A refund of money that never came is written off at once; one of real money waits for whoever
    /// moves it.
    async fn settle_promised(
        &self,
        edited: EditedOrder,
        mark: &str,
    ) -> Result<EditedOrder, ShopError> {
        let payments = edited.order.payments().iter();
        let waiting: Vec<_> = payments
            .filter(|payment| is_no_money(payment))
            .flat_map(|payment| &payment.refunds)
            .filter(|refund| refund.state == "Pending" && bears(refund, mark))
            .map(|refund| refund.id.clone())
            .collect();
        if waiting.is_empty() {
            return Ok(edited);
        }
        for refund in waiting {
            let input = json!({ "id": refund, "transactionId": mark });
            self.write(super::push::SETTLE_REFUND, json!({ "input": input }))
                .await?;
        }
        self.edited(&RemoteId(edited.order.id.clone())).await
    }

    /// How much more than wanted bears the mark: Vendure keeps what was given back for good.
    pub(super) fn surplus_given(edited: &EditedOrder, back: &Return<'_>, mark: &str) -> i64 {
        -left_to_give(edited, back, mark)
    }
}

fn bears(refund: &wire::RefundNode, mark: &str) -> bool {
    let reason = refund.reason.as_deref().unwrap_or_default();
    refund.state != "Failed" && reason.contains(mark)
}

fn left_to_give(edited: &EditedOrder, back: &Return<'_>, mark: &str) -> i64 {
    let refunds = edited.order.payments().iter().flat_map(|one| &one.refunds);
    let given: i64 = refunds
        .filter(|refund| bears(refund, mark))
        .map(|refund| refund.total.abs())
        .sum();
    back.amount.minor - given
}
