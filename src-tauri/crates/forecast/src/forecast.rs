//! The forecast itself: methods tried on the past, weighed, blended, and given intervals.

use crate::backtest::{self, Setting, Trial};
use crate::boosted::Boosted;
use crate::combine;
use crate::correlation::DayError;
use crate::grid::{Grid, weekday};
use crate::history::{History, WeekProfile};
use crate::interval::{DAY_TRIALS, Miss, SLOT_TRIALS, Spread};
use crate::lead::{self, Lead};
use crate::method::{Method, Past};
use crate::special::SpecialDays;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The shortest forecast, in days.
pub const MIN_DAYS: u32 = 1;
/// The longest forecast, in days: 13 weeks.
pub const MAX_DAYS: u32 = 91;

/// Minutes of a day.
const MINUTES: usize = 24 * 60;
/// Least days of own history.
const LEAST_HISTORY: usize = 14;
/// As long as there are fewer days of own history, a borrowed profile takes part.
const BORROW_BELOW: usize = 56;
/// From here on two of the trials know the same weeks of the year before.
const LAST_YEAR_FROM: usize = 371 + 2 * 7;
/// Older days are not looked at: three years tell trend and season.
const MOST_HISTORY: usize = 3 * 366;

/// Further standard deviation of a special day, as a share: of a kind that was seen before, and of
/// one that was not.
const KNOWN_KIND: f64 = 0.1;
const NEW_KIND: f64 = 0.25;

/// Order intake is used where it brings the error down at least to this part.
const LEAD_WORTH: f64 = 0.995;

/// What is forecast.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Quantity {
    /// Calls or tasks per slot: a day is the sum of its slots.
    #[default]
    Volume,
    /// Mean handle time per slot: a day is the mean of its slots, weighted by calls.
    HandleTime,
}

/// All that a forecast rests on.
#[derive(Debug, Clone, Copy)]
pub struct Inputs<'a> {
    /// What came. It may go on beyond the origin; that part is not read.
    pub history: &'a History,
    /// What the history counts.
    pub quantity: Quantity,
    /// Special days of the past and to come.
    pub special: &'a SpecialDays,
    /// Days that a person has left out of the history.
    pub left_out: &'a BTreeSet<NaiveDate>,
    /// Order intake of the shop, where it is known.
    pub lead: Option<Lead<'a>>,
    /// The week of a similar project, for as long as the own history is short.
    pub borrowed: Option<&'a WeekProfile>,
    /// Opening hours to come: seven days of slots, Monday first. Without them a slot is open if it was
    /// observed on at least a quarter of the days of the last eight weeks.
    pub open: Option<&'a [bool]>,
}

/// A value with its intervals. Units are those of the history.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Estimate {
    /// What is to be expected.
    pub mean: f64,
    /// Lower bound at 80 %.
    pub low80: f64,
    /// Upper bound at 80 %.
    pub high80: f64,
    /// Lower bound at 95 %.
    pub low95: f64,
    /// Upper bound at 95 %.
    pub high95: f64,
}

/// A whole day.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct DayEstimate {
    /// The local date.
    #[specta(type = String)]
    pub date: NaiveDate,
    /// The sum of the day, or its mean handle time; its intervals are those of the day, not sums of
    /// the slots' bounds. All 0 on a closed day.
    pub total: Estimate,
    /// The factor of the special day that is already in the values; 1 on other days.
    pub factor: f64,
    /// The kind of the special day.
    pub special: Option<String>,
}

/// One method's part in the forecast.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct MethodShare {
    /// The method.
    pub method: Method,
    /// Its weight; all together 1.
    pub weight: f64,
    /// Its error in the rolling backtest: absolute errors over what came. `None` without a backtest.
    pub wape: Option<f64>,
}

/// Why the leading method leads.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Reason {
    /// Its error in the backtest was clearly the smallest.
    Clear,
    /// Several methods did about equally well and are averaged.
    Tie,
    /// There is too little history to compare.
    LittleHistory,
}

