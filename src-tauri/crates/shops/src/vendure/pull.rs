//! Where a pull stands, without I/O: what to ask next, and what an answer leaves to do.
//!
//! Pages are never counted: a row that changes while pages turn would push an unread one past the
//! reader. Each page starts at the last stamp seen and leaves out the rows already read there, so
//! any number of rows may share one second. A finished walk starts again some seconds earlier,
//! since a stamp is given before its transaction ends; what was read there with the same content
//! is dropped. All times are the shop's.

use super::wire::OrderNode;
use crate::{Cursor, Page};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use rules::id::RemoteId;
use rules::order::Product;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::hash::{DefaultHasher, Hash, Hasher};
use std::ops::Bound;

/// How far a finished walk reaches back: longer than the shop's transactions take.
const OVERLAP: TimeDelta = TimeDelta::seconds(15);

/// Filters know no "at or after". Rows keep at best milliseconds that we see.
const MOMENT: TimeDelta = TimeDelta::milliseconds(1);

/// One row as read, with the stamp that it is ordered by.
pub(super) struct Row<T> {
    pub(super) id: String,
    pub(super) stamp: DateTime<Utc>,
    pub(super) item: T,
}

/// The rows already read at the stamp where the next page starts.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Edge {
    at: DateTime<Utc>,
    read: Vec<String>,
}

impl Edge {
    /// The edge after a page, which may lie within the same stamp as the one before.
    fn after<T>(previous: Option<Self>, rows: &[Row<T>]) -> Option<Self> {
        let Some(last) = rows.last() else {
            return previous;
        };
        let mut read = match previous {
            Some(edge) if edge.at == last.stamp => edge.read,
            _ => Vec::new(),
        };
        read.extend(
            rows.iter()
                .filter(|row| row.stamp == last.stamp)
                .map(|row| row.id.clone()),
        );
        Some(Self {
            at: last.stamp,
            read,
        })
    }
}

/// A row as it was when we read it.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Known {
    stamp: DateTime<Utc>,
    content: u64,
}

/// A pull of what changed, oldest change first.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Position {
    /// Everything up to here has been read.
    high: Option<DateTime<Utc>>,
    /// Nothing older than `high` can appear any more.
    #[serde(default)]
    settled: bool,
    /// Where a walk of several pages stands.
    #[serde(default)]
    edge: Option<Edge>,
    /// Rows that the next walk will meet again.
    #[serde(default)]
    known: BTreeMap<String, Known>,
}

impl Position {
    pub(super) fn read(cursor: &Cursor) -> Self {
        cursor.read().unwrap_or_default()
    }

    /// List options for the next page; `filter` holds the conditions of the list itself.
    pub(super) fn question(&self, page: usize, filter: &Value) -> Value {
        let mut filter = filter.clone();
        if let Some(edge) = &self.edge {
            add(
                &mut filter,
                "updatedAt",
                json!({ "after": stamp(edge.at - MOMENT) }),
            );
            add(&mut filter, "id", json!({ "notIn": edge.read }));
        } else if let Some(high) = self.high {
            let from = if self.settled { high } else { high - OVERLAP };
            add(&mut filter, "updatedAt", json!({ "after": stamp(from) }));
        }
        json!({ "take": page, "filter": filter, "sort": { "updatedAt": "ASC", "id": "ASC" } })
    }

    /// Takes in a page of at most `page` rows.
    pub(super) fn advance<T: Serialize>(
        mut self,
        rows: Vec<Row<T>>,
        page: usize,
        shop_time: Option<DateTime<Utc>>,
    ) -> Page<T> {
        let done = rows.len() < page;
        self.edge = Edge::after(self.edge, &rows);
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            let now = Known {
                stamp: row.stamp,
                content: content(&row.item),
            };
            if self.known.get(&row.id) != Some(&now) {
                items.push(row.item);
            }
            self.known.insert(row.id, now);
        }
        if done {
            self.high = self.high.max(self.edge.take().map(|edge| edge.at));
            self.settled = shop_time > self.high.map(|high| high + OVERLAP);
            let keep_from = self
                .high
                .map(|high| if self.settled { high } else { high - OVERLAP });
            self.known.retain(|_, known| Some(known.stamp) >= keep_from);
        }
        Page {
            items,
            gone: Vec::new(),
            next: Cursor::of(&self),
            done,
        }
    }
}

/// A pull of products: what changed, and besides all that are known, for what changes unseen.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub(super) struct Shelf {
    #[serde(flatten)]
    pub(super) position: Position,
    /// Print of each known variant.
    #[serde(default)]
    all: BTreeMap<String, u32>,
    /// The one looked at last.
    #[serde(default)]
    turn: String,
}

impl Shelf {
    pub(super) fn read(cursor: &Cursor) -> Self {
        cursor.read().unwrap_or_default()
    }

    pub(super) fn write(&self) -> Cursor {
        Cursor::of(self)
    }

