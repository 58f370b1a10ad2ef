//! `/tables` and `/tables/{id}`: which tables there are, searched and by page.

use axum::{
    extract::{Path, State},
    http::{HeaderMap, Method, Uri},
    response::Response,
    routing::get,
};
use jiff::{SignedDuration, Timestamp};
use serde::Serialize;
use serde_json::json;
use unicode_normalization::UnicodeNormalization as _;

use super::{
    PxRoute,
    answer::{self, Made},
    link::{Link, link},
    parameter,
    problem::PxProblem,
    table::{Table, Variable},
};
use crate::{
    encode::Meta,
    http::{App, Problem},
    model::Language,
};

pub(super) static ROUTE: PxRoute = PxRoute {
    path: "/pxweb/api/v2/tables",
    method: Method::GET,
    operation: "ListAllTables",
    summary: ["tabeller, sökta och sidvis", "tables, searched and by page"],
    example: "/pxweb/api/v2/tables?query=kommuner",
    content: None,
    parameters: &[
        &parameter::LANG,
        &parameter::QUERY,
        &parameter::PAST_DAYS,
        &parameter::INCLUDE_DISCONTINUED,
        &parameter::PAGE_NUMBER,
        &parameter::PAGE_SIZE,
    ],
    media_types: &["application/json"],
    problems: &[
        PxProblem::UnsupportedLanguage,
        PxProblem::UnknownParameter,
        PxProblem::IllegalParameter,
        PxProblem::NonExistentPage,
    ],
    handler: || get(list_all_tables),
};

pub(super) static ONE: PxRoute = PxRoute {
    path: "/pxweb/api/v2/tables/{id}",
    method: Method::GET,
    operation: "GetTableById",
    summary: ["en tabell", "a table"],
    example: "/pxweb/api/v2/tables/figures-digital-maturity",
    content: None,
    parameters: &[&parameter::LANG, &parameter::ID],
    media_types: &["application/json"],
    problems: &[
        PxProblem::UnsupportedLanguage,
        PxProblem::UnknownParameter,
        PxProblem::IllegalParameter,
        PxProblem::NonExistentTable,
    ],
    handler: || get(get_table_by_id),
};

/// Tables of a page unless told.
const PAGE_SIZE: u64 = 20;

/// A table as the specification describes it.
#[derive(Serialize)]
#[serde(rename_all = "camelCase")]
struct Entry<'a> {
    #[serde(skip_serializing_if = "Option::is_none")]
    language: Option<&'static str>,
    id: &'a str,
    label: String,
    description: &'a str,
    updated: String,
    first_period: &'a str,
    last_period: &'a str,
    category: &'static str,
    variable_names: Vec<&'a str>,
    discontinued: bool,
    source: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    subject_code: Option<&'a str>,
    time_unit: &'static str,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    paths: Vec<Vec<serde_json::Value>>,
    links: Vec<Link>,
}

fn entry<'a>(table: &'a Table, meta: &'a Meta, language: Language, is_alone: bool) -> Entry<'a> {
    let (first_period, last_period) = table.period();
    let path = table.instrument.as_ref().map(|(id, name)| vec![json!({ "id": **id, "label": language.of(name) })]);
    let at = |rel, end: &str| link(rel, &format!("tables/{}{end}", table.id), "", language);
    Entry {
        language: is_alone.then(|| language.tag()),
        id: &table.id,
        label: language.of(&table.title_by(&table.variables.iter())).to_owned(),
        description: language.of(&table.text.text),
        updated: updated(meta),
        first_period,
        last_period,
        category: "public",
        variable_names: table.variables.iter().map(|variable| language.of(&variable.name)).collect(),
        discontinued: false,
        source: language.of(&meta.source),
        subject_code: table.instrument.as_ref().map(|(id, _)| &**id),
        time_unit: "Annual",
        paths: path.into_iter().collect(),
        links: vec![
            at("self", ""),
            at("metadata", "/metadata"),
            at("data", "/data"),
            link("alternate", &format!("tables/{}", table.id), "", other(language)),
        ],
    }
}

fn other(language: Language) -> Language {
    if language == Language::Sv { Language::En } else { Language::Sv }
}

