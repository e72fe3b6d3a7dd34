//! Believable days: calls with two humps and a plan of shifts with breaks, by size of the team.

use staffing::simulation::{Agent, Call, HandleTime, Project, Scenario, Skill, draw, run};
use staffing::{
    Counts, Day, Offered, Presence, Queue, ServiceLevel, ServiceLevelTarget, Span, Swing, Target,
    lagged, predict_under,
};

/// Quarter hours, from eight to eight.
pub(crate) const INTERVALS: usize = 48;
pub(crate) const INTERVAL_S: f64 = 900.0;
pub(crate) const THRESHOLD_S: f64 = 20.0;

/// A day to be played.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    pub(crate) name: &'static str,
    /// Calls in the busiest quarter of an hour.
    pub(crate) peak: f64,
    pub(crate) aht_s: f64,
    pub(crate) variation: f64,
    pub(crate) patience_s: Option<f64>,
    /// People present beside those needed: below 1 a day that is short of people.
    pub(crate) cover: f64,
    pub(crate) deviation: f64,
}

pub(crate) const KINDS: [Kind; 9] = [
    kind("4 people", 8.0, 240.0, 0.9, Some(120.0), 1.0, 0.08),
    kind("7 people", 20.0, 200.0, 0.8, Some(150.0), 1.0, 0.08),
    kind(
        "10 people, endless patience",
        30.0,
        220.0,
        0.9,
        None,
        1.1,
        0.05,
    ),
    kind(
        "10 people, long calls",
        16.0,
        480.0,
        1.1,
        Some(120.0),
        1.0,
        0.08,
    ),
    kind("30 people", 110.0, 210.0, 0.8, Some(180.0), 1.0, 0.06),
    kind(
        "30 people, short of some",
        130.0,
        210.0,
        0.8,
        Some(120.0),
        0.88,
        0.06,
    ),
    kind(
        "90 people, impatient",
        360.0,
        220.0,
        1.0,
        Some(60.0),
        1.0,
        0.06,
    ),
    kind("200 people", 900.0, 190.0, 0.7, Some(180.0), 1.0, 0.05),
    kind(
        "200 people, short of some",
        900.0,
        190.0,
        0.7,
        Some(120.0),
        0.92,
        0.05,
    ),
];

const fn kind(
    name: &'static str,
    peak: f64,
    aht_s: f64,
    variation: f64,
    patience_s: Option<f64>,
    cover: f64,
    deviation: f64,
) -> Kind {
    Kind {
        name,
        peak,
        aht_s,
        variation,
        patience_s,
        cover,
        deviation,
    }
}

/// Calls by quarter hour: a steep start, a hump in the morning and one after work.
pub(crate) fn offered(kind: &Kind) -> Vec<Offered> {
    (0..48_u32)
        .map(|quarter| {
            let hour = f64::from(quarter) / 4.0;
            let hump = |at: f64, wide: f64| libm::exp(-((hour - at) / wide) * ((hour - at) / wide));
            let height = 0.25 + 0.75 * hump(2.5, 1.8) + 0.6 * hump(9.0, 1.6);
            Offered {
                calls: kind.peak * height,
                aht_s: kind.aht_s * (1.0 + 0.05 * hump(9.0, 2.0)),
            }
        })
        .collect()
}

/// Agents needed by quarter hour for 80 % in 20 s.
pub(crate) fn needed(kind: &Kind) -> Vec<u32> {
    let target = Target {
        service_level: Some(ServiceLevelTarget {
            share: 0.8,
            within_s: THRESHOLD_S,
            definition: ServiceLevel::OfOffered,
        }),
        ..Target::default()
    };
    let offered = offered(kind);
    let loads = lagged(&offered, INTERVAL_S, 0.0);
    offered
        .iter()
        .zip(loads)
        .map(|(interval, load)| {
            let queue = Queue::new(interval.calls, INTERVAL_S, interval.aht_s, kind.patience_s)
                .unwrap()
                .with_load(load);
            queue.required(&target).unwrap().agents
        })
        .collect()
}

