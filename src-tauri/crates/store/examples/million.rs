//! Fills a shop's file with a million calls and times what reports ask of it:
//! `cargo run --release -p store --example million [calls]`.

use chrono::{DateTime, TimeDelta, Utc};
use rules::id::{CallId, ChangeId, FactId, PersonId, ShopId};
use rules::money::{Currency, Money};
use rules::order::{Customer, Order, OrderStage};
use std::error::Error;
use std::io::Write;
use std::time::Instant;
use store::table::bulk::Bulk;
use store::table::call::Call;
use store::table::order;
use store::table::report::{self, Filter, From};
use store::table::result::{Course, Disposition};
use store::{Author, Change, Key, ShopStore};
use uuid::Uuid;

const OUTCOMES: [&str; 5] = [
    "confirmed",
    "no_answer",
    "refused",
    "callback",
    "wrong_number",
];
const REASONS: [&str; 6] = ["order", "delivery", "payment", "price", "complaint", "rare"];
const ORDERS: u128 = 100_000;

fn id(number: u128) -> Uuid {
    Uuid::from_u128(number)
}

fn change(number: u128, at: DateTime<Utc>) -> Change {
    Change {
        id: ChangeId::from_uuid(id(number)),
        at,
        zone: chrono_tz::Europe::Kyiv,
        author: Author::System,
        kind: "sample",
        subject: String::new(),
        body: serde_json::Value::Null,
    }
}

fn order(number: u128, at: DateTime<Utc>) -> Order {
    let nothing = Money::new(0, Currency::UAH);
    Order {
        remote: number.to_string().as_str().into(),
        number: number.to_string(),
        placed_at: at,
        changed_at: at,
        status: String::new(),
        stage: OrderStage::Confirmed,
        customer: Customer {
            phone: format!("+380{:09}", number % 70_000),
            ..Customer::default()
        },
        delivery_address: String::new(),
        delivery_method: String::new(),
        payment_method: String::new(),
        customer_note: String::new(),
        lines: Vec::new(),
        delivery_total: nothing,
        total: nothing,
    }
}

/// One call a day-minute of working hours, outcome and reason by uneven shares.
fn call(number: u128, started_at: DateTime<Utc>) -> (Call, Disposition, Course) {
    let mixed =
        usize::try_from(number.wrapping_mul(0x9E37_79B9_7F4A_7C15) >> 7 & 0xFFFF).unwrap_or(0);
    let pick = |list: &[&str], among: usize| {
        let place = (mixed % among) * (mixed / among % among) / among;
        list.get(place.min(list.len() - 1))
            .map(|code| (*code).to_owned())
    };
    let call = Call {
        id: CallId::from_uuid(id(number)),
        task: None,
        order: (number % ORDERS).to_string().as_str().into(),
        person: PersonId::from_uuid(id(number % 200)),
        number: String::new(),
        started_at,
        zone: chrono_tz::Europe::Kyiv,
        script: None,
    };
    let disposition = Disposition {
        id: FactId::from_uuid(id(number)),
        call: call.id,
        outcome: pick(&OUTCOMES, OUTCOMES.len()),
        reason: pick(&REASONS, 40),
        subreason: None,
        comment: String::new(),
        at: started_at,
        zone: call.zone,
        author: call.person,
        corrects: None,
    };
    let course = Course {
        ended_at: started_at + TimeDelta::minutes(3),
        answered: true,
        handled: true,
        talk_ms: 100_000,
        hold_ms: 0,
        wrap_ms: 20_000,
    };
    (call, disposition, course)
}

