//! One line of work of one client: what has been, and the forecast made of it. Made once per history
//! and kept in memory, so that a page is quick.

use super::languages::Split;
use super::special::{self, Special};
use super::staffing::rules_of;
use crate::desk::{Desk, OpenShop};
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{ForecastWhy, Language, LanguageCode, StaffingRules, WorkChannel};
use chrono::{DateTime, Days as Span, NaiveDate, TimeDelta, Utc};
use chrono_tz::Tz;
use forecast::{Forecast, History, Inputs, Lead, Outlier, Quantity, WeekProfile};
use plan::history::{Days, OpenWeek, Work, overlay};
use plan::load::start_of_day;
use rules::id::ShopId;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use std::panic::resume_unwind;
use std::sync::{Arc, Mutex as StdMutex, OnceLock, PoisonError};
use store::Centre;
use store::table::forecast::{self as facts, Verdict};
use store::table::history::{self, Channel, Interval};
use store::table::special_day;
use tokio::sync::Mutex;

/// Days of own history that a forecast needs.
pub(crate) const LEAST_DAYS: u32 = 14;
/// With fewer days a similar project's week takes part.
const BORROW_BELOW: usize = 56;
/// Days of the first forecast; the weeks beyond are forecast when someone asks for them.
const NEAR_DAYS: u32 = 28;
/// A history that ended so many days ago is still followed by today, the days between unknown.
const MOST_UNKNOWN: i64 = 56;
/// Own calls are few: an hour of them tells more than four quarters, unless someone asks for those.
const OWN_MINUTES: u32 = 60;
/// Earlier forecasts behind the map of errors, two weeks each: eight weeks.
const ERROR_TRIALS: u32 = 4;

/// Forecasts made, by client and channel.
#[derive(Default)]
pub(crate) struct Outlooks {
    made: StdMutex<HashMap<(ShopId, WorkChannel), Arc<Outlook>>>,
    /// Two readers of one page must not both make its forecast.
    pub(super) making: Mutex<()>,
    /// The same by language.
    pub(super) languages: super::languages::Splits,
    /// Histories of all clients together.
    pub(super) merged: super::together::Merged,
}

/// What an outlook was made of: it holds while this is the same.
#[derive(Clone, Debug, PartialEq)]
struct Ground {
    today: NaiveDate,
    zone: Tz,
    history: (u64, u64),
    words: u64,
    common: Vec<special_day::SpecialDay>,
    open: Vec<(u32, u32, u32)>,
    /// The length of interval that was asked for, minutes.
    interval: Option<u32>,
    language: Language,
}

/// What has been and what is to come on one line.
pub(crate) struct Outlook {
    ground: Ground,
    /// The client's zone.
    pub(crate) zone: Tz,
    /// Its date now.
    pub(crate) today: NaiveDate,
    /// Every interval known, today's imports included; own calls until yesterday.
    pub(crate) work: Vec<Work>,
    /// Length of the finest interval that all of the history has.
    pub(crate) slot_minutes: u32,
    /// The days before today; none without any work.
    pub(crate) days: Option<Days>,
    /// Special days by date.
    pub(crate) special: BTreeMap<NaiveDate, Special>,
    /// What was said about days that stand out.
    pub(crate) verdicts: BTreeMap<NaiveDate, Verdict>,
    /// Days that stand out.
    pub(crate) outliers: Vec<Outlier>,
    /// The forecast; none while the history is too short.
    pub(crate) future: Option<Future>,
}

/// A forecast with what it takes to look farther.
pub(crate) struct Future {
    origin: NaiveDate,
    source: Source,
    near: Forecast,
    near_handling: Option<Forecast>,
    far: OnceLock<Option<(Forecast, Option<Forecast>)>>,
    errors: OnceLock<Vec<(f64, f64)>>,
    /// The project whose week was borrowed.
    pub(crate) borrowed_from: Option<String>,
}

