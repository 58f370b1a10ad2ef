//! How a tabular resource answers: format, page, entity tag and the kept bytes of answers already given; rows come from `route`.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, Uri, header},
    response::Response,
};
use moka::sync::Cache;

use super::{App, Problem, ProblemKind, parameter::Parameters};
use crate::{
    disclosure::Sealed,
    encode::{self, Document, Grid, Page},
    figure::Edition,
    model::{Digest, OrganisationId},
    release,
    store::PublicStore,
};

/// What an answer's bytes depend on beside its address.
const VARY: &str = "Accept, Accept-Encoding, Accept-Language, Authorization";

/// An answer's bytes. A release never changes, so they are good for as long as it is current.
#[derive(Debug, Clone)]
struct Kept {
    body: Bytes,
    content_type: HeaderValue,
    tag: HeaderValue,
}

/// An edition with the answers already given from it.
#[derive(Debug)]
pub struct Served {
    /// The edition.
    pub edition: Edition,
    kept: Cache<(String, &'static str), Kept>,
    /// Where sealed results are read from; without it nobody has any.
    store: Option<PublicStore>,
}

impl Served {
    /// Prepares an edition for serving, with at most `bytes` of answers kept.
    pub fn new(edition: Edition, bytes: u64) -> Self {
        let weigh = |key: &(String, &'static str), kept: &Kept| {
            u32::try_from(key.0.len() + kept.body.len() + 128).unwrap_or(u32::MAX)
        };
        Self { edition, kept: Cache::builder().max_capacity(bytes).weigher(weigh).build(), store: None }
    }

    /// The same, with sealed results read from a store.
    pub fn with_sealed(self, store: PublicStore) -> Self {
        Self { store: Some(store), ..self }
    }

    /// An organisation's sealed results.
    pub(super) async fn own_results(&self, organisation: &OrganisationId) -> Result<Option<Sealed>, Problem> {
        let Some(store) = &self.store else { return Ok(None) };
        release::own_results(store, &self.edition.release.nonce, organisation).await.map_err(|error| {
            tracing::error!(%error, "sealed results cannot be read");
            Problem::new(ProblemKind::Internal)
        })
    }
}

/// Answers from rows: all of them, of which the page asked for is written in the format asked for.
pub(super) fn tabular(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    own: &[&str],
    rows: impl FnOnce(&Edition, &Parameters) -> Result<Grid, Problem>,
) -> Result<Response, Problem> {
    let served: Arc<Served> = app.served()?;
    let accept = headers.get(header::ACCEPT).map(|value| value.to_str().unwrap_or("unreadable"));
    let address = uri.path_and_query().map_or("", axum::http::uri::PathAndQuery::as_str);
    let named = format_in(uri.query());
    let format = encode::negotiate(named.as_deref(), accept).map_err(|_| Problem::new(ProblemKind::NotAcceptable))?;
    let key = (address.to_owned(), format.name());
    let kept = if let Some(kept) = served.kept.get(&key) {
        kept
    } else {
        let parameters = Parameters::read(uri.query(), own)?;
        let document = paged(&served.edition, &parameters, rows)?;
        let body = Bytes::from(format.encode(&document));
        // what is current, the log, address and format decide every byte of the answer
        let (current, log_length) = (&document.meta, served.edition.release.log_length);
        let decisive = format!("{} {} {log_length}\n{address}\n{}", current.release, current.sequence, format.name());
        let tag = Digest::of(decisive.as_bytes());
        let tag = HeaderValue::from_str(&format!("\"{}\"", &tag.as_str()[..32]))
            .map_err(|_| Problem::new(ProblemKind::Internal))?;
        let kept = Kept { body, content_type: HeaderValue::from_static(format.content_type()), tag };
        served.kept.insert(key, kept.clone());
        kept
    };
    Ok(respond(&served, headers, kept))
}

/// Answers the holder of a key: in the format asked for, never kept here or anywhere on the way.
pub(super) fn for_holder(
    served: &Served,
    uri: &Uri,
    headers: &HeaderMap,
    own: &[&str],
    rows: impl FnOnce(&Edition, &Parameters) -> Result<Grid, Problem>,
) -> Result<Response, Problem> {
    let accept = headers.get(header::ACCEPT).map(|value| value.to_str().unwrap_or("unreadable"));
    let format = encode::negotiate(format_in(uri.query()).as_deref(), accept)
        .map_err(|_| Problem::new(ProblemKind::NotAcceptable))?;
    let parameters = Parameters::read(uri.query(), own)?;
    let document = paged(&served.edition, &parameters, rows)?;
    let mut response = Response::new(Body::from(format.encode(&document)));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(format.content_type()));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    out.insert(header::VARY, HeaderValue::from_static(VARY));
    label(served, out);
    Ok(response)
}

/// The page asked for of the rows asked for.
fn paged(
    edition: &Edition,
    parameters: &Parameters,
    rows: impl FnOnce(&Edition, &Parameters) -> Result<Grid, Problem>,
) -> Result<Document, Problem> {
    let (limit, number) = parameters.page()?;
    let mut grid = rows(edition, parameters)?;
    let total = grid.rows.len();
    grid.rows = grid.rows.into_iter().skip((number - 1).saturating_mul(limit)).take(limit).collect();
    Ok(Document { grid, meta: edition.meta.clone(), page: Page { number, limit, total } })
}

/// Which release an answer comes from, and whether it is synthetic.
fn label(served: &Served, out: &mut HeaderMap) {
    if let Ok(release) = HeaderValue::from_str(served.edition.meta.release.as_str()) {
        out.insert("x-mognad-release", release);
    }
    if served.edition.meta.notice.is_some() {
        out.insert("x-mognad-synthetic", HeaderValue::from_static("true"));
    }
}

fn respond(served: &Served, headers: &HeaderMap, kept: Kept) -> Response {
    let known = headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|tag| tag == "*" || tag.as_bytes() == kept.tag.as_bytes());
    let mut response = Response::new(if known { Body::empty() } else { Body::from(kept.body) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let out = response.headers_mut();
    if !known {
        out.insert(header::CONTENT_TYPE, kept.content_type);
    }
    out.insert(header::ETAG, kept.tag);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("public, max-age=60"));
    out.insert(header::VARY, HeaderValue::from_static(VARY));
    label(served, out);
    response
}

fn format_in(query: Option<&str>) -> Option<String> {
    let query = query?;
    // most requests name no format, and need not be parsed to find that out
    if !query.contains("format") {
        return None;
    }
    url::form_urlencoded::parse(query.as_bytes()).find(|(key, _)| key == "format").map(|(_, name)| name.into_owned())
}
