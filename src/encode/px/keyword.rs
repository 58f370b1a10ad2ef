//! Keywords of a PX file as lines: quotation marks, languages in brackets, at most 256 characters; which keywords there are is `px`'s.

use std::io::{self, Write};

use crate::{encode::EncodeError, model::Language};

/// Characters of a line.
const LINE_MAX: usize = 256;

/// Characters of a name or value at most, so that a code in brackets fits beside it within 256.
pub(super) const NAME_MAX: usize = 128;

/// What stands behind a keyword.
#[derive(Debug, Clone, Copy)]
pub(super) enum Values<'a> {
    /// A text in quotation marks, which may go over several lines.
    Text(&'a str),
    /// Several values in quotation marks; lines end between them.
    List(&'a [String]),
    /// A number, YES, NO, or what has quotation marks itself.
    Word(&'a str),
}

/// Writes keywords, those with texts once for each language: the reader's first and without its name.
pub(super) struct Keywords<'a> {
    out: &'a mut dyn Write,
    first: Language,
}

impl<'a> Keywords<'a> {
    pub(super) fn new(out: &'a mut dyn Write, first: Language) -> Self {
        Self { out, first }
    }

    pub(super) fn out(&mut self) -> &mut dyn Write {
        self.out
    }

    /// Both languages, the reader's first.
    pub(super) fn languages(&self) -> impl Iterator<Item = Language> + use<> {
        let first = self.first;
        [first].into_iter().chain(Language::ALL.into_iter().filter(move |&language| language != first))
    }

    /// A keyword that belongs to no language.
    pub(super) fn plain(&mut self, keyword: &str, keys: &[String], values: Values) -> Result<(), EncodeError> {
        let keys: Vec<&str> = keys.iter().map(String::as_str).collect();
        self.entry(keyword, self.first, &keys, values)
    }

    /// A text in both languages.
    pub(super) fn both(&mut self, keyword: &str, text: impl Fn(Language) -> String) -> Result<(), EncodeError> {
        self.languages().try_for_each(|language| self.entry(keyword, language, &[], Values::Text(&text(language))))
    }

    /// A text in both languages, of something that has a name in both.
    pub(super) fn both_of<'n>(
        &mut self,
        keyword: &str,
        name: impl Fn(Language) -> &'n str,
        text: impl Fn(Language) -> String,
    ) -> Result<(), EncodeError> {
        self.languages()
            .try_for_each(|language| self.entry(keyword, language, &[name(language)], Values::Text(&text(language))))
    }

    /// A list in both languages.
    pub(super) fn both_lists<'n, 'l>(
        &mut self,
        keyword: &str,
        name: Option<&dyn Fn(Language) -> &'n str>,
        list: impl Fn(Language) -> &'l [String],
    ) -> Result<(), EncodeError> {
        self.languages().try_for_each(|language| {
            let keys: Vec<&str> = name.iter().map(|name| name(language)).collect();
            self.entry(keyword, language, &keys, Values::List(list(language)))
        })
    }

    /// A word of something that has a name in both languages.
    pub(super) fn both_words<'n>(
        &mut self,
        keyword: &str,
        name: impl Fn(Language) -> &'n str,
        word: &str,
    ) -> Result<(), EncodeError> {
        self.languages().try_for_each(|language| self.entry(keyword, language, &[name(language)], Values::Word(word)))
    }

    /// A number of something that two names lead to.
    pub(super) fn both_numbers<'n>(
        &mut self,
        keyword: &str,
        names: impl Fn(Language) -> [&'n str; 2],
        number: u8,
    ) -> Result<(), EncodeError> {
        let number = number.to_string();
        self.languages().try_for_each(|language| self.entry(keyword, language, &names(language), Values::Word(&number)))
    }

    /// A text in both languages of a cell that codes lead to.
    pub(super) fn both_keyed(&mut self, keyword: &str, codes: &[String], text: &str) -> Result<(), EncodeError> {
        let codes: Vec<&str> = codes.iter().map(String::as_str).collect();
        self.languages().try_for_each(|language| self.entry(keyword, language, &codes, Values::Text(text)))
    }

    fn entry(&mut self, keyword: &str, language: Language, keys: &[&str], values: Values) -> Result<(), EncodeError> {
        let mut head = keyword.to_owned();
        if language != self.first {
            head.extend(["[", language.tag(), "]"]);
        }
        if !keys.is_empty() {
            head.extend(["(\"", &keys.join("\",\""), "\")"]);
        }
        head.push('=');
        match values {
            Values::Word(word) => head.push_str(word),
            Values::Text(text) => self.text(&mut head, text)?,
            Values::List(list) => self.list(&mut head, list)?,
        }
        Ok(self.line(&mut head, ";")?)
    }

    /// Adds a text to the line, or breaks it into pieces on lines of their own.
    fn text(&mut self, line: &mut String, text: &str) -> io::Result<()> {
        let pieces = pieces(text, LINE_MAX - 3);
        if pieces.len() > 1 || line.chars().count() + text.chars().count() + 3 > LINE_MAX {
            self.line(line, "")?;
        }
        for (at, piece) in pieces.iter().enumerate() {
            if at > 0 {
                self.line(line, "")?;
            }
            line.extend(["\"", piece, "\""]);
        }
        Ok(())
    }

    /// Adds values to the line, which ends behind a comma where the next would not fit.
    fn list(&mut self, line: &mut String, list: &[String]) -> io::Result<()> {
        let mut length = line.chars().count();
        for (at, value) in list.iter().enumerate() {
            let own = value.chars().count() + 3;
            if at > 0 {
                line.push(',');
                if length + own > LINE_MAX {
                    self.line(line, "")?;
                    length = 0;
                }
            }
            length += own;
            line.extend(["\"", value, "\""]);
        }
        Ok(())
    }

    fn line(&mut self, line: &mut String, end: &str) -> io::Result<()> {
        line.push_str(end);
        line.push_str("\r\n");
        self.out.write_all(line.as_bytes())?;
        line.clear();
        Ok(())
    }
}

