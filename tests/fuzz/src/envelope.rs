//! The file that keeps the store's keys, read as the store reads it before anyone has signed in.

use std::cell::RefCell;
use store::vault::Vault;

thread_local! {
    static FOLDER: RefCell<Option<tempfile::TempDir>> = RefCell::new(tempfile::tempdir().ok());
}

pub(super) fn envelope(data: &[u8]) {
    FOLDER.with_borrow(|folder| {
        let Some(folder) = folder else { return };
        if std::fs::write(folder.path().join("keys.json"), data).is_ok() {
            let _ = Vault::state(folder.path());
        }
    });
}
