//! People needed: for calls by the queueing formulas, for confirmations where calls leave room.

use super::figures::{Day, mean_by};
use super::outlook::open_hours;
use crate::clock;
use crate::desk::{Desk, OpenShop};
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{
    Changed, LanguageCode, OpenHours, ServiceLevelDefinition, ShrinkageKind, ShrinkagePart,
    StaffingBound, StaffingDay, StaffingInterval, StaffingRequest, StaffingRules, StaffingView,
    WorkChannel,
};
use ::staffing::{
    Batch, Bound, Offered, Queue, Requirement, Room, ServiceLevel, ServiceLevelTarget, Shrinkage,
    ShrinkageShare, Swing, Target, deferred, lagged,
};
use forecast::{DayError, Estimate};
use rules::id::{FactId, ShopId};
use rules::role::Permission;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::table::language_line::{self, LanguageLine};
use store::table::staffing;
use store::{Author, Centre};

/// A person who only calls out is busy for so much of the time where no cap is set.
const OUTBOUND_OCCUPANCY: f64 = 0.9;
/// Call handling of an interval whose handle time nobody knows, seconds.
const SOME_AHT_S: f64 = 180.0;
/// Letters of a team's name.
const MOST_NAME: usize = 60;
/// A language with less than this share of the calls to come wants nobody of its own.
pub(crate) const LEAST_SHARE: f64 = 0.01;
/// More erlangs in one interval than any desk serves.
const MOST_ERLANGS: f64 = 1_000_000.0;

/// The rules until somebody sets others.
pub(crate) fn usual_rules() -> StaffingRules {
    let part = |kind, share| ShrinkagePart { kind, share };
    StaffingRules {
        service_level: 0.8,
        threshold_s: 20,
        definition: ServiceLevelDefinition::OfOffered,
        patience_s: Some(120),
        max_occupancy: Some(0.88),
        max_asa_s: None,
        max_abandonment: None,
        shrinkage: vec![
            part(ShrinkageKind::Leave, 0.10),
            part(ShrinkageKind::Sickness, 0.05),
            part(ShrinkageKind::Training, 0.03),
            part(ShrinkageKind::Meetings, 0.02),
            part(ShrinkageKind::Breaks, 0.05),
            part(ShrinkageKind::Other, 0.0),
        ],
        allow_for_error: true,
        outbound_deadline_h: 4,
        interval_minutes: None,
        open: Vec::new(),
        team: None,
        languages_apart: false,
    }
}

/// The rules in force and whether somebody set them.
pub(crate) async fn rules_of(
    centre: &Centre,
    shop: ShopId,
) -> Result<(StaffingRules, bool), Fault> {
    let kept = centre
        .db
        .read(move |conn| staffing::get(conn, shop))
        .await?;
    match kept {
        None => Ok((usual_rules(), false)),
        Some(text) => read_rules(&text)
            .map(|rules| (rules, true))
            .ok_or_else(|| ErrorCode::StoreUnreadable.into()),
    }
}

/// Rules as they were kept; what was not yet asked then is as usual.
fn read_rules(text: &str) -> Option<StaffingRules> {
    let mut rules = serde_json::to_value(usual_rules()).ok()?;
    let kept: serde_json::Map<String, serde_json::Value> = serde_json::from_str(text).ok()?;
    rules.as_object_mut()?.extend(kept);
    serde_json::from_value(rules).ok()
}

fn invalid(field: &'static str) -> Fault {
    Fault::from(ErrorCode::StaffingInvalid).with("field", &field)
}

