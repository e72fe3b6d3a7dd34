//! Pulling orders, customers and products.
//!
//! Orders and customers have a change log. Its newest entry is noted before the first page of the
//! list is read, so that what changes while the list is read is met afterwards; from then on the log
//! says whose turn it is, and they are read by identity. The log's numbers are given before the
//! change is stored, so the last few are read again. What came in one poll is compared once more in
//! the next, for a copy of the database may answer late.
//!
//! The catalogue has no log. It is read by pages in turn, one page with each poll, beside what bears
//! a newer date: stocks and prices move without it.

use super::RetailCrm;
use super::wire::{
    Account, Element, Identity, Listed, Record, WireCustomer, WireOrder, WireProduct,
};
use crate::{Again, Cursor, Page, ShopError};
use chrono::{DateTime, TimeDelta, Utc};
use rules::id::RemoteId;
use rules::order::{Customer, Order, Product};
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeSet;

/// As many as retailCRM gives at once.
const A_PAGE: usize = 100;

/// Rows asked for by identity at once: their numbers go into the address.
const A_BATCH: usize = 50;

/// So many entries of the log are read again. More than one request of ours writes, and far more
/// than are stored in the wrong order.
const OVERLAP: u64 = 30;

/// How far back of the newest date the catalogue is asked again.
const CATALOGUE_OVERLAP: TimeDelta = TimeDelta::minutes(10);

/// Where the reading of a list with a change log stands.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
enum Position {
    #[default]
    Start,
    /// All there are, newest first.
    Import {
        /// The newest entry of the log when it began.
        since: u64,
        page: u32,
        /// How many there were at the last page.
        total: u64,
    },
    Changes(Changes),
}

/// Where the reading of a change log stands.
#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Changes {
    /// Read up to here.
    last: u64,
    /// Entries read of those that the overlap brings again.
    #[serde(default)]
    seen: BTreeSet<u64>,
    /// What the last poll brought, to be compared once more.
    #[serde(default)]
    fresh: Vec<Fresh>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
struct Fresh {
    id: u64,
    hash: u64,
}

/// What a page of the log asks to be read, and what is gone.
#[derive(Debug, Default, PartialEq, Eq)]
struct Turn {
    read: BTreeSet<u64>,
    gone: BTreeSet<u64>,
}

impl Changes {
    fn since(&self) -> u64 {
        self.last.saturating_sub(OVERLAP)
    }

    /// Takes in a page of the log.
    fn advance(&mut self, records: &[Record]) -> Turn {
        let mut turn = Turn::default();
        for record in records {
            let Some(subject) = record.order else {
                continue;
            };
            if !self.seen.insert(record.id) {
                continue;
            }
            if record.deleted || record.combined_to.is_some() {
                turn.gone.insert(subject.id);
                turn.read.remove(&subject.id);
            } else if !turn.gone.contains(&subject.id) {
                turn.read.insert(subject.id);
            }
            turn.read.extend(record.combined_to.map(|kept| kept.id));
        }
        let newest = records.iter().map(|record| record.id).max();
        self.last = self.last.max(newest.unwrap_or(0));
        let reach = self.since();
        self.seen.retain(|id| *id > reach);
        turn
    }
}

#[derive(Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
struct CataloguePosition {
    /// The page of the whole catalogue that is next.
    #[serde(default)]
    page: u32,
    /// It has been read once.
    #[serde(default)]
    is_known: bool,
    /// The newest date met.
    #[serde(default)]
    newest: Option<DateTime<Utc>>,
}

/// A row of a list with a change log.
trait Row: DeserializeOwned {
    type Item: Serialize;
    /// Where it is listed, below `api/v5`.
    const PATH: &'static str;
    /// Whose right to read is needed.
    const WHAT: &'static str;
    fn id(&self) -> u64;
    fn item(&self, shop: &RetailCrm, account: &Account) -> Result<Self::Item, ShopError>;
}

impl Row for WireOrder {
    type Item = Order;
    const PATH: &'static str = "api/v5/orders";
    const WHAT: &'static str = "orders";
    fn id(&self) -> u64 {
        self.id
    }
    fn item(&self, shop: &RetailCrm, account: &Account) -> Result<Order, ShopError> {
        self.to_order(account, shop.statuses(account))
    }
}

