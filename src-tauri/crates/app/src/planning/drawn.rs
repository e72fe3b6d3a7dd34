//! A plan in memory, ready to answer an edit at once.

use super::people::Member;
use super::problem::{self, Ground, SLOT};
use super::{Office, templates};
use crate::clock;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::forecasting::{Wanted, WantedDay};
use crate::text::Fault;
use crate::view::LanguageCode;
use ::plan::history::minutes_passed;
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, TimeZone, Utc};
use chrono_tz::Tz;
use roster::{Assignment, Board, Problem, Roster};
use rules::id::{MeetingId, PersonId, PlanId, ShiftId, ShopId, TemplateId};
use std::collections::{BTreeMap, BTreeSet, HashMap, HashSet};
use std::sync::Arc;
use store::table::language_line::{self, LanguageLine};
use store::table::meeting::{self, Meeting, PublishedMeeting};
use store::table::plan::{self, Plan, PlannedShift};
use store::table::publication::{self, PublishedShift};
use store::table::request::{self, Request};
use store::table::shift_template::{self, ShiftTemplate};
use uuid::Uuid;

pub(super) const SLOTS_A_DAY: usize = 96;

/// A line of one client or of a team, or one language of such, and the people to be planned on it.
#[derive(Clone, Debug)]
pub(super) struct Line {
    /// What stands for it: its first client, or that client's line in the language.
    pub(super) shop: ShopId,
    pub(super) members: Vec<Served>,
    pub(super) name: String,
    pub(super) language: Option<LanguageCode>,
    /// Slot by slot of all days; empty where nothing is known of the demand.
    pub(super) wanted: Vec<f64>,
    /// What it was made from.
    pub(super) demand: Option<Wanted>,
}

/// A client on a line.
#[derive(Clone, Debug)]
pub(super) struct Served {
    pub(super) shop: ShopId,
    /// What in a contract or a shift means this part of the client's work: the client itself and, of a
    /// language, its line; of a line whose languages are together, the line of each, for who answers
    /// one then answers all.
    pub(super) by: Vec<ShopId>,
}

/// A shift in its cell.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Mark {
    pub(super) id: ShiftId,
    pub(super) pinned: bool,
}

/// A plan with everything that bears on it.
pub(super) struct Drawn {
    /// The state of the world it was made in, see [`super::Planning::epoch`].
    pub(super) epoch: u64,
    /// The same of the forecast.
    pub(super) demand: u64,
    /// Another after each change.
    pub(super) version: u32,
    pub(super) plan: Plan,
    pub(super) people: Vec<Member>,
    pub(super) templates: Vec<ShiftTemplate>,
    pub(super) lines: Vec<Line>,
    /// The client of each line by language.
    clients: HashMap<ShopId, ShopId>,
    pub(super) off: Vec<Request>,
    /// Who comes into the plan out of a night that began before it.
    pub(super) night_before: Vec<PublishedShift>,
    /// What people know of the days after the plan that a search looks at.
    after: Vec<PublishedShift>,
    pub(super) board: Board,
    /// Identity and pin of each shift, as the roster's cells.
    pub(super) marks: Vec<Vec<Option<Mark>>>,
    /// Days off that the search leaves, by row and column.
    pub(super) pinned_off: BTreeSet<(usize, usize)>,
    pub(super) meetings: Vec<Meeting>,
    /// What people know of meetings on these days.
    pub(super) told_meetings: BTreeMap<MeetingId, PublishedMeeting>,
    /// What people know of these days.
    pub(super) published: HashMap<(PersonId, NaiveDate), PublishedShift>,
    pub(super) published_at: Option<DateTime<Utc>>,
    /// How long each slot of each day is: hours, none where the clock skips it.
    pub(super) slot_hours: Vec<Vec<f64>>,
    /// Calls answered in time and calls expected, by line and day.
    pub(super) levels: Vec<Vec<Option<(f64, f64)>>>,
}

