//! The exchange with a shop: what comes in, what goes out, each once, whatever happens between.

use crate::site::{
    IRON, KETTLE, Market, Site, card, centre, code, operations_of, remote, settled, shop_of, step,
    task_for, task_of, until,
};
use app::Desk;
use app::view::{DeskAction, DeskState, Draft, ErrorCode, LineEdit, SyncPhase};
use rules::id::ShopId;
use serde_json::json;
use std::time::{Duration, Instant};
use testkit::woo::Fault;

/// Confirms an order by phone, from its task to the saved result.
async fn confirm(site: &Site, desk: &Desk, order: u64, comment: &str) {
    let task = task_for(desk, order).await;
    desk.take_task(task).await.unwrap();
    site.call(desk).await;
    site.confirm(desk, comment).await;
}

/// The same with three kettles more.
async fn confirm_changed(site: &Site, desk: &Desk, order: u64) {
    let task = task_for(desk, order).await;
    desk.take_task(task).await.unwrap();
    let view = site.call(desk).await;
    let line = card(&view).order.lines[0].clone();
    desk.edit_line(LineEdit::SetQuantity {
        key: line.key,
        quantity: line.quantity + 3,
    })
    .await
    .unwrap();
    site.confirm(desk, "").await;
}

async fn phase(desk: &Desk, shop: ShopId, wanted: SyncPhase) {
    until(desk, &format!("{wanted:?}"), async || {
        (shop_of(desk, shop).await.sync.phase == wanted).then_some(())
    })
    .await;
}

/// One poll more than the one under way: whatever the shop had to say by now has been heard.
async fn heard(market: &Market, desk: &Desk, shop: ShopId) {
    let polls = || {
        let log = market.double.log();
        log.iter()
            .filter(|one| one.method == "GET" && one.route == "/wc/v3/orders")
            .count()
    };
    let before = polls();
    until(desk, "two polls", async || {
        desk.sync_now(shop).await.unwrap();
        (polls() >= before + 2).then_some(())
    })
    .await;
}

#[test]
fn only_new_orders_become_tasks_and_the_echo_of_our_own_confirmation_none() {
    let (market, site) = (Market::open(), Site::new());
    let fresh = market.take("processing");
    let waiting = market.take("on-hold");
    for done in ["completed", "cancelled", "refunded", "failed"] {
        market.take(done);
    }
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        assert_eq!(shop_of(&desk, shop).await.name, "Побут");
        let page = desk.queue(0, 500).await.unwrap();
        let mut numbers: Vec<_> = page
            .rows
            .iter()
            .map(|row| row.order_number.clone())
            .collect();
        numbers.sort();
        assert_eq!(
            numbers,
            [fresh.to_string(), waiting.to_string()],
            "closed orders need no call"
        );
        assert_eq!(
            shop_of(&desk, shop).await.sync.orders,
            6,
            "but they are known"
        );
        confirm(&site, &desk, fresh, "").await;
        site.pass_undo();
        settled(&desk, shop).await;
        heard(&market, &desk, shop).await;
        assert!(market.confirmed(fresh), "the shop has it");
        assert_eq!(task_of(&desk, fresh).await, None, "our own echo is no news");
        assert_eq!(desk.queue(0, 500).await.unwrap().total, 1);
    });
}

