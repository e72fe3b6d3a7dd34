//! What the shop holds, and what its staff do to it.

use super::Setup;
use chrono::{DateTime, TimeDelta, Utc};
use std::collections::BTreeMap;
use std::time::Instant;

/// A product to put on the shelf, with one variant; the price in minor units, with tax.
#[derive(Clone, Copy, Debug)]
pub struct SeedProduct {
    /// Title.
    pub title: &'static str,
    /// Minor units.
    pub price: i64,
    /// Pieces on hand; none where they are not counted.
    pub stock: Option<i64>,
}

/// What the staff do to an order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Deed {
    /// Set the pieces of a line, counted from zero.
    Pieces {
        /// Which.
        line: usize,
        /// How many.
        pieces: u32,
    },
    /// Call it off.
    Cancel,
    /// Change the customer's email.
    Touch,
    /// Write below the note.
    Note,
    /// Send all of it.
    Fulfill,
    /// Put it away.
    Archive,
    /// Delete it.
    Delete,
}

/// What stands on an order.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Standing {
    /// Variant, pieces and what they cost, minor units; lines without pieces are left out.
    pub lines: Vec<(String, u32, i64)>,
    /// What the customer pays, minor units.
    pub total: i64,
    /// Whether that is the sum of the parts.
    pub adds_up: bool,
    /// Canceled, or the state of fulfilment.
    pub status: String,
    /// The note.
    pub note: String,
    /// Tags.
    pub tags: Vec<String>,
    /// Fields, by namespace and key.
    pub fields: BTreeMap<(String, String), String>,
    /// Refunds, minor units.
    pub refunds: Vec<i64>,
    /// What the staff read about edits and the cancellation.
    pub staff_notes: Vec<String>,
}

#[derive(Clone, Debug)]
pub(super) struct Product {
    pub(super) id: u64,
    pub(super) title: String,
    pub(super) status: &'static str,
    pub(super) updated: DateTime<Utc>,
    pub(super) variants: Vec<Variant>,
}

#[derive(Clone, Debug)]
pub(super) struct Variant {
    pub(super) id: u64,
    pub(super) title: String,
    pub(super) sku: String,
    pub(super) price: i64,
    pub(super) stock: Option<i64>,
}

#[derive(Clone, Debug)]
pub(super) struct Customer {
    pub(super) id: u64,
    pub(super) name: String,
    pub(super) phone: String,
    pub(super) email: String,
    pub(super) updated: DateTime<Utc>,
}

#[derive(Clone, Debug)]
pub(super) struct Line {
    pub(super) id: u64,
    pub(super) variant: u64,
    pub(super) name: String,
    pub(super) sku: String,
    pub(super) current: u32,
    pub(super) sent: u32,
    pub(super) price: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Refund {
    pub(super) id: u64,
    pub(super) note: String,
    pub(super) amount: i64,
}

#[derive(Clone, Debug)]
pub(super) struct Order {
    pub(super) id: u64,
    pub(super) created: DateTime<Utc>,
    pub(super) updated: DateTime<Utc>,
    pub(super) cancelled: Option<DateTime<Utc>>,
    pub(super) is_closed: bool,
    pub(super) is_sent: bool,
    pub(super) note: String,
    pub(super) email: String,
    pub(super) tags: Vec<String>,
    pub(super) fields: BTreeMap<(String, String), String>,
    pub(super) customer: u64,
    pub(super) lines: Vec<Line>,
    pub(super) shipping: i64,
    pub(super) paid: i64,
    pub(super) payment: u64,
    pub(super) refunds: Vec<Refund>,
    pub(super) staff_notes: Vec<String>,
    /// How far its total is off.
    pub(super) spoiled: i64,
}

impl Order {
    pub(super) fn goods(&self) -> i64 {
        let lines = self.lines.iter();
        lines.map(|line| i64::from(line.current) * line.price).sum()
    }

    pub(super) fn delivery(&self) -> i64 {
        if self.cancelled.is_some() {
            0
        } else {
            self.shipping
        }
    }

    pub(super) fn total(&self) -> i64 {
        self.goods() + self.delivery() + self.spoiled
    }

    pub(super) fn refundable(&self) -> i64 {
        let given: i64 = self.refunds.iter().map(|refund| refund.amount).sum();
        self.paid - given
    }

    pub(super) fn state(&self) -> &'static str {
        if self.is_sent {
            "FULFILLED"
        } else {
            "UNFULFILLED"
        }
    }
}

/// An order under edit, apart from the order until it is committed.
#[derive(Clone, Debug)]
pub(super) struct Session {
    pub(super) id: u64,
    pub(super) order: u64,
    pub(super) lines: Vec<Line>,
    pub(super) added: Vec<Line>,
}

#[derive(Clone, Debug)]
pub(super) struct Discount {
    pub(super) id: u64,
    pub(super) code: String,
    pub(super) title: String,
}

/// A cancellation that the shop works on.
#[derive(Clone, Debug)]
pub(super) struct Job {
    pub(super) id: u64,
    pub(super) order: u64,
    pub(super) staff_note: String,
    pub(super) requests_left: u32,
    pub(super) done: bool,
}

