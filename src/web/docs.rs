//! The page about the API: its resources, columns, formats, problems and limits, from the very lists that the API is made of.

use askama::Template;

use super::{EditionLine, PageError, Shell, Words};
use crate::{
    definition::{self, ColumnText, Kind, Publisher, TableText},
    encode::{FORMATS, LICENCE, Meta, camel_case},
    http::{Form, HEADINGS, Key, Limit, PARAMETERS, PROBLEMS, ParameterText, ROUTES, Route, heading, openapi},
    model::{Language, Text},
};

/// What the page is made from beside the lists.
#[derive(Debug)]
pub struct Sources<'a> {
    /// Who publishes.
    pub publisher: &'a Publisher,
    /// The limits in force.
    pub limits: Vec<Limit>,
    /// The address that examples begin with.
    pub base: String,
    /// Names of the tables that the current release has.
    pub tables: Vec<String>,
    /// The current release, where there is one.
    pub release: Option<&'a Meta>,
}

/// The page.
#[derive(Debug, Template)]
#[template(path = "docs.html", config = "src/web/askama.toml")]
pub struct Docs<'a> {
    shell: Shell,
    sources: Sources<'a>,
    headings: Vec<Listed>,
    common: Vec<Parameter>,
    tables: Vec<TableView>,
}

/// Resources under a heading.
#[derive(Debug)]
struct Listed {
    name: &'static str,
    text: &'static str,
    resources: Vec<Resource>,
}

/// A resource.
#[derive(Debug)]
struct Resource {
    route: &'static Route,
    summary: String,
    parameters: Vec<Parameter>,
    /// The table that its rows are described in: id and title.
    table: Option<(&'static str, &'static str)>,
}

/// A parameter.
#[derive(Debug)]
struct Parameter {
    name: &'static str,
    text: &'static str,
    /// The only values that there can be, or the least and the greatest.
    values: String,
    example: String,
}

/// A table in one language.
#[derive(Debug)]
struct TableView {
    id: &'static str,
    title: &'static str,
    text: &'static str,
    has_file: bool,
    columns: Vec<Column>,
}

/// A column in one language.
#[derive(Debug)]
struct Column {
    name: &'static str,
    json: String,
    title: &'static str,
    kind: &'static str,
    unit: String,
    text: &'static str,
    values: String,
    is_key: bool,
    is_optional: bool,
}

impl<'a> Docs<'a> {
    /// The addresses of the page in Swedish and in English.
    pub const ADDRESSES: [&'static str; 2] = ["/docs", "/en/docs"];

    /// The page in a language.
    pub fn new(language: Language, sources: Sources<'a>) -> Self {
        let title = pick(language, ["API-dokumentation", "API documentation"]);
        let notice = sources.release.and_then(|release| release.notice.clone());
        let shell = Shell {
            words: Words { language },
            title: title.to_owned(),
            addresses: Self::ADDRESSES.map(str::to_owned),
            canonical: None,
            notice,
            edition: sources.release.map(EditionLine::new),
        };
        let headings = HEADINGS
            .iter()
            .map(|own| Listed {
                name: pick(language, own.name),
                text: pick(language, own.text),
                resources: ROUTES
                    .iter()
                    .filter(|route| std::ptr::eq(heading(route), own))
                    .map(|route| resource(language, route))
                    .collect(),
            })
            .collect();
        // those of every resource with rows are told once
        let common =
            PARAMETERS.iter().filter(|text| is_common(text.name)).map(|text| parameter(language, text)).collect();
        let tables = definition::tables()
            .iter()
            .map(|table| {
                let has_file = sources.tables.contains(&table.id);
                view(language, table, has_file)
            })
            .collect();
        Self { shell, sources, headings, common, tables }
    }

    /// The page as HTML.
    pub fn html(&self) -> Result<String, PageError> {
        Ok(self.render()?)
    }

    fn of<'t>(&self, text: &'t Text) -> &'t str {
        self.shell.words.language.of(text)
    }

    fn pick(&self, texts: &[&'static str; 2]) -> &'static str {
        pick(self.shell.words.language, *texts)
    }
}

fn pick(language: Language, [sv, en]: [&'static str; 2]) -> &'static str {
    match language {
        Language::Sv => sv,
        Language::En => en,
    }
}

fn is_common(name: &str) -> bool {
    ["format", "lang", "limit", "page", "release"].contains(&name)
}

fn resource(language: Language, route: &'static Route) -> Resource {
    let in_path = route.path.split('{').skip(1).filter_map(|part| Some(part.split_once('}')?.0));
    let names = in_path.chain(route.parameters.iter().copied());
    let texts = names.filter_map(|name| PARAMETERS.iter().find(|text| text.name == name));
    let examples = openapi::examples(route);
    let own = |text: &'static ParameterText| {
        let mut own = parameter(language, text);
        if text.name == "format" {
            own.values = openapi::formats(route).join(", ");
        }
        if let Some((_, _, value)) = examples.iter().find(|(name, ..)| *name == text.name) {
            own.example.clone_from(value);
        }
        own
    };
    let summary = pick(language, route.summary);
    let mut letters = summary.chars();
    let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
    let table = route.table().and_then(definition::table);
    Resource {
        route,
        summary: format!("{first}{}.", letters.as_str()),
        parameters: texts.map(own).collect(),
        table: table.map(|table| (table.id.as_str(), language.of(&table.title))),
    }
}

fn parameter(language: Language, text: &'static ParameterText) -> Parameter {
    let values = match text.form {
        Form::Whole(most) => format!("1–{most}"),
        Form::Number(most) => format!("0–{most}"),
        // there are many, and they have a list of their own
        Form::OneOf(_) if text.name == "code" => String::new(),
        Form::OneOf(words) => words().join(", "),
        Form::Day | Form::Pattern(_) => String::new(),
    };
    Parameter { name: text.name, text: pick(language, text.text), values, example: text.example.to_owned() }
}

fn view(language: Language, table: &'static TableText, has_file: bool) -> TableView {
    TableView {
        id: &table.id,
        title: language.of(&table.title),
        text: language.of(&table.text),
        has_file,
        columns: table.columns.iter().map(|(name, text)| column(language, table, name, text)).collect(),
    }
}

fn column(language: Language, table: &TableText, name: &'static str, text: &'static ColumnText) -> Column {
    let kind = match text.kind {
        Kind::Text => ["text", "text"],
        Kind::Whole => ["heltal", "whole number"],
        Kind::Number => ["tal", "number"],
        Kind::Flag => ["sant eller falskt", "true or false"],
    };
    // the one text of all columns whose name ends with a number
    let json = name.strip_suffix("_N").map_or_else(|| camel_case(name), |stem| camel_case(stem) + "N");
    Column {
        name,
        json,
        title: language.of(&text.title),
        kind: pick(language, kind),
        unit: text.unit.map_or_else(String::new, |unit| language.of(&unit.name()).to_owned()),
        text: language.of(&text.text),
        values: text.values.join(", "),
        is_key: table.key.iter().any(|own| own == name),
        is_optional: table.optional.iter().any(|own| own == name),
    }
}
