//! Recognises Swedish personal identity numbers, so that rows with one are refused; the number itself goes nowhere.

use super::{Effect, Rule};

pub(in crate::ingest) const PERSONAL_IDENTITY_NUMBER: Rule = Rule {
    id: "personal-identity-number",
    effect: Effect::RefuseRow,
    sv: "cellen innehåller ett personnummer eller samordningsnummer; byt det mot ett löpnummer och kontrollera att filen inte har fler personuppgifter",
    en: "the cell has a personal identity number or coordination number in it; replace it with a serial number and check that the file has no other personal data",
};

/// Whether a personal identity number or coordination number stands in the text, by itself or among words.
pub(in crate::ingest) fn is_in(text: &str) -> bool {
    // ten digits are the least, and most texts have fewer
    text.bytes().filter(u8::is_ascii_digit).count() >= 10
        && text
            .split(|c: char| !(c.is_alphanumeric() || c == '-' || c == '+'))
            .any(|word| is_number(word.trim_matches('-').as_bytes()))
}

/// `YYMMDD-NNNN` or `YYYYMMDD-NNNN`, with `-`, `+` or nothing before the last four digits.
fn is_number(word: &[u8]) -> bool {
    let mut digits = [0; 12];
    let mut length = 0;
    for (at, byte) in word.iter().enumerate() {
        match byte {
            b'0'..=b'9' if length < 12 => {
                digits[length] = byte - b'0';
                length += 1;
            }
            b'-' | b'+' if at + 5 == word.len() && at >= 6 => {}
            _ => return false,
        }
    }
    let value = |from: usize, to: usize| digits[from..to].iter().fold(0_i16, |sum, d| sum * 10 + i16::from(*d));
    let (years, rest) = match length {
        10 => (vec![1900 + value(0, 2), 2000 + value(0, 2)], 0),
        12 if (18..=20).contains(&value(0, 2)) => (vec![value(0, 4)], 2),
        _ => return false,
    };
    let month = value(rest + 2, rest + 4) as i8;
    let day = value(rest + 4, rest + 6) as i8;
    // a coordination number has 60 added to the day
    let day = if day > 60 { day - 60 } else { day };
    years.into_iter().any(|year| jiff::civil::Date::new(year, month, day).is_ok()) && luhn(&digits[rest..rest + 10])
}

fn luhn(digits: &[u8]) -> bool {
    let sum: u32 = digits
        .iter()
        .enumerate()
        .map(|(at, digit)| u32::from(*digit) * if at % 2 == 0 { 2 } else { 1 })
        .map(|product| product / 10 + product % 10)
        .sum();
    sum.is_multiple_of(10)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn personal_identity_numbers_are_recognised() {
        // made up, with the right check digit
        for number in [
            "19800101-1231",
            "198001011231",
            "800101-1231",
            "800101+1231",
            "8001011231",
            "Anna, 800101-1231",
            "(800101-1231)",
            "800161-1238",
            "20000229-0005",
        ] {
            assert!(is_in(number), "{number}");
        }
    }

    #[test]
    fn other_numbers_are_not() {
        for text in [
            "",
            "r-000123",
            "800101-1237",
            "801301-1237",
            "800132-1234",
            "212000-0142",
            "556036-0793",
            "16556036-0793",
            "1234567890123",
            "550e8400-e29b-41d4-a716-446655440000",
            "80-0101-1231",
            "kommun8001011231",
            "20010229-0004",
        ] {
            assert!(!is_in(text), "{text}");
        }
    }
}
