//! What the crates below report, in the codes that people are told.

use crate::error::ErrorCode;
use crate::text::Fault;
use shops::ShopError;
use store::StoreError;

impl From<StoreError> for Fault {
    fn from(error: StoreError) -> Self {
        match error {
            StoreError::NotFound(_) => ErrorCode::NotFound.into(),
            StoreError::Taken("task") => ErrorCode::TaskTaken.into(),
            StoreError::Taken("request") => ErrorCode::RequestDecided.into(),
            StoreError::Taken("login") => ErrorCode::LoginTaken.into(),
            StoreError::TooNew { found, known } => Self::from(ErrorCode::StoreTooNew)
                .with("found", &found)
                .with("known", &known),
            StoreError::WrongKey | StoreError::Unreadable(_) | StoreError::Damaged => {
                ErrorCode::StoreUnreadable.into()
            }
            StoreError::DiskFull => ErrorCode::DiskFull.into(),
            StoreError::Busy => ErrorCode::StoreInUse.into(),
            StoreError::WrongPassword { left } => {
                Self::from(ErrorCode::SignInWrong).with("left", &left)
            }
            StoreError::WrongRecoveryCode => ErrorCode::RecoveryWrong.into(),
            StoreError::KeyringChanged => ErrorCode::KeyMissing.into(),
            other => Self::from(ErrorCode::StoreFailed).with("detail", &other),
        }
    }
}

impl From<ShopError> for Fault {
    fn from(error: ShopError) -> Self {
        match error {
            ShopError::BadAddress => ErrorCode::ShopBadAddress.into(),
            ShopError::NoTls => ErrorCode::ShopNoTls.into(),
            ShopError::BadCertificate => ErrorCode::ShopBadCertificate.into(),
            ShopError::PrivateAddress => ErrorCode::ShopPrivateAddress.into(),
            ShopError::WrongKey => ErrorCode::ShopWrongKey.into(),
            ShopError::NoReadRight(what) => {
                Self::from(ErrorCode::ShopNoReadRight).with("what", &what)
            }
            ShopError::NoWriteRight => ErrorCode::ShopNoWriteRight.into(),
            ShopError::NotAShop => ErrorCode::ShopNotAShop.into(),
            ShopError::Moved(host) => Self::from(ErrorCode::ShopMoved).with("host", &host),
            ShopError::Unreachable => ErrorCode::ShopUnreachable.into(),
            ShopError::TimedOut => ErrorCode::ShopTimedOut.into(),
            ShopError::Busy { .. } => ErrorCode::ShopBusy.into(),
            ShopError::ShopFault { status } => {
                Self::from(ErrorCode::ShopFault).with("status", &status)
            }
            ShopError::BadReply(_) => ErrorCode::ShopBadReply.into(),
            ShopError::Gone => ErrorCode::ShopOrderGone.into(),
            ShopError::Refused(detail) => {
                Self::from(ErrorCode::ShopRefused).with("detail", &detail)
            }
            ShopError::Conflict(conflict) => {
                let theirs = conflict.clashes.iter().map(|clash| clash.theirs.as_str());
                let told: Vec<_> = theirs.collect();
                Self::from(ErrorCode::ShopConflict).with("detail", &told.join(", "))
            }
            ShopError::Unsupported(_) => ErrorCode::ShopUnsupported.into(),
        }
    }
}
