//! The exchange with the shops: a round of it, how it stands, what did not arrive.

use crate::arguments::OutboxCommand;
use crate::output::Output;
use app::Desk;
use app::view::{
    ApiError, ConflictView, DeadLetter, ErrorCode, LetterChoice, OperationView, SyncPhase, SyncRow,
};
use rules::id::{OperationId, ShopId};
use tokio::time::MissedTickBehavior;

pub(crate) async fn run(desk: &Desk, forever: bool, output: &Output) -> Result<bool, ApiError> {
    // From the beginning of one round to the next, as the desk does.
    let mut beat = tokio::time::interval(app::Timing::default().poll);
    beat.set_missed_tick_behavior(MissedTickBehavior::Delay);
    loop {
        beat.tick().await;
        let rounds = desk.exchange_once().await?;
        let lines = rounds.iter().map(|round| {
            let error = words(round.error.as_ref());
            format!(
                "{}  pulled {}  sent {}  waiting {}  {error}",
                round.shop, round.pulled, round.sent, round.waiting
            )
        });
        output.answer(&rounds, lines);
        if !forever {
            return Ok(rounds.iter().all(|round| round.error.is_none()));
        }
    }
}

/// False when a shop needs a person.
pub(crate) async fn status(desk: &Desk, output: &Output) -> Result<bool, ApiError> {
    let page = desk.sync_page().await?;
    output.answer(&page, page.shops.iter().map(row_line));
    let needs_a_person =
        |row: &SyncRow| row.dead + row.conflicts > 0 || row.phase == SyncPhase::Stopped;
    Ok(!page.shops.iter().any(needs_a_person))
}

fn row_line(row: &SyncRow) -> String {
    let pulled = row
        .lag_s
        .map_or_else(|| "never".to_owned(), |lag| format!("{lag} s ago"));
    format!(
        "{}  pulled {pulled}  waiting {}  in flight {}  in doubt {}  dead {}  conflicts {}  {}",
        row.name,
        row.waiting,
        row.in_flight,
        row.in_doubt,
        row.dead,
        row.conflicts,
        words(row.error.as_ref())
    )
}

pub(crate) async fn outbox(
    desk: &Desk,
    command: OutboxCommand,
    output: &Output,
) -> Result<bool, ApiError> {
    let (operation, choice) = match command {
        OutboxCommand::List => return list(desk, output).await,
        OutboxCommand::Trouble => {
            let letters: Vec<_> = all_letters(desk)
                .await?
                .into_iter()
                .map(|(_, letter)| letter)
                .collect();
            output.answer(&letters, letters.iter().flat_map(letter_lines));
            return Ok(true);
        }
        OutboxCommand::Retry { operation } => (operation, LetterChoice::Retry),
        OutboxCommand::Ours { operation } => (operation, LetterChoice::Ours),
        OutboxCommand::Theirs { operation } => (operation, LetterChoice::Theirs),
        OutboxCommand::Drop { operation } => (operation, LetterChoice::Drop),
    };
    let Some(shop) = shop_of(desk, operation).await? else {
        return Err(desk.fault(ErrorCode::NotFound).await);
    };
    let left = desk.resolve_letter(shop, operation, choice).await?;
    output.answer(&left, left.iter().flat_map(letter_lines));
    Ok(true)
}

async fn list(desk: &Desk, output: &Output) -> Result<bool, ApiError> {
    let mut all = Vec::new();
    for shop in desk.shops().await? {
        all.extend(desk.operations(shop.id).await?);
    }
    let lines = all.iter().map(|operation| {
        let error = words(operation.error.as_ref());
        let OperationView {
            id,
            order_number,
            kind,
            state,
            tries,
            ..
        } = operation;
        format!("{id}  {order_number}  {kind}  {state}  tries {tries}  {error}")
    });
    output.answer(&all, lines);
    Ok(true)
}

async fn all_letters(desk: &Desk) -> Result<Vec<(ShopId, DeadLetter)>, ApiError> {
    let mut all = Vec::new();
    for shop in desk.sync_page().await?.shops {
        if shop.dead + shop.conflicts > 0 {
            let letters = desk.shop_trouble(shop.id).await?;
            all.extend(letters.into_iter().map(|letter| (shop.id, letter)));
        }
    }
    Ok(all)
}

async fn shop_of(desk: &Desk, operation: OperationId) -> Result<Option<ShopId>, ApiError> {
    let letters = all_letters(desk).await?;
    let found = letters
        .into_iter()
        .find(|(_, letter)| letter.op == operation);
    Ok(found.map(|(shop, _)| shop))
}

fn letter_lines(letter: &DeadLetter) -> Vec<String> {
    let mut lines = vec![
        format!(
            "{}  {}  {}  tries {}  behind it {}",
            letter.op, letter.order_number, letter.what, letter.tries, letter.behind
        ),
        format!("    {}", letter.error.message),
    ];
    lines.extend(letter.conflict.iter().flat_map(conflict_lines));
    lines
}

fn conflict_lines(conflict: &ConflictView) -> Vec<String> {
    let known = |text: &Option<String>| text.clone().unwrap_or_else(|| "–".to_owned());
    let mut lines: Vec<_> = conflict
        .clashes
        .iter()
        .map(|clash| {
            let base = known(&clash.base);
            format!(
                "    {}: {base} · ours {} · theirs {}",
                clash.label, clash.ours, clash.theirs
            )
        })
        .collect();
    let theirs_at = conflict.theirs_at.map(|at| at.to_string());
    lines.push(format!(
        "    ours {} {} · theirs {} {}",
        conflict.ours_by,
        conflict.ours_at,
        known(&conflict.theirs_by),
        known(&theirs_at)
    ));
    lines
}

fn words(error: Option<&ApiError>) -> &str {
    error
        .map(|error| error.message.as_str())
        .unwrap_or_default()
}
