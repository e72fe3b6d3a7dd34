//! Who works when: plans, shifts, requests, the day as it runs.

mod day;
mod drawn;
mod edit;
mod export;
mod meetings;
mod multi_skill;
mod people;
mod problem;
mod publish;
mod requests;
mod search;
mod templates;
mod view;

use crate::clock;
use crate::desk::{Desk, OpenShop, State};
use crate::error::{ApiError, ErrorCode};
use crate::forecasting::holidays_of;
use crate::text::Fault;
use crate::view::{
    Changed, ContractView, LabourPreset, Language, MeetingAsk, MeetingSpec, MeetingTimeView,
    MeetingView, MultiSkillDay, MyShifts, NewRequest, PlanChoice, PlanComparison, PlanDelta,
    PlanDifference, PlanEdit, PlanExport, PlanPage, PlanSummary, PublishView, RequestAction,
    RequestView, ServedLine, TemplateSpec, TemplateView, TodayPage,
};
use chrono::{Datelike, NaiveDate, Weekday};
use drawn::Drawn;
use rules::id::{MeetingId, PersonId, PlanId, RequestId, ShopId, TemplateId};
use rules::role::Permission;
use search::Search;
use serde_json::json;
use std::collections::{BTreeMap, HashMap};
use std::path::PathBuf;
use std::sync::atomic::{AtomicU32, AtomicU64, Ordering};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use store::table::plan::{self as plan_table, Plan};
use store::table::special_day;
use store::{Author, Centre, StoreError};
use tokio::sync::Mutex;

/// A file made to be taken away.
pub struct Export {
    /// What to call it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

/// Plans in memory and searches under way.
#[derive(Default)]
pub(crate) struct Planning {
    /// Plans that were looked at; held through an edit, so that edits come one after the other.
    drawings: Mutex<HashMap<PlanId, Drawn>>,
    searches: StdMutex<HashMap<PlanId, Arc<Search>>>,
    /// Counts changes of contracts, shifts, requests and publications; a drawing of an earlier count is
    /// made anew.
    epoch: AtomicU64,
    /// Counts changes of what is forecast.
    demand: AtomicU64,
    /// Counts changes of all plans in memory.
    version: AtomicU32,
}

impl Planning {
    pub(crate) fn epoch(&self) -> u64 {
        self.epoch.load(Ordering::Acquire)
    }

    /// Something that plans are built on has changed.
    pub(crate) fn redraw(&self) {
        self.epoch.fetch_add(1, Ordering::AcqRel);
    }

    pub(crate) fn demand(&self) -> u64 {
        self.demand.load(Ordering::Acquire)
    }

    /// What is forecast has changed.
    pub(crate) fn forecast_anew(&self) {
        self.demand.fetch_add(1, Ordering::AcqRel);
    }

    /// A version that no plan in memory has had.
    fn next_version(&self) -> u32 {
        self.version.fetch_add(1, Ordering::AcqRel)
    }

    fn search_of(&self, id: PlanId) -> Option<Arc<Search>> {
        self.searches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&id)
            .cloned()
    }

    fn all_searches(&self) -> Vec<Arc<Search>> {
        let searches = self.searches.lock().unwrap_or_else(PoisonError::into_inner);
        searches.values().cloned().collect()
    }
}

/// A client as plans see it.
struct Client {
    id: ShopId,
    name: String,
    made_up: BTreeMap<PersonId, String>,
}

impl From<&Arc<OpenShop>> for Client {
    fn from(shop: &Arc<OpenShop>) -> Self {
        Self {
            id: shop.id,
            name: shop.name.clone(),
            made_up: shop
                .made_up
                .iter()
                .map(|(id, name)| (*id, name.clone()))
                .collect(),
        }
    }
}

/// Who acts, and what they act on: what is needed of the desk's state, so that it need not be held.
struct Office {
    person: PersonId,
    language: Language,
    centre: Arc<Centre>,
    shops: Vec<Client>,
}

impl Office {
    fn of(state: &State, permission: Permission) -> Result<Self, Fault> {
        let session = state.session(permission)?;
        Ok(Self {
            person: session.person,
            language: session.language,
            centre: state.centre()?,
            shops: state.shops.values().map(Client::from).collect(),
        })
    }
}

impl Desk {
    /// All plans, newest first.
    pub async fn plans(&self) -> Result<Vec<PlanSummary>, ApiError> {
        let result = self.plan_list().await;
        self.told(result).await
    }

    /// Makes an empty plan of 1 to 8 weeks from a Monday on.
    pub async fn make_plan(
        &self,
        first_day: NaiveDate,
        weeks: u32,
    ) -> Result<PlanSummary, ApiError> {
        let result = self.begun_plan(first_day, weeks).await;
        self.told(result).await
    }

