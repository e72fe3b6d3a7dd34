//! What the forecast, the outliers and the day's second look are for.

use super::common::{Chance, date, history, inputs, monday, ordinary, usual};
use crate::{
    Alarm, Family, Forecast, ForecastError, History, Inputs, Lead, Limits, Method, OutlierKind,
    Quantity, Reason, SpecialDays, WeekProfile, alarms, forecast, outliers, reforecast,
};
use chrono::{Datelike, Days, NaiveDate};
use std::collections::BTreeSet;

/// Sum of the days' means.
fn sum(forecast: &Forecast) -> f64 {
    forecast.days.iter().map(|day| day.total.mean).sum()
}

fn usual_day(date: NaiveDate) -> f64 {
    (0..24).filter_map(|slot| usual(date, slot, 24)).sum()
}

#[test]
fn a_holiday_is_learned_and_a_new_one_leans_on_its_family() {
    let mut special = SpecialDays::new();
    let holidays = [30, 65, 100, 135, 170, 198];
    for day in holidays {
        let kind = if day == 198 { "new" } else { "old" };
        special.set(date(day), kind, Family::Holiday);
    }
    special.set(date(199), "old", Family::Holiday);
    special.set(date(200), "sale", Family::Promotion);
    let past = history(196, 24, 5, |date, chance| {
        let half = if special.get(date).is_some() {
            0.5
        } else {
            1.0
        };
        half * (0.03 * chance.normal()).exp()
    });
    let inputs = Inputs {
        special: &special,
        ..inputs(&past)
    };
    let said = forecast(&inputs, date(196), 7).unwrap();
    let factor = |day: usize| said.day(date(day)).unwrap().factor;
    assert!((factor(199) - 0.5).abs() < 0.05, "{}", factor(199));
    assert!(factor(198) < 0.75, "its family tells: {}", factor(198));
    assert!(
        (factor(200) - 1.0).abs() < 1e-9,
        "nothing is known of a sale"
    );
    // The days around are not spoiled by the halved ones.
    let monday = said.day(date(196)).unwrap().total.mean;
    assert!(
        (monday / usual_day(date(196)) - 1.0).abs() < 0.05,
        "{monday}"
    );
    // What was never seen is told with less assurance.
    let width = |day: usize| {
        let total = said.day(date(day)).unwrap().total;
        (total.high80 - total.low80) / total.mean
    };
    assert!(width(198) > width(199) || width(200) > width(199));
    assert!(width(199) > width(197));
}

#[test]
fn a_closed_day_has_no_forecast() {
    let past = ordinary(70, 8);
    let mut special = SpecialDays::new();
    special.set(date(72), "stocktaking", Family::Other);
    special.set_open(date(72), 0..0);
    let inputs = Inputs {
        special: &special,
        ..inputs(&past)
    };
    let said = forecast(&inputs, date(70), 7).unwrap();
    assert!(
        said.day_slots(date(72))
            .unwrap()
            .iter()
            .all(Option::is_none)
    );
    assert!(said.day(date(72)).unwrap().total.mean.abs() < 1e-9);
    assert!(
        said.day_slots(date(73))
            .unwrap()
            .iter()
            .any(Option::is_some)
    );
}

#[test]
fn paydays_are_learned() {
    let past = history(300, 24, 6, |date, chance| {
        let payday = if matches!(date.day(), 10 | 25) {
            1.3
        } else {
            1.0
        };
        payday * (0.03 * chance.normal()).exp()
    });
    let said = forecast(&inputs(&past), date(300), 28).unwrap();
    for day in &said.days {
        let usual = usual_day(day.date);
        if usual == 0.0 {
            continue;
        }
        let ratio = day.total.mean / usual;
        let wanted = if matches!(day.date.day(), 10 | 25) {
            1.15..1.4
        } else {
            0.9..1.08
        };
        assert!(wanted.contains(&ratio), "{}: {ratio}", day.date);
    }
}

#[test]
fn what_a_supervisor_left_out_leaves_no_trace() {
    let odd = date(52);
    let past = |factor: f64| {
        history(56, 24, 9, move |date, chance| {
            let day = (0.03 * chance.normal()).exp();
            if date == odd { factor * day } else { day }
        })
    };
    let (wild, wilder) = (past(6.0), past(9.0));
    let left_out = BTreeSet::from([odd]);
    let said = |history: &History| {
        let inputs = Inputs {
            left_out: &left_out,
            ..inputs(history)
        };
        forecast(&inputs, date(56), 7).unwrap()
    };
    // The generator's later values depend on earlier ones only through its state, so that all other
    // days are alike in both.
    assert_eq!(said(&wild).slots, said(&wilder).slots);
}