enum Source {
    /// The line's own past.
    Own(Box<Basis>),
    /// A language's part of the whole line.
    Part(Arc<Split>, LanguageCode),
}

impl Source {
    fn of(&self, origin: NaiveDate, days: u32) -> Option<(Forecast, Option<Forecast>)> {
        match self {
            Self::Own(basis) => std::thread::scope(|scope| {
                let handling = scope.spawn(|| basis.handling(origin, days));
                let volume = basis.volume(origin, days);
                let handling = handling.join().unwrap_or_else(|fault| resume_unwind(fault));
                Some((volume?, handling))
            }),
            Self::Part(split, language) => {
                split.forecast(*language, origin + Span::new(u64::from(days - 1)))
            }
        }
    }
}

pub(super) struct Basis {
    origin: NaiveDate,
    history: History,
    handling: Option<History>,
    special: forecast::SpecialDays,
    left_out: BTreeSet<NaiveDate>,
    orders: Option<History>,
    borrowed: Option<WeekProfile>,
    open: Vec<bool>,
}

impl Basis {
    fn volume(&self, origin: NaiveDate, days: u32) -> Option<Forecast> {
        let inputs = Inputs {
            history: &self.history,
            quantity: Quantity::Volume,
            special: &self.special,
            left_out: &self.left_out,
            lead: self.orders.as_ref().map(|placed| Lead {
                placed,
                expected: None,
            }),
            borrowed: self.borrowed.as_ref(),
            open: Some(&self.open),
        };
        forecast::forecast(&inputs, origin, days)
            .inspect_err(|error| tracing::info!(%error, "no forecast"))
            .ok()
    }

    fn handling(&self, origin: NaiveDate, days: u32) -> Option<Forecast> {
        let inputs = Inputs {
            history: self.handling.as_ref()?,
            quantity: Quantity::HandleTime,
            special: &self.special,
            left_out: &self.left_out,
            lead: None,
            borrowed: None,
            open: Some(&self.open),
        };
        forecast::forecast(&inputs, origin, days).ok()
    }
}

impl Future {
    pub(super) fn new(basis: Basis, borrowed_from: Option<String>) -> Option<Self> {
        let origin = basis.origin;
        Self::of_source(origin, Source::Own(Box::new(basis)), borrowed_from)
    }

    /// The part that a language has in the whole.
    pub(super) fn in_language(split: &Arc<Split>, language: LanguageCode) -> Option<Self> {
        let source = Source::Part(Arc::clone(split), language);
        Self::of_source(split.first()?, source, None)
    }

    fn of_source(origin: NaiveDate, source: Source, borrowed_from: Option<String>) -> Option<Self> {
        let (near, near_handling) = source.of(origin, NEAR_DAYS)?;
        Some(Self {
            origin,
            source,
            near,
            near_handling,
            far: OnceLock::new(),
            errors: OnceLock::new(),
            borrowed_from,
        })
    }

    /// Whether it is a share of another forecast, for want of a past of its own.
    fn is_share(&self) -> bool {
        match &self.source {
            Source::Own(_) => false,
            Source::Part(split, language) => split.own(*language).is_none(),
        }
    }

    /// The first day forecast.
    pub(crate) fn first(&self) -> NaiveDate {
        self.origin
    }

    /// The first day that nothing is said about.
    pub(crate) fn end(&self) -> NaiveDate {
        self.origin + Span::new(u64::from(forecast::MAX_DAYS))
    }

    /// The forecast that says something about a date, and the one of its handle times.
    pub(crate) fn of(&self, date: NaiveDate) -> Option<(&Forecast, Option<&Forecast>)> {
        if date < self.first() || date >= self.end() {
            return None;
        }
        if self.near.day(date).is_some() {
            return Some((&self.near, self.near_handling.as_ref()));
        }
        let (far, handling) = self
            .far
            .get_or_init(|| self.source.of(self.origin, forecast::MAX_DAYS))
            .as_ref()?;
        Some((far, handling.as_ref()))
    }

