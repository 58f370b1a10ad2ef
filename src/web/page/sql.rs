//! The page for queries in SQL: a form, its result, worked examples, functions and tables; running is `query`'s.

use askama::Template;

use super::{NoPage, Site};
use crate::{
    definition,
    encode::{Grid, Value},
    query::{self, Over, ROWS_SHOWN},
    web::{Docs, EditionLine, Shell, Words},
};

/// Characters that a form may send in an address, with room for the rest of it.
const TEXT_MAX: usize = 2_500;

/// Characters of a query that name its page.
const NAME_MAX: usize = 60;

/// What became of a query.
#[derive(Debug)]
pub enum SqlOutcome {
    /// Its first rows, and how many there are in all.
    Rows {
        /// The first rows.
        grid: Grid,
        /// Rows in all.
        rows: usize,
    },
    /// Why it was not run.
    Refused(String),
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "sql.html", config = "src/web/askama.toml")]
pub struct SqlPage {
    shell: Shell,
    words: Words,
    action: &'static str,
    sql: String,
    fields: Vec<(String, String)>,
    text_max: usize,
    refusal: Option<String>,
    result: Option<Result>,
    examples: Vec<Example>,
    functions: Vec<Functions>,
    tables: Vec<(String, String)>,
    docs: &'static str,
    address: String,
}

