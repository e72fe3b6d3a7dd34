use super::*;
use crate::table::bulk::Bulk;
use crate::table::call::{self as calls, Answer, OrderEdit, Tick};
use crate::table::report::{self, CallRow, Filter, From};
use crate::table::{result, task as tasks, wrap_up};
use chrono_tz::Tz;
use rules::operation::{BaseLine, LineChange};
use rusqlite::Connection;
use rusqlite::types::Value;

const OUTCOMES: [&str; 4] = ["confirmed", "no_answer", "refused", "callback"];
const REASONS: [Option<&str>; 4] = [Some("price"), Some("delivery"), Some("doubt"), None];
const ROLL_UPS: [&str; 2] = [
    "SELECT day, hour, weekday, calls, answered, handled, talk_ms, hold_ms, wrap_ms
        FROM load_by_hour ORDER BY day, hour",
    "SELECT day, outcome, reason, subreason, calls FROM count_by_disposition
        ORDER BY day, outcome, reason, subreason",
];

fn dump(conn: &Connection, sql: &str) -> Result<Vec<Vec<Value>>, StoreError> {
    let mut statement = conn.prepare(sql)?;
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns)
            .map(|column| row.get(column))
            .collect::<Result<Vec<_>, _>>()
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

async fn roll_ups(store: &ShopStore) -> Vec<Vec<Vec<Value>>> {
    let read = |conn: &Connection| ROLL_UPS.iter().map(|sql| dump(conn, sql)).collect();
    store.db.read(read).await.unwrap()
}

/// Fails unless making the roll-ups anew changes nothing.
async fn roll_ups_hold(store: &ShopStore, when: &str) {
    let kept = roll_ups(store).await;
    store
        .db
        .write(change("recompute"), result::recompute_rollups)
        .await
        .unwrap();
    assert_eq!(roll_ups(store).await, kept, "{when}");
}

/// A call, its result and its course as chance has it, over five weeks with a change of the clock.
fn random_call(
    chance: &mut Chance,
    orders: u64,
    people: &[PersonId],
) -> (Call, result::Disposition, result::Course) {
    let minutes = i64::try_from(chance.below(35 * 24 * 60)).unwrap();
    let pick =
        |chance: &mut Chance, bound: usize| usize::try_from(chance.below(bound as u64)).unwrap();
    let who = people[pick(chance, people.len())];
    let made = call(
        &chance.below(orders).to_string(),
        None,
        who,
        minute(minutes),
    );
    let mut said = disposition(&made, OUTCOMES[pick(chance, 4)], REASONS[pick(chance, 4)]);
    said.subreason = said
        .reason
        .as_ref()
        .and((chance.below(2) == 0).then(|| "other".to_owned()));
    let mut ran = course(&made);
    ran.answered = said.outcome.as_deref() != Some("no_answer");
    ran.handled = ran.answered && chance.below(5) > 0;
    ran.talk_ms = chance.below(300_000);
    (made, said, ran)
}

async fn save(
    store: &ShopStore,
    made: &Call,
    said: &result::Disposition,
    ran: &result::Course,
) -> Result<(), StoreError> {
    let (made, said, ran) = (made.clone(), said.clone(), *ran);
    store
        .db
        .write(change("result"), move |tx| {
            calls::start(tx, &made)?;
            result::save(tx, &said, &ran)
        })
        .await
}