#[test]
fn two_weeks_are_enough_with_a_borrowed_profile() {
    let lender = WeekProfile::of(&ordinary(140, 11)).unwrap();
    let young = history(14, 24, 12, |_, chance| 0.2 * (0.05 * chance.normal()).exp());
    let own = forecast(&inputs(&young), date(14), 14).unwrap();
    let helped = forecast(
        &Inputs {
            borrowed: Some(&lender),
            ..inputs(&young)
        },
        date(14),
        14,
    )
    .unwrap();
    assert!(helped.explanation.borrowed && !own.explanation.borrowed);
    assert_eq!(helped.explanation.reason, Reason::LittleHistory);
    assert_eq!(helped.explanation.leading, Method::Borrowed);
    let off = |said: &Forecast| -> f64 {
        said.slots
            .iter()
            .enumerate()
            .filter_map(|(index, slot)| {
                let truth = 0.2 * usual(date(14 + index / 24), index % 24, 24)?;
                Some((slot.as_ref()?.mean - truth).abs())
            })
            .sum()
    };
    assert!(
        off(&helped) < 0.8 * off(&own),
        "{} {}",
        off(&helped),
        off(&own)
    );
}

#[test]
fn what_cannot_be_forecast_is_refused() {
    let past = ordinary(13, 1);
    let refused =
        |inputs: &Inputs<'_>, day: usize, days: u32| forecast(inputs, date(day), days).unwrap_err();
    assert_eq!(
        refused(&inputs(&past), 13, 7),
        ForecastError::TooShort {
            days: 13,
            needed: 14
        }
    );
    assert_eq!(refused(&inputs(&past), 13, 0), ForecastError::Horizon(0));
    assert_eq!(refused(&inputs(&past), 13, 92), ForecastError::Horizon(92));
    assert_eq!(
        refused(&inputs(&past), 15, 7),
        ForecastError::Gap { ends: date(13) }
    );
    let silent = History::new(monday(), 24, vec![None; 24 * 30]).unwrap();
    assert_eq!(
        refused(&inputs(&silent), 30, 7),
        ForecastError::TooShort {
            days: 0,
            needed: 14
        }
    );
    let quarter_hours = WeekProfile::new(96, vec![Some(1.0); 7 * 96]).unwrap();
    let long = ordinary(30, 1);
    let other = Inputs {
        borrowed: Some(&quarter_hours),
        ..inputs(&long)
    };
    assert_eq!(
        refused(&other, 30, 7),
        ForecastError::BorrowedSlots {
            history: 24,
            borrowed: 96
        }
    );
}

#[test]
fn a_new_level_is_followed_within_weeks() {
    let past = history(154, 24, 13, |at, chance| {
        let level = if at < date(126) { 1.0 } else { 1.5 };
        level * (0.03 * chance.normal()).exp()
    });
    let said = forecast(&inputs(&past), date(154), 7).unwrap();
    let truth: f64 = (154..161).map(|day| 1.5 * usual_day(date(day))).sum();
    let ratio = sum(&said) / truth;
    assert!((0.93..1.05).contains(&ratio), "{ratio}");
}

#[test]
fn a_busy_season_of_every_year_is_foretold_before_it_begins() {
    // It grows for four weeks up to twice as much and ebbs away again; every year a fifth more.
    let season = |day: usize| {
        let weeks = (day % 364) as f64 / 7.0;
        let busy = 1.0 + (1.0 - (weeks - 47.0).abs() / 4.0).max(0.0);
        busy * 1.2_f64.powf(day as f64 / 364.0)
    };
    let past = history(1060, 24, 17, |at, chance| {
        season((at - monday()).num_days() as usize) * (0.03 * chance.normal()).exp()
    });
    let origin = 2 * 364 + 44 * 7;
    let said = forecast(&inputs(&past), date(origin), 14).unwrap();
    let truth: f64 = (origin..origin + 14)
        .map(|day| season(day) * usual_day(date(day)))
        .sum();
    let ratio = sum(&said) / truth;
    assert!((0.88..1.1).contains(&ratio), "{ratio}");
}

