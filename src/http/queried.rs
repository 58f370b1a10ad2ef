//! Queries in SQL as requests ask them: their text and parameters, their way to the workers, and what a refusal is told as.

use std::sync::Arc;

use axum::http::{HeaderMap, Uri, header};
use serde::Deserialize;

use super::{
    App, Problem, ProblemKind,
    parameter::{self, invalid},
    served::Served,
};
use crate::{
    encode::{self, Format},
    model::Language,
    query::{self, Answered, Code, NotAnswered, Parameter, Parameters, Question, Refusal, Tables},
};

/// Parameters of the request; every other name is one of the query's own.
pub(super) const OWN: [&str; 4] = ["q", "format", "lang", "release"];

/// Characters of the name of a query's own parameter at most.
const NAME_MAX: usize = 40;

/// A query as it is asked.
#[derive(Debug, Default)]
pub(super) struct Asked {
    pub(super) sql: String,
    pub(super) parameters: Parameters,
    pub(super) release: Option<String>,
}

/// A query with its parameters as a document.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct Body {
    q: String,
    #[serde(default)]
    parameters: Parameters,
}

impl Asked {
    /// Reads an address, which has the query's text too unless a body has it.
    pub(super) fn read(uri: &Uri) -> Result<Self, Problem> {
        let mut asked = Self::default();
        let mut seen: Vec<String> = Vec::new();
        for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
            if name.contains('\u{fffd}') || value.contains('\u{fffd}') {
                return Err(Problem::with(
                    ProblemKind::InvalidParameter,
                    "Frågan är inte kodad som UTF-8: skriv å som %C3%A5.",
                    "The query is not encoded as UTF-8: write å as %C3%A5.",
                ));
            }
            if seen.iter().any(|own| *own == *name) {
                return Err(Problem::with(
                    ProblemKind::InvalidParameter,
                    format!("Parametern {name} anges mer än en gång."),
                    format!("The parameter {name} is given more than once."),
                ));
            }
            seen.push(name.clone().into_owned());
            match &*name {
                "q" => asked.sql = value.into_owned(),
                own if OWN.contains(&own) => {
                    if let Some(text) =
                        parameter::described(own).filter(|text| own != "format" && !text.accepts(&value))
                    {
                        return Err(invalid(text));
                    }
                    if own == "release" {
                        asked.release = Some(value.into_owned());
                    }
                }
                own if is_name(own) => {
                    asked.parameters.insert(own.to_owned(), Parameter::read(&value));
                }
                other => return Err(parameter::unknown(other, &OWN, &[])),
            }
        }
        Ok(asked)
    }

    /// The same with a query from a body: as `application/sql`, or as a document with parameters.
    pub(super) fn with_body(mut self, headers: &HeaderMap, body: &[u8]) -> Result<Self, Problem> {
        let content_type = headers.get(header::CONTENT_TYPE).and_then(|own| own.to_str().ok()).unwrap_or_default();
        let media_type = content_type.split(';').next().unwrap_or_default().trim().to_ascii_lowercase();
        if !self.sql.is_empty() {
            return Err(Problem::with(
                ProblemKind::InvalidParameter,
                "Frågan står både i adressen och i innehållet. Skicka den på ett ställe.",
                "The query is both in the address and in the content. Send it in one place.",
            ));
        }
        let unreadable = || {
            Problem::with(
                ProblemKind::InvalidParameter,
                "Innehållet går inte att läsa. Skicka frågan som text i UTF-8, eller som {\"q\": \"select …\", \"parameters\": {}}.",
                "The content cannot be read. Send the query as text in UTF-8, or as {\"q\": \"select …\", \"parameters\": {}}.",
            )
        };
        match &*media_type {
            "application/sql" => {
                std::str::from_utf8(body).map_err(|_| unreadable())?.clone_into(&mut self.sql);
            }
            "application/json" => {
                let body: Body = serde_json::from_slice(body).map_err(|_| unreadable())?;
                self.sql = body.q;
                for (name, value) in body.parameters {
                    if !is_name(&name) || self.parameters.insert(name, value).is_some() {
                        return Err(unreadable());
                    }
                }
            }
            _ => {
                return Err(Problem::with(
                    ProblemKind::UnsupportedMediaType,
                    "Skicka frågan med Content-Type: application/sql, eller som application/json.",
                    "Send the query with Content-Type: application/sql, or as application/json.",
                ));
            }
        }
        Ok(self)
    }

    /// What tells the query from others.
    pub(super) fn decisive(&self) -> String {
        format!("/v1/sql {}\n{}", self.sql, serde_json::to_string(&self.parameters).unwrap_or_default())
    }

    /// Whether the log of releases, which goes on while a release is current, may be read. A name that stands nowhere in a text
    /// is not read; one that does may be.
    pub(super) fn may_read_log(&self) -> bool {
        self.sql.to_lowercase().contains("releases")
    }
}

