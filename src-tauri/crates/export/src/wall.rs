//! People by days as a PDF page for the wall.

use crate::ExportError;
use crate::sheet::{DayHead, Kind, Row, Sheet, tint};
use pdf_writer::types::{CidFontType, FontFlags, SystemInfo, UnicodeCmap};
use pdf_writer::{Content, Finish, Name, Pdf, Rect, Ref, Str, TextStr};
use std::collections::BTreeMap;
use subsetter::GlyphRemapper;

const REGULAR: &[u8] = include_bytes!("../fonts/Inter-Regular.ttf");
const SEMI_BOLD: &[u8] = include_bytes!("../fonts/Inter-SemiBold.ttf");

/// Points; landscape.
const A4: (f32, f32) = (841.89, 595.28);
const A3: (f32, f32) = (1190.55, 841.89);
/// More days than this do not fit A4 legibly.
const DAYS_ON_A4: usize = 14;
const MARGIN: f32 = 28.0;
const NAME_WIDTH: f32 = 122.0;
const HOURS_WIDTH: f32 = 40.0;
const HEAD_HEIGHT: f32 = 24.0;
const ROW_HEIGHT: f32 = 19.0;
const TITLE_HEIGHT: f32 = 40.0;
const LEGEND_LINE: f32 = 13.0;
/// Widest column of a day: a single week is not stretched over the page.
const WIDEST_DAY: f32 = 90.0;

/// Grey of free days, of lines and of lesser words.
const FREE: u32 = 0xE8_E8E8;
const LINES: u32 = 0xB0_B0B0;
const LESSER: u32 = 0x55_5555;
const INK: u32 = 0x11_1111;

/// The pages.
///
/// # Errors
/// [`ExportError::Font`] where a font that is shipped cannot be read.
pub fn write(sheet: &Sheet) -> Result<Vec<u8>, ExportError> {
    let mut layout = Layout::new(sheet)?;
    let pages: Vec<Vec<u8>> = layout.pages(sheet);
    let mut pdf = Pdf::new();
    let mut ids = Ids(0);
    let (catalog, tree, info) = (ids.next(), ids.next(), ids.next());
    let regular = layout.regular.write(&mut pdf, &mut ids, "Inter-Regular")?;
    let bold = layout.bold.write(&mut pdf, &mut ids, "Inter-SemiBold")?;
    pdf.catalog(catalog).pages(tree);
    pdf.document_info(info)
        .title(TextStr(&sheet.title))
        .producer(TextStr("Dzvinok"));
    let page_ids: Vec<(Ref, Ref)> = pages.iter().map(|_| (ids.next(), ids.next())).collect();
    pdf.pages(tree)
        .kids(page_ids.iter().map(|(page, _)| *page))
        .count(i32::try_from(pages.len()).unwrap_or(i32::MAX));
    for ((page_id, content_id), content) in page_ids.iter().zip(&pages) {
        let mut page = pdf.page(*page_id);
        page.media_box(Rect::new(0.0, 0.0, layout.size.0, layout.size.1));
        page.parent(tree);
        page.contents(*content_id);
        page.resources()
            .fonts()
            .pair(Name(b"R"), regular)
            .pair(Name(b"B"), bold);
        page.finish();
        pdf.stream(*content_id, content);
    }
    Ok(pdf.finish())
}

struct Ids(i32);

impl Ids {
    fn next(&mut self) -> Ref {
        self.0 += 1;
        Ref::new(self.0)
    }
}

/// A font and the glyphs used of it.
struct Font {
    data: &'static [u8],
    face: ttf_parser::Face<'static>,
    glyphs: GlyphRemapper,
    /// By its number in the subset: a letter that it stands for, and its width in thousandths.
    used: BTreeMap<u16, (char, f32)>,
}

impl Font {
    fn new(data: &'static [u8]) -> Result<Self, ExportError> {
        Ok(Self {
            data,
            face: ttf_parser::Face::parse(data, 0).map_err(|_| ExportError::Font)?,
            glyphs: GlyphRemapper::new(),
            used: BTreeMap::new(),
        })
    }

    /// Thousandths of the size for a number in the font's own units.
    fn scaled(&self, units: impl Into<f32>) -> f32 {
        units.into() * 1000.0 / f32::from(self.face.units_per_em())
    }

    /// A letter's glyph; a question mark where there is none, and nothing where there is not even that.
    fn glyph(&self, letter: char) -> Option<ttf_parser::GlyphId> {
        self.face
            .glyph_index(letter)
            .or_else(|| self.face.glyph_index('?'))
    }

