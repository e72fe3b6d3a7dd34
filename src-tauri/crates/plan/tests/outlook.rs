//! A week of the sample shop, from its history to shifts, and then played call by call: what the plan
//! promised is what happens.

#![allow(
    clippy::expect_used,
    clippy::indexing_slicing,
    reason = "a test ends where something is not as it was made"
)]

use chrono::{DateTime, Days, NaiveDate, Timelike, Utc};
use chrono_tz::Europe::Kyiv;
use forecast::{History, Inputs, Quantity, SpecialDays};
use plan::outlook::{LineDay, foresee};
use roster::{
    Break, BreakPlan, Country, LabourPreset, Line, Need, Person, Problem, Search, Template,
};
use sample::{INBOUND_MINUTES, InboundInterval, Language, Options, Sample};
use staffing::simulation::{Agent, Call, Scenario, Skill, run};
use staffing::{Counts, Offered, Queue, ServiceLevel, ServiceLevelTarget, Span, Target};
use std::collections::BTreeSet;
use std::sync::Arc;

const SLOTS: usize = 1440 / INBOUND_MINUTES as usize;
const INTERVAL_S: f64 = INBOUND_MINUTES as f64 * 60.0;
const PAST: u32 = 84;
const WEEK: u32 = 7;
const PATIENCE_S: f64 = 120.0;
const THRESHOLD_S: f64 = 20.0;
const SEEDS: u64 = 50;

/// Calls and handle time of each interval of each day.
type Days7 = Vec<Vec<Offered>>;

/// A world of its own: what came, and the week after that.
struct World {
    first: NaiveDate,
    past: Vec<InboundInterval>,
    week: Days7,
}

impl World {
    fn of(seed: u64) -> Self {
        let monday: DateTime<Utc> = "2026-03-29T21:00:00Z".parse().expect("a moment");
        let end = monday + chrono::TimeDelta::days(i64::from(WEEK));
        let sample = Sample::new(Options::usual(seed, Language::Uk, end, Kyiv));
        let report = sample.inbound(PAST + WEEK);
        let (past, week): (Vec<_>, Vec<_>) = report
            .into_iter()
            .partition(|interval| interval.start < monday);
        let first = day_of(monday) - Days::new(u64::from(PAST));
        let mut days = vec![vec![Offered::default(); SLOTS]; WEEK as usize];
        for interval in week {
            let (day, slot) = place(interval.start, day_of(monday));
            days[day][slot] = offered(&interval);
        }
        Self {
            first,
            past,
            week: days,
        }
    }

    /// Calls to come by the forecast, with the handle times of the past.
    fn forecast(&self) -> Days7 {
        let mut calls = vec![None; PAST as usize * SLOTS];
        let mut handled = vec![(0.0, 0.0); SLOTS];
        for interval in &self.past {
            let (day, slot) = place(interval.start, self.first);
            calls[day * SLOTS + slot] = Some(f64::from(interval.calls));
            handled[slot].0 += f64::from(interval.handle_s);
            handled[slot].1 += f64::from(interval.calls);
        }
        let history = History::new(self.first, SLOTS, calls).expect("a history of whole days");
        let inputs = Inputs {
            history: &history,
            quantity: Quantity::Volume,
            special: &SpecialDays::default(),
            left_out: &BTreeSet::new(),
            lead: None,
            open: None,
            borrowed: None,
        };
        let origin = self.first + Days::new(u64::from(PAST));
        let made = forecast::forecast(&inputs, origin, WEEK).expect("twelve weeks are enough");
        (0..u64::from(WEEK))
            .map(|day| {
                let slots = made
                    .day_slots(origin + Days::new(day))
                    .expect("a day of it");
                slots
                    .iter()
                    .zip(&handled)
                    .map(|(slot, (seconds, calls))| Offered {
                        calls: slot.map_or(0.0, |slot| slot.mean),
                        aht_s: if *calls > 0.0 { seconds / calls } else { 0.0 },
                    })
                    .collect()
            })
            .collect()
    }
}

fn day_of(moment: DateTime<Utc>) -> NaiveDate {
    moment.with_timezone(&Kyiv).date_naive()
}

fn place(start: DateTime<Utc>, first: NaiveDate) -> (usize, usize) {
    let local = start.with_timezone(&Kyiv);
    let day = (local.date_naive() - first).num_days();
    let slot = local.num_seconds_from_midnight() / (INBOUND_MINUTES * 60);
    (
        usize::try_from(day).expect("not before the first"),
        slot as usize,
    )
}

fn offered(interval: &InboundInterval) -> Offered {
    Offered {
        calls: f64::from(interval.calls),
        aht_s: f64::from(interval.handle_s) / f64::from(interval.calls.max(1)),
    }
}

