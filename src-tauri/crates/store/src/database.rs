use crate::change::{self, Change};
use crate::connection;
use crate::schema::Schema;
use crate::{Key, StoreError};
use rusqlite::{Connection, Transaction, TransactionBehavior};
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::sync::atomic::{AtomicUsize, Ordering};
use std::sync::mpsc::{Receiver, Sender, channel};
use std::sync::{Arc, Mutex, PoisonError};
use std::thread::{self, JoinHandle};
use tokio::sync::oneshot;

/// Most reading connections per file: the desk's page, a delivery and a report at the same time.
/// Each is opened when it is first needed, since each knows the whole schema and has pages of its own.
const READERS: usize = 3;

type Job = Box<dyn FnOnce(&mut Connection) + Send>;

/// One open file: one writer and up to a few readers, each on its own thread.
#[derive(Debug)]
pub struct Database {
    path: PathBuf,
    key: Key,
    threads: Mutex<Option<Threads>>,
}

#[derive(Debug)]
struct Threads {
    writer: Sender<Job>,
    readers: Sender<Job>,
    writing: Worker,
    reading: Vec<Worker>,
    to_read: Queue,
}

/// What one or more threads take their work from.
#[derive(Clone, Debug)]
struct Queue {
    jobs: Arc<Mutex<Receiver<Job>>>,
    /// Those waiting and those under way.
    unfinished: Arc<AtomicUsize>,
}

impl Queue {
    fn new() -> (Sender<Job>, Self) {
        let (sender, jobs) = channel();
        let queue = Self {
            jobs: Arc::new(Mutex::new(jobs)),
            unfinished: Arc::default(),
        };
        (sender, queue)
    }
}

impl Threads {
    /// Where to send one more reading, with one more reader where all are busy.
    fn next_reader(&mut self, path: &Path, key: &Key) -> &Sender<Job> {
        let unfinished = self.to_read.unfinished.fetch_add(1, Ordering::AcqRel);
        if unfinished >= self.reading.len() && self.reading.len() < READERS {
            let reader = connection::reader(path, key)
                .and_then(|conn| spawn("store-reader", conn, self.to_read.clone()));
            match reader {
                Ok(reader) => self.reading.push(reader),
                // Those there are do the work.
                Err(error) => tracing::warn!(%error, "no further reader"),
            }
        }
        &self.readers
    }
}

/// A thread that owns a connection.
#[derive(Debug)]
struct Worker {
    /// Comes when the connection is closed.
    closed: oneshot::Receiver<()>,
    thread: JoinHandle<()>,
}

/// What a thorough check of one file found.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Verification {
    /// Faults in the file's structure, in `SQLite`'s words; empty when sound.
    pub integrity: Vec<String>,
    /// Pages whose seal is broken; empty when sound.
    pub cipher: Vec<String>,
    /// Rows that point at nothing.
    pub foreign_keys: u64,
    /// The first row of the change log that does not fit the chain.
    pub change_log_break: Option<i64>,
}

impl Verification {
    /// Nothing was found.
    pub fn sound(&self) -> bool {
        *self == Self::default()
    }
}

impl Database {
    /// Opens an existing file, migrating it first where it is older.
    pub(crate) fn open(
        path: &Path,
        key: &Key,
        schema: &Schema,
        backups: &Path,
    ) -> Result<Self, StoreError> {
        if !path.try_exists()? {
            return Err(StoreError::NotFound("file"));
        }
        connection::prepare(path, key, schema, backups)?;
        let (writer, to_write) = Queue::new();
        let writing = spawn("store-writer", connection::writer(path, key)?, to_write)?;
        let (readers, to_read) = Queue::new();
        let first = connection::reader(path, key)?;
        let reading = vec![spawn("store-reader", first, to_read.clone())?];
        Ok(Self {
            path: path.to_owned(),
            key: key.clone(),
            threads: Mutex::new(Some(Threads {
                writer,
                readers,
                writing,
                reading,
                to_read,
            })),
        })
    }

    /// Runs `f` on a connection that cannot write, in one snapshot.
    pub async fn read<T, F>(&self, f: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.run(
            |threads| threads.next_reader(&self.path, &self.key),
            move |conn| f(&*conn.transaction()?),
        )
        .await
    }

    /// Runs `f` in one immediate transaction and records `change` in it. Answers after the commit
    /// has reached the disk; on any error nothing of it remains. A caller that stops waiting does
    /// not stop the write.
    pub async fn write<T, F>(&self, change: Change, f: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.write_unrecorded(move |tx| {
            let value = f(tx)?;
            change::append(tx, &change)?;
            Ok(value)
        })
        .await
    }

