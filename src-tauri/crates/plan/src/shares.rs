//! What part of a line's calls comes in which language, by weekday and hour.

use crate::history::{Days, Work};
use crate::language::LanguageCode;
use chrono::{DateTime, Datelike, NaiveDate, Timelike, Utc};
use chrono_tz::Tz;
use std::collections::{BTreeMap, BTreeSet};

/// Days that told languages, so many of the last, are looked at.
const RECENT: usize = 56;
/// An hour's own share counts for half when so many calls came in it.
const USUAL_CALLS: f64 = 30.0;
const HOURS: usize = 7 * 24;

/// Shares of the languages of one line; those of one hour add up to 1.
#[derive(Clone, Debug, PartialEq)]
pub struct Shares {
    /// By language, in order of their codes: the week's hours, Monday and midnight first.
    hours: BTreeMap<LanguageCode, Vec<f64>>,
}

/// Calls of one day by language.
type DayCalls = BTreeMap<LanguageCode, u32>;

impl Shares {
    /// Of the last eight weeks of days that told languages, days left out aside. None where fewer than
    /// two languages were told.
    ///
    /// The usual share of a language is the median over the days, so that one odd day moves nothing; an
    /// hour goes by its own calls as far as it has any, in the manner of an estimate that shrinks towards
    /// the mean of its group (James and Stein).
    pub fn of(
        work: &[Work],
        zone: Tz,
        days: &Days,
        left_out: &BTreeSet<NaiveDate>,
    ) -> Option<Self> {
        let languages: BTreeSet<LanguageCode> =
            work.iter().filter_map(|one| one.language).collect();
        if languages.len() < 2 {
            return None;
        }
        let told = days.told(work, zone);
        let recent: BTreeSet<NaiveDate> = told
            .iter()
            .filter(|date| !left_out.contains(date))
            .rev()
            .take(RECENT)
            .copied()
            .collect();
        let mut by_day: BTreeMap<NaiveDate, DayCalls> = BTreeMap::new();
        let mut by_hour: Vec<DayCalls> = vec![DayCalls::new(); HOURS];
        for one in work {
            let Some((language, at)) = one
                .language
                .zip(DateTime::<Utc>::from_timestamp(one.start, 0))
            else {
                continue;
            };
            let local = at.with_timezone(&zone);
            let date = local.date_naive();
            if !recent.contains(&date) {
                continue;
            }
            *by_day.entry(date).or_default().entry(language).or_default() += one.calls;
            let hour = hour_of(date, local.hour());
            if let Some(cell) = by_hour.get_mut(hour) {
                *cell.entry(language).or_default() += one.calls;
            }
        }
        let usual = usual(&languages, &by_day);
        let hours = languages
            .iter()
            .map(|language| {
                let usual = usual.get(language).copied().unwrap_or_default();
                let row = by_hour.iter().map(|cell| {
                    let all: u32 = cell.values().sum();
                    let own = cell.get(language).copied().unwrap_or_default();
                    (f64::from(own) + USUAL_CALLS * usual) / (f64::from(all) + USUAL_CALLS)
                });
                (*language, row.collect())
            })
            .collect();
        Some(Self { hours })
    }

    /// The languages, in order of their codes.
    pub fn languages(&self) -> impl Iterator<Item = LanguageCode> {
        self.hours.keys().copied()
    }

    /// The share of a language in an hour of a date, 0 to 1.
    pub fn of_hour(&self, language: LanguageCode, date: NaiveDate, hour: u32) -> f64 {
        self.hours
            .get(&language)
            .and_then(|row| row.get(hour_of(date, hour)))
            .copied()
            .unwrap_or_default()
    }
}

fn hour_of(date: NaiveDate, hour: u32) -> usize {
    (date.weekday().num_days_from_monday() * 24 + hour) as usize
}

/// Medians over the days, brought to a sum of 1.
fn usual(
    languages: &BTreeSet<LanguageCode>,
    by_day: &BTreeMap<NaiveDate, DayCalls>,
) -> BTreeMap<LanguageCode, f64> {
    let share_on = |language: &LanguageCode, day: &DayCalls| -> Option<f64> {
        let all: u32 = day.values().sum();
        let own = day.get(language).copied().unwrap_or_default();
        (all > 0).then(|| f64::from(own) / f64::from(all))
    };
    let medians: BTreeMap<LanguageCode, f64> = languages
        .iter()
        .map(|language| {
            let of_days = by_day.values().filter_map(|day| share_on(language, day));
            (*language, median(of_days.collect()))
        })
        .collect();
    let all: f64 = medians.values().sum();
    let even = 1.0 / f64::from(u32::try_from(languages.len()).unwrap_or(1));
    medians
        .into_iter()
        .map(|(language, share)| (language, if all > 0.0 { share / all } else { even }))
        .collect()
}

