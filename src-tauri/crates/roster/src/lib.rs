//! Who works when: shifts for named people, under rules, by search.
//!
//! A [`Problem`] says who may work, which shifts there are, and how many agents are needed. A [`Roster`]
//! says who works what. [`Board`] tells at once what a roster costs and which rules it breaks, edit by
//! edit; [`Search`] makes rosters that break none, better the longer it runs.
//!
//! Times are minutes of the wall clock; a day has 1440 of them, also where the clock is set: then
//! [`ClockChange`] tells how many pass. No I/O, no clock: the caller decides
//! how long a search goes on, and a seed decides every choice within it.

mod ascent;
mod board;
mod columns;
mod compile;
mod mixture;
mod model;
mod path;
mod pool;
mod preset;
mod random;
mod rules;
mod search;
mod sequence;
mod state;

pub use board::{Attendance, Board, Cost, CoverSlot, Gap, MeetingTime, Reason, ReasonCount};
pub use model::{
    Assignment, Break, BreakPlan, CarryIn, ClockChange, Coverage, Forbidden, Line, Need, Person,
    Pin, Problem, ProblemError, Roster, Run, ShiftKind, Span, Template, Wanted, Weights, Wish,
};
pub use preset::{Country, LabourPreset, NightBand};
pub use rules::{Broken, Rule, Rules};
pub use search::{Progress, Search};
