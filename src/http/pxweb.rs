//! The `PxWebApi` 2 face: published tables for every client that reads Statistics Sweden's and Statistics Norway's databases. A file
//! for each resource, and the one list that it is mounted and described from.
//!
//! A published table of figures is one `PxWeb` table for each instrument ([`table`]); a request chooses among its values
//! ([`selection`], [`chosen`]) and is answered from stored cells alone, in one of the formats of [`output`].

mod answer;
mod chosen;
mod codelists;
mod config;
mod data;
mod dataset;
mod default_selection;
mod link;
mod metadata;
mod notes;
mod output;
mod parameter;
mod problem;
mod saved_queries;
mod selection;
mod table;
mod tables;
mod valueset;

use axum::{
    Router,
    http::Method,
    routing::{MethodRouter, any},
};

pub use parameter::{Place, PxParameter, Takes};
pub use problem::{PROBLEMS, PxProblem};

pub(super) use table::Tables;

use super::App;

/// Where the face is mounted.
pub const BASE: &str = "/pxweb/api/v2";

/// A resource of the `PxWeb` face with one of its methods.
#[derive(Debug)]
pub struct PxRoute {
    /// Path, with parameters in braces.
    pub path: &'static str,
    /// Method.
    pub method: Method,
    /// What the specification calls it.
    pub operation: &'static str,
    /// What it gives: Swedish, English.
    pub summary: [&'static str; 2],
    /// An address to try; for a POST together with [`PxRoute::content`].
    pub example: &'static str,
    /// Content to try, where it takes any: JSON.
    pub content: Option<&'static str>,
    /// Its parameters.
    pub parameters: &'static [&'static PxParameter],
    /// Media types of its answers.
    pub media_types: &'static [&'static str],
    /// Problems that it answers with, beside those that every resource has.
    pub problems: &'static [PxProblem],
    /// Its handler.
    pub handler: fn() -> MethodRouter<App>,
}

/// Every resource of the `PxWeb` face.
pub static ROUTES: &[&PxRoute] = &[
    &config::ROUTE,
    &tables::ROUTE,
    &tables::ONE,
    &metadata::ROUTE,
    &default_selection::ROUTE,
    &data::GET,
    &data::POST,
    &codelists::ROUTE,
];

/// Adds the face to the service's router.
pub(super) fn mounted(mut router: Router<App>) -> Router<App> {
    for route in ROUTES {
        router = router.route(route.path, (route.handler)());
    }
    for path in saved_queries::PATHS {
        router = router.route(path, any(saved_queries::refuse));
    }
    router
}
