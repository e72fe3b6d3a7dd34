//! A real Vendure, reached by a way that can be told to fail. What only a double can do to a shop (a
//! stale read, a clock that is wrong, sums that do not add up) does not happen here.

use crate::contract_at_once;
use crate::rig::{Deed, Rig, Standing, Trouble};
use async_trait::async_trait;
use rules::id::RemoteId;
use serde_json::{Value, json};
use shops::{Access, Shop, ShopKind, connect};
use testkit::double::{Double, Passing};
use testkit::vendure::{SUPERADMIN, VendureAdmin, VendureOptions, VendureServer};

contract_at_once!(vendure, VendureRig::new());

/// Variants of the seed.
const PRODUCTS: [&str; 3] = ["1", "2", "3"];

pub struct VendureRig {
    // Held so that the shop runs as long as the rig.
    _server: VendureServer,
    admin: VendureAdmin,
    way: Double<Passing>,
}

const PLACE: &str = "
mutation Place($order: ID!, $first: Int!, $second: Int!, $address: CreateAddressInput!) {
  customer: setCustomerForDraftOrder(orderId: $order, customerId: 1) { __typename }
  first: addItemToDraftOrder(orderId: $order, input: { productVariantId: 1, quantity: $first }) {
    __typename
  }
  second: addItemToDraftOrder(orderId: $order, input: { productVariantId: 2, quantity: $second }) {
    __typename
  }
  shipping: setDraftOrderShippingAddress(orderId: $order, input: $address) { __typename }
  billing: setDraftOrderBillingAddress(orderId: $order, input: $address) { __typename }
  method: setDraftOrderShippingMethod(orderId: $order, shippingMethodId: 1) { __typename }
  arranging: transitionOrderToState(id: $order, state: \"ArrangingPayment\") { __typename }
  outcome: addManualPaymentToOrder(
    input: { orderId: $order, method: \"card\", transactionId: \"paid\", metadata: {} }
  ) { __typename }
}";

const MODIFY: &str = "
mutation Modify($input: ModifyOrderInput!) {
  outcome: modifyOrder(input: $input) {
    __typename
    ... on Order { totalWithTax }
    ... on ErrorResult { message }
  }
}";

const PENDING: &str = "
query Pending($id: ID!) {
  order(id: $id) {
    totalWithTax
    lines { id quantity }
    payments { id amount refunds { id total state } }
  }
}";

impl VendureRig {
    pub async fn new() -> Self {
        let server = VendureServer::start(VendureOptions {
            orders: 1,
            ..VendureOptions::default()
        })
        .await
        .unwrap();
        let admin = server.admin().await.unwrap();
        for id in PRODUCTS {
            let input = json!([{ "id": id, "stockOnHand": 100_000 }]);
            let stock = "mutation Stock($input: [UpdateProductVariantInput!]!) {
                updateProductVariants(input: $input) { id }
            }";
            admin
                .graphql(stock, json!({ "input": input }))
                .await
                .unwrap();
        }
        let way = Passing::to(&server.address(), None).unwrap();
        let way = Double::start(false, way).await.unwrap();
        Self {
            _server: server,
            admin,
            way,
        }
    }

    async fn ask(&self, query: &str, variables: Value) -> Value {
        self.admin.graphql(query, variables).await.unwrap()
    }

    async fn step(&self, order: &RemoteId, state: &str) {
        let query = "mutation Step($id: ID!, $state: String!) {
            transitionOrderToState(id: $id, state: $state) {
                __typename
                ... on OrderStateTransitionError { transitionError }
            }
        }";
        let told = self
            .ask(query, json!({ "id": order, "state": state }))
            .await;
        assert_eq!(
            told["transitionOrderToState"]["__typename"], "Order",
            "the staff move it to {state}: {told}"
        );
    }

    /// As an administrator does it in Vendure's own pages: open, change, settle, close.
    async fn set_pieces(&self, order: &RemoteId, line: usize, pieces: u32) {
        self.step(order, "Modifying").await;
        let before = self.ask(PENDING, json!({ "id": order })).await;
        let lines = before["order"]["lines"].as_array().unwrap();
        let shown: Vec<_> = lines.iter().filter(|line| line["quantity"] != 0).collect();
        let change = |dry_run: bool, refunds: Value| {
            json!({ "input": {
                "dryRun": dry_run,
                "orderId": order,
                "note": "staff",
                "adjustOrderLines": [{ "orderLineId": shown[line]["id"], "quantity": pieces }],
                "refunds": refunds,
            }})
        };
        if shown[line]["quantity"] != pieces {
            let trial = self.ask(MODIFY, change(true, json!([]))).await;
            let total = trial["outcome"]["totalWithTax"].as_i64().unwrap();
            let fall = before["order"]["totalWithTax"].as_i64().unwrap() - total;
            let mut refunds = Vec::new();
            let mut left = fall;
            for payment in before["order"]["payments"].as_array().unwrap() {
                let given: i64 = payment["refunds"]
                    .as_array()
                    .unwrap()
                    .iter()
                    .map(|refund| refund["total"].as_i64().unwrap())
                    .sum();
                let amount = left.min(payment["amount"].as_i64().unwrap() - given);
                if amount > 0 {
                    refunds.push(json!({ "paymentId": payment["id"], "amount": amount }));
                    left -= amount;
                }
            }
            let told = self.ask(MODIFY, change(false, refunds.into())).await;
            assert_eq!(told["outcome"]["__typename"], "Order", "{told}");
            self.settle_refunds(order).await;
            if fall < 0 {
                self.step(order, "ArrangingAdditionalPayment").await;
                let pay = "mutation Pay($id: ID!) {
                    addManualPaymentToOrder(input: {
                        orderId: $id, method: \"card\", transactionId: \"more\", metadata: {}
                    }) { __typename }
                }";
                self.ask(pay, json!({ "id": order })).await;
            }
        }
        self.step(order, "PaymentSettled").await;
    }

    async fn settle_refunds(&self, order: &RemoteId) {
        let stands = self.ask(PENDING, json!({ "id": order })).await;
        let payments = stands["order"]["payments"].as_array().unwrap().iter();
        let refunds = payments.flat_map(|payment| payment["refunds"].as_array().unwrap());
        for refund in refunds.filter(|refund| refund["state"] == "Pending") {
            let settle = "mutation Settle($id: ID!) {
                settleRefund(input: { id: $id, transactionId: \"given\" }) { __typename }
            }";
            self.ask(settle, json!({ "id": refund["id"] })).await;
        }
    }
}