#[test]
fn a_result_arrives_once_with_field_lines_totals_and_note() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let task = task_for(&desk, order).await;
        desk.take_task(task).await.unwrap();
        let view = site.call(&desk).await;
        let line = card(&view).order.lines[0].clone();
        let second = card(&view).order.lines[1].clone();
        assert_eq!(
            second.name, "<img src=x onerror=alert(1)>",
            "the shop's text is only text"
        );
        desk.edit_line(LineEdit::SetQuantity {
            key: line.key,
            quantity: 5,
        })
        .await
        .unwrap();
        desk.edit_line(LineEdit::Add {
            product: remote(IRON),
        })
        .await
        .unwrap();
        let view = desk.desk().await.unwrap();
        let promised = card(&view).order.total;
        site.confirm(&desk, "Доставити після 18:00").await;
        heard(&market, &desk, shop).await;
        assert_eq!(
            market.writes(),
            0,
            "nothing leaves while it can be taken back"
        );
        site.pass_undo();
        settled(&desk, shop).await;
        let seen = market.order(order);
        assert_eq!(
            seen["status"],
            json!("processing"),
            "cash on delivery stays as it was"
        );
        assert_eq!(seen["line_items"][0]["quantity"], json!(5));
        assert_eq!(
            seen["line_items"][0]["total"],
            json!("6497.50"),
            "five kettles at their price"
        );
        let pieces: i64 = seen["line_items"]
            .as_array()
            .unwrap()
            .iter()
            .filter(|line| line["product_id"] == json!(IRON))
            .map(|line| line["quantity"].as_i64().unwrap())
            .sum();
        assert_eq!(pieces, 2, "one iron more");
        assert_eq!(
            seen["total"],
            json!(promised.to_decimal()),
            "the customer pays what was said"
        );
        assert_eq!(
            market.stock_of(KETTLE),
            Some(95),
            "the stock has moved once"
        );
        assert_eq!(market.stock_of(IRON), Some(98));
        assert!(market.field(order, "_dzvinok_confirmed_by").is_some());
        assert_eq!(
            market.field(order, "_dzvinok_confirmed_result"),
            Some(json!("confirmed_with_changes"))
        );
        let notes = market.notes(order);
        assert_eq!(notes.len(), 1, "{notes:?}");
        assert!(
            notes[0].contains("Доставити після 18:00") && notes[0].contains("Олена Адмін"),
            "{notes:?}"
        );
        assert_eq!(
            market.writes(),
            3,
            "the edit, the confirmation, the note: no more"
        );
        assert!(
            operations_of(&desk, shop, order).await.is_empty(),
            "nothing is left to look at"
        );
    });
}

#[test]
fn undo_stops_everything_before_it_leaves_and_too_late_is_too_late() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        confirm(&site, &desk, order, "").await;
        site.pass_seconds(9);
        heard(&market, &desk, shop).await;
        let view = desk.undo_result().await.unwrap();
        assert_eq!(view.state, DeskState::WrapUp);
        site.pass_seconds(60);
        heard(&market, &desk, shop).await;
        assert_eq!(market.writes(), 0, "what was taken back never leaves");
        assert!(market.notes(order).is_empty() && !market.confirmed(order));
        let view = desk
            .save_result(card(&view).draft.clone(), false)
            .await
            .unwrap();
        assert_eq!(view.state, DeskState::Ready);
        site.pass_undo();
        settled(&desk, shop).await;
        assert_eq!(
            code(desk.undo_result().await),
            ErrorCode::UndoTooLate,
            "the shop has it"
        );
        assert_eq!(
            (market.notes(order).len(), market.confirmed(order)),
            (1, true)
        );
    });
}

