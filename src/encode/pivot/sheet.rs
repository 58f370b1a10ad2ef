//! A pivoted cube as a workbook, by way of the rows that all workbooks are made of.

use std::{borrow::Cow, io::Write, sync::Arc};

use super::{Pivot, symbol};
use crate::{
    definition::{ColumnText, Kind},
    encode::{EncodeError, Meta, Sheet, SheetColumn, Value, xlsx},
    model::Text,
};

/// Writes a pivoted cube as a workbook. `id` and `text` say on its second sheet what it is.
pub fn write(pivot: &Pivot, id: &str, text: &Text, meta: &Meta, out: &mut dyn Write) -> Result<(), EncodeError> {
    let mut columns: Vec<SheetColumn> =
        pivot.stub().iter().map(|dimension| column(&dimension.id, Kind::Text, &pivot.dimension(dimension))).collect();
    columns.extend(pivot.column_names().iter().map(|name| column(name, Kind::Number, name)));
    let rows: Vec<Vec<Value>> = pivot
        .rows()
        .map(|(categories, _, cells)| {
            let labels = categories.into_iter().map(|category| Value::text(pivot.category(category)));
            // a symbol is text in a column of numbers, which no formula counts
            let figures = cells.iter().map(|cell| match cell.value {
                Some(value) => Value::Number(value),
                None => Value::text(symbol(cell)),
            });
            labels.chain(figures).collect()
        })
        .collect();
    let sheet = Sheet {
        id,
        title: &pivot.cube.title,
        text,
        columns,
        rows: &rows,
        meta,
        page: None,
        names: None,
        language: pivot.language,
    };
    xlsx::write(&sheet, out)
}

fn column<'a>(name: &str, kind: Kind, title: &str) -> SheetColumn<'a> {
    let title = Text::new(title, title);
    let text = ColumnText { kind, unit: None, decimals: 0, text: title.clone(), title, values: Vec::new() };
    SheetColumn { name: Arc::from(name), text: Cow::Owned(text) }
}
