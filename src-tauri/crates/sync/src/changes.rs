//! Reading a list of what changed, without missing and without loops, though the shop's stamps are
//! whole seconds, its filter is strictly "after", and page numbers slip while things change.
//!
//! The bound moves with what was read instead of counting pages. Only where one second holds more
//! than a page is it walked by pages, alone, and again from the start if its count shrank meanwhile.
//! No I/O: [`Changes::query`] says what to ask, [`Changes::advance`] takes the answer.

use chrono::{DateTime, TimeDelta, Utc};
use serde::{Deserialize, Serialize};

/// How far the reading reaches. The default is what the product uses; another one is for showing
/// what it is good for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Reach {
    /// How far a poll reaches back: a write may be stamped before it can be seen.
    pub overlap: TimeDelta,
    /// Once the newest change is this old by the shop's clock, nothing can still come before it.
    pub settled: TimeDelta,
}

impl Default for Reach {
    fn default() -> Self {
        Self {
            overlap: TimeDelta::seconds(5),
            settled: TimeDelta::seconds(60),
        }
    }
}

/// How many items are remembered to keep them from coming twice. Past this they come twice, which
/// costs a little work and harms nothing.
const REMEMBERED: usize = 1000;

const SECOND: TimeDelta = TimeDelta::seconds(1);

/// A shop that does not heed the bound: reading on would never end.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
#[error("the list does not move on")]
pub struct Stuck;

/// Where the reading of one list stands.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changes {
    /// What changed after this second is still to be read.
    after: Option<DateTime<Utc>>,
    /// The newest stamp read.
    newest: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    walk: Option<Walk>,
    /// A crowded second that was walked before it was over: the next poll walks it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    recheck: Option<DateTime<Utc>>,
    /// The first page of this poll whose newest stamps were fresh when it was read ended here, less
    /// the overlap: what was being written then may lack on it, however far the later pages lead.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    fresh_from: Option<DateTime<Utc>>,
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    seen: Vec<Mark>,
}

/// One crowded second, read by pages.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Walk {
    second: DateTime<Utc>,
    page: u32,
    total: Option<u64>,
    /// Whether this pass began when the second was hardly over by the shop's clock.
    is_fresh: bool,
}

impl Walk {
    fn start(second: DateTime<Utc>) -> Self {
        Self {
            second,
            page: 1,
            total: None,
            is_fresh: true,
        }
    }
}

/// One item as it was read.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Mark {
    /// The shop's identity.
    pub id: u64,
    /// The shop's stamp.
    pub at: DateTime<Utc>,
    /// Of its content: two edits within one second bear the same stamp.
    pub hash: u64,
}

/// What to ask for, oldest change first.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Query {
    /// Strictly after this second.
    pub after: Option<DateTime<Utc>>,
    /// Strictly before this second.
    pub before: Option<DateTime<Utc>>,
    /// Counted from one.
    pub page: u32,
}

/// What came back.
pub struct Answer<'a> {
    /// What stood on the page, odd items included.
    pub marks: &'a [Mark],
    /// How many match in all, where the shop tells.
    pub total: Option<u64>,
    /// A page follows.
    pub has_more: bool,
    /// The shop's own clock when it answered.
    pub shop_time: Option<DateTime<Utc>>,
}

impl Changes {
    /// Starts with what changed from a moment on, reaching back a little.
    pub fn since(moment: Option<DateTime<Utc>>) -> Self {
        Self::since_within(moment, Reach::default())
    }

    /// As [`Self::since`], with another reach.
    pub fn since_within(moment: Option<DateTime<Utc>>, reach: Reach) -> Self {
        Self {
            after: moment.map(|moment| moment - reach.overlap),
            ..Self::default()
        }
    }

    /// What to ask next.
    pub fn query(&self) -> Query {
        match &self.walk {
            Some(walk) => Query {
                after: Some(walk.second - SECOND),
                before: Some(walk.second + SECOND),
                page: walk.page,
            },
            None => Query {
                after: self.after,
                before: None,
                page: 1,
            },
        }
    }

