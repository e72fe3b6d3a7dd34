//! Where a fuzzer begins: what the doubles say to each connector, one file per conversation. With
//! `WRITE_CORPUS=1` the seeds are written anew.

use super::parsers::OPERATIONS;
use rules::id::OperationId;
use rules::operation::ShopOperation;
use shops::http::tape::{Asked, Feed, Told, connect_fed};
use shops::{Access, Cursor, Shop, ShopError, ShopKind};
use std::io::{Read, Write};
use std::net::TcpStream;
use std::path::Path;
use std::sync::{Arc, Mutex};
use testkit::woo::{SeedLine, SeedOrder, SeedProduct, WooDouble};
use testkit::{base, retailcrm, shopify};

/// Asks a double over a plain connection and remembers what it said.
struct Overheard {
    headers: String,
    said: Mutex<Vec<(u16, Vec<u8>)>>,
}

impl Feed for Overheard {
    fn answer(&self, asked: &Asked<'_>) -> Result<Told, ShopError> {
        let url = asked.url;
        let query = url.query().map(|query| format!("?{query}"));
        let form = if asked.body.starts_with(b"{") {
            "application/json"
        } else {
            "application/x-www-form-urlencoded"
        };
        let head = format!(
            "{} {}{} HTTP/1.1\r\nHost: shop\r\nContent-Type: {form}\r\n{}Content-Length: {}\r\n\r\n",
            asked.method,
            url.path(),
            query.unwrap_or_default(),
            self.headers,
            asked.body.len()
        );
        let mut stream = TcpStream::connect(url.socket_addrs(|| None).unwrap()[0]).unwrap();
        stream.write_all(head.as_bytes()).unwrap();
        stream.write_all(asked.body).unwrap();
        let mut whole = Vec::new();
        stream.read_to_end(&mut whole).unwrap();
        let end = whole
            .windows(4)
            .position(|part| part == b"\r\n\r\n")
            .unwrap();
        let head = String::from_utf8(whole[..end].to_vec()).unwrap();
        let status = head.split_whitespace().nth(1).unwrap().parse().unwrap();
        let body = whole[end + 4..].to_vec();
        let headers = head.lines().skip(1).filter_map(|line| {
            let (name, value) = line.split_once(':')?;
            Some((name.to_owned(), value.trim().to_owned()))
        });
        self.said.lock().unwrap().push((status, body.clone()));
        Ok(Told {
            status,
            headers: headers.collect(),
            body,
        })
    }
}

