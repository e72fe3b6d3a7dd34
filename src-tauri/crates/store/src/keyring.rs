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
    return Box::new(OsKeyring::default());
    #[cfg(not(target_os = "linux"))]
    Box::new(NoKeyring)
}

#[cfg(target_os = "linux")]
mod secret_service {
    use super::{Key, Keyring, StoreError};
    use dbus_secret_service_keyring_store::Store;
    use keyring_core::{CredentialStore, Entry, Error};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicBool, Ordering};
    use std::sync::mpsc;
    use std::thread;
    use std::time::Duration;
    use zeroize::Zeroizing;

    /// The application's name in the keyring.
    const SERVICE: &str = "dzvinok";
    /// A keyring that is not unlocked asks its owner, on a screen that may not be there.
    const PATIENCE: Duration = Duration::from_secs(15);

    /// The Secret Service of the desktop session (GNOME Keyring, `KWallet`). One that does not
    /// answer in time is not asked again.
    #[derive(Debug, Default)]
    pub struct OsKeyring {
        silent: AtomicBool,
    }

    impl OsKeyring {
        fn ask<T, F>(&self, patience: Duration, f: F) -> Result<T, StoreError>
        where
            T: Send + 'static,
            F: FnOnce() -> Result<T, StoreError> + Send + 'static,
        {
            let silent = || StoreError::Keyring("does not answer".to_owned());
            if self.silent.load(Ordering::Relaxed) {
                return Err(silent());
            }
            let (reply, answer) = mpsc::channel();
            thread::Builder::new()
                .name("keyring".to_owned())
                .spawn(move || reply.send(f()))?;
            answer.recv_timeout(patience).unwrap_or_else(|_| {
                self.silent.store(true, Ordering::Relaxed);
                Err(silent())
            })
        }
    }

    impl Keyring for OsKeyring {
        fn get(&self, entry: &str) -> Result<Option<Key>, StoreError> {
            let name = entry.to_owned();
            self.ask(PATIENCE, move || match open(&name)?.get_secret() {
                // A secret of another length is not ours: as good as none, and never removed.
                Ok(secret) => Ok(Key::try_from(Zeroizing::new(secret).as_slice()).ok()),
                Err(Error::NoEntry) => Ok(None),
                Err(error) => Err(refused(&error)),
            })
        }

        fn set(&self, entry: &str, key: &Key) -> Result<(), StoreError> {
            let (name, key) = (entry.to_owned(), key.clone());
            self.ask(PATIENCE, move || {
                open(&name)?
                    .set_secret(key.bytes())
                    .map_err(|error| refused(&error))
            })
        }

        fn delete(&self, entry: &str) -> Result<(), StoreError> {
            let name = entry.to_owned();
            self.ask(PATIENCE, move || match open(&name)?.delete_credential() {
                Ok(()) | Err(Error::NoEntry) => Ok(()),
                Err(error) => Err(refused(&error)),
            })
        }

        fn backend(&self) -> &'static str {
            "secret-service"
        }
    }

    /// Connects anew each time: a keyring may come, go or change while the desk runs.
    fn open(entry: &str) -> Result<Entry, StoreError> {
        let store: Arc<CredentialStore> = Store::new().map_err(|error| refused(&error))?;
        store
            .build(SERVICE, entry, None)
            .map_err(|error| refused(&error))
    }

    fn refused(error: &Error) -> StoreError {
        StoreError::Keyring(error.to_string())
    }

    #[cfg(test)]
    mod tests {
        use super::*;

        #[test]
        fn a_keyring_that_never_answers_is_given_up() {
            let keyring = OsKeyring::default();
            let (_held, never) = mpsc::channel::<()>();
            let waited = keyring.ask(Duration::from_millis(20), move || {
                never.recv().map_err(|_| StoreError::Closed)
            });
            assert!(matches!(waited, Err(StoreError::Keyring(_))), "{waited:?}");
            let again = keyring.ask(PATIENCE, || Ok(()));
            assert!(
                matches!(again, Err(StoreError::Keyring(_))),
                "it is not asked, and waited for, a second time: {again:?}"
            );
        }
    }
}
