//! The operator's desk: the queue and the call.

use super::Answer;
use app::Desk;
use app::view::{DeskAction, DeskView, Draft, LineEdit, PauseReason, ProductView, QueuePage};
use rules::id::TaskId;
use tauri::State;

/// The desk as it stands; after a crash, in the wrap-up that was open.
#[tauri::command]
#[specta::specta]
pub async fn desk(desk: State<'_, Desk>) -> Answer<DeskView> {
    desk.desk().await
}

/// Part of the queue.
#[tauri::command]
#[specta::specta]
pub async fn queue(desk: State<'_, Desk>, offset: u32, limit: u32) -> Answer<QueuePage> {
    desk.queue(offset, limit).await
}

/// Takes a task out of turn.
#[tauri::command]
#[specta::specta]
pub async fn take_task(desk: State<'_, Desk>, task: TaskId) -> Answer<DeskView> {
    desk.take_task(task).await
}

/// One step of the call: next task, dial, answered, hold, hang up and so on.
/// [`DeskAction::Save`], [`DeskAction::Pause`] and [`DeskAction::Work`] have commands of their own.
#[tauri::command]
#[specta::specta]
pub async fn act(desk: State<'_, Desk>, action: DeskAction) -> Answer<DeskView> {
    desk.act(action).await
}

/// Goes away for a while.
#[tauri::command]
#[specta::specta]
pub async fn pause(desk: State<'_, Desk>, reason: PauseReason) -> Answer<DeskView> {
    desk.pause(reason).await
}

/// Answers the script's step: by digit, or in words when no answer fits; neither goes on from a
/// step that asks nothing.
#[tauri::command]
#[specta::specta]
pub async fn answer(
    desk: State<'_, Desk>,
    step: String,
    digit: Option<u32>,
    words: Option<String>,
) -> Answer<DeskView> {
    desk.answer(step, digit, words).await
}

/// Goes back one step of the script.
#[tauri::command]
#[specta::specta]
pub async fn step_back(desk: State<'_, Desk>) -> Answer<DeskView> {
    desk.step_back().await
}

/// Ticks a point of the checklist, or takes the tick back.
#[tauri::command]
#[specta::specta]
pub async fn tick(desk: State<'_, Desk>, point: String, ticked: bool) -> Answer<DeskView> {
    desk.tick(point, ticked).await
}

/// Changes one line of the order at hand.
#[tauri::command]
#[specta::specta]
pub async fn edit_line(desk: State<'_, Desk>, edit: LineEdit) -> Answer<DeskView> {
    desk.edit_line(edit).await
}

/// Products of the shop at hand by words or stock-keeping unit, twenty at most.
#[tauri::command]
#[specta::specta]
pub async fn search_products(desk: State<'_, Desk>, text: String) -> Answer<Vec<ProductView>> {
    desk.search_products(text).await
}

/// Keeps what has been typed and chosen so far.
#[tauri::command]
#[specta::specta]
pub async fn keep_draft(desk: State<'_, Desk>, draft: Draft) -> Answer<DeskView> {
    desk.keep_draft(draft).await
}

/// Saves the result; takes the next task when asked to.
#[tauri::command]
#[specta::specta]
pub async fn save_result(desk: State<'_, Desk>, draft: Draft, take_next: bool) -> Answer<DeskView> {
    desk.save_result(draft, take_next).await
}

/// Takes the last result back, within ten seconds and before anything has left.
#[tauri::command]
#[specta::specta]
pub async fn undo_result(desk: State<'_, Desk>) -> Answer<DeskView> {
    desk.undo_result().await
}
