//! The search for a better plan, on a thread of its own.

use super::drawn::Drawn;
use crate::desk::{Desk, WeakDesk};
use crate::error::ErrorCode;
use crate::forecasting::Wanted;
use crate::planning::problem;
use crate::text::Fault;
use crate::view::{Changed, SolvingView};
use chrono::NaiveDate;
use roster::{Board, Cost, Pin, Problem, Roster};
use rules::id::{PersonId, PlanId, ShopId, TemplateId};
use rules::role::Permission;
use serde_json::json;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};
use store::table::plan;
use store::{Author, Centre};
use tokio::sync::{mpsc, watch};

/// The same for every plan: the same people, shifts and demand give the same plan.
const SEED: u64 = 4;
/// Longest search, seconds.
const LONGEST: u32 = 3600;
/// Whoever watches is told of a better plan no more often.
const TOLD_EVERY: Duration = Duration::from_millis(500);
/// A crash loses no more of a search.
const KEPT_EVERY: Duration = Duration::from_secs(3);
/// Threads of a search; fewer where the computer has fewer.
const THREADS: usize = 2;

/// A search under way.
pub(super) struct Search {
    begun: Instant,
    limit: Duration,
    stop: AtomicBool,
    costs: Mutex<(f64, f64)>,
    over: watch::Sender<bool>,
}

impl Search {
    pub(super) fn stop(&self) {
        self.stop.store(true, Ordering::Release);
    }

    fn is_over(&self) -> bool {
        self.stop.load(Ordering::Acquire) || self.begun.elapsed() >= self.limit
    }

    /// Waits until what was found is kept.
    pub(super) async fn ended(&self) {
        // The sender lives in `self`, so it cannot be gone.
        let _ = self.over.subscribe().wait_for(|over| *over).await;
    }

    pub(super) fn view(&self) -> SolvingView {
        let (first_cost, cost) = *self.costs.lock().unwrap_or_else(PoisonError::into_inner);
        SolvingView {
            elapsed_s: self.begun.elapsed().min(self.limit).as_secs_f64(),
            limit_s: self.limit.as_secs_f64(),
            cost,
            first_cost,
        }
    }
}

/// A shift that was found, in names that outlive the problem.
type Given = (PersonId, NaiveDate, TemplateId, ShopId, u8);

/// A roster that was found, and whether it is the last.
struct Found {
    given: Vec<Given>,
    cost: Cost,
    last: bool,
}

/// What the numbers of a problem stand for.
struct Names {
    first_day: NaiveDate,
    people: Vec<PersonId>,
    templates: Vec<TemplateId>,
    lines: Vec<ShopId>,
}

impl Names {
    fn of(drawn: &Drawn) -> Self {
        Self {
            first_day: drawn.plan.first_day,
            people: drawn.people.iter().map(super::people::Member::id).collect(),
            templates: drawn.templates.iter().map(|known| known.id).collect(),
            lines: drawn.lines.iter().map(|line| line.shop).collect(),
        }
    }

    fn given(&self, roster: &Roster) -> Vec<Given> {
        let mut given = Vec::new();
        for (person, row) in self.people.iter().zip(&roster.rows) {
            for (date, shift) in self.first_day.iter_days().zip(row) {
                let Some(shift) = shift else { continue };
                let template = self.templates.get(usize::from(shift.template));
                let line = self.lines.get(usize::from(shift.line));
                if let (Some(template), Some(line)) = (template, line) {
                    given.push((*person, date, *template, *line, shift.breaks));
                }
            }
        }
        given
    }
}

/// First and last minute of the day at which anyone is wanted, and whether anyone is at night.
pub(super) fn opening(wanted: &[Wanted]) -> (Option<(u32, u32)>, bool) {
    let mut hours: Option<(u32, u32)> = None;
    for line in wanted {
        for day in &line.days {
            for (agents, from) in day
                .agents
                .iter()
                .zip((0..).step_by(line.slot_minutes as usize))
            {
                if *agents > 0.0 {
                    let until = from + line.slot_minutes;
                    hours = Some(hours.map_or((from, until), |(first, last)| {
                        (first.min(from), last.max(until))
                    }));
                }
            }
        }
    }
    let nights = hours.is_some_and(|(first, last)| first < 5 * 60 || last > 23 * 60);
    (hours, nights)
}