    /// Moves on; true once nothing more is there for now.
    ///
    /// # Errors
    /// [`Stuck`] for a full page from before the bound: a shop, or a cache before it,
    /// that does not heed the filter would be read for ever.
    pub fn advance(&mut self, answer: &Answer<'_>) -> Result<bool, Stuck> {
        self.advance_within(answer, Reach::default())
    }

    /// As [`Self::advance`], with another reach.
    ///
    /// # Errors
    /// As there.
    pub fn advance_within(&mut self, answer: &Answer<'_>, reach: Reach) -> Result<bool, Stuck> {
        let stamps = || answer.marks.iter().map(|mark| mark.at);
        let (first, last) = (stamps().min(), stamps().max());
        self.newest = self.newest.max(last);
        for mark in answer.marks {
            self.seen.retain(|seen| seen.id != mark.id);
            self.seen.push(mark.clone());
        }
        let done = if self.walk.is_some() {
            self.advance_walk(answer, reach);
            false
        } else if answer.has_more {
            if self.after.is_some() && last <= self.after {
                return Err(Stuck);
            }
            let fresh = last
                .zip(answer.shop_time)
                .filter(|(last, now)| *now - *last <= reach.settled)
                .map(|(last, _)| last - reach.overlap);
            self.fresh_from = self.fresh_from.or(fresh);
            self.after = last.map(|last| last - SECOND).max(self.after);
            if let (Some(first), Some(last)) = (first, last)
                && first == last
            {
                self.walk = Some(Walk::start(last));
            }
            false
        } else {
            let settled = self
                .newest
                .zip(answer.shop_time)
                .is_some_and(|(newest, now)| now - newest > reach.settled);
            let back = if settled {
                TimeDelta::zero()
            } else {
                reach.overlap
            };
            let recheck = self.recheck.take().map(|second| second - SECOND);
            let newest = self.newest.map(|newest| newest - back);
            let bounds = [newest, recheck, self.fresh_from.take()];
            self.after = bounds.into_iter().flatten().min().or(self.after);
            true
        };
        // What the overlap may bring again.
        let lowest = self.after.min(self.fresh_from.or(self.after));
        let kept = lowest.map(|after| after - reach.overlap - SECOND);
        self.seen.retain(|mark| Some(mark.at) > kept);
        let surplus = self.seen.len().saturating_sub(REMEMBERED);
        self.seen.drain(..surplus);
        Ok(done)
    }

    fn advance_walk(&mut self, answer: &Answer<'_>, reach: Reach) {
        let Some(walk) = &mut self.walk else { return };
        if walk.page == 1 {
            walk.is_fresh = answer
                .shop_time
                .is_none_or(|now| now - walk.second <= reach.overlap);
        }
        // What left this second moved the rest up, past the place already read.
        let shrank = walk
            .total
            .zip(answer.total)
            .is_some_and(|(before, now)| now < before);
        if shrank {
            *walk = Walk::start(walk.second);
        } else if answer.has_more {
            walk.page += 1;
            walk.total = answer.total;
        } else {
            self.after = Some(walk.second).max(self.after);
            if walk.is_fresh {
                self.recheck = [self.recheck, Some(walk.second)]
                    .into_iter()
                    .flatten()
                    .min();
            }
            self.walk = None;
        }
    }

