//! The command line of the desk.

use app::DeskOptions;
use std::path::PathBuf;

/// The workplace of a contact centre that serves online shops.
#[derive(Debug, clap::Parser)]
#[command(
    version,
    after_help = "DZVINOK_LOG sets what is logged to standard error, e.g. `debug`; the default is `info`."
)]
pub(crate) struct Arguments {
    /// Keep everything in FOLDER instead of the user's data folder.
    #[arg(long, value_name = "FOLDER")]
    data_dir: Option<PathBuf>,
}

impl Arguments {
    pub(crate) fn options(self) -> DeskOptions {
        DeskOptions::for_user(self.data_dir)
    }
}
