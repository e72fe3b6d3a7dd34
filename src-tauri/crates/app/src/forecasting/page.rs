//! The forecast page and its day.

use super::figures::{Day, Hour, by_hour, mean_by};
use super::importing::by_language;
use super::outlook::{Future, Outlook, channel, weekday};
use super::special::proper;
use super::staffing::{Incoming, answering, callers, required, rules_of};
use super::together::{Part, Scope};
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{
    AlarmKind, AlarmView, ContributionView, ForecastDay, ForecastDayView, ForecastExplanation,
    ForecastPage, ForecastRequest, ForecastWhy, HeatCellView, HeatKind, HeatView, HistoryDay,
    HistoryView, ImportView, IntervalView, LanguageCalls, LanguageCode, MethodView, OutlierVerdict,
    OutlierView, OverrideView, ScoreView, SnapshotView, SpecialDayView, StaffingRules, WorkChannel,
};
use chrono::{DateTime, Days as Span, NaiveDate, TimeDelta, Utc};
use forecast::{Alarm, Limits};
use rules::id::{FactId, PersonId, ShopId};
use std::collections::{BTreeMap, HashMap};
use store::table::forecast::{self as facts, Snapshot, Verdict};
use store::table::history::{self, Import};

/// Days of history in the chart and behind the map.
const RECENT: u64 = 56;
/// Special days so far back are told.
const SPECIAL_BACK: u64 = 365;
/// Most outliers told, the newest.
const MOST_OUTLIERS: usize = 60;
/// Published forecasts told.
const MOST_SNAPSHOTS: u32 = 20;
/// A volume that chance alone would bring one day in twenty is no alarm: so many standard deviations.
const CHANCE: f64 = 1.96;

type Names = HashMap<PersonId, String>;
/// What was forecast for each day, and what came.
type SaidAndCame = BTreeMap<NaiveDate, (f64, f64)>;

/// What is read of the stores for a page, beside the outlooks.
struct Told {
    imports: Vec<ImportView>,
    snapshots: Vec<SnapshotView>,
    rules: Vec<StaffingRules>,
}

impl Desk {
    pub(crate) async fn whole_page(&self, request: ForecastRequest) -> Result<ForecastPage, Fault> {
        let weeks = super::weeks(request.weeks)?;
        let scope = self.scope(&request).await?;
        let names = {
            let state = self.state().await;
            self.names(&state).await?
        };
        let told = self.told_of(&scope, request.language, &names).await?;
        tokio::task::spawn_blocking(move || page(&scope, weeks, told, &names))
            .await
            .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))
    }

    async fn told_of(
        &self,
        scope: &Scope,
        language: Option<LanguageCode>,
        names: &Names,
    ) -> Result<Told, Fault> {
        let line = channel(scope.channel);
        let centre = self.state().await.centre()?;
        let mut imports = Vec::new();
        let mut rules = Vec::new();
        let mut published: BTreeMap<FactId, (Snapshot, SaidAndCame)> = BTreeMap::new();
        for part in &scope.parts {
            let today = part.outlook.today;
            rules.push(rules_of(&centre, part.shop.id).await?.0);
            let (theirs, snapshots) = part
                .shop
                .store
                .db
                .read(move |conn| {
                    let imports = history::imports(conn, line)?;
                    let mut snapshots = Vec::new();
                    let language = language.map(|code| code.to_string());
                    let language = language.as_deref();
                    for snapshot in facts::snapshots(conn, line, language, MOST_SNAPSHOTS)? {
                        let days = facts::snapshot_days(conn, snapshot.id, language, today)?;
                        snapshots.push((snapshot, days));
                    }
                    Ok((imports, snapshots))
                })
                .await?;
            imports.extend(theirs.into_iter().map(|import| import_view(import, names)));
            for (snapshot, days) in snapshots {
                let entry = published
                    .entry(snapshot.id)
                    .or_insert_with(|| (snapshot, BTreeMap::new()));
                for (date, said) in days {
                    let Some(came) = came(&part.outlook, date) else {
                        continue;
                    };
                    let day = entry.1.entry(date).or_default();
                    day.0 += said;
                    day.1 += came;
                }
            }
        }
        imports.sort_by_key(|import| std::cmp::Reverse(import.at));
        let mut snapshots: Vec<SnapshotView> = published
            .into_values()
            .map(|(snapshot, days)| snapshot_view(&snapshot, &days, names))
            .collect();
        snapshots.sort_by_key(|snapshot| std::cmp::Reverse(snapshot.at));
        snapshots.truncate(MOST_SNAPSHOTS as usize);
        Ok(Told {
            imports,
            snapshots,
            rules,
        })
    }

    pub(crate) async fn day_view(
        &self,
        shop: Option<ShopId>,
        line: WorkChannel,
        language: Option<LanguageCode>,
        date: NaiveDate,
    ) -> Result<ForecastDayView, Fault> {
        let date = proper(date)?;
        let request = ForecastRequest {
            shop,
            channel: line,
            language,
            weeks: 1,
        };
        let scope = self.scope(&request).await?;
        let centre = self.state().await.centre()?;
        let mut rules = Vec::new();
        for part in &scope.parts {
            rules.push(rules_of(&centre, part.shop.id).await?.0);
        }
        if let [part] = scope.parts.as_slice()
            && scope.single
        {
            part.outlook.future()?;
        }
        tokio::task::spawn_blocking(move || day_view(&scope, date, &rules))
            .await
            .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?
            .ok_or_else(|| ErrorCode::NotFound.into())
    }
}

