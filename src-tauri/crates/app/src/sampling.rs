//! The sample: a made-up shop to learn and to measure on, plainly labelled, gone with one click.

use crate::clock;
use crate::connect::shop_view;
use crate::desk::Desk;
use crate::error::{ApiError, ErrorCode};
use crate::text::Fault;
use crate::view::{Changed, Language, ShopView};
use async_trait::async_trait;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rules::edit;
use rules::id::{CallId, FactId, OperationId, PersonId, RemoteId, ShopId, TaskId};
use rules::money::Currency;
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, OrderLine, OrderStage, Product};
use rules::queue::{self, QueuePolicy};
use rules::retry::{self, NextAttempt, RetryPolicy};
use rules::role::Permission;
use rules::status::StatusTable;
use sample::{Options, Sample, SampleCall};
use serde_json::json;
use shops::{Capabilities, Cursor, Effect, Introduction, Page, PullStyle, Rate, Shop, ShopError};
use std::collections::HashMap;
use std::fmt::Write as _;
use std::sync::Arc;
use store::table::bulk::Bulk;
use store::table::call::Call;
use store::table::history::{self, Channel, Import, Interval};
use store::table::result::{Course, Disposition};
use store::table::shop::{self as shop_table, Kind};
use store::table::task::{self, State, Task};
use store::table::{order, product, setting};
use store::{Author, Key, Secret, ShopStore, StoreError, Transaction};

/// One shop for everyone: what two people talk about looks the same to both.
const SEED: u64 = 20_260_101;
/// Days of the report of the line that customers call: two years, and a season where it must be quick.
const REPORT_DAYS: u32 = 730;
const FEW_DAYS: u32 = 90;
const MOST_REPORT_DAYS: u32 = 3_660;
/// Rows written between two looks at the clock of other writers.
const BATCH: usize = 1_000;

/// Where the names of the sample's operators are kept: they have no accounts.
pub(crate) fn operators_key(shop: ShopId) -> String {
    format!("sample_operators:{shop}")
}

impl Desk {
    /// Makes the sample shop: ten thousand products, ninety days of orders and calls.
    pub async fn make_sample(&self, language: Language) -> Result<ShopView, ApiError> {
        self.make_sample_of(language, None).await
    }

    /// A made-up report of a telephone exchange over so many days until now, as CSV: for trying an import
    /// and for measuring it.
    pub fn sample_report(&self, language: Language, days: u32) -> String {
        let zone = zone_of(language);
        let made = Sample::new(Options::usual(SEED, language, self.now(), zone));
        let mut text = "interval start;calls offered;aht, s\n".to_owned();
        for interval in made.inbound(days.min(MOST_REPORT_DAYS)) {
            let local = interval.start.with_timezone(&zone).format("%d.%m.%Y %H:%M");
            let aht = match interval.calls {
                0 => String::new(),
                calls => format!("{:.1}", f64::from(interval.handle_s) / f64::from(calls)),
            };
            // Writing to a text cannot fail.
            let _ = writeln!(text, "{local};{};{aht}", interval.calls);
        }
        text
    }

    /// The same with exactly so many calls.
    pub async fn make_sample_of(
        &self,
        language: Language,
        calls: Option<u32>,
    ) -> Result<ShopView, ApiError> {
        let result = self.sample(language, calls).await;
        self.told(result).await
    }

