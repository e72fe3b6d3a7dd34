//! The operator's desk: from "next task" to "saved".
//!
//! Each command records what happened and then reads everything back, so a screen never shows what
//! is not on disk, and a crash is no special case.

pub(crate) mod card;
pub(crate) mod facts;
mod saving;

use crate::clock;
use crate::desk::{Desk, OpenShop, Session, State};
use crate::error::{ApiError, ErrorCode};
use crate::intake;
use crate::text::Fault;
use crate::view::{
    CallRow, Changed, DeskAction, DeskState, DeskView, Draft, LineEdit, PauseReason, ProductView,
    QueuePage, QueueRow, SyncPhase, UndoView,
};
use card::{CallRecord, Job, PublishedScript, moment};
use chrono::{DateTime, Utc};
use rules::call::{CallEvent, CallState};
use rules::edit;
use rules::id::{CallId, FactId, PersonId, RemoteId, TaskId};
use rules::phone::Phone;
use rules::queue::QueuedTask;
use rules::role::Permission;
use rules::script::{Script, WalkFact};
use serde_json::json;
use std::sync::{Arc, PoisonError};
use store::table::attendance::Kind as Attended;
use store::table::call as call_table;
use store::table::task::{self, QueueEntry, Task};
use store::table::{product, wrap_up};
use store::{Author, StoreError};
use telephony::{Mark, Telephony, TelephonyEventKind};

/// Most rows of the queue that one request may ask for.
const MOST_ROWS: u32 = 500;

impl Desk {
    /// The desk as it stands; after a crash, in the wrap-up that was open.
    pub async fn desk(&self) -> Result<DeskView, ApiError> {
        let result = async { self.view(&mut *self.state().await).await }.await;
        self.told(result).await
    }

    /// Part of the queue, in the order in which tasks are offered.
    pub async fn queue(&self, offset: u32, limit: u32) -> Result<QueuePage, ApiError> {
        let result = self.queue_page(offset, limit.min(MOST_ROWS)).await;
        self.told(result).await
    }