/// What is read of a plan in one snapshot.
struct Read {
    plan: Plan,
    shifts: Vec<PlannedShift>,
    templates: Vec<ShiftTemplate>,
    off: Vec<Request>,
    published: Vec<PublishedShift>,
    before: Vec<PublishedShift>,
    after: Vec<PublishedShift>,
    published_at: Option<DateTime<Utc>>,
    pinned_off: Vec<(PersonId, NaiveDate)>,
    meetings: Vec<Meeting>,
    told_meetings: Vec<PublishedMeeting>,
    by_language: Vec<LanguageLine>,
}

impl Desk {
    /// Reads a plan and counts it from scratch.
    pub(super) async fn draw(
        &self,
        office: &Office,
        id: PlanId,
        lines: Option<Vec<Line>>,
    ) -> Result<Drawn, Fault> {
        let (epoch, demand) = (self.inner.planning.epoch(), self.inner.planning.demand());
        let read = office
            .centre
            .db
            .read(move |conn| {
                let Some(plan) = plan::get(conn, id)? else {
                    return Ok(None);
                };
                let (first, last) = (plan.first_day, plan.last_day());
                let beyond = last + TimeDelta::days(problem::LOOKAHEAD.into());
                let long_ago = first - TimeDelta::days(problem::FAIR_DAYS);
                Ok(Some(Read {
                    shifts: plan::shifts(conn, id)?,
                    templates: shift_template::list(conn)?,
                    off: request::off(conn, first, beyond)?,
                    published: publication::of_days(conn, first, last)?,
                    before: publication::of_days(conn, long_ago, first - TimeDelta::days(1))?,
                    after: publication::of_days(conn, last + TimeDelta::days(1), beyond)?,
                    published_at: publication::last_of_plan(conn, id)?,
                    pinned_off: plan::pinned_days_off(conn, id)?,
                    meetings: meeting::of_plan(conn, id)?,
                    told_meetings: meeting::told(conn, first, last)?,
                    by_language: language_line::list(conn)?,
                    plan,
                }))
            })
            .await?
            .ok_or(ErrorCode::NotFound)?;
        let lines = if let Some(lines) = lines {
            lines
        } else {
            let days = read.plan.days() + problem::LOOKAHEAD;
            let wanted = self.wanted(read.plan.first_day, days).await?;
            // The first look at a language makes its line.
            let by_language = office.centre.db.read(language_line::list).await?;
            lines_of(office, wanted, &by_language)
        };
        let has_shift: HashSet<PersonId> = read.shifts.iter().map(|shift| shift.person).collect();
        let people = self
            .members(office)
            .await?
            .into_iter()
            .filter(|member| member.contract.planned || has_shift.contains(&member.id()))
            .collect();
        let version = self.inner.planning.next_version();
        tokio::task::spawn_blocking(move || {
            Drawn::new((epoch, demand), version, read, people, lines)
        })
        .await
        .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?
    }
}

fn lines_of(office: &Office, wanted: Vec<Wanted>, by_language: &[LanguageLine]) -> Vec<Line> {
    let of_shop = |line: &Wanted, shop: ShopId| line.members.iter().any(|(of, _)| *of == shop);
    let mut left = wanted;
    let mut served: BTreeSet<ShopId> = BTreeSet::new();
    let mut lines = Vec::new();
    for shop in &office.shops {
        let (theirs, others): (Vec<_>, Vec<_>) =
            left.into_iter().partition(|line| of_shop(line, shop.id));
        left = others;
        for line in theirs {
            served.extend(line.members.iter().map(|(of, _)| *of));
            lines.push(line_of(line, by_language));
        }
        if served.insert(shop.id) {
            lines.push(Line {
                shop: shop.id,
                members: vec![member_of(shop.id, shop.id, by_language)],
                name: shop.name.clone(),
                language: None,
                wanted: Vec::new(),
                demand: None,
            });
        }
    }
    lines
}

fn member_of(shop: ShopId, line: ShopId, by_language: &[LanguageLine]) -> Served {
    let mut by = vec![shop];
    if line == shop {
        let theirs = by_language.iter().filter(|known| known.shop == shop);
        by.extend(theirs.map(|known| known.line));
    } else {
        by.push(line);
    }
    Served { shop, by }
}