/// Rules that can be kept by some number of people.
pub(crate) fn check(rules: &StaffingRules) -> Result<(), Fault> {
    // With nobody lost and no wait at all a share of 1 needs endlessly many people.
    if !(rules.service_level > 0.0 && rules.service_level <= 0.999) {
        return Err(invalid("service_level"));
    }
    if rules.threshold_s > 3600 {
        return Err(invalid("threshold"));
    }
    if !rules
        .patience_s
        .is_none_or(|patience| (1..=36_000).contains(&patience))
    {
        return Err(invalid("patience"));
    }
    if !rules
        .max_occupancy
        .is_none_or(|cap| (0.1..=1.0).contains(&cap))
    {
        return Err(invalid("occupancy"));
    }
    if !rules.max_asa_s.is_none_or(|asa| (1..=3600).contains(&asa)) {
        return Err(invalid("asa"));
    }
    if !rules
        .max_abandonment
        .is_none_or(|cap| (0.0001..1.0).contains(&cap))
    {
        return Err(invalid("abandonment"));
    }
    if shrinkage(rules).total().is_none_or(|total| total > 0.9) {
        return Err(invalid("shrinkage"));
    }
    if !(1..=72).contains(&rules.outbound_deadline_h) {
        return Err(invalid("deadline"));
    }
    if let Some(team) = &rules.team
        && !(1..=MOST_NAME).contains(&team.trim().chars().count())
    {
        return Err(invalid("team"));
    }
    if !matches!(rules.interval_minutes, None | Some(15 | 30 | 60)) {
        return Err(invalid("interval"));
    }
    let proper = |open: &OpenHours| {
        open.weekday < 7
            && open.from_minute < open.until_minute
            && open.until_minute <= 1440
            && open.from_minute.is_multiple_of(15)
            && open.until_minute.is_multiple_of(15)
    };
    let mut hours = open_hours(rules);
    hours.sort_unstable();
    let apart = hours.windows(2).all(|pair| match pair {
        [before, after] => before.0 != after.0 || before.2 <= after.1,
        _ => true,
    });
    if !apart || !rules.open.iter().all(proper) {
        return Err(invalid("open"));
    }
    Ok(())
}

fn shrinkage(rules: &StaffingRules) -> Shrinkage {
    use ::staffing::ShrinkageKind as Kind;
    let kind = |kind| match kind {
        ShrinkageKind::Leave => Kind::Leave,
        ShrinkageKind::Sickness => Kind::Sickness,
        ShrinkageKind::Training => Kind::Training,
        ShrinkageKind::Meetings => Kind::Meetings,
        ShrinkageKind::Breaks => Kind::Breaks,
        ShrinkageKind::Other => Kind::Other,
    };
    Shrinkage {
        shares: rules
            .shrinkage
            .iter()
            .map(|part| ShrinkageShare {
                kind: kind(part.kind),
                share: part.share,
            })
            .collect(),
    }
}

fn definition(definition: ServiceLevelDefinition) -> ServiceLevel {
    match definition {
        ServiceLevelDefinition::OfOffered => ServiceLevel::OfOffered,
        ServiceLevelDefinition::OfAnswered => ServiceLevel::OfAnswered,
        ServiceLevelDefinition::ShortAbandonsOut => ServiceLevel::WithoutShortAbandons,
    }
}

fn target(rules: &StaffingRules) -> Target {
    Target {
        service_level: Some(ServiceLevelTarget {
            share: rules.service_level,
            within_s: f64::from(rules.threshold_s),
            definition: definition(rules.definition),
        }),
        asa_s: rules.max_asa_s.map(f64::from),
        occupancy: rules.max_occupancy,
        abandonment: rules.max_abandonment,
    }
}

/// What comes in an interval.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Incoming {
    pub(crate) calls: f64,
    /// Handle time, seconds; 0 where nobody knows it.
    pub(crate) aht_s: f64,
    pub(crate) slot_minutes: u32,
    /// Erlangs where calls of before still go on; else as the calls settle at.
    pub(crate) erlangs: Option<f64>,
    pub(crate) swing: Swing,
}

impl Incoming {
    /// So many calls, as if they had come like that for long and no forecast could err.
    pub(crate) fn settled(calls: f64, slot_minutes: u32, aht_s: f64) -> Self {
        Self {
            calls,
            aht_s,
            slot_minutes,
            erlangs: None,
            swing: Swing::default(),
        }
    }
}

/// People who answer in each slot of a day.
pub(crate) fn answering(rules: &StaffingRules, day: &Day, slot_minutes: u32) -> Vec<u32> {
    let (_, staffed) = staff(rules, Some((day, slot_minutes)), None, 1.0);
    let agents: BTreeMap<u32, u32> = staffed
        .intervals
        .iter()
        .map(|interval| (interval.minute, interval.inbound_agents))
        .collect();
    let of_slot = |slot: &super::figures::Slot| agents.get(&slot.minute).copied();
    day.slots
        .iter()
        .map(|slot| of_slot(slot).unwrap_or(0))
        .collect()
}

