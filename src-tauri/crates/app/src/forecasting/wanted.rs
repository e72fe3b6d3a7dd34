//! What plans are built on: people wanted on each client's line, by the centre's clock.

use super::staffing::{Lines, rules_of, staff};
use crate::desk::{Desk, OpenShop};
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::StaffingRules;
use chrono::{Days as Span, NaiveDate, Timelike};
use chrono_tz::Tz;
use plan::history::minutes_passed;
use rules::id::ShopId;
use std::sync::Arc;

/// Minutes of a slot of [`Wanted`].
pub(crate) const SLOT_MINUTES: u32 = 15;
const SLOTS: usize = 1440 / SLOT_MINUTES as usize;

/// People wanted on one client's line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// The client.
    pub(crate) shop: ShopId,
    /// Its name.
    pub(crate) name: String,
    /// Length of a slot, minutes.
    pub(crate) slot_minutes: u32,
    /// What was promised to the client.
    pub(crate) rules: StaffingRules,
    /// Day by day, as many as were asked for.
    pub(crate) days: Vec<WantedDay>,
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
}

impl Desk {
    /// People wanted from `first` on for `days` local days of the centre, a row per client with a
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
            let (of, name) = (shop.id, shop.name.clone());
            let theirs = shop.zone;
            let made = tokio::task::spawn_blocking(move || {
                let days = by_the_clock_of(zone, theirs, &lines, &rules, first, days);
                Wanted {
                    shop: of,
                    name,
                    slot_minutes: SLOT_MINUTES,
                    rules,
                    days,
                }
            });
            all.push(
                made.await
                    .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?,
            );
        }
        Ok(all)
    }
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
