use super::*;
use crate::ShopKind;
use serde_json::json;

fn access() -> Access {
    Access {
        kind: ShopKind::Woocommerce,
        address: "https://tekhno-shop.example.ua/store".to_owned(),
        user: "ck_canary_user".to_owned(),
        secret: "cs_canary_secret".to_owned(),
        allow_http: false,
        allow_private: false,
        certificate_authority: None,
        statuses: None,
        rate: None,
    }
}

fn reply(body: &Value) -> Reply {
    Reply {
        status: 200,
        headers: HeaderMap::new(),
        body: body.to_string().into_bytes(),
    }
}

fn written(mask: &mut Mask, url: &str, body: &Value) -> String {
    let request = Request::get(url.parse().unwrap())
        .authorization("Bearer canary-token")
        .unwrap();
    mask.exchange(&request, request.url(), &reply(body))
}

/// Words that are someone's, in the places where shops keep them and where people put them.
const CANARIES: [&str; 25] = [
    "Олена",
    "олена",
    "Коваль-Шевченко",
    "КОВАЛЬ",
    "Zażółć",
    "Grzegorz",
    "Brzęczyszczykiewicz",
    "O'Neil",
    "67 123 45 67",
    "671234567",
    "501112233",
    "22-555-11-99",
    "olena.koval",
    "canary@",
    "Лесі Українки",
    "Marszałkowska",
    "під'їзд",
    "подарунок для мами",
    "ck_canary_user",
    "cs_canary_secret",
    "canary-token",
    "canary-in-query",
    "canary-cookie",
    "tekhno-shop",
    "5168742012345678",
];

fn full_of_people() -> Value {
    json!([{
        "id": 1001, "number": "1001", "status": "processing", "currency": "UAH",
        "date_created_gmt": "2026-01-02T03:04:05", "total": "1299.50", "customer_id": 77,
        "customer_note": "подарунок для мами, дзвонити Олена +380 67 123 45 67",
        "billing": {
            "first_name": "Олена", "last_name": "Коваль-Шевченко", "company": "ФОП Коваль",
            "address_1": "вул. Лесі Українки, 5", "address_2": "під'їзд 2", "city": "Київ",
            "postcode": "01133", "country": "UA", "email": "olena.koval@canary.ua",
            "phone": "+380 67 123 45 67", "name": "Олена Коваль",
        },
        "shipping": { "first_name": "Grzegorz", "last_name": "Brzęczyszczykiewicz",
            "address_1": "Marszałkowska 1", "name": "Zażółć" },
        "customer": { "firstName": "Олена", "phones": [{ "number": "380671234567" }],
            "externalId": "380671234567", "customFields": { "anything": "Grzegorz O'Neil" } },
        "meta_data": [
            { "id": 1, "key": "_dzvinok_confirmed_by", "value": "Олена" },
            { "id": 2, "key": "viber", "value": "0671234567" },
            { "id": 3, "key": "_dzvinok_confirmed_at", "value": "2026-01-02T03:04:05Z" },
            { "id": 4, "key": "card", "value": "5168742012345678" },
        ],
        "line_items": [{ "id": 5, "name": "Чайник для Олена", "sku": "TE-1", "quantity": 2,
            "total": "1299.50", "meta_data": [{ "key": "engraving", "value": "Zażółć" }] }],
        "notes": ["[cc:0192f3ab] Олена сказала так", { "note": "тел. (067)1234567, 22-555-11-99" }],
        "slug": "olena-koval", "code": "OLENA", "cookie": "canary-cookie",
        "olena.koval@canary.ua": { "380671234567": true },
        "unknown_field": "Олена Коваль, canary@canary.ua, https://tekhno-shop.example.ua/order/1",
        "phone": 380_671_234_567_u64, "delivery_phone": "0501112233",
        "user_login": "olena.koval", "admin_comments": "KOVAL КОВАЛЬ",
        "status_of_person": "Grzegorz",
    }])
}

#[test]
fn no_canary_gets_onto_the_tape() {
    let mut mask = Mask::new(&access());
    let url = "https://tekhno-shop.example.ua/store/wp-json/wc/v3/orders?page=2&per_page=100\
        &consumer_secret=canary-in-query&oauth_token=canary-in-query&email=canary%40canary.ua\
        &search=%D0%9E%D0%BB%D0%B5%D0%BD%D0%B0";
    let text = written(&mut mask, url, &full_of_people());
    for canary in CANARIES {
        assert!(!text.contains(canary), "{canary} stands in {text}");
    }
    let lower = text.to_lowercase();
    for canary in ["олена", "коваль", "olena", "koval", "grzegorz", "671234567"] {
        assert!(!lower.contains(canary), "{canary} stands in {text}");
    }
}

