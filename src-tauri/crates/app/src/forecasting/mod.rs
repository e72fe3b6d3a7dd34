//! What has come, what will come, and how many people it needs.

mod changes;
mod figures;
mod importing;
mod languages;
mod outlook;
mod page;
mod special;
mod staffing;
mod together;
mod wanted;

pub(crate) use outlook::Outlooks;
pub(crate) use special::holidays_of;
pub(crate) use staffing::rules_of;
pub(crate) use wanted::{Wanted, WantedDay};

use crate::desk::{Desk, OpenShop};
use crate::error::{ApiError, ErrorCode};
use crate::text::Fault;
use crate::view::{
    ForecastDayView, ForecastPage, ForecastRequest, ImportReport, ImportRequest, LanguageCode,
    NewOverride, NewSpecialDay, OutlierVerdict, StaffingRequest, StaffingRules, StaffingView,
    WorkChannel,
};
use chrono::NaiveDate;
use rules::id::{FactId, ShopId};
use rules::role::Permission;
use std::sync::Arc;
use store::Centre;
use store::table::forecast::Override;

/// An outlook with the manual changes of its forecast.
type Known = (Arc<outlook::Outlook>, Vec<Override>);

/// Weeks ahead that a page may show.
fn weeks(weeks: u32) -> Result<u32, Fault> {
    if (1..=13).contains(&weeks) {
        Ok(weeks)
    } else {
        Err(Fault::from(ErrorCode::FieldInvalid).with("field", &"weeks"))
    }
}

impl Desk {
    /// A client for someone who plans its work.
    async fn planned_shop(&self, shop: ShopId) -> Result<(Arc<OpenShop>, Arc<Centre>), Fault> {
        let state = self.state().await;
        state.session(Permission::PlanWork)?;
        Ok((state.shop(shop)?, state.centre()?))
    }

    /// Everything of the forecast page.
    pub async fn forecast_page(&self, request: ForecastRequest) -> Result<ForecastPage, ApiError> {
        let result = self.whole_page(request).await;
        self.told(result).await
    }

    /// One day interval by interval.
    pub async fn forecast_day(
        &self,
        shop: Option<ShopId>,
        channel: WorkChannel,
        language: Option<LanguageCode>,
        date: NaiveDate,
    ) -> Result<ForecastDayView, ApiError> {
        let result = self.day_view(shop, channel, language, date).await;
        self.told(result).await
    }

    /// Takes in a telephone exchange's report, or only looks at it.
    pub async fn import_history(&self, request: ImportRequest) -> Result<ImportReport, ApiError> {
        let result = self.take_in(request).await;
        self.told(result).await
    }

    /// Takes an import back.
    pub async fn withdraw_import(&self, shop: ShopId, id: FactId) -> Result<(), ApiError> {
        let result = self.take_back_import(shop, id).await;
        self.told(result).await
    }

    /// Keeps a day that stands out, leaves it out, or forgets what was said.
    pub async fn set_outlier(
        &self,
        shop: ShopId,
        channel: WorkChannel,
        date: NaiveDate,
        verdict: Option<OutlierVerdict>,
    ) -> Result<(), ApiError> {
        let result = self.judge_outlier(shop, channel, date, verdict).await;
        self.told(result).await
    }

    /// Enters a special day.
    pub async fn add_special_day(&self, day: NewSpecialDay) -> Result<(), ApiError> {
        let result = self.enter_special_day(day).await;
        self.told(result).await
    }

    /// Takes an own special day out.
    pub async fn remove_special_day(
        &self,
        shop: Option<ShopId>,
        date: NaiveDate,
    ) -> Result<(), ApiError> {
        let result = self.withdraw_special_day(shop, date).await;
        self.told(result).await
    }

    /// Changes a forecast by hand, with a reason.
    pub async fn override_forecast(&self, change: NewOverride) -> Result<(), ApiError> {
        let result = self.change_forecast(change).await;
        self.told(result).await
    }

    /// Takes a manual change back.
    pub async fn withdraw_override(&self, shop: ShopId, id: FactId) -> Result<(), ApiError> {
        let result = self.take_back_override(shop, id).await;
        self.told(result).await
    }

    /// Keeps the forecast as it is now, to be compared with what comes.
    pub async fn publish_forecast(&self, request: ForecastRequest) -> Result<(), ApiError> {
        let result = self.keep_forecast(request).await;
        self.told(result).await
    }

    /// People needed on a day, as the rules want it and as other rules would.
    pub async fn staffing(&self, request: StaffingRequest) -> Result<StaffingView, ApiError> {
        let result = self.staffing_view(request).await;
        self.told(result).await
    }

    /// Sets how many people are wanted and what for.
    pub async fn set_staffing_rules(
        &self,
        shop: ShopId,
        rules: StaffingRules,
    ) -> Result<(), ApiError> {
        let result = self.keep_staffing_rules(shop, rules).await;
        self.told(result).await
    }
}