    /// Notes products down as they are now.
    pub(super) fn keep(&mut self, products: Vec<Product>) -> Vec<Product> {
        for product in &products {
            self.all.insert(product.remote.0.clone(), print(product));
        }
        products
    }

    /// Those of them that are not as they were.
    pub(super) fn keep_changed(&mut self, products: Vec<Product>) -> Vec<Product> {
        let changed = products.into_iter().filter(|product| {
            let now = print(product);
            self.all.insert(product.remote.0.clone(), now) != Some(now)
        });
        changed.collect()
    }

    /// The next so many known variants.
    pub(super) fn next_turn(&mut self, count: usize) -> Vec<String> {
        let after = (Bound::Excluded(self.turn.clone()), Bound::Unbounded);
        let next = self.all.range::<String, _>(after).map(|(id, _)| id.clone());
        let mut some: Vec<_> = next.take(count).collect();
        if some.is_empty() {
            some = self.all.keys().take(count).cloned().collect();
        }
        self.turn = some.last().cloned().unwrap_or_default();
        some
    }

    /// Forgets those asked for that the shop has no more.
    pub(super) fn drop_missing(
        &mut self,
        asked: &[String],
        found: &BTreeSet<String>,
    ) -> Vec<RemoteId> {
        let missing = asked.iter().filter(|id| !found.contains(*id));
        missing
            .map(|id| {
                self.all.remove(id);
                RemoteId(id.clone())
            })
            .collect()
    }
}

/// Half of [`content`]: a change that goes unseen by chance is one in four thousand million.
fn print(product: &Product) -> u32 {
    u32::try_from(content(product) >> 32).unwrap_or_default()
}

/// A pull of orders: first all there are, newest first, then what changed since that began.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(super) enum OrderPosition {
    /// Going back in time. When an order was placed never changes.
    Import {
        edge: Option<Edge>,
        /// Where changes start once the import is through.
        since: Option<DateTime<Utc>>,
    },
    /// Following what changes.
    Changes(Position),
}

impl OrderPosition {
    /// None for a pull that has not begun.
    pub(super) fn read(cursor: &Cursor) -> Option<Self> {
        cursor.read()
    }

    /// Asks for the order that changed last.
    pub(super) fn newest_question(filter: &Value) -> Value {
        json!({ "take": 1, "filter": filter, "sort": { "updatedAt": "DESC" } })
    }

    /// Begins an import in a shop whose latest change is of `latest`.
    pub(super) fn start(latest: Option<DateTime<Utc>>) -> Self {
        Self::Import {
            edge: None,
            since: latest,
        }
    }

    pub(super) fn stamp_of(&self, order: &OrderNode) -> DateTime<Utc> {
        match self {
            Self::Import { .. } => order.placed_at(),
            Self::Changes(_) => order.updated_at,
        }
    }

    pub(super) fn question(&self, page: usize, filter: &Value) -> Value {
        match self {
            Self::Import { edge, .. } => {
                let mut filter = filter.clone();
                if let Some(edge) = edge {
                    let before = json!({ "before": stamp(edge.at + MOMENT) });
                    add(&mut filter, "orderPlacedAt", before);
                    add(&mut filter, "id", json!({ "notIn": edge.read }));
                }
                let sort = json!({ "orderPlacedAt": "DESC", "id": "DESC" });
                json!({ "take": page, "filter": filter, "sort": sort })
            }
            Self::Changes(position) => position.question(page, filter),
        }
    }

    pub(super) fn advance<T: Serialize>(
        self,
        rows: Vec<Row<T>>,
        page: usize,
        shop_time: Option<DateTime<Utc>>,
    ) -> Page<T> {
        match self {
            Self::Import { edge, since } => {
                let next = if rows.len() < page {
                    Self::Changes(Position {
                        high: since,
                        ..Position::default()
                    })
                } else {
                    Self::Import {
                        edge: Edge::after(edge, &rows),
                        since,
                    }
                };
                let items = rows.into_iter().map(|row| row.item).collect();
                Page {
                    items,
                    gone: Vec::new(),
                    next: Cursor::of(&next),
                    done: false,
                }
            }
            Self::Changes(position) => {
                let page = position.advance(rows, page, shop_time);
                // The same text, told apart from an import's.
                let next = Self::Changes(Position::read(&page.next));
                Page {
                    next: Cursor::of(&next),
                    ..page
                }
            }
        }
    }
}

/// Adds a condition on a field, beside those it has.
fn add(filter: &mut Value, field: &str, condition: Value) {
    let Value::Object(fields) = filter else {
        return;
    };
    match (fields.get_mut(field), condition) {
        (Some(Value::Object(present)), Value::Object(more)) => present.extend(more),
        (_, condition) => {
            fields.insert(field.to_owned(), condition);
        }
    }
}

fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Millis, true)
}

/// A print of what we would store. It need not be the same in another build: then rows come twice.
fn content(item: &impl Serialize) -> u64 {
    let mut hasher = DefaultHasher::new();
    serde_json::to_string(item)
        .unwrap_or_default()
        .hash(&mut hasher);
    hasher.finish()
}

