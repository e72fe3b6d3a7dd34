use super::*;
use crate::table::{audit, person as people, setting};
use crate::{Connection, Verification, backups_dir};
use rules::role::Role;
use std::fs;
use std::sync::Arc;
use std::sync::mpsc;

fn names(conn: &Connection) -> Result<Vec<String>, StoreError> {
    let mut statement = conn.prepare("SELECT key FROM setting ORDER BY key")?;
    Ok(statement
        .query_map([], |row| row.get(0))?
        .collect::<Result<_, _>>()?)
}

async fn set(centre: &Centre, name: &str) -> Result<(), StoreError> {
    let name = name.to_owned();
    centre
        .db
        .write(change("setting"), move |tx| setting::set(tx, &name, "1"))
        .await
}

#[tokio::test]
async fn nothing_readable_reaches_the_disk() {
    let shop = Shop::with_orders(3).await;
    let open = bytes_under(shop.dir.path());
    shop.store.db.close().await.unwrap();
    let closed = bytes_under(shop.dir.path());
    for (bytes, when) in [(&open, "open"), (&closed, "closed")] {
        assert!(bytes.len() > 4096, "there is a file while {when}");
        for canary in [
            "Шевченко",
            "123-45-67",
            "olena@example.com",
            "SQLite format 3",
            "customer_order",
        ] {
            assert!(
                !contains(bytes, canary),
                "{canary:?} is readable in the file while {when}"
            );
        }
    }
}

#[cfg(unix)]
#[tokio::test]
async fn only_the_owner_can_read_the_files() {
    use std::os::unix::fs::PermissionsExt;
    let (dir, centre) = centre();
    set(&centre, "a").await.unwrap();
    for name in ["centre.db", "centre.db-wal"] {
        let mode = fs::metadata(dir.path().join(name))
            .unwrap()
            .permissions()
            .mode();
        assert_eq!(mode & 0o777, 0o600, "{name} is the owner's alone");
    }
}

#[tokio::test]
async fn a_wrong_key_is_refused_and_changes_nothing() {
    let shop = Shop::with_orders(1).await;
    shop.store.db.close().await.unwrap();
    let before = fs::read(shop.path()).unwrap();
    let opened = ShopStore::open(shop.dir.path(), shop.id, &Key::from_bytes([8; 32]));
    assert!(matches!(opened, Err(StoreError::WrongKey)), "{opened:?}");
    assert_eq!(
        fs::read(shop.path()).unwrap(),
        before,
        "the file is as it was"
    );
    shop.reopen().expect("the right key still opens it");
}

#[tokio::test]
async fn a_newer_file_is_refused_and_left_untouched() {
    let shop = Shop::with_orders(1).await;
    let newer = |tx: &crate::Transaction<'_>| Ok(tx.pragma_update(None, "user_version", 99)?);
    shop.store.db.write_unrecorded(newer).await.unwrap();
    shop.store.db.close().await.unwrap();
    let before = fs::read(shop.path()).unwrap();
    match shop.reopen() {
        Err(StoreError::TooNew { found: 99, known }) => assert!(known < 99),
        other => panic!("a newer file must be refused: {other:?}"),
    }
    assert_eq!(
        fs::read(shop.path()).unwrap(),
        before,
        "not a byte has changed"
    );
    assert!(!backups_dir(shop.dir.path()).exists(), "nothing was begun");
}

#[tokio::test]
async fn a_file_of_another_kind_or_cut_to_nothing_is_refused() {
    let (dir, centre) = centre();
    centre.db.close().await.unwrap();
    let id = ShopId::from_uuid(uuid());
    fs::create_dir(dir.path().join("shops")).unwrap();
    let as_shop = dir.path().join("shops").join(format!("{id}.db"));
    fs::copy(dir.path().join("centre.db"), &as_shop).unwrap();
    let opened = ShopStore::open(dir.path(), id, &key());
    assert!(
        matches!(opened, Err(StoreError::Unreadable(_))),
        "{opened:?}"
    );

    fs::write(&as_shop, b"").unwrap();
    let opened = ShopStore::open(dir.path(), id, &key());
    assert!(
        matches!(opened, Err(StoreError::Damaged)),
        "an empty file is no new store: {opened:?}"
    );
    assert_eq!(fs::read(&as_shop).unwrap(), b"", "and stays as it was");

    let made = ShopStore::create(dir.path(), id, &key());
    assert!(
        matches!(made, Err(StoreError::Taken(_))),
        "nor is it made anew: {made:?}"
    );
    fs::remove_file(&as_shop).unwrap();
    let opened = ShopStore::open(dir.path(), id, &key());
    assert!(matches!(opened, Err(StoreError::NotFound(_))), "{opened:?}");
}

