//! What a supervisor grants a customer: a coupon, or money back. Both go through the outbox like
//! any other write, so that each reaches the shop once.

use crate::calls::operation_view;
use crate::clock;
use crate::desk::{Desk, OpenShop};
use crate::error::{ApiError, ErrorCode};
use crate::start::filled;
use crate::text::Fault;
use crate::view::{Changed, Language, OperationView};
use crate::work::card::spoken_money;
use chrono::{DateTime, Utc};
use rules::id::{OperationId, PersonId, RemoteId};
use rules::money::Money;
use rules::operation::{BaseLine, Discount, ShopOperation};
use rules::order::{Order, OrderLine};
use rules::role::Permission;
use serde_json::json;
use shops::Capabilities;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use store::table::order;
use store::table::outbox::{self, Entry, State};
use store::{Author, StoreError};

/// Letters and digits that nobody mistakes for one another when a code is read out.
const CODE_LETTERS: &[u8] = b"ABCDEFGHJKMNPQRSTVWXYZ23456789";
const CODE_LENGTH: usize = 10;
/// Longest code of a coupon, in characters.
const MOST_CODE: usize = 40;

/// A coupon to grant.
#[derive(Clone, Debug)]
pub struct NewCoupon {
    /// Number of the order it makes up for.
    pub order: String,
    /// Name of the shop, where several have such an order; else empty.
    pub shop: String,
    /// What the customer will type; empty makes one up.
    pub code: String,
    /// What it takes off.
    pub off: Off,
    /// Not valid from this moment on.
    pub expires_at: Option<DateTime<Utc>>,
}

/// What a coupon takes off, as typed.
#[derive(Clone, Debug)]
pub enum Off {
    /// An amount in the order's currency, e.g. `150.00`.
    Amount(String),
    /// Percent of the sum, e.g. `10` or `12.5`.
    Percent(String),
}

/// Money to give back.
#[derive(Clone, Debug)]
pub struct NewRefund {
    /// Number of the order.
    pub order: String,
    /// Name of the shop, where several have such an order; else empty.
    pub shop: String,
    /// How much, in the order's currency, e.g. `150.00`.
    pub amount: String,
    /// Pieces that come back into stock, by stock-keeping unit or name.
    pub returned: Vec<(String, u32)>,
    /// Why, as the shop's staff shall read it.
    pub reason: String,
}

/// Who asks for what about which order.
struct Case {
    author: PersonId,
    language: Language,
    shop: Arc<OpenShop>,
    order: Order,
}

impl Desk {
    /// Grants a coupon that makes up for something about an order.
    pub async fn grant_coupon(&self, coupon: NewCoupon) -> Result<OperationView, ApiError> {
        let result = self.coupon(coupon).await;
        self.told(result).await
    }

    /// Gives money back, never more than what is left of it.
    pub async fn refund(&self, refund: NewRefund) -> Result<OperationView, ApiError> {
        let result = self.money_back(refund).await;
        self.told(result).await
    }

    async fn coupon(&self, coupon: NewCoupon) -> Result<OperationView, Fault> {
        let case = self.case(&coupon.order, &coupon.shop).await?;
        case.needs(|can| can.coupons)?;
        let code = match coupon.code.trim() {
            "" => made_up(clock::chance()),
            typed if is_code(typed) => typed.to_owned(),
            _ => return Err(invalid("coupon")),
        };
        let now = self.now();
        if coupon.expires_at.is_some_and(|at| at <= now) {
            return Err(invalid("expires"));
        }
        let discount = match coupon.off {
            Off::Amount(text) => Discount::Amount {
                amount: positive(&text, &case.order)?,
            },
            Off::Percent(text) => Discount::Percent {
                basis_points: basis_points(&text).ok_or_else(|| invalid("percent"))?,
            },
        };
        let operation = ShopOperation::GrantCoupon {
            order: case.order.remote.clone(),
            code,
            discount,
            expires_at: coupon.expires_at,
        };
        self.ask(&case, operation, |_| Ok(())).await
    }