/// People for what comes in an interval; none where nothing does or no number suffices.
pub(crate) fn required(rules: &StaffingRules, incoming: Incoming) -> Option<Requirement> {
    let interval_s = f64::from(incoming.slot_minutes) * 60.0;
    let known = incoming.aht_s > 0.0;
    let aht_s = if known { incoming.aht_s } else { SOME_AHT_S };
    if incoming.calls * aht_s / interval_s > MOST_ERLANGS {
        return None;
    }
    let patience_s = rules.patience_s.map(f64::from);
    let mut queue = Queue::new(incoming.calls, interval_s, aht_s, patience_s).ok()?;
    if let Some(erlangs) = incoming.erlangs {
        queue = queue.with_load(erlangs);
    }
    let target = target(rules);
    if rules.allow_for_error && incoming.swing.deviation > 0.0 {
        queue.required_under(&target, incoming.swing).ok()
    } else {
        queue.required(&target).ok()
    }
}

/// How far a day's calls may lie from the forecast of them, besides what chance alone does.
pub(crate) fn swing(day: &Day) -> Swing {
    let Estimate {
        mean,
        low80,
        high80,
        ..
    } = day.total;
    if mean <= 0.0 {
        return Swing::default();
    }
    // An interval of 80 % reaches 1.2816 standard deviations to either side.
    let deviation = (high80 - low80) / 2.0 / 1.2816;
    let systematic = (deviation * deviation - mean).max(0.0).sqrt() / mean;
    Swing {
        deviation: (1.0 + systematic * systematic).ln().sqrt(),
    }
}

/// People for outbound work of so many erlangs.
pub(crate) fn callers(rules: &StaffingRules, erlangs: f64) -> f64 {
    erlangs / rules.max_occupancy.unwrap_or(OUTBOUND_OCCUPANCY)
}

fn bound(bound: Bound) -> StaffingBound {
    match bound {
        Bound::NoCalls => StaffingBound::Idle,
        Bound::Stability | Bound::ServiceLevel => StaffingBound::ServiceLevel,
        Bound::Asa => StaffingBound::Asa,
        Bound::Occupancy => StaffingBound::Occupancy,
        Bound::Abandonment => StaffingBound::Abandonment,
    }
}

/// An interval's work before anyone is placed.
#[derive(Clone, Copy, Debug, Default)]
struct Slot {
    minute: u32,
    calls: f64,
    aht_s: f64,
    tasks: f64,
    task_s: f64,
    calls_open: bool,
    tasks_open: bool,
}

/// Calls and confirmations of one day side by side, in the shorter of their intervals.
fn side_by_side(
    inbound: Option<(&Day, u32)>,
    outbound: Option<(&Day, u32)>,
    factor: f64,
) -> (u32, Vec<Slot>) {
    let slot_minutes = inbound
        .iter()
        .chain(&outbound)
        .map(|(_, minutes)| *minutes)
        .min()
        .unwrap_or(60);
    let mut slots: Vec<Slot> = (0..1440 / slot_minutes)
        .map(|slot| Slot {
            minute: slot * slot_minutes,
            ..Slot::default()
        })
        .collect();
    let mut spread = |line: Option<(&Day, u32)>, put: fn(&mut Slot, f64, f64)| {
        let Some((day, minutes)) = line else {
            return;
        };
        let pieces = (minutes / slot_minutes).max(1);
        for slot in &day.slots {
            let calls = slot.calls.mean * factor / f64::from(pieces);
            for piece in 0..pieces {
                let place = (slot.minute / slot_minutes + piece) as usize;
                if let Some(cell) = slots.get_mut(place) {
                    put(cell, calls, slot.aht_s.unwrap_or(SOME_AHT_S));
                }
            }
        }
    };
    spread(inbound, |cell, calls, aht_s| {
        cell.calls = calls;
        cell.aht_s = aht_s;
        cell.calls_open = true;
    });
    spread(outbound, |cell, tasks, task_s| {
        cell.tasks = tasks;
        cell.task_s = task_s;
        cell.tasks_open = true;
    });
    (slot_minutes, slots)
}

