use proptest::prelude::*;

use super::*;
use crate::model::{ClockChange, Line, Need, Person, Run, Template};
use crate::rules::broken_rules;

fn rules() -> impl Strategy<Value = Rules> {
    (
        (0u32..5, 0u32..5, prop::option::of(3u32..6)),
        (0u16..14, 0u16..3, prop::option::of(0u16..4)),
        (prop::option::of(1u16..5), 0u16..4, 0u16..4),
        (prop::option::of(0u16..2), prop::option::of(0u16..2)),
        prop::option::of(0u16..3),
        prop::option::of(0u16..4),
    )
        .prop_map(|(minutes, rest, runs, ends, nights, limit)| Rules {
            min_minutes: minutes.0 * 480,
            max_minutes: Some((minutes.0 + minutes.1) * 480),
            max_week_minutes: minutes.2.map(|shifts| shifts * 480),
            min_rest_minutes: rest.0 * 60,
            rest_percent_of_work: if rest.1 == 2 { 200 } else { 0 },
            min_start_gap_minutes: if rest.1 == 1 { 1440 } else { 0 },
            weekly_rest_minutes: if rest.2 == Some(0) { 42 * 60 } else { 0 },
            max_days_in_row: runs.0,
            min_days_in_row: runs.1,
            min_days_off_in_row: runs.2,
            max_weekends: ends.0,
            max_sundays: ends.1,
            max_nights_in_row: nights,
            template_limits: limit.map(|most| (0, most)).into_iter().collect(),
            ..Rules::default()
        })
}

fn carry() -> impl Strategy<Value = CarryIn> {
    (0u16..8, 0u16..3, prop::option::of(0u16..3), 0u16..7).prop_map(
        |(days, nights, last_template, since_rest)| {
            // A last shift a day ago or less, or nothing known of it.
            let ends = [960, 1320, 1800];
            let last_end = last_template.map(|template| ends[usize::from(template)] - 1440);
            CarryIn {
                run: match days {
                    0 => Run::Unknown,
                    _ if last_template.is_some() => Run::Worked(days),
                    _ => Run::Off(days),
                },
                last_end,
                last_template,
                nights_in_row: if last_template.is_some() { nights } else { 0 },
                days_since_weekly_rest: since_rest,
                week_minutes: 0,
                ..CarryIn::default()
            }
        },
    )
}

/// A night of the first days, in which an hour is skipped or comes twice.
fn clock_change() -> impl Strategy<Value = Option<ClockChange>> {
    let change = (1u16..6, 2u16..5, any::<bool>()).prop_map(|(day, hour, spring)| ClockChange {
        day,
        minute: hour * 60,
        skipped: if spring { 60 } else { -60 },
    });
    prop::option::of(change)
}

/// Early, late and night shifts on one line of whole days, the last of them a lookahead.
fn problem(
    (days, lookahead): (u16, u16),
    first_weekday: u8,
    rules: Rules,
    carry: CarryIn,
    needs: &[u8],
    clock_change: Option<ClockChange>,
) -> Problem {
    let template = |start: u16, kind, not_followed_by: &[u16]| Template {
        start,
        minutes: 480,
        paid_minutes: 480,
        kind,
        weekdays: [true; 7],
        not_followed_by: not_followed_by.to_vec(),
        ..Template::default()
    };
    Problem {
        days: days - lookahead,
        lookahead,
        first_weekday,
        clock_change,
        templates: vec![
            template(480, ShiftKind::Day, &[]),
            template(840, ShiftKind::Evening, &[0]),
            template(1320, ShiftKind::Night, &[]),
        ],
        lines: vec![Line {
            slot_minutes: 480,
            coverage: Coverage::Worked,
            needs: (0..usize::from(days) * 3)
                .map(|slot| Need {
                    agents: f64::from(at(needs, slot % needs.len()) % 2),
                    there: 0.0,
                    under: f64::from(at(needs, slot % needs.len())),
                    under_more: 20.0,
                    over: 3.0,
                })
                .collect(),
        }],
        people: vec![Person {
            lines: vec![0],
            rules,
            carry,
            share: 1.0,
            ..Person::default()
        }],
        ..Problem::default()
    }
}

fn row(code: &[u8], days: u16) -> Vec<Option<Assignment>> {
    (0..usize::from(days))
        .map(|day| match at(code, day) % 4 {
            3 => None,
            template => Some(Assignment {
                template: template.into(),
                ..Assignment::default()
            }),
        })
        .collect()
}

fn ground(problem: Problem) -> Ground {
    Ground::new(Arc::new(problem)).expect("a problem that can be read")
}

