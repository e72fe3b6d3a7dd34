use crate::key::fill;
use crate::{Key, StoreError};
use argon2::{Algorithm, Argon2, Params, Version};
use chacha20poly1305::aead::{Aead, Payload};
use chacha20poly1305::{KeyInit, XChaCha20Poly1305};
use data_encoding::HEXLOWER;
use serde::{Deserialize, Serialize};
use zeroize::Zeroizing;

/// What the recovery code's seal is bound to.
pub(super) const RECOVERY: &str = "recovery";

/// What deriving a key from a password costs (Argon2id, RFC 9106). Kept beside each seal, so that
/// it can be raised without breaking the old ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Cost {
    /// Memory, KiB.
    pub memory_kib: u32,
    /// Passes over it.
    pub passes: u32,
    /// Lanes.
    pub lanes: u32,
}

impl Default for Cost {
    /// 64 MiB, three passes, four lanes: the second recommendation of RFC 9106. The lanes run on
    /// processors of their own, so that signing in does not wait for one.
    fn default() -> Self {
        Self {
            memory_kib: 64 * 1024,
            passes: 3,
            lanes: 4,
        }
    }
}

impl Cost {
    /// More than this is a broken file, not a careful one: it would freeze the desk.
    const MOST_MEMORY_KIB: u32 = 1024 * 1024;
    const MOST_PASSES: u32 = 64;

    fn derive(self, secret: &[u8], salt: &[u8]) -> Result<Key, StoreError> {
        if self.memory_kib > Self::MOST_MEMORY_KIB || self.passes > Self::MOST_PASSES {
            return Err(StoreError::Unreadable("key envelope"));
        }
        let params = Params::new(self.memory_kib, self.passes, self.lanes, Some(32))
            .map_err(|_| StoreError::Unreadable("key envelope"))?;
        let mut derived = Zeroizing::new([0; 32]);
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
            .hash_password_into(secret, salt, derived.as_mut_slice())
            .map_err(|_| StoreError::Crypto)?;
        Ok(Key::from_bytes(*derived))
    }
}

/// Bytes as hexadecimal text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub(super) struct Hex(pub(super) Vec<u8>);

impl TryFrom<String> for Hex {
    type Error = data_encoding::DecodeError;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        HEXLOWER.decode(text.as_bytes()).map(Self)
    }
}

impl From<Hex> for String {
    fn from(hex: Hex) -> Self {
        HEXLOWER.encode(&hex.0)
    }
}

impl Hex {
    /// So many bytes from the operating system's generator.
    pub(super) fn random(length: usize) -> Result<Self, StoreError> {
        let mut bytes = vec![0; length];
        fill(&mut bytes)?;
        Ok(Self(bytes))
    }
}

/// Something sealed under a key: XChaCha20-Poly1305, whose nonce is long enough to be random.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Sealed {
    nonce: Hex,
    sealed: Hex,
}

impl Sealed {
    pub(super) fn new(under: &Key, content: &[u8], bound_to: &str) -> Result<Self, StoreError> {
        let nonce = Hex::random(24)?;
        let bytes: [u8; 24] = nonce
            .0
            .as_slice()
            .try_into()
            .map_err(|_| StoreError::Crypto)?;
        let payload = Payload {
            msg: content,
            aad: bound_to.as_bytes(),
        };
        let sealed = XChaCha20Poly1305::new(under.bytes().into())
            .encrypt(&bytes.into(), payload)
            .map_err(|_| StoreError::Crypto)?;
        Ok(Self {
            nonce,
            sealed: Hex(sealed),
        })
    }

    /// # Errors
    /// [`StoreError::WrongKey`] when the key, the content or what it is bound to differ.
    pub(super) fn open(
        &self,
        under: &Key,
        bound_to: &str,
    ) -> Result<Zeroizing<Vec<u8>>, StoreError> {
        let nonce: [u8; 24] = self
            .nonce
            .0
            .as_slice()
            .try_into()
            .map_err(|_| StoreError::Unreadable("key envelope"))?;
        let payload = Payload {
            msg: &self.sealed.0,
            aad: bound_to.as_bytes(),
        };
        XChaCha20Poly1305::new(under.bytes().into())
            .decrypt(&nonce.into(), payload)
            .map(Zeroizing::new)
            .map_err(|_| StoreError::WrongKey)
    }
}

/// The centre's key sealed under a secret that a person knows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Slot {
    cost: Cost,
    pub(super) salt: Hex,
    #[serde(flatten)]
    sealed: Sealed,
}

impl Slot {
    pub(super) fn seal(
        key: &Key,
        secret: &str,
        cost: Cost,
        bound_to: &str,
    ) -> Result<Self, StoreError> {
        let salt = Hex::random(16)?;
        let derived = cost.derive(secret.as_bytes(), &salt.0)?;
        let sealed = Sealed::new(&derived, key.bytes(), bound_to)?;
        Ok(Self { cost, salt, sealed })
    }

    /// # Errors
    /// [`StoreError::WrongKey`] when the secret is another.
    pub(super) fn open(&self, secret: &str, bound_to: &str) -> Result<Key, StoreError> {
        let derived = self.cost.derive(secret.as_bytes(), &self.salt.0)?;
        Key::try_from(self.sealed.open(&derived, bound_to)?.as_slice())
    }
}
