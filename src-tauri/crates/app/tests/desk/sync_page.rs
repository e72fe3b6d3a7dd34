//! The sync page: what it says, and what a person decides about results that did not arrive.

use crate::site::{
    Market, PASSWORD, Site, change_person, code, confirm, confirm_pieces, person, row_of, settled,
    shop_of, until,
};
use app::Desk;
use app::view::{DeadLetter, ErrorCode, LetterChoice, ShopKind, StreamKind, SyncAction, SyncPhase};
use chrono::TimeDelta;
use rules::id::ShopId;
use rules::role::Role;
use serde_json::json;

/// What waits for a person, once it does.
async fn letter(site: &Site, desk: &Desk, shop: ShopId) -> DeadLetter {
    until(desk, "a letter", async || {
        site.pass_seconds(5);
        desk.sync_now(shop).await.unwrap();
        desk.shop_trouble(shop).await.unwrap().into_iter().next()
    })
    .await
}

/// The operator wants seven kettles instead of two; the shop's staff makes it four meanwhile.
async fn clash(market: &Market, site: &Site, desk: &Desk, shop: ShopId, order: u64) -> DeadLetter {
    confirm_pieces(site, desk, order, 7).await;
    staff_sets(market, order, 4);
    site.pass_undo();
    letter(site, desk, shop).await
}

fn staff_sets(market: &Market, order: u64, pieces: i64) {
    let mut shelf = market.double.shelf();
    shelf.pass(1);
    shelf.set_pieces(order, 0, pieces);
}

/// Waits until nothing is left to send or to decide.
async fn done(site: &Site, desk: &Desk, shop: ShopId) {
    until(desk, "everything arrived", async || {
        site.pass_seconds(61);
        desk.sync_now(shop).await.unwrap();
        let row = row_of(desk, shop).await;
        (row.waiting + row.in_flight + row.in_doubt + row.dead + row.conflicts == 0).then_some(())
    })
    .await;
}

fn pieces(market: &Market, order: u64) -> serde_json::Value {
    market.order(order)["line_items"][0]["quantity"].clone()
}

#[test]
fn a_quiet_shop_shows_when_it_was_last_heard() {
    let (market, site) = (Market::open(), Site::new());
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let row = row_of(&desk, shop).await;
        assert_eq!(row.kind, Some(ShopKind::Woocommerce));
        assert_eq!(
            row.streams.iter().map(|one| one.stream).collect::<Vec<_>>(),
            [
                StreamKind::Orders,
                StreamKind::Products,
                StreamKind::Customers
            ]
        );
        assert!(
            row.lag_s.is_some() && row.last_pull_at.is_some(),
            "the orders were pulled: {row:?}"
        );
        assert_eq!(
            (row.waiting, row.in_doubt, row.dead, row.conflicts),
            (0, 0, 0, 0)
        );
        assert!(
            row.actions.contains(&SyncAction::PullNow)
                && row.actions.contains(&SyncAction::Rekey)
                && !row.actions.contains(&SyncAction::Decide),
            "an admin may do all there is to do, and there is nothing to decide: {:?}",
            row.actions
        );
        desk.add_person(person("maria", Role::Operator))
            .await
            .unwrap();
        change_person(&desk, "maria").await;
        let row = row_of(&desk, shop).await;
        assert_eq!(
            row.actions,
            [SyncAction::PullNow],
            "an operator may look, and ask for a pull"
        );
    });
}

#[test]
fn a_shop_that_is_away_is_named_with_its_lag_and_its_queue() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        crate::site::task_for(&desk, order).await;
        market.double.switch_off(true);
        confirm(&site, &desk, order, "").await;
        let saved = site.clock.now();
        site.pass_undo();
        let row = until(&desk, "out of reach", async || {
            desk.sync_now(shop).await.unwrap();
            let row = row_of(&desk, shop).await;
            (row.phase == SyncPhase::Unreachable).then_some(row)
        })
        .await;
        site.pass_seconds(600);
        let later = row_of(&desk, shop).await;
        assert!(later.lag_s >= row.lag_s.map(|lag| lag + 600), "{later:?}");
        assert_eq!(later.waiting, 2, "the confirmation and its note");
        assert_eq!(later.oldest_at, Some(saved), "since when they wait");
        assert_eq!(
            later.error.map(|error| error.code),
            Some(ErrorCode::ShopUnreachable)
        );
        market.double.switch_off(false);
        done(&site, &desk, shop).await;
        assert_eq!(row_of(&desk, shop).await.oldest_at, None);
    });
}

