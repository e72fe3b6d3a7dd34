//! Who works when.

use super::Answer;
use app::view::{
    ContractView, LabourPreset, MeetingAsk, MeetingSpec, MeetingTimeView, MeetingView,
    MultiSkillDay, MyShifts, NewRequest, PlanChoice, PlanComparison, PlanDelta, PlanEdit,
    PlanExport, PlanPage, PlanSummary, PublishView, RequestAction, RequestView, ServedLine,
    TemplateSpec, TemplateView, TodayPage,
};
use app::{Desk, Export};
use chrono::NaiveDate;
use rules::id::{MeetingId, PersonId, PlanId, RequestId, ShopId, TemplateId};
use tauri::State;

/// All plans, newest first.
#[tauri::command]
#[specta::specta]
pub async fn plans(desk: State<'_, Desk>) -> Answer<Vec<PlanSummary>> {
    desk.plans().await
}

/// Makes an empty plan of 1 to 8 weeks from a Monday on.
#[tauri::command]
#[specta::specta]
pub async fn make_plan(
    desk: State<'_, Desk>,
    first_day: NaiveDate,
    weeks: u32,
) -> Answer<PlanSummary> {
    desk.make_plan(first_day, weeks).await
}

/// A whole plan, none where it is still of the version that is known and no search changes it.
#[tauri::command]
#[specta::specta]
pub async fn plan_page(
    desk: State<'_, Desk>,
    id: PlanId,
    known: Option<u32>,
) -> Answer<Option<PlanPage>> {
    desk.newer_plan_page(id, known).await
}

/// Throws a draft away.
#[tauri::command]
#[specta::specta]
pub async fn drop_plan(desk: State<'_, Desk>, id: PlanId) -> Answer<()> {
    desk.drop_plan(id).await
}

/// Searches for a better plan for so long; from a day on, with the fewest changes, where that is given.
#[tauri::command]
#[specta::specta]
pub async fn solve_plan(
    desk: State<'_, Desk>,
    id: PlanId,
    seconds: u32,
    replan_from: Option<NaiveDate>,
) -> Answer<()> {
    desk.solve_plan(id, seconds, replan_from).await
}

/// Ends the search; the best plan so far stays.
#[tauri::command]
#[specta::specta]
pub async fn stop_solving(desk: State<'_, Desk>, id: PlanId) -> Answer<()> {
    desk.stop_solving(id).await
}

/// Changes a plan by hand and tells at once what that does.
#[tauri::command]
#[specta::specta]
pub async fn edit_plan(desk: State<'_, Desk>, id: PlanId, edit: PlanEdit) -> Answer<PlanDelta> {
    desk.edit_plan(id, edit).await
}

/// What each shift that may be given to a person on a day would do; on a line, where one is named.
#[tauri::command]
#[specta::specta]
pub async fn plan_choices(
    desk: State<'_, Desk>,
    id: PlanId,
    person: PersonId,
    date: NaiveDate,
    line: Option<ShopId>,
) -> Answer<Vec<PlanChoice>> {
    desk.plan_choices(id, person, date, line).await
}

/// What a day would be if everyone answered all lines that his or her contract names.
#[tauri::command]
#[specta::specta]
pub async fn plan_multi_skill(
    desk: State<'_, Desk>,
    id: PlanId,
    date: NaiveDate,
) -> Answer<MultiSkillDay> {
    desk.plan_multi_skill(id, date).await
}

/// Times for a meeting of a plan's people, those that hurt least first.
#[tauri::command]
#[specta::specta]
pub async fn meeting_times(
    desk: State<'_, Desk>,
    id: PlanId,
    ask: MeetingAsk,
) -> Answer<Vec<MeetingTimeView>> {
    desk.meeting_times(id, ask).await
}

/// Places a meeting or training in a plan.
#[tauri::command]
#[specta::specta]
pub async fn place_meeting(
    desk: State<'_, Desk>,
    id: PlanId,
    spec: MeetingSpec,
) -> Answer<MeetingView> {
    desk.place_meeting(id, spec).await
}

/// Takes a meeting out of a plan.
#[tauri::command]
#[specta::specta]
pub async fn remove_meeting(desk: State<'_, Desk>, id: PlanId, meeting: MeetingId) -> Answer<()> {
    desk.remove_meeting(id, meeting).await
}

