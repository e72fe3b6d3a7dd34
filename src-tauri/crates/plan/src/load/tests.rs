use super::*;
use chrono_tz::Tz;
use proptest::prelude::*;

const KYIV: Tz = Tz::Europe__Kyiv;
const WARSAW: Tz = Tz::Europe__Warsaw;

fn utc(text: &str) -> DateTime<Utc> {
    text.parse().unwrap()
}

fn day(text: &str) -> NaiveDate {
    text.parse().unwrap()
}

fn one_day(date: &str, zone: Tz) -> HeatMap {
    HeatMap::of_calls(
        [],
        Range::of_days(day(date), day(date), zone),
        zone,
        Scale::Linear,
    )
}

fn observed(map: &HeatMap) -> f64 {
    map.cells.iter().map(|cell| cell.hours_observed).sum()
}

fn observed_at(map: &HeatMap, weekday: u8, hour: u8) -> f64 {
    map.cell(weekday, hour).unwrap().hours_observed
}

fn near(one: f64, other: f64) -> bool {
    (one - other).abs() < 1e-9
}

#[test]
fn a_moment_falls_on_the_wall_calendar() {
    // Kyiv left summer time on 27 October 2024 at 4:00, which became 3:00 (tz database).
    for (moment, zone, date, weekday, hour) in [
        ("2024-10-27T00:30:00Z", KYIV, "2024-10-27", 6, 3),
        ("2024-10-27T01:30:00Z", KYIV, "2024-10-27", 6, 3),
        ("2024-10-27T02:30:00Z", KYIV, "2024-10-27", 6, 4),
        ("2024-03-31T00:59:59Z", KYIV, "2024-03-31", 6, 2),
        ("2024-03-31T01:00:00Z", KYIV, "2024-03-31", 6, 4),
        ("2024-03-31T01:00:00Z", WARSAW, "2024-03-31", 6, 3),
        ("2024-12-31T23:30:00Z", WARSAW, "2025-01-01", 2, 0),
        (
            "2024-06-30T18:29:59Z",
            Tz::Asia__Kolkata,
            "2024-06-30",
            6,
            23,
        ),
    ] {
        let cell = LocalCell {
            date: day(date),
            weekday,
            hour,
        };
        assert_eq!(local_cell(utc(moment), zone), cell, "{moment} in {zone}");
    }
}

#[test]
fn days_of_23_and_25_hours_count_what_passed() {
    for (zone, gone) in [(KYIV, 3), (WARSAW, 2)] {
        let spring = one_day("2024-03-31", zone);
        assert!(
            near(observed(&spring), 23.0),
            "{zone}: the spring day is an hour short"
        );
        assert!(
            near(observed_at(&spring, 6, gone), 0.0),
            "{zone}: {gone}:00 did not happen"
        );
        let autumn = one_day("2024-10-27", zone);
        assert!(
            near(observed(&autumn), 25.0),
            "{zone}: the autumn day is an hour long"
        );
        assert!(
            near(observed_at(&autumn, 6, gone), 2.0),
            "{zone}: {gone}:00 happened twice"
        );
        let plain = one_day("2024-10-28", zone);
        assert!(
            near(observed(&plain), 24.0),
            "{zone}: any other day has 24 hours"
        );
        assert!(
            near(observed_at(&plain, 6, 12), 0.0),
            "{zone}: a Monday has no Sunday hours"
        );
    }
}

#[test]
fn a_mean_is_per_hour_that_passed() {
    let calls = [
        "2024-10-27T00:10:00Z",
        "2024-10-27T01:10:00Z",
        "2024-10-27T01:20:00Z",
        "2024-10-27T02:00:00Z",
    ]
    .map(utc);
    let map = HeatMap::of_calls(
        calls,
        Range::of_days(day("2024-10-27"), day("2024-10-27"), KYIV),
        KYIV,
        Scale::Linear,
    );
    let twice = map.cell(6, 3).unwrap();
    assert_eq!(twice.calls, 3);
    assert!(near(twice.mean, 1.5), "three calls in two hours: {twice:?}");
    assert!(
        near(map.cell(6, 4).unwrap().mean, 1.0),
        "one call in one hour"
    );
    assert_eq!(map.calls, 4);
}

#[test]
fn a_range_may_begin_and_end_within_an_hour() {
    let range = Range {
        from: utc("2024-11-20T10:15:00Z"),
        until: utc("2024-11-20T12:30:00Z"),
    };
    let calls = [
        "2024-11-20T10:14:59Z",
        "2024-11-20T10:15:00Z",
        "2024-11-20T12:29:59Z",
        "2024-11-20T12:30:00Z",
    ]
    .map(utc);
    let map = HeatMap::of_calls(calls, range, Tz::UTC, Scale::Linear);
    assert_eq!(
        map.calls, 2,
        "the beginning belongs to the range, the end does not"
    );
    for (hour, hours) in [(9, 0.0), (10, 0.75), (11, 1.0), (12, 0.5), (13, 0.0)] {
        assert!(
            near(observed_at(&map, 2, hour), hours),
            "{hour}:00 was seen for {hours} h"
        );
    }
    let upside_down = Range {
        from: range.until,
        until: range.from,
    };
    let empty = HeatMap::of_calls(calls, upside_down, Tz::UTC, Scale::Linear);
    assert_eq!(
        (empty.calls, observed(&empty)),
        (0, 0.0),
        "a range that ends before it begins is empty"
    );
}

