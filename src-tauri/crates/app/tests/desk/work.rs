//! The operator's day on the sample shop: the queue, the call, the result.

use crate::site::{ADMIN, PASSWORD, Site, card, change_person, code, person, step};
use app::Desk;
use app::view::{
    CallsRequest, DeskAction, DeskState, DeskView, Draft, ErrorCode, Language, LineEdit,
    LoadRequest, PauseReason, QueueRow, Segment,
};
use chrono::{NaiveDate, TimeDelta};
use rules::id::{ShopId, TaskId};
use rules::role::Role;

const HOSTILE: &str =
    "<script>alert(1)</script> {{ order.total }} '; DROP TABLE task; -- \u{202e}ab %s \"\\";

async fn sample(desk: &Desk) -> ShopId {
    desk.make_sample_of(Language::Uk, Some(60))
        .await
        .unwrap()
        .id
}

async fn row_of(desk: &Desk, task: TaskId) -> Option<QueueRow> {
    let page = desk.queue(0, 500).await.unwrap();
    page.rows.into_iter().find(|row| row.task == task)
}

async fn hang_up(site: &Site, desk: &Desk) -> DeskView {
    let view = desk.act(DeskAction::HangUp).await.unwrap();
    assert_eq!(view.state, DeskState::WrapUp);
    site.pass_seconds(5);
    view
}

async fn unanswered(site: &Site, desk: &Desk) -> DeskView {
    desk.act(DeskAction::Dial).await.unwrap();
    site.pass_seconds(25);
    let view = desk.act(DeskAction::NoAnswer).await.unwrap();
    assert_eq!(
        card(&view).draft.outcome,
        "no_answer",
        "the key says the outcome too"
    );
    desk.save_result(card(&view).draft.clone(), false)
        .await
        .unwrap()
}

fn draft(outcome: &str) -> Draft {
    Draft {
        outcome: outcome.to_owned(),
        reason: "order".to_owned(),
        subreason: "confirmation".to_owned(),
        ..Draft::default()
    }
}

fn days() -> (NaiveDate, NaiveDate) {
    (
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
        NaiveDate::from_ymd_opt(2026, 3, 2).unwrap(),
    )
}

async fn calls_today(desk: &Desk, shop: ShopId) -> (u32, u32) {
    let (from, to) = days();
    let load = desk.load(LoadRequest { shop, from, to }).await.unwrap();
    let request = CallsRequest {
        shop,
        from,
        to,
        weekday: None,
        hour: None,
        outcome: None,
        reason: None,
        subreason: None,
        offset: 0,
        limit: 500,
    };
    (load.calls, desk.calls(request).await.unwrap().total)
}

