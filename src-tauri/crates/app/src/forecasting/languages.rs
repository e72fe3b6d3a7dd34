//! A client's line by language: forecasts of the parts that add up to the forecast of the whole.

use super::figures::{NOTHING, mean_by, times};
use super::outlook::{Future, Outlook, basis};
use super::special;
use crate::desk::{Desk, OpenShop};
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{LanguageCode, WorkChannel};
use chrono::{DateTime, NaiveDate, Utc};
use forecast::{DayEstimate, Estimate, Forecast};
use plan::history::{Days, Work};
use plan::shares::Shares;
use rules::id::ShopId;
use std::collections::{BTreeSet, HashMap};
use std::sync::{Arc, Mutex as StdMutex, PoisonError};
use store::Centre;
use store::table::forecast::Verdict;

/// With fewer days of its own a language is forecast as its share of the whole.
const OWN_FROM_DAYS: usize = 56;
/// So it is with fewer calls a day: chance alone moves such a day by more than a fifth.
const OWN_FROM_CALLS: f64 = 20.0;

/// Splits made, by client.
#[derive(Default)]
pub(super) struct Splits(StdMutex<HashMap<ShopId, Made>>);

/// The split of an outlook, or that there is none.
struct Made {
    of: Arc<Outlook>,
    split: Option<Arc<Split>>,
    outlooks: HashMap<LanguageCode, Arc<Outlook>>,
}

/// What is known of a line's languages.
pub(crate) struct Split {
    whole: Arc<Outlook>,
    shares: Shares,
    parts: Vec<Part>,
}

struct Part {
    language: LanguageCode,
    days: Option<Days>,
    /// By the same methods as the whole, where the language has enough of its own.
    own: Option<Future>,
    /// Average handle time of its calls, seconds.
    aht_s: Option<f64>,
}

impl Split {
    /// None where the history does not tell two languages.
    fn of(whole: &Arc<Outlook>) -> Option<Self> {
        let days = whole.days.as_ref()?;
        let shares = Shares::of(&whole.work, whole.zone, days, &left_out(whole))?;
        let parts = shares
            .languages()
            .map(|language| Part::of(whole, days, language))
            .collect();
        Some(Self {
            whole: Arc::clone(whole),
            shares,
            parts,
        })
    }

    /// The languages, in order of their codes.
    pub(crate) fn languages(&self) -> Vec<LanguageCode> {
        self.shares.languages().collect()
    }

    fn part(&self, language: LanguageCode) -> Option<&Part> {
        self.parts.iter().find(|part| part.language == language)
    }

    /// The language's own forecast, unscaled, that its methods and their record are told from.
    pub(super) fn own(&self, language: LanguageCode) -> Option<&Future> {
        self.part(language)?.own.as_ref()
    }

    /// By weekday and hour: what the language's share of earlier forecasts was, as it was known then, and
    /// what came.
    pub(super) fn errors(&self, language: LanguageCode) -> Option<Vec<(f64, f64)>> {
        let whole = &self.whole;
        let (days, future) = (whole.days.as_ref()?, whole.future.as_ref()?);
        let own = self.part(language)?.days.as_ref()?;
        let known = special::for_forecast(&whole.special);
        let basis = basis(whole, own, known, WorkChannel::Inbound, &[], None)?;
        let left_out = left_out(whole);
        let tried = future.tried().map_while(|mut made| {
            let before = |one: &&Work| {
                DateTime::<Utc>::from_timestamp(one.start, 0)
                    .is_some_and(|at| at.with_timezone(&whole.zone).date_naive() < made.first)
            };
            let told: Vec<Work> = whole.work.iter().filter(before).copied().collect();
            let shares = Shares::of(&told, whole.zone, days, &left_out)?;
            let slots = days.slots_per_day();
            let mut date = made.first;
            for row in made.slots.chunks_mut(slots) {
                let in_hour = (slots / 24).max(1);
                for (hour, of_hour) in (0..).zip(row.chunks_mut(in_hour)) {
                    let share = shares.of_hour(language, date, hour);
                    for estimate in of_hour.iter_mut().flatten() {
                        *estimate = times(estimate, share);
                    }
                }
                date = date.succ_opt()?;
            }
            Some(made)
        });
        Some(basis.errors(tried))
    }

