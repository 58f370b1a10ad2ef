//! `/v1/answers`: how single questions were answered, by role and group; published where twenty organisations or more count.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{App, Problem, answer, selection};

pub(super) static ROUTE: Route = Route {
    path: "/v1/answers",
    operation: "list_answers",
    summary: ["svaren på enskilda frågor efter roll och grupp", "answers to single questions by role and group"],
    example: "/v1/answers?question=q01&role=all&year=last(1)",
    parameters: &["instrument", "question", "role", "group", "year"],
    answer: Answer::Table("answers_by_group"),
    handler: || get(list_answers),
};

async fn list_answers(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    answer::tabular(&app, &uri, &headers, &ROUTE, |edition, parameters| {
        selection::of_table(edition, "answers_by_group", parameters, ROUTE.parameters)
    })
    .await
}
