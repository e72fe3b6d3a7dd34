//! The cases. Each takes orders of its own, so that they may share a shop.

use crate::protocol::{Sent, operation_id, send, send_as};
use crate::rig::{Deed, Rig, Standing, Trouble};
use chrono::{DateTime, Utc};
use rules::id::RemoteId;
use rules::merge::ClashField;
use rules::money::Money;
use rules::operation::{BaseLine, Discount, LineChange, ShopOperation, marker};
use rules::order::{Order, OrderStage};
use shops::{Capabilities, Cursor, Effect, Introduction, Page, Shop, ShopError};
use std::collections::{BTreeMap, BTreeSet};

/// Most pages read in one poll before it counts as endless.
const MOST_PAGES: usize = 200;

/// Most writes of one operation, for placing trouble at each of them.
const MOST_WRITES: usize = 12;

/// Calls `$each!` with the name of every case.
macro_rules! each_case {
    ($rig:expr;) => {
        crate::suite::each_case!($rig;
            says_who_it_is
            knows_its_statuses
            first_pull_goes_newest_first
            changes_in_one_second_are_all_told
            paging_while_orders_change_misses_none
            what_is_gone_is_told
            orders_are_read_again_by_identity
            edited_lines_have_right_totals
            lines_are_added_and_removed
            someone_elses_line_is_left_alone
            a_confirmation_is_kept
            a_cancellation_is_kept
            a_note_stands_once
            a_coupon_stands_once
            a_refund_stands_once
            too_large_a_refund_is_refused
            a_conflict_tells_both_sides
            nothing_is_asked_of_an_order_called_off
            the_echo_of_a_write_is_recognised
            a_sent_write_is_found_and_an_unsent_is_not
            trouble_with_an_edit
            trouble_with_an_addition
            trouble_with_a_confirmation
            trouble_with_a_cancellation
            trouble_with_a_note
            trouble_with_a_coupon
            trouble_with_a_refund
            );
    };
    ($rig:expr; $($case:ident)*) => {
        $(
            #[tokio::test(flavor = "multi_thread", worker_threads = 2)]
            async fn $case() {
                let rig = $rig.await;
                crate::suite::$case(&rig).await;
            }
        )*
    };
}
pub(crate) use each_case;

/// Runs the cases in which everything arrives, over one rig.
pub async fn calm(rig: &impl Rig) {
    macro_rules! run {
        ($($case:ident)*) => { $( eprintln!("  {}", stringify!($case)); $case(rig).await; )* };
    }
    run! {
        says_who_it_is
        knows_its_statuses
        first_pull_goes_newest_first
        changes_in_one_second_are_all_told
        paging_while_orders_change_misses_none
        what_is_gone_is_told
        orders_are_read_again_by_identity
        edited_lines_have_right_totals
        lines_are_added_and_removed
        someone_elses_line_is_left_alone
        a_confirmation_is_kept
        a_cancellation_is_kept
        a_note_stands_once
        a_coupon_stands_once
        a_refund_stands_once
        too_large_a_refund_is_refused
        a_conflict_tells_both_sides
        nothing_is_asked_of_an_order_called_off
        the_echo_of_a_write_is_recognised
        a_sent_write_is_found_and_an_unsent_is_not
    }
}

/// Runs the cases in which something goes wrong with lines, over one rig.
pub async fn trouble_with_lines(rig: &impl Rig) {
    trouble_with_an_edit(rig).await;
    trouble_with_an_addition(rig).await;
}

/// Runs the other cases in which something goes wrong on the way, over one rig.
pub async fn trouble_with_the_rest(rig: &impl Rig) {
    trouble_with_a_confirmation(rig).await;
    trouble_with_a_cancellation(rig).await;
    trouble_with_a_note(rig).await;
    trouble_with_a_coupon(rig).await;
    trouble_with_a_refund(rig).await;
}

/// A shop's orders as the desk knows them after its pulls.
#[derive(Default)]
struct Desk {
    cursor: Cursor,
    orders: BTreeMap<RemoteId, Order>,
    gone: BTreeSet<RemoteId>,
}

impl Desk {
    /// Reads one page.
    async fn turn(&mut self, shop: &dyn Shop) -> Page<Order> {
        let page = shop.orders(&self.cursor).await.expect("a page of orders");
        self.cursor = page.next.clone();
        for order in &page.items {
            self.gone.remove(&order.remote);
            self.orders.insert(order.remote.clone(), order.clone());
        }
        for id in &page.gone {
            self.orders.remove(id);
            self.gone.insert(id.clone());
        }
        page
    }

