use super::*;
use crate::table::order::{self as orders, Seen};
use crate::table::{customer, product as products, pull, script};
use rules::id::ScriptVersionId;

async fn upsert(shop: &Shop, order: Order) -> Result<Seen, StoreError> {
    shop.store
        .db
        .write(change("pull"), move |tx| orders::upsert(tx, &order))
        .await
}

#[tokio::test]
async fn an_order_comes_back_as_it_went_in() {
    let shop = Shop::new();
    let mut guest = order("7");
    guest.customer.remote = None;
    guest.lines[1].product = None;
    guest.lines[0].remote = "zz".into();
    for order in [order("1"), guest] {
        assert_eq!(upsert(&shop, order.clone()).await.unwrap(), Seen::New);
        let remote = order.remote.clone();
        let kept = shop
            .store
            .db
            .read(move |conn| orders::get(conn, &remote))
            .await
            .unwrap();
        assert_eq!(kept, Some(order));
    }
    let none = shop
        .store
        .db
        .read(|conn| orders::get(conn, &"no".into()))
        .await
        .unwrap();
    assert_eq!(none, None);
}

#[tokio::test]
async fn a_repeat_an_echo_and_a_late_page_are_told_from_a_change() {
    let shop = Shop::new();
    let first = order("1");
    assert_eq!(upsert(&shop, first.clone()).await.unwrap(), Seen::New);
    assert_eq!(
        upsert(&shop, first.clone()).await.unwrap(),
        Seen::Same,
        "the same page twice"
    );
    let stamped = Order {
        changed_at: minute(0),
        ..first.clone()
    };
    assert_eq!(
        upsert(&shop, stamped).await.unwrap(),
        Seen::Same,
        "only the stamp is new"
    );

    let confirmed = Order {
        stage: OrderStage::Confirmed,
        changed_at: minute(1),
        ..first.clone()
    };
    assert_eq!(
        upsert(&shop, confirmed.clone()).await.unwrap(),
        Seen::Changed,
        "stored with our push"
    );
    let echo = Order {
        changed_at: minute(2),
        ..confirmed.clone()
    };
    assert_eq!(
        upsert(&shop, echo.clone()).await.unwrap(),
        Seen::Same,
        "the pull brings it back"
    );
    assert_eq!(
        upsert(&shop, first.clone()).await.unwrap(),
        Seen::Stale,
        "a page from before the push"
    );
    let kept = shop
        .store
        .db
        .read(|conn| orders::get(conn, &"1".into()))
        .await
        .unwrap();
    assert_eq!(kept, Some(echo), "the late page changed nothing");

    let mut fewer = Order {
        changed_at: minute(3),
        ..confirmed
    };
    fewer.lines.remove(0);
    assert_eq!(
        upsert(&shop, fewer.clone()).await.unwrap(),
        Seen::Changed,
        "a line less"
    );
    let kept = shop
        .store
        .db
        .read(|conn| orders::get(conn, &"1".into()))
        .await
        .unwrap();
    assert_eq!(kept, Some(fewer.clone()));

    let gone = |tx: &crate::Transaction<'_>| orders::mark_gone(tx, &["1".into(), "none".into()]);
    assert_eq!(shop.store.db.write(change("pull"), gone).await.unwrap(), 1);
    assert_eq!(shop.store.db.read(orders::count).await.unwrap(), 0);
    assert_eq!(
        upsert(&shop, fewer).await.unwrap(),
        Seen::Changed,
        "it is back"
    );
    assert_eq!(shop.store.db.read(orders::count).await.unwrap(), 1);
}

#[tokio::test]
async fn mixed_currencies_are_refused() {
    let shop = Shop::new();
    let mut mixed = order("1");
    mixed.lines[1].total = Money::new(1, Currency::EUR);
    let refused = upsert(&shop, mixed).await;
    assert!(
        matches!(refused, Err(StoreError::Invalid(_))),
        "{refused:?}"
    );
    assert_eq!(shop.store.db.read(orders::count).await.unwrap(), 0);
}

