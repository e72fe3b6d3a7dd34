use super::*;
use crate::disposition::{CallResult, outcome, validate};
use proptest::prelude::*;
use std::collections::BTreeSet;

/// A small script to break in one place at a time.
const SMALL: &str = "\
code: small
version: 1
language: en
title: Small
variables: [customer.name, order.total]
checklist:
  - id: identity
    text: Right person
    required: true
steps:
  - id: hello
    text: Is that {{ customer.name }}?
    answers:
      - text: 'Yes'
        ticks: [identity]
      - text: 'No'
        goto: end
  - id: extra
    when: order.total > 5000
    text: A large order
  - id: sum
    text: That is {{ order.total }}. Right?
    answers:
      - text: 'Yes'
        act: { outcome: confirmed, reason: order/confirmation }
      - text: 'No'
        act: { outcome: cancelled, reason: cancellation/price, open: comment }
      - text: Say again
        goto: sum
  - id: bye
    text: Goodbye
";

fn small() -> Script {
    Script::parse(SMALL).unwrap()
}

fn filled() -> Variables {
    Variables::new()
        .with(Variable::CustomerName, "Olena Bondar")
        .with_number(Variable::OrderTotal, 5499.0, "5 499,00 ₴")
}

fn broken(from: &str, to: &str) -> Vec<ScriptProblem> {
    assert!(
        SMALL.contains(from),
        "the case must change something: {from:?}"
    );
    Script::parse(&SMALL.replacen(from, to, 1)).expect_err("the script is broken")
}

fn only(problems: &[ScriptProblem]) -> &ScriptProblem {
    assert_eq!(problems.len(), 1, "one fault, one problem: {problems:?}");
    &problems[0]
}

fn plain(segments: &[Segment]) -> String {
    segments
        .iter()
        .map(|segment| match segment {
            Segment::Text { text } | Segment::Value { text, .. } => text.clone(),
            Segment::Missing { name } => format!("<{name}>"),
        })
        .collect()
}

fn spoken(view: &StepView) -> Vec<String> {
    view.paragraphs
        .iter()
        .map(|paragraph| plain(&paragraph.segments))
        .collect()
}

/// Each change to [`SMALL`] makes one problem, of this kind, in this line.
fn assert_named(cases: &[(&str, &str, ProblemCode, u32)]) {
    for (from, to, code, line) in cases {
        let problems = broken(from, to);
        let problem = only(&problems);
        assert_eq!(
            (problem.code, problem.line),
            (*code, Some(*line)),
            "{to:?}: {problem}"
        );
        let told = problem.to_string();
        assert!(
            !told.contains(['{', '}']) || *code == ProblemCode::BadTemplate,
            "every argument is there: {told}"
        );
    }
}

#[test]
fn faults_of_texts_and_conditions_are_named_with_their_place() {
    use ProblemCode as Code;
    let name = "{{ customer.name }}";
    let condition = "order.total > 5000";
    assert_named(&[
        (name, "{{ customer.nam }}", Code::UnknownVariable, 12),
        (name, "{{ customer.name", Code::BadTemplate, 12),
        (name, "{{ customer.name|upper }}", Code::BadTemplate, 12),
        (name, "{{ customer.name[:2] }}", Code::BadTemplate, 12),
        (
            name,
            "{% if customer.name %}x{% endif %}",
            Code::BadTemplate,
            12,
        ),
        (
            name,
            "{{ customer.name == order.total }}",
            Code::BadTemplate,
            12,
        ),
        (condition, "order.total >", Code::BadCondition, 19),
        (
            condition,
            "order.total > 5 and order.total is big",
            Code::BadCondition,
            19,
        ),
        (condition, "order.total is big", Code::BadCondition, 19),
        (
            "[customer.name, order.total]",
            "[order.total]",
            Code::UndeclaredVariable,
            12,
        ),
        (
            "[customer.name,",
            "[shop.name, customer.name,",
            Code::UnusedVariable,
            5,
        ),
        (
            "[customer.name,",
            "[shop.nam, customer.name,",
            Code::UnknownVariable,
            5,
        ),
    ]);
}

