//! Pages and charts for people: where each is found, and how an edition's pages are kept, tagged and answered; what they show is
//! `web`'s.

mod difference;
mod feed;
mod key;
mod sql;

use std::sync::Arc;

use axum::{
    Router,
    extract::{Path, RawPathParams, State},
    http::{HeaderMap, HeaderValue, Uri, header},
    response::Response,
    routing::get,
};

use super::{App, Problem, ProblemKind, answer, holder, parameter, published, unknown};
use crate::{
    figure::Edition,
    model::Language,
    web::{self, Asked, NoPage, Own, PAGES, PageKind, Site, Words},
};

use key::Holder;

/// Where somebody goes on who has shown a key, in Swedish and in English.
const ADDRESS_AFTER: [&str; 2] = ["/jamfor", "/en/compare"];

/// Addresses of charts in Swedish and in English.
const CHARTS: [&str; 2] = ["/diagram/{chart}", "/en/chart/{chart}"];

/// How a chart is asked for by itself.
const SVG: &str = ".svg";

/// A router with every page.
pub(super) fn mounted(mut router: Router<App>) -> Router<App> {
    for &page in PAGES {
        for (language, path) in Language::ALL.into_iter().zip(page.addresses) {
            let handler = move |State(app): State<App>, path: RawPathParams, uri: Uri, headers: HeaderMap| async move {
                let chosen: Vec<(&str, &str)> = path.iter().collect();
                shown(&app, page, &chosen, &uri, &headers, Words { language }).await
            };
            router = router.route(path, get(handler));
        }
    }
    for (language, path) in Language::ALL.into_iter().zip(CHARTS) {
        let handler = move |State(app): State<App>, Path(name): Path<String>, uri: Uri, headers: HeaderMap| async move {
            chart(&app, &name, &uri, &headers, Words { language })
        };
        router = router.route(path, get(handler));
    }
    [difference::mounted, feed::mounted, key::mounted, sql::mounted].into_iter().fold(router, |router, add| add(router))
}

/// The language of a page's address; none of the API and its faces, whose answers are in the language that is asked for.
pub(super) fn language(path: &str) -> Option<Language> {
    let first = path.split('/').nth(1).unwrap_or_default();
    match first {
        "v1" | "pxweb" | "kolada" => None,
        "en" => Some(Language::En),
        _ => Some(Language::Sv),
    }
}

/// What a page's address chooses. Forms send empty fields, which choose nothing; a number may be written with a comma.
fn asked(path: &[(&str, &str)], uri: &Uri, names: &[&str]) -> Result<Asked, Problem> {
    let mut pairs: Vec<(String, String)> =
        path.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect();
    for (name, value) in url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes()) {
        // newsletters and search engines add names of their own to addresses; pages have no use for them
        if !names.contains(&&*name) {
            continue;
        }
        if pairs.iter().any(|(known, _)| *known == *name) {
            return Err(Problem::with(
                ProblemKind::InvalidParameter,
                format!("Parametern {name} anges mer än en gång."),
                format!("The parameter {name} is given more than once."),
            ));
        }
        let value = match &*name {
            "value" => value.replace(',', ".").replace(['%', ' ', '\u{a0}'], ""),
            // in a query string a plus sign is a space, and ids have the one and never the other
            "group" | "peers" => value.trim().replace(' ', "+"),
            _ => value.trim().to_owned(),
        };
        pairs.push((name.into_owned(), value));
    }
    pairs.retain(|(_, value)| !value.is_empty());
    for (name, value) in &pairs {
        if let Some(text) = parameter::described(name).filter(|text| text.name != "year" && !text.accepts(value)) {
            return Err(parameter::invalid(text));
        }
    }
    Ok(Asked::new(pairs.iter().map(|(name, value)| (&**name, &**value))))
}

