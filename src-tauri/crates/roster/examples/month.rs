//! Plans four weeks of a made-up centre and tells how the plan gets better.
//!
//! `month [SECONDS] [PEOPLE] [LINES] [THREADS] [SEED]`.

#![allow(
    clippy::print_stdout,
    clippy::expect_used,
    clippy::cast_precision_loss,
    unreachable_pub,
    missing_docs,
    reason = "a tool of the bench, not the product"
)]

#[path = "centre/mod.rs"]
mod centre;

use std::sync::Arc;
use std::time::{Duration, Instant};

fn main() {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .map(|argument| argument.parse().expect("a whole number"))
        .collect();
    let number = |place: usize, default: u64| numbers.get(place).copied().unwrap_or(default);
    let size = |value: u64| usize::try_from(value).expect("a size");
    let limit = Duration::from_secs(number(0, 10));
    let lines = u16::try_from(number(2, 12)).expect("few lines");
    let problem = Arc::new(centre::centre(
        size(number(1, 200)),
        28,
        lines,
        number(4, 1),
    ));
    let start = Instant::now();
    let mut search = roster::Search::with_threads(problem, number(4, 1), size(number(3, 1)))
        .expect("the problem can be read");
    let mut next = Duration::ZERO;
    loop {
        if start.elapsed() >= next {
            let cost = search.best().cost();
            println!("{:7.2} s {cost:?}", start.elapsed().as_secs_f64());
            next = start.elapsed().mul_f64(1.5);
        }
        if start.elapsed() >= limit {
            break;
        }
        search.step();
    }
    let mut board = search.best().clone();
    for broken in board.broken() {
        println!("{broken:?}");
    }
    let at = Instant::now();
    let edits = 1000;
    for edit in 0..edits {
        board.preview(edit % board.problem().people.len(), edit % 28, None);
    }
    println!(
        "preview of an edit: {:.1} µs",
        at.elapsed().as_secs_f64() * 1e6 / edits as f64
    );
    let at = Instant::now();
    let gaps: Vec<roster::Gap> = (0..usize::from(lines))
        .flat_map(|line| board.gaps(line, 0.5))
        .collect();
    println!(
        "{} gaps in {:.1} ms",
        gaps.len(),
        at.elapsed().as_secs_f64() * 1e3
    );
    if let Some(gap) = gaps.first() {
        let at = Instant::now();
        println!("{gap:?}: {:?}", board.why(gap));
        println!("explained in {:.2} ms", at.elapsed().as_secs_f64() * 1e3);
    }
}