fn is_name(name: &str) -> bool {
    let is_letter = |c: char| c.is_ascii_lowercase() || c == '_';
    (1..=NAME_MAX).contains(&name.len())
        && name.starts_with(is_letter)
        && name.chars().all(|c| is_letter(c) || c.is_ascii_digit())
        && !OWN.contains(&name)
}

/// A format for rows: a query's answer is no cube.
pub(super) fn format(uri: &Uri, headers: &HeaderMap) -> Result<&'static dyn Format, Problem> {
    let accept = parameter::accepted(headers);
    let found = encode::negotiate(parameter::sole("format", uri.query()).as_deref(), accept.as_deref());
    found.ok().filter(|format| !format.is_cube()).ok_or_else(|| Problem::new(ProblemKind::NotAcceptable))
}

/// Has a query answered by a worker.
pub(super) async fn answered(
    app: &App,
    served: &Arc<Served>,
    asked: &Asked,
    format: &str,
    language: Language,
) -> Result<Answered, Problem> {
    let Some(workers) = app.workers() else { return Err(Problem::new(ProblemKind::QueryFailed)) };
    let tables = Arc::clone(served.query_tables());
    let question =
        Question { sql: asked.sql.clone(), parameters: asked.parameters.clone(), format: format.to_owned(), language };
    let begun = std::time::Instant::now();
    let answered = workers.answer(tables, question).await;
    app.meter().queried(
        match &answered {
            Ok(_) => "answered",
            Err(NotAnswered::Refused(refusal)) => refusal.code.word(),
            Err(NotAnswered::Busy) => "busy",
            Err(NotAnswered::Failed) => "failed",
        },
        begun.elapsed(),
    );
    answered.map_err(|reason| match reason {
        NotAnswered::Refused(refusal) => problem(&refusal),
        NotAnswered::Busy => Problem::new(ProblemKind::Busy),
        NotAnswered::Failed => Problem::new(ProblemKind::QueryFailed),
    })
}

/// A refusal as it is told.
fn problem(refusal: &Refusal) -> Problem {
    let kind = match refusal.code {
        Code::TextLimit => ProblemKind::ContentTooLarge,
        code if code.is_limit() => ProblemKind::Limit,
        code if code.is_forbidden() => ProblemKind::QueryNotAllowed,
        _ => ProblemKind::QueryInvalid,
    };
    let place = refusal.place.map_or([String::new(), String::new()], |place| {
        [
            format!(" Rad {}, tecken {}.", place.line, place.column),
            format!(" Line {}, character {}.", place.line, place.column),
        ]
    });
    let [sv, en] = place;
    Problem::with(kind, format!("{}{sv}", refusal.text.sv), format!("{}{en}", refusal.text.en))
        .because(refusal.code.word(), refusal.place.map(|place| (place.line, place.column)))
}

/// The tables of an edition, made once.
pub(super) type QueryTables = std::sync::OnceLock<Arc<Tables>>;

/// Queries for listeners of other protocols than HTTP, over whatever edition is current.
#[derive(Debug, Clone)]
pub struct Queries(App);

/// Why a query was not answered, in English.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Told {
    /// The reason's stable code, or that of the problem.
    pub code: &'static str,
    /// What is wrong and what to do.
    pub text: String,
    /// Line and character, from 1.
    pub place: Option<(u64, u64)>,
}

impl Queries {
    /// Queries of an application.
    pub fn of(app: &App) -> Self {
        Self(app.clone())
    }

    /// Has a query answered in a format that holds rows.
    pub async fn answer(&self, sql: &str, parameters: &Parameters, format: &str) -> Result<Vec<u8>, Told> {
        let told = |problem: Problem| problem.as_told();
        let served = self.0.served().map_err(told)?;
        let asked = Asked { sql: sql.to_owned(), parameters: parameters.clone(), release: None };
        let answered = answered(&self.0, &served, &asked, format, Language::En).await.map_err(told)?;
        Ok(answered.body)
    }

    /// Tables of the current edition and views over them; whether each is a view.
    pub fn tables(&self) -> Vec<(String, bool)> {
        let Ok(served) = self.0.served() else { return Vec::new() };
        let tables = served.edition.release.tables.keys().map(|name| (name.clone(), false));
        tables.chain(query::views().map(|name| (name.to_owned(), true))).collect()
    }
}
