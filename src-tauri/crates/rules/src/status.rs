//! A shop's own words for where an order stands: what they mean to us, which may follow which, and
//! who may make it so.

use crate::order::OrderStage;
use crate::role::Role;
use serde::{Deserialize, Serialize};

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
    fn an_unknown_word_is_other() {
        assert_eq!(table().stage("on-hold"), OrderStage::New);
        assert_eq!(table().stage("wc-parcel-locker"), OrderStage::Other);
    }
}
