//! Who works when: plans, shifts, requests, and the day as it runs.

use ::plan::language::LanguageCode;
use chrono::{DateTime, NaiveDate, Utc};
use rules::id::{FactId, MeetingId, PersonId, PlanId, RequestId, ShiftId, ShopId, TemplateId};
use serde::{Deserialize, Serialize};
use specta::Type;

/// A plan in the list.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanSummary {
    /// Identity.
    pub id: PlanId,
    /// First local day, a Monday.
    pub first_day: NaiveDate,
    /// Last local day.
    pub last_day: NaiveDate,
    /// When it was last published; none for a draft.
    pub published_at: Option<DateTime<Utc>>,
    /// Changed since.
    pub changed_since: bool,
    /// Shifts in it.
    pub shifts: u32,
    /// Made.
    pub made_at: DateTime<Utc>,
}

/// A whole plan.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanPage {
    /// Which.
    pub plan: PlanSummary,
    /// Another with every change of the plan while the desk runs.
    pub version: u32,
    /// Zone of its days and minutes: the centre's.
    pub zone: String,
    /// Its days in order.
    pub days: Vec<PlanDay>,
    /// Those who can be planned, by name.
    pub people: Vec<PlanPerson>,
    /// Shifts that can be given.
    pub templates: Vec<TemplateView>,
    /// What is served: projects.
    pub lines: Vec<PlanLine>,
    /// All shifts.
    pub shifts: Vec<ShiftView>,
    /// Hours off, approved.
    pub time_off: Vec<TimeOffView>,
    /// Days off that the search leaves.
    pub pinned_off: Vec<PinnedOff>,
    /// Meetings and training by their start.
    pub meetings: Vec<MeetingView>,
    /// How it stands.
    pub standing: PlanStanding,
    /// Length of an interval of cover, minutes.
    pub slot_minutes: u32,
    /// Demand and presence, day by day.
    pub cover: Vec<CoverDay>,
    /// The search, while it runs.
    pub solving: Option<SolvingView>,
}

/// A day of a plan.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanDay {
    /// Local date.
    pub date: NaiveDate,
    /// A holiday's name.
    pub holiday: Option<String>,
    /// Hours of people wanted on the line.
    pub wanted_hours: f64,
}

/// A person of a plan.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanPerson {
    /// Identity.
    pub id: PersonId,
    /// Name.
    pub name: String,
    /// Contract hours of the plan's weeks, minutes.
    pub contract_minutes: u32,
    /// Planned, minutes.
    pub planned_minutes: u32,
    /// Lines the person may serve.
    pub lines: Vec<ShopId>,
    /// Nights in this plan.
    pub nights: u32,
    /// Weekends in this plan.
    pub weekends: u32,
}

/// A line of work: a project, or one language of it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanLine {
    /// The client, or its line in the language.
    pub shop: ShopId,
    /// The client's name or the team's.
    pub name: String,
    /// The language, where each is answered by people of its own.
    pub language: Option<LanguageCode>,
    /// Place in a fixed order, for colour and letter.
    pub index: u32,
}

/// A shift that can be given.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct TemplateView {
    /// Identity.
    pub id: TemplateId,
    /// What it is.
    pub spec: TemplateSpec,
}

/// What a shift that can be given is.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct TemplateSpec {
    /// Short name for a cell of the grid, three letters at most.
    pub code: String,
    /// Name.
    pub name: String,
    /// Minutes after local midnight.
    pub start_minute: u32,
    /// Length, breaks included; may pass midnight.
    pub minutes: u32,
    /// Breaks within it.
    pub breaks: Vec<BreakView>,
    /// Weekdays it is given on, 0 is Monday.
    pub weekdays: Vec<u32>,
    /// Liked less than others: shared out fairly.
    pub unpopular: bool,
}

/// A break.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct BreakView {
    /// Minutes after the shift's start.
    pub after_minutes: u32,
    /// Length.
    pub minutes: u32,
    /// Paid.
    pub paid: bool,
}