/// Which methods speak and why, in figures; the sentence is the screen's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Explanation {
    /// The method with the largest weight.
    pub leading: Method,
    /// Why it leads.
    pub reason: Reason,
    /// All methods, heaviest first.
    pub methods: Vec<MethodShare>,
    /// Error of the blend in the backtest.
    pub wape: Option<f64>,
    /// Error of last week's values repeated, as the yardstick.
    pub naive_wape: Option<f64>,
    /// Earlier origins that were tried.
    pub trials: u32,
    /// Days of own history that were used.
    pub history_days: u32,
    /// Whether a borrowed profile takes part.
    pub borrowed: bool,
    /// What order intake is worth, where it was given.
    pub lead: Option<LeadGain>,
}

/// Errors one week ahead in the rolling backtest with and without order intake. Shares: 0.05 is 5 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct LeadGain {
    /// Error of the blend moved by the intake as it was known then.
    pub with: f64,
    /// Error of the blend that does not know it.
    pub without: f64,
    /// Whether the forecast uses it: only where it makes the error smaller by half a percent of it.
    pub used: bool,
}

/// How well one-week-ahead forecasts did over the last eight weeks. Shares: 0.05 is 5 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Record {
    /// Weeks judged, eight at most.
    pub weeks: u32,
    /// Absolute errors of slots over what came.
    pub slot_wape: f64,
    /// Absolute errors of days over what came.
    pub day_wape: f64,
    /// Forecast less what came, over what came; positive is too much.
    pub bias: f64,
    /// Share of slots inside their 80 % interval.
    pub coverage80: f64,
    /// Share of slots inside their 95 % interval.
    pub coverage95: f64,
}

/// What is to come from `first` on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Forecast {
    /// The first day: the origin.
    #[specta(type = String)]
    pub first: NaiveDate,
    /// Slots of a day.
    pub slots_per_day: u32,
    /// What is counted.
    pub quantity: Quantity,
    /// One per slot, day after day; `None` is closed.
    pub slots: Vec<Option<Estimate>>,
    /// One per day.
    pub days: Vec<DayEstimate>,
    /// Which methods and why.
    pub explanation: Explanation,
    /// How well it did lately; `None` when there was nothing to judge.
    pub record: Option<Record>,
    /// How far off it would have been on each ordinary day that was tried, the newest week first.
    pub day_errors: Vec<DayError>,
}

impl Forecast {
    fn index(&self, date: NaiveDate) -> Option<usize> {
        usize::try_from((date - self.first).num_days()).ok()
    }

    /// The slots of one day.
    pub fn day_slots(&self, date: NaiveDate) -> Option<&[Option<Estimate>]> {
        let slots = self.slots_per_day as usize;
        self.slots.chunks(slots.max(1)).nth(self.index(date)?)
    }

    /// One day as a whole.
    pub fn day(&self, date: NaiveDate) -> Option<&DayEstimate> {
        self.days.get(self.index(date)?)
    }
}

/// Why there is no forecast.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ForecastError {
    /// 1 to 91 days can be forecast.
    Horizon(u32),
    /// Fewer than 14 days of own history before the origin, or nothing observed in them.
    TooShort {
        /// Days with observations.
        days: u32,
        /// Days needed.
        needed: u32,
    },
    /// The history ends before the origin; the days between must be forecast too.
    Gap {
        /// First day without history.
        ends: NaiveDate,
    },
    /// The borrowed profile has slots of another length.
    BorrowedSlots {
        /// Slots of the history's day.
        history: u32,
        /// Slots of the profile's day.
        borrowed: u32,
    },
    /// The opening hours are not seven days of the history's slots.
    OpenSlots {
        /// Slots of the history's week.
        history: u32,
        /// Slots given.
        open: u32,
    },
    /// The intake has slots of another length than the history.
    LeadSlots {
        /// Slots of the history's day.
        history: u32,
        /// Slots of the intake's day.
        lead: u32,
    },
    /// The date is not among the days of the forecast.
    NotForecast(NaiveDate),
}