#[tokio::test]
async fn a_creation_cut_off_leaves_nothing_in_the_way() {
    let dir = tempfile::tempdir().unwrap();
    fs::write(dir.path().join("centre.partial"), b"half a file").unwrap();
    assert!(!Centre::exists(dir.path()).unwrap());
    Centre::create(dir.path(), &key()).unwrap();
    assert!(Centre::exists(dir.path()).unwrap());
    assert!(!dir.path().join("centre.partial").exists());
}

#[tokio::test]
async fn every_flipped_bit_is_found() {
    let shop = Shop::with_orders(30).await;
    shop.store.db.close().await.unwrap();
    let whole = fs::read(shop.path()).unwrap();
    let mut chance = Chance(1);
    for _ in 0..60 {
        let mut broken = whole.clone();
        let at = usize::try_from(chance.below(whole.len() as u64)).unwrap();
        broken[at] ^= 1 << chance.below(8);
        fs::write(shop.path(), &broken).unwrap();
        // Either it does not open at all, or the check says what is wrong.
        if let Ok(store) = shop.reopen() {
            let found = store.db.verify().await.unwrap();
            assert!(
                !found.sound(),
                "the flip at byte {at} of {} went unnoticed",
                whole.len()
            );
            drop(store.db.close().await);
        }
        for suffix in ["db-wal", "db-shm"] {
            drop(fs::remove_file(shop.path().with_extension(suffix)));
        }
    }
    fs::write(shop.path(), &whole).unwrap();
    let found = shop.reopen().unwrap().db.verify().await.unwrap();
    assert_eq!(found, Verification::default(), "the whole file is sound");
}

#[tokio::test]
async fn what_was_acknowledged_survives_a_kill() {
    let shop = Shop::new();
    for number in 0..25 {
        let next = order(&number.to_string());
        shop.store
            .db
            .write(change("pull"), move |tx| {
                crate::table::order::upsert(tx, &next)
            })
            .await
            .unwrap();
        if number % 8 == 0 {
            let (_copy, store) = shop.crash_image();
            let count = store.db.read(crate::table::order::count).await.unwrap();
            assert_eq!(count, number + 1, "all that was answered is there");
            assert!(store.db.verify().await.unwrap().sound());
        }
    }
    let Shop { dir, id, store } = shop;
    drop(store);
    let store =
        ShopStore::open(dir.path(), id, &key()).expect("dropped without closing, opened again");
    assert_eq!(store.db.read(crate::table::order::count).await.unwrap(), 25);
}

#[tokio::test]
async fn a_failed_write_leaves_nothing_and_the_writer_alive() {
    let (_dir, centre) = centre();
    set(&centre, "a").await.unwrap();
    let refused: Result<(), _> = centre
        .db
        .write(change("setting"), |tx| {
            setting::set(tx, "b", "1")?;
            Err(StoreError::Conflict("on purpose"))
        })
        .await;
    assert!(
        matches!(refused, Err(StoreError::Conflict(_))),
        "{refused:?}"
    );
    let panicked: Result<(), _> = centre
        .db
        .write(change("setting"), |tx| {
            setting::set(tx, "c", "1")?;
            panic!("on purpose")
        })
        .await;
    assert!(
        matches!(panicked, Err(StoreError::Panicked)),
        "{panicked:?}"
    );
    let read: Result<(), _> = centre.db.read(|_| panic!("on purpose")).await;
    assert!(matches!(read, Err(StoreError::Panicked)), "{read:?}");
    set(&centre, "d").await.expect("the writer goes on");
    assert_eq!(centre.db.read(names).await.unwrap(), ["a", "d"]);
    let log = centre
        .db
        .read(|conn| audit::page(conn, None, 10))
        .await
        .unwrap();
    assert_eq!(
        log.len(),
        2,
        "what was rolled back is not in the log either"
    );
}

