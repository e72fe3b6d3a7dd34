//! What must hold for any history.

use super::common::{Chance, date, history, inputs, monday, ordinary, usual};
use crate::{Estimate, Forecast, History, Inputs, Lead, forecast};
use proptest::prelude::*;

fn nested(estimate: &Estimate) -> bool {
    let Estimate {
        mean,
        low80,
        high80,
        low95,
        high95,
    } = *estimate;
    0.0 <= low95 && low95 <= low80 && low80 <= mean && mean <= high80 && high80 <= high95
}

/// Days beyond `known` take other values, in another order, or none.
fn other_future(history: &History, known: usize, seed: u64) -> History {
    let mut chance = Chance::new(seed);
    let from = known * history.slots_per_day();
    let mut values = history.values().to_vec();
    let future = &mut values[from..];
    let len = future.len();
    for index in 0..len {
        let other = (chance.even() * len as f64) as usize % len;
        future.swap(index, other);
        if chance.even() < 0.3 {
            future[index] = (chance.even() < 0.8).then(|| 1e4 * chance.even());
        }
    }
    History::new(history.first(), history.slots_per_day(), values).unwrap()
}

fn bits(forecast: &Forecast) -> Vec<u64> {
    forecast
        .slots
        .iter()
        .flatten()
        .chain(forecast.days.iter().map(|day| &day.total))
        .flat_map(|estimate| {
            [
                estimate.mean,
                estimate.low80,
                estimate.high80,
                estimate.low95,
                estimate.high95,
            ]
        })
        .map(f64::to_bits)
        .collect()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(8))]

    #[test]
    fn nothing_on_or_after_the_origin_is_read(seed in 1_u64..1000, weeks in 3_usize..24) {
        let past = 7 * weeks;
        let calls = history(past + 28, 24, seed, |_, chance| (0.1 * chance.normal()).exp());
        let orders = history(past + 28, 24, seed + 1, |_, chance| (0.3 * chance.normal()).exp());
        let (calls_else, orders_else) = (
            other_future(&calls, past, seed),
            other_future(&orders, past, seed + 2),
        );
        let said = |calls: &History, orders: &History| {
            let inputs = Inputs {
                lead: Some(Lead { placed: orders, expected: None }),
                ..inputs(calls)
            };
            forecast(&inputs, date(past), 14).unwrap()
        };
        let here = said(&calls, &orders);
        let elsewhere = said(&calls_else, &orders_else);
        prop_assert_ne!(calls.values(), calls_else.values());
        prop_assert_eq!(bits(&here), bits(&elsewhere));
        prop_assert_eq!(here, elsewhere);
    }

    #[test]
    fn intervals_are_nested_and_closed_slots_stay_closed(
        seed in 1_u64..1000,
        weeks in 2_usize..12,
        noise in 0.0..0.8_f64,
        level in 0.002..20.0_f64,
    ) {
        let past = history(7 * weeks, 24, seed, |_, chance| level * (noise * chance.normal()).exp());
        let said = forecast(&inputs(&past), date(7 * weeks), 21).unwrap();
        prop_assert_eq!(said.slots.len(), 21 * 24);
        for (index, slot) in said.slots.iter().enumerate() {
            let open = usual(date(7 * weeks + index / 24), index % 24, 24).is_some();
            prop_assert_eq!(slot.is_some(), open, "slot {}", index);
            if let Some(slot) = slot {
                prop_assert!(nested(slot), "{slot:?}");
            }
        }
        for day in &said.days {
            prop_assert!(nested(&day.total), "{day:?}");
            let slots = said.day_slots(day.date).unwrap();
            let sum: f64 = slots.iter().flatten().map(|slot| slot.mean).sum();
            prop_assert!((sum - day.total.mean).abs() <= 1e-6 * sum.max(1.0));
        }
        let shares: f64 = said.explanation.methods.iter().map(|share| share.weight).sum();
        prop_assert!((shares - 1.0).abs() < 1e-9);
        prop_assert!(said.explanation.methods.iter().all(|share| share.weight >= 0.0));
    }

    #[test]
    fn ten_times_the_calls_are_ten_times_the_forecast(seed in 1_u64..1000) {
        let past = history(84, 24, seed, |_, chance| (0.1 * chance.normal()).exp());
        let tenfold = past.values().iter().map(|value| value.map(|value| 10.0 * value)).collect();
        let tenfold = History::new(monday(), 24, tenfold).unwrap();
        let (one, ten) = (
            forecast(&inputs(&past), date(84), 7).unwrap(),
            forecast(&inputs(&tenfold), date(84), 7).unwrap(),
        );
        for (one, ten) in one.slots.iter().flatten().zip(ten.slots.iter().flatten()) {
            prop_assert!((ten.mean / one.mean - 10.0).abs() < 0.1, "{one:?} {ten:?}");
        }
    }
}

#[test]
fn the_same_input_gives_the_same_forecast() {
    let past = ordinary(150, 3);
    let said = || forecast(&inputs(&past), date(140), 28).unwrap();
    assert_eq!(bits(&said()), bits(&said()));
}

#[test]
fn five_years_of_quarter_hours_stay_quick() {
    // In cells, not in seconds: what is older than three years is not even looked at.
    let long = history(5 * 366, 96, 7, |_, chance| (0.05 * chance.normal()).exp());
    let said = forecast(&inputs(&long), date(5 * 366), 91).unwrap();
    assert_eq!(said.explanation.history_days, 3 * 366);
    assert_eq!(said.slots.len(), 91 * 96);
}
