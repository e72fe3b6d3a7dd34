//! The load that has been, the load to come, and the people it needs.

use ::plan::language::LanguageCode;
use base64::Engine as _;
use base64::prelude::BASE64_STANDARD;
use chrono::{DateTime, NaiveDate, Utc};
use rules::id::{FactId, ShopId};
use serde::de::Error as _;
use serde::{Deserialize, Deserializer, Serialize};
use specta::Type;

/// How work reaches the centre.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum WorkChannel {
    /// Customers call; the history is imported from the telephone exchange.
    #[default]
    Inbound,
    /// Orders to confirm are called; the history is the desk's own.
    Outbound,
}

/// Which forecast to show.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub struct ForecastRequest {
    /// One client; none is all of them together.
    pub shop: Option<ShopId>,
    /// How the work comes.
    pub channel: WorkChannel,
    /// One language of the client; none is all of them. Inbound work alone is told by language.
    pub language: Option<LanguageCode>,
    /// Weeks ahead, 1 to 13.
    pub weeks: u32,
}

/// Everything of the forecast page.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ForecastPage {
    /// Zone of days and hours: the client's, or the centre's for all together.
    pub zone: String,
    /// Length of an interval: 15, 30 or 60 minutes.
    pub slot_minutes: u32,
    /// What the forecast rests on.
    pub history: HistoryView,
    /// Where the history came from, newest first.
    pub imports: Vec<ImportView>,
    /// Day by day, the first is today or the day after the history; empty while the history is too short.
    pub days: Vec<ForecastDay>,
    /// 7 × 24 means per hour, Monday and midnight first, of four things.
    pub heat: Vec<HeatView>,
    /// Which methods and why, and how good they were; none while there is no forecast.
    pub explanation: Option<ForecastExplanation>,
    /// Days that stand out.
    pub outliers: Vec<OutlierView>,
    /// Holidays and own special days of history and forecast.
    pub special_days: Vec<SpecialDayView>,
    /// Manual changes in force, by day.
    pub overrides: Vec<OverrideView>,
    /// The languages that the history of the one client tells, most calls first, and what it tells of
    /// none; empty where there are not two. The same whichever of them is shown.
    pub languages: Vec<LanguageCalls>,
    /// What each client contributes; for one client one row, or one for each of its languages.
    pub contributions: Vec<ContributionView>,
    /// Forecasts published, newest first.
    pub snapshots: Vec<SnapshotView>,
    /// What is off today.
    pub alarms: Vec<AlarmView>,
}

/// What a forecast rests on.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HistoryView {
    /// First local day there is.
    pub first_day: Option<NaiveDate>,
    /// Last local day there is.
    pub last_day: Option<NaiveDate>,
    /// Days with any work.
    pub days: u32,
    /// Calls or tasks in all.
    pub calls: u32,
    /// Average handle time, seconds.
    pub aht_s: Option<f64>,
    /// Last eight weeks day by day, for the chart.
    pub recent: Vec<HistoryDay>,
    /// Days that are missing until a forecast can be made; 0 when it can.
    pub days_missing: u32,
}

/// One day that has been.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HistoryDay {
    /// Local date.
    pub date: NaiveDate,
    /// Calls; none on a closed day.
    pub calls: Option<f64>,
    /// Kept out of the forecast by the supervisor.
    pub left_out: bool,
}

/// One import of a telephone exchange's report.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ImportView {
    /// Identity.
    pub id: FactId,
    /// Name of the file.
    pub file: String,
    /// Rows taken.
    pub rows: u32,
    /// Calls in them.
    pub calls: u32,
    /// First local day.
    pub first_day: NaiveDate,
    /// Last local day.
    pub last_day: NaiveDate,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
}

/// A report to take in, or to look at before that.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct ImportRequest {
    /// The client whose line it is.
    pub shop: ShopId,
    /// How the work came.
    pub channel: WorkChannel,
    /// The language of all its calls, where it tells none itself: the report of one queue.
    pub language: Option<LanguageCode>,
    /// Name of the file.
    pub file: String,
    /// What is in it, in whatever characters; Base64 at the border.
    #[serde(deserialize_with = "from_base64")]
    #[specta(type = String)]
    pub content: Vec<u8>,
    /// False only looks: what would be taken, and what is wrong.
    pub keep: bool,
}

