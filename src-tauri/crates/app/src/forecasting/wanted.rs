//! What plans are built on: people wanted on each client's line, by the centre's clock.

use super::staffing::{Incoming, Lines, required, rules_of, staff, swing};
use crate::desk::{Desk, OpenShop};
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{LanguageCode, StaffingRules};
use ::staffing::{Offered, Swing, lagged};
use chrono::{Days as Span, NaiveDate, Timelike};
use chrono_tz::Tz;
use forecast::DayError;
use plan::history::minutes_passed;
use rules::id::ShopId;
use std::sync::Arc;

/// Minutes of a slot of [`Wanted`].
pub(crate) const SLOT_MINUTES: u32 = 15;
const SLOTS: usize = 1440 / SLOT_MINUTES as usize;

/// People wanted on one line: a client's own, one language of it, or that of a team which serves
/// several.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// The clients with what stands for their part of the line: the client itself, or its line in the
    /// language. The first stands for the whole.
    pub(crate) members: Vec<(ShopId, ShopId)>,
    /// The client's name or the team's.
    pub(crate) name: String,
    /// The language, where each is answered by people of its own.
    pub(crate) language: Option<LanguageCode>,
    /// Length of a slot, minutes.
    pub(crate) slot_minutes: u32,
    /// What was promised to the client; of a team's, the strictest.
    pub(crate) rules: StaffingRules,
    /// Day by day, as many as were asked for.
    pub(crate) days: Vec<WantedDay>,
    /// How far off the forecast of its calls has been; of a team's, empty.
    day_errors: Vec<DayError>,
}

/// One local day of the centre, slot by slot from midnight by the wall clock: always 24 hours of slots,
/// also where the clock is set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WantedDay {
    /// The date.
    pub(crate) date: NaiveDate,
    /// People on the line, before shrinkage.
    pub(crate) agents: Vec<f64>,
    /// Of them, people who call out to confirm orders.
    pub(crate) outbound: Vec<f64>,
    /// Calls that come in, expected.
    pub(crate) calls: Vec<f64>,
    /// Their average handle time, seconds; 0 where none is expected.
    pub(crate) aht_s: Vec<f64>,
    /// How far the day's calls may lie from the forecast.
    pub(crate) swing: Swing,
}

impl Desk {
    /// People wanted from `first` on for `days` local days of the centre, a row per line with a
    /// forecast. A day that is over is wanted for what came.
    pub(crate) async fn wanted(&self, first: NaiveDate, days: u32) -> Result<Vec<Wanted>, Fault> {
        let (shops, centre) = {
            let state = self.state().await;
            let shops: Vec<Arc<OpenShop>> = state.shops.values().cloned().collect();
            (shops, state.centre()?)
        };
        let zone = self.zone();
        let mut all = Vec::new();
        for shop in shops {
            let lines = self.both_lines(&shop, &centre).await?;
            if lines.known().is_err() {
                continue;
            }
            let (rules, _) = rules_of(&centre, shop.id).await?;
            let spoken = if rules.languages_apart {
                self.lines_by_language(&shop, &centre, &lines).await?
            } else {
                Vec::new()
            };
            let parts: Vec<(ShopId, Option<LanguageCode>, Lines)> = if spoken.is_empty() {
                vec![(shop.id, None, lines)]
            } else {
                let languages: Vec<_> = spoken.iter().map(|(language, _)| *language).collect();
                let ids = self.language_lines(&shop, &centre, &languages).await?;
                let with_id =
                    |(language, lines)| Some((*ids.get(&language)?, Some(language), lines));
                spoken.into_iter().filter_map(with_id).collect()
            };
            let (of, name) = (shop.id, shop.name.clone());
            let theirs = shop.zone;
            let made = tokio::task::spawn_blocking(move || -> Vec<Wanted> {
                let wanted = |(line, language, lines): (ShopId, _, Lines)| Wanted {
                    members: vec![(of, line)],
                    name: name.clone(),
                    language,
                    slot_minutes: SLOT_MINUTES,
                    days: by_the_clock_of(zone, theirs, &lines, &rules, first, days),
                    day_errors: lines.day_errors().to_vec(),
                    rules: rules.clone(),
                };
                parts.into_iter().map(wanted).collect()
            });
            all.extend(
                made.await
                    .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?,
            );
        }
        Ok(in_teams(all))
    }
}

