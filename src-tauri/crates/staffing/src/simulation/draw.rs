//! Chance: the calls of a day.

use crate::load::{Offered, Swing};
use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use serde::{Deserialize, Serialize};
use specta::Type;
use std::f64::consts::TAU;

/// How handle times lie about their mean.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum HandleTime {
    /// Exponential: what the formulas assume.
    #[default]
    Exponential,
    /// Log-normal, as most are measured, with its standard deviation as a share of the mean.
    LogNormal {
        /// Standard deviation over mean.
        variation: f64,
    },
}

/// Calls of one project to be drawn.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Project {
    /// Calls and handle time expected per interval.
    pub offered: Vec<Offered>,
    /// How handle times lie about their mean.
    pub handle: HandleTime,
    /// How long callers wait on average before they hang up, exponentially; for ever without.
    pub patience_s: Option<f64>,
}

/// One call as it would go.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Call {
    /// The project it is for, by its place.
    pub project: usize,
    /// When it comes, in seconds from the beginning of the first interval.
    pub at_s: f64,
    /// How long it keeps an agent, in seconds.
    pub handle_s: f64,
    /// How long the caller waits before hanging up, in seconds; infinite for one who never does.
    pub patience_s: f64,
}

/// The calls of one day, in the order they come: Poisson arrivals at the rate of their interval, on a
/// day that is busier or calmer by one factor for all projects.
///
/// The same seed gives the same calls whatever the plan, so that two plans are compared on one day.
pub fn draw(projects: &[Project], interval_s: f64, swing: Swing, seed: u64) -> Vec<Call> {
    let mut day = Chance::new(seed, 0);
    let factor = swing.factor(day.normal());
    let mut calls = Vec::new();
    if !(interval_s > 0.0 && interval_s.is_finite()) {
        return calls;
    }
    for (place, project) in projects.iter().enumerate() {
        let mut chance = Chance::new(seed, place as u64 + 1);
        let mut start = 0.0;
        let mut aht_s = None;
        for offered in &project.offered {
            let aht = offered.aht_after(aht_s);
            aht_s = Some(aht);
            let rate = factor * offered.rate(interval_s);
            let mut at = start;
            loop {
                // Without calls the next one is infinitely far away.
                at += chance.exponential(1.0 / rate);
                if at >= start + interval_s {
                    break;
                }
                calls.push(Call {
                    project: place,
                    at_s: at,
                    handle_s: chance.handle(project.handle, aht),
                    patience_s: project
                        .patience_s
                        .map_or(f64::INFINITY, |mean| chance.exponential(mean)),
                });
            }
            start += interval_s;
        }
    }
    calls.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    calls
}

/// A stream of chance that is the same on every machine.
struct Chance(Pcg64Mcg);

impl Chance {
    fn new(seed: u64, stream: u64) -> Self {
        // An odd multiplier keeps the streams apart; seeding mixes the bits.
        let mixed = seed.rotate_left(29) ^ stream.wrapping_mul(0xD1B5_4A32_D192_ED03);
        Self(Pcg64Mcg::seed_from_u64(mixed))
    }

    /// Even between 0 and 1, never either.
    fn unit(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 0.5) / 4_294_967_296.0
    }

    fn exponential(&mut self, mean: f64) -> f64 {
        -mean * libm::log(self.unit())
    }

    /// Normal with mean 0 and deviation 1 (Box and Muller, 1958).
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(self.unit()));
        radius * libm::cos(TAU * self.unit())
    }

    fn handle(&mut self, distribution: HandleTime, mean: f64) -> f64 {
        match distribution {
            HandleTime::Exponential => self.exponential(mean),
            HandleTime::LogNormal { variation } => {
                let variance = libm::log1p(variation * variation);
                mean * libm::exp(libm::sqrt(variance) * self.normal() - variance / 2.0)
            }
        }
    }
}
