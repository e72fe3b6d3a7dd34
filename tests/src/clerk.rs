//! Someone at the shop, who changes orders in the shop's own pages while the centre calls.

use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testkit::vendure::{VendureAdmin, VendureServer};

/// First and last name, as the shop tells who changed an order.
pub const CLERK: (&str, &str) = ("Nadia", "Clerk");

const LOGIN: (&str, &str) = ("nadia", "nadia-of-the-shop");

const STEP: &str = "
mutation Step($id: ID!, $state: String!) {
  outcome: transitionOrderToState(id: $id, state: $state) { __typename }
}";

const MODIFY: &str = "
mutation Modify($input: ModifyOrderInput!) {
  outcome: modifyOrder(input: $input) { __typename }
}";

const PAY: &str = "
mutation Pay($id: ID!) {
  outcome: addManualPaymentToOrder(
    input: { orderId: $id, method: \"cash\", transactionId: \"rise\", metadata: {} }
  ) { __typename }
}";

/// An administrator of the shop beside the one that the desk signs in as.
pub struct Clerk(VendureAdmin);

impl Clerk {
    /// Gives the shop a clerk who may change orders.
    pub async fn of(shop: &VendureServer) -> Result<Self> {
        let admin = shop.admin().await?;
        let role = json!({ "input": {
            "code": "clerk", "description": "clerk", "permissions": ["ReadOrder", "UpdateOrder"],
        } });
        let mutation =
            "mutation($input: CreateRoleInput!) { made: createRole(input: $input) { id } }";
        let made = admin.graphql(mutation, role).await?;
        let clerk = json!({ "input": {
            "firstName": CLERK.0, "lastName": CLERK.1, "emailAddress": LOGIN.0,
            "password": LOGIN.1, "roleIds": [made.pointer("/made/id")],
        } });
        let mutation = "mutation($input: CreateAdministratorInput!) { createAdministrator(input: $input) { id } }";
        admin.graphql(mutation, clerk).await?;
        let endpoint = format!("{}/admin-api", shop.address());
        Ok(Self(VendureAdmin::log_in(&endpoint, LOGIN).await?))
    }

    /// Opens the order with this number, sets the pieces of its first line to more than they were,
    /// settles the rise and closes it again.
    pub async fn raise_first_line(&self, number: &str, pieces: u32) -> Result<()> {
        let mut found = None;
        for id in self.0.order_ids().await? {
            let order = self.0.order(&id).await?;
            if order.code == number {
                found = Some(order);
            }
        }
        let order = found.with_context(|| format!("the shop has no order {number}"))?;
        let line = order.lines.first().context("the order has a line")?;
        self.step(&order.id, "Modifying").await?;
        let input = json!({ "input": {
            "dryRun": false, "orderId": order.id,
            "adjustOrderLines": [{ "orderLineId": line.id, "quantity": pieces }],
        } });
        self.done(MODIFY, input).await?;
        self.step(&order.id, "ArrangingAdditionalPayment").await?;
        self.done(PAY, json!({ "id": order.id })).await?;
        self.step(&order.id, &order.state).await
    }

    async fn step(&self, id: &str, state: &str) -> Result<()> {
        self.done(STEP, json!({ "id": id, "state": state })).await
    }

    async fn done(&self, mutation: &str, variables: Value) -> Result<()> {
        let told = self.0.graphql(mutation, variables.clone()).await?;
        let kind = told.pointer("/outcome/__typename").and_then(Value::as_str);
        ensure!(kind == Some("Order"), "{variables} was answered by {told}");
        Ok(())
    }
}
