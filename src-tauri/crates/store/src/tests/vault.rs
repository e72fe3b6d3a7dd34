use super::*;
use crate::keyring::{Keyring, MemoryKeyring, NoKeyring};
use crate::vault::{Cost, Place, State, Vault};
use std::fs;
use std::sync::Arc;

const CHEAP: Cost = Cost {
    memory_kib: 64,
    passes: 1,
    lanes: 1,
};

pub(super) fn place(dir: &Path, keyring: Arc<dyn Keyring>) -> Place {
    Place {
        cost: CHEAP,
        ..Place::new(dir, keyring)
    }
}

fn envelope(dir: &TempDir) -> PathBuf {
    dir.path().join("keys.json")
}

/// A keyring that is there but refuses everything, as a locked one does.
struct Refusing;

impl Keyring for Refusing {
    fn get(&self, _: &str) -> Result<Option<Key>, StoreError> {
        Err(StoreError::Keyring("locked".to_owned()))
    }
    fn set(&self, _: &str, _: &Key) -> Result<(), StoreError> {
        Err(StoreError::Keyring("locked".to_owned()))
    }
    fn delete(&self, _: &str) -> Result<(), StoreError> {
        Err(StoreError::Keyring("locked".to_owned()))
    }
    fn backend(&self) -> &'static str {
        "refusing"
    }
}

#[test]
fn one_key_opens_three_ways() {
    let dir = tempfile::tempdir().unwrap();
    assert_eq!(Vault::state(dir.path()).unwrap(), State::Fresh);
    let place = place(dir.path(), Arc::new(MemoryKeyring::default()));
    let (made, code) = Vault::create(&place, "Admin", "correct horse").unwrap();
    let state = Vault::state(dir.path()).unwrap();
    assert_eq!(
        state,
        State::Locked {
            keyring: Some("memory".to_owned())
        }
    );
    let by_keyring = Vault::open_with_keyring(&place).unwrap();
    let by_password =
        Vault::open_with_password(&place, " aDMIN ", "correct horse", start()).unwrap();
    let by_code = Vault::open_with_recovery(&place, &code.reveal().to_lowercase()).unwrap();
    for vault in [&by_keyring, &by_password, &by_code] {
        assert_eq!(
            vault.centre_key(),
            made.centre_key(),
            "one key, whichever way"
        );
    }
    let again = Vault::create(&place, "other", "password");
    assert!(
        matches!(again, Err(StoreError::Taken(_))),
        "a vault is never made twice: {again:?}"
    );
}

#[test]
fn the_usual_cost_is_what_is_promised() {
    assert_eq!(
        Cost::default(),
        Cost {
            memory_kib: 65_536,
            passes: 3,
            lanes: 4
        }
    );
    let dir = tempfile::tempdir().unwrap();
    let place = Place::new(dir.path(), Arc::new(NoKeyring));
    Vault::create(&place, "a", "password").unwrap();
    let text = fs::read_to_string(envelope(&dir)).unwrap();
    assert!(
        text.contains("\"memory_kib\": 65536"),
        "the cost is kept beside the seal"
    );
    Vault::open_with_password(&place, "a", "password", start()).unwrap();
}

#[test]
fn the_envelope_gives_nothing_away() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    let (vault, code) = Vault::create(&place, "olena", "correct horse").unwrap();
    let bytes = bytes_under(dir.path());
    let hex = data_encoding::HEXLOWER.encode(vault.centre_key().bytes());
    for secret in [
        "olena",
        "correct horse",
        &hex,
        &code.reveal(),
        &code.reveal().replace('-', ""),
    ] {
        assert!(!contains(&bytes, secret), "{secret:?} is in the envelope");
    }
    #[cfg(unix)]
    {
        use std::os::unix::fs::PermissionsExt;
        let mode = fs::metadata(envelope(&dir)).unwrap().permissions().mode();
        assert_eq!(mode & 0o777, 0o600, "the envelope is the owner's alone");
    }
}