    /// Reads until there is nothing more for now; how many items came.
    async fn poll(&mut self, shop: &dyn Shop) -> usize {
        let mut count = 0;
        for _ in 0..MOST_PAGES {
            let page = self.turn(shop).await;
            count += page.items.len();
            if page.done {
                return count;
            }
        }
        panic!("the pull comes to no end");
    }
}

async fn introduction(shop: &dyn Shop) -> Introduction {
    shop.introduce().await.expect("the shop introduces itself")
}

async fn can(shop: &dyn Shop) -> Capabilities {
    introduction(shop).await.capabilities
}

async fn order(shop: &dyn Shop, id: &RemoteId) -> Order {
    let found = shop.order(id).await.expect("the order can be read");
    found.expect("the order is there")
}

fn base(order: &Order) -> Vec<BaseLine> {
    rules::edit::base(order)
}

fn set(order: &Order, line: usize, quantity: u32) -> LineChange {
    LineChange::SetQuantity {
        line: order.lines[line].remote.clone(),
        quantity,
    }
}

fn edit(order: &Order, changes: Vec<LineChange>) -> ShopOperation {
    ShopOperation::EditLines {
        order: order.remote.clone(),
        base: base(order),
        changes,
    }
}

fn confirm(order: &RemoteId) -> ShopOperation {
    ShopOperation::Confirm {
        order: order.clone(),
        by: "Олена Коваль".to_owned(),
        at: "2026-03-02T10:00:00Z".parse().unwrap(),
        result: "confirmed".to_owned(),
    }
}

fn cancel(order: &RemoteId) -> ShopOperation {
    ShopOperation::Cancel {
        order: order.clone(),
        reason: "too_expensive".to_owned(),
    }
}

fn note(order: &RemoteId) -> ShopOperation {
    ShopOperation::AddNote {
        order: order.clone(),
        text: "Просить передзвонити після шостої".to_owned(),
    }
}

fn coupon(order: &RemoteId) -> ShopOperation {
    let code = operation_id().uuid().simple().to_string();
    ShopOperation::GrantCoupon {
        order: order.clone(),
        // Codes that people type are short and in capitals.
        code: format!("SORRY-{}", code.get(20..).unwrap()).to_uppercase(),
        discount: Discount::Percent {
            basis_points: 1_000,
        },
        expires_at: Some("2036-03-02T10:00:00Z".parse::<DateTime<Utc>>().unwrap()),
    }
}

fn refund(order: &Order, minor: i64) -> ShopOperation {
    ShopOperation::Refund {
        order: order.remote.clone(),
        amount: Money::new(minor, order.total.currency),
        returned: Vec::new(),
        reason: "Пошкоджено в дорозі".to_owned(),
    }
}

fn code_of(operation: &ShopOperation) -> &str {
    match operation {
        ShopOperation::GrantCoupon { code, .. } => code,
        _ => "",
    }
}

fn pieces(standing: &Standing, product: &RemoteId) -> Vec<u32> {
    let lines = standing.lines.iter();
    lines
        .filter(|(what, ..)| what == product)
        .map(|(_, pieces, _)| *pieces)
        .collect()
}

fn marked(standing: &Standing, mark: &str) -> usize {
    let notes = standing.notes.iter();
    notes.map(|text| text.matches(mark).count()).sum()
}

/// Asserts that the lines of the order as the connector tells it are those that stand there.
fn assert_told_as_it_stands(told: &Order, standing: &Standing) {
    let told_lines: Vec<_> = told
        .lines
        .iter()
        .filter_map(|line| Some((line.product.clone()?, line.quantity, line.total.minor)))
        .collect();
    assert_eq!(told_lines, standing.lines, "lines are told as they stand");
    assert_eq!(
        told.total.minor, standing.total,
        "the total is told as it stands"
    );
}

fn assert_done(sent: &Sent, what: &str) {
    assert!(sent.is_done(), "{what} gets through: {:?}", sent.died);
}

