//! PX files.

use super::{Output, OutputFormat};
use crate::{
    encode::{
        EncodeError,
        px::{self, PxTable},
    },
    http::pxweb::notes,
    model::Text,
};

pub(super) static FORMAT: OutputFormat = OutputFormat {
    name: "px",
    // clients read bytes of text types as text, in an encoding that they guess
    content_type: "application/octet-stream",
    extension: Some("px"),
    has_labels: false,
    has_separator: false,
    write,
};

fn write(output: &Output, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Output { edition, table, chosen, cube, wanted } = output;
    let notes = notes::of(edition, table);
    let (subject_code, subject) = match &table.instrument {
        Some((id, name)) => (&**id, name.clone()),
        None => ("mognad", Text::new("mognad", "mognad")),
    };
    let about = PxTable {
        matrix: &table.id,
        subject_code,
        subject,
        notes: notes.texts[notes.mandatory..].to_vec(),
        heading: chosen.heading().len(),
    };
    px::write(cube, &about, &edition.meta, wanted.language, out)
}
