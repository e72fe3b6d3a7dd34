//! Rolling-origin evaluation of the forecast on a CSV of counts:
//! `cargo run --release -p forecast --example rolling_origin -- FILE [COUNTRY]`.
//!
//! Two weeks are forecast from each of the last nine Mondays that leave two whole weeks to score, with
//! all that lies before and nothing after. Holidays and the eves of Christmas and New Year are left out
//! of the main scores, days without counts cannot be scored; `wape_incl_hol` keeps the holidays. Which
//! country's holidays they are is given, or told from the data before the first origin.
#![expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a program that reports"
)]
#![expect(clippy::cast_precision_loss, reason = "days and slots are few")]

mod holidays;
mod peers;
mod series;

use chrono::{Datelike, NaiveDate, Weekday};
use forecast::{Forecast, History, Inputs, Quantity, SpecialDays, forecast};
use holidays::Calendar;
use peers::{PEERS, Training};
use series::Series;
use std::collections::BTreeSet;
use std::process::ExitCode;
use std::time::Instant;

const ORIGINS: usize = 9;
const HORIZON: usize = 14;
const HORIZON_DAYS: u32 = 14;
/// A forecast needs two weeks to start from; what it learns from takes eight more.
const LEAST_DAYS: usize = 14 + 56;

/// Errors of one method, summed over origins.
#[derive(Default, Clone)]
struct Score {
    /// By week: absolute errors, what came.
    weeks: [(f64, f64); 2],
    with_holidays: (f64, f64),
    days: (f64, f64),
    bias: f64,
    /// Mean absolute scaled errors, one per origin.
    scaled: Vec<f64>,
    inside: (f64, f64, f64),
    days_inside: (f64, f64, f64),
}

impl Score {
    fn wape(&self) -> f64 {
        let [a, b] = self.weeks;
        100.0 * (a.0 + b.0) / (a.1 + b.1)
    }

    fn week(&self, week: usize) -> f64 {
        self.weeks
            .get(week)
            .map_or(f64::NAN, |(off, came)| 100.0 * off / came)
    }

    fn mase(&self) -> f64 {
        self.scaled.iter().sum::<f64>() / self.scaled.len() as f64
    }

    fn day_wape(&self) -> f64 {
        100.0 * self.days.0 / self.days.1
    }

    fn bias(&self) -> f64 {
        100.0 * self.bias / (self.weeks.iter().map(|(_, came)| came).sum::<f64>())
    }

    fn line(&self, name: &str) {
        println!(
            "{name:<20} {:>7.2} {:>7.2} {:>7.2} {:>7.3} {:>8.2} {:>9.2} {:>6.2}",
            self.week(0),
            self.week(1),
            self.wape(),
            self.mase(),
            self.day_wape(),
            100.0 * self.with_holidays.0 / self.with_holidays.1,
            self.bias(),
        );
    }
}

/// What is scored and how.
struct Bench {
    series: Series,
    history: History,
    calendar: Calendar,
    special: SpecialDays,
}

impl Bench {
    /// Adds the errors of one origin.
    fn score(&self, score: &mut Score, origin: usize, said: &[Option<f64>], scale: f64) {
        let slots = self.series.slots;
        let (mut off_sum, mut cells) = (0.0, 0.0);
        for (ahead, row) in said.chunks(slots).enumerate() {
            let day = origin + ahead;
            let holiday = self.calendar.special(self.series.date(day));
            let (mut day_said, mut day_came) = (0.0, 0.0);
            for (said, came) in row.iter().zip(self.series.row(day)) {
                let Some(came) = came else { continue };
                // Where a method says nothing, it says that nothing comes.
                let said = said.unwrap_or(0.0);
                let off = (said - came).abs();
                score.with_holidays.0 += off;
                score.with_holidays.1 += came;
                if holiday {
                    continue;
                }
                day_said += said;
                day_came += came;
                off_sum += off;
                cells += 1.0;
                score.bias += said - came;
                if let Some(week) = score.weeks.get_mut(ahead / 7) {
                    week.0 += off;
                    week.1 += came;
                }
            }
            score.days.0 += (day_said - day_came).abs();
            score.days.1 += day_came;
        }
        if cells > 0.0 {
            score.scaled.push(off_sum / cells / scale);
        }
    }

