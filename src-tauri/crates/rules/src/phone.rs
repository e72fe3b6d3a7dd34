//! Phone numbers: reading what people typed, showing, hiding, finding.
//!
//! A table of the countries the centre calls, instead of a port of libphonenumber: that brings some
//! forty crates and a metadata compiler for what here is a prefix, a length and a grouping. Lengths,
//! trunk prefixes and first digits are those of the national numbering plans filed with the ITU
//! (E.164 annex); any other country is accepted with its `+` and shown ungrouped.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A country's numbering plan.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
struct Plan {
    /// ISO 3166-1 alpha-2.
    country: &'static str,
    /// E.164 country code.
    code: &'static str,
    /// Digits dialled before a number inside the country, longest first.
    trunks: &'static [&'static str],
    /// First digits a national number can have.
    leading: &'static str,
    /// How the national number is read aloud; the sum is its length.
    groups: &'static [usize],
}

impl Plan {
    fn fits(&self, national: &str) -> bool {
        national.len() == self.groups.iter().sum::<usize>()
            && national.starts_with(|first| self.leading.contains(first))
    }
}

const PLANS: &[Plan] = &[
    Plan {
        country: "UA",
        code: "380",
        trunks: &["80", "0"],
        leading: "3456789",
        groups: &[2, 3, 2, 2],
    },
    Plan {
        country: "PL",
        code: "48",
        trunks: &["0"],
        leading: "123456789",
        groups: &[3, 3, 3],
    },
    // Russia and Kazakhstan share the code.
    Plan {
        country: "RU",
        code: "7",
        trunks: &["8"],
        leading: "346789",
        groups: &[3, 3, 2, 2],
    },
    Plan {
        country: "MD",
        code: "373",
        trunks: &["0"],
        leading: "2345678",
        groups: &[2, 3, 3],
    },
    Plan {
        country: "CZ",
        code: "420",
        trunks: &[],
        leading: "234567",
        groups: &[3, 3, 3],
    },
    Plan {
        country: "SK",
        code: "421",
        trunks: &["0"],
        leading: "2345679",
        groups: &[3, 3, 3],
    },
    Plan {
        country: "LT",
        code: "370",
        trunks: &["8", "0"],
        leading: "34567",
        groups: &[3, 2, 3],
    },
    Plan {
        country: "GB",
        code: "44",
        trunks: &["0"],
        leading: "12378",
        groups: &[4, 6],
    },
    Plan {
        country: "US",
        code: "1",
        trunks: &["1"],
        leading: "23456789",
        groups: &[3, 3, 4],
    },
];

/// The shortest and the longest number, country code included, that is believed (E.164 allows 15).
const LENGTHS: std::ops::RangeInclusive<usize> = 8..=15;

/// A number that can be dialled.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub struct Phone(String);

/// The text holds no number in E.164 form.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("not a phone number in international form")]
pub struct NotAPhone;

impl Phone {
    /// Reads every number in a text as people type it: with brackets and dashes, the national trunk
    /// prefix, several parted by `/`, `,` or `;`, words after them. `home` is the country (ISO 3166-1)
    /// a number without a code is taken to be in. What cannot be a number is left out.
    pub fn parse(text: &str, home: &str) -> Vec<Self> {
        let mut found: Vec<Self> = Vec::new();
        for part in text.split(['/', ',', ';', '\n', '|']) {
            if let Some(phone) = Self::parse_one(part, home)
                && !found.contains(&phone)
            {
                found.push(phone);
            }
        }
        found
    }

    fn parse_one(part: &str, home: &str) -> Option<Self> {
        let start = part.find(|c: char| c == '+' || c.is_ascii_digit())?;
        let (international, rest) = match part.get(start..)?.strip_prefix('+') {
            Some(rest) => (true, rest),
            None => (false, part.get(start..)?),
        };
        // An extension or a remark begins with a letter or a `#`.
        let digits: String = rest
            .chars()
            .take_while(|c| !c.is_alphabetic() && *c != '#')
            .filter(char::is_ascii_digit)
            .collect();
        if international {
            return Self::international(&digits);
        }
        if let Some(digits) = digits.strip_prefix("00") {
            return Self::international(digits);
        }
        let (at_home, abroad): (Vec<&Plan>, Vec<&Plan>) =
            PLANS.iter().partition(|plan| plan.country == home);
        at_home
            .iter()
            .find_map(|plan| {
                Self::national(plan, &digits).or_else(|| Self::with_trunk(plan, &digits))
            })
            .or_else(|| PLANS.iter().find_map(|plan| Self::with_code(plan, &digits)))
            // A bare national number fits several countries, one with eight before it hardly any.
            .or_else(|| {
                abroad
                    .iter()
                    .filter(|plan| plan.trunks.contains(&"8"))
                    .find_map(|plan| Self::with_trunk(plan, &digits))
            })
    }

