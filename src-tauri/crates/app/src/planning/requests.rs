//! A person's own shifts; requests for swaps and time off, and what becomes of them.

use super::meetings::{is_within, kind_view};
use super::publish::taken_away;
use super::view::newly;
use super::{Office, drawn::Drawn, templates};
use crate::clock;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::forecasting::rules_of;
use crate::text::Fault;
use crate::view::{
    BrokenRule, Changed, Colleague, LanguageCode, MyMeeting, MyShift, MyShifts, NewRequest,
    RequestAction, RequestKind, RequestState, RequestView, RuleKind,
};
use chrono::{DateTime, Datelike, NaiveDate, TimeDelta, Utc};
use roster::Assignment;
use rules::id::{FactId, PersonId, PlanId, RequestId, ShiftId, ShopId};
use rules::role::Permission;
use serde_json::json;
use std::collections::{BTreeMap, BTreeSet, HashMap};
use store::table::language_line;
use store::table::meeting::{self, PublishedMeeting};
use store::table::person;
use store::table::plan::{self, PersonDay, PlannedShift};
use store::table::publication::{self, Publication, PublishedShift};
use store::table::request::{self, Action, Decision, Kind, Request};
use store::{Author, Connection, StoreError};

/// Requests older than this are shown no more.
const SHOWN_DAYS: i64 = 180;
/// Decided requests that a supervisor still sees.
const LATELY_DAYS: i64 = 14;
/// Longest time off that can be asked for at once.
const LONGEST_DAYS: i64 = 60;
/// Longest reason or answer, letters.
const LONGEST_WORDS: usize = 500;

/// Names that views need.
pub(super) struct Names {
    people: HashMap<PersonId, String>,
    /// By client or its line in a language: its own name, or that of the team which serves it.
    lines: HashMap<ShopId, (String, Option<LanguageCode>)>,
    now: DateTime<Utc>,
}

impl Names {
    /// With the meetings that fall into it.
    fn own_shift(&self, told: &PublishedShift, meetings: &[PublishedMeeting]) -> MyShift {
        MyShift {
            meetings: meetings
                .iter()
                .filter(|meeting| is_within(meeting, told))
                .map(|meeting| MyMeeting {
                    id: meeting.meeting,
                    kind: kind_view(meeting.kind),
                    title: meeting.title.clone(),
                    start: meeting.start,
                    end: meeting.end,
                })
                .collect(),
            ..self.shift(told)
        }
    }

    fn shift(&self, told: &PublishedShift) -> MyShift {
        let (line_name, line_language) = self.line(told.line);
        MyShift {
            id: told.shift,
            date: told.day,
            name: told.name.clone(),
            start: told.start,
            end: told.end,
            begun: told.start <= self.now,
            breaks: told.breaks.iter().map(templates::break_view).collect(),
            line_name,
            line_language,
            meetings: Vec::new(),
        }
    }

    pub(super) fn person(&self, id: PersonId) -> String {
        self.people.get(&id).cloned().unwrap_or_default()
    }

    pub(super) fn line(&self, id: ShopId) -> (String, Option<LanguageCode>) {
        self.lines.get(&id).cloned().unwrap_or_default()
    }
}

/// A swap as it stands: the shifts that hold, and which plans they are of.
#[derive(Clone)]
struct Swap {
    mine: (PublishedShift, PlanId),
    theirs: Option<(PublishedShift, PlanId)>,
    with: PersonId,
}

/// A person's day as a swap would leave it.
struct Moved {
    plan: PlanId,
    person: PersonId,
    day: NaiveDate,
    /// The shift that comes; none leaves the day off.
    comes: Option<PublishedShift>,
    /// The shift that goes.
    goes: Option<PublishedShift>,
}