async fn converse(kind: ShopKind, address: &str, user: &str, secret: &str, headers: &str) {
    let access = Access {
        kind,
        address: address.to_owned(),
        user: user.to_owned(),
        secret: secret.to_owned(),
        allow_http: true,
        allow_private: true,
        certificate_authority: None,
        statuses: None,
        rate: None,
    };
    let corpus = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/fuzz/corpus");
    let save =
        async |parser: &str, name: &str, first: &[u8], talk: &dyn Fn(Box<dyn Shop>) -> Talk| {
            let heard = Arc::new(Overheard {
                headers: headers.to_owned(),
                said: Mutex::default(),
            });
            let shop =
                connect_fed(&access, Arc::<Overheard>::clone(&heard) as Arc<dyn Feed>).unwrap();
            talk(shop).await;
            let said = heard.said.lock().unwrap();
            // A greeting that the fuzzer's own prelude gives would stand in the way.
            let kept: Vec<Vec<u8>> = said
                .iter()
                .filter(|(_, body)| !body.windows(12).any(|part| part == b"\"namespaces\""))
                .filter(|(_, body)| !body.starts_with(br#"{"code":"UAH""#))
                .take(12)
                .map(|(status, body)| [format!("HTTP {status}\n").as_bytes(), body].concat())
                .collect();
            let folder = corpus.join(format!("{}_{parser}", kind.word()));
            std::fs::create_dir_all(&folder).unwrap();
            let bytes = [first, &kept.join(b"\n---\n".as_slice())].concat();
            std::fs::write(folder.join(name), bytes).unwrap();
        };
    save("introduction", "heard", b"", &|shop| {
        Box::pin(async move { drop(shop.introduce().await) })
    })
    .await;
    save("orders", "heard", b"", &|shop| {
        Box::pin(async move {
            let mut cursor = Cursor::default();
            for _ in 0..4 {
                let page = shop.orders(&cursor).await.unwrap();
                cursor = page.next;
            }
        })
    })
    .await;
    save("products", "heard", b"", &|shop| {
        Box::pin(async move { drop(shop.products(&Cursor::default()).await) })
    })
    .await;
    save("customers", "heard", b"", &|shop| {
        Box::pin(async move { drop(shop.customers(&Cursor::default()).await) })
    })
    .await;
    let heard = Arc::new(Overheard {
        headers: headers.to_owned(),
        said: Mutex::default(),
    });
    let shop = connect_fed(&access, heard).unwrap();
    let (mut cursor, mut order) = (Cursor::default(), None);
    while order.is_none() {
        let page = shop.orders(&cursor).await.unwrap();
        cursor = page.next;
        order = page.items.into_iter().next();
    }
    let order = order.unwrap();
    for (which, form) in (0_u8..).zip(OPERATIONS) {
        let line = order.lines.first().map(|line| line.remote.to_string());
        let form = form
            .replace(
                "\"order\":\"1\"",
                &format!("\"order\":{}", serde_json::json!(order.remote)),
            )
            .replace(
                "\"line\":\"5\"",
                &format!("\"line\":{}", serde_json::json!(line)),
            );
        let operation: ShopOperation = serde_json::from_str(&form).unwrap();
        let talk = |shop: Box<dyn Shop>| -> Talk {
            let operation = operation.clone();
            Box::pin(async move {
                let id = OperationId::from_uuid(uuid::Uuid::now_v7());
                drop(shop.find(id, &operation).await);
                drop(shop.apply(id, &operation).await);
                drop(shop.sweep(id, &operation).await);
            })
        };
        save("writes", &format!("heard{which}"), &[which], &talk).await;
    }
    // A cursor as the connector writes it, and what calls may look like.
    let folder = corpus.join(format!("{}_cursors", kind.word()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("heard"), &cursor.0).unwrap();
    let folder = corpus.join(format!("{}_hook", kind.word()));
    std::fs::create_dir_all(&folder).unwrap();
    std::fs::write(folder.join("json"), br#"{"id":1,"arg":"webhook_id=1"}"#).unwrap();
    std::fs::write(folder.join("form"), b"webhook_id=1").unwrap();
}

type Talk = std::pin::Pin<Box<dyn Future<Output = ()>>>;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn the_doubles_give_a_fuzzer_its_seeds() {
    if std::env::var_os("WRITE_CORPUS").is_none() {
        return;
    }
    let woo = WooDouble::start(testkit::woo::Setup::default())
        .await
        .unwrap();
    woo.shelf().stock_product(SeedProduct {
        id: 13,
        name: "Kettle",
        price: "1299.50",
        stock: Some(50),
        parent: None,
        kind: "simple",
    });
    woo.shelf().register_customer("Olena");
    let lines = vec![SeedLine {
        product: 13,
        quantity: 2,
    }];
    let order = SeedOrder {
        status: "processing",
        payment_method: "cod",
        lines,
    };
    for _ in 0..2 {
        woo.shelf().take_order(&order);
    }
    converse(
        ShopKind::Woocommerce,
        woo.address(),
        "ck_full",
        "cs_full",
        "",
    )
    .await;

    let shelf = shopify::Shelf::new(shopify::Setup::default());
    let shop = shopify::ShopifyDouble::start(false, shelf).await.unwrap();
    let product = shop.shelf().stock_product(&shopify::SeedProduct {
        title: "Kettle",
        price: 129_950,
        stock: Some(50),
    });
    shop.shelf().take_order(&[(product.as_str(), 2)]);
    let token = "X-Shopify-Access-Token: shpat_desk\r\n";
    converse(
        ShopKind::Shopify,
        shop.address(),
        "app",
        "shpat_desk",
        token,
    )
    .await;

    let crm = retailcrm::start(retailcrm::Setup::default()).await.unwrap();
    crm.shelf().stock_product(31, "Чайник", 129_950);
    crm.shelf().take_order(&[retailcrm::SeedLine {
        offer: 31,
        quantity: 2,
        discount: 0,
    }]);
    let key = format!("X-API-KEY: {}\r\n", retailcrm::KEY);
    converse(ShopKind::Retailcrm, crm.address(), "", retailcrm::KEY, &key).await;

    let account = base::start(base::Setup::default()).await.unwrap();
    account.shelf().stock_product(31, "Czajnik", 12_999);
    account.shelf().take_order(&[(31, 2)]);
    let token = format!("X-BLToken: {}\r\n", base::TOKEN);
    converse(ShopKind::Base, account.address(), "", base::TOKEN, &token).await;
}