#[test]
fn a_clock_that_shifts_by_half_an_hour_is_followed() {
    // Lord Howe Island: 2:00 becomes 2:30 on 6 October 2024, 2:00 becomes 1:30 on 7 April (tz database).
    let zone = Tz::Australia__Lord_Howe;
    let spring = one_day("2024-10-06", zone);
    assert!(
        near(observed(&spring), 23.5) && near(observed_at(&spring, 6, 2), 0.5),
        "half of 2:00 is left"
    );
    let autumn = one_day("2024-04-07", zone);
    assert!(
        near(observed(&autumn), 24.5) && near(observed_at(&autumn, 6, 1), 1.5),
        "half of 1:00 comes again"
    );
}

#[test]
fn a_day_without_midnight_begins_when_the_clock_jumps() {
    // Beirut goes from 0:00 to 1:00 on 31 March 2024 (tz database).
    let zone = Tz::Asia__Beirut;
    assert_eq!(
        start_of_day(day("2024-03-31"), zone),
        utc("2024-03-30T22:00:00Z")
    );
    assert!(
        near(observed(&one_day("2024-03-31", zone)), 23.0),
        "it is an hour short all the same"
    );
    assert_eq!(
        start_of_day(day("2024-04-01"), zone),
        utc("2024-03-31T21:00:00Z")
    );
}

#[test]
fn levels_are_even_steps_or_even_shares() {
    // Twelve hours of one day with 1, 2, … 11 and then 1,000 calls.
    let counts = (0..12).map(|hour| {
        let calls = if hour == 11 { 1_000 } else { hour + 1 };
        (
            utc("2024-11-20T00:30:00Z") + TimeDelta::hours(i64::from(hour)),
            calls,
        )
    });
    let range = Range::of_days(day("2024-11-20"), day("2024-11-20"), Tz::UTC);
    let levels = |scale| -> Vec<u8> {
        let map = HeatMap::of_counts(counts.clone(), range, Tz::UTC, scale);
        (0..13)
            .map(|hour| map.cell(2, hour).unwrap().level)
            .collect()
    };
    assert_eq!(
        levels(Scale::Linear),
        [1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 6, 0],
        "one extreme hour pales the rest"
    );
    assert_eq!(
        levels(Scale::Quantile),
        [1, 1, 2, 2, 3, 3, 4, 4, 5, 5, 6, 6, 0],
        "two hours on each level, none without calls"
    );
}

#[test]
fn no_calls_have_no_colour() {
    for scale in [Scale::Linear, Scale::Quantile] {
        let map = HeatMap::of_calls(
            [],
            Range::of_days(day("2024-11-18"), day("2024-11-24"), KYIV),
            KYIV,
            scale,
        );
        assert!(
            map.cells.iter().all(|cell| cell.level == 0),
            "{scale:?}: nothing came, nothing is shown"
        );
        assert_eq!((map.calls, map.cells.len()), (0, 168));
    }
}

/// The sample's calls of its 90 days, which hold the end of summer time.
fn sample_map() -> HeatMap {
    let now = utc("2024-11-19T10:00:00Z");
    let sample = sample::Sample::new(sample::Options::usual(7, sample::Language::Uk, now, KYIV));
    let first = local_cell(now, KYIV).date - TimeDelta::days(i64::from(sample.days()) - 1);
    let range = Range {
        from: start_of_day(first, KYIV),
        until: now,
    };
    HeatMap::of_calls(
        sample.calls().map(|call| call.started_at),
        range,
        KYIV,
        Scale::Linear,
    )
}