/// Shifts for named people under the law, day by day: stretches on the line, in seconds from midnight.
fn shifts(demand: &Days7) -> Vec<Vec<Vec<Span>>> {
    let target = Target {
        service_level: Some(ServiceLevelTarget {
            share: 0.8,
            within_s: THRESHOLD_S,
            definition: ServiceLevel::OfOffered,
        }),
        ..Target::default()
    };
    let needs = demand.iter().flatten().map(|offered| {
        let agents = Queue::new(
            offered.calls,
            INTERVAL_S,
            offered.aht_s.max(1.0),
            Some(PATIENCE_S),
        )
        .ok()
        .and_then(|queue| queue.required(&target).ok())
        .map_or(0, |found| found.agents);
        Need {
            agents: f64::from(if offered.calls > 0.0 { agents } else { 0 }),
            there: 0.0,
            under: 10.0,
            under_more: 20.0,
            over: 1.0,
        }
    });
    let shift = |start: u16, lunch: u16| Template {
        start: start * 60,
        minutes: 510,
        paid_minutes: 480,
        breaks: [lunch, lunch + 60]
            .map(|offset| BreakPlan {
                breaks: vec![
                    Break {
                        offset,
                        minutes: 30,
                    },
                    Break {
                        offset: offset + 150,
                        minutes: 15,
                    },
                ],
            })
            .into(),
        weekdays: [true; 7],
        ..Template::default()
    };
    let rules = LabourPreset::of(Country::Ukraine).rules_for(7, 0);
    let problem = Problem {
        days: 7,
        first_weekday: 0,
        templates: vec![shift(9, 180), shift(10, 210), shift(11, 240)],
        lines: vec![Line {
            slot_minutes: u16::try_from(INBOUND_MINUTES).expect("minutes"),
            needs: needs.collect(),
            ..Line::default()
        }],
        people: vec![
            Person {
                lines: vec![0],
                rules,
                share: 1.0,
                ..Person::default()
            };
            14
        ],
        ..Problem::default()
    };
    let problem = Arc::new(problem);
    let mut search = Search::new(Arc::clone(&problem), 1).expect("a sound problem");
    search.step();
    let roster = search.best().roster().clone();
    (0..7)
        .map(|day| {
            (0..problem.people.len())
                .filter_map(|person| roster.get(person, day))
                .map(|given| {
                    let template = &problem.templates[usize::from(given.template)];
                    stretches(template, usize::from(given.breaks))
                })
                .collect()
        })
        .collect()
}

fn stretches(template: &Template, breaks: usize) -> Vec<Span> {
    let mut from = template.start;
    let mut spans = Vec::new();
    for pause in &template.breaks[breaks].breaks {
        let begins = template.start + pause.offset;
        spans.push(span(from, begins));
        from = begins + pause.minutes;
    }
    spans.push(span(from, template.start + template.minutes));
    spans
}

fn span(from: u16, to: u16) -> Span {
    Span {
        from_s: f64::from(from) * 60.0,
        to_s: f64::from(to) * 60.0,
    }
}

/// Just the calls that came, each at a moment of its own.
fn calls(day: &[Offered], chance: &mut Chance) -> Vec<Call> {
    let mut calls = Vec::new();
    for (at, offered) in (0_u32..).zip(day) {
        let mut left = offered.calls;
        while left >= 1.0 {
            left -= 1.0;
            let patience_s = -PATIENCE_S * (1.0 - chance.next()).ln();
            // A bell curve out of twelve; half of the logarithm's variance less, so that the mean holds.
            let normal: f64 = (0..12).map(|_| chance.next()).sum::<f64>() - 6.0;
            calls.push(Call {
                project: 0,
                at_s: (f64::from(at) + chance.next()) * INTERVAL_S,
                handle_s: offered.aht_s * (0.55 * normal - 0.55 * 0.55 / 2.0).exp(),
                patience_s,
            });
        }
    }
    calls.sort_by(|a, b| a.at_s.total_cmp(&b.at_s));
    calls
}

/// `SplitMix64`.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> f64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        f64::from(u32::try_from((mixed ^ (mixed >> 31)) >> 32).expect("32 bits")) / 4_294_967_296.0
    }
}

fn level(counts: &Counts) -> f64 {
    100.0
        * counts
            .service_level(ServiceLevel::OfOffered)
            .expect("calls came")
}

#[test]
fn a_plan_keeps_on_the_sample_shop_what_it_promises() {
    let plan = shifts(&World::of(0).forecast());
    let (mut promised, mut came) = (Vec::new(), Vec::new());
    for seed in 0..SEEDS {
        let world = World::of(seed);
        let mut chance = Chance(seed);
        let expected = world.forecast();
        for ((expected, actual), people) in expected.iter().zip(&world.week).zip(&plan) {
            let day = LineDay {
                offered: expected,
                interval_s: INTERVAL_S,
                patience_s: Some(PATIENCE_S),
                threshold_s: THRESHOLD_S,
                outbound: &[],
                away: 0.0,
            };
            promised.push(foresee(&day, people));
            let agents: Vec<Agent> = people
                .iter()
                .map(|present| Agent {
                    skills: vec![Skill {
                        project: 0,
                        priority: 0,
                    }],
                    present: present.clone(),
                })
                .collect();
            let calls = calls(actual, &mut chance);
            let outcome = run(&Scenario {
                interval_s: INTERVAL_S,
                intervals: SLOTS,
                thresholds_s: &[THRESHOLD_S],
                calls: &calls,
                agents: &agents,
                tasks: &[],
                spare: 0,
            });
            came.push(outcome.total(0));
        }
    }
    for day in 0..WEEK as usize {
        let of_day =
            |all: &[Counts]| level(&all.iter().skip(day).step_by(WEEK as usize).copied().sum());
        let (promised, came) = (of_day(&promised), of_day(&came));
        assert!(
            (promised - came).abs() < 3.0,
            "day {day} of {SEEDS} weeks: {promised:.1} % were promised and {came:.1} % came"
        );
    }
}