    fn international(digits: &str) -> Option<Self> {
        let known = PLANS.iter().find(|plan| digits.starts_with(plan.code));
        match known {
            // `+38 (067)`: the code cut short and the trunk prefix left in comes to the same digits;
            // `+48 (0) 601` does not.
            Some(plan) => {
                let national = digits.strip_prefix(plan.code)?;
                Self::national(plan, national).or_else(|| Self::with_trunk(plan, national))
            }
            None => (LENGTHS.contains(&digits.len()) && !digits.starts_with('0'))
                .then(|| Self(format!("+{digits}"))),
        }
    }

    fn national(plan: &Plan, digits: &str) -> Option<Self> {
        plan.fits(digits)
            .then(|| Self(format!("+{}{digits}", plan.code)))
    }

    fn with_trunk(plan: &Plan, digits: &str) -> Option<Self> {
        plan.trunks
            .iter()
            .find_map(|trunk| Self::national(plan, digits.strip_prefix(trunk)?))
    }

    fn with_code(plan: &Plan, digits: &str) -> Option<Self> {
        Self::national(plan, digits.strip_prefix(plan.code)?)
    }

    /// E.164 with its plus, e.g. `+380671234567`: for dialling and comparing.
    pub fn e164(&self) -> &str {
        &self.0
    }

    /// Grouped for reading aloud, e.g. `+380 67 123 45 67`.
    pub fn display(&self) -> String {
        self.grouped().join(" ")
    }

    /// For whoever need not know it, e.g. `+380 67 ••• •• 67`: the country, the first group and the
    /// last two digits.
    pub fn masked(&self) -> String {
        let groups = self.grouped();
        let (open, hidden) = groups.split_at(groups.len().min(2));
        let mut masked: Vec<char> = hidden.join(" ").chars().collect();
        let last = masked.len().saturating_sub(2);
        for digit in masked.iter_mut().take(last).filter(|c| c.is_ascii_digit()) {
            *digit = '•';
        }
        format!(
            "{} {}",
            open.join(" "),
            masked.into_iter().collect::<String>()
        )
    }

    fn grouped(&self) -> Vec<String> {
        let digits = self.0.trim_start_matches('+');
        let plan = PLANS.iter().find(|plan| {
            digits
                .strip_prefix(plan.code)
                .is_some_and(|national| plan.fits(national))
        });
        // Of an unknown country the length of its code is unknown too: three digits stay in view.
        let (code, sizes) = plan.map_or((3, &[2, usize::MAX][..]), |plan| {
            (plan.code.len(), plan.groups)
        });
        let (code, mut rest) = digits.split_at(code.min(digits.len()));
        let mut groups = vec![format!("+{code}")];
        for size in sizes {
            let (group, after) = rest.split_at((*size).min(rest.len()));
            groups.push(group.to_owned());
            rest = after;
        }
        groups
    }
}

impl fmt::Display for Phone {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.display())
    }
}

impl TryFrom<String> for Phone {
    type Error = NotAPhone;
    fn try_from(text: String) -> Result<Self, NotAPhone> {
        let digits = text.strip_prefix('+').ok_or(NotAPhone)?;
        let ok =
            LENGTHS.contains(&digits.len()) && digits.bytes().all(|byte| byte.is_ascii_digit());
        if ok { Ok(Self(text)) } else { Err(NotAPhone) }
    }
}

impl From<Phone> for String {
    fn from(phone: Phone) -> Self {
        phone.0
    }
}

/// What a number is found by, however it was typed: the digits of its E.164 form.
///
/// For part of a number, the digits of that part without the trunk prefix of `home`: to be looked
/// for anywhere in the keys.
pub fn search_key(text: &str, home: &str) -> String {
    if let Some(phone) = Phone::parse(text, home).first() {
        return phone.0.trim_start_matches('+').to_owned();
    }
    let digits: String = text.chars().filter(char::is_ascii_digit).collect();
    PLANS
        .iter()
        .filter(|plan| plan.country == home)
        .flat_map(|plan| plan.trunks)
        .find_map(|trunk| digits.strip_prefix(trunk))
        .unwrap_or(&digits)
        .to_owned()
}

/// Shows a number as a shop has it: grouped when it can be read, as it stands otherwise.
pub fn display(text: &str, home: &str) -> String {
    Phone::parse(text, home)
        .first()
        .map_or_else(|| text.trim().to_owned(), Phone::display)
}