#[test]
fn a_keyring_that_is_gone_or_has_changed_loses_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let old: Arc<dyn Keyring> = Arc::new(MemoryKeyring::default());
    let (made, code) =
        Vault::create(&place(dir.path(), Arc::clone(&old)), "a", "password").unwrap();

    let absent = place(dir.path(), Arc::new(NoKeyring));
    assert!(matches!(
        Vault::open_with_keyring(&absent),
        Err(StoreError::Keyring(_))
    ));
    let refusing = place(dir.path(), Arc::new(Refusing));
    assert!(matches!(
        Vault::open_with_keyring(&refusing),
        Err(StoreError::Keyring(_))
    ));
    for place in [&absent, &refusing] {
        let vault = Vault::open_with_password(place, "a", "password", start()).unwrap();
        assert_eq!(vault.centre_key(), made.centre_key());
        assert!(!vault.in_keyring());
        let vault = Vault::open_with_recovery(place, &code.reveal()).unwrap();
        assert_eq!(vault.centre_key(), made.centre_key());
    }
    let first = place(dir.path(), Arc::clone(&old));
    Vault::open_with_keyring(&first).expect("the old seal was not thrown away for a refusal");

    let changed = place(dir.path(), Arc::new(MemoryKeyring::default()));
    assert!(matches!(
        Vault::open_with_keyring(&changed),
        Err(StoreError::KeyringChanged)
    ));
    let vault = Vault::open_with_password(&changed, "a", "password", start()).unwrap();
    assert!(vault.in_keyring(), "sealed into the keyring there is");
    let vault = Vault::open_with_keyring(&changed).unwrap();
    assert_eq!(vault.centre_key(), made.centre_key());
}

#[test]
fn a_recovery_code_can_be_renewed() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    let (vault, old) = Vault::create(&place, "a", "password").unwrap();
    let new = vault.renew_recovery_code().unwrap();
    let with_old = Vault::open_with_recovery(&place, &old.reveal());
    assert!(
        matches!(with_old, Err(StoreError::WrongRecoveryCode)),
        "{with_old:?}"
    );
    let vault = Vault::open_with_recovery(&place, &new.reveal()).unwrap();
    vault.set_password("a", "another one").unwrap();
    Vault::open_with_password(&place, "a", "another one", start()).unwrap();
    let forgotten = Vault::open_with_password(&place, "a", "password", start());
    assert!(
        matches!(forgotten, Err(StoreError::WrongPassword { .. })),
        "{forgotten:?}"
    );
}

#[test]
fn wrong_passwords_lock_out_and_a_restart_does_not_help() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    let (vault, _) = Vault::create(&place, "a", "password").unwrap();
    vault.set_password("b", "password b").unwrap();
    drop(vault);
    let tried =
        |login: &str, password: &str, at| Vault::open_with_password(&place, login, password, at);
    for left in [4, 3, 2, 1] {
        match tried("a", "wrong", start()) {
            Err(StoreError::WrongPassword { left: told }) => assert_eq!(told, left),
            other => panic!("{other:?}"),
        }
    }
    // Each call reads the file anew, as a restarted desk does.
    let mut now = start();
    for minutes in [1, 2, 4, 8, 15, 15] {
        let until = now + TimeDelta::minutes(minutes);
        match tried("a", "wrong", now) {
            Err(StoreError::LockedOut { until: told }) => {
                assert_eq!(told, until, "{minutes} minutes");
            }
            other => panic!("{other:?}"),
        }
        let early = tried("a", "password", until - TimeDelta::seconds(1));
        assert!(
            matches!(early, Err(StoreError::LockedOut { .. })),
            "the right one waits too: {early:?}"
        );
        now = until;
    }
    tried("b", "password b", start()).expect("another person is not locked out");
    let vault = tried("a", "password", now).expect("the lock-out has an end");
    match vault.check_password("a", "wrong", now) {
        Err(StoreError::WrongPassword { left: 4 }) => {}
        other => panic!("a success begins the count anew: {other:?}"),
    }
    for _ in 0..4 {
        vault.check_password("a", "wrong", now).unwrap_err();
    }
    vault.check_password("a", "password", now).unwrap_err();
    vault.lift_lock_out("a").unwrap();
    vault
        .check_password("a", "password", now)
        .expect("lifted by an admin");
}

#[test]
fn an_unknown_login_is_no_different() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    Vault::create(&place, "a", "password").unwrap();
    let told = Vault::open_with_password(&place, "nobody", "password", start());
    assert!(
        matches!(told, Err(StoreError::WrongPassword { left: 4 })),
        "{told:?}"
    );
}

#[test]
fn people_come_go_and_are_renamed() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    let (vault, _) = Vault::create(&place, "a", "password a").unwrap();
    assert!(
        matches!(vault.remove_person("a"), Err(StoreError::Conflict(_))),
        "the last one stays"
    );
    vault.set_password("b", "password b").unwrap();
    assert!(matches!(
        vault.set_password("c", ""),
        Err(StoreError::Invalid(_))
    ));
    assert!(matches!(
        vault.rename_login("b", "A"),
        Err(StoreError::Taken(_))
    ));
    assert!(matches!(
        vault.rename_login("x", "y"),
        Err(StoreError::NotFound(_))
    ));
    vault.rename_login("b", "Бета").unwrap();
    vault
        .check_password("бета", "password b", start())
        .expect("same password, new login");
    assert!(
        vault.check_password("b", "password b", start()).is_err(),
        "the old login is gone"
    );
    vault.remove_person("бета").unwrap();
    assert!(vault.check_password("бета", "password b", start()).is_err());
    assert!(matches!(
        vault.remove_person("бета"),
        Err(StoreError::NotFound(_))
    ));
}