/// Calls of a day that is over: nought on a closed day within the history, none where nothing is known.
fn came(outlook: &Outlook, date: NaiveDate) -> Option<f64> {
    let days = outlook.days.as_ref()?;
    if date < days.first || date >= days.end() {
        return None;
    }
    match days.total(date) {
        Some(calls) => Some(f64::from(calls)),
        None => days.open.day(date).iter().all(|open| !open).then_some(0.0),
    }
}

fn name_of(names: &Names, person: PersonId) -> String {
    names.get(&person).cloned().unwrap_or_default()
}

fn import_view(import: Import, names: &Names) -> ImportView {
    ImportView {
        id: import.id,
        rows: import.rows,
        calls: import.calls,
        first_day: import.first_day,
        last_day: import.last_day,
        at: import.at,
        by: name_of(names, import.author),
        file: import.file,
    }
}

fn snapshot_view(snapshot: &Snapshot, days: &SaidAndCame, names: &Names) -> SnapshotView {
    let off: f64 = days.values().map(|(said, came)| (said - came).abs()).sum();
    let all: f64 = days.values().map(|(_, came)| came).sum();
    SnapshotView {
        id: snapshot.id,
        at: snapshot.at,
        by: name_of(names, snapshot.author),
        first_day: snapshot.first_day,
        last_day: snapshot.last_day,
        days_over: u32::try_from(days.len()).unwrap_or(u32::MAX),
        day_wape: (all > 0.0).then(|| off / all),
    }
}

fn page(scope: &Scope, weeks: u32, told: Told, names: &Names) -> ForecastPage {
    let days = scope.days_ahead(weeks);
    let last = days.last().map_or(scope.today, |day| day.date);
    ForecastPage {
        zone: scope.zone.name().to_owned(),
        slot_minutes: scope.slot_minutes,
        history: history_view(scope),
        days: days.iter().map(|day| forecast_day(scope, day)).collect(),
        heat: heat(scope, &days, weeks, &told.rules),
        explanation: explanation(scope),
        outliers: outliers(scope),
        special_days: special_days(scope, last),
        overrides: overrides(scope, names),
        languages: languages(scope),
        contributions: contributions(scope, weeks),
        alarms: scope.parts.iter().flat_map(alarms).collect(),
        imports: told.imports,
        snapshots: told.snapshots,
    }
}

