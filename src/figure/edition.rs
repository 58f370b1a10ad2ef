//! A release opened for look-up: cells found by instrument, measure and group, and read when they are asked for.

use std::{
    collections::{BTreeMap, BTreeSet, HashMap},
    sync::{Arc, OnceLock},
};

use crate::{
    encode::{Column, Grid, Meta, Names, Value},
    model::{Bound, Text},
    release::Release,
    table::TableError,
};

use super::{
    Course, Membership, PublishedRows, Structure, Target, named, published::PublishedRow, registered::Registered,
    series::Series,
};

/// Why a release cannot be opened for look-up.
#[derive(Debug, thiserror::Error)]
pub enum FigureError {
    /// A table is missing.
    #[error("the release lacks the table {0}; publish it again")]
    Missing(&'static str),
    /// A table has another shape.
    #[error(transparent)]
    Table(#[from] TableError),
}

/// A published figure.
#[derive(Debug, Clone, PartialEq)]
pub struct Figure {
    /// Instrument.
    pub instrument: Arc<str>,
    /// Measure.
    pub indicator: Arc<str>,
    /// Group.
    pub group: Arc<str>,
    /// Year.
    pub year: i64,
    /// Status word.
    pub status: Arc<str>,
    /// Mean, whole per cent.
    pub mean: Option<i64>,
    /// Set where the mean is the end of the coded range.
    pub bound: Option<Bound>,
    /// Organisations.
    pub organisations: Option<i64>,
    /// Respondents, rounded to tens.
    pub respondents: Option<i64>,
    /// Series that the year belongs to.
    pub series: Arc<str>,
    /// The smallest shown group that holds all members of one that is not.
    pub answers_with: Option<Arc<str>>,
}

impl Figure {
    fn read(row: &Row<'_>) -> Self {
        let bound = row.maybe("mean_bound").map(|word| if &*word == "le" { Bound::Le } else { Bound::Ge });
        Self {
            instrument: row.text("instrument"),
            indicator: row.text("indicator"),
            group: row.text("group_id"),
            year: row.number("year").unwrap_or_default(),
            status: row.text("status"),
            mean: row.number("mean"),
            bound,
            organisations: row.number("organisations"),
            respondents: row.number("respondents"),
            series: row.text("series"),
            answers_with: row.maybe("answers_with"),
        }
    }

    /// The mean as a number to subtract from; none where it is the end of the coded range.
    pub fn number(&self) -> Option<i64> {
        self.mean.filter(|_| self.bound.is_none())
    }
}

/// A published change from the year before.
#[derive(Debug, Clone, PartialEq)]
pub struct Change {
    /// Status word.
    pub status: Arc<str>,
    /// Difference of the published means, percentage points.
    pub change: Option<i64>,
    /// Mean change of the organisations in both years.
    pub matched: Option<i64>,
    /// What is left: the change in who takes part.
    pub composition: Option<i64>,
    /// Organisations in both years.
    pub organisations_matched: Option<i64>,
}

impl Change {
    fn read(row: &Row<'_>) -> Self {
        Self {
            status: row.text("status"),
            change: row.number("change"),
            matched: row.number("change_matched"),
            composition: row.number("change_composition"),
            organisations_matched: row.number("organisations_matched"),
        }
    }
}

/// A published group.
#[derive(Debug, Clone, PartialEq)]
pub struct Group {
    /// Kind.
    pub kind: Arc<str>,
    /// Sector; none for all together.
    pub sector: Option<Arc<str>>,
    /// Name.
    pub name: Text,
}

/// A measure.
#[derive(Debug, Clone, PartialEq)]
pub struct Indicator {
    /// Instrument.
    pub instrument: Arc<str>,
    /// Key.
    pub key: Arc<str>,
    /// Name.
    pub name: Text,
    /// The measure above it in the instrument's tree.
    pub parent: Option<Arc<str>>,
    /// Level in the tree: `index`, `dimension`, `category`, `factor` or `area`.
    pub level: Arc<str>,
    /// What a sentence about the instrument's headline is about.
    pub subject: Text,
    /// Whether it is the instrument's headline.
    pub headline: bool,
}

/// A published table, and all of it as rows once somebody has asked for that.
#[derive(Debug)]
struct Held {
    stored: Arc<PublishedRows>,
    grid: OnceLock<Grid>,
}

impl Held {
    fn grid(&self) -> &Grid {
        self.grid.get_or_init(|| self.stored.checked(self.stored.grid()).unwrap_or_default())
    }
}

/// A release, ready for look-up.
#[derive(Debug)]
pub struct Edition {
    /// Beside every answer.
    pub meta: Meta,
    /// The release itself.
    pub release: Release,
    /// What ids are called.
    pub names: Arc<Names>,
    tables: BTreeMap<String, Held>,
    figures: Arc<PublishedRows>,
    changes: Arc<PublishedRows>,
    groups: BTreeMap<(Arc<str>, Arc<str>), Group>,
    /// Who is in which group, and how groups are distributed.
    pub membership: Membership,
    /// What organisations are likened by.
    pub structure: Structure,
    /// Standard deviation of results within a block by instrument, measure and year, percentage points.
    spread: HashMap<(Arc<str>, Arc<str>, i64), f64>,
    /// Measures in the order of the instruments' trees.
    pub indicators: Vec<Indicator>,
    /// Targets.
    pub targets: Vec<Target>,
    /// Courses; none in a release that was published before there were any.
    pub courses: Vec<Course>,
    /// The years of what registered groups are for.
    pub(super) registered: Registered,
    /// Which years can be compared.
    pub(super) series_by_year: Series,
}

/// Reads columns of a row by name.
pub(super) struct Row<'a> {
    columns: &'a [Column],
    values: &'a [Value],
}

impl<'a> Row<'a> {
    fn value(&self, column: &str) -> &'a Value {
        let at = self.columns.iter().position(|name| &**name == column);
        at.and_then(|at| self.values.get(at)).unwrap_or(&Value::Null)
    }

