//! The supervisor's look at the calls: counts from roll-ups, lists from the calls themselves.

use crate::desk::{Desk, OpenShop, State};
use crate::error::{ApiError, ErrorCode};
use crate::text::Fault;
use crate::view::{
    CallDetail, CallPage, CallRow, CallsRequest, CountRow, DeskState, LoadCell, LoadRequest,
    LoadView, OperationView, StateMark, TrailView,
};
use crate::work::{card, facts};
use chrono::NaiveDate;
use plan::load::{HeatMap, Range, Scale};
use rules::call::{CallState, Line};
use rules::id::{CallId, PersonId, RemoteId, ShopId};
use rules::operation::{BaseLine, LineChange};
use rules::role::Permission;
use rules::script::WalkFact;
use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use store::table::report::{self, Filter, From};
use store::table::{call, outbox, person, product, script};
use store::{Connection, StoreError};

/// Most rows of a list that one request may ask for.
const MOST_ROWS: u32 = 500;
/// Earlier calls shown beside the order.
const HISTORY: u32 = 20;

impl Desk {
    /// Calls by weekday and hour, outcome and reason.
    pub async fn load(&self, request: LoadRequest) -> Result<LoadView, ApiError> {
        let result = self.load_view(request).await;
        self.told(result).await
    }

    /// Part of a list of calls, newest first.
    pub async fn calls(&self, request: CallsRequest) -> Result<CallPage, ApiError> {
        let result = self.call_page(request).await;
        self.told(result).await
    }

    /// Everything recorded about one call.
    pub async fn call_detail(&self, shop: ShopId, call: CallId) -> Result<CallDetail, ApiError> {
        let result = self.detail(shop, call).await;
        self.told(result).await
    }

    async fn report_shop(
        &self,
        shop: ShopId,
    ) -> Result<(Arc<OpenShop>, HashMap<PersonId, String>), Fault> {
        let state = self.state().await;
        state.session(Permission::SeeReports)?;
        Ok((state.shop(shop)?, self.names(&state).await?))
    }

    /// Names of everyone who has ever called.
    pub(crate) async fn names(&self, state: &State) -> Result<HashMap<PersonId, String>, Fault> {
        let people = state.centre()?.db.read(person::list).await?;
        let mut names: HashMap<_, _> = people
            .into_iter()
            .map(|person| (person.id, person.name))
            .collect();
        for shop in state.shops.values() {
            names.extend(shop.made_up.iter().map(|(id, name)| (*id, name.clone())));
        }
        Ok(names)
    }

    async fn load_view(&self, request: LoadRequest) -> Result<LoadView, Fault> {
        let (shop, _) = self.report_shop(request.shop).await?;
        let (from, to) = ordered(request.from, request.to)?;
        let (hours, dispositions, days) = shop
            .store
            .db
            .read(move |conn| {
                Ok((
                    report::heat(conn, from, to)?,
                    report::dispositions(conn, from, to)?,
                    report::days(conn)?,
                ))
            })
            .await?;
        let sums = hours
            .iter()
            .map(|hour| ((hour.weekday, hour.hour), hour.calls));
        let map = HeatMap::of_sums(
            sums,
            Range::of_days(from, to, shop.zone),
            shop.zone,
            Scale::Linear,
        );
        let calls = map.calls;
        let handled: u32 = hours.iter().map(|hour| hour.handled).sum();
        let handle_ms: u64 = hours
            .iter()
            .map(|hour| hour.talk_ms + hour.hold_ms + hour.wrap_ms)
            .sum();
        let confirmed = dispositions
            .iter()
            .filter(|count| {
                rules::disposition::outcome(&count.outcome)
                    .is_some_and(|outcome| outcome.confirms_order)
            })
            .map(|count| count.calls)
            .sum();
        let by = |code: &dyn Fn(&report::DispositionCount) -> String| {
            let mut counts: BTreeMap<String, u32> = BTreeMap::new();
            for count in &dispositions {
                *counts.entry(code(count)).or_default() += count.calls;
            }
            let mut rows: Vec<CountRow> = counts
                .into_iter()
                .map(|(code, count)| CountRow {
                    code,
                    calls: count,
                    share: share(count, calls),
                })
                .collect();
            rows.sort_by(|left, right| {
                right
                    .calls
                    .cmp(&left.calls)
                    .then_with(|| left.code.cmp(&right.code))
            });
            rows
        };
        Ok(LoadView {
            zone: shop.zone.name().to_owned(),
            first_day: days.map(|(first, _)| first),
            last_day: days.map(|(_, last)| last),
            calls,
            answered: hours.iter().map(|hour| hour.answered).sum(),
            aht_s: (handled > 0).then(|| seconds(handle_ms) / f64::from(handled)),
            confirmed,
            cells: map
                .cells
                .iter()
                .map(|cell| LoadCell {
                    weekday: u32::from(cell.weekday),
                    hour: u32::from(cell.hour),
                    calls: cell.calls,
                    mean: cell.mean,
                    level: u32::from(cell.level),
                })
                .collect(),
            outcomes: by(&|count| count.outcome.clone()),
            reasons: by(&|count| match count.reason.as_str() {
                "" => String::new(),
                reason => format!("{reason}/{}", count.subreason),
            }),
        })
    }

