//! `/problems/{code}`: what a problem's `type` leads to, a page for people.

use axum::{
    extract::Path,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::{
    http::{Problem, answer, parameter::Parameters, problem, unknown},
    web::ProblemPage,
};

pub(super) static ROUTE: Route = Route {
    path: "/problems/{code}",
    operation: "get_problem",
    summary: ["vad ett problem betyder och vad man gör", "what a problem means and what to do"],
    example: "/problems/unknown-parameter",
    parameters: &[],
    answer: Answer::Page,
    handler: || get(get_problem),
};

async fn get_problem(Path(code): Path<String>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    let Some(entry) = problem::every().find(|entry| entry.code == code) else { return Err(unknown("problem", &code)) };
    let page = ProblemPage::new(entry.code, entry.status.as_u16(), entry.title, entry.remedy);
    answer::page(&headers, None, page.html())
}
