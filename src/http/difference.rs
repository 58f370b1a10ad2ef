//! What one release changed in another, as rows; finding it is `release`'s.

use crate::{
    encode::{Grid, Value},
    release::Difference,
};

/// Rows of the table `differences`.
pub(super) fn rows(found: &[Difference]) -> Grid {
    let mut grid = Grid::new(&["table_name", "difference", "rows", "row_key", "column_name", "before", "after"]);
    for Difference { table, added, removed, changed } in found {
        for (word, rows) in [("rows-added", *added), ("rows-removed", *removed)] {
            if rows > 0 {
                let mut row = vec![Value::text(table), Value::text(word), Value::Whole(rows as i64)];
                row.resize(grid.columns.len(), Value::Null);
                grid.rows.push(row);
            }
        }
        for one in changed {
            let key: Vec<String> = one.key.iter().map(ToString::to_string).collect();
            let text = |value: &Value| if *value == Value::Null { Value::Null } else { Value::text(value.to_string()) };
            grid.rows.push(vec![
                Value::text(table),
                Value::text("value-changed"),
                Value::Null,
                Value::text(key.join(" ")),
                Value::text(&one.column),
                text(&one.before),
                text(&one.after),
            ]);
        }
    }
    grid
}
