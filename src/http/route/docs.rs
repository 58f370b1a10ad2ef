//! `/docs` and `/en/docs`: the API explained to people, a page; what stands in it is `web`'s.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::{
    http::{App, Problem, answer, parameter::Parameters, published},
    model::Language,
    web::{Docs, Sources},
};

pub(super) static ROUTE: Route = Route {
    path: Docs::ADDRESSES[0],
    operation: "get_docs",
    summary: ["den här dokumentationen för människor, på svenska", "this documentation for people, in Swedish"],
    example: "/docs",
    parameters: &[],
    answer: Answer::Page,
    handler: || get(get_docs),
};

pub(super) static ENGLISH: Route = Route {
    path: Docs::ADDRESSES[1],
    operation: "get_english_docs",
    summary: ["den här dokumentationen för människor, på engelska", "this documentation for people, in English"],
    example: "/en/docs",
    parameters: &[],
    answer: Answer::Page,
    handler: || get(get_english_docs),
};

async fn get_docs(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    shown(&app, &uri, &headers, Language::Sv)
}

async fn get_english_docs(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    shown(&app, &uri, &headers, Language::En)
}

fn shown(app: &App, uri: &Uri, headers: &HeaderMap, language: Language) -> Result<Response, Problem> {
    Parameters::only(uri.query(), &[])?;
    let publisher = app.publisher()?;
    // also without an edition there is something to read
    let served = app.served().ok();
    let release = served.as_ref().map(|served| &served.edition.meta);
    let tables = served.as_ref().map_or_else(Vec::new, |served| {
        served.edition.release.manifest.tables.iter().map(|table| table.name.clone()).collect()
    });
    let page = Docs::new(
        language,
        Sources {
            publisher: &publisher,
            limits: published(app.limits()),
            base: app.base_of_examples(),
            tables,
            release,
        },
    );
    answer::page(headers, Some(language), page.html())
}
