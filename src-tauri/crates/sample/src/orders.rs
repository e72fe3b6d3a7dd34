//! The orders of the sample, as its shop would tell them.

use crate::chance::{Chance, Purpose};
use crate::history::{Fate, History, Plan};
use crate::{Sample, goods, people};
use chrono::{DateTime, TimeDelta, Utc};
use rules::id::RemoteId;
use rules::money::Money;
use rules::order::{Order, OrderLine, OrderStage};

/// Number of the first order.
const FIRST_NUMBER: u32 = 100_001;

/// The number people say of the order counted `index` from 0.
pub(crate) fn number(index: u32) -> String {
    (FIRST_NUMBER + index).to_string()
}

/// All orders, made one by one; see [`Sample::orders`].
pub struct Orders<'a> {
    sample: &'a Sample,
    history: History<'a>,
}

impl<'a> Orders<'a> {
    pub(crate) fn new(sample: &'a Sample) -> Self {
        Self {
            sample,
            history: History::new(&sample.options, sample.words, sample.timetable),
        }
    }
}

impl Iterator for Orders<'_> {
    type Item = Order;

    fn next(&mut self) -> Option<Order> {
        let (index, plan) = self.history.next()?;
        Some(order(self.sample, index, &plan))
    }
}

fn order(sample: &Sample, index: u32, plan: &Plan) -> Order {
    let Sample { options, words, .. } = sample;
    let mut chance = Chance::new(options.seed, Purpose::Basket, plan.key);
    let person = people::person(options, words, plan.customer);
    let lines = lines(sample, &mut chance, index);
    let goods: i64 = lines.iter().map(|line| line.total.minor).sum();
    let delivery = chance.weighted(words.deliveries);
    let charge = if goods >= words.free_above {
        0
    } else {
        i64::from(delivery.charge)
    };
    let point = chance.between(1, 240);
    let delivery_address = if delivery.point.is_empty() {
        person.address
    } else {
        format!(
            "{}, {}",
            person.city,
            delivery.point.replace("{}", &point.to_string())
        )
    };
    let payment_method = chance.weighted(words.payments).to_owned();
    let note = if chance.percent(14) {
        chance.pick(words.notes)
    } else {
        ""
    };
    let (stage, changed_at) = standing(plan, options.now, &mut chance);
    Order {
        remote: RemoteId(number(index)),
        number: number(index),
        placed_at: plan.placed_at,
        changed_at,
        status: status(stage).to_owned(),
        stage,
        customer: person.customer,
        delivery_address,
        delivery_method: delivery.method.to_owned(),
        payment_method,
        customer_note: note.to_owned(),
        lines,
        delivery_total: Money::new(charge, words.currency),
        total: Money::new(goods + charge, words.currency),
    }
}

/// Where the order stands and when it came there.
fn standing(plan: &Plan, now: DateTime<Utc>, chance: &mut Chance) -> (OrderStage, DateTime<Utc>) {
    let Some(last) = plan.made().last() else {
        return (OrderStage::New, plan.placed_at);
    };
    // The shop hears of a call minutes after it.
    let told = last.end() + TimeDelta::seconds(i64::from(chance.between(180, 840)));
    let handed_over = told + TimeDelta::hours(i64::from(chance.between(20, 110)));
    match plan.fate() {
        Fate::Waiting => (OrderStage::New, plan.placed_at),
        Fate::Cancelled => (OrderStage::Cancelled, told),
        Fate::Confirmed if handed_over <= now => (OrderStage::Fulfilled, handed_over),
        Fate::Confirmed => (OrderStage::Confirmed, told),
    }
}

fn status(stage: OrderStage) -> &'static str {
    match stage {
        OrderStage::New => "pending",
        OrderStage::Confirmed => "processing",
        OrderStage::Fulfilled => "completed",
        OrderStage::Cancelled => "cancelled",
        OrderStage::Other => "draft",
    }
}

fn lines(sample: &Sample, chance: &mut Chance, index: u32) -> Vec<OrderLine> {
    let Sample { options, words, .. } = sample;
    let count = chance.weighted(&[(68, 1_usize), (23, 2), (9, 3)]);
    let mut chosen: Vec<u32> = Vec::with_capacity(count);
    for _ in 0..count {
        let product = goods::bought(chance, options.products);
        if !chosen.contains(&product) {
            chosen.push(product);
        }
    }
    (1..)
        .zip(chosen)
        .map(|(line, product): (u32, u32)| {
            let product = goods::product(options, words, product);
            let quantity = chance.weighted(&[(92, 1), (7, 2), (1, 3)]);
            let total = product.price.minor * i64::from(quantity);
            OrderLine {
                remote: RemoteId(format!("{}-{line}", number(index))),
                product: Some(product.remote),
                sku: product.sku,
                name: product.name,
                quantity,
                unit_price: product.price,
                total: Money::new(total, words.currency),
            }
        })
        .collect()
}
