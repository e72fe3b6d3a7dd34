//! First start, signing in and out, the lock.

use crate::site::{ADMIN, PASSWORD, Site, card, centre, change_person, code, person};
use app::view::{DeskAction, DeskState, ErrorCode, Language, StartPhase, Theme};
use app::{Desk, DeskOptions};
use chrono::TimeDelta;
use rules::role::Role;
use std::sync::Arc;
use store::Centre;
use store::keyring::NoKeyring;
use store::vault::{Place, Vault};

fn text(word: &str) -> String {
    word.to_owned()
}

#[test]
fn a_fresh_folder_becomes_a_centre_and_asks_to_sign_in_when_opened_again() {
    for (site, keyring) in [(Site::new(), true), (Site::without_keyring(), false)] {
        site.sit(async |desk| {
            let start = desk.start().await.unwrap();
            assert_eq!(start.phase, StartPhase::Fresh, "nothing is here yet");
            assert_eq!(
                code(desk.sign_in(text(ADMIN), text(PASSWORD)).await),
                ErrorCode::CentreMissing
            );
            let code = desk.create_centre(centre()).await.unwrap().code;
            assert!(code.len() > 20, "a code that cannot be guessed");
            let start = desk.start().await.unwrap();
            assert_eq!(
                start.phase,
                StartPhase::Ready,
                "the first admin is signed in at once"
            );
            let session = start.session.unwrap();
            assert_eq!(session.person.role, Role::Admin);
            assert!(!session.has_shops, "the next page offers the sample");
            assert!(
                desk.create_centre(centre()).await.is_err(),
                "there is one centre in a folder"
            );
        });
        site.sit(async |desk| {
            let start = desk.start().await.unwrap();
            assert_eq!(start.phase, StartPhase::SignIn);
            assert_eq!(start.last_login, ADMIN, "spares typing");
            assert_eq!(
                start.language,
                Language::Uk,
                "the language of who was here last"
            );
            assert_eq!(
                start.keyring, keyring,
                "whether the keyring has opened the data"
            );
            assert!(start.session.is_none());
            let session = desk.sign_in(text(ADMIN), text(PASSWORD)).await.unwrap();
            assert_eq!(session.person.login, ADMIN);
            assert_eq!(desk.start().await.unwrap().phase, StartPhase::Ready);
        });
    }
}

#[test]
fn a_first_start_cut_short_can_begin_again() {
    let site = Site::new();
    let place = Place::new(site.data(), Arc::new(NoKeyring));
    Vault::create(&place, ADMIN, PASSWORD).unwrap();
    site.sit(async |desk| {
        let start = desk.start().await.unwrap();
        assert_eq!(
            start.phase,
            StartPhase::Fresh,
            "keys that seal nothing must not lock anyone out"
        );
        desk.create_centre(centre()).await.unwrap();
        assert_eq!(desk.start().await.unwrap().phase, StartPhase::Ready);
    });
    let aside = std::fs::read_dir(site.data()).unwrap().filter(|entry| {
        let name = entry.as_ref().unwrap().file_name();
        name.to_string_lossy().starts_with("keys.unused-")
    });
    assert_eq!(aside.count(), 1, "set aside, not deleted");
}

#[test]
fn what_the_first_page_cannot_take_is_named() {
    Site::new().sit(async |desk| {
        let mut odd = centre();
        odd.password = text("коротко");
        let refused = desk.create_centre(odd).await.map(|_| ()).unwrap_err();
        assert_eq!(
            (refused.code, refused.args["least"].as_str()),
            (ErrorCode::PasswordShort, "8")
        );
        let mut odd = centre();
        odd.login = text("  ");
        let refused = desk.create_centre(odd).await.map(|_| ()).unwrap_err();
        assert_eq!(
            (refused.code, refused.args["field"].as_str()),
            (ErrorCode::FieldMissing, "login")
        );
        let mut odd = centre();
        odd.zone = text("Europe/Nowhere");
        let refused = desk.create_centre(odd).await.map(|_| ()).unwrap_err();
        assert_eq!(
            (refused.code, refused.args["field"].as_str()),
            (ErrorCode::FieldInvalid, "zone")
        );
        assert_eq!(
            desk.start().await.unwrap().phase,
            StartPhase::Fresh,
            "nothing was made by halves"
        );
    });
}