fn line_of(demand: Wanted, by_language: &[LanguageLine]) -> Line {
    let people = demand
        .days
        .iter()
        .flat_map(|day| problem::people_to_plan(day, &demand.rules));
    Line {
        shop: demand
            .members
            .first()
            .map_or_else(|| ShopId::from_uuid(Uuid::nil()), |(_, line)| *line),
        members: demand
            .members
            .iter()
            .map(|(shop, line)| member_of(*shop, *line, by_language))
            .collect(),
        name: demand.name.clone(),
        language: demand.language,
        wanted: people.collect(),
        demand: Some(demand),
    }
}

impl Line {
    /// Whether a shift of before the plan is one of this line.
    pub(super) fn is_named_by(&self, id: ShopId) -> bool {
        self.shop == id || self.is_meant_by(id)
    }

    /// Whether an identity in a contract or a shift means a part of it.
    fn is_meant_by(&self, id: ShopId) -> bool {
        self.members.iter().any(|member| member.by.contains(&id))
    }

    fn has_client(&self, shop: ShopId) -> bool {
        self.members.iter().any(|member| member.shop == shop)
    }
}

impl Drawn {
    fn new(
        (epoch, demand): (u64, u64),
        version: u32,
        read: Read,
        people: Vec<Member>,
        lines: Vec<Line>,
    ) -> Result<Self, Fault> {
        let used: HashSet<TemplateId> = read
            .shifts
            .iter()
            .map(|shift| shift.template)
            .chain(read.published.iter().map(|shift| shift.template))
            .chain(read.before.iter().map(|shift| shift.template))
            .chain(read.after.iter().map(|shift| shift.template))
            .collect();
        let templates: Vec<ShiftTemplate> = read
            .templates
            .into_iter()
            .filter(|known| known.removed_at.is_none() || used.contains(&known.id))
            .collect();
        let before = by_day(read.before);
        let mut problem = problem::problem(&Ground {
            plan: &read.plan,
            people: &people,
            templates: &templates,
            lines: &lines,
            meetings: &read.meetings,
            off: &read.off,
            before: &before,
        });
        let midnight = moment(read.plan.zone, read.plan.first_day, 0);
        let night_before = before.into_values().filter(|told| told.end > midnight);
        let night_before = night_before.collect();
        let published = by_day(read.published);
        let dates = read.plan.first_day.iter_days();
        let slot_hours = dates.take(read.plan.days() as usize).map(|date| {
            let passed = minutes_passed(date, SLOT, read.plan.zone).into_iter();
            passed.map(|minutes| f64::from(minutes) / 60.0).collect()
        });
        let slot_hours = slot_hours.collect();
        let days = read.plan.days() as usize;
        let mut drawn = Self {
            epoch,
            demand,
            version,
            slot_hours,
            levels: vec![vec![None; days]; lines.len()],
            marks: vec![vec![None; days]; people.len()],
            pinned_off: BTreeSet::new(),
            meetings: read.meetings,
            told_meetings: read
                .told_meetings
                .into_iter()
                .filter(|told| !told.gone)
                .map(|told| (told.meeting, told))
                .collect(),
            plan: read.plan,
            people,
            templates,
            lines,
            clients: read
                .by_language
                .into_iter()
                .map(|line| (line.line, line.shop))
                .collect(),
            off: read.off,
            night_before,
            after: read.after.into_iter().filter(|shift| !shift.gone).collect(),
            board: Board::new(
                Arc::new(Problem {
                    days: 1,
                    ..Problem::default()
                }),
                Roster::default(),
            )
            .map_err(|error| unreadable(&error))?,
            published,
            published_at: read.published_at,
        };
        if drawn.published_at.is_some() {
            problem.published = Some(drawn.roster_of_published(&problem));
        }
        let mut roster = Roster::empty(&problem);
        for shift in &read.shifts {
            let Some((person, day)) = drawn.place(shift.person, shift.day) else {
                continue;
            };
            let Some(assignment) = drawn.assignment(shift.template, shift.line, shift.breaks)
            else {
                continue;
            };
            set(&mut roster.rows, person, day, Some(assignment));
            let mark = Mark {
                id: shift.id,
                pinned: shift.pinned,
            };
            set(&mut drawn.marks, person, day, Some(mark));
        }
        drawn.pinned_off = read
            .pinned_off
            .into_iter()
            .filter_map(|(person, day)| drawn.place(person, day))
            .filter(|(person, day)| roster.get(*person, *day).is_none())
            .collect();
        drawn.board = Board::new(Arc::new(problem), roster).map_err(|error| unreadable(&error))?;
        Ok(drawn)
    }

