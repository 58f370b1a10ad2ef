//! Query parameters, read once: unknown and repeated ones are refused; what values select is `selection`'s.

mod described;

use axum::http::{HeaderMap, Uri, header};

pub use described::{Form, PARAMETERS, ParameterText};
pub(super) use described::{RELEASE_OR_CURRENT, described};

use super::{Problem, ProblemKind};

/// Parameters that every tabular resource has.
pub(super) const COMMON: [&str; 5] = ["format", "lang", "limit", "page", "release"];

/// The same of resources about the log of releases, which is one.
pub(super) const COMMON_OF_LOG: [&str; 4] = ["format", "lang", "limit", "page"];

/// Rows of one answer at most.
pub(super) const ROWS_MAX: usize = 100_000;

/// Rows of a page, unless told.
pub(super) const ROWS_USUAL: usize = 20;

/// The parameters of a request.
#[derive(Debug, Default)]
pub(super) struct Parameters {
    pairs: Vec<(String, String)>,
}

impl Parameters {
    /// Reads a query string; `own` names the resource's parameters beside those that all have.
    pub(super) fn read(query: Option<&str>, own: &[&str]) -> Result<Self, Problem> {
        Self::among(query, own, &COMMON)
    }

    /// Reads a query string that may have these parameters and no other.
    pub(super) fn only(query: Option<&str>, own: &[&str]) -> Result<Self, Problem> {
        Self::among(query, own, &[])
    }

    /// Reads a query string that may have these parameters and those.
    pub(super) fn among(query: Option<&str>, own: &[&str], common: &[&str]) -> Result<Self, Problem> {
        let mut pairs: Vec<(String, String)> = Vec::new();
        for (key, value) in url::form_urlencoded::parse(query.unwrap_or_default().as_bytes()) {
            if !own.contains(&&*key) && !common.contains(&&*key) {
                return Err(unknown(&key, own, common));
            }
            if key.contains('\u{fffd}') || value.contains('\u{fffd}') {
                return Err(Problem::with(
                    ProblemKind::InvalidParameter,
                    "Frågan är inte kodad som UTF-8: skriv å som %C3%A5.",
                    "The query is not encoded as UTF-8: write å as %C3%A5.",
                ));
            }
            if pairs.iter().any(|(known, _)| *known == *key) {
                return Err(Problem::with(
                    ProblemKind::InvalidParameter,
                    format!("Parametern {key} anges mer än en gång; skilj flera värden med komma."),
                    format!("The parameter {key} is given more than once; separate several values by commas."),
                ));
            }
            // which formats there are depends on the resource, and one that there is not is another problem
            if let Some(text) = described(&key).filter(|text| text.name != "format" && !text.accepts(&value)) {
                return Err(invalid(text));
            }
            pairs.push((key.into_owned(), value.into_owned()));
        }
        Ok(Self { pairs })
    }

    pub(super) fn get(&self, key: &str) -> Option<&str> {
        self.pairs.iter().find(|(known, _)| known == key).map(|(_, value)| value.as_str())
    }

    /// `limit` and `page`: the usual rows unless told, and the first page.
    pub(super) fn page(&self) -> (usize, usize) {
        // what was read is a number
        let number = |key: &str, default: usize| self.get(key).and_then(|text| text.parse().ok()).unwrap_or(default);
        (number("limit", ROWS_USUAL), number("page", 1))
    }
}

/// A value that is not written as the parameter's values are; it is not repeated.
pub(super) fn invalid(parameter: &ParameterText) -> Problem {
    let name = parameter.name;
    let [sv, en] = match parameter.form {
        Form::Whole(most) => [
            format!("{name} ska vara ett heltal från 1 till {most}."),
            format!("{name} has to be a whole number from 1 to {most}."),
        ],
        Form::Number(most) => [
            format!("{name} ska vara ett tal från 0 till {most}, med decimalpunkt."),
            format!("{name} has to be a number from 0 to {most}."),
        ],
        Form::Day => [
            format!("{name} ska vara en dag, skriven som 2020-09-01."),
            format!("{name} has to be a day, written like 2020-09-01."),
        ],
        Form::OneOf(words) => {
            let words = words().join(", ");
            [format!("{name} ska vara något av {words}."), format!("{name} has to be one of {words}.")]
        }
        Form::Pattern(_) => {
            let ([sv, en], example) = (parameter.text, parameter.example);
            [
                format!("{name} har inget giltigt värde. {sv} Till exempel {name}={example}."),
                format!("{name} has no valid value. {en} For example {name}={example}."),
            ]
        }
    };
    Problem::with(ProblemKind::InvalidParameter, sv, en)
}

pub(super) fn unknown(key: &str, own: &[&str], common: &[&str]) -> Problem {
    let key: String = key.chars().filter(|c| !c.is_control()).take(40).collect();
    let nearest = own
        .iter()
        .chain(common)
        .map(|known| (strsim::damerau_levenshtein(known, &key), *known))
        .min()
        .map_or("", |(_, known)| known);
    let all = own.iter().chain(common).copied().collect::<Vec<_>>().join(", ");
    if all.is_empty() {
        return Problem::with(
            ProblemKind::UnknownParameter,
            format!("Parametern {key} finns inte; resursen har inga."),
            format!("There is no parameter {key}; the resource has none."),
        );
    }
    Problem::with(
        ProblemKind::UnknownParameter,
        format!("Parametern {key} finns inte; menade du {nearest}? Resursen har {all}."),
        format!("There is no parameter {key}; did you mean {nearest}? The resource has {all}."),
    )
}

/// The value of a parameter, found without reading the others; most requests name none, and need not be parsed to find that out.
pub(super) fn sole(name: &str, query: Option<&str>) -> Option<String> {
    // a name can also be written with escapes
    let query = query.filter(|query| query.contains(name) || query.contains('%'))?;
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == name).map(|(_, value)| value.into_owned())
}

/// What a client accepts, from all lines of the field; one that is no text stands for nothing that there is.
pub(super) fn accepted(headers: &HeaderMap) -> Option<String> {
    let lines = headers.get_all(header::ACCEPT).iter().map(|line| line.to_str().unwrap_or("unreadable"));
    let lines: Vec<&str> = lines.collect();
    (!lines.is_empty()).then(|| lines.join(", "))
}

/// The address with another value of a parameter.
pub(super) fn with(uri: &Uri, name: &str, value: &str) -> String {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()).filter(|(key, _)| key != name);
    let query =
        url::form_urlencoded::Serializer::new(String::new()).extend_pairs(pairs).append_pair(name, value).finish();
    format!("{}?{query}", uri.path())
}

/// Whether `?lang=` or `Accept-Language` prefers English to Swedish; Swedish comes first in doubt.
pub(super) fn prefers_english(query: Option<&str>, headers: &HeaderMap) -> bool {
    if let Some(language) = sole("lang", query) {
        return language.eq_ignore_ascii_case("en");
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