    /// A whole plan.
    pub async fn plan_page(&self, id: PlanId) -> Result<PlanPage, ApiError> {
        let result = self.newer_plan(id, None).await;
        let page = result.and_then(|page| page.ok_or_else(|| ErrorCode::NotFound.into()));
        self.told(page).await
    }

    /// A whole plan, none where it is still of the version that is known and no search changes it.
    pub async fn newer_plan_page(
        &self,
        id: PlanId,
        known: Option<u32>,
    ) -> Result<Option<PlanPage>, ApiError> {
        let result = self.newer_plan(id, known).await;
        self.told(result).await
    }

    /// Throws a draft away.
    pub async fn drop_plan(&self, id: PlanId) -> Result<(), ApiError> {
        let result = self.forget_plan(id).await;
        self.told(result).await
    }

    /// Searches for a better plan for so long; from a day on, with the fewest changes, where that is given.
    pub async fn solve_plan(
        &self,
        id: PlanId,
        seconds: u32,
        replan_from: Option<NaiveDate>,
    ) -> Result<(), ApiError> {
        let result = self.begin_search(id, seconds, replan_from).await;
        self.told(result).await
    }

    /// Ends the search; the best plan so far stays.
    pub async fn stop_solving(&self, id: PlanId) -> Result<(), ApiError> {
        let result = self.end_search(id).await;
        self.told(result).await
    }

    /// Waits until no search for this plan is under way.
    pub async fn solved(&self, id: PlanId) -> Result<(), ApiError> {
        if let Some(search) = self.inner.planning.search_of(id) {
            search.ended().await;
        }
        Ok(())
    }

    /// Changes a plan by hand and tells at once what that does.
    pub async fn edit_plan(&self, id: PlanId, edit: PlanEdit) -> Result<PlanDelta, ApiError> {
        let result = self.edited(id, edit).await;
        self.told(result).await
    }

    /// What each shift that may be given to a person on a day would do; on a line, where one is named.
    pub async fn plan_choices(
        &self,
        id: PlanId,
        person: PersonId,
        date: NaiveDate,
        line: Option<ShopId>,
    ) -> Result<Vec<PlanChoice>, ApiError> {
        let result = self.what_may_be_given(id, person, date, line).await;
        self.told(result).await
    }

    /// What a day would be if everyone answered all lines that his or her contract names.
    pub async fn plan_multi_skill(
        &self,
        id: PlanId,
        date: NaiveDate,
    ) -> Result<MultiSkillDay, ApiError> {
        let result = self.multi_skill_day(id, date).await;
        self.told(result).await
    }

    /// Times for a meeting of a plan's people, those that hurt least first.
    pub async fn meeting_times(
        &self,
        id: PlanId,
        ask: MeetingAsk,
    ) -> Result<Vec<MeetingTimeView>, ApiError> {
        let result = self.times_to_meet(id, ask).await;
        self.told(result).await
    }

    /// Places a meeting or training in a plan.
    pub async fn place_meeting(
        &self,
        id: PlanId,
        spec: MeetingSpec,
    ) -> Result<MeetingView, ApiError> {
        let result = self.placed_meeting(id, spec).await;
        self.told(result).await
    }

    /// Takes a meeting out of a plan.
    pub async fn remove_meeting(&self, id: PlanId, meeting: MeetingId) -> Result<(), ApiError> {
        let result = self.removed_meeting(id, meeting).await;
        self.told(result).await
    }

    /// Shows the plan to everyone in it.
    pub async fn publish_plan(&self, id: PlanId) -> Result<PublishView, ApiError> {
        let result = self.published(id).await;
        self.told(result).await
    }

    /// Two plans side by side.
    pub async fn compare_plans(
        &self,
        left: PlanId,
        right: PlanId,
    ) -> Result<PlanComparison, ApiError> {
        let result = self.compared(left, right).await;
        self.told(result).await
    }

    /// What each person is employed for.
    pub async fn contracts(&self) -> Result<Vec<ContractView>, ApiError> {
        let result = self.contract_list().await;
        self.told(result).await
    }

    /// What a contract can say that a person serves.
    pub async fn served_lines(&self) -> Result<Vec<ServedLine>, ApiError> {
        let result = self.lines_to_serve().await;
        self.told(result).await
    }

    /// Sets what a person is employed for.
    pub async fn set_contract(&self, contract: ContractView) -> Result<(), ApiError> {
        let result = self.put_contract(contract).await;
        self.told(result).await
    }

    /// The same person's contract as a country's law would have it.
    pub async fn preset_contract(
        &self,
        person: PersonId,
        preset: LabourPreset,
    ) -> Result<ContractView, ApiError> {
        let result = self.contract_by_law(person, preset).await;
        self.told(result).await
    }