/// Rows as they are shown.
#[derive(Debug)]
struct Result {
    said: String,
    columns: Vec<(String, bool)>,
    rows: Vec<Vec<(String, bool)>>,
    files: Vec<(String, &'static str)>,
    call: String,
}

/// A worked example.
#[derive(Debug)]
struct Example {
    id: String,
    title: String,
    text: String,
    sql: String,
    address: String,
}

/// Functions over the same.
#[derive(Debug)]
struct Functions {
    heading: String,
    listed: Vec<(&'static str, &'static str)>,
}

/// Formats that a result is offered in.
const FILES: [(&str, &str); 4] = [("csv", "CSV"), ("xlsx", "XLSX"), ("parquet", "Parquet"), ("json", "JSON")];

impl SqlPage {
    /// The addresses of the page in Swedish and in English.
    pub const ADDRESSES: [&'static str; 2] = ["/data/sql", "/en/data/sql"];

    /// Where a query is run with the values of its parameters.
    pub(super) fn address(words: Words, sql: &str, values: &[(&str, &str)]) -> String {
        let values: Vec<(String, String)> =
            values.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
        format!("{}?{}", Self::ADDRESSES[super::at(words)], asked(sql, &in_order(sql, &values)))
    }

    /// The page with a query, the values of its parameters and what became of it.
    pub fn html(
        site: &Site<'_>,
        sql: &str,
        values: &[(String, String)],
        outcome: Option<&SqlOutcome>,
        words: Words,
    ) -> std::result::Result<String, NoPage> {
        let at = super::at(words);
        let values = &in_order(sql, values);
        let query = if sql.is_empty() { String::new() } else { format!("?{}", asked(sql, values)) };
        let (result, refusal) = match outcome {
            None => (None, None),
            Some(SqlOutcome::Refused(told)) => (None, Some(told.clone())),
            Some(SqlOutcome::Rows { grid, rows }) => (Some(result(site, sql, values, grid, *rows, words)), None),
        };
        let title = match outcome {
            None => words.say("sql-title"),
            Some(_) => words.with("sql-title-of", "query", named(sql, values, words)),
        };
        let first = query::examples().first();
        let (sql, fields) = match first {
            Some(first) if sql.is_empty() => (first.sql.clone(), fields(&first.sql, &first.parameters)),
            _ => (sql.to_owned(), fields(sql, values)),
        };
        let page = Self {
            shell: Shell {
                words,
                title,
                addresses: Self::ADDRESSES.map(|address| format!("{address}{query}")),
                canonical: None,
                notice: site.edition.meta.notice.clone(),
                edition: Some(EditionLine::new(&site.edition.meta)),
            },
            words,
            action: Self::ADDRESSES[at],
            sql,
            fields,
            text_max: TEXT_MAX,
            refusal,
            result,
            examples: query::examples().iter().map(|own| example(own, words)).collect(),
            functions: [
                (Over::Row, "sql-over-row"),
                (Over::Group, "sql-over-group"),
                (Over::Window, "sql-over-window"),
            ]
            .map(|(over, key)| functions(over, words.say(key), at))
            .into(),
            tables: tables(site, words),
            docs: Docs::ADDRESSES[at],
            address: format!("{}/v1/sql", site.base),
        };
        Ok(page.render()?)
    }
}

/// What a query is called among others: as the example that it is, or by its beginning, with the values of its parameters.
fn named(sql: &str, values: &[(String, String)], words: Words) -> String {
    let example = query::examples().iter().find(|own| own.sql.trim() == sql.trim());
    let name = example.map_or_else(
        || {
            let text = sql.split_whitespace().collect::<Vec<_>>().join(" ");
            match text.char_indices().nth(NAME_MAX) {
                Some((end, _)) => format!("{} …", text[..end].trim_end()),
                None => text,
            }
        },
        |own| words.of(&own.title).to_owned(),
    );
    let values: Vec<String> = values.iter().map(|(name, value)| format!("{name} = {value}")).collect();
    if values.is_empty() { name } else { format!("{name} ({})", values.join(", ")) }
}

/// A query with its parameters as the query of an address.
fn asked(sql: &str, values: &[(String, String)]) -> String {
    url::form_urlencoded::Serializer::new(String::new()).append_pair("q", sql).extend_pairs(values).finish()
}

/// Values in the order in which the query names their parameters, so that one question has one address; what it does not name
/// comes last.
fn in_order(sql: &str, values: &[(String, String)]) -> Vec<(String, String)> {
    let names = query::parameters(sql);
    let mut values = values.to_vec();
    values.sort_by_key(|(name, _)| names.iter().position(|own| own == name).unwrap_or(names.len()));
    values
}

/// A field for each parameter that the query names, with the value given.
fn fields(sql: &str, values: &[(String, String)]) -> Vec<(String, String)> {
    let value =
        |name: &str| values.iter().find(|(own, _)| own == name).map_or_else(String::new, |(_, value)| value.clone());
    query::parameters(sql).into_iter().map(|name| (name.clone(), value(&name))).collect()
}

fn result(site: &Site<'_>, sql: &str, values: &[(String, String)], grid: &Grid, rows: usize, words: Words) -> Result {
    let is_number = |value: &Value| matches!(value, Value::Whole(_) | Value::Number(_));
    let numbers: Vec<bool> = (0..grid.columns.len())
        .map(|at| {
            grid.rows.iter().any(|row| is_number(&row[at]))
                && grid.rows.iter().all(|row| is_number(&row[at]) || row[at] == Value::Null)
        })
        .collect();
    let text = |value: &Value| match value {
        Value::Null => "–".to_owned(),
        Value::Flag(flag) => words.say(if *flag { "sql-true" } else { "sql-false" }),
        // as they are, since they may be years, codes and numbers to compute with
        other => other.to_string(),
    };
    let query = asked(sql, values);
    let said = if rows > grid.rows.len() {
        let all = words.number(rows as f64);
        words.with_all("sql-first-rows", [("shown", (ROWS_SHOWN as i64).into()), ("all", all.into())])
    } else {
        words.counted("sql-rows", rows as i64)
    };
    Result {
        said,
        columns: grid.columns.iter().map(ToString::to_string).zip(numbers.iter().copied()).collect(),
        rows: grid.rows.iter().map(|row| row.iter().map(text).zip(numbers.iter().copied()).collect()).collect(),
        files: FILES.map(|(format, name)| (format!("/v1/sql?{query}&format={format}"), name)).into(),
        call: format!("{}/v1/sql?{query}", site.base),
    }
}

fn example(own: &query::Example, words: Words) -> Example {
    Example {
        id: own.name.clone(),
        title: words.of(&own.title).to_owned(),
        text: words.of(&own.text).to_owned(),
        sql: own.sql.clone(),
        address: format!(
            "{}?{}",
            SqlPage::ADDRESSES[super::at(words)],
            asked(&own.sql, &in_order(&own.sql, &own.parameters))
        ),
    }
}

fn functions(over: Over, heading: String, at: usize) -> Functions {
    let own = query::FUNCTIONS.iter().filter(|own| own.over == over);
    Functions { heading, listed: own.map(|own| (own.form, own.text[at])).collect() }
}

/// Tables and views with their titles.
fn tables(site: &Site<'_>, words: Words) -> Vec<(String, String)> {
    let own = site.edition.release.tables.keys().cloned().chain(query::views().map(str::to_owned));
    own.filter_map(|name| definition::table(&name).map(|own| (name, words.of(&own.title).to_owned()))).collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_are_what_the_query_names_and_addresses_have_its_order() {
        let sql = "select a::int, :year from t where b = :group_id and c = 'no:no' and d = :year -- :none";
        let values = [("group_id", "all"), ("other", "1"), ("year", "2020")];
        let values = values.map(|(name, value)| (name.to_owned(), value.to_owned()));
        let pairs = |pairs: Vec<(String, String)>| -> Vec<String> {
            pairs.into_iter().map(|(name, value)| format!("{name}={value}")).collect()
        };
        assert_eq!(pairs(fields(sql, &values[..1])), ["year=", "group_id=all"]);
        assert_eq!(pairs(in_order(sql, &values)), ["year=2020", "group_id=all", "other=1"]);
        assert!(fields("select 'open", &values).is_empty());
    }
}
