use super::*;
use crate::database::Database;
use crate::schema::{CENTRE, SHOP, Schema};
use crate::{backups_dir, connection};
use rusqlite::Connection;
use rusqlite::types::Value;

/// A row of each table, in an order that references allow, and how to read the table back. A table
/// without one here fails the test below, so that a new one is not forgotten.
struct Fixture {
    table: &'static str,
    insert: &'static str,
    dump: &'static str,
}

const CHANGE_LOG: Fixture = Fixture {
    table: "change_log",
    insert: "INSERT INTO change_log (id, at, zone, author, kind, subject, body, hash)
        VALUES (zeroblob(16), 1, 'UTC', NULL, 'k', 's', '{}', zeroblob(32))",
    dump: "SELECT seq, id, at, zone, author, kind, subject, body FROM change_log",
};

const CENTRE_ROWS: &[Fixture] = &[
    Fixture {
        table: "person",
        insert: "INSERT INTO person (id, login, login_key, name, role, language, theme, active, created_at)
            VALUES (zeroblob(16), 'A', 'a', 'A', 'admin', 'uk', 'dark', 1, 1)",
        dump: "SELECT id, login, login_key, name, role, language, theme, active, created_at FROM person",
    },
    Fixture {
        table: "setting",
        insert: "INSERT INTO setting (key, value) VALUES ('k', 'v')",
        dump: "SELECT key, value FROM setting",
    },
    Fixture {
        table: "shop",
        insert: "INSERT INTO shop (id, kind, name, address, zone, currency, language, access,
            file_key, capabilities, created_at)
            VALUES (zeroblob(16), 'vendure', 'S', 'a', 'UTC', 'UAH', 'uk', '{}', zeroblob(32), '{}', 1)",
        dump: "SELECT id, kind, name, address, zone, currency, language, access, file_key,
            capabilities, created_at, removed_at FROM shop",
    },
    Fixture {
        table: "attendance",
        insert: "INSERT INTO attendance (id, person, at, zone, kind)
            VALUES (zeroblob(16), zeroblob(16), 1, 'UTC', 'signed_in')",
        dump: "SELECT id, person, at, zone, kind FROM attendance",
    },
    Fixture {
        table: "staffing_rules",
        insert: "INSERT INTO staffing_rules (id, shop, rules, at, zone, author)
            VALUES (zeroblob(16), zeroblob(16), '{}', 1, 'UTC', zeroblob(16))",
        dump: "SELECT number, id, shop, rules, at, zone, author FROM staffing_rules",
    },
    Fixture {
        table: "special_day",
        insert: "INSERT INTO special_day (id, day, kind, name, at, zone, author)
            VALUES (zeroblob(16), '2026-01-01', 'holiday', 'N', 1, 'UTC', zeroblob(16))",
        dump: "SELECT id, day, kind, name, at, zone, author FROM special_day",
    },
    Fixture {
        table: "special_day_withdrawal",
        insert: "INSERT INTO special_day_withdrawal (special_day, at, zone, author)
            VALUES (zeroblob(16), 1, 'UTC', zeroblob(16))",
        dump: "SELECT special_day, at, zone, author FROM special_day_withdrawal",
    },
    Fixture {
        table: "contract",
        insert: "INSERT INTO contract (person, preset, week_minutes, max_week_minutes, max_day_minutes,
            min_rest_minutes, weekly_rest_minutes, max_days_in_a_row, min_days_off_in_a_row,
            max_weekends_of_four, max_nights_in_a_row, lines, planned)
            VALUES (zeroblob(16), 'ua', 2400, 2400, 720, 660, 2520, 6, 1, 2, 3, '[]', 1)",
        dump: "SELECT person, preset, week_minutes, max_week_minutes, max_day_minutes,
            min_rest_minutes, weekly_rest_minutes, max_days_in_a_row, min_days_off_in_a_row,
            max_weekends_of_four, max_nights_in_a_row, lines, planned FROM contract",
    },
    Fixture {
        table: "shift_template",
        insert: "INSERT INTO shift_template (id, code, name, start_minute, minutes, breaks, weekdays,
            unpopular) VALUES (zeroblob(16), 'R', 'Ранок', 480, 510, '[]', '[0]', 0)",
        dump: "SELECT id, code, name, start_minute, minutes, breaks, weekdays, unpopular, removed_at
            FROM shift_template",
    },
    Fixture {
        table: "plan",
        insert: "INSERT INTO plan (id, first_day, weeks, zone, made_at, author)
            VALUES (zeroblob(16), '2026-03-02', 4, 'UTC', 1, zeroblob(16))",
        dump: "SELECT id, first_day, weeks, zone, made_at, author FROM plan",
    },
    Fixture {
        table: "planned_shift",
        insert: "INSERT INTO planned_shift (plan, person, day, id, template, line, breaks, pinned)
            VALUES (zeroblob(16), zeroblob(16), '2026-03-02', zeroblob(16), zeroblob(16),
            zeroblob(16), 0, 1)",
        dump: "SELECT plan, person, day, id, template, line, breaks, pinned FROM planned_shift",
    },
    Fixture {
        table: "plan_edit",
        insert: "INSERT INTO plan_edit (plan, seq, was) VALUES (zeroblob(16), 1, '[]')",
        dump: "SELECT plan, seq, was FROM plan_edit",
    },
    Fixture {
        table: "publication",
        insert: "INSERT INTO publication (id, plan, at, zone, author)
            VALUES (zeroblob(16), zeroblob(16), 1, 'UTC', zeroblob(16))",
        dump: "SELECT seq, id, plan, at, zone, author FROM publication",
    },
    Fixture {
        table: "published_shift",
        insert: "INSERT INTO published_shift (publication, person, day, shift, gone, template, name,
            line, start_at, end_at, breaks) VALUES (1, zeroblob(16), '2026-03-02', zeroblob(16), 0,
            zeroblob(16), 'Ранок', zeroblob(16), 1, 2, '[]')",
        dump: "SELECT publication, person, day, shift, gone, template, name, line, start_at, end_at,
            breaks FROM published_shift",
    },
    Fixture {
        table: "pinned_day_off",
        insert: "INSERT INTO pinned_day_off (plan, person, day)
            VALUES (zeroblob(16), zeroblob(16), '2026-03-03')",
        dump: "SELECT plan, person, day FROM pinned_day_off",
    },
    Fixture {
        table: "meeting",
        insert: "INSERT INTO meeting (id, plan, kind, title, people, day, start_minute, minutes)
            VALUES (zeroblob(16), zeroblob(16), 'training', 'T', '[]', '2026-03-02', 600, 30)",
        dump: "SELECT id, plan, kind, title, people, day, start_minute, minutes FROM meeting",
    },
    Fixture {
        table: "published_meeting",
        insert: "INSERT INTO published_meeting (publication, meeting, gone, kind, title, people, day,
            start_at, end_at) VALUES (1, zeroblob(16), 0, 'meeting', 'T', '[]', '2026-03-02', 1, 2)",
        dump: "SELECT publication, meeting, gone, kind, title, people, day, start_at, end_at
            FROM published_meeting",
    },
    Fixture {
        table: "language_line",
        insert: "INSERT INTO language_line (id, shop, language, at, zone)
            VALUES (zeroblob(16), zeroblob(16), 'uk', 1, 'UTC')",
        dump: "SELECT id, shop, language, at, zone FROM language_line",
    },
    Fixture {
        table: "request",
        insert: "INSERT INTO request (id, person, kind, from_day, until_day, reason, at, zone)
            VALUES (zeroblob(16), zeroblob(16), 'wish', '2026-03-02', '2026-03-03', '', 1, 'UTC')",
        dump: "SELECT id, person, kind, shift, with_whom, theirs, from_day, until_day, reason, at, zone
            FROM request",
    },
    Fixture {
        table: "request_decision",
        insert: "INSERT INTO request_decision (id, request, action, person, words, at, zone)
            VALUES (zeroblob(16), zeroblob(16), 'approve', zeroblob(16), '', 1, 'UTC')",
        dump: "SELECT id, request, action, person, words, at, zone FROM request_decision",
    },
    CHANGE_LOG,
];

