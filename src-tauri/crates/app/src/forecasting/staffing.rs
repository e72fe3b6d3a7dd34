//! People needed: for calls by the queueing formulas, for confirmations where calls leave room.

use super::figures::Day;
use super::outlook::open_hours;
use crate::clock;
use crate::desk::{Desk, OpenShop};
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{
    Changed, OpenHours, ServiceLevelDefinition, ShrinkageKind, ShrinkagePart, StaffingBound,
    StaffingDay, StaffingInterval, StaffingRequest, StaffingRules, StaffingView, WorkChannel,
};
use ::staffing::{
    Batch, Bound, Queue, Requirement, Room, ServiceLevel, ServiceLevelTarget, Shrinkage,
    ShrinkageShare, Target, deferred,
};
use rules::id::{FactId, ShopId};
use rules::role::Permission;
use serde_json::json;
use std::sync::Arc;
use store::table::staffing;
use store::{Author, Centre};

/// A person who only calls out is busy for so much of the time where no cap is set.
const OUTBOUND_OCCUPANCY: f64 = 0.9;
/// Call handling of an interval whose handle time nobody knows, seconds.
const SOME_AHT_S: f64 = 180.0;
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
        outbound_deadline_h: 4,
        open: Vec::new(),
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
        Some(text) => serde_json::from_str(&text)
            .map(|rules| (rules, true))
            .map_err(|_| ErrorCode::StoreUnreadable.into()),
    }
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

/// People for so many calls in an interval; none where there are none or no number suffices.
pub(crate) fn required(
    rules: &StaffingRules,
    calls: f64,
    slot_minutes: u32,
    aht_s: f64,
) -> Option<Requirement> {
    let interval_s = f64::from(slot_minutes) * 60.0;
    let aht_s = if aht_s > 0.0 { aht_s } else { SOME_AHT_S };
    if calls * aht_s / interval_s > MOST_ERLANGS {
        return None;
    }
    Queue::new(calls, interval_s, aht_s, rules.patience_s.map(f64::from))
        .ok()?
        .required(&target(rules))
        .ok()
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
    let needed: Vec<Option<Requirement>> = slots
        .iter()
        .map(|slot| {
            (slot.calls_open && slot.calls > 0.0)
                .then(|| required(rules, slot.calls, slot_minutes, slot.aht_s))
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
        intervals: Vec::new(),
        line_hours: 0.0,
        paid_hours: 0.0,
        peak_agents: 0,
        service_level: None,
        occupancy: None,
        late_tasks,
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
        let kept = measures
            .filter(|measures| measures.stable)
            .map(|measures| measures.service_level(definition(rules.definition)));
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
        let lines = self.both_lines(&shop, &centre).await?;
        lines.known()?;
        let asked_otherwise =
            request.what_if.is_some() || (request.load_factor - 1.0).abs() > f64::EPSILON;
        let other = request.what_if.unwrap_or_else(|| rules.clone());
        let (date, factor) = (request.date, request.load_factor);
        let now_rules = rules.clone();
        let computed = tokio::task::spawn_blocking(move || {
            let (inbound, outbound) = lines.day(date);
            let inbound = inbound.as_ref().map(|(day, minutes)| (day, *minutes));
            let outbound = outbound.as_ref().map(|(day, minutes)| (day, *minutes));
            let (slot_minutes, now) = staff(&now_rules, inbound, outbound, 1.0);
            let what_if = asked_otherwise.then(|| staff(&other, inbound, outbound, factor).1);
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
        Ok(())
    }
}

/// A day with the length of its intervals, minutes.
type Timed = (Day, u32);

/// What a client's people do.
pub(crate) struct Lines {
    pub(crate) inbound: Option<super::Known>,
    pub(crate) outbound: Option<super::Known>,
}

impl Lines {
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

    /// Both lines of a date with the length of their intervals.
    pub(crate) fn day(&self, date: chrono::NaiveDate) -> (Option<Timed>, Option<Timed>) {
        let of = |known: &Option<super::Known>| {
            let (outlook, overrides) = known.as_ref()?;
            let day = outlook
                .day(date, overrides)
                .or_else(|| outlook.past_day(date))?;
            Some((day, outlook.slot_minutes))
        };
        (of(&self.inbound), of(&self.outbound))
    }
}
