use crate::{Language, OPERATORS, Options, Sample, SampleCall, WAITING};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Timelike, Utc};
use chrono_tz::Tz;
use rules::disposition::{ContactReason, outcome};
use rules::order::{Order, OrderStage};
use rules::phone::Phone;
use rules::retry::RetryPolicy;
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, HashMap, HashSet};

const SEED: u64 = 20_240_917;

fn home(language: Language) -> (Tz, &'static str) {
    match language {
        Language::Uk => (Tz::Europe__Kyiv, "UA"),
        Language::Ru => (Tz::Europe__Moscow, "RU"),
        Language::Pl => (Tz::Europe__Warsaw, "PL"),
        Language::En => (Tz::America__New_York, "US"),
    }
}

/// A Tuesday noon; the last 90 days before it have the end of summer time in them.
fn now() -> DateTime<Utc> {
    "2024-11-19T10:00:00Z".parse().unwrap()
}

fn usual(language: Language) -> Sample {
    Sample::new(Options::usual(SEED, language, now(), home(language).0))
}

fn digest(options: Options) -> String {
    let sample = Sample::new(options);
    let mut hash = Sha256::new();
    hash.update(sample.shop_name());
    hash.update(sample.operators().join("\n"));
    for product in sample.products() {
        hash.update(serde_json::to_vec(&product).unwrap());
    }
    for order in sample.orders() {
        hash.update(serde_json::to_vec(&order).unwrap());
    }
    for call in sample.calls() {
        hash.update(format!("{call:?}\n"));
    }
    hash.finalize()
        .iter()
        .fold(String::new(), |text, byte| text + &format!("{byte:02x}"))
}

fn small(language: Language) -> Options {
    Options {
        products: 300,
        days: 10,
        ..Options::usual(SEED, language, now(), home(language).0)
    }
}

#[test]
fn the_same_seed_gives_the_same_bytes() {
    let golden = [
        (
            Language::Uk,
            "a1daa6a2c501e20ed21f53cc97296fb6871e459ff7ed0bc1cd4f019fb13507b1",
        ),
        (
            Language::Ru,
            "c09f526900befa4012b18ca7c8ff6f20ff5e0934caeb152e005512baa4d2a4d9",
        ),
        (
            Language::Pl,
            "789812784470c9d3a0fd263d8027f5a2e8cf09f88492d3074bdfbfbdfb74760a",
        ),
        (
            Language::En,
            "e1fcb516612e0037783dde437b6c2aa86b63605770b7c91bc3e0720e9de0bece",
        ),
    ];
    let made = golden.map(|(language, _)| (language, digest(small(language))));
    let golden = golden.map(|(language, hash)| (language, hash.to_owned()));
    assert_eq!(
        made, golden,
        "pictures and benchmarks are compared over time and machines"
    );
}

#[test]
fn another_seed_gives_another_shop() {
    let options = small(Language::Pl);
    assert_ne!(
        digest(options),
        digest(Options {
            seed: SEED + 1,
            ..options
        }),
        "a seed that changes nothing is no seed"
    );
}

#[test]
fn outcomes_and_reasons_are_those_of_the_rules() {
    let mut seen = HashSet::new();
    let last_attempt = RetryPolicy::default().ladder.len() + 1;
    for call in usual(Language::Uk).calls() {
        seen.insert(call.outcome);
        let known =
            outcome(call.outcome).unwrap_or_else(|| panic!("{} is in no catalogue", call.outcome));
        assert_eq!(
            call.answered, known.human_answered,
            "{call:?}: the flag of the outcome says who spoke"
        );
        let reason = call.reason.zip(call.subreason);
        assert_eq!(
            reason.is_some(),
            call.answered,
            "{call:?}: a reason is chosen when a person spoke"
        );
        if let Some((reason, subreason)) = reason {
            let text = format!("{reason}/{subreason}");
            assert!(
                ContactReason::parse(&text).is_some(),
                "{text} is in no catalogue"
            );
        }
        if known.code == "unreachable" {
            assert_eq!(
                usize::from(call.attempt),
                last_attempt,
                "{call:?}: the ladder gives up after its last rung"
            );
        }
    }
    let all: HashSet<_> = rules::disposition::OUTCOMES
        .iter()
        .map(|outcome| outcome.code)
        .collect();
    assert_eq!(seen, all, "a report over the sample shows every outcome");
}

