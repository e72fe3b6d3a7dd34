//! The desk as a whole: what it is made of and how its parts reach each other.

use crate::clock::{self, Clock};
use crate::error::{ApiError, ErrorCode};
use crate::exchange::Exchange;
use crate::forecasting::Outlooks;
use crate::hooks::Ear;
use crate::planning::Planning;
use crate::text::Fault;
use crate::view::{CallRow, Changed, Language, PauseReason, Theme};
use crate::work::card::PublishedScript;
use chrono::{DateTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rules::id::{CallId, ChangeId, PersonId, ScriptVersionId, ShopId, TaskId};
use rules::role::{Permission, Role};
use rules::status::StatusTable;
use shops::Capabilities;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::fmt::Display;
use std::fs::File;
use std::io;
use std::path::PathBuf;
use std::sync::{Arc, Mutex as StdMutex, PoisonError, RwLock, Weak};
use std::time::Duration;
use store::keyring::Keyring;
use store::table::task::Task;
use store::vault::{Cost, Vault};
use store::{Author, Centre, Change, ShopStore};
use sync::outbox::OutboxPolicy;
use telephony::{TelHandOff, Telephony, TelephonyEvent};
use tokio::sync::{Mutex, MutexGuard, broadcast};

/// Hands an address such as `tel:+380…` to the computer.
pub type Opener = Arc<dyn Fn(&str) -> io::Result<()> + Send + Sync>;

/// How long things take; tests shorten them.
#[derive(Clone, Copy, Debug)]
pub struct Timing {
    /// A result can be taken back for so long; nothing leaves before.
    pub undo: TimeDelta,
    /// Pause between two pulls of one shop.
    pub poll: Duration,
    /// How long to wait after a doubtful write before looking whether it has arrived, see
    /// [`OutboxPolicy::quiet_after`].
    pub quiet: TimeDelta,
}

impl Default for Timing {
    fn default() -> Self {
        Self {
            undo: TimeDelta::seconds(10),
            poll: Duration::from_secs(30),
            quiet: TimeDelta::from_std(OutboxPolicy::default().quiet)
                .unwrap_or(TimeDelta::minutes(4)),
        }
    }
}

/// What a desk is opened with.
#[derive(Clone)]
pub struct DeskOptions {
    /// Where everything is kept.
    pub data_dir: PathBuf,
    /// Where the key is kept.
    pub keyring: Arc<dyn Keyring>,
    /// The time.
    pub clock: Clock,
    /// The zone of the desk.
    pub zone: Tz,
    /// Opens `tel:` addresses.
    pub opener: Opener,
    /// How long things take.
    pub timing: Timing,
    /// Exchange with the shops in the background.
    pub exchange: bool,
    /// Take the folder for this desk alone; a look at it needs not.
    pub alone: bool,
    /// What deriving a key from a new password costs.
    pub password_cost: Cost,
    /// The language before anyone has signed in; the last person's by default.
    pub language: Option<Language>,
}

impl DeskOptions {
    /// The options of a person's own desk: their data folder, keyring, zone and clock.
    pub fn for_user(data_dir: Option<PathBuf>) -> Self {
        let data_dir = data_dir
            .or_else(|| dirs::data_dir().map(|folder| folder.join("dzvinok")))
            .unwrap_or_else(|| PathBuf::from("dzvinok-data"));
        Self {
            data_dir,
            keyring: Arc::from(store::keyring::of_desktop()),
            clock: clock::system(),
            zone: computer_zone(),
            opener: Arc::new(|address| open::that_detached(address)),
            timing: Timing::default(),
            exchange: true,
            alone: true,
            password_cost: Cost::default(),
            language: None,
        }
    }
}

fn computer_zone() -> Tz {
    let name = iana_time_zone::get_timezone().unwrap_or_default();
    name.parse().unwrap_or(Tz::Europe__Kyiv)
}

/// The desk. Cheap to clone; all clones are one desk.
#[derive(Clone)]
pub struct Desk {
    pub(crate) inner: Arc<Inner>,
}

/// A desk as its background work knows it: without keeping it alive.
pub(crate) struct WeakDesk(Weak<Inner>);

impl WeakDesk {
    /// The desk, while anyone else holds it.
    pub(crate) fn desk(&self) -> Option<Desk> {
        self.0.upgrade().map(|inner| Desk { inner })
    }
}

pub(crate) struct Inner {
    pub(crate) options: DeskOptions,
    pub(crate) state: Mutex<State>,
    pub(crate) phone: TelHandOff,
    /// The centre's zone once its store is open, the computer's before.
    zone: RwLock<Tz>,
    /// Forecasts made since the desk was opened.
    pub(crate) outlooks: Outlooks,
    changes: broadcast::Sender<Changed>,
    pub(crate) planning: Planning,
}

/// What is open and who sits here.
#[derive(Default)]
pub(crate) struct State {
    /// Held as long as the folder is in use: two desks on one folder would call twice.
    pub(crate) folder_lock: Option<File>,
    pub(crate) vault: Option<Arc<Vault>>,
    pub(crate) centre: Option<Arc<Centre>>,
    pub(crate) shops: BTreeMap<ShopId, Arc<OpenShop>>,
    /// Shops whose files cannot be read; nothing is done to them.
    pub(crate) unreadable: BTreeSet<ShopId>,
    pub(crate) session: Option<Session>,
    /// What the phone has told and nobody has recorded yet.
    pub(crate) phone_events: Option<broadcast::Receiver<TelephonyEvent>>,
}

/// A shop whose file is open.
pub(crate) struct OpenShop {
    pub(crate) id: ShopId,
    pub(crate) name: String,
    pub(crate) zone: Tz,
    pub(crate) language: Language,
    pub(crate) is_sample: bool,
    pub(crate) can_edit: bool,
    /// What it can do; the sample has told nothing.
    pub(crate) can: Option<Capabilities>,
    /// What its words for the state of an order mean, and which may follow which.
    pub(crate) statuses: StdMutex<Arc<StatusTable>>,
    pub(crate) ear: StdMutex<Ear>,
    /// Names of the sample's operators.
    pub(crate) made_up: HashMap<PersonId, String>,
    pub(crate) scripts: StdMutex<HashMap<ScriptVersionId, Arc<PublishedScript>>>,
    /// Earlier calls to the customer of the task at hand. Read once per task: it does not change under
    /// the operator's keys, and reading it after each of them cost more than all the rest.
    pub(crate) history: StdMutex<Option<(TaskId, Vec<CallRow>)>>,
    pub(crate) store: Arc<ShopStore>,
    pub(crate) exchange: Exchange,
}

/// The person at the desk.
#[derive(Clone)]
pub(crate) struct Session {
    pub(crate) person: PersonId,
    pub(crate) login: String,
    pub(crate) name: String,
    pub(crate) role: Role,
    pub(crate) language: Language,
    pub(crate) theme: Theme,
    pub(crate) locked: bool,
    /// Since when the person is free or away.
    pub(crate) since: DateTime<Utc>,
    pub(crate) pause: Option<PauseReason>,
    /// The last saved result, for as long as it can be taken back.
    pub(crate) last_saved: Option<LastSaved>,
    /// Something to know that stops nothing.
    pub(crate) notice: Option<ErrorCode>,
}

#[derive(Clone)]
pub(crate) struct LastSaved {
    pub(crate) shop: ShopId,
    pub(crate) call: CallId,
    pub(crate) order_number: String,
    pub(crate) outcome: String,
    pub(crate) until: DateTime<Utc>,
    /// The task as it was before.
    pub(crate) task: Task,
}

/// Tells what changed, as long as the desk lives.
pub struct Changes(broadcast::Receiver<Changed>);

impl Changes {
    /// The next change; none when the desk is gone. A reader that was too slow is told that
    /// everything has changed.
    pub async fn next(&mut self) -> Option<Changed> {
        match self.0.recv().await {
            Ok(changed) => Some(changed),
            Err(broadcast::error::RecvError::Lagged(_)) => Some(Changed::Desk),
            Err(broadcast::error::RecvError::Closed) => None,
        }
    }
}

impl Desk {
    /// A desk on this folder. Opens nothing yet, so that it cannot fail: [`Desk::start`] does.
    pub fn open(options: DeskOptions) -> Self {
        let (changes, _) = broadcast::channel(64);
        let (opener, clock) = (Arc::clone(&options.opener), Arc::clone(&options.clock));
        let phone = TelHandOff::new(
            Box::new(move |link| opener(link)),
            Box::new(move || clock()),
        );
        let state = State {
            phone_events: Some(phone.events()),
            ..State::default()
        };
        Self {
            inner: Arc::new(Inner {
                zone: RwLock::new(options.zone),
                outlooks: Outlooks::default(),
                options,
                state: Mutex::new(state),
                phone,
                changes,
                planning: Planning::default(),
            }),
        }
    }

    /// Records what the phone tells by itself, as long as the desk lives.
    pub async fn listen_to_phone(&self) {
        let mut events = self.inner.phone.events();
        while !matches!(
            events.recv().await,
            Err(broadcast::error::RecvError::Closed)
        ) {
            self.phone_rang().await;
        }
    }

    /// Ends the exchange and closes the files. Nothing can be done here afterwards.
    pub async fn close(&self) {
        self.end_searches().await;
        let mut state = self.state().await;
        let shops = std::mem::take(&mut state.shops);
        for shop in shops.values() {
            shop.exchange.stop();
            if let Err(error) = shop.store.db.close().await {
                tracing::warn!(shop = %shop.id, %error, "a shop's file was not closed");
            }
        }
        if let Some(centre) = state.centre.take()
            && let Err(error) = centre.db.close().await
        {
            tracing::warn!(%error, "the centre's file was not closed");
        }
        *state = State::default();
    }

    /// What changes from now on.
    pub fn changes(&self) -> Changes {
        Changes(self.inner.changes.subscribe())
    }

    pub(crate) fn weak(&self) -> WeakDesk {
        WeakDesk(Arc::downgrade(&self.inner))
    }

    pub(crate) fn tell(&self, changed: Changed) {
        if changed == Changed::Forecast {
            self.inner.planning.forecast_anew();
        }
        // Nobody listening is no fault: the command line does not.
        let _ = self.inner.changes.send(changed);
    }

    pub(crate) fn now(&self) -> DateTime<Utc> {
        (self.inner.options.clock)()
    }

    /// Where the centre works.
    pub(crate) fn zone(&self) -> Tz {
        *self
            .inner
            .zone
            .read()
            .unwrap_or_else(PoisonError::into_inner)
    }

    pub(crate) fn set_zone(&self, zone: Tz) {
        *self
            .inner
            .zone
            .write()
            .unwrap_or_else(PoisonError::into_inner) = zone;
    }

    pub(crate) async fn state(&self) -> MutexGuard<'_, State> {
        self.inner.state.lock().await
    }

    /// A change by `author`, now.
    pub(crate) fn change(
        &self,
        author: Author,
        kind: &'static str,
        subject: &impl Display,
        body: serde_json::Value,
    ) -> Change {
        Change {
            id: ChangeId::from_uuid(clock::mint()),
            at: self.now(),
            zone: self.zone(),
            author,
            kind,
            subject: subject.to_string(),
            body,
        }
    }

    /// The reader's language for the words of an error.
    pub(crate) async fn language(&self) -> Language {
        let early = self.inner.options.language.unwrap_or_default();
        self.state()
            .await
            .session
            .as_ref()
            .map_or(early, |session| session.language)
    }

    /// An error in the reader's words, for callers that find it themselves.
    pub async fn fault(&self, code: ErrorCode) -> ApiError {
        Fault::from(code).told(self.language().await)
    }

    /// Puts a fault into the reader's words.
    pub(crate) async fn told<T>(&self, result: Result<T, Fault>) -> Result<T, ApiError> {
        match result {
            Ok(value) => Ok(value),
            Err(fault) => {
                tracing::info!(code = %crate::text::code_word(fault.code), "refused");
                Err(fault.told(self.language().await))
            }
        }
    }
}

impl State {
    /// The person at the desk, not locked, allowed to do this.
    pub(crate) fn session(&self, permission: Permission) -> Result<&Session, Fault> {
        let session = self
            .session
            .as_ref()
            .filter(|session| !session.locked)
            .ok_or(ErrorCode::SignInNeeded)?;
        if session.role.may(permission) {
            Ok(session)
        } else {
            Err(ErrorCode::NotAllowed.into())
        }
    }

    pub(crate) fn centre(&self) -> Result<Arc<Centre>, Fault> {
        self.centre
            .clone()
            .ok_or_else(|| ErrorCode::SignInNeeded.into())
    }

    pub(crate) fn shop(&self, id: ShopId) -> Result<Arc<OpenShop>, Fault> {
        self.shops
            .get(&id)
            .cloned()
            .ok_or_else(|| ErrorCode::NotFound.into())
    }
}
