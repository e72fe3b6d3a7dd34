//! The search and the board from outside, on made-up centres and benchmark instances.

#![allow(
    clippy::cast_precision_loss,
    clippy::expect_used,
    clippy::float_cmp,
    clippy::indexing_slicing,
    clippy::needless_range_loop,
    clippy::panic,
    clippy::too_many_lines,
    clippy::unnecessary_wraps,
    clippy::unwrap_used,
    unreachable_pub,
    missing_docs,
    dead_code,
    reason = "tests, and tools of the benches that they share"
)]

#[path = "../examples/centre/mod.rs"]
mod centre;
#[path = "../examples/curtois/check.rs"]
mod check;
#[path = "../examples/curtois/mod.rs"]
mod curtois;
#[path = "../examples/curtois/make.rs"]
mod make;

use std::sync::Arc;

use proptest::prelude::*;
use roster::{
    Assignment, Board, Break, BreakPlan, ClockChange, Country, Coverage, LabourPreset, Line, Need,
    Person, Pin, Problem, ProblemError, Reason, Roster, Rule, Rules, Run, Search, ShiftKind, Span,
    Template, Weights,
};

fn shift(template: u16) -> Option<Assignment> {
    Some(Assignment {
        template,
        ..Assignment::default()
    })
}

/// One line of quarters of an hour that needs an agent from 9 to 17 each day.
fn shop(days: u16, people: usize) -> Problem {
    let template = |start, minutes, kind| Template {
        start,
        minutes,
        paid_minutes: minutes,
        kind,
        weekdays: [true; 7],
        ..Template::default()
    };
    Problem {
        days,
        templates: vec![
            template(540, 480, ShiftKind::Day),
            template(840, 480, ShiftKind::Evening),
            template(1320, 480, ShiftKind::Night),
        ],
        lines: vec![Line {
            slot_minutes: 15,
            coverage: Coverage::Worked,
            needs: (0..usize::from(days) * 96)
                .map(|slot| Need {
                    agents: if (36..68).contains(&(slot % 96)) {
                        1.0
                    } else {
                        0.0
                    },
                    there: 0.0,
                    under: 1.0,
                    under_more: 1.0,
                    over: 0.5,
                })
                .collect(),
        }],
        people: vec![
            Person {
                lines: vec![0],
                share: 1.0,
                ..Person::default()
            };
            people
        ],
        ..Problem::default()
    }
}

fn solved(problem: &Problem, steps: u32, seed: u64, threads: usize) -> Search {
    let mut search = Search::with_threads(Arc::new(problem.clone()), seed, threads).unwrap();
    for _ in 0..steps {
        search.step();
    }
    search
}

fn rules_broken(problem: &Problem, days: &[Option<u16>]) -> Vec<Rule> {
    let row = days.iter().map(|day| day.and_then(shift)).collect();
    let board = Board::new(Arc::new(problem.clone()), Roster { rows: vec![row] }).unwrap();
    board.broken().map(|broken| broken.rule).collect()
}

