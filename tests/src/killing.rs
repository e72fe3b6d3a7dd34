//! kill -9 at any moment of importing and sending, with the real program on its real store.
//!
//! Each shard is a centre and a shop of its own. The desk's program is started over and over to
//! record results and to exchange with the shop, and killed: at a moment of the clock, or at a stage
//! of the n-th request, which hits the places between two steps of the program. The shop takes
//! orders all the while. What a command answered with success was acknowledged: it must be at the
//! shop in the end, and once.

use crate::cli::{ADMIN, Cli};
use crate::gate::{Gate, Stage};
use crate::places::program;
use anyhow::{Context, Result, bail, ensure};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::sync::Arc;
use std::time::Duration;
use testkit::woo::{SeedLine, SeedOrder, SeedProduct, Setup, WooDouble};
use tokio::process::{Child, Command};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;
use tokio::time::{Instant, sleep, timeout};

const KETTLE: u64 = 11;
const IRON: u64 = 12;

/// Orders the shop has before the desk first asks; several pages.
const ORDERS_AT_FIRST: usize = 230;

/// A program that neither ends nor is killed in this time hangs.
const PATIENCE: Duration = Duration::from_mins(2);

/// The outbox leaves a write in doubt alone for four minutes; then everything must go through.
const SETTLING: Duration = Duration::from_mins(8);

/// What to do.
#[derive(Clone, Copy, Debug)]
pub struct Options {
    /// Kills in all.
    pub kills: usize,
    /// Kills in one centre before the next is made.
    pub shard: usize,
    /// Centres worked on at a time.
    pub at_a_time: usize,
    /// Where the moments come from.
    pub seed: u64,
    /// Wait until every doubt has ended and everything is delivered; without it what is under way is
    /// looked at as it stands.
    pub settle: bool,
}

/// What came of it.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Tally {
    /// Programs killed, and of these, while importing or sending, and while recording a result.
    pub kills: usize,
    /// Of the kills: at a stage of a request.
    pub kills_at_requests: usize,
    /// Of the kills: while a result was recorded.
    pub kills_recording: usize,
    /// Results that were acknowledged.
    pub acknowledged: usize,
    /// Writes to the shop that these results stand for.
    pub writes: usize,
    /// Of these, at the shop when all was over.
    pub delivered: usize,
    /// Writes that the outbox has shown in doubt at some time.
    pub doubts: usize,
    /// Acknowledged and not there.
    pub missing: usize,
    /// Effects that stand more than once.
    pub doubled: usize,
    /// Writes given up.
    pub dead: usize,
    /// Times that `verify` found something.
    pub verify_failures: usize,
    /// Times that it was asked.
    pub verifications: usize,
}

impl Tally {
    fn add(&mut self, other: &Self) {
        self.kills += other.kills;
        self.kills_at_requests += other.kills_at_requests;
        self.kills_recording += other.kills_recording;
        self.acknowledged += other.acknowledged;
        self.writes += other.writes;
        self.doubts += other.doubts;
        self.delivered += other.delivered;
        self.missing += other.missing;
        self.doubled += other.doubled;
        self.dead += other.dead;
        self.verify_failures += other.verify_failures;
        self.verifications += other.verifications;
    }

    /// Whether nothing was lost, nothing doubled, nothing given up and every file sound.
    pub fn is_clean(&self) -> bool {
        self.missing == 0 && self.doubled == 0 && self.dead == 0 && self.verify_failures == 0
    }

    /// One document.
    pub fn json(&self, options: &Options) -> Value {
        json!({
            "kills": self.kills,
            "kills_at_requests": self.kills_at_requests,
            "kills_recording": self.kills_recording,
            "acknowledged": self.acknowledged,
            "writes": self.writes,
            "doubts": self.doubts,
            "delivered": self.delivered,
            "missing": self.missing,
            "doubled": self.doubled,
            "dead": self.dead,
            "verifications": self.verifications,
            "verify_failures": self.verify_failures,
            "seed": options.seed,
            "settled": options.settle,
        })
    }
}

