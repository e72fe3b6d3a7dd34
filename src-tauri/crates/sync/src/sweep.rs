//! When the nightly look for what stands twice at the shop begins.

use chrono::{DateTime, Days, TimeZone, Utc};

/// The hour of the shop's own day: the fewest visitors, and after the shop's own nightly work.
const HOUR: u32 = 3;

/// The next night's beginning after `last`: three o'clock in the shop's zone. Of an hour that the
/// change of clocks leaves out, the next one that there is.
///
/// A desk that sleeps at night does it when it is next on.
pub fn next_after<Z: TimeZone>(last: DateTime<Utc>, zone: &Z) -> DateTime<Utc> {
    let local = last.with_timezone(zone).date_naive();
    (0..=2_u64)
        .filter_map(|ahead| local.checked_add_days(Days::new(ahead)))
        .filter_map(|day| {
            (HOUR..HOUR + 3)
                .filter_map(|hour| day.and_hms_opt(hour, 0, 0))
                .find_map(|start| zone.from_local_datetime(&start).earliest())
        })
        .map(|start| start.with_timezone(&Utc))
        .find(|start| *start > last)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}
