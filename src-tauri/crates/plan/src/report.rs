//! Reports of telephone exchanges as text tables: calls by interval, with or without handle times, of
//! all languages together or of each.
//!
//! Every exchange writes its own table. Separator, columns and the form of a moment are found by the
//! header's words in four languages or, without a header, by what stands in the cells. Nothing is
//! guessed about a cell that cannot be read: it is named with its line.

use crate::history::Work;
use crate::language::LanguageCode;
use chrono::{DateTime, NaiveDate, NaiveDateTime, NaiveTime, TimeZone, Utc};
use chrono::{MappedLocalTime, Timelike};
use chrono_tz::Tz;
use std::collections::HashSet;

mod columns;
mod encoding;

use columns::Columns;

/// A report that could be read whole.
#[derive(Clone, Debug, PartialEq)]
pub struct Report {
    /// Length of its intervals: 15, 30 or 60 minutes.
    pub slot_minutes: u32,
    /// Its intervals in order of time, one per language where it tells them apart.
    pub work: Vec<Work>,
    /// Whether any interval tells its handle time.
    pub has_handle_time: bool,
}

/// What is wrong with a line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum FaultKind {
    /// No column of times is found.
    NoTimeColumn,
    /// No column of counts is found.
    NoCountColumn,
    /// A moment that cannot be read.
    BadTime,
    /// A local time that does not exist: the clock was set forward.
    NoSuchTime,
    /// A count that is no whole number from 0 up.
    BadCount,
    /// A handle time that cannot be read.
    BadHandleTime,
    /// A language that is not known.
    BadLanguage,
    /// The interval stands twice in one language.
    Twice,
    /// The times do not step by 15, 30 or 60 minutes.
    OddStep,
    /// There is nothing in it.
    Empty,
}

/// One line that cannot be taken.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Fault {
    /// 1 is the first line.
    pub line: u32,
    /// What is wrong.
    pub kind: FaultKind,
    /// The words that cannot be read.
    pub found: String,
}

/// Longest excerpt of a cell that a fault repeats, characters.
const EXCERPT: usize = 60;

/// What a count may not exceed: more calls than anyone takes in an hour.
const MOST_CALLS: f64 = 1_000_000.0;

impl Fault {
    fn new(line: u32, kind: FaultKind, found: &str) -> Self {
        Self {
            line,
            kind,
            found: found.chars().take(EXCERPT).collect(),
        }
    }
}

/// One row as it was read, before its moment is placed.
struct Read {
    line: u32,
    when: When,
    /// As it is written, for a fault.
    written: String,
    language: Option<LanguageCode>,
    calls: u32,
    handle_s: Option<f64>,
}

#[derive(Clone, Copy, PartialEq)]
enum When {
    Local(NaiveDateTime),
    Moment(DateTime<Utc>),
}

/// Reads a report in whatever characters; local times are of `zone`.
///
/// A time that comes twice in autumn is taken as the first of the two where it stands once, and as
/// both where it stands twice. A row without calls at a time that the clock skips is passed over, as
/// are lines of sums.
///
/// # Errors
/// Every fault found, in order of lines; then nothing of the report may be used.
pub fn read(bytes: &[u8], zone: Tz) -> Result<Report, Vec<Fault>> {
    let text = encoding::decode(bytes);
    let lines: Vec<(u32, &str)> = (1..)
        .zip(text.lines())
        .filter(|(_, line)| !line.trim().is_empty())
        .collect();
    let Some((first_line, _)) = lines.first() else {
        return Err(vec![Fault::new(1, FaultKind::Empty, "")]);
    };
    let separator = separator(&lines);
    let table: Vec<(u32, Vec<String>)> = lines
        .iter()
        .map(|(number, line)| (*number, cells(line, separator)))
        .collect();
    let (columns, skipped) = Columns::find(&table).map_err(|kind| {
        let found = lines.first().map_or("", |(_, line)| line);
        vec![Fault::new(*first_line, kind, found)]
    })?;
    let mut faults = Vec::new();
    let mut rows = Vec::new();
    for (line, cells) in table.iter().skip(skipped) {
        match row(*line, cells, &columns) {
            Ok(Some(read)) => rows.push(read),
            Ok(None) => {}
            Err(fault) => faults.push(fault),
        }
    }
    let work = place(rows, zone, &mut faults);
    faults.sort_by_key(|fault| fault.line);
    if work.is_empty() && faults.is_empty() {
        faults.push(Fault::new(*first_line, FaultKind::Empty, ""));
    }
    if !faults.is_empty() {
        return Err(faults);
    }
    Ok(Report {
        slot_minutes: step(&work),
        has_handle_time: work.iter().any(|one| one.handle_s.is_some()),
        work,
    })
}

