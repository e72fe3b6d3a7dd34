//! Changes of a plan by hand.

use super::drawn::{Drawn, Mark};
use super::view::newly;
use crate::clock;
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::text::Fault;
use crate::view::{BrokenRule, Changed, PlanChoice, PlanDelta, PlanEdit};
use chrono::NaiveDate;
use roster::Assignment;
use rules::id::{PersonId, PlanId, ShiftId, ShopId, TemplateId};
use rules::role::Permission;
use serde_json::json;
use std::collections::BTreeSet;
use store::Author;
use store::table::plan::{self, PersonDay};

/// What a cell becomes.
#[derive(Clone, Copy)]
struct Cell {
    row: usize,
    day: usize,
    shift: Option<(Assignment, Mark)>,
    /// A day off that is pinned.
    off_pinned: bool,
}

impl Cell {
    const fn with(row: usize, day: usize, shift: Assignment, mark: Mark) -> Self {
        Self {
            row,
            day,
            shift: Some((shift, mark)),
            off_pinned: false,
        }
    }

    const fn off(row: usize, day: usize, off_pinned: bool) -> Self {
        Self {
            row,
            day,
            shift: None,
            off_pinned,
        }
    }
}

impl Desk {
    pub(super) async fn edited(&self, id: PlanId, edit: PlanEdit) -> Result<PlanDelta, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        if self.inner.planning.search_of(id).is_some() {
            return Err(ErrorCode::PlanSolving.into());
        }
        let mut drawings = self.inner.planning.drawings.lock().await;
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        let undone = match edit {
            PlanEdit::Undo => {
                let found = office
                    .centre
                    .db
                    .read(move |conn| plan::last_edit(conn, id))
                    .await?;
                Some(found.ok_or(ErrorCode::NothingToUndo)?)
            }
            _ => None,
        };
        let word = word(&edit);
        let cells = match &undone {
            Some((_, was)) => drawn.undo(was),
            None => drawn.cells(edit)?,
        };
        let was = drawn.person_days(&cells);
        drawn.version = self.inner.planning.next_version();
        let delta = drawn.apply(&cells);
        let becomes = drawn.person_days(&cells);
        let change = self.change(
            Author::Person(office.person),
            "plan.edited",
            &id,
            json!({ "edit": word, "was": was, "is": becomes }),
        );
        let written = office
            .centre
            .db
            .write(change, move |tx| {
                plan::set_days(tx, id, &becomes)?;
                match undone {
                    Some((seq, _)) => plan::forget_edit(tx, id, seq),
                    None => plan::keep_edit(tx, id, &was),
                }
            })
            .await;
        if let Err(error) = written {
            // What is not on the disk has not been: the plan is read anew.
            drawings.remove(&id);
            return Err(error.into());
        }
        self.tell(Changed::Plan);
        Ok(delta)
    }

    pub(super) async fn what_may_be_given(
        &self,
        id: PlanId,
        person: PersonId,
        date: NaiveDate,
        line: Option<ShopId>,
    ) -> Result<Vec<PlanChoice>, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let mut drawings = self.inner.planning.drawings.lock().await;
        let drawn = self.drawn(&office, &mut drawings, id).await?;
        drawn
            .choices(person, date, line)
            .ok_or_else(|| ErrorCode::NotFound.into())
    }
}

fn word(edit: &PlanEdit) -> &'static str {
    match edit {
        PlanEdit::Give { .. } => "give",
        PlanEdit::Move { .. } => "move",
        PlanEdit::Copy { .. } => "copy",
        PlanEdit::Remove { .. } => "remove",
        PlanEdit::Pin { .. } => "pin",
        PlanEdit::PinOff { .. } => "pin_off",
        PlanEdit::Undo => "undo",
    }
}

fn fresh(pinned: bool) -> Mark {
    Mark {
        id: ShiftId::from_uuid(clock::mint()),
        pinned,
    }
}