fn from_base64<'de, D: Deserializer<'de>>(told: D) -> Result<Vec<u8>, D::Error> {
    let text = String::deserialize(told)?;
    BASE64_STANDARD.decode(text).map_err(D::Error::custom)
}

/// What an import found.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ImportReport {
    /// Rows read.
    pub rows: u32,
    /// Calls in them.
    pub calls: u32,
    /// Length of its intervals, minutes.
    pub slot_minutes: u32,
    /// First local day.
    pub first_day: Option<NaiveDate>,
    /// Last local day.
    pub last_day: Option<NaiveDate>,
    /// Whether it tells handle times.
    pub has_handle_time: bool,
    /// Its languages and their calls, most first; empty where it tells none.
    pub languages: Vec<LanguageCalls>,
    /// Intervals that are known already and would be replaced.
    pub replaced: u32,
    /// What is wrong, first fifty; nothing is taken while there is any.
    pub faults: Vec<ImportFault>,
    /// All faults.
    pub fault_count: u32,
    /// Whether it has been taken in.
    pub kept: bool,
}

/// Calls in one language.
#[derive(Clone, Debug, PartialEq, Serialize, Type)]
pub struct LanguageCalls {
    /// The language; none is what was not told.
    pub language: Option<LanguageCode>,
    /// Calls in it.
    pub calls: u32,
    /// Their share of all, 0 to 1.
    pub share: f64,
}

/// One line that cannot be read.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ImportFault {
    /// 1 is the first line.
    pub line: u32,
    /// What is wrong.
    pub fault: ImportFaultKind,
    /// The words that cannot be read.
    pub found: String,
}

/// What can be wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ImportFaultKind {
    /// No column of times is found.
    NoTimeColumn,
    /// No column of counts is found.
    NoCountColumn,
    /// A moment that cannot be read.
    BadTime,
    /// A local time that does not exist: the clock was set forward.
    NoSuchTime,
    /// A count that is no whole number from 0 up.
    BadCount,
    /// A handle time that cannot be read.
    BadHandleTime,
    /// A language that is not known.
    BadLanguage,
    /// The interval stands twice in one language.
    Twice,
    /// The times do not step by 15, 30 or 60 minutes.
    OddStep,
    /// There is nothing in it.
    Empty,
}

/// One day to come.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ForecastDay {
    /// Local date.
    pub date: NaiveDate,
    /// Calls expected, manual changes included; 0 on a closed day.
    pub calls: f64,
    /// The model's own figure.
    pub model_calls: f64,
    /// Four days of five lie between this
    pub low80: f64,
    /// and this,
    pub high80: f64,
    /// nineteen of twenty between this
    pub low95: f64,
    /// and this.
    pub high95: f64,
    /// Average handle time, seconds.
    pub aht_s: Option<f64>,
    /// Nothing is open.
    pub closed: bool,
    /// Kind of special day.
    pub special: Option<SpecialKind>,
    /// A manual change is in force.
    pub overridden: bool,
    /// What came, on a day that is over or running.
    pub actual: Option<f64>,
}

/// One day interval by interval.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ForecastDayView {
    /// Local date.
    pub date: NaiveDate,
    /// Length of an interval, minutes.
    pub slot_minutes: u32,
    /// The intervals that are open, in order.
    pub intervals: Vec<IntervalView>,
}

/// One interval.
#[derive(Clone, Debug, Serialize, Type)]
pub struct IntervalView {
    /// Minutes after local midnight by the wall clock.
    pub minute: u32,
    /// Calls expected, manual changes included; of a running day re-forecast from now on.
    pub calls: f64,
    /// The model's own figure.
    pub model_calls: f64,
    /// As [`ForecastDay::low80`], of the interval.
    pub low80: f64,
    /// As above.
    pub high80: f64,
    /// As above.
    pub low95: f64,
    /// As above.
    pub high95: f64,
    /// Average handle time, seconds.
    pub aht_s: Option<f64>,
    /// What came, of an interval that is over.
    pub actual: Option<f64>,
    /// People needed on the line.
    pub agents: Option<u32>,
}

