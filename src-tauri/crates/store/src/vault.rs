//! The key envelope: the centre's key, sealed several times over, so that no single loss loses it.
//!
//! `keys.json` holds one seal for the desktop's keyring, one for the recovery code and one for each
//! person's password. Opening a person's seal *is* the password check: no other hash is kept. The
//! keyring is a convenience; a centre whose keyring is gone or has changed opens with any password
//! or with the recovery code, and is sealed into the keyring there is. Nothing is ever kept plain.
//!
//! Deriving a key takes a fifth of a second on purpose: call from a thread that may block.

mod envelope;
mod recovery;
mod seal;

pub use recovery::RecoveryCode;
pub use seal::Cost;

use crate::files::Centre;
use crate::keyring::Keyring;
use crate::{Key, StoreError};
use chrono::{DateTime, TimeDelta, Utc};
use envelope::{Envelope, KeyringSlot, PersonSlot};
use seal::Slot;
use std::fmt;
use std::path::{Path, PathBuf};
use std::sync::Arc;

/// Wrong passwords before the first lock-out.
const FREE_FAILURES: u32 = 5;
/// The first lock-out; each further failure doubles it.
const FIRST_LOCK: TimeDelta = TimeDelta::minutes(1);
/// No lock-out is longer.
const LONGEST_LOCK: TimeDelta = TimeDelta::minutes(15);

/// Where a vault is and what it works with.
#[derive(Clone)]
pub struct Place {
    /// The data directory.
    pub dir: PathBuf,
    /// The desktop's keyring.
    pub keyring: Arc<dyn Keyring>,
    /// What deriving a key from a new password costs.
    pub cost: Cost,
}

impl Place {
    /// With the usual cost.
    pub fn new(dir: impl Into<PathBuf>, keyring: Arc<dyn Keyring>) -> Self {
        Self {
            dir: dir.into(),
            keyring,
            cost: Cost::default(),
        }
    }
}

impl fmt::Debug for Place {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Place")
            .field("keyring", &self.keyring.backend())
            .finish_non_exhaustive()
    }
}

/// What a data directory holds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum State {
    /// Nothing yet: [`Vault::create`].
    Fresh,
    /// A vault to open.
    Locked {
        /// The keyring that it was sealed into last, if any.
        keyring: Option<String>,
    },
    /// The envelope cannot be read, or is missing beside a centre's file. Nothing may be made here:
    /// put `keys.json` back from a backup.
    Unreadable,
}

/// An open vault.
#[derive(Debug)]
pub struct Vault {
    place: Place,
    key: Key,
}

impl Vault {
    /// Looks at a data directory without opening anything.
    ///
    /// # Errors
    /// [`StoreError::TooNew`] when a newer release wrote the envelope.
    pub fn state(dir: &Path) -> Result<State, StoreError> {
        match Envelope::read(dir) {
            Ok(envelope) => Ok(State::Locked {
                keyring: envelope.keyring.map(|slot| slot.backend),
            }),
            Err(StoreError::NotFound(_)) if Centre::exists(dir)? => Ok(State::Unreadable),
            Err(StoreError::NotFound(_)) => Ok(State::Fresh),
            Err(StoreError::Unreadable(_)) => Ok(State::Unreadable),
            Err(error) => Err(error),
        }
    }

    /// Makes a vault with a new key for its first person. The code is to be shown once.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is one, or a centre's file without its envelope.
    pub fn create(
        place: &Place,
        login: &str,
        password: &str,
    ) -> Result<(Self, RecoveryCode), StoreError> {
        std::fs::create_dir_all(&place.dir)?;
        let _guard = envelope::lock(&place.dir)?;
        if Self::state(&place.dir)? != State::Fresh {
            return Err(StoreError::Taken("vault"));
        }
        let key = Key::random()?;
        let code = RecoveryCode::random()?;
        let mut envelope = Envelope::new()?;
        envelope.recovery = Some(Slot::seal(&key, code.secret(), place.cost, seal::RECOVERY)?);
        let id = envelope.id(login);
        envelope.people.insert(
            id.clone(),
            PersonSlot::seal(&key, password, place.cost, &id)?,
        );
        envelope.keyring = into_keyring(place.keyring.as_ref(), &key);
        envelope.write(&place.dir)?;
        Ok((
            Self {
                place: place.clone(),
                key,
            },
            code,
        ))
    }

