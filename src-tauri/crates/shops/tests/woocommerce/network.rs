//! The shared HTTP client: where it goes, how much it reads, and what it makes of a bad day.

use crate::{Scene, access};
use shops::http::{Http, Request, is_public, parse_address};
use shops::{Access, Cursor, Rate, Shop, ShopError, ShopKind, connect};
use std::io::Write;
use std::time::{Duration, Instant};
use testkit::woo::{Fault, Setup, WooDouble};

fn at(address: &str) -> Access {
    Access {
        kind: ShopKind::Woocommerce,
        address: address.to_owned(),
        user: "ck".to_owned(),
        secret: "cs".to_owned(),
        allow_http: true,
        allow_private: false,
        certificate_authority: None,
        statuses: None,
        rate: None,
    }
}

#[tokio::test]
async fn no_address_inside_the_network_is_connected_to() {
    let double = WooDouble::start(Setup::default()).await.unwrap();
    let port = double.address().rsplit_once(':').unwrap().1.to_owned();
    let hosts = [
        "127.0.0.1",
        "127.1",
        "127.0.0.2",
        "127.255.255.254",
        "2130706433",
        "0x7f000001",
        "0177.0.0.1",
        "0x7f.1",
        "017700000001",
        "0.0.0.0",
        "0",
        "10.0.0.1",
        "10.255.255.255",
        "172.16.0.1",
        "172.31.255.255",
        "192.168.0.1",
        "192.168.1.254",
        "169.254.169.254",
        "169.254.0.1",
        "100.64.0.1",
        "100.127.255.254",
        "192.0.0.1",
        "192.0.2.1",
        "198.18.0.1",
        "198.19.255.255",
        "198.51.100.7",
        "203.0.113.9",
        "224.0.0.1",
        "239.255.255.255",
        "240.0.0.1",
        "255.255.255.255",
        "192.88.99.1",
        "167772161",
        "3232235521",
        "0xa9fea9fe",
        "[::1]",
        "[::]",
        "[::127.0.0.1]",
        "[::ffff:127.0.0.1]",
        "[::ffff:10.0.0.1]",
        "[::ffff:169.254.169.254]",
        "[::ffff:7f00:1]",
        "[::ffff:c0a8:1]",
        "[0:0:0:0:0:ffff:7f00:1]",
        "[fc00::1]",
        "[fd12:3456:789a::1]",
        "[fe80::1]",
        "[febf::1]",
        "[fec0::1]",
        "[ff02::1]",
        "[2001:db8::1]",
        "[2001::1]",
        "[2002:7f00:1::]",
        "[2002:a00:1::1]",
        "[64:ff9b::7f00:1]",
        "[64:ff9b::a00:1]",
        "[64:ff9b:1::1]",
        "[100::1]",
        "[3fff::1]",
        "[5f00::1]",
        "localhost",
        "LOCALHOST",
        "localhost.",
        "shop.localhost",
    ];
    assert!(hosts.len() >= 60, "a corpus of sixty");
    for host in hosts {
        let outcome = match connect(&at(&format!("http://{host}:{port}"))) {
            Ok(shop) => shop.introduce().await.map(drop),
            Err(error) => Err(error),
        };
        assert_eq!(outcome, Err(ShopError::PrivateAddress), "{host}");
    }
    assert_eq!(double.log(), [], "not one connection was made");
}

#[test]
fn public_addresses_are_let_through() {
    for address in [
        "8.8.8.8",
        "93.184.216.34",
        "100.63.0.1",
        "100.128.0.1",
        "172.32.0.1",
        "2606:2800:220:1::1",
        "64:ff9b::808:808",
    ] {
        assert!(
            is_public(address.parse().unwrap()),
            "{address} is anyone's to reach"
        );
    }
}

