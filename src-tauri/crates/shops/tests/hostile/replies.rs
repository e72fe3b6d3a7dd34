//! What is wrong with the answer.

use crate::server::{JSON, Trick, Trickster, answer, bomb};
use crate::{alone, kinds, met, opened};
use shops::ShopError;
use std::time::{Duration, Instant};

/// What the process may grow by, whatever comes: an answer of the largest size, once as bytes and
/// once as it is read, and the same again for what the allocator keeps.
const GROWTH: u64 = 48 << 20;

/// Far less than a person waits; nothing here is slow but what is meant to be.
const SOON: Duration = Duration::from_secs(20);

fn json(body: &[u8]) -> Trick {
    answer(200, JSON, body)
}

fn is_unreadable(error: &ShopError) -> bool {
    matches!(error, ShopError::BadReply(_) | ShopError::NotAShop)
}

fn is_too_large(error: &ShopError) -> bool {
    matches!(error, ShopError::BadReply(why) if why.contains("8 MiB"))
}

type Case = (&'static str, Trick, fn(&ShopError) -> bool);

fn cases() -> Vec<Case> {
    let mut all = too_much();
    all.extend(of_no_form());
    all
}

fn too_much() -> Vec<Case> {
    let chunked = format!("HTTP/1.1 200 X\r\n{JSON}Connection: close\r\n\r\n");
    let gzip = format!("{JSON}Content-Encoding: gzip\r\n");
    let headers = format!("{JSON}X-Long: {}\r\n", "x".repeat(70 << 10));
    let flood = "X-A: a\r\n".repeat(20_000);
    let deep_objects = "{\"data\":".repeat(200_000);
    vec![
        (
            "an endless body",
            Trick::Endless(chunked.clone(), vec![b' '; 64 << 10]),
            is_too_large,
        ),
        (
            "an endless array",
            Trick::Endless(format!("{chunked}["), b"{\"id\":1},".repeat(4096)),
            is_too_large,
        ),
        ("nine megabytes", json(&vec![b'1'; 9 << 20]), is_too_large),
        ("a gzip bomb", answer(200, &gzip, &bomb()), is_too_large),
        ("no gzip", answer(200, &gzip, b"plain"), is_unreadable),
        (
            "arrays in arrays",
            json(&vec![b'['; 4 << 20]),
            is_unreadable,
        ),
        (
            "objects in objects",
            json(deep_objects.as_bytes()),
            is_unreadable,
        ),
        ("a long header", answer(200, &headers, b"{}"), |error| {
            matches!(error, ShopError::BadReply(_) | ShopError::Unreachable)
        }),
        ("a flood of headers", answer(200, &flood, b"{}"), |error| {
            matches!(error, ShopError::BadReply(_) | ShopError::Unreachable)
        }),
    ]
}

fn of_no_form() -> Vec<Case> {
    let wrong_types: &[u8] = br#"{"data":[{"orders":"none","login":7}],"success":"perhaps",
        "status":["SUCCESS"],"orders":{"nodes":42},"namespaces":true}"#;
    let nines = "9".repeat(5000);
    let huge = format!(r#"[{{"id":{nines},"total":1e999999,"quantity":-{nines}}}]"#);
    let duplicates =
        r#"{"data":{"x":1},"data":[2],"success":true,"success":false,"id":1,"id":"2"}"#;
    let cut = r#"[{"id":1,"number":"1","status":"processing","line_items":[{"id":"#;
    let torn = format!("HTTP/1.1 200 X\r\n{JSON}Content-Length: 9999\r\n\r\n{cut}");
    vec![
        (
            "a page for people",
            answer(
                200,
                "Content-Type: text/html\r\n",
                b"<!doctype html><p>Hello",
            ),
            is_unreadable,
        ),
        (
            "a page called data",
            answer(200, JSON, b"<!doctype html><p>Hello"),
            is_unreadable,
        ),
        (
            "a page with a fault",
            answer(503, "Content-Type: text/html\r\n", b"<p>Down"),
            |error| matches!(error, ShopError::ShopFault { status: 503 }),
        ),
        ("other types", json(wrong_types), is_unreadable),
        (
            "numbers past all bounds",
            json(huge.as_bytes()),
            is_unreadable,
        ),
        (
            "not a number",
            json(br#"{"data":NaN,"success":NaN,"status":Infinity}"#),
            is_unreadable,
        ),
        (
            "no UTF-8",
            json(b"{\"data\":\"\xff\xfe\xc0\x80\",\"success\":\"\xed\xa0\x80\"}"),
            is_unreadable,
        ),
        ("doubled keys", json(duplicates.as_bytes()), is_unreadable),
        ("nothing", json(b""), is_unreadable),
        ("a word", json(b"\"ok\""), is_unreadable),
        (
            "torn in the middle",
            Trick::Bytes(torn.into_bytes()),
            |error| matches!(error, ShopError::Unreachable | ShopError::BadReply(_)),
        ),
        (
            "no HTTP at all",
            Trick::Bytes(b"220 mail.example ESMTP\r\n".to_vec()),
            |error| *error == ShopError::Unreachable,
        ),
        ("the end at once", Trick::Bytes(Vec::new()), |error| {
            *error == ShopError::Unreachable
        }),
        ("a status of no kind", answer(999, JSON, b"{}"), |error| {
            !matches!(error, ShopError::WrongKey | ShopError::Gone)
        }),
        (
            "success that says no",
            json(
                br#"{"errors":[{"message":"boom"}],"success":false,
            "errorMsg":"boom","status":"ERROR","error_code":"ERROR_X","code":"boom"}"#,
            ),
            |error| !matches!(error, ShopError::Gone | ShopError::Conflict(_)),
        ),
        (
            "please wait",
            answer(429, "Retry-After: 99999999999999\r\n", b""),
            |error| matches!(error, ShopError::Busy { .. }),
        ),
    ]
}

/// Bytes the process holds, and the most it held since the peak was last forgotten (proc(5)).
fn memory() -> (u64, u64) {
    let status = std::fs::read_to_string("/proc/self/status").unwrap();
    let field = |name: &str| {
        let line = status.lines().find(|line| line.starts_with(name)).unwrap();
        let kib: u64 = line.split_whitespace().nth(1).unwrap().parse().unwrap();
        kib << 10
    };
    (field("VmRSS:"), field("VmHWM:"))
}

fn forget_peak() {
    std::fs::write("/proc/self/clear_refs", "5").unwrap();
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn each_trick_meets_its_word_within_bounds() {
    let _alone = alone().await;
    let mut wrong = Vec::new();
    for (name, trick, is_right) in cases() {
        for kind in kinds() {
            let server = Trickster::open(trick.clone()).await;
            let is_about_form = is_right(&ShopError::BadReply("larger than 8 MiB".to_owned()));
            let shop = opened(kind, &server.address());
            forget_peak();
            let (before, _) = memory();
            let begun = Instant::now();
            let words = met(shop.as_ref()).await;
            let (_, peak) = memory();
            let grown = peak.saturating_sub(before);
            for (asked, word) in ["introduce", "orders"].iter().zip(&words) {
                match word {
                    Some(word) if is_right(word) => {}
                    // While connecting, an answer that is none of the protocol's has its own word.
                    Some(ShopError::NotAShop) if *asked == "introduce" && is_about_form => {}
                    other => wrong.push(format!("{name}, {kind:?}, {asked}: {other:?}")),
                }
            }
            if grown > GROWTH {
                wrong.push(format!("{name}, {kind:?}: grew by {} MiB", grown >> 20));
            }
            if begun.elapsed() > SOON {
                wrong.push(format!("{name}, {kind:?}: took {:?}", begun.elapsed()));
            }
            if server.asked.load(std::sync::atomic::Ordering::Relaxed) > 24 {
                wrong.push(format!("{name}, {kind:?}: asked again and again"));
            }
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Both limits run at once for all kinds, and in real time: what is measured is the clock.
#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn silence_and_dripping_end_in_time() {
    let head = format!("HTTP/1.1 200 X\r\n{JSON}Connection: close\r\n\r\n");
    let drip = Trickster::open(Trick::Drip(head, Duration::from_secs(1))).await;
    let silent = Trickster::open(Trick::Silence).await;
    let mut all = tokio::task::JoinSet::new();
    for kind in kinds() {
        for (name, address) in [("drip", drip.address()), ("silence", silent.address())] {
            all.spawn(async move {
                let begun = Instant::now();
                let word = opened(kind, &address).introduce().await.err();
                (kind, name, word, begun.elapsed())
            });
        }
    }
    while let Some(met) = all.join_next().await {
        let (kind, name, word, took) = met.unwrap();
        assert_eq!(word, Some(ShopError::TimedOut), "{kind:?}, {name}");
        assert!(
            took < Duration::from_secs(75),
            "{kind:?}, {name}: a request takes a minute at most, not {took:?}"
        );
    }
}
