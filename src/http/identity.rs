//! Who publishes and at which address the service is reached, as its descriptions say it.

use std::{
    fmt,
    str::FromStr,
    sync::{Arc, LazyLock, OnceLock},
};

use axum::{
    body::Bytes,
    http::{HeaderMap, header},
};

use super::{App, Problem, ProblemKind};
use crate::definition::Publisher;

/// The address under which the service is reached from outside, without a slash at its end.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct BaseUrl(String);

/// Text that is no such address.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error(
    "{0} is no base address; write it like https://statistik.example.se, without path, query and fragment: links lead to the root of a host"
)]
pub struct NoBaseUrl(String);

impl FromStr for BaseUrl {
    type Err = NoBaseUrl;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        let url = url::Url::parse(text).map_err(|_| NoBaseUrl(text.to_owned()))?;
        let is_plain = ["http", "https"].contains(&url.scheme())
            && url.has_host()
            && url.path() == "/"
            && url.query().is_none()
            && url.fragment().is_none()
            && url.username().is_empty()
            && url.password().is_none();
        if is_plain { Ok(Self(url.as_str().trim_end_matches('/').to_owned())) } else { Err(NoBaseUrl(text.to_owned())) }
    }
}

impl fmt::Display for BaseUrl {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What descriptions say of the service.
#[derive(Debug, Clone, Default)]
pub(super) struct Identity {
    publisher: Option<Arc<Publisher>>,
    base: Option<BaseUrl>,
    /// The API's descriptions, made once each.
    pub(super) openapi: Arc<[OnceLock<Bytes>; 3]>,
}

/// Where links in an answer lead.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) struct Base {
    /// The address before a path.
    pub(super) address: String,
    /// Whether it was configured; else it is what the client says, and nobody else must be given the answer.
    pub(super) is_configured: bool,
}

impl App {
    /// The same for another publisher than the built-in example.
    #[must_use]
    pub fn with_publisher(mut self, publisher: Publisher) -> Self {
        self.identity.publisher = Some(Arc::new(publisher));
        self
    }

    /// The same, reached under a known address.
    #[must_use]
    pub fn with_base_url(mut self, base: BaseUrl) -> Self {
        self.identity.base = Some(base);
        self
    }

    /// Who publishes.
    pub(super) fn publisher(&self) -> Result<Arc<Publisher>, Problem> {
        // a test reads the same file and shows what is wrong with it
        static BUILT_IN: LazyLock<Option<Arc<Publisher>>> = LazyLock::new(|| Publisher::built_in().ok().map(Arc::new));
        let publisher = self.identity.publisher.as_ref().or(BUILT_IN.as_ref());
        publisher.cloned().ok_or_else(|| Problem::new(ProblemKind::Internal))
    }

    /// The address that examples begin with, the same for every client: the configured one, or that of a demo.
    pub(super) fn base_of_examples(&self) -> String {
        self.identity.base.as_ref().map_or_else(|| "http://127.0.0.1:8080".to_owned(), ToString::to_string)
    }

    /// Whether browsers reach the service over TLS, ended here or by a proxy whose address is known.
    pub(super) fn is_secure(&self) -> bool {
        let base = self.identity.base.as_ref();
        self.is_behind_tls() || base.is_some_and(|BaseUrl(address)| address.starts_with("https:"))
    }

    /// The address that links of an answer begin with: the configured one, or that of the host which the request names, and of
    /// which there is exactly one.
    pub(super) fn base(&self, headers: &HeaderMap) -> Result<Base, Problem> {
        if let Some(base) = &self.identity.base {
            return Ok(Base { address: base.to_string(), is_configured: true });
        }
        let scheme = if self.is_behind_tls { "https" } else { "http" };
        let host = headers.get(header::HOST).and_then(|host| host.to_str().ok());
        let host = host.ok_or_else(|| {
            Problem::with(
                ProblemKind::BadRequest,
                "Svaret har fullständiga länkar: skicka ett Host-huvud.",
                "The answer has absolute links: send a Host header.",
            )
        })?;
        Ok(Base { address: format!("{scheme}://{host}"), is_configured: false })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_base_address_is_read() {
        let check = |text: &str, expected: Option<&str>| {
            let read = text.parse::<BaseUrl>().ok().map(|base| base.to_string());
            assert_eq!(read.as_deref(), expected, "{text}");
        };
        check("https://statistik.example.se", Some("https://statistik.example.se"));
        check("https://statistik.example.se/", Some("https://statistik.example.se"));
        // links within answers and pages begin at the root
        check("https://statistik.example.se/mognad", None);
        check("http://127.0.0.1:8080", Some("http://127.0.0.1:8080"));
        check("statistik.example.se", None);
        check("ftp://statistik.example.se", None);
        check("https://user@statistik.example.se", None);
        check("https://statistik.example.se/?a=b", None);
        check("https://statistik.example.se/#a", None);
    }
}
