use crate::StoreError;
use data_encoding::HEXLOWER;
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A 256-bit key of one file. Wiped from memory when dropped, never shown.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(Zeroizing<[u8; 32]>);

impl Key {
    /// A new key from the operating system's generator.
    pub fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0; 32]);
        fill(bytes.as_mut_slice())?;
        Ok(Self(bytes))
    }

    /// A key kept elsewhere.
    pub fn from_bytes(bytes: [u8; 32]) -> Self {
        Self(Zeroizing::new(bytes))
    }

    /// The bare bytes, for sealing and for the key column of the centre's file.
    pub fn bytes(&self) -> &[u8; 32] {
        &self.0
    }

    /// As `SQLCipher` takes a raw key, which skips its slow derivation from a passphrase.
    pub(crate) fn pragma(&self) -> Zeroizing<String> {
        let mut hex = HEXLOWER.encode(self.bytes());
        let literal = Zeroizing::new(format!("x'{hex}'"));
        hex.zeroize();
        literal
    }
}

impl TryFrom<&[u8]> for Key {
    type Error = StoreError;
    fn try_from(bytes: &[u8]) -> Result<Self, Self::Error> {
        Ok(Self::from_bytes(
            bytes
                .try_into()
                .map_err(|_| StoreError::Unreadable("key"))?,
        ))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(…)")
    }
}

/// Text that must not show in logs: a shop's access.
#[derive(Clone, Default, PartialEq, Eq)]
pub struct Secret(Zeroizing<String>);

impl Secret {
    /// Hides `text`.
    pub fn new(text: String) -> Self {
        Self(Zeroizing::new(text))
    }

    /// The text itself.
    pub fn reveal(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for Secret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Secret(…)")
    }
}

/// Fills `bytes` from the operating system's generator.
pub(crate) fn fill(bytes: &mut [u8]) -> Result<(), StoreError> {
    getrandom::fill(bytes).map_err(|_| StoreError::Crypto)
}
