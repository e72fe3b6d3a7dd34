//! What becomes of the data: removed for good, copied whole, checked.

use crate::site::{ADMIN, Market, PASSWORD, Site, change_person, code, person, runtime, task_for};
use app::view::{CallsRequest, ErrorCode, Language};
use chrono::NaiveDate;
use rules::role::Role;
use std::fs;
use std::path::{Path, PathBuf};
use std::sync::Arc;
use store::keyring::NoKeyring;
use store::table::shop as shop_table;
use store::vault::{Place, Vault};
use store::{Centre, Key, ShopStore};

/// Every file below a folder.
fn files(folder: &Path) -> Vec<PathBuf> {
    let mut found = Vec::new();
    for entry in fs::read_dir(folder).unwrap() {
        let path = entry.unwrap().path();
        if path.is_dir() {
            found.extend(files(&path));
        } else {
            found.push(path);
        }
    }
    found
}

/// The key of each shop as the centre has it now, the removed ones too.
fn keys(site: &Site) -> Vec<(rules::id::ShopId, Option<Key>)> {
    runtime().block_on(async {
        let place = Place::new(site.data(), Arc::new(NoKeyring));
        let vault = Vault::open_with_password(&place, ADMIN, PASSWORD, site.clock.now()).unwrap();
        let centre = Centre::open(&site.data(), vault.centre_key()).unwrap();
        let rows = centre.db.read(shop_table::list).await.unwrap();
        centre.db.close().await.unwrap();
        rows.into_iter().map(|row| (row.id, row.file_key)).collect()
    })
}

#[test]
fn a_shop_let_go_takes_its_file_its_key_and_its_copies_with_it() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    let (shop, kept) = site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        task_for(&desk, order).await;
        let kept = desk.make_sample_of(Language::Uk, Some(5)).await.unwrap().id;
        (shop, kept)
    });
    let before = keys(&site);
    let key = before
        .iter()
        .find(|(id, _)| *id == shop)
        .unwrap()
        .1
        .clone()
        .unwrap();
    let path = site.data().join("shops").join(format!("{shop}.db"));
    let copy = fs::read(&path).unwrap();
    site.sit_as_admin(async |desk| {
        for wrong in ["", "побут", "Побут2"] {
            assert_eq!(
                code(desk.remove_shop(shop, wrong.to_owned()).await),
                ErrorCode::NameDiffers,
                "{wrong:?}"
            );
        }
        desk.take_task(task_for(&desk, order).await).await.unwrap();
        assert_eq!(
            code(desk.remove_shop(shop, "Побут".to_owned()).await),
            ErrorCode::CallOpen,
            "not under one's hands"
        );
        desk.act(app::view::DeskAction::PutBack).await.unwrap();
        desk.remove_shop(shop, " Побут ".to_owned()).await.unwrap();
        assert_eq!(code(desk.operations(shop).await), ErrorCode::NotFound);
        let left: Vec<_> = desk
            .shops()
            .await
            .unwrap()
            .into_iter()
            .map(|shop| shop.id)
            .collect();
        assert_eq!(left, [kept], "the other shop is untouched");
    });
    let named = shop.to_string();
    let left: Vec<_> = files(&site.data())
        .into_iter()
        .filter(|path| path.display().to_string().contains(&named))
        .collect();
    assert!(
        left.is_empty(),
        "nothing of it is left on the disk: {left:?}"
    );
    let after = keys(&site);
    assert_eq!(
        after
            .iter()
            .find(|(id, _)| *id == shop)
            .and_then(|(_, key)| key.clone()),
        None,
        "the centre has forgotten the key"
    );
    // Whoever kept a copy of the file and a copy of the centre of today cannot open it.
    fs::write(&path, &copy).unwrap();
    for (_, other) in after {
        if let Some(other) = other {
            assert!(
                ShopStore::open(&site.data(), shop, &other).is_err(),
                "no key that is left opens it"
            );
        }
    }
    runtime().block_on(async {
        let old = ShopStore::open(&site.data(), shop, &key)
            .expect("the copy is whole: only the key was lost");
        old.db.close().await.unwrap();
    });
    for file in ["centre.db", "centre.db-wal", "keys.json", "desk.json"] {
        let bytes = fs::read(site.data().join(file)).unwrap_or_default();
        let text = String::from_utf8_lossy(&bytes);
        assert!(
            !text.contains("cs_full"),
            "the shop's secret is not readable in {file}"
        );
    }
    site.sit_as_admin(async |desk| {
        assert_eq!(desk.shops().await.unwrap().len(), 1, "and it stays gone");
    });
    assert!(
        !path.exists(),
        "what a removal cut short has left goes at the next start"
    );
}

#[test]
fn the_sample_goes_with_one_click_and_its_people_with_it() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let sample = desk.make_sample_of(Language::Uk, Some(200)).await.unwrap();
        assert!(sample.is_sample && sample.kind.is_none());
        assert_eq!(
            code(desk.make_sample(Language::Pl).await),
            ErrorCode::SampleExists
        );
        let request = CallsRequest {
            shop: sample.id,
            from: NaiveDate::from_ymd_opt(2025, 1, 1).unwrap(),
            to: NaiveDate::from_ymd_opt(2026, 12, 31).unwrap(),
            weekday: None,
            hour: None,
            outcome: None,
            reason: None,
            subreason: None,
            offset: 0,
            limit: 500,
        };
        let calls = desk.calls(request.clone()).await.unwrap();
        assert_eq!(calls.total, 200);
        assert!(
            calls.rows.iter().all(|row| !row.person_name.is_empty()),
            "its operators have names"
        );
        assert_eq!(desk.people().await.unwrap().len(), 1, "and no accounts");
        desk.remove_shop(sample.id, String::new()).await.unwrap();
        assert!(desk.shops().await.unwrap().is_empty());
        assert_eq!(desk.queue(0, 10).await.unwrap().total, 0);
        assert_eq!(code(desk.calls(request).await), ErrorCode::NotFound);
        desk.make_sample_of(Language::En, Some(5))
            .await
            .expect("it can be had again");
    });
    runtime().block_on(async {
        let place = Place::new(site.data(), Arc::new(NoKeyring));
        let vault = Vault::open_with_password(&place, ADMIN, PASSWORD, site.clock.now()).unwrap();
        let centre = Centre::open(&site.data(), vault.centre_key()).unwrap();
        let names: i64 = centre
            .db
            .read(|conn| {
                let sql = "SELECT count(*) FROM setting WHERE key LIKE 'sample_operators:%'";
                Ok(conn.query_row(sql, [], |row| row.get(0)).unwrap())
            })
            .await
            .unwrap();
        assert_eq!(names, 1, "only those of the sample that is there");
        centre.db.close().await.unwrap();
    });
}

