//! A CSV of timestamps and counts, read leniently and told plainly what is wrong with it.

use chrono::{Days, NaiveDate, NaiveDateTime, Timelike};
use std::collections::BTreeMap;
use std::fs;

/// Counts by local day and slot.
pub(crate) struct Series {
    pub(crate) first: NaiveDate,
    pub(crate) slots: usize,
    /// Day after day; `None` where the file has no line.
    pub(crate) values: Vec<Option<f64>>,
}

impl Series {
    pub(crate) fn days(&self) -> usize {
        self.values.len() / self.slots
    }

    pub(crate) fn date(&self, day: usize) -> NaiveDate {
        self.first + Days::new(day as u64)
    }

    pub(crate) fn day(&self, date: NaiveDate) -> Option<usize> {
        usize::try_from((date - self.first).num_days()).ok()
    }

    pub(crate) fn row(&self, day: usize) -> &[Option<f64>] {
        self.values
            .get(day * self.slots..(day + 1) * self.slots)
            .unwrap_or_default()
    }

    pub(crate) fn seen(&self, day: usize) -> bool {
        self.row(day).iter().any(Option::is_some)
    }
}

fn timestamp(text: &str) -> Option<NaiveDateTime> {
    let text = text.trim().trim_matches('"').trim();
    // A zone's mark says nothing here: the wall clock is what counts.
    let text = text.trim_end_matches('Z');
    let text = match text
        .char_indices()
        .skip(11)
        .find(|(_, c)| matches!(c, '+' | '-'))
    {
        Some((at, _)) => text.get(..at)?,
        None => text,
    };
    [
        "%Y-%m-%d %H:%M:%S%.f",
        "%Y-%m-%dT%H:%M:%S%.f",
        "%Y-%m-%d %H:%M",
        "%Y-%m-%dT%H:%M",
        "%d.%m.%Y %H:%M:%S",
        "%d.%m.%Y %H:%M",
        "%Y/%m/%d %H:%M:%S",
        "%Y/%m/%d %H:%M",
    ]
    .iter()
    .find_map(|form| NaiveDateTime::parse_from_str(text, form).ok())
}

/// Reads `path`: a header, then a timestamp and a count per line.
pub(crate) fn read(path: &str) -> Result<Series, String> {
    let text = fs::read_to_string(path).map_err(|error| format!("{path}: {error}"))?;
    let mut lines = text.trim_start_matches('\u{feff}').lines().enumerate();
    let header = lines.next().map_or("", |(_, line)| line);
    let mark = [',', ';', '\t']
        .into_iter()
        .find(|mark| header.contains(*mark))
        .ok_or_else(|| format!("{path}, line 1: give a header such as \"timestamp,count\""))?;
    if header.split(mark).next().and_then(timestamp).is_some() {
        return Err(format!(
            "{path}, line 1: data where a header such as \"timestamp,count\" should be; add one"
        ));
    }
    let mut counts: BTreeMap<NaiveDateTime, (f64, f64)> = BTreeMap::new();
    for (index, line) in lines {
        if line.trim().is_empty() {
            continue;
        }
        let number = index + 1;
        let mut fields = line.split(mark);
        let at = fields.next().unwrap_or("");
        let at = timestamp(at).ok_or_else(|| {
            format!("{path}, line {number}: \"{at}\" is no time; write 2003-03-03 07:00:00")
        })?;
        let count = fields.next().unwrap_or("").trim().trim_matches('"');
        if count.is_empty() || count.eq_ignore_ascii_case("na") || count.eq_ignore_ascii_case("nan")
        {
            continue;
        }
        let count: f64 = count
            .parse()
            .ok()
            .filter(|count: &f64| count.is_finite() && *count >= 0.0)
            .ok_or_else(|| {
                format!("{path}, line {number}: \"{count}\" is no count; write a number from 0 on")
            })?;
        let cell = counts.entry(at).or_default();
        cell.0 += count;
        cell.1 += 1.0;
    }
    let (Some(first), Some(last)) = (counts.keys().next(), counts.keys().next_back()) else {
        return Err(format!("{path}: no counts below the header"));
    };
    let (first, last) = (first.date(), last.date());
    let step = counts.keys().map(Timelike::minute).fold(60, gcd);
    let slots = match step {
        60 => 24,
        30 => 48,
        15 | 5 | 3 | 1 => 96,
        other => {
            return Err(format!(
                "{path}: slots of {other} minutes; give counts by 60, 30 or 15 minutes"
            ));
        }
    };
    let days = usize::try_from((last - first).num_days() + 1).map_err(|error| error.to_string())?;
    if days > 40 * 366 {
        return Err(format!(
            "{path}: from {first} to {last}; a time is mistyped"
        ));
    }
    let mut values = vec![None; days * slots];
    for (at, (sum, lines)) in counts {
        let day = usize::try_from((at.date() - first).num_days()).unwrap_or(0);
        let minutes = (at.hour() * 60 + at.minute()) as usize;
        if let Some(cell) = values.get_mut(day * slots + minutes * slots / 1440) {
            // The hour that comes twice in autumn is one slot of the usual length.
            *cell = Some(cell.unwrap_or(0.0) + sum / lines);
        }
    }
    Ok(Series {
        first,
        slots,
        values,
    })
}

fn gcd(a: u32, b: u32) -> u32 {
    if b == 0 { a } else { gcd(b, a % b) }
}
