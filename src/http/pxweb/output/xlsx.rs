//! Workbooks: the pivoted table, and a sheet that says what it is.

use super::{Output, OutputFormat};
use crate::{
    encode::{EncodeError, write_xlsx},
    http::pxweb::notes,
    model::Text,
};

pub(super) static FORMAT: OutputFormat = OutputFormat {
    name: "xlsx",
    content_type: "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet",
    extension: Some("xlsx"),
    has_labels: true,
    has_separator: false,
    write,
};

fn write(output: &Output, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Output { edition, table, .. } = output;
    let notes = notes::of(edition, table);
    let joined =
        |text: fn(&Text) -> &str| notes.texts[notes.mandatory..].iter().map(text).collect::<Vec<_>>().join(" ");
    let text = Text::new(joined(|text| &text.sv), joined(|text| &text.en));
    write_xlsx(&output.pivot(), &table.id, &text, &edition.meta, out)
}
