//! The one error that reaches a person: a stable code, its arguments, and words that say what to do.

use serde::{Deserialize, Serialize};
use specta::Type;
use std::collections::BTreeMap;

/// Stable names of everything that can go wrong; the words are `error-<code>` in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, Type)]
#[serde(rename_all = "kebab-case")]
pub enum ErrorCode {
    /// A field is empty that must not be: `field`.
    FieldMissing,
    /// A field holds what cannot be read: `field`.
    FieldInvalid,
    /// A password shorter than `least` characters.
    PasswordShort,
    /// Another account has this login.
    LoginTaken,
    /// Login or password does not fit; `left` tries until the lock-out.
    SignInWrong,
    /// Too many wrong tries; `minutes` to wait.
    LockedOut,
    /// The recovery code does not fit.
    RecoveryWrong,
    /// There is no centre in this folder yet.
    CentreMissing,
    /// Nobody is signed in, or the screen is locked.
    SignInNeeded,
    /// The role does not allow it.
    NotAllowed,
    /// The last active admin must stay one.
    LastAdmin,
    /// The data was written by a newer program: `found`, `known`.
    StoreTooNew,
    /// The data cannot be read with the key at hand; nothing was changed.
    StoreUnreadable,
    /// The keyring holds no key for this data; password or recovery code opens it.
    KeyMissing,
    /// No room left on the disk; nothing of this step was kept.
    DiskFull,
    /// Another desk has this folder open.
    StoreInUse,
    /// The store failed otherwise: `detail`.
    StoreFailed,
    /// Nothing waits to be called now.
    QueueEmpty,
    /// Someone else holds the task.
    TaskTaken,
    /// Not possible in this state: `state`.
    WrongMoment,
    /// First finish the call or the wrap-up at hand.
    CallOpen,
    /// Choose an outcome.
    OutcomeMissing,
    /// Choose a contact reason.
    ReasonMissing,
    /// A comment is needed for this outcome.
    CommentMissing,
    /// A time to call back is needed.
    CallbackMissing,
    /// The time to call back has passed already.
    CallbackPast,
    /// Required points are open: `points`.
    ChecklistOpen,
    /// Changes of the order go with an outcome that confirms it.
    EditsNeedConfirmation,
    /// Too late to take it back.
    UndoTooLate,
    /// The customer's number cannot be dialled.
    NumberInvalid,
    /// The computer has nothing that opens a `tel:` link.
    NoPhoneProgram,
    /// The name typed is not the shop's.
    NameDiffers,
    /// The sample is there already.
    SampleExists,
    /// A script has faults: `line`, `detail`.
    ScriptFaulty,
    /// Not found any more.
    NotFound,
    /// The address cannot be read.
    ShopBadAddress,
    /// The connection would not be encrypted.
    ShopNoTls,
    /// The certificate is not trusted.
    ShopBadCertificate,
    /// The address is inside a private network.
    ShopPrivateAddress,
    /// Key or password wrong.
    ShopWrongKey,
    /// No right to read: `what`.
    ShopNoReadRight,
    /// No right to write.
    ShopNoWriteRight,
    /// Not this kind of shop.
    ShopNotAShop,
    /// It sends us elsewhere: `host`.
    ShopMoved,
    /// No answer at all.
    ShopUnreachable,
    /// No answer in time.
    ShopTimedOut,
    /// Asked to wait.
    ShopBusy,
    /// A fault of its own: `status`.
    ShopFault,
    /// An answer that cannot be understood.
    ShopBadReply,
    /// The order is gone.
    ShopOrderGone,
    /// The shop's rules forbid it: `detail`.
    ShopRefused,
    /// Changed at the shop meanwhile: `detail`.
    ShopConflict,
    /// This shop cannot do it.
    ShopUnsupported,
    /// The key opens another shop than the one known here.
    ShopDiffers,
    /// Several shops have such an order: name the shop.
    ShopAmbiguous,
    /// The order cannot go from one status to the other: `from`, `to`.
    StatusStepUnknown,
    /// A lesser role may not make this step: `from`, `to`, `role`.
    StatusStepDenied,
    /// A word stands twice in the table of statuses: `word`.
    StatusWordTwice,
    /// A word that the shop does not have: `word`.
    StatusWordUnknown,
    /// No status is set when the customer confirms.
    StatusTargetMissing,
    /// No order waiting for its call can come to the status for "confirmed": `to`.
    StatusTargetOutOfReach,
    /// This cannot be decided so: `choices` are possible.
    ChoiceImpossible,
    /// The shop has changed it once more since: look again.
    ConflictMoved,
    /// More than what is left to give back: `left`.
    RefundTooMuch,
    /// A report larger than is taken in: `most` megabytes.
    ImportTooLarge,
    /// Too few days of history for a forecast: `missing` more are needed.
    HistoryShort,
    /// The client's history tells no calls in this language, or only one language.
    LanguageUntold,
    /// Staffing rules that no number of people keeps: `field`.
    StaffingInvalid,
    /// A search for a better plan is under way.
    PlanSolving,
    /// A published plan cannot be thrown away.
    PlanPublished,
    /// No change by hand is left to take back.
    NothingToUndo,
    /// A shift of the swap has changed since it was asked for.
    SwapStale,
    /// Someone works already on the day onto which a shift would come.
    SwapDayTaken,
    /// The shift has begun.
    ShiftPast,
    /// The day is over.
    DayPast,
    /// The same is asked for already.
    RequestOpen,
    /// It was decided before.
    RequestDecided,
}

/// What went wrong, for a person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Type)]
pub struct ApiError {
    /// Stable name.
    pub code: ErrorCode,
    /// What the words speak of.
    pub args: BTreeMap<String, String>,
    /// The words, in the reader's language.
    pub message: String,
}
