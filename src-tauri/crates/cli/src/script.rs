//! Script files.

use crate::arguments::ScriptCommand;
use crate::output::{Output, raw};
use rules::script::{SCHEMA, Script};
use serde_json::json;

/// True when the script has no faults.
pub(crate) fn run(command: &ScriptCommand, output: &Output) -> bool {
    match command {
        ScriptCommand::Schema => {
            raw(SCHEMA);
            true
        }
        ScriptCommand::Check { file } => match std::fs::read_to_string(file) {
            Ok(text) => check(&text, output),
            Err(error) => {
                output.answer(
                    &json!({ "sound": false, "problems": [error.to_string()] }),
                    [error.to_string()],
                );
                false
            }
        },
    }
}

fn check(text: &str, output: &Output) -> bool {
    match Script::parse(text) {
        Ok(script) => {
            let line = format!(
                "{} · {} · {}",
                script.title,
                script.version,
                script.language.code()
            );
            output.answer(&json!({ "sound": true, "problems": [] }), [line]);
            true
        }
        Err(problems) => {
            let lines = problems.iter().map(ToString::to_string);
            output.answer(&json!({ "sound": false, "problems": &problems }), lines);
            false
        }
    }
}
