//! Connecting: who the shop is, how the key is shown, and the word for each thing that is wrong.

use crate::{Scene, access};
use rules::money::Currency;
use shops::{Access, ShopError, connect};
use testkit::woo::{Fault, Setup, WooDouble};

async fn refusal(access: &Access) -> ShopError {
    match connect(access) {
        Ok(shop) => shop.introduce().await.unwrap_err(),
        Err(error) => error,
    }
}

#[tokio::test]
async fn a_shop_over_plain_http_is_asked_by_signature_and_never_shown_the_secret() {
    let scene = Scene::new().await;
    let introduction = scene.shop.introduce().await.unwrap();
    assert_eq!(introduction.currency, Currency::UAH);
    assert_eq!(introduction.zone.as_deref(), Some("Europe/Kyiv"));
    assert_eq!(introduction.name, "Техно");
    assert!(introduction.capabilities.edit_lines && !introduction.capabilities.conditional_write);
    let log = scene.double.log();
    assert!(
        log.iter().all(|request| !request.has_authorization),
        "Basic would show the secret to the wire"
    );
    let shown = format!("{log:?}");
    assert!(
        shown.contains("oauth_signature") && !shown.contains("cs_full"),
        "signed, not shown"
    );
}

#[tokio::test]
async fn a_shop_over_tls_is_asked_by_basic_with_nothing_secret_in_the_address() {
    let scene = Scene::with(Setup {
        tls: true,
        ..Setup::default()
    })
    .await;
    scene.shop.introduce().await.unwrap();
    let log = scene.double.log();
    assert!(
        log.iter().skip(1).all(|request| request.has_authorization),
        "the index alone needs no key"
    );
    assert!(!format!("{log:?}").contains("oauth_"), "no need to sign");
}

#[tokio::test]
async fn a_server_that_drops_the_authorization_header_is_asked_by_signature_over_tls() {
    let scene = Scene::with(Setup {
        tls: true,
        drops_authorization: true,
        ..Setup::default()
    })
    .await;
    scene.shop.introduce().await.unwrap();
    let log = scene.double.log();
    let last = log.last().unwrap();
    assert!(
        last.query.iter().any(|(name, _)| name == "oauth_signature"),
        "found out once and kept to"
    );
    assert!(
        !format!("{:?}", log.iter().map(|one| &one.query).collect::<Vec<_>>()).contains("cs_full")
    );
}

#[tokio::test]
async fn plain_permalinks_and_a_home_other_than_the_address_typed_are_found_out() {
    for home in [
        "http://shop.example",
        "http://shop.example/store",
        "https://www.shop.example",
    ] {
        for plain_permalinks in [false, true] {
            let setup = Setup {
                plain_permalinks,
                home: Some(home.to_owned()),
                ..Setup::default()
            };
            let scene = Scene::with(setup).await;
            let greeted = scene.shop.introduce().await;
            assert!(
                greeted.is_ok(),
                "{home}, plain permalinks {plain_permalinks}: {greeted:?}"
            );
        }
    }
}

#[tokio::test]
async fn an_offset_without_a_zone_is_told_as_a_zone() {
    let scene = Scene::with(Setup {
        zone: String::new(),
        offset_minutes: 180,
        ..Setup::default()
    })
    .await;
    let zone = scene.shop.introduce().await.unwrap().zone;
    assert_eq!(
        zone.as_deref(),
        Some("Etc/GMT-3"),
        "three hours east, by the IANA sign"
    );
}

#[tokio::test]
async fn what_the_admin_pastes_from_the_browser_is_understood() {
    let scene = Scene::new().await;
    for tail in [
        "/",
        "/wp-admin/",
        "/wp-admin/admin.php?page=wc-settings#keys",
        "/wp-json/wc/v3",
    ] {
        let mut access = access(&scene.double, "full");
        access.address = format!("{}{tail}", scene.double.address());
        assert!(
            connect(&access).unwrap().introduce().await.is_ok(),
            "{tail}"
        );
    }
}