fn history_view(scope: &Scope) -> HistoryView {
    let missing = scope
        .parts
        .iter()
        .map(|part| part.outlook.days_missing())
        .min()
        .unwrap_or(super::outlook::LEAST_DAYS);
    let Some(days) = &scope.history else {
        return HistoryView {
            first_day: None,
            last_day: None,
            days: 0,
            calls: 0,
            aht_s: None,
            recent: Vec::new(),
            days_missing: missing,
        };
    };
    let left_out = |date: NaiveDate| match scope.parts.as_slice() {
        [part] => part.outlook.verdicts.get(&date) == Some(&Verdict::LeftOut),
        _ => false,
    };
    let begin = days.first.max(
        days.end()
            .checked_sub_days(Span::new(RECENT))
            .unwrap_or(days.first),
    );
    let aht = days
        .handled
        .iter()
        .zip(&days.handle_s)
        .filter_map(|(calls, mean)| Some((*calls, (*mean)?)));
    HistoryView {
        first_day: Some(days.first),
        last_day: days.end().pred_opt(),
        days: u32::try_from(days.totals.iter().filter(|calls| **calls > 0).count())
            .unwrap_or(u32::MAX),
        calls: days
            .totals
            .iter()
            .fold(0, |sum, calls| sum.saturating_add(*calls)),
        aht_s: mean_by(aht),
        recent: begin
            .iter_days()
            .take_while(|date| *date < days.end())
            .map(|date| HistoryDay {
                date,
                calls: days.total(date).map(f64::from),
                left_out: left_out(date),
            })
            .collect(),
        days_missing: missing,
    }
}

fn forecast_day(scope: &Scope, day: &Day) -> ForecastDay {
    let actual = (day.date == scope.today)
        .then(|| scope.actual_today())
        .flatten();
    ForecastDay {
        date: day.date,
        calls: day.total.mean,
        model_calls: day.model,
        low80: day.total.low80,
        high80: day.total.high80,
        low95: day.total.low95,
        high95: day.total.high95,
        aht_s: day.aht_s(),
        closed: day.slots.is_empty(),
        special: day.special,
        overridden: day.overridden,
        actual,
    }
}

fn heat(scope: &Scope, days: &[Day], weeks: u32, rules: &[StaffingRules]) -> Vec<HeatView> {
    let ahead = by_hour(days);
    let forecast = |weekday, hour| ahead.get(&(weekday, hour)).map(Hour::mean);
    let past = past_by_hour(scope);
    let history = |weekday, hour| past.get(&(weekday, hour)).map(Hour::mean);
    let mut errors = vec![(0.0, 0.0); 7 * 24];
    for part in &scope.parts {
        if let Some(future) = &part.outlook.future {
            for (sum, (said, came)) in errors.iter_mut().zip(future.errors()) {
                sum.0 += said;
                sum.1 += came;
            }
        }
    }
    let error = |weekday: usize, hour: u32| {
        let (said, came) = errors.get(weekday * 24 + hour as usize)?;
        (*came > 0.0).then(|| (said - came) / came)
    };
    let people = people_by_hour(scope, weeks, rules);
    let staffing = |weekday, hour| people.get(&(weekday, hour)).copied();
    vec![
        map(HeatKind::History, &history, depth),
        map(HeatKind::Forecast, &forecast, depth),
        map(HeatKind::Error, &error, |value, _| off(value)),
        map(HeatKind::Staffing, &staffing, depth),
    ]
}

fn map(
    kind: HeatKind,
    value: &dyn Fn(usize, u32) -> Option<f64>,
    level: fn(f64, f64) -> i32,
) -> HeatView {
    let cells: Vec<(u32, u32, Option<f64>)> = (0..7)
        .flat_map(|weekday| (0..24).map(move |hour| (weekday, hour)))
        .map(|(weekday, hour)| (weekday, hour, value(weekday as usize, hour)))
        .collect();
    let most = cells
        .iter()
        .filter_map(|(.., value)| *value)
        .fold(0.0, f64::max);
    HeatView {
        kind,
        cells: cells
            .into_iter()
            .map(|(weekday, hour, value)| HeatCellView {
                weekday,
                hour,
                value,
                level: value.map_or(0, |value| level(value, most)),
            })
            .collect(),
    }
}

