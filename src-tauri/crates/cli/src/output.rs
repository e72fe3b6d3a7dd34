//! What the command line prints.

use app::view::{ApiError, ErrorCode};
use serde::Serialize;

/// Where answers go: standard output, faults to standard error.
pub(crate) struct Output {
    pub(crate) json: bool,
}

#[expect(clippy::print_stdout, clippy::print_stderr, reason = "the answer to a command line")]
impl Output {
    /// The answer: `document` for programs, `lines` for people.
    pub(crate) fn answer(&self, document: &impl Serialize, lines: impl IntoIterator<Item = String>) {
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

    /// A text as it is.
    pub(crate) fn raw(&self, text: &str) {
        println!("{text}");
    }

    /// A file named on the command line that cannot be read.
    pub(crate) fn unreadable(&self, path: &std::path::Path, language: app::view::Language) -> ApiError {
        app::told(ErrorCode::FieldInvalid, language, [("field", path.display().to_string())])
    }

    pub(crate) fn fault(&self, error: &ApiError) {
        if self.json {
            self.answer(&serde_json::json!({ "error": error }), []);
        } else {
            eprintln!("{}", error.message);
        }
    }
}