#[tokio::test]
async fn a_full_disk_is_named_and_costs_only_the_write() {
    let (_dir, centre) = centre();
    set(&centre, "a").await.unwrap();
    let limit = |pages: u32| {
        move |tx: &crate::Transaction<'_>| Ok(tx.pragma_update(None, "max_page_count", pages)?)
    };
    centre.db.write_unrecorded(limit(1)).await.unwrap();
    let full = centre
        .db
        .write(change("setting"), |tx| {
            setting::set(tx, "big", &"x".repeat(1_000_000))
        })
        .await;
    assert!(matches!(full, Err(StoreError::DiskFull)), "{full:?}");
    centre.db.write_unrecorded(limit(1_000_000)).await.unwrap();
    set(&centre, "b").await.expect("space again, work again");
    assert_eq!(centre.db.read(names).await.unwrap(), ["a", "b"]);
    assert!(centre.db.verify().await.unwrap().sound());
}

#[tokio::test]
async fn readers_go_on_while_a_write_is_under_way() {
    let (_dir, centre) = centre();
    set(&centre, "before").await.unwrap();
    let centre = Arc::new(centre);
    let (begun, has_begun) = mpsc::channel();
    let (go, may_go) = mpsc::channel::<()>();
    let writing = tokio::spawn({
        let centre = Arc::clone(&centre);
        async move {
            let slow = move |tx: &crate::Transaction<'_>| {
                setting::set(tx, "during", "1")?;
                begun.send(()).unwrap();
                may_go.recv().unwrap();
                Ok(())
            };
            centre.db.write(change("setting"), slow).await
        }
    });
    let has_begun = tokio::task::spawn_blocking(move || has_begun.recv());
    has_begun.await.unwrap().unwrap();
    for _ in 0..10 {
        assert_eq!(
            centre.db.read(names).await.unwrap(),
            ["before"],
            "the snapshot before the write"
        );
    }
    go.send(()).unwrap();
    writing.await.unwrap().unwrap();
    assert_eq!(centre.db.read(names).await.unwrap(), ["before", "during"]);
}

#[tokio::test]
async fn a_reader_cannot_write() {
    let (_dir, centre) = centre();
    let tried = centre
        .db
        .read(|conn| Ok(conn.execute("DELETE FROM setting", [])?))
        .await;
    assert!(matches!(tried, Err(StoreError::Sqlite(_))), "{tried:?}");
}

#[tokio::test]
async fn two_connections_write_in_turn() {
    let (dir, one) = centre();
    let other = Centre::open(dir.path(), &key()).unwrap();
    let (first, second) = tokio::join!(
        async {
            for number in 0..20 {
                set(&one, &format!("one{number}")).await?;
            }
            Ok::<_, StoreError>(())
        },
        async {
            for number in 0..20 {
                set(&other, &format!("two{number}")).await?;
            }
            Ok::<_, StoreError>(())
        },
    );
    first.unwrap();
    second.unwrap();
    assert_eq!(one.db.read(names).await.unwrap().len(), 40);
    assert!(
        one.db.verify().await.unwrap().sound(),
        "one chain, whoever wrote"
    );
}

#[tokio::test]
async fn a_write_gives_up_when_another_process_keeps_the_file() {
    let (dir, centre) = centre();
    let path = dir.path().join("centre.db");
    let other = crate::connection::writer(&path, &key()).unwrap();
    other.execute_batch("BEGIN IMMEDIATE").unwrap();
    let refused = set(&centre, "a").await;
    assert!(matches!(refused, Err(StoreError::Busy)), "{refused:?}");
    assert_eq!(
        centre.db.read(names).await.unwrap(),
        Vec::<String>::new(),
        "reading goes on"
    );
    // A process that dies lets go of the file.
    drop(other);
    set(&centre, "b").await.unwrap();
    assert_eq!(
        centre.db.read(names).await.unwrap(),
        ["b"],
        "what was refused left nothing"
    );
}

#[tokio::test]
async fn a_backup_is_whole_encrypted_and_never_overwrites() {
    let shop = Shop::with_orders(5).await;
    let to = backups_dir(shop.dir.path()).join(format!("{}-by-hand.db", shop.id));
    shop.store.db.backup(&to).await.unwrap();
    assert!(
        !contains(&fs::read(&to).unwrap(), "Шевченко"),
        "a copy is no less secret"
    );
    let again = shop.store.db.backup(&to).await;
    assert!(matches!(again, Err(StoreError::Taken(_))), "{again:?}");

    let restored = tempfile::tempdir().unwrap();
    fs::create_dir(restored.path().join("shops")).unwrap();
    let path = restored
        .path()
        .join("shops")
        .join(format!("{}.db", shop.id));
    fs::copy(&to, path).unwrap();
    let store = ShopStore::open(restored.path(), shop.id, &key()).unwrap();
    assert_eq!(store.db.read(crate::table::order::count).await.unwrap(), 5);
    assert!(store.db.verify().await.unwrap().sound());
}

