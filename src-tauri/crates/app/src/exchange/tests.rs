//! What a shop on the loopback cannot show: a disk that fills up between two steps.

use super::*;
use crate::desk::{DeskOptions, Timing};
use crate::error::ErrorCode;
use async_trait::async_trait;
use full_disk::{fill, make_room};
use rules::id::{OperationId, RemoteId};
use rules::money::{Currency, Money};
use rules::operation::ShopOperation;
use rules::order::{Customer, Order, OrderStage, Product};
use shops::{Cursor, Introduction, Page, ShopError};
use std::sync::atomic::AtomicU32;
use store::keyring::NoKeyring;
use store::table::order;
use store::vault::Cost;
use store::{Author, Key, StoreError};
use tempfile::TempDir;
use testkit::clock::SetClock;

/// Filling a file up without filling the disk.
mod full_disk {
    use super::{Author, Desk, ShopStore, StoreError};

    /// Until not one more row can be written.
    pub(super) async fn fill(desk: &Desk, store: &ShopStore) {
        limit(store, 1).await;
        for _ in 0..10_000 {
            let change = desk.change(Author::System, "filling", &"disk", serde_json::json!({}));
            match store.db.write(change, |_| Ok(())).await {
                Ok(()) => {}
                Err(StoreError::DiskFull) => return,
                Err(error) => panic!("{error}"),
            }
        }
        panic!("the file never fills");
    }

    pub(super) async fn make_room(store: &ShopStore) {
        limit(store, i64::from(u32::MAX - 1)).await;
    }

    /// The greatest size of the file, in pages; one that is smaller already stays as it is.
    async fn limit(store: &ShopStore, pages: i64) {
        store
            .db
            .write_unrecorded(move |tx| {
                tx.pragma_update_and_check(None, "max_page_count", pages, |_| Ok(()))?;
                Ok(())
            })
            .await
            .unwrap();
    }
}

/// What happens between the shop's taking a note and its answer.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Mishap {
    None,
    DiskFills,
    AnswerLost,
}

/// A shop that takes notes.
struct NoteShop {
    store: Arc<ShopStore>,
    desk: Desk,
    mishap: Mishap,
    looks: Arc<AtomicU32>,
    notes: Arc<AtomicU32>,
}

fn nothing<T>() -> Page<T> {
    Page {
        items: Vec::new(),
        gone: Vec::new(),
        next: Cursor("x".to_owned()),
        done: true,
    }
}

#[async_trait]
impl Shop for NoteShop {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        Err(ShopError::NotAShop)
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

    async fn order(&self, _: &RemoteId) -> Result<Option<Order>, ShopError> {
        Ok(Some(plain_order(self.desk.now())))
    }

    async fn find(&self, _: OperationId, _: &ShopOperation) -> Result<shops::Effect, ShopError> {
        self.looks.fetch_add(1, Ordering::SeqCst);
        Ok(if self.notes.load(Ordering::SeqCst) > 0 {
            shops::Effect::Applied(None)
        } else {
            shops::Effect::Absent
        })
    }

    async fn apply(&self, _: OperationId, _: &ShopOperation) -> Result<shops::Effect, ShopError> {
        self.notes.fetch_add(1, Ordering::SeqCst);
        match self.mishap {
            Mishap::None => {}
            Mishap::DiskFills => fill(&self.desk, &self.store).await,
            Mishap::AnswerLost => return Err(ShopError::Unreachable),
        }
        Ok(shops::Effect::Applied(None))
    }
}

/// A shop with a few pages of orders. It keeps the store from writing from its first answer on until
/// it is asked again.
struct PageShop {
    store: Arc<ShopStore>,
    asked: Arc<Mutex<Vec<String>>>,
    free: Mutex<Option<std::sync::mpsc::Sender<()>>>,
}

impl PageShop {
    const PAGES: usize = 5;

    async fn ask(&self, stream: &str, cursor: &Cursor) {
        let is_first = {
            let mut asked = self.asked.lock().unwrap();
            asked.push(format!("{stream} {}", cursor.0));
            asked.len() == 1
        };
        if !is_first {
            self.free.lock().unwrap().take();
            return;
        }
        let (free, freed) = std::sync::mpsc::channel::<()>();
        *self.free.lock().unwrap() = Some(free);
        let store = Arc::clone(&self.store);
        tokio::spawn(async move {
            let held = store.db.write_unrecorded(move |_| {
                // Ends when the other side is let go.
                let _ = freed.recv();
                Ok(())
            });
            held.await.unwrap();
        });
        // Its turn at the writer comes before that of the page.
        tokio::task::yield_now().await;
    }
}

