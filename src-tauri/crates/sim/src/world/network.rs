//! What lies between a desk and the shop, and when the shop is away.

use super::clock::{MINUTE, Moment, SECOND};
use crate::chance::Chance;
use crate::plan::{REQUEST_LIMIT, SHOP_LIMIT};

/// Why no answer, or none of use, came.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Cut {
    /// Refused or cut off.
    Unreachable,
    /// Nothing within the client's limit.
    TimedOut,
    /// The body ends in the middle.
    Garbled,
}

/// What becomes of one request. Times are counted from its leaving.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub(crate) struct Fate {
    /// When the shop has carried it out; none where it gets lost before.
    pub(crate) done: Option<Moment>,
    /// When a proxy's second copy has been carried out.
    pub(crate) again: Option<Moment>,
    /// How long the answer takes; none where it gets lost.
    pub(crate) back: Option<Moment>,
    /// The answer is cut in the middle.
    pub(crate) is_garbled: bool,
    /// The connection's loss is noticed at once, not by the limit.
    pub(crate) is_reset: bool,
}

/// The latest that a request may still be carried out: the product's quiet period is twice this.
const BOUND: Moment = REQUEST_LIMIT + SHOP_LIMIT;

impl Fate {
    /// On a day without faults.
    pub(crate) fn kind(chance: &mut Chance) -> Self {
        Self {
            done: Some(chance.between(30, 400)),
            back: Some(chance.between(10, 100)),
            ..Self::default()
        }
    }

    /// On a bad day.
    pub(crate) fn bad(chance: &mut Chance, is_write: bool) -> Self {
        let mut fate = Self::kind(chance);
        fate.is_reset = chance.often(5000);
        if chance.often(500) {
            if chance.often(5000) {
                fate.done = None;
            } else {
                fate.back = None;
            }
        }
        if chance.often(1000) {
            // One in ten of these outlasts the client's patience and still arrives.
            let longest = if chance.often(1000) {
                BOUND - SECOND
            } else {
                45 * SECOND
            };
            let late = chance.between(SECOND, longest);
            if chance.often(6000) {
                fate.done = fate.done.map(|_| late);
            } else {
                fate.back = fate.back.map(|_| late);
            }
        }
        if is_write && chance.often(300) {
            // A proxy sends anew what it holds for lost; the first copy may still be under way.
            let apart = if chance.often(2000) {
                chance.between(0, BOUND)
            } else {
                chance.between(0, 5 * SECOND)
            };
            fate.again = fate.done.map(|done| (done + apart).min(BOUND - SECOND));
        }
        fate.is_garbled = chance.often(50);
        fate
    }
}

/// What the shop as a whole is like at a time.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Weather {
    Fine,
    /// No connection at all.
    Away,
    /// Every request gets a 503.
    Maintenance,
    /// Every request gets a 429.
    Crowded,
}

/// When the shop is away on one day.
#[derive(Default)]
pub(crate) struct Forecast(Vec<(Moment, Moment, Weather)>);

impl Forecast {
    /// Three outages, one maintenance and one crowd between two moments.
    pub(crate) fn bad(chance: &mut Chance, from: Moment, to: Moment) -> Self {
        let mut spells = Vec::new();
        let kinds = [
            Weather::Away,
            Weather::Away,
            Weather::Away,
            Weather::Maintenance,
            Weather::Crowded,
        ];
        for kind in kinds {
            let start = chance.between(from, to);
            let longest = if kind == Weather::Crowded { 3 } else { 20 };
            let end = start + chance.between(MINUTE, longest * MINUTE);
            spells.push((start, end.min(to), kind));
        }
        Self(spells)
    }

    pub(crate) fn at(&self, now: Moment) -> Weather {
        self.0
            .iter()
            .find(|(from, to, _)| (*from..*to).contains(&now))
            .map_or(Weather::Fine, |spell| spell.2)
    }
}