/// Calls of each order by its place, in the order they were made.
fn by_order(calls: &[SampleCall]) -> BTreeMap<u32, Vec<&SampleCall>> {
    let mut found: BTreeMap<u32, Vec<&SampleCall>> = BTreeMap::new();
    for call in calls {
        found.entry(call.order).or_default().push(call);
    }
    found
}

#[test]
fn calls_agree_with_their_orders() {
    let sample = usual(Language::En);
    let orders: Vec<Order> = sample.orders().collect();
    let calls: Vec<SampleCall> = sample.calls().collect();
    let by_order = by_order(&calls);
    for (index, order) in (0_u32..).zip(&orders) {
        let calls = by_order.get(&index).map(Vec::as_slice).unwrap_or_default();
        for (attempt, call) in (1_u8..).zip(calls) {
            assert_eq!(call.order_number, order.number, "the call names its order");
            assert_eq!(
                call.phone, order.customer.phone,
                "the call went to whoever ordered"
            );
            assert_eq!(
                call.attempt, attempt,
                "order {}: attempts are counted from 1",
                order.number
            );
            assert!(
                order.placed_at < call.started_at,
                "order {}: nobody calls before it is placed",
                order.number
            );
        }
        let last = calls.last().and_then(|call| outcome(call.outcome));
        match order.stage {
            OrderStage::New => assert!(
                last.is_none_or(|outcome| !outcome.closes_task),
                "order {} waits, so nothing may have closed it",
                order.number
            ),
            OrderStage::Cancelled => assert!(
                last.is_some_and(|outcome| outcome.closes_task && !outcome.confirms_order),
                "order {} is off, so its last call says so",
                order.number
            ),
            _ => assert!(
                last.is_some_and(|outcome| outcome.confirms_order),
                "order {} goes on, so its last call confirmed it",
                order.number
            ),
        }
        assert!(
            order.placed_at <= order.changed_at && order.changed_at <= now(),
            "order {}: nothing changes before it is or after now",
            order.number
        );
    }
    assert_eq!(
        by_order.values().map(Vec::len).sum::<usize>(),
        calls.len(),
        "every call has its order among the orders"
    );
    assert!(
        by_order
            .keys()
            .all(|order| (*order as usize) < orders.len()),
        "no call points past the last order"
    );
}

#[test]
fn nobody_makes_two_calls_at_once() {
    let calls: Vec<SampleCall> = usual(Language::Pl).calls().collect();
    let mut busy_until: HashMap<u8, DateTime<Utc>> = HashMap::new();
    let mut before = DateTime::UNIX_EPOCH;
    for call in &calls {
        assert!(
            before <= call.started_at,
            "calls come in the order they began"
        );
        before = call.started_at;
        let seconds = call.ring_s + call.talk_s + call.hold_s + call.wrap_s;
        let end = call.started_at + TimeDelta::seconds(i64::from(seconds));
        let free = busy_until.insert(call.operator, end);
        assert!(
            free.is_none_or(|free| free <= call.started_at),
            "{call:?} began during another"
        );
        assert!(end <= now(), "{call:?} is not over yet");
        assert!(
            call.operator < OPERATORS,
            "{call:?}: there is no such operator"
        );
    }
    assert_eq!(busy_until.len(), usize::from(OPERATORS), "all of them work");
}

#[test]
fn nobody_waits_long_for_an_operator_in_the_densest_history() {
    // Calls are planned to be over a quarter of an hour before now, so that a late one is too.
    let sample = Sample::new(Options {
        calls: Some(180_000),
        ..usual(Language::Uk).options
    });
    let mut calls = sample.calls();
    let mut longest = TimeDelta::zero();
    while let Some(turn) = calls.next_turn() {
        let planned = turn.planned_at();
        longest = longest.max(calls.give(&turn).started_at - planned);
    }
    assert!(
        longest < TimeDelta::minutes(15),
        "a call made {longest} late may not be over when the sample says it is"
    );
}

