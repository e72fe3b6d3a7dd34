//! The birth-death chain itself in fixed-point numbers of 96 digits, sharing nothing with the formulas.

use num_bigint::BigInt;
use std::cmp::Ordering;
use std::ops::{Add, AddAssign, Div, Mul, Sub};

/// Binary digits after the point.
const BITS: u32 = 320;

/// A real number to 2⁻³²⁰.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Real(BigInt);

impl Real {
    pub(super) fn whole(value: u32) -> Self {
        Self(BigInt::from(value) << BITS)
    }

    /// Exact, as long as the last digit of the float is not below 2⁻³²⁰.
    pub(super) fn exactly(value: f64) -> Self {
        assert!(value >= 0.0 && value.is_finite());
        let bits = value.to_bits();
        let power = i64::try_from(bits >> 52).unwrap();
        let fraction = bits & ((1 << 52) - 1);
        let (digits, power) = if power == 0 {
            (fraction, 1)
        } else {
            (fraction | (1 << 52), power)
        };
        let shift = power - 1075 + i64::from(BITS);
        let digits = BigInt::from(digits);
        Self(match shift.cmp(&0) {
            Ordering::Less => digits >> shift.unsigned_abs(),
            _ => digits << shift.unsigned_abs(),
        })
    }

    /// The nearest float, or the one beside it.
    pub(super) fn near(&self) -> f64 {
        let length = self.0.bits();
        let drop = length.saturating_sub(64);
        let top: i128 = (&self.0 >> drop).try_into().unwrap();
        #[expect(clippy::cast_precision_loss, reason = "the nearest float is asked for")]
        let top = top as f64;
        let power = i32::try_from(drop).unwrap() - i32::try_from(BITS).unwrap();
        libm::ldexp(top, power)
    }

    fn is_nothing(&self) -> bool {
        self.0.bits() < 40
    }
}

impl Add for &Real {
    type Output = Real;
    fn add(self, other: Self) -> Real {
        Real(&self.0 + &other.0)
    }
}

impl Sub for &Real {
    type Output = Real;
    fn sub(self, other: Self) -> Real {
        Real(&self.0 - &other.0)
    }
}

impl Mul for &Real {
    type Output = Real;
    fn mul(self, other: Self) -> Real {
        Real((&self.0 * &other.0) >> BITS)
    }
}

impl Div for &Real {
    type Output = Real;
    fn div(self, other: Self) -> Real {
        Real((&self.0 << BITS) / &other.0)
    }
}

impl AddAssign<&Real> for Real {
    fn add_assign(&mut self, other: &Real) {
        self.0 += &other.0;
    }
}

/// Erlang B by its recursion from nobody upward.
pub(super) fn b(agents: u32, load: f64) -> Real {
    let load = Real::exactly(load);
    let mut blocked = Real::whole(1);
    for busy in 1..=agents {
        let offered = &load * &blocked;
        blocked = &offered / &(&Real::whole(busy) + &offered);
    }
    blocked
}

/// Erlang C as the states of the chain from its middle out: those with everyone busy are a geometric
/// series.
pub(super) fn c(agents: u32, load: f64) -> Real {
    let load = Real::exactly(load);
    let mut below = Real::whole(0);
    let mut state = Real::whole(1);
    for busy in (1..=agents).rev() {
        state = &(&state * &Real::whole(busy)) / &load;
        below += &state;
    }
    let agents = Real::whole(agents);
    let above = &agents / &(&agents - &load);
    &above / &(&below + &above)
}

/// What [`crate::erlang::Abandoning`] says, exactly.
pub(super) struct Exact {
    pub(super) waiting: Real,
    pub(super) abandoned: Real,
    pub(super) wait_of_answered: Real,
    pub(super) answered_within: Real,
    pub(super) abandoned_within: Real,
}

