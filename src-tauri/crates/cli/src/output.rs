//! What the command line prints.

use app::view::{ApiError, ErrorCode};
use serde::Serialize;

/// Where answers go: standard output, faults to standard error.
pub(crate) struct Output {
    pub(crate) json: bool,
}

#[expect(
    clippy::print_stdout,
    clippy::print_stderr,
    reason = "the answer to a command line"
)]
impl Output {
    /// The answer: `document` for programs, `lines` for people.
    pub(crate) fn answer(
        &self,
        document: &impl Serialize,
        lines: impl IntoIterator<Item = String>,
    ) {
        if self.json {
            match serde_json::to_string_pretty(document) {
                Ok(text) => println!("{text}"),
                Err(error) => eprintln!("{error}"),
            }
        } else {
            for line in lines {
                println!("{line}");
            }
        }
    }

    pub(crate) fn fault(&self, error: &ApiError) {
        if self.json {
            self.answer(&serde_json::json!({ "error": error }), []);
        } else {
            let flag = flag_for(error.code).map(|flag| format!(" ({flag})"));
            eprintln!("{}{}", error.message, flag.unwrap_or_default());
        }
    }
}

/// The argument that allows what the message speaks of.
fn flag_for(code: ErrorCode) -> Option<&'static str> {
    match code {
        ErrorCode::ShopNoTls => Some("--allow-http"),
        ErrorCode::ShopPrivateAddress => Some("--allow-private"),
        ErrorCode::ShopBadCertificate => Some("--ca-file FILE"),
        _ => None,
    }
}

/// A text as it is.
#[expect(clippy::print_stdout, reason = "the answer to a command line")]
pub(crate) fn raw(text: &str) {
    println!("{text}");
}
