//! Solves a benchmark instance for a given time on two threads and writes the roster.
//!
//! `benchmark INSTANCE [TIME_S] [OUT] [SEED]`. The last line is JSON: cost, `hard_violations`, seconds.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::expect_used,
    unreachable_pub,
    missing_docs,
    dead_code,
    reason = "a tool of the bench, not the product"
)]

#[path = "curtois/check.rs"]
mod check;
#[path = "curtois/mod.rs"]
mod curtois;

use std::process::ExitCode;
use std::sync::Arc;
use std::time::{Duration, Instant};

fn main() -> ExitCode {
    match run() {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<(), String> {
    let mut arguments = std::env::args().skip(1);
    let file = arguments
        .next()
        .ok_or("usage: benchmark INSTANCE [TIME_S] [OUT] [SEED]")?;
    let seconds: f64 = parsed(arguments.next(), "60", "TIME_S")?;
    let out = arguments
        .next()
        .unwrap_or_else(|| "target/roster.txt".to_owned());
    let seed: u64 = parsed(arguments.next(), "1", "SEED")?;
    let start = Instant::now();
    let text = std::fs::read_to_string(&file).map_err(|error| format!("{file}: {error}"))?;
    let instance = curtois::parse(&text).map_err(|error| format!("{file}: {error}"))?;
    let limit = Duration::from_secs_f64(seconds.clamp(0.1, 1e6));
    let mut search = roster::Search::with_threads(Arc::new(instance.problem()), seed, 2)
        .map_err(|error| format!("{file}: {error}"))?;
    let mut shown = f64::INFINITY;
    let mut next_line = Duration::ZERO;
    let mut steps = 0;
    let mut planned = false;
    let begun = start.elapsed();
    while start.elapsed() < limit {
        let cost = search.best().cost();
        if cost.total < shown && start.elapsed() >= next_line {
            shown = cost.total;
            println!(
                "{:8.2} s  {:>8}  {} broken rules",
                start.elapsed().as_secs_f64(),
                cost.total,
                cost.broken
            );
            next_line = start.elapsed().mul_f64(1.2) + Duration::from_millis(50);
        }
        steps = search.step().steps;
        let elapsed = start.elapsed();
        if !planned && elapsed >= limit.mul_f64(0.03) {
            planned = true;
            let per_step = elapsed.saturating_sub(begun).as_secs_f64() / f64::from(steps);
            let left = limit.saturating_sub(elapsed).as_secs_f64() / per_step;
            #[expect(
                clippy::cast_possible_truncation,
                clippy::cast_sign_loss,
                reason = "at most a million seconds of steps"
            )]
            search.plan_for((left * 0.97) as u32);
        }
    }
    let elapsed = start.elapsed().as_secs_f64();
    let plan = curtois::Instance::plain(search.best().roster());
    let verdict = check::check(&instance, &plan);
    for violation in &verdict.violations {
        println!("broken: {violation}");
    }
    let counted = search.best().cost().total;
    #[expect(clippy::cast_precision_loss, reason = "a benchmark's cost is small")]
    if (counted - verdict.cost as f64).abs() > 0.5 {
        return Err(format!(
            "the search counts {counted}, the check {}: one of them is wrong",
            verdict.cost
        ));
    }
    if let Some(folder) = std::path::Path::new(&out).parent() {
        std::fs::create_dir_all(folder).map_err(|error| format!("{out}: {error}"))?;
    }
    std::fs::write(&out, instance.write(&plan)).map_err(|error| format!("{out}: {error}"))?;
    println!("{steps} steps; the roster is in {out}");
    println!(
        "{{\"cost\":{},\"hard_violations\":{},\"seconds\":{elapsed:.2}}}",
        verdict.cost,
        verdict.violations.len()
    );
    Ok(())
}

fn parsed<T: std::str::FromStr>(
    argument: Option<String>,
    default: &str,
    name: &str,
) -> Result<T, String> {
    let text = argument
        .filter(|text| !text.is_empty())
        .unwrap_or_else(|| default.to_owned());
    text.parse()
        .map_err(|_| format!("{name} should be a number, not {text:?}"))
}
