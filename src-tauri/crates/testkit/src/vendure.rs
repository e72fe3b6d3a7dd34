//! A real Vendure on the loopback, started from `tests/vendure`, and a client of its own to ask it
//! what became of a write. The client shares nothing with the connector that it checks.

use serde::Deserialize;
use serde_json::{Value, json};
use std::fs::File;
use std::io;
use std::path::{Path, PathBuf};
use std::process::{ExitStatus, Stdio};
use std::time::Duration;
use tempfile::TempDir;
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::{Child, ChildStdin, Command};

/// How long a start may take: seeding an empty shop on a busy machine is the slowest part.
const START_LIMIT: Duration = Duration::from_mins(3);

/// How long an answer may take on a busy machine.
const ANSWER_LIMIT: Duration = Duration::from_mins(1);

/// User name and password of the administrator who may do everything.
pub const SUPERADMIN: (&str, &str) = ("superadmin", "superadmin");

/// User name and password of the administrator who may read and not write.
pub const READER: (&str, &str) = ("reader", "reader-of-orders");

/// Why there is no shop, or no answer from it.
#[derive(Debug, thiserror::Error)]
pub enum VendureError {
    /// Node or npm cannot be run, or a file cannot be read.
    #[error("{0}: {1}")]
    System(&'static str, #[source] io::Error),
    /// npm could not install the server's packages.
    #[error("npm ci failed in tests/vendure ({0}):\n{1}")]
    Install(ExitStatus, String),
    /// The server ended or fell silent before it was ready; what it wrote last.
    #[error("the shop did not start:\n{0}")]
    NotReady(String),
    /// The shop is switched off.
    #[error("the shop is switched off")]
    Off,
    /// The shop was asked and refused, or answered in another form.
    #[error("the shop answered: {0}")]
    Answer(String),
}

/// Which shop to start.
#[derive(Clone, Debug)]
pub struct VendureOptions {
    /// Placed orders, the newest a few minutes old.
    pub orders: u32,
    /// Language of names: `uk`, `ru`, `pl` or `en`.
    pub language: &'static str,
    /// A fixed port; any free one without it.
    pub port: Option<u16>,
    /// Where the shop's data stays; without it, until the server is dropped.
    pub data: Option<PathBuf>,
    /// Without the order fields that client shops agree to declare.
    pub bare: bool,
    /// Without introspection, as shops in production are.
    pub closed: bool,
}

impl Default for VendureOptions {
    fn default() -> Self {
        Self {
            orders: 12,
            language: "uk",
            port: None,
            data: None,
            bare: false,
            closed: false,
        }
    }
}

/// A shop that can be switched off and on again. Dropping it ends the process.
pub struct VendureServer {
    options: VendureOptions,
    data: PathBuf,
    port: u16,
    running: Option<Running>,
    /// Held so that the data goes with the server.
    _temporary: Option<TempDir>,
}

struct Running {
    child: Child,
    /// Closing it asks the server to end, also when this process dies.
    stdin: ChildStdin,
}

#[derive(Deserialize)]
struct Ready {
    port: u16,
}

impl VendureServer {
    /// Installs the server's packages if need be, starts it and waits until it answers.
    ///
    /// # Errors
    /// Any of [`VendureError`] but [`VendureError::Answer`].
    pub async fn start(options: VendureOptions) -> Result<Self, VendureError> {
        tokio::task::spawn_blocking(install)
            .await
            .map_err(|error| VendureError::System("npm", io::Error::other(error)))??;
        let (data, temporary) = if let Some(data) = &options.data {
            (data.clone(), None)
        } else {
            let made = TempDir::new()
                .map_err(|error| VendureError::System("temporary directory", error))?;
            (made.path().to_owned(), Some(made))
        };
        let mut server = Self {
            port: options.port.unwrap_or(0),
            options,
            data,
            running: None,
            _temporary: temporary,
        };
        server.start_again().await?;
        Ok(server)
    }

    /// Starts a server that was stopped, on the same port with the same data.
    ///
    /// # Errors
    /// [`VendureError::System`] and [`VendureError::NotReady`].
    pub async fn start_again(&mut self) -> Result<(), VendureError> {
        let mut child = Command::new("node")
            .current_dir(package())
            .arg("server.mjs")
            .arg("--with-stdin")
            .args(["--port", &self.port.to_string()])
            .args(["--orders", &self.options.orders.to_string()])
            .args(["--language", self.options.language])
            .args(self.options.bare.then_some("--bare"))
            .args(self.options.closed.then_some("--closed"))
            .arg("--data")
            .arg(&self.data)
            .stdin(Stdio::piped())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true)
            .spawn()
            .map_err(|error| VendureError::System("node (version 20 or newer is needed)", error))?;
        let (Some(stdin), Some(stdout), Some(mut stderr)) =
            (child.stdin.take(), child.stdout.take(), child.stderr.take())
        else {
            return Err(VendureError::NotReady("no pipes".to_owned()));
        };
        let complaints = tokio::spawn(async move {
            let mut text = Vec::new();
            // Read to the end: a full pipe would stop the server.
            let _ = stderr.read_to_end(&mut text).await;
            String::from_utf8_lossy(&text).into_owned()
        });
        let mut lines = BufReader::new(stdout).lines();
        let line = tokio::time::timeout(START_LIMIT, lines.next_line()).await;
        let ready = match line {
            Ok(Ok(Some(line))) => serde_json::from_str::<Ready>(&line).ok(),
            _ => None,
        };
        if let Some(ready) = ready {
            self.port = ready.port;
            self.running = Some(Running { child, stdin });
            Ok(())
        } else {
            let _ = child.kill().await;
            Err(VendureError::NotReady(complaints.await.unwrap_or_default()))
        }
    }

