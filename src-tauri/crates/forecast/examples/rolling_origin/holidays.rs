//! Public holidays by rule, for a few countries: enough to judge a forecast fairly. The product
//! itself takes its calendar from a library.

use crate::series::Series;
use chrono::{Datelike, NaiveDate, Weekday};
use forecast::{Family, SpecialDays};
use std::collections::BTreeMap;

enum Rule {
    /// Month and day.
    On(u32, u32),
    /// Month and day; on a weekend the Monday after (or, where `true`, the nearer weekday).
    Moved(u32, u32, bool),
    /// The n-th weekday of a month; 0 is the last.
    Nth(u32, u8, Weekday),
    /// Days after Western Easter Sunday.
    Easter(i64),
    /// Days after Orthodox Easter Sunday.
    Orthodox(i64),
}
use Rule::{Easter, Moved, Nth, On, Orthodox};

type Named = (&'static str, Rule);

/// Holidays that most employers keep. Columbus Day and Veterans Day are not among them: call centres
/// work then, and the score counts these days like any other.
const COUNTRIES: [(&str, &[Named]); 9] = [
    (
        "US",
        &[
            ("New Year", Moved(1, 1, true)),
            ("Martin Luther King", Nth(1, 3, Weekday::Mon)),
            ("Presidents' Day", Nth(2, 3, Weekday::Mon)),
            ("Memorial Day", Nth(5, 0, Weekday::Mon)),
            ("Independence Day", Moved(7, 4, true)),
            ("Labor Day", Nth(9, 1, Weekday::Mon)),
            ("Thanksgiving", Nth(11, 4, Weekday::Thu)),
            ("Christmas", Moved(12, 25, true)),
        ],
    ),
    (
        "GB",
        &[
            ("New Year", Moved(1, 1, false)),
            ("Good Friday", Easter(-2)),
            ("Easter Monday", Easter(1)),
            ("Early May", Nth(5, 1, Weekday::Mon)),
            ("Spring", Nth(5, 0, Weekday::Mon)),
            ("Summer", Nth(8, 0, Weekday::Mon)),
            ("Christmas", On(12, 25)),
            ("Boxing Day", On(12, 26)),
        ],
    ),
    (
        "AU",
        &[
            ("New Year", Moved(1, 1, false)),
            ("Australia Day", Moved(1, 26, false)),
            ("Labour Day", Nth(3, 2, Weekday::Mon)),
            ("Good Friday", Easter(-2)),
            ("Easter Saturday", Easter(-1)),
            ("Easter Sunday", Easter(0)),
            ("Easter Monday", Easter(1)),
            ("Anzac Day", On(4, 25)),
            ("Queen's Birthday", Nth(6, 2, Weekday::Mon)),
            ("Cup Day", Nth(11, 1, Weekday::Tue)),
            ("Christmas", On(12, 25)),
            ("Boxing Day", On(12, 26)),
        ],
    ),
    (
        "CA",
        &[
            ("New Year", On(1, 1)),
            ("Family Day", Nth(2, 3, Weekday::Mon)),
            ("Good Friday", Easter(-2)),
            ("Canada Day", Moved(7, 1, false)),
            ("Labour Day", Nth(9, 1, Weekday::Mon)),
            ("Thanksgiving", Nth(10, 2, Weekday::Mon)),
            ("Christmas", On(12, 25)),
            ("Boxing Day", On(12, 26)),
        ],
    ),
    (
        "DE",
        &[
            ("New Year", On(1, 1)),
            ("Good Friday", Easter(-2)),
            ("Easter Sunday", Easter(0)),
            ("Easter Monday", Easter(1)),
            ("Labour Day", On(5, 1)),
            ("Ascension", Easter(39)),
            ("Whit Monday", Easter(50)),
            ("Unity Day", On(10, 3)),
            ("Christmas", On(12, 25)),
            ("Second Christmas Day", On(12, 26)),
        ],
    ),
    (
        "FR",
        &[
            ("New Year", On(1, 1)),
            ("Easter Monday", Easter(1)),
            ("Labour Day", On(5, 1)),
            ("Victory Day", On(5, 8)),
            ("Ascension", Easter(39)),
            ("Whit Monday", Easter(50)),
            ("National Day", On(7, 14)),
            ("Assumption", On(8, 15)),
            ("All Saints", On(11, 1)),
            ("Armistice", On(11, 11)),
            ("Christmas", On(12, 25)),
        ],
    ),
    (
        "PL",
        &[
            ("New Year", On(1, 1)),
            ("Epiphany", On(1, 6)),
            ("Easter Sunday", Easter(0)),
            ("Easter Monday", Easter(1)),
            ("Labour Day", On(5, 1)),
            ("Constitution Day", On(5, 3)),
            ("Corpus Christi", Easter(60)),
            ("Assumption", On(8, 15)),
            ("All Saints", On(11, 1)),
            ("Independence Day", On(11, 11)),
            ("Christmas", On(12, 25)),
            ("Second Christmas Day", On(12, 26)),
        ],
    ),
    (
        "UA",
        &[
            ("New Year", On(1, 1)),
            ("Women's Day", On(3, 8)),
            ("Easter", Orthodox(0)),
            ("Easter Monday", Orthodox(1)),
            ("Labour Day", On(5, 1)),
            ("Trinity", Orthodox(49)),
            ("Constitution Day", On(6, 28)),
            ("Independence Day", On(8, 24)),
            ("Christmas", On(12, 25)),
        ],
    ),
    (
        "RU",
        &[
            ("New Year", On(1, 1)),
            ("January 2", On(1, 2)),
            ("January 3", On(1, 3)),
            ("January 4", On(1, 4)),
            ("January 5", On(1, 5)),
            ("January 6", On(1, 6)),
            ("Orthodox Christmas", On(1, 7)),
            ("January 8", On(1, 8)),
            ("Defender's Day", On(2, 23)),
            ("Women's Day", On(3, 8)),
            ("Labour Day", On(5, 1)),
            ("Victory Day", On(5, 9)),
            ("Russia Day", On(6, 12)),
            ("Unity Day", On(11, 4)),
        ],
    ),
];

fn plus(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    date.checked_add_signed(chrono::TimeDelta::days(days))
}

#[expect(clippy::many_single_char_names, reason = "the formula's own names")]
/// Easter Sunday by the Gregorian computus (Meeus, Jones, Butcher).
fn easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 19, year / 100, year % 100);
    let (d, e) = (b / 4, b % 4);
    let g = (8 * b + 13) / 25;
    let h = (19 * a + b - d - g + 15) % 30;
    let (i, k) = (c / 4, c % 4);
    let l = (32 + 2 * e + 2 * i - h - k) % 7;
    let m = (a + 11 * h + 22 * l) / 451;
    let n = h + l - 7 * m + 114;
    NaiveDate::from_ymd_opt(
        year,
        u32::try_from(n / 31).ok()?,
        u32::try_from(n % 31 + 1).ok()?,
    )
}

