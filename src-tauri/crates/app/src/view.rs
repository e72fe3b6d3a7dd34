//! What crosses to a screen: plain records, each a snapshot that can be drawn as it is.
//! The TypeScript beside the window is generated from these.

mod forecast;
mod plan;

use chrono::{DateTime, NaiveDate, Utc};
use rules::id::{CallId, OperationId, PersonId, RemoteId, ShopId, TaskId};
use rules::money::Money;
use rules::role::{Permission, Role};
use serde::{Deserialize, Serialize};
use shops::Capabilities;
use specta::Type;

/// How the desk looks.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "lowercase")]
pub enum Theme {
    /// As the desktop says.
    #[default]
    System,
    /// Light.
    Light,
    /// Dark.
    Dark,
}

/// What the first screen must ask for.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StartPhase {
    /// No centre here yet: make the admin.
    Fresh,
    /// There is a centre: sign in.
    SignIn,
    /// Signed in, but locked: the password again, the call goes on.
    Locked,
    /// Signed in.
    Ready,
}

/// The state of the desk before and around signing in.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StartView {
    /// What to ask for.
    pub phase: StartPhase,
    /// Language to begin in.
    pub language: Language,
    /// Who signed in last here, to spare typing; empty at first.
    pub last_login: String,
    /// Where the key is kept; false means that signing in unlocks the data itself.
    pub keyring: bool,
    /// Signed-in person.
    pub session: Option<SessionView>,
    /// Program version.
    pub version: String,
}

/// The signed-in person and what they may do.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SessionView {
    /// Who.
    pub person: PersonView,
    /// What the role allows; screens show only what can be done.
    pub permissions: Vec<Permission>,
    /// Minutes without a key or move until the desk locks itself.
    pub idle_lock_minutes: u32,
    /// Whether any shop is connected, the sample included.
    pub has_shops: bool,
}

/// A person with an account.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PersonView {
    /// Identity.
    pub id: PersonId,
    /// What they type to sign in.
    pub login: String,
    /// What others read.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Their language.
    pub language: Language,
    /// Their look.
    pub theme: Theme,
    /// Whether they may sign in.
    pub active: bool,
}

/// The first admin and the centre.
#[derive(Clone, Deserialize, Type)]
pub struct NewCentre {
    /// The admin's name.
    pub name: String,
    /// What they will type to sign in.
    pub login: String,
    /// At least eight characters.
    pub password: String,
    /// Their language.
    pub language: Language,
    /// IANA zone of the desk, e.g. `Europe/Kyiv`.
    pub zone: String,
}

/// A new account.
#[derive(Clone, Deserialize, Type)]
pub struct NewPerson {
    /// What others read.
    pub name: String,
    /// What they will type to sign in.
    pub login: String,
    /// At least eight characters; they change it themselves.
    pub password: String,
    /// What they may do.
    pub role: Role,
    /// Their language.
    pub language: Language,
}

/// The code that opens the data when keyring and password are lost. Shown once.
#[derive(Clone, Serialize, Type)]
pub struct RecoveryCodeView {
    /// Groups of letters and digits.
    pub code: String,
}

/// What the wizard asks for to connect a shop.
#[derive(Clone, Deserialize, Type)]
pub struct ShopInput {
    /// The protocol.
    pub kind: ShopKind,
    /// What people here call it; empty takes the shop's own name.
    pub name: String,
    /// Address as typed.
    pub address: String,
    /// Consumer key or user name; empty where a token is all there is, see [`KindView`]. For Shopify
    /// it may hold the app's client secret: without it the shop's calls cannot be told from others'.
    pub user: String,
    /// Consumer secret, password or token.
    pub secret: String,
    /// Language its customers speak: the script's language.
    pub language: Language,
    /// IANA zone of its customers; empty takes the shop's own, else the desk's.
    pub zone: String,
    /// Allow plain HTTP (admin).
    pub allow_http: bool,
    /// Allow an address inside a private network (admin).
    pub allow_private: bool,
    /// A certificate authority to trust besides the system's, PEM; empty for none.
    pub certificate_authority: String,
}