#[test]
fn a_backup_opens_with_the_password_in_another_folder_and_is_sound() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    let copy = site.sit_as_admin(async |desk| {
        desk.add_person(person("iryna", Role::Operator))
            .await
            .unwrap();
        let shop = market.connect(&desk).await;
        desk.take_task(task_for(&desk, order).await).await.unwrap();
        site.call(&desk).await;
        site.confirm(&desk, "до копії").await;
        site.pass_undo();
        crate::site::settled(&desk, shop).await;
        let checks = desk.verify().await.unwrap();
        assert_eq!(checks.len(), 2, "the centre and the shop");
        assert!(checks.iter().all(|check| check.sound), "{checks:?}");
        PathBuf::from(desk.back_up(site.dir().join("backups")).await.unwrap())
    });
    for file in files(&copy) {
        let bytes = fs::read(&file).unwrap();
        let text = String::from_utf8_lossy(&bytes);
        for secret in [
            "Коваль",
            "+380671234567",
            "cs_full",
            "до копії",
            "SQLite format 3",
        ] {
            assert!(
                !text.contains(secret),
                "{secret:?} is readable in {}",
                file.display()
            );
        }
    }
    let mut elsewhere = site.options();
    elsewhere.data_dir = copy;
    elsewhere.keyring = Arc::new(NoKeyring);
    elsewhere.exchange = false;
    Site::sit_with(elsewhere, async |desk| {
        let start = desk.start().await.unwrap();
        assert!(!start.keyring, "a copy brings no key of its own");
        desk.sign_in("iryna".to_owned(), PASSWORD.to_owned())
            .await
            .expect("anyone's password opens it");
        change_person(&desk, ADMIN).await;
        let shops = desk.shops().await.unwrap();
        assert_eq!((shops.len(), shops[0].sync.orders), (1, 1));
        let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
        let request = CallsRequest {
            shop: shops[0].id,
            from: day,
            to: day,
            weekday: None,
            hour: None,
            outcome: None,
            reason: None,
            subreason: None,
            offset: 0,
            limit: 10,
        };
        let calls = desk.calls(request).await.unwrap();
        assert_eq!(
            (calls.total, calls.rows[0].comment.as_str()),
            (1, "до копії"),
            "the call is in it"
        );
        assert!(
            desk.verify().await.unwrap().iter().all(|check| check.sound),
            "and it is sound"
        );
    });
}

#[test]
fn one_damaged_file_keeps_nobody_from_working_for_the_other_shops() {
    for damage in ["cut", "filled", "gone"] {
        let (market, site) = (Market::open(), Site::new());
        let order = market.take("processing");
        let (shop, sample) = site.sit_as_admin(async |desk| {
            let shop = market.connect(&desk).await;
            task_for(&desk, order).await;
            let sample = desk.make_sample_of(Language::Uk, Some(5)).await.unwrap();
            (shop, sample.id)
        });
        let file = site.data().join("shops").join(format!("{shop}.db"));
        for beside in ["-wal", "-shm"] {
            drop(fs::remove_file(file.with_extension(format!("db{beside}"))));
        }
        match damage {
            "cut" => fs::write(&file, b"").unwrap(),
            "filled" => fs::write(&file, vec![7; 64 * 1024]).unwrap(),
            _ => fs::remove_file(&file).unwrap(),
        }
        let damaged = fs::read(&file).ok();
        site.sit_as_admin(async |desk| {
            let view = desk.act(app::view::DeskAction::NextTask).await.unwrap();
            assert_eq!(view.card.unwrap().shop, sample, "{damage}: work goes on");
            let shops = desk.shops().await.unwrap();
            let lost = shops
                .iter()
                .find(|one| one.id == shop)
                .expect("it is not hidden");
            assert_eq!(lost.name, "Побут");
            assert_eq!(
                lost.sync.error.as_ref().unwrap().code,
                ErrorCode::StoreUnreadable,
                "{damage}: and says what is wrong"
            );
            let checks = desk.verify().await.unwrap();
            let unsound: Vec<_> = checks.iter().filter(|check| !check.sound).collect();
            assert_eq!(unsound.len(), 1, "{damage}: {checks:?}");
        });
        assert_eq!(
            fs::read(&file).ok(),
            damaged,
            "{damage}: nothing was done to the file"
        );
        site.sit_as_admin(async |desk| {
            desk.act(app::view::DeskAction::PutBack).await.unwrap();
            desk.remove_shop(shop, "Побут".to_owned()).await.unwrap();
            assert_eq!(
                desk.shops().await.unwrap().len(),
                1,
                "{damage}: it can be let go"
            );
        });
        assert!(!file.exists(), "{damage}: and its file with it");
    }
}