#[test]
fn intervals_hold_on_days_and_on_slots() {
    let (mut slots, mut days) = ((0.0, 0.0, 0.0), (0.0, 0.0, 0.0));
    for seed in 1..7 {
        let truth = ordinary(147, seed);
        let said = forecast(&inputs(&truth), date(133), 14).unwrap();
        for (ahead, day) in said.days.iter().enumerate() {
            let came = &truth.values()[(133 + ahead) * 24..(134 + ahead) * 24];
            let count = |tally: &mut (f64, f64, f64), estimate: &crate::Estimate, came: f64| {
                tally.0 += f64::from(u8::from((estimate.low80..=estimate.high80).contains(&came)));
                tally.1 += f64::from(u8::from((estimate.low95..=estimate.high95).contains(&came)));
                tally.2 += 1.0;
            };
            for (estimate, came) in said.day_slots(day.date).unwrap().iter().zip(came) {
                if let (Some(estimate), Some(came)) = (estimate, came) {
                    count(&mut slots, estimate, *came);
                }
            }
            if day.total.mean > 0.0 {
                count(&mut days, &day.total, came.iter().flatten().sum());
            }
        }
    }
    let (slots80, slots95) = (slots.0 / slots.2, slots.1 / slots.2);
    assert!((0.74..0.87).contains(&slots80), "{slots80}");
    assert!((0.92..0.985).contains(&slots95), "{slots95}");
    let (days80, days95) = (days.0 / days.2, days.1 / days.2);
    assert!((0.68..0.93).contains(&days80), "{days80}");
    assert!(days95 > 0.88, "{days95}");
}

#[test]
fn thirteen_weeks_ahead_is_less_sure_than_one() {
    let past = history(400, 24, 21, |at, chance| {
        let drift = 0.3 * (f64::from(at.num_days_from_ce()) / 40.0).sin();
        (drift + 0.03 * chance.normal()).exp()
    });
    let said = forecast(&inputs(&past), date(399), 91).unwrap();
    let width = |week: usize| -> f64 {
        said.days[7 * week..7 * week + 7]
            .iter()
            .map(|day| (day.total.high80 - day.total.low80) / day.total.mean.max(1.0))
            .sum()
    };
    assert!(width(12) > 1.5 * width(0), "{} {}", width(0), width(12));
}

#[test]
fn yesterdays_orders_tell_of_todays_calls() {
    let intake = |day: usize| {
        let mut chance = Chance::new(900 + day as u64);
        (0.4 * chance.normal()).exp()
    };
    let index = |at: NaiveDate| usize::try_from((at - monday()).num_days()).unwrap();
    let orders: Vec<Option<f64>> = (0..201)
        .flat_map(|day| vec![Some(20.0 * intake(day)); 24])
        .collect();
    let orders = History::new(monday(), 24, orders).unwrap();
    let calls = history(201, 24, 31, |at, chance| {
        let before = index(at).checked_sub(1).map_or(1.0, intake);
        before.powf(0.7) * (0.03 * chance.normal()).exp()
    });
    let (mut led_off, mut blind_off) = (0.0, 0.0);
    for day in [189, 190, 191, 192, 193, 196, 197] {
        let with = Inputs {
            lead: Some(Lead {
                placed: &orders,
                expected: None,
            }),
            ..inputs(&calls)
        };
        let led = forecast(&with, date(day), 1).unwrap();
        let blind = forecast(&inputs(&calls), date(day), 1).unwrap();
        let came: f64 = calls.values()[day * 24..(day + 1) * 24]
            .iter()
            .flatten()
            .sum();
        led_off += (sum(&led) - came).abs();
        blind_off += (sum(&blind) - came).abs();
        let gain = led.explanation.lead.unwrap();
        assert!(gain.used && gain.with < gain.without, "{gain:?}");
        assert!(blind.explanation.lead.is_none());
    }
    assert!(led_off < 0.5 * blind_off, "{led_off} {blind_off}");
}

#[test]
fn orders_that_tell_nothing_are_not_used() {
    let calls = ordinary(196, 41);
    let orders = history(196, 24, 42, |_, chance| (0.4 * chance.normal()).exp());
    let with = Inputs {
        lead: Some(Lead {
            placed: &orders,
            expected: None,
        }),
        ..inputs(&calls)
    };
    let led = forecast(&with, date(196), 7).unwrap();
    let blind = forecast(&inputs(&calls), date(196), 7).unwrap();
    let gain = led.explanation.lead.unwrap();
    assert!(!gain.used, "{gain:?}");
    assert_eq!(led.slots, blind.slots);
}

