//! The shop's words for where an order stands. Plugins add words of their own; the admin may say what
//! those mean and which steps the desk may take.

use super::WooCommerce;
use super::wire::{WireOrder, WireStatus};
use crate::ShopError;
use rules::merge::Conflict;
use rules::order::OrderStage;
use rules::role::Role;
use rules::status::{Status, StatusTable, Transition};

/// The words of an unextended shop.
const WORDS: [(&str, &str); 8] = [
    ("pending", "Pending payment"),
    ("processing", "Processing"),
    ("on-hold", "On hold"),
    ("completed", "Completed"),
    ("cancelled", "Cancelled"),
    ("refunded", "Refunded"),
    ("failed", "Failed"),
    ("checkout-draft", "Draft"),
];

/// What is set when the customer confirms.
const CONFIRMED: &str = "processing";

/// What is set when the customer calls it off.
const CANCELLED: &str = "cancelled";

/// The steps that the desk takes unless the admin says otherwise.
const STEPS: [(&str, &str); 6] = [
    ("pending", CONFIRMED),
    ("on-hold", CONFIRMED),
    ("pending", CANCELLED),
    ("on-hold", CANCELLED),
    (CONFIRMED, CANCELLED),
    ("failed", CANCELLED),
];

/// What the words mean: the admin's table, or the connector's own view.
pub(super) struct Words {
    given: Option<StatusTable>,
    own: StatusTable,
}

impl Words {
    pub(super) fn new(given: Option<StatusTable>) -> Self {
        let words = WORDS.map(|(word, name)| (word.to_owned(), name.to_owned()));
        Self {
            given,
            own: table_of(words),
        }
    }

    fn table(&self) -> &StatusTable {
        self.given.as_ref().unwrap_or(&self.own)
    }

    /// What a word means; one that the admin's table does not hold means what it always does.
    pub(super) fn stage(&self, word: &str) -> OrderStage {
        let given = self.given.as_ref();
        let told = given.and_then(|table| table.statuses.iter().find(|status| status.word == word));
        told.map_or_else(|| stage_of(word), |status| status.stage)
    }

    /// The word to set so that the order is confirmed; none where the status is left as it is.
    ///
    /// # Errors
    /// [`ShopError::Conflict`] for an order that is called off, [`ShopError::Refused`] where the
    /// admin's table has no such step.
    pub(super) fn to_confirm(&self, order: &WireOrder) -> Result<Option<String>, ShopError> {
        let target = self.table().confirmed.as_deref();
        let stage = order.stage(self);
        if stage == OrderStage::Cancelled {
            return Err(clash(target.unwrap_or(CONFIRMED), order));
        }
        let Some(target) = target.filter(|target| *target != order.status) else {
            return Ok(None);
        };
        if !self.table().knows(&order.status, target) {
            // What stands further on is confirmed by that; a word of some plugin's is left alone.
            let is_beyond = matches!(stage, OrderStage::Confirmed | OrderStage::Fulfilled);
            return if is_beyond || self.given.is_none() {
                Ok(None)
            } else {
                Err(no_step(order, target))
            };
        }
        // The shop takes these words for paid.
        let means_paid = matches!(target, "processing" | "completed");
        let awaits_money =
            !matches!(order.payment_method.as_str(), "" | "cod") && order.date_paid_gmt.is_none();
        Ok((!means_paid || !awaits_money).then(|| target.to_owned()))
    }

    /// The word to set so that the order is called off; none where the status is left as it is.
    ///
    /// # Errors
    /// [`ShopError::Refused`] where there is no such step.
    pub(super) fn to_cancel(&self, order: &WireOrder) -> Result<Option<String>, ShopError> {
        let target = self.table().cancelled.as_deref();
        let Some(target) = target.filter(|target| *target != order.status) else {
            return Ok(None);
        };
        if self.table().knows(&order.status, target) {
            Ok(Some(target.to_owned()))
        } else if self.given.is_some() {
            Err(no_step(order, target))
        } else {
            Err(ShopError::Refused(format!("the order is {}", order.status)))
        }
    }

    /// Whether the order's word says already that it is called off by us.
    pub(super) fn is_cancelled(&self, order: &WireOrder) -> bool {
        self.table().cancelled.as_ref() == Some(&order.status)
    }
}

impl WooCommerce {
    /// The admin's table, or the shop's words with what the connector makes of them.
    pub(super) async fn status_table(&self) -> Result<StatusTable, ShopError> {
        if let Some(given) = &self.words.given {
            return Ok(given.clone());
        }
        let found = match self.get("reports/orders/totals", Vec::new()).await {
            Ok(reply) => reply.json::<Vec<WireStatus>>()?,
            // Reports are a right of their own, and some shops switch them off.
            Err(
                ShopError::NoReadRight(_)
                | ShopError::Unsupported(_)
                | ShopError::Gone
                | ShopError::Refused(_),
            ) => Vec::new(),
            Err(error) => return Err(error),
        };
        if found.is_empty() {
            return Ok(self.words.own.clone());
        }
        let words = found.into_iter().map(|status| {
            let word = status.slug.strip_prefix("wc-").unwrap_or(&status.slug);
            let name = if status.name.is_empty() {
                word.to_owned()
            } else {
                status.name.clone()
            };
            (word.to_owned(), name)
        });
        Ok(table_of(words))
    }
}

fn table_of(words: impl IntoIterator<Item = (String, String)>) -> StatusTable {
    let statuses: Vec<_> = words
        .into_iter()
        .map(|(word, name)| Status {
            stage: stage_of(&word),
            word,
            name,
        })
        .collect();
    let has = |word: &str| statuses.iter().any(|status| status.word == word);
    let steps = STEPS.into_iter().filter(|(from, to)| has(from) && has(to));
    StatusTable {
        transitions: steps
            .map(|(from, to)| Transition {
                from: from.to_owned(),
                to: to.to_owned(),
                least: Role::Operator,
            })
            .collect(),
        confirmed: has(CONFIRMED).then(|| CONFIRMED.to_owned()),
        cancelled: has(CANCELLED).then(|| CANCELLED.to_owned()),
        statuses,
    }
}

fn stage_of(word: &str) -> OrderStage {
    match word {
        // A shop that takes cash on delivery places new orders as processing.
        "pending" | "on-hold" | "processing" => OrderStage::New,
        "completed" => OrderStage::Fulfilled,
        "cancelled" | "refunded" | "failed" | "trash" => OrderStage::Cancelled,
        _ => OrderStage::Other,
    }
}

fn clash(target: &str, order: &WireOrder) -> ShopError {
    let conflict = Conflict::status(target, &order.status);
    match order.modified() {
        Some(at) => conflict.changed_at(at),
        None => conflict,
    }
    .into()
}

fn no_step(order: &WireOrder, target: &str) -> ShopError {
    ShopError::Refused(format!("no step leads from {} to {target}", order.status))
}