    /// Whether the item was read as it is; ask before [`Self::advance`].
    pub fn knows(&self, mark: &Mark) -> bool {
        self.seen.contains(mark)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{BTreeMap, BTreeSet};

    const PAGE: usize = 10;

    /// A list as the shop keeps it: stamps by id, filtered strictly, sorted by stamp and id.
    #[derive(Default)]
    struct List(BTreeMap<u64, (i64, u64)>);

    fn at(second: i64) -> DateTime<Utc> {
        DateTime::from_timestamp(1_700_000_000 + second, 0).unwrap()
    }

    impl List {
        fn put(&mut self, id: u64, second: i64, content: u64) {
            self.0.insert(id, (second, content));
        }

        fn ask(&self, query: Query) -> (Vec<Mark>, u64, bool) {
            let mut found: Vec<_> = self
                .0
                .iter()
                .map(|(id, (second, hash))| Mark {
                    id: *id,
                    at: at(*second),
                    hash: *hash,
                })
                .filter(|mark| query.after.is_none_or(|after| mark.at > after))
                .filter(|mark| query.before.is_none_or(|before| mark.at < before))
                .collect();
            found.sort_by_key(|mark| (mark.at, mark.id));
            let total = found.len() as u64;
            let start = (query.page as usize - 1) * PAGE;
            let page: Vec<_> = found.iter().skip(start).take(PAGE).cloned().collect();
            (page, total, start + PAGE < found.len())
        }
    }

    /// Reads until there is nothing more, running `meanwhile` after each page; what came out, in turn.
    fn drain(
        changes: &mut Changes,
        list: &mut List,
        now: i64,
        mut meanwhile: impl FnMut(&mut List, usize),
    ) -> Vec<(u64, u64)> {
        let mut fresh = Vec::new();
        for step in 0..500 {
            let (marks, total, has_more) = list.ask(changes.query());
            fresh.extend(
                marks
                    .iter()
                    .filter(|mark| !changes.knows(mark))
                    .map(|mark| (mark.id, mark.hash)),
            );
            let answer = Answer {
                marks: &marks,
                total: Some(total),
                has_more,
                shop_time: Some(at(now)),
            };
            if changes.advance(&answer).unwrap() {
                return fresh;
            }
            meanwhile(list, step);
        }
        panic!("the reading never ends: {changes:?}");
    }

    #[test]
    fn a_crowded_second_is_read_whole() {
        let mut list = List::default();
        (0..55).for_each(|id| list.put(id, if id < 4 { 0 } else { 7 }, 0));
        let mut changes = Changes::default();
        let read: BTreeSet<_> = drain(&mut changes, &mut list, 8, |_, _| ())
            .into_iter()
            .collect();
        assert_eq!(
            read.len(),
            55,
            "fifty-one items of one second, ten to a page, and four before"
        );
    }

    #[test]
    fn what_changed_while_a_crowded_second_was_walked_is_not_skipped() {
        let mut list = List::default();
        (0..60).for_each(|id| list.put(id, 7, 0));
        let mut changes = Changes::default();
        let read: BTreeMap<_, _> = drain(&mut changes, &mut list, 40, |list, step| {
            // Each of these moves everything behind it one place up.
            if step % 2 == 1 && step < 20 {
                list.put(step as u64, 20 + i64::try_from(step).unwrap(), 1);
            }
        })
        .into_iter()
        .collect();
        let expected: BTreeMap<_, _> = list
            .0
            .iter()
            .map(|(id, (_, content))| (*id, *content))
            .collect();
        assert_eq!(read, expected, "every item in its last state");
    }

    #[test]
    fn what_lands_in_a_crowded_second_behind_the_walk_comes_with_the_next_poll() {
        let mut list = List::default();
        (10..40).for_each(|id| list.put(id, 7, 0));
        let mut changes = Changes::default();
        let first = drain(&mut changes, &mut list, 7, |list, step| {
            if step == 2 {
                // In the same second, on a page already read; then time moves on by much.
                list.put(1, 7, 0);
                list.put(99, 37, 0);
            }
        });
        let second = drain(&mut changes, &mut list, 40, |_, _| ());
        let read: BTreeSet<_> = first.into_iter().chain(second).map(|(id, _)| id).collect();
        let all: BTreeSet<_> = list.0.keys().copied().collect();
        assert_eq!(read, all, "nothing stays behind");
    }

    #[test]
    fn a_second_edit_within_the_same_second_still_comes() {
        let mut list = List::default();
        list.put(1, 10, 0);
        let mut changes = Changes::default();
        assert_eq!(drain(&mut changes, &mut list, 10, |_, _| ()), [(1, 0)]);
        list.put(1, 10, 1);
        assert_eq!(
            drain(&mut changes, &mut list, 11, |_, _| ()),
            [(1, 1)],
            "same id, same stamp, new content"
        );
        assert_eq!(
            drain(&mut changes, &mut list, 12, |_, _| ()),
            [],
            "and not a third time"
        );
    }

    #[test]
    fn what_appears_late_under_an_earlier_stamp_is_caught_by_the_overlap() {
        let mut list = List::default();
        list.put(1, 10, 0);
        let mut changes = Changes::default();
        drain(&mut changes, &mut list, 11, |_, _| ());
        list.put(2, 7, 0);
        assert_eq!(
            drain(&mut changes, &mut list, 12, |_, _| ()),
            [(2, 0)],
            "stamped three seconds before the newest"
        );
    }

    #[test]
    fn what_appears_late_behind_a_page_already_read_comes_with_the_next_poll() {
        let mut list = List::default();
        (0..15).for_each(|id| list.put(id, id.cast_signed().min(10), 0));
        let mut changes = Changes::default();
        drain(&mut changes, &mut list, 11, |list, step| {
            if step == 0 {
                // Begun before the first page was read, seen after it; the poll itself goes far on.
                list.put(50, 7, 0);
                list.put(51, 40, 0);
            }
        });
        assert_eq!(
            drain(&mut changes, &mut list, 41, |_, _| ()),
            [(50, 0)],
            "though the newest of that poll is half a minute later"
        );
    }

    #[test]
    fn an_old_crowded_second_is_not_walked_at_every_poll() {
        let mut list = List::default();
        (0..55).for_each(|id| list.put(id, 7, 0));
        let mut changes = Changes::default();
        drain(&mut changes, &mut list, 500, |_, _| ());
        let (marks, _, _) = list.ask(changes.query());
        assert_eq!(marks, [], "settled long ago by the shop's clock");
    }

    #[test]
    fn a_shop_that_does_not_heed_the_filter_is_not_read_for_ever() {
        let mut list = List::default();
        (0..25).for_each(|id| list.put(id, i64::try_from(id).unwrap(), 0));
        let everything = Query {
            after: None,
            before: None,
            page: 1,
        };
        let mut changes = Changes::since(Some(at(1000)));
        let (marks, total, has_more) = list.ask(everything);
        let answer = Answer {
            marks: &marks,
            total: Some(total),
            has_more,
            shop_time: Some(at(1000)),
        };
        assert!(matches!(changes.advance(&answer), Err(Stuck)));
    }

    #[test]
    fn a_cursor_survives_being_kept_as_text() {
        let mut list = List::default();
        (0..35).for_each(|id| list.put(id, 7, 0));
        let mut changes = Changes::default();
        let mut read = BTreeSet::new();
        loop {
            let (marks, total, has_more) = list.ask(changes.query());
            read.extend(marks.iter().map(|mark| mark.id));
            let done = changes
                .advance(&Answer {
                    marks: &marks,
                    total: Some(total),
                    has_more,
                    shop_time: None,
                })
                .unwrap();
            let text = serde_json::to_string(&changes).unwrap();
            assert_eq!(
                serde_json::from_str::<Changes>(&text).unwrap(),
                changes,
                "as it was"
            );
            changes = serde_json::from_str(&text).unwrap();
            if done {
                break;
            }
        }
        assert_eq!(read.len(), 35);
    }

    #[test]
    fn random_days_lose_nothing() {
        for seed in 1..200_u64 {
            let mut state = seed.wrapping_mul(0x9E37_79B9_7F4A_7C15);
            let mut random = move |bound: u64| {
                state ^= state << 13;
                state ^= state >> 7;
                state ^= state << 17;
                state % bound
            };
            let mut list = List::default();
            (0..40).for_each(|id| list.put(id, random(6).cast_signed(), 0));
            let mut changes = Changes::default();
            let mut now = 6;
            let mut known = BTreeMap::new();
            for _ in 0..20 {
                let mut content = 0;
                let fresh = drain(&mut changes, &mut list, now, |list, step| {
                    if step < 100 && random(3) == 0 {
                        content += 1;
                        now += random(2).cast_signed();
                        list.put(random(60), now, seed * 1000 + content);
                    }
                });
                known.extend(fresh);
            }
            known.extend(drain(&mut changes, &mut list, now, |_, _| ()));
            let truth: BTreeMap<_, _> = list
                .0
                .iter()
                .map(|(id, (_, content))| (*id, *content))
                .collect();
            assert_eq!(known, truth, "seed {seed}");
        }
    }
}
