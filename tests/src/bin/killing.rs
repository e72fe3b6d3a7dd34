//! kill -9 a thousand times, in the middle of importing and sending. The last line is one JSON
//! object; it fails when anything acknowledged is missing or anything stands twice.
//!
//! `killing [KILLS] [SEED]`

use acceptance::killing::{Options, run};
use anyhow::{Context, Result, ensure};
use std::io::Write;

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments = std::env::args().skip(1);
    let mut number = |otherwise| {
        arguments
            .next()
            .map_or(Ok(otherwise), |text| text.parse::<u64>())
    };
    let kills = usize::try_from(number(1000)?)?;
    let options = Options {
        kills,
        shard: 50,
        at_a_time: std::thread::available_parallelism()?.get(),
        seed: number(1)?,
        settle: true,
    };
    let begun = std::time::Instant::now();
    let tally = run(options, |line| {
        // Progress that nobody reads is no loss.
        let _ = say(line);
    })
    .await?;
    say(&format!("{} s in all", begun.elapsed().as_secs()))?;
    say(&tally.json(&options).to_string())?;
    ensure!(
        tally.is_clean(),
        "something is missing, doubled or damaged; see target/acceptance/killing"
    );
    ensure!(tally.kills >= kills, "killed too seldom");
    Ok(())
}

fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("nobody listens")
}
