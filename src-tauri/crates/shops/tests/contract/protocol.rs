//! The outbox's protocol over one connector, with a clock that jumps to whatever is waited for.

use crate::rig::Rig;
use chrono::{DateTime, Utc};
use rules::id::OperationId;
use rules::operation::ShopOperation;
use rules::order::Order;
use shops::{Effect, Shop, ShopError};
use sync::outbox::{DeadReason, Effect as Step, Event, Failure, OutboxPolicy, Row, State};
use uuid::Uuid;

/// More steps than any row needs: past it the row runs in circles.
const MOST_STEPS: usize = 60;

/// What became of an operation.
#[derive(Debug)]
pub struct Sent {
    /// Under which it was sent.
    pub id: OperationId,
    /// Why it was given up, none where it is done.
    pub died: Option<(DeadReason, Option<ShopError>)>,
    /// The order as the connector told it at the end, where it told one.
    pub order: Option<Box<Order>>,
}

impl Sent {
    /// Whether it got through.
    pub fn is_done(&self) -> bool {
        self.died.is_none()
    }

    /// The error that ended it.
    pub fn error(&self) -> Option<&ShopError> {
        self.died.as_ref()?.1.as_ref()
    }
}

/// A new operation's identity.
pub fn operation_id() -> OperationId {
    OperationId::from_uuid(Uuid::now_v7())
}

/// Sends an operation as the desk does: in doubt it waits until everything has arrived, looks, and
/// repeats only what is not there.
pub async fn send(rig: &impl Rig, shop: &dyn Shop, operation: &ShopOperation) -> Sent {
    send_as(rig, shop, operation_id(), operation).await
}

/// As [`send`], under an identity that may have been sent before.
pub async fn send_as(
    rig: &impl Rig,
    shop: &dyn Shop,
    id: OperationId,
    operation: &ShopOperation,
) -> Sent {
    let policy = OutboxPolicy::default();
    let mut now = DateTime::<Utc>::from_timestamp(1_800_000_000, 0).unwrap();
    let mut row = Row::new(now, &policy);
    let mut event = Event::Due;
    let mut order = None;
    let mut error = None;
    for step in 0..MOST_STEPS {
        let was_in_doubt = matches!(row.state, State::Doubt { .. });
        let (next, effect) = row.on(event, now, step as u64, &policy).unwrap();
        row = next;
        event = match effect {
            Step::WaitUntil(until) => {
                if matches!(row.state, State::Doubt { .. }) || was_in_doubt {
                    rig.quiet().await;
                }
                now = now.max(until);
                Event::Due
            }
            Step::Send => match shop.apply(id, operation).await {
                Ok(Effect::Applied(told)) => {
                    order = told.or(order);
                    Event::Applied
                }
                Ok(Effect::Absent) => Event::Failed(Failure::Doubtful),
                Err(met) => {
                    let failure = sending_failed(&met);
                    error = Some(met);
                    Event::Failed(failure)
                }
            },
            Step::Look => match shop.find(id, operation).await {
                Ok(Effect::Applied(told)) => {
                    order = told.or(order);
                    Event::Found
                }
                Ok(Effect::Absent) => Event::Absent,
                Err(met) => {
                    let failure = looking_failed(&met);
                    error = Some(met);
                    Event::Failed(failure)
                }
            },
            Step::GiveUp(reason) => {
                return Sent {
                    id,
                    died: Some((reason, error)),
                    order,
                };
            }
            Step::Settled => {
                return Sent {
                    id,
                    died: None,
                    order,
                };
            }
        };
    }
    panic!("{} runs in circles, last met: {error:?}", operation.kind());
}

fn looking_failed(error: &ShopError) -> Failure {
    match sending_failed(error) {
        Failure::Doubtful => Failure::Passing,
        other => other,
    }
}

fn sending_failed(error: &ShopError) -> Failure {
    match error {
        ShopError::Busy { retry_after } => {
            retry_after.map_or(Failure::Passing, Failure::RetryAfter)
        }
        error if error.leaves_doubt() => Failure::Doubtful,
        ShopError::Gone
        | ShopError::Refused(_)
        | ShopError::Conflict(_)
        | ShopError::Unsupported(_) => Failure::Permanent,
        _ => Failure::Stubborn,
    }
}
