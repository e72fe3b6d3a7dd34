//! Robust ridge regression on few columns with sparse rows: normal equations, Cholesky, Huber weights.

use crate::profile;

/// One observation: which columns it touches with what factor, its value and its weight.
#[derive(Debug, Clone, Default)]
pub(crate) struct Row {
    pub(crate) cells: Vec<(usize, f64)>,
    pub(crate) value: f64,
    /// Whether it may be taken for an outlier and lose weight.
    pub(crate) doubtful: bool,
}

/// How strongly columns are drawn to nought, or to one another.
#[derive(Debug, Clone, Default)]
pub(crate) struct Penalty {
    /// Prior standard deviation of each column.
    pub(crate) spreads: Vec<f64>,
    /// Pairs of columns and the prior standard deviation of their difference.
    pub(crate) steps: Vec<(usize, usize, f64)>,
}

/// Rounds of reweighting.
const ROUNDS: usize = 3;
/// Residuals beyond this many robust standard deviations lose weight.
const BEND: f64 = 1.5;

/// Coefficients, and the robust standard deviation of what is left.
///
/// The prior is on the scale of the values: a noisy series draws its effects to nought more strongly
/// than a steady one, for the penalties are multiples of the noise's variance.
pub(crate) fn fit(rows: &[Row], penalty: &Penalty, least_noise: f64) -> (Vec<f64>, f64) {
    let columns = penalty.spreads.len();
    let mut weights = vec![1.0; rows.len()];
    let mut sizes: Vec<f64> = rows.iter().map(|row| row.value.abs()).collect();
    let mut noise = (profile::DEVIATIONS * profile::middle(&mut sizes)).max(least_noise);
    let mut coefficients = vec![0.0; columns];
    for _ in 0..ROUNDS {
        coefficients = solve(rows, &weights, penalty, noise * noise);
        let offs: Vec<f64> = rows
            .iter()
            .map(|row| row.value - predict(&row.cells, &coefficients))
            .collect();
        sizes.clear();
        sizes.extend(
            offs.iter()
                .zip(rows)
                .filter(|(_, row)| row.doubtful)
                .map(|(off, _)| off.abs()),
        );
        let middle = profile::middle(&mut sizes);
        noise = if middle.is_finite() {
            (profile::DEVIATIONS * middle).max(least_noise)
        } else {
            least_noise
        };
        for ((weight, off), row) in weights.iter_mut().zip(&offs).zip(rows) {
            *weight = if row.doubtful && off.abs() > BEND * noise {
                BEND * noise / off.abs()
            } else {
                1.0
            };
        }
    }
    (coefficients, noise)
}

/// The value of a row under the coefficients.
pub(crate) fn predict(cells: &[(usize, f64)], coefficients: &[f64]) -> f64 {
    cells
        .iter()
        .map(|(column, factor)| factor * coefficients.get(*column).copied().unwrap_or(0.0))
        .sum()
}

fn solve(rows: &[Row], weights: &[f64], penalty: &Penalty, variance: f64) -> Vec<f64> {
    let columns = penalty.spreads.len();
    let mut matrix = Symmetric::new(columns);
    let mut right = vec![0.0; columns];
    for (row, weight) in rows.iter().zip(weights) {
        for (column, factor) in &row.cells {
            if let Some(sum) = right.get_mut(*column) {
                *sum += weight * factor * row.value;
            }
            for (other, second) in &row.cells {
                if other <= column {
                    matrix.add(*column, *other, weight * factor * second);
                }
            }
        }
    }
    for (column, spread) in penalty.spreads.iter().enumerate() {
        matrix.add(column, column, variance / (spread * spread));
    }
    for (a, b, spread) in &penalty.steps {
        let pull = variance / (spread * spread);
        matrix.add(*a, *a, pull);
        matrix.add(*b, *b, pull);
        matrix.add(*a.max(b), *a.min(b), -pull);
    }
    matrix.solve(right)
}

/// The lower half of a symmetric positive matrix, row by row.
pub(crate) struct Symmetric {
    rows: Vec<Vec<f64>>,
}

impl Symmetric {
    pub(crate) fn new(size: usize) -> Self {
        Self {
            rows: (0..size).map(|row| vec![0.0; row + 1]).collect(),
        }
    }