const SHOP_ROWS: &[Fixture] = &[
    Fixture {
        table: "product",
        insert: "INSERT INTO product (row, remote, sku, name, folded, price_minor, currency, stock,
            enabled, changed_at) VALUES (7, 'p', 'S', 'Чайник', 'чайник', 1, 'UAH', NULL, 1, 1)",
        dump: "SELECT row, remote, sku, name, folded, price_minor, currency, stock, enabled,
            changed_at, gone FROM product",
    },
    Fixture {
        table: "customer",
        insert: "INSERT INTO customer (remote, name, phone, phone_tail, email)
            VALUES ('c', 'N', '1', NULL, '')",
        dump: "SELECT remote, name, phone, phone_tail, email FROM customer",
    },
    Fixture {
        table: "customer_order",
        insert: "INSERT INTO customer_order (remote, number, placed_at, changed_at, status, stage,
            customer_name, phone, email, delivery_address, delivery_method, payment_method,
            customer_note, delivery_minor, total_minor, currency, seen_hash)
            VALUES ('o', '1', 1, 1, 's', 'new', 'N', '1', '', '', '', '', '', 0, 1, 'UAH', zeroblob(32))",
        dump: "SELECT remote, number, placed_at, changed_at, status, stage, customer_remote,
            customer_name, phone, phone_tail, email, delivery_address, delivery_method,
            payment_method, customer_note, delivery_minor, total_minor, currency, seen_hash, gone
            FROM customer_order",
    },
    Fixture {
        table: "order_line",
        insert: "INSERT INTO order_line (order_remote, position, remote, sku, name, quantity,
            unit_minor, total_minor) VALUES ('o', 0, 'l', '', 'N', 1, 1, 1)",
        dump: "SELECT order_remote, position, remote, product, sku, name, quantity, unit_minor,
            total_minor FROM order_line",
    },
    Fixture {
        table: "pull_cursor",
        insert: "INSERT INTO pull_cursor (stream, cursor) VALUES ('orders', 'x')",
        dump: "SELECT stream, cursor, last_success_at, last_error FROM pull_cursor",
    },
    Fixture {
        table: "script",
        insert: "INSERT INTO script (version, code, number, language, body, published_at)
            VALUES (zeroblob(16), 'c', 1, 'uk', 'b', 1)",
        dump: "SELECT version, code, number, language, body, published_at, author FROM script",
    },
    Fixture {
        table: "task",
        insert: "INSERT INTO task (id, kind, order_remote, state, due_at, priority, created_at)
            VALUES (zeroblob(16), 'confirm', 'o', 'open', 1, 0, 1)",
        dump: "SELECT id, kind, order_remote, state, holder, held_at, due_at, not_before, priority,
            attempts, result, created_at, closed_at FROM task",
    },
    Fixture {
        table: "call",
        insert: "INSERT INTO call (id, task, order_remote, person, number, started_at, zone,
            script_version) VALUES (zeroblob(16), zeroblob(16), 'o', zeroblob(16), '1', 1, 'UTC',
            zeroblob(16))",
        dump: "SELECT id, task, order_remote, person, number, started_at, zone, script_version FROM call",
    },
    Fixture {
        table: "call_event",
        insert: "INSERT INTO call_event (call, seq, state, at) VALUES (zeroblob(16), 0, 'talking', 1)",
        dump: "SELECT call, seq, state, at FROM call_event",
    },
    Fixture {
        table: "wrap_up",
        insert: "INSERT INTO wrap_up (call, opened_at, draft, saved_at) VALUES (zeroblob(16), 1, '{}', 1)",
        dump: "SELECT call, opened_at, draft, saved_at, closed_at FROM wrap_up",
    },
    Fixture {
        table: "disposition",
        insert: "INSERT INTO disposition (id, call, outcome, comment, at, zone, author)
            VALUES (zeroblob(16), zeroblob(16), 'confirmed', '', 1, 'UTC', zeroblob(16))",
        dump: "SELECT id, call, outcome, reason, subreason, comment, at, zone, author, corrects
            FROM disposition",
    },
    Fixture {
        table: "answer",
        insert: "INSERT INTO answer (id, call, step, text, at) VALUES (zeroblob(16), zeroblob(16), 's', 't', 1)",
        dump: "SELECT id, call, step, option, text, at FROM answer",
    },
    Fixture {
        table: "tick",
        insert: "INSERT INTO tick (id, call, point, ticked, at) VALUES (zeroblob(16), zeroblob(16), 'p', 1, 1)",
        dump: "SELECT id, call, point, ticked, at FROM tick",
    },
    Fixture {
        table: "order_edit",
        insert: "INSERT INTO order_edit (id, call, order_remote, base, changes, at)
            VALUES (zeroblob(16), zeroblob(16), 'o', '[]', '[]', 1)",
        dump: "SELECT id, call, order_remote, base, changes, at FROM order_edit",
    },
    Fixture {
        table: "outbox",
        insert: "INSERT INTO outbox (op, order_remote, kind, body, state, not_before, created_at)
            VALUES (zeroblob(16), 'o', 'add_note', '{}', 'waiting', 1, 1)",
        dump: "SELECT seq, op, order_remote, kind, body, call, state, not_before, tries,
            in_flight_at, last_error, created_at, done_at FROM outbox",
    },
    Fixture {
        table: "call_summary",
        insert: "INSERT INTO call_summary (call, started_at, ended_at, zone, day, weekday, hour,
            order_remote, person, answered, handled, talk_ms, hold_ms, wrap_ms, disposition,
            outcome, reason, subreason) VALUES (zeroblob(16), 1, 1, 'UTC', '1970-01-01', 3, 0, 'o',
            zeroblob(16), 1, 1, 0, 0, 0, zeroblob(16), 'confirmed', '', '')",
        dump: "SELECT call, started_at, ended_at, zone, day, weekday, hour, order_remote, person,
            answered, handled, talk_ms, hold_ms, wrap_ms, disposition, outcome, reason, subreason
            FROM call_summary",
    },
    Fixture {
        table: "load_by_hour",
        insert: "INSERT INTO load_by_hour (day, hour, weekday, calls, answered, handled, talk_ms,
            hold_ms, wrap_ms) VALUES ('1970-01-01', 0, 3, 1, 1, 1, 0, 0, 0)",
        dump: "SELECT day, hour, weekday, calls, answered, handled, talk_ms, hold_ms, wrap_ms
            FROM load_by_hour",
    },
    Fixture {
        table: "count_by_disposition",
        insert: "INSERT INTO count_by_disposition (day, outcome, reason, subreason, calls)
            VALUES ('1970-01-01', 'confirmed', '', '', 1)",
        dump: "SELECT day, outcome, reason, subreason, calls FROM count_by_disposition",
    },
    Fixture {
        table: "tally",
        insert: "UPDATE tally SET rows = rows + 1 WHERE name = 'orders'",
        dump: "SELECT name, rows FROM tally",
    },
    Fixture {
        table: "history_import",
        insert: "INSERT INTO history_import (id, channel, file, slot_minutes, rows, calls, first_day,
            last_day, at, zone, author) VALUES (zeroblob(16), 'inbound', 'f', 15, 1, 1, '2026-01-01',
            '2026-01-01', 1, 'UTC', zeroblob(16))",
        dump: "SELECT number, id, channel, file, slot_minutes, rows, calls, first_day, last_day, at,
            zone, author FROM history_import",
    },
    Fixture {
        table: "imported_interval",
        insert: "INSERT INTO imported_interval (import, start, calls, handle_ms) VALUES (1, 1, 1, 1)",
        dump: "SELECT import, start, calls, handle_ms FROM imported_interval",
    },
    Fixture {
        table: "import_withdrawal",
        insert: "INSERT INTO import_withdrawal (import, at, zone, author)
            VALUES (zeroblob(16), 1, 'UTC', zeroblob(16))",
        dump: "SELECT import, at, zone, author FROM import_withdrawal",
    },
    Fixture {
        table: "special_day",
        insert: "INSERT INTO special_day (id, day, kind, name, at, zone, author)
            VALUES (zeroblob(16), '2026-01-01', 'holiday', 'N', 1, 'UTC', zeroblob(16))",
        dump: "SELECT id, day, kind, name, at, zone, author FROM special_day",
    },
    Fixture {
        table: "special_day_withdrawal",
        insert: "INSERT INTO special_day_withdrawal (special_day, at, zone, author)
            VALUES (zeroblob(16), 1, 'UTC', zeroblob(16))",
        dump: "SELECT special_day, at, zone, author FROM special_day_withdrawal",
    },
    Fixture {
        table: "outlier_verdict",
        insert: "INSERT INTO outlier_verdict (id, channel, day, verdict, at, zone, author)
            VALUES (zeroblob(16), 'inbound', '2026-01-01', 'kept', 1, 'UTC', zeroblob(16))",
        dump: "SELECT number, id, channel, day, verdict, at, zone, author FROM outlier_verdict",
    },
    Fixture {
        table: "forecast_override",
        insert: "INSERT INTO forecast_override (id, channel, day, from_minute, until_minute, factor,
            reason, at, zone, author) VALUES (zeroblob(16), 'inbound', '2026-01-01', 0, 60, 1.5, 'R', 1,
            'UTC', zeroblob(16))",
        dump: "SELECT number, id, channel, day, from_minute, until_minute, factor, reason, at, zone, author FROM forecast_override",
    },
    Fixture {
        table: "override_withdrawal",
        insert: "INSERT INTO override_withdrawal (override, at, zone, author)
            VALUES (zeroblob(16), 1, 'UTC', zeroblob(16))",
        dump: "SELECT override, at, zone, author FROM override_withdrawal",
    },
    Fixture {
        table: "forecast_snapshot",
        insert: "INSERT INTO forecast_snapshot (id, channel, slot_minutes, first_day, last_day, at, zone,
            author) VALUES (zeroblob(16), 'inbound', 15, '2026-01-01', '2026-01-01', 1, 'UTC', zeroblob(16))",
        dump: "SELECT id, channel, slot_minutes, first_day, last_day, at, zone, author FROM forecast_snapshot",
    },
    Fixture {
        table: "snapshot_interval",
        insert: "INSERT INTO snapshot_interval (snapshot, day, minute, calls, model_calls, low80, high80,
            low95, high95, aht_s) VALUES (zeroblob(16), '2026-01-01', 0, 1.0, 1.0, 0.5, 1.5, 0.1, 2.0, NULL)",
        dump: "SELECT snapshot, day, minute, calls, model_calls, low80, high80, low95, high95, aht_s FROM snapshot_interval",
    },
    Fixture {
        table: "snapshot_language",
        insert: "INSERT INTO snapshot_language (snapshot, language, day, calls)
            VALUES (zeroblob(16), 'uk', '2026-01-01', 1.0)",
        dump: "SELECT snapshot, language, day, calls FROM snapshot_language",
    },
    CHANGE_LOG,
];