#[test]
fn bodies_of_forms_and_pages_are_masked_too() {
    let mut mask = Mask::new(&access());
    let parameters =
        json!({ "order_id": 9, "admin_comments": "Олена просить", "token": "canary-token" });
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("method", "setOrderFields")
        .append_pair("parameters", &parameters.to_string())
        .append_pair("apiKey", "canary-token")
        .finish();
    let mut request = Request::post(
        "https://tekhno-shop.example.ua/connector.php"
            .parse()
            .unwrap(),
    );
    request.body = Some(body.into_bytes());
    let page = Reply {
        status: 503,
        headers: HeaderMap::new(),
        body: "<!doctype html><p>Олена, зачекайте".as_bytes().to_vec(),
    };
    let text = mask.exchange(&request, request.url(), &page);
    assert!(
        text.contains("setOrderFields"),
        "the method is structure: {text}"
    );
    for canary in ["Олена", "canary-token", "просить"] {
        assert!(!text.contains(canary), "{canary} stands in {text}");
    }
}

#[test]
fn structure_stays_so_that_a_tape_can_be_played() {
    let mut mask = Mask::new(&access());
    let url = "https://tekhno-shop.example.ua/store/wp-json/wc/v3/orders?page=2&orderby=date\
        &modified_after=2026-01-02T03:04:05&_fields=id,number,status";
    let text = written(&mut mask, url, &full_of_people());
    let tape: Value = serde_json::from_str(&text).unwrap();
    let order = tape.pointer("/told/json/0").unwrap();
    for (field, value) in [
        ("id", json!(1001)),
        ("status", json!("processing")),
        ("currency", json!("UAH")),
        ("date_created_gmt", json!("2026-01-02T03:04:05")),
        ("total", json!("1299.50")),
    ] {
        assert_eq!(order.get(field), Some(&value), "{field} is structure");
    }
    assert_eq!(order.pointer("/line_items/0/sku"), Some(&json!("TE-1")));
    assert_eq!(order.pointer("/billing/country"), Some(&json!("UA")));
    assert_ne!(
        order.pointer("/billing/postcode"),
        Some(&json!("01133")),
        "a number in an address is part of it"
    );
    assert_eq!(
        order.pointer("/meta_data/2/value"),
        Some(&json!("2026-01-02T03:04:05Z")),
        "a moment is nobody's"
    );
    let note = order.pointer("/notes/0").and_then(Value::as_str).unwrap();
    assert!(
        note.starts_with("[cc:0192f3ab] "),
        "a mark of ours stays: {note}"
    );
    assert_eq!(
        tape.get("path"),
        Some(&json!("/store/wp-json/wc/v3/orders"))
    );
    assert_eq!(tape.pointer("/query/0"), Some(&json!(["page", "2"])));
    assert_eq!(
        tape.pointer("/query/3"),
        Some(&json!(["_fields", "id,number,status"]))
    );
}

#[test]
fn the_same_text_is_the_same_within_a_recording_and_another_in_the_next() {
    let first = Mask::new(&access());
    assert_eq!(
        first.scrambled("Олена"),
        first.scrambled("Олена"),
        "a customer stays one customer"
    );
    let again = (0..8).map(|_| Mask::new(&access()).scrambled("Олена Коваль"));
    let different: BTreeSet<_> = again.collect();
    assert!(
        different.len() > 1,
        "no table of names can be made beforehand"
    );
}

#[test]
fn a_phone_stays_a_phone() {
    let mask = Mask::new(&access());
    let masked = mask.digits("+380 67 123 45 67");
    assert!(masked.starts_with("+38"), "{masked}");
    assert_eq!(masked.chars().filter(char::is_ascii_digit).count(), 12);
    let with = |text: &str| phones(text).count();
    for number in [
        "+380671234567",
        "(067) 123-45-67",
        "0671234567",
        "48 600 100 200",
        "8 (495) 123-45-67",
    ] {
        assert_eq!(with(number), 1, "{number} is a telephone number");
    }
    for other in [
        "2026-01-02T03:04:05",
        "2026-01-02 03:04:05",
        "1772000000",
        "1299.50",
        "1001",
    ] {
        assert_eq!(with(other), 0, "{other} is none");
    }
}

struct Always(Told);

impl Feed for Always {
    fn answer(&self, _: &Asked<'_>) -> Result<Told, ShopError> {
        Ok(self.0.clone())
    }
}

#[test]
fn a_line_is_taken_by_the_clients_made_under_it_alone() {
    let told = Told {
        status: 200,
        headers: vec![("x-wp-total".to_owned(), "3".to_owned())],
        body: b"[]".to_vec(),
    };
    let fed = during(Line::Fed(Arc::new(Always(told))), Line::current);
    let request = Request::get("https://shop.example/".parse().unwrap());
    let reply = fed.answer(&request, request.url()).unwrap().unwrap();
    assert_eq!(reply.header("x-wp-total"), Some("3"));
    assert_eq!(reply.body(), b"[]");
    assert!(
        matches!(Line::current(), Line::Network),
        "the next client speaks to the network"
    );
}
