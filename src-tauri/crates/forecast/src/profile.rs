//! One number out of the same slots of earlier weeks, newest first, with the calls behind each.

/// NaN for nothing.
pub(crate) fn mean(column: &mut [(f64, f64)]) -> f64 {
    let (sum, weight) = column
        .iter()
        .fold((0.0, 0.0), |(sum, all), (value, weight)| {
            (sum + value * weight, all + weight)
        });
    if weight > 0.0 { sum / weight } else { f64::NAN }
}

/// The weighted median: half of the weight lies on either side.
pub(crate) fn median(column: &mut [(f64, f64)]) -> f64 {
    column.sort_by(|a, b| a.0.total_cmp(&b.0));
    let half = column.iter().map(|(_, weight)| weight).sum::<f64>() / 2.0;
    let mut below = 0.0;
    let mut cells = column.iter().filter(|(_, weight)| *weight > 0.0);
    while let Some((value, weight)) = cells.next() {
        below += weight;
        if below > half + 1e-9 * half {
            return *value;
        }
        if below >= half - 1e-9 * half {
            return cells
                .next()
                .map_or(*value, |(next, _)| (value + next) / 2.0);
        }
    }
    f64::NAN
}

/// The mean without the highest and the lowest sixth.
pub(crate) fn trimmed_mean(column: &mut [(f64, f64)]) -> f64 {
    column.sort_by(|a, b| a.0.total_cmp(&b.0));
    let cut = column.len() / 6;
    let kept = column.len() - 2 * cut;
    column.get_mut(cut..cut + kept).map_or(f64::NAN, mean)
}

/// The mean of the middle half: nearly as steady as the mean, nearly as robust as the median.
pub(crate) fn mean_of_middle(column: &mut [(f64, f64)]) -> f64 {
    column.sort_by(|a, b| a.0.total_cmp(&b.0));
    let cut = column.len() / 4;
    let kept = column.len() - 2 * cut;
    column.get_mut(cut..cut + kept).map_or(f64::NAN, mean)
}

/// The variance of [`mean`], from the scatter of the values; NaN for fewer than two.
pub(crate) fn error_of_mean(column: &mut [(f64, f64)]) -> f64 {
    let middle = mean(column);
    let (mut scatter, mut all, mut squares) = (0.0, 0.0, 0.0);
    for (value, weight) in column.iter() {
        scatter += weight * (value - middle).powi(2);
        all += weight;
        squares += weight * weight;
    }
    // Kish's effective number of values.
    let number = all * all / squares;
    if number > 1.0 {
        scatter / all / (number - 1.0)
    } else {
        f64::NAN
    }
}

/// Weekdays whose shapes lean on one another, Monday first.
const ALIKE: [std::ops::Range<usize>; 2] = [0..5, 5..7];

/// A week in which each slot leans on the same slot of weekdays alike, and on its neighbours, as far as
/// chance hides the difference: the empirical Bayes shrinkage of Efron and Morris (1975), with the
/// variances taken together over all slots of the group.
pub(crate) fn pooled(week: &[f64], variances: &[f64], slots: usize) -> Vec<f64> {
    let mut pooled = week.to_vec();
    for days in ALIKE {
        let sums: Vec<f64> = days
            .clone()
            .map(|day| {
                week.iter()
                    .skip(day * slots)
                    .take(slots)
                    .filter(|value| value.is_finite())
                    .sum()
            })
            .collect();
        // The mean shape of the group, of sum 1.
        let shape: Vec<f64> = (0..slots)
            .map(|slot| {
                let (mut sum, mut count) = (0.0, 0.0);
                for (day, total) in days.clone().zip(&sums) {
                    let value = week.get(day * slots + slot).copied().unwrap_or(f64::NAN);
                    if value.is_finite() && *total > 0.0 {
                        sum += value / total;
                        count += 1.0;
                    }
                }
                sum / count
            })
            .collect();
        let (mut apart, mut chance) = (0.0, 0.0);
        for (day, total) in days.clone().zip(&sums) {
            for (slot, shape) in shape.iter().enumerate() {
                let cell = day * slots + slot;
                let value = week.get(cell).copied().unwrap_or(f64::NAN);
                let variance = variances.get(cell).copied().unwrap_or(f64::NAN);
                let expected = shape * total;
                if value.is_finite() && variance.is_finite() && expected > 0.0 {
                    apart += (value - expected).powi(2) / expected;
                    chance += variance / expected;
                }
            }
        }
        let lean = if apart > 0.0 {
            (chance / apart).clamp(0.0, 1.0)
        } else {
            0.0
        };
        for (day, total) in days.clone().zip(&sums) {
            for (cell, shape) in pooled.iter_mut().skip(day * slots).zip(&shape) {
                if cell.is_finite() && shape.is_finite() {
                    *cell += lean * (shape * total - *cell);
                }
            }
        }
    }
    pooled
}

/// Standard deviations in the median size of normally spread numbers around nought.
pub(crate) const DEVIATIONS: f64 = 1.4826;

/// The plain median of numbers; NaN for none. The order of `values` changes.
pub(crate) fn middle(values: &mut [f64]) -> f64 {
    quantile(values, 0.5)
}

/// The quantile by linear interpolation; NaN for nothing. The order of `values` changes.
pub(crate) fn quantile(values: &mut [f64], share: f64) -> f64 {
    values.sort_by(f64::total_cmp);
    sorted_quantile(values, share)
}

/// As [`quantile`], of values in ascending order.
pub(crate) fn sorted_quantile(values: &[f64], share: f64) -> f64 {
    let Some(last) = values.len().checked_sub(1) else {
        return f64::NAN;
    };
    #[expect(clippy::cast_precision_loss, reason = "few values")]
    let place = share.clamp(0.0, 1.0) * last as f64;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "between 0 and the last index"
    )]
    let below = place.floor() as usize;
    let low = values.get(below).copied().unwrap_or(f64::NAN);
    let high = values.get(below + 1).copied().unwrap_or(low);
    low + (high - low) * place.fract()
}
