//! Call scripts: a readable file, checked when it is loaded, walked by the operator's answers.
//!
//! A script is a list of steps. A step may say something, tick points of the checklist, act, and
//! ask; one that asks waits for an answer, the others pass on at once: to `goto` if given, to the
//! next step in the file otherwise. A step whose `when` does not hold is passed over, so a step of
//! only `when` and `goto` is a branch. `goto: end` ends the call.

mod check;
mod problem;
mod template;
mod walk;

pub use problem::{ProblemCode, ScriptProblem};
pub use template::{Segment, Variable, Variables};
pub use walk::{AnswerView, Paragraph, StepView, Walk, WalkError, WalkFact, WalkState};

use crate::disposition::ContactReason;
use serde::{Deserialize, Deserializer, Serialize};
use std::ops::Deref;

/// Most answers a question can have: one digit key each.
pub const MAX_ANSWERS: usize = 9;
/// Where `goto` leads to end the call; no step may be called so.
pub const END: &str = "end";
/// The JSON Schema of a script file, for editors.
pub const SCHEMA: &str = include_str!("../../scripts/script.schema.json");

/// The order confirmation script the desk comes with, in each of its languages.
pub const CONFIRM: [(Language, &str); 4] = [
    (Language::Uk, include_str!("../../scripts/confirm.uk.yaml")),
    (Language::Ru, include_str!("../../scripts/confirm.ru.yaml")),
    (Language::Pl, include_str!("../../scripts/confirm.pl.yaml")),
    (Language::En, include_str!("../../scripts/confirm.en.yaml")),
];

/// A language of the desk and of its content.
#[derive(
    Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type,
)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Language {
    /// Ukrainian.
    #[default]
    Uk,
    /// Russian.
    Ru,
    /// Polish.
    Pl,
    /// English.
    En,
}

impl Language {
    /// All, in the order of the language picker.
    pub const ALL: [Self; 4] = [Self::Uk, Self::Ru, Self::Pl, Self::En];

    /// BCP 47 code.
    pub fn code(self) -> &'static str {
        match self {
            Self::Uk => "uk",
            Self::Ru => "ru",
            Self::Pl => "pl",
            Self::En => "en",
        }
    }

    /// Reads a code such as `uk` or `pl_PL.UTF-8`.
    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL
            .into_iter()
            .find(|language| code.get(..2) == Some(language.code()))
    }
}

/// A call script.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// Stable code, the same in every language.
    pub code: String,
    /// Counts up with every published change; stored with each call.
    pub version: u32,
    /// The language it is spoken in.
    pub language: Language,
    /// Name to choose it by.
    pub title: String,
    /// Variables it uses: the list an author keeps in view. Must match the texts exactly.
    #[serde(default)]
    pub variables: Vec<Located>,
    /// What the operator makes sure of.
    #[serde(default)]
    pub checklist: Vec<ChecklistPoint>,
    /// The conversation; begins with the first.
    pub steps: Vec<Step>,
}

/// One thing to make sure of during the call.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct ChecklistPoint {
    /// Identity within the script.
    pub id: String,
    /// As the operator reads it.
    pub text: String,
    /// An outcome that confirms the order waits for it.
    #[serde(default)]
    pub required: bool,
}

/// One step of the conversation.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Step {
    /// Identity within the script.
    pub id: Located,
    /// The step is passed over unless this holds, e.g. `order.total > 5000`.
    #[serde(default)]
    pub when: Option<Located>,
    /// What to say; `{{ customer.name }}` stands for a variable.
    #[serde(default)]
    pub text: Option<Located>,
    /// Points of the checklist that are done by saying this.
    #[serde(default)]
    pub ticks: Vec<Located>,
    /// What happens when the step is entered.
    #[serde(default)]
    pub act: Act,
    /// Answers to choose from, numbered 1 to 9 as they stand; with none the step does not wait.
    #[serde(default)]
    #[cfg_attr(test, schemars(length(max = 9)))]
    pub answers: Vec<Answer>,
    /// Where to go on: a step or `end`. Without it, the next step in the file.
    #[serde(default)]
    pub goto: Option<Located>,
}

