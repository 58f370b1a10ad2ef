//! Rows of figures as a dense cube, the shape of statistical formats: dimensions, categories with names, a cell for every combination.

use std::{
    borrow::Cow,
    collections::{HashMap, HashSet},
    sync::Arc,
};

use super::{Document, EncodeError, Grid, Names, Value};
use crate::{
    definition::{ColumnText, TableText, Unit},
    model::{Bound, Status, Text},
};

/// A cube with more cells than these is not written.
pub const CELLS_MAX: usize = 1_000_000;

/// What a dimension is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Role {
    /// Years.
    Time,
    /// What is counted or measured.
    Measure,
    /// Anything else.
    Plain,
}

/// A category of a dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Category {
    /// Code.
    pub code: Arc<str>,
    /// Name.
    pub name: Text,
    /// For a measure: what it counts or measures, and with how many decimals.
    pub unit: Option<(Unit, u8)>,
}

/// A dimension.
#[derive(Debug, Clone, PartialEq)]
pub struct Dimension {
    /// Id.
    pub id: Arc<str>,
    /// Role.
    pub role: Role,
    /// Name.
    pub name: Text,
    /// Categories in their order.
    pub categories: Vec<Category>,
}

/// A cell.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct Cell {
    /// The value; none where the status says why.
    pub value: Option<f64>,
    /// Status.
    pub status: Status,
    /// Set where the value is the end of a coded range.
    pub bound: Option<Bound>,
}

impl Cell {
    /// Where the cube has no row.
    pub const MISSING: Self = Self { value: None, status: Status::Missing, bound: None };

    /// The cell of a figure with the status and the bound that stand in its row.
    pub fn read(figure: &Value, status: Option<&Value>, bound: Option<&Value>) -> Self {
        let value = match figure {
            Value::Whole(number) => Some(*number as f64),
            Value::Number(number) => Some(*number).filter(|number| number.is_finite()),
            _ => None,
        };
        let status = match status {
            Some(Value::Text(word)) => Status::of_word(word).unwrap_or(Status::Missing),
            _ => Status::Ok,
        };
        let status = match value {
            // a part of a row that is shown can be held back too: quartiles exist for groups of whole blocks only
            None if status.has_value() => Status::Withheld,
            // and what says why another part is not there, such as how many could be compared, can be shown
            Some(_) if !status.has_value() => Status::Ok,
            _ => status,
        };
        let bound = match bound {
            Some(Value::Text(word)) if &**word == "le" => Some(Bound::Le),
            Some(Value::Text(word)) if &**word == "ge" => Some(Bound::Ge),
            _ => None,
        };
        Self { value, status, bound: bound.filter(|_| value.is_some()) }
    }

    /// A measure of a row.
    fn of(places: &Places, row: &[Value], measure: &Measure) -> Self {
        Self::read(&row[measure.at], places.status.map(|at| &row[at]), measure.bound.map(|at| &row[at]))
    }
}

/// A measure of a table, with the columns that hold it.
pub(super) struct Measure<'a> {
    /// Name of its column.
    pub(super) name: &'a str,
    /// What it is in words.
    pub(super) text: Option<&'a ColumnText>,
    at: usize,
    bound: Option<usize>,
}

/// Where the figures of a table stand in its rows.
pub(super) struct Places<'a> {
    /// Measures in their order.
    pub(super) measures: Vec<Measure<'a>>,
    status: Option<usize>,
}

impl<'a> Places<'a> {
    /// Finds the columns of a table with figures, whose rows have to be of one instrument.
    pub(super) fn of(table: &'a TableText, grid: &Grid) -> Result<Self, EncodeError> {
        if !table.is_cube() {
            return Err(EncodeError::NoCube);
        }
        if grid.rows.is_empty() {
            return Err(EncodeError::NoRows);
        }
        sole_instrument(grid)?;
        let measure = |name: &'a String| {
            let at = grid.position(name)?;
            Some(Measure { name, text: table.column(name), at, bound: grid.position(&format!("{name}_bound")) })
        };
        Ok(Self { measures: table.measures.iter().filter_map(measure).collect(), status: grid.position("status") })
    }

    /// The cells of a row, one for each measure.
    pub(super) fn cells<'r>(&'r self, row: &'r [Value]) -> impl Iterator<Item = (&'r Measure<'a>, Cell)> {
        self.measures.iter().map(|measure| (measure, Cell::of(self, row, measure)))
    }
}