/// The separator that cuts the first lines into the most even rows. A comma is looked at last: it also
/// stands in decimals.
fn separator(lines: &[(u32, &str)]) -> char {
    let head: Vec<&str> = lines.iter().take(30).map(|(_, line)| *line).collect();
    let often = |separator: char| {
        let mut counts: Vec<usize> = head
            .iter()
            .map(|line| cells(line, separator).len() - 1)
            .collect();
        counts.sort_unstable();
        counts.get(counts.len() / 2).copied().unwrap_or(0)
    };
    ['\t', ';', '|']
        .into_iter()
        .find(|separator| often(*separator) > 0)
        .unwrap_or(',')
}

/// The cells of a line; a quoted one may hold the separator, and a doubled quote for a quote.
fn cells(line: &str, separator: char) -> Vec<String> {
    let mut cells = vec![String::new()];
    let mut quoted = false;
    let mut letters = line.chars().peekable();
    while let Some(letter) = letters.next() {
        match letter {
            '"' if quoted && letters.peek() == Some(&'"') => {
                letters.next();
                push(&mut cells, '"');
            }
            '"' => quoted = !quoted,
            other if other == separator && !quoted => cells.push(String::new()),
            other => push(&mut cells, other),
        }
    }
    for cell in &mut cells {
        let trimmed =
            cell.trim_matches(|letter: char| letter.is_whitespace() || letter == '\u{a0}');
        if trimmed.len() != cell.len() {
            *cell = trimmed.to_owned();
        }
    }
    cells
}

fn push(cells: &mut [String], letter: char) {
    if let Some(cell) = cells.last_mut() {
        cell.push(letter);
    }
}

fn cell(cells: &[String], column: usize) -> &str {
    cells.get(column).map_or("", String::as_str)
}

/// Reads a row; none for a line of sums.
fn row(line: u32, row: &[String], columns: &Columns) -> Result<Option<Read>, Fault> {
    if row.first().is_some_and(|first| is_sum(first)) {
        return Ok(None);
    }
    let date = cell(row, columns.time);
    let written = match columns.clock {
        Some(clock) => format!("{date} {}", cell(row, clock)),
        None => date.to_owned(),
    };
    let when = match columns.clock {
        Some(column) => {
            let date = self::date(date, columns.month_first);
            let clock = clock(cell(row, column));
            date.zip(clock)
                .map(|(date, clock)| When::Local(date.and_time(clock)))
        }
        None => moment(date, columns.month_first),
    };
    let when = when.ok_or_else(|| Fault::new(line, FaultKind::BadTime, &written))?;
    let count = cell(row, columns.count);
    let calls = calls(count).ok_or_else(|| Fault::new(line, FaultKind::BadCount, count))?;
    let handle_s = match columns.handle {
        None => None,
        Some((column, is_mean)) => match cell(row, column) {
            "" | "-" | "–" | "—" => None,
            text => {
                let seconds = duration(text)
                    .ok_or_else(|| Fault::new(line, FaultKind::BadHandleTime, text))?;
                let all = if is_mean {
                    seconds * f64::from(calls)
                } else {
                    seconds
                };
                (calls > 0).then_some(all)
            }
        },
    };
    let language = match columns.language.map_or("", |column| cell(row, column)) {
        "" | "-" | "–" | "—" => None,
        text => {
            let read = LanguageCode::read(text);
            Some(read.ok_or_else(|| Fault::new(line, FaultKind::BadLanguage, text))?)
        }
    };
    Ok(Some(Read {
        line,
        when,
        written,
        language,
        calls,
        handle_s,
    }))
}