pub async fn says_who_it_is(rig: &impl Rig) {
    let shop = rig.shop();
    let about = introduction(&*shop).await;
    assert!(
        !about.software.is_empty(),
        "it names its software: {about:?}"
    );
    assert!(
        about.capabilities.rate.requests > 0 && about.capabilities.rate.seconds > 0,
        "it says what it bears"
    );
    if about.capabilities.webhooks {
        let forged = shop.hook(&[], b"{\"id\":1}");
        assert!(
            matches!(forged, Err(ShopError::WrongKey)),
            "a call without the shop's signature is refused, not {forged:?}"
        );
    } else {
        assert_eq!(
            shop.hook(&[], b"{}"),
            Err(ShopError::Unsupported("webhooks")),
            "what cannot call says so"
        );
    }
}

pub async fn knows_its_statuses(rig: &impl Rig) {
    let shop = rig.shop();
    let table = introduction(&*shop).await.statuses;
    let words: BTreeSet<_> = table.statuses.iter().map(|one| one.word.as_str()).collect();
    assert_eq!(
        words.len(),
        table.statuses.len(),
        "every word stands there once"
    );
    let targets = table.confirmed.iter().chain(&table.cancelled);
    let steps = table.transitions.iter();
    let named = steps
        .flat_map(|step| [&step.from, &step.to])
        .chain(targets)
        .find(|word| !words.contains(word.as_str()));
    assert_eq!(named, None, "steps lead between words of the table");
    let id = rig.take_order([1, 1]).await;
    let fresh = order(&*shop, &id).await;
    assert!(
        words.contains(fresh.status.as_str()),
        "{} is one of {words:?}",
        fresh.status
    );
    assert_eq!(
        fresh.stage,
        OrderStage::New,
        "an order to be confirmed is new, its status {}",
        fresh.status
    );
    assert_eq!(
        table.stage(&fresh.status),
        fresh.stage,
        "the table says of the word what the order says"
    );
}

pub async fn first_pull_goes_newest_first(rig: &impl Rig) {
    let shop = rig.shop();
    let mut taken = Vec::new();
    for _ in 0..3 {
        taken.push(rig.take_order([1, 1]).await);
        rig.pass(2).await;
    }
    let mut desk = Desk::default();
    let first = desk.turn(&*shop).await;
    let at = |id: &RemoteId| first.items.iter().position(|order| order.remote == *id);
    let places: Vec<_> = taken.iter().map(at).collect();
    assert!(
        places.iter().all(Option::is_some),
        "the newest orders are on the first page: {places:?}"
    );
    assert!(
        places[0] > places[1] && places[1] > places[2],
        "the newest comes first: {places:?}"
    );
    desk.poll(&*shop).await;
    for id in &taken {
        assert!(desk.orders.contains_key(id), "order {id} is known");
    }
    // The first poll after the import may reach back over its end once more.
    desk.poll(&*shop).await;
    let again = desk.poll(&*shop).await;
    assert_eq!(again, 0, "what has not changed does not come again");
}

pub async fn changes_in_one_second_are_all_told(rig: &impl Rig) {
    let shop = rig.shop();
    let mut orders = Vec::new();
    for _ in 0..4 {
        orders.push(rig.take_order([1, 1]).await);
    }
    let mut desk = Desk::default();
    desk.poll(&*shop).await;
    rig.pass(90).await;
    // The cursor then stands in the very second in which the others are still to change.
    for id in &orders {
        assert!(
            rig.staff(id, Deed::Pieces { line: 0, pieces: 3 }).await,
            "staff can change a line"
        );
        desk.poll(&*shop).await;
        let known = &desk.orders[id];
        assert_told_as_it_stands(known, &rig.stands(id).await);
    }
    if rig.staff(&orders[0], Deed::Touch).await {
        desk.poll(&*shop).await;
        let known = &desk.orders[&orders[0]];
        assert_told_as_it_stands(known, &rig.stands(&orders[0]).await);
    }
}

pub async fn paging_while_orders_change_misses_none(rig: &impl Rig) {
    let shop = rig.shop();
    let mut orders = Vec::new();
    for _ in 0..6 {
        orders.push(rig.take_order([1, 1]).await);
    }
    let mut desk = Desk::default();
    // A change after each page, on the way and while polling.
    for (turn, id) in (0_u32..).zip(orders.iter().cycle().take(18)) {
        desk.turn(&*shop).await;
        let pieces = 1 + turn % 4;
        rig.staff(id, Deed::Pieces { line: 0, pieces }).await;
        if turn % 5 == 0 {
            rig.pass(1).await;
        }
    }
    desk.poll(&*shop).await;
    for id in &orders {
        let known = desk.orders.get(id).expect("every order is known");
        assert_told_as_it_stands(known, &rig.stands(id).await);
    }
}

