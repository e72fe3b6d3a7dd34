//! Who may do what: every use case, written out.

use crate::site::{ADMIN, PASSWORD, Site, centre, person};
use app::view::{
    ApiError, CallsRequest, DeskAction, Draft, ErrorCode, Language, LetterChoice, LineEdit,
    LoadRequest, PauseReason, ShopInput, StatusTable, Theme,
};
use app::{Desk, NewCoupon, NewRefund, Off};
use chrono::NaiveDate;
use rules::id::{CallId, OperationId, PersonId, RemoteId, ShopId, TaskId};
use rules::role::Role;
use shops::ShopKind;
use std::path::PathBuf;
use uuid::Uuid;

const NOTHING: Uuid = Uuid::from_u128(0xD2);

/// Every use case that needs someone at the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Deed {
    SetPreferences,
    ChangePassword,
    Shops,
    SyncNow,
    Operations,
    Desk,
    Queue,
    TakeTask,
    Act,
    Pause,
    Answer,
    StepBack,
    Tick,
    EditLine,
    SearchProducts,
    KeepDraft,
    SaveResult,
    UndoResult,
    RetryOperation,
    Load,
    Calls,
    CallDetail,
    People,
    AddPerson,
    SetPerson,
    ResetPassword,
    RenewRecoveryCode,
    BackUp,
    CheckShop,
    ConnectShop,
    RemoveShop,
    MakeSample,
    SyncPage,
    ShopTrouble,
    ResolveLetter,
    GrantCoupon,
    Refund,
    StatusTable,
    RefreshStatuses,
    CheckStatusTable,
    SetStatusTable,
    RekeyShop,
}

/// Written out by hand on purpose: operator, supervisor, admin.
const AGREED: [(Deed, [bool; 3]); 42] = [
    (Deed::SetPreferences, [true, true, true]),
    (Deed::ChangePassword, [true, true, true]),
    (Deed::Shops, [true, true, true]),
    (Deed::SyncNow, [true, true, true]),
    (Deed::Operations, [true, true, true]),
    (Deed::Desk, [true, true, true]),
    (Deed::Queue, [true, true, true]),
    (Deed::TakeTask, [true, true, true]),
    (Deed::Act, [true, true, true]),
    (Deed::Pause, [true, true, true]),
    (Deed::Answer, [true, true, true]),
    (Deed::StepBack, [true, true, true]),
    (Deed::Tick, [true, true, true]),
    (Deed::EditLine, [true, true, true]),
    (Deed::SearchProducts, [true, true, true]),
    (Deed::KeepDraft, [true, true, true]),
    (Deed::SaveResult, [true, true, true]),
    (Deed::UndoResult, [true, true, true]),
    (Deed::RetryOperation, [false, true, true]),
    (Deed::Load, [false, true, true]),
    (Deed::Calls, [false, true, true]),
    (Deed::CallDetail, [false, true, true]),
    (Deed::People, [false, false, true]),
    (Deed::AddPerson, [false, false, true]),
    (Deed::SetPerson, [false, false, true]),
    (Deed::ResetPassword, [false, false, true]),
    (Deed::RenewRecoveryCode, [false, false, true]),
    (Deed::BackUp, [false, false, true]),
    (Deed::CheckShop, [false, false, true]),
    (Deed::ConnectShop, [false, false, true]),
    (Deed::RemoveShop, [false, false, true]),
    (Deed::MakeSample, [false, false, true]),
    (Deed::SyncPage, [true, true, true]),
    (Deed::ShopTrouble, [false, true, true]),
    (Deed::ResolveLetter, [false, true, true]),
    (Deed::GrantCoupon, [false, true, true]),
    (Deed::Refund, [false, true, true]),
    (Deed::StatusTable, [false, false, true]),
    (Deed::RefreshStatuses, [false, false, true]),
    (Deed::CheckStatusTable, [false, false, true]),
    (Deed::SetStatusTable, [false, false, true]),
    (Deed::RekeyShop, [false, false, true]),
];

