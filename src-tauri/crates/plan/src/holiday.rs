//! Public holidays, computed: of Ukraine, Poland, Russia, the United States, Germany and Czechia.
//!
//! Days that a government moves by a decree of its own year are not known ahead and not here; a
//! supervisor enters those that matter. Sources: Labour Code of Ukraine, art. 73 (with law 3258-IX of
//! 2023); Polish act of 18 January 1951 on days free of work (with the change of 2024); Labour Code of
//! the Russian Federation, art. 112; 5 U.S.C. § 6103; the German Länder's acts where all agree; Czech
//! act 245/2000.

use chrono::{Datelike, Days, NaiveDate, Weekday};
use chrono_tz::Tz;

/// Countries whose holidays are known.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Country {
    /// Ukraine.
    Ukraine,
    /// Poland.
    Poland,
    /// Russia.
    Russia,
    /// The United States: federal holidays.
    UnitedStates,
    /// Germany: those of all its Länder.
    Germany,
    /// Czechia.
    Czechia,
}

impl Country {
    /// Every country.
    pub const ALL: [Self; 6] = [
        Self::Ukraine,
        Self::Poland,
        Self::Russia,
        Self::UnitedStates,
        Self::Germany,
        Self::Czechia,
    ];

    /// The country of a zone, where its holidays are known.
    pub fn of_zone(zone: Tz) -> Option<Self> {
        match zone.name() {
            "Europe/Kyiv" | "Europe/Kiev" | "Europe/Uzhgorod" | "Europe/Zaporozhye" => {
                Some(Self::Ukraine)
            }
            "Europe/Warsaw" | "Poland" => Some(Self::Poland),
            "Europe/Moscow" | "Europe/Kaliningrad" | "Europe/Samara" | "Europe/Volgograd"
            | "Europe/Saratov" | "Europe/Astrakhan" | "Europe/Ulyanovsk" | "Europe/Kirov"
            | "Asia/Yekaterinburg" | "Asia/Omsk" | "Asia/Novosibirsk" | "Asia/Barnaul"
            | "Asia/Tomsk" | "Asia/Novokuznetsk" | "Asia/Krasnoyarsk" | "Asia/Irkutsk"
            | "Asia/Chita" | "Asia/Yakutsk" | "Asia/Khandyga" | "Asia/Vladivostok"
            | "Asia/Ust-Nera" | "Asia/Magadan" | "Asia/Sakhalin" | "Asia/Srednekolymsk"
            | "Asia/Kamchatka" | "Asia/Anadyr" | "W-SU" => Some(Self::Russia),
            "America/New_York"
            | "America/Chicago"
            | "America/Denver"
            | "America/Los_Angeles"
            | "America/Phoenix"
            | "America/Detroit"
            | "America/Anchorage"
            | "America/Boise"
            | "Pacific/Honolulu"
            | "US/Eastern"
            | "US/Central"
            | "US/Mountain"
            | "US/Pacific" => Some(Self::UnitedStates),
            "Europe/Berlin" | "Europe/Busingen" => Some(Self::Germany),
            "Europe/Prague" => Some(Self::Czechia),
            _ => None,
        }
    }
}

/// A name in the languages of the desk.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Name {
    /// Ukrainian.
    pub uk: &'static str,
    /// Russian.
    pub ru: &'static str,
    /// Polish.
    pub pl: &'static str,
    /// English.
    pub en: &'static str,
}

/// One holiday, or the eve of one.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Holiday {
    /// The date.
    pub date: NaiveDate,
    /// A code that is the same in every year.
    pub code: &'static str,
    /// Its name.
    pub name: Name,
    /// A working day before a holiday, with a course of its own.
    pub is_eve: bool,
}

