//! The plan of 200 people and 12 projects in the real window: how long a key takes to show, at rest
//! and while a search runs, and whether the bar of the search tells the truth. `bench_plan` makes the
//! centre. The last line is one JSON object.

use acceptance::cli::Account;
use acceptance::desk::Desk;
use acceptance::display::LAPTOP;
use acceptance::measure::{key, quantile, round, say};
use acceptance::operator::Operator;
use acceptance::places::{program, root};
use acceptance::window::{SOON, Window};
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::path::Path;
use tokio::process::Command;

/// As `bench_plan` makes it.
const OLENA: Account = Account {
    name: "Олена",
    login: "olena",
    password: "соловей-2026",
};

/// Steps by arrow, each way.
const STEPS: usize = 60;
/// Shifts pinned and let go.
const PINS: usize = 30;
/// Seconds that the search may take.
const SEARCH: f64 = 30.0;

/// A cell of the grid: row and column.
type Place = (usize, usize);

#[tokio::main]
async fn main() -> Result<()> {
    let folder = root().join("target").join("bench").join("plan");
    let data = folder.join("data");
    if !folder.join("whole").exists() {
        make(&data).await?;
        std::fs::write(folder.join("whole"), "")?;
    }
    let desk = Desk::fresh(LAPTOP).await?.on(data);
    let window = desk.open().await?;
    let operator = Operator::at(&desk, &window);
    operator.sign_in(OLENA).await?;
    window.holds("nav a[href='#/plan']", "", SOON).await?;
    let client = window.client();
    client
        .execute("location.hash = '/plan'", Vec::new())
        .await?;
    window.holds("[data-testid=plan-row]", "", SOON).await?;
    client
        .execute(
            "location.hash = '/plan/' + document.querySelector('[data-testid=plan-row]').dataset.plan",
            Vec::new(),
        )
        .await?;
    window.holds("[data-testid=plan-cursor]", "", SOON).await?;
    window.settled().await?;

    let grid = Grid {
        desk: &desk,
        window: &window,
    };
    let resting = grid.walk().await?;
    let edits = grid.pin().await?;

    client
        .execute(
            "document.querySelector('[data-testid=solve]').click()",
            Vec::new(),
        )
        .await?;
    window.holds("[data-testid=solving]", "", SOON).await?;
    client
        .execute(include_str!("../watch_bar.js"), vec![json!(SEARCH)])
        .await?;
    let searching = grid.walk().await?;
    let bar = client
        .execute_async(
            "const [done] = arguments; window.barWatched.then(done)",
            Vec::new(),
        )
        .await?;
    let farthest = bar.as_f64().context("the bar was not watched")?;
    window.close().await?;

    let report = json!({
        "people": 200,
        "step_p50_ms": round(quantile(&resting, 0.5)),
        "step_p95_ms": round(quantile(&resting, 0.95)),
        "edit_p50_ms": round(quantile(&edits, 0.5)),
        "edit_p95_ms": round(quantile(&edits, 0.95)),
        "step_in_search_p50_ms": round(quantile(&searching, 0.5)),
        "step_in_search_p95_ms": round(quantile(&searching, 0.95)),
        "aim_p95_ms": 50,
        "bar_farthest_off_percent": round(farthest),
    });
    say(&report.to_string())
}

/// A centre with a plan in it.
async fn make(data: &Path) -> Result<()> {
    if data.exists() {
        std::fs::remove_dir_all(data).context("half a centre is in the way")?;
    }
    say("making the centre; this is done once")?;
    let made = Command::new(program("examples/bench_plan")?)
        .arg("5")
        .arg(data)
        .status()
        .await?;
    ensure!(made.success(), "no centre was made");
    Ok(())
}

/// What the cursor's place looks like; the first row and column are heads.
fn cursor((row, column): Place) -> String {
    let (row, column) = (row + 2, column + 2);
    format!("[data-testid=plan-cursor][aria-rowindex='{row}'][aria-colindex='{column}']")
}

/// The grid under measurement.
struct Grid<'a> {
    desk: &'a Desk,
    window: &'a Window,
}

impl Grid<'_> {
    /// Goes to the first cell.
    async fn focus(&self) -> Result<()> {
        let script = "document.querySelector('[data-testid=plan-grid]').focus()";
        self.window.client().execute(script, Vec::new()).await?;
        self.desk.display().press(&["Ctrl+Home"]).await?;
        let first = cursor((0, 0));
        self.window.holds(&first, "", SOON).await.map(drop)
    }

    /// Down through people and back up, then right through days and back, past the edge of the window.
    async fn walk(&self) -> Result<Vec<f64>> {
        self.focus().await?;
        let mut took = Vec::new();
        let down = (1..=STEPS).map(|row| ("Down", (row, 0)));
        let up = (0..STEPS).rev().map(|row| ("Up", (row, 0)));
        let right = (1..28).map(|column| ("Right", (0, column)));
        let left = (0..27).rev().map(|column| ("Left", (0, column)));
        for (chord, place) in down.chain(up).chain(right).chain(left) {
            let there = cursor(place);
            took.push(key(self.desk, self.window, chord, &there).await?);
        }
        Ok(took)
    }

    /// Pins shifts and lets them go, person by person: each an edit that the desk answers.
    async fn pin(&self) -> Result<Vec<f64>> {
        self.focus().await?;
        let mut took = Vec::new();
        for row in 0..PINS {
            let shift = self.window.client().execute(
                "const cells = document.querySelectorAll(`[data-testid^='cell-${arguments[0]}-']`); \
                 return [...cells].findIndex((cell) => cell.dataset.shift)",
                vec![json!(row)],
            );
            let column = shift.await?.as_u64();
            let Some(column) = column.and_then(|column| usize::try_from(column).ok()) else {
                continue;
            };
            self.go((row, column)).await?;
            let cell = format!(
                "[data-testid^='cell-{row}-'][aria-colindex='{}']",
                column + 2
            );
            for pinned in [true, false] {
                let shown = format!("{cell}[data-pinned={pinned}]");
                took.push(key(self.desk, self.window, "P", &shown).await?);
            }
        }
        Ok(took)
    }

    /// Walks to a cell; not measured.
    async fn go(&self, (row, column): Place) -> Result<()> {
        self.desk.display().press(&["Ctrl+Home"]).await?;
        let down = std::iter::repeat_n("Down", row);
        let right = std::iter::repeat_n("Right", column);
        let chords: Vec<&str> = down.chain(right).collect();
        self.desk.display().press(&chords).await?;
        let there = cursor((row, column));
        self.window.holds(&there, "", SOON).await?;
        self.window.settled().await
    }
}
