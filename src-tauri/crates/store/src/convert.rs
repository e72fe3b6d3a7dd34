//! Between the rules' types and `SQLite`'s.

use crate::StoreError;
use chrono::{DateTime, Utc};
use rules::money::Currency;
use rusqlite::Row;
use rusqlite::types::Type;
use std::str::FromStr;

/// Milliseconds since 1970, UTC.
pub(crate) fn ms(at: DateTime<Utc>) -> i64 {
    at.timestamp_millis()
}

/// A time column.
pub(crate) fn at(row: &Row<'_>, column: usize) -> rusqlite::Result<DateTime<Utc>> {
    time(column, row.get(column)?)
}

/// A time column that may be NULL.
pub(crate) fn maybe_at(row: &Row<'_>, column: usize) -> rusqlite::Result<Option<DateTime<Utc>>> {
    row.get::<_, Option<i64>>(column)?
        .map(|value| time(column, value))
        .transpose()
}

fn time(column: usize, value: i64) -> rusqlite::Result<DateTime<Utc>> {
    DateTime::from_timestamp_millis(value)
        .ok_or(rusqlite::Error::IntegralValueOutOfRange(column, value))
}

/// A text column that reads as `T`: a zone, a currency, a word of a fixed list.
pub(crate) fn parsed<T>(row: &Row<'_>, column: usize) -> rusqlite::Result<T>
where
    T: FromStr,
    T::Err: std::error::Error + Send + Sync + 'static,
{
    row.get::<_, String>(column)?.parse().map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// A JSON column.
pub(crate) fn json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<T> {
    serde_json::from_str(&row.get::<_, String>(column)?).map_err(|error| {
        rusqlite::Error::FromSqlConversionFailure(column, Type::Text, Box::new(error))
    })
}

/// A JSON column that may be NULL.
pub(crate) fn maybe_json<T: serde::de::DeserializeOwned>(
    row: &Row<'_>,
    column: usize,
) -> rusqlite::Result<Option<T>> {
    let is_null = row.get_ref(column)? == rusqlite::types::ValueRef::Null;
    (!is_null).then(|| json(row, column)).transpose()
}

/// A duration in milliseconds as `SQLite` takes it.
pub(crate) fn signed(value: u64) -> Result<i64, StoreError> {
    i64::try_from(value).map_err(|_| StoreError::Invalid("number"))
}

/// Two amounts must be of one currency to share a row.
pub(crate) fn same(currency: Currency, other: Currency) -> Result<(), StoreError> {
    if currency == other {
        Ok(())
    } else {
        Err(StoreError::Invalid("mixed currencies"))
    }
}

/// What is left of a phone number however its prefix was written: its last nine digits
/// (a Ukrainian or Polish national number; the end of a Russian one). None under five digits.
pub fn phone_tail(number: &str) -> Option<String> {
    let digits: Vec<char> = number.chars().filter(char::is_ascii_digit).collect();
    (digits.len() >= 5).then(|| digits.iter().skip(digits.len().saturating_sub(9)).collect())
}

/// The word in which an enum is stored, and back.
macro_rules! words {
    ($name:ty { $($variant:ident = $word:literal),+ $(,)? }) => {
        impl $name {
            /// The word it is stored as.
            pub const fn word(self) -> &'static str {
                match self { $(Self::$variant => $word),+ }
            }
        }

        impl std::str::FromStr for $name {
            type Err = $crate::convert::UnknownWord;
            fn from_str(text: &str) -> Result<Self, Self::Err> {
                match text { $($word => Ok(Self::$variant),)+ _ => Err($crate::convert::UnknownWord) }
            }
        }
    };
}
pub(crate) use words;

/// A word that this release does not know.
#[derive(Debug, thiserror::Error)]
#[error("unknown word")]
pub struct UnknownWord;
