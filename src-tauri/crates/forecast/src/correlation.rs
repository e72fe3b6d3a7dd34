//! How far the errors of several forecasts go together: a holiday, a storm or a campaign that nobody
//! told of moves many clients at once.

use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;

/// How far off a forecast was on one day.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct DayError {
    /// The local date.
    #[specta(type = String)]
    pub date: NaiveDate,
    /// The logarithm of what came over what was said one week ahead.
    pub log: f64,
}

/// Errors farther off than so many of the mean size count as that far.
const FAR: f64 = 3.0;

/// The correlation of day errors, the same between any two of the forecasts: 0 where they go their own
/// ways or too little is known, 1 where they are always off alike. Never below 0.
///
/// The mean product of errors on a common scale over all pairs that share a date, drawn to nought by its
/// own uncertainty (positive-part James-Stein).
pub fn correlation(forecasts: &[&[DayError]]) -> f64 {
    // By date: the number of errors, their sum and the sum of their squares, on a scale of their own.
    let mut days: BTreeMap<NaiveDate, (f64, f64, f64)> = BTreeMap::new();
    for errors in forecasts {
        #[expect(clippy::cast_precision_loss, reason = "some hundred days")]
        let number = errors.len().max(1) as f64;
        let size = (errors.iter().map(|one| one.log * one.log).sum::<f64>() / number).sqrt();
        if size <= 0.0 || !size.is_finite() {
            continue;
        }
        for one in *errors {
            let error = (one.log / size).clamp(-FAR, FAR);
            let day = days.entry(one.date).or_default();
            day.0 += 1.0;
            day.1 += error;
            day.2 += error * error;
        }
    }
    let (mut products, mut pairs) = (0.0, 0.0);
    for (number, sum, squares) in days.values() {
        products += (sum * sum - squares) / 2.0;
        pairs += number * (number - 1.0) / 2.0;
    }
    if pairs < 1.0 {
        return 0.0;
    }
    let mean = products / pairs;
    let kept = 1.0 - 1.0 / (pairs * mean * mean);
    if mean > 0.0 && kept > 0.0 {
        (kept * mean).min(1.0)
    } else {
        0.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::tests::common::{Chance, date};

    /// Errors of several forecasts over eight weeks, of which `common` is common to all.
    fn errors(number: u32, common: f64) -> Vec<Vec<DayError>> {
        let mut chance = Chance::new(3);
        let shared: Vec<f64> = (0..56).map(|_| chance.normal()).collect();
        (0..number)
            .map(|one| {
                let size = 0.05 * f64::from(one + 1);
                shared
                    .iter()
                    .enumerate()
                    .map(|(day, shared)| DayError {
                        date: date(day),
                        log: size
                            * (common.sqrt() * shared + (1.0 - common).sqrt() * chance.normal()),
                    })
                    .collect()
            })
            .collect()
    }

    fn of(errors: &[Vec<DayError>]) -> f64 {
        let all: Vec<&[DayError]> = errors.iter().map(Vec::as_slice).collect();
        correlation(&all)
    }

    #[test]
    fn what_is_common_is_found() {
        for common in [0.3, 0.6, 0.9] {
            let found = of(&errors(6, common));
            assert!((found - common).abs() < 0.15, "{common}: {found}");
        }
        assert!(of(&errors(6, 0.0)) < 0.1);
    }

    #[test]
    fn one_alone_and_other_days_tell_nothing() {
        assert!(of(&errors(1, 0.9)).abs() < 1e-12);
        let mut apart = errors(2, 1.0);
        for error in &mut apart[1] {
            error.date = error.date + chrono::Days::new(100);
        }
        assert!(of(&apart).abs() < 1e-12);
    }
}
