//! Bytes that can be asked for in part: one range (RFC 9110, 14), strong tags and digests; what the bytes are is decided elsewhere.

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderValue, StatusCode, header},
    response::Response,
};
use base64::Engine as _;

use super::{Problem, ProblemKind, answer};
use crate::model::Digest;

/// Answers with the bytes of a file, or with the part of them that is asked for.
pub(super) fn respond(headers: &HeaderMap, bytes: &Bytes, digest: &Digest) -> Result<Response, Problem> {
    let tag = HeaderValue::from_str(&format!("\"{}\"", &digest.as_str()[..32]))
        .map_err(|_| Problem::new(ProblemKind::Internal))?;
    let mut response = Response::new(Body::empty());
    if answer::is_known(headers, &tag, true) {
        *response.status_mut() = StatusCode::NOT_MODIFIED;
    } else {
        // a part of other bytes than the client has would not fit to what it has
        let is_same = headers.get(header::IF_RANGE).is_none_or(|own| own == tag);
        let asked = headers.get(header::RANGE).filter(|_| is_same).and_then(|value| value.to_str().ok());
        match asked.map_or(Asked::Whole, |text| Asked::read(text, bytes.len())) {
            Asked::Whole => *response.body_mut() = Body::from(bytes.clone()),
            Asked::Part(from, to) => {
                *response.status_mut() = StatusCode::PARTIAL_CONTENT;
                let place = format!("bytes {from}-{}/{}", to - 1, bytes.len());
                insert(&mut response, header::CONTENT_RANGE, &place);
                *response.body_mut() = Body::from(bytes.slice(from..to));
            }
            Asked::Nothing => {
                return Err(Problem::new(ProblemKind::RangeNotSatisfiable)
                    .with_header(header::CONTENT_RANGE, &format!("bytes */{}", bytes.len())));
            }
        }
        let raw = hex::decode(digest.as_str()).unwrap_or_default();
        let encoded = base64::engine::general_purpose::STANDARD.encode(raw);
        insert(&mut response, header::HeaderName::from_static("repr-digest"), &format!("sha-256=:{encoded}:"));
    }
    insert(&mut response, header::ACCEPT_RANGES, "bytes");
    response.headers_mut().insert(header::ETAG, tag);
    Ok(response)
}

fn insert(response: &mut Response, name: header::HeaderName, value: &str) {
    if let Ok(value) = HeaderValue::from_str(value) {
        response.headers_mut().insert(name, value);
    }
}

/// What a `Range` asks for.
#[derive(Debug, PartialEq, Eq)]
enum Asked {
    /// All bytes, also where the range is none of ours: other units, several ranges, nonsense.
    Whole,
    /// From the first number up to and without the second.
    Part(usize, usize),
    /// No byte that there is.
    Nothing,
}

impl Asked {
    fn read(text: &str, length: usize) -> Self {
        let Some((first, last)) = text.strip_prefix("bytes=").and_then(|range| range.trim().split_once('-')) else {
            return Self::Whole;
        };
        let number = |text: &str| text.trim().parse::<usize>().ok();
        match (first.trim(), last.trim()) {
            ("", last) => match number(last) {
                Some(0) => Self::Nothing,
                Some(_) if length == 0 => Self::Nothing,
                Some(count) => Self::Part(length.saturating_sub(count), length),
                None => Self::Whole,
            },
            (first, last) => match (number(first), number(last), last) {
                (Some(from), _, _) if from >= length => Self::Nothing,
                (Some(from), None, "") => Self::Part(from, length),
                (Some(from), Some(to), _) if to >= from => Self::Part(from, to.saturating_add(1).min(length)),
                _ => Self::Whole,
            },
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ranges_are_read() {
        for (text, expected) in [
            ("bytes=0-0", Asked::Part(0, 1)),
            ("bytes=0-", Asked::Part(0, 10)),
            ("bytes=3-5", Asked::Part(3, 6)),
            ("bytes=3-99", Asked::Part(3, 10)),
            ("bytes=-4", Asked::Part(6, 10)),
            ("bytes=-99", Asked::Part(0, 10)),
            ("bytes=-0", Asked::Nothing),
            ("bytes=10-", Asked::Nothing),
            ("bytes=10-20", Asked::Nothing),
            ("bytes=5-3", Asked::Whole),
            ("bytes=0-1,3-4", Asked::Whole),
            ("bytes=a-b", Asked::Whole),
            ("rows=0-1", Asked::Whole),
            ("bytes=18446744073709551615-18446744073709551615", Asked::Nothing),
            ("bytes=1-18446744073709551615", Asked::Part(1, 10)),
            ("bytes=99999999999999999999-", Asked::Whole),
        ] {
            assert_eq!(Asked::read(text, 10), expected, "{text}");
        }
        assert_eq!(Asked::read("bytes=-1", 0), Asked::Nothing);
        assert_eq!(Asked::read("bytes=0-0", 0), Asked::Nothing);
    }
}