#[test]
fn wrong_passwords_count_down_to_a_lock_out_that_outlives_the_desk_and_ends_by_the_clock() {
    for site in [Site::new(), Site::without_keyring()] {
        site.sit_as_admin(async |_| ());
        site.sit(async |desk| {
            desk.start().await.unwrap();
            let mut left = Vec::new();
            for _ in 0..4 {
                let refused = desk
                    .sign_in(text(ADMIN), text("щось інше"))
                    .await
                    .unwrap_err();
                assert_eq!(refused.code, ErrorCode::SignInWrong);
                left.push(refused.args["left"].parse::<u32>().unwrap());
            }
            assert_eq!(left, [4, 3, 2, 1], "each wrong try leaves one less");
            let last = code(desk.sign_in(text(ADMIN), text("щось інше")).await);
            assert!(
                matches!(last, ErrorCode::SignInWrong | ErrorCode::LockedOut),
                "{last:?}"
            );
            let refused = desk.sign_in(text(ADMIN), text(PASSWORD)).await.unwrap_err();
            assert_eq!(
                refused.code,
                ErrorCode::LockedOut,
                "even the right one must wait"
            );
            assert_eq!(refused.args["minutes"], "1");
        });
        site.sit(async |desk| {
            desk.start().await.unwrap();
            let refused = desk.sign_in(text(ADMIN), text(PASSWORD)).await.unwrap_err();
            assert_eq!(
                refused.code,
                ErrorCode::LockedOut,
                "starting again is no way round"
            );
            site.clock.pass(TimeDelta::seconds(61));
            desk.sign_in(text(ADMIN), text(PASSWORD))
                .await
                .expect("the minute is over");
        });
    }
}

#[test]
fn the_recovery_code_opens_the_data_and_gives_a_new_password() {
    let site = Site::without_keyring();
    let recovery = site.sit(async |desk| desk.create_centre(centre()).await.unwrap().code);
    site.sit(async |desk| {
        desk.start().await.unwrap();
        let wrong = desk
            .recover(text("ABCD-EFGH"), text(ADMIN), text("новий пароль"))
            .await;
        assert_eq!(code(wrong), ErrorCode::RecoveryWrong);
        let short = desk
            .recover(recovery.clone(), text(ADMIN), text("мало"))
            .await;
        assert_eq!(code(short), ErrorCode::PasswordShort);
        let nobody = desk
            .recover(recovery.clone(), text("nobody"), text("новий пароль"))
            .await;
        assert_eq!(code(nobody), ErrorCode::NotFound);
        let session = desk
            .recover(recovery.clone(), text(ADMIN), text("новий пароль"))
            .await
            .unwrap();
        assert_eq!(session.person.login, ADMIN, "signed in at once");
    });
    site.sit(async |desk| {
        desk.start().await.unwrap();
        assert_eq!(
            code(desk.sign_in(text(ADMIN), text(PASSWORD)).await),
            ErrorCode::SignInWrong,
            "the old one is void"
        );
        desk.sign_in(text(ADMIN), text("новий пароль"))
            .await
            .unwrap();
        let renewed = desk.renew_recovery_code().await.unwrap().code;
        assert_ne!(renewed, recovery);
        let old = desk
            .recover(recovery, text(ADMIN), text("ще новіший"))
            .await;
        assert_eq!(code(old), ErrorCode::RecoveryWrong, "the old code is void");
        desk.recover(renewed, text(ADMIN), text("ще новіший"))
            .await
            .unwrap();
    });
}

#[test]
fn a_keyring_that_has_lost_its_key_costs_a_password_and_no_data() {
    let mut site = Site::new();
    site.sit_as_admin(async |desk| {
        desk.add_person(person("iryna", Role::Operator))
            .await
            .unwrap();
    });
    site.keyring = Arc::new(NoKeyring);
    site.sit(async |desk| {
        let start = desk.start().await.unwrap();
        assert_eq!((start.phase, start.keyring), (StartPhase::SignIn, false));
        desk.sign_in(text("iryna"), text(PASSWORD))
            .await
            .expect("any person's password opens the data");
    });
}

#[test]
fn a_second_desk_on_the_folder_is_refused_while_the_first_lives() {
    let site = Site::new();
    site.sit_as_admin(async |_first| {
        let second = Desk::open(site.options());
        assert_eq!(code(second.start().await), ErrorCode::StoreInUse);
        assert_eq!(
            code(second.sign_in(text(ADMIN), text(PASSWORD)).await),
            ErrorCode::StoreInUse
        );
        let look = Desk::open(DeskOptions {
            alone: false,
            exchange: false,
            ..site.options()
        });
        look.start()
            .await
            .expect("a look needs the folder for itself not");
    });
    site.sit(async |desk| {
        desk.start()
            .await
            .expect("a desk that has stopped holds nothing");
    });
}

