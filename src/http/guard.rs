//! Refuses requests that two programs on their way could read differently; what a refusal looks like is not decided
//! here.
//!
//! The protocol library is lenient where a proxy may be strict, and a difference between the two is what request
//! smuggling and poisoned caches are made of. It takes `Content-Length` out of a request that has `Transfer-Encoding`
//! too, before this module can see it, and closes the connection after the answer.

use axum::http::header::{CONTENT_ENCODING, CONTENT_LENGTH, HOST, TRANSFER_ENCODING};
use axum::http::request::Parts;
use axum::http::uri::{Authority, Scheme};
use axum::http::{HeaderMap, Method, StatusCode, Uri, Version};

/// The longest target of a request, in bytes.
pub(super) const URI_BYTES_MAX: usize = 4 * 1024;

/// Why a request is refused before any route sees it.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Refusal {
    /// Its host, its target or the length of its body can be read in more than one way.
    BadRequest,
    /// Its target is longer than 4 KiB.
    UriTooLong,
    /// Its body is compressed, which is not unpacked here: a small body could become a large one.
    UnsupportedMediaType,
}

impl Refusal {
    /// The status to answer with.
    pub fn status(self) -> StatusCode {
        match self {
            Self::BadRequest => StatusCode::BAD_REQUEST,
            Self::UriTooLong => StatusCode::URI_TOO_LONG,
            Self::UnsupportedMediaType => StatusCode::UNSUPPORTED_MEDIA_TYPE,
        }
    }
}

/// Refuses a request without exactly one host, with a target for another host or longer than 4 KiB, with a body whose
/// length is in doubt, or with a compressed body.
pub fn examine(request: &Parts) -> Result<(), Refusal> {
    if target_bytes(&request.uri) > URI_BYTES_MAX {
        return Err(Refusal::UriTooLong);
    }
    let host = sole_host(request)?;
    if !is_target_of(request, host.as_ref()) || !is_length_plain(&request.headers) {
        return Err(Refusal::BadRequest);
    }
    if request.headers.contains_key(CONTENT_ENCODING) {
        return Err(Refusal::UnsupportedMediaType);
    }
    Ok(())
}

fn target_bytes(uri: &Uri) -> usize {
    let scheme = uri.scheme_str().map_or(0, |scheme| scheme.len() + "://".len());
    let authority = uri.authority().map_or(0, |authority| authority.as_str().len());
    let path = uri.path_and_query().map_or(0, |path| path.as_str().len());
    scheme + authority + path
}

/// The host that the request names. Only HTTP/1.0 may leave it out, and nobody may name two.
fn sole_host(request: &Parts) -> Result<Option<Authority>, Refusal> {
    let mut hosts = request.headers.get_all(HOST).iter();
    match (hosts.next(), hosts.next()) {
        (None, None) if request.version == Version::HTTP_10 => Ok(None),
        (Some(host), None) => {
            let host = host.to_str().ok().and_then(|host| host.parse().ok()).filter(is_host_and_port);
            host.map(Some).ok_or(Refusal::BadRequest)
        }
        _ => Err(Refusal::BadRequest),
    }
}

/// Whether the authority is a host and perhaps a port; the type also holds user names, and ports that are no number.
fn is_host_and_port(authority: &Authority) -> bool {
    let (text, host) = (authority.as_str(), authority.host());
    let Some(rest) = text.strip_prefix(host) else { return false };
    let is_port = |port: &str| port.bytes().all(|byte| byte.is_ascii_digit()) && port.parse::<u16>().is_ok();
    !host.is_empty() && (rest.is_empty() || rest.strip_prefix(':').is_some_and(is_port))
}

/// Whether the target is a path, or the full address of something at the host that the request names.
fn is_target_of(request: &Parts, host: Option<&Authority>) -> bool {
    let uri = &request.uri;
    match (uri.scheme(), uri.authority()) {
        (None, None) => uri.path().starts_with('/') || (uri.path() == "*" && request.method == Method::OPTIONS),
        (Some(scheme), Some(authority)) => {
            (*scheme == Scheme::HTTP || *scheme == Scheme::HTTPS) && host == Some(authority)
        }
        _ => false,
    }
}

/// Whether there is one way to tell where the body ends.
fn is_length_plain(headers: &HeaderMap) -> bool {
    let mut codings = headers.get_all(TRANSFER_ENCODING).iter();
    match (codings.next(), codings.next()) {
        (None, _) => headers.get_all(CONTENT_LENGTH).iter().count() <= 1,
        (Some(coding), None) => {
            coding.as_bytes().eq_ignore_ascii_case(b"chunked") && !headers.contains_key(CONTENT_LENGTH)
        }
        _ => false,
    }
}

#[cfg(test)]
mod tests {
    use axum::extract::Request;

    use super::*;