    /// Switches the shop off as its owner would: requests under way end, data is written.
    ///
    /// # Errors
    /// [`VendureError::System`] where the process cannot be waited for.
    pub async fn stop(&mut self) -> Result<(), VendureError> {
        if let Some(Running { mut child, stdin }) = self.running.take() {
            drop(stdin);
            child
                .wait()
                .await
                .map_err(|error| VendureError::System("node", error))?;
        }
        Ok(())
    }

    /// Takes the shop back to its first day, as a restored backup would: no later write, no session.
    /// It must be off.
    ///
    /// # Errors
    /// [`VendureError::System`] where the data cannot be removed.
    pub fn reset(&mut self) -> Result<(), VendureError> {
        std::fs::remove_file(self.data.join("vendure.sqlite"))
            .map_err(|error| VendureError::System("the shop's data", error))
    }

    /// Where the shop is: scheme, host and port.
    pub fn address(&self) -> String {
        format!("http://127.0.0.1:{}", self.port)
    }

    /// A client that may do everything.
    ///
    /// # Errors
    /// [`VendureError::Off`] and [`VendureError::Answer`].
    pub async fn admin(&self) -> Result<VendureAdmin, VendureError> {
        if self.running.is_none() {
            return Err(VendureError::Off);
        }
        VendureAdmin::log_in(&format!("{}/admin-api", self.address()), SUPERADMIN).await
    }
}

/// Asks a Vendure what stands there.
pub struct VendureAdmin {
    client: reqwest::Client,
    endpoint: String,
    token: String,
}

/// An order as Vendure has it; amounts in minor units, taxes included.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VendureOrder {
    /// Identity.
    pub id: String,
    /// The number people say.
    pub code: String,
    /// Vendure's state.
    pub state: String,
    /// What the customer pays.
    pub total_with_tax: i64,
    /// Delivery.
    pub shipping_with_tax: i64,
    /// Every line, also those with no pieces left.
    pub lines: Vec<VendureLine>,
    /// Payments in the order they were made.
    pub payments: Vec<VendurePayment>,
    /// confirmedBy, confirmedAt, callResult, clientRef.
    pub custom_fields: Value,
    /// Who ordered: firstName, lastName, phoneNumber, emailAddress.
    pub customer: Value,
}

/// A line of an order.
#[derive(Clone, Debug, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct VendureLine {
    /// Identity.
    pub id: String,
    /// Pieces.
    pub quantity: u32,
    /// One piece.
    pub prorated_unit_price_with_tax: i64,
    /// The line.
    pub prorated_line_price_with_tax: i64,
    /// id, sku and name.
    pub product_variant: Value,
}

/// A payment of an order.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct VendurePayment {
    /// Code of the method.
    pub method: String,
    /// Vendure's state.
    pub state: String,
    /// Amount.
    pub amount: i64,
    /// What was given back of it.
    pub refunds: Vec<VendureRefund>,
}

/// A refund of a payment.
#[derive(Clone, Debug, PartialEq, Deserialize)]
pub struct VendureRefund {
    /// Vendure's state.
    pub state: String,
    /// Amount.
    pub total: i64,
}

const ORDER: &str = "
query Order($id: ID!) {
  order(id: $id) {
    id code state totalWithTax shippingWithTax
    lines {
      id quantity proratedUnitPriceWithTax proratedLinePriceWithTax
      productVariant { id sku name }
    }
    payments { method state amount refunds { state total } }
    customFields { confirmedBy confirmedAt callResult clientRef }
    customer { firstName lastName phoneNumber emailAddress }
  }
}";