const TABLES: &str = "SELECT name FROM sqlite_schema WHERE type = 'table'
    AND name NOT LIKE 'sqlite_%' AND name NOT LIKE 'product_search%' ORDER BY name";

fn tables(conn: &Connection) -> Vec<String> {
    let mut statement = conn.prepare(TABLES).unwrap();
    statement
        .query_map([], |row| row.get(0))
        .unwrap()
        .collect::<Result<_, _>>()
        .unwrap()
}

fn dump(conn: &Connection, sql: &str) -> Vec<Vec<Value>> {
    let mut statement = conn.prepare(sql).unwrap();
    let columns = statement.column_count();
    let rows = statement.query_map([], |row| {
        (0..columns)
            .map(|column| row.get(column))
            .collect::<Result<Vec<_>, _>>()
    });
    rows.unwrap().collect::<Result<_, _>>().unwrap()
}

fn both() -> [(&'static Schema, &'static [Fixture]); 2] {
    [(&CENTRE, CENTRE_ROWS), (&SHOP, SHOP_ROWS)]
}

#[test]
fn the_migrations_are_valid_and_all_tables_have_a_fixture() {
    for (schema, fixtures) in both() {
        schema.steps().validate().unwrap();
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        connection::make(&path, &key(), schema).unwrap();
        let conn = connection::reader(&path, &key()).unwrap();
        let mut expected: Vec<&str> = fixtures.iter().map(|fixture| fixture.table).collect();
        expected.sort_unstable();
        assert_eq!(tables(&conn), expected);
    }
}

