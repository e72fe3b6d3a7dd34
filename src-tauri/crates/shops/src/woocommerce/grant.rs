//! Making up for something: coupons and refunds.
//!
//! A coupon's code is unique at the shop, whatever the case it was typed in; so it is its mark. A
//! refund bears the mark in its reason. The shop answers one that is too large, or by a way of payment
//! that cannot give back, with a fault of its own: both are looked at before.

use super::WooCommerce;
use super::amount::Amount;
use super::push::order_path;
use super::wire::{Pieces, WireCoupon, WireGateway, WireLine, WireOrder, WireRefund};
use crate::{Effect, ShopError};
use chrono::{DateTime, Utc};
use reqwest::Method;
use rules::id::RemoteId;
use rules::money::Money;
use rules::operation::{BaseLine, Discount};
use serde::Serialize;

/// What to grant.
pub(super) struct Coupon<'a> {
    pub(super) order: &'a RemoteId,
    pub(super) code: &'a str,
    pub(super) discount: &'a Discount,
    pub(super) expires_at: Option<DateTime<Utc>>,
}

/// What to give back.
pub(super) struct Refund<'a> {
    pub(super) amount: Money,
    pub(super) returned: &'a [BaseLine],
    pub(super) reason: &'a str,
}

#[derive(Serialize)]
struct CouponWrite {
    code: String,
    discount_type: &'static str,
    amount: String,
    description: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    date_expires: Option<String>,
    usage_limit: u32,
}

#[derive(Serialize)]
struct RefundWrite {
    amount: String,
    reason: String,
    api_refund: bool,
    api_restock: bool,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    line_items: Vec<ReturnWrite>,
}

#[derive(Serialize)]
struct ReturnWrite {
    id: u64,
    quantity: u32,
    refund_total: String,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    refund_tax: Vec<TaxWrite>,
}

#[derive(Serialize)]
struct TaxWrite {
    id: u64,
    refund_total: String,
}

/// The refunds of one order.
pub(super) struct Refunds(pub(super) Vec<WireRefund>);

impl Refunds {
    /// Whether one bears the mark.
    pub(super) fn bear(&self, mark: &str) -> bool {
        self.0.iter().any(|refund| refund.reason.contains(mark))
    }

    fn given(&self) -> Amount {
        self.0.iter().map(|refund| refund.amount).sum()
    }
}

impl WooCommerce {
    /// Coupons of this very code, oldest first: asked for by its words, because the question by code
    /// tells only one of several.
    pub(super) async fn coupons_of(&self, code: &str) -> Result<Vec<WireCoupon>, ShopError> {
        let code = code.to_lowercase();
        let parameters = vec![
            ("search".to_owned(), code.clone()),
            ("per_page".to_owned(), "100".to_owned()),
            ("_fields".to_owned(), "id,code".to_owned()),
        ];
        let mut found: Vec<WireCoupon> = self.get("coupons", parameters).await?.json()?;
        found.retain(|coupon| coupon.code.to_lowercase() == code);
        found.sort_by_key(|coupon| coupon.id);
        Ok(found)
    }

    pub(super) async fn has_coupon(&self, code: &str) -> Result<bool, ShopError> {
        let code = code.to_lowercase();
        let parameters = vec![
            ("code".to_owned(), code.clone()),
            ("_fields".to_owned(), "id,code".to_owned()),
        ];
        let found: Vec<WireCoupon> = self.get("coupons", parameters).await?.json()?;
        Ok(found
            .iter()
            .any(|coupon| coupon.code.to_lowercase() == code))
    }

    pub(super) async fn grant(&self, coupon: &Coupon<'_>, mark: &str) -> Result<Effect, ShopError> {
        if self.has_coupon(coupon.code).await? {
            return Ok(Effect::Applied(None));
        }
        let (discount_type, amount) = match coupon.discount {
            Discount::Percent { basis_points } => {
                let hundredths = format!("{}.{:02}", basis_points / 100, basis_points % 100);
                ("percent", hundredths)
            }
            Discount::Amount { amount } => {
                let currency = self.currency().await?;
                if amount.currency != currency {
                    return Err(ShopError::Refused(format!(
                        "the shop sells in {}, not in {}",
                        currency.code(),
                        amount.currency.code()
                    )));
                }
                ("fixed_cart", Amount::of(*amount).to_string())
            }
        };
        let write = CouponWrite {
            code: coupon.code.to_lowercase(),
            discount_type,
            amount,
            description: format!("#{} {mark}", coupon.order),
            // Without the Z it is read in the shop's zone; the field of the same name in GMT is for
            // reading only.
            date_expires: coupon
                .expires_at
                .map(|at| at.format("%Y-%m-%dT%H:%M:%SZ").to_string()),
            usage_limit: 1,
        };
        match self.write(Method::POST, "coupons", &[], &write).await {
            Ok(_) => {}
            Err(ShopError::Refused(code))
                if code == "woocommerce_rest_coupon_code_already_exists" => {}
            Err(error) => return Err(error),
        }
        self.drop_doubled_coupons(coupon.code).await?;
        Ok(Effect::Applied(None))
    }

