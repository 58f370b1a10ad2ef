//! How routes of this face answer: the request as they see it, the envelope, pages and the addresses of those beside; kept bytes and
//! tags are `http::answer`'s.

use std::convert::Infallible;

use axum::{
    extract::{FromRequestParts, RawPathParams},
    http::{HeaderMap, Uri, request::Parts},
    response::Response,
};
use serde::Serialize;

use super::{
    Index, Route,
    asked::{Asked, invalid},
};
use crate::{
    figure::Edition,
    http::{App, Problem, ProblemKind, answer, identity::Base, parameter},
};

/// A request of this face.
pub(super) struct Call {
    app: App,
    uri: Uri,
    headers: HeaderMap,
    /// What stands in the path where the route has braces; none if that is no UTF-8.
    path: Option<Vec<(String, String)>>,
}

impl FromRequestParts<App> for Call {
    type Rejection = Infallible;

    async fn from_request_parts(parts: &mut Parts, app: &App) -> Result<Self, Infallible> {
        let path = RawPathParams::from_request_parts(parts, app).await;
        let path = path.ok().map(|path| path.iter().map(|(name, value)| (name.to_owned(), value.to_owned())).collect());
        Ok(Self { app: app.clone(), uri: parts.uri.clone(), headers: parts.headers.clone(), path })
    }
}

impl Call {
    /// Answers with what is made of the index and of what is asked for, unless it is kept or the client has it.
    pub(super) async fn answer(
        &self,
        route: &Route,
        make: impl FnOnce(&Index, &Asked) -> Result<Vec<u8>, Problem>,
    ) -> Result<Response, Problem> {
        self.answer_from(route, |_, index, asked| make(index, asked)).await
    }

    /// The same where cells are needed, too.
    #[expect(clippy::unused_async, reason = "handlers wait for answers, whatever the face")]
    pub(super) async fn answer_from(
        &self,
        route: &Route,
        make: impl FnOnce(&Edition, &Index, &Asked) -> Result<Vec<u8>, Problem>,
    ) -> Result<Response, Problem> {
        if !takes_json(&self.headers) {
            return Err(Problem::with(
                ProblemKind::NotAcceptable,
                "Svaret är application/json.",
                "The answer is application/json.",
            ));
        }
        answer::bytes(&self.app, &self.uri, &self.headers, self.base().as_ref(), "application/json", |served| {
            let path = self.path.as_ref().ok_or_else(|| {
                invalid(
                    "Adressen är inte kodad som UTF-8: skriv å som %C3%A5.",
                    "The address is not encoded as UTF-8: write å as %C3%A5.",
                )
            })?;
            make(&served.edition, served.kolada(), &Asked::read(route, path, self.uri.query())?)
        })
    }

    /// The page of values that is asked for, in its envelope.
    pub(super) fn page<T: Serialize>(&self, asked: &Asked, values: &[T]) -> Result<Vec<u8>, Problem> {
        let (number, size) = (asked.page, asked.per_page);
        let pages = values.len().div_ceil(size).max(1);
        if number > pages {
            return Err(Problem::with(
                ProblemKind::UnknownId,
                format!("Sidan {number} finns inte; den sista är {pages}."),
                format!("There is no page {number}; the last is {pages}."),
            ));
        }
        let first = (number - 1) * size;
        let values = &values[first..values.len().min(first + size)];
        let beside = |page: usize| self.address(page, size);
        written(&Envelope {
            values,
            count: values.len(),
            next_url: (number < pages).then(|| beside(number + 1)),
            previous_url: (number > 1).then(|| beside(number - 1)),
        })
    }

    /// The address of another page, in full, as clients that follow it expect.
    fn address(&self, page: usize, per_page: usize) -> String {
        let pairs = url::form_urlencoded::parse(self.uri.query().unwrap_or_default().as_bytes());
        let pairs = pairs.filter(|(key, _)| !["page", "per_page"].contains(&&**key));
        let query = url::form_urlencoded::Serializer::new(String::new())
            .extend_pairs(pairs)
            .append_pair("page", &page.to_string())
            .append_pair("per_page", &per_page.to_string())
            .finish();
        let origin = self.base().map_or_else(String::new, |base| base.address);
        format!("{origin}{}?{query}", self.uri.path())
    }

    /// What addresses begin with; nothing where neither the service nor the client says it.
    fn base(&self) -> Option<Base> {
        self.app.base(&self.headers).ok()
    }
}

/// What surrounds the values of a page.
#[derive(Serialize)]
struct Envelope<'a, T> {
    values: &'a [T],
    count: usize,
    next_url: Option<String>,
    previous_url: Option<String>,
}

/// A document as JSON.
pub(super) fn written(document: &impl Serialize) -> Result<Vec<u8>, Problem> {
    serde_json::to_vec(document).map_err(|error| {
        tracing::error!(%error, "an answer of the Kolada face cannot be written");
        Problem::new(ProblemKind::Internal)
    })
}

/// Whether the client takes JSON, the only format here.
fn takes_json(headers: &HeaderMap) -> bool {
    let Some(accept) = parameter::accepted(headers) else { return true };
    let accept = accept.to_ascii_lowercase();
    accept.trim().is_empty()
        || accept.split(',').any(|range| {
            let mut parts = range.split(';').map(str::trim);
            let is_json =
                parts.next().is_some_and(|media| ["*/*", "application/*", "application/json"].contains(&media));
            let quality = parts.find_map(|part| part.strip_prefix("q=")?.parse().ok()).unwrap_or(1.0_f32);
            is_json && quality > 0.0
        })
}

#[cfg(test)]
mod tests {
    use axum::http::header;

    use super::*;

    #[test]
    fn json_is_taken_or_not() {
        let check = |accept: Option<&'static str>, expected: bool| {
            let mut headers = HeaderMap::new();
            if let Some(accept) = accept {
                headers.insert(header::ACCEPT, accept.parse().unwrap());
            }
            assert_eq!(takes_json(&headers), expected, "{accept:?}");
        };
        check(None, true);
        check(Some(""), true);
        check(Some("*/*"), true);
        check(Some("text/html, application/json;q=0.5"), true);
        check(Some("application/json; charset=utf-8"), true);
        check(Some("text/csv"), false);
        check(Some("application/json;q=0"), false);
    }
}
