//! First start, opening the store, signing in and out, the lock.

use crate::clock;
use crate::connect;
use crate::desk::{Desk, Session, State};
use crate::error::{ApiError, ErrorCode};
use crate::text::Fault;
use crate::view::{
    Changed, Language, NewCentre, PauseReason, PersonView, RecoveryCodeView, SessionView,
    StartPhase, StartView, Theme,
};
use chrono::TimeDelta;
use rules::id::{FactId, PersonId};
use rules::role::{Permission, Role};
use serde::{Deserialize, Serialize};
use serde_json::json;
use std::fs::{self, File, TryLockError};
use std::io;
use std::sync::Arc;
use store::table::attendance::{self, Attendance, Kind};
use store::table::person::{self, Person};
use store::table::setting;
use store::vault::{self, Place, RecoveryCode, Vault};
use store::{Author, Centre, ShopStore, StoreError};

/// Shortest password, in characters (NIST SP 800-63B §3.1.1.2 asks for eight at least).
const LEAST_PASSWORD: usize = 8;
/// Minutes without a key or move until the desk locks itself.
const IDLE_LOCK_MINUTES: u32 = 5;
const ZONE_SETTING: &str = "zone";
const IDLE_LOCK_SETTING: &str = "idle_lock_minutes";
const HINTS: &str = "desk.json";

/// What is known before anyone signs in: nothing that tells of customers or people but the login
/// typed last on this desk.
#[derive(Default, Serialize, Deserialize)]
#[serde(default)]
struct Hints {
    language: Option<Language>,
    last_login: String,
}

impl Desk {
    /// What the first screen must ask for. Opens the store where the keyring has its key.
    pub async fn start(&self) -> Result<StartView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            self.occupy(&mut state)?;
            self.set_aside_unused_keys()?;
            let fresh = match (&state.vault, Vault::state(&self.inner.options.data_dir)?) {
                (Some(_), _) => false,
                (None, vault::State::Fresh) => true,
                (None, vault::State::Unreadable) => return Err(ErrorCode::StoreUnreadable.into()),
                (None, vault::State::Locked { .. }) => {
                    let place = self.place();
                    match apart(move || Vault::open_with_keyring(&place)).await {
                        Ok(vault) => self.open_store(&mut state, vault).await?,
                        Err(error) => tracing::info!(%error, "the keyring does not open the data"),
                    }
                    false
                }
            };
            self.start_view(&state, fresh).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Makes the centre and its first admin, and signs them in.
    pub async fn create_centre(&self, centre: NewCentre) -> Result<RecoveryCodeView, ApiError> {
        let language = centre.language;
        match self.create(centre).await {
            Ok(code) => Ok(RecoveryCodeView {
                code: code.reveal(),
            }),
            Err(fault) => Err(fault.told(language)),
        }
    }

