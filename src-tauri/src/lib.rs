//! The window: it starts the use cases, hands commands to them and tells the screen what changed.

mod arguments;
pub mod commands;
mod dialog;
mod drawing;

use app::Desk;
use app::view::Changed;
use clap::Parser;
use std::process::ExitCode;
use tauri::{AppHandle, Manager, RunEvent, WebviewWindowBuilder, Wry};
use tauri_specta::{Builder, Event, collect_commands, collect_events};
use tracing_subscriber::EnvFilter;

/// A screen must ask again.
#[derive(Clone, Debug, serde::Serialize, serde::Deserialize, specta::Type, Event)]
#[tauri_specta(event_name = "changed")]
pub struct ChangedEvent(pub Changed);

/// The border: every command and event the window knows.
pub fn border() -> Builder<Wry> {
    Builder::new()
        .commands(collect_commands![
            commands::start::start,
            commands::start::create_centre,
            commands::start::sign_in,
            commands::start::recover,
            commands::start::sign_out,
            commands::start::lock,
            commands::start::unlock,
            commands::start::set_preferences,
            commands::start::change_password,
            commands::people::people,
            commands::people::add_person,
            commands::people::set_person,
            commands::people::reset_password,
            commands::people::renew_recovery_code,
            commands::people::back_up,
            commands::shops::check_shop,
            commands::shops::connect_shop,
            commands::shops::make_sample,
            commands::shops::shops,
            commands::shops::sync_now,
            commands::shops::remove_shop,
            commands::shops::operations,
            commands::shops::retry_operation,
            commands::sync::sync_page,
            commands::sync::shop_trouble,
            commands::sync::resolve_letter,
            commands::sync::status_table,
            commands::sync::refresh_statuses,
            commands::sync::check_status_table,
            commands::sync::set_status_table,
            commands::sync::shop_kinds,
            commands::sync::rekey_shop,
            commands::work::desk,
            commands::work::queue,
            commands::work::take_task,
            commands::work::act,
            commands::work::pause,
            commands::work::answer,
            commands::work::step_back,
            commands::work::tick,
            commands::work::edit_line,
            commands::work::search_products,
            commands::work::keep_draft,
            commands::work::save_result,
            commands::work::undo_result,
            commands::calls::load,
            commands::calls::calls,
            commands::calls::call_detail,
            commands::forecast::forecast_page,
            commands::forecast::forecast_day,
            commands::forecast::import_history,
            commands::forecast::withdraw_import,
            commands::forecast::set_outlier,
            commands::forecast::add_special_day,
            commands::forecast::remove_special_day,
            commands::forecast::override_forecast,
            commands::forecast::withdraw_override,
            commands::forecast::publish_forecast,
            commands::forecast::staffing,
            commands::forecast::set_staffing_rules,
            commands::plan::plans,
            commands::plan::make_plan,
            commands::plan::plan_page,
            commands::plan::drop_plan,
            commands::plan::solve_plan,
            commands::plan::stop_solving,
            commands::plan::edit_plan,
            commands::plan::plan_choices,
            commands::plan::plan_multi_skill,
            commands::plan::meeting_times,
            commands::plan::place_meeting,
            commands::plan::remove_meeting,
            commands::plan::publish_plan,
            commands::plan::compare_plans,
            commands::plan::contracts,
            commands::plan::served_lines,
            commands::plan::set_contract,
            commands::plan::preset_contract,
            commands::plan::templates,
            commands::plan::set_template,
            commands::plan::remove_template,
            commands::plan::my_shifts,
            commands::plan::ask_request,
            commands::plan::requests,
            commands::plan::answer_request,
            commands::plan::today,
            commands::plan::export_plan,
            commands::plan::export_my_shifts,
        ])
        .events(collect_events![ChangedEvent])
        // One form of each type: a field that may be missing is `null`, both ways.
        .disable_serde_phases()
}

/// Runs the desk until its window closes.
pub fn run() -> ExitCode {
    drawing::without_a_graphics_card();
    let arguments = arguments::Arguments::parse();
    tracing_subscriber::fmt()
        .with_env_filter(
            EnvFilter::try_from_env("DZVINOK_LOG").unwrap_or_else(|_| EnvFilter::new("info")),
        )
        .with_writer(std::io::stderr)
        .init();
    match start(arguments) {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!(%error, "the window could not be opened");
            ExitCode::FAILURE
        }
    }
}

fn start(arguments: arguments::Arguments) -> tauri::Result<()> {
    let border = border();
    tauri::Builder::default()
        .invoke_handler(border.invoke_handler())
        .setup(move |window_app| {
            border.mount_events(window_app);
            let desk = Desk::open(arguments.options());
            forward_changes(window_app.handle().clone(), &desk);
            let phone = desk.clone();
            tauri::async_runtime::spawn(async move { phone.listen_to_phone().await });
            window_app.manage(desk);
            open_window(window_app.handle())?;
            Ok(())
        })
        .build(tauri::generate_context!())?
        .run(|handle, event| {
            if let RunEvent::Exit = event {
                let desk = handle.state::<Desk>().inner().clone();
                tauri::async_runtime::block_on(async move { desk.close().await });
            }
        });
    Ok(())
}

/// The window's title is the page's; a page sets it once it has been painted.
fn open_window(handle: &AppHandle) -> tauri::Result<()> {
    let Some(window) = handle.config().app.windows.first() else {
        return Ok(());
    };
    WebviewWindowBuilder::from_config(handle, window)?
        .initialization_script(drawing::script_for_a_driver())
        .on_document_title_changed(|window, page| {
            tracing::info!(%page, "page painted");
            if let Err(error) = window.set_title(&page) {
                tracing::debug!(%error, "the window kept its title");
            }
        })
        .build()?;
    Ok(())
}

/// Events are emitted on the window's thread: emitting from a worker can wait for it for ever.
fn forward_changes(handle: AppHandle, desk: &Desk) {
    let mut changes = desk.changes();
    tauri::async_runtime::spawn(async move {
        while let Some(changed) = changes.next().await {
            let target = handle.clone();
            let sent = handle.run_on_main_thread(move || {
                if let Err(error) = ChangedEvent(changed).emit(&target) {
                    tracing::warn!(%error, "a change did not reach the screen");
                }
            });
            if sent.is_err() {
                break;
            }
        }
    });
}

#[cfg(test)]
mod tests {
    use specta_typescript::Typescript;

    /// Set `WRITE_BINDINGS=1` (that is `make bindings`) to write the file instead of checking it.
    #[test]
    fn bindings_are_current() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/../ui/src/lib/ipc/bindings.ts");
        let fresh =
            std::env::temp_dir().join(format!("dzvinok-bindings-{}.ts", std::process::id()));
        super::border()
            .export(Typescript::default(), &fresh)
            .expect("the border can be written in TypeScript");
        let text = std::fs::read_to_string(&fresh).expect("the fresh bindings can be read");
        std::fs::remove_file(&fresh).expect("the fresh bindings can be removed");
        if std::env::var_os("WRITE_BINDINGS").is_some() {
            std::fs::write(path, &text).expect("the bindings can be written");
        }
        let kept = std::fs::read_to_string(path).unwrap_or_default();
        assert!(
            kept == text,
            "ui/src/lib/ipc/bindings.ts is stale: run `make bindings`"
        );
    }
}