impl Row for WireCustomer {
    type Item = Customer;
    const PATH: &'static str = "api/v5/customers";
    const WHAT: &'static str = "customers";
    fn id(&self) -> u64 {
        Self::id(self)
    }
    fn item(&self, _: &RetailCrm, _: &Account) -> Result<Customer, ShopError> {
        Ok(self.to_customer())
    }
}

fn hash_of(value: &impl Serialize) -> u64 {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    let start = digest.iter().take(8);
    start.fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
}

/// Tells that something was left out, without saying whose it was.
fn skip(what: &'static str, id: u64) {
    tracing::warn!(what, id, "left out: of a form of its own");
}

fn paging(page: u32) -> Vec<(&'static str, String)> {
    vec![("limit", A_PAGE.to_string()), ("page", page.to_string())]
}

impl RetailCrm {
    pub(super) async fn pull_orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        self.pull::<WireOrder>(cursor).await
    }

    pub(super) async fn pull_customers(
        &self,
        cursor: &Cursor,
    ) -> Result<Page<Customer>, ShopError> {
        self.pull::<WireCustomer>(cursor).await
    }

    async fn pull<R: Row>(&self, cursor: &Cursor) -> Result<Page<R::Item>, ShopError> {
        match cursor.read().unwrap_or_default() {
            Position::Start => {
                let since = self.newest_entry::<R>().await?;
                self.import::<R>(since, 1, 0).await
            }
            Position::Import { since, page, total } => self.import::<R>(since, page, total).await,
            Position::Changes(changes) => self.changes::<R>(changes).await,
        }
    }

    /// The number of the newest entry of the log; pages are the only way to its end.
    async fn newest_entry<R: Row>(&self) -> Result<u64, ShopError> {
        let path = format!("{}/history", R::PATH);
        let mut page = 1;
        loop {
            let log: Listed<Record> = self.client.get(&path, &paging(page), R::WHAT).await?;
            let newest = log.rows.iter().map(|record| record.id).max();
            let pages = log.pagination.total_page_count;
            // It may have grown by a page meanwhile.
            if pages <= page {
                return Ok(newest.unwrap_or(0));
            }
            page = pages;
        }
    }

    async fn import<R: Row>(
        &self,
        since: u64,
        page: u32,
        total: u64,
    ) -> Result<Page<R::Item>, ShopError> {
        let account = self.account().await?;
        let found: Listed<Element<R>> = self.client.get(R::PATH, &paging(page), R::WHAT).await?;
        let items = self.read_items(account, &found.rows);
        let now = found.pagination.total_count;
        // What was deleted meanwhile has moved the rest up, from this page to those already read.
        let size = u64::try_from(A_PAGE).unwrap_or(u64::MAX);
        let back = u32::try_from(total.saturating_sub(now).div_ceil(size)).unwrap_or(u32::MAX);
        let next = if back > 0 {
            Position::Import {
                since,
                page: page.saturating_sub(back).max(1),
                total: now,
            }
        } else if found.rows.is_empty() || found.pagination.total_page_count <= page {
            Position::Changes(Changes {
                last: since,
                ..Changes::default()
            })
        } else {
            Position::Import {
                since,
                page: page + 1,
                total: now,
            }
        };
        Ok(Page {
            items: items.into_iter().map(|(_, item)| item).collect(),
            gone: Vec::new(),
            next: Cursor::of(&next),
            done: false,
        })
    }

    async fn changes<R: Row>(&self, mut changes: Changes) -> Result<Page<R::Item>, ShopError> {
        let account = self.account().await?;
        let path = format!("{}/history", R::PATH);
        // A page is counted from the entry asked for: retailCRM takes no page number beside it.
        let parameters = [
            ("filter[sinceId]", changes.since().to_string()),
            ("limit", A_PAGE.to_string()),
        ];
        let log: Listed<Record> = self.client.get(&path, &parameters, R::WHAT).await?;
        let before = changes.last;
        let mut turn = changes.advance(&log.rows);
        let done = log.pagination.total_page_count <= 1 || log.rows.is_empty();
        if !done && changes.last == before {
            return Err(ShopError::BadReply(
                "the change log does not move on".to_owned(),
            ));
        }
        let earlier = std::mem::take(&mut changes.fresh);
        let mut ids = turn.read.clone();
        ids.extend(earlier.iter().map(|fresh| fresh.id));
        ids.retain(|id| !turn.gone.contains(id));
        let ids: Vec<u64> = ids.into_iter().collect();
        let (found, missing) = self.read_by_id::<R>(account, &ids).await?;
        turn.gone.extend(missing);
        let mut items = Vec::with_capacity(found.len());
        for (id, item) in found {
            let fresh = Fresh {
                id,
                hash: hash_of(&item),
            };
            let is_new = turn.read.contains(&id);
            if is_new {
                changes.fresh.push(fresh);
            }
            if is_new || !earlier.contains(&fresh) {
                items.push(item);
            }
        }
        let gone = turn.gone.into_iter();
        Ok(Page {
            items,
            gone: gone.map(|id| RemoteId(id.to_string())).collect(),
            next: Cursor::of(&Position::Changes(changes)),
            done,
        })
    }

    /// Rows of these identities, and which are not there any more. A list may leave out what it does
    /// not know yet, so each that is missing is asked for by itself.
    async fn read_by_id<R: Row>(
        &self,
        account: &Account,
        ids: &[u64],
    ) -> Result<(Vec<(u64, R::Item)>, Vec<u64>), ShopError> {
        let mut items = Vec::with_capacity(ids.len());
        let mut missing = Vec::new();
        for batch in ids.chunks(A_BATCH) {
            let mut parameters = vec![("limit", A_PAGE.to_string())];
            parameters.extend(batch.iter().map(|id| ("filter[ids][]", id.to_string())));
            let found: Listed<Element<R>> = self.client.get(R::PATH, &parameters, R::WHAT).await?;
            let listed: BTreeSet<u64> = found.rows.iter().map(id_of).collect();
            items.extend(self.read_items(account, &found.rows));
            for id in batch.iter().filter(|id| !listed.contains(id)) {
                if self.is_there::<R>(*id).await? {
                    tracing::debug!(what = R::WHAT, id, "listed later");
                } else {
                    missing.push(*id);
                }
            }
        }
        Ok((items, missing))
    }

    async fn is_there<R: Row>(&self, id: u64) -> Result<bool, ShopError> {
        let path = format!("{}/{id}", R::PATH);
        let by = [("by", "id".to_owned())];
        match self
            .client
            .get::<serde_json::Value>(&path, &by, R::WHAT)
            .await
        {
            Ok(_) => Ok(true),
            Err(ShopError::Gone) => Ok(false),
            Err(error) => Err(error),
        }
    }

    fn read_items<R: Row>(&self, account: &Account, rows: &[Element<R>]) -> Vec<(u64, R::Item)> {
        let mut items = Vec::with_capacity(rows.len());
        for row in rows {
            match row {
                Element::Read(row) => match row.item(self, account) {
                    Ok(item) => items.push((row.id(), item)),
                    Err(_) => skip(R::WHAT, row.id()),
                },
                Element::Odd(Identity { id }) => skip(R::WHAT, *id),
            }
        }
        items
    }

    pub(super) async fn read_again(&self, ids: &[RemoteId]) -> Result<Again, ShopError> {
        let account = self.account().await?;
        let (known, strange): (Vec<&RemoteId>, Vec<&RemoteId>) =
            ids.iter().partition(|id| number(id).is_some());
        let numbers: Vec<u64> = known.iter().filter_map(|id| number(id)).collect();
        let (found, missing) = self.read_by_id::<WireOrder>(account, &numbers).await?;
        let gone = missing.into_iter().map(|id| RemoteId(id.to_string()));
        Ok(Again {
            items: found.into_iter().map(|(_, order)| order).collect(),
            gone: gone.chain(strange.into_iter().cloned()).collect(),
        })
    }

    pub(super) async fn pull_products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        let account = self.account().await?;
        let mut position: CataloguePosition = cursor.read().unwrap_or_default();
        let mut items = Vec::new();
        if position.is_known
            && let Some(newest) = position.newest
        {
            for page in 1.. {
                let since = account.written(newest - CATALOGUE_OVERLAP);
                let mut parameters = paging(page);
                parameters.push(("filter[sinceUpdatedAt]", since));
                if self
                    .catalogue_page(account, &parameters, &mut position, &mut items)
                    .await?
                    <= page
                {
                    break;
                }
            }
        }
        let page = position.page.max(1);
        let pages = self
            .catalogue_page(account, &paging(page), &mut position, &mut items)
            .await?;
        let is_last = pages <= page;
        position.page = if is_last { 1 } else { page + 1 };
        let done = position.is_known || is_last;
        position.is_known = done;
        Ok(Page {
            items,
            gone: Vec::new(),
            next: Cursor::of(&position),
            done,
        })
    }

    /// Reads one page of the catalogue; how many there are.
    async fn catalogue_page(
        &self,
        account: &Account,
        parameters: &[(&str, String)],
        position: &mut CataloguePosition,
        items: &mut Vec<Product>,
    ) -> Result<u32, ShopError> {
        let path = "api/v5/store/products";
        let found: Listed<Element<WireProduct>> =
            self.client.get(path, parameters, "products").await?;
        for row in &found.rows {
            match row {
                Element::Read(product) => {
                    position.newest = position.newest.max(product.changed(account));
                    items.extend(product.to_products(account));
                }
                Element::Odd(Identity { id }) => skip("products", *id),
            }
        }
        Ok(found.pagination.total_page_count)
    }
}

