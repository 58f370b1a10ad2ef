//! Query parameters, read once: unknown and repeated ones are refused; what values select is `selection`'s.

use axum::http::{HeaderMap, header};

use super::{Problem, ProblemKind};

/// Parameters that every tabular resource has.
const COMMON: [&str; 4] = ["format", "lang", "limit", "page"];

/// The parameters of a request.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads a query string; `own` names the resource's parameters.
    pub(super) fn read(query: Option<&str>, own: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (key, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if !own.contains(&&*key) && !COMMON.contains(&&*key) {
                return Err(unknown(&key, own));
            }
            if pairs.iter().any(|(known, _)| *known == *key) {
                return Err(Problem::with(
                    ProblemKind::InvalidParameter,
                    format!("Parametern {key} anges mer än en gång; skilj flera värden med komma."),
                    format!("The parameter {key} is given more than once; separate several values by commas."),
                ));
            }
            if !value.is_empty() {
                pairs.push((key.into_owned(), value.into_owned()));
            }
        }
        Ok(Self { pairs })
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// `limit` and `page`: 1 to 1,000 rows, 20 unless told, and pages from 1.
    pub(super) fn page(&self) -> Result<(usize, usize), Problem> {
        let number = |key: &str, default: usize, most: usize| match self.get(key) {
            None => Ok(default),
            Some(text) => text.parse().ok().filter(|number| (1..=most).contains(number)).ok_or_else(|| {
                Problem::with(
                    ProblemKind::InvalidParameter,
                    format!("{key} ska vara ett heltal från 1 till {most}."),
                    format!("{key} has to be a whole number from 1 to {most}."),
                )
            }),
        };
        Ok((number("limit", 20, 1_000)?, number("page", 1, 1_000_000)?))
    }
}

fn unknown(key: &str, own: &[&str]) -> Problem {
    let key: String = key.chars().filter(|c| !c.is_control()).take(40).collect();
    let nearest = own
        .iter()
        .chain(&COMMON)
        .map(|known| (strsim::damerau_levenshtein(known, &key), *known))
        .min()
        .map_or("", |(_, known)| known);
    let all = own.iter().chain(&COMMON).copied().collect::<Vec<_>>().join(", ");
    Problem::with(
        ProblemKind::UnknownParameter,
        format!("Parametern {key} finns inte; menade du {nearest}? Resursen har {all}."),
        format!("There is no parameter {key}; did you mean {nearest}? The resource has {all}."),
    )
}

/// Whether `?lang=` or `Accept-Language` prefers English to Swedish; Swedish comes first in doubt.
pub(super) fn prefers_english(query: Option<&str>, headers: &HeaderMap) -> bool {
    let named = url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()).find(|(key, _)| key == "lang");
    if let Some((_, language)) = named {
        return language == "en";
    }
    let Some(accepted) = headers.get(header::ACCEPT_LANGUAGE).and_then(|value| value.to_str().ok()) else {
        return false;
    };
    let quality = |language: &str| {
        accepted
            .split(',')
            .filter_map(|range| {
                let mut parts = range.split(';').map(str::trim);
                let tag = parts.next()?.to_ascii_lowercase();
                let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
                (tag == language || tag.starts_with(&format!("{language}-"))).then_some(quality)
            })
            .fold(0.0_f32, f32::max)
    };
    quality("en") > quality("sv")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn swedish_comes_first() {
        let check = |query: Option<&str>, accepted: Option<&'static str>, english: bool| {
            let mut headers = HeaderMap::new();
            if let Some(accepted) = accepted {
                headers.insert(header::ACCEPT_LANGUAGE, accepted.parse().unwrap());
            }
            assert_eq!(prefers_english(query, &headers), english, "{query:?} {accepted:?}");
        };
        check(None, None, false);
        check(None, Some("en-GB,en;q=0.9"), true);
        check(None, Some("sv-SE,sv;q=0.9,en;q=0.8"), false);
        check(None, Some("de"), false);
        check(Some("lang=en"), Some("sv"), true);
        check(Some("lang=sv"), Some("en"), false);
    }
}