#[tokio::test]
async fn orders_and_customers_are_found_by_phone_however_written() {
    let shop = Shop::new();
    for (remote, phone, placed) in [
        ("1", "+380 (67) 123-45-67", 1),
        ("2", "0671234567", 2),
        ("3", "067 765 43 21", 3),
        ("4", "12", 4),
    ] {
        let mut order = order(remote);
        order.customer.phone = phone.to_owned();
        order.placed_at = minute(placed);
        upsert(&shop, order).await.unwrap();
    }
    let found = |number: &'static str| {
        let db = &shop.store.db;
        async move {
            let found = db
                .read(move |conn| orders::by_phone(conn, number, 10))
                .await
                .unwrap();
            found
                .into_iter()
                .map(|order| order.remote.0)
                .collect::<Vec<_>>()
        }
    };
    for number in ["+380671234567", "067-123-45-67", "00380671234567"] {
        assert_eq!(found(number).await, ["2", "1"], "{number}: newest first");
    }
    assert_eq!(
        found("12").await,
        Vec::<String>::new(),
        "too short to tell anyone by"
    );

    let people = [
        Customer {
            remote: Some("c".into()),
            name: "A".to_owned(),
            phone: "0671234567".to_owned(),
            email: String::new(),
        },
        Customer {
            remote: None,
            name: "guest".to_owned(),
            phone: "0671234567".to_owned(),
            email: String::new(),
        },
    ];
    let stored = shop
        .store
        .db
        .write(change("pull"), move |tx| customer::upsert(tx, &people));
    assert_eq!(stored.await.unwrap(), 1, "a guest is only on the order");
    let known = shop
        .store
        .db
        .read(|conn| customer::by_phone(conn, "+380671234567", 5))
        .await
        .unwrap();
    assert_eq!(known.len(), 1);
    let removed = shop
        .store
        .db
        .write(change("pull"), |tx| customer::remove(tx, &["c".into()]));
    assert_eq!(removed.await.unwrap(), 1);

    let stage = shop
        .store
        .db
        .read(|conn| orders::in_stage(conn, OrderStage::New, minute(2)))
        .await;
    assert_eq!(
        stage.unwrap(),
        ["2".into(), "3".into(), "4".into()] as [RemoteId; 3]
    );
    let number = shop
        .store
        .db
        .read(|conn| orders::by_number(conn, "N3", 5))
        .await
        .unwrap();
    assert_eq!(number[0].remote, "3".into());
}

async fn find(shop: &Shop, query: &str) -> Vec<String> {
    let query = query.to_owned();
    let found = shop
        .store
        .db
        .read(move |conn| products::search(conn, &query, None, 50))
        .await;
    found
        .unwrap()
        .into_iter()
        .map(|product| product.remote.0)
        .collect()
}