#[test]
fn about_forty_orders_wait_whenever_the_sample_is_made() {
    for moment in [
        "2024-11-19T10:00:00Z",
        "2024-11-20T01:30:00Z",
        "2024-11-24T22:00:00Z",
        "2024-08-05T06:05:00Z",
    ] {
        let options = Options {
            now: moment.parse().unwrap(),
            ..Options::usual(SEED, Language::Uk, now(), Tz::Europe__Kyiv)
        };
        let sample = Sample::new(options);
        let orders: Vec<Order> = sample.orders().collect();
        let waiting = orders
            .iter()
            .filter(|order| order.stage == OrderStage::New)
            .count();
        assert!(
            (WAITING as usize..=75).contains(&waiting),
            "{waiting} wait at {moment}"
        );
        let called: HashSet<u32> = sample.calls().map(|call| call.order).collect();
        let fresh = (0..)
            .zip(&orders)
            .filter(|(index, _)| !called.contains(index));
        assert!(
            fresh.clone().count() >= 10
                && fresh
                    .clone()
                    .all(|(_, order)| order.stage == OrderStage::New),
            "some wait for their first call at {moment}, and only those were never called"
        );
        let newest = orders.last().unwrap();
        assert!(
            options.now - newest.placed_at < TimeDelta::minutes(15),
            "the last came just now, at {moment}"
        );
    }
}

#[test]
fn a_number_of_calls_is_kept_to_the_call() {
    for (asked, days) in [(0, 90), (1_000, 90), (30_000, 90), (120_000, 267)] {
        let options = Options {
            calls: Some(asked),
            products: 500,
            ..usual(Language::Uk).options
        };
        let sample = Sample::new(options);
        assert_eq!(
            sample.calls().count(),
            asked as usize,
            "a benchmark says how many it had"
        );
        assert_eq!(
            sample.days(),
            days,
            "{asked} calls: eight people can make 450 a day, no more"
        );
    }
}

#[test]
fn a_long_history_is_made_in_little_memory() {
    let options = Options {
        calls: Some(100_000),
        ..usual(Language::Uk).options
    };
    let sample = Sample::new(options);
    let mut calls = sample.calls();
    let mut most = 0;
    while calls.next().is_some() {
        most = most.max(calls.held());
    }
    assert!(
        most < 2_500,
        "a few days of attempts are held, not the history: {most} of 100,000"
    );
}

#[test]
fn a_longer_history_ends_in_the_same_days() {
    let options = usual(Language::Uk).options;
    let last_week = |days| -> Vec<_> {
        Sample::new(Options { days, ..options })
            .calls()
            .filter(|call| call.started_at > now() - TimeDelta::days(7))
            .map(|call| (call.phone, call.outcome, call.talk_s))
            .collect()
    };
    assert_eq!(
        last_week(40),
        last_week(90),
        "a day is made from its date alone, however far back the rest goes"
    );
}

fn per_day(sample: &Sample, zone: Tz) -> BTreeMap<NaiveDate, u32> {
    let mut found = BTreeMap::new();
    for call in sample.calls() {
        *found
            .entry(call.started_at.with_timezone(&zone).date_naive())
            .or_default() += 1;
    }
    found
}

#[test]
fn days_swing_more_than_chance_alone_would() {
    let options = Options {
        days: 400,
        ..usual(Language::Uk).options
    };
    let days = per_day(&Sample::new(options), Tz::Europe__Kyiv);
    // Months and holidays aside: what Tuesday and Wednesday of one week differ by.
    let mut ratios = Vec::new();
    for (date, calls) in &days {
        let next = date.succ_opt().and_then(|next| days.get(&next));
        if date.weekday().num_days_from_monday() == 1
            && let Some(next) = next
        {
            let (one, other) = (f64::from(*calls), f64::from(*next) * 1.04);
            ratios.push((one - other).powi(2) / (one + other));
        }
    }
    #[expect(clippy::cast_precision_loss, reason = "a few dozen")]
    let dispersion = ratios.iter().sum::<f64>() / ratios.len() as f64;
    assert!(
        dispersion > 1.8,
        "independent calls would give 1, real days do not: {dispersion}"
    );
}