    /// Shifts that can be given.
    pub async fn templates(&self) -> Result<Vec<TemplateView>, ApiError> {
        let result = self.template_list().await;
        self.told(result).await
    }

    /// Sets a shift that can be given; a new one has no identity yet.
    pub async fn set_template(
        &self,
        id: Option<TemplateId>,
        spec: TemplateSpec,
    ) -> Result<TemplateView, ApiError> {
        let result = self.put_template(id, spec).await;
        self.told(result).await
    }

    /// Gives such a shift no more.
    pub async fn remove_template(&self, id: TemplateId) -> Result<(), ApiError> {
        let result = self.end_template(id).await;
        self.told(result).await
    }

    /// The reader's own shifts and requests.
    pub async fn my_shifts(&self) -> Result<MyShifts, ApiError> {
        let result = self.own_shifts().await;
        self.told(result).await
    }

    /// Asks for a swap or for time off.
    pub async fn ask_request(&self, request: NewRequest) -> Result<(), ApiError> {
        let result = self.asked(request).await;
        self.told(result).await
    }

    /// Requests that wait for a supervisor, and those lately decided.
    pub async fn requests(&self) -> Result<Vec<RequestView>, ApiError> {
        let result = self.request_list().await;
        self.told(result).await
    }

    /// Agrees, grants, refuses or takes back.
    pub async fn answer_request(
        &self,
        id: RequestId,
        action: RequestAction,
        words: String,
    ) -> Result<(), ApiError> {
        let result = self.decided(id, action, words).await;
        self.told(result).await
    }

    /// The day as it runs.
    pub async fn today(&self) -> Result<TodayPage, ApiError> {
        let result = self.running_day().await;
        self.told(result).await
    }

    /// A plan as a file: a person's calendar, a table, a page for the wall, hours for payroll.
    pub async fn export_plan(
        &self,
        id: PlanId,
        format: PlanExport,
        person: Option<PersonId>,
    ) -> Result<Export, ApiError> {
        let result = self.exported(id, format, person).await;
        self.told(result).await
    }

    /// The reader's own published shifts as a calendar.
    pub async fn export_my_shifts(&self) -> Result<Export, ApiError> {
        let result = self.own_calendar().await;
        self.told(result).await
    }

    /// A person's published shifts from this week on as a calendar.
    pub async fn export_shifts(&self, person: PersonId) -> Result<Export, ApiError> {
        let result = async {
            let office = self.office(Permission::PlanWork).await?;
            self.calendar_from_now(&office, person).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Writes an export where the person wants it; returns the path.
    pub async fn write_export(&self, export: Export, path: PathBuf) -> Result<String, ApiError> {
        let shown = path.display().to_string();
        let written = tokio::task::spawn_blocking(move || std::fs::write(path, export.bytes)).await;
        let result = match written {
            Ok(Ok(())) => Ok(shown),
            Ok(Err(error)) => Err(Fault::from(StoreError::from(error))),
            Err(error) => Err(Fault::from(ErrorCode::StoreFailed).with("detail", &error)),
        };
        self.told(result).await
    }

    async fn office(&self, permission: Permission) -> Result<Office, Fault> {
        Office::of(&*self.state().await, permission)
    }

    /// For work that goes on after whoever began it has left.
    async fn office_of(&self, centre: &Arc<Centre>, person: PersonId) -> Office {
        let state = self.state().await;
        Office {
            person,
            language: Language::default(),
            centre: Arc::clone(centre),
            shops: state.shops.values().map(Client::from).collect(),
        }
    }

    /// Holidays where the centre works, with their names.
    async fn holidays(
        &self,
        office: &Office,
        first: NaiveDate,
        last: NaiveDate,
    ) -> Result<BTreeMap<NaiveDate, String>, Fault> {
        let common = office.centre.db.read(special_day::in_force).await?;
        let language = self.language().await;
        Ok(holidays_of(self.zone(), language, first, last, &common))
    }

    pub(crate) fn redraw(&self) {
        self.inner.planning.redraw();
    }

    /// A plan in memory, read anew where what it is built on has changed.
    async fn drawn<'a>(
        &self,
        office: &Office,
        drawings: &'a mut HashMap<PlanId, Drawn>,
        id: PlanId,
    ) -> Result<&'a mut Drawn, Fault> {
        let (epoch, demand) = (self.inner.planning.epoch(), self.inner.planning.demand());
        let fits = |drawn: &Drawn| drawn.demand == demand && drawn.serves(office);
        let fresh = |drawn: &Drawn| drawn.epoch == epoch && fits(drawn);
        if !drawings.get(&id).is_some_and(fresh) {
            // Forecasting is the long part, so its fruit is kept while it holds.
            let known = drawings.remove(&id).filter(fits).map(|drawn| drawn.lines);
            let drawn = self.draw(office, id, known).await?;
            drawings.insert(id, drawn);
        }
        drawings
            .get_mut(&id)
            .ok_or_else(|| ErrorCode::NotFound.into())
    }