/// Whole agents for outbound work by interval, and the tasks that nobody can do in time. A task may wait
/// for so many open hours, but not for another day.
fn place_tasks(
    rules: &StaffingRules,
    slots: &[Slot],
    inbound: &[u32],
    slot_minutes: u32,
) -> (Vec<u32>, f64) {
    let interval_s = f64::from(slot_minutes) * 60.0;
    let may_wait = (rules.outbound_deadline_h * 60 / slot_minutes).max(1) as usize;
    let open: Vec<u32> = (0..)
        .zip(slots)
        .filter_map(|(place, slot)| slot.tasks_open.then_some(place))
        .collect();
    let mut batches = Vec::new();
    let mut tasks = Vec::new();
    for (nth, place) in open.iter().enumerate() {
        let Some(slot) = slots.get(*place as usize) else {
            continue;
        };
        let last = open.get(nth + may_wait - 1).or(open.last());
        batches.push(Batch {
            released: *place,
            due: last.map_or(*place, |last| *last) + 1,
            work: callers(rules, slot.tasks * slot.task_s / interval_s),
        });
        tasks.push(slot.tasks);
    }
    let all: f64 = batches.iter().map(|batch| batch.work).sum();
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "held between 0 and the most"
    )]
    let most = (all.clamp(0.0, MOST_ERLANGS).ceil() as u32).saturating_add(1);
    let rooms: Vec<Room> = slots
        .iter()
        .zip(inbound)
        .map(|(slot, inbound)| Room {
            inbound: *inbound,
            most: if slot.tasks_open { most } else { 0 },
        })
        .collect();
    let placed = deferred(&batches, &rooms);
    let late = placed
        .missed
        .iter()
        .zip(batches.iter().zip(&tasks))
        .filter(|(_, (batch, _))| batch.work > 0.0)
        .map(|(missed, (batch, tasks))| tasks * missed / batch.work)
        .sum();
    (placed.agents, late)
}

/// A day's staffing by these rules.
pub(crate) fn staff(
    rules: &StaffingRules,
    inbound: Option<(&Day, u32)>,
    outbound: Option<(&Day, u32)>,
    factor: f64,
) -> (u32, StaffingDay) {
    let (slot_minutes, slots) = side_by_side(inbound, outbound, factor);
    let interval_s = f64::from(slot_minutes) * 60.0;
    let swing = inbound.map_or_else(Swing::default, |(day, _)| swing(day));
    let offered: Vec<Offered> = slots
        .iter()
        .map(|slot| Offered {
            calls: slot.calls,
            aht_s: slot.aht_s,
        })
        .collect();
    let needed: Vec<Option<Requirement>> = slots
        .iter()
        .zip(lagged(&offered, interval_s, 0.0))
        .map(|(slot, erlangs)| {
            let incoming = Incoming {
                calls: slot.calls,
                aht_s: slot.aht_s,
                slot_minutes,
                erlangs: Some(erlangs),
                swing,
            };
            (slot.calls_open && slot.calls > 0.0)
                .then(|| required(rules, incoming))
                .flatten()
        })
        .collect();
    let answering: Vec<u32> = needed
        .iter()
        .map(|needed| needed.as_ref().map_or(0, |needed| needed.agents))
        .collect();
    let (calling, late_tasks) = place_tasks(rules, &slots, &answering, slot_minutes);
    let shrinkage = shrinkage(rules);
    let hours = f64::from(slot_minutes) / 60.0;
    let mut day = StaffingDay {
        late_tasks,
        ..nobody()
    };
    let (mut in_time, mut offered, mut busy) = (0.0, 0.0, 0.0);
    for ((slot, needed), (answering, calling)) in
        slots.iter().zip(&needed).zip(answering.iter().zip(calling))
    {
        if !(slot.calls_open || slot.tasks_open) {
            continue;
        }
        let agents = answering + calling;
        let measures = needed.as_ref().map(|needed| needed.measures);
        let kept = measures.map(|measures| measures.service_level(definition(rules.definition)));
        if let Some(kept) = kept {
            in_time += kept * slot.calls;
            offered += slot.calls;
        }
        // Placed work fills whole agents up to the cap; what is left of the last is spread over the day.
        let answered = measures.map_or(0.0, |measures| measures.occupancy * f64::from(*answering));
        busy += answered;
        day.line_hours += f64::from(agents) * hours;
        day.paid_hours += shrinkage.full_time(f64::from(agents)).unwrap_or(0.0) * hours;
        day.peak_agents = day.peak_agents.max(agents);
        day.intervals.push(StaffingInterval {
            minute: slot.minute,
            calls: slot.calls,
            aht_s: if slot.calls > 0.0 { slot.aht_s } else { 0.0 },
            erlangs: slot.calls * slot.aht_s / interval_s,
            inbound_agents: *answering,
            outbound_agents: f64::from(calling),
            agents,
            paid_agents: shrinkage.positions(agents).unwrap_or(agents),
            service_level: kept,
            asa_s: measures.and_then(|measures| measures.asa_s),
            abandonment: measures.map(|measures| measures.abandonment),
            occupancy: measures
                .filter(|_| *answering > 0)
                .map(|measures| measures.occupancy),
            bound_by: needed
                .as_ref()
                .map_or(StaffingBound::Idle, |needed| bound(needed.bound)),
        });
    }
    let called: f64 = slots
        .iter()
        .map(|slot| slot.tasks * slot.task_s / interval_s)
        .sum();
    let late_share = {
        let tasks: f64 = slots.iter().map(|slot| slot.tasks).sum();
        if tasks > 0.0 { late_tasks / tasks } else { 0.0 }
    };
    busy += called * (1.0 - late_share);
    let present = day.line_hours / hours;
    day.occupancy = (present > 0.0).then(|| (busy / present).min(1.0));
    day.service_level = (offered > 0.0).then(|| in_time / offered);
    (slot_minutes, day)
}

