//! How the window is drawn.

/// Where there is no graphics card, `WebKitGTK` puts the window together by an emulated one, which takes
/// several times as long as painting straight into it: it is told to do the latter. What the user has
/// set stays.
///
/// To be called first of all: the environment is changed while there is one thread only.
#[cfg(target_os = "linux")]
pub(crate) fn without_a_graphics_card() {
    const NAME: &str = "WEBKIT_DISABLE_COMPOSITING_MODE";
    let has_card = std::fs::read_dir("/dev/dri").is_ok_and(|mut nodes| {
        nodes.any(|node| node.is_ok_and(|node| is_render_node(&node.file_name().to_string_lossy())))
    });
    if !has_card
        && std::env::var_os(NAME).is_none()
        && let Err(error) = glib::setenv(NAME, "1", false)
    {
        tracing::debug!(%error, NAME, "the environment cannot be changed");
    }
}

/// Whether a device draws, rather than only shows.
#[cfg(target_os = "linux")]
fn is_render_node(name: &str) -> bool {
    name.starts_with("renderD")
}

/// Elsewhere the system's own view knows best.
#[cfg(not(target_os = "linux"))]
pub(crate) fn without_a_graphics_card() {}

/// What a window that a test drives runs first, if one does. Painting straight into the window, `WebKitGTK`
/// takes the picture a driver asks for when something is painted next, which on a page at rest is never:
/// so a point in a corner is.
pub(crate) fn script_for_a_driver() -> &'static str {
    if std::env::var_os("TAURI_WEBVIEW_AUTOMATION").is_some() {
        include_str!("paint_a_point.js")
    } else {
        ""
    }
}