/// One answer of the customer.
#[derive(Clone, Debug, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// As the operator reads it; may hold variables.
    pub text: Located,
    /// Points of the checklist that this answer settles.
    #[serde(default)]
    pub ticks: Vec<Located>,
    /// What happens when it is chosen.
    #[serde(default)]
    pub act: Act,
    /// Where to go on; without it, as the step says.
    #[serde(default)]
    pub goto: Option<Located>,
}

/// What a step or answer does to the call.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(deny_unknown_fields)]
pub struct Act {
    /// Proposes an outcome by its code; the operator may still change it.
    #[serde(default)]
    pub outcome: Option<Located>,
    /// Proposes a contact reason, `reason/subreason`.
    #[serde(default)]
    pub reason: Option<Located>,
    /// Opens a part of the desk.
    #[serde(default)]
    pub open: Option<Panel>,
}

/// A part of the desk that a script can open.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize, specta::Type)]
#[cfg_attr(test, derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Panel {
    /// The lines of the order, to be changed.
    OrderEdit,
    /// The search for a product to add.
    ProductSearch,
    /// The time of the promised call.
    CallbackTime,
    /// The comment.
    Comment,
}

/// A text and where it stands in the file.
#[derive(Clone, Debug)]
pub struct Located {
    value: String,
    line: u32,
    column: u32,
}

impl Script {
    /// Reads and checks a script file.
    ///
    /// # Errors
    /// Every problem found, in the order of the file. When the file cannot be read at all there is
    /// one, that of the first unreadable place.
    pub fn parse(yaml: &str) -> Result<Self, Vec<ScriptProblem>> {
        let script: Self = serde_saphyr::from_str(yaml)
            .map_err(|error| vec![ScriptProblem::unreadable(&error)])?;
        let problems = check::problems(&script);
        if problems.is_empty() {
            Ok(script)
        } else {
            Err(problems)
        }
    }

    /// The step with this identity.
    pub fn step(&self, id: &str) -> Option<&Step> {
        self.steps.iter().find(|step| &*step.id == id)
    }

    /// The step after `step` in the file; none after the last.
    fn following(&self, step: &Step) -> Option<&Step> {
        let position = self.steps.iter().position(|other| other.id == step.id)?;
        self.steps.get(position + 1)
    }

    /// Where a `goto` leads, or the next step where there is none; none is the end.
    fn target(&self, step: &Step, goto: Option<&Located>) -> Option<&Step> {
        match goto.or(step.goto.as_ref()) {
            Some(id) => self.step(id),
            None => self.following(step),
        }
    }
}

impl Act {
    /// The reason in both levels.
    fn contact_reason(&self) -> Option<ContactReason> {
        self.reason.as_deref().and_then(ContactReason::parse)
    }
}

impl Deref for Located {
    type Target = str;
    fn deref(&self) -> &str {
        &self.value
    }
}

/// Two texts are the same wherever they stand.
impl PartialEq for Located {
    fn eq(&self, other: &Self) -> bool {
        self.value == other.value
    }
}

impl Eq for Located {}

impl<'de> Deserialize<'de> for Located {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let spanned = serde_saphyr::Spanned::<String>::deserialize(deserializer)?;
        let number = |position: u64| u32::try_from(position).unwrap_or(u32::MAX);
        Ok(Self {
            line: number(spanned.referenced.line()),
            column: number(spanned.referenced.column()),
            value: spanned.value,
        })
    }
}

#[cfg(test)]
impl schemars::JsonSchema for Located {
    fn schema_name() -> std::borrow::Cow<'static, str> {
        String::schema_name()
    }
    fn inline_schema() -> bool {
        true
    }
    fn json_schema(generator: &mut schemars::SchemaGenerator) -> schemars::Schema {
        String::json_schema(generator)
    }
}

#[cfg(test)]
mod tests;