#[test]
fn faults_of_steps_are_named_with_their_place() {
    use ProblemCode as Code;
    let bye = "text: Goodbye";
    assert_named(&[
        ("goto: end", "goto: nowhere", Code::UnknownStep, 17),
        ("id: bye", "id: sum", Code::DuplicateStep, 30),
        ("id: bye", "id: end", Code::DuplicateStep, 30),
        ("    text: Goodbye\n", "", Code::EmptyStep, 30),
        (
            bye,
            "text: Goodbye\n    goto: end\n  - id: lost\n    text: Lost",
            Code::UnreachableStep,
            33,
        ),
        (bye, "text: Goodbye\n    goto: bye", Code::EndlessLoop, 30),
        (
            "ticks: [identity]",
            "ticks: [identity, age]",
            Code::UnknownPoint,
            15,
        ),
        (
            "outcome: confirmed,",
            "outcome: sold,",
            Code::UnknownOutcome,
            25,
        ),
        (
            "outcome: confirmed,",
            "outcome: unreachable,",
            Code::UnknownOutcome,
            25,
        ),
        (
            "order/confirmation",
            "order/defect",
            Code::UnknownReason,
            25,
        ),
    ]);
}

#[test]
fn faults_without_one_place_are_named_too() {
    let unticked = broken("        ticks: [identity]\n", "");
    assert_eq!(
        only(&unticked).code,
        ProblemCode::PointNeverTicked,
        "a required point would block every confirmation"
    );
    let twice = broken("steps:", "  - id: identity\n    text: Twice\nsteps:");
    assert_eq!(only(&twice).code, ProblemCode::DuplicatePoint);
    let empty =
        Script::parse("{code: x, version: 1, language: en, title: X, steps: []}").unwrap_err();
    assert_eq!(only(&empty).code, ProblemCode::NoSteps);
    let many = format!("    answers:\n{}", "      - text: Same\n".repeat(10));
    let many = broken("    text: Goodbye\n", &format!("    text: Goodbye\n{many}"));
    assert_eq!(only(&many).code, ProblemCode::TooManyAnswers);
    assert_eq!(only(&many).args["count"], "10");
}

#[test]
fn a_loop_through_a_step_that_may_be_passed_over_is_found() {
    let looping = "\
code: x
version: 1
language: en
title: X
variables: [order.total]
steps:
  - id: one
    text: One
  - id: two
    when: order.total > 1
    text: Two?
    answers: [{ text: 'Yes', goto: end }]
  - id: three
    goto: one
";
    let problems = Script::parse(looping).unwrap_err();
    assert_eq!(
        only(&problems).code,
        ProblemCode::EndlessLoop,
        "a small order would never reach a question"
    );
    let asking = looping
        .replace("    when: order.total > 1\n", "")
        .replace("variables: [order.total]\n", "");
    assert_eq!(
        only(&Script::parse(&asking).unwrap_err()).code,
        ProblemCode::UnreachableStep
    );
}

#[test]
fn an_unreadable_file_says_where_and_what_to_do() {
    let unknown_field = broken("    required: true", "    requird: true");
    let problem = only(&unknown_field);
    assert_eq!(
        (problem.code, problem.line),
        (ProblemCode::Unreadable, Some(9)),
        "{problem}"
    );
    assert!(
        problem.args["message"].contains("requird"),
        "the wrong word is quoted: {problem}"
    );
    let not_yaml = broken("steps:", "steps: [");
    assert_eq!(only(&not_yaml).code, ProblemCode::Unreadable);
    assert!(only(&not_yaml).line.is_some(), "{}", only(&not_yaml));
    let unknown = broken("{{ customer.name }}", "{{ customer.nam }}");
    let text = only(&unknown).to_string();
    assert!(
        text.contains("`customer.nam`") && text.contains("customer.name, "),
        "names the allowed ones: {text}"
    );
}

