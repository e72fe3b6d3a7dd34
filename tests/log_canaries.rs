//! A whole run, logged as finely as it can be, tells nothing about people and no secret.

use acceptance::cli::{ADMIN, Cli};
use acceptance::desk::Desk;
use acceptance::operator::Operator;
use acceptance::truth::{all, arrived};
use anyhow::{Context, Result, ensure};
use serde_json::{Value, json};
use testkit::vendure::{VendureAdmin, VendureOptions, VendureServer};

/// A user of the shop whose password stands out.
const SHOP_USER: (&str, &str) = ("canary@example.com", "canary-shop-secret-5521");

/// What the operator writes about the customer.
const COMMENT: &str = "canary comment 7714";

#[tokio::test]
async fn a_whole_run_logs_nothing_about_people_and_no_secret() -> Result<()> {
    Desk::test("log canaries", async |desk| {
        let shop = VendureServer::start(VendureOptions::default()).await?;
        let admin = shop.admin().await?;
        make_user(&admin).await?;
        let before = all(&shop).await?;
        let cli = Cli::on(&desk.data());
        cli.make_centre().await?;
        cli.connect_as(&shop, SHOP_USER).await?;

        let window = desk.open().await?;
        let operator = Operator::at(desk, &window);
        operator.sign_in(ADMIN).await?;
        operator.reach_the_customer().await?;
        operator.read_back("1").await?;
        operator.press(&["F9"]).await?;
        operator.type_text(COMMENT).await?;
        operator.talk_long_enough().await?;
        operator.hang_up().await?;
        operator.save().await?;
        let arrived = arrived(&shop, &before, 1).await?;
        window.close().await?;
        ensure!(
            arrived
                .iter()
                .flat_map(|known| &known.notes)
                .any(|note| note.contains(COMMENT)),
            "the comment went the whole way, so that a log had the chance to tell it"
        );

        let mut canaries = people(&admin).await?;
        canaries.extend(
            [
                ADMIN.password,
                ADMIN.name,
                SHOP_USER.0,
                SHOP_USER.1,
                COMMENT,
            ]
            .map(str::to_owned),
        );
        let log = std::fs::read(desk.log()).context("the run was logged")?;
        let log = String::from_utf8_lossy(&log).to_lowercase();
        ensure!(log.contains("page painted"), "the log is that of the run");
        ensure!(
            log.lines().count() > 50,
            "the log was kept as finely as it can be: {} lines",
            log.lines().count()
        );
        for canary in canaries {
            let told = log
                .lines()
                .find(|line| line.contains(&canary.to_lowercase()));
            ensure!(told.is_none(), "the log tells {canary:?}: {told:?}");
        }
        Ok(())
    })
    .await
}

/// An administrator of the shop who may do everything.
async fn make_user(admin: &VendureAdmin) -> Result<()> {
    let roles = admin
        .graphql("query { roles { items { id code } } }", json!({}))
        .await?;
    let role = roles
        .pointer("/roles/items")
        .and_then(Value::as_array)
        .and_then(|roles| {
            roles
                .iter()
                .find(|role| role["code"] == "__super_admin_role__")
        })
        .and_then(|role| role["id"].as_str())
        .context("the shop has a role that may do everything")?;
    let input = json!({
        "firstName": "Canary", "lastName": "Admin", "emailAddress": SHOP_USER.0, "password": SHOP_USER.1, "roleIds": [role],
    });
    let mutation =
        "mutation($input: CreateAdministratorInput!) { createAdministrator(input: $input) { id } }";
    admin.graphql(mutation, json!({ "input": input })).await?;
    Ok(())
}

/// What the shop knows of its customers: surnames, telephones in every form, mail, streets.
async fn people(admin: &VendureAdmin) -> Result<Vec<String>> {
    let query = "query { customers(options: { take: 100 }) { items {
        lastName phoneNumber emailAddress addresses { streetLine1 fullName }
    } } }";
    let data = admin.graphql(query, json!({})).await?;
    let mut told = Vec::new();
    for customer in data
        .pointer("/customers/items")
        .and_then(Value::as_array)
        .context("the shop has customers")?
    {
        let phone = customer["phoneNumber"]
            .as_str()
            .context("a customer has a telephone")?;
        let digits: String = phone.chars().filter(char::is_ascii_digit).collect();
        told.push(
            digits
                .chars()
                .skip(digits.len().saturating_sub(9))
                .collect(),
        );
        told.push(customer["lastName"].as_str().unwrap_or_default().to_owned());
        told.push(
            customer["emailAddress"]
                .as_str()
                .unwrap_or_default()
                .to_owned(),
        );
        for address in customer["addresses"].as_array().into_iter().flatten() {
            told.push(
                address["streetLine1"]
                    .as_str()
                    .unwrap_or_default()
                    .to_owned(),
            );
            told.push(address["fullName"].as_str().unwrap_or_default().to_owned());
        }
    }
    // Short words stand in a log by themselves.
    told.retain(|canary| canary.chars().count() >= 5);
    ensure!(
        told.len() > 20,
        "there are enough canaries to sing: {told:?}"
    );
    Ok(told)
}
