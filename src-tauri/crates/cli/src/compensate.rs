//! A coupon or money back, from the command line.

use crate::arguments::{CouponFor, RefundOf};
use crate::output::Output;
use crate::record::pairs;
use app::view::{ApiError, OperationView};
use app::{Desk, NewCoupon, NewRefund, Off};

pub(crate) async fn coupon(
    desk: &Desk,
    wanted: CouponFor,
    output: &Output,
) -> Result<bool, ApiError> {
    let off = match wanted.percent {
        Some(percent) => Off::Percent(percent),
        None => Off::Amount(wanted.amount.unwrap_or_default()),
    };
    let asked = desk
        .grant_coupon(NewCoupon {
            order: wanted.order,
            shop: wanted.shop,
            code: wanted.code,
            off,
            expires_at: wanted.expires,
        })
        .await?;
    answer(&asked, output);
    Ok(true)
}

pub(crate) async fn refund(
    desk: &Desk,
    wanted: RefundOf,
    output: &Output,
) -> Result<bool, ApiError> {
    let returned = pairs(&wanted.returned)
        .map(|(sku, pieces)| (sku.to_owned(), pieces))
        .collect();
    let asked = desk
        .refund(NewRefund {
            order: wanted.order,
            shop: wanted.shop,
            amount: wanted.amount,
            returned,
            reason: wanted.reason,
        })
        .await?;
    answer(&asked, output);
    Ok(true)
}

fn answer(asked: &OperationView, output: &Output) {
    let line = format!(
        "{}  {}  {}  {}",
        asked.id, asked.order_number, asked.kind, asked.state
    );
    output.answer(asked, [line]);
}