pub async fn what_is_gone_is_told(rig: &impl Rig) {
    let shop = rig.shop();
    let (kept, trashed, deleted) = (
        rig.take_order([1, 1]).await,
        rig.take_order([1, 1]).await,
        rig.take_order([1, 1]).await,
    );
    let mut desk = Desk::default();
    desk.poll(&*shop).await;
    rig.pass(5).await;
    if rig.staff(&trashed, Deed::Trash).await {
        desk.poll(&*shop).await;
        assert!(
            desk.gone.contains(&trashed),
            "what was thrown away is told as gone"
        );
        assert_eq!(
            shop.order(&trashed).await,
            Ok(None),
            "and is not read any more"
        );
    }
    let asked = [kept.clone(), deleted.clone()];
    if rig.staff(&deleted, Deed::Delete).await {
        let again = shop.orders_again(&asked).await.unwrap();
        assert_eq!(
            again.gone,
            std::slice::from_ref(&deleted),
            "what is deleted is noticed"
        );
        assert_eq!(
            again
                .items
                .iter()
                .map(|one| &one.remote)
                .collect::<Vec<_>>(),
            [&kept],
            "and the other is read"
        );
        let lost = send(rig, &*shop, &confirm(&deleted)).await;
        assert_eq!(
            lost.error(),
            Some(&ShopError::Gone),
            "a write to it is given up with the word that says why"
        );
    }
}

pub async fn orders_are_read_again_by_identity(rig: &impl Rig) {
    let shop = rig.shop();
    let mut ids = Vec::new();
    for _ in 0..3 {
        ids.push(rig.take_order([2, 1]).await);
    }
    let again = shop.orders_again(&ids).await.unwrap();
    assert!(again.gone.is_empty(), "all are there");
    assert_eq!(again.items.len(), 3, "each comes once");
    for id in &ids {
        let told = again
            .items
            .iter()
            .find(|order| order.remote == *id)
            .unwrap();
        assert_told_as_it_stands(told, &rig.stands(id).await);
        assert_eq!(
            *told,
            order(&*shop, id).await,
            "read one by one it is the same"
        );
    }
    let none = shop.orders_again(&[]).await.unwrap();
    assert!(
        none.items.is_empty() && none.gone.is_empty(),
        "nothing asked, nothing told"
    );
}

pub async fn edited_lines_have_right_totals(rig: &impl Rig) {
    let shop = rig.shop();
    if !can(&*shop).await.edit_lines {
        return;
    }
    let id = rig.take_order([2, 1]).await;
    let before = order(&*shop, &id).await;
    let each = before.lines[0].total.minor / 2;
    let changes = vec![set(&before, 0, 4)];
    let sent = send(rig, &*shop, &edit(&before, changes)).await;
    assert_done(&sent, "an edit");
    let after = rig.stands(&id).await;
    assert_eq!(pieces(&after, &rig.product(0)), [4], "four pieces");
    assert_eq!(pieces(&after, &rig.product(1)), [1], "the other line stays");
    assert!(after.adds_up, "the shop's sums are right: {after:?}");
    assert_eq!(
        after.total - before.total.minor,
        2 * each,
        "two pieces more cost what two pieces cost"
    );
    assert_told_as_it_stands(&order(&*shop, &id).await, &after);
}

pub async fn lines_are_added_and_removed(rig: &impl Rig) {
    let shop = rig.shop();
    if !can(&*shop).await.edit_lines {
        return;
    }
    let id = rig.take_order([2, 1]).await;
    let before = order(&*shop, &id).await;
    let changes = vec![
        set(&before, 1, 0),
        LineChange::Add {
            product: rig.product(2),
            quantity: 3,
        },
    ];
    let sent = send(rig, &*shop, &edit(&before, changes)).await;
    assert_done(&sent, "an edit");
    let after = rig.stands(&id).await;
    assert_eq!(
        pieces(&after, &rig.product(1)),
        [0_u32; 0],
        "the line is gone"
    );
    assert_eq!(
        pieces(&after, &rig.product(2)),
        [3],
        "the product is there once"
    );
    assert_eq!(pieces(&after, &rig.product(0)), [2], "the third line stays");
    assert!(after.adds_up, "the shop's sums are right: {after:?}");
}

