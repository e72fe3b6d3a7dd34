//! Days unlike others: holidays of the client's country, and those that people entered.

use super::outlook::Outlook;
use crate::clock;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::start::filled;
use crate::text::Fault;
use crate::view::{Changed, DayHours, Language, NewSpecialDay, SpecialDayView, SpecialKind};
use chrono::{Days as Span, NaiveDate};
use chrono_tz::Tz;
use forecast::{Family, SpecialDays};
use plan::holiday::{Country, holidays};
use rules::id::{FactId, ShopId};
use rules::role::Permission;
use serde_json::json;
use std::collections::BTreeMap;
use std::ops::Range;
use store::Author;
use store::table::special_day::{self, SpecialDay, Withdrawal};

/// A special day as a forecast and a page know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Special {
    pub(crate) kind: SpecialKind,
    pub(crate) name: String,
    /// Days of one code share one effect.
    pub(crate) code: String,
    /// Minutes after midnight, as in [`forecast::SpecialDay`].
    pub(crate) open: Option<Range<u16>>,
    pub(crate) own: bool,
}

impl Special {
    pub(crate) fn hours(&self) -> Option<DayHours> {
        self.open.as_ref().map(|open| DayHours {
            from_minute: open.start.into(),
            until_minute: open.end.into(),
        })
    }
}

/// Hours that can be: some of the day, or none of it as 0 to 0.
fn range(open: DayHours) -> Result<Range<u16>, Fault> {
    let proper = open.from_minute < open.until_minute || open.until_minute == 0;
    match (
        u16::try_from(open.from_minute),
        u16::try_from(open.until_minute),
    ) {
        (Ok(from), Ok(until)) if proper && until <= 1440 && (until > 0 || from == 0) => {
            Ok(from..until)
        }
        _ => Err(Fault::from(ErrorCode::FieldInvalid).with("field", &"hours")),
    }
}

fn word(kind: SpecialKind) -> &'static str {
    match kind {
        SpecialKind::Holiday => "holiday",
        SpecialKind::Eve => "eve",
        SpecialKind::Promotion => "promotion",
        SpecialKind::DeliveriesStopped => "deliveries_stopped",
        SpecialKind::Other => "other",
    }
}

fn kind_of(word: &str) -> SpecialKind {
    match word {
        "holiday" => SpecialKind::Holiday,
        "eve" => SpecialKind::Eve,
        "promotion" => SpecialKind::Promotion,
        "deliveries_stopped" => SpecialKind::DeliveriesStopped,
        _ => SpecialKind::Other,
    }
}

/// All special days of a client from `first` to `last`: an own day hides a holiday of its date, a day
/// of this client one of all clients.
pub(crate) fn days(
    zone: Tz,
    language: Language,
    first: NaiveDate,
    last: NaiveDate,
    common: &[SpecialDay],
    own: &[SpecialDay],
) -> BTreeMap<NaiveDate, Special> {
    let mut found = BTreeMap::new();
    for holiday in Country::of_zone(zone)
        .map(|country| holidays(country, first, last))
        .unwrap_or_default()
    {
        let name = match language {
            Language::Uk => holiday.name.uk,
            Language::Ru => holiday.name.ru,
            Language::Pl => holiday.name.pl,
            Language::En => holiday.name.en,
        };
        found.insert(
            holiday.date,
            Special {
                kind: if holiday.is_eve {
                    SpecialKind::Eve
                } else {
                    SpecialKind::Holiday
                },
                name: name.to_owned(),
                code: holiday.code.to_owned(),
                open: None,
                own: false,
            },
        );
    }
    for day in common.iter().chain(own) {
        let kind = kind_of(&day.kind);
        // A holiday that only has other hours here is still that holiday.
        let code = found
            .get(&day.day)
            .filter(|known: &&Special| known.kind == kind)
            .map_or_else(
                || format!("{}:{}", day.kind, day.name.to_lowercase()),
                |known| known.code.clone(),
            );
        found.insert(
            day.day,
            Special {
                kind,
                name: day.name.clone(),
                code,
                open: day.open.clone(),
                own: true,
            },
        );
    }
    found
}

/// Holidays with their names: those of the country, and days that the centre made holidays for all.
pub(crate) fn holidays_of(
    zone: Tz,
    language: Language,
    first: NaiveDate,
    last: NaiveDate,
    common: &[SpecialDay],
) -> BTreeMap<NaiveDate, String> {
    // One by one: another word about a date takes no holiday away.
    let country = days(zone, language, first, last, &[], &[]);
    let common = common
        .iter()
        .filter(|day| (first..=last).contains(&day.day))
        .map(|day| (day.day, kind_of(&day.kind), day.name.clone()));
    country
        .into_iter()
        .map(|(date, day)| (date, day.kind, day.name))
        .chain(common)
        .filter(|(_, kind, _)| *kind == SpecialKind::Holiday)
        .map(|(date, _, name)| (date, name))
        .collect()
}

