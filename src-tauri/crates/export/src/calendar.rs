//! Shifts as an iCalendar file (RFC 5545).
//!
//! Times are in UTC, so that no description of a zone is needed and none can be wrong.

use chrono::{DateTime, Utc};
use std::fmt::Write;

/// A calendar of one person.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Calendar {
    /// What programs call it.
    pub name: String,
    /// Its events.
    pub events: Vec<Event>,
}

/// One shift.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Event {
    /// Stays the same when the shift changes, so that a program that reads the file again changes what
    /// it has.
    pub uid: String,
    /// Grows with each change.
    pub sequence: u32,
    /// When this was last told.
    pub stamp: DateTime<Utc>,
    /// Begin.
    pub start: DateTime<Utc>,
    /// End.
    pub end: DateTime<Utc>,
    /// What it is.
    pub summary: String,
    /// More of it; may have lines.
    pub description: String,
    /// The shift is no more.
    pub cancelled: bool,
}

/// Octets of a line, its break not counted (RFC 5545, 3.1).
const LINE_OCTETS: usize = 75;

impl Calendar {
    /// The file.
    pub fn write(&self) -> String {
        let mut out = Lines::default();
        out.line("BEGIN:VCALENDAR");
        out.line("VERSION:2.0");
        out.line("PRODID:-//Dzvinok//Dzvinok//EN");
        out.line("CALSCALE:GREGORIAN");
        out.line("METHOD:PUBLISH");
        out.text("X-WR-CALNAME", &self.name);
        for event in &self.events {
            out.line("BEGIN:VEVENT");
            out.text("UID", &event.uid);
            out.line(&format!("SEQUENCE:{}", event.sequence));
            out.time("DTSTAMP", event.stamp);
            out.time("DTSTART", event.start);
            out.time("DTEND", event.end);
            out.text("SUMMARY", &event.summary);
            if !event.description.is_empty() {
                out.text("DESCRIPTION", &event.description);
            }
            let status = if event.cancelled {
                "CANCELLED"
            } else {
                "CONFIRMED"
            };
            out.line(&format!("STATUS:{status}"));
            out.line("END:VEVENT");
        }
        out.line("END:VCALENDAR");
        out.0
    }
}

#[derive(Default)]
struct Lines(String);

impl Lines {
    /// A line, folded where it is too long: never within a letter.
    fn line(&mut self, text: &str) {
        let mut octets = 0;
        for letter in text.chars() {
            if octets + letter.len_utf8() > LINE_OCTETS {
                self.0.push_str("\r\n ");
                octets = 1;
            }
            self.0.push(letter);
            octets += letter.len_utf8();
        }
        self.0.push_str("\r\n");
    }

    fn text(&mut self, name: &str, value: &str) {
        self.line(&format!("{name}:{}", escaped(value)));
    }

    fn time(&mut self, name: &str, at: DateTime<Utc>) {
        self.line(&format!("{name}:{}", at.format("%Y%m%dT%H%M%SZ")));
    }
}

/// A text value (RFC 5545, 3.3.11). Control characters have no place in one.
fn escaped(value: &str) -> String {
    let mut out = String::with_capacity(value.len());
    for letter in value.chars() {
        match letter {
            '\\' | ';' | ',' => {
                // Writing to a text cannot fail.
                let _ = write!(out, "\\{letter}");
            }
            '\n' => out.push_str("\\n"),
            letter if letter.is_control() => {}
            letter => out.push(letter),
        }
    }
    out
}

#[cfg(test)]
mod tests {
    use super::*;
    use chrono::TimeZone;
    use icalendar::{Component, EventStatus};
    use proptest::prelude::*;

    fn event(uid: &str, summary: &str, description: &str) -> Event {
        Event {
            uid: uid.to_owned(),
            sequence: 3,
            stamp: Utc.with_ymd_and_hms(2026, 3, 1, 9, 30, 0).unwrap(),
            start: Utc.with_ymd_and_hms(2026, 3, 29, 5, 0, 0).unwrap(),
            end: Utc.with_ymd_and_hms(2026, 3, 29, 13, 30, 0).unwrap(),
            summary: summary.to_owned(),
            description: description.to_owned(),
            cancelled: false,
        }
    }

    fn read(text: &str) -> icalendar::Calendar {
        text.parse().unwrap()
    }

    #[test]
    fn another_parser_reads_back_what_was_written() {
        let description =
            "Обідня перерва 13:00–13:30; проєкти: «Побут», Сад, поле\nДякуємо, що ви з нами!";
        let calendar = Calendar {
            name: "Олена, зміни".to_owned(),
            events: vec![
                event("2026-03-29-1@dzvinok", "Рання зміна, «Побут»", description),
                Event {
                    cancelled: true,
                    ..event("2026-03-30-1@dzvinok", "Пізня зміна", "")
                },
            ],
        };
        let text = calendar.write();
        assert!(
            text.lines().all(|line| line.len() <= 75),
            "lines are folded"
        );
        assert!(text.ends_with("END:VCALENDAR\r\n"));
        let back = read(&text);
        assert_eq!(back.get_name(), Some("Олена, зміни"));
        let events: Vec<_> = back.events().collect();
        assert_eq!(events.len(), 2);
        let first = events[0];
        assert_eq!(first.get_uid(), Some("2026-03-29-1@dzvinok"));
        assert_eq!(first.get_summary(), Some("Рання зміна, «Побут»"));
        assert_eq!(first.get_description(), Some(description));
        assert_eq!(first.get_sequence(), Some(3));
        assert_eq!(first.get_status(), Some(EventStatus::Confirmed));
        assert_eq!(
            (
                first.property_value("DTSTART"),
                first.property_value("DTEND")
            ),
            (Some("20260329T050000Z"), Some("20260329T133000Z"))
        );
        assert_eq!(events[1].get_status(), Some(EventStatus::Cancelled));
    }

    proptest! {
        #[test]
        fn any_words_come_back(summary in "[ -~а-яіїєґА-Я\n«»€🙂]{1,200}") {
            let calendar = Calendar {
                name: String::new(),
                events: vec![event("u", &summary, "")],
            };
            let text = calendar.write();
            prop_assert!(text.split("\r\n").all(|line| line.len() <= 75));
            let back = read(&text);
            let told = back.events().next().and_then(|event| event.get_summary().map(str::to_owned));
            prop_assert_eq!(told, Some(summary));
        }
    }
}
