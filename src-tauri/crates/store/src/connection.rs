//! Opening one file: key, settings, version.

use crate::schema::Schema;
use crate::{Key, StoreError};
use rusqlite::{Connection, ErrorCode, OpenFlags, params};
use std::fs::{File, OpenOptions};
use std::path::Path;
use std::time::Duration;

/// How long one process waits for another's write.
const BUSY: Duration = Duration::from_secs(5);
const VACUUM_INTO: &str = "VACUUM INTO ?1";

/// Makes an empty file that only its owner can read; refuses to touch one that exists.
pub(crate) fn create(path: &Path) -> Result<(), StoreError> {
    let mut options = OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    std::os::unix::fs::OpenOptionsExt::mode(&mut options, 0o600);
    match options.open(path) {
        Ok(file) => Ok(file.sync_all()?),
        Err(error) if error.kind() == std::io::ErrorKind::AlreadyExists => {
            Err(StoreError::Taken("file"))
        }
        Err(error) => Err(error.into()),
    }
}

/// Makes a new store at `path`, whole or not there at all.
///
/// # Errors
/// [`StoreError::Taken`] when there is a file.
pub(crate) fn make(path: &Path, key: &Key, schema: &Schema) -> Result<(), StoreError> {
    if path.try_exists()? {
        return Err(StoreError::Taken("file"));
    }
    let partial = path.with_extension("partial");
    // Left by a creation that was cut off: nothing was ever kept in it.
    for leftover in ["partial-wal", "partial-shm", "partial"] {
        remove(&path.with_extension(leftover))?;
    }
    create(&partial)?;
    let mut conn = writer(&partial, key)?;
    migrate(&mut conn, schema)?;
    // Folds the write-ahead log into the file, so that it can be renamed alone.
    conn.close().map_err(|(_, error)| error)?;
    File::open(&partial)?.sync_all()?;
    std::fs::rename(&partial, path)?;
    sync_directory(path)
}

/// Removes a file; one that is not there is no error.
pub(crate) fn remove(path: &Path) -> Result<(), StoreError> {
    match std::fs::remove_file(path) {
        Err(error) if error.kind() != std::io::ErrorKind::NotFound => Err(error.into()),
        _ => Ok(()),
    }
}

fn migrate(conn: &mut Connection, schema: &Schema) -> Result<(), StoreError> {
    schema.steps().to_latest(conn).map_err(|error| match error {
        rusqlite_migration::Error::RusqliteError { err, .. } => err.into(),
        other => {
            tracing::error!(%other, "migration failed");
            StoreError::Unreadable("schema")
        }
    })
}

/// Brings the file at `path` to this release's version, with a copy in `backups` before.
/// A newer file, one of another kind and one the key does not open are left as they are.
pub(crate) fn prepare(
    path: &Path,
    key: &Key,
    schema: &Schema,
    backups: &Path,
) -> Result<(), StoreError> {
    let conn = reader(path, key)?;
    let version = check(&conn, schema)?;
    if version == schema.version() {
        return Ok(());
    }
    let stem = path.file_stem().unwrap_or_default().to_string_lossy();
    let copy = backups.join(format!(
        "{stem}-before-{}-from-{version}.db",
        schema.version()
    ));
    // Left by an attempt that did not finish: the file it copied is still the same.
    remove(&copy)?;
    copy_to(&conn, &copy)?;
    drop(conn);
    migrate(&mut writer(path, key)?, schema)
}

/// The version of a file of the right kind.
fn check(conn: &Connection, schema: &Schema) -> Result<u32, StoreError> {
    let number = |name| conn.pragma_query_value(None, name, |row| row.get::<_, i64>(0));
    let version = u32::try_from(number("user_version")?).map_err(|_| StoreError::WrongKey)?;
    let application = number("application_id")?;
    // No store of ours is empty: this one was cut to nothing, and must not pass for a new one.
    if version == 0 {
        return Err(StoreError::Damaged);
    }
    if application != i64::from(schema.application) {
        return Err(StoreError::Unreadable("a file of another kind"));
    }
    if version > schema.version() {
        return Err(StoreError::TooNew {
            found: version,
            known: schema.version(),
        });
    }
    Ok(version)
}