/// The same as a forecast takes them.
pub(crate) fn for_forecast(days: &BTreeMap<NaiveDate, Special>) -> SpecialDays {
    let mut known = SpecialDays::new();
    for (date, day) in days {
        let family = match day.kind {
            SpecialKind::Holiday => Family::Holiday,
            SpecialKind::Eve => Family::Eve,
            SpecialKind::Promotion => Family::Promotion,
            SpecialKind::DeliveriesStopped => Family::DeliveriesStopped,
            SpecialKind::Other => Family::Other,
        };
        known.set(*date, day.code.clone(), family);
        if let Some(open) = &day.open {
            known.set_open(*date, open.clone());
        }
    }
    known
}

impl Outlook {
    /// Special days from `first` to `last` with what they do to the load.
    pub(crate) fn special_days(&self, first: NaiveDate, last: NaiveDate) -> Vec<SpecialDayView> {
        self.special
            .range(first..=last)
            .map(|(date, day)| SpecialDayView {
                date: *date,
                kind: day.kind,
                name: day.name.clone(),
                open: day.hours(),
                own: day.own,
                effect: self.effect(*date),
            })
            .collect()
    }

    fn effect(&self, date: NaiveDate) -> Option<f64> {
        if let Some((forecast, _)) = self.future.as_ref().and_then(|future| future.of(date)) {
            return forecast.day(date).map(|day| day.factor);
        }
        let days = self.days.as_ref()?;
        let came = f64::from(days.total(date)?);
        let usual = self.usual(date)?;
        (usual > 0.0).then(|| came / usual)
    }

    /// The median of the same weekdays of six weeks before and after, special days apart.
    pub(crate) fn usual(&self, date: NaiveDate) -> Option<f64> {
        let days = self.days.as_ref()?;
        let mut near: Vec<u32> = (1..=6)
            .flat_map(|weeks| {
                let distance = Span::new(7 * weeks);
                [
                    date.checked_sub_days(distance),
                    date.checked_add_days(distance),
                ]
            })
            .flatten()
            .filter(|other| !self.special.contains_key(other))
            .filter_map(|other| days.total(other))
            .collect();
        near.sort_unstable();
        let middle = near.len() / 2;
        let high = f64::from(*near.get(middle)?);
        if near.len() % 2 == 1 {
            return Some(high);
        }
        let low = f64::from(*near.get(middle.checked_sub(1)?)?);
        Some(f64::midpoint(low, high))
    }
}

impl Desk {
    pub(crate) async fn enter_special_day(&self, day: NewSpecialDay) -> Result<(), Fault> {
        filled("name", &day.name)?;
        let state = self.state().await;
        let author = state.session(Permission::PlanWork)?.person;
        let fact = SpecialDay {
            id: FactId::from_uuid(clock::mint()),
            day: proper(day.date)?,
            kind: word(day.kind).to_owned(),
            name: day.name.trim().to_owned(),
            open: day.open.map(range).transpose()?,
            at: self.now(),
            zone: self.zone(),
            author,
        };
        let change = self.change(
            Author::Person(author),
            "special_day.added",
            &fact.id,
            json!({ "day": day.date, "kind": fact.kind }),
        );
        let add = move |tx: &store::Transaction<'_>| special_day::add(tx, &fact);
        if let Some(shop) = day.shop {
            state.shop(shop)?.store.db.write(change, add).await?;
        } else {
            state.centre()?.db.write(change, add).await?;
        }
        self.tell(Changed::Forecast);
        Ok(())
    }

    pub(crate) async fn withdraw_special_day(
        &self,
        shop: Option<ShopId>,
        date: NaiveDate,
    ) -> Result<(), Fault> {
        let state = self.state().await;
        let author = state.session(Permission::PlanWork)?.person;
        let (at, zone) = (self.now(), self.zone());
        let change = self.change(
            Author::Person(author),
            "special_day.removed",
            &date,
            json!({}),
        );
        let remove = move |tx: &store::Transaction<'_>| {
            let known = special_day::in_force(tx)?;
            let mut removed = 0;
            for day in known.iter().filter(|day| day.day == date) {
                let of = day.id;
                special_day::withdraw(
                    tx,
                    &Withdrawal {
                        of,
                        at,
                        zone,
                        author,
                    },
                )?;
                removed += 1;
            }
            if removed == 0 {
                return Err(store::StoreError::NotFound("special day"));
            }
            Ok(())
        };
        match shop {
            Some(shop) => {
                let shop = state.shop(shop)?;
                shop.store.db.write(change, remove).await?;
            }
            None => state.centre()?.db.write(change, remove).await?,
        }
        self.tell(Changed::Forecast);
        Ok(())
    }
}

/// A date that a page may speak of.
pub(crate) fn proper(date: NaiveDate) -> Result<NaiveDate, Fault> {
    let year = chrono::Datelike::year(&date);
    if (1970..2200).contains(&year) {
        Ok(date)
    } else {
        Err(Fault::from(ErrorCode::FieldInvalid).with("field", &"date"))
    }
}