    /// The forecast of the next weeks, with its explanation and record.
    pub(crate) fn near(&self) -> &Forecast {
        &self.near
    }

    /// By weekday and hour, Monday and midnight first: what would have been forecast over the last
    /// eight weeks, two weeks at a time, and what came.
    pub(crate) fn errors(&self) -> &[(f64, f64)] {
        self.errors.get_or_init(|| match &self.source {
            Source::Own(basis) => basis.errors(self.tried()),
            Source::Part(split, language) => match split.own(*language) {
                Some(own) => own.errors().to_vec(),
                None => split.errors(*language).unwrap_or_default(),
            },
        })
    }

    /// What would have been forecast two, four, six and eight weeks ago; of a language, nothing.
    pub(super) fn tried(&self) -> impl Iterator<Item = Forecast> {
        let basis = match &self.source {
            Source::Own(basis) => Some(basis),
            Source::Part(..) => None,
        };
        let origin = |trial| self.origin - Span::new(u64::from(14 * trial));
        basis.into_iter().flat_map(move |basis| {
            (1..=ERROR_TRIALS).map_while(move |trial| basis.volume(origin(trial), 14))
        })
    }
}

impl Basis {
    /// By weekday and hour: what was said, and what came.
    pub(super) fn errors(&self, tried: impl Iterator<Item = Forecast>) -> Vec<(f64, f64)> {
        let mut cells = vec![(0.0, 0.0); 7 * 24];
        for made in tried {
            self.judge(&made, &mut cells);
        }
        cells
    }

    fn judge(&self, made: &Forecast, cells: &mut [(f64, f64)]) {
        let slots = self.history.slots_per_day();
        let came = self.history.values();
        for (day, row) in made.slots.chunks(slots).enumerate() {
            let date = made.first + Span::new(day as u64);
            if self.special.get(date).is_some() || self.left_out.contains(&date) {
                continue;
            }
            let Ok(past) = usize::try_from((date - self.history.first()).num_days()) else {
                continue;
            };
            let weekday = weekday(date);
            let pairs = row.iter().zip(came.iter().skip(past * slots));
            for (slot, (said, came)) in pairs.enumerate() {
                let hour = slot * 24 / slots;
                if let (Some(said), Some(came)) = (said, came)
                    && let Some(cell) = cells.get_mut(weekday * 24 + hour)
                {
                    cell.0 += said.mean;
                    cell.1 += came;
                }
            }
        }
    }
}

/// Monday is 0.
pub(crate) fn weekday(date: NaiveDate) -> usize {
    chrono::Datelike::weekday(&date).num_days_from_monday() as usize
}

impl Outlook {
    /// Days of own history there are.
    pub(crate) fn known_days(&self) -> u32 {
        let days = self.days.as_ref().map_or(0, Days::len);
        u32::try_from(days).unwrap_or(u32::MAX)
    }

    /// Calls of the next weeks.
    pub(crate) fn calls_to_come(&self) -> f64 {
        let days = self.future.iter().flat_map(|future| &future.near.days);
        days.map(|day| day.total.mean).sum()
    }

    /// Days that are missing until a forecast can be made.
    pub(crate) fn days_missing(&self) -> u32 {
        if self.future.is_some() {
            return 0;
        }
        LEAST_DAYS.saturating_sub(self.known_days()).max(1)
    }

    /// The forecast, or why there is none.
    pub(crate) fn future(&self) -> Result<&Future, Fault> {
        self.future.as_ref().ok_or_else(|| {
            Fault::from(ErrorCode::HistoryShort).with("missing", &self.days_missing())
        })
    }

    /// One language of it, with the days that are known of that.
    pub(super) fn part(&self, work: Vec<Work>, days: Option<Days>, future: Option<Future>) -> Self {
        Self {
            ground: self.ground.clone(),
            zone: self.zone,
            today: self.today,
            work,
            slot_minutes: self.slot_minutes,
            days,
            special: self.special.clone(),
            verdicts: self.verdicts.clone(),
            // A day is judged as a whole.
            outliers: Vec::new(),
            future,
        }
    }

