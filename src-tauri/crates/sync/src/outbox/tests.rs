use super::*;
use chrono::TimeDelta;
use proptest::prelude::*;

fn at(second: i64) -> DateTime<Utc> {
    "2026-03-02T10:00:00Z".parse::<DateTime<Utc>>().unwrap() + TimeDelta::seconds(second)
}

fn policy() -> OutboxPolicy {
    OutboxPolicy::default()
}

/// Quiet period of the default policy, in seconds.
const QUIET: i64 = 240;

fn run(row: Row, events: &[(i64, Event)]) -> (Row, Effect) {
    events
        .iter()
        .fold((row, Effect::Settled), |(row, _), (second, event)| {
            row.on(*event, at(*second), u64::MAX, &policy()).unwrap()
        })
}

fn saved() -> Row {
    Row::new(at(0), &policy())
}

#[test]
fn nothing_leaves_before_undoing_is_over() {
    assert_eq!(
        run(saved(), &[(9, Event::Due)]).1,
        Effect::WaitUntil(at(10))
    );
    assert_eq!(run(saved(), &[(10, Event::Due)]).1, Effect::Send);
    let (undone, effect) = run(saved(), &[(9, Event::UndoAsked)]);
    assert_eq!((undone.state, effect), (State::Withdrawn, Effect::Settled));
    assert!(
        saved().on(Event::UndoAsked, at(10), 0, &policy()).is_err(),
        "ten seconds are over"
    );
    let waiting_again = run(
        saved(),
        &[(10, Event::Due), (10, Event::Failed(Failure::Passing))],
    )
    .0;
    let undo = waiting_again.on(Event::UndoAsked, at(10), 0, &policy());
    assert!(undo.is_err(), "it has left once, whatever became of it");
    assert!(
        undone.on(Event::Due, at(60), 0, &policy()).is_err(),
        "what is withdrawn is never sent"
    );
}

#[test]
fn doubt_is_waited_out_then_looked_into_then_sent_only_if_absent() {
    let doubtful = [(10, Event::Due), (70, Event::Failed(Failure::Doubtful))];
    let (doubt, effect) = run(saved(), &doubtful);
    assert_eq!(effect, Effect::WaitUntil(at(70 + QUIET)));
    assert_eq!(
        run(doubt, &[(71, Event::Due)]).1,
        Effect::WaitUntil(at(70 + QUIET)),
        "not a moment sooner"
    );
    let (looking, effect) = run(doubt, &[(70 + QUIET, Event::Due)]);
    assert_eq!(effect, Effect::Look, "look before sending again");
    let (done, effect) = run(looking, &[(320, Event::Found)]);
    assert_eq!((done.state, effect), (State::Done, Effect::Settled));
    let (again, effect) = run(looking, &[(320, Event::Absent)]);
    assert_eq!((again.state, effect), (State::InFlight, Effect::Send));
}

#[test]
fn a_look_that_fails_leaves_the_doubt() {
    let looking = run(
        saved(),
        &[
            (10, Event::Due),
            (10, Event::Failed(Failure::Doubtful)),
            (250, Event::Due),
        ],
    )
    .0;
    for failure in [
        Failure::Passing,
        Failure::Doubtful,
        Failure::RetryAfter(Duration::from_secs(5)),
        Failure::Stubborn,
    ] {
        let (after, _) = run(looking, &[(251, Event::Failed(failure))]);
        let State::Doubt { quiet_until } = after.state else {
            panic!(
                "{failure:?}: the doubt is not resolved by not seeing, yet it is {:?}",
                after.state
            )
        };
        assert!(
            quiet_until < at(251 + QUIET),
            "{failure:?}: a look writes nothing, so no new quiet period"
        );
        assert_eq!(
            run(after, &[(400, Event::Due)]).1,
            Effect::Look,
            "{failure:?}"
        );
    }
}

#[test]
fn a_restart_makes_doubt_of_what_was_in_flight_and_nothing_else() {
    let in_flight = run(saved(), &[(10, Event::Due)]).0;
    let (doubt, _) = run(in_flight, &[(100, Event::Restarted)]);
    assert_eq!(
        doubt.state,
        State::Doubt {
            quiet_until: at(100 + QUIET)
        },
        "it may have left just before the crash"
    );
    assert_eq!(
        run(doubt, &[(339, Event::Restarted)]).1,
        Effect::WaitUntil(at(339 + QUIET)),
        "whether the clock ran on or was set meanwhile nobody knows: the whole time again"
    );
    let (looked, effect) = run(doubt, &[(340, Event::Due), (341, Event::Restarted)]);
    assert_eq!(
        effect,
        Effect::WaitUntil(at(341 + QUIET)),
        "of a look broken off nothing is known"
    );
    assert_eq!(run(looked, &[(341 + QUIET, Event::Due)]).1, Effect::Look);
    assert_eq!(
        run(saved(), &[(5, Event::Restarted)]),
        (saved(), Effect::WaitUntil(at(10)))
    );
    let done = run(in_flight, &[(11, Event::Applied)]).0;
    assert_eq!(
        run(done, &[(12, Event::Restarted)]),
        (done, Effect::Settled)
    );
}