/// What a heat map shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum HeatKind {
    /// Calls per hour that were.
    History,
    /// Calls per hour to come.
    Forecast,
    /// How far off the forecast was in the last eight weeks: (forecast − actual) / actual.
    Error,
    /// People needed on the line.
    Staffing,
}

/// 7 × 24 means, Monday and midnight first.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HeatView {
    /// Of what.
    pub kind: HeatKind,
    /// The cells.
    pub cells: Vec<HeatCellView>,
}

/// One weekday and hour.
#[derive(Clone, Debug, Serialize, Type)]
pub struct HeatCellView {
    /// 0 is Monday.
    pub weekday: u32,
    /// 0 to 23.
    pub hour: u32,
    /// The mean; none where closed or nothing is known.
    pub value: Option<f64>,
    /// Depth of colour, 0 to 6; for errors -3 (too low) to 3 (too high).
    pub level: i32,
}

/// Which methods make the forecast, and how good they were.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ForecastExplanation {
    /// Heaviest first; codes of `forecast`.
    pub methods: Vec<MethodView>,
    /// Why the first leads.
    pub why: ForecastWhy,
    /// Origins of the rolling backtest.
    pub origins: u32,
    /// How well the mixture did over the last eight weeks, forecast a week before.
    pub score: ScoreView,
    /// The project whose profile was borrowed, where the own history is too short.
    pub borrowed_from: Option<String>,
    /// What the order intake is worth: share of the error it takes away, 0 to 1; none where unused.
    pub intake_gain: Option<f64>,
}

/// One method of the mixture.
#[derive(Clone, Debug, Serialize, Type)]
pub struct MethodView {
    /// Its code.
    pub code: String,
    /// Its weight, 0 to 1.
    pub weight: f64,
    /// Its own error in the backtest, weighted absolute percentage error, 0 up.
    pub wape: f64,
}

/// Why a method leads.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ForecastWhy {
    /// It was clearly the best in the backtest.
    Best,
    /// Several were as good: their average is steadier.
    Tied,
    /// The history is too short to tell: all count alike.
    TooShort,
    /// The own history is too short: a similar project's profile.
    Borrowed,
    /// A language with too little of its own: the client's forecast times its share.
    Share,
}

/// How good a forecast was.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ScoreView {
    /// Weighted absolute percentage error of intervals, 0 up.
    pub wape: f64,
    /// The same of whole days.
    pub day_wape: f64,
    /// (forecast − actual) / actual in all.
    pub bias: f64,
    /// Share of intervals inside the 80 % interval.
    pub cov80: f64,
    /// Share inside the 95 % interval.
    pub cov95: f64,
}

/// A day that stands out.
#[derive(Clone, Debug, Serialize, Type)]
pub struct OutlierView {
    /// Local date.
    pub date: NaiveDate,
    /// What came.
    pub calls: f64,
    /// What such a day brings.
    pub expected: f64,
    /// What the supervisor said.
    pub verdict: Option<OutlierVerdict>,
}

/// What becomes of a day that stands out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum OutlierVerdict {
    /// It counts.
    Kept,
    /// It does not.
    LeftOut,
}

/// Why a day is not like others.
#[derive(
    Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize, Type,
)]
#[serde(rename_all = "snake_case")]
pub enum SpecialKind {
    /// A public holiday.
    Holiday,
    /// The day before one.
    Eve,
    /// A promotion of the client.
    Promotion,
    /// Deliveries stopped.
    DeliveriesStopped,
    /// Anything else.
    Other,
}

/// Hours of one day, in minutes after local midnight; both 0: closed all day.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct DayHours {
    /// The first minute.
    pub from_minute: u32,
    /// The minute after the last; 1440 is midnight.
    pub until_minute: u32,
}

/// A special day.
#[derive(Clone, Debug, Serialize, Deserialize, Type)]
pub struct SpecialDayView {
    /// Local date.
    pub date: NaiveDate,
    /// Why.
    pub kind: SpecialKind,
    /// Its name.
    pub name: String,
    /// Its hours; none are those of its weekday.
    pub open: Option<DayHours>,
    /// Entered by hand; else from the calendar of holidays.
    pub own: bool,
    /// Load against an ordinary day, 1 is alike; none while unknown.
    pub effect: Option<f64>,
}

