//! What is planned: people, shifts, the agents needed, and what each wish and each gap weighs.

use serde::{Deserialize, Serialize};

use crate::rules::Rules;

/// Minutes of a day.
pub(crate) const DAY: u32 = 1440;

/// A planning period with everything that bears on it.
///
/// People, templates and lines are named by their place in these lists.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Problem {
    /// Length of the period in days.
    pub days: u16,
    /// Days after the period that a search plans too, for what the last days leave to them: a roster in
    /// which nobody may work on the first day after it is a bad one. They count for cover and the order of
    /// days, not for hours, weekends, fairness and changes; no [`Roster`] holds them.
    pub lookahead: u16,
    /// Weekday of the first day, 0 = Monday … 6 = Sunday.
    pub first_weekday: u8,
    /// Where the clock is set within these days.
    pub clock_change: Option<ClockChange>,
    /// The shifts that can be given out.
    pub templates: Vec<Template>,
    /// The projects or pools that need agents.
    pub lines: Vec<Line>,
    /// The people to plan.
    pub people: Vec<Person>,
    /// What fairness and changes weigh.
    pub weights: Weights,
    /// The plan people already know: differences from it cost [`Weights::change`].
    pub published: Option<Roster>,
}

/// The clock is set for summer or for winter.
///
/// Shifts and needs go by the clock all the same; work, and rest between shifts, are as long as they are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
pub struct ClockChange {
    /// The day.
    pub day: u16,
    /// Its minute by the clock at which the hour that is skipped, or that comes twice, is over. A time in
    /// an hour that comes twice is of the first.
    pub minute: u16,
    /// Minutes that are skipped; below 0, minutes that come twice.
    pub skipped: i16,
}

impl ClockChange {
    /// Minutes that have passed since its midnight at a minute of its day by the clock.
    pub(crate) fn passed(self, minute: i32) -> i32 {
        if minute >= i32::from(self.minute) {
            minute - i32::from(self.skipped)
        } else {
            minute
        }
    }

    /// What the clock shows when so many minutes have passed since its midnight.
    pub(crate) fn by_clock(self, passed: i32) -> i32 {
        let (minute, skipped) = (i32::from(self.minute), i32::from(self.skipped));
        if passed < minute.min(minute - skipped) {
            passed
        } else {
            passed + skipped
        }
    }
}

impl Problem {
    /// Minutes that pass between two minutes of the period by the clock.
    pub fn minutes_passed(&self, from: i32, until: i32) -> i32 {
        let skipped = self.clock_change.map_or(0, |change| {
            let minute = i32::from(change.day) * DAY.cast_signed() + i32::from(change.minute);
            if from < minute && minute <= until {
                i32::from(change.skipped)
            } else {
                0
            }
        });
        until - from - skipped
    }

    /// Paid minutes of a template on a day.
    pub fn paid_minutes(&self, day: usize, template: &Template) -> u16 {
        let from = crate::compile::minute_of(day).cast_signed() + i32::from(template.start);
        let by_clock = i32::from(template.minutes);
        let skipped = by_clock - self.minutes_passed(from, from + by_clock);
        u16::try_from(i32::from(template.paid_minutes) - skipped).unwrap_or_default()
    }

    pub(crate) fn kinds_of_days(&self) -> usize {
        self.clock_change.map_or(1, |_| KINDS_OF_DAYS)
    }

    /// How a day differs from others by the clock.
    pub(crate) fn kind_of_day(&self, day: usize) -> usize {
        match self.clock_change.map(|change| usize::from(change.day)) {
            Some(change) if change == day + 1 => EVE,
            Some(change) if change == day => CHANGE,
            _ => USUAL,
        }
    }
}

/// Kinds of days by the clock: most, the one before the clock is set, the one on which it is.
pub(crate) const USUAL: usize = 0;
pub(crate) const EVE: usize = 1;
pub(crate) const CHANGE: usize = 2;
pub(crate) const KINDS_OF_DAYS: usize = 3;