fn one_line(
    rules: &StaffingRules,
    lines: &Lines,
    date: chrono::NaiveDate,
    factor: f64,
) -> (u32, StaffingDay) {
    let (inbound, outbound) = lines.day(date);
    let inbound = inbound.as_ref().map(|(day, minutes)| (day, *minutes));
    let outbound = outbound.as_ref().map(|(day, minutes)| (day, *minutes));
    staff(rules, inbound, outbound, factor)
}

/// Languages that separate people answer, as one day.
fn apart(
    rules: &StaffingRules,
    parts: &[Lines],
    date: chrono::NaiveDate,
    factor: f64,
) -> (u32, StaffingDay) {
    let days: Vec<_> = parts.iter().map(|lines| lines.day(date)).collect();
    // What calls out stands in one part only, and its intervals are to be those of all.
    let without = days.iter().find_map(|(_, outbound)| {
        let (day, minutes) = outbound.as_ref()?;
        Some((
            Day {
                slots: Vec::new(),
                ..day.clone()
            },
            *minutes,
        ))
    });
    let mut slot_minutes = 60;
    let mut whole: Option<StaffingDay> = None;
    for (inbound, outbound) in &days {
        let outbound = outbound.as_ref().or(without.as_ref());
        let (minutes, day) = staff(
            rules,
            inbound.as_ref().map(|(day, minutes)| (day, *minutes)),
            outbound.map(|(day, minutes)| (day, *minutes)),
            factor,
        );
        slot_minutes = minutes;
        whole = Some(match whole {
            None => day,
            Some(whole) => side_by_side_days(whole, day),
        });
    }
    (slot_minutes, whole.unwrap_or_else(nobody))
}

fn nobody() -> StaffingDay {
    StaffingDay {
        intervals: Vec::new(),
        line_hours: 0.0,
        paid_hours: 0.0,
        peak_agents: 0,
        service_level: None,
        occupancy: None,
        late_tasks: 0.0,
    }
}

/// Shares of two amounts as a share of both.
fn weighed(one: (f64, Option<f64>), other: (f64, Option<f64>)) -> Option<f64> {
    let known = [one, other].into_iter();
    mean_by(known.filter_map(|(weight, share)| Some((weight, share?))))
}

