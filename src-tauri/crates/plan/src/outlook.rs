//! What a plan makes of the calls that are expected: people come, take their breaks and go, and
//! callers wait or hang up meanwhile.

use staffing::{Counts, Day, Offered, Presence, Span, predict};

/// One line on one day, from midnight to midnight by the wall clock.
#[derive(Clone, Copy, Debug)]
pub struct LineDay<'a> {
    /// Calls and handle times expected, interval by interval.
    pub offered: &'a [Offered],
    /// Length of an interval, seconds.
    pub interval_s: f64,
    /// How long callers wait on the average before they hang up, seconds; none never does.
    pub patience_s: Option<f64>,
    /// What counts as answered in time, seconds.
    pub threshold_s: f64,
    /// People who call out instead, interval by interval; those beyond the end are none.
    pub outbound: &'a [f64],
    /// Share of those planned who will not be there, 0 to 1: sickness and whatever else no shift shows.
    pub away: f64,
}

impl LineDay<'_> {
    /// Of those present in each interval, how many are away or call out.
    pub(crate) fn elsewhere(&self, present: &Presence) -> Vec<u32> {
        let outbound = self.outbound.iter().copied().chain(std::iter::repeat(0.0));
        present
            .seconds(self.offered.len(), self.interval_s)
            .into_iter()
            .zip(outbound)
            .map(|(seconds, outbound)| whole(seconds / self.interval_s * self.away + outbound))
            .collect()
    }
}

/// What becomes of the day's calls when these people work, one list of stretches each: their shifts
/// without breaks, in seconds from midnight.
///
/// The chances of each number of callers are carried from moment to moment, so that a ramp, a backlog
/// and a lunch have the effect they have: see [`staffing::predict`].
pub fn foresee<S: AsRef<[Span]>>(day: &LineDay<'_>, shifts: &[S]) -> Counts {
    let all = Presence::of(shifts);
    let on_the_line = all.without(&day.elsewhere(&all), day.interval_s);
    let day = Day {
        offered: day.offered,
        interval_s: day.interval_s,
        patience_s: day.patience_s,
        threshold_s: day.threshold_s,
    };
    predict(&day, &on_the_line).into_iter().sum()
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "people of one line, never below none"
)]
fn whole(people: f64) -> u32 {
    people.max(0.0).round() as u32
}
