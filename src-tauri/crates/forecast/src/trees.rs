//! Boosted regression trees: many small trees, each a step towards what those before it have left
//! (Friedman 2001), on columns cut into bins beforehand.
//!
//! All trees have the same depth. Each sees a third of the groups of rows, in turn, so that they are
//! quick to grow and err apart (Friedman 2002), and none of this needs chance. What is far off pulls no
//! more than what is somewhat off (Huber 1964), so that odd days do not make them.

/// Bins of a column at most.
const BINS: usize = 64;
/// Questions on the way to a leaf.
const DEPTH: usize = 3;
/// Trees grown.
const TREES: usize = 90;
/// What a tree says counts this much.
const STEP: f64 = 0.12;
/// Rows that tell where a column is to be cut.
const ENOUGH: usize = 4000;
/// Every so many groups of rows one is seen by a tree.
const TURNS: usize = 3;
/// Off by more than this part of what rows are off by on the mean, a row pulls no more.
const PULL: f64 = 1.25;
/// A leaf holds at least this share of the rows that its tree sees.
const LEAST_LEAF: f64 = 1.0 / 60.0;
/// Rows' worth of nought that each leaf is drawn by.
const DRAW: f64 = 5.0;

/// One observation: its group, such as its day, what was known, what came, and how much it counts.
#[derive(Debug, Clone)]
pub(crate) struct Example {
    pub(crate) group: usize,
    pub(crate) known: Vec<f64>,
    pub(crate) came: f64,
    pub(crate) weight: f64,
}

/// "Is that column beyond this?"
#[derive(Debug, Clone, Copy, Default)]
struct Question {
    column: usize,
    /// Bins up to this one go left.
    bin: u8,
}

/// A tree of full depth, its questions level by level.
#[derive(Debug, Clone)]
struct Tree {
    questions: Vec<Question>,
    leaves: Vec<f64>,
}

/// What was learned.
#[derive(Debug, Clone)]
pub(crate) struct Trees {
    /// By column: the upper bounds of all bins but the last.
    bounds: Vec<Vec<f64>>,
    start: f64,
    grown: Vec<Tree>,
}

/// Weighted sum of what is left, and the weight.
type Cell = (f64, f64);

impl Trees {
    /// Learns from examples; `None` for none.
    pub(crate) fn grow(examples: &[Example]) -> Option<Self> {
        let columns = examples.first()?.known.len();
        let all: f64 = examples.iter().map(|example| example.weight).sum();
        let sum: f64 = examples
            .iter()
            .map(|example| example.weight * example.came)
            .sum();
        if !(all > 0.0 && sum.is_finite()) {
            return None;
        }
        let bounds: Vec<Vec<f64>> = (0..columns).map(|column| cuts(examples, column)).collect();
        let mut trees = Self {
            bounds,
            start: sum / all,
            grown: Vec::with_capacity(TREES),
        };
        let bins: Vec<u8> = examples
            .iter()
            .flat_map(|example| trees.bins(&example.known))
            .collect();
        let mut rows: Vec<Row<'_>> = examples
            .iter()
            .zip(bins.chunks(columns))
            .map(|(example, bins)| Row {
                bins,
                turn: example.group % TURNS,
                left: example.came - trees.start,
                pull: 0.0,
                weight: example.weight,
                node: 0,
            })
            .collect();
        for turn in 0..TREES {
            let limit = PULL * off(&rows);
            for row in &mut rows {
                row.pull = row.left.clamp(-limit, limit);
            }
            let tree = Tree::grow(&mut rows, columns, turn % TURNS);
            for row in &mut rows {
                row.left -= tree.leaf(row.bins);
            }
            trees.grown.push(tree);
        }
        Some(trees)
    }

    /// What is to be expected.
    pub(crate) fn predict(&self, known: &[f64]) -> f64 {
        let bins = self.bins(known);
        self.start + self.grown.iter().map(|tree| tree.leaf(&bins)).sum::<f64>()
    }

    fn bins(&self, known: &[f64]) -> Vec<u8> {
        known
            .iter()
            .zip(&self.bounds)
            .map(|(value, bounds)| {
                u8::try_from(bounds.partition_point(|bound| bound < value)).unwrap_or(u8::MAX)
            })
            .collect()
    }
}

/// An example as the trees see it.
struct Row<'a> {
    bins: &'a [u8],
    turn: usize,
    /// What the trees so far have left.
    left: f64,
    /// The same within limits.
    pull: f64,
    weight: f64,
    /// Where the tree that grows has led it.
    node: usize,
}

