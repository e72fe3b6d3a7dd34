//! Accounts, the recovery code, backups.

use crate::clock;
use crate::desk::{Desk, State};
use crate::error::{ApiError, ErrorCode};
use crate::start::{apart, filled, long_enough, theme, theme_word};
use crate::text::Fault;
use crate::view::{Changed, Language, NewPerson, PersonView, RecoveryCodeView, Theme};
use rules::id::PersonId;
use rules::role::{Permission, Role};
use serde::Serialize;
use serde_json::json;
use std::fs;
use std::path::PathBuf;
use std::sync::Arc;
use store::table::person::{self, Person};
use store::vault::Vault;
use store::{Author, Database, StoreError};

/// How one file stands.
#[derive(Clone, Debug, Serialize)]
pub struct FileCheck {
    /// Its name within the data folder.
    pub file: String,
    /// Nothing is wrong with it.
    pub sound: bool,
    /// What is wrong, for whoever mends it.
    pub faults: Vec<String>,
}

impl Desk {
    /// All accounts.
    pub async fn people(&self) -> Result<Vec<PersonView>, ApiError> {
        let result = async {
            let state = self.state().await;
            state.session(Permission::ManagePeople)?;
            let people = state.centre()?.db.read(person::list).await?;
            Ok(people.iter().map(person_view).collect())
        };
        let result = result.await;
        self.told(result).await
    }

    /// Makes an account.
    pub async fn add_person(&self, new: NewPerson) -> Result<PersonView, ApiError> {
        let result = async {
            filled("name", &new.name)?;
            filled("login", &new.login)?;
            long_enough(&new.password)?;
            let state = self.state().await;
            let author = state.session(Permission::ManagePeople)?.person;
            let person = Person {
                id: PersonId::from_uuid(clock::mint()),
                login: new.login.trim().to_owned(),
                name: new.name.trim().to_owned(),
                role: new.role,
                language: new.language.code().to_owned(),
                theme: theme_word(Theme::System).to_owned(),
                active: true,
                created_at: self.now(),
            };
            let view = person_view(&person);
            let login = person.login.clone();
            let change = self.change(
                Author::Person(author),
                "person.added",
                &person.id,
                json!({ "role": person.role }),
            );
            state
                .centre()?
                .db
                .write(change, move |tx| person::insert(tx, &person))
                .await?;
            // The row first: a login that is taken must not change its owner's password.
            let vault = state.vault()?;
            apart(move || vault.set_password(&login, &new.password)).await?;
            Ok(view)
        };
        let result = result.await;
        self.told(result).await
    }

