//! Pulls a hundred thousand orders with the desk's program into its encrypted store, and with a
//! straight script that only stores JSON, from the same shop. The last line is one JSON object; it
//! fails when the desk is slower or needs more memory.
//!
//! `pull_bench [ORDERS] [LATENCY_MS]`; `pull_bench serve ORDERS LATENCY_MS` is the shop alone.

use acceptance::cli::{ADMIN, Cli};
use acceptance::fast_shop::serve;
use acceptance::places::{program, root};
use acceptance::process::{line_of, start};
use acceptance::spent::{Spent, watch};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::TcpStream;
use std::process::Stdio;
use std::time::Duration;
use tokio::process::Command;

const ORDERS: usize = 100_000;

/// Rendering takes its time.
const READY: Duration = Duration::from_mins(5);

#[tokio::main]
async fn main() -> Result<()> {
    let mut arguments: Vec<String> = std::env::args().skip(1).collect();
    let is_shop = arguments.first().is_some_and(|word| word == "serve");
    if is_shop {
        arguments.remove(0);
    }
    let number = |at: usize, otherwise: usize| {
        arguments
            .get(at)
            .map_or(Ok(otherwise), |text| text.parse::<usize>())
    };
    let (orders, latency) = (number(0, ORDERS)?, number(1, 0)?);
    if is_shop {
        let latency = Duration::from_millis(u64::try_from(latency)?);
        return serve(orders, latency, |line| {
            // Nobody who reads, nobody who asks.
            let _ = say(line);
        });
    }

    let (mut shop, mut output) = start(
        Command::new(std::env::current_exe()?)
            .arg("serve")
            .args([orders.to_string(), latency.to_string()]),
    )?;
    let address = line_of(&mut output, READY, |line| {
        line.starts_with("http").then(|| line.to_owned())
    })
    .await?;
    let folder = tempfile::tempdir()?;

    let script = root().join("tests").join("pull").join("straight.py");
    let mut command = Command::new("python3");
    command
        .arg(script)
        .arg(&address)
        .arg(folder.path().join("straight.db"));
    let (straight, straight_shop) = measured(&mut command, &address).await?;

    let cli = Cli::on(&folder.path().join("data"));
    cli.make_centre().await?;
    let arguments = [
        "shop",
        "add",
        "--kind",
        "woocommerce",
        "--address",
        &address,
        "--user",
        "ck",
        "--zone=Europe/Kyiv",
        "--allow-http",
        "--allow-private",
    ];
    cli.run_with(&arguments, &[("DZVINOK_SHOP_SECRET", "cs")])
        .await?;
    let mut command = Command::new(program("dzvinok")?);
    command
        .arg("--data-dir")
        .arg(folder.path().join("data"))
        .args(["--json", "--login", ADMIN.login, "sync"])
        .env("DZVINOK_PASSWORD", ADMIN.password)
        .env("DBUS_SESSION_BUS_ADDRESS", "disabled:");
    let (desk, desk_shop) = measured(&mut command, &address).await?;
    let stored = cli.run(&["shop", "list"]).await?;
    let stored = stored
        .pointer("/0/sync/orders")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    ensure!(
        stored == u64::try_from(orders)?,
        "the desk has {stored} of {orders} orders"
    );
    shop.kill().await?;

    let (ours, theirs) = (
        shown(&desk, &desk_shop, orders),
        shown(&straight, &straight_shop, orders),
    );
    let slower = desk.wall.as_secs_f64() / straight.wall.as_secs_f64();
    #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
    let memory = desk.later_peak_kib as f64 / straight.later_peak_kib as f64;
    say(&json!({
        "orders": orders,
        "latency_ms": latency,
        "desk": ours,
        "straight": theirs,
        "wall_ratio": round(slower),
        "memory_ratio": round(memory),
    })
    .to_string())?;
    ensure!(slower <= 1.0, "the desk is slower than a straight script");
    ensure!(
        memory <= 1.0,
        "the desk needs more memory than a straight script"
    );
    Ok(())
}

/// Runs a program that pulls, and asks the shop what it saw of it.
async fn measured(command: &mut Command, address: &str) -> Result<(Spent, Value)> {
    let host = address
        .strip_prefix("http://")
        .context("the shop speaks plain HTTP")?
        .to_owned();
    stats(&host)?;
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::inherit())
        .kill_on_drop(true)
        .spawn()?;
    // Its first question ends the start of the program: keys are derived and files opened by then.
    let mut shop = Value::Null;
    let spent = watch(&mut child, || {
        if shop.is_null() {
            let told = stats(&host).unwrap_or_default();
            if told.get("requests").and_then(Value::as_u64) > Some(0) {
                shop = told;
            }
        }
        !shop.is_null()
    })
    .await?;
    ensure!(spent.status.success(), "{command:?}: {}", spent.status);
    let rest = stats(&host)?;
    let sum = |name: &str| {
        let part = |told: &Value| told.get(name).and_then(Value::as_f64).unwrap_or(0.0);
        part(&shop) + part(&rest)
    };
    let told = json!({
        "requests": sum("requests"),
        "bytes": sum("bytes"),
        "answering_ms": sum("answering_ms"),
        "waiting_ms": sum("waiting_ms"),
    });
    Ok((spent, told))
}

fn stats(host: &str) -> Result<Value> {
    let mut stream = TcpStream::connect(host)?;
    stream.write_all(b"GET /stats HTTP/1.1\r\nHost: shop\r\nConnection: close\r\n\r\n")?;
    let mut reader = BufReader::new(stream);
    let (mut line, mut length) = (String::new(), 0);
    while reader.read_line(&mut line)? > 2 {
        if let Some(value) = line.to_ascii_lowercase().strip_prefix("content-length:") {
            length = value.trim().parse()?;
        }
        line.clear();
    }
    let mut body = Vec::new();
    reader.take(length).read_to_end(&mut body)?;
    Ok(serde_json::from_slice(&body)?)
}

fn shown(spent: &Spent, shop: &Value, orders: usize) -> Value {
    let part = |name: &str| shop.get(name).and_then(Value::as_f64).unwrap_or(0.0);
    let pulling = part("answering_ms") + part("waiting_ms");
    #[expect(clippy::cast_precision_loss, reason = "a number of orders")]
    let orders = orders as f64;
    #[expect(clippy::cast_precision_loss, reason = "kilobytes")]
    let mb = |kib: u64| kib as f64 / 1024.0;
    json!({
        "wall_s": round(spent.wall.as_secs_f64()),
        "pull_s": round(pulling / 1000.0),
        "cpu_us_per_order": round(spent.processor * 1e6 / orders),
        "waiting_for_shop_share": round(part("answering_ms") / pulling * 100.0) / 100.0,
        "peak_mb": round(mb(spent.peak_kib)),
        "peak_mb_while_pulling": round(mb(spent.later_peak_kib)),
        "private_mb_while_pulling": round(mb(spent.private_kib)),
        "requests": part("requests"),
        "mb_received": round(part("bytes") / 1024.0 / 1024.0),
    })
}

fn round(value: f64) -> f64 {
    (value * 100.0).round() / 100.0
}

fn say(line: &str) -> Result<()> {
    let mut output = std::io::stdout();
    writeln!(output, "{line}")?;
    output.flush().context("nobody listens")
}
