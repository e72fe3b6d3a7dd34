//! Chance out of a seed: keyed streams, so that one part of the world drawing more numbers does not
//! shift what the others draw.

use rand_core::{Rng, SeedableRng};
use rand_pcg::Pcg64Mcg;

/// What a stream is for.
#[derive(Clone, Copy)]
pub(crate) enum Purpose {
    /// Outages, offsets of clocks, which orders are poison: all that is fixed before the day begins.
    Plan = 1,
    /// What becomes of each request.
    Network,
    /// What the shop's staff and customers do.
    Shop,
    /// What operators and whoever decides conflicts do.
    People,
    /// Crashes, and the numbers that desks themselves draw.
    Desk,
}

/// One stream.
pub(crate) struct Chance(Pcg64Mcg);

impl Chance {
    pub(crate) fn new(seed: u64, purpose: Purpose) -> Self {
        let apart = (purpose as u64).wrapping_mul(0x9E37_79B9_7F4A_7C15);
        Self(Pcg64Mcg::seed_from_u64(
            seed.wrapping_mul(0xD1B5_4A32_D192_ED03) ^ apart.rotate_left(17),
        ))
    }

    /// Any number.
    pub(crate) fn any(&mut self) -> u64 {
        self.0.next_u64()
    }

    /// From 0 up to, not including, `end`; 0 where `end` is 0.
    pub(crate) fn below(&mut self, end: usize) -> usize {
        let wide = u128::from(self.0.next_u64()) * (end as u128);
        usize::try_from(wide >> 64).unwrap_or_default()
    }

    /// From `low` to `high`, both included.
    pub(crate) fn between(&mut self, low: i64, high: i64) -> i64 {
        let span = u128::from(high.abs_diff(low)) + 1;
        let wide = u128::from(self.0.next_u64()) * span;
        low.saturating_add(i64::try_from(wide >> 64).unwrap_or(i64::MAX))
    }

    /// Pieces of something.
    pub(crate) fn pieces(&mut self, low: u32, high: u32) -> u32 {
        u32::try_from(self.between(i64::from(low), i64::from(high))).unwrap_or(low)
    }

    /// True so many times of ten thousand.
    pub(crate) fn often(&mut self, of_ten_thousand: u32) -> bool {
        self.between(0, 9_999) < i64::from(of_ten_thousand)
    }

    /// One of them; none of an empty slice.
    pub(crate) fn pick<T: Copy>(&mut self, things: &[T]) -> Option<T> {
        things.get(self.below(things.len())).copied()
    }
}