/// Equal steps from nothing to the most.
fn depth(value: f64, most: f64) -> i32 {
    if value <= 0.0 || most <= 0.0 {
        return 0;
    }
    let steps = [1, 2, 3, 4, 5];
    1 + steps
        .into_iter()
        .map(|step| i32::from(value >= most * f64::from(step) / 6.0))
        .sum::<i32>()
}

/// 5, 10 and 20 per cent too many or too few.
fn off(value: f64) -> i32 {
    let steps: i32 = [0.05, 0.1, 0.2]
        .into_iter()
        .map(|step| i32::from(value.abs() >= step))
        .sum();
    if value < 0.0 { -steps } else { steps }
}

/// Calls by weekday and hour over the last eight weeks.
fn past_by_hour(scope: &Scope) -> BTreeMap<(usize, u32), Hour> {
    let mut hours: BTreeMap<(usize, u32), Hour> = BTreeMap::new();
    let Some(days) = &scope.history else {
        return hours;
    };
    let begin = days
        .end()
        .checked_sub_days(Span::new(RECENT))
        .unwrap_or(days.first);
    let in_hour = (days.slots_per_day() / 24).max(1);
    for (date, row) in days.rows().filter(|(date, _)| *date >= begin) {
        for (hour, slots) in (0..).zip(row.chunks(in_hour)) {
            if slots.iter().all(Option::is_none) {
                continue;
            }
            let cell = hours.entry((weekday(date), hour)).or_default();
            cell.days += 1.0;
            cell.calls += slots.iter().flatten().sum::<f64>();
        }
    }
    hours
}

/// People needed by weekday and hour for the mean load of the weeks to come, all parts together.
fn people_by_hour(
    scope: &Scope,
    weeks: u32,
    rules: &[StaffingRules],
) -> BTreeMap<(usize, u32), f64> {
    let mut people: BTreeMap<(usize, u32), f64> = BTreeMap::new();
    let lines = scope.parts.iter().zip(rules).flat_map(|(part, rules)| {
        let outlooks = part.lines(rules.languages_apart).into_iter();
        outlooks.map(move |outlook| (outlook, part, rules))
    });
    for (outlook, part, rules) in lines {
        let days = outlook.days_ahead(weeks, &part.overrides);
        for ((weekday, hour), work) in by_hour(&days) {
            let needed = match scope.channel {
                WorkChannel::Inbound => {
                    let incoming = Incoming::settled(work.mean(), 60, work.aht_s());
                    required(rules, incoming).map_or(0.0, |needed| f64::from(needed.agents))
                }
                WorkChannel::Outbound => callers(rules, work.mean() * work.aht_s() / 3600.0),
            };
            *people.entry((weekday, hour)).or_default() += needed;
        }
    }
    people
}

