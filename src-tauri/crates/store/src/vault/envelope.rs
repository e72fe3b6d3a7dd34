use super::seal::{Cost, Hex, Sealed, Slot};
use crate::table::person::login_key;
use crate::{Key, StoreError, connection};
use chrono::{DateTime, Utc};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::fs::{self, File};
use std::io::{ErrorKind, Write};
use std::path::Path;

/// The layout of `keys.json` that this release writes.
const VERSION: u32 = 1;
const NAME: &str = "keys.json";
const NEW_NAME: &str = "keys.json.new";
const LOCK_NAME: &str = "keys.lock";

/// `keys.json`.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct Envelope {
    version: u32,
    /// Keeps logins from being guessed out of the names of their slots without effort.
    salt: Hex,
    #[serde(default)]
    pub(super) keyring: Option<KeyringSlot>,
    #[serde(default)]
    pub(super) recovery: Option<Slot>,
    pub(super) people: BTreeMap<String, PersonSlot>,
}

/// The centre's key sealed under one that the keyring keeps.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct KeyringSlot {
    pub(super) backend: String,
    pub(super) entry: String,
    #[serde(flatten)]
    sealed: Sealed,
}

/// The centre's key sealed under a person's password.
#[derive(Debug, Serialize, Deserialize)]
pub(super) struct PersonSlot {
    #[serde(flatten)]
    slot: Slot,
    /// Says, under the centre's key, whose slot this is: one moved to another login opens nothing.
    owner: Sealed,
    pub(super) failures: u32,
    pub(super) locked_until: Option<DateTime<Utc>>,
}

/// Only the version, to tell a newer file from a broken one.
#[derive(Deserialize)]
struct Stamp {
    version: u32,
}

impl Envelope {
    pub(super) fn new() -> Result<Self, StoreError> {
        let salt = Hex::random(16)?;
        Ok(Self {
            version: VERSION,
            salt,
            keyring: None,
            recovery: None,
            people: BTreeMap::new(),
        })
    }

    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::Unreadable`], [`StoreError::TooNew`].
    pub(super) fn read(dir: &Path) -> Result<Self, StoreError> {
        let text = match fs::read(dir.join(NAME)) {
            Ok(text) => text,
            Err(error) if error.kind() == ErrorKind::NotFound => {
                return Err(StoreError::NotFound("key envelope"));
            }
            Err(error) => return Err(error.into()),
        };
        let unreadable = |_| StoreError::Unreadable("key envelope");
        let stamp: Stamp = serde_json::from_slice(&text).map_err(unreadable)?;
        if stamp.version > VERSION {
            return Err(StoreError::TooNew {
                found: stamp.version,
                known: VERSION,
            });
        }
        serde_json::from_slice(&text).map_err(unreadable)
    }

    /// Replaces the file at once or not at all.
    pub(super) fn write(&self, dir: &Path) -> Result<(), StoreError> {
        let (path, new) = (dir.join(NAME), dir.join(NEW_NAME));
        // Left by a write that was cut off; the envelope itself is the other file.
        connection::remove(&new)?;
        connection::create(&new)?;
        let mut file = File::options().write(true).open(&new)?;
        file.write_all(&serde_json::to_vec_pretty(self)?)?;
        file.sync_all()?;
        fs::rename(&new, &path)?;
        connection::sync_directory(&path)
    }

    /// The name of a person's slot.
    pub(super) fn id(&self, login: &str) -> String {
        let mut digest = Sha256::new();
        digest.update(&self.salt.0);
        digest.update(login_key(login));
        HEXLOWER.encode(&digest.finalize())
    }
}

impl KeyringSlot {
    /// Seals under a new wrapping key, which goes to the keyring.
    pub(super) fn seal(key: &Key, backend: &str) -> Result<(Self, Key), StoreError> {
        let wrapping = Key::random()?;
        let entry = HEXLOWER.encode(&Hex::random(8)?.0);
        let sealed = Sealed::new(&wrapping, key.bytes(), &bound_to_entry(&entry))?;
        Ok((
            Self {
                backend: backend.to_owned(),
                entry,
                sealed,
            },
            wrapping,
        ))
    }

    /// # Errors
    /// [`StoreError::WrongKey`].
    pub(super) fn open(&self, wrapping: &Key) -> Result<Key, StoreError> {
        Key::try_from(
            self.sealed
                .open(wrapping, &bound_to_entry(&self.entry))?
                .as_slice(),
        )
    }
}

impl PersonSlot {
    pub(super) fn seal(
        key: &Key,
        password: &str,
        cost: Cost,
        id: &str,
    ) -> Result<Self, StoreError> {
        if password.is_empty() {
            return Err(StoreError::Invalid("empty password"));
        }
        let slot = Slot::seal(key, password, cost, PERSON)?;
        let owner = Sealed::new(key, &slot.salt.0, &bound_to_person(id))?;
        Ok(Self {
            slot,
            owner,
            failures: 0,
            locked_until: None,
        })
    }

    /// # Errors
    /// [`StoreError::WrongKey`] for another password or a slot that is not this person's.
    pub(super) fn open(&self, password: &str, id: &str) -> Result<Key, StoreError> {
        let key = self.slot.open(password, PERSON)?;
        let salt = self.owner.open(&key, &bound_to_person(id))?;
        if *salt == self.slot.salt.0 {
            Ok(key)
        } else {
            Err(StoreError::WrongKey)
        }
    }

    /// Makes it the slot of another login.
    pub(super) fn bind(&mut self, key: &Key, id: &str) -> Result<(), StoreError> {
        self.owner = Sealed::new(key, &self.slot.salt.0, &bound_to_person(id))?;
        Ok(())
    }
}

const PERSON: &str = "person";

fn bound_to_person(id: &str) -> String {
    ["person:", id].concat()
}

fn bound_to_entry(entry: &str) -> String {
    ["keyring:", entry].concat()
}

/// Held while the envelope is read and written again, against another process of ours.
pub(super) fn lock(dir: &Path) -> Result<File, StoreError> {
    let file = File::options()
        .create(true)
        .truncate(false)
        .write(true)
        .open(dir.join(LOCK_NAME))?;
    file.lock()?;
    Ok(file)
}
