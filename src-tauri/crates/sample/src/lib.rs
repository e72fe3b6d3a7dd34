//! A shop that never was: appliances, people and calls, believable in four languages and the same
//! for the same seed on every machine.
//!
//! Nothing here is a real brand, person or number. English phones are of the North American Numbering
//! Plan's 555-0100 to 555-0199, which are kept for fiction in every area code. Ukraine, Russia and
//! Poland keep no such range; their numbers follow a plain pattern instead, an area code and then 00.

mod attendance;
mod calls;
mod chance;
mod goods;
mod history;
mod inbound;
mod orders;
mod people;
mod words;

pub use attendance::{Attended, ToldShift, attendance};
pub use calls::{Calls, SampleCall};
pub use inbound::{INBOUND_MINUTES, InboundInterval};
pub use orders::Orders;

use chrono::{DateTime, Timelike, Utc};
use chrono_tz::Tz;
use history::Timetable;
use rules::order::Product;
pub use rules::script::Language;
use words::Words;

/// How many operators work in the sample.
pub const OPERATORS: u8 = 8;

/// How many orders wait in the queue, about.
pub const WAITING: u32 = 40;

/// Languages whose words the sample has.
trait Speaks {
    fn words(self) -> &'static Words;
}

impl Speaks for Language {
    fn words(self) -> &'static Words {
        match self {
            Self::Uk => &words::uk::WORDS,
            Self::Ru => &words::ru::WORDS,
            Self::Pl => &words::pl::WORDS,
            Self::En => &words::en::WORDS,
        }
    }
}

/// What the sample is to be like.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Options {
    /// Same seed and same other options, same bytes.
    pub seed: u64,
    /// Language and country.
    pub language: Language,
    /// Where the history ends and the queue waits.
    pub now: DateTime<Utc>,
    /// The shop's zone: its days and hours are local.
    pub zone: Tz,
    /// How many products it sells, at least one.
    pub products: u32,
    /// How many days of history, from one to a hundred years.
    pub days: u32,
    /// Exactly so many calls; none for what such a shop has, about 300 a day. More than eight
    /// people can make in `days` make the history longer.
    pub calls: Option<u32>,
}

impl Options {
    /// The usual sample: 10,000 products, 90 days.
    pub const fn usual(seed: u64, language: Language, now: DateTime<Utc>, zone: Tz) -> Self {
        Self {
            seed,
            language,
            now,
            zone,
            products: 10_000,
            days: 90,
            calls: None,
        }
    }
}

/// A made-up shop; see [`Options`].
#[derive(Clone, Debug)]
pub struct Sample {
    options: Options,
    words: &'static Words,
    timetable: Timetable,
}

impl Sample {
    /// Lays the sample out. With a number of calls given it counts them through once, which takes
    /// time in proportion but no memory.
    pub fn new(mut options: Options) -> Self {
        options.now = options.now.with_nanosecond(0).unwrap_or(options.now);
        options.products = options.products.max(1);
        options.days = options.days.clamp(1, 36_500);
        let words = options.language.words();
        let timetable = Timetable::new(&options, words);
        Self {
            options,
            words,
            timetable,
        }
    }

    /// The shop's name, which says that it is a sample.
    pub fn shop_name(&self) -> &'static str {
        self.words.shop_name
    }

    /// The operators' names; [`SampleCall::operator`] counts from their first.
    pub fn operators(&self) -> [&'static str; OPERATORS as usize] {
        self.words.operators
    }

    /// How many days the history has.
    pub fn days(&self) -> u32 {
        self.timetable.days
    }

    /// The whole range of goods.
    pub fn products(&self) -> impl Iterator<Item = Product> + '_ {
        (0..self.options.products).map(|index| goods::product(&self.options, self.words, index))
    }

    /// All orders, oldest day first; the last are the newest, waiting for their first call.
    pub fn orders(&self) -> Orders<'_> {
        Orders::new(self)
    }

    /// All calls in the order they began.
    pub fn calls(&self) -> Calls<'_> {
        Calls::new(self)
    }
}

#[cfg(test)]
mod tests;
