//! Who works when: plans, shifts, requests, the day as it runs.

use crate::desk::Desk;
use crate::error::{ApiError, ErrorCode};
use crate::text::Fault;
use crate::view::{
    ContractView, LabourPreset, MyShifts, NewRequest, PlanComparison, PlanDelta, PlanEdit,
    PlanExport, PlanPage, PlanSummary, PublishView, RequestAction, RequestView, TemplateSpec,
    TemplateView, TodayPage,
};
use chrono::NaiveDate;
use rules::id::{PersonId, PlanId, RequestId, TemplateId};
use std::path::PathBuf;
use store::StoreError;

/// A file made to be taken away.
pub struct Export {
    /// What to call it.
    pub name: String,
    /// What is in it.
    pub bytes: Vec<u8>,
}

impl Desk {
    /// All plans, newest first.
    pub async fn plans(&self) -> Result<Vec<PlanSummary>, ApiError> {
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Makes an empty plan of 1 to 8 weeks from a Monday on.
    pub async fn make_plan(
        &self,
        first_day: NaiveDate,
        weeks: u32,
    ) -> Result<PlanSummary, ApiError> {
        let _ = first_day;
        let _ = weeks;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// A whole plan.
    pub async fn plan_page(&self, id: PlanId) -> Result<PlanPage, ApiError> {
        let _ = id;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Throws a draft away.
    pub async fn drop_plan(&self, id: PlanId) -> Result<(), ApiError> {
        let _ = id;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Searches for a better plan for so long; from a day on, with the fewest changes, where that is given.
    pub async fn solve_plan(
        &self,
        id: PlanId,
        seconds: u32,
        replan_from: Option<NaiveDate>,
    ) -> Result<(), ApiError> {
        let _ = id;
        let _ = seconds;
        let _ = replan_from;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Ends the search; the best plan so far stays.
    pub async fn stop_solving(&self, id: PlanId) -> Result<(), ApiError> {
        let _ = id;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Changes a plan by hand and tells at once what that does.
    pub async fn edit_plan(&self, id: PlanId, edit: PlanEdit) -> Result<PlanDelta, ApiError> {
        let _ = id;
        let _ = edit;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Shows the plan to everyone in it.
    pub async fn publish_plan(&self, id: PlanId) -> Result<PublishView, ApiError> {
        let _ = id;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Two plans side by side.
    pub async fn compare_plans(
        &self,
        left: PlanId,
        right: PlanId,
    ) -> Result<PlanComparison, ApiError> {
        let _ = left;
        let _ = right;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// What each person is employed for.
    pub async fn contracts(&self) -> Result<Vec<ContractView>, ApiError> {
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Sets what a person is employed for.
    pub async fn set_contract(&self, contract: ContractView) -> Result<(), ApiError> {
        let _ = contract;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// The same person's contract as a country's law would have it.
    pub async fn preset_contract(
        &self,
        person: PersonId,
        preset: LabourPreset,
    ) -> Result<ContractView, ApiError> {
        let _ = person;
        let _ = preset;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Shifts that can be given.
    pub async fn templates(&self) -> Result<Vec<TemplateView>, ApiError> {
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Sets a shift that can be given; a new one has no identity yet.
    pub async fn set_template(
        &self,
        id: Option<TemplateId>,
        spec: TemplateSpec,
    ) -> Result<TemplateView, ApiError> {
        let _ = id;
        let _ = spec;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Gives such a shift no more.
    pub async fn remove_template(&self, id: TemplateId) -> Result<(), ApiError> {
        let _ = id;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// The reader's own shifts and requests.
    pub async fn my_shifts(&self) -> Result<MyShifts, ApiError> {
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Asks for a swap or for time off.
    pub async fn ask_request(&self, request: NewRequest) -> Result<(), ApiError> {
        let _ = request;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Requests that wait for a supervisor, and those lately decided.
    pub async fn requests(&self) -> Result<Vec<RequestView>, ApiError> {
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Agrees, grants, refuses or takes back.
    pub async fn answer_request(
        &self,
        id: RequestId,
        action: RequestAction,
        words: String,
    ) -> Result<(), ApiError> {
        let _ = id;
        let _ = action;
        let _ = words;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// The day as it runs.
    pub async fn today(&self) -> Result<TodayPage, ApiError> {
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// A plan as a file: a person's calendar, a table, a page for the wall, hours for payroll.
    pub async fn export_plan(
        &self,
        id: PlanId,
        format: PlanExport,
        person: Option<PersonId>,
    ) -> Result<Export, ApiError> {
        let _ = (id, format, person);
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// The reader's own published shifts as a calendar.
    pub async fn export_my_shifts(&self) -> Result<Export, ApiError> {
        Err(self.fault(ErrorCode::NotFound).await)
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
}