impl VendureAdmin {
    /// Signs in at an Admin API, e.g. `http://127.0.0.1:3000/admin-api`.
    ///
    /// # Errors
    /// [`VendureError::Answer`] where it does not answer or refuses.
    pub async fn log_in(
        endpoint: &str,
        (user, password): (&str, &str),
    ) -> Result<Self, VendureError> {
        let client = reqwest::Client::builder()
            .timeout(ANSWER_LIMIT)
            .no_proxy()
            .build()
            .map_err(|error| VendureError::Answer(error.to_string()))?;
        let mut admin = Self {
            client,
            endpoint: endpoint.to_owned(),
            token: String::new(),
        };
        let query = "mutation($user: String!, $password: String!) {
            login(username: $user, password: $password) { __typename }
        }";
        let response = admin
            .post(query, &json!({ "user": user, "password": password }))
            .await?;
        let token = response.headers().get("vendure-auth-token");
        let token = token.and_then(|token| token.to_str().ok());
        let token = token.ok_or_else(|| VendureError::Answer("no token".to_owned()))?;
        token.clone_into(&mut admin.token);
        Ok(admin)
    }

    /// Any query or mutation; its data.
    ///
    /// # Errors
    /// [`VendureError::Answer`] with the first error, or where the answer is no GraphQL.
    pub async fn graphql(&self, query: &str, variables: Value) -> Result<Value, VendureError> {
        let response = self.post(query, &variables).await?;
        let mut body: Value = response
            .json()
            .await
            .map_err(|error| VendureError::Answer(error.to_string()))?;
        if let Some(error) = body.pointer("/errors/0") {
            return Err(VendureError::Answer(error.to_string()));
        }
        Ok(body.get_mut("data").map(Value::take).unwrap_or_default())
    }

    /// One order.
    ///
    /// # Errors
    /// [`VendureError::Answer`], also where there is no such order.
    pub async fn order(&self, id: &str) -> Result<VendureOrder, VendureError> {
        let mut data = self.graphql(ORDER, json!({ "id": id })).await?;
        let order = data.get_mut("order").map(Value::take).unwrap_or_default();
        serde_json::from_value(order).map_err(|error| VendureError::Answer(error.to_string()))
    }

    /// Identities of the placed orders, newest first.
    ///
    /// # Errors
    /// [`VendureError::Answer`].
    pub async fn order_ids(&self) -> Result<Vec<String>, VendureError> {
        let query = "query { orders(options: {
            filter: { active: { eq: false } }
            sort: { orderPlacedAt: DESC }
        }) { items { id } } }";
        let data = self.graphql(query, json!({})).await?;
        Ok(texts(&data, "/orders/items", "/id"))
    }

    /// Texts of an order's notes, oldest first.
    ///
    /// # Errors
    /// [`VendureError::Answer`].
    pub async fn notes(&self, id: &str) -> Result<Vec<String>, VendureError> {
        let query = "query($id: ID!) { order(id: $id) { history(options: {
            filter: { type: { eq: \"ORDER_NOTE\" } }
            sort: { id: ASC }
        }) { items { data } } } }";
        let data = self.graphql(query, json!({ "id": id })).await?;
        Ok(texts(&data, "/order/history/items", "/data/note"))
    }

    async fn post(
        &self,
        query: &str,
        variables: &Value,
    ) -> Result<reqwest::Response, VendureError> {
        let mut request = self.client.post(&self.endpoint);
        if !self.token.is_empty() {
            request = request.bearer_auth(&self.token);
        }
        let body = json!({ "query": query, "variables": variables });
        request
            .json(&body)
            .send()
            .await
            .map_err(|error| VendureError::Answer(error.to_string()))
    }
}

fn texts(data: &Value, list: &str, field: &str) -> Vec<String> {
    let items = data
        .pointer(list)
        .and_then(Value::as_array)
        .into_iter()
        .flatten();
    items
        .filter_map(|item| item.pointer(field)?.as_str().map(str::to_owned))
        .collect()
}

/// The server's package.
fn package() -> PathBuf {
    Path::new(env!("CARGO_MANIFEST_DIR")).join("../../../tests/vendure")
}

/// Runs `npm ci` unless what is installed is as new as the lock file. One process at a time: test
/// binaries run side by side.
fn install() -> Result<(), VendureError> {
    let package = package();
    let system = |what| move |error| VendureError::System(what, error);
    let guard = File::create(package.join(".install.lock"))
        .map_err(system("tests/vendure/.install.lock"))?;
    guard
        .lock()
        .map_err(system("tests/vendure/.install.lock"))?;
    let changed = |path: PathBuf| path.metadata().and_then(|about| about.modified());
    let wanted = changed(package.join("package-lock.json"))
        .map_err(system("tests/vendure/package-lock.json"))?;
    if changed(package.join("node_modules/.package-lock.json")).is_ok_and(|made| made >= wanted) {
        return Ok(());
    }
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let output = std::process::Command::new(npm)
        .args(["ci", "--loglevel=error"])
        .current_dir(&package)
        .output()
        .map_err(system("npm (it comes with Node 20 or newer)"))?;
    if output.status.success() {
        Ok(())
    } else {
        let said = String::from_utf8_lossy(&output.stderr).into_owned();
        Err(VendureError::Install(output.status, said))
    }
}