/// Shows the plan to everyone in it.
#[tauri::command]
#[specta::specta]
pub async fn publish_plan(desk: State<'_, Desk>, id: PlanId) -> Answer<PublishView> {
    desk.publish_plan(id).await
}

/// Two plans side by side.
#[tauri::command]
#[specta::specta]
pub async fn compare_plans(
    desk: State<'_, Desk>,
    left: PlanId,
    right: PlanId,
) -> Answer<PlanComparison> {
    desk.compare_plans(left, right).await
}

/// What each person is employed for.
#[tauri::command]
#[specta::specta]
pub async fn contracts(desk: State<'_, Desk>) -> Answer<Vec<ContractView>> {
    desk.contracts().await
}

/// What a contract can say that a person serves.
#[tauri::command]
#[specta::specta]
pub async fn served_lines(desk: State<'_, Desk>) -> Answer<Vec<ServedLine>> {
    desk.served_lines().await
}

/// Sets what a person is employed for.
#[tauri::command]
#[specta::specta]
pub async fn set_contract(desk: State<'_, Desk>, contract: ContractView) -> Answer<()> {
    desk.set_contract(contract).await
}

/// The same person's contract as a country's law would have it.
#[tauri::command]
#[specta::specta]
pub async fn preset_contract(
    desk: State<'_, Desk>,
    person: PersonId,
    preset: LabourPreset,
) -> Answer<ContractView> {
    desk.preset_contract(person, preset).await
}

/// Shifts that can be given.
#[tauri::command]
#[specta::specta]
pub async fn templates(desk: State<'_, Desk>) -> Answer<Vec<TemplateView>> {
    desk.templates().await
}

/// Sets a shift that can be given; a new one has no identity yet.
#[tauri::command]
#[specta::specta]
pub async fn set_template(
    desk: State<'_, Desk>,
    id: Option<TemplateId>,
    spec: TemplateSpec,
) -> Answer<TemplateView> {
    desk.set_template(id, spec).await
}

/// Gives such a shift no more.
#[tauri::command]
#[specta::specta]
pub async fn remove_template(desk: State<'_, Desk>, id: TemplateId) -> Answer<()> {
    desk.remove_template(id).await
}

/// The reader's own shifts and requests.
#[tauri::command]
#[specta::specta]
pub async fn my_shifts(desk: State<'_, Desk>) -> Answer<MyShifts> {
    desk.my_shifts().await
}

/// Asks for a swap or for time off.
#[tauri::command]
#[specta::specta]
pub async fn ask_request(desk: State<'_, Desk>, request: NewRequest) -> Answer<()> {
    desk.ask_request(request).await
}

/// Requests that wait for a supervisor, and those lately decided.
#[tauri::command]
#[specta::specta]
pub async fn requests(desk: State<'_, Desk>) -> Answer<Vec<RequestView>> {
    desk.requests().await
}

/// Agrees, grants, refuses or takes back.
#[tauri::command]
#[specta::specta]
pub async fn answer_request(
    desk: State<'_, Desk>,
    id: RequestId,
    action: RequestAction,
    words: String,
) -> Answer<()> {
    desk.answer_request(id, action, words).await
}

/// The day as it runs.
#[tauri::command]
#[specta::specta]
pub async fn today(desk: State<'_, Desk>) -> Answer<TodayPage> {
    desk.today().await
}

/// Asks where to, and writes a plan there; none when the person thinks better of it.
#[tauri::command]
#[specta::specta]
pub async fn export_plan(
    desk: State<'_, Desk>,
    id: PlanId,
    format: PlanExport,
    person: Option<PersonId>,
) -> Answer<Option<String>> {
    save(desk.export_plan(id, format, person).await?, &desk).await
}

/// Asks where to, and writes the reader's own calendar there.
#[tauri::command]
#[specta::specta]
pub async fn export_my_shifts(desk: State<'_, Desk>) -> Answer<Option<String>> {
    save(desk.export_my_shifts().await?, &desk).await
}

async fn save(export: Export, desk: &Desk) -> Answer<Option<String>> {
    match crate::dialog::pick_file_to_write(&export.name).await {
        Some(path) => desk.write_export(export, path).await.map(Some),
        None => Ok(None),
    }
}