/// A shift as it can be given out on many days.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
pub struct Template {
    /// Start, in minutes after midnight (0–1439).
    pub start: u16,
    /// Minutes from start to end, breaks included; may pass midnight, at most 1440.
    pub minutes: u16,
    /// Minutes that count as work for contracts and pay.
    pub paid_minutes: u16,
    /// Ways to place the breaks; the search takes the one that suits the demand. None: no break.
    pub breaks: Vec<BreakPlan>,
    /// Day, evening or night.
    pub kind: ShiftKind,
    /// How unpopular the shift is, for fairness: 0 is not at all.
    pub unpopular: u8,
    /// Weekdays on which it can start, from Monday to Sunday.
    pub weekdays: [bool; 7],
    /// Lines that can be served in this shift; empty: all.
    pub lines: Vec<u16>,
    /// Templates that may not start on the day after this one.
    pub not_followed_by: Vec<u16>,
}

/// One way to place the breaks of a shift.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
pub struct BreakPlan {
    /// Breaks and lunch, in order and apart.
    pub breaks: Vec<Break>,
}

/// A break or lunch within a shift.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
pub struct Break {
    /// Minutes from the start of the shift.
    pub offset: u16,
    /// Length in minutes.
    pub minutes: u16,
}

/// The part of the day a shift belongs to.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum ShiftKind {
    /// Neither evening nor night.
    #[default]
    Day,
    /// Ends late.
    Evening,
    /// Counts for the limit on nights and for their fair share.
    Night,
}

/// A project, or a pool planned as one, and the agents it needs.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Line {
    /// Length of a slot in minutes; divides 1440.
    pub slot_minutes: u16,
    /// How a shift fills slots.
    pub coverage: Coverage,
    /// One per slot: the slots of the first day, of the second, and so on, those of the lookahead last.
    pub needs: Vec<Need>,
}

/// How a shift fills the slots of its line.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Coverage {
    /// By the share of the slot that is worked, breaks left out.
    #[default]
    Worked,
    /// One agent in the slot in which the shift starts, whatever its length.
    Start,
}

/// The agents needed in one slot, and what a deviation costs.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, specta::Type)]
pub struct Need {
    /// Agents needed; need not be whole.
    pub agents: f64,
    /// Of them, those who are there whatever the roster holds, as from a night that began before it.
    #[serde(default)]
    pub there: f64,
    /// Cost of the first agent missing, in proportion for a part.
    pub under: f64,
    /// Cost of each agent missing beyond the first; not less than `under`.
    pub under_more: f64,
    /// Cost of each agent too many.
    pub over: f64,
}

/// Someone to plan.
#[derive(Debug, Clone, PartialEq, Default, Serialize, Deserialize)]
pub struct Person {
    /// Lines the person can serve.
    pub lines: Vec<u16>,
    /// Contract and labour law.
    pub rules: Rules,
    /// Days on which no shift may start.
    pub days_off: Vec<u16>,
    /// Leave and other absence: no shift may overlap it.
    pub time_off: Vec<Span>,
    /// Meetings and training: at work, but serving no line.
    pub away: Vec<Span>,
    /// Wishes on and off.
    pub wishes: Vec<Wish>,
    /// Days that the search leaves as they are, those of the lookahead among them.
    pub pins: Vec<Pin>,
    /// Shifts that are ruled out.
    pub forbidden: Vec<Forbidden>,
    /// What the period before left behind.
    pub carry: CarryIn,
    /// Cost of a paid minute; 0 leaves pay out.
    pub pay_per_minute: f64,
    /// Fair share of nights, weekends and unpopular shifts against others, e.g. 0.5 for half time.
    pub share: f64,
}

/// A stretch of time, in minutes since the period's first midnight; the end is left out.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
pub struct Span {
    /// First minute.
    pub from: u32,
    /// First minute after it.
    pub until: u32,
}

/// A wish and what it costs not to grant it.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize, specta::Type)]
pub struct Wish {
    /// Day it is for.
    pub day: u16,
    /// What is wished for.
    pub wanted: Wanted,
    /// Cost when it is not granted.
    pub weight: f64,
}

/// What a wish is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum Wanted {
    /// To be off.
    Off,
    /// To work, whatever the shift.
    Work,
    /// To have this shift.
    Template(u16),
    /// Not to have this shift.
    NotTemplate(u16),
}

/// A day whose content is settled.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Pin {
    /// The day.
    pub day: u16,
    /// The shift, or none for a day off.
    pub shift: Option<Assignment>,
}

/// A shift that is ruled out for a person on a day.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
pub struct Forbidden {
    /// The day.
    pub day: u16,
    /// The template that may not be given.
    pub template: u16,
}

