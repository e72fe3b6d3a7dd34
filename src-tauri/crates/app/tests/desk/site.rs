//! A desk to test: its folder, clock, keyring and phone, which outlive each sitting at it.

use app::view::{
    CardView, DeskAction, DeskState, DeskView, Draft, ErrorCode, Language, LineEdit, NewCentre,
    NewPerson, OperationView, ShopInput, ShopView, SyncRow,
};
use app::{Desk, DeskOptions, Timing};
use chrono::{DateTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use rules::id::{RemoteId, ShopId, TaskId};
use rules::role::Role;
use serde_json::Value;
use shops::ShopKind;
use std::fmt::Debug;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex};
use std::time::{Duration, Instant};
use store::keyring::{Keyring, MemoryKeyring, NoKeyring};
use store::vault::Cost;
use tempfile::TempDir;
use testkit::clock::SetClock;
use testkit::woo::{SeedLine, SeedOrder, SeedProduct, Setup, WooDouble};
use tokio::runtime::{Builder, Runtime};

pub(crate) const ADMIN: &str = "olena";
pub(crate) const PASSWORD: &str = "соловей-2026";
pub(crate) const KETTLE: u64 = 11;
pub(crate) const IRON: u64 = 12;

/// No condition in these tests takes a healthy desk longer.
const PATIENCE: Duration = Duration::from_mins(1);

/// Everything around a desk that stays when it is closed.
pub(crate) struct Site {
    folder: TempDir,
    pub(crate) clock: SetClock,
    pub(crate) zone: Tz,
    pub(crate) keyring: Arc<dyn Keyring>,
    pub(crate) dialled: Arc<Mutex<Vec<String>>>,
    pub(crate) exchange: bool,
}

pub(crate) fn runtime() -> Runtime {
    Builder::new_multi_thread()
        .worker_threads(2)
        .enable_all()
        .build()
        .unwrap()
}

/// Monday noon in Kyiv.
pub(crate) fn monday() -> DateTime<Utc> {
    Utc.with_ymd_and_hms(2026, 3, 2, 10, 0, 0).unwrap()
}

impl Site {
    pub(crate) fn new() -> Self {
        Self {
            folder: tempfile::tempdir().unwrap(),
            clock: SetClock::at(monday()),
            zone: Tz::Europe__Kyiv,
            keyring: Arc::new(MemoryKeyring::default()),
            dialled: Arc::default(),
            exchange: true,
        }
    }

    pub(crate) fn without_keyring() -> Self {
        Self {
            keyring: Arc::new(NoKeyring),
            ..Self::new()
        }
    }

    /// A site where nothing is exchanged in the background.
    pub(crate) fn quiet() -> Self {
        Self {
            exchange: false,
            ..Self::new()
        }
    }

    pub(crate) fn dir(&self) -> &Path {
        self.folder.path()
    }

    pub(crate) fn data(&self) -> PathBuf {
        self.folder.path().join("data")
    }

    pub(crate) fn options(&self) -> DeskOptions {
        let dialled = Arc::clone(&self.dialled);
        DeskOptions {
            data_dir: self.data(),
            keyring: Arc::clone(&self.keyring),
            clock: self.clock.teller(),
            zone: self.zone,
            opener: Arc::new(move |address| {
                dialled.lock().unwrap().push(address.to_owned());
                Ok(())
            }),
            timing: Timing {
                undo: TimeDelta::seconds(10),
                poll: Duration::from_millis(25),
                quiet: TimeDelta::seconds(60),
            },
            exchange: self.exchange,
            alone: true,
            password_cost: Cost {
                memory_kib: 64,
                passes: 1,
                lanes: 1,
            },
            language: Some(Language::En),
        }
    }

    /// One sitting at the desk, from opening to a stop without closing anything: what a crash
    /// leaves is what the next sitting finds.
    pub(crate) fn sit<T>(&self, work: impl AsyncFnOnce(Desk) -> T) -> T {
        Self::sit_with(self.options(), work)
    }

    pub(crate) fn sit_with<T>(options: DeskOptions, work: impl AsyncFnOnce(Desk) -> T) -> T {
        let runtime = runtime();
        runtime.block_on(async { work(Desk::open(options)).await })
    }

    /// The same with the admin signed in; the centre is made first where there is none.
    pub(crate) fn sit_as_admin<T>(&self, work: impl AsyncFnOnce(Desk) -> T) -> T {
        let fresh = !self.data().join("keys.json").exists();
        self.sit(async |desk| {
            if fresh {
                let zone = self.zone.name().to_owned();
                desk.create_centre(NewCentre { zone, ..centre() })
                    .await
                    .unwrap();
            } else {
                desk.start().await.unwrap();
                desk.sign_in(ADMIN.to_owned(), PASSWORD.to_owned())
                    .await
                    .unwrap();
            }
            work(desk).await
        })
    }