impl Swap {
    /// Person-days that a swap changes. A day on which the one goes and the other comes is one change.
    fn moves(&self) -> Vec<Moved> {
        let mut moved: BTreeMap<(PersonId, NaiveDate), Moved> = BTreeMap::new();
        let mut step = |(shift, plan): &(PublishedShift, PlanId), to: PersonId| {
            let cell = |person| Moved {
                plan: *plan,
                person,
                day: shift.day,
                comes: None,
                goes: None,
            };
            moved
                .entry((shift.person, shift.day))
                .or_insert_with(|| cell(shift.person))
                .goes = Some(shift.clone());
            moved
                .entry((to, shift.day))
                .or_insert_with(|| cell(to))
                .comes = Some(PublishedShift {
                person: to,
                ..shift.clone()
            });
        };
        step(&self.mine, self.with);
        if let Some(theirs) = &self.theirs {
            step(theirs, self.mine.0.person);
        }
        moved.into_values().collect()
    }
}

/// The shifts of a swap, if they still hold.
fn swap_of(conn: &Connection, request: &Request) -> Result<Option<Swap>, StoreError> {
    let (Some(shift), Some(with)) = (request.shift, request.with) else {
        return Ok(None);
    };
    let held = |shift: ShiftId, owner: PersonId| {
        let Some(held) = publication::holding(conn, shift)?.filter(|held| held.person == owner)
        else {
            return Ok::<_, StoreError>(None);
        };
        let plan = publication::plan_of(conn, held.publication)?;
        Ok(plan.map(|plan| (held, plan)))
    };
    let Some(mine) = held(shift, request.person)? else {
        return Ok(None);
    };
    let theirs = match request.theirs {
        Some(theirs) => match held(theirs, with)? {
            Some(theirs) => Some(theirs),
            None => return Ok(None),
        },
        None => None,
    };
    Ok(Some(Swap { mine, theirs, with }))
}

/// Whether the days are free onto which the shifts would come.
fn has_room(conn: &Connection, swap: &Swap) -> Result<bool, StoreError> {
    for moved in swap.moves() {
        if moved.comes.is_some() && moved.goes.is_none() {
            let there = publication::of_person_day(conn, moved.person, moved.day)?;
            if there.is_some_and(|there| !there.gone) {
                return Ok(false);
            }
        }
    }
    Ok(true)
}

fn state_of(request: &Request) -> RequestState {
    match request.end().map(|end| end.action) {
        Some(Action::Approve) => RequestState::Approved,
        Some(Action::Withdraw) => RequestState::Withdrawn,
        Some(Action::Decline | Action::Agree) => RequestState::Declined,
        None if request.kind == Kind::Swap && !request.agreed() => RequestState::AskedColleague,
        None => RequestState::AskedSupervisor,
    }
}

/// What a reader may do with a request.
fn may(request: &Request, reader: PersonId, plans: bool) -> Vec<RequestAction> {
    let mut may = Vec::new();
    match state_of(request) {
        RequestState::AskedColleague if request.with == Some(reader) => {
            may.extend([RequestAction::Agree, RequestAction::Decline]);
        }
        RequestState::AskedSupervisor if plans => {
            may.extend([RequestAction::Approve, RequestAction::Decline]);
        }
        _ => {}
    }
    if request.end().is_none() && request.person == reader {
        may.push(RequestAction::Withdraw);
    }
    may
}

fn short(field: &'static str, words: &str) -> Result<String, Fault> {
    let words = words.trim();
    if words.chars().count() > LONGEST_WORDS {
        return Err(Fault::from(ErrorCode::FieldInvalid).with("field", &field));
    }
    Ok(words.to_owned())
}