/// When a holiday falls.
#[derive(Clone, Copy)]
enum When {
    /// Month and day.
    On(u32, u32),
    /// Days after Easter Sunday, Gregorian reckoning.
    Easter(i64),
    /// Days after Easter Sunday, Julian reckoning.
    OrthodoxEaster(i64),
    /// The n-th such weekday of a month.
    Nth(u32, Weekday, u8),
    /// The last such weekday of a month.
    Last(u32, Weekday),
}

/// A rule of a country: when, since and until which year, code, and names in Ukrainian, Russian,
/// Polish and English.
#[derive(Clone, Copy)]
struct Rule {
    when: When,
    since: i32,
    until: i32,
    code: &'static str,
    names: [&'static str; 4],
    is_eve: bool,
}

const fn rule(when: When, code: &'static str, names: [&'static str; 4]) -> Rule {
    Rule {
        when,
        since: i32::MIN,
        until: i32::MAX,
        code,
        names,
        is_eve: false,
    }
}

const fn between(since: i32, until: i32, rule: Rule) -> Rule {
    Rule {
        since,
        until,
        ..rule
    }
}

const fn eve(rule: Rule) -> Rule {
    Rule {
        is_eve: true,
        ..rule
    }
}

const NEW_YEAR: [&str; 4] = ["Новий рік", "Новый год", "Nowy Rok", "New Year's Day"];
const NEW_YEARS_EVE: [&str; 4] = [
    "Переддень Нового року",
    "Канун Нового года",
    "Sylwester",
    "New Year's Eve",
];
const CHRISTMAS: [&str; 4] = ["Різдво", "Рождество", "Boże Narodzenie", "Christmas Day"];
const CHRISTMAS_2: [&str; 4] = [
    "Другий день Різдва",
    "Второй день Рождества",
    "Drugi dzień Bożego Narodzenia",
    "Second Day of Christmas",
];
const CHRISTMAS_EVE: [&str; 4] = ["Святий вечір", "Сочельник", "Wigilia", "Christmas Eve"];
const EASTER: [&str; 4] = ["Великдень", "Пасха", "Wielkanoc", "Easter Sunday"];
const EASTER_MONDAY: [&str; 4] = [
    "Великодній понеділок",
    "Пасхальный понедельник",
    "Poniedziałek Wielkanocny",
    "Easter Monday",
];
const GOOD_FRIDAY: [&str; 4] = [
    "Страсна п'ятниця",
    "Страстная пятница",
    "Wielki Piątek",
    "Good Friday",
];
const PENTECOST: [&str; 4] = ["Трійця", "Троица", "Zielone Świątki", "Pentecost"];
const WOMEN: [&str; 4] = [
    "Міжнародний жіночий день",
    "Международный женский день",
    "Międzynarodowy Dzień Kobiet",
    "International Women's Day",
];
const LABOUR: [&str; 4] = ["День праці", "Праздник труда", "Święto Pracy", "Labour Day"];
const VICTORY: [&str; 4] = [
    "День перемоги",
    "День Победы",
    "Dzień Zwycięstwa",
    "Victory Day",
];
const STATEHOOD: [&str; 4] = [
    "День Української Державності",
    "День украинской государственности",
    "Dzień Państwowości Ukraińskiej",
    "Ukrainian Statehood Day",
];
const DEFENDERS_UA: [&str; 4] = [
    "День захисників і захисниць України",
    "День защитников и защитниц Украины",
    "Dzień Obrońców i Obrończyń Ukrainy",
    "Defenders of Ukraine Day",
];

