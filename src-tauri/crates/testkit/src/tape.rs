//! A tape played: a shop that answers what a real one was heard to answer (`dzvinok shop capture`).
//!
//! Each question gets the answer that followed the same question on the tape: the same verb, path and
//! query, asked for the same time in turn; where the query is another, the next answer at the same
//! path. A tape changes nothing when written to: it only repeats what was said.

use crate::double::{Asked, Handler, Told};
use serde::Deserialize;
use serde_json::Value;
use std::collections::BTreeMap;
use std::io;
use std::path::Path;

/// One exchange of a tape.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct Exchange {
    /// Verb.
    pub method: String,
    /// Path.
    pub path: String,
    /// Query, without what signed it.
    pub query: Vec<(String, String)>,
    /// What went with the question.
    pub asked: Option<Body>,
    /// HTTP status of the answer.
    pub status: u16,
    /// The headers that matter.
    pub headers: Vec<(String, String)>,
    /// The answer's body.
    pub told: Option<Body>,
}

/// A body as a tape keeps it.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Body {
    /// JSON.
    Json(Value),
    /// A form's pairs; values may be JSON.
    Form(Vec<(String, Value)>),
    /// A web page of so many bytes; it was not kept.
    Page(usize),
    /// Something else of so many bytes; it was not kept.
    Other(usize),
}

impl Exchange {
    /// Reads one file of a tape.
    ///
    /// # Errors
    /// Where the bytes are no exchange.
    pub fn read(bytes: &[u8]) -> serde_json::Result<Self> {
        serde_json::from_slice(bytes)
    }

    fn told(&self) -> Told {
        let body = match &self.told {
            Some(Body::Json(value)) => value.to_string().into_bytes(),
            Some(Body::Page(_)) => Told::page(self.status).body,
            Some(Body::Form(_) | Body::Other(_)) | None => Vec::new(),
        };
        Told {
            status: self.status,
            headers: self.headers.clone(),
            body,
        }
    }

    /// What names a question among those at one path: a document in one address asks by its body.
    fn question(&self) -> String {
        let mut query = self.query.clone();
        query.sort();
        let name = match &self.asked {
            Some(Body::Form(pairs)) => pairs
                .iter()
                .find(|(name, _)| name == "method")
                .map(|(_, value)| value.to_string()),
            Some(Body::Json(value)) => value.get("query").map(Value::to_string),
            _ => None,
        };
        format!("{query:?} {}", name.unwrap_or_default())
    }
}

/// A tape in a player.
#[derive(Clone, Debug, Default)]
pub struct Tape {
    /// By verb and path: the questions and their answers in the order in which they were heard.
    tracks: BTreeMap<(String, String), Vec<(String, Told)>>,
    /// How far each question has been answered.
    played: BTreeMap<(String, String, String), usize>,
}

impl Tape {
    /// Reads all exchanges in a folder.
    ///
    /// # Errors
    /// Where the folder or a file in it cannot be read, or is no tape.
    pub fn load(folder: &Path) -> io::Result<Self> {
        let mut files: Vec<_> = std::fs::read_dir(folder)?
            .map(|entry| Ok(entry?.path()))
            .collect::<io::Result<_>>()?;
        files.retain(|path| path.extension().is_some_and(|end| end == "json"));
        files.sort();
        let mut exchanges = Vec::with_capacity(files.len());
        for file in files {
            let read = Exchange::read(&std::fs::read(&file)?);
            exchanges.push(read.map_err(|error| {
                io::Error::new(
                    io::ErrorKind::InvalidData,
                    format!("{}: {error}", file.display()),
                )
            })?);
        }
        Ok(Self::of(&exchanges))
    }

    /// Of exchanges at hand, in their order.
    pub fn of(exchanges: &[Exchange]) -> Self {
        let mut tape = Self::default();
        for one in exchanges {
            let track = (one.method.clone(), one.path.clone());
            let said = (one.question(), one.told());
            tape.tracks.entry(track).or_default().push(said);
        }
        tape
    }

    /// How many exchanges it holds.
    pub fn len(&self) -> usize {
        self.tracks.values().map(Vec::len).sum()
    }

    /// Whether nothing is on it.
    pub fn is_empty(&self) -> bool {
        self.tracks.is_empty()
    }
}

/// The question as a tape would have kept it.
fn question(asked: &Asked) -> String {
    let json = serde_json::from_slice::<Value>(&asked.body)
        .ok()
        .map(Body::Json);
    let form = || {
        let pairs = asked.form().into_iter();
        Body::Form(
            pairs
                .map(|(name, value)| (name, Value::String(value)))
                .collect(),
        )
    };
    let is_secret = |name: &str| {
        ["oauth_", "consumer_", "apikey", "token"]
            .iter()
            .any(|part| name.to_ascii_lowercase().starts_with(part))
    };
    let query = asked.query.iter().filter(|(name, _)| !is_secret(name));
    Exchange {
        method: asked.method.clone(),
        path: asked.path.clone(),
        query: query.cloned().collect(),
        asked: (!asked.body.is_empty()).then(|| json.unwrap_or_else(form)),
        status: 0,
        headers: Vec::new(),
        told: None,
    }
    .question()
}

impl Handler for Tape {
    fn answer(&mut self, asked: &Asked) -> Told {
        let track = (asked.method.clone(), asked.path.clone());
        let Some(said) = self.tracks.get(&track) else {
            return Told::page(404);
        };
        let question = question(asked);
        let same: Vec<&Told> = said
            .iter()
            .filter(|(one, _)| *one == question)
            .map(|(_, told)| told)
            .collect();
        let any: Vec<&Told> = said.iter().map(|(_, told)| told).collect();
        let found = if same.is_empty() { any } else { same };
        let played = self.played.entry((track.0, track.1, question)).or_default();
        // What was heard last is still so.
        let told = found.get(*played).or(found.last());
        *played += 1;
        told.map_or_else(|| Told::page(404), |told| (*told).clone())
    }
}
