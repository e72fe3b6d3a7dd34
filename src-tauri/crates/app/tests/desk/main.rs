//! The use cases from outside, through [`app::Desk`] alone.

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    clippy::too_many_lines,
    reason = "a test tells one story from beginning to end and stops at the first surprise"
)]

mod compensation;
mod exchange;
mod forecast;
mod keeping;
mod kinds;
mod languages;
mod load;
mod logs;
mod meetings;
mod planning;
mod roles;
mod site;
mod start;
mod statuses;
mod summer_time;
mod sync_page;
mod work;