/// What the shop answered when asked who it is.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ShopCheck {
    /// Its own name.
    pub name: String,
    /// Software and version.
    pub software: String,
    /// ISO 4217.
    pub currency: String,
    /// IANA zone if it tells.
    pub zone: Option<String>,
    /// What it can do.
    pub capabilities: Capabilities,
}

/// A shop in the list.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ShopView {
    /// Identity.
    pub id: ShopId,
    /// What people here call it.
    pub name: String,
    /// Protocol; none for the sample.
    pub kind: Option<ShopKind>,
    /// Where it is.
    pub address: String,
    /// IANA zone of its customers.
    pub zone: String,
    /// ISO 4217.
    pub currency: String,
    /// Its customers' language.
    pub language: Language,
    /// Made up by the generator, removed with one click.
    pub is_sample: bool,
    /// How the exchange with it stands.
    pub sync: SyncView,
}

/// What the exchange with a shop is doing.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SyncPhase {
    /// Nothing to do.
    Idle,
    /// First pull: work can start before it ends.
    Importing,
    /// Pulling changes or sending results.
    Working,
    /// The shop does not answer; tried again by itself.
    Unreachable,
    /// Needs a person: see the error.
    Stopped,
}

/// How the exchange with a shop stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SyncView {
    /// What it is doing.
    pub phase: SyncPhase,
    /// Last pull that went through.
    pub last_pull_at: Option<DateTime<Utc>>,
    /// What went wrong last, in the reader's language.
    pub error: Option<ApiError>,
    /// Orders here.
    pub orders: u32,
    /// Products here.
    pub products: u32,
    /// Tasks waiting for a call.
    pub tasks_open: u32,
    /// Results that wait to be sent.
    pub waiting: u32,
    /// Results of which it is not known yet whether they arrived.
    pub in_doubt: u32,
    /// Results that a person must look at.
    pub dead: u32,
}

/// A result on its way to the shop.
#[derive(Clone, Debug, Serialize, Type)]
pub struct OperationView {
    /// Identity.
    pub id: OperationId,
    /// Number of the order it writes to.
    pub order_number: String,
    /// `edit_lines`, `confirm`, `cancel`, `add_note`, `grant_coupon`, `refund`.
    pub kind: String,
    /// `waiting`, `in_flight`, `doubt`, `done`, `dead`, `undone`.
    pub state: String,
    /// How often it was sent.
    pub tries: u32,
    /// When it is tried next.
    pub not_before: Option<DateTime<Utc>>,
    /// What went wrong last, in the reader's language.
    pub error: Option<ApiError>,
}

/// Part of the queue.
#[derive(Clone, Debug, Serialize, Type)]
pub struct QueuePage {
    /// In the order in which they will be offered.
    pub rows: Vec<QueueRow>,
    /// All that wait.
    pub total: u32,
    /// Those due now.
    pub due: u32,
}

/// One task in the queue. The phone is masked until the call starts.
#[derive(Clone, Debug, Serialize, Type)]
pub struct QueueRow {
    /// Identity.
    pub task: TaskId,
    /// Whose order.
    pub shop: ShopId,
    /// What people here call the shop.
    pub shop_name: String,
    /// The order's number.
    pub order_number: String,
    /// Customer's name.
    pub customer_name: String,
    /// Phone with its middle hidden.
    pub phone_masked: String,
    /// What the customer pays.
    pub total: Money,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// When it is to be called.
    pub due_at: DateTime<Utc>,
    /// Whether that moment has come.
    pub is_due: bool,
    /// Attempts so far.
    pub attempts: u32,
    /// A promised callback.
    pub promised: bool,
}

/// What the operator is doing, as the strip says it.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DeskState {
    /// Free for the next task.
    Ready,
    /// A task is open, not dialled yet.
    Preview,
    /// The number is being dialled.
    Dialling,
    /// It rings at the customer's.
    Ringing,
    /// Speaking.
    Talking,
    /// The customer waits.
    Hold,
    /// After the call, before saving.
    WrapUp,
    /// Away, with a reason.
    Pause,
}