#[tokio::test]
async fn every_earlier_version_with_rows_becomes_the_latest() {
    for (schema, fixtures) in both() {
        for version in 1..=schema.version() {
            let dir = tempfile::tempdir().unwrap();
            let path = dir.path().join("old.db");
            let backups = backups_dir(dir.path());
            connection::create(&path).unwrap();
            let mut conn = connection::writer(&path, &key()).unwrap();
            schema
                .steps()
                .to_version(&mut conn, usize::try_from(version).unwrap())
                .unwrap();
            let here = tables(&conn);
            let filled: Vec<&Fixture> = fixtures
                .iter()
                .filter(|fixture| here.iter().any(|name| name == fixture.table))
                .collect();
            assert!(!filled.is_empty());
            let mut before = Vec::new();
            for fixture in &filled {
                conn.execute(fixture.insert, []).unwrap();
                before.push(dump(&conn, fixture.dump));
            }
            drop(conn);

            let db = Database::open(&path, &key(), schema, &backups).unwrap();
            db.close().await.unwrap();
            let conn = connection::reader(&path, &key()).unwrap();
            let now: u32 = conn
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap();
            assert_eq!(now, schema.version(), "from {version}");
            for (fixture, before) in filled.iter().zip(&before) {
                assert_eq!(
                    &dump(&conn, fixture.dump),
                    before,
                    "{} from {version}",
                    fixture.table
                );
            }

            let kept: Vec<PathBuf> = match std::fs::read_dir(&backups) {
                Ok(entries) => entries.map(|entry| entry.unwrap().path()).collect(),
                Err(_) => Vec::new(),
            };
            if version == schema.version() {
                assert!(
                    kept.is_empty(),
                    "nothing to migrate, nothing to copy: {kept:?}"
                );
                continue;
            }
            let [copy] = kept.as_slice() else {
                panic!("one copy from {version}: {kept:?}")
            };
            let conn = connection::reader(copy, &key()).unwrap();
            let then: u32 = conn
                .pragma_query_value(None, "user_version", |row| row.get(0))
                .unwrap();
            assert_eq!(then, version, "the copy is what was there before");
            for (fixture, before) in filled.iter().zip(&before) {
                assert_eq!(
                    &dump(&conn, fixture.dump),
                    before,
                    "{} in the copy",
                    fixture.table
                );
            }
        }
    }
}

