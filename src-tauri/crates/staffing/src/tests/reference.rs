//! Published and exact values of the formulas, each to the digits it was given with.

use crate::erlang::{a, b, c};
use crate::{
    Bound, Measures, Queue, ServiceLevel, ServiceLevelTarget, Shrinkage, ShrinkageKind,
    ShrinkageShare, Target,
};

/// One value beside what was published, as text: it must agree to the last digit written.
#[track_caller]
fn agrees(what: &str, value: f64, published: &str) {
    let digits = published
        .split_once('.')
        .map_or(0, |(_, after)| after.len());
    let unit = 10f64.powi(-i32::try_from(digits).unwrap());
    let published: f64 = published.parse().unwrap();
    assert!(
        (value - published).abs() <= 0.5001 * unit,
        "{what}: {value} is not {published}"
    );
}

fn offered_within(share: f64, within_s: f64) -> Target {
    Target {
        service_level: Some(ServiceLevelTarget {
            share,
            within_s,
            definition: ServiceLevel::OfOffered,
        }),
        ..Target::default()
    }
}

/// A hundred calls in half an hour, three minutes each, twenty seconds.
fn hundred(agents: u32) -> Measures {
    Queue::new(100.0, 1800.0, 180.0, None)
        .unwrap()
        .measures(agents, 20.0)
}

fn thirty_percent() -> Shrinkage {
    let share = |kind, share| ShrinkageShare { kind, share };
    Shrinkage {
        shares: vec![
            share(ShrinkageKind::Leave, 0.12),
            share(ShrinkageKind::Sickness, 0.05),
            share(ShrinkageKind::Training, 0.04),
            share(ShrinkageKind::Breaks, 0.09),
        ],
    }
}

#[test]
fn a_hundred_calls_in_half_an_hour() {
    for (agents, waiting, level, asa) in [
        (11, "0.68212", "0.38961", "122.78"),
        (12, "0.44939", "0.64016", "40.44"),
        (13, "0.28527", "0.79559", "17.12"),
        (14, "0.174132", "0.888350", "7.836"),
        (15, "0.10204", "0.94145", "3.67"),
    ] {
        let measures = hundred(agents);
        agrees("waiting", measures.waiting, waiting);
        agrees("service level", measures.of_offered, level);
        agrees("ASA", measures.asa_s.unwrap(), asa);
    }
    agrees("load", hundred(14).load, "10.000000");
    agrees("occupancy", hundred(14).occupancy, "0.714286");
    assert_eq!(thirty_percent().positions(14), Some(20));
}

#[test]
fn a_hundred_calls_with_a_cap_on_occupancy() {
    let queue = Queue::new(100.0, 1800.0, 180.0, None).unwrap();
    let needed = queue.required(&offered_within(0.8, 20.0)).unwrap();
    assert_eq!((needed.agents, needed.bound), (14, Bound::ServiceLevel));
    let needed = queue
        .required(&Target {
            occupancy: Some(0.7),
            ..offered_within(0.8, 20.0)
        })
        .unwrap();
    assert_eq!((needed.agents, needed.bound), (15, Bound::Occupancy));
    assert_eq!(thirty_percent().positions(needed.agents), Some(22));
    agrees("service level", needed.measures.of_offered, "0.941");
    agrees("occupancy", needed.measures.occupancy, "0.667");
}

#[test]
fn forty_eight_erlangs() {
    let measures = Queue::new(360.0, 1800.0, 240.0, None)
        .unwrap()
        .measures(55, 15.0);
    agrees("load", measures.load, "48.000000");
    agrees("waiting", measures.waiting, "0.238701");
    agrees("ASA", measures.asa_s.unwrap(), "8.184");
    agrees("service level", measures.of_offered, "0.845883");
    agrees("occupancy", measures.occupancy, "0.8727");
}

