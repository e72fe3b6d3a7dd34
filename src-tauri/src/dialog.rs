//! Native dialogs.

use std::path::PathBuf;

/// Asks for a folder; none when the person closes the dialog.
pub(crate) async fn pick_folder() -> Option<PathBuf> {
    let folder = rfd::AsyncFileDialog::new().pick_folder().await?;
    Some(folder.path().to_owned())
}