#[test]
fn a_plain_confirmation_is_seven_steps() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let before = calls_today(&desk, shop).await;
        let view = desk.act(DeskAction::NextTask).await.unwrap();
        assert_eq!(view.state, DeskState::Preview);
        assert!(
            card(&view).phone_masked && card(&view).phone.contains(['*', '•']),
            "the number is hidden before the call"
        );
        assert_eq!(view.actions, [DeskAction::Dial, DeskAction::PutBack]);
        let (order, task) = (card(&view).order.number.clone(), card(&view).task);
        let view = desk.act(DeskAction::Dial).await.unwrap();
        assert_eq!(view.state, DeskState::Dialling);
        let dialled = site.dialled.lock().unwrap().clone();
        assert!(
            dialled.len() == 1 && dialled[0].starts_with("tel:+380"),
            "the whole number goes to the phone: {dialled:?}"
        );
        site.pass_seconds(5);
        let view = desk.act(DeskAction::Answered).await.unwrap();
        assert_eq!(view.state, DeskState::Talking);
        site.pass_seconds(20);
        let view = desk.answer(step(&view), Some(1), None).await.unwrap();
        site.pass_seconds(20);
        let view = desk.answer(step(&view), Some(1), None).await.unwrap();
        assert_eq!(
            card(&view).draft.outcome,
            "confirmed",
            "the script sets the outcome"
        );
        assert_eq!(card(&view).draft.reason, "order", "and the reason");
        assert!(
            card(&view)
                .checklist
                .iter()
                .all(|point| point.ticked || !point.required),
            "and ticks the points"
        );
        let view = hang_up(&site, &desk).await;
        assert!(
            card(&view).blockers.is_empty(),
            "{:?}",
            card(&view).blockers
        );
        let saved = desk
            .save_result(card(&view).draft.clone(), true)
            .await
            .unwrap();
        assert_eq!(
            saved.state,
            DeskState::Preview,
            "Ctrl+Enter has taken the next"
        );
        assert_ne!(card(&saved).order.number, order);
        assert_eq!(saved.saved_today, 1);
        let undo = saved.undo.unwrap();
        assert_eq!(
            (undo.order_number, undo.outcome.as_str()),
            (order, "confirmed")
        );
        assert!(row_of(&desk, task).await.is_none(), "the task is done");
        let after = calls_today(&desk, shop).await;
        assert_eq!(
            after,
            (before.0 + 1, before.1 + 1),
            "the call is counted once"
        );
        let calls = desk.operations(shop).await.unwrap();
        let kinds: Vec<_> = calls.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(kinds, ["confirm", "add_note"], "what the shop will be told");
    });
}