impl fmt::Display for ForecastError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Horizon(days) => {
                write!(f, "{days} days: {MIN_DAYS} to {MAX_DAYS} can be forecast")
            }
            Self::TooShort { days, needed } => {
                write!(f, "{days} days of history: at least {needed} are needed")
            }
            Self::Gap { ends } => write!(f, "the history ends before the origin, on {ends}"),
            Self::BorrowedSlots { history, borrowed } => write!(
                f,
                "the borrowed profile has {borrowed} slots a day, the history {history}"
            ),
            Self::OpenSlots { history, open } => {
                write!(f, "opening hours of {open} slots for a week of {history}")
            }
            Self::LeadSlots { history, lead } => write!(
                f,
                "the intake has {lead} slots a day, the history {history}"
            ),
            Self::NotForecast(date) => write!(f, "{date} is not among the days forecast"),
        }
    }
}

impl std::error::Error for ForecastError {}

/// Forecasts `days` days from `origin` on, with the history before it.
///
/// # Errors
/// When the history is too short or does not reach the origin, or the horizon is out of range; see
/// [`ForecastError`].
pub fn forecast(
    inputs: &Inputs<'_>,
    origin: NaiveDate,
    days: u32,
) -> Result<Forecast, ForecastError> {
    let raw = checked(inputs, origin, days)?;
    let normal = normal_days(&raw, inputs);
    let borrowed: Option<Vec<f64>> = inputs
        .borrowed
        .filter(|_| normal.days() < BORROW_BELOW)
        .map(|profile| {
            let part = |part: &Option<f64>| part.unwrap_or(f64::NAN);
            profile.parts().iter().map(part).collect()
        });
    let mut methods = Method::OWN.to_vec();
    if normal.days() < LAST_YEAR_FROM {
        methods.retain(|method| !matches!(method, Method::LastYear | Method::YearOnYear));
    }
    let boosted = Boosted::rounds(&normal);
    if boosted.is_empty() {
        methods.retain(|method| *method != Method::Boosted);
    }
    if borrowed.is_some() {
        methods.push(Method::Borrowed);
    }
    let setting = Setting {
        raw: &raw,
        normal: &normal,
        special: inputs.special,
        lead: inputs.lead,
        borrowed: borrowed.as_deref(),
        boosted: &boosted,
        methods: &methods,
    };
    let horizon = days as usize;
    let trials = setting.trials(horizon.max(14));
    let season = setting.years_ago(horizon.max(14));
    let blend = Blend::learn(&setting, &trials, &season);
    let past = setting.past(normal.days(), horizon);
    let push = inputs
        .lead
        .filter(|_| blend.led)
        .map(|lead| lead::push(&lead, &normal, past.effects(), past.origin, horizon));
    let means = blend.of(
        &backtest::said(&past, &methods),
        push.as_deref().unwrap_or_default(),
    );
    let blended = blend.trials(&trials);
    let spreads = spreads(&trials, &blended, raw.slots, inputs.quantity);
    let (slots, days) = estimates(inputs, &setting, &past, &means, &spreads);
    Ok(Forecast {
        first: origin,
        slots_per_day: count(raw.slots),
        quantity: inputs.quantity,
        slots,
        days,
        explanation: explain(&setting, &blend, &trials, &blended),
        record: record(&trials, &blended, raw.slots, inputs.quantity, &spreads.0),
        day_errors: day_errors(&trials, &blended, &normal, inputs.quantity),
    })
}

/// The observed days without special ones and those a person left out.
fn normal_days(raw: &Grid, inputs: &Inputs<'_>) -> Grid {
    let mut normal = raw.clone();
    for day in 0..normal.days() {
        let date = normal.date(day);
        if inputs.special.get(date).is_some() || inputs.left_out.contains(&date) {
            normal.row_mut(day).fill(f64::NAN);
        }
    }
    normal
}