/// A cube. Cells stand in row-major order: the last dimension's categories change fastest.
#[derive(Debug, Clone, PartialEq)]
pub struct Cube {
    /// Title.
    pub title: Text,
    /// Notes on the whole.
    pub notes: Vec<Text>,
    /// Dimensions.
    pub dimensions: Vec<Dimension>,
    /// Cells.
    pub cells: Vec<Cell>,
}

impl Cube {
    /// Number of categories of each dimension.
    pub fn size(&self) -> Vec<usize> {
        self.dimensions.iter().map(|dimension| dimension.categories.len()).collect()
    }

    /// The cube of a document's rows: the key's columns without the instrument, then measures, then years.
    pub fn of(document: &Document) -> Result<Self, EncodeError> {
        let (table, grid) = (&*document.table, &document.grid);
        let figures = Places::of(table, grid)?;
        if grid.rows.len() < document.page.total {
            return Err(EncodeError::Page);
        }
        let instrument = sole_instrument(grid)?;
        let is_year = |column: &&str| *column == "year";
        let key = || table.key.iter().map(String::as_str).filter(|&column| column != "instrument");
        let axes: Vec<Axis> = key()
            .filter(|column| !is_year(column))
            .chain(key().filter(is_year))
            .filter_map(|column| Axis::of(table, grid, &document.names, instrument.as_deref(), column))
            .collect();
        let measure_at = axes.iter().filter(|axis| axis.dimension.role != Role::Time).count();
        let mut dimensions: Vec<Dimension> = axes.iter().map(|axis| axis.dimension.clone()).collect();
        dimensions.insert(measure_at, measure_dimension(&figures));
        let cells = dimensions
            .iter()
            .try_fold(1_usize, |cells, dimension| cells.checked_mul(dimension.categories.len()))
            .filter(|&cells| cells <= CELLS_MAX)
            .ok_or(EncodeError::TooLarge)?;
        let mut cube = Self {
            title: title(document, instrument.as_deref()),
            notes: document.meta.notice.iter().cloned().collect(),
            dimensions,
            cells: vec![Cell::MISSING; cells],
        };
        let strides = strides(&cube.size());
        let mut taken = HashSet::with_capacity(grid.rows.len());
        for row in &grid.rows {
            let place: usize = axes
                .iter()
                .enumerate()
                .map(|(at, axis)| axis.position(row) * strides[if at < measure_at { at } else { at + 1 }])
                .sum();
            if !taken.insert(place) {
                return Err(EncodeError::Library(format!("two rows of {} have the same key", table.id)));
            }
            for (number, (_, cell)) in figures.cells(row).enumerate() {
                cube.cells[place + number * strides[measure_at]] = cell;
            }
        }
        Ok(cube)
    }
}

/// The instrument that all rows are of; none where rows have none.
fn sole_instrument(grid: &Grid) -> Result<Option<Arc<str>>, EncodeError> {
    let Some(at) = grid.position("instrument") else { return Ok(None) };
    let mut found: Option<&Arc<str>> = None;
    for row in &grid.rows {
        let Value::Text(own) = &row[at] else { continue };
        match found {
            Some(first) if first != own => return Err(EncodeError::MixedInstruments),
            _ => found = Some(own),
        }
    }
    Ok(found.cloned())
}

fn title(document: &Document, instrument: Option<&str>) -> Text {
    let table = &document.table.title;
    match instrument.and_then(|id| document.names.of(None, "instrument", id)) {
        Some(name) => Text::new(format!("{}: {}", name.sv, table.sv), format!("{}: {}", name.en, table.en)),
        None => table.clone(),
    }
}

fn measure_dimension(figures: &Places) -> Dimension {
    let category = |measure: &Measure| Category {
        code: Arc::from(measure.name),
        name: measure.text.map_or_else(|| Text::new(measure.name, measure.name), |text| text.title.clone()),
        unit: measure.text.and_then(|text| Some((text.unit?, text.decimals))),
    };
    Dimension {
        id: Arc::from("measure"),
        role: Role::Measure,
        name: Text::new("Uppgift", "Contents"),
        categories: figures.measures.iter().map(category).collect(),
    }
}