#[test]
fn each_rule_is_seen_where_it_is_broken_and_only_there() {
    let (d, e, n, o) = (Some(0), Some(1), Some(2), None);
    let cases: Vec<(Rules, Vec<Option<u16>>, Vec<Rule>)> = vec![
        (
            Rules {
                min_rest_minutes: 660,
                ..Rules::default()
            },
            vec![e, d, d],
            vec![],
        ),
        (
            Rules {
                min_rest_minutes: 661,
                ..Rules::default()
            },
            vec![e, d, d],
            vec![Rule::Rest],
        ),
        (
            Rules {
                min_rest_minutes: 720,
                ..Rules::default()
            },
            vec![n, o, d],
            vec![],
        ),
        (
            Rules {
                rest_percent_of_work: 200,
                ..Rules::default()
            },
            vec![d, d, e],
            vec![],
        ),
        (
            Rules {
                rest_percent_of_work: 200,
                ..Rules::default()
            },
            vec![e, d],
            vec![Rule::Rest],
        ),
        (
            Rules {
                min_start_gap_minutes: 1440,
                ..Rules::default()
            },
            vec![e, d],
            vec![Rule::StartGap],
        ),
        (
            Rules {
                min_start_gap_minutes: 1440,
                ..Rules::default()
            },
            vec![d, e],
            vec![],
        ),
        (
            Rules {
                max_days_in_row: Some(2),
                ..Rules::default()
            },
            vec![d, d, d, o],
            vec![Rule::DaysInRow],
        ),
        (
            Rules {
                min_days_in_row: 2,
                ..Rules::default()
            },
            vec![o, d, o, d],
            vec![Rule::MinDaysInRow],
        ),
        (
            Rules {
                min_days_in_row: 2,
                ..Rules::default()
            },
            vec![d, o, o, d],
            vec![],
        ),
        (
            Rules {
                min_days_off_in_row: 2,
                ..Rules::default()
            },
            vec![d, o, d, d],
            vec![Rule::MinDaysOffInRow],
        ),
        (
            Rules {
                min_days_off_in_row: 2,
                ..Rules::default()
            },
            vec![o, d, d, o],
            vec![],
        ),
        (
            Rules {
                max_nights_in_row: Some(1),
                ..Rules::default()
            },
            vec![n, n, o],
            vec![Rule::NightsInRow],
        ),
        (
            Rules {
                max_weekends: Some(0),
                ..Rules::default()
            },
            vec![o, o, o, o, o, d, d],
            vec![Rule::Weekends],
        ),
        (
            Rules {
                max_sundays: Some(0),
                ..Rules::default()
            },
            vec![o, o, o, o, o, d, d],
            vec![Rule::Sundays],
        ),
        (
            Rules {
                max_minutes: Some(479),
                ..Rules::default()
            },
            vec![d, o],
            vec![Rule::MaxMinutes],
        ),
        (
            Rules {
                min_minutes: 481,
                ..Rules::default()
            },
            vec![d, o],
            vec![Rule::MinMinutes],
        ),
        (
            Rules {
                max_week_minutes: Some(480),
                ..Rules::default()
            },
            vec![d, o, d],
            vec![Rule::WeekMinutes],
        ),
        (
            Rules {
                max_shift_minutes: Some(470),
                ..Rules::default()
            },
            vec![d, o],
            vec![Rule::ShiftLength],
        ),
        (
            Rules {
                template_limits: vec![(1, 1)],
                ..Rules::default()
            },
            vec![e, o, e],
            vec![Rule::TemplateLimit],
        ),
        (
            Rules {
                weekly_rest_minutes: 42 * 60,
                ..Rules::default()
            },
            vec![d, d, d, o, d, d, d],
            vec![Rule::WeeklyRest],
        ),
        (
            Rules {
                weekly_rest_minutes: 35 * 60,
                ..Rules::default()
            },
            vec![d, d, d, o, d, d, d],
            vec![],
        ),
    ];
    for (rules, days, expected) in cases {
        let mut problem = shop(u16::try_from(days.len()).unwrap(), 1);
        problem.people[0].rules = rules.clone();
        assert_eq!(
            rules_broken(&problem, &days),
            expected,
            "{rules:?} on {days:?}"
        );
    }
}

/// Rules broken from a late shift, or a night, on the day before the clock is set.
fn broken_over_the_change(change: ClockChange, rules: Rules, row: [Option<u16>; 3]) -> Vec<Rule> {
    let mut problem = shop(3, 1);
    problem.clock_change = Some(change);
    problem.people[0].rules = rules;
    let row = row.map(|template| template.and_then(shift)).to_vec();
    let board = Board::new(Arc::new(problem), Roster { rows: vec![row] }).unwrap();
    board.broken().map(|broken| broken.rule).collect()
}