#[test]
fn a_gap_is_seen_and_a_value_is_never_markup() {
    let script = small();
    let view = |variables: &Variables| Walk::begin(&script, variables).view(variables);
    let question = |variables: &Variables| view(variables).paragraphs[0].segments.clone();
    let text = |text: &str| Segment::Text { text: text.into() };
    for variables in [
        Variables::new(),
        Variables::new().with(Variable::CustomerName, "  "),
    ] {
        assert_eq!(
            question(&variables),
            [
                text("Is that "),
                Segment::Missing {
                    name: "customer.name".into()
                },
                text("?")
            ],
            "unknown or blank, the operator sees that something is missing"
        );
    }
    for hostile in [
        "<b>{{ order.total }}</b> & \"x\"",
        "\u{2}order.total\u{3}\u{1f}",
    ] {
        let variables = Variables::new().with(Variable::CustomerName, hostile);
        let kept: String = hostile.chars().filter(|c| !c.is_control()).collect();
        assert_eq!(
            question(&variables)[1],
            Segment::Value {
                name: "customer.name".into(),
                text: kept
            },
            "a customer's name is text: not escaped, not read as a template, no marks of ours"
        );
    }
}

#[test]
fn a_condition_decides_whether_a_step_is_entered() {
    let script = small();
    let said = |variables: &Variables| {
        let mut walk = Walk::begin(&script, variables);
        walk.answer("hello", 1, variables).unwrap();
        spoken(&walk.view(variables))
    };
    assert_eq!(
        said(&filled()),
        ["A large order", "That is 5 499,00 ₴. Right?"]
    );
    let cheap = filled().with_number(Variable::OrderTotal, 5000.0, "5 000,00 ₴");
    assert_eq!(
        said(&cheap),
        ["That is 5 000,00 ₴. Right?"],
        "the bound is not above itself"
    );
    assert_eq!(
        said(&Variables::new()),
        ["That is <order.total>. Right?"],
        "about the unknown nothing holds"
    );
}

#[test]
fn answers_lead_on_tick_and_propose() {
    let script = small();
    let variables = filled();
    let mut walk = Walk::begin(&script, &variables);
    assert_eq!(walk.state().ticked, [""; 0]);
    walk.answer("hello", 1, &variables).unwrap();
    assert_eq!(walk.state().ticked, ["identity"]);
    walk.answer("sum", 2, &variables).unwrap();
    let view = walk.view(&variables);
    assert_eq!(
        (view.step.as_str(), view.finished, view.open),
        ("end", true, Some(Panel::Comment))
    );
    assert_eq!(
        spoken(&view),
        ["Goodbye"],
        "the parting word is shown though nothing is asked"
    );
    assert_eq!(walk.state().outcome.as_deref(), Some("cancelled"));

    walk.back().unwrap();
    assert_eq!(
        walk.state().outcome,
        None,
        "what is taken back has no effect"
    );
    assert_eq!(walk.view(&variables).step, "sum");
    walk.answer("sum", 1, &variables).unwrap();
    let state = walk.state();
    assert_eq!(state.outcome.as_deref(), Some("confirmed"));
    assert_eq!(state.reason, ContactReason::parse("order/confirmation"));
    assert_eq!(
        state.history,
        [("hello".to_owned(), 1), ("sum".to_owned(), 1)]
    );
    assert_eq!(
        walk.facts().len(),
        5,
        "facts are only added: the answer taken back stays on record"
    );
}

