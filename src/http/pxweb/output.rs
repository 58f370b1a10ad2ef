//! Output formats of the `PxWeb` face: the one list, and what a request wants of them; each format has a file.

mod csv;
mod html;
mod json_stat;
mod parquet;
mod px;
mod xlsx;

use super::{
    answer::Made,
    chosen::Chosen,
    parameter::{self, Asked},
    problem::PxProblem,
    table::Table,
};
use crate::{
    encode::{Cube, EncodeError, Shown},
    figure::Edition,
    http::{Problem, ProblemKind, Served},
    model::Language,
};

/// An output format.
#[derive(Debug)]
pub(super) struct OutputFormat {
    /// Name in `outputFormat`.
    pub(super) name: &'static str,
    /// The `Content-Type` header.
    content_type: &'static str,
    /// The end of a file's name; none where the answer is not one to save.
    extension: Option<&'static str>,
    /// Whether it has labels and a title to choose.
    has_labels: bool,
    /// Whether it has a separator to choose.
    has_separator: bool,
    write: fn(&Output, &mut Vec<u8>) -> Result<(), EncodeError>,
}

/// Every output format, the default first.
pub(super) static FORMATS: &[&OutputFormat] =
    &[&json_stat::FORMAT, &csv::FORMAT, &px::FORMAT, &xlsx::FORMAT, &html::FORMAT, &parquet::FORMAT];

/// Columns of a workbook at most.
const WORKBOOK_COLUMNS: usize = 16_384;

/// What a format writes.
struct Output<'a> {
    edition: &'a Edition,
    table: &'a Table,
    chosen: &'a Chosen,
    cube: &'a Cube,
    wanted: &'a Wanted,
}

impl Output<'_> {
    /// The cube as people read tables.
    fn pivot(&self) -> crate::encode::Pivot<'_> {
        crate::encode::Pivot {
            cube: self.cube,
            stub: self.chosen.stub().len(),
            shown: self.wanted.shown,
            title: self.wanted.title,
            language: self.wanted.language,
        }
    }
}

/// The format that is wanted, and how.
#[derive(Debug)]
pub(super) struct Wanted {
    format: &'static OutputFormat,
    shown: Shown,
    title: bool,
    separator: char,
    language: Language,
}

impl Wanted {
    /// Reads what parameters say of the format.
    pub(super) fn read(asked: &Asked) -> Result<Self, Problem> {
        let name = asked.one(&parameter::OUTPUT_FORMAT).unwrap_or(FORMATS[0].name);
        let format = FORMATS.iter().find(|format| format.name.eq_ignore_ascii_case(name));
        let format = *format.ok_or(PxProblem::UnsupportedFormat)?;
        let (mut shown, mut separator, mut title) = (None, None, false);
        for own in asked.list(&parameter::OUTPUT_FORMAT_PARAMS) {
            let is_free = match own.to_ascii_lowercase().as_str() {
                "includetitle" => {
                    title = true;
                    format.has_labels
                }
                "usecodes" => shown.replace(Shown::Codes).is_none_or(|own| own == Shown::Codes) && format.has_labels,
                "usetexts" => shown.replace(Shown::Texts).is_none_or(|own| own == Shown::Texts) && format.has_labels,
                "usecodesandtexts" => {
                    shown.replace(Shown::CodesAndTexts).is_none_or(|own| own == Shown::CodesAndTexts)
                        && format.has_labels
                }
                "separatortab" => separator.replace('\t').is_none_or(|own| own == '\t') && format.has_separator,
                "separatorspace" => separator.replace(' ').is_none_or(|own| own == ' ') && format.has_separator,
                _ => separator.replace(';').is_none_or(|own| own == ';') && format.has_separator,
            };
            if !is_free {
                let format = format.name;
                return Err(PxProblem::UnsupportedFormat.because(
                    format!("{own} går inte att använda här: texter, koder och titel väljs för csv, html och xlsx, skiljetecken för csv, och bara ett av varje; formatet är {format}."),
                    format!("{own} cannot be used here: texts, codes and title are chosen for csv, html and xlsx, a separator for csv, and one of each; the format is {format}."),
                ));
            }
        }
        Ok(Self {
            format,
            shown: shown.unwrap_or_default(),
            title,
            separator: separator.unwrap_or(','),
            language: asked.language,
        })
    }
}