#[test]
fn a_night_in_which_the_clock_is_set_is_as_long_as_it_is() {
    let (d, e, n, o) = (Some(0), Some(1), Some(2), None);
    // At three it becomes four in Kyiv, at two three in Warsaw; in autumn the same hours come twice.
    for minute in [240, 180] {
        let spring = ClockChange {
            day: 1,
            minute,
            skipped: 60,
        };
        let autumn = ClockChange {
            skipped: -60,
            ..spring
        };
        let rest = |minutes| Rules {
            min_rest_minutes: minutes,
            ..Rules::default()
        };
        // From 22:00 to 9:00 by the clock.
        assert_eq!(broken_over_the_change(spring, rest(600), [e, d, o]), []);
        let short = broken_over_the_change(spring, rest(601), [e, d, o]);
        assert_eq!(short, [Rule::Rest]);
        assert_eq!(broken_over_the_change(autumn, rest(720), [e, d, o]), []);
        let short = broken_over_the_change(autumn, rest(721), [e, d, o]);
        assert_eq!(short, [Rule::Rest]);
        // Between the days after it nothing is different.
        assert_eq!(broken_over_the_change(spring, rest(660), [o, e, d]), []);

        let most = |minutes| Rules {
            max_minutes: Some(minutes),
            ..Rules::default()
        };
        assert_eq!(broken_over_the_change(spring, most(420), [n, o, o]), []);
        let over = broken_over_the_change(autumn, most(539), [n, o, o]);
        assert_eq!(over, [Rule::MaxMinutes], "nine hours");
        // Twice seven hours after a night until six.
        let twice = Rules {
            rest_percent_of_work: 200,
            ..Rules::default()
        };
        assert_eq!(
            broken_over_the_change(spring, twice.clone(), [n, e, o]),
            [Rule::Rest]
        );
        assert_eq!(broken_over_the_change(spring, twice, [n, n, o]), []);
        let by_day = Rules {
            min_start_gap_minutes: 1440,
            ..Rules::default()
        };
        assert_eq!(
            broken_over_the_change(spring, by_day, [d, d, d]),
            [],
            "a day of work begins at the same time by the clock"
        );
    }
}

#[test]
fn breaks_and_cover_keep_their_time_where_the_clock_is_set() {
    let cover = |skipped| {
        let mut problem = shop(3, 1);
        // Lunch after five hours: at three in the morning where the clock is not set.
        problem.templates[2].breaks = vec![BreakPlan {
            breaks: vec![Break {
                offset: 300,
                minutes: 60,
            }],
        }];
        problem.clock_change = Some(ClockChange {
            day: 1,
            minute: 180,
            skipped,
        });
        let row = vec![shift(2), shift(2), None];
        let board = Board::new(Arc::new(problem), Roster { rows: vec![row] }).unwrap();
        let hours = |day| {
            let hours = board.cover(0, day).into_iter().step_by(4).take(7);
            hours.map(|slot| slot.have).collect::<Vec<_>>()
        };
        assert_eq!(
            hours(2),
            [1.0, 1.0, 1.0, 0.0, 1.0, 1.0, 0.0],
            "the night after is as ever"
        );
        hours(1)
    };
    let spring = cover(60);
    assert_eq!(spring[..2], [1.0, 1.0]);
    assert_eq!(
        spring[3..],
        [1.0, 0.0, 1.0, 0.0],
        "at two it becomes three: five hours after ten it is four"
    );
    assert_eq!(
        cover(-60),
        [1.0, 1.0, 1.0, 1.0, 1.0, 1.0, 0.0],
        "at three it becomes two: five hours after ten it is two again, and the first two o'clock is worked"
    );
}

#[test]
fn what_rules_a_single_shift_out_is_named() {
    let mut problem = shop(3, 1);
    problem.people[0].days_off = vec![0];
    problem.people[0].time_off = vec![Span {
        from: 1440 + 1000,
        until: 1440 + 1100,
    }];
    problem.templates[0].weekdays[2] = false;
    assert_eq!(
        rules_broken(&problem, &[Some(0), Some(0), Some(0)]),
        [Rule::DayOff, Rule::TimeOff, Rule::Weekday],
        "a shift on a day off, one that runs into leave, one on a weekday it is not given out"
    );
    problem.people[0].lines = vec![];
    assert!(rules_broken(&problem, &[None, None, Some(1)]).contains(&Rule::Skill));
}

#[test]
fn a_night_into_the_period_keeps_the_first_morning_free() {
    let mut problem = shop(2, 1);
    problem.people[0].rules.min_rest_minutes = 660;
    problem.people[0].carry.run = Run::Worked(1);
    problem.people[0].carry.last_template = Some(2);
    problem.people[0].carry.last_end = Some(360);
    assert_eq!(rules_broken(&problem, &[Some(0), None]), [Rule::Rest]);
    let search = solved(&problem, 2, 1, 1);
    assert_eq!(
        search.best().roster().get(0, 0),
        None,
        "09:00 is too soon after 06:00"
    );
    assert!(
        search.best().roster().get(0, 1).is_some(),
        "the second day is worth a shift"
    );
}