    async fn plan_list(&self) -> Result<Vec<PlanSummary>, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let plans = office.centre.db.read(plan_table::list).await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        let mut summaries = Vec::with_capacity(plans.len());
        for plan in plans {
            let drawn = self.drawn(&office, &mut drawings, plan.id).await?;
            summaries.push(drawn.summary());
        }
        Ok(summaries)
    }

    async fn begun_plan(&self, first_day: NaiveDate, weeks: u32) -> Result<PlanSummary, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let invalid = |field: &str| Fault::from(ErrorCode::FieldInvalid).with("field", &field);
        if first_day.weekday() != Weekday::Mon || !(2000..2200).contains(&first_day.year()) {
            return Err(invalid("first_day"));
        }
        if !(1..=8).contains(&weeks) {
            return Err(invalid("weeks"));
        }
        let plan = Plan {
            id: PlanId::from_uuid(clock::mint()),
            first_day,
            weeks,
            zone: self.zone(),
            made_at: self.now(),
            author: office.person,
        };
        let wanted = self.wanted(first_day, 7).await?;
        let (opening, nights) = search::opening(&wanted);
        self.first_templates(&office, opening, nights).await?;
        let id = plan.id;
        let change = self.change(
            Author::Person(office.person),
            "plan.made",
            &id,
            json!({ "first_day": first_day, "weeks": weeks }),
        );
        office
            .centre
            .db
            .write(change, move |tx| plan_table::insert(tx, &plan))
            .await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        let summary = self.drawn(&office, &mut drawings, id).await?.summary();
        drop(drawings);
        self.tell(Changed::Plan);
        Ok(summary)
    }

    async fn newer_plan(&self, id: PlanId, known: Option<u32>) -> Result<Option<PlanPage>, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        let solving = self
            .inner
            .planning
            .search_of(id)
            .map(|search| search.view());
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        if solving.is_none() && known == Some(drawn.version) {
            return Ok(None);
        }
        let mut page = drawn.page(solving);
        drop(drawings);
        let holidays = self
            .holidays(&office, page.plan.first_day, page.plan.last_day)
            .await?;
        for day in &mut page.days {
            day.holiday = holidays.get(&day.date).cloned();
        }
        Ok(Some(page))
    }

    async fn forget_plan(&self, id: PlanId) -> Result<(), Fault> {
        let office = self.office(Permission::PlanWork).await?;
        self.end_search(id).await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        let published = office
            .centre
            .db
            .read(move |conn| store::table::publication::last_of_plan(conn, id))
            .await?;
        if published.is_some() {
            return Err(ErrorCode::PlanPublished.into());
        }
        let change = self.change(
            Author::Person(office.person),
            "plan.dropped",
            &id,
            json!({}),
        );
        office
            .centre
            .db
            .write(change, move |tx| plan_table::remove(tx, id))
            .await?;
        drawings.remove(&id);
        drop(drawings);
        self.tell(Changed::Plan);
        Ok(())
    }

    async fn compared(&self, left: PlanId, right: PlanId) -> Result<PlanComparison, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        let one = self.drawn(&office, &mut drawings, left).await?;
        let (left, left_standing, left_cells) = (one.summary(), one.standing(), one.codes());
        let first = (left.first_day, left.last_day);
        let other = self.drawn(&office, &mut drawings, right).await?;
        let (right, right_standing, right_cells) =
            (other.summary(), other.standing(), other.codes());
        drop(drawings);
        // A day that only one of them has is no difference between them.
        let from = first.0.max(right.first_day);
        let until = first.1.min(right.last_day);
        let mut cells: BTreeMap<_, [Option<String>; 2]> = BTreeMap::new();
        for (key, code) in left_cells {
            cells.entry(key).or_default()[0] = Some(code);
        }
        for (key, code) in right_cells {
            cells.entry(key).or_default()[1] = Some(code);
        }
        let differences = cells
            .into_iter()
            .filter(|((_, _, date), [one, other])| one != other && (from..=until).contains(date))
            .map(|((name, person, date), [left, right])| PlanDifference {
                person,
                name,
                date,
                left,
                right,
            })
            .collect();
        Ok(PlanComparison {
            left,
            left_standing,
            right,
            right_standing,
            common_days: u32::try_from((until - from).num_days() + 1).unwrap_or(0),
            differences,
        })
    }
}