async fn shown(
    app: &App,
    page: &'static PageKind,
    path: &[(&str, &str)],
    uri: &Uri,
    headers: &HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    let mut asked = asked(path, uri, page.parameters)?;
    if let Some(holder) = Holder::of(app, headers)
        .filter(|own| page.is_for_holders && asked.get("organisation") == Some(own.organisation.as_str()))
    {
        let served = app.served()?;
        // a key that opens nothing any more, since there is a new edition, is as none
        if let Ok(rows) = holder::opened(&served, &holder.organisation, &holder.key).await {
            asked.own = Some(Arc::new(Own::new(rows)));
            let html = with_site(app, &served.edition, |site| (page.make)(site, &asked, words))?;
            let mut response = answer::html(html);
            let fields = response.headers_mut();
            fields.insert(header::CACHE_CONTROL, HeaderValue::from_static("private, no-store"));
            fields.insert(header::CONTENT_LANGUAGE, HeaderValue::from_static(words.language.tag()));
            answer::label(&served, fields);
            response.extensions_mut().insert(DependsOnCookie);
            return Ok(response);
        }
    }
    let fields = fields(&web::POLICY, words);
    let mut response = answer::of_edition(app, uri, headers, (web::CONTENT_TYPE, fields), |edition| {
        with_site(app, edition, |site| (page.make)(site, &asked, words))
    })?;
    if page.is_for_holders {
        response.extensions_mut().insert(DependsOnCookie);
    }
    Ok(response)
}

/// The mark of an answer that is another one for a browser with a holder's cookie.
#[derive(Debug, Clone, Copy)]
pub(super) struct DependsOnCookie;

/// A chart by itself where the name ends with `.svg`, and otherwise a small page with it.
fn chart(app: &App, name: &str, uri: &Uri, headers: &HeaderMap, words: Words) -> Result<Response, Problem> {
    let (name, is_alone) = name.strip_suffix(SVG).map_or((name, false), |name| (name, true));
    let kind = web::chart_kind(name).ok_or_else(|| unknown("chart", name))?;
    let asked = asked(&[], uri, kind.parameters)?;
    let make = |edition: &Edition| (kind.make)(edition, &asked, words).ok_or_else(|| nothing(kind.parameters));
    if is_alone {
        let fields = fields(&web::CHART_POLICY, words);
        return answer::of_edition(app, uri, headers, ("image/svg+xml", fields), |edition| {
            let path = uri.path().trim_end_matches(SVG);
            let address = format!("{}{path}?{}", app.base_of_examples(), asked.query());
            Ok(make(edition)?.file(words.of(&edition.meta.source), &address))
        });
    }
    let fields = fields(&web::EMBEDDED_POLICY, words);
    answer::of_edition(app, uri, headers, (web::CONTENT_TYPE, fields), |edition| {
        let chart = make(edition)?;
        with_site(app, edition, |site| web::embedded(site, &chart, words))
    })
}

fn with_site(
    app: &App,
    edition: &Edition,
    make: impl FnOnce(&Site<'_>) -> Result<String, NoPage>,
) -> Result<String, Problem> {
    let publisher = app.publisher()?;
    let site = Site { edition, publisher: &publisher, limits: published(app.limits()), base: app.base_of_examples() };
    make(&site).map_err(|error| match error {
        NoPage::Unknown(what, id) => unknown(what, &id),
        NoPage::Page(error) => {
            tracing::error!(%error, "a page cannot be shown");
            Problem::new(ProblemKind::Internal)
        }
    })
}

/// The edition has nothing that such a chart could show.
fn nothing(parameters: &[&str]) -> Problem {
    let names = parameters.join(", ");
    Problem::with(
        ProblemKind::UnknownId,
        format!("Det finns inget att rita. Diagrammet väljs med {names}."),
        format!("There is nothing to draw. The chart is chosen by {names}."),
    )
}

fn fields(policy: &str, words: Words) -> Vec<(header::HeaderName, HeaderValue)> {
    let policy = HeaderValue::from_str(policy).ok().map(|policy| (header::CONTENT_SECURITY_POLICY, policy));
    let language = (header::CONTENT_LANGUAGE, HeaderValue::from_static(words.language.tag()));
    policy.into_iter().chain([language]).collect()
}
