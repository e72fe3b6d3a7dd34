//! Native dialogs.

use std::path::PathBuf;

/// Asks for a folder; none when the person closes the dialog.
pub(crate) async fn pick_folder() -> Option<PathBuf> {
    let folder = rfd::AsyncFileDialog::new().pick_folder().await?;
    Some(folder.path().to_owned())
}

/// Asks where to write a file; none when the person closes the dialog.
pub(crate) async fn pick_file_to_write(name: &str) -> Option<PathBuf> {
    // Tests cannot press keys in a dialog that the desktop draws.
    if cfg!(debug_assertions)
        && let Some(folder) = std::env::var_os("DZVINOK_SAVE_TO")
    {
        return Some(PathBuf::from(folder).join(name));
    }
    let file = rfd::AsyncFileDialog::new()
        .set_file_name(name)
        .save_file()
        .await?;
    Some(file.path().to_owned())
}