    pub(crate) fn pass_seconds(&self, seconds: i64) {
        self.clock.pass(TimeDelta::seconds(seconds));
    }

    /// From Ready to Talking; a few seconds pass on the way.
    pub(crate) async fn talk(&self, desk: &Desk) -> DeskView {
        desk.act(DeskAction::NextTask).await.unwrap();
        self.call(desk).await
    }

    /// From the task at hand to Talking.
    pub(crate) async fn call(&self, desk: &Desk) -> DeskView {
        desk.act(DeskAction::Dial).await.unwrap();
        self.pass_seconds(5);
        let view = desk.act(DeskAction::Answered).await.unwrap();
        assert_eq!(view.state, DeskState::Talking, "the customer has answered");
        self.pass_seconds(20);
        view
    }

    /// The plain way through the script: yes, and yes.
    pub(crate) async fn agree(&self, desk: &Desk) -> DeskView {
        let first = step(&desk.desk().await.unwrap());
        let view = desk.answer(first, Some(1), None).await.unwrap();
        self.pass_seconds(20);
        desk.answer(step(&view), Some(1), None).await.unwrap()
    }

    /// A whole confirmation of the task at hand, saved.
    pub(crate) async fn confirm(&self, desk: &Desk, comment: &str) -> DeskView {
        self.agree(desk).await;
        let view = desk.act(DeskAction::HangUp).await.unwrap();
        self.pass_seconds(5);
        let draft = Draft {
            comment: comment.to_owned(),
            ..card(&view).draft.clone()
        };
        desk.save_result(draft, false).await.unwrap()
    }

    /// Lets the undo time go by.
    pub(crate) fn pass_undo(&self) {
        self.pass_seconds(11);
    }
}

pub(crate) fn centre() -> NewCentre {
    NewCentre {
        name: "Олена Адмін".to_owned(),
        login: ADMIN.to_owned(),
        password: PASSWORD.to_owned(),
        language: Language::Uk,
        zone: "Europe/Kyiv".to_owned(),
    }
}

pub(crate) fn person(login: &str, role: Role) -> NewPerson {
    NewPerson {
        name: format!("Особа {login}"),
        login: login.to_owned(),
        password: PASSWORD.to_owned(),
        role,
        language: Language::Uk,
    }
}

/// Signs the one out and the other in.
pub(crate) async fn change_person(desk: &Desk, login: &str) {
    desk.sign_out().await.unwrap();
    desk.sign_in(login.to_owned(), PASSWORD.to_owned())
        .await
        .unwrap();
}

pub(crate) fn card(view: &DeskView) -> &CardView {
    view.card.as_ref().expect("a task is at hand")
}

pub(crate) fn step(view: &DeskView) -> String {
    card(view)
        .script
        .step
        .as_ref()
        .expect("the script has a step")
        .id
        .clone()
}

/// The code of a refusal.
pub(crate) fn code<T: Debug>(result: Result<T, app::view::ApiError>) -> ErrorCode {
    match result {
        Ok(value) => panic!("it was to be refused, and came to {value:?}"),
        Err(error) => {
            assert!(
                !error.message.starts_with("error-"),
                "{:?} has words: {}",
                error.code,
                error.message
            );
            error.code
        }
    }
}

/// Waits until `look` finds what it looks for; asks again at each change.
pub(crate) async fn until<T>(
    desk: &Desk,
    what: &str,
    mut look: impl AsyncFnMut() -> Option<T>,
) -> T {
    let mut changes = desk.changes();
    let begun = Instant::now();
    loop {
        if let Some(found) = look().await {
            return found;
        }
        assert!(begun.elapsed() < PATIENCE, "never came: {what}");
        // A change wakes at once; what changes outside the desk is asked for again.
        let _ = tokio::time::timeout(Duration::from_millis(40), changes.next()).await;
    }
}

/// A shop on the loopback that lives longer than a sitting.
pub(crate) struct Market {
    pub(crate) double: WooDouble,
    _runtime: Runtime,
}

impl Market {
    pub(crate) fn open() -> Self {
        let runtime = runtime();
        let double = runtime
            .block_on(WooDouble::start(Setup::default()))
            .unwrap();
        {
            let mut stock = double.shelf();
            for (id, name, price) in [
                (KETTLE, "Чайник «Іскра»", "1299.50"),
                (IRON, "<img src=x onerror=alert(1)>", "850.00"),
            ] {
                stock.stock_product(SeedProduct {
                    id,
                    name,
                    price,
                    stock: Some(100),
                    parent: None,
                    kind: "simple",
                });
            }
        }
        Self {
            double,
            _runtime: runtime,
        }
    }

