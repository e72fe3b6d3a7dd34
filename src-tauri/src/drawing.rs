//! How the window is drawn.

/// Where there is no graphics card, `WebKitGTK` draws by an emulated one, which takes longer than
/// drawing by the processor itself: it is told to do the latter. What the user has set stays.
///
/// To be called first of all: the environment is changed while there is one thread only.
#[cfg(target_os = "linux")]
pub(crate) fn without_a_graphics_card() {
    let has_card = std::fs::read_dir("/dev/dri").is_ok_and(|mut nodes| {
        nodes.any(|node| node.is_ok_and(|node| is_render_node(&node.file_name().to_string_lossy())))
    });
    if has_card {
        return;
    }
    let threads = std::thread::available_parallelism().map_or(1, |cores| cores.get().min(4));
    for (name, value) in [
        ("WEBKIT_SKIA_ENABLE_CPU_RENDERING", "1"),
        ("WEBKIT_SKIA_CPU_PAINTING_THREADS", &threads.to_string()),
    ] {
        if std::env::var_os(name).is_none()
            && let Err(error) = glib::setenv(name, value, false)
        {
            tracing::debug!(%error, name, "the environment cannot be changed");
        }
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