#[test]
fn a_desk_that_is_let_go_lets_its_folder_go() {
    let site = Site::new();
    site.sit_as_admin(async |desk| {
        desk.make_sample_of(Language::Uk, Some(10)).await.unwrap();
        let mut changes = desk.changes();
        drop(desk);
        while changes.next().await.is_some() {}
        let next = Desk::open(site.options());
        next.start()
            .await
            .expect("the background work ends with the last hold on the desk");
    });
}

#[test]
fn a_newer_store_is_refused_and_left_as_it_is() {
    let site = Site::new();
    site.sit_as_admin(async |_| ());
    let file = site.data().join("centre.db");
    let runtime = crate::site::runtime();
    runtime.block_on(async {
        let place = Place::new(site.data(), Arc::new(NoKeyring));
        let vault = Vault::open_with_password(&place, ADMIN, PASSWORD, site.clock.now()).unwrap();
        let centre = Centre::open(&site.data(), vault.centre_key()).unwrap();
        centre
            .db
            .write_unrecorded(|tx| Ok(tx.pragma_update(None, "user_version", 9_000)?))
            .await
            .unwrap();
        centre.db.close().await.unwrap();
    });
    drop(runtime);
    let before = std::fs::read(&file).unwrap();
    site.sit(async |desk| {
        let start = desk.start().await;
        let refused = match start {
            Err(refused) => refused,
            Ok(_) => desk.sign_in(text(ADMIN), text(PASSWORD)).await.unwrap_err(),
        };
        assert_eq!(refused.code, ErrorCode::StoreTooNew);
        assert_eq!(
            refused.args["found"], "9000",
            "it says which version it found"
        );
    });
    assert_eq!(
        std::fs::read(&file).unwrap(),
        before,
        "not a byte was changed"
    );
    let beside = std::fs::metadata(site.data().join("centre.db-wal")).map_or(0, |wal| wal.len());
    assert_eq!(beside, 0, "nor was anything written beside it");
}

#[test]
fn the_lock_keeps_the_call_and_asks_for_the_password() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        desk.make_sample_of(Language::Uk, Some(20)).await.unwrap();
        site.talk(&desk).await;
        desk.lock().await.unwrap();
        assert_eq!(desk.start().await.unwrap().phase, StartPhase::Locked);
        assert_eq!(
            code(desk.desk().await),
            ErrorCode::SignInNeeded,
            "nothing of the customer is shown"
        );
        assert_eq!(
            code(desk.act(DeskAction::HangUp).await),
            ErrorCode::SignInNeeded
        );
        assert_eq!(
            code(desk.sign_out().await),
            ErrorCode::CallOpen,
            "nor is the call dropped by leaving"
        );
        let refused = desk.unlock(text("щось інше")).await.unwrap_err();
        assert_eq!(
            (refused.code, refused.args["left"].as_str()),
            (ErrorCode::SignInWrong, "4")
        );
        site.pass_seconds(30);
        desk.unlock(text(PASSWORD)).await.unwrap();
        let view = desk.desk().await.unwrap();
        assert_eq!(view.state, DeskState::Talking, "the call has gone on");
        assert_eq!(
            (view.now - view.since).num_seconds(),
            50,
            "and its timer too"
        );
    });
}

#[test]
fn signing_out_puts_a_previewed_task_back_and_is_refused_in_a_call() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        desk.add_person(person("iryna", Role::Operator))
            .await
            .unwrap();
        desk.make_sample_of(Language::Uk, Some(20)).await.unwrap();
        let before = desk.queue(0, 1).await.unwrap();
        for locked in [false, true] {
            let view = desk.act(DeskAction::NextTask).await.unwrap();
            assert_eq!(view.state, DeskState::Preview);
            assert_eq!(desk.queue(0, 1).await.unwrap().total, before.total - 1);
            if locked {
                desk.lock().await.unwrap();
            }
            change_person(&desk, if locked { ADMIN } else { "iryna" }).await;
            let after = desk.queue(0, 1).await.unwrap();
            assert_eq!(
                after.total, before.total,
                "the next person finds it in the queue"
            );
            assert_eq!(after.rows[0].task, before.rows[0].task, "in its old place");
        }
        let view = site.talk(&desk).await;
        assert!(
            !card(&view).phone_masked,
            "the number is shown from the call on"
        );
        assert_eq!(code(desk.sign_out().await), ErrorCode::CallOpen);
        desk.act(DeskAction::HangUp).await.unwrap();
        assert_eq!(
            code(desk.sign_out().await),
            ErrorCode::CallOpen,
            "the result is still owed"
        );
        assert_eq!(
            desk.desk().await.unwrap().state,
            DeskState::WrapUp,
            "nothing was lost by trying"
        );
    });
}

