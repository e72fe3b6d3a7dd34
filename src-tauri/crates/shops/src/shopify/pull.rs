//! Where a pull stands, without I/O: what to ask next, and what an answer leaves to do.
//!
//! Lists come sorted by a date, and Shopify's page cursor marks a place in that order, not a number
//! of rows: a row that changes while pages turn moves to the end and pushes nobody past the reader.
//! Such a walk may not go deeper than 25,000 rows, so a long one starts again at the last date it
//! read. A finished walk starts again some minutes earlier, since the list is a search index that
//! lags behind; what was read there with the same content is dropped. All times are the shop's.

use crate::{Cursor, Page};
use chrono::{DateTime, SecondsFormat, TimeDelta, Utc};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::hash::{DefaultHasher, Hash, Hasher};

/// How far a finished walk reaches back: longer than the index lags behind as a rule.
const OVERLAP: TimeDelta = TimeDelta::minutes(2);

/// Once the newest change is this old by the shop's clock, nothing can still come before it.
const SETTLED: TimeDelta = TimeDelta::minutes(10);

/// How deep one walk goes; Shopify stops at 25,000.
const DEPTH: usize = 20_000;

/// How many rows are remembered to keep them from coming twice. Past this they come twice, which
/// costs a little work and harms nothing.
const REMEMBERED: usize = 2_000;

/// One row as read, with the stamp that the list is ordered by; no item where it was of an odd form.
pub(super) struct Row<T> {
    pub(super) id: String,
    pub(super) stamp: DateTime<Utc>,
    pub(super) item: Option<T>,
}

/// A page as it came.
pub(super) struct Answered<T> {
    pub(super) rows: Vec<Row<T>>,
    /// The page cursor that the rest begins at; none at the end.
    pub(super) rest: Option<String>,
    pub(super) shop_time: Option<DateTime<Utc>>,
}

/// What to ask next.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Question {
    /// The search text; none asks for everything.
    pub(super) query: Option<String>,
    pub(super) after: Option<String>,
}

/// A row as it was when we read it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Known {
    stamp: DateTime<Utc>,
    content: u64,
}

/// A walk of several pages.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Walk {
    from: Option<DateTime<Utc>>,
    after: Option<String>,
    newest: Option<DateTime<Utc>>,
    depth: usize,
}

/// A pull of what changed, oldest change first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct Position {
    /// Everything up to here has been read.
    high: Option<DateTime<Utc>>,
    /// Nothing older than `high` can appear any more.
    #[serde(default)]
    settled: bool,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    walk: Option<Walk>,
    /// Rows that the next walk will meet again.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    known: BTreeMap<String, Known>,
}

impl Position {
    pub(super) fn read(cursor: &Cursor) -> Self {
        cursor.read().unwrap_or_default()
    }

    fn since(moment: Option<DateTime<Utc>>) -> Self {
        Self {
            high: moment,
            ..Self::default()
        }
    }

    fn bound(&self) -> Option<DateTime<Utc>> {
        self.high
            .map(|high| if self.settled { high } else { before(high) })
    }

    pub(super) fn question(&self) -> Question {
        let (from, after) = match &self.walk {
            Some(walk) => (walk.from, walk.after.clone()),
            None => (self.bound(), None),
        };
        Question {
            query: from.map(|from| format!("updated_at:>='{}'", stamp(from))),
            after,
        }
    }

    /// The same place found by date, for a shop that does not take its own page cursor any more.
    pub(super) fn by_date(mut self) -> Self {
        if let Some(walk) = &mut self.walk {
            walk.after = None;
            walk.depth = 0;
            walk.from = walk.newest.or(walk.from);
        }
        self
    }

