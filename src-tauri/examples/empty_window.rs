//! An empty window, to measure against: what starting costs before there is any product.

use tauri::WebviewWindowBuilder;

fn main() -> tauri::Result<()> {
    tracing_subscriber::fmt()
        .with_writer(std::io::stderr)
        .init();
    tauri::Builder::default()
        .setup(|app| {
            let Some(window) = app.config().app.windows.first().cloned() else {
                return Ok(());
            };
            WebviewWindowBuilder::from_config(app.handle(), &window)?
                .on_document_title_changed(|_, page| tracing::info!(%page, "page painted"))
                .build()?;
            Ok(())
        })
        .run(tauri::generate_context!("examples/empty/tauri.conf.json"))
}
