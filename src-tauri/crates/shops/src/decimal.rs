//! Amounts as a shop writes them in JSON: a number or its text, with more places than the currency
//! has. They are added and scaled exactly and rounded once, at the end.

use rules::money::{Currency, Money};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use serde::{Serialize, Serializer};
use std::fmt;

const PLACES: usize = 6;
const ONE: i128 = 1_000_000;

/// The largest whole part read: past it nothing is a price.
const MOST_DIGITS: usize = 15;

/// An exact decimal with six places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(crate) struct Decimal(i128);

impl Decimal {
    pub(crate) const ZERO: Self = Self(0);

    /// Reads `"1299.50"` or `"1e3"`; places past the sixth are rounded. The empty text is nothing.
    pub(crate) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (mantissa, exponent) = match text.split_once(['e', 'E']) {
            Some((mantissa, exponent)) => (mantissa, exponent.parse::<i32>().ok()?),
            None => (text, 0),
        };
        let (negative, digits) = mantissa
            .strip_prefix('-')
            .map_or((false, mantissa), |rest| (true, rest));
        if digits.is_empty() {
            return (mantissa == text && !negative).then_some(Self::ZERO);
        }
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        if whole.is_empty() && fraction.is_empty() {
            return None;
        }
        let mut all: Vec<u8> = whole.bytes().chain(fraction.bytes()).collect();
        if !all.iter().all(u8::is_ascii_digit) {
            return None;
        }
        // The place of the point, counted from the first digit.
        let point = i32::try_from(whole.len()).ok()?.checked_add(exponent)?;
        if point < 0 {
            let zeros = usize::try_from(-point).ok()?;
            if zeros > PLACES {
                return Some(Self::ZERO);
            }
            all.splice(0..0, std::iter::repeat_n(b'0', zeros));
        }
        let whole = usize::try_from(point.max(0)).ok()?;
        let kept = whole.checked_add(PLACES)?;
        let Some(significant) = all.iter().position(|digit| *digit != b'0') else {
            return Some(Self::ZERO);
        };
        if whole.saturating_sub(significant) > MOST_DIGITS {
            return None;
        }
        let carry = all.get(kept).is_some_and(|digit| *digit >= b'5');
        all.resize(kept, b'0');
        let digits = all.iter().skip(significant);
        let value = digits.fold(0, |value: i128, digit| {
            value * 10 + i128::from(digit - b'0')
        }) + i128::from(carry);
        Some(Self(if negative { -value } else { value }))
    }

    /// Of so many pieces, where this is the price of one.
    pub(crate) fn times(self, pieces: Self) -> Self {
        Self(rounded(self.0.saturating_mul(pieces.0), ONE))
    }

    /// Of one piece, where this is the price of so many; nothing where there are none.
    pub(crate) fn per(self, pieces: Self) -> Self {
        if pieces.0 == 0 {
            return Self::ZERO;
        }
        Self(rounded(self.0.saturating_mul(ONE), pieces.0))
    }

    /// Rounded half away from zero to the minor unit; none past what 64 bits hold.
    pub(crate) fn to_money(self, currency: Currency) -> Option<Money> {
        let unit = ONE.checked_div(10_i128.checked_pow(currency.exponent())?)?;
        let minor = i64::try_from(rounded(self.0, unit.max(1))).ok()?;
        Some(Money::new(minor, currency))
    }

    /// As a whole number of pieces; none for a part of one.
    pub(crate) fn whole(self) -> Option<u32> {
        (self.0 % ONE == 0)
            .then(|| u32::try_from(self.0 / ONE).ok())
            .flatten()
    }

    /// The whole part, rounded down.
    pub(crate) fn floor(self) -> Option<i64> {
        i64::try_from(self.0.div_euclid(ONE)).ok()
    }

    pub(crate) const fn is_zero(self) -> bool {
        self.0 == 0
    }

    /// Whether they differ by no more than so many minor units.
    pub(crate) fn is_within(self, other: Self, units: usize, currency: Currency) -> bool {
        let unit = ONE / 10_i128.pow(currency.exponent().min(6));
        let units = i128::try_from(units).unwrap_or(1);
        (self.0 - other.0).abs() <= unit * units
    }
}

