//! Dzvinok without a window: the same use cases for servers, scripts and tests.

mod arguments;
mod compensate;
mod hooks;
mod output;
mod plan;
mod record;
mod script;
mod shop;
mod sync;
mod workforce;

use app::view::{ApiError, NewCentre, NewPerson};
use app::{Desk, DeskOptions};
use arguments::{
    Arguments, Command, HistoryCommand, NewMeeting, OutboxCommand, PlanCommand, ShopCommand,
    SyncCommand,
};
use chrono::TimeDelta;
use clap::Parser;
use output::Output;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

const PASSWORD: &str = "DZVINOK_PASSWORD";
const NEW_PASSWORD: &str = "DZVINOK_NEW_PASSWORD";

// One thread is enough for what waits for a shop; the store has its own.
#[tokio::main(flavor = "current_thread")]
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
    options.exchange = matches!(&arguments.command, Command::Hooks { .. });
    options.alone = !only_looks(&arguments.command);
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
        Command::Shop(command @ (ShopCommand::Check(_) | ShopCommand::Capture { .. })) => {
            return shop::run(&desk, command, language, output).await;
        }
        Command::History(command @ HistoryCommand::Sample { .. }) => {
            return workforce::history(&desk, command, language, output).await;
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
        Command::Shop(command) => shop::run(&desk, command, language, output).await,
        Command::Sync {
            command: Some(SyncCommand::Status),
            ..
        } => sync::status(&desk, output).await,
        Command::Sync { forever, .. } => sync::run(&desk, forever, output).await,
        Command::Hooks { listen, public_url } => {
            hooks::run(&desk, listen, &public_url, language, output).await
        }
        Command::Queue { limit } => queue(&desk, limit, output).await,
        Command::Orders => orders(&desk, output).await,
        Command::Outbox { command } => {
            sync::outbox(&desk, command.unwrap_or(OutboxCommand::List), output).await
        }
        Command::Coupon(coupon) => compensate::coupon(&desk, coupon, output).await,
        Command::Refund(refund) => compensate::refund(&desk, refund, output).await,
        Command::Verify => verify(&desk, output).await,
        Command::Result(result) => {
            let saved = record::record(&desk, result).await?;
            output.answer(&saved, [format!("{} {}", saved.order, saved.outcome)]);
            Ok(true)
        }
        Command::History(command) => workforce::history(&desk, command, language, output).await,
        Command::Forecast(of) => workforce::forecast(&desk, of, output).await,
        Command::Staffing(of) => workforce::staffing(&desk, of, output).await,
        Command::Plan(command) => plan::run(&desk, command, language, output).await,
        Command::Shifts { person } => plan::shifts(&desk, person, language, output).await,
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

async fn orders(desk: &Desk, output: &Output) -> Result<bool, ApiError> {
    let orders = desk.orders().await?;
    let lines = orders.iter().map(|order| {
        let gone = if order.gone { "  gone" } else { "" };
        format!("{}  {}  {}{gone}", order.number, order.status, order.total)
    });
    output.answer(&orders, lines);
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

/// A secret from the environment: arguments are seen by everyone on the machine.
pub(crate) fn secret(name: &str) -> String {
    std::env::var(name).unwrap_or_default()
}

/// Commands that change nothing may be given beside an open desk.
fn only_looks(command: &Command) -> bool {
    match command {
        Command::Queue { .. }
        | Command::Orders
        | Command::Verify
        | Command::Backup { .. }
        | Command::Forecast(_)
        | Command::Staffing(_)
        | Command::History(HistoryCommand::Import { check: true, .. })
        | Command::Shifts { .. }
        | Command::Plan(
            PlanCommand::List
            | PlanCommand::Export { .. }
            | PlanCommand::Meeting(NewMeeting { check: true, .. }),
        ) => true,
        Command::Sync { command, .. } => command.is_some(),
        Command::Outbox { command } => matches!(
            command,
            None | Some(OutboxCommand::List | OutboxCommand::Trouble)
        ),
        Command::Shop(ShopCommand::Statuses {
            set, reset, ask, ..
        }) => set.is_none() && !reset && !ask,
        Command::Shop(command) => matches!(
            command,
            ShopCommand::List | ShopCommand::Check(_) | ShopCommand::Capture { .. }
        ),
        _ => false,
    }
}