#[expect(clippy::many_single_char_names, reason = "the formula's own names")]
/// Easter Sunday by the Julian computus (Meeus), as a Gregorian date of 1900 to 2099.
fn orthodox(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year % 4, year % 7, year % 19);
    let d = (19 * c + 15) % 30;
    let e = (2 * a + 4 * b - d + 34) % 7;
    let n = d + e + 114;
    let julian = NaiveDate::from_ymd_opt(
        year,
        u32::try_from(n / 31).ok()?,
        u32::try_from(n % 31 + 1).ok()?,
    )?;
    plus(julian, 13)
}

fn date(rule: &Rule, year: i32) -> Option<NaiveDate> {
    match *rule {
        On(month, day) => NaiveDate::from_ymd_opt(year, month, day),
        Moved(month, day, nearer) => {
            let date = NaiveDate::from_ymd_opt(year, month, day)?;
            match date.weekday() {
                Weekday::Sat if nearer => plus(date, -1),
                Weekday::Sat => plus(date, 2),
                Weekday::Sun => plus(date, 1),
                _ => Some(date),
            }
        }
        Nth(month, 0, weekday) => (1..=5)
            .rev()
            .find_map(|n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n)),
        Nth(month, n, weekday) => NaiveDate::from_weekday_of_month_opt(year, month, weekday, n),
        Easter(days) => plus(easter(year)?, days),
        Orthodox(days) => plus(orthodox(year)?, days),
    }
}

/// A country's holidays of the years a series and its forecast touch.
fn of(country: &[Named], series: &Series) -> BTreeMap<NaiveDate, &'static str> {
    let (from, to) = (series.first.year(), series.date(series.days()).year());
    (from..=to + 1)
        .flat_map(|year| {
            country
                .iter()
                .filter_map(move |(name, rule)| Some((date(rule, year)?, *name)))
        })
        .collect()
}

/// A calendar must explain odd days by so many standard deviations to be believed.
const CLEAR: f64 = 3.5;

/// Holidays known ahead, and which country's they are.
pub(crate) struct Calendar {
    pub(crate) country: &'static str,
    holidays: BTreeMap<NaiveDate, &'static str>,
}

