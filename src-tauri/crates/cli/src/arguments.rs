//! The command line.

use app::view::{Language, LanguageCode, ShopKind, WorkChannel};
use chrono::{DateTime, NaiveDate, Utc};
use rules::id::{OperationId, PlanId};
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
    #[command(args_conflicts_with_subcommands = true)]
    Sync {
        /// Go on until stopped.
        #[arg(long = "loop")]
        forever: bool,
        #[command(subcommand)]
        command: Option<SyncCommand>,
    },
    /// Pull and send until stopped, and hear shops that call when something changes. Plain HTTP:
    /// put a server that speaks TLS in front of it.
    Hooks {
        /// Where to listen, e.g. `127.0.0.1:8088`.
        #[arg(long, value_name = "ADDR")]
        listen: std::net::SocketAddr,
        /// The address by which shops reach it, e.g. `https://desk.example`; only to print what to
        /// enter there.
        #[arg(long, value_name = "URL", default_value = "")]
        public_url: String,
    },
    /// Tasks waiting for a call, in the order in which they are offered.
    Queue {
        /// Rows at most.
        #[arg(long, default_value_t = 20)]
        limit: u32,
    },
    /// Every order as the desk has it, to be held against the shop.
    Orders,
    /// Record the result of a call made elsewhere, as at the desk.
    Result(ResultOf),
    /// Results on their way to the shops; what did not arrive, and what to do about it.
    Outbox {
        #[command(subcommand)]
        command: Option<OutboxCommand>,
    },
    /// Grant a coupon that makes up for something about an order.
    Coupon(CouponFor),
    /// Give money back.
    Refund(RefundOf),
    /// Script files.
    #[command(subcommand)]
    Script(ScriptCommand),
    /// Calls that were: reports of a telephone exchange.
    #[command(subcommand)]
    History(HistoryCommand),
    /// Calls to come, day by day; fails while there is too little history.
    Forecast(ForecastOf),
    /// People that a day needs, interval by interval.
    Staffing(StaffingOf),
    /// Shift plans. They need --login of someone who plans.
    #[command(subcommand)]
    Plan(PlanCommand),
    /// Print published shifts from this week on as iCalendar: one's own, or a person's.
    Shifts {
        /// Whose: a name in full, or an identity.
        #[arg(long)]
        person: Option<String>,
    },
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
    /// Write what a shop says into a folder, personal data masked: for whoever adds or mends a
    /// connector. Needs no centre, changes nothing at the shop.
    Capture {
        #[command(flatten)]
        address: ShopAddress,
        /// Where to.
        #[arg(long, value_name = "FOLDER")]
        out: PathBuf,
        /// So many pages of each kind of thing.
        #[arg(long, default_value_t = 3)]
        pages: u32,
    },
    /// Check and keep a shop.
    Add(ShopAddress),
    /// All shops and how the exchange with them stands.
    List,
    /// Give a shop's new key: tried at the shop before it is kept.
    Rekey {
        /// The shop's name, in full.
        name: String,
        /// Consumer key or user name; left out where a token is all there is.
        #[arg(long, default_value = "")]
        user: String,
        /// Consumer secret, password or token.
        #[arg(long, env = "DZVINOK_SHOP_SECRET", hide_env_values = true)]
        secret: String,
    },
    /// Print what a shop's words for the state of an order mean, or set it.
    Statuses {
        /// The shop's name, in full.
        name: String,
        /// Take the table from this file: JSON as `table` in what is printed with --json.
        #[arg(long, value_name = "FILE", conflicts_with_all = ["reset", "ask"])]
        set: Option<PathBuf>,
        /// Take the connector's own table again.
        #[arg(long, conflicts_with = "ask")]
        reset: bool,
        /// Ask the shop for its words again.
        #[arg(long)]
        ask: bool,
    },
    /// Destroy a shop's data and its key.
    Remove {
        /// The shop's name, in full.
        name: String,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum SyncCommand {
    /// How the exchange with each shop stands; fails when one of them needs a person.
    Status,
}

#[derive(Clone, Copy, Debug, clap::Subcommand)]
pub(crate) enum OutboxCommand {
    /// Results on their way, those that need a person first.
    List,
    /// Results that did not arrive: why, what to do, and both sides where the shop changed the same.
    Trouble,
    /// The cause is gone: try again as it is.
    Retry {
        /// Its identity, from `outbox trouble`.
        operation: OperationId,
    },
    /// Ours shall hold: send it again over what the shop has now.
    Ours {
        /// Its identity, from `outbox trouble`.
        operation: OperationId,
    },
    /// The shop's shall hold: take ours back.
    Theirs {
        /// Its identity, from `outbox trouble`.
        operation: OperationId,
    },
    /// Give it up for good.
    Drop {
        /// Its identity, from `outbox trouble`.
        operation: OperationId,
    },
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum HistoryCommand {
    /// Take a report in: CSV with the time and the count of each interval, with or without handle
    /// times and languages. All of it or, where a line cannot be read, nothing.
    Import {
        /// The shop's name, in full.
        #[arg(long)]
        shop: String,
        /// inbound or outbound.
        #[arg(long, value_parser = channel, default_value = "inbound")]
        channel: WorkChannel,
        /// The language of all its calls, such as `uk`, where the report tells none itself.
        #[arg(long, value_name = "CODE", value_parser = language_of_calls)]
        calls_in: Option<LanguageCode>,
        /// Only look: what would be taken, and what is wrong.
        #[arg(long)]
        check: bool,
        /// The report.
        file: PathBuf,
    },
    /// Print a made-up report, to try with.
    Sample {
        /// So many days until now.
        #[arg(long, default_value_t = 365)]
        days: u32,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct ForecastOf {
    /// The shop's name, in full; all together by default.
    #[arg(long)]
    pub(crate) shop: Option<String>,
    /// inbound or outbound.
    #[arg(long, value_parser = channel, default_value = "inbound")]
    pub(crate) channel: WorkChannel,
    /// One language of the shop's calls, such as `uk`; all of them by default.
    #[arg(long, value_name = "CODE", requires = "shop", value_parser = language_of_calls)]
    pub(crate) calls_in: Option<LanguageCode>,
    /// Weeks ahead, 1 to 13.
    #[arg(long, default_value_t = 4)]
    pub(crate) weeks: u32,
}

#[derive(Debug, clap::Args)]
pub(crate) struct StaffingOf {
    /// The shop's name, in full.
    #[arg(long)]
    pub(crate) shop: String,
    /// One language of its calls, such as `uk`; the whole line by default.
    #[arg(long, value_name = "CODE", value_parser = language_of_calls)]
    pub(crate) calls_in: Option<LanguageCode>,
    /// The day, `2026-03-02`.
    #[arg(long)]
    pub(crate) date: NaiveDate,
    /// So many times the calls that are forecast.
    #[arg(long, default_value_t = 1.0)]
    pub(crate) load: f64,
}

#[derive(Debug, clap::Subcommand)]
pub(crate) enum PlanCommand {
    /// All plans, newest first.
    List,
    /// Make an empty plan.
    Make {
        /// Its first day, a Monday, e.g. `2026-03-02`.
        #[arg(long, value_name = "DATE")]
        from: NaiveDate,
        /// Its length.
        #[arg(long, default_value_t = 4)]
        weeks: u32,
    },
    /// Search for a better plan.
    Solve {
        /// Which; the newest by default.
        plan: Option<PlanId>,
        /// For so long.
        #[arg(long, default_value_t = 30)]
        seconds: u32,
        /// Leave what lies before this day, and change as little as possible after.
        #[arg(long, value_name = "DATE")]
        replan_from: Option<NaiveDate>,
    },
    /// Place a meeting or training where it takes least from the line.
    Meeting(NewMeeting),
    /// Show a plan to everyone in it.
    Publish {
        /// Which; the newest by default.
        plan: Option<PlanId>,
    },
    /// Write a plan into a file.
    Export {
        /// Which; the newest by default.
        plan: Option<PlanId>,
        /// A person's calendar, a table, a page for the wall, or hours for payroll.
        #[arg(long, value_parser = ["ics", "xlsx", "pdf", "payroll"])]
        format: String,
        /// Whose calendar: a name in full, or an identity.
        #[arg(long)]
        person: Option<String>,
        /// File or folder; a fitting name in this folder by default.
        #[arg(long, value_name = "PATH")]
        out: Option<PathBuf>,
    },
}

#[derive(Debug, clap::Args)]
pub(crate) struct NewMeeting {
    /// What it is about.
    pub(crate) title: String,
    /// In which plan; the newest by default.
    #[arg(long)]
    pub(crate) plan: Option<PlanId>,
    /// A training, not a meeting.
    #[arg(long)]
    pub(crate) training: bool,
    /// Its length.
    #[arg(long, default_value_t = 30)]
    pub(crate) minutes: u32,
    /// Who comes: a name in full, or an identity; may be given more than once. Everyone by default.
    #[arg(long)]
    pub(crate) person: Vec<String>,
    /// First day it may be on; the plan's by default.
    #[arg(long, value_name = "DATE")]
    pub(crate) from: Option<NaiveDate>,
    /// Last day it may be on; the plan's by default.
    #[arg(long, value_name = "DATE")]
    pub(crate) until: Option<NaiveDate>,
    /// Place nothing; say which times there are, the best first.
    #[arg(long)]
    pub(crate) check: bool,
}

#[derive(Debug, clap::Args)]
pub(crate) struct CouponFor {
    /// The order's number.
    pub(crate) order: String,
    /// Takes off so much, in the order's currency, e.g. `150.00`.
    #[arg(long, required_unless_present = "percent", conflicts_with = "percent")]
    pub(crate) amount: Option<String>,
    /// Takes off so many percent, e.g. `10` or `12.5`.
    #[arg(long)]
    pub(crate) percent: Option<String>,
    /// What the customer will type; one is made up by default.
    #[arg(long, default_value = "")]
    pub(crate) code: String,
    /// Not valid from this moment on (RFC 3339).
    #[arg(long)]
    pub(crate) expires: Option<DateTime<Utc>>,
    /// The shop's name, where several have such an order.
    #[arg(long, default_value = "")]
    pub(crate) shop: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct RefundOf {
    /// The order's number.
    pub(crate) order: String,
    /// How much, in the order's currency, e.g. `150.00`.
    #[arg(long)]
    pub(crate) amount: String,
    /// Why, as the shop's staff shall read it.
    #[arg(long)]
    pub(crate) reason: String,
    /// Pieces that come back into stock, by SKU or name: `SKU=1`. May be repeated.
    #[arg(long = "return", value_name = "SKU=N")]
    pub(crate) returned: Vec<String>,
    /// The shop's name, where several have such an order.
    #[arg(long, default_value = "")]
    pub(crate) shop: String,
}

#[derive(Debug, clap::Args)]
pub(crate) struct ShopAddress {
    /// woocommerce, vendure, shopify, retailcrm or base.
    #[arg(long, value_parser = kind)]
    pub(crate) kind: ShopKind,
    /// Where the shop is, e.g. `https://shop.example`; base needs none.
    #[arg(long, default_value = "")]
    pub(crate) address: String,
    /// Consumer key (woocommerce) or user name (vendure). The others need none; for shopify the
    /// app's client secret, if the shop shall call us.
    #[arg(long, default_value = "")]
    pub(crate) user: String,
    /// Consumer secret, password, token or API key.
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

fn language_of_calls(word: &str) -> Result<LanguageCode, String> {
    LanguageCode::read(word).ok_or_else(|| "a code of ISO 639-1, such as uk or pl".to_owned())
}

fn channel(word: &str) -> Result<WorkChannel, String> {
    match word {
        "inbound" => Ok(WorkChannel::Inbound),
        "outbound" => Ok(WorkChannel::Outbound),
        _ => Err("one of inbound, outbound".to_owned()),
    }
}

fn role(word: &str) -> Result<Role, String> {
    match word {
        "operator" => Ok(Role::Operator),
        "supervisor" => Ok(Role::Supervisor),
        "admin" => Ok(Role::Admin),
        _ => Err("one of operator, supervisor, admin".to_owned()),
    }
}
