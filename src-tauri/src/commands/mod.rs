//! What the window may ask: each command hands on to the use cases in a line or two.

pub mod calls;
pub mod forecast;
pub mod people;
pub mod plan;
pub mod shops;
pub mod start;
pub mod sync;
pub mod work;

use app::view::ApiError;

/// What every command answers.
pub type Answer<T> = Result<T, ApiError>;