/// One way to blend the methods' words.
struct Voice {
    /// By method; together 1.
    weights: Vec<f64>,
    /// On the whole blend.
    calibration: f64,
}

/// How the methods' words become one.
struct Blend {
    voice: Voice,
    /// By trial: the voice that does not know it.
    without: Vec<Voice>,
    /// Whether order intake moves it.
    led: bool,
    gain: Option<LeadGain>,
}

impl Blend {
    fn learn(setting: &Setting<'_>, trials: &[Trial], season: &[Trial]) -> Self {
        let slots = setting.normal.slots;
        let (weights, without) = combine::weights(trials, season, &prior(setting));
        let voice = |weights: Vec<f64>, skip: Option<usize>| Voice {
            calibration: combine::calibration(trials, skip, &weights, 7 * slots),
            weights,
        };
        let mut blend = Self {
            voice: voice(weights, None),
            without: (0..)
                .zip(without)
                .map(|(own, weights)| voice(weights, Some(own)))
                .collect(),
            led: false,
            gain: None,
        };
        if setting.lead.is_some() && !trials.is_empty() {
            let without = blend.first_week(trials, slots);
            blend.led = true;
            let with = blend.first_week(trials, slots);
            blend.led = with < LEAD_WORTH * without;
            blend.gain = (with.is_finite() && without.is_finite()).then_some(LeadGain {
                with,
                without,
                used: blend.led,
            });
        }
        blend
    }

    /// What the blend says, cell by cell.
    fn of(&self, said: &[Vec<f64>], push: &[f64]) -> Vec<f64> {
        self.by(&self.voice, said, push)
    }

    /// What it would have said in each trial, had it not known how that would end.
    fn trials(&self, trials: &[Trial]) -> Vec<Vec<f64>> {
        trials
            .iter()
            .zip(&self.without)
            .map(|(trial, voice)| self.by(voice, &trial.said, &trial.push))
            .collect()
    }

    fn by(&self, voice: &Voice, said: &[Vec<f64>], push: &[f64]) -> Vec<f64> {
        let mut blended = combine::blend(said, &voice.weights);
        for value in &mut blended {
            *value *= voice.calibration;
        }
        if self.led {
            for (value, push) in blended.iter_mut().zip(push) {
                *value *= push.exp();
            }
        }
        blended
    }

    /// Error over the first weeks of the trials.
    fn first_week(&self, trials: &[Trial], slots: usize) -> f64 {
        let blended = self.trials(trials);
        backtest::wape(trials.iter().zip(&blended).flat_map(|(trial, blend)| {
            trial
                .came
                .iter()
                .zip(blend)
                .zip(&trial.weights)
                .take(7 * slots)
                .map(|((came, said), weight)| (came, said, weight))
        }))
    }
}

/// Weights before anything was tried: a borrowed week speaks for what is missing of eight own weeks,
/// the rest is even.
fn prior(setting: &Setting<'_>) -> Vec<f64> {
    #[expect(clippy::cast_precision_loss, reason = "days and methods are few")]
    let (days, methods) = (
        setting.normal.days().min(BORROW_BELOW) as f64,
        setting.methods.len() as f64,
    );
    if setting.borrowed.is_none() {
        return vec![1.0 / methods; setting.methods.len()];
    }
    #[expect(clippy::cast_precision_loss, reason = "56")]
    let borrowed = 0.7 * (1.0 - days / BORROW_BELOW as f64);
    setting
        .methods
        .iter()
        .map(|method| match method {
            Method::Borrowed => borrowed,
            _ => (1.0 - borrowed) / (methods - 1.0),
        })
        .collect()
}