#[test]
fn the_sample_has_the_shape_of_a_contact_centre() {
    let map = sample_map();
    assert!(
        (20_000..40_000).contains(&map.calls),
        "a few hundred calls a day: {}",
        map.calls
    );
    // Per hour that passed, so that the half week at the end does not tilt it.
    let mean = |weekday: u8, hour: u8| map.cell(weekday, hour).unwrap().mean;
    let whole_day = |weekday: u8| (0..24).map(|hour| mean(weekday, hour)).sum::<f64>();
    for weekday in 0..5 {
        assert!(
            whole_day(weekday) > whole_day(5) * 1.3,
            "weekday {weekday} is busier than Saturday"
        );
        let morning = (10..12).map(|hour| mean(weekday, hour)).fold(0.0, f64::max);
        let valley = (13..16)
            .map(|hour| mean(weekday, hour))
            .fold(f64::MAX, f64::min);
        let evening = (17..19).map(|hour| mean(weekday, hour)).fold(0.0, f64::max);
        assert!(
            morning > valley * 1.3 && evening > valley * 1.3,
            "weekday {weekday} has two humps and a valley"
        );
        assert!(
            mean(weekday, 9) < morning && mean(weekday, 19) < evening,
            "weekday {weekday} begins and ends calmly"
        );
    }
    assert!(
        whole_day(5) > whole_day(6),
        "Saturday is busier than Sunday"
    );
    assert!(
        (1..5).all(|weekday| whole_day(0) > whole_day(weekday)),
        "Monday is the busiest"
    );
    let flatness = |weekday: u8| {
        let open: Vec<f64> = (11..18).map(|hour| mean(weekday, hour)).collect();
        open.iter().copied().fold(0.0, f64::max) / open.iter().copied().fold(f64::MAX, f64::min)
    };
    assert!(
        flatness(6) < flatness(0),
        "a Sunday is flatter than a Monday"
    );
    for weekday in 0..7 {
        let night = (0..9)
            .chain(21..24)
            .map(|hour| map.cell(weekday, hour).unwrap().calls)
            .sum::<u32>();
        assert_eq!(night, 0, "nobody is called at night on weekday {weekday}");
    }
    let top = map
        .cells
        .iter()
        .filter(|cell| cell.level == TOP_LEVEL)
        .count();
    assert!(
        (1..=20).contains(&top),
        "the strongest colour is for the busiest hours: {top}"
    );
}

fn zones() -> impl Strategy<Value = Tz> {
    prop::sample::select(vec![
        KYIV,
        WARSAW,
        Tz::UTC,
        Tz::Asia__Kolkata,
        Tz::America__New_York,
        Tz::Australia__Lord_Howe,
        Tz::Pacific__Chatham,
    ])
}

proptest! {
    #[test]
    fn everything_adds_up(
        zone in zones(),
        from in 1_600_000_000_i64..1_800_000_000,
        length in 0_i64..20_000_000,
        calls in prop::collection::vec((0.0_f64..1.2, 1_u32..50), 0..200),
        scale in prop::sample::select(vec![Scale::Linear, Scale::Quantile]),
    ) {
        let at = |second: i64| DateTime::from_timestamp(second, 0).unwrap();
        let range = Range { from: at(from), until: at(from + length) };
        #[expect(clippy::cast_possible_truncation, clippy::cast_precision_loss, reason = "any second near the range does")]
        let calls: Vec<_> =
            calls.into_iter().map(|(share, count)| (at(from + (length as f64 * share) as i64), count)).collect();
        let map = HeatMap::of_counts(calls.clone(), range, zone, scale);

        let inside: u32 = calls.iter().filter(|(at, _)| range.contains(*at)).map(|(_, count)| count).sum();
        prop_assert_eq!(map.calls, inside, "each call of the range is counted once, no other");
        prop_assert_eq!(map.cells.iter().map(|cell| cell.calls).sum::<u32>(), inside);
        prop_assert_eq!(map.weekdays.iter().sum::<u32>(), inside);
        prop_assert_eq!(map.hours.iter().sum::<u32>(), inside);
        prop_assert!((observed(&map) * 3600.0 - f64::from(i32::try_from(length).unwrap())).abs() < 0.01,
            "the hours seen are the length of the range");
        for (place, cell) in map.cells.iter().enumerate() {
            prop_assert_eq!(usize::from(cell.weekday) * 24 + usize::from(cell.hour), place);
            prop_assert_eq!(cell.level == 0, cell.calls == 0, "colour says whether there were calls");
            prop_assert!(cell.calls == 0 || cell.hours_observed > 0.0, "a call falls in an hour that passed");
            prop_assert!(cell.level <= TOP_LEVEL);
            prop_assert!((cell.mean * cell.hours_observed - f64::from(cell.calls)).abs() < 1e-6);
        }
        for one in &map.cells {
            for other in &map.cells {
                prop_assert!(one.mean > other.mean || one.level <= other.level, "more calls are never paler");
            }
        }
    }

    #[test]
    fn a_cell_is_the_wall_clock(zone in zones(), second in 0_i64..4_000_000_000) {
        let at = DateTime::from_timestamp(second, 0).unwrap();
        let cell = local_cell(at, zone);
        let start = start_of_day(cell.date, zone);
        let next = start_of_day(cell.date.succ_opt().unwrap(), zone);
        prop_assert!(start <= at && at < next, "a moment lies within its local day");
        prop_assert!((23..=25).contains(&(next - start).num_hours()), "days have 23 to 25 hours");
        prop_assert_eq!(u32::from(cell.weekday), cell.date.weekday().num_days_from_monday());
    }
}
