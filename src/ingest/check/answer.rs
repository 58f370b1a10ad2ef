//! Checks the answer to a question: a point of its scale as a number or in words, a reason for having none, or blank.

use super::{Effect, Rule, text};
use crate::{ingest::text::fold, model::Scale};

pub(in crate::ingest) const OUT_OF_RANGE: Rule = Rule {
    id: "out-of-range",
    effect: Effect::RefuseRow,
    sv: "talet ligger utanför skalan (frågans, eller 0 till 100 för ett resultat); rätta det eller lämna cellen tom",
    en: "the number is outside the scale (the question's, or 0 to 100 for a score); correct it or leave the cell blank",
};

pub(in crate::ingest) const UNKNOWN_ANSWER: Rule = Rule {
    id: "unknown-answer",
    effect: Effect::RefuseRow,
    sv: "cellen är varken ett tal på frågans skala, ett av dess svarsalternativ eller en orsak till uteblivet svar; rätta den eller lämna den tom",
    en: "the cell is neither a number of the question's scale, one of its labels, nor a reason for no answer; correct it or leave it blank",
};

/// Marks a missing answer among values; no scale goes below 0.
pub(in crate::ingest) const MISSING: i8 = i8::MIN;

/// What a cell says.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(in crate::ingest) enum Answer {
    /// A point of the scale.
    Value(i8),
    /// A reason, by its position in the scale.
    Reason(u8),
    /// Nothing.
    Blank,
}

/// All ways to write an answer on one scale, prepared once.
#[derive(Debug)]
pub(in crate::ingest) struct Answers {
    /// Value by the only byte of a cell; [`MISSING`] where that byte alone does not tell.
    digits: [i8; 256],
    min: i8,
    max: i8,
    /// Words as the instrument writes them, then folded.
    words: Vec<(String, Answer)>,
    folded: Vec<(String, Answer)>,
}

impl Answers {
    pub(in crate::ingest) fn new(scale: &Scale) -> Self {
        let mut digits = [MISSING; 256];
        let mut words = Vec::new();
        for label in &scale.labels {
            if let Ok(digit @ 0..=9) = u8::try_from(label.value) {
                digits[usize::from(b'0' + digit)] = label.value;
            }
            words.extend([&label.text.sv, &label.text.en].map(|word| (word.clone(), Answer::Value(label.value))));
        }
        for (at, reason) in scale.reasons.iter().enumerate() {
            let names = [&reason.key, &reason.text.sv, &reason.text.en];
            words.extend(names.map(|word| (word.clone(), Answer::Reason(at as u8))));
        }
        // spreadsheets turn yes and no into truth values
        if (scale.min(), scale.max()) == (0, 1) {
            words.extend([("true", 1), ("false", 0)].map(|(word, value)| (word.to_owned(), Answer::Value(value))));
        }
        let folded = words.iter().map(|(word, answer)| (fold(word), *answer)).collect();
        Self { digits, min: scale.min(), max: scale.max(), words, folded }
    }

    /// The value of a cell of one byte, or [`MISSING`] where [`Answers::read`] has to look.
    #[inline]
    pub(in crate::ingest) fn digit(&self, byte: u8) -> i8 {
        self.digits[usize::from(byte)]
    }

    /// What a cell says.
    pub(in crate::ingest) fn read(&self, raw: &str) -> Result<Answer, &'static Rule> {
        if let Some((_, answer)) = self.words.iter().find(|(word, _)| word == raw) {
            return Ok(*answer);
        }
        let Some(text) = text::read_impersonal(raw, text::TEXT_CHARS)? else { return Ok(Answer::Blank) };
        let folded = fold(&text);
        if let Some((_, answer)) = self.folded.iter().find(|(word, _)| *word == folded) {
            return Ok(*answer);
        }
        let value = number(&text)?;
        if (self.min..=self.max).contains(&value) { Ok(Answer::Value(value)) } else { Err(&OUT_OF_RANGE) }
    }
}

/// The value of a number that is whole and written plainly, as `4` or `4.0`, or the rule that the text breaks.
fn number(text: &str) -> Result<i8, &'static Rule> {
    let digits = text.strip_prefix(['-', '\u{2212}']).unwrap_or(text);
    let (whole, fraction) = digits.split_once('.').unwrap_or((digits, "0"));
    let are_digits = |part: &str| !part.is_empty() && part.bytes().all(|b| b.is_ascii_digit());
    if !are_digits(whole) || !are_digits(fraction) || (whole.len() > 1 && whole.starts_with('0')) {
        return Err(&UNKNOWN_ANSWER);
    }
    let is_positive = digits.len() == text.len();
    let is_whole = fraction.bytes().all(|b| b == b'0');
    if is_positive && is_whole { whole.parse().map_err(|_| &OUT_OF_RANGE) } else { Err(&OUT_OF_RANGE) }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::model::{
        Text,
        instrument::{Reason, ScaleLabel},
    };

    fn scale(labels: &[(i8, &str, &str)]) -> Scale {
        Scale {
            key: "s".to_owned(),
            labels: labels
                .iter()
                .map(|(value, sv, en)| ScaleLabel { value: *value, text: Text::new(*sv, *en) })
                .collect(),
            reasons: vec![Reason { key: "dont-know".to_owned(), text: Text::new("Vet ej", "Don't know") }],
        }
    }

    #[test]
    fn an_answer_is_a_number_a_label_a_reason_or_blank() {
        let answers = Answers::new(&scale(&[(1, "Nej, alls", "No"), (2, "Någon", "Some"), (3, "Ja", "Yes")]));
        let read = |text: &str| answers.read(text).map_err(|rule| rule.id);
        for (text, expected) in [
            ("1", Ok(Answer::Value(1))),
            (" 3 ", Ok(Answer::Value(3))),
            ("2.0", Ok(Answer::Value(2))),
            ("NA\u{30a}GON", Ok(Answer::Value(2))),
            ("Nej,  alls", Ok(Answer::Value(1))),
            ("yes", Ok(Answer::Value(3))),
            ("dont-know", Ok(Answer::Reason(0))),
            ("VET EJ", Ok(Answer::Reason(0))),
            ("", Ok(Answer::Blank)),
            ("\u{a0}", Ok(Answer::Blank)),
            ("0", Err("out-of-range")),
            ("4", Err("out-of-range")),
            ("-1", Err("out-of-range")),
            ("2.5", Err("out-of-range")),
            ("02", Err("unknown-answer")),
            ("99999999999999999999", Err("out-of-range")),
            ("2,0", Err("unknown-answer")),
            ("+2", Err("unknown-answer")),
            ("2 st", Err("unknown-answer")),
            ("true", Err("unknown-answer")),
            ("a\0", Err("control-character")),
        ] {
            assert_eq!(read(text), expected, "{text:?}");
        }
        assert_eq!(read("800101-1231"), Err("personal-identity-number"));
        assert_eq!(answers.digit(b'3'), 3);
        assert_eq!(answers.digit(b'4'), MISSING);
    }

    #[test]
    fn truth_values_stand_for_yes_and_no() {
        let answers = Answers::new(&scale(&[(0, "Nej", "No"), (1, "Ja", "Yes")]));
        assert_eq!(answers.read("true"), Ok(Answer::Value(1)));
        assert_eq!(answers.read("FALSE"), Ok(Answer::Value(0)));
    }
}
