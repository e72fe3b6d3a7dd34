//! How long the parts take, in a release build.

#![expect(
    clippy::unwrap_used,
    reason = "an example ends where something is wrong"
)]

use staffing::simulation::{
    Agent, Group, HandleTime, Need, Project, Scenario, Skill, draw, multi_skill, run,
};
use staffing::{
    Batch, Offered, Queue, Room, ServiceLevel, ServiceLevelTarget, Span, Swing, Target, deferred,
    erlang,
};
use std::hint::black_box;
use std::io::Write;
use std::time::Instant;

fn timed(out: &mut impl Write, what: &str, times: u32, run: impl Fn()) -> std::io::Result<()> {
    let started = Instant::now();
    for _ in 0..times {
        run();
    }
    let each = started.elapsed().as_secs_f64() * 1000.0 / f64::from(times);
    writeln!(out, "{what:<58} {each:10.4} ms")
}

fn main() -> std::io::Result<()> {
    let mut out = std::io::stdout().lock();
    formulas(&mut out)?;
    days(&mut out)?;
    groups(&mut out)?;
    outbound(&mut out)
}

fn target() -> Target {
    Target {
        service_level: Some(ServiceLevelTarget {
            share: 0.8,
            within_s: 20.0,
            definition: ServiceLevel::OfOffered,
        }),
        asa_s: Some(20.0),
        occupancy: Some(0.88),
        abandonment: Some(0.04),
    }
}

fn formulas(out: &mut impl Write) -> std::io::Result<()> {
    let agents = 100_000;
    for load in [50_000.0, 99_500.0, 100_000.0, 140_000.0] {
        timed(
            out,
            &format!("Erlang A, 100000 agents, {load} erlangs"),
            100,
            || {
                black_box(erlang::a(agents, black_box(load), 0.7, 0.1));
            },
        )?;
    }
    timed(out, "Erlang B, 100000 agents, 100000 erlangs", 100, || {
        black_box(erlang::b(agents, black_box(100_000.0)));
    })?;
    timed(out, "Erlang C, 100000 agents, 99000 erlangs", 100, || {
        black_box(erlang::c(agents, black_box(99_000.0)));
    })?;
    let target = target();
    for load in [3.0, 10.0, 200.0, 100_000.0] {
        for patience_s in [None, Some(150.0)] {
            let queue = Queue::new(load * 5.0, 900.0, 180.0, patience_s).unwrap();
            let what = format!("required, {load} erlangs, patience {patience_s:?}, all targets");
            timed(out, &what, 100, || {
                black_box(queue.required(black_box(&target)).unwrap());
            })?;
        }
    }

    Ok(())
}

fn days(out: &mut impl Write) -> std::io::Result<()> {
    let projects: Vec<Project> = (0..12_u32)
        .map(|place| Project {
            offered: vec![
                Offered {
                    calls: 20.0 + 2.7 * f64::from(place),
                    aht_s: 240.0,
                };
                48
            ],
            handle: HandleTime::LogNormal { variation: 0.9 },
            patience_s: Some(150.0),
        })
        .collect();
    let people: Vec<Agent> = (0..200_u32)
        .map(|place| Agent {
            skills: (0..3)
                .map(|rank| Skill {
                    project: (place + rank * 5) % 12,
                    priority: u8::try_from(rank).unwrap(),
                })
                .collect(),
            present: vec![
                Span {
                    from_s: f64::from(place % 17) * 900.0,
                    to_s: f64::from(place % 17) * 900.0 + 14_000.0,
                },
                Span {
                    from_s: f64::from(place % 17) * 900.0 + 15_800.0,
                    to_s: f64::from(place % 17) * 900.0 + 30_600.0,
                },
            ],
        })
        .collect();
    let calls = draw(&projects, 900.0, Swing::default(), 1);
    timed(out, &format!("drawing {} calls", calls.len()), 20, || {
        black_box(draw(&projects, 900.0, Swing::default(), 1));
    })?;
    timed(out, "a day of 200 agents and 12 projects", 20, || {
        black_box(run(&Scenario {
            interval_s: 900.0,
            intervals: 48,
            thresholds_s: &[20.0; 12],
            calls: &calls,
            agents: &people,
            tasks: &[],
            spare: 0,
        }));
    })
}

fn groups(out: &mut impl Write) -> std::io::Result<()> {
    let needs: Vec<Need> = [15.0, 22.0, 40.0, 9.0]
        .into_iter()
        .map(|calls| Need {
            queue: Queue::new(calls, 900.0, 240.0, Some(150.0)).unwrap(),
            handle: HandleTime::LogNormal { variation: 0.9 },
            target: target().service_level.unwrap(),
        })
        .collect();
    let groups: Vec<Group> = [&[0][..], &[1], &[2], &[3], &[0, 1], &[2, 3], &[0, 1, 2, 3]]
        .into_iter()
        .map(|projects| Group {
            skills: projects
                .iter()
                .map(|project| Skill {
                    project: *project,
                    priority: u8::try_from(projects.len()).unwrap(),
                })
                .collect(),
        })
        .collect();
    timed(out, "agents by group, 4 projects, 7 groups", 1, || {
        black_box(multi_skill(&needs, &groups, 1));
    })?;
    let found = multi_skill(&needs, &groups, 1);
    writeln!(out, "  {found:?}")
}

fn outbound(out: &mut impl Write) -> std::io::Result<()> {
    let rooms: Vec<Room> = (0..672_u32)
        .map(|quarter| {
            let hour = quarter / 4 % 24;
            Room {
                inbound: if (8..20).contains(&hour) {
                    10 + (hour * 7) % 13
                } else {
                    0
                },
                most: if (9..21).contains(&hour) { 40 } else { 0 },
            }
        })
        .collect();
    let batches: Vec<Batch> = (0..600_u32)
        .map(|quarter| Batch {
            released: quarter,
            due: quarter + 16 + 48,
            work: 1.3 + f64::from(quarter % 7),
        })
        .collect();
    timed(out, "outbound work of a week of quarter hours", 5, || {
        black_box(deferred(&batches, &rooms));
    })
}
