//! Telephony as the desk sees it: orders go in, events come out in their own time.
//!
//! Nothing is known from an order alone: that dialling was asked for does not mean that it rings.
//! The state follows events only, so a built-in phone can take the place of [`TelHandOff`].

mod hand_off;

pub use hand_off::{Clock, Mark, Opener, TelHandOff};

use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rules::call::CallEvent;
use rules::id::CallId;
use rules::phone::Phone;
use tokio::sync::broadcast;

/// Something that can call.
#[async_trait]
pub trait Telephony: Send + Sync {
    /// Dials for a call made known beforehand, so that its events can be told apart.
    async fn dial(&self, call: CallId, number: &Phone) -> Result<(), TelephonyError>;

    /// Ends the call, answered or not.
    async fn hang_up(&self, call: CallId) -> Result<(), TelephonyError>;

    /// Parks the customer.
    async fn hold(&self, call: CallId) -> Result<(), TelephonyError>;

    /// Goes on with the conversation.
    async fn resume(&self, call: CallId) -> Result<(), TelephonyError>;

    /// Events from now on. A listener that falls far behind is told how many it missed.
    fn events(&self) -> broadcast::Receiver<TelephonyEvent>;
}

/// One thing that happened to one call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct TelephonyEvent {
    /// Which call.
    pub call: CallId,
    /// What.
    pub kind: TelephonyEventKind,
    /// When.
    pub at: DateTime<Utc>,
}

/// What can happen to a call.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TelephonyEventKind {
    /// The number is being dialled.
    Dialling,
    /// It rings.
    Ringing,
    /// Someone answered.
    Answered,
    /// The customer was parked.
    Held,
    /// The conversation goes on.
    Resumed,
    /// The call is over.
    Ended,
}

impl TelephonyEventKind {
    /// The same for the operator's line.
    pub fn line_event(self) -> CallEvent {
        match self {
            Self::Dialling => CallEvent::Dialled,
            Self::Ringing => CallEvent::Ringing,
            Self::Answered => CallEvent::Answered,
            Self::Held => CallEvent::Held,
            Self::Resumed => CallEvent::Resumed,
            Self::Ended => CallEvent::Ended,
        }
    }
}

/// Why an order was not carried out. Carries no number.
#[derive(Debug, thiserror::Error)]
pub enum TelephonyError {
    /// The program that should dial could not be started.
    #[error("the phone program could not be started")]
    NotStarted(#[source] std::io::Error),
    /// Another call is going on.
    #[error("another call is going on")]
    Busy,
    /// There is no such call now, or it is not in a state for this.
    #[error("the call is not in a state for this")]
    NotNow,
}
