//! Which answers are compressed: text of some length, and nothing that is small already, or anybody's own.

use axum::{
    Router,
    http::{Extensions, HeaderMap, HeaderValue, StatusCode, Version, header},
    response::{IntoResponse as _, Response},
};
use tower_http::compression::{CompressionLayer, Predicate as _, predicate::SizeAbove};

use crate::http::{Problem, ProblemKind};

/// Answers below this many bytes fit into one packet as they are.
const BYTES_MIN: u64 = 1024;

/// Media types of text that are not called so.
const TEXTS: [&str; 5] =
    ["application/json", "application/xml", "application/yaml", "application/sql", "image/svg+xml"];

/// The mark of an answer that a handler refused for its format, rather than compression for its coding.
#[derive(Clone, Copy)]
pub(super) struct OwnRefusal;

/// A router whose answers are compressed where that is worth it and the client takes it. The router does it within, before it takes
/// away the bodies of answers to HEAD, whose fields are those of GET.
pub(super) fn compressing(router: Router) -> Router {
    router.layer(CompressionLayer::new().gzip(true).compress_when(SizeAbove::new(BYTES_MIN).and(is_text_for_all)))
}

/// Whether an answer is text and the same for everybody. What only the holder of a key may read stays as it is, so that its
/// length tells nothing of how a value that somebody else had asked for agrees with it.
fn is_text_for_all(_: StatusCode, _: Version, headers: &HeaderMap, _: &Extensions) -> bool {
    let text = |name| headers.get(name).and_then(|value: &HeaderValue| value.to_str().ok()).unwrap_or_default();
    if text(header::CACHE_CONTROL).contains("private") {
        return false;
    }
    let media_type = text(header::CONTENT_TYPE).split(';').next().unwrap_or_default().trim();
    media_type.starts_with("text/")
        || TEXTS.contains(&media_type)
        || ["+json", "+xml", "+yaml"].iter().any(|suffix| media_type.ends_with(suffix))
}

/// A compressed answer has other bytes than the plain one, so a tag that stands for both is a weak one (RFC 9110, 8.8.1).
/// Where a client takes no coding at all, the library only changes the status of what it was given.
pub(super) fn weakened(mut response: Response) -> Response {
    if response.status() == StatusCode::NOT_ACCEPTABLE && response.extensions().get::<OwnRefusal>().is_none() {
        return Problem::with(
            ProblemKind::NotAcceptable,
            "Svar skickas okomprimerade eller med gzip: tillåt något av dem i Accept-Encoding.",
            "Answers are sent as they are or with gzip: accept one of them in Accept-Encoding.",
        )
        .into_response();
    }
    if response.headers().contains_key(header::CONTENT_ENCODING)
        && let Some(tag) = response.headers().get(header::ETAG).filter(|tag| tag.as_bytes().starts_with(b"\""))
        && let Ok(weak) = HeaderValue::from_bytes(&[b"W/", tag.as_bytes()].concat())
    {
        response.headers_mut().insert(header::ETAG, weak);
    }
    response
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn text_for_all_is_compressed_and_nothing_else() {
        let check = |content_type: &'static str, cache: &'static str, expected: bool| {
            let mut headers = HeaderMap::new();
            headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(content_type));
            headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(cache));
            let found = is_text_for_all(StatusCode::OK, Version::HTTP_11, &headers, &Extensions::new());
            assert_eq!(found, expected, "{content_type} {cache}");
        };
        let public = "public, max-age=60";
        check("application/json", public, true);
        check("application/json", "private, no-store", false);
        check("text/csv; charset=utf-8; header=present", public, true);
        check("application/problem+json", "no-store", true);
        check("application/ld+json", public, true);
        check("image/svg+xml", public, true);
        check("image/png", public, false);
        check("application/vnd.openxmlformats-officedocument.spreadsheetml.sheet", public, false);
        check("application/vnd.apache.parquet", public, false);
        check("application/zip", public, false);
        check("", public, false);
    }
}
