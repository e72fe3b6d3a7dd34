//! What the screens say in English: tests find fields and buttons by the words a person reads.

use crate::places::root;
use anyhow::{Context, Result};
use std::collections::BTreeMap;

/// The messages of one language that are plain text.
#[derive(Clone, Debug)]
pub struct Words(BTreeMap<String, String>);

impl Words {
    /// English.
    pub fn english() -> Result<Self> {
        let mut words = BTreeMap::new();
        for entry in std::fs::read_dir(root().join("ui").join("locales").join("en"))? {
            for line in std::fs::read_to_string(entry?.path())?.lines() {
                if let Some((key, text)) = line.split_once(" = ") {
                    words.insert(key.to_owned(), text.to_owned());
                }
            }
        }
        Ok(Self(words))
    }

    /// The message with this key.
    pub fn of(&self, key: &str) -> Result<&str> {
        self.0
            .get(key)
            .map(String::as_str)
            .with_context(|| format!("English has no words for {key}"))
    }
}
