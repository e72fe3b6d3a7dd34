//! First start, signing in and out, preferences.

use super::Answer;
use app::Desk;
use app::view::{Language, NewCentre, RecoveryCodeView, SessionView, StartView, Theme};
use tauri::State;

/// What the first screen must ask for.
#[tauri::command]
#[specta::specta]
pub async fn start(desk: State<'_, Desk>) -> Answer<StartView> {
    desk.start().await
}

/// Makes the centre and its first admin, and signs them in.
#[tauri::command]
#[specta::specta]
pub async fn create_centre(desk: State<'_, Desk>, centre: NewCentre) -> Answer<RecoveryCodeView> {
    desk.create_centre(centre).await
}

/// Signs in.
#[tauri::command]
#[specta::specta]
pub async fn sign_in(
    desk: State<'_, Desk>,
    login: String,
    password: String,
) -> Answer<SessionView> {
    desk.sign_in(login, password).await
}

/// Opens the data with the recovery code and gives that person a new password.
#[tauri::command]
#[specta::specta]
pub async fn recover(
    desk: State<'_, Desk>,
    code: String,
    login: String,
    new_password: String,
) -> Answer<SessionView> {
    desk.recover(code, login, new_password).await
}

/// Signs out; refused during a call.
#[tauri::command]
#[specta::specta]
pub async fn sign_out(desk: State<'_, Desk>) -> Answer<()> {
    desk.sign_out().await
}

/// Locks the screen; a call goes on.
#[tauri::command]
#[specta::specta]
pub async fn lock(desk: State<'_, Desk>) -> Answer<()> {
    desk.lock().await
}

/// Unlocks the screen.
#[tauri::command]
#[specta::specta]
pub async fn unlock(desk: State<'_, Desk>, password: String) -> Answer<SessionView> {
    desk.unlock(password).await
}

/// Keeps the person's language and look.
#[tauri::command]
#[specta::specta]
pub async fn set_preferences(
    desk: State<'_, Desk>,
    language: Language,
    theme: Theme,
) -> Answer<SessionView> {
    desk.set_preferences(language, theme).await
}

/// Changes one's own password.
#[tauri::command]
#[specta::specta]
pub async fn change_password(
    desk: State<'_, Desk>,
    old_password: String,
    new_password: String,
) -> Answer<()> {
    desk.change_password(old_password, new_password).await
}