#[tokio::test]
async fn three_letters_find_a_product_in_any_alphabet() {
    let shop = Shop::new();
    let all = vec![
        product("1", "KTL-100", "Чайник електричний Bosch"),
        product("2", "KTL-200", "чайник заварний"),
        product("3", "WM/55", "Пральна машина Żółw \"Eco\" 55%"),
        product("4", "FR-1", "Холодильник bosch SMART"),
        Product {
            enabled: false,
            ..product("5", "OFF", "Чайник знятий")
        },
    ];
    let again = all.clone();
    let stored = shop
        .store
        .db
        .write(change("pull"), move |tx| products::upsert(tx, &all))
        .await;
    assert_eq!(stored.unwrap(), 5);
    let stored = shop
        .store
        .db
        .write(change("pull"), move |tx| products::upsert(tx, &again))
        .await;
    assert_eq!(stored.unwrap(), 0, "the same page again changes nothing");

    for (query, expected) in [
        ("чай", vec!["1", "2"]),
        ("ЧАЙ", vec!["1", "2"]),
        ("йник", vec!["1", "2"]),
        ("bos", vec!["4", "1"]),
        ("bosch чай", vec!["1"]),
        ("ktl-2", vec!["2"]),
        ("KTL", vec!["1", "2"]),
        ("wm/55", vec!["3"]),
        ("żół", vec!["3"]),
        ("\"eco\"", vec!["3"]),
        ("55%", vec!["3"]),
        ("1", vec!["4", "1"]),
        ("че", vec![]),
        ("чайник за", vec!["2"]),
        ("знятий", vec![]),
        ("   ", vec!["3", "4", "1", "2"]),
    ] {
        let mut found = find(&shop, query).await;
        let mut expected: Vec<String> = expected.into_iter().map(str::to_owned).collect();
        found.sort_unstable();
        expected.sort_unstable();
        assert_eq!(found, expected, "{query:?}");
    }

    let renamed = vec![Product {
        changed_at: minute(1),
        ..product("2", "KTL-200", "Кавник")
    }];
    shop.store
        .db
        .write(change("pull"), move |tx| products::upsert(tx, &renamed))
        .await
        .unwrap();
    assert_eq!(find(&shop, "чай").await, ["1"], "the old name is forgotten");
    assert_eq!(find(&shop, "кавн").await, ["2"]);
    let stale = vec![product("2", "KTL-200", "Чайник")];
    let stored = shop
        .store
        .db
        .write(change("pull"), move |tx| products::upsert(tx, &stale))
        .await;
    assert_eq!(stored.unwrap(), 0, "an older page changes nothing");
    shop.store
        .db
        .write(change("pull"), |tx| products::mark_gone(tx, &["2".into()]))
        .await
        .unwrap();
    assert_eq!(
        find(&shop, "кавн").await,
        Vec::<String>::new(),
        "what is gone is not offered"
    );
    assert_eq!(shop.store.db.read(products::count).await.unwrap(), 4);
    let named = shop
        .store
        .db
        .read(|conn| products::get(conn, &"2".into()))
        .await
        .unwrap();
    assert_eq!(
        named.unwrap().name,
        "Кавник",
        "an old line can still name it"
    );
    assert!(
        shop.store.db.verify().await.unwrap().sound(),
        "the index agrees with the table"
    );
}

#[tokio::test]
async fn any_text_is_a_safe_query() {
    let shop = Shop::new();
    let all = vec![product("1", "A", "Звичайний товар")];
    shop.store
        .db
        .write(change("pull"), move |tx| products::upsert(tx, &all))
        .await
        .unwrap();
    let pieces = [
        "\"",
        "'",
        "*",
        "(",
        ")",
        "AND",
        "OR",
        "NOT",
        "NEAR(",
        "name:",
        "-",
        "+",
        "^",
        "{",
        "}",
        "\\",
        "%",
        "_",
        ";",
        "--",
        "\0",
        "\u{200f}",
        "DROP TABLE product",
        "чай",
        "a",
        "😀😀😀",
        " ",
        "\n",
        "col:*",
    ];
    let mut chance = Chance(2);
    for _ in 0..2_000 {
        let length = chance.below(6);
        let query: String = (0..length)
            .map(|_| pieces[usize::try_from(chance.below(pieces.len() as u64)).unwrap()])
            .collect();
        find(&shop, &query).await;
    }
    assert_eq!(
        find(&shop, &"товар ".repeat(1_000)).await,
        ["1"],
        "a very long query is no trouble"
    );
    assert_eq!(
        find(&shop, "товар").await,
        ["1"],
        "the table is still there"
    );
}

