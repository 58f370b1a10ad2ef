//! Links between resources of the `PxWeb` face, as paths from the root: the service need not know under which name it is reached.

use serde::Serialize;

use super::BASE;
use crate::model::Language;

/// A link.
#[derive(Debug, Serialize)]
pub(super) struct Link {
    rel: &'static str,
    hreflang: &'static str,
    href: String,
}

/// A link to a path below the face, in a language. `query` is what follows the language.
pub(super) fn link(rel: &'static str, path: &str, query: &str, language: Language) -> Link {
    let hreflang = language.tag();
    Link { rel, hreflang, href: format!("{BASE}/{path}?lang={hreflang}{query}") }
}

/// An id as it stands in a path.
pub(super) fn segment(id: &str) -> String {
    url::form_urlencoded::byte_serialize(id.as_bytes()).collect::<String>().replace('+', "%20")
}