const UKRAINE: &[Rule] = &[
    rule(When::On(1, 1), "new_year", NEW_YEAR),
    between(
        i32::MIN,
        2023,
        rule(When::On(1, 7), "orthodox_christmas", CHRISTMAS),
    ),
    rule(When::On(3, 8), "women", WOMEN),
    rule(When::OrthodoxEaster(0), "easter", EASTER),
    rule(When::OrthodoxEaster(49), "pentecost", PENTECOST),
    rule(When::On(5, 1), "labour", LABOUR),
    between(i32::MIN, 2023, rule(When::On(5, 9), "victory", VICTORY)),
    between(
        2024,
        i32::MAX,
        rule(
            When::On(5, 8),
            "victory",
            [
                "День пам'яті та перемоги над нацизмом",
                "День памяти и победы над нацизмом",
                "Dzień Pamięci i Zwycięstwa nad Nazizmem",
                "Day of Remembrance and Victory over Nazism",
            ],
        ),
    ),
    rule(
        When::On(6, 28),
        "constitution",
        [
            "День Конституції України",
            "День Конституции Украины",
            "Dzień Konstytucji Ukrainy",
            "Constitution Day of Ukraine",
        ],
    ),
    between(2022, 2023, rule(When::On(7, 28), "statehood", STATEHOOD)),
    between(
        2024,
        i32::MAX,
        rule(When::On(7, 15), "statehood", STATEHOOD),
    ),
    rule(
        When::On(8, 24),
        "independence",
        [
            "День Незалежності України",
            "День Независимости Украины",
            "Dzień Niepodległości Ukrainy",
            "Independence Day of Ukraine",
        ],
    ),
    between(
        2015,
        2022,
        rule(When::On(10, 14), "defenders", DEFENDERS_UA),
    ),
    between(
        2023,
        i32::MAX,
        rule(When::On(10, 1), "defenders", DEFENDERS_UA),
    ),
    eve(rule(When::On(12, 24), "christmas_eve", CHRISTMAS_EVE)),
    between(
        2017,
        i32::MAX,
        rule(When::On(12, 25), "christmas", CHRISTMAS),
    ),
    eve(rule(When::On(12, 31), "new_years_eve", NEW_YEARS_EVE)),
];

const POLAND: &[Rule] = &[
    rule(When::On(1, 1), "new_year", NEW_YEAR),
    between(
        2011,
        i32::MAX,
        rule(
            When::On(1, 6),
            "epiphany",
            ["Богоявлення", "Богоявление", "Trzech Króli", "Epiphany"],
        ),
    ),
    rule(When::Easter(0), "easter", EASTER),
    rule(When::Easter(1), "easter_monday", EASTER_MONDAY),
    rule(When::On(5, 1), "labour", LABOUR),
    rule(
        When::On(5, 3),
        "constitution",
        [
            "День Конституції 3 травня",
            "День Конституции 3 мая",
            "Święto Konstytucji 3 Maja",
            "Constitution Day of Poland",
        ],
    ),
    rule(When::Easter(49), "pentecost", PENTECOST),
    rule(
        When::Easter(60),
        "corpus_christi",
        [
            "Свято Тіла і Крові Христових",
            "Праздник Тела и Крови Христовых",
            "Boże Ciało",
            "Corpus Christi",
        ],
    ),
    rule(
        When::On(8, 15),
        "assumption",
        [
            "Внебовзяття Діви Марії",
            "Вознесение Девы Марии",
            "Wniebowzięcie NMP",
            "Assumption Day",
        ],
    ),
    rule(
        When::On(11, 1),
        "all_saints",
        [
            "День усіх святих",
            "День всех святых",
            "Wszystkich Świętych",
            "All Saints' Day",
        ],
    ),
    rule(
        When::On(11, 11),
        "independence",
        [
            "День незалежності Польщі",
            "День независимости Польши",
            "Święto Niepodległości",
            "Independence Day of Poland",
        ],
    ),
    between(
        i32::MIN,
        2024,
        eve(rule(When::On(12, 24), "christmas_eve", CHRISTMAS_EVE)),
    ),
    between(
        2025,
        i32::MAX,
        rule(When::On(12, 24), "christmas_eve", CHRISTMAS_EVE),
    ),
    rule(When::On(12, 25), "christmas", CHRISTMAS),
    rule(When::On(12, 26), "christmas_2", CHRISTMAS_2),
    eve(rule(When::On(12, 31), "new_years_eve", NEW_YEARS_EVE)),
];