    fn width(&self, text: &str, size: f32) -> f32 {
        let widths = text.chars().filter_map(|letter| {
            let glyph = self.glyph(letter)?;
            Some(self.scaled(self.face.glyph_hor_advance(glyph)?))
        });
        widths.sum::<f32>() * size / 1000.0
    }

    /// The text in glyph numbers of the subset, two bytes each.
    fn encode(&mut self, text: &str) -> Vec<u8> {
        let mut bytes = Vec::with_capacity(text.len() * 2);
        for letter in text.chars() {
            let Some(glyph) = self.glyph(letter) else {
                continue;
            };
            let width = self.scaled(self.face.glyph_hor_advance(glyph).unwrap_or_default());
            let number = self.glyphs.remap(glyph.0);
            self.used.entry(number).or_insert((letter, width));
            bytes.extend(number.to_be_bytes());
        }
        bytes
    }

    /// As much of a text as fits a width, with an ellipsis where it is cut.
    fn fitting(&self, text: &str, size: f32, width: f32) -> String {
        if self.width(text, size) <= width {
            return text.to_owned();
        }
        let mut kept = text.to_owned();
        while kept.pop().is_some() {
            let cut = format!("{}…", kept.trim_end());
            if self.width(&cut, size) <= width {
                return cut;
            }
        }
        String::new()
    }

    /// Writes the glyphs that were used; the number of the font.
    fn write(&self, pdf: &mut Pdf, ids: &mut Ids, name: &str) -> Result<Ref, ExportError> {
        let [font, cid, descriptor, file, cmap] = std::array::from_fn(|_| ids.next());
        let subset =
            subsetter::subset(self.data, 0, &self.glyphs).map_err(|_| ExportError::Font)?;
        // Six letters before the name tell that it is a subset; which letters is of no account.
        let name = format!("DZVNOK+{name}");
        let name = Name(name.as_bytes());
        let system = SystemInfo {
            registry: Str(b"Adobe"),
            ordering: Str(b"Identity"),
            supplement: 0,
        };
        pdf.type0_font(font)
            .base_font(name)
            .encoding_predefined(Name(b"Identity-H"))
            .descendant_font(cid)
            .to_unicode(cmap);
        let mut cid_font = pdf.cid_font(cid);
        cid_font
            .subtype(CidFontType::Type2)
            .base_font(name)
            .system_info(system)
            .font_descriptor(descriptor)
            .default_width(0.0)
            .cid_to_gid_map_predefined(Name(b"Identity"));
        let mut widths = cid_font.widths();
        for (number, (_, width)) in &self.used {
            widths.same(*number, *number, *width);
        }
        widths.finish();
        cid_font.finish();
        let box_ = self.face.global_bounding_box();
        let mut described = pdf.font_descriptor(descriptor);
        described
            .name(name)
            .flags(FontFlags::NON_SYMBOLIC)
            .bbox(Rect::new(
                self.scaled(box_.x_min),
                self.scaled(box_.y_min),
                self.scaled(box_.x_max),
                self.scaled(box_.y_max),
            ))
            .italic_angle(0.0)
            .ascent(self.scaled(self.face.ascender()))
            .descent(self.scaled(self.face.descender()))
            .cap_height(self.scaled(self.face.capital_height().unwrap_or(self.face.ascender())))
            .stem_v(80.0)
            .font_file2(file);
        described.finish();
        let length = i32::try_from(subset.len()).unwrap_or(i32::MAX);
        pdf.stream(file, &subset).pair(Name(b"Length1"), length);
        let mut unicode = UnicodeCmap::<u16>::new(Name(b"Custom"), system);
        for (number, (letter, _)) in &self.used {
            unicode.pair(*number, *letter);
        }
        let unicode = unicode.finish();
        pdf.cmap(cmap, unicode.as_slice());
        Ok(font)
    }
}

#[derive(Clone, Copy)]
enum Weight {
    Regular,
    Bold,
}

#[derive(Clone, Copy)]
enum Align {
    Left,
    Middle,
    Right,
}

struct Layout {
    regular: Font,
    bold: Font,
    size: (f32, f32),
    day_width: f32,
}

impl Layout {
    fn new(sheet: &Sheet) -> Result<Self, ExportError> {
        let size = if sheet.days.len() > DAYS_ON_A4 {
            A3
        } else {
            A4
        };
        let days = f32::from(u16::try_from(sheet.days.len().max(1)).unwrap_or(u16::MAX));
        let room = size.0 - 2.0 * MARGIN - NAME_WIDTH - HOURS_WIDTH;
        Ok(Self {
            regular: Font::new(REGULAR)?,
            bold: Font::new(SEMI_BOLD)?,
            size,
            day_width: (room / days).min(WIDEST_DAY),
        })
    }

