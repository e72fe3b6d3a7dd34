//! Money as integer minor units and a currency (ISO 4217).

use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// A three-letter ISO 4217 code.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
#[serde(try_from = "String", into = "String")]
#[specta(type = String)]
pub struct Currency([u8; 3]);

/// The text is not three Latin letters.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an ISO 4217 currency code")]
pub struct NotACurrency;

impl Currency {
    /// Ukrainian hryvnia.
    pub const UAH: Self = Self(*b"UAH");
    /// Polish złoty.
    pub const PLN: Self = Self(*b"PLN");
    /// Euro.
    pub const EUR: Self = Self(*b"EUR");
    /// Russian rouble.
    pub const RUB: Self = Self(*b"RUB");
    /// United States dollar.
    pub const USD: Self = Self(*b"USD");

    /// The code, upper case.
    pub fn code(&self) -> &str {
        std::str::from_utf8(&self.0).unwrap_or("???")
    }

    /// Decimal places of the minor unit (ISO 4217 table A.1, the codes that differ from two).
    pub fn exponent(&self) -> u32 {
        match &self.0 {
            b"BIF" | b"CLP" | b"DJF" | b"GNF" | b"ISK" | b"JPY" | b"KMF" | b"KRW" | b"PYG"
            | b"RWF" | b"UGX" | b"VND" | b"VUV" | b"XAF" | b"XOF" | b"XPF" => 0,
            b"BHD" | b"IQD" | b"JOD" | b"KWD" | b"LYD" | b"OMR" | b"TND" => 3,
            _ => 2,
        }
    }
}

impl FromStr for Currency {
    type Err = NotACurrency;
    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let upper = text.trim().to_ascii_uppercase();
        let bytes: [u8; 3] = upper.as_bytes().try_into().map_err(|_| NotACurrency)?;
        bytes
            .iter()
            .all(u8::is_ascii_uppercase)
            .then_some(Self(bytes))
            .ok_or(NotACurrency)
    }
}

impl TryFrom<String> for Currency {
    type Error = NotACurrency;
    fn try_from(text: String) -> Result<Self, Self::Error> {
        text.parse()
    }
}

impl From<Currency> for String {
    fn from(currency: Currency) -> Self {
        currency.code().to_owned()
    }
}

/// An amount: minor units (kopiykas, groszy, cents) of one currency.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize, specta::Type)]
pub struct Money {
    /// Minor units; negative for a refund or discount.
    // A whole number to TypeScript; as a float it would be a number or null.
    #[specta(type = i32)]
    pub minor: i64,
    /// What they are units of.
    pub currency: Currency,
}

/// A decimal amount that cannot be read exactly in its currency's minor units.
#[derive(Debug, thiserror::Error, PartialEq, Eq)]
#[error("not an exact amount of money")]
pub struct NotAnAmount;

impl Money {
    /// An amount in minor units.
    pub const fn new(minor: i64, currency: Currency) -> Self {
        Self { minor, currency }
    }

    /// Reads a decimal such as `"1299.50"` exactly.
    ///
    /// # Errors
    /// [`NotAnAmount`] for anything but digits with one optional point, for more decimals than
    /// the currency has (unless they are zeros), and on overflow.
    pub fn from_decimal(text: &str, currency: Currency) -> Result<Self, NotAnAmount> {
        let text = text.trim();
        let (negative, digits) = match text.strip_prefix('-') {
            Some(rest) => (true, rest),
            None => (false, text),
        };
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let ascii_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if (whole.is_empty() && fraction.is_empty())
            || !ascii_digits(whole)
            || !ascii_digits(fraction)
        {
            return Err(NotAnAmount);
        }
        let places = currency.exponent() as usize;
        let (kept, dropped) = fraction.split_at(fraction.len().min(places));
        if dropped.bytes().any(|byte| byte != b'0') {
            return Err(NotAnAmount);
        }
        let joined = format!("{whole}{kept:0<places$}");
        let minor: i64 = joined.parse().map_err(|_| NotAnAmount)?;
        Ok(Self::new(if negative { -minor } else { minor }, currency))
    }

    /// The plain decimal, e.g. `1299.50`: for wires, not for people.
    pub fn to_decimal(self) -> String {
        let places = self.currency.exponent();
        let scale = 10_u64.pow(places);
        let sign = if self.minor < 0 { "-" } else { "" };
        let magnitude = self.minor.unsigned_abs();
        if places == 0 {
            return format!("{sign}{magnitude}");
        }
        let width = places as usize;
        format!("{sign}{}.{:0width$}", magnitude / scale, magnitude % scale)
    }
}

impl fmt::Display for Money {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.to_decimal(), self.currency.code())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn decimals_are_read_exactly_or_refused() {
        let uah = |text| Money::from_decimal(text, Currency::UAH).map(|money| money.minor);
        assert_eq!(uah("1299.5"), Ok(129_950));
        assert_eq!(uah("-0.07"), Ok(-7));
        assert_eq!(uah("10.0000"), Ok(1000));
        for wrong in ["", ".", "1,5", "1.005", "1e3", "99999999999999999999", "١"] {
            assert_eq!(uah(wrong), Err(NotAnAmount), "{wrong:?} is no exact amount");
        }
        assert_eq!(
            Money::from_decimal("500", "JPY".parse().unwrap())
                .unwrap()
                .minor,
            500
        );
    }

    #[test]
    fn decimal_text_survives_a_round_trip() {
        for minor in [0, 7, -7, 129_950, i64::from(i32::MAX)] {
            let money = Money::new(minor, Currency::PLN);
            assert_eq!(
                Money::from_decimal(&money.to_decimal(), Currency::PLN),
                Ok(money)
            );
        }
    }
}
