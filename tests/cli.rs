//! The command line does the same work without a window.

use acceptance::cli::{ADMIN, Cli, vendure};
use acceptance::truth::{all, arrived};
use anyhow::{Context, Result, ensure};
use std::collections::BTreeSet;
use testkit::vendure::{READER, SUPERADMIN, VendureOptions, VendureServer};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::TcpListener;

/// What is written down.
const COMMENT: &str = "said yes at once";

#[tokio::test]
async fn a_result_given_on_the_command_line_reaches_the_shop() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    let shop = VendureServer::start(VendureOptions::default()).await?;
    let before = all(&shop).await?;
    cli.make_centre().await?;
    cli.connect(&shop).await?;

    let queue = cli.run(&["queue"]).await?;
    let rows = queue
        .pointer("/rows")
        .and_then(|rows| rows.as_array())
        .context("the queue has rows")?;
    ensure!(
        rows.len() == before.len(),
        "every order waits to be confirmed: {} of {}",
        rows.len(),
        before.len()
    );
    let number = rows
        .first()
        .and_then(|row| row.get("order_number")?.as_str())
        .context("a row has a number")?;
    let then = before
        .values()
        .find(|known| known.order.code == number)
        .context("the shop has that order")?;
    let (sku, pieces) = then.pieces().into_iter().next().context("it has a line")?;
    let quantity = format!("{sku}={}", pieces + 2);
    let result = [
        "result",
        number,
        "--outcome",
        "confirmed_with_changes",
        "--checked",
    ];
    let changes = [
        "--quantity",
        &quantity,
        "--add",
        "ZO-KT-905=1",
        "--comment",
        COMMENT,
    ];
    cli.run(&[result.as_slice(), &changes].concat()).await?;
    cli.deliver().await?;

    let arrivals = arrived(&shop, &before, 1).await?;
    let now = arrivals.first().context("one order was changed")?;
    ensure!(
        now.order.code == number,
        "the order that was confirmed is the one that was named"
    );
    let mut wanted = then.pieces();
    wanted.insert(sku, pieces + 2);
    *wanted.entry("ZO-KT-905".to_owned()).or_default() += 1;
    ensure!(
        now.pieces() == wanted,
        "the lines are as wanted: {:?}, not {wanted:?}",
        now.pieces()
    );
    now.adds_up()?;
    ensure!(
        now.result() == "confirmed_with_changes",
        "its field holds the outcome: {:?}",
        now.result()
    );
    ensure!(
        matches!(now.notes.as_slice(), [note] if note.contains(COMMENT)),
        "there is one note and it holds the comment: {:?}",
        now.notes
    );

    cli.run(&["sync"]).await?;
    ensure!(
        arrived(&shop, &before, 1).await? == arrivals,
        "one more exchange changes nothing"
    );
    cli.run(&["verify"])
        .await
        .context("the files are whole after all that")?;
    Ok(())
}

#[tokio::test]
async fn four_ways_to_be_refused_are_four_different_clear_words() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    let shop = VendureServer::start(VendureOptions::default()).await?;
    let elsewhere = page_that_is_no_shop().await?;
    let at_shop = shop.address();

    let without_tls = vec![
        "shop",
        "check",
        "--kind",
        "vendure",
        "--address",
        &at_shop,
        "--user",
        "superadmin",
        "--allow-private",
    ];
    let cases = [
        (
            vendure("check", &at_shop, SUPERADMIN.0).to_vec(),
            "wrong",
            "shop-wrong-key",
        ),
        (
            vendure("check", &at_shop, READER.0).to_vec(),
            READER.1,
            "shop-no-write-right",
        ),
        (
            vendure("check", &elsewhere, SUPERADMIN.0).to_vec(),
            SUPERADMIN.1,
            "shop-not-a-shop",
        ),
        (without_tls, SUPERADMIN.1, "shop-no-tls"),
    ];
    let mut words = BTreeSet::new();
    for (arguments, secret, code) in cases {
        let answer = cli
            .try_run(&arguments, &[("DZVINOK_SHOP_SECRET", secret)])
            .await?;
        ensure!(!answer.success, "{code}: the shop was not refused");
        ensure!(
            answer.error_code() == Some(code),
            "wanted {code}, got {}",
            answer.document
        );
        words.insert(answer.error_words().unwrap_or_default().to_owned());
    }
    ensure!(
        words.len() == 4 && !words.contains(""),
        "each refusal has words of its own: {words:#?}"
    );
    Ok(())
}

#[tokio::test]
async fn a_sample_is_made_listed_and_gone_again() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    cli.make_centre().await?;
    cli.run(&["sample"]).await?;
    let queue = cli.run(&["queue"]).await?;
    let waiting = queue
        .pointer("/total")
        .and_then(serde_json::Value::as_u64)
        .unwrap_or_default();
    ensure!(
        waiting > 0,
        "orders of the sample wait to be called: {queue}"
    );
    let shops = cli.run(&["shop", "list"]).await?;
    let name = shops
        .pointer("/0/name")
        .and_then(|name| name.as_str())
        .context("the sample is listed")?;
    cli.run(&["shop", "remove", name]).await?;
    let shops = cli.run(&["shop", "list"]).await?;
    ensure!(
        shops.as_array().is_some_and(Vec::is_empty),
        "the sample is gone: {shops}"
    );
    Ok(())
}

#[tokio::test]
async fn nobody_reads_without_the_password() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    cli.make_centre().await?;
    let answer = cli
        .try_run(&["queue"], &[("DZVINOK_PASSWORD", "not the password")])
        .await?;
    ensure!(
        !answer.success,
        "the queue of {} was shown without the password",
        ADMIN.login
    );
    ensure!(
        answer.error_code() == Some("sign-in-wrong"),
        "the refusal says why: {}",
        answer.document
    );
    Ok(())
}

/// A page on the loopback that greets everyone.
async fn page_that_is_no_shop() -> Result<String> {
    let listener = TcpListener::bind("127.0.0.1:0").await?;
    let address = format!("http://{}", listener.local_addr()?);
    tokio::spawn(async move {
        while let Ok((mut caller, _)) = listener.accept().await {
            tokio::spawn(async move {
                let mut asked = [0; 4096];
                let page = "<!doctype html><p>Welcome";
                let head = format!(
                    "HTTP/1.1 200 OK\r\ncontent-type: text/html\r\ncontent-length: {}\r\nconnection: close\r\n\r\n",
                    page.len()
                );
                // A caller that has gone away is no matter.
                let _ = caller.read(&mut asked).await;
                let _ = caller.write_all(format!("{head}{page}").as_bytes()).await;
            });
        }
    });
    Ok(address)
}
