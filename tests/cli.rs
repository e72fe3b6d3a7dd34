//! The command line does the same work without a window.

use acceptance::calendar::next_monday;
use acceptance::cli::{ADMIN, Cli, vendure};
use acceptance::places::program;
use acceptance::process::{Output, line_of, run, start};
use acceptance::truth::{all, arrived};
use anyhow::{Context, Result, ensure};
use base64::Engine;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use serde_json::Value;
use sha2::Sha256;
use std::collections::BTreeSet;
use std::path::Path;
use std::time::Duration;
use testkit::vendure::{READER, SUPERADMIN, VendureOptions, VendureServer};
use testkit::woo::{SeedLine, SeedOrder, SeedProduct, Setup, WooDouble};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::process::{Child, Command};
use tokio::time::timeout;

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
    let orders = cli.run(&["orders"]).await?;
    let known = orders
        .as_array()
        .into_iter()
        .flatten()
        .find(|order| order.get("number").and_then(|told| told.as_str()) == Some(number))
        .context("the desk lists that order")?;
    ensure!(
        known
            .pointer("/total/minor")
            .and_then(serde_json::Value::as_i64)
            == Some(now.order.total_with_tax),
        "the desk has the order as the shop has it: {known}"
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
async fn a_report_of_the_exchange_becomes_a_forecast_and_people_for_a_day() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    cli.make_centre().await?;
    cli.run(&["sample", "--calls", "300"]).await?;
    let shops = cli.run(&["shop", "list"]).await?;
    let name = shops
        .pointer("/0/name")
        .and_then(|name| name.as_str())
        .context("the sample is listed")?;
    let made = cli.run(&["history", "sample", "--days", "120"]).await?;
    let report = made
        .pointer("/report")
        .and_then(|report| report.as_str())
        .context("a report is made")?;
    let good = folder.path().join("line.csv");
    // As spreadsheets save it: "Unicode text".
    let wide = "\u{feff}".encode_utf16().chain(report.encode_utf16());
    std::fs::write(&good, wide.flat_map(u16::to_le_bytes).collect::<Vec<u8>>())?;
    let broken = folder.path().join("broken.csv");
    std::fs::write(&broken, format!("{report}tomorrow;5;100\n"))?;
    let import = |file: &Path, look: bool| {
        let mut words = vec!["history", "import", "--shop", name];
        words.extend(look.then_some("--check"));
        let file = file.display().to_string();
        let words: Vec<String> = words.into_iter().map(str::to_owned).chain([file]).collect();
        let cli = &cli;
        async move {
            let words: Vec<&str> = words.iter().map(String::as_str).collect();
            cli.try_run(&words, &[]).await
        }
    };
    let refused = import(&broken, false).await?;
    let kept = |answer: &Value| answer.pointer("/kept").and_then(Value::as_bool);
    ensure!(
        !refused.success && kept(&refused.document) == Some(false),
        "a report with a bad line is not taken: {}",
        refused.document
    );
    ensure!(
        refused.document.pointer("/faults/0/fault") == Some(&Value::from("bad_time")),
        "and the line is named: {}",
        refused.document
    );
    let seen = import(&good, true).await?;
    ensure!(
        seen.success && kept(&seen.document) == Some(false),
        "a look keeps nothing: {}",
        seen.document
    );
    let taken = import(&good, false).await?;
    ensure!(
        taken.success && kept(&taken.document) == Some(true),
        "{}",
        taken.document
    );
    let page = cli
        .run(&["forecast", "--shop", name, "--weeks", "2"])
        .await?;
    let days = page
        .pointer("/days")
        .and_then(Value::as_array)
        .context("the forecast has days")?;
    ensure!(days.len() == 14, "two weeks: {}", days.len());
    let date = days
        .first()
        .and_then(|day| day.get("date")?.as_str())
        .context("a day has a date")?;
    let staffing = cli
        .run(&["staffing", "--shop", name, "--date", date, "--load", "2"])
        .await?;
    let peak = |of: &str| {
        staffing
            .pointer(&format!("/{of}/peak_agents"))
            .and_then(Value::as_u64)
    };
    ensure!(
        peak("what_if") > peak("now") && peak("now") > Some(0),
        "twice the load wants more people: {staffing}"
    );
    Ok(())
}

