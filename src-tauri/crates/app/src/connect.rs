//! Client shops: asking who they are, keeping them, showing them, letting them go.

use crate::access::{self, Told};
use crate::calls::operation_view;
use crate::clock;
use crate::desk::{Desk, OpenShop, State};
use crate::error::{ApiError, ErrorCode};
use crate::exchange::{Courier, Exchange, Round};
use crate::sampling::SampleShop;
use crate::start::apart;
use crate::text::Fault;
use crate::view::{
    Changed, Language, LetterChoice, OperationView, ShopCheck, ShopInput, ShopView, SyncPhase,
    SyncView,
};
use chrono_tz::Tz;
use rules::id::{OperationId, PersonId, ScriptVersionId, ShopId};
use rules::role::Permission;
use rules::script::{CONFIRM, Script};
use serde_json::json;
use shops::http::tape;
use shops::{Access, Introduction, Shop, ShopKind};
use std::path::Path;
use std::sync::{Arc, Mutex};
use store::table::pull::{self, Stream};
use store::table::script::ScriptVersion;
use store::table::shop::{self as shop_table, Kind};
use store::table::{order, outbox, product, script, setting, task};
use store::{Author, Centre, Key, Secret, ShopStore};

/// Most operations listed.
const MOST_OPERATIONS: u32 = 200;

/// How one round of the exchange with a shop went.
#[derive(Clone, Debug, serde::Serialize)]
pub struct RoundView {
    /// What people here call the shop.
    pub shop: String,
    /// Items told by the shop.
    pub pulled: u32,
    /// Results that got through.
    pub sent: u32,
    /// Results that wait for their time.
    pub waiting: u32,
    /// What stopped it.
    pub error: Option<ApiError>,
}

impl Desk {
    /// Asks a shop who it is and what it can do; keeps nothing.
    pub async fn check_shop(&self, shop: ShopInput) -> Result<ShopCheck, ApiError> {
        let allowed = self
            .state()
            .await
            .session(Permission::ManageShops)
            .map(|_| ());
        let result = match allowed {
            Ok(()) => introduce(&shop)
                .await
                .map(|(_, introduction)| check(introduction)),
            Err(fault) => Err(fault),
        };
        self.told(result).await
    }

    /// The same before there is a centre, for the command line.
    pub async fn try_shop(&self, shop: ShopInput) -> Result<ShopCheck, ApiError> {
        let result = introduce(&shop)
            .await
            .map(|(_, introduction)| check(introduction));
        self.told(result).await
    }

    /// Reads a shop as the desk would and writes what it said into `folder`, personal data masked:
    /// for whoever adds or mends a connector. Needs no centre, changes nothing at the shop.
    pub async fn capture_shop(
        &self,
        shop: ShopInput,
        folder: &Path,
        pages: u32,
    ) -> Result<(), ApiError> {
        let result = async {
            let access = access::typed(&shop)?;
            Ok(tape::capture(&access, folder, pages).await?)
        };
        let result = result.await;
        self.told(result).await
    }

    /// Keeps the shop and begins its first pull.
    pub async fn connect_shop(&self, shop: ShopInput) -> Result<ShopView, ApiError> {
        let result = self.keep_shop(shop).await;
        self.told(result).await
    }

    /// All shops.
    pub async fn shops(&self) -> Result<Vec<ShopView>, ApiError> {
        let result = async {
            let state = self.state().await;
            let language = state.session(Permission::WorkQueue)?.language;
            let rows = state.centre()?.db.read(shop_table::list).await?;
            let shops: Vec<_> = state.shops.values().cloned().collect();
            let unreadable = state.unreadable.clone();
            drop(state);
            let mut views = Vec::with_capacity(shops.len() + unreadable.len());
            for shop in shops {
                if let Some(row) = rows.iter().find(|row| row.id == shop.id) {
                    views.push(shop_view(&shop, row, language, self.now()).await?);
                }
            }
            let lost = rows.iter().filter(|row| unreadable.contains(&row.id));
            views.extend(lost.map(|row| unreadable_view(row, language)));
            Ok(views)
        };
        let result = result.await;
        self.told(result).await
    }

    /// Pulls and sends now.
    pub async fn sync_now(&self, shop: ShopId) -> Result<(), ApiError> {
        let result = async {
            let state = self.state().await;
            state.session(Permission::WorkQueue)?;
            state.shop(shop)?.exchange.nudge();
            Ok(())
        };
        let result = result.await;
        self.told(result).await
    }