    /// Signs in.
    pub async fn sign_in(&self, login: String, password: String) -> Result<SessionView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            self.occupy(&mut state)?;
            if Vault::state(&self.inner.options.data_dir)? == vault::State::Fresh {
                return Err(ErrorCode::CentreMissing.into());
            }
            self.unlock_vault(&mut state, &login, password).await?;
            self.enter(&mut state, &login).await
        };
        let result = result.await;
        self.spoken_early(result)
    }

    /// Opens the data with the recovery code and gives that person a new password.
    pub async fn recover(
        &self,
        code: String,
        login: String,
        new_password: String,
    ) -> Result<SessionView, ApiError> {
        let result = async {
            long_enough(&new_password)?;
            let mut state = self.state().await;
            self.occupy(&mut state)?;
            let place = self.place();
            let vault = apart(move || Vault::open_with_recovery(&place, &code)).await?;
            if state.vault.is_none() {
                self.open_store(&mut state, vault).await?;
            }
            let known = login.clone();
            let centre = state.centre()?;
            let person = centre
                .db
                .read(move |conn| person::by_login(conn, &known))
                .await?;
            let person = person
                .filter(|person| person.active)
                .ok_or(ErrorCode::NotFound)?;
            let vault = state.vault()?;
            let known = login.clone();
            apart(move || vault.set_password(&known, &new_password)).await?;
            let change = self.change(
                Author::Person(person.id),
                "person.recovered",
                &person.id,
                json!({}),
            );
            centre.db.write(change, |_| Ok(())).await?;
            self.enter(&mut state, &login).await
        };
        let result = result.await;
        self.spoken_early(result)
    }

    /// Signs out; refused during a call.
    pub async fn sign_out(&self) -> Result<(), ApiError> {
        let result = async {
            let mut state = self.state().await;
            // From the lock as well: who cannot unlock it makes room for the next person.
            let person = state
                .session
                .as_ref()
                .ok_or(ErrorCode::SignInNeeded)?
                .person;
            self.make_room(&state, person).await?;
            state.session = None;
            self.tell(Changed::Session);
            Ok(())
        };
        let result = result.await;
        self.told(result).await
    }

    /// Locks the screen; a call goes on.
    pub async fn lock(&self) -> Result<(), ApiError> {
        let result = async {
            let mut state = self.state().await;
            if state.session.as_ref().is_none_or(|session| session.locked) {
                return Ok(());
            }
            self.attend(&state, Kind::Locked).await?;
            if let Some(session) = &mut state.session {
                session.locked = true;
            }
            self.tell(Changed::Session);
            Ok(())
        };
        let result = result.await;
        self.told(result).await
    }

    /// Unlocks the screen.
    pub async fn unlock(&self, password: String) -> Result<SessionView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            let login = state
                .session
                .as_ref()
                .ok_or(ErrorCode::SignInNeeded)?
                .login
                .clone();
            self.unlock_vault(&mut state, &login, password).await?;
            if let Some(session) = &mut state.session {
                session.locked = false;
            }
            self.attend(&state, Kind::Unlocked).await?;
            self.tell(Changed::Session);
            self.session_view(&state).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Keeps the person's language and look.
    pub async fn set_preferences(
        &self,
        language: Language,
        theme: Theme,
    ) -> Result<SessionView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            let id = state.session(Permission::WorkQueue)?.person;
            if let Some(session) = &mut state.session {
                (session.language, session.theme) = (language, theme);
            }
            let centre = state.centre()?;
            let change = self.change(Author::Person(id), "person.preferences", &id, json!({}));
            centre
                .db
                .write(change, move |tx| {
                    let mut person = person::get(tx, id)?.ok_or(StoreError::NotFound("person"))?;
                    language.code().clone_into(&mut person.language);
                    theme_word(theme).clone_into(&mut person.theme);
                    person::update(tx, &person)
                })
                .await?;
            self.keep_hints(|hints| hints.language = Some(language));
            self.session_view(&state).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Changes one's own password.
    pub async fn change_password(&self, old: String, new: String) -> Result<(), ApiError> {
        let result = async {
            long_enough(&new)?;
            let mut state = self.state().await;
            let session = state.session(Permission::WorkQueue)?;
            let (login, person) = (session.login.clone(), session.person);
            self.unlock_vault(&mut state, &login, old).await?;
            let vault = state.vault()?;
            apart(move || vault.set_password(&login, &new)).await?;
            let change = self.change(
                Author::Person(person),
                "person.password",
                &person,
                json!({}),
            );
            Ok(state.centre()?.db.write(change, |_| Ok(())).await?)
        };
        let result = result.await;
        self.told(result).await
    }

    /// Before anyone has signed in, words are in the language of the first screen.
    fn spoken_early<T>(&self, result: Result<T, Fault>) -> Result<T, ApiError> {
        result.map_err(|fault| {
            let language = self
                .inner
                .options
                .language
                .or(self.hints().language)
                .unwrap_or_default();
            tracing::info!(code = %crate::text::code_word(fault.code), "refused");
            fault.told(language)
        })
    }

    async fn create(&self, centre: NewCentre) -> Result<RecoveryCode, Fault> {
        filled("name", &centre.name)?;
        filled("login", &centre.login)?;
        long_enough(&centre.password)?;
        let zone = if centre.zone.is_empty() {
            self.zone()
        } else {
            connect::zone(&centre.zone)?
        };
        let mut state = self.state().await;
        self.occupy(&mut state)?;
        let place = self.place();
        let (login, password) = (centre.login.trim().to_owned(), centre.password);
        let known = login.clone();
        let (vault, code) = apart(move || Vault::create(&place, &known, &password)).await?;
        Centre::create(&self.inner.options.data_dir, vault.centre_key())?;
        self.open_store(&mut state, vault).await?;
        self.set_zone(zone);
        let person = Person {
            id: PersonId::from_uuid(clock::mint()),
            login: login.clone(),
            name: centre.name.trim().to_owned(),
            role: Role::Admin,
            language: centre.language.code().to_owned(),
            theme: theme_word(Theme::System).to_owned(),
            active: true,
            created_at: self.now(),
        };
        let change = self.change(
            Author::Person(person.id),
            "centre.created",
            &person.id,
            json!({}),
        );
        state
            .centre()?
            .db
            .write(change, move |tx| {
                setting::set(tx, ZONE_SETTING, zone.name())?;
                person::insert(tx, &person)
            })
            .await?;
        self.keep_hints(|hints| hints.language = Some(centre.language));
        self.enter(&mut state, &login).await?;
        Ok(code)
    }

    /// A first start cut short leaves keys that seal nothing: they would keep the next one from
    /// beginning. They are set aside, not deleted.
    fn set_aside_unused_keys(&self) -> Result<(), Fault> {
        let dir = &self.inner.options.data_dir;
        let keys = dir.join("keys.json");
        let seals_nothing = !Centre::exists(dir)? && !dir.join("shops").exists();
        if keys.exists() && seals_nothing {
            let aside = dir.join(format!("keys.unused-{}.json", self.now().timestamp()));
            fs::rename(keys, aside).map_err(StoreError::from)?;
        }
        Ok(())
    }

    fn place(&self) -> Place {
        let options = &self.inner.options;
        Place {
            cost: options.password_cost,
            ..Place::new(&options.data_dir, Arc::clone(&options.keyring))
        }
    }

    /// Takes the folder for this desk alone.
    fn occupy(&self, state: &mut State) -> Result<(), Fault> {
        if state.folder_lock.is_some() || !self.inner.options.alone {
            return Ok(());
        }
        let dir = &self.inner.options.data_dir;
        let taken = fs::create_dir_all(dir).and_then(|()| File::create(dir.join("desk.lock")));
        let file = taken.map_err(StoreError::from)?;
        match file.try_lock() {
            Ok(()) => {
                state.folder_lock = Some(file);
                Ok(())
            }
            Err(TryLockError::WouldBlock) => Err(ErrorCode::StoreInUse.into()),
            Err(TryLockError::Error(error)) => Err(StoreError::from(error).into()),
        }
    }

    async fn unlock_vault(
        &self,
        state: &mut State,
        login: &str,
        password: String,
    ) -> Result<(), Fault> {
        let (place, now, known) = (self.place(), self.now(), login.to_owned());
        let opened = match state.vault.clone() {
            Some(vault) => apart(move || vault.check_password(&known, &password, now))
                .await
                .map(|()| None),
            None => apart(move || Vault::open_with_password(&place, &known, &password, now))
                .await
                .map(Some),
        };
        match opened {
            Ok(None) => Ok(()),
            Ok(Some(vault)) => self.open_store(state, vault).await,
            Err(StoreError::LockedOut { until }) => {
                let minutes = (until - now + TimeDelta::seconds(59)).num_minutes().max(1);
                Err(Fault::from(ErrorCode::LockedOut).with("minutes", &minutes))
            }
            Err(error) => Err(error.into()),
        }
    }

    async fn open_store(&self, state: &mut State, vault: Vault) -> Result<(), Fault> {
        let dir = self.inner.options.data_dir.clone();
        let key = vault.centre_key().clone();
        let centre = Arc::new(apart(move || Centre::open(&dir, &key)).await?);
        let shops = centre.db.read(store::table::shop::list).await?;
        let (removed, shops): (Vec<_>, Vec<_>) = shops
            .into_iter()
            .partition(|shop| shop.removed_at.is_some());
        for shop in removed {
            // Its removal may have been cut short; what is gone already is no error.
            let (dir, id) = (self.inner.options.data_dir.clone(), shop.id);
            if let Err(error) = apart(move || ShopStore::destroy(&dir, id)).await {
                tracing::warn!(shop = %id, %error, "a removed shop's file is still there");
            }
        }
        for shop in shops {
            match self.open_shop(&centre, &shop).await {
                Ok(open) => {
                    state.shops.insert(shop.id, open);
                }
                // One client's damaged file keeps nobody from working for the others.
                Err(fault)
                    if matches!(fault.code, ErrorCode::StoreUnreadable | ErrorCode::NotFound) =>
                {
                    tracing::error!(shop = %shop.id, "the shop's file cannot be read");
                    state.unreadable.insert(shop.id);
                }
                Err(fault) => return Err(fault),
            }
        }
        let zone = centre
            .db
            .read(|conn| setting::get(conn, ZONE_SETTING))
            .await?;
        if let Some(zone) = zone.and_then(|name| name.parse().ok()) {
            self.set_zone(zone);
        }
        state.centre = Some(centre);
        state.vault = Some(Arc::new(vault));
        Ok(())
    }

    async fn enter(&self, state: &mut State, login: &str) -> Result<SessionView, Fault> {
        let known = login.to_owned();
        let person = state
            .centre()?
            .db
            .read(move |conn| person::by_login(conn, &known))
            .await?;
        let person = person
            .filter(|person| person.active)
            .ok_or(ErrorCode::NotAllowed)?;
        let before = state.session.as_ref().map(|session| session.person);
        if let Some(other) = before.filter(|before| *before != person.id) {
            self.make_room(state, other).await?;
        }
        state.session = Some(Session {
            person: person.id,
            login: person.login.clone(),
            name: person.name.clone(),
            role: person.role,
            language: Language::from_code(&person.language).unwrap_or_default(),
            theme: theme(&person.theme),
            locked: false,
            since: self.now(),
            pause: None,
            last_saved: None,
            notice: None,
        });
        self.attend(state, Kind::SignedIn).await?;
        // A person who signs in on top of themselves has not lost the line.
        if before != Some(person.id) {
            self.recover_call(state).await?;
        }
        self.keep_hints(|hints| {
            hints.last_login.clone_from(&person.login);
            hints.language = Language::from_code(&person.language);
        });
        self.tell(Changed::Session);
        self.session_view(state).await
    }

    /// The person at the desk leaves it to the next one: never in a call.
    async fn make_room(&self, state: &State, person: PersonId) -> Result<(), Fault> {
        if let Some((shop, job)) = self.job_of(state, person).await? {
            if job.call.is_some() {
                return Err(ErrorCode::CallOpen.into());
            }
            self.put_back(state, &shop, &job).await?;
        }
        self.attend(state, Kind::SignedOut).await
    }

    pub(crate) async fn attend(&self, state: &State, kind: Kind) -> Result<(), Fault> {
        self.attend_because(state, kind, None).await
    }

    /// The same with the reason of a pause.
    pub(crate) async fn attend_because(
        &self,
        state: &State,
        kind: Kind,
        reason: Option<PauseReason>,
    ) -> Result<(), Fault> {
        let Some(session) = &state.session else {
            return Ok(());
        };
        let fact = Attendance {
            id: FactId::from_uuid(clock::mint()),
            person: session.person,
            at: self.now(),
            zone: self.zone(),
            kind,
            reason: reason.map(|reason| reason.word().to_owned()),
        };
        let change = self.change(
            Author::Person(session.person),
            "attendance",
            &session.person,
            json!({}),
        );
        Ok(state
            .centre()?
            .db
            .write(change, move |tx| attendance::add(tx, &fact))
            .await?)
    }

    async fn start_view(&self, state: &State, fresh: bool) -> Result<StartView, Fault> {
        let hints = self.hints();
        let phase = match &state.session {
            _ if fresh => StartPhase::Fresh,
            None => StartPhase::SignIn,
            Some(session) if session.locked => StartPhase::Locked,
            Some(_) => StartPhase::Ready,
        };
        let session = match phase {
            StartPhase::Ready | StartPhase::Locked => Some(self.session_view(state).await?),
            StartPhase::Fresh | StartPhase::SignIn => None,
        };
        Ok(StartView {
            phase,
            language: hints
                .language
                .or_else(computer_language)
                .unwrap_or_default(),
            last_login: hints.last_login,
            keyring: state.vault.is_some(),
            session,
            version: env!("CARGO_PKG_VERSION").to_owned(),
        })
    }

    pub(crate) async fn session_view(&self, state: &State) -> Result<SessionView, Fault> {
        let session = state.session.as_ref().ok_or(ErrorCode::SignInNeeded)?;
        let minutes = state
            .centre()?
            .db
            .read(|conn| setting::get(conn, IDLE_LOCK_SETTING))
            .await?;
        Ok(SessionView {
            person: PersonView {
                id: session.person,
                login: session.login.clone(),
                name: session.name.clone(),
                role: session.role,
                language: session.language,
                theme: session.theme,
                active: true,
            },
            permissions: session.role.permissions(),
            idle_lock_minutes: minutes
                .and_then(|text| text.parse().ok())
                .unwrap_or(IDLE_LOCK_MINUTES),
            has_shops: !(state.shops.is_empty() && state.unreadable.is_empty()),
        })
    }

    fn hints(&self) -> Hints {
        let text = fs::read_to_string(self.inner.options.data_dir.join(HINTS)).unwrap_or_default();
        serde_json::from_str(&text).unwrap_or_default()
    }

    /// A hint that cannot be kept costs a few keys at the next start and nothing more.
    fn keep_hints(&self, set: impl FnOnce(&mut Hints)) {
        let mut hints = self.hints();
        set(&mut hints);
        let kept: io::Result<()> = serde_json::to_string(&hints)
            .map_err(io::Error::from)
            .and_then(|text| fs::write(self.inner.options.data_dir.join(HINTS), text));
        if let Err(error) = kept {
            tracing::debug!(%error, "hints were not kept");
        }
    }
}