#[test]
fn calls_keep_to_local_calling_hours_through_the_change_of_the_clock() {
    for language in [Language::Uk, Language::Pl, Language::En] {
        let (zone, _) = home(language);
        let hours = rules::retry::CallingHours::default();
        let mut by_offset: HashMap<i32, u32> = HashMap::new();
        for call in usual(language).calls() {
            let local = call.started_at.with_timezone(&zone);
            // A call planned for the last minute may wait for a free operator.
            let allowed = hours.allow(call.started_at - TimeDelta::minutes(10), zone)
                || hours.allow(call.started_at, zone);
            assert!(allowed, "{language:?}: {local} is no time to call");
            let offset = chrono::Offset::fix(local.offset()).local_minus_utc();
            *by_offset.entry(offset).or_default() += u32::from(local.hour() == 10);
        }
        assert_eq!(
            by_offset.len(),
            2,
            "{language:?}: the history has summer and winter time"
        );
        assert!(
            by_offset.values().all(|calls| *calls > 100),
            "{language:?}: ten o'clock is busy in both: {by_offset:?}"
        );
    }
}

#[test]
fn totals_are_sums_and_ids_are_unique() {
    for language in Language::ALL {
        let sample = usual(language);
        let currency = sample.words.currency;
        let mut remotes = HashSet::new();
        for order in sample.orders() {
            assert!(
                remotes.insert(order.remote.clone()),
                "{language:?}: order {} twice",
                order.number
            );
            let lines: i64 = order.lines.iter().map(|line| line.total.minor).sum();
            assert_eq!(
                order.total.minor,
                lines + order.delivery_total.minor,
                "{language:?}: order {}",
                order.number
            );
            assert!(
                !order.lines.is_empty() && lines > 0,
                "{language:?}: order {} is of nothing",
                order.number
            );
            for line in &order.lines {
                assert_eq!(
                    line.total.minor,
                    line.unit_price.minor * i64::from(line.quantity),
                    "{line:?}"
                );
                assert_eq!(line.total.currency, currency, "{line:?}");
            }
            assert!(
                !order.delivery_address.is_empty() && !order.payment_method.is_empty(),
                "{order:?}"
            );
            assert!(!order.customer.name.contains("  "), "{order:?}");
        }
    }
}

#[test]
fn products_are_told_apart_and_priced_as_shops_do() {
    for language in Language::ALL {
        let options = Options {
            products: 25_000,
            ..usual(language).options
        };
        let sample = Sample::new(options);
        let (mut skus, mut names) = (HashSet::new(), HashSet::new());
        for product in sample.products() {
            assert!(
                matches!(product.price.minor % 100, 0 | 99),
                "{language:?}: {}",
                product.price
            );
            assert_eq!(
                product.price.minor / 100 % 10,
                9,
                "{language:?}: {} is just below a round sum",
                product.price
            );
            assert!(
                skus.insert(product.sku.clone()),
                "{language:?}: {} twice",
                product.sku
            );
            assert!(
                names.insert(product.name.clone()),
                "{language:?}: {} twice",
                product.name
            );
        }
        assert_eq!(skus.len(), 25_000);
        let known: HashSet<_> = sample.products().map(|product| product.remote).collect();
        assert!(
            sample
                .orders()
                .flat_map(|order| order.lines)
                .all(|line| line.product.is_some_and(|id| known.contains(&id))),
            "{language:?}: what was ordered is on sale"
        );
    }
}

#[test]
fn phones_can_be_read_and_belong_to_nobody() {
    for language in Language::ALL {
        let (_, country) = home(language);
        let mut owners: HashMap<String, String> = HashMap::new();
        for order in usual(language).orders() {
            let customer = order.customer;
            assert_eq!(
                Phone::parse(&customer.phone, country).len(),
                1,
                "{}",
                customer.phone
            );
            let digits: String = customer
                .phone
                .chars()
                .filter(char::is_ascii_digit)
                .collect();
            let kept = match language {
                Language::Uk => digits.get(5..7) == Some("00"),
                Language::Ru | Language::Pl => digits.get(4..6) == Some("00"),
                Language::En => digits.get(4..9) == Some("55501"),
            };
            assert!(kept, "{} might be somebody's", customer.phone);
            let owner = owners
                .entry(customer.phone)
                .or_insert_with(|| customer.name.clone());
            assert_eq!(*owner, customer.name, "a number belongs to one person");
        }
    }
}

