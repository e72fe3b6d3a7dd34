//! The sync page: how the exchange stands, what did not arrive, what the shops' words mean.

use super::Answer;
use app::Desk;
use app::view::{
    ApiError, DeadLetter, KindView, LetterChoice, ShopCheck, StatusTable, StatusTableView, SyncPage,
};
use rules::id::{OperationId, ShopId};
use tauri::State;

/// The exchange with every shop.
#[tauri::command]
#[specta::specta]
pub async fn sync_page(desk: State<'_, Desk>) -> Answer<SyncPage> {
    desk.sync_page().await
}

/// What did not reach a shop and waits for a person, the longest waiting first.
#[tauri::command]
#[specta::specta]
pub async fn shop_trouble(desk: State<'_, Desk>, shop: ShopId) -> Answer<Vec<DeadLetter>> {
    desk.shop_trouble(shop).await
}

/// Decides about one of them; what is left.
#[tauri::command]
#[specta::specta]
pub async fn resolve_letter(
    desk: State<'_, Desk>,
    shop: ShopId,
    op: OperationId,
    choice: LetterChoice,
) -> Answer<Vec<DeadLetter>> {
    desk.resolve_letter(shop, op, choice).await
}

/// What a shop's words for the state of an order mean.
#[tauri::command]
#[specta::specta]
pub async fn status_table(desk: State<'_, Desk>, shop: ShopId) -> Answer<StatusTableView> {
    desk.status_table(shop).await
}

/// Asks the shop for its words again; what the admin has set stays.
#[tauri::command]
#[specta::specta]
pub async fn refresh_statuses(desk: State<'_, Desk>, shop: ShopId) -> Answer<StatusTableView> {
    desk.refresh_statuses(shop).await
}

/// What would be wrong with a table; keeps nothing.
#[tauri::command]
#[specta::specta]
pub async fn check_status_table(
    desk: State<'_, Desk>,
    shop: ShopId,
    table: StatusTable,
) -> Answer<Vec<ApiError>> {
    desk.check_status_table(shop, table).await
}

/// Keeps a table; none takes the connector's own again.
#[tauri::command]
#[specta::specta]
pub async fn set_status_table(
    desk: State<'_, Desk>,
    shop: ShopId,
    table: Option<StatusTable>,
) -> Answer<StatusTableView> {
    desk.set_status_table(shop, table).await
}

/// What each kind of shop asks for to be connected.
#[tauri::command]
#[specta::specta]
pub async fn shop_kinds() -> Answer<Vec<KindView>> {
    Ok(app::shop_kinds())
}

/// Gives a shop's new key: tried at the shop before it is kept.
#[tauri::command]
#[specta::specta]
pub async fn rekey_shop(
    desk: State<'_, Desk>,
    shop: ShopId,
    user: String,
    secret: String,
) -> Answer<ShopCheck> {
    desk.rekey_shop(shop, user, secret).await
}