/// One shift of one person.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ShiftView {
    /// Identity.
    pub id: ShiftId,
    /// Who.
    pub person: PersonId,
    /// Local date of its start.
    pub date: NaiveDate,
    /// From which template.
    pub template: TemplateId,
    /// For which project.
    pub line: ShopId,
    /// Its start.
    pub start: DateTime<Utc>,
    /// Its end.
    pub end: DateTime<Utc>,
    /// The search leaves it.
    pub pinned: bool,
    /// Differs from what is published.
    pub changed: bool,
}

/// Time off.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TimeOffView {
    /// Who.
    pub person: PersonId,
    /// Local date.
    pub date: NaiveDate,
    /// Wished, not granted: the search avoids it.
    pub wish: bool,
}

/// A day off that the search leaves.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
pub struct PinnedOff {
    /// Who.
    pub person: PersonId,
    /// Local date.
    pub date: NaiveDate,
}

/// What people come together for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum MeetingKind {
    /// To talk.
    Meeting,
    /// To learn.
    Training,
}

/// A meeting or training of a plan. Those of its people who are at work then are off the line.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MeetingView {
    /// Identity.
    pub id: MeetingId,
    /// Meeting or training.
    pub kind: MeetingKind,
    /// What it is about.
    pub title: String,
    /// Local date.
    pub date: NaiveDate,
    /// Minutes after local midnight.
    pub from_minute: u32,
    /// Length.
    pub minutes: u32,
    /// Who is asked.
    pub people: Vec<PersonId>,
    /// Of these, those not at work all that time.
    pub absent: Vec<PersonId>,
    /// Differs from what is published.
    pub changed: bool,
}

/// For whom and between which days a time is looked for.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct MeetingAsk {
    /// Who shall come.
    pub people: Vec<PersonId>,
    /// Length.
    pub minutes: u32,
    /// First local day.
    pub from: NaiveDate,
    /// Last local day.
    pub until: NaiveDate,
}

/// A time for a meeting and what it costs.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MeetingTimeView {
    /// Local date.
    pub date: NaiveDate,
    /// Minutes after local midnight.
    pub from_minute: u32,
    /// People then missing on the line that were not before, on the average of the meeting.
    pub missing: f64,
    /// Those not at work all that time.
    pub absent: Vec<PersonId>,
    /// Those who have a break or another meeting then.
    pub busy: Vec<PersonId>,
}

/// A meeting to be placed.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct MeetingSpec {
    /// Meeting or training.
    pub kind: MeetingKind,
    /// What it is about.
    pub title: String,
    /// Who is asked.
    pub people: Vec<PersonId>,
    /// Local date.
    pub date: NaiveDate,
    /// Minutes after local midnight.
    pub from_minute: u32,
    /// Length.
    pub minutes: u32,
}

/// How a plan stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanStanding {
    /// Less is better.
    pub cost: f64,
    /// Its parts.
    pub parts: Vec<CostPart>,
    /// Hours wanted on the line and not covered.
    pub uncovered_hours: f64,
    /// Hours covered beyond what is wanted.
    pub surplus_hours: f64,
    /// Share of calls predicted to be answered in time; none without calls.
    pub service_level: Option<f64>,
    /// Rules broken by hand.
    pub broken: Vec<BrokenRule>,
    /// Where people are missing and why nobody can help, worst first.
    pub uncovered: Vec<UncoveredView>,
    /// People whom publishing would tell something new.
    pub people_to_tell: u32,
}

/// A part of the cost.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CostPart {
    /// What.
    pub kind: CostKind,
    /// How much.
    pub cost: f64,
}

/// What a plan costs.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum CostKind {
    /// People missing.
    Under,
    /// People too many.
    Over,
    /// Wishes not granted.
    Wishes,
    /// Nights, weekends and unpopular shifts shared unfairly.
    Fairness,
    /// Hours away from the contract's.
    Hours,
    /// Differences from what is published.
    Changes,
}

/// A rule that a shift breaks.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct BrokenRule {
    /// Who.
    pub person: PersonId,
    /// Where it shows.
    pub date: NaiveDate,
    /// Which.
    pub rule: RuleKind,
    /// What is, in the rule's unit (minutes, days, shifts).
    pub is: f64,
    /// What may be.
    pub limit: f64,
}

