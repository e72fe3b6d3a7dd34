//! The real window through `WebKitWebDriver`. The two things the usual intermediary adds on Linux
//! are an environment variable and the name of a capability, so it is not needed.

use crate::process::start;
use anyhow::{Context, Result, bail, ensure};
use fantoccini::elements::Element;
use fantoccini::wd::{Capabilities, TimeoutConfiguration};
use fantoccini::{Client, ClientBuilder, Locator};
use hyper_util::client::legacy::connect::HttpConnector;
use serde_json::{Value, json};
use std::fs::File;
use std::net::{Ipv4Addr, TcpListener};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;
use tokio::process::{Child, Command};
use tokio::time::{interval, timeout};

/// Longest wait for what should be at once on an idle machine.
pub const SOON: Duration = Duration::from_secs(20);

/// So often a window is tried to be opened.
const TRIES: usize = 3;

/// What a window is opened with.
#[derive(Clone, Debug)]
pub struct Opening<'a> {
    /// The program.
    pub program: &'a Path,
    /// Its arguments.
    pub arguments: Vec<String>,
    /// More environment variables.
    pub environment: Vec<(String, String)>,
    /// `DISPLAY`.
    pub display: &'a str,
    /// Where what it logs is added.
    pub log: &'a Path,
}

/// An open window.
#[derive(Debug)]
pub struct Window {
    client: Client,
    driver: Child,
    program: PathBuf,
}

impl Window {
    /// Opens the program under a driver of its own and waits until its page can be asked.
    ///
    /// The driver picks a port that the program is to listen on for it; where another program takes that
    /// port meanwhile the driver waits for ever, and both begin anew.
    pub async fn open(opening: Opening<'_>) -> Result<Self> {
        for _ in 0..TRIES {
            if let Some(window) = Self::opened(&opening).await? {
                return Ok(window);
            }
        }
        bail!("the window did not open in time, {TRIES} times")
    }

    /// The window, or none where the driver waits in vain.
    async fn opened(opening: &Opening<'_>) -> Result<Option<Self>> {
        let port = free_port()?;
        let log = File::options()
            .create(true)
            .append(true)
            .open(opening.log)
            .context("no log")?;
        let mut command = Command::new("WebKitWebDriver");
        command
            .arg(format!("--port={port}"))
            .env("TAURI_WEBVIEW_AUTOMATION", "true")
            .env("DISPLAY", opening.display)
            .env_remove("WAYLAND_DISPLAY")
            .envs(opening.environment.iter().cloned())
            .stderr(Stdio::from(log));
        let (mut driver, _output) = start(&mut command)?;
        answers(port).await?;

        let mut capabilities = Capabilities::new();
        capabilities.insert(
            "webkitgtk:browserOptions".to_owned(),
            json!({ "binary": opening.program, "args": opening.arguments }),
        );
        let mut builder = ClientBuilder::new(HttpConnector::new());
        let address = format!("http://127.0.0.1:{port}");
        let connecting = builder.capabilities(capabilities).connect(&address);
        let Ok(client) = timeout(SOON * 2, connecting).await else {
            if let Ok(process) = child_of(&driver, opening.program) {
                crate::process::run("kill", ["-KILL", &process.to_string()], "").await?;
            }
            driver.kill().await.context("the driver did not end")?;
            return Ok(None);
        };
        let client = client.context("the window did not open")?;
        let limits = TimeoutConfiguration::new(Some(Duration::from_mins(5)), None, None);
        client.update_timeouts(limits).await?;
        Ok(Some(Self {
            client,
            driver,
            program: opening.program.to_owned(),
        }))
    }

    /// The `WebDriver` session, for what has no name here.
    pub fn client(&self) -> &Client {
        &self.client
    }

    /// Closes the window as a person would, and waits until the program has let go of its data.
    pub async fn close(mut self) -> Result<()> {
        let process = Path::new("/proc").join(self.process()?.to_string());
        self.client
            .close()
            .await
            .context("the window did not close")?;
        // Nobody tells when a process ends that is another's child.
        let mut beat = interval(Duration::from_millis(20));
        let gone = async {
            while process.exists() {
                beat.tick().await;
            }
        };
        ensure!(
            timeout(SOON, gone).await.is_ok(),
            "the program goes on without its window"
        );
        self.driver.kill().await.context("the driver did not end")
    }

    /// Ends the program at once (SIGKILL), as a power cut would.
    pub async fn kill(mut self) -> Result<()> {
        let process = self.process()?;
        crate::process::run("kill", ["-KILL", &process.to_string()], "").await?;
        self.driver.kill().await.context("the driver did not end")
    }

    /// The program's process id.
    pub fn process(&self) -> Result<u32> {
        child_of(&self.driver, &self.program)
    }

    /// Waits until an element that `selector` finds is visible, holds `text`, and returns all it
    /// holds.
    pub async fn holds(&self, selector: &str, text: &str, limit: Duration) -> Result<String> {
        let plain: String = text
            .chars()
            .flat_map(|letter| {
                let sign = letter.is_ascii_punctuation()
                    && !matches!(letter, '"' | '\'' | '-' | '_' | ',' | ':');
                sign.then_some('\\').into_iter().chain([letter])
            })
            .collect();
        self.fits(selector, &plain, limit).await
    }