    /// Whether its lines are those of the shops as they are now.
    pub(super) fn serves(&self, office: &Office) -> bool {
        let mut shops: Vec<ShopId> = office.shops.iter().map(|shop| shop.id).collect();
        let served = self.lines.iter().flat_map(|line| &line.members);
        let mut served: Vec<ShopId> = served.map(|member| member.shop).collect();
        shops.sort_unstable();
        served.sort_unstable();
        served.dedup();
        let named_so = |line: &Line| match line.members.as_slice() {
            [only] => {
                let mut shops = office.shops.iter();
                shops.any(|shop| shop.id == only.shop && shop.name == line.name)
            }
            _ => true,
        };
        shops == served && self.lines.iter().all(named_so)
    }

    /// The lines a person may be planned on, in their order.
    pub(super) fn lines_served(&self, member: &Member) -> Vec<ShopId> {
        let served = self
            .lines
            .iter()
            .filter(|line| problem::serves(&member.contract, line));
        served.map(|line| line.shop).collect()
    }

    /// Codes of its shifts by name, person and date.
    pub(super) fn codes(&self) -> Vec<((String, PersonId, NaiveDate), String)> {
        self.all_planned()
            .into_iter()
            .filter_map(|shift| {
                let (row, _) = self.place(shift.person, shift.day)?;
                let name = self.people.get(row)?.name.clone();
                let template = self
                    .templates
                    .iter()
                    .find(|known| known.id == shift.template)?;
                Some(((name, shift.person, shift.day), template.code.clone()))
            })
            .collect()
    }

    /// Row and column of a person's day.
    pub(super) fn place(&self, person: PersonId, date: NaiveDate) -> Option<(usize, usize)> {
        let row = self
            .people
            .iter()
            .position(|member| member.id() == person)?;
        Some((row, self.day_of(date)?))
    }

    pub(super) fn day_of(&self, date: NaiveDate) -> Option<usize> {
        let day = usize::try_from((date - self.plan.first_day).num_days()).ok()?;
        (day < self.plan.days() as usize).then_some(day)
    }

    /// What a line's day is foreseen from.
    pub(super) fn demand_on(&self, line: usize, day: usize) -> Option<(&Wanted, &WantedDay)> {
        let demand = self.lines.get(line)?.demand.as_ref()?;
        Some((demand, demand.days.get(day)?))
    }

    pub(super) fn date(&self, day: usize) -> NaiveDate {
        self.plan.first_day + TimeDelta::days(i64::try_from(day).unwrap_or_default())
    }

    pub(super) fn template_index(&self, id: TemplateId) -> Option<usize> {
        self.templates.iter().position(|known| known.id == id)
    }

    pub(super) fn template(&self, index: u16) -> Option<&ShiftTemplate> {
        self.templates.get(usize::from(index))
    }

    /// As the roster has it; breaks that the template no longer has are as it has them now.
    pub(super) fn assignment(
        &self,
        template: TemplateId,
        line: ShopId,
        breaks: u8,
    ) -> Option<Assignment> {
        let index = self.template_index(template)?;
        let ways = templates::ways_of_breaks(self.templates.get(index)?).len();
        Some(Assignment {
            template: u16::try_from(index).ok()?,
            line: u16::try_from(self.line_index(line)?).ok()?,
            breaks: if usize::from(breaks) < ways {
                breaks
            } else {
                0
            },
        })
    }

    /// The line that a shift names. One that was named before its client's languages were answered apart,
    /// or together, or in a language that is told no more, is the client's first.
    fn line_index(&self, id: ShopId) -> Option<usize> {
        let mut lines = self.lines.iter();
        lines
            .position(|line| line.shop == id)
            .or_else(|| self.lines.iter().position(|line| line.is_meant_by(id)))
            .or_else(|| {
                let shop = self.clients.get(&id)?;
                self.lines.iter().position(|line| line.has_client(*shop))
            })
    }

