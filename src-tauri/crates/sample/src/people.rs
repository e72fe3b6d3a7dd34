//! Who orders and where they live.

use crate::Options;
use crate::chance::{Chance, Purpose};
use crate::words::{Home, Words};
use rules::id::RemoteId;
use rules::order::Customer;

/// Someone who orders, with where they live.
pub(crate) struct Person {
    pub(crate) customer: Customer,
    pub(crate) city: &'static str,
    pub(crate) address: String,
}

/// Draws who orders.
pub(crate) fn draw(chance: &mut Chance, words: &Words) -> u32 {
    chance.below(words.people)
}

/// The person numbered `index`.
pub(crate) fn person(options: &Options, words: &Words, index: u32) -> Person {
    let mut chance = Chance::new(options.seed, Purpose::Customer, u64::from(index));
    let name = name(&mut chance, words);
    let city = chance.pick(words.cities);
    let phone = (words.phone)(city.area, scattered(index, words.people));
    let home = Home {
        city,
        street: chance.pick(words.streets),
        house: chance.between(1, 140),
        flat: chance.percent(75).then(|| chance.between(1, 180)),
        post: chance.below(1_000),
    };
    let email = if chance.percent(60) {
        // A domain set aside for examples (RFC 2606).
        format!("customer{}@example.com", index + 1)
    } else {
        String::new()
    };
    let remote = chance
        .percent(70)
        .then(|| RemoteId(format!("C{}", 1_000 + index)));
    Person {
        customer: Customer {
            remote,
            name,
            phone,
            email,
        },
        city: city.name,
        address: (words.address)(&home),
    }
}

/// A full name as its bearer would type it: with the father's name now and then.
fn name(chance: &mut Chance, words: &Words) -> String {
    let woman = chance.percent(58);
    let given = chance.pick(if woman { words.women } else { words.men });
    let by_sex = |pair: (&'static str, &'static str)| if woman { pair.1 } else { pair.0 };
    let surname = by_sex(chance.pick(words.surnames));
    let patronymic = by_sex(chance.pick(words.patronymics));
    let formal = chance.percent(30);
    if formal && !patronymic.is_empty() {
        format!("{surname} {given} {patronymic}")
    } else {
        format!("{given} {surname}")
    }
}

/// The phone of the person numbered `index`.
pub(crate) fn phone(options: &Options, words: &Words, index: u32) -> String {
    person(options, words, index).customer.phone
}

/// Gives each of `people` another number below `people`, neighbours far apart.
fn scattered(index: u32, people: u32) -> u32 {
    // 7,919 is prime and no divisor of either count of people.
    let spread = u64::from(index) * 7_919 + 131;
    u32::try_from(spread % u64::from(people.max(1))).unwrap_or_default()
}