#[tokio::test]
async fn a_plan_with_a_briefing_is_made_and_written_as_a_calendar() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    cli.make_centre().await?;
    cli.run(&["sample"]).await?;
    let from = next_monday().to_string();
    cli.run(&["plan", "make", "--from", &from, "--weeks", "1"])
        .await?;
    cli.run(&["plan", "solve", "--seconds", "1"]).await?;
    let briefing = ["plan", "meeting", "Tariffs", "--minutes", "45"];
    let look: Vec<&str> = briefing.iter().copied().chain(["--check"]).collect();
    let times = cli.run(&look).await?;
    let best = times.pointer("/0").context("there are times for it")?;
    let placed = cli.run(&briefing).await?;
    for part in ["date", "from_minute"] {
        ensure!(
            placed.get(part) == best.get(part),
            "it is placed at the first of {times}: {placed}"
        );
    }
    cli.run(&["plan", "publish"]).await?;
    let absent = best.get("absent").and_then(Value::as_array);
    let person = placed
        .get("people")
        .and_then(Value::as_array)
        .and_then(|people| {
            let comes = |one: &&Value| absent.is_none_or(|absent| !absent.contains(one));
            people.iter().find(comes)?.as_str()
        })
        .context("someone comes")?;
    let file = folder.path().join("person.ics");
    let path = file.to_str().context("a folder's name is plain text")?;
    cli.run(&[
        "plan", "export", "--format", "ics", "--person", person, "--out", path,
    ])
    .await?;
    let calendar = std::fs::read_to_string(&file)?;
    ensure!(calendar.contains("Tariffs"), "{calendar}");
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

const KETTLE: u64 = 11;

/// A shop with one product, and an order of two pieces of it.
async fn small_shop() -> Result<(WooDouble, u64)> {
    let double = WooDouble::start(Setup::default()).await?;
    double.shelf().stock_product(SeedProduct {
        id: KETTLE,
        name: "Kettle",
        price: "100.00",
        stock: Some(50),
        parent: None,
        kind: "simple",
    });
    let order = buy(&double, "processing");
    Ok((double, order))
}

fn buy(double: &WooDouble, status: &'static str) -> u64 {
    let mut shelf = double.shelf();
    shelf.pass(1);
    shelf.take_order(&SeedOrder {
        status,
        payment_method: "cod",
        lines: vec![SeedLine {
            product: KETTLE,
            quantity: 2,
        }],
    })
}

/// A centre with that shop connected and pulled.
async fn centre_with(cli: &Cli, double: &WooDouble) -> Result<()> {
    cli.make_centre().await?;
    let address = double.address();
    let arguments = [
        "shop",
        "add",
        "--kind",
        "woocommerce",
        "--address",
        address,
        "--user",
        "ck_full",
        "--name",
        "Small",
        "--allow-http",
        "--allow-private",
    ];
    cli.run_with(&arguments, &[("DZVINOK_SHOP_SECRET", "cs_full")])
        .await?;
    cli.run(&["sync"]).await.map(drop)
}

/// The SKU of the order's only line, as the shop has it.
fn sku_of(double: &WooDouble, order: u64) -> String {
    let order = double.shelf().order_json(order);
    let sku = order.pointer("/line_items/0/sku").and_then(Value::as_str);
    sku.unwrap_or_default().to_owned()
}

fn pieces_of(double: &WooDouble, order: u64) -> Option<i64> {
    let order = double.shelf().order_json(order);
    order.pointer("/line_items/0/quantity")?.as_i64()
}

