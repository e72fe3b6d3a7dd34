//! Calls made with whatever answers `tel:` links on this machine: a softphone, a paired mobile.
//! It tells nothing back, so the operator marks what happens, and the marks become the events.

use crate::{Telephony, TelephonyError, TelephonyEvent, TelephonyEventKind as Kind};
use async_trait::async_trait;
use chrono::{DateTime, Utc};
use rules::id::CallId;
use rules::phone::Phone;
use std::io;
use std::sync::{Mutex, MutexGuard, PoisonError};
use tokio::sync::broadcast;

/// Opens a link with the program the system has for it.
pub type Opener = Box<dyn Fn(&str) -> io::Result<()> + Send + Sync>;
/// Tells the time.
pub type Clock = Box<dyn Fn() -> DateTime<Utc> + Send + Sync>;

/// Events a listener may fall behind by; one call makes about six.
const BACKLOG: usize = 64;

/// What the operator saw or heard.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Mark {
    /// It rings.
    Ringing,
    /// Someone answered.
    Answered,
    /// The call is over.
    Ended,
}

/// A phone outside the desk, one call at a time.
pub struct TelHandOff {
    open: Opener,
    clock: Clock,
    events: broadcast::Sender<TelephonyEvent>,
    current: Mutex<Option<(CallId, Kind)>>,
}

impl TelHandOff {
    /// A hand-off by this opener and clock.
    pub fn new(open: Opener, clock: Clock) -> Self {
        let (events, _) = broadcast::channel(BACKLOG);
        Self {
            open,
            clock,
            events,
            current: Mutex::new(None),
        }
    }

    /// Takes up a call that was going on when the desk stopped, as its stored events say.
    pub fn take_up(&self, call: CallId, last: Kind) {
        if last != Kind::Ended {
            *self.current() = Some((call, last));
        }
    }

    /// Turns what the operator saw into an event.
    ///
    /// # Errors
    /// [`TelephonyError::NotNow`] when it cannot follow what was marked before.
    pub fn mark(&self, call: CallId, mark: Mark) -> Result<(), TelephonyError> {
        self.happen(
            call,
            match mark {
                Mark::Ringing => Kind::Ringing,
                Mark::Answered => Kind::Answered,
                Mark::Ended => Kind::Ended,
            },
        )
    }

    fn happen(&self, call: CallId, next: Kind) -> Result<(), TelephonyError> {
        let mut current = self.current();
        let last = current.and_then(|(going_on, last)| (going_on == call).then_some(last));
        let follows = matches!(
            (last, next),
            (Some(Kind::Dialling), Kind::Ringing)
                | (Some(Kind::Dialling | Kind::Ringing), Kind::Answered)
                | (Some(Kind::Answered | Kind::Resumed), Kind::Held)
                | (Some(Kind::Held), Kind::Resumed)
                | (Some(_), Kind::Ended)
        );
        if !follows {
            return Err(TelephonyError::NotNow);
        }
        *current = (next != Kind::Ended).then_some((call, next));
        self.tell(call, next);
        Ok(())
    }

    fn tell(&self, call: CallId, kind: Kind) {
        // Nobody listening is no fault: the desk may be closing.
        let _ = self.events.send(TelephonyEvent {
            call,
            kind,
            at: (self.clock)(),
        });
    }

    fn current(&self) -> MutexGuard<'_, Option<(CallId, Kind)>> {
        // The value is whole at every moment, so a panic elsewhere has not spoilt it.
        self.current.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

/// The link that dials a number: RFC 3966, global number, digits only.
fn tel_link(number: &Phone) -> String {
    // A `Phone` is a plus and digits by construction, so nothing needs escaping.
    format!("tel:{}", number.e164())
}

#[async_trait]
impl Telephony for TelHandOff {
    async fn dial(&self, call: CallId, number: &Phone) -> Result<(), TelephonyError> {
        let mut current = self.current();
        if current.is_some() {
            return Err(TelephonyError::Busy);
        }
        (self.open)(&tel_link(number)).map_err(TelephonyError::NotStarted)?;
        *current = Some((call, Kind::Dialling));
        self.tell(call, Kind::Dialling);
        Ok(())
    }

    async fn hang_up(&self, call: CallId) -> Result<(), TelephonyError> {
        self.happen(call, Kind::Ended)
    }

    async fn hold(&self, call: CallId) -> Result<(), TelephonyError> {
        self.happen(call, Kind::Held)
    }

    async fn resume(&self, call: CallId) -> Result<(), TelephonyError> {
        self.happen(call, Kind::Resumed)
    }

