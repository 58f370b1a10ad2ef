//! Last steps of every answer: problems written in the reader's language, and the header fields that each answer has; what an
//! answer says is not decided here.

use axum::{
    body::{Body, Bytes, HttpBody as _},
    extract::Request,
    http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, header},
    response::Response,
};

use super::observe::RequestId;
use crate::{
    http::{App, Problem, ProblemKind, page, parameter},
    model::Language,
};

/// What an answer's bytes depend on beside its address.
const VARY: &str = "Accept, Accept-Encoding, Accept-Language, Authorization";

/// The same of a page that shows more to a holder.
const VARY_WITH_COOKIE: &str = "Accept, Accept-Encoding, Accept-Language, Authorization, Cookie";

/// Fields of a refusal that its problem keeps.
const KEPT: [HeaderName; 4] = [
    header::ALLOW,
    header::CONNECTION,
    HeaderName::from_static("ratelimit"),
    HeaderName::from_static("ratelimit-policy"),
];

/// What a page of another origin may send.
const SENT: &str = "Authorization, Accept, Accept-Language, If-None-Match, Range, Content-Type";

/// What a page of another origin may read beside what it always may.
const READ: &str = "Accept-Ranges, Content-Disposition, Content-Range, Digest, ETag, Link, RateLimit, RateLimit-Policy, \
                    Repr-Digest, Retry-After, X-Mognad-Release, X-Mognad-Synthetic, X-Request-Id";

/// Fields of every answer that has no such field of its own. Anybody may read everything: cookies are sent to us
/// by our own pages only, and a key by whoever has it.
static FIELDS: [(HeaderName, HeaderValue); 6] = [
    (header::X_CONTENT_TYPE_OPTIONS, HeaderValue::from_static("nosniff")),
    (header::CONTENT_SECURITY_POLICY, HeaderValue::from_static("default-src 'none'; frame-ancestors 'none'")),
    (header::REFERRER_POLICY, HeaderValue::from_static("no-referrer")),
    (HeaderName::from_static("cross-origin-resource-policy"), HeaderValue::from_static("cross-origin")),
    (header::ACCESS_CONTROL_ALLOW_ORIGIN, HeaderValue::from_static("*")),
    (header::ACCESS_CONTROL_EXPOSE_HEADERS, HeaderValue::from_static(READ)),
];

/// Of an answer over TLS: from now on only so.
const ONLY_TLS: HeaderValue = HeaderValue::from_static("max-age=31536000; includeSubDomains");

/// Writes what the steps further in have only marked, and adds the fields of every answer.
pub(super) async fn tell<F>(app: &App, request: Request, next: impl FnOnce(Request) -> F) -> Response
where
    F: Future<Output = Response>,
{
    let method = request.method().clone();
    let uri = request.uri().clone();
    let headers = request.headers();
    let language = headers.get(header::ACCEPT_LANGUAGE).cloned();
    let for_people = is_browser(headers);
    let is_preflight = method == Method::OPTIONS
        && headers.contains_key(header::ORIGIN)
        && headers.contains_key(header::ACCESS_CONTROL_REQUEST_METHOD);
    let id = request.extensions().get::<RequestId>().cloned();

    let mut response = next(request).await;
    if let Some(problem) = problem(&mut response) {
        let accepted: HeaderMap = language.map(|value| (header::ACCEPT_LANGUAGE, value)).into_iter().collect();
        let is_english = match page::language(uri.path()) {
            // a page has its language in its address
            Some(language) if for_people => language == Language::En,
            _ => parameter::prefers_english(uri.query(), &accepted),
        };
        let language = if is_english { Language::En } else { Language::Sv };
        response = written(&problem, id.as_ref(), (language, for_people), response);
    }
    if method == Method::OPTIONS || response.status() == StatusCode::METHOD_NOT_ALLOWED {
        allow(response.headers_mut(), is_preflight);
    }
    let depends_on_cookie = response.extensions().get::<page::DependsOnCookie>().is_some();
    let fields = response.headers_mut();
    fields.reserve(FIELDS.len() + 5);
    for (name, value) in &FIELDS {
        fields.entry(name).or_insert_with(|| value.clone());
    }
    // compression says its own part, which is one of all of them
    fields.insert(header::VARY, HeaderValue::from_static(if depends_on_cookie { VARY_WITH_COOKIE } else { VARY }));
    if app.is_behind_tls() {
        fields.insert(header::STRICT_TRANSPORT_SECURITY, ONLY_TLS);
    }
    if app.is_closing() {
        fields.insert(header::CONNECTION, HeaderValue::from_static("close"));
    }
    if let Some(RequestId(id)) = id {
        fields.insert(HeaderName::from_static("x-request-id"), id);
    }
    measure(&method, &mut response);
    response
}

