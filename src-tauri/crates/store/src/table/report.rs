//! Lists and counts of finished calls.

use crate::StoreError;
use crate::convert::{at, ms, parsed};
use chrono::{DateTime, NaiveDate, NaiveTime, TimeDelta, Utc};
use chrono_tz::Tz;
use rules::id::{CallId, PersonId, RemoteId};
use rusqlite::{Connection, OptionalExtension, Params, Row, params};

/// Which calls. Days are those of the calls' own zone.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Filter {
    /// First day.
    pub from: NaiveDate,
    /// Last day, counted in.
    pub to: NaiveDate,
    /// 0 is Monday.
    pub weekday: Option<u8>,
    /// 0 to 23.
    pub hour: Option<u8>,
    /// Code.
    pub outcome: Option<String>,
    /// Code; empty for calls without a reason.
    pub reason: Option<String>,
    /// Code; empty for calls without one.
    pub subreason: Option<String>,
    /// Whose.
    pub person: Option<PersonId>,
}

impl Filter {
    /// All calls of these days.
    pub const fn days(from: NaiveDate, to: NaiveDate) -> Self {
        Self {
            from,
            to,
            weekday: None,
            hour: None,
            outcome: None,
            reason: None,
            subreason: None,
            person: None,
        }
    }
}

/// Where a page begins.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum From {
    /// So many rows after the newest. Costs more the deeper it is.
    Offset(u32),
    /// After this call of the page before.
    After(DateTime<Utc>, CallId),
}

/// One finished call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CallRow {
    /// Identity.
    pub call: CallId,
    /// Begun.
    pub started_at: DateTime<Utc>,
    /// Zone of its day and hour.
    pub zone: Tz,
    /// Operator.
    pub person: PersonId,
    /// Order.
    pub order: RemoteId,
    /// The order's number.
    pub number: String,
    /// Customer's name.
    pub customer_name: String,
    /// Customer's phone, unmasked.
    pub phone: String,
    /// A person spoke.
    pub answered: bool,
    /// Counts in the average handle time.
    pub handled: bool,
    /// Code.
    pub outcome: String,
    /// Code or empty.
    pub reason: String,
    /// Code or empty.
    pub subreason: String,
    /// Speaking, milliseconds.
    pub talk_ms: u64,
    /// The customer waiting, milliseconds.
    pub hold_ms: u64,
    /// After the call, milliseconds.
    pub wrap_ms: u64,
    /// The operator's words.
    pub comment: String,
}

/// The calls of one weekday and hour.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct HourLoad {
    /// 0 is Monday.
    pub weekday: u8,
    /// 0 to 23.
    pub hour: u8,
    /// All.
    pub calls: u32,
    /// Of them answered by a person.
    pub answered: u32,
    /// Of them handled.
    pub handled: u32,
    /// Speaking, milliseconds.
    pub talk_ms: u64,
    /// Customers waiting, milliseconds.
    pub hold_ms: u64,
    /// After the calls, milliseconds.
    pub wrap_ms: u64,
}

/// The calls that ended one way for one reason.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct DispositionCount {
    /// Code.
    pub outcome: String,
    /// Code or empty.
    pub reason: String,
    /// Code or empty.
    pub subreason: String,
    /// How many.
    pub calls: u32,
}

const BY_TIME: &str = "SELECT s.call, s.started_at, s.zone, s.person, s.order_remote, o.number,
    o.customer_name, o.phone, s.answered, s.handled, s.outcome, s.reason, s.subreason, s.talk_ms,
    s.hold_ms, s.wrap_ms, d.comment
    FROM (SELECT call AS page_call FROM call_summary INDEXED BY call_summary_by_time
        WHERE started_at >= ?1 AND (started_at, call) < (?2, ?3) AND day BETWEEN ?4 AND ?5
            AND (?6 IS NULL OR weekday = ?6) AND (?7 IS NULL OR hour = ?7)
            AND (?8 IS NULL OR outcome = ?8) AND (?9 IS NULL OR reason = ?9)
            AND (?10 IS NULL OR subreason = ?10) AND ?11 IS NULL
        ORDER BY started_at DESC, call DESC LIMIT ?12 OFFSET ?13)
    CROSS JOIN call_summary AS s ON s.call = page_call
    CROSS JOIN customer_order AS o ON o.remote = s.order_remote
    CROSS JOIN disposition AS d ON d.id = s.disposition
    ORDER BY s.started_at DESC, s.call DESC";