/// Rules that bind shifts.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum RuleKind {
    /// Two shifts on a day.
    OneShiftADay,
    /// Rest between shifts, minutes.
    Rest,
    /// Rest within a week, minutes.
    WeeklyRest,
    /// Most minutes of a day.
    DayMinutes,
    /// Most minutes of a week.
    WeekMinutes,
    /// Most minutes of the plan.
    MaxMinutes,
    /// Least minutes of the plan.
    MinMinutes,
    /// Most days in a row.
    ConsecutiveDays,
    /// Fewest days in a row.
    MinConsecutiveDays,
    /// Fewest days off in a row.
    ConsecutiveDaysOff,
    /// Most weekends.
    Weekends,
    /// Most nights in a row.
    Nights,
    /// Time off.
    TimeOff,
    /// Lacks the skill or its attestation.
    Skill,
    /// A shift that may not follow the one before.
    Succession,
    /// More of such shifts than the contract allows.
    ShiftKind,
    /// Not given on this weekday.
    TemplateDay,
    /// The person does not work on this weekday, by contract.
    Weekday,
    /// The person is never given this shift, by contract.
    Forbidden,
    /// The day is pinned.
    Pinned,
}

/// Where people are missing.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UncoveredView {
    /// Local date.
    pub date: NaiveDate,
    /// First minute after local midnight.
    pub from_minute: u32,
    /// Minute after the last.
    pub until_minute: u32,
    /// The project.
    pub line: ShopId,
    /// Most people missing at once.
    pub missing: f64,
    /// What keeps whom from helping: rule and how many people, most first.
    pub because: Vec<Obstacle>,
}

/// What keeps people from helping.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Obstacle {
    /// The rule.
    pub rule: RuleKind,
    /// People it keeps.
    pub people: u32,
}

/// Demand and presence of a day, all projects together and each.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CoverDay {
    /// Local date.
    pub date: NaiveDate,
    /// Hours of people on the line, all projects together.
    pub present_hours: f64,
    /// Per project.
    pub lines: Vec<CoverLine>,
}

/// Demand and presence of one project on one day.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CoverLine {
    /// The project.
    pub line: ShopId,
    /// People wanted, interval by interval from midnight.
    pub wanted: Vec<f64>,
    /// People present, breaks out.
    pub present: Vec<f64>,
}

/// A day on which everyone answers all lines that he or she can, beside the same day with each on the
/// line of the shift.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MultiSkillDay {
    /// Local date.
    pub date: NaiveDate,
    /// People on shift who can answer more lines than that of the shift.
    pub multi_skilled: u32,
    /// Per project with calls expected.
    pub lines: Vec<MultiSkillLine>,
    /// Of all projects together, while everyone keeps to the line of the shift.
    pub single: Option<f64>,
    /// The same while everyone answers what he or she can.
    pub multi: Option<f64>,
}

/// The service level of one project on such a day, by its own definition; 0 to 1.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MultiSkillLine {
    /// The project.
    pub line: ShopId,
    /// Calls expected.
    pub calls: f64,
    /// While everyone keeps to the line of the shift.
    pub single: Option<f64>,
    /// While everyone answers what he or she can.
    pub multi: Option<f64>,
}

/// A search that runs.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SolvingView {
    /// How long it has run, seconds.
    pub elapsed_s: f64,
    /// How long it may, seconds.
    pub limit_s: f64,
    /// Cost of its best plan so far.
    pub cost: f64,
    /// Cost of its first.
    pub first_cost: f64,
}

