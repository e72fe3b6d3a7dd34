//! Programs that end when the test does.

use anyhow::{Context, Result, bail, ensure};
use std::ffi::OsStr;
use std::process::Stdio;
use std::time::Duration;
use tokio::io::{AsyncBufRead, AsyncBufReadExt, BufReader, Lines};
use tokio::process::{Child, ChildStdout, Command};
use tokio::time::timeout;

/// Lines a program prints.
pub type Output = Lines<BufReader<ChildStdout>>;

/// Starts a program, killed when dropped, and hands over the lines it prints.
pub fn start(command: &mut Command) -> Result<(Child, Output)> {
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .kill_on_drop(true)
        .spawn()
        .with_context(|| format!("{command:?} cannot be started"))?;
    let stdout = child.stdout.take().context("the program has no output")?;
    Ok((child, BufReader::new(stdout).lines()))
}

/// The first line that `wanted` accepts, within `limit`.
pub async fn line_of<T, R: AsyncBufRead + Unpin>(
    output: &mut Lines<R>,
    limit: Duration,
    mut wanted: impl FnMut(&str) -> Option<T>,
) -> Result<T> {
    let search = async {
        while let Some(line) = output
            .next_line()
            .await
            .context("the program's output cannot be read")?
        {
            if let Some(found) = wanted(&line) {
                return Ok(found);
            }
        }
        bail!("the program ended before it said what was waited for")
    };
    timeout(limit, search)
        .await
        .with_context(|| format!("nothing came within {limit:?}"))?
}

/// Runs a program to its end and returns what it printed.
pub async fn run<S: AsRef<OsStr>>(
    program: &str,
    arguments: impl IntoIterator<Item = S>,
    display: &str,
) -> Result<String> {
    let output = Command::new(program)
        .args(arguments)
        .env("DISPLAY", display)
        .stdin(Stdio::null())
        .output()
        .await
        .with_context(|| format!("{program} cannot be started"))?;
    ensure!(
        output.status.success(),
        "{program}: {}: {}",
        output.status,
        String::from_utf8_lossy(&output.stderr)
    );
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}