const BY_PERSON: &str = "SELECT s.call, s.started_at, s.zone, s.person, s.order_remote, o.number,
    o.customer_name, o.phone, s.answered, s.handled, s.outcome, s.reason, s.subreason, s.talk_ms,
    s.hold_ms, s.wrap_ms, d.comment
    FROM (SELECT call AS page_call FROM call_summary INDEXED BY call_summary_by_person
        WHERE person = ?11 AND started_at >= ?1 AND (started_at, call) < (?2, ?3) AND day BETWEEN ?4 AND ?5
            AND (?6 IS NULL OR weekday = ?6) AND (?7 IS NULL OR hour = ?7)
            AND (?8 IS NULL OR outcome = ?8) AND (?9 IS NULL OR reason = ?9)
            AND (?10 IS NULL OR subreason = ?10)
        ORDER BY started_at DESC, call DESC LIMIT ?12 OFFSET ?13)
    CROSS JOIN call_summary AS s ON s.call = page_call
    CROSS JOIN customer_order AS o ON o.remote = s.order_remote
    CROSS JOIN disposition AS d ON d.id = s.disposition
    ORDER BY s.started_at DESC, s.call DESC";
const BY_HOUR: &str = "SELECT s.call, s.started_at, s.zone, s.person, s.order_remote, o.number,
    o.customer_name, o.phone, s.answered, s.handled, s.outcome, s.reason, s.subreason, s.talk_ms,
    s.hold_ms, s.wrap_ms, d.comment
    FROM (SELECT call AS page_call FROM call_summary INDEXED BY call_summary_by_hour
        WHERE weekday = ?6 AND hour = ?7
            AND started_at >= ?1 AND (started_at, call) < (?2, ?3) AND day BETWEEN ?4 AND ?5
            AND (?8 IS NULL OR outcome = ?8) AND (?9 IS NULL OR reason = ?9)
            AND (?10 IS NULL OR subreason = ?10) AND ?11 IS NULL
        ORDER BY started_at DESC, call DESC LIMIT ?12 OFFSET ?13)
    CROSS JOIN call_summary AS s ON s.call = page_call
    CROSS JOIN customer_order AS o ON o.remote = s.order_remote
    CROSS JOIN disposition AS d ON d.id = s.disposition
    ORDER BY s.started_at DESC, s.call DESC";
const BY_OUTCOME: &str = "SELECT s.call, s.started_at, s.zone, s.person, s.order_remote, o.number,
    o.customer_name, o.phone, s.answered, s.handled, s.outcome, s.reason, s.subreason, s.talk_ms,
    s.hold_ms, s.wrap_ms, d.comment
    FROM (SELECT call AS page_call FROM call_summary INDEXED BY call_summary_by_outcome
        WHERE outcome = ?8
            AND started_at >= ?1 AND (started_at, call) < (?2, ?3) AND day BETWEEN ?4 AND ?5
            AND (?6 IS NULL OR weekday = ?6) AND (?7 IS NULL OR hour = ?7)
            AND (?9 IS NULL OR reason = ?9)
            AND (?10 IS NULL OR subreason = ?10) AND ?11 IS NULL
        ORDER BY started_at DESC, call DESC LIMIT ?12 OFFSET ?13)
    CROSS JOIN call_summary AS s ON s.call = page_call
    CROSS JOIN customer_order AS o ON o.remote = s.order_remote
    CROSS JOIN disposition AS d ON d.id = s.disposition
    ORDER BY s.started_at DESC, s.call DESC";
