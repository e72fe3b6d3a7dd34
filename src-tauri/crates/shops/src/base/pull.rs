//! Pulling orders and products.
//!
//! Orders are listed by the moment they were placed, oldest first, a hundred at once. The first pull
//! goes back in time by windows of that moment, so that the newest come first. Afterwards the journal
//! says which orders have changed; it reaches three days back, and an account may not have it at all
//! (then it is empty). So each poll also reads the list from a little before the newest order on: that
//! brings new orders without any journal, and after a long absence it is read from further back. What
//! changed on older orders in the meantime is found when they are read again by identity.
//!
//! The catalogue tells no dates. It is read by pages in turn, one page with each poll.

use super::Base;
use super::client::Purpose;
use super::wire::{Event, Inventory, Journal, OrderList, ProductList, WireOrder};
use crate::{Again, Cursor, Page, ShopError};
use chrono::{DateTime, Utc};
use rules::id::RemoteId;
use rules::order::{Customer, Order, Product};
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};

/// Orders in one answer.
const A_PAGE: usize = 100;

/// Products in one answer.
const PRODUCTS_A_PAGE: usize = 1000;

/// Orders asked for one by one in one turn: there is no asking for several.
const ONE_BY_ONE: usize = 20;

/// Events of the journal that are read again with each poll, and that are remembered.
const EVENTS_AGAIN: usize = 20;
const EVENTS_KNOWN: usize = 60;

/// Most answers of the journal on the way to its end.
const MOST_ANSWERS: usize = 500;

/// How far before the newest order the list is read again, seconds. More than an hour, lest a clock
/// that was ahead by one hide what came after it.
const OVERLAP: u64 = 70 * 60;

/// After so long an absence the journal may have a gap, seconds.
const JOURNAL_REACH: i64 = 60 * 60 * 60;

/// How far before an absence orders are read again, seconds: most changes are of young orders.
const YOUNG: u64 = 14 * 24 * 60 * 60;

/// Orders remembered as they were read.
const REMEMBERED: usize = 2000;

/// The first window of the import, seconds.
const FIRST_SPAN: u64 = 24 * 60 * 60;

/// Windows tried in one turn of the import.
const WINDOWS: usize = 8;

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
enum Position {
    #[default]
    Start,
    /// Going back in time.
    Import(Import),
    Changes(Changes),
}

#[derive(Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Import {
    /// Events of the journal from before it began.
    events: Vec<u64>,
    /// When it began, seconds of the shop's clock.
    began: u64,
    /// Placed before this is still to be read.
    before: u64,
    /// How wide the next window is.
    span: u64,
    /// When the first order of all was placed.
    oldest: u64,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Changes {
    /// Events read, the newest last.
    #[serde(default)]
    events: Vec<u64>,
    /// Orders that the journal tells of, still to be read.
    #[serde(default)]
    pending: BTreeSet<u64>,
    /// When the newest order was placed.
    #[serde(default)]
    newest: u64,
    /// Orders as they were read, of those that the list brings again.
    #[serde(default)]
    known: BTreeMap<u64, Known>,
    /// Where a reading of the list stands that did not fit into one answer.
    #[serde(default)]
    walk: Option<Walk>,
    /// When the journal was asked last, seconds of the shop's clock.
    #[serde(default)]
    asked: i64,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    placed: u64,
    hash: u64,
}

/// From this moment on, and within its second from this identity on.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Walk {
    from: u64,
    #[serde(default)]
    id: u64,
}

impl Walk {
    fn question(self) -> Value {
        if self.id == 0 {
            json!({ "date_confirmed_from": self.from, "get_unconfirmed_orders": false })
        } else {
            json!({ "date_confirmed_from": self.from, "id_from": self.id, "get_unconfirmed_orders": false })
        }
    }

    /// Where the next answer starts. The last second is read again, for more of it may follow; a
    /// second with more than one answer holds is read by identity.
    fn after(self, rows: &[WireOrder]) -> Self {
        let last = rows
            .iter()
            .map(|order| order.date_confirmed.0)
            .max()
            .unwrap_or(self.from);
        if last > self.from {
            return Self { from: last, id: 0 };
        }
        let id = rows.iter().map(|order| order.id.0).max().unwrap_or(self.id);
        Self {
            from: self.from,
            id: id + 1,
        }
    }
}