    /// Method, target and headers, on separate lines; HTTP/1.0 if the first line says so.
    fn parts(text: &str) -> Parts {
        let mut lines = text.lines().map(str::trim);
        let mut line = lines.next().unwrap().split(' ');
        let mut request = Request::builder().method(line.next().unwrap()).uri(line.next().unwrap());
        if line.next() == Some("HTTP/1.0") {
            request = request.version(Version::HTTP_10);
        }
        for header in lines {
            let (name, value) = header.split_once(": ").unwrap_or((header.trim_end_matches(':'), ""));
            request = request.header(name, value);
        }
        request.body(axum::body::Body::empty()).unwrap().into_parts().0
    }

    #[test]
    fn a_request_is_refused_for_what_could_be_read_in_two_ways() {
        use Refusal::{BadRequest, UnsupportedMediaType, UriTooLong};
        let long = format!("GET /{}\nHost: a.se", "x".repeat(URI_BYTES_MAX));
        let longest = format!("GET /{}\nHost: a.se", "x".repeat(URI_BYTES_MAX - 1));
        let long_query = format!("GET /?{}\nHost: a.se", "x".repeat(URI_BYTES_MAX));
        for (request, expect) in [
            // host
            ("GET /\nHost: a.se", Ok(())),
            ("GET /\nHost: a.se:8080", Ok(())),
            ("GET /\nHost: 127.0.0.1:8080", Ok(())),
            ("GET /\nHost: [::1]:8080", Ok(())),
            ("GET /\nHost: [::1]", Ok(())),
            ("GET /", Err(BadRequest)),
            ("GET / HTTP/1.0", Ok(())),
            ("GET / HTTP/1.0\nHost: a.se\nHost: b.se", Err(BadRequest)),
            ("GET /\nHost: a.se\nHost: b.se", Err(BadRequest)),
            ("GET /\nHost: a.se\nHost: a.se", Err(BadRequest)),
            ("GET /\nHost:", Err(BadRequest)),
            ("GET /\nHost: a.se, b.se", Err(BadRequest)),
            ("GET /\nHost: a.se/b", Err(BadRequest)),
            ("GET /\nHost: user@a.se", Err(BadRequest)),
            ("GET /\nHost: a.se:x", Err(BadRequest)),
            ("GET /\nHost: a.se:+80", Err(BadRequest)),
            ("GET /\nHost: a.se:65536", Err(BadRequest)),
            ("GET /\nHost: :80", Err(BadRequest)),
            ("GET /\nHost: å.se", Err(BadRequest)),
            // target
            ("GET /a?b=c\nHost: a.se", Ok(())),
            ("GET http://a.se/b\nHost: a.se", Ok(())),
            ("GET http://A.SE/b\nHost: a.se", Ok(())),
            ("GET https://a.se/b\nHost: a.se", Ok(())),
            ("GET http://b.se/\nHost: a.se", Err(BadRequest)),
            ("GET http://a.se:81/\nHost: a.se", Err(BadRequest)),
            ("GET http://user@a.se/\nHost: a.se", Err(BadRequest)),
            ("GET ftp://a.se/\nHost: a.se", Err(BadRequest)),
            ("GET http://a.se/ HTTP/1.0", Err(BadRequest)),
            ("CONNECT a.se:80\nHost: a.se:80", Err(BadRequest)),
            ("CONNECT b.se:80\nHost: a.se", Err(BadRequest)),
            ("GET b.se\nHost: a.se", Err(BadRequest)),
            ("OPTIONS *\nHost: a.se", Ok(())),
            ("GET *\nHost: a.se", Err(BadRequest)),
            // length of the body
            ("POST /\nHost: a.se\nContent-Length: 3", Ok(())),
            ("POST /\nHost: a.se\nTransfer-Encoding: chunked", Ok(())),
            ("POST /\nHost: a.se\nTransfer-Encoding: Chunked", Ok(())),
            ("POST /\nHost: a.se\nContent-Length: 3\nTransfer-Encoding: chunked", Err(BadRequest)),
            ("POST /\nHost: a.se\nContent-Length: 3\nContent-Length: 4", Err(BadRequest)),
            ("POST /\nHost: a.se\nTransfer-Encoding: gzip, chunked", Err(BadRequest)),
            ("POST /\nHost: a.se\nTransfer-Encoding: identity", Err(BadRequest)),
            ("POST /\nHost: a.se\nTransfer-Encoding: chunked\nTransfer-Encoding: chunked", Err(BadRequest)),
            // compression
            ("POST /\nHost: a.se\nContent-Encoding: gzip", Err(UnsupportedMediaType)),
            ("POST /\nHost: a.se\nContent-Encoding: identity", Err(UnsupportedMediaType)),
            // length of the target
            (&longest, Ok(())),
            (&long, Err(UriTooLong)),
            (&long_query, Err(UriTooLong)),
        ] {
            assert_eq!(examine(&parts(request)), expect, "{request}");
        }
    }
}
