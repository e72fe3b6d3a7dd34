//! Where the answer would lead us: to another host, into our own network, to someone else's
//! certificate.

use crate::server::{JSON, Trick, Trickster, answer};
use crate::{access, kinds, met, opened};
use shops::http::tape::connect_recording;
use shops::{Access, ShopError, ShopKind, connect};
use std::sync::atomic::Ordering;
use testkit::double::{Asked, Double, Handler, Told};

#[tokio::test]
async fn nobody_is_followed_to_another_place() {
    let target = Trickster::open(answer(200, JSON, b"{}")).await;
    let elsewhere = [
        format!("http://127.0.0.1:{}/", target.port),
        format!("http://localhost:{}/", target.port),
        format!("//[::ffff:127.0.0.1]:{}/", target.port),
        "http://169.254.169.254/latest/meta-data/".to_owned(),
        "http://10.0.0.1/".to_owned(),
        "https://shop.example/".to_owned(),
        "file:///etc/passwd".to_owned(),
        "gopher://127.0.0.1:6379/_FLUSHALL".to_owned(),
        "javascript:alert(1)".to_owned(),
        "data:application/json,{}".to_owned(),
    ];
    for place in elsewhere {
        for status in [301, 302, 303, 307, 308] {
            let headers = format!("{JSON}Location: {place}\r\n");
            let server = Trickster::open(answer(status, &headers, b"{}")).await;
            for kind in kinds() {
                for word in met(opened(kind, &server.address()).as_ref()).await {
                    assert!(
                        matches!(word, Some(ShopError::Moved(_))),
                        "{kind:?}, {status} to {place}: {word:?}"
                    );
                }
            }
        }
    }
    assert_eq!(
        target.asked.load(Ordering::Relaxed),
        0,
        "not one connection was made"
    );
}

#[tokio::test]
async fn circles_end() {
    for kind in kinds() {
        let headers = format!("{JSON}Location: /again\r\n");
        let server = Trickster::open(answer(302, &headers, b"{}")).await;
        for word in met(opened(kind, &server.address()).as_ref()).await {
            assert!(
                matches!(
                    word,
                    // One that only ever writes is sent nowhere.
                    Some(ShopError::BadReply(_) | ShopError::Moved(_) | ShopError::NotAShop)
                ),
                "{kind:?}: {word:?}"
            );
        }
        assert!(
            server.asked.load(Ordering::Relaxed) <= 24,
            "{kind:?}: no more than a few turns"
        );
    }
}

fn without_leave(kind: ShopKind, address: &str) -> Access {
    Access {
        allow_private: false,
        ..access(kind, address)
    }
}

/// Names that a resolver answers with addresses of our own network, and the network itself.
#[tokio::test]
async fn names_of_our_own_network_are_not_connected_to() {
    let target = Trickster::open(answer(200, JSON, b"{}")).await;
    // Every system resolves its own name, or `ip6-localhost`, to the loopback.
    let own = std::fs::read_to_string("/etc/hostname").unwrap_or_default();
    let mut names = vec!["localhost", "localhost.localdomain", "shop.localhost"];
    let own = own.trim();
    let hosts = std::fs::read_to_string("/etc/hosts").unwrap_or_default();
    let loopback_names: Vec<&str> = hosts
        .lines()
        .filter(|line| line.starts_with("127.") || line.starts_with("::1"))
        .flat_map(|line| line.split_whitespace().skip(1))
        .collect();
    if hosts.lines().any(|line| {
        let mut words = line.split_whitespace();
        words.next().is_some() && words.any(|word| word == own)
    }) {
        names.push(own);
    }
    names.extend(loopback_names);
    for kind in kinds() {
        for name in &names {
            let address = format!("http://{name}:{}", target.port);
            let word = match connect(&without_leave(kind, &address)) {
                Ok(shop) => shop.introduce().await.err(),
                Err(error) => Some(error),
            };
            assert!(
                matches!(
                    word,
                    // A name that nobody resolves leads nowhere.
                    Some(ShopError::PrivateAddress | ShopError::Unreachable)
                ),
                "{kind:?}, {name}: {word:?}"
            );
        }
    }
    assert_eq!(
        target.asked.load(Ordering::Relaxed),
        0,
        "not one connection was made"
    );
}

/// Someone who answers in another's name.
#[derive(Clone, Default)]
struct Nobody;

impl Handler for Nobody {
    fn answer(&mut self, _: &Asked) -> Told {
        Told::json(200, &serde_json::json!({}))
    }
}

#[tokio::test]
async fn a_certificate_of_no_one_we_trust_ends_it() {
    let double = Double::start(true, Nobody).await.unwrap();
    for kind in kinds() {
        for word in met(opened(kind, double.address()).as_ref()).await {
            assert_eq!(
                word,
                Some(ShopError::BadCertificate),
                "{kind:?}: nobody signed it"
            );
        }
        // Trusted, and for another name.
        let other_name = double.address().replace("127.0.0.1", "[::ffff:127.0.0.1]");
        let shop = connect(&Access {
            certificate_authority: double.certificate(),
            ..access(kind, &other_name)
        })
        .unwrap();
        let word = shop.introduce().await.err();
        assert_eq!(
            word,
            Some(ShopError::BadCertificate),
            "{kind:?}: another name"
        );
    }
    assert_eq!(double.log(), [], "no key was shown to a stranger");
}

#[tokio::test]
async fn garbage_is_no_handshake() {
    let server = Trickster::open(Trick::Garbage).await;
    let address = format!("https://127.0.0.1:{}", server.port);
    for kind in kinds() {
        let word = opened(kind, &address).introduce().await.err();
        assert!(
            matches!(word, Some(ShopError::NoTls | ShopError::Unreachable)),
            "{kind:?}: {word:?}"
        );
    }
}

#[tokio::test]
async fn a_hostile_answer_does_not_harm_a_tape() {
    let folder = tempfile::tempdir().unwrap();
    for (at, body) in [
        b"<!doctype html>".to_vec(),
        vec![b'['; 1 << 20],
        b"{\"a\":\"\xff\"}".to_vec(),
        Vec::new(),
    ]
    .into_iter()
    .enumerate()
    {
        let server = Trickster::open(answer(200, JSON, &body)).await;
        let place = folder.path().join(at.to_string());
        for kind in kinds() {
            let shop = connect_recording(&access(kind, &server.address()), &place).unwrap();
            assert!(
                shop.introduce().await.is_err(),
                "{kind:?} takes it for no shop"
            );
        }
        let exchanges = std::fs::read_dir(&place).unwrap();
        for exchange in exchanges {
            let bytes = std::fs::read(exchange.unwrap().path()).unwrap();
            testkit::tape::Exchange::read(&bytes).unwrap();
        }
    }
}