const NEW_YEAR_HOLIDAYS: [&str; 4] = [
    "Новорічні канікули",
    "Новогодние каникулы",
    "Ferie noworoczne",
    "New Year Holidays",
];

const RUSSIA: &[Rule] = &[
    rule(When::On(1, 1), "new_year", NEW_YEAR),
    rule(When::On(1, 2), "new_year_2", NEW_YEAR_HOLIDAYS),
    rule(When::On(1, 3), "new_year_3", NEW_YEAR_HOLIDAYS),
    rule(When::On(1, 4), "new_year_4", NEW_YEAR_HOLIDAYS),
    rule(When::On(1, 5), "new_year_5", NEW_YEAR_HOLIDAYS),
    rule(When::On(1, 6), "new_year_6", NEW_YEAR_HOLIDAYS),
    rule(When::On(1, 7), "orthodox_christmas", CHRISTMAS),
    rule(When::On(1, 8), "new_year_8", NEW_YEAR_HOLIDAYS),
    rule(
        When::On(2, 23),
        "defenders",
        [
            "День захисника Вітчизни",
            "День защитника Отечества",
            "Dzień Obrońcy Ojczyzny",
            "Defender of the Fatherland Day",
        ],
    ),
    rule(When::On(3, 8), "women", WOMEN),
    rule(
        When::On(5, 1),
        "labour",
        [
            "Свято весни і праці",
            "Праздник Весны и Труда",
            "Święto Wiosny i Pracy",
            "Spring and Labour Day",
        ],
    ),
    rule(When::On(5, 9), "victory", VICTORY),
    rule(
        When::On(6, 12),
        "russia",
        ["День Росії", "День России", "Dzień Rosji", "Russia Day"],
    ),
    rule(
        When::On(11, 4),
        "unity",
        [
            "День народної єдності",
            "День народного единства",
            "Dzień Jedności Narodowej",
            "National Unity Day",
        ],
    ),
    eve(rule(When::On(12, 31), "new_years_eve", NEW_YEARS_EVE)),
];

const UNITED_STATES: &[Rule] = &[
    rule(When::On(1, 1), "new_year", NEW_YEAR),
    rule(
        When::Nth(1, Weekday::Mon, 3),
        "king",
        [
            "День Мартіна Лютера Кінга",
            "День Мартина Лютера Кинга",
            "Dzień Martina Luthera Kinga",
            "Martin Luther King Jr. Day",
        ],
    ),
    rule(
        When::Nth(2, Weekday::Mon, 3),
        "presidents",
        [
            "День президентів",
            "День президентов",
            "Dzień Prezydentów",
            "Washington's Birthday",
        ],
    ),
    rule(
        When::Last(5, Weekday::Mon),
        "memorial",
        [
            "День пам'яті",
            "День памяти",
            "Dzień Pamięci",
            "Memorial Day",
        ],
    ),
    between(
        2021,
        i32::MAX,
        rule(
            When::On(6, 19),
            "juneteenth",
            ["Джунтінт", "Джунтинт", "Juneteenth", "Juneteenth"],
        ),
    ),
    rule(
        When::On(7, 4),
        "independence",
        [
            "День незалежності США",
            "День независимости США",
            "Dzień Niepodległości USA",
            "Independence Day",
        ],
    ),
    rule(When::Nth(9, Weekday::Mon, 1), "labour", LABOUR),
    rule(
        When::Nth(10, Weekday::Mon, 2),
        "columbus",
        [
            "День Колумба",
            "День Колумба",
            "Dzień Kolumba",
            "Columbus Day",
        ],
    ),
    rule(
        When::On(11, 11),
        "veterans",
        [
            "День ветеранів",
            "День ветеранов",
            "Dzień Weteranów",
            "Veterans Day",
        ],
    ),
    rule(
        When::Nth(11, Weekday::Thu, 4),
        "thanksgiving",
        [
            "День подяки",
            "День благодарения",
            "Święto Dziękczynienia",
            "Thanksgiving Day",
        ],
    ),
    eve(rule(When::On(12, 24), "christmas_eve", CHRISTMAS_EVE)),
    rule(When::On(12, 25), "christmas", CHRISTMAS),
    eve(rule(When::On(12, 31), "new_years_eve", NEW_YEARS_EVE)),
];