#[test]
fn whoever_is_there_anyway_is_not_planned_again() {
    let mut problem = shop(1, 1);
    for need in &mut problem.lines[0].needs[..48] {
        need.there = 1.0;
    }
    let board = Board::new(Arc::new(problem.clone()), Roster::empty(&problem)).unwrap();
    assert_eq!(board.cost().under, 20.0, "the afternoon is missing");
    assert_eq!(
        board.cost().over,
        0.0,
        "who is there before nine costs nothing"
    );
    let cover = board.cover(0, 0);
    let seen = |slot: usize| (cover[slot].need, cover[slot].have);
    assert_eq!(
        [seen(0), seen(36), seen(48)],
        [(0.0, 1.0), (1.0, 1.0), (1.0, 0.0)]
    );
}

#[test]
fn breaks_leave_the_line_and_a_meeting_takes_from_it() {
    let mut problem = shop(1, 1);
    problem.templates[0].breaks = vec![roster::BreakPlan {
        breaks: vec![roster::Break {
            offset: 240,
            minutes: 30,
        }],
    }];
    problem.people[0].away = vec![Span {
        from: 600,
        until: 625,
    }];
    let board = Board::new(
        Arc::new(problem),
        Roster {
            rows: vec![vec![shift(0)]],
        },
    )
    .unwrap();
    let have: Vec<f64> = board.cover(0, 0).iter().map(|slot| slot.have).collect();
    assert_eq!(have[36..40], [1.0, 1.0, 1.0, 1.0]);
    assert_eq!(have[40], 0.0, "the meeting takes 10:00 to 10:15 whole");
    assert!(
        (have[41] - 1.0 / 3.0).abs() < 0.001,
        "and two thirds of the next quarter"
    );
    assert_eq!(have[52..54], [0.0, 0.0], "lunch from 13:00 to 13:30");
    assert!((board.cost().under - (2.0 + 1.0 + 2.0 / 3.0)).abs() < 0.001);
}

#[test]
fn a_gap_names_what_holds_each_person_back() {
    let mut problem = shop(3, 6);
    problem.people[0].lines = vec![];
    problem.people[1].days_off = vec![1];
    problem.people[2].rules.max_minutes = Some(480);
    problem.people[3].rules.min_rest_minutes = 720;
    problem.people[4].pins = vec![Pin {
        day: 1,
        shift: None,
    }];
    let mut rows = vec![vec![None; 3]; 6];
    rows[2][0] = shift(0);
    rows[3][0] = shift(1);
    let board = Board::new(Arc::new(problem), Roster { rows }).unwrap();
    let gaps = board.gaps(0, 0.5);
    assert_eq!(gaps.len(), 2, "the second and the third day are open");
    let gap = gaps[0];
    assert_eq!((gap.from, gap.until), (1440 + 540, 1440 + 1020));
    assert!((gap.agent_minutes - 480.0).abs() < 1e-9);
    // The evening shift from 14:00 also helps: who may take that is free.
    let reasons = board.reasons(&gap);
    assert_eq!(reasons[0], Reason::Rule(Rule::Skill));
    assert_eq!(reasons[1], Reason::Rule(Rule::DayOff));
    assert_eq!(reasons[2], Reason::Rule(Rule::MaxMinutes));
    assert_eq!(reasons[3], Reason::Free);
    assert_eq!(reasons[4], Reason::Pinned);
    assert_eq!(reasons[5], Reason::Free);
    assert_eq!(board.why(&gap)[0].people, 2);
}

#[test]
fn a_meeting_goes_where_it_takes_least_from_the_lines() {
    let mut problem = shop(1, 2);
    for (slot, need) in problem.lines[0].needs.iter_mut().enumerate() {
        need.agents = if (48..52).contains(&slot) { 1.0 } else { 2.0 };
    }
    let rows = vec![vec![shift(0)], vec![shift(0)]];
    let board = Board::new(Arc::new(problem), Roster { rows }).unwrap();
    let times = board.meeting_times(
        &[0],
        30,
        Span {
            from: 480,
            until: 900,
        },
    );
    assert_eq!(times.len(), 27);
    assert_eq!(
        (times[0].from, times[0].absent),
        (720, 0),
        "one agent is enough from 12 to 13"
    );
    assert!(
        (times[0].cost + 1.0).abs() < 1e-9,
        "two slots with one agent too many less"
    );
    assert!(
        times[0].missing_minutes.abs() < 1e-9,
        "and nobody is missing then"
    );
    assert!(
        (times[5].missing_minutes - 30.0).abs() < 1e-9,
        "at other times one is, for half an hour: {:?}",
        times[5]
    );
    assert_eq!(
        times.last().unwrap().absent,
        1,
        "before nine nobody is there"
    );
}