/// Kills as often as wanted and tells what stands in the end; `say` hears of each shard.
pub async fn run(options: Options, say: impl Fn(&str)) -> Result<Tally> {
    let gate = Arc::new(Semaphore::new(options.at_a_time.max(1)));
    let mut shards = JoinSet::new();
    let (mut left, mut index) = (options.kills, 0_u64);
    while left > 0 {
        let kills = left.min(options.shard.max(1));
        left -= kills;
        index += 1;
        let seed = options
            .seed
            .wrapping_mul(0x9e37_79b9_7f4a_7c15)
            .wrapping_add(index);
        let gate = Arc::clone(&gate);
        shards.spawn(async move {
            let permit = gate.acquire_owned().await?;
            let mut shard = Shard::open(seed).await?;
            shard.killed(kills).await?;
            // Waiting for doubt to end needs no processor: the next shard may begin.
            drop(permit);
            shard.judged(options.settle).await
        });
    }
    let mut tally = Tally::default();
    while let Some(shard) = shards.join_next().await {
        let shard = shard.context("a shard ended by itself")??;
        tally.add(&shard);
        say(&format!(
            "{} kills, {} acknowledged, {} writes of which {} were in doubt",
            tally.kills, tally.acknowledged, tally.writes, tally.doubts
        ));
    }
    Ok(tally)
}

/// Numbers out of a seed (`SplitMix64`).
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        let bound = u64::try_from(bound.max(1)).unwrap_or(u64::MAX);
        usize::try_from(self.next() % bound).unwrap_or(0)
    }

    /// Anywhere up to `most`, or from `least` of it on.
    fn share(&mut self, least: f64, most: Duration) -> Duration {
        let steps = u32::try_from(self.below(10_000)).unwrap_or(0);
        most.mul_f64(least + (1.0 - least) * f64::from(steps) / 10_000.0)
    }

    fn once_in(&mut self, times: usize) -> bool {
        self.below(times) == 0
    }
}

/// What an order was told to become.
#[derive(Clone, Debug)]
struct Wanted {
    number: String,
    comment: String,
    /// Kettles, where their number was changed.
    kettles: Option<u32>,
    acknowledged: bool,
}

struct Shard {
    chance: Chance,
    double: WooDouble,
    gate: Gate,
    cli: Cli,
    program: PathBuf,
    folder: tempfile::TempDir,
    /// By order; one is given one result.
    wanted: BTreeMap<u64, Wanted>,
    /// The order whose result was begun and not acknowledged.
    open: Option<u64>,
    /// Orders seen in the queue and not yet given a result.
    queue: Vec<u64>,
    /// How long an exchange and a recording take when they are let be.
    exchange_takes: Duration,
    recording_takes: Duration,
    /// Writes that the outbox has shown in doubt.
    doubted: BTreeSet<String>,
    tally: Tally,
}

impl Shard {
    async fn open(seed: u64) -> Result<Self> {
        let folder = tempfile::tempdir()?;
        let double = WooDouble::start(Setup::default()).await?;
        let gate = Gate::before(double.address()).await?;
        for (id, name, price) in [(KETTLE, "Kettle", "1299.50"), (IRON, "Iron", "850.00")] {
            double.shelf().stock_product(SeedProduct {
                id,
                name,
                price,
                stock: Some(1_000_000),
                parent: None,
                kind: "simple",
            });
        }
        let cli = Cli::on(&folder.path().join("data"));
        let mut shard = Self {
            chance: Chance(seed),
            gate,
            cli,
            program: program("dzvinok")?,
            folder,
            double,
            wanted: BTreeMap::new(),
            open: None,
            queue: Vec::new(),
            exchange_takes: Duration::from_secs(2),
            recording_takes: Duration::from_secs(1),
            doubted: BTreeSet::new(),
            tally: Tally::default(),
        };
        (0..ORDERS_AT_FIRST).for_each(|_| shard.take_order());
        shard.cli.make_centre().await?;
        let address = shard.gate.address().to_owned();
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
        shard
            .cli
            .run_with(&arguments, &[("DZVINOK_SHOP_SECRET", "cs_full")])
            .await?;
        Ok(shard)
    }

