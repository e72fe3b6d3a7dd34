//! A day with everyone on all lines that he or she can answer, beside the day as it is planned.

use super::drawn::Drawn;
use super::view::{in_time, line_day, offered_on};
use crate::desk::Desk;
use crate::error::ErrorCode;
use crate::forecasting::{Wanted, WantedDay};
use crate::text::Fault;
use crate::view::{MultiSkillDay, MultiSkillLine};
use ::plan::multi_skill::{Person, foresee};
use chrono::NaiveDate;
use rules::id::{PlanId, ShopId};
use rules::role::Permission;

/// A day taken out of a plan, to be played without holding the plan.
struct Day {
    date: NaiveDate,
    lines: Vec<(ShopId, Wanted, WantedDay)>,
    people: Vec<Person>,
}

impl Desk {
    pub(super) async fn multi_skill_day(
        &self,
        id: PlanId,
        date: NaiveDate,
    ) -> Result<MultiSkillDay, Fault> {
        let office = self.office(Permission::PlanWork).await?;
        let day = {
            let mut drawings = self.inner.planning.drawings.lock().await;
            let drawn = self.drawn(&office, &mut drawings, id).await?;
            drawn.taken_out(date).ok_or(ErrorCode::NotFound)?
        };
        tokio::task::spawn_blocking(move || day.foreseen())
            .await
            .map_err(|error| Fault::from(ErrorCode::StoreFailed).with("detail", &error))
    }
}

impl Drawn {
    fn taken_out(&self, date: NaiveDate) -> Option<Day> {
        let day = self.day_of(date)?;
        // Only lines with a forecast have calls to answer.
        let mut known = Vec::new();
        let mut lines = Vec::new();
        for (index, line) in self.lines.iter().enumerate() {
            if let Some((demand, wanted)) = self.demand_on(index, day) {
                known.push(index);
                lines.push((line.shop, demand.clone(), wanted.clone()));
            }
        }
        let place = |line: usize| known.iter().position(|one| *one == line);
        let mut people = Vec::new();
        for (at, line) in known.iter().enumerate() {
            for (row, present) in self.on_line(*line, day) {
                let person = row.and_then(|row| self.board.problem().people.get(row));
                let can = person.into_iter().flat_map(|person| &person.lines);
                let also = can
                    .filter_map(|line| place(usize::from(*line)))
                    .filter(|other| *other != at)
                    .collect();
                people.push(Person {
                    line: at,
                    also,
                    present,
                });
            }
        }
        Some(Day {
            date,
            lines,
            people,
        })
    }
}

impl Day {
    fn foreseen(&self) -> MultiSkillDay {
        let offered: Vec<_> = self
            .lines
            .iter()
            .map(|(_, _, wanted)| offered_on(wanted))
            .collect();
        let days: Vec<_> = self
            .lines
            .iter()
            .zip(&offered)
            .map(|((_, demand, wanted), offered)| line_day(demand, wanted, offered))
            .collect();
        let mut told = MultiSkillDay {
            date: self.date,
            multi_skilled: 0,
            lines: Vec::with_capacity(days.len()),
            single: None,
            multi: None,
        };
        let multi_skilled = self.people.iter().filter(|person| !person.also.is_empty());
        told.multi_skilled = u32::try_from(multi_skilled.count()).unwrap_or(u32::MAX);
        let mut all = [(0.0, 0.0); 2];
        for (foreseen, (line, demand, wanted)) in
            foresee(&days, &self.people).into_iter().zip(&self.lines)
        {
            let both = [foreseen.single, foreseen.multi].map(|counts| in_time(demand, counts));
            for (sum, part) in all.iter_mut().zip(both) {
                sum.0 += part.0;
                sum.1 += part.1;
            }
            let [single, multi] = both.map(share_of);
            told.lines.push(MultiSkillLine {
                line: *line,
                calls: wanted.calls.iter().sum(),
                single,
                multi,
            });
        }
        [told.single, told.multi] = all.map(share_of);
        told
    }
}

fn share_of((in_time, calls): (f64, f64)) -> Option<f64> {
    (calls > 0.0).then(|| in_time / calls)
}