#[test]
fn an_order_that_the_shop_settles_needs_no_call_unless_someone_has_it_in_hand() {
    let (market, site) = (Market::open(), Site::new());
    let (open, held, called) = (
        market.take("processing"),
        market.take("processing"),
        market.take("processing"),
    );
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        desk.take_task(task_for(&desk, held).await).await.unwrap();
        for order in [open, held] {
            market.set_status(order, "cancelled");
        }
        until(&desk, "the open task is withdrawn", async || {
            task_of(&desk, open).await.is_none().then_some(())
        })
        .await;
        market.set_status(open, "processing");
        until(
            &desk,
            "what the shop takes up again is offered again",
            async || task_of(&desk, open).await,
        )
        .await;
        market.set_status(open, "cancelled");
        until(&desk, "and withdrawn again", async || {
            task_of(&desk, open).await.is_none().then_some(())
        })
        .await;
        let view = desk.desk().await.unwrap();
        assert_eq!(
            view.state,
            DeskState::Preview,
            "what is in hand stays in hand"
        );
        assert_eq!(
            card(&view).order.status,
            "cancelled",
            "and says how the order stands"
        );
        desk.act(DeskAction::PutBack).await.unwrap();
        assert_eq!(
            task_of(&desk, held).await,
            None,
            "put back, it is not offered to the next person"
        );
        // The same when an attempt that reached nobody would put it back.
        desk.take_task(task_for(&desk, called).await).await.unwrap();
        desk.act(DeskAction::Dial).await.unwrap();
        market.set_status(called, "completed");
        heard(&market, &desk, shop).await;
        let view = desk.act(DeskAction::NoAnswer).await.unwrap();
        desk.save_result(card(&view).draft.clone(), false)
            .await
            .unwrap();
        assert_eq!(
            desk.queue(0, 10).await.unwrap().total,
            0,
            "nobody is called about a settled order"
        );
        let view = desk.undo_result().await.unwrap();
        assert_eq!(
            view.state,
            DeskState::WrapUp,
            "even so it can be taken back"
        );
    });
}

#[test]
fn work_goes_on_while_the_shop_is_away_and_the_result_arrives_when_it_is_back() {
    let (market, site) = (Market::open(), Site::new());
    let (first, second) = (market.take("processing"), market.take("processing"));
    let shop = site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        market.double.switch_off(true);
        phase(&desk, shop, SyncPhase::Unreachable).await;
        let view = desk.desk().await.unwrap();
        assert_eq!(view.unreachable, ["Побут"], "a quiet sign");
        let error = shop_of(&desk, shop)
            .await
            .sync
            .error
            .expect("the reason, in words");
        assert!(!error.message.is_empty());
        confirm(&site, &desk, first, "").await;
        site.pass_undo();
        confirm(&site, &desk, second, "").await;
        site.pass_undo();
        let sync = shop_of(&desk, shop).await.sync;
        assert_eq!(
            (sync.waiting, sync.dead),
            (4, 0),
            "two confirmations and two notes wait"
        );
        shop
    });
    site.sit_as_admin(async |desk| {
        phase(&desk, shop, SyncPhase::Unreachable).await;
        assert_eq!(
            shop_of(&desk, shop).await.sync.waiting,
            4,
            "they wait through a restart too"
        );
        market.double.switch_off(false);
        until(&desk, "both arrive", async || {
            site.pass_seconds(5);
            desk.sync_now(shop).await.unwrap();
            (shop_of(&desk, shop).await.sync.waiting == 0).then_some(())
        })
        .await;
        phase(&desk, shop, SyncPhase::Idle).await;
        assert!(desk.desk().await.unwrap().unreachable.is_empty());
        for order in [first, second] {
            assert_eq!(
                (market.confirmed(order), market.notes(order).len()),
                (true, 1),
                "each once"
            );
        }
    });
}

