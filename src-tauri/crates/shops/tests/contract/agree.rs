//! After many edits on both sides, over connections that are cut, shop and desk agree order by order.
//!
//! The desk works through the connector as the product does: results of writes, polls, and at the end
//! the nightly rereading of open orders. The staff work through the shop's own interface. What is
//! edited, and what goes wrong, comes out of a seed; what stands in the end is compared with the shop's
//! own words.

use crate::protocol::{Sent, send};
use crate::rig::{Rig, Trouble};
use crate::staff::FarRig;
use crate::woocommerce::{WooRig, minor, standing};
use chrono::{DateTime, Utc};
use rules::id::RemoteId;
use rules::money::Money;
use rules::operation::{BaseLine, Discount, LineChange, ShopOperation, marker};
use rules::order::{Order, OrderStage};
use serde_json::{Value, json};
use shops::{Cursor, Shop, ShopError};
use std::collections::BTreeMap;
use std::time::Instant;
use testkit::woo::Storage;

/// Orders worked on at a time; one that is settled is replaced by a new one.
const OPEN: usize = 24;

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shop_and_desk_agree_with_high_performance_storage() {
    let near = WooRig::new(Storage::HighPerformance).await;
    agree(&FarRig::new(near.place()).await, 300, 7).await;
}

#[tokio::test(flavor = "multi_thread", worker_threads = 2)]
async fn shop_and_desk_agree_with_posts_storage() {
    let near = WooRig::new(Storage::Posts).await;
    agree(&FarRig::new(near.place()).await, 300, 11).await;
}

/// A small generator of our own (Steele and others, "Fast splittable pseudorandom number
/// generators"): a run must be the same each time.
struct Chance(u64);

impl Chance {
    fn next(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9E37_79B9_7F4A_7C15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xBF58_476D_1CE4_E5B9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94D0_49BB_1331_11EB);
        z ^ (z >> 31)
    }

    fn below(&mut self, bound: usize) -> usize {
        usize::try_from(self.next() % bound.max(1) as u64).unwrap()
    }

    fn is(&mut self, percent: usize) -> bool {
        self.below(100) < percent
    }

    fn pieces(&mut self) -> u32 {
        1 + u32::try_from(self.below(9)).unwrap()
    }
}

/// The desk's own knowledge of the shop.
#[derive(Default)]
struct Desk {
    cursor: Cursor,
    orders: BTreeMap<u64, Order>,
}

impl Desk {
    /// Polls until there is nothing more; what is cut is asked again.
    async fn poll(&mut self, shop: &dyn Shop) {
        let mut failures = 0;
        for _ in 0..2_000 {
            match shop.orders(&self.cursor).await {
                Ok(page) => {
                    self.cursor = page.next;
                    for order in page.items {
                        self.keep(order);
                    }
                    for id in page.gone {
                        self.orders.remove(&number(&id));
                    }
                    if page.done {
                        return;
                    }
                }
                Err(error) => {
                    failures += 1;
                    assert!(
                        error.is_passing() && failures < 20,
                        "a poll fails for good: {error:?}"
                    );
                }
            }
        }
        panic!("the pull comes to no end");
    }

    fn keep(&mut self, order: Order) {
        self.orders.insert(number(&order.remote), order);
    }
}

/// One write of the desk's that got through, to be looked for in the end.
struct Done {
    sent: Sent,
    operation: ShopOperation,
}

fn number(id: &RemoteId) -> u64 {
    id.as_str().parse().unwrap()
}