/// A file of an earlier version with these rows, brought to the latest.
async fn migrated(schema: &'static Schema, version: usize, rows: &[&str]) -> Connection {
    let dir = tempfile::tempdir().unwrap().keep();
    let path = dir.join("old.db");
    connection::create(&path).unwrap();
    let mut conn = connection::writer(&path, &key()).unwrap();
    schema.steps().to_version(&mut conn, version).unwrap();
    for row in rows {
        conn.execute(row, []).unwrap();
    }
    drop(conn);
    let db = Database::open(&path, &key(), schema, &backups_dir(&dir)).unwrap();
    db.close().await.unwrap();
    let conn = connection::writer(&path, &key()).unwrap();
    std::fs::remove_dir_all(&dir).unwrap();
    conn
}

#[tokio::test]
async fn a_centre_of_the_first_version_takes_every_kind_of_shop() {
    const SHOPIFY: &str = "INSERT INTO shop (id, kind, name, address, zone, currency, language,
        access, file_key, capabilities, created_at)
        VALUES (randomblob(16), 'shopify', 'S', 'a', 'UTC', 'UAH', 'uk', '{}', randomblob(32), '{}', 1)";
    let dir = tempfile::tempdir().unwrap();
    let path = dir.path().join("first.db");
    connection::create(&path).unwrap();
    let mut first = connection::writer(&path, &key()).unwrap();
    CENTRE.steps().to_version(&mut first, 1).unwrap();
    assert!(
        first.execute(SHOPIFY, []).is_err(),
        "the first version knew two kinds"
    );
    let vendure = CENTRE_ROWS.iter().find(|row| row.table == "shop").unwrap();
    let conn = migrated(&CENTRE, 1, &[vendure.insert]).await;
    conn.execute(SHOPIFY, []).unwrap();
    let kinds = dump(&conn, "SELECT kind FROM shop ORDER BY kind");
    assert_eq!(
        kinds,
        [
            [Value::Text("shopify".to_owned())],
            [Value::Text("vendure".to_owned())]
        ],
        "the shop of before is still there"
    );
    assert!(
        conn.execute("UPDATE shop SET removed_at = 1 WHERE kind = 'shopify'", [])
            .is_err(),
        "a removed shop still may not keep what opens a door"
    );
}

