//! Client shops and the exchange with them.

use super::Answer;
use app::Desk;
use app::view::{Language, OperationView, ShopCheck, ShopInput, ShopView};
use rules::id::{OperationId, ShopId};
use tauri::State;

/// Asks a shop who it is and what it can do; keeps nothing.
#[tauri::command]
#[specta::specta]
pub async fn check_shop(desk: State<'_, Desk>, shop: ShopInput) -> Answer<ShopCheck> {
    desk.check_shop(shop).await
}

/// Keeps the shop and begins its first pull.
#[tauri::command]
#[specta::specta]
pub async fn connect_shop(desk: State<'_, Desk>, shop: ShopInput) -> Answer<ShopView> {
    desk.connect_shop(shop).await
}

/// Makes the sample shop.
#[tauri::command]
#[specta::specta]
pub async fn make_sample(desk: State<'_, Desk>, language: Language) -> Answer<ShopView> {
    desk.make_sample(language).await
}

/// All shops.
#[tauri::command]
#[specta::specta]
pub async fn shops(desk: State<'_, Desk>) -> Answer<Vec<ShopView>> {
    desk.shops().await
}

/// Pulls and sends now.
#[tauri::command]
#[specta::specta]
pub async fn sync_now(desk: State<'_, Desk>, shop: ShopId) -> Answer<()> {
    desk.sync_now(shop).await
}

/// Destroys a shop's data and its key. `name` must be the shop's name, typed by hand; for the
/// sample it is not asked.
#[tauri::command]
#[specta::specta]
pub async fn remove_shop(desk: State<'_, Desk>, shop: ShopId, name: String) -> Answer<()> {
    desk.remove_shop(shop, name).await
}

/// Results on their way to a shop, those that need a person first.
#[tauri::command]
#[specta::specta]
pub async fn operations(desk: State<'_, Desk>, shop: ShopId) -> Answer<Vec<OperationView>> {
    desk.operations(shop).await
}

/// Tries a dead operation again.
#[tauri::command]
#[specta::specta]
pub async fn retry_operation(
    desk: State<'_, Desk>,
    shop: ShopId,
    operation: OperationId,
) -> Answer<()> {
    desk.retry_operation(shop, operation).await
}
