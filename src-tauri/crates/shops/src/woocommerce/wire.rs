//! What `WooCommerce` REST v3 sends, as far as it is used; everything else is skipped unread.

use super::amount::Amount;
use super::status::Words;
use super::tax::Taxes;
use crate::ShopError;
use chrono::{DateTime, NaiveDateTime, Utc};
use rules::id::RemoteId;
use rules::money::{Currency, Money};
use rules::order::{Customer, Order, OrderLine, OrderStage, Product};
use serde::Deserialize;
use serde::de::{DeserializeOwned, Deserializer, Error, IgnoredAny, MapAccess, SeqAccess, Visitor};
use std::fmt;

/// Prefix of the order fields that are ours.
pub(super) const FIELD: &str = "_dzvinok";
/// Who has confirmed the order by phone.
pub(super) const CONFIRMED_BY: &str = "_dzvinok_confirmed_by";
/// When, RFC 3339.
pub(super) const CONFIRMED_AT: &str = "_dzvinok_confirmed_at";
/// The outcome's code.
pub(super) const CONFIRMED_RESULT: &str = "_dzvinok_confirmed_result";
/// Why it was called off.
pub(super) const CANCEL_REASON: &str = "_dzvinok_cancel_reason";

/// The fields of an order that are used.
pub(super) const ORDER_FIELDS: &str = "id,number,status,currency,date_created_gmt,date_modified_gmt,\
total,customer_id,customer_note,billing,shipping,payment_method,payment_method_title,date_paid_gmt,\
transaction_id,meta_data,line_items,shipping_lines,fee_lines";

/// The fields of a product or variation that are used.
pub(super) const PRODUCT_FIELDS: &str = "id,parent_id,name,type,status,sku,price,purchasable,\
manage_stock,stock_quantity,stock_status,backorders,date_modified_gmt,attributes,tax_status,tax_class";

/// The fields of a customer that are used.
pub(super) const CUSTOMER_FIELDS: &str = "id,first_name,last_name,email,billing";

/// An error as `WordPress` reports it.
#[derive(Deserialize)]
pub(super) struct Refusal {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) code: String,
}

/// What the REST index says of the site.
#[derive(Deserialize)]
pub(super) struct Index {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) name: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) home: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) timezone_string: String,
    #[serde(default)]
    pub(super) gmt_offset: Option<Amount>,
    pub(super) namespaces: Vec<String>,
}

#[derive(Deserialize)]
pub(super) struct CurrencyCode {
    pub(super) code: String,
}

#[derive(Deserialize)]
pub(super) struct Identity {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "moment")]
    pub(super) date_modified_gmt: Option<DateTime<Utc>>,
}

#[derive(Deserialize)]
pub(super) struct WireNote {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) note: String,
}

#[derive(Deserialize)]
pub(super) struct WireRefund {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) reason: String,
    /// Above zero.
    #[serde(default)]
    pub(super) amount: Amount,
}

#[derive(Deserialize)]
pub(super) struct WireCoupon {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) code: String,
}

/// How an order is paid, as far as money can go back the same way.
#[derive(Deserialize)]
pub(super) struct WireGateway {
    #[serde(default, deserialize_with = "nullable")]
    pub(super) method_supports: Vec<String>,
}

/// A word for where orders stand, from the report that counts them.
#[derive(Deserialize)]
pub(super) struct WireStatus {
    pub(super) slug: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) name: String,
}

#[derive(Deserialize)]
pub(super) struct WireOrder {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "nullable")]
    number: String,
    pub(super) status: String,
    currency: Currency,
    #[serde(default, deserialize_with = "moment")]
    date_created_gmt: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "moment")]
    date_modified_gmt: Option<DateTime<Utc>>,
    #[serde(default, deserialize_with = "moment")]
    pub(super) date_paid_gmt: Option<DateTime<Utc>>,
    pub(super) total: Amount,
    #[serde(default, deserialize_with = "nullable")]
    customer_id: u64,
    #[serde(default, deserialize_with = "nullable")]
    customer_note: String,
    #[serde(default, deserialize_with = "nullable")]
    billing: WireAddress,
    #[serde(default, deserialize_with = "nullable")]
    shipping: WireAddress,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) payment_method: String,
    #[serde(default, deserialize_with = "nullable")]
    payment_method_title: String,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) transaction_id: String,
    #[serde(default)]
    meta_data: Vec<WireMeta>,
    pub(super) line_items: Vec<WireLine>,
    #[serde(default)]
    shipping_lines: Vec<WireCharge>,
    #[serde(default)]
    fee_lines: Vec<WireCharge>,
}