    /// Takes a task out of turn.
    pub async fn take_task(&self, task: TaskId) -> Result<DeskView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            self.free(&state).await?;
            for shop in state.shops.values() {
                if shop
                    .store
                    .db
                    .read(move |conn| task::get(conn, task))
                    .await?
                    .is_some()
                {
                    let shop = Arc::clone(shop);
                    self.hold(&state, &shop, task).await?;
                    return self.view(&mut state).await;
                }
            }
            Err(ErrorCode::NotFound.into())
        };
        let result = result.await;
        self.told(result).await
    }

    /// One step of the call.
    pub async fn act(&self, action: DeskAction) -> Result<DeskView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            self.step(&mut state, action).await?;
            self.view(&mut state).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Goes away for a while; during a call, after its result is saved.
    pub async fn pause(&self, reason: PauseReason) -> Result<DeskView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            state.session(Permission::WorkQueue)?;
            if self.job(&state).await?.is_some() {
                return Err(ErrorCode::CallOpen.into());
            }
            let now = self.now();
            self.attend_because(&state, Attended::Paused, Some(reason))
                .await?;
            if let Some(session) = &mut state.session {
                (session.pause, session.since) = (Some(reason), now);
            }
            self.view(&mut state).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Answers the script's step: by digit, or in words when no answer fits.
    pub async fn answer(
        &self,
        step: String,
        digit: Option<u32>,
        words: Option<String>,
    ) -> Result<DeskView, ApiError> {
        self.walk(|walk, variables| match digit {
            Some(digit) => {
                let option = u8::try_from(digit).map_err(|_| ErrorCode::NotFound)?;
                walk.answer(&step, option, variables)
                    .map_err(|_| ErrorCode::NotFound.into())
            }
            None => walk
                .no_such_answer(&step, words.as_deref().unwrap_or_default())
                .map_err(|_| ErrorCode::NotFound.into()),
        })
        .await
    }

    /// Goes back one step of the script.
    pub async fn step_back(&self) -> Result<DeskView, ApiError> {
        self.walk(|walk, _| walk.back().map_err(|_| ErrorCode::NotFound.into()))
            .await
    }

    /// Ticks a point of the checklist, or takes the tick back.
    pub async fn tick(&self, point: String, ticked: bool) -> Result<DeskView, ApiError> {
        self.walk(|walk, _| {
            walk.tick(&point, ticked)
                .map_err(|_| ErrorCode::NotFound.into())
        })
        .await
    }

    /// Changes one line of the order at hand.
    pub async fn edit_line(&self, line: LineEdit) -> Result<DeskView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            let (shop, job) = self.working(&state).await?;
            self.edit(&state, &shop, &job, line).await?;
            self.view(&mut state).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Products of the shop at hand by words or stock-keeping unit, twenty at most.
    pub async fn search_products(&self, text: String) -> Result<Vec<ProductView>, ApiError> {
        let result = async {
            let state = self.state().await;
            let (shop, _) = self.job(&state).await?.ok_or(ErrorCode::NotFound)?;
            let found = shop
                .store
                .db
                .read(move |conn| product::search(conn, &text, None, 20))
                .await?;
            Ok(found
                .into_iter()
                .map(|product| ProductView {
                    remote: product.remote,
                    sku: product.sku,
                    name: product.name,
                    price: product.price,
                    stock: product
                        .stock
                        .map(|pieces| i32::try_from(pieces).unwrap_or(i32::MAX)),
                })
                .collect())
        };
        let result = result.await;
        self.told(result).await
    }

    /// Keeps what has been typed and chosen so far.
    pub async fn keep_draft(&self, draft: Draft) -> Result<DeskView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            let (shop, job) = self.job(&state).await?.ok_or(ErrorCode::NotFound)?;
            if let Some(call) = &job.call {
                self.store_draft(&shop, call, draft).await?;
            }
            self.view(&mut state).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// The task at hand with its shop, none when free.
    pub(crate) async fn job(&self, state: &State) -> Result<Option<(Arc<OpenShop>, Job)>, Fault> {
        let person = state.session(Permission::WorkQueue)?.person;
        self.job_of(state, person).await
    }

    /// The same for a person who may have locked the desk.
    pub(crate) async fn job_of(
        &self,
        state: &State,
        person: PersonId,
    ) -> Result<Option<(Arc<OpenShop>, Job)>, Fault> {
        for shop in state.shops.values() {
            let language = shop.language.code();
            let read = move |conn: &store::Connection| facts::read(conn, person, language);
            let Some(recorded) = shop.store.db.read(read).await? else {
                continue;
            };
            let script = shop.script(&recorded.script)?;
            let history = self
                .history_of(
                    state,
                    shop,
                    recorded.task.id,
                    &recorded.order.customer.phone,
                )
                .await?;
            let job = Job {
                held_at: recorded
                    .task
                    .holder
                    .map_or_else(|| self.now(), |(_, since)| since),
                task: recorded.task,
                order: recorded.order,
                script,
                call: recorded.call,
                history,
            };
            return Ok(Some((Arc::clone(shop), job)));
        }
        Ok(None)
    }

    /// Earlier calls to the customer, as read when the task was taken.
    async fn history_of(
        &self,
        state: &State,
        shop: &OpenShop,
        task: TaskId,
        phone: &str,
    ) -> Result<Vec<CallRow>, Fault> {
        let kept = || shop.history.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some((known, rows)) = kept().as_ref()
            && *known == task
        {
            return Ok(rows.clone());
        }
        let rows = self.history(state, shop, phone).await?;
        *kept() = Some((task, rows.clone()));
        Ok(rows)
    }

    /// The task at hand, while its script may be answered and its order changed.
    async fn working(&self, state: &State) -> Result<(Arc<OpenShop>, Job), Fault> {
        let (shop, job) = self.job(state).await?.ok_or(ErrorCode::NotFound)?;
        let line = job.call.as_ref().map(CallRecord::line).transpose()?;
        match line.map(|line| line.state) {
            Some(CallState::Talking | CallState::Held | CallState::WrapUp) => Ok((shop, job)),
            other => Err(moment(other.unwrap_or(CallState::Ready))),
        }
    }

    pub(crate) async fn free(&self, state: &State) -> Result<(), Fault> {
        if state.session(Permission::WorkQueue)?.pause.is_some() {
            return Err(moment(CallState::Paused));
        }
        match self.job(state).await? {
            Some(_) => Err(ErrorCode::CallOpen.into()),
            None => Ok(()),
        }
    }

    async fn step(&self, state: &mut State, action: DeskAction) -> Result<(), Fault> {
        if action == DeskAction::Ready && state.session.is_some() {
            let paused = |session: &Session| session.pause.is_some();
            if state.session.as_ref().is_some_and(paused) {
                self.attend(state, Attended::Resumed).await?;
            }
            if let Some(session) = &mut state.session {
                (session.pause, session.since) = (None, self.now());
            }
            return Ok(());
        }
        if action == DeskAction::NextTask {
            self.free(state).await?;
            return self.take_next(state).await;
        }
        let (shop, job) = self.job(state).await?.ok_or(ErrorCode::NotFound)?;
        match action {
            DeskAction::PutBack => self.put_back(state, &shop, &job).await,
            DeskAction::Dial => self.dial(state, &shop, &job).await,
            DeskAction::Answered => self.mark(state, &shop, &job, Mark::Answered).await,
            DeskAction::HangUp => self.mark(state, &shop, &job, Mark::Ended).await,
            DeskAction::NoAnswer => self.unanswered(state, &shop, &job, "no_answer").await,
            DeskAction::Busy => self.unanswered(state, &shop, &job, "busy").await,
            DeskAction::Hold | DeskAction::Resume => {
                let call = job.call.as_ref().ok_or_else(|| moment(CallState::Ready))?;
                let phone = &self.inner.phone;
                let done = match action {
                    DeskAction::Hold => phone.hold(call.id).await,
                    _ => phone.resume(call.id).await,
                };
                done.map_err(|_| wrong_moment(call))?;
                self.absorb(state, &shop, &job).await
            }
            DeskAction::NextTask
            | DeskAction::Ready
            | DeskAction::Work
            | DeskAction::Save
            | DeskAction::Pause => Err(ErrorCode::NotFound.into()),
        }
    }

    /// Offers the most urgent task of all shops.
    pub(crate) async fn take_next(&self, state: &State) -> Result<(), Fault> {
        let now = self.now();
        let mut offers = Vec::new();
        for shop in state.shops.values() {
            if let Some(task) = shop
                .store
                .db
                .read(move |conn| task::peek_next(conn, now))
                .await?
            {
                offers.push((queued(&task), Arc::clone(shop)));
            }
        }
        offers.sort_by(|(left, _), (right, _)| rules::queue::offering_order(left, right));
        let (task, shop) = offers.into_iter().next().ok_or(ErrorCode::QueueEmpty)?;
        self.hold(state, &shop, task.id).await
    }

    async fn hold(&self, state: &State, shop: &OpenShop, task: TaskId) -> Result<(), Fault> {
        let person = state.session(Permission::WorkQueue)?.person;
        let now = self.now();
        let change = self.change(Author::Person(person), "task.held", &task, json!({}));
        shop.store
            .db
            .write(change, move |tx| task::hold(tx, task, person, now))
            .await
            .map_err(|error| match error {
                // Settled since the list was drawn.
                StoreError::Conflict(_) => ErrorCode::NotFound.into(),
                other => Fault::from(other),
            })?;
        self.tell(Changed::Desk);
        Ok(())
    }

    pub(crate) async fn put_back(
        &self,
        state: &State,
        shop: &OpenShop,
        job: &Job,
    ) -> Result<(), Fault> {
        if let Some(call) = &job.call {
            return Err(wrong_moment(call));
        }
        let session = state.session.as_ref().ok_or(ErrorCode::SignInNeeded)?;
        let (task, person, now) = (job.task.id, session.person, self.now());
        let order = job.order.remote.clone();
        let change = self.change(Author::Person(person), "task.put_back", &task, json!({}));
        shop.store
            .db
            .write(change, move |tx| {
                task::release(tx, task, Some(person))?;
                intake::withdraw_if_settled(tx, &order, now)
            })
            .await?;
        self.tell(Changed::Desk);
        Ok(())
    }

    /// Makes the call's row, then hands the number to the phone.
    async fn dial(&self, state: &mut State, shop: &OpenShop, job: &Job) -> Result<(), Fault> {
        if let Some(call) = &job.call {
            return Err(wrong_moment(call));
        }
        let session = state.session(Permission::WorkQueue)?.clone();
        let number = Phone::parse(&job.order.customer.phone, shop.home())
            .into_iter()
            .next();
        let (id, now) = (CallId::from_uuid(clock::mint()), self.now());
        let record = call_table::Call {
            id,
            task: Some(job.task.id),
            order: job.order.remote.clone(),
            person: session.person,
            number: number.as_ref().map_or_else(
                || job.order.customer.phone.clone(),
                |number| number.e164().to_owned(),
            ),
            started_at: now,
            zone: shop.zone,
            script: Some(job.script.version),
        };
        let began = job
            .walk(&job.variables(shop, &session, now))
            .facts()
            .to_vec();
        let change = self.change(
            Author::Person(session.person),
            "call.started",
            &id,
            json!({ "task": job.task.id }),
        );
        shop.store
            .db
            .write(change, move |tx| {
                call_table::start(tx, &record)?;
                for fact in began {
                    facts::record(tx, id, FactId::from_uuid(clock::mint()), fact, now)?;
                }
                Ok(())
            })
            .await?;
        let by_hand = match &number {
            Some(number) => {
                let handed = self.inner.phone.dial(id, number).await;
                handed.err().map(|error| {
                    tracing::warn!(%error, "no program took the number");
                    ErrorCode::NoPhoneProgram
                })
            }
            // Its result must be saved all the same, or the task would come up for ever.
            None => Some(ErrorCode::NumberInvalid),
        };
        if let Some(notice) = by_hand {
            // The operator dials by hand, or not at all; the marks go on from here.
            self.inner.phone.take_up(id, TelephonyEventKind::Dialling);
            self.record_event(shop, id, CallEvent::Dialled, now, &Draft::default())
                .await?;
            if let Some(session) = &mut state.session {
                session.notice = Some(notice);
            }
        }
        let job = Job {
            call: Some(CallRecord::new(id)),
            ..job.clone()
        };
        self.absorb(state, shop, &job).await
    }

    async fn unanswered(
        &self,
        state: &mut State,
        shop: &OpenShop,
        job: &Job,
        outcome: &str,
    ) -> Result<(), Fault> {
        let call = job.call.as_ref().ok_or_else(|| moment(CallState::Ready))?;
        if !matches!(call.line()?.state, CallState::Dialling | CallState::Ringing) {
            return Err(wrong_moment(call));
        }
        self.mark(state, shop, job, Mark::Ended).await?;
        let draft = Draft {
            outcome: outcome.to_owned(),
            ..call.draft.clone()
        };
        self.store_draft(shop, call, draft).await
    }

    async fn mark(
        &self,
        state: &mut State,
        shop: &OpenShop,
        job: &Job,
        mark: Mark,
    ) -> Result<(), Fault> {
        let call = job.call.as_ref().ok_or_else(|| moment(CallState::Ready))?;
        let done = match mark {
            Mark::Ended => self.inner.phone.hang_up(call.id).await,
            mark => self.inner.phone.mark(call.id, mark),
        };
        done.map_err(|_| wrong_moment(call))?;
        self.absorb(state, shop, job).await
    }

    /// Records what the phone has told since.
    async fn absorb(&self, state: &mut State, shop: &OpenShop, job: &Job) -> Result<(), Fault> {
        let Some(call) = &job.call else { return Ok(()) };
        while let Some(event) = state.next_phone_event() {
            if event.call == call.id {
                self.record_event(
                    shop,
                    call.id,
                    event.kind.line_event(),
                    event.at,
                    &call.draft,
                )
                .await?;
            }
        }
        self.tell(Changed::Desk);
        Ok(())
    }

    async fn record_event(
        &self,
        shop: &OpenShop,
        call: CallId,
        event: CallEvent,
        at: DateTime<Utc>,
        draft: &Draft,
    ) -> Result<(), Fault> {
        let change = self.change(
            Author::System,
            "call.event",
            &call,
            json!({ "event": event.code() }),
        );
        // From the moment of answer nothing can be lost: the wrap-up is there before it is needed.
        let opens = matches!(event, CallEvent::Answered | CallEvent::Ended);
        let draft = json!(draft).to_string();
        shop.store
            .db
            .write(change, move |tx| {
                call_table::event(tx, call, event.code(), at)?;
                if opens {
                    wrap_up::open(tx, call, &draft, at)
                } else {
                    Ok(())
                }
            })
            .await?;
        Ok(())
    }

    /// Phone events that came by themselves, with nobody pressing a key.
    pub(crate) async fn phone_rang(&self) {
        let mut state = self.state().await;
        if let Ok(Some((shop, job))) = self.job(&state).await
            && let Err(fault) = self.absorb(&mut state, &shop, &job).await
        {
            tracing::warn!(?fault, "a phone event was not recorded");
        }
    }

    /// A call that was going on when the desk stopped: it ended when the last thing was recorded,
    /// and its wrap-up waits.
    pub(crate) async fn recover_call(&self, state: &mut State) -> Result<(), Fault> {
        let Some((shop, job)) = self.job(state).await? else {
            return Ok(());
        };
        let Some(call) = &job.call else { return Ok(()) };
        let line = call.line()?;
        match line.state {
            CallState::Talking | CallState::Held => {
                let last = call.last_recorded.max(line.since);
                self.record_event(&shop, call.id, CallEvent::Ended, last, &call.draft)
                    .await
            }
            CallState::Dialling => {
                self.inner
                    .phone
                    .take_up(call.id, TelephonyEventKind::Dialling);
                Ok(())
            }
            CallState::Ringing => {
                self.inner
                    .phone
                    .take_up(call.id, TelephonyEventKind::Ringing);
                Ok(())
            }
            // The desk stopped between the call's row and its first event: the number may have gone
            // out, so the operator says what came of it.
            CallState::Ready => {
                let taken = TelephonyEventKind::Dialling;
                self.inner.phone.take_up(call.id, taken);
                let since = call.last_recorded;
                self.record_event(&shop, call.id, CallEvent::Dialled, since, &call.draft)
                    .await
            }
            CallState::WrapUp | CallState::Paused => Ok(()),
        }
    }

    async fn walk<F>(&self, step: F) -> Result<crate::view::DeskView, ApiError>
    where
        F: FnOnce(
            &mut rules::script::Walk<'_>,
            &rules::script::Variables,
        ) -> Result<WalkFact, Fault>,
    {
        let result = async {
            let mut state = self.state().await;
            let (shop, job) = self.working(&state).await?;
            let now = self.now();
            let session = state.session(Permission::WorkQueue)?;
            let variables = job.variables(&shop, session, now);
            let (fact, draft) = {
                let mut walk = job.walk(&variables);
                let before = walk.state();
                let fact = step(&mut walk, &variables)?;
                (fact, job.proposed(&before, &walk.state()))
            };
            let call = job.call.as_ref().ok_or(ErrorCode::NotFound)?.id;
            let author = Author::Person(session.person);
            let change = self.change(author, "script.step", &call, json!({}));
            let draft = draft.map(|draft| json!(draft).to_string());
            shop.store
                .db
                .write(change, move |tx| {
                    facts::record(tx, call, FactId::from_uuid(clock::mint()), fact, now)?;
                    match draft {
                        Some(draft) => wrap_up::save(tx, call, &draft, now),
                        None => Ok(()),
                    }
                })
                .await?;
            self.view(&mut state).await
        };
        let result = result.await;
        self.told(result).await
    }

    async fn edit(
        &self,
        state: &State,
        shop: &OpenShop,
        job: &Job,
        line: LineEdit,
    ) -> Result<(), Fault> {
        let person = state.session(Permission::EditOrder)?.person;
        if !shop.can_edit {
            return Err(ErrorCode::ShopUnsupported.into());
        }
        let call = job.call.as_ref().ok_or(ErrorCode::NotFound)?;
        let mut changes = call.changes.clone();
        match line {
            LineEdit::SetQuantity { key, quantity } => match key.split_once(':') {
                Some(("line", id)) => {
                    edit::set_quantity(&job.order, &mut changes, &RemoteId::from(id), quantity);
                }
                Some(("new", id)) => edit::set_added(&mut changes, &RemoteId::from(id), quantity),
                _ => return Err(ErrorCode::NotFound.into()),
            },
            LineEdit::Add { product } => {
                let wanted = product.clone();
                let known = shop
                    .store
                    .db
                    .read(move |conn| product::get(conn, &wanted))
                    .await?;
                known
                    .filter(|product| product.enabled)
                    .ok_or(ErrorCode::NotFound)?;
                edit::add(&job.order, &mut changes, &product);
            }
        }
        if changes == call.changes {
            return Ok(());
        }
        let now = self.now();
        let draft = json!(adjusted(call.draft.clone(), !changes.is_empty())).to_string();
        let fact = call_table::OrderEdit {
            id: FactId::from_uuid(clock::mint()),
            call: call.id,
            order: job.order.remote.clone(),
            base: edit::base(&job.order),
            changes,
            at: now,
        };
        let id = call.id;
        let change = self.change(
            Author::Person(person),
            "order.edited",
            &id,
            json!({ "order": job.order.remote }),
        );
        shop.store
            .db
            .write(change, move |tx| {
                call_table::add_edit(tx, &fact)?;
                wrap_up::save(tx, id, &draft, now)
            })
            .await?;
        Ok(())
    }

    pub(crate) async fn store_draft(
        &self,
        shop: &OpenShop,
        call: &CallRecord,
        draft: Draft,
    ) -> Result<(), Fault> {
        let (id, now) = (call.id, self.now());
        let text = json!(adjusted(draft, !call.changes.is_empty())).to_string();
        let kept = shop
            .store
            .db
            .write_unrecorded(move |tx| wrap_up::save(tx, id, &text, now))
            .await;
        match kept {
            // Nothing has been said yet: there is nothing to keep it in.
            Err(StoreError::NotFound(_)) => Ok(()),
            other => Ok(other?),
        }
    }

    /// The desk, whole.
    pub(crate) async fn view(&self, state: &mut State) -> Result<DeskView, Fault> {
        let now = self.now();
        let job = self.job(state).await?;
        let (mut due, mut waiting, mut saved_today) = (0, 0, 0);
        let session = state.session(Permission::WorkQueue)?;
        let person = session.person;
        for shop in state.shops.values() {
            let today = now.with_timezone(&self.zone()).date_naive();
            let midnight = plan::load::start_of_day(today, self.zone());
            let (counts, saved) = shop
                .store
                .db
                .read(move |conn| {
                    Ok((
                        task::counts(conn, now)?,
                        store::table::report::saved_since(conn, person, midnight)?,
                    ))
                })
                .await?;
            due += counts.due;
            waiting += counts.open;
            saved_today += saved;
        }
        let (desk_state, since) = match &job {
            Some((_, job)) => job.state()?,
            None if session.pause.is_some() => (DeskState::Pause, session.since),
            None => (DeskState::Ready, session.since),
        };
        let card = job.as_ref().map(|(shop, job)| job.view(shop, session, now));
        let undo = session
            .last_saved
            .as_ref()
            .filter(|saved| now < saved.until)
            .map(|saved| UndoView {
                order_number: saved.order_number.clone(),
                outcome: saved.outcome.clone(),
                until: saved.until,
            });
        Ok(DeskView {
            state: desk_state,
            since,
            now,
            pause_reason: session.pause.filter(|_| job.is_none()),
            actions: actions(desk_state, due > 0),
            due,
            waiting,
            unreachable: state
                .shops
                .values()
                .filter(|shop| shop.exchange.status().phase == SyncPhase::Unreachable)
                .map(|shop| shop.name.clone())
                .collect(),
            saved_today,
            card,
            undo,
            notice: session
                .notice
                .map(|code| Fault::from(code).told(session.language)),
        })
    }

    async fn queue_page(&self, offset: u32, limit: u32) -> Result<QueuePage, Fault> {
        let state = self.state().await;
        state.session(Permission::WorkQueue)?;
        let shops: Vec<_> = state.shops.values().cloned().collect();
        drop(state);
        let now = self.now();
        let reach = offset.saturating_add(limit);
        let (mut all, mut total, mut due) = (Vec::new(), 0, 0);
        for shop in &shops {
            let (entries, counts) = shop
                .store
                .db
                .read(move |conn| {
                    let entries =
                        task::queue(conn, task::State::Open, task::From::Offset(0), reach)?;
                    Ok((entries, task::counts(conn, now)?))
                })
                .await?;
            total += counts.open;
            due += counts.due;
            all.extend(
                entries
                    .into_iter()
                    .map(|entry| (queued(&entry.task), shop, entry)),
            );
        }
        // Those that may be called now come first, then by their time.
        all.sort_by(|(left, ..), (right, ..)| {
            let later = |task| !rules::queue::eligible(task, now);
            later(left).cmp(&later(right)).then_with(|| {
                if later(left) {
                    left.due.at.cmp(&right.due.at)
                } else {
                    rules::queue::offering_order(left, right)
                }
            })
        });
        let rows = all
            .into_iter()
            .skip(offset as usize)
            .take(limit as usize)
            .map(|(task, shop, entry)| queue_row(&task, shop, entry, now))
            .collect();
        Ok(QueuePage { rows, total, due })
    }
}