    /// Destroys a shop's data and its key. `name` must be the shop's; for the sample it is not asked.
    pub async fn remove_shop(&self, shop: ShopId, name: String) -> Result<(), ApiError> {
        let result = self.let_go(shop, &name).await;
        self.told(result).await
    }

    /// Results on their way to a shop, those that need a person first.
    pub async fn operations(&self, shop: ShopId) -> Result<Vec<OperationView>, ApiError> {
        let result = async {
            let state = self.state().await;
            let language = state.session(Permission::WorkQueue)?.language;
            let shop = state.shop(shop)?;
            drop(state);
            let found = shop.store.db.read(list_operations).await?;
            Ok(found
                .iter()
                .map(|(entry, number)| operation_view(entry, number, language))
                .collect())
        };
        let result = result.await;
        self.told(result).await
    }

    /// Tries a dead operation again.
    pub async fn retry_operation(
        &self,
        shop: ShopId,
        operation: OperationId,
    ) -> Result<(), ApiError> {
        let result = self.resolve(shop, operation, LetterChoice::Retry).await;
        self.told(result).await
    }

    /// One round of the exchange with every shop, for the command line.
    pub async fn exchange_once(&self) -> Result<Vec<RoundView>, ApiError> {
        let result = async {
            let state = self.state().await;
            let centre = state.centre()?;
            let shops: Vec<_> = state.shops.values().cloned().collect();
            let language = state
                .session
                .as_ref()
                .map_or_else(Language::default, |session| session.language);
            drop(state);
            let rows = centre.db.read(shop_table::list).await?;
            let mut rounds = Vec::new();
            for shop in shops {
                let Some(row) = rows.iter().find(|row| row.id == shop.id) else {
                    continue;
                };
                let round = match self.courier(&shop.store, row) {
                    Ok(courier) => courier.once(self).await,
                    Err(fault) => Err(fault),
                };
                let (round, error) = match round {
                    Ok(round) => (round, None),
                    Err(fault) => (Round::default(), Some(fault.told(language))),
                };
                let Round {
                    pulled,
                    sent,
                    waiting,
                } = round;
                rounds.push(RoundView {
                    shop: shop.name.clone(),
                    pulled,
                    sent,
                    waiting,
                    error,
                });
            }
            Ok(rounds)
        };
        let result = result.await;
        self.told(result).await
    }

    async fn keep_shop(&self, input: ShopInput) -> Result<ShopView, Fault> {
        let author = self.state().await.session(Permission::ManageShops)?.person;
        let (access, introduction) = introduce(&input).await?;
        let told = Told::from(&introduction);
        let chosen = match (input.zone.as_str(), &introduction.zone) {
            ("", Some(told)) => told.parse().unwrap_or(self.zone()),
            ("", None) => self.zone(),
            (typed, _) => zone(typed)?,
        };
        let name = match input.name.trim() {
            "" if introduction.name.is_empty() => access.address.clone(),
            "" => introduction.name.clone(),
            typed => typed.to_owned(),
        };
        let row = shop_table::Shop {
            id: ShopId::from_uuid(clock::mint()),
            kind: match access.kind {
                ShopKind::Woocommerce => Kind::Woocommerce,
                ShopKind::Vendure => Kind::Vendure,
                ShopKind::Shopify => Kind::Shopify,
                ShopKind::Retailcrm => Kind::Retailcrm,
                ShopKind::Base => Kind::Base,
            },
            name,
            address: access.address.clone(),
            zone: chosen,
            currency: introduction.currency,
            language: input.language.code().to_owned(),
            access: Secret::new(json!(access).to_string()),
            file_key: Some(Key::random()?),
            capabilities: told.text(),
            created_at: self.now(),
            removed_at: None,
        };
        let mut state = self.state().await;
        let centre = state.centre()?;
        self.create_shop(&centre, &row, author).await?;
        let shop = self.open_shop(&centre, &row).await?;
        let language = state.session(Permission::ManageShops)?.language;
        let view = shop_view(&shop, &row, language, self.now()).await?;
        state.shops.insert(shop.id, shop);
        self.tell(Changed::Shops);
        self.tell(Changed::Desk);
        Ok(view)
    }