/// The people of two queues that do not help each other out.
fn side_by_side_days(one: StaffingDay, other: StaffingDay) -> StaffingDay {
    let calls = |day: &StaffingDay| -> f64 { day.intervals.iter().map(|slot| slot.calls).sum() };
    let (calls_one, calls_other) = (calls(&one), calls(&other));
    let (hours_one, hours_other) = (one.line_hours, other.line_hours);
    let mut intervals: BTreeMap<u32, StaffingInterval> = BTreeMap::new();
    for slot in one.intervals.into_iter().chain(other.intervals) {
        let both = match intervals.remove(&slot.minute) {
            None => slot,
            Some(known) => both_queues(&known, &slot),
        };
        intervals.insert(both.minute, both);
    }
    StaffingDay {
        peak_agents: intervals
            .values()
            .map(|slot| slot.agents)
            .max()
            .unwrap_or(0),
        intervals: intervals.into_values().collect(),
        line_hours: hours_one + hours_other,
        paid_hours: one.paid_hours + other.paid_hours,
        service_level: weighed(
            (calls_one, one.service_level),
            (calls_other, other.service_level),
        ),
        occupancy: weighed((hours_one, one.occupancy), (hours_other, other.occupancy)),
        late_tasks: one.late_tasks + other.late_tasks,
    }
}

fn both_queues(one: &StaffingInterval, other: &StaffingInterval) -> StaffingInterval {
    let by_calls = |of: fn(&StaffingInterval) -> Option<f64>| {
        weighed((one.calls, of(one)), (other.calls, of(other)))
    };
    let people = |slot: &StaffingInterval| f64::from(slot.inbound_agents);
    let calls = one.calls + other.calls;
    StaffingInterval {
        minute: one.minute,
        calls,
        aht_s: by_calls(|slot| Some(slot.aht_s))
            .filter(|_| calls > 0.0)
            .unwrap_or(0.0),
        erlangs: one.erlangs + other.erlangs,
        inbound_agents: one.inbound_agents + other.inbound_agents,
        outbound_agents: one.outbound_agents + other.outbound_agents,
        agents: one.agents + other.agents,
        paid_agents: one.paid_agents + other.paid_agents,
        service_level: by_calls(|slot| slot.service_level),
        asa_s: by_calls(|slot| slot.asa_s),
        abandonment: by_calls(|slot| slot.abandonment),
        occupancy: weighed(
            (people(one), one.occupancy),
            (people(other), other.occupancy),
        ),
        bound_by: if people(other) > people(one) {
            other.bound_by
        } else {
            one.bound_by
        },
    }
}

impl Desk {
    /// Both lines of a client's date as they are forecast or, on a day that is over, as they were.
    pub(crate) async fn both_lines(
        &self,
        shop: &Arc<OpenShop>,
        centre: &Arc<Centre>,
    ) -> Result<Lines, Fault> {
        let mut lines = Lines {
            inbound: None,
            outbound: None,
            beside: Vec::new(),
        };
        for line in [WorkChannel::Inbound, WorkChannel::Outbound] {
            let outlook = self.outlook(shop, centre, line).await?;
            if outlook.days.is_none() {
                continue;
            }
            let overrides = self.overrides_of(shop, line).await?;
            let known = Some((outlook, overrides));
            match line {
                WorkChannel::Inbound => lines.inbound = known,
                WorkChannel::Outbound => lines.outbound = known,
            }
        }
        Ok(lines)
    }

    /// A client's work by language, the one with most calls to come first: it takes what calls out too,
    /// which is not told by language, and what comes in languages too small for people of their own.
    /// Empty where there are not two others.
    pub(crate) async fn lines_by_language(
        &self,
        shop: &Arc<OpenShop>,
        centre: &Arc<Centre>,
        whole: &Lines,
    ) -> Result<Vec<(LanguageCode, Lines)>, Fault> {
        let split = self.split(shop, centre, WorkChannel::Inbound).await?;
        let (Some(split), Some((_, overrides))) = (split, &whole.inbound) else {
            return Ok(Vec::new());
        };
        let mut all = Vec::new();
        for language in split.languages() {
            let outlook = self.outlook_in(shop, &split, language).await?;
            all.push((outlook.calls_to_come(), language, outlook));
        }
        all.sort_by(|left, right| right.0.total_cmp(&left.0).then(left.1.cmp(&right.1)));
        let least = LEAST_SHARE * all.iter().map(|(calls, ..)| calls).sum::<f64>();
        let (large, small): (Vec<_>, Vec<_>) =
            all.into_iter().partition(|(calls, ..)| *calls >= least);
        if large.len() < 2 {
            return Ok(Vec::new());
        }
        let of = |outlook| (outlook, overrides.clone());
        let mut lines: Vec<(LanguageCode, Lines)> = large
            .into_iter()
            .map(|(_, language, outlook)| (language, Lines::of_calls(of(outlook))))
            .collect();
        if let Some((_, first)) = lines.first_mut() {
            first.outbound.clone_from(&whole.outbound);
            first.beside = small.into_iter().map(|(.., outlook)| of(outlook)).collect();
        }
        Ok(lines)
    }