/// Does the deed, on `shop` where it needs one; only whether it was refused matters.
async fn attempt(desk: &Desk, deed: Deed, shop: ShopId, folder: PathBuf) -> Result<(), ApiError> {
    let day = NaiveDate::from_ymd_opt(2026, 3, 2).unwrap();
    let text = || "text".to_owned();
    match deed {
        Deed::SetPreferences => desk
            .set_preferences(Language::Uk, Theme::Light)
            .await
            .map(drop),
        Deed::ChangePassword => {
            desk.change_password(PASSWORD.to_owned(), PASSWORD.to_owned())
                .await
        }
        Deed::Shops => desk.shops().await.map(drop),
        Deed::SyncNow => desk.sync_now(shop).await,
        Deed::Operations => desk.operations(shop).await.map(drop),
        Deed::Desk => desk.desk().await.map(drop),
        Deed::Queue => desk.queue(0, 10).await.map(drop),
        Deed::TakeTask => desk.take_task(TaskId::from_uuid(NOTHING)).await.map(drop),
        Deed::Act => desk.act(DeskAction::Ready).await.map(drop),
        Deed::Pause => desk.pause(PauseReason::Break).await.map(drop),
        Deed::Answer => desk.answer(text(), Some(1), None).await.map(drop),
        Deed::StepBack => desk.step_back().await.map(drop),
        Deed::Tick => desk.tick(text(), true).await.map(drop),
        Deed::EditLine => desk
            .edit_line(LineEdit::Add {
                product: RemoteId::from("1"),
            })
            .await
            .map(drop),
        Deed::SearchProducts => desk.search_products(text()).await.map(drop),
        Deed::KeepDraft => desk.keep_draft(Draft::default()).await.map(drop),
        Deed::SaveResult => desk.save_result(Draft::default(), false).await.map(drop),
        Deed::UndoResult => desk.undo_result().await.map(drop),
        Deed::RetryOperation => {
            desk.retry_operation(shop, OperationId::from_uuid(NOTHING))
                .await
        }
        Deed::Load => desk
            .load(LoadRequest {
                shop,
                from: day,
                to: day,
            })
            .await
            .map(drop),
        Deed::Calls => {
            let request = CallsRequest {
                shop,
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
            desk.calls(request).await.map(drop)
        }
        Deed::CallDetail => desk
            .call_detail(shop, CallId::from_uuid(NOTHING))
            .await
            .map(drop),
        Deed::People => desk.people().await.map(drop),
        Deed::AddPerson => desk
            .add_person(person("iryna", Role::Operator))
            .await
            .map(drop),
        Deed::SetPerson => desk
            .set_person(PersonId::from_uuid(NOTHING), Role::Admin, true)
            .await
            .map(drop),
        Deed::ResetPassword => {
            desk.reset_password(PersonId::from_uuid(NOTHING), PASSWORD.to_owned())
                .await
        }
        Deed::RenewRecoveryCode => desk.renew_recovery_code().await.map(drop),
        Deed::BackUp => desk.back_up(folder).await.map(drop),
        Deed::CheckShop => desk.check_shop(nowhere()).await.map(drop),
        Deed::ConnectShop => desk.connect_shop(nowhere()).await.map(drop),
        Deed::RemoveShop => desk.remove_shop(shop, text()).await,
        Deed::MakeSample => desk.make_sample_of(Language::Uk, Some(1)).await.map(drop),
        Deed::SyncPage => desk.sync_page().await.map(drop),
        Deed::ShopTrouble => desk.shop_trouble(shop).await.map(drop),
        Deed::ResolveLetter => desk
            .resolve_letter(shop, OperationId::from_uuid(NOTHING), LetterChoice::Drop)
            .await
            .map(drop),
        Deed::GrantCoupon => desk
            .grant_coupon(NewCoupon {
                order: text(),
                shop: String::new(),
                code: String::new(),
                off: Off::Percent("10".to_owned()),
                expires_at: None,
            })
            .await
            .map(drop),
        Deed::Refund => desk
            .refund(NewRefund {
                order: text(),
                shop: String::new(),
                amount: "1".to_owned(),
                returned: Vec::new(),
                reason: text(),
            })
            .await
            .map(drop),
        Deed::StatusTable => desk.status_table(shop).await.map(drop),
        Deed::RefreshStatuses => desk.refresh_statuses(shop).await.map(drop),
        Deed::CheckStatusTable => desk
            .check_status_table(shop, StatusTable::default())
            .await
            .map(drop),
        Deed::SetStatusTable => desk.set_status_table(shop, None).await.map(drop),
        Deed::RekeyShop => desk.rekey_shop(shop, text(), text()).await.map(drop),
    }
}

/// A shop that refuses before anything leaves: plain HTTP is not allowed.
fn nowhere() -> ShopInput {
    ShopInput {
        kind: ShopKind::Woocommerce,
        name: "text".to_owned(),
        address: "http://127.0.0.1:9".to_owned(),
        user: "text".to_owned(),
        secret: "text".to_owned(),
        language: Language::Uk,
        zone: String::new(),
        allow_http: false,
        allow_private: false,
        certificate_authority: String::new(),
    }
}

const DENIALS: [ErrorCode; 2] = [ErrorCode::NotAllowed, ErrorCode::SignInNeeded];

#[test]
fn each_role_may_do_what_was_agreed_and_nothing_more() {
    for (index, role) in Role::ALL.into_iter().enumerate() {
        let site = Site::quiet();
        let shop = site.sit_as_admin(async |desk| {
            desk.add_person(person("someone", role)).await.unwrap();
            desk.make_sample_of(Language::Uk, Some(1)).await.unwrap().id
        });
        site.sit(async |desk| {
            desk.start().await.unwrap();
            desk.sign_in("someone".to_owned(), PASSWORD.to_owned())
                .await
                .unwrap();
            for (deed, agreed) in AGREED {
                let got = attempt(&desk, deed, shop, site.dir().to_owned())
                    .await
                    .map_err(|error| error.code);
                let denied = got
                    .as_ref()
                    .err()
                    .is_some_and(|code| DENIALS.contains(code));
                assert_eq!(denied, !agreed[index], "{role:?}, {deed:?}: {got:?}");
                if denied {
                    assert_eq!(
                        got,
                        Err(ErrorCode::NotAllowed),
                        "{role:?}, {deed:?}: the word says why"
                    );
                }
            }
        });
    }
}

#[test]
fn with_nobody_signed_in_or_the_desk_locked_nothing_can_be_done() {
    let site = Site::quiet();
    let shop = site
        .sit_as_admin(async |desk| desk.make_sample_of(Language::Uk, Some(1)).await.unwrap().id);
    site.sit(async |desk| {
        let none = async |when: &str| {
            for (deed, _) in AGREED {
                let got = attempt(&desk, deed, shop, site.dir().to_owned())
                    .await
                    .map_err(|error| error.code);
                assert_eq!(got, Err(ErrorCode::SignInNeeded), "{when}, {deed:?}");
            }
        };
        none("before the data is opened").await;
        desk.start().await.unwrap();
        none("opened by the keyring, nobody signed in").await;
        assert!(desk.start().await.unwrap().session.is_none());
        desk.sign_in(ADMIN.to_owned(), PASSWORD.to_owned())
            .await
            .unwrap();
        desk.lock().await.unwrap();
        none("locked").await;
        desk.unlock(PASSWORD.to_owned()).await.unwrap();
        desk.desk().await.expect("unlocked, it works again");
        desk.sign_out().await.unwrap();
        none("signed out").await;
        assert!(
            desk.create_centre(centre()).await.is_err(),
            "nor can the centre be made anew"
        );
    });
}
