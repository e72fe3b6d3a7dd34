//! Pulling orders, products and customers.
//!
//! Orders come newest first by the day they were placed until all are here, then by change; what
//! changes during the first part is read in the second, which starts at the shop's own time of the
//! very first answer. Orders and products in the trash come as gone; one deleted for good is
//! reported nowhere and noticed when it is asked for.
//!
//! Products come by change; a variable product stands for its variations. One of those is read again
//! at the end of each poll: a variation goes, and its stock moves, without a date moving.
//!
//! Customers cannot be asked for by change. All are read once, by pages; afterwards a poll reads the
//! newest ones and one page of the rest in turn, so that all come round again.

use super::WooCommerce;
use super::wire::{
    CUSTOMER_FIELDS, Element, Identity, ORDER_FIELDS, PRODUCT_FIELDS, WireCustomer, WireOrder,
    WireProduct, remote,
};
use crate::http::Reply;
use crate::{Again, Cursor, Page, ShopError};
use chrono::{DateTime, TimeDelta, Utc};
use rules::id::RemoteId;
use rules::order::{Customer, Order, Product};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::{BTreeMap, BTreeSet};
use sync::changes::{Answer, Changes, Mark, Query};

/// As many as the shop gives at once.
const PER_PAGE: usize = 100;

/// Fewer, since each variable product costs a request of its own.
const PRODUCTS_PER_PAGE: usize = 50;

type Parameters = Vec<(String, String)>;

#[derive(Default, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
enum OrdersCursor {
    #[default]
    Start,
    /// All orders, newest first.
    Backfill {
        /// The shop's time when it began.
        since: Option<DateTime<Utc>>,
        /// Placed before this second is still to be read.
        before: Option<DateTime<Utc>>,
        page: u32,
    },
    Changes {
        live: Changes,
        trash: Changes,
    },
}

#[derive(Serialize, Deserialize)]
struct ProductsCursor {
    live: Changes,
    trash: Changes,
    /// Products with variations, as last read. A variation is deleted, and its stock moves, without
    /// its product's date moving.
    #[serde(default, skip_serializing_if = "BTreeMap::is_empty")]
    families: BTreeMap<u64, Family>,
    /// The one looked at last.
    #[serde(default)]
    turn: u64,
}

#[derive(Serialize, Deserialize)]
struct Family {
    members: Vec<u64>,
    hash: u64,
}

/// A product with its variations as it stands now.
struct Relatives {
    members: Vec<u64>,
    rows: Vec<Product>,
}

#[derive(Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "snake_case")]
enum CustomersCursor {
    All { page: u32, highest: u64 },
    Rolling { page: u32, highest: u64 },
}

fn hash_of(value: &impl Serialize) -> u64 {
    let bytes = serde_json::to_vec(value).unwrap_or_default();
    let digest: [u8; 32] = Sha256::digest(&bytes).into();
    digest
        .iter()
        .take(8)
        .fold(0, |hash, byte| (hash << 8) | u64::from(*byte))
}

fn stamp(moment: DateTime<Utc>) -> String {
    moment.format("%Y-%m-%dT%H:%M:%S").to_string()
}

fn pair(name: &str, value: impl Into<String>) -> (String, String) {
    (name.to_owned(), value.into())
}

fn by_change(status: &str, query: Query, per_page: usize, fields: &str) -> Parameters {
    let mut parameters = vec![
        pair("status", status),
        pair("orderby", "modified"),
        pair("order", "asc"),
        pair("dates_are_gmt", "true"),
        pair("per_page", per_page.to_string()),
        pair("page", query.page.to_string()),
        pair("_fields", fields),
    ];
    parameters.extend(
        query
            .after
            .map(|after| pair("modified_after", stamp(after))),
    );
    parameters.extend(
        query
            .before
            .map(|before| pair("modified_before", stamp(before))),
    );
    parameters
}

/// Whether a page follows. A full page is no sign: the shop leaves out what the key may not see.
fn has_more(reply: &Reply, page: u32, count: usize, per_page: usize) -> bool {
    let pages: Option<u32> = reply
        .header("x-wp-totalpages")
        .and_then(|text| text.parse().ok());
    pages.map_or(count >= per_page, |pages| page < pages)
}