/// A change of a plan by hand.
#[derive(Clone, Copy, Debug, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "edit")]
pub enum PlanEdit {
    /// Gives a shift; another of that person and day is replaced.
    Give {
        /// Who.
        person: PersonId,
        /// Local date.
        date: NaiveDate,
        /// Which.
        template: TemplateId,
        /// For which project; none takes the person's first.
        line: Option<ShopId>,
    },
    /// Moves a shift to another person or day.
    Move {
        /// Which.
        shift: ShiftId,
        /// To whom.
        person: PersonId,
        /// To which local date.
        date: NaiveDate,
    },
    /// Copies a shift.
    Copy {
        /// Which.
        shift: ShiftId,
        /// To whom.
        person: PersonId,
        /// To which local date.
        date: NaiveDate,
    },
    /// Takes a shift away.
    Remove {
        /// Which.
        shift: ShiftId,
    },
    /// Pins a shift, or frees it.
    Pin {
        /// Which.
        shift: ShiftId,
        /// Pinned.
        pinned: bool,
    },
    /// Pins a day off, or frees it.
    PinOff {
        /// Who.
        person: PersonId,
        /// Local date, without a shift.
        date: NaiveDate,
        /// Pinned.
        pinned: bool,
    },
    /// Takes the last change by hand back.
    Undo,
}

/// A shift that may be given, and what giving it would do.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanChoice {
    /// Which.
    pub template: TemplateId,
    /// Cost then less cost now.
    pub cost_change: f64,
    /// Rules that would be broken and are not now.
    pub newly_broken: Vec<BrokenRule>,
}

/// What a change did: shifts and the days of cover that differ, and how all stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanDelta {
    /// The plan as lists show it.
    pub plan: PlanSummary,
    /// Which version this makes of the plan.
    pub version: u32,
    /// Shifts that are gone.
    pub removed: Vec<ShiftId>,
    /// Shifts that are new or differ.
    pub changed: Vec<ShiftView>,
    /// All days off that are pinned.
    pub pinned_off: Vec<PinnedOff>,
    /// All meetings: who can come follows the shifts.
    pub meetings: Vec<MeetingView>,
    /// People whose sums differ.
    pub people: Vec<PlanPerson>,
    /// Days whose cover differs.
    pub cover: Vec<CoverDay>,
    /// How all stands now.
    pub standing: PlanStanding,
    /// Cost now less cost before.
    pub cost_change: f64,
    /// Rules broken now and not before.
    pub newly_broken: Vec<BrokenRule>,
}

/// Two plans side by side.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanComparison {
    /// The one.
    pub left: PlanSummary,
    /// How it stands.
    pub left_standing: PlanStanding,
    /// The other.
    pub right: PlanSummary,
    /// How it stands.
    pub right_standing: PlanStanding,
    /// Days that both have.
    pub common_days: u32,
    /// Person-days that differ.
    pub differences: Vec<PlanDifference>,
}

/// A person-day that differs.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PlanDifference {
    /// Who.
    pub person: PersonId,
    /// Their name.
    pub name: String,
    /// Local date.
    pub date: NaiveDate,
    /// Code of the one's shift; none is off.
    pub left: Option<String>,
    /// Code of the other's.
    pub right: Option<String>,
}

/// What a person is employed for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct ContractView {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Whose labour law it began with.
    pub preset: LabourPreset,
    /// Hours of an ordinary week, minutes.
    pub week_minutes: u32,
    /// Most minutes of a week, overtime included.
    pub max_week_minutes: u32,
    /// Most minutes of a day.
    pub max_day_minutes: u32,
    /// Least rest between shifts, minutes.
    pub min_rest_minutes: u32,
    /// Least rest once a week, minutes.
    pub weekly_rest_minutes: u32,
    /// Most working days in a row.
    pub max_days_in_a_row: u32,
    /// Fewest days off in a row.
    pub min_days_off_in_a_row: u32,
    /// Most weekends worked out of four.
    pub max_weekends_of_four: u32,
    /// Most nights in a row; 0 forbids nights.
    pub max_nights_in_a_row: u32,
    /// Projects served, or languages of them; attested. Who serves a project serves all its languages.
    pub lines: Vec<ShopId>,
    /// Takes part in planning.
    pub planned: bool,
    /// Weekdays on which the person can work, 0 is Monday.
    pub weekdays: Vec<u32>,
    /// Shifts that are never given.
    pub never_given: Vec<TemplateId>,
}

/// Rules to begin with.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum LabourPreset {
    /// Ukraine.
    Ua,
    /// Poland.
    Pl,
    /// Russia.
    Ru,
}

