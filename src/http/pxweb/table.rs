//! How published tables become `PxWeb` tables: one for each table with figures and instrument, its variables, and the way from a
//! choice of categories to a stored cell; what a request chooses is decided elsewhere.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::Arc,
};

use super::valueset::{self, ValueSet};
use crate::{
    definition::{self, TableText, Unit},
    encode::{Category, Cell, Role, Value},
    figure::{Edition, PublishedRow, PublishedRows},
    model::{Status, Text},
};

/// The code of the variable whose values are measures, as Statistics Sweden has it.
pub(super) const CONTENTS: &str = "ContentsCode";

/// The code of the variable whose values are years, as Statistics Sweden has it.
pub(super) const TIME: &str = "Tid";

/// Key columns of which each table has one value: figures of several are not compared.
const APART: [&str; 2] = ["instrument", "table_id"];

/// A table with more combinations of categories than these is left out, and the log says so.
const PLACES_MAX: usize = 50_000_000;

/// Places from here on stand for no row, and say why there is none.
const ABSENT: u32 = u32::MAX - Status::ALL.len() as u32;

/// The tables of an edition, made once.
#[derive(Debug)]
pub(in crate::http) struct Tables(Vec<Table>);

impl Tables {
    /// Finds every published table of figures by year in an edition.
    pub(in crate::http) fn of(edition: &Edition) -> Self {
        let mut tables = Vec::new();
        for text in definition::tables().iter().filter(|text| text.published && text.is_cube()) {
            let Some(stored) = edition.table(&text.id).filter(|_| text.key.iter().any(|column| column == "year"))
            else {
                continue;
            };
            let apart: Vec<&'static str> =
                APART.into_iter().filter(|column| text.key.iter().any(|own| own == column)).collect();
            let parts: BTreeSet<Vec<String>> =
                distinct_codes(stored, &apart).into_iter().map(|row| row.iter().map(code).collect()).collect();
            for values in parts {
                let rows = Rows { stored, apart: apart.iter().copied().zip(values).collect() };
                tables.extend(Table::of(edition, text, &rows));
            }
        }
        Self(tables)
    }

    /// Every table, in the order of the tables that they are made of.
    pub(super) fn all(&self) -> &[Table] {
        &self.0
    }

    /// A table by its id.
    pub(super) fn find(&self, id: &str) -> Option<&Table> {
        self.0.iter().find(|table| table.id == id)
    }
}

/// A variable of a table.
#[derive(Debug)]
pub(super) struct Variable {
    /// Code.
    pub(super) code: Arc<str>,
    /// Role.
    pub(super) role: Role,
    /// Name.
    pub(super) name: Text,
    /// What its values are.
    pub(super) note: Option<Text>,
    /// Values in their order; each has a name that no other has.
    pub(super) categories: Vec<Category>,
    /// What is to be known of single values, by position.
    pub(super) notes: BTreeMap<usize, Text>,
    /// The value whose stored figures answer where none is chosen.
    pub(super) elimination: Option<usize>,
    /// Sets of its values.
    pub(super) sets: Vec<ValueSet>,
    /// Positions by code in lower case.
    positions: HashMap<String, usize>,
    /// How far apart in the index neighbouring values stand; 0 for measures, which stand in one row.
    stride: usize,
}

impl Variable {
    fn new(code: &str, role: Role, name: Text, note: Option<Text>, categories: Vec<Category>) -> Self {
        let categories = distinct(categories);
        let positions = categories.iter().enumerate().map(|(at, own)| (own.code.to_lowercase(), at)).collect();
        let (notes, sets) = (BTreeMap::new(), Vec::new());
        Self {
            code: Arc::from(code),
            role,
            name,
            note,
            categories,
            notes,
            elimination: None,
            sets,
            positions,
            stride: 0,
        }
    }

    /// The position of a value. Case does not matter, and neither whether a plus sign arrived as a space: codes have the one and
    /// never the other.
    pub(super) fn position(&self, code: &str) -> Option<usize> {
        let code = code.to_lowercase();
        self.positions.get(&code).or_else(|| self.positions.get(&code.replace(' ', "+"))).copied()
    }

    /// Whether its values are years.
    pub(super) fn is_time(&self) -> bool {
        self.role == Role::Time
    }