#[test]
fn a_task_has_one_holder() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        desk.add_person(person("iryna", Role::Operator))
            .await
            .unwrap();
        sample(&desk).await;
        let first = desk.act(DeskAction::NextTask).await.unwrap();
        let task = card(&first).task;
        assert_eq!(
            code(desk.act(DeskAction::NextTask).await),
            ErrorCode::CallOpen,
            "one at a time"
        );
        assert_eq!(code(desk.take_task(task).await), ErrorCode::CallOpen);
        assert!(
            row_of(&desk, task).await.is_none(),
            "what is held is not offered"
        );
    });
    // The desk stopped with the task in hand: another person sits down.
    site.sit(async |desk| {
        desk.start().await.unwrap();
        desk.sign_in("iryna".to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        assert_eq!(
            desk.desk().await.unwrap().state,
            DeskState::Ready,
            "another's task is not hers"
        );
        let view = desk.act(DeskAction::NextTask).await.unwrap();
        let hers = card(&view).task;
        change_person(&desk, ADMIN).await;
        let view = desk.desk().await.unwrap();
        let his = card(&view).task;
        assert_eq!(
            view.state,
            DeskState::Preview,
            "the task waited for its holder"
        );
        assert_ne!(his, hers, "two people never get the same");
        desk.sign_out().await.unwrap();
        desk.sign_in("iryna".to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        let view = desk.take_task(his).await.unwrap();
        assert_eq!(
            card(&view).task,
            his,
            "put back by signing out, anyone may take it"
        );
    });
    site.sit(async |desk| {
        desk.start().await.unwrap();
        desk.sign_in(ADMIN.to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        let queue = desk.queue(0, 500).await.unwrap();
        let view = desk.act(DeskAction::NextTask).await.unwrap();
        assert_eq!(
            card(&view).task,
            queue.rows[0].task,
            "the next is the first of the list"
        );
        desk.act(DeskAction::PutBack).await.unwrap();
    });
    site.sit(async |desk| {
        desk.start().await.unwrap();
        desk.sign_in("iryna".to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        let view = desk.desk().await.unwrap();
        let held = card(&view).task;
        site.call(&desk).await;
        // Nobody can leave in a call; the desk stops instead, and someone else tries.
        assert_eq!(card(&desk.desk().await.unwrap()).task, held);
    });
    site.sit_as_admin(async |desk| {
        let rows = desk.queue(0, 500).await.unwrap().rows;
        let mine = card(&desk.act(DeskAction::NextTask).await.unwrap()).task;
        assert!(
            rows.iter().any(|row| row.task == mine),
            "never the one that is in a call"
        );
    });
}

#[test]
fn taking_what_another_holds_is_refused_with_a_word() {
    let site = Site::quiet();
    let held = site.sit_as_admin(async |desk| {
        desk.add_person(person("iryna", Role::Operator))
            .await
            .unwrap();
        sample(&desk).await;
        card(&desk.act(DeskAction::NextTask).await.unwrap()).task
    });
    site.sit(async |desk| {
        desk.start().await.unwrap();
        desk.sign_in("iryna".to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        assert_eq!(code(desk.take_task(held).await), ErrorCode::TaskTaken);
    });
    site.sit_as_admin(async |desk| {
        site.call(&desk).await;
        site.confirm(&desk, "").await;
        assert_eq!(
            code(desk.take_task(held).await),
            ErrorCode::NotFound,
            "a finished one is no longer there"
        );
    });
}

#[test]
fn each_key_works_in_its_state_and_in_no_other() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        sample(&desk).await;
        let line = [
            DeskAction::Dial,
            DeskAction::PutBack,
            DeskAction::Answered,
            DeskAction::NoAnswer,
            DeskAction::Busy,
            DeskAction::Hold,
            DeskAction::Resume,
            DeskAction::HangUp,
        ];
        let way = [
            (DeskAction::NextTask, DeskState::Preview),
            (DeskAction::Dial, DeskState::Dialling),
            (DeskAction::Answered, DeskState::Talking),
            (DeskAction::Hold, DeskState::Hold),
            (DeskAction::Resume, DeskState::Talking),
            (DeskAction::HangUp, DeskState::WrapUp),
        ];
        for (key, state) in way {
            let view = desk.act(key).await.unwrap();
            assert_eq!(view.state, state, "after {key:?}");
            site.pass_seconds(3);
            for other in line {
                if !view.actions.contains(&other) {
                    let refused = code(desk.act(other).await);
                    assert!(
                        matches!(refused, ErrorCode::WrongMoment | ErrorCode::NotFound),
                        "{other:?} in {state:?}: {refused:?}"
                    );
                    assert_eq!(
                        desk.desk().await.unwrap().state,
                        state,
                        "{other:?} changed nothing"
                    );
                }
            }
            let works = view.actions.contains(&DeskAction::Work);
            let step = step(&view);
            assert_eq!(
                desk.tick("identity".to_owned(), true).await.is_ok(),
                works,
                "ticking in {state:?}"
            );
            if !works {
                assert_eq!(
                    code(desk.answer(step, Some(1), None).await),
                    ErrorCode::WrongMoment,
                    "{state:?}"
                );
            }
            if state != DeskState::WrapUp {
                assert_eq!(
                    code(desk.save_result(draft("confirmed"), true).await),
                    ErrorCode::WrongMoment,
                    "{state:?}"
                );
                assert_eq!(
                    code(desk.pause(PauseReason::Break).await),
                    ErrorCode::CallOpen,
                    "{state:?}"
                );
            }
        }
    });
}

#[test]
fn confirmed_waits_for_the_required_points() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        sample(&desk).await;
        site.talk(&desk).await;
        let view = hang_up(&site, &desk).await;
        let codes: Vec<_> = card(&view).blockers.iter().map(|one| one.code).collect();
        assert!(codes.contains(&ErrorCode::OutcomeMissing), "{codes:?}");
        assert_eq!(
            code(desk.save_result(Draft::default(), false).await),
            ErrorCode::OutcomeMissing
        );
        let refused = desk
            .save_result(draft("confirmed"), false)
            .await
            .unwrap_err();
        assert_eq!(refused.code, ErrorCode::ChecklistOpen);
        assert_eq!(
            refused.args["points"].split(" · ").count(),
            3,
            "it names the open points: {:?}",
            refused.args
        );
        let mut reasonless = draft("cancelled");
        (reasonless.reason, reasonless.subreason) = Default::default();
        assert_eq!(
            code(desk.save_result(reasonless, false).await),
            ErrorCode::ReasonMissing
        );
        assert_eq!(
            code(desk.save_result(draft("wrong_number"), false).await),
            ErrorCode::CommentMissing
        );
        assert_eq!(
            code(desk.save_result(draft("callback"), false).await),
            ErrorCode::CallbackMissing
        );
        let past = Draft {
            callback_at: Some(site.clock.now() - TimeDelta::minutes(1)),
            ..draft("callback")
        };
        assert_eq!(
            code(desk.save_result(past, false).await),
            ErrorCode::CallbackPast
        );
        assert_eq!(
            code(
                desk.save_result(draft("unreachable"), false)
                    .await
                    .map(|_| ())
            ),
            ErrorCode::OutcomeMissing,
            "nobody chooses what the ladder decides"
        );
        for point in ["identity", "items", "delivery"] {
            desk.tick(point.to_owned(), true).await.unwrap();
        }
        assert_eq!(
            code(desk.tick("nonsense".to_owned(), true).await),
            ErrorCode::NotFound
        );
        desk.tick("items".to_owned(), false).await.unwrap();
        assert_eq!(
            code(desk.save_result(draft("confirmed"), false).await),
            ErrorCode::ChecklistOpen,
            "a tick taken back counts"
        );
        desk.tick("items".to_owned(), true).await.unwrap();
        let view = desk.save_result(draft("confirmed"), false).await.unwrap();
        assert_eq!(view.state, DeskState::Ready);
    });
}