    async fn sample(&self, language: Language, calls: Option<u32>) -> Result<ShopView, Fault> {
        let mut state = self.state().await;
        let session = state.session(Permission::ManageStore)?.clone();
        if Self::sample_of(&state).is_some() {
            return Err(ErrorCode::SampleExists.into());
        }
        let (now, zone) = (self.now(), zone_of(language));
        let options = Options {
            calls,
            ..Options::usual(SEED, language, now, zone)
        };
        let made = Sample::new(options);
        let currency = made
            .products()
            .next()
            .map_or(Currency::EUR, |product| product.price.currency);
        let row = shop_table::Shop {
            id: ShopId::from_uuid(clock::mint()),
            kind: Kind::Sample,
            name: made.shop_name().to_owned(),
            address: String::new(),
            zone,
            currency,
            language: language.code().to_owned(),
            access: Secret::default(),
            file_key: Some(Key::random()?),
            capabilities: String::new(),
            created_at: now,
            removed_at: None,
        };
        let centre = state.centre()?;
        self.create_shop(&centre, &row, session.person).await?;
        let operators: Vec<(PersonId, String)> = made
            .operators()
            .into_iter()
            .map(|name| (PersonId::from_uuid(clock::mint()), name.to_owned()))
            .collect();
        let names = json!(operators.iter().cloned().collect::<HashMap<_, _>>()).to_string();
        let key = operators_key(row.id);
        let change = self.change(
            Author::Person(session.person),
            "sample.made",
            &row.id,
            json!({}),
        );
        centre
            .db
            .write(change, move |tx| setting::set(tx, &key, &names))
            .await?;
        let shop = self.open_shop(&centre, &row).await?;
        let people: Vec<PersonId> = operators.into_iter().map(|(id, _)| id).collect();
        let report = Report {
            file: format!("{}.csv", made.shop_name()),
            language: language.code(),
            days: if calls.is_some() {
                FEW_DAYS
            } else {
                REPORT_DAYS
            },
            author: session.person,
        };
        let change = self.change(
            Author::Person(session.person),
            "sample.filled",
            &row.id,
            json!({ "seed": SEED }),
        );
        shop.store
            .db
            .write(change, move |tx| {
                fill(tx, &made, &people, now, zone)?;
                report.fill(tx, &made, now, zone)
            })
            .await?;
        shop.store.db.checkpoint().await?;
        let view = shop_view(&shop, &row, session.language, now).await?;
        state.shops.insert(shop.id, shop);
        self.tell(Changed::Shops);
        self.tell(Changed::Desk);
        self.tell(Changed::Load);
        self.tell(Changed::Forecast);
        Ok(view)
    }
}

/// The report of the line that customers call, taken in as any report of a telephone exchange is.
struct Report {
    file: String,
    language: &'static str,
    days: u32,
    author: PersonId,
}

impl Report {
    fn fill(
        &self,
        tx: &Transaction<'_>,
        made: &Sample,
        now: DateTime<Utc>,
        zone: Tz,
    ) -> Result<(), StoreError> {
        let told = made.inbound(self.days);
        let intervals: Vec<Interval> = told
            .iter()
            .flat_map(|interval| {
                let (second, second_s) = (interval.second_calls, interval.second_handle_s);
                [
                    (
                        self.language,
                        interval.calls - second,
                        interval.handle_s - second_s,
                    ),
                    (made.second_language(), second, second_s),
                ]
                .map(|(language, calls, handle_s)| Interval {
                    start: interval.start.timestamp(),
                    language: Some(language.to_owned()),
                    calls,
                    handle_ms: (calls > 0).then(|| u64::from(handle_s) * 1000),
                })
            })
            .collect();
        let (Some(first), Some(last)) = (told.first(), told.last()) else {
            return Ok(());
        };
        let day = |at: DateTime<Utc>| at.with_timezone(&zone).date_naive();
        let import = Import {
            id: FactId::from_uuid(clock::mint()),
            channel: Channel::Inbound,
            file: self.file.clone(),
            slot_minutes: sample::INBOUND_MINUTES,
            rows: u32::try_from(told.len()).unwrap_or(u32::MAX),
            calls: told.iter().map(|interval| interval.calls).sum(),
            first_day: day(first.start),
            last_day: day(last.start),
            at: now,
            zone,
            author: self.author,
        };
        history::add(tx, &import, &intervals)
    }
}