    /// A set of its values.
    pub(super) fn set(&self, id: &str) -> Option<&ValueSet> {
        self.sets.iter().find(|set| set.id == id)
    }

    /// The code of the value that answers where none is chosen.
    pub(super) fn elimination_code(&self) -> Option<&str> {
        self.elimination.map(|at| &*self.categories[at].code)
    }
}

/// A `PxWeb` table.
#[derive(Debug)]
pub(super) struct Table {
    /// Id: the published table's name and the instrument's.
    pub(super) id: String,
    /// The published table in words.
    pub(super) text: &'static TableText,
    /// The instrument and its name; none where the table has none.
    pub(super) instrument: Option<(Arc<str>, Text)>,
    /// What its figures are about.
    pub(super) title: Text,
    /// Variables: those of the key, then measures, then years.
    pub(super) variables: Vec<Variable>,
    /// The row of each combination of the key's values, or why there is none.
    places: Vec<u32>,
    measures: Vec<Measure>,
    status: Option<usize>,
}

/// Columns of a measure.
#[derive(Debug)]
struct Measure {
    figure: usize,
    bound: Option<usize>,
}

/// The rows of a published table that one `PxWeb` table is made of.
struct Rows<'a> {
    stored: &'a PublishedRows,
    /// What their key columns have in common.
    apart: Vec<(&'static str, String)>,
}

impl Rows<'_> {
    fn position(&self, column: &str) -> Option<usize> {
        self.stored.position(column)
    }

    /// The combinations of values that columns have in these rows, in the order of the rows.
    fn distinct(&self, columns: &[&str]) -> Vec<Vec<Value>> {
        let names: Vec<&str> = self.apart.iter().map(|(column, _)| *column).chain(columns.iter().copied()).collect();
        let own = |row: &Vec<Value>| self.apart.iter().zip(row).all(|((_, wanted), value)| code(value) == *wanted);
        let found = distinct_codes(self.stored, &names).into_iter().filter(own);
        found.map(|row| row[self.apart.len()..].to_vec()).collect()
    }

    /// Every row with its place.
    fn iter(&self) -> impl Iterator<Item = (usize, PublishedRow)> + use<'_> {
        let values: Vec<(&str, [&str; 1])> =
            self.apart.iter().map(|(column, value)| (*column, [value.as_str()])).collect();
        let wanted: Vec<(&str, &[&str])> = values.iter().map(|(column, value)| (*column, value.as_slice())).collect();
        self.stored.having(&wanted)
    }
}

fn distinct_codes(stored: &PublishedRows, columns: &[&str]) -> Vec<Vec<Value>> {
    stored.distinct(columns).map(|grid| grid.rows).unwrap_or_default()
}