#[tokio::test]
async fn a_killed_desk_comes_back_into_its_call() {
    let shop = Shop::with_orders(2).await;
    let db = &shop.store.db;
    let who = person();
    assert_eq!(
        db.read(move |conn| calls::open_of(conn, who))
            .await
            .unwrap(),
        None
    );
    let job = task("0", minute(-1), Priority::Normal);
    let (job_id, copy) = (job.id, job.clone());
    db.write(change("task"), move |tx| {
        tasks::create(tx, &copy)?;
        tasks::hold(tx, job_id, who, start())
    })
    .await
    .unwrap();
    assert_eq!(
        db.read(move |conn| calls::open_of(conn, who))
            .await
            .unwrap(),
        None,
        "held, not dialled"
    );

    let made = call("0", Some(job_id), who, minute(1));
    let (id, copy) = (made.id, made.clone());
    db.write(change("call"), move |tx| {
        calls::start(tx, &copy)?;
        calls::event(tx, id, "dialling", minute(1))
    })
    .await
    .unwrap();
    {
        let (_copy, store) = shop.crash_image();
        let open = store
            .db
            .read(move |conn| calls::open_of(conn, who))
            .await
            .unwrap()
            .unwrap();
        assert_eq!(
            (&open.call, open.wrap_up),
            (&made, None),
            "killed before the answer"
        );
    }
    db.write(change("call"), move |tx| {
        calls::event(tx, id, "talking", minute(2))?;
        wrap_up::open(tx, id, "{}", minute(2))
    })
    .await
    .unwrap();
    db.write_unrecorded(move |tx| wrap_up::save(tx, id, "{\"comment\":\"пів\"}", minute(3)))
        .await
        .unwrap();
    let answer = Answer {
        id: FactId::from_uuid(uuid()),
        call: id,
        step: "greet".to_owned(),
        option: Some("yes".to_owned()),
        text: String::new(),
        at: minute(2),
    };
    let tick = Tick {
        id: FactId::from_uuid(uuid()),
        call: id,
        point: "address".to_owned(),
        ticked: true,
        at: minute(2),
    };
    let edit = OrderEdit {
        id: FactId::from_uuid(uuid()),
        call: id,
        order: "0".into(),
        base: vec![BaseLine {
            line: "1".into(),
            quantity: 2,
        }],
        changes: vec![LineChange::SetQuantity {
            line: "1".into(),
            quantity: 3,
        }],
        at: minute(3),
    };
    let facts = (answer.clone(), tick.clone(), edit.clone());
    db.write(change("facts"), move |tx| {
        calls::add_answer(tx, &facts.0)?;
        calls::add_tick(tx, &facts.1)?;
        calls::add_edit(tx, &facts.2)
    })
    .await
    .unwrap();

    let (_copy, store) = shop.crash_image();
    let open = store
        .db
        .read(move |conn| calls::open_of(conn, who))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(open.call, made);
    assert_eq!(
        open.events
            .iter()
            .map(|event| event.state.as_str())
            .collect::<Vec<_>>(),
        ["dialling", "talking"]
    );
    assert_eq!(
        open.wrap_up.unwrap().draft,
        "{\"comment\":\"пів\"}",
        "the last draft kept"
    );
    assert_eq!(
        store
            .db
            .read(move |conn| calls::answers(conn, id))
            .await
            .unwrap(),
        [answer]
    );
    assert_eq!(
        store
            .db
            .read(move |conn| calls::ticks(conn, id))
            .await
            .unwrap(),
        [tick]
    );
    assert_eq!(
        store
            .db
            .read(move |conn| calls::edits(conn, id))
            .await
            .unwrap(),
        [edit]
    );
    let other = person();
    assert_eq!(
        store
            .db
            .read(move |conn| calls::open_of(conn, other))
            .await
            .unwrap(),
        None
    );

    let (said, ran) = (disposition(&made, "confirmed", None), course(&made));
    store
        .db
        .write(change("result"), move |tx| {
            result::save(tx, &said, &ran)?;
            tasks::close(tx, job_id, "confirmed", 1, minute(4))
        })
        .await
        .unwrap();
    assert_eq!(
        store
            .db
            .read(move |conn| calls::open_of(conn, who))
            .await
            .unwrap(),
        None,
        "brought to a result"
    );
    let late = store
        .db
        .write_unrecorded(move |tx| wrap_up::save(tx, id, "{}", minute(5)))
        .await;
    assert!(
        matches!(late, Err(StoreError::NotFound(_))),
        "a saved draft is closed: {late:?}"
    );
}