impl Drawn {
    /// The problem of a search: what is pinned or past stays, and what is published of the days after.
    fn to_search(&self, today: NaiveDate, replan_from: Option<NaiveDate>) -> Problem {
        let mut problem = self.board.problem().clone();
        let past = self.published_at.map(|_| today);
        let settled_until = replan_from.max(past);
        let roster = self.board.roster();
        for (row, person) in problem.people.iter_mut().enumerate() {
            for day in 0..self.plan.days() as usize {
                let settled = settled_until.is_some_and(|until| self.date(day) < until);
                let pinned = self.mark(row, day).is_some_and(|mark| mark.pinned)
                    || self.pinned_off.contains(&(row, day));
                if settled || pinned {
                    person.pins.push(Pin {
                        day: u16::try_from(day).unwrap_or(u16::MAX),
                        shift: roster.get(row, day),
                    });
                }
            }
        }
        for (day, shifts) in self.published_after() {
            for (person, shift) in problem.people.iter_mut().zip(shifts) {
                person.pins.push(Pin { day, shift });
            }
        }
        if replan_from.is_some() {
            problem::for_replan(&mut problem, roster.clone());
        }
        problem
    }
}

impl Desk {
    pub(super) async fn begin_search(
        &self,
        id: PlanId,
        seconds: u32,
        replan_from: Option<NaiveDate>,
    ) -> Result<(), Fault> {
        let office = self.office(Permission::PlanWork).await?;
        if !(1..=LONGEST).contains(&seconds) {
            return Err(Fault::from(ErrorCode::FieldInvalid).with("field", &"seconds"));
        }
        let begun = Instant::now();
        let mut drawings = self.inner.planning.drawings.lock().await;
        if self.inner.planning.search_of(id).is_some() {
            return Err(ErrorCode::PlanSolving.into());
        }
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        let today = self.now().with_timezone(&drawn.plan.zone).date_naive();
        let problem = Arc::new(drawn.to_search(today, replan_from));
        let names = Names::of(drawn);
        let known = drawn.board.roster().clone();
        let now = Board::new(Arc::clone(&problem), known.clone())
            .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))?
            .cost();
        let search = Arc::new(Search {
            begun,
            limit: Duration::from_secs(u64::from(seconds)),
            stop: AtomicBool::new(false),
            costs: Mutex::new((now.total, now.total)),
            over: watch::Sender::new(false),
        });
        self.inner
            .planning
            .searches
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .insert(id, Arc::clone(&search));
        drop(drawings);
        let (tell, told) = mpsc::unbounded_channel();
        let running = Arc::clone(&search);
        let begun = std::thread::Builder::new()
            .name("plan search".to_owned())
            .spawn(move || {
                step_back();
                run(&running, &problem, &names, &known, &tell);
            });
        if let Err(error) = begun {
            // Nothing will be told, so the search ends with what there is.
            tracing::error!(%error, "no thread for the search");
        }
        let keeper = Keeper {
            desk: self.weak(),
            centre: office.centre,
            author: office.person,
            plan: id,
            search,
        };
        tokio::spawn(keeper.keep(told));
        self.tell(Changed::Plan);
        Ok(())
    }

    pub(super) async fn end_search(&self, id: PlanId) -> Result<(), Fault> {
        self.office(Permission::PlanWork).await?;
        if let Some(search) = self.inner.planning.search_of(id) {
            search.stop();
            search.ended().await;
        }
        Ok(())
    }

    /// Ends all searches and waits until what they found is kept.
    pub(crate) async fn end_searches(&self) {
        for search in self.inner.planning.all_searches() {
            search.stop();
            search.ended().await;
        }
    }
}

/// Lets everything else on this thread's core go first: the plan is walked through meanwhile.
fn step_back() {
    // For Linux a thread is a process of its own here, and passes this on to the threads it makes.
    #[cfg(target_os = "linux")]
    if let Err(error) = rustix::process::setpriority_process(None, 10) {
        tracing::info!(%error, "the search keeps its priority");
    }
}

/// Searches until stopped, telling of better rosters as they come.
fn run(
    search: &Search,
    problem: &Arc<Problem>,
    names: &Names,
    known: &Roster,
    tell: &mpsc::UnboundedSender<Found>,
) {
    let cores = std::thread::available_parallelism().map_or(1, std::num::NonZero::get);
    // One core stays with the window.
    let threads = cores.saturating_sub(1).clamp(1, THREADS);
    let begun = roster::Search::with_threads(Arc::clone(problem), SEED, threads);
    let Ok(mut roster) = begun else {
        tracing::error!("the plan's problem cannot be searched");
        return;
    };
    let mut first = true;
    let mut untold = !roster.take_up(known);
    let mut told_at = search.begun;
    while !search.is_over() {
        let progress = roster.step();
        if first || progress.improved {
            let mut costs = search.costs.lock().unwrap_or_else(PoisonError::into_inner);
            costs.1 = progress.cost.total;
            if first {
                costs.0 = progress.cost.total;
            }
        }
        untold |= progress.improved;
        if untold && (first || told_at.elapsed() >= TOLD_EVERY) {
            let found = Found {
                given: names.given(roster.best().roster()),
                cost: progress.cost,
                last: false,
            };
            // Nobody listens any more when the desk is gone.
            if tell.send(found).is_err() {
                return;
            }
            (untold, told_at) = (false, Instant::now());
        }
        first = false;
    }
    if untold {
        let given = names.given(roster.best().roster());
        // As above.
        let _ = tell.send(Found {
            given,
            cost: roster.best().cost(),
            last: true,
        });
    }
}