/// Clients that one team serves become one line, where the first of them stands; where languages are
/// apart, one line per language.
fn in_teams(all: Vec<Wanted>) -> Vec<Wanted> {
    let mut lines: Vec<Vec<Wanted>> = Vec::new();
    for one in all {
        let team = one.rules.team.as_deref().map(str::trim);
        let known = lines.iter_mut().find(|line| {
            let first = line.first();
            let theirs = first.and_then(|first| first.rules.team.as_deref());
            team.is_some()
                && theirs.map(str::trim) == team
                && first.is_some_and(|first| first.language == one.language)
        });
        match known {
            Some(line) => line.push(one),
            None => lines.push(vec![one]),
        }
    }
    lines.into_iter().filter_map(together).collect()
}

/// One queue of several clients' calls, answered by people who serve all of them: fewer than each
/// client alone would want, since they are seldom busy at the same time.
fn together(members: Vec<Wanted>) -> Option<Wanted> {
    if members.len() < 2 {
        return members.into_iter().next();
    }
    let strictest = members.iter().max_by(|one, other| {
        let (one, other) = (&one.rules, &other.rules);
        let by_share = one.service_level.total_cmp(&other.service_level);
        by_share.then(other.threshold_s.cmp(&one.threshold_s))
    })?;
    let rules = strictest.rules.clone();
    let slot_minutes = strictest.slot_minutes;
    let errors: Vec<&[DayError]> = members
        .iter()
        .map(|one| one.day_errors.as_slice())
        .collect();
    let correlation = forecast::correlation(&errors);
    let count = members.iter().map(|one| one.days.len()).min()?;
    let days = (0..count)
        .filter_map(|day| {
            let parts: Vec<&WantedDay> =
                members.iter().filter_map(|one| one.days.get(day)).collect();
            one_queue(&parts, &rules, slot_minutes, correlation)
        })
        .collect();
    Some(Wanted {
        members: members.iter().flat_map(|one| one.members.clone()).collect(),
        language: members.first().and_then(|one| one.language),
        name: rules.team.as_deref().unwrap_or_default().trim().to_owned(),
        slot_minutes,
        days,
        day_errors: Vec::new(),
        rules,
    })
}

/// `correlation` is that of the parts' days.
fn one_queue(
    parts: &[&WantedDay],
    rules: &StaffingRules,
    slot_minutes: u32,
    correlation: f64,
) -> Option<WantedDay> {
    let sum = |row: fn(&WantedDay) -> &[f64]| -> Vec<f64> {
        (0..SLOTS)
            .map(|slot| parts.iter().filter_map(|part| row(part).get(slot)).sum())
            .collect()
    };
    let calls = sum(|day| &day.calls);
    let outbound = sum(|day| &day.outbound);
    let work = (0..SLOTS).map(|slot| -> f64 {
        let of = |part: &&WantedDay| Some(part.calls.get(slot)? * part.aht_s.get(slot)?);
        parts.iter().filter_map(of).sum()
    });
    let aht_s: Vec<f64> = work
        .zip(&calls)
        .map(|(work, calls)| if *calls > 0.0 { work / calls } else { 0.0 })
        .collect();
    // Where errors go their own ways, the whole's is the smaller, the larger it is.
    let all: f64 = calls.iter().sum();
    let deviations = parts
        .iter()
        .map(|part| part.calls.iter().sum::<f64>() * part.swing.deviation);
    let (sum, squares) = deviations.fold((0.0, 0.0), |(sum, squares), deviation| {
        (sum + deviation, squares + deviation * deviation)
    });
    let variance = (1.0 - correlation) * squares + correlation * sum * sum;
    let swing = Swing {
        deviation: if all > 0.0 {
            variance.sqrt() / all
        } else {
            0.0
        },
    };
    let offered: Vec<Offered> = calls
        .iter()
        .zip(&aht_s)
        .map(|(calls, aht_s)| Offered {
            calls: *calls,
            aht_s: *aht_s,
        })
        .collect();
    let loads = lagged(&offered, f64::from(slot_minutes) * 60.0, 0.0);
    let agents = offered
        .iter()
        .zip(loads)
        .zip(&outbound)
        .map(|((offered, erlangs), outbound)| {
            let incoming = Incoming {
                calls: offered.calls,
                aht_s: offered.aht_s,
                slot_minutes,
                erlangs: Some(erlangs),
                swing,
            };
            let answering = (offered.calls > 0.0)
                .then(|| required(rules, incoming))
                .flatten();
            answering.map_or(0.0, |needed| f64::from(needed.agents)) + outbound
        })
        .collect();
    Some(WantedDay {
        date: parts.first()?.date,
        agents,
        outbound,
        calls,
        aht_s,
        swing,
    })
}

