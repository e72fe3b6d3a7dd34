//! Words for people, from the same Fluent files that the screens use.

use crate::error::{ApiError, ErrorCode};
use crate::view::Language;
use fluent_bundle::concurrent::FluentBundle;
use fluent_bundle::{FluentArgs, FluentResource, FluentValue};
use serde_json::Value;
use std::fmt::Display;
use std::sync::OnceLock;
use unic_langid::LanguageIdentifier;

type Bundle = FluentBundle<FluentResource>;

macro_rules! locale {
    ($code:literal) => {
        [
            include_str!(concat!("../../../../ui/locales/", $code, "/errors.ftl")),
            include_str!(concat!("../../../../ui/locales/", $code, "/codes.ftl")),
            include_str!(concat!("../../../../ui/locales/", $code, "/notes.ftl")),
            include_str!(concat!("../../../../ui/locales/", $code, "/wall.ftl")),
        ]
    };
}

trait Spoken {
    fn bundle(self) -> &'static Bundle;
}

impl Spoken for Language {
    fn bundle(self) -> &'static Bundle {
        static BUNDLES: OnceLock<[Bundle; 4]> = OnceLock::new();
        let [uk, ru, pl, en] = BUNDLES.get_or_init(|| {
            [
                bundle("uk", locale!("uk")),
                bundle("ru", locale!("ru")),
                bundle("pl", locale!("pl")),
                bundle("en", locale!("en")),
            ]
        });
        match self {
            Self::Uk => uk,
            Self::Ru => ru,
            Self::Pl => pl,
            Self::En => en,
        }
    }
}

fn bundle(code: &str, sources: [&str; 4]) -> Bundle {
    let language: LanguageIdentifier = code.parse().unwrap_or_default();
    let mut bundle = Bundle::new_concurrent(vec![language]);
    bundle.set_use_isolating(false);
    for source in sources {
        // A faulty line is left out and the rest kept; a test refuses such a file.
        let resource = FluentResource::try_new(source.to_owned()).unwrap_or_else(|(rest, _)| rest);
        bundle.add_resource_overriding(resource);
    }
    bundle
}

/// The message `key` in `language`; the key itself where there is none, which a test forbids.
pub(crate) fn say<'a>(
    language: Language,
    key: &str,
    args: impl IntoIterator<Item = (&'a str, &'a str)>,
) -> String {
    let bundle = language.bundle();
    let Some(pattern) = bundle.get_message(key).and_then(|message| message.value()) else {
        return key.to_owned();
    };
    let args: FluentArgs<'_> = args
        .into_iter()
        .map(|(name, value)| {
            // Numbers choose their plural form; a code with a leading zero stays a text.
            let digits = value.bytes().all(|byte| byte.is_ascii_digit());
            match value.parse::<u32>() {
                Ok(number) if digits && !(value.starts_with('0') && value.len() > 1) => {
                    (name, FluentValue::from(number))
                }
                _ => (name, FluentValue::from(value)),
            }
        })
        .collect();
    let mut faults = Vec::new();
    bundle
        .format_pattern(pattern, Some(&args), &mut faults)
        .into_owned()
}

/// The code as it is written: `sign-in-wrong`.
pub(crate) fn code_word(code: ErrorCode) -> String {
    match serde_json::to_value(code) {
        Ok(Value::String(word)) => word,
        _ => String::new(),
    }
}

/// An error without its words: what use cases return; [`Fault::told`] adds the words.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Fault {
    /// Stable name.
    pub(crate) code: ErrorCode,
    /// What the words speak of.
    pub(crate) args: Vec<(String, String)>,
}

impl From<ErrorCode> for Fault {
    fn from(code: ErrorCode) -> Self {
        Self {
            code,
            args: Vec::new(),
        }
    }
}

impl Fault {
    /// With one argument more.
    #[must_use]
    pub(crate) fn with(mut self, name: &str, value: &impl Display) -> Self {
        self.args.push((name.to_owned(), value.to_string()));
        self
    }

    /// As the store keeps it: to be told in whatever language it is read.
    pub(crate) fn stored(&self) -> String {
        serde_json::json!({ "code": self.code, "args": self.args }).to_string()
    }

    /// What the store kept.
    pub(crate) fn from_stored(text: &str) -> Option<Self> {
        #[derive(serde::Deserialize)]
        struct Stored {
            code: ErrorCode,
            args: Vec<(String, String)>,
        }
        let stored: Stored = serde_json::from_str(text).ok()?;
        Some(Self {
            code: stored.code,
            args: stored.args,
        })
    }

    /// In the reader's language.
    pub(crate) fn told(&self, language: Language) -> ApiError {
        let key = format!("error-{}", code_word(self.code));
        ApiError {
            code: self.code,
            message: say(
                language,
                &key,
                self.args
                    .iter()
                    .map(|(name, value)| (name.as_str(), value.as_str())),
            ),
            args: self
                .args
                .iter()
                .map(|(name, value)| (name.clone(), value.clone()))
                .collect(),
        }
    }
}

/// An error in words, for callers that find it themselves.
pub fn told(
    code: ErrorCode,
    language: Language,
    args: impl IntoIterator<Item = (&'static str, String)>,
) -> ApiError {
    let fault = args
        .into_iter()
        .fold(Fault::from(code), |fault, (name, value)| {
            fault.with(name, &value)
        });
    fault.told(language)
}