impl Changes {
    /// The event to ask the journal from; the newest are read again, for an event may be numbered
    /// before it is stored.
    fn since(&self) -> u64 {
        let at = self.events.len().saturating_sub(EVENTS_AGAIN);
        self.events.get(at).copied().unwrap_or(0)
    }

    /// Takes in an answer of the journal; whether it brought anything.
    fn hear(&mut self, events: &[Event]) -> bool {
        let mut is_new = false;
        for event in events.iter().filter(|event| event.log_id.0 > 0) {
            if self.events.contains(&event.log_id.0) {
                continue;
            }
            is_new = true;
            self.events.push(event.log_id.0);
            self.pending.extend(event.orders());
        }
        self.events.sort_unstable();
        let surplus = self.events.len().saturating_sub(EVENTS_KNOWN);
        self.events.drain(..surplus);
        is_new
    }

    /// Where a new reading of the list starts.
    fn start(&self, now: Option<DateTime<Utc>>) -> Walk {
        let absence = now.map_or(0, |now| now.timestamp() - self.asked);
        let from = if self.asked > 0 && absence > JOURNAL_REACH {
            u64::try_from(self.asked)
                .unwrap_or(0)
                .saturating_sub(YOUNG)
                .min(self.newest)
        } else {
            self.newest.saturating_sub(OVERLAP)
        };
        Walk { from, id: 0 }
    }

    /// Remembers an order; whether it is not as it was.
    fn learn(&mut self, id: u64, placed: u64, order: &Order) -> bool {
        let hash = hash_of(order);
        self.newest = self.newest.max(placed);
        self.known
            .insert(id, Known { placed, hash })
            .map(|known| known.hash)
            != Some(hash)
    }

    fn forget_old(&mut self) {
        let reach = self.newest.saturating_sub(OVERLAP);
        self.known.retain(|_, known| known.placed >= reach);
        while self.known.len() > REMEMBERED {
            self.known.pop_first();
        }
    }
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct CataloguePosition {
    /// Which catalogue is next, counted from zero.
    #[serde(default)]
    inventory: usize,
    /// Its page that is next.
    #[serde(default)]
    page: usize,
    /// All have been read once.
    #[serde(default)]
    is_known: bool,
}

fn hash_of(value: &impl Serialize) -> u64 {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let start = digest.iter().take(8);
    start.fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
}

/// Tells that something was left out, without saying whose it was.
fn skip(what: &'static str, id: u64) {
    tracing::warn!(what, id, "left out: of a form of its own");
}

pub(super) fn number(id: &RemoteId) -> Option<u64> {
    id.as_str().parse().ok().filter(|id| *id > 0)
}

/// The newest first, by the moment they were placed.
fn newest_first(mut rows: Vec<WireOrder>) -> Vec<WireOrder> {
    rows.sort_by_key(|order| std::cmp::Reverse((order.date_confirmed, order.id)));
    rows.dedup_by_key(|order| order.id);
    rows
}

impl Base {
    pub(super) async fn pull_orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        self.statuses().await?;
        match cursor.read().unwrap_or_default() {
            Position::Start => self.start_import().await,
            Position::Import(import) => self.import(import).await,
            Position::Changes(changes) => self.changes(changes).await,
        }
    }

    async fn list(
        &self,
        question: &Value,
    ) -> Result<(Vec<WireOrder>, Option<DateTime<Utc>>), ShopError> {
        let answer = self
            .client
            .call::<OrderList>("getOrders", question, Purpose::Read("orders"))
            .await?;
        Ok((answer.data.orders, answer.shop_time))
    }

    async fn journal(&self, since: u64) -> Result<(Vec<Event>, Option<DateTime<Utc>>), ShopError> {
        let question = json!({ "last_log_id": since });
        let read = Purpose::Read("the journal");
        let answer = self
            .client
            .call::<Journal>("getJournalList", &question, read)
            .await?;
        Ok((answer.data.logs, answer.shop_time))
    }

