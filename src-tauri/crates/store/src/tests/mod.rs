//! The store on real files in temporary directories.

mod calls;
mod exchange;
mod files;
mod forecast;
mod keyring;
mod migrations;
mod plans;
mod queue;
mod shop_data;
mod vault;

use crate::table::call::Call;
use crate::table::result::{Course, Disposition};
use crate::table::task::{Kind, State, Task};
use crate::{Author, Centre, Change, Key, ShopStore, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Europe::Kyiv;
use rules::id::{CallId, ChangeId, FactId, PersonId, RemoteId, ShopId, TaskId};
use rules::money::{Currency, Money};
use rules::order::{Customer, Order, OrderLine, OrderStage, Product};
use rules::queue::Priority;
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicU64, Ordering};
use tempfile::TempDir;
use uuid::Uuid;

/// Identities in the order they are asked for, as real ones come.
fn uuid() -> Uuid {
    static LAST: AtomicU64 = AtomicU64::new(0);
    Uuid::from_u128(u128::from(LAST.fetch_add(1, Ordering::Relaxed) + 1))
}

fn person() -> PersonId {
    PersonId::from_uuid(uuid())
}

/// Monday, ten in the morning in Kyiv.
fn start() -> DateTime<Utc> {
    "2026-03-02T08:00:00Z".parse().unwrap()
}

fn minute(minutes: i64) -> DateTime<Utc> {
    start() + TimeDelta::minutes(minutes)
}

fn key() -> Key {
    Key::from_bytes([7; 32])
}

fn change(kind: &'static str) -> Change {
    Change {
        id: ChangeId::from_uuid(uuid()),
        at: start(),
        zone: Kyiv,
        author: Author::System,
        kind,
        subject: "test".to_owned(),
        body: serde_json::json!({ "kind": kind }),
    }
}

fn uah(minor: i64) -> Money {
    Money::new(minor, Currency::UAH)
}

fn order(remote: &str) -> Order {
    Order {
        remote: remote.into(),
        number: format!("N{remote}"),
        placed_at: minute(-60),
        changed_at: minute(-60),
        status: "processing".to_owned(),
        stage: OrderStage::New,
        customer: Customer {
            remote: Some("c1".into()),
            name: "Олена Шевченко".to_owned(),
            phone: "+380 67 123-45-67".to_owned(),
            email: "olena@example.com".to_owned(),
        },
        delivery_address: "Київ, вул. Хрещатик, 1".to_owned(),
        delivery_method: "Нова пошта".to_owned(),
        payment_method: "cod".to_owned(),
        customer_note: "Подзвоніть <b>після</b> 10".to_owned(),
        lines: vec![line("1", 2), line("2", 1)],
        delivery_total: uah(5_000),
        total: uah(305_000),
    }
}

fn line(remote: &str, quantity: u32) -> OrderLine {
    OrderLine {
        remote: remote.into(),
        product: Some(RemoteId(format!("p{remote}"))),
        sku: format!("SKU-{remote}"),
        name: format!("Чайник {remote}"),
        quantity,
        unit_price: uah(100_000),
        total: uah(100_000 * i64::from(quantity)),
    }
}

fn product(remote: &str, sku: &str, name: &str) -> Product {
    Product {
        remote: remote.into(),
        sku: sku.to_owned(),
        name: name.to_owned(),
        price: uah(10_000),
        stock: Some(3),
        enabled: true,
        changed_at: start(),
    }
}

fn task(order: &str, due_at: DateTime<Utc>, priority: Priority) -> Task {
    Task {
        id: TaskId::from_uuid(uuid()),
        kind: Kind::Confirm,
        order: order.into(),
        state: State::Open,
        holder: None,
        due_at,
        not_before: None,
        priority,
        attempts: 0,
        result: None,
        created_at: start(),
        closed_at: None,
    }
}

fn call(order: &str, task: Option<TaskId>, person: PersonId, started_at: DateTime<Utc>) -> Call {
    Call {
        id: CallId::from_uuid(uuid()),
        task,
        order: order.into(),
        person,
        number: "+380671234567".to_owned(),
        started_at,
        zone: Kyiv,
        script: None,
    }
}

fn disposition(call: &Call, outcome: &str, reason: Option<&str>) -> Disposition {
    Disposition {
        id: FactId::from_uuid(uuid()),
        call: call.id,
        outcome: Some(outcome.to_owned()),
        reason: reason.map(str::to_owned),
        subreason: None,
        comment: "передзвонити".to_owned(),
        at: call.started_at + TimeDelta::minutes(2),
        zone: call.zone,
        author: call.person,
        corrects: None,
    }
}

fn course(call: &Call) -> Course {
    Course {
        ended_at: call.started_at + TimeDelta::minutes(3),
        answered: true,
        handled: true,
        talk_ms: 60_000,
        hold_ms: 5_000,
        wrap_ms: 20_000,
    }
}

/// A shop's file in a directory of its own.
struct Shop {
    dir: TempDir,
    id: ShopId,
    store: ShopStore,
}

impl Shop {
    fn new() -> Self {
        let dir = tempfile::tempdir().unwrap();
        let id = ShopId::from_uuid(uuid());
        let store = ShopStore::create(dir.path(), id, &key()).unwrap();
        Self { dir, id, store }
    }

    async fn with_orders(count: u32) -> Self {
        let shop = Self::new();
        shop.store
            .db
            .write(change("pull"), move |tx| {
                for number in 0..count {
                    crate::table::order::upsert(tx, &order(&number.to_string()))?;
                }
                Ok(())
            })
            .await
            .unwrap();
        shop
    }

    fn path(&self) -> PathBuf {
        self.store.db.path().to_owned()
    }

    fn reopen(&self) -> Result<ShopStore, StoreError> {
        ShopStore::open(self.dir.path(), self.id, &key())
    }

    /// The files as a killed process would leave them: copied while the store is open.
    fn crash_image(&self) -> (TempDir, ShopStore) {
        let copy = tempfile::tempdir().unwrap();
        let shops = copy.path().join("shops");
        std::fs::create_dir(&shops).unwrap();
        for suffix in ["", "-wal"] {
            let mut from = self.path().into_os_string();
            from.push(suffix);
            let from = PathBuf::from(from);
            if from.exists() {
                std::fs::copy(&from, shops.join(from.file_name().unwrap())).unwrap();
            }
        }
        let store = ShopStore::open(copy.path(), self.id, &key()).unwrap();
        (copy, store)
    }
}

fn centre() -> (TempDir, Centre) {
    let dir = tempfile::tempdir().unwrap();
    let centre = Centre::create(dir.path(), &key()).unwrap();
    (dir, centre)
}

/// Every byte of every file under `dir`.
fn bytes_under(dir: &Path) -> Vec<u8> {
    let mut all = Vec::new();
    for entry in std::fs::read_dir(dir).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            all.extend(bytes_under(&path));
        } else {
            all.extend(std::fs::read(path).unwrap());
        }
    }
    all
}

fn contains(bytes: &[u8], text: &str) -> bool {
    bytes
        .windows(text.len())
        .any(|window| window == text.as_bytes())
}

/// Numbers that look like chance and are the same every time (splitmix64).
struct Chance(u64);

impl Chance {
    fn below(&mut self, bound: u64) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut mixed = self.0;
        mixed = (mixed ^ (mixed >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        mixed = (mixed ^ (mixed >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        (mixed ^ (mixed >> 31)) % bound
    }
}