    /// Adds to the cell of `row` and `column`; `column` is not beyond `row`.
    pub(crate) fn add(&mut self, row: usize, column: usize, value: f64) {
        if let Some(cell) = self
            .rows
            .get_mut(row)
            .and_then(|cells| cells.get_mut(column))
        {
            *cell += value;
        }
    }

    /// Solves by Cholesky's factors; a direction without any weight gets nought.
    pub(crate) fn solve(mut self, mut right: Vec<f64>) -> Vec<f64> {
        let size = self.rows.len();
        for row in 0..size {
            let (done, rest) = self.rows.split_at_mut(row);
            let Some(current) = rest.first_mut() else {
                break;
            };
            for (column, earlier) in done.iter().enumerate() {
                let Some((head, tail)) = current.split_at_mut_checked(column) else {
                    break;
                };
                let sum: f64 = head.iter().zip(earlier).map(|(a, b)| a * b).sum();
                if let (Some(cell), Some(pivot)) = (tail.first_mut(), earlier.last()) {
                    *cell = if *pivot > 0.0 {
                        (*cell - sum) / pivot
                    } else {
                        0.0
                    };
                }
            }
            if let Some((pivot, head)) = current.split_last_mut() {
                let left = *pivot - head.iter().map(|a| a * a).sum::<f64>();
                *pivot = if left > 1e-12 { left.sqrt() } else { 0.0 };
            }
        }
        for row in 0..size {
            let Some(cells) = self.rows.get(row) else {
                break;
            };
            let (done, rest) = right.split_at_mut(row);
            let sum: f64 = cells.iter().zip(done.iter()).map(|(a, b)| a * b).sum();
            if let (Some(value), Some(pivot)) = (rest.first_mut(), cells.last()) {
                *value = if *pivot > 0.0 {
                    (*value - sum) / pivot
                } else {
                    0.0
                };
            }
        }
        for row in (0..size).rev() {
            let Some(cells) = self.rows.get(row) else {
                break;
            };
            let (before, rest) = right.split_at_mut(row);
            if let (Some(value), Some((pivot, head))) = (rest.first_mut(), cells.split_last()) {
                *value = if *pivot > 0.0 { *value / pivot } else { 0.0 };
                for (earlier, cell) in before.iter_mut().zip(head) {
                    *earlier -= cell * *value;
                }
            }
        }
        right
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn solves_a_system_known_by_hand() {
        // 4x + 2y = 10, 2x + 3y = 11: x = 1, y = 3.
        let mut matrix = Symmetric::new(2);
        matrix.add(0, 0, 4.0);
        matrix.add(1, 0, 2.0);
        matrix.add(1, 1, 3.0);
        let solution = matrix.solve(vec![10.0, 11.0]);
        assert!((solution[0] - 1.0).abs() < 1e-12);
        assert!((solution[1] - 3.0).abs() < 1e-12);
    }

    #[test]
    fn an_outlier_hardly_moves_the_fit() {
        let rows: Vec<Row> = (0..50)
            .map(|n| Row {
                cells: vec![(0, 1.0)],
                value: if n == 7 {
                    100.0
                } else {
                    2.0 + 0.1 * f64::from(n % 3)
                },
                doubtful: true,
            })
            .collect();
        let penalty = Penalty {
            spreads: vec![10.0],
            steps: Vec::new(),
        };
        let (coefficients, _) = fit(&rows, &penalty, 0.01);
        assert!((coefficients[0] - 2.1).abs() < 0.05, "{coefficients:?}");
    }

    #[test]
    fn little_evidence_is_drawn_to_nought() {
        let row = Row {
            cells: vec![(0, 1.0)],
            value: 1.0,
            doubtful: false,
        };
        let penalty = Penalty {
            spreads: vec![0.1],
            steps: Vec::new(),
        };
        let few = solve(std::slice::from_ref(&row), &[1.0], &penalty, 0.04)[0];
        let many = solve(&vec![row; 100], &[1.0; 100], &penalty, 0.04)[0];
        assert!((few - 0.2).abs() < 1e-12, "{few}");
        assert!(many > 0.95 && many < 1.0, "{many}");
    }
}
