//! The shop's order states: what they mean, and which steps the desk takes between them.

use super::Vendure;
use super::client::Purpose;
use super::wire::{self, ProcessState};
use crate::ShopError;
use rules::order::OrderStage;
use rules::role::Role;
use rules::status::{Status, StatusTable, Transition};
use serde_json::json;

/// The state of an order that was called off.
pub(super) const CANCELLED: &str = "Cancelled";

/// The states and steps of an unextended shop that matter to the desk.
const STATES: [(&str, &[&str]); 8] = [
    ("PaymentAuthorized", &["PaymentSettled", CANCELLED]),
    (
        "PaymentSettled",
        &["PartiallyShipped", "Shipped", CANCELLED],
    ),
    ("PartiallyShipped", &["Shipped", CANCELLED]),
    ("Shipped", &["PartiallyDelivered", "Delivered", CANCELLED]),
    ("PartiallyDelivered", &["Delivered", CANCELLED]),
    ("Delivered", &[CANCELLED]),
    (CANCELLED, &[]),
    ("Modifying", &[]),
];

/// What the states mean: the admin's table over the connector's own view.
#[derive(Clone, Default)]
pub(super) struct Words(pub(super) Option<StatusTable>);

impl Words {
    pub(super) fn stage(&self, state: &str) -> OrderStage {
        let given = self.0.as_ref();
        let told = given.and_then(|table| table.statuses.iter().find(|one| one.word == state));
        told.map_or_else(|| stage_of(state), |one| one.stage)
    }

    /// The state to move a confirmed order to; none leaves it where it is, which is Vendure's own way.
    ///
    /// # Errors
    /// [`ShopError::Refused`] where the admin's table has no such step.
    pub(super) fn to_confirm(&self, state: &str) -> Result<Option<&str>, ShopError> {
        let Some(table) = &self.0 else {
            return Ok(None);
        };
        let target = table.confirmed.as_deref().filter(|target| *target != state);
        let Some(target) = target else {
            return Ok(None);
        };
        if table.knows(state, target) {
            return Ok(Some(target));
        }
        match self.stage(state) {
            OrderStage::Confirmed | OrderStage::Fulfilled => Ok(None),
            _ => Err(no_step(state, target)),
        }
    }

    /// Whether the admin lets the desk call off an order in this state.
    ///
    /// # Errors
    /// [`ShopError::Refused`] where the table has no such step.
    pub(super) fn check_cancel(&self, state: &str) -> Result<(), ShopError> {
        match &self.0 {
            Some(table) if !table.knows(state, CANCELLED) => Err(no_step(state, CANCELLED)),
            _ => Ok(()),
        }
    }
}

impl Vendure {
    /// The admin's table, or the shop's own process with what the connector makes of it.
    pub(super) async fn status_table(&self) -> Result<StatusTable, ShopError> {
        if let Some(given) = &self.words.0 {
            return Ok(given.clone());
        }
        let answer = self
            .client
            .ask::<wire::Process>(wire::PROCESS, json!({}), Purpose::Read("settings"))
            .await;
        match answer {
            Ok(answer) => Ok(table_of(answer.data.states())),
            Err(ShopError::NoReadRight(_) | ShopError::Unsupported(_)) => {
                let own = STATES.map(|(name, to)| ProcessState {
                    name: name.to_owned(),
                    to: to.iter().map(|&state| state.to_owned()).collect(),
                });
                Ok(table_of(own.into()))
            }
            Err(error) => Err(error),
        }
    }
}

/// Calling off is the operators' step; the others belong to whoever works the orders off.
fn table_of(states: Vec<ProcessState>) -> StatusTable {
    let mut table = StatusTable {
        cancelled: Some(CANCELLED.to_owned()),
        ..StatusTable::default()
    };
    for state in states {
        for to in &state.to {
            let is_ours = to == CANCELLED && stage_of(&state.name) == OrderStage::New;
            table.transitions.push(Transition {
                from: state.name.clone(),
                to: to.clone(),
                least: if is_ours {
                    Role::Operator
                } else {
                    Role::Supervisor
                },
            });
        }
        table.statuses.push(Status {
            stage: stage_of(&state.name),
            name: state.name.clone(),
            word: state.name,
        });
    }
    let known: Vec<_> = table.statuses.iter().map(|one| one.word.clone()).collect();
    table.transitions.retain(|step| known.contains(&step.to));
    table.cancelled = table.cancelled.filter(|word| known.contains(word));
    table
}

fn stage_of(state: &str) -> OrderStage {
    match state {
        "PaymentAuthorized" | "PaymentSettled" => OrderStage::New,
        "PartiallyShipped" | "Shipped" | "PartiallyDelivered" | "Delivered" => {
            OrderStage::Fulfilled
        }
        CANCELLED => OrderStage::Cancelled,
        _ => OrderStage::Other,
    }
}

fn no_step(state: &str, target: &str) -> ShopError {
    ShopError::Refused(format!("no step leads from {state} to {target}"))
}
