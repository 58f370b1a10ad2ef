//! Every resource, one file each, and the one list that the router is made of.

mod comparisons;
mod cross_tables;
mod figures;
mod groups;
mod headlines;
mod health;
mod indicators;
mod method;
mod organisations;
mod problems;
mod releases;
mod results;
mod start;

use axum::routing::MethodRouter;

use super::App;

/// A resource.
#[derive(Debug)]
pub struct Route {
    /// Path, with parameters in braces.
    pub path: &'static str,
    /// What it gives, in English.
    pub summary: &'static str,
    /// An address to try.
    pub example: &'static str,
    /// Its methods.
    pub handler: fn() -> MethodRouter<App>,
}

/// Every resource.
pub static ROUTES: &[Route] = &[
    start::ROUTE,
    headlines::ROUTE,
    figures::ROUTE,
    comparisons::ROUTE,
    cross_tables::ROUTE,
    indicators::ROUTE,
    groups::ROUTE,
    groups::ONE,
    organisations::ROUTE,
    organisations::ONE,
    results::ROUTE,
    releases::ROUTE,
    method::ROUTE,
    problems::ROUTE,
    health::HEALTH,
    health::READY,
];