    /// Walks to the end of the journal, notes it, and reads the list from its beginning: a young
    /// account is known with that.
    async fn start_import(&self) -> Result<Page<Order>, ShopError> {
        let mut heard = Changes::default();
        for _ in 0..MOST_ANSWERS {
            let since = heard.events.last().copied().unwrap_or(0);
            let (events, _) = self.journal(since).await?;
            if !heard.hear(&events) {
                break;
            }
        }
        let (rows, told) = self.list(&Walk::default().question()).await?;
        let clock = told.ok_or_else(|| ShopError::BadReply("no Date header".to_owned()))?;
        let began = u64::try_from(clock.timestamp()).unwrap_or(0);
        let oldest = rows.iter().map(|order| order.date_confirmed.0).min();
        if rows.len() < A_PAGE {
            let changes = Changes {
                newest: rows
                    .iter()
                    .map(|order| order.date_confirmed.0)
                    .max()
                    .unwrap_or(0),
                events: heard.events,
                asked: clock.timestamp(),
                ..Changes::default()
            };
            return Ok(self.imported(rows, &Position::Changes(changes)));
        }
        let newest = rows
            .iter()
            .map(|order| order.date_confirmed.0)
            .max()
            .unwrap_or(began);
        self.import(Import {
            events: heard.events,
            began,
            // A clock that was ahead must not hide the newest.
            before: began.max(newest) + OVERLAP,
            span: FIRST_SPAN,
            oldest: oldest.unwrap_or(0),
        })
        .await
    }

    async fn import(&self, mut import: Import) -> Result<Page<Order>, ShopError> {
        for _ in 0..WINDOWS {
            let from = import.before.saturating_sub(import.span).max(import.oldest);
            let mut walk = Walk { from, id: 0 };
            let (mut found, _) = self.list(&walk.question()).await?;
            let is_cut = |rows: &[WireOrder]| {
                rows.len() >= A_PAGE
                    && rows
                        .iter()
                        .all(|order| order.date_confirmed.0 < import.before)
            };
            if is_cut(&found) && import.before - from > 1 {
                import.span = (import.before - from).div_ceil(4).max(1);
                continue;
            }
            // One second with more orders than an answer holds.
            let mut last = found.clone();
            while is_cut(&last) {
                walk = walk.after(&last);
                (last, _) = self.list(&walk.question()).await?;
                found.extend(last.iter().cloned());
            }
            found.retain(|order| order.date_confirmed.0 < import.before);
            if found.len() < A_PAGE / 4 {
                import.span = import.span.saturating_mul(2);
            }
            import.before = from;
            let next = if from <= import.oldest {
                Position::Changes(Changes {
                    newest: import.began,
                    asked: i64::try_from(import.began).unwrap_or(0),
                    events: import.events,
                    ..Changes::default()
                })
            } else {
                Position::Import(import)
            };
            return Ok(self.imported(found, &next));
        }
        Ok(self.imported(Vec::new(), &Position::Import(import)))
    }

    fn imported(&self, rows: Vec<WireOrder>, next: &Position) -> Page<Order> {
        let read = newest_first(rows)
            .into_iter()
            .filter_map(|order| self.converted(&order));
        Page {
            items: read.collect(),
            gone: Vec::new(),
            next: Cursor::of(next),
            done: false,
        }
    }

    fn converted(&self, order: &WireOrder) -> Option<Order> {
        let statuses = self.known_statuses()?;
        let told = order.to_order(statuses);
        told.inspect_err(|_| skip("orders", order.id.0)).ok()
    }