#[tokio::test]
async fn what_did_not_arrive_is_shown_and_decided_on_the_command_line() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    let (double, order) = small_shop().await?;
    centre_with(&cli, &double).await?;
    let quiet = cli.run(&["sync", "status"]).await?;
    ensure!(
        quiet.pointer("/shops/0/conflicts") == Some(&0.into())
            && quiet.pointer("/shops/0/lag_s").is_some_and(Value::is_u64),
        "nothing waits for a person: {quiet}"
    );

    let number = order.to_string();
    let wanted = format!("{}=7", sku_of(&double, order));
    let result = [
        "result",
        &number,
        "--outcome",
        "confirmed_with_changes",
        "--checked",
        "--quantity",
        &wanted,
    ];
    cli.run(&result).await?;
    {
        let mut shelf = double.shelf();
        shelf.pass(1);
        shelf.set_pieces(order, 0, 4);
    }
    cli.run(&["sync"]).await?;
    let status = cli.try_run(&["sync", "status"], &[]).await?;
    ensure!(
        !status.success && status.document.pointer("/shops/0/conflicts") == Some(&1.into()),
        "a conflict needs a person, and the exit code says so: {}",
        status.document
    );
    let trouble = cli.run(&["outbox", "trouble"]).await?;
    let clash = trouble
        .pointer("/0/conflict/clashes/0")
        .context("both sides are shown")?;
    for (side, value) in [("base", "2"), ("ours", "7"), ("theirs", "4")] {
        ensure!(
            clash.get(side).and_then(Value::as_str) == Some(value),
            "{side} is {value}: {clash}"
        );
    }
    let op = trouble
        .pointer("/0/op")
        .and_then(Value::as_str)
        .context("a letter has an identity")?;
    let wrong = cli.try_run(&["outbox", "drop", op], &[]).await?;
    ensure!(
        wrong.error_code() == Some("choice-impossible"),
        "a conflict is for ours or theirs: {}",
        wrong.document
    );
    let left = cli.run(&["outbox", "ours", op]).await?;
    ensure!(
        left.as_array().is_some_and(Vec::is_empty),
        "nothing is left to decide: {left}"
    );
    cli.deliver().await?;
    ensure!(
        pieces_of(&double, order) == Some(7),
        "ours holds at the shop"
    );
    ensure!(
        double.shelf().notes_of(order).len() == 1,
        "what waited behind it arrived once"
    );
    let again = cli.try_run(&["outbox", "theirs", op], &[]).await?;
    ensure!(
        again.error_code() == Some("not-found"),
        "it is decided: {}",
        again.document
    );
    cli.run(&["verify"]).await.map(drop)
}

#[tokio::test]
async fn statuses_keys_coupons_and_refunds_go_by_the_command_line_too() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    let (double, order) = small_shop().await?;
    centre_with(&cli, &double).await?;

    let own = cli.run(&["shop", "statuses", "Small"]).await?;
    ensure!(
        own.get("is_set") == Some(&false.into()),
        "the connector's own holds: {own}"
    );
    let asked = cli.run(&["shop", "statuses", "Small", "--ask"]).await?;
    let table = asked.get("table").context("the table is printed")?;
    let file = folder.path().join("statuses.json");
    std::fs::write(&file, table.to_string())?;
    let file = file.to_str().context("the folder's name is text")?;
    let set = cli
        .run(&["shop", "statuses", "Small", "--set", file])
        .await?;
    ensure!(
        set.get("is_set") == Some(&true.into()) && set.get("table") == Some(table),
        "what was printed can be set: {set}"
    );
    let reset = cli.run(&["shop", "statuses", "Small", "--reset"]).await?;
    ensure!(reset.get("is_set") == Some(&false.into()), "{reset}");

    let rekey = ["shop", "rekey", "Small", "--user", "ck_full"];
    let wrong = cli
        .try_run(&rekey, &[("DZVINOK_SHOP_SECRET", "cs_wrong")])
        .await?;
    ensure!(
        wrong.error_code() == Some("shop-wrong-key"),
        "a key is tried before it is kept: {}",
        wrong.document
    );
    cli.run_with(&rekey, &[("DZVINOK_SHOP_SECRET", "cs_full")])
        .await?;

    let number = order.to_string();
    cli.run(&["coupon", &number, "--percent", "10", "--code", "SORRY-10"])
        .await?;
    let refund = ["refund", &number, "--amount", "50", "--reason", "scratched"];
    cli.run(&refund).await?;
    let over = cli
        .try_run(
            &[
                "refund",
                &number,
                "--amount",
                "5000",
                "--reason",
                "scratched",
            ],
            &[],
        )
        .await?;
    ensure!(
        over.error_code() == Some("refund-too-much"),
        "so much was never paid: {}",
        over.document
    );
    cli.deliver().await?;
    ensure!(
        double.shelf().coupons_of("sorry-10") == 1,
        "the coupon is at the shop"
    );
    ensure!(
        double.shelf().refunds_of(order) == [5_000],
        "so is the money: {:?}",
        double.shelf().refunds_of(order)
    );
    Ok(())
}