#[derive(Deserialize, Default)]
struct WireAddress {
    #[serde(default, deserialize_with = "nullable")]
    first_name: String,
    #[serde(default, deserialize_with = "nullable")]
    last_name: String,
    #[serde(default, deserialize_with = "nullable")]
    company: String,
    #[serde(default, deserialize_with = "nullable")]
    address_1: String,
    #[serde(default, deserialize_with = "nullable")]
    address_2: String,
    #[serde(default, deserialize_with = "nullable")]
    city: String,
    #[serde(default, deserialize_with = "nullable")]
    state: String,
    #[serde(default, deserialize_with = "nullable")]
    postcode: String,
    #[serde(default, deserialize_with = "nullable")]
    country: String,
    #[serde(default, deserialize_with = "nullable")]
    email: String,
    #[serde(default, deserialize_with = "nullable")]
    phone: String,
}

#[derive(Deserialize)]
pub(super) struct WireLine {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    #[serde(default, deserialize_with = "nullable")]
    product_id: u64,
    #[serde(default, deserialize_with = "nullable")]
    variation_id: u64,
    pub(super) quantity: Pieces,
    #[serde(default)]
    pub(super) subtotal: Amount,
    #[serde(default)]
    pub(super) total: Amount,
    #[serde(default)]
    total_tax: Amount,
    #[serde(default)]
    pub(super) taxes: Vec<WireTax>,
    #[serde(default, deserialize_with = "nullable")]
    sku: String,
    #[serde(default)]
    meta_data: Vec<WireMeta>,
}

/// What one tax rate makes of a line.
#[derive(Deserialize)]
pub(super) struct WireTax {
    pub(super) id: u64,
    #[serde(default)]
    pub(super) total: Amount,
}

#[derive(Deserialize)]
struct WireCharge {
    #[serde(default, deserialize_with = "nullable")]
    method_title: String,
    #[serde(default)]
    total: Amount,
    #[serde(default)]
    total_tax: Amount,
}

#[derive(Deserialize)]
struct WireMeta {
    #[serde(default, deserialize_with = "nullable")]
    key: String,
    #[serde(default)]
    value: MetaText,
}

/// A field's value where it is text; whatever else plugins keep there is skipped unread.
#[derive(Default)]
struct MetaText(Option<String>);

/// A whole number of pieces; some plugins sell by weight, which this desk does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Pieces(pub(super) u32);

#[derive(Deserialize)]
pub(super) struct WireProduct {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "nullable")]
    pub(super) parent_id: u64,
    #[serde(default, deserialize_with = "nullable")]
    name: String,
    #[serde(default, rename = "type", deserialize_with = "nullable")]
    pub(super) kind: String,
    #[serde(default, deserialize_with = "nullable")]
    status: String,
    #[serde(default, deserialize_with = "nullable")]
    sku: String,
    #[serde(default)]
    pub(super) price: Amount,
    #[serde(default, deserialize_with = "nullable")]
    purchasable: bool,
    #[serde(default)]
    manage_stock: ManagesStock,
    #[serde(default)]
    stock_quantity: Option<Amount>,
    #[serde(default, deserialize_with = "nullable")]
    stock_status: String,
    #[serde(default, deserialize_with = "nullable")]
    backorders: String,
    #[serde(default, deserialize_with = "moment")]
    pub(super) date_modified_gmt: Option<DateTime<Utc>>,
    #[serde(default)]
    attributes: Vec<WireAttribute>,
    #[serde(default = "yes", rename = "tax_status", deserialize_with = "taxable")]
    is_taxed: bool,
    #[serde(default, deserialize_with = "nullable")]
    tax_class: String,
}

fn yes() -> bool {
    true
}

/// `taxable`, `shipping` (only its delivery) or `none`.
fn taxable<'de, D: Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    let word = Option::<String>::deserialize(deserializer)?;
    Ok(word.is_none_or(|word| word == "taxable"))
}

/// `true`, `false`, or for a variation `"parent"`: the parent's stock is its stock.
#[derive(Default, Clone, Copy, PartialEq, Eq)]
struct ManagesStock(bool);