#[test]
fn a_write_whose_answer_was_cut_is_looked_for_after_the_quiet_time_and_not_doubled() {
    for fault in [Fault::CutAfter, Fault::FailAfter, Fault::CutBefore] {
        let (market, site) = (Market::open(), Site::new());
        let order = market.take("processing");
        site.sit_as_admin(async |desk| {
            let shop = market.connect(&desk).await;
            market
                .double
                .fail_next("POST", "/wc/v3/orders", fault.clone());
            market
                .double
                .fail_next("PUT", "/wc/v3/orders", fault.clone());
            confirm_changed(&site, &desk, order).await;
            site.pass_undo();
            until(&desk, "doubt", async || {
                desk.sync_now(shop).await.unwrap();
                let sync = shop_of(&desk, shop).await.sync;
                (sync.in_doubt == 1).then_some(())
            })
            .await;
            let written = market.writes();
            heard(&market, &desk, shop).await;
            assert_eq!(
                market.writes(),
                written,
                "in doubt nothing is repeated ({fault:?})"
            );
            let listed = operations_of(&desk, shop, order).await;
            assert_eq!(
                (listed[0].kind.as_str(), listed[0].state.as_str()),
                ("edit_lines", "doubt")
            );
            assert!(
                listed[1..].iter().all(|one| one.state == "waiting"),
                "what follows waits: {listed:?}"
            );
            until(&desk, "everything there", async || {
                site.pass_seconds(61);
                desk.sync_now(shop).await.unwrap();
                let sync = shop_of(&desk, shop).await.sync;
                (sync.waiting + sync.in_doubt == 0).then_some(())
            })
            .await;
            assert_eq!(
                market.order(order)["line_items"][0]["quantity"],
                json!(5),
                "{fault:?}"
            );
            assert_eq!(
                market.stock_of(KETTLE),
                Some(95),
                "the stock has moved once ({fault:?})"
            );
            assert_eq!(market.notes(order).len(), 1, "{fault:?}");
            assert_eq!(
                confirmations(&market.order(order)),
                1,
                "confirmed once ({fault:?})"
            );
            assert_eq!(shop_of(&desk, shop).await.sync.dead, 0);
        });
    }
}

/// How often the field of a confirmation is at the order.
fn confirmations(order: &serde_json::Value) -> usize {
    let fields = order["meta_data"].as_array().unwrap();
    fields
        .iter()
        .filter(|field| field["key"] == json!("_dzvinok_confirmed_at"))
        .count()
}

#[test]
fn a_note_whose_answer_was_cut_is_not_written_twice() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        // The confirmation goes through; the note's answer is lost.
        confirm(&site, &desk, order, "раз").await;
        market.double.switch_off(true);
        site.pass_undo();
        phase(&desk, shop, SyncPhase::Unreachable).await;
        market.double.switch_off(false);
        let note = format!("/wc/v3/orders/{order}/notes");
        market
            .double
            .fail_next("POST", Box::leak(note.into_boxed_str()), Fault::CutAfter);
        until(&desk, "the note there and known to be", async || {
            site.pass_seconds(10);
            desk.sync_now(shop).await.unwrap();
            let sync = shop_of(&desk, shop).await.sync;
            (sync.waiting + sync.in_doubt == 0).then_some(())
        })
        .await;
        assert!(market.double.has_failed_as_planned(), "the answer was lost");
        assert_eq!(market.notes(order).len(), 1, "once for all that");
    });
}

#[test]
fn what_the_shop_refuses_is_listed_with_words_and_holds_back_only_its_own_order() {
    let (market, site) = (Market::open(), Site::new());
    let (stuck, free) = (market.take("processing"), market.take("processing"));
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let task = task_for(&desk, stuck).await;
        desk.take_task(task).await.unwrap();
        let view = site.call(&desk).await;
        let line = card(&view).order.lines[0].clone();
        desk.edit_line(LineEdit::SetQuantity {
            key: line.key,
            quantity: 7,
        })
        .await
        .unwrap();
        site.confirm(&desk, "").await;
        // The shop's own staff changes the same line before our edit arrives.
        market.double.shelf().pass(1);
        market.double.shelf().set_pieces(stuck, 0, 4);
        site.pass_undo();
        confirm(&site, &desk, free, "").await;
        site.pass_undo();
        until(&desk, "the other order's result", async || {
            desk.sync_now(shop).await.unwrap();
            (market.confirmed(free) && market.notes(free).len() == 1).then_some(())
        })
        .await;
        until(&desk, "the dead edit", async || {
            (shop_of(&desk, shop).await.sync.dead == 1).then_some(())
        })
        .await;
        let listed = operations_of(&desk, shop, stuck).await;
        let states: Vec<_> = listed
            .iter()
            .map(|one| (one.kind.as_str(), one.state.as_str()))
            .collect();
        assert_eq!(
            states,
            [
                ("edit_lines", "dead"),
                ("confirm", "waiting"),
                ("add_note", "waiting")
            ]
        );
        let error = listed[0].error.as_ref().expect("why, in words");
        assert_eq!(error.code, ErrorCode::ShopConflict);
        assert!(!error.message.starts_with("error-"), "{}", error.message);
        assert!(
            !market.confirmed(stuck),
            "a confirmation never overtakes the edit it confirms"
        );
        let again = desk.retry_operation(shop, listed[1].id).await;
        assert!(again.is_err(), "only what is dead is tried again");
        // Someone puts the line back as the customer saw it and asks to try again.
        market.double.shelf().pass(1);
        market.double.shelf().set_pieces(stuck, 0, 2);
        desk.retry_operation(shop, listed[0].id).await.unwrap();
        until(&desk, "the stuck order", async || {
            site.pass_seconds(5);
            desk.sync_now(shop).await.unwrap();
            let sync = shop_of(&desk, shop).await.sync;
            (sync.waiting + sync.in_doubt + sync.dead == 0).then_some(())
        })
        .await;
        let seen = market.order(stuck);
        assert_eq!(seen["line_items"][0]["quantity"], json!(7));
        assert_eq!(
            (market.confirmed(stuck), market.notes(stuck).len()),
            (true, 1)
        );
    });
}