#[test]
fn an_address_is_read_as_people_type_it() {
    let read = |typed| parse_address(typed).map(|url| url.to_string());
    assert_eq!(
        read(" shop.example "),
        Ok("https://shop.example/".to_owned()),
        "https unless said otherwise"
    );
    assert_eq!(
        read("http://shop.example/store"),
        Ok("http://shop.example/store/".to_owned())
    );
    assert_eq!(
        read("https://shop.example/?utm=1#top"),
        Ok("https://shop.example/".to_owned())
    );
    for wrong in [
        "",
        "ftp://shop.example",
        "file:///etc/passwd",
        "https://",
        "https://a:b@shop.example",
        "a b",
    ] {
        assert_eq!(read(wrong), Err(ShopError::BadAddress), "{wrong:?}");
    }
}

async fn asked(fault: Fault) -> ShopError {
    let scene = Scene::new().await;
    scene.shop.introduce().await.unwrap();
    scene.double.fail_next("GET", "/wc/v3/orders", fault);
    let error = scene
        .shop
        .orders(&Cursor::default())
        .await
        .map(drop)
        .unwrap_err();
    assert!(scene.double.has_failed_as_planned());
    error
}

#[tokio::test]
async fn each_kind_of_bad_day_has_its_word() {
    let busy = |seconds| ShopError::Busy {
        retry_after: Some(Duration::from_secs(seconds)),
    };
    assert_eq!(asked(Fault::TooMany(7)).await, busy(7));
    assert_eq!(asked(Fault::CutBefore).await, ShopError::Unreachable);
    assert_eq!(
        asked(Fault::Page(502)).await,
        ShopError::ShopFault { status: 502 }
    );
    assert_eq!(
        asked(Fault::Page(503)).await,
        ShopError::ShopFault { status: 503 },
        "no time was named"
    );
    let page = asked(Fault::Page(200)).await;
    assert!(
        matches!(&page, ShopError::BadReply(why) if why.contains("page")),
        "{page:?}"
    );
    let firewall = asked(Fault::Page(403)).await;
    assert!(
        matches!(&firewall, ShopError::BadReply(why) if why.contains("page")),
        "no word on the key: {firewall:?}"
    );
    let refused = asked(Fault::Refuse(
        500,
        "woocommerce_rest_cannot_create_order_refund",
    ))
    .await;
    assert!(
        matches!(refused, ShopError::Refused(_)),
        "a fault in name only is worth no retry: {refused:?}"
    );
    assert!(!refused.is_passing());
}

#[tokio::test]
async fn a_reply_is_bounded_whatever_it_claims() {
    let json = "Content-Type: application/json\r\n";
    let large = asked(Fault::Raw(json.to_owned(), vec![b' '; 9 << 20])).await;
    assert!(
        matches!(&large, ShopError::BadReply(why) if why.contains("8 MiB")),
        "{large:?}"
    );
    let mut bomb = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::best());
    (0..64).for_each(|_| bomb.write_all(&vec![b'['; 1 << 20]).unwrap());
    let bomb = bomb.finish().unwrap();
    assert!(bomb.len() < 1 << 20, "small on the wire");
    let bomb = asked(Fault::Raw(
        format!("{json}Content-Encoding: gzip\r\n"),
        bomb,
    ))
    .await;
    assert!(
        matches!(&bomb, ShopError::BadReply(why) if why.contains("8 MiB")),
        "{bomb:?}"
    );
    let deep = asked(Fault::Raw(json.to_owned(), vec![b'['; 1 << 20])).await;
    assert!(matches!(deep, ShopError::BadReply(_)), "depth: {deep:?}");
    let heavy = format!("{json}X-Long: {}\r\n", "x".repeat(70 << 10));
    let heavy = asked(Fault::Raw(heavy, b"[]".to_vec())).await;
    assert!(
        matches!(&heavy, ShopError::BadReply(why) if why.contains("header")),
        "{heavy:?}"
    );
    let broken = asked(Fault::Raw(
        format!("{json}Content-Encoding: gzip\r\n"),
        b"no gzip".to_vec(),
    ))
    .await;
    assert!(matches!(broken, ShopError::BadReply(_)), "{broken:?}");
}