impl Calendar {
    /// The calendar of a country, or the one that explains the days before `origin` best: its holidays
    /// are the days whose course is unlike that of their weekday. None, if none does.
    pub(crate) fn find(
        series: &Series,
        origin: NaiveDate,
        country: Option<&str>,
    ) -> Result<Self, String> {
        if let Some(wanted) = country {
            return COUNTRIES
                .iter()
                .find(|(code, _)| code.eq_ignore_ascii_case(wanted))
                .map(|(code, rules)| Self {
                    country: code,
                    holidays: of(rules, series),
                })
                .or_else(|| {
                    wanted.eq_ignore_ascii_case("none").then(|| Self {
                        country: "none",
                        holidays: BTreeMap::new(),
                    })
                })
                .ok_or_else(|| {
                    let known: Vec<&str> = COUNTRIES.iter().map(|(code, _)| *code).collect();
                    format!(
                        "no calendar of \"{wanted}\"; give one of {} or none",
                        known.join(", ")
                    )
                });
        }
        let odd = oddness(series, origin);
        let mut best = (
            CLEAR,
            Self {
                country: "none",
                holidays: BTreeMap::new(),
            },
        );
        for (code, rules) in &COUNTRIES {
            let holidays = of(rules, series);
            let said = surprise(&odd, holidays.keys());
            if said > best.0 {
                best = (
                    said,
                    Self {
                        country: code,
                        holidays,
                    },
                );
            }
        }
        Ok(best.1)
    }

    pub(crate) fn name(&self, date: NaiveDate) -> Option<&'static str> {
        self.holidays.get(&date).copied()
    }

    /// Days left out of the main score and out of the peers' training: holidays, and the eves of
    /// Christmas and New Year.
    pub(crate) fn special(&self, date: NaiveDate) -> bool {
        self.name(date).is_some()
            || (!self.holidays.is_empty() && date.month() == 12 && matches!(date.day(), 24 | 31))
    }

    /// What the forecast may know ahead: holidays, the days around them.
    pub(crate) fn days(&self) -> SpecialDays {
        let mut days = SpecialDays::new();
        for (date, name) in &self.holidays {
            for (near, suffix, family) in [
                (plus(*date, -1), " eve", Family::Eve),
                (plus(*date, 1), " after", Family::After),
            ] {
                if let Some(near) = near
                    && !self.holidays.contains_key(&near)
                {
                    days.set(near, format!("{name}{suffix}"), family);
                }
            }
        }
        for (date, name) in &self.holidays {
            days.set(*date, *name, Family::Holiday);
        }
        days
    }
}

/// How odd a country's holidays are, in standard deviations from days drawn by lot.
///
/// A day as odd as the oddest hundredth speaks for ln 100: the sum of such logarithms has as mean and as
/// variance the number of days (Fisher 1925). Holidays in a row are taken for one: they are odd together.
fn surprise<'a>(
    odd: &BTreeMap<NaiveDate, f64>,
    holidays: impl Iterator<Item = &'a NaiveDate>,
) -> f64 {
    let (mut sum, mut number) = (0.0, 0.0);
    let mut row: Vec<f64> = Vec::new();
    let mut last: Option<NaiveDate> = None;
    let mut close = |row: &mut Vec<f64>| {
        if !row.is_empty() {
            sum += row.iter().sum::<f64>() / row.len() as f64;
            number += 1.0;
            row.clear();
        }
    };
    for date in holidays {
        if last.is_none_or(|last| plus(last, 1) != Some(*date)) {
            close(&mut row);
        }
        last = Some(*date);
        row.extend(odd.get(date).map(|rank| -(1.0 - rank).ln()));
    }
    close(&mut row);
    (sum - number) / f64::sqrt(number)
}

/// By date before `origin`: how far the day's slots are off the medians of the four same weekdays around
/// it, as a place between 0 for the least and 1 for the most odd of all days.
fn oddness(series: &Series, origin: NaiveDate) -> BTreeMap<NaiveDate, f64> {
    let end = series.day(origin).unwrap_or(0);
    let mut offs: Vec<(f64, NaiveDate)> = (0..end)
        .filter_map(|day| Some((off(series, day, end)?, series.date(day))))
        .collect();
    offs.sort_by(|a, b| a.0.total_cmp(&b.0));
    let number = offs.len() as f64;
    offs.into_iter()
        .enumerate()
        .map(|(place, (_, date))| (date, (place as f64 + 0.5) / number))
        .collect()
}

/// The sum of the distances of the slots seen over what is usual; 1 for a day without counts where others
/// have them.
fn off(series: &Series, day: usize, end: usize) -> Option<f64> {
    let near: Vec<usize> = [7, 14]
        .into_iter()
        .flat_map(|days| [day.checked_sub(days), Some(day + days)])
        .flatten()
        .filter(|near| *near < end && series.seen(*near))
        .collect();
    let (mut off, mut all) = (0.0, 0.0);
    for slot in 0..series.slots {
        let mut values: Vec<f64> = near
            .iter()
            .filter_map(|near| series.row(*near).get(slot).copied().flatten())
            .collect();
        values.sort_by(f64::total_cmp);
        let Some(usual) = values.get(values.len() / 2) else {
            continue;
        };
        match series.row(day).get(slot).copied().flatten() {
            Some(came) => off += (came - usual).abs(),
            None if series.seen(day) => continue,
            None => off += usual,
        }
        all += usual;
    }
    (all > 0.0).then(|| off / all)
}