    /// Waits until an element that `selector` finds is visible and what it holds fits a regular
    /// expression. The page tells of the change itself; nothing is asked twice.
    pub async fn fits(&self, selector: &str, pattern: &str, limit: Duration) -> Result<String> {
        let arguments = vec![json!(selector), json!(pattern), json!(limit.as_millis())];
        let asked = self
            .client
            .execute_async(include_str!("wait.js"), arguments);
        // A page that stands still keeps no time either.
        let found = timeout(limit + SOON, asked)
            .await
            .with_context(|| format!("the page stood still when it was asked for {selector}"))?
            .with_context(|| format!("the page cannot be asked for {selector}"))?;
        match found.get("found").and_then(Value::as_str) {
            Some(found) => Ok(found.to_owned()),
            None => bail!(
                "{selector} did not come to fit {pattern:?} within {limit:?}; the page says:\n{}",
                found
                    .get("page")
                    .and_then(Value::as_str)
                    .unwrap_or_default()
            ),
        }
    }

    /// How many elements `selector` finds now.
    pub async fn count(&self, selector: &str) -> Result<u64> {
        let count = self
            .client
            .execute(
                "return document.querySelectorAll(arguments[0]).length",
                vec![json!(selector)],
            )
            .await?;
        count.as_u64().context("a number of elements is a number")
    }

    /// Clicks the button or link that says this.
    pub async fn click(&self, words: &str) -> Result<()> {
        let path = format!(
            "//*[self::button or self::a or self::summary or self::label]\
             [normalize-space(.)={words:?} or .//*[contains(@class, 'label') or not(*)][normalize-space(.)={words:?}]]"
        );
        self.element(&path)
            .await?
            .click()
            .await
            .with_context(|| format!("{words:?} cannot be clicked"))
    }

    /// Puts `text` into the field with this label, in place of what it holds.
    pub async fn fill(&self, label: &str, text: &str) -> Result<()> {
        let path = format!("//*[@id=//label[starts-with(normalize-space(.), {label:?})]/@for]");
        let field = self.element(&path).await?;
        self.settled().await?;
        field
            .clear()
            .await
            .with_context(|| format!("{label:?} cannot be cleared"))?;
        field
            .send_keys(text)
            .await
            .with_context(|| format!("{label:?} takes no text"))
    }

    /// Waits until the page is drawn and loads nothing more: a person types no sooner.
    pub async fn settled(&self) -> Result<()> {
        let asked = self
            .client
            .execute_async(include_str!("settle.js"), vec![json!(SOON.as_millis())]);
        let settled = timeout(SOON * 2, asked)
            .await
            .context("the page stood still when it was to settle")??;
        ensure!(settled.as_bool() == Some(true), "the page goes on loading");
        Ok(())
    }

    async fn element(&self, path: &str) -> Result<Element> {
        let wait = self
            .client
            .wait()
            .at_most(SOON)
            .every(Duration::from_millis(25));
        wait.for_element(Locator::XPath(path))
            .await
            .with_context(|| format!("nothing is found by {path}"))
    }

    /// Resizes the window and waits until the page has the new size.
    pub async fn resize(&self, size: crate::display::Size) -> Result<()> {
        self.client
            .set_window_rect(0, 0, size.width, size.height)
            .await
            .context("the window keeps its size")?;
        Ok(())
    }

    /// What is in the window, as a PNG.
    pub async fn picture(&self) -> Result<Vec<u8>> {
        timeout(SOON, self.client.screenshot())
            .await
            .context("the window gave no picture in time")?
            .context("the window gave no picture")
    }
}

/// The process of the program that a driver has started.
fn child_of(driver: &Child, program: &Path) -> Result<u32> {
    let driver = driver.id().context("the driver has ended")?;
    for entry in std::fs::read_dir("/proc")? {
        let folder = entry?.path();
        let Ok(exe) = std::fs::read_link(folder.join("exe")) else {
            continue;
        };
        let Ok(stat) = std::fs::read_to_string(folder.join("stat")) else {
            continue;
        };
        let parent = stat
            .rsplit_once(") ")
            .and_then(|(_, rest)| rest.split(' ').nth(1)?.parse().ok());
        if exe == program && parent == Some(driver) {
            let name = folder
                .file_name()
                .and_then(|name| name.to_str())
                .context("no process id")?;
            return name.parse().context("no process id");
        }
    }
    bail!("{} is not running", program.display())
}

/// A port nobody listens on now.
pub fn free_port() -> Result<u16> {
    let probe = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).context("no port is free")?;
    Ok(probe.local_addr()?.port())
}

/// Waits until something listens on `port`. The driver says nothing when it is ready.
async fn answers(port: u16) -> Result<()> {
    let mut beat = interval(Duration::from_millis(20));
    let listening = async {
        while tokio::net::TcpStream::connect((Ipv4Addr::LOCALHOST, port))
            .await
            .is_err()
        {
            beat.tick().await;
        }
    };
    ensure!(
        timeout(SOON, listening).await.is_ok(),
        "WebKitWebDriver does not answer"
    );
    Ok(())
}