    fn take_order(&mut self) {
        let pieces = 1 + self.chance.below(3);
        let mut shop = self.double.shelf();
        shop.pass(7);
        shop.take_order(&SeedOrder {
            status: "processing",
            payment_method: "cod",
            lines: vec![
                SeedLine {
                    product: KETTLE,
                    quantity: i64::try_from(pieces).unwrap_or(1),
                },
                SeedLine {
                    product: IRON,
                    quantity: 1,
                },
            ],
        });
    }

    /// Works and is killed until that has happened so often.
    async fn killed(&mut self, kills: usize) -> Result<()> {
        let mut rounds = 0;
        while self.tally.kills < kills {
            rounds += 1;
            ensure!(
                rounds < kills * 40 + 200,
                "the program ends before it can be killed"
            );
            for _ in 0..self.chance.below(3) {
                self.take_order();
            }
            if self.queue.is_empty() && self.open.is_none() {
                self.read_queue().await?;
            }
            for _ in 0..self.chance.below(3) {
                self.record().await?;
            }
            self.exchange().await?;
            if self.chance.once_in(8) {
                self.look().await?;
            }
            if self.chance.once_in(16) {
                self.verify().await?;
            }
        }
        Ok(())
    }

    fn command(&self, arguments: &[&str]) -> Command {
        let mut command = Command::new(&self.program);
        command
            .arg("--data-dir")
            .arg(self.folder.path().join("data"))
            .args(["--json", "--language", "en", "--login", ADMIN.login])
            .args(arguments)
            .env("DZVINOK_PASSWORD", ADMIN.password)
            .env("DBUS_SESSION_BUS_ADDRESS", "disabled:")
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .kill_on_drop(true);
        command
    }

    async fn read_queue(&mut self) -> Result<()> {
        let page = self.cli.run(&["queue", "--limit", "500"]).await?;
        let rows = page.pointer("/rows").and_then(Value::as_array);
        self.queue = rows
            .into_iter()
            .flatten()
            .filter_map(|row| row.get("order_number")?.as_str()?.parse().ok())
            .filter(|id| !self.wanted.contains_key(id))
            .take(24)
            .collect();
        Ok(())
    }

    /// Gives one order its result; one that was cut off is taken up again first.
    async fn record(&mut self) -> Result<()> {
        let Some(id) = self.open.or_else(|| self.queue.pop()) else {
            return Ok(());
        };
        let changes = self.chance.once_in(2);
        // Never as many as were ordered.
        let kettles = u32::try_from(4 + self.chance.below(5)).unwrap_or(4);
        let wanted = self.wanted.entry(id).or_insert_with(|| Wanted {
            number: id.to_string(),
            comment: format!("said yes to {id}"),
            kettles: changes.then_some(kettles),
            acknowledged: false,
        });
        let (number, comment) = (wanted.number.clone(), wanted.comment.clone());
        let order = self.double.shelf().order_json(id);
        let sku = order
            .pointer("/line_items/0/sku")
            .and_then(Value::as_str)
            .unwrap_or_default();
        let quantity = wanted.kettles.map(|kettles| format!("{sku}={kettles}"));
        let outcome = if quantity.is_some() {
            "confirmed_with_changes"
        } else {
            "confirmed"
        };
        let mut arguments = vec![
            "result",
            number.as_str(),
            "--outcome",
            outcome,
            "--checked",
            "--comment",
            comment.as_str(),
        ];
        if let Some(quantity) = &quantity {
            arguments.extend(["--quantity", quantity]);
        }
        let begun = Instant::now();
        let mut child = self.command(&arguments).spawn()?;
        let moment = self
            .chance
            .once_in(4)
            .then(|| self.chance.share(0.3, self.recording_takes));
        let status = match moment {
            Some(moment) => ended_within(&mut child, moment).await?,
            None => Some(ended(&mut child).await?),
        };
        match status {
            None => {
                self.tally.kills += 1;
                self.tally.kills_recording += 1;
                self.open = Some(id);
            }
            Some(true) => {
                self.recording_takes = begun.elapsed();
                if let Some(wanted) = self.wanted.get_mut(&id) {
                    wanted.acknowledged = true;
                }
                self.tally.acknowledged += 1;
                self.open = None;
            }
            // A result cut off after it was kept: the task is done, and there is no second one.
            Some(false) if self.open == Some(id) => self.open = None,
            Some(false) => bail!("order {id} was refused: {}", self.why(&arguments).await?),
        }
        Ok(())
    }