#[test]
fn preferences_and_passwords_stay() {
    let site = Site::new();
    site.sit_as_admin(async |desk| {
        let session = desk
            .set_preferences(Language::Pl, Theme::Dark)
            .await
            .unwrap();
        assert_eq!(
            (session.person.language, session.person.theme),
            (Language::Pl, Theme::Dark)
        );
        let wrong = desk
            .change_password(text("щось інше"), text("новий пароль"))
            .await;
        assert_eq!(
            code(wrong),
            ErrorCode::SignInWrong,
            "the old password is asked for"
        );
        desk.change_password(text(PASSWORD), text("новий пароль"))
            .await
            .unwrap();
    });
    site.sit(async |desk| {
        assert_eq!(desk.start().await.unwrap().language, Language::Pl);
        let session = desk
            .sign_in(text(ADMIN), text("новий пароль"))
            .await
            .unwrap();
        assert_eq!(
            (session.person.language, session.person.theme),
            (Language::Pl, Theme::Dark)
        );
    });
}

#[test]
fn accounts_are_closed_opened_and_never_without_an_admin() {
    let site = Site::new();
    site.sit_as_admin(async |desk| {
        let admin = desk.people().await.unwrap()[0].id;
        assert_eq!(
            code(desk.set_person(admin, Role::Operator, true).await),
            ErrorCode::LastAdmin
        );
        assert_eq!(
            code(desk.set_person(admin, Role::Admin, false).await),
            ErrorCode::LastAdmin
        );
        let iryna = desk
            .add_person(person("iryna", Role::Operator))
            .await
            .unwrap()
            .id;
        let again = desk.add_person(person("iryna", Role::Admin)).await;
        assert_eq!(code(again), ErrorCode::LoginTaken);
        desk.set_person(iryna, Role::Operator, false).await.unwrap();
        desk.sign_out().await.unwrap();
        let closed = code(desk.sign_in(text("iryna"), text(PASSWORD)).await);
        assert!(
            matches!(closed, ErrorCode::SignInWrong | ErrorCode::NotAllowed),
            "{closed:?}"
        );
        desk.sign_in(text(ADMIN), text(PASSWORD)).await.unwrap();
        desk.set_person(iryna, Role::Admin, true).await.unwrap();
        desk.reset_password(iryna, text("новий пароль"))
            .await
            .unwrap();
        // With another admin there, this one may step down: at once, not at the next sign-in.
        desk.set_person(admin, Role::Operator, true).await.unwrap();
        assert_eq!(
            code(desk.people().await),
            ErrorCode::NotAllowed,
            "who steps down is down"
        );
        desk.sign_out().await.unwrap();
        desk.sign_in(text("iryna"), text("новий пароль"))
            .await
            .unwrap();
        assert_eq!(desk.people().await.unwrap().len(), 2);
    });
}

#[test]
fn signing_in_on_top_of_a_session_neither_drops_a_call_nor_keeps_a_task() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        desk.add_person(person("iryna", Role::Operator))
            .await
            .unwrap();
        desk.make_sample_of(Language::Uk, Some(20)).await.unwrap();
        let waiting = desk.queue(0, 1).await.unwrap().total;
        desk.act(DeskAction::NextTask).await.unwrap();
        desk.sign_in(text("iryna"), text(PASSWORD)).await.unwrap();
        assert_eq!(
            desk.queue(0, 1).await.unwrap().total,
            waiting,
            "the task went back by itself"
        );
        let task = card(&site.talk(&desk).await).task;
        desk.lock().await.unwrap();
        let refused = code(desk.sign_in(text(ADMIN), text(PASSWORD)).await);
        assert_eq!(
            refused,
            ErrorCode::CallOpen,
            "another's call is not left hanging"
        );
        desk.sign_in(text("iryna"), text(PASSWORD)).await.unwrap();
        let view = desk.desk().await.unwrap();
        assert_eq!(
            (view.state, card(&view).task),
            (DeskState::Talking, task),
            "the call has gone on"
        );
        site.confirm(&desk, "").await;
    });
}