#[test]
fn a_key_pressed_twice_does_not_answer_the_next_question() {
    let script = small();
    let variables = filled();
    let mut walk = Walk::begin(&script, &variables);
    walk.answer("hello", 1, &variables).unwrap();
    let again = walk.answer("hello", 1, &variables);
    assert_eq!(
        again,
        Err(WalkError::OtherStep {
            given: "hello".into(),
            waiting: "sum".into()
        })
    );
    for option in [0, 4] {
        let none = walk.answer("sum", option, &variables);
        assert_eq!(
            none,
            Err(WalkError::NoSuchOption {
                step: "sum".into(),
                option
            })
        );
    }
    assert_eq!(walk.facts().len(), 2, "what is refused leaves no fact");
    walk.back().unwrap();
    assert_eq!(walk.back(), Err(WalkError::AtTheBeginning));
}

#[test]
fn an_answer_nobody_foresaw_is_kept_for_the_author() {
    let script = small();
    let variables = filled();
    let mut walk = Walk::begin(&script, &variables);
    let before = walk.view(&variables);
    let fact = walk.no_such_answer("hello", " It is her son ").unwrap();
    assert_eq!(
        fact,
        WalkFact::NoSuchAnswer {
            step: "hello".into(),
            text: "It is her son".into()
        }
    );
    assert_eq!(
        walk.view(&variables),
        before,
        "the question still waits for one of its answers"
    );
    assert!(
        walk.no_such_answer("sum", "").is_err(),
        "only the question on the screen can be meant"
    );
}

#[test]
fn ticks_by_hand_stand_until_the_customer_settles_the_point_again() {
    let script = small();
    let variables = filled();
    let mut walk = Walk::begin(&script, &variables);
    walk.tick("identity", true).unwrap();
    assert_eq!(walk.state().ticked, ["identity"]);
    walk.tick("identity", false).unwrap();
    assert_eq!(walk.state().ticked, [""; 0]);
    walk.answer("hello", 1, &variables).unwrap();
    assert_eq!(
        walk.state().ticked,
        ["identity"],
        "the answer is later than the hand"
    );
    assert_eq!(
        walk.tick("age", true),
        Err(WalkError::UnknownPoint("age".into()))
    );
}

#[test]
fn a_record_of_another_script_is_refused() {
    let script = small();
    assert!(
        matches!(Walk::replay(&script, &[]), Err(WalkError::OtherScript(_))),
        "no beginning"
    );
    let foreign = [WalkFact::Began {
        path: vec!["welcome".into()],
    }];
    assert!(
        matches!(
            Walk::replay(&script, &foreign),
            Err(WalkError::OtherScript(_))
        ),
        "no such step"
    );
}

#[test]
fn replay_does_not_depend_on_what_the_order_became() {
    let script = small();
    let mut walk = Walk::begin(&script, &filled());
    walk.answer("hello", 1, &filled()).unwrap();
    let cheaper_now = filled().with_number(Variable::OrderTotal, 10.0, "10,00 ₴");
    let replayed = Walk::replay(&script, walk.facts()).unwrap();
    assert_eq!(
        spoken(&replayed.view(&cheaper_now)),
        ["A large order", "That is 10,00 ₴. Right?"],
        "the way is as recorded, the values are as they are now"
    );
}

proptest! {
    #[test]
    fn recorded_facts_give_the_same_state(keys in proptest::collection::vec(0_u8..6, 0..30), large in any::<bool>()) {
        let script = Script::parse(CONFIRM[3].1).unwrap();
        let total = if large { 9000.0 } else { 9.0 };
        let variables = filled().with_number(Variable::OrderTotal, total, "x");
        let mut walk = Walk::begin(&script, &variables);
        for key in keys {
            let step = walk.view(&variables).step;
            let _refused_keys_leave_no_fact = match key {
                0 => walk.back(),
                key => walk.answer(&step, key, &variables),
            };
        }
        let stored = serde_json::to_string(walk.facts()).unwrap();
        let read: Vec<WalkFact> = serde_json::from_str(&stored).unwrap();
        let replayed = Walk::replay(&script, &read).unwrap();
        prop_assert_eq!(replayed.state(), walk.state());
        prop_assert_eq!(replayed.view(&variables), walk.view(&variables));
    }

    #[test]
    fn no_file_brings_the_reader_down(noise in "\\PC{0,60}", cut in 0..SMALL.len()) {
        let cut = SMALL.get(..cut).unwrap_or(SMALL);
        for file in [noise.clone(), format!("{cut}{noise}")] {
            if let Err(problems) = Script::parse(&file) {
                prop_assert!(!problems.is_empty());
            }
        }
    }
}