    /// The words of a command that fails.
    async fn why(&self, arguments: &[&str]) -> Result<String> {
        let answer = self.cli.try_run(arguments, &[]).await?;
        Ok(format!("{} {}", answer.document, answer.log))
    }

    /// Exchanges with the shop, mostly not to the end.
    async fn exchange(&mut self) -> Result<()> {
        let begun = Instant::now();
        let by_request = self.chance.once_in(2);
        if by_request {
            let [first, second] = [self.chance.below(12), self.chance.below(12)];
            let stage = Stage::ALL
                .get(self.chance.below(Stage::ALL.len()))
                .copied()
                .unwrap_or(Stage::Done);
            let stopped = self.gate.stop_after(first.min(second), stage);
            let mut child = self.command(&["sync"]).spawn()?;
            let killed = tokio::select! {
                held = stopped => {
                    child.kill().await?;
                    // The gate opens only now: what it holds goes on without the desk.
                    drop(held);
                    true
                }
                status = ended(&mut child) => {
                    status?;
                    false
                }
            };
            self.gate.open();
            if killed {
                self.tally.kills += 1;
                self.tally.kills_at_requests += 1;
            }
        } else {
            let moment = self.chance.share(0.1, self.exchange_takes);
            let mut child = self.command(&["sync"]).spawn()?;
            if ended_within(&mut child, moment).await?.is_none() {
                self.tally.kills += 1;
            } else {
                self.exchange_takes = begun.elapsed().max(Duration::from_millis(300));
            }
        }
        // A run that was let be tells anew how long one takes.
        if self.chance.once_in(12) {
            let begun = Instant::now();
            ended(&mut self.command(&["sync"]).spawn()?).await?;
            self.exchange_takes = begun.elapsed().max(Duration::from_millis(300));
        }
        Ok(())
    }

    async fn outbox(&self) -> Result<Vec<Value>> {
        match self.cli.run(&["outbox"]).await? {
            Value::Array(rows) => Ok(rows),
            other => bail!("the outbox is no list: {other}"),
        }
    }

    /// Counts the doubts that kills have left.
    async fn look(&mut self) -> Result<()> {
        for row in self.outbox().await? {
            if matches!(text(&row, "state"), "doubt" | "in_flight") {
                self.doubted.insert(text(&row, "id").to_owned());
            }
        }
        Ok(())
    }

    async fn verify(&mut self) -> Result<()> {
        self.tally.verifications += 1;
        let answer = self.cli.try_run(&["verify"], &[]).await?;
        if !answer.success {
            self.tally.verify_failures += 1;
        }
        Ok(())
    }

    /// Exchanges until nothing is left to do.
    async fn settle(&mut self) -> Result<()> {
        let mut child = self.command(&["sync", "--loop"]).spawn()?;
        let until = Instant::now() + SETTLING;
        loop {
            sleep(Duration::from_secs(5)).await;
            ensure!(
                child.try_wait()?.is_none(),
                "the exchange ended though it was to go on"
            );
            let rows = self.outbox().await?;
            let is_over = |row: &Value| matches!(text(row, "state"), "done" | "undone" | "dead");
            if rows.iter().all(is_over) {
                break;
            }
            ensure!(
                Instant::now() < until,
                "not delivered after {SETTLING:?}: {}",
                Value::Array(rows)
            );
        }
        child.kill().await?;
        Ok(())
    }