/// Half away from zero.
fn rounded(value: i128, by: i128) -> i128 {
    let (value, by) = if by < 0 { (-value, -by) } else { (value, by) };
    let half = by / 2;
    if value < 0 {
        value.saturating_sub(half) / by
    } else {
        value.saturating_add(half) / by
    }
}

impl From<Money> for Decimal {
    fn from(money: Money) -> Self {
        Self::parse(&money.to_decimal()).unwrap_or_default()
    }
}

impl From<u32> for Decimal {
    fn from(number: u32) -> Self {
        Self(i128::from(number) * ONE)
    }
}

impl std::ops::Add for Decimal {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Decimal {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Decimal {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self::ZERO, std::ops::Add::add)
    }
}

/// The shortest text, e.g. `99.5`.
impl fmt::Display for Decimal {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let sign = if self.0 < 0 { "-" } else { "" };
        let size = self.0.unsigned_abs();
        let one = ONE.unsigned_abs();
        let fraction = format!("{:06}", size % one);
        let fraction = fraction.trim_end_matches('0');
        let point = if fraction.is_empty() { "" } else { "." };
        write!(f, "{sign}{}{point}{fraction}", size / one)
    }
}

/// A JSON number of the same text.
impl Serialize for Decimal {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        let text = self.to_string();
        match text.parse::<i64>() {
            Ok(number) => serializer.serialize_i64(number),
            Err(_) => serializer.serialize_f64(text.parse().unwrap_or_default()),
        }
    }
}

impl<'de> Deserialize<'de> for Decimal {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Decimal;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal amount")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Decimal, E> {
                Decimal::parse(text).ok_or_else(|| E::custom("no decimal amount"))
            }
            fn visit_unit<E: Error>(self) -> Result<Decimal, E> {
                Ok(Decimal::ZERO)
            }
            fn visit_bool<E: Error>(self, _: bool) -> Result<Decimal, E> {
                Ok(Decimal::ZERO)
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Decimal, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn decimal(text: &str) -> Decimal {
        Decimal::parse(text).unwrap()
    }

    #[test]
    fn an_amount_survives_a_round_trip() {
        for text in ["0", "7", "-7", "99.5", "1299.99", "0.000001", "-0.25"] {
            assert_eq!(decimal(text).to_string(), text);
        }
        assert_eq!(decimal("1e3"), decimal("1000"));
        assert_eq!(decimal("25e-4"), decimal("0.0025"));
        assert_eq!(
            decimal("0.0000015"),
            decimal("0.000002"),
            "rounded at the sixth"
        );
        assert_eq!(
            decimal(""),
            Decimal::ZERO,
            "what has no price costs nothing"
        );
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for wrong in [
            "-",
            ".",
            "1,5",
            "x",
            "1.2.3",
            "1e",
            "1e99",
            "9999999999999999",
        ] {
            assert_eq!(Decimal::parse(wrong), None, "{wrong:?} is no amount");
        }
    }

    #[test]
    fn pieces_are_counted_and_money_is_rounded_once() {
        let third = decimal("100").per(Decimal::from(3));
        assert_eq!(third.to_string(), "33.333333");
        let sum = third.times(Decimal::from(3)).to_money(Currency::UAH);
        assert_eq!(sum, Some(Money::new(10_000, Currency::UAH)));
        assert_eq!(decimal("1.5").whole(), None, "half a piece is no piece");
        assert_eq!(decimal("2").whole(), Some(2));
        assert_eq!(decimal("-0.5").floor(), Some(-1));
    }

    #[test]
    fn json_numbers_and_texts_are_the_same() {
        let read = |text: &str| serde_json::from_str::<Decimal>(text).unwrap();
        assert_eq!(read("12.3"), read("\"12.3\""));
        assert_eq!(read("null"), Decimal::ZERO);
        assert_eq!(serde_json::to_string(&decimal("12.30")).unwrap(), "12.3");
        assert_eq!(serde_json::to_string(&decimal("12")).unwrap(), "12");
    }
}