#[test]
fn handle_times_are_weighted_by_calls() {
    let mut chance = Chance::new(51);
    let (mut times, mut weights) = (Vec::new(), Vec::new());
    for day in 0..98 {
        for slot in 0..24 {
            let calls = usual(date(day), slot, 24);
            // One call in the first hour says little: its time is far off.
            let calls = calls.map(|calls| if slot == 8 { 1.0 } else { calls });
            weights.push(calls.unwrap_or(0.0));
            times.push(calls.map(|calls| {
                let time = 240.0 * (1.0 + chance.normal() / calls.sqrt() * 0.6);
                time.max(10.0)
            }));
        }
    }
    let past = History::weighted(monday(), 24, times, weights).unwrap();
    let inputs = Inputs {
        quantity: Quantity::HandleTime,
        ..inputs(&past)
    };
    let said = forecast(&inputs, date(98), 7).unwrap();
    for day in said.days.iter().filter(|day| day.total.mean > 0.0) {
        assert!((day.total.mean / 240.0 - 1.0).abs() < 0.03, "{day:?}");
        assert!(
            day.total.high95 < 260.0,
            "a day of calls is steady: {day:?}"
        );
    }
    let record = said.record.unwrap();
    assert!(record.day_wape < record.slot_wape);
}

#[test]
fn a_day_and_a_slot_stand_out() {
    let odd_day = date(45);
    let past = history(98, 24, 61, |date, chance| {
        let factor = if date == odd_day { 2.0 } else { 1.0 };
        factor * (0.04 * chance.normal()).exp()
    });
    let mut values = past.values().to_vec();
    values[60 * 24 + 11] = Some(420.0);
    let past = History::new(monday(), 24, values).unwrap();
    let found = outliers(&past, &SpecialDays::new());
    let is = |day: NaiveDate, kind: OutlierKind| {
        found
            .iter()
            .find(|outlier| outlier.date == day && outlier.kind == kind)
    };
    let day = is(odd_day, OutlierKind::Day).expect("the doubled day");
    assert!(day.strength > 3.5 && day.came > 1.8 * day.usual);
    let slot = is(date(60), OutlierKind::Slot(11)).expect("the wild slot");
    assert!(slot.strength > 7.0 && slot.usual < 150.0);
    assert!(found.len() <= 4, "few others: {found:?}");
    // A day known to be special needs no question.
    let mut special = SpecialDays::new();
    special.set(odd_day, "sale", Family::Promotion);
    assert!(
        !outliers(&past, &special)
            .iter()
            .any(|outlier| outlier.date == odd_day)
    );
}

#[test]
fn the_rest_of_the_day_follows_what_has_come() {
    let past = ordinary(140, 71);
    let said = forecast(&inputs(&past), date(140), 1).unwrap();
    let twice: Vec<Option<f64>> = said
        .slots
        .iter()
        .map(|slot| slot.map(|slot| 1.3 * slot.mean))
        .collect();
    let at = |now: usize| reforecast(&said, date(140), &twice, now).unwrap();
    let (before, early, late) = (at(8), at(10), at(16));
    assert!((before.factor - 1.0).abs() < 1e-9, "nothing has come yet");
    assert!(
        early.factor > 1.05 && early.factor < 1.3,
        "{}",
        early.factor
    );
    assert!(
        late.factor > early.factor && late.factor < 1.3 + 1e-9,
        "{}",
        late.factor
    );
    let width = |day: &crate::Intraday| day.day.high80 - day.day.low80;
    assert!(width(&early) < width(&before) * 1.3 && width(&late) < width(&early));
    let expected = late.came
        + late.slots[16..]
            .iter()
            .flatten()
            .map(|slot| slot.mean)
            .sum::<f64>();
    assert!(
        (late.day.mean - expected).abs() < 1e-6 * expected,
        "the day is its parts"
    );
    // What lies ahead is not read.
    let mut other = twice.clone();
    other[16..].fill(Some(1e6));
    assert_eq!(reforecast(&said, date(140), &other, 16).unwrap(), late);
    assert_eq!(
        reforecast(&said, date(150), &twice, 16).unwrap_err(),
        ForecastError::NotForecast(date(150))
    );
}

#[test]
fn alarms_fire_beyond_their_limits_only() {
    let past = ordinary(140, 81);
    let said = forecast(&inputs(&past), date(140), 1).unwrap();
    let came = |factor: f64| -> Vec<Option<f64>> {
        said.slots
            .iter()
            .map(|slot| slot.map(|slot| factor * slot.mean))
            .collect()
    };
    let fired = |calls: &[Option<f64>]| {
        alarms(&said, calls, None, date(140), 18, Limits::default()).unwrap()
    };
    assert!(fired(&came(1.04)).is_empty());
    let six = fired(&came(0.94));
    assert!(matches!(six.as_slice(), [Alarm::Day { off, .. }] if (off + 0.06).abs() < 1e-9));
    let nine = fired(&came(1.09));
    assert!(matches!(
        nine.as_slice(),
        [Alarm::Day { .. }, Alarm::PeakHour { slot: 11, .. }]
    ));
    let times = forecast(
        &Inputs {
            quantity: Quantity::HandleTime,
            ..inputs(&past)
        },
        date(140),
        1,
    )
    .unwrap();
    let measured: Vec<Option<f64>> = times
        .slots
        .iter()
        .map(|slot| slot.map(|slot| 1.04 * slot.mean))
        .collect();
    let slow = alarms(
        &said,
        &came(1.0),
        Some((&times, &measured)),
        date(140),
        18,
        Limits::default(),
    )
    .unwrap();
    assert!(
        matches!(slow.as_slice(), [Alarm::HandleTime { off, .. }] if (off - 0.04).abs() < 1e-9)
    );
}