    pub(super) fn text(&self, column: &str) -> Arc<str> {
        self.maybe(column).unwrap_or_else(|| Arc::from(""))
    }

    pub(super) fn maybe(&self, column: &str) -> Option<Arc<str>> {
        if let Value::Text(text) = self.value(column) { Some(Arc::clone(text)) } else { None }
    }

    pub(super) fn number(&self, column: &str) -> Option<i64> {
        if let Value::Whole(number) = self.value(column) { Some(*number) } else { None }
    }

    pub(super) fn decimal(&self, column: &str) -> Option<f64> {
        if let Value::Number(number) = self.value(column) { Some(*number) } else { None }
    }

    pub(super) fn flag(&self, column: &str) -> bool {
        matches!(self.value(column), Value::Flag(true))
    }

    pub(super) fn both(&self, column: &str) -> Text {
        Text::new(&*self.text(&format!("{column}_sv")), &*self.text(&format!("{column}_en")))
    }
}

fn named_columns<'a>(table: &'a PublishedRows, row: &'a PublishedRow) -> Row<'a> {
    Row { columns: table.columns(), values: row }
}

pub(super) fn rows(grid: &Grid) -> impl Iterator<Item = Row<'_>> {
    grid.rows.iter().map(move |values| Row { columns: &grid.columns, values })
}

impl Edition {
    /// Opens a release for look-up. Tables that describe it are read now; cells are read when somebody asks for them.
    pub fn new(release: Release) -> Result<Self, FigureError> {
        let tables: BTreeMap<String, Held> = release
            .tables
            .iter()
            .map(|(name, table)| {
                let stored = Arc::new(PublishedRows::new(name, table.clone()));
                (name.clone(), Held { stored, grid: OnceLock::new() })
            })
            .collect();
        let held = |name: &'static str| tables.get(name).ok_or(FigureError::Missing(name));
        let grid = |name: &'static str| held(name).map(Held::grid);
        let stored = |name: &'static str| held(name).map(|own| Arc::clone(&own.stored));
        let groups = rows(grid("groups")?)
            .map(|row| {
                let group = Group { kind: row.text("kind"), sector: row.maybe("sector"), name: row.both("name") };
                ((row.text("instrument"), row.text("group_id")), group)
            })
            .collect();
        let indicators = rows(grid("indicators")?)
            .map(|row| Indicator {
                instrument: row.text("instrument"),
                key: row.text("indicator"),
                name: row.both("name"),
                parent: row.maybe("parent"),
                level: row.text("level"),
                subject: row.both("subject"),
                headline: row.flag("headline"),
            })
            .collect();
        let membership = Membership::open(stored("group_members")?, grid("groups")?, stored("blocks")?)?;
        let structure = Structure::open(stored("structure")?);
        let spread = rows(grid("spread")?)
            .filter_map(|row| {
                let key = (row.text("instrument"), row.text("indicator"), row.number("year")?);
                Some((key, row.decimal("deviation_within_blocks")?))
            })
            .collect();
        let targets = rows(grid("targets")?).map(|row| Target::read(&row)).collect();
        // tables that releases of earlier programs lack
        let later = |name: &str| tables.get(name).map(Held::grid).into_iter().flat_map(rows);
        let courses = later("courses").map(|row| Course::read(&row)).collect();
        let registered = Registered::read(later("registered_groups"));
        let (figures, changes) = (stored("figures")?, stored("changes")?);
        let series_by_year = Series::read(&figures)?;
        let manifest = &release.manifest;
        let meta = Meta {
            release: manifest.release.clone(),
            sequence: manifest.sequence,
            kind: format!("{:?}", manifest.kind).to_lowercase(),
            published_at: manifest.published_at.to_string(),
            policy: manifest.policy_digest.clone(),
            notice: manifest.synthetic.then(|| {
                Text::new(
                    "Syntetiska data: svaren är påhittade och säger inget om verkliga organisationer.",
                    "Synthetic data: the answers are made up and say nothing about real organisations.",
                )
            }),
            source: Text::new(
                format!("Källa: mognad, utgåva {}", manifest.release.short()),
                format!("Source: mognad, release {}", manifest.release.short()),
            ),
        };
        let organisations = tables.get("organisations").map(|own| Arc::clone(&own.stored));
        let names = Arc::new(named::names(|name| tables.get(name).map(Held::grid), organisations));
        Ok(Self {
            meta,
            release,
            names,
            tables,
            figures,
            changes,
            groups,
            membership,
            structure,
            spread,
            indicators,
            targets,
            courses,
            registered,
            series_by_year,
        })
    }

