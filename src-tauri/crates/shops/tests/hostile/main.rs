//! A shop, or whoever sits in its place, that means harm: each of its tricks meets one word, in
//! bounded time and memory, whatever connector it plays upon.

#![allow(
    clippy::unwrap_used,
    clippy::panic,
    clippy::indexing_slicing,
    reason = "a test stops at the first surprise"
)]

mod places;
mod replies;
mod server;

use shops::{Access, Cursor, Shop, ShopError, ShopKind, connect};
use tokio::sync::{Mutex, MutexGuard};

/// One at a time: the memory of the process is measured.
async fn alone() -> MutexGuard<'static, ()> {
    static ALONE: Mutex<()> = Mutex::const_new(());
    ALONE.lock().await
}

fn access(kind: ShopKind, address: &str) -> Access {
    Access {
        kind,
        address: address.to_owned(),
        user: "user".to_owned(),
        secret: "secret".to_owned(),
        allow_http: true,
        allow_private: true,
        certificate_authority: None,
        statuses: None,
        rate: None,
    }
}

/// Every connector there is.
fn kinds() -> Vec<ShopKind> {
    let is_there = |kind: &ShopKind| {
        !matches!(
            connect(&access(*kind, "https://shop.example")),
            Err(ShopError::Unsupported(_))
        )
    };
    ShopKind::ALL.into_iter().filter(is_there).collect()
}

/// What the desk meets when it connects such a shop, and when it pulls from one.
async fn met(shop: &dyn Shop) -> [Option<ShopError>; 2] {
    [
        shop.introduce().await.err(),
        shop.orders(&Cursor::default()).await.err(),
    ]
}

fn opened(kind: ShopKind, address: &str) -> Box<dyn Shop> {
    connect(&access(kind, address)).unwrap()
}