    fn pages(&mut self, sheet: &Sheet) -> Vec<Vec<u8>> {
        let below = legend_lines(sheet) + sheet.meetings.len().div_ceil(MEETING_COLUMNS);
        let below = LEGEND_LINE * lines(below) + 8.0;
        let room = self.size.1 - 2.0 * MARGIN - TITLE_HEIGHT - HEAD_HEIGHT - below;
        // At least one row fits: a page is higher than all that is taken from it, for as many kinds of
        // shifts as have three letters that anyone could tell apart.
        let mut per_page = 1;
        while lines(per_page + 1) * ROW_HEIGHT <= room {
            per_page += 1;
        }
        let chunks: Vec<&[Row]> = if sheet.rows.is_empty() {
            vec![&[]]
        } else {
            sheet.rows.chunks(per_page).collect()
        };
        let count = chunks.len();
        (1..)
            .zip(chunks)
            .map(|(number, rows)| self.page(sheet, rows, &format!("{number} / {count}")))
            .collect()
    }

    fn page(&mut self, sheet: &Sheet, rows: &[Row], number: &str) -> Vec<u8> {
        let mut out = Content::new();
        let (width, height) = self.size;
        let top = height - MARGIN;
        self.text(
            &mut out,
            Weight::Bold,
            15.0,
            INK,
            Align::Left,
            MARGIN,
            top - 14.0,
            &sheet.title,
        );
        self.text(
            &mut out,
            Weight::Regular,
            9.0,
            LESSER,
            Align::Left,
            MARGIN,
            top - 28.0,
            &sheet.subtitle,
        );
        self.text(
            &mut out,
            Weight::Regular,
            8.0,
            LESSER,
            Align::Right,
            width - MARGIN,
            top - 14.0,
            number,
        );
        let head = top - TITLE_HEIGHT;
        self.head(&mut out, sheet, head);
        let mut y = head - HEAD_HEIGHT;
        for row in rows {
            self.row(&mut out, sheet, row, y);
            y -= ROW_HEIGHT;
        }
        self.rules(&mut out, sheet, head, rows.len());
        self.legend(&mut out, &sheet.legend, y - 14.0);
        let below = y - 14.0 - lines(legend_lines(sheet)) * LEGEND_LINE;
        self.meetings(&mut out, &sheet.meetings, below);
        out.finish().to_vec()
    }

    fn column(&self, day: usize) -> f32 {
        MARGIN + NAME_WIDTH + lines(day) * self.day_width
    }

    fn head(&mut self, out: &mut Content, sheet: &Sheet, top: f32) {
        let base = top - HEAD_HEIGHT + 6.0;
        self.text(
            out,
            Weight::Bold,
            8.0,
            INK,
            Align::Left,
            MARGIN + 3.0,
            base,
            &sheet.name_head,
        );
        for (
            index,
            DayHead {
                weekday,
                date,
                free,
            },
        ) in sheet.days.iter().enumerate()
        {
            let x = self.column(index);
            if *free {
                fill(out, FREE, x, top - HEAD_HEIGHT, self.day_width, HEAD_HEIGHT);
            }
            let middle = x + self.day_width / 2.0;
            self.text(
                out,
                Weight::Bold,
                8.0,
                INK,
                Align::Middle,
                middle,
                top - 10.0,
                weekday,
            );
            self.text(
                out,
                Weight::Regular,
                7.0,
                LESSER,
                Align::Middle,
                middle,
                base - 1.0,
                date,
            );
        }
        let right = self.column(sheet.days.len()) + HOURS_WIDTH - 3.0;
        self.text(
            out,
            Weight::Bold,
            8.0,
            INK,
            Align::Right,
            right,
            base,
            &sheet.hours_head,
        );
    }