#[async_trait]
impl Rig for VendureRig {
    fn shop(&self) -> Box<dyn Shop> {
        connect(&Access {
            kind: ShopKind::Vendure,
            address: self.way.address().to_owned(),
            user: SUPERADMIN.0.to_owned(),
            secret: SUPERADMIN.1.to_owned(),
            allow_http: true,
            allow_private: true,
            certificate_authority: None,
            statuses: None,
            rate: None,
        })
        .unwrap()
    }

    fn product(&self, number: usize) -> RemoteId {
        RemoteId::from(PRODUCTS[number])
    }

    async fn take_order(&self, pieces: [u32; 2]) -> RemoteId {
        let draft = self
            .ask("mutation Draft { createDraftOrder { id } }", json!({}))
            .await;
        let id = draft["createDraftOrder"]["id"].as_str().unwrap();
        let address = json!({
            "fullName": "Олена Коваль", "streetLine1": "вул. Лесі Українки, 5", "city": "Київ",
            "postalCode": "01133", "countryCode": "UA",
        });
        let [first, second] = pieces;
        let placed = json!({ "order": id, "first": first, "second": second, "address": address });
        let told = self.ask(PLACE, placed).await;
        assert_eq!(told["outcome"]["__typename"], "Order", "{told}");
        RemoteId::from(id)
    }

    async fn staff(&self, order: &RemoteId, deed: Deed) -> bool {
        let id = json!({ "id": order });
        match deed {
            Deed::Pieces { line, pieces } => self.set_pieces(order, line, pieces).await,
            Deed::Cancel => {
                let cancel = "mutation Cancel($id: ID!) {
                    cancelOrder(input: { orderId: $id, cancelShipping: true }) { __typename }
                }";
                self.ask(cancel, id).await;
            }
            Deed::Touch => {
                let touch = "mutation Touch($id: ID!) {
                    setOrderCustomFields(input: { id: $id, customFields: { callResult: \"x\" } }) {
                        id
                    }
                }";
                self.ask(touch, id).await;
            }
            Deed::Note => {
                let note = "mutation Note($id: ID!) {
                    addNoteToOrder(input: { id: $id, note: \"Дзвонив клієнт\", isPublic: false }) {
                        id
                    }
                }";
                self.ask(note, id).await;
            }
            // A placed order stays for ever.
            Deed::Trash | Deed::Delete => return false,
        }
        true
    }

    async fn stands(&self, order: &RemoteId) -> Standing {
        let stands = self.admin.order(order.as_str()).await.unwrap();
        let lines: Vec<_> = stands
            .lines
            .iter()
            .filter(|line| line.quantity > 0)
            .map(|line| {
                let variant = line.product_variant["id"].as_str().unwrap();
                let total = line.prorated_line_price_with_tax;
                (RemoteId::from(variant), line.quantity, total)
            })
            .collect();
        let sum: i64 = lines.iter().map(|(.., total)| total).sum();
        let is_open = matches!(
            stands.state.as_str(),
            "Modifying" | "ArrangingAdditionalPayment"
        );
        let refunds = stands.payments.iter().flat_map(|one| &one.refunds);
        Standing {
            lines,
            total: stands.total_with_tax,
            // One that stays open for editing cannot be shipped.
            adds_up: sum + stands.shipping_with_tax == stands.total_with_tax && !is_open,
            status: stands.state.clone(),
            notes: self.admin.notes(order.as_str()).await.unwrap(),
            refunds: refunds.map(|refund| refund.total).collect(),
        }
    }

    async fn coupons(&self, code: &str) -> usize {
        let query = "query Coupons($code: String!) {
            promotions(options: { filter: { couponCode: { eq: $code } } }) { totalItems }
        }";
        let told = self.ask(query, json!({ "code": code })).await;
        let count = told["promotions"]["totalItems"].as_u64().unwrap();
        usize::try_from(count).unwrap()
    }

    fn plan(&self, trouble: Trouble, skip: usize) -> bool {
        let of_the_shop = [Trouble::Stale, Trouble::ClockAhead, Trouble::WrongTotals];
        if of_the_shop.contains(&trouble) {
            return false;
        }
        trouble.plan(&self.way, ("*", "mutation/"), ("*", "query/"), skip);
        true
    }

    fn forget(&self) -> bool {
        let had_more = !self.way.has_failed_as_planned();
        self.way.forget_faults();
        had_more
    }

    fn takes_back_refunds(&self) -> bool {
        false
    }

    async fn quiet(&self) {
        tokio::task::block_in_place(|| self.way.settle());
    }

    async fn pass(&self, _: i64) {}

    fn writes(&self) -> Option<usize> {
        let log = self.way.log();
        let is_write = |route: &str| route.starts_with("mutation/") && !route.contains("Login");
        Some(log.iter().filter(|one| is_write(&one.route)).count())
    }
}