#[test]
fn a_meeting_takes_a_break_or_another_meeting_only_where_it_must() {
    let mut problem = shop(1, 1);
    problem.lines[0].needs = vec![roster::Need::default(); problem.lines[0].needs.len()];
    problem.templates[0].breaks = vec![roster::BreakPlan {
        breaks: vec![roster::Break {
            offset: 60,
            minutes: 30,
        }],
    }];
    let span = |from, until| Span { from, until };
    problem.people[0].away = vec![span(690, 720)];
    let rows = vec![vec![shift(0)]];
    let board = Board::new(Arc::new(problem), Roster { rows }).unwrap();
    let at = |from| board.attendance(0, span(from, from + 30));
    assert_eq!(at(540), roster::Attendance::Here);
    assert_eq!(at(585), roster::Attendance::Busy, "lunch is from ten");
    assert_eq!(
        at(675),
        roster::Attendance::Busy,
        "there is a meeting already"
    );
    assert_eq!(
        at(525),
        roster::Attendance::Absent,
        "half of it is before work"
    );
    let times = board.meeting_times(&[0], 30, span(540, 720));
    let from: Vec<u32> = times.iter().map(|time| time.from).collect();
    assert_eq!(
        from,
        [540, 555, 570, 630, 645, 660, 585, 600, 615, 675, 690]
    );
}

#[test]
fn pinned_days_stay_and_what_they_break_is_told() {
    let mut problem = shop(7, 2);
    problem.people[0].rules.min_rest_minutes = 660;
    problem.people[0].pins = vec![
        Pin {
            day: 1,
            shift: shift(2),
        },
        Pin {
            day: 2,
            shift: shift(0),
        },
        Pin {
            day: 4,
            shift: None,
        },
    ];
    let search = solved(&problem, 4, 3, 1);
    let best = search.best();
    assert_eq!(best.roster().get(0, 1), shift(2));
    assert_eq!(best.roster().get(0, 2), shift(0));
    assert_eq!(best.roster().get(0, 4), None);
    let broken: Vec<_> = best
        .broken()
        .map(|broken| (broken.person, broken.day, broken.rule))
        .collect();
    assert_eq!(
        broken,
        [(0, 2, Rule::Rest)],
        "only what the pins themselves break"
    );
}

/// Three of four are needed on all days but Sunday, which needs one.
fn quiet_sundays(days: u16, lookahead: u16) -> Problem {
    let mut problem = shop(days + lookahead, 4);
    (problem.days, problem.lookahead) = (days, lookahead);
    for (slot, need) in problem.lines[0].needs.iter_mut().enumerate() {
        need.agents *= if slot / 96 % 7 < 6 { 3.0 } else { 1.0 };
    }
    problem.templates.truncate(1);
    for person in &mut problem.people {
        person.rules = Rules {
            min_minutes: u32::from(days / 7) * 4 * 480,
            max_minutes: Some(u32::from(days / 7) * 5 * 480),
            max_days_in_row: Some(6),
            min_days_off_in_row: 2,
            ..Rules::default()
        };
    }
    problem
}

/// Agents at ten o'clock on each day of the week that follows a week planned with such a lookahead.
fn cover_of_week_after(lookahead: u16) -> Vec<f64> {
    let first = solved(&quiet_sundays(7, lookahead), 5, 1, 1);
    let mut after = quiet_sundays(7, 0);
    for (person, row) in after.people.iter_mut().zip(&first.best().roster().rows) {
        assert_eq!(row.len(), 7, "the lookahead is not in the roster");
        let works = row[6].is_some();
        let like_last = |shift: &&Option<Assignment>| shift.is_some() == works;
        let run = row.iter().rev().take_while(like_last).count();
        let run = u16::try_from(run).unwrap();
        person.carry.run = if works {
            Run::Worked(run)
        } else {
            Run::Off(run)
        };
    }
    let second = solved(&after, 5, 1, 1);
    assert_eq!(second.best().cost().broken, 0);
    let cover = |day| second.best().cover(0, day)[40].have;
    (0..7).map(cover).collect()
}

#[test]
fn a_lookahead_leaves_enough_people_for_the_days_after() {
    let blind = cover_of_week_after(0);
    assert!(
        blind[0] < 3.0,
        "without one, rests are owed on Monday: {blind:?}"
    );
    assert_eq!(cover_of_week_after(7)[..6], [3.0; 6]);
}