pub async fn someone_elses_line_is_left_alone(rig: &impl Rig) {
    let shop = rig.shop();
    if !can(&*shop).await.edit_lines {
        return;
    }
    let id = rig.take_order([2, 2]).await;
    let before = order(&*shop, &id).await;
    rig.pass(2).await;
    rig.staff(&id, Deed::Pieces { line: 1, pieces: 5 }).await;
    let sent = send(rig, &*shop, &edit(&before, vec![set(&before, 0, 1)])).await;
    assert_done(&sent, "an edit of another line");
    let after = rig.stands(&id).await;
    assert_eq!(pieces(&after, &rig.product(0)), [1], "ours is as wanted");
    assert_eq!(
        pieces(&after, &rig.product(1)),
        [5],
        "theirs is as they set it"
    );
    assert!(after.adds_up, "the shop's sums are right: {after:?}");
}

pub async fn a_confirmation_is_kept(rig: &impl Rig) {
    let shop = rig.shop();
    let can = can(&*shop).await;
    let id = rig.take_order([1, 1]).await;
    let sent = send(rig, &*shop, &confirm(&id)).await;
    assert_done(&sent, "a confirmation");
    let after = order(&*shop, &id).await;
    if can.confirm_fields || can.confirm_status {
        assert_eq!(
            after.stage,
            OrderStage::Confirmed,
            "it is seen as confirmed"
        );
    } else {
        let standing = rig.stands(&id).await;
        assert_eq!(
            marked(&standing, &marker(sent.id)),
            1,
            "where there is no field a note says it, once: {standing:?}"
        );
    }
    let total = after.total.minor;
    assert_eq!(
        rig.stands(&id).await.total,
        total,
        "the price is what it was"
    );
}

pub async fn a_cancellation_is_kept(rig: &impl Rig) {
    let shop = rig.shop();
    if !can(&*shop).await.cancel {
        return;
    }
    let id = rig.take_order([1, 1]).await;
    let sent = send(rig, &*shop, &cancel(&id)).await;
    assert_done(&sent, "a cancellation");
    let after = order(&*shop, &id).await;
    assert_eq!(after.stage, OrderStage::Cancelled, "it is called off");
}

pub async fn a_note_stands_once(rig: &impl Rig) {
    let shop = rig.shop();
    if !can(&*shop).await.private_notes {
        return;
    }
    let id = rig.take_order([1, 1]).await;
    let operation = note(&id);
    let sent = send(rig, &*shop, &operation).await;
    assert_done(&sent, "a note");
    send_as(rig, &*shop, sent.id, &operation).await;
    let standing = rig.stands(&id).await;
    assert_eq!(
        marked(&standing, &marker(sent.id)),
        1,
        "one note: {standing:?}"
    );
    let text = standing
        .notes
        .iter()
        .find(|text| text.contains("передзвонити"));
    assert!(text.is_some(), "its text is there: {standing:?}");
    let second = send(rig, &*shop, &note(&id)).await;
    let standing = rig.stands(&id).await;
    assert!(
        marked(&standing, &marker(sent.id)) == 1 && marked(&standing, &marker(second.id)) == 1,
        "another note with the same text is another note: {standing:?}"
    );
    if rig.staff(&id, Deed::Note).await {
        let swept = shop.sweep(sent.id, &operation).await.unwrap();
        assert_eq!(swept, 0, "the sweep leaves what stands once");
        let after = rig.stands(&id).await;
        assert!(
            after.notes.len() > standing.notes.len() || after.notes != standing.notes,
            "and what the staff wrote"
        );
    }
}

pub async fn a_coupon_stands_once(rig: &impl Rig) {
    let shop = rig.shop();
    let id = rig.take_order([1, 1]).await;
    let operation = coupon(&id);
    let sent = send(rig, &*shop, &operation).await;
    if !can(&*shop).await.coupons {
        assert!(
            matches!(sent.error(), Some(ShopError::Unsupported(_))),
            "what cannot make coupons says so: {:?}",
            sent.died
        );
        return;
    }
    assert_done(&sent, "a coupon");
    send_as(rig, &*shop, sent.id, &operation).await;
    assert_eq!(rig.coupons(code_of(&operation)).await, 1, "one coupon");
    let found = shop.find(sent.id, &operation).await.unwrap();
    assert!(
        matches!(found, Effect::Applied(_)),
        "it is found by its code"
    );
}

