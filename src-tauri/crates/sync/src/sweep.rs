//! When the nightly look for what stands twice at the shop begins.

use chrono::{DateTime, NaiveDate, TimeDelta, TimeZone, Utc};

/// The hour of the shop's own day: the fewest visitors, and after the shop's own nightly work.
const HOUR: u32 = 3;

/// The next three o'clock in the shop's zone after `moment`; where the change of clocks leaves the
/// hour out, the next that there is. A desk that is off at night sweeps when it is next on.
pub fn next_after<Z: TimeZone>(moment: DateTime<Utc>, zone: &Z) -> DateTime<Utc> {
    let local = moment.with_timezone(zone).date_naive();
    nights(local, [0, 1, 2], zone)
        .find(|night| *night > moment)
        .unwrap_or(DateTime::<Utc>::MAX_UTC)
}

/// The last three o'clock in the shop's zone up to `moment`: what was done a quiet period before it
/// is to be swept.
pub fn last_before<Z: TimeZone>(moment: DateTime<Utc>, zone: &Z) -> DateTime<Utc> {
    let local = moment.with_timezone(zone).date_naive();
    nights(local, [0, -1, -2], zone)
        .find(|night| *night <= moment)
        .unwrap_or(DateTime::<Utc>::MIN_UTC)
}

fn nights<Z: TimeZone>(
    local: NaiveDate,
    ahead: [i64; 3],
    zone: &Z,
) -> impl Iterator<Item = DateTime<Utc>> {
    ahead
        .into_iter()
        .filter_map(move |days| local.checked_add_signed(TimeDelta::days(days)))
        .filter_map(move |day| {
            (HOUR..HOUR + 3)
                .filter_map(|hour| day.and_hms_opt(hour, 0, 0))
                .find_map(|start| zone.from_local_datetime(&start).earliest())
        })
        .map(|start| start.with_timezone(&Utc))
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::FixedOffset;

    #[test]
    fn each_night_of_the_shop_comes_once() {
        let zone = FixedOffset::east_opt(2 * 3_600).unwrap();
        let mut now = "2026-03-02T00:59:00Z".parse::<DateTime<Utc>>().unwrap();
        assert_eq!(
            last_before(now, &zone).to_rfc3339(),
            "2026-03-01T01:00:00+00:00",
            "a minute to three there: the night before"
        );
        for day in 2..6 {
            let night = next_after(now, &zone);
            assert_eq!(night.to_rfc3339(), format!("2026-03-0{day}T01:00:00+00:00"));
            assert_eq!(last_before(night, &zone), night, "it has come");
            now = night;
        }
    }
}
