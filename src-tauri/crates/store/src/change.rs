use crate::StoreError;
use crate::convert::ms;
use chrono::{DateTime, Utc};
use rules::id::{ChangeId, PersonId};
use rusqlite::{Connection, OptionalExtension, Transaction, params};
use sha2::{Digest, Sha256};
use uuid::Uuid;

/// Who made a change.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Author {
    /// A person signed in.
    Person(PersonId),
    /// The desk by itself: a pull, a delivery, a retry.
    System,
}

impl Author {
    pub(crate) fn uuid(self) -> Option<Uuid> {
        match self {
            Self::Person(id) => Some(id.uuid()),
            Self::System => None,
        }
    }
}

/// What every write leaves behind: who, when, what. Carries no secrets and no customer's data.
#[derive(Clone, Debug)]
pub struct Change {
    /// Its identity, unique in the file.
    pub id: ChangeId,
    /// When.
    pub at: DateTime<Utc>,
    /// The zone it was lived in.
    pub zone: chrono_tz::Tz,
    /// By whom.
    pub author: Author,
    /// A word such as `call.saved`.
    pub kind: &'static str,
    /// What it is about: an id.
    pub subject: String,
    /// Details for the audit.
    pub body: serde_json::Value,
}

const LAST: &str = "SELECT seq, hash FROM change_log ORDER BY seq DESC LIMIT 1";
const APPEND: &str = "INSERT INTO change_log (id, at, zone, author, kind, subject, body, hash)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8)";
const ALL: &str = "SELECT seq, id, at, zone, author, kind, subject, body, hash
    FROM change_log ORDER BY seq";
const LAST_NUMBER: &str = "SELECT seq FROM sqlite_sequence WHERE name = 'change_log'";

/// The hash before the first row.
const ROOT: [u8; 32] = [0; 32];

/// Adds `change` to the chain.
pub(crate) fn append(tx: &Transaction<'_>, change: &Change) -> Result<(), StoreError> {
    let previous: Option<[u8; 32]> = tx
        .prepare_cached(LAST)?
        .query_row([], |row| row.get(1))
        .optional()?;
    let body = serde_json::to_string(&change.body)?;
    let row = Row {
        id: change.id.uuid(),
        at: ms(change.at),
        zone: change.zone.name(),
        author: change.author.uuid(),
        kind: change.kind,
        subject: &change.subject,
        body: &body,
    };
    let hash = row.hash(&previous.unwrap_or(ROOT));
    tx.prepare_cached(APPEND)?.execute(params![
        row.id,
        row.at,
        row.zone,
        row.author,
        row.kind,
        row.subject,
        row.body,
        hash
    ])?;
    Ok(())
}

/// Walks the chain; the number of the first row that does not fit, none when all do.
pub(crate) fn first_break(conn: &Connection) -> Result<Option<i64>, StoreError> {
    let mut statement = conn.prepare(ALL)?;
    let mut rows = statement.query([])?;
    let mut previous = ROOT;
    let mut expected = 1_i64;
    while let Some(row) = rows.next()? {
        let seq: i64 = row.get(0)?;
        let (zone, kind, subject, body): (String, String, String, String) =
            (row.get(3)?, row.get(5)?, row.get(6)?, row.get(7)?);
        let hash = Row {
            id: row.get(1)?,
            at: row.get(2)?,
            zone: &zone,
            author: row.get(4)?,
            kind: &kind,
            subject: &subject,
            body: &body,
        }
        .hash(&previous);
        if seq != expected || row.get::<_, [u8; 32]>(8)? != hash {
            return Ok(Some(expected));
        }
        previous = hash;
        expected += 1;
    }
    let last: Option<i64> = conn
        .query_row(LAST_NUMBER, [], |row| row.get(0))
        .optional()?;
    Ok((last.unwrap_or(0) != expected - 1).then_some(expected))
}

struct Row<'a> {
    id: Uuid,
    at: i64,
    zone: &'a str,
    author: Option<Uuid>,
    kind: &'a str,
    subject: &'a str,
    body: &'a str,
}

impl Row<'_> {
    /// Each field goes in with its length before it, so that no two rows read alike.
    fn hash(&self, previous: &[u8; 32]) -> [u8; 32] {
        let mut digest = Sha256::new();
        digest.update(previous);
        let author = self.author.map(Uuid::into_bytes);
        let author: &[u8] = author.as_ref().map_or(&[], |bytes| bytes.as_slice());
        for field in [
            self.id.as_bytes().as_slice(),
            &self.at.to_be_bytes(),
            self.zone.as_bytes(),
            author,
            self.kind.as_bytes(),
            self.subject.as_bytes(),
            self.body.as_bytes(),
        ] {
            digest.update((field.len() as u64).to_be_bytes());
            digest.update(field);
        }
        digest.finalize().into()
    }
}
