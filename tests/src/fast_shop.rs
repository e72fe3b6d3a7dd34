//! A shop with very many orders, rendered beforehand and served as fast as the loopback carries
//! them, over connections that stay open. It stands in a process of its own, and counts how long it
//! was asked and how long it waited to be asked.

use anyhow::{Context, Result};
use chrono::{DateTime, NaiveDateTime};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Read, Write};
use std::net::{Ipv4Addr, TcpListener, TcpStream};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::{Duration, Instant};

/// The first order was placed then, Unix seconds.
const BEGIN: i64 = 1_700_000_000;

/// As the shop writes moments.
const STAMP: &str = "%Y-%m-%dT%H:%M:%S";

/// Seconds between orders.
const STEP: i64 = 97;

struct Shelf {
    /// Oldest first.
    orders: Vec<String>,
    latency: Duration,
    clock: Mutex<Clock>,
}

/// What the server's time went on.
#[derive(Clone, Copy, Debug, Default)]
struct Clock {
    requests: u64,
    bytes: u64,
    answering: Duration,
    waiting: Duration,
    idle_since: Option<Instant>,
}

/// Serves until killed; tells its port on the first line.
pub fn serve(orders: usize, latency: Duration, mut say: impl FnMut(&str)) -> Result<()> {
    let shelf = Arc::new(Shelf {
        orders: (0..orders).map(order).collect(),
        latency,
        clock: Mutex::default(),
    });
    let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, 0))?;
    say(&format!("http://{}", listener.local_addr()?));
    for stream in listener.incoming() {
        let (stream, shelf) = (stream?, Arc::clone(&shelf));
        // A client that goes away is the client's business.
        std::thread::spawn(move || shelf.attend(&stream).ok());
    }
    Ok(())
}

fn placed(index: usize) -> i64 {
    BEGIN + STEP * i64::try_from(index).unwrap_or(0)
}

fn stamp(seconds: i64) -> String {
    let at = DateTime::from_timestamp(seconds, 0).unwrap_or_default();
    at.format(STAMP).to_string()
}

fn seconds(text: &str) -> Option<i64> {
    let at = NaiveDateTime::parse_from_str(text, STAMP).ok()?;
    Some(at.and_utc().timestamp())
}

/// As a shop with the usual plugins tells it, the fields that the desk asks for.
fn order(index: usize) -> String {
    let (id, at) = (100_000 + index, stamp(placed(index)));
    let name = ["Олена", "Iryna", "Тарас", "Grzegorz"]
        .get(index % 4)
        .copied()
        .unwrap_or("Olha");
    let lines: Vec<Value> = (0..=index % 3)
        .map(|line| {
            json!({
                "id": id * 10 + line, "name": format!("Електрочайник TK-{} з терморегулятором", line + index % 50),
                "product_id": 10 + index % 500 + line, "variation_id": 0, "quantity": 1 + index % 3,
                "tax_class": "", "subtotal": "1299.500000", "subtotal_tax": "0.000000",
                "total": "1299.500000", "total_tax": "0.000000", "taxes": [],
                "meta_data": [{ "id": 1, "key": "_reduced_stock", "value": "1" }],
                "sku": format!("TK-{:04}", index % 500 + line), "price": 1299.5,
            })
        })
        .collect();
    let total = 1299.5 * f64::from(u32::try_from(lines.len()).unwrap_or(1)) + 70.0;
    json!({
        "id": id, "number": id.to_string(),
        "status": if index.is_multiple_of(5) { "completed" } else { "processing" }, "currency": "UAH",
        "date_created_gmt": at, "date_modified_gmt": at, "date_paid_gmt": null,
        "total": format!("{total:.6}"), "customer_id": index % 5000, "customer_note": "",
        "billing": {
            "first_name": name, "last_name": format!("Коваль-{}", index % 9000), "company": "",
            "address_1": format!("вул. Лесі Українки, {}", index % 120), "address_2": "", "city": "Київ",
            "state": "", "postcode": "01133", "country": "UA",
            "email": format!("person{}@shop.example", index % 30_000),
            "phone": format!("+38067{:07}", index % 9_999_999),
        },
        "shipping": {
            "first_name": name, "last_name": "", "company": "", "address_1": "Відділення №5",
            "address_2": "", "city": "Київ", "state": "", "postcode": "01133", "country": "UA", "phone": "",
        },
        "payment_method": "cod", "payment_method_title": "Оплата при отриманні",
        "meta_data": [
            { "id": 1, "key": "_billing_np_warehouse", "value": "5" },
            { "id": 2, "key": "_wc_order_attribution_source_type", "value": "organic" },
            { "id": 3, "key": "_wc_order_attribution_utm_source", "value": "google" },
        ],
        "line_items": lines,
        "shipping_lines": [{
            "id": 1, "method_title": "Нова Пошта", "method_id": "nova_poshta", "total": "70.000000",
            "total_tax": "0.000000", "taxes": [], "meta_data": [],
        }],
        "fee_lines": [],
    })
    .to_string()
}