/// A text in pieces of at most `length` characters, cut behind spaces where there are any.
fn pieces(text: &str, length: usize) -> Vec<&str> {
    let mut pieces = Vec::new();
    let mut rest = text;
    while let Some((end, _)) = rest.char_indices().nth(length) {
        let end = rest[..end].rfind(' ').map_or(end, |space| space + 1);
        let (piece, following) = rest.split_at(end);
        pieces.push(piece);
        rest = following;
    }
    pieces.push(rest);
    pieces
}

/// A text as it can stand between quotation marks: without straight ones, which cannot be written, and in one line.
pub(super) fn clean(text: &str) -> String {
    let text: String = text
        .chars()
        .map(|c| match c {
            '"' => '”',
            c if c.is_control() => ' ',
            c => c,
        })
        .collect();
    text.trim().to_owned()
}

/// A text of at most `length` characters; a longer one ends with an ellipsis.
pub(super) fn cut(text: &str, length: usize) -> String {
    if text.chars().count() <= length {
        return text.to_owned();
    }
    let kept: String = text.chars().take(length - 1).collect();
    format!("{}…", kept.trim_end())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn written(values: Values) -> String {
        let mut out = Vec::new();
        Keywords::new(&mut out, Language::Sv).plain("NOTE", &[], values).unwrap();
        String::from_utf8(out).unwrap()
    }

    #[test]
    fn lines_are_short_and_hold_everything() {
        let text = "ord ".repeat(200);
        let many: Vec<String> = (0..100).map(|number| format!("värde {number}")).collect();
        for written in
            [written(Values::Text(&text)), written(Values::List(&many)), written(Values::Text(&"å".repeat(999)))]
        {
            assert!(written.lines().all(|line| line.chars().count() <= LINE_MAX), "{written}");
            assert!(written.ends_with(";\r\n"));
        }
        let joined: String = written(Values::Text(&text)).split('"').skip(1).step_by(2).collect();
        assert_eq!(joined, text);
        assert_eq!(written(Values::List(&many)).matches('"').count(), 200);
        assert_eq!(written(Values::Word("NO")), "NOTE=NO;\r\n");
    }

    #[test]
    fn texts_are_cleaned_and_cut() {
        assert_eq!(clean("\"Ale\"\n kommun\t"), "”Ale”  kommun");
        assert_eq!(cut("digital-maturity", 20), "digital-maturity");
        assert_eq!(cut("answers_by_group_and_more", 20), "answers_by_group_an…");
    }
}