/// The one connection that writes.
pub(crate) fn writer(path: &Path, key: &Key) -> Result<Connection, StoreError> {
    let conn = open(path, key, OpenFlags::SQLITE_OPEN_READ_WRITE)?;
    conn.pragma_update(None, "journal_mode", "WAL")?;
    // What is acknowledged has reached the disk.
    conn.pragma_update(None, "synchronous", "FULL")?;
    conn.pragma_update(None, "foreign_keys", "ON")?;
    conn.pragma_update(None, "secure_delete", "ON")?;
    // Enough for the pages an import writes to: it comes in the order of nearly every index.
    conn.pragma_update(None, "cache_size", -700)?;
    // A large import must not leave its write-ahead log on the disk for good.
    conn.pragma_update(None, "journal_size_limit", 67_108_864)?;
    Ok(conn)
}

/// A connection that cannot write.
pub(crate) fn reader(path: &Path, key: &Key) -> Result<Connection, StoreError> {
    let conn = open(path, key, OpenFlags::SQLITE_OPEN_READ_ONLY)?;
    conn.pragma_update(None, "query_only", "ON")?;
    conn.pragma_update(None, "cache_size", -32_000)?;
    Ok(conn)
}

fn open(path: &Path, key: &Key, mode: OpenFlags) -> Result<Connection, StoreError> {
    let conn = Connection::open_with_flags(path, mode | OpenFlags::SQLITE_OPEN_NO_MUTEX).map_err(
        |error| match error.sqlite_error_code() {
            Some(ErrorCode::CannotOpen) if !path.exists() => StoreError::NotFound("file"),
            _ => error.into(),
        },
    )?;
    // SQLCipher writes its complaints to stderr; ours come back as errors.
    conn.pragma_update(None, "cipher_log_level", "NONE")?;
    conn.pragma_update(None, "key", key.pragma().as_str())?;
    conn.busy_timeout(BUSY)?;
    conn.pragma_update(None, "trusted_schema", "OFF")?;
    // Sorting must not spill customers' data into a plain temporary file.
    conn.pragma_update(None, "temp_store", "MEMORY")?;
    conn.set_prepared_statement_cache_capacity(128);
    // The key is tried by the first page that is read.
    conn.pragma_query_value(None, "schema_version", |row| row.get::<_, i64>(0))
        .map_err(|error| match error.sqlite_error_code() {
            Some(ErrorCode::NotADatabase) => StoreError::WrongKey,
            _ => error.into(),
        })?;
    Ok(conn)
}

/// A compact copy under the same key, whole or not there at all.
pub(crate) fn copy_to(conn: &Connection, to: &Path) -> Result<(), StoreError> {
    if to.exists() {
        return Err(StoreError::Taken("backup file"));
    }
    if let Some(parent) = to.parent() {
        std::fs::create_dir_all(parent)?;
    }
    let partial = to.with_extension("partial");
    remove(&partial)?;
    create(&partial)?;
    // The copy is written through a second file of this connection; the first stays read-only.
    conn.pragma_update(None, "query_only", "OFF")?;
    let name = partial.to_str().ok_or(StoreError::Invalid("path"))?;
    let copied = conn.execute(VACUUM_INTO, params![name]);
    if let Err(error) = copied {
        drop(std::fs::remove_file(&partial));
        return Err(error.into());
    }
    File::open(&partial)?.sync_all()?;
    std::fs::rename(&partial, to)?;
    sync_directory(to)
}

/// Makes a new name or a rename in the directory of `path` durable.
pub(crate) fn sync_directory(path: &Path) -> Result<(), StoreError> {
    #[cfg(unix)]
    if let Some(parent) = path.parent() {
        File::open(parent)?.sync_all()?;
    }
    #[cfg(not(unix))]
    let _ = path;
    Ok(())
}