    /// Takes in a page.
    pub(super) fn advance<T: Serialize>(mut self, answered: Answered<T>) -> Page<T> {
        let bound = self.bound();
        let mut walk = self.walk.take().unwrap_or(Walk {
            from: bound,
            ..Walk::default()
        });
        let count = answered.rows.len();
        let mut items = Vec::with_capacity(count);
        for row in answered.rows {
            walk.newest = walk.newest.max(Some(row.stamp));
            let Some(item) = row.item else { continue };
            let now = Known {
                stamp: row.stamp,
                content: content(&item),
            };
            if self.known.get(&row.id) != Some(&now) {
                items.push(item);
            }
            self.known.insert(row.id, now);
        }
        let done = answered.rest.is_none();
        if done {
            // A stamp ahead of the shop's own clock would hide all that follows at its right time.
            let newest = match answered.shop_time {
                Some(time) => walk.newest.map(|newest| newest.min(time)),
                None => walk.newest,
            };
            self.high = self.high.max(newest);
            self.settled = answered
                .shop_time
                .zip(self.high)
                .is_some_and(|(time, high)| time - high > SETTLED);
        } else if walk.depth.saturating_add(count) > DEPTH {
            walk = Walk {
                from: walk.newest,
                newest: walk.newest,
                ..Walk::default()
            };
            self.walk = Some(walk);
        } else {
            walk.after = answered.rest;
            walk.depth = walk.depth.saturating_add(count);
            self.walk = Some(walk);
        }
        self.forget();
        Page {
            items,
            gone: Vec::new(),
            next: Cursor::of(&self),
            done,
        }
    }

    /// Keeps of the known rows what the next walk may bring again.
    fn forget(&mut self) {
        let from = match &self.walk {
            Some(walk) => walk.newest.map(before),
            None => self.bound(),
        };
        self.known.retain(|_, known| Some(known.stamp) >= from);
        let surplus = self.known.len().saturating_sub(REMEMBERED);
        if surplus > 0 {
            let mut oldest: Vec<_> = self
                .known
                .iter()
                .map(|(id, known)| (known.stamp, id.clone()))
                .collect();
            oldest.sort();
            for (_, id) in oldest.into_iter().take(surplus) {
                self.known.remove(&id);
            }
        }
    }
}

/// A pull of orders: first all there are, newest first, then what changed since that began.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
pub(super) enum OrderPosition {
    /// Going back in time. When an order was made never changes.
    Import {
        /// The shop's time when it began: changes are read from there.
        since: Option<DateTime<Utc>>,
        /// Made no later than this; set once a walk went as deep as may be.
        #[serde(default)]
        until: Option<DateTime<Utc>>,
        #[serde(default)]
        after: Option<String>,
        /// The oldest read.
        #[serde(default)]
        oldest: Option<DateTime<Utc>>,
        #[serde(default)]
        depth: usize,
    },
    /// Following what changes.
    Changes(Position),
}

impl Default for OrderPosition {
    fn default() -> Self {
        Self::Import {
            since: None,
            until: None,
            after: None,
            oldest: None,
            depth: 0,
        }
    }
}

impl OrderPosition {
    pub(super) fn read(cursor: &Cursor) -> Self {
        cursor.read().unwrap_or_default()
    }

    /// Whether the list is asked for by the time of making, newest first.
    pub(super) fn is_import(&self) -> bool {
        matches!(self, Self::Import { .. })
    }

    pub(super) fn question(&self) -> Question {
        match self {
            Self::Import { until, after, .. } => Question {
                query: until.map(|until| format!("created_at:<='{}'", stamp(until))),
                after: after.clone(),
            },
            Self::Changes(position) => position.question(),
        }
    }

    /// See [`Position::by_date`].
    pub(super) fn by_date(self) -> Self {
        match self {
            Self::Import {
                since,
                until,
                oldest,
                ..
            } => Self::Import {
                since,
                until: oldest.or(until),
                after: None,
                oldest,
                depth: 0,
            },
            Self::Changes(position) => Self::Changes(position.by_date()),
        }
    }

