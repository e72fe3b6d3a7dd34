//! How far predicted service levels lie from what comes, day by day, and how long it takes.

#![expect(
    clippy::unwrap_used,
    reason = "an example ends where something is wrong"
)]

#[path = "../src/tests/days.rs"]
mod days;

use days::{KINDS, calls, foreseen, mean_level, plan, played};
use staffing::ServiceLevel;
use std::io::Write;
use std::time::Instant;

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    writeln!(
        out,
        "{:<28} people  came  (days from .. to)  exact plan  mean presence  predict ms  simulate ms",
        ""
    )?;
    for kind in &KINDS {
        let plan = plan(kind);
        let drawn: Vec<_> = (0..50).map(|seed| calls(kind, seed)).collect();
        let started = Instant::now();
        let days: Vec<_> = drawn.iter().map(|calls| played(&plan, calls)).collect();
        let simulated = started.elapsed().as_secs_f64() * 1000.0 / 50.0;
        let level =
            |day: &staffing::Counts| 100.0 * day.service_level(ServiceLevel::OfOffered).unwrap();
        let came = 100.0 * mean_level(&days);
        let least = days.iter().map(level).fold(100.0, f64::min);
        let most = days.iter().map(level).fold(0.0, f64::max);
        let started = Instant::now();
        let exact = level(&foreseen(kind, &plan, true)) - came;
        let predicted = started.elapsed().as_secs_f64() * 1000.0;
        let mean = level(&foreseen(kind, &plan, false)) - came;
        writeln!(
            out,
            "{:<28} {:>6}  {came:5.2} ({least:5.1} .. {most:5.1})  {exact:+10.2}  {mean:+13.2}  {predicted:10.2}  {simulated:11.2}",
            kind.name,
            plan.len(),
        )?;
    }
    Ok(())
}