pub async fn a_refund_stands_once(rig: &impl Rig) {
    let shop = rig.shop();
    let id = rig.take_order([2, 1]).await;
    let before = order(&*shop, &id).await;
    let operation = refund(&before, 500);
    let sent = send(rig, &*shop, &operation).await;
    if !can(&*shop).await.refunds {
        assert!(
            matches!(sent.error(), Some(ShopError::Unsupported(_))),
            "what cannot give back says so: {:?}",
            sent.died
        );
        return;
    }
    assert_done(&sent, "a refund");
    send_as(rig, &*shop, sent.id, &operation).await;
    assert_eq!(rig.stands(&id).await.refunds, [500], "given back once");
    let second = send(rig, &*shop, &refund(&before, 500)).await;
    assert_done(&second, "another refund of the same amount");
    assert_eq!(
        rig.stands(&id).await.refunds,
        [500, 500],
        "another one is another one"
    );
    let after = order(&*shop, &id).await;
    let returned = vec![BaseLine {
        line: after.lines[0].remote.clone(),
        quantity: 1,
    }];
    let amount = after.lines[0].unit_price;
    let operation = ShopOperation::Refund {
        order: id.clone(),
        amount,
        returned,
        reason: "Не підійшло".to_owned(),
    };
    let sent = send(rig, &*shop, &operation).await;
    assert_done(&sent, "a return of a piece");
    send_as(rig, &*shop, sent.id, &operation).await;
    let given: i64 = rig.stands(&id).await.refunds.iter().sum();
    assert_eq!(given, 1000 + amount.minor, "its price is given back once");
}

pub async fn too_large_a_refund_is_refused(rig: &impl Rig) {
    let shop = rig.shop();
    if !can(&*shop).await.refunds {
        return;
    }
    let id = rig.take_order([1, 1]).await;
    let before = order(&*shop, &id).await;
    let sent = send(rig, &*shop, &refund(&before, before.total.minor + 1)).await;
    assert!(
        matches!(sent.error(), Some(ShopError::Refused(_))),
        "more than was paid is refused: {:?}",
        sent.died
    );
    assert_eq!(
        rig.stands(&id).await.refunds,
        [0_i64; 0],
        "nothing is given back"
    );
}

pub async fn a_conflict_tells_both_sides(rig: &impl Rig) {
    let shop = rig.shop();
    if !can(&*shop).await.edit_lines {
        return;
    }
    let id = rig.take_order([2, 1]).await;
    let before = order(&*shop, &id).await;
    rig.pass(2).await;
    rig.staff(&id, Deed::Pieces { line: 0, pieces: 5 }).await;
    let sent = send(rig, &*shop, &edit(&before, vec![set(&before, 0, 3)])).await;
    let Some(ShopError::Conflict(conflict)) = sent.error() else {
        panic!("both changed the same line: {:?}", sent.died);
    };
    assert_eq!(conflict.clashes.len(), 1, "one field clashes: {conflict:?}");
    let clash = &conflict.clashes[0];
    assert!(
        matches!(&clash.field, ClashField::Quantity { name } if *name == before.lines[0].name),
        "it is named as the customer read it: {clash:?}"
    );
    assert_eq!(
        (
            clash.base.as_deref(),
            clash.ours.as_str(),
            clash.theirs.as_str()
        ),
        (Some("2"), "3", "5"),
        "as found, as wanted, as it is"
    );
    assert!(
        conflict.theirs_at.is_some(),
        "the time of their change is told"
    );
    let after = rig.stands(&id).await;
    assert_eq!(pieces(&after, &rig.product(0)), [5], "nothing is written");
}

pub async fn nothing_is_asked_of_an_order_called_off(rig: &impl Rig) {
    let shop = rig.shop();
    let id = rig.take_order([2, 1]).await;
    let before = order(&*shop, &id).await;
    rig.pass(2).await;
    if !rig.staff(&id, Deed::Cancel).await {
        return;
    }
    let stood = rig.stands(&id).await;
    let late = send(rig, &*shop, &confirm(&id)).await;
    assert!(
        matches!(
            late.error(),
            Some(ShopError::Conflict(_) | ShopError::Refused(_))
        ),
        "a confirmation of what was called off goes to a person: {:?}",
        late.died
    );
    if can(&*shop).await.edit_lines {
        let late = send(rig, &*shop, &edit(&before, vec![set(&before, 0, 3)])).await;
        assert!(
            matches!(
                late.error(),
                Some(ShopError::Conflict(_) | ShopError::Refused(_))
            ),
            "so does an edit: {:?}",
            late.died
        );
    }
    let stands = rig.stands(&id).await;
    assert_eq!(
        (stands.status, stands.lines),
        (stood.status, stood.lines),
        "nothing is changed"
    );
}

