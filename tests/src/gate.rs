//! A gate between the desk and a shop's double: lets requests through one by one, counts them, and
//! stops at a chosen one so that the desk can be killed right there.

use anyhow::{Context, Result};
use std::net::Ipv4Addr;
use std::sync::{Arc, Mutex, PoisonError};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::sync::oneshot;
use tokio::task::JoinHandle;

/// Where in one exchange the gate stops.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Stage {
    /// The request has left the desk and never reaches the shop.
    Lost,
    /// The request has left the desk and reaches the shop after the stop.
    Late,
    /// The shop has done it; the answer is on its way.
    Done,
    /// Half of the answer has reached the desk.
    Halfway,
    /// The whole answer has reached the desk.
    Answered,
}

impl Stage {
    /// All of them.
    pub const ALL: [Self; 5] = [
        Self::Lost,
        Self::Late,
        Self::Done,
        Self::Halfway,
        Self::Answered,
    ];
}

/// The gate has stopped; it opens again when this is dropped.
#[derive(Debug)]
pub struct Stopped(#[expect(dead_code, reason = "the gate waits for its end")] oneshot::Sender<()>);

struct Plan {
    /// Requests to let through before.
    ahead: usize,
    stage: Stage,
    tell: oneshot::Sender<Stopped>,
}

/// An open gate; it closes when dropped.
pub struct Gate {
    address: String,
    plan: Arc<Mutex<Option<Plan>>>,
    task: JoinHandle<()>,
}

impl Drop for Gate {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Gate {
    /// Before the double at this address, `http://…`.
    pub async fn before(double: &str) -> Result<Self> {
        let shop = double
            .strip_prefix("http://")
            .context("the double speaks plain HTTP")?
            .to_owned();
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0)).await?;
        let address = format!("http://{}", listener.local_addr()?);
        let plan = Arc::new(Mutex::new(None));
        let shared = Arc::clone(&plan);
        let task = tokio::spawn(async move {
            while let Ok((desk, _)) = listener.accept().await {
                let (shop, plan) = (shop.clone(), Arc::clone(&shared));
                // A side that goes away ends the exchange, nothing else.
                tokio::spawn(async move { pass(desk, &shop, &plan).await.ok() });
            }
        });
        Ok(Self {
            address,
            plan,
            task,
        })
    }

    /// Where the desk is to knock.
    pub fn address(&self) -> &str {
        &self.address
    }

    /// Stops at the request after `ahead` others, at this stage of it. A plan made before is off.
    pub fn stop_after(&self, ahead: usize, stage: Stage) -> oneshot::Receiver<Stopped> {
        let (tell, told) = oneshot::channel();
        *locked(&self.plan) = Some(Plan { ahead, stage, tell });
        told
    }

    /// Lets everything through again.
    pub fn open(&self) {
        *locked(&self.plan) = None;
    }
}

fn locked<T>(mutex: &Mutex<T>) -> std::sync::MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}

/// The plan, when its turn has come.
fn due(plan: &Mutex<Option<Plan>>) -> Option<Plan> {
    let mut held = locked(plan);
    match held.as_mut() {
        Some(plan) if plan.ahead > 0 => {
            plan.ahead -= 1;
            None
        }
        _ => held.take(),
    }
}

async fn pass(mut desk: TcpStream, shop: &str, plan: &Mutex<Option<Plan>>) -> Result<()> {
    let asked = request(&mut desk).await?;
    let due = due(plan);
    let stage = due.as_ref().map(|plan| plan.stage);
    let hold = async || {
        if let Some(plan) = due {
            let (open, opened) = oneshot::channel();
            if plan.tell.send(Stopped(open)).is_ok() {
                // Ends with an error, as meant: the sender is dropped.
                let _ = opened.await;
            }
        }
    };
    if let Some(Stage::Lost | Stage::Late) = stage {
        hold().await;
        if stage == Some(Stage::Late) {
            ask(shop, &asked).await?;
        }
        return Ok(());
    }
    let told = ask(shop, &asked).await?;
    match stage {
        Some(Stage::Done) => hold().await,
        Some(Stage::Halfway) => {
            let half = told.len() / 2;
            desk.write_all(told.get(..half).unwrap_or_default()).await?;
            desk.flush().await?;
            hold().await;
        }
        Some(_) => {
            desk.write_all(&told).await?;
            desk.shutdown().await?;
            hold().await;
        }
        None => {
            desk.write_all(&told).await?;
            desk.shutdown().await?;
        }
    }
    Ok(())
}

async fn ask(shop: &str, asked: &[u8]) -> Result<Vec<u8>> {
    let mut stream = TcpStream::connect(shop).await?;
    stream.write_all(asked).await?;
    let mut told = Vec::new();
    stream.read_to_end(&mut told).await?;
    Ok(told)
}

/// One whole request: head, and as much body as the head says.
async fn request(desk: &mut TcpStream) -> Result<Vec<u8>> {
    let mut asked = Vec::new();
    let mut chunk = vec![0; 16 * 1024];
    loop {
        let head = asked
            .windows(4)
            .position(|window| window == b"\r\n\r\n")
            .map(|at| at + 4);
        if let Some(head) = head {
            let text =
                String::from_utf8_lossy(asked.get(..head).unwrap_or_default()).to_ascii_lowercase();
            let body = text
                .lines()
                .find_map(|line| line.strip_prefix("content-length:"))
                .and_then(|length| length.trim().parse().ok())
                .unwrap_or(0_usize);
            if asked.len() >= head + body {
                return Ok(asked);
            }
        }
        let read = desk.read(&mut chunk).await?;
        anyhow::ensure!(read > 0, "the desk went away in the middle of a request");
        asked.extend_from_slice(chunk.get(..read).unwrap_or_default());
    }
}