    fn events(&self) -> broadcast::Receiver<TelephonyEvent> {
        self.events.subscribe()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::sync::Arc;
    use std::sync::atomic::{AtomicI64, Ordering};
    use tokio::sync::broadcast::error::TryRecvError;
    use uuid::Uuid;

    fn call(number: u128) -> CallId {
        CallId::from_uuid(Uuid::from_u128(number))
    }

    fn number() -> Phone {
        Phone::parse("067 123 45 67", "UA").remove(0)
    }

    /// A hand-off whose clock counts seconds from the epoch and which keeps what it opened.
    fn hand_off() -> (TelHandOff, Arc<Mutex<Vec<String>>>) {
        let opened = Arc::new(Mutex::new(Vec::new()));
        let keep = Arc::clone(&opened);
        let second = AtomicI64::new(0);
        let phone = TelHandOff::new(
            Box::new(move |link| {
                keep.lock().unwrap().push(link.to_owned());
                Ok(())
            }),
            Box::new(move || {
                DateTime::from_timestamp(second.fetch_add(1, Ordering::SeqCst), 0).unwrap()
            }),
        );
        (phone, opened)
    }

    #[tokio::test]
    async fn marks_become_events_in_order_and_time() {
        let (phone, opened) = hand_off();
        let mut events = phone.events();
        phone.dial(call(1), &number()).await.unwrap();
        phone.mark(call(1), Mark::Ringing).unwrap();
        phone.mark(call(1), Mark::Answered).unwrap();
        phone.hold(call(1)).await.unwrap();
        phone.resume(call(1)).await.unwrap();
        phone.hang_up(call(1)).await.unwrap();
        assert_eq!(
            *opened.lock().unwrap(),
            ["tel:+380671234567"],
            "dialled once, as RFC 3966 writes it"
        );
        let expected = [
            Kind::Dialling,
            Kind::Ringing,
            Kind::Answered,
            Kind::Held,
            Kind::Resumed,
            Kind::Ended,
        ];
        for (second, kind) in (0..).zip(expected) {
            let event = events.recv().await.unwrap();
            let at = DateTime::from_timestamp(second, 0).unwrap();
            assert_eq!(
                event,
                TelephonyEvent {
                    call: call(1),
                    kind,
                    at
                }
            );
        }
    }

    #[tokio::test]
    async fn the_events_are_legal_for_the_operators_line() {
        let (phone, _) = hand_off();
        let mut events = phone.events();
        phone.dial(call(1), &number()).await.unwrap();
        phone.mark(call(1), Mark::Answered).unwrap();
        phone.hold(call(1)).await.unwrap();
        phone.mark(call(1), Mark::Ended).unwrap();
        let mut line = rules::call::Line::ready(DateTime::UNIX_EPOCH);
        while let Ok(event) = events.try_recv() {
            line = line.after(event.kind.line_event(), event.at).unwrap();
        }
        assert_eq!(
            line.state,
            rules::call::CallState::WrapUp,
            "whatever is marked ends in wrap-up"
        );
    }

    #[tokio::test]
    async fn one_call_at_a_time() {
        let (phone, opened) = hand_off();
        phone.dial(call(1), &number()).await.unwrap();
        let second = phone.dial(call(2), &number()).await;
        assert!(
            matches!(second, Err(TelephonyError::Busy)),
            "a second key press must not dial twice"
        );
        assert_eq!(opened.lock().unwrap().len(), 1);
        phone.hang_up(call(1)).await.unwrap();
        phone.dial(call(2), &number()).await.unwrap();
    }

    #[tokio::test]
    async fn a_mark_that_cannot_follow_is_refused_and_tells_nobody() {
        let (phone, _) = hand_off();
        let mut events = phone.events();
        assert!(
            matches!(
                phone.mark(call(1), Mark::Answered),
                Err(TelephonyError::NotNow)
            ),
            "nothing was dialled"
        );
        phone.dial(call(1), &number()).await.unwrap();
        assert_eq!(events.recv().await.unwrap().kind, Kind::Dialling);
        assert!(
            matches!(phone.hold(call(1)).await, Err(TelephonyError::NotNow)),
            "nobody to park yet"
        );
        assert!(
            matches!(
                phone.mark(call(2), Mark::Ended),
                Err(TelephonyError::NotNow)
            ),
            "another call"
        );
        assert_eq!(
            events.try_recv(),
            Err(TryRecvError::Empty),
            "a refused mark is no event"
        );
    }

    #[tokio::test]
    async fn a_program_that_cannot_start_leaves_the_line_free() {
        let phone = TelHandOff::new(
            Box::new(|_| Err(io::Error::from(io::ErrorKind::NotFound))),
            Box::new(|| DateTime::UNIX_EPOCH),
        );
        let mut events = phone.events();
        for _ in 0..2 {
            let dialled = phone.dial(call(1), &number()).await;
            assert!(
                matches!(dialled, Err(TelephonyError::NotStarted(_))),
                "not busy the second time either"
            );
        }
        assert_eq!(
            events.try_recv(),
            Err(TryRecvError::Empty),
            "what was not dialled did not happen"
        );
    }

    #[tokio::test]
    async fn a_call_is_taken_up_after_a_restart() {
        let (phone, _) = hand_off();
        phone.take_up(call(1), Kind::Held);
        phone.resume(call(1)).await.unwrap();
        phone.hang_up(call(1)).await.unwrap();
        phone.take_up(call(2), Kind::Ended);
        phone.dial(call(3), &number()).await.unwrap();
    }
}