/// `edits` edits by the desk and as many by the staff.
///
/// # Panics
/// Where shop and desk do not agree in the end, or an effect does not stand exactly once.
pub async fn agree(rig: &FarRig, edits: usize, seed: u64) {
    let started = Instant::now();
    let mut chance = Chance(seed);
    let mut shop = rig.shop();
    shop.introduce().await.expect("the shop introduces itself");
    let mut open: Vec<u64> = (0..OPEN).map(|_| new_order(rig, &mut chance)).collect();
    let mut all = open.clone();
    let mut desk = Desk::default();
    desk.poll(&*shop).await;
    let mut done: Vec<Done> = Vec::new();
    let mut died: BTreeMap<String, usize> = BTreeMap::new();
    let mut cuts = 0;
    for turn in 0..edits {
        let place = chance.below(open.len());
        let mut staff_first = chance.is(50);
        if staff_first {
            staff_edit(rig, &mut chance, open[place]);
        }
        if chance.is(20) {
            desk.poll(&*shop).await;
        }
        let target = if chance.is(60) {
            place
        } else {
            chance.below(open.len())
        };
        if !desk.orders.contains_key(&open[target]) {
            desk.poll(&*shop).await;
        }
        let Some(seen) = desk.orders.get(&open[target]).cloned() else {
            panic!("turn {turn}: the desk does not know order {}", open[target]);
        };
        let operation = desk_edit(rig, &mut chance, &seen, i64::try_from(turn).unwrap());
        let is_planned = chance.is(45);
        if is_planned {
            let trouble = Trouble::ALL[chance.below(8)];
            let skip = chance.below(5);
            rig.way.fail_nth(skip, "*", "", trouble.fault());
        }
        let sent = send(rig, &*shop, &operation).await;
        let has_met_nothing = rig.forget();
        cuts += usize::from(is_planned && !has_met_nothing);
        if let Some(order) = &sent.order {
            desk.keep((**order).clone());
        }
        match sent.error() {
            None if sent.is_done() => {
                if !staff_first {
                    assert_stands(rig, &operation, turn);
                }
                done.push(Done { sent, operation });
            }
            Some(error) => {
                let word = match error {
                    ShopError::Conflict(_) => "conflict".to_owned(),
                    ShopError::Refused(why) => {
                        let words: Vec<_> = why.split(' ').take(4).collect();
                        format!("refused: {}", words.join(" "))
                    }
                    other => other.to_string(),
                };
                *died.entry(word).or_default() += 1;
            }
            None => panic!("turn {turn}: given up without a reason: {sent:?}"),
        }
        if !staff_first {
            staff_first = true;
            staff_edit(rig, &mut chance, open[place]);
        }
        assert!(staff_first, "each side edits once a turn");
        let is_over = |id: u64| {
            let stage = desk.orders.get(&id).map(|order| order.stage);
            !matches!(stage, Some(OrderStage::New | OrderStage::Confirmed))
        };
        for slot in &mut open {
            if desk.orders.contains_key(slot) && is_over(*slot) {
                *slot = new_order(rig, &mut chance);
                all.push(*slot);
            }
        }
        // A desk is started anew each day: nothing may hang on what a connector remembers.
        if turn % 100 == 99 {
            shop = rig.shop();
        }
        if turn % 250 == 249 {
            println!("{} edits, {:?}", turn + 1, started.elapsed());
        }
    }
    let met = Met { edits, cuts, died };
    settle(rig, &*shop, desk, &all, &done, &met).await;
    println!("{:?} in all", started.elapsed());
}

/// What was met on the way.
struct Met {
    edits: usize,
    cuts: usize,
    died: BTreeMap<String, usize>,
}

/// Lets everything arrive, rereads and sweeps as the desk does by night, and compares.
async fn settle(
    rig: &FarRig,
    shop: &dyn Shop,
    mut desk: Desk,
    all: &[u64],
    done: &[Done],
    met: &Met,
) {
    let Met { edits, cuts, died } = met;
    rig.quiet().await;
    desk.poll(shop).await;
    rig.pass(6).await;
    desk.poll(shop).await;
    let late = all
        .iter()
        .filter(|id| !differences(&desk, rig, **id).is_empty());
    let late = late.count();
    for some in all.chunks(50) {
        let ids: Vec<_> = some.iter().map(|id| RemoteId(id.to_string())).collect();
        let again = shop.orders_again(&ids).await.expect("orders read again");
        for order in again.items {
            desk.keep(order);
        }
        for id in again.gone {
            desk.orders.remove(&number(&id));
        }
    }
    let mut swept = 0;
    for one in done {
        swept += shop
            .sweep(one.sent.id, &one.operation)
            .await
            .expect("a sweep");
    }
    // What a sweep took away, the desk hears of as of any change.
    rig.pass(2).await;
    desk.poll(shop).await;
    let apart: Vec<_> = all
        .iter()
        .flat_map(|id| differences(&desk, rig, *id))
        .collect();
    println!(
        "{edits} edits on each side, {} orders, {cuts} cuts, {} writes through, not through {died:?}, \
         {late} known only by rereading, {swept} swept, {} apart",
        all.len(),
        done.len(),
        apart.len(),
    );
    assert_eq!(apart, [""; 0], "shop and desk agree order by order");
    let wrong_sums: Vec<_> = all
        .iter()
        .filter(|id| !standing(&rig.staff.order(**id)).adds_up)
        .collect();
    assert!(
        wrong_sums.is_empty(),
        "no sum is left wrong: {wrong_sums:?}"
    );
    let doubled = count_effects(rig, done);
    assert_eq!(doubled, [""; 0], "every effect stands exactly once");
    assert!(
        done.len() * 2 > *edits,
        "most edits get through: {} of {edits}, {died:?}",
        done.len()
    );
    assert!(cuts * 10 > *edits, "connections were cut: {cuts}");
}

