//! How soon a change at the shop is on the desk.

use acceptance::cli::{ADMIN, Cli};
use acceptance::places::program;
use acceptance::process::{line_of, start};
use anyhow::{Result, ensure};
use serde_json::Value;
use std::time::Duration;
use testkit::woo::{SeedLine, SeedOrder, SeedProduct, Setup, WooDouble};
use tokio::process::Command;
use tokio::time::Instant;

/// How often the program asks a shop that is quiet, seconds (`app::Timing`).
const INTERVAL: Duration = Duration::from_secs(30);

fn take_order(shop: &WooDouble) {
    let mut shelf = shop.shelf();
    shelf.pass(60);
    shelf.take_order(&SeedOrder {
        status: "processing",
        payment_method: "cod",
        lines: vec![SeedLine {
            product: 11,
            quantity: 1,
        }],
    });
}

#[tokio::test(flavor = "multi_thread")]
async fn a_change_is_on_the_desk_within_one_interval_and_a_second() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    let shop = WooDouble::start(Setup::default()).await?;
    shop.shelf().stock_product(SeedProduct {
        id: 11,
        name: "Kettle",
        price: "1299.50",
        stock: None,
        parent: None,
        kind: "simple",
    });
    take_order(&shop);
    cli.make_centre().await?;
    let address = shop.address().to_owned();
    let arguments = [
        "shop",
        "add",
        "--kind",
        "woocommerce",
        "--address",
        &address,
        "--user",
        "ck_full",
        "--zone=Europe/Kyiv",
        "--allow-http",
        "--allow-private",
    ];
    cli.run_with(&arguments, &[("DZVINOK_SHOP_SECRET", "cs_full")])
        .await?;
    let mut command = Command::new(program("dzvinok")?);
    command
        .arg("--data-dir")
        .arg(folder.path().join("data"))
        .args(["--json", "--login", ADMIN.login, "sync", "--loop"])
        .env("DZVINOK_PASSWORD", ADMIN.password)
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
    let (_child, mut output) = start(&mut command)?;
    // The worst moment for a change: just after the shop was asked.
    line_of(&mut output, Duration::from_mins(1), |line| {
        line.contains("pulled").then_some(())
    })
    .await?;
    let changed = Instant::now();
    take_order(&shop);
    line_of(&mut output, INTERVAL + Duration::from_secs(1), |line| {
        line.contains("pulled").then_some(())
    })
    .await?;
    let waiting = cli.run(&["queue"]).await?;
    ensure!(
        waiting.pointer("/total").and_then(Value::as_u64) == Some(2),
        "the new order waits for its call after {:?}: {waiting}",
        changed.elapsed()
    );
    Ok(())
}