#[test]
fn a_slot_moved_to_another_login_opens_nothing() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    let (vault, _) = Vault::create(&place, "admin", "password a").unwrap();
    vault.set_password("operator", "password o").unwrap();
    let text = fs::read_to_string(envelope(&dir)).unwrap();
    let mut json: serde_json::Value = serde_json::from_str(&text).unwrap();
    let people = json["people"].as_object_mut().unwrap();
    let names: Vec<String> = people.keys().cloned().collect();
    let (first, second) = (people[&names[0]].clone(), people[&names[1]].clone());
    people.insert(names[0].clone(), second);
    people.insert(names[1].clone(), first);
    fs::write(envelope(&dir), json.to_string()).unwrap();
    let tried = Vault::open_with_password(&place, "admin", "password o", start());
    assert!(
        matches!(tried, Err(StoreError::WrongPassword { .. })),
        "{tried:?}"
    );
}

#[test]
fn an_unreadable_envelope_is_never_overwritten() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    let (vault, code) = Vault::create(&place, "a", "password").unwrap();
    for broken in [
        "",
        "{",
        "{\"version\":1}",
        "not JSON",
        "{\"version\":1,\"salt\":\"zz\",\"people\":{}}",
    ] {
        fs::write(envelope(&dir), broken).unwrap();
        assert_eq!(
            Vault::state(dir.path()).unwrap(),
            State::Unreadable,
            "{broken:?}"
        );
        let refused: Vec<StoreError> = vec![
            Vault::create(&place, "a", "password").unwrap_err(),
            Vault::open_with_keyring(&place).unwrap_err(),
            Vault::open_with_password(&place, "a", "password", start()).unwrap_err(),
            Vault::open_with_recovery(&place, &code.reveal()).unwrap_err(),
            vault.set_password("b", "password").unwrap_err(),
            vault.renew_recovery_code().unwrap_err(),
        ];
        for error in refused {
            let known = matches!(error, StoreError::Unreadable(_) | StoreError::Taken(_));
            assert!(known, "{broken:?}: {error:?}");
        }
        assert_eq!(
            fs::read_to_string(envelope(&dir)).unwrap(),
            broken,
            "left as it was found"
        );
    }
    let newer = "{\"version\":2,\"whatever\":true}";
    fs::write(envelope(&dir), newer).unwrap();
    assert!(matches!(
        Vault::state(dir.path()),
        Err(StoreError::TooNew { found: 2, known: 1 })
    ));
    vault.set_password("b", "password").unwrap_err();
    assert_eq!(fs::read_to_string(envelope(&dir)).unwrap(), newer);
}

#[tokio::test]
async fn a_centre_without_its_envelope_is_not_taken_for_a_fresh_one() {
    let (dir, centre) = centre();
    centre.db.close().await.unwrap();
    let before = fs::read(dir.path().join("centre.db")).unwrap();
    assert_eq!(Vault::state(dir.path()).unwrap(), State::Unreadable);
    let made = Vault::create(&place(dir.path(), Arc::new(NoKeyring)), "a", "password");
    assert!(matches!(made, Err(StoreError::Taken(_))), "{made:?}");
    assert_eq!(fs::read(dir.path().join("centre.db")).unwrap(), before);
}

#[test]
fn a_write_cut_off_does_not_matter() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    let (vault, _) = Vault::create(&place, "a", "password").unwrap();
    fs::write(dir.path().join("keys.json.new"), b"{\"ver").unwrap();
    Vault::open_with_password(&place, "a", "password", start()).unwrap();
    vault
        .set_password("b", "password b")
        .expect("the leftover is swept away");
    vault.check_password("b", "password b", start()).unwrap();
}

#[test]
fn guesses_made_side_by_side_are_all_counted() {
    let dir = tempfile::tempdir().unwrap();
    let place = place(dir.path(), Arc::new(NoKeyring));
    Vault::create(&place, "a", "password").unwrap();
    let wrong = std::thread::scope(|scope| {
        let guesses: Vec<_> = (0..12)
            .map(|_| scope.spawn(|| Vault::open_with_password(&place, "a", "wrong", start())))
            .collect();
        let outcomes = guesses.into_iter().map(|guess| guess.join().unwrap());
        outcomes
            .filter(|told| matches!(told, Err(StoreError::WrongPassword { .. })))
            .count()
    });
    assert_eq!(wrong, 4, "the fifth and all after it are locked out");
}
