//! Hours for payroll as a CSV file that a spreadsheet opens with a double click.

/// How numbers and columns are set apart where the file is read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Style {
    /// Between columns.
    pub separator: char,
    /// Between hours and hundredths.
    pub decimal: char,
}

/// One line.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Line {
    /// Texts before the numbers: who, and what tells people of the same name apart.
    pub texts: Vec<String>,
    /// Minutes, written as hours with two decimals.
    pub minutes: Vec<u32>,
}

/// The file: UTF-8 with a byte order mark, lines ended as RFC 4180 has them.
pub fn write(heads: &[String], lines: &[Line], style: Style) -> Vec<u8> {
    let mut out = String::from("\u{FEFF}");
    row(&mut out, heads.iter().map(|head| field(head, style)), style);
    for line in lines {
        let texts = line.texts.iter().map(|text| field(text, style));
        let hours = line.minutes.iter().map(|minutes| hours(*minutes, style));
        row(&mut out, texts.chain(hours), style);
    }
    out.into_bytes()
}

fn row(out: &mut String, fields: impl Iterator<Item = String>, style: Style) {
    for (index, field) in fields.enumerate() {
        if index > 0 {
            out.push(style.separator);
        }
        out.push_str(&field);
    }
    out.push_str("\r\n");
}

/// A text that a spreadsheet takes for a text: one that begins like a formula is set apart.
fn field(text: &str, style: Style) -> String {
    let guard = if text.starts_with(['=', '+', '-', '@', '\t', '\r']) {
        "'"
    } else {
        ""
    };
    let needs_quotes = text.contains(['"', '\n', '\r', ',', ';']) || text.contains(style.separator);
    if needs_quotes {
        format!("\"{guard}{}\"", text.replace('"', "\"\""))
    } else {
        format!("{guard}{text}")
    }
}

fn hours(minutes: u32, style: Style) -> String {
    // Hundredths of an hour, rounded half up.
    let hundredths = (u64::from(minutes) * 100 + 30) / 60;
    format!(
        "{}{}{:02}",
        hundredths / 100,
        style.decimal,
        hundredths % 100
    )
}

#[cfg(test)]
mod tests {
    use super::*;

    const HERE: Style = Style {
        separator: ';',
        decimal: ',',
    };

    #[test]
    fn hours_are_written_as_the_reader_writes_them() {
        let heads = ["Особа".to_owned(), "Усього".to_owned(), "Нічні".to_owned()];
        let line = |name: &str, minutes: &[u32]| Line {
            texts: vec![name.to_owned()],
            minutes: minutes.to_vec(),
        };
        let lines = [
            line("Ґанна", &[450, 20]),
            line("Петро; «Пет\"я\"»", &[60, 0]),
            line("=1+2", &[1, 59]),
        ];
        let text = String::from_utf8(write(&heads, &lines, HERE)).unwrap();
        assert_eq!(
            text,
            "\u{FEFF}Особа;Усього;Нічні\r\nҐанна;7,50;0,33\r\n\"Петро; «Пет\"\"я\"\"»\";1,00;0,00\r\n'=1+2;0,02;0,98\r\n"
        );
        let english = Style {
            separator: ',',
            decimal: '.',
        };
        let text = String::from_utf8(write(&[], &[line("A", &[450])], english)).unwrap();
        assert!(text.ends_with("A,7.50\r\n"), "{text}");
    }
}
