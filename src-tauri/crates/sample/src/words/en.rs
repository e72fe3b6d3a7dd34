//! The United States, in English.

use super::Gender::Neuter as N;
use super::{City, Delivery, Home, Words};
use chrono::{Datelike, NaiveDate, Weekday};
use rules::money::Currency;

pub(crate) const WORDS: Words = Words {
    shop_name: "Hearth & Home (sample)",
    operators: [
        "Emily Carter",
        "Daniel Brooks",
        "Rachel Foster",
        "Marcus Reed",
        "Laura Bennett",
        "Kevin Hughes",
        "Sophie Grant",
        "Tyler Morgan",
    ],
    second_language: ("es", 16),
    currency: Currency::USD,
    rate: 1,
    prices_with_cents: 85,
    nouns: [
        ("Refrigerator", N),
        ("Upright freezer", N),
        ("Washing machine", N),
        ("Tumble dryer", N),
        ("Dishwasher", N),
        ("Built-in oven", N),
        ("Cooktop", N),
        ("Range hood", N),
        ("Microwave oven", N),
        ("Electric kettle", N),
        ("Toaster", N),
        ("Blender", N),
        ("Stand mixer", N),
        ("Coffee maker", N),
        ("Slow cooker", N),
        ("Meat grinder", N),
        ("Vacuum cleaner", N),
        ("Steam iron", N),
        ("Fan", N),
        ("Air conditioner", N),
        ("Humidifier", N),
        ("Air purifier", N),
    ],
    colours: &[
        ["white", "white", "white"],
        ["black", "black", "black"],
        ["silver", "silver", "silver"],
        ["gray", "gray", "gray"],
        ["red", "red", "red"],
        ["cream", "cream", "cream"],
        ["navy", "navy", "navy"],
    ],
    decimal: '.',
    units: ["L", "W", "kg", "cm", "m²"],
    men: &[
        "James", "Robert", "John", "Michael", "David", "William", "Richard", "Joseph", "Thomas",
        "Charles", "Daniel", "Matthew", "Anthony", "Mark", "Steven", "Andrew", "Joshua", "Kevin",
        "Brian", "Luis",
    ],
    women: &[
        "Mary",
        "Patricia",
        "Jennifer",
        "Linda",
        "Elizabeth",
        "Barbara",
        "Susan",
        "Jessica",
        "Karen",
        "Sarah",
        "Lisa",
        "Nancy",
        "Sandra",
        "Ashley",
        "Emily",
        "Michelle",
        "Amanda",
        "Melissa",
        "Maria",
        "Laura",
    ],
    patronymics: &[],
    surnames: &[
        ("Smith", "Smith"),
        ("Johnson", "Johnson"),
        ("Williams", "Williams"),
        ("Brown", "Brown"),
        ("Jones", "Jones"),
        ("Garcia", "Garcia"),
        ("Miller", "Miller"),
        ("Davis", "Davis"),
        ("Martinez", "Martinez"),
        ("Wilson", "Wilson"),
        ("Anderson", "Anderson"),
        ("Taylor", "Taylor"),
        ("Moore", "Moore"),
        ("Jackson", "Jackson"),
        ("Martin", "Martin"),
        ("Lee", "Lee"),
        ("Thompson", "Thompson"),
        ("White", "White"),
        ("Harris", "Harris"),
        ("Clark", "Clark"),
        ("Lewis", "Lewis"),
        ("Robinson", "Robinson"),
        ("Walker", "Walker"),
        ("Young", "Young"),
        ("Allen", "Allen"),
        ("King", "King"),
        ("Wright", "Wright"),
        ("Nguyen", "Nguyen"),
        ("Hill", "Hill"),
        ("Green", "Green"),
    ],
    cities: &[
        City {
            name: "New York, NY",
            post: "10",
            area: "212",
        },
        City {
            name: "Boston, MA",
            post: "02",
            area: "617",
        },
        City {
            name: "Philadelphia, PA",
            post: "19",
            area: "215",
        },
        City {
            name: "Pittsburgh, PA",
            post: "15",
            area: "412",
        },
        City {
            name: "Atlanta, GA",
            post: "30",
            area: "404",
        },
        City {
            name: "Miami, FL",
            post: "33",
            area: "305",
        },
        City {
            name: "Cleveland, OH",
            post: "44",
            area: "216",
        },
        City {
            name: "Detroit, MI",
            post: "48",
            area: "313",
        },
        City {
            name: "Chicago, IL",
            post: "60",
            area: "312",
        },
        City {
            name: "Minneapolis, MN",
            post: "55",
            area: "612",
        },
        City {
            name: "St. Louis, MO",
            post: "63",
            area: "314",
        },
        City {
            name: "Dallas, TX",
            post: "75",
            area: "214",
        },
        City {
            name: "Houston, TX",
            post: "77",
            area: "713",
        },
        City {
            name: "Denver, CO",
            post: "80",
            area: "303",
        },
        City {
            name: "Phoenix, AZ",
            post: "85",
            area: "602",
        },
        City {
            name: "Los Angeles, CA",
            post: "90",
            area: "213",
        },
        City {
            name: "San Francisco, CA",
            post: "94",
            area: "415",
        },
        City {
            name: "Portland, OR",
            post: "97",
            area: "503",
        },
        City {
            name: "Seattle, WA",
            post: "98",
            area: "206",
        },
        City {
            name: "Nashville, TN",
            post: "37",
            area: "615",
        },
    ],
    streets: &[
        "Maple Street",
        "Oak Street",
        "Washington Avenue",
        "Park Avenue",
        "Elm Street",
        "Lake Street",
        "Hill Road",
        "Cedar Lane",
        "Church Street",
        "River Road",
        "Main Street",
        "Sunset Drive",
        "Meadow Lane",
        "Pine Street",
    ],
    deliveries: &[
        (
            58,
            Delivery {
                method: "Standard shipping",
                charge: 799,
                point: "",
            },
        ),
        (
            18,
            Delivery {
                method: "Express shipping",
                charge: 1_999,
                point: "",
            },
        ),
        (
            12,
            Delivery {
                method: "Pickup point",
                charge: 499,
                point: "pickup point #{}",
            },
        ),
        (
            12,
            Delivery {
                method: "Store pickup",
                charge: 0,
                point: "store #{}",
            },
        ),
    ],
    payments: &[
        (66, "Credit or debit card"),
        (18, "Digital wallet"),
        (10, "Pay over time"),
        (6, "Cash on delivery"),
    ],
    free_above: 9_900,
    notes: &[
        "Please call after 6 PM",
        "Installation needed",
        "No elevator, fifth floor",
        "This is a gift, please leave the receipt out",
        "Do you have it in another color?",
        "Saturday morning delivery, please",
        "Leave it with the front desk",
    ],
    people: 10_000,
    address,
    phone,
    is_holiday,
};

