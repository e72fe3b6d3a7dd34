//! What differs by language and country.

pub(crate) mod en;
pub(crate) mod pl;
pub(crate) mod ru;
pub(crate) mod uk;

use chrono::NaiveDate;
use rules::money::Currency;

/// Grammatical gender of a noun: adjectives agree with it.
#[derive(Clone, Copy, Debug)]
pub(crate) enum Gender {
    Masculine,
    Feminine,
    Neuter,
}

/// A thing the shop sells, in the order of [`crate::goods::KINDS`].
pub(crate) type Noun = (&'static str, Gender);

/// A surname said of a man and of a woman.
pub(crate) type Surname = (&'static str, &'static str);

/// A place people live in.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct City {
    /// As it stands in an address; in the United States with the state.
    pub(crate) name: &'static str,
    /// How its postal codes begin.
    pub(crate) post: &'static str,
    /// Area code of its telephones; empty where numbers do not tell the city.
    pub(crate) area: &'static str,
}

/// How a thing reaches the customer.
#[derive(Clone, Copy, Debug, Default)]
pub(crate) struct Delivery {
    pub(crate) method: &'static str,
    /// Minor units.
    pub(crate) charge: u32,
    /// What is picked up at, with `{}` for its number; empty for delivery to the door.
    pub(crate) point: &'static str,
}

/// One country's and language's words and habits.
#[derive(Debug)]
pub(crate) struct Words {
    pub(crate) shop_name: &'static str,
    pub(crate) operators: [&'static str; crate::OPERATORS as usize],
    /// BCP 47 code of the language that some callers speak instead, and how many of a hundred do.
    pub(crate) second_language: (&'static str, u32),
    pub(crate) currency: Currency,
    /// Whole currency units to one US dollar, rounded: the range of prices.
    pub(crate) rate: u32,
    /// How many prices of a hundred end in 99 cents; the others are whole.
    pub(crate) prices_with_cents: u32,
    pub(crate) nouns: [Noun; crate::goods::KINDS.len()],
    /// Masculine, feminine, neuter.
    pub(crate) colours: &'static [[&'static str; 3]],
    /// Decimal separator.
    pub(crate) decimal: char,
    /// Litre, watt, kilogram, centimetre, square metre.
    pub(crate) units: [&'static str; 5],

    pub(crate) men: &'static [&'static str],
    pub(crate) women: &'static [&'static str],
    pub(crate) patronymics: &'static [Surname],
    pub(crate) surnames: &'static [Surname],
    pub(crate) cities: &'static [City],
    pub(crate) streets: &'static [&'static str],
    /// Weight, method.
    pub(crate) deliveries: &'static [(u32, Delivery)],
    /// Weight, method.
    pub(crate) payments: &'static [(u32, &'static str)],
    /// Orders above so many minor units are delivered free.
    pub(crate) free_above: i64,
    pub(crate) notes: &'static [&'static str],
    pub(crate) address: fn(&Home<'_>) -> String,
    /// How many people there are numbers for.
    pub(crate) people: u32,
    /// The number of the person counted from 0, in an area.
    pub(crate) phone: fn(&str, u32) -> String,
    pub(crate) is_holiday: fn(NaiveDate) -> bool,
}

/// What an address is made of.
pub(crate) struct Home<'a> {
    pub(crate) city: City,
    pub(crate) street: &'a str,
    pub(crate) house: u32,
    /// None for a house of one family.
    pub(crate) flat: Option<u32>,
    /// The digits after [`City::post`].
    pub(crate) post: u32,
}