#[test]
fn the_explanation_names_errors_and_the_record_is_true() {
    let past = ordinary(200, 91);
    let said = forecast(&inputs(&past), date(196), 14).unwrap();
    let explanation = &said.explanation;
    assert_eq!(explanation.trials, 26);
    let names = |share: &crate::MethodShare| share.method == Method::LastYear;
    assert!(
        !explanation.methods.iter().any(names),
        "there is no last year to speak of"
    );
    assert!(explanation.wape.unwrap() < explanation.naive_wape.unwrap());
    assert_eq!(explanation.leading, explanation.methods[0].method);
    let record = said.record.unwrap();
    assert_eq!(record.weeks, 8);
    assert!((0.7..0.9).contains(&record.coverage80), "{record:?}");
    assert!(
        record.bias.abs() < 0.05 && record.day_wape < record.slot_wape,
        "{record:?}"
    );
    assert_eq!(said.day(date(196)).unwrap().date, monday() + Days::new(196));
}

#[test]
fn a_kind_of_day_keeps_its_course() {
    // On an eve all come before three.
    let morning = |day: usize| matches!(day, 40 | 80 | 120 | 160);
    let mut values = Vec::new();
    let mut special = SpecialDays::new();
    for day in 0..190 {
        if morning(day) {
            special.set(date(day), "an eve", Family::Eve);
        }
        for slot in 0..24 {
            values.push(
                usual(date(day), slot, 24).map(|usual| match (morning(day), slot) {
                    (true, 15..) => usual * 0.2,
                    (true, _) => usual * 1.4,
                    _ => usual + ((day * 7 + slot * 3) % 9) as f64,
                }),
            );
        }
    }
    special.set(date(192), "an eve", Family::Eve);
    special.set(date(193), "the eve of something else", Family::Eve);
    let past = History::new(monday(), 24, values).unwrap();
    let inputs = Inputs {
        special: &special,
        ..inputs(&past)
    };
    let said = forecast(&inputs, date(190), 7).unwrap();
    let of = |day: usize, slot: usize| {
        let slots = said.day_slots(date(day)).unwrap();
        slots[slot].unwrap().mean / usual(date(day), slot, 24).unwrap()
    };
    assert!((1.15..1.6).contains(&of(192, 10)), "{}", of(192, 10));
    assert!((0.1..0.5).contains(&of(192, 18)), "{}", of(192, 18));
    // Others keep theirs.
    assert!((0.9..1.2).contains(&of(191, 18)), "{}", of(191, 18));
    let evening = of(193, 18) / of(193, 10);
    assert!((0.85..1.15).contains(&evening), "{evening}");
}

#[test]
fn a_day_that_ends_early_has_no_forecast_after_and_what_came_then_is_not_looked_at() {
    let past = ordinary(70, 8);
    let mut special = SpecialDays::new();
    for day in [58, 72] {
        special.set(date(day), "an eve", Family::Eve);
        special.set_open(date(day), 0..14 * 60);
    }
    let inputs = Inputs {
        special: &special,
        ..inputs(&past)
    };
    let said = forecast(&inputs, date(70), 7).unwrap();
    let slots = said.day_slots(date(72)).unwrap();
    assert!(slots[13].is_some());
    assert!(slots[14..].iter().all(Option::is_none));
    // The day's sum is that of its open slots.
    let sum: f64 = slots.iter().flatten().map(|slot| slot.mean).sum();
    assert!((said.day(date(72)).unwrap().total.mean - sum).abs() < 1e-6);
    let mut other = past.values().to_vec();
    for value in other[58 * 24 + 14..59 * 24].iter_mut().flatten() {
        *value *= 50.0;
    }
    let other = History::new(monday(), 24, other).unwrap();
    let inputs = Inputs {
        history: &other,
        ..inputs
    };
    assert_eq!(forecast(&inputs, date(70), 7).unwrap().slots, said.slots);
}
