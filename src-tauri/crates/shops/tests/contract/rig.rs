//! What the suite needs of a shop besides the connector: orders to work on, staff who change them,
//! an eye of its own on what stands there, and things going wrong on the way.

use async_trait::async_trait;
use rules::id::RemoteId;
use shops::Shop;
use testkit::double::{Double, Fault, Handler};

/// What goes wrong with one request.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Trouble {
    /// The connection ends before the shop has done anything.
    CutBefore,
    /// The connection ends after the shop has done it.
    CutAfter,
    /// It is done; the connection ends in the middle of the answer.
    CutMidBody,
    /// It is done, and the answer comes late.
    Delay,
    /// Something on the way sends it twice.
    Duplicate,
    /// The connection ends, and it is done after something else, at the latest in the quiet period.
    Reorder,
    /// 429; nothing is done.
    TooMany,
    /// 500 after it is done.
    FailAfter,
    /// A read is answered with what stood there before the operation.
    Stale,
    /// It is done by a clock that is an hour ahead.
    ClockAhead,
    /// It is done, and the order is left with wrong sums.
    WrongTotals,
}

impl Trouble {
    /// Every kind.
    pub const ALL: [Self; 11] = [
        Self::CutBefore,
        Self::CutAfter,
        Self::CutMidBody,
        Self::Delay,
        Self::Duplicate,
        Self::Reorder,
        Self::TooMany,
        Self::FailAfter,
        Self::Stale,
        Self::ClockAhead,
        Self::WrongTotals,
    ];

    /// Whether it happens to reads; all others happen to writes.
    pub fn is_of_reads(self) -> bool {
        self == Self::Stale
    }

    /// The same in a double's words.
    pub fn fault(self) -> Fault {
        match self {
            Self::CutBefore => Fault::CutBefore,
            Self::CutAfter => Fault::CutAfter,
            Self::CutMidBody => Fault::CutMidBody,
            Self::Delay => Fault::Delay(std::time::Duration::from_millis(50)),
            Self::Duplicate => Fault::Duplicate,
            Self::Reorder => Fault::Reorder,
            Self::TooMany => Fault::TooMany(2),
            Self::FailAfter => Fault::FailAfter,
            Self::Stale => Fault::Stale,
            Self::ClockAhead => Fault::ClockAhead(chrono::TimeDelta::hours(1)),
            Self::WrongTotals => Fault::WrongTotals,
        }
    }

    /// Plans it for a double whose writes are requests of `write` (verb, start of the route) and
    /// whose reads are those of `read`: the first after `skip` of them.
    pub fn plan<H: Handler>(
        self,
        double: &Double<H>,
        write: (&str, &str),
        read: (&str, &str),
        skip: usize,
    ) {
        let (method, route) = if self.is_of_reads() { read } else { write };
        double.fail_nth(skip, method, route, self.fault());
    }
}

/// What the shop's staff do to an order, behind the desk's back.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Set the pieces of a line, counted from zero, with the right totals.
    Pieces {
        /// Which line.
        line: usize,
        /// How many.
        pieces: u32,
    },
    /// Call the order off.
    Cancel,
    /// Change anything the desk sees, so that the order counts as changed.
    Touch,
    /// Write a note without any mark.
    Note,
    /// Move it to the trash, or whatever makes it gone and is still told.
    Trash,
    /// Delete it for good.
    Delete,
}

/// What stands at the shop, read past the connector.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Product, pieces and what the customer pays for the line in minor units; lines with no pieces
    /// left are left out. In the shop's own order.
    pub lines: Vec<(RemoteId, u32, i64)>,
    /// What the customer pays for all, minor units.
    pub total: i64,
    /// Whether the total is the sum of its parts by the shop's own reckoning.
    pub adds_up: bool,
    /// The shop's word for where it stands.
    pub status: String,
    /// Texts of its notes for the staff (a comment that is one text counts as one).
    pub notes: Vec<String>,
    /// Refunds: minor units, above zero.
    pub refunds: Vec<i64>,
}

/// One shop, for the suite to work on. A rig may serve many cases: every case takes orders of its own.
#[async_trait]
pub trait Rig: Send + Sync {
    /// A connector to it, opened anew.
    fn shop(&self) -> Box<dyn Shop>;

    /// The product of this number: 0 and 1 stand on every order taken, 2 is not on any and can be
    /// added; all with plenty in stock.
    fn product(&self, number: usize) -> RemoteId;

    /// An order placed now, ready to be confirmed, with so many pieces of products 0 and 1 (none
    /// has no line), paid on delivery or in a way that lets money be given back.
    async fn take_order(&self, pieces: [u32; 2]) -> RemoteId;

    /// The staff do it. False where this shop cannot: then the case is skipped.
    async fn staff(&self, order: &RemoteId, deed: Deed) -> bool;

    /// What stands there now.
    async fn stands(&self, order: &RemoteId) -> Standing;

    /// How many coupons bear this code.
    async fn coupons(&self, code: &str) -> usize;

    /// Plans trouble for the write (for [`Trouble::Stale`] the read) that comes after `skip` others.
    /// False where it cannot happen here.
    fn plan(&self, trouble: Trouble, skip: usize) -> bool;

    /// Whether planned trouble has not happened; forgets it.
    fn forget(&self) -> bool;

    /// Whether the shop lets a refund be taken back that stands twice because something on the way
    /// repeated it.
    fn takes_back_refunds(&self) -> bool {
        true
    }

    /// Lets everything that is still on its way arrive.
    async fn quiet(&self);

    /// Lets time pass at the shop; a real one may wait, or have nothing to do.
    async fn pass(&self, seconds: i64);

    /// How many writes the connector has sent so far; none where nobody counts.
    fn writes(&self) -> Option<usize>;
}