#[tokio::test]
async fn pages_of_a_search_neither_skip_nor_repeat() {
    let shop = Shop::new();
    let all: Vec<Product> = (0..95)
        .map(|number| product(&number.to_string(), "S", &format!("Лампа {}", number / 3)))
        .collect();
    shop.store
        .db
        .write(change("pull"), move |tx| products::upsert(tx, &all))
        .await
        .unwrap();
    for query in ["лампа", "ла"] {
        let mut seen: Vec<String> = Vec::new();
        let mut after: Option<RemoteId> = None;
        loop {
            let from = after.clone();
            let page = shop
                .store
                .db
                .read(move |conn| products::search(conn, query, from.as_ref(), 20))
                .await;
            let page = page.unwrap();
            seen.extend(page.iter().map(|product| product.remote.0.clone()));
            match page.last() {
                Some(last) if page.len() == 20 => after = Some(last.remote.clone()),
                _ => break,
            }
        }
        let mut distinct = seen.clone();
        distinct.sort_unstable();
        distinct.dedup();
        assert_eq!((seen.len(), distinct.len()), (95, 95), "{query}");
    }
}

#[tokio::test]
async fn a_pull_remembers_where_it_stands() {
    use pull::{Pull, Stream};
    let shop = Shop::new();
    assert_eq!(
        shop.store
            .db
            .read(|conn| pull::get(conn, Stream::Orders))
            .await
            .unwrap(),
        Pull::default()
    );
    shop.store
        .db
        .write_unrecorded(|tx| pull::fail(tx, Stream::Orders, "unreachable"))
        .await
        .unwrap();
    shop.store
        .db
        .write_unrecorded(|tx| pull::advance(tx, Stream::Orders, "c0", Some(start())))
        .await
        .unwrap();
    // A page with more behind it moves the cursor, not the time of the last whole pull.
    shop.store
        .db
        .write_unrecorded(|tx| pull::advance(tx, Stream::Orders, "c1", None))
        .await
        .unwrap();
    shop.store
        .db
        .write_unrecorded(|tx| pull::fail(tx, Stream::Orders, "wrong_key"))
        .await
        .unwrap();
    let stands = shop
        .store
        .db
        .read(|conn| pull::get(conn, Stream::Orders))
        .await
        .unwrap();
    let expected = Pull {
        cursor: "c1".to_owned(),
        last_success_at: Some(start()),
        last_error: Some("wrong_key".to_owned()),
    };
    assert_eq!(stands, expected, "a failure keeps the cursor");
    let lost: Result<(), _> = shop
        .store
        .db
        .write_unrecorded(|tx| {
            orders::upsert(tx, &order("9"))?;
            pull::advance(tx, Stream::Orders, "c2", Some(minute(1)))?;
            Err(StoreError::Conflict("cut off"))
        })
        .await;
    lost.unwrap_err();
    let stands = shop
        .store
        .db
        .read(|conn| pull::get(conn, Stream::Orders))
        .await
        .unwrap();
    assert_eq!(
        stands.cursor, "c1",
        "page and cursor come together or not at all"
    );
    assert_eq!(shop.store.db.read(orders::count).await.unwrap(), 0);
}

#[tokio::test]
async fn scripts_are_kept_by_version() {
    let shop = Shop::new();
    let version = |number, language: &str| script::ScriptVersion {
        id: ScriptVersionId::from_uuid(uuid()),
        code: "confirm".to_owned(),
        number,
        language: language.to_owned(),
        body: format!("v{number}"),
        published_at: start(),
        author: None,
    };
    let (one, two, polish) = (version(1, "uk"), version(2, "uk"), version(1, "pl"));
    for script in [one.clone(), two.clone(), polish] {
        shop.store
            .db
            .write(change("script"), move |tx| script::publish(tx, &script))
            .await
            .unwrap();
    }
    let twin = version(2, "uk");
    let refused = shop
        .store
        .db
        .write(change("script"), move |tx| script::publish(tx, &twin))
        .await;
    assert!(matches!(refused, Err(StoreError::Taken(_))), "{refused:?}");
    let latest = shop
        .store
        .db
        .read(|conn| script::latest(conn, "confirm", "uk"))
        .await
        .unwrap();
    assert_eq!(latest, Some(two));
    let id = one.id;
    assert_eq!(
        shop.store
            .db
            .read(move |conn| script::get(conn, id))
            .await
            .unwrap(),
        Some(one)
    );
}
