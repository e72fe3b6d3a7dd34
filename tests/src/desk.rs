//! A desk of a test: its own display, its own data, and what it leaves when the test fails.

use crate::display::{Display, LAPTOP, Size};
use crate::places::{program, remains};
use crate::window::{Opening, Window};
use anyhow::{Context, Result};
use std::ffi::OsStr;
use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt;
use std::path::{Path, PathBuf};
use tempfile::TempDir;
use tokio::sync::{Mutex, MutexGuard};

/// Stands where a phone program stands on an operator's computer: takes the number and writes it down.
const PHONE: &str = "#!/bin/sh\necho \"$1\" >> \"$(dirname \"$0\")/dialled\"\n";

/// Windows of one process take turns: two would share the processors and time each other out.
static TURN: Mutex<()> = Mutex::const_new(());

/// A place to open the desk at, again and again on the same data.
#[derive(Debug)]
pub struct Desk {
    display: Display,
    folder: TempDir,
    data: PathBuf,
    _turn: MutexGuard<'static, ()>,
}

impl Desk {
    /// A desk nobody has used.
    pub async fn fresh(size: Size) -> Result<Self> {
        let turn = TURN.lock().await;
        let folder = tempfile::Builder::new()
            .prefix("dzvinok-")
            .tempdir()
            .context("no temporary folder")?;
        std::fs::create_dir(folder.path().join("home")).context("no home folder")?;
        let phone = folder.path().join("bin").join("xdg-open");
        std::fs::create_dir(folder.path().join("bin")).context("no folder for programs")?;
        std::fs::write(&phone, PHONE).context("no phone program")?;
        std::fs::set_permissions(&phone, Permissions::from_mode(0o755))
            .context("no phone program")?;
        let data = folder.path().join("data");
        Ok(Self {
            display: Display::open(size).await?,
            folder,
            data,
            _turn: turn,
        })
    }

    /// Runs a test at a fresh desk. When it fails, the picture of the display and the log are kept
    /// and named in the error.
    pub async fn test(name: &str, test: impl AsyncFnOnce(&Desk) -> Result<()>) -> Result<()> {
        let desk = Self::fresh(LAPTOP).await?;
        let result = test(&desk).await;
        if let Err(error) = result {
            let folder = remains(name)?;
            desk.display.picture(&folder.join("display.png")).await?;
            let log = std::fs::read(desk.log()).unwrap_or_default();
            std::fs::write(folder.join("desk.log"), log).context("the log cannot be kept")?;
            return Err(error.context(format!("{name} failed; see {}", folder.display())));
        }
        Ok(())
    }

    /// Its display.
    pub fn display(&self) -> &Display {
        &self.display
    }

    /// Addresses handed to the phone program so far.
    pub fn dialled(&self) -> Vec<String> {
        let handed = std::fs::read_to_string(self.folder.path().join("bin").join("dialled"));
        handed
            .unwrap_or_default()
            .lines()
            .map(str::to_owned)
            .collect()
    }

    /// The same desk on data that is there already and outlives it.
    #[must_use]
    pub fn on(mut self, data: PathBuf) -> Self {
        self.data = data;
        self
    }

    /// Where it keeps its data.
    pub fn data(&self) -> PathBuf {
        self.data.clone()
    }

    /// All that was logged so far.
    pub fn log(&self) -> PathBuf {
        self.folder.path().join("desk.log")
    }

    /// The folder all of its files are in.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// Opens the window on what is there, and gives it the keyboard.
    pub async fn open(&self) -> Result<Window> {
        let desk = program("dzvinok-desk")?;
        let mut path = self.folder.path().join("bin").into_os_string();
        path.push(":");
        path.push(std::env::var_os("PATH").unwrap_or_default());
        let path = path.into_string().ok().context("PATH is plain text")?;
        let home = self.folder.path().join("home").display().to_string();
        let window = Window::open(Opening {
            program: &desk,
            arguments: vec!["--data-dir".to_owned(), self.data().display().to_string()],
            environment: vec![
                ("PATH".to_owned(), path),
                ("HOME".to_owned(), home.clone()),
                ("XDG_DATA_HOME".to_owned(), home.clone()),
                ("XDG_CACHE_HOME".to_owned(), home.clone()),
                ("XDG_CONFIG_HOME".to_owned(), home),
                // No keyring: the data opens by signing in, as on a machine that has none.
                (
                    "DBUS_SESSION_BUS_ADDRESS".to_owned(),
                    "disabled:".to_owned(),
                ),
                ("DZVINOK_LOG".to_owned(), "trace".to_owned()),
            ],
            display: self.display.name(),
            log: &self.log(),
        })
        .await?;
        let class = desk
            .file_name()
            .and_then(OsStr::to_str)
            .context("a program has a name")?;
        self.display.focus(class).await?;
        Ok(window)
    }
}