/// A dimension with the way from a row to its category.
struct Axis {
    dimension: Dimension,
    column: usize,
    places: HashMap<Arc<str>, usize>,
}

impl Axis {
    /// The dimension of a column; none where the rows lack it.
    fn of(table: &TableText, grid: &Grid, names: &Names, instrument: Option<&str>, column: &str) -> Option<Self> {
        let at = grid.position(column)?;
        let is_time = column == "year";
        let mut codes: Vec<Arc<str>> = Vec::new();
        let mut places: HashMap<Arc<str>, usize> = HashMap::new();
        for row in &grid.rows {
            let code = code(&row[at]);
            if !places.contains_key(&*code) {
                let code: Arc<str> = Arc::from(code);
                places.insert(code.clone(), codes.len());
                codes.push(code);
            }
        }
        if is_time {
            codes.sort();
            places = codes.iter().cloned().enumerate().map(|(at, code)| (code, at)).collect();
        }
        let text = table.column(column);
        let category = |code: &Arc<str>| {
            let name = names.of(instrument, column, code).cloned();
            Category { code: code.clone(), name: name.unwrap_or_else(|| Text::new(&**code, &**code)), unit: None }
        };
        let dimension = Dimension {
            id: Arc::from(column),
            role: if is_time { Role::Time } else { Role::Plain },
            name: text.map_or_else(|| Text::new(column, column), |text| text.title.clone()),
            categories: codes.iter().map(category).collect(),
        };
        Some(Self { dimension, column: at, places })
    }

    fn position(&self, row: &[Value]) -> usize {
        self.places.get(&*code(&row[self.column])).copied().unwrap_or_default()
    }
}

/// The code of a row's category; a row without one is in a category of its own, since formats cannot write an empty code.
pub(super) fn code(value: &Value) -> Cow<'_, str> {
    match value {
        Value::Null => Cow::Borrowed("none"),
        Value::Text(text) => Cow::Borrowed(text),
        other => Cow::Owned(other.to_string()),
    }
}

/// How far apart neighbouring categories of each dimension stand.
fn strides(size: &[usize]) -> Vec<usize> {
    let mut strides = vec![1; size.len()];
    for at in (0..size.len().saturating_sub(1)).rev() {
        strides[at] = strides[at + 1] * size[at + 1];
    }
    strides
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::encode::generated::{of, simple};

    fn made(rows: Vec<Vec<Value>>) -> Document {
        of(rows, Names::default())
    }

    #[test]
    fn rows_become_cells_and_years_ascend() {
        let rows = vec![simple(2020, Status::Ok, Value::Whole(47)), simple(2018, Status::Ok, Value::Number(41.5))];
        let cube = Cube::of(&made(rows)).unwrap();
        let codes: Vec<&str> = cube.dimensions[3].categories.iter().map(|own| &*own.code).collect();
        assert_eq!((codes, cube.size()), (vec!["2018", "2020"], vec![1, 1, 2, 2]));
        let values: Vec<Option<f64>> = cube.cells.iter().map(|cell| cell.value).collect();
        assert_eq!(values, [Some(41.5), Some(47.0), Some(233.0), Some(233.0)]);
    }

    #[test]
    fn what_would_be_a_false_cube_is_refused() {
        let row = || simple(2020, Status::Ok, Value::Whole(47));
        let is =
            |document: &Document, wrong: fn(&EncodeError) -> bool| assert!(wrong(&Cube::of(document).unwrap_err()));
        is(&made(Vec::new()), |error| matches!(error, EncodeError::NoRows));
        is(&made(vec![row(), row()]), |error| matches!(error, EncodeError::Library(_)));
        let mut page = made(vec![row()]);
        page.page.total = 2;
        is(&page, |error| matches!(error, EncodeError::Page));
        let mut other = row();
        other[0] = Value::text("lika");
        is(&made(vec![row(), other]), |error| matches!(error, EncodeError::MixedInstruments));
        let many = |at: i64| {
            let mut row = simple(at, Status::Ok, Value::Null);
            (row[1], row[2]) = (Value::text(at.to_string()), Value::text(at.to_string()));
            row
        };
        is(&made((0..101).map(many).collect()), |error| matches!(error, EncodeError::TooLarge));
    }
}
