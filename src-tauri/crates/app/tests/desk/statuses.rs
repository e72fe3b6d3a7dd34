//! The table of a shop's statuses: what it may hold, and what it does at the desk.

use crate::site::{
    ADMIN, Market, Site, card, change_person, code, confirm, person, row_of, settled, task_for,
    task_of, until,
};
use app::Desk;
use app::view::{DeskAction, Draft, ErrorCode, LetterChoice, StatusTable};
use rules::id::ShopId;
use rules::order::OrderStage;
use rules::role::Role;
use rules::status::{Status, Transition};
use serde_json::json;

fn status(word: &str, stage: OrderStage) -> Status {
    Status {
        word: word.to_owned(),
        name: format!("«{word}»"),
        stage,
    }
}

fn step(from: &str, to: &str, least: Role) -> Transition {
    Transition {
        from: from.to_owned(),
        to: to.to_owned(),
        least,
    }
}

/// A shop that moves orders on hold to processing when the customer confirms; only a supervisor
/// may do so with those that wait for payment.
fn table() -> StatusTable {
    StatusTable {
        statuses: vec![
            status("pending", OrderStage::New),
            status("on-hold", OrderStage::New),
            status("processing", OrderStage::Confirmed),
            status("cancelled", OrderStage::Cancelled),
        ],
        transitions: vec![
            step("on-hold", "processing", Role::Operator),
            step("pending", "processing", Role::Supervisor),
            step("processing", "on-hold", Role::Supervisor),
        ],
        confirmed: Some("processing".to_owned()),
        cancelled: Some("cancelled".to_owned()),
    }
}

async fn connected(market: &Market, desk: &Desk) -> ShopId {
    let shop = market.connect(desk).await;
    desk.set_status_table(shop, Some(table())).await.unwrap();
    shop
}

/// From the task to the wrap-up with this outcome chosen; what blocks it.
async fn blocked(site: &Site, desk: &Desk, order: u64, outcome: &str) -> Vec<ErrorCode> {
    let task = task_for(desk, order).await;
    desk.take_task(task).await.unwrap();
    site.call(desk).await;
    site.agree(desk).await;
    let view = desk.act(DeskAction::HangUp).await.unwrap();
    let draft = Draft {
        outcome: outcome.to_owned(),
        reason: "order".to_owned(),
        subreason: "confirmation".to_owned(),
        ..card(&view).draft.clone()
    };
    let view = desk.keep_draft(draft).await.unwrap();
    card(&view).blockers.iter().map(|one| one.code).collect()
}

#[test]
fn a_table_with_faults_is_refused_and_each_fault_named() {
    let (market, site) = (Market::open(), Site::new());
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let own = desk.status_table(shop).await.unwrap();
        assert!(!own.is_set, "nobody has set one");
        assert!(own.problems.is_empty(), "{:?}", own.problems);
        let mut lost = table();
        lost.confirmed = Some("packed".to_owned());
        let mut twice = table();
        twice.statuses.push(status("pending", OrderStage::New));
        let mut cut_off = table();
        cut_off.transitions.clear();
        for (faulty, named) in [
            (lost, ErrorCode::StatusWordUnknown),
            (twice, ErrorCode::StatusWordTwice),
            (cut_off, ErrorCode::StatusTargetOutOfReach),
        ] {
            let found = desk.check_status_table(shop, faulty.clone()).await.unwrap();
            assert!(
                found.iter().any(|problem| problem.code == named),
                "{named:?}: {found:?}"
            );
            let refused = desk.set_status_table(shop, Some(faulty)).await;
            assert!(refused.is_err(), "{named:?}");
        }
        assert!(
            !desk.status_table(shop).await.unwrap().is_set,
            "none of them was kept"
        );
        let found = desk.check_status_table(shop, table()).await.unwrap();
        assert!(found.is_empty(), "a loop is no fault: {found:?}");
    });
}

