//! Checks the cells of organisation scores: which measure, what value, how many respondents; answers are checked in `answer`.

use std::collections::HashMap;

use super::{Effect, Rule, answer::OUT_OF_RANGE, text};
use crate::{ingest::text::fold, model::Instrument};

pub(in crate::ingest) const UNKNOWN_MEASURE: Rule = Rule {
    id: "unknown-measure",
    effect: Effect::RefuseRow,
    sv: "instrumentet har inget sådant mått; använd måttets nyckel eller namn",
    en: "the instrument has no such measure; use the measure's key or name",
};

pub(in crate::ingest) const INVALID_NUMBER: Rule = Rule {
    id: "invalid-number",
    effect: Effect::RefuseRow,
    sv: "cellen är inget tal; skriv siffror med decimalpunkt (decimalkomma bara i filer med semikolon), utan tusentalsavgränsare och procenttecken, med högst sex decimaler",
    en: "the cell is no number; write digits with a decimal point (a decimal comma only in files with semicolons), without thousands separators or per cent signs, with at most six decimals",
};

/// All ways to name a measure.
#[derive(Debug)]
pub(in crate::ingest) struct Measures {
    /// Position in the instrument's nodes, by folded text; none where several measures share a name.
    known: HashMap<String, Option<u32>>,
}

impl Measures {
    pub(in crate::ingest) fn new(instrument: &Instrument) -> Self {
        let mut known: HashMap<String, Option<u32>> = HashMap::new();
        for (at, node) in instrument.nodes.iter().enumerate() {
            let at = at as u32;
            for name in [&node.name.sv, &node.name.en] {
                known
                    .entry(fold(name))
                    .and_modify(|known| *known = known.filter(|known| *known == at))
                    .or_insert(Some(at));
            }
        }
        // a key is unique, so it decides over names
        for (at, node) in instrument.nodes.iter().enumerate() {
            known.insert(fold(node.id.as_str()), Some(at as u32));
        }
        Self { known }
    }

    /// The position of the measure that a cell means.
    pub(in crate::ingest) fn read(&self, raw: &str) -> Result<u32, &'static Rule> {
        let Some(name) = text::read_impersonal(raw, text::TEXT_CHARS)? else { return Err(&text::REQUIRED) };
        self.known.get(&fold(&name)).copied().flatten().ok_or(&UNKNOWN_MEASURE)
    }
}

/// A score in millionths of a per cent, from a decimal number between 0 and 100.
pub(in crate::ingest) fn score(raw: &str, decimal_comma: bool) -> Result<i64, &'static Rule> {
    let Some(text) = text::read_impersonal(raw, text::TEXT_CHARS)? else { return Err(&text::REQUIRED) };
    let (text, is_negative) = match text.strip_prefix(['-', '\u{2212}']) {
        Some(rest) => (rest, true),
        None => (text.as_ref(), false),
    };
    let point = if decimal_comma && text.contains(',') { ',' } else { '.' };
    let (whole, fraction) = text.split_once(point).unwrap_or((text, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    let significant = fraction.trim_end_matches('0');
    if !are_digits(whole) || !are_digits(fraction) || significant.len() > 6 {
        return Err(&INVALID_NUMBER);
    }
    let whole: i64 = whole.parse().map_err(|_| &OUT_OF_RANGE)?;
    let fraction: i64 = format!("{significant:0<6}").parse().map_err(|_| &INVALID_NUMBER)?;
    let value = whole.checked_mul(1_000_000).and_then(|whole| whole.checked_add(fraction)).ok_or(&OUT_OF_RANGE)?;
    if value > 100_000_000 || (is_negative && value > 0) { Err(&OUT_OF_RANGE) } else { Ok(value) }
}

/// A number of respondents: whole and above 0; none for a blank cell.
pub(in crate::ingest) fn respondents(raw: &str) -> Result<Option<i32>, &'static Rule> {
    let Some(text) = text::read_impersonal(raw, text::TEXT_CHARS)? else { return Ok(None) };
    let digits = text.strip_suffix(".0").unwrap_or(&text);
    if digits.is_empty() || !digits.bytes().all(|b| b.is_ascii_digit()) {
        return Err(&INVALID_NUMBER);
    }
    match digits.parse() {
        Ok(number @ 1..) => Ok(Some(number)),
        _ => Err(&OUT_OF_RANGE),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_are_read_exactly() {
        for (text, comma, expected) in [
            ("47", false, Ok(47_000_000)),
            ("47.25", false, Ok(47_250_000)),
            ("47,25", true, Ok(47_250_000)),
            ("47.25", true, Ok(47_250_000)),
            ("0", false, Ok(0)),
            ("-0", false, Ok(0)),
            ("100.000000000", false, Ok(100_000_000)),
            ("33.333333", false, Ok(33_333_333)),
            ("33.3333333", false, Err("invalid-number")),
            ("47,25", false, Err("invalid-number")),
            ("47 %", false, Err("invalid-number")),
            ("1 000", false, Err("invalid-number")),
            ("1\u{a0}000", false, Err("invalid-number")),
            ("1'000", false, Err("invalid-number")),
            ("1e2", false, Err("invalid-number")),
            (".5", false, Err("invalid-number")),
            ("", false, Err("required")),
            ("100.000001", false, Err("out-of-range")),
            ("-1", false, Err("out-of-range")),
            ("99999999999999999999", false, Err("out-of-range")),
        ] {
            assert_eq!(score(text, comma).map_err(|rule| rule.id), expected, "{text}");
        }
    }

    #[test]
    fn respondents_are_counted_in_whole_people() {
        for (text, expected) in [
            ("", Ok(None)),
            ("12", Ok(Some(12))),
            ("12.0", Ok(Some(12))),
            ("0", Err("out-of-range")),
            ("99999999999", Err("out-of-range")),
            ("1.5", Err("invalid-number")),
            ("-3", Err("invalid-number")),
        ] {
            assert_eq!(respondents(text).map_err(|rule| rule.id), expected, "{text}");
        }
    }
}
