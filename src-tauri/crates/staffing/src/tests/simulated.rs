//! Formulas and predictions against days played out.

use super::days::{KINDS, Kind, calls, foreseen, mean_level, plan, played};
use crate::simulation::{
    Agent, Call, Group, HandleTime, Need, Project, Scenario, Skill, StaffTime, Task, draw,
    expected, multi_skill, run,
};
use crate::{
    Counts, Offered, Queue, ServiceLevel, ServiceLevelTarget, Span, Swing, Target, erlang, lagged,
};

fn skill(project: u32, priority: u8) -> Skill {
    Skill { project, priority }
}

fn agent(skills: &[Skill], spans: &[(f64, f64)]) -> Agent {
    Agent {
        skills: skills.to_vec(),
        present: spans
            .iter()
            .map(|(from_s, to_s)| Span {
                from_s: *from_s,
                to_s: *to_s,
            })
            .collect(),
    }
}

fn call(project: usize, at_s: f64, handle_s: f64, patience_s: f64) -> Call {
    Call {
        project,
        at_s,
        handle_s,
        patience_s,
    }
}

#[test]
fn a_day_of_few_goes_as_foreseen() {
    as_foreseen(&KINDS[..6]);
}

#[test]
fn a_day_of_many_goes_as_foreseen() {
    as_foreseen(&KINDS[6..8]);
}

#[test]
fn a_day_short_of_people_goes_as_foreseen() {
    as_foreseen(&KINDS[8..]);
}

fn as_foreseen(kinds: &[Kind]) {
    for kind in kinds {
        let plan = plan(kind);
        let days: Vec<_> = (0..50)
            .map(|seed| played(&plan, &calls(kind, seed)))
            .collect();
        let came = mean_level(&days);
        // A mean does not show who leaves and ends a call first, which is worth two or three points.
        for (exact, most) in [(true, 0.015), (false, 0.045)] {
            let level = foreseen(kind, &plan, exact)
                .service_level(ServiceLevel::OfOffered)
                .unwrap();
            assert!(
                (level - came).abs() < most,
                "{}: {level:.4} foreseen, {came:.4} came, exact {exact}",
                kind.name
            );
        }
    }
}

/// Erlang A lies within three standard errors of what is simulated, batch by batch.
#[test]
fn patience_as_simulated() {
    for (agents, load, patience_s) in [(14_u32, 10.0, 300.0), (10, 10.0, 120.0), (50, 60.0, 120.0)]
    {
        let (aht_s, interval_s, batches) = (180.0, 18_000.0, 40);
        let project = Project {
            offered: vec![
                Offered {
                    calls: load / aht_s * interval_s,
                    aht_s,
                };
                batches
            ],
            handle: HandleTime::Exponential,
            patience_s: Some(patience_s),
        };
        let calls = draw(&[project], interval_s, Swing::default(), 7);
        let people: Vec<Agent> = (0..agents)
            .map(|_| agent(&[skill(0, 0)], &[(0.0, 1e9)]))
            .collect();
        let outcome = run(&Scenario {
            interval_s,
            intervals: batches,
            thresholds_s: &[20.0],
            calls: &calls,
            agents: &people,
            tasks: &[],
            spare: 0,
        });
        let exact = erlang::a(agents, load, patience_s / aht_s, 20.0 / aht_s);
        let batches = || outcome.projects[0].iter().skip(1);
        let within = |what: &str, exact: f64, values: Vec<f64>| {
            let count = f64::from(u32::try_from(values.len()).unwrap());
            let mean = values.iter().sum::<f64>() / count;
            let variance = values.iter().map(|v| (v - mean).powi(2)).sum::<f64>() / (count - 1.0);
            let error = (variance / count).sqrt();
            assert!(
                (mean - exact).abs() < 3.5 * error,
                "{what} of {agents}: {mean} ± {error} is not {exact}"
            );
        };
        within(
            "service level",
            exact.answered_within,
            batches()
                .map(|batch| batch.service_level(ServiceLevel::OfOffered).unwrap())
                .collect(),
        );
        within(
            "abandonment",
            exact.abandoned,
            batches()
                .map(|batch| batch.abandonment().unwrap())
                .collect(),
        );
        within(
            "short abandons",
            exact.abandoned_within,
            batches()
                .map(|batch| batch.short_abandons / batch.offered)
                .collect(),
        );
        within(
            "ASA",
            exact.wait_of_answered.unwrap() * aht_s,
            batches().map(|batch| batch.asa_s().unwrap()).collect(),
        );
    }
}