    /// Changes what a person may do, or closes the account.
    pub async fn set_person(
        &self,
        id: PersonId,
        role: Role,
        active: bool,
    ) -> Result<PersonView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            let author = state.session(Permission::ManagePeople)?.person;
            if id == author && !active {
                // Who closes their own account must be able to go.
                self.free(&state).await?;
            }
            let centre = state.centre()?;
            let people = centre.db.read(person::list).await?;
            let leads = |person: &&Person| person.active && person.role == Role::Admin;
            let other_admins = people
                .iter()
                .filter(leads)
                .filter(|person| person.id != id)
                .count();
            if other_admins == 0 && !(active && role == Role::Admin) {
                return Err(ErrorCode::LastAdmin.into());
            }
            let known = people
                .into_iter()
                .find(|person| person.id == id)
                .ok_or(ErrorCode::NotFound)?;
            let was_active = known.active;
            let person = Person {
                role,
                active,
                ..known
            };
            let view = person_view(&person);
            let login = person.login.clone();
            let change = self.change(
                Author::Person(author),
                "person.changed",
                &id,
                json!({ "role": role, "active": active }),
            );
            centre
                .db
                .write(change, move |tx| person::update(tx, &person))
                .await?;
            if id == author {
                state.session = state.session.take().filter(|_| active);
                if let Some(session) = &mut state.session {
                    session.role = role;
                }
                self.tell(Changed::Session);
            }
            if was_active && !active {
                let vault = state.vault()?;
                // A closed account has no way in; it needs a new password to be opened again.
                apart(move || vault.remove_person(&login)).await?;
            }
            Ok(view)
        };
        let result = result.await;
        self.told(result).await
    }

    /// Gives a person a new password.
    pub async fn reset_password(&self, id: PersonId, password: String) -> Result<(), ApiError> {
        let result = async {
            long_enough(&password)?;
            let state = self.state().await;
            let author = state.session(Permission::ManagePeople)?.person;
            let centre = state.centre()?;
            let person = centre
                .db
                .read(move |conn| person::get(conn, id))
                .await?
                .ok_or(ErrorCode::NotFound)?;
            let vault = state.vault()?;
            apart(move || vault.set_password(&person.login, &password)).await?;
            let change = self.change(Author::Person(author), "person.password", &id, json!({}));
            Ok(centre.db.write(change, |_| Ok(())).await?)
        };
        let result = result.await;
        self.told(result).await
    }

    /// Makes a new recovery code; the old one is void.
    pub async fn renew_recovery_code(&self) -> Result<RecoveryCodeView, ApiError> {
        let result = async {
            let state = self.state().await;
            let author = state.session(Permission::ManageStore)?.person;
            let vault = state.vault()?;
            let code = apart(move || vault.renew_recovery_code()).await?;
            let change = self.change(
                Author::Person(author),
                "recovery_code.renewed",
                &author,
                json!({}),
            );
            state.centre()?.db.write(change, |_| Ok(())).await?;
            Ok(RecoveryCodeView {
                code: code.reveal(),
            })
        };
        let result = result.await;
        self.told(result).await
    }

    /// Writes a backup of everything into a new folder inside `folder`; its path. The files stay
    /// encrypted: password or recovery code open them.
    pub async fn back_up(&self, folder: PathBuf) -> Result<String, ApiError> {
        let result = async {
            let state = self.state().await;
            state.session(Permission::ManageStore)?;
            self.copy_all(&state, folder).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// The same for the command line, where the key alone is enough.
    pub async fn back_up_unattended(&self, folder: PathBuf) -> Result<String, ApiError> {
        let result = async { self.copy_all(&*self.state().await, folder).await }.await;
        self.told(result).await
    }

    /// Checks every file: structure, encryption, references, the chain of changes.
    pub async fn verify(&self) -> Result<Vec<FileCheck>, ApiError> {
        let result = async {
            let state = self.state().await;
            let mut checks = vec![check("centre.db".to_owned(), &state.centre()?.db).await?];
            for shop in state.shops.values() {
                checks.push(check(format!("shops/{}.db", shop.id), &shop.store.db).await?);
            }
            checks.extend(state.unreadable.iter().map(|shop| FileCheck {
                file: format!("shops/{shop}.db"),
                sound: false,
                faults: vec!["the file cannot be opened".to_owned()],
            }));
            Ok(checks)
        };
        let result = result.await;
        self.told(result).await
    }

    async fn copy_all(&self, state: &State, folder: PathBuf) -> Result<String, Fault> {
        let centre = state.centre()?;
        let target = folder.join(format!("dzvinok-{}", self.now().format("%Y%m%dT%H%M%SZ")));
        fs::create_dir_all(target.join("shops")).map_err(StoreError::from)?;
        centre.db.backup(&target.join("centre.db")).await?;
        for shop in state.shops.values() {
            shop.store
                .db
                .backup(&target.join("shops").join(format!("{}.db", shop.id)))
                .await?;
        }
        // What cannot be read now may be mended later: it goes along as it is.
        for shop in &state.unreadable {
            let name = format!("{shop}.db");
            let file = self.inner.options.data_dir.join("shops").join(&name);
            if file.try_exists().map_err(StoreError::from)? {
                fs::copy(file, target.join("shops").join(name)).map_err(StoreError::from)?;
            }
        }
        // The envelope last: a folder with it is whole.
        let envelope = self.inner.options.data_dir.join("keys.json");
        fs::copy(envelope, target.join("keys.json")).map_err(StoreError::from)?;
        Ok(target.display().to_string())
    }
}

impl State {
    pub(crate) fn vault(&self) -> Result<Arc<Vault>, Fault> {
        self.vault
            .clone()
            .ok_or_else(|| ErrorCode::SignInNeeded.into())
    }
}

async fn check(file: String, db: &Database) -> Result<FileCheck, Fault> {
    let verification = db.verify().await?;
    let faults = if verification.sound() {
        Vec::new()
    } else {
        vec![format!("{verification:?}")]
    };
    Ok(FileCheck {
        file,
        sound: verification.sound(),
        faults,
    })
}

fn person_view(person: &Person) -> PersonView {
    PersonView {
        id: person.id,
        login: person.login.clone(),
        name: person.name.clone(),
        role: person.role,
        language: Language::from_code(&person.language).unwrap_or_default(),
        theme: theme(&person.theme),
        active: person.active,
    }
}
