//! Checks that every text has to pass before its meaning is looked at; what it means is for the other checks.

use std::borrow::Cow;

use super::{Effect, Rule, personal_number};
use crate::ingest::text::clean;

pub(in crate::ingest) const REQUIRED: Rule = Rule {
    id: "required",
    effect: Effect::RefuseRow,
    sv: "cellen är tom men måste ha ett värde; fyll i den eller ta bort raden",
    en: "the cell is blank but needs a value; fill it in or remove the row",
};

pub(in crate::ingest) const CONTROL_CHARACTER: Rule = Rule {
    id: "control-character",
    effect: Effect::RefuseRow,
    sv: "cellen innehåller ett styrtecken; ta bort det, eller kontrollera filens teckenkodning",
    en: "the cell has a control character in it; remove it, or check the file's encoding",
};

pub(in crate::ingest) const TOO_LONG: Rule = Rule {
    id: "too-long",
    effect: Effect::RefuseRow,
    sv: "texten är längre än kolumnen får ha (80 tecken för en enhet, 200 annars); korta den, eller kontrollera att mappningen pekar ut rätt kolumn",
    en: "the text is longer than the column may have (80 characters for a unit, 200 otherwise); shorten it, or check that the mapping names the right column",
};

/// Characters of a unit's name.
pub(in crate::ingest) const UNIT_CHARS: usize = 80;
/// Characters of any other text.
pub(in crate::ingest) const TEXT_CHARS: usize = 200;

/// The form in which a text is kept, none for a blank one; or the first rule that the text breaks.
pub(in crate::ingest) fn read(text: &str, chars_max: usize) -> Result<Option<Cow<'_, str>>, &'static Rule> {
    let text = clean(text);
    if text.is_empty() {
        return Ok(None);
    }
    let is_plain = text.bytes().all(|byte| matches!(byte, b' '..=b'~'));
    if !is_plain && text.chars().any(char::is_control) {
        return Err(&CONTROL_CHARACTER);
    }
    if text.len() > chars_max && text.chars().count() > chars_max {
        return Err(&TOO_LONG);
    }
    Ok(Some(text))
}

/// Like [`read`], for texts that are kept or become a pseudonym: no personal identity number may be in them.
pub(in crate::ingest) fn read_impersonal(text: &str, chars_max: usize) -> Result<Option<Cow<'_, str>>, &'static Rule> {
    match read(text, chars_max)? {
        Some(text) if personal_number::is_in(&text) => Err(&personal_number::PERSONAL_IDENTITY_NUMBER),
        text => Ok(text),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn texts_are_trimmed_bounded_and_clean() {
        let rule = |text: &str| read_impersonal(text, UNIT_CHARS).err().map(|rule| rule.id);
        assert_eq!(read(" \u{a0}\t", 80).unwrap(), None);
        assert_eq!(read(" Vård\n", 80).unwrap().as_deref(), Some("Vård"));
        assert_eq!(rule(&"å".repeat(80)), None);
        assert_eq!(rule(&"å".repeat(81)), Some("too-long"));
        assert_eq!(rule("a\0b"), Some("control-character"));
        assert_eq!(rule("a\nb"), Some("control-character"));
        assert_eq!(rule("a\u{85}b"), Some("control-character"));
        assert_eq!(rule("8001011232 Anna"), None);
        assert_eq!(rule("800101-1231 Anna"), Some("personal-identity-number"));
    }
}