#[test]
fn a_clock_that_is_believed_ends_a_doubt_over_several_short_runs() {
    let in_flight = run(saved(), &[(10, Event::Due)]).0;
    let (doubt, _) = run(in_flight, &[(60, Event::Resumed)]);
    let mut row = doubt;
    for second in [120, 180, 240] {
        row = run(row, &[(second, Event::Resumed)]).0;
        assert_eq!(row, doubt, "it does not begin anew at {second}");
    }
    assert_eq!(
        run(row, &[(301, Event::Resumed), (301, Event::Due)]).1,
        Effect::Look
    );
    assert_eq!(
        run(row, &[(-3_600, Event::Resumed)]).1,
        Effect::WaitUntil(at(QUIET - 3_600)),
        "but a clock set back holds it no longer than a quiet time"
    );
}

#[test]
fn a_clock_set_back_does_not_hold_a_write_for_an_hour() {
    let hour = 3_600;
    let (fresh, effect) = run(saved(), &[(-hour, Event::Restarted)]);
    assert_eq!(
        effect,
        Effect::WaitUntil(at(10 - hour)),
        "the time for undoing, once more"
    );
    assert_eq!(fresh.tries, 0);
    let failed = run(
        saved(),
        &[(10, Event::Due), (11, Event::Failed(Failure::Passing))],
    )
    .0;
    let Effect::WaitUntil(until) = run(failed, &[(-hour, Event::Restarted)]).1 else {
        panic!("it still waits")
    };
    assert!(
        until <= at(60 - hour),
        "no longer than after a failure: {until}"
    );
}

#[test]
fn a_write_that_the_shop_chokes_on_is_given_up_only_when_it_is_known_not_to_be_there() {
    let mut row = saved();
    let mut second = 10;
    for attempt in 1..=8_i64 {
        let (after, effect) = run(
            row,
            &[
                (second, Event::Due),
                (second, Event::Failed(Failure::Faulty)),
            ],
        );
        assert_eq!(
            effect,
            Effect::WaitUntil(at(second + QUIET)),
            "it may have arrived, attempt {attempt}"
        );
        second += QUIET;
        let (looking, effect) = run(after, &[(second, Event::Due)]);
        assert_eq!(effect, Effect::Look);
        let (after, effect) = run(looking, &[(second, Event::Absent)]);
        if attempt == 8 {
            assert_eq!(effect, Effect::GiveUp(DeadReason::TriedTooOften));
            assert_eq!(
                run(looking, &[(second, Event::Found)]).0.state,
                State::Done,
                "had the eighth arrived, it would be known"
            );
            return;
        }
        assert_eq!(effect, Effect::Send, "attempt {attempt}");
        row = Row {
            state: State::Waiting {
                not_before: at(second),
            },
            ..after
        };
    }
    panic!("it never died");
}

#[test]
fn waits_double_up_to_the_cap_with_full_jitter() {
    let policy = policy();
    let bounds = [
        (1, 1_000),
        (2, 2_000),
        (3, 4_000),
        (6, 32_000),
        (7, 60_000),
        (8, 60_000),
        (u32::MAX, 60_000),
    ];
    for (tries, bound) in bounds {
        let ms = |random| policy.backoff(tries, random).as_millis();
        assert_eq!(
            ms(bound),
            u128::from(bound),
            "the bound after {tries} tries is reached"
        );
        assert_eq!(
            ms(bound + 1),
            0,
            "and never passed: the jitter is full, down to nothing"
        );
    }
}

#[test]
fn the_shop_is_obeyed_when_it_names_a_time() {
    let asked = Failure::RetryAfter(Duration::from_mins(2));
    let (row, effect) = saved()
        .on(Event::Due, at(10), 0, &policy())
        .unwrap()
        .0
        .on(Event::Failed(asked), at(11), 0, &policy())
        .unwrap();
    assert_eq!(
        effect,
        Effect::WaitUntil(at(131)),
        "longer than any wait of ours"
    );
    assert_eq!(
        row.state,
        State::Waiting {
            not_before: at(131)
        },
        "it did not arrive, so there is no doubt"
    );
}

