//! The sync page: how the exchange with each shop stands, what did not reach a shop, and what a
//! person decides about it.

use crate::access;
use crate::calls::edit_words;
use crate::clock;
use crate::desk::{Desk, OpenShop};
use crate::error::{ApiError, ErrorCode};
use crate::statuses;
use crate::text::{self, Fault};
use crate::view::{
    Changed, ClashView, ConflictView, DeadLetter, Language, LetterChoice, ShopKind, StreamKind,
    StreamView, SyncAction, SyncPage, SyncPhase, SyncRow,
};
use crate::work::card::spoken_money;
use chrono::{DateTime, Utc};
use rules::id::{OperationId, PersonId, RemoteId, ShopId};
use rules::merge::{self, Clash, ClashField, Conflict, Merge};
use rules::operation::{Discount, ShopOperation};
use rules::order::Order;
use rules::role::{Permission, Role};
use rules::status::StatusTable;
use serde_json::json;
use std::collections::HashMap;
use store::table::outbox::{self, Entry, State};
use store::table::pull::{self, Pull, Stream};
use store::table::shop as shop_table;
use store::table::{call, order};
use store::{Author, Connection, StoreError};
use sync::outbox::Event;

/// Most letters listed of one shop.
const MOST_LETTERS: u32 = 200;

/// What is read of one shop's file.
struct Stand {
    pulls: [(StreamKind, Pull); 3],
    counts: outbox::Counts,
    next_at: Option<DateTime<Utc>>,
}

/// A letter as the store has it.
struct Letter {
    entry: Entry,
    order: Option<Order>,
    person: Option<PersonId>,
    behind: u32,
    edits: Vec<String>,
}

impl Desk {
    /// The exchange with every shop.
    pub async fn sync_page(&self) -> Result<SyncPage, ApiError> {
        let result = self.page().await;
        self.told(result).await
    }

    /// What did not reach a shop and waits for a person, the longest waiting first.
    pub async fn shop_trouble(&self, shop: ShopId) -> Result<Vec<DeadLetter>, ApiError> {
        let result = self.letters(shop).await;
        self.told(result).await
    }

    /// Decides about one of them; what is left.
    pub async fn resolve_letter(
        &self,
        shop: ShopId,
        op: OperationId,
        choice: LetterChoice,
    ) -> Result<Vec<DeadLetter>, ApiError> {
        let result = async {
            self.resolve(shop, op, choice).await?;
            self.letters(shop).await
        };
        let result = result.await;
        self.told(result).await
    }

    async fn page(&self) -> Result<SyncPage, Fault> {
        let state = self.state().await;
        let session = state.session(Permission::WorkQueue)?.clone();
        let centre = state.centre()?;
        let shops: Vec<_> = state.shops.values().cloned().collect();
        let unreadable = state.unreadable.clone();
        drop(state);
        let kept = centre.db.read(shop_table::list).await?;
        let now = self.now();
        let mut rows = Vec::with_capacity(kept.len());
        for known in kept {
            if let Some(shop) = shops.iter().find(|shop| shop.id == known.id) {
                let stand = shop.store.db.read(stand).await?;
                let kind = access::kind_of(known.kind);
                rows.push(row(shop, kind, stand, session.role, session.language, now));
            } else if unreadable.contains(&known.id) {
                rows.push(unreadable_row(&known, session.language));
            }
        }
        rows.sort_by(|left, right| {
            urgency(left)
                .cmp(&urgency(right))
                .then_with(|| left.name.cmp(&right.name))
        });
        Ok(SyncPage { now, shops: rows })
    }

    async fn letters(&self, id: ShopId) -> Result<Vec<DeadLetter>, Fault> {
        let state = self.state().await;
        let session = state.session(Permission::RepairOutbox)?.clone();
        let shop = state.shop(id)?;
        let names = self.names(&state).await?;
        drop(state);
        let table = shop.statuses();
        let letters = shop.store.db.read(read_letters).await?;
        let view = |letter| letter_view(letter, &names, &table, session.language);
        Ok(letters.into_iter().map(view).collect())
    }

