//! kill -9 while importing and sending loses nothing that was acknowledged and doubles nothing. A
//! small run; `make kill` makes a thousand and waits for every doubt to end.

use acceptance::killing::{Options, run};
use anyhow::{Result, ensure};

#[tokio::test(flavor = "multi_thread")]
async fn killed_a_dozen_times_nothing_acknowledged_is_missing() -> Result<()> {
    let kills = std::env::var("KILLS")
        .ok()
        .and_then(|text| text.parse().ok())
        .unwrap_or(12);
    let options = Options {
        kills,
        shard: 12,
        at_a_time: 1,
        seed: 20_261_122,
        settle: false,
    };
    let tally = run(options, |_| ()).await?;
    ensure!(
        tally.kills >= kills && tally.kills_at_requests > 0,
        "it was killed in the middle: {tally:?}"
    );
    ensure!(
        tally.acknowledged > 0 && tally.writes > 0,
        "there was something to lose: {tally:?}"
    );
    ensure!(
        tally.is_clean(),
        "nothing is missing, doubled, given up or damaged: {tally:?}"
    );
    Ok(())
}