    /// The first day forecast.
    pub(super) fn first(&self) -> Option<NaiveDate> {
        self.whole.future.as_ref().map(Future::first)
    }

    /// The language's part of the forecast that says something about `date`, and of its handle times.
    pub(super) fn forecast(
        &self,
        language: LanguageCode,
        date: NaiveDate,
    ) -> Option<(Forecast, Option<Forecast>)> {
        let (volume, handling) = self.whole.future.as_ref()?.of(date)?;
        let days: Vec<PartDay> = volume
            .days
            .iter()
            .filter_map(|day| self.day(language, volume, handling, day))
            .collect();
        let own = self.own(language).map(Future::near);
        let told = own.unwrap_or(volume);
        let made = Forecast {
            slots: days.iter().flat_map(|day| day.calls.clone()).collect(),
            days: days
                .iter()
                .zip(&volume.days)
                .map(|(day, whole)| DayEstimate {
                    total: day.total,
                    ..whole.clone()
                })
                .collect(),
            explanation: told.explanation.clone(),
            record: own.and_then(|own| own.record),
            day_errors: told.day_errors.clone(),
            ..volume.clone()
        };
        let times = handling.map(|handling| Forecast {
            slots: days.iter().flat_map(|day| day.handling.clone()).collect(),
            days: days
                .iter()
                .zip(&handling.days)
                .map(|(day, whole)| DayEstimate {
                    total: day.mean_handling().unwrap_or(whole.total),
                    ..whole.clone()
                })
                .collect(),
            ..handling.clone()
        });
        Some((made, times))
    }

    fn day(
        &self,
        language: LanguageCode,
        volume: &Forecast,
        handling: Option<&Forecast>,
        whole: &DayEstimate,
    ) -> Option<PartDay> {
        let date = whole.date;
        let row = volume.day_slots(date)?;
        let handled = handling.and_then(|handling| handling.day_slots(date));
        let own: Vec<Option<(&Forecast, Option<&Forecast>)>> = self
            .parts
            .iter()
            .map(|part| part.own.as_ref().and_then(|own| own.of(date)))
            .collect();
        let mine = self
            .parts
            .iter()
            .position(|part| part.language == language)?;
        let mut made = PartDay {
            calls: Vec::with_capacity(row.len()),
            handling: Vec::with_capacity(row.len()),
            total: NOTHING,
        };
        let in_hour = (row.len() / 24).max(1);
        for (slot, estimate) in row.iter().enumerate() {
            let Some(estimate) = estimate else {
                made.calls.push(None);
                made.handling.push(None);
                continue;
            };
            let hour = u32::try_from(slot / in_hour).unwrap_or_default();
            let said = |part: usize| slot_of((*own.get(part)?)?.0, date, slot);
            let weights: Vec<f64> = self
                .parts
                .iter()
                .enumerate()
                .map(|(at, part)| {
                    let shared = estimate.mean * self.shares.of_hour(part.language, date, hour);
                    said(at).map_or(shared, |own| own.mean)
                })
                .collect();
            let all: f64 = weights.iter().sum();
            let share = |at: usize| -> f64 {
                let weight = weights.get(at).copied().unwrap_or_default();
                let of_hour = |part: &Part| self.shares.of_hour(part.language, date, hour);
                if all > 0.0 {
                    weight / all
                } else {
                    self.parts.get(at).map_or(0.0, of_hour)
                }
            };
            let calls = match said(mine) {
                Some(own) if own.mean > 0.0 => times(&own, estimate.mean * share(mine) / own.mean),
                _ => thinned(estimate, share(mine)),
            };
            let usual = handled.and_then(|row| row.get(slot).copied().flatten());
            made.handling.push(usual.map(|usual| {
                let aht_s = |at: usize| -> f64 {
                    let own = own.get(at).copied().flatten().and_then(|own| own.1);
                    own.and_then(|own| slot_of(own, date, slot))
                        .map(|own| own.mean)
                        .filter(|mean| *mean > 0.0)
                        .or(self.parts.get(at).and_then(|part| part.aht_s))
                        .unwrap_or(usual.mean)
                };
                // The work of all languages is the work of the whole.
                let mean: f64 = (0..self.parts.len()).map(|at| share(at) * aht_s(at)).sum();
                let factor = if mean > 0.0 { aht_s(mine) / mean } else { 1.0 };
                times(&usual, factor)
            }));
            made.calls.push(Some(calls));
        }
        let mean: f64 = made.calls.iter().flatten().map(|slot| slot.mean).sum();
        let own = own.get(mine).copied().flatten();
        let own_total = own.and_then(|(own, _)| own.day(date)).map(|day| day.total);
        made.total = match own_total {
            Some(own) if own.mean > 0.0 => times(&own, mean / own.mean),
            _ if whole.total.mean > 0.0 => thinned(&whole.total, mean / whole.total.mean),
            _ => NOTHING,
        };
        Some(made)
    }
}