impl Desk {
    pub(super) async fn own_shifts(&self) -> Result<MyShifts, Fault> {
        let office = self.office(Permission::SeeOwnShifts).await?;
        let (reader, zone) = (office.person, self.zone());
        let today = self.now().with_timezone(&zone).date_naive();
        let monday = today - TimeDelta::days(i64::from(today.weekday().num_days_from_monday()));
        let since = self.now() - TimeDelta::days(SHOWN_DAYS);
        let names = self.names_of(&office).await?;
        let (own, meetings, last, requests) = office
            .centre
            .db
            .read(move |conn| {
                let last = publication::last_day(conn)?;
                let mut requests = request::since(conn, since)?;
                requests.retain(|request| request.person == reader || request.with == Some(reader));
                let own = publication::of_person(conn, reader, monday)?;
                let meetings =
                    meeting::told(conn, monday, last.unwrap_or(monday) + TimeDelta::days(1))?;
                Ok((own, meetings, last, requests))
            })
            .await?;
        let to_come = match last {
            Some(last) => {
                office
                    .centre
                    .db
                    .read(move |conn| publication::of_days(conn, today, last))
                    .await?
            }
            None => Vec::new(),
        };
        let now = self.now();
        let mut colleagues: BTreeMap<(String, PersonId), Vec<MyShift>> = BTreeMap::new();
        for shift in to_come {
            if shift.person != reader && !shift.gone && shift.start > now {
                let key = (names.person(shift.person), shift.person);
                colleagues.entry(key).or_default().push(names.shift(&shift));
            }
        }
        Ok(MyShifts {
            zone: zone.name().to_owned(),
            today,
            shifts: own
                .iter()
                .filter(|shift| !shift.gone)
                .map(|shift| names.own_shift(shift, &meetings))
                .collect(),
            requests: self.request_views(&office, &names, requests, false).await?,
            colleagues: colleagues
                .into_iter()
                .map(|((name, person), shifts)| Colleague {
                    person,
                    name,
                    shifts,
                })
                .collect(),
            published_until: last,
        })
    }