const BY_REASON: &str = "SELECT s.call, s.started_at, s.zone, s.person, s.order_remote, o.number,
    o.customer_name, o.phone, s.answered, s.handled, s.outcome, s.reason, s.subreason, s.talk_ms,
    s.hold_ms, s.wrap_ms, d.comment
    FROM (SELECT call AS page_call FROM call_summary INDEXED BY call_summary_by_reason
        WHERE reason = ?9
            AND started_at >= ?1 AND (started_at, call) < (?2, ?3) AND day BETWEEN ?4 AND ?5
            AND (?6 IS NULL OR weekday = ?6) AND (?7 IS NULL OR hour = ?7)
            AND (?8 IS NULL OR outcome = ?8)
            AND (?10 IS NULL OR subreason = ?10) AND ?11 IS NULL
        ORDER BY started_at DESC, call DESC LIMIT ?12 OFFSET ?13)
    CROSS JOIN call_summary AS s ON s.call = page_call
    CROSS JOIN customer_order AS o ON o.remote = s.order_remote
    CROSS JOIN disposition AS d ON d.id = s.disposition
    ORDER BY s.started_at DESC, s.call DESC";

const COUNT_LOAD: &str = "SELECT coalesce(sum(calls), 0) FROM load_by_hour
    WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR weekday = ?3) AND (?4 IS NULL OR hour = ?4)";
const COUNT_DISPOSITION: &str = "SELECT coalesce(sum(calls), 0) FROM count_by_disposition
    WHERE day BETWEEN ?1 AND ?2 AND (?3 IS NULL OR outcome = ?3)
        AND (?4 IS NULL OR reason = ?4) AND (?5 IS NULL OR subreason = ?5)";
const COUNT_BY_PERSON: &str = "SELECT count(*)
    FROM call_summary INDEXED BY call_summary_by_person
    WHERE person = ?10
        AND started_at >= ?1 AND started_at < ?2 AND day BETWEEN ?3 AND ?4
        AND (?5 IS NULL OR weekday = ?5) AND (?6 IS NULL OR hour = ?6)
        AND (?7 IS NULL OR outcome = ?7) AND (?8 IS NULL OR reason = ?8)
        AND (?9 IS NULL OR subreason = ?9)";
const COUNT_OF_PERSON: &str = "SELECT count(*)
    FROM call_summary INDEXED BY call_summary_by_person
    WHERE person = ?5 AND started_at >= ?1 AND started_at < ?2 AND day BETWEEN ?3 AND ?4";
const COUNT_BY_CELL: &str = "SELECT count(*) FROM call_summary INDEXED BY call_summary_by_hour
    WHERE weekday = ?5 AND hour = ?6
        AND started_at >= ?1 AND started_at < ?2 AND day BETWEEN ?3 AND ?4
        AND (?7 IS NULL OR outcome = ?7) AND (?8 IS NULL OR reason = ?8)
        AND (?9 IS NULL OR subreason = ?9) AND ?10 IS NULL";
const COUNT_BY_HOUR: &str = "SELECT count(*) FROM call_summary INDEXED BY call_summary_by_hour
    WHERE weekday IN (0, 1, 2, 3, 4, 5, 6) AND (?5 IS NULL OR weekday = ?5) AND hour = ?6
        AND started_at >= ?1 AND started_at < ?2 AND day BETWEEN ?3 AND ?4
        AND (?7 IS NULL OR outcome = ?7) AND (?8 IS NULL OR reason = ?8)
        AND (?9 IS NULL OR subreason = ?9) AND ?10 IS NULL";
const COUNT_BY_WEEKDAY: &str = "SELECT count(*) FROM call_summary INDEXED BY call_summary_by_hour
    WHERE weekday = ?5 AND (?6 IS NULL OR hour = ?6)
        AND started_at >= ?1 AND started_at < ?2 AND day BETWEEN ?3 AND ?4
        AND (?7 IS NULL OR outcome = ?7) AND (?8 IS NULL OR reason = ?8)
        AND (?9 IS NULL OR subreason = ?9) AND ?10 IS NULL";