#[tokio::test]
async fn a_result_is_saved_corrected_and_taken_back() {
    let shop = Shop::with_orders(1).await;
    let db = &shop.store.db;
    let made = call("0", None, person(), start());
    let id = made.id;
    let said = result::Disposition {
        subreason: Some("late".to_owned()),
        ..disposition(&made, "refused", Some("delivery"))
    };
    let ran = course(&made);
    save(&shop.store, &made, &said, &ran).await.unwrap();
    let row = db
        .read(move |conn| report::call(conn, id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (
            row.outcome.as_str(),
            row.reason.as_str(),
            row.subreason.as_str()
        ),
        ("refused", "delivery", "late")
    );
    assert_eq!(
        (row.talk_ms, row.hold_ms, row.wrap_ms, row.answered),
        (60_000, 5_000, 20_000, true)
    );
    assert_eq!(
        (row.number.as_str(), row.comment.as_str()),
        ("N0", "передзвонити")
    );
    let monday = "2026-03-02".parse().unwrap();
    let heat = db
        .read(move |conn| report::heat(conn, monday, monday))
        .await
        .unwrap();
    assert_eq!(
        (heat.len(), heat[0].weekday, heat[0].hour, heat[0].calls),
        (1, 0, 10, 1),
        "ten in Kyiv"
    );

    let twice = disposition(&made, "confirmed", None);
    let refused = db
        .write(change("result"), move |tx| result::save(tx, &twice, &ran))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Taken(_))),
        "one result per call: {refused:?}"
    );

    let corrected = result::Disposition {
        corrects: Some(said.id),
        at: minute(60),
        author: person(),
        ..disposition(&made, "no_answer", None)
    };
    let copy = corrected.clone();
    db.write(change("result"), move |tx| {
        result::correct(tx, &copy, false, false)
    })
    .await
    .unwrap();
    let row = db
        .read(move |conn| report::call(conn, id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (row.outcome.as_str(), row.reason.as_str(), row.answered),
        ("no_answer", "", false)
    );
    let outdated = result::Disposition {
        corrects: Some(said.id),
        ..disposition(&made, "confirmed", None)
    };
    let refused = db
        .write(change("result"), move |tx| {
            result::correct(tx, &outdated, true, true)
        })
        .await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "two corrections of one fact: {refused:?}"
    );
    roll_ups_hold(&shop.store, "after a correction").await;

    let (fact, who) = (FactId::from_uuid(uuid()), person());
    db.write(change("undo"), move |tx| {
        result::undo(tx, id, fact, minute(61), Kyiv, who)
    })
    .await
    .unwrap();
    assert_eq!(
        db.read(move |conn| report::call(conn, id)).await.unwrap(),
        None
    );
    assert!(
        roll_ups(&shop.store).await.iter().all(Vec::is_empty),
        "nothing is left of it in reports"
    );
    let story = db
        .read(move |conn| result::history(conn, id))
        .await
        .unwrap();
    let outcomes: Vec<Option<&str>> = story.iter().map(|fact| fact.outcome.as_deref()).collect();
    assert_eq!(
        outcomes,
        [Some("refused"), Some("no_answer"), None],
        "facts are only added"
    );
    assert_eq!(story[1], corrected);

    let again = result::Disposition {
        at: minute(62),
        ..disposition(&made, "confirmed", None)
    };
    db.write(change("result"), move |tx| result::save(tx, &again, &ran))
        .await
        .expect("saved anew after the undo");
    roll_ups_hold(&shop.store, "after saving again").await;
}

#[tokio::test]
async fn roll_ups_always_equal_a_recount() {
    for seed in 0..4 {
        let shop = Shop::with_orders(5).await;
        let mut chance = Chance(seed);
        let people = [person(), person()];
        let mut saved: Vec<(Call, FactId)> = Vec::new();
        for step in 0..150 {
            match chance.below(10) {
                0..=5 => {
                    let (made, said, ran) = random_call(&mut chance, 5, &people);
                    save(&shop.store, &made, &said, &ran).await.unwrap();
                    saved.push((made, said.id));
                }
                6..=7 if !saved.is_empty() => {
                    let which = usize::try_from(chance.below(saved.len() as u64)).unwrap();
                    let (made, current) = saved[which].clone();
                    let outcome = OUTCOMES[usize::try_from(chance.below(4)).unwrap()];
                    let new = result::Disposition {
                        corrects: Some(current),
                        ..disposition(&made, outcome, Some("price"))
                    };
                    let (copy, answered) = (new.clone(), chance.below(2) == 0);
                    let correct = move |tx: &crate::Transaction<'_>| {
                        result::correct(tx, &copy, answered, answered)
                    };
                    shop.store
                        .db
                        .write(change("result"), correct)
                        .await
                        .unwrap();
                    saved[which].1 = new.id;
                }
                8 if !saved.is_empty() => {
                    let which = usize::try_from(chance.below(saved.len() as u64)).unwrap();
                    let (made, _) = saved.swap_remove(which);
                    let fact = FactId::from_uuid(uuid());
                    let undo = move |tx: &crate::Transaction<'_>| {
                        result::undo(tx, made.id, fact, start(), Kyiv, made.person)
                    };
                    shop.store.db.write(change("undo"), undo).await.unwrap();
                }
                _ => {}
            }
            if step % 30 == 29 {
                roll_ups_hold(&shop.store, &format!("seed {seed}, step {step}")).await;
            }
        }
        assert!(saved.len() > 40);
        let everything = Filter::days("2000-01-01".parse().unwrap(), "2100-01-01".parse().unwrap());
        let count = shop
            .store
            .db
            .read(move |conn| report::count(conn, &everything))
            .await
            .unwrap();
        assert_eq!(usize::try_from(count).unwrap(), saved.len());
        assert!(shop.store.db.verify().await.unwrap().sound());
    }
}