/// Keeps what a search finds.
struct Keeper {
    desk: WeakDesk,
    centre: Arc<Centre>,
    author: PersonId,
    plan: PlanId,
    search: Arc<Search>,
}

impl Keeper {
    async fn keep(self, mut told: mpsc::UnboundedReceiver<Found>) {
        let mut kept_at = Instant::now();
        let mut unkept = false;
        let mut cost = None;
        while let Some(mut found) = told.recv().await {
            // Only the newest counts.
            while let Ok(newer) = told.try_recv() {
                found = newer;
            }
            let Some(desk) = self.desk.desk() else { break };
            cost = Some(found.cost);
            let keep = !found.last && (!unkept || kept_at.elapsed() >= KEPT_EVERY);
            if let Err(fault) = self.adopt(&desk, &found, keep).await {
                tracing::warn!(code = %crate::text::code_word(fault.code), "a plan that was found is not kept");
                self.search.stop();
                continue;
            }
            if keep {
                kept_at = Instant::now();
            }
            unkept = true;
            desk.tell(Changed::Plan);
        }
        let desk = self.desk.desk();
        if let (Some(desk), Some(cost)) = (&desk, cost)
            && let Err(fault) = self.settle(desk, &cost).await
        {
            tracing::warn!(code = %crate::text::code_word(fault.code), "a plan that was found is not kept");
        }
        if let Some(desk) = desk {
            desk.inner
                .planning
                .searches
                .lock()
                .unwrap_or_else(PoisonError::into_inner)
                .remove(&self.plan);
            self.search.over.send_replace(true);
            desk.tell(Changed::Plan);
        } else {
            self.search.over.send_replace(true);
        }
    }

    /// Takes what was found into the plan in memory, now and then also into the store.
    async fn adopt(&self, desk: &Desk, found: &Found, keep: bool) -> Result<(), Fault> {
        let office = desk.office_of(&self.centre, self.author).await;
        let mut drawings = desk.inner.planning.drawings.lock().await;
        let drawn = desk.drawn(&office, &mut drawings, self.plan).await?;
        let mut roster = Roster::empty(drawn.board.problem());
        for (person, date, template, line, breaks) in &found.given {
            let place = drawn.place(*person, *date);
            let shift = drawn.assignment(*template, *line, *breaks);
            if let Some((row, day)) = place
                && let Some(cell) = roster.rows.get_mut(row).and_then(|row| row.get_mut(day))
            {
                *cell = shift;
            }
        }
        drawn.take(&roster);
        drawn.version = desk.inner.planning.next_version();
        if keep {
            let (id, shifts) = (self.plan, drawn.all_planned());
            let kept = self
                .centre
                .db
                .write_unrecorded(move |tx| plan::set_all(tx, id, &shifts))
                .await;
            if let Err(error) = kept {
                drawings.remove(&self.plan);
                return Err(error.into());
            }
        }
        Ok(())
    }

    /// Writes the plan as it was left, with a row that tells of the search.
    async fn settle(&self, desk: &Desk, cost: &Cost) -> Result<(), Fault> {
        let mut drawings = desk.inner.planning.drawings.lock().await;
        let Some(drawn) = drawings.get(&self.plan) else {
            return Ok(());
        };
        let (id, shifts) = (self.plan, drawn.all_planned());
        let change = desk.change(
            Author::Person(self.author),
            "plan.solved",
            &id,
            json!({
                "seconds": self.search.begun.elapsed().as_secs(),
                "cost": cost.total,
                "shifts": shifts.len(),
            }),
        );
        let written = self
            .centre
            .db
            .write(change, move |tx| {
                plan::set_all(tx, id, &shifts)?;
                plan::forget_edits(tx, id)
            })
            .await;
        if let Err(error) = written {
            drawings.remove(&self.plan);
            return Err(error.into());
        }
        Ok(())
    }
}