/// A small day worked out by hand: a call runs into a break, another hangs up, skills decide.
#[test]
fn a_day_by_hand() {
    let agents = [
        agent(&[skill(0, 0)], &[(0.0, 100.0), (160.0, 400.0)]),
        agent(&[skill(0, 1), skill(1, 0)], &[(0.0, 400.0)]),
    ];
    let calls = [
        // The first agent takes it, for the second has another priority, and ends it in the break.
        call(0, 10.0, 100.0, 1000.0),
        // Only the second can.
        call(1, 20.0, 50.0, 1000.0),
        // Nobody until 70; hangs up at 45.
        call(1, 30.0, 50.0, 15.0),
        // Waits for the second until 70, and so longer than 20 s.
        call(0, 40.0, 80.0, 1000.0),
        // The first is in the break, the second busy until 150.
        call(0, 120.0, 30.0, 1000.0),
    ];
    let tasks = [
        Task {
            project: 0,
            released_s: 0.0,
            due_s: 300.0,
            handle_s: 10.0,
        },
        Task {
            project: 1,
            released_s: 200.0,
            due_s: 210.0,
            handle_s: 500.0,
        },
    ];
    let outcome = run(&Scenario {
        interval_s: 200.0,
        intervals: 2,
        thresholds_s: &[20.0, 20.0],
        calls: &calls,
        agents: &agents,
        tasks: &tasks,
        spare: 1,
    });
    // One waited 30 s until 70, another 30 s until 150.
    let first = Counts {
        offered: 3.0,
        answered: 3.0,
        answered_within: 1.0,
        wait_s: 60.0,
        busy_s: 100.0 + 80.0 + 30.0,
        ..Counts::default()
    };
    assert_eq!(outcome.projects[0][0], first);
    let second = Counts {
        offered: 2.0,
        answered: 1.0,
        answered_within: 1.0,
        abandoned: 1.0,
        short_abandons: 1.0,
        busy_s: 50.0,
        ..Counts::default()
    };
    assert_eq!(outcome.projects[1][0], second);
    // The first task is begun at 0 as soon as both are there, the second at 200.
    assert_eq!(outcome.tasks[0].in_time, 1);
    assert_eq!(outcome.tasks[1].in_time, 1);
    let staff = StaffTime {
        present_s: 100.0 + 40.0 + 200.0,
        // From 100 to 110.
        overrun_s: 10.0,
        calls_s: 210.0 + 50.0,
        tasks_s: 10.0,
    };
    assert_eq!(outcome.staff[0], staff);
    assert_eq!(outcome.staff[1].tasks_s.to_bits(), 500_f64.to_bits());
}

#[test]
fn the_same_seed_is_the_same_day() {
    let kind = &KINDS[4];
    assert_eq!(calls(kind, 3), calls(kind, 3));
    assert_ne!(calls(kind, 3), calls(kind, 4));
    let plan = plan(kind);
    assert_eq!(
        played(&plan, &calls(kind, 3)),
        played(&plan, &calls(kind, 3))
    );
}

/// Nothing is lost: every call is answered, has hung up, or waits without end.
#[test]
fn every_call_is_accounted_for() {
    let kind = &KINDS[5];
    let plan = plan(kind);
    let day = played(&plan, &calls(kind, 1));
    assert!((day.offered - day.answered - day.abandoned).abs() < 0.5);
    assert!(day.abandoned > 0.0);
    let nobody = played(&[], &calls(kind, 1));
    assert!((nobody.offered - nobody.abandoned).abs() < 0.5);
}

