//! Saving a result: the fact, the task, what the shop must be told, in one transaction; and taking
//! all of it back while nothing has left.

use super::card::{Job, moment};
use super::queued;
use crate::clock;
use crate::desk::{Desk, LastSaved, OpenShop, State};
use crate::error::{ApiError, ErrorCode};
use crate::intake;
use crate::text::{self, Fault};
use crate::view::{Changed, DeskState, DeskView, Draft};
use chrono::{DateTime, Utc};
use rules::call::{CallEvent, CallState, Line};
use rules::disposition::{self, Outcome};
use rules::edit;
use rules::id::{FactId, OperationId};
use rules::operation::ShopOperation;
use rules::queue::Priority;
use rules::retry::{self, NextAttempt, RetryPolicy};
use rules::role::Permission;
use serde_json::json;
use std::sync::Arc;
use store::table::result::{Course, Disposition};
use store::table::task::Again;
use store::table::{call, outbox, result, task};
use store::{Author, StoreError, Transaction};

/// What becomes of the task.
enum Next {
    Close(String),
    Again(Again),
}

impl Desk {
    /// Saves the result; takes the next task when asked to.
    pub async fn save_result(&self, draft: Draft, take_next: bool) -> Result<DeskView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            self.save(&mut state, draft).await?;
            if take_next {
                match self.take_next(&state).await {
                    Err(fault) if fault.code == ErrorCode::QueueEmpty => {}
                    other => other?,
                }
            }
            self.view(&mut state).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Takes the last result back, within the undo time and before anything has left.
    pub async fn undo_result(&self) -> Result<DeskView, ApiError> {
        let result = async {
            let mut state = self.state().await;
            self.undo(&mut state).await?;
            self.view(&mut state).await
        };
        let result = result.await;
        self.told(result).await
    }

    async fn save(&self, state: &mut State, draft: Draft) -> Result<(), Fault> {
        let (shop, job) = self
            .job(state)
            .await?
            .ok_or_else(|| moment(CallState::Ready))?;
        let record = job.call.as_ref().ok_or_else(|| moment(CallState::Ready))?;
        self.store_draft(&shop, record, draft).await?;
        let (shop, job) = self
            .job(state)
            .await?
            .ok_or_else(|| moment(CallState::Ready))?;
        let record = job.call.as_ref().ok_or_else(|| moment(CallState::Ready))?;
        let session = state.session(Permission::WorkQueue)?.clone();
        let now = self.now();
        let line = record.line()?;
        if line.state != CallState::WrapUp {
            return Err(moment(line.state));
        }
        let ticked = job
            .walk(&job.variables(&shop, &session, now))
            .state()
            .ticked;
        let blockers = job.blockers(&record.draft, &ticked, &shop, &session, now);
        if let Some(blocker) = blockers.into_iter().next() {
            return Err(blocker);
        }
        let outcome =
            disposition::outcome(&record.draft.outcome).ok_or(ErrorCode::OutcomeMissing)?;
        let fact = Disposition {
            id: FactId::from_uuid(clock::mint()),
            call: record.id,
            outcome: Some(outcome.code.to_owned()),
            reason: filled(&record.draft.reason),
            subreason: filled(&record.draft.subreason),
            comment: record.draft.comment.trim().to_owned(),
            at: now,
            zone: self.zone(),
            author: session.person,
            corrects: None,
        };
        let course = course(&line, outcome, now);
        let next = next_of(&job, &shop, outcome, now);
        let operations = operations(&job, &shop, &session.name, outcome, &next, now);
        let until = now + self.inner.options.timing.undo;
        let (call_id, task_id) = (record.id, job.task.id);
        let order = job.order.remote.clone();
        let attempts = job.task.attempts + 1;
        let change = self.change(
            Author::Person(session.person),
            "result.saved",
            &call_id,
            json!({ "task": task_id, "outcome": outcome.code, "operations": operations.len() }),
        );
        shop.store
            .db
            .write(change, move |tx| {
                call::event(tx, call_id, CallEvent::Saved.code(), now)?;
                result::save(tx, &fact, &course)?;
                match next {
                    Next::Close(code) => task::close(tx, task_id, &code, attempts, now)?,
                    Next::Again(again) => {
                        task::reschedule(tx, task_id, &again)?;
                        intake::withdraw_if_settled(tx, &order, now)?;
                    }
                }
                for operation in &operations {
                    let id = OperationId::from_uuid(clock::mint());
                    outbox::enqueue(tx, id, operation, Some(call_id), until, now)?;
                }
                Ok(())
            })
            .await?;
        shop.exchange.wake();
        if let Some(session) = &mut state.session {
            session.since = now;
            session.notice = None;
            session.last_saved = Some(LastSaved {
                shop: shop.id,
                call: call_id,
                order_number: job.order.number.clone(),
                outcome: outcome.code.to_owned(),
                until,
                task: job.task.clone(),
            });
        }
        self.tell(Changed::Load);
        Ok(())
    }