    /// Opens with what the desktop's keyring holds.
    ///
    /// # Errors
    /// [`StoreError::Keyring`] when it cannot be reached, [`StoreError::KeyringChanged`] when it
    /// holds nothing that fits; ask for a password then.
    pub fn open_with_keyring(place: &Place) -> Result<Self, StoreError> {
        let envelope = Envelope::read(&place.dir)?;
        let key = from_keyring(place.keyring.as_ref(), &envelope)?;
        Ok(Self {
            place: place.clone(),
            key,
        })
    }

    /// Opens with a person's password, and seals into the keyring if that does not open it.
    ///
    /// # Errors
    /// [`StoreError::WrongPassword`], [`StoreError::LockedOut`].
    pub fn open_with_password(
        place: &Place,
        login: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<Self, StoreError> {
        let key = unseal_person(place, login, password, now)?;
        let vault = Self {
            place: place.clone(),
            key,
        };
        vault.reseal()?;
        Ok(vault)
    }

    /// Opens with the recovery code, and seals into the keyring if that does not open it. Set a
    /// password next.
    ///
    /// # Errors
    /// [`StoreError::WrongRecoveryCode`].
    pub fn open_with_recovery(place: &Place, code: &str) -> Result<Self, StoreError> {
        let code = RecoveryCode::read(code)?;
        let envelope = Envelope::read(&place.dir)?;
        let slot = envelope
            .recovery
            .as_ref()
            .ok_or(StoreError::WrongRecoveryCode)?;
        let key = slot
            .open(code.secret(), seal::RECOVERY)
            .map_err(|error| match error {
                StoreError::WrongKey => StoreError::WrongRecoveryCode,
                other => other,
            })?;
        let vault = Self {
            place: place.clone(),
            key,
        };
        vault.reseal()?;
        Ok(vault)
    }

    /// The key of the centre's file.
    pub fn centre_key(&self) -> &Key {
        &self.key
    }

    /// Whether the keyring opens this vault without a password.
    pub fn in_keyring(&self) -> bool {
        Envelope::read(&self.place.dir)
            .and_then(|envelope| from_keyring(self.place.keyring.as_ref(), &envelope))
            .is_ok_and(|key| key == self.key)
    }

    /// Checks a person's password: to sign in, to come back from the lock, to change it.
    ///
    /// # Errors
    /// [`StoreError::WrongPassword`], [`StoreError::LockedOut`].
    pub fn check_password(
        &self,
        login: &str,
        password: &str,
        now: DateTime<Utc>,
    ) -> Result<(), StoreError> {
        let key = unseal_person(&self.place, login, password, now)?;
        if key == self.key {
            Ok(())
        } else {
            Err(StoreError::Unreadable("key envelope"))
        }
    }

    /// Gives a person a password, new or instead of the old one, and lifts a lock-out.
    ///
    /// # Errors
    /// [`StoreError::Invalid`] for an empty login or password.
    pub fn set_password(&self, login: &str, password: &str) -> Result<(), StoreError> {
        self.change(|envelope| {
            let id = envelope.id(login);
            let slot = PersonSlot::seal(&self.key, password, self.place.cost, &id)?;
            envelope.people.insert(id, slot);
            Ok(())
        })
    }

    /// Takes a person's way in. The last one stays.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Conflict`] for the last person.
    pub fn remove_person(&self, login: &str) -> Result<(), StoreError> {
        self.change(|envelope| {
            let id = envelope.id(login);
            if !envelope.people.contains_key(&id) {
                return Err(StoreError::NotFound("person"));
            }
            if envelope.people.len() == 1 {
                return Err(StoreError::Conflict("the last person stays"));
            }
            envelope.people.remove(&id);
            Ok(())
        })
    }

    /// Lets a person sign in under another login with the same password.
    ///
    /// # Errors
    /// [`StoreError::NotFound`]; [`StoreError::Taken`] when someone has the new one.
    pub fn rename_login(&self, old: &str, new: &str) -> Result<(), StoreError> {
        self.change(|envelope| {
            let (from, to) = (envelope.id(old), envelope.id(new));
            if from == to {
                return Ok(());
            }
            if envelope.people.contains_key(&to) {
                return Err(StoreError::Taken("login"));
            }
            let mut slot = envelope
                .people
                .remove(&from)
                .ok_or(StoreError::NotFound("person"))?;
            slot.bind(&self.key, &to)?;
            envelope.people.insert(to, slot);
            Ok(())
        })
    }

    /// Ends a lock-out before its time.
    ///
    /// # Errors
    /// [`StoreError::NotFound`].
    pub fn lift_lock_out(&self, login: &str) -> Result<(), StoreError> {
        self.change(|envelope| {
            let id = envelope.id(login);
            let slot = envelope
                .people
                .get_mut(&id)
                .ok_or(StoreError::NotFound("person"))?;
            slot.failures = 0;
            slot.locked_until = None;
            Ok(())
        })
    }

    /// Makes a new recovery code; the old one opens nothing from now on. To be shown once.
    pub fn renew_recovery_code(&self) -> Result<RecoveryCode, StoreError> {
        let code = RecoveryCode::random()?;
        let slot = Slot::seal(&self.key, code.secret(), self.place.cost, seal::RECOVERY)?;
        self.change(|envelope| {
            envelope.recovery = Some(slot);
            Ok(())
        })?;
        Ok(code)
    }

    /// Seals into the keyring there is, unless it opens the vault already. A keyring that refuses
    /// costs nothing but the convenience.
    fn reseal(&self) -> Result<(), StoreError> {
        if self.in_keyring() {
            return Ok(());
        }
        match into_keyring(self.place.keyring.as_ref(), &self.key) {
            Some(slot) => self.change(|envelope| {
                envelope.keyring = Some(slot);
                Ok(())
            }),
            None => Ok(()),
        }
    }

    fn change(
        &self,
        f: impl FnOnce(&mut Envelope) -> Result<(), StoreError>,
    ) -> Result<(), StoreError> {
        let _guard = envelope::lock(&self.place.dir)?;
        let mut envelope = Envelope::read(&self.place.dir)?;
        f(&mut envelope)?;
        envelope.write(&self.place.dir)
    }
}

/// Opens a person's seal, counting failures in the envelope.
fn unseal_person(
    place: &Place,
    login: &str,
    password: &str,
    now: DateTime<Utc>,
) -> Result<Key, StoreError> {
    // Held while deriving: guesses made side by side are counted one by one.
    let _guard = envelope::lock(&place.dir)?;
    let mut envelope = Envelope::read(&place.dir)?;
    let id = envelope.id(login);
    let Some(slot) = envelope.people.get_mut(&id) else {
        // As long as a real check, so that time does not tell who exists.
        PersonSlot::seal(&Key::random()?, "a password", place.cost, &id)?;
        return Err(StoreError::WrongPassword {
            left: FREE_FAILURES - 1,
        });
    };
    if let Some(until) = slot.locked_until.filter(|until| now < *until) {
        return Err(StoreError::LockedOut { until });
    }
    match slot.open(password, &id) {
        Ok(key) => {
            if slot.failures > 0 || slot.locked_until.is_some() {
                slot.failures = 0;
                slot.locked_until = None;
                envelope.write(&place.dir)?;
            }
            Ok(key)
        }
        Err(StoreError::WrongKey) => {
            slot.failures = slot.failures.saturating_add(1);
            slot.locked_until = lock_after(slot.failures).map(|lock| now + lock);
            let outcome = match slot.locked_until {
                Some(until) => StoreError::LockedOut { until },
                None => StoreError::WrongPassword {
                    left: FREE_FAILURES - slot.failures,
                },
            };
            envelope.write(&place.dir)?;
            Err(outcome)
        }
        Err(error) => Err(error),
    }
}

/// How long a person is locked out after so many failures in a row.
fn lock_after(failures: u32) -> Option<TimeDelta> {
    let doublings = failures.checked_sub(FREE_FAILURES)?;
    // Beyond 2^4 minutes the cap holds anyway.
    let factor = 1_i32 << doublings.min(4);
    Some((FIRST_LOCK * factor).min(LONGEST_LOCK))
}

/// Puts a new wrapping key into the keyring; none when it refuses.
fn into_keyring(keyring: &dyn Keyring, key: &Key) -> Option<KeyringSlot> {
    let sealed = KeyringSlot::seal(key, keyring.backend()).and_then(|(slot, wrapping)| {
        keyring.set(&slot.entry, &wrapping)?;
        Ok(slot)
    });
    match sealed {
        Ok(slot) => Some(slot),
        Err(error) => {
            tracing::info!(backend = keyring.backend(), %error, "the keyring was not used");
            None
        }
    }
}

fn from_keyring(keyring: &dyn Keyring, envelope: &Envelope) -> Result<Key, StoreError> {
    let slot = envelope
        .keyring
        .as_ref()
        .ok_or(StoreError::KeyringChanged)?;
    let wrapping = keyring
        .get(&slot.entry)?
        .ok_or(StoreError::KeyringChanged)?;
    slot.open(&wrapping).map_err(|error| match error {
        StoreError::WrongKey => StoreError::KeyringChanged,
        other => other,
    })
}
