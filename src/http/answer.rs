//! How a tabular resource answers: release, format, page, entity tag and the kept bytes of answers already given; rows come from `route`.

use std::{borrow::Cow, sync::Arc};

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, StatusCode, Uri, header},
    response::Response,
};

use super::{
    App, Problem, ProblemKind,
    holder::KeyIsGood,
    identity::Base,
    parameter,
    parameter::Parameters,
    route::Route,
    served::{Kept, Served},
    stream,
};
use crate::{
    definition,
    encode::{self, Document, EncodeError, Format, Grid, Page},
    figure::Edition,
    model::{Digest, Language},
    web::{self, PageError},
};

const RELEASE: HeaderName = HeaderName::from_static("x-mognad-release");
const SYNTHETIC: HeaderName = HeaderName::from_static("x-mognad-synthetic");

/// Answers to queries of more bytes than these are not kept: anybody can ask for as many as there are numbers.
const QUERY_KEPT_MAX: usize = 256 * 1024;

/// Answers of more rows than these are written while they are sent, and not kept.
const ROWS_KEPT_MAX: usize = 5_000;

/// What a request asks for beside rows.
struct Wanted {
    format: &'static dyn Format,
    language: Language,
}

impl Wanted {
    fn read(uri: &Uri, headers: &HeaderMap) -> Result<Self, Problem> {
        let accept = parameter::accepted(headers);
        let format = encode::negotiate(parameter::sole("format", uri.query()).as_deref(), accept.as_deref())
            .map_err(|_| Problem::new(ProblemKind::NotAcceptable))?;
        Ok(Self { format, language: language(format, uri, headers) })
    }

    /// What keeps apart the answers that one address has.
    fn kind(&self) -> (&'static str, Language) {
        (self.format.name(), self.language)
    }
}

/// Answers from rows of the route's table: all of them, of which the page asked for is written in the format asked for.
pub(super) async fn tabular(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    route: &Route,
    rows: impl FnOnce(&Edition, &Parameters) -> Result<Grid, Problem>,
) -> Result<Response, Problem> {
    let named = parameter::sole("release", uri.query());
    let served = app.served_in(named.as_deref()).await?;
    // a release named in full says the same for ever
    let is_fixed = named.is_some_and(|name| name == served.edition.meta.release.as_str());
    tabular_of(&served, is_fixed, uri, headers, route, rows)
}

/// The same from an edition that was chosen before.
pub(super) fn tabular_of(
    served: &Served,
    is_fixed: bool,
    uri: &Uri,
    headers: &HeaderMap,
    route: &Route,
    rows: impl FnOnce(&Edition, &Parameters) -> Result<Grid, Problem>,
) -> Result<Response, Problem> {
    let wanted = Wanted::read(uri, headers)?;
    let address = uri.path_and_query().map_or("", axum::http::uri::PathAndQuery::as_str);
    let kind = wanted.kind();
    if let Some(kept) = served.kept(address, kind) {
        return Ok(respond(served, headers, kept, is_fixed));
    }
    let tag = tag(served, address, kind, is_fixed)?;
    // whoever has this very tag was given the answer before
    if is_known(headers, &tag, false) {
        return Ok(respond(served, headers, Kept::known(tag), is_fixed));
    }
    let common: &[&str] = if route.is_in_releases() { &parameter::COMMON } else { &parameter::COMMON_OF_LOG };
    let parameters = Parameters::among(uri.query(), route.parameters, common)?;
    let document = paged(served, route, &parameters, &wanted, rows)?;
    served.count_built()?;
    let mut kept = Kept::known(tag);
    kept.content_type = HeaderValue::from_static(wanted.format.content_type());
    kept.extra = extra(&wanted, &document, uri);
    if document.grid.rows.len() > ROWS_KEPT_MAX && !wanted.format.is_cube() {
        let mut response = respond(served, headers, kept, is_fixed);
        *response.body_mut() = stream::body(wanted.format, document);
        return Ok(response);
    }
    kept.body = written(wanted.format, &document)?;
    served.keep(address, kind, kept.clone());
    Ok(respond(served, headers, kept, is_fixed))
}