    fn row(&mut self, out: &mut Content, sheet: &Sheet, row: &Row, top: f32) {
        let bottom = top - ROW_HEIGHT;
        let name = self.regular.fitting(&row.name, 8.5, NAME_WIDTH - 6.0);
        self.text(
            out,
            Weight::Regular,
            8.5,
            INK,
            Align::Left,
            MARGIN + 3.0,
            bottom + 6.5,
            &name,
        );
        for (index, day) in sheet.days.iter().enumerate() {
            let x = self.column(index);
            let cell = row.cells.get(index).and_then(Option::as_ref);
            let known = cell.and_then(|cell| Some((cell, sheet.legend.get(cell.kind)?)));
            match known {
                Some((cell, kind)) => {
                    fill(out, tint(cell.kind), x, bottom, self.day_width, ROW_HEIGHT);
                    let middle = x + self.day_width / 2.0;
                    self.text(
                        out,
                        Weight::Bold,
                        8.0,
                        INK,
                        Align::Middle,
                        middle,
                        bottom + 10.5,
                        &kind.code,
                    );
                    let mut size = 6.0;
                    while size > 4.0 && self.regular.width(&cell.times, size) > self.day_width - 2.0
                    {
                        size -= 0.25;
                    }
                    self.text(
                        out,
                        Weight::Regular,
                        size,
                        INK,
                        Align::Middle,
                        middle,
                        bottom + 3.5,
                        &cell.times,
                    );
                }
                None if day.free => fill(out, FREE, x, bottom, self.day_width, ROW_HEIGHT),
                None => {}
            }
        }
        let right = self.column(sheet.days.len()) + HOURS_WIDTH - 3.0;
        let hours = format!("{:.1}", row.hours);
        self.text(
            out,
            Weight::Regular,
            8.5,
            INK,
            Align::Right,
            right,
            bottom + 6.5,
            &hours,
        );
    }

    /// Lines over the fills, so that none is half covered.
    fn rules(&self, out: &mut Content, sheet: &Sheet, top: f32, rows: usize) {
        let right = self.column(sheet.days.len()) + HOURS_WIDTH;
        let bottom = top - HEAD_HEIGHT - lines(rows) * ROW_HEIGHT;
        let [red, green, blue] = colour(LINES);
        out.set_stroke_rgb(red, green, blue).set_line_width(0.4);
        out.move_to(MARGIN, top).line_to(right, top);
        for row in 0..=rows {
            let y = top - HEAD_HEIGHT - lines(row) * ROW_HEIGHT;
            out.move_to(MARGIN, y).line_to(right, y);
        }
        for day in 0..=sheet.days.len() {
            let x = self.column(day);
            out.move_to(x, top).line_to(x, bottom);
        }
        for x in [MARGIN, right] {
            out.move_to(x, top).line_to(x, bottom);
        }
        out.stroke();
    }

    fn legend(&mut self, out: &mut Content, legend: &[Kind], top: f32) {
        let width = (self.size.0 - 2.0 * MARGIN) / lines(LEGEND_COLUMNS);
        for (index, kind) in legend.iter().enumerate() {
            let x = MARGIN + lines(index % LEGEND_COLUMNS) * width;
            let y = top - lines(index / LEGEND_COLUMNS) * LEGEND_LINE;
            fill(out, tint(index), x, y - 2.5, 24.0, 10.0);
            self.text(
                out,
                Weight::Bold,
                7.5,
                INK,
                Align::Middle,
                x + 12.0,
                y,
                &kind.code,
            );
            let text = self.regular.fitting(&kind.text, 7.5, width - 34.0);
            self.text(
                out,
                Weight::Regular,
                7.5,
                INK,
                Align::Left,
                x + 28.0,
                y,
                &text,
            );
        }
    }

    fn meetings(&mut self, out: &mut Content, meetings: &[String], top: f32) {
        let width = (self.size.0 - 2.0 * MARGIN) / lines(MEETING_COLUMNS);
        for (index, meeting) in meetings.iter().enumerate() {
            let x = MARGIN + lines(index % MEETING_COLUMNS) * width;
            let y = top - lines(index / MEETING_COLUMNS) * LEGEND_LINE;
            let text = self.regular.fitting(meeting, 7.5, width - 10.0);
            self.text(out, Weight::Regular, 7.5, INK, Align::Left, x, y, &text);
        }
    }

    #[expect(
        clippy::too_many_arguments,
        reason = "a text and where and how it stands"
    )]
    fn text(
        &mut self,
        out: &mut Content,
        weight: Weight,
        size: f32,
        ink: u32,
        align: Align,
        x: f32,
        y: f32,
        text: &str,
    ) {
        let (font, name) = match weight {
            Weight::Regular => (&mut self.regular, Name(b"R")),
            Weight::Bold => (&mut self.bold, Name(b"B")),
        };
        let x = match align {
            Align::Left => x,
            Align::Middle => x - font.width(text, size) / 2.0,
            Align::Right => x - font.width(text, size),
        };
        let [red, green, blue] = colour(ink);
        out.set_fill_rgb(red, green, blue);
        out.begin_text()
            .set_font(name, size)
            .next_line(x, y)
            .show(Str(&font.encode(text)))
            .end_text();
    }
}

const LEGEND_COLUMNS: usize = 3;
const MEETING_COLUMNS: usize = 2;

fn legend_lines(sheet: &Sheet) -> usize {
    sheet.legend.len().div_ceil(LEGEND_COLUMNS)
}

