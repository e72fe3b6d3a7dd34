//! What the desk asks of a shop: each operation says the state it wants, never "once more",
//! so that looking at the order tells whether it has happened already.

use crate::id::{OperationId, RemoteId};
use crate::money::Money;
use chrono::{DateTime, Utc};
use serde::{Deserialize, Serialize};

/// One write to one order.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum ShopOperation {
    /// Change quantities, add and remove products; the shop recomputes the totals.
    EditLines {
        /// Which order.
        order: RemoteId,
        /// The lines as the operator saw them: what differs from this at the shop is someone else's edit.
        base: Vec<BaseLine>,
        /// What the operator changed.
        changes: Vec<LineChange>,
    },
    /// The customer has confirmed: status or fields, as the shop keeps it.
    Confirm {
        /// Which order.
        order: RemoteId,
        /// The operator's name as the shop shall show it.
        by: String,
        /// When the customer said yes.
        at: DateTime<Utc>,
        /// The outcome's code, e.g. `confirmed`.
        result: String,
    },
    /// The customer has called it off.
    Cancel {
        /// Which order.
        order: RemoteId,
        /// The contact reason's code.
        reason: String,
    },
    /// A note on the order, seen by the shop's staff only.
    AddNote {
        /// Which order.
        order: RemoteId,
        /// The text, without the marker: the connector adds it.
        text: String,
    },
    /// A coupon for the customer's next order, e.g. as a compensation.
    GrantCoupon {
        /// The order it makes up for.
        order: RemoteId,
        /// What the customer will type; unique at the shop, so it is the mark as well.
        code: String,
        /// What it takes off.
        discount: Discount,
        /// Not valid from this moment on.
        expires_at: Option<DateTime<Utc>>,
    },
    /// Money back, with the goods it stands for where they come back.
    Refund {
        /// Which order.
        order: RemoteId,
        /// How much; never more than what is left to refund.
        amount: Money,
        /// Pieces that come back into stock, by line; empty for money alone.
        returned: Vec<BaseLine>,
        /// Why, as the shop's staff shall read it.
        reason: String,
    },
}

/// What a coupon takes off.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "off", rename_all = "snake_case")]
pub enum Discount {
    /// So much of the sum.
    Amount {
        /// How much.
        amount: Money,
    },
    /// So many hundredths of a percent of the sum: 1000 is ten percent.
    Percent {
        /// Hundredths of a percent.
        basis_points: u32,
    },
}

/// A line as it stood when the operator began to edit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BaseLine {
    /// The shop's identity of the line.
    pub line: RemoteId,
    /// Pieces.
    pub quantity: u32,
}

/// One change of one order's lines.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum LineChange {
    /// So many pieces on a line that exists; zero removes it.
    SetQuantity {
        /// The shop's identity of the line.
        line: RemoteId,
        /// Pieces wanted.
        quantity: u32,
    },
    /// A product that has no line yet.
    Add {
        /// What to add.
        product: RemoteId,
        /// Pieces.
        quantity: u32,
    },
}

impl ShopOperation {
    /// The order it writes to: operations on one order are sent in order.
    pub fn order(&self) -> &RemoteId {
        match self {
            Self::EditLines { order, .. }
            | Self::Confirm { order, .. }
            | Self::Cancel { order, .. }
            | Self::AddNote { order, .. }
            | Self::GrantCoupon { order, .. }
            | Self::Refund { order, .. } => order,
        }
    }

    /// A word for lists and logs.
    pub fn kind(&self) -> &'static str {
        match self {
            Self::EditLines { .. } => "edit_lines",
            Self::Confirm { .. } => "confirm",
            Self::Cancel { .. } => "cancel",
            Self::AddNote { .. } => "add_note",
            Self::GrantCoupon { .. } => "grant_coupon",
            Self::Refund { .. } => "refund",
        }
    }
}

/// The mark left in a note or field, by which an operation is found again at the shop.
///
/// The random tail of the `UUIDv7`: the head is a time and repeats within a millisecond.
pub fn marker(operation: OperationId) -> String {
    let simple = operation.uuid().simple().to_string();
    let tail = simple.get(20..).unwrap_or(&simple);
    format!("[dz:{tail}]")
}