/// The strong tag of an answer: the release, the log, the address, format and language decide every byte of it, and so does the
/// program. A fixed release does not change with the log.
fn tag(served: &Served, address: &str, kind: (&str, Language), is_fixed: bool) -> Result<HeaderValue, Problem> {
    let meta = &served.edition.meta;
    let log = if is_fixed { 0 } else { served.edition.release.log.commits.len() as u64 };
    let (version, (format, language)) = (env!("CARGO_PKG_VERSION"), kind);
    let decisive =
        format!("{version} {} {} {log}\n{address}\n{format} {}", meta.release, meta.sequence, language.tag());
    let digest = Digest::of(decisive.as_bytes());
    HeaderValue::from_str(&format!("\"{}\"", &digest.as_str()[..32])).map_err(|_| Problem::new(ProblemKind::Internal))
}

/// Answers from the current edition with bytes that follow from it and the address, such as those of a compatible face: kept, tagged and labelled like rows. `base` is what
/// links in them begin with; one that a client says is part of what tells answers apart.
pub(super) fn bytes(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    base: Option<&Base>,
    content_type: &'static str,
    make: impl FnOnce(&Served) -> Result<Vec<u8>, Problem>,
) -> Result<Response, Problem> {
    let served = app.served()?;
    let path = uri.path_and_query().map_or("", axum::http::uri::PathAndQuery::as_str);
    let address = format!("{}{path}", base.map_or("", |base| base.address.as_str()));
    // a cache that does not tell hosts apart could be made to spread the links of one to the clients of another
    let is_public = base.is_none_or(|base| base.is_configured);
    let respond = |kept: Kept| {
        let mut response = respond(&served, headers, kept, false);
        if !is_public {
            response.headers_mut().insert(header::CACHE_CONTROL, HeaderValue::from_static("private, max-age=60"));
        }
        response
    };
    let kind = (content_type, Language::Sv);
    if let Some(kept) = served.kept(&address, kind) {
        return Ok(respond(kept));
    }
    let tag = tag(&served, &address, kind, false)?;
    if is_known(headers, &tag, false) {
        return Ok(respond(Kept::known(tag)));
    }
    let mut kept = Kept::known(tag);
    kept.body = Bytes::from(make(&served)?);
    kept.content_type = HeaderValue::from_static(content_type);
    served.count_built()?;
    served.keep(&address, kind, kept.clone());
    Ok(respond(kept))
}