#[test]
fn a_lookahead_costs_nothing_that_is_told_and_its_pins_hold() {
    let mut problem = quiet_sundays(14, 7);
    // Someone has the Monday after, and never two days in a row.
    problem.people[0].pins.push(Pin {
        day: 14,
        shift: shift(0),
    });
    problem.people[0].rules.max_days_in_row = Some(1);
    problem.people[0].rules.min_minutes = 0;
    let search = solved(&problem, 3, 1, 2);
    let board = search.best();
    assert_eq!(board.roster().rows[0][13], None, "a day off before it");
    let alone = Board::new(Arc::new(quiet_sundays(14, 0)), board.roster().clone()).unwrap();
    assert_eq!(alone.cost().total, board.cost().total);
    assert_eq!(board.cost().broken, 0);
}

#[test]
fn a_search_is_never_worse_than_what_it_takes_up() {
    let problem = quiet_sundays(14, 7);
    let good = solved(&problem, 5, 1, 1).best().roster().clone();
    let mut search = Search::new(Arc::new(problem.clone()), 2).unwrap();
    let first = search.best().cost();
    assert!(!search.take_up(&Roster::empty(&problem)), "nobody works");
    assert_eq!(search.best().cost(), first);
    assert!(search.take_up(&good), "more was spent on it");
    assert_eq!(search.best().roster(), &good);
    search.step();
    assert!(search.best().cost().total < first.total);
}

#[test]
fn too_much_leave_gives_a_plan_and_says_what_it_lacks() {
    let mut problem = shop(14, 1);
    problem.people[0].rules.min_minutes = 4800;
    problem.people[0].days_off = (0..10).collect();
    let search = solved(&problem, 2, 1, 1);
    let broken: Vec<_> = search.best().broken().map(|broken| broken.rule).collect();
    assert_eq!(broken, [Rule::MinMinutes]);
    let worked = search.best().roster().rows[0].iter().flatten().count();
    assert_eq!(worked, 4, "every day that is left is worked");
}

#[test]
fn same_seed_and_steps_same_plan_on_one_thread_and_on_two() {
    let problem = centre::centre(6, 14, 2, 5);
    for threads in [1, 2] {
        let first = solved(&problem, 1, 11, threads);
        let second = solved(&problem, 1, 11, threads);
        assert_eq!(first.best().roster(), second.best().roster());
    }
    let one = solved(&problem, 1, 11, 1);
    let other = solved(&problem, 1, 12, 1);
    assert_ne!(
        one.best().roster(),
        other.best().roster(),
        "another seed, another way"
    );
}

#[test]
fn a_planned_centre_breaks_no_rule_and_gets_better() {
    let problem = centre::centre(12, 28, 3, 2);
    let mut search = Search::new(Arc::new(problem.clone()), 1).unwrap();
    let first = search.best().cost();
    for _ in 0..3 {
        search.step();
    }
    let board = search.best();
    assert_eq!(
        board.broken().collect::<Vec<_>>(),
        Vec::<&roster::Broken>::new()
    );
    assert!(
        board.cost().total < first.total,
        "three steps find something"
    );
    let fresh = Board::new(Arc::new(problem), board.roster().clone()).unwrap();
    assert_eq!(fresh.cost(), board.cost());
}

#[test]
fn a_new_absence_changes_few_days_of_a_published_plan() {
    let mut problem = centre::centre(10, 14, 2, 7);
    let planned = solved(&problem, 2, 1, 1);
    assert_eq!(
        planned.best().broken().collect::<Vec<_>>(),
        Vec::<&roster::Broken>::new()
    );
    let plan = planned.best().roster().clone();
    let (day, _) = plan.rows[3]
        .iter()
        .enumerate()
        .find(|(_, shift)| shift.is_some())
        .expect("someone who works");
    problem.people[3].days_off.push(u16::try_from(day).unwrap());
    problem.people[3].rules.min_minutes = 0;
    problem.weights = Weights {
        change: 2000.0,
        change_line: 2000.0,
        ..problem.weights
    };
    problem.published = Some(plan.clone());
    let search = solved(&problem, 4, 1, 1);
    let changed = search
        .best()
        .roster()
        .rows
        .iter()
        .flatten()
        .zip(plan.rows.iter().flatten())
        .filter(|(new, old)| new != old)
        .count();
    let broken: Vec<_> = search.best().broken().collect();
    assert!(broken.is_empty(), "{broken:?}");
    assert!(
        (1..=3).contains(&changed),
        "{changed} days changed for one day of leave"
    );
}

