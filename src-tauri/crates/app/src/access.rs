//! The way into a shop: what each kind asks for, what a shop has told of itself, its new key.

use crate::connect::check;
use crate::desk::{Desk, OpenShop};
use crate::error::{ApiError, ErrorCode};
use crate::start::filled;
use crate::text::Fault;
use crate::view::{Changed, KindView, SecretField, ShopCheck, ShopInput, UserField};
use chrono::TimeDelta;
use rules::id::{PersonId, ShopId};
use rules::order::OrderStage;
use rules::role::Permission;
use rules::status::StatusTable;
use serde::{Deserialize, Serialize};
use serde_json::json;
use shops::{Access, Capabilities, Introduction, Shop, ShopKind};
use std::sync::{Arc, PoisonError};
use store::table::order;
use store::table::shop::{self as shop_table, Kind};
use store::{Author, Secret};

/// So many of the newest orders known here are looked for when a key changes.
const PROOFS: usize = 3;

/// What each kind of shop asks for to be connected.
pub fn shop_kinds() -> Vec<KindView> {
    ShopKind::ALL.into_iter().map(kind_view).collect()
}

fn kind_view(kind: ShopKind) -> KindView {
    let (user, secret) = match kind {
        ShopKind::Woocommerce => (Some(UserField::ConsumerKey), SecretField::ConsumerSecret),
        ShopKind::Vendure => (Some(UserField::UserName), SecretField::Password),
        ShopKind::Shopify | ShopKind::Base => (None, SecretField::Token),
        ShopKind::Retailcrm => (None, SecretField::ApiKey),
    };
    let address = match kind {
        // All accounts live at one address.
        ShopKind::Base => "https://api.baselinker.com",
        _ => "",
    };
    KindView {
        kind,
        user,
        secret,
        address: address.to_owned(),
    }
}

/// The way in, as typed.
pub(crate) fn typed(input: &ShopInput) -> Result<Access, Fault> {
    let asked = kind_view(input.kind);
    let address = match input.address.trim() {
        "" => asked.address.as_str(),
        typed => typed,
    };
    filled("address", address)?;
    let (user, secret) = credentials(input.kind, &input.user, &input.secret)?;
    let authority = input.certificate_authority.trim();
    Ok(Access {
        kind: input.kind,
        address: address.to_owned(),
        user,
        secret,
        allow_http: input.allow_http,
        allow_private: input.allow_private,
        certificate_authority: (!authority.is_empty()).then(|| authority.to_owned()),
        statuses: None,
        rate: None,
    })
}

fn credentials(kind: ShopKind, user: &str, secret: &str) -> Result<(String, String), Fault> {
    let user = match kind_view(kind).user {
        Some(_) => {
            filled("user", user)?;
            user.trim().to_owned()
        }
        // Not asked for, but needed where the shop's calls shall be heard: the app's client secret.
        None if kind == ShopKind::Shopify => user.trim().to_owned(),
        None => String::new(),
    };
    filled("secret", secret)?;
    Ok((user, secret.trim().to_owned()))
}

/// The protocol of a shop as the centre keeps it; none for the sample.
pub(crate) fn kind_of(kind: Kind) -> Option<ShopKind> {
    match kind {
        Kind::Woocommerce => Some(ShopKind::Woocommerce),
        Kind::Vendure => Some(ShopKind::Vendure),
        Kind::Shopify => Some(ShopKind::Shopify),
        Kind::Retailcrm => Some(ShopKind::Retailcrm),
        Kind::Base => Some(ShopKind::Base),
        Kind::Sample => None,
    }
}

/// What a shop has told of itself, as the centre keeps it.
#[derive(Clone, Debug, Serialize, Deserialize)]
pub(crate) struct Told {
    /// What it can do.
    #[serde(flatten)]
    pub(crate) capabilities: Capabilities,
    /// Its words for where an order stands, with what the connector makes of them.
    #[serde(default)]
    pub(crate) statuses: StatusTable,
}

impl From<&Introduction> for Told {
    fn from(introduction: &Introduction) -> Self {
        Self {
            capabilities: introduction.capabilities.clone(),
            statuses: introduction.statuses.clone(),
        }
    }
}

impl Told {
    /// None for the sample, which has told nothing.
    pub(crate) fn of(row: &shop_table::Shop) -> Option<Self> {
        serde_json::from_str(&row.capabilities).ok()
    }

    pub(crate) fn text(&self) -> String {
        json!(self).to_string()
    }
}

