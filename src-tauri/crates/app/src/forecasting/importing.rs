//! Reports of a telephone exchange: looked at, taken in whole or not at all, taken back.

use super::outlook::{channel, works};
use crate::clock;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::start::filled;
use crate::text::Fault;
use crate::view::{
    Changed, ImportFault, ImportFaultKind, ImportReport, ImportRequest, LanguageCalls,
};
use chrono::{DateTime, NaiveDate, Utc};
use chrono_tz::Tz;
use plan::history::{Covered, Work};
use plan::language::LanguageCode;
use plan::report::{self, FaultKind, Report};
use rules::id::{FactId, ShopId};
use rules::role::Permission;
use serde_json::json;
use std::collections::{BTreeMap, HashSet};
use store::Author;
use store::table::history::{self, Import, Interval};
use store::table::special_day::Withdrawal;

/// Largest report, bytes: five years of quarters of an hour are about eight million.
const MOST_BYTES: usize = 20 * 1024 * 1024;
/// Faults that are told one by one.
const MOST_FAULTS: usize = 50;

impl Desk {
    pub(crate) async fn take_in(&self, request: ImportRequest) -> Result<ImportReport, Fault> {
        let (shop, author) = {
            let state = self.state().await;
            let author = state.session(Permission::PlanWork)?.person;
            (state.shop(request.shop)?, author)
        };
        if request.content.len() > MOST_BYTES {
            let most = MOST_BYTES / 1024 / 1024;
            return Err(Fault::from(ErrorCode::ImportTooLarge).with("most", &most));
        }
        let zone = shop.zone;
        let ImportRequest {
            channel: line,
            language,
            file,
            content,
            keep,
            ..
        } = request;
        let read = move || report::read(&content, zone).map(|report| spoken_in(report, language));
        let read = tokio::task::spawn_blocking(read)
            .await
            .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?;
        let report = match read {
            Ok(report) => report,
            Err(faults) => return Ok(faulty(&faults)),
        };
        let mut view = seen(&report, zone);
        let known = shop
            .store
            .db
            .read(move |conn| history::imported(conn, channel(line)))
            .await?;
        view.replaced = replaced(&report, &known);
        if !keep {
            return Ok(view);
        }
        filled("file", &file)?;
        let (Some(first_day), Some(last_day)) = (view.first_day, view.last_day) else {
            return Err(ErrorCode::StoreFailed.into());
        };
        let import = Import {
            id: FactId::from_uuid(clock::mint()),
            channel: channel(line),
            file: file.trim().to_owned(),
            slot_minutes: report.slot_minutes,
            rows: view.rows,
            calls: view.calls,
            first_day,
            last_day,
            at: self.now(),
            zone,
            author,
        };
        let intervals: Vec<Interval> = report.work.iter().map(interval).collect();
        let change = self.change(
            Author::Person(author),
            "history.imported",
            &import.id,
            json!({ "rows": view.rows, "calls": view.calls }),
        );
        shop.store
            .db
            .write(change, move |tx| history::add(tx, &import, &intervals))
            .await?;
        view.kept = true;
        self.tell(Changed::Forecast);
        Ok(view)
    }

    pub(crate) async fn take_back_import(&self, shop: ShopId, id: FactId) -> Result<(), Fault> {
        let (shop, author) = {
            let state = self.state().await;
            let author = state.session(Permission::PlanWork)?.person;
            (state.shop(shop)?, author)
        };
        let change = self.change(Author::Person(author), "history.withdrawn", &id, json!({}));
        let withdrawal = Withdrawal {
            of: id,
            at: self.now(),
            zone: shop.zone,
            author,
        };
        shop.store
            .db
            .write(change, move |tx| history::withdraw(tx, &withdrawal))
            .await?;
        self.tell(Changed::Forecast);
        Ok(())
    }
}

/// The report of a queue that is told to be of one language; what it tells itself holds.
fn spoken_in(mut report: Report, language: Option<LanguageCode>) -> Report {
    if report.work.iter().all(|one| one.language.is_none()) {
        for one in &mut report.work {
            one.language = language;
        }
    }
    report
}

