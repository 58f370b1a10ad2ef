//! HTML: one table in a document, with notes below.

use super::{Output, OutputFormat};
use crate::{
    encode::{EncodeError, write_html},
    http::pxweb::notes,
};

pub(super) static FORMAT: OutputFormat = OutputFormat {
    name: "html",
    content_type: "text/html; charset=utf-8",
    extension: None,
    has_labels: true,
    has_separator: false,
    write,
};

fn write(output: &Output, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let language = output.wanted.language;
    let notes = notes::of(output.edition, output.table);
    let source = language.of(&output.edition.meta.source);
    let notes: Vec<&str> = notes.texts.iter().map(|text| language.of(text)).chain([source]).collect();
    write_html(&output.pivot(), &notes, out)
}