#[tokio::test]
async fn each_kind_of_shop_says_what_it_needs_and_is_refused_in_its_own_words() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    let nobody = "http://127.0.0.1:1";
    for (kind, user, code) in [
        ("woocommerce", "", "field-missing"),
        ("vendure", "", "field-missing"),
        ("shopify", "", "shop-no-tls"),
        ("retailcrm", "", "shop-no-tls"),
        ("base", "", "shop-no-tls"),
        ("woocommerce", "ck_x", "shop-no-tls"),
    ] {
        let arguments = [
            "shop",
            "check",
            "--kind",
            kind,
            "--address",
            nobody,
            "--user",
            user,
        ];
        let answer = cli
            .try_run(&arguments, &[("DZVINOK_SHOP_SECRET", "secret")])
            .await?;
        ensure!(
            answer.error_code() == Some(code),
            "{kind} as {user:?}: {}",
            answer.document
        );
    }
    let answer = cli
        .try_run(
            &["shop", "check", "--kind", "prom", "--address", nobody],
            &[("DZVINOK_SHOP_SECRET", "secret")],
        )
        .await;
    ensure!(
        answer.is_ok_and(|answer| !answer.success && answer.log.contains("retailcrm")),
        "the kinds there are, are named"
    );
    Ok(())
}

#[tokio::test]
async fn a_tape_of_a_shop_names_nobody() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let cli = Cli::on(&folder.path().join("data"));
    let (double, order) = small_shop().await?;
    double.shelf().set_phone(order, "+380 67 123 45 67");
    let out = folder.path().join("tape");
    let arguments = [
        "shop",
        "capture",
        "--kind",
        "woocommerce",
        "--address",
        double.address(),
        "--user",
        "ck_full",
        "--allow-http",
        "--allow-private",
        "--out",
        out.to_str().context("the folder's name is text")?,
    ];
    cli.run_with(&arguments, &[("DZVINOK_SHOP_SECRET", "cs_full")])
        .await?;
    let mut said = String::new();
    for entry in std::fs::read_dir(&out)? {
        said.push_str(&std::fs::read_to_string(entry?.path())?);
    }
    ensure!(
        said.contains("line_items") && said.contains("processing"),
        "the orders are on it, with their structure"
    );
    for secret in ["123 45 67", "cs_full", "ck_full", "127.0.0.1"] {
        ensure!(!said.contains(secret), "the tape holds {secret}");
    }
    Ok(())
}

/// The ear, running; and the port it listens on.
async fn listening(data: &Path) -> Result<(Child, Output, u16)> {
    let (child, mut output) = start(
        Command::new(program("dzvinok")?)
            .arg("--data-dir")
            .arg(data)
            .args(["--language", "en", "--login", ADMIN.login, "--json"])
            .args(["hooks", "--listen", "127.0.0.1:0"])
            .env("DZVINOK_PASSWORD", ADMIN.password)
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:"),
    )?;
    let port = line_of(&mut output, Duration::from_mins(1), |line| {
        let (_, address) = line.split_once("\"listening\": \"127.0.0.1:")?;
        address.split('"').next()?.parse().ok()
    })
    .await?;
    Ok((child, output, port))
}

/// What the ear answers to these bytes: the status, none where it hangs up.
async fn say(port: u16, request: &[u8]) -> Result<Option<u16>> {
    let mut stream = TcpStream::connect(("127.0.0.1", port)).await?;
    // It may hang up before all is said; what it has answered by then can still be read.
    let _ = stream.write_all(request).await;
    let mut answer = Vec::new();
    let _ = stream.read_to_end(&mut answer).await;
    let answer = String::from_utf8_lossy(&answer).into_owned();
    Ok(answer
        .strip_prefix("HTTP/1.1 ")
        .and_then(|rest| rest.get(..3)?.parse().ok()))
}

fn post(path: &str, headers: &str, body: &str) -> Vec<u8> {
    format!(
        "POST {path} HTTP/1.1\r\nhost: ear\r\n{headers}content-length: {}\r\n\r\n{body}",
        body.len()
    )
    .into_bytes()
}

