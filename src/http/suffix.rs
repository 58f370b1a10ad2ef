//! Addresses that end with a format's name, such as `/v1/figures.csv`, as the address with `format=csv` that they stand for.

use axum::{
    extract::Request,
    http::{Uri, uri::PathAndQuery},
};

use super::{ROUTES, catalog};
use crate::encode;

/// Rewrites the address of a request to a tabular resource; every other address stays as it is.
pub(super) fn rewrite(mut request: Request) -> Request {
    if let Some(uri) = without(request.uri()) {
        *request.uri_mut() = uri;
    }
    request
}

fn without(uri: &Uri) -> Option<Uri> {
    let path = uri.path();
    if !path.starts_with("/v1/") || path.starts_with("/v1/files/") {
        return None;
    }
    // some resources are called as if they were files
    if ROUTES.iter().any(|route| route.path == path) {
        return None;
    }
    let (stem, end) = path.rsplit_once('.')?;
    encode::named(end).map(|_| ()).or_else(|| catalog::named(end).map(|_| ()))?;
    // beside a format in the query there are two of them, which reading the parameters tells
    let query = uri.query().filter(|query| !query.is_empty()).map_or(String::new(), |query| format!("{query}&"));
    let address: PathAndQuery = format!("{stem}?{query}format={end}").parse().ok()?;
    let mut parts = uri.clone().into_parts();
    parts.path_and_query = Some(address);
    Uri::from_parts(parts).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_suffix_is_a_format() {
        let check = |from: &str, expected: Option<&str>| {
            let found = without(&from.parse().unwrap()).map(|uri| uri.to_string());
            assert_eq!(found.as_deref(), expected, "{from}");
        };
        check("/v1/figures.csv", Some("/v1/figures?format=csv"));
        check("/v1/figures.csv?year=2020", Some("/v1/figures?year=2020&format=csv"));
        check("/v1/groups/county:14.json", Some("/v1/groups/county:14?format=json"));
        check("/v1/figures.json-stat?year=2020", Some("/v1/figures?year=2020&format=json-stat"));
        check("/v1/figures.arrows", Some("/v1/figures?format=arrows"));
        check("/v1/figures", None);
        check("/v1/openapi.json", None);
        check("/v1/catalog.ttl", Some("/v1/catalog?format=ttl"));
        check("/v1/figures.exe", None);
        check("/v1/releases/aaaaaaaa...bbbbbbbb", None);
        check("/v1/files/abc/figures.csv", None);
        check("/other.csv", None);
    }
}
