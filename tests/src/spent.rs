//! What a program spent, as Linux counts it.

use anyhow::{Context, Result};
use std::fs;
use std::process::ExitStatus;
use std::time::Duration;
use tokio::process::Child;
use tokio::time::{Instant, sleep};

/// How often a running program is looked at; the peak of memory is the system's own.
const LOOK: Duration = Duration::from_millis(4);

/// Ticks of the processor's clock in a second, as Linux shows them to programs (`USER_HZ`).
const TICKS: f64 = 100.0;

/// What a program spent.
#[derive(Clone, Copy, Debug)]
pub struct Spent {
    /// From start to end.
    pub wall: Duration,
    /// On processors, its own and the system's for it, seconds.
    pub processor: f64,
    /// The most memory it held, KiB.
    pub peak_kib: u64,
    /// The most since the moment it was told to forget the peak before, KiB.
    pub later_peak_kib: u64,
    /// Of that, what is its own and no file's: neither shared with others nor to be read again, KiB.
    pub private_kib: u64,
    /// How it ended.
    pub status: ExitStatus,
}

/// Watches a program to its end. `begun` says whether the part that matters has begun: from then on
/// the second peak counts.
pub async fn watch(child: &mut Child, mut begun: impl FnMut() -> bool) -> Result<Spent> {
    let started = Instant::now();
    let id = child.id().context("the program has ended already")?;
    let (mut processor, mut peak_kib, mut later_peak_kib) = (0.0_f64, 0, 0);
    let mut private_kib = 0;
    let mut is_later = false;
    loop {
        // The times outlive the end until it has been waited for.
        processor = ticks(id).map_or(processor, |ticks| ticks / TICKS);
        let high = held(id, "VmHWM:").unwrap_or(0);
        if !is_later && begun() {
            is_later = true;
            peak_kib = high;
            // Forgets the peak (proc(5), clear_refs).
            fs::write(format!("/proc/{id}/clear_refs"), "5").context("the peak cannot be reset")?;
        } else if is_later {
            later_peak_kib = later_peak_kib.max(high);
            private_kib = private_kib.max(held(id, "RssAnon:").unwrap_or(0));
        }
        peak_kib = peak_kib.max(high);
        if let Some(status) = child.try_wait()? {
            return Ok(Spent {
                wall: started.elapsed(),
                processor,
                peak_kib,
                later_peak_kib,
                private_kib,
                status,
            });
        }
        sleep(LOOK).await;
    }
}

/// Fields 14 and 15 of `/proc/PID/stat`, which follow the name in brackets.
fn ticks(id: u32) -> Option<f64> {
    let stat = fs::read_to_string(format!("/proc/{id}/stat")).ok()?;
    let (_, rest) = stat.rsplit_once(')')?;
    let mut fields = rest.split_whitespace().skip(11);
    let user: f64 = fields.next()?.parse().ok()?;
    let system: f64 = fields.next()?.parse().ok()?;
    Some(user + system)
}

fn held(id: u32, field: &str) -> Option<u64> {
    let status = fs::read_to_string(format!("/proc/{id}/status")).ok()?;
    let line = status.lines().find(|line| line.starts_with(field))?;
    line.split_whitespace().nth(1)?.parse().ok()
}