#[test]
fn a_desk_that_dies_with_a_write_on_its_way_finds_it_there_and_does_not_double_it() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    let shop = site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        // It is done at the shop, and the answer does not come before the desk is dead.
        market.double.fail_next(
            "PUT",
            "/wc/v3/orders",
            Fault::Delay(Duration::from_mins(10)),
        );
        market.double.fail_next(
            "POST",
            "/wc/v3/orders",
            Fault::Delay(Duration::from_mins(10)),
        );
        confirm_changed(&site, &desk, order).await;
        site.pass_undo();
        desk.sync_now(shop).await.unwrap();
        until(&desk, "done at the shop", async || {
            (market.stock_of(KETTLE) == Some(95)).then_some(())
        })
        .await;
        shop
    });
    // Of the two only one was met; the other must not hang the next sitting.
    market.double.forget_faults();
    let written = market.writes();
    site.sit_as_admin(async |desk| {
        until(&desk, "doubt at the restart", async || {
            (shop_of(&desk, shop).await.sync.in_doubt == 1).then_some(())
        })
        .await;
        heard(&market, &desk, shop).await;
        assert_eq!(market.writes(), written, "not before the quiet time");
        until(&desk, "everything there", async || {
            site.pass_seconds(61);
            desk.sync_now(shop).await.unwrap();
            let sync = shop_of(&desk, shop).await.sync;
            (sync.waiting + sync.in_doubt == 0).then_some(())
        })
        .await;
        assert_eq!(market.order(order)["line_items"][0]["quantity"], json!(5));
        assert_eq!(
            market.stock_of(KETTLE),
            Some(95),
            "the edit was found, not repeated"
        );
        assert_eq!(market.notes(order).len(), 1);
        assert!(market.confirmed(order));
        assert_eq!(
            market.writes(),
            written + 2,
            "the confirmation and the note"
        );
    });
}

#[test]
fn operations_of_an_order_leave_in_the_order_of_saving() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        market.double.clear_log();
        confirm_changed(&site, &desk, order).await;
        site.pass_undo();
        settled(&desk, shop).await;
        let log = market.double.log();
        let writes: Vec<_> = log
            .iter()
            .filter(|one| one.method != "GET" && !one.route.ends_with("/orders/0"))
            .collect();
        assert!(
            writes[0].body.contains("line_items"),
            "the edit first: {}",
            writes[0].body
        );
        assert!(
            writes[1].body.contains("_dzvinok_confirmed_at"),
            "then the confirmation: {}",
            writes[1].body
        );
        assert!(
            writes[2].route.ends_with("/notes"),
            "the note last: {}",
            writes[2].route
        );
    });
}