#[test]
fn a_conflict_is_a_card_with_both_sides_and_ours_can_be_made_to_hold() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let letter = clash(&market, &site, &desk, shop, order).await;
        assert_eq!(
            (letter.order_number.as_str(), letter.kind.as_str()),
            (order.to_string().as_str(), "edit_lines")
        );
        assert!(
            letter.what.contains("2 → 7"),
            "what was wanted: {}",
            letter.what
        );
        assert_eq!(letter.error.code, ErrorCode::ShopConflict);
        assert_eq!(letter.behind, 2, "the confirmation and the note wait");
        assert_eq!(
            letter.choices,
            [
                LetterChoice::Ours,
                LetterChoice::Theirs,
                LetterChoice::Retry
            ]
        );
        let conflict = letter.conflict.as_ref().expect("both sides");
        let [clash] = conflict.clashes.as_slice() else {
            panic!("one line clashes: {conflict:?}");
        };
        assert!(
            clash.label.contains("Чайник"),
            "named as people know it: {clash:?}"
        );
        assert_eq!(
            (clash.base.as_deref(), &*clash.ours, &*clash.theirs),
            (Some("2"), "7", "4")
        );
        assert_eq!(conflict.ours_by, "Олена Адмін");
        assert!(
            conflict.theirs_at.is_some(),
            "when the shop says it changed"
        );
        let row = row_of(&desk, shop).await;
        assert_eq!(
            (row.conflicts, row.dead),
            (1, 0),
            "a conflict is counted apart"
        );
        assert_eq!(row.actions.first(), Some(&SyncAction::Decide));

        let left = desk
            .resolve_letter(shop, letter.op, LetterChoice::Ours)
            .await
            .unwrap();
        assert!(left.is_empty(), "{left:?}");
        done(&site, &desk, shop).await;
        assert_eq!(pieces(&market, order), json!(7), "ours holds");
        assert_eq!(
            (market.confirmed(order), market.notes(order).len()),
            (true, 1),
            "what waited behind it has arrived, once"
        );
        assert_eq!(
            code(
                desk.resolve_letter(shop, letter.op, LetterChoice::Theirs)
                    .await
            ),
            ErrorCode::NotFound,
            "there is nothing left to decide"
        );
    });
}

#[test]
fn theirs_leaves_the_shop_as_it_is_and_what_waited_goes_on() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let letter = clash(&market, &site, &desk, shop, order).await;
        desk.add_person(person("pavlo", Role::Supervisor))
            .await
            .unwrap();
        change_person(&desk, "pavlo").await;
        desk.resolve_letter(shop, letter.op, LetterChoice::Theirs)
            .await
            .unwrap();
        done(&site, &desk, shop).await;
        assert_eq!(pieces(&market, order), json!(4), "theirs holds");
        assert!(market.confirmed(order), "the confirmation went on");
    });
}

#[test]
fn ours_is_not_sent_over_a_change_that_nobody_has_seen() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let letter = clash(&market, &site, &desk, shop, order).await;
        staff_sets(&market, order, 5);
        assert_eq!(
            code(
                desk.resolve_letter(shop, letter.op, LetterChoice::Ours)
                    .await
            ),
            ErrorCode::ConflictMoved
        );
        assert_eq!(pieces(&market, order), json!(5), "nothing was sent");
        let again = desk.shop_trouble(shop).await.unwrap();
        let clash = &again[0].conflict.as_ref().unwrap().clashes[0];
        assert_eq!(clash.theirs, "5", "the card shows what is there now");
        desk.resolve_letter(shop, letter.op, LetterChoice::Ours)
            .await
            .unwrap();
        done(&site, &desk, shop).await;
        assert_eq!(pieces(&market, order), json!(7));
    });
}

