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

mod base;
mod protocol;
mod retailcrm;
mod rig;
mod shopify;
mod suite;
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

/// The whole suite as one test over one rig, for a shop that is slow to start.
macro_rules! contract_at_once {
    ($name:ident, $rig:expr) => {
        #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
        async fn $name() {
            let rig = $rig.await;
            crate::suite::all(&rig).await;
        }
    };
}

pub(crate) use {contract, contract_at_once};