const GERMANY: &[Rule] = &[
    rule(When::On(1, 1), "new_year", NEW_YEAR),
    rule(When::Easter(-2), "good_friday", GOOD_FRIDAY),
    rule(When::Easter(1), "easter_monday", EASTER_MONDAY),
    rule(When::On(5, 1), "labour", LABOUR),
    rule(
        When::Easter(39),
        "ascension",
        [
            "Вознесіння Христове",
            "Вознесение Господне",
            "Wniebowstąpienie Pańskie",
            "Ascension Day",
        ],
    ),
    rule(
        When::Easter(50),
        "whit_monday",
        [
            "Понеділок після Трійці",
            "Духов день",
            "Poniedziałek Zielonych Świątek",
            "Whit Monday",
        ],
    ),
    rule(
        When::On(10, 3),
        "unity",
        [
            "День німецької єдності",
            "День германского единства",
            "Dzień Jedności Niemiec",
            "German Unity Day",
        ],
    ),
    eve(rule(When::On(12, 24), "christmas_eve", CHRISTMAS_EVE)),
    rule(When::On(12, 25), "christmas", CHRISTMAS),
    rule(When::On(12, 26), "christmas_2", CHRISTMAS_2),
    eve(rule(When::On(12, 31), "new_years_eve", NEW_YEARS_EVE)),
];

const CZECHIA: &[Rule] = &[
    rule(When::On(1, 1), "new_year", NEW_YEAR),
    between(
        2016,
        i32::MAX,
        rule(When::Easter(-2), "good_friday", GOOD_FRIDAY),
    ),
    rule(When::Easter(1), "easter_monday", EASTER_MONDAY),
    rule(When::On(5, 1), "labour", LABOUR),
    rule(
        When::On(5, 8),
        "victory",
        [
            "День перемоги",
            "День победы",
            "Dzień Zwycięstwa",
            "Liberation Day",
        ],
    ),
    rule(
        When::On(7, 5),
        "cyril_methodius",
        [
            "День Кирила і Мефодія",
            "День Кирилла и Мефодия",
            "Dzień Cyryla i Metodego",
            "Saints Cyril and Methodius Day",
        ],
    ),
    rule(
        When::On(7, 6),
        "jan_hus",
        [
            "День Яна Гуса",
            "День Яна Гуса",
            "Dzień Jana Husa",
            "Jan Hus Day",
        ],
    ),
    rule(
        When::On(9, 28),
        "statehood",
        [
            "День чеської державності",
            "День чешской государственности",
            "Dzień Państwowości Czeskiej",
            "Czech Statehood Day",
        ],
    ),
    rule(
        When::On(10, 28),
        "independence",
        [
            "День незалежної Чехословаччини",
            "День независимой Чехословакии",
            "Dzień Niepodległości Czechosłowacji",
            "Independent Czechoslovak State Day",
        ],
    ),
    rule(
        When::On(11, 17),
        "freedom",
        [
            "День боротьби за свободу і демократію",
            "День борьбы за свободу и демократию",
            "Dzień Walki o Wolność i Demokrację",
            "Struggle for Freedom and Democracy Day",
        ],
    ),
    rule(When::On(12, 24), "christmas_eve", CHRISTMAS_EVE),
    rule(When::On(12, 25), "christmas", CHRISTMAS),
    rule(When::On(12, 26), "christmas_2", CHRISTMAS_2),
    eve(rule(When::On(12, 31), "new_years_eve", NEW_YEARS_EVE)),
];