#[async_trait]
impl Shop for PageShop {
    async fn introduce(&self) -> Result<Introduction, ShopError> {
        Err(ShopError::NotAShop)
    }

    async fn products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        self.ask("products", cursor).await;
        Ok(nothing())
    }

    async fn customers(&self, cursor: &Cursor) -> Result<Page<Customer>, ShopError> {
        self.ask("customers", cursor).await;
        Ok(nothing())
    }

    async fn orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        self.ask("orders", cursor).await;
        let page: usize = cursor.0.parse().unwrap_or(0);
        let order = Order {
            remote: RemoteId(format!("p{page}")),
            ..plain_order(DateTime::UNIX_EPOCH)
        };
        Ok(Page {
            items: vec![order],
            gone: Vec::new(),
            next: Cursor((page + 1).to_string()),
            done: page + 1 == Self::PAGES,
        })
    }

    async fn order(&self, _: &RemoteId) -> Result<Option<Order>, ShopError> {
        Ok(None)
    }

    async fn find(&self, _: OperationId, _: &ShopOperation) -> Result<shops::Effect, ShopError> {
        Ok(shops::Effect::Applied(None))
    }

    async fn apply(&self, _: OperationId, _: &ShopOperation) -> Result<shops::Effect, ShopError> {
        Ok(shops::Effect::Applied(None))
    }
}

struct Site {
    _folder: TempDir,
    desk: Desk,
    store: Arc<ShopStore>,
    id: ShopId,
    notes: Arc<AtomicU32>,
    looks: Arc<AtomicU32>,
}

impl Site {
    /// A desk with one note that is due.
    async fn with_a_note() -> Self {
        Self::by(crate::clock::system()).await
    }

    async fn by(clock: crate::clock::Clock) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let desk = Desk::open(DeskOptions {
            data_dir: folder.path().to_owned(),
            keyring: Arc::new(NoKeyring),
            clock,
            zone: Tz::UTC,
            opener: Arc::new(|_| Ok(())),
            timing: Timing::default(),
            exchange: false,
            alone: false,
            password_cost: Cost::default(),
            language: None,
        });
        let id = ShopId::from_uuid(crate::clock::mint());
        let store = ShopStore::create(folder.path(), id, &Key::random().unwrap()).unwrap();
        let now = desk.now();
        let change = desk.change(Author::System, "test", &"note", serde_json::json!({}));
        store
            .db
            .write(change, move |tx| {
                order::upsert(tx, &plain_order(now))?;
                let note = ShopOperation::AddNote {
                    order: "7".into(),
                    text: "передзвонити".to_owned(),
                };
                let op = OperationId::from_uuid(crate::clock::mint());
                outbox::enqueue(tx, op, &note, None, now, now)
            })
            .await
            .unwrap();
        Self {
            _folder: folder,
            desk,
            store: Arc::new(store),
            id,
            notes: Arc::default(),
            looks: Arc::default(),
        }
    }

    fn courier(&self, mishap: Mishap) -> Courier {
        Courier {
            id: self.id,
            shop: Box::new(NoteShop {
                store: Arc::clone(&self.store),
                desk: self.desk.clone(),
                mishap,
                notes: Arc::clone(&self.notes),
                looks: Arc::clone(&self.looks),
            }),
            store: Arc::clone(&self.store),
            policy: self.desk.outbox_policy(),
            poll: Duration::from_millis(20),
            zone: Tz::UTC,
        }
    }

    async fn states(&self) -> Vec<outbox::State> {
        let all = self
            .store
            .db
            .read(|conn| outbox::of_order(conn, &"7".into()))
            .await
            .unwrap();
        all.iter().map(|entry| entry.state).collect()
    }

    fn notes(&self) -> u32 {
        self.notes.load(Ordering::SeqCst)
    }
}

fn plain_order(now: DateTime<Utc>) -> Order {
    Order {
        remote: "7".into(),
        number: "7".to_owned(),
        placed_at: now,
        changed_at: now,
        status: "new".to_owned(),
        stage: OrderStage::New,
        customer: Customer {
            remote: None,
            name: String::new(),
            phone: String::new(),
            email: String::new(),
        },
        delivery_address: String::new(),
        delivery_method: String::new(),
        payment_method: String::new(),
        customer_note: String::new(),
        lines: Vec::new(),
        delivery_total: Money::new(0, Currency::UAH),
        total: Money::new(0, Currency::UAH),
    }
}

