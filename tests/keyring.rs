//! A keyring that is there, and one that is gone: the data opens by itself or by the password, and is
//! never lost, never left open.

use acceptance::cli::Cli;
use acceptance::places::program;
use anyhow::{Context, Result, ensure};
use std::path::Path;
use std::process::{Output, Stdio};
use tokio::process::Command;

/// Starts a keyring of its own, opened, and once it answers the program; both end together.
const WITH_KEYRING: &str = r#"printf opened | gnome-keyring-daemon --unlock --components=secrets >&2 &&
    gdbus wait --session --timeout 30 org.freedesktop.secrets && exec "$@""#;

#[tokio::test]
async fn data_opens_by_keyring_or_by_password_and_by_nothing_else() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let home = folder.path().join("home");
    std::fs::create_dir(&home)?;

    let made = with_keyring(
        &home,
        &data,
        &["--login", "admin", "init", "--name", "Olena Admin"],
    )
    .await?;
    ensure!(
        made.status.success(),
        "the centre is made: {}",
        String::from_utf8_lossy(&made.stderr)
    );
    let opened = with_keyring(&home, &data, &["verify"]).await?;
    ensure!(
        opened.status.success(),
        "the keyring opens the data: {}",
        String::from_utf8_lossy(&opened.stderr)
    );

    let gone = Cli::on(&data)
        .without_login()
        .try_run(&["verify"], &[])
        .await?;
    ensure!(
        !gone.success,
        "without keyring and password nothing opens: {}",
        gone.document
    );
    Cli::on(&data)
        .run(&["verify"])
        .await
        .context("the password opens what the keyring cannot")?;

    let other = folder.path().join("another home");
    std::fs::create_dir(&other)?;
    let foreign = with_keyring(&other, &data, &["verify"]).await?;
    ensure!(
        !foreign.status.success(),
        "a keyring without the key opens nothing"
    );
    let again = with_keyring(&home, &data, &["verify"]).await?;
    ensure!(
        again.status.success(),
        "and harms nothing: {}",
        String::from_utf8_lossy(&again.stderr)
    );

    let file = std::fs::read(data.join("centre.db"))?;
    ensure!(
        !file.starts_with(b"SQLite format 3"),
        "the centre's file is encrypted from its first byte"
    );
    Ok(())
}

async fn with_keyring(home: &Path, data: &Path, arguments: &[&str]) -> Result<Output> {
    Command::new("dbus-run-session")
        .args(["--", "sh", "-c", WITH_KEYRING, "sh"])
        .arg(program("dzvinok")?)
        .arg("--data-dir")
        .arg(data)
        .args(arguments)
        .env("DZVINOK_PASSWORD", acceptance::cli::ADMIN.password)
        .env("HOME", home)
        .env("XDG_DATA_HOME", home)
        .env("XDG_RUNTIME_DIR", home)
        .stdin(Stdio::null())
        .output()
        .await
        .context("dbus-run-session cannot be started")
}
