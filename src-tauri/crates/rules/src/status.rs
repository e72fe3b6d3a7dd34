//! A shop's own words for where an order stands: what they mean to us, which may follow which, and
//! who may make it so.

use crate::order::OrderStage;
use crate::role::Role;
use serde::{Deserialize, Serialize};
use std::collections::BTreeSet;

/// One of the shop's words.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Status {
    /// As the shop's interface writes it.
    pub word: String,
    /// As the shop's staff read it; may equal the word.
    pub name: String,
    /// What it means to us.
    pub stage: OrderStage,
}

/// One step that the desk may take at the shop.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Transition {
    /// The word before.
    pub from: String,
    /// The word after.
    pub to: String,
    /// The least role that may ask for it.
    pub least: Role,
}

/// All words of one shop, and the steps between them.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct StatusTable {
    /// The words.
    pub statuses: Vec<Status>,
    /// The steps the desk may take; the shop's own staff are bound by nothing here.
    pub transitions: Vec<Transition>,
    /// The word set when the customer confirms; none leaves the status alone.
    pub confirmed: Option<String>,
    /// The word set when the customer calls it off; none leaves the status alone.
    pub cancelled: Option<String>,
}

impl StatusTable {
    /// A table with the steps that a call usually takes: what waits is confirmed or called off, what
    /// is confirmed may still be called off, and what is neither needs a supervisor.
    pub fn usual(
        statuses: Vec<Status>,
        confirmed: Option<String>,
        cancelled: Option<String>,
    ) -> Self {
        let mut transitions = Vec::new();
        let mut add = |from: &Status, to: &Option<String>, least| {
            if let Some(to) = to.as_ref().filter(|to| **to != from.word) {
                transitions.push(Transition {
                    from: from.word.clone(),
                    to: to.clone(),
                    least,
                });
            }
        };
        for status in &statuses {
            match status.stage {
                OrderStage::New => {
                    add(status, &confirmed, Role::Operator);
                    add(status, &cancelled, Role::Operator);
                }
                OrderStage::Confirmed => add(status, &cancelled, Role::Operator),
                OrderStage::Other => {
                    add(status, &confirmed, Role::Supervisor);
                    add(status, &cancelled, Role::Supervisor);
                }
                OrderStage::Fulfilled | OrderStage::Cancelled => {}
            }
        }
        Self {
            statuses,
            transitions,
            confirmed,
            cancelled,
        }
    }

    /// What a word means; [`OrderStage::Other`] for one the table does not hold.
    pub fn stage(&self, word: &str) -> OrderStage {
        self.statuses
            .iter()
            .find(|status| status.word == word)
            .map_or(OrderStage::Other, |status| status.stage)
    }

    /// Whether `role` may move an order from one word to another. Staying is no step.
    pub fn may(&self, from: &str, to: &str, role: Role) -> bool {
        from == to
            || self
                .transitions
                .iter()
                .any(|step| step.from == from && step.to == to && role >= step.least)
    }

    /// Whether anyone may.
    pub fn knows(&self, from: &str, to: &str) -> bool {
        self.may(from, to, Role::Admin)
    }

    /// The least role that may, none where no row allows the step.
    pub fn least(&self, from: &str, to: &str) -> Option<Role> {
        let rows = self
            .transitions
            .iter()
            .filter(|step| step.from == from && step.to == to);
        rows.map(|step| step.least).min()
    }

    /// What is wrong with the table, for whoever sets it up. `known` are the words the shop itself
    /// has told; `needs_target` says that this shop keeps a confirmation nowhere but in the status.
    /// Steps may lead back: a loop is no fault.
    pub fn problems(&self, known: &[Status], needs_target: bool) -> Vec<TableProblem> {
        let mut problems = Vec::new();
        let mut seen = BTreeSet::new();
        for Status { word, .. } in &self.statuses {
            if !seen.insert(word.as_str()) {
                problems.push(TableProblem::WordTwice { word: word.clone() });
            } else if !known.is_empty() && !known.iter().any(|status| status.word == *word) {
                problems.push(TableProblem::WordUnknown { word: word.clone() });
            }
        }
        let steps = self.transitions.iter();
        let named = steps.flat_map(|step| [&step.from, &step.to]);
        let lost: BTreeSet<_> = named
            .chain(&self.confirmed)
            .chain(&self.cancelled)
            .filter(|word| !seen.contains(word.as_str()))
            .collect();
        problems.extend(
            lost.into_iter()
                .map(|word| TableProblem::WordUnknown { word: word.clone() }),
        );
        match &self.confirmed {
            None if needs_target => problems.push(TableProblem::TargetMissing),
            Some(to) => {
                let mut waiting = self
                    .statuses
                    .iter()
                    .filter(|status| status.stage == OrderStage::New)
                    .peekable();
                if waiting.peek().is_some() && !waiting.any(|from| self.knows(&from.word, to)) {
                    problems.push(TableProblem::TargetOutOfReach { to: to.clone() });
                }
            }
            None => {}
        }
        problems
    }
}