#[test]
fn a_cancellation_and_a_callback_tell_the_shop_what_they_should() {
    let (market, site) = (Market::open(), Site::new());
    let (cancelled, later) = (market.take("processing"), market.take("processing"));
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        desk.take_task(task_for(&desk, cancelled).await)
            .await
            .unwrap();
        let view = site.call(&desk).await;
        let view = desk.answer(step(&view), Some(1), None).await.unwrap();
        let view = desk.answer(step(&view), Some(3), None).await.unwrap();
        let view = desk.answer(step(&view), Some(1), None).await.unwrap();
        assert_eq!(card(&view).draft.outcome, "cancelled");
        desk.act(DeskAction::HangUp).await.unwrap();
        desk.save_result(card(&view).draft.clone(), false)
            .await
            .unwrap();
        desk.take_task(task_for(&desk, later).await).await.unwrap();
        site.call(&desk).await;
        desk.act(DeskAction::HangUp).await.unwrap();
        let at = site.clock.now() + chrono::TimeDelta::hours(2);
        let draft = Draft {
            outcome: "callback".to_owned(),
            reason: "order".to_owned(),
            subreason: "confirmation".to_owned(),
            comment: String::new(),
            callback_at: Some(at),
        };
        desk.save_result(draft, false).await.unwrap();
        site.pass_undo();
        settled(&desk, shop).await;
        let seen = market.order(cancelled);
        assert_eq!(seen["status"], json!("cancelled"));
        assert_eq!(market.notes(cancelled).len(), 1);
        assert!(
            market.notes(later).is_empty() && !market.confirmed(later),
            "an attempt is the centre's business"
        );
        heard(&market, &desk, shop).await;
        assert!(task_of(&desk, later).await.is_some(), "the promise stands");
        assert_eq!(task_of(&desk, cancelled).await, None);
    });
}

#[test]
fn a_number_that_cannot_be_dialled_is_called_by_hand_or_said_to_be_wrong() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    market.double.shelf().set_phone(order, "спитати в Олі");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        desk.take_task(task_for(&desk, order).await).await.unwrap();
        let view = desk.act(DeskAction::Dial).await.unwrap();
        assert_eq!(view.state, DeskState::Dialling);
        let notice = view.notice.expect("it says why nothing rings");
        assert_eq!(notice.code, ErrorCode::NumberInvalid);
        assert!(
            site.dialled.lock().unwrap().is_empty(),
            "no program is handed a text"
        );
        desk.act(DeskAction::HangUp).await.unwrap();
        let draft = Draft {
            outcome: "wrong_number".to_owned(),
            reason: "order".to_owned(),
            subreason: "confirmation".to_owned(),
            comment: "у замовленні немає номера".to_owned(),
            callback_at: None,
        };
        let view = desk.save_result(draft, false).await.unwrap();
        assert_eq!(
            (view.state, view.notice.is_none()),
            (DeskState::Ready, true)
        );
        assert_eq!(
            task_of(&desk, order).await,
            None,
            "the task does not come up for ever"
        );
        site.pass_undo();
        settled(&desk, shop).await;
        assert_eq!(market.notes(order).len(), 1, "and the shop is told");
    });
}

#[test]
fn a_key_that_the_shop_has_revoked_stops_the_exchange_and_loses_nothing() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        task_for(&desk, order).await;
        let keys = std::mem::take(&mut market.double.shelf().keys);
        phase(&desk, shop, SyncPhase::Stopped).await;
        let error = shop_of(&desk, shop).await.sync.error.expect("why");
        assert_eq!(error.code, ErrorCode::ShopWrongKey, "a person must mend it");
        assert!(
            desk.desk().await.unwrap().unreachable.is_empty(),
            "it is not a matter of waiting"
        );
        confirm(&site, &desk, order, "").await;
        site.pass_undo();
        let sync = shop_of(&desk, shop).await.sync;
        assert_eq!((sync.waiting, sync.dead), (2, 0), "work goes on");
        market.double.shelf().keys = keys;
        until(&desk, "the result", async || {
            site.pass_seconds(61);
            desk.sync_now(shop).await.unwrap();
            (shop_of(&desk, shop).await.sync.waiting == 0).then_some(())
        })
        .await;
        assert_eq!(
            (market.confirmed(order), market.notes(order).len()),
            (true, 1)
        );
        phase(&desk, shop, SyncPhase::Idle).await;
    });
}

