//! Poland, in Polish.

use super::Gender::{Feminine as F, Masculine as M, Neuter as N};
use super::{City, Delivery, Home, Words};
use chrono::{Datelike, NaiveDate};
use rules::money::Currency;

pub(crate) const WORDS: Words = Words {
    shop_name: "„Przytulny Dom” (przykład)",
    operators: [
        "Anna Wójcik",
        "Piotr Kamiński",
        "Katarzyna Lis",
        "Michał Zając",
        "Magdalena Pawlak",
        "Tomasz Krawczyk",
        "Zofia Wrona",
        "Jakub Sikora",
    ],
    second_language: ("uk", 14),
    currency: Currency::PLN,
    rate: 4,
    prices_with_cents: 55,
    nouns: [
        ("Lodówka", F),
        ("Zamrażarka", F),
        ("Pralka", F),
        ("Suszarka do prania", F),
        ("Zmywarka", F),
        ("Piekarnik", M),
        ("Płyta grzewcza", F),
        ("Okap kuchenny", M),
        ("Kuchenka mikrofalowa", F),
        ("Czajnik elektryczny", M),
        ("Toster", M),
        ("Blender", M),
        ("Robot kuchenny", M),
        ("Ekspres do kawy", M),
        ("Wolnowar", M),
        ("Maszynka do mięsa", F),
        ("Odkurzacz", M),
        ("Żelazko", N),
        ("Wentylator", M),
        ("Klimatyzator", M),
        ("Nawilżacz powietrza", M),
        ("Oczyszczacz powietrza", M),
    ],
    colours: &[
        ["biały", "biała", "białe"],
        ["czarny", "czarna", "czarne"],
        ["srebrny", "srebrna", "srebrne"],
        ["szary", "szara", "szare"],
        ["czerwony", "czerwona", "czerwone"],
        ["beżowy", "beżowa", "beżowe"],
        ["granatowy", "granatowa", "granatowe"],
    ],
    decimal: ',',
    units: ["l", "W", "kg", "cm", "m²"],
    men: &[
        "Piotr",
        "Krzysztof",
        "Andrzej",
        "Tomasz",
        "Paweł",
        "Jan",
        "Michał",
        "Marcin",
        "Jakub",
        "Adam",
        "Łukasz",
        "Grzegorz",
        "Mateusz",
        "Wojciech",
        "Kamil",
        "Rafał",
        "Dariusz",
        "Maciej",
        "Szymon",
        "Filip",
    ],
    women: &[
        "Anna",
        "Katarzyna",
        "Małgorzata",
        "Agnieszka",
        "Barbara",
        "Ewa",
        "Magdalena",
        "Monika",
        "Joanna",
        "Zofia",
        "Aleksandra",
        "Natalia",
        "Karolina",
        "Marta",
        "Beata",
        "Dorota",
        "Julia",
        "Iwona",
        "Hanna",
        "Justyna",
    ],
    patronymics: &[],
    surnames: &[
        ("Nowak", "Nowak"),
        ("Kowalski", "Kowalska"),
        ("Wiśniewski", "Wiśniewska"),
        ("Wójcik", "Wójcik"),
        ("Kowalczyk", "Kowalczyk"),
        ("Kamiński", "Kamińska"),
        ("Lewandowski", "Lewandowska"),
        ("Zieliński", "Zielińska"),
        ("Szymański", "Szymańska"),
        ("Woźniak", "Woźniak"),
        ("Dąbrowski", "Dąbrowska"),
        ("Kozłowski", "Kozłowska"),
        ("Mazur", "Mazur"),
        ("Jankowski", "Jankowska"),
        ("Krawczyk", "Krawczyk"),
        ("Piotrowski", "Piotrowska"),
        ("Grabowski", "Grabowska"),
        ("Pawłowski", "Pawłowska"),
        ("Michalski", "Michalska"),
        ("Król", "Król"),
        ("Wieczorek", "Wieczorek"),
        ("Jabłoński", "Jabłońska"),
        ("Wróbel", "Wróbel"),
        ("Majewski", "Majewska"),
        ("Olszewski", "Olszewska"),
        ("Stępień", "Stępień"),
        ("Malinowski", "Malinowska"),
        ("Górski", "Górska"),
        ("Sikora", "Sikora"),
        ("Baran", "Baran"),
    ],
    cities: &[
        City {
            name: "Warszawa",
            post: "00",
            area: "22",
        },
        City {
            name: "Warszawa",
            post: "02",
            area: "22",
        },
        City {
            name: "Warszawa",
            post: "03",
            area: "22",
        },
        City {
            name: "Kraków",
            post: "30",
            area: "12",
        },
        City {
            name: "Łódź",
            post: "90",
            area: "42",
        },
        City {
            name: "Wrocław",
            post: "50",
            area: "71",
        },
        City {
            name: "Poznań",
            post: "60",
            area: "61",
        },
        City {
            name: "Gdańsk",
            post: "80",
            area: "58",
        },
        City {
            name: "Szczecin",
            post: "70",
            area: "91",
        },
        City {
            name: "Lublin",
            post: "20",
            area: "81",
        },
        City {
            name: "Katowice",
            post: "40",
            area: "32",
        },
        City {
            name: "Białystok",
            post: "15",
            area: "85",
        },
    ],
    streets: &[
        "ul. Ogrodowa",
        "ul. Polna",
        "ul. Leśna",
        "ul. Słoneczna",
        "ul. Szkolna",
        "ul. Lipowa",
        "ul. Adama Mickiewicza",
        "ul. Henryka Sienkiewicza",
        "al. Niepodległości",
        "ul. Kwiatowa",
        "ul. Brzozowa",
        "ul. Łąkowa",
        "os. Zielone",
        "ul. Długa",
    ],
    deliveries: &[
        (
            52,
            Delivery {
                method: "Automat paczkowy",
                charge: 1_499,
                point: "automat nr\u{a0}{}",
            },
        ),
        (
            30,
            Delivery {
                method: "Kurier",
                charge: 1_999,
                point: "",
            },
        ),
        (
            12,
            Delivery {
                method: "Punkt odbioru",
                charge: 999,
                point: "punkt nr\u{a0}{}",
            },
        ),
        (
            6,
            Delivery {
                method: "Odbiór osobisty w sklepie",
                charge: 0,
                point: "sklep nr\u{a0}{}",
            },
        ),
    ],
    payments: &[
        (38, "Płatność mobilna kodem"),
        (26, "Za pobraniem"),
        (20, "Karta"),
        (10, "Szybki przelew"),
        (6, "Raty"),
    ],
    free_above: 29_900,
    notes: &[
        "Proszę dzwonić po 18:00",
        "Proszę o podłączenie sprzętu",
        "Winda nie działa, piąte piętro",
        "To prezent, proszę nie wkładać paragonu",
        "Czy jest w innym kolorze?",
        "Dostawa w sobotę rano",
        "Proszę o fakturę",
    ],
    people: 40_000,
    address,
    phone,
    is_holiday,
};

fn address(home: &Home<'_>) -> String {
    let flat = home.flat.map(|flat| format!("/{flat}")).unwrap_or_default();
    format!(
        "{} {}{flat}, {}-{:03} {}",
        home.street, home.house, home.city.post, home.post, home.city.name
    )
}

fn phone(area: &str, number: u32) -> String {
    format!(
        "+48 {area} 00{} {:02} {:02}",
        number / 10_000,
        number / 100 % 100,
        number % 100
    )
}

fn is_holiday(date: NaiveDate) -> bool {
    matches!(
        (date.month(), date.day()),
        (1, 1 | 6) | (5, 1 | 3) | (8, 15) | (11, 1 | 11) | (12, 24..=26)
    )
}