impl Part {
    fn of(whole: &Outlook, days: &Days, language: LanguageCode) -> Self {
        let days = days.of_language(&whole.work, language, whole.zone);
        let aht_s = days.as_ref().and_then(|days| {
            let known = days.handled.iter().zip(&days.handle_s);
            mean_by(known.filter_map(|(calls, mean)| Some((*calls, (*mean)?))))
        });
        let own = days
            .as_ref()
            .filter(|days| days.len() >= OWN_FROM_DAYS && calls_a_day(days) >= OWN_FROM_CALLS)
            .and_then(|days| {
                let known = special::for_forecast(&whole.special);
                let basis = basis(whole, days, known, WorkChannel::Inbound, &[], None)?;
                Future::new(basis, None)
            });
        Self {
            language,
            days,
            own,
            aht_s,
        }
    }
}

fn left_out(whole: &Outlook) -> BTreeSet<NaiveDate> {
    whole
        .verdicts
        .iter()
        .filter(|(_, verdict)| **verdict == Verdict::LeftOut)
        .map(|(date, _)| *date)
        .collect()
}

/// Calls of a usual day of the last eight weeks.
fn calls_a_day(days: &Days) -> f64 {
    let lately = days.totals.iter().rev().take(OWN_FROM_DAYS);
    mean_by(lately.map(|calls| (1.0, f64::from(*calls)))).unwrap_or_default()
}

fn slot_of(forecast: &Forecast, date: NaiveDate, slot: usize) -> Option<Estimate> {
    forecast.day_slots(date)?.get(slot).copied().flatten()
}

/// A language's part of a day.
struct PartDay {
    calls: Vec<Option<Estimate>>,
    handling: Vec<Option<Estimate>>,
    total: Estimate,
}

impl PartDay {
    fn mean_handling(&self) -> Option<Estimate> {
        let of = |value: fn(&Estimate) -> f64| {
            let slots = self.calls.iter().zip(&self.handling);
            mean_by(slots.filter_map(|(calls, time)| Some(((*calls)?.mean, value(time.as_ref()?)))))
        };
        Some(Estimate {
            mean: of(|one| one.mean)?,
            low80: of(|one| one.low80)?,
            high80: of(|one| one.high80)?,
            low95: of(|one| one.low95)?,
            high95: of(|one| one.high95)?,
        })
    }
}

/// A share of an estimate: each call is of the language or not by chance, so a part varies by its share
/// of what the whole does and by that chance (the variance of a thinned count).
fn thinned(whole: &Estimate, share: f64) -> Estimate {
    let chance = share * (1.0 - share) * whole.mean;
    let mean = whole.mean * share;
    let reach = |distance: f64, z: f64| (distance * share).hypot(z * chance.max(0.0).sqrt());
    Estimate {
        mean,
        low80: (mean - reach(whole.mean - whole.low80, 1.2816)).max(0.0),
        high80: mean + reach(whole.high80 - whole.mean, 1.2816),
        low95: (mean - reach(whole.mean - whole.low95, 1.96)).max(0.0),
        high95: mean + reach(whole.high95 - whole.mean, 1.96),
    }
}