fn total(reply: &Reply) -> Option<u64> {
    reply.header("x-wp-total")?.parse().ok()
}

/// Tells that something was left out, without saying whose it was: one odd thing must not hold up
/// all others.
fn skip(what: &'static str, id: u64) {
    tracing::warn!(what, id, "left out: of a form of its own");
}

impl WooCommerce {
    pub(super) async fn pull_orders(&self, cursor: &Cursor) -> Result<Page<Order>, ShopError> {
        match cursor.read().unwrap_or_default() {
            OrdersCursor::Start => self.backfill(None, None, 1).await,
            OrdersCursor::Backfill {
                since,
                before,
                page,
            } => self.backfill(since, before, page).await,
            OrdersCursor::Changes {
                mut live,
                mut trash,
            } => {
                let (items, live_done) = self.changed_orders(&mut live).await?;
                let (gone, trash_done) = if live_done {
                    self.trashed("orders", &mut trash).await?
                } else {
                    (Vec::new(), false)
                };
                let next = Cursor::of(&OrdersCursor::Changes { live, trash });
                Ok(Page {
                    items,
                    gone,
                    next,
                    done: live_done && trash_done,
                })
            }
        }
    }

    async fn backfill(
        &self,
        since: Option<DateTime<Utc>>,
        before: Option<DateTime<Utc>>,
        page: u32,
    ) -> Result<Page<Order>, ShopError> {
        let mut parameters = vec![
            pair("status", "any"),
            pair("orderby", "date"),
            pair("order", "desc"),
            pair("dates_are_gmt", "true"),
            pair("dp", "6"),
            pair("per_page", PER_PAGE.to_string()),
            pair("page", page.to_string()),
            pair("_fields", ORDER_FIELDS),
        ];
        parameters.extend(before.map(|before| pair("before", stamp(before))));
        let reply = self.get("orders", parameters).await?;
        let since = since.or_else(|| reply.shop_time());
        let found: Vec<Element<WireOrder>> = reply.json()?;
        let more = has_more(&reply, page, found.len(), PER_PAGE);
        let mut items = Vec::new();
        let mut oldest: Option<DateTime<Utc>> = None;
        for element in &found {
            match element {
                Element::Read(order) => {
                    oldest = [oldest, order.created()].into_iter().flatten().min();
                    items.extend(self.converted(order));
                }
                Element::Odd(identity) => skip("order", identity.id),
            }
        }
        let next = if more {
            // The last second is read again: more of it may stand on the next page.
            let bound = oldest.map(|oldest| oldest + TimeDelta::seconds(1));
            let moves = bound.is_some_and(|bound| before.is_none_or(|before| bound < before));
            if moves {
                OrdersCursor::Backfill {
                    since,
                    before: bound,
                    page: 1,
                }
            } else {
                OrdersCursor::Backfill {
                    since,
                    before,
                    page: page + 1,
                }
            }
        } else {
            OrdersCursor::Changes {
                live: Changes::since(since),
                trash: Changes::since(since),
            }
        };
        Ok(Page {
            items,
            gone: Vec::new(),
            next: Cursor::of(&next),
            done: false,
        })
    }

    async fn changed_orders(&self, live: &mut Changes) -> Result<(Vec<Order>, bool), ShopError> {
        let query = live.query();
        let mut parameters = by_change("any", query, PER_PAGE, ORDER_FIELDS);
        parameters.push(pair("dp", "6"));
        let reply = self.get("orders", parameters).await?;
        let found: Vec<Element<WireOrder>> = reply.json()?;
        let mut read = Vec::with_capacity(found.len());
        for element in &found {
            match element {
                Element::Read(order) => {
                    let Some(at) = order.modified() else { continue };
                    let item = self.converted(order);
                    read.push((
                        Mark {
                            id: order.id,
                            at,
                            hash: hash_of(&item),
                        },
                        item,
                    ));
                }
                Element::Odd(identity) => {
                    skip("order", identity.id);
                    read.extend(mark_of(identity).map(|mark| (mark, None)));
                }
            }
        }
        settle(live, query, &reply, read, PER_PAGE)
    }

