//! What an agent in each cell is worth, found without a program: everyone in turn takes the cheapest row,
//! and what it gives becomes cheaper while what is needed becomes dearer (an incremental subgradient
//! method, Nedić and Bertsekas 2001). Some sixty passes come within a few percent of the program's prices
//! where columns of a program take as many rounds to find their way at all, and leave good rows behind.

use crate::mixture::{Demand, add};

/// One climb of the prices.
#[derive(Debug, Clone, Default)]
pub(crate) struct Ascent {
    passes: u32,
    pass: u32,
    /// By how much a unit moves a price, in the first pass and in the last.
    first: f64,
    last: f64,
    step: f64,
    /// Sums of the prices of the last passes, and how many there are.
    sums: Vec<f64>,
    summed: f64,
}

impl Ascent {
    pub(crate) fn new(passes: u32, (first, last): (f64, f64), cells: usize) -> Self {
        Self {
            passes,
            first,
            last,
            sums: vec![0.0; cells],
            ..Self::default()
        }
    }

    /// Begins the next pass; false after the last.
    pub(crate) fn next_pass(&mut self) -> bool {
        if self.pass >= self.passes {
            return false;
        }
        let part = f64::from(self.pass) / f64::from(self.passes);
        self.step = self.first * (self.last / self.first).powf(part);
        self.pass += 1;
        true
    }

    /// Moves the prices after one of so many people has taken a row.
    pub(crate) fn follow(
        &mut self,
        prices: &mut [f64],
        demands: &[Demand],
        people: f64,
        taken: &[(usize, f64)],
    ) {
        for (price, demand) in prices.iter_mut().zip(demands) {
            *price += self.step * demand.need / people;
        }
        add(prices, taken, -self.step);
        for (price, demand) in prices.iter_mut().zip(demands) {
            *price = price.clamp(-demand.over, demand.under);
        }
        if 4 * self.pass > 3 * self.passes {
            self.summed += 1.0;
            for (sum, price) in self.sums.iter_mut().zip(prices) {
                *sum += *price;
            }
        }
    }

    /// The mean prices of the last passes, which jump about less than those of any moment.
    pub(crate) fn mean(&self) -> Option<Vec<f64>> {
        let sums = self.sums.iter();
        (self.summed > 0.0).then(|| sums.map(|sum| sum / self.summed).collect())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Two cells, each of which one of three people should serve; who serves pays more for the first.
    #[test]
    fn prices_settle_where_people_do_not_care() {
        let demand = Demand {
            need: 1.0,
            under: 100.0,
            over: 1.0,
        };
        let demands = [demand; 2];
        let mut prices = vec![0.0; 2];
        let mut ascent = Ascent::new(60, (5.0, 0.01), 2);
        while ascent.next_pass() {
            for person in 0..3 {
                let cost = f64::from(person);
                let rows = [
                    (0.0, None),
                    (20.0 + cost - prices[0], Some(0)),
                    (10.0 + cost - prices[1], Some(1)),
                ];
                let best = rows
                    .into_iter()
                    .min_by(|one, other| one.0.total_cmp(&other.0));
                let taken = best.and_then(|(_, cell)| cell).map(|cell| (cell, 1.0));
                ascent.follow(&mut prices, &demands, 3.0, taken.as_slice());
            }
        }
        // The third person is not needed, the second is: one more unit costs from 1 to 2 more.
        let mean = ascent.mean().unwrap();
        assert!((20.8..22.2).contains(&mean[0]), "{mean:?}");
        assert!((10.8..12.2).contains(&mean[1]), "{mean:?}");
    }
}
