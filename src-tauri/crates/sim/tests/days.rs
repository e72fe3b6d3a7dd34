//! A smaller run of what `make sim` does with ten thousand days.

use sim::{Break, Side, Verdict, Wish, Wrong, live};
use std::collections::BTreeMap;

/// Days in the usual test run.
const DAYS: u64 = 100;

fn assert_clean(verdict: &Verdict) {
    assert!(
        verdict.is_clean(),
        "day {} fails, replay it with `sim --seed {} --trace`: {:#?}",
        verdict.seed,
        verdict.seed,
        verdict.findings
    );
}

fn some_days(first: u64, last: u64) {
    let mut figures: BTreeMap<&str, u64> = BTreeMap::new();
    let (mut results, mut crashes) = (0, 0);
    for seed in first..=last {
        let verdict = live(seed, Wish::default());
        assert_clean(&verdict);
        results += verdict.results;
        crashes += verdict.crashes;
        for (name, count) in verdict.figures {
            *figures.entry(name).or_default() += count;
        }
    }
    let days = last - first + 1;
    assert!(
        results / days > 5 * 20,
        "tens of results per desk and day: {results} in {days} days"
    );
    assert!(crashes / days > 5, "desks do crash: {crashes}");
    for (name, count) in figures {
        let may_be_none = name == "staff_edits_overwritten";
        assert!(may_be_none || count > 0, "`{name}` never happened");
    }
}

#[test]
fn days_lose_and_double_nothing() {
    some_days(1, DAYS / 2);
}

#[test]
fn more_days_lose_and_double_nothing() {
    some_days(DAYS / 2 + 1, DAYS);
}

/// Days on which the protocol once failed.
#[test]
fn days_that_once_failed_are_clean() {
    // Late under an earlier stamp behind a page already read; a late copy of an older write; a
    // refusal of a second copy; a broken-off sweep; a trashed order come back; an edited double.
    for seed in [
        30, 37, 47, 68, 88, 163, 164, 266, 500, 571, 840, 1242, 3915, 6000, 8132,
    ] {
        assert_clean(&live(seed, Wish::default()));
    }
}

#[test]
fn one_seed_is_one_day() {
    let mut hashes = Vec::new();
    for seed in [1, 2, 7] {
        let (one, other) = (live(seed, Wish::default()), live(seed, Wish::default()));
        assert_eq!(one.hash, other.hash, "day {seed} lived twice");
        assert_eq!(one.events, other.events);
        hashes.push(one.hash);
    }
    hashes.dedup();
    assert_eq!(hashes.len(), 3, "and each seed is another day");
}

/// The first day on which it shows, of at most twenty.
fn must_fail(broken: Break, wrong: Wrong) {
    let wish = Wish {
        broken: Some(broken),
        ..Wish::default()
    };
    let shows = (1..=20).any(|seed| live(seed, wish).count(wrong) > 0);
    assert!(
        shows,
        "{broken:?}: a simulator that does not notice proves nothing"
    );
}

#[test]
fn without_markers_effects_are_doubled() {
    must_fail(Break::NoMarker, Wrong::Doubled);
}

#[test]
fn without_a_quiet_period_effects_are_doubled() {
    must_fail(Break::NoQuiet, Wrong::Doubled);
}

#[test]
fn without_overlap_changes_are_missed() {
    must_fail(Break::NoOverlap, Wrong::Missed);
}

#[test]
fn by_the_clock_of_a_desk_changes_are_missed() {
    must_fail(Break::DeskClock, Wrong::Missed);
}

/// Crashes a busy desk before and after each of its awaits, one after the other.
fn crash_everywhere(side: Side) {
    let wish = Wish {
        is_short: true,
        ..Wish::default()
    };
    let seed = 3;
    let whole = live(seed, wish);
    assert_clean(&whole);
    assert_eq!(whole.crashes, 0, "nothing crashes by itself on a short day");
    assert!(
        whole.awaits > 100,
        "a busy desk awaits often: {}",
        whole.awaits
    );
    for place in 1..=whole.awaits {
        let crash_at = Some((place, side));
        let verdict = live(seed, Wish { crash_at, ..wish });
        assert!(
            verdict.is_clean(),
            "crashed {side:?} await {place}: {:#?}",
            verdict.findings
        );
    }
}

#[test]
fn a_crash_before_any_effect_loses_and_doubles_nothing() {
    crash_everywhere(Side::Before);
}

#[test]
fn a_crash_after_any_effect_loses_and_doubles_nothing() {
    crash_everywhere(Side::After);
}