pub async fn the_echo_of_a_write_is_recognised(rig: &impl Rig) {
    let shop = rig.shop();
    let id = rig.take_order([2, 1]).await;
    let mut desk = Desk::default();
    desk.poll(&*shop).await;
    rig.pass(90).await;
    desk.poll(&*shop).await;
    let before = order(&*shop, &id).await;
    let operation = if can(&*shop).await.edit_lines {
        edit(&before, vec![set(&before, 0, 4)])
    } else {
        confirm(&id)
    };
    let sent = send(rig, &*shop, &operation).await;
    let told = sent.order.expect("the order comes with the result");
    desk.poll(&*shop).await;
    let echo = &desk.orders[&id];
    // What may differ is when it changed: a later step of the same write may have moved that.
    let same = Order {
        changed_at: told.changed_at,
        ..echo.clone()
    };
    assert_eq!(
        same, *told,
        "what comes back in the pull is what the write told"
    );
}

pub async fn a_sent_write_is_found_and_an_unsent_is_not(rig: &impl Rig) {
    let shop = rig.shop();
    let can = can(&*shop).await;
    let id = rig.take_order([2, 1]).await;
    let before = order(&*shop, &id).await;
    let mut operations = vec![confirm(&id)];
    operations.extend(can.private_notes.then(|| note(&id)));
    operations.extend(
        can.edit_lines
            .then(|| edit(&before, vec![set(&before, 0, 3)])),
    );
    operations.extend(can.coupons.then(|| coupon(&id)));
    operations.extend(can.refunds.then(|| refund(&before, 300)));
    operations.extend(can.cancel.then(|| cancel(&id)));
    for operation in operations {
        let kind = operation.kind();
        let operation_id = operation_id();
        let looked = shop.find(operation_id, &operation).await;
        assert!(
            matches!(looked, Ok(Effect::Absent)),
            "{kind} has not been sent: {looked:?}"
        );
        let writes = rig.writes();
        let sent = send_as(rig, &*shop, operation_id, &operation).await;
        assert_done(&sent, kind);
        if writes.is_some() {
            assert!(rig.writes() > writes, "{kind} is a write");
        }
        let writes = rig.writes();
        let looked = rig.shop().find(operation_id, &operation).await;
        assert!(
            matches!(looked, Ok(Effect::Applied(_))),
            "{kind} has been sent: {looked:?}"
        );
        assert_eq!(rig.writes(), writes, "looking for {kind} only reads");
    }
}

/// An operation under every trouble at each of its writes (for a stale read, at each of its reads),
/// on an order of its own each time. After the protocol and the sweep `check` says whether the
/// effect stands once.
async fn under_trouble<R: Rig>(
    rig: &R,
    make: impl Fn(&Order) -> ShopOperation,
    check: impl AsyncFn(&R, &str, &Sent, &ShopOperation, &Order, &Standing),
) {
    let mut met = 0;
    let shop = rig.shop();
    // What is asked once and kept is asked before, so that trouble meets the operation.
    introduction(&*shop).await;
    for trouble in Trouble::ALL {
        for skip in 0..MOST_WRITES {
            let id = rig.take_order([2, 1]).await;
            let before = order(&*shop, &id).await;
            let operation = make(&before);
            if trouble == Trouble::WrongTotals && operation.kind() != "edit_lines" {
                break;
            }
            let is_for_good = operation.kind() == "refund" && !rig.takes_back_refunds();
            if trouble == Trouble::Duplicate && is_for_good {
                break;
            }
            if !rig.plan(trouble, skip) {
                break;
            }
            rig.pass(2).await;
            let what = format!("{trouble:?} at request {skip} of {}", operation.kind());
            eprintln!("    {what}");
            let sent = send(rig, &*shop, &operation).await;
            let has_met_nothing = rig.forget();
            rig.quiet().await;
            shop.sweep(sent.id, &operation).await.expect("a sweep");
            let again = shop.sweep(sent.id, &operation).await;
            assert_eq!(again, Ok(0), "a second sweep finds nothing more");
            assert_done(&sent, &what);
            let standing = rig.stands(&id).await;
            check(rig, &what, &sent, &operation, &before, &standing).await;
            if has_met_nothing {
                break;
            }
            met += 1;
        }
    }
    assert!(met > 0, "there was trouble at all");
}