#[derive(Deserialize)]
struct WireAttribute {
    #[serde(default, deserialize_with = "nullable")]
    option: String,
}

#[derive(Deserialize)]
pub(super) struct WireCustomer {
    pub(super) id: u64,
    #[serde(default, deserialize_with = "nullable")]
    first_name: String,
    #[serde(default, deserialize_with = "nullable")]
    last_name: String,
    #[serde(default, deserialize_with = "nullable")]
    email: String,
    #[serde(default, deserialize_with = "nullable")]
    billing: WireAddress,
}

/// One element of a list, or only its identity where it departs from the form: one order in a form
/// of some plugin's own must not hold up all others.
pub(super) enum Element<T> {
    Read(T),
    Odd(Identity),
}

impl<'de, T: DeserializeOwned> Deserialize<'de> for Element<T> {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let raw = <&serde_json::value::RawValue>::deserialize(deserializer)?;
        match serde_json::from_str(raw.get()) {
            Ok(read) => Ok(Self::Read(read)),
            Err(_) => serde_json::from_str(raw.get())
                .map(Self::Odd)
                .map_err(D::Error::custom),
        }
    }
}

impl WireAddress {
    fn name(&self) -> String {
        joined([&self.first_name, &self.last_name], " ")
    }

    fn lines(&self) -> String {
        let town = joined([&self.postcode, &self.city], " ");
        let parts = [
            &self.company,
            &self.address_1,
            &self.address_2,
            &town,
            &self.state,
            &self.country,
        ];
        joined(parts, "\n")
    }

    fn is_empty(&self) -> bool {
        self.address_1.trim().is_empty() && self.city.trim().is_empty()
    }
}

fn joined<'a>(parts: impl IntoIterator<Item = &'a String>, separator: &str) -> String {
    let kept: Vec<_> = parts
        .into_iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty())
        .collect();
    kept.join(separator)
}

fn first_filled<'a>(candidates: impl IntoIterator<Item = &'a String>) -> String {
    candidates
        .into_iter()
        .find(|text| !text.trim().is_empty())
        .cloned()
        .unwrap_or_default()
}

impl WireOrder {
    /// A field of ours; none where absent.
    pub(super) fn field(&self, key: &str) -> Option<&str> {
        let meta = self.meta_data.iter().find(|meta| meta.key == key)?;
        meta.value.0.as_deref()
    }

    pub(super) fn is_trashed(&self) -> bool {
        self.status == "trash"
    }

    pub(super) fn currency(&self) -> Currency {
        self.currency
    }

    pub(super) fn stage(&self, words: &Words) -> OrderStage {
        let is_confirmed = self.field(CONFIRMED_AT).is_some_and(|at| !at.is_empty());
        match words.stage(&self.status) {
            OrderStage::New if is_confirmed => OrderStage::Confirmed,
            stage => stage,
        }
    }

    /// Whether the total is the sum of its parts, give or take each part's rounding.
    pub(super) fn adds_up(&self) -> bool {
        let lines: Amount = self.line_items.iter().map(WireLine::gross).sum();
        let charges = self.shipping_lines.iter().chain(&self.fee_lines);
        let rest: Amount = charges.map(|charge| charge.total + charge.total_tax).sum();
        let parts = self.line_items.len() + self.shipping_lines.len() + self.fee_lines.len();
        (lines + rest).is_within(self.total, parts + 1, self.currency)
    }

    pub(super) fn to_order(&self, words: &Words) -> Result<Order, ShopError> {
        let odd = |what: &str| ShopError::BadReply(format!("order {}: {what}", self.id));
        let money = |amount: Amount| {
            amount
                .to_money(self.currency)
                .ok_or_else(|| odd("amount too large"))
        };
        let created = self.date_created_gmt.ok_or_else(|| odd("no date"))?;
        let delivery: Amount = self
            .shipping_lines
            .iter()
            .map(|charge| charge.total + charge.total_tax)
            .sum();
        let address = if self.shipping.is_empty() {
            &self.billing
        } else {
            &self.shipping
        };
        let lines = self
            .line_items
            .iter()
            .map(|line| line.to_line(self.currency, &money));
        Ok(Order {
            remote: remote(self.id),
            number: if self.number.is_empty() {
                self.id.to_string()
            } else {
                self.number.clone()
            },
            placed_at: created,
            changed_at: self.date_modified_gmt.unwrap_or(created),
            status: self.status.clone(),
            stage: self.stage(words),
            customer: Customer {
                remote: (self.customer_id > 0).then(|| remote(self.customer_id)),
                name: first_filled([&self.billing.name(), &self.shipping.name()]),
                phone: first_filled([&self.billing.phone, &self.shipping.phone]),
                email: self.billing.email.clone(),
            },
            delivery_address: address.lines(),
            delivery_method: joined(
                self.shipping_lines
                    .iter()
                    .map(|charge| &charge.method_title),
                ", ",
            ),
            payment_method: first_filled([&self.payment_method_title, &self.payment_method]),
            customer_note: self.customer_note.clone(),
            lines: lines.collect::<Result<_, _>>()?,
            delivery_total: money(delivery)?,
            total: money(self.total)?,
        })
    }