#[test]
fn the_outcome_follows_the_changes_of_the_order_and_changes_need_a_confirmation() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        site.talk(&desk).await;
        let view = site.agree(&desk).await;
        let (line, before) = (card(&view).order.lines[0].clone(), card(&view).order.total);
        let set = |quantity| LineEdit::SetQuantity {
            key: line.key.clone(),
            quantity,
        };
        let view = desk.edit_line(set(line.quantity + 1)).await.unwrap();
        assert_eq!(card(&view).draft.outcome, "confirmed_with_changes");
        assert_eq!(
            card(&view).order.total.minor,
            before.minor + line.unit_price.minor,
            "the new total is shown at once"
        );
        assert_eq!(card(&view).order.total_before, before);
        let view = desk.edit_line(set(line.quantity)).await.unwrap();
        assert_eq!(
            card(&view).draft.outcome,
            "confirmed",
            "back as it was: nothing is changed"
        );
        assert_eq!(card(&view).order.total, before);
        let found = desk.search_products("чайник".to_owned()).await.unwrap();
        let product = found.first().expect("the sample sells kettles").clone();
        let view = desk
            .edit_line(LineEdit::Add {
                product: product.remote.clone(),
            })
            .await
            .unwrap();
        let added = card(&view).order.lines.last().unwrap().clone();
        assert_eq!((added.quantity_before, added.quantity), (0, 1));
        assert_eq!(
            card(&view).order.total.minor,
            before.minor + product.price.minor
        );
        let view = desk
            .edit_line(LineEdit::Add {
                product: product.remote.clone(),
            })
            .await
            .unwrap();
        assert_eq!(
            card(&view).order.lines.last().unwrap().quantity,
            2,
            "one more of it, not another line"
        );
        let view = desk
            .keep_draft(Draft {
                outcome: "confirmed".to_owned(),
                ..card(&view).draft.clone()
            })
            .await
            .unwrap();
        assert_eq!(
            card(&view).draft.outcome,
            "confirmed_with_changes",
            "choosing the plain one is the same"
        );
        hang_up(&site, &desk).await;
        let mut cancelled = draft("cancelled");
        (cancelled.reason, cancelled.subreason) = ("cancellation".to_owned(), "price".to_owned());
        assert_eq!(
            code(desk.save_result(cancelled, false).await),
            ErrorCode::EditsNeedConfirmation
        );
        for odd in ["line:nothing", "new:nothing", "nothing", ""] {
            let edit = LineEdit::SetQuantity {
                key: odd.to_owned(),
                quantity: 3,
            };
            if let Ok(view) = desk.edit_line(edit).await {
                assert_eq!(
                    card(&view).order.lines.last().unwrap().quantity,
                    2,
                    "{odd:?} names no line"
                );
            }
        }
        desk.save_result(draft("confirmed"), false).await.unwrap();
        let kinds: Vec<_> = desk
            .operations(shop)
            .await
            .unwrap()
            .into_iter()
            .map(|one| one.kind)
            .collect();
        assert_eq!(
            kinds,
            ["edit_lines", "confirm", "add_note"],
            "the edit before the confirmation, the note last"
        );
    });
}

