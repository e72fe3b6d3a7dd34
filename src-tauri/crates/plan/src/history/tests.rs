use super::*;
use chrono::TimeZone;
use proptest::prelude::*;

const KYIV: Tz = chrono_tz::Europe::Kyiv;

fn day(year: i32, month: u32, day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(year, month, day).unwrap()
}

fn at(local: (i32, u32, u32), hour: u32, minute: u32) -> i64 {
    let naive = day(local.0, local.1, local.2)
        .and_hms_opt(hour, minute, 0)
        .unwrap();
    KYIV.from_local_datetime(&naive)
        .earliest()
        .unwrap()
        .timestamp()
}

fn work(start: i64, calls: u32) -> Work {
    Work {
        start,
        language: None,
        calls,
        handle_s: Some(f64::from(calls) * 180.0),
    }
}

fn always(slot_minutes: u32) -> OpenWeek {
    let hours: Vec<_> = (0..7).map(|weekday| (weekday, 0, 1440)).collect();
    OpenWeek::of_hours(&hours, slot_minutes)
}

#[test]
fn the_hour_that_the_clock_skips_was_not_observed_and_the_one_that_comes_twice_is_a_mean() {
    // Clocks go forward on 29 March 2026 at three, and back on 25 October at four.
    assert_eq!(
        minutes_passed(day(2026, 3, 29), 60, KYIV)[2..6],
        [60, 0, 60, 60]
    );
    assert_eq!(
        minutes_passed(day(2026, 10, 25), 30, KYIV)[4..10],
        [30, 30, 60, 60, 30, 30],
        "three o'clock comes twice"
    );
    assert_eq!(minutes_passed(day(2026, 10, 26), 60, KYIV), [60; 24]);

    let hours = |first: i64| (0..48).map(move |hour| work(first + hour * 3600, 10));
    let spring: Vec<Work> = hours(at((2026, 3, 29), 0, 0)).take(23).collect();
    let days = Days::new(&spring, 60, KYIV, day(2026, 4, 1), Some(always(60))).unwrap();
    assert_eq!(days.len(), 1, "23 hours are one day");
    let row = days.day(day(2026, 3, 29)).unwrap();
    assert_eq!((row[2], row[3], row[4]), (Some(10.0), None, Some(10.0)));
    assert_eq!(days.totals, [230]);

    let autumn: Vec<Work> = hours(at((2026, 10, 25), 0, 0)).take(25).collect();
    let days = Days::new(&autumn, 60, KYIV, day(2026, 11, 1), Some(always(60))).unwrap();
    let row = days.day(day(2026, 10, 25)).unwrap();
    assert_eq!(
        row[3],
        Some(10.0),
        "twenty calls in two hours are ten an hour"
    );
    assert_eq!(days.totals, [250], "and none is lost in the total");
    assert_eq!(days.handle_s[3], Some(180.0));
}

#[test]
fn closed_hours_and_gaps_are_no_zeros() {
    let mut all = Vec::new();
    for week in 0..6 {
        for weekday in 0..5 {
            let date = day(2026, 1, 5) + TimeDelta::days(7 * week + weekday);
            // The third week's Wednesday is missing in the report.
            if (week, weekday) == (2, 2) {
                continue;
            }
            for hour in 9..18 {
                let quiet = hour == 13 && weekday == 1;
                let start = at((2026, date.month(), date.day()), hour, 0);
                all.push(work(start, if quiet { 0 } else { 12 }));
            }
        }
    }
    let days = Days::new(&all, 60, KYIV, day(2026, 3, 1), None).unwrap();
    assert_eq!(days.first, day(2026, 1, 5));
    assert_eq!(days.end(), day(2026, 2, 14), "after the last Friday");
    let hours = days.open.hours();
    assert_eq!(
        hours,
        (0..5)
            .map(|weekday| (weekday, 540, 1080))
            .collect::<Vec<_>>(),
        "weekends and nights are closed, a lull at noon is not"
    );
    let tuesday = days.day(day(2026, 1, 6)).unwrap();
    assert_eq!(
        (tuesday[8], tuesday[9], tuesday[13], tuesday[18]),
        (None, Some(12.0), Some(0.0), None)
    );
    let missing = days.day(day(2026, 1, 21)).unwrap();
    assert!(missing.iter().all(Option::is_none), "a gap is no quiet day");
    assert_eq!(days.total(day(2026, 1, 21)), None);
    assert_eq!(days.total(day(2026, 1, 20)), Some(96));
}

