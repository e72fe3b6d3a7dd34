//! What goes over the wire: queries, the nodes they bring, and those nodes in our words.

use super::client::Answer;
use super::status::Words;
use crate::ShopError;
use chrono::{DateTime, Utc};
use rules::id::RemoteId;
use rules::money::{Currency, Money};
use rules::order::{Customer, Order, OrderLine, OrderStage, Product};
use serde::Deserialize;
use serde_json::{Value, json};
use std::collections::BTreeMap;

pub(super) const ABOUT: &str = "
query About {
  activeAdministrator { id }
  activeChannel { id code defaultCurrencyCode defaultLanguageCode trackInventory }
  me { channels { id permissions } }
}";

pub(super) const PAYMENT_METHODS: &str = "
query PaymentMethods { paymentMethods(options: { take: 100 }) { items { code name } } }";

pub(super) const DECLARED_FIELDS: &str = "
query DeclaredFields { __type(name: \"OrderCustomFields\") { fields { name } } }";

pub(super) const PROCESS: &str = "
query Process { globalSettings { serverConfig { orderProcess { name to } } } }";

pub(super) const PROMOTIONS: &str = "
query Promotions($code: String!) {
  list: promotions(options: { take: 100, filter: { couponCode: { eq: $code } } }) {
    items { id createdAt couponCode }
  }
}";

pub(super) const VARIANTS: &str = "
query Variants($options: ProductVariantListOptions) {
  list: productVariants(options: $options) {
    items {
      id updatedAt sku name enabled trackInventory priceWithTax currencyCode
      product { enabled }
      stockLevels { stockOnHand stockAllocated }
    }
  }
}";

pub(super) const CUSTOMERS: &str = "
query Customers($options: CustomerListOptions) {
  list: customers(options: $options) {
    items { id updatedAt firstName lastName phoneNumber emailAddress }
  }
}";

pub(super) const NEWEST_ORDER: &str = "
query NewestOrder($options: OrderListOptions) {
  list: orders(options: $options) { items { updatedAt } }
}";

/// The part of an order that everyone needs; `CONFIRMATION` stands for the declared fields.
const ORDER: &str = "
fragment OrderParts on Order {
  id code state updatedAt createdAt orderPlacedAt currencyCode totalWithTax shippingWithTax
  customer { id updatedAt firstName lastName phoneNumber emailAddress }
  shippingAddress {
    fullName company streetLine1 streetLine2 city province postalCode country phoneNumber
  }
  shippingLines { shippingMethod { name } }
  payments { id method state amount transactionId refunds { id total state reason } }
  lines {
    id quantity proratedUnitPriceWithTax proratedLinePriceWithTax
    productVariant { id sku name }
  }
  surcharges { id description sku priceWithTax }
  CONFIRMATION
}";

const ORDERS: &str = "
query Orders($options: OrderListOptions) {
  list: orders(options: $options) { items { ...OrderParts } }
}";

const ONE_ORDER: &str = "
query OneOrder($id: ID!) { order(id: $id) { ...OrderParts } }";

/// With what an edit leaves behind. Later entries come first; within one second by identity.
const EDITED_ORDER: &str = "
query EditedOrder($id: ID!) {
  order(id: $id) {
    ...OrderParts
    modifications { note }
    history(options: {
      take: 100
      sort: { createdAt: DESC, id: DESC }
      filter: { type: { eq: \"ORDER_STATE_TRANSITION\" } }
    }) { items { data administrator { id firstName lastName } } }
    cancellations: history(options: {
      take: 100
      filter: { type: { eq: \"ORDER_CANCELLATION\" } }
    }) { items { data } }
  }
}";

pub(super) const NOTES: &str = "
query Notes($id: ID!, $skip: Int!, $take: Int!) {
  order(id: $id) {
    history(options: {
      skip: $skip
      take: $take
      sort: { createdAt: DESC, id: DESC }
      filter: { type: { eq: \"ORDER_NOTE\" } }
    }) { items { id data } }
  }
}";

/// Orders that were placed: neither baskets nor drafts.
pub(super) fn placed_orders() -> Value {
    json!({ "active": { "eq": false }, "orderPlacedAt": { "isNull": false } })
}

pub(super) fn orders_query(fields: ConfirmationFields) -> String {
    with_order_parts(ORDERS, fields)
}

pub(super) fn order_query(fields: ConfirmationFields) -> String {
    with_order_parts(ONE_ORDER, fields)
}

pub(super) fn edited_order_query(fields: ConfirmationFields) -> String {
    with_order_parts(EDITED_ORDER, fields)
}

pub(super) fn probe_fields() -> String {
    let names = ConfirmationFields::ALL.selection();
    format!("query ProbeFields {{ orders(options: {{ take: 1 }}) {{ items {{ {names} }} }} }}")
}

fn with_order_parts(query: &str, fields: ConfirmationFields) -> String {
    format!(
        "{query}{}",
        ORDER.replace("CONFIRMATION", &fields.selection())
    )
}

/// Which of the order fields agreed with client shops a shop declares.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
#[expect(
    clippy::struct_excessive_bools,
    reason = "each field may be declared without the others"
)]
pub(super) struct ConfirmationFields {
    pub(super) confirmed_by: bool,
    pub(super) confirmed_at: bool,
    pub(super) call_result: bool,
    pub(super) client_ref: bool,
}

impl ConfirmationFields {
    pub(super) const ALL: Self = Self {
        confirmed_by: true,
        confirmed_at: true,
        call_result: true,
        client_ref: true,
    };

    fn selection(self) -> String {
        let names: Vec<_> = [
            (self.confirmed_by, "confirmedBy"),
            (self.confirmed_at, "confirmedAt"),
            (self.call_result, "callResult"),
            (self.client_ref, "clientRef"),
        ]
        .into_iter()
        .filter_map(|(declared, name)| declared.then_some(name))
        .collect();
        if names.is_empty() {
            String::new()
        } else {
            format!("customFields {{ {} }}", names.join(" "))
        }
    }
}

#[derive(Deserialize)]
pub(super) struct Declared {
    #[serde(rename = "__type")]
    kind: Option<DeclaredType>,
}

#[derive(Deserialize)]
struct DeclaredType {
    fields: Option<Vec<DeclaredField>>,
}

#[derive(Deserialize)]
struct DeclaredField {
    name: String,
}

impl Declared {
    pub(super) fn fields(&self) -> ConfirmationFields {
        let declared = self
            .kind
            .as_ref()
            .and_then(|kind| kind.fields.as_deref())
            .unwrap_or_default();
        let has = |name: &str| declared.iter().any(|field| field.name == name);
        ConfirmationFields {
            confirmed_by: has("confirmedBy"),
            confirmed_at: has("confirmedAt"),
            call_result: has("callResult"),
            client_ref: has("clientRef"),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct About {
    active_administrator: Option<Identified>,
    active_channel: ChannelNode,
    me: Option<Me>,
}

#[derive(Deserialize)]
pub(super) struct Identified {
    pub(super) id: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ChannelNode {
    id: String,
    code: String,
    default_currency_code: Currency,
    default_language_code: String,
    track_inventory: Option<bool>,
}

#[derive(Deserialize)]
struct Me {
    channels: Vec<Rights>,
}

#[derive(Deserialize)]
struct Rights {
    id: String,
    permissions: Vec<String>,
}

impl About {
    pub(super) fn administrator_id(&self) -> Result<String, ShopError> {
        let administrator = self.active_administrator.as_ref();
        administrator
            .map(|one| one.id.clone())
            .ok_or(ShopError::NoReadRight("settings"))
    }

    pub(super) fn tracks_inventory(&self) -> bool {
        self.active_channel.track_inventory.unwrap_or(true)
    }

    pub(super) fn currency(&self) -> Currency {
        self.active_channel.default_currency_code
    }

    pub(super) fn language(&self) -> String {
        self.active_channel.default_language_code.clone()
    }

    /// Making promotions, and taking away what was made twice.
    pub(super) fn may_promote(&self) -> bool {
        let has = |what: &str| {
            let whole = format!("{what}Promotion");
            self.may(&[whole.as_str()])
        };
        ["Create", "Read", "Delete"].into_iter().all(has)
    }

    fn may(&self, permissions: &[&str]) -> bool {
        let channels = self.me.as_ref().map(|me| me.channels.as_slice());
        let here = channels
            .unwrap_or_default()
            .iter()
            .find(|rights| rights.id == self.active_channel.id);
        here.is_some_and(|rights| {
            let mut held = rights.permissions.iter();
            held.any(|held| permissions.contains(&held.as_str()))
        })
    }

    /// The default channel's code is a word of Vendure, not the shop's name.
    pub(super) fn shop_name(&self) -> String {
        let code = &self.active_channel.code;
        if code.starts_with("__") {
            String::new()
        } else {
            code.clone()
        }
    }

    /// Reading orders, customers and products, and writing orders.
    pub(super) fn check_rights(&self) -> Result<(), ShopError> {
        if !self.may(&["ReadOrder"]) {
            return Err(ShopError::NoReadRight("orders"));
        }
        if !self.may(&["ReadCustomer"]) {
            return Err(ShopError::NoReadRight("customers"));
        }
        if !self.may(&["ReadCatalog", "ReadProduct"]) {
            return Err(ShopError::NoReadRight("products"));
        }
        if !self.may(&["UpdateOrder"]) {
            return Err(ShopError::NoWriteRight);
        }
        Ok(())
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentMethods {
    payment_methods: Items<PaymentMethodNode>,
}

#[derive(Deserialize)]
struct PaymentMethodNode {
    code: String,
    name: String,
}

pub(super) fn payment_names(answer: Answer<PaymentMethods>) -> BTreeMap<String, String> {
    let methods = answer.data.payment_methods.items.into_iter();
    methods.map(|method| (method.code, method.name)).collect()
}

#[derive(Deserialize)]
pub(super) struct Items<T> {
    pub(super) items: Vec<T>,
}

#[derive(Deserialize)]
pub(super) struct Listed<T> {
    pub(super) list: Items<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Stamped {
    pub(super) updated_at: DateTime<Utc>,
}

#[derive(Deserialize)]
pub(super) struct Found<T> {
    pub(super) order: Option<T>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct Process {
    global_settings: GlobalSettings,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct GlobalSettings {
    server_config: ServerConfig,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ServerConfig {
    order_process: Vec<ProcessState>,
}

/// A state and where it leads.
#[derive(Deserialize)]
pub(super) struct ProcessState {
    pub(super) name: String,
    pub(super) to: Vec<String>,
}

impl Process {
    pub(super) fn states(self) -> Vec<ProcessState> {
        self.global_settings.server_config.order_process
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PromotionNode {
    pub(super) id: String,
    pub(super) created_at: DateTime<Utc>,
    pub(super) coupon_code: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct VariantNode {
    pub(super) id: String,
    pub(super) updated_at: DateTime<Utc>,
    sku: String,
    name: String,
    enabled: bool,
    track_inventory: String,
    price_with_tax: i64,
    currency_code: Currency,
    product: Enabled,
    stock_levels: Vec<StockLevel>,
}

#[derive(Deserialize)]
struct Enabled {
    enabled: bool,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct StockLevel {
    stock_on_hand: i64,
    stock_allocated: i64,
}

impl VariantNode {
    pub(super) fn into_product(self, channel_tracks: bool) -> Product {
        let counted = match self.track_inventory.as_str() {
            "TRUE" => true,
            "FALSE" => false,
            _ => channel_tracks,
        };
        // What is promised to other orders cannot be promised again.
        let free = self
            .stock_levels
            .iter()
            .map(|level| level.stock_on_hand - level.stock_allocated);
        Product {
            remote: RemoteId(self.id),
            sku: self.sku,
            name: self.name,
            price: Money::new(self.price_with_tax, self.currency_code),
            stock: counted.then(|| free.sum()),
            enabled: self.enabled && self.product.enabled,
            changed_at: self.updated_at,
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct CustomerNode {
    pub(super) id: String,
    pub(super) updated_at: DateTime<Utc>,
    first_name: String,
    last_name: String,
    phone_number: Option<String>,
    email_address: String,
}

impl CustomerNode {
    /// `address` lends its phone where the customer has none.
    pub(super) fn to_customer(&self, address: Option<&AddressNode>) -> Customer {
        let own = self.phone_number.as_deref().unwrap_or_default();
        let lent = address
            .and_then(|address| address.phone_number.as_deref())
            .unwrap_or_default();
        let phone = if own.trim().is_empty() { lent } else { own };
        Customer {
            remote: Some(RemoteId(self.id.clone())),
            name: joined([&self.first_name, &self.last_name], " "),
            phone: phone.trim().to_owned(),
            email: self.email_address.clone(),
        }
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AddressNode {
    full_name: Option<String>,
    company: Option<String>,
    street_line1: Option<String>,
    street_line2: Option<String>,
    city: Option<String>,
    province: Option<String>,
    postal_code: Option<String>,
    country: Option<String>,
    phone_number: Option<String>,
}

impl AddressNode {
    fn to_read_aloud(&self) -> String {
        let text = |part: &Option<String>| part.clone().unwrap_or_default();
        let town = joined([&text(&self.city), &text(&self.postal_code)], ", ");
        joined(
            [
                &text(&self.company),
                &town,
                &text(&self.province),
                &text(&self.street_line1),
                &text(&self.street_line2),
                &text(&self.country),
            ],
            "\n",
        )
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct ShippingLineNode {
    shipping_method: Named,
}

#[derive(Deserialize)]
struct Named {
    name: String,
}

#[derive(Clone, Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct PaymentNode {
    pub(super) id: String,
    pub(super) method: String,
    pub(super) state: String,
    pub(super) amount: i64,
    pub(super) transaction_id: Option<String>,
    #[serde(default)]
    pub(super) refunds: Vec<RefundNode>,
}

#[derive(Clone, Deserialize)]
pub(super) struct RefundNode {
    pub(super) id: String,
    pub(super) total: i64,
    pub(super) state: String,
    pub(super) reason: Option<String>,
}

impl PaymentNode {
    fn counts(&self) -> bool {
        !matches!(self.state.as_str(), "Error" | "Declined" | "Cancelled")
    }

    /// What it still covers, as Vendure reckons it: only settled refunds are taken off.
    fn covers(&self) -> i64 {
        let settled = self
            .refunds
            .iter()
            .filter(|refund| refund.state == "Settled");
        self.amount - settled.map(|refund| refund.total.abs()).sum::<i64>()
    }

    /// What may still be given back of it.
    pub(super) fn refundable(&self) -> i64 {
        if !self.counts() {
            return 0;
        }
        let given = self
            .refunds
            .iter()
            .filter(|refund| refund.state != "Failed");
        self.amount - given.map(|refund| refund.total.abs()).sum::<i64>()
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct LineNode {
    pub(super) id: String,
    pub(super) quantity: u32,
    prorated_unit_price_with_tax: i64,
    prorated_line_price_with_tax: i64,
    pub(super) product_variant: VariantName,
}

#[derive(Deserialize)]
pub(super) struct VariantName {
    pub(super) id: String,
    sku: String,
    name: String,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct SurchargeNode {
    id: String,
    description: String,
    sku: Option<String>,
    price_with_tax: i64,
}

#[derive(Clone, Default, Deserialize)]
#[serde(rename_all = "camelCase", default)]
pub(super) struct Confirmation {
    pub(super) confirmed_by: Option<String>,
    pub(super) confirmed_at: Option<String>,
    pub(super) call_result: Option<String>,
    pub(super) client_ref: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct OrderNode {
    pub(super) id: String,
    code: String,
    pub(super) state: String,
    pub(super) updated_at: DateTime<Utc>,
    created_at: DateTime<Utc>,
    order_placed_at: Option<DateTime<Utc>>,
    currency_code: Currency,
    pub(super) total_with_tax: i64,
    shipping_with_tax: i64,
    customer: Option<CustomerNode>,
    shipping_address: Option<AddressNode>,
    shipping_lines: Vec<ShippingLineNode>,
    payments: Option<Vec<PaymentNode>>,
    pub(super) lines: Vec<LineNode>,
    surcharges: Vec<SurchargeNode>,
    #[serde(default)]
    custom_fields: Option<Confirmation>,
}

impl OrderNode {
    pub(super) fn placed_at(&self) -> DateTime<Utc> {
        self.order_placed_at.unwrap_or(self.created_at)
    }

    pub(super) fn payments(&self) -> &[PaymentNode] {
        self.payments.as_deref().unwrap_or_default()
    }

    pub(super) fn confirmation(&self) -> Confirmation {
        self.custom_fields.clone().unwrap_or_default()
    }

    /// What payments do not cover yet; negative where they cover too much.
    pub(super) fn deficit(&self) -> i64 {
        let covering = self.payments().iter().filter(|payment| payment.counts());
        self.total_with_tax - covering.map(PaymentNode::covers).sum::<i64>()
    }

    pub(super) fn currency(&self) -> Currency {
        self.currency_code
    }

    pub(super) fn stage(&self, words: &Words) -> OrderStage {
        let confirmation = self
            .custom_fields
            .as_ref()
            .and_then(|fields| fields.confirmed_at.as_deref());
        let is_confirmed = confirmation.is_some_and(|at| !at.is_empty());
        match words.stage(&self.state) {
            OrderStage::New if is_confirmed => OrderStage::Confirmed,
            stage => stage,
        }
    }

    /// Goods, then surcharges, which make part of the total as well.
    pub(super) fn order_lines(&self) -> Vec<OrderLine> {
        let money = |minor| Money::new(minor, self.currency_code);
        // A line that was taken off stays with zero pieces.
        let goods = self
            .lines
            .iter()
            .filter(|line| line.quantity > 0)
            .map(|line| OrderLine {
                remote: RemoteId(line.id.clone()),
                product: Some(RemoteId(line.product_variant.id.clone())),
                sku: line.product_variant.sku.clone(),
                name: line.product_variant.name.clone(),
                quantity: line.quantity,
                unit_price: money(line.prorated_unit_price_with_tax),
                total: money(line.prorated_line_price_with_tax),
            });
        let surcharges = self.surcharges.iter().map(|surcharge| OrderLine {
            remote: RemoteId(format!("{SURCHARGE_PREFIX}{}", surcharge.id)),
            product: None,
            sku: surcharge.sku.clone().unwrap_or_default(),
            name: surcharge.description.clone(),
            quantity: 1,
            unit_price: money(surcharge.price_with_tax),
            total: money(surcharge.price_with_tax),
        });
        goods.chain(surcharges).collect()
    }

    pub(super) fn to_order(
        &self,
        words: &Words,
        payment_names: &BTreeMap<String, String>,
    ) -> Order {
        let money = |minor| Money::new(minor, self.currency_code);
        let address = self.shipping_address.as_ref();
        let mut customer = match &self.customer {
            Some(customer) => customer.to_customer(address),
            None => Customer {
                phone: address
                    .and_then(|one| one.phone_number.clone())
                    .unwrap_or_default(),
                ..Customer::default()
            },
        };
        if customer.name.is_empty() {
            customer.name = address
                .and_then(|one| one.full_name.clone())
                .unwrap_or_default();
        }
        let methods = self
            .payments()
            .iter()
            .filter(|payment| payment.counts())
            .map(|payment| {
                payment_names
                    .get(&payment.method)
                    .unwrap_or(&payment.method)
                    .as_str()
            });
        let deliveries = self
            .shipping_lines
            .iter()
            .map(|line| line.shipping_method.name.as_str());
        Order {
            remote: RemoteId(self.id.clone()),
            number: self.code.clone(),
            placed_at: self.placed_at(),
            changed_at: self.updated_at,
            status: self.state.clone(),
            stage: self.stage(words),
            customer,
            delivery_address: address.map(AddressNode::to_read_aloud).unwrap_or_default(),
            delivery_method: distinct(deliveries),
            payment_method: distinct(methods),
            customer_note: String::new(),
            lines: self.order_lines(),
            delivery_total: money(self.shipping_with_tax),
            total: money(self.total_with_tax),
        }
    }
}

/// Surcharges have identities of their own, which could be taken for a line's.
pub(super) const SURCHARGE_PREFIX: &str = "surcharge:";

#[derive(Deserialize)]
pub(super) struct EditedOrder {
    #[serde(flatten)]
    pub(super) order: OrderNode,
    pub(super) modifications: Vec<ModificationNode>,
    pub(super) history: Items<TransitionNode>,
    pub(super) cancellations: Items<CancellationNode>,
}

#[derive(Deserialize)]
pub(super) struct CancellationNode {
    pub(super) data: CancellationData,
}

#[derive(Deserialize)]
pub(super) struct CancellationData {
    #[serde(default)]
    pub(super) reason: Option<String>,
}

/// Who did something at the shop.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(super) struct AdministratorNode {
    pub(super) id: String,
    #[serde(default)]
    first_name: String,
    #[serde(default)]
    last_name: String,
}

impl AdministratorNode {
    pub(super) fn name(&self) -> String {
        joined([&self.first_name, &self.last_name], " ")
    }
}

#[derive(Deserialize)]
pub(super) struct ModificationNode {
    pub(super) note: String,
}

#[derive(Deserialize)]
pub(super) struct TransitionNode {
    pub(super) data: TransitionData,
    pub(super) administrator: Option<AdministratorNode>,
}

#[derive(Deserialize)]
pub(super) struct TransitionData {
    pub(super) from: String,
    pub(super) to: String,
}

#[derive(Deserialize)]
pub(super) struct Noted {
    pub(super) history: Items<NoteNode>,
}

#[derive(Deserialize)]
pub(super) struct NoteNode {
    pub(super) id: String,
    pub(super) data: NoteData,
}

#[derive(Deserialize)]
pub(super) struct NoteData {
    #[serde(default)]
    pub(super) note: String,
}

fn joined<const N: usize>(parts: [&String; N], separator: &str) -> String {
    let present = parts
        .into_iter()
        .map(|part| part.trim())
        .filter(|part| !part.is_empty());
    present.collect::<Vec<_>>().join(separator)
}

fn distinct<'a>(words: impl Iterator<Item = &'a str>) -> String {
    let mut known: Vec<&str> = Vec::new();
    for word in words.filter(|word| !word.is_empty()) {
        if !known.contains(&word) {
            known.push(word);
        }
    }
    known.join(", ")
}