/// Till the middle of the next night at the shop, and to the look at what stands there twice.
async fn a_night_passes(site: &Site, desk: &Desk, shop: ShopId) {
    site.pass_seconds(24 * 3_600);
    desk.sync_now(shop).await.unwrap();
}

#[test]
fn a_note_that_something_on_the_way_doubled_is_single_again_after_the_night() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        confirm(&site, &desk, order, "двічі").await;
        site.pass_undo();
        settled(&desk, shop).await;
        // A proxy on the way repeats the write when nobody looks any more.
        let note = market.notes(order)[0].clone();
        market.double.shelf().write_note(order, &note);
        heard(&market, &desk, shop).await;
        assert_eq!(market.notes(order).len(), 2, "swept by night");
        a_night_passes(&site, &desk, shop).await;
        until(&desk, "the surplus gone", async || {
            (market.notes(order).len() == 1).then_some(())
        })
        .await;
        heard(&market, &desk, shop).await;
        assert!(
            market.notes(order)[0].contains("двічі"),
            "one is left, and no more is taken"
        );
        market.double.clear_log();
        a_night_passes(&site, &desk, shop).await;
        heard(&market, &desk, shop).await;
        let log = market.double.log();
        assert!(
            !log.iter().any(|one| one.route.ends_with("/notes")),
            "what was swept is left alone from then on"
        );
    });
}

#[test]
fn a_change_that_does_not_move_the_date_is_read_when_the_order_comes_round_again() {
    let (market, site) = (Market::open(), Site::new());
    let order = market.take("processing");
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        desk.take_task(task_for(&desk, order).await).await.unwrap();
        let before = card(&desk.desk().await.unwrap()).order.total;
        // A manager's discount by hand, long after the order: the shop does not stamp it.
        market.double.shelf().pass(600);
        heard(&market, &desk, shop).await;
        market.double.shelf().discount_line(order, 0, 100);
        heard(&market, &desk, shop).await;
        let view = desk.desk().await.unwrap();
        assert_eq!(card(&view).order.total, before, "no pull goes by it");
        site.pass_seconds(7 * 3_600);
        desk.sync_now(shop).await.unwrap();
        let total = until(&desk, "the new total", async || {
            let view = desk.desk().await.unwrap();
            let total = card(&view).order.total;
            (total != before).then_some(total)
        })
        .await;
        assert_eq!(
            (before.minor - total.minor, total.to_decimal()),
            (
                10_000,
                market.order(order)["total"].as_str().unwrap().to_owned()
            ),
            "as the shop has it"
        );
    });
}

#[test]
fn an_order_that_the_shop_chokes_on_is_given_up_after_eight_tries_and_blocks_nobody() {
    let (market, site) = (Market::open(), Site::new());
    let (bad, good) = (market.take("processing"), market.take("processing"));
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        let notes = format!("/wc/v3/orders/{bad}/notes");
        for _ in 0..20 {
            market.double.fail_next("POST", &notes, Fault::Page(500));
        }
        confirm(&site, &desk, bad, "раз").await;
        confirm(&site, &desk, good, "два").await;
        site.pass_undo();
        until(&desk, "the other order's result", async || {
            desk.sync_now(shop).await.unwrap();
            (market.notes(good).len() == 1).then_some(())
        })
        .await;
        assert_eq!(shop_of(&desk, shop).await.sync.dead, 0, "not at once");
        until(&desk, "the note given up", async || {
            site.pass_seconds(61);
            desk.sync_now(shop).await.unwrap();
            (shop_of(&desk, shop).await.sync.dead == 1).then_some(())
        })
        .await;
        let posts = || {
            let log = market.double.log();
            log.iter()
                .filter(|one| one.method == "POST" && one.route == notes)
                .count()
        };
        assert_eq!(posts(), 8, "eight tries, with a look before each");
        heard(&market, &desk, shop).await;
        assert_eq!(posts(), 8, "and then it waits for a person");
        market.double.forget_faults();
        let letter = operations_of(&desk, shop, bad).await[0].id;
        desk.retry_operation(shop, letter).await.unwrap();
        until(&desk, "the note", async || {
            (market.notes(bad).len() == 1).then_some(())
        })
        .await;
    });
}