    /// All refunds of an order, oldest first.
    pub(super) async fn refunds(&self, order: u64) -> Result<Refunds, ShopError> {
        let mut all: Vec<WireRefund> = Vec::new();
        for page in 1_u32.. {
            let parameters = vec![
                ("per_page".to_owned(), "100".to_owned()),
                ("page".to_owned(), page.to_string()),
                ("_fields".to_owned(), "id,reason,amount".to_owned()),
            ];
            let reply = self
                .get(&format!("orders/{order}/refunds"), parameters)
                .await?;
            let found: Vec<WireRefund> = reply.json()?;
            let is_last = found.len() < 100;
            all.extend(found);
            if is_last {
                break;
            }
        }
        all.sort_by_key(|refund| refund.id);
        all.dedup_by_key(|refund| refund.id);
        Ok(Refunds(all))
    }

    pub(super) async fn refund(
        &self,
        id: &RemoteId,
        refund: &Refund<'_>,
        mark: &str,
    ) -> Result<Effect, ShopError> {
        let before = self.present_order(id).await?;
        let earlier = self.refunds(before.id).await?;
        if earlier.bear(mark) {
            return self.applied(&before);
        }
        let refused = |why: String| Err(ShopError::Refused(why));
        if refund.amount.currency != before.currency() {
            return refused(format!("the order is in {}", before.currency().code()));
        }
        let amount = Amount::of(refund.amount);
        let left = before.total - earlier.given();
        if amount > left {
            return refused(format!("only {left} is left to give back"));
        }
        let write = RefundWrite {
            amount: amount.to_string(),
            reason: format!("{} {mark}", refund.reason),
            api_refund: self.gives_back(&before).await?,
            api_restock: !refund.returned.is_empty(),
            line_items: returns(&before, refund.returned, amount)?,
        };
        let path = order_path(id).ok_or(ShopError::Gone)?;
        let saved: WireRefund = self
            .write(Method::POST, &format!("{path}/refunds"), &[], &write)
            .await?
            .json()?;
        self.drop_doubled_refunds(before.id, mark).await?;
        if !saved.reason.contains(mark) {
            return refused("the refund bears no reason".to_owned());
        }
        let after = self.present_order(id).await?;
        self.applied(&after)
    }

    /// Whether the money goes back the way it came. Where the way cannot, or no money came by it, the
    /// refund is a record, and people hand the money over.
    async fn gives_back(&self, order: &WireOrder) -> Result<bool, ShopError> {
        if order.payment_method.is_empty()
            || order.transaction_id.is_empty()
            || order.date_paid_gmt.is_none()
        {
            return Ok(false);
        }
        let path = format!("payment_gateways/{}", order.payment_method);
        match self.get(&path, Vec::new()).await {
            Ok(reply) => {
                let gateway: WireGateway = reply.json()?;
                Ok(gateway.method_supports.iter().any(|one| one == "refunds"))
            }
            // A way of payment that is switched off, or one we may not look at.
            Err(
                ShopError::Gone
                | ShopError::NoReadRight(_)
                | ShopError::WrongKey
                | ShopError::Refused(_)
                | ShopError::Unsupported(_),
            ) => Ok(false),
            Err(error) => Err(error),
        }
    }
}

/// The pieces that come back, with their share of the money where the sum covers it.
fn returns(
    order: &WireOrder,
    returned: &[BaseLine],
    amount: Amount,
) -> Result<Vec<ReturnWrite>, ShopError> {
    let mut found: Vec<(&WireLine, u32)> = Vec::with_capacity(returned.len());
    for part in returned {
        let line = order
            .line_items
            .iter()
            .find(|line| line.id.to_string() == part.line.0);
        let line = line.filter(|line| part.quantity > 0 && part.quantity <= line.quantity.0);
        let Some(line) = line else {
            return Err(ShopError::Refused(format!(
                "line {} does not hold {} pieces",
                part.line, part.quantity
            )));
        };
        found.push((line, part.quantity));
    }
    let worth: Amount = found
        .iter()
        .map(|(line, pieces)| line.gross().for_pieces(*pieces, line.quantity.0))
        .sum();
    let is_covered = worth <= amount || worth.is_within(amount, found.len(), order.currency());
    Ok(found
        .into_iter()
        .map(|(line, pieces)| {
            let Pieces(all) = line.quantity;
            let share = |whole: Amount| {
                let part = if is_covered {
                    whole.for_pieces(pieces, all)
                } else {
                    Amount::default()
                };
                part.to_string()
            };
            ReturnWrite {
                id: line.id,
                quantity: pieces,
                refund_total: share(line.total),
                refund_tax: line
                    .taxes
                    .iter()
                    .map(|tax| TaxWrite {
                        id: tax.id,
                        refund_total: share(tax.total),
                    })
                    .collect(),
            }
        })
        .collect())
}
