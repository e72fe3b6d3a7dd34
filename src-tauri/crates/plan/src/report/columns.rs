//! Which column holds what.

use super::{FaultKind, When, calls, clock, date, duration, moment};

/// Lines at the beginning in which a header is looked for: a report may have titles above it.
const HEAD: usize = 25;
/// Rows that are looked at where there is no header.
const PROBE: usize = 50;

/// Words of a header that names a language: "queue language", "мова дзвінка".
const MOST_WORDS: usize = 3;

/// Where things stand in a row.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Columns {
    /// The moment, or the date alone where `clock` is another column.
    pub(super) time: usize,
    /// The time of day.
    pub(super) clock: Option<usize>,
    /// Calls.
    pub(super) count: usize,
    /// Handle time; true where it is the mean of a call, false where it is the sum of all.
    pub(super) handle: Option<(usize, bool)>,
    /// The language; only a header tells it from other words.
    pub(super) language: Option<usize>,
    /// Dates with slashes have the month first.
    pub(super) month_first: bool,
}

impl Columns {
    /// Finds the columns and how many lines come before the first row.
    pub(super) fn find(table: &[(u32, Vec<String>)]) -> Result<(Self, usize), FaultKind> {
        let header = table
            .iter()
            .take(HEAD)
            .position(|(_, cells)| of_names(cells).is_some_and(|names| names.count.is_some()));
        if let Some(header) = header
            && let Some((_, cells)) = table.get(header)
            && let Some(names) = of_names(cells)
        {
            let rows = table.get(header + 1..).unwrap_or_default();
            return Ok((names.settled(rows)?, header + 1));
        }
        // No words: what stands in the cells decides. A line without a time before the first with one
        // is a header in words we do not know.
        let first = table
            .iter()
            .take(HEAD)
            .position(|(_, cells)| time_columns(cells).is_some())
            .ok_or(FaultKind::NoTimeColumn)?;
        let rows = table.get(first..).unwrap_or_default();
        Ok((of_cells(rows)?, first))
    }
}

/// Columns by the header's words, not yet held against the rows.
struct Names {
    time: Option<usize>,
    date: Option<usize>,
    clock: Option<usize>,
    count: Option<usize>,
    handle: Option<(usize, bool)>,
    language: Option<usize>,
}

impl Names {
    fn settled(&self, rows: &[(u32, Vec<String>)]) -> Result<Columns, FaultKind> {
        let month_first = month_first(rows);
        let whole = |column: usize| {
            rows.iter().take(PROBE).any(|(_, cells)| {
                cells
                    .get(column)
                    .is_some_and(|cell| moment(cell, month_first).is_some())
            })
        };
        let candidates = [self.time, self.clock, self.date];
        let alone = candidates
            .into_iter()
            .flatten()
            .find(|column| whole(*column));
        let (time, clock) = match (self.date, self.clock.or(self.time), alone) {
            (Some(date), Some(clock), None) if date != clock => (date, Some(clock)),
            (_, _, Some(alone)) => (alone, None),
            // Nothing in the rows reads as a moment: they are faulty, and each says so itself.
            (date, clock, None) => (
                clock
                    .or(date)
                    .or(self.time)
                    .ok_or(FaultKind::NoTimeColumn)?,
                None,
            ),
        };
        Ok(Columns {
            time,
            clock,
            count: self.count.ok_or(FaultKind::NoCountColumn)?,
            handle: self.handle,
            language: self.language,
            month_first,
        })
    }
}

/// The columns that a header names; none where no time is among them.
fn of_names(cells: &[String]) -> Option<Names> {
    let mut names = Names {
        time: None,
        date: None,
        clock: None,
        count: None,
        handle: None,
        language: None,
    };
    let mut best = 0;
    for (column, cell) in cells.iter().enumerate() {
        let words = plain(cell);
        match role(&words) {
            Some(Role::Moment) => names.time = names.time.or(Some(column)),
            Some(Role::Date) => names.date = names.date.or(Some(column)),
            Some(Role::Clock) => names.clock = names.clock.or(Some(column)),
            Some(Role::Language) => names.language = names.language.or(Some(column)),
            Some(Role::Count(rank)) if rank > best => {
                best = rank;
                names.count = Some(column);
            }
            Some(Role::Handle { mean }) => {
                // A mean is told per call and needs no second column to be understood.
                if names.handle.is_none_or(|(_, is_mean)| mean && !is_mean) {
                    names.handle = Some((column, mean));
                }
            }
            Some(Role::Count(_)) | None => {}
        }
    }
    (names.time.or(names.date).or(names.clock)).map(|_| names)
}

