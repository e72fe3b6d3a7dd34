//! Measures what an operator feels: how long the desk takes to open on a centre with a million
//! calls, against an empty window in the same run, and how long a key takes to show on the call page.
//! The last line is one JSON object.
//!
//! Opening is two parts without the person between them: from the start of the program to its first
//! page, and from the password's Enter to the first row of the queue.

use acceptance::cli::{ADMIN, Cli};
use acceptance::desk::Desk;
use acceptance::display::LAPTOP;
use acceptance::measure::{key, quantile, round, say};
use acceptance::operator::Operator;
use acceptance::places::{program, root};
use acceptance::process::line_of;
use acceptance::window::{SOON, Window};
use anyhow::{Context, Result, ensure};
use fantoccini::Locator;
use serde_json::json;
use std::path::{Path, PathBuf};
use std::process::Stdio;
use tokio::io::{AsyncBufReadExt, BufReader};
use tokio::process::Command;
use tokio::time::Instant;

/// Calls in the centre, where the command line names no other number.
const CALLS: &str = "1000000";

/// Starts of each program; the median counts.
const STARTS: usize = 5;

/// Turns of answer and step back, each two keys.
const TURNS: usize = 50;

#[tokio::main]
async fn main() -> Result<()> {
    let calls = std::env::args().nth(1).unwrap_or_else(|| CALLS.to_owned());
    let data = centre_with(&calls).await?;
    // A copy: what a run leaves behind must not be where the next one begins.
    let copy = tempfile::tempdir_in(root().join("target").join("bench"))?;
    copy_folder(&data, copy.path())?;
    let desk = Desk::fresh(LAPTOP).await?.on(copy.path().to_owned());
    let (empty, first_page, queue) = cold_starts(&desk).await?;
    let keys = keys_to_screen(&desk).await?;
    ensure!(
        keys.len() > TURNS,
        "enough keys were measured: {}",
        keys.len()
    );

    let opened = first_page + queue;
    let report = json!({
        "calls": calls.parse::<u64>()?,
        "starts": STARTS,
        "empty_window_ms": round(empty),
        "desk_first_page_ms": round(first_page),
        "desk_sign_in_to_queue_ms": round(queue),
        "cold_start_ratio": (opened / empty * 100.0).round() / 100.0,
        "cold_start_ratio_aim": 1.5,
        "keys": keys.len(),
        "key_to_screen_p50_ms": round(quantile(&keys, 0.5)),
        "key_to_screen_p95_ms": round(quantile(&keys, 0.95)),
        "key_to_screen_p95_aim_ms": 50,
    });
    say(&format!(
        "empty window {empty:.0} ms; desk {first_page:.0} ms to its first page and {queue:.0} ms from Enter to the queue"
    ))?;
    say(&report.to_string())
}

/// A centre with the large sample; made once and kept.
async fn centre_with(calls: &str) -> Result<PathBuf> {
    let folder = root().join("target").join("bench").join(calls);
    let whole = folder.join("whole");
    let data = folder.join("data");
    if !whole.exists() {
        say(&format!(
            "making a sample of {calls} calls; this is done once"
        ))?;
        if data.exists() {
            std::fs::remove_dir_all(&data).context("half a sample is in the way")?;
        }
        std::fs::create_dir_all(&folder)?;
        let cli = Cli::on(&data);
        cli.make_centre().await?;
        cli.run(&["sample", "--calls", calls]).await?;
        std::fs::write(whole, "")?;
    }
    Ok(data)
}

fn copy_folder(from: &Path, to: &Path) -> Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let target = to.join(entry.file_name());
        if entry.file_type()?.is_dir() {
            copy_folder(&entry.path(), &target)?;
        } else {
            std::fs::copy(entry.path(), target)?;
        }
    }
    Ok(())
}

/// Milliseconds, medians: the empty window, the desk to its first page, Enter to the queue.
async fn cold_starts(desk: &Desk) -> Result<(f64, f64, f64)> {
    let (mut empty, mut first_page, mut queue) = (Vec::new(), Vec::new(), Vec::new());
    let data = desk.data();
    let data = data
        .to_str()
        .context("a data folder's path is plain text")?;
    for _ in 0..STARTS {
        empty.push(painted(&program("examples/empty_window")?, &[], desk).await?);
        first_page.push(painted(&program("dzvinok-desk")?, &["--data-dir", data], desk).await?);
        let window = desk.open().await?;
        queue.push(enter_to_queue(desk, &window).await?);
        window.close().await?;
    }
    Ok((
        quantile(&empty, 0.5),
        quantile(&first_page, 0.5),
        quantile(&queue, 0.5),
    ))
}

/// Milliseconds from the start of a program to its first page.
async fn painted(program: &Path, arguments: &[&str], desk: &Desk) -> Result<f64> {
    let mut command = Command::new(program);
    command
        .args(arguments)
        .env("DISPLAY", desk.display().name())
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
        .env_remove("WAYLAND_DISPLAY")
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::piped())
        .kill_on_drop(true);
    let begun = Instant::now();
    let mut child = command
        .spawn()
        .with_context(|| format!("{} cannot be started", program.display()))?;
    let mut log = BufReader::new(child.stderr.take().context("the program logs nothing")?).lines();
    line_of(&mut log, SOON, |line| {
        line.contains("page painted").then_some(())
    })
    .await?;
    let took = begun.elapsed();
    child.kill().await?;
    Ok(took.as_secs_f64() * 1000.0)
}

async fn enter_to_queue(desk: &Desk, window: &Window) -> Result<f64> {
    window.holds("input[type=password]", "", SOON).await?;
    let client = window.client();
    let login = client
        .find(Locator::Css("input[autocomplete=username]"))
        .await?;
    login.clear().await?;
    login.send_keys(ADMIN.login).await?;
    client
        .find(Locator::Css("input[type=password]"))
        .await?
        .send_keys(ADMIN.password)
        .await?;
    key(desk, window, "Enter", ".queue [role=option] .name").await
}

/// One call by keyboard: taking it, answers and steps back, hold, the result.
async fn keys_to_screen(desk: &Desk) -> Result<Vec<f64>> {
    let window = desk.open().await?;
    let operator = Operator::at(desk, &window);
    operator.sign_in(ADMIN).await?;
    operator.sees_a_queue().await?;
    let step = |id: &str| format!("[data-testid=script-step][data-step={id}]");
    let (greeting, readback) = (step("greeting"), step("readback"));
    let mut took = vec![
        key(desk, &window, "F2", "header.strip.preview").await?,
        key(
            desk,
            &window,
            "F2",
            "header.strip.dialling, header.strip.ringing",
        )
        .await?,
        key(desk, &window, "F2", "header.strip.talking").await?,
    ];
    for _ in 0..TURNS {
        took.push(key(desk, &window, "1", &readback).await?);
        took.push(key(desk, &window, "Backspace", &greeting).await?);
    }
    for _ in 0..5 {
        took.push(key(desk, &window, "F6", "header.strip.hold").await?);
        took.push(key(desk, &window, "F6", "header.strip.talking").await?);
    }
    operator.read_back("1").await?;
    took.push(key(desk, &window, "F8", "header.strip.wrap_up").await?);
    for (digit, outcome) in [
        ("2", "confirmed_with_changes"),
        ("3", "cancelled"),
        ("5", "no_answer"),
        ("1", "confirmed"),
    ] {
        took.push(
            key(
                desk,
                &window,
                digit,
                &format!(".chosen input[value={outcome}]:checked"),
            )
            .await?,
        );
    }
    window.close().await?;
    Ok(took)
}