    async fn undo(&self, state: &mut State) -> Result<(), Fault> {
        let session = state.session(Permission::WorkQueue)?.clone();
        let now = self.now();
        let saved = session
            .last_saved
            .filter(|saved| now < saved.until)
            .ok_or(ErrorCode::UndoTooLate)?;
        let shop = state.shop(saved.shop)?;
        if let Some((other, job)) = self.job(state).await? {
            // The next task, only looked at, goes back to the queue.
            match job.state()? {
                (DeskState::Preview, _) => self.put_back(state, &other, &job).await?,
                _ => return Err(ErrorCode::CallOpen.into()),
            }
        }
        let (id, zone, person) = (saved.call, self.zone(), session.person);
        let fact = FactId::from_uuid(clock::mint());
        let change = self.change(
            Author::Person(person),
            "result.undone",
            &id,
            json!({ "task": saved.task.id }),
        );
        shop.store
            .db
            .write(change, move |tx| {
                undo_rows(tx, &saved, fact, now, zone, person)
            })
            .await
            .map_err(|error| match error {
                StoreError::Conflict(_) => ErrorCode::UndoTooLate.into(),
                other => Fault::from(other),
            })?;
        if let Some(session) = &mut state.session {
            session.last_saved = None;
        }
        self.tell(Changed::Desk);
        self.tell(Changed::Load);
        Ok(())
    }
}

fn undo_rows(
    tx: &Transaction<'_>,
    saved: &LastSaved,
    fact: FactId,
    now: DateTime<Utc>,
    zone: chrono_tz::Tz,
    person: rules::id::PersonId,
) -> Result<(), StoreError> {
    outbox::undo_call(tx, saved.call, now)?;
    result::undo(tx, saved.call, fact, now, zone, person)?;
    call::event(tx, saved.call, CallEvent::SaveUndone.code(), now)?;
    task::restore(tx, &saved.task)
}

fn filled(text: &str) -> Option<String> {
    (!text.is_empty()).then(|| text.to_owned())
}

fn course(line: &Line, outcome: &Outcome, now: DateTime<Utc>) -> Course {
    let times = line.times(now);
    let spoke = times.talking_ms > 0;
    Course {
        ended_at: now,
        answered: spoke,
        handled: spoke && outcome.human_answered,
        talk_ms: u64::from(times.talking_ms),
        hold_ms: u64::from(times.held_ms),
        wrap_ms: u64::from(times.wrap_up_ms),
    }
}

/// What becomes of the task: closed, back by the ladder, or at the promised time.
fn next_of(job: &Job, shop: &OpenShop, outcome: &Outcome, now: DateTime<Utc>) -> Next {
    let attempts = job.task.attempts + 1;
    let policy = RetryPolicy::default();
    if outcome.retries {
        return match retry::next_attempt(attempts, now, shop.zone, &policy) {
            NextAttempt::At(at) => Next::Again(Again {
                due_at: at,
                not_before: Some(at),
                priority: queued(&job.task).due.priority,
                attempts,
            }),
            NextAttempt::GiveUp => Next::Close("unreachable".to_owned()),
        };
    }
    if outcome.needs_callback_time {
        let promised = job.draft().callback_at.unwrap_or(now);
        let at = retry::callback_at(promised, shop.zone, &policy.hours);
        return Next::Again(Again {
            due_at: at,
            not_before: Some(at),
            priority: Priority::Promised,
            attempts,
        });
    }
    Next::Close(outcome.code.to_owned())
}

/// What the shop must be told: the edit before the confirmation, the note last.
fn operations(
    job: &Job,
    shop: &Arc<OpenShop>,
    operator: &str,
    outcome: &Outcome,
    next: &Next,
    now: DateTime<Utc>,
) -> Vec<ShopOperation> {
    let order = job.order.remote.clone();
    let draft = job.draft();
    let mut operations = Vec::new();
    if outcome.confirms_order && !job.changes().is_empty() {
        operations.push(ShopOperation::EditLines {
            order: order.clone(),
            base: edit::base(&job.order),
            changes: job.changes().to_vec(),
        });
    }
    if outcome.confirms_order {
        operations.push(ShopOperation::Confirm {
            order: order.clone(),
            by: operator.to_owned(),
            at: now,
            result: outcome.code.to_owned(),
        });
    }
    if outcome.cancels_order {
        operations.push(ShopOperation::Cancel {
            order: order.clone(),
            reason: format!("{}/{}", draft.reason, draft.subreason),
        });
    }
    // An attempt that reached nobody is the centre's business, until it was the last one.
    let told = match next {
        Next::Close(code) => Some(code.as_str()),
        Next::Again(_) => (!draft.comment.trim().is_empty()).then_some(outcome.code),
    };
    if let Some(code) = told {
        operations.push(ShopOperation::AddNote {
            order,
            text: note(shop, &draft, operator, code, now),
        });
    }
    operations
}

fn note(
    shop: &OpenShop,
    draft: &Draft,
    operator: &str,
    outcome: &str,
    now: DateTime<Utc>,
) -> String {
    let language = shop.language;
    let at = now
        .with_timezone(&shop.zone)
        .format("%d.%m.%Y %H:%M")
        .to_string();
    let outcome = text::say(language, &format!("outcome-{outcome}"), []);
    let reason = match (draft.reason.as_str(), draft.subreason.as_str()) {
        ("", _) | (_, "") => String::new(),
        (reason, subreason) => text::say(language, &format!("subreason-{reason}-{subreason}"), []),
    };
    let first = text::say(
        language,
        "note-result",
        [
            ("operator", operator),
            ("at", &at),
            ("outcome", &outcome),
            ("reason", &reason),
        ],
    );
    match draft.comment.trim() {
        "" => first,
        comment => format!("{first}\n{comment}"),
    }
}