/// What a key or button may do now; the screen enables just these.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum DeskAction {
    /// Take the next task.
    NextTask,
    /// Put the task back.
    PutBack,
    /// Hand the number to the phone.
    Dial,
    /// The customer has answered.
    Answered,
    /// Nobody answered.
    NoAnswer,
    /// Engaged.
    Busy,
    /// Let the customer wait.
    Hold,
    /// Speak on.
    Resume,
    /// The call is over.
    HangUp,
    /// Answer the script, tick, edit the order.
    Work,
    /// Save the result.
    Save,
    /// Go away for a while.
    Pause,
    /// Come back.
    Ready,
}

/// Why an operator is away.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum PauseReason {
    /// A short break.
    Break,
    /// Lunch.
    Lunch,
    /// Training or a meeting.
    Training,
    /// Computer or network trouble.
    Technical,
}

impl PauseReason {
    /// The word it is stored as.
    pub(crate) const fn word(self) -> &'static str {
        match self {
            Self::Break => "break",
            Self::Lunch => "lunch",
            Self::Training => "training",
            Self::Technical => "technical",
        }
    }
}

/// Everything the operator's desk shows, whole.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DeskView {
    /// The strip's state word.
    pub state: DeskState,
    /// Since when, for the timer.
    pub since: DateTime<Utc>,
    /// The desk's clock at this snapshot, so that timers agree.
    pub now: DateTime<Utc>,
    /// Why away, in [`DeskState::Pause`].
    pub pause_reason: Option<PauseReason>,
    /// What can be done now.
    pub actions: Vec<DeskAction>,
    /// Tasks due now.
    pub due: u32,
    /// Tasks waiting in all.
    pub waiting: u32,
    /// A shop that cannot be reached: a quiet sign; work goes on.
    pub unreachable: Vec<String>,
    /// Calls saved by this person today.
    pub saved_today: u32,
    /// The task at hand.
    pub card: Option<CardView>,
    /// The last result while it can still be taken back.
    pub undo: Option<UndoView>,
    /// Something to know that stops nothing, e.g. that no program dials here.
    pub notice: Option<ApiError>,
}

/// The task at hand.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CardView {
    /// The task.
    pub task: TaskId,
    /// The call, once dialled.
    pub call: Option<CallId>,
    /// Whose order.
    pub shop: ShopId,
    /// What people here call the shop.
    pub shop_name: String,
    /// Its customers' zone, to tell their local time.
    pub shop_zone: String,
    /// Attempts before this one.
    pub attempts: u32,
    /// Customer's name.
    pub customer_name: String,
    /// To show: masked until dialled, whole after.
    pub phone: String,
    /// Masked or not.
    pub phone_masked: bool,
    /// The order with the operator's changes.
    pub order: OrderView,
    /// Where the script stands.
    pub script: ScriptView,
    /// Required points first.
    pub checklist: Vec<PointView>,
    /// What has been typed and chosen so far.
    pub draft: Draft,
    /// What keeps the result from being saved, for the chosen outcome.
    pub blockers: Vec<ApiError>,
    /// Earlier calls to this number, newest first, twenty at most.
    pub history: Vec<CallRow>,
    /// Outcomes that may be chosen, in the order of their digit.
    pub outcomes: Vec<OutcomeChoice>,
    /// Contact reasons, two levels.
    pub reasons: Vec<ReasonChoice>,
}

/// An outcome to choose.
#[derive(Clone, Debug, Serialize, Type)]
pub struct OutcomeChoice {
    /// Code; its name is `outcome-<code>` in the locale.
    pub code: String,
    /// Asks for a time to call back.
    pub needs_callback_time: bool,
    /// Asks for a comment.
    pub needs_comment: bool,
}

