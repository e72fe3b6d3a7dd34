//! The command line.

use app::view::{Language, ShopKind};
use rules::role::Role;
use std::path::PathBuf;

/// Dzvinok without a window.
#[derive(Debug, clap::Parser)]
#[command(
    name = "dzvinok",
    version,
    after_help = "The data is opened with the key in the OS keyring, or with --login and the password \
in DZVINOK_PASSWORD. Secrets are read from the environment, never from arguments.\n\
DZVINOK_LOG sets what is logged to standard error; the default is `warn`."
)]
pub(crate) struct Arguments {
    /// Keep everything in FOLDER instead of the user's data folder.
    #[arg(long, value_name = "FOLDER", global = true)]
    pub(crate) data_dir: Option<PathBuf>,
    /// Answer in JSON, one document.
    #[arg(long, global = true)]
    pub(crate) json: bool,
    /// Speak this language: uk, ru, pl or en.
    #[arg(long, value_name = "CODE", global = true, value_parser = language)]
    pub(crate) language: Option<Language>,
    /// Act as this person; the password comes from `DZVINOK_PASSWORD`.
    #[arg(long, value_name = "LOGIN", global = true)]
    pub(crate) login: Option<String>,
    #[command(subcommand)]
    pub(crate) command: Command,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum Command {
    /// Make a centre and its first admin (`--login`, `DZVINOK_PASSWORD`); prints the recovery code.
    Init {
        /// The admin's name.
        #[arg(long)]
        name: String,
        /// IANA zone of the desk; the computer's by default.
        #[arg(long)]
        zone: Option<String>,
    },
    /// Client shops.
    #[command(subcommand)]
    Shop(ShopCommand),
    /// Pull changes and send results: once, or with --loop until stopped.
    Sync {
        /// Go on until stopped.
        #[arg(long = "loop")]
        forever: bool,
    },
    /// Tasks waiting for a call, in the order in which they are offered.
    Queue {
        /// Rows at most.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Record the result of a call made elsewhere, as at the desk.
    Result(ResultOf),
    /// Results on their way to the shops.
    Outbox,
    /// Script files.
    #[command(subcommand)]
    Script(ScriptCommand),
    /// Make the sample shop.
    Sample {
        /// So many calls instead of ninety days of them.
        #[arg(long)]
        calls: Option<u32>,
    },
    /// Make an account; its password comes from `DZVINOK_NEW_PASSWORD`.
    AddPerson {
        /// What they type to sign in.
        new_login: String,
        /// What others read.
        #[arg(long)]
        name: String,
        /// operator, supervisor or admin.
        #[arg(long, value_parser = role, default_value = "operator")]
        role: Role,
    },
    /// Write a backup into FOLDER.
    Backup {
        /// Where to.
        folder: PathBuf,
    },
    /// Check every file: structure, encryption, references, the chain of changes.
    Verify,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ShopCommand {
    /// Ask a shop who it is and what it can do; keep nothing. Needs no centre.
    Check(ShopAddress),
    /// Check and keep a shop.
    Add(ShopAddress),
    /// All shops and how the exchange with them stands.
    List,
    /// Destroy a shop's data and its key.
    Remove {
        /// The shop's name, in full.
        name: String,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShopAddress {
    /// woocommerce or vendure.
    #[arg(long, value_parser = kind)]
    pub(crate) kind: ShopKind,
    /// Where the shop is, e.g. `https://shop.example`.
    #[arg(long)]
    pub(crate) address: String,
    /// Consumer key or user name.
    #[arg(long)]
    pub(crate) user: String,
    /// Consumer secret or password.
    #[arg(long, env = "DZVINOK_SHOP_SECRET", hide_env_values = true)]
    pub(crate) secret: String,
    /// What people here call it; the shop's own name by default.
    #[arg(long, default_value = "")]
    pub(crate) name: String,
    /// IANA zone of its customers; the shop's own by default.
    #[arg(long, default_value = "")]
    pub(crate) zone: String,
    /// Allow plain HTTP (`WooCommerce`: requests are signed with OAuth 1.0a).
    #[arg(long)]
    pub(crate) allow_http: bool,
    /// Allow an address inside a private network or on this computer.
    #[arg(long)]
    pub(crate) allow_private: bool,
    /// Trust this certificate authority too (PEM).
    #[arg(long, value_name = "FILE")]
    pub(crate) ca_file: Option<PathBuf>,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum ScriptCommand {
    /// Check a script file and name every fault with its line.
    Check {
        /// YAML.
        file: PathBuf,
    },
    /// Print the JSON Schema of script files, for editors.
    Schema,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ResultOf {
    /// The order's number.
    pub(crate) order: String,
    /// Outcome's code, e.g. `confirmed`.
    #[arg(long)]
    pub(crate) outcome: String,
    /// Contact reason, e.g. `order/confirmation`.
    #[arg(long, default_value = "order/confirmation")]
    pub(crate) reason: String,
    /// Everything on the checklist was done.
    #[arg(long)]
    pub(crate) checked: bool,
    /// Comment.
    #[arg(long, default_value = "")]
    pub(crate) comment: String,
    /// Pieces on a line, by SKU: `SKU=3`; zero takes it off. May be repeated.
    #[arg(long = "quantity", value_name = "SKU=N")]
    pub(crate) quantities: Vec<String>,
    /// A product to add, by SKU: `SKU=1`. May be repeated.
    #[arg(long = "add", value_name = "SKU=N")]
    pub(crate) additions: Vec<String>,
    /// When to call back (RFC 3339), for the outcome `callback`.
    #[arg(long)]
    pub(crate) callback_at: Option<String>,
}

fn language(code: &str) -> Result<Language, String> {
    Language::ALL
        .into_iter()
        .find(|language| language.code() == code)
        .ok_or_else(|| "one of uk, ru, pl, en".to_owned())
}

fn kind(word: &str) -> Result<ShopKind, String> {
    ShopKind::ALL
        .into_iter()
        .find(|kind| kind.word() == word)
        .ok_or_else(|| "one of woocommerce, vendure, shopify, retailcrm, base".to_owned())
}

fn role(word: &str) -> Result<Role, String> {
    match word {
        "operator" => Ok(Role::Operator),
        "supervisor" => Ok(Role::Supervisor),
        "admin" => Ok(Role::Admin),
        _ => Err("one of operator, supervisor, admin".to_owned()),
    }
}