    pub(super) fn advance<T: Serialize>(self, answered: Answered<T>) -> Page<T> {
        match self {
            Self::Changes(position) => {
                let page = position.advance(answered);
                // The same text, told apart from an import's.
                let next = Self::Changes(Position::read(&page.next));
                Page {
                    next: Cursor::of(&next),
                    ..page
                }
            }
            Self::Import {
                since,
                until,
                oldest,
                depth,
                ..
            } => {
                let since = since.or(answered.shop_time);
                let last = answered.rows.last().map(|row| row.stamp);
                let oldest = last.or(oldest);
                let depth = depth.saturating_add(answered.rows.len());
                let next = match answered.rest {
                    None => Self::Changes(Position::since(since)),
                    // As deep as may be: on from the oldest, which comes once more.
                    Some(_) if depth > DEPTH && oldest != until => Self::Import {
                        since,
                        until: oldest,
                        after: None,
                        oldest,
                        depth: 0,
                    },
                    after @ Some(_) => Self::Import {
                        since,
                        until,
                        after,
                        oldest,
                        depth,
                    },
                };
                Page {
                    items: answered
                        .rows
                        .into_iter()
                        .filter_map(|row| row.item)
                        .collect(),
                    gone: Vec::new(),
                    next: Cursor::of(&next),
                    done: false,
                }
            }
        }
    }
}

/// As early as the list may lag behind.
fn before(moment: DateTime<Utc>) -> DateTime<Utc> {
    moment.checked_sub_signed(OVERLAP).unwrap_or(moment)
}