/// The way in, as the centre keeps it.
pub(crate) fn kept(row: &shop_table::Shop) -> Result<Access, Fault> {
    if row.kind == Kind::Sample {
        return Err(ErrorCode::ShopUnsupported.into());
    }
    serde_json::from_str(row.access.reveal()).map_err(|_| ErrorCode::StoreUnreadable.into())
}

/// The same way in, asking for the words of the shop itself and not for what an admin made of them.
pub(crate) fn with_own_words(access: Access) -> Access {
    Access {
        statuses: None,
        rate: None,
        ..access
    }
}

/// The table of statuses that holds: the admin's, else the connector's own.
pub(crate) fn statuses(row: &shop_table::Shop) -> StatusTable {
    let set = kept(row).ok().and_then(|access| access.statuses);
    set.or_else(|| Told::of(row).map(|told| told.statuses))
        .unwrap_or_default()
}

impl OpenShop {
    /// The table of statuses that holds.
    pub(crate) fn statuses(&self) -> Arc<StatusTable> {
        Arc::clone(&self.statuses.lock().unwrap_or_else(PoisonError::into_inner))
    }
}

impl Desk {
    /// Gives a shop's new key: tried at the shop before it is kept.
    pub async fn rekey_shop(
        &self,
        shop: ShopId,
        user: String,
        secret: String,
    ) -> Result<ShopCheck, ApiError> {
        let result = self.rekey(shop, &user, &secret).await;
        self.told(result).await
    }

    async fn rekey(&self, id: ShopId, user: &str, secret: &str) -> Result<ShopCheck, Fault> {
        let (author, shop, row) = self.admin_shop(id).await?;
        let before = kept(&row)?;
        let (user, secret) = credentials(before.kind, user, secret)?;
        let access = Access {
            // A new token of the same app leaves its secret as it was.
            user: if user.is_empty() {
                before.user.clone()
            } else {
                user
            },
            secret,
            ..with_own_words(before)
        };
        let connector = shops::connect(&access)?;
        let introduction = connector.introduce().await?;
        if introduction.currency != row.currency || !self.is_same(&shop, &*connector).await? {
            return Err(ErrorCode::ShopDiffers.into());
        }
        let told = Told::from(&introduction);
        self.keep_access(author, id, "shop.rekeyed", json!({}), move |row| {
            let access = Access {
                // What an admin has set meanwhile stays.
                statuses: kept(row)?.statuses,
                ..access
            };
            row.access = Secret::new(json!(access).to_string());
            row.capabilities = told.text();
            Ok(())
        })
        .await?;
        Ok(check(introduction))
    }

    /// A key may open another account at the same address: its orders would be mixed with those
    /// known here. One of the newest must be there; where none is known yet, nothing can be mixed.
    async fn is_same(&self, shop: &OpenShop, connector: &dyn Shop) -> Result<bool, Fault> {
        let since = self.now() - TimeDelta::days(90);
        let mut newest = shop
            .store
            .db
            .read(move |conn| {
                let mut known = Vec::new();
                for stage in [
                    OrderStage::New,
                    OrderStage::Confirmed,
                    OrderStage::Fulfilled,
                ] {
                    let remotes = order::in_stage(conn, stage, since)?;
                    for remote in remotes.iter().rev().take(PROOFS) {
                        known.extend(order::get(conn, remote)?);
                    }
                }
                Ok(known)
            })
            .await?;
        newest.sort_by_key(|order| std::cmp::Reverse(order.placed_at));
        newest.truncate(PROOFS);
        for known in &newest {
            let there = connector.order(&known.remote).await?;
            if there.is_some_and(|there| {
                there.number == known.number && there.placed_at == known.placed_at
            }) {
                return Ok(true);
            }
        }
        Ok(newest.is_empty())
    }

    /// A connected shop with its row in the centre, for who may set it up.
    pub(crate) async fn admin_shop(
        &self,
        id: ShopId,
    ) -> Result<(PersonId, Arc<OpenShop>, shop_table::Shop), Fault> {
        let state = self.state().await;
        let author = state.session(Permission::ManageShops)?.person;
        let (shop, centre) = (state.shop(id)?, state.centre()?);
        drop(state);
        let row = centre
            .db
            .read(move |conn| shop_table::get(conn, id))
            .await?
            .ok_or(ErrorCode::NotFound)?;
        Ok((author, shop, row))
    }