    /// The shop's own file with the scripts the program comes with; its row in the centre last, so
    /// that a crash between leaves a file nobody points at.
    pub(crate) async fn create_shop(
        &self,
        centre: &Centre,
        row: &shop_table::Shop,
        author: PersonId,
    ) -> Result<(), Fault> {
        let dir = self.inner.options.data_dir.clone();
        let key = row.file_key.clone().ok_or(ErrorCode::StoreUnreadable)?;
        let id = row.id;
        let created = apart(move || ShopStore::create(&dir, id, &key)).await?;
        let now = self.now();
        let change = self.change(
            Author::Person(author),
            "script.published",
            &"confirm",
            json!({}),
        );
        created
            .db
            .write(change, move |tx| {
                for (language, body) in CONFIRM {
                    let number = Script::parse(body).map_or(1, |script| script.version);
                    let version = ScriptVersion {
                        id: ScriptVersionId::from_uuid(clock::mint()),
                        code: "confirm".to_owned(),
                        number,
                        language: language.code().to_owned(),
                        body: body.to_owned(),
                        published_at: now,
                        author: None,
                    };
                    script::publish(tx, &version)?;
                }
                Ok(())
            })
            .await?;
        created.db.close().await?;
        let row = row.clone();
        let change = self.change(
            Author::Person(author),
            "shop.connected",
            &row.id,
            json!({ "address": row.address }),
        );
        Ok(centre
            .db
            .write(change, move |tx| shop_table::insert(tx, &row))
            .await?)
    }

    /// Opens a shop's file and begins the exchange with it.
    pub(crate) async fn open_shop(
        &self,
        centre: &Centre,
        row: &shop_table::Shop,
    ) -> Result<Arc<OpenShop>, Fault> {
        let dir = self.inner.options.data_dir.clone();
        let key = row.file_key.clone().ok_or(ErrorCode::StoreUnreadable)?;
        let id = row.id;
        let store = Arc::new(apart(move || ShopStore::open(&dir, id, &key)).await?);
        let made_up = centre
            .db
            .read(move |conn| setting::get(conn, &crate::sampling::operators_key(id)))
            .await?;
        let can = Told::of(row).map(|told| told.capabilities);
        let exchange = Exchange::idle();
        if self.inner.options.exchange {
            exchange.run(self, self.courier(&store, row)?);
        }
        Ok(Arc::new(OpenShop {
            id: row.id,
            name: row.name.clone(),
            zone: row.zone,
            language: Language::from_code(&row.language).unwrap_or_default(),
            can_edit: row.kind == Kind::Sample || can.as_ref().is_some_and(|can| can.edit_lines),
            can,
            statuses: Mutex::new(Arc::new(access::statuses(row))),
            ear: Mutex::default(),
            is_sample: row.kind == Kind::Sample,
            made_up: made_up
                .and_then(|text| serde_json::from_str(&text).ok())
                .unwrap_or_default(),
            scripts: Mutex::default(),
            history: Mutex::default(),
            store,
            exchange,
        }))
    }

    pub(crate) fn courier(
        &self,
        store: &Arc<ShopStore>,
        row: &shop_table::Shop,
    ) -> Result<Courier, Fault> {
        let shop: Box<dyn Shop> = match row.kind {
            Kind::Sample => Box::new(SampleShop::new(Arc::clone(store), row.currency)),
            _ => shops::connect(&access::kept(row)?)?,
        };
        Ok(Courier {
            id: row.id,
            shop,
            store: Arc::clone(store),
            policy: self.outbox_policy(),
            poll: self.inner.options.timing.poll,
            zone: row.zone,
        })
    }