#[test]
fn no_answer_goes_back_by_the_ladder_and_ends_as_unreachable() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let view = desk.act(DeskAction::NextTask).await.unwrap();
        let (task, made) = (card(&view).task, card(&view).attempts);
        let mut waits = Vec::new();
        for attempt in made..5 {
            if attempt > made {
                desk.take_task(task).await.unwrap();
            }
            unanswered(&site, &desk).await;
            let row = row_of(&desk, task).await.expect("it is back in the queue");
            assert_eq!(row.attempts, attempt + 1);
            assert!(!row.is_due, "not at once again");
            waits.push((row.due_at - site.clock.now()).num_minutes());
            site.clock.set(row.due_at);
            assert!(
                row_of(&desk, task).await.unwrap().is_due,
                "its time has come"
            );
        }
        assert!(
            waits.windows(2).all(|pair| pair[0] < pair[1]) || made > 0,
            "each wait is longer than the last: {waits:?}"
        );
        if made == 0 {
            assert_eq!(waits[..3], [15, 60, 180], "the ladder's minutes");
        }
        desk.take_task(task).await.unwrap();
        unanswered(&site, &desk).await;
        assert!(
            row_of(&desk, task).await.is_none(),
            "six attempts are enough"
        );
        let operations = desk.operations(shop).await.unwrap();
        let kinds: Vec<_> = operations.iter().map(|one| one.kind.as_str()).collect();
        assert_eq!(kinds, ["add_note"], "the shop is told once, at the end");
    });
}

#[test]
fn a_callback_comes_back_at_its_time_and_first() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        sample(&desk).await;
        let view = site.talk(&desk).await;
        let task = card(&view).task;
        hang_up(&site, &desk).await;
        let at = site.clock.now() + TimeDelta::minutes(90);
        desk.save_result(
            Draft {
                callback_at: Some(at),
                ..draft("callback")
            },
            false,
        )
        .await
        .unwrap();
        let row = row_of(&desk, task).await.unwrap();
        assert_eq!((row.due_at, row.promised, row.is_due), (at, true, false));
        let other = desk.act(DeskAction::NextTask).await.unwrap();
        assert_ne!(card(&other).task, task, "not before its time");
        desk.act(DeskAction::PutBack).await.unwrap();
        site.clock.set(at);
        let view = desk.act(DeskAction::NextTask).await.unwrap();
        assert_eq!(
            card(&view).task,
            task,
            "a promise comes before everything else"
        );
    });
}