impl Table {
    fn of(edition: &Edition, text: &'static TableText, rows: &Rows<'_>) -> Option<Self> {
        let apart = |column: &str| rows.apart.iter().find(|(own, _)| *own == column).map(|(_, value)| value.clone());
        let (instrument, part) = (apart("instrument"), apart("table_id"));
        let mut id = text.id.replace('_', "-");
        for own in [&instrument, &part].into_iter().flatten() {
            id.push('-');
            id.push_str(own);
        }
        let name = |column: &'static str, id: &str| {
            edition.names.of(None, column, id).cloned().unwrap_or_else(|| Text::new(id, id))
        };
        let about = part.as_deref().map_or_else(|| text.title.clone(), |part| name("table_id", part));
        let instrument = instrument.map(|id| (Arc::<str>::from(&*id), name("instrument", &id)));
        let title = match &instrument {
            Some((_, name)) => Text::new(format!("{}: {}", name.sv, about.sv), format!("{}: {}", name.en, about.en)),
            None => about,
        };
        let mut table = Self {
            id,
            text,
            instrument,
            title,
            variables: Vec::new(),
            places: Vec::new(),
            measures: Vec::new(),
            status: rows.position("status"),
        };
        table.add_variables(edition, rows);
        table.index(edition, rows)?;
        Some(table)
    }

    fn instrument_id(&self) -> Option<&str> {
        self.instrument.as_ref().map(|(id, _)| &**id)
    }

    fn add_variables(&mut self, edition: &Edition, rows: &Rows<'_>) {
        let text = self.text;
        let key = || text.key.iter().map(String::as_str).filter(|column| !APART.contains(column));
        for column in key().filter(|&column| column != "year") {
            let mut variable = self.of_key(edition, rows, column);
            variable.elimination = elimination(edition, self.instrument_id(), &variable);
            variable.sets = valueset::of(edition, self.instrument_id(), &self.id, &variable);
            self.variables.push(variable);
        }
        let mut contents = Vec::new();
        let mut notes = BTreeMap::new();
        for name in &text.measures {
            let (Some(figure), Some(column)) = (rows.position(name), text.column(name)) else { continue };
            notes.insert(contents.len(), column.text.clone());
            contents.push(Category {
                code: Arc::from(name.as_str()),
                name: column.title.clone(),
                unit: column.unit.map(|unit| (unit, column.decimals)),
            });
            self.measures.push(Measure { figure, bound: rows.position(&format!("{name}_bound")) });
        }
        let name = Text::new("Tabellinnehåll", "Contents");
        self.variables.push(Variable { notes, ..Variable::new(CONTENTS, Role::Measure, name, None, contents) });
        let mut years = self.of_key(edition, rows, "year");
        years.notes = series(rows, &years);
        self.variables.push(years);
    }

    /// The variable of a key column, with the values that rows have.
    fn of_key(&self, edition: &Edition, rows: &Rows<'_>, column: &'static str) -> Variable {
        let is_time = column == "year";
        let upper = column.strip_suffix("_from").map(|stem| format!("{stem}_to"));
        let upper = upper.filter(|upper| rows.position(upper).is_some());
        let described = self.text.column(column);
        let mut names: BTreeMap<String, Text> = BTreeMap::new();
        let mut codes: Vec<String> = Vec::new();
        for row in rows.distinct(&std::iter::once(column).chain(upper.as_deref()).collect::<Vec<_>>()) {
            let own = code(&row[0]);
            if names.contains_key(&own) {
                continue;
            }
            let name = match row.get(1) {
                Some(upper) => class(&own, &code(upper), described.and_then(|text| text.unit)),
                None => edition
                    .names
                    .of(self.instrument_id(), column, &own)
                    .cloned()
                    .unwrap_or_else(|| Text::new(&own, &own)),
            };
            names.insert(own.clone(), name);
            codes.push(own);
        }
        match order(edition, self.instrument_id(), column) {
            Some(order) => codes.sort_by_key(|code| order.get(code).copied().unwrap_or(usize::MAX)),
            None if is_time => codes.sort(),
            None => {}
        }
        let category = |code: String| {
            let name = names.remove(&code).unwrap_or_else(|| Text::new(&code, &code));
            Category { code: Arc::from(code), name, unit: None }
        };
        let (code, role) = if is_time { (TIME, Role::Time) } else { (column, Role::Plain) };
        let name = described.map_or_else(|| Text::new(column, column), |text| text.title.clone());
        let note = described.map(|text| text.text.clone());
        Variable::new(code, role, name, note, codes.into_iter().map(category).collect())
    }

    /// Finds the row of every combination of values, so that no request has to look for one.
    fn index(&mut self, edition: &Edition, rows: &Rows<'_>) -> Option<()> {
        let mut space = 1_usize;
        for variable in self.variables.iter_mut().rev().filter(|variable| variable.role != Role::Measure) {
            variable.stride = space;
            space = space.saturating_mul(variable.categories.len());
        }
        if space > PLACES_MAX {
            tracing::error!(table = self.id, space, "a table is too large for PxWeb and is left out");
            return None;
        }
        let keyed: Vec<(&Variable, usize)> = self
            .variables
            .iter()
            .filter_map(|variable| {
                let column = if variable.is_time() { "year" } else { &*variable.code };
                Some((variable, rows.position(column).filter(|_| variable.role != Role::Measure)?))
            })
            .collect();
        let mut places = vec![absent(Status::Missing); space];
        for (row, values) in rows.iter() {
            let Some(row) = u32::try_from(row).ok().filter(|row| *row < ABSENT) else { break };
            let place = keyed.iter().map(|(variable, at)| {
                Some(variable.positions.get(&code(&values[*at]).to_lowercase())? * variable.stride)
            });
            if let Some(place) = place.sum::<Option<usize>>() {
                places[place] = row;
            }
        }
        self.explain(edition, &mut places);
        self.places = places;
        Some(())
    }

    /// Where a measure of a group has no row although the group's figures are withheld that year, so is what the row would say.
    fn explain(&self, edition: &Edition, places: &mut [u32]) {
        let find = |code: &str| self.variables.iter().find(|variable| &*variable.code == code);
        let (Some((instrument, _)), Some(indicators), Some(groups), Some(years)) =
            (&self.instrument, find("indicator"), find("group_id"), find(TIME))
        else {
            return;
        };
        if self.text.id == "figures" {
            return;
        }
        let at = |variable: &Variable, place: usize| place / variable.stride % variable.categories.len();
        for (place, row) in places.iter_mut().enumerate().filter(|(_, row)| **row >= ABSENT) {
            let [indicator, group, year] =
                [indicators, groups, years].map(|variable| &variable.categories[at(variable, place)].code);
            let figure = year.parse().ok().and_then(|year| edition.figure(instrument, indicator, group, year));
            let status = figure.and_then(|figure| Status::of_word(&figure.status)).filter(|own| !own.has_value());
            *row = absent(status.unwrap_or(Status::Missing));
        }
    }

    /// The place of a value in the index, and the measure that it stands for.
    pub(super) fn step(&self, variable: usize, position: usize) -> (usize, usize) {
        let own = &self.variables[variable];
        if own.role == Role::Measure { (0, position) } else { (position * own.stride, 0) }
    }

    /// The stored cell at a place of the index.
    pub(super) fn cell(&self, stored: &PublishedRows, place: usize, measure: usize) -> Cell {
        let row = self.places[place];
        if row >= ABSENT {
            return Cell { status: Status::ALL[(row - ABSENT) as usize], ..Cell::MISSING };
        }
        let (Some(row), measure) = (stored.row(row as usize), &self.measures[measure]) else { return Cell::MISSING };
        Cell::read(&row[measure.figure], self.status.map(|at| &row[at]), measure.bound.map(|at| &row[at]))
    }

    /// The position of a variable. Case does not matter, and `time` is another name for years.
    pub(super) fn variable(&self, code: &str) -> Option<usize> {
        let time = || code.eq_ignore_ascii_case("time").then(|| self.variables.iter().position(Variable::is_time));
        let own = self.variables.iter().position(|variable| variable.code.eq_ignore_ascii_case(code));
        own.or_else(|| time().flatten())
    }

    /// The first and the latest year.
    pub(super) fn period(&self) -> (&str, &str) {
        let years = self.variables.last().map_or(&[][..], |variable| &variable.categories);
        (years.first().map_or("", |year| &year.code), years.last().map_or("", |year| &year.code))
    }

    /// The title with the variables that figures are given by.
    pub(super) fn title_by<'a>(&self, variables: &(impl Iterator<Item = &'a Variable> + Clone)) -> Text {
        let list = |last: &str, name: fn(&Text) -> &str| {
            let names: Vec<String> = variables.clone().map(|variable| name(&variable.name).to_lowercase()).collect();
            match names.split_last() {
                Some((own, [])) => own.clone(),
                Some((own, before)) => format!("{} {last} {own}", before.join(", ")),
                None => String::new(),
            }
        };
        let Text { sv, en } = &self.title;
        Text::new(
            format!("{sv} efter {}", list("och", |name| &name.sv)),
            format!("{en} by {}", list("and", |name| &name.en)),
        )
    }
}