#[tokio::test]
async fn only_a_get_within_the_same_origin_is_sent_on() {
    let scene = Scene::new().await;
    let http = Http::new(&access(&scene.double, "full")).unwrap();
    let url = http.base().join("wp-json/").unwrap();
    let status = async |request| http.send(request).await.map(|reply| reply.status);

    scene.double.fail_next(
        "GET",
        "/",
        Fault::Redirect(301, "/wp-json/?again".to_owned()),
    );
    assert_eq!(
        status(Request::get(url.clone())).await,
        Ok(200),
        "within the shop"
    );
    for place in [
        "https://127.0.0.1/",
        "http://shop.example/",
        "//169.254.169.254/",
        "http://127.0.0.1:1/",
    ] {
        scene
            .double
            .fail_next("GET", "/", Fault::Redirect(302, place.to_owned()));
        let outcome = status(Request::get(url.clone())).await;
        assert!(
            matches!(outcome, Err(ShopError::Moved(_))),
            "{place}: {outcome:?}"
        );
    }
    (0..5).for_each(|_| {
        scene
            .double
            .fail_next("GET", "/", Fault::Redirect(302, "/wp-json/".to_owned()));
    });
    assert!(
        matches!(
            status(Request::get(url.clone())).await,
            Err(ShopError::BadReply(_))
        ),
        "in circles"
    );
    scene
        .double
        .fail_next("PUT", "/", Fault::Redirect(307, "/wp-json/".to_owned()));
    assert!(
        matches!(
            status(Request::put(url.clone())).await,
            Err(ShopError::Moved(_))
        ),
        "a write goes nowhere else"
    );
}

#[tokio::test]
async fn nothing_listening_is_unreachable() {
    let double = WooDouble::start(Setup::default()).await.unwrap();
    let access = access(&double, "full");
    drop(double);
    let shop: Box<dyn Shop> = connect(&access).unwrap();
    // The port is closed once the task has been dropped, which the runtime does in its own time.
    tokio::task::yield_now().await;
    let outcome = shop.introduce().await;
    assert!(
        matches!(outcome, Err(ShopError::Unreachable)),
        "{outcome:?}"
    );
}

#[tokio::test]
async fn no_error_shows_the_key_or_the_address() {
    let scene = Scene::new().await;
    scene.shop.introduce().await.unwrap();
    for fault in [
        Fault::CutBefore,
        Fault::Page(500),
        Fault::Page(404),
        Fault::TooMany(1),
        Fault::Refuse(403, "no"),
    ] {
        scene.double.fail_next("GET", "/wc/v3/orders", fault);
        let error = scene
            .shop
            .orders(&Cursor::default())
            .await
            .map(drop)
            .unwrap_err();
        let shown = format!("{error} {error:?}");
        for secret in ["ck_full", "cs_full", "oauth_", "127.0.0.1"] {
            assert!(!shown.contains(secret), "{secret} in {shown}");
        }
    }
}

#[tokio::test]
async fn requests_beyond_what_the_shop_bears_wait_for_their_turn() {
    let double = WooDouble::start(Setup::default()).await.unwrap();
    let rate = Rate {
        requests: 10,
        seconds: 1,
    };
    let http = Http::new(&access(&double, "full")).unwrap().paced(rate);
    let started = Instant::now();
    for asked in 0..14 {
        // A clone is the same desk to the shop.
        let reply = http.clone().send(Request::get(http.base().clone())).await;
        assert!(reply.is_ok(), "request {asked}");
    }
    assert_eq!(double.log().len(), 14);
    assert!(
        started.elapsed() >= Duration::from_millis(390),
        "ten at once, then one each tenth of a second: {:?}",
        started.elapsed()
    );
}