/// A small number as a measure.
fn lines(count: usize) -> f32 {
    f32::from(u16::try_from(count).unwrap_or(u16::MAX))
}

fn colour(rgb: u32) -> [f32; 3] {
    let [_, red, green, blue] = rgb.to_be_bytes();
    [red, green, blue].map(|part| f32::from(part) / 255.0)
}

fn fill(out: &mut Content, rgb: u32, x: f32, y: f32, width: f32, height: f32) {
    let [red, green, blue] = colour(rgb);
    out.set_fill_rgb(red, green, blue)
        .rect(x, y, width, height)
        .fill_nonzero();
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::sheet::Cell;

    pub(crate) fn sheet(days: usize, rows: usize) -> Sheet {
        Sheet {
            title: "Графік змін".to_owned(),
            subtitle: "9–22 березня 2026, Europe/Kyiv".to_owned(),
            name_head: "Особа".to_owned(),
            hours_head: "Годин".to_owned(),
            days: (0..days)
                .map(|day| DayHead {
                    weekday: ["Пн", "Вт", "Ср", "Чт", "Пт", "Сб", "Нд"][day % 7].to_owned(),
                    date: format!("{}.03", day + 9),
                    free: day % 7 > 4,
                })
                .collect(),
            rows: (0..rows)
                .map(|row| Row {
                    name: format!("Żaneta Łącka-Ґудзь {row}"),
                    cells: (0..days)
                        .map(|day| {
                            ((day + row) % 7 < 5).then(|| Cell {
                                kind: (row + day / 7) % 3,
                                times: "08:00–16:30".to_owned(),
                            })
                        })
                        .collect(),
                    hours: 40.0,
                })
                .collect(),
            legend: ["Р Рання", "С Середня", "Н Нічна"]
                .iter()
                .map(|text| Kind {
                    code: text.chars().take(1).collect(),
                    text: (*text).to_owned(),
                })
                .collect(),
            meetings: Vec::new(),
        }
    }

    fn pages_of(pdf: &[u8]) -> usize {
        let text = String::from_utf8_lossy(pdf);
        text.matches("/Type /Page\n").count()
    }

    #[test]
    fn many_people_take_several_pages_and_few_days_a_smaller_one() {
        let few = write(&sheet(14, 10)).unwrap();
        assert!(few.starts_with(b"%PDF-"));
        assert_eq!(pages_of(&few), 1);
        assert!(
            String::from_utf8_lossy(&few).contains("[0 0 841.89 595.28]"),
            "A4"
        );
        let many = write(&sheet(28, 100)).unwrap();
        assert_eq!(pages_of(&many), 3);
        assert!(
            String::from_utf8_lossy(&many).contains("[0 0 1190.55 841.89]"),
            "A3"
        );
        assert_eq!(pages_of(&write(&sheet(7, 0)).unwrap()), 1, "nobody to show");
    }

    #[test]
    fn meetings_stand_below_on_every_page_and_take_their_room() {
        let bare = sheet(14, 22);
        let with = Sheet {
            meetings: vec!["10.03, 9:00–9:30, Нарада: Łucja, Ян".to_owned(); 6],
            ..bare.clone()
        };
        let (few, more) = (write(&bare).unwrap(), write(&with).unwrap());
        assert_eq!((pages_of(&few), pages_of(&more)), (1, 2));
    }

    #[test]
    fn every_letter_of_four_languages_has_a_glyph() {
        let letters = "АБВГҐДЕЄЖЗИІЇЙКЛМНОПРСТУФХЦЧШЩЬЮЯабвгґдеєжзиіїйклмнопрстуфхцчшщьюя’\
            ЁЪЫЭёъыэĄĆĘŁŃÓŚŹŻąćęłńóśźżABCXYZabcxyz0123456789–—…«»„”№€₴";
        for data in [REGULAR, SEMI_BOLD] {
            let font = Font::new(data).unwrap();
            let missing: String = letters
                .chars()
                .filter(|letter| {
                    !letter.is_whitespace() && font.face.glyph_index(*letter).is_none()
                })
                .collect();
            assert_eq!(missing, "");
        }
    }

    #[test]
    fn a_long_name_is_cut_where_it_ends_to_fit() {
        let font = Font::new(REGULAR).unwrap();
        let name = "Олександра-Вікторія Переяславська-Хмельницька";
        let cut = font.fitting(name, 8.5, 100.0);
        assert!(cut.ends_with('…') && font.width(&cut, 8.5) <= 100.0);
        assert_eq!(font.fitting("Ян", 8.5, 100.0), "Ян");
    }
}
