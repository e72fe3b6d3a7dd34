//! Days and slots of the past that stand out. They are suggestions: what is left out is decided by a
//! person.

use crate::grid::Grid;
use crate::history::History;
use crate::profile;
use crate::special::SpecialDays;
use chrono::NaiveDate;
use serde::{Deserialize, Serialize};

/// What stands out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum OutlierKind {
    /// The whole day.
    Day,
    /// One slot of a day that is itself as usual; from 0.
    Slot(u32),
}

/// Something of the past that is unlike other weeks.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Outlier {
    /// The local date.
    #[specta(type = String)]
    pub date: NaiveDate,
    /// The day or a slot of it.
    pub kind: OutlierKind,
    /// What came.
    pub came: f64,
    /// What is usual around that time.
    pub usual: f64,
    /// How far it stands out, in robust standard deviations; negative is too few. 3.5 and more are
    /// told.
    pub strength: f64,
}

/// From here on something stands out (Iglewicz and Hoaglin's limit for the modified z-score).
const LIMIT: f64 = 3.5;
/// There are many slots, and only a wild one is worth a question.
const SLOT_LIMIT: f64 = 2.0 * LIMIT;
/// Weeks to either side that say what is usual.
const AROUND: usize = 6;
/// A day that is off by less is not worth a question, however steady the others are.
const LEAST_SHARE: f64 = 0.1;

/// Days, and slots of usual days, that stand out of the weeks around them; strongest first.
///
/// Special days are left aside: they are known to be unlike others.
pub fn outliers(history: &History, special: &SpecialDays) -> Vec<Outlier> {
    let mut grid = Grid::before(history, history.end(), usize::MAX);
    for day in 0..grid.days() {
        if special.get(grid.date(day)).is_some() {
            grid.row_mut(day).fill(f64::NAN);
        }
    }
    let usual = usual(&grid);
    let mut found = Vec::new();
    let mut odd_days = Vec::new();

    let cells: Vec<(f64, f64)> = grid
        .values
        .iter()
        .zip(&usual.values)
        .map(|(came, usual)| (*came, *usual))
        .collect();
    let odd: Vec<f64> = strengths(&cells)
        .into_iter()
        .map(|strength| {
            if strength.abs() >= SLOT_LIMIT {
                strength
            } else {
                0.0
            }
        })
        .collect();
    let totals: Vec<(f64, f64)> = cells
        .chunks(grid.slots)
        .zip(odd.chunks(grid.slots))
        .map(|(cells, odd)| total(cells, odd))
        .collect();
    for (day, (strength, (came, usual))) in strengths(&totals).into_iter().zip(&totals).enumerate()
    {
        if strength.abs() >= LIMIT && (came - usual).abs() >= LEAST_SHARE * usual {
            odd_days.push(day);
            found.push(Outlier {
                date: grid.date(day),
                kind: OutlierKind::Day,
                came: *came,
                usual: *usual,
                strength,
            });
        }
    }
    for (cell, (strength, (came, usual))) in odd.into_iter().zip(&cells).enumerate() {
        let (day, slot) = (cell / grid.slots, cell % grid.slots);
        if strength.abs() > 0.0 && odd_days.binary_search(&day).is_err() {
            found.push(Outlier {
                date: grid.date(day),
                kind: OutlierKind::Slot(u32::try_from(slot).unwrap_or(0)),
                came: *came,
                usual: *usual,
                strength,
            });
        }
    }
    found.sort_by(|a, b| b.strength.abs().total_cmp(&a.strength.abs()));
    found
}

/// What came on a day and what is usual. One or two odd slots do not make an odd day: they are told
/// by themselves and left aside here.
fn total(cells: &[(f64, f64)], odd: &[f64]) -> (f64, f64) {
    let known = |(came, usual): &(f64, f64)| came.is_finite() && usual.is_finite();
    let open = cells.iter().filter(|cell| known(cell)).count();
    let few = odd.iter().filter(|strength| strength.abs() > 0.0).count() * 5 <= open;
    cells
        .iter()
        .zip(odd)
        .filter(|(cell, odd)| known(cell) && !(few && odd.abs() > 0.0))
        .fold((0.0, 0.0), |(a, b), ((came, usual), _)| {
            (a + came, b + usual)
        })
}

/// The median of the same weekdays and slots in the weeks around, the day itself apart.
fn usual(grid: &Grid) -> Grid {
    let mut usual = grid.clone();
    let mut near = Vec::with_capacity(2 * AROUND);
    for day in 0..grid.days() {
        for slot in 0..grid.slots {
            near.clear();
            near.extend(
                (1..=AROUND)
                    .flat_map(|weeks| [day.checked_sub(7 * weeks), Some(day + 7 * weeks)])
                    .flatten()
                    .map(|other| grid.at(other, slot))
                    .filter(|value| value.is_finite()),
            );
            let value = if near.len() >= 2 {
                profile::middle(&mut near)
            } else {
                f64::NAN
            };
            if let Some(cell) = usual.row_mut(day).get_mut(slot) {
                *cell = value;
            }
        }
    }
    usual
}

/// How far each pair of came and usual is apart, in robust standard deviations of square roots: these
/// are about equally spread for small and for large counts.
fn strengths(pairs: &[(f64, f64)]) -> Vec<f64> {
    let offs: Vec<f64> = pairs
        .iter()
        .map(|(came, usual)| {
            if *usual > 0.0 || *came > 0.0 {
                came.sqrt() - usual.sqrt()
            } else {
                f64::NAN
            }
        })
        .collect();
    let mut sizes: Vec<f64> = offs
        .iter()
        .filter(|off| off.is_finite())
        .map(|off| off.abs())
        .collect();
    // A Poisson count's root has a standard deviation of one half: below that all is chance.
    let spread = (1.4826 * profile::middle(&mut sizes)).max(0.5);
    offs.into_iter()
        .map(|off| if off.is_finite() { off / spread } else { 0.0 })
        .collect()
}