/// Two projects whose agents may help one another need fewer than two that may not.
#[test]
fn agents_with_two_skills_save_some() {
    let need = |calls: f64| Need {
        queue: Queue::new(calls, 900.0, 240.0, Some(150.0)).unwrap(),
        handle: HandleTime::LogNormal { variation: 0.9 },
        target: ServiceLevelTarget {
            share: 0.8,
            within_s: 20.0,
            definition: ServiceLevel::OfOffered,
        },
    };
    let needs = [need(15.0), need(22.0)];
    let alone: u32 = needs
        .iter()
        .map(|need| {
            let target = Target {
                service_level: Some(need.target),
                ..Target::default()
            };
            need.queue.required(&target).unwrap().agents
        })
        .sum();
    let single = Group {
        skills: vec![skill(0, 0)],
    };
    let other = Group {
        skills: vec![skill(1, 0)],
    };
    let both = Group {
        skills: vec![skill(0, 1), skill(1, 1)],
    };
    let apart = multi_skill(&needs, &[single.clone(), other.clone()], 5);
    assert!(apart.kept, "{apart:?}");
    let sum = |agents: &[u32]| agents.iter().sum::<u32>();
    assert!(
        sum(&apart.agents).abs_diff(alone) <= 1,
        "{apart:?} beside {alone}"
    );
    let together = multi_skill(&needs, &[single.clone(), other, both], 5);
    assert!(together.kept, "{together:?}");
    assert!(sum(&together.agents) < sum(&apart.agents), "{together:?}");
    // No worse than if all could answer everything, and not all need to.
    let target = Target {
        service_level: Some(needs[0].target),
        ..Target::default()
    };
    let pooled = Queue::new(37.0, 900.0, 240.0, Some(150.0)).unwrap();
    let pooled = pooled.required(&target).unwrap().agents;
    assert!(
        sum(&together.agents) <= pooled + 1,
        "{together:?} beside {pooled}"
    );
    assert!(together.agents[2] < sum(&together.agents), "{together:?}");
    // A project that nobody can answer is said, not hidden.
    assert!(!multi_skill(&needs, &[single], 5).kept);
}

/// Three projects, some of whose agents answer two: what twenty other days make of the plan is what fifty
/// days bring.
#[test]
fn a_day_of_several_skills_goes_as_foreseen() {
    let quarters = 40_u32;
    let project = |peak: f64, aht_s: f64| Project {
        offered: (0..quarters)
            .map(|quarter| Offered {
                calls: peak * (1.0 - (f64::from(quarter) / 20.0 - 1.0).powi(2) * 0.6),
                aht_s,
            })
            .collect(),
        handle: HandleTime::LogNormal { variation: 0.8 },
        patience_s: Some(120.0),
    };
    let projects = [
        project(18.0, 200.0),
        project(11.0, 260.0),
        project(5.0, 300.0),
    ];
    let skills: [&[Skill]; 5] = [
        &[skill(0, 0)],
        &[skill(0, 0), skill(1, 1)],
        &[skill(1, 0)],
        &[skill(2, 0), skill(0, 1)],
        &[skill(2, 0), skill(1, 1)],
    ];
    let plan: Vec<Agent> = (0..16_u32)
        .zip(skills.iter().cycle())
        .map(|(place, skills)| {
            let lunch = f64::from(place) * 900.0 + 9000.0;
            agent(skills, &[(0.0, lunch), (lunch + 1800.0, 36_000.0)])
        })
        .collect();
    let swing = Swing { deviation: 0.07 };
    let scenario = Scenario {
        interval_s: 900.0,
        intervals: 40,
        thresholds_s: &[20.0, 20.0, 30.0],
        calls: &[],
        agents: &plan,
        tasks: &[],
        spare: 0,
    };
    let foreseen = expected(&projects, swing, &scenario, 1000..1020);
    let days: Vec<_> = (0..50)
        .map(|seed| {
            let calls = draw(&projects, 900.0, swing, seed);
            run(&Scenario {
                calls: &calls,
                ..scenario
            })
        })
        .collect();
    for (project, foreseen) in foreseen.iter().enumerate() {
        let total: Counts = foreseen.iter().copied().sum();
        let level = total.service_level(ServiceLevel::OfOffered).unwrap();
        let came = mean_level(
            &days
                .iter()
                .map(|day| day.total(project))
                .collect::<Vec<_>>(),
        );
        assert!((level - came).abs() < 0.03, "{level} foreseen, {came} came");
        assert!((0.3..0.98).contains(&came), "{came} is too easy to foresee");
    }
}