    async fn call_page(&self, request: CallsRequest) -> Result<CallPage, Fault> {
        let (shop, names) = self.report_shop(request.shop).await?;
        let (from, to) = ordered(request.from, request.to)?;
        let small = |number: Option<u32>| {
            number
                .map(u8::try_from)
                .transpose()
                .map_err(|_| ErrorCode::FieldInvalid)
        };
        let filter = Filter {
            weekday: small(request.weekday)?,
            hour: small(request.hour)?,
            outcome: request.outcome,
            reason: request.reason,
            subreason: request.subreason,
            ..Filter::days(from, to)
        };
        let (offset, limit) = (request.offset, request.limit.min(MOST_ROWS));
        let (rows, total) = shop
            .store
            .db
            .read(move |conn| {
                Ok((
                    report::calls(conn, &filter, From::Offset(offset), limit)?,
                    report::count(conn, &filter)?,
                ))
            })
            .await?;
        Ok(CallPage {
            rows: rows
                .into_iter()
                .map(|row| call_row(&shop, &names, row))
                .collect(),
            total,
        })
    }

    async fn detail(&self, shop: ShopId, id: CallId) -> Result<CallDetail, Fault> {
        let (shop, names) = self.report_shop(shop).await?;
        let language = self.language().await;
        let found = shop
            .store
            .db
            .read(move |conn| read_detail(conn, id))
            .await?
            .ok_or(ErrorCode::NotFound)?;
        let script = found
            .script
            .as_ref()
            .map(|version| shop.script(version))
            .transpose()?;
        let trail = |fact: &WalkFact| match fact {
            WalkFact::Answered { step, option, .. } => Some(TrailView {
                step: step.clone(),
                answer: script
                    .as_ref()
                    .map(|published| card::answer_text(&published.script, step, *option))
                    .unwrap_or_default(),
            }),
            WalkFact::NoSuchAnswer { step, text } => Some(TrailView {
                step: step.clone(),
                answer: text.clone(),
            }),
            _ => None,
        };
        let ticked = script.as_ref().map(|published| {
            let walk = rules::script::Walk::replay(&published.script, &found.walk);
            let ticked = walk.map(|walk| walk.state().ticked).unwrap_or_default();
            let points = published
                .script
                .checklist
                .iter()
                .filter(|point| ticked.contains(&point.id));
            points.map(|point| point.text.clone()).collect()
        });
        let mut states = Vec::new();
        for (index, (at, _)) in found.events.iter().enumerate() {
            let so_far = found.events.iter().take(index + 1).copied();
            let start = found.events.first().map_or(*at, |(first, _)| *first);
            if let Ok(line) = Line::replay(start, so_far) {
                states.push(StateMark {
                    state: desk_state(line.state),
                    at: *at,
                });
            }
        }
        Ok(CallDetail {
            row: call_row(&shop, &names, found.row),
            states,
            script: script
                .as_ref()
                .map(|published| {
                    format!("{} · {}", published.script.title, published.script.version)
                })
                .unwrap_or_default(),
            trail: found.walk.iter().filter_map(trail).collect(),
            ticked: ticked.unwrap_or_default(),
            edits: found.edits,
            operations: found
                .operations
                .iter()
                .map(|(entry, number)| operation_view(entry, number, language))
                .collect(),
        })
    }

    /// Earlier calls to this number, newest first.
    pub(crate) async fn history(
        &self,
        state: &State,
        shop: &OpenShop,
        phone: &str,
    ) -> Result<Vec<CallRow>, Fault> {
        let phone = phone.to_owned();
        let rows = shop
            .store
            .db
            .read(move |conn| report::by_phone(conn, &phone, HISTORY))
            .await?;
        if rows.is_empty() {
            return Ok(Vec::new());
        }
        let names = self.names(state).await?;
        Ok(rows
            .into_iter()
            .map(|row| call_row(shop, &names, row))
            .collect())
    }
}

