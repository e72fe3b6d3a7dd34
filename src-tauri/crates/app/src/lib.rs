//! The use cases: what a person does at the desk, whole. The only crate that the window and the
//! command line call. [`Desk`] is the door; [`view`] is what goes through it.

mod calls;
pub mod clock;
mod connect;
mod desk;
pub mod error;
mod exchange;
mod fault;
mod intake;
mod people;
mod sampling;
mod start;
mod text;
pub mod view;
mod work;

pub use connect::RoundView;
pub use desk::{Changes, Desk, DeskOptions, Opener, Timing};
pub use people::FileCheck;
pub use text::told;