    /// Adds how many slots and days lay inside their intervals.
    fn cover(&self, score: &mut Score, origin: usize, forecast: &Forecast) {
        let slots = self.series.slots;
        for (ahead, row) in forecast.slots.chunks(slots).enumerate() {
            let day = origin + ahead;
            if self.calendar.special(self.series.date(day)) || !self.series.seen(day) {
                continue;
            }
            let mut sum = 0.0;
            for (estimate, came) in row.iter().zip(self.series.row(day)) {
                if let (Some(estimate), Some(came)) = (estimate, came) {
                    sum += came;
                    count(&mut score.inside, estimate, *came);
                }
            }
            if let Some(day) = forecast.days.get(ahead) {
                count(&mut score.days_inside, &day.total, sum);
            }
        }
    }
}

fn count(inside: &mut (f64, f64, f64), estimate: &forecast::Estimate, came: f64) {
    if came >= estimate.low80 && came <= estimate.high80 {
        inside.0 += 1.0;
    }
    if came >= estimate.low95 && came <= estimate.high95 {
        inside.1 += 1.0;
    }
    inside.2 += 1.0;
}

/// Seconds of processor time so far, or of the clock where the system does not tell.
fn cpu_seconds(start: Instant) -> f64 {
    std::fs::read_to_string("/proc/self/schedstat")
        .ok()
        .and_then(|text| text.split_whitespace().next()?.parse::<f64>().ok())
        .map_or_else(|| start.elapsed().as_secs_f64(), |nanos| nanos / 1e9)
}

/// The last Mondays that leave two whole weeks, oldest first.
fn origins(series: &Series) -> Vec<usize> {
    let mut origins: Vec<usize> = (LEAST_DAYS..(series.days() + 1).saturating_sub(HORIZON))
        .filter(|day| series.date(*day).weekday() == Weekday::Mon)
        .collect();
    origins.split_off(origins.len().saturating_sub(ORIGINS))
}

fn run(path: &str, country: Option<&str>) -> Result<(), String> {
    let series = series::read(path)?;
    let origins = origins(&series);
    let Some(first) = origins.first() else {
        return Err(format!(
            "{path}: {} days; give at least {} so that a Monday with two weeks after it can be judged",
            series.days(),
            LEAST_DAYS + HORIZON + 6
        ));
    };
    let calendar = Calendar::find(&series, series.date(*first), country)?;
    let history = History::new(series.first, series.slots, series.values.clone())
        .map_err(|error| format!("{path}: {error}"))?;
    let special = calendar.days();
    println!(
        "{path}: {} days from {} on, {} slots a day, holidays: {}",
        series.days(),
        series.first,
        series.slots,
        calendar.country
    );
    let bench = Bench {
        series,
        history,
        calendar,
        special,
    };
    judge(&bench, &origins)
}