fn explanation(scope: &Scope) -> Option<ForecastExplanation> {
    let futures: Vec<(&Future, f64)> = scope
        .parts
        .iter()
        .filter_map(|part| part.outlook.future.as_ref())
        .map(|future| {
            let calls: f64 = future.near().days.iter().map(|day| day.total.mean).sum();
            (future, calls)
        })
        .collect();
    let (leading, _) = futures
        .iter()
        .max_by(|left, right| left.1.total_cmp(&right.1))?;
    let all: f64 = futures.iter().map(|(_, calls)| calls).sum();
    let share = |calls: f64| if all > 0.0 { calls / all } else { 1.0 };
    let mut methods: BTreeMap<String, (f64, Vec<(f64, f64)>)> = BTreeMap::new();
    for (future, calls) in &futures {
        for method in &future.near().explanation.methods {
            let entry = methods.entry(code(method.method)).or_default();
            entry.0 += method.weight * share(*calls);
            if let Some(wape) = method.wape {
                entry.1.push((*calls, wape));
            }
        }
    }
    let mut methods: Vec<MethodView> = methods
        .into_iter()
        .map(|(code, (weight, wapes))| MethodView {
            code,
            weight,
            wape: mean_by(wapes.into_iter()).unwrap_or(f64::NAN),
        })
        .collect();
    methods.sort_by(|left, right| {
        right
            .weight
            .total_cmp(&left.weight)
            .then_with(|| left.code.cmp(&right.code))
    });
    let records: Vec<(f64, forecast::Record)> = futures
        .iter()
        .filter_map(|(future, calls)| Some((*calls, future.near().record?)))
        .collect();
    // Nothing to judge is no number; it reaches the page as null.
    let told = |of: fn(&forecast::Record) -> f64| {
        mean_by(records.iter().map(|(calls, record)| (*calls, of(record)))).unwrap_or(f64::NAN)
    };
    let gains: Vec<(f64, f64)> = futures
        .iter()
        .filter_map(|(future, calls)| {
            let gain = future.near().explanation.lead?;
            (gain.without > 0.0)
                .then(|| (*calls, ((gain.without - gain.with) / gain.without).max(0.0)))
        })
        .collect();
    let why = Outlook::why(leading);
    Some(ForecastExplanation {
        methods,
        why,
        origins: leading.near().explanation.trials,
        score: ScoreView {
            wape: told(|record| record.slot_wape),
            day_wape: told(|record| record.day_wape),
            bias: told(|record| record.bias),
            cov80: told(|record| record.coverage80),
            cov95: told(|record| record.coverage95),
        },
        borrowed_from: match why {
            ForecastWhy::Borrowed => leading.borrowed_from.clone(),
            _ => None,
        },
        intake_gain: mean_by(gains.into_iter()),
    })
}

/// The code of a method, as the locales know it.
fn code(method: forecast::Method) -> String {
    match serde_json::to_value(method) {
        Ok(serde_json::Value::String(word)) => word,
        _ => String::new(),
    }
}

fn outliers(scope: &Scope) -> Vec<OutlierView> {
    let ([part], true) = (scope.parts.as_slice(), scope.single) else {
        return Vec::new();
    };
    // A day is judged as a whole.
    let outlook = &part.whole;
    let mut found: BTreeMap<NaiveDate, OutlierView> = outlook
        .outliers
        .iter()
        .map(|outlier| {
            let view = OutlierView {
                date: outlier.date,
                calls: outlier.came,
                expected: outlier.usual,
                verdict: None,
            };
            (outlier.date, view)
        })
        .collect();
    // A day about which something was said stays on the list, so that it can be unsaid.
    for (date, verdict) in &outlook.verdicts {
        let view = found.entry(*date).or_insert_with(|| OutlierView {
            date: *date,
            calls: came(outlook, *date).unwrap_or_default(),
            expected: outlook.usual(*date).unwrap_or_default(),
            verdict: None,
        });
        view.verdict = Some(match verdict {
            Verdict::Kept => OutlierVerdict::Kept,
            Verdict::LeftOut => OutlierVerdict::LeftOut,
        });
    }
    found.into_values().rev().take(MOST_OUTLIERS).collect()
}

fn special_days(scope: &Scope, last: NaiveDate) -> Vec<SpecialDayView> {
    let back = scope
        .today
        .checked_sub_days(Span::new(SPECIAL_BACK))
        .unwrap_or(scope.today);
    let first = scope
        .history
        .as_ref()
        .map_or(scope.today, |days| days.first)
        .max(back);
    if let ([part], true) = (scope.parts.as_slice(), scope.single) {
        return part.outlook.special_days(first, last.max(first));
    }
    scope
        .special
        .range(first..=last.max(first))
        .map(|(date, day)| SpecialDayView {
            date: *date,
            kind: day.kind,
            name: day.name.clone(),
            open: day.hours(),
            own: day.own,
            effect: None,
        })
        .collect()
}

