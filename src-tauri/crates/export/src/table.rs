//! People by days as an Office Open XML workbook.

use crate::ExportError;
use crate::sheet::{Sheet, tint};
use chrono::{DateTime, Datelike, Timelike, Utc};
use rust_xlsxwriter::{
    Color, DocProperties, ExcelDateTime, Format, FormatAlign, FormatBorder, Workbook,
};

/// The workbook. `made` is told in its properties.
///
/// # Errors
/// [`ExportError::Table`] where the sheet is larger than the format allows.
pub fn write(sheet: &Sheet, made: DateTime<Utc>) -> Result<Vec<u8>, ExportError> {
    let mut book = Workbook::new();
    let year = u16::try_from(made.year()).unwrap_or(2000);
    let (month, day) = (small(made.month()), small(made.day()));
    let made = ExcelDateTime::from_ymd(year, month, day)?.and_hms(
        u16::try_from(made.hour()).unwrap_or_default(),
        small(made.minute()),
        f64::from(made.second()),
    )?;
    let properties = DocProperties::new()
        .set_title(&sheet.title)
        .set_creation_datetime(&made);
    book.set_properties(&properties);
    let page = book.add_worksheet();
    page.set_landscape();
    page.set_print_fit_to_pages(1, 0);
    page.set_repeat_rows(0, 3)?;

    let line = Format::new()
        .set_border(FormatBorder::Thin)
        .set_border_color(Color::RGB(0xBF_BFBF));
    let head = line
        .clone()
        .set_bold()
        .set_align(FormatAlign::Center)
        .set_background_color(Color::RGB(0xEE_EEEE));
    let free = head.clone().set_background_color(Color::RGB(0xD0_D0D0));
    let hours = line.clone().set_num_format("0.00");
    let bold = Format::new().set_bold();
    let large = bold.clone().set_font_size(14);

    page.write_with_format(0, 0, &sheet.title, &large)?;
    page.write(1, 0, &sheet.subtitle)?;
    page.write_with_format(3, 0, &sheet.name_head, &head)?;
    page.write_blank(2, 0, &head)?;
    page.set_column_width(0, 28)?;
    for (index, day) in sheet.days.iter().enumerate() {
        let column = column(index)?;
        let format = if day.free { &free } else { &head };
        page.write_with_format(2, column, &day.weekday, format)?;
        page.write_with_format(3, column, &day.date, format)?;
        page.set_column_width(column, 6)?;
    }
    let last = column(sheet.days.len())?;
    page.write_blank(2, last, &head)?;
    page.write_with_format(3, last, &sheet.hours_head, &head)?;
    let mut at = 4;
    for row in &sheet.rows {
        page.write_with_format(at, 0, &row.name, &line)?;
        for index in 0..sheet.days.len() {
            let column = column(index)?;
            let cell = row.cells.get(index).and_then(Option::as_ref);
            let known = cell.and_then(|cell| Some((cell, sheet.legend.get(cell.kind)?)));
            match known {
                Some((cell, kind)) => {
                    let format = line
                        .clone()
                        .set_align(FormatAlign::Center)
                        .set_background_color(Color::RGB(tint(cell.kind)));
                    page.write_with_format(at, column, &kind.code, &format)?;
                }
                None => {
                    page.write_blank(at, column, &line)?;
                }
            }
        }
        page.write_with_format(at, last, row.hours, &hours)?;
        at += 1;
    }
    page.set_freeze_panes(4, 1)?;
    at += 1;
    for (index, kind) in sheet.legend.iter().enumerate() {
        let format = line.clone().set_background_color(Color::RGB(tint(index)));
        page.write_with_format(at, 0, format!("{}  {}", kind.code, kind.text), &format)?;
        at += 1;
    }
    at += 1;
    for meeting in &sheet.meetings {
        page.write(at, 0, meeting)?;
        at += 1;
    }
    Ok(book.save_to_buffer()?)
}

fn small(value: u32) -> u8 {
    u8::try_from(value).unwrap_or_default()
}

/// The column of a day; the first holds names.
fn column(index: usize) -> Result<u16, ExportError> {
    u16::try_from(index + 1)
        .map_err(|_| ExportError::Table(rust_xlsxwriter::XlsxError::RowColumnLimitError))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::{Cell, DayHead, Kind, Row};
    use chrono::TimeZone;

    #[test]
    fn the_same_plan_makes_the_same_file() {
        let sheet = Sheet {
            title: "Plan".to_owned(),
            days: vec![DayHead::default(); 2],
            rows: vec![Row {
                name: "=Łucja".to_owned(),
                cells: vec![Some(Cell::default()), None],
                hours: 8.0,
            }],
            legend: vec![Kind::default()],
            ..Sheet::default()
        };
        let made = Utc.with_ymd_and_hms(2026, 3, 2, 10, 0, 0).unwrap();
        let file = write(&sheet, made).unwrap();
        assert!(file.starts_with(b"PK"), "a zip archive");
        assert_eq!(file, write(&sheet, made).unwrap(), "no clock is read");
        let wide = Sheet {
            days: vec![DayHead::default(); 20_000],
            ..sheet
        };
        assert!(write(&wide, made).is_err(), "more days than columns");
    }
}
