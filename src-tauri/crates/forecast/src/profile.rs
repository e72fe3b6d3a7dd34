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

/// A quarter to the newest, a quarter of the rest to the one before, and so on.
pub(crate) fn ewma(column: &mut [(f64, f64)]) -> f64 {
    let mut share = 1.0;
    for (_, weight) in column.iter_mut() {
        *weight *= share;
        share *= 0.75;
    }
    mean(column)
}

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
