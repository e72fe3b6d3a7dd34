//! One client's line, or all of them as one: the planning unit.

use super::figures::{Day, Slot, mean_by, sum, times};
use super::outlook::Outlook;
use super::special::{self, Special};
use super::staffing::{LEAST_SHARE, rules_of};
use crate::desk::{Desk, OpenShop};
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{ForecastRequest, LanguageCode, WorkChannel};
use chrono::{DateTime, Days as Span, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use forecast::{DayError, Estimate};
use plan::history::{Days, Work};
use rules::id::ShopId;
use rules::role::Permission;
use std::collections::BTreeMap;
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use store::table::special_day;

/// One client in a [`Scope`].
pub(crate) struct Part {
    pub(crate) shop: Arc<OpenShop>,
    /// Of the language that was asked for.
    pub(crate) outlook: Arc<Outlook>,
    /// Of all languages.
    pub(crate) whole: Arc<Outlook>,
    /// Of each, where the history tells several, and one client was asked for or they are answered apart.
    pub(crate) languages: Vec<(LanguageCode, Arc<Outlook>)>,
    pub(crate) overrides: Vec<store::table::forecast::Override>,
    /// What came today, own calls included.
    pub(crate) running: super::figures::Running,
}

impl Part {
    /// What is staffed: all of it as one queue or, where languages are answered apart, each of them.
    pub(crate) fn lines(&self, apart: bool) -> Vec<&Outlook> {
        let is_whole = Arc::ptr_eq(&self.outlook, &self.whole);
        let least = LEAST_SHARE * self.whole.calls_to_come();
        let outlooks = self.languages.iter().map(|(_, outlook)| outlook.as_ref());
        let large: Vec<&Outlook> = outlooks
            .filter(|outlook| outlook.calls_to_come() >= least)
            .collect();
        if apart && is_whole && large.len() > 1 {
            return large;
        }
        vec![&self.outlook]
    }
}

/// What a page is about.
pub(crate) struct Scope {
    pub(crate) channel: WorkChannel,
    /// One client was asked for.
    pub(crate) single: bool,
    pub(crate) zone: Tz,
    pub(crate) today: NaiveDate,
    pub(crate) slot_minutes: u32,
    pub(crate) parts: Vec<Part>,
    /// The history of all parts; none without any.
    pub(crate) history: Option<Arc<Days>>,
    pub(crate) special: BTreeMap<NaiveDate, Special>,
}

/// Histories put together, with what they were made of.
#[derive(Default)]
pub(crate) struct Merged(StdMutex<BTreeMap<&'static str, MergedDays>>);

struct MergedDays {
    of: Vec<Arc<Outlook>>,
    today: NaiveDate,
    zone: Tz,
    days: Arc<Days>,
}

impl Merged {
    fn get(
        &self,
        line: WorkChannel,
        parts: &[Part],
        slot_minutes: u32,
        zone: Tz,
        today: NaiveDate,
    ) -> Option<Arc<Days>> {
        let name = match line {
            WorkChannel::Inbound => "inbound",
            WorkChannel::Outbound => "outbound",
        };
        let mut made = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(known) = made.get(name)
            && (known.today, known.zone) == (today, zone)
            && known.of.len() == parts.len()
            && known
                .of
                .iter()
                .zip(parts)
                .all(|(one, part)| Arc::ptr_eq(one, &part.outlook))
        {
            return Some(Arc::clone(&known.days));
        }
        let work: Vec<_> = parts
            .iter()
            .flat_map(|part| part.outlook.work.iter().copied())
            .collect();
        let days = Arc::new(Days::new(&work, slot_minutes, zone, today, None)?);
        let of = parts.iter().map(|part| Arc::clone(&part.outlook)).collect();
        let known = MergedDays {
            of,
            today,
            zone,
            days: Arc::clone(&days),
        };
        made.insert(name, known);
        Some(days)
    }
}

impl Desk {
    /// One client's line with its outlook, or those of all clients that have any work of this kind.
    pub(crate) async fn lines(
        &self,
        shop: Option<ShopId>,
        line: WorkChannel,
    ) -> Result<Vec<(Arc<OpenShop>, Arc<Outlook>)>, Fault> {
        let (shops, centre) = {
            let state = self.state().await;
            state.session(Permission::PlanWork)?;
            let shops: Vec<Arc<OpenShop>> = match shop {
                Some(shop) => vec![state.shop(shop)?],
                None => state.shops.values().cloned().collect(),
            };
            (shops, state.centre()?)
        };
        let mut lines = Vec::with_capacity(shops.len());
        for one in shops {
            let outlook = self.outlook(&one, &centre, line).await?;
            if shop.is_some() || outlook.days.is_some() {
                lines.push((one, outlook));
            }
        }
        lines.sort_by(|left, right| left.0.name.cmp(&right.0.name));
        Ok(lines)
    }

    pub(crate) async fn scope(&self, request: &ForecastRequest) -> Result<Scope, Fault> {
        let line = request.channel;
        let lines = self.lines(request.shop, line).await?;
        let mut parts = Vec::with_capacity(lines.len());
        for (shop, whole) in lines {
            let languages = if request.shop.is_some() || self.answered_apart(&shop).await? {
                self.languages_of(&shop, line).await?
            } else {
                Vec::new()
            };
            let outlook = match request.language {
                None => Arc::clone(&whole),
                Some(asked) => languages
                    .iter()
                    .find(|(language, _)| *language == asked)
                    .map(|(_, outlook)| Arc::clone(outlook))
                    .ok_or(ErrorCode::LanguageUntold)?,
            };
            let overrides = self.overrides_of(&shop, line).await?;
            let running = self.running(&shop, &outlook, &whole, line).await?;
            parts.push(Part {
                shop,
                outlook,
                whole,
                languages,
                overrides,
                running,
            });
        }
        let language = self.language().await;
        let common = {
            let centre = self.state().await.centre()?;
            centre.db.read(special_day::in_force).await?
        };
        let single = request.shop.is_some();
        let zone = match parts.first() {
            Some(part) if single => part.shop.zone,
            _ => self.zone(),
        };
        let today = self.now().with_timezone(&zone).date_naive();
        let slot_minutes = parts
            .iter()
            .map(|part| part.outlook.slot_minutes)
            .max()
            .unwrap_or(60);
        let history = match parts.as_slice() {
            [part] if single => part.outlook.days.clone().map(Arc::new),
            parts => self
                .inner
                .outlooks
                .merged
                .get(line, parts, slot_minutes, zone, today),
        };
        let special = match parts.first() {
            Some(part) if single => part.outlook.special.clone(),
            _ => {
                let first = history.as_ref().map_or(today, |days| days.first);
                let last = today + Span::new(100);
                special::days(zone, language, first, last, &common, &[])
            }
        };
        Ok(Scope {
            channel: line,
            single,
            zone,
            today,
            slot_minutes,
            parts,
            history,
            special,
        })
    }

    async fn answered_apart(&self, shop: &OpenShop) -> Result<bool, Fault> {
        let centre = self.state().await.centre()?;
        Ok(rules_of(&centre, shop.id).await?.0.languages_apart)
    }

    /// A client's outlooks by language; none where its history does not tell two.
    pub(super) async fn languages_of(
        &self,
        shop: &Arc<OpenShop>,
        line: WorkChannel,
    ) -> Result<Vec<(LanguageCode, Arc<Outlook>)>, Fault> {
        let centre = self.state().await.centre()?;
        let Some(split) = self.split(shop, &centre, line).await? else {
            return Ok(Vec::new());
        };
        let mut all = Vec::new();
        for language in split.languages() {
            let outlook = self.outlook_in(shop, &split, language).await?;
            all.push((language, outlook));
        }
        Ok(all)
    }

    /// The running day of a line, or of one language of it: what is told of the day is told by `whole`.
    pub(crate) async fn running(
        &self,
        shop: &OpenShop,
        outlook: &Outlook,
        whole: &Outlook,
        line: WorkChannel,
    ) -> Result<super::figures::Running, Fault> {
        let begin = plan::load::start_of_day(outlook.today, outlook.zone).timestamp();
        let todays = |outlook: &Outlook| -> Vec<Work> {
            let work = outlook.work.iter().rev().copied();
            work.take_while(|one| one.start >= begin).collect()
        };
        let (mut work, all) = (todays(outlook), todays(whole));
        // A part of a day that mostly told no languages is not known.
        let calls = |work: &[Work]| -> u32 { work.iter().map(|one| one.calls).sum() };
        let told: Vec<Work> = all
            .iter()
            .filter(|one| one.language.is_some())
            .copied()
            .collect();
        let unknown = !std::ptr::eq(outlook, whole) && 2 * calls(&told) < calls(&all);
        let length = i64::from(outlook.slot_minutes) * 60;
        // What a report tells of today ends with its last interval; own calls are known until now.
        let told = all.iter().filter(|_| !unknown);
        let told = told.map(|one| one.start + length).max();
        let now = self.now();
        let over = match line {
            WorkChannel::Inbound => told
                .and_then(|told| DateTime::<Utc>::from_timestamp(told, 0))
                .map_or(DateTime::<Utc>::MIN_UTC, |told| told.min(now)),
            WorkChannel::Outbound => {
                work.extend(self.calls_today(shop, outlook.today).await?);
                now
            }
        };
        Ok(super::figures::Running::new(
            &work,
            outlook.today,
            outlook.slot_minutes,
            outlook.zone,
            over,
        ))
    }
}

#[derive(Default)]
struct Bucket {
    estimates: Vec<Estimate>,
    model: f64,
    handle: Vec<(f64, f64)>,
    start: Option<DateTime<Utc>>,
}

impl Scope {
    /// Days to come of all parts together, from the first forecast on.
    pub(crate) fn days_ahead(&self, weeks: u32) -> Vec<Day> {
        if let ([part], true) = (self.parts.as_slice(), self.single) {
            return part.outlook.days_ahead(weeks, &part.overrides);
        }
        let Some(first) = self
            .parts
            .iter()
            .filter_map(|part| part.outlook.future.as_ref())
            .map(super::outlook::Future::first)
            .min()
        else {
            return Vec::new();
        };
        let first = first.max(self.today);
        self.days(first, 7 * weeks)
    }

    /// So many days of all parts together by the clock of this scope.
    pub(crate) fn days(&self, first: NaiveDate, count: u32) -> Vec<Day> {
        if let ([part], true) = (self.parts.as_slice(), self.single) {
            return (0..u64::from(count))
                .filter_map(|day| part.outlook.day(first + Span::new(day), &part.overrides))
                .collect();
        }
        let correlation = self.correlation();
        let mut buckets: BTreeMap<(NaiveDate, u32), Bucket> = BTreeMap::new();
        let mut totals: BTreeMap<NaiveDate, (Vec<Estimate>, bool)> = BTreeMap::new();
        let last = first + Span::new(u64::from(count));
        for part in &self.parts {
            let from = first - Span::new(1);
            for day in 0..u64::from(count) + 2 {
                let Some(day) = part.outlook.day(from + Span::new(day), &part.overrides) else {
                    continue;
                };
                let total = totals.entry(day.date).or_default();
                total.0.push(day.total);
                total.1 |= day.overridden;
                for slot in &day.slots {
                    let local = slot.start.with_timezone(&self.zone);
                    let minute = local.hour() * 60 + local.minute();
                    let minute = minute / self.slot_minutes * self.slot_minutes;
                    let bucket = buckets.entry((local.date_naive(), minute)).or_default();
                    bucket.estimates.push(slot.calls);
                    bucket.model += slot.model;
                    if let Some(aht_s) = slot.aht_s {
                        bucket.handle.push((slot.calls.mean, aht_s));
                    }
                    bucket.start = bucket.start.or(Some(slot.start));
                }
            }
        }
        let mut days: BTreeMap<NaiveDate, Vec<Slot>> = BTreeMap::new();
        for ((date, minute), bucket) in buckets {
            if date < first || date >= last {
                continue;
            }
            let Some(start) = bucket.start else { continue };
            days.entry(date).or_default().push(Slot {
                start,
                minute,
                model: bucket.model,
                calls: sum(bucket.estimates.iter(), correlation),
                aht_s: mean_by(bucket.handle.into_iter()),
            });
        }
        (0..u64::from(count))
            .map(|day| first + Span::new(day))
            .filter_map(|date| {
                let (estimates, overridden) = totals.remove(&date)?;
                let slots = days.remove(&date).unwrap_or_default();
                let mean: f64 = slots.iter().map(|slot| slot.calls.mean).sum();
                let total = sum(estimates.iter(), correlation);
                // Where zones differ the day's calls are not quite those of the clients' own days.
                let share = if total.mean > 0.0 {
                    mean / total.mean
                } else {
                    1.0
                };
                Some(Day {
                    date,
                    special: self.special.get(&date).map(|special| special.kind),
                    overridden,
                    model: slots.iter().map(|slot| slot.model).sum(),
                    total: times(&total, share),
                    slots,
                })
            })
            .collect()
    }

    /// How far the clients' days are off alike.
    fn correlation(&self) -> f64 {
        let futures = self
            .parts
            .iter()
            .filter_map(|part| part.outlook.future.as_ref());
        let errors: Vec<&[DayError]> = futures
            .map(|future| future.near().day_errors.as_slice())
            .collect();
        forecast::correlation(&errors)
    }

    /// What came so far on the running day.
    pub(crate) fn actual_today(&self) -> Option<f64> {
        let known: Vec<f64> = self
            .parts
            .iter()
            .filter_map(|part| part.running.total())
            .collect();
        (!known.is_empty()).then(|| known.iter().sum())
    }
}