    async fn let_go(&self, id: ShopId, name: &str) -> Result<(), Fault> {
        let mut state = self.state().await;
        state.session(Permission::WorkQueue)?;
        let rows = state.centre()?.db.read(shop_table::list).await?;
        let row = rows
            .into_iter()
            .find(|row| row.id == id && row.removed_at.is_none())
            .ok_or(ErrorCode::NotFound)?;
        let is_sample = row.kind == Kind::Sample;
        let needed = if is_sample {
            Permission::ManageStore
        } else {
            Permission::ManageShops
        };
        let author = state.session(needed)?.person;
        if !is_sample && name.trim() != row.name {
            return Err(ErrorCode::NameDiffers.into());
        }
        if let Some((busy, _)) = self.job(&state).await?
            && busy.id == id
        {
            return Err(ErrorCode::CallOpen.into());
        }
        state.unreadable.remove(&id);
        if let Some(shop) = state.shops.remove(&id) {
            shop.exchange.stop();
            shop.store.db.close().await?;
        }
        let now = self.now();
        let change = self.change(Author::Person(author), "shop.removed", &id, json!({}));
        // The key goes first: what is left of the file after a crash opens to nobody.
        state
            .centre()?
            .db
            .write(change, move |tx| {
                setting::clear(tx, &crate::sampling::operators_key(id))?;
                shop_table::remove(tx, id, now)
            })
            .await?;
        let dir = self.inner.options.data_dir.clone();
        apart(move || ShopStore::destroy(&dir, id)).await?;
        self.tell(Changed::Shops);
        self.tell(Changed::Desk);
        Ok(())
    }

    /// Whether there is a sample already.
    pub(crate) fn sample_of(state: &State) -> Option<Arc<OpenShop>> {
        state.shops.values().find(|shop| shop.is_sample).cloned()
    }
}

/// An IANA zone as typed.
pub(crate) fn zone(text: &str) -> Result<Tz, Fault> {
    text.trim()
        .parse()
        .map_err(|_| Fault::from(ErrorCode::FieldInvalid).with("field", &"zone"))
}

async fn introduce(input: &ShopInput) -> Result<(Access, Introduction), Fault> {
    let access = access::typed(input)?;
    let introduction = shops::connect(&access)?.introduce().await?;
    Ok((access, introduction))
}

pub(crate) fn check(introduction: Introduction) -> ShopCheck {
    ShopCheck {
        name: introduction.name,
        software: introduction.software,
        currency: introduction.currency.code().to_owned(),
        zone: introduction.zone,
        capabilities: introduction.capabilities,
    }
}

pub(crate) async fn shop_view(
    shop: &OpenShop,
    row: &shop_table::Shop,
    language: Language,
    now: chrono::DateTime<chrono::Utc>,
) -> Result<ShopView, Fault> {
    let (orders, products, tasks, operations, pulled) = shop
        .store
        .db
        .read(move |conn| {
            Ok((
                order::count(conn)?,
                product::count(conn)?,
                task::counts(conn, now)?,
                outbox::counts(conn)?,
                pull::get(conn, Stream::Orders)?,
            ))
        })
        .await?;
    let status = shop.exchange.status();
    let sync = SyncView {
        phase: status.phase,
        last_pull_at: pulled.last_success_at,
        error: status.error.map(|fault| fault.told(language)),
        orders,
        products,
        tasks_open: tasks.open,
        waiting: operations.waiting + operations.in_flight,
        in_doubt: operations.doubt,
        dead: operations.dead,
    };
    Ok(view_of(row, sync))
}

/// A shop of which nothing is known but what the centre keeps.
fn unreadable_view(row: &shop_table::Shop, language: Language) -> ShopView {
    let sync = SyncView {
        phase: SyncPhase::Stopped,
        last_pull_at: None,
        error: Some(Fault::from(ErrorCode::StoreUnreadable).told(language)),
        orders: 0,
        products: 0,
        tasks_open: 0,
        waiting: 0,
        in_doubt: 0,
        dead: 0,
    };
    view_of(row, sync)
}

fn view_of(row: &shop_table::Shop, sync: SyncView) -> ShopView {
    ShopView {
        id: row.id,
        name: row.name.clone(),
        kind: access::kind_of(row.kind),
        address: row.address.clone(),
        zone: row.zone.name().to_owned(),
        currency: row.currency.code().to_owned(),
        language: Language::from_code(&row.language).unwrap_or_default(),
        is_sample: row.kind == Kind::Sample,
        sync,
    }
}

fn list_operations(
    conn: &store::Connection,
) -> Result<Vec<(outbox::Entry, String)>, store::StoreError> {
    let mut found = Vec::new();
    for state in [
        outbox::State::Dead,
        outbox::State::Doubt,
        outbox::State::InFlight,
        outbox::State::Waiting,
    ] {
        for entry in outbox::list(conn, state, 0, MOST_OPERATIONS)? {
            let number = order::get(conn, entry.order())?
                .map(|order| order.number)
                .unwrap_or_default();
            found.push((entry, number));
        }
    }
    Ok(found)
}