const ONE: &str = "SELECT s.call, s.started_at, s.zone, s.person, s.order_remote, o.number,
    o.customer_name, o.phone, s.answered, s.handled, s.outcome, s.reason, s.subreason, s.talk_ms,
    s.hold_ms, s.wrap_ms, d.comment
    FROM call_summary AS s JOIN customer_order AS o ON o.remote = s.order_remote
    JOIN disposition AS d ON d.id = s.disposition WHERE s.call = ?1";
const BY_PHONE: &str = "SELECT s.call, s.started_at, s.zone, s.person, s.order_remote, o.number,
    o.customer_name, o.phone, s.answered, s.handled, s.outcome, s.reason, s.subreason, s.talk_ms,
    s.hold_ms, s.wrap_ms, d.comment
    FROM customer_order AS o INDEXED BY customer_order_by_phone
    CROSS JOIN call AS c ON c.order_remote = o.remote
    CROSS JOIN call_summary AS s ON s.call = c.id
    CROSS JOIN disposition AS d ON d.id = s.disposition
    WHERE o.phone_tail = ?1 ORDER BY s.started_at DESC, s.call DESC LIMIT ?2";
const HEAT: &str = "SELECT weekday, hour, sum(calls), sum(answered), sum(handled), sum(talk_ms),
    sum(hold_ms), sum(wrap_ms)
    FROM load_by_hour WHERE day BETWEEN ?1 AND ?2 GROUP BY weekday, hour ORDER BY weekday, hour";
const DISPOSITIONS: &str = "SELECT outcome, reason, subreason, sum(calls) FROM count_by_disposition
    WHERE day BETWEEN ?1 AND ?2 GROUP BY outcome, reason, subreason
    ORDER BY sum(calls) DESC, outcome, reason, subreason";
const DAYS: &str = "SELECT (SELECT day FROM load_by_hour ORDER BY day, hour LIMIT 1),
    (SELECT day FROM load_by_hour ORDER BY day DESC, hour DESC LIMIT 1)";
const SAVED: &str = "SELECT count(*) FROM call_summary INDEXED BY call_summary_by_person
    WHERE started_at >= ?1 AND person = ?2";

impl Filter {
    /// The list through the index that leaves the fewest rows to look at.
    fn list(&self, conn: &Connection) -> Result<&'static str, StoreError> {
        if self.person.is_some() {
            return Ok(BY_PERSON);
        }
        Ok(
            match (self.weekday, self.hour, &self.outcome, &self.reason) {
                (Some(_), Some(_), _, _) => BY_HOUR,
                (_, _, Some(_), Some(_)) => {
                    let days = Self::days(self.from, self.to);
                    let of_outcome = count(
                        conn,
                        &Self {
                            outcome: self.outcome.clone(),
                            ..days.clone()
                        },
                    )?;
                    let of_reason = count(
                        conn,
                        &Self {
                            reason: self.reason.clone(),
                            ..days
                        },
                    )?;
                    if of_outcome < of_reason {
                        BY_OUTCOME
                    } else {
                        BY_REASON
                    }
                }
                (_, _, Some(_), None) => BY_OUTCOME,
                (_, _, None, Some(_)) => BY_REASON,
                (_, _, None, None) => BY_TIME,
            },
        )
    }

    /// Bounds in UTC that hold the local days of every zone (UTC-12 to UTC+14).
    fn bounds(&self) -> (i64, i64) {
        let midnight = |day: NaiveDate| day.and_time(NaiveTime::MIN).and_utc();
        let from = midnight(self.from).checked_sub_signed(TimeDelta::days(1));
        let until = midnight(self.to).checked_add_signed(TimeDelta::days(2));
        (from.map_or(i64::MIN, ms), until.map_or(i64::MAX, ms))
    }
}