/// Shifts with two breaks and lunch until every quarter is covered; each where most is missing.
pub(crate) fn plan(kind: &Kind) -> Vec<Vec<Span>> {
    let mut missing: Vec<f64> = needed(kind)
        .iter()
        .map(|agents| (f64::from(*agents) * kind.cover).round())
        .collect();
    let mut shifts: Vec<Vec<Span>> = Vec::new();
    loop {
        let mut best: Option<(f64, Vec<Span>)> = None;
        for start in (0..=32_u32).step_by(2) {
            for length in [16_u32, 32] {
                if start + length > 48 {
                    continue;
                }
                let shift = shift(start, length, u32::try_from(shifts.len()).unwrap());
                let gain: f64 = missing
                    .iter()
                    .enumerate()
                    .map(|(quarter, missing)| {
                        let there = there(&shift, quarter);
                        if *missing > 0.0 { there } else { -0.7 * there }
                    })
                    .sum();
                if best.as_ref().is_none_or(|(most, _)| gain > *most) {
                    best = Some((gain, shift));
                }
            }
        }
        let Some((gain, shift)) = best.filter(|(gain, _)| *gain > 0.0) else {
            return shifts;
        };
        assert!(gain > 0.0);
        for (quarter, missing) in missing.iter_mut().enumerate() {
            *missing -= there(&shift, quarter);
        }
        shifts.push(shift);
    }
}

fn there(shift: &[Span], quarter: usize) -> f64 {
    let from = INTERVAL_S * f64::from(u32::try_from(quarter).unwrap());
    let to = from + INTERVAL_S;
    let part = |span: &Span| (span.to_s.min(to) - span.from_s.max(from)).max(0.0);
    shift.iter().map(part).sum::<f64>() / INTERVAL_S
}

/// Breaks of ten minutes that begin at any five minutes, and half an hour of lunch in a long shift.
fn shift(start: u32, quarters: u32, turn: u32) -> Vec<Span> {
    let minutes = |minute: u32| f64::from(minute) * 60.0;
    let (start, end) = (start * 15, (start + quarters) * 15);
    let turn = turn * 5 % 60;
    let mut cuts = vec![(start + 75 + turn, 10)];
    if quarters > 16 {
        cuts.push((start + 195 + turn, 30));
        cuts.push((start + 345 + turn, 10));
    }
    let mut from = start;
    let mut spans = Vec::new();
    for (cut, length) in cuts {
        spans.push(Span {
            from_s: minutes(from),
            to_s: minutes(cut),
        });
        from = cut + length;
    }
    spans.push(Span {
        from_s: minutes(from),
        to_s: minutes(end),
    });
    spans
}

/// The calls of one day by its seed.
pub(crate) fn calls(kind: &Kind, seed: u64) -> Vec<Call> {
    let project = Project {
        offered: offered(kind),
        handle: HandleTime::LogNormal {
            variation: kind.variation,
        },
        patience_s: kind.patience_s,
    };
    let swing = Swing {
        deviation: kind.deviation,
    };
    draw(&[project], INTERVAL_S, swing, seed)
}

/// What came of the day.
pub(crate) fn played(plan: &[Vec<Span>], calls: &[Call]) -> Counts {
    let agents: Vec<Agent> = plan
        .iter()
        .map(|spans| Agent {
            skills: vec![Skill {
                project: 0,
                priority: 0,
            }],
            present: spans.clone(),
        })
        .collect();
    run(&Scenario {
        interval_s: INTERVAL_S,
        intervals: INTERVALS,
        thresholds_s: &[THRESHOLD_S],
        calls,
        agents: &agents,
        tasks: &[],
        spare: 0,
    })
    .total(0)
}

/// What is to be expected of it, from the exact plan or from the mean presence by quarter hour.
pub(crate) fn foreseen(kind: &Kind, plan: &[Vec<Span>], exact: bool) -> Counts {
    let offered = offered(kind);
    let day = Day {
        offered: &offered,
        interval_s: INTERVAL_S,
        patience_s: kind.patience_s,
        threshold_s: THRESHOLD_S,
    };
    let presence = if exact {
        Presence::of(plan)
    } else {
        let mean: Vec<f64> = (0..INTERVALS)
            .map(|quarter| plan.iter().map(|shift| there(shift, quarter)).sum())
            .collect();
        Presence::mean(&mean, INTERVAL_S)
    };
    let swing = Swing {
        deviation: kind.deviation,
    };
    predict_under(&day, &presence, swing).into_iter().sum()
}

/// The mean service level of days, each counted alike.
pub(crate) fn mean_level(days: &[Counts]) -> f64 {
    let levels: Vec<f64> = days
        .iter()
        .filter_map(|day| day.service_level(ServiceLevel::OfOffered))
        .collect();
    levels.iter().sum::<f64>() / f64::from(u32::try_from(levels.len()).unwrap())
}
