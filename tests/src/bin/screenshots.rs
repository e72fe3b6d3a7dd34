//! Makes a picture of every page in every language, light and dark, on a small and a large screen:
//! `screenshots/<language>/<theme>/<width>x<height>/<page>.png`, and `<page>-end.png` where it goes on below.
//! Languages may be named; else it is all.

use acceptance::calendar::next_monday;
use acceptance::cli::{ADMIN, Cli};
use acceptance::desk::Desk;
use acceptance::display::{LAPTOP, MONITOR, Size};
use acceptance::operator::Operator;
use acceptance::places::root;
use acceptance::window::{SOON, Window};
use anyhow::{Context, Result};
use chrono::TimeDelta;
use serde_json::json;
use std::io::Write;
use std::path::PathBuf;

/// Each with the zone of a centre where it is spoken: the sample's clients have the same.
const LANGUAGES: [(&str, &str); 4] = [
    ("uk", "Europe/Kyiv"),
    ("ru", "Europe/Moscow"),
    ("pl", "Europe/Warsaw"),
    ("en", "America/New_York"),
];
const THEMES: [&str; 2] = ["light", "dark"];
const SIZES: [Size; 2] = [LAPTOP, MONITOR];

/// Pages that show the same whatever the operator is doing: name and place.
const PAGES: [(&str, &str); 14] = [
    ("load", "/load"),
    ("forecast", "/forecast"),
    ("plans", "/plan"),
    ("requests", "/plan/requests"),
    ("contracts", "/plan/contracts"),
    ("shift-templates", "/plan/templates"),
    ("today", "/today"),
    ("shifts", "/shifts"),
    ("sync", "/sync"),
    ("shops", "/shops"),
    ("shops-new", "/shops/new"),
    ("people", "/people"),
    ("components", "/components"),
    ("not-found", "/no-such-page"),
];

/// Pages of one thing in a list: the list, its row, the attribute that names it, the page, its name.
const INNER: [(&str, &str, &str, &str, &str); 3] = [
    ("/sync", "[data-row]", "data-row", "/sync/", "sync-shop"),
    (
        "/forecast",
        "[data-day]:nth-last-of-type(5)",
        "data-day",
        "/forecast/day/",
        "forecast-day",
    ),
    (
        "/plan",
        "[data-testid=plan-row]",
        "data-plan",
        "/plan/",
        "plan",
    ),
];

#[tokio::main]
async fn main() -> Result<()> {
    let wanted: Vec<String> = std::env::args().skip(1).collect();
    let mut made = 0;
    for (language, zone) in LANGUAGES {
        if !wanted.is_empty() && !wanted.iter().any(|one| one == language) {
            continue;
        }
        made += first_start(language).await?;
        made += pages(language, zone).await?;
        writeln!(std::io::stdout(), "{language}: {made} pictures so far")?;
    }
    writeln!(
        std::io::stdout(),
        "{made} pictures in {}",
        root().join("screenshots").display()
    )?;
    Ok(())
}

/// The pages before anyone can sign in.
async fn first_start(language: &'static str) -> Result<usize> {
    let desk = Desk::fresh(MONITOR).await?;
    let window = desk.open().await?;
    let album = Album {
        window: &window,
        language,
    };
    let mut made = 0;
    window.holds("form input[type=radio]", "", SOON).await?;
    let choice = format!("//label[.//*[@lang='{language}']]");
    window
        .client()
        .find(fantoccini::Locator::XPath(&choice))
        .await?
        .click()
        .await?;
    made += album.take("start-language").await?;
    window
        .client()
        .find(fantoccini::Locator::Css("form button[type=submit]"))
        .await?
        .click()
        .await?;
    window.holds("input[type=password]", "", SOON).await?;
    made += album.take("start-admin").await?;
    window.close().await?;
    Ok(made)
}

