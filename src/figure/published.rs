//! A published table as look-ups read it: some rows at a time, those that were asked for last kept as plain values. What is made
//! of them is not decided here.

use std::{
    collections::HashMap,
    ops::Deref,
    sync::{
        Arc,
        atomic::{AtomicBool, Ordering},
    },
};

use moka::sync::Cache;

use crate::{
    disclosure::{Published, Wanted},
    encode::{Column, Grid, Value},
    table::TableError,
};

/// What the kept parts of one table may take, in bytes.
const KEPT_BYTES: u64 = 64 * 1024 * 1024;

/// What a value takes, in bytes, with its share of the texts.
const VALUE_BYTES: usize = 32;

/// The columns of cells' keys.
const KEY: [&str; 3] = ["instrument", "indicator", "group_id"];

/// Instrument, measure and group.
type Key = [Arc<str>; 3];

/// A published table, read as it is asked for.
pub struct PublishedRows {
    name: String,
    published: Published,
    columns: Vec<Column>,
    /// Where parts begin, and where the last one ends.
    bounds: Vec<usize>,
    parts: Cache<usize, Arc<Part>>,
    damaged: AtomicBool,
}

/// Consecutive rows.
#[derive(Debug, Default)]
struct Part {
    rows: Vec<Vec<Value>>,
    /// Positions among these rows by key, where the table has one.
    by_key: HashMap<Key, Vec<usize>>,
}

/// A row; it stays what it is for as long as somebody has it.
#[derive(Debug, Clone)]
pub struct PublishedRow {
    part: Arc<Part>,
    at: usize,
}

impl Deref for PublishedRow {
    type Target = Vec<Value>;

    fn deref(&self) -> &Vec<Value> {
        &self.part.rows[self.at]
    }
}

impl std::fmt::Debug for PublishedRows {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "PublishedRows({}, {:?})", self.name, self.published)
    }
}

impl PublishedRows {
    pub(super) fn new(name: &str, published: Published) -> Self {
        let columns: Vec<Column> = published.columns().map(Arc::from).collect();
        let width = columns.len() + 1;
        let weigh = move |_: &usize, part: &Arc<Part>| u32::try_from(part.rows.len() * width * VALUE_BYTES);
        let parts = Cache::builder()
            .max_capacity(KEPT_BYTES)
            .weigher(move |at, part| weigh(at, part).unwrap_or(u32::MAX))
            .build();
        let bounds = published.pages();
        Self { name: name.to_owned(), published, columns, bounds, parts, damaged: AtomicBool::new(false) }
    }

    /// The table itself.
    pub fn published(&self) -> &Published {
        &self.published
    }

    /// Number of rows.
    pub fn len(&self) -> usize {
        self.published.rows()
    }

    /// Whether it has no rows.
    pub fn is_empty(&self) -> bool {
        self.len() == 0
    }

    /// Columns.
    pub fn columns(&self) -> &[Column] {
        &self.columns
    }

    /// The position of a column.
    pub fn position(&self, column: &str) -> Option<usize> {
        self.columns.iter().position(|name| &**name == column)
    }

    /// A row by its place.
    pub fn row(&self, place: usize) -> Option<PublishedRow> {
        let number = self.part_of(place)?;
        let part = self.part(number);
        let at = place - self.bounds[number];
        (at < part.rows.len()).then_some(PublishedRow { part, at })
    }