    async fn judged(mut self, settle: bool) -> Result<Tally> {
        self.look().await?;
        if settle {
            self.settle().await?;
        }
        self.look().await?;
        self.verify().await?;
        let rows = self.outbox().await?;
        let mut states: BTreeMap<&str, Vec<&str>> = BTreeMap::new();
        for row in &rows {
            states
                .entry(text(row, "order_number"))
                .or_default()
                .push(text(row, "state"));
        }
        let mut tally = self.tally;
        tally.doubts = self.doubted.len();
        tally.dead = rows
            .iter()
            .filter(|row| text(row, "state") == "dead")
            .count();
        let shop = self.double.shelf();
        for (id, wanted) in &self.wanted {
            // The outbox shows what is still to be done.
            let is_over = !states.contains_key(wanted.number.as_str());
            let notes = shop.notes_of(*id);
            let said = notes
                .iter()
                .filter(|note| note.contains(&wanted.comment))
                .count();
            let marks: BTreeSet<&String> = notes.iter().collect();
            tally.doubled += said.saturating_sub(1) + (notes.len() - marks.len());
            let order = shop.order_json(*id);
            tally.doubled += surplus(&order, wanted);
            if !wanted.acknowledged {
                continue;
            }
            let is_confirmed = shop.meta_of(*id, "_dzvinok_confirmed_at").is_some();
            let is_changed = wanted
                .kettles
                .map(|kettles| order.pointer("/line_items/0/quantity") == Some(&json!(kettles)));
            let effects = [Some(said > 0), Some(is_confirmed), is_changed];
            let effects = effects.into_iter().flatten();
            tally.writes += effects.clone().count();
            tally.delivered += effects.clone().filter(|stands| *stands).count();
            if is_over || settle {
                tally.missing += effects.filter(|stands| !stands).count();
            }
        }
        drop(shop);
        if !tally.is_clean() {
            keep(self.folder.path(), &rows)?;
        }
        Ok(tally)
    }
}

/// Lines or amounts that stand there more often than wanted.
fn surplus(order: &Value, wanted: &Wanted) -> usize {
    let lines = order
        .get("line_items")
        .and_then(Value::as_array)
        .map_or(0, Vec::len);
    let kettles = order
        .pointer("/line_items/0/quantity")
        .and_then(Value::as_u64)
        .unwrap_or(0);
    let most = wanted.kettles.map_or(3, |kettles| kettles.max(3));
    lines.saturating_sub(2) + usize::from(kettles > u64::from(most))
}

fn text<'a>(row: &'a Value, name: &str) -> &'a str {
    row.get(name).and_then(Value::as_str).unwrap_or_default()
}

/// Whether it ended well.
async fn ended(child: &mut Child) -> Result<bool> {
    let status = timeout(PATIENCE, child.wait())
        .await
        .context("the program hangs")??;
    Ok(status.success())
}

/// Whether it ended well by itself before the moment; none when it had to be killed.
async fn ended_within(child: &mut Child, moment: Duration) -> Result<Option<bool>> {
    if let Ok(status) = timeout(moment, child.wait()).await {
        return Ok(Some(status?.success()));
    }
    child.kill().await?;
    Ok(None)
}

/// What a failed shard leaves for people: the outbox, under `target/acceptance`.
fn keep(folder: &Path, rows: &[Value]) -> Result<()> {
    let name = folder
        .file_name()
        .and_then(|name| name.to_str())
        .unwrap_or("shard");
    let path = crate::places::remains("killing")?.join(format!("{name}.json"));
    std::fs::write(&path, format!("{:#}", Value::Array(rows.to_vec())))
        .with_context(|| format!("{} cannot be written", path.display()))
}
