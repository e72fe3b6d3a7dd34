//! The formulas against the exact chain.

use super::exact;
use crate::erlang::{a, b, c};
use proptest::prelude::*;

#[track_caller]
fn close(what: &str, value: f64, exact: &exact::Real) {
    let exact = exact.near();
    // What lies below 1e-75 is beyond the digits of the reference.
    assert!(
        (value - exact).abs() <= 1e-11 * exact.abs() + 1e-75,
        "{what}: {value:e} is not {exact:e}"
    );
}

fn check_a(agents: u32, load: f64, patience: f64, threshold: f64) {
    let exact = exact::a(agents, load, patience, threshold);
    let found = a(agents, load, patience, threshold);
    close("waiting", found.waiting, &exact.waiting);
    close("abandoned", found.abandoned, &exact.abandoned);
    close(
        "wait of answered",
        found.wait_of_answered.unwrap(),
        &exact.wait_of_answered,
    );
    close(
        "answered within",
        found.answered_within,
        &exact.answered_within,
    );
    close(
        "abandoned within",
        found.abandoned_within,
        &exact.abandoned_within,
    );
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(64))]

    #[test]
    fn loss_is_exact(agents in 0_u32..400, share in 0.01_f64..3.0) {
        let load = share * f64::from(agents.max(1));
        close("B", b(agents, load), &exact::b(agents, load));
    }

    #[test]
    fn delay_is_exact(agents in 1_u32..300, share in 0.01_f64..0.999_999) {
        let load = share * f64::from(agents);
        close("C", c(agents, load).unwrap().waiting, &exact::c(agents, load));
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(12))]

    #[test]
    fn patience_is_exact(
        agents in 1_u32..25,
        share in 0.1_f64..2.0,
        patience in -3.0_f64..1.5,
        threshold in 0.0_f64..1.0,
    ) {
        check_a(agents, share * f64::from(agents), patience.exp2(), threshold);
    }
}

/// Ends of the range that random numbers seldom hit.
#[test]
fn patience_is_exact_at_the_edges() {
    for (agents, load, patience, threshold) in [
        (1, 1e-3, 1.0, 0.1),
        (1, 20.0, 1.0, 0.5),
        (1, 5.0, 0.01, 0.02),
        (3, 3.0, 2.0, 0.0),
        (10, 10.0, 4.0, 0.111),
        (20, 40.0, 0.05, 0.01),
        (40, 30.0, 1.0, 0.05),
    ] {
        check_a(agents, load, patience, threshold);
    }
}

/// As many agents as the formulas are meant for; the chain is only walked where it is not empty.
#[test]
fn a_hundred_thousand_agents() {
    let agents = 100_000;
    for load in [99_500.0, 100_000.0, 100_300.0] {
        for patience in [0.5, 4.0] {
            let exact = exact::a(agents, load, patience, 0.0);
            let found = a(agents, load, patience, 0.0);
            close("waiting", found.waiting, &exact.waiting);
            close("abandoned", found.abandoned, &exact.abandoned);
            close(
                "wait of answered",
                found.wait_of_answered.unwrap(),
                &exact.wait_of_answered,
            );
        }
    }
}
