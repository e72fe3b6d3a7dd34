//! What is recorded of the task at hand, read back: the same way after a keystroke and after a crash.

use crate::view::Draft;
use crate::work::card::CallRecord;
use chrono::{DateTime, Utc};
use rules::call::CallEvent;
use rules::id::{CallId, FactId, PersonId};
use rules::operation::LineChange;
use rules::order::{Order, Product};
use rules::script::WalkFact;
use store::table::call::{self, Answer, Tick};
use store::table::script::{self, ScriptVersion};
use store::table::task::{self, Task};
use store::table::{order, product};
use store::{Connection, StoreError, Transaction};

/// Between the steps of a path, which have no spaces in their names.
const PATH: &str = " ";
const BEGAN: &str = "began";
const BACK: &str = "back";

/// What the store has of the task at hand.
pub(crate) struct Recorded {
    pub(crate) task: Task,
    pub(crate) order: Order,
    pub(crate) script: ScriptVersion,
    pub(crate) call: Option<CallRecord>,
}

/// The task that this person holds or has a call open for; none when free.
pub(crate) fn read(
    conn: &Connection,
    person: PersonId,
    language: &str,
) -> Result<Option<Recorded>, StoreError> {
    let open = call::open_of(conn, person)?;
    let task = match open.as_ref().and_then(|open| open.call.task) {
        Some(id) => task::get(conn, id)?,
        None => task::of_holder(conn, person)?,
    };
    let Some(task) = task else { return Ok(None) };
    let order = order::get(conn, &task.order)?.ok_or(StoreError::NotFound("order"))?;
    let version = match open.as_ref().and_then(|open| open.call.script) {
        Some(id) => script::get(conn, id)?,
        None => script::latest(conn, "confirm", language)?,
    };
    let script = version.ok_or(StoreError::NotFound("script"))?;
    let call = open.map(|open| read_call(conn, &open)).transpose()?;
    Ok(Some(Recorded {
        task,
        order,
        script,
        call,
    }))
}

fn read_call(conn: &Connection, open: &call::OpenCall) -> Result<CallRecord, StoreError> {
    let id = open.call.id;
    let changes = call::edits(conn, id)?
        .pop()
        .map(|edit| edit.changes)
        .unwrap_or_default();
    let mut added: Vec<Product> = Vec::new();
    for change in &changes {
        if let LineChange::Add {
            product: remote, ..
        } = change
        {
            added.extend(product::get(conn, remote)?);
        }
    }
    let draft = match &open.wrap_up {
        Some(wrap_up) => serde_json::from_str(&wrap_up.draft)?,
        None => Draft::default(),
    };
    let events = open
        .events
        .iter()
        .filter_map(|event| Some((event.at, line_event(&event.state)?)));
    Ok(CallRecord {
        id,
        events: events.collect(),
        walk: walk(conn, id)?,
        changes,
        added,
        draft,
        last_recorded: last_recorded(conn, open)?,
    })
}

/// When the last fact of a call was recorded.
fn last_recorded(conn: &Connection, open: &call::OpenCall) -> Result<DateTime<Utc>, StoreError> {
    let id = open.call.id;
    let events = open.events.iter().map(|event| event.at);
    let kept = open.wrap_up.iter().map(|wrap_up| wrap_up.saved_at);
    let answers = call::answers(conn, id)?.into_iter().map(|answer| answer.at);
    let ticks = call::ticks(conn, id)?.into_iter().map(|tick| tick.at);
    let edits = call::edits(conn, id)?.into_iter().map(|edit| edit.at);
    let all = events.chain(kept).chain(answers).chain(ticks).chain(edits);
    Ok(all.max().unwrap_or(open.call.started_at))
}

/// The walk through the script, as recorded.
pub(crate) fn walk(conn: &Connection, id: CallId) -> Result<Vec<WalkFact>, StoreError> {
    let answers = call::answers(conn, id)?.into_iter().filter_map(|answer| {
        let fact = match answer.option.as_deref() {
            Some(BEGAN) => WalkFact::Began {
                path: path(&answer.text),
            },
            Some(BACK) => WalkFact::WentBack,
            Some(option) => WalkFact::Answered {
                step: answer.step,
                option: option.parse().ok()?,
                path: path(&answer.text),
            },
            None => WalkFact::NoSuchAnswer {
                step: answer.step,
                text: answer.text,
            },
        };
        Some(((answer.at, answer.id), fact))
    });
    let ticks = call::ticks(conn, id)?.into_iter().map(|tick| {
        (
            (tick.at, tick.id),
            WalkFact::Ticked {
                point: tick.point,
                on: tick.ticked,
            },
        )
    });
    let mut facts: Vec<_> = answers.chain(ticks).collect();
    facts.sort_by_key(|(order, _)| *order);
    Ok(facts.into_iter().map(|(_, fact)| fact).collect())
}

fn path(text: &str) -> Vec<String> {
    text.split(PATH)
        .filter(|step| !step.is_empty())
        .map(str::to_owned)
        .collect()
}

/// Records one step of the walk.
pub(crate) fn record(
    tx: &Transaction<'_>,
    call: CallId,
    id: FactId,
    fact: WalkFact,
    at: DateTime<Utc>,
) -> Result<(), StoreError> {
    let answer = |step: String, option: Option<String>, text: String| Answer {
        id,
        call,
        step,
        option,
        text,
        at,
    };
    match fact {
        WalkFact::Began { path } => call::add_answer(
            tx,
            &answer(String::new(), Some(BEGAN.to_owned()), path.join(PATH)),
        ),
        WalkFact::Answered { step, option, path } => {
            call::add_answer(tx, &answer(step, Some(option.to_string()), path.join(PATH)))
        }
        WalkFact::NoSuchAnswer { step, text } => call::add_answer(tx, &answer(step, None, text)),
        WalkFact::WentBack => call::add_answer(
            tx,
            &answer(String::new(), Some(BACK.to_owned()), String::new()),
        ),
        WalkFact::Ticked { point, on } => call::add_tick(
            tx,
            &Tick {
                id,
                call,
                point,
                ticked: on,
                at,
            },
        ),
    }
}

/// An event as it is stored. Pauses belong to the person, not to a call.
pub(crate) fn line_event(word: &str) -> Option<CallEvent> {
    [
        CallEvent::Dialled,
        CallEvent::Ringing,
        CallEvent::Answered,
        CallEvent::Held,
        CallEvent::Resumed,
        CallEvent::Ended,
        CallEvent::Saved,
        CallEvent::SaveUndone,
    ]
    .into_iter()
    .find(|event| event.code() == word)
}