    fn converted(&self, order: &WireOrder) -> Option<Order> {
        order
            .to_order(&self.words)
            .inspect_err(|_| skip("order", order.id))
            .ok()
    }

    /// A hundred at a time. One that the list leaves out is asked for by itself: lists leave out what
    /// lies in the trash, but also what some plugin hides.
    pub(super) async fn read_again(&self, ids: &[RemoteId]) -> Result<Again, ShopError> {
        let mut again = Again::default();
        for some in ids.chunks(PER_PAGE) {
            let include: Vec<_> = some.iter().map(RemoteId::as_str).collect();
            let parameters = vec![
                pair("include", include.join(",")),
                pair("status", "any"),
                pair("dp", "6"),
                pair("per_page", PER_PAGE.to_string()),
                pair("_fields", ORDER_FIELDS),
            ];
            let found: Vec<Element<WireOrder>> = self.get("orders", parameters).await?.json()?;
            let mut told = BTreeSet::new();
            for element in &found {
                let id = match element {
                    Element::Read(order) => order.id,
                    Element::Odd(identity) => identity.id,
                };
                if !some.contains(&remote(id)) || !told.insert(remote(id)) {
                    continue;
                }
                match element {
                    Element::Read(order) => again.items.extend(self.converted(order)),
                    Element::Odd(identity) => skip("order", identity.id),
                }
            }
            for id in some.iter().filter(|id| !told.contains(id)) {
                match self.wire_order(id).await? {
                    Some(order) => again.items.extend(self.converted(&order)),
                    None => again.gone.push(id.clone()),
                }
            }
        }
        Ok(again)
    }

    pub(super) async fn pull_products(&self, cursor: &Cursor) -> Result<Page<Product>, ShopError> {
        let stands: Option<ProductsCursor> = cursor.read();
        let (mut live, trash, mut families, turn) = stands.map_or_else(
            || (Changes::default(), None, BTreeMap::new(), 0),
            |stands| {
                (
                    stands.live,
                    Some(stands.trash),
                    stands.families,
                    stands.turn,
                )
            },
        );
        let query = live.query();
        let parameters = by_change("any", query, PRODUCTS_PER_PAGE, PRODUCT_FIELDS);
        let reply = self.get("products", parameters).await?;
        // What was in the trash before the first reading was never here.
        let trash = trash.unwrap_or_else(|| Changes::since(reply.shop_time()));
        let found: Vec<Element<WireProduct>> = reply.json()?;
        let currency = self.currency().await?;
        let mut gone = Vec::new();
        let mut read = Vec::with_capacity(found.len());
        for element in &found {
            let product = match element {
                Element::Read(product) => product,
                Element::Odd(identity) => {
                    skip("product", identity.id);
                    read.extend(mark_of(identity).map(|mark| (mark, None)));
                    continue;
                }
            };
            let Some(at) = product.date_modified_gmt else {
                continue;
            };
            let rows = if product.kind == "variable" {
                let relatives = self.relatives(product).await?;
                let (_, left) = regroup(&mut families, product.id, &relatives);
                gone.extend(left);
                relatives.rows
            } else {
                // One that had variations and is simple now leaves them behind.
                gone.extend(disband(&mut families, product.id));
                let row = product.to_product(currency, self.taxes().await?, None);
                row.into_iter().collect()
            };
            read.push((
                Mark {
                    id: product.id,
                    at,
                    hash: hash_of(&rows),
                },
                Some(rows),
            ));
        }
        let (rows, live_done) = settle(&mut live, query, &reply, read, PRODUCTS_PER_PAGE)?;
        let mut items: Vec<_> = rows.into_iter().flatten().collect();
        let mut next = ProductsCursor {
            live,
            trash,
            families,
            turn,
        };
        let mut done = false;
        if live_done {
            let (trashed, trash_done) = self.trashed("products", &mut next.trash).await?;
            for id in trashed {
                let parent = id.as_str().parse().unwrap_or_default();
                gone.extend(disband(&mut next.families, parent));
                gone.push(id);
            }
            done = trash_done;
        }
        if done {
            let (changed, left) = self.next_family(&mut next).await?;
            items.extend(changed);
            gone.extend(left);
        }
        Ok(Page {
            items,
            gone,
            next: Cursor::of(&next),
            done,
        })
    }