/// Answers from the current edition with a text for people, of a media type and with fields of its own: kept and tagged like rows.
pub(super) fn of_edition(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    (content_type, fields): (&'static str, Vec<(HeaderName, HeaderValue)>),
    make: impl FnOnce(&Edition) -> Result<String, Problem>,
) -> Result<Response, Problem> {
    let served = app.served()?;
    let address = uri.path_and_query().map_or("", axum::http::uri::PathAndQuery::as_str);
    let kind = (content_type, Language::Sv);
    if let Some(kept) = served.kept(address, kind) {
        return Ok(respond(&served, headers, kept, false));
    }
    let tag = tag(&served, address, kind, false)?;
    if is_known(headers, &tag, false) {
        return Ok(respond(&served, headers, Kept::known(tag), false));
    }
    let mut kept = Kept::known(tag);
    kept.body = Bytes::from(make(&served.edition)?);
    kept.content_type = HeaderValue::from_static(content_type);
    kept.extra = fields;
    served.count_built()?;
    served.keep(address, kind, kept.clone());
    Ok(respond(&served, headers, kept, false))
}

/// The language of an answer in a format.
pub(super) fn language(format: &dyn Format, uri: &Uri, headers: &HeaderMap) -> Language {
    let english = format.is_in_one_language() && parameter::prefers_english(uri.query(), headers);
    if english { Language::En } else { Language::Sv }
}

/// Answers a query: `decisive` tells it from others. An answer that does not depend on the log keeps its tag while the log grows.
pub(super) async fn queried(
    served: &Served,
    headers: &HeaderMap,
    decisive: &str,
    (format, language): (&'static dyn Format, Language),
    is_fixed: bool,
    is_settled: bool,
    make: impl AsyncFnOnce() -> Result<Bytes, Problem>,
) -> Result<Response, Problem> {
    let kind = (format.name(), language);
    if let Some(kept) = served.kept(decisive, kind) {
        return Ok(respond(served, headers, kept, is_fixed));
    }
    let tag = tag(served, decisive, kind, is_settled)?;
    if is_known(headers, &tag, false) {
        return Ok(respond(served, headers, Kept::known(tag), is_fixed));
    }
    let mut kept = Kept::known(tag);
    kept.body = make().await?;
    served.count_built()?;
    kept.content_type = HeaderValue::from_static(format.content_type());
    kept.extra = named(format, language, &format!("query-{}", served.edition.meta.release.short()));
    if kept.body.len() <= QUERY_KEPT_MAX {
        served.keep(decisive, kind, kept.clone());
    }
    Ok(respond(served, headers, kept, is_fixed))
}

/// Answers a query with a page of its first rows, like [`queried`].
pub(super) async fn page_of_query(
    served: &Served,
    headers: &HeaderMap,
    decisive: &str,
    is_settled: bool,
    fields: Vec<(HeaderName, HeaderValue)>,
    make: impl AsyncFnOnce() -> Result<Bytes, Problem>,
) -> Result<Response, Problem> {
    let kind = (web::CONTENT_TYPE, Language::Sv);
    if let Some(kept) = served.kept(decisive, kind) {
        return Ok(respond(served, headers, kept, false));
    }
    let tag = tag(served, decisive, kind, is_settled)?;
    if is_known(headers, &tag, false) {
        return Ok(respond(served, headers, Kept::known(tag), false));
    }
    let mut kept = Kept::known(tag);
    kept.body = make().await?;
    served.count_built()?;
    kept.content_type = HeaderValue::from_static(web::CONTENT_TYPE);
    kept.extra = fields;
    if kept.body.len() <= QUERY_KEPT_MAX {
        served.keep(decisive, kind, kept.clone());
    }
    Ok(respond(served, headers, kept, false))
}

/// Answers the holder of a key: in the format asked for, never kept here or anywhere on the way.
pub(super) fn for_holder(
    served: &Served,
    uri: &Uri,
    headers: &HeaderMap,
    route: &Route,
    rows: impl FnOnce(&Edition, &Parameters) -> Result<Grid, Problem>,
) -> Result<Response, Problem> {
    let wanted = Wanted::read(uri, headers)?;
    let parameters = Parameters::read(uri.query(), route.parameters)?;
    let document = paged(served, route, &parameters, &wanted, rows)?;
    served.is_sound()?;
    let mut response = Response::new(Body::from(written(wanted.format, &document)?));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(wanted.format.content_type()));
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    for (name, value) in extra(&wanted, &document, uri) {
        out.insert(name, value);
    }
    label(served, out);
    response.extensions_mut().insert(KeyIsGood);
    Ok(response)
}

/// Answers with a document of our own making, such as a description, in its one form: kept, tagged and labelled like rows.
pub(super) fn document(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    content_type: &'static str,
    make: impl FnOnce(&Edition) -> Result<Vec<u8>, Problem>,
) -> Result<Response, Problem> {
    let served = app.served()?;
    let address = uri.path_and_query().map_or("", axum::http::uri::PathAndQuery::as_str);
    let kind = (content_type, Language::Sv);
    let kept = if let Some(kept) = served.kept(address, kind) {
        kept
    } else {
        let body = make(&served.edition)?;
        served.count_built()?;
        let mut kept = Kept::known(tag_of(&body)?);
        kept.content_type = HeaderValue::from_static(content_type);
        kept.body = Bytes::from(body);
        served.keep(address, kind, kept.clone());
        kept
    };
    Ok(respond(&served, headers, kept, false))
}

/// Answers with bytes that do not depend on any edition, such as a description of the program.
pub(super) fn constant(headers: &HeaderMap, content_type: &'static str, body: Bytes) -> Result<Response, Problem> {
    let mut kept = Kept::known(tag_of(&body)?);
    kept.content_type = HeaderValue::from_static(content_type);
    kept.body = body;
    Ok(bare(headers, kept, "public, max-age=60"))
}

/// Answers from the current edition with a document whose links lead to the host that the client names. Who names another is
/// given another, so that nobody but the client may keep it: a cache that does not tell hosts apart could be made to spread it.
pub(super) fn for_host(
    app: &App,
    headers: &HeaderMap,
    content_type: &'static str,
    make: impl FnOnce(&Edition) -> Result<Vec<u8>, Problem>,
) -> Result<Response, Problem> {
    let served = app.served()?;
    let body = make(&served.edition)?;
    let mut kept = Kept::known(tag_of(&body)?);
    kept.content_type = HeaderValue::from_static(content_type);
    kept.body = Bytes::from(body);
    let mut response = bare(headers, kept, "private, max-age=60");
    label(&served, response.headers_mut());
    Ok(response)
}

/// Answers with a page for people in a language, or in both.
pub(super) fn page(
    headers: &HeaderMap,
    language: Option<Language>,
    html: Result<String, PageError>,
) -> Result<Response, Problem> {
    let html = html.map_err(|error| {
        tracing::error!(%error, "a page cannot be shown");
        Problem::new(ProblemKind::Internal)
    })?;
    let mut response = constant(headers, web::CONTENT_TYPE, Bytes::from(html))?;
    let out = response.headers_mut();
    if let Ok(policy) = HeaderValue::from_str(&web::POLICY) {
        out.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    out.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(language.map_or("sv, en", Language::tag)));
    Ok(response)
}

/// A page as it is, to be given with a status and fields of its own.
pub(super) fn html(html: String) -> Response {
    let mut response = Response::new(Body::from(html));
    let out = response.headers_mut();
    out.insert(header::CONTENT_TYPE, HeaderValue::from_static(web::CONTENT_TYPE));
    if let Ok(policy) = HeaderValue::from_str(&web::POLICY) {
        out.insert(header::CONTENT_SECURITY_POLICY, policy);
    }
    response
}

/// The tag of bytes that also depend on the program.
fn tag_of(body: &[u8]) -> Result<HeaderValue, Problem> {
    HeaderValue::from_str(&format!("\"{}\"", &Digest::of(body).as_str()[..32]))
        .map_err(|_| Problem::new(ProblemKind::Internal))
}

fn written(format: &dyn Format, document: &Document) -> Result<Bytes, Problem> {
    let mut body = Vec::new();
    format.write(document, &mut body).map_err(problem)?;
    Ok(Bytes::from(body))
}

/// Why rows cannot be written in a format.
#[expect(clippy::needless_pass_by_value, reason = "it is what `map_err` calls")]
pub(super) fn problem(error: EncodeError) -> Problem {
    match error {
        EncodeError::NoCube => {
            let lists = encode::FORMATS.iter().filter(|format| !format.is_cube());
            let lists = lists.map(|format| format.name()).collect::<Vec<_>>().join(", ");
            Problem::with(
                ProblemKind::NotAcceptable,
                format!("Formatet rymmer siffror i celler, och resursen är en lista. Välj något av {lists}."),
                format!("The format holds figures in cells, and the resource is a list. Choose one of {lists}."),
            )
        }
        EncodeError::NoRows => Problem::with(
            ProblemKind::UnknownId,
            "Det finns inga rader i utgåvan att göra en kub av.",
            "The release has no rows to make a cube of.",
        ),
        EncodeError::Page => Problem::with(
            ProblemKind::Limit,
            "Formatet rymmer alla rader i ett urval och inte en sida av dem: utelämna page och limit, eller välj färre rader.",
            "The format holds all rows of a selection and not a page of them: leave out page and limit, or select fewer rows.",
        ),
        EncodeError::MixedInstruments => Problem::new(ProblemKind::MixedInstruments),
        EncodeError::TooLarge => Problem::new(ProblemKind::Limit),
        EncodeError::Write(_) | EncodeError::Library(_) => {
            tracing::error!(%error, "an answer cannot be written");
            Problem::new(ProblemKind::Internal)
        }
    }
}

/// The page asked for of the rows asked for.
fn paged(
    served: &Served,
    route: &Route,
    parameters: &Parameters,
    wanted: &Wanted,
    rows: impl FnOnce(&Edition, &Parameters) -> Result<Grid, Problem>,
) -> Result<Document, Problem> {
    let table = route.table().and_then(definition::table).ok_or_else(|| Problem::new(ProblemKind::Internal))?;
    let (limit, number) = parameters.page();
    // a page of a cube would have holes where the rows of other pages belong
    let limit = if wanted.format.is_cube() && parameters.get("limit").is_none() { parameter::ROWS_MAX } else { limit };
    let mut grid = rows(&served.edition, parameters)?;
    let total = grid.rows.len();
    grid.rows = grid.rows.into_iter().skip((number - 1).saturating_mul(limit)).take(limit).collect();
    if grid.rows.is_empty() && total > 0 {
        let pages = total.div_ceil(limit);
        return Err(Problem::with(
            ProblemKind::NoSuchResource,
            format!("Sidan {number} finns inte; den sista är {pages}."),
            format!("There is no page {number}; the last is {pages}."),
        ));
    }
    let page = Page { number, limit, total };
    let edition = &served.edition;
    let (meta, names) = (edition.meta.clone(), Arc::clone(&edition.names));
    Ok(Document { table: Cow::Borrowed(table), grid, meta, page, names, language: wanted.language })
}

/// Header fields that belong to an answer's bytes: its language, its file name and the pages beside it (RFC 8288).
fn extra(wanted: &Wanted, document: &Document, uri: &Uri) -> Vec<(header::HeaderName, HeaderValue)> {
    let file = format!("{}-{}", document.table.id, document.meta.release.short());
    let mut extra = named(wanted.format, wanted.language, &file);
    let Page { number, limit, total } = document.page;
    let last = total.div_ceil(limit).max(1);
    let mut links = Vec::new();
    for (page, relation) in [(1, "first"), (number.saturating_sub(1), "prev"), (number + 1, "next"), (last, "last")] {
        if last > 1 && (1..=last).contains(&page) {
            links.push(format!("<{}>; rel=\"{relation}\"", parameter::with(uri, "page", &page.to_string())));
        }
    }
    if let (false, Ok(links)) = (links.is_empty(), HeaderValue::from_str(&links.join(", "))) {
        extra.push((header::LINK, links));
    }
    extra
}

/// The language of an answer where it has one, and the name of a file where it would be one.
fn named(format: &dyn Format, language: Language, name: &str) -> Vec<(HeaderName, HeaderValue)> {
    let mut fields = Vec::new();
    if format.is_in_one_language() {
        fields.push((header::CONTENT_LANGUAGE, HeaderValue::from_static(language.tag())));
    }
    let disposition = format!("attachment; filename=\"{name}.{}\"", format.extension());
    if let (true, Ok(value)) = (format.name() != "json", HeaderValue::from_str(&disposition)) {
        fields.push((header::CONTENT_DISPOSITION, value));
    }
    fields
}

/// Which release an answer comes from, and whether it is synthetic.
pub(super) fn label(served: &Served, out: &mut HeaderMap) {
    if let Some(release) = served.release_field() {
        out.insert(RELEASE, release);
    }
    if served.edition.meta.notice.is_some() {
        out.insert(SYNTHETIC, HeaderValue::from_static("true"));
    }
}

/// Whether the client has the bytes of a tag; `*` stands for any bytes there are.
pub(super) fn is_known(headers: &HeaderMap, tag: &HeaderValue, any: bool) -> bool {
    headers
        .get_all(header::IF_NONE_MATCH)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|list| list.split(','))
        .map(|tag| tag.trim().trim_start_matches("W/"))
        .any(|known| (any && known == "*") || known.as_bytes() == tag.as_bytes())
}

/// The response of kept bytes, or that the client has them.
pub(super) fn respond(served: &Served, headers: &HeaderMap, kept: Kept, is_fixed: bool) -> Response {
    let cache = if is_fixed { "public, max-age=86400, immutable" } else { "public, max-age=60" };
    let mut response = bare(headers, kept, cache);
    label(served, response.headers_mut());
    response
}

/// The same of bytes that come from no release.
fn bare(headers: &HeaderMap, kept: Kept, cache: &'static str) -> Response {
    let known = is_known(headers, &kept.tag, true);
    let mut response = Response::new(if known { Body::empty() } else { Body::from(kept.body) });
    if known {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    }
    let out = response.headers_mut();
    if !known {
        out.insert(header::CONTENT_TYPE, kept.content_type);
        for (name, value) in kept.extra {
            out.insert(name, value);
        }
    }
    out.insert(header::ETAG, kept.tag);
    out.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
    response
}