fn new_order(rig: &FarRig, chance: &mut Chance) -> u64 {
    let lines: Vec<_> = rig.products.iter().take(2).copied().collect();
    let lines: Vec<_> = lines
        .into_iter()
        .map(|product| (product, chance.pieces()))
        .collect();
    rig.staff.take_order(&lines)
}

fn staff_edit(rig: &FarRig, chance: &mut Chance, id: u64) {
    let order = rig.staff.order(id);
    let status = order["status"].as_str().unwrap_or_default();
    let lines = order["line_items"].as_array().map_or(0, Vec::len);
    let may_edit = matches!(status, "on-hold" | "processing" | "pending");
    match chance.below(10) {
        0..=3 if may_edit && lines > 0 => {
            rig.staff
                .set_pieces(id, chance.below(lines), chance.pieces());
        }
        4 if may_edit => {
            let product = rig.products[chance.below(rig.products.len())];
            let add = json!({ "line_items": [{ "product_id": product, "quantity": 1 }] });
            rig.staff.put(id, &add);
        }
        5 if may_edit && lines > 1 => {
            let line = &order["line_items"][chance.below(lines)]["id"];
            let off = json!({ "line_items": [{ "id": line, "quantity": 0 }] });
            rig.staff.put(id, &off);
        }
        6 => {
            let to = ["on-hold", "processing", "pending"][chance.below(3)];
            rig.staff.put(id, &json!({ "status": to }));
        }
        7 if may_edit => {
            let fee = json!({ "fee_lines": [{ "name": "Знижка", "total": "-1.00" }] });
            rig.staff.put(id, &fee);
        }
        8 => {
            let phone = format!("+38067{:07}", chance.below(10_000_000));
            rig.staff.put(id, &json!({ "billing": { "phone": phone } }));
        }
        _ => rig.staff.note(id, "Дзвонив клієнт"),
    }
}

fn desk_edit(rig: &FarRig, chance: &mut Chance, seen: &Order, turn: i64) -> ShopOperation {
    let order = seen.remote.clone();
    let base: Vec<BaseLine> = rules::edit::base(seen);
    let lines = seen.lines.len();
    match chance.below(20) {
        0..=8 if lines > 0 => {
            let line = &seen.lines[chance.below(lines)];
            ShopOperation::EditLines {
                order,
                base,
                changes: vec![LineChange::SetQuantity {
                    line: line.remote.clone(),
                    quantity: chance.pieces(),
                }],
            }
        }
        9..=10 => ShopOperation::EditLines {
            order,
            base,
            changes: vec![LineChange::Add {
                product: RemoteId(rig.products[2].to_string()),
                quantity: chance.pieces(),
            }],
        },
        11 if lines > 1 => ShopOperation::EditLines {
            order,
            base,
            changes: vec![LineChange::SetQuantity {
                line: seen.lines[chance.below(lines)].remote.clone(),
                quantity: 0,
            }],
        },
        12..=13 => ShopOperation::Confirm {
            order,
            by: "Олена Коваль".to_owned(),
            at: DateTime::<Utc>::from_timestamp(1_772_000_000 + turn, 0).unwrap(),
            result: "confirmed".to_owned(),
        },
        14 => ShopOperation::Cancel {
            order,
            reason: "changed_mind".to_owned(),
        },
        15 => ShopOperation::Refund {
            order,
            amount: Money::new(100 + turn % 50, seen.total.currency),
            returned: Vec::new(),
            reason: "Вибачення".to_owned(),
        },
        16 => ShopOperation::GrantCoupon {
            order,
            code: format!("DZ-{}-{turn}", marker(crate::protocol::operation_id()))
                .replace(['[', ']', ':'], ""),
            discount: Discount::Percent { basis_points: 500 },
            expires_at: None,
        },
        _ => ShopOperation::AddNote {
            order,
            text: "Просить передзвонити".to_owned(),
        },
    }
}

