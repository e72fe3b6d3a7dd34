//! History, forecast and staffing.

use crate::arguments::{ForecastOf, HistoryCommand, StaffingOf};
use crate::output::Output;
use crate::shop::named;
use app::view::{
    ApiError, ErrorCode, ForecastRequest, ImportReport, ImportRequest, Language, StaffingRequest,
};
use app::{Desk, told};
use std::path::Path;

pub(crate) async fn history(
    desk: &Desk,
    command: HistoryCommand,
    language: Language,
    output: &Output,
) -> Result<bool, ApiError> {
    match command {
        HistoryCommand::Import {
            shop,
            channel,
            calls_in,
            check,
            file,
        } => {
            let shop = named(desk, &shop).await?.id;
            let name = file
                .file_name()
                .map(|name| name.to_string_lossy().into_owned())
                .unwrap_or_default();
            let request = ImportRequest {
                shop,
                channel,
                language: calls_in,
                file: name,
                content: content(&file, language)?,
                keep: !check,
            };
            let report = desk.import_history(request).await?;
            output.answer(&report, lines(&report));
            Ok(report.fault_count == 0)
        }
        HistoryCommand::Sample { days } => {
            let report = desk.sample_report(language, days);
            let line = report.trim_end().to_owned();
            output.answer(&serde_json::json!({ "report": report }), [line]);
            Ok(true)
        }
    }
}

fn content(file: &Path, language: Language) -> Result<Vec<u8>, ApiError> {
    std::fs::read(file).map_err(|error| {
        tracing::warn!(%error, "the file was not read");
        told(
            ErrorCode::FieldInvalid,
            language,
            [("field", "file".to_owned())],
        )
    })
}

fn lines(report: &ImportReport) -> Vec<String> {
    if report.fault_count > 0 {
        return report
            .faults
            .iter()
            .map(|fault| format!("{}: {:?}: {}", fault.line, fault.fault, fault.found))
            .collect();
    }
    let day = |day: Option<chrono::NaiveDate>| day.map(|day| day.to_string()).unwrap_or_default();
    let kept = if report.kept { "kept" } else { "looked at" };
    let mut lines = vec![format!(
        "{kept}: rows {}  calls {}  {} min  {} – {}  replaced {}",
        report.rows,
        report.calls,
        report.slot_minutes,
        day(report.first_day),
        day(report.last_day),
        report.replaced
    )];
    lines.extend(report.languages.iter().map(|one| {
        let language = one.language.map_or("–".to_owned(), |code| code.to_string());
        format!(
            "{language}  calls {}  {:.1} %",
            one.calls,
            one.share * 100.0
        )
    }));
    lines
}

pub(crate) async fn forecast(
    desk: &Desk,
    of: ForecastOf,
    output: &Output,
) -> Result<bool, ApiError> {
    let shop = match of.shop {
        Some(name) => Some(named(desk, &name).await?.id),
        None => None,
    };
    let request = ForecastRequest {
        shop,
        channel: of.channel,
        language: of.calls_in,
        weeks: of.weeks,
    };
    let page = desk.forecast_page(request).await?;
    let lines = page.days.iter().map(|day| {
        let aht = day.aht_s.map(|aht| format!("{aht:.0} s"));
        format!(
            "{}  {:.1}  {:.1} – {:.1}  {}",
            day.date,
            day.calls,
            day.low95,
            day.high95,
            aht.unwrap_or_default()
        )
    });
    output.answer(&page, lines);
    Ok(page.history.days_missing == 0)
}

pub(crate) async fn staffing(
    desk: &Desk,
    of: StaffingOf,
    output: &Output,
) -> Result<bool, ApiError> {
    let request = StaffingRequest {
        shop: named(desk, &of.shop).await?.id,
        language: of.calls_in,
        date: of.date,
        what_if: None,
        load_factor: of.load,
    };
    let view = desk.staffing(request).await?;
    let day = view.what_if.as_ref().unwrap_or(&view.now);
    let lines = day.intervals.iter().map(|interval| {
        let level = interval
            .service_level
            .map(|level| format!("{:.1} %", level * 100.0));
        format!(
            "{:02}:{:02}  {:.1}  {}  {}  {}",
            interval.minute / 60,
            interval.minute % 60,
            interval.calls,
            interval.agents,
            interval.paid_agents,
            level.unwrap_or_default()
        )
    });
    output.answer(&view, lines);
    Ok(true)
}