impl Drawn {
    fn person_days(&self, cells: &[Cell]) -> Vec<PersonDay> {
        cells
            .iter()
            .filter_map(|cell| self.person_day(cell.row, cell.day))
            .collect()
    }

    fn person_day(&self, person: usize, day: usize) -> Option<PersonDay> {
        Some(PersonDay {
            person: self.people.get(person)?.id(),
            day: self.date(day),
            shift: self.planned(person, day),
            off_pinned: self.pinned_off.contains(&(person, day)),
        })
    }

    fn content(&self, person: usize, day: usize) -> Option<(Assignment, Mark)> {
        Some((
            self.board.roster().get(person, day)?,
            self.mark(person, day)?,
        ))
    }

    /// Cells that an edit changes, and what to.
    fn cells(&mut self, edit: PlanEdit) -> Result<Vec<Cell>, Fault> {
        let missing = || Fault::from(ErrorCode::NotFound);
        match edit {
            PlanEdit::Give {
                person,
                date,
                template,
                line,
            } => {
                let (row, day) = self.place(person, date).ok_or_else(missing)?;
                let known = self
                    .template_index(template)
                    .and_then(|index| self.templates.get(index))
                    .filter(|known| known.removed_at.is_none())
                    .ok_or_else(missing)?
                    .id;
                let best = self.best(row, day, known, line).ok_or_else(missing)?;
                let mark = self.mark(row, day).map_or_else(
                    || fresh(false),
                    |old| Mark {
                        id: fresh(false).id,
                        ..old
                    },
                );
                Ok(vec![Cell::with(row, day, best, mark)])
            }
            PlanEdit::Move {
                shift,
                person,
                date,
            } => {
                let (row, day) = self.find(shift).ok_or_else(missing)?;
                let to = self.place(person, date).ok_or_else(missing)?;
                let (assignment, mark) = self.content(row, day).ok_or_else(missing)?;
                if to == (row, day) {
                    return Ok(Vec::new());
                }
                Ok(vec![
                    Cell::off(row, day, false),
                    Cell::with(to.0, to.1, assignment, mark),
                ])
            }
            PlanEdit::Copy {
                shift,
                person,
                date,
            } => {
                let (row, day) = self.find(shift).ok_or_else(missing)?;
                let to = self.place(person, date).ok_or_else(missing)?;
                let (assignment, _) = self.content(row, day).ok_or_else(missing)?;
                if to == (row, day) {
                    return Ok(Vec::new());
                }
                Ok(vec![Cell::with(to.0, to.1, assignment, fresh(false))])
            }
            PlanEdit::Remove { shift } => {
                let (row, day) = self.find(shift).ok_or_else(missing)?;
                Ok(vec![Cell::off(row, day, false)])
            }
            PlanEdit::Pin { shift, pinned } => {
                let (row, day) = self.find(shift).ok_or_else(missing)?;
                let (assignment, mark) = self.content(row, day).ok_or_else(missing)?;
                Ok(vec![Cell::with(
                    row,
                    day,
                    assignment,
                    Mark { pinned, ..mark },
                )])
            }
            PlanEdit::PinOff {
                person,
                date,
                pinned,
            } => {
                let (row, day) = self.place(person, date).ok_or_else(missing)?;
                if self.mark(row, day).is_some() {
                    return Err(missing());
                }
                Ok(vec![Cell::off(row, day, pinned)])
            }
            PlanEdit::Undo => Ok(Vec::new()),
        }
    }

    fn undo(&self, was: &[PersonDay]) -> Vec<Cell> {
        was.iter()
            .filter_map(|before| {
                let (row, day) = self.place(before.person, before.day)?;
                let content = before.shift.and_then(|shift| {
                    let assignment = self.assignment(shift.template, shift.line, shift.breaks)?;
                    let mark = Mark {
                        id: shift.id,
                        pinned: shift.pinned,
                    };
                    Some((assignment, mark))
                });
                Some(Cell {
                    row,
                    day,
                    shift: content,
                    off_pinned: before.off_pinned && content.is_none(),
                })
            })
            .collect()
    }