#[tokio::main]
async fn main() -> Result<(), Box<dyn Error>> {
    let calls: u128 = std::env::args()
        .nth(1)
        .map_or(Ok(1_000_000), |text| text.parse())?;
    let mut out = std::io::stdout().lock();
    let dir = tempfile::tempdir()?;
    let start: DateTime<Utc> = "2024-01-01T06:00:00Z".parse()?;
    let (shop, key) = (ShopId::from_uuid(id(1)), Key::random()?);
    let store = ShopStore::create(dir.path(), shop, &key)?;

    let begun = Instant::now();
    let fill = move |tx: &store::Transaction<'_>| {
        for number in 0..ORDERS {
            order::upsert(tx, &order(number, start))?;
        }
        Ok(())
    };
    store.db.write(change(1, start), fill).await?;
    writeln!(out, "{ORDERS} orders: {:?}", begun.elapsed())?;

    let begun = Instant::now();
    let fill = move |tx: &store::Transaction<'_>| {
        let mut bulk = Bulk::new(tx);
        let mut at = start;
        for number in 0..calls {
            let (call, disposition, course) = call(number, at);
            bulk.add(&call, &disposition, &course)?;
            at += TimeDelta::seconds(if number % 1_440 == 1_439 { 43_230 } else { 30 });
        }
        bulk.finish()
    };
    store.db.write(change(2, start), fill).await?;
    writeln!(out, "{calls} calls with roll-ups: {:?}", begun.elapsed())?;
    let begun = Instant::now();
    store.db.close().await?;
    writeln!(out, "close: {:?}", begun.elapsed())?;
    let size = store.db.path().metadata()?.len() / 1_048_576;
    writeln!(out, "file: {size} MiB")?;

    let begun = Instant::now();
    let store = ShopStore::open(dir.path(), shop, &key)?;
    writeln!(out, "open: {:?}", begun.elapsed())?;
    let (first, last) = store.db.read(report::days).await?.ok_or("no calls")?;
    let code = |text: &str| Some(text.to_owned());
    let all = Filter::days(first, last);
    let filters = [
        ("all", all.clone()),
        (
            "weekday and hour",
            Filter {
                weekday: Some(2),
                hour: Some(10),
                ..all.clone()
            },
        ),
        (
            "hour",
            Filter {
                hour: Some(10),
                ..all.clone()
            },
        ),
        (
            "outcome",
            Filter {
                outcome: code("confirmed"),
                ..all.clone()
            },
        ),
        (
            "rare reason",
            Filter {
                reason: code("rare"),
                ..all.clone()
            },
        ),
        (
            "rare pair",
            Filter {
                outcome: code("wrong_number"),
                reason: code("rare"),
                ..all.clone()
            },
        ),
        (
            "pair that is nowhere",
            Filter {
                outcome: code("x"),
                reason: code("order"),
                ..all.clone()
            },
        ),
        (
            "hour and outcome",
            Filter {
                weekday: Some(2),
                hour: Some(10),
                outcome: code("refused"),
                ..all.clone()
            },
        ),
        (
            "weekday and outcome",
            Filter {
                weekday: Some(2),
                outcome: code("confirmed"),
                ..all.clone()
            },
        ),
        (
            "person",
            Filter {
                person: Some(PersonId::from_uuid(id(7))),
                ..all.clone()
            },
        ),
    ];
    for _ in 0..2 {
        let begun = Instant::now();
        store
            .db
            .read(move |conn| report::heat(conn, first, last))
            .await?;
        writeln!(out, "heat map: {:?}", begun.elapsed())?;
        let begun = Instant::now();
        store
            .db
            .read(move |conn| report::dispositions(conn, first, last))
            .await?;
        writeln!(out, "dispositions: {:?}", begun.elapsed())?;
        let begun = Instant::now();
        store
            .db
            .read(|conn| report::by_phone(conn, "000000007", 20))
            .await?;
        writeln!(out, "history of a phone: {:?}", begun.elapsed())?;
        for (name, filter) in &filters {
            let copy = filter.clone();
            let begun = Instant::now();
            let page = store
                .db
                .read(move |conn| report::calls(conn, &copy, From::Offset(0), 200))
                .await?;
            let paged = begun.elapsed();
            let copy = filter.clone();
            let begun = Instant::now();
            let count = store
                .db
                .read(move |conn| report::count(conn, &copy))
                .await?;
            let counted = begun.elapsed();
            writeln!(
                out,
                "{name}: page of {} {paged:?}, count {count} {counted:?}",
                page.len()
            )?;
        }
        let copy = all.clone();
        let begun = Instant::now();
        let deep = u32::try_from(calls)?.saturating_sub(200);
        store
            .db
            .read(move |conn| report::calls(conn, &copy, From::Offset(deep), 200))
            .await?;
        writeln!(out, "the oldest page: {:?}", begun.elapsed())?;
    }
    Ok(())
}