    pub(super) fn modified(&self) -> Option<DateTime<Utc>> {
        self.date_modified_gmt.or(self.date_created_gmt)
    }

    pub(super) fn created(&self) -> Option<DateTime<Utc>> {
        self.date_created_gmt
    }
}

impl WireLine {
    /// What the line costs the customer.
    pub(super) fn gross(&self) -> Amount {
        self.total + self.total_tax
    }

    /// What is sold on it: the variation where there is one; none for a line typed by hand.
    pub(super) fn product(&self) -> Option<u64> {
        [self.variation_id, self.product_id]
            .into_iter()
            .find(|id| *id > 0)
    }

    /// Whether the line carries this mark of ours.
    pub(super) fn is_marked(&self, mark: &str) -> bool {
        let ours = self.meta_data.iter().filter(|meta| meta.key == FIELD);
        ours.into_iter()
            .any(|meta| meta.value.0.as_deref() == Some(mark))
    }

    fn to_line(
        &self,
        currency: Currency,
        money: &impl Fn(Amount) -> Result<Money, ShopError>,
    ) -> Result<OrderLine, ShopError> {
        let Pieces(quantity) = self.quantity;
        let unit = self.gross().for_pieces(1, quantity);
        Ok(OrderLine {
            remote: remote(self.id),
            product: self.product().map(remote),
            sku: self.sku.clone(),
            name: self.name.clone(),
            quantity,
            unit_price: unit.to_money(currency).unwrap_or(Money::new(0, currency)),
            total: money(self.gross())?,
        })
    }
}

impl WireProduct {
    /// Whether a line can be made of it at all.
    pub(super) fn can_be_ordered(&self) -> bool {
        let sold_here = matches!(self.status.as_str(), "publish" | "private");
        // The parent of variations and a group of products are shelves, not goods.
        let is_shelf = matches!(self.kind.as_str(), "variable" | "grouped" | "external");
        self.purchasable && sold_here && !is_shelf
    }

    /// Whether so many can be promised.
    pub(super) fn has_stock_for(&self, pieces: u32) -> bool {
        if self.backorders == "yes" || self.backorders == "notify" {
            return true;
        }
        let counted = self.stock().is_none_or(|stock| stock >= i64::from(pieces));
        self.stock_status != "outofstock" && counted
    }

    fn stock(&self) -> Option<i64> {
        if !self.manage_stock.0 {
            return None;
        }
        // Rounded down by way of minor units: half a piece cannot be sold.
        let hundredths = self.stock_quantity?.to_money(Currency::USD)?.minor;
        Some(hundredths.div_euclid(100))
    }

    /// As the desk knows products; a variation takes its parent's name and the later stamp.
    pub(super) fn to_product(
        &self,
        currency: Currency,
        taxes: &Taxes,
        parent: Option<&Self>,
    ) -> Result<Product, ShopError> {
        let odd = |what: &str| ShopError::BadReply(format!("product {}: {what}", self.id));
        let stamps = [
            self.date_modified_gmt,
            parent.and_then(|parent| parent.date_modified_gmt),
        ];
        let changed_at = stamps
            .into_iter()
            .flatten()
            .max()
            .ok_or_else(|| odd("no date"))?;
        let name = match parent {
            Some(parent) => {
                let options = joined(
                    self.attributes.iter().map(|attribute| &attribute.option),
                    ", ",
                );
                joined([&parent.name, &options], " – ")
            }
            None => self.name.clone(),
        };
        let on_shelf = parent.is_none_or(|parent| parent.status == "publish");
        let stock = match parent {
            Some(parent) if !self.manage_stock.0 => parent.stock(),
            _ => self.stock(),
        };
        Ok(Product {
            remote: remote(self.id),
            sku: self.sku.clone(),
            name,
            price: taxes
                .gross(self.price, self.is_taxed, &self.tax_class)
                .to_money(currency)
                .ok_or_else(|| odd("amount too large"))?,
            stock,
            enabled: on_shelf && self.can_be_ordered() && self.has_stock_for(1),
            changed_at,
        })
    }
}