fn by_the_clock_of(
    zone: Tz,
    theirs: Tz,
    lines: &Lines,
    rules: &StaffingRules,
    first: NaiveDate,
    days: u32,
) -> Vec<WantedDay> {
    let mut all: Vec<WantedDay> = (0..u64::from(days))
        .map(|day| WantedDay {
            date: first + Span::new(day),
            agents: vec![0.0; SLOTS],
            outbound: vec![0.0; SLOTS],
            calls: vec![0.0; SLOTS],
            aht_s: vec![0.0; SLOTS],
            swing: Swing::default(),
        })
        .collect();
    let passed: Vec<Vec<u32>> = all
        .iter()
        .map(|day| minutes_passed(day.date, SLOT_MINUTES, zone))
        .collect();
    // Where the zones differ, their day begins on our day before or ends on our day after.
    let margin = u64::from(zone != theirs);
    let from = first - Span::new(margin);
    for day in 0..u64::from(days) + 2 * margin {
        let date = from + Span::new(day);
        let (inbound, outbound) = lines.day(date);
        let inbound = inbound.as_ref().map(|(day, minutes)| (day, *minutes));
        let outbound = outbound.as_ref().map(|(day, minutes)| (day, *minutes));
        if inbound.is_none() && outbound.is_none() {
            continue;
        }
        let (slot_minutes, staffed) = staff(rules, inbound, outbound, 1.0);
        let quarters = slot_minutes / SLOT_MINUTES;
        let swing = inbound.map_or_else(Swing::default, |(day, _)| swing(day));
        for interval in &staffed.intervals {
            for quarter in 0..quarters {
                let minute = interval.minute + quarter * SLOT_MINUTES;
                let Some(at) = super::figures::moment(date, minute, theirs) else {
                    continue;
                };
                let local = at.with_timezone(&zone);
                let Ok(place) = usize::try_from((local.date_naive() - first).num_days()) else {
                    continue;
                };
                let slot = ((local.hour() * 60 + local.minute()) / SLOT_MINUTES) as usize;
                let Some(day) = all.get_mut(place) else {
                    continue;
                };
                day.swing = swing;
                // Two moments of one wall-clock slot in autumn: the greater need holds.
                if let Some(agents) = day.agents.get_mut(slot) {
                    *agents = agents.max(f64::from(interval.agents));
                }
                if let Some(outbound) = day.outbound.get_mut(slot) {
                    *outbound = outbound.max(interval.outbound_agents);
                }
                let calls = interval.calls / f64::from(quarters);
                if let Some(known) = day.calls.get_mut(slot) {
                    *known = known.max(calls);
                }
                if let Some(aht_s) = day.aht_s.get_mut(slot) {
                    *aht_s = aht_s.max(interval.aht_s);
                }
            }
        }
    }
    // An hour that comes twice in autumn and has no second of its own over there is worked all the same.
    for (day, passed) in all.iter_mut().zip(passed) {
        for (slot, minutes) in passed.into_iter().enumerate() {
            if minutes == 0 {
                for row in [
                    &mut day.agents,
                    &mut day.outbound,
                    &mut day.calls,
                    &mut day.aht_s,
                ] {
                    if let Some(value) = row.get_mut(slot) {
                        *value = 0.0;
                    }
                }
            }
        }
    }
    all
}

