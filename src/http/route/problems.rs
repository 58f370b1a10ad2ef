//! `/problems/{code}`: what a problem's `type` leads to, a page for people.

use axum::{
    extract::Path,
    response::{Html, IntoResponse as _, Response},
    routing::get,
};

use super::{Route, headlines::unknown};
use crate::http::{PROBLEMS, Problem};

pub(super) const ROUTE: Route = Route {
    path: "/problems/{code}",
    summary: "what a problem means and what to do",
    example: "/problems/unknown-parameter",
    handler: || get(get_problem),
};

async fn get_problem(Path(code): Path<String>) -> Result<Response, Problem> {
    let Some(entry) = PROBLEMS.iter().find(|entry| entry.code == code) else { return Err(unknown("problem", &code)) };
    let page = format!(
        "<!doctype html>\n<html lang=\"sv\">\n<meta charset=\"utf-8\">\n<meta name=\"viewport\" content=\"width=device-width\">\n\
         <title>{0} – mognad</title>\n<main>\n<h1>{0}</h1>\n<p>{1}</p>\n<section lang=\"en\">\n<h2>{2}</h2>\n<p>{3}</p>\n</section>\n\
         <p>HTTP {4}</p>\n</main>\n</html>\n",
        entry.title[0],
        entry.remedy[0],
        entry.title[1],
        entry.remedy[1],
        entry.status.as_u16(),
    );
    Ok(Html(page).into_response())
}