#[tokio::test]
async fn the_ear_believes_only_the_shop_and_takes_no_more_than_it_should() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let cli = Cli::on(&data);
    let (double, _) = small_shop().await?;
    centre_with(&cli, &double).await?;
    let shops = cli.run(&["shop", "list"]).await?;
    let id = shops
        .pointer("/0/id")
        .and_then(Value::as_str)
        .context("the shop is listed")?;
    let hook = format!("/hook/{id}");
    let (child, _output, port) = listening(&data).await?;

    let forged = "x-wc-webhook-topic: order.created\r\nx-wc-webhook-delivery-id: 1\r\n\
                  x-wc-webhook-signature: AAAA\r\n";
    let stranger = "/hook/00000000-0000-7000-8000-000000000000";
    let huge = format!(
        "POST {hook} HTTP/1.1\r\nhost: ear\r\ncontent-length: 2000000\r\n\r\n{}",
        "x".repeat(1_200_000)
    );
    let long_head = format!("POST {hook} HTTP/1.1\r\nx: {}\r\n\r\n", "y".repeat(40_000));
    for (what, request, status) in [
        ("a forged signature", post(&hook, forged, "{}"), Some(401)),
        (
            "a shop that is not here",
            post(stranger, forged, "{}"),
            Some(401),
        ),
        ("another path", post("/", "", "{}"), Some(404)),
        (
            "no identity",
            post("/hook/../etc/passwd", "", "{}"),
            Some(404),
        ),
        (
            "another method",
            format!("GET {hook} HTTP/1.1\r\nhost: ear\r\n\r\n").into_bytes(),
            Some(405),
        ),
        ("a body too long", huge.into_bytes(), Some(413)),
        ("a head too long", long_head.into_bytes(), Some(431)),
        (
            "no HTTP at all",
            b"\x16\x03\x01 hello\r\n\r\n".to_vec(),
            Some(400),
        ),
    ] {
        let got = say(port, &request).await?;
        ensure!(got == status, "{what}: {got:?}, not {status:?}");
    }
    drop(child);
    Ok(())
}

#[tokio::test]
async fn the_ear_closes_cleanly_however_it_is_told_to() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let cli = Cli::on(&data);
    let (double, _) = small_shop().await?;
    centre_with(&cli, &double).await?;
    for signal in ["-INT", "-TERM"] {
        let (mut child, _output, _) = listening(&data).await?;
        let process = child.id().context("it runs")?.to_string();
        run("kill", [signal, &process], "").await?;
        let status = timeout(Duration::from_mins(1), child.wait())
            .await
            .with_context(|| format!("{signal} does not end it"))??;
        ensure!(status.success(), "{signal} ended it by {status}");
        // Closing folds the log into the file; an end without it leaves the log behind.
        let left: Vec<_> = std::fs::read_dir(&data)?
            .filter_map(|entry| entry.ok()?.file_name().into_string().ok())
            .filter(|name| name.ends_with("-wal"))
            .collect();
        ensure!(left.is_empty(), "{signal} left {left:?} behind");
    }
    Ok(())
}

#[tokio::test]
async fn a_shop_that_calls_is_pulled_at_once() -> Result<()> {
    let folder = tempfile::tempdir()?;
    let data = folder.path().join("data");
    let cli = Cli::on(&data);
    let (double, _) = small_shop().await?;
    centre_with(&cli, &double).await?;
    let shops = cli.run(&["shop", "list"]).await?;
    let id = shops
        .pointer("/0/id")
        .and_then(Value::as_str)
        .context("the shop is listed")?;
    let (child, _output, port) = listening(&data).await?;

    let order = buy(&double, "processing");
    let body = double.shelf().order_json(order).to_string();
    let mut mac = Hmac::<Sha256>::new_from_slice(b"cs_full")?;
    mac.update(body.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let headers = format!(
        "x-wc-webhook-topic: order.created\r\nx-wc-webhook-delivery-id: 7\r\n\
         x-wc-webhook-signature: {signature}\r\n"
    );
    let call = post(&format!("/hook/{id}"), &headers, &body);
    let asked = || {
        let log = double.log();
        log.iter()
            .filter(|one| one.method == "GET" && one.route == "/wc/v3/orders")
            .count()
    };
    ensure!(say(port, &call).await? == Some(202), "the shop is believed");
    ensure!(
        say(port, &call).await? == Some(200),
        "the same delivery again is no news"
    );
    let before = asked();
    let number = order.to_string();
    // The next poll by itself is half a minute away.
    let heard = async {
        loop {
            let queue = cli.run(&["queue"]).await?;
            let rows = queue.pointer("/rows").and_then(Value::as_array);
            let there = |row: &Value| row.get("order_number") == Some(&number.as_str().into());
            if rows.is_some_and(|rows| rows.iter().any(there)) {
                return anyhow::Ok(());
            }
            tokio::task::yield_now().await;
        }
    };
    tokio::time::timeout(Duration::from_secs(20), heard)
        .await
        .context("the new order was not pulled before the next poll")??;
    ensure!(asked() >= before, "by asking the shop");
    drop(child);
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
