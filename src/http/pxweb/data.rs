//! `/tables/{id}/data`: chosen figures, by GET and by POST with the same bytes.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::{Path, State, rejection::BytesRejection},
    http::{HeaderMap, Method, Uri, header},
    response::Response,
    routing::{get, post},
};
use serde::Deserialize;

use super::{
    PxRoute,
    answer::{self, Begun, Made},
    chosen::{Choice, Chosen, Request},
    output::{self, Wanted},
    parameter::{self, Asked},
    problem::PxProblem,
};
use crate::http::{App, Problem, ProblemKind, Served};

/// Problems of both methods.
const PROBLEMS: &[PxProblem] = &[
    PxProblem::UnsupportedLanguage,
    PxProblem::UnsupportedFormat,
    PxProblem::UnknownParameter,
    PxProblem::IllegalParameter,
    PxProblem::NonExistentVariable,
    PxProblem::NonExistentValue,
    PxProblem::NonExistentVariableCodelist,
    PxProblem::MissingSelection,
    PxProblem::IllegalExpression,
    PxProblem::IllegalPlacement,
    PxProblem::IllegalBody,
    PxProblem::TooManyCells,
    PxProblem::NonExistentTable,
];

/// Media types of data.
const MEDIA_TYPES: &[&str] = &[
    "application/json",
    "text/csv",
    "application/octet-stream",
    "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    "text/html",
    "application/vnd.apache.parquet",
];

pub(super) static GET: PxRoute = PxRoute {
    path: "/pxweb/api/v2/tables/{id}/data",
    method: Method::GET,
    operation: "GetTableData",
    summary: ["valda siffror ur en tabell", "chosen figures of a table"],
    example: "/pxweb/api/v2/tables/figures-digital-maturity/data?valuecodes%5Bgroup_id%5D=all&valuecodes%5BContentsCode%5D=mean\
              &valuecodes%5BTid%5D=TOP(3)",
    content: None,
    parameters: &[
        &parameter::LANG,
        &parameter::ID,
        &parameter::VALUE_CODES,
        &parameter::CODELIST,
        &parameter::OUTPUT_FORMAT,
        &parameter::OUTPUT_FORMAT_PARAMS,
        &parameter::HEADING,
        &parameter::STUB,
    ],
    media_types: MEDIA_TYPES,
    problems: PROBLEMS,
    handler: || get(get_table_data),
};

pub(super) static POST: PxRoute = PxRoute {
    path: "/pxweb/api/v2/tables/{id}/data",
    method: Method::POST,
    operation: "GetTableDataByPost",
    summary: [
        "valda siffror ur en tabell, med urvalet i JSON",
        "chosen figures of a table, with the selection in JSON",
    ],
    example: "/pxweb/api/v2/tables/figures-digital-maturity/data",
    content: Some(
        r#"{"selection":[{"variableCode":"ContentsCode","valueCodes":["mean"]},{"variableCode":"Tid","valueCodes":["TOP(3)"]}]}"#,
    ),
    parameters: &[&parameter::LANG, &parameter::ID, &parameter::OUTPUT_FORMAT, &parameter::OUTPUT_FORMAT_PARAMS],
    media_types: MEDIA_TYPES,
    problems: PROBLEMS,
    handler: || post(get_table_data_by_post),
};

/// Answers with more cells than these are made beside the threads that talk to clients.
const CELLS_ASIDE: usize = 20_000;

/// A selection as the specification has it.
#[derive(Debug, Default, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct Body {
    selection: Vec<BodyChoice>,
    placement: Option<BodyPlacement>,
}

#[derive(Debug, Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct BodyChoice {
    variable_code: String,
    #[serde(alias = "codeList")]
    codelist: Option<String>,
    #[serde(alias = "valuecodes")]
    value_codes: Option<Vec<String>>,
}

#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
struct BodyPlacement {
    heading: Option<Vec<String>>,
    stub: Option<Vec<String>>,
}

async fn get_table_data(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
) -> Result<Response, Problem> {
    match answer::begin(&app, &uri, &headers, None)? {
        Begun::Ready(response) => Ok(response),
        Begun::Fresh(fresh) => {
            let asked = Asked::read(uri.query(), GET.parameters)?;
            let made = made(&app, &fresh.served, &id, &asked, asked_for(&asked)).await?;
            fresh.finish(&headers, made)
        }
    }
}

async fn get_table_data_by_post(
    State(app): State<App>,
    Path(id): Path<String>,
    uri: Uri,
    headers: HeaderMap,
    content: Result<Bytes, BytesRejection>,
) -> Result<Response, Problem> {
    // it came whole and is not too large, which was seen to before
    let content = content.map_err(|_| Problem::new(ProblemKind::BadRequest))?;
    let content_type = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    let media_type = content_type.split(';').next().unwrap_or_default().trim();
    if !content.is_empty() && !media_type.eq_ignore_ascii_case("application/json") {
        return Err(Problem::with(
            ProblemKind::UnsupportedMediaType,
            "Skicka urvalet som JSON, med Content-Type: application/json.",
            "Send the selection as JSON, with Content-Type: application/json.",
        ));
    }
    match answer::begin(&app, &uri, &headers, Some(&content))? {
        Begun::Ready(response) => Ok(response),
        Begun::Fresh(fresh) => {
            let asked = Asked::read(uri.query(), POST.parameters)?;
            let made = made(&app, &fresh.served, &id, &asked, read(&content)?).await?;
            fresh.finish(&headers, made)
        }
    }
}