impl State {
    fn next_phone_event(&mut self) -> Option<telephony::TelephonyEvent> {
        use tokio::sync::broadcast::error::TryRecvError;
        let events = self.phone_events.as_mut()?;
        loop {
            match events.try_recv() {
                Ok(event) => return Some(event),
                Err(TryRecvError::Lagged(_)) => {}
                Err(TryRecvError::Empty | TryRecvError::Closed) => return None,
            }
        }
    }
}

impl OpenShop {
    /// The country whose numbers are written without a prefix.
    pub(crate) fn home(&self) -> &'static str {
        use rules::script::Language;
        match self.language {
            Language::Uk => "UA",
            Language::Ru => "RU",
            Language::Pl => "PL",
            Language::En => "GB",
        }
    }

    /// A published script, read once.
    pub(crate) fn script(
        &self,
        version: &store::table::script::ScriptVersion,
    ) -> Result<Arc<PublishedScript>, Fault> {
        let mut scripts = self
            .scripts
            .lock()
            .unwrap_or_else(std::sync::PoisonError::into_inner);
        if let Some(script) = scripts.get(&version.id) {
            return Ok(Arc::clone(script));
        }
        let script = Script::parse(&version.body).map_err(|_| ErrorCode::ScriptFaulty)?;
        let published = Arc::new(PublishedScript {
            version: version.id,
            script,
        });
        scripts.insert(version.id, Arc::clone(&published));
        Ok(published)
    }
}