/// A person's own shifts.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MyShifts {
    /// Zone of dates and minutes.
    pub zone: String,
    /// Today.
    pub today: NaiveDate,
    /// Published shifts from the start of this week on.
    pub shifts: Vec<MyShift>,
    /// Own requests and those asked of this person, newest first.
    pub requests: Vec<RequestView>,
    /// Colleagues one may swap with.
    pub colleagues: Vec<Colleague>,
    /// Last day that has been published; none when nothing is.
    pub published_until: Option<NaiveDate>,
}

/// What a contract can say that a person serves.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ServedLine {
    /// The client, or its line in the language.
    pub line: ShopId,
    /// The client.
    pub shop: ShopId,
    /// What else in a contract means it: of a language the whole client, of a client the lines of
    /// languages that were answered apart before.
    pub also: Vec<ShopId>,
    /// The client's name.
    pub name: String,
    /// The language, where each is answered by people of its own.
    pub language: Option<LanguageCode>,
}

/// One of the person's shifts.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MyShift {
    /// Identity.
    pub id: ShiftId,
    /// Local date of its start.
    pub date: NaiveDate,
    /// Its template's name.
    pub name: String,
    /// Its start.
    pub start: DateTime<Utc>,
    /// Its end.
    pub end: DateTime<Utc>,
    /// Whether it has begun: nobody else can work it then.
    pub begun: bool,
    /// Breaks within it.
    pub breaks: Vec<BreakView>,
    /// The project.
    pub line_name: String,
    /// Its language, where each is answered by people of its own.
    pub line_language: Option<LanguageCode>,
    /// Meetings and training within it; of one's own shifts only.
    pub meetings: Vec<MyMeeting>,
}

/// A meeting or training that one is asked to.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MyMeeting {
    /// Identity.
    pub id: MeetingId,
    /// Meeting or training.
    pub kind: MeetingKind,
    /// What it is about.
    pub title: String,
    /// Its start.
    pub start: DateTime<Utc>,
    /// Its end.
    pub end: DateTime<Utc>,
}

/// Someone to swap with, and their shifts.
#[derive(Clone, Debug, Serialize, Type)]
pub struct Colleague {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Their published shifts to come.
    pub shifts: Vec<MyShift>,
}

/// What an operator asks for.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(rename_all = "snake_case", tag = "ask")]
pub enum NewRequest {
    /// To give one's shift for another's, or for nothing.
    Swap {
        /// One's own.
        shift: ShiftId,
        /// With whom.
        with: PersonId,
        /// Their shift; none asks them to take it over.
        theirs: Option<ShiftId>,
        /// Why.
        reason: String,
    },
    /// Days off.
    TimeOff {
        /// First local day.
        from: NaiveDate,
        /// Last local day.
        until: NaiveDate,
        /// A wish that may be passed over, not leave that is due.
        wish: bool,
        /// Why.
        reason: String,
    },
}

/// A request and what became of it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct RequestView {
    /// Identity.
    pub id: RequestId,
    /// Who asks.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// What for.
    pub kind: RequestKind,
    /// One's own shift, in a swap.
    pub shift: Option<MyShift>,
    /// The colleague, in a swap.
    pub with: Option<PersonId>,
    /// Their name.
    pub with_name: String,
    /// Their shift.
    pub theirs: Option<MyShift>,
    /// First day off.
    pub from: Option<NaiveDate>,
    /// Last day off.
    pub until: Option<NaiveDate>,
    /// Why.
    pub reason: String,
    /// When.
    pub at: DateTime<Utc>,
    /// How it stands.
    pub state: RequestState,
    /// What was said to it.
    pub answer: String,
    /// Rules that granting it would break; the supervisor sees them before deciding.
    pub would_break: Vec<BrokenRule>,
    /// What the reader may do.
    pub may: Vec<RequestAction>,
}

/// What a request is for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RequestKind {
    /// A swap, or a shift to be taken over.
    Swap,
    /// Leave.
    TimeOff,
    /// A wish for days off.
    Wish,
}

/// How a request stands.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    /// The colleague has not answered.
    AskedColleague,
    /// The supervisor has not decided.
    AskedSupervisor,
    /// Granted.
    Approved,
    /// Refused by colleague or supervisor.
    Declined,
    /// Taken back by whoever asked.
    Withdrawn,
}