fn id_of<R: Row>(row: &Element<R>) -> u64 {
    match row {
        Element::Read(row) => row.id(),
        Element::Odd(Identity { id }) => *id,
    }
}

pub(super) fn number(id: &RemoteId) -> Option<u64> {
    id.as_str().parse().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn record(id: u64, order: u64) -> Record {
        let text = format!("{{\"id\":{id},\"order\":{{\"id\":{order}}}}}");
        serde_json::from_str(&text).unwrap()
    }

    fn numbers(ids: &[u64]) -> BTreeSet<u64> {
        ids.iter().copied().collect()
    }

    #[test]
    fn an_entry_stored_late_is_not_missed() {
        let mut changes = Changes {
            last: 100,
            ..Changes::default()
        };
        let turn = changes.advance(&[record(101, 1), record(103, 2)]);
        assert_eq!(turn.read, numbers(&[1, 2]));
        assert!(changes.since() < 102, "it is asked for again");
        let late = changes.advance(&[record(101, 1), record(102, 3), record(103, 2)]);
        assert_eq!(late.read, numbers(&[3]), "and only it is new");
        assert_eq!(changes.advance(&[record(102, 3)]), Turn::default());
    }

    #[test]
    fn orders_that_were_joined_or_deleted_are_gone() {
        let mut changes = Changes::default();
        let joined = "{\"id\":2,\"order\":{\"id\":7},\"combinedTo\":{\"id\":8}}";
        let deleted = "{\"id\":3,\"deleted\":true,\"order\":{\"id\":9}}";
        let turn = changes.advance(&[
            record(1, 7),
            serde_json::from_str(joined).unwrap(),
            serde_json::from_str(deleted).unwrap(),
            record(4, 9),
        ]);
        assert_eq!(turn.gone, numbers(&[7, 9]));
        assert_eq!(
            turn.read,
            numbers(&[8]),
            "what they were joined into has changed"
        );
    }

    #[test]
    fn a_cursor_survives_being_kept_as_text() {
        let mut changes = Changes {
            last: 70,
            ..Changes::default()
        };
        changes.advance(&[record(71, 1), record(75, 2)]);
        changes.fresh.push(Fresh {
            id: 1,
            hash: u64::MAX,
        });
        for position in [
            Position::Start,
            Position::Import {
                since: 5,
                page: 3,
                total: 250,
            },
            Position::Changes(changes),
        ] {
            let text = Cursor::of(&position);
            assert_eq!(text.read::<Position>().unwrap(), position);
        }
        for anew in ["", "7"] {
            assert_eq!(Cursor(anew.to_owned()).read::<Position>(), None);
        }
    }
}