/// What can be wrong with a table of statuses.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TableProblem {
    /// A word stands in it twice.
    WordTwice {
        /// Which.
        word: String,
    },
    /// A word that the shop does not have, or a step names and the table does not hold.
    WordUnknown {
        /// Which.
        word: String,
    },
    /// No word is set when the customer confirms, and the shop keeps it nowhere else.
    TargetMissing,
    /// No order that waits for its call can be moved to the word for "confirmed".
    TargetOutOfReach {
        /// The word for "confirmed".
        to: String,
    },
}

#[cfg(test)]
mod tests {
    use super::*;

    fn table() -> StatusTable {
        let status = |word: &str, stage| Status {
            word: word.to_owned(),
            name: word.to_owned(),
            stage,
        };
        let step = |from: &str, to: &str, least| Transition {
            from: from.to_owned(),
            to: to.to_owned(),
            least,
        };
        StatusTable {
            statuses: vec![
                status("on-hold", OrderStage::New),
                status("processing", OrderStage::Confirmed),
            ],
            transitions: vec![
                step("on-hold", "processing", Role::Operator),
                step("processing", "on-hold", Role::Supervisor),
            ],
            confirmed: Some("processing".to_owned()),
            cancelled: None,
        }
    }

    #[test]
    fn a_step_needs_its_row_and_its_role() {
        let table = table();
        assert!(table.may("on-hold", "processing", Role::Operator));
        assert!(
            !table.may("processing", "on-hold", Role::Operator),
            "the way back is the supervisor's"
        );
        assert!(table.may("processing", "on-hold", Role::Admin));
        assert!(
            !table.may("processing", "shipped", Role::Admin),
            "a step that no row allows"
        );
        assert!(
            table.may("shipped", "shipped", Role::Operator),
            "staying is no step"
        );
    }

    #[test]
    fn the_usual_steps_lead_on_and_never_back() {
        let status = |word: &str, stage| Status {
            word: word.to_owned(),
            name: String::new(),
            stage,
        };
        let table = StatusTable::usual(
            vec![
                status("new", OrderStage::New),
                status("odd", OrderStage::Other),
                status("yes", OrderStage::Confirmed),
                status("sent", OrderStage::Fulfilled),
                status("no", OrderStage::Cancelled),
            ],
            Some("yes".to_owned()),
            Some("no".to_owned()),
        );
        assert!(table.may("new", "yes", Role::Operator));
        assert!(table.may("yes", "no", Role::Operator));
        assert!(!table.may("odd", "yes", Role::Operator));
        assert!(table.may("odd", "yes", Role::Supervisor));
        assert!(
            !table.knows("sent", "no") && !table.knows("no", "yes") && !table.knows("yes", "new"),
            "what is over is not begun again"
        );
        assert_eq!(table.problems(&table.statuses, true), []);
    }

    #[test]
    fn an_unknown_word_is_other() {
        assert_eq!(table().stage("on-hold"), OrderStage::New);
        assert_eq!(table().stage("wc-parcel-locker"), OrderStage::Other);
    }

    #[test]
    fn the_least_role_of_a_step_is_told() {
        let table = table();
        assert_eq!(table.least("processing", "on-hold"), Some(Role::Supervisor));
        assert_eq!(table.least("processing", "shipped"), None);
    }

    #[test]
    fn a_table_with_a_way_back_is_sound() {
        let known = table().statuses;
        assert_eq!(
            table().problems(&known, true),
            [],
            "on-hold and processing lead to each other, and that is no fault"
        );
        assert_eq!(
            StatusTable::default().problems(&known, false),
            [],
            "a shop that keeps the confirmation in its fields needs no words"
        );
    }

    #[test]
    fn each_fault_of_a_table_is_named() {
        let known = table().statuses;
        let mut twice = table();
        twice.statuses.extend(known.first().cloned());
        assert_eq!(
            twice.problems(&known, true),
            [TableProblem::WordTwice {
                word: "on-hold".into()
            }]
        );
        let mut strange = table();
        strange.statuses.push(Status {
            word: "parcel-locker".into(),
            name: String::new(),
            stage: OrderStage::Other,
        });
        strange.cancelled = Some("void".into());
        let unknown = |word: &str| TableProblem::WordUnknown { word: word.into() };
        assert_eq!(
            strange.problems(&known, true),
            [unknown("parcel-locker"), unknown("void")],
            "one the shop does not have, one the table does not hold"
        );
        assert_eq!(
            strange.problems(&[], true),
            [unknown("void")],
            "a shop that tells no words is believed"
        );
        let mut aimless = table();
        aimless.confirmed = None;
        assert_eq!(
            aimless.problems(&known, true),
            [TableProblem::TargetMissing]
        );
        let mut cut_off = table();
        cut_off.transitions.remove(0);
        assert_eq!(
            cut_off.problems(&known, true),
            [TableProblem::TargetOutOfReach {
                to: "processing".into()
            }]
        );
    }
}
