//! `/v1/sql`: researchers' queries over the published tables, by GET and by POST with the same bytes.

use std::sync::Arc;

use axum::{
    body::Bytes,
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::http::{
    App, Problem, ProblemKind, answer,
    queried::{self, Asked},
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/sql",
    operation: "run_query",
    summary: [
        "en egen fråga i SQL över de publicerade tabellerna",
        "a query of one's own in SQL over the published tables",
    ],
    example: "/v1/sql?q=select+year%2C+mean+from+figures+where+indicator+%3D+%27index%27+and+group_id+%3D+%27all%27+and+year+%3E%3D+%3Ayear+order+by+instrument%2C+year&year=2018",
    parameters: &["q", "format", "lang", "release"],
    answer: Answer::Query,
    handler: || get(run_query).post(run_query_by_post),
};

async fn run_query(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let asked = Asked::read(&uri)?;
    queried::format(&uri, &headers)?;
    if asked.sql.is_empty() {
        return Err(Problem::with(
            ProblemKind::InvalidParameter,
            "Skriv frågan i q, till exempel /v1/sql?q=select 1, eller skicka den med POST som application/sql.",
            "Write the query in q, such as /v1/sql?q=select 1, or send it by POST as application/sql.",
        ));
    }
    ran(&app, &uri, &headers, asked).await
}

async fn run_query_by_post(
    State(app): State<App>,
    uri: Uri,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Response, Problem> {
    let asked = Asked::read(&uri)?.with_body(&headers, &body)?;
    ran(&app, &uri, &headers, asked).await
}

async fn ran(app: &App, uri: &Uri, headers: &HeaderMap, asked: Asked) -> Result<Response, Problem> {
    let format = queried::format(uri, headers)?;
    let language = answer::language(format, uri, headers);
    let served = app.served_in(asked.release.as_deref()).await?;
    let is_fixed = asked.release.as_deref() == Some(served.edition.meta.release.as_str());
    // of a release that is named, the log is read all the same
    let is_settled = !asked.may_read_log();
    let own = Arc::clone(&served);
    answer::queried(
        &served,
        headers,
        &asked.decisive(),
        (format, language),
        is_fixed && is_settled,
        is_settled,
        async || {
            let answered = queried::answered(app, &own, &asked, format.name(), language).await?;
            Ok(Bytes::from(answered.body))
        },
    )
    .await
}