struct Detail {
    row: report::CallRow,
    events: Vec<(chrono::DateTime<chrono::Utc>, rules::call::CallEvent)>,
    walk: Vec<WalkFact>,
    script: Option<script::ScriptVersion>,
    edits: Vec<String>,
    operations: Vec<(outbox::Entry, String)>,
}

fn read_detail(conn: &Connection, id: CallId) -> Result<Option<Detail>, StoreError> {
    let Some(row) = report::call(conn, id)? else {
        return Ok(None);
    };
    let Some(made) = call::get(conn, id)? else {
        return Ok(None);
    };
    let script = match made.script {
        Some(version) => script::get(conn, version)?,
        None => None,
    };
    let events = call::events(conn, id)?;
    let mut edits = Vec::new();
    if let Some(edit) = call::edits(conn, id)?.pop() {
        for change in &edit.changes {
            edits.push(edit_words(conn, &edit.order, &edit.base, change)?);
        }
    }
    let operations = outbox::of_call(conn, id)?
        .into_iter()
        .map(|entry| (entry, row.number.clone()))
        .collect();
    Ok(Some(Detail {
        events: events
            .iter()
            .filter_map(|event| Some((event.at, facts::line_event(&event.state)?)))
            .collect(),
        walk: facts::walk(conn, id)?,
        script,
        edits,
        operations,
        row,
    }))
}

/// A change of a line as `name: 1 → 2`.
pub(crate) fn edit_words(
    conn: &Connection,
    order: &RemoteId,
    base: &[BaseLine],
    change: &LineChange,
) -> Result<String, StoreError> {
    Ok(match change {
        LineChange::SetQuantity { line, quantity } => {
            let order = store::table::order::get(conn, order)?;
            let name = order
                .and_then(|order| order.lines.into_iter().find(|known| known.remote == *line))
                .map_or_else(|| line.to_string(), |line| line.name);
            let before = base
                .iter()
                .find(|base| base.line == *line)
                .map_or(0, |base| base.quantity);
            format!("{name}: {before} → {quantity}")
        }
        LineChange::Add { product, quantity } => {
            let name = product::get(conn, product)?
                .map_or_else(|| product.to_string(), |product| product.name);
            format!("{name}: 0 → {quantity}")
        }
    })
}

/// An operation for a list.
pub(crate) fn operation_view(
    entry: &outbox::Entry,
    number: &str,
    language: crate::view::Language,
) -> OperationView {
    OperationView {
        id: entry.id,
        order_number: number.to_owned(),
        kind: entry.operation.kind().to_owned(),
        state: entry.row().state.code().to_owned(),
        tries: entry.tries,
        not_before: entry.done_at.is_none().then_some(entry.not_before),
        error: entry
            .last_error
            .as_deref()
            .and_then(Fault::from_stored)
            .map(|fault| fault.told(language)),
    }
}

fn call_row(shop: &OpenShop, names: &HashMap<PersonId, String>, row: report::CallRow) -> CallRow {
    CallRow {
        call: row.call,
        started_at: row.started_at,
        person_name: names.get(&row.person).cloned().unwrap_or_default(),
        order_number: row.number,
        customer_name: row.customer_name,
        phone_masked: rules::phone::mask(&row.phone, shop.home()),
        outcome: row.outcome,
        reason: row.reason,
        subreason: row.subreason,
        talk_s: whole_seconds(row.talk_ms),
        handle_s: whole_seconds(row.talk_ms + row.hold_ms + row.wrap_ms),
        comment: row.comment,
    }
}

fn desk_state(state: CallState) -> DeskState {
    match state {
        CallState::Ready => DeskState::Ready,
        CallState::Dialling => DeskState::Dialling,
        CallState::Ringing => DeskState::Ringing,
        CallState::Talking => DeskState::Talking,
        CallState::Held => DeskState::Hold,
        CallState::WrapUp => DeskState::WrapUp,
        CallState::Paused => DeskState::Pause,
    }
}

fn ordered(from: NaiveDate, to: NaiveDate) -> Result<(NaiveDate, NaiveDate), Fault> {
    if from <= to {
        Ok((from, to))
    } else {
        Err(Fault::from(ErrorCode::FieldInvalid).with("field", &"days"))
    }
}

fn share(part: u32, whole: u32) -> f64 {
    if whole == 0 {
        0.0
    } else {
        f64::from(part) / f64::from(whole)
    }
}

#[expect(
    clippy::cast_precision_loss,
    reason = "milliseconds of all calls stay far below 2^52"
)]
fn seconds(ms: u64) -> f64 {
    ms as f64 / 1000.0
}

fn whole_seconds(ms: u64) -> u32 {
    u32::try_from((ms + 500) / 1000).unwrap_or(u32::MAX)
}
