use chrono::{DateTime, Utc};

/// Why the store did not do it.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// No such row or file.
    #[error("{0} not found")]
    NotFound(&'static str),
    /// Somebody or something has it already: a login, a task, a file.
    #[error("{0} is taken")]
    Taken(&'static str),
    /// What was asked does not fit what is stored now, e.g. undoing what has left already.
    #[error("not possible now: {0}")]
    Conflict(&'static str),
    /// The input cannot be stored as it is.
    #[error("not valid: {0}")]
    Invalid(&'static str),
    /// The file was written by a newer release; it was left untouched.
    #[error("the file is of version {found}, this release knows {known}")]
    TooNew {
        /// Version in the file.
        found: u32,
        /// Newest version this release knows.
        known: u32,
    },
    /// The key does not open the file, or the file is not a store.
    #[error("the key does not open this file")]
    WrongKey,
    /// A file that must not be guessed about cannot be read; it was left untouched.
    #[error("{0} cannot be read")]
    Unreadable(&'static str),
    /// A page's seal or the file's structure is broken.
    #[error("the file is damaged")]
    Damaged,
    /// The disk or the quota is full; nothing of the write remains.
    #[error("the disk is full")]
    DiskFull,
    /// Another process holds the file.
    #[error("the file is in use by another process")]
    Busy,
    /// The database has been closed, or its thread has ended.
    #[error("the store is closed")]
    Closed,
    /// The code run inside the store panicked; its writes were rolled back.
    #[error("the operation failed inside and was rolled back")]
    Panicked,
    /// Anything else `SQLite` says.
    #[error("store: {0}")]
    Sqlite(rusqlite::Error),
    /// The file system refused.
    #[error("file: {0}")]
    Io(std::io::Error),
    /// The operating system's keyring is absent or refused; a password still opens the vault.
    #[error("keyring: {0}")]
    Keyring(String),
    /// Stored JSON is not what it should be.
    #[error("stored JSON: {0}")]
    Json(#[from] serde_json::Error),
    /// Login or password do not match.
    #[error("wrong login or password")]
    WrongPassword {
        /// Attempts left before the lock-out.
        left: u32,
    },
    /// Too many wrong passwords.
    #[error("locked out until {until}")]
    LockedOut {
        /// When the next attempt is allowed.
        until: DateTime<Utc>,
    },
    /// The recovery code does not open the vault.
    #[error("wrong recovery code")]
    WrongRecoveryCode,
    /// The keyring's entry does not open the vault: it belongs to another one or has changed.
    #[error("the keyring's key does not open this vault")]
    KeyringChanged,
    /// Key derivation or sealing failed; happens only with impossible parameters or no memory.
    #[error("cryptography failed")]
    Crypto,
}

impl From<rusqlite::Error> for StoreError {
    fn from(error: rusqlite::Error) -> Self {
        use rusqlite::ErrorCode;
        if matches!(error, rusqlite::Error::QueryReturnedNoRows) {
            return Self::NotFound("row");
        }
        match error.sqlite_error_code() {
            Some(ErrorCode::DiskFull) => Self::DiskFull,
            Some(ErrorCode::DatabaseBusy | ErrorCode::DatabaseLocked) => Self::Busy,
            Some(ErrorCode::DatabaseCorrupt | ErrorCode::NotADatabase) => Self::Damaged,
            _ => Self::Sqlite(error),
        }
    }
}

impl From<std::io::Error> for StoreError {
    fn from(error: std::io::Error) -> Self {
        match error.kind() {
            std::io::ErrorKind::StorageFull | std::io::ErrorKind::QuotaExceeded => Self::DiskFull,
            _ => Self::Io(error),
        }
    }
}
