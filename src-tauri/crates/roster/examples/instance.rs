//! Makes up a benchmark instance of a given size in the text format of Curtois and Qu.
//!
//! `instance DAYS STAFF SHIFTS [SEED]` prints it. A valid roster is planted first and the cover drawn
//! around it, so the planted roster's cost, told in a comment, is a bound from above.

#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    clippy::indexing_slicing,
    clippy::expect_used,
    clippy::needless_range_loop,
    unreachable_pub,
    missing_docs,
    reason = "a tool of the bench, not the product"
)]

#[path = "curtois/make.rs"]
mod make;

fn main() {
    let numbers: Vec<u64> = std::env::args()
        .skip(1)
        .map(|argument| {
            argument
                .parse()
                .expect("usage: instance DAYS STAFF SHIFTS [SEED]")
        })
        .collect();
    let size = |place: usize| {
        usize::try_from(
            *numbers
                .get(place)
                .expect("usage: instance DAYS STAFF SHIFTS [SEED]"),
        )
        .expect("a size")
    };
    let seed = numbers.get(3).copied().unwrap_or(1);
    print!("{}", make::instance(size(0), size(1), size(2), seed));
}