/// What the period before left behind.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, specta::Type,
)]
pub struct CarryIn {
    /// Working days or days off in a row up to the first day.
    pub run: Run,
    /// End of the last shift in minutes from the first midnight: −120 is 22:00 of the evening before,
    /// 360 a night shift that ends at 06:00 of the first day.
    pub last_end: Option<i32>,
    /// Template of the last shift.
    pub last_template: Option<u16>,
    /// Night shifts in a row up to the first day.
    pub nights_in_row: u16,
    /// Days since the first shift after the last weekly rest: 1 where that was on the day before the first.
    pub days_since_weekly_rest: u16,
    /// Paid minutes of the first week that lie before the period.
    pub week_minutes: u32,
    /// Nights so far beyond or below the fair share, for fairness over months.
    pub nights: i32,
    /// The same for weekends.
    pub weekends: i32,
    /// The same for unpopular shifts, by their weight.
    pub unpopular: i32,
}

/// Days in a row before the period.
#[derive(
    Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize, specta::Type,
)]
#[serde(rename_all = "snake_case")]
pub enum Run {
    /// Not known: any least number of days in a row counts as reached, no greatest one as begun.
    #[default]
    Unknown,
    /// So many working days.
    Worked(u16),
    /// So many days off.
    Off(u16),
}

/// What deviations other than from the need cost.
#[derive(Debug, Clone, Copy, PartialEq, Default, Serialize, Deserialize, specta::Type)]
pub struct Weights {
    /// Per squared night of deviation from the fair share.
    pub nights: f64,
    /// Per squared weekend of deviation from the fair share.
    pub weekends: f64,
    /// Per squared unit of deviation from the fair share of unpopular shifts.
    pub unpopular: f64,
    /// Per person and day whose shift differs from the published plan.
    pub change: f64,
    /// Per person and day on which only line or breaks differ from the published plan.
    pub change_line: f64,
}

/// A shift given to someone on a day.
#[derive(
    Debug,
    Clone,
    Copy,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Default,
    Serialize,
    Deserialize,
    specta::Type,
)]
pub struct Assignment {
    /// Which shift.
    pub template: u16,
    /// Which line it serves.
    pub line: u16,
    /// Which of the template's break plans; 0 where it has none.
    pub breaks: u8,
}

/// Who works what: a row per person, a cell per day, none for a day off.
#[derive(Debug, Clone, PartialEq, Eq, Default, Serialize, Deserialize, specta::Type)]
pub struct Roster {
    /// One row per person, in the order of [`Problem::people`].
    pub rows: Vec<Vec<Option<Assignment>>>,
}

impl Roster {
    /// Everyone off on every day.
    pub fn empty(problem: &Problem) -> Self {
        Self {
            rows: vec![vec![None; usize::from(problem.days)]; problem.people.len()],
        }
    }

    /// The shift of a person on a day; none also outside the roster.
    pub fn get(&self, person: usize, day: usize) -> Option<Assignment> {
        self.rows.get(person)?.get(day).copied().flatten()
    }
}

/// Why a problem cannot be read.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum ProblemError {
    /// The period has no days, or more than 1000 with the lookahead.
    Days(u16),
    /// Weekday beyond Sunday.
    Weekday(u8),
    /// A template starts after midnight of the next day, is empty, longer than a day, or paid longer
    /// than it lasts; or a break lies outside it; or it has more than 256 break plans.
    Template(u16),
    /// The clock is set by more than three hours, or not on a day.
    Clock,
    /// A line's slots do not divide the day, or it has not one need for each slot.
    Line(u16),
    /// A number is not finite, or a weight is negative.
    Number,
    /// A person names a line, template, break plan or day that does not exist.
    Person(u32),
    /// The published plan has other people or days.
    Published,
    /// More than 10,000 people, 1,000 templates or 1,000 lines.
    TooLarge,
}

impl std::fmt::Display for ProblemError {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        match self {
            Self::Days(days) => write!(f, "a period of {days} days cannot be planned"),
            Self::Weekday(day) => write!(f, "{day} is no weekday"),
            Self::Template(index) => write!(f, "template {index} has impossible times"),
            Self::Clock => f.write_str("the clock cannot be set so"),
            Self::Line(index) => write!(f, "line {index} has not one need for each slot"),
            Self::Number => f.write_str("a number is not finite or a weight is negative"),
            Self::Person(index) => write!(f, "person {index} names something that does not exist"),
            Self::Published => f.write_str("the published plan does not fit"),
            Self::TooLarge => f.write_str("too many people, templates or lines"),
        }
    }
}

impl std::error::Error for ProblemError {}
