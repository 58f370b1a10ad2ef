//! Views over published tables, as files in `sql/view`: each may use those before it in the order of their names.

use std::sync::LazyLock;

use crate::definition::{self, QueryText};

/// Every view.
pub(super) static VIEWS: LazyLock<Vec<QueryText>> = LazyLock::new(|| definition::queries("view"));

/// The names of the views.
pub fn views() -> impl Iterator<Item = &'static str> {
    VIEWS.iter().map(|own| own.name.as_str())
}
