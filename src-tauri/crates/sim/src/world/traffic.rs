//! The way of a request: what the network and the shop make of it, and what is counted on the way.

use super::clock::{Moment, SECOND};
use super::network::{Cut, Fate, Weather};
use super::shop::{Ask, Hand, LineWrite, Order, Thoroughness, Told};
use super::{Happening, Mail, World};
use crate::plan::REQUEST_LIMIT;

/// A copy of a request at the shop.
#[derive(Debug)]
pub(crate) struct Arrival {
    desk: usize,
    life: u32,
    ticket: u64,
    ask: Ask,
    sent: Moment,
    /// How the answer goes back; none where it gets lost or the client hears the other copy's.
    back: Option<Moment>,
    is_garbled: bool,
    is_reset: bool,
    /// A proxy has made it.
    is_second: bool,
}

impl World {
    /// A request leaves.
    pub(crate) fn send(&mut self, index: usize, ask: &Ask) {
        self.counts.requests += 1;
        let fate = if self.has_faults() {
            Fate::bad(&mut self.network, ask.is_write())
        } else {
            Fate::kind(&mut self.network)
        };
        let sent = self.now;
        self.trace.add(
            sent,
            "sends",
            [index as u64, ask.code(), ask.order()],
            || format!("desk {index}: {ask:?} {fate:?}"),
        );
        // Which of two copies' answers the proxy hands on.
        let hears_second = fate.again.is_some() && self.network.often(5000);
        let heard = if hears_second { fate.again } else { fate.done };
        let is_answered = heard
            .zip(fate.back)
            .is_some_and(|(done, back)| done + back < REQUEST_LIMIT);
        if !is_answered {
            self.cut(index, sent, fate.is_reset);
        }
        let desk = self.desk(index);
        let (life, ticket) = (desk.life, desk.ticket);
        let copies = [(fate.done, false), (fate.again, true)];
        for (done, is_second) in copies
            .into_iter()
            .filter_map(|(done, second)| Some((done?, second)))
        {
            let back = fate
                .back
                .filter(|_| is_answered && is_second == hears_second);
            let arrival = Arrival {
                desk: index,
                life,
                ticket,
                ask: ask.clone(),
                sent,
                back,
                is_garbled: fate.is_garbled,
                is_reset: fate.is_reset,
                is_second,
            };
            self.counts.doubled_by_proxy += u64::from(is_second);
            self.at(sent + done, Happening::Arrival(Box::new(arrival)));
        }
    }

    /// No answer will come: told soon, or when the client's patience ends.
    fn cut(&mut self, desk: usize, sent: Moment, is_reset: bool) {
        let limit = (sent + REQUEST_LIMIT - self.now).max(0);
        let (late, cut) = if is_reset {
            (
                self.network.between(50, 2 * SECOND).min(limit),
                Cut::Unreachable,
            )
        } else {
            (limit, Cut::TimedOut)
        };
        self.mail_in(desk, late, Mail::Told(Err(cut)));
    }

    /// A request arrives.
    pub(crate) fn arrive(&mut self, arrival: &Arrival) {
        let weather = self.forecast.at(self.now);
        if weather == Weather::Away {
            self.note_arrival(arrival, 0);
            if arrival.back.is_some() && self.is_current(arrival) {
                self.cut(arrival.desk, arrival.sent, arrival.is_reset);
            }
            return;
        }
        let told = self.answer(weather, arrival);
        self.note_arrival(arrival, told.code());
        let Some(back) = arrival.back.filter(|_| self.is_current(arrival)) else {
            return;
        };
        let told = if arrival.is_garbled && told.code() == 200 {
            Err(Cut::Garbled)
        } else {
            Ok(told)
        };
        self.mail_in(arrival.desk, back, Mail::Told(told));
    }

    /// Whether the program that asked still waits for it.
    fn is_current(&mut self, arrival: &Arrival) -> bool {
        let desk = self.desk(arrival.desk);
        (desk.life, desk.ticket) == (arrival.life, arrival.ticket)
    }

    fn note_arrival(&mut self, arrival: &Arrival, code: u64) {
        self.trace.add(
            self.now,
            "shop",
            [
                arrival.desk as u64,
                arrival.ask.code() << 32 | code,
                arrival.ask.order(),
            ],
            || format!("desk {}: {code} for {:?}", arrival.desk, arrival.ask),
        );
    }

    fn answer(&mut self, weather: Weather, arrival: &Arrival) -> Told {
        let ask = &arrival.ask;
        match weather {
            Weather::Maintenance => return Told::Fault(503),
            Weather::Crowded => return Told::Busy(Some(20)),
            Weather::Away | Weather::Fine => {}
        }
        let mut how = Thoroughness::Whole;
        let mut is_fault = false;
        if self.has_faults() {
            if self.network.often(50) {
                let wait = self.network.pieces(1, 30);
                return Told::Busy(self.network.often(7000).then_some(wait));
            }
            is_fault = self.network.often(30);
            if is_fault && ask.is_write() && self.network.often(3000) {
                how = Thoroughness::LinesOnly;
            }
        }
        if ask.is_write() {
            self.shop.last_change = self.now;
            self.count_write(ask);
            if !arrival.is_second && how == Thoroughness::Whole {
                self.count_addition(ask);
            }
        }
        if let Ask::Put(_, write) = ask
            && how == Thoroughness::LinesOnly
        {
            self.broken_off.insert(write.by);
        }
        let told = self.shop.handle(ask, self.now, how);
        if let Told::Page {
            orders,
            has_more: true,
            ..
        } = &told
            && self.has_faults()
            && self.staff.often(3000)
        {
            // Just what was read changes, and moves everything behind it up.
            let ids: Vec<_> = orders.iter().map(|order| order.id).collect();
            self.edit_one_of(&ids);
        }
        if is_fault { Told::Fault(500) } else { told }
    }

    fn count_write(&mut self, ask: &Ask) {
        match ask {
            Ask::Put(id, write) if write.done.is_some() => {
                if let Some(order) = self.shop.order(*id) {
                    let over = write.lines.iter().filter(|line| runs_over(line, order));
                    self.counts.overwritten += over.count() as u64;
                }
            }
            Ask::DeleteNote { .. } => self.counts.swept += 1,
            Ask::Put(_, write) => self.counts.swept += write.lines.len() as u64,
            _ => {}
        }
    }

    fn count_addition(&mut self, ask: &Ask) {
        let adds = |line: &LineWrite| matches!(line, LineWrite::Add { .. });
        let by = match ask {
            Ask::PostNote { by, .. } => Some(*by),
            Ask::Put(_, write) if write.lines.iter().any(adds) => Some(write.by),
            _ => None,
        };
        let can_be = self.shop.bears_writes(ask.order());
        if let Some(by) = by.filter(|_| can_be) {
            *self.carried_out.entry(by).or_default() += 1;
        }
    }
}

/// Whether a write changes what the shop's staff have changed since the writer looked, or never saw.
fn runs_over(write: &LineWrite, order: &Order) -> bool {
    match write {
        LineWrite::Set {
            id, quantity, was, ..
        } => order.line(*id).is_some_and(|line| {
            let is_news = line.quantity != *was && line.quantity != *quantity;
            line.set_by == Hand::Theirs && is_news
        }),
        LineWrite::Remove { .. } | LineWrite::Add { .. } => false,
    }
}