/// How far off the rows are on the mean.
fn off(rows: &[Row<'_>]) -> f64 {
    #[expect(clippy::cast_precision_loss, reason = "thousands")]
    let number = rows.len().max(1) as f64;
    rows.iter().map(|row| row.left.abs()).sum::<f64>() / number
}

/// Bounds between bins of about equal numbers of different values.
fn cuts(examples: &[Example], column: usize) -> Vec<f64> {
    // Odd and no multiple of three, so that all hours of the day are met.
    let least = examples.len().div_ceil(ENOUGH).max(1);
    let stride = (least..least + 6)
        .find(|stride| stride % 2 > 0 && stride % 3 > 0)
        .unwrap_or(least);
    let mut values: Vec<f64> = examples
        .iter()
        .step_by(stride)
        .filter_map(|example| example.known.get(column).copied())
        .collect();
    values.sort_by(f64::total_cmp);
    let mut different = values.clone();
    different.dedup();
    let few = different.len() <= BINS;
    let (from, number) = if few {
        (&different, different.len())
    } else {
        (&values, BINS)
    };
    let mut cuts: Vec<f64> = (1..number)
        .filter_map(|cut| {
            let at = cut * from.len() / number;
            Some(f64::midpoint(
                *from.get(at.checked_sub(1)?)?,
                *from.get(at)?,
            ))
        })
        .collect();
    cuts.dedup();
    cuts
}

impl Tree {
    fn grow(rows: &mut [Row<'_>], columns: usize, turn: usize) -> Self {
        let mut questions = Vec::with_capacity((1 << DEPTH) - 1);
        let mut seen = 0.0;
        for row in rows.iter_mut().filter(|row| row.turn == turn) {
            row.node = 0;
            seen += row.weight;
        }
        let least = LEAST_LEAF * seen;
        for level in 0..DEPTH {
            let mut sums: Vec<Cell> = vec![(0.0, 0.0); (columns * BINS) << level];
            for row in rows.iter().filter(|row| row.turn == turn) {
                let own = sums.chunks_exact_mut(BINS).skip(row.node * columns);
                let left = row.weight * row.pull;
                for (bins, bin) in own.zip(row.bins) {
                    if let Some(cell) = bins.get_mut(usize::from(*bin)) {
                        cell.0 += left;
                        cell.1 += row.weight;
                    }
                }
            }
            let asked: Vec<Question> = sums
                .chunks(columns * BINS)
                .map(|node| ask(node, least))
                .collect();
            for row in rows.iter_mut().filter(|row| row.turn == turn) {
                if let Some(question) = asked.get(row.node) {
                    row.node = 2 * row.node + usize::from(question.right(row.bins));
                }
            }
            questions.extend(asked);
        }
        let mut sums: Vec<Cell> = vec![(0.0, 0.0); 1 << DEPTH];
        for row in rows.iter().filter(|row| row.turn == turn) {
            if let Some(sum) = sums.get_mut(row.node) {
                sum.0 += row.weight * row.pull;
                sum.1 += row.weight;
            }
        }
        Self {
            questions,
            leaves: sums
                .iter()
                .map(|(left, weight)| STEP * left / (weight + DRAW))
                .collect(),
        }
    }

    fn leaf(&self, bins: &[u8]) -> f64 {
        let mut node = 0;
        for level in 0..DEPTH {
            let right = self
                .questions
                .get((1 << level) - 1 + node)
                .is_some_and(|question| question.right(bins));
            node = 2 * node + usize::from(right);
        }
        self.leaves.get(node).copied().unwrap_or(0.0)
    }
}

impl Question {
    fn right(self, bins: &[u8]) -> bool {
        bins.get(self.column).is_some_and(|bin| *bin > self.bin)
    }
}

/// The question that takes most of the squares away; without any, all go left.
fn ask(node: &[Cell], least: f64) -> Question {
    let mut best = (
        0.0,
        Question {
            column: 0,
            bin: u8::MAX,
        },
    );
    for (column, bins) in node.chunks(BINS).enumerate() {
        let (sum, weight) = bins
            .iter()
            .fold((0.0, 0.0), |(sum, all), cell| (sum + cell.0, all + cell.1));
        let whole = sum * sum / (weight + DRAW);
        let (mut left, mut beside) = (0.0, 0.0);
        for (bin, cell) in (0_u8..).zip(bins) {
            left += cell.0;
            beside += cell.1;
            if beside < least {
                continue;
            }
            if weight - beside < least {
                break;
            }
            let gain = left * left / (beside + DRAW)
                + (sum - left).powi(2) / (weight - beside + DRAW)
                - whole;
            if gain > best.0 {
                best = (gain, Question { column, bin });
            }
        }
    }
    best.1
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Twice as much beyond the middle, but by day only; the third column says nothing.
    fn examples() -> Vec<Example> {
        (0..6000_u32)
            .map(|n| {
                let (hour, place) = (f64::from(n % 24), f64::from(n * 37 % 100));
                let day = (8.0..20.0).contains(&hour);
                Example {
                    group: n as usize / 24,
                    known: vec![hour, place, f64::from(n * 7919 % 13)],
                    came: if day && place > 50.0 { 20.0 } else { 10.0 },
                    weight: 1.0,
                }
            })
            .collect()
    }

    #[test]
    fn learns_what_holds_at_some_hours_only() {
        let trees = Trees::grow(&examples()).unwrap();
        for (hour, place, came) in [(12.0, 80.0, 20.0), (12.0, 20.0, 10.0), (2.0, 80.0, 10.0)] {
            let said = trees.predict(&[hour, place, 5.0]);
            assert!((said - came).abs() < 0.7, "{hour} {place}: {said}");
        }
    }

    #[test]
    fn odd_days_do_not_make_them() {
        let mut odd = examples();
        for example in &mut odd {
            if example.group % 25 == 7 {
                example.came *= 20.0;
            }
        }
        let said = Trees::grow(&odd).unwrap().predict(&[12.0, 80.0, 5.0]);
        assert!((said - 20.0).abs() < 4.0, "{said}");
    }

    #[test]
    fn nothing_teaches_nothing() {
        assert!(Trees::grow(&[]).is_none());
        let constant: Vec<Example> = examples()
            .into_iter()
            .map(|example| Example {
                came: 3.0,
                ..example
            })
            .collect();
        let said = Trees::grow(&constant).unwrap().predict(&[1.0, 2.0, 3.0]);
        assert!((said - 3.0).abs() < 1e-9, "{said}");
    }
}
