//! The result of a call made elsewhere, recorded as at the desk: the same steps, the same checks.

use crate::arguments::ResultOf;
use app::Desk;
use app::view::{ApiError, DeskAction, DeskState, DeskView, Draft, ErrorCode, LineEdit};
use rules::id::TaskId;
use serde::Serialize;

/// What was saved.
#[derive(Serialize)]
pub(crate) struct Saved {
    pub(crate) order: String,
    pub(crate) outcome: String,
}

pub(crate) async fn record(desk: &Desk, wanted: ResultOf) -> Result<Saved, ApiError> {
    let mut view = desk.desk().await?;
    let at_hand = |view: &DeskView| {
        view.card
            .as_ref()
            .is_some_and(|card| card.order.number == wanted.order)
    };
    if view.card.is_none() {
        let task = find_task(desk, &wanted.order).await?;
        view = desk.take_task(task).await?;
    }
    if !at_hand(&view) {
        return Err(desk.fault(ErrorCode::CallOpen).await);
    }
    for action in [DeskAction::Dial, DeskAction::Answered] {
        if view.actions.contains(&action) {
            view = desk.act(action).await?;
        }
    }
    for (sku, pieces) in pairs(&wanted.quantities) {
        let key = view
            .card
            .iter()
            .flat_map(|card| &card.order.lines)
            .find(|line| line.sku == sku)
            .map(|line| line.key.clone());
        let Some(key) = key else {
            return Err(desk.fault(ErrorCode::NotFound).await);
        };
        view = desk
            .edit_line(LineEdit::SetQuantity {
                key,
                quantity: pieces,
            })
            .await?;
    }
    for (sku, pieces) in pairs(&wanted.additions) {
        let found = desk.search_products(sku.to_owned()).await?;
        let product = found.into_iter().find(|product| product.sku == sku);
        let Some(product) = product else {
            return Err(desk.fault(ErrorCode::NotFound).await);
        };
        for _ in 0..pieces {
            view = desk
                .edit_line(LineEdit::Add {
                    product: product.remote.clone(),
                })
                .await?;
        }
    }
    let open: Vec<String> = view
        .card
        .iter()
        .flat_map(|card| &card.checklist)
        .filter(|point| point.required && !point.ticked)
        .map(|point| point.id.clone())
        .collect();
    if wanted.checked {
        for point in open {
            view = desk.tick(point, true).await?;
        }
    }
    if view.state != DeskState::WrapUp {
        desk.act(DeskAction::HangUp).await?;
    }
    let (reason, subreason) = wanted
        .reason
        .split_once('/')
        .unwrap_or((wanted.reason.as_str(), ""));
    let callback_at = match wanted.callback_at.as_deref().map(str::parse) {
        Some(Ok(at)) => Some(at),
        Some(Err(_)) => return Err(desk.fault(ErrorCode::FieldInvalid).await),
        None => None,
    };
    let draft = Draft {
        outcome: wanted.outcome,
        reason: reason.to_owned(),
        subreason: subreason.to_owned(),
        comment: wanted.comment,
        callback_at,
    };
    let view = desk.save_result(draft, false).await?;
    let outcome = view.undo.map(|undo| undo.outcome).unwrap_or_default();
    Ok(Saved {
        order: wanted.order,
        outcome,
    })
}

async fn find_task(desk: &Desk, number: &str) -> Result<TaskId, ApiError> {
    const PAGE: u32 = 500;
    let mut offset = 0;
    loop {
        let page = desk.queue(offset, PAGE).await?;
        if let Some(row) = page.rows.iter().find(|row| row.order_number == number) {
            return Ok(row.task);
        }
        offset += PAGE;
        if offset >= page.total {
            return Err(desk.fault(ErrorCode::NotFound).await);
        }
    }
}

/// `SKU=3` as a pair; one without a number is one piece.
pub(crate) fn pairs(words: &[String]) -> impl Iterator<Item = (&str, u32)> {
    words.iter().map(|word| match word.rsplit_once('=') {
        Some((sku, pieces)) => (sku, pieces.parse().unwrap_or(1)),
        None => (word.as_str(), 1),
    })
}