/// A contact reason with its second level.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ReasonChoice {
    /// Code; its name is `reason-<code>` in the locale.
    pub code: String,
    /// Codes; their names are `subreason-<reason>-<code>` in the locale.
    pub subreasons: Vec<String>,
}

/// An order with the operator's changes applied.
#[derive(Clone, Debug, Serialize, Type)]
pub struct OrderView {
    /// The shop's identity.
    pub remote: RemoteId,
    /// What people say on the phone.
    pub number: String,
    /// When it was placed.
    pub placed_at: DateTime<Utc>,
    /// The shop's word.
    pub status: String,
    /// Lines, the changed and added ones marked.
    pub lines: Vec<LineView>,
    /// Delivery charge.
    pub delivery_total: Money,
    /// What the customer will pay.
    pub total: Money,
    /// What they would have paid before the changes.
    pub total_before: Money,
    /// Address to read aloud.
    pub delivery_address: String,
    /// Delivery in the shop's words.
    pub delivery_method: String,
    /// Payment in the shop's words.
    pub payment_method: String,
    /// The customer's remark.
    pub customer_note: String,
    /// Lines can be changed at this shop.
    pub can_edit: bool,
}

/// One line of the order at hand.
#[derive(Clone, Debug, Serialize, Type)]
pub struct LineView {
    /// `line:<id>` or `new:<product id>`: what [`LineEdit`] names.
    pub key: String,
    /// Stock-keeping unit.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Pieces wanted; zero is taken off.
    pub quantity: u32,
    /// Pieces before; zero for an added product.
    pub quantity_before: u32,
    /// Price of one.
    pub unit_price: Money,
    /// Quantity times price.
    pub total: Money,
}

/// Change one line of the order at hand.
#[derive(Clone, Debug, Deserialize, Type)]
#[serde(tag = "change", rename_all = "snake_case")]
pub enum LineEdit {
    /// So many pieces on a line; zero takes it off.
    SetQuantity {
        /// [`LineView::key`].
        key: String,
        /// 0 to 9999.
        quantity: u32,
    },
    /// One piece of a product, or one more of it.
    Add {
        /// [`ProductView::remote`].
        product: RemoteId,
    },
}

/// A product found.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ProductView {
    /// The shop's identity.
    pub remote: RemoteId,
    /// Stock-keeping unit.
    pub sku: String,
    /// Name.
    pub name: String,
    /// Price of one.
    pub price: Money,
    /// Pieces on hand where counted.
    pub stock: Option<i32>,
}

/// Where the script stands.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ScriptView {
    /// Title of the script.
    pub title: String,
    /// Version stored with the call.
    pub version: u32,
    /// The step at hand; none when the script has come to its end.
    pub step: Option<StepView>,
    /// What was said and answered, oldest first.
    pub trail: Vec<TrailView>,
}

/// One step of a script.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StepView {
    /// Identity within the script.
    pub id: String,
    /// What to say, in pieces.
    pub text: Vec<Segment>,
    /// Numbered answers; empty asks for nothing but "go on".
    pub answers: Vec<AnswerView>,
}

/// A piece of a script's text.
#[derive(Clone, Debug, Serialize, Type)]
#[serde(tag = "kind", content = "text", rename_all = "snake_case")]
pub enum Segment {
    /// The author's words.
    Text(String),
    /// A value put in.
    Value(String),
    /// A value that is not known: shown as a gap with its name.
    Missing(String),
}

/// An answer with its digit.
#[derive(Clone, Debug, Serialize, Type)]
pub struct AnswerView {
    /// The key, 1 to 9.
    pub digit: u32,
    /// The customer's answer, in the script's language.
    pub text: String,
}

/// A step gone through.
#[derive(Clone, Debug, Serialize, Type)]
pub struct TrailView {
    /// Identity within the script.
    pub step: String,
    /// What was answered.
    pub answer: String,
}

/// A point of the checklist.
#[derive(Clone, Debug, Serialize, Type)]
pub struct PointView {
    /// Identity within the script.
    pub id: String,
    /// What must have been done.
    pub text: String,
    /// Whether "confirmed" waits for it.
    pub required: bool,
    /// Done.
    pub ticked: bool,
}

