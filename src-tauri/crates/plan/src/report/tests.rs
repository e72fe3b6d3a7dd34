use super::*;
use chrono::Timelike;
use proptest::prelude::*;
use std::fmt::Write as _;

const KYIV: Tz = chrono_tz::Europe::Kyiv;

fn utc(hour: u32, minute: u32) -> i64 {
    Utc.with_ymd_and_hms(2026, 3, 2, hour, minute, 0)
        .unwrap()
        .timestamp()
}

fn read_kyiv(text: &str) -> Report {
    read(text.as_bytes(), KYIV).unwrap_or_else(|faults| panic!("{text}\n{faults:?}"))
}

fn kinds(text: &str) -> Vec<(u32, FaultKind)> {
    read(text.as_bytes(), KYIV)
        .expect_err("it is faulty")
        .iter()
        .map(|fault| (fault.line, fault.kind))
        .collect()
}

/// Monday ten and half past ten in Kyiv: 12 calls of 180 s and 7 of 200 s.
fn is_the_usual(report: &Report) {
    assert_eq!(report.slot_minutes, 30);
    let starts: Vec<_> = report
        .work
        .iter()
        .map(|one| (one.start, one.calls))
        .collect();
    assert_eq!(starts, [(utc(8, 0), 12), (utc(8, 30), 7)]);
    assert!(report.has_handle_time);
    assert_eq!(report.work[0].handle_s, Some(2160.0));
    assert_eq!(report.work[1].handle_s, Some(1400.0));
}

#[test]
fn tables_of_every_make_are_read() {
    for text in [
        "timestamp,calls,aht\n2026-03-02 10:00,12,180\n2026-03-02 10:30,7,200\n",
        "\u{feff}timestamp,calls,aht\r\n2026-03-02T10:00:00,12,180\r\n2026-03-02T10:30:00,7,200\r\n",
        "timestamp,count,aht\n2026-03-02T08:00:00Z,12,180\n2026-03-02T10:30:00+02:00,7,200\n",
        "Дата і час;Кількість дзвінків;Середній час обробки\n02.03.2026 10:00;12;3:00\n02.03.2026 10:30;7;3:20\n",
        "Дата;Время;Поступило;Отвечено;Потеряно;Ср. время обработки\n02.03.2026;10:00;12;11;1;00:03:00\n02.03.2026;10:30;7;7;0;00:03:20\n",
        "Data\tGodzina\tLiczba połączeń\tŁączny czas obsługi (s)\n2026-03-02\t10:00\t12\t2160,0\n2026-03-02\t10:30\t7\t1400\n",
        "Report of the exchange\nLine: 0800\n\n\"Interval Start\",\"Calls Offered\",\"Abandoned %\",\"Avg Handle Time\"\n\"2026-03-02 10:00 - 10:30\",\"12\",\"3,5\",\"180\"\n\"2026-03-02 10:30 - 11:00\",\"7\",\"0\",\"200\"\nTotal,19,,\n",
        "Date,Time,Calls,AHT\n3/2/2026,10:00 AM,12,180\n3/2/2026,10:30 AM,7,200\n3/22/2026,10:30 AM,0,\n",
        "2026-03-02 10:00,12,180\n2026-03-02 10:30,7,200\n",
        "02.03.2026;10:00;12;3:00\n02.03.2026;10:30;7;3:20\n",
        "Час;Дзвінки;AHT\n02.03.2026 10:30;7;200\n02.03.2026 10:00;12;180\n",
    ] {
        let mut report = read_kyiv(text);
        report.work.retain(|one| one.calls > 0);
        is_the_usual(&report);
    }
}

#[test]
fn a_table_without_handle_times_has_none() {
    let report = read_kyiv("timestamp,count\n2026-03-02 10:15,3\n2026-03-02 10:30,0\n");
    assert!(!report.has_handle_time);
    assert_eq!(report.slot_minutes, 15);
    assert_eq!(report.work.len(), 2, "a zero is a fact of its own");
    let hourly = read_kyiv("hour start;offered\n2026-03-02 9;1 204\n2026-03-02 10;12,0\n");
    assert_eq!(
        hourly.work.iter().map(|one| one.calls).collect::<Vec<_>>(),
        [1204, 12]
    );
    assert_eq!(hourly.slot_minutes, 60);
}

