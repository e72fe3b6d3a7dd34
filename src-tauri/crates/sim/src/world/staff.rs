//! The shop's side: customers who order, and staff who change what they like when they like.

use super::clock::{MINUTE, Moment, SECOND};
use super::shop::{Hand, Line, Order, OrderNumber, Status, price};
use super::{Happening, World};
use crate::chance::Chance;

/// Goods that the shop sells; a customer takes each at most once to an order.
const GOODS: u64 = 40;

impl World {
    /// What is there in the morning, and what will come.
    pub(super) fn open_shop(&mut self, fixed: &mut Chance) {
        let (open, close) = (self.plan.open, self.plan.close);
        for _ in 0..self.plan.old_orders {
            let placed = open - fixed.between(MINUTE, 24 * 60 * MINUTE);
            self.order(placed, fixed);
        }
        let mut left = self.plan.new_orders;
        while left > 0 {
            // Now and then many at once: an advertisement was sent out.
            let count = if fixed.often(300) {
                fixed.pieces(5, 25)
            } else {
                1
            }
            .min(left);
            left -= count;
            self.at(fixed.between(open, close), Happening::Orders(count));
        }
        for _ in 0..self.plan.staff {
            self.at(fixed.between(open, close), Happening::Staff);
        }
    }

    fn order(&mut self, placed: Moment, fixed: &mut Chance) {
        self.last_order += 1;
        let id = self.last_order;
        let first = fixed.between(0, 36).cast_unsigned();
        let kinds = fixed.between(1, 3).cast_unsigned();
        let goods: Vec<(u64, u32)> = (first..first + kinds)
            .map(|product| (product + 1, fixed.pieces(1, 5)))
            .collect();
        let stamp = self.shop.second(placed);
        self.shop.place(id, &goods, stamp);
        if self.plan.has_faults && fixed.often(30) {
            if fixed.often(5000) {
                self.shop.refusing.insert(id);
            } else {
                self.shop.breaking.insert(id);
            }
        }
        let now = self.now;
        self.trace
            .add(now, "ordered", [id, stamp.cast_unsigned(), 0], || {
                format!("order {id}: {goods:?}")
            });
    }

    pub(crate) fn take_orders(&mut self, count: u32) {
        let mut chance = std::mem::replace(
            &mut self.staff,
            Chance::new(0, crate::chance::Purpose::Shop),
        );
        for _ in 0..count {
            self.order(self.now, &mut chance);
        }
        self.staff = chance;
    }

    /// A write is stamped when it begins and seen when it ends.
    fn stamp(&mut self) -> i64 {
        let lag = if self.staff.often(3000) {
            self.staff.between(0, 4 * SECOND)
        } else {
            0
        };
        self.shop.second(self.now - lag)
    }

    /// Somebody at the shop does something.
    pub(crate) fn staff_works(&mut self) {
        let ids: Vec<OrderNumber> = self.shop.orders().map(|order| order.id).collect();
        let Some(id) = self.staff.pick(&ids) else {
            return;
        };
        let is_open = self.shop.order(id).is_some_and(|order| order.is_open());
        let is_trash = self
            .shop
            .order(id)
            .is_some_and(|order| order.status == Status::Trash);
        let what = self.staff.between(0, 99);
        self.trace
            .add(self.now, "staff", [id, what.cast_unsigned(), 0], || {
                format!("order {id}: {what} of a hundred")
            });
        if self.staff.often(2000) {
            // The call to the desk's public address comes sooner or later.
            let desk = self.staff.below(self.plan.desks);
            let late = self.staff.between(0, 30 * SECOND);
            self.at(self.now + late, Happening::Hook(desk));
        }
        match what {
            _ if is_trash => self.set_status(id, Status::OnHold),
            0..=4 => self.bulk(&ids),
            5..=9 => self.shop.remark(id),
            10..=24 if is_open => {
                let remark = self.staff.pieces(1, 1_000_000);
                self.shop.change(id, None, |order| order.remark = remark);
            }
            25..=28 => self.set_status(id, Status::Trash),
            // Of one that was reopened a moment ago no desk could ever hear.
            29..=30 if is_open && !self.shop.touched.contains(&id) => self.shop.delete(id),
            31..=55 => {
                let next = match self.shop.order(id).map(|order| order.status) {
                    Some(Status::OnHold) if self.staff.often(3000) => Status::Cancelled,
                    Some(Status::OnHold) => Status::Processing,
                    Some(Status::Processing) => Status::Completed,
                    _ => Status::OnHold,
                };
                self.set_status(id, next);
            }
            _ => self.edit_one_of(&[id]),
        }
    }

    /// One second holds many changes.
    fn bulk(&mut self, ids: &[OrderNumber]) {
        let count = self.staff.below(35) + 5;
        let start = self.staff.below(ids.len());
        for id in ids.iter().skip(start).take(count) {
            self.edit_one_of(&[*id]);
        }
    }

    fn set_status(&mut self, id: OrderNumber, status: Status) {
        let stamp = self.stamp();
        self.shop.touched.insert(id);
        self.shop.change(id, Some(stamp), |order| {
            order.status = status;
            order.status_by = Hand::Theirs;
        });
    }

    /// Changes a quantity of one of these orders.
    pub(super) fn edit_one_of(&mut self, ids: &[OrderNumber]) {
        let Some(id) = self.staff.pick(ids) else {
            return;
        };
        let stamp = self.stamp();
        let Some(order) = self.shop.order(id) else {
            return;
        };
        let lines: Vec<u64> = order.lines.iter().map(|line| line.id).collect();
        let Some(line) = self.staff.pick(&lines) else {
            return;
        };
        let quantity = self.staff.pieces(1, 9);
        self.trace
            .add(self.now, "edits", [id, line, u64::from(quantity)], || {
                format!("order {id}: line {line} to {quantity}, stamped {stamp}")
            });
        self.shop.touched.insert(id);
        self.shop
            .change(id, Some(stamp), |order| set_quantity(order, line, quantity));
    }

    /// Goods that an order does not have yet.
    pub(crate) fn another_product(order: &Order, chance: &mut Chance) -> Option<u64> {
        let has = |product: &u64| order.lines.iter().any(|line| line.product == *product);
        let rest: Vec<u64> = (1..=GOODS).filter(|product| !has(product)).collect();
        chance.pick(&rest)
    }
}

fn set_quantity(order: &mut Order, id: u64, quantity: u32) {
    for line in order
        .lines
        .iter_mut()
        .filter(|line: &&mut Line| line.id == id)
    {
        line.quantity = quantity;
        line.total = price(line.product) * i64::from(quantity);
        line.set_by = Hand::Theirs;
    }
    order.total = order.lines.iter().map(|line| line.total).sum();
}