    /// All of a published table as rows, which are kept: for tables that describe a release rather than fill it.
    pub fn grid(&self, name: &'static str) -> Result<&Grid, FigureError> {
        self.tables.get(name).map(Held::grid).ok_or(FigureError::Missing(name))
    }

    /// A published table, by a name that a reader may have given.
    pub fn table(&self, name: &str) -> Option<&PublishedRows> {
        self.tables.get(name).map(|own| &*own.stored)
    }

    /// Whether rows could not be read, so that answers may lack what they should say.
    pub fn is_damaged(&self) -> bool {
        self.tables.values().any(|own| own.stored.is_damaged())
    }

    /// Places in the table `figures` of a measure and group, in the order of years.
    pub fn places(&self, instrument: &str, indicator: &str, group: &str) -> Vec<usize> {
        self.figures.places(instrument, indicator, group)
    }

    /// The figures of a measure and group, in the order of years.
    pub fn series(&self, instrument: &str, indicator: &str, group: &str) -> impl Iterator<Item = Figure> {
        let rows = self.places(instrument, indicator, group).into_iter().filter_map(|place| self.figures.row(place));
        rows.map(|row| Figure::read(&named_columns(&self.figures, &row)))
    }

    /// The years with figures of every measure, by instrument and measure.
    pub fn years_by_indicator(&self) -> BTreeMap<(Arc<str>, Arc<str>), BTreeSet<i64>> {
        let found =
            self.figures.checked(self.figures.distinct(&["instrument", "indicator", "year"])).unwrap_or_default();
        let mut years: BTreeMap<(Arc<str>, Arc<str>), BTreeSet<i64>> = BTreeMap::new();
        for row in rows(&found) {
            let key = (row.text("instrument"), row.text("indicator"));
            years.entry(key).or_default().extend(row.number("year"));
        }
        years
    }

    /// The change from the year before.
    pub fn change(&self, figure: &Figure) -> Option<Change> {
        let places = self.changes.places(&figure.instrument, &figure.indicator, &figure.group).into_iter();
        let year = self.changes.position("year")?;
        let mut rows = places.filter_map(|place| self.changes.row(place));
        let own = rows.find(|row| row[year] == Value::Whole(figure.year))?;
        Some(Change::read(&named_columns(&self.changes, &own)))
    }

    /// A published figure.
    pub fn figure(&self, instrument: &str, indicator: &str, group: &str, year: i64) -> Option<Figure> {
        let at = self.figures.position("year")?;
        let mut rows =
            self.places(instrument, indicator, group).into_iter().filter_map(|place| self.figures.row(place));
        let own = rows.find(|row| row[at] == Value::Whole(year))?;
        Some(Figure::read(&named_columns(&self.figures, &own)))
    }

    /// Standard deviation of organisations' results within a block, percentage points, where distributions are published.
    pub fn spread(&self, instrument: &str, indicator: &str, year: i64) -> Option<f64> {
        self.spread.get(&(Arc::from(instrument), Arc::from(indicator), year)).copied()
    }

    /// A measure.
    pub fn indicator(&self, instrument: &str, key: &str) -> Option<&Indicator> {
        self.indicators.iter().find(|own| &*own.instrument == instrument && &*own.key == key)
    }

    /// A group.
    pub fn group(&self, instrument: &str, group: &str) -> Option<&Group> {
        self.groups.get(&(Arc::from(instrument), Arc::from(group)))
    }

    /// Groups of an instrument, in the order of their ids.
    pub fn groups(&self, instrument: &str) -> impl Iterator<Item = (&Arc<str>, &Group)> {
        self.groups.iter().filter(move |((own, _), _)| &**own == instrument).map(|((_, id), group)| (id, group))
    }

    /// Instruments in the order of their ids.
    pub fn instruments(&self) -> Vec<Arc<str>> {
        let mut all: Vec<Arc<str>> =
            self.indicators.iter().map(|indicator| Arc::clone(&indicator.instrument)).collect();
        all.sort();
        all.dedup();
        all
    }
}