enum Role {
    Moment,
    Date,
    Clock,
    Count(u8),
    Handle { mean: bool },
    Language,
}

/// Lower case, anything but letters, figures and `%` a space.
fn plain(cell: &str) -> String {
    let spaced: String = cell
        .to_lowercase()
        .chars()
        .map(|letter| {
            if letter.is_alphanumeric() || letter == '%' {
                letter
            } else {
                ' '
            }
        })
        .collect();
    spaced.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// Parts of the words by which headers are known, in four languages.
mod stem {
    /// Shares, waiting and lost calls are no load.
    pub(super) const NO_LOAD: &[&str] = &[
        "%",
        "abandon",
        "lost",
        "missed",
        "wait",
        "speed of answer",
        "asa",
        "service level",
        "queue",
        "втрач",
        "пропущ",
        "очікув",
        "потер",
        "ожидан",
        "porzuc",
        "nieodebr",
        "oczekiw",
        "utrac",
    ];
    pub(super) const HANDLING: &[&str] = &[
        "handl",
        "talk",
        "duration",
        "обробк",
        "обробл",
        "тривал",
        "розмов",
        "обслуг",
        "обработ",
        "обслуж",
        "длит",
        "разговор",
        "obsług",
        "obslug",
        "rozmowy",
        "trwania",
    ];
    pub(super) const MEAN: &[&str] = &[
        "average",
        "avg",
        "mean",
        "серед",
        "средн",
        "сер ",
        "ср ",
        "сред ",
        "śred",
        "sred",
        "śr ",
    ];
    pub(super) const TIME: &[&str] = &[
        "time",
        "час",
        "время",
        "времени",
        "czas",
        "sec",
        "секунд",
        "sekund",
        "тривал",
        "длит",
        "duration",
    ];
    pub(super) const OFFERED: &[&str] = &[
        "offered",
        "received",
        "надійш",
        "запропон",
        "поступ",
        "предлож",
        "zaoferow",
        "przychodz",
    ];
    pub(super) const ANSWERED: &[&str] = &[
        "answered",
        "handled",
        "accepted",
        "прийнят",
        "відповід",
        "оброблен",
        "принят",
        "отвеч",
        "обработ",
        "odebran",
        "obsłuż",
    ];
    pub(super) const CALLS: &[&str] = &[
        "call",
        "count",
        "contacts",
        "tasks",
        "volume",
        "inbound",
        "incoming",
        "дзвін",
        "виклик",
        "кількість",
        "к сть",
        "вхідн",
        "звон",
        "вызов",
        "количество",
        "кол во",
        "входящ",
        "połącz",
        "polacz",
        "rozm",
        "liczba",
        "ilość",
        "ilosc",
    ];
    pub(super) const MOMENT: &[&str] = &[
        "timestamp",
        "datetime",
        "date time",
        "date and time",
        "дата і час",
        "дата та час",
        "дата час",
        "дата и время",
        "дата время",
        "data i godzina",
        "data i czas",
        "data godzina",
        "interval",
        "інтервал",
        "интервал",
        "interwał",
        "przedział",
        "period",
        "період",
        "период",
        "okres",
        "start",
        "begin",
        "початок",
        "начало",
        "początek",
        "poczatek",
    ];
}

/// Whole headers that mean little else.
mod whole {
    /// One of these words in a header of few: a stem would also find "розмова".
    pub(super) const LANGUAGE: &[&str] = &[
        "language",
        "lang",
        "мова",
        "мови",
        "мову",
        "язык",
        "языка",
        "język",
        "jezyk",
        "języka",
        "jezyka",
    ];
    pub(super) const CALLS: &[&str] = &["n", "y", "value", "шт"];
    pub(super) const DATE: &[&str] = &[
        "date", "day", "дата", "день", "data", "dzień", "dzien", "ds",
    ];
    pub(super) const CLOCK: &[&str] = &[
        "time",
        "hour",
        "час",
        "година",
        "години",
        "время",
        "godzina",
        "godz",
        "czas",
        "from",
        "від",
        "от",
        "od",
        "з",
        "с",
    ];
}

fn role(words: &str) -> Option<Role> {
    let any = |stems: &[&str]| stems.iter().any(|stem| words.contains(stem));
    let is_language = |word| whole::LANGUAGE.contains(&word);
    if words.split(' ').count() <= MOST_WORDS && words.split(' ').any(is_language) {
        return Some(Role::Language);
    }
    if words.is_empty() || words.starts_with(char::is_numeric) || any(stem::NO_LOAD) {
        return None;
    }
    let (handling, mean, time) = (any(stem::HANDLING), any(stem::MEAN), any(stem::TIME));
    if words.split(' ').any(|word| word == "aht") || (mean && (handling || time)) {
        return Some(Role::Handle { mean: true });
    }
    if handling && time {
        return Some(Role::Handle { mean: false });
    }
    if any(stem::OFFERED) {
        return Some(Role::Count(3));
    }
    if any(stem::ANSWERED) {
        return Some(Role::Count(1));
    }
    if any(stem::CALLS) {
        return Some(Role::Count(2));
    }
    if whole::CALLS.contains(&words) {
        return Some(Role::Count(1));
    }
    if any(stem::MOMENT) {
        return Some(Role::Moment);
    }
    if whole::DATE.contains(&words) {
        return Some(Role::Date);
    }
    whole::CLOCK.contains(&words).then_some(Role::Clock)
}

/// Columns of a moment, or of a date and a time of day, in a row.
fn time_columns(cells: &[String]) -> Option<(usize, Option<usize>)> {
    let find = |test: &dyn Fn(&str) -> bool| cells.iter().position(|cell| test(cell));
    if let Some(column) = find(&|cell| either(cell)) {
        return Some((column, None));
    }
    let day = find(&|cell| date(cell, false).or(date(cell, true)).is_some())?;
    let clock = cells
        .iter()
        .enumerate()
        .skip(day + 1)
        .find(|(_, cell)| cell.contains(':') && clock(cell).is_some())
        .map(|(column, _)| column)?;
    Some((day, Some(clock)))
}

fn either(cell: &str) -> bool {
    moment(cell, false).or(moment(cell, true)).is_some()
}

/// Columns by what stands in the rows.
fn of_cells(rows: &[(u32, Vec<String>)]) -> Result<Columns, FaultKind> {
    let probe = rows.get(..rows.len().min(PROBE)).unwrap_or_default();
    let (time, clock) = probe
        .iter()
        .find_map(|(_, cells)| time_columns(cells))
        .ok_or(FaultKind::NoTimeColumn)?;
    let after = clock.unwrap_or(time) + 1;
    // More than half decides, so that one bad cell is named and not taken for another column.
    let mostly = |column: usize, test: &dyn Fn(&str) -> bool| {
        let fit = probe
            .iter()
            .filter(|(_, cells)| cells.get(column).is_some_and(|cell| test(cell)))
            .count();
        2 * fit > probe.len()
    };
    let width = probe
        .iter()
        .map(|(_, cells)| cells.len())
        .max()
        .unwrap_or(0);
    let count = (after..width)
        .find(|column| mostly(*column, &|cell| calls(cell).is_some()))
        .ok_or(FaultKind::NoCountColumn)?;
    let handle = (count + 1..width)
        .find(|column| {
            mostly(*column, &|cell| {
                cell.is_empty() || cell == "-" || duration(cell).is_some()
            })
        })
        .map(|column| (column, true));
    Ok(Columns {
        time,
        clock,
        count,
        handle,
        language: None,
        month_first: month_first(rows),
    })
}

/// Whether dates with slashes have the month first: only then can the second number exceed twelve.
fn month_first(rows: &[(u32, Vec<String>)]) -> bool {
    rows.iter()
        .flat_map(|(_, cells)| cells)
        .filter(|cell| cell.contains('/'))
        .any(|cell| {
            let reads = |month_first| {
                matches!(moment(cell, month_first), Some(When::Local(_)))
                    || date(cell, month_first).is_some()
            };
            !reads(false) && reads(true)
        })
}
