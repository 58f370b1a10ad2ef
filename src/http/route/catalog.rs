//! `/v1/catalog`: the published tables for data portals; what is said of them is decided in `catalog`.

use axum::{
    extract::State,
    http::{HeaderMap, Uri},
    response::Response,
    routing::get,
};

use super::{Answer, Route};
use crate::{
    figure::Edition,
    http::{App, Problem, ProblemKind, answer, catalog, parameter, parameter::Parameters},
};

pub(super) static ROUTE: Route = Route {
    path: "/v1/catalog",
    operation: "get_catalog",
    summary: [
        "publicerade tabeller för dataportaler enligt DCAT-AP-SE 3",
        "published tables for data portals, after DCAT-AP-SE 3",
    ],
    example: "/v1/catalog?format=ttl",
    parameters: &["format"],
    answer: Answer::Document(catalog::MEDIA_TYPES),
    handler: || get(get_catalog),
};

async fn get_catalog(State(app): State<App>, uri: Uri, headers: HeaderMap) -> Result<Response, Problem> {
    let parameters = Parameters::only(uri.query(), ROUTE.parameters)?;
    let accept = parameter::accepted(&headers);
    let chosen = parameters.get("format").map_or_else(|| catalog::accepted(accept.as_deref()), catalog::named);
    let chosen = chosen.ok_or_else(|| {
        Problem::with(
            ProblemKind::NotAcceptable,
            "Katalogen finns som rdf, ttl och jsonld: välj med format eller Accept.",
            "The catalogue exists as rdf, ttl and jsonld: choose by format or Accept.",
        )
    })?;
    let (publisher, base) = (app.publisher()?, app.base(&headers)?);
    let write = |edition: &Edition| {
        catalog::write(chosen, edition, &publisher, &base.address).map_err(|error| {
            tracing::error!(%error, "the catalogue cannot be given");
            Problem::new(ProblemKind::Internal)
        })
    };
    if base.is_configured {
        return answer::document(&app, &uri, &headers, chosen.media_type, write);
    }
    answer::for_host(&app, &headers, chosen.media_type, write)
}
