//! Parquet as `PxWeb` writes it: a row for each combination of codes, two columns for each measure, the value and the symbol that
//! stands where there is none.

use std::{borrow::Cow, sync::Arc};

use super::{Output, OutputFormat};
use crate::{
    definition::{ColumnText, Kind},
    encode::{Dimension, EncodeError, Role, Sheet, SheetColumn, Value, parquet},
    model::Text,
};

pub(super) static FORMAT: OutputFormat = OutputFormat {
    name: "parquet",
    content_type: "application/vnd.apache.parquet",
    extension: Some("parquet"),
    has_labels: false,
    has_separator: false,
    write,
};

fn write(output: &Output, out: &mut Vec<u8>) -> Result<(), EncodeError> {
    let Output { edition, table, cube, wanted, .. } = output;
    let measure_at = cube.dimensions.iter().position(|own| own.role == Role::Measure).ok_or(EncodeError::NoCube)?;
    let measures = &cube.dimensions[measure_at];
    let keys: Vec<&Dimension> = cube.dimensions.iter().filter(|own| own.role != Role::Measure).collect();
    let mut columns: Vec<SheetColumn> = keys.iter().map(|own| column(&own.id, Kind::Text, &own.name)).collect();
    for measure in &measures.categories {
        // the only measure has no name in its columns
        let name = if measures.categories.len() > 1 {
            format!("{}_{}", measures.id, measure.code)
        } else {
            "value".to_owned()
        };
        let mut value = column(&name, Kind::Number, &measure.name);
        if let Some((unit, decimals)) = measure.unit {
            let text = value.text.to_mut();
            (text.unit, text.decimals) = (Some(unit), decimals);
        }
        columns.push(value);
        columns.push(column(
            &format!("{name}_symbol"),
            Kind::Text,
            &Text::new("Tecken i stället för värde", "Symbol in place of a value"),
        ));
    }
    let size = cube.size();
    // cells of one row stand this far apart
    let apart: usize = size[measure_at + 1..].iter().product();
    let count = size[measure_at];
    let starts = (0..cube.cells.len()).filter(|place| (place / apart).is_multiple_of(count));
    let rows: Vec<Vec<Value>> = starts
        .map(|start| {
            let mut rest = start;
            let mut codes: Vec<Value> = Vec::with_capacity(columns.len());
            for dimension in cube.dimensions.iter().rev() {
                let own = &dimension.categories[rest % dimension.categories.len()];
                rest /= dimension.categories.len();
                if dimension.role != Role::Measure {
                    codes.push(Value::Text(own.code.clone()));
                }
            }
            codes.reverse();
            for cell in (0..count).map(|number| &cube.cells[start + number * apart]) {
                codes.push(cell.value.map_or(Value::Null, Value::Number));
                codes.push(cell.status.px().map_or(Value::Null, Value::text));
            }
            codes
        })
        .collect();
    let sheet = Sheet {
        id: &table.id,
        title: &cube.title,
        text: &table.text.text,
        columns,
        rows: &rows,
        meta: &edition.meta,
        page: None,
        names: None,
        language: wanted.language,
    };
    parquet::write(&sheet, out)
}

fn column<'a>(name: &str, kind: Kind, title: &Text) -> SheetColumn<'a> {
    let text =
        ColumnText { kind, unit: None, decimals: 0, title: title.clone(), text: title.clone(), values: Vec::new() };
    SheetColumn { name: Arc::from(name), text: Cow::Owned(text) }
}
