//! `/v1/questions`: the questions of every instrument with the measure that each counts for.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, answer, selection};

pub(super) static ROUTE: Route = Route {
    path: "/v1/questions",
    operation: "list_questions",
    summary: ["frågor med text, skala och riktning", "questions with text, scale and direction"],
    example: "/v1/questions?indicator=sense-needs",
    parameters: &["instrument", "indicator", "question"],
    answer: Answer::Table("questions"),
    handler: || get(list_questions),
};

async fn list_questions(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        selection::of_table(edition, "questions", parameters, ROUTE.parameters)
    })
    .await
}