/// When the release was published, to the second.
pub(super) fn updated(meta: &Meta) -> String {
    let moment = meta.published_at.parse::<Timestamp>().unwrap_or_default();
    moment.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

async fn list_all_tables(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::get(&app, &uri, &headers, &ROUTE, |served, asked| {
        let (language, meta) = (asked.language, &served.edition.meta);
        let past_days = asked.whole(&parameter::PAST_DAYS);
        let words: Vec<String> = asked.one(&parameter::QUERY).map_or_else(Vec::new, words);
        let tables = served.pxweb().all().iter();
        let found: Vec<&Table> = tables
            .filter(|_| past_days.is_none_or(|days| is_within(meta, days)))
            .filter(|table| words.is_empty() || is_about(table, language, &words))
            .collect();
        let number = asked.whole(&parameter::PAGE_NUMBER).unwrap_or(1) as usize;
        let size = asked.whole(&parameter::PAGE_SIZE).unwrap_or(PAGE_SIZE) as usize;
        let pages = found.len().div_ceil(size).max(1);
        if number > pages {
            return Err(PxProblem::NonExistentPage.because(
                format!("Sidan {number} finns inte; den sista är {pages}."),
                format!("There is no page {number}; the last is {pages}."),
            ));
        }
        let pairs = uri.query().unwrap_or_default();
        let to = |rel, page: usize| {
            let kept = url::form_urlencoded::parse(pairs.as_bytes())
                .filter(|(key, _)| !key.eq_ignore_ascii_case("lang") && !key.eq_ignore_ascii_case("pageNumber"));
            let query = url::form_urlencoded::Serializer::new(String::new())
                .extend_pairs(kept)
                .append_pair("pageNumber", &page.to_string())
                .finish();
            link(rel, "tables", &format!("&{query}"), language)
        };
        let mut links = vec![to("self", number)];
        links.extend((number > 1).then(|| to("previous", number - 1)));
        links.extend((number < pages).then(|| to("next", number + 1)));
        links.push(to("last", pages));
        let shown: Vec<Entry> = found
            .iter()
            .skip((number - 1) * size)
            .take(size)
            .map(|table| entry(table, meta, language, false))
            .collect();
        let body = json!({
            "language": language.tag(),
            "tables": shown,
            "page": {
                "pageNumber": number,
                "pageSize": size,
                "totalElements": found.len(),
                "totalPages": pages,
                "links": links,
            },
            "links": [to("self", number)],
        });
        // what lies within some days of now changes with the days
        Ok(Made { is_passing: past_days.is_some(), ..Made::json(&body, language)? })
    })
}

async fn get_table_by_id(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    answer::get(&app, &uri, &headers, &ONE, |served, asked| {
        let table = served.pxweb().find(&id).ok_or(PxProblem::NonExistentTable)?;
        Made::json(&entry(table, &served.edition.meta, asked.language, true), asked.language)
    })
}

/// The words of a search, in the form in which they are compared; a star at either end stands for what is looked for anyway.
fn words(query: &str) -> Vec<String> {
    let words = query.split_whitespace().map(|word| folded(word.trim_matches(['*', '"'])));
    words.filter(|word| !word.is_empty()).collect()
}

fn folded(text: &str) -> String {
    text.nfc().collect::<String>().to_lowercase()
}

fn is_within(meta: &Meta, days: u64) -> bool {
    let moment = meta.published_at.parse::<Timestamp>().unwrap_or_default();
    let days = SignedDuration::from_hours(24 * i64::try_from(days).unwrap_or(i64::MAX / 24));
    Timestamp::now().duration_since(moment) <= days
}

/// Whether every word is in what is said of a table.
fn is_about(table: &Table, language: Language, words: &[String]) -> bool {
    let of = |variable: &Variable| {
        let values = variable.categories.iter().map(|own| format!("{} {}", own.code, language.of(&own.name)));
        let values = values.collect::<Vec<_>>().join(" ");
        format!("{} {} {values}", variable.code, language.of(&variable.name))
    };
    let variables = table.variables.iter().map(of).collect::<Vec<_>>().join(" ");
    let (title, text) = (language.of(&table.title), language.of(&table.text.text));
    let all = folded(&format!("{} {title} {text} {variables}", table.id));
    words.iter().all(|word| all.contains(word))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn searches_are_folded_into_words() {
        let check = |query: &str, expected: &[&str]| assert_eq!(words(query), expected, "{query}");
        check("Kommuner  LÄN", &["kommuner", "län"]);
        check("La\u{308}n", &["län"]);
        check("*mognad* \"index\"", &["mognad", "index"]);
        check(" * ", &[]);
    }
}
