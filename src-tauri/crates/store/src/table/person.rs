//! Accounts. Passwords are not here: a person's slot in the key envelope is the password check.

use super::{met, taken};
use crate::StoreError;
use crate::convert::{at, ms};
use chrono::{DateTime, Utc};
use rules::id::PersonId;
use rules::role::Role;
use rusqlite::{Connection, OptionalExtension, Row, Transaction, params};

/// A person with an account.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Person {
    /// Identity.
    pub id: PersonId,
    /// What they type to sign in; unique whatever its case.
    pub login: String,
    /// What others read.
    pub name: String,
    /// What they may do.
    pub role: Role,
    /// Language of their interface.
    pub language: String,
    /// Look of their interface.
    pub theme: String,
    /// Whether they may sign in.
    pub active: bool,
    /// When the account was made.
    pub created_at: DateTime<Utc>,
}

/// A login as it is compared: trimmed and lower-cased in every alphabet.
pub fn login_key(login: &str) -> String {
    login.trim().to_lowercase()
}

const INSERT: &str =
    "INSERT INTO person (id, login, login_key, name, role, language, theme, active, created_at)
    VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)";
const UPDATE: &str = "UPDATE person SET login = ?2, login_key = ?3, name = ?4, role = ?5,
    language = ?6, theme = ?7, active = ?8 WHERE id = ?1";
const ONE: &str = "SELECT id, login, name, role, language, theme, active, created_at
    FROM person WHERE id = ?1";
const BY_LOGIN: &str = "SELECT id, login, name, role, language, theme, active, created_at
    FROM person WHERE login_key = ?1";
const ALL: &str = "SELECT id, login, name, role, language, theme, active, created_at
    FROM person ORDER BY name, id";

/// Adds an account.
///
/// # Errors
/// [`StoreError::Taken`] when the login is.
pub fn insert(tx: &Transaction<'_>, person: &Person) -> Result<(), StoreError> {
    tx.prepare_cached(INSERT)?
        .execute(params![
            person.id.uuid(),
            person.login.trim(),
            login_key(&person.login),
            person.name,
            role_word(person.role),
            person.language,
            person.theme,
            person.active,
            ms(person.created_at),
        ])
        .map_err(|error| taken(error, "login"))?;
    Ok(())
}

/// Replaces everything but the identity and the time of creation.
///
/// # Errors
/// [`StoreError::Taken`] when the new login is, [`StoreError::NotFound`].
pub fn update(tx: &Transaction<'_>, person: &Person) -> Result<(), StoreError> {
    let rows = tx
        .prepare_cached(UPDATE)?
        .execute(params![
            person.id.uuid(),
            person.login.trim(),
            login_key(&person.login),
            person.name,
            role_word(person.role),
            person.language,
            person.theme,
            person.active,
        ])
        .map_err(|error| taken(error, "login"))?;
    met(rows, "person")
}

/// One account.
pub fn get(conn: &Connection, id: PersonId) -> Result<Option<Person>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?)
}

/// The account with this login, in any case.
pub fn by_login(conn: &Connection, login: &str) -> Result<Option<Person>, StoreError> {
    Ok(conn
        .prepare_cached(BY_LOGIN)?
        .query_row([login_key(login)], read)
        .optional()?)
}

/// All accounts by name, the inactive too.
pub fn list(conn: &Connection) -> Result<Vec<Person>, StoreError> {
    let mut statement = conn.prepare_cached(ALL)?;
    Ok(statement.query_map([], read)?.collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<Person> {
    Ok(Person {
        id: PersonId::from_uuid(row.get(0)?),
        login: row.get(1)?,
        name: row.get(2)?,
        role: match row.get_ref(3)?.as_str()? {
            "admin" => Role::Admin,
            "supervisor" => Role::Supervisor,
            // The column's CHECK leaves one word; the least role is the safe reading of it.
            _ => Role::Operator,
        },
        language: row.get(4)?,
        theme: row.get(5)?,
        active: row.get(6)?,
        created_at: at(row, 7)?,
    })
}

const fn role_word(role: Role) -> &'static str {
    match role {
        Role::Operator => "operator",
        Role::Supervisor => "supervisor",
        Role::Admin => "admin",
    }
}