/// This week and the four weeks from the next Monday on, planned and published.
async fn plans(cli: &Cli) -> Result<()> {
    let monday = next_monday();
    let this = (monday - TimeDelta::weeks(1)).to_string();
    cli.run(&["plan", "make", "--from", &this, "--weeks", "1"])
        .await?;
    cli.run(&["plan", "solve", "--seconds", "3"]).await?;
    cli.run(&["plan", "publish"]).await?;
    cli.run(&["plan", "make", "--from", &monday.to_string()])
        .await?;
    cli.run(&["plan", "solve", "--seconds", "5"]).await?;
    cli.run(&["plan", "publish"]).await.map(drop)
}

/// The pages of a centre with the sample in it.
async fn pages(language: &'static str, zone: &str) -> Result<usize> {
    let desk = Desk::fresh(MONITOR).await?;
    let cli = Cli::on(&desk.data()).speaking(language);
    cli.make_centre_in(zone).await?;
    cli.run(&["sample"]).await?;
    plans(&cli).await?;
    let window = desk.open().await?;
    let operator = Operator::at(&desk, &window);
    let album = Album {
        window: &window,
        language,
    };

    window.holds("input[type=password]", "", SOON).await?;
    let mut made = album.take("sign-in").await?;
    operator.sign_in(ADMIN).await?;
    window
        .client()
        .execute_async(
            include_str!("../prefer.js"),
            vec![json!(language), json!("light")],
        )
        .await?;
    window.client().refresh().await?;
    operator.sees_a_queue().await?;
    for (name, place) in PAGES {
        window
            .client()
            .execute("location.hash = arguments[0]", vec![json!(place)])
            .await?;
        made += album.take(name).await?;
        made += album.beyond(name, &operator).await?;
    }
    for (list, row, attribute, page, name) in INNER {
        window
            .client()
            .execute("location.hash = arguments[0]", vec![json!(list)])
            .await?;
        window.holds(row, "", SOON).await?;
        window
            .client()
            .execute(
                "location.hash = arguments[0] + document.querySelector(arguments[1]).getAttribute(arguments[2])",
                vec![json!(page), json!(row), json!(attribute)],
            )
            .await?;
        made += album.take(name).await?;
        made += album.beyond(name, &operator).await?;
    }
    window
        .client()
        .execute("location.hash = '/settings'", Vec::new())
        .await?;
    made += album.take_settings().await?;
    window
        .client()
        .execute("location.hash = '/desk'", Vec::new())
        .await?;
    operator.sees_a_queue().await?;
    made += album.take("desk-ready").await?;
    operator.press(&["Ctrl+K"]).await?;
    window
        .holds("[role=dialog], dialog[open]", "", SOON)
        .await?;
    made += album.take("palette").await?;
    operator.press(&["Escape", "F1"]).await?;
    window
        .holds("[role=dialog], dialog[open]", "", SOON)
        .await?;
    made += album.take("keys").await?;
    operator.press(&["Escape", "F2"]).await?;
    operator.in_state("preview").await?;
    made += album.take("desk-preview").await?;
    operator.reach_the_customer().await?;
    operator.at_step("greeting").await?;
    made += album.take("desk-talking").await?;
    operator.read_back("2").await?;
    operator.at_step("readback_again").await?;
    made += album.take("desk-changes").await?;
    operator.press(&["Ctrl+Shift+L"]).await?;
    window.holds("input[type=password]", "", SOON).await?;
    made += album.take("locked").await?;
    window
        .client()
        .find(fantoccini::Locator::Css("input[type=password]"))
        .await?
        .send_keys(ADMIN.password)
        .await?;
    operator.press(&["Enter"]).await?;
    operator.at_step("readback_again").await?;
    operator.press(&["1"]).await?;
    operator.talk_long_enough().await?;
    operator.hang_up().await?;
    made += album.take("desk-wrap-up").await?;
    operator.save().await?;
    made += album.take("desk-saved").await?;
    window.close().await?;
    Ok(made)
}

/// Where pictures of one language go.
struct Album<'a> {
    window: &'a Window,
    language: &'a str,
}