fn absent(status: Status) -> u32 {
    ABSENT + Status::ALL.iter().position(|own| *own == status).unwrap_or_default() as u32
}

/// A value of a key column as a code.
fn code(value: &Value) -> String {
    match value {
        Value::Null => "none".to_owned(),
        Value::Text(text) => text.to_string(),
        Value::Whole(number) => number.to_string(),
        Value::Number(number) => number.to_string(),
        Value::Flag(flag) => flag.to_string(),
    }
}

/// The name of a class from one number to another.
fn class(from: &str, to: &str, unit: Option<Unit>) -> Text {
    match unit {
        Some(Unit::Percent) => Text::new(format!("{from}–{to}\u{a0}%"), format!("{from}–{to}%")),
        _ => Text::new(format!("{from}–{to}"), format!("{from}–{to}")),
    }
}

/// Categories whose names tell them apart in both languages: clients make column names and rows of them.
fn distinct(mut categories: Vec<Category>) -> Vec<Category> {
    for of in [(|text| &mut text.sv) as fn(&mut Text) -> &mut String, |text| &mut text.en] {
        let mut counts: HashMap<String, usize> = HashMap::new();
        for category in &mut categories {
            *counts.entry(of(&mut category.name).to_lowercase()).or_default() += 1;
        }
        for category in &mut categories {
            let name = of(&mut category.name);
            if counts.get(&name.to_lowercase()).is_some_and(|&count| count > 1) {
                let code = format!(" ({})", category.code);
                name.push_str(&code);
            }
        }
    }
    categories
}

