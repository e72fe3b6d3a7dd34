//! A server that answers every question with the same trick.

use std::io::Write;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::Duration;
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::{TcpListener, TcpStream};
use tokio::task::JoinHandle;

/// What it does to whoever asks.
#[derive(Clone, Debug)]
pub(crate) enum Trick {
    /// These bytes, then the end.
    Bytes(Vec<u8>),
    /// A head, then the same chunk without end.
    Endless(String, Vec<u8>),
    /// A head, then one byte now and then, without end.
    Drip(String, Duration),
    /// Nothing at all, and the line held.
    Silence,
    /// Garbage where a handshake is awaited.
    Garbage,
}

/// Listens until dropped.
pub(crate) struct Trickster {
    pub(crate) port: u16,
    pub(crate) asked: Arc<AtomicUsize>,
    task: JoinHandle<()>,
}

impl Drop for Trickster {
    fn drop(&mut self) {
        self.task.abort();
    }
}

impl Trickster {
    pub(crate) async fn open(trick: Trick) -> Self {
        let listener = TcpListener::bind("127.0.0.1:0").await.unwrap();
        let port = listener.local_addr().unwrap().port();
        let asked = Arc::new(AtomicUsize::new(0));
        let counted = Arc::clone(&asked);
        let task = tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                counted.fetch_add(1, Ordering::Relaxed);
                let trick = trick.clone();
                // A client that goes away is what is wanted.
                tokio::spawn(async move { play(stream, &trick).await.ok() });
            }
        });
        Self { port, asked, task }
    }

    pub(crate) fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }
}

async fn play(mut stream: TcpStream, trick: &Trick) -> std::io::Result<()> {
    let mut asked = vec![0; 64 * 1024];
    if matches!(trick, Trick::Garbage) {
        return stream
            .write_all(&[0x16, 3, 3, 0, 4, 1, 2, 3, 4, 5, 6])
            .await;
    }
    // The question fits; its words do not matter.
    let _ = stream.read(&mut asked).await?;
    match trick {
        Trick::Bytes(bytes) => {
            stream.write_all(bytes).await?;
            stream.shutdown().await
        }
        Trick::Endless(head, chunk) => {
            stream.write_all(head.as_bytes()).await?;
            loop {
                stream.write_all(chunk).await?;
            }
        }
        Trick::Drip(head, pause) => {
            stream.write_all(head.as_bytes()).await?;
            loop {
                stream.write_all(b" ").await?;
                stream.flush().await?;
                tokio::time::sleep(*pause).await;
            }
        }
        Trick::Silence => std::future::pending().await,
        Trick::Garbage => Ok(()),
    }
}

/// A whole answer.
pub(crate) fn answer(status: u16, headers: &str, body: &[u8]) -> Trick {
    let mut whole = format!(
        "HTTP/1.1 {status} X\r\nConnection: close\r\nContent-Length: {}\r\n{headers}\r\n",
        body.len()
    )
    .into_bytes();
    whole.extend_from_slice(body);
    Trick::Bytes(whole)
}

pub(crate) const JSON: &str = "Content-Type: application/json\r\n";

/// Gigabytes of nothing in a megabyte.
pub(crate) fn bomb() -> Vec<u8> {
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    let part = vec![b'['; 1 << 20];
    (0..256).for_each(|_| bomb.write_all(&part).unwrap());
    bomb.finish().unwrap()
}
