//! What the shop sells.

use crate::Options;
use crate::chance::{Chance, Purpose};
use crate::words::{Gender, Words};
use chrono::TimeDelta;
use rules::id::RemoteId;
use rules::money::Money;
use rules::order::Product;

/// Which unit of [`Words::units`] a kind of goods is measured in.
#[derive(Clone, Copy, Debug)]
enum Unit {
    Litre = 0,
    Watt = 1,
    Kilogram = 2,
    Centimetre = 3,
    SquareMetre = 4,
}

/// A kind of goods.
#[derive(Clone, Copy, Debug)]
pub(crate) struct Kind {
    /// Beginning of the stock-keeping unit.
    sku: &'static str,
    /// Range of prices in US dollars.
    dollars: (u32, u32),
    /// Lowest and highest measure, in tenths, and the step between.
    measure: (u32, u32, u32),
    unit: Unit,
    /// How often it is bought, against the others.
    demand: u32,
}

const fn kind(
    sku: &'static str,
    dollars: (u32, u32),
    measure: (u32, u32, u32),
    unit: Unit,
    demand: u32,
) -> Kind {
    Kind {
        sku,
        dollars,
        measure,
        unit,
        demand,
    }
}

/// All kinds; [`Words::nouns`] names them in this order.
pub(crate) const KINDS: [Kind; 22] = [
    kind("FRI", (290, 1600), (1800, 6200, 100), Unit::Litre, 6),
    kind("FRZ", (210, 900), (900, 3600, 100), Unit::Litre, 2),
    kind("WSH", (240, 980), (50, 110, 10), Unit::Kilogram, 8),
    kind("DRY", (330, 1100), (70, 100, 10), Unit::Kilogram, 3),
    kind("DSH", (280, 1050), (450, 600, 150), Unit::Centimetre, 4),
    kind("OVN", (220, 1200), (450, 760, 10), Unit::Litre, 4),
    kind("HOB", (150, 850), (300, 900, 150), Unit::Centimetre, 4),
    kind("HOD", (70, 520), (500, 900, 100), Unit::Centimetre, 3),
    kind("MWO", (65, 290), (170, 320, 10), Unit::Litre, 7),
    kind("KET", (15, 95), (8, 20, 1), Unit::Litre, 14),
    kind("TST", (18, 110), (7000, 17000, 500), Unit::Watt, 6),
    kind("BLN", (22, 160), (3000, 15000, 500), Unit::Watt, 7),
    kind("MXR", (95, 560), (38, 70, 2), Unit::Litre, 3),
    kind("CFM", (110, 1350), (10, 25, 1), Unit::Litre, 6),
    kind("MLT", (45, 190), (30, 60, 10), Unit::Litre, 5),
    kind("MNC", (55, 230), (12000, 26000, 500), Unit::Watt, 4),
    kind("VAC", (60, 620), (6, 35, 1), Unit::Litre, 10),
    kind("IRN", (22, 120), (18000, 32000, 1000), Unit::Watt, 6),
    kind("FAN", (25, 150), (350, 750, 50), Unit::Watt, 4),
    kind("ACN", (340, 1250), (200, 700, 50), Unit::SquareMetre, 3),
    kind("HMD", (38, 210), (20, 70, 5), Unit::Litre, 4),
    kind("PUR", (90, 560), (150, 800, 50), Unit::SquareMetre, 3),
];

/// Made up, every one.
const BRANDS: [&str; 18] = [
    "Velmora",
    "Tornik",
    "Ostrelle",
    "Bravenna",
    "Kvarta Dom",
    "Zemlin",
    "Norvika",
    "Halderra",
    "Miralto",
    "Dovrin",
    "Sollenta",
    "Grunwerk",
    "Plynea",
    "Askeldo",
    "Furlanka",
    "Yavorel",
    "Ceptano",
    "Lumbrex",
];

const SERIES: [&str; 12] = ["A", "B", "C", "D", "E", "G", "H", "K", "L", "M", "R", "T"];

/// Kinds by demand: the kind of a product bought.
pub(crate) fn bought(chance: &mut Chance, products: u32) -> u32 {
    let kinds = kind_count();
    let mut left = chance.below(KINDS.iter().map(|kind| kind.demand).sum());
    let mut kind = 0;
    for (at, each) in (0..kinds).zip(KINDS) {
        kind = at;
        if left < each.demand {
            break;
        }
        left -= each.demand;
    }
    // A few models of each kind sell most: the smaller of three draws leans to the front.
    let rows = products.div_ceil(kinds);
    let row = chance
        .below(rows)
        .min(chance.below(rows))
        .min(chance.below(rows));
    let index = row * kinds + kind;
    if index < products {
        index
    } else {
        chance.below(products)
    }
}

fn kind_count() -> u32 {
    u32::try_from(KINDS.len()).unwrap_or(1)
}

/// The product numbered `index`.
pub(crate) fn product(options: &Options, words: &Words, index: u32) -> Product {
    let mut chance = Chance::new(options.seed, Purpose::Product, u64::from(index));
    let (kind, (noun, gender)) = KINDS
        .iter()
        .zip(words.nouns)
        .nth((index % kind_count()) as usize)
        .map_or((KINDS[0], ("", Gender::Masculine)), |(kind, noun)| {
            (*kind, noun)
        });
    let brand = chance.pick(&BRANDS);
    let series = chance.pick(&SERIES);
    // 3,301 and 10,000 have no common divisor: four digits, each once in ten thousand.
    let number = index.wrapping_mul(3_301).wrapping_add(1_047) % 10_000;
    let generation = index / 10_000;
    let suffix = if generation == 0 {
        String::new()
    } else {
        format!("/{generation}")
    };
    let colour = chance.pick(words.colours);
    let [masculine, feminine, neuter] = colour;
    let colour = match gender {
        Gender::Masculine => masculine,
        Gender::Feminine => feminine,
        Gender::Neuter => neuter,
    };
    let (low, high, step) = kind.measure;
    let tenths = low + step * chance.below((high - low) / step + 1);
    let measure = measure(tenths, words, kind.unit);
    // Cheap models outnumber dear ones.
    let (cheap, dear) = kind.dollars;
    let spread = dear - cheap;
    let dollars = cheap + chance.below(spread).min(chance.below(spread));
    let stock = if chance.percent(8) {
        0
    } else {
        chance.between(1, 60)
    };
    Product {
        remote: RemoteId(format!("P{}", 10_000 + index)),
        sku: format!("{}-{:05}", kind.sku, index + 1),
        name: format!("{noun} {brand} {series}{number:04}{suffix}, {measure}, {colour}"),
        price: price(&mut chance, words, dollars),
        stock: Some(i64::from(stock)),
        enabled: !chance.percent(2),
        changed_at: options.now - TimeDelta::minutes(i64::from(chance.between(60, 86_400))),
    }
}

fn measure(tenths: u32, words: &Words, unit: Unit) -> String {
    let unit = words.units.get(unit as usize).copied().unwrap_or_default();
    match tenths % 10 {
        0 => format!("{} {unit}", tenths / 10),
        rest => format!("{}{}{rest} {unit}", tenths / 10, words.decimal),
    }
}

/// A price as shops write them: near a round sum, just below it.
fn price(chance: &mut Chance, words: &Words, dollars: u32) -> Money {
    let units = i64::from(dollars) * i64::from(words.rate);
    let round = match units {
        0..200 => 10,
        200..2_000 => 50,
        _ => 100,
    };
    let below = (units / round).max(1) * round - 1;
    let cents = if chance.percent(words.prices_with_cents) {
        99
    } else {
        0
    };
    Money::new(below * 100 + cents, words.currency)
}