/// The lagged load of a day is that of its calls: what it lacks in the morning it has later.
#[test]
fn lagged_load_is_late_and_complete() {
    let mut offered = vec![
        Offered {
            calls: 90.0,
            aht_s: 600.0,
        };
        4
    ];
    offered.extend([Offered::default(); 12]);
    let loads = lagged(&offered, 900.0, 0.0);
    let settled = 90.0 * 600.0 / 900.0;
    // The load after a ramp from nothing, integrated by hand: 60 · (1 − (1 − e^{−1.5}) / 1.5).
    let first = settled * (1.0 - (1.0 - (-1.5_f64).exp()) / 1.5);
    assert!((loads[0] - first).abs() < 1e-9);
    assert!(loads[3] < settled && loads[4] > 10.0);
    let total: f64 = loads.iter().sum();
    assert!((total - 4.0 * settled).abs() < 1e-3);
    let carried = lagged(&offered, 900.0, settled);
    assert!((carried[0] - settled).abs() < 1e-9);
}

#[test]
fn a_busier_day_is_a_quantile() {
    let swing = Swing { deviation: 0.1 };
    assert!((swing.quantile(0.5) - (-0.005_f64).exp()).abs() < 1e-9);
    // 1.2815515655 deviations leave a tenth above them.
    assert!((swing.quantile(0.9) - (0.128_155_156_55_f64 - 0.005).exp()).abs() < 1e-9);
    assert!((Swing::default().quantile(0.9) - 1.0).abs() < 1e-12);
    let mean: f64 = swing
        .days(8, 0.5)
        .iter()
        .map(|(factor, weight)| factor * weight)
        .sum();
    assert!((mean - 1.0).abs() < 1e-12);
}

#[test]
fn uncertainty_costs_service_level() {
    let queue = Queue::new(300.0, 900.0, 180.0, Some(150.0)).unwrap();
    let target = Target {
        service_level: Some(ServiceLevelTarget {
            share: 0.8,
            within_s: 20.0,
            definition: ServiceLevel::OfOffered,
        }),
        ..Target::default()
    };
    let certain = queue.required(&target).unwrap();
    let swing = Swing { deviation: 0.12 };
    let under = queue.measures_under(certain.agents, 20.0, swing);
    assert!(under.of_offered < certain.measures.of_offered);
    let needed = queue.required_under(&target, swing).unwrap();
    assert!(needed.agents > certain.agents && needed.measures.of_offered >= 0.8);
    // Without a swing nothing changes.
    let same = queue.required_under(&target, Swing::default()).unwrap();
    assert_eq!(same.agents, certain.agents);
    assert!((same.measures.of_offered - certain.measures.of_offered).abs() < 1e-12);
    // The mean over the days, drawn: quantiles in equal steps.
    let drawn: f64 = (0..2000_u32)
        .map(|step| {
            let factor = swing.quantile((f64::from(step) + 0.5) / 2000.0);
            let day = queue.scaled(factor).measures(certain.agents, 20.0);
            factor * day.of_offered / 2000.0
        })
        .sum();
    assert!((drawn - under.of_offered).abs() < 1e-4, "{drawn} {under:?}");
}