    pub(crate) fn take(&self, status: &'static str) -> u64 {
        let mut stock = self.double.shelf();
        stock.pass(1);
        let lines = vec![
            SeedLine {
                product: KETTLE,
                quantity: 2,
            },
            SeedLine {
                product: IRON,
                quantity: 1,
            },
        ];
        stock.take_order(&SeedOrder {
            status,
            payment_method: "cod",
            lines,
        })
    }

    /// The shop's staff sets a status.
    pub(crate) fn set_status(&self, id: u64, status: &str) {
        let mut stock = self.double.shelf();
        stock.pass(1);
        stock.set_status(id, status);
    }

    pub(crate) fn notes(&self, id: u64) -> Vec<String> {
        self.double.shelf().notes_of(id)
    }

    pub(crate) fn confirmed(&self, id: u64) -> bool {
        self.double
            .shelf()
            .meta_of(id, "_dzvinok_confirmed_at")
            .is_some()
    }

    pub(crate) fn order(&self, id: u64) -> Value {
        self.double.shelf().order_json(id)
    }

    pub(crate) fn field(&self, id: u64, name: &str) -> Option<Value> {
        self.double.shelf().meta_of(id, name)
    }

    pub(crate) fn stock_of(&self, product: u64) -> Option<i64> {
        self.double.shelf().stock_of(product)
    }

    /// Writes that reached the shop, answered or not.
    pub(crate) fn writes(&self) -> usize {
        self.double
            .log()
            .iter()
            .filter(|one| one.method != "GET" && !one.route.ends_with("/orders/0"))
            .count()
    }

    pub(crate) fn input(&self) -> ShopInput {
        ShopInput {
            kind: ShopKind::Woocommerce,
            name: "Побут".to_owned(),
            address: self.double.address().to_owned(),
            user: "ck_full".to_owned(),
            secret: "cs_full".to_owned(),
            language: Language::Uk,
            zone: String::new(),
            allow_http: true,
            allow_private: true,
            certificate_authority: String::new(),
        }
    }

    /// Connects it and waits for the first pull.
    pub(crate) async fn connect(&self, desk: &Desk) -> ShopId {
        let shop = desk.connect_shop(self.input()).await.unwrap().id;
        until(desk, "the first pull", async || {
            let shop = shop_of(desk, shop).await;
            (shop.sync.last_pull_at.is_some() && shop.sync.products == 2).then_some(())
        })
        .await;
        shop
    }
}

pub(crate) async fn shop_of(desk: &Desk, id: ShopId) -> ShopView {
    let shops = desk.shops().await.unwrap();
    shops
        .into_iter()
        .find(|shop| shop.id == id)
        .expect("the shop is in the list")
}

pub(crate) async fn task_of(desk: &Desk, order: u64) -> Option<TaskId> {
    let page = desk.queue(0, 500).await.unwrap();
    page.rows
        .into_iter()
        .find(|row| row.order_number == order.to_string())
        .map(|row| row.task)
}

/// Waits for the task of an order.
pub(crate) async fn task_for(desk: &Desk, order: u64) -> TaskId {
    until(desk, "the order's task", async || {
        task_of(desk, order).await
    })
    .await
}

/// Confirms an order by phone, from its task to the saved result.
pub(crate) async fn confirm(site: &Site, desk: &Desk, order: u64, comment: &str) {
    let task = task_for(desk, order).await;
    desk.take_task(task).await.unwrap();
    site.call(desk).await;
    site.confirm(desk, comment).await;
}

/// The same with this many kettles.
pub(crate) async fn confirm_pieces(site: &Site, desk: &Desk, order: u64, quantity: u32) {
    let task = task_for(desk, order).await;
    desk.take_task(task).await.unwrap();
    let view = site.call(desk).await;
    let key = card(&view).order.lines[0].key.clone();
    desk.edit_line(LineEdit::SetQuantity { key, quantity })
        .await
        .unwrap();
    site.confirm(desk, "").await;
}

/// How the exchange with a shop stands on the sync page.
pub(crate) async fn row_of(desk: &Desk, shop: ShopId) -> SyncRow {
    let page = desk.sync_page().await.unwrap();
    let row = page.shops.into_iter().find(|row| row.id == shop);
    row.expect("the shop is on the page")
}

/// Waits until nothing is on its way to the shop.
pub(crate) async fn settled(desk: &Desk, shop: ShopId) {
    until(desk, "an empty outbox", async || {
        // The wait after a failure is not waited out.
        desk.sync_now(shop).await.unwrap();
        let sync = shop_of(desk, shop).await.sync;
        (sync.waiting == 0 && sync.in_doubt == 0).then_some(())
    })
    .await;
}

pub(crate) async fn operations_of(desk: &Desk, shop: ShopId, order: u64) -> Vec<OperationView> {
    let all = desk.operations(shop).await.unwrap();
    all.into_iter()
        .filter(|one| one.order_number == order.to_string())
        .collect()
}

pub(crate) fn remote(id: u64) -> RemoteId {
    RemoteId(id.to_string())
}