#[tokio::test]
async fn a_wrong_key_is_called_a_wrong_key() {
    for tls in [false, true] {
        let scene = Scene::with(Setup {
            tls,
            ..Setup::default()
        })
        .await;
        for (user, secret) in [("ck_other", "cs_full"), ("ck_full", "cs_other")] {
            let mut access = access(&scene.double, "full");
            (access.user, access.secret) = (user.to_owned(), secret.to_owned());
            assert_eq!(
                refusal(&access).await,
                ShopError::WrongKey,
                "{user} {secret}, TLS {tls}"
            );
        }
    }
}

#[tokio::test]
async fn a_missing_right_is_named_and_finding_out_changes_nothing() {
    for tls in [false, true] {
        let scene = Scene::with(Setup {
            tls,
            ..Setup::default()
        })
        .await;
        let order = scene.take_order();
        let before = scene.double.shelf().order_json(order);
        scene.double.shelf().pass(10);
        assert_eq!(
            refusal(&access(&scene.double, "reader")).await,
            ShopError::NoWriteRight
        );
        assert_eq!(
            refusal(&access(&scene.double, "writer")).await,
            ShopError::NoReadRight("orders")
        );
        assert_eq!(
            refusal(&access(&scene.double, "clerk")).await,
            ShopError::NoReadRight("settings")
        );
        assert!(
            connect(&access(&scene.double, "full"))
                .unwrap()
                .introduce()
                .await
                .is_ok()
        );
        assert_eq!(
            scene.double.shelf().order_json(order),
            before,
            "asking for rights touches no order"
        );
    }
}

#[tokio::test]
async fn what_is_not_such_a_shop_is_called_so() {
    let without = Setup {
        namespaces: vec!["wp/v2".to_owned()],
        ..Setup::default()
    };
    let scene = Scene::with(without).await;
    assert_eq!(
        refusal(&access(&scene.double, "full")).await,
        ShopError::NotAShop,
        "WordPress alone"
    );
    let scene = Scene::new().await;
    for status in [200, 404] {
        scene.double.fail_next("GET", "/", Fault::Page(status));
        scene.double.fail_next("GET", "/", Fault::Page(status));
        assert_eq!(
            refusal(&access(&scene.double, "full")).await,
            ShopError::NotAShop,
            "some web site, {status}"
        );
    }
    let json = Fault::Raw(
        "Content-Type: application/json\r\n".to_owned(),
        b"{\"ok\":true}".to_vec(),
    );
    scene.double.fail_next("GET", "/", json.clone());
    scene.double.fail_next("GET", "/", json);
    assert_eq!(
        refusal(&access(&scene.double, "full")).await,
        ShopError::NotAShop,
        "some other interface"
    );
}

#[tokio::test]
async fn a_connection_that_is_not_encrypted_is_called_so() {
    let double = WooDouble::start(Setup::default()).await.unwrap();
    let mut plain = access(&double, "full");
    plain.allow_http = false;
    assert_eq!(
        refusal(&plain).await,
        ShopError::NoTls,
        "plain HTTP without leave"
    );
    let mut https = access(&double, "full");
    https.address = https.address.replace("http://", "https://");
    assert_eq!(
        refusal(&https).await,
        ShopError::NoTls,
        "an https address that answers in the clear"
    );
    assert_eq!(double.log(), [], "not one request was spoken in the clear");
}

#[tokio::test]
async fn a_certificate_nobody_vouches_for_is_refused_until_the_admin_does() {
    let double = WooDouble::start(Setup {
        tls: true,
        ..Setup::default()
    })
    .await
    .unwrap();
    let mut access = access(&double, "full");
    access.certificate_authority = None;
    assert_eq!(refusal(&access).await, ShopError::BadCertificate);
    assert_eq!(double.log(), [], "no key was shown to it");
    access.certificate_authority = Some("no certificate".to_owned());
    assert_eq!(
        refusal(&access).await,
        ShopError::BadCertificate,
        "a PEM that holds none"
    );
    access.certificate_authority = double.certificate();
    assert!(connect(&access).unwrap().introduce().await.is_ok());
}
