//! What is wrong with a script, where, and what to do about it.

use super::Located;
use serde::Serialize;
use std::collections::BTreeMap;
use std::fmt;

/// One fault of a script file.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, specta::Type)]
pub struct ScriptProblem {
    /// What it is; the text lives with the interface as `script-problem-<code>`.
    pub code: ProblemCode,
    /// Line in the file, from 1.
    pub line: Option<u32>,
    /// Column in the line, from 1.
    pub column: Option<u32>,
    /// What the text names, by argument.
    pub args: BTreeMap<String, String>,
}

/// The kinds of fault.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, specta::Type)]
#[serde(rename_all = "snake_case")]
pub enum ProblemCode {
    /// Not YAML, or a field that does not belong (`message`).
    Unreadable,
    /// No step at all.
    NoSteps,
    /// Two steps share an identity, or one is called `end` (`step`).
    DuplicateStep,
    /// Two points share an identity (`point`).
    DuplicatePoint,
    /// The step neither says, asks, ticks, acts nor leads anywhere (`step`).
    EmptyStep,
    /// `goto` names no step (`step`, `target`).
    UnknownStep,
    /// No way leads to the step (`step`).
    UnreachableStep,
    /// Steps lead round without ever asking (`step`).
    EndlessLoop,
    /// More answers than digit keys (`step`, `count`).
    TooManyAnswers,
    /// Not in the closed list (`variable`, `allowed`).
    UnknownVariable,
    /// Used, but not in the script's own list (`variable`).
    UndeclaredVariable,
    /// In the script's own list, but not used (`variable`).
    UnusedVariable,
    /// A text that cannot be filled in (`message`).
    BadTemplate,
    /// A condition that cannot be worked out (`message`).
    BadCondition,
    /// `ticks` names no point of the checklist (`point`, `allowed`).
    UnknownPoint,
    /// A required point that no step or answer ticks (`point`).
    PointNeverTicked,
    /// Not an outcome an operator can give (`outcome`, `allowed`).
    UnknownOutcome,
    /// Not a pair of reason and subreason (`reason`).
    UnknownReason,
}

impl ScriptProblem {
    pub(super) fn new<const N: usize>(
        code: ProblemCode,
        place: Option<&Located>,
        args: [(&str, &str); N],
    ) -> Self {
        Self {
            code,
            line: place.map(|place| place.line),
            column: place.map(|place| place.column),
            args: args
                .into_iter()
                .map(|(name, value)| (name.to_owned(), value.to_owned()))
                .collect(),
        }
    }

    pub(super) fn unreadable(error: &serde_saphyr::Error) -> Self {
        let number = |position: u64| u32::try_from(position).ok();
        let place = error.location();
        let told = error.without_snippet().to_string();
        // The place is told beside the message, not in it.
        let message = told
            .rsplit_once(" at line ")
            .map_or(&*told, |(what, _)| what);
        Self {
            code: ProblemCode::Unreadable,
            line: place.and_then(|place| number(place.line())),
            column: place.and_then(|place| number(place.column())),
            args: [("message".to_owned(), message.to_owned())].into(),
        }
    }
}

impl ProblemCode {
    /// What it is and what to do, with the arguments in braces.
    fn wording(self) -> &'static str {
        match self {
            Self::Unreadable => "this is no script: {message}; correct this place",
            Self::NoSteps => "the script has no steps; add at least one",
            Self::DuplicateStep => "the name `{step}` is taken; give the step another id",
            Self::DuplicatePoint => "the name `{point}` is taken; give the point another id",
            Self::EmptyStep => "step `{step}` does nothing; give it a text or remove it",
            Self::UnknownStep => {
                "step `{step}` leads to `{target}`, which is not there; name a step or `end`"
            }
            Self::UnreachableStep => "nothing leads to step `{step}`; add a goto or remove it",
            Self::EndlessLoop => {
                "from step `{step}` the script goes round without asking; add answers or another goto"
            }
            Self::TooManyAnswers => "step `{step}` has {count} answers; keep at most 9",
            Self::UnknownVariable => "there is no variable `{variable}`; use one of: {allowed}",
            Self::UndeclaredVariable => "`{variable}` is used here; add it to `variables`",
            Self::UnusedVariable => "`{variable}` is not used; remove it from `variables`",
            Self::BadTemplate => {
                "the text cannot be filled in: {message}; name variables only, in double braces"
            }
            Self::BadCondition => {
                "the condition cannot be worked out: {message}; compare a variable with a value"
            }
            Self::UnknownPoint => "the checklist has no point `{point}`; use one of: {allowed}",
            Self::PointNeverTicked => {
                "nothing ticks the required point `{point}`; add it to `ticks` of a step or answer"
            }
            Self::UnknownOutcome => "there is no outcome `{outcome}`; use one of: {allowed}",
            Self::UnknownReason => {
                "there is no contact reason `{reason}`; write reason/subreason from the catalogue"
            }
        }
    }
}

/// For the command line; the desk translates by code.
impl fmt::Display for ScriptProblem {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        if let (Some(line), Some(column)) = (self.line, self.column) {
            write!(f, "line {line}, column {column}: ")?;
        }
        let mut rest = self.code.wording();
        while let Some((before, (name, after))) = rest
            .split_once('{')
            .and_then(|(before, after)| Some((before, after.split_once('}')?)))
        {
            f.write_str(before)?;
            f.write_str(self.args.get(name).map_or("", String::as_str))?;
            rest = after;
        }
        f.write_str(rest)
    }
}