/// What the rules of the queue know of a task.
pub(crate) fn queued(task: &Task) -> QueuedTask {
    QueuedTask {
        id: task.id,
        due: rules::queue::Due {
            at: task.due_at,
            priority: task.priority,
        },
        not_before: task.not_before,
        held: task.holder.is_some(),
    }
}

fn queue_row(
    task: &QueuedTask,
    shop: &OpenShop,
    entry: QueueEntry,
    now: DateTime<Utc>,
) -> QueueRow {
    QueueRow {
        task: task.id,
        shop: shop.id,
        shop_name: shop.name.clone(),
        order_number: entry.number,
        customer_name: entry.customer_name,
        phone_masked: rules::phone::mask(&entry.phone, shop.home()),
        total: entry.total,
        placed_at: entry.placed_at,
        due_at: entry.task.due_at,
        is_due: rules::queue::eligible(task, now),
        attempts: entry.task.attempts,
        promised: entry.task.priority == rules::queue::Priority::Promised,
    }
}

/// "Confirmed" and "confirmed with changes" follow the order: nobody need think of it.
fn adjusted(mut draft: Draft, edited: bool) -> Draft {
    match (draft.outcome.as_str(), edited) {
        ("confirmed", true) => "confirmed_with_changes".clone_into(&mut draft.outcome),
        ("confirmed_with_changes", false) => "confirmed".clone_into(&mut draft.outcome),
        _ => {}
    }
    draft
}

fn actions(state: DeskState, due: bool) -> Vec<DeskAction> {
    use DeskAction as A;
    match state {
        DeskState::Ready if due => vec![A::NextTask, A::Pause],
        DeskState::Ready => vec![A::Pause],
        DeskState::Preview => vec![A::Dial, A::PutBack],
        DeskState::Dialling | DeskState::Ringing => {
            vec![A::Answered, A::NoAnswer, A::Busy, A::HangUp]
        }
        DeskState::Talking => vec![A::HangUp, A::Hold, A::Work],
        DeskState::Hold => vec![A::Resume, A::HangUp, A::Work],
        DeskState::WrapUp => vec![A::Save, A::Work],
        DeskState::Pause => vec![A::Ready],
    }
}

fn wrong_moment(call: &CallRecord) -> Fault {
    moment(call.line().map_or(CallState::Ready, |line| line.state))
}
