//! Days played out call by call, for agents with several skills and for whatever no formula holds.

mod draw;
mod multi;
mod run;

pub use draw::{Call, HandleTime, Project, draw};
pub use multi::{Group, Need, Staffed, multi_skill};
pub use run::{Agent, Outcome, Scenario, Skill, StaffTime, Task, TaskCounts, expected, run};
