//! Against a real Secret Service: `gnome-keyring-daemon` on a private bus.

#![cfg(target_os = "linux")]

use super::vault::place;
use super::*;
use crate::keyring::{Keyring, OsKeyring};
use crate::vault::{State, Vault};
use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::fs::PermissionsExt;
use std::process::{Child, Command, Stdio};
use std::sync::Arc;

/// Which part of the test this process plays; none is the one that starts the others.
const PART: &str = "DZVINOK_TEST_KEYRING_PART";
const DATA: &str = "DZVINOK_TEST_KEYRING_DATA";
const NAME: &str = "tests::keyring::a_real_keyring_is_a_convenience_and_never_a_loss";
const BUS: &str = "DBUS_SESSION_BUS_ADDRESS";

/// A private bus that starts a keyring of its own when first asked for one.
struct Session {
    bus: Child,
    address: String,
    home: PathBuf,
}

impl Session {
    /// With the keyring kept in `home`, unlocked with its password.
    fn new(home: &Path) -> Self {
        fs::create_dir_all(home.join("services")).unwrap();
        fs::set_permissions(home, fs::Permissions::from_mode(0o700)).unwrap();
        fs::write(home.join("password"), "login password").unwrap();
        let at = home.display();
        // The bus holds the first message back until the service is there: nothing to poll for.
        let script = format!(
            "#!/bin/sh\necho $$ > '{at}/pid'\nexec gnome-keyring-daemon --foreground --unlock \
             --components=secrets --control-directory='{at}' < '{at}/password'\n"
        );
        fs::write(home.join("start"), script).unwrap();
        fs::write(
            home.join("services/org.freedesktop.secrets.service"),
            format!("[D-BUS Service]\nName=org.freedesktop.secrets\nExec=/bin/sh {at}/start\n"),
        )
        .unwrap();
        fs::write(
            home.join("bus.conf"),
            format!(
                "<busconfig><type>session</type><listen>unix:dir={at}</listen>\
                 <servicedir>{at}/services</servicedir><policy context=\"default\">\
                 <allow send_destination=\"*\" eavesdrop=\"true\"/><allow eavesdrop=\"true\"/>\
                 <allow own=\"*\"/></policy></busconfig>"
            ),
        )
        .unwrap();
        let mut bus = Command::new("dbus-daemon")
            .arg(format!("--config-file={at}/bus.conf"))
            .args(["--nofork", "--print-address"])
            .env("HOME", home)
            .env("XDG_DATA_HOME", home)
            .env("XDG_RUNTIME_DIR", home)
            .env("XDG_CONFIG_HOME", home)
            .stdout(Stdio::piped())
            .spawn()
            .expect("dbus-daemon is installed (package dbus)");
        let mut address = String::new();
        let mut told = BufReader::new(bus.stdout.take().unwrap());
        told.read_line(&mut address).unwrap();
        Self {
            bus,
            address: address.trim().to_owned(),
            home: home.to_owned(),
        }
    }
}

impl Drop for Session {
    fn drop(&mut self) {
        if let Ok(pid) = fs::read_to_string(self.home.join("pid")) {
            drop(Command::new("kill").arg(pid.trim()).status());
        }
        drop(self.bus.kill());
        drop(self.bus.wait());
    }
}

/// Plays one part in a process of its own: the bus's address is part of the environment.
fn play(part: &str, data: &Path, address: &str) {
    let output = Command::new(std::env::current_exe().unwrap())
        .args(["--exact", NAME, "--nocapture"])
        .env(PART, part)
        .env(DATA, data)
        .env(BUS, address)
        .output()
        .unwrap();
    let said = String::from_utf8_lossy(&output.stderr);
    let listed = String::from_utf8_lossy(&output.stdout);
    assert!(
        output.status.success(),
        "part {part} failed:\n{said}\n{listed}"
    );
    assert!(
        listed.contains("1 passed"),
        "part {part} was not played:\n{listed}"
    );
}

#[test]
fn a_real_keyring_is_a_convenience_and_never_a_loss() {
    if let Ok(part) = std::env::var(PART) {
        act(&part, Path::new(&std::env::var(DATA).unwrap()));
        return;
    }
    let dir = tempfile::tempdir().unwrap();
    let data = dir.path().join("data");
    let first = Session::new(&dir.path().join("first"));
    play("keep", &data, &first.address);
    play("sealed", &data, &first.address);
    let home = first.home.clone();
    drop(first);
    let first = Session::new(&home);
    play("sealed", &data, &first.address);

    play("absent", &data, "unix:path=/nonexistent/bus");
    play("sealed", &data, &first.address);

    let second = Session::new(&dir.path().join("second"));
    play("changed", &data, &second.address);
    play("sealed", &data, &second.address);
    let kept = bytes_under(&home.join("keyrings"));
    assert!(
        !kept.is_empty(),
        "the first keyring kept something in its own file"
    );
}

fn act(part: &str, data: &Path) {
    let place = place(data, Arc::new(OsKeyring::default()));
    match part {
        "keep" => {
            let keyring = OsKeyring::default();
            let (one, other) = (Key::random().unwrap(), Key::random().unwrap());
            assert_eq!(
                keyring.get("entry").unwrap(),
                None,
                "an empty keyring has no key"
            );
            keyring
                .delete("entry")
                .expect("forgetting nothing is no error");
            keyring.set("entry", &one).unwrap();
            assert_eq!(keyring.get("entry").unwrap(), Some(one));
            keyring.set("entry", &other).unwrap();
            assert_eq!(
                keyring.get("entry").unwrap(),
                Some(other),
                "the last one holds"
            );
            keyring.delete("entry").unwrap();
            assert_eq!(keyring.get("entry").unwrap(), None);

            let (vault, code) = Vault::create(&place, "a", "password").unwrap();
            assert!(vault.in_keyring());
            let expected = State::Locked {
                keyring: Some("secret-service".to_owned()),
            };
            assert_eq!(Vault::state(data).unwrap(), expected);
            Centre::create(data, vault.centre_key()).unwrap();
            fs::write(data.join("code"), code.reveal()).unwrap();
        }
        "sealed" => {
            let vault = Vault::open_with_keyring(&place).expect("the keyring opens it");
            Centre::open(data, vault.centre_key()).expect("with the right key");
        }
        "absent" => {
            let opened = Vault::open_with_keyring(&place);
            assert!(matches!(opened, Err(StoreError::Keyring(_))), "{opened:?}");
            let vault = Vault::open_with_password(&place, "a", "password", start()).unwrap();
            Centre::open(data, vault.centre_key()).expect("a password opens it");
            let code = fs::read_to_string(data.join("code")).unwrap();
            let vault = Vault::open_with_recovery(&place, &code).unwrap();
            Centre::open(data, vault.centre_key()).expect("the code opens it");
        }
        "changed" => {
            let opened = Vault::open_with_keyring(&place);
            assert!(
                matches!(opened, Err(StoreError::KeyringChanged)),
                "{opened:?}"
            );
            let vault = Vault::open_with_password(&place, "a", "password", start()).unwrap();
            assert!(vault.in_keyring(), "sealed into the keyring there is now");
        }
        other => panic!("no part {other}"),
    }
}
