//! `/utgavor/{earlier}/{later}` and `/en/editions/{earlier}/{later}`: what one edition changed in another, for people.

use axum::{
    Router,
    extract::{Path, State},
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use crate::{
    http::{App, Problem, answer},
    model::Language,
    web::{self, DifferencePage, Words},
};

pub(super) fn mounted(mut router: Router<App>) -> Router<App> {
    for (language, path) in Language::ALL.into_iter().zip(DifferencePage::ADDRESSES) {
        let words = Words { language };
        let show = move |State(app): State<App>, path: Path<(String, String)>, uri: Uri, headers: HeaderMap| async move {
            shown(&app, path, &uri, &headers, words).await
        };
        router = router.route(path, get(show));
    }
    router
}

async fn shown(
    app: &App,
    Path((earlier, later)): Path<(String, String)>,
    uri: &Uri,
    headers: &HeaderMap,
    words: Words,
) -> Result<Response, Problem> {
    super::asked(&[], uri, &[])?;
    let served = app.served()?;
    let (earlier, later) = (app.release_at(&earlier).await?, app.release_at(&later).await?);
    let found = served.differences(&earlier, &later).await?;
    let fields = super::fields(&web::POLICY, words);
    answer::of_edition(app, uri, headers, (web::CONTENT_TYPE, fields), |edition| {
        let both = [&earlier.edition.meta, &later.edition.meta];
        super::with_site(app, edition, |site| DifferencePage::html(site, both, &found, words))
    })
}