/// What has been typed and chosen; kept on disk with every change.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize, Type)]
pub struct Draft {
    /// Code or empty.
    pub outcome: String,
    /// Code or empty.
    pub reason: String,
    /// Code or empty.
    pub subreason: String,
    /// Free text.
    pub comment: String,
    /// When to call back.
    pub callback_at: Option<DateTime<Utc>>,
}

/// The last result, while it can still be taken back.
#[derive(Clone, Debug, Serialize, Type)]
pub struct UndoView {
    /// Number of the order.
    pub order_number: String,
    /// Its outcome's code.
    pub outcome: String,
    /// Until when.
    pub until: DateTime<Utc>,
}

/// Which part of the history to count.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct LoadRequest {
    /// One shop, counted in its own zone.
    pub shop: ShopId,
    /// First local day.
    pub from: NaiveDate,
    /// Last local day, counted in.
    pub to: NaiveDate,
}

/// Calls by weekday and hour, outcome and reason.
#[derive(Clone, Debug, Serialize, Type)]
pub struct LoadView {
    /// Zone of the days and hours.
    pub zone: String,
    /// First local day there is.
    pub first_day: Option<NaiveDate>,
    /// Last local day there is.
    pub last_day: Option<NaiveDate>,
    /// Calls in the range.
    pub calls: u32,
    /// Of them answered by a person.
    pub answered: u32,
    /// Average handle time: talk, hold and wrap-up of answered calls, seconds.
    pub aht_s: Option<f64>,
    /// Orders confirmed.
    pub confirmed: u32,
    /// 7 × 24, Monday and midnight first.
    pub cells: Vec<LoadCell>,
    /// Most frequent first.
    pub outcomes: Vec<CountRow>,
    /// Most frequent first.
    pub reasons: Vec<CountRow>,
}

/// One weekday and hour.
#[derive(Clone, Debug, Serialize, Type)]
pub struct LoadCell {
    /// 0 is Monday.
    pub weekday: u32,
    /// 0 to 23.
    pub hour: u32,
    /// Calls in the range.
    pub calls: u32,
    /// Calls per such hour that occurred in the range.
    pub mean: f64,
    /// Depth of colour, 0 to 6.
    pub level: u32,
}

/// A count with its code.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CountRow {
    /// Outcome, or `reason/subreason`.
    pub code: String,
    /// Calls.
    pub calls: u32,
    /// Share of all, 0 to 1.
    pub share: f64,
}

/// Which calls to list.
#[derive(Clone, Debug, Deserialize, Type)]
pub struct CallsRequest {
    /// One shop.
    pub shop: ShopId,
    /// First local day.
    pub from: NaiveDate,
    /// Last local day, counted in.
    pub to: NaiveDate,
    /// 0 is Monday.
    pub weekday: Option<u32>,
    /// 0 to 23.
    pub hour: Option<u32>,
    /// Code.
    pub outcome: Option<String>,
    /// Code.
    pub reason: Option<String>,
    /// Code.
    pub subreason: Option<String>,
    /// Rows to leave out before the first.
    pub offset: u32,
    /// 500 at most.
    pub limit: u32,
}

/// Part of a list of calls, newest first.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CallPage {
    /// The rows.
    pub rows: Vec<CallRow>,
    /// All that match.
    pub total: u32,
}

/// One call in a list.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CallRow {
    /// Identity.
    pub call: CallId,
    /// Begun.
    pub started_at: DateTime<Utc>,
    /// Operator.
    pub person_name: String,
    /// Order.
    pub order_number: String,
    /// Customer's name.
    pub customer_name: String,
    /// Phone with its middle hidden.
    pub phone_masked: String,
    /// Code, empty while not saved.
    pub outcome: String,
    /// Code.
    pub reason: String,
    /// Code.
    pub subreason: String,
    /// Seconds.
    pub talk_s: u32,
    /// Talk, hold and wrap-up, seconds.
    pub handle_s: u32,
    /// Comment.
    pub comment: String,
}