/// A refund as it was asked for and answered, by its idempotency key.
#[derive(Clone, Debug)]
pub(super) struct Remembered {
    pub(super) asked: serde_json::Value,
    pub(super) told: serde_json::Value,
}

/// The whole shop. Tests change it through the methods, as the shop's staff would.
#[derive(Clone, Debug)]
pub struct Shelf {
    /// The shop's clock.
    pub now: DateTime<Utc>,
    /// How it is set up.
    pub setup: Setup,
    pub(super) products: Vec<Product>,
    pub(super) customers: Vec<Customer>,
    pub(super) orders: Vec<Order>,
    pub(super) sessions: Vec<Session>,
    pub(super) discounts: Vec<Discount>,
    pub(super) jobs: Vec<Job>,
    pub(super) remembered: BTreeMap<String, Remembered>,
    pub(super) available: f64,
    pub(super) filled_at: Instant,
    pub(super) last_written: Option<u64>,
    next_id: u64,
}

impl Shelf {
    /// An empty shop, its clock at noon of a winter's day.
    pub fn new(setup: Setup) -> Self {
        Self {
            now: DateTime::from_timestamp(1_795_348_800, 0).unwrap_or_default(),
            available: setup.points,
            setup,
            products: Vec::new(),
            customers: Vec::new(),
            orders: Vec::new(),
            sessions: Vec::new(),
            discounts: Vec::new(),
            jobs: Vec::new(),
            remembered: BTreeMap::new(),
            filled_at: Instant::now(),
            last_written: None,
            next_id: 1_000,
        }
    }

    pub(super) fn new_id(&mut self) -> u64 {
        self.next_id += 1;
        self.next_id
    }

    /// Lets time pass.
    pub fn pass(&mut self, seconds: i64) {
        self.now += TimeDelta::seconds(seconds);
    }

    /// Puts a product on the shelf; the identity of its variant.
    pub fn stock_product(&mut self, seed: &SeedProduct) -> String {
        self.stock_variants(seed, &["Default Title"])
            .pop()
            .unwrap_or_default()
    }

    /// Puts a product with these variants on the shelf; their identities.
    pub fn stock_variants(&mut self, seed: &SeedProduct, titles: &[&str]) -> Vec<String> {
        let id = self.new_id();
        let variants: Vec<_> = titles
            .iter()
            .map(|title| Variant {
                id: self.new_id(),
                title: (*title).to_owned(),
                sku: seed.title.to_uppercase(),
                price: seed.price,
                stock: seed.stock,
            })
            .collect();
        let identities = variants
            .iter()
            .map(|variant| gid("ProductVariant", variant.id))
            .collect();
        self.products.push(Product {
            id,
            title: seed.title.to_owned(),
            status: "ACTIVE",
            updated: self.now,
            variants,
        });
        identities
    }

    /// Takes a product off the shop's pages.
    pub fn hide_product(&mut self, title: &str) {
        let now = self.now;
        for product in &mut self.products {
            if product.title == title {
                product.status = "DRAFT";
                product.updated = now;
            }
        }
    }

    /// Adds a customer; the identity.
    pub fn add_customer(&mut self, name: &str, phone: &str, email: &str) -> String {
        let id = self.new_id();
        self.customers.push(Customer {
            id,
            name: name.to_owned(),
            phone: phone.to_owned(),
            email: email.to_owned(),
            updated: self.now,
        });
        gid("Customer", id)
    }

    /// Takes an order of variants and pieces, paid in full by a manual payment; its identity.
    pub fn take_order(&mut self, lines: &[(&str, u32)]) -> String {
        let id = self.new_id();
        let customer = self.new_id();
        self.customers.push(Customer {
            id: customer,
            name: format!("Customer {customer}"),
            phone: "+380501112233".to_owned(),
            email: format!("c{customer}@example.com"),
            updated: self.now,
        });
        let lines: Vec<_> = lines
            .iter()
            .filter(|(_, pieces)| *pieces > 0)
            .filter_map(|(variant, pieces)| self.line(number(variant), *pieces))
            .collect();
        let mut order = Order {
            id,
            created: self.now,
            updated: self.now,
            cancelled: None,
            is_closed: false,
            is_sent: false,
            note: String::new(),
            email: format!("c{customer}@example.com"),
            tags: Vec::new(),
            fields: BTreeMap::new(),
            customer,
            lines,
            shipping: 6_500,
            paid: 0,
            payment: self.new_id(),
            refunds: Vec::new(),
            staff_notes: Vec::new(),
            spoiled: 0,
        };
        order.paid = order.total();
        self.orders.push(order);
        gid("Order", id)
    }

    pub(super) fn line(&mut self, variant: u64, pieces: u32) -> Option<Line> {
        let id = self.new_id();
        let (product, variant) = self.variant(variant)?;
        let name = if variant.title == "Default Title" {
            product.title.clone()
        } else {
            format!("{} - {}", product.title, variant.title)
        };
        Some(Line {
            id,
            variant: variant.id,
            name,
            sku: variant.sku.clone(),
            current: pieces,
            sent: 0,
            price: variant.price,
        })
    }