/// What a query asks for.
fn asked_for(asked: &Asked) -> Request {
    let mut request =
        Request { choices: Vec::new(), heading: asked.list(&parameter::HEADING), stub: asked.list(&parameter::STUB) };
    for (variable, values) in asked.by_variable(&parameter::VALUE_CODES) {
        request.choices.push(Choice { variable: variable.to_owned(), list: None, values: Some(values) });
    }
    for (variable, list) in asked.by_variable(&parameter::CODELIST) {
        let list = list.into_iter().next();
        match request.choices.iter_mut().find(|choice| choice.variable.eq_ignore_ascii_case(variable)) {
            Some(choice) => choice.list = list,
            None => request.choices.push(Choice { variable: variable.to_owned(), list, values: None }),
        }
    }
    request
}

/// What a body asks for; an empty one asks for nothing in particular.
fn read(content: &[u8]) -> Result<Request, Problem> {
    if content.is_empty() {
        return Ok(Request::default());
    }
    let body: Body = serde_json::from_slice(content).map_err(|error| illegal(&error))?;
    let choice = |own: BodyChoice| Choice {
        variable: own.variable_code,
        list: own.codelist.filter(|list| !list.trim().is_empty()),
        // a code list without values is taken whole, and a variable without either is not chosen
        values: own.value_codes,
    };
    let placement = body.placement.unwrap_or(BodyPlacement { heading: None, stub: None });
    Ok(Request {
        choices: body.selection.into_iter().map(choice).collect(),
        heading: placement.heading.unwrap_or_default(),
        stub: placement.stub.unwrap_or_default(),
    })
}

/// What is wrong with a body: the reader's own words about its form, and where.
fn illegal(error: &serde_json::Error) -> Problem {
    const FORM: &str = r#"{"selection": [{"variableCode": "Tid", "valueCodes": ["TOP(1)"], "codelist": null}], "placement": {"heading": [], "stub": []}}"#;
    let (line, column) = (error.line(), error.column());
    PxProblem::IllegalBody.because(
        format!("Urvalet kan inte läsas vid rad {line}, tecken {column}. Det ska ha formen {FORM} och inga andra medlemmar."),
        format!("The selection cannot be read at line {line}, column {column}. It has to have the form {FORM} and no other members."),
    )
}

/// The answer to a request for data.
async fn made(app: &App, served: &Arc<Served>, id: &str, asked: &Asked, request: Request) -> Result<Made, Problem> {
    let wanted = Wanted::read(asked)?;
    let table = served.pxweb().find(id).ok_or(PxProblem::NonExistentTable)?;
    let chosen = Chosen::of(table, &request, app.data_cells_max())?;
    if chosen.cells() <= CELLS_ASIDE {
        return output::write(served, table, &chosen, &wanted);
    }
    let (served, id) = (Arc::clone(served), id.to_owned());
    let aside = tokio::task::spawn_blocking(move || {
        let table = served.pxweb().find(&id).ok_or(PxProblem::NonExistentTable)?;
        output::write(&served, table, &chosen, &wanted)
    });
    aside.await.map_err(|_| Problem::new(ProblemKind::Internal))?
}

#[cfg(test)]
mod tests {
    use super::*;

    fn shown(request: &Request) -> String {
        let choices = request.choices.iter().map(|own| format!("{} {:?} {:?}", own.variable, own.list, own.values));
        format!("{} / {:?} / {:?}", choices.collect::<Vec<_>>().join(", "), request.heading, request.stub)
    }

    #[test]
    fn a_query_and_a_body_ask_for_the_same() {
        let query = "valueCodes[Tid]=2019,TOP(1)&codelist[group_id]=vs_a&valuecodes[group_id]=*&codeList[indicator]=vs_b\
                     &valuecodes[role]=&heading=Tid&stub=group_id,indicator";
        let asked = Asked::read(Some(query), GET.parameters).unwrap();
        let body = br#"{"selection": [
            {"variableCode": "Tid", "valueCodes": ["2019", "TOP(1)"]},
            {"variableCode": "group_id", "valueCodes": ["*"], "codelist": "vs_a"},
            {"variableCode": "role", "valueCodes": [], "codelist": null},
            {"variableCode": "indicator", "codeList": "vs_b"}
        ], "placement": {"heading": ["Tid"], "stub": ["group_id", "indicator"]}}"#;
        assert_eq!(shown(&asked_for(&asked)), shown(&read(body).unwrap()));
        assert_eq!(shown(&read(b"").unwrap()), shown(&Request::default()));
        assert_eq!(shown(&read(br#"{"selection":[]}"#).unwrap()), shown(&Request::default()));
    }

    #[test]
    fn a_body_of_another_form_is_refused() {
        for body in [
            "{}",
            "[]",
            "null",
            "{\"selection\":",
            "{\"selection\":[],\"query\":1}",
            "{\"selection\":[{\"code\":\"Tid\"}]}",
            "{\"selection\":[{\"variableCode\":\"Tid\",\"valueCodes\":\"2020\"}]}",
            "{\"selection\":[{\"variableCode\":\"Tid\",\"valueCodes\":[2020]}]}",
            "{\"selection\":[],\"placement\":{\"top\":[]}}",
        ] {
            assert!(read(body.as_bytes()).is_err(), "{body}");
        }
    }
}
