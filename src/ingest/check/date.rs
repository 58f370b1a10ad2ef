//! Checks the day on which an answer was given; the day itself is not kept.

use super::{Effect, Rule, text};
use crate::model::Year;

pub(in crate::ingest) const INVALID_DATE: Rule = Rule {
    id: "invalid-date",
    effect: Effect::RefuseRow,
    sv: "cellen är inget datum; skriv det som 2024-05-31, med eller utan klockslag",
    en: "the cell is no date; write it as 2024-05-31, with or without a time of day",
};

pub(in crate::ingest) const DATE_OUT_OF_RANGE: Rule = Rule {
    id: "date-out-of-range",
    effect: Effect::RefuseRow,
    sv: "svaret är varken från enkätens år, året före eller året efter; kontrollera datumet och enkätens år",
    en: "the answer is from neither the survey's year, the year before nor the year after; check the date and the survey's year",
};

/// Day 0 of spreadsheets, which count a 29 February 1900 that never was.
const SERIAL_EPOCH: jiff::civil::Date = jiff::civil::date(1899, 12, 30);

/// Reads a blank cell, an ISO 8601 date or date and time, or the serial number that spreadsheets keep dates as.
pub(in crate::ingest) fn check(raw: &str, year: Year) -> Result<(), &'static Rule> {
    // a date as most files have it needs no other check
    let answered = match iso_year(raw) {
        Some(answered) => answered,
        None => match text::read_impersonal(raw, text::TEXT_CHARS)? {
            None => return Ok(()),
            Some(text) => iso_year(&text).or_else(|| serial_year(&text)).ok_or(&INVALID_DATE)?,
        },
    };
    let year = i32::from(year.number());
    if (year - 1..=year + 1).contains(&i32::from(answered)) { Ok(()) } else { Err(&DATE_OUT_OF_RANGE) }
}

fn iso_year(text: &str) -> Option<i16> {
    let (date, time) = if text.len() > 10 && text.is_char_boundary(10) { text.split_at(10) } else { (text, "") };
    let bytes = date.as_bytes();
    if bytes.len() != 10 || bytes[4] != b'-' || bytes[7] != b'-' {
        return None;
    }
    let number = |from: usize, to: usize| {
        bytes[from..to].iter().try_fold(0_i16, |sum, b| b.is_ascii_digit().then(|| sum * 10 + i16::from(b - b'0')))
    };
    let date = jiff::civil::Date::new(number(0, 4)?, number(5, 7)? as i8, number(8, 10)? as i8).ok()?;
    let time = match time.as_bytes().first() {
        None => return Some(date.year()),
        Some(b'T' | b' ') => time[1..].trim_start(),
        Some(_) => return None,
    };
    // the offset moves the answer by less than a day, so it is checked for form only
    let time = match time.find(['Z', 'z', '+', '-']) {
        Some(at) if time[at..].bytes().skip(1).all(|b| b.is_ascii_digit() || b == b':') => &time[..at],
        Some(_) => return None,
        None => time,
    };
    let mut parts = time.splitn(3, ':');
    let hours = two_digits(parts.next()?, 23)?;
    let minutes = two_digits(parts.next()?, 59)?;
    let seconds = parts.next().unwrap_or("00");
    let (seconds, fraction) = seconds.split_once('.').unwrap_or((seconds, "0"));
    let fraction_is_number = !fraction.is_empty() && fraction.bytes().all(|b| b.is_ascii_digit());
    (hours && minutes && two_digits(seconds, 59)? && fraction_is_number).then(|| date.year())
}

fn two_digits(text: &str, max: u8) -> Option<bool> {
    if text.len() != 2 || !text.bytes().all(|b| b.is_ascii_digit()) {
        return None;
    }
    Some(text.parse::<u8>().ok()? <= max)
}

fn serial_year(text: &str) -> Option<i16> {
    let (days, fraction) = text.split_once('.').unwrap_or((text, "0"));
    if days.len() > 6 || fraction.is_empty() || !(days.bytes().chain(fraction.bytes())).all(|b| b.is_ascii_digit()) {
        return None;
    }
    let days: i64 = days.parse().ok()?;
    SERIAL_EPOCH.checked_add(jiff::Span::new().try_days(days).ok()?).ok().map(jiff::civil::Date::year)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn dates_are_read_in_the_forms_that_tools_write() {
        let year = Year::try_from(2024).unwrap();
        let rule = |text: &str| check(text, year).err().map_or("", |rule| rule.id);
        for right in [
            "",
            " 2024-05-31 ",
            "2023-01-01",
            "2025-12-31",
            "2024-05-31T08:15",
            "2024-05-31 08:15:59",
            "2024-05-31T08:15:59.123Z",
            "2024-05-31T08:15:59+02:00",
            "45443",
            "45443.34375",
        ] {
            assert_eq!(rule(right), "", "{right}");
        }
        for wrong in [
            "x",
            "2024-02-30",
            "31/5 2024",
            "2024-5-31",
            "2024-05-31T",
            "2024-05-31T25:00",
            "2024-05-31x",
            "-1",
            "45443.",
        ] {
            assert_eq!(rule(wrong), "invalid-date", "{wrong}");
        }
        for wrong in ["2022-12-31", "2026-01-01", "1", "44000"] {
            assert_eq!(rule(wrong), "date-out-of-range", "{wrong}");
        }
        assert_eq!(rule("800101-1231"), "personal-identity-number");
    }
}