    /// The work in one language: as its people have it where languages are apart, else its calls alone.
    async fn line_in(
        &self,
        shop: &Arc<OpenShop>,
        centre: &Arc<Centre>,
        whole: &Lines,
        (language, apart): (LanguageCode, bool),
    ) -> Result<Lines, Fault> {
        if apart {
            let spoken = self.lines_by_language(shop, centre, whole).await?;
            let own = spoken.into_iter().find(|(known, _)| *known == language);
            if let Some((_, lines)) = own {
                return Ok(lines);
            }
        }
        let split = self.split(shop, centre, WorkChannel::Inbound).await?;
        let split = split.filter(|split| split.languages().contains(&language));
        let (Some(split), Some((_, overrides))) = (split, &whole.inbound) else {
            return Err(ErrorCode::LanguageUntold.into());
        };
        let outlook = self.outlook_in(shop, &split, language).await?;
        Ok(Lines::of_calls((outlook, overrides.clone())))
    }

    pub(crate) async fn staffing_view(
        &self,
        request: StaffingRequest,
    ) -> Result<StaffingView, Fault> {
        let (shop, centre) = self.planned_shop(request.shop).await?;
        if !(request.load_factor.is_finite() && (0.0..=10.0).contains(&request.load_factor)) {
            return Err(invalid("load_factor"));
        }
        if let Some(what_if) = &request.what_if {
            check(what_if)?;
        }
        let (rules, is_own) = rules_of(&centre, shop.id).await?;
        let whole = self.both_lines(&shop, &centre).await?;
        let is_apart = |rules: &StaffingRules| rules.languages_apart;
        let may_part = is_apart(&rules) || request.what_if.as_ref().is_some_and(is_apart);
        let spoken = if may_part && request.language.is_none() {
            self.lines_by_language(&shop, &centre, &whole).await?
        } else {
            Vec::new()
        };
        let lines = match request.language {
            None => whole,
            Some(language) => {
                let asked = (language, rules.languages_apart);
                self.line_in(&shop, &centre, &whole, asked).await?
            }
        };
        lines.known()?;
        let asked_otherwise =
            request.what_if.is_some() || (request.load_factor - 1.0).abs() > f64::EPSILON;
        let other = request.what_if.unwrap_or_else(|| rules.clone());
        let (date, factor) = (request.date, request.load_factor);
        let now_rules = rules.clone();
        let computed = tokio::task::spawn_blocking(move || {
            let parts: Vec<Lines> = spoken.into_iter().map(|(_, lines)| lines).collect();
            let by = |rules: &StaffingRules, factor: f64| {
                if rules.languages_apart && !parts.is_empty() {
                    apart(rules, &parts, date, factor)
                } else {
                    one_line(rules, &lines, date, factor)
                }
            };
            let (slot_minutes, now) = by(&now_rules, 1.0);
            let what_if = asked_otherwise.then(|| by(&other, factor).1);
            (slot_minutes, now, what_if)
        })
        .await
        .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?;
        let (slot_minutes, now, what_if) = computed;
        Ok(StaffingView {
            rules,
            is_own,
            slot_minutes,
            now,
            what_if,
        })
    }