fn address(home: &Home<'_>) -> String {
    let flat = home
        .flat
        .map(|flat| format!(", Apt {flat}"))
        .unwrap_or_default();
    format!(
        "{} {}{flat}, {} {}{:03}",
        home.house, home.street, home.city.name, home.city.post, home.post
    )
}

/// People keep their numbers when they move, so the area says nothing of the city.
const AREAS: [u32; 100] = [
    201, 202, 203, 205, 206, 207, 208, 209, 210, 212, 213, 214, 215, 216, 217, 218, 219, 224, 225,
    228, 229, 231, 234, 239, 240, 248, 251, 252, 253, 254, 256, 260, 262, 267, 269, 270, 276, 281,
    301, 302, 303, 304, 305, 307, 308, 309, 310, 312, 313, 314, 315, 316, 317, 318, 319, 320, 321,
    323, 330, 334, 336, 337, 347, 351, 352, 360, 361, 386, 401, 402, 404, 405, 406, 407, 408, 409,
    410, 412, 413, 414, 415, 417, 419, 423, 425, 432, 434, 435, 440, 443, 469, 478, 479, 480, 484,
    501, 502, 503, 504, 505,
];

fn phone(_: &str, number: u32) -> String {
    let area = AREAS
        .get((number / 100 % 100) as usize)
        .copied()
        .unwrap_or(212);
    format!("+1 {area} 555 01{:02}", number % 100)
}

fn is_holiday(date: NaiveDate) -> bool {
    let thanksgiving =
        date.month() == 11 && date.weekday() == Weekday::Thu && (22..=28).contains(&date.day());
    thanksgiving || matches!((date.month(), date.day()), (1, 1) | (7, 4) | (12, 25))
}