    pub(super) fn variant(&self, id: u64) -> Option<(&Product, &Variant)> {
        self.products.iter().find_map(|product| {
            let found = product.variants.iter().find(|variant| variant.id == id);
            found.map(|variant| (product, variant))
        })
    }

    pub(super) fn restock(&mut self, variant: u64, pieces: i64) {
        let now = self.now;
        for product in &mut self.products {
            for one in product.variants.iter_mut().filter(|one| one.id == variant) {
                if let Some(stock) = &mut one.stock {
                    *stock += pieces;
                    // An inventory adjustment counts as an update of the product.
                    product.updated = now;
                }
            }
        }
    }

    /// Whether what was found of an identity is an order, and which.
    pub(super) fn order_mut(&mut self, id: u64) -> Option<&mut Order> {
        self.orders.iter_mut().find(|order| order.id == id)
    }

    pub(super) fn order(&self, id: u64) -> Option<&Order> {
        self.orders.iter().find(|order| order.id == id)
    }

    pub(super) fn cancel(&mut self, id: u64, staff_note: &str) {
        let now = self.now;
        let Some(order) = self.order_mut(id) else {
            return;
        };
        let mut back = Vec::new();
        for line in &mut order.lines {
            back.push((line.variant, line.current));
            line.current = 0;
        }
        order.cancelled = Some(now);
        order.updated = now;
        order.staff_notes.push(staff_note.to_owned());
        for (variant, pieces) in back {
            self.restock(variant, i64::from(pieces));
        }
    }

    /// Does what the staff do; whether there is such an order.
    pub fn staff(&mut self, order: &str, deed: Deed) -> bool {
        let (id, now) = (number(order), self.now);
        let Some(found) = self.order_mut(id) else {
            return false;
        };
        found.updated = now;
        match deed {
            Deed::Pieces { line, pieces } => {
                let mut there = found.lines.iter_mut().filter(|line| line.current > 0);
                if let Some(line) = there.nth(line) {
                    line.current = pieces;
                }
            }
            Deed::Cancel => self.cancel(id, "by the staff"),
            Deed::Touch => found.email = format!("changed-{}@example.com", now.timestamp()),
            Deed::Note => {
                let line = if found.note.is_empty() { "" } else { "\n" };
                found.note = format!("{}{line}Packed by Ivan", found.note);
            }
            Deed::Fulfill => {
                found.is_sent = true;
                for line in &mut found.lines {
                    line.sent = line.current;
                }
            }
            Deed::Archive => found.is_closed = true,
            Deed::Delete => self.orders.retain(|order| order.id != id),
        }
        true
    }

    /// Writes the customer's remark on an order.
    pub fn remark(&mut self, order: &str, text: &str) {
        let id = number(order);
        if let Some(order) = self.order_mut(id) {
            text.clone_into(&mut order.note);
        }
    }

    /// What stands on an order; none where there is no such.
    pub fn standing(&self, order: &str) -> Option<Standing> {
        let order = self.order(number(order))?;
        let there = order.lines.iter().filter(|line| line.current > 0);
        Some(Standing {
            lines: there
                .map(|line| {
                    let total = i64::from(line.current) * line.price;
                    (gid("ProductVariant", line.variant), line.current, total)
                })
                .collect(),
            total: order.total(),
            adds_up: order.spoiled == 0,
            status: if order.cancelled.is_some() {
                "CANCELLED".to_owned()
            } else {
                order.state().to_owned()
            },
            note: order.note.clone(),
            tags: order.tags.clone(),
            fields: order.fields.clone(),
            refunds: order.refunds.iter().map(|refund| refund.amount).collect(),
            staff_notes: order.staff_notes.clone(),
        })
    }

    /// How many discounts bear a code.
    pub fn coupons(&self, code: &str) -> usize {
        let same = |discount: &&Discount| discount.code.eq_ignore_ascii_case(code);
        self.discounts.iter().filter(same).count()
    }

    /// Makes a discount as the staff would.
    pub fn add_discount(&mut self, code: &str, title: &str) {
        let id = self.new_id();
        self.discounts.push(Discount {
            id,
            code: code.to_owned(),
            title: title.to_owned(),
        });
    }

    /// Pieces of a variant on hand.
    pub fn stock(&self, variant: &str) -> Option<i64> {
        self.variant(number(variant))?.1.stock
    }

    /// Empties the bucket of points.
    pub fn spend_all_points(&mut self) {
        self.available = 0.0;
        self.filled_at = Instant::now();
    }

    /// Sessions of orders under edit that were never committed.
    pub fn open_sessions(&self) -> usize {
        self.sessions.len()
    }
}

pub(super) fn gid(kind: &str, id: u64) -> String {
    format!("gid://shopify/{kind}/{id}")
}

/// The number at the end of an identity; zero is nobody's.
pub(super) fn number(id: &str) -> u64 {
    let last = id.rsplit('/').next().unwrap_or_default();
    last.parse().unwrap_or_default()
}
