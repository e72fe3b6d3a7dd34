//! From people on the phone to people on the payroll.

use serde::{Deserialize, Serialize};
use specta::Type;

/// Why someone on the payroll is not on the phone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ShrinkageKind {
    /// Paid leave.
    Leave,
    /// Sick leave.
    Sickness,
    /// Training and coaching.
    Training,
    /// Meetings.
    Meetings,
    /// Paid breaks.
    Breaks,
    /// Away from the desk or late.
    Adherence,
    /// Systems that are down.
    Outage,
    /// Anything else.
    Other,
}

/// One kind of shrinkage.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct ShrinkageShare {
    /// Why.
    pub kind: ShrinkageKind,
    /// The share of paid time, from 0 and below 1.
    pub share: f64,
}

/// All that keeps people from the phone, as shares of the same paid time: they add up.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize, Type)]
pub struct Shrinkage {
    /// The kinds; one may stand there more than once.
    pub shares: Vec<ShrinkageShare>,
}

impl Shrinkage {
    /// All kinds together; none where a share is not between 0 and 1 or nothing of the paid time is left.
    pub fn total(&self) -> Option<f64> {
        let proper = |share: &ShrinkageShare| (0.0..1.0).contains(&share.share);
        let total: f64 = self.shares.iter().map(|share| share.share).sum();
        (self.shares.iter().all(proper) && total < 1.0).then_some(total)
    }

    /// The people on the payroll whose presence is worth `agents`, not rounded, for sums of full-time
    /// equivalents. None where [`Shrinkage::total`] is.
    pub fn full_time(&self, agents: f64) -> Option<f64> {
        self.total().map(|total| agents / (1.0 - total))
    }

    /// The whole people on the payroll of whom `agents` are on the phone: divided by what is left of
    /// the paid time, and rounded up once. None where [`Shrinkage::total`] is.
    pub fn positions(&self, agents: u32) -> Option<u32> {
        self.full_time(f64::from(agents)).map(whole)
    }
}

/// The least whole number that is not below `value`, but for the error of a float.
pub(crate) fn whole(value: f64) -> u32 {
    let up = libm::ceil(value - 1e-9).clamp(0.0, f64::from(u32::MAX));
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number between 0 and the greatest of its type"
    )]
    let up = up as u32;
    up
}