/// A special day to enter.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct NewSpecialDay {
    /// The client; none is all of them.
    pub shop: Option<ShopId>,
    /// Local date.
    pub date: NaiveDate,
    /// Why.
    pub kind: SpecialKind,
    /// Its name.
    pub name: String,
    /// Its hours; none are those of its weekday.
    pub open: Option<DayHours>,
}

/// A manual change of a forecast.
#[derive(Clone, Debug, Serialize, Type)]
pub struct OverrideView {
    /// Identity.
    pub id: FactId,
    /// The client.
    pub shop: ShopId,
    /// Local date.
    pub date: NaiveDate,
    /// First minute after local midnight.
    pub from_minute: u32,
    /// Minute after the last.
    pub until_minute: u32,
    /// The model's figure is multiplied by this.
    pub factor: f64,
    /// Why.
    pub reason: String,
    /// By whom.
    pub by: String,
    /// When.
    pub at: DateTime<Utc>,
}

/// A manual change to make.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct NewOverride {
    /// The client.
    pub shop: ShopId,
    /// How the work comes.
    pub channel: WorkChannel,
    /// Local date.
    pub date: NaiveDate,
    /// First minute after local midnight.
    pub from_minute: u32,
    /// Minute after the last; 1440 is the end of the day.
    pub until_minute: u32,
    /// Per cent more (or, negative, less) than the model says; -100 to 500.
    pub percent: f64,
    /// Why; must not be empty.
    pub reason: String,
}

/// What a client contributes.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ContributionView {
    /// The client.
    pub shop: ShopId,
    /// Its name.
    pub name: String,
    /// The language, where the row is of one.
    pub language: Option<LanguageCode>,
    /// Calls expected in the weeks shown.
    pub calls: f64,
    /// Share of the work (calls × handle time), 0 to 1.
    pub share: f64,
}

/// A published forecast and what came of it.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SnapshotView {
    /// Identity.
    pub id: FactId,
    /// When.
    pub at: DateTime<Utc>,
    /// By whom.
    pub by: String,
    /// First local day.
    pub first_day: NaiveDate,
    /// Last local day.
    pub last_day: NaiveDate,
    /// Days of it that are over.
    pub days_over: u32,
    /// Error of those days, whole days; none while none is over.
    pub day_wape: Option<f64>,
}

/// Something that is off today.
#[derive(Clone, Debug, Serialize, Type)]
pub struct AlarmView {
    /// The client.
    pub shop: ShopId,
    /// Its name.
    pub name: String,
    /// What.
    pub kind: AlarmKind,
    /// (actual − forecast) / forecast.
    pub deviation: f64,
    /// The limit that it passed.
    pub limit: f64,
}

/// What can be off.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum AlarmKind {
    /// The day so far; limit 5 %.
    Day,
    /// Its peak hour; limit 8 %.
    PeakHour,
    /// The average handle time; limit 3 %.
    Aht,
}

/// How many people are wanted and what for.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct StaffingRules {
    /// Share of calls to be answered in time, 0 to 1.
    pub service_level: f64,
    /// In time is within so many seconds.
    pub threshold_s: u32,
    /// Share of which calls.
    pub definition: ServiceLevelDefinition,
    /// How long a caller waits on the average before hanging up, seconds; none never hangs up.
    pub patience_s: Option<u32>,
    /// Highest share of time that a person may be busy, 0 to 1.
    pub max_occupancy: Option<f64>,
    /// Highest average speed of answer, seconds.
    pub max_asa_s: Option<u32>,
    /// Highest share of callers who hang up, 0 to 1.
    pub max_abandonment: Option<f64>,
    /// Paid time off the line, by kind.
    pub shrinkage: Vec<ShrinkagePart>,
    /// Whether all this is to hold on the mean over busier and calmer days, as far as a forecast may err.
    pub allow_for_error: bool,
    /// A confirmation must be called within so many hours of opening time.
    pub outbound_deadline_h: u32,
    /// Length of the intervals that are planned by: 15, 30 or 60 minutes; none is the finest that all of
    /// the history has.
    pub interval_minutes: Option<u32>,
    /// When the line is open, by weekday; outside nothing is expected.
    pub open: Vec<OpenHours>,
    /// The team that answers: projects of one team wait in one queue for the same people.
    pub team: Option<String>,
    /// Whether each language of the client's calls is answered by people of its own: then each is a line
    /// by itself. Confirmations are called by those of the language with most calls.
    pub languages_apart: bool,
}