/// Runs what takes long on a thread of its own.
pub(crate) async fn apart<T, F>(work: F) -> Result<T, StoreError>
where
    F: FnOnce() -> Result<T, StoreError> + Send + 'static,
    T: Send + 'static,
{
    tokio::task::spawn_blocking(work)
        .await
        .unwrap_or(Err(StoreError::Panicked))
}

pub(crate) fn long_enough(password: &str) -> Result<(), Fault> {
    if password.chars().count() >= LEAST_PASSWORD {
        return Ok(());
    }
    Err(Fault::from(ErrorCode::PasswordShort).with("least", &LEAST_PASSWORD))
}

pub(crate) fn filled(field: &str, text: &str) -> Result<(), Fault> {
    if text.trim().is_empty() {
        Err(Fault::from(ErrorCode::FieldMissing).with("field", &field))
    } else {
        Ok(())
    }
}

/// The language of the computer, where it is one of ours.
fn computer_language() -> Option<Language> {
    ["LC_ALL", "LC_MESSAGES", "LANG"]
        .into_iter()
        .filter_map(|name| std::env::var(name).ok())
        .find_map(|value| Language::from_code(&value))
}

pub(crate) fn theme(word: &str) -> Theme {
    match word {
        "light" => Theme::Light,
        "dark" => Theme::Dark,
        _ => Theme::System,
    }
}

pub(crate) fn theme_word(theme: Theme) -> &'static str {
    match theme {
        Theme::System => "system",
        Theme::Light => "light",
        Theme::Dark => "dark",
    }
}
