//! The use cases: what a person does at the desk, whole. The only crate that the window and the
//! command line call. [`Desk`] is the door; [`view`] is what goes through it.

mod access;
mod calls;
pub mod clock;
mod compensation;
mod connect;
mod desk;
pub mod error;
mod exchange;
mod fault;
mod forecasting;
mod hooks;
mod intake;
mod orders;
mod people;
mod planning;
mod sampling;
mod start;
mod statuses;
mod sync_page;
mod text;
pub mod view;
mod work;

pub use access::shop_kinds;
pub use compensation::{NewCoupon, NewRefund, Off};
pub use connect::RoundView;
pub use desk::{Changes, Desk, DeskOptions, Opener, Timing};
pub use hooks::{Heard, HookView};
pub use orders::{KnownLine, KnownOrder};
pub use people::FileCheck;
pub use planning::Export;
pub use text::told;
