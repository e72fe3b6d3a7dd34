//! Chance that is the same on every machine: keyed streams of one seed, and no function whose last
//! bit depends on the platform.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;
use std::f64::consts::TAU;

/// What a stream of chance is for: streams of different purposes never share numbers.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    Product = 1,
    Customer = 2,
    Day = 3,
    Order = 4,
    Basket = 5,
    Inbound = 6,
    Attendance = 7,
    Tongue = 8,
}

/// One stream of chance.
pub(crate) struct Chance(Pcg64Mcg);

impl Chance {
    /// The stream of `seed` for the thing numbered `key`.
    pub(crate) fn new(seed: u64, purpose: Purpose, key: u64) -> Self {
        // Odd multipliers keep the keys apart; seeding mixes the bits.
        let apart = (purpose as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        let mixed =
            seed.wrapping_add(apart).rotate_left(29) ^ key.wrapping_mul(0xD1B5_4A32_D192_ED03);
        Self(Pcg64Mcg::seed_from_u64(mixed))
    }

    /// A whole number from 0 up to, not including, `end`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: u32) -> u32 {
        let wide = u64::from(self.0.next_u32()) * u64::from(end);
        u32::try_from(wide >> 32).unwrap_or_default()
    }

    /// A whole number from `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: u32, high: u32) -> u32 {
        low + self.below(high.saturating_sub(low).saturating_add(1))
    }

    /// True `percent` times of a hundred.
    pub(crate) fn percent(&mut self, percent: u32) -> bool {
        self.below(100) < percent
    }

    /// One of the things; the default of an empty list.
    pub(crate) fn pick<T: Copy + Default>(&mut self, things: &[T]) -> T {
        let end = u32::try_from(things.len()).unwrap_or(u32::MAX);
        things
            .get(self.below(end) as usize)
            .copied()
            .unwrap_or_default()
    }

    /// The value of one pair, as often as its weight says.
    pub(crate) fn weighted<T: Copy + Default>(&mut self, pairs: &[(u32, T)]) -> T {
        let mut left = self.below(pairs.iter().map(|pair| pair.0).sum());
        for (weight, value) in pairs {
            if left < *weight {
                return *value;
            }
            left -= weight;
        }
        T::default()
    }

    /// Even between 0 and 1, never either.
    pub(crate) fn unit(&mut self) -> f64 {
        (f64::from(self.0.next_u32()) + 0.5) / 4_294_967_296.0
    }

    /// Normal with mean 0 and deviation 1 (Box and Muller, 1958).
    fn normal(&mut self) -> f64 {
        let radius = libm::sqrt(-2.0 * libm::log(self.unit()));
        radius * libm::cos(TAU * self.unit())
    }

    /// Log-normal with mean 1: a factor for days that are busier or calmer than their kind.
    pub(crate) fn swing(&mut self, deviation: f64) -> f64 {
        libm::exp(deviation * self.normal() - deviation * deviation / 2.0)
    }

    /// A duration in seconds: log-normal about `median`, as handling times are.
    pub(crate) fn seconds(&mut self, median: u32, deviation: f64, longest: u32) -> u32 {
        let seconds = f64::from(median) * libm::exp(deviation * self.normal());
        whole(seconds).clamp(1, longest)
    }

    /// A Poisson count (inversion; the mean stays far below where its first term underflows).
    pub(crate) fn poisson(&mut self, mean: f64) -> u32 {
        let mut left = self.unit();
        let mut term = libm::exp(-mean);
        let mut count = 0;
        while left > term && count < 2_000 {
            left -= term;
            count += 1;
            term *= mean / f64::from(count);
        }
        count
    }
}

/// The nearest whole number, 0 for what is below.
#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "clamped to the range first"
)]
fn whole(number: f64) -> u32 {
    libm::round(number).clamp(0.0, f64::from(u32::MAX)) as u32
}
