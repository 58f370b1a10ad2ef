//! Which organisations are most alike by public structure variables; it only chooses peers and says nothing about their results.

use std::{
    collections::BTreeMap,
    sync::{Arc, OnceLock},
};

use super::{edition::rows, membership::Members, published::PublishedRows};
use crate::encode::Grid;

/// Standardised structure variables by organisation, in the order of the variables' names.
type Variables = BTreeMap<Arc<str>, BTreeMap<Arc<str>, f64>>;

/// What organisations are likened by, read when somebody asks for the first time.
#[derive(Debug)]
pub struct Structure {
    table: Arc<PublishedRows>,
    read: OnceLock<Variables>,
}

impl Structure {
    /// Opens the table `structure`.
    pub(super) fn open(table: Arc<PublishedRows>) -> Self {
        Self { table, read: OnceLock::new() }
    }

    fn variables(&self) -> &Variables {
        self.read.get_or_init(|| self.table.checked(self.table.grid()).as_ref().map(variables).unwrap_or_default())
    }

    /// The `count` organisations among `candidates` that are most alike to one, nearest first, itself left out: the Euclidean
    /// distance of standardised variables, ties by id. None where the organisation has no structure variables.
    pub fn nearest(&self, organisation: &str, candidates: &Members, count: usize) -> Option<Members> {
        nearest(self.variables(), organisation, candidates, count)
    }
}

fn variables(structure: &Grid) -> Variables {
    let mut found = Variables::new();
    for row in rows(structure) {
        if let Some(standardised) = row.decimal("standardised") {
            found.entry(row.text("organisation")).or_default().insert(row.text("variable"), standardised);
        }
    }
    found
}

fn nearest(known: &Variables, organisation: &str, candidates: &Members, count: usize) -> Option<Members> {
    let own = known.get(organisation)?;
    let distance = |other: &BTreeMap<Arc<str>, f64>| -> f64 {
        // a variable that one of them lacks counts as the average, as it does in the similarity tree
        let names = own.keys().chain(other.keys().filter(|name| !own.contains_key(*name)));
        let value = |of: &BTreeMap<Arc<str>, f64>, name: &Arc<str>| of.get(name).copied().unwrap_or(0.0);
        names.map(|name| (value(own, name) - value(other, name)).powi(2)).sum()
    };
    let mut found: Vec<(f64, &Arc<str>)> = candidates
        .iter()
        .filter(|id| &***id != organisation)
        .filter_map(|id| Some((distance(known.get(id)?), id)))
        .collect();
    found.sort_by(|a, b| a.0.total_cmp(&b.0).then(a.1.cmp(b.1)));
    Some(found.into_iter().take(count).map(|(_, id)| id.clone()).collect())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::Value;

    #[test]
    fn the_nearest_come_first_and_ties_go_by_id() {
        let mut grid = Grid::new(&["organisation", "variable", "year", "value", "standardised"]);
        for (id, at) in [("a", 0.0), ("b", 1.0), ("c", -1.0), ("d", 0.5), ("e", 3.0)] {
            let row = [Value::text(id), Value::text("population"), Value::Whole(2023), Value::Number(at)];
            grid.rows.push(row.into_iter().chain([Value::Number(at)]).collect());
        }
        let known = variables(&grid);
        let all: Members = ["a", "b", "c", "d", "e", "without"].map(Arc::from).into();
        let nearest = |count| super::nearest(&known, "a", &all, count).unwrap().into_iter().collect::<Vec<_>>();
        assert_eq!(nearest(1), ["d".into()]);
        assert_eq!(nearest(2), ["b".into(), "d".into()]);
        assert_eq!(nearest(9).len(), 4);
        assert!(super::nearest(&known, "without", &all, 3).is_none());
    }
}