/// Everything recorded about one call.
#[derive(Clone, Debug, Serialize, Type)]
pub struct CallDetail {
    /// Its row.
    pub row: CallRow,
    /// States and when they began.
    pub states: Vec<StateMark>,
    /// Script title and version.
    pub script: String,
    /// What was answered.
    pub trail: Vec<TrailView>,
    /// What was ticked, as texts.
    pub ticked: Vec<String>,
    /// What was changed in the order, as texts "name: 1 → 2".
    pub edits: Vec<String>,
    /// What became of it at the shop.
    pub operations: Vec<OperationView>,
}

/// A state of a call and when it began.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StateMark {
    /// Which.
    pub state: DeskState,
    /// When.
    pub at: DateTime<Utc>,
}

/// The exchange with every shop, for the sync page.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SyncPage {
    /// The desk's clock at this snapshot, so that ages agree.
    pub now: DateTime<Utc>,
    /// Shops that need a person first, then those out of reach, then the rest, each by name.
    pub shops: Vec<SyncRow>,
}

/// The exchange with one shop.
#[derive(Clone, Debug, Serialize, Type)]
pub struct SyncRow {
    /// Identity.
    pub id: ShopId,
    /// What people here call it.
    pub name: String,
    /// Protocol; none for the sample.
    pub kind: Option<ShopKind>,
    /// What it is doing.
    pub phase: SyncPhase,
    /// What went wrong last and what to do, in the reader's language.
    pub error: Option<ApiError>,
    /// Last pull of orders that went through.
    pub last_pull_at: Option<DateTime<Utc>>,
    /// Seconds since then: a change at the shop may be unknown here for so long.
    pub lag_s: Option<u32>,
    /// Each pull by itself: orders, products, customers.
    pub streams: Vec<StreamView>,
    /// Results that wait to be sent.
    pub waiting: u32,
    /// When the oldest result that has not arrived was saved.
    pub oldest_at: Option<DateTime<Utc>>,
    /// Results being sent now.
    pub in_flight: u32,
    /// Results of which it is not known yet whether they arrived.
    pub in_doubt: u32,
    /// Results given up, the conflicts among them not counted.
    pub dead: u32,
    /// Results given up because the shop changed the same thing.
    pub conflicts: u32,
    /// When something is sent or asked next by itself.
    pub next_try_at: Option<DateTime<Utc>>,
    /// The shop failed too often and is left alone until then.
    pub breaker_open_until: Option<DateTime<Utc>>,
    /// What the reader may do about it.
    pub actions: Vec<SyncAction>,
}

/// What can be done about the exchange with a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SyncAction {
    /// Pull and send now: the command `sync_now`.
    PullNow,
    /// Look at what did not arrive and decide: `shop_trouble`, `resolve_letter`.
    Decide,
    /// Give the shop's new key: `rekey_shop`.
    Rekey,
    /// Say what the shop's words for the state of an order mean: `status_table`.
    SetStatuses,
}

/// What is pulled from a shop.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum StreamKind {
    /// What customers ordered.
    Orders,
    /// What the shop sells.
    Products,
    /// Who buys.
    Customers,
}

/// One pull.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StreamView {
    /// Of what.
    pub stream: StreamKind,
    /// When it last came to its end; none while the first one runs.
    pub last_success_at: Option<DateTime<Utc>>,
    /// What stopped it last, in the reader's language.
    pub error: Option<ApiError>,
}