fn zone_of(language: Language) -> Tz {
    match language {
        Language::Uk => Tz::Europe__Kyiv,
        Language::Ru => Tz::Europe__Moscow,
        Language::Pl => Tz::Europe__Warsaw,
        Language::En => Tz::America__New_York,
    }
}

fn fill(
    tx: &Transaction<'_>,
    made: &Sample,
    people: &[PersonId],
    now: DateTime<Utc>,
    zone: Tz,
) -> Result<(), StoreError> {
    let mut products = made.products().peekable();
    while products.peek().is_some() {
        let batch: Vec<Product> = products.by_ref().take(BATCH).collect();
        product::upsert(tx, &batch)?;
    }
    let mut waiting: HashMap<RemoteId, Task> = HashMap::new();
    for told in made.orders() {
        order::upsert(tx, &told)?;
        if told.stage == OrderStage::New {
            waiting.insert(told.remote.clone(), new_task(&told, now));
        }
    }
    let mut bulk = Bulk::new(tx);
    for made_call in made.calls() {
        let Some(person) = people.get(usize::from(made_call.operator)) else {
            continue;
        };
        let (call, disposition, course) = finished(&made_call, *person, zone);
        if let Some(task) = waiting.get_mut(&call.order) {
            climb(task, course.ended_at, zone);
        }
        bulk.add(&call, &disposition, &course)?;
    }
    bulk.finish()?;
    for task in waiting.into_values() {
        task::create(tx, &task)?;
    }
    Ok(())
}

/// One more attempt that reached nobody: the task waits for its rung of the ladder.
fn climb(task: &mut Task, at: DateTime<Utc>, zone: Tz) {
    task.attempts += 1;
    if let NextAttempt::At(again) =
        retry::next_attempt(task.attempts, at, zone, &RetryPolicy::default())
    {
        task.due_at = again;
        task.not_before = Some(again);
    }
}

fn new_task(told: &Order, now: DateTime<Utc>) -> Task {
    let due = queue::due(
        told.placed_at,
        told.total,
        None,
        now,
        &QueuePolicy::default(),
    );
    Task {
        id: TaskId::from_uuid(clock::mint()),
        kind: task::Kind::Confirm,
        order: told.remote.clone(),
        state: State::Open,
        holder: None,
        due_at: due.at,
        not_before: None,
        priority: due.priority,
        attempts: 0,
        result: None,
        created_at: told.placed_at,
        closed_at: None,
    }
}

fn finished(made: &SampleCall, person: PersonId, zone: Tz) -> (Call, Disposition, Course) {
    let span = |seconds: u32| TimeDelta::seconds(i64::from(seconds));
    let ended_at = made.started_at
        + span(made.ring_s)
        + span(made.talk_s)
        + span(made.hold_s)
        + span(made.wrap_s);
    let id = CallId::from_uuid(clock::mint());
    let call = Call {
        id,
        task: None,
        order: RemoteId(made.order_number.clone()),
        person,
        number: made.phone.clone(),
        started_at: made.started_at,
        zone,
        script: None,
    };
    let disposition = Disposition {
        id: FactId::from_uuid(clock::mint()),
        call: id,
        outcome: Some(made.outcome.to_owned()),
        reason: made.reason.map(str::to_owned),
        subreason: made.subreason.map(str::to_owned),
        comment: String::new(),
        at: ended_at,
        zone,
        author: person,
        corrects: None,
    };
    let ms = |seconds: u32| u64::from(seconds) * 1000;
    let course = Course {
        ended_at,
        answered: made.answered,
        handled: made.answered,
        talk_ms: ms(made.talk_s),
        hold_ms: ms(made.hold_s),
        wrap_ms: ms(made.wrap_s),
    };
    (call, disposition, course)
}

/// The sample's shop: nothing leaves; what is sent to it happens to the orders in the store, by the
/// same way that the orders of a real shop take.
pub(crate) struct SampleShop {
    store: Arc<ShopStore>,
    currency: Currency,
}

