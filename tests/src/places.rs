//! Where the tree and its programs are.

use anyhow::{Context, Result, ensure};
use std::env;
use std::path::{Path, PathBuf};

/// The top of the tree.
pub fn root() -> PathBuf {
    let package = Path::new(env!("CARGO_MANIFEST_DIR"));
    package.parent().unwrap_or(package).to_owned()
}

/// A program of this workspace, built beside this one. An environment variable of the program's
/// name in capitals, such as `DZVINOK_DESK`, points elsewhere.
pub fn program(name: &str) -> Result<PathBuf> {
    if let Some(path) = env::var_os(name.to_uppercase().replace('-', "_")) {
        return Ok(path.into());
    }
    let own = env::current_exe().context("this program has no path")?;
    let mut folder = own.parent().context("this program is in no folder")?;
    if folder.ends_with("deps") || folder.ends_with("examples") {
        folder = folder.parent().context("no folder above deps")?;
    }
    let path = folder.join(name);
    ensure!(
        path.is_file(),
        "{} is not built; run `make unit`",
        path.display()
    );
    Ok(path)
}

/// Where pictures and logs of a failed test are kept.
pub fn remains(name: &str) -> Result<PathBuf> {
    let folder = root().join("target").join("acceptance").join(name);
    std::fs::create_dir_all(&folder)
        .with_context(|| format!("{} cannot be made", folder.display()))?;
    Ok(folder)
}
