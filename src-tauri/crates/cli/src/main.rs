//! Dzvinok without a window: the same use cases for servers, scripts and tests.

mod arguments;
mod output;
mod record;
mod script;

use app::view::{ApiError, ErrorCode, Language, NewCentre, NewPerson, OperationView, ShopInput};
use app::{Desk, DeskOptions};
use arguments::{Arguments, Command, ShopAddress, ShopCommand};
use chrono::TimeDelta;
use clap::Parser;
use output::Output;
use std::path::Path;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

const PASSWORD: &str = "DZVINOK_PASSWORD";
const NEW_PASSWORD: &str = "DZVINOK_NEW_PASSWORD";

#[tokio::main]
async fn main() -> ExitCode {
    let arguments = Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("DZVINOK_LOG").unwrap_or_else(|_| EnvFilter::new("warn")),
        )
        .with_writer(std::io::stderr)
        .init();
    let output = Output {
        json: arguments.json,
    };
    match run(arguments, &output).await {
        Ok(true) => ExitCode::SUCCESS,
        Ok(false) => ExitCode::FAILURE,
        Err(error) => {
            output.fault(&error);
            ExitCode::FAILURE
        }
    }
}

/// Carries a command out; false when it went through and found something wrong.
async fn run(arguments: Arguments, output: &Output) -> Result<bool, ApiError> {
    let language = arguments.language.unwrap_or_default();
    if let Command::Script(command) = &arguments.command {
        return Ok(script::run(command, output));
    }
    let mut options = DeskOptions::for_user(arguments.data_dir);
    options.exchange = false;
    options.alone = !matches!(
        &arguments.command,
        Command::Queue { .. }
            | Command::Outbox
            | Command::Verify
            | Command::Backup { .. }
            | Command::Shop(ShopCommand::List | ShopCommand::Check(_))
    );
    options.language = Some(language);
    // The call was made elsewhere: nothing is to be dialled, and nobody waits to take it back.
    options.timing.undo = TimeDelta::zero();
    options.opener = std::sync::Arc::new(|_| Ok(()));
    let desk = Desk::open(options);
    match arguments.command {
        Command::Init { name, zone } => {
            let login = arguments.login.unwrap_or_else(|| "admin".to_owned());
            let password = secret(PASSWORD);
            let zone = zone.unwrap_or_default();
            let made = desk
                .create_centre(NewCentre {
                    name,
                    login,
                    password,
                    language,
                    zone,
                })
                .await?;
            output.answer(&made, [made.code.clone()]);
            return Ok(true);
        }
        Command::Shop(ShopCommand::Check(address)) => {
            let check = desk.try_shop(shop_input(address, language)?).await?;
            output.answer(
                &check,
                [format!(
                    "{} · {} · {}",
                    check.name, check.software, check.currency
                )],
            );
            return Ok(true);
        }
        _ => {}
    }
    desk.start().await?;
    if let Some(login) = arguments.login {
        desk.sign_in(login, secret(PASSWORD)).await?;
    }
    match arguments.command {
        // Done before the data is opened.
        Command::Init { .. } | Command::Script(_) => Ok(true),
        Command::Shop(command) => shop(&desk, command, language, output).await,
        Command::Sync { forever } => sync(&desk, forever, output).await,
        Command::Queue { limit } => queue(&desk, limit, output).await,
        Command::Outbox => outbox(&desk, output).await,
        Command::Verify => verify(&desk, output).await,
        Command::Result(result) => {
            let saved = record::record(&desk, result).await?;
            output.answer(&saved, [format!("{} {}", saved.order, saved.outcome)]);
            Ok(true)
        }
        Command::Sample { calls } => {
            let shop = desk.make_sample_of(language, calls).await?;
            output.answer(&shop, [format!("{} {}", shop.id, shop.name)]);
            Ok(true)
        }
        Command::AddPerson {
            new_login,
            name,
            role,
        } => {
            let password = secret(NEW_PASSWORD);
            let person = desk
                .add_person(NewPerson {
                    name,
                    login: new_login,
                    password,
                    role,
                    language,
                })
                .await?;
            output.answer(&person, [format!("{} {}", person.id, person.login)]);
            Ok(true)
        }
        Command::Backup { folder } => {
            let path = desk.back_up_unattended(folder).await?;
            output.answer(&serde_json::json!({ "folder": path }), [path.clone()]);
            Ok(true)
        }
    }
}

