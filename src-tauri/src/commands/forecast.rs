//! The load to come and the people it needs.

use super::Answer;
use app::Desk;
use app::view::{
    ForecastDayView, ForecastPage, ForecastRequest, ImportReport, ImportRequest, LanguageCode,
    NewOverride, NewSpecialDay, OutlierVerdict, StaffingRequest, StaffingRules, StaffingView,
    WorkChannel,
};
use chrono::NaiveDate;
use rules::id::{FactId, ShopId};
use tauri::State;

/// Everything of the forecast page.
#[tauri::command]
#[specta::specta]
pub async fn forecast_page(
    desk: State<'_, Desk>,
    request: ForecastRequest,
) -> Answer<ForecastPage> {
    desk.forecast_page(request).await
}

/// One day interval by interval.
#[tauri::command]
#[specta::specta]
pub async fn forecast_day(
    desk: State<'_, Desk>,
    shop: Option<ShopId>,
    channel: WorkChannel,
    language: Option<LanguageCode>,
    date: NaiveDate,
) -> Answer<ForecastDayView> {
    desk.forecast_day(shop, channel, language, date).await
}

/// Takes in a telephone exchange's report, or only looks at it.
#[tauri::command]
#[specta::specta]
pub async fn import_history(desk: State<'_, Desk>, request: ImportRequest) -> Answer<ImportReport> {
    desk.import_history(request).await
}

/// Takes an import back.
#[tauri::command]
#[specta::specta]
pub async fn withdraw_import(desk: State<'_, Desk>, shop: ShopId, id: FactId) -> Answer<()> {
    desk.withdraw_import(shop, id).await
}

/// Keeps a day that stands out, leaves it out, or forgets what was said.
#[tauri::command]
#[specta::specta]
pub async fn set_outlier(
    desk: State<'_, Desk>,
    shop: ShopId,
    channel: WorkChannel,
    date: NaiveDate,
    verdict: Option<OutlierVerdict>,
) -> Answer<()> {
    desk.set_outlier(shop, channel, date, verdict).await
}

/// Enters a special day.
#[tauri::command]
#[specta::specta]
pub async fn add_special_day(desk: State<'_, Desk>, day: NewSpecialDay) -> Answer<()> {
    desk.add_special_day(day).await
}

/// Takes an own special day out.
#[tauri::command]
#[specta::specta]
pub async fn remove_special_day(
    desk: State<'_, Desk>,
    shop: Option<ShopId>,
    date: NaiveDate,
) -> Answer<()> {
    desk.remove_special_day(shop, date).await
}

/// Changes a forecast by hand, with a reason.
#[tauri::command]
#[specta::specta]
pub async fn override_forecast(desk: State<'_, Desk>, change: NewOverride) -> Answer<()> {
    desk.override_forecast(change).await
}

/// Takes a manual change back.
#[tauri::command]
#[specta::specta]
pub async fn withdraw_override(desk: State<'_, Desk>, shop: ShopId, id: FactId) -> Answer<()> {
    desk.withdraw_override(shop, id).await
}

/// Keeps the forecast as it is now, to be compared with what comes.
#[tauri::command]
#[specta::specta]
pub async fn publish_forecast(desk: State<'_, Desk>, request: ForecastRequest) -> Answer<()> {
    desk.publish_forecast(request).await
}

/// People needed on a day, as the rules want it and as other rules would.
#[tauri::command]
#[specta::specta]
pub async fn staffing(desk: State<'_, Desk>, request: StaffingRequest) -> Answer<StaffingView> {
    desk.staffing(request).await
}

/// Sets how many people are wanted and what for.
#[tauri::command]
#[specta::specta]
pub async fn set_staffing_rules(
    desk: State<'_, Desk>,
    shop: ShopId,
    rules: StaffingRules,
) -> Answer<()> {
    desk.set_staffing_rules(shop, rules).await
}