#[test]
fn a_crash_while_talking_ends_in_the_wrap_up_with_all_that_was_written() {
    let site = Site::quiet();
    let (before, last) = site.sit_as_admin(async |desk| {
        sample(&desk).await;
        site.talk(&desk).await;
        let view = site.agree(&desk).await;
        let line = card(&view).order.lines[0].clone();
        desk.edit_line(LineEdit::SetQuantity {
            key: line.key,
            quantity: line.quantity + 2,
        })
        .await
        .unwrap();
        site.pass_seconds(7);
        let view = desk.desk().await.unwrap();
        let typed = Draft {
            comment: HOSTILE.to_owned(),
            ..card(&view).draft.clone()
        };
        let view = desk.keep_draft(typed).await.unwrap();
        let last = site.clock.now();
        site.pass_seconds(300);
        (view, last)
    });
    site.sit_as_admin(async |desk| {
        let view = desk.desk().await.unwrap();
        assert_eq!(
            view.state,
            DeskState::WrapUp,
            "the line is gone; the wrap-up waits"
        );
        assert_eq!(
            view.since, last,
            "the call ended when the last thing was recorded, not when the desk was found dead"
        );
        assert_eq!(card(&view).draft, card(&before).draft, "to the last letter");
        assert_eq!(
            card(&view)
                .checklist
                .iter()
                .filter(|one| one.ticked)
                .count(),
            card(&before)
                .checklist
                .iter()
                .filter(|one| one.ticked)
                .count()
        );
        assert_eq!(
            card(&view).order.total,
            card(&before).order.total,
            "the changes of the order too"
        );
        assert_eq!(card(&view).script.trail.len(), 2);
        let typed = Draft {
            comment: "друга спроба".to_owned(),
            ..card(&view).draft.clone()
        };
        desk.keep_draft(typed).await.unwrap();
    });
    site.sit_as_admin(async |desk| {
        let view = desk.desk().await.unwrap();
        assert_eq!(
            (view.state, view.since),
            (DeskState::WrapUp, last),
            "a second crash moves nothing"
        );
        assert_eq!(card(&view).draft.comment, "друга спроба");
        let view = desk
            .save_result(card(&view).draft.clone(), false)
            .await
            .unwrap();
        assert_eq!(
            view.state,
            DeskState::Ready,
            "and the result is saved as ever"
        );
    });
}

#[test]
fn a_crash_while_dialling_leaves_the_mark_to_the_operator() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        sample(&desk).await;
        desk.act(DeskAction::NextTask).await.unwrap();
        desk.act(DeskAction::Dial).await.unwrap();
    });
    site.sit_as_admin(async |desk| {
        assert_eq!(desk.desk().await.unwrap().state, DeskState::Dialling);
        let view = desk.act(DeskAction::Answered).await.unwrap();
        assert_eq!(view.state, DeskState::Talking);
    });
}

#[test]
fn a_crash_between_the_row_and_the_dialling_does_not_stick() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        sample(&desk).await;
        desk.act(DeskAction::NextTask).await.unwrap();
    });
    let mut options = site.options();
    options.opener =
        std::sync::Arc::new(|_| panic!("the desk dies while it hands the number over"));
    Site::sit_with(options, async |desk| {
        desk.start().await.unwrap();
        desk.sign_in(ADMIN.to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        let dying = desk.clone();
        let died = tokio::spawn(async move { dying.act(DeskAction::Dial).await.map(|_| ()) }).await;
        drop(died);
    });
    site.sit_as_admin(async |desk| {
        let view = desk.desk().await.unwrap();
        assert_ne!(
            view.actions,
            [DeskAction::Dial, DeskAction::PutBack],
            "the number may have gone out"
        );
        let view = desk
            .act(DeskAction::NoAnswer)
            .await
            .expect("there is a way on");
        desk.save_result(card(&view).draft.clone(), false)
            .await
            .unwrap();
    });
}

#[test]
fn no_phone_program_is_told_and_the_call_goes_on_by_hand() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        sample(&desk).await;
    });
    let mut options = site.options();
    options.opener = std::sync::Arc::new(|_| Err(std::io::ErrorKind::NotFound.into()));
    Site::sit_with(options, async |desk| {
        desk.start().await.unwrap();
        desk.sign_in(ADMIN.to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        desk.act(DeskAction::NextTask).await.unwrap();
        let view = desk.act(DeskAction::Dial).await.unwrap();
        assert_eq!(view.state, DeskState::Dialling);
        assert_eq!(
            view.notice.as_ref().unwrap().code,
            ErrorCode::NoPhoneProgram
        );
        desk.act(DeskAction::Answered).await.unwrap();
        site.pass_seconds(10);
        let view = site.confirm(&desk, "").await;
        assert!(view.notice.is_none(), "the notice goes with the call");
    });
}

