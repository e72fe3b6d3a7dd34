//! Identities. Ours are `UUIDv7`, made on the desk; a shop's are its own strings.

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;
use uuid::Uuid;

macro_rules! ids {
    ($($(#[$doc:meta])* $name:ident;)+) => {$(
        $(#[$doc])*
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type)]
        #[serde(transparent)]
        pub struct $name(#[specta(type = String)] Uuid);

        impl $name {
            /// Takes an identity minted elsewhere; this crate has no clock to mint one.
            pub const fn from_uuid(uuid: Uuid) -> Self { Self(uuid) }
            /// The bare UUID.
            pub const fn uuid(self) -> Uuid { self.0 }
        }

        impl fmt::Display for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result { self.0.fmt(f) }
        }

        impl FromStr for $name {
            type Err = uuid::Error;
            fn from_str(text: &str) -> Result<Self, Self::Err> { text.parse().map(Self) }
        }
    )+};
}

ids! {
    /// A person with an account in the centre.
    PersonId;
    /// A client shop served by the centre.
    ShopId;
    /// One piece of work on one order.
    TaskId;
    /// One attempt to speak with a customer.
    CallId;
    /// One write that must reach the shop exactly once.
    OperationId;
    /// One recorded change of a store: the unit of audit and replication.
    ChangeId;
    /// One published version of a script.
    ScriptVersionId;
    /// One recorded answer, tick or mark.
    FactId;
    /// One plan of shifts.
    PlanId;
    /// One shift of one person.
    ShiftId;
    /// One kind of shift that can be given.
    TemplateId;
    /// One request for a swap or for time off.
    RequestId;
    /// One meeting or training.
    MeetingId;
}

/// An identity given by a shop: opaque, compared byte by byte.
#[derive(
    Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type,
)]
#[serde(transparent)]
pub struct RemoteId(pub String);

impl RemoteId {
    /// The shop's own text.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl From<&str> for RemoteId {
    fn from(text: &str) -> Self {
        Self(text.to_owned())
    }
}

impl fmt::Display for RemoteId {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}