#[test]
fn what_cannot_pass_dies_at_once_and_what_might_after_eight_tries() {
    let refused = run(
        saved(),
        &[(10, Event::Due), (11, Event::Failed(Failure::Permanent))],
    );
    assert_eq!(refused.1, Effect::GiveUp(DeadReason::Refused));

    let mut row = saved();
    for attempt in 1..=8_i64 {
        let second = attempt * 1_000;
        let (after, effect) = run(
            row,
            &[
                (second, Event::Due),
                (second, Event::Failed(Failure::Stubborn)),
            ],
        );
        let died = matches!(effect, Effect::GiveUp(DeadReason::TriedTooOften));
        assert_eq!(died, attempt == 8, "attempt {attempt}");
        row = after;
    }
    let (row, effect) = run(row, &[(9_000, Event::RetryAsked), (9_000, Event::Due)]);
    assert_eq!(effect, Effect::Send, "a person may try again, at once");
    assert_eq!(row.stubborn, 0, "with eight tries more");
}

#[test]
fn a_person_may_do_without_what_died_and_only_that() {
    let refused = run(
        saved(),
        &[(10, Event::Due), (11, Event::Failed(Failure::Permanent))],
    )
    .0;
    let (dropped, effect) = run(refused, &[(60, Event::Dropped)]);
    assert_eq!((dropped.state, effect), (State::Withdrawn, Effect::Settled));
    assert_eq!(head(&[dropped, saved()]), Some(1), "what follows may go");
    for row in [saved(), run(saved(), &[(10, Event::Due)]).0, dropped] {
        assert!(
            row.on(Event::Dropped, at(60), 0, &policy()).is_err(),
            "what may be at the shop, or will be, is not dropped: {row:?}"
        );
    }
}

#[test]
fn a_shop_that_is_off_for_hours_is_waited_for() {
    let mut row = saved();
    for attempt in 1..=500_i64 {
        row = run(
            row,
            &[
                (attempt * 61, Event::Due),
                (attempt * 61, Event::Failed(Failure::Passing)),
            ],
        )
        .0;
    }
    assert!(
        matches!(row.state, State::Waiting { .. }),
        "an outage is nobody's mistake: {:?}",
        row.state
    );
}

#[test]
fn writes_to_one_order_keep_their_order() {
    let done = Row {
        state: State::Done,
        ..saved()
    };
    let dead = Row {
        state: State::Dead {
            reason: DeadReason::Refused,
        },
        ..saved()
    };
    let withdrawn = Row {
        state: State::Withdrawn,
        ..saved()
    };
    assert_eq!(head(&[done, withdrawn, saved(), saved()]), Some(2));
    assert_eq!(
        head(&[done, dead, saved()]),
        None,
        "a confirmation must not overtake the edit that failed"
    );
    assert_eq!(head(&[done, withdrawn]), None);
}

#[test]
fn a_row_is_stored_and_read_as_it_was() {
    let row = run(
        saved(),
        &[(10, Event::Due), (11, Event::Failed(Failure::Doubtful))],
    )
    .0;
    let stored = serde_json::to_string(&row).unwrap();
    assert_eq!(
        serde_json::from_str::<Row>(&stored).unwrap(),
        row,
        "{stored}"
    );
}

/// A shop and a network that misbehave: a write is lost, arrives at once, or arrives late (but
/// within the quiet period); answers are lost; the desk crashes at any moment.
#[derive(Clone, Copy, Debug)]
enum Fate {
    Answered,
    ArrivedButSilent,
    LateAndSilent { seconds: i64 },
    Lost,
    NotReached,
    CrashAfterArrival,
    CrashAndLate { seconds: i64 },
    CrashBeforeSending,
}