/// Hides a number that may not be readable as one: all but its last two digits.
pub fn mask(text: &str, home: &str) -> String {
    if let Some(phone) = Phone::parse(text, home).first() {
        return phone.masked();
    }
    let digits = text.chars().filter(char::is_ascii_digit).count();
    let mut seen = 0;
    text.chars()
        .filter(|c| c.is_ascii_digit() || *c == '+')
        .map(|c| {
            seen += usize::from(c.is_ascii_digit());
            if c.is_ascii_digit() && seen + 2 <= digits {
                '•'
            } else {
                c
            }
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    fn e164(text: &str, home: &str) -> Vec<String> {
        Phone::parse(text, home)
            .into_iter()
            .map(String::from)
            .collect()
    }

    #[test]
    fn numbers_are_read_as_people_type_them() {
        let cases = [
            ("067 123 45 67", "UA", "+380671234567"),
            ("(067) 123-45-67", "UA", "+380671234567"),
            ("+38 (067) 123 45 67", "UA", "+380671234567"),
            ("380671234567", "PL", "+380671234567"),
            ("8 067 123 45 67", "UA", "+380671234567"),
            ("00380 67 123 45 67", "PL", "+380671234567"),
            ("671234567", "UA", "+380671234567"),
            ("тел. 067 123 45 67 (Іван, дод. 12)", "UA", "+380671234567"),
            ("8 (912) 345-67-89", "RU", "+79123456789"),
            ("8 (912) 345-67-89", "UA", "+79123456789"),
            ("+7 912 345 67 89", "UA", "+79123456789"),
            ("601 234 567", "PL", "+48601234567"),
            ("+48 (0) 601 234 567", "PL", "+48601234567"),
            ("48601234567", "UA", "+48601234567"),
            ("+41 44 668 18 00", "UA", "+41446681800"),
        ];
        for (text, home, expected) in cases {
            assert_eq!(e164(text, home), [expected], "{text:?} typed in {home}");
        }
    }

    #[test]
    fn several_numbers_in_one_field_are_all_found_once() {
        assert_eq!(
            e164("067 123 45 67 / +38 050 765 43 21; 0671234567", "UA"),
            ["+380671234567", "+380507654321"]
        );
        assert_eq!(
            e164("067 123 45 67 / 68", "UA"),
            ["+380671234567"],
            "a piece is not a number of its own"
        );
    }

    #[test]
    fn what_is_no_number_is_left_out() {
        for text in [
            "",
            "-",
            "немає",
            "12345",
            "+",
            "+38067123",
            "+0 123 456 789",
            "0000000000",
            "+1234567890123456",
        ] {
            assert_eq!(e164(text, "UA"), [""; 0], "{text:?} cannot be dialled");
        }
    }

    #[test]
    fn showing_and_hiding() {
        let shown = |text: &str| {
            let phone = Phone::parse(text, "UA").remove(0);
            (phone.display(), phone.masked())
        };
        let pair = |open: &str, hidden: &str| (open.to_owned(), hidden.to_owned());
        assert_eq!(
            shown("0671234512"),
            pair("+380 67 123 45 12", "+380 67 ••• •• 12")
        );
        assert_eq!(
            shown("+48601234567"),
            pair("+48 601 234 567", "+48 601 ••• •67")
        );
        assert_eq!(
            shown("+79123456789"),
            pair("+7 912 345 67 89", "+7 912 ••• •• 89")
        );
        assert_eq!(
            shown("+41446681800"),
            pair("+414 46 681800", "+414 46 ••••00")
        );
        assert_eq!(display("(067)1234512", "UA"), "+380 67 123 45 12");
        assert_eq!(
            display(" ask Ivan ", "UA"),
            "ask Ivan",
            "better than nothing"
        );
        assert_eq!(
            mask("12-34-5 Іван", "UA"),
            "•••45",
            "what cannot be read is hidden too, remarks and all"
        );
    }

    #[test]
    fn a_number_is_found_however_it_was_typed() {
        let key = "380671234567";
        for text in [
            "067 123 45 67",
            "+380671234567",
            "8 067 1234567",
            "671234567",
        ] {
            assert_eq!(search_key(text, "UA"), key, "{text:?}");
        }
        for part in ["067 12", "67-123", "380 67", "8 067", "45 67"] {
            let part_key = search_key(part, "UA");
            assert!(key.contains(&part_key), "{part:?} finds it by {part_key}");
        }
        assert_eq!(
            search_key("067 99", "UA"),
            "6799",
            "and another number it does not"
        );
    }

    proptest! {
        #[test]
        fn any_text_is_read_without_fault_and_masks_hide(text in "\\PC{0,40}") {
            for phone in Phone::parse(&text, "UA") {
                let back: String = phone.display().chars().filter(|c| *c != ' ').collect();
                prop_assert_eq!(&back, phone.e164(), "grouping loses no digit");
                prop_assert_eq!(Phone::parse(&phone.display(), "PL"), vec![phone.clone()], "what is shown can be read");
                let hidden = phone.masked().chars().filter(|c| *c == '•').count();
                prop_assert!(hidden >= 1);
            }
            let shown = mask(&text, "UA").chars().filter(char::is_ascii_digit).count();
            let all = text.chars().filter(char::is_ascii_digit).count();
            prop_assert!(all <= 4 || shown < all);
        }
    }
}