/// Everything filled in, as for a plain order.
fn plain_order() -> Variables {
    Variable::ALL
        .iter()
        .fold(Variables::new(), |variables, variable| match variable {
            Variable::OrderTotal => variables.with_number(*variable, 100.0, "100"),
            Variable::OrderItemCount => variables.with_number(*variable, 1.0, "1"),
            Variable::OrderCustomerNote => variables.with(*variable, ""),
            _ => variables.with(*variable, variable.name()),
        })
}

fn confirm_scripts() -> impl Iterator<Item = (Language, Script)> {
    CONFIRM.into_iter().map(|(language, yaml)| {
        let script =
            Script::parse(yaml).unwrap_or_else(|problems| panic!("{language:?}: {problems:#?}"));
        (language, script)
    })
}

#[test]
fn a_plain_confirmation_takes_two_keys_in_every_language() {
    for (language, script) in confirm_scripts() {
        assert_eq!(
            script.language, language,
            "the file says the language it is in"
        );
        let variables = plain_order();
        let mut walk = Walk::begin(&script, &variables);
        walk.answer("greeting", 1, &variables).unwrap();
        assert_eq!(walk.state().ticked, ["identity"], "{language:?}");
        let readback = walk.view(&variables);
        for told in [
            "order.items",
            "order.total",
            "order.delivery_address",
            "order.payment_method",
        ] {
            let named = readback
                .paragraphs
                .iter()
                .flat_map(|p| &p.segments)
                .any(|segment| match segment {
                    Segment::Value { name, .. } => name == told,
                    _ => false,
                });
            assert!(
                named || told == "order.total",
                "{language:?}: {told} must be read back before a yes"
            );
        }
        walk.answer("readback", 1, &variables).unwrap();
        let state = walk.state();
        assert!(
            walk.view(&variables).finished,
            "{language:?}: two answers and it is over"
        );
        let result = CallResult {
            outcome: state.outcome.unwrap(),
            reason: state.reason,
            ..CallResult::default()
        };
        assert_eq!(result.outcome, "confirmed");
        let now = "2026-03-02T10:00:00Z".parse().unwrap();
        assert_eq!(
            validate(&result, &script.checklist, &state.ticked, now),
            [],
            "{language:?}: it can be saved without another key"
        );
    }
}

#[test]
fn the_side_paths_end_where_they_should() {
    let ways: [(&[u8], &str, &str); 8] = [
        (&[2], "callback", "order/confirmation"),
        (&[3], "wrong_number", "order/confirmation"),
        (&[4], "refused_to_talk", "order/confirmation"),
        (&[1, 2, 1], "confirmed_with_changes", "order/change"),
        (&[1, 2, 2, 1], "confirmed_with_changes", "order/change"),
        (&[1, 3, 1], "cancelled", "cancellation/price"),
        (&[1, 3, 4], "cancelled", "cancellation/duplicate"),
        (&[1, 3, 6, 1], "confirmed", "order/confirmation"),
    ];
    for (language, script) in confirm_scripts() {
        let variables = plain_order();
        for (keys, outcome, reason) in ways {
            let mut walk = Walk::begin(&script, &variables);
            for key in keys {
                let step = walk.view(&variables).step;
                walk.answer(&step, *key, &variables).unwrap();
            }
            let state = walk.state();
            assert!(walk.view(&variables).finished, "{language:?} {keys:?}");
            assert_eq!(
                state.outcome.as_deref(),
                Some(outcome),
                "{language:?} {keys:?}"
            );
            assert_eq!(
                state.reason,
                ContactReason::parse(reason),
                "{language:?} {keys:?}"
            );
        }
    }
}

