//! What has come, what will come, and how many people it needs.

#[allow(dead_code, reason = "plans are built on it")]
mod wanted;

#[allow(unused_imports, reason = "plans are built on it")]
pub(crate) use wanted::{Wanted, WantedDay};

use crate::desk::Desk;
use crate::error::{ApiError, ErrorCode};
use crate::view::{
    ForecastDayView, ForecastPage, ForecastRequest, ImportReport, ImportRequest, NewOverride,
    NewSpecialDay, OutlierVerdict, StaffingRequest, StaffingRules, StaffingView, WorkChannel,
};
use chrono::NaiveDate;
use rules::id::{FactId, ShopId};

impl Desk {
    /// Everything of the forecast page.
    pub async fn forecast_page(&self, request: ForecastRequest) -> Result<ForecastPage, ApiError> {
        let _ = request;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// One day interval by interval.
    pub async fn forecast_day(
        &self,
        shop: Option<ShopId>,
        channel: WorkChannel,
        date: NaiveDate,
    ) -> Result<ForecastDayView, ApiError> {
        let _ = shop;
        let _ = channel;
        let _ = date;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Takes in a telephone exchange's report, or only looks at it.
    pub async fn import_history(&self, request: ImportRequest) -> Result<ImportReport, ApiError> {
        let _ = request;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Takes an import back.
    pub async fn withdraw_import(&self, shop: ShopId, id: FactId) -> Result<(), ApiError> {
        let _ = shop;
        let _ = id;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Keeps a day that stands out, leaves it out, or forgets what was said.
    pub async fn set_outlier(
        &self,
        shop: ShopId,
        channel: WorkChannel,
        date: NaiveDate,
        verdict: Option<OutlierVerdict>,
    ) -> Result<(), ApiError> {
        let _ = shop;
        let _ = channel;
        let _ = date;
        let _ = verdict;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Enters a special day.
    pub async fn add_special_day(&self, day: NewSpecialDay) -> Result<(), ApiError> {
        let _ = day;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Takes an own special day out.
    pub async fn remove_special_day(
        &self,
        shop: Option<ShopId>,
        date: NaiveDate,
    ) -> Result<(), ApiError> {
        let _ = shop;
        let _ = date;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Changes a forecast by hand, with a reason.
    pub async fn override_forecast(&self, change: NewOverride) -> Result<(), ApiError> {
        let _ = change;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Takes a manual change back.
    pub async fn withdraw_override(&self, shop: ShopId, id: FactId) -> Result<(), ApiError> {
        let _ = shop;
        let _ = id;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Keeps the forecast as it is now, to be compared with what comes.
    pub async fn publish_forecast(&self, request: ForecastRequest) -> Result<(), ApiError> {
        let _ = request;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// People needed on a day, as the rules want it and as other rules would.
    pub async fn staffing(&self, request: StaffingRequest) -> Result<StaffingView, ApiError> {
        let _ = request;
        Err(self.fault(ErrorCode::NotFound).await)
    }

    /// Sets how many people are wanted and what for.
    pub async fn set_staffing_rules(
        &self,
        shop: ShopId,
        rules: StaffingRules,
    ) -> Result<(), ApiError> {
        let _ = shop;
        let _ = rules;
        Err(self.fault(ErrorCode::NotFound).await)
    }
}
