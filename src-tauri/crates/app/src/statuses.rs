//! What a shop's words for the state of an order mean to the desk, and which may follow which.

use crate::access::{Told, kept, statuses, with_own_words};
use crate::desk::{Desk, OpenShop};
use crate::error::{ApiError, ErrorCode};
use crate::intake;
use crate::text::{self, Fault};
use crate::view::{Changed, StatusTable, StatusTableView};
use chrono::DateTime;
use rules::id::{RemoteId, ShopId};
use rules::order::{Order, OrderStage};
use rules::role::Role;
use rules::status::TableProblem;
use serde_json::json;
use shops::Access;
use std::collections::{HashMap, HashSet};
use store::table::order;
use store::table::shop as shop_table;
use store::{Secret, StoreError};

/// Orders given their new meaning in one transaction.
const BATCH: usize = 500;

impl Desk {
    /// What a shop's words for the state of an order mean.
    pub async fn status_table(&self, shop: ShopId) -> Result<StatusTableView, ApiError> {
        let result = async {
            let (_, _, row) = self.admin_shop(shop).await?;
            self.table_view(&row).await
        };
        let result = result.await;
        self.told(result).await
    }

    /// Asks the shop for its words again; what the admin has set stays.
    pub async fn refresh_statuses(&self, shop: ShopId) -> Result<StatusTableView, ApiError> {
        let result = async {
            let (author, _, row) = self.admin_shop(shop).await?;
            let access = with_own_words(kept(&row)?);
            let introduction = shops::connect(&access)?.introduce().await?;
            let told = Told::from(&introduction);
            let body = json!({});
            self.change_table(author, shop, "shop.statuses_asked", body, move |row| {
                row.capabilities = told.text();
                Ok(())
            })
            .await
        };
        let result = result.await;
        self.told(result).await
    }

    /// What would be wrong with a table; keeps nothing.
    pub async fn check_status_table(
        &self,
        shop: ShopId,
        table: StatusTable,
    ) -> Result<Vec<ApiError>, ApiError> {
        let result = async {
            let (_, _, row) = self.admin_shop(shop).await?;
            kept(&row)?;
            let language = self.language().await;
            let found = faults(&table, &row);
            Ok(found.iter().map(|fault| fault.told(language)).collect())
        };
        let result = result.await;
        self.told(result).await
    }

    /// Keeps a table; none takes the connector's own again. Refused while anything is wrong with it.
    pub async fn set_status_table(
        &self,
        shop: ShopId,
        table: Option<StatusTable>,
    ) -> Result<StatusTableView, ApiError> {
        let result = async {
            let (author, _, row) = self.admin_shop(shop).await?;
            let wrong = table.as_ref().map(|table| faults(table, &row));
            if let Some(fault) = wrong.into_iter().flatten().next() {
                return Err(fault);
            }
            let body = json!({ "table": table });
            self.change_table(author, shop, "shop.statuses_set", body, move |row| {
                let access = Access {
                    statuses: table,
                    ..kept(row)?
                };
                row.access = Secret::new(json!(access).to_string());
                Ok(())
            })
            .await
        };
        let result = result.await;
        self.told(result).await
    }

    async fn change_table(
        &self,
        author: rules::id::PersonId,
        id: ShopId,
        kind: &'static str,
        body: serde_json::Value,
        edit: impl FnOnce(&mut shop_table::Shop) -> Result<(), Fault> + Send,
    ) -> Result<StatusTableView, Fault> {
        let (_, shop, _) = self.admin_shop(id).await?;
        let before = shop.statuses();
        self.keep_access(author, id, kind, body, edit).await?;
        let (_, shop, row) = self.admin_shop(id).await?;
        self.restage(&shop, &new_meanings(&before, &shop.statuses()))
            .await?;
        self.table_view(&row).await
    }

    async fn table_view(&self, row: &shop_table::Shop) -> Result<StatusTableView, Fault> {
        let access = kept(row)?;
        let table = statuses(row);
        let language = self.language().await;
        Ok(StatusTableView {
            shop: row.id,
            shop_name: row.name.clone(),
            is_set: access.statuses.is_some(),
            offered: Told::of(row).map(|told| told.statuses).unwrap_or_default(),
            problems: faults(&table, row)
                .iter()
                .map(|fault| fault.told(language))
                .collect(),
            table,
        })
    }

