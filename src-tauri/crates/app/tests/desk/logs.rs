//! Nothing personal and no secret in the log of a whole run.

use crate::site::{
    ADMIN, Market, PASSWORD, Site, card, centre, person, shop_of, step, task_for, until,
};
use app::view::{DeskAction, Draft, Language, LineEdit, SyncPhase};
use rules::role::Role;
use std::io;
use std::sync::{Arc, Mutex, PoisonError};
use testkit::woo::Fault;
use tracing_subscriber::EnvFilter;
use tracing_subscriber::fmt::MakeWriter;

/// Keeps what is logged.
#[derive(Clone, Default)]
struct Kept(Arc<Mutex<Vec<u8>>>);

impl io::Write for Kept {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        self.0
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .extend_from_slice(bytes);
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        Ok(())
    }
}

impl MakeWriter<'_> for Kept {
    type Writer = Self;

    fn make_writer(&self) -> Self {
        self.clone()
    }
}

#[test]
fn a_whole_run_logs_no_person_and_no_secret() {
    let kept = Kept::default();
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::new(
            "app=trace,store=trace,shops=trace,telephony=trace,rules=trace,plan=trace,sample=trace,desk=trace",
        ))
        .with_writer(kept.clone())
        // The figures of a time are no telephone number.
        .without_time()
        .init();
    let (market, mut site) = (Market::open(), Site::new());
    let orders = [
        market.take("processing"),
        market.take("processing"),
        market.take("processing"),
    ];
    let recovery = site.sit(async |desk| {
        desk.start().await.unwrap();
        let recovery = desk.create_centre(centre()).await.unwrap().code;
        desk.add_person(person("таємна-особа", Role::Operator))
            .await
            .unwrap();
        drop(
            desk.sign_in(ADMIN.to_owned(), "канарка-пароль".to_owned())
                .await,
        );
        desk.sign_in(ADMIN.to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        drop(
            desk.recover(
                "КАНА-РКА1".to_owned(),
                ADMIN.to_owned(),
                "канарка-новий".to_owned(),
            )
            .await,
        );
        let mut wrong = market.input();
        wrong.secret = "cs_канарка".to_owned();
        drop(desk.check_shop(wrong).await);
        let shop = market.connect(&desk).await;
        // One arrives only at the second look, one is refused, one is wanted with no program to call.
        let [doubtful, refused, _] = orders;
        market
            .double
            .fail_next("PUT", "/wc/v3/orders", Fault::CutAfter);
        market
            .double
            .fail_next("POST", "/wc/v3/orders", Fault::CutAfter);
        for order in [doubtful, refused] {
            desk.take_task(task_for(&desk, order).await).await.unwrap();
            let view = site.call(&desk).await;
            let line = card(&view).order.lines[0].clone();
            desk.edit_line(LineEdit::SetQuantity {
                key: line.key,
                quantity: 9,
            })
            .await
            .unwrap();
            desk.search_products("канарка-пошук".to_owned())
                .await
                .unwrap();
            desk.answer(step(&view), None, Some("канарка-відповідь".to_owned()))
                .await
                .unwrap();
            desk.keep_draft(Draft {
                comment: "канарка-чернетка".to_owned(),
                ..Draft::default()
            })
            .await
            .unwrap();
            for point in ["identity", "items", "delivery"] {
                desk.tick(point.to_owned(), true).await.unwrap();
            }
            desk.act(DeskAction::HangUp).await.unwrap();
            let draft = Draft {
                outcome: "confirmed".to_owned(),
                reason: "order".to_owned(),
                subreason: "confirmation".to_owned(),
                comment: "канарка-коментар".to_owned(),
                callback_at: None,
            };
            desk.save_result(draft, false).await.unwrap();
        }
        market.double.shelf().pass(1);
        market.double.shelf().set_pieces(refused, 0, 4);
        site.pass_undo();
        until(&desk, "one arrived and one refused", async || {
            site.pass_seconds(61);
            desk.sync_now(shop).await.unwrap();
            let sync = shop_of(&desk, shop).await.sync;
            (sync.dead == 1 && market.notes(doubtful).len() == 1).then_some(())
        })
        .await;
        market.double.switch_off(true);
        until(&desk, "away", async || {
            (shop_of(&desk, shop).await.sync.phase == SyncPhase::Unreachable).then_some(())
        })
        .await;
        market.double.switch_off(false);
        recovery
    });
    // Another desk with another keyring, whose program for calls fails with the number in its words.
    site.keyring = Arc::new(store::keyring::NoKeyring);
    let mut options = site.options();
    options.opener = Arc::new(|address| Err(io::Error::other(format!("cannot open {address}"))));
    Site::sit_with(options, async |desk| {
        desk.start().await.unwrap();
        desk.recover(
            recovery.clone(),
            ADMIN.to_owned(),
            "канарка-третій".to_owned(),
        )
        .await
        .unwrap();
        desk.take_task(task_for(&desk, orders[2]).await)
            .await
            .unwrap();
        site.call(&desk).await;
        site.confirm(&desk, "канарка-коментар").await;
        desk.make_sample_of(Language::Uk, Some(20)).await.unwrap();
        drop(desk.back_up(site.dir().join("канарка-тека")).await);
        site.pass_undo();
        let shop = desk
            .shops()
            .await
            .unwrap()
            .into_iter()
            .find(|shop| !shop.is_sample)
            .unwrap();
        until(&desk, "the third", async || {
            desk.sync_now(shop.id).await.unwrap();
            market.confirmed(orders[2]).then_some(())
        })
        .await;
        drop(desk.remove_shop(shop.id, "канарка-назва".to_owned()).await);
        desk.remove_shop(shop.id, shop.name).await.unwrap();
    });
    let bytes = kept
        .0
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
        .clone();
    let log = String::from_utf8_lossy(&bytes).to_lowercase();
    assert!(log.lines().count() > 10, "the log was really kept: {log}");
    let canaries = [
        "канарка",
        "кана-рка1",
        "олена",
        "olena",
        "коваль",
        "380671234567",
        "671234567",
        "лесі українки",
        PASSWORD,
        "таємна-особа",
        "ck_full",
        "cs_full",
        "authorization",
        "oauth_",
        "чайник",
        "чайник «іскра»",
        &recovery,
    ];
    for canary in canaries {
        let found = log
            .lines()
            .find(|line| line.contains(&canary.to_lowercase()));
        assert!(found.is_none(), "{canary:?} is in the log: {found:?}");
    }
}