    /// The rows that have one of some texts in each of some columns, and their places.
    pub fn having<'a>(&'a self, wanted: &[(&str, &[&str])]) -> impl Iterator<Item = (usize, PublishedRow)> + use<'a> {
        let own = |(column, texts): &(&str, &[&str])| {
            (self.position(column), texts.iter().copied().map(Arc::from).collect::<Vec<Arc<str>>>())
        };
        let columns: Vec<(Option<usize>, Vec<Arc<str>>)> = wanted.iter().map(own).collect();
        let fits = move |(_, row): &(usize, PublishedRow)| {
            columns.iter().all(|(at, texts)| match at.map(|at| &row[at]) {
                Some(Value::Text(own)) => texts.contains(own),
                _ => false,
            })
        };
        let wanted: Vec<(&str, Vec<Wanted<'_>>)> = wanted
            .iter()
            .map(|(column, texts)| (*column, texts.iter().map(|text| Wanted::Text(text)).collect()))
            .collect();
        let rows = self.near(&wanted).into_iter().flat_map(|number| {
            let (part, from) = (self.part(number), self.bounds[number]);
            (0..part.rows.len()).map(move |at| (from + at, PublishedRow { part: Arc::clone(&part), at }))
        });
        rows.filter(fits)
    }

    /// The same as rows.
    pub fn rows_having(&self, wanted: &[(&str, &[&str])]) -> Grid {
        let rows = self.having(wanted).map(|(_, row)| row.to_vec()).collect();
        Grid { columns: self.columns.clone(), rows }
    }

    /// Whether any row has this text in a column.
    pub fn has(&self, column: &str, text: &str) -> bool {
        self.having(&[(column, &[text])]).next().is_some()
    }

    /// Places of the rows of an instrument's measure in a group, ascending.
    pub fn places(&self, instrument: &str, indicator: &str, group: &str) -> Vec<usize> {
        let key: Key = [Arc::from(instrument), Arc::from(indicator), Arc::from(group)];
        let wanted = [0, 1, 2].map(|at| (KEY[at], vec![Wanted::Text(&key[at])]));
        let mut found = Vec::new();
        for number in self.near(&wanted) {
            let own = self.part(number);
            found.extend(own.by_key.get(&key).into_iter().flatten().map(|at| self.bounds[number] + at));
        }
        found
    }

    /// All rows.
    pub fn grid(&self) -> Result<Grid, TableError> {
        Grid::of(&self.published.whole()?)
    }

    /// The rows with these values.
    pub fn select(&self, wanted: &[(&str, Wanted<'_>)]) -> Result<Grid, TableError> {
        Grid::of(&self.published.select(wanted)?)
    }

    /// Combinations of values that some columns have.
    pub fn distinct(&self, columns: &[&str]) -> Result<Grid, TableError> {
        Grid::of(&self.published.distinct(columns)?)
    }

    /// Whether rows could not be read, although the file is what the manifest says. What was answered since is not to be trusted.
    pub fn is_damaged(&self) -> bool {
        self.damaged.load(Ordering::Relaxed)
    }

    /// The part that a row is in.
    fn part_of(&self, place: usize) -> Option<usize> {
        let number = self.bounds.partition_point(|&from| from <= place).checked_sub(1)?;
        (number + 1 < self.bounds.len()).then_some(number)
    }

    /// The parts in which rows with these values can be, ascending.
    fn near(&self, wanted: &[(&str, Vec<Wanted<'_>>)]) -> Vec<usize> {
        let mut parts: Vec<usize> = Vec::new();
        for near in self.published.near(wanted) {
            let ends = [near.start, near.end - 1].map(|place| self.part_of(place));
            if let [Some(first), Some(last)] = ends {
                parts.extend(parts.last().map_or(first, |before| (before + 1).max(first))..=last);
            }
        }
        parts
    }

    fn part(&self, at: usize) -> Arc<Part> {
        if let Some(kept) = self.parts.get(&at) {
            return kept;
        }
        // whoever asks for the same part meanwhile waits for it
        self.parts.get_with(at, || Arc::new(self.checked(self.read(at)).unwrap_or_default()))
    }

    /// What was read of the table, or nothing, which is noted.
    pub(super) fn checked<T>(&self, read: Result<T, TableError>) -> Option<T> {
        read.inspect_err(|error| {
            tracing::error!(%error, table = self.name, "a published table cannot be read");
            self.damaged.store(true, Ordering::Relaxed);
        })
        .ok()
    }

    fn read(&self, at: usize) -> Result<Part, TableError> {
        let rows = Grid::of(&self.published.part(self.bounds[at]..self.bounds[at + 1])?)?.rows;
        let mut by_key: HashMap<Key, Vec<usize>> = HashMap::new();
        if let [Some(instrument), Some(indicator), Some(group)] = KEY.map(|column| self.position(column)) {
            for (at, row) in rows.iter().enumerate() {
                if let (Value::Text(instrument), Value::Text(indicator), Value::Text(group)) =
                    (&row[instrument], &row[indicator], &row[group])
                {
                    by_key.entry([instrument, indicator, group].map(Arc::clone)).or_default().push(at);
                }
            }
        }
        Ok(Part { rows, by_key })
    }
}