/// Share of which calls.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum ServiceLevelDefinition {
    /// Of all that were offered.
    OfOffered,
    /// Of those that were answered.
    OfAnswered,
    /// Of offered without those that hung up within the threshold.
    ShortAbandonsOut,
}

/// A part of shrinkage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize, Type)]
pub struct ShrinkagePart {
    /// What it is.
    pub kind: ShrinkageKind,
    /// Share of paid time, 0 to 1.
    pub share: f64,
}

/// Kinds of shrinkage.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
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
    /// Breaks that the shift does not plan.
    Breaks,
    /// Anything else.
    Other,
}

/// Opening hours of a weekday.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct OpenHours {
    /// 0 is Monday.
    pub weekday: u32,
    /// First minute after local midnight.
    pub from_minute: u32,
    /// Minute after the last; 1440 is midnight.
    pub until_minute: u32,
}

/// Staffing of one client on one day.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct StaffingRequest {
    /// The client.
    pub shop: ShopId,
    /// One language of its calls, without what calls out; none is the whole line.
    pub language: Option<LanguageCode>,
    /// Local date.
    pub date: NaiveDate,
    /// Other rules to try beside those in force.
    pub what_if: Option<StaffingRules>,
    /// Calls against the forecast, to try: 1 is as forecast.
    pub load_factor: f64,
}

/// Staffing of one client on one day.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StaffingView {
    /// Rules in force.
    pub rules: StaffingRules,
    /// Whether anybody has set them; else they are the usual ones.
    pub is_own: bool,
    /// Length of an interval, minutes.
    pub slot_minutes: u32,
    /// As the rules in force want it.
    pub now: StaffingDay,
    /// As the other rules or the other load would.
    pub what_if: Option<StaffingDay>,
}

/// A day's staffing.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StaffingDay {
    /// Open intervals in order.
    pub intervals: Vec<StaffingInterval>,
    /// Hours on the line.
    pub line_hours: f64,
    /// Hours paid for: shrinkage divided out.
    pub paid_hours: f64,
    /// Most people on the line at once.
    pub peak_agents: u32,
    /// Share of the day's calls answered in time.
    pub service_level: Option<f64>,
    /// Share of time busy, by work.
    pub occupancy: Option<f64>,
    /// Confirmations that cannot be called in time.
    pub late_tasks: f64,
}

/// An interval's staffing.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StaffingInterval {
    /// Minutes after local midnight.
    pub minute: u32,
    /// Calls expected.
    pub calls: f64,
    /// Average handle time, seconds.
    pub aht_s: f64,
    /// Load, erlangs.
    pub erlangs: f64,
    /// People needed for calls.
    pub inbound_agents: u32,
    /// People needed for confirmations, placed where calls leave room.
    pub outbound_agents: f64,
    /// People needed on the line in all.
    pub agents: u32,
    /// The same divided by one less shrinkage.
    pub paid_agents: u32,
    /// Share of calls answered in time with `agents`; none where the queue is unstable or empty.
    pub service_level: Option<f64>,
    /// Average speed of answer, seconds.
    pub asa_s: Option<f64>,
    /// Share of callers who hang up.
    pub abandonment: Option<f64>,
    /// Share of time busy.
    pub occupancy: Option<f64>,
    /// What decided the number.
    pub bound_by: StaffingBound,
}

/// What decides how many are needed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StaffingBound {
    /// Nothing to do.
    Idle,
    /// The service level.
    ServiceLevel,
    /// The average speed of answer.
    Asa,
    /// The occupancy cap.
    Occupancy,
    /// The share that hangs up.
    Abandonment,
}
