//! How resources of the `PxWeb` face answer: kept bytes, entity tag and header fields, as for our own API; what is in an answer is
//! decided by resources.

use std::sync::Arc;

use axum::{
    body::{Body, Bytes},
    http::{HeaderMap, HeaderName, HeaderValue, Uri, header},
    response::Response,
};
use serde::Serialize;

use super::{PxRoute, parameter::Asked};
use crate::{
    http::{App, Problem, ProblemKind, Served, answer, served::Kept},
    model::{Digest, Language},
};

/// Kept answers of this face stand apart from others; what tells them apart from each other is in their addresses.
const KIND: (&str, Language) = ("pxweb", Language::Sv);

/// An answer that has been made.
#[derive(Debug)]
pub(super) struct Made {
    pub(super) body: Vec<u8>,
    pub(super) content_type: &'static str,
    pub(super) language: Language,
    /// The file's name, where it is one to save.
    pub(super) file: Option<String>,
    /// Whether the same request will get another answer with time.
    pub(super) is_passing: bool,
}

impl Made {
    /// A JSON document.
    pub(super) fn json(document: &impl Serialize, language: Language) -> Result<Self, Problem> {
        let mut body = serde_json::to_vec(document).map_err(|error| {
            tracing::error!(%error, "a PxWeb answer cannot be written");
            Problem::new(ProblemKind::Internal)
        })?;
        body.push(b'\n');
        Ok(Self { body, content_type: "application/json", language, file: None, is_passing: false })
    }
}

/// What is known of an answer before it is made.
pub(super) enum Begun {
    /// It was made before, or the client has it.
    Ready(Response),
    /// It has to be made.
    Fresh(Fresh),
}

/// An answer that has to be made.
pub(super) struct Fresh {
    /// The edition to make it from.
    pub(super) served: Arc<Served>,
    /// What it is kept under.
    address: String,
    tag: HeaderValue,
    is_post: bool,
}

/// Looks for a kept answer to a request; `content` is the body of a POST.
pub(super) fn begin(app: &App, uri: &Uri, headers: &HeaderMap, content: Option<&[u8]>) -> Result<Begun, Problem> {
    let served = app.served()?;
    let address = uri.path_and_query().map_or("", axum::http::uri::PathAndQuery::as_str);
    let is_post = content.is_some();
    let address = match content {
        Some(content) => format!("POST {address} {}", Digest::of(content)),
        None => address.to_owned(),
    };
    if let Some(kept) = served.kept(&address, KIND) {
        return Ok(Begun::Ready(respond(&served, headers, kept, is_post)));
    }
    // what is current, the program, the limits that are told and the address decide every byte
    let (meta, limits) = (&served.edition.meta, app.limits());
    let decisive = format!(
        "pxweb {} {} {} {} {} {} {}\n{address}",
        limits.data_cells_max,
        limits.requests_per_second,
        limits.requests_burst,
        env!("CARGO_PKG_VERSION"),
        meta.release,
        meta.sequence,
        served.edition.release.log.commits.len() as u64
    );
    let tag = tag(decisive.as_bytes())?;
    // whoever has this very tag was given the answer before
    if !is_post && answer::is_known(headers, &tag, false) {
        return Ok(Begun::Ready(respond(&served, headers, Kept::known(tag), is_post)));
    }
    Ok(Begun::Fresh(Fresh { served, address, tag, is_post }))
}

impl Fresh {
    /// Keeps an answer that has been made, and gives it.
    pub(super) fn finish(self, headers: &HeaderMap, made: Made) -> Result<Response, Problem> {
        let tag = if made.is_passing { tag(&made.body)? } else { self.tag };
        self.served.count_built()?;
        let mut kept = Kept::known(tag);
        kept.content_type = HeaderValue::from_static(made.content_type);
        kept.extra.push((header::CONTENT_LANGUAGE, HeaderValue::from_static(made.language.tag())));
        if let Some(file) = made.file {
            let disposition = HeaderValue::try_from(format!("attachment; filename=\"{file}\""));
            kept.extra.extend(disposition.ok().map(|value| (header::CONTENT_DISPOSITION, value)));
        }
        kept.body = Bytes::from(made.body);
        if !made.is_passing {
            self.served.keep(&self.address, KIND, kept.clone());
        }
        Ok(respond(&self.served, headers, kept, self.is_post))
    }
}

fn tag(decisive: &[u8]) -> Result<HeaderValue, Problem> {
    let digest = Digest::of(decisive);
    HeaderValue::try_from(format!("\"{}\"", &digest.as_str()[..32])).map_err(|_| Problem::new(ProblemKind::Internal))
}

/// The response of kept bytes. One to a POST is the client's alone: caches find answers by address, and the address is the same
/// for all selections.
fn respond(served: &Served, headers: &HeaderMap, kept: Kept, is_post: bool) -> Response {
    if !is_post {
        return answer::respond(served, headers, kept, false);
    }
    let mut response = Response::new(Body::from(kept.body));
    let fields = response.headers_mut();
    fields.insert(header::CONTENT_TYPE, kept.content_type);
    for (name, value) in kept.extra {
        fields.insert::<HeaderName>(name, value);
    }
    fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
    answer::label(served, fields);
    response
}

/// Answers a GET with what is made from an edition and the request's parameters.
pub(super) fn get(
    app: &App,
    uri: &Uri,
    headers: &HeaderMap,
    route: &'static PxRoute,
    make: impl FnOnce(&Served, &Asked) -> Result<Made, Problem>,
) -> Result<Response, Problem> {
    match begin(app, uri, headers, None)? {
        Begun::Ready(response) => Ok(response),
        Begun::Fresh(fresh) => {
            let asked = Asked::read(uri.query(), route.parameters)?;
            let made = make(&fresh.served, &asked)?;
            fresh.finish(headers, made)
        }
    }
}