impl Desk {
    /// A client's inbound line by language; none where its history does not tell two of them. What calls
    /// out is not told by language.
    pub(crate) async fn split(
        &self,
        shop: &Arc<OpenShop>,
        centre: &Arc<Centre>,
        line: WorkChannel,
    ) -> Result<Option<Arc<Split>>, Fault> {
        if line == WorkChannel::Outbound {
            return Ok(None);
        }
        let whole = self.outlook(shop, centre, line).await?;
        let outlooks = &self.inner.outlooks;
        if let Some(known) = outlooks.languages.get(shop.id, &whole) {
            return Ok(known);
        }
        let _making = outlooks.making.lock().await;
        if let Some(known) = outlooks.languages.get(shop.id, &whole) {
            return Ok(known);
        }
        let of = Arc::clone(&whole);
        let made = tokio::task::spawn_blocking(move || Split::of(&of).map(Arc::new))
            .await
            .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?;
        outlooks.languages.keep(shop.id, whole, made.clone());
        Ok(made)
    }

    /// What has been and what is to come in one language.
    pub(crate) async fn outlook_in(
        &self,
        shop: &Arc<OpenShop>,
        split: &Arc<Split>,
        language: LanguageCode,
    ) -> Result<Arc<Outlook>, Fault> {
        let known = &self.inner.outlooks.languages;
        if let Some(made) = known.outlook(shop.id, split, language) {
            return Ok(made);
        }
        let part = split.part(language).ok_or(ErrorCode::LanguageUntold)?;
        let days = part.days.clone();
        let of = Arc::clone(split);
        let made = tokio::task::spawn_blocking(move || outlook_of(&of, language, days))
            .await
            .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?;
        let made = Arc::new(made);
        known.keep_outlook(shop.id, language, split, &made);
        Ok(made)
    }
}

fn outlook_of(split: &Arc<Split>, language: LanguageCode, days: Option<Days>) -> Outlook {
    let whole = &split.whole;
    let own = |one: &&Work| one.language == Some(language);
    let work = whole.work.iter().filter(own).copied().collect();
    whole.part(work, days, Future::in_language(split, language))
}

impl Splits {
    fn with<T>(&self, ask: impl FnOnce(&mut HashMap<ShopId, Made>) -> T) -> T {
        ask(&mut self.0.lock().unwrap_or_else(PoisonError::into_inner))
    }

    /// The split of an outlook; the outer none where it has not been made.
    #[expect(clippy::option_option, reason = "that there is no split is known too")]
    fn get(&self, shop: ShopId, whole: &Arc<Outlook>) -> Option<Option<Arc<Split>>> {
        self.with(|made| {
            let made = made.get(&shop)?;
            Arc::ptr_eq(&made.of, whole).then(|| made.split.clone())
        })
    }

    fn keep(&self, shop: ShopId, of: Arc<Outlook>, split: Option<Arc<Split>>) {
        let outlooks = HashMap::new();
        self.with(|made| {
            made.insert(
                shop,
                Made {
                    of,
                    split,
                    outlooks,
                },
            )
        });
    }

    fn outlook(
        &self,
        shop: ShopId,
        split: &Arc<Split>,
        language: LanguageCode,
    ) -> Option<Arc<Outlook>> {
        self.with(|made| {
            let made = made.get(&shop)?;
            let same = made.split.as_ref().is_some_and(|of| Arc::ptr_eq(of, split));
            made.outlooks.get(&language).filter(|_| same).cloned()
        })
    }

    fn keep_outlook(
        &self,
        shop: ShopId,
        language: LanguageCode,
        split: &Arc<Split>,
        outlook: &Arc<Outlook>,
    ) {
        self.with(|made| {
            if let Some(made) = made.get_mut(&shop)
                && made.split.as_ref().is_some_and(|of| Arc::ptr_eq(of, split))
            {
                made.outlooks.insert(language, Arc::clone(outlook));
            }
        });
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_share_is_less_sure_than_the_whole_and_all_of_it_as_sure() {
        let whole = Estimate {
            mean: 100.0,
            low80: 80.0,
            high80: 125.0,
            low95: 70.0,
            high95: 140.0,
        };
        let all = thinned(&whole, 1.0);
        assert!((all.low80 - 80.0).abs() < 1e-9 && (all.high95 - 140.0).abs() < 1e-9);
        let half = thinned(&whole, 0.5);
        assert!((half.mean - 50.0).abs() < 1e-9);
        assert!(
            half.high80 - half.mean > 12.5,
            "chance comes on top: {half:?}"
        );
        assert!((half.mean - half.low80) / half.mean > 0.2);
        let none = thinned(&whole, 0.0);
        assert!(none.mean.abs() < 1e-9 && none.high95.abs() < 1e-9);
    }
}
