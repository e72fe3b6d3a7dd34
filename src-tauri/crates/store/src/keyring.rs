//! Where the operating system keeps a key for us.

use crate::{Key, StoreError};
use std::collections::HashMap;
use std::sync::{Mutex, PoisonError};

/// A place for 256-bit keys under names, outside our files.
pub trait Keyring: Send + Sync {
    /// The key under `entry`; none when there is none.
    ///
    /// # Errors
    /// [`StoreError::Keyring`] when the place itself cannot be reached or is locked.
    fn get(&self, entry: &str) -> Result<Option<Key>, StoreError>;

    /// Puts `key` under `entry`, in place of what was there.
    ///
    /// # Errors
    /// As [`Keyring::get`].
    fn set(&self, entry: &str, key: &Key) -> Result<(), StoreError>;

    /// Forgets what is under `entry`; nothing there is no error.
    ///
    /// # Errors
    /// As [`Keyring::get`].
    fn delete(&self, entry: &str) -> Result<(), StoreError>;

    /// Which place this is, kept beside the sealed key.
    fn backend(&self) -> &str;
}

/// No keyring: a headless machine, or one where none is wanted.
#[derive(Clone, Copy, Debug, Default)]
pub struct NoKeyring;

impl Keyring for NoKeyring {
    fn get(&self, _: &str) -> Result<Option<Key>, StoreError> {
        Err(StoreError::Keyring("none".to_owned()))
    }

    fn set(&self, _: &str, _: &Key) -> Result<(), StoreError> {
        Err(StoreError::Keyring("none".to_owned()))
    }

    fn delete(&self, _: &str) -> Result<(), StoreError> {
        Ok(())
    }

    fn backend(&self) -> &'static str {
        "none"
    }
}

/// Keeps keys in memory only: for tests and throw-away centres.
#[derive(Debug, Default)]
pub struct MemoryKeyring {
    keys: Mutex<HashMap<String, Key>>,
}

impl Keyring for MemoryKeyring {
    fn get(&self, entry: &str) -> Result<Option<Key>, StoreError> {
        Ok(self
            .keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .get(entry)
            .cloned())
    }

    fn set(&self, entry: &str, key: &Key) -> Result<(), StoreError> {
        let mut keys = self.keys.lock().unwrap_or_else(PoisonError::into_inner);
        keys.insert(entry.to_owned(), key.clone());
        Ok(())
    }

    fn delete(&self, entry: &str) -> Result<(), StoreError> {
        self.keys
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(entry);
        Ok(())
    }

    fn backend(&self) -> &'static str {
        "memory"
    }
}

#[cfg(target_os = "linux")]
pub use secret_service::OsKeyring;

/// The keyring of this desktop; elsewhere than on Linux there is none yet, and passwords and the
/// recovery code open the vault.
pub fn of_desktop() -> Box<dyn Keyring> {
    #[cfg(target_os = "linux")]
    return Box::new(OsKeyring);
    #[cfg(not(target_os = "linux"))]
    Box::new(NoKeyring)
}

#[cfg(target_os = "linux")]
mod secret_service {
    use super::{Key, Keyring, StoreError};
    use dbus_secret_service_keyring_store::Store;
    use keyring_core::{CredentialStore, Entry, Error};
    use std::sync::Arc;
    use zeroize::Zeroizing;

    /// The application's name in the keyring.
    const SERVICE: &str = "dzvinok";

    /// The Secret Service of the desktop session (GNOME Keyring, `KWallet`).
    #[derive(Clone, Copy, Debug, Default)]
    pub struct OsKeyring;

    impl OsKeyring {
        /// Connects anew each time: a keyring may come, go or change while the desk runs.
        fn entry(entry: &str) -> Result<Entry, StoreError> {
            let store: Arc<CredentialStore> = Store::new().map_err(|error| refused(&error))?;
            store
                .build(SERVICE, entry, None)
                .map_err(|error| refused(&error))
        }
    }

    impl Keyring for OsKeyring {
        fn get(&self, entry: &str) -> Result<Option<Key>, StoreError> {
            match Self::entry(entry)?.get_secret() {
                Ok(secret) => {
                    // A secret of another length is not ours: as good as none, and never removed.
                    Ok(Key::try_from(Zeroizing::new(secret).as_slice()).ok())
                }
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(refused(&error)),
            }
        }

        fn set(&self, entry: &str, key: &Key) -> Result<(), StoreError> {
            Self::entry(entry)?
                .set_secret(key.bytes())
                .map_err(|error| refused(&error))
        }

        fn delete(&self, entry: &str) -> Result<(), StoreError> {
            match Self::entry(entry)?.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(refused(&error)),
            }
        }

        fn backend(&self) -> &'static str {
            "secret-service"
        }
    }

    fn refused(error: &Error) -> StoreError {
        StoreError::Keyring(error.to_string())
    }
}
