//! `/data/sql` and `/en/data/sql`: a query in SQL written, run and shown in a browser.

use std::sync::Arc;

use axum::{
    Router,
    body::Bytes,
    extract::State,
    http::{HeaderMap, HeaderValue, Uri, header},
    response::{IntoResponse as _, Response},
    routing::get,
};

use crate::{
    http::{
        App, Problem, ProblemKind, answer,
        queried::{self, Asked},
    },
    model::Language,
    query,
    web::{self, SqlOutcome, SqlPage, Words},
};

pub(super) fn mounted(mut router: Router<App>) -> Router<App> {
    for (language, path) in Language::ALL.into_iter().zip(SqlPage::ADDRESSES) {
        let words = Words { language };
        let show = move |State(app): State<App>, uri: Uri, headers: HeaderMap| async move {
            shown(&app, &uri, &headers, words).await
        };
        router = router.route(path, get(show));
    }
    router
}

async fn shown(app: &App, uri: &Uri, headers: &HeaderMap, words: Words) -> Result<Response, Problem> {
    let mut asked = Asked::read(uri)?;
    // forms end their lines with both
    asked.sql = asked.sql.replace("\r\n", "\n");
    let served = app.served()?;
    let fields = super::fields(&web::POLICY, words);
    if asked.sql.trim().is_empty() {
        return answer::of_edition(app, uri, headers, (web::CONTENT_TYPE, fields), |edition| {
            super::with_site(app, edition, |site| SqlPage::html(site, "", &[], None, words))
        });
    }
    let own = Arc::clone(&served);
    let decisive = format!("{}\n{}", SqlPage::ADDRESSES[words.language as usize], asked.decisive());
    let settled = !asked.may_read_log();
    let page = async |outcome: SqlOutcome| {
        let values: Vec<(String, String)> = values(uri);
        super::with_site(app, &own.edition, |site| SqlPage::html(site, &asked.sql, &values, Some(&outcome), words))
    };
    let made = async || {
        let answered = queried::answered(app, &own, &asked, query::ROWS, words.language).await?;
        let grid = answered.grid().ok_or_else(|| Problem::new(ProblemKind::Internal))?;
        Ok(Bytes::from(page(SqlOutcome::Rows { grid, rows: answered.rows }).await?))
    };
    match answer::page_of_query(&served, headers, &decisive, settled, fields.clone(), made).await {
        Ok(response) => Ok(response),
        // what is wrong with a query is said where it can be corrected
        Err(problem) => {
            let html = page(SqlOutcome::Refused(problem.told(words.language))).await?;
            let mut response = answer::html(html);
            *response.status_mut() = problem.into_response().status();
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
            response.headers_mut().extend(fields);
            Ok(response)
        }
    }
}

/// The query's own parameters as they were written.
fn values(uri: &Uri) -> Vec<(String, String)> {
    let pairs = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    pairs
        .filter(|(name, _)| !queried::OWN.contains(&&**name))
        .map(|(name, value)| (name.into_owned(), value.into_owned()))
        .collect()
}