    /// Why the leading method leads.
    pub(crate) fn why(future: &Future) -> ForecastWhy {
        let explanation = &future.near.explanation;
        match explanation.reason {
            _ if future.is_share() => ForecastWhy::Share,
            _ if explanation.borrowed => ForecastWhy::Borrowed,
            forecast::Reason::Clear => ForecastWhy::Best,
            forecast::Reason::Tie => ForecastWhy::Tied,
            forecast::Reason::LittleHistory => ForecastWhy::TooShort,
        }
    }
}

pub(crate) fn channel(channel: WorkChannel) -> Channel {
    match channel {
        WorkChannel::Inbound => Channel::Inbound,
        WorkChannel::Outbound => Channel::Outbound,
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of one interval stay far below 2^52"
)]
pub(crate) fn work_of(interval: &Interval) -> Work {
    Work {
        start: interval.start,
        language: interval
            .language
            .as_deref()
            .and_then(|code| code.parse().ok()),
        calls: interval.calls,
        handle_s: interval.handle_ms.map(|ms| ms as f64 / 1000.0),
    }
}

pub(super) fn works(intervals: &[Interval]) -> Vec<Work> {
    intervals.iter().map(work_of).collect()
}

/// All that is read of a shop's file for one outlook.
struct Material {
    layers: Vec<(u32, Vec<Work>)>,
    orders: Vec<Work>,
    verdicts: Vec<(NaiveDate, Verdict)>,
    own_days: Vec<special_day::SpecialDay>,
}

impl Desk {
    /// What has been and what is to come on one line, as things stand.
    pub(crate) async fn outlook(
        &self,
        shop: &Arc<OpenShop>,
        centre: &Arc<Centre>,
        line: WorkChannel,
    ) -> Result<Arc<Outlook>, Fault> {
        let language = self.language().await;
        let today = self.now().with_timezone(&shop.zone).date_naive();
        let (rules, _) = rules_of(centre, shop.id).await?;
        let common = centre.db.read(special_day::in_force).await?;
        let (history, words) = shop
            .store
            .db
            .read(move |conn| Ok((history::state(conn, today)?, facts::state(conn)?)))
            .await?;
        let ground = Ground {
            today,
            zone: shop.zone,
            history,
            words,
            common,
            open: open_hours(&rules),
            interval: rules.interval_minutes,
            language,
        };
        let outlooks = &self.inner.outlooks;
        if let Some(made) = outlooks.get(shop.id, line, &ground) {
            return Ok(made);
        }
        let _making = outlooks.making.lock().await;
        if let Some(made) = outlooks.get(shop.id, line, &ground) {
            return Ok(made);
        }
        let material = self.material(shop, line, today, ground.interval).await?;
        let starts = || {
            let work = material.layers.iter().flat_map(|(_, work)| work);
            work.map(|one| one.start)
        };
        let seconds = starts().max().zip(starts().min());
        let length = seconds.map_or(0, |(last, first)| (last - first) / 86_400 + 1);
        let lender = if usize::try_from(length).unwrap_or(0) < BORROW_BELOW {
            self.lender(shop, line).await?
        } else {
            None
        };
        let made = tokio::task::spawn_blocking(move || make(ground, line, material, lender)).await;
        let made = Arc::new(
            made.map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?,
        );
        outlooks
            .made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert((shop.id, line), Arc::clone(&made));
        Ok(made)
    }