impl Shelf {
    fn attend(&self, stream: &TcpStream) -> Result<()> {
        stream.set_nodelay(true)?;
        let mut reader = BufReader::new(stream);
        let mut line = String::new();
        loop {
            line.clear();
            if reader.read_line(&mut line)? == 0 {
                return Ok(());
            }
            let arrived = Instant::now();
            let asked = line.clone();
            let mut length = 0;
            loop {
                line.clear();
                reader.read_line(&mut line)?;
                let header = line.trim().to_ascii_lowercase();
                if header.is_empty() {
                    break;
                }
                if let Some(value) = header.strip_prefix("content-length:") {
                    length = value.trim().parse()?;
                }
            }
            std::io::copy(&mut reader.by_ref().take(length), &mut std::io::sink())?;
            let mut words = asked.split_whitespace();
            let method = words.next().unwrap_or_default();
            let target = words.next().context("a request names what it wants")?;
            if target == "/stats" {
                let told = self.stats().to_string();
                write_reply(stream, 200, None, told.as_bytes())?;
                continue;
            }
            if !self.latency.is_zero() {
                // The shop's own slowness: nobody unparks this thread.
                std::thread::park_timeout(self.latency);
            }
            let (status, totals, body) = self.answer(method, target);
            write_reply(stream, status, totals, &body)?;
            let now = Instant::now();
            let mut clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
            clock.requests += 1;
            clock.bytes += u64::try_from(body.len()).unwrap_or(0);
            clock.answering += now - arrived;
            if let Some(idle_since) = clock.idle_since {
                clock.waiting += arrived.saturating_duration_since(idle_since);
            }
            clock.idle_since = Some(now);
        }
    }

    /// Since it was last asked.
    fn stats(&self) -> Value {
        let mut clock = self.clock.lock().unwrap_or_else(PoisonError::into_inner);
        let told = std::mem::take(&mut *clock);
        json!({
            "requests": told.requests,
            "bytes": told.bytes,
            "answering_ms": told.answering.as_secs_f64() * 1000.0,
            "waiting_ms": told.waiting.as_secs_f64() * 1000.0,
        })
    }

