//! What a day is like: times, numbers, and which faults there are.

use crate::world::clock::{HOUR, MINUTE, Moment, SECOND};

/// How long a client waits for an answer, as the connectors do.
pub(crate) const REQUEST_LIMIT: Moment = 60 * SECOND;

/// The longest that a shop works on a request, as the product assumes.
pub(crate) const SHOP_LIMIT: Moment = 60 * SECOND;

/// Desks at work.
pub(crate) const DESKS: usize = 5;

/// How the protocol is broken on purpose, to see that the simulator notices.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub enum Break {
    /// Writes leave no mark at the shop.
    NoMarker,
    /// A write in doubt is looked for at once.
    NoQuiet,
    /// A poll does not reach back.
    NoOverlap,
    /// A poll asks for what changed since the desk's own clock's last poll.
    DeskClock,
}

/// The day.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Plan {
    pub(crate) desks: usize,
    /// Results that each desk records, about.
    pub(crate) results: u32,
    /// Orders that are there in the morning, and those placed during the day.
    pub(crate) old_orders: u32,
    pub(crate) new_orders: u32,
    /// Things the shop's staff do.
    pub(crate) staff: u32,
    /// When work begins, when it and all faults end, and when waiting for the queues ends.
    pub(crate) open: Moment,
    pub(crate) close: Moment,
    pub(crate) patience: Moment,
    /// Between two polls.
    pub(crate) poll: Moment,
    /// How far the shop's zone is ahead of ours.
    pub(crate) zone: Moment,
    pub(crate) has_faults: bool,
    /// Crashes of ten thousand awaits.
    pub(crate) crashes: u32,
    /// The one await at which desk 0 crashes, and on which side of it.
    pub(crate) crash_at: Option<(u64, Side)>,
    pub(crate) broken: Option<Break>,
}

/// On which side of an await.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Side {
    /// The effect was never begun.
    Before,
    /// The effect has happened, and its answer is lost.
    After,
}

impl Plan {
    /// A full day: five desks, tens of results each.
    pub(crate) fn full() -> Self {
        Self {
            desks: DESKS,
            results: 40,
            old_orders: 100,
            new_orders: 200,
            staff: 400,
            open: 8 * HOUR,
            close: 14 * HOUR,
            patience: 20 * HOUR,
            poll: MINUTE,
            zone: 10 * HOUR,
            has_faults: true,
            crashes: 20,
            crash_at: None,
            broken: None,
        }
    }

    /// In one day of ten the shop's night falls into our day: sweeping meets all the faults too.
    pub(crate) fn of_seed(self, seed: u64) -> Self {
        if seed % 10 != 7 {
            return self;
        }
        Self {
            zone: -8 * HOUR,
            patience: 36 * HOUR,
            ..self
        }
    }

    /// A short and busy one at one desk, for crashing everywhere.
    pub(crate) fn short() -> Self {
        Self {
            desks: 1,
            results: 5,
            old_orders: 14,
            new_orders: 2,
            staff: 8,
            close: 8 * HOUR + 20 * MINUTE,
            poll: 5 * MINUTE,
            crashes: 0,
            ..Self::full()
        }
    }
}
