//! The supervisor's look at the calls.

use super::Answer;
use app::Desk;
use app::view::{CallDetail, CallPage, CallsRequest, LoadRequest, LoadView};
use rules::id::{CallId, ShopId};
use tauri::State;

/// Calls by weekday and hour, outcome and reason.
#[tauri::command]
#[specta::specta]
pub async fn load(desk: State<'_, Desk>, request: LoadRequest) -> Answer<LoadView> {
    desk.load(request).await
}

/// Part of a list of calls.
#[tauri::command]
#[specta::specta]
pub async fn calls(desk: State<'_, Desk>, request: CallsRequest) -> Answer<CallPage> {
    desk.calls(request).await
}

/// Everything recorded about one call.
#[tauri::command]
#[specta::specta]
pub async fn call_detail(desk: State<'_, Desk>, shop: ShopId, call: CallId) -> Answer<CallDetail> {
    desk.call_detail(shop, call).await
}