    /// Changes how a shop is reached, and goes on with the exchange that way.
    pub(crate) async fn keep_access(
        &self,
        author: PersonId,
        id: ShopId,
        kind: &'static str,
        body: serde_json::Value,
        edit: impl FnOnce(&mut shop_table::Shop) -> Result<(), Fault> + Send,
    ) -> Result<(), Fault> {
        // Held to the end: two admins at once would undo each other's change.
        let state = self.state().await;
        let (shop, centre) = (state.shop(id)?, state.centre()?);
        let mut row = centre
            .db
            .read(move |conn| shop_table::get(conn, id))
            .await?
            .filter(|row| row.removed_at.is_none())
            .ok_or(ErrorCode::NotFound)?;
        let before = row.access.reveal().to_owned();
        edit(&mut row)?;
        let kept = row.clone();
        let change = self.change(Author::Person(author), kind, &id, body);
        centre
            .db
            .write(change, move |tx| shop_table::update(tx, &kept))
            .await?;
        *shop.statuses.lock().unwrap_or_else(PoisonError::into_inner) = Arc::new(statuses(&row));
        shop.ear
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .forget_way();
        // Cut short, what is on its way would be in doubt: not for nothing.
        if self.inner.options.exchange && row.access.reveal() != before {
            shop.exchange.run(self, self.courier(&shop.store, &row)?);
        }
        self.tell(Changed::Shops);
        self.tell(Changed::Desk);
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use rules::money::Currency;

    fn row(access: &str, capabilities: &str) -> shop_table::Shop {
        shop_table::Shop {
            id: ShopId::from_uuid(crate::clock::mint()),
            kind: Kind::Vendure,
            name: String::new(),
            address: String::new(),
            zone: chrono_tz::UTC,
            currency: Currency::UAH,
            language: "uk".to_owned(),
            access: Secret::new(access.to_owned()),
            file_key: None,
            capabilities: capabilities.to_owned(),
            created_at: chrono::DateTime::UNIX_EPOCH,
            removed_at: None,
        }
    }

    #[test]
    fn a_shop_connected_before_there_were_statuses_is_still_understood() {
        let row = row(
            r#"{"kind":"vendure","address":"https://shop.example","user":"u","secret":"s",
                "allow_http":false,"allow_private":false,"certificate_authority":null}"#,
            r#"{"edit_lines":true,"private_notes":true,"confirm_status":false,
                "confirm_fields":true,"cancel":true,"conditional_write":false}"#,
        );
        let told = Told::of(&row).expect("what it told is read");
        assert!(told.capabilities.edit_lines && !told.capabilities.refunds);
        assert!(kept(&row).is_ok_and(|access| access.statuses.is_none()));
        assert_eq!(
            statuses(&row),
            StatusTable::default(),
            "with no words known, nothing is forbidden"
        );
        let again = Told {
            statuses: StatusTable {
                confirmed: Some("paid".to_owned()),
                ..StatusTable::default()
            },
            ..told
        };
        let row = shop_table::Shop {
            capabilities: again.text(),
            ..row
        };
        assert_eq!(statuses(&row), again.statuses, "what is kept is read again");
    }

    #[test]
    fn each_kind_asks_for_what_it_needs_and_nothing_more() {
        let input = |kind, user: &str| ShopInput {
            kind,
            name: String::new(),
            address: " ".to_owned(),
            user: user.to_owned(),
            secret: " token ".to_owned(),
            language: crate::view::Language::Uk,
            zone: String::new(),
            allow_http: false,
            allow_private: false,
            certificate_authority: String::new(),
        };
        let base = typed(&input(ShopKind::Base, "left over")).unwrap();
        assert_eq!(
            (&*base.address, &*base.user, &*base.secret),
            ("https://api.baselinker.com", "", "token"),
            "all accounts live at one address, and a token is all there is"
        );
        for kind in [ShopKind::Shopify, ShopKind::Retailcrm] {
            let fault = typed(&input(kind, "")).err().expect("it has an address");
            assert_eq!(fault.code, ErrorCode::FieldMissing, "{kind:?}");
        }
        for kind in [ShopKind::Woocommerce, ShopKind::Vendure] {
            let named = ShopInput {
                address: "https://shop.example".to_owned(),
                ..input(kind, "")
            };
            let fault = typed(&named).err().expect("it has users");
            assert_eq!(
                fault.args,
                [("field".to_owned(), "user".to_owned())],
                "{kind:?}"
            );
        }
    }
}