/// The holidays of a country from `first` to `last`, both counted in, by date. Two that fall on one
/// day are one: the first in the law's order.
pub fn holidays(country: Country, first: NaiveDate, last: NaiveDate) -> Vec<Holiday> {
    let rules = match country {
        Country::Ukraine => UKRAINE,
        Country::Poland => POLAND,
        Country::Russia => RUSSIA,
        Country::UnitedStates => UNITED_STATES,
        Country::Germany => GERMANY,
        Country::Czechia => CZECHIA,
    };
    let mut found: Vec<Holiday> = (first.year()..=last.year())
        .flat_map(|year| rules.iter().map(move |rule| (year, rule)))
        .filter(|(year, rule)| (rule.since..=rule.until).contains(year))
        .filter_map(|(year, rule)| {
            let [uk, ru, pl, en] = rule.names;
            Some(Holiday {
                date: date(rule.when, year)?,
                code: rule.code,
                name: Name { uk, ru, pl, en },
                is_eve: rule.is_eve,
            })
        })
        .filter(|holiday| (first..=last).contains(&holiday.date))
        .collect();
    found.sort_by_key(|holiday| (holiday.date, holiday.is_eve));
    found.dedup_by_key(|holiday| holiday.date);
    found
}

fn date(when: When, year: i32) -> Option<NaiveDate> {
    match when {
        When::On(month, day) => NaiveDate::from_ymd_opt(year, month, day),
        When::Easter(days) => shifted(easter(year)?, days),
        When::OrthodoxEaster(days) => shifted(orthodox_easter(year)?, days),
        When::Nth(month, weekday, n) => {
            NaiveDate::from_weekday_of_month_opt(year, month, weekday, n)
        }
        When::Last(month, weekday) => (4..=5)
            .filter_map(|n| NaiveDate::from_weekday_of_month_opt(year, month, weekday, n))
            .next_back(),
    }
}

fn shifted(date: NaiveDate, days: i64) -> Option<NaiveDate> {
    let distance = Days::new(days.unsigned_abs());
    if days < 0 {
        date.checked_sub_days(distance)
    } else {
        date.checked_add_days(distance)
    }
}

/// Easter Sunday by the Gregorian reckoning (Meeus, Jones and Butcher).
#[expect(clippy::many_single_char_names, reason = "the letters of the source")]
pub fn easter(year: i32) -> Option<NaiveDate> {
    let a = year.rem_euclid(19);
    let (b, c) = (year.div_euclid(100), year.rem_euclid(100));
    let (d, e) = (b.div_euclid(4), b.rem_euclid(4));
    let g = (8 * b + 13).div_euclid(25);
    let h = (19 * a + b - d - g + 15).rem_euclid(30);
    let (i, k) = (c.div_euclid(4), c.rem_euclid(4));
    let l = (32 + 2 * e + 2 * i - h - k).rem_euclid(7);
    let m = (a + 11 * h + 19 * l).div_euclid(433);
    let month = (h + l - 7 * m + 90).div_euclid(25);
    let day = (h + l - 7 * m + 33 * month + 19).rem_euclid(32);
    NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)
}