/// Calls that match, newest first, at most `limit`.
pub fn calls(
    conn: &Connection,
    filter: &Filter,
    from: From,
    limit: u32,
) -> Result<Vec<CallRow>, StoreError> {
    let (after, until) = filter.bounds();
    let (offset, before, call) = match from {
        From::Offset(offset) => (offset, until, None),
        From::After(started_at, call) => (0, ms(started_at), Some(call.uuid())),
    };
    rows(
        conn,
        filter.list(conn)?,
        params![
            after,
            before,
            // Nothing sorts before an empty blob: without a call the bound is the time alone.
            call.map_or_else(Vec::new, |call| call.as_bytes().to_vec()),
            filter.from.to_string(),
            filter.to.to_string(),
            filter.weekday,
            filter.hour,
            filter.outcome,
            filter.reason,
            filter.subreason,
            filter.person.map(PersonId::uuid),
            limit,
            offset,
        ],
    )
}

/// How many calls match: from the roll-ups where they know, else from one index.
pub fn count(conn: &Connection, filter: &Filter) -> Result<u32, StoreError> {
    let (from, to) = (filter.from.to_string(), filter.to.to_string());
    let by_hour = filter.weekday.is_some() || filter.hour.is_some();
    let by_code = filter.outcome.is_some() || filter.reason.is_some() || filter.subreason.is_some();
    if filter.person.is_none() && !by_code {
        let row = params![from, to, filter.weekday, filter.hour];
        return Ok(conn
            .prepare_cached(COUNT_LOAD)?
            .query_row(row, |row| row.get(0))?);
    }
    if filter.person.is_none() && !by_hour {
        let row = params![from, to, filter.outcome, filter.reason, filter.subreason];
        return Ok(conn
            .prepare_cached(COUNT_DISPOSITION)?
            .query_row(row, |row| row.get(0))?);
    }
    let (after, until) = filter.bounds();
    if let (Some(person), false, false) = (filter.person, by_hour, by_code) {
        let row = params![after, until, from, to, person.uuid()];
        return Ok(conn
            .prepare_cached(COUNT_OF_PERSON)?
            .query_row(row, |row| row.get(0))?);
    }
    let sql = match (filter.person, filter.weekday, filter.hour) {
        (Some(_), _, _) => COUNT_BY_PERSON,
        (None, Some(_), Some(_)) => COUNT_BY_CELL,
        (None, None, Some(_)) => COUNT_BY_HOUR,
        (None, _, None) => COUNT_BY_WEEKDAY,
    };
    let row = params![
        after,
        until,
        from,
        to,
        filter.weekday,
        filter.hour,
        filter.outcome,
        filter.reason,
        filter.subreason,
        filter.person.map(PersonId::uuid),
    ];
    Ok(conn.prepare_cached(sql)?.query_row(row, |row| row.get(0))?)
}

/// One finished call; none while it has no result.
pub fn call(conn: &Connection, id: CallId) -> Result<Option<CallRow>, StoreError> {
    Ok(conn
        .prepare_cached(ONE)?
        .query_row([id.uuid()], read)
        .optional()?)
}

/// Finished calls about all orders under this number, however it is written, newest first.
pub fn by_phone(conn: &Connection, number: &str, limit: u32) -> Result<Vec<CallRow>, StoreError> {
    match crate::phone_tail(number) {
        Some(tail) => rows(conn, BY_PHONE, params![tail, limit]),
        None => Ok(Vec::new()),
    }
}