/// Says how long the body is, where it is known and there is one, and takes it away where only that is asked for (RFC 9110, 8.6).
fn measure(method: &Method, response: &mut Response) {
    if matches!(response.status(), StatusCode::NO_CONTENT | StatusCode::NOT_MODIFIED) {
        response.headers_mut().remove(header::CONTENT_LENGTH);
        return;
    }
    let length = response.body().size_hint().exact();
    let is_head = *method == Method::HEAD;
    if !response.headers().contains_key(header::CONTENT_LENGTH)
        && let Some(length) = length.filter(|length| !is_head || *length > 0)
    {
        response.headers_mut().insert(header::CONTENT_LENGTH, HeaderValue::from(length));
    }
    if is_head {
        // of unknown length, so that none is told where the router has taken away a body whose length was not known
        *response.body_mut() = Body::from_stream(futures::stream::empty::<Result<Bytes, std::io::Error>>());
    }
}

/// The problem that an answer stands for: one of ours, or a refusal of the library's, which is a line of text.
fn problem(response: &mut Response) -> Option<Problem> {
    if let Some(problem) = response.extensions_mut().remove::<Problem>() {
        return Some(problem);
    }
    let status = response.status();
    let content_type = response.headers().get(header::CONTENT_TYPE).map_or(&b""[..], HeaderValue::as_bytes);
    let is_text = content_type.is_empty() || content_type.starts_with(b"text/plain");
    if !is_text || !(status.is_client_error() || status.is_server_error()) {
        return None;
    }
    Some(match status {
        StatusCode::NOT_FOUND => Problem::new(ProblemKind::NoSuchResource),
        StatusCode::METHOD_NOT_ALLOWED => Problem::new(ProblemKind::MethodNotAllowed),
        StatusCode::PAYLOAD_TOO_LARGE => Problem::new(ProblemKind::ContentTooLarge),
        StatusCode::UNSUPPORTED_MEDIA_TYPE => Problem::with(
            ProblemKind::UnsupportedMediaType,
            "Skicka innehållet i den form som resursen tar, och säg vilken i Content-Type.",
            "Send the content in a form that the resource takes, and say which in Content-Type.",
        ),
        status if status.is_server_error() => Problem::new(ProblemKind::Internal),
        _ => Problem::with(
            ProblemKind::BadRequest,
            "Begäran går inte att läsa: rätta formen på adress, huvuden eller innehåll.",
            "The request cannot be read: correct the form of its address, header fields or content.",
        ),
    })
}

/// Whether somebody reads the answer in a browser: programs ask for no pages.
fn is_browser(headers: &HeaderMap) -> bool {
    parameter::accepted(headers).is_some_and(|accepted| accepted.contains("text/html"))
}

/// A problem in place of the answer that stood for it, in a language and for people or programs.
fn written(
    problem: &Problem,
    id: Option<&RequestId>,
    (language, for_people): (Language, bool),
    mut instead_of: Response,
) -> Response {
    let id = id.and_then(|RequestId(id)| id.to_str().ok()).unwrap_or_default();
    let mut response = problem.write(id, language, for_people);
    for name in KEPT {
        if let Some(value) = instead_of.headers_mut().remove(&name) {
            response.headers_mut().insert(name, value);
        }
    }
    *response.extensions_mut() = std::mem::take(instead_of.extensions_mut());
    response
}

/// Which methods a resource has, as the router knows them; for a page of another origin also what it may send.
fn allow(fields: &mut HeaderMap, is_preflight: bool) {
    let Some(methods) = fields.get(header::ALLOW).and_then(|value| value.to_str().ok()) else { return };
    let methods: Vec<&str> = methods.split(',').map(str::trim).chain(["OPTIONS"]).collect();
    let Ok(methods) = HeaderValue::try_from(methods.join(", ")) else { return };
    if is_preflight {
        fields.insert(header::ACCESS_CONTROL_ALLOW_METHODS, methods.clone());
        fields.insert(header::ACCESS_CONTROL_ALLOW_HEADERS, HeaderValue::from_static(SENT));
        fields.insert(header::ACCESS_CONTROL_MAX_AGE, HeaderValue::from_static("86400"));
    }
    fields.insert(header::ALLOW, methods);
}