    /// Carries a decision out. The same for each of several people deciding at once: the first one
    /// holds, the others learn that there is nothing left to decide.
    pub(crate) async fn resolve(
        &self,
        id: ShopId,
        op: OperationId,
        choice: LetterChoice,
    ) -> Result<(), Fault> {
        let state = self.state().await;
        let session = state.session(Permission::RepairOutbox)?.clone();
        let (shop, centre) = (state.shop(id)?, state.centre()?);
        drop(state);
        let entry = shop
            .store
            .db
            .read(move |conn| outbox::get(conn, op))
            .await?
            .filter(|entry| entry.state == State::Dead)
            .ok_or(ErrorCode::NotFound)?;
        let offered = choices(&entry);
        if !offered.contains(&choice) {
            let words: Vec<_> = offered.iter().map(|choice| word(*choice)).collect();
            return Err(Fault::from(ErrorCode::ChoiceImpossible).with("choices", &words.join(", ")));
        }
        let rebased = if choice == LetterChoice::Ours {
            let known = centre
                .db
                .read(move |conn| shop_table::get(conn, id))
                .await?
                .ok_or(ErrorCode::NotFound)?;
            Some(self.rebased(&shop, &known, &entry).await?)
        } else {
            None
        };
        let (now, policy) = (self.now(), self.outbox_policy());
        let event = match choice {
            LetterChoice::Ours | LetterChoice::Retry => Event::RetryAsked,
            LetterChoice::Theirs | LetterChoice::Drop => Event::Dropped,
        };
        let change = self.change(
            Author::Person(session.person),
            "operation.resolved",
            &op,
            json!({ "choice": word(choice), "conflict": entry.conflict }),
        );
        shop.store
            .db
            .write(change, move |tx| {
                let entry = outbox::get(tx, op)?.ok_or(StoreError::NotFound("operation"))?;
                let (row, _) = entry
                    .row()
                    .on(event, now, clock::chance(), &policy)
                    .map_err(|_| StoreError::NotFound("operation"))?;
                if let Some(operation) = &rebased {
                    outbox::rebase(tx, op, operation)?;
                }
                outbox::put(tx, op, &row, entry.last_error.as_deref(), now)
            })
            .await?;
        shop.exchange.nudge();
        self.tell(Changed::Shops);
        Ok(())
    }

    /// The operation so that ours holds over what the shop has now. The shop is asked, for it may
    /// have changed once more since: then the person must look again.
    async fn rebased(
        &self,
        shop: &OpenShop,
        known: &shop_table::Shop,
        entry: &Entry,
    ) -> Result<ShopOperation, Fault> {
        let ShopOperation::EditLines {
            order,
            base,
            changes,
        } = &entry.operation
        else {
            return Err(ErrorCode::NotFound.into());
        };
        let connector = shops::connect(&access::kept(known)?)?;
        let there = connector
            .order(order)
            .await?
            .ok_or(ErrorCode::ShopOrderGone)?;
        if let Merge::Conflict(found) = merge::merge(base, changes, &there.lines) {
            let fresh = Conflict::lines(&found, &there.lines).changed_at(there.changed_at);
            let seen = entry.conflict.as_ref().map(|conflict| &conflict.clashes);
            if seen != Some(&fresh.clashes) {
                let (op, now) = (entry.id, self.now());
                shop.store
                    .db
                    .write_unrecorded(move |tx| outbox::set_conflict(tx, op, &fresh, now))
                    .await?;
                self.tell(Changed::Shops);
                return Err(ErrorCode::ConflictMoved.into());
            }
        }
        let remote = order.clone();
        let here = shop
            .store
            .db
            .read(move |conn| order::get(conn, &remote))
            .await?;
        let product = |line: &RemoteId| {
            let mut lines = here.iter().flat_map(|order| &order.lines);
            lines.find(|known| known.remote == *line)?.product.clone()
        };
        let (base, changes) =
            merge::rebase(base, changes, &there.lines, product).ok_or_else(|| {
                Fault::from(ErrorCode::ChoiceImpossible)
                    .with("choices", &word(LetterChoice::Theirs))
            })?;
        Ok(ShopOperation::EditLines {
            order: order.clone(),
            base,
            changes,
        })
    }
}

fn stand(conn: &Connection) -> Result<Stand, StoreError> {
    Ok(Stand {
        pulls: [
            (StreamKind::Orders, pull::get(conn, Stream::Orders)?),
            (StreamKind::Products, pull::get(conn, Stream::Products)?),
            (StreamKind::Customers, pull::get(conn, Stream::Customers)?),
        ],
        counts: outbox::counts(conn)?,
        next_at: outbox::next_at(conn)?,
    })
}

