//! The forecast itself: methods tried on the past, weighed, blended, and given intervals.

use crate::backtest::{self, Trial};
use crate::combine;
use crate::grid::{Grid, weekday};
use crate::history::{History, WeekProfile};
use crate::interval::Spread;
use crate::lead::Lead;
use crate::method::{Method, Past};
use crate::special::{Family, SpecialDays};
use chrono::{Days, NaiveDate};
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;
use std::fmt;

/// The shortest forecast, in days.
pub const MIN_DAYS: u32 = 1;
/// The longest forecast, in days: 13 weeks.
pub const MAX_DAYS: u32 = 91;

/// Least days of own history.
const LEAST_HISTORY: usize = 14;
/// As long as there are fewer days of own history, a borrowed profile takes part.
const BORROW_BELOW: usize = 56;
/// Older days are not looked at: three years tell trend and season.
const MOST_HISTORY: usize = 3 * 366;

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

/// Errors in the rolling backtest with and without order intake. Shares: 0.05 is 5 %.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct LeadGain {
    /// Error of the blend with the method that knows the intake.
    pub with: f64,
    /// Error of the blend of the other methods.
    pub without: f64,
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
    let slots = raw.slots;
    let mut normal = raw.clone();
    for day in 0..normal.days() {
        let date = normal.date(day);
        if inputs.special.get(date).is_some() || inputs.left_out.contains(&date) {
            normal.row_mut(day).fill(f64::NAN);
        }
    }
    let borrowed: Option<Vec<f64>> = inputs
        .borrowed
        .filter(|_| normal.days() < BORROW_BELOW)
        .map(|profile| {
            profile
                .parts()
                .iter()
                .map(|part| part.unwrap_or(f64::NAN))
                .collect()
        });
    let mut methods = Method::OWN.to_vec();
    if borrowed.is_some() {
        methods.push(Method::Borrowed);
    }

    let horizon = days as usize;
    let trials = backtest::trials(
        &raw,
        &normal,
        inputs.special,
        &methods,
        horizon.max(14),
        borrowed.as_deref(),
    );
    let errors = combine::errors(&trials, methods.len());
    let weights = combine::weights(&errors);
    let past = Past::new(
        &raw,
        &normal,
        inputs.special,
        borrowed.as_deref(),
        normal.days(),
        horizon,
    );
    let mut means = combine::blend(&backtest::said(&past, &methods), &weights);
    let open = inputs
        .open
        .map_or_else(|| open_slots(&raw, borrowed.as_deref()), <[bool]>::to_vec);

    let (slot_spread, day_spread) = spreads(&trials, &weights, slots, inputs.quantity);
    let mut estimates = Vec::with_capacity(means.len());
    let mut day_estimates = Vec::with_capacity(horizon);
    for (ahead, row) in means.chunks_mut(slots).enumerate() {
        let date = origin + Days::new(ahead as u64);
        let special = inputs.special.get(date);
        let closed = special.is_some_and(|special| special.family == Family::Closed);
        let effects = past.effects();
        let factor = effects
            .special
            .get(past.origin + ahead)
            .map_or(1.0, |effect| effect.exp());
        let from = weekday(date) * slots;
        let (mut sum, mut parts) = (0.0, 0.0);
        for (mean, open) in row.iter().zip(open.iter().skip(from)) {
            if closed || !*open || !mean.is_finite() {
                estimates.push(None);
                continue;
            }
            let mean = (mean * factor).max(0.0);
            sum += mean;
            parts += 1.0;
            estimates.push(Some(slot_spread.around(mean, unit(mean, inputs.quantity))));
        }
        let total = match inputs.quantity {
            Quantity::Volume => sum,
            Quantity::HandleTime if parts > 0.0 => sum / parts,
            Quantity::HandleTime => 0.0,
        };
        day_estimates.push(DayEstimate {
            date,
            total: day_spread.around(total, total),
            factor,
            special: special.map(|special| special.kind.clone()),
        });
    }

    Ok(Forecast {
        first: origin,
        slots_per_day: count(slots),
        quantity: inputs.quantity,
        slots: estimates,
        days: day_estimates,
        explanation: explain(
            &methods,
            &weights,
            &errors,
            &trials,
            &normal,
            borrowed.is_some(),
        ),
        record: record(&trials, &weights, slots, inputs.quantity, &slot_spread),
    })
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
    let raw = Grid::before(inputs.history, origin, MOST_HISTORY);
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