#[tokio::test]
async fn a_destroyed_shop_leaves_no_file() {
    let shop = Shop::with_orders(1).await;
    let backup = backups_dir(shop.dir.path()).join(format!("{}-by-hand.db", shop.id));
    shop.store.db.backup(&backup).await.unwrap();
    let other = ShopStore::create(shop.dir.path(), ShopId::from_uuid(uuid()), &key()).unwrap();
    shop.store.db.close().await.unwrap();
    ShopStore::destroy(shop.dir.path(), shop.id).unwrap();
    ShopStore::destroy(shop.dir.path(), shop.id).expect("a second time is no error");
    let own = shop.id.to_string();
    for dir in ["shops", "backups"] {
        for entry in fs::read_dir(shop.dir.path().join(dir)).unwrap() {
            let name = entry.unwrap().file_name().to_string_lossy().into_owned();
            assert!(!name.starts_with(&own), "{name} is left");
        }
    }
    assert!(other.db.path().exists(), "another shop's file stays");
    let empty = tempfile::tempdir().unwrap();
    ShopStore::destroy(empty.path(), shop.id).expect("where nothing ever was");
}

#[tokio::test]
async fn a_closed_store_says_so() {
    let (_dir, centre) = centre();
    centre.db.close().await.unwrap();
    assert!(matches!(set(&centre, "a").await, Err(StoreError::Closed)));
    assert!(matches!(
        centre.db.read(names).await,
        Err(StoreError::Closed)
    ));
    centre.db.close().await.expect("closing twice is no error");
}

#[tokio::test]
async fn any_change_of_the_log_is_found() {
    const UNLOCK: &str = "DROP TRIGGER change_log_is_not_changed;
        DROP TRIGGER change_log_is_not_deleted;";
    let tampering: [(&str, &str, i64); 7] = [
        (
            "a text",
            "UPDATE change_log SET subject = 'other' WHERE seq = 4",
            4,
        ),
        (
            "an author",
            "UPDATE change_log SET author = zeroblob(16) WHERE seq = 2",
            2,
        ),
        (
            "a body",
            "UPDATE change_log SET body = '{}' WHERE seq = 6",
            6,
        ),
        (
            "a row from the middle",
            "DELETE FROM change_log WHERE seq = 5",
            5,
        ),
        ("the last row", "DELETE FROM change_log WHERE seq = 6", 6),
        ("all rows", "DELETE FROM change_log", 1),
        (
            "an order of rows",
            "UPDATE change_log SET seq = 100 WHERE seq = 2;
             UPDATE change_log SET seq = 2 WHERE seq = 3;
             UPDATE change_log SET seq = 3 WHERE seq = 100",
            2,
        ),
    ];
    for (what, how, first) in tampering {
        let (_dir, centre) = centre();
        for name in ["a", "b", "c", "d", "e", "f"] {
            set(&centre, name).await.unwrap();
        }
        assert!(centre.db.verify().await.unwrap().sound(), "untouched");
        centre
            .db
            .write_unrecorded(move |tx| {
                tx.execute_batch(UNLOCK)?;
                Ok(tx.execute_batch(how)?)
            })
            .await
            .unwrap();
        let found = centre.db.verify().await.unwrap();
        assert_eq!(found.change_log_break, Some(first), "{what} was changed");
    }
}

#[tokio::test]
async fn the_log_tells_who_did_what() {
    let (_dir, centre) = centre();
    let author = person();
    let by = Change {
        author: Author::Person(author),
        ..change("setting")
    };
    centre
        .db
        .write(by.clone(), |tx| setting::set(tx, "a", "1"))
        .await
        .unwrap();
    set(&centre, "b").await.unwrap();
    let log = centre
        .db
        .read(|conn| audit::page(conn, None, 10))
        .await
        .unwrap();
    let [newest, oldest] = log.as_slice() else {
        panic!("two writes, two rows: {log:?}")
    };
    assert_eq!(
        (newest.author, oldest.author),
        (Author::System, Author::Person(author))
    );
    assert_eq!(
        (oldest.id, &oldest.body, oldest.zone),
        (by.id, &by.body, Kyiv)
    );
    let before = newest.seq;
    let earlier = centre
        .db
        .read(move |conn| audit::page(conn, Some(before), 10))
        .await
        .unwrap();
    assert_eq!(earlier.len(), 1);
}

