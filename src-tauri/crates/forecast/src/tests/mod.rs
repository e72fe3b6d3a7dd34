#![expect(
    clippy::cast_precision_loss,
    clippy::cast_possible_truncation,
    clippy::cast_sign_loss,
    reason = "made-up counts are small"
)]

mod behaviour;
pub(crate) mod common;
mod properties;