#[cfg(test)]
mod tests {
    use super::super::staffing::usual_rules;
    use super::*;
    use uuid::Uuid;

    fn shop(number: u128) -> ShopId {
        ShopId::from_uuid(Uuid::from_u128(number))
    }

    /// A client with two calls of five minutes in every quarter of an hour.
    fn client(number: u128, team: Option<&str>, service_level: f64) -> Wanted {
        let rules = StaffingRules {
            team: team.map(str::to_owned),
            service_level,
            ..usual_rules()
        };
        let alone = WantedDay {
            date: NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
            agents: vec![0.0; SLOTS],
            outbound: vec![0.0; SLOTS],
            calls: vec![2.0; SLOTS],
            aht_s: vec![300.0; SLOTS],
            swing: Swing { deviation: 0.1 },
        };
        Wanted {
            members: vec![(shop(number), shop(number))],
            language: None,
            name: format!("client {number}"),
            slot_minutes: SLOT_MINUTES,
            days: one_queue(&[&alone], &rules, SLOT_MINUTES, 0.0)
                .into_iter()
                .collect(),
            day_errors: Vec::new(),
            rules,
        }
    }

    #[test]
    fn clients_whose_errors_go_together_spare_a_team_less() {
        let swing = |alike: bool| {
            let errors = |number: u32| -> Vec<DayError> {
                (0..56)
                    .map(|day: u32| DayError {
                        date: NaiveDate::from_ymd_opt(2026, 1, 5).unwrap() + Span::new(day.into()),
                        log: 0.01
                            * f64::from((day + if alike { 0 } else { number * 17 }) * 37 % 41)
                            - 0.2,
                    })
                    .collect()
            };
            let members = (1..=2).map(|number| Wanted {
                day_errors: errors(number),
                ..client(number.into(), Some("night"), 0.8)
            });
            in_teams(members.collect())[0].days[0].swing.deviation
        };
        assert!((swing(true) - 0.1).abs() < 0.003, "{}", swing(true));
        assert!(swing(false) < 0.085, "{}", swing(false));
    }

    fn people(line: &Wanted) -> f64 {
        line.days.iter().flat_map(|day| &day.agents).sum()
    }

    #[test]
    fn a_team_wants_fewer_people_than_its_clients_one_by_one() {
        let all = vec![
            client(1, Some("night"), 0.8),
            client(2, None, 0.8),
            client(3, Some(" night"), 0.9),
            client(4, Some("day"), 0.8),
        ];
        let apart: f64 = [&all[0], &all[2]].into_iter().map(people).sum();
        let lines = in_teams(all);
        let names: Vec<_> = lines.iter().map(|line| line.name.as_str()).collect();
        assert_eq!(
            names,
            ["night", "client 2", "client 4"],
            "one alone is no team"
        );
        let team = &lines[0];
        assert_eq!(team.members.len(), 2);
        assert!(
            team.rules.service_level > 0.89,
            "the stricter promise holds"
        );
        assert!(people(team) < apart * 0.9, "{} of {apart}", people(team));
        let day = &team.days[0];
        assert!(day.calls.iter().all(|calls| (calls - 4.0).abs() < 1e-9));
        assert!(day.aht_s.iter().all(|aht_s| (aht_s - 300.0).abs() < 1e-9));
        assert!(day.swing.deviation < 0.075, "errors of two level out");
    }

    #[test]
    fn a_team_answers_each_language_by_itself() {
        let spoken = |number: u128, line: u128, language: &str| Wanted {
            members: vec![(shop(number), shop(line))],
            language: Some(language.parse().unwrap()),
            ..client(number, Some("night"), 0.8)
        };
        let lines = in_teams(vec![
            spoken(1, 11, "uk"),
            spoken(1, 12, "ru"),
            client(2, Some("night"), 0.8),
            spoken(3, 31, "uk"),
        ]);
        let members: Vec<_> = lines.iter().map(|line| line.members.clone()).collect();
        assert_eq!(
            members,
            [
                vec![(shop(1), shop(11)), (shop(3), shop(31))],
                vec![(shop(1), shop(12))],
                vec![(shop(2), shop(2))],
            ],
            "who is not told by language is a queue apart"
        );
    }
}