/// Erlang A: the states of the chain, and for the time limit the way of one caller from each of them.
pub(super) fn a(agents: u32, load: f64, patience: f64, threshold: f64) -> Exact {
    let one = Real::whole(1);
    let load = Real::exactly(load);
    let hangup = &one / &Real::exactly(patience);
    let threshold = Real::exactly(threshold);
    let agents_busy = Real::whole(agents);

    let mut free = Real::whole(0);
    let mut state = one.clone();
    for busy in (1..=agents).rev() {
        state = &(&state * &Real::whole(busy)) / &load;
        free += &state;
        if state.is_nothing() {
            break;
        }
    }
    // The callers who find `k` waiting before them; how fast one of those leaves is `rates[k]`.
    let mut found = vec![one.clone()];
    let mut rates = vec![agents_busy.clone()];
    let mut queued = Real::whole(0);
    let mut state = one.clone();
    let mut before = 0;
    while !state.is_nothing() {
        before += 1;
        let rate = &agents_busy + &(&Real::whole(before) * &hangup);
        state = &(&state * &load) / &rate;
        queued += &(&state * &Real::whole(before));
        found.push(state.clone());
        rates.push(rate);
    }
    let mut busy = Real::whole(0);
    for state in &found {
        busy += state;
    }
    let total = &free + &busy;

    // Each step of the way up the queue is taken before hanging up with a certain chance, and lasts as
    // long as the first of the two.
    let mut reached = one.clone();
    let mut way = Real::whole(0);
    let mut answered = free.clone();
    let mut wait = Real::whole(0);
    for (state, rate) in found.iter().zip(&rates) {
        let either = rate + &hangup;
        reached = &(&reached * rate) / &either;
        way += &(&one / &either);
        let served = state * &reached;
        answered += &served;
        wait += &(&served * &way);
    }

    let (within, gone) = uniform(&found, &rates, &hangup, &threshold);
    Exact {
        waiting: &busy / &total,
        abandoned: &(&(&hangup * &queued) / &load) / &total,
        wait_of_answered: &wait / &answered,
        answered_within: &(&free + &within) / &total,
        abandoned_within: &gone / &total,
    }
}

/// Who of those found waiting is answered and who hangs up within the threshold, by uniformisation.
fn uniform(found: &[Real], rates: &[Real], hangup: &Real, threshold: &Real) -> (Real, Real) {
    let clock = rates.last().unwrap() + hangup;
    let steps = &clock * threshold;
    let forward: Vec<Real> = rates.iter().map(|rate| rate / &clock).collect();
    let stay: Vec<Real> = forward
        .iter()
        .map(|forward| &(&Real::whole(1) - forward) - &(hangup / &clock))
        .collect();
    let away = hangup / &clock;

    let mut there = found.to_vec();
    let (mut answered, mut gone) = (Real::whole(0), Real::whole(0));
    let (mut within, mut gone_within) = (Real::whole(0), Real::whole(0));
    let mut weight = Real::whole(1);
    let mut weights = Real::whole(1);
    let mut step = 0;
    loop {
        step += 1;
        answered += &(&there[0] * &forward[0]);
        for state in &there {
            gone += &(state * &away);
        }
        for k in 0..there.len() {
            let stays = &there[k] * &stay[k];
            let comes = there
                .get(k + 1)
                .map_or(Real::whole(0), |above| above * &forward[k + 1]);
            there[k] = &stays + &comes;
        }
        weight = &(&weight * &steps) / &Real::whole(step);
        weights += &weight;
        within += &(&weight * &answered);
        gone_within += &(&weight * &gone);
        if weight.is_nothing() && Real::whole(step) > steps {
            return (&within / &weights, &gone_within / &weights);
        }
    }
}

#[test]
fn numbers_are_what_they_say() {
    assert_eq!(Real::exactly(0.75), &Real::whole(3) / &Real::whole(4));
    for (real, float) in [
        (&Real::whole(2) / &Real::whole(3), 2.0 / 3.0),
        (Real::exactly(1e-30), 1e-30),
        (Real::exactly(12_345.678), 12_345.678),
    ] {
        assert_eq!(real.near().to_bits(), f64::to_bits(float));
    }
}