/// Easter Sunday by the Julian reckoning, in dates of the Gregorian calendar (Meeus).
#[expect(clippy::many_single_char_names, reason = "the letters of the source")]
pub fn orthodox_easter(year: i32) -> Option<NaiveDate> {
    let (a, b, c) = (year.rem_euclid(4), year.rem_euclid(7), year.rem_euclid(19));
    let d = (19 * c + 15).rem_euclid(30);
    let e = (2 * a + 4 * b - d + 34).rem_euclid(7);
    let month = (d + e + 114).div_euclid(31);
    let day = (d + e + 114).rem_euclid(31) + 1;
    let julian =
        NaiveDate::from_ymd_opt(year, u32::try_from(month).ok()?, u32::try_from(day).ok()?)?;
    // How far the Julian calendar is behind: 13 days from 1900 to 2099.
    let century = year.div_euclid(100);
    shifted(julian, i64::from(century - century.div_euclid(4) - 2))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn day(year: i32, month: u32, day: u32) -> NaiveDate {
        NaiveDate::from_ymd_opt(year, month, day).unwrap()
    }

    fn codes(country: Country, year: i32) -> Vec<(String, &'static str)> {
        holidays(country, day(year, 1, 1), day(year, 12, 31))
            .into_iter()
            .map(|holiday| (holiday.date.format("%m-%d").to_string(), holiday.code))
            .collect()
    }

    #[test]
    fn easter_falls_where_the_church_tables_say() {
        for (year, west, east) in [
            (2000, (4, 23), (4, 30)),
            (2016, (3, 27), (5, 1)),
            (2023, (4, 9), (4, 16)),
            (2024, (3, 31), (5, 5)),
            (2025, (4, 20), (4, 20)),
            (2026, (4, 5), (4, 12)),
            (2027, (3, 28), (5, 2)),
            (2038, (4, 25), (4, 25)),
        ] {
            assert_eq!(easter(year), Some(day(year, west.0, west.1)), "{year}");
            assert_eq!(
                orthodox_easter(year),
                Some(day(year, east.0, east.1)),
                "{year}"
            );
        }
    }

    #[test]
    fn a_law_holds_from_its_year_on() {
        let before = codes(Country::Ukraine, 2023);
        let since = codes(Country::Ukraine, 2024);
        for (list, christmas, victory, statehood) in [
            (&before, "orthodox_christmas", "05-09", "07-28"),
            (&since, "christmas", "05-08", "07-15"),
        ] {
            assert!(list.iter().any(|(_, code)| *code == christmas), "{list:?}");
            assert!(list.contains(&(victory.to_owned(), "victory")), "{list:?}");
            assert!(
                list.contains(&(statehood.to_owned(), "statehood")),
                "{list:?}"
            );
        }
        assert!(!since.iter().any(|(_, code)| *code == "orthodox_christmas"));
        let wigilia = |year| {
            holidays(Country::Poland, day(year, 12, 24), day(year, 12, 24))
                .first()
                .map(|holiday| holiday.is_eve)
        };
        assert_eq!((wigilia(2024), wigilia(2025)), (Some(true), Some(false)));
    }

    #[test]
    fn moving_days_of_2026_fall_where_the_calendar_shows_them() {
        let poland = codes(Country::Poland, 2026);
        for expected in [
            ("04-06", "easter_monday"),
            ("05-24", "pentecost"),
            ("06-04", "corpus_christi"),
        ] {
            assert!(
                poland.contains(&(expected.0.to_owned(), expected.1)),
                "{expected:?} in {poland:?}"
            );
        }
        let states = codes(Country::UnitedStates, 2026);
        for expected in [
            ("01-19", "king"),
            ("02-16", "presidents"),
            ("05-25", "memorial"),
            ("09-07", "labour"),
            ("10-12", "columbus"),
            ("11-26", "thanksgiving"),
        ] {
            assert!(
                states.contains(&(expected.0.to_owned(), expected.1)),
                "{expected:?} in {states:?}"
            );
        }
        assert!(codes(Country::Ukraine, 2026).contains(&("05-31".to_owned(), "pentecost")));
        assert_eq!(
            codes(Country::Russia, 2026)
                .iter()
                .filter(|(date, _)| date.starts_with("01-"))
                .count(),
            8,
            "the first eight days of January"
        );
    }

    #[test]
    fn each_day_stands_once_and_within_the_range() {
        for country in Country::ALL {
            let (first, last) = (day(2020, 2, 10), day(2030, 6, 1));
            let found = holidays(country, first, last);
            assert!(
                found.windows(2).all(|pair| pair[0].date < pair[1].date),
                "{country:?}"
            );
            assert!(
                found
                    .iter()
                    .all(|holiday| (first..=last).contains(&holiday.date)),
                "{country:?}"
            );
        }
    }
}