/// Calls by weekday and hour of these days; hours without calls are left out.
pub fn heat(
    conn: &Connection,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<HourLoad>, StoreError> {
    let mut statement = conn.prepare_cached(HEAT)?;
    let rows = statement.query_map(params![from.to_string(), to.to_string()], |row| {
        Ok(HourLoad {
            weekday: row.get(0)?,
            hour: row.get(1)?,
            calls: row.get(2)?,
            answered: row.get(3)?,
            handled: row.get(4)?,
            talk_ms: row.get(5)?,
            hold_ms: row.get(6)?,
            wrap_ms: row.get(7)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// Calls by outcome and reason of these days, the most frequent first.
pub fn dispositions(
    conn: &Connection,
    from: NaiveDate,
    to: NaiveDate,
) -> Result<Vec<DispositionCount>, StoreError> {
    let mut statement = conn.prepare_cached(DISPOSITIONS)?;
    let rows = statement.query_map(params![from.to_string(), to.to_string()], |row| {
        Ok(DispositionCount {
            outcome: row.get(0)?,
            reason: row.get(1)?,
            subreason: row.get(2)?,
            calls: row.get(3)?,
        })
    })?;
    Ok(rows.collect::<Result<_, _>>()?)
}

/// The first and last day with calls; none when there are none.
pub fn days(conn: &Connection) -> Result<Option<(NaiveDate, NaiveDate)>, StoreError> {
    Ok(conn.prepare_cached(DAYS)?.query_row([], |row| {
        let known: Option<String> = row.get(0)?;
        known
            .map(|_| Ok((parsed(row, 0)?, parsed(row, 1)?)))
            .transpose()
    })?)
}

/// How many calls this person began since `since` and saved.
pub fn saved_since(
    conn: &Connection,
    person: PersonId,
    since: DateTime<Utc>,
) -> Result<u32, StoreError> {
    let row = params![ms(since), person.uuid()];
    Ok(conn
        .prepare_cached(SAVED)?
        .query_row(row, |row| row.get(0))?)
}

fn rows(
    conn: &Connection,
    sql: &'static str,
    params: impl Params,
) -> Result<Vec<CallRow>, StoreError> {
    let mut statement = conn.prepare_cached(sql)?;
    Ok(statement
        .query_map(params, read)?
        .collect::<Result<_, _>>()?)
}

fn read(row: &Row<'_>) -> rusqlite::Result<CallRow> {
    Ok(CallRow {
        call: CallId::from_uuid(row.get(0)?),
        started_at: at(row, 1)?,
        zone: parsed(row, 2)?,
        person: PersonId::from_uuid(row.get(3)?),
        order: RemoteId(row.get(4)?),
        number: row.get(5)?,
        customer_name: row.get(6)?,
        phone: row.get(7)?,
        answered: row.get(8)?,
        handled: row.get(9)?,
        outcome: row.get(10)?,
        reason: row.get(11)?,
        subreason: row.get(12)?,
        talk_ms: row.get(13)?,
        hold_ms: row.get(14)?,
        wrap_ms: row.get(15)?,
        comment: row.get(16)?,
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Key, connection, schema};

    /// What `SQLite` would do, one line per step.
    fn plan(conn: &Connection, sql: &str) -> Vec<String> {
        let mut statement = conn
            .prepare(&["EXPLAIN QUERY PLAN ", sql].concat())
            .unwrap();
        let nulls = vec![rusqlite::types::Null; statement.parameter_count()];
        let steps = statement.query_map(rusqlite::params_from_iter(nulls), |row| row.get(3));
        steps.unwrap().collect::<Result<_, _>>().unwrap()
    }

    #[test]
    fn a_million_calls_are_never_walked() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("x.db");
        let key = Key::from_bytes([7; 32]);
        connection::make(&path, &key, &schema::SHOP).unwrap();
        let conn = connection::reader(&path, &key).unwrap();
        for sql in [BY_TIME, BY_HOUR, BY_OUTCOME, BY_REASON] {
            let plan = plan(&conn, sql);
            let page = plan
                .iter()
                .find(|step| step.contains("call_summary_by"))
                .unwrap();
            assert!(
                page.starts_with("SEARCH") && page.contains("COVERING"),
                "{plan:?}"
            );
            let sorted = plan
                .iter()
                .filter(|step| step.contains("TEMP B-TREE"))
                .count();
            assert!(sorted <= 1, "only the page itself may be sorted: {plan:?}");
        }
        for sql in [
            COUNT_BY_CELL,
            COUNT_BY_HOUR,
            COUNT_BY_WEEKDAY,
            COUNT_OF_PERSON,
            SAVED,
        ] {
            let plan = plan(&conn, sql);
            assert!(
                plan[0].starts_with("SEARCH") && plan[0].contains("COVERING"),
                "{plan:?}"
            );
        }
        for sql in [BY_PHONE, ONE] {
            let plan = plan(&conn, sql);
            assert!(
                !plan.iter().any(|step| step.starts_with("SCAN")),
                "{plan:?}"
            );
        }
    }
}