    /// A shift of this template, on a line that the person serves where none is named.
    fn best(
        &mut self,
        row: usize,
        day: usize,
        template: TemplateId,
        line: Option<ShopId>,
    ) -> Option<Assignment> {
        let line = line
            .or_else(|| self.lines_served(self.people.get(row)?).first().copied())
            .or_else(|| self.lines.first().map(|line| line.shop))?;
        let given = self.assignment(template, line, 0)?;
        Some(self.best_breaks(row, day, given))
    }

    /// Every shift that may be given to a person on a day, and what that would do.
    fn choices(
        &mut self,
        person: PersonId,
        date: NaiveDate,
        line: Option<ShopId>,
    ) -> Option<Vec<PlanChoice>> {
        let (row, day) = self.place(person, date)?;
        let templates: Vec<TemplateId> = self
            .templates
            .iter()
            .filter(|known| known.removed_at.is_none())
            .map(|known| known.id)
            .collect();
        let old = self.board.roster().get(row, day);
        let before = self.broken_of(row);
        let mut choices = Vec::with_capacity(templates.len());
        for template in templates {
            let best = self.best(row, day, template, line)?;
            let change = self.board.set(row, day, Some(best));
            let newly_broken = newly(&before, &self.broken_of(row));
            self.board.set(row, day, old);
            choices.push(PlanChoice {
                template,
                cost_change: change.total,
                newly_broken,
            });
        }
        Some(choices)
    }

    fn broken_of(&self, row: usize) -> Vec<BrokenRule> {
        let broken = self.board.broken_of(row).iter();
        broken.filter_map(|one| self.rule(one)).collect()
    }

    /// The way of placing its breaks that costs least here.
    fn best_breaks(&mut self, row: usize, day: usize, given: Assignment) -> Assignment {
        let ways = self
            .board
            .problem()
            .templates
            .get(usize::from(given.template))
            .map_or(0, |template| template.breaks.len());
        let ways = u8::try_from(ways).unwrap_or(u8::MAX);
        let mut best = (f64::INFINITY, given);
        for breaks in 0..ways.max(1) {
            let tried = Assignment { breaks, ..given };
            let (cost, _) = self.board.preview(row, day, Some(tried));
            if cost.total < best.0 {
                best = (cost.total, tried);
            }
        }
        best.1
    }

    /// Changes cells and tells what that did.
    fn apply(&mut self, cells: &[Cell]) -> PlanDelta {
        let cost = self.board.cost().total;
        let before = self.broken();
        let mut rows = BTreeSet::new();
        let mut days = BTreeSet::new();
        let mut gone = BTreeSet::new();
        for cell in cells {
            gone.extend(self.mark(cell.row, cell.day).map(|mark| mark.id));
            let new = cell.shift.map(|(assignment, _)| assignment);
            if new != self.board.roster().get(cell.row, cell.day) {
                days.extend([cell.day, cell.day + 1]);
            }
            self.put(cell.row, cell.day, cell.shift);
            if cell.off_pinned {
                self.pinned_off.insert((cell.row, cell.day));
            }
            rows.insert(cell.row);
        }
        days.retain(|day| *day < self.plan.days() as usize);
        for cell in cells {
            if let Some(mark) = self.mark(cell.row, cell.day) {
                gone.remove(&mark.id);
            }
        }
        let changed = cells
            .iter()
            .filter_map(|cell| self.shift(cell.row, cell.day))
            .collect();
        let standing = self.standing();
        PlanDelta {
            plan: self.summary(),
            version: self.version,
            removed: gone.into_iter().collect(),
            changed,
            pinned_off: self.pinned_days_off(),
            meetings: self.meeting_views(),
            people: rows.into_iter().map(|row| self.person(row)).collect(),
            cover: days.into_iter().map(|day| self.cover(day)).collect(),
            cost_change: standing.cost - cost,
            newly_broken: newly(&before, &standing.broken),
            standing,
        }
    }
}