    /// As [`Self::write`], without a row in the change log: for what is neither a fact nor a
    /// decision, such as a draft's autosave or a pull's cursor.
    pub async fn write_unrecorded<T, F>(&self, f: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Transaction<'_>) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        self.run(
            |threads| &threads.writer,
            move |conn| {
                let tx = conn.transaction_with_behavior(TransactionBehavior::Immediate)?;
                let value = f(&tx)?;
                tx.commit()?;
                Ok(value)
            },
        )
        .await
    }

    /// Writes a compact copy under the same key to `to`, which must not exist yet. Work goes on.
    pub async fn backup(&self, to: &Path) -> Result<(), StoreError> {
        let to = to.to_owned();
        self.apart(move |conn| connection::copy_to(conn, &to)).await
    }

    /// Checks the whole file: structure, seals, references, change log. Work goes on.
    pub async fn verify(&self) -> Result<Verification, StoreError> {
        self.apart(|conn| Ok(examine(conn))).await
    }

    /// Where the file is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Finishes what is under way, folds the write-ahead log into the file and lets go of it.
    /// Later calls answer [`StoreError::Closed`].
    pub async fn close(&self) -> Result<(), StoreError> {
        let taken = self
            .threads
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(Threads {
            writer,
            readers,
            writing,
            reading,
            ..
        }) = taken
        else {
            return Ok(());
        };
        drop(readers);
        for worker in reading {
            worker.ended().await;
        }
        let (reply, answer) = oneshot::channel();
        let folding: Job = Box::new(move |conn| drop(reply.send(fold(conn))));
        writer.send(folding).map_err(|_| StoreError::Closed)?;
        drop(writer);
        let result = answer.await.map_err(|_| StoreError::Closed)?;
        writing.ended().await;
        result
    }

    /// Folds the write-ahead log into the file: after a write of many rows, lest the next start read
    /// the whole log first.
    pub async fn checkpoint(&self) -> Result<(), StoreError> {
        self.run(|threads| &threads.writer, |conn| fold(conn)).await
    }

    async fn run<T, F>(
        &self,
        to: impl FnOnce(&mut Threads) -> &Sender<Job>,
        f: F,
    ) -> Result<T, StoreError>
    where
        F: FnOnce(&mut Connection) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (reply, answer) = oneshot::channel();
        let job: Job = Box::new(move |conn| drop(reply.send(shielded(|| f(conn)))));
        {
            let mut threads = self.threads.lock().unwrap_or_else(PoisonError::into_inner);
            let threads = threads.as_mut().ok_or(StoreError::Closed)?;
            to(threads).send(job).map_err(|_| StoreError::Closed)?;
        }
        answer.await.map_err(|_| StoreError::Closed)?
    }

    /// On a thread and connection of its own: long, and it must see the file, not a cache.
    async fn apart<T, F>(&self, f: F) -> Result<T, StoreError>
    where
        F: FnOnce(&Connection) -> Result<T, StoreError> + Send + 'static,
        T: Send + 'static,
    {
        let (path, key) = (self.path.clone(), self.key.clone());
        let (reply, answer) = oneshot::channel();
        thread::Builder::new()
            .name("store-apart".to_owned())
            .spawn(move || {
                drop(reply.send(shielded(|| f(&connection::reader(&path, &key)?))));
            })?;
        answer.await.map_err(|_| StoreError::Closed)?
    }
}

impl Drop for Database {
    /// Waits for what is under way: a connection still open while the process ends would use the
    /// cryptography library after it has been taken down.
    fn drop(&mut self) {
        let taken = self
            .threads
            .get_mut()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        let Some(Threads {
            writer,
            readers,
            writing,
            reading,
            ..
        }) = taken
        else {
            return;
        };
        // The last owner may be a closure on one of these threads, which cannot wait for itself.
        let join = |worker: Worker| {
            if worker.thread.thread().id() != thread::current().id() {
                drop(worker.thread.join());
            }
        };
        drop(readers);
        reading.into_iter().for_each(join);
        // Last, since only a connection that may write folds the log into the file as it closes.
        drop(writer);
        join(writing);
    }
}

impl Worker {
    async fn ended(self) {
        drop(self.closed.await);
        // Only its last few instructions are left.
        drop(self.thread.join());
    }
}

const CHECKPOINT: &str = "PRAGMA wal_checkpoint(TRUNCATE)";

fn fold(conn: &Connection) -> Result<(), StoreError> {
    Ok(conn.query_row(CHECKPOINT, [], |_| Ok(()))?)
}
const CIPHER_CHECK: &str = "PRAGMA cipher_integrity_check";
const INTEGRITY_CHECK: &str = "PRAGMA integrity_check";
const FOREIGN_KEY_CHECK: &str = "SELECT count(*) FROM pragma_foreign_key_check";

/// A panic must not take the thread with it; the transaction rolls back while it unwinds.
fn shielded<T>(f: impl FnOnce() -> Result<T, StoreError>) -> Result<T, StoreError> {
    catch_unwind(AssertUnwindSafe(f)).unwrap_or(Err(StoreError::Panicked))
}

fn spawn(name: &str, mut conn: Connection, queue: Queue) -> Result<Worker, StoreError> {
    let (end, closed) = oneshot::channel();
    let thread = thread::Builder::new()
        .name(name.to_owned())
        .spawn(move || {
            loop {
                let next = (queue.jobs.lock())
                    .unwrap_or_else(PoisonError::into_inner)
                    .recv();
                let Ok(job) = next else { break };
                job(&mut conn);
                queue.unfinished.fetch_sub(1, Ordering::AcqRel);
            }
            drop(conn);
            drop(queue);
            // Nobody waits for it when the desk ends without closing.
            let _ = end.send(());
        })?;
    Ok(Worker { closed, thread })
}

/// A damaged file may fail the check itself: that is a finding, not an error.
fn examine(conn: &Connection) -> Verification {
    let words = |sql: &str| -> Vec<String> {
        let found = conn.prepare(sql).and_then(|mut statement| {
            statement
                .query_map([], |row| row.get::<_, String>(0))?
                .collect::<Result<Vec<_>, _>>()
        });
        found.unwrap_or_else(|error| vec![error.to_string()])
    };
    let mut integrity = words(INTEGRITY_CHECK);
    integrity.retain(|word| word != "ok");
    let cipher = words(CIPHER_CHECK);
    let foreign_keys = conn
        .query_row(FOREIGN_KEY_CHECK, [], |row| row.get(0))
        .unwrap_or(u64::MAX);
    let change_log_break = change::first_break(conn).unwrap_or(Some(0));
    Verification {
        integrity,
        cipher,
        foreign_keys,
        change_log_break,
    }
}