/// The unit in which errors are alike for small and large means: a count's own chance grows with its
/// root, a handle time's with the time.
fn unit(mean: f64, quantity: Quantity) -> f64 {
    match quantity {
        Quantity::Volume => mean.max(0.25).sqrt(),
        Quantity::HandleTime => mean,
    }
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
    weights: &[f64],
    slots: usize,
    quantity: Quantity,
) -> (Spread, Spread) {
    let (mut of_slots, mut of_days) = (Vec::new(), Vec::new());
    for trial in trials {
        let blend = combine::blend(&trial.said, weights);
        of_slots.extend(
            trial
                .came
                .iter()
                .zip(&blend)
                .map(|(came, said)| (came - said) / unit(*said, quantity)),
        );
        of_days.extend(
            day_pairs(trial, &blend, slots, quantity)
                .into_iter()
                .flatten()
                .filter(|(_, said)| *said > 0.0)
                .map(|(came, said)| came / said - 1.0),
        );
    }
    (Spread::new(of_slots), Spread::new(of_days))
}

fn explain(
    methods: &[Method],
    weights: &[f64],
    errors: &[f64],
    trials: &[Trial],
    normal: &Grid,
    borrowed: bool,
) -> Explanation {
    let mut shares: Vec<MethodShare> = methods
        .iter()
        .zip(weights)
        .zip(errors)
        .map(|((method, weight), error)| MethodShare {
            method: *method,
            weight: *weight,
            wape: error.is_finite().then_some(*error),
        })
        .collect();
    shares.sort_by(|a, b| b.weight.total_cmp(&a.weight).then(a.method.cmp(&b.method)));
    let blended: Vec<Vec<f64>> = trials
        .iter()
        .map(|trial| combine::blend(&trial.said, weights))
        .collect();
    let wape = backtest::wape(trials.iter().zip(&blended).flat_map(|(trial, blend)| {
        trial
            .came
            .iter()
            .zip(blend)
            .zip(&trial.weights)
            .map(|((came, said), weight)| (came, said, weight))
    }));
    let first = shares.first();
    let second = shares.get(1);
    let reason = match (first, second) {
        _ if trials.len() < 4 => Reason::LittleHistory,
        (Some(first), Some(second)) if first.weight >= 1.5 * second.weight => Reason::Clear,
        _ => Reason::Tie,
    };
    Explanation {
        leading: first.map_or(Method::Median8, |share| share.method),
        reason,
        naive_wape: shares
            .iter()
            .find(|share| share.method == Method::LastWeek)
            .and_then(|share| share.wape),
        methods: shares,
        wape: wape.is_finite().then_some(wape),
        trials: count(trials.len()),
        history_days: count(normal.days()),
        borrowed,
        lead: None,
    }
}

fn record(
    trials: &[Trial],
    weights: &[f64],
    slots: usize,
    quantity: Quantity,
    spread: &Spread,
) -> Option<Record> {
    let trials = trials.get(..trials.len().min(8))?;
    let (mut off, mut came_sum, mut bias) = (0.0, 0.0, 0.0);
    let (mut day_off, mut day_sum) = (0.0, 0.0);
    let (mut in80, mut in95, mut cells) = (0.0, 0.0, 0.0);
    for trial in trials {
        let blend = combine::blend(&trial.said, weights);
        for ((came, said), weight) in trial
            .came
            .iter()
            .zip(&blend)
            .zip(&trial.weights)
            .take(7 * slots)
        {
            if !came.is_finite() || !said.is_finite() {
                continue;
            }
            off += (came - said).abs() * weight;
            bias += (said - came) * weight;
            came_sum += came * weight;
            let estimate = spread.around(*said, unit(*said, quantity));
            cells += 1.0;
            in80 += f64::from(u8::from((estimate.low80..=estimate.high80).contains(came)));
            in95 += f64::from(u8::from((estimate.low95..=estimate.high95).contains(came)));
        }
        for (came, said) in day_pairs(trial, &blend, slots, quantity)
            .into_iter()
            .take(7)
            .flatten()
        {
            day_off += (came - said).abs();
            day_sum += came;
        }
    }
    (came_sum > 0.0 && day_sum > 0.0).then(|| Record {
        weeks: count(trials.len()),
        slot_wape: off / came_sum,
        day_wape: day_off / day_sum,
        bias: bias / came_sum,
        coverage80: in80 / cells,
        coverage95: in95 / cells,
    })
}
