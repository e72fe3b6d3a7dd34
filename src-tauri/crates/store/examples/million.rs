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
    let mut out = std::io::stdout();
    let dir = tempfile::tempdir()?;
    let (shop, key) = (ShopId::from_uuid(id(1)), Key::random()?);
    let store = ShopStore::create(dir.path(), shop, &key)?;
    fill(&store, calls, &mut out).await?;
    store.db.close().await?;
    let size = store.db.path().metadata()?.len() / 1_048_576;
    writeln!(out, "file: {size} MiB")?;

    let begun = Instant::now();
    let store = ShopStore::open(dir.path(), shop, &key)?;
    writeln!(out, "open: {:?}", begun.elapsed())?;
    for _ in 0..2 {
        ask(&store, calls, &mut out).await?;
    }
    Ok(())
}

async fn fill(store: &ShopStore, calls: u128, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let start: DateTime<Utc> = "2024-01-01T06:00:00Z".parse()?;
    let begun = Instant::now();
    let orders = move |tx: &store::Transaction<'_>| {
        for number in 0..ORDERS {
            order::upsert(tx, &order(number, start))?;
        }
        Ok(())
    };
    store.db.write(change(1, start), orders).await?;
    writeln!(out, "{ORDERS} orders: {:?}", begun.elapsed())?;

    let begun = Instant::now();
    let finished = move |tx: &store::Transaction<'_>| {
        let mut bulk = Bulk::new(tx);
        let mut at = start;
        for number in 0..calls {
            let (call, disposition, course) = call(number, at);
            bulk.add(&call, &disposition, &course)?;
            at += TimeDelta::seconds(if number % 1_440 == 1_439 { 43_230 } else { 30 });
        }
        bulk.finish()
    };
    store.db.write(change(2, start), finished).await?;
    writeln!(out, "{calls} calls with roll-ups: {:?}", begun.elapsed())?;
    Ok(())
}

async fn ask(store: &ShopStore, calls: u128, out: &mut impl Write) -> Result<(), Box<dyn Error>> {
    let (first, last) = store.db.read(report::days).await?.ok_or("no calls")?;
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
    for (name, filter) in filters(Filter::days(first, last)) {
        let copy = filter.clone();
        let begun = Instant::now();
        let page = store
            .db
            .read(move |conn| report::calls(conn, &copy, From::Offset(0), 200))
            .await?;
        let paged = begun.elapsed();
        let begun = Instant::now();
        let count = store
            .db
            .read(move |conn| report::count(conn, &filter))
            .await?;
        let counted = begun.elapsed();
        writeln!(
            out,
            "{name}: page of {} {paged:?}, count {count} {counted:?}",
            page.len()
        )?;
    }
    let begun = Instant::now();
    let (all, deep) = (
        Filter::days(first, last),
        u32::try_from(calls)?.saturating_sub(200),
    );
    store
        .db
        .read(move |conn| report::calls(conn, &all, From::Offset(deep), 200))
        .await?;
    writeln!(out, "the oldest page: {:?}", begun.elapsed())?;
    Ok(())
}

fn filters(all: Filter) -> Vec<(&'static str, Filter)> {
    let code = |text: &str| Some(text.to_owned());
    let cell = Filter {
        weekday: Some(2),
        hour: Some(10),
        ..all.clone()
    };
    let outcome = Filter {
        outcome: code("confirmed"),
        ..all.clone()
    };
    vec![
        (
            "an hour",
            Filter {
                hour: Some(10),
                ..all.clone()
            },
        ),
        (
            "a common reason",
            Filter {
                reason: code("order"),
                ..all.clone()
            },
        ),
        (
            "a pair that is nowhere",
            Filter {
                outcome: code("x"),
                reason: code("order"),
                ..all.clone()
            },
        ),
        (
            "a cell and an outcome",
            Filter {
                outcome: code("refused"),
                ..cell.clone()
            },
        ),
        (
            "a weekday and an outcome",
            Filter {
                weekday: Some(2),
                ..outcome.clone()
            },
        ),
        (
            "a person",
            Filter {
                person: Some(PersonId::from_uuid(id(7))),
                ..all.clone()
            },
        ),
        ("a cell of the heat map", cell),
        ("an outcome", outcome),
        ("all", all),
    ]
}
