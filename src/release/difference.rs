//! What changed from one release to another: rows that came, went or hold other values, by table; both are public, so is this.

use std::collections::BTreeMap;

use super::Release;
use crate::{
    definition,
    encode::{Grid, Value},
    table::TableError,
};

/// A value that differs.
#[derive(Debug, Clone, PartialEq)]
pub struct Changed {
    /// What the row is about.
    pub key: Vec<Value>,
    /// Column.
    pub column: String,
    /// Before.
    pub before: Value,
    /// After.
    pub after: Value,
}

/// How a table differs.
#[derive(Debug, Clone, Default, PartialEq)]
pub struct Difference {
    /// Name.
    pub table: String,
    /// Rows that came.
    pub added: usize,
    /// Rows that went.
    pub removed: usize,
    /// Values that differ in rows that are in both.
    pub changed: Vec<Changed>,
}

/// Compares two releases, table by table; tables that are the same are left out.
pub fn difference(before: &Release, after: &Release) -> Result<Vec<Difference>, TableError> {
    let mut names: Vec<&String> = before.tables.keys().chain(after.tables.keys()).collect();
    names.sort();
    names.dedup();
    let mut differences = Vec::new();
    // the log differs by the very entries that are compared
    for name in names.into_iter().filter(|name| *name != "releases") {
        let grid = |release: &Release| -> Result<Option<Grid>, TableError> {
            release.tables.get(name).map(|table| Grid::of(&table.whole()?)).transpose()
        };
        let (old, new) = (grid(before)?.unwrap_or_default(), grid(after)?.unwrap_or_default());
        let found = of_table(name, &old, &new);
        if found.added + found.removed + found.changed.len() > 0 {
            differences.push(found);
        }
    }
    Ok(differences)
}

fn of_table(name: &str, before: &Grid, after: &Grid) -> Difference {
    // a table that has no words is compared row by row
    let keys = definition::table(name).map(|table| table.key.as_slice());
    let (old, new) = (by_key(before, keys), by_key(after, keys));
    let mut difference = Difference { table: name.to_owned(), ..Difference::default() };
    difference.added = new.keys().filter(|key| !old.contains_key(*key)).count();
    for (key, row) in &old {
        let Some(other) = new.get(key) else {
            difference.removed += 1;
            continue;
        };
        for (at, column) in before.columns.iter().enumerate() {
            let value = after.position(column).map_or(&Value::Null, |at| &other.row[at]);
            if *value != row.row[at] {
                difference.changed.push(Changed {
                    key: row.key.clone(),
                    column: column.to_string(),
                    before: row.row[at].clone(),
                    after: value.clone(),
                });
            }
        }
    }
    difference
}

struct Keyed<'a> {
    key: Vec<Value>,
    row: &'a Vec<Value>,
}

fn by_key<'a>(grid: &'a Grid, keys: Option<&[String]>) -> BTreeMap<String, Keyed<'a>> {
    let places: Vec<usize> = match keys {
        Some(keys) => keys.iter().filter_map(|key| grid.position(key)).collect(),
        None => (0..grid.columns.len()).collect(),
    };
    grid.rows
        .iter()
        .map(|row| {
            let key: Vec<Value> = places.iter().map(|&at| row[at].clone()).collect();
            (format!("{key:?}"), Keyed { key, row })
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_come_go_and_change() {
        let grid = |rows: &[(&str, i64)]| {
            let mut grid = Grid::new(&["instrument", "indicator", "group_id", "year", "mean"]);
            for (group, mean) in rows {
                let key = [Value::text("i"), Value::text("index"), Value::text(group), Value::Whole(2020)];
                grid.rows.push(key.into_iter().chain([Value::Whole(*mean)]).collect());
            }
            grid
        };
        let found = of_table("figures", &grid(&[("a", 40), ("b", 41)]), &grid(&[("b", 42), ("c", 43)]));
        assert_eq!((found.added, found.removed, found.changed.len()), (1, 1, 1));
        let changed = &found.changed[0];
        assert_eq!(
            (changed.column.as_str(), &changed.before, &changed.after),
            ("mean", &Value::Whole(41), &Value::Whole(42))
        );
    }
}
