//! Accounts.

use super::Answer;
use app::Desk;
use app::view::{NewPerson, PersonView};
use rules::id::PersonId;
use rules::role::Role;
use tauri::State;

/// All accounts.
#[tauri::command]
#[specta::specta]
pub async fn people(desk: State<'_, Desk>) -> Answer<Vec<PersonView>> {
    desk.people().await
}

/// Makes an account.
#[tauri::command]
#[specta::specta]
pub async fn add_person(desk: State<'_, Desk>, person: NewPerson) -> Answer<PersonView> {
    desk.add_person(person).await
}

/// Changes what a person may do, or closes the account.
#[tauri::command]
#[specta::specta]
pub async fn set_person(
    desk: State<'_, Desk>,
    id: PersonId,
    role: Role,
    active: bool,
) -> Answer<PersonView> {
    desk.set_person(id, role, active).await
}

/// Gives a person a new password.
#[tauri::command]
#[specta::specta]
pub async fn reset_password(desk: State<'_, Desk>, id: PersonId, password: String) -> Answer<()> {
    desk.reset_password(id, password).await
}

/// Makes a new recovery code; the old one is void.
#[tauri::command]
#[specta::specta]
pub async fn renew_recovery_code(desk: State<'_, Desk>) -> Answer<app::view::RecoveryCodeView> {
    desk.renew_recovery_code().await
}

/// Asks where to, and writes a backup there; none when the person thinks better of it.
#[tauri::command]
#[specta::specta]
pub async fn back_up(desk: State<'_, Desk>) -> Answer<Option<String>> {
    let folder = crate::dialog::pick_folder().await;
    match folder {
        Some(folder) => desk.back_up(folder).await.map(Some),
        None => Ok(None),
    }
}
