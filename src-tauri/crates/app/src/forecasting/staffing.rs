//! People needed: for calls by the queueing formulas, for confirmations where calls leave room.

use super::figures::Day;
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
use forecast::Estimate;
use rules::id::{FactId, ShopId};
use rules::role::Permission;
use serde_json::json;
use std::collections::BTreeMap;
use std::sync::Arc;
use store::table::staffing;
use store::{Author, Centre};

/// A person who only calls out is busy for so much of the time where no cap is set.
const OUTBOUND_OCCUPANCY: f64 = 0.9;
/// Call handling of an interval whose handle time nobody knows, seconds.
const SOME_AHT_S: f64 = 180.0;
/// Letters of a team's name.
const MOST_NAME: usize = 60;
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

    /// What comes in in one language; what calls out is not told by language.
    pub(crate) async fn line_in(
        &self,
        shop: &Arc<OpenShop>,
        centre: &Arc<Centre>,
        language: LanguageCode,
    ) -> Result<Lines, Fault> {
        let split = self.split(shop, centre, WorkChannel::Inbound).await?;
        let split = split
            .filter(|split| split.languages().contains(&language))
            .ok_or_else(|| Fault::from(ErrorCode::FieldInvalid).with("field", &"language"))?;
        let outlook = self.outlook_in(shop, &split, language).await?;
        let overrides = self.overrides_of(shop, WorkChannel::Inbound).await?;
        Ok(Lines {
            inbound: Some((outlook, overrides)),
            outbound: None,
        })
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
        let lines = match request.language {
            None => self.both_lines(&shop, &centre).await?,
            Some(language) => self.line_in(&shop, &centre, language).await?,
        };
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