    pub(super) async fn request_list(&self) -> Result<Vec<RequestView>, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let since = self.now() - TimeDelta::days(SHOWN_DAYS);
        let lately = self.now() - TimeDelta::days(LATELY_DAYS);
        let names = self.names_of(&office).await?;
        let mut requests = office
            .centre
            .db
            .read(move |conn| request::since(conn, since))
            .await?;
        requests.retain(|request| match request.end() {
            Some(end) => end.at >= lately && end.action != Action::Withdraw,
            None => state_of(request) == RequestState::AskedSupervisor,
        });
        requests.sort_by_key(|request| request.end().is_some());
        self.request_views(&office, &names, requests, true).await
    }

    pub(super) async fn asked(&self, new: NewRequest) -> Result<(), Fault> {
        let office = self.office(Permission::SeeOwnShifts).await?;
        let (reader, now, zone) = (office.person, self.now(), self.zone());
        let mut request = Request {
            id: RequestId::from_uuid(clock::mint()),
            person: reader,
            kind: Kind::Swap,
            shift: None,
            with: None,
            theirs: None,
            days: None,
            reason: String::new(),
            at: now,
            zone,
            decisions: Vec::new(),
        };
        match new {
            NewRequest::Swap {
                shift,
                with,
                theirs,
                reason,
            } => {
                request.reason = short("reason", &reason)?;
                (request.shift, request.with, request.theirs) = (Some(shift), Some(with), theirs);
            }
            NewRequest::TimeOff {
                from,
                until,
                wish,
                reason,
            } => {
                request.reason = short("reason", &reason)?;
                let today = now.with_timezone(&zone).date_naive();
                let field =
                    |field: &str| Fault::from(ErrorCode::FieldInvalid).with("field", &field);
                if from < today {
                    return Err(ErrorCode::DayPast.into());
                }
                if until < from || (until - from).num_days() >= LONGEST_DAYS {
                    return Err(field("until"));
                }
                request.kind = if wish { Kind::Wish } else { Kind::TimeOff };
                request.days = Some((from, until));
            }
        }
        // Held so that what is asked for is not published away meanwhile.
        let drawings = self.inner.planning.drawings.lock().await;
        let asked = request.clone();
        let fault = office
            .centre
            .db
            .read(move |conn| why_not(conn, &asked, now))
            .await?;
        if let Some(code) = fault {
            return Err(code.into());
        }
        let change = self.change(
            Author::Person(reader),
            "request.made",
            &request.id,
            json!({ "kind": request.kind.word() }),
        );
        office
            .centre
            .db
            .write(change, move |tx| request::add(tx, &request))
            .await?;
        drop(drawings);
        self.redraw();
        self.tell(Changed::Plan);
        Ok(())
    }

    pub(super) async fn decided(
        &self,
        id: RequestId,
        action: RequestAction,
        words: String,
    ) -> Result<(), Fault> {
        let state = self.state().await;
        let plans = state
            .session(Permission::SeeOwnShifts)?
            .role
            .may(Permission::PlanWork);
        let office = Office::of(&state, Permission::SeeOwnShifts)?;
        drop(state);
        let words = short("words", &words)?;
        let drawings = self.inner.planning.drawings.lock().await;
        let (request, swap) = office
            .centre
            .db
            .read(move |conn| {
                let request = request::get(conn, id)?;
                let swap = match &request {
                    Some(request) => swap_of(conn, request)?,
                    None => None,
                };
                let room = swap.as_ref().map(|swap| has_room(conn, swap)).transpose()?;
                Ok((request, swap.filter(|_| room == Some(true))))
            })
            .await?;
        let request = request
            .filter(|request| {
                // Others' requests are nothing to an operator, not even that they are there.
                plans || request.person == office.person || request.with == Some(office.person)
            })
            .ok_or(ErrorCode::NotFound)?;
        if request.end().is_some() || (action == RequestAction::Agree && request.agreed()) {
            return Err(ErrorCode::RequestDecided.into());
        }
        if !may(&request, office.person, plans).contains(&action) {
            return Err(ErrorCode::NotAllowed.into());
        }
        let takes_effect = matches!(action, RequestAction::Agree | RequestAction::Approve);
        let is_swap = request.kind == Kind::Swap;
        if takes_effect && is_swap {
            let begins = swap.as_ref().map(|swap| {
                let theirs = swap.theirs.iter().map(|(theirs, _)| theirs.start);
                theirs.fold(swap.mine.0.start, DateTime::min)
            });
            match begins {
                None => return Err(ErrorCode::SwapStale.into()),
                Some(begins) if begins <= self.now() => return Err(ErrorCode::ShiftPast.into()),
                Some(_) => {}
            }
        }
        let moves = match (&swap, action) {
            (Some(swap), RequestAction::Approve) => swap.moves(),
            _ => Vec::new(),
        };
        self.write_decision(&office, request.id, action, words, moves)
            .await?;
        drop(drawings);
        self.redraw();
        self.tell(Changed::Plan);
        Ok(())
    }

    /// The decision and all that follows from it, together or not at all.
    async fn write_decision(
        &self,
        office: &Office,
        id: RequestId,
        action: RequestAction,
        words: String,
        moves: Vec<Moved>,
    ) -> Result<(), Fault> {
        let (now, zone, author) = (self.now(), self.zone(), office.person);
        let decision = Decision {
            id: FactId::from_uuid(clock::mint()),
            action: match action {
                RequestAction::Agree => Action::Agree,
                RequestAction::Approve => Action::Approve,
                RequestAction::Decline => Action::Decline,
                RequestAction::Withdraw => Action::Withdraw,
            },
            person: author,
            words,
            at: now,
            zone,
        };
        let mut by_plan: BTreeMap<PlanId, Vec<Moved>> = BTreeMap::new();
        for moved in moves {
            by_plan.entry(moved.plan).or_default().push(moved);
        }
        let change = self.change(
            Author::Person(author),
            "request.decided",
            &id,
            json!({ "action": decision.action.word() }),
        );
        office
            .centre
            .db
            .write(change, move |tx| {
                request::decide(tx, id, &decision)?;
                for (plan, moves) in &by_plan {
                    let publication = Publication {
                        id: FactId::from_uuid(clock::mint()),
                        plan: *plan,
                        at: now,
                        zone,
                        author,
                    };
                    let rows: Vec<_> = moves.iter().filter_map(row).collect();
                    publication::add(tx, &publication, &rows, &[])?;
                    let drawn = plan::shifts(tx, *plan)?;
                    let days: Vec<_> = moves
                        .iter()
                        .filter_map(|moved| cell(moved, &drawn))
                        .collect();
                    plan::set_days(tx, *plan, &days)?;
                }
                Ok(())
            })
            .await?;
        Ok(())
    }

    pub(super) async fn names_of(&self, office: &Office) -> Result<Names, Fault> {
        let people = office.centre.db.read(person::list).await?;
        let mut names: HashMap<_, _> = people
            .into_iter()
            .map(|person| (person.id, person.name))
            .collect();
        for shop in &office.shops {
            names.extend(shop.made_up.iter().map(|(id, name)| (*id, name.clone())));
        }
        let mut lines = HashMap::new();
        for shop in &office.shops {
            let (rules, _) = rules_of(&office.centre, shop.id).await?;
            let name = rules.team.unwrap_or_else(|| shop.name.clone());
            lines.insert(shop.id, (name, None));
        }
        for line in office.centre.db.read(language_line::list).await? {
            if let Some((name, _)) = lines.get(&line.shop).cloned() {
                lines.insert(line.line, (name, line.language.parse().ok()));
            }
        }
        Ok(Names {
            people: names,
            lines,
            now: self.now(),
        })
    }

    async fn request_views(
        &self,
        office: &Office,
        names: &Names,
        requests: Vec<Request>,
        plans: bool,
    ) -> Result<Vec<RequestView>, Fault> {
        let reader = office.person;
        let read = office
            .centre
            .db
            .read(move |conn| {
                requests
                    .into_iter()
                    .map(|request| {
                        let shift = |id: Option<ShiftId>| match id {
                            Some(id) => publication::told(conn, id),
                            None => Ok(None),
                        };
                        let (mine, theirs) = (shift(request.shift)?, shift(request.theirs)?);
                        let swap = swap_of(conn, &request)?;
                        let off = match (request.kind, request.days) {
                            (Kind::TimeOff, Some((from, until))) if request.end().is_none() => {
                                publication::of_days(conn, from, until)?
                            }
                            _ => Vec::new(),
                        };
                        Ok((request, mine, theirs, swap, off))
                    })
                    .collect::<Result<Vec<_>, StoreError>>()
            })
            .await?;
        let mut views = Vec::with_capacity(read.len());
        for (request, mine, theirs, swap, off) in read {
            let state = state_of(&request);
            let mut would_break = Vec::new();
            if plans && state == RequestState::AskedSupervisor {
                if let Some(swap) = &swap {
                    would_break = self.broken_by(office, swap).await?;
                }
                let worked = off
                    .iter()
                    .filter(|shift| shift.person == request.person && !shift.gone);
                would_break.extend(worked.map(|shift| BrokenRule {
                    person: shift.person,
                    date: shift.day,
                    rule: RuleKind::TimeOff,
                    is: 1.0,
                    limit: 0.0,
                }));
                // A rule over weeks shows on every day of them; once per person says it.
                let mut told = BTreeSet::new();
                would_break.retain(|broken| told.insert((broken.person, broken.rule)));
            }
            let last = request.decisions.last();
            views.push(RequestView {
                id: request.id,
                person: request.person,
                name: names.person(request.person),
                kind: match request.kind {
                    Kind::Swap => RequestKind::Swap,
                    Kind::TimeOff => RequestKind::TimeOff,
                    Kind::Wish => RequestKind::Wish,
                },
                shift: mine.as_ref().map(|shift| names.shift(shift)),
                with: request.with,
                with_name: request
                    .with
                    .map(|with| names.person(with))
                    .unwrap_or_default(),
                theirs: theirs.as_ref().map(|shift| names.shift(shift)),
                from: request.days.map(|(from, _)| from),
                until: request.days.map(|(_, until)| until),
                reason: request.reason.clone(),
                at: request.at,
                state,
                answer: last.map(|last| last.words.clone()).unwrap_or_default(),
                would_break,
                may: may(&request, reader, plans),
            });
        }
        Ok(views)
    }

    /// Rules that a swap would break and that are not broken now.
    async fn broken_by(&self, office: &Office, swap: &Swap) -> Result<Vec<BrokenRule>, Fault> {
        let moves = swap.moves();
        let mut plans: Vec<PlanId> = moves.iter().map(|moved| moved.plan).collect();
        plans.sort_unstable();
        plans.dedup();
        let mut drawings = self.inner.planning.drawings.lock().await;
        let mut broken = Vec::new();
        for plan in plans {
            let drawn = self.drawn(office, &mut drawings, plan).await?;
            broken.extend(drawn.broken_with(moves.iter().filter(|moved| moved.plan == plan)));
        }
        Ok(broken)
    }
}