#[tokio::test]
async fn bulk_and_single_writes_leave_the_same() {
    let (one, many) = (Shop::with_orders(5).await, Shop::with_orders(5).await);
    let mut chance = Chance(9);
    let people = [person(), person()];
    let all: Vec<_> = (0..200)
        .map(|_| random_call(&mut chance, 5, &people))
        .collect();
    for (made, said, ran) in &all {
        save(&one.store, made, said, ran).await.unwrap();
    }
    for half in all.chunks(100) {
        let half = half.to_vec();
        many.store
            .db
            .write(change("sample"), move |tx| {
                let mut bulk = Bulk::new(tx);
                for (made, said, ran) in &half {
                    bulk.add(made, said, ran)?;
                }
                bulk.finish()
            })
            .await
            .unwrap();
    }
    assert_eq!(roll_ups(&one.store).await, roll_ups(&many.store).await);
    let everything = Filter::days("2026-01-01".parse().unwrap(), "2026-12-31".parse().unwrap());
    let copy = everything.clone();
    let left = one
        .store
        .db
        .read(move |conn| report::calls(conn, &copy, From::Offset(0), 500))
        .await
        .unwrap();
    let right = many
        .store
        .db
        .read(move |conn| report::calls(conn, &everything, From::Offset(0), 500))
        .await;
    assert_eq!((left.len(), left), (200, right.unwrap()));
    roll_ups_hold(&many.store, "after bulk").await;
}

/// What a filter means, said without SQL.
fn matches(filter: &Filter, made: &Call, said: &result::Disposition) -> bool {
    use chrono::{Datelike, Timelike};
    let local = made.started_at.with_timezone::<Tz>(&made.zone);
    let code = |wanted: &Option<String>, has: &Option<String>| {
        wanted
            .as_deref()
            .is_none_or(|wanted| wanted == has.as_deref().unwrap_or_default())
    };
    (filter.from..=filter.to).contains(&local.date_naive())
        && filter
            .weekday
            .is_none_or(|day| u32::from(day) == local.weekday().num_days_from_monday())
        && filter
            .hour
            .is_none_or(|hour| u32::from(hour) == local.hour())
        && code(&filter.outcome, &said.outcome)
        && code(&filter.reason, &said.reason)
        && code(&filter.subreason, &said.subreason)
        && filter.person.is_none_or(|who| who == made.person)
}

#[tokio::test]
async fn every_filter_lists_and_counts_the_right_calls() {
    let shop = Shop::with_orders(5).await;
    let mut chance = Chance(11);
    let people = [person(), person()];
    let mut all: Vec<_> = (0..900)
        .map(|_| random_call(&mut chance, 5, &people))
        .collect();
    let copy = all.clone();
    let fill = move |tx: &crate::Transaction<'_>| {
        let mut bulk = Bulk::new(tx);
        for (made, said, ran) in &copy {
            bulk.add(made, said, ran)?;
        }
        bulk.finish()
    };
    shop.store.db.write(change("sample"), fill).await.unwrap();
    all.sort_by_key(|(made, _, _)| std::cmp::Reverse((made.started_at, made.id)));

    let whole = Filter::days("2026-03-01".parse().unwrap(), "2026-04-30".parse().unwrap());
    let week = Filter::days("2026-03-27".parse().unwrap(), "2026-03-31".parse().unwrap());
    let mut checked = 0;
    for mask in 0_u32..128 {
        let base = if mask & 64 == 0 { &whole } else { &week };
        let has = |bit: u32| mask & (1 << bit) != 0;
        let filter = Filter {
            weekday: has(0).then_some(0),
            hour: has(1).then_some(9),
            outcome: has(2).then(|| "confirmed".to_owned()),
            reason: has(3).then(|| {
                if mask % 3 == 0 {
                    String::new()
                } else {
                    "price".to_owned()
                }
            }),
            subreason: has(4).then(|| "other".to_owned()),
            person: has(5).then_some(people[0]),
            ..base.clone()
        };
        let expected: Vec<CallId> = all
            .iter()
            .filter(|(made, said, _)| matches(&filter, made, said))
            .map(|(made, _, _)| made.id)
            .collect();
        checked += expected.len();
        let copy = filter.clone();
        let count = shop
            .store
            .db
            .read(move |conn| report::count(conn, &copy))
            .await
            .unwrap();
        assert_eq!(
            usize::try_from(count).unwrap(),
            expected.len(),
            "{filter:?}"
        );

        for by_key in [false, true] {
            let mut listed: Vec<CallId> = Vec::new();
            let mut from = From::Offset(0);
            loop {
                let copy = filter.clone();
                let page = shop
                    .store
                    .db
                    .read(move |conn| report::calls(conn, &copy, from, 70))
                    .await
                    .unwrap();
                listed.extend(page.iter().map(|row: &CallRow| row.call));
                let Some(last) = page.last() else { break };
                from = if by_key {
                    From::After(last.started_at, last.call)
                } else {
                    From::Offset(u32::try_from(listed.len()).unwrap())
                };
            }
            assert_eq!(listed, expected, "by key: {by_key}, {filter:?}");
        }
    }
    assert!(checked > 3_000, "the filters found something: {checked}");

    let (first, last) = shop.store.db.read(report::days).await.unwrap().unwrap();
    assert!(first >= whole.from && last <= whole.to && first < last);
    let sums = shop
        .store
        .db
        .read(move |conn| report::dispositions(conn, first, last))
        .await
        .unwrap();
    assert_eq!(sums.iter().map(|count| count.calls).sum::<u32>(), 900);
    assert!(
        sums.is_sorted_by(|left, right| left.calls >= right.calls),
        "the most frequent first"
    );
    let heat = shop
        .store
        .db
        .read(move |conn| report::heat(conn, first, last))
        .await
        .unwrap();
    assert_eq!(heat.iter().map(|hour| hour.calls).sum::<u32>(), 900);
    let since = minute(20 * 24 * 60);
    let expected = all
        .iter()
        .filter(|(made, _, _)| made.person == people[0] && made.started_at >= since)
        .count();
    let who = people[0];
    let saved = shop
        .store
        .db
        .read(move |conn| report::saved_since(conn, who, since))
        .await
        .unwrap();
    assert_eq!(usize::try_from(saved).unwrap(), expected);
    let by_phone = shop
        .store
        .db
        .read(|conn| report::by_phone(conn, "067 1234567", 20))
        .await
        .unwrap();
    let newest: Vec<CallId> = all.iter().take(20).map(|(made, _, _)| made.id).collect();
    assert_eq!(
        by_phone.iter().map(|row| row.call).collect::<Vec<_>>(),
        newest,
        "all orders are this caller's"
    );
}