    pub(crate) async fn keep_staffing_rules(
        &self,
        shop: ShopId,
        rules: StaffingRules,
    ) -> Result<(), Fault> {
        let (author, centre, shop) = {
            let state = self.state().await;
            let author = state.session(Permission::PlanWork)?.person;
            (author, state.centre()?, state.shop(shop)?)
        };
        check(&rules)?;
        let apart = rules.languages_apart;
        let fact = staffing::StaffingRules {
            id: FactId::from_uuid(clock::mint()),
            shop: shop.id,
            rules: json!(rules).to_string(),
            at: self.now(),
            zone: self.zone(),
            author,
        };
        let change = self.change(
            Author::Person(author),
            "staffing.rules_set",
            &shop.id,
            json!(rules),
        );
        centre
            .db
            .write(change, move |tx| staffing::set(tx, &fact))
            .await?;
        self.tell(Changed::Forecast);
        if apart {
            let whole = self.both_lines(&shop, &centre).await?;
            let spoken = self.lines_by_language(&shop, &centre, &whole).await?;
            let languages = spoken.into_iter().map(|(language, _)| language);
            self.language_lines(&shop, &centre, &languages.collect::<Vec<_>>())
                .await?;
        }
        Ok(())
    }

    /// The identities of a client's lines by language; one that is new is made.
    pub(crate) async fn language_lines(
        &self,
        shop: &OpenShop,
        centre: &Centre,
        languages: &[LanguageCode],
    ) -> Result<BTreeMap<LanguageCode, ShopId>, Fault> {
        let of = shop.id;
        let known = async || -> Result<BTreeMap<LanguageCode, ShopId>, Fault> {
            let all = centre.db.read(language_line::list).await?;
            let theirs = all.into_iter().filter(|line| line.shop == of);
            Ok(theirs
                .filter_map(|line| Some((line.language.parse().ok()?, line.line)))
                .collect())
        };
        let before = known().await?;
        let fresh: Vec<LanguageLine> = languages
            .iter()
            .filter(|language| !before.contains_key(language))
            .map(|language| LanguageLine {
                line: ShopId::from_uuid(clock::mint()),
                shop: of,
                language: language.to_string(),
                at: self.now(),
                zone: self.zone(),
            })
            .collect();
        if fresh.is_empty() {
            return Ok(before);
        }
        let named: Vec<&str> = fresh.iter().map(|line| line.language.as_str()).collect();
        let body = json!({ "languages": named });
        let change = self.change(Author::System, "line.by_language", &of, body);
        centre
            .db
            .write(change, move |tx| {
                fresh
                    .iter()
                    .try_for_each(|line| language_line::add(tx, line))
            })
            .await?;
        self.tell(Changed::Plan);
        // Someone may have been quicker: what is kept holds.
        known().await
    }
}

/// A day with the length of its intervals, minutes.
type Timed = (Day, u32);

/// What a client's people do.
#[derive(Clone)]
pub(crate) struct Lines {
    pub(crate) inbound: Option<super::Known>,
    pub(crate) outbound: Option<super::Known>,
    /// Calls of the same line in languages too small for people of their own.
    beside: Vec<super::Known>,
}

impl Lines {
    fn of_calls(inbound: super::Known) -> Self {
        Self {
            inbound: Some(inbound),
            outbound: None,
            beside: Vec::new(),
        }
    }

    /// At least one of them has a forecast.
    pub(crate) fn known(&self) -> Result<(), Fault> {
        let futures = [&self.inbound, &self.outbound];
        let mut known = futures.into_iter().flatten();
        if known.clone().any(|(outlook, _)| outlook.future.is_some()) {
            return Ok(());
        }
        if let Some((outlook, _)) = known.next() {
            return outlook.future().map(|_| ());
        }
        let missing = super::outlook::LEAST_DAYS;
        Err(Fault::from(ErrorCode::HistoryShort).with("missing", &missing))
    }

    /// How far off the forecast of the calls has been.
    pub(crate) fn day_errors(&self) -> &[DayError] {
        let future = self
            .inbound
            .as_ref()
            .and_then(|(outlook, _)| outlook.future.as_ref());
        future.map_or(&[], |future| &future.near().day_errors)
    }

    /// Both lines of a date with the length of their intervals.
    pub(crate) fn day(&self, date: chrono::NaiveDate) -> (Option<Timed>, Option<Timed>) {
        let of = |(outlook, overrides): &super::Known| {
            let day = outlook
                .day(date, overrides)
                .or_else(|| outlook.past_day(date))?;
            Some((day, outlook.slot_minutes))
        };
        let inbound = self.inbound.iter().chain(&self.beside).filter_map(of);
        let inbound = inbound.reduce(|(one, minutes), (other, _)| (one.with(&other), minutes));
        (inbound, self.outbound.as_ref().and_then(of))
    }
}
