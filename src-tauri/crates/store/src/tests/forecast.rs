use super::*;
use crate::table::forecast::{self, OutlierVerdict, Override, Snapshot, SnapshotInterval, Verdict};
use crate::table::history::{self, Channel, Import, Interval};
use crate::table::language_line::{self, LanguageLine};
use crate::table::special_day::{self, SpecialDay, Withdrawal};
use crate::table::staffing::{self, StaffingRules};
use chrono::NaiveDate;

fn fact() -> FactId {
    FactId::from_uuid(uuid())
}

fn day(day: u32) -> NaiveDate {
    NaiveDate::from_ymd_opt(2026, 3, day).unwrap()
}

fn import(channel: Channel) -> Import {
    Import {
        id: fact(),
        channel,
        file: "line.csv".to_owned(),
        slot_minutes: 15,
        rows: 2,
        calls: 5,
        first_day: day(1),
        last_day: day(2),
        at: start(),
        zone: Kyiv,
        author: person(),
    }
}

fn intervals() -> Vec<Interval> {
    [
        (900, None, 2, Some(360_000)),
        (900, Some("uk"), 1, Some(180_000)),
        (1800, Some("uk"), 2, None),
    ]
    .map(|(start, language, calls, handle_ms)| Interval {
        start,
        language: language.map(str::to_owned),
        calls,
        handle_ms,
    })
    .to_vec()
}

fn withdrawal(of: FactId) -> Withdrawal {
    Withdrawal {
        of,
        at: minute(5),
        zone: Kyiv,
        author: person(),
    }
}

