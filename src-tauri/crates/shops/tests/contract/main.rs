//! One suite over every connector: what the desk relies on, whatever the shop runs on.
//!
//! A connector's author writes a [`rig::Rig`] in a file of its own beside this one and adds a line
//! `contract!(name, Rig::new())`. With `DZVINOK_SHOP_KIND`, `_ADDRESS`, `_USER` and `_SECRET` set the
//! suite runs over that shop too, see [`given`].

#![allow(
    clippy::unwrap_used,
    clippy::expect_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]
#![allow(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "a long run over a real shop says how far it is"
)]
#![allow(
    clippy::similar_names,
    reason = "staff and shelf, seed and seen are told apart well enough"
)]
#![allow(unreachable_pub, reason = "the modules of a test are its own")]

mod agree;
mod base;
mod given;
mod protocol;
mod retailcrm;
mod rig;
mod shopify;
mod staff;
mod suite;
mod vendure;
mod woocommerce;

/// Every case of the suite as a test of its own over a rig made anew for each; `$rig` is an
/// expression that is awaited.
macro_rules! contract {
    ($name:ident, $rig:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "the rig's expression may name what it likes")]
            use super::*;
            crate::suite::each_case!($rig;);
        }
    };
}

/// The suite as three tests, each over one rig, for a shop that is slow to start.
macro_rules! contract_at_once {
    ($name:ident, $rig:expr) => {
        mod $name {
            #[allow(unused_imports, reason = "the rig's expression may name what it likes")]
            use super::*;

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn calm() {
                crate::suite::calm(&$rig.await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn trouble_with_lines() {
                crate::suite::trouble_with_lines(&$rig.await).await;
            }

            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn trouble_with_the_rest() {
                crate::suite::trouble_with_the_rest(&$rig.await).await;
            }
        }
    };
}

pub(crate) use {contract, contract_at_once};