pub async fn trouble_with_an_edit(rig: &impl Rig) {
    if !can(&*rig.shop()).await.edit_lines {
        return;
    }
    let make = |before: &Order| edit(before, vec![set(before, 0, 5), set(before, 1, 0)]);
    under_trouble(rig, make, async |rig, what, _, _, before, standing| {
        assert_eq!(
            pieces(standing, &rig.product(0)),
            [5],
            "{what}: {standing:?}"
        );
        assert_eq!(
            pieces(standing, &rig.product(1)),
            [0_u32; 0],
            "{what}: {standing:?}"
        );
        assert!(standing.adds_up, "{what}: the sums are right: {standing:?}");
        let each = before.lines[0].total.minor / 2;
        assert_eq!(standing.lines[0].2, 5 * each, "{what}: {standing:?}");
    })
    .await;
}

pub async fn trouble_with_an_addition(rig: &impl Rig) {
    if !can(&*rig.shop()).await.edit_lines {
        return;
    }
    let product = rig.product(2);
    let make = |before: &Order| {
        let add = LineChange::Add {
            product: product.clone(),
            quantity: 2,
        };
        edit(before, vec![add])
    };
    under_trouble(rig, make, async |rig, what, _, _, _, standing| {
        assert_eq!(
            pieces(standing, &rig.product(2)),
            [2],
            "{what}: {standing:?}"
        );
        assert_eq!(standing.lines.len(), 3, "{what}: {standing:?}");
        assert!(standing.adds_up, "{what}: the sums are right: {standing:?}");
    })
    .await;
}

pub async fn trouble_with_a_confirmation(rig: &impl Rig) {
    let can = can(&*rig.shop()).await;
    let make = |before: &Order| confirm(&before.remote);
    under_trouble(rig, make, async |rig, what, sent, _, before, standing| {
        if can.confirm_fields || can.confirm_status {
            let after = order(&*rig.shop(), &before.remote).await;
            assert_eq!(after.stage, OrderStage::Confirmed, "{what}");
        } else {
            assert_eq!(
                marked(standing, &marker(sent.id)),
                1,
                "{what}: {standing:?}"
            );
        }
        assert!(
            marked(standing, &marker(sent.id)) <= 1,
            "{what}: {standing:?}"
        );
        assert_eq!(standing.total, before.total.minor, "{what}: {standing:?}");
    })
    .await;
}

pub async fn trouble_with_a_cancellation(rig: &impl Rig) {
    if !can(&*rig.shop()).await.cancel {
        return;
    }
    let make = |before: &Order| cancel(&before.remote);
    under_trouble(rig, make, async |rig, what, _, _, before, _| {
        let after = order(&*rig.shop(), &before.remote).await;
        assert_eq!(after.stage, OrderStage::Cancelled, "{what}");
    })
    .await;
}

pub async fn trouble_with_a_note(rig: &impl Rig) {
    if !can(&*rig.shop()).await.private_notes {
        return;
    }
    let make = |before: &Order| note(&before.remote);
    under_trouble(rig, make, async |_, what, sent, _, _, standing| {
        assert_eq!(
            marked(standing, &marker(sent.id)),
            1,
            "{what}: {standing:?}"
        );
    })
    .await;
}

pub async fn trouble_with_a_coupon(rig: &impl Rig) {
    if !can(&*rig.shop()).await.coupons {
        return;
    }
    let make = |before: &Order| coupon(&before.remote);
    under_trouble(rig, make, async |rig, what, _, operation, _, _| {
        assert_eq!(rig.coupons(code_of(operation)).await, 1, "{what}");
    })
    .await;
}

pub async fn trouble_with_a_refund(rig: &impl Rig) {
    if !can(&*rig.shop()).await.refunds {
        return;
    }
    let make = |before: &Order| refund(before, 700);
    under_trouble(rig, make, async |_, what, _, _, _, standing| {
        assert_eq!(standing.refunds, [700], "{what}: {standing:?}");
    })
    .await;
}