#[test]
fn changes_open_the_order_and_are_read_back() {
    for (language, script) in confirm_scripts() {
        let variables = plain_order();
        let mut walk = Walk::begin(&script, &variables);
        walk.answer("greeting", 1, &variables).unwrap();
        walk.answer("readback", 2, &variables).unwrap();
        let view = walk.view(&variables);
        assert_eq!(
            (view.step.as_str(), view.open),
            ("readback_again", Some(Panel::OrderEdit)),
            "{language:?}"
        );
        let edited = variables.with(Variable::OrderItems, "iron and kettle");
        let said = spoken(&walk.view(&edited)).join(" ");
        assert!(
            said.contains("iron and kettle"),
            "{language:?}: the order is read as it is now: {said}"
        );
    }
}

#[test]
fn the_offer_and_the_note_cost_no_key() {
    for (language, script) in confirm_scripts() {
        let rich = plain_order()
            .with_number(Variable::OrderTotal, 100_000.0, "100 000")
            .with(Variable::OrderCustomerNote, "Ring twice");
        let mut walk = Walk::begin(&script, &rich);
        walk.answer("greeting", 1, &rich).unwrap();
        let view = walk.view(&rich);
        let steps: Vec<_> = view
            .paragraphs
            .iter()
            .map(|paragraph| paragraph.step.as_str())
            .collect();
        assert_eq!(
            steps,
            ["offer", "note", "readback"],
            "{language:?}: said before the one question"
        );
        assert_eq!(view.step, "readback");
    }
}

#[test]
fn the_languages_are_one_script() {
    let shape = |script: &Script| {
        let steps: Vec<_> = script
            .steps
            .iter()
            .map(|step| {
                let answers: Vec<_> = step
                    .answers
                    .iter()
                    .map(|answer| (answer.goto.clone(), answer.act.clone()))
                    .collect();
                (
                    step.id.clone(),
                    step.goto.clone(),
                    step.act.clone(),
                    answers,
                )
            })
            .collect();
        let points: Vec<_> = script
            .checklist
            .iter()
            .map(|point| (point.id.clone(), point.required))
            .collect();
        (script.code.clone(), script.version, steps, points)
    };
    let scripts: Vec<_> = confirm_scripts().map(|(_, script)| script).collect();
    for script in &scripts {
        assert_eq!(
            shape(script),
            shape(&scripts[0]),
            "{:?}: calls are compared across languages",
            script.language
        );
        let texts: BTreeSet<_> = script
            .steps
            .iter()
            .filter_map(|step| step.text.as_deref())
            .collect();
        let others: BTreeSet<_> = scripts
            .iter()
            .filter(|other| other.language != script.language)
            .flat_map(|other| other.steps.iter().filter_map(|step| step.text.as_deref()))
            .collect();
        assert_eq!(
            texts.intersection(&others).count(),
            0,
            "{:?}: nothing is left untranslated",
            script.language
        );
    }
    assert!(outcome("confirmed_with_changes").is_some_and(|outcome| outcome.confirms_order));
}

/// `UPDATE_SCHEMA=1 cargo test -p rules schema` writes it anew.
#[test]
fn the_committed_schema_is_current() {
    let schema = serde_json::to_string_pretty(&schemars::schema_for!(Script)).unwrap() + "\n";
    if std::env::var_os("UPDATE_SCHEMA").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/scripts/script.schema.json");
        std::fs::write(path, &schema).unwrap();
        return;
    }
    assert_eq!(
        schema, SCHEMA,
        "the model has changed: run `UPDATE_SCHEMA=1 cargo test -p rules schema`"
    );
}
