//! What goes wrong between us and a shop, told apart by what a person can do about it.

use rules::merge::Conflict;
use std::time::Duration;

/// Why a shop did not do what was asked. Carries no customer data and no secrets.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum ShopError {
    /// The text is no address of a shop.
    #[error("the address cannot be read")]
    BadAddress,
    /// Plain HTTP without an admin's leave, or an https address that does not speak TLS.
    #[error("the connection is not encrypted")]
    NoTls,
    /// The certificate is not trusted, expired, or for another name.
    #[error("the certificate is not trusted")]
    BadCertificate,
    /// A loopback, private or link-local address without an admin's leave.
    #[error("the address is inside a private network")]
    PrivateAddress,
    /// Key, user or password refused.
    #[error("the key or password is wrong")]
    WrongKey,
    /// The key is right, but may not read this.
    #[error("no right to read {0}")]
    NoReadRight(&'static str),
    /// The key is right, but may not write.
    #[error("no right to write")]
    NoWriteRight,
    /// Something answers there, but not this kind of shop.
    #[error("no such shop at this address")]
    NotAShop,
    /// It sends us to another host or scheme, which may be a stranger's: the admin decides.
    #[error("the shop has moved to {0}")]
    Moved(String),
    /// No answer: no name, no route, refused, cut off. Whether a write arrived is unknown.
    #[error("the shop cannot be reached")]
    Unreachable,
    /// No answer in time. Whether a write arrived is unknown.
    #[error("the shop did not answer in time")]
    TimedOut,
    /// The shop asks to slow down.
    #[error("the shop asks to wait")]
    Busy {
        /// How long, where it says.
        retry_after: Option<Duration>,
    },
    /// A 5xx or a maintenance page. Whether a write arrived is unknown.
    #[error("the shop has a fault of its own ({status})")]
    ShopFault {
        /// HTTP status.
        status: u16,
    },
    /// An answer too large, cut, or not in the protocol's form.
    #[error("the shop's answer cannot be understood: {0}")]
    BadReply(String),
    /// The order is not there any more.
    #[error("the order is gone")]
    Gone,
    /// The shop's own rules forbid it, e.g. a status that cannot follow; retrying will not help.
    #[error("the shop refuses: {0}")]
    Refused(String),
    /// Someone changed the same thing at the shop since the operator saw it.
    #[error("changed at the shop meanwhile")]
    Conflict(Box<Conflict>),
    /// This kind of shop, or this shop, cannot do it.
    #[error("the shop cannot do this: {0}")]
    Unsupported(&'static str),
}

impl From<Conflict> for ShopError {
    fn from(conflict: Conflict) -> Self {
        Self::Conflict(Box::new(conflict))
    }
}

impl ShopError {
    /// Whether a write may have happened in spite of the error.
    pub fn leaves_doubt(&self) -> bool {
        matches!(
            self,
            Self::Unreachable | Self::TimedOut | Self::ShopFault { .. } | Self::BadReply(_)
        )
    }

    /// Whether the same request may succeed later without anyone's help.
    pub fn is_passing(&self) -> bool {
        self.leaves_doubt() || matches!(self, Self::Busy { .. })
    }
}