#[test]
fn undo_restores_everything_within_its_time() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let counted = calls_today(&desk, shop).await;
        let queue = desk.queue(0, 500).await.unwrap();
        let view = site.talk(&desk).await;
        let task = card(&view).task;
        site.agree(&desk).await;
        let open = hang_up(&site, &desk).await;
        let kept = Draft {
            comment: "передзвонити після 18".to_owned(),
            ..card(&open).draft.clone()
        };
        let saved = desk.save_result(kept.clone(), true).await.unwrap();
        assert_eq!(saved.state, DeskState::Preview);
        let next = card(&saved).task;
        site.pass_seconds(9);
        let view = desk.undo_result().await.unwrap();
        assert_eq!(view.state, DeskState::WrapUp, "back before saving");
        assert_eq!((card(&view).task, &card(&view).draft), (task, &kept));
        assert_eq!(
            card(&view)
                .checklist
                .iter()
                .filter(|one| one.ticked)
                .count(),
            3
        );
        assert!(view.undo.is_none());
        assert_eq!(view.saved_today, 0);
        assert!(
            row_of(&desk, next).await.is_some(),
            "the next one is back in the queue"
        );
        assert_eq!(
            desk.queue(0, 500).await.unwrap().total,
            queue.total - 1,
            "all but the one at hand"
        );
        assert_eq!(
            calls_today(&desk, shop).await,
            counted,
            "counts and lists as before"
        );
        assert!(
            desk.operations(shop).await.unwrap().is_empty(),
            "nothing will leave"
        );
        assert_eq!(
            code(desk.undo_result().await),
            ErrorCode::UndoTooLate,
            "once"
        );
        site.pass_seconds(30);
        let view = desk.save_result(kept, false).await.unwrap();
        assert_eq!(view.saved_today, 1);
        assert_eq!(
            calls_today(&desk, shop).await,
            (counted.0 + 1, counted.1 + 1)
        );
        site.pass_seconds(10);
        assert!(
            desk.desk().await.unwrap().undo.is_none(),
            "the offer is gone"
        );
        assert_eq!(code(desk.undo_result().await), ErrorCode::UndoTooLate);
        // A no-answer, which tells the shop nothing, is undone as well.
        desk.act(DeskAction::NextTask).await.unwrap();
        unanswered(&site, &desk).await;
        let view = desk.undo_result().await.unwrap();
        assert_eq!(
            (view.state, card(&view).draft.outcome.as_str()),
            (DeskState::WrapUp, "no_answer")
        );
        desk.save_result(draft("no_answer"), true).await.unwrap();
        desk.act(DeskAction::Dial).await.unwrap();
        assert_eq!(
            code(desk.undo_result().await),
            ErrorCode::CallOpen,
            "the next call has begun"
        );
        assert_eq!(desk.desk().await.unwrap().state, DeskState::Dialling);
    });
}

#[test]
fn a_pause_offers_nothing_until_it_ends() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        sample(&desk).await;
        let task = desk.queue(0, 1).await.unwrap().rows[0].task;
        site.pass_seconds(30);
        let view = desk.pause(PauseReason::Lunch).await.unwrap();
        assert_eq!(
            (view.state, view.pause_reason),
            (DeskState::Pause, Some(PauseReason::Lunch))
        );
        assert_eq!(view.since, site.clock.now(), "the timer starts anew");
        assert_eq!(view.actions, [DeskAction::Ready]);
        assert_eq!(
            code(desk.act(DeskAction::NextTask).await),
            ErrorCode::WrongMoment
        );
        assert_eq!(code(desk.take_task(task).await), ErrorCode::WrongMoment);
        let view = desk.act(DeskAction::Ready).await.unwrap();
        assert_eq!(view.state, DeskState::Ready);
        desk.act(DeskAction::NextTask).await.unwrap();
        assert_eq!(
            code(desk.pause(PauseReason::Break).await),
            ErrorCode::CallOpen
        );
    });
}