/// Writes what is chosen of a table.
pub(super) fn write(served: &Served, table: &Table, chosen: &Chosen, wanted: &Wanted) -> Result<Made, Problem> {
    let edition = &served.edition;
    let internal = |error: &dyn std::fmt::Display| {
        tracing::error!(%error, table = table.id, "PxWeb data cannot be written");
        Problem::new(ProblemKind::Internal)
    };
    let stored = edition.table(&table.text.id).ok_or_else(|| internal(&"the table is gone"))?;
    let cube = chosen.cube(edition, table, stored);
    let width: usize = cube.dimensions[chosen.stub().len()..].iter().map(|own| own.categories.len()).product();
    if std::ptr::eq(wanted.format, &raw const xlsx::FORMAT) && width + chosen.stub().len() > WORKBOOK_COLUMNS {
        return Err(PxProblem::IllegalPlacement.because(
            format!("En arbetsbok har högst {WORKBOOK_COLUMNS} kolumner: flytta variabler från heading till stub."),
            format!("A workbook has at most {WORKBOOK_COLUMNS} columns: move variables from heading to stub."),
        ));
    }
    let mut body = Vec::new();
    let output = Output { edition, table, chosen, cube: &cube, wanted };
    (wanted.format.write)(&output, &mut body).map_err(|error| internal(&error))?;
    let synthetic = if edition.meta.notice.is_some() { "-synthetic" } else { "" };
    let file =
        wanted.format.extension.map(|end| format!("{}-{}{synthetic}.{end}", table.id, edition.meta.release.short()));
    let content_type = wanted.format.content_type;
    Ok(Made { body, content_type, language: wanted.language, file, is_passing: false })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::pxweb::parameter::{OUTPUT_FORMAT, OUTPUT_FORMAT_PARAMS, PxParameter, Takes};

    static OWN: &[&PxParameter] = &[&OUTPUT_FORMAT, &OUTPUT_FORMAT_PARAMS];

    #[test]
    fn formats_and_their_description_are_the_same() {
        let names: Vec<&str> = FORMATS.iter().map(|format| format.name).collect();
        assert_eq!(OUTPUT_FORMAT.takes, Takes::One(Box::leak(names.into_boxed_slice())));
    }

    #[test]
    fn parameters_go_with_their_formats() {
        let check = |query: &str, expected: Option<(&str, Shown, bool, char)>| {
            let wanted = Asked::read(Some(query), OWN).and_then(|asked| Wanted::read(&asked)).ok();
            let found = wanted.map(|own| (own.format.name, own.shown, own.title, own.separator));
            assert_eq!(found, expected, "{query}");
        };
        check("", Some(("json-stat2", Shown::Texts, false, ',')));
        check("outputFormat=CSV", Some(("csv", Shown::Texts, false, ',')));
        check(
            "outputFormat=csv&outputFormatParams=UseCodes,IncludeTitle,SeparatorTab",
            Some(("csv", Shown::Codes, true, '\t')),
        );
        check(
            "outputFormat=csv&outputFormatParams=usecodesandtexts&outputFormatParams=separatorsemicolon",
            Some(("csv", Shown::CodesAndTexts, false, ';')),
        );
        check("outputFormat=html&outputFormatParams=IncludeTitle", Some(("html", Shown::Texts, true, ',')));
        check("outputFormat=csv&outputFormatParams=UseCodes,UseCodes", Some(("csv", Shown::Codes, false, ',')));
        check("outputFormat=csv&outputFormatParams=UseCodes,UseTexts", None);
        check("outputFormat=csv&outputFormatParams=SeparatorTab,SeparatorSpace", None);
        check("outputFormat=html&outputFormatParams=SeparatorTab", None);
        check("outputFormat=px&outputFormatParams=UseCodes", None);
        check("outputFormatParams=IncludeTitle", None);
        check("outputFormat=json-px", None);
        check("outputFormat=pdf", None);
    }
}