#[tokio::test]
async fn an_import_is_read_as_it_was_kept_until_it_is_taken_back() {
    let shop = Shop::new();
    let db = &shop.store.db;
    let (older, newer) = (import(Channel::Inbound), import(Channel::Inbound));
    let other = import(Channel::Outbound);
    let all = [older.clone(), newer.clone(), other.clone()];
    db.write(change("import"), move |tx| {
        all.iter()
            .try_for_each(|import| history::add(tx, import, &intervals()))
    })
    .await
    .unwrap();
    let read = db
        .read(|conn| {
            Ok((
                history::imports(conn, Channel::Inbound)?,
                history::imported(conn, Channel::Inbound)?,
                history::state(conn, day(1))?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(read.0, [newer.clone(), older.clone()], "newest first");
    assert_eq!(read.1, [(15, intervals()), (15, intervals())]);

    let of = newer.id;
    let back = withdrawal(of);
    db.write(change("withdraw"), move |tx| history::withdraw(tx, &back))
        .await
        .unwrap();
    let (left, state) = db
        .read(|conn| {
            Ok((
                history::imports(conn, Channel::Inbound)?,
                history::state(conn, day(1))?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(left, [older]);
    assert_ne!(state, read.2, "what was made of the history is stale");
    for unknown in [of, fact()] {
        let back = withdrawal(unknown);
        let again = db
            .write(change("again"), move |tx| history::withdraw(tx, &back))
            .await;
        assert!(matches!(again, Err(StoreError::NotFound(_))), "{again:?}");
    }
}

#[tokio::test]
async fn an_interval_that_stands_twice_keeps_nothing_of_its_report() {
    let shop = Shop::new();
    let twice = [intervals(), intervals()].concat();
    let tried = shop
        .store
        .db
        .write(change("import"), move |tx| {
            history::add(tx, &import(Channel::Inbound), &twice)
        })
        .await;
    assert!(tried.is_err());
    let kept = shop
        .store
        .db
        .read(|conn| history::imported(conn, Channel::Inbound))
        .await
        .unwrap();
    assert!(kept.is_empty(), "{kept:?}");
}

#[tokio::test]
async fn own_calls_and_orders_are_counted_by_quarters_of_an_hour() {
    let shop = Shop::with_orders(3).await;
    let calls = [0, 4, 16, 61].map(|minutes| call("0", None, person(), minute(minutes)));
    shop.store
        .db
        .write(change("calls"), move |tx| {
            let mut bulk = crate::table::bulk::Bulk::new(tx);
            for call in &calls {
                bulk.add(call, &disposition(call, "confirmed", None), &course(call))?;
            }
            bulk.finish()
        })
        .await
        .unwrap();
    let (all, late, orders, before) = shop
        .store
        .db
        .read(|conn| {
            Ok((
                history::own_calls(conn, None)?,
                history::own_calls(conn, Some(minute(60)))?,
                history::orders(conn, minute(0))?,
                history::orders(conn, minute(-60))?,
            ))
        })
        .await
        .unwrap();
    let begin = start().timestamp();
    let rows = |of: &[Interval]| -> Vec<(i64, u32, Option<u64>)> {
        of.iter()
            .map(|one| (one.start - begin, one.calls, one.handle_ms))
            .collect()
    };
    assert_eq!(
        rows(&all),
        [
            (0, 2, Some(360_000)),
            (900, 1, Some(180_000)),
            (3600, 1, Some(180_000))
        ],
        "three minutes on the line each"
    );
    assert_eq!(rows(&late), [(3600, 1, Some(180_000))]);
    assert_eq!(rows(&orders), [(-3600, 3, None)]);
    assert!(before.is_empty(), "the end is not counted in");
}

#[tokio::test]
async fn what_people_say_of_days_holds_until_they_say_otherwise() {
    let shop = Shop::new();
    let db = &shop.store.db;
    let said = |day: NaiveDate, verdict| OutlierVerdict {
        id: fact(),
        channel: Channel::Inbound,
        day,
        verdict,
        at: start(),
        zone: Kyiv,
        author: person(),
    };
    let words = [
        said(day(1), Some(Verdict::LeftOut)),
        said(day(2), Some(Verdict::LeftOut)),
        said(day(1), Some(Verdict::Kept)),
        said(day(2), None),
        said(day(3), Some(Verdict::LeftOut)),
    ];
    let special = SpecialDay {
        id: fact(),
        day: day(8),
        kind: "promotion".to_owned(),
        name: "Sale".to_owned(),
        open: Some(0..14 * 60),
        at: start(),
        zone: Kyiv,
        author: person(),
    };
    let kept = special.clone();
    db.write(change("words"), move |tx| {
        words.iter().try_for_each(|word| forecast::say(tx, word))?;
        special_day::add(tx, &kept)
    })
    .await
    .unwrap();
    let (verdicts, elsewhere, days) = db
        .read(|conn| {
            Ok((
                forecast::verdicts(conn, Channel::Inbound)?,
                forecast::verdicts(conn, Channel::Outbound)?,
                special_day::in_force(conn)?,
            ))
        })
        .await
        .unwrap();
    assert_eq!(
        verdicts,
        [(day(1), Verdict::Kept), (day(3), Verdict::LeftOut)]
    );
    assert!(elsewhere.is_empty());
    assert_eq!(days, std::slice::from_ref(&special));
    let back = withdrawal(special.id);
    db.write(change("remove"), move |tx| special_day::withdraw(tx, &back))
        .await
        .unwrap();
    assert_eq!(db.read(special_day::in_force).await.unwrap(), []);
}

#[tokio::test]
async fn overrides_and_snapshots_are_read_as_they_were_kept() {
    let shop = Shop::new();
    let db = &shop.store.db;
    let made = Override {
        id: fact(),
        channel: Channel::Inbound,
        day: day(8),
        from_minute: 540,
        until_minute: 1080,
        factor: 1.25,
        reason: "TV spot".to_owned(),
        at: start(),
        zone: Kyiv,
        author: person(),
    };
    let snapshot = Snapshot {
        id: fact(),
        channel: Channel::Inbound,
        slot_minutes: 60,
        first_day: day(1),
        last_day: day(2),
        at: start(),
        zone: Kyiv,
        author: person(),
    };
    let interval = |of: u32, minute: u32, calls: f64| SnapshotInterval {
        day: day(of),
        minute,
        calls,
        model_calls: calls / 1.25,
        low80: calls - 1.0,
        high80: calls + 1.0,
        low95: calls - 2.0,
        high95: calls + 2.0,
        aht_s: Some(180.0),
    };
    let rows = vec![
        interval(1, 540, 5.0),
        interval(1, 600, 7.0),
        interval(2, 540, 4.0),
    ];
    let spoken = [("uk", 1, 8.0), ("ru", 1, 4.0), ("uk", 2, 4.0)];
    let spoken = spoken.map(|(language, of, calls)| forecast::SnapshotLanguage {
        language: language.to_owned(),
        day: day(of),
        calls,
    });
    let (kept, of, told) = (made.clone(), snapshot.clone(), rows.clone());
    db.write(change("publish"), move |tx| {
        forecast::add_override(tx, &kept)?;
        forecast::publish(tx, &of, &told, &spoken)
    })
    .await
    .unwrap();
    let id = snapshot.id;
    let (overrides, snapshots, polish, intervals, days, in_ukrainian) = db
        .read(move |conn| {
            Ok((
                forecast::overrides(conn, Channel::Inbound)?,
                forecast::snapshots(conn, Channel::Inbound, Some("uk"), 5)?,
                forecast::snapshots(conn, Channel::Inbound, Some("pl"), 5)?,
                forecast::snapshot_intervals(conn, id)?,
                forecast::snapshot_days(conn, id, None, day(2))?,
                forecast::snapshot_days(conn, id, Some("uk"), day(3))?,
            ))
        })
        .await
        .unwrap();
    assert_eq!((overrides, snapshots), (vec![made.clone()], vec![snapshot]));
    assert_eq!(intervals, rows);
    assert_eq!(polish, [], "it told nothing of that language");
    assert_eq!(days, [(day(1), 12.0)], "only what is over");
    assert_eq!(in_ukrainian, [(day(1), 8.0), (day(2), 4.0)]);
    let back = withdrawal(made.id);
    db.write(change("back"), move |tx| {
        forecast::withdraw_override(tx, &back)
    })
    .await
    .unwrap();
    let left = db
        .read(|conn| forecast::overrides(conn, Channel::Inbound))
        .await
        .unwrap();
    assert_eq!(left, []);
    let again = db
        .write(change("again"), move |tx| {
            forecast::withdraw_override(tx, &back)
        })
        .await;
    assert!(matches!(again, Err(StoreError::NotFound(_))), "{again:?}");
}

const SHOP: &str = "INSERT INTO shop (id, kind, name, address, zone, currency, language, access,
    file_key, capabilities, created_at)
    VALUES (?1, 'vendure', 'S', 'a', 'UTC', 'UAH', 'uk', '{}', randomblob(32), '{}', 1)";

#[tokio::test]
async fn the_newest_rules_of_a_shop_hold() {
    let (_dir, centre) = centre();
    let shop = ShopId::from_uuid(uuid());
    centre
        .db
        .write(change("rules"), move |tx| {
            tx.execute(SHOP, [shop.uuid()])?;
            for rules in ["one", "two"] {
                let rules = StaffingRules {
                    id: fact(),
                    shop,
                    rules: rules.to_owned(),
                    at: start(),
                    zone: Kyiv,
                    author: person(),
                };
                staffing::set(tx, &rules)?;
            }
            Ok(())
        })
        .await
        .unwrap();
    let other = ShopId::from_uuid(uuid());
    let read = centre
        .db
        .read(move |conn| Ok((staffing::get(conn, shop)?, staffing::get(conn, other)?)))
        .await
        .unwrap();
    assert_eq!(read, (Some("two".to_owned()), None));
}

#[tokio::test]
async fn a_language_of_a_client_has_one_line_for_good() {
    let (_dir, centre) = centre();
    let shop = ShopId::from_uuid(uuid());
    let line = |language: &str| LanguageLine {
        line: ShopId::from_uuid(uuid()),
        shop,
        language: language.to_owned(),
        at: start(),
        zone: Kyiv,
    };
    let (uk, ru, again) = (line("uk"), line("ru"), line("uk"));
    let all = [uk.clone(), ru.clone(), again];
    centre
        .db
        .write(change("lines"), move |tx| {
            tx.execute(SHOP, [shop.uuid()])?;
            all.iter().try_for_each(|line| language_line::add(tx, line))
        })
        .await
        .unwrap();
    let mut read = centre.db.read(language_line::list).await.unwrap();
    read.sort_by_key(|line| line.language != "uk");
    assert_eq!(read, [uk, ru]);
    for sql in [
        "UPDATE language_line SET language = 'pl'",
        "DELETE FROM language_line",
    ] {
        let tried = centre
            .db
            .write_unrecorded(move |tx| Ok(tx.execute(sql, [])?))
            .await;
        assert!(matches!(tried, Err(StoreError::Sqlite(_))), "{sql}");
    }
}

#[tokio::test]
async fn none_of_these_facts_can_be_changed_or_taken_out() {
    let shop = Shop::new();
    shop.store
        .db
        .write(change("import"), move |tx| {
            let import = import(Channel::Inbound);
            history::add(tx, &import, &intervals())?;
            history::withdraw(tx, &withdrawal(import.id))
        })
        .await
        .unwrap();
    for sql in [
        "UPDATE history_import SET calls = 9",
        "DELETE FROM history_import",
        "UPDATE imported_interval SET calls = 9",
        "DELETE FROM imported_interval",
        "UPDATE import_withdrawal SET at = 9",
        "DELETE FROM import_withdrawal",
    ] {
        let tried = shop
            .store
            .db
            .write_unrecorded(move |tx| Ok(tx.execute(sql, [])?))
            .await;
        match tried {
            Err(StoreError::Sqlite(error)) => {
                assert!(error.to_string().contains("append-only"), "{sql}: {error}");
            }
            other => panic!("{sql}: {other:?}"),
        }
    }
}
