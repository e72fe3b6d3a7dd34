use crate::StoreError;
use crate::key::fill;
use std::fmt;
use zeroize::Zeroizing;

/// Crockford's alphabet: no I, L, O and U, which are misread or spell words.
const ALPHABET: &[u8; 32] = b"0123456789ABCDEFGHJKMNPQRSTVWXYZ";
const LETTERS: usize = 32;
const GROUP: usize = 4;

/// What opens a vault when keyring and passwords are lost: 32 letters, 160 bits.
#[derive(Clone, PartialEq, Eq)]
pub struct RecoveryCode(Zeroizing<String>);

impl RecoveryCode {
    /// A new one from the operating system's generator.
    pub(super) fn random() -> Result<Self, StoreError> {
        let mut bytes = Zeroizing::new([0_u8; LETTERS]);
        fill(bytes.as_mut_slice())?;
        // 256 is a multiple of 32: each letter is equally likely.
        let letter = |byte: &u8| {
            ALPHABET
                .get(usize::from(byte % 32))
                .copied()
                .map(char::from)
        };
        Ok(Self(Zeroizing::new(
            bytes.iter().filter_map(letter).collect(),
        )))
    }

    /// Reads what was typed: case, spaces and dashes do not matter, O is 0, I and L are 1.
    ///
    /// # Errors
    /// [`StoreError::WrongRecoveryCode`] when it cannot be one.
    pub fn read(typed: &str) -> Result<Self, StoreError> {
        let mut letters = Zeroizing::new(String::with_capacity(LETTERS));
        for letter in typed.chars() {
            let letter = match letter.to_ascii_uppercase() {
                'O' => '0',
                'I' | 'L' => '1',
                other => other,
            };
            if letter.is_ascii() && ALPHABET.contains(&(letter as u8)) {
                if letters.len() == LETTERS {
                    return Err(StoreError::WrongRecoveryCode);
                }
                letters.push(letter);
            } else if letter.is_alphanumeric() {
                return Err(StoreError::WrongRecoveryCode);
            }
        }
        if letters.len() == LETTERS {
            Ok(Self(letters))
        } else {
            Err(StoreError::WrongRecoveryCode)
        }
    }

    /// Eight groups of four, to be shown once and written down.
    pub fn reveal(&self) -> String {
        let mut shown = String::with_capacity(LETTERS + LETTERS / GROUP);
        for (index, letter) in self.0.chars().enumerate() {
            if index > 0 && index.is_multiple_of(GROUP) {
                shown.push('-');
            }
            shown.push(letter);
        }
        shown
    }

    pub(super) fn secret(&self) -> &str {
        &self.0
    }
}

impl fmt::Debug for RecoveryCode {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("RecoveryCode(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_is_read_however_it_is_typed() {
        let code = RecoveryCode::random().unwrap();
        let shown = code.reveal();
        assert_eq!(shown.len(), 39, "eight groups of four with seven dashes");
        let typed = [
            shown.clone(),
            shown.to_lowercase(),
            shown.replace('-', " "),
            shown.replace('-', ""),
            shown.replace('-', " — "),
            shown.replace('0', "o").replace('1', "l"),
        ];
        for typed in typed {
            assert_eq!(
                RecoveryCode::read(&typed).unwrap(),
                code,
                "{typed:?} is the same code"
            );
        }
    }

    #[test]
    fn what_cannot_be_a_code_is_refused() {
        let shown = RecoveryCode::random().unwrap().reveal();
        let short = &shown[..38];
        let long = format!("{shown}0");
        let foreign = format!("{short}ї");
        for wrong in ["", short, &long, &foreign] {
            assert!(
                matches!(
                    RecoveryCode::read(wrong),
                    Err(StoreError::WrongRecoveryCode)
                ),
                "{wrong:?} is no code"
            );
        }
    }

    #[test]
    fn codes_differ_and_stay_out_of_debug_output() {
        let (one, other) = (
            RecoveryCode::random().unwrap(),
            RecoveryCode::random().unwrap(),
        );
        assert_ne!(one, other);
        assert_eq!(
            format!("{one:?}"),
            "RecoveryCode(…)",
            "a code never reaches a log"
        );
    }
}