fn median(mut values: Vec<f64>) -> f64 {
    values.sort_by(f64::total_cmp);
    let middle = values.len() / 2;
    let upper = values.get(middle).copied().unwrap_or_default();
    if values.len() % 2 == 1 {
        return upper;
    }
    let lower = middle.checked_sub(1).and_then(|at| values.get(at).copied());
    lower.map_or(upper, |lower| f64::midpoint(lower, upper))
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const KYIV: Tz = chrono_tz::Europe::Kyiv;
    /// Monday, 5 January 2026, midnight in Kyiv.
    const MONDAY: i64 = 1_767_564_000;

    fn code(text: &str) -> LanguageCode {
        text.parse().unwrap()
    }

    fn told(day: i64, hour: i64, language: Option<&str>, calls: u32) -> Work {
        Work {
            start: MONDAY + day * 86_400 + hour * 3600,
            language: language.map(code),
            calls,
            handle_s: Some(f64::from(calls) * 180.0),
        }
    }

    fn monday() -> NaiveDate {
        NaiveDate::from_ymd_opt(2026, 1, 5).unwrap()
    }

    fn weeks(count: i64) -> Vec<Work> {
        let mut work = Vec::new();
        for day in 0..7 * count {
            for hour in 9..18 {
                // Mornings are half and half, afternoons Ukrainian.
                let ru = if hour < 12 { 20 } else { 4 };
                work.push(told(day, hour, Some("uk"), 40 - ru));
                work.push(told(day, hour, Some("ru"), ru));
            }
        }
        work
    }

    fn days(work: &[Work]) -> Days {
        Days::new(work, 60, KYIV, NaiveDate::MAX, None).unwrap()
    }

    #[test]
    fn an_hour_goes_by_its_own_calls_and_a_closed_one_by_the_usual_share() {
        let work = weeks(8);
        let shares = Shares::of(&work, KYIV, &days(&work), &BTreeSet::new()).unwrap();
        let (ru, date) = (code("ru"), monday());
        assert!((shares.of_hour(ru, date, 10) - 0.5).abs() < 0.03);
        assert!((shares.of_hour(ru, date, 15) - 0.1).abs() < 0.03);
        let usual = f64::from(3 * 20 + 6 * 4) / f64::from(9 * 40);
        assert!((shares.of_hour(ru, date, 3) - usual).abs() < 1e-9);
    }

    #[test]
    fn one_odd_day_moves_little_and_a_day_left_out_nothing() {
        let work = weeks(8);
        let usual = Shares::of(&work, KYIV, &days(&work), &BTreeSet::new()).unwrap();
        let mut odd = work.clone();
        for one in &mut odd {
            let of_day = (one.start - MONDAY) / 86_400 == 29;
            if of_day && one.language == Some(code("ru")) {
                one.calls = 400;
            }
        }
        let moved = Shares::of(&odd, KYIV, &days(&odd), &BTreeSet::new()).unwrap();
        // The Tuesday that was odd has eight others beside it; a closed hour knows only the median.
        assert!(
            (moved.of_hour(code("ru"), monday(), 3) - usual.of_hour(code("ru"), monday(), 3)).abs()
                < 1e-9
        );
        let out = BTreeSet::from([monday() + chrono::Days::new(29)]);
        let without = Shares::of(&odd, KYIV, &days(&odd), &out).unwrap();
        let tuesday = monday() + chrono::Days::new(1);
        assert!((without.of_hour(code("ru"), tuesday, 15) - 0.1).abs() < 0.03);
    }

    #[test]
    fn one_language_is_no_choice() {
        let work = vec![told(0, 9, Some("uk"), 5), told(1, 9, None, 5)];
        assert_eq!(
            Shares::of(&work, KYIV, &days(&work), &BTreeSet::new()),
            None
        );
    }

    proptest! {
        #[test]
        fn shares_of_an_hour_add_up_to_one(
            rows in proptest::collection::vec((0_i64..60, 0_i64..24, 0_usize..4, 0_u32..50), 1..300),
        ) {
            let names = [None, Some("uk"), Some("ru"), Some("pl")];
            let work: Vec<Work> = rows.iter()
                .map(|(day, hour, name, calls)| told(*day, *hour, names[*name], *calls)).collect();
            if let Some(days) = Days::new(&work, 60, KYIV, NaiveDate::MAX, None)
                && let Some(shares) = Shares::of(&work, KYIV, &days, &BTreeSet::new())
            {
                for day in 0..7 {
                    for hour in 0..24 {
                        let date = monday() + chrono::Days::new(day);
                        let sum: f64 = shares.languages()
                            .map(|language| shares.of_hour(language, date, hour)).sum();
                        prop_assert!((sum - 1.0).abs() < 1e-9, "{sum}");
                    }
                }
            }
        }

        #[test]
        fn the_days_of_the_languages_add_up_to_those_of_the_line(
            rows in proptest::collection::vec((0_i64..30, 6_i64..20, 0_usize..2, 0_u32..50), 1..300),
        ) {
            let names = [Some("uk"), Some("ru")];
            let work: Vec<Work> = rows.iter()
                .map(|(day, hour, name, calls)| told(*day, *hour, names[*name], *calls)).collect();
            if let Some(whole) = Days::new(&work, 60, KYIV, NaiveDate::MAX, None) {
                let parts: Vec<Days> = names.iter().flatten()
                    .filter_map(|name| whole.of_language(&work, code(name), KYIV)).collect();
                let totals: u32 = parts.iter().flat_map(|part| &part.totals).sum();
                prop_assert_eq!(totals, whole.totals.iter().sum::<u32>());
                for (date, row) in whole.rows() {
                    for (slot, calls) in row.iter().enumerate() {
                        let sum: f64 = parts.iter()
                            .filter_map(|part| part.day(date)?.get(slot).copied().flatten()).sum();
                        prop_assert!((sum - calls.unwrap_or_default()).abs() < 1e-9);
                    }
                }
            }
        }
    }
}