/// Each slot and day to come with its intervals.
fn estimates(
    inputs: &Inputs<'_>,
    setting: &Setting<'_>,
    past: &Past<'_>,
    means: &[f64],
    (of_slots, of_days): &(Spread, Spread),
) -> (Vec<Option<Estimate>>, Vec<DayEstimate>) {
    let slots = setting.raw.slots;
    let open = inputs.open.map_or_else(
        || open_slots(setting.raw, setting.borrowed),
        <[bool]>::to_vec,
    );
    let behind = calls_behind(setting.raw);
    let effects = past.effects();
    let mut estimates = Vec::with_capacity(means.len());
    let mut days = Vec::with_capacity(past.days);
    for (ahead, row) in means.chunks(slots).enumerate() {
        let date = setting.raw.date(past.origin + ahead);
        let special = inputs.special.get(date);
        let doubt = match special {
            Some(_) if effects.knows(past.origin + ahead) => KNOWN_KIND,
            Some(_) => NEW_KIND,
            None => 0.0,
        };
        let from = weekday(date) * slots;
        let (mut sum, mut weighted, mut weights) = (0.0, 0.0, 0.0);
        for (slot, ((mean, open), behind)) in row
            .iter()
            .zip(open.iter().skip(from))
            .zip(behind.iter().skip(from))
            .enumerate()
        {
            let opens = special.is_none_or(|special| special.opens(slot, MINUTES / slots));
            if !opens || !*open || !mean.is_finite() {
                estimates.push(None);
                continue;
            }
            let mean = (mean * effects.moved(past.origin + ahead, slot)).max(0.0);
            sum += mean;
            weighted += mean * behind;
            weights += behind;
            estimates.push(Some(of_slots.around(mean, ahead / 7, doubt)));
        }
        let total = match inputs.quantity {
            Quantity::Volume => sum,
            Quantity::HandleTime if weights > 0.0 => weighted / weights,
            Quantity::HandleTime => 0.0,
        };
        days.push(DayEstimate {
            date,
            total: of_days.around(total, ahead / 7, doubt),
            factor: effects.factor(past.origin + ahead),
            special: special.map(|special| special.kind.clone()),
        });
    }
    (estimates, days)
}

/// By weekday and slot: the mean number of calls behind a value over the last eight weeks.
fn calls_behind(raw: &Grid) -> Vec<f64> {
    let slots = raw.slots;
    let mut behind = vec![0.0; 7 * slots];
    for day in raw.days().saturating_sub(8 * 7)..raw.days() {
        let from = weekday(raw.date(day)) * slots;
        for (slot, sum) in behind.iter_mut().skip(from).take(slots).enumerate() {
            if raw.at(day, slot).is_finite() {
                *sum += raw.weight(day, slot);
            }
        }
    }
    behind
}

/// The days before the origin, if the inputs allow a forecast.
fn checked(inputs: &Inputs<'_>, origin: NaiveDate, days: u32) -> Result<Grid, ForecastError> {
    if !(MIN_DAYS..=MAX_DAYS).contains(&days) {
        return Err(ForecastError::Horizon(days));
    }
    if inputs.history.end() < origin {
        return Err(ForecastError::Gap {
            ends: inputs.history.end(),
        });
    }
    let slots = inputs.history.slots_per_day();
    if let Some(profile) = inputs.borrowed
        && profile.slots_per_day() != slots
    {
        return Err(ForecastError::BorrowedSlots {
            history: count(slots),
            borrowed: count(profile.slots_per_day()),
        });
    }
    if let Some(lead) = inputs.lead
        && let Some(other) = [Some(lead.placed), lead.expected]
            .into_iter()
            .flatten()
            .map(History::slots_per_day)
            .find(|other| *other != slots)
    {
        return Err(ForecastError::LeadSlots {
            history: count(slots),
            lead: count(other),
        });
    }
    if let Some(open) = inputs.open
        && open.len() != 7 * slots
    {
        return Err(ForecastError::OpenSlots {
            history: count(7 * slots),
            open: count(open.len()),
        });
    }
    let mut raw = Grid::before(inputs.history, origin, MOST_HISTORY);
    for day in 0..raw.days() {
        if let Some(special) = inputs.special.get(raw.date(day)) {
            for (slot, value) in raw.row_mut(day).iter_mut().enumerate() {
                if !special.opens(slot, MINUTES / slots) {
                    *value = f64::NAN;
                }
            }
        }
    }
    let seen = (0..raw.days()).filter(|day| raw.seen(*day)).count();
    let reached = if seen == 0 { 0 } else { raw.days() };
    if reached < LEAST_HISTORY {
        return Err(ForecastError::TooShort {
            days: count(reached),
            needed: count(LEAST_HISTORY),
        });
    }
    Ok(raw)
}