fn row(
    shop: &OpenShop,
    kind: Option<ShopKind>,
    stand: Stand,
    role: Role,
    language: Language,
    now: DateTime<Utc>,
) -> SyncRow {
    let status = shop.exchange.status();
    let streams: Vec<_> = stand
        .pulls
        .into_iter()
        .map(|(stream, pull)| StreamView {
            stream,
            last_success_at: pull.last_success_at,
            error: pull
                .last_error
                .as_deref()
                .and_then(Fault::from_stored)
                .map(|fault| fault.told(language)),
        })
        .collect();
    let last_pull_at = streams.first().and_then(|orders| orders.last_success_at);
    let counts = stand.counts;
    let error = status
        .error
        .map(|fault| fault.told(language))
        // Where nothing is exchanged in this process, the store knows what stopped it last.
        .or_else(|| streams.iter().find_map(|stream| stream.error.clone()));
    let breaker = status.breaker_open_until.filter(|until| *until > now);
    let next_try_at = [status.next_try_at, stand.next_at]
        .into_iter()
        .flatten()
        .min();
    SyncRow {
        id: shop.id,
        name: shop.name.clone(),
        kind,
        phase: status.phase,
        error,
        last_pull_at,
        lag_s: last_pull_at
            .map(|at| u32::try_from((now - at).num_seconds().max(0)).unwrap_or(u32::MAX)),
        streams,
        waiting: counts.waiting,
        oldest_at: counts.oldest_at,
        in_flight: counts.in_flight,
        in_doubt: counts.doubt,
        dead: counts.dead.saturating_sub(counts.conflicts),
        conflicts: counts.conflicts,
        next_try_at: next_try_at.map(|at| at.max(breaker.unwrap_or(at)).max(now)),
        breaker_open_until: breaker,
        actions: actions(kind, counts.dead, role),
    }
}

fn actions(kind: Option<ShopKind>, dead: u32, role: Role) -> Vec<SyncAction> {
    let real = kind.is_some();
    [
        (
            SyncAction::Decide,
            dead > 0 && role.may(Permission::RepairOutbox),
        ),
        (SyncAction::PullNow, role.may(Permission::WorkQueue)),
        (SyncAction::Rekey, real && role.may(Permission::ManageShops)),
        (
            SyncAction::SetStatuses,
            real && role.may(Permission::ManageShops),
        ),
    ]
    .into_iter()
    .filter_map(|(action, possible)| possible.then_some(action))
    .collect()
}

/// A shop whose file cannot be read: nothing of it is known but its name.
fn unreadable_row(known: &shop_table::Shop, language: Language) -> SyncRow {
    SyncRow {
        id: known.id,
        name: known.name.clone(),
        kind: access::kind_of(known.kind),
        phase: SyncPhase::Stopped,
        error: Some(Fault::from(ErrorCode::StoreUnreadable).told(language)),
        last_pull_at: None,
        lag_s: None,
        streams: Vec::new(),
        waiting: 0,
        oldest_at: None,
        in_flight: 0,
        in_doubt: 0,
        dead: 0,
        conflicts: 0,
        next_try_at: None,
        breaker_open_until: None,
        actions: Vec::new(),
    }
}

/// Those that need a person first, then those out of reach.
fn urgency(row: &SyncRow) -> u8 {
    if row.phase == SyncPhase::Stopped || row.dead + row.conflicts > 0 {
        0
    } else if row.phase == SyncPhase::Unreachable {
        1
    } else {
        2
    }
}

fn read_letters(conn: &Connection) -> Result<Vec<Letter>, StoreError> {
    let mut letters = Vec::new();
    for entry in outbox::list(conn, State::Dead, 0, MOST_LETTERS)? {
        let all = outbox::of_order(conn, entry.order())?;
        let waits = |later: &&Entry| {
            later.seq > entry.seq && !matches!(later.state, State::Done | State::Undone)
        };
        let behind = u32::try_from(all.iter().filter(waits).count()).unwrap_or(u32::MAX);
        let person = match entry.call {
            Some(call) => call::get(conn, call)?.map(|call| call.person),
            None => None,
        };
        let mut edits = Vec::new();
        if let ShopOperation::EditLines {
            order,
            base,
            changes,
        } = &entry.operation
        {
            for change in changes {
                edits.push(edit_words(conn, order, base, change)?);
            }
        }
        letters.push(Letter {
            order: order::get(conn, entry.order())?,
            person,
            behind,
            edits,
            entry,
        });
    }
    letters.sort_by_key(|letter| letter.entry.done_at);
    Ok(letters)
}

fn letter_view(
    letter: Letter,
    names: &HashMap<PersonId, String>,
    table: &StatusTable,
    language: Language,
) -> DeadLetter {
    let what = wish(&letter, language);
    let Letter {
        entry,
        order,
        person,
        behind,
        ..
    } = letter;
    let choices = choices(&entry);
    let by = person.and_then(|person| names.get(&person)).cloned();
    let error = entry.last_error.as_deref().and_then(Fault::from_stored);
    let error = error.unwrap_or_else(|| ErrorCode::ShopBadReply.into());
    let (number, customer_name) = order
        .map(|order| (order.number, order.customer.name))
        .unwrap_or_default();
    DeadLetter {
        op: entry.id,
        order_number: number,
        customer_name,
        call: entry.call,
        kind: entry.operation.kind().to_owned(),
        what,
        tries: entry.tries,
        error: error.told(language),
        since: entry.done_at.unwrap_or(entry.created_at),
        behind,
        conflict: entry.conflict.map(|conflict| ConflictView {
            clashes: conflict
                .clashes
                .into_iter()
                .map(|clash| clash_view(clash, table, language))
                .collect(),
            ours_by: by.unwrap_or_default(),
            ours_at: entry.created_at,
            theirs_by: conflict.theirs_by,
            theirs_at: conflict.theirs_at,
        }),
        choices,
    }
}