impl SampleShop {
    pub(crate) fn new(store: Arc<ShopStore>, currency: Currency) -> Self {
        Self { store, currency }
    }

    async fn after(&self, operation: &ShopOperation) -> Result<Effect, ShopError> {
        let Some(mut order) = self.order(operation.order()).await? else {
            return Err(ShopError::Gone);
        };
        match operation {
            ShopOperation::EditLines { changes, .. } => {
                let store = Arc::clone(&self.store);
                let wanted = changes.clone();
                let added = store
                    .db
                    .read(move |conn| {
                        let mut products = Vec::new();
                        for change in &wanted {
                            if let rules::operation::LineChange::Add { product: id, .. } = change {
                                products.extend(product::get(conn, id)?);
                            }
                        }
                        Ok(products)
                    })
                    .await
                    .map_err(|_| ShopError::Unreachable)?;
                let find =
                    |id: &RemoteId| added.iter().find(|product| product.remote == *id).cloned();
                let lines = edit::lines(&order, changes, find);
                order.total = edit::total(&order, &lines);
                order.lines = lines
                    .into_iter()
                    .filter(|line| line.quantity > 0)
                    .map(kept)
                    .collect();
            }
            ShopOperation::Confirm { .. } => {
                order.stage = OrderStage::Confirmed;
                "confirmed".clone_into(&mut order.status);
            }
            ShopOperation::Cancel { .. } => {
                order.stage = OrderStage::Cancelled;
                "cancelled".clone_into(&mut order.status);
            }
            ShopOperation::AddNote { .. }
            | ShopOperation::GrantCoupon { .. }
            | ShopOperation::Refund { .. } => return Ok(Effect::Applied(None)),
        }
        Ok(Effect::Applied(Some(Box::new(order))))
    }
}

fn kept(line: edit::EditedLine) -> OrderLine {
    let fallback = line
        .product
        .clone()
        .map(|product| RemoteId(format!("new-{product}")));
    OrderLine {
        remote: line
            .line
            .or(fallback)
            .unwrap_or_else(|| RemoteId::from("new")),
        product: line.product,
        sku: line.sku,
        name: line.name,
        quantity: line.quantity,
        unit_price: line.unit_price,
        total: line.total,
    }
}

fn nothing<T>() -> Page<T> {
    Page {
        items: Vec::new(),
        gone: Vec::new(),
        next: Cursor::default(),
        done: true,
    }
}

#[async_trait]
impl Shop for SampleShop {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        Ok(Introduction {
            name: String::new(),
            software: String::new(),
            currency: self.currency,
            zone: None,
            capabilities: Capabilities {
                edit_lines: true,
                private_notes: true,
                confirm_status: true,
                confirm_fields: false,
                cancel: true,
                conditional_write: true,
                coupons: false,
                refunds: false,
                webhooks: false,
                pull: PullStyle::ChangedSince,
                rate: Rate::default(),
            },
            statuses: StatusTable::default(),
        })
    }

    async fn products(&self, _: &Cursor) -> Result<Page<Product>, ShopError> {
        Ok(nothing())
    }

    async fn customers(&self, _: &Cursor) -> Result<Page<Customer>, ShopError> {
        Ok(nothing())
    }

    async fn orders(&self, _: &Cursor) -> Result<Page<Order>, ShopError> {
        Ok(nothing())
    }

    async fn order(&self, id: &RemoteId) -> Result<Option<Order>, ShopError> {
        let id = id.clone();
        let read = self.store.db.read(move |conn| order::get(conn, &id)).await;
        read.map_err(|_| ShopError::Unreachable)
    }

    async fn find(&self, _: OperationId, _: &ShopOperation) -> Result<Effect, ShopError> {
        Ok(Effect::Absent)
    }

    async fn apply(&self, _: OperationId, operation: &ShopOperation) -> Result<Effect, ShopError> {
        self.after(operation).await
    }
}