#[test]
fn waiting_and_loss() {
    for (agents, load, waiting) in [
        (132, 123.0, "0.3211162"),
        (12_421, 12_345.0, "0.3812250"),
        (2, 1.0, "0.3333333333"),
        (3, 2.0, "0.4444444444"),
        (5, 4.0, "0.5541125541"),
        (10, 8.0, "0.4091801508"),
        (10, 9.0, "0.6687315241"),
        (100, 90.0, "0.2169404809"),
        (1000, 950.0, "0.0682534154"),
        (5000, 4900.0, "0.0999378772"),
    ] {
        agrees("C", c(agents, load).unwrap().waiting, waiting);
    }
    agrees("B", b(132, 123.0), "0.0312428");
    agrees("B", b(1, 1.0), "0.5000000000");
    agrees("B", b(2, 1.0), "0.2000000000");
}

#[test]
fn patience_of_five_minutes() {
    let measures = Queue::new(100.0, 1800.0, 180.0, Some(300.0))
        .unwrap()
        .measures(14, 20.0);
    agrees("waiting", measures.waiting, "0.145260");
    agrees("abandonment", measures.abandonment, "0.013984");
    agrees("occupancy", measures.occupancy, "0.704297");
    agrees("wait", measures.wait_s.unwrap() / 60.0, "0.069919");
    agrees("service level", measures.of_offered, "0.916792");
}

/// The table of Garnett, Mandelbaum and Reiman (2002).
#[test]
fn forty_eight_calls_a_minute() {
    let measures = Queue::new(48.0, 60.0, 60.0, Some(120.0))
        .unwrap()
        .measures(50, 20.0);
    agrees("waiting", measures.waiting, "0.467774");
    agrees("abandonment", 100.0 * measures.abandonment, "3.0912");
    agrees("wait", measures.wait_s.unwrap(), "3.709");
    agrees("queue", measures.queue.unwrap(), "2.968");
    agrees("occupancy", 100.0 * measures.occupancy, "93.03");

    let endless = Queue::new(48.0, 60.0, 60.0, None)
        .unwrap()
        .measures(50, 20.0);
    agrees("wait", endless.wait_s.unwrap(), "20.83");
    agrees("occupancy", endless.occupancy, "0.96");
}

/// What a service level is a share of moves it by three points there.
#[test]
fn three_definitions() {
    let measures = Queue::new(48.0, 60.0, 60.0, Some(120.0))
        .unwrap()
        .measures(50, 20.0);
    for (definition, level) in [
        (ServiceLevel::OfOffered, "0.9430"),
        (ServiceLevel::OfAnswered, "0.9731"),
        (ServiceLevel::WithoutShortAbandons, "0.9720"),
    ] {
        agrees("service level", measures.service_level(definition), level);
    }
}

#[test]
fn ten_erlangs_with_patience() {
    // Two minutes of patience beside calls of three minutes, twenty seconds.
    for (agents, abandonment, level) in [
        (10, "0.137464", "0.639941"),
        (11, "0.094155", "0.742209"),
        (12, "0.061597", "0.825583"),
        (13, "0.038426", "0.888550"),
        (14, "0.022839", "0.932730"),
    ] {
        let queue = a(agents, 10.0, 2.0 / 3.0, 20.0 / 180.0);
        agrees("abandonment", queue.abandoned, abandonment);
        agrees("service level", queue.answered_within, level);
    }
}

#[test]
fn overload_with_patience() {
    let measures = Queue::new(20.0, 60.0, 180.0, Some(120.0))
        .unwrap()
        .measures(50, 20.0);
    agrees("load", measures.load, "60.000000");
    agrees("abandonment", measures.abandonment, "0.175311");
    agrees("occupancy", measures.occupancy, "0.989626");
    agrees("service level", measures.of_offered, "0.420963");
}

/// With a load of 10.6 erlangs 5 % are answered in time by eleven people already; a search that starts
/// at the rounded load misses them.
#[test]
fn search_starts_right_above_the_load() {
    let queue = Queue::new(106.0, 1800.0, 180.0, None).unwrap();
    let needed = queue.required(&offered_within(0.05, 20.0)).unwrap();
    assert_eq!((needed.agents, needed.bound), (11, Bound::Stability));
    agrees("service level", needed.measures.of_offered, "0.173");
}
