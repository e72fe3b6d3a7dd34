//! Client shops.

use crate::arguments::{ShopAddress, ShopCommand};
use crate::output::Output;
use app::Desk;
use app::view::{ApiError, ErrorCode, Language, ShopInput, ShopView, StatusTable, StatusTableView};
use std::path::Path;

pub(crate) async fn run(
    desk: &Desk,
    command: ShopCommand,
    language: Language,
    output: &Output,
) -> Result<bool, ApiError> {
    match command {
        ShopCommand::Check(address) => {
            let check = desk.try_shop(input(address, language)?).await?;
            let (name, software) = (&check.name, &check.software);
            let line = format!("{name} · {software} · {}", check.currency);
            output.answer(&check, [line]);
        }
        ShopCommand::Capture {
            address,
            out,
            pages,
        } => {
            let shop = input(address, language)?;
            desk.capture_shop(shop, &out, pages).await?;
            let folder = out.display().to_string();
            output.answer(&serde_json::json!({ "folder": folder }), [folder.clone()]);
        }
        ShopCommand::Add(address) => {
            let shop = desk.connect_shop(input(address, language)?).await?;
            output.answer(&shop, [format!("{} {}", shop.id, shop.name)]);
        }
        ShopCommand::List => {
            let shops = desk.shops().await?;
            output.answer(&shops, shops.iter().map(line));
        }
        ShopCommand::Rekey { name, user, secret } => {
            let shop = named(desk, &name).await?;
            let check = desk.rekey_shop(shop.id, user, secret).await?;
            output.answer(&check, [format!("{} · {}", check.name, check.software)]);
        }
        ShopCommand::Statuses {
            name,
            set,
            reset,
            ask,
        } => {
            let shop = named(desk, &name).await?.id;
            let view = match set {
                Some(file) => {
                    let table = table(&file, language)?;
                    desk.set_status_table(shop, Some(table)).await?
                }
                None if reset => desk.set_status_table(shop, None).await?,
                None if ask => desk.refresh_statuses(shop).await?,
                None => desk.status_table(shop).await?,
            };
            output.answer(&view, status_lines(&view));
        }
        ShopCommand::Remove { name } => {
            let shop = named(desk, &name).await?;
            desk.remove_shop(shop.id, name).await?;
        }
    }
    Ok(true)
}

/// The shop of this name.
pub(crate) async fn named(desk: &Desk, name: &str) -> Result<ShopView, ApiError> {
    let shops = desk.shops().await?;
    match shops.into_iter().find(|shop| shop.name == name) {
        Some(shop) => Ok(shop),
        None => Err(desk.fault(ErrorCode::NotFound).await),
    }
}

fn line(shop: &ShopView) -> String {
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
}

/// A table for a person: the words, the steps, the targets, what is wrong.
fn status_lines(view: &StatusTableView) -> Vec<String> {
    let table = &view.table;
    let mut lines: Vec<_> = table
        .statuses
        .iter()
        .map(|status| format!("{}  {}  {:?}", status.word, status.name, status.stage))
        .collect();
    lines.extend(
        table
            .transitions
            .iter()
            .map(|step| format!("{} → {}  {:?}", step.from, step.to, step.least)),
    );
    let target = |word: &Option<String>| word.clone().unwrap_or_else(|| "–".to_owned());
    lines.push(format!("confirmed: {}", target(&table.confirmed)));
    lines.push(format!("cancelled: {}", target(&table.cancelled)));
    lines.extend(view.problems.iter().map(|problem| problem.message.clone()));
    lines
}

fn table(file: &Path, language: Language) -> Result<StatusTable, ApiError> {
    let text = std::fs::read_to_string(file).map_err(|_| unreadable(file, language))?;
    serde_json::from_str(&text).map_err(|_| unreadable(file, language))
}

pub(crate) fn input(address: ShopAddress, language: Language) -> Result<ShopInput, ApiError> {
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