    async fn money_back(&self, refund: NewRefund) -> Result<OperationView, Fault> {
        let case = self.case(&refund.order, &refund.shop).await?;
        case.needs(|can| can.refunds)?;
        filled("reason", &refund.reason)?;
        let amount = positive(&refund.amount, &case.order)?;
        let returned = returned(&case.order, &refund.returned)?;
        let operation = ShopOperation::Refund {
            order: case.order.remote.clone(),
            amount,
            returned: returned.clone(),
            reason: refund.reason.trim().to_owned(),
        };
        let (order, language) = (case.order.clone(), case.language);
        // Counted in the transaction that adds it: two at once cannot both take the rest.
        self.ask(&case, operation, move |earlier| {
            still_there(&order, earlier, amount, &returned, language)
        })
        .await
    }

    /// The order that is meant, for who may compensate its customer.
    async fn case(&self, number: &str, shop_name: &str) -> Result<Case, Fault> {
        filled("order", number)?;
        let state = self.state().await;
        let session = state.session(Permission::Compensate)?;
        let (author, language) = (session.person, session.language);
        let named = |shop: &&Arc<OpenShop>| shop_name.is_empty() || shop.name == shop_name;
        let shops: Vec<_> = state.shops.values().filter(named).cloned().collect();
        drop(state);
        let mut found = Vec::new();
        for shop in shops {
            let wanted = number.trim().to_owned();
            let order = shop
                .store
                .db
                .read(move |conn| {
                    let brief = order::by_number(conn, &wanted, 1)?.into_iter().next();
                    match brief {
                        Some(brief) => order::get(conn, &brief.remote),
                        None => Ok(None),
                    }
                })
                .await?;
            found.extend(order.map(|order| (shop, order)));
        }
        if found.len() > 1 {
            return Err(ErrorCode::ShopAmbiguous.into());
        }
        let (shop, order) = found.pop().ok_or(ErrorCode::NotFound)?;
        Ok(Case {
            author,
            language,
            shop,
            order,
        })
    }

    /// Puts the operation into the outbox, if `check` agrees to it beside the earlier ones on the
    /// same order.
    async fn ask(
        &self,
        case: &Case,
        operation: ShopOperation,
        check: impl FnOnce(&[Entry]) -> Result<(), Fault> + Send + 'static,
    ) -> Result<OperationView, Fault> {
        let id = OperationId::from_uuid(clock::mint());
        let now = self.now();
        let until = now + self.inner.options.timing.undo;
        let change = self.change(
            Author::Person(case.author),
            "compensation.asked",
            &id,
            json!({ "kind": operation.kind() }),
        );
        let order = case.order.remote.clone();
        let refused: Arc<Mutex<Option<Fault>>> = Arc::default();
        let why = Arc::clone(&refused);
        let written = case
            .shop
            .store
            .db
            .write(change, move |tx| {
                if let Err(fault) = check(&outbox::of_order(tx, &order)?) {
                    *why.lock().unwrap_or_else(PoisonError::into_inner) = Some(fault);
                    return Err(StoreError::Conflict("refused"));
                }
                outbox::enqueue(tx, id, &operation, None, until, now)?;
                outbox::get(tx, id)?.ok_or(StoreError::NotFound("operation"))
            })
            .await;
        let fault = refused
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let entry = written.map_err(|error| fault.unwrap_or_else(|| error.into()))?;
        case.shop.exchange.nudge();
        self.tell(Changed::Shops);
        Ok(operation_view(&entry, &case.order.number, case.language))
    }
}

impl Case {
    /// The sample takes everything: it is there to try things out.
    fn needs(&self, ability: impl Fn(&Capabilities) -> bool) -> Result<(), Fault> {
        if self.shop.is_sample || self.shop.can.as_ref().is_some_and(ability) {
            Ok(())
        } else {
            Err(ErrorCode::ShopUnsupported.into())
        }
    }
}

/// Whether so much money and so many pieces can still be given back, beside what was asked before.
/// One that is dead may be tried again, so it counts; one taken back does not.
fn still_there(
    order: &Order,
    earlier: &[Entry],
    amount: Money,
    returned: &[BaseLine],
    language: Language,
) -> Result<(), Fault> {
    let mut left = order.total.minor;
    let mut pieces: BTreeMap<&RemoteId, u32> = order
        .lines
        .iter()
        .map(|line| (&line.remote, line.quantity))
        .collect();
    for entry in earlier.iter().filter(|entry| entry.state != State::Undone) {
        if let ShopOperation::Refund {
            amount, returned, ..
        } = &entry.operation
        {
            left -= amount.minor;
            for line in returned {
                if let Some(here) = pieces.get_mut(&line.line) {
                    *here = here.saturating_sub(line.quantity);
                }
            }
        }
    }
    if amount.minor > left {
        let left = Money::new(left.max(0), order.total.currency);
        return Err(
            Fault::from(ErrorCode::RefundTooMuch).with("left", &spoken_money(language, left))
        );
    }
    let too_many = |line: &&BaseLine| {
        pieces
            .get(&line.line)
            .is_none_or(|here| line.quantity > *here)
    };
    match returned.iter().find(too_many) {
        Some(_) => Err(invalid("return")),
        None => Ok(()),
    }
}