pub(crate) fn count(value: usize) -> u32 {
    u32::try_from(value).unwrap_or(u32::MAX)
}

/// By weekday and slot: whether one of the last weeks' days that were open at all was open then.
fn open_slots(raw: &Grid, borrowed: Option<&[f64]>) -> Vec<bool> {
    let slots = raw.slots;
    let mut seen = vec![(0_u32, 0_u32); 7 * slots];
    for day in raw.days().saturating_sub(8 * 7)..raw.days() {
        if !raw.seen(day) {
            continue;
        }
        let from = weekday(raw.date(day)) * slots;
        for (cell, value) in seen.iter_mut().skip(from).zip(raw.row(day)) {
            cell.0 += u32::from(value.is_finite());
            cell.1 += 1;
        }
    }
    seen.iter()
        .enumerate()
        .map(|(cell, (open, days))| {
            if *days == 0 {
                borrowed
                    .and_then(|parts| parts.get(cell))
                    .is_some_and(|part| part.is_finite())
            } else {
                4 * open >= *days
            }
        })
        .collect()
}

/// Sums, or weighted means, of the days of a trial: what came and what the blend said.
fn day_pairs(
    trial: &Trial,
    blend: &[f64],
    slots: usize,
    quantity: Quantity,
) -> Vec<Option<(f64, f64)>> {
    trial
        .came
        .chunks(slots)
        .zip(blend.chunks(slots))
        .zip(trial.weights.chunks(slots))
        .map(|((came, said), weights)| {
            let (mut a, mut b, mut all) = (0.0, 0.0, 0.0);
            for ((came, said), weight) in came.iter().zip(said).zip(weights) {
                if came.is_finite() && said.is_finite() {
                    let weight = match quantity {
                        Quantity::Volume => 1.0,
                        Quantity::HandleTime => *weight,
                    };
                    a += came * weight;
                    b += said * weight;
                    all += weight;
                }
            }
            match quantity {
                _ if all <= 0.0 => None,
                Quantity::Volume => Some((a, b)),
                Quantity::HandleTime => Some((a / all, b / all)),
            }
        })
        .collect()
}

fn spreads(
    trials: &[Trial],
    blended: &[Vec<f64>],
    slots: usize,
    quantity: Quantity,
) -> (Spread, Spread) {
    let (mut of_slots, mut of_days) = (Vec::new(), Vec::new());
    for (number, (trial, blend)) in trials.iter().zip(blended).enumerate() {
        of_slots.extend(
            trial
                .came
                .iter()
                .zip(blend)
                .enumerate()
                .map(|(cell, (came, said))| Miss {
                    said: *said,
                    off: came - said,
                    week: cell / (7 * slots),
                    trial: number,
                }),
        );
        of_days.extend(
            day_pairs(trial, blend, slots, quantity)
                .into_iter()
                .enumerate()
                .filter_map(|(day, pair)| {
                    pair.map(|(came, said)| Miss {
                        said,
                        off: came - said,
                        week: day / 7,
                        trial: number,
                    })
                }),
        );
    }
    (
        Spread::learn(of_slots, SLOT_TRIALS),
        Spread::learn(of_days, DAY_TRIALS),
    )
}

