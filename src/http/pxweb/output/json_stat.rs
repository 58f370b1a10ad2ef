//! JSON-stat 2, the default.

use super::{Output, OutputFormat};
use crate::{encode::EncodeError, http::pxweb::dataset::Dataset};

pub(super) static FORMAT: OutputFormat = OutputFormat {
    name: "json-stat2",
    content_type: "application/json",
    extension: None,
    has_labels: false,
    has_separator: false,
    write,
};

fn write(output: &Output, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Output { edition, table, chosen, cube, wanted } = output;
    let dataset = Dataset::new(edition, table, chosen, Some(cube), wanted.language);
    serde_json::to_writer(&mut *out, &dataset).map_err(|error| EncodeError::Library(error.to_string()))?;
    out.push(b'\n');
    Ok(())
}