#[test]
fn each_fault_names_its_line() {
    assert_eq!(kinds(""), [(1, FaultKind::Empty)]);
    assert_eq!(kinds("\n  \n"), [(1, FaultKind::Empty)]);
    assert_eq!(kinds("timestamp,calls\n"), [(1, FaultKind::Empty)]);
    assert_eq!(kinds("a,b\n1,2\n"), [(1, FaultKind::NoTimeColumn)]);
    assert_eq!(
        kinds("2026-03-02 10:00,many\n2026-03-02 11:00,few\n"),
        [(1, FaultKind::NoCountColumn)]
    );
    let text = "timestamp,calls,aht\n\
        2026-03-02 10:00,12,180\n\
        yesterday,12,180\n\
        2026-03-02 11:00,-3,180\n\
        2026-03-02 12:00,2.5,180\n\
        2026-03-02 13:00,,180\n\
        2026-03-02 14:00,3,long\n\
        2026-03-02 10:00,1,180\n\
        2026-03-02 15:07,1,180\n\
        2026-02-30 15:00,1,180\n\
        2026-03-29 03:00,4,180\n";
    assert_eq!(
        kinds(text),
        [
            (3, FaultKind::BadTime),
            (4, FaultKind::BadCount),
            (5, FaultKind::BadCount),
            (6, FaultKind::BadCount),
            (7, FaultKind::BadHandleTime),
            (8, FaultKind::Twice),
            (9, FaultKind::OddStep),
            (10, FaultKind::BadTime),
            (11, FaultKind::NoSuchTime),
        ]
    );
    let faults = read(text.as_bytes(), KYIV).unwrap_err();
    assert_eq!(faults[0].found, "yesterday");
    let endless = format!("timestamp,calls\n{},1\n", "x".repeat(10_000));
    assert_eq!(
        read(endless.as_bytes(), KYIV).unwrap_err()[0].found.len(),
        EXCERPT
    );
}

#[test]
fn old_code_pages_are_read_whatever_the_language_of_the_desk() {
    use encoding_rs::{IBM866, ISO_8859_2, KOI8_U, WINDOWS_1250, WINDOWS_1251};
    let cyrillic = [WINDOWS_1251, KOI8_U, IBM866];
    let polish = [WINDOWS_1250, ISO_8859_2];
    for (header, language, pages) in [
        (
            "Дата і час;Мова;Дзвінки;Середній час розмови",
            "українська",
            &cyrillic[..2],
        ),
        ("Час;Мова;Дзвінки;Час розмови", "російська", &cyrillic[..2]),
        (
            "Дата и время;Язык очереди;Звонки;Среднее время разговора",
            "русский",
            &cyrillic,
        ),
        (
            "Data i godzina;Język;Liczba połączeń;Średni czas rozmowy",
            "polski",
            &polish,
        ),
        ("Godzina;Język;Połączenia;Śr. czas", "ukraiński", &polish),
        ("Interval;Language;Calls offered;AHT", "English", &polish),
    ] {
        let text = format!(
            "{header}\n02.03.2026 10:00;{language};12;180\n02.03.2026 10:30;{language};7;200\n"
        );
        let plain = read_kyiv(&text);
        assert_eq!(plain.work[0].calls, 12);
        for page in pages {
            let (bytes, _, lost) = page.encode(&text);
            assert!(!lost, "{header} can be written in {}", page.name());
            assert_eq!(
                read(&bytes, KYIV).as_ref(),
                Ok(&plain),
                "{header} in {}",
                page.name()
            );
        }
        let wide = |bytes: fn(u16) -> [u8; 2]| -> Vec<u8> {
            "\u{feff}"
                .encode_utf16()
                .chain(text.encode_utf16())
                .flat_map(bytes)
                .collect()
        };
        assert_eq!(read(&wide(u16::to_le_bytes), KYIV).as_ref(), Ok(&plain));
        assert_eq!(read(&wide(u16::to_be_bytes), KYIV).as_ref(), Ok(&plain));
    }
}

#[test]
fn languages_are_told_apart_where_a_column_names_them() {
    for header in [
        "Дата і час;Мова;Дзвінки;Середній час розмови",
        "Дата и время;Язык очереди;Звонки;Среднее время разговора",
        "Data i godzina;Język;Liczba połączeń;Średni czas rozmowy",
        "Interval;Queue language;Calls offered;AHT",
        "timestamp;lang;calls;aht",
    ] {
        let report = read_kyiv(&format!(
            "{header}\n\
            02.03.2026 10:00;українська;8;180\n\
            02.03.2026 10:00;RU;3;3:20\n\
            02.03.2026 10:00;;1;\n\
            02.03.2026 10:30;uk-UA;7;200\n"
        ));
        let rows: Vec<_> = report
            .work
            .iter()
            .map(|one| {
                (
                    one.start,
                    one.language.map(|code| code.to_string()),
                    one.calls,
                )
            })
            .collect();
        let code = |text: &str| Some(text.to_owned());
        assert_eq!(
            rows,
            [
                (utc(8, 0), None, 1),
                (utc(8, 0), code("ru"), 3),
                (utc(8, 0), code("uk"), 8),
                (utc(8, 30), code("uk"), 7),
            ],
            "{header}"
        );
        assert_eq!(report.work[2].handle_s, Some(1440.0));
    }
    let faults = read(
        b"timestamp,language,calls\n\
        2026-03-02 10:00,uk,1\n\
        2026-03-02 10:00,Klingon,1\n\
        2026-03-02 10:00,UA,1\n",
        KYIV,
    )
    .unwrap_err();
    let told: Vec<_> = faults
        .iter()
        .map(|fault| (fault.line, fault.kind, fault.found.as_str()))
        .collect();
    assert_eq!(
        told,
        [
            (3, FaultKind::BadLanguage, "Klingon"),
            (4, FaultKind::Twice, "2026-03-02 10:00"),
        ],
        "one language twice is a fault, two languages are not"
    );
}