#[test]
fn a_shop_that_asks_to_wait_is_left_alone_for_so_long_even_if_a_person_asks() {
    let (market, site) = (Market::open(), Site::new());
    site.sit_as_admin(async |desk| {
        let shop = market.connect(&desk).await;
        market
            .double
            .fail_next("GET", "/wc/v3/orders", Fault::TooMany(600));
        phase(&desk, shop, SyncPhase::Unreachable).await;
        market.double.clear_log();
        for _ in 0..5 {
            desk.sync_now(shop).await.unwrap();
            site.pass_seconds(100);
        }
        let order = market.take("processing");
        assert_eq!(market.double.log(), [], "not before its time");
        site.pass_seconds(200);
        desk.sync_now(shop).await.unwrap();
        task_for(&desk, order).await;
        phase(&desk, shop, SyncPhase::Idle).await;
    });
}

#[test]
fn a_first_import_that_broke_off_goes_on_where_it_was_and_work_starts_with_the_newest() {
    let (market, site) = (Market::open(), Site::new());
    let orders: Vec<_> = (0..350).map(|_| market.take("processing")).collect();
    let (oldest, newest) = (orders[0], orders[349]);
    let imported = |desk: &Desk, shop: ShopId, least: u32| {
        let desk = desk.clone();
        async move {
            until(&desk, "orders", async || {
                (shop_of(&desk, shop).await.sync.orders >= least).then_some(())
            })
            .await;
        }
    };
    let shop = site.sit_as_admin(async |desk| {
        // At most three pages come before the desk is closed.
        market.double.fail_nth(
            3,
            "GET",
            "/wc/v3/orders",
            Fault::Delay(Duration::from_mins(10)),
        );
        let shop = desk.connect_shop(market.input()).await.unwrap().id;
        imported(&desk, shop, 100).await;
        task_for(&desk, newest).await;
        assert_eq!(task_of(&desk, oldest).await, None, "the oldest come last");
        shop
    });
    market.double.forget_faults();
    market.double.clear_log();
    site.sit_as_admin(async |desk| {
        imported(&desk, shop, 350).await;
        task_for(&desk, oldest).await;
        let log = market.double.log();
        let first = log
            .iter()
            .find(|one| one.route == "/wc/v3/orders")
            .expect("orders were asked for");
        assert!(
            first.query.iter().any(|(name, _)| name == "before"),
            "not from the beginning again: {:?}",
            first.query
        );
    });
}

#[test]
fn a_change_at_the_shop_shows_within_one_polling_interval_and_a_second() {
    let (market, site) = (Market::open(), Site::new());
    let orders: Vec<_> = (0..3).map(|_| market.take("processing")).collect();
    let mut options = site.options();
    options.timing.poll = Duration::from_secs(1);
    let bound = options.timing.poll + Duration::from_secs(1);
    Site::sit_with(options, async |desk| {
        desk.create_centre(centre()).await.unwrap();
        market.connect(&desk).await;
        for order in orders {
            task_for(&desk, order).await;
            market.set_status(order, "cancelled");
            let changed = Instant::now();
            until(&desk, "the change", async || {
                task_of(&desk, order).await.is_none().then_some(())
            })
            .await;
            let lag = changed.elapsed();
            assert!(lag <= bound, "{lag:?} until it showed");
        }
    });
}