async fn shop(
    desk: &Desk,
    command: ShopCommand,
    language: Language,
    output: &Output,
) -> Result<bool, ApiError> {
    match command {
        ShopCommand::Check(_) => {}
        ShopCommand::Add(address) => {
            let shop = desk.connect_shop(shop_input(address, language)?).await?;
            output.answer(&shop, [format!("{} {}", shop.id, shop.name)]);
        }
        ShopCommand::List => {
            let shops = desk.shops().await?;
            let lines = shops.iter().map(|shop| {
                let sync = &shop.sync;
                format!(
                    "{}  {}  orders {}  products {}  tasks {}  waiting {}  in doubt {}  dead {}",
                    shop.name,
                    shop.address,
                    sync.orders,
                    sync.products,
                    sync.tasks_open,
                    sync.waiting,
                    sync.in_doubt,
                    sync.dead
                )
            });
            output.answer(&shops, lines);
        }
        ShopCommand::Remove { name } => {
            let shop = desk
                .shops()
                .await?
                .into_iter()
                .find(|shop| shop.name == name);
            let Some(shop) = shop else {
                return Err(desk.fault(ErrorCode::NotFound).await);
            };
            desk.remove_shop(shop.id, name).await?;
        }
    }
    Ok(true)
}

async fn queue(desk: &Desk, limit: u32, output: &Output) -> Result<bool, ApiError> {
    let page = desk.queue(0, limit).await?;
    let lines = page.rows.iter().map(|row| {
        format!(
            "{}  {}  {}  {}  {}",
            row.order_number, row.due_at, row.customer_name, row.total, row.shop_name
        )
    });
    output.answer(&page, lines);
    Ok(true)
}

async fn outbox(desk: &Desk, output: &Output) -> Result<bool, ApiError> {
    let mut all = Vec::new();
    for shop in desk.shops().await? {
        all.extend(desk.operations(shop.id).await?);
    }
    let lines = all.iter().map(|operation| {
        let error = words(operation.error.as_ref());
        let OperationView {
            order_number,
            kind,
            state,
            tries,
            ..
        } = operation;
        format!("{order_number}  {kind}  {state}  tries {tries}  {error}")
    });
    output.answer(&all, lines);
    Ok(true)
}

/// False when a file is damaged.
async fn verify(desk: &Desk, output: &Output) -> Result<bool, ApiError> {
    let checks = desk.verify().await?;
    let lines = checks.iter().map(|check| {
        let word = if check.sound { "sound" } else { "DAMAGED" };
        format!("{}  {word}  {}", check.file, check.faults.join("; "))
    });
    output.answer(&checks, lines);
    Ok(checks.iter().all(|check| check.sound))
}

fn words(error: Option<&ApiError>) -> &str {
    error
        .map(|error| error.message.as_str())
        .unwrap_or_default()
}

async fn sync(desk: &Desk, forever: bool, output: &Output) -> Result<bool, ApiError> {
    loop {
        let rounds = desk.exchange_once().await?;
        let lines = rounds.iter().map(|round| {
            let error = words(round.error.as_ref());
            format!(
                "{}  pulled {}  sent {}  waiting {}  {error}",
                round.shop, round.pulled, round.sent, round.waiting
            )
        });
        output.answer(&rounds, lines);
        if !forever {
            return Ok(rounds.iter().all(|round| round.error.is_none()));
        }
        tokio::time::sleep(app::Timing::default().poll).await;
    }
}

/// A secret from the environment: arguments are seen by everyone on the machine.
pub(crate) fn secret(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

fn shop_input(address: ShopAddress, language: Language) -> Result<ShopInput, ApiError> {
    let certificate_authority = match &address.ca_file {
        Some(path) => std::fs::read_to_string(path).map_err(|_| unreadable(path, language))?,
        None => String::new(),
    };
    Ok(ShopInput {
        kind: address.kind,
        name: address.name,
        address: address.address,
        user: address.user,
        secret: address.secret,
        language,
        zone: address.zone,
        allow_http: address.allow_http,
        allow_private: address.allow_private,
        certificate_authority,
    })
}

/// A file named on the command line that cannot be read.
fn unreadable(path: &Path, language: Language) -> ApiError {
    app::told(
        ErrorCode::FieldInvalid,
        language,
        [("field", path.display().to_string())],
    )
}
