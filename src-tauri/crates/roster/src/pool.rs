//! Rows that are known to keep all rules, with what they cost and give.

use crate::compile::at;
use crate::mixture::{Entries, worth};
use crate::model::Assignment;
use crate::state::{Ground, State};

pub(crate) type Row = Vec<Option<Assignment>>;

/// A row that may be picked.
#[derive(Debug, Clone)]
pub(crate) struct Known {
    pub(crate) person: usize,
    pub(crate) row: Row,
    pub(crate) cost: f64,
    pub(crate) entries: Entries,
}

impl Known {
    /// What it costs less what it is worth.
    fn left(&self, prices: &[f64]) -> f64 {
        self.cost - worth(&self.entries, prices)
    }
}

#[derive(Debug, Clone)]
pub(crate) struct Pool {
    /// By cell of the plan, its number among those that cost anything.
    place_of: Vec<Option<usize>>,
    known: Vec<Known>,
    /// In the order in which they came.
    of_person: Vec<Vec<usize>>,
}

impl Pool {
    pub(crate) fn new(place_of: Vec<Option<usize>>, people: usize) -> Self {
        Self {
            place_of,
            known: Vec::new(),
            of_person: vec![Vec::new(); people],
        }
    }

    pub(crate) fn place_of(&self) -> &[Option<usize>] {
        &self.place_of
    }

    pub(crate) fn get(&self, known: usize) -> Option<&Known> {
        self.known.get(known)
    }

    pub(crate) fn len(&self) -> usize {
        self.known.len()
    }

    pub(crate) fn of(&self, person: usize) -> impl ExactSizeIterator<Item = usize> {
        let known = self.of_person.get(person).map_or(&[][..], Vec::as_slice);
        known.iter().copied()
    }

    /// The number of a person's row, a new one where it was not known; none where it breaks a rule.
    pub(crate) fn know(&mut self, ground: &Ground, person: usize, row: &Row) -> Option<usize> {
        let own = self.of_person.get_mut(person)?;
        let known = own.iter().rev().find(|&&known| {
            let known = self.known.get(known);
            known.is_some_and(|known| known.row == *row)
        });
        if let Some(&known) = known {
            return Some(known);
        }
        let cost = State::row_cost(ground, person, row)?;
        let mut entries: Entries = Vec::with_capacity(row.len());
        for (day, shift) in row.iter().enumerate() {
            let Some(shift) = *shift else { continue };
            let away = ground.away(person);
            ground.tables.visit_cells(away, day, shift, |cell, amount| {
                if let Some(place) = at(&self.place_of, cell) {
                    entries.push((place, f64::from(amount) / 1000.0));
                }
            });
        }
        entries.sort_unstable_by_key(|(place, _)| *place);
        entries.dedup_by(|next, kept| {
            let same = next.0 == kept.0;
            if same {
                kept.1 += next.1;
            }
            same
        });
        own.push(self.known.len());
        self.known.push(Known {
            person,
            row: row.clone(),
            cost: exact(cost),
            entries,
        });
        Some(self.known.len() - 1)
    }

    /// A person's cheapest row at such prices, and what is left of its cost.
    pub(crate) fn least(&self, person: usize, prices: &[f64]) -> Option<(usize, f64)> {
        let known = self
            .of(person)
            .filter_map(|known| Some((known, self.get(known)?)));
        let left = known.map(|(place, known)| (place, known.left(prices)));
        left.min_by(|one, other| one.1.total_cmp(&other.1))
    }

    /// So many of a person's rows that are cheapest at such prices, and dearer than the cheapest of all by
    /// no more than told.
    pub(crate) fn cheapest(
        &self,
        person: usize,
        prices: &[f64],
        most: usize,
        dearer: f64,
    ) -> Vec<usize> {
        let known = self
            .of(person)
            .filter_map(|known| Some((known, self.get(known)?)));
        let mut known: Vec<(f64, usize)> = known
            .map(|(place, known)| (known.left(prices), place))
            .collect();
        known.sort_by(|one, other| one.0.total_cmp(&other.0));
        let limit = known.first().map_or(0.0, |first| first.0 + dearer.max(0.0));
        let near = known.into_iter().take_while(|(left, _)| *left <= limit);
        near.take(most).map(|(_, known)| known).collect()
    }

    /// Forgets all rows but the newest third.
    pub(crate) fn forget_old(&mut self) {
        let old = self.known.len() * 2 / 3;
        self.known.drain(..old);
        for known in &mut self.of_person {
            known.retain(|&known| known >= old);
            for known in known {
                *known -= old;
            }
        }
    }
}

#[expect(clippy::cast_precision_loss, reason = "costs are far below 2^52")]
pub(crate) fn exact(cost: i64) -> f64 {
    cost as f64
}