fn judge(bench: &Bench, origins: &[usize]) -> Result<(), String> {
    let left_out: BTreeSet<NaiveDate> = BTreeSet::new();
    let inputs = Inputs {
        history: &bench.history,
        quantity: Quantity::Volume,
        special: &bench.special,
        left_out: &left_out,
        lead: None,
        borrowed: None,
        open: None,
    };
    let mut own = Score::default();
    let mut others = vec![Score::default(); PEERS.len()];
    let mut cpu = 0.0;
    for origin in origins {
        let date = bench.series.date(*origin);
        let training = Training::new(&bench.series, *origin, |day| {
            bench.calendar.special(bench.series.date(day))
        });
        let scale = training.scale();

        let start = Instant::now();
        let before = cpu_seconds(start);
        let forecast = forecast(&inputs, date, HORIZON_DAYS).map_err(|error| error.to_string())?;
        cpu += cpu_seconds(start) - before;

        let said: Vec<Option<f64>> = forecast
            .slots
            .iter()
            .map(|slot| slot.map(|slot| slot.mean))
            .collect();
        let so_far = own.clone();
        bench.score(&mut own, *origin, &said, scale);
        bench.cover(&mut own, *origin, &forecast);
        tell(date, &so_far, &own, &forecast);
        for ((_, peer), score) in PEERS.iter().zip(&mut others) {
            let said: Vec<Option<f64>> = (0..HORIZON * bench.series.slots)
                .map(|cell| {
                    peer(
                        &training,
                        origin + cell / bench.series.slots,
                        cell % bench.series.slots,
                    )
                })
                .collect();
            bench.score(score, *origin, &said, scale);
        }
    }
    report(&own, &others, cpu / origins.len() as f64, origins.len());
    Ok(())
}

/// One origin: its own error, and who spoke.
fn tell(date: NaiveDate, before: &Score, after: &Score, forecast: &Forecast) {
    let part = |of: fn(&Score) -> (f64, f64)| {
        let (a, b) = (of(before), of(after));
        100.0 * (b.0 - a.0) / (b.1 - a.1)
    };
    let shares: Vec<String> = forecast
        .explanation
        .methods
        .iter()
        .filter(|share| share.weight >= 0.05)
        .map(|share| {
            format!(
                "{:?} {:.2} ({:.2})",
                share.method,
                share.weight,
                100.0 * share.wape.unwrap_or(f64::NAN)
            )
        })
        .collect();
    println!(
        "{date}: w1 {:5.2}  w2 {:5.2}  {}",
        part(|score| score.weeks[0]),
        part(|score| score.weeks[1]),
        shares.join(", ")
    );
}

fn report(own: &Score, others: &[Score], cpu: f64, origins: usize) {
    println!(
        "\n{:<20} {:>7} {:>7} {:>7} {:>7} {:>8} {:>9} {:>6}",
        "method", "w1 %", "w2 %", "all %", "MASE", "day %", "incl.hol", "bias"
    );
    own.line("forecast");
    for ((name, _), score) in PEERS.iter().zip(others) {
        score.line(name);
    }
    let (in80, in95, cells) = own.inside;
    let (cov80, cov95) = (100.0 * in80 / cells, 100.0 * in95 / cells);
    let (day80, day95, days) = own.days_inside;
    println!(
        "\ncoverage of slots {cov80:.1} % and {cov95:.1} %, of days {:.1} % and {:.1} %; {:.3} s of CPU per origin",
        100.0 * day80 / days,
        100.0 * day95 / days,
        cpu
    );
    println!(
        "{{\"wape\":{:.4},\"mase\":{:.4},\"day_wape\":{:.4},\"cov80\":{cov80:.2},\"cov95\":{cov95:.2},\
         \"cpu_s_per_origin\":{cpu:.4},\"origins\":{origins},\"wape_w1\":{:.4},\"wape_w2\":{:.4},\
         \"wape_incl_hol\":{:.4},\"bias\":{:.4}}}",
        own.wape(),
        own.mase(),
        own.day_wape(),
        own.week(0),
        own.week(1),
        100.0 * own.with_holidays.0 / own.with_holidays.1,
        own.bias(),
    );
}

fn main() -> ExitCode {
    let mut arguments = std::env::args().skip(1);
    let (path, country) = (arguments.next(), arguments.next());
    let outcome = path.map_or_else(
        || Err("which file? give a CSV with a header and the columns timestamp,count".to_owned()),
        |path| {
            run(
                &path,
                country.as_deref().filter(|country| !country.is_empty()),
            )
        },
    );
    match outcome {
        Ok(()) => ExitCode::SUCCESS,
        Err(message) => {
            eprintln!("rolling_origin: {message}");
            ExitCode::FAILURE
        }
    }
}