    /// Looks at one family at the end of each poll, so that all come round.
    async fn next_family(
        &self,
        cursor: &mut ProductsCursor,
    ) -> Result<(Vec<Product>, Vec<RemoteId>), ShopError> {
        let families = &mut cursor.families;
        let next = families.range(cursor.turn + 1..).next();
        let next = next.or_else(|| families.iter().next());
        let Some(id) = next.map(|(id, _)| *id) else {
            return Ok((Vec::new(), Vec::new()));
        };
        cursor.turn = id;
        let fields = vec![pair("_fields", PRODUCT_FIELDS)];
        let parent: WireProduct = match self.get(&format!("products/{id}"), fields).await {
            Ok(reply) => reply.json()?,
            Err(ShopError::Gone) => return Ok((Vec::new(), disband(families, id))),
            Err(error) => return Err(error),
        };
        let relatives = self.relatives(&parent).await?;
        let (changed, left) = regroup(families, id, &relatives);
        Ok((if changed { relatives.rows } else { Vec::new() }, left))
    }

    async fn relatives(&self, parent: &WireProduct) -> Result<Relatives, ShopError> {
        let (currency, taxes) = (self.currency().await?, self.taxes().await?);
        let variations = self.variations(parent.id).await?;
        let rows = variations
            .iter()
            .map(|one| one.to_product(currency, taxes, Some(parent)));
        Ok(Relatives {
            members: variations.iter().map(|one| one.id).collect(),
            rows: rows.flatten().collect(),
        })
    }

    async fn variations(&self, product: u64) -> Result<Vec<WireProduct>, ShopError> {
        let path = format!("products/{product}/variations");
        let mut all = Vec::new();
        for page in 1.. {
            let parameters = vec![
                pair("per_page", PER_PAGE.to_string()),
                pair("page", page.to_string()),
                pair("_fields", PRODUCT_FIELDS),
            ];
            let reply = self.get(&path, parameters).await?;
            let found: Vec<Element<WireProduct>> = reply.json()?;
            let more = has_more(&reply, page, found.len(), PER_PAGE) && !found.is_empty();
            for element in found {
                match element {
                    Element::Read(variation) => all.push(variation),
                    Element::Odd(identity) => skip("variation", identity.id),
                }
            }
            if !more {
                break;
            }
        }
        Ok(all)
    }

    async fn trashed(
        &self,
        what: &'static str,
        trash: &mut Changes,
    ) -> Result<(Vec<RemoteId>, bool), ShopError> {
        let query = trash.query();
        let parameters = by_change("trash", query, PER_PAGE, "id,date_modified_gmt");
        let reply = match self.get(what, parameters).await {
            // A shop too old to know the word keeps its trash to itself.
            Err(ShopError::Refused(code)) if code == "rest_invalid_param" => {
                return Ok((Vec::new(), true));
            }
            other => other?,
        };
        let found: Vec<Identity> = reply.json()?;
        let marked = found
            .iter()
            .filter_map(|identity| Some((mark_of(identity)?, Some(remote(identity.id)))));
        settle(trash, query, &reply, marked.collect(), PER_PAGE)
    }

    pub(super) async fn pull_customers(
        &self,
        cursor: &Cursor,
    ) -> Result<Page<Customer>, ShopError> {
        let start = CustomersCursor::All {
            page: 1,
            highest: 0,
        };
        match cursor.read().unwrap_or(start) {
            CustomersCursor::All { page, highest } => {
                let (items, top, more) = self.customers_page("asc", page).await?;
                let highest = highest.max(top);
                let next = if more {
                    CustomersCursor::All {
                        page: page + 1,
                        highest,
                    }
                } else {
                    CustomersCursor::Rolling { page: 1, highest }
                };
                Ok(Page {
                    items,
                    gone: Vec::new(),
                    next: Cursor::of(&next),
                    done: !more,
                })
            }
            CustomersCursor::Rolling { page, highest } => {
                let mut items = Vec::new();
                let mut top = highest;
                for newest_page in 1.. {
                    let (found, found_top, more) = self.customers_page("desc", newest_page).await?;
                    top = top.max(found_top);
                    let is_new = |customer: &Customer| number_of(customer) > highest;
                    let reaches_back = !found.iter().all(is_new);
                    items.extend(found.into_iter().filter(is_new));
                    if reaches_back || !more {
                        break;
                    }
                }
                let (again, _, more) = self.customers_page("asc", page).await?;
                items.extend(again);
                let page = if more { page + 1 } else { 1 };
                let next = CustomersCursor::Rolling { page, highest: top };
                Ok(Page {
                    items,
                    gone: Vec::new(),
                    next: Cursor::of(&next),
                    done: true,
                })
            }
        }
    }