    async fn material(
        &self,
        shop: &OpenShop,
        line: WorkChannel,
        today: NaiveDate,
        interval: Option<u32>,
    ) -> Result<Material, Fault> {
        let own_minutes = interval.unwrap_or(OWN_MINUTES);
        let today_begins = start_of_day(today, shop.zone);
        Ok(shop
            .store
            .db
            .read(move |conn| {
                let mut layers: Vec<(u32, Vec<Work>)> = history::imported(conn, channel(line))?
                    .into_iter()
                    .map(|(slot_minutes, intervals)| (slot_minutes, works(&intervals)))
                    .collect();
                let mut orders = Vec::new();
                if line == WorkChannel::Outbound {
                    // The last layer: what an exchange says of the same time is nearer to the truth.
                    let before = today_begins.timestamp();
                    let own = works(&history::own_calls(conn, None)?);
                    let own = own.into_iter().filter(|one| one.start < before);
                    layers.push((own_minutes, gathered(own, own_minutes)));
                    orders = works(&history::orders(conn, today_begins)?);
                }
                Ok(Material {
                    layers,
                    orders,
                    verdicts: facts::verdicts(conn, channel(line))?,
                    own_days: special_day::in_force(conn)?,
                })
            })
            .await?)
    }

    /// The longest history of the same channel among the other clients: first of those in the same
    /// zone, whose days are alike.
    async fn lender(
        &self,
        borrower: &OpenShop,
        line: WorkChannel,
    ) -> Result<Option<(String, Tz, Vec<Work>)>, Fault> {
        let others: Vec<Arc<OpenShop>> = {
            let state = self.state().await;
            let shops = state.shops.values();
            shops
                .filter(|shop| shop.id != borrower.id)
                .cloned()
                .collect()
        };
        let mut best: Option<(bool, usize, String, Tz, Vec<Work>)> = None;
        for shop in others {
            let today = self.now().with_timezone(&shop.zone).date_naive();
            let material = self.material(&shop, line, today, None).await?;
            let work = overlay(material.layers);
            let days: BTreeSet<i64> = work.iter().map(|one| one.start / 86_400).collect();
            let near = shop.zone == borrower.zone;
            let better = best
                .as_ref()
                .is_none_or(|(other, most, ..)| (near, days.len()) > (*other, *most));
            if days.len() >= BORROW_BELOW && better {
                best = Some((near, days.len(), shop.name.clone(), shop.zone, work));
            }
        }
        Ok(best.map(|(_, _, name, zone, work)| (name, zone, work)))
    }

    /// The own calls of the client's day so far.
    pub(crate) async fn calls_today(
        &self,
        shop: &OpenShop,
        today: NaiveDate,
    ) -> Result<Vec<Work>, Fault> {
        let since: DateTime<Utc> = start_of_day(today, shop.zone);
        let found = shop
            .store
            .db
            .read(move |conn| history::own_calls(conn, Some(since)))
            .await?;
        Ok(works(&found))
    }
}

impl Outlooks {
    fn get(&self, shop: ShopId, line: WorkChannel, ground: &Ground) -> Option<Arc<Outlook>> {
        self.made
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(&(shop, line))
            .filter(|made| made.ground == *ground)
            .cloned()
    }
}

/// Calls in intervals of so many minutes.
fn gathered(work: impl Iterator<Item = Work>, minutes: u32) -> Vec<Work> {
    let length = i64::from(minutes) * 60;
    let mut intervals: Vec<Work> = Vec::new();
    for one in work {
        let start = one.start.div_euclid(length) * length;
        match intervals.last_mut() {
            Some(interval) if interval.start == start => {
                interval.calls += one.calls;
                interval.handle_s = match (interval.handle_s, one.handle_s) {
                    (Some(left), Some(right)) => Some(left + right),
                    (left, right) => left.or(right),
                };
            }
            _ => intervals.push(Work { start, ..one }),
        }
    }
    intervals
}

pub(crate) fn open_hours(rules: &StaffingRules) -> Vec<(u32, u32, u32)> {
    rules
        .open
        .iter()
        .map(|open| (open.weekday, open.from_minute, open.until_minute))
        .collect()
}

