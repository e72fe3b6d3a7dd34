//! What a person at the window waits for, measured there.

use crate::desk::Desk;
use crate::window::Window;
use anyhow::{Context, Result, ensure};
use serde_json::json;
use std::io::Write;

/// Milliseconds from one chord to the frame that shows what `selector` finds.
pub async fn key(desk: &Desk, window: &Window, chord: &str, selector: &str) -> Result<f64> {
    let client = window.client();
    let armed = client
        .execute(include_str!("arm.js"), vec![json!(selector)])
        .await?;
    ensure!(
        armed.as_bool() == Some(true),
        "{selector} is there before {chord} is pressed"
    );
    desk.display().press(&[chord]).await?;
    let collect = "const [done] = arguments; window.keyToScreen.then(done)";
    let took = client.execute_async(collect, Vec::new()).await?;
    took.as_f64()
        .with_context(|| format!("{chord} was not measured"))
}

/// A quantile by nearest rank; NaN of no values.
pub fn quantile(values: &[f64], share: f64) -> f64 {
    let mut values = values.to_vec();
    values.sort_by(f64::total_cmp);
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        clippy::cast_precision_loss,
        reason = "a rank"
    )]
    let rank = (values.len() as f64 * share).ceil() as usize;
    values
        .get(rank.saturating_sub(1))
        .copied()
        .unwrap_or(f64::NAN)
}

/// To one decimal.
pub fn round(value: f64) -> f64 {
    (value * 10.0).round() / 10.0
}

/// Prints a line of a report.
///
/// # Errors
///
/// Nobody listens.
pub fn say(line: &str) -> Result<()> {
    writeln!(std::io::stdout(), "{line}").context("nobody listens")
}

#[cfg(test)]
mod tests {
    use super::quantile;

    #[test]
    fn a_quantile_is_one_of_the_values() {
        let values: Vec<f64> = (1..=20).map(f64::from).collect();
        assert!(
            (quantile(&values, 0.95) - 19.0).abs() < f64::EPSILON,
            "nineteen of twenty are no greater"
        );
        assert!(
            (quantile(&[3.0, 1.0, 2.0], 0.5) - 2.0).abs() < f64::EPSILON,
            "the middle one, sorted"
        );
    }
}