/// What can be done with a request.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum RequestAction {
    /// The colleague agrees.
    Agree,
    /// The supervisor grants it.
    Approve,
    /// Colleague or supervisor refuses.
    Decline,
    /// Whoever asked takes it back.
    Withdraw,
}

/// What can be written to a file.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum PlanExport {
    /// A calendar of one person, iCalendar.
    Ics,
    /// A table, Office Open XML.
    Xlsx,
    /// A page for the wall.
    Pdf,
    /// Hours worked, CSV for payroll.
    Payroll,
}

/// The day as it runs.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TodayPage {
    /// Local date.
    pub date: NaiveDate,
    /// Zone of dates and minutes.
    pub zone: String,
    /// Now, minutes after local midnight.
    pub now_minute: u32,
    /// Planned against actual, by start.
    pub people: Vec<TodayPerson>,
    /// Length of an interval, minutes.
    pub slot_minutes: u32,
    /// Interval by interval: wanted, planned, there.
    pub intervals: Vec<TodayInterval>,
    /// What could be offered.
    pub offers: Vec<OfferView>,
    /// Adherence of all, 0 to 1.
    pub adherence: Option<f64>,
    /// Conformance of all: time worked against time planned.
    pub conformance: Option<f64>,
    /// Shrinkage of the last four weeks as it was, 0 to 1; none while unknown.
    pub shrinkage_actual: Option<f64>,
    /// Shrinkage the plan was made with.
    pub shrinkage_planned: f64,
    /// Minutes of tolerance.
    pub tolerance_minutes: u32,
    /// Operators of the sample are in these figures: their presence is made up.
    pub has_sample: bool,
}

/// One person's day.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TodayPerson {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// Start of the shift, minutes after local midnight.
    pub from_minute: u32,
    /// Its end.
    pub until_minute: u32,
    /// Breaks planned.
    pub breaks: Vec<BreakView>,
    /// Meetings and training in the shift.
    pub meetings: Vec<TodayMeeting>,
    /// Pieces of presence, minutes after local midnight.
    pub present: Vec<PresencePiece>,
    /// What the person should be doing now.
    pub planned_state: DayState,
    /// What the person is doing now.
    pub actual_state: DayState,
    /// Late for the shift or back from a break, minutes beyond tolerance.
    pub late_minutes: u32,
    /// Share of planned time in the planned state, 0 to 1.
    pub adherence: Option<f64>,
}

/// A meeting or training in a shift.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct TodayMeeting {
    /// What it is about.
    pub title: String,
    /// Minutes after local midnight.
    pub from_minute: u32,
    /// Minute after the last.
    pub until_minute: u32,
}

/// A piece of presence.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PresencePiece {
    /// Minutes after local midnight.
    pub from_minute: u32,
    /// Minute after the last.
    pub until_minute: u32,
    /// In which state.
    pub state: DayState,
}

/// What a person is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DayState {
    /// On the line.
    Working,
    /// On a break.
    Break,
    /// Not there.
    Away,
}

/// An interval of the running day.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TodayInterval {
    /// Minutes after local midnight.
    pub minute: u32,
    /// People wanted, by the forecast of now.
    pub wanted: f64,
    /// People planned.
    pub planned: f64,
    /// People there; none for what is to come.
    pub there: Option<f64>,
}

/// What could be offered to whom.
#[derive(Clone, Debug, Serialize, Type)]
pub struct OfferView {
    /// Who.
    pub person: PersonId,
    /// Name.
    pub name: String,
    /// More or less.
    pub kind: OfferKind,
    /// From, minutes after local midnight.
    pub from_minute: u32,
    /// Until.
    pub until_minute: u32,
}

/// More or less work.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OfferKind {
    /// Stay longer: rules allow it and people are missing.
    Overtime,
    /// Go earlier: people are too many.
    EarlyLeave,
}

/// A note for a supervisor about what a publication did.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PublishView {
    /// Identity of the publication.
    pub id: FactId,
    /// People whose shifts are new or changed.
    pub people_told: u32,
    /// Shifts that are new or changed.
    pub shifts_changed: u32,
}
