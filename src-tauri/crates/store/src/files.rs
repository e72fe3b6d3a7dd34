use crate::database::Database;
use crate::{Key, StoreError, connection, schema};
use rules::id::ShopId;
use std::fs;
use std::path::{Path, PathBuf};

/// The centre's file: people, settings, shops and their keys.
#[derive(Debug)]
pub struct Centre {
    /// The open file.
    pub db: Database,
}

impl Centre {
    /// Makes the file in `dir`.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is one.
    pub fn create(dir: &Path, key: &Key) -> Result<Self, StoreError> {
        fs::create_dir_all(dir)?;
        connection::make(&centre_path(dir), key, &schema::CENTRE)?;
        Self::open(dir, key)
    }

    /// Opens the file in `dir`.
    ///
    /// # Errors
    /// [`StoreError::NotFound`], [`StoreError::WrongKey`], [`StoreError::TooNew`]; the file is
    /// untouched then.
    pub fn open(dir: &Path, key: &Key) -> Result<Self, StoreError> {
        let db = Database::open(&centre_path(dir), key, &schema::CENTRE, &backups_dir(dir))?;
        Ok(Self { db })
    }

    /// Whether `dir` has a centre's file.
    pub fn exists(dir: &Path) -> Result<bool, StoreError> {
        Ok(centre_path(dir).try_exists()?)
    }
}

/// One client shop's file: its orders, calls and content, apart from everything else.
#[derive(Debug)]
pub struct ShopStore {
    /// Whose it is.
    pub id: ShopId,
    /// The open file.
    pub db: Database,
}

impl ShopStore {
    /// Makes the shop's file in `dir`.
    ///
    /// # Errors
    /// [`StoreError::Taken`] when there is one.
    pub fn create(dir: &Path, id: ShopId, key: &Key) -> Result<Self, StoreError> {
        let path = shop_path(dir, id);
        if let Some(parent) = path.parent() {
            fs::create_dir_all(parent)?;
        }
        connection::make(&path, key, &schema::SHOP)?;
        Self::open(dir, id, key)
    }

    /// Opens the shop's file in `dir`.
    ///
    /// # Errors
    /// As [`Centre::open`].
    pub fn open(dir: &Path, id: ShopId, key: &Key) -> Result<Self, StoreError> {
        let db = Database::open(&shop_path(dir, id), key, &schema::SHOP, &backups_dir(dir))?;
        Ok(Self { id, db })
    }

    /// Removes the shop's file and its copies in `backups`; close it first. What is gone already
    /// is no error, so that an interrupted removal can be repeated.
    pub fn destroy(dir: &Path, id: ShopId) -> Result<(), StoreError> {
        let path = shop_path(dir, id);
        for suffix in ["-wal", "-shm", ""] {
            let mut name = path.clone().into_os_string();
            name.push(suffix);
            connection::remove(Path::new(&name))?;
        }
        if path.parent().is_some_and(Path::exists) {
            connection::sync_directory(&path)?;
        }
        let backups = backups_dir(dir);
        if backups.try_exists()? {
            let own = id.to_string();
            for entry in fs::read_dir(&backups)? {
                let entry = entry?;
                if entry.file_name().to_string_lossy().starts_with(&own) {
                    connection::remove(&entry.path())?;
                }
            }
        }
        Ok(())
    }
}

fn centre_path(dir: &Path) -> PathBuf {
    dir.join("centre.db")
}

fn shop_path(dir: &Path, id: ShopId) -> PathBuf {
    dir.join("shops").join(format!("{id}.db"))
}

/// Where copies of `dir`'s files go; a shop's copies begin with its id.
pub fn backups_dir(dir: &Path) -> PathBuf {
    dir.join("backups")
}