impl Album<'_> {
    /// Takes the page as it stands, in every theme and size, and returns how many pictures that made.
    async fn take(&self, page: &str) -> Result<usize> {
        let client = self.window.client();
        let mut made = 0;
        for theme in THEMES {
            client
                .execute(
                    "document.documentElement.dataset.theme = arguments[0]",
                    vec![json!(theme)],
                )
                .await?;
            made += self.sizes(page, theme).await?;
        }
        Ok(made)
    }

    /// What opens from a page: its dialogs, the menu of a cell, a plan's day, two plans side by side.
    async fn beyond(&self, page: &str, operator: &Operator<'_>) -> Result<usize> {
        let mut made = 0;
        match page {
            "forecast" => {
                operator.press(&["F3"]).await?;
                self.window.holds("dialog[open]", "", SOON).await?;
                made += self.take("special-day").await?;
                operator.press(&["Escape"]).await?;
            }
            "forecast-day" => {
                operator.press(&["F4"]).await?;
                self.window.holds("dialog[open]", "", SOON).await?;
                made += self.take("staffing-rules").await?;
                operator.press(&["Escape"]).await?;
            }
            "plan" => {
                let client = self.window.client();
                let focus = "document.querySelector('[data-testid=plan-grid]').focus()";
                client.execute(focus, Vec::new()).await?;
                operator.press(&["Enter"]).await?;
                let told = "[data-testid=shift-menu] [data-testid=choice-cost]";
                self.window.holds(told, "", SOON).await?;
                made += self.take("plan-menu").await?;
                operator.press(&["Escape"]).await?;
                for (name, script) in [
                    (
                        "plan-day",
                        "location.hash += '/day/' + document.querySelector('[data-date]').dataset.date",
                    ),
                    (
                        "plan-compare",
                        "location.hash = '/plan/compare/' + location.hash.split('/')[2]",
                    ),
                ] {
                    self.window.client().execute(script, Vec::new()).await?;
                    made += self.take(name).await?;
                }
            }
            _ => {}
        }
        Ok(made)
    }

    /// The settings tell which theme is chosen, so each is chosen there, as a person would.
    async fn take_settings(&self) -> Result<usize> {
        let mut made = 0;
        // Light has been chosen since the beginning: what is chosen already cannot be chosen again.
        for theme in THEMES.into_iter().rev() {
            let choice = format!("//label[.//input[@value='{theme}']]");
            self.window
                .client()
                .wait()
                .at_most(SOON)
                .for_element(fantoccini::Locator::XPath(&choice))
                .await?
                .click()
                .await?;
            let chosen = format!("html[data-theme={theme}] input[value={theme}]:checked");
            self.window.holds(&chosen, "", SOON).await?;
            made += self.sizes("settings", theme).await?;
        }
        Ok(made)
    }

    /// Takes the page in one theme, in every size.
    async fn sizes(&self, page: &str, theme: &str) -> Result<usize> {
        let mut made = 0;
        for size in SIZES {
            self.window.resize(size).await?;
            self.window
                .settled()
                .await
                .with_context(|| page.to_owned())?;
            let folder: PathBuf = [
                "screenshots",
                self.language,
                theme,
                &format!("{}x{}", size.width, size.height),
            ]
            .iter()
            .collect();
            let folder = root().join(folder);
            std::fs::create_dir_all(&folder).context("no folder for pictures")?;
            let file = |end| folder.join(format!("{page}{end}.png"));
            std::fs::write(file(""), self.window.picture().await?)?;
            made += 1;
            if self.scroll(1).await? {
                std::fs::write(file("-end"), self.window.picture().await?)?;
                self.scroll(0).await?;
                made += 1;
            }
        }
        Ok(made)
    }

    /// Goes to one end of the page (0 or 1) and says whether that moved anything.
    async fn scroll(&self, end: u8) -> Result<bool> {
        let moved = self
            .window
            .client()
            .execute(
                "const main = document.querySelector('main'); \
                 if (!main) return false; \
                 const before = main.scrollTop; \
                 main.scrollTop = arguments[0] * main.scrollHeight; \
                 return main.scrollTop !== before",
                vec![json!(end)],
            )
            .await?;
        Ok(moved.as_bool().unwrap_or_default())
    }
}
