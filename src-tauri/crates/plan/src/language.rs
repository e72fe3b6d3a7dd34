//! The language that work is in.

use serde::{Deserialize, Deserializer, Serialize, Serializer};
use std::fmt;
use std::str::FromStr;

/// Two letters of ISO 639-1.
#[derive(Clone, Copy, PartialEq, Eq, Hash, PartialOrd, Ord, specta::Type)]
#[specta(transparent)]
pub struct LanguageCode(#[specta(type = String)] [u8; 2]);

/// Every code of ISO 639-1.
const CODES: &str = "aa ab ae af ak am an ar as av ay az ba be bg bh bi bm bn bo br bs ca ce ch co cr \
    cs cu cv cy da de dv dz ee el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr \
    ht hu hy hz ia id ie ig ii ik io is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb \
    lg li ln lo lt lu lv mg mh mi mk ml mn mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os \
    pa pi pl ps pt qu rm rn ro ru rw sa sc sd se sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th \
    ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo wa wo xh yi yo za zh zu";

/// What exchanges write instead of a code: three letters of ISO 639-2, short forms, and names in
/// Ukrainian, Russian, Polish, English and the language's own. `ua` is a country, and always meant so.
const NAMES: &[(&str, &[&str])] = &[
    (
        "uk",
        &[
            "ua",
            "ukr",
            "ukrainian",
            "укр",
            "українська",
            "украинский",
            "ukraiński",
            "ukraińska",
            "ukrainski",
        ],
    ),
    (
        "ru",
        &[
            "rus",
            "russian",
            "рос",
            "російська",
            "рус",
            "русский",
            "rosyjski",
            "rosyjska",
        ],
    ),
    (
        "pl",
        &["pol", "polish", "польська", "польский", "polski", "polska"],
    ),
    (
        "en",
        &[
            "eng",
            "english",
            "англ",
            "англійська",
            "английский",
            "angielski",
            "angielska",
        ],
    ),
    (
        "de",
        &[
            "ger",
            "deu",
            "german",
            "німецька",
            "немецкий",
            "niemiecki",
            "deutsch",
        ],
    ),
    (
        "ro",
        &[
            "rum",
            "ron",
            "romanian",
            "moldovan",
            "румунська",
            "молдовська",
            "румынский",
            "молдавский",
            "rumuński",
            "română",
        ],
    ),
    (
        "hu",
        &[
            "hun",
            "hungarian",
            "угорська",
            "венгерский",
            "węgierski",
            "magyar",
        ],
    ),
    (
        "cs",
        &[
            "cze",
            "ces",
            "czech",
            "чеська",
            "чешский",
            "czeski",
            "čeština",
        ],
    ),
    (
        "sk",
        &[
            "slo",
            "slk",
            "slovak",
            "словацька",
            "словацкий",
            "słowacki",
            "slovenčina",
        ],
    ),
    (
        "bg",
        &[
            "bul",
            "bulgarian",
            "болгарська",
            "болгарский",
            "bułgarski",
            "български",
        ],
    ),
    (
        "lt",
        &[
            "lit",
            "lithuanian",
            "литовська",
            "литовский",
            "litewski",
            "lietuvių",
        ],
    ),
    (
        "lv",
        &[
            "lav",
            "latvian",
            "латиська",
            "латышский",
            "łotewski",
            "latviešu",
        ],
    ),
    (
        "et",
        &[
            "est",
            "estonian",
            "естонська",
            "эстонский",
            "estoński",
            "eesti",
        ],
    ),
    (
        "be",
        &[
            "bel",
            "belarusian",
            "білоруська",
            "белорусский",
            "białoruski",
            "беларуская",
        ],
    ),
    (
        "kk",
        &[
            "kaz",
            "kazakh",
            "казахська",
            "казахский",
            "kazachski",
            "қазақ",
        ],
    ),
    (
        "uz",
        &["uzb", "uzbek", "узбецька", "узбекский", "uzbecki", "oʻzbek"],
    ),
    (
        "ka",
        &[
            "geo",
            "kat",
            "georgian",
            "грузинська",
            "грузинский",
            "gruziński",
            "ქართული",
        ],
    ),
    (
        "hy",
        &[
            "arm",
            "hye",
            "armenian",
            "вірменська",
            "армянский",
            "ormiański",
            "հայերեն",
        ],
    ),
    (
        "az",
        &[
            "aze",
            "azerbaijani",
            "азербайджанська",
            "азербайджанский",
            "azerski",
            "azərbaycan",
        ],
    ),
    (
        "tr",
        &[
            "tur",
            "turkish",
            "турецька",
            "турецкий",
            "turecki",
            "türkçe",
        ],
    ),
    (
        "fr",
        &[
            "fre",
            "fra",
            "french",
            "французька",
            "французский",
            "francuski",
            "français",
        ],
    ),
    (
        "es",
        &[
            "spa",
            "spanish",
            "іспанська",
            "испанский",
            "hiszpański",
            "español",
        ],
    ),
    (
        "it",
        &[
            "ita",
            "italian",
            "італійська",
            "итальянский",
            "włoski",
            "italiano",
        ],
    ),
    (
        "pt",
        &[
            "por",
            "portuguese",
            "португальська",
            "португальский",
            "portugalski",
            "português",
        ],
    ),
    (
        "he",
        &["heb", "hebrew", "іврит", "иврит", "hebrajski", "עברית"],
    ),
    (
        "ar",
        &[
            "ara",
            "arabic",
            "арабська",
            "арабский",
            "arabski",
            "العربية",
        ],
    ),
    (
        "zh",
        &[
            "chi",
            "zho",
            "chinese",
            "китайська",
            "китайский",
            "chiński",
            "中文",
        ],
    ),
];

/// Words that may stand beside a name: "українська мова", "język polski".
const BESIDE: &[&str] = &[
    "language",
    "lang",
    "мова",
    "язык",
    "język",
    "jezyk",
    "queue",
    "черга",
    "очередь",
    "kolejka",
];

impl LanguageCode {
    /// The code as it is written: two small letters.
    pub fn as_str(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or_default()
    }

    /// What a report or a person writes: a code with or without its country, three letters of ISO
    /// 639-2, or a name. None for anything else; nothing is guessed.
    pub fn read(text: &str) -> Option<Self> {
        let lower = text.trim().to_lowercase();
        let words: Vec<&str> = lower
            .split(|letter: char| letter.is_whitespace() || matches!(letter, '(' | ')' | '.' | ','))
            .filter(|word| !word.is_empty() && !BESIDE.contains(word))
            .collect();
        let [word] = words.as_slice() else {
            return None;
        };
        if let Some(known) = Self::of_word(word) {
            return Some(known);
        }
        // `uk-UA`, `uk_UA`: the country tells nothing more.
        let (code, country) = word.split_once(['-', '_'])?;
        let proper = (2..=3).contains(&country.len()) && country.is_ascii();
        proper.then(|| code.parse().ok()).flatten()
    }

    fn of_word(word: &str) -> Option<Self> {
        if let Ok(code) = word.parse() {
            return Some(code);
        }
        NAMES
            .iter()
            .find(|(_, names)| names.contains(&word))
            .and_then(|(code, _)| code.parse().ok())
    }
}

/// Not a code of ISO 639-1.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NoSuchLanguage;

impl fmt::Display for NoSuchLanguage {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("not a code of ISO 639-1")
    }
}