/// A result that did not reach the shop and waits for a person.
#[derive(Clone, Debug, Serialize, Type)]
pub struct DeadLetter {
    /// Identity.
    pub op: OperationId,
    /// Number of the order it writes to.
    pub order_number: String,
    /// Customer's name.
    pub customer_name: String,
    /// The call it comes from.
    pub call: Option<CallId>,
    /// `edit_lines`, `confirm`, `cancel`, `add_note`, `grant_coupon`, `refund`.
    pub kind: String,
    /// What it wants at the shop, in the reader's language.
    pub what: String,
    /// How often it was sent.
    pub tries: u32,
    /// Why it did not get through and what to do, in the reader's language.
    pub error: ApiError,
    /// When it was given up.
    pub since: DateTime<Utc>,
    /// Later results of the same order that wait behind it.
    pub behind: u32,
    /// Both sides, where the shop changed the same thing.
    pub conflict: Option<ConflictView>,
    /// What can be decided, the likeliest first.
    pub choices: Vec<LetterChoice>,
}

/// The same thing changed here and at the shop.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ConflictView {
    /// Field by field.
    pub clashes: Vec<ClashView>,
    /// Whose result it is; empty where nobody's.
    pub ours_by: String,
    /// When it was saved.
    pub ours_at: DateTime<Utc>,
    /// Who at the shop changed it, where the shop tells.
    pub theirs_by: Option<String>,
    /// When the shop says that the order last changed.
    pub theirs_at: Option<DateTime<Utc>>,
}

/// One field that both sides changed.
#[derive(Clone, Debug, Serialize, Type)]
pub struct ClashView {
    /// Which, in the reader's language.
    pub label: String,
    /// As the operator found it; none where it was not there.
    pub base: Option<String>,
    /// As the operator wants it.
    pub ours: String,
    /// As the shop has it now.
    pub theirs: String,
}

/// What a person decides about a result that did not arrive.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum LetterChoice {
    /// Ours shall hold: it is sent again over what the shop has now.
    Ours,
    /// The shop's shall hold: ours is taken back, with a record of who decided.
    Theirs,
    /// The cause is gone: try again as it is.
    Retry,
    /// It is not wanted any more, or was made at the shop by hand: give it up for good.
    Drop,
}

/// What the shop's words for the state of an order mean, and which may follow which.
#[derive(Clone, Debug, Serialize, Type)]
pub struct StatusTableView {
    /// Whose.
    pub shop: ShopId,
    /// What people here call the shop.
    pub shop_name: String,
    /// What holds now.
    pub table: StatusTable,
    /// Set by an admin; false is the connector's own.
    pub is_set: bool,
    /// The connector's own, made of the words that the shop told.
    pub offered: StatusTable,
    /// What is wrong with the table that holds, in the reader's language.
    pub problems: Vec<ApiError>,
}

/// What a kind of shop asks for to be connected.
#[derive(Clone, Debug, Serialize, Type)]
pub struct KindView {
    /// Which; its name is `kind-<kind>` in the locale.
    pub kind: ShopKind,
    /// What goes into [`ShopInput::user`]; none where it stays empty.
    pub user: Option<UserField>,
    /// What goes into [`ShopInput::secret`].
    pub secret: SecretField,
    /// To begin [`ShopInput::address`] with; empty where every shop has its own.
    pub address: String,
}

/// What a shop calls the name that goes with its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum UserField {
    /// Consumer key, `ck_…`.
    ConsumerKey,
    /// User name.
    UserName,
}

/// What a shop calls its secret.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum SecretField {
    /// Consumer secret, `cs_…`.
    ConsumerSecret,
    /// Password.
    Password,
    /// Access token of an app, or of the account.
    Token,
    /// API key.
    ApiKey,
}

/// What a screen must ask for again.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, Type)]
#[serde(rename_all = "snake_case")]
pub enum Changed {
    /// Queue and desk.
    Desk,
    /// Shops and their exchange.
    Shops,
    /// Counts of calls.
    Load,
    /// History, forecast or staffing.
    Forecast,
    /// Plans, shifts, requests.
    Plan,
    /// Locked or signed out.
    Session,
}

pub use crate::error::{ApiError, ErrorCode};
pub use ::plan::language::LanguageCode;
pub use forecast::*;
pub use plan::*;
pub use rules::script::Language;
pub use rules::status::StatusTable;
pub use shops::ShopKind;