impl Drawn {
    fn broken_with<'a>(&mut self, moves: impl Iterator<Item = &'a Moved>) -> Vec<BrokenRule> {
        let before = self.broken();
        let mut olds = Vec::new();
        for moved in moves {
            let Some((row, day)) = self.place(moved.person, moved.day) else {
                continue;
            };
            let comes: Option<Assignment> = moved
                .comes
                .as_ref()
                .and_then(|shift| self.assignment(shift.template, shift.line, 0));
            olds.push((row, day, self.board.roster().get(row, day)));
            self.board.set(row, day, comes);
        }
        let broken = newly(&before, &self.broken());
        for (row, day, old) in olds.into_iter().rev() {
            self.board.set(row, day, old);
        }
        broken
    }
}

/// What keeps a request from being made.
fn why_not(
    conn: &Connection,
    asked: &Request,
    now: DateTime<Utc>,
) -> Result<Option<ErrorCode>, StoreError> {
    let open = request::since(conn, now - TimeDelta::days(SHOWN_DAYS))?;
    let mut open = open
        .iter()
        .filter(|known| known.person == asked.person && known.kind == asked.kind);
    if asked.kind != Kind::Swap {
        let same_days = open.any(|known| {
            let holds = known.end().is_none() || known.approved();
            let (Some(known), Some(new)) = (known.days, asked.days) else {
                return false;
            };
            holds && known.0 <= new.1 && new.0 <= known.1
        });
        return Ok(same_days.then_some(ErrorCode::RequestOpen));
    }
    if open.any(|known| known.end().is_none() && known.shift == asked.shift) {
        return Ok(Some(ErrorCode::RequestOpen));
    }
    if asked.with == Some(asked.person) {
        return Ok(Some(ErrorCode::NotFound));
    }
    let Some(swap) = swap_of(conn, asked)? else {
        return Ok(Some(ErrorCode::SwapStale));
    };
    let past = |shift: &PublishedShift| shift.start <= now;
    if past(&swap.mine.0) || swap.theirs.iter().any(|(theirs, _)| past(theirs)) {
        return Ok(Some(ErrorCode::ShiftPast));
    }
    let room = has_room(conn, &swap)?;
    Ok((!room).then_some(ErrorCode::SwapDayTaken))
}

/// A person's day as it is told after a swap.
fn row(moved: &Moved) -> Option<PublishedShift> {
    match (&moved.comes, &moved.goes) {
        (Some(comes), _) => Some(comes.clone()),
        (None, Some(goes)) => Some(taken_away(goes)),
        (None, None) => None,
    }
}

/// The same in the plan, unless the plan has been drawn otherwise since.
fn cell(moved: &Moved, drawn: &[PlannedShift]) -> Option<PersonDay> {
    let there = drawn
        .iter()
        .find(|shift| shift.person == moved.person && shift.day == moved.day);
    let as_told = match (there, &moved.goes) {
        (Some(there), Some(goes)) => there.template == goes.template && there.line == goes.line,
        (None, None) => true,
        _ => false,
    };
    let comes = moved.comes.as_ref().map(|comes| PlannedShift {
        id: comes.shift,
        person: moved.person,
        day: moved.day,
        template: comes.template,
        line: comes.line,
        breaks: 0,
        pinned: true,
    });
    as_told.then_some(PersonDay {
        person: moved.person,
        day: moved.day,
        shift: comes,
        off_pinned: false,
    })
}
