//! Amounts as the shop writes them: exact decimals, longer than a currency's minor unit while taxes
//! are apart. They are added and scaled exactly and rounded once, at the end.

use rules::money::{Currency, Money};
use serde::de::{Deserialize, Deserializer, Error, Visitor};
use std::fmt;

const PLACES: usize = 8;
const ONE: i128 = 100_000_000;

/// An exact decimal with eight places.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, PartialOrd, Ord)]
pub(super) struct Amount(i128);

impl Amount {
    /// Reads `"1299.50"`; the empty text is nothing, places past the eighth are rounded.
    pub(super) fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = text
            .strip_prefix('-')
            .map_or((false, text), |rest| (true, rest));
        if digits.is_empty() {
            return (!negative).then_some(Self(0));
        }
        let (whole, fraction) = digits.split_once('.').unwrap_or((digits, ""));
        let all_digits = |part: &str| part.bytes().all(|byte| byte.is_ascii_digit());
        if whole.len() > 18 || whole.len() + fraction.len() == 0 {
            return None;
        }
        if !all_digits(whole) || !all_digits(fraction) {
            return None;
        }
        let (kept, rest) = fraction.split_at(fraction.len().min(PLACES));
        let carry = i128::from(rest.bytes().next().is_some_and(|digit| digit >= b'5'));
        let scaled: i128 = format!("{whole}{kept:0<PLACES$}").parse().ok()?;
        let value = scaled + carry;
        Some(Self(if negative { -value } else { value }))
    }

    /// A currency's minor units as a decimal.
    pub(super) fn of(money: Money) -> Self {
        let unit = ONE / 10_i128.pow(money.currency.exponent());
        Self(i128::from(money.minor) * unit)
    }

    /// So many millionths of it; rounded at the eighth place.
    pub(super) fn millionths(self, millionths: i128) -> Self {
        Self(divide_rounded(self.0.saturating_mul(millionths), 1_000_000))
    }

    /// In millionths.
    pub(super) fn in_millionths(self) -> i128 {
        divide_rounded(self.0, 100)
    }

    /// The price of `new` pieces where this is the price of `old`; rounded at the eighth place.
    pub(super) fn for_pieces(self, new: u32, old: u32) -> Self {
        if old == 0 {
            return Self(0);
        }
        Self(divide_rounded(self.0 * i128::from(new), i128::from(old)))
    }

    /// Rounded half away from zero to the minor unit; none past what 64 bits hold.
    pub(super) fn to_money(self, currency: Currency) -> Option<Money> {
        let unit = ONE / 10_i128.pow(currency.exponent());
        let minor = i64::try_from(divide_rounded(self.0, unit)).ok()?;
        Some(Money::new(minor, currency))
    }

    /// Whether they differ by no more than `units` minor units.
    pub(super) fn is_within(self, other: Self, units: usize, currency: Currency) -> bool {
        let unit = ONE / 10_i128.pow(currency.exponent());
        let units = i128::try_from(units).unwrap_or(i128::MAX / ONE);
        (self.0 - other.0).abs() <= unit * units
    }

    pub(super) const fn is_zero(self) -> bool {
        self.0 == 0
    }
}

fn divide_rounded(value: i128, by: i128) -> i128 {
    let half = by / 2;
    if value < 0 {
        (value - half) / by
    } else {
        (value + half) / by
    }
}

impl std::ops::Add for Amount {
    type Output = Self;
    fn add(self, other: Self) -> Self {
        Self(self.0.saturating_add(other.0))
    }
}

impl std::ops::Sub for Amount {
    type Output = Self;
    fn sub(self, other: Self) -> Self {
        Self(self.0.saturating_sub(other.0))
    }
}

impl std::iter::Sum for Amount {
    fn sum<I: Iterator<Item = Self>>(amounts: I) -> Self {
        amounts.fold(Self(0), std::ops::Add::add)
    }
}

/// For the wire: six places, as many as the shop is asked for.
impl fmt::Display for Amount {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let micro = divide_rounded(self.0, 100);
        let sign = if micro < 0 { "-" } else { "" };
        let micro = micro.unsigned_abs();
        write!(f, "{sign}{}.{:06}", micro / 1_000_000, micro % 1_000_000)
    }
}

impl<'de> Deserialize<'de> for Amount {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Reader;
        impl Visitor<'_> for Reader {
            type Value = Amount;
            fn expecting(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.write_str("a decimal amount")
            }
            fn visit_str<E: Error>(self, text: &str) -> Result<Amount, E> {
                Amount::parse(text).ok_or_else(|| E::custom("no decimal amount"))
            }
            fn visit_unit<E: Error>(self) -> Result<Amount, E> {
                Ok(Amount(0))
            }
            fn visit_i64<E: Error>(self, number: i64) -> Result<Amount, E> {
                Ok(Amount(i128::from(number) * ONE))
            }
            fn visit_u64<E: Error>(self, number: u64) -> Result<Amount, E> {
                Ok(Amount(i128::from(number) * ONE))
            }
            fn visit_f64<E: Error>(self, number: f64) -> Result<Amount, E> {
                self.visit_str(&number.to_string())
            }
        }
        deserializer.deserialize_any(Reader)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amount(text: &str) -> Amount {
        Amount::parse(text).unwrap()
    }

    #[test]
    fn net_and_tax_are_added_before_rounding() {
        let gross = amount("82.644628") + amount("17.355372");
        assert_eq!(
            gross.to_money(Currency::UAH),
            Some(Money::new(10_000, Currency::UAH))
        );
        let two = amount("0.004") + amount("0.004");
        assert_eq!(
            two.to_money(Currency::PLN).unwrap().minor,
            1,
            "0.008 is one grosz, not two zeros"
        );
    }

    #[test]
    fn a_line_is_priced_by_the_piece() {
        assert_eq!(amount("200").for_pieces(4, 2), amount("400"));
        assert_eq!(amount("100").for_pieces(1, 3).to_string(), "33.333333");
        assert_eq!(amount("-5").for_pieces(3, 2).to_string(), "-7.500000");
    }

    #[test]
    fn what_is_no_amount_is_refused() {
        for wrong in ["-", ".", "1,5", "1e3", "x", "1.2.3", "9999999999999999999"] {
            assert_eq!(Amount::parse(wrong), None, "{wrong:?} is no amount");
        }
        assert_eq!(
            Amount::parse(""),
            Some(Amount(0)),
            "an unpriced product has an empty price"
        );
    }
}