    fn answer(&self, method: &str, target: &str) -> (u16, Option<(usize, usize)>, Vec<u8>) {
        let (path, query) = target.split_once('?').unwrap_or((target, ""));
        let parameter = |name: &str| {
            query
                .split('&')
                .filter_map(|pair| pair.split_once('='))
                .find(|(key, _)| *key == name)
                .map(|(_, value)| value.replace("%3A", ":"))
        };
        let refused = |status: u16, code: &str| {
            let body = json!({ "code": code, "message": "", "data": { "status": status } });
            (status, None, body.to_string().into_bytes())
        };
        let route = path.strip_prefix("/wp-json").unwrap_or(path);
        match (method, route) {
            ("GET", "/" | "") => {
                let index = json!({
                    "name": "Fast", "home": "", "timezone_string": "Europe/Kyiv", "gmt_offset": 2,
                    "namespaces": ["wp/v2", "wc/v3"],
                });
                (200, None, index.to_string().into_bytes())
            }
            ("GET", "/wc/v3/data/currencies/current") => (200, None, br#"{"code":"UAH"}"#.to_vec()),
            ("GET", "/wc/v3/reports/orders/totals") => (200, None, b"[]".to_vec()),
            ("GET", "/wc/v3/orders") if parameter("status").as_deref() != Some("trash") => {
                self.page(parameter)
            }
            ("GET", "/wc/v3/orders" | "/wc/v3/products" | "/wc/v3/customers") => {
                (200, Some((0, 0)), b"[]".to_vec())
            }
            ("PUT" | "POST", "/wc/v3/orders/0") => {
                refused(400, "woocommerce_rest_shop_order_invalid_id")
            }
            _ => refused(404, "rest_no_route"),
        }
    }

    fn page(
        &self,
        parameter: impl Fn(&str) -> Option<String>,
    ) -> (u16, Option<(usize, usize)>, Vec<u8>) {
        // Orders are placed at even steps, so a bound in time is an index.
        let from_time = |name: &str, is_after: bool| {
            let seconds = seconds(&parameter(name)?)? - BEGIN;
            let index = if is_after {
                seconds.div_euclid(STEP) + 1
            } else {
                (seconds + STEP - 1).div_euclid(STEP)
            };
            usize::try_from(index.max(0)).ok()
        };
        let all = self.orders.len();
        let first = ["after", "modified_after"]
            .iter()
            .filter_map(|name| from_time(name, true))
            .max()
            .unwrap_or(0)
            .min(all);
        let end = ["before", "modified_before"]
            .iter()
            .filter_map(|name| from_time(name, false))
            .min()
            .unwrap_or(all)
            .clamp(first, all);
        let number = |name: &str, otherwise: usize| {
            parameter(name)
                .and_then(|text| text.parse().ok())
                .unwrap_or(otherwise)
        };
        let (per_page, page) = (number("per_page", 10).max(1), number("page", 1).max(1));
        let total = end - first;
        let skip = (page - 1) * per_page;
        let found = self.orders.get(first..end).unwrap_or_default();
        let shown: Vec<&str> = if parameter("order").as_deref() == Some("asc") {
            found
                .iter()
                .skip(skip)
                .take(per_page)
                .map(String::as_str)
                .collect()
        } else {
            let newest = found.iter().rev().skip(skip);
            newest.take(per_page).map(String::as_str).collect()
        };
        let body = format!("[{}]", shown.join(","));
        (
            200,
            Some((total, total.div_ceil(per_page))),
            body.into_bytes(),
        )
    }
}

fn write_reply(
    mut stream: &TcpStream,
    status: u16,
    totals: Option<(usize, usize)>,
    body: &[u8],
) -> Result<()> {
    let totals = totals.map_or_else(String::new, |(total, pages)| {
        format!("X-WP-Total: {total}\r\nX-WP-TotalPages: {pages}\r\n")
    });
    let head = format!(
        "HTTP/1.1 {status} X\r\nDate: Sun, 22 Nov 2026 03:00:00 GMT\r\n\
         Content-Type: application/json; charset=UTF-8\r\n{totals}Content-Length: {}\r\n\r\n",
        body.len()
    );
    let mut whole = head.into_bytes();
    whole.extend_from_slice(body);
    Ok(stream.write_all(&whole)?)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_bound_in_time_is_an_index() {
        let shelf = Shelf {
            orders: (0..250).map(order).collect(),
            latency: Duration::ZERO,
            clock: Mutex::default(),
        };
        let ids = |query: &[(&str, String)]| {
            let (_, totals, body) = shelf.page(|name| {
                let found = query.iter().find(|(key, _)| *key == name);
                found.map(|(_, value)| value.clone())
            });
            let rows: Vec<Value> = serde_json::from_slice(&body).unwrap_or_default();
            let ids: Vec<u64> = rows
                .iter()
                .filter_map(|row| row.get("id")?.as_u64())
                .collect();
            (totals, ids)
        };
        let before = ("before", stamp(placed(100)));
        let per_page = ("per_page", "100".to_owned());
        let (totals, found) = ids(&[before, per_page.clone()]);
        assert_eq!(totals, Some((100, 1)), "strictly before");
        assert_eq!(found.first(), Some(&100_099), "newest first");
        let after = ("modified_after", stamp(placed(247)));
        let (_, found) = ids(&[after, per_page, ("order", "asc".to_owned())]);
        assert_eq!(found, [100_248, 100_249], "strictly after");
    }

    #[test]
    fn a_stamp_is_read_as_it_is_written() {
        for at in [0, 951_782_400, BEGIN, 4_102_444_799] {
            assert_eq!(seconds(&stamp(at)), Some(at), "{}", stamp(at));
        }
    }
}