#[test]
fn the_search_solves_a_small_benchmark_and_the_check_agrees() {
    let text = make::instance(14, 8, 2, 4);
    let instance = curtois::parse(&text).unwrap();
    let search = solved(&instance.problem(), 4, 1, 2);
    let plan = curtois::Instance::plain(search.best().roster());
    let verdict = check::check(&instance, &plan);
    assert_eq!(verdict.violations, Vec::<String>::new());
    assert!((search.best().cost().total - verdict.cost as f64).abs() < 1e-6);
    let planted: i64 = text
        .lines()
        .find_map(|line| line.strip_prefix("# planted roster: "))
        .and_then(|cost| cost.parse().ok())
        .expect("the maker tells");
    assert!(
        verdict.cost <= planted,
        "no dearer than the roster the cover was drawn around"
    );
    let read = instance.read(&instance.write(&plan)).unwrap();
    assert_eq!(read, plan);
}

#[test]
fn rosters_from_whole_rows_are_the_same_each_time_and_none_is_better() {
    let text = make::instance(14, 10, 3, 4);
    let instance = curtois::parse(&text).unwrap();
    let problem = instance.problem();
    let mut costs = Vec::new();
    for (seed, threads) in [(1, 1), (2, 2)] {
        let first = solved(&problem, 30, seed, threads);
        let second = solved(&problem, 30, seed, threads);
        assert_eq!(first.best().roster(), second.best().roster());
        let plan = curtois::Instance::plain(first.best().roster());
        let verdict = check::check(&instance, &plan);
        assert_eq!(verdict.violations, Vec::<String>::new());
        assert!((first.best().cost().total - verdict.cost as f64).abs() < 1e-6);
        costs.push(verdict.cost);
    }
    // So small a plan is solved whatever the seed.
    assert!(
        costs.iter().all(|cost| Some(cost) == costs.first()),
        "{costs:?}"
    );
}

#[test]
fn a_bad_instance_is_refused_with_its_line() {
    let good = make::instance(14, 4, 2, 1);
    for (from, to, says) in [
        ("SECTION_STAFF", "SECTION_STUFF", "SECTION_STUFF"),
        ("SECTION_HORIZON\n14", "SECTION_HORIZON\nfourteen", "line 2"),
        ("P0,s0=", "P0,x9=", "x9"),
        ("SECTION_COVER", "", "line"),
    ] {
        let bad = good.replacen(from, to, 1);
        let Err(message) = curtois::parse(&bad) else {
            panic!("{from:?} as {to:?} was accepted");
        };
        assert!(message.contains(says), "{message:?} should speak of {says}");
    }
}

/// What a week from Monday on breaks of a country's law; a shift is its start, length and pay in minutes.
fn unlawful(country: Country, week: [Option<(u16, u16, u16)>; 7]) -> Vec<Rule> {
    let preset = LabourPreset::of(country);
    let mut problem = shop(7, 1);
    problem.templates = week
        .iter()
        .map(|day| {
            let (start, minutes, paid_minutes) = day.unwrap_or((0, 1, 1));
            Template {
                start,
                minutes,
                paid_minutes,
                weekdays: [true; 7],
                ..Template::default()
            }
        })
        .collect();
    problem.people[0].rules = preset.rules_for(7, 0);
    let row = (0..).zip(week).map(|(index, day)| day.and(shift(index)));
    let roster = Roster {
        rows: vec![row.collect()],
    };
    let board = Board::new(Arc::new(problem), roster).unwrap();
    let mut rules: Vec<Rule> = board.broken().map(|broken| broken.rule).collect();
    rules.sort_unstable();
    rules.dedup();
    rules
}

