//! Lives through many days and tells what went wrong.

#![expect(clippy::print_stdout, reason = "a report is what it is for")]

use clap::Parser;
use sim::{Break, Verdict, Wish, Wrong, live};
use std::collections::BTreeMap;
use std::process::ExitCode;
use std::sync::Mutex;
use std::sync::PoisonError;
use std::sync::atomic::{AtomicU64, Ordering};
use std::thread;

/// Simulated days of five desks and a shop, with every fault we know of.
#[derive(Parser)]
struct Arguments {
    /// How many days.
    #[arg(long, default_value_t = 10_000)]
    days: u64,
    /// The seed of the first; the others follow.
    #[arg(long, default_value_t = 1)]
    first_seed: u64,
    /// Threads; all cores when not given.
    #[arg(long)]
    shards: Option<usize>,
    /// Breaks the protocol on purpose.
    #[arg(long = "break", value_enum)]
    broken: Option<Break>,
    /// One day only.
    #[arg(long)]
    seed: Option<u64>,
    /// Tells all that happens on that day.
    #[arg(long, requires = "seed")]
    trace: bool,
}

/// Failing days told in full.
const TOLD: usize = 20;

fn main() -> ExitCode {
    let arguments = Arguments::parse();
    let (first, days) = arguments
        .seed
        .map_or((arguments.first_seed, arguments.days), |seed| (seed, 1));
    let wish = Wish {
        broken: arguments.broken,
        is_told: arguments.trace,
        ..Wish::default()
    };
    let shards = arguments
        .shards
        .or_else(|| thread::available_parallelism().ok().map(usize::from))
        .unwrap_or(1);
    let total = Mutex::new(Total::default());
    let next = AtomicU64::new(first);
    thread::scope(|scope| {
        for _ in 0..shards {
            scope.spawn(|| {
                loop {
                    let seed = next.fetch_add(1, Ordering::Relaxed);
                    if seed - first >= days {
                        return;
                    }
                    let verdict = live(seed, wish);
                    total
                        .lock()
                        .unwrap_or_else(PoisonError::into_inner)
                        .add(verdict);
                }
            });
        }
    });
    let total = total.into_inner().unwrap_or_else(PoisonError::into_inner);
    total.tell(arguments.broken);
    if total.is_clean() {
        ExitCode::SUCCESS
    } else {
        ExitCode::FAILURE
    }
}

/// What all days came to.
#[derive(Default)]
struct Total {
    days: u64,
    results: u64,
    crashes: u64,
    events: u64,
    figures: BTreeMap<&'static str, u64>,
    wrong: BTreeMap<Wrong, u64>,
    failing: Vec<Verdict>,
}

impl Total {
    fn add(&mut self, verdict: Verdict) {
        self.days += 1;
        self.results += verdict.results;
        self.crashes += verdict.crashes;
        self.events += verdict.events;
        for (name, count) in &verdict.figures {
            *self.figures.entry(name).or_default() += count;
        }
        for finding in &verdict.findings {
            *self.wrong.entry(finding.wrong).or_default() += 1;
        }
        if !verdict.is_clean() {
            self.failing.push(verdict);
        }
    }

    fn is_clean(&self) -> bool {
        self.failing.is_empty()
    }

    fn of(&self, wrong: Wrong) -> u64 {
        self.wrong.get(&wrong).copied().unwrap_or_default()
    }

    fn tell(&self, broken: Option<Break>) {
        let mut failing: Vec<&Verdict> = self.failing.iter().collect();
        failing.sort_by_key(|verdict| verdict.seed);
        for verdict in failing.iter().take(TOLD) {
            println!("day {} fails ({:016x}):", verdict.seed, verdict.hash);
            for finding in verdict.findings.iter().take(TOLD) {
                println!("  {:?}: {}", finding.wrong, finding.what);
            }
        }
        if let Some(first) = failing.first() {
            let seeds: Vec<String> = failing
                .iter()
                .take(200)
                .map(|verdict| verdict.seed.to_string())
                .collect();
            println!(
                "{} of {} days fail: {}",
                failing.len(),
                self.days,
                seeds.join(" ")
            );
            let how = broken.map_or(String::new(), |broken| format!(" --break {}", word(broken)));
            println!("replay with: sim --seed {} --trace{how}", first.seed);
        }
        for (name, count) in &self.figures {
            println!("{name:>26} {count}");
        }
        println!("{}", self.json());
    }

    /// By hand, since the order of the fields is part of what is promised.
    fn json(&self) -> String {
        let lost = self.of(Wrong::Lost) + self.of(Wrong::Missed);
        let doubled = self.of(Wrong::Doubled) + self.of(Wrong::Invented);
        let mut fields = vec![
            ("days", self.days),
            ("results", self.results),
            ("lost", lost),
            ("doubled", doubled),
            ("stuck", self.of(Wrong::Stuck)),
            ("crashes", self.crashes),
            ("lost_results", self.of(Wrong::Lost)),
            ("missed_changes", self.of(Wrong::Missed)),
            ("invented", self.of(Wrong::Invented)),
            ("failing_days", self.failing.len() as u64),
            ("events", self.events),
        ];
        fields.extend(self.figures.iter().map(|(name, count)| (*name, *count)));
        let fields: Vec<String> = fields
            .iter()
            .map(|(name, count)| format!("\"{name}\":{count}"))
            .collect();
        format!("{{{}}}", fields.join(","))
    }
}

fn word(broken: Break) -> &'static str {
    match broken {
        Break::NoMarker => "no-marker",
        Break::NoQuiet => "no-quiet",
        Break::NoOverlap => "no-overlap",
        Break::DeskClock => "desk-clock",
    }
}