#[tokio::test]
async fn people_and_shops_are_kept() {
    use crate::table::shop as shops;
    let (_dir, centre) = centre();
    let admin = people::Person {
        id: person(),
        login: " Олена ".to_owned(),
        name: "Олена".to_owned(),
        role: Role::Admin,
        language: "uk".to_owned(),
        theme: "dark".to_owned(),
        active: true,
        created_at: start(),
    };
    let copy = admin.clone();
    centre
        .db
        .write(change("person"), move |tx| people::insert(tx, &copy))
        .await
        .unwrap();
    let twin = people::Person {
        id: person(),
        login: "ОЛЕНА".to_owned(),
        ..admin.clone()
    };
    let refused = centre
        .db
        .write(change("person"), move |tx| people::insert(tx, &twin))
        .await;
    assert!(
        matches!(refused, Err(StoreError::Taken("login"))),
        "case makes no other person: {refused:?}"
    );
    let found = centre
        .db
        .read(|conn| people::by_login(conn, "оленА"))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        found,
        people::Person {
            login: "Олена".to_owned(),
            ..admin.clone()
        }
    );
    let changed = people::Person {
        role: Role::Supervisor,
        active: false,
        ..found
    };
    let copy = changed.clone();
    centre
        .db
        .write(change("person"), move |tx| people::update(tx, &copy))
        .await
        .unwrap();
    assert_eq!(centre.db.read(people::list).await.unwrap(), [changed]);

    let shop = shops::Shop {
        id: ShopId::from_uuid(uuid()),
        kind: shops::Kind::Vendure,
        name: "Побут".to_owned(),
        address: "https://shop.example".to_owned(),
        zone: Kyiv,
        currency: Currency::UAH,
        language: "uk".to_owned(),
        access: crate::Secret::new("{\"secret\":\"s3cret\"}".to_owned()),
        file_key: Some(Key::random().unwrap()),
        capabilities: "{}".to_owned(),
        created_at: start(),
        removed_at: None,
    };
    assert!(
        !format!("{shop:?}").contains("s3cret"),
        "a secret never shows in debug output"
    );
    let (id, copy) = (shop.id, shop.clone());
    centre
        .db
        .write(change("shop"), move |tx| shops::insert(tx, &copy))
        .await
        .unwrap();
    let kept = centre
        .db
        .read(move |conn| shops::get(conn, id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(
        (&kept.file_key, &kept.access, kept.zone),
        (&shop.file_key, &shop.access, Kyiv)
    );
    centre
        .db
        .write(change("shop"), move |tx| shops::remove(tx, id, minute(1)))
        .await
        .unwrap();
    let removed = centre
        .db
        .read(move |conn| shops::get(conn, id))
        .await
        .unwrap()
        .unwrap();
    assert_eq!(removed.file_key, None, "the key is forgotten");
    assert_eq!(
        (removed.access.reveal(), removed.name.as_str()),
        ("", "Побут")
    );
    let again = centre
        .db
        .write(change("shop"), move |tx| shops::remove(tx, id, minute(2)))
        .await;
    assert!(matches!(again, Err(StoreError::NotFound(_))), "{again:?}");
}

#[tokio::test]
async fn attendance_is_only_added_to() {
    use crate::table::attendance::{self, Attendance, Kind};
    let (_dir, centre) = centre();
    let who = people::Person {
        id: person(),
        login: "o".to_owned(),
        name: "O".to_owned(),
        role: Role::Operator,
        language: "en".to_owned(),
        theme: "system".to_owned(),
        active: true,
        created_at: start(),
    };
    let id = who.id;
    let fact = Attendance {
        id: FactId::from_uuid(uuid()),
        person: id,
        at: start(),
        zone: Kyiv,
        kind: Kind::Paused,
        reason: Some("lunch".to_owned()),
    };
    let copy = fact.clone();
    centre
        .db
        .write(change("attendance"), move |tx| {
            people::insert(tx, &who)?;
            attendance::add(tx, &copy)
        })
        .await
        .unwrap();
    assert_eq!(
        centre
            .db
            .read(move |conn| attendance::of_person(conn, id, start()))
            .await
            .unwrap(),
        [fact]
    );
    for sql in [
        "UPDATE attendance SET at = 0",
        "DELETE FROM attendance",
        "DELETE FROM change_log",
    ] {
        let tried = centre
            .db
            .write_unrecorded(move |tx| Ok(tx.execute(sql, [])?))
            .await;
        assert!(
            matches!(tried, Err(StoreError::Sqlite(_))),
            "{sql}: {tried:?}"
        );
    }
}