#[tokio::test]
async fn a_page_is_asked_for_once_and_while_the_one_before_it_is_stored() {
    let site = Site::with_a_note().await;
    let asked = Arc::default();
    let courier = Courier {
        shop: Box::new(PageShop {
            store: Arc::clone(&site.store),
            asked: Arc::clone(&asked),
            free: Mutex::default(),
        }),
        // A round slower than the interval would begin anew before it ends.
        poll: Duration::from_mins(10),
        ..site.courier(Mishap::None)
    };
    let round = courier.once(&site.desk);
    tokio::time::timeout(Duration::from_mins(1), round)
        .await
        .expect("the next page is asked for before the first one is stored")
        .unwrap();
    let asked = asked.lock().unwrap().clone();
    let wanted: Vec<_> = ["orders ", "products ", "customers "]
        .map(str::to_owned)
        .into_iter()
        .chain((1..PageShop::PAGES).map(|page| format!("orders {page}")))
        .collect();
    assert_eq!(asked, wanted, "each page once");
    let stored = site.store.db.read(order::count).await.unwrap();
    assert_eq!(stored, 1 + u32::try_from(PageShop::PAGES).unwrap());
}

#[tokio::test]
async fn nothing_is_sent_while_its_mark_cannot_be_stored() {
    let site = Site::with_a_note().await;
    let courier = site.courier(Mishap::None);
    fill(&site.desk, &site.store).await;
    let fault = courier
        .once(&site.desk)
        .await
        .expect_err("the disk is full");
    assert_eq!(fault.code, ErrorCode::DiskFull);
    assert_eq!(site.notes(), 0, "nothing has left");
    assert_eq!(site.states().await, [outbox::State::Waiting]);
    make_room(&site.store).await;
    let round = courier.once(&site.desk).await.unwrap();
    assert_eq!((round.sent, site.notes()), (1, 1), "now it goes");
    assert_eq!(site.states().await, [outbox::State::Done]);
}

#[tokio::test]
async fn a_result_that_found_the_disk_full_is_stored_when_there_is_room_and_not_sent_again() {
    let site = Site::with_a_note().await;
    let exchange = Exchange::idle();
    exchange.run(&site.desk, site.courier(Mishap::DiskFills));
    let mut changes = site.desk.changes();
    let stopped = async {
        while exchange.status().phase != SyncPhase::Stopped || site.notes() == 0 {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), stopped)
        .await
        .expect("the exchange says that it has stopped");
    let error = exchange.status().error.expect("and why");
    assert_eq!(error.code, ErrorCode::DiskFull);
    assert_eq!(
        site.states().await,
        [outbox::State::InFlight],
        "the shop has it, the store does not know"
    );
    make_room(&site.store).await;
    let looks = site.looks.load(Ordering::SeqCst);
    exchange.nudge();
    let done = async {
        while site.states().await != [outbox::State::Done] {
            changes.next().await;
        }
    };
    tokio::time::timeout(Duration::from_mins(1), done)
        .await
        .expect("stored again as soon as there is room");
    assert_eq!(site.notes(), 1, "sent once");
    assert_eq!(
        site.looks.load(Ordering::SeqCst),
        looks,
        "nor was the shop asked: the result was at hand"
    );
}

#[tokio::test]
async fn a_command_run_every_minute_sees_the_end_of_a_doubt() {
    let clock = SetClock::at("2026-03-02T10:00:00Z".parse().unwrap());
    let site = Site::by(clock.teller()).await;
    let lost = site.courier(Mishap::AnswerLost).once(&site.desk).await;
    let fault = lost.expect_err("the answer was lost");
    assert_eq!(fault.code, ErrorCode::ShopUnreachable);
    for minute in 1..=4 {
        assert_eq!(
            site.states().await,
            [outbox::State::Doubt],
            "left alone, minute {minute}"
        );
        clock.pass(TimeDelta::seconds(61));
        site.courier(Mishap::None).once(&site.desk).await.unwrap();
    }
    assert_eq!(site.states().await, [outbox::State::Done]);
    assert_eq!(site.notes(), 1, "found there, not sent again");
}