#[test]
fn today_is_left_out_and_nothing_is_no_history() {
    let work = [
        work(at((2026, 1, 5), 10, 0), 3),
        work(at((2026, 1, 6), 10, 0), 4),
    ];
    let days = Days::new(&work, 15, KYIV, day(2026, 1, 6), Some(always(15))).unwrap();
    assert_eq!((days.len(), days.totals[0]), (1, 3));
    assert!(Days::new(&work, 15, KYIV, day(2026, 1, 5), None).is_none());
    assert!(Days::new(&[], 15, KYIV, day(2026, 1, 5), None).is_none());
}

#[test]
fn of_two_imports_the_newer_holds_where_they_meet() {
    let start = at((2026, 1, 5), 10, 0);
    let older: Vec<Work> = (0..8).map(|slot| work(start + slot * 900, 1)).collect();
    let newer = vec![work(start + 3600, 40)];
    let kept = overlay(vec![(60, newer.clone()), (15, older.clone())]);
    assert_eq!(
        kept.iter().map(|one| one.calls).collect::<Vec<_>>(),
        [1, 1, 1, 1, 40],
        "four quarters of the first hour, then the newer hour"
    );
    let kept = overlay(vec![(15, older), (60, newer)]);
    assert!(
        kept.iter().all(|one| one.calls == 1) && kept.len() == 8,
        "an hour that newer quarters cover is left out"
    );
}

fn code(text: &str) -> LanguageCode {
    text.parse().unwrap()
}

fn told(start: i64, language: &str, calls: u32) -> Work {
    Work {
        language: Some(code(language)),
        ..work(start, calls)
    }
}

#[test]
fn a_report_takes_the_place_of_the_languages_it_tells_and_one_without_of_all() {
    let start = at((2026, 1, 5), 10, 0);
    let counts = |layers: Vec<(u32, Vec<Work>)>| -> Vec<(Option<LanguageCode>, u32)> {
        overlay(layers)
            .iter()
            .map(|one| (one.language, one.calls))
            .collect()
    };
    let both = vec![told(start, "ru", 4), told(start, "uk", 6)];
    let uk = vec![told(start, "uk", 7)];
    let plain = vec![work(start, 11)];
    let (ru, known) = (Some(code("ru")), Some(code("uk")));
    assert_eq!(
        counts(vec![(60, uk.clone()), (60, both.clone())]),
        [(ru, 4), (known, 7)],
        "a queue's own report leaves the other queue's"
    );
    assert_eq!(
        counts(vec![(60, plain.clone()), (60, both.clone())]),
        [(None, 11)],
        "all of the hour is told anew"
    );
    assert_eq!(
        counts(vec![(60, both.clone()), (60, plain)]),
        [(ru, 4), (known, 6)],
        "nothing is counted a second time"
    );
    let mixed = vec![told(start, "uk", 6), work(start, 1)];
    assert_eq!(
        counts(vec![(60, mixed), (60, both.clone())]),
        [(None, 1), (known, 6)],
        "who leaves some untold tells of all"
    );
    let quarters: Vec<Work> = (0..4)
        .map(|slot| told(start + slot * 900, "ru", 1))
        .collect();
    assert_eq!(
        counts(vec![(60, uk), (15, quarters)]).len(),
        5,
        "an hour of one language hides no quarter of another"
    );
}