fn is_sum(text: &str) -> bool {
    let first = text
        .split(|letter: char| !letter.is_alphabetic())
        .find(|word| !word.is_empty())
        .unwrap_or_default()
        .to_lowercase();
    [
        "total",
        "totals",
        "sum",
        "разом",
        "всього",
        "усього",
        "підсумок",
        "итого",
        "всего",
        "итог",
        "razem",
        "suma",
        "łącznie",
        "ogółem",
    ]
    .contains(&first.as_str())
}

/// Gives each row its moment and finds what stands twice or out of step.
fn place(mut rows: Vec<Read>, zone: Tz, faults: &mut Vec<Fault>) -> Vec<Work> {
    let local = |row: &Read| match row.when {
        When::Local(local) => Some(local),
        When::Moment(_) => None,
    };
    let backwards = rows.first().and_then(local) > rows.last().and_then(local);
    if backwards {
        rows.reverse();
    }
    let mut seen = HashSet::with_capacity(rows.len());
    let mut work = Vec::with_capacity(rows.len());
    for row in rows {
        let (first, second) = match row.when {
            When::Moment(moment) => (moment, None),
            When::Local(local) => match zone.from_local_datetime(&local) {
                MappedLocalTime::Single(at) => (at.with_timezone(&Utc), None),
                MappedLocalTime::Ambiguous(earlier, later) => {
                    (earlier.with_timezone(&Utc), Some(later.with_timezone(&Utc)))
                }
                MappedLocalTime::None => {
                    if row.calls > 0 {
                        faults.push(Fault::new(row.line, FaultKind::NoSuchTime, &row.written));
                    }
                    continue;
                }
            },
        };
        if first.timestamp().rem_euclid(900) != 0 {
            faults.push(Fault::new(row.line, FaultKind::OddStep, &row.written));
            continue;
        }
        let free = [Some(first), second]
            .into_iter()
            .flatten()
            .map(|at| at.timestamp())
            .find(|start| seen.insert((*start, row.language)));
        match free {
            Some(start) => work.push(Work {
                start,
                language: row.language,
                calls: row.calls,
                handle_s: row.handle_s,
            }),
            None => faults.push(Fault::new(row.line, FaultKind::Twice, &row.written)),
        }
    }
    work.sort_by_key(|one| (one.start, one.language));
    work
}

/// The longest of 60, 30 and 15 minutes of which every start is a multiple.
fn step(work: &[Work]) -> u32 {
    [60_u32, 30]
        .into_iter()
        .find(|minutes| {
            work.iter()
                .all(|one| one.start.rem_euclid(i64::from(*minutes) * 60) == 0)
        })
        .unwrap_or(15)
}

/// A date and a time in one cell, an interval's start and end included: the start is meant.
fn moment(text: &str, month_first: bool) -> Option<When> {
    let text = text.trim();
    // Only a time that names its offset has one of these after its date.
    if text.len() > 16
        && let Ok(moment) = DateTime::parse_from_rfc3339(&text.replacen(' ', "T", 1))
    {
        return Some(When::Moment(moment.with_timezone(&Utc)));
    }
    let cut = text.find(['T', ' '])?;
    let (day, rest) = text.split_at(cut);
    let rest = rest.trim_start_matches(['T', ' ', ',']);
    let date = date(day.trim_end_matches(','), month_first)?;
    Some(When::Local(date.and_time(clock(rest)?)))
}

