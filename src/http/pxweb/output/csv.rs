//! CSV as `PxWeb` writes it: the stub's variables in columns, the heading in one line.

use super::{Output, OutputFormat};
use crate::encode::{EncodeError, write_csv};

pub(super) static FORMAT: OutputFormat = OutputFormat {
    name: "csv",
    content_type: "text/csv; charset=utf-8",
    extension: Some("csv"),
    has_labels: true,
    has_separator: true,
    write,
};

fn write(output: &Output, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    write_csv(&output.pivot(), output.wanted.separator, out)
}
