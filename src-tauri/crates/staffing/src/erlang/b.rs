//! Calls that find everyone busy and are lost.

use super::load_of;

/// The share of calls that find all `agents` busy when none may wait (Erlang, 1917); `load` in erlangs.
pub fn b(agents: u32, load: f64) -> f64 {
    1.0 / weight(agents, load_of(load))
}

/// The reciprocal of [`b`]: how much likelier all states together are than the one where everyone is
/// busy. Infinite where that one is beyond the range of a float.
///
/// It is the recursion `1/B(n) = 1 + n/A · 1/B(n-1)` written out from its end, 1 + n/A + n(n-1)/A² + …:
/// all terms are positive, so nothing cancels, and near n = A the first 9√A of them are all that count.
pub(super) fn weight(agents: u32, load: f64) -> f64 {
    let mut sum = 1.0;
    let mut term = 1.0;
    for busy in (1..=agents).rev() {
        let factor = f64::from(busy) / load;
        term *= factor;
        sum += term;
        // Once the factors fall below one, the rest is less than a geometric series.
        if factor < 1.0 && term < (1.0 - factor) * sum * 1e-17 || sum.is_infinite() {
            break;
        }
    }
    sum
}