#[test]
fn each_country_has_its_own_law() {
    let o = None;
    let nine_to_six = Some((540, 540, 480));
    let (early, late) = (Some((480, 480, 480)), Some((780, 480, 480)));
    let (ten, twelve) = (Some((480, 600, 600)), Some((480, 720, 720)));
    let thirteen = Some((480, 780, 720));
    for (week, in_poland, elsewhere) in [
        (
            [
                nine_to_six,
                nine_to_six,
                nine_to_six,
                nine_to_six,
                nine_to_six,
                o,
                o,
            ],
            vec![],
            vec![],
        ),
        // Eleven hours of rest.
        (
            [late, early, o, o, o, o, o],
            vec![Rule::StartGap],
            vec![Rule::Rest],
        ),
        ([twelve, twelve, o, o, o, o, o], vec![], vec![Rule::Rest]),
        // Never off for longer than 36 hours.
        (
            [twelve, o, twelve, o, twelve, o, early],
            vec![],
            vec![Rule::WeeklyRest],
        ),
        // Fifty hours.
        (
            [ten, ten, ten, ten, ten, o, o],
            vec![Rule::WeekMinutes],
            vec![Rule::Rest],
        ),
        (
            [thirteen, o, o, o, o, o, o],
            vec![Rule::ShiftLength],
            vec![Rule::ShiftLength],
        ),
    ] {
        assert_eq!(unlawful(Country::Poland, week), in_poland, "{week:?}");
        assert_eq!(unlawful(Country::Ukraine, week), elsewhere, "{week:?}");
        assert_eq!(unlawful(Country::Russia, week), elsewhere, "{week:?}");
    }
}

#[test]
fn one_sunday_of_four_is_free_in_poland_however_short_the_plans() {
    let poland = LabourPreset::of(Country::Poland);
    for (sundays, worked_before, most) in [
        (4, 0, 3),
        (8, 0, 6),
        (3, 0, 3),
        (1, 2, 1),
        (1, 3, 0),
        (2, 2, 1),
        (4, 3, 3),
        (1, 9, 0),
        (3, 9, 2),
    ] {
        assert_eq!(
            poland.most_sundays(sundays, worked_before),
            Some(most),
            "{sundays} after {worked_before}"
        );
    }
    // From a Sunday to the fourth.
    assert_eq!(poland.rules_for(22, 6).max_sundays, Some(3));
    for country in [Country::Ukraine, Country::Russia] {
        assert_eq!(LabourPreset::of(country).rules_for(28, 0).max_sundays, None);
    }
}

#[test]
fn impossible_problems_are_refused() {
    let check = |change: &dyn Fn(&mut Problem)| {
        let mut problem = shop(7, 2);
        change(&mut problem);
        Search::new(Arc::new(problem), 1).map(|_| ()).unwrap_err()
    };
    assert_eq!(check(&|problem| problem.days = 0), ProblemError::Days(0));
    assert_eq!(
        check(&|problem| problem.templates[1].minutes = 0),
        ProblemError::Template(1)
    );
    assert_eq!(
        check(&|problem| problem.lines[0].slot_minutes = 7),
        ProblemError::Line(0)
    );
    assert_eq!(
        check(&|problem| problem.people[1].lines = vec![4]),
        ProblemError::Person(1)
    );
    assert_eq!(
        check(&|problem| problem.lines[0].needs[0].agents = f64::NAN),
        ProblemError::Number
    );
    assert_eq!(
        check(&|problem| problem.published = Some(Roster::default())),
        ProblemError::Published
    );
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 24, ..ProptestConfig::default() })]

    /// Edit by edit, the board tells what counting anew would tell.
    #[test]
    fn edits_add_up_to_a_count_from_scratch(
        seed in 0u64..1000,
        edits in prop::collection::vec((0usize..6, 0usize..14, 0u16..25, 0u16..2, 0u8..3), 1..40),
    ) {
        let problem = Arc::new(centre::centre(6, 14, 2, seed));
        let mut board = Board::new(problem.clone(), Roster::empty(&problem)).unwrap();
        let mut total = board.cost().total;
        for (person, day, template, line, breaks) in edits {
            let shift = (template < 20).then_some(Assignment { template, line, breaks });
            let (change, broken) = board.preview(person, day, shift);
            prop_assert_eq!(board.set(person, day, shift), change);
            prop_assert_eq!(board.broken_of(person), broken.as_slice());
            total += change.total;
        }
        let fresh = Board::new(problem, board.roster().clone()).unwrap();
        prop_assert_eq!(fresh.cost(), board.cost());
        prop_assert!((total - board.cost().total).abs() < 1e-6);
        prop_assert_eq!(fresh.broken().collect::<Vec<_>>(), board.broken().collect::<Vec<_>>());
        for line in 0..2 {
            prop_assert_eq!(fresh.cover(line, 3), board.cover(line, 3));
        }
    }
}