    pub(super) fn mark(&self, person: usize, day: usize) -> Option<Mark> {
        self.marks.get(person)?.get(day).copied().flatten()
    }

    /// Where a shift stands.
    pub(super) fn find(&self, id: ShiftId) -> Option<(usize, usize)> {
        self.marks.iter().enumerate().find_map(|(person, row)| {
            let day = row
                .iter()
                .position(|mark| mark.is_some_and(|mark| mark.id == id))?;
            Some((person, day))
        })
    }

    /// A cell as the store keeps it.
    pub(super) fn planned(&self, person: usize, day: usize) -> Option<PlannedShift> {
        let assignment = self.board.roster().get(person, day)?;
        let mark = self.mark(person, day)?;
        Some(PlannedShift {
            id: mark.id,
            person: self.people.get(person)?.id(),
            day: self.date(day),
            template: self.template(assignment.template)?.id,
            line: self.lines.get(usize::from(assignment.line))?.shop,
            breaks: assignment.breaks,
            pinned: mark.pinned,
        })
    }

    pub(super) fn all_planned(&self) -> Vec<PlannedShift> {
        let days = self.plan.days() as usize;
        (0..self.people.len())
            .flat_map(|person| (0..days).map(move |day| (person, day)))
            .filter_map(|(person, day)| self.planned(person, day))
            .collect()
    }

    /// Gives a cell another content.
    pub(super) fn put(&mut self, person: usize, day: usize, shift: Option<(Assignment, Mark)>) {
        let old = self.board.roster().get(person, day);
        let new = shift.map(|(assignment, _)| assignment);
        self.pinned_off.remove(&(person, day));
        if new != old {
            self.forget_level(old.map(|old| old.line), day);
            self.forget_level(new.map(|new| new.line), day);
            self.board.set(person, day, new);
        }
        set(&mut self.marks, person, day, shift.map(|(_, mark)| mark));
    }

    fn forget_level(&mut self, line: Option<u16>, day: usize) {
        let levels = line.and_then(|line| self.levels.get_mut(usize::from(line)));
        let Some(levels) = levels else { return };
        for near in [day, day + 1] {
            if let Some(level) = levels.get_mut(near) {
                *level = None;
            }
        }
    }

    /// Takes a roster over whole. A shift that stays keeps its identity and its pin.
    pub(super) fn take(&mut self, roster: &Roster) {
        let days = self.plan.days() as usize;
        for person in 0..self.people.len() {
            for day in 0..days {
                let (old, new) = (
                    self.board.roster().get(person, day),
                    roster.get(person, day),
                );
                if old == new {
                    continue;
                }
                let kept = self
                    .mark(person, day)
                    .filter(|_| old.map(|old| old.template) == new.map(|new| new.template));
                let fresh = || Mark {
                    id: ShiftId::from_uuid(clock::mint()),
                    pinned: false,
                };
                self.put(
                    person,
                    day,
                    new.map(|new| (new, kept.unwrap_or_else(fresh))),
                );
            }
        }
    }

    fn roster_of_published(&self, problem: &Problem) -> Roster {
        let mut roster = Roster::empty(problem);
        for shift in self.published.values() {
            if let Some((person, day)) = self.place(shift.person, shift.day) {
                let way = self.way_of(shift);
                let assignment = self.assignment(shift.template, shift.line, way);
                set(&mut roster.rows, person, day, assignment);
            }
        }
        roster
    }

    /// The days after the plan for which shifts are published, as the roster has them; who has none is off.
    pub(super) fn published_after(&self) -> Vec<(u16, Vec<Option<Assignment>>)> {
        let mut days: BTreeMap<u16, Vec<Option<Assignment>>> = BTreeMap::new();
        for shift in &self.after {
            let Ok(day) = u16::try_from((shift.day - self.plan.first_day).num_days()) else {
                continue;
            };
            let people = self.people.len();
            let of_day = days.entry(day).or_insert_with(|| vec![None; people]);
            let row = self
                .people
                .iter()
                .position(|member| member.id() == shift.person);
            if let Some(cell) = row.and_then(|row| of_day.get_mut(row)) {
                *cell = self.assignment(shift.template, shift.line, self.way_of(shift));
            }
        }
        days.into_iter().collect()
    }