    /// One page by identity; the highest identity on it; whether more follow.
    async fn customers_page(
        &self,
        order: &str,
        page: u32,
    ) -> Result<(Vec<Customer>, u64, bool), ShopError> {
        let parameters = vec![
            pair("orderby", "id"),
            pair("order", order),
            pair("per_page", PER_PAGE.to_string()),
            pair("page", page.to_string()),
            pair("_fields", CUSTOMER_FIELDS),
        ];
        let reply = self.get("customers", parameters).await?;
        let found: Vec<Element<WireCustomer>> = reply.json()?;
        let more = has_more(&reply, page, found.len(), PER_PAGE) && !found.is_empty();
        let mut top = 0;
        let mut customers = Vec::with_capacity(found.len());
        for element in &found {
            match element {
                Element::Read(customer) => {
                    top = top.max(customer.id);
                    customers.push(customer.to_customer());
                }
                Element::Odd(identity) => skip("customer", identity.id),
            }
        }
        Ok((customers, top, more))
    }
}

/// Keeps a family as it is now; whether it changed, and who left.
fn regroup(
    families: &mut BTreeMap<u64, Family>,
    parent: u64,
    now: &Relatives,
) -> (bool, Vec<RemoteId>) {
    let mut members = now.members.clone();
    members.sort_unstable();
    let family = Family {
        hash: hash_of(&now.rows),
        members,
    };
    let hash = family.hash;
    let Some(was) = families.insert(parent, family) else {
        return (true, Vec::new());
    };
    let left = was
        .members
        .into_iter()
        .filter(|id| !now.members.contains(id));
    (was.hash != hash, left.map(remote).collect())
}

/// Forgets a family; who belonged to it.
fn disband(families: &mut BTreeMap<u64, Family>, parent: u64) -> Vec<RemoteId> {
    let was = families.remove(&parent);
    was.map(|family| family.members.into_iter().map(remote).collect())
        .unwrap_or_default()
}

fn number_of(customer: &Customer) -> u64 {
    customer
        .remote
        .as_ref()
        .and_then(|id| id.as_str().parse().ok())
        .unwrap_or_default()
}

fn mark_of(identity: &Identity) -> Option<Mark> {
    Some(Mark {
        id: identity.id,
        at: identity.date_modified_gmt?,
        hash: 0,
    })
}

/// Keeps what is new of a page and moves the cursor on.
fn settle<T>(
    changes: &mut Changes,
    query: Query,
    reply: &Reply,
    read: Vec<(Mark, Option<T>)>,
    per_page: usize,
) -> Result<(Vec<T>, bool), ShopError> {
    let (marks, items): (Vec<_>, Vec<_>) = read.into_iter().unzip();
    let fresh: Vec<T> = marks
        .iter()
        .zip(items)
        .filter(|(mark, _)| !changes.knows(mark))
        .filter_map(|(_, item)| item)
        .collect();
    // A page of which nothing could be read gives no bound to go on from; it ends this poll.
    let more = has_more(reply, query.page, marks.len(), per_page) && !marks.is_empty();
    let answer = Answer {
        marks: &marks,
        total: total(reply),
        has_more: more,
        shop_time: reply.shop_time(),
    };
    let done = changes
        .advance(&answer)
        .map_err(|stuck| ShopError::BadReply(stuck.to_string()))?;
    Ok((fresh, done))
}
