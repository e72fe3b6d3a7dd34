//! Checks a roster file against a benchmark instance.
//!
//! `check_roster INSTANCE ROSTER`. Fails when a hard rule is broken; the last line is JSON.

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

fn main() -> ExitCode {
    match run() {
        Ok(verdict) => {
            for violation in &verdict.violations {
                println!("broken: {violation}");
            }
            println!(
                "{{\"cost\":{},\"hard_violations\":{}}}",
                verdict.cost,
                verdict.violations.len()
            );
            if verdict.violations.is_empty() {
                ExitCode::SUCCESS
            } else {
                ExitCode::FAILURE
            }
        }
        Err(message) => {
            eprintln!("{message}");
            ExitCode::FAILURE
        }
    }
}

fn run() -> Result<check::Verdict, String> {
    let mut arguments = std::env::args().skip(1);
    let (Some(instance), Some(roster)) = (arguments.next(), arguments.next()) else {
        return Err("usage: check_roster INSTANCE ROSTER".to_owned());
    };
    let read =
        |file: &str| std::fs::read_to_string(file).map_err(|error| format!("{file}: {error}"));
    let parsed =
        curtois::parse(&read(&instance)?).map_err(|error| format!("{instance}: {error}"))?;
    let plan = parsed
        .read(&read(&roster)?)
        .map_err(|error| format!("{roster}: {error}"))?;
    Ok(check::check(&parsed, &plan))
}