#[test]
fn products_are_found_in_cyrillic_by_parts_of_words_and_never_by_accident() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        sample(&desk).await;
        assert_eq!(
            code(desk.search_products("чайник".to_owned()).await),
            ErrorCode::NotFound,
            "only beside an order"
        );
        desk.act(DeskAction::NextTask).await.unwrap();
        for typed in ["чайник", "ЧАЙНИК", "чайн", "  Чайник  "] {
            let found = desk.search_products(typed.to_owned()).await.unwrap();
            assert!(
                !found.is_empty() && found.len() <= 20,
                "{typed:?} found {}",
                found.len()
            );
            assert!(
                found
                    .iter()
                    .all(|one| one.name.to_lowercase().contains("чайн")),
                "{typed:?}: {:?}",
                found[0].name
            );
        }
        let by_sku = desk.search_products("чайник".to_owned()).await.unwrap()[0].clone();
        let found = desk.search_products(by_sku.sku.clone()).await.unwrap();
        assert_eq!(found[0].remote, by_sku.remote, "by its number, first");
        for hostile in [HOSTILE, "\"", "*", "чай\" OR \"1", "NEAR(", "%", "_", "-"] {
            desk.search_products(hostile.to_owned())
                .await
                .expect("any text is only text");
        }
    });
}

#[test]
fn whatever_is_typed_is_only_text() {
    let site = Site::quiet();
    site.sit_as_admin(async |desk| {
        let shop = sample(&desk).await;
        let mut named = person("iryna", Role::Supervisor);
        named.name = HOSTILE.to_owned();
        desk.add_person(named).await.unwrap();
        change_person(&desk, "iryna").await;
        let view = site.talk(&desk).await;
        let first = step(&view);
        let values: Vec<_> = card(&view).script.step.as_ref().unwrap().text.iter().collect();
        assert!(
            values.iter().any(|segment| matches!(segment, Segment::Value(text) if text == HOSTILE)),
            "the name is put in as it is, and what looks like a variable in it stays unread: {values:?}"
        );
        let view = desk.answer(first, None, Some(HOSTILE.to_owned())).await.unwrap();
        assert!(card(&view).script.trail.len() <= 1);
        hang_up(&site, &desk).await;
        let said = Draft { comment: HOSTILE.to_owned(), ..draft("refused_to_talk") };
        desk.save_result(said, false).await.unwrap();
        let (from, to) = days();
        let request = CallsRequest {
            shop,
            from,
            to,
            weekday: None,
            hour: None,
            outcome: Some("refused_to_talk".to_owned()),
            reason: None,
            subreason: None,
            offset: 0,
            limit: 500,
        };
        let page = desk.calls(request.clone()).await.unwrap();
        let row = page.rows.iter().find(|row| row.comment == HOSTILE).expect("to the last letter");
        assert_eq!(row.person_name, HOSTILE);
        let detail = desk.call_detail(shop, row.call).await.unwrap();
        assert!(detail.trail.iter().any(|one| one.answer == HOSTILE), "{:?}", detail.trail);
        let odd = CallsRequest { outcome: Some(HOSTILE.to_owned()), ..request };
        assert_eq!(desk.calls(odd).await.unwrap().total, 0);
        assert_eq!(code(desk.keep_draft(Draft { outcome: HOSTILE.to_owned(), ..Draft::default() }).await), ErrorCode::NotFound, "no task is at hand");
    });
}