#[test]
fn women_and_men_are_named_as_such() {
    let woman = |name: &str| {
        ["івна", "ївна", "овна", "евна", "ична"]
            .iter()
            .any(|end| name.ends_with(end))
    };
    let man = |name: &str| name.ends_with("ич") || name.ends_with("іч");
    for (language, feminine, masculine) in [
        (Language::Uk, ["ська ", "цька "], ["ський ", "цький "]),
        (Language::Ru, ["ова ", "ина "], ["ов ", "ин "]),
    ] {
        let mut formal = 0;
        for order in usual(language).orders() {
            let name = order.customer.name;
            let surname = format!("{} ", name.split(' ').next().unwrap_or_default());
            if woman(&name) || man(&name) {
                formal += 1;
                let wrong = if woman(&name) { masculine } else { feminine };
                assert!(
                    !wrong.iter().any(|end| surname.ends_with(end)),
                    "{name}: the forms disagree"
                );
            }
        }
        assert!(
            formal > 1_000,
            "{language:?}: some customers give their full name: {formal}"
        );
    }
    let first_names: HashSet<_> = usual(Language::Pl)
        .orders()
        .filter(|order| order.customer.name.ends_with("ska"))
        .filter_map(|order| order.customer.name.split(' ').next().map(str::to_owned))
        .collect();
    assert!(
        !first_names.is_empty() && first_names.iter().all(|name| name.ends_with('a')),
        "only women are called -ska: {first_names:?}"
    );
}

#[test]
fn the_name_says_it_is_a_sample() {
    let words = ["демо", "демо", "przykład", "sample"];
    for (language, word) in Language::ALL.into_iter().zip(words) {
        let sample = Sample::new(small(language));
        assert!(sample.shop_name().contains(word), "{}", sample.shop_name());
        let names: HashSet<_> = sample.operators().into_iter().collect();
        assert_eq!(
            names.len(),
            usize::from(OPERATORS),
            "each operator has a name of their own"
        );
        assert_eq!(
            Language::from_code(language.code()),
            Some(language),
            "asked for by its code"
        );
    }
    assert_eq!(Language::from_code("de"), None, "there is no German sample");
}

#[test]
fn the_line_s_report_has_the_shape_of_a_line() {
    let sample = usual(Language::Uk);
    let report = sample.inbound(364);
    assert_eq!(
        report,
        usual(Language::Uk).inbound(364),
        "same seed, same report"
    );
    assert!(
        report.windows(2).all(|pair| pair[0].start < pair[1].start),
        "in order, each interval once"
    );
    assert!(
        report
            .iter()
            .all(|one| one.start + TimeDelta::minutes(30) <= now())
    );
    let (zone, _) = home(Language::Uk);
    let mut days: BTreeMap<NaiveDate, u32> = BTreeMap::new();
    for one in &report {
        let local = one.start.with_timezone(&zone);
        assert!((9..20).contains(&local.hour()), "{local}");
        *days.entry(local.date_naive()).or_default() += one.calls;
    }
    let mean = |weekdays: &[u32]| {
        let of: Vec<u32> = days
            .iter()
            .filter(|(date, _)| weekdays.contains(&date.weekday().num_days_from_monday()))
            .map(|(_, calls)| *calls)
            .collect();
        f64::from(of.iter().sum::<u32>()) / f64::from(u32::try_from(of.len()).unwrap())
    };
    let (week, weekend) = (mean(&[0, 1, 2, 3, 4]), mean(&[5, 6]));
    assert!(
        (120.0..260.0).contains(&week) && weekend < 0.85 * week,
        "{week} a weekday, {weekend} at the weekend"
    );
    let calls: u32 = report.iter().map(|one| one.calls).sum();
    let handle: u32 = report.iter().map(|one| one.handle_s).sum();
    let aht = f64::from(handle) / f64::from(calls);
    assert!((150.0..280.0).contains(&aht), "{aht} s a call");
    let second: u32 = report.iter().map(|one| one.second_calls).sum();
    assert!(
        (0.2..0.3).contains(&(f64::from(second) / f64::from(calls))),
        "{second} of {calls} calls are in {}",
        sample.second_language()
    );
    assert!(report.iter().all(|one| {
        one.second_calls <= one.calls && (one.second_calls == 0) == (one.second_handle_s == 0)
    }));
}