#[test]
fn what_the_shop_has_lost_can_be_dropped_and_blocks_nobody() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        confirm(&site, &desk, order, "").await;
        market.double.shelf().delete_order(order);
        site.pass_undo();
        let first = letter(&site, &desk, shop).await;
        assert_eq!(first.error.code, ErrorCode::ShopOrderGone);
        assert_eq!(first.choices, [LetterChoice::Retry, LetterChoice::Drop]);
        assert!(first.conflict.is_none());
        let refused = desk
            .resolve_letter(shop, first.op, LetterChoice::Ours)
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::ChoiceImpossible);
        assert!(
            refused.message.contains("retry") && refused.message.contains("drop"),
            "it says what is possible: {}",
            refused.message
        );
        desk.resolve_letter(shop, first.op, LetterChoice::Drop)
            .await
            .unwrap();
        let second = until(&desk, "the note's letter", async || {
            site.pass_seconds(5);
            desk.sync_now(shop).await.unwrap();
            desk.shop_trouble(shop).await.unwrap().into_iter().next()
        })
        .await;
        assert_eq!(second.kind, "add_note");
        desk.resolve_letter(shop, second.op, LetterChoice::Drop)
            .await
            .unwrap();
        settled(&desk, shop).await;
        let checks = desk.verify().await.unwrap();
        assert!(
            checks.iter().all(|check| check.sound),
            "every decision is in the chain of changes: {checks:?}"
        );
    });
}

#[test]
fn a_revoked_key_is_replaced_and_the_exchange_goes_on() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        crate::site::task_for(&desk, order).await;
        for key in &mut market.double.shelf().keys {
            if key.consumer_key == "ck_full" {
                key.consumer_secret = "cs_new".into();
            }
        }
        until(&desk, "stopped", async || {
            desk.sync_now(shop).await.unwrap();
            (row_of(&desk, shop).await.phase == SyncPhase::Stopped).then_some(())
        })
        .await;
        confirm(&site, &desk, order, "").await;
        site.pass_undo();
        let rekey = async |secret: &str| {
            desk.rekey_shop(shop, "ck_full".to_owned(), secret.to_owned())
                .await
        };
        assert_eq!(code(rekey("cs_wrong").await), ErrorCode::ShopWrongKey);
        assert_eq!(code(rekey(" ").await), ErrorCode::FieldMissing);
        assert_eq!(
            row_of(&desk, shop).await.phase,
            SyncPhase::Stopped,
            "a key that does not open is not kept"
        );
        rekey("cs_new").await.unwrap();
        done(&site, &desk, shop).await;
        assert!(market.confirmed(order), "what waited has arrived");
        assert_eq!(shop_of(&desk, shop).await.sync.error, None);
    });
    // It was kept: the next sitting uses it.
    let later = market.take("processing");
    site.sit_as_admin(async |desk| {
        crate::site::task_for(&desk, later).await;
    });
}

#[test]
fn a_key_of_another_shop_is_refused_before_its_orders_are_mixed_in() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        crate::site::task_for(&desk, order).await;
        // What an account at the same address knows nothing of.
        market.double.shelf().delete_order(order);
        let answer = desk
            .rekey_shop(shop, "ck_full".to_owned(), "cs_full".to_owned())
            .await;
        assert_eq!(code(answer), ErrorCode::ShopDiffers);
    });
}

#[test]
fn letters_survive_a_restart_and_are_decided_the_next_day() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    let (shop, op) = site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let letter = clash(&market, &site, &desk, shop, order).await;
        (shop, letter.op)
    });
    site.clock.pass(TimeDelta::days(1));
    site.sit(async |desk| {
        desk.start().await.unwrap();
        desk.sign_in(crate::site::ADMIN.to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        let letters = desk.shop_trouble(shop).await.unwrap();
        assert_eq!(letters.len(), 1);
        assert!(
            letters[0].conflict.is_some(),
            "both sides were kept on the disk"
        );
        desk.resolve_letter(shop, op, LetterChoice::Theirs)
            .await
            .unwrap();
        done(&site, &desk, shop).await;
        assert_eq!(pieces(&market, order), json!(4));
    });
}