    /// Which way of its template's breaks a published shift has.
    fn way_of(&self, shift: &PublishedShift) -> u8 {
        let known = self
            .templates
            .iter()
            .find(|known| known.id == shift.template);
        let ways = known.map(templates::ways_of_breaks).unwrap_or_default();
        let found = ways.iter().position(|way| *way == shift.breaks);
        found
            .and_then(|way| u8::try_from(way).ok())
            .unwrap_or_default()
    }

    /// Start and end of a shift from this template on this day.
    pub(super) fn hours(
        &self,
        template: &ShiftTemplate,
        date: NaiveDate,
    ) -> (DateTime<Utc>, DateTime<Utc>) {
        hours(self.plan.zone, template, date)
    }

    /// Whether a cell differs from what people know. Nothing differs while nothing is known.
    pub(super) fn differs(&self, person: usize, day: usize) -> bool {
        if self.published_at.is_none() {
            return false;
        }
        let Some(member) = self.people.get(person) else {
            return false;
        };
        let known = self.published.get(&(member.id(), self.date(day)));
        let drawn = self.to_publish(person, day);
        match (known, drawn) {
            (None, None) => false,
            (Some(known), Some(drawn)) => !same(known, &drawn),
            _ => true,
        }
    }

    /// A cell as it would be published.
    pub(super) fn to_publish(&self, person: usize, day: usize) -> Option<PublishedShift> {
        let shift = self.planned(person, day)?;
        let template = self
            .templates
            .iter()
            .find(|known| known.id == shift.template)?;
        let (start, end) = self.hours(template, shift.day);
        let way = templates::ways_of_breaks(template)
            .into_iter()
            .nth(usize::from(shift.breaks));
        Some(PublishedShift {
            publication: 0,
            person: shift.person,
            day: shift.day,
            shift: shift.id,
            gone: false,
            template: template.id,
            name: template.name.clone(),
            line: shift.line,
            start,
            end,
            breaks: way.unwrap_or_default(),
        })
    }
}

/// The same to the person who works it; an identity is nothing to them.
pub(super) fn same(one: &PublishedShift, other: &PublishedShift) -> bool {
    one.template == other.template
        && one.line == other.line
        && one.start == other.start
        && one.end == other.end
        && one.breaks == other.breaks
}

fn by_day(shifts: Vec<PublishedShift>) -> HashMap<(PersonId, NaiveDate), PublishedShift> {
    shifts
        .into_iter()
        .filter(|shift| !shift.gone)
        .map(|shift| ((shift.person, shift.day), shift))
        .collect()
}

fn set<T>(rows: &mut [Vec<T>], person: usize, day: usize, value: T) {
    if let Some(cell) = rows.get_mut(person).and_then(|row| row.get_mut(day)) {
        *cell = value;
    }
}

fn unreadable(error: &roster::ProblemError) -> Fault {
    Fault::from(ErrorCode::StoreFailed).with("detail", error)
}

/// The moment of a wall-clock time so many minutes after a day's midnight. An hour that does not come
/// in spring begins with the next; of one that comes twice the first counts.
pub(super) fn moment(zone: Tz, date: NaiveDate, minute: u32) -> DateTime<Utc> {
    let wall = date.and_time(NaiveTime::MIN) + TimeDelta::minutes(i64::from(minute));
    zone.from_local_datetime(&wall)
        .earliest()
        .or_else(|| {
            zone.from_local_datetime(&(wall + TimeDelta::hours(1)))
                .earliest()
        })
        .map_or_else(|| wall.and_utc(), |local| local.with_timezone(&Utc))
}

pub(super) fn hours(
    zone: Tz,
    template: &ShiftTemplate,
    date: NaiveDate,
) -> (DateTime<Utc>, DateTime<Utc>) {
    let start = moment(zone, date, template.start_minute);
    let end = moment(zone, date, template.start_minute + template.minutes);
    // A shift within the hour that does not come would end with its beginning.
    (start, end.max(start + TimeDelta::minutes(i64::from(SLOT))))
}
