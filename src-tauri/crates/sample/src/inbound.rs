//! Calls that customers make to the shop's line, as a telephone exchange reports them: they ask after
//! orders of the days before, so that they rise and fall with the orders.

use crate::Sample;
use crate::chance::{Chance, Purpose};
use crate::history::{is_weekend, moment, order_swing, weight};
use chrono::{DateTime, Datelike, Days, NaiveDate, TimeDelta, Utc};

/// Minutes of an interval of the report.
pub const INBOUND_MINUTES: u32 = 30;
/// Calls of an ordinary weekday.
const CALLS_A_DAY: f64 = 170.0;
/// How much of a day's calls is about orders of that day, of the day before, and of two days before.
const AFTER: [f64; 3] = [0.3, 0.45, 0.25];
/// So many days ago a carrier failed, and customers called about it.
const FAILED_DAYS_AGO: u64 = 24;
const FAILED: f64 = 1.9;

/// How much of a weekday's calls begins in each half hour from nine to eight.
const WEEKDAY: [u32; 22] = [
    48, 66, 78, 84, 82, 74, 64, 58, 52, 50, 54, 58, 62, 66, 64, 60, 58, 56, 50, 42, 34, 26,
];
/// The same of a day at the weekend from ten to six.
const WEEKEND: [u32; 16] = [
    40, 54, 62, 66, 66, 62, 58, 54, 52, 50, 48, 46, 44, 40, 34, 28,
];

/// One interval of the report.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct InboundInterval {
    /// Its start.
    pub start: DateTime<Utc>,
    /// Calls.
    pub calls: u32,
    /// Handle time of all of them, seconds.
    pub handle_s: u32,
    /// Calls among them in the second language, [`Sample::second_language`].
    pub second_calls: u32,
    /// Their handle time, seconds.
    pub second_handle_s: u32,
}

impl Sample {
    /// BCP 47 code of the language that some callers speak instead of the sample's.
    pub fn second_language(&self) -> &'static str {
        self.words.second_language.0
    }

    /// The report of the last `days` days, every interval of the opening hours that is over, in order.
    pub fn inbound(&self, days: u32) -> Vec<InboundInterval> {
        let options = &self.options;
        let last = options.now.with_timezone(&options.zone).date_naive();
        let first = last
            .checked_sub_days(Days::new(u64::from(days)))
            .unwrap_or(last);
        let failed = last.checked_sub_days(Days::new(FAILED_DAYS_AGO));
        let length = TimeDelta::minutes(i64::from(INBOUND_MINUTES));
        let mut report = Vec::new();
        for date in first.iter_days().take_while(|date| *date <= last) {
            let mut mean = CALLS_A_DAY * self.mood(date);
            if Some(date) == failed {
                mean *= FAILED;
            }
            let key = u64::from(date.num_days_from_ce().unsigned_abs());
            let mut chance = Chance::new(options.seed, Purpose::Inbound, key);
            let mut tongue = Chance::new(options.seed, Purpose::Tongue, key);
            let (opening, shares): (u32, &[u32]) = if is_weekend(date) {
                (10, &WEEKEND)
            } else {
                (9, &WEEKDAY)
            };
            let whole = f64::from(shares.iter().sum::<u32>());
            // Evenings are slower: who calls after work has more to say.
            let aht = 165.0 * chance.swing(0.05);
            for (half, share) in (0..).zip(shares) {
                let hour = opening + half / 2;
                let start = moment(date, hour, half % 2 * 1_800, options.zone);
                let busy = chance.swing(0.06);
                let calls = chance.poisson(mean * f64::from(*share) / whole * busy);
                let slower = 1.0 + f64::from(half) / 120.0;
                // After work more of those call who speak the second one.
                let second = f64::from(self.words.second_language.1) / 100.0 * slower;
                let (mut handle_s, mut second_calls, mut second_handle_s) = (0, 0, 0);
                for _ in 0..calls {
                    let seconds = chance.seconds(whole_seconds(aht * slower), 0.55, 1_800);
                    handle_s += seconds;
                    if tongue.unit() < second {
                        second_calls += 1;
                        second_handle_s += seconds;
                    }
                }
                if start + length <= options.now {
                    report.push(InboundInterval {
                        start,
                        calls,
                        handle_s,
                        second_calls,
                        second_handle_s,
                    });
                }
            }
        }
        report
    }

    /// How busy the line is on a day, against an ordinary weekday.
    fn mood(&self, date: NaiveDate) -> f64 {
        let orders: f64 = (0..)
            .zip(AFTER)
            .map(|(ago, part)| {
                let day = date.checked_sub_days(Days::new(ago)).unwrap_or(date);
                part * weight(day, self.words) * order_swing(&self.options, day)
            })
            .sum();
        // On a day off few call, whatever they ordered before.
        let today = weight(date, self.words);
        orders * if today < 0.5 { 0.55 + 0.5 * today } else { 1.0 }
    }
}

#[expect(
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "a handle time of some minutes"
)]
fn whole_seconds(seconds: f64) -> u32 {
    libm::round(seconds.clamp(1.0, 3_600.0)) as u32
}