#[test]
fn opening_hours_go_into_slots_and_back() {
    let hours = [(0, 540, 1080), (5, 600, 900), (6, 0, 1440)];
    for slot_minutes in [15, 30, 60] {
        let open = OpenWeek::of_hours(&hours, slot_minutes);
        assert_eq!(open.hours(), hours, "{slot_minutes}");
        assert_eq!(
            open.day(day(2026, 3, 3))
                .iter()
                .filter(|open| **open)
                .count(),
            0
        );
    }
}

proptest! {
    #[test]
    fn no_call_is_lost_or_made_up(
        counts in proptest::collection::vec(0_u32..30, 1..400),
        first in 0_i64..40_000,
        slot_minutes in prop_oneof![Just(15_u32), Just(30), Just(60)],
        zone in prop_oneof![Just(KYIV), Just(chrono_tz::America::New_York), Just(chrono_tz::Asia::Kolkata)],
    ) {
        let begin = 1_700_000_100 / 900 * 900 + first * 900;
        let work: Vec<Work> = (0..).zip(&counts)
            .map(|(slot, calls)| work(begin + slot * 900, *calls)).collect();
        let all: u32 = counts.iter().sum();
        match Days::new(&work, slot_minutes, zone, NaiveDate::MAX, None) {
            None => prop_assert_eq!(all, 0),
            Some(days) => {
                prop_assert_eq!(days.totals.iter().sum::<u32>(), all);
                prop_assert_eq!(days.calls.len(), days.len() * days.slots_per_day());
                prop_assert_eq!(days.handle_s.len(), days.calls.len());
                prop_assert_eq!(days.handled.len(), days.calls.len());
                let seen: f64 = days.calls.iter().flatten().sum();
                prop_assert!(seen <= f64::from(all) + 1e-9);
            }
        }
    }

    #[test]
    fn languages_and_the_rest_add_up_to_the_whole(
        layers in proptest::collection::vec(
            proptest::collection::vec((0_i64..12, 0_usize..4, 0_u32..9), 0..30), 1..5),
    ) {
        let names = [None, Some(code("pl")), Some(code("ru")), Some(code("uk"))];
        // What a row came with tells its layer.
        let layers: Vec<(u32, Vec<Work>)> = (0..)
            .zip(layers)
            .map(|(layer, rows)| {
                let rows: BTreeMap<(i64, usize), u32> = rows
                    .into_iter()
                    .map(|(slot, language, calls)| ((slot, language), calls))
                    .collect();
                let rows = rows.into_iter().map(|((slot, language), calls)| Work {
                    language: names[language],
                    ..work(slot * 1800, 10 * layer + calls)
                });
                (30, rows.collect())
            })
            .collect();
        let kept = overlay(layers.clone());
        let starts: BTreeSet<(i64, Option<LanguageCode>)> =
            kept.iter().map(|one| (one.start, one.language)).collect();
        prop_assert_eq!(starts.len(), kept.len(), "nothing stands twice");
        for (layer, (_, rows)) in layers.iter().enumerate() {
            for row in rows {
                let hidden = kept.iter().filter(|newer| newer.start == row.start).any(|newer| {
                    let of = (newer.calls / 10) as usize;
                    let told = |language| layers[of].1.iter().any(|one| one.language == language);
                    of < layer && (told(None) || row.language.is_none() || told(row.language))
                });
                prop_assert_eq!(kept.contains(row), !hidden, "{:?} in {:?}", row, layers);
            }
        }
        let sum = |of: &dyn Fn(&Work) -> bool| -> u32 {
            kept.iter().filter(|one| of(one)).map(|one| one.calls).sum()
        };
        let parts: u32 = names.iter().map(|name| sum(&|one| one.language == *name)).sum();
        prop_assert_eq!(parts, sum(&|_| true));
        if let Some(days) = Days::new(&kept, 60, KYIV, NaiveDate::MAX, None) {
            prop_assert_eq!(days.totals.iter().sum::<u32>(), parts);
        }
    }
}
