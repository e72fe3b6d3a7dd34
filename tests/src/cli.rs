//! The command line, run as a person or a script would.

use crate::places::program;
use anyhow::{Context, Result, bail, ensure};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use testkit::vendure::{SUPERADMIN, VendureServer};
use tokio::process::Command;
use tokio::time::interval;

/// The admin that tests make.
pub const ADMIN: Account = Account {
    login: "admin",
    name: "Olena Admin",
    password: "correct-horse-battery",
};

/// A person who may sign in.
#[derive(Clone, Copy, Debug)]
pub struct Account {
    /// What they type to sign in.
    pub login: &'static str,
    /// What others read.
    pub name: &'static str,
    /// Password.
    pub password: &'static str,
}

/// The command line on one data folder.
#[derive(Clone, Debug)]
pub struct Cli {
    data: PathBuf,
    language: &'static str,
    login: Option<&'static str>,
}

/// What a run answered.
#[derive(Clone, Debug)]
pub struct Answer {
    /// Whether it succeeded.
    pub success: bool,
    /// How it ended.
    pub status: ExitStatus,
    /// The document on standard output.
    pub document: Value,
    /// What it logged.
    pub log: String,
}

impl Answer {
    /// The code of the error it ended with.
    pub fn error_code(&self) -> Option<&str> {
        self.document.pointer("/error/code").and_then(Value::as_str)
    }

    /// The words of the error it ended with.
    pub fn error_words(&self) -> Option<&str> {
        self.document
            .pointer("/error/message")
            .and_then(Value::as_str)
    }
}

impl Cli {
    /// On this folder, which need not exist yet.
    pub fn on(data: &Path) -> Self {
        Self {
            data: data.to_owned(),
            language: "en",
            login: Some(ADMIN.login),
        }
    }

    /// The same, in another language.
    #[must_use]
    pub fn speaking(mut self, language: &'static str) -> Self {
        self.language = language;
        self
    }

    /// The same, signed in as nobody: only the keyring opens the data.
    #[must_use]
    pub fn without_login(mut self) -> Self {
        self.login = None;
        self
    }

    /// Runs a command and returns what it answered, also when it refused. `secrets` are environment
    /// variables.
    pub async fn try_run(&self, arguments: &[&str], secrets: &[(&str, &str)]) -> Result<Answer> {
        let output = Command::new(program("dzvinok")?)
            .arg("--data-dir")
            .arg(&self.data)
            .args(["--json", "--language", self.language])
            .args(self.login.iter().flat_map(|login| ["--login", login]))
            .args(arguments)
            .env("DZVINOK_PASSWORD", ADMIN.password)
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .envs(secrets.iter().copied())
            .stdin(Stdio::null())
            .output()
            .await
            .context("the command line cannot be started")?;
        let said = String::from_utf8(output.stdout).context("the answer is not text")?;
        let document = if said.trim().is_empty() {
            Value::Null
        } else {
            serde_json::from_str(&said)
                .with_context(|| format!("{arguments:?} answered no document: {said}"))?
        };
        let log = String::from_utf8_lossy(&output.stderr).into_owned();
        Ok(Answer {
            success: output.status.success(),
            status: output.status,
            document,
            log,
        })
    }

    /// Runs a command that must succeed and returns its document.
    pub async fn run(&self, arguments: &[&str]) -> Result<Value> {
        self.run_with(arguments, &[]).await
    }

    /// Runs a command that must succeed, with environment variables, and returns its document.
    pub async fn run_with(&self, arguments: &[&str], secrets: &[(&str, &str)]) -> Result<Value> {
        let answer = self.try_run(arguments, secrets).await?;
        ensure!(
            answer.success,
            "{arguments:?} failed: {}: {} {}",
            answer.status,
            answer.document,
            answer.log
        );
        Ok(answer.document)
    }

    /// Exchanges with the shops until every result has been delivered. The time to take a result
    /// back must pass first.
    pub async fn deliver(&self) -> Result<()> {
        let mut beat = interval(Duration::from_secs(1));
        for _ in 0..60 {
            beat.tick().await;
            self.run(&["sync"]).await?;
            let outbox = self.run(&["outbox"]).await?;
            let mut states = outbox
                .as_array()
                .into_iter()
                .flatten()
                .map(|row| row.get("state"));
            if states.all(|state| state.and_then(Value::as_str) == Some("done")) {
                return Ok(());
            }
        }
        bail!("not delivered: {}", self.run(&["outbox"]).await?)
    }

    /// Makes the centre and its admin.
    pub async fn make_centre(&self) -> Result<()> {
        self.make_centre_in("Europe/Kyiv").await
    }

    /// The same in another zone.
    pub async fn make_centre_in(&self, zone: &str) -> Result<()> {
        self.run(&["init", "--name", ADMIN.name, "--zone", zone])
            .await
            .map(drop)
    }

    /// Connects a real Vendure and pulls all it has.
    pub async fn connect(&self, shop: &VendureServer) -> Result<()> {
        self.connect_as(shop, SUPERADMIN).await
    }

    /// Connects a real Vendure as this user and pulls all it has.
    pub async fn connect_as(
        &self,
        shop: &VendureServer,
        (user, secret): (&str, &str),
    ) -> Result<()> {
        let address = shop.address();
        let arguments = vendure("add", &address, user);
        self.run_with(&arguments, &[("DZVINOK_SHOP_SECRET", secret)])
            .await?;
        self.run(&["sync"]).await.map(drop)
    }
}

/// The arguments that name a Vendure on the loopback.
pub fn vendure<'a>(verb: &'a str, address: &'a str, user: &'a str) -> [&'a str; 11] {
    [
        "shop",
        verb,
        "--kind",
        "vendure",
        "--address",
        address,
        "--user",
        user,
        "--zone=Europe/Kyiv",
        "--allow-http",
        "--allow-private",
    ]
}
