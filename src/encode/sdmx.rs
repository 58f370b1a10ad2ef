//! SDMX-CSV 2.0.0 (SDMX 3.0, data message): a row for each figure, with the codes and attributes that SDMX names.

use std::{borrow::Cow, io::Write};

use super::{
    Document, EncodeError, Format, LICENCE,
    cube::{Places, code},
};
use crate::model::Bound;

/// The SDMX-CSV format.
#[derive(Debug)]
pub(super) struct SdmxCsv;

impl Format for SdmxCsv {
    fn name(&self) -> &'static str {
        "sdmx-csv"
    }

    fn media_type(&self) -> &'static str {
        "application/vnd.sdmx.data+csv;version=2.0.0"
    }

    fn content_type(&self) -> &'static str {
        "application/vnd.sdmx.data+csv;version=2.0.0"
    }

    fn extension(&self) -> &'static str {
        "csv"
    }

    fn is_in_one_language(&self) -> bool {
        true
    }

    fn is_cube(&self) -> bool {
        true
    }

    fn write(&self, document: &Document, out: &mut dyn Write) -> Result<(), EncodeError> {
        let (table, grid, meta) = (&*document.table, &document.grid, &document.meta);
        let figures = Places::of(table, grid)?;
        let dimensions: Vec<(String, usize)> = table
            .key
            .iter()
            .filter(|column| *column != "year")
            .filter_map(|column| Some((column.to_uppercase(), grid.position(column)?)))
            .collect();
        let year = grid.position("year");
        let failed = |error: csv::Error| EncodeError::Library(error.to_string());
        let mut writer = csv::WriterBuilder::new().terminator(csv::Terminator::CRLF).from_writer(out);

        let structure = format!("MOGNAD:{}(1.0.0)", table.id.to_uppercase());
        let header = ["STRUCTURE", "STRUCTURE_ID", "ACTION"]
            .into_iter()
            .chain(dimensions.iter().map(|(id, _)| id.as_str()))
            .chain(["MEASURE"])
            .chain(year.map(|_| "TIME_PERIOD"))
            .chain(["OBS_VALUE", "OBS_STATUS", "UNIT_MEASURE", "DECIMALS", "BOUND"])
            // columns of our own: the list of SDMX has one code for a value of this edition and one left from the edition before
            .chain(["STATUS", "RELEASE", "SYNTHETIC", "SOURCE", "LICENCE"]);
        writer.write_record(header).map_err(failed)?;

        let synthetic = meta.notice.is_some().to_string();
        let source = document.language.of(&meta.source);
        for row in &grid.rows {
            for (measure, cell) in figures.cells(row) {
                let unit =
                    measure.text.and_then(|text| text.unit).map(|unit| unit.word().to_uppercase().replace('-', "_"));
                let decimals = measure.text.map(|text| text.decimals.to_string()).unwrap_or_default();
                let value = cell.value.map(|value| value.to_string()).unwrap_or_default();
                let record = ["dataflow", &structure, "I"]
                    .into_iter()
                    .map(Cow::Borrowed)
                    .chain(dimensions.iter().map(|&(_, at)| code(&row[at])))
                    .chain([Cow::Borrowed(measure.name)])
                    .chain(year.map(|at| code(&row[at])))
                    .chain([
                        Cow::Owned(value),
                        Cow::Borrowed(cell.status.sdmx()),
                        Cow::Owned(unit.unwrap_or_default()),
                        Cow::Owned(decimals),
                        Cow::Borrowed(cell.bound.map_or("", Bound::word)),
                        Cow::Borrowed(cell.status.word()),
                        Cow::Borrowed(meta.release.as_str()),
                        Cow::Borrowed(&*synthetic),
                        Cow::Borrowed(source),
                        Cow::Borrowed(LICENCE),
                    ]);
                for field in record {
                    writer.write_field(field.as_bytes()).map_err(failed)?;
                }
                writer.write_record(None::<&[u8]>).map_err(failed)?;
            }
        }
        Ok(writer.flush()?)
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;
    use crate::encode::{
        Value,
        generated::{bytes, document, is_written},
    };

    proptest! {
        #![proptest_config(ProptestConfig::with_cases(64))]

        #[test]
        fn every_figure_has_a_row(document in document()) {
            let file = bytes(&SdmxCsv, &document);
            let mut reader = csv::Reader::from_reader(file.as_slice());
            let header = reader.headers().unwrap().clone();
            let at = |name: &str| header.iter().position(|own| own == name).unwrap();
            prop_assert_eq!((at("STRUCTURE"), at("STRUCTURE_ID"), at("ACTION"), at("INSTRUMENT")), (0, 1, 2, 3));
            let records: Vec<csv::StringRecord> = reader.records().map(Result::unwrap).collect();
            prop_assert_eq!(records.len(), 2 * document.grid.rows.len());
            for (row, pair) in document.grid.rows.iter().zip(records.chunks(2)) {
                for (record, (measure, column)) in pair.iter().zip([("mean", 5), ("organisations", 7)]) {
                    let field = |name: &str| &record[at(name)];
                    prop_assert_eq!(field("STRUCTURE_ID"), "MOGNAD:GENERATED(1.0.0)");
                    prop_assert!(is_written(&row[2], field("GROUP_ID"), ".") && is_written(&row[3], field("TIME_PERIOD"), "."));
                    prop_assert_eq!(field("MEASURE"), measure);
                    let value = match row[column] { Value::Whole(number) => Value::Number(number as f64), ref other => other.clone() };
                    prop_assert!(is_written(&value, field("OBS_VALUE"), "."), "{:?} {:?}", value, field("OBS_VALUE"));
                    prop_assert_eq!(field("OBS_VALUE").is_empty(), ["Q", "M", "O", "B"].contains(&field("OBS_STATUS")));
                    prop_assert_eq!(field("RELEASE"), document.meta.release.as_str());
                    prop_assert_eq!(field("SOURCE"), document.language.of(&document.meta.source));
                    prop_assert_eq!(field("SYNTHETIC"), document.meta.notice.is_some().to_string());
                }
                prop_assert_eq!(&pair[0][at("UNIT_MEASURE")], "PERCENT");
                prop_assert_eq!(&pair[0][at("DECIMALS")], "1");
                let has_bound = row[5] != Value::Null && row[6] != Value::Null;
                prop_assert_eq!(pair[0][at("BOUND")].is_empty(), !has_bound);
            }
        }
    }
}