impl std::error::Error for NoSuchLanguage {}

impl FromStr for LanguageCode {
    type Err = NoSuchLanguage;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        if !CODES.split(' ').any(|code| code == text) {
            return Err(NoSuchLanguage);
        }
        text.as_bytes()
            .try_into()
            .map(Self)
            .map_err(|_| NoSuchLanguage)
    }
}

impl fmt::Display for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl fmt::Debug for LanguageCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(self.as_str())
    }
}

impl Serialize for LanguageCode {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(self.as_str())
    }
}

impl<'de> Deserialize<'de> for LanguageCode {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        text.parse().map_err(serde::de::Error::custom)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_exchanges_write_becomes_a_code() {
        for (text, code) in [
            ("uk", "uk"),
            (" UK ", "uk"),
            ("UA", "uk"),
            ("uk-UA", "uk"),
            ("ru_RU", "ru"),
            ("ukr", "uk"),
            ("Українська", "uk"),
            ("українська мова", "uk"),
            ("Укр.", "uk"),
            ("Ukrainian", "uk"),
            ("Русский", "ru"),
            ("російська", "ru"),
            ("język polski", "pl"),
            ("POL", "pl"),
            ("English (queue)", "en"),
            ("angielski", "en"),
            ("Deutsch", "de"),
            ("zu", "zu"),
        ] {
            let read = LanguageCode::read(text);
            assert_eq!(
                read.map(|code| code.to_string()).as_deref(),
                Some(code),
                "{text}"
            );
        }
        for text in [
            "",
            "xx",
            "u",
            "12",
            "klingon",
            "uk ru",
            "all",
            "uk-",
            "uk-UKRAINE",
            "іі",
        ] {
            assert_eq!(LanguageCode::read(text), None, "{text}");
        }
    }

    #[test]
    fn every_name_belongs_to_one_language_and_none_hides_a_code() {
        let mut seen = std::collections::HashSet::new();
        for (code, names) in NAMES {
            assert!(code.parse::<LanguageCode>().is_ok(), "{code}");
            for name in *names {
                assert_eq!(LanguageCode::read(name).unwrap().as_str(), *code, "{name}");
                assert!(seen.insert(name), "{name} stands twice");
            }
        }
        assert!(CODES.split(' ').is_sorted());
    }
}