/// Times of the report of which something is known that gives way to it.
fn replaced(report: &Report, known: &[(u32, Vec<Interval>)]) -> u32 {
    let mut covered = Covered::default();
    covered.add(report.slot_minutes, &report.work);
    let told: HashSet<i64> = report.work.iter().map(|one| one.start).collect();
    let gives_way = |(slot_minutes, intervals): &(u32, Vec<Interval>)| -> Vec<i64> {
        let work = works(intervals).into_iter();
        work.filter(|one| told.contains(&one.start) && covered.hides(*slot_minutes, one))
            .map(|one| one.start)
            .collect()
    };
    let starts: HashSet<i64> = known.iter().flat_map(gives_way).collect();
    count(starts.len())
}

/// Calls by language, most first; none where no language is told.
pub(super) fn by_language(work: &[Work]) -> Vec<LanguageCalls> {
    let mut sums: BTreeMap<Option<LanguageCode>, u32> = BTreeMap::new();
    for one in work {
        let sum = sums.entry(one.language).or_default();
        *sum = sum.saturating_add(one.calls);
    }
    if sums.keys().all(Option::is_none) {
        return Vec::new();
    }
    let all: f64 = sums.values().copied().map(f64::from).sum();
    let mut languages: Vec<LanguageCalls> = sums
        .into_iter()
        .map(|(language, calls)| LanguageCalls {
            language,
            calls,
            share: if all > 0.0 {
                f64::from(calls) / all
            } else {
                0.0
            },
        })
        .collect();
    languages.sort_by_key(|one| (one.language.is_none(), std::cmp::Reverse(one.calls)));
    languages
}

fn interval(work: &Work) -> Interval {
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a handle time is not negative and stays far below 2^64"
    )]
    let ms = |seconds: f64| (seconds * 1000.0).round() as u64;
    Interval {
        start: work.start,
        language: work.language.map(|code| code.to_string()),
        calls: work.calls,
        handle_ms: work.handle_s.map(ms),
    }
}

fn seen(report: &Report, zone: Tz) -> ImportReport {
    let date = |work: Option<&Work>| -> Option<NaiveDate> {
        let at = DateTime::<Utc>::from_timestamp(work?.start, 0)?;
        Some(at.with_timezone(&zone).date_naive())
    };
    ImportReport {
        rows: count(report.work.len()),
        calls: report
            .work
            .iter()
            .fold(0, |sum, one| sum.saturating_add(one.calls)),
        slot_minutes: report.slot_minutes,
        first_day: date(report.work.first()),
        last_day: date(report.work.last()),
        has_handle_time: report.has_handle_time,
        languages: by_language(&report.work),
        replaced: 0,
        faults: Vec::new(),
        fault_count: 0,
        kept: false,
    }
}

fn faulty(faults: &[report::Fault]) -> ImportReport {
    ImportReport {
        rows: 0,
        calls: 0,
        slot_minutes: 60,
        first_day: None,
        last_day: None,
        has_handle_time: false,
        languages: Vec::new(),
        replaced: 0,
        faults: faults
            .iter()
            .take(MOST_FAULTS)
            .map(|fault| ImportFault {
                line: fault.line,
                fault: kind(fault.kind),
                found: fault.found.clone(),
            })
            .collect(),
        fault_count: count(faults.len()),
        kept: false,
    }
}

fn kind(kind: FaultKind) -> ImportFaultKind {
    match kind {
        FaultKind::NoTimeColumn => ImportFaultKind::NoTimeColumn,
        FaultKind::NoCountColumn => ImportFaultKind::NoCountColumn,
        FaultKind::BadTime => ImportFaultKind::BadTime,
        FaultKind::NoSuchTime => ImportFaultKind::NoSuchTime,
        FaultKind::BadCount => ImportFaultKind::BadCount,
        FaultKind::BadHandleTime => ImportFaultKind::BadHandleTime,
        FaultKind::BadLanguage => ImportFaultKind::BadLanguage,
        FaultKind::Twice => ImportFaultKind::Twice,
        FaultKind::OddStep => ImportFaultKind::OddStep,
        FaultKind::Empty => ImportFaultKind::Empty,
    }
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