fn overrides(scope: &Scope, names: &Names) -> Vec<OverrideView> {
    let mut all: Vec<OverrideView> = scope
        .parts
        .iter()
        .flat_map(|part| part.overrides.iter().map(move |change| (part, change)))
        .filter(|(part, change)| change.day >= part.outlook.today)
        .map(|(part, change)| OverrideView {
            id: change.id,
            shop: part.shop.id,
            date: change.day,
            from_minute: change.from_minute,
            until_minute: change.until_minute,
            factor: change.factor,
            reason: change.reason.clone(),
            by: name_of(names, change.author),
            at: change.at,
        })
        .collect();
    all.sort_by_key(|change| (change.date, change.from_minute, change.at));
    all
}

/// What the history of the one client tells by language.
fn languages(scope: &Scope) -> Vec<LanguageCalls> {
    match scope.parts.as_slice() {
        [part] if scope.single && !part.languages.is_empty() => by_language(&part.whole.work),
        _ => Vec::new(),
    }
}

fn contributions(scope: &Scope, weeks: u32) -> Vec<ContributionView> {
    let rows: Vec<(&Part, Option<LanguageCode>, &Outlook)> = match scope.parts.as_slice() {
        [part] if scope.single && !part.languages.is_empty() => part
            .languages
            .iter()
            .map(|(language, outlook)| (part, Some(*language), outlook.as_ref()))
            .collect(),
        parts => parts
            .iter()
            .map(|part| (part, None, part.outlook.as_ref()))
            .collect(),
    };
    let loads: Vec<(f64, f64)> = rows
        .iter()
        .map(|(part, _, outlook)| {
            let days = outlook.days_ahead(weeks, &part.overrides);
            let slots = || days.iter().flat_map(|day| &day.slots);
            let calls = slots().map(|slot| slot.calls.mean).sum();
            let work = slots()
                .map(|slot| slot.calls.mean * slot.aht_s.unwrap_or(1.0))
                .sum();
            (calls, work)
        })
        .collect();
    let all: f64 = loads.iter().map(|(_, work)| work).sum();
    let mut rows: Vec<ContributionView> = rows
        .into_iter()
        .zip(loads)
        .map(|((part, language, _), (calls, work))| ContributionView {
            shop: part.shop.id,
            name: part.shop.name.clone(),
            language,
            calls,
            share: if all > 0.0 { work / all } else { 0.0 },
        })
        .collect();
    rows.sort_by(|a, b| b.share.total_cmp(&a.share));
    rows
}

fn alarms(part: &Part) -> Vec<AlarmView> {
    let (outlook, running) = (&part.outlook, &part.running);
    let today = outlook.today;
    let Some(changed) = outlook.changed_forecast(today, &part.overrides) else {
        return Vec::new();
    };
    let handling = outlook
        .future
        .as_ref()
        .and_then(|future| future.of(today))
        .and_then(|(_, handling)| handling);
    let limits = Limits::default();
    let handling = handling.map(|handling| (handling, running.handle_s.as_slice()));
    let found = forecast::alarms(
        &changed,
        &running.calls,
        handling,
        today,
        running.now,
        limits,
    );
    let beyond_chance =
        |expected: f64, came: f64| (came - expected).abs() > CHANCE * expected.max(1.0).sqrt();
    found
        .unwrap_or_default()
        .into_iter()
        .filter_map(|alarm| match alarm {
            Alarm::Day {
                expected,
                came,
                off,
            } => beyond_chance(expected, came).then_some((AlarmKind::Day, off, limits.day)),
            Alarm::PeakHour {
                expected,
                came,
                off,
                ..
            } => beyond_chance(expected, came).then_some((
                AlarmKind::PeakHour,
                off,
                limits.peak_hour,
            )),
            Alarm::HandleTime { off, .. } => Some((AlarmKind::Aht, off, limits.handle_time)),
        })
        .map(|(kind, deviation, limit)| AlarmView {
            shop: part.shop.id,
            name: part.shop.name.clone(),
            kind,
            deviation,
            limit,
        })
        .collect()
}