fn stamp(time: DateTime<Utc>) -> String {
    time.to_rfc3339_opts(SecondsFormat::Secs, true)
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

    /// A list with whole-second stamps; its page cursor marks a stamp and an id.
    #[derive(Default)]
    struct List {
        rows: Vec<(u32, i64, u32)>,
        now: i64,
    }

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(second, 0).unwrap()
    }

    impl List {
        fn change(&mut self, id: u32) {
            let now = self.now;
            match self.rows.iter_mut().find(|row| row.0 == id) {
                Some(row) => (row.1, row.2) = (now, row.2 + 1),
                None => self.rows.push((id, now, 0)),
            }
        }

        fn answer(&self, question: &Question) -> Answered<(u32, u32)> {
            let from: Option<DateTime<Utc>> = question.query.as_ref().map(|query| {
                let text = query.strip_prefix("updated_at:>='").unwrap();
                text.strip_suffix('\'').unwrap().parse().unwrap()
            });
            let after: Option<(i64, u32)> = question.after.as_ref().map(|text| {
                let (stamp, id) = text.split_once('|').unwrap();
                (stamp.parse().unwrap(), id.parse().unwrap())
            });
            let mut rows: Vec<_> = self
                .rows
                .iter()
                .filter(|row| from.is_none_or(|from| at(row.1) >= from))
                .filter(|row| after.is_none_or(|after| (row.1, row.0) > after))
                .collect();
            rows.sort_by_key(|row| (row.1, row.0));
            let more = rows.len() > PAGE;
            rows.truncate(PAGE);
            let rest = rows.last().map(|row| format!("{}|{}", row.1, row.0));
            Answered {
                rows: rows
                    .into_iter()
                    .map(|row| Row {
                        id: row.0.to_string(),
                        stamp: at(row.1),
                        item: Some((row.0, row.2)),
                    })
                    .collect(),
                rest: rest.filter(|_| more),
                shop_time: Some(at(self.now)),
            }
        }
    }

    /// Reads one page into `copy`, as the store would.
    fn turn(list: &List, cursor: &mut Cursor, copy: &mut BTreeMap<u32, u32>) -> (usize, bool) {
        let position = Position::read(cursor);
        let page = position.clone().advance(list.answer(&position.question()));
        *cursor = page.next;
        let count = page.items.len();
        copy.extend(page.items);
        (count, page.done)
    }

    /// Reads until there is nothing more for now; how many rows came.
    fn walk(list: &List, cursor: &mut Cursor, copy: &mut BTreeMap<u32, u32>) -> usize {
        let mut sum = 0;
        for _ in 0..1_000 {
            let (count, done) = turn(list, cursor, copy);
            sum += count;
            if done {
                return sum;
            }
        }
        panic!("the walk never ends");
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
    fn what_has_not_changed_does_not_come_again() {
        let mut list = List {
            now: 5_000,
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
        list.now += 3_600;
        walk(&list, &mut cursor, &mut copy);
        assert!(
            Position::read(&cursor).settled,
            "an hour later nothing old can appear"
        );
        assert_eq!(walk(&list, &mut cursor, &mut copy), 0);
    }

    #[test]
    fn what_the_index_shows_late_is_caught_by_the_overlap() {
        let mut list = List {
            now: 5_000,
            ..List::default()
        };
        list.change(1);
        let (mut cursor, mut copy) = (Cursor::default(), BTreeMap::new());
        walk(&list, &mut cursor, &mut copy);
        list.rows.push((2, 4_900, 0));
        assert_eq!(
            walk(&list, &mut cursor, &mut copy),
            1,
            "stamped before the newest, shown after it"
        );
    }

    #[test]
    fn a_stamp_ahead_of_the_shops_clock_hides_nothing() {
        let mut list = List {
            now: 5_000,
            ..List::default()
        };
        list.rows.push((1, 9_000, 0));
        let (mut cursor, mut copy) = (Cursor::default(), BTreeMap::new());
        walk(&list, &mut cursor, &mut copy);
        list.now = 6_000;
        list.change(2);
        assert_eq!(
            walk(&list, &mut cursor, &mut copy),
            1,
            "what came at its right time, and the early one not again"
        );
    }

    #[test]
    fn a_place_is_found_by_date_when_the_page_cursor_is_not_taken() {
        let mut list = List {
            now: 5_000,
            ..List::default()
        };
        for id in 0..10 {
            list.now += 1;
            list.change(id);
        }
        let (mut cursor, mut copy) = (Cursor::default(), BTreeMap::new());
        turn(&list, &mut cursor, &mut copy);
        assert!(Position::read(&cursor).question().after.is_some());
        let position = Position::read(&cursor).by_date();
        assert_eq!(position.question().after, None);
        cursor = Cursor::of(&position);
        let rest = walk(&list, &mut cursor, &mut copy);
        assert_eq!(
            (rest, copy.len()),
            (6, 10),
            "the last one read comes, and is known"
        );
    }

    #[test]
    fn a_walk_as_deep_as_may_be_goes_on_by_date() {
        let rows = |from: i64, count: usize| -> Vec<Row<i64>> {
            (0..i64::try_from(count).unwrap())
                .map(|step| Row {
                    id: (from + step).to_string(),
                    stamp: at(from + step),
                    item: Some(step),
                })
                .collect()
        };
        let mut position = Position::default();
        let mut second = 10_000;
        for _ in 0..5 {
            let page = position.advance(Answered {
                rows: rows(second, 5_000),
                rest: Some("deeper".to_owned()),
                shop_time: None,
            });
            second += 5_000;
            position = Position::read(&page.next);
        }
        let question = position.question();
        assert_eq!(question.after, None, "25,000 rows are the end of a walk");
        assert!(question.query.unwrap().contains("1970-01-01T09:43:19Z"));

        let mut import = OrderPosition::default();
        for step in (1..=5).rev() {
            let mut page = rows(step * 5_000, 5_000);
            page.reverse();
            let page = import.advance(Answered {
                rows: page,
                rest: Some("deeper".to_owned()),
                shop_time: Some(at(90_000)),
            });
            import = OrderPosition::read(&page.next);
        }
        let question = import.question();
        assert_eq!(question.after, None);
        assert_eq!(
            question.query.as_deref(),
            Some("created_at:<='1970-01-01T01:23:20Z'")
        );
    }

    #[test]
    fn changes_begin_where_the_import_began() {
        let row = Row {
            id: "1".to_owned(),
            stamp: at(50),
            item: Some(1),
        };
        let page = OrderPosition::default().advance(Answered {
            rows: vec![row],
            rest: Some("more".to_owned()),
            shop_time: Some(at(1_000)),
        });
        assert!(!page.done, "work can start with this page, more follows");
        let page = OrderPosition::read(&page.next).advance(Answered::<i32> {
            rows: Vec::new(),
            rest: None,
            shop_time: Some(at(2_000)),
        });
        assert!(
            !page.done,
            "the changes since it began are still to be read"
        );
        let position = OrderPosition::read(&page.next);
        assert!(!position.is_import());
        assert_eq!(
            position.question().query.as_deref(),
            Some("updated_at:>='1970-01-01T00:14:40Z'"),
            "from the first answer's time, two minutes back"
        );
    }
}
