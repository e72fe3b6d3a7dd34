//! How many requests a shop bears: a bucket of tokens that fills at an even pace.
//!
//! Times are counted from any one origin that does not move, such as a monotonic clock's start.

use std::time::Duration;

/// The bucket of one shop. Whoever takes a token is told how long to wait before using it, so that
/// those who ask at the same time queue up.
#[derive(Clone, Debug)]
pub struct Budget {
    /// Most tokens at once.
    size: f64,
    /// Tokens a second.
    pace: f64,
    /// Below zero: so many are promised already.
    left: f64,
    at: Duration,
    /// Nothing leaves before this.
    held_until: Duration,
}

impl Budget {
    /// So many requests in so much time, full at first. At least one a minute.
    pub fn new(requests: u32, per: Duration) -> Self {
        let size = f64::from(requests.max(1));
        Self {
            size,
            pace: (size / per.as_secs_f64().max(0.001)).max(1.0 / 60.0),
            left: size,
            at: Duration::ZERO,
            held_until: Duration::ZERO,
        }
    }

    /// Takes what a request costs (one where the shop counts requests) and tells how long to wait
    /// before it may leave.
    pub fn take(&mut self, cost: u32, now: Duration) -> Duration {
        self.fill(now);
        self.left -= f64::from(cost);
        let debt = (-self.left).max(0.0) / self.pace;
        let paced = Duration::try_from_secs_f64(debt).unwrap_or(Duration::MAX);
        paced.max(self.held_until.saturating_sub(now))
    }

    /// The shop has asked to wait.
    pub fn hold(&mut self, wait: Duration, now: Duration) {
        self.held_until = self.held_until.max(now.saturating_add(wait));
    }

    /// The shop has told how much is left of what it grants, how much that is at most, and how much
    /// comes back each second.
    pub fn told(&mut self, left: f64, size: f64, pace: f64, now: Duration) {
        self.fill(now);
        if size >= 1.0 && pace > 0.0 {
            self.size = size;
            self.pace = pace;
        }
        // What is promised meanwhile has not been counted there yet.
        self.left = self.left.min(left.min(self.size));
    }

    fn fill(&mut self, now: Duration) {
        let passed = now.saturating_sub(self.at).as_secs_f64();
        self.left = (self.left + passed * self.pace).min(self.size);
        self.at = self.at.max(now);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(count: u64) -> Duration {
        Duration::from_secs(count)
    }

    #[test]
    fn those_who_ask_at_once_queue_up_at_the_shop_s_pace() {
        let mut budget = Budget::new(2, second(1));
        let waits: Vec<_> = (0..6)
            .map(|_| budget.take(1, second(10)).as_millis())
            .collect();
        assert_eq!(
            waits,
            [0, 0, 500, 1_000, 1_500, 2_000],
            "two at once, then two a second"
        );
        assert_eq!(
            budget.take(1, second(100)),
            Duration::ZERO,
            "it fills up again"
        );
        assert_eq!(budget.take(1, second(100)), Duration::ZERO);
        assert!(
            budget.take(1, second(100)) > Duration::ZERO,
            "and not beyond its size"
        );
    }

    #[test]
    fn what_the_shop_asks_for_holds_everyone() {
        let mut budget = Budget::new(100, second(1));
        budget.hold(second(30), second(5));
        budget.hold(second(1), second(6));
        assert_eq!(budget.take(1, second(15)), second(20));
        assert_eq!(budget.take(1, second(35)), Duration::ZERO);
    }

    #[test]
    fn the_shop_s_own_account_is_believed() {
        let mut budget = Budget::new(1_000, second(10));
        budget.told(20.0, 2_000.0, 100.0, second(1));
        assert_eq!(
            budget.take(120, second(1)),
            second(1),
            "a hundred points come back each second"
        );
    }
}