fn day_view(scope: &Scope, date: NaiveDate, rules: &[StaffingRules]) -> Option<ForecastDayView> {
    let mut day = scope.days(date, 1).into_iter().next()?;
    let mut parts: Vec<(Day, &Part, &StaffingRules)> = scope
        .parts
        .iter()
        .zip(rules)
        .filter_map(|(part, rules)| Some((part.outlook.day(date, &part.overrides)?, part, rules)))
        .collect();
    let slot_minutes = scope.slot_minutes;
    let mut came: &[Option<f64>] = &[];
    if let [(own, part, _)] = parts.as_mut_slice()
        && scope.single
        && date == part.outlook.today
    {
        came = &part.running.calls;
        let again = part
            .outlook
            .changed_forecast(date, &part.overrides)
            .filter(|_| part.running.now > 0)
            .and_then(|changed| {
                forecast::reforecast(&changed, date, &part.running.calls, part.running.now).ok()
            });
        if let Some(again) = again {
            for slot in own.slots.iter_mut().chain(&mut day.slots) {
                let place = (slot.minute / slot_minutes) as usize;
                let known = again.slots.get(place).copied().flatten();
                slot.calls = known.unwrap_or(slot.calls);
            }
        }
    }
    let lines: Vec<(Day, &Part, &StaffingRules)> = parts
        .into_iter()
        .flat_map(
            |(day, part, rules)| match part.lines(rules.languages_apart) {
                spoken if spoken.len() > 1 => spoken
                    .into_iter()
                    .filter_map(|outlook| Some((outlook.day(date, &part.overrides)?, part, rules)))
                    .collect(),
                _ => vec![(day, part, rules)],
            },
        )
        .collect();
    let agents = agents_by_interval(&lines, scope.channel);
    let intervals = day
        .slots
        .iter()
        .map(|slot| {
            let place = (slot.minute / slot_minutes) as usize;
            let calls = &slot.calls;
            let until = slot.start + TimeDelta::minutes(i64::from(slot_minutes));
            IntervalView {
                minute: slot.minute,
                calls: calls.mean,
                model_calls: slot.model,
                low80: calls.low80,
                high80: calls.high80,
                low95: calls.low95,
                high95: calls.high95,
                aht_s: slot.aht_s,
                actual: came.get(place).copied().flatten(),
                agents: Some(agents_between(&agents, slot.start, until)),
            }
        })
        .collect();
    Some(ForecastDayView {
        date,
        slot_minutes,
        intervals,
    })
}

/// When an interval begins and ends, and how many people it wants.
type Wanted = (DateTime<Utc>, DateTime<Utc>, u32);

/// People wanted by each part, interval by interval.
fn agents_by_interval(
    parts: &[(Day, &Part, &StaffingRules)],
    channel: WorkChannel,
) -> Vec<Vec<Wanted>> {
    let of_part = |(day, part, rules): &(Day, &Part, &StaffingRules)| {
        let minutes = part.outlook.slot_minutes;
        let agents = match channel {
            WorkChannel::Inbound => answering(rules, day, minutes),
            WorkChannel::Outbound => day
                .slots
                .iter()
                .map(|slot| {
                    let aht_s = slot.aht_s.unwrap_or_default();
                    whole(callers(
                        rules,
                        slot.calls.mean * aht_s / (f64::from(minutes) * 60.0),
                    ))
                })
                .collect(),
        };
        let length = TimeDelta::minutes(i64::from(minutes));
        let slots = day.slots.iter().zip(agents);
        slots
            .map(|(slot, agents)| (slot.start, slot.start + length, agents))
            .collect()
    };
    parts.iter().map(of_part).collect()
}

/// People of all parts in an interval: a coarser one of all wants as many as the busiest of a client's
/// finer ones.
fn agents_between(parts: &[Vec<Wanted>], start: DateTime<Utc>, until: DateTime<Utc>) -> u32 {
    let most = |part: &Vec<Wanted>| {
        let within = part
            .iter()
            .filter(|(from, to, _)| *from < until && *to > start);
        within.map(|(_, _, agents)| *agents).max().unwrap_or(0)
    };
    parts.iter().map(most).sum()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a number of people, clamped"
)]
fn whole(people: f64) -> u32 {
    (people - 1e-9).ceil().clamp(0.0, 1e6) as u32
}
