//! One module per table or family of tables: free functions over a connection or a transaction.
//! Rows come out as plain records in the rules' words.

pub mod attendance;
pub mod audit;
pub mod bulk;
pub mod call;
pub mod contract;
pub mod customer;
pub mod forecast;
pub mod history;
pub mod language_line;
pub mod meeting;
pub mod order;
pub mod outbox;
pub mod person;
pub mod plan;
pub mod product;
pub mod publication;
pub mod pull;
pub mod report;
pub mod request;
pub mod result;
pub mod script;
pub mod setting;
pub mod shift_template;
pub mod shop;
pub mod special_day;
pub mod staffing;
pub mod task;
pub mod wrap_up;

use crate::StoreError;

/// A statement that must have met exactly the row it named.
fn met(rows: usize, what: &'static str) -> Result<(), StoreError> {
    if rows == 1 {
        Ok(())
    } else {
        Err(StoreError::NotFound(what))
    }
}

/// A broken uniqueness means that somebody has it already.
fn taken(error: rusqlite::Error, what: &'static str) -> StoreError {
    match error.sqlite_error_code() {
        Some(rusqlite::ErrorCode::ConstraintViolation) => match error {
            rusqlite::Error::SqliteFailure(inner, _)
                if inner.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_UNIQUE
                    || inner.extended_code == rusqlite::ffi::SQLITE_CONSTRAINT_PRIMARYKEY =>
            {
                StoreError::Taken(what)
            }
            other => other.into(),
        },
        _ => error.into(),
    }
}