#[test]
fn a_step_that_the_table_forbids_blocks_the_result_and_says_what_to_do() {
    let (market, site) = (Market::open(), Site::new());
    let (waiting, unpaid) = (market.take("on-hold"), market.take("pending"));
    site.sit_as_admin(async |desk| {
        let shop = connected(&market, &desk).await;
        desk.add_person(person("maria", Role::Operator))
            .await
            .unwrap();
        change_person(&desk, "maria").await;
        assert_eq!(
            blocked(&site, &desk, unpaid, "confirmed").await,
            [ErrorCode::StatusStepDenied]
        );
        let view = desk.desk().await.unwrap();
        let words = &card(&view).blockers[0].message;
        assert!(
            words.contains("«pending»") && words.contains("«processing»"),
            "in the words of the shop's staff: {words}"
        );
        let draft = card(&view).draft.clone();
        assert_eq!(
            code(desk.save_result(draft.clone(), false).await),
            ErrorCode::StatusStepDenied,
            "nor can it be saved past the screen"
        );
        // The call has not been for nothing: it is passed on.
        let later = Draft {
            outcome: "callback".to_owned(),
            callback_at: Some(site.clock.now() + chrono::TimeDelta::hours(1)),
            ..draft
        };
        desk.save_result(later, false).await.unwrap();
        assert_eq!(blocked(&site, &desk, waiting, "confirmed").await, []);
        let view = desk.desk().await.unwrap();
        desk.save_result(card(&view).draft.clone(), false)
            .await
            .unwrap();
        site.pass_undo();
        settled(&desk, shop).await;
        assert_eq!(
            market.order(waiting)["status"],
            json!("processing"),
            "the table says what a confirmation sets"
        );
        change_person(&desk, ADMIN).await;
        site.pass_seconds(2 * 60 * 60);
        confirm(&site, &desk, unpaid, "").await;
        site.pass_undo();
        settled(&desk, shop).await;
        assert_eq!(
            market.order(unpaid)["status"],
            json!("processing"),
            "whose role allows it does it"
        );
    });
}

#[test]
fn a_word_that_gets_another_meaning_takes_its_orders_along() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("on-hold");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        task_for(&desk, order).await;
        let mut settled_there = table();
        settled_there.statuses[1].stage = OrderStage::Other;
        let view = desk
            .set_status_table(shop, Some(settled_there))
            .await
            .unwrap();
        assert!(view.is_set);
        until(&desk, "no call for what is not new", async || {
            task_of(&desk, order).await.is_none().then_some(())
        })
        .await;
        let view = desk.set_status_table(shop, None).await.unwrap();
        assert!(!view.is_set, "the connector's own holds again");
        task_for(&desk, order).await;
    });
}

#[test]
fn the_shop_is_asked_again_for_its_words_and_what_was_set_stays() {
    let (market, site) = (Market::open(), Site::new());
    let shop = site.sit_as_admin(async |desk| connected(&market, &desk).await);
    site.sit_as_admin(async |desk| {
        let view = desk.refresh_statuses(shop).await.unwrap();
        assert!(view.is_set && view.table == table(), "kept on the disk");
        assert!(
            view.offered
                .statuses
                .iter()
                .any(|one| one.word == "on-hold"),
            "what the shop offers is told beside it: {:?}",
            view.offered
        );
        market.double.switch_off(true);
        assert_eq!(
            code(desk.refresh_statuses(shop).await),
            ErrorCode::ShopUnreachable
        );
        assert!(
            desk.status_table(shop).await.unwrap().is_set,
            "what is known is told without the shop"
        );
        let row = row_of(&desk, shop).await;
        assert_eq!(row.dead, 0);
    });
}

#[test]
fn an_order_that_the_shop_moved_meanwhile_is_a_card_in_the_words_of_its_staff() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("on-hold");
    site.sit_as_admin(async |desk| {
        let shop = connected(&market, &desk).await;
        confirm(&site, &desk, order, "").await;
        market.set_status(order, "cancelled");
        site.pass_undo();
        let letter = until(&desk, "a letter", async || {
            desk.sync_now(shop).await.unwrap();
            desk.shop_trouble(shop).await.unwrap().into_iter().next()
        })
        .await;
        assert_eq!(letter.kind, "confirm");
        let conflict = letter.conflict.expect("both sides");
        assert_eq!(
            (&*conflict.clashes[0].ours, &*conflict.clashes[0].theirs),
            ("«processing»", "«cancelled»"),
            "{conflict:?}"
        );
        assert_eq!(
            letter.choices,
            [LetterChoice::Retry, LetterChoice::Theirs],
            "a cancelled order is not confirmed over the shop's head"
        );
        desk.resolve_letter(shop, letter.op, LetterChoice::Theirs)
            .await
            .unwrap();
        until(&desk, "the note behind it", async || {
            site.pass_seconds(5);
            desk.sync_now(shop).await.unwrap();
            (market.notes(order).len() == 1).then_some(())
        })
        .await;
        assert_eq!(market.order(order)["status"], json!("cancelled"));
        assert!(!market.confirmed(order));
    });
}
