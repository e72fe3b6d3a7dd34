//! From one agent to a hundred thousand: no value out of its range, and more agents never make it worse.

use crate::{Bound, Measures, Queue, ServiceLevel, ServiceLevelTarget, Target};

/// Whole numbers in equal steps of their logarithm.
fn logarithmic() -> impl Iterator<Item = u32> {
    let mut last = 0.0_f64;
    std::iter::from_fn(move || {
        last = (last * 1.25).floor().max(last + 1.0);
        (last <= 100_000.0).then_some(last)
    })
    .map(|value| format!("{value}").parse().unwrap())
}

fn in_range(measures: &Measures) {
    for share in [
        measures.waiting,
        measures.of_offered,
        measures.of_answered,
        measures.without_short_abandons,
        measures.abandonment,
        measures.occupancy,
    ] {
        assert!((0.0..=1.0).contains(&share), "{measures:?}");
    }
    for wait in [measures.asa_s, measures.wait_s, measures.queue] {
        assert!(wait.is_none_or(|wait| wait >= 0.0 && wait.is_finite()));
    }
}

/// Rounding may turn two equal values around.
const ROUNDING: f64 = 1e-12;

fn no_worse(more: &Measures, fewer: &Measures) {
    let at = |what: &str| format!("{what}: {more:?} after {fewer:?}");
    assert!(
        more.waiting <= fewer.waiting + ROUNDING,
        "{}",
        at("waiting")
    );
    assert!(
        more.abandonment <= fewer.abandonment + ROUNDING,
        "{}",
        at("abandonment")
    );
    for definition in ServiceLevel::ALL {
        let (more, fewer) = (
            more.service_level(definition),
            fewer.service_level(definition),
        );
        assert!(more >= fewer - ROUNDING, "{}", at("service level"));
    }
    if let (Some(more), Some(fewer)) = (more.asa_s, fewer.asa_s) {
        assert!(more <= fewer * (1.0 + ROUNDING), "{}", at("ASA"));
    }
}

#[test]
fn more_agents_are_never_worse() {
    for load in [1e-6, 0.3, 7.5, 120.0, 4_800.0, 100_000.0] {
        for patience_s in [None, Some(1.0), Some(150.0), Some(1e7)] {
            let queue = Queue::new(load, 180.0, 180.0, patience_s).unwrap();
            let mut fewer = queue.measures(0, 20.0);
            in_range(&fewer);
            for agents in logarithmic() {
                let more = queue.measures(agents, 20.0);
                in_range(&more);
                no_worse(&more, &fewer);
                assert_eq!(
                    more.stable,
                    patience_s.is_some() || load < f64::from(agents)
                );
                fewer = more;
            }
        }
    }
}

/// With one agent fewer something is missed, with those found nothing is.
#[test]
fn what_is_required_is_the_least() {
    let kept = |measures: &Measures, target: &Target, load: f64| {
        target
            .service_level
            .is_none_or(|level| measures.service_level(level.definition) >= level.share)
            && target
                .asa_s
                .is_none_or(|asa| measures.asa_s.is_some_and(|found| found <= asa))
            && target
                .abandonment
                .is_none_or(|cap| measures.abandonment <= cap)
            && target
                .occupancy
                .is_none_or(|cap| load <= cap * f64::from(measures.agents) + 1e-9)
            && measures.stable
    };
    for calls in [0.2, 3.0, 40.0, 333.0, 9_000.0, 600_000.0] {
        for patience_s in [None, Some(90.0)] {
            for definition in ServiceLevel::ALL {
                let queue = Queue::new(calls, 900.0, 150.0, patience_s).unwrap();
                let target = Target {
                    service_level: Some(ServiceLevelTarget {
                        share: 0.8,
                        within_s: 20.0,
                        definition,
                    }),
                    asa_s: Some(15.0),
                    occupancy: Some(0.88),
                    abandonment: Some(0.05),
                };
                let needed = queue.required(&target).unwrap();
                assert!(kept(&needed.measures, &target, queue.load()), "{needed:?}");
                let fewer = queue.measures(needed.agents - 1, 20.0);
                assert!(!kept(&fewer, &target, queue.load()), "{needed:?}");
                assert_ne!(needed.bound, Bound::NoCalls);
            }
        }
    }
}

#[test]
fn no_calls_need_nobody() {
    let queue = Queue::new(0.0, 900.0, 150.0, None).unwrap();
    let needed = queue.required(&Target::default()).unwrap();
    assert_eq!((needed.agents, needed.bound), (0, Bound::NoCalls));
    assert!((needed.measures.of_offered - 1.0).abs() < ROUNDING);
}

#[test]
fn what_no_one_can_keep_is_said() {
    let queue = Queue::new(10.0, 900.0, 150.0, Some(90.0)).unwrap();
    let impossible = [
        Target {
            asa_s: Some(-1.0),
            ..Target::default()
        },
        Target {
            occupancy: Some(0.0),
            ..Target::default()
        },
        Target {
            abandonment: Some(f64::NAN),
            ..Target::default()
        },
    ];
    for target in impossible {
        assert!(queue.required(&target).is_err(), "{target:?}");
    }
}
