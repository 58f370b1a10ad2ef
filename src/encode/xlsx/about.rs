//! The workbook's second sheet: what the rows are, which release they come from, and what columns and status words mean.

use rust_xlsxwriter::{Color, Format as Style, FormatAlign, FormatBorder, Worksheet};

use crate::{
    definition::Unit,
    encode::{EncodeError, LICENCE, Sheet},
    model::{Language, Status, Text},
};

/// Widths of the columns, in characters.
const WIDTHS: [f64; 4] = [26.0, 34.0, 22.0, 80.0];

pub(super) fn fill(to: &mut Worksheet, sheet: &Sheet) -> Result<(), EncodeError> {
    let mut page = Page { to, line: 0, language: sheet.language };
    page.to.set_name(page.say("Om", "About"))?;
    for (place, width) in (0_u16..).zip(WIDTHS) {
        page.to.set_column_width(place, width)?;
    }
    let meta = sheet.meta;
    page.heading(sheet.language.of(sheet.title), 16.0)?;
    if let Some(notice) = &meta.notice {
        page.notice(sheet.language.of(notice))?;
    }
    page.wide(sheet.language.of(sheet.text))?;
    page.line += 1;
    let synthetic = if meta.notice.is_some() { page.say("ja", "yes") } else { page.say("nej", "no") };
    page.pair("Tabell", "Table", sheet.id)?;
    page.pair("Källa", "Source", sheet.language.of(&meta.source))?;
    page.pair("Utgåva", "Release", meta.release.as_str())?;
    page.pair("Nummer", "Number", &meta.sequence.to_string())?;
    page.pair("Typ av utgåva", "Kind of release", &meta.kind)?;
    page.pair("Publicerad", "Published at", &meta.published_at)?;
    page.pair("Röjandepolicy", "Disclosure policy", meta.policy.as_str())?;
    page.pair("Licens", "Licence", LICENCE)?;
    page.pair("Syntetiska data", "Synthetic data", synthetic)?;
    page.pair("Rader", "Rows", &rows(sheet))?;
    page.line += 1;
    page.heading(page.say("Kolumner", "Columns"), 13.0)?;
    let header = [("Kolumn", "Column"), ("Titel", "Title"), ("Enhet", "Unit"), ("Betydelse", "Meaning")];
    page.header(header.map(|(sv, en)| page.say(sv, en)))?;
    for column in &sheet.columns {
        let unit = column.text.unit.map(Unit::name);
        page.record([
            &column.name,
            sheet.language.of(&column.text.title),
            unit.as_ref().map_or("", |unit| sheet.language.of(unit)),
            sheet.language.of(&column.text.text),
        ])?;
    }
    if sheet.columns.iter().any(|column| &*column.name == "status") {
        page.line += 1;
        page.heading(page.say("Status", "Status"), 13.0)?;
        page.header([page.say("Ord", "Word"), page.say("Betydelse", "Meaning"), "", ""])?;
        for status in Status::ALL {
            page.record([status.word(), sheet.language.of(&status.name()), "", ""])?;
        }
    }
    Ok(())
}

/// `1–20 av 150, sida 1 (20 per sida)`.
fn rows(sheet: &Sheet) -> String {
    let count = sheet.rows.len();
    let text = match sheet.page {
        Some(page) if count < page.total => {
            let first = (page.number - 1).saturating_mul(page.limit) + 1;
            let last = first + count - 1;
            let (number, limit, total) = (page.number, page.limit, page.total);
            Text::new(
                format!(
                    "{first}–{last} av {total} (sida {number} med {limit} rader per sida; resten finns på andra sidor)"
                ),
                format!(
                    "{first}–{last} of {total} (page {number} at {limit} rows a page; the others are on other pages)"
                ),
            )
        }
        _ => Text::new(format!("{count}, alla"), format!("{count}, all of them")),
    };
    sheet.language.of(&text).to_owned()
}

/// Writes lines from the top.
struct Page<'a> {
    to: &'a mut Worksheet,
    line: u32,
    language: Language,
}

impl Page<'_> {
    fn say(&self, sv: &'static str, en: &'static str) -> &'static str {
        match self.language {
            Language::Sv => sv,
            Language::En => en,
        }
    }

    fn heading(&mut self, text: &str, size: f64) -> Result<(), EncodeError> {
        self.to.write_string_with_format(self.line, 0, text, &Style::new().set_bold().set_font_size(size))?;
        self.line += 1;
        Ok(())
    }

    /// A text that is not to be missed.
    fn notice(&mut self, text: &str) -> Result<(), EncodeError> {
        let style = Style::new()
            .set_bold()
            .set_font_size(13.0)
            .set_font_color(Color::White)
            .set_background_color(Color::RGB(0x00A4_1E22));
        for place in 0..4 {
            self.to.write_blank(self.line, place, &style)?;
        }
        self.to.write_string_with_format(self.line, 0, text, &style)?;
        self.line += 1;
        Ok(())
    }

    /// A text over the whole width.
    fn wide(&mut self, text: &str) -> Result<(), EncodeError> {
        let style = Style::new().set_text_wrap().set_align(FormatAlign::Top);
        self.to.merge_range(self.line, 0, self.line, 3, text, &style)?;
        // rows of merged cells do not grow by themselves
        let lines = 1 + text.chars().count() / 150;
        self.to.set_row_height(self.line, 16.0 * lines as f64)?;
        self.line += 1;
        Ok(())
    }

    fn pair(&mut self, sv: &'static str, en: &'static str, value: &str) -> Result<(), EncodeError> {
        let name = self.say(sv, en);
        self.to.write_string_with_format(self.line, 0, name, &Style::new().set_bold())?;
        self.to.write_string(self.line, 1, value)?;
        self.line += 1;
        Ok(())
    }

    fn header(&mut self, names: [&str; 4]) -> Result<(), EncodeError> {
        let style = Style::new().set_bold().set_border_bottom(FormatBorder::Thin);
        for (place, name) in (0_u16..).zip(names).filter(|(_, name)| !name.is_empty()) {
            self.to.write_string_with_format(self.line, place, name, &style)?;
        }
        self.line += 1;
        Ok(())
    }

    fn record(&mut self, texts: [&str; 4]) -> Result<(), EncodeError> {
        let style = Style::new().set_text_wrap().set_align(FormatAlign::Top);
        for (place, text) in (0_u16..).zip(texts) {
            self.to.write_string_with_format(self.line, place, text, &style)?;
        }
        self.line += 1;
        Ok(())
    }
}