/// The lines that hold what comes back, by stock-keeping unit, else by name, for many shops use no
/// units; the same line twice adds up.
fn returned(order: &Order, wanted: &[(String, u32)]) -> Result<Vec<BaseLine>, Fault> {
    let mut lines: Vec<BaseLine> = Vec::new();
    for (name, quantity) in wanted {
        let lines_named = |by: fn(&OrderLine) -> &str| {
            let mut named = order.lines.iter().filter(move |line| by(line) == name);
            // Two lines alike would make it a guess.
            named.next().filter(|_| named.next().is_none())
        };
        let known = lines_named(|line| &line.sku)
            .or_else(|| lines_named(|line| &line.name))
            .filter(|_| !name.is_empty())
            .ok_or_else(|| invalid("return"))?;
        match lines.iter_mut().find(|line| line.line == known.remote) {
            Some(line) => line.quantity = line.quantity.saturating_add(*quantity),
            None => lines.push(BaseLine {
                line: known.remote.clone(),
                quantity: *quantity,
            }),
        }
    }
    Ok(lines)
}

fn positive(text: &str, order: &Order) -> Result<Money, Fault> {
    Money::from_decimal(text.trim(), order.total.currency)
        .ok()
        .filter(|amount| amount.minor > 0)
        .ok_or_else(|| invalid("amount"))
}

/// `12.5` as hundredths of a percent: more than nothing, a hundred percent at most.
fn basis_points(text: &str) -> Option<u32> {
    let (whole, rest) = text
        .trim()
        .split_once(['.', ','])
        .unwrap_or((text.trim(), ""));
    let digits = |part: &str| part.len() <= 3 && part.bytes().all(|byte| byte.is_ascii_digit());
    if whole.is_empty() || !digits(whole) || !digits(rest) || rest.len() > 2 {
        return None;
    }
    let hundredths: u32 = format!("{rest:0<2}").parse().ok()?;
    let points = whole.parse::<u32>().ok()? * 100 + hundredths;
    (1..=10_000).contains(&points).then_some(points)
}

fn is_code(text: &str) -> bool {
    text.chars().count() <= MOST_CODE
        && text
            .chars()
            .all(|letter| letter.is_alphanumeric() || matches!(letter, '-' | '_'))
}

/// A code of ten letters and digits: one in 6 · 10¹⁴, so nobody guesses another's.
fn made_up(mut random: u64) -> String {
    let base = CODE_LETTERS.len() as u64;
    let mut code = String::with_capacity(CODE_LENGTH);
    for _ in 0..CODE_LENGTH {
        let index = usize::try_from(random % base).unwrap_or_default();
        code.extend(CODE_LETTERS.get(index).copied().map(char::from));
        random /= base;
    }
    code
}

fn invalid(field: &str) -> Fault {
    Fault::from(ErrorCode::FieldInvalid).with("field", &field)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_read_as_people_write_it() {
        assert_eq!(basis_points("10"), Some(1_000));
        assert_eq!(basis_points("12,5"), Some(1_250));
        assert_eq!(basis_points(" 0.05 "), Some(5));
        for wrong in ["", "0", "100.01", "-5", "1.234", "ten", "1e2", "9999999999"] {
            assert_eq!(basis_points(wrong), None, "{wrong}");
        }
    }

    #[test]
    fn a_made_up_code_can_be_read_out_and_is_hard_to_guess() {
        let codes: std::collections::BTreeSet<_> = (0..1_000).map(|n| made_up(n << 20)).collect();
        assert_eq!(codes.len(), 1_000, "no two alike");
        for code in codes {
            assert_eq!(code.len(), CODE_LENGTH);
            assert!(
                is_code(&code) && !code.contains(['0', 'O', '1', 'I', 'L']),
                "{code}"
            );
        }
    }
}
