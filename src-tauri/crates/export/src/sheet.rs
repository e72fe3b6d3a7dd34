//! People by days, as a table or a page shows them.

/// Who works when.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Sheet {
    /// What it is.
    pub title: String,
    /// Of when, and whatever else stands below the title.
    pub subtitle: String,
    /// Head of the column of names.
    pub name_head: String,
    /// Head of the column of hours.
    pub hours_head: String,
    /// Columns.
    pub days: Vec<DayHead>,
    /// Rows.
    pub rows: Vec<Row>,
    /// What the codes stand for; a cell names its kind by its place here.
    pub legend: Vec<Kind>,
    /// Meetings and training, a line each.
    pub meetings: Vec<String>,
}

/// Head of a day's column.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct DayHead {
    /// The weekday, short.
    pub weekday: String,
    /// The date, short.
    pub date: String,
    /// Weekend or holiday.
    pub free: bool,
}

/// One person's days.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Row {
    /// Who.
    pub name: String,
    /// A cell per day, none for a day off.
    pub cells: Vec<Option<Cell>>,
    /// Hours of work of all cells.
    pub hours: f64,
}

/// One shift.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Cell {
    /// Place of its kind in the legend.
    pub kind: usize,
    /// Begin and end by the wall clock, e.g. `8:00–16:30`.
    pub times: String,
}

/// A kind of shift.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Kind {
    /// Its code in a cell.
    pub code: String,
    /// Its name and times.
    pub text: String,
}

/// Tints of kinds, light enough for black letters and told apart by colour-blind eyes; the code says
/// the same without colour.
const TINTS: [u32; 8] = [
    0xD6_EAF8, 0xFD_EBD0, 0xD5_F5E3, 0xF5_EEF8, 0xFC_F3CF, 0xD5_DBDB, 0xFA_DBD8, 0xD1_F2EB,
];

/// Tint of a kind, RGB.
pub(crate) fn tint(kind: usize) -> u32 {
    TINTS.get(kind % TINTS.len()).copied().unwrap_or(0xFF_FFFF)
}
