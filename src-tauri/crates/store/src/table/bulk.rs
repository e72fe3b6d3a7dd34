//! Many finished calls in one write: the sample and the benchmarks.

use super::call::{self, Call};
use super::result::{Course, Disposition, Share, dispose, summarise};
use crate::StoreError;
use rusqlite::{Transaction, params};
use std::collections::BTreeMap;

const LOAD: &str =
    "INSERT INTO load_by_hour (day, hour, weekday, calls, answered, handled, talk_ms,
    hold_ms, wrap_ms) VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7, ?8, ?9)
    ON CONFLICT (day, hour) DO UPDATE SET calls = calls + excluded.calls,
        answered = answered + excluded.answered, handled = handled + excluded.handled,
        talk_ms = talk_ms + excluded.talk_ms, hold_ms = hold_ms + excluded.hold_ms,
        wrap_ms = wrap_ms + excluded.wrap_ms";
const COUNT: &str = "INSERT INTO count_by_disposition (day, outcome, reason, subreason, calls)
    VALUES (?1, ?2, ?3, ?4, ?5)
    ON CONFLICT (day, outcome, reason, subreason) DO UPDATE SET calls = calls + excluded.calls";

/// Adds finished calls; the roll-ups are gathered and written once by [`Bulk::finish`], without
/// which the transaction must not be committed.
#[must_use = "the roll-ups are written by `finish`"]
pub struct Bulk<'a, 'c> {
    tx: &'a Transaction<'c>,
    load: BTreeMap<(String, u32), Hour>,
    counts: BTreeMap<(String, String, String, String), i64>,
}

#[derive(Default)]
struct Hour {
    weekday: u32,
    calls: i64,
    answered: i64,
    handled: i64,
    talk_ms: i64,
    hold_ms: i64,
    wrap_ms: i64,
}

impl<'a, 'c> Bulk<'a, 'c> {
    /// Begins within `tx`.
    pub fn new(tx: &'a Transaction<'c>) -> Self {
        Self {
            tx,
            load: BTreeMap::new(),
            counts: BTreeMap::new(),
        }
    }

    /// Adds one call with its result.
    ///
    /// # Errors
    /// As [`super::call::start`] and [`super::result::save`].
    pub fn add(
        &mut self,
        call: &Call,
        disposition: &Disposition,
        course: &Course,
    ) -> Result<(), StoreError> {
        let outcome = disposition
            .outcome
            .as_deref()
            .ok_or(StoreError::Invalid("no outcome"))?;
        call::start(self.tx, call)?;
        dispose(self.tx, disposition)?;
        let share = Share::new(call.started_at, call.zone, course, disposition, outcome)?;
        let (order, person) = (call.order.as_str(), call.person.uuid());
        summarise(
            self.tx,
            disposition,
            course,
            &share,
            call.started_at,
            call.zone,
            order,
            person,
        )?;
        let hour = self
            .load
            .entry((share.day.clone(), share.hour))
            .or_default();
        hour.weekday = share.weekday;
        hour.calls += 1;
        hour.answered += i64::from(share.answered);
        hour.handled += i64::from(share.handled);
        hour.talk_ms += share.talk_ms;
        hour.hold_ms += share.hold_ms;
        hour.wrap_ms += share.wrap_ms;
        let Share {
            day,
            outcome,
            reason,
            subreason,
            ..
        } = share;
        *self
            .counts
            .entry((day, outcome, reason, subreason))
            .or_default() += 1;
        Ok(())
    }

    /// Writes the roll-ups of all calls added.
    pub fn finish(self) -> Result<(), StoreError> {
        let mut load = self.tx.prepare_cached(LOAD)?;
        for ((day, hour), sums) in self.load {
            load.execute(params![
                day,
                hour,
                sums.weekday,
                sums.calls,
                sums.answered,
                sums.handled,
                sums.talk_ms,
                sums.hold_ms,
                sums.wrap_ms,
            ])?;
        }
        let mut count = self.tx.prepare_cached(COUNT)?;
        for ((day, outcome, reason, subreason), calls) in self.counts {
            count.execute(params![day, outcome, reason, subreason, calls])?;
        }
        Ok(())
    }
}