    /// Orders known already take the meaning that their word has got: what has become new is to be
    /// called, what is no longer new is not.
    async fn restage(&self, shop: &OpenShop, meanings: &Meanings) -> Result<(), Fault> {
        let stages: HashSet<_> = meanings.values().map(|(before, _)| *before).collect();
        for stage in stages {
            let read =
                move |conn: &store::Connection| order::in_stage(conn, stage, DateTime::UNIX_EPOCH);
            let remotes: Vec<RemoteId> = shop.store.db.read(read).await?;
            for batch in remotes.chunks(BATCH) {
                let (batch, known) = (batch.to_vec(), meanings.clone());
                let moved = shop
                    .store
                    .db
                    .read(move |conn| moved(conn, &batch, &known))
                    .await?;
                if moved.is_empty() {
                    continue;
                }
                let now = self.now();
                shop.store
                    .db
                    .write_unrecorded(move |tx| {
                        for order in &moved {
                            intake::take_in_order(tx, order, now)?;
                        }
                        Ok(())
                    })
                    .await?;
            }
        }
        self.tell(Changed::Desk);
        Ok(())
    }
}

/// What words meant before, and what they mean now.
type Meanings = HashMap<String, (OrderStage, OrderStage)>;

fn new_meanings(before: &StatusTable, now: &StatusTable) -> Meanings {
    let all = before.statuses.iter().chain(&now.statuses);
    all.map(|status| {
        let word = status.word.clone();
        let meanings = (before.stage(&word), now.stage(&word));
        (word, meanings)
    })
    .filter(|(_, (before, now))| before != now)
    .collect()
}

/// Those of the orders whose word has another meaning by now, with that meaning. One that stands
/// otherwise than its word says, by a field of the order, is the connector's to tell.
fn moved(
    conn: &store::Connection,
    remotes: &[RemoteId],
    meanings: &Meanings,
) -> Result<Vec<Order>, StoreError> {
    let mut moved = Vec::new();
    for remote in remotes {
        let Some(order) = order::get(conn, remote)? else {
            continue;
        };
        match meanings.get(&order.status) {
            Some((before, now)) if *before == order.stage => {
                moved.push(Order {
                    stage: *now,
                    ..order
                });
            }
            _ => {}
        }
    }
    Ok(moved)
}

fn faults(table: &StatusTable, row: &shop_table::Shop) -> Vec<Fault> {
    let (known, needs_target) = Told::of(row).map_or_else(
        || (Vec::new(), false),
        |told| {
            let can = told.capabilities;
            let needs_target = can.confirm_status && !can.confirm_fields;
            (told.statuses.statuses, needs_target)
        },
    );
    let problems = table.problems(&known, needs_target);
    problems.iter().map(fault).collect()
}

fn fault(problem: &TableProblem) -> Fault {
    match problem {
        TableProblem::WordTwice { word } => {
            Fault::from(ErrorCode::StatusWordTwice).with("word", word)
        }
        TableProblem::WordUnknown { word } => {
            Fault::from(ErrorCode::StatusWordUnknown).with("word", word)
        }
        TableProblem::TargetMissing => ErrorCode::StatusTargetMissing.into(),
        TableProblem::TargetOutOfReach { to } => {
            Fault::from(ErrorCode::StatusTargetOutOfReach).with("to", to)
        }
    }
}

/// What keeps this role from moving an order to where the outcome wants it; nothing where the shop
/// has told no words, or the outcome leaves the status alone.
pub(crate) fn step_fault(
    table: &StatusTable,
    from: &str,
    to: Option<&str>,
    role: Role,
    language: crate::view::Language,
) -> Option<Fault> {
    let to = to?;
    if table.statuses.is_empty() || table.may(from, to, role) {
        return None;
    }
    let fault = |code: ErrorCode| {
        Fault::from(code)
            .with("from", &name(table, from))
            .with("to", &name(table, to))
    };
    Some(match table.least(from, to) {
        Some(least) => {
            let word = match least {
                Role::Operator => "role-operator",
                Role::Supervisor => "role-supervisor",
                Role::Admin => "role-admin",
            };
            fault(ErrorCode::StatusStepDenied).with("role", &text::say(language, word, []))
        }
        None => fault(ErrorCode::StatusStepUnknown),
    })
}

/// A word as the shop's staff read it.
pub(crate) fn name(table: &StatusTable, word: &str) -> String {
    table
        .statuses
        .iter()
        .find(|status| status.word == word && !status.name.is_empty())
        .map_or_else(|| word.to_owned(), |status| status.name.clone())
}