#[test]
fn the_hour_that_comes_twice_is_taken_twice_and_no_more() {
    let rows = "2026-10-25 02:00,1\n2026-10-25 03:00,2\n2026-10-25 03:00,3\n2026-10-25 04:00,4\n";
    let report = read_kyiv(&format!("timestamp,calls\n{rows}"));
    let first = report.work[0].start;
    let hours: Vec<_> = report
        .work
        .iter()
        .map(|one| ((one.start - first) / 3600, one.calls))
        .collect();
    assert_eq!(hours, [(0, 1), (1, 2), (2, 3), (3, 4)]);
    assert_eq!(
        kinds(&format!("timestamp,calls\n{rows}2026-10-25 03:00,9\n")),
        [(6, FaultKind::Twice)]
    );
    let backwards = rows.lines().rev().collect::<Vec<_>>().join("\n");
    assert_eq!(
        read_kyiv(&format!("timestamp,calls\n{backwards}")),
        report,
        "newest first, the later of the two comes first"
    );
    // A skipped hour that an exchange fills with a zero is no fault.
    let spring =
        read_kyiv("timestamp,calls\n2026-03-29 02:00,5\n2026-03-29 03:00,0\n2026-03-29 04:00,6\n");
    assert_eq!(spring.work.len(), 2);
    assert_eq!(spring.work[1].start - spring.work[0].start, 3600);
}

proptest! {
    #[test]
    fn nothing_makes_it_fall_over(text in "[ -~а-яії;,\t\n\r\"]{0,300}") {
        let _ = read(text.as_bytes(), KYIV);
    }

    #[test]
    fn what_is_written_is_read(
        counts in proptest::collection::vec(0_u32..2000, 1..300),
        slot_minutes in prop_oneof![Just(15_u32), Just(30), Just(60)],
        first in 0_i64..40_000,
        form in 0_usize..4,
        separator in prop_oneof![Just(','), Just(';'), Just('\t')],
    ) {
        let begin = 1_700_000_000 / 3600 * 3600 + first * 3600;
        // A report that begins with the second of two equal hours cannot say so.
        let local = DateTime::<Utc>::from_timestamp(begin, 0).unwrap().with_timezone(&KYIV).naive_local();
        prop_assume!(KYIV.from_local_datetime(&local).single().is_some());
        let mut text = String::new();
        for (slot, calls) in (0..).zip(&counts) {
            let at = DateTime::<Utc>::from_timestamp(begin + slot * i64::from(slot_minutes) * 60, 0).unwrap();
            let local = at.with_timezone(&KYIV);
            let when = match form {
                0 => local.format("%Y-%m-%d %H:%M").to_string(),
                1 => local.format("%d.%m.%Y %H:%M:%S").to_string(),
                2 => at.to_rfc3339(),
                _ => local.format(&["%Y-%m-%d", "%H:%M"].join(&separator.to_string())).to_string(),
            };
            writeln!(text, "{when}{separator}{calls}").unwrap();
        }
        let report = read(text.as_bytes(), KYIV).map_err(|faults| TestCaseError::fail(format!("{faults:?}")))?;
        let found: Vec<u32> = report.work.iter().map(|one| one.calls).collect();
        prop_assert_eq!(found, counts.clone());
        prop_assert!(report.work.iter().zip(0..).all(|(one, slot)|
            one.start == begin + slot * i64::from(slot_minutes) * 60));
        if counts.len() > 4 {
            prop_assert_eq!(report.slot_minutes, slot_minutes);
        }
        prop_assert!(report.work.iter().all(|one| one.start % 60 == 0 && KYIV.from_utc_datetime(
            &DateTime::<Utc>::from_timestamp(one.start, 0).unwrap().naive_utc()).second() == 0));
    }
}