    async fn changes(&self, mut changes: Changes) -> Result<Page<Order>, ShopError> {
        if !changes.pending.is_empty() {
            return self.pending(changes).await;
        }
        let mut heard = false;
        let walk = if let Some(walk) = changes.walk {
            walk
        } else {
            let (events, now) = self.journal(changes.since()).await?;
            heard = changes.hear(&events);
            let walk = changes.start(now);
            changes.asked = now.map_or(changes.asked, |now| now.timestamp());
            walk
        };
        let (rows, _) = self.list(&walk.question()).await?;
        let mut items = Vec::new();
        for order in rows.iter().filter(|order| order.is_placed()) {
            let Some(told) = self.converted(order) else {
                continue;
            };
            if changes.learn(order.id.0, order.date_confirmed.0, &told) {
                // What the journal tells of it is read with this.
                changes.pending.remove(&order.id.0);
                items.push(told);
            }
        }
        let is_full = rows.len() >= A_PAGE;
        changes.walk = is_full.then(|| walk.after(&rows));
        if !is_full {
            changes.forget_old();
        }
        let done = !is_full && !heard && changes.pending.is_empty();
        Ok(Page {
            items,
            gone: Vec::new(),
            next: Cursor::of(&Position::Changes(changes)),
            done,
        })
    }

    /// Reads some of the orders that the journal tells of.
    async fn pending(&self, mut changes: Changes) -> Result<Page<Order>, ShopError> {
        let mut items = Vec::new();
        let mut gone = Vec::new();
        for _ in 0..ONE_BY_ONE {
            let Some(id) = changes.pending.pop_first() else {
                break;
            };
            match self.wire_order(id).await? {
                None => gone.push(RemoteId(id.to_string())),
                // Still a basket: another event tells when it is placed.
                Some(order) if !order.is_placed() => {}
                Some(order) => {
                    if let Some(told) = self.converted(&order) {
                        changes.learn(id, order.date_confirmed.0, &told);
                        items.push(told);
                    }
                }
            }
        }
        changes.forget_old();
        Ok(Page {
            items,
            gone,
            next: Cursor::of(&Position::Changes(changes)),
            done: false,
        })
    }

    /// Reads orders again. There is no asking for several, but a list from an identity on, which
    /// brings neighbours along.
    pub(super) async fn read_again(&self, ids: &[RemoteId]) -> Result<Again, ShopError> {
        self.statuses().await?;
        let mut again = Again::default();
        let mut left: BTreeSet<u64> = ids.iter().filter_map(number).collect();
        again
            .gone
            .extend(ids.iter().filter(|id| number(id).is_none()).cloned());
        while let Some(first) = left.pop_first() {
            let mut rows = Vec::new();
            if !left.is_empty() {
                let question = json!({ "id_from": first, "get_unconfirmed_orders": true });
                rows = self.list(&question).await?.0;
            }
            let found = rows.iter().find(|order| order.id.0 == first).cloned();
            let found = match found {
                Some(order) => Some(order),
                None => self.wire_order(first).await?,
            };
            match found {
                Some(order) => again.items.extend(self.converted(&order)),
                None => again.gone.push(RemoteId(first.to_string())),
            }
            for order in rows.iter().filter(|order| left.remove(&order.id.0)) {
                again.items.extend(self.converted(order));
            }
        }
        Ok(again)
    }

    /// One order; none when it is there no more.
    pub(super) async fn wire_order(&self, id: u64) -> Result<Option<WireOrder>, ShopError> {
        let question = json!({ "order_id": id, "get_unconfirmed_orders": true });
        match self.list(&question).await {
            Ok((rows, _)) => Ok(rows.into_iter().find(|order| order.id.0 == id)),
            Err(ShopError::Gone) => Ok(None),
            Err(error) => Err(error),
        }
    }

    /// Base.com has no customers; they come with the orders.
    pub(super) fn no_customers() -> Page<Customer> {
        Page {
            items: Vec::new(),
            gone: Vec::new(),
            next: Cursor("none".to_owned()),
            done: true,
        }
    }

