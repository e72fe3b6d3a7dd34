//! Labour law of three countries as a starting point for rules, to be edited for the contract at hand.
//!
//! What is taken from where:
//!
//! | | Ukraine (labour code, `КЗпП`) | Poland (Kodeks pracy) | Russia (labour code, `ТК РФ`) |
//! |---|---|---|---|
//! | week | 40 h, art. 50 | 40 h on average in five days, art. 129 § 1; 48 h on average with overtime, art. 131 § 1 | 40 h, art. 91 |
//! | rest between shifts | with the lunch break, twice the work before it, art. 59 | 11 h, art. 132 § 1 | with the lunch break, twice the work before it: resolution of the СНК of 24.09.1929 (`СЗ СССР` 1929 № 63, art. 586), point 9, whose force today is disputed |
//! | weekly rest | 42 h, art. 70 | 35 h, art. 133 § 1 | 42 h, art. 110 |
//! | two shifts in a row | forbidden, art. 59 | follows from the rest | forbidden, art. 103 |
//! | start again within 24 h | | counts as the same working day, art. 128 § 3 point 1 | |
//! | night | 22–6, art. 54 | eight hours between 21 and 7, art. 151⁷ § 1 | 22–6, art. 96 |
//! | night shift | | three hours of it in the night, art. 151⁷ § 2 | |
//! | longest shift | none with summed hours, art. 61; 12 h, as is customary | 8 h, art. 129 § 1, and 12 h in the equivalent system, art. 135 § 1 | none with summed hours, art. 104; 12 h, as is customary |
//! | Sundays | | one free in four weeks, art. 151¹², save for those who work on holidays and from Friday to Sunday alone, art. 144 | |
//!
//! Commentaries on art. 59 differ on whether its lunch break counts towards the rest or towards the
//! work; here it counts towards the rest, so that nine to six on every working day is lawful. The ministry
//! holds that both rests may be shorter where hours are summed (letter of 02.10.2019
//! № 1436/0/206-19); here they are not.
//!
//! Neither art. 54 nor art. 96 says how much of a shift makes it one of the night; here Poland's three
//! hours do. By both, work at night is an hour shorter where its nature lets it be, in Russia save
//! for those who were hired for the night; the shift templates have to allow for it.
//!
//! None of the three says when in its week the weekly rest lies, so that by the letter twelve days at work
//! may lie between two of them; in Poland the week is counted from the first day of the settlement period
//! (art. 128 § 3 point 2). Here it is due after six days wherever they begin: that keeps the law in any
//! way of counting weeks, also from one plan to the next, and is what people are used to. Poland lets it
//! be 24 h where someone changes to another shift (art. 133); here it is 35 h then too.
//!
//! Limits on overtime (art. 65, art. 151 § 3, art. 99) are no rules of a plan, which gives none.
//!
//! Work on a Sunday is what lies between six in its morning and six on Monday (art. 151⁹ § 2) where the
//! employer names no other hour; a shift counts here by the day on which it starts.
//!
//! While martial law lasts in Ukraine, law № 2136-IX lets the weekly rest be 24 h and suspends the limits
//! on overtime of art. 65 (its art. 6), and the shorter night of art. 54 (its art. 8). The preset is
//! that of peace. Collective agreements, and the protection of minors, pregnant women and others, change
//! these too; the caller edits the rules for them.

use serde::{Deserialize, Serialize};

use crate::model::{DAY, ShiftKind, Template};
use crate::rules::Rules;

/// A country whose labour law is known here.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Country {
    /// Ukraine.
    Ukraine,
    /// Poland.
    Poland,
    /// Russia.
    Russia,
}

impl Country {
    /// All of them.
    pub const ALL: [Self; 3] = [Self::Ukraine, Self::Poland, Self::Russia];
}

/// The hours of the night, in minutes after midnight; passes midnight when it ends before it begins.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct NightBand {
    /// Begin.
    pub from: u16,
    /// End.
    pub until: u16,
    /// Minutes within the band from which a shift counts as a night shift.
    pub least_minutes: u16,
}

impl NightBand {
    /// Minutes of a shift, breaks included, that lie within the night.
    pub fn minutes_of(&self, template: &Template) -> u32 {
        let start = u32::from(template.start);
        let end = start + u32::from(template.minutes);
        let from = u32::from(self.from);
        let until = if self.until <= self.from {
            u32::from(self.until) + DAY
        } else {
            u32::from(self.until)
        };
        // The night before, of the day itself, and after it; shifted by a day to stay above zero.
        [0, DAY, 2 * DAY]
            .into_iter()
            .map(|night| {
                let common_from = (from + night).max(start + DAY);
                let common_until = (until + night).min(end + DAY);
                common_until.saturating_sub(common_from)
            })
            .sum()
    }

    /// Night if enough of it lies in the night, evening if it ends within three hours before the night
    /// or later, else day.
    pub fn kind_of(&self, template: &Template) -> ShiftKind {
        let end = u32::from(template.start) + u32::from(template.minutes);
        if self.minutes_of(template) >= u32::from(self.least_minutes.max(1)) {
            ShiftKind::Night
        } else if end + 180 > u32::from(self.from) {
            ShiftKind::Evening
        } else {
            ShiftKind::Day
        }
    }
}

/// A country's rules for full-time work, and what goes with them.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct LabourPreset {
    /// The country.
    pub country: Country,
    /// Rules to start from. The hours of the period are the contract's; they are left open.
    pub rules: Rules,
    /// Which hours are night.
    pub night: NightBand,
    /// Normal week of full-time work in minutes.
    pub week_minutes: u16,
    /// Sundays that must be free in each four weeks.
    pub free_sundays_in_four_weeks: u16,
}

impl LabourPreset {
    /// The preset of a country.
    pub fn of(country: Country) -> Self {
        let common = Rules {
            max_shift_minutes: Some(12 * 60),
            max_days_in_row: Some(6),
            ..Rules::default()
        };
        let night = NightBand {
            from: 22 * 60,
            until: 6 * 60,
            least_minutes: 3 * 60,
        };
        match country {
            Country::Ukraine | Country::Russia => Self {
                country,
                rules: Rules {
                    rest_percent_of_work: 200,
                    weekly_rest_minutes: 42 * 60,
                    ..common
                },
                night,
                week_minutes: 40 * 60,
                free_sundays_in_four_weeks: 0,
            },
            Country::Poland => Self {
                country,
                rules: Rules {
                    min_rest_minutes: 11 * 60,
                    min_start_gap_minutes: 24 * 60,
                    weekly_rest_minutes: 35 * 60,
                    max_week_minutes: Some(48 * 60),
                    ..common
                },
                night,
                week_minutes: 40 * 60,
                free_sundays_in_four_weeks: 1,
            },
        }
    }

    /// The rules for a period of so many days that starts on this weekday (0 = Monday), free Sundays
    /// included, as if none had been worked before it.
    pub fn rules_for(&self, days: u16, first_weekday: u8) -> Rules {
        let sundays = (days + u16::from(first_weekday)) / 7;
        Rules {
            max_sundays: self.most_sundays(sundays, 0),
            ..self.rules.clone()
        }
    }

    /// Most that may be worked of so many Sundays in a row, after so many worked just before them; none
    /// where none need be free. It leaves open which of them are.
    pub fn most_sundays(&self, sundays: u16, worked_before: u16) -> Option<u16> {
        // One that is overdue is owed once, not for each Sunday since.
        let free = (sundays + worked_before.min(3)) / 4 * self.free_sundays_in_four_weeks;
        (self.free_sundays_in_four_weeks > 0).then(|| sundays.saturating_sub(free))
    }
}