fn fate() -> impl Strategy<Value = Fate> {
    prop_oneof![
        Just(Fate::Answered),
        Just(Fate::ArrivedButSilent),
        (0..QUIET).prop_map(|seconds| Fate::LateAndSilent { seconds }),
        Just(Fate::Lost),
        Just(Fate::NotReached),
        Just(Fate::CrashAfterArrival),
        (0..QUIET).prop_map(|seconds| Fate::CrashAndLate { seconds }),
        Just(Fate::CrashBeforeSending),
    ]
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(2_000))]

    #[test]
    fn whatever_happens_the_shop_has_it_exactly_once(
        fates in proptest::collection::vec(fate(), 0..25), looks_fail in any::<u32>(), random in any::<u64>()
    ) {
        let policy = policy();
        let mut fates = fates.into_iter();
        let mut now = at(0);
        let mut arrivals: Vec<DateTime<Utc>> = Vec::new();
        let (mut row, mut effect) = (saved(), Effect::WaitUntil(at(10)));
        let mut looks = 0_u32;
        for step in 0.. {
            prop_assert!(step < 1_000, "it must come to an end");
            let event = match effect {
                Effect::WaitUntil(until) => {
                    now = now.max(until);
                    Event::Due
                }
                Effect::Send => {
                    // When fates run out the shop works.
                    let fate = fates.next().unwrap_or(Fate::Answered);
                    match fate {
                        Fate::Answered | Fate::ArrivedButSilent | Fate::CrashAfterArrival => arrivals.push(now),
                        Fate::LateAndSilent { seconds } | Fate::CrashAndLate { seconds } => arrivals.push(now + TimeDelta::seconds(seconds)),
                        Fate::Lost | Fate::NotReached | Fate::CrashBeforeSending => {}
                    }
                    match fate {
                        Fate::Answered => Event::Applied,
                        Fate::ArrivedButSilent | Fate::LateAndSilent { .. } | Fate::Lost => {
                            Event::Failed(Failure::Doubtful)
                        }
                        Fate::NotReached => Event::Failed(Failure::Passing),
                        Fate::CrashAfterArrival | Fate::CrashAndLate { .. } | Fate::CrashBeforeSending => Event::Restarted,
                    }
                }
                Effect::Look => {
                    looks += 1;
                    if looks < 32 && looks_fail & (1 << looks) != 0 {
                        Event::Failed(Failure::Passing)
                    } else if arrivals.iter().any(|arrival| *arrival <= now) {
                        Event::Found
                    } else {
                        Event::Absent
                    }
                }
                Effect::Settled => break,
                Effect::GiveUp(reason) => return Err(TestCaseError::fail(format!("gave up: {reason:?}"))),
            };
            (row, effect) = row.on(event, now, random, &policy).unwrap();
        }
        prop_assert_eq!(row.state, State::Done);
        prop_assert_eq!(arrivals.len(), 1, "once, neither lost nor doubled");
    }

    #[test]
    fn no_event_brings_it_out_of_step(events in proptest::collection::vec((0_usize..15, 0_i64..400), 0..60), random in any::<u64>()) {
        let kinds = [
            Event::Due, Event::Applied, Event::Found, Event::Absent, Event::Restarted, Event::UndoAsked, Event::RetryAsked,
            Event::Failed(Failure::Passing), Event::Failed(Failure::Doubtful), Event::Failed(Failure::Stubborn),
            Event::Failed(Failure::Permanent), Event::Failed(Failure::RetryAfter(Duration::from_secs(7))),
            Event::Failed(Failure::Faulty), Event::Dropped, Event::Resumed,
        ];
        let (mut row, mut second) = (saved(), 0);
        for (kind, passed) in events {
            second += passed;
            let before = row;
            match row.on(kinds[kind], at(second), random, &policy()) {
                Ok((after, effect)) => {
                    if effect == Effect::Send {
                        prop_assert!(after.state == State::InFlight, "the mark is made before the first byte");
                        let may_send = matches!(before.state, State::Waiting { .. } | State::Looking);
                        prop_assert!(may_send, "sent out of {:?}", before.state);
                    }
                    prop_assert!(!before.state.is_settled() || after == before, "what is settled stays so");
                    row = after;
                }
                Err(illegal) => prop_assert_eq!(illegal.state, before.state),
            }
        }
    }
}

#[test]
fn what_sets_the_same_fields_overlaps() {
    let order = rules::id::RemoteId::from("1");
    let confirm = ShopOperation::Confirm {
        order: order.clone(),
        by: String::new(),
        at: DateTime::UNIX_EPOCH,
        result: String::new(),
    };
    let cancel = ShopOperation::Cancel {
        order: order.clone(),
        reason: String::new(),
    };
    let edit = ShopOperation::EditLines {
        order: order.clone(),
        base: Vec::new(),
        changes: Vec::new(),
    };
    let note = ShopOperation::AddNote {
        order,
        text: String::new(),
    };
    assert!(
        overlap(&confirm, &cancel),
        "a late confirmation would take the cancellation back"
    );
    assert!(overlap(&edit, &edit), "an old quantity would come back");
    assert!(
        !overlap(&edit, &confirm),
        "lines and status do not touch each other"
    );
    assert!(!overlap(&note, &note), "notes only add");
}