fn clash_view(clash: Clash, table: &StatusTable, language: Language) -> ClashView {
    let Clash {
        field,
        base,
        ours,
        theirs,
    } = clash;
    let say = |key: &str, args: &[(&str, &str)]| text::say(language, key, args.iter().copied());
    match field {
        ClashField::Quantity { name } => ClashView {
            label: say("clash-quantity", &[("name", &name)]),
            base,
            ours,
            theirs,
        },
        ClashField::Status => ClashView {
            label: say("clash-status", &[]),
            base: base.map(|word| statuses::name(table, &word)),
            ours: statuses::name(table, &ours),
            theirs: statuses::name(table, &theirs),
        },
        ClashField::Editing => ClashView {
            label: say("clash-editing", &[]),
            base,
            ours,
            theirs,
        },
    }
}

/// What can be decided about a letter, the likeliest first. Ours can be made to hold where lines
/// clash; a status that may not follow, or an order open for editing, can only be tried again.
fn choices(entry: &Entry) -> Vec<LetterChoice> {
    let Some(conflict) = &entry.conflict else {
        return vec![LetterChoice::Retry, LetterChoice::Drop];
    };
    let lines = conflict
        .clashes
        .iter()
        .all(|clash| matches!(clash.field, ClashField::Quantity { .. }));
    let edit = matches!(entry.operation, ShopOperation::EditLines { .. });
    if lines && edit {
        vec![
            LetterChoice::Ours,
            LetterChoice::Theirs,
            LetterChoice::Retry,
        ]
    } else {
        vec![LetterChoice::Retry, LetterChoice::Theirs]
    }
}

fn word(choice: LetterChoice) -> &'static str {
    match choice {
        LetterChoice::Ours => "ours",
        LetterChoice::Theirs => "theirs",
        LetterChoice::Retry => "retry",
        LetterChoice::Drop => "drop",
    }
}

/// What an operation wants at the shop, in words.
fn wish(letter: &Letter, language: Language) -> String {
    let say = |key: &str, args: &[(&str, &str)]| text::say(language, key, args.iter().copied());
    match &letter.entry.operation {
        ShopOperation::EditLines { .. } => {
            say("wish-edit_lines", &[("changes", &letter.edits.join("; "))])
        }
        ShopOperation::Confirm { result, .. } => {
            let outcome = say(&format!("outcome-{result}"), &[]);
            say("wish-confirm", &[("outcome", &outcome)])
        }
        ShopOperation::Cancel { reason, .. } => {
            let reason = match reason.split_once('/') {
                Some((reason, sub)) if !sub.is_empty() => {
                    say(&format!("subreason-{reason}-{sub}"), &[])
                }
                _ => reason.clone(),
            };
            say("wish-cancel", &[("reason", &reason)])
        }
        ShopOperation::AddNote { text, .. } => say("wish-add_note", &[("text", text)]),
        ShopOperation::GrantCoupon { code, discount, .. } => {
            let off = match discount {
                Discount::Amount { amount } => spoken_money(language, *amount),
                Discount::Percent { basis_points } => percent(*basis_points, language),
            };
            say("wish-grant_coupon", &[("code", code), ("discount", &off)])
        }
        ShopOperation::Refund { amount, reason, .. } => {
            let amount = spoken_money(language, *amount);
            say("wish-refund", &[("amount", &amount), ("reason", reason)])
        }
    }
}

/// Hundredths of a percent as people write them.
fn percent(basis_points: u32, language: Language) -> String {
    let (whole, rest) = (basis_points / 100, basis_points % 100);
    let point = if language == Language::En { "." } else { "," };
    let number = match rest {
        0 => whole.to_string(),
        rest if rest % 10 == 0 => format!("{whole}{point}{}", rest / 10),
        rest => format!("{whole}{point}{rest:02}"),
    };
    if language == Language::En {
        format!("{number}%")
    } else {
        format!("{number}\u{a0}%")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_percentage_is_written_as_people_do() {
        assert_eq!(percent(1_000, Language::En), "10%");
        assert_eq!(percent(1_250, Language::Uk), "12,5\u{a0}%");
        assert_eq!(percent(1_205, Language::Pl), "12,05\u{a0}%");
    }
}