    pub(super) async fn pull_products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        let catalogue = self.catalogue().await?;
        let mut position: CataloguePosition = cursor.read().unwrap_or_default();
        let at = if position.inventory < catalogue.inventories.len() {
            position.inventory
        } else {
            0
        };
        let mut items = Vec::new();
        let mut is_last = true;
        if let Some(inventory) = catalogue.inventories.get(at) {
            let page = position.page.max(1);
            let list = self.products_page(inventory, page).await?;
            items = list.to_products(inventory, catalogue.currency_of(inventory));
            let is_end = list.products.len() < PRODUCTS_A_PAGE;
            position.page = if is_end { 1 } else { page + 1 };
            position.inventory = if is_end { at + 1 } else { at };
            is_last = is_end && at + 1 >= catalogue.inventories.len();
        }
        let done = position.is_known || is_last;
        position.is_known = done;
        Ok(Page {
            items,
            gone: Vec::new(),
            next: Cursor::of(&position),
            done,
        })
    }

    async fn products_page(
        &self,
        inventory: &Inventory,
        page: usize,
    ) -> Result<ProductList, ShopError> {
        let question = json!({
            "inventory_id": inventory.id.0, "page": page, "include_variants": true,
            "filter_sort": "id ASC",
        });
        let read = Purpose::Read("products");
        Ok(self
            .client
            .call("getInventoryProductsList", &question, read)
            .await?
            .data)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn event(id: u64, order: u64) -> Event {
        serde_json::from_value(json!({ "log_id": id, "order_id": order, "log_type": 13 })).unwrap()
    }

    fn order(id: u64, placed: u64) -> WireOrder {
        serde_json::from_value(json!({ "order_id": id, "date_confirmed": placed })).unwrap()
    }

    #[test]
    fn an_event_is_heard_once_and_late_ones_too() {
        let mut changes = Changes::default();
        assert!(changes.hear(&[event(5, 1), event(9, 2)]));
        assert_eq!(changes.pending, BTreeSet::from([1, 2]));
        changes.pending.clear();
        assert!(!changes.hear(&[event(5, 1), event(9, 2)]), "nothing new");
        assert!(
            changes.hear(&[event(5, 1), event(7, 3), event(9, 2)]),
            "numbered before, stored after"
        );
        assert_eq!(changes.pending, BTreeSet::from([3]));
        let many: Vec<_> = (10..200).map(|id| event(id, id)).collect();
        changes.hear(&many);
        assert_eq!(changes.since(), 180, "the newest are asked for again");
        assert_eq!(changes.events.len(), EVENTS_KNOWN);
    }

    #[test]
    fn a_crowded_second_is_read_by_identity() {
        let walk = Walk { from: 100, id: 0 };
        let next = walk.after(&[order(1, 100), order(2, 103)]);
        assert_eq!(
            next,
            Walk { from: 103, id: 0 },
            "the last second again, for more may follow"
        );
        let crowded = next.after(&[order(2, 103), order(7, 103)]);
        assert_eq!(crowded, Walk { from: 103, id: 8 });
        assert_eq!(crowded.after(&[order(9, 104)]), Walk { from: 104, id: 0 });
    }

    #[test]
    fn after_a_long_absence_the_list_is_read_from_further_back() {
        let now = |seconds: i64| DateTime::from_timestamp(seconds, 0);
        let day = 24 * 60 * 60;
        let changes = Changes {
            newest: 1_800_000_000,
            asked: 1_800_000_000,
            ..Changes::default()
        };
        let short = changes.start(now(1_800_000_000 + day));
        assert_eq!(short.from, 1_800_000_000 - OVERLAP);
        let long = changes.start(now(1_800_000_000 + 4 * day));
        assert_eq!(long.from, 1_800_000_000 - YOUNG, "the journal has a gap");
        assert_eq!(
            changes.start(None),
            short,
            "a shop that tells no time has not been away"
        );
    }

    #[test]
    fn a_cursor_survives_being_kept_as_text() {
        let mut changes = Changes {
            newest: 7,
            asked: 9,
            walk: Some(Walk { from: 3, id: 4 }),
            ..Changes::default()
        };
        changes.hear(&[event(5, 1)]);
        changes.known.insert(
            1,
            Known {
                placed: 7,
                hash: u64::MAX,
            },
        );
        let import = Import {
            events: vec![1, 2],
            began: 9,
            before: 8,
            span: 3,
            oldest: 1,
        };
        for position in [
            Position::Start,
            Position::Import(import),
            Position::Changes(changes),
        ] {
            let text = Cursor::of(&position);
            assert_eq!(text.read::<Position>().unwrap(), position);
        }
    }
}