/// What cannot be bettered stays where it was, also where the window begins later than the plan.
#[test]
fn a_window_without_a_better_row_stays() {
    let rules = Rules {
        max_minutes: Some(480),
        max_weekends: Some(0),
        ..Rules::default()
    };
    // One shift on any day, each as good as another.
    let needs = [0, 21, 0];
    let ground = ground(problem((14, 0), 2, rules, CarryIn::default(), &needs, None));
    let mut roster = Roster::empty(&ground.problem);
    let by_day = Assignment {
        template: 0,
        line: 0,
        breaks: 0,
    };
    // Tuesday, after a weekend that must not be worked.
    roster.rows[0][6] = Some(by_day);
    let mut state = State::new(&ground, &roster);
    let before = state.total(&ground);
    let old = state.row(0)[2..7].to_vec();
    state.clear(&ground, 0, 2, 7);
    state.fill(
        &ground,
        &mut Room::default(),
        &mut Menu::default(),
        &mut Prices::default(),
        0,
        (2, 7),
        Some(&old),
        Effort {
            labels: 5000,
            noise: 0,
        },
        &mut || 0,
    );
    assert_eq!(state.row(0)[2..7], old);
    assert_eq!(state.total(&ground), before);
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 512, ..ProptestConfig::default() })]

    /// The automaton and the sums know a rule broken exactly when the plain walk over the row does.
    #[test]
    fn both_ways_to_see_a_broken_rule_agree(
        rules in rules(),
        carry in carry(),
        first_weekday in 0u8..7,
        change in clock_change(),
        lookahead in 0u16..9,
        code in prop::collection::vec(0u8..8, 16),
    ) {
        let ground = ground(problem((16, lookahead), first_weekday, rules, carry, &[1], change));
        let row = row(&code, 16);
        let plain = broken_rules(&ground.problem, 0, &row);
        prop_assert_eq!(ground.breaches(0, &row) > 0, !plain.is_empty(), "{:?}", plain);
    }
}

proptest! {
    #![proptest_config(ProptestConfig { cases: 64, ..ProptestConfig::default() })]

    /// No row of all there are is cheaper than the path, whatever the rules.
    #[test]
    fn a_path_is_as_cheap_as_the_cheapest_of_all_rows(
        rules in rules(),
        carry in carry(),
        first_weekday in 0u8..7,
        change in clock_change(),
        lookahead in 0u16..4,
        needs in prop::collection::vec(0u8..30, 5..18),
    ) {
        let days = 6;
        let ground = ground(problem((days, lookahead), first_weekday, rules, carry, &needs, change));
        let mut state = State::new(&ground, &Roster::empty(&ground.problem));
        let mut cheapest = i64::MAX;
        for code in 0..4usize.pow(u32::from(days)) {
            let digits: Vec<u8> = (0..u32::from(days))
                .map(|day| u8::try_from(code / 4usize.pow(day) % 4).expect("a digit"))
                .collect();
            let row = row(&digits, days);
            if ground.breaches(0, &row) > 0 {
                continue;
            }
            for (day, &shift) in row.iter().enumerate() {
                state.set(&ground, 0, day, shift);
            }
            state.settle(&ground, 0);
            cheapest = cheapest.min(state.total(&ground));
        }
        state.clear(&ground, 0, 0, usize::from(days));
        state.fill(
            &ground,
            &mut Room::default(),
            &mut Menu::default(),
            &mut Prices::default(),
            0,
            (0, usize::from(days)),
            None,
            Effort { labels: 5000, noise: 0 },
            &mut || 0,
        );
        let found = state.total(&ground);
        if cheapest < i64::MAX {
            prop_assert_eq!(found, cheapest);
        } else {
            prop_assert!(found >= BREACH, "no row is free of broken rules, nor is this one");
        }
    }

    /// A window filled again, everything else fixed, is never dearer than it was.
    #[test]
    fn filling_a_window_again_never_costs(
        rules in rules(),
        first_weekday in 0u8..7,
        needs in prop::collection::vec(0u8..30, 5..18),
        change in clock_change(),
        lookahead in 0u16..8,
        from in 0usize..10,
        length in 1usize..10,
    ) {
        let days = (14, lookahead);
        let ground = ground(problem(days, first_weekday, rules, CarryIn::default(), &needs, change));
        let mut state = State::new(&ground, &Roster::empty(&ground.problem));
        let (mut room, mut menu) = (Room::default(), Menu::default());
        let mut prices = Prices::default();
        let mut random = 7u64;
        let effort = Effort { labels: 50, noise: 20_000 };
        let mut dice = || { random = random.wrapping_mul(6_364_136_223_846_793_005).wrapping_add(1); random >> 33 };
        state.fill(&ground, &mut room, &mut menu, &mut prices, 0, (0, 14), None, effort, &mut dice);
        let before = state.total(&ground);
        // Rules that contradict each other leave no measure.
        prop_assume!(before < BREACH);
        let until = (from + length).min(14);
        let old = state.row(0)[from..until].to_vec();
        state.clear(&ground, 0, from, until);
        let effort = Effort { labels: 5000, noise: 0 };
        state.fill(&ground, &mut room, &mut menu, &mut prices, 0, (from, until), Some(&old), effort, &mut dice);
        prop_assert!(state.total(&ground) <= before);
        let fresh = State::new(&ground, &state.roster());
        prop_assert_eq!(fresh.total(&ground), state.total(&ground));
    }
}