/// `2026-03-02`, `02.03.2026`, `2/3/2026`; years of two figures are of this century.
fn date(text: &str, month_first: bool) -> Option<NaiveDate> {
    // A date cell may carry a midnight that means nothing.
    let text = text.split_once([' ', 'T']).map_or(text, |(day, rest)| {
        if clock(rest).is_some_and(|at| at == NaiveTime::MIN) {
            day
        } else {
            text
        }
    });
    let parts: Vec<&str> = text.split(['-', '.', '/']).collect();
    let [first, _, _] = parts.as_slice() else {
        return None;
    };
    let number = |part: &&str| {
        (!part.is_empty() && part.len() <= 4 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let numbers: Vec<u32> = parts.iter().filter_map(number).collect();
    let (year, month, day) = match numbers.as_slice() {
        [year, month, day] if first.len() == 4 => (*year, *month, *day),
        [month, day, year] if text.contains('/') && month_first => (*year, *month, *day),
        [day, month, year] => (*year, *month, *day),
        _ => return None,
    };
    let year = if year < 100 { year + 2000 } else { year };
    (1970..2200)
        .contains(&year)
        .then(|| NaiveDate::from_ymd_opt(i32::try_from(year).ok()?, month, day))
        .flatten()
}

/// `9`, `9:00`, `09:00:00`, `9:00 PM`, `09:00-09:15`.
fn clock(text: &str) -> Option<NaiveTime> {
    let start = text.split(['-', '–', '—']).next()?.trim();
    let lower = start.to_ascii_lowercase();
    let (digits, shift) = match lower.strip_suffix("pm") {
        Some(digits) => (digits, Some(12)),
        None => match lower.strip_suffix("am") {
            Some(digits) => (digits, Some(0)),
            None => (lower.as_str(), None),
        },
    };
    let mut parts = digits.trim().split(':');
    let number = |part: &str| {
        (!part.is_empty() && part.len() <= 2 && part.bytes().all(|byte| byte.is_ascii_digit()))
            .then(|| part.parse::<u32>().ok())
            .flatten()
    };
    let hour = number(parts.next()?)?;
    let minute = parts.next().map_or(Some(0), number)?;
    // Fractions of a second are cut off: an interval begins with a whole one.
    let second = parts
        .next()
        .map_or(Some(0), |part| number(part.split('.').next()?))?;
    if parts.next().is_some() {
        return None;
    }
    let hour = match shift {
        Some(shift) if (1..=12).contains(&hour) => hour % 12 + shift,
        Some(_) => return None,
        None => hour,
    };
    NaiveTime::from_hms_opt(hour, minute, second).filter(|time| time.nanosecond() == 0)
}

/// A number as people and programs write it: spaces between thousands, a comma or a point before
/// decimals.
fn number(text: &str) -> Option<f64> {
    let plain: String = text
        .chars()
        .filter(|letter| !matches!(letter, ' ' | '\u{a0}' | '\u{202f}' | '\''))
        .map(|letter| if letter == ',' { '.' } else { letter })
        .collect();
    let proper = plain
        .bytes()
        .all(|byte| byte.is_ascii_digit() || byte == b'.')
        && plain.bytes().any(|byte| byte.is_ascii_digit())
        && plain.bytes().filter(|byte| *byte == b'.').count() <= 1;
    proper.then(|| plain.parse().ok()).flatten()
}

/// A count: a whole number from 0 up.
fn calls(text: &str) -> Option<u32> {
    let value = number(text)?;
    let whole = value.fract() == 0.0 && value <= MOST_CALLS;
    #[expect(
        clippy::cast_possible_truncation,
        clippy::cast_sign_loss,
        reason = "a whole number between 0 and a million"
    )]
    whole.then_some(value as u32)
}

/// Seconds, `mm:ss` or `hh:mm:ss`.
fn duration(text: &str) -> Option<f64> {
    let mut seconds = 0.0;
    let mut parts = 0;
    let mut pieces = text.trim().split(':').peekable();
    while let Some(piece) = pieces.next() {
        let value = number(piece)?;
        let inner = parts > 0 && value >= 60.0;
        let broken = pieces.peek().is_some() && value.fract() != 0.0;
        if inner || broken {
            return None;
        }
        seconds = seconds * 60.0 + value;
        parts += 1;
    }
    (parts <= 3).then_some(seconds)
}

#[cfg(test)]
mod tests;