#[tokio::test]
async fn facts_cannot_be_changed_or_deleted() {
    const FACTS: [(&str, &str, &str); 7] = [
        ("call", "UPDATE call SET number = ''", "DELETE FROM call"),
        (
            "call_event",
            "UPDATE call_event SET state = ''",
            "DELETE FROM call_event",
        ),
        (
            "disposition",
            "UPDATE disposition SET comment = ''",
            "DELETE FROM disposition",
        ),
        (
            "answer",
            "UPDATE answer SET text = ''",
            "DELETE FROM answer",
        ),
        ("tick", "UPDATE tick SET ticked = 0", "DELETE FROM tick"),
        (
            "order_edit",
            "UPDATE order_edit SET changes = ''",
            "DELETE FROM order_edit",
        ),
        (
            "change_log",
            "UPDATE change_log SET body = ''",
            "DELETE FROM change_log",
        ),
    ];
    let shop = Shop::with_orders(1).await;
    let made = call("0", None, person(), start());
    let id = made.id;
    save(
        &shop.store,
        &made,
        &disposition(&made, "confirmed", None),
        &course(&made),
    )
    .await
    .unwrap();
    let fill = move |tx: &crate::Transaction<'_>| {
        calls::event(tx, id, "talking", start())?;
        calls::add_answer(
            tx,
            &Answer {
                id: FactId::from_uuid(uuid()),
                call: id,
                step: "s".to_owned(),
                option: None,
                text: String::new(),
                at: start(),
            },
        )?;
        calls::add_tick(
            tx,
            &Tick {
                id: FactId::from_uuid(uuid()),
                call: id,
                point: "p".to_owned(),
                ticked: true,
                at: start(),
            },
        )?;
        calls::add_edit(
            tx,
            &OrderEdit {
                id: FactId::from_uuid(uuid()),
                call: id,
                order: "0".into(),
                base: vec![],
                changes: vec![],
                at: start(),
            },
        )
    };
    shop.store.db.write(change("facts"), fill).await.unwrap();
    for (table, update, delete) in FACTS {
        for sql in [update, delete] {
            let tried = shop
                .store
                .db
                .write_unrecorded(move |tx| Ok(tx.execute(sql, [])?))
                .await;
            match tried {
                Err(StoreError::Sqlite(error)) => {
                    assert!(
                        error.to_string().contains("append-only"),
                        "{table}: {error}"
                    );
                }
                other => panic!("{table} was changed: {other:?}"),
            }
        }
    }
}
