//! Files to take away: a calendar, a table, a page for the wall, hours for payroll.
//!
//! Everything comes in ready to be written, words in the reader's language; bytes go out.

pub mod calendar;
pub mod payroll;
pub mod sheet;
pub mod table;
pub mod wall;

/// Why a file could not be made.
#[derive(Debug, thiserror::Error)]
pub enum ExportError {
    /// The table has more rows or columns than its format allows, or a text too long for a cell.
    #[error("the table does not fit its format: {0}")]
    Table(#[from] rust_xlsxwriter::XlsxError),
    /// The font that is shipped cannot be read.
    #[error("the font cannot be read")]
    Font,
}