fn make(
    ground: Ground,
    line: WorkChannel,
    material: Material,
    lender: Option<(String, Tz, Vec<Work>)>,
) -> Outlook {
    let (zone, today) = (ground.zone, ground.today);
    let slot_minutes = material
        .layers
        .iter()
        .filter(|(_, work)| !work.is_empty())
        .map(|(slot_minutes, _)| *slot_minutes)
        .chain(ground.interval)
        .max()
        .unwrap_or(OWN_MINUTES);
    let work = overlay(material.layers);
    let open = (!ground.open.is_empty()).then(|| OpenWeek::of_hours(&ground.open, slot_minutes));
    let days = Days::new(&work, slot_minutes, zone, today, open);
    let last = today + Span::new(u64::from(forecast::MAX_DAYS) + 7);
    let first = days.as_ref().map_or(today, |days| days.first);
    let special = special::days(
        zone,
        ground.language,
        first,
        last,
        &ground.common,
        &material.own_days,
    );
    let verdicts: BTreeMap<NaiveDate, Verdict> = material.verdicts.into_iter().collect();
    let mut made = Outlook {
        ground,
        zone,
        today,
        work,
        slot_minutes,
        days,
        special,
        verdicts,
        outliers: Vec::new(),
        future: None,
    };
    let Some(days) = &made.days else {
        return made;
    };
    let known = special::for_forecast(&made.special);
    let Ok(history) = History::new(days.first, days.slots_per_day(), days.calls.clone()) else {
        return made;
    };
    let mut outliers = forecast::outliers(&history, &known);
    outliers.retain(|outlier| outlier.kind == forecast::OutlierKind::Day);
    if made.known_days() >= LEAST_DAYS {
        let basis = basis(&made, days, known, line, &material.orders, lender.as_ref());
        made.future = basis.and_then(|basis| {
            let name = basis.borrowed.as_ref().and(lender.map(|(name, ..)| name));
            Future::new(basis, name)
        });
    }
    made.outliers = outliers;
    made
}

pub(super) fn basis(
    made: &Outlook,
    days: &Days,
    special: forecast::SpecialDays,
    line: WorkChannel,
    orders: &[Work],
    lender: Option<&(String, Tz, Vec<Work>)>,
) -> Option<Basis> {
    let slots = days.slots_per_day();
    let stale = made.today - days.end() > TimeDelta::days(MOST_UNKNOWN);
    let origin = if stale { days.end() } else { made.today };
    let length = usize::try_from((origin - days.first).num_days()).ok()? * slots;
    let mut calls = days.calls.clone();
    calls.resize(length, None);
    let mut handle = days.handle_s.clone();
    handle.resize(length, None);
    let mut handled = days.handled.clone();
    handled.resize(length, 0.0);
    let handling = handle
        .iter()
        .any(Option::is_some)
        .then(|| History::weighted(days.first, slots, handle, handled).ok())
        .flatten();
    let always: Vec<_> = (0..7).map(|weekday| (weekday, 0, 1440)).collect();
    let orders = (line == WorkChannel::Outbound)
        .then(|| {
            let always = OpenWeek::of_hours(&always, days.slot_minutes);
            let placed = Days::new(orders, days.slot_minutes, made.zone, origin, Some(always))?;
            let mut counts = placed.calls;
            let length = usize::try_from((origin - placed.first).num_days()).ok()? * slots;
            counts.resize(length, None);
            History::new(placed.first, slots, counts).ok()
        })
        .flatten();
    let borrowed = lender
        .filter(|_| days.len() < BORROW_BELOW)
        .and_then(|(_, zone, work)| {
            let week = Days::new(work, days.slot_minutes, *zone, made.today, None)?;
            let week = History::new(week.first, slots, week.calls).ok()?;
            WeekProfile::of(&week).ok()
        });
    Some(Basis {
        origin,
        history: History::new(days.first, slots, calls).ok()?,
        handling,
        special,
        left_out: made
            .verdicts
            .iter()
            .filter(|(_, verdict)| **verdict == Verdict::LeftOut)
            .map(|(date, _)| *date)
            .collect(),
        orders,
        borrowed,
        open: days.open.slots().to_vec(),
    })
}