/// Right after a write that nobody interfered with, what it wanted stands there.
fn assert_stands(rig: &FarRig, operation: &ShopOperation, turn: usize) {
    let order = rig.staff.order(number(operation.order()));
    let shown = standing(&order);
    match operation {
        ShopOperation::EditLines { changes, .. } => {
            assert!(shown.adds_up, "turn {turn}: the sums are right: {order}");
            for change in changes {
                let LineChange::SetQuantity { line, quantity } = change else {
                    continue;
                };
                let lines = order["line_items"].as_array().unwrap();
                let found = lines
                    .iter()
                    .find(|one| one["id"].as_u64() == line.0.parse().ok());
                let pieces = found.map_or(0, |one| one["quantity"].as_u64().unwrap());
                assert_eq!(pieces, u64::from(*quantity), "turn {turn}: {order}");
            }
        }
        ShopOperation::Cancel { .. } => assert_eq!(shown.status, "cancelled", "turn {turn}"),
        _ => {}
    }
}

/// In what the desk's view of an order departs from the shop's own.
fn differences(desk: &Desk, rig: &FarRig, id: u64) -> Vec<String> {
    let theirs = rig.staff.order(id);
    let Some(ours) = desk.orders.get(&id) else {
        return vec![format!("order {id}: the desk does not know it")];
    };
    let shown = standing(&theirs);
    let ours_lines: Vec<_> = ours
        .lines
        .iter()
        .filter_map(|line| Some((line.product.clone()?, line.quantity, line.total.minor)))
        .collect();
    let mut apart = Vec::new();
    let mut compare = |what: &str, ours: String, theirs: String| {
        if ours != theirs {
            apart.push(format!("order {id}, {what}: desk {ours}, shop {theirs}"));
        }
    };
    compare("status", ours.status.clone(), shown.status.clone());
    compare(
        "total",
        ours.total.minor.to_string(),
        shown.total.to_string(),
    );
    // Net and tax are each rounded when they are shown, and together when they are read in full.
    let is_near = ours_lines.len() == shown.lines.len()
        && ours_lines.iter().zip(&shown.lines).all(|(one, other)| {
            (&one.0, one.1) == (&other.0, other.1) && (one.2 - other.2).abs() <= 1
        });
    if !is_near {
        compare(
            "lines",
            format!("{ours_lines:?}"),
            format!("{:?}", shown.lines),
        );
    }
    let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
    compare(
        "phone",
        ours.customer.phone.clone(),
        text(&theirs["billing"]["phone"]),
    );
    let delivery: i64 = theirs["shipping_lines"].as_array().map_or(0, |lines| {
        let charges = lines.iter();
        charges
            .map(|one| minor(&one["total"]) + minor(&one["total_tax"]))
            .sum()
    });
    if (ours.delivery_total.minor - delivery).abs() > 1 {
        compare(
            "delivery",
            ours.delivery_total.minor.to_string(),
            delivery.to_string(),
        );
    }
    apart
}

/// Effects that stand there more or less than once.
fn count_effects(rig: &FarRig, done: &[Done]) -> Vec<String> {
    let mut wrong = Vec::new();
    let mut notes: BTreeMap<u64, Vec<String>> = BTreeMap::new();
    let mut refunds: BTreeMap<u64, (i64, i64)> = BTreeMap::new();
    for one in done {
        let id = number(one.operation.order());
        match &one.operation {
            ShopOperation::AddNote { .. } => {
                let texts = notes.entry(id).or_insert_with(|| rig.staff.notes(id));
                let mark = marker(one.sent.id);
                let count = texts.iter().filter(|text| text.contains(&mark)).count();
                if count != 1 {
                    wrong.push(format!("order {id}: note {mark} stands {count} times"));
                }
            }
            ShopOperation::Refund { amount, .. } => {
                let sums = refunds.entry(id).or_insert_with(|| {
                    let stands: i64 = rig.staff.refunds(id).iter().sum();
                    (stands, 0)
                });
                sums.1 += amount.minor;
            }
            ShopOperation::GrantCoupon { code, .. } => {
                let count = rig.staff.coupons(code);
                if count != 1 {
                    wrong.push(format!("coupon {code} stands {count} times"));
                }
            }
            ShopOperation::EditLines { .. }
            | ShopOperation::Confirm { .. }
            | ShopOperation::Cancel { .. } => {}
        }
    }
    for (id, (stands, wanted)) in refunds {
        if stands != wanted {
            wrong.push(format!(
                "order {id}: {stands} given back instead of {wanted}"
            ));
        }
    }
    wrong
}
