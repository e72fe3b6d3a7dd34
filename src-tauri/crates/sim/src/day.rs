//! One day, from the first start to the verdict.

use crate::oracle::{Finding, Wrong, judge};
use crate::plan::{Break, Plan, Side};
use crate::world::clock::{HOUR, MINUTE};
use crate::world::desk::{Wire, work};
use crate::world::{Counts, Happening, World};
use std::cell::RefCell;
use std::pin::Pin;
use std::rc::Rc;
use std::task::{Context, Waker};
use sync::outbox::State;

/// Happenings of one day, at most: past this nothing moves on any more.
const TOO_MANY: u64 = 20_000_000;

/// Time after the faults have ended for everything to be read by number and swept.
const SETTLING: i64 = 4 * HOUR + 15 * MINUTE;

/// What a day came to.
#[derive(Clone, Debug)]
pub struct Verdict {
    /// Which day.
    pub seed: u64,
    /// Of everything that happened; the same for the same seed.
    pub hash: u64,
    /// How much happened.
    pub events: u64,
    /// Results saved, and crashes of desks.
    pub results: u64,
    /// See there.
    pub crashes: u64,
    /// The other figures, by name.
    pub figures: Vec<(&'static str, u64)>,
    /// What is wrong.
    pub findings: Vec<Finding>,
    /// Awaits of the first desk while it was busy: places to crash at.
    pub awaits: u64,
}

impl Verdict {
    /// How often something is wrong in this way.
    pub fn count(&self, wrong: Wrong) -> u64 {
        self.findings
            .iter()
            .filter(|finding| finding.wrong == wrong)
            .count() as u64
    }

    /// Nothing is wrong.
    pub fn is_clean(&self) -> bool {
        self.findings.is_empty()
    }
}

/// What is asked of a day.
#[derive(Clone, Copy, Debug, Default)]
pub struct Wish {
    /// How the protocol is broken.
    pub broken: Option<Break>,
    /// Everything is told as it happens.
    pub is_told: bool,
    /// A short day at one desk.
    pub is_short: bool,
    /// The first desk crashes here, at the so-manyth await from one on, and nowhere else.
    pub crash_at: Option<(u64, Side)>,
}

/// Lives through one day.
pub fn live(seed: u64, wish: Wish) -> Verdict {
    let mut plan = if wish.is_short {
        Plan::short()
    } else {
        Plan::full().of_seed(seed)
    };
    plan.broken = wish.broken;
    plan.crash_at = wish.crash_at;
    let world = Rc::new(RefCell::new(World::new(seed, plan, wish.is_told)));
    Day {
        programs: (0..plan.desks).map(|_| None).collect(),
        world: Rc::clone(&world),
    }
    .run();
    let world = world.borrow();
    let Counts {
        results, crashes, ..
    } = world.counts;
    Verdict {
        seed,
        hash: world.trace.hash(),
        events: world.trace.events(),
        results,
        crashes,
        figures: figures(&world),
        findings: judge(&world),
        awaits: world.desks.first().map_or(0, |desk| desk.busy_awaits),
    }
}

fn figures(world: &World) -> Vec<(&'static str, u64)> {
    let entries = world.desks.iter().flat_map(|desk| &desk.disk.outbox);
    let dead = entries.filter(|entry| matches!(entry.row.state, State::Dead { .. }));
    let mut figures = world.counts.others();
    figures.push(("dead_letters", dead.count() as u64));
    figures
}

type Program = Pin<Box<dyn Future<Output = ()>>>;

struct Day {
    world: Rc<RefCell<World>>,
    /// Of each desk, while it is up.
    programs: Vec<Option<Program>>,
}

impl Day {
    fn run(mut self) {
        let mut left = TOO_MANY;
        loop {
            let Some(what) = self.world.borrow_mut().pop() else {
                return;
            };
            left -= 1;
            if left == 0 || !self.happen(what) {
                return;
            }
        }
    }

    /// False when the day is over.
    fn happen(&mut self, what: Happening) -> bool {
        match what {
            Happening::Mail {
                desk,
                life,
                ticket,
                mail,
            } => {
                if self.world.borrow_mut().deliver(desk, life, ticket, mail) {
                    self.go_on(desk);
                }
            }
            Happening::Start(desk) => {
                self.world.borrow_mut().start(desk);
                let broken = self.world.borrow().plan.broken;
                let wire = Wire {
                    world: Rc::clone(&self.world),
                    desk,
                    broken,
                };
                if let Some(program) = self.programs.get_mut(desk) {
                    *program = Some(Box::pin(work(wire)));
                }
                self.go_on(desk);
            }
            Happening::PowerCut(desk) => self.crash(desk),
            Happening::Look => return !self.look(),
            other => self.world.borrow_mut().happen(other),
        }
        true
    }

    fn go_on(&mut self, desk: usize) {
        let Some(Some(program)) = self.programs.get_mut(desk) else {
            return;
        };
        let mut context = Context::from_waker(Waker::noop());
        // A program never ends; it waits for mail, or has crashed.
        let _ = program.as_mut().poll(&mut context);
        let has_crashed = self.world.borrow_mut().desk(desk).has_crashed;
        if has_crashed {
            self.crash(desk);
        }
    }

    fn crash(&mut self, desk: usize) {
        if let Some(program) = self.programs.get_mut(desk)
            && program.take().is_some()
        {
            self.world.borrow_mut().crash(desk);
        }
    }

    /// Whether the day may end: all is settled, or patience is at its end.
    fn look(&self) -> bool {
        let mut world = self.world.borrow_mut();
        let (now, close, patience) = (world.now, world.plan.close, world.plan.patience);
        let is_settled = world
            .desks
            .iter()
            .all(|desk| desk.disk.is_quiet() && desk.disk.is_swept());
        // Time for every desk to have asked what changed last.
        let is_old = now - world.shop.last_change > 5 * world.plan.poll;
        if now >= close + patience || (now >= close + SETTLING && is_settled && is_old) {
            return true;
        }
        world.at(now + 10 * MINUTE, Happening::Look);
        false
    }
}