/// One week ahead, back to the first trial.
fn day_errors(
    trials: &[Trial],
    blended: &[Vec<f64>],
    normal: &Grid,
    quantity: Quantity,
) -> Vec<DayError> {
    let pairs = trials.iter().zip(blended).zip(1..);
    pairs
        .flat_map(|((trial, blend), week)| {
            let first = normal.days() - 7 * week;
            let days = day_pairs(trial, blend, normal.slots, quantity);
            days.into_iter().take(7).zip(first..)
        })
        .filter_map(|(pair, day)| {
            let (came, said) = pair.filter(|(came, said)| *came > 0.0 && *said > 0.0)?;
            Some(DayError {
                date: normal.date(day),
                log: (came / said).ln(),
            })
        })
        .collect()
}

fn explain(
    setting: &Setting<'_>,
    blend: &Blend,
    trials: &[Trial],
    blended: &[Vec<f64>],
) -> Explanation {
    let errors = combine::errors(trials, setting.methods.len());
    let mut shares: Vec<MethodShare> = setting
        .methods
        .iter()
        .zip(&blend.voice.weights)
        .zip(&errors)
        .map(|((method, weight), error)| MethodShare {
            method: *method,
            weight: *weight,
            wape: error.is_finite().then_some(*error),
        })
        .collect();
    shares.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.method.cmp(&b.method)));
    let wape = backtest::wape(trials.iter().zip(blended).flat_map(|(trial, blend)| {
        trial
            .came
            .iter()
            .zip(blend)
            .zip(&trial.weights)
            .map(|((came, said), weight)| (came, said, weight))
    }));
    let reason = match (shares.first(), shares.get(1)) {
        _ if trials.len() < 4 => Reason::LittleHistory,
        (Some(first), Some(second)) if first.weight >= 1.5 * second.weight => Reason::Clear,
        _ => Reason::Tie,
    };
    Explanation {
        leading: shares.first().map_or(Method::Median8, |share| share.method),
        reason,
        naive_wape: shares
            .iter()
            .find(|share| share.method == Method::LastWeek)
            .and_then(|share| share.wape),
        methods: shares,
        wape: wape.is_finite().then_some(wape),
        trials: count(trials.len()),
        history_days: count(setting.normal.days()),
        borrowed: setting.borrowed.is_some(),
        lead: blend.gain,
    }
}

fn record(
    trials: &[Trial],
    blended: &[Vec<f64>],
    slots: usize,
    quantity: Quantity,
    spread: &Spread,
) -> Option<Record> {
    let weeks = trials.len().min(8);
    let (mut off, mut came_sum, mut bias) = (0.0, 0.0, 0.0);
    let (mut day_off, mut day_sum) = (0.0, 0.0);
    let (mut in80, mut in95, mut cells) = (0.0, 0.0, 0.0);
    for (trial, blend) in trials.iter().zip(blended).take(weeks) {
        let judged = trial.came.iter().zip(blend).zip(&trial.weights);
        for ((came, said), weight) in judged.take(7 * slots) {
            if !came.is_finite() || !said.is_finite() {
                continue;
            }
            off += (came - said).abs() * weight;
            bias += (said - came) * weight;
            came_sum += came * weight;
            let estimate = spread.around(*said, 0, 0.0);
            cells += 1.0;
            in80 += f64::from(u8::from((estimate.low80..=estimate.high80).contains(came)));
            in95 += f64::from(u8::from((estimate.low95..=estimate.high95).contains(came)));
        }
        let pairs = day_pairs(trial, blend, slots, quantity);
        for (came, said) in pairs.into_iter().take(7).flatten() {
            day_off += (came - said).abs();
            day_sum += came;
        }
    }
    (came_sum > 0.0 && day_sum > 0.0).then(|| Record {
        weeks: count(weeks),
        slot_wape: off / came_sum,
        day_wape: day_off / day_sum,
        bias: bias / came_sum,
        coverage80: in80 / cells,
        coverage95: in95 / cells,
    })
}
