//! The Kolada v3 face: the list of its routes and where they are mounted; what each route gives is in a file of its own.
//!
//! Shapes follow the interface that municipalities' scripts read (<https://api.kolada.se/v3/docs>):
//!
//! - a KPI is a measure of an instrument, a group of KPIs an instrument, `0000` is everybody together (our group `all`), a
//!   municipality group is any other published group of an instrument; their ids depend on our own ids alone ([`id`]);
//! - a value is a published mean in per cent, its count the number of organisations; the gender is always `T`;
//! - a single municipality's or region's value is withheld, always and without being looked for;
//! - an instrument's groups are its own, so nothing is ever taken over several instruments.
//!
//! Unlike there, an unknown parameter is refused, and so is an unknown id among known ones.

mod answer;
mod asked;
mod data;
mod group;
mod id;
mod index;
mod kpi;
mod kpi_group;
mod municipality;
mod parameter;
mod place;
mod start;
mod unit;

use axum::{Router, response::IntoResponse as _, routing::any};

pub use id::IdError;
pub use parameter::{IDS_MAX, KoladaParameter, PAGE_MAX, PARAMETERS, Takes, described};

pub(super) use id::check;
pub(super) use index::Index;

use super::{App, Problem, ProblemKind, Route};

/// Where the face begins.
pub const ROOT: &str = "/kolada/v3";

/// Every route, each also with a slash at its end. Names in braces and parameters are those of [`PARAMETERS`].
pub static ROUTES: &[&Route] = &[
    &start::ROUTE,
    &kpi::ROUTE,
    &kpi::SOME,
    &kpi_group::ROUTE,
    &kpi_group::SOME,
    &municipality::ROUTE,
    &municipality::SOME,
    &group::ROUTE,
    &group::SOME,
    &unit::ROUTE,
    &unit::SOME,
    &unit::DATA,
    &data::ROUTE,
    &data::KPI_MUNICIPALITY,
    &data::KPI_YEAR,
    &data::MUNICIPALITY_KPI,
    &data::MUNICIPALITY_YEAR,
    &data::YEAR_KPI,
    &data::YEAR_MUNICIPALITY,
    &data::KPI_MUNICIPALITY_YEAR,
    &data::MUNICIPALITY_KPI_YEAR,
];

/// Addresses of version 2, there and here.
const GONE: [&str; 6] = ["/kolada/v2", "/kolada/v2/", "/kolada/v2/{*rest}", "/v2", "/v2/", "/v2/{*rest}"];

/// The face as a router.
pub(super) fn router() -> Router<App> {
    let mut router = Router::new();
    for route in ROUTES {
        router = router.route(route.path, (route.handler)()).route(&format!("{}/", route.path), (route.handler)());
    }
    for path in GONE {
        router = router.route(path, any(|| async { gone().into_response() }));
    }
    router
}

fn gone() -> Problem {
    let successor = format!("<{ROOT}>; rel=\"successor-version\"");
    Problem::new(ProblemKind::Gone).with_header(axum::http::header::LINK, &successor)
}

#[cfg(test)]
mod tests {
    use std::collections::BTreeSet;

    use super::*;

    #[test]
    fn every_parameter_is_described_and_every_description_used() {
        let mut used = BTreeSet::new();
        let mut operations = BTreeSet::new();
        for route in ROUTES {
            assert!(route.path.starts_with(ROOT) && route.example.starts_with(ROOT), "{}", route.path);
            assert!(operations.insert(route.operation), "{} is there twice", route.operation);
            let in_path = route.path.split('{').skip(1).map(|part| part.split('}').next().unwrap());
            for name in in_path.chain(route.parameters.iter().copied()) {
                assert!(described(name).is_some(), "{}: {name}", route.path);
                used.insert(name);
            }
        }
        let all: BTreeSet<&str> = PARAMETERS.iter().map(|parameter| parameter.name).collect();
        assert_eq!(used, all);
    }
}