#[cfg(test)]
mod tests {
    use super::*;

    const PAGE: usize = 4;

    /// A list with whole-second stamps that answers as the Admin API does on `SQLite`.
    #[derive(Default)]
    struct List {
        rows: Vec<(u32, i64, u32)>,
        now: i64,
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    fn time(value: &Value) -> DateTime<Utc> {
        value.as_str().unwrap().parse().unwrap()
    }

    impl List {
        fn change(&mut self, id: u32) {
            let now = self.now;
            match self.rows.iter_mut().find(|row| row.0 == id) {
                Some(row) => (row.1, row.2) = (now, row.2 + 1),
                None => self.rows.push((id, now, 0)),
            }
        }

        fn answer(&self, question: &Value) -> Vec<Row<(u32, u32)>> {
            let filter = &question["filter"];
            let mut rows: Vec<_> = self
                .rows
                .iter()
                .filter(|row| {
                    let after = &filter["updatedAt"]["after"];
                    after.is_null() || at(row.1) > time(after)
                })
                .filter(|row| {
                    let read = filter["id"]["notIn"].as_array();
                    !read.is_some_and(|ids| ids.iter().any(|id| id == &row.0.to_string()))
                })
                .collect();
            rows.sort_by_key(|row| (row.1, row.0));
            let take = usize::try_from(question["take"].as_u64().unwrap()).unwrap();
            rows.into_iter()
                .take(take)
                .map(|row| Row {
                    id: row.0.to_string(),
                    stamp: at(row.1),
                    item: (row.0, row.2),
                })
                .collect()
        }
    }

    /// Reads one page into `copy`, as the store would.
    fn turn(list: &List, cursor: &mut Cursor, copy: &mut BTreeMap<u32, u32>) -> (usize, bool) {
        let position = Position::read(cursor);
        let rows = list.answer(&position.question(PAGE, &json!({})));
        let page = position.advance(rows, PAGE, Some(at(list.now)));
        *cursor = page.next;
        let count = page.items.len();
        copy.extend(page.items);
        (count, page.done)
    }

    #[test]
    fn no_change_is_missed_while_pages_turn_and_seconds_are_shared() {
        // A small generator of our own: the run must be the same each time.
        let mut seed = 42_u32;
        let mut next = |below: u32| {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            (seed >> 8) % below
        };
        let mut list = List {
            now: 1_000,
            ..List::default()
        };
        for id in 0..60 {
            list.change(id);
        }
        let (mut cursor, mut copy) = (Cursor::default(), BTreeMap::new());
        for _ in 0..2_000 {
            for _ in 0..next(4) {
                list.change(next(80));
            }
            list.now += i64::from(next(3) / 2);
            turn(&list, &mut cursor, &mut copy);
        }
        walk(&list, &mut cursor, &mut copy);
        let truth: BTreeMap<_, _> = list.rows.iter().map(|row| (row.0, row.2)).collect();
        assert_eq!(copy, truth, "each row is known as it last was");
    }

    #[test]
    fn more_rows_in_one_second_than_fit_a_page_are_walked_through() {
        let mut list = List {
            now: 5,
            ..List::default()
        };
        for id in 0..19 {
            list.change(id);
        }
        let (mut cursor, mut copy) = (Cursor::default(), BTreeMap::new());
        let mut pages = 1;
        while !turn(&list, &mut cursor, &mut copy).1 {
            pages += 1;
            assert!(pages < 10, "the walk must get out of the second");
        }
        assert_eq!(copy.len(), 19, "every row of the second is read");
    }

    /// Reads until there is nothing more for now; how many rows came.
    fn walk(list: &List, cursor: &mut Cursor, copy: &mut BTreeMap<u32, u32>) -> usize {
        let mut sum = 0;
        loop {
            let (count, done) = turn(list, cursor, copy);
            sum += count;
            if done {
                return sum;
            }
        }
    }

    #[test]
    fn what_has_not_changed_does_not_come_again() {
        let mut list = List {
            now: 5,
            ..List::default()
        };
        for id in 0..6 {
            list.change(id);
        }
        let (mut cursor, mut copy) = (Cursor::default(), BTreeMap::new());
        assert_eq!(walk(&list, &mut cursor, &mut copy), 6, "everything comes");
        assert_eq!(
            walk(&list, &mut cursor, &mut copy),
            0,
            "nothing within the overlap is new"
        );
        list.change(3);
        assert_eq!(
            walk(&list, &mut cursor, &mut copy),
            1,
            "a change in the very same second is"
        );
        list.now += 60;
        walk(&list, &mut cursor, &mut copy);
        assert!(
            Position::read(&cursor).settled,
            "a minute later nothing old can appear"
        );
        assert_eq!(
            walk(&list, &mut cursor, &mut copy),
            0,
            "and nothing is read again"
        );
    }
}