impl WireCustomer {
    pub(super) fn to_customer(&self) -> Customer {
        let own = joined([&self.first_name, &self.last_name], " ");
        Customer {
            remote: Some(remote(self.id)),
            name: first_filled([&own, &self.billing.name()]),
            phone: self.billing.phone.clone(),
            email: first_filled([&self.email, &self.billing.email]),
        }
    }
}

pub(super) fn remote(id: u64) -> RemoteId {
    RemoteId(id.to_string())
}

/// PHP writes null, and for an empty object an empty list, where nothing is.
fn nullable<'de, D, T>(deserializer: D) -> Result<T, D::Error>
where
    D: Deserializer<'de>,
    T: Default + Deserialize<'de>,
{
    Option::<T>::deserialize(deserializer).map(Option::unwrap_or_default)
}

/// `2026-01-02T03:04:05`, in GMT as the field's name says, with or without a Z.
fn moment<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Option<DateTime<Utc>>, D::Error> {
    let Some(text) = Option::<String>::deserialize(deserializer)? else {
        return Ok(None);
    };
    let bare = text.trim_end_matches('Z');
    if bare.is_empty() {
        return Ok(None);
    }
    let read =
        NaiveDateTime::parse_from_str(bare, "%Y-%m-%dT%H:%M:%S").map_err(D::Error::custom)?;
    Ok(Some(read.and_utc()))
}

impl<'de> Deserialize<'de> for MetaText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl<'de> Visitor<'de> for Reader {
            type Value = MetaText;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a field's value")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<MetaText, E> {
                Ok(MetaText(Some(text.to_owned())))
            }
            fn visit_bool<E: Error>(self, _: bool) -> Result<MetaText, E> {
                Ok(MetaText(None))
            }
            fn visit_i64<E: Error>(self, _: i64) -> Result<MetaText, E> {
                Ok(MetaText(None))
            }
            fn visit_u64<E: Error>(self, _: u64) -> Result<MetaText, E> {
                Ok(MetaText(None))
            }
            fn visit_f64<E: Error>(self, _: f64) -> Result<MetaText, E> {
                Ok(MetaText(None))
            }
            fn visit_unit<E: Error>(self) -> Result<MetaText, E> {
                Ok(MetaText(None))
            }
            fn visit_seq<A: SeqAccess<'de>>(self, mut list: A) -> Result<MetaText, A::Error> {
                while list.next_element::<IgnoredAny>()?.is_some() {}
                Ok(MetaText(None))
            }
            fn visit_map<A: MapAccess<'de>>(self, mut map: A) -> Result<MetaText, A::Error> {
                while map.next_entry::<IgnoredAny, IgnoredAny>()?.is_some() {}
                Ok(MetaText(None))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for ManagesStock {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = ManagesStock;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("true, false or \"parent\"")
            }
            fn visit_bool<E: Error>(self, own: bool) -> Result<ManagesStock, E> {
                Ok(ManagesStock(own))
            }
            fn visit_str<E: Error>(self, _: &str) -> Result<ManagesStock, E> {
                Ok(ManagesStock(false))
            }
            fn visit_unit<E: Error>(self) -> Result<ManagesStock, E> {
                Ok(ManagesStock(false))
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

impl<'de> Deserialize<'de> for Pieces {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let amount = Amount::deserialize(deserializer)?;
        // Whole pieces only: the hundredths must come out even.
        let hundredths = amount.to_money(Currency::USD).map(|money| money.minor);
        let whole = hundredths.filter(|hundredths| hundredths % 100 == 0);
        let pieces = whole.and_then(|hundredths| u32::try_from(hundredths / 100).ok());
        pieces
            .map(Self)
            .ok_or_else(|| D::Error::custom("no whole number of pieces"))
    }
}