/// The order in which a column's ids are published, where they have a table of their own.
fn order(edition: &Edition, instrument: Option<&str>, column: &str) -> Option<HashMap<String, usize>> {
    let table = match column {
        "indicator" => "indicators",
        "group_id" => "groups",
        "question" => "questions",
        _ => return None,
    };
    let grid = edition.grid(table).ok()?;
    let (at, own) = (grid.position(column)?, grid.position("instrument")?);
    let rows = grid.rows.iter().filter(|row| instrument.is_none_or(|id| code(&row[own]) == id));
    Some(rows.enumerate().map(|(rank, row)| (code(&row[at]), rank)).collect())
}

/// The value that stands for all others, where its figures are stored: means are never computed from other means.
fn elimination(edition: &Edition, instrument: Option<&str>, variable: &Variable) -> Option<usize> {
    match &*variable.code {
        "group_id" | "role" | "category" => variable.position("all"),
        "indicator" => {
            let mut own = edition.indicators.iter().filter(|own| own.headline && Some(&*own.instrument) == instrument);
            variable.position(&own.next()?.key)
        }
        _ => None,
    }
}

/// What is to be known of years that belong to different series.
fn series(rows: &Rows<'_>, years: &Variable) -> BTreeMap<usize, Text> {
    if rows.position("series").is_none() {
        return BTreeMap::new();
    }
    let mut found: BTreeMap<usize, String> = BTreeMap::new();
    for row in rows.distinct(&["year", "series"]) {
        if let (Some(at), Value::Text(own)) = (years.position(&code(&row[0])), &row[1]) {
            found.entry(at).or_insert_with(|| own.to_string());
        }
    }
    if found.values().all(|own| Some(own) == found.values().next()) {
        return BTreeMap::new();
    }
    let note = |own: &String| {
        Text::new(
            format!("Serie {own}. År i olika serier är inte jämförbara."),
            format!("Series {own}. Years of different series are not comparable."),
        )
    };
    found.iter().map(|(&at, own)| (at, note(own))).collect()
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    fn category(code: &str, name: &str) -> Category {
        Category { code: Arc::from(code), name: Text::new(name, name), unit: None }
    }

    /// A variable with these codes, of which a set holds some.
    pub(in crate::http::pxweb) fn variable(code: &str, role: Role, codes: &[&str], set: &[usize]) -> Variable {
        let categories = codes.iter().map(|code| category(code, &format!("namn {code}"))).collect();
        let mut own = Variable::new(code, role, Text::new(code, code), None, categories);
        if !set.is_empty() {
            own.sets.push(ValueSet { id: "vs_set".to_owned(), name: Text::new("set", "set"), members: set.to_vec() });
        }
        own
    }

    #[test]
    fn names_tell_categories_apart() {
        let names: Vec<String> =
            distinct(vec![category("a", "Gotland"), category("b", "gotland"), category("c", "Gävle")])
                .into_iter()
                .map(|own| own.name.sv)
                .collect();
        assert_eq!(names, ["Gotland (a)", "gotland (b)", "Gävle"]);
    }

    #[test]
    fn codes_are_found_in_any_case_and_with_spaces_for_plus_signs() {
        let own = variable("group_id", Role::Plain, &["all", "county:01+03"], &[]);
        assert_eq!(own.position("ALL"), Some(0));
        assert_eq!(own.position("County:01 03"), Some(1));
        assert_eq!(own.position("county:01-03"), None);
    }

    #[test]
    fn reasons_for_absence_are_kept_apart_from_rows() {
        for status in Status::ALL {
            let place = absent(status);
            assert!(place >= ABSENT);
            assert_eq!(Status::ALL[(place - ABSENT) as usize], status);
        }
    }
}