#[tokio::test]
async fn a_contract_of_before_rules_out_no_weekday_and_no_shift() {
    let row = |table| CENTRE_ROWS.iter().find(|row| row.table == table).unwrap();
    let conn = migrated(&CENTRE, 4, &[row("contract").insert]).await;
    assert_eq!(
        dump(&conn, "SELECT weekdays, never_given FROM contract"),
        [[
            Value::Text("[0,1,2,3,4,5,6]".to_owned()),
            Value::Text("[]".to_owned())
        ]]
    );
}

#[tokio::test]
async fn what_was_sent_before_there_were_sweeps_is_not_swept() {
    let order = SHOP_ROWS
        .iter()
        .find(|row| row.table == "customer_order")
        .unwrap();
    let rows = [
        order.insert,
        "INSERT INTO outbox (op, order_remote, kind, body, state, not_before, created_at, done_at)
            VALUES (randomblob(16), 'o', 'add_note', '{}', 'done', 1, 1, 7)",
        "INSERT INTO outbox (op, order_remote, kind, body, state, not_before, created_at, done_at)
            VALUES (randomblob(16), 'o', 'add_note', '{}', 'dead', 1, 1, 8)",
        "INSERT INTO outbox (op, order_remote, kind, body, state, not_before, created_at)
            VALUES (randomblob(16), 'o', 'add_note', '{}', 'waiting', 1, 1)",
    ];
    let conn = migrated(&SHOP, 3, &rows).await;
    let found = dump(
        &conn,
        "SELECT state, swept_at, conflict FROM outbox ORDER BY seq",
    );
    let text = |word: &str| Value::Text(word.to_owned());
    assert_eq!(
        found,
        [
            [text("done"), Value::Integer(7), Value::Null],
            [text("dead"), Value::Null, Value::Null],
            [text("waiting"), Value::Null, Value::Null],
        ],
        "years of old writes would be a load on the shop; what is still to come is swept"
    );
    assert_eq!(
        dump(&conn, "SELECT read_at FROM customer_order"),
        [[Value::Null]],
        "an order known before counts as never read by its identity"
    );
}
